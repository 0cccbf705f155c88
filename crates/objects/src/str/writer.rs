//! `TextWriter`: text as `%` and `str.format` collect it. A result that is one string as a whole is that very object.

use text::builder::StrBuilder;
use text::view::StrView;

use super::Str;
use crate::errors::PyResult;
use crate::refs::Py;
use crate::thread::Thread;

/// Collects text.
#[derive(Default)]
pub struct TextWriter {
    /// The first string, as long as nothing else was written.
    single: Option<Py<Str>>,
    builder: StrBuilder,
}

impl TextWriter {
    /// Appends a string.
    pub fn push(&mut self, text: &Str) {
        if text.length() == 0 && (self.single.is_some() || !self.builder.is_empty()) {
            return;
        }
        if self.single.is_none() && self.builder.is_empty() {
            self.single = Some(Py::from_ref(text));
            return;
        }
        self.open().push_view(text.view());
    }

    /// Appends a part of a string.
    pub fn push_part(&mut self, text: &Str, start: usize, end: usize) {
        if start == 0 && end == text.length() {
            return self.push(text);
        }
        self.push_view(text.view().slice(start..end));
    }

    /// Appends characters.
    pub fn push_view(&mut self, view: StrView<'_>) {
        if !view.is_empty() {
            self.open().push_view(view);
        }
    }

    pub fn push_str(&mut self, text: &str) {
        if !text.is_empty() {
            self.open().push_str(text);
        }
    }

    pub fn push_repeated(&mut self, point: u32, count: usize) {
        if count > 0 {
            self.open().push_repeated(point, count);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.single.is_none() && self.builder.is_empty()
    }

    /// The builder, with the single string in it.
    fn open(&mut self) -> &mut StrBuilder {
        if let Some(single) = self.single.take() {
            self.builder.push_view(single.view());
        }
        &mut self.builder
    }

    pub fn finish(self, thread: &mut Thread) -> PyResult<Py<Str>> {
        match self.single {
            Some(single) => Ok(single),
            None => Str::from_builder(self.builder, thread),
        }
    }
}
