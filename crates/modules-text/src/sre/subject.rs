//! What is matched against: text in any form, or bytes.

use builtins::bytes::Bytes;
use objects::errors::PyResult;
use objects::protocol::buffer::{self, Buffer};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use super::engine::{Engine, Mode, Unit};
use super::pattern::Pattern;

/// The contents of a subject, which do not change while it is matched.
enum Contents {
    Text(Py<Str>),
    Bytes(Py<Object>),
    /// A copy, of an object that may change, with the buffer, which keeps its size.
    Copy(Vec<u8>, #[expect(dead_code, reason = "held for its end")] Buffer),
}

/// A string to match, and the part of it that matching may see.
pub struct Subject {
    pub object: Py<Object>,
    contents: Contents,
    pub start: usize,
    pub end: usize,
}

/// A match: its span, those of the groups, and the group that was closed last.
pub struct Found {
    pub start: usize,
    pub end: usize,
    pub marks: Vec<usize>,
    pub last_index: usize,
}

impl Subject {
    pub fn new(
        pattern: &Pattern,
        string: &Object,
        pos: isize,
        endpos: isize,
        thread: &mut Thread,
    ) -> PyResult<Subject> {
        let (contents, length) = if let Some(text) = string.downcast::<Str>() {
            (Contents::Text(Py::from_ref(text)), text.length())
        } else if let Some(bytes) = buffer::bytes_contents(string) {
            (Contents::Bytes(Py::from_ref(string)), bytes.len())
        } else if buffer::has_buffer(string) {
            let buffer = Buffer::get(string, layout::PyBUF_SIMPLE, thread)?;
            let copy = buffer.to_vec(thread)?;
            let length = copy.len();
            (Contents::Copy(copy, buffer), length)
        } else {
            let class = string.class().full_name();
            return Err(raise!(thread, TypeError, "expected string or bytes-like object, got '{class}'"));
        };
        let is_bytes = !matches!(contents, Contents::Text(_));
        match pattern.is_bytes {
            Some(true) if !is_bytes => {
                return Err(raise!(thread, TypeError, "cannot use a bytes pattern on a string-like object"));
            }
            Some(false) if is_bytes => {
                return Err(raise!(thread, TypeError, "cannot use a string pattern on a bytes-like object"));
            }
            _ => {}
        }
        let clip = |bound: isize| (bound.max(0) as usize).min(length);
        let (start, end) = (clip(pos), clip(endpos));
        Ok(Subject { object: Py::from_ref(string), contents, start, end })
    }

    pub fn is_text(&self) -> bool {
        matches!(self.contents, Contents::Text(_))
    }

    /// Matches from `start` on.
    pub fn find(
        &self,
        pattern: &Pattern,
        mode: Mode,
        start: usize,
        must_advance: bool,
        thread: &mut Thread,
    ) -> PyResult<Option<Found>> {
        use text::view::StrView;
        // Who finds one thing after the other keeps them all.
        thread.check_memory()?;
        match &self.contents {
            Contents::Text(text) => match text.view() {
                StrView::Ascii(units) | StrView::Latin1(units) => {
                    self.find_in(units, pattern, mode, start, must_advance, thread)
                }
                StrView::Ucs2(units) => self.find_in(units, pattern, mode, start, must_advance, thread),
                StrView::Ucs4(units) => self.find_in(units, pattern, mode, start, must_advance, thread),
            },
            Contents::Bytes(object) => {
                let units = buffer::bytes_contents(object).unwrap_or_default();
                self.find_in(units, pattern, mode, start, must_advance, thread)
            }
            Contents::Copy(units, _) => self.find_in(units, pattern, mode, start, must_advance, thread),
        }
    }

    fn find_in<U: Unit>(
        &self,
        units: &[U],
        pattern: &Pattern,
        mode: Mode,
        start: usize,
        must_advance: bool,
        thread: &mut Thread,
    ) -> PyResult<Option<Found>> {
        let text = units.get(..self.end).unwrap_or(units);
        let first = if mode == Mode::Search { pattern.first_characters() } else { None };
        let mut engine = Engine::new(&pattern.code, text, first, pattern.group_count());
        if !engine.run(mode, start, must_advance, thread)? {
            return Ok(None);
        }
        let Engine { start, end, marks, last_index, .. } = engine;
        Ok(Some(Found { start, end, marks, last_index }))
    }

    /// A part of the string, as text or bytes.
    pub fn slice(&self, start: usize, end: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
        slice(&self.object, start, end, thread)
    }
}

/// A part of a string, as text or bytes.
pub fn slice(object: &Object, start: usize, end: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
    if let Some(text) = object.downcast::<Str>() {
        let (start, end) = (start.min(text.length()), end.min(text.length()));
        return text.substring(start..end.max(start), thread).map(Py::into_object);
    }
    if let Some(bytes) = buffer::bytes_contents(object) {
        if start == 0 && end >= bytes.len() && object.is_exactly::<Bytes>() {
            return Ok(Py::from_ref(object));
        }
        let part = bytes.get(start..end.min(bytes.len())).unwrap_or_default();
        return Bytes::try_from_slice(part, thread).map(Py::into_object);
    }
    let all = Buffer::get(object, layout::PyBUF_SIMPLE, thread)?.to_vec(thread)?;
    let part = all.get(start..end.min(all.len())).unwrap_or_default();
    Bytes::try_from_slice(part, thread).map(Py::into_object)
}
