//! The East Asian codecs that keep no state: GB, Big5, Shift JIS, EUC and their kin.
//!
//! A codec unfolds its compact tables when it is made; the object layer makes one when `_codecs_cn.getcodec` and
//! the like are first called, and keeps it in the codec object.

mod generated_tables;
mod tables;
mod wide;

use super::handlers::Replacement;
use super::{Decoder, EncodeError, Encoder, Progress};
use crate::builder::StrBuilder;
use crate::view::StrView;
use generated_tables::CODECS;
use tables::{Codes, Description, Grid, ILLEGAL, LEAD, RESERVED, characters, push_code};

const ILLEGAL_SEQUENCE: &str = "illegal multibyte sequence";
const INCOMPLETE_SEQUENCE: &str = "incomplete multibyte sequence";
// EUC's single shift three, which opens sequences of three bytes.
const SINGLE_SHIFT: u8 = 0x8F;

/// A codec without state, ready for use.
pub struct Multibyte {
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

impl Multibyte {
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

    /// The names of all codecs.
    pub fn names() -> impl Iterator<Item = &'static str> {
        CODECS.iter().map(|description| description.name)
    }

    /// Whether an incremental encoder must hold this character back, as the next may join with it.
    pub fn may_join(&self, point: u32) -> bool {
        self.codes.may_join(point)
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
    fn push_first(&self, point: u32, next: Option<u32>, out: &mut Vec<u8>) -> Option<usize> {
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
}

fn of_cell(cell: u16, length: usize) -> Sequence {
    match (cell, characters(cell)) {
        (0, _) => Sequence::Illegal(1),
        (RESERVED, _) => Sequence::Illegal(length),
        (_, (point, 0)) => Sequence::Character(point, length),
        (_, joined) => Sequence::Joined(joined, length),
    }
}

impl Decoder for Multibyte {
    fn name(&self) -> &str {
        self.description.name
    }

    fn decode(&self, bytes: &[u8], start: usize, is_final: bool, out: &mut StrBuilder) -> Progress {
        let mut at = start;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            at += match self.sequence(rest) {
                Sequence::Character(point, length) => {
                    out.push(point);
                    length
                }
                Sequence::Joined((first, second), length) => {
                    out.push(first);
                    out.push(second);
                    length
                }
                Sequence::Illegal(length) => return Progress::failed(at, at + length, ILLEGAL_SEQUENCE),
                Sequence::Incomplete if is_final => return Progress::failed(at, bytes.len(), INCOMPLETE_SEQUENCE),
                Sequence::Incomplete => break,
            };
        }
        Progress::done(at)
    }
}

impl Encoder for Multibyte {
    fn name(&self) -> &str {
        self.description.name
    }

    fn encode(&self, text: StrView<'_>, start: usize, out: &mut Vec<u8>) -> Option<EncodeError> {
        let mut at = start;
        while let Some(point) = text.get(at) {
            match self.push_first(point, text.get(at + 1), out) {
                Some(length) => at += length,
                None => return Some(EncodeError { start: at, end: at + 1, reason: ILLEGAL_SEQUENCE }),
            }
        }
        None
    }

    fn push_replacement(&self, replacement: &Replacement, out: &mut Vec<u8>) -> bool {
        match replacement {
            Replacement::Bytes(bytes) => {
                out.extend_from_slice(bytes);
                true
            }
            Replacement::Text(text) => self.encode(text.view(), 0, out).is_none(),
        }
    }
}
