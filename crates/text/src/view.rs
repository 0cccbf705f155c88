//! `StrView`: read access to a Python string in any of its storage forms.
//!
//! The object layer lends the storage of a `str` as a view; every algorithm on strings in this crate takes
//! views, so it is written once for all forms. The invariant of a view made from an object is CPython's: the
//! form is the narrowest that holds the widest code point. A slice of a view keeps its form and may be wider
//! than needed; algorithms therefore never conclude anything from a form but an upper bound.

use std::cmp::Ordering;
use std::ops::Range;

/// The code points of a string, by the width of their storage.
#[derive(Clone, Copy, Debug)]
pub enum StrView<'a> {
    /// One byte each, all below 0x80.
    Ascii(&'a [u8]),
    /// One byte each.
    Latin1(&'a [u8]),
    /// Two bytes each; surrogates are code points of their own.
    Ucs2(&'a [u16]),
    /// Four bytes each, at most 0x10FFFF.
    Ucs4(&'a [u32]),
}

/// A storage unit of a string: a code point of limited width.
pub trait Unit: Copy + Ord + Default + 'static {
    /// The code point.
    fn point(self) -> u32;

    /// `point` as a unit, if it fits.
    fn from_point(point: u32) -> Option<Self>;

    /// The units of a view that has this very width.
    fn units_of(view: StrView<'_>) -> Option<&[Self]>;

    /// The first index of a non-empty, not longer `needle`.
    fn find(hay: &[Self], needle: &[Self]) -> Option<usize>;

    /// The last index of a non-empty, not longer `needle`.
    fn rfind(hay: &[Self], needle: &[Self]) -> Option<usize>;

    /// The indices of all matches of a non-empty `needle` that don't overlap, from the left.
    fn matches<'a>(hay: &'a [Self], needle: &'a [Self]) -> impl Iterator<Item = usize> + 'a;
}

/// Evaluates an expression for the units of a view, whatever their width.
macro_rules! with_units {
    ($view:expr, $units:ident => $body:expr) => {
        match $view {
            $crate::view::StrView::Ascii($units) | $crate::view::StrView::Latin1($units) => $body,
            $crate::view::StrView::Ucs2($units) => $body,
            $crate::view::StrView::Ucs4($units) => $body,
        }
    };
}
pub(crate) use with_units;

impl<'a> StrView<'a> {
    /// A view of text that is known to be ASCII; None if it is not.
    pub fn ascii(bytes: &'a [u8]) -> Option<Self> {
        bytes.is_ascii().then_some(Self::Ascii(bytes))
    }

    /// The number of code points.
    pub fn len(&self) -> usize {
        with_units!(self, units => units.len())
    }

    /// Whether there are no code points.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code point at `index`.
    pub fn get(&self, index: usize) -> Option<u32> {
        with_units!(self, units => units.get(index).map(|unit| unit.point()))
    }

    /// The code points in order; the iterator goes both ways.
    pub fn iter(&self) -> CodePoints<'a> {
        match *self {
            Self::Ascii(units) | Self::Latin1(units) => CodePoints::One(units.iter()),
            Self::Ucs2(units) => CodePoints::Two(units.iter()),
            Self::Ucs4(units) => CodePoints::Four(units.iter()),
        }
    }

    /// The part in `range`, cut off at the end of the text; the form stays.
    pub fn slice(&self, range: Range<usize>) -> Self {
        let end = range.end.min(self.len());
        let range = range.start.min(end)..end;
        match *self {
            Self::Ascii(units) => Self::Ascii(&units[range]),
            Self::Latin1(units) => Self::Latin1(&units[range]),
            Self::Ucs2(units) => Self::Ucs2(&units[range]),
            Self::Ucs4(units) => Self::Ucs4(&units[range]),
        }
    }

    /// The part from `start` on.
    pub fn slice_from(&self, start: usize) -> Self {
        self.slice(start..self.len())
    }

    /// The bytes of an ASCII string; None if the form is wider (its text may be ASCII still).
    pub fn as_ascii(&self) -> Option<&'a [u8]> {
        match *self {
            Self::Ascii(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The text of an ASCII string; None if the form is wider.
    pub fn as_str(&self) -> Option<&'a str> {
        std::str::from_utf8(self.as_ascii()?).ok()
    }

    /// Bytes of storage for one code point: 1, 2 or 4 (`PyUnicode_KIND`).
    pub fn unit_size(&self) -> usize {
        match self {
            Self::Ascii(_) | Self::Latin1(_) => 1,
            Self::Ucs2(_) => 2,
            Self::Ucs4(_) => 4,
        }
    }

    /// An upper bound for the code points that the narrowest form of this text must hold: 0x7F, 0xFF, 0xFFFF or
    /// 0x10FFFF. It scans, except for ASCII.
    pub fn max_char(&self) -> u32 {
        match self {
            Self::Ascii(_) => 0x7F,
            Self::Latin1(units) => {
                if units.is_ascii() {
                    0x7F
                } else {
                    0xFF
                }
            }
            Self::Ucs2(units) => form_limit(or_all(units)),
            Self::Ucs4(units) => form_limit(or_all(units)),
        }
    }

    /// Whether all code points are ASCII.
    pub fn is_ascii(&self) -> bool {
        self.max_char() == 0x7F
    }

    /// The greatest code point that the form can hold.
    pub fn form_limit(&self) -> u32 {
        match self {
            Self::Ascii(_) => 0x7F,
            Self::Latin1(_) => 0xFF,
            Self::Ucs2(_) => 0xFFFF,
            Self::Ucs4(_) => 0x10_FFFF,
        }
    }
}

/// The limit of the narrowest form that holds a code point.
pub fn form_limit(point: u32) -> u32 {
    match point {
        0..=0x7F => 0x7F,
        0x80..=0xFF => 0xFF,
        0x100..=0xFFFF => 0xFFFF,
        _ => 0x10_FFFF,
    }
}

// The union of all bits needs the same form as the maximum does, and compiles to vector instructions.
fn or_all<U: Unit>(units: &[U]) -> u32 {
    units.iter().fold(0, |bits, unit| bits | unit.point())
}

impl PartialEq for StrView<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.cmp(other) == Ordering::Equal
    }
}

impl Eq for StrView<'_> {}

impl PartialOrd for StrView<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for StrView<'_> {
    /// Lexicographic by code point.
    fn cmp(&self, other: &Self) -> Ordering {
        use StrView::{Ascii, Latin1, Ucs2, Ucs4};
        match (self, other) {
            (Ascii(left) | Latin1(left), Ascii(right) | Latin1(right)) => left.cmp(right),
            (Ucs2(left), Ucs2(right)) => left.cmp(right),
            (Ucs4(left), Ucs4(right)) => left.cmp(right),
            _ => self.iter().cmp(other.iter()),
        }
    }
}

/// Iterator over the code points of a view.
#[derive(Clone, Debug)]
pub enum CodePoints<'a> {
    /// Over bytes.
    One(std::slice::Iter<'a, u8>),
    /// Over 16-bit units.
    Two(std::slice::Iter<'a, u16>),
    /// Over 32-bit units.
    Four(std::slice::Iter<'a, u32>),
}

impl Iterator for CodePoints<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        match self {
            Self::One(units) => units.next().map(|unit| u32::from(*unit)),
            Self::Two(units) => units.next().map(|unit| u32::from(*unit)),
            Self::Four(units) => units.next().copied(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::One(units) => units.size_hint(),
            Self::Two(units) => units.size_hint(),
            Self::Four(units) => units.size_hint(),
        }
    }
}

impl DoubleEndedIterator for CodePoints<'_> {
    fn next_back(&mut self) -> Option<u32> {
        match self {
            Self::One(units) => units.next_back().map(|unit| u32::from(*unit)),
            Self::Two(units) => units.next_back().map(|unit| u32::from(*unit)),
            Self::Four(units) => units.next_back().copied(),
        }
    }
}

impl ExactSizeIterator for CodePoints<'_> {}
