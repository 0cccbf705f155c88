//! The location table: which piece of source each instruction comes from (`co_linetable`).
//!
//! The assembler writes it with [`LineTableWriter`]; tracebacks, tracing, `co_positions` and `co_lines` read it with
//! [`positions`] and [`lines`]. The format is that of CPython's `InternalDocs/code_objects.md`: entries of a first byte
//! with its high bit set, holding a form (4 bits) and a length in code units less one (3 bits), then the form's bytes.

use std::hint::select_unpredictable;

use crate::location::Location;

/// Code units that one entry can cover.
const MAX_ENTRY_UNITS: usize = 8;
const FIRST_BYTE: u8 = 0x80;
const CONTINUES: u8 = 0x40;

// The forms; below `ONE_LINE_0` is the short form, whose number is the column's high bits.
const ONE_LINE_0: u8 = 10;
const NO_COLUMNS: u8 = 13;
const LONG: u8 = 14;
const NONE: u8 = 15;

/// The highest column of the forms for one line.
const MAX_ONE_LINE_COLUMN: i32 = 127;

/// How many lines further on these forms can be.
const MAX_ONE_LINE_DELTA: i32 = 2;

/// The short form is for columns below this.
const MAX_SHORT_COLUMN: i32 = 80;

/// The short form is for so many columns at most.
const MAX_SHORT_WIDTH: u32 = 15;

/// How many bytes an entry takes at most.
const MAX_ENTRY_SIZE: usize = 32;

/// Builds tables, instruction by instruction, one after the other in the same memory.
#[derive(Clone, Debug, Default)]
pub struct LineTableWriter {
    /// The table, then bytes that are not used yet: always as many as an entry may take, once there is an entry.
    bytes: Vec<u8>,
    length: usize,
    line: i32,
}

impl LineTableWriter {
    /// A writer for a code object that starts on `first_line`.
    pub fn new(first_line: i32) -> Self {
        Self { line: first_line, ..Self::default() }
    }

    /// Makes it what [`LineTableWriter::new`] would make, but keeps its memory.
    pub fn restart(&mut self, first_line: i32) {
        (self.length, self.line) = (0, first_line);
    }

    /// The next `units` code units are at `location`.
    ///
    /// Which of the forms it takes, and whether one entry is enough, cannot be foreseen, so all is made, and what is right is taken.
    #[inline(always)]
    pub fn add(&mut self, location: Location, units: usize) {
        let is_beyond_two = units.wrapping_sub(1) & !(2 * MAX_ENTRY_UNITS - 1) != 0;
        if (self.oddity(location) != 0) | is_beyond_two {
            return self.add_unusual(location, units);
        }
        let Location { line, column, end_column, .. } = location;
        let delta = line - self.line;
        let width = end_column - column;
        let is_narrow = (column < MAX_SHORT_COLUMN) & (width as u32 <= MAX_SHORT_WIDTH);
        let is_short = is_narrow & (delta == 0);
        let short = (column & 0x78) | (column & 7) << 12 | width << 8;
        let one_line = i32::from(ONE_LINE_0) << 3 | column << 8 | end_column << 16;
        let first = select_unpredictable(is_short, short, one_line + (delta << 3));
        let second = select_unpredictable(is_narrow, short, one_line);
        // An entry counts its units less one.
        let is_full = units > MAX_ENTRY_UNITS;
        let first_units = select_unpredictable(is_full, MAX_ENTRY_UNITS, units) as i32 - 1;
        let second_units = units as i32 - MAX_ENTRY_UNITS as i32 - 1;
        let bytes = |form: i32, units: i32| u64::from((i32::from(FIRST_BYTE) | (form + units)) as u32);
        let size = 3 - usize::from(is_short);
        let second_size = select_unpredictable(is_full, 3 - usize::from(is_narrow), 0);
        let Some(place) = self.place() else { return };
        *place = (bytes(first, first_units) | bytes(second, second_units) << (8 * size)).to_le_bytes();
        self.length += size + second_size;
        self.line = line;
    }

