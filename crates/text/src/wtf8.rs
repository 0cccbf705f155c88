//! `Wtf8Buf` and `Wtf8`: text that may hold lone surrogates, as UTF-8 generalized to all code points.
//!
//! Source text, names and string constants travel in this form from the tokenizer to marshal, where it is
//! exactly the encoding that `.pyc` files use (`utf-8` with `surrogatepass`). The invariant: the bytes are
//! well-formed UTF-8 but for three-byte sequences that encode a surrogate; a surrogate pair is *not* joined,
//! because Python keeps `'\ud83d\ude00'` as two code points.

use std::fmt;
use std::rc::Rc;

/// Owned generalized UTF-8. Cheap to clone: the bytes are shared.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Wtf8Buf(Rc<[u8]>);

impl Wtf8Buf {
    /// Text from bytes that are known to be generalized UTF-8; None if they are not.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        is_well_formed(bytes).then(|| Self(bytes.into()))
    }

    /// Text from code points; None if one is above U+10FFFF.
    pub fn from_code_points(points: impl IntoIterator<Item = u32>) -> Option<Self> {
        let mut bytes = Vec::new();
        for point in points {
            push_code_point(&mut bytes, point)?;
        }
        Some(Self(bytes.into()))
    }

    /// The text, borrowed.
    pub fn view(&self) -> Wtf8<'_> {
        Wtf8(&self.0)
    }

    /// The generalized UTF-8 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text as `str`; None if it holds a surrogate.
    pub fn as_str(&self) -> Option<&str> {
        self.view().as_str()
    }

    /// The code points, surrogates included.
    pub fn code_points(&self) -> impl Iterator<Item = u32> + '_ {
        self.view().code_points()
    }

    pub fn is_ascii(&self) -> bool {
        self.0.is_ascii()
    }

    /// The length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text with each surrogate replaced by U+FFFD, for messages.
    pub fn to_string_lossy(&self) -> String {
        self.view().to_string_lossy()
    }
}

/// Borrowed generalized UTF-8.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Wtf8<'a>(&'a [u8]);

impl<'a> Wtf8<'a> {
    /// Text of bytes that are known to be generalized UTF-8; None if they are not.
    pub fn from_bytes(bytes: &'a [u8]) -> Option<Self> {
        is_well_formed(bytes).then_some(Self(bytes))
    }

    /// The text of a string.
    pub const fn of(text: &'a str) -> Self {
        Self(text.as_bytes())
    }

    /// A copy that owns its bytes.
    pub fn to_owned(self) -> Wtf8Buf {
        Wtf8Buf(self.0.into())
    }

    /// This text in memory that somebody else has copied it to.
    pub fn moved_to<'b>(self, copy: impl FnOnce(&'a [u8]) -> &'b [u8]) -> Wtf8<'b> {
        let copied = copy(self.0);
        debug_assert_eq!(copied, self.0);
        Wtf8(copied)
    }

    /// The generalized UTF-8 bytes.
    #[inline]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// The text as `str`; None if it holds a surrogate.
    pub fn as_str(self) -> Option<&'a str> {
        std::str::from_utf8(self.0).ok()
    }

    /// The code points, surrogates included.
    pub fn code_points(self) -> impl Iterator<Item = u32> + use<'a> {
        CodePoints { rest: self.0 }
    }

    pub fn is_ascii(self) -> bool {
        self.0.is_ascii()
    }

    /// The length in bytes.
    pub const fn len(self) -> usize {
        self.0.len()
    }

    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The text with each surrogate replaced by U+FFFD, for messages.
    pub fn to_string_lossy(self) -> String {
        if let Some(text) = self.as_str() {
            return text.to_owned();
        }
        self.code_points().map(|point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }
}

impl<'a> From<&'a str> for Wtf8<'a> {
    fn from(text: &'a str) -> Self {
        Self::of(text)
    }
}

impl PartialEq<str> for Wtf8<'_> {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other.as_bytes()
    }
}

impl PartialEq<&str> for Wtf8<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == *other.as_bytes()
    }
}

impl fmt::Debug for Wtf8<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string_lossy(), formatter)
    }
}

impl fmt::Display for Wtf8<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_string_lossy())
    }
}

impl From<&str> for Wtf8Buf {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().into())
    }
}

impl From<String> for Wtf8Buf {
    fn from(text: String) -> Self {
        Self(text.into_bytes().into())
    }
}

impl PartialEq<str> for Wtf8Buf {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other.as_bytes()
    }
}

impl PartialEq<&str> for Wtf8Buf {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == *other.as_bytes()
    }
}

impl fmt::Debug for Wtf8Buf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string_lossy(), formatter)
    }
}

impl fmt::Display for Wtf8Buf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_string_lossy())
    }
}

fn is_well_formed(bytes: &[u8]) -> bool {
    // Surrogates are rare, and the standard library is quick about the rest.
    std::str::from_utf8(bytes).is_ok() || decode_all(bytes)
}

/// Appends the generalized UTF-8 of `point`; None if it is above U+10FFFF.
pub fn push_code_point(bytes: &mut Vec<u8>, point: u32) -> Option<()> {
    match point {
        0..=0x7F => bytes.push(point as u8),
        0x80..=0x7FF => bytes.extend([0xC0 | (point >> 6) as u8, 0x80 | (point & 0x3F) as u8]),
        0x800..=0xFFFF => {
            bytes.extend([0xE0 | (point >> 12) as u8, 0x80 | (point >> 6 & 0x3F) as u8, 0x80 | (point & 0x3F) as u8])
        }
        0x1_0000..=0x10_FFFF => bytes.extend([
            0xF0 | (point >> 18) as u8,
            0x80 | (point >> 12 & 0x3F) as u8,
            0x80 | (point >> 6 & 0x3F) as u8,
            0x80 | (point & 0x3F) as u8,
        ]),
        _ => return None,
    }
    Some(())
}

/// Decodes the first code point of well-formed or ill-formed generalized UTF-8: the point and its length.
pub fn decode_first(bytes: &[u8]) -> Option<(u32, usize)> {
    let continuation = |at: usize| bytes.get(at).filter(|byte| *byte & 0xC0 == 0x80).map(|byte| u32::from(byte & 0x3F));
    let first = *bytes.first()?;
    let (point, length, least) = match first {
        0..=0x7F => return Some((u32::from(first), 1)),
        0xC2..=0xDF => (u32::from(first & 0x1F) << 6 | continuation(1)?, 2, 0x80),
        0xE0..=0xEF => (u32::from(first & 0x0F) << 12 | continuation(1)? << 6 | continuation(2)?, 3, 0x800),
        0xF0..=0xF4 => (
            u32::from(first & 0x07) << 18 | continuation(1)? << 12 | continuation(2)? << 6 | continuation(3)?,
            4,
            0x1_0000,
        ),
        _ => return None,
    };
    (least..=0x10_FFFF).contains(&point).then_some((point, length))
}

fn decode_all(mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        let Some((_, length)) = decode_first(bytes) else { return false };
        bytes = &bytes[length..];
    }
    true
}

struct CodePoints<'a> {
    rest: &'a [u8],
}

impl Iterator for CodePoints<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (point, length) = decode_first(self.rest)?;
        self.rest = &self.rest[length..];
        Some(point)
    }
}
