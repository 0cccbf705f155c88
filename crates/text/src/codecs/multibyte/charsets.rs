//! The character sets of the ISO 2022 codecs, and which codec has which.

use std::rc::Rc;

use super::Library;
use super::generated_tables::ISO_8859_7;
use super::plain::Plain;

/// What tells a codec from the others.
pub struct Codec {
    pub name: &'static str,
    /// In the order in which they are asked for a character's code.
    pub charsets: &'static [Description],
    /// Whether there is shifting out to G1.
    pub shifts: bool,
    /// Whether there are single shifts to G2.
    pub has_g2: bool,
    /// Whether an escape sequence may announce the revised JIS X 0208.
    pub has_revision: bool,
}

/// A character set of a codec.
pub struct Description {
    /// How the state and escape sequences name it: the last byte of a sequence, with the high bit set for sets of two bytes.
    number: u8,
    /// Whether text goes to G0, G1 or G2.
    plane: u8,
    source: Source,
}

/// Where the characters come from.
#[derive(Clone, Copy)]
pub enum Source {
    /// JIS X 0201, the Latin half.
    Roman,
    /// JIS X 0201, the Katakana half.
    Katakana,
    /// ISO 8859-1, the upper half; decoded only.
    Latin,
    /// ISO 8859-7, the upper half; decoded only.
    Greek,
    /// The pairs of bytes of an EUC codec.
    Pairs(&'static str),
    /// What follows a single shift in an EUC codec.
    Triples(&'static str),
    /// As `Triples`, without those of the second codec.
    TriplesBut(&'static str, &'static str),
}

const fn set(number: u8, plane: u8, source: Source) -> Description {
    Description { number, plane, source }
}

const JIS_X_0208: Description = set(b'B' | 0x80, 0, Source::Pairs("euc_jp"));
const JIS_X_0208_FIRST: Description = set(b'@' | 0x80, 0, Source::Pairs("euc_jp"));
const JIS_X_0212: Description = set(b'D' | 0x80, 0, Source::Triples("euc_jp"));
const JIS_X_0213_2000: Description = set(b'O' | 0x80, 0, Source::Pairs("euc_jisx0213"));
const JIS_X_0213_2000_SECOND: Description = set(b'P' | 0x80, 0, Source::TriplesBut("euc_jisx0213", "euc_jp"));
const JIS_X_0213_2004: Description = set(b'Q' | 0x80, 0, Source::Pairs("euc_jis_2004"));
const JIS_X_0213_2004_SECOND: Description = set(b'P' | 0x80, 0, Source::TriplesBut("euc_jis_2004", "euc_jp"));
const ROMAN: Description = set(b'J', 0, Source::Roman);
const KATAKANA: Description = set(b'I', 0, Source::Katakana);
const KS_X_1001: Description = set(b'C' | 0x80, 0, Source::Pairs("euc_kr"));
const KS_X_1001_SHIFTED: Description = set(b'C' | 0x80, 1, Source::Pairs("euc_kr"));
const GB_2312: Description = set(b'A' | 0x80, 0, Source::Pairs("gb2312"));
const LATIN: Description = set(b'A', 2, Source::Latin);
const GREEK: Description = set(b'F', 2, Source::Greek);

const fn codec(name: &'static str, charsets: &'static [Description]) -> Codec {
    Codec { name, charsets, shifts: false, has_g2: false, has_revision: true }
}

pub static CODECS: [Codec; 7] = [
    Codec { shifts: true, has_revision: false, ..codec("iso2022_kr", &[KS_X_1001_SHIFTED]) },
    codec("iso2022_jp", &[JIS_X_0208, ROMAN, JIS_X_0208_FIRST]),
    codec("iso2022_jp_1", &[JIS_X_0208, JIS_X_0212, ROMAN, JIS_X_0208_FIRST]),
    Codec {
        has_g2: true,
        ..codec("iso2022_jp_2", &[JIS_X_0208, JIS_X_0212, KS_X_1001, GB_2312, ROMAN, JIS_X_0208_FIRST, LATIN, GREEK])
    },
    codec("iso2022_jp_2004", &[JIS_X_0208, JIS_X_0213_2004, JIS_X_0213_2004_SECOND]),
    codec("iso2022_jp_3", &[JIS_X_0208, JIS_X_0213_2000, JIS_X_0213_2000_SECOND]),
    codec("iso2022_jp_ext", &[JIS_X_0208, JIS_X_0212, ROMAN, KATAKANA, JIS_X_0208_FIRST]),
];

const YEN: u32 = 0xA5;
const OVERLINE: u32 = 0x203E;
const FIRST_KATAKANA: u32 = 0xFF61;
const SINGLE_SHIFT: u32 = 0x8F_0000;
const HIGH_BITS: u32 = 0x8080;
/// EUC-KR spells syllables with this letter, and therefore has no code for it.
const HANGUL_FILLER: (u32, u16) = (0x3164, 0x2454);
/// The tilde of JIS X 0213 is ASCII's here, and the full-width one in EUC, which has no code here.
const TILDE: (u32, u16) = (0x7E, 0x2232);
const FULL_WIDTH_TILDE: u32 = 0xFF5E;
/// EUC reads this code of the edition of 2000 as the character after it.
const TUFT: (u32, u16) = (0x9B1C, 0x7D3B);

/// A character set with its tables at hand.
pub struct Charset {
    pub number: u8,
    pub plane: u8,
    source: Source,
    table: Option<Rc<Plain>>,
    without: Option<Rc<Plain>>,
}

impl Charset {
    pub fn new(description: &Description, library: &Library) -> Option<Self> {
        let Description { number, plane, source } = *description;
        let (table, without) = match source {
            Source::Pairs(table) | Source::Triples(table) => (Some(library.plain(table)?), None),
            Source::TriplesBut(table, without) => (Some(library.plain(table)?), Some(library.plain(without)?)),
            Source::Roman | Source::Katakana | Source::Latin | Source::Greek => (None, None),
        };
        Some(Self { number, plane, source, table, without })
    }

    /// The bytes of a character.
    pub fn width(&self) -> usize {
        if self.table.is_some() { 2 } else { 1 }
    }

    /// The character of a code: one, or one and a second that is not zero.
    pub fn decode(&self, code: &[u8]) -> Option<(u32, u32)> {
        match (code, &self.table) {
            ([byte], None) => Some((self.source.lower(*byte)?, 0)),
            ([first, second @ ..0x80], Some(table)) => {
                let (first, second) = (first | 0x80, second | 0x80);
                match (self.source, u16::from_be_bytes([first, second]) & !(HIGH_BITS as u16)) {
                    (Source::Pairs("euc_kr"), code) if code == HANGUL_FILLER.1 => Some((HANGUL_FILLER.0, 0)),
                    (Source::Pairs("euc_jisx0213" | "euc_jis_2004"), code) if code == TILDE.1 => Some((TILDE.0, 0)),
                    (Source::TriplesBut("euc_jisx0213", _), code) if code == TUFT.1 => Some((TUFT.0, 0)),
                    (Source::Pairs(_), _) => table.pair(first, second),
                    _ if self.is_left_out(first, second) => None,
                    _ => table.triple(first, second),
                }
            }
            _ => None,
        }
    }

    /// The code of a character that is not ASCII.
    pub fn encode(&self, point: u32) -> Option<u16> {
        match (self.source, &self.table) {
            (Source::Roman, _) => match point {
                YEN => Some(u16::from(b'\\')),
                OVERLINE => Some(u16::from(b'~')),
                _ => None,
            },
            (Source::Katakana, _) => point.checked_sub(FIRST_KATAKANA).filter(|it| *it < 63).map(|it| it as u16 + 0x21),
            (Source::Pairs("euc_kr"), _) if point == HANGUL_FILLER.0 => Some(HANGUL_FILLER.1),
            (Source::Pairs("euc_jisx0213" | "euc_jis_2004"), _) if point == FULL_WIDTH_TILDE => None,
            (_, Some(table)) => self.own_code(table.codes().get(point)?),
            (_, None) => None,
        }
    }

    /// Whether a triple's last two bytes are those of a character that belongs to the set that is left out.
    fn is_left_out(&self, second: u8, third: u8) -> bool {
        self.without.as_ref().is_some_and(|it| it.triple(second, third).is_some())
    }

    /// Whether a character may join with one that follows it.
    pub fn may_join(&self, point: u32) -> bool {
        self.table.as_ref().is_some_and(|table| table.codes().may_join(point))
    }

    /// The code of two characters.
    pub fn joined(&self, first: u32, second: u32) -> Option<u16> {
        self.own_code(self.table.as_ref()?.codes().joined(first, second)?)
    }

    /// A code of the EUC codec as one of this set, if it is.
    fn own_code(&self, code: u32) -> Option<u16> {
        let pair = match self.source {
            Source::Pairs(_) => code,
            _ => code.checked_sub(SINGLE_SHIFT)?,
        };
        // In EUC, pairs whose bytes do not both have the high bit are Katakana and the like.
        let [_, _, first, second] = pair.to_be_bytes();
        let is_own = (0xA1A1..=0xFEFE).contains(&pair) && second >= 0x80 && !self.is_left_out(first, second);
        is_own.then_some((pair & !HIGH_BITS) as u16)
    }
}

impl Source {
    /// The set that is designated to G2, if it is one that has an upper half.
    pub fn of_g2(number: u8) -> Option<Self> {
        [LATIN, GREEK].iter().find(|set| set.number == number).map(|set| set.source)
    }

    /// The character of a byte in a set of one byte.
    fn lower(self, byte: u8) -> Option<u32> {
        match (self, byte) {
            (Self::Roman, b'\\') => Some(YEN),
            (Self::Roman, b'~') => Some(OVERLINE),
            (Self::Roman, ..0x80) => Some(u32::from(byte)),
            (Self::Katakana, 0x21..=0x5F) => Some(FIRST_KATAKANA + u32::from(byte - 0x21)),
            _ => None,
        }
    }

    /// The character of the upper half of a set that a byte stands for after a single shift.
    pub fn upper(self, byte: u8) -> Option<u32> {
        let byte = match (self, byte) {
            // Out of place here, such a byte is taken for one of the lower half.
            (Self::Greek, 0x80..) => return Some(u32::from(byte & 0x7F)),
            (_, 0x80..) => return None,
            _ => byte | 0x80,
        };
        match self {
            Self::Greek => match byte.checked_sub(0xA0) {
                Some(place) => ISO_8859_7.get(usize::from(place)).map(|it| u32::from(*it)).filter(|it| *it != 0),
                None => Some(u32::from(byte)),
            },
            _ => Some(u32::from(byte)),
        }
    }
}
