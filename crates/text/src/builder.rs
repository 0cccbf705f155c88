//! `StrBuilder` and `StrData`: strings under construction and finished, as plain data.
//!
//! Everything in this crate that makes a new string collects it in a builder; the object layer copies the
//! finished data into a `str`. The invariant: the form is always the narrowest that holds the code points.

use std::collections::TryReserveError;

use crate::growth::{can_be_had, with_room};
use crate::view::{StrView, Unit, form_limit, with_units};
use crate::wtf8::{Wtf8, Wtf8Buf, push_code_point};

/// An owned string in the narrowest of its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StrData {
    /// All code points below 0x80.
    Ascii(Vec<u8>),
    /// The greatest code point in 0x80..=0xFF.
    Latin1(Vec<u8>),
    /// The greatest code point in 0x100..=0xFFFF.
    Ucs2(Vec<u16>),
    /// The greatest code point above 0xFFFF.
    Ucs4(Vec<u32>),
}

impl StrData {
    /// The text as a view.
    pub fn view(&self) -> StrView<'_> {
        match self {
            Self::Ascii(units) => StrView::Ascii(units),
            Self::Latin1(units) => StrView::Latin1(units),
            Self::Ucs2(units) => StrView::Ucs2(units),
            Self::Ucs4(units) => StrView::Ucs4(units),
        }
    }

    /// The number of code points.
    pub fn len(&self) -> usize {
        self.view().len()
    }

    /// Whether there are no code points.
    pub fn is_empty(&self) -> bool {
        self.view().is_empty()
    }

    /// A copy of a view in the narrowest form.
    pub fn from_view(view: StrView<'_>) -> Self {
        let limit = view.max_char();
        with_units!(view, units => narrow(units, limit))
    }

    /// The text of code points; those above 0x10FFFF must not occur.
    pub fn from_points(points: impl IntoIterator<Item = u32>) -> Self {
        let points = points.into_iter();
        let mut builder = StrBuilder::with_capacity(points.size_hint().0);
        points.for_each(|point| builder.push(point));
        builder.finish_small()
    }

    /// The text of generalized UTF-8.
    pub fn from_wtf8(text: Wtf8<'_>) -> Self {
        match text.as_str() {
            Some(text) => Self::from(text),
            None => Self::from_points(text.code_points()),
        }
    }

    /// The text as generalized UTF-8.
    pub fn to_wtf8(&self) -> Wtf8Buf {
        to_wtf8(self.view())
    }
}

impl From<&str> for StrData {
    fn from(text: &str) -> Self {
        let mut builder = StrBuilder::new();
        builder.push_str(text);
        builder.finish_small()
    }
}

/// A view's text as generalized UTF-8.
pub fn to_wtf8(view: StrView<'_>) -> Wtf8Buf {
    if let Some(text) = view.as_str() {
        return Wtf8Buf::from(text);
    }
    let mut bytes = Vec::with_capacity(view.len());
    for point in view.iter() {
        // A view holds no code point beyond the last, so none is lost.
        let _ = push_code_point(&mut bytes, point);
    }
    Wtf8Buf::from_bytes(&bytes).unwrap_or_else(|| Wtf8Buf::from(""))
}

