//! The shape of the generated tables, and the maps that a codec unfolds them into.

use super::generated_tables::EXTRAS;
use crate::byte_builder::ByteBuilder;

/// What the generator tells of a codec.
pub struct Description {
    /// The name in exceptions.
    pub name: &'static str,
    /// Runs of first bytes: first, last, and the character of the first, or [`LEAD`] or [`ILLEGAL`].
    pub singles: &'static [(u8, u8, u16)],
    /// Characters of two bytes.
    pub pairs: Option<&'static Table>,
    /// Characters of three bytes, the first of which is 0x8F.
    pub triples: Option<&'static Table>,
    /// Code points (three bytes, little end first) whose code (likewise; zero for none) is not the first that
    /// decodes to them.
    pub exceptions: &'static [u8],
}

/// This byte opens a longer sequence.
pub const LEAD: u16 = 0xFFFF;
/// No sequence opens with this byte.
pub const ILLEGAL: u16 = 0xFFFE;
/// The cell of a sequence that is illegal as a whole.
pub const RESERVED: u16 = 0xFFFF;
const FIRST_EXTRA: u16 = 0xD800;
const LAST_EXTRA: u16 = 0xDFFF;

/// The characters of pairs of bytes.
pub struct Table {
    /// The table that `data` tells the differences to: pairs of bytes and their cells. Without one, `data` holds
    /// all cells of the rows.
    pub base: Option<&'static Table>,
    /// The first bytes that occur.
    pub rows: &'static [u8],
    /// The least and the greatest second byte.
    pub columns: (u8, u8),
    /// 16-bit numbers, little end first.
    pub data: &'static [u8],
}

/// A table unfolded: the cell of every pair whose first byte is above 0x7F.
#[derive(Clone, Debug)]
pub struct Grid(Vec<u16>);

impl Grid {
    pub fn unfold(table: &Table) -> Self {
        let mut grid = Self(vec![0; 128 << 8]);
        let (numbers, _) = table.data.as_chunks::<2>();
        let mut numbers = numbers.iter().map(|number| u16::from_le_bytes(*number));
        let base = table.base.map(Self::unfold);
        for row in table.rows {
            for column in table.columns.0..=table.columns.1 {
                grid.0[place(*row, column)] = match &base {
                    Some(base) => base.cell(*row, column),
                    None => numbers.next().unwrap_or(0),
                };
            }
        }
        // What is left are differences to the base.
        while let (Some(pair), Some(cell)) = (numbers.next(), numbers.next()) {
            let [row, column] = pair.to_be_bytes();
            grid.0[place(row, column)] = cell;
        }
        grid
    }

    pub fn cell(&self, first: u8, second: u8) -> u16 {
        if first < 0x80 { 0 } else { self.0[place(first, second)] }
    }

    /// The pairs that are defined, with their cells.
    pub fn defined(&self) -> impl Iterator<Item = (u32, u16)> + '_ {
        self.0
            .iter()
            .enumerate()
            .filter(|(_, cell)| !matches!(**cell, 0 | RESERVED))
            .map(|(place, cell)| (0x8000 + place as u32, *cell))
    }
}

fn place(first: u8, second: u8) -> usize {
    usize::from(first & 0x7F) << 8 | usize::from(second)
}

/// The characters of a cell: one, or one and a second that is not zero.
pub fn characters(cell: u16) -> (u32, u32) {
    match cell {
        FIRST_EXTRA..=LAST_EXTRA => {
            let at = 2 * usize::from(cell - FIRST_EXTRA);
            (EXTRAS[at], EXTRAS[at + 1])
        }
        _ => (u32::from(cell), 0),
    }
}

/// The way from characters to codes.
#[derive(Clone, Debug)]
pub struct Codes {
    // By the upper bits of a code point: one more than the number of its page, zero for none.
    pages: Vec<u16>,
    codes: Vec<[u32; 256]>,
    joined: Vec<((u32, u32), u32)>,
}

impl Codes {
    pub fn new() -> Self {
        Self { pages: vec![0; 0x1100], codes: Vec::new(), joined: Vec::new() }
    }

    fn slot(&mut self, point: u32) -> Option<&mut u32> {
        let page = self.pages.get_mut((point >> 8) as usize)?;
        if *page == 0 {
            self.codes.push([0; 256]);
            *page = self.codes.len() as u16;
        }
        self.codes.get_mut(usize::from(*page) - 1).map(|page| &mut page[(point & 0xFF) as usize])
    }

    /// Sets the code of a character, if it has none yet.
    pub fn add(&mut self, point: u32, code: u32) {
        if let Some(slot) = self.slot(point).filter(|slot| **slot == 0) {
            *slot = code;
        }
    }

    /// Adds all that a table defines; `prefix` comes before each pair.
    pub fn add_table(&mut self, grid: &Grid, prefix: u32) {
        for (pair, cell) in grid.defined() {
            match characters(cell) {
                (point, 0) => self.add(point, prefix | pair),
                joined => self.joined.push((joined, prefix | pair)),
            }
        }
        self.joined.sort_unstable();
    }

    /// Sets codes that the tables don't tell.
    pub fn apply(&mut self, exceptions: &[u8]) {
        for [a, b, c, d, e, f] in exceptions.as_chunks::<6>().0 {
            if let Some(slot) = self.slot(u32::from_le_bytes([*a, *b, *c, 0])) {
                *slot = u32::from_le_bytes([*d, *e, *f, 0]);
            }
        }
    }

    /// The code of a character; zero has none.
    pub fn get(&self, point: u32) -> Option<u32> {
        let page = self.pages.get((point >> 8) as usize)?.checked_sub(1)?;
        Some(self.codes[usize::from(page)][(point & 0xFF) as usize]).filter(|code| *code != 0)
    }

    /// Whether a character joins with some that may follow it.
    pub fn may_join(&self, point: u32) -> bool {
        let at = self.joined.partition_point(|((first, _), _)| *first < point);
        self.joined.get(at).is_some_and(|((first, _), _)| *first == point)
    }

    /// The code of two characters.
    pub fn joined(&self, first: u32, second: u32) -> Option<u32> {
        let at = self.joined.binary_search_by_key(&(first, second), |(pair, _)| *pair).ok()?;
        Some(self.joined[at].1)
    }
}

/// Appends the bytes of a code, as many as it has.
pub fn push_code(code: u32, out: &mut ByteBuilder) {
    let bytes = code.to_be_bytes();
    let skipped = bytes.iter().take(3).take_while(|byte| **byte == 0).count();
    out.extend_from_slice(&bytes[skipped..]);
}
