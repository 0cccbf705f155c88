//! Sequences that follow rules: GB 18030's of four bytes, and EUC-KR's of eight, which spell a Hangul syllable.

use super::generated_tables::FOUR_BYTE_RUNS;

/// The rule of a codec.
pub enum Rule {
    FourBytes,
    Hangul,
}

/// What opens a text by a rule.
pub enum Found {
    Character(u32, usize),
    Illegal,
    Incomplete,
}

/// The bytes of a character.
pub struct Code {
    bytes: [u8; 8],
    length: usize,
}

impl Code {
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Rule {
    pub fn of(codec: &str) -> Option<Self> {
        match codec {
            "gb18030" => Some(Self::FourBytes),
            "euc_kr" => Some(Self::Hangul),
            _ => None,
        }
    }

    /// Decodes bytes, if they are for this rule.
    pub fn decode(&self, bytes: &[u8]) -> Option<Found> {
        match (self, bytes) {
            (Self::FourBytes, [_, b'0'..=b'9', rest @ ..]) => Some(match (bytes, rest) {
                ([first @ 0x81..=0xFE, second, third @ 0x81..=0xFE, fourth @ b'0'..=b'9', ..], _) => {
                    four_bytes([*first, *second, *third, *fourth])
                        .map_or(Found::Illegal, |point| Found::Character(point, 4))
                }
                (_, [_, _, ..]) => Found::Illegal,
                _ => Found::Incomplete,
            }),
            (Self::Hangul, [0xA4, FILLER, rest @ ..]) => Some(match rest {
                [0xA4, lead, 0xA4, vowel, 0xA4, trail, ..] => {
                    syllable(*lead, *vowel, *trail).map_or(Found::Illegal, |point| Found::Character(point, 8))
                }
                [_, _, _, _, _, _, ..] => Found::Illegal,
                _ => Found::Incomplete,
            }),
            _ => None,
        }
    }

    /// The bytes of a character by this rule.
    pub fn encode(&self, point: u32) -> Option<Code> {
        match self {
            Self::FourBytes => encode_four_bytes(point),
            Self::Hangul => spell(point),
        }
    }
}

// The number of the code 0x90308130, from which on the supplementary planes follow in order.
const SUPPLEMENTARY: u32 = 189_000;

fn four_bytes(code: [u8; 4]) -> Option<u32> {
    let [a, b, c, d] = code.map(u32::from);
    let number = (((a - 0x81) * 10 + (b - 0x30)) * 126 + (c - 0x81)) * 10 + (d - 0x30);
    if let Some(offset) = number.checked_sub(SUPPLEMENTARY) {
        return Some(0x1_0000 + offset).filter(|point| *point <= 0x10_FFFF);
    }
    let run = FOUR_BYTE_RUNS.partition_point(|(first, ..)| u32::from(*first) <= number).checked_sub(1)?;
    let (first, point, length) = FOUR_BYTE_RUNS[run];
    Some(number - u32::from(first)).filter(|offset| *offset < u32::from(length)).map(|offset| u32::from(point) + offset)
}

fn encode_four_bytes(point: u32) -> Option<Code> {
    let number = if point > 0xFFFF {
        SUPPLEMENTARY + (point - 0x1_0000)
    } else {
        FOUR_BYTE_RUNS.iter().find_map(|(number, first, length)| {
            let offset = point.checked_sub(u32::from(*first)).filter(|offset| *offset < u32::from(*length))?;
            Some(u32::from(*number) + offset)
        })?
    };
    let parts = [number / 12600 + 0x81, number / 1260 % 10 + 0x30, number / 10 % 126 + 0x81, number % 10 + 0x30];
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(parts).for_each(|(byte, part)| *byte = part as u8);
    Some(Code { bytes, length: 4 })
}

// Second bytes of the letters that KS X 1001 spells syllables with; the filler stands for no trailing consonant.
const FILLER: u8 = 0xD4;
const FIRST_VOWEL: u8 = 0xBF;
const LEADS: [u8; 19] =
    [0xA1, 0xA2, 0xA4, 0xA7, 0xA8, 0xA9, 0xB1, 0xB2, 0xB3, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE];
const TRAILS: [u8; 28] = [
    FILLER, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF, 0xB0, 0xB1, 0xB2, 0xB4,
    0xB5, 0xB6, 0xB7, 0xB8, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE,
];
const SYLLABLES: u32 = 0xAC00;
const VOWEL_COUNT: u32 = 21;

fn syllable(lead: u8, vowel: u8, trail: u8) -> Option<u32> {
    let lead = LEADS.iter().position(|letter| *letter == lead)? as u32;
    let vowel = u32::from(vowel.checked_sub(FIRST_VOWEL)?);
    let trail = TRAILS.iter().position(|letter| *letter == trail)? as u32;
    (vowel < VOWEL_COUNT).then(|| SYLLABLES + (lead * VOWEL_COUNT + vowel) * TRAILS.len() as u32 + trail)
}

fn spell(point: u32) -> Option<Code> {
    let index = point.checked_sub(SYLLABLES)? as usize;
    let lead = *LEADS.get(index / TRAILS.len() / VOWEL_COUNT as usize)?;
    let vowel = FIRST_VOWEL + (index / TRAILS.len() % VOWEL_COUNT as usize) as u8;
    let bytes = [0xA4, FILLER, 0xA4, lead, 0xA4, vowel, 0xA4, TRAILS[index % TRAILS.len()]];
    Some(Code { bytes, length: 8 })
}
