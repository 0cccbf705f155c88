//! What the module `unicodedata` tells of a code point, for today's Unicode and for version 3.2.

use super::decompose::{self, Decomposition};
use super::generated_numeric::{NUMERIC, NUMERIC_RECORDS};
use super::generated_old::{OLD_NUMERIC, OLD_NUMERIC_RECORDS, OLD_PROPERTIES, OLD_RECORDS};
use super::generated_properties::{BIDIRECTIONAL, CATEGORIES, PROPERTIES, RECORDS, WIDTHS};
use super::names;

/// A version of the Unicode character database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// `unicodedata`.
    Current,
    /// `unicodedata.ucd_3_2_0`.
    Old,
}

impl Database {
    fn record(self, point: u32) -> &'static [u8; 5] {
        match self {
            Self::Current => &RECORDS[PROPERTIES.get(point)],
            Self::Old => &OLD_RECORDS[OLD_PROPERTIES.get(point)],
        }
    }

    fn numeric_record(self, point: u32) -> &'static (u8, u8, f64) {
        match self {
            Self::Current => &NUMERIC_RECORDS[NUMERIC.get(point)],
            Self::Old => &OLD_NUMERIC_RECORDS[OLD_NUMERIC.get(point)],
        }
    }

    /// The general category.
    pub fn category(self, point: u32) -> &'static str {
        CATEGORIES[usize::from(self.record(point)[0])]
    }

    /// The bidirectional class; empty if none is defined.
    pub fn bidirectional(self, point: u32) -> &'static str {
        BIDIRECTIONAL[usize::from(self.record(point)[1])]
    }

    /// The canonical combining class.
    pub fn combining(self, point: u32) -> u8 {
        self.record(point)[2]
    }

    /// The East Asian width.
    pub fn east_asian_width(self, point: u32) -> &'static str {
        WIDTHS[usize::from(self.record(point)[3])]
    }

    /// Whether the character is mirrored in bidirectional text.
    pub fn is_mirrored(self, point: u32) -> bool {
        self.record(point)[4] != 0
    }

    /// The value as a digit of a decimal number.
    pub fn decimal(self, point: u32) -> Option<u8> {
        Some(self.numeric_record(point).0).filter(|value| *value != 255)
    }

    /// The value as a digit.
    pub fn digit(self, point: u32) -> Option<u8> {
        Some(self.numeric_record(point).1).filter(|value| *value != 255)
    }

    /// The numeric value.
    pub fn numeric(self, point: u32) -> Option<f64> {
        Some(self.numeric_record(point).2).filter(|value| !value.is_nan())
    }

    /// Whether this version assigns the code point.
    pub fn is_assigned(self, point: u32) -> bool {
        self.category(point) != "Cn"
    }

    /// The text of `unicodedata.decomposition`.
    pub fn decomposition(self, point: u32) -> String {
        if self == Self::Old && !self.is_assigned(point) {
            return String::new();
        }
        match decompose::decomposition(point) {
            Some(Decomposition { tag, points }) => {
                let mut parts: Vec<String> = points.map(|part| format!("{part:04X}")).collect();
                if !tag.is_empty() {
                    parts.insert(0, tag.to_string());
                }
                parts.join(" ")
            }
            None => String::new(),
        }
    }

    /// The name of a character.
    pub fn name(self, point: u32) -> Option<String> {
        if self == Self::Old && !self.is_assigned(point) {
            return None;
        }
        names::name(point)
    }
}