    /// 0 for locations whose entries take one of the forms for one line.
    #[inline(always)]
    fn oddity(&self, location: Location) -> i32 {
        let Location { line, end_line, column, end_column } = location;
        // Mostly the code units are on the line that the last ones were on, or on one of the next lines.
        let delta = line.wrapping_sub(self.line);
        let is_far = (line | delta | MAX_ONE_LINE_DELTA.wrapping_sub(delta)) & i32::MIN;
        is_far | (line ^ end_line) | (column | end_column) & !MAX_ONE_LINE_COLUMN
    }

    /// As [`LineTableWriter::add`], in as many entries and of the form that it takes.
    #[inline(never)]
    fn add_unusual(&mut self, location: Location, units: usize) {
        let mut left = units;
        while left > 0 {
            let units = left.min(MAX_ENTRY_UNITS);
            left -= units;
            if self.oddity(location) == 0 {
                self.add(location, units);
            } else if self.place().is_some() {
                self.add_long_entry(location, units);
            }
        }
    }

    /// What was written so far.
    pub fn table(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Where the next entries go.
    #[inline(always)]
    fn place(&mut self) -> Option<&mut [u8; 8]> {
        if self.bytes.len() < self.length + MAX_ENTRY_SIZE {
            self.make_room();
        }
        self.bytes[self.length..].first_chunk_mut()
    }

    #[cold]
    fn make_room(&mut self) {
        self.bytes.resize(2 * self.length + 8 * MAX_ENTRY_SIZE, 0);
    }

    /// An entry in one of the forms for what is rare.
    fn add_long_entry(&mut self, location: Location, units: usize) {
        if !location.has_line() {
            self.add_first_byte(NONE, units);
            return;
        }
        let Location { line, end_line, column, end_column } = location;
        let delta = line.wrapping_sub(self.line);
        self.line = line;
        if (column < 0 || end_column < 0) && (end_line == line || end_line == -1) {
            self.add_first_byte(NO_COLUMNS, units);
            self.add_signed(delta);
            return;
        }
        self.add_first_byte(LONG, units);
        self.add_signed(delta);
        self.add_unsigned(end_line.wrapping_sub(line) as u32);
        self.add_unsigned(column.wrapping_add(1) as u32);
        self.add_unsigned(end_column.wrapping_add(1) as u32);
    }

    fn add_byte(&mut self, byte: u8) {
        // `place` has made room for the whole entry.
        self.bytes[self.length] = byte;
        self.length += 1;
    }

    fn add_first_byte(&mut self, form: u8, units: usize) {
        self.add_byte(first_byte(form, units));
    }

    fn add_unsigned(&mut self, mut value: u32) {
        while value >= 64 {
            self.add_byte(CONTINUES | (value & 0x3F) as u8);
            value >>= 6;
        }
        self.add_byte(value as u8);
    }

    fn add_signed(&mut self, value: i32) {
        let magnitude = value.unsigned_abs();
        self.add_unsigned(if value < 0 { magnitude << 1 | 1 } else { magnitude << 1 });
    }
}

/// The byte that an entry starts with.
fn first_byte(form: u8, units: usize) -> u8 {
    FIRST_BYTE | form << 3 | (units - 1) as u8
}

/// One entry: code units `start..end` are at `location`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub start: u32,
    pub end: u32,
    pub location: Location,
}

/// The entries of a table, in the order of the code.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    rest: &'a [u8],
    line: i32,
    start: u32,
}

/// Reads `table`, which belongs to a code object that starts on `first_line`. Damaged tables give wrong places, no
/// more.
pub fn entries(table: &[u8], first_line: i32) -> Entries<'_> {
    Entries { rest: table, line: first_line, start: 0 }
}