/// A view's text as a Rust string, each surrogate replaced by U+FFFD.
pub fn to_string_lossy(view: StrView<'_>) -> String {
    if let Some(text) = view.as_str() {
        return text.to_owned();
    }
    view.iter().map(|point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

// All units are at most `limit`, which is one of the limits of forms.
fn narrow<U: Unit>(units: &[U], limit: u32) -> StrData {
    let points = units.iter().map(|unit| unit.point());
    match limit {
        0x7F => StrData::Ascii(points.map(|point| point as u8).collect()),
        0xFF => StrData::Latin1(points.map(|point| point as u8).collect()),
        0xFFFF => StrData::Ucs2(points.map(|point| point as u16).collect()),
        _ => StrData::Ucs4(points.collect()),
    }
}

/// Why a text could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeError {
    /// It would be longer than an object can be (`OverflowError`, in the words of the operation).
    TooLong,
    /// There is not enough memory (`MemoryError`).
    OutOfMemory,
}

impl From<TryReserveError> for SizeError {
    fn from(_: TryReserveError) -> Self {
        Self::OutOfMemory
    }
}

/// A vector with room for `length` items, or the reason why there can't be one.
pub(crate) fn try_vec<T>(length: Option<usize>) -> Result<Vec<T>, SizeError> {
    let length = length.filter(|length| isize::try_from(*length).is_ok()).ok_or(SizeError::TooLong)?;
    Ok(with_room(length)?)
}

/// Collects code points and widens its storage when one does not fit.
///
/// Where there is no memory for what it is asked to collect, it drops it and says so ([`StrBuilder::is_full`]): texts are as long as programs
/// say, and the growth of a vector would end the process.
#[derive(Clone, Debug)]
pub struct StrBuilder {
    data: StrData,
    full: bool,
}

/// Bytes below which memory is not asked for but taken.
const SMALL_GROWTH: usize = 1 << 20;

/// Room for `count` more items, unless there is no memory for what is large.
fn make_room<T>(units: &mut Vec<T>, count: usize) -> bool {
    if units.capacity() - units.len() >= count {
        return true;
    }
    if units.len().saturating_add(count).saturating_mul(2 * size_of::<T>()) < SMALL_GROWTH {
        units.reserve(count);
        return true;
    }
    crate::growth::make_room(units, count).is_ok()
}

impl Default for StrBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl StrBuilder {
    /// An empty builder.
    pub fn new() -> Self {
        Self { data: StrData::Ascii(Vec::new()), full: false }
    }

    /// An empty builder with room for `capacity` ASCII characters.
    pub fn with_capacity(capacity: usize) -> Self {
        let mut builder = Self::new();
        builder.reserve(capacity);
        builder
    }

    /// An empty builder in the form for code points up to `limit`, with room for `length` of them (None: more than
    /// can be counted). If no code point needs the form in the end, finish with [`Self::finish_narrowed`].
    pub fn with_form(limit: u32, length: Option<usize>) -> Result<Self, SizeError> {
        let data = match form_limit(limit) {
            0x7F => StrData::Ascii(try_vec(length)?),
            0xFF => StrData::Latin1(try_vec(length)?),
            0xFFFF => StrData::Ucs2(try_vec(length)?),
            _ => StrData::Ucs4(try_vec(length)?),
        };
        Ok(Self { data, full: false })
    }

    /// The number of code points so far.
    pub fn len(&self) -> usize {
        self.data.len()
    }

    /// Whether nothing was collected yet.
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// The text so far.
    pub fn view(&self) -> StrView<'_> {
        self.data.view()
    }

    /// Whether something was dropped, because there was no memory for it.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Room for `count` more code points, or none from now on.
    #[inline]
    fn has_room(&mut self, count: usize) -> bool {
        let has_room = !self.full
            && match &mut self.data {
                StrData::Ascii(units) | StrData::Latin1(units) => make_room(units, count),
                StrData::Ucs2(units) => make_room(units, count),
                StrData::Ucs4(units) => make_room(units, count),
            };
        self.full = !has_room;
        has_room
    }

    /// Appends a code point; those above 0x10FFFF must not occur.
    #[inline]
    pub fn push(&mut self, point: u32) {
        if !self.has_room(1) {
            return;
        }
        match &mut self.data {
            StrData::Ascii(units) if point <= 0x7F => units.push(point as u8),
            StrData::Latin1(units) if point <= 0xFF => units.push(point as u8),
            StrData::Ucs2(units) if point <= 0xFFFF => units.push(point as u16),
            StrData::Ucs4(units) => units.push(point),
            _ => {
                self.widen(form_limit(point));
                self.push(point);
            }
        }
    }

    /// Appends a code point `count` times.
    pub fn push_repeated(&mut self, point: u32, count: usize) {
        if count == 0 {
            return;
        }
        self.widen(form_limit(point));
        if !self.has_room(count) {
            return;
        }
        match &mut self.data {
            StrData::Ascii(units) | StrData::Latin1(units) => units.resize(units.len() + count, point as u8),
            StrData::Ucs2(units) => units.resize(units.len() + count, point as u16),
            StrData::Ucs4(units) => units.resize(units.len() + count, point),
        }
    }

    /// Appends a text.
    pub fn push_view(&mut self, view: StrView<'_>) {
        // Only a form that is wider than the present one may need a look at the text.
        if view.form_limit() > self.view().form_limit() {
            self.widen(view.max_char());
        }
        if !self.has_room(view.len()) {
            return;
        }
        match (&mut self.data, view) {
            (StrData::Ascii(own) | StrData::Latin1(own), StrView::Ascii(units) | StrView::Latin1(units)) => {
                own.extend_from_slice(units);
            }
            (StrData::Ucs2(own), StrView::Ucs2(units)) => own.extend_from_slice(units),
            (StrData::Ucs4(own), StrView::Ucs4(units)) => own.extend_from_slice(units),
            _ => with_units!(view, units => self.convert_units(units)),
        }
    }

    /// Appends a text, or nothing.
    ///
    /// # Errors
    ///
    /// There is no memory for it.
    pub fn try_push_view(&mut self, view: StrView<'_>) -> Result<(), SizeError> {
        self.push_view(view);
        if std::mem::take(&mut self.full) { Err(SizeError::OutOfMemory) } else { Ok(()) }
    }

    /// Appends bytes of ASCII text; other bytes are taken as Latin-1.
    pub fn push_ascii(&mut self, bytes: &[u8]) {
        self.push_view(StrView::Latin1(bytes));
    }

    /// Appends text.
    pub fn push_str(&mut self, text: &str) {
        if text.is_ascii() {
            self.push_ascii(text.as_bytes());
        } else {
            self.push_utf8(text.as_bytes());
        }
    }

    /// Appends UTF-8 that is known to be well-formed, after one look at how wide it is and how long.
    pub(crate) fn push_utf8(&mut self, bytes: &[u8]) {
        let greatest = bytes.iter().fold(0, |greatest, byte| greatest.max(*byte));
        let count = count_points(bytes);
        self.widen(match greatest {
            0..=0x7F => 0x7F,
            0x80..=0xC3 => 0xFF,
            0xC4..=0xEF => 0xFFFF,
            _ => 0x10_FFFF,
        });
        if !self.has_room(count) {
            return;
        }
        // Filling slots of a known number is faster than pushing.
        match &mut self.data {
            StrData::Ascii(units) | StrData::Latin1(units) => fill(units, count, bytes, |point| point as u8),
            StrData::Ucs2(units) => fill(units, count, bytes, |point| point as u16),
            StrData::Ucs4(units) => fill(units, count, bytes, |point| point),
        }
    }

    /// Expects `count` more code points. Only a hint: there may be no memory for what is never pushed.
    pub fn reserve(&mut self, count: usize) {
        let _ = match &mut self.data {
            StrData::Ascii(units) | StrData::Latin1(units) => units.try_reserve(count),
            StrData::Ucs2(units) => units.try_reserve(count),
            StrData::Ucs4(units) => units.try_reserve(count),
        };
    }

    /// The finished text.
    ///
    /// # Errors
    ///
    /// There was no memory for all.
    pub fn finish(self) -> Result<StrData, SizeError> {
        if self.full { Err(SizeError::OutOfMemory) } else { Ok(self.data) }
    }

    /// [`Self::finish`] for a text that is no longer than one in Rust's memory, whose growth would have ended the process.
    pub fn finish_small(self) -> StrData {
        self.finish().unwrap_or_else(|_| std::alloc::handle_alloc_error(std::alloc::Layout::new::<StrData>()))
    }

    /// The finished text, for a builder whose form was an upper bound only.
    ///
    /// # Errors
    ///
    /// As of [`Self::finish`].
    pub fn finish_narrowed(self) -> Result<StrData, SizeError> {
        let limit = self.view().max_char();
        if limit >= self.view().form_limit() {
            return self.finish();
        }
        let data = self.finish()?;
        let mut narrow = StrBuilder::with_form(limit, Some(data.len()))?;
        narrow.push_view(data.view());
        narrow.finish()
    }

    // Appends units of another width, whose values are known to fit the present form.
    fn convert_units<U: Unit>(&mut self, units: &[U]) {
        let points = units.iter().map(|unit| unit.point());
        match &mut self.data {
            StrData::Ascii(own) | StrData::Latin1(own) => own.extend(points.map(|point| point as u8)),
            StrData::Ucs2(own) => own.extend(points.map(|point| point as u16)),
            StrData::Ucs4(own) => own.extend(points),
        }
    }

    /// Widens the form until it holds code points up to `limit`, which must then be pushed.
    pub(crate) fn widen(&mut self, limit: u32) {
        if limit <= self.view().form_limit() || self.full {
            return;
        }
        let unit = if limit <= 0xFFFF { size_of::<u16>() } else { size_of::<u32>() };
        let bytes = self.len().saturating_mul(2 * unit);
        if limit > 0xFF && bytes >= SMALL_GROWTH && !can_be_had(bytes) {
            self.full = true;
            return;
        }
        self.data = match std::mem::replace(&mut self.data, StrData::Ascii(Vec::new())) {
            StrData::Ascii(units) if limit <= 0xFF => StrData::Latin1(units),
            StrData::Ascii(units) | StrData::Latin1(units) => widened(&units, limit),
            StrData::Ucs2(units) => widened(&units, limit),
            StrData::Ucs4(units) => StrData::Ucs4(units),
        };
    }
}

