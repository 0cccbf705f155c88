//! Codecs without state, by the tables of one codec.

use super::generated_tables::CODECS;
use super::tables::{Codes, Description, Grid, ILLEGAL, LEAD, RESERVED, characters, push_code};
use super::{Outcome, Stop, wide};
use crate::builder::StrBuilder;
use crate::byte_builder::ByteBuilder;
use crate::view::StrView;

/// EUC's single shift three, which opens sequences of three bytes.
const SINGLE_SHIFT: u8 = 0x8F;

/// The names of these codecs.
pub fn names() -> impl Iterator<Item = &'static str> {
    CODECS.iter().map(|description| description.name)
}

/// A codec without state, ready for use.
pub struct Plain {
    description: &'static Description,
    singles: [u16; 256],
    pairs: Grid,
    triples: Option<Grid>,
    codes: Codes,
    // Sequences of four or eight bytes, which follow rules.
    wide: Option<wide::Rule>,
}

enum Sequence {
    Character(u32, usize),
    Joined((u32, u32), usize),
    // So many bytes are wrong.
    Illegal(usize),
    Incomplete,
}

impl Plain {
    /// The codec of this name, which is CPython's for it (`gb18030`, `shift_jis`, …).
    pub fn new(name: &str) -> Option<Self> {
        let description = CODECS.iter().find(|description| description.name == name)?;
        let mut singles = [ILLEGAL; 256];
        let mut codes = Codes::new();
        for (first, last, value) in description.singles {
            for byte in *first..=*last {
                let class = *value >= ILLEGAL;
                let value = if class { *value } else { *value + u16::from(byte - *first) };
                singles[usize::from(byte)] = value;
                if !class && byte > 0 {
                    codes.add(u32::from(value), u32::from(byte));
                }
            }
        }
        let pairs = Grid::unfold(description.pairs?);
        codes.add_table(&pairs, 0);
        let triples = description.triples.map(Grid::unfold);
        if let Some(triples) = &triples {
            codes.add_table(triples, u32::from(SINGLE_SHIFT) << 16);
        }
        codes.apply(description.exceptions);
        Some(Self { description, singles, pairs, triples, codes, wide: wide::Rule::of(name) })
    }

    pub fn name(&self) -> &'static str {
        self.description.name
    }

    /// The characters of a pair of bytes, if it has any: one, or one and a second that is not zero.
    pub fn pair(&self, first: u8, second: u8) -> Option<(u32, u32)> {
        defined(self.pairs.cell(first, second))
    }

    /// As [`Self::pair`], for the two bytes that follow a single shift.
    pub fn triple(&self, second: u8, third: u8) -> Option<(u32, u32)> {
        self.triples.as_ref().and_then(|triples| defined(triples.cell(second, third)))
    }

    /// The way from characters to codes.
    pub fn codes(&self) -> &Codes {
        &self.codes
    }

    fn sequence(&self, bytes: &[u8]) -> Sequence {
        let Some(first) = bytes.first() else { return Sequence::Incomplete };
        match self.singles[usize::from(*first)] {
            LEAD => {}
            ILLEGAL => return Sequence::Illegal(1),
            point => return Sequence::Character(u32::from(point), 1),
        }
        if let (SINGLE_SHIFT, Some(triples)) = (*first, &self.triples) {
            return match bytes {
                [_, second, third, ..] => of_cell(triples.cell(*second, *third), 3),
                _ => Sequence::Incomplete,
            };
        }
        let Some(second) = bytes.get(1) else { return Sequence::Incomplete };
        if let Some(found) = self.wide.as_ref().and_then(|rule| rule.decode(bytes)) {
            return match found {
                wide::Found::Character(point, length) => Sequence::Character(point, length),
                wide::Found::Illegal => Sequence::Illegal(1),
                wide::Found::Incomplete => Sequence::Incomplete,
            };
        }
        of_cell(self.pairs.cell(*first, *second), 2)
    }

    // Appends the code of the first characters of a text: how many they are.
    fn push_first(&self, point: u32, next: Option<u32>, out: &mut ByteBuilder) -> Option<usize> {
        if point == 0 {
            out.push(0);
            return Some(1);
        }
        if let Some(code) = next.and_then(|next| self.codes.joined(point, next)) {
            push_code(code, out);
            return Some(2);
        }
        match self.codes.get(point) {
            Some(code) => push_code(code, out),
            None => out.extend_from_slice(self.wide.as_ref()?.encode(point)?.as_slice()),
        }
        Some(1)
    }

    pub fn decode(&self, bytes: &[u8], start: usize, out: &mut StrBuilder) -> Outcome {
        let mut position = start;
        while let Some(rest) = bytes.get(position..).filter(|rest| !rest.is_empty()) {
            position += match self.sequence(rest) {
                Sequence::Character(point, length) => {
                    out.push(point);
                    length
                }
                Sequence::Joined((first, second), length) => {
                    out.push(first);
                    out.push(second);
                    length
                }
                Sequence::Illegal(length) => return Outcome { position, stop: Stop::Illegal(length) },
                Sequence::Incomplete => return Outcome { position, stop: Stop::Incomplete },
            };
        }
        Outcome { position, stop: Stop::End }
    }

    pub fn encode(&self, text: StrView<'_>, start: usize, is_final: bool, out: &mut ByteBuilder) -> Outcome {
        let mut position = start;
        while let Some(point) = text.get(position) {
            let next = text.get(position + 1);
            if next.is_none() && !is_final && self.codes.may_join(point) {
                return Outcome { position, stop: Stop::Incomplete };
            }
            match self.push_first(point, next, out) {
                Some(length) => position += length,
                None => return Outcome { position, stop: Stop::Illegal(1) },
            }
        }
        Outcome { position, stop: Stop::End }
    }
}

/// The characters of a cell that has any.
fn defined(cell: u16) -> Option<(u32, u32)> {
    if matches!(cell, 0 | RESERVED) { None } else { Some(characters(cell)) }
}

fn of_cell(cell: u16, length: usize) -> Sequence {
    match (cell, characters(cell)) {
        (0, _) => Sequence::Illegal(1),
        (RESERVED, _) => Sequence::Illegal(length),
        (_, (point, 0)) => Sequence::Character(point, length),
        (_, joined) => Sequence::Joined(joined, length),
    }
}