impl Iterator for Entries<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let (first, rest) = self.rest.split_first()?;
        let length = rest.iter().position(|byte| byte & FIRST_BYTE != 0).unwrap_or(rest.len());
        let (body, rest) = rest.split_at(length);
        self.rest = rest;
        let start = self.start;
        let end = start + u32::from(first & 7) + 1;
        self.start = end;
        let location = self.read_location(first >> 3 & 15, body);
        Some(Entry { start, end, location })
    }
}

impl Entries<'_> {
    fn read_location(&mut self, form: u8, mut body: &[u8]) -> Location {
        let byte = |index: usize| i32::from(body.get(index).copied().unwrap_or(0));
        match form {
            NONE => Location::NONE,
            LONG => {
                self.advance_line(read_signed(&mut body));
                let end_line = self.line.wrapping_add(read_unsigned(&mut body) as i32);
                let column = (read_unsigned(&mut body) as i32).wrapping_sub(1);
                let end_column = (read_unsigned(&mut body) as i32).wrapping_sub(1);
                Location::new(self.line, end_line, column, end_column)
            }
            NO_COLUMNS => {
                self.advance_line(read_signed(&mut body));
                Location::of_line(self.line)
            }
            ONE_LINE_0.. => {
                let (column, end_column) = (byte(0), byte(1));
                self.advance_line(i32::from(form - ONE_LINE_0));
                Location::new(self.line, self.line, column, end_column)
            }
            _ => {
                let column = i32::from(form) << 3 | byte(0) >> 4;
                Location::new(self.line, self.line, column, column + (byte(0) & 15))
            }
        }
    }

    fn advance_line(&mut self, delta: i32) {
        self.line = self.line.wrapping_add(delta);
    }
}

/// The same table with lines alone. Lines are told by differences, so it does not matter where the code starts.
pub fn without_columns(table: &[u8]) -> Vec<u8> {
    const SOME_LINE: i32 = 1 << 30;
    let mut writer = LineTableWriter::new(SOME_LINE);
    for Entry { start, end, location } in entries(table, SOME_LINE) {
        let location = if location.has_line() { Location::of_line(location.line) } else { Location::NONE };
        writer.add(location, (end - start) as usize);
    }
    writer.table().to_vec()
}

/// Where each code unit comes from: `co_positions`, before -1 becomes None.
pub fn positions(table: &[u8], first_line: i32) -> impl Iterator<Item = Location> {
    entries(table, first_line).flat_map(|entry| (entry.start..entry.end).map(move |_| entry.location))
}

/// A run of code that stands on one line: `co_lines`. The bounds are byte offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRange {
    pub start: u32,
    pub end: u32,
    pub line: Option<i32>,
}

/// The runs of code on one line, in the order of the code.
pub fn lines(table: &[u8], first_line: i32) -> impl Iterator<Item = LineRange> {
    let mut entries = entries(table, first_line).peekable();
    std::iter::from_fn(move || {
        let first = entries.next()?;
        let line = first.location.line;
        let mut end = first.end;
        while let Some(next) = entries.next_if(|next| next.location.line == line) {
            end = next.end;
        }
        Some(LineRange { start: first.start * 2, end: end * 2, line: (line >= 0).then_some(line) })
    })
}

/// The place of the instruction at the code unit `index`; [`Location::NONE`] beyond the end.
pub fn location_at(table: &[u8], first_line: i32, index: u32) -> Location {
    entries(table, first_line).find(|entry| index < entry.end).map_or(Location::NONE, |entry| entry.location)
}

fn read_unsigned(bytes: &mut &[u8]) -> u32 {
    let mut value = 0;
    let mut shift = 0;
    while let Some((byte, rest)) = bytes.split_first() {
        *bytes = rest;
        value |= u32::from(byte & 0x3F).checked_shl(shift).unwrap_or(0);
        shift += 6;
        if byte & CONTINUES == 0 {
            break;
        }
    }
    value
}

fn read_signed(bytes: &mut &[u8]) -> i32 {
    let value = read_unsigned(bytes);
    let magnitude = (value >> 1) as i32;
    if value & 1 != 0 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests;