// Counts the bytes that start a sequence; sums of bytes, unlike sums of words, compile to dense vector code.
fn count_points(bytes: &[u8]) -> usize {
    let starts = |chunk: &[u8]| chunk.iter().fold(0, |count, byte| count + u8::from(byte & 0xC0 != 0x80));
    bytes.chunks(usize::from(u8::MAX)).map(|chunk| usize::from(starts(chunk))).sum()
}

fn fill<U: Unit>(units: &mut Vec<U>, count: usize, bytes: &[u8], convert: impl Fn(u32) -> U) {
    let start = units.len();
    units.resize(start + count, U::default());
    let mut at = 0;
    for slot in &mut units[start..] {
        let bits = |offset: usize| u32::from(bytes[at + offset] & 0x3F);
        let first = u32::from(bytes[at]);
        let (point, length) = match first {
            0..=0x7F => (first, 1),
            0x80..=0xDF => ((first & 0x1F) << 6 | bits(1), 2),
            0xE0..=0xEF => ((first & 0xF) << 12 | bits(1) << 6 | bits(2), 3),
            _ => ((first & 7) << 18 | bits(1) << 12 | bits(2) << 6 | bits(3), 4),
        };
        *slot = convert(point);
        at += length;
    }
}

fn widened<U: Unit>(units: &[U], limit: u32) -> StrData {
    // The old length hints at the final one: keep its room, so that growth stays amortized.
    let points = units.iter().map(|unit| unit.point());
    if limit <= 0xFFFF {
        let mut wide = Vec::with_capacity(units.len() + units.len() / 4 + 8);
        wide.extend(points.map(|point| point as u16));
        StrData::Ucs2(wide)
    } else {
        let mut wide = Vec::with_capacity(units.len() + units.len() / 4 + 8);
        wide.extend(points);
        StrData::Ucs4(wide)
    }
}
