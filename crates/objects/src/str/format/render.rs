//! Replacing the fields of a format string.

use std::ops::Range;

use super::{Field, FieldPart, MarkupParser, split_field_name};
use crate::dict::Dict;
use crate::errors::{IndexError, KeyError, PyResult};
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::str::writer::TextWriter;
use crate::thread::Thread;

/// Fields inside fields inside the string.
const MOST_NESTED: u32 = 2;

/// How fields without a name are numbered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbering {
    Undecided,
    Automatic(usize),
    Manual,
}

/// One formatting: the string and what its fields may name.
struct Run<'a> {
    text: &'a Str,
    arguments: Option<&'a [&'a Object]>,
    mapping: Option<&'a Object>,
    numbering: Numbering,
}

/// `text.format(*arguments, **keywords)`.
pub fn format_with_arguments(
    text: &Str,
    arguments: &[&Object],
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Str>> {
    let mapping = keywords.map(|it| &**it);
    Run { text, arguments: Some(arguments), mapping, numbering: Numbering::Undecided }.format(thread)
}

/// `text.format_map(mapping)`.
pub fn format_with_mapping(text: &Str, mapping: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
    Run { text, arguments: None, mapping: Some(mapping), numbering: Numbering::Undecided }.format(thread)
}

fn value_error<T>(result: Result<T, &'static str>, thread: &mut Thread) -> PyResult<T> {
    result.map_err(|message| raise!(thread, ValueError, "{message}"))
}

impl Run<'_> {
    fn format(&mut self, thread: &mut Thread) -> PyResult<Py<Str>> {
        self.format_part(0..self.text.length(), MOST_NESTED, thread)
    }

    fn format_part(&mut self, range: Range<usize>, depth: u32, thread: &mut Thread) -> PyResult<Py<Str>> {
        if depth == 0 {
            return Err(raise!(thread, ValueError, "Max string recursion exceeded"));
        }
        let mut parser = MarkupParser::new(range);
        let mut out = TextWriter::default();
        while let Some(markup) = value_error(parser.next(self.text.view()), thread)? {
            if !markup.literal.is_empty() {
                out.push_part(self.text, markup.literal.start, markup.literal.end);
            }
            if let Some(field) = markup.field {
                let rendered = self.render(&field, depth, thread)?;
                out.push(&rendered);
            }
        }
        if out.is_empty() { Ok(Str::empty()) } else { out.finish(thread) }
    }

    fn render(&mut self, field: &Field, depth: u32, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut object = self.look_up(field.name.clone(), thread)?;
        if let Some(conversion) = field.conversion {
            object = convert(&object, conversion, thread)?.into_object();
        }
        let specification = if field.nested {
            self.format_part(field.specification.clone(), depth - 1, thread)?
        } else {
            self.text.substring(field.specification.clone(), thread)?
        };
        protocol::format(&object, Some(&specification), thread)
    }

    /// The object that a field names.
    fn look_up(&mut self, name: Range<usize>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let parsed = value_error(split_field_name(self.text.view(), name), thread)?;
        let index = self.number(parsed.first.is_empty(), parsed.index, thread)?;
        let mut object = match index {
            Some(index) => self.positional(index, thread)?,
            None => {
                let key = self.text.substring(parsed.first.clone(), thread)?;
                match self.mapping {
                    Some(mapping) => protocol::get_item(mapping, &key, thread)?,
                    None => return Err(thread.raise_with_argument(KeyError, key.into_object())),
                }
            }
        };
        let mut rest = parsed.rest;
        while let Some(part) = value_error(FieldPart::next(self.text.view(), &mut rest), thread)? {
            object = self.step(&object, part, thread)?;
        }
        Ok(object)
    }

    fn positional(&self, index: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(arguments) = self.arguments else {
            return Err(raise!(thread, ValueError, "Format string contains positional fields"));
        };
        match arguments.get(index) {
            Some(argument) => Ok(Py::from_ref(argument)),
            None => {
                let message = format_args!("Replacement index {index} out of range for positional args tuple");
                Err(thread.raise_message(IndexError, message))
            }
        }
    }

    /// One lookup in what was found so far.
    fn step(&self, object: &Object, part: FieldPart, thread: &mut Thread) -> PyResult<Py<Object>> {
        match part {
            FieldPart::Attribute(name) => {
                let name = self.text.substring(name, thread)?;
                protocol::get_attribute(object, &name, thread)
            }
            FieldPart::Item { index: Some(index), .. } if protocol::is_sequence(object) => {
                protocol::get_index(object, index as isize, thread)
            }
            FieldPart::Item { index: Some(index), .. } => {
                let index = protocol::make_int(index as i128, thread);
                protocol::get_item(object, &index, thread)
            }
            FieldPart::Item { name, index: None } => {
                let name = self.text.substring(name, thread)?;
                protocol::get_item(object, &name, thread)
            }
        }
    }

    /// The number of a field, None if it has a name. Automatic and manual numbering exclude each other.
    fn number(&mut self, unnamed: bool, index: Option<usize>, thread: &mut Thread) -> PyResult<Option<usize>> {
        if !unnamed && index.is_none() {
            return Ok(None);
        }
        let message = match (self.numbering, unnamed) {
            (Numbering::Undecided, true) => {
                self.numbering = Numbering::Automatic(1);
                return Ok(Some(0));
            }
            (Numbering::Automatic(next), true) => {
                self.numbering = Numbering::Automatic(next + 1);
                return Ok(Some(next));
            }
            (Numbering::Undecided | Numbering::Manual, false) => {
                self.numbering = Numbering::Manual;
                return Ok(index);
            }
            (Numbering::Manual, true) => "cannot switch from manual field specification to automatic field numbering",
            (Numbering::Automatic(_), false) => {
                "cannot switch from automatic field numbering to manual field specification"
            }
        };
        Err(raise!(thread, ValueError, "{message}"))
    }
}

/// What `!r`, `!s` and `!a` make of an object.
fn convert(object: &Object, conversion: u32, thread: &mut Thread) -> PyResult<Py<Str>> {
    match char::from_u32(conversion) {
        Some('r') => protocol::repr(object, thread),
        Some('s') => protocol::str(object, thread),
        Some('a') => protocol::ascii(object, thread),
        Some(visible @ '!'..='~') => Err(raise!(thread, ValueError, "Unknown conversion specifier {visible}")),
        _ => Err(raise!(thread, ValueError, "Unknown conversion specifier \\x{conversion:x}")),
    }
}
