//! `str.format`, `str.format_map`, `str.__format__`, and the parsing behind them, which the module `_string` offers to `string.Formatter`.

mod field;
mod markup;
mod render;

use numeric::code_points::CodePoints;
use numeric::format::{FormatError, FormatSpec, FormatTarget, layout_text};
use text::builder::StrData;
use text::unicode_data::properties::Database;
use text::view::StrView;

pub use field::{FieldName, FieldPart, split_field_name};
pub use markup::{Field, Markup, MarkupParser};
pub use render::{format_with_arguments, format_with_mapping};

use super::Str;
use super::make::StrFiller;
use crate::errors::{PyResult, Raised};
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;

/// The value of a decimal digit of any script, for the parser of format specifications.
pub fn decimal_value(point: u32) -> Option<u32> {
    Database::Current.decimal(point).map(u32::from)
}

/// Parses a specification that is not empty, for an object; raises what is wrong with it.
pub fn parse_specification(
    specification: &Str,
    target: FormatTarget,
    object: &Object,
    thread: &mut Thread,
) -> PyResult<FormatSpec> {
    let points: Vec<u32> = specification.view().iter().collect();
    let class = object.class().full_name();
    FormatSpec::parse(&points, target, &class, decimal_value).map_err(|error| raise_format_error(error, thread))
}

/// Raises what a formatting function found.
#[cold]
pub fn raise_format_error(error: FormatError, thread: &mut Thread) -> Raised {
    match error {
        FormatError::Value(text) => {
            let text = match from_code_points(&text, thread) {
                Ok(text) => text,
                Err(raised) => return raised,
            };
            thread.raise_with_argument(crate::errors::ValueError, text.into_object())
        }
        FormatError::Overflow(text) => raise!(thread, OverflowError, "{text}"),
        FormatError::Memory => thread.raise_memory_error(),
    }
}

/// The string that a formatting function made.
pub fn from_code_points(points: &CodePoints, thread: &mut Thread) -> PyResult<Py<Str>> {
    match points {
        CodePoints::Ascii(text) => Str::try_from_view(StrView::Ascii(text.as_bytes()), thread),
        CodePoints::Wide(points) => Str::try_from_view(StrData::from_view(StrView::Ucs4(points)).view(), thread),
    }
}

/// `text.__format__(specification)`.
pub fn format_str(text: &Str, specification: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
    if specification.length() == 0 {
        return protocol::str(text, thread);
    }
    let parsed = parse_specification(specification, FormatTarget::Text, text, thread)?;
    let layout = layout_text(&parsed, text.length()).map_err(|error| raise_format_error(error, thread))?;
    let taken = text.view().slice(0..layout.taken);
    let length = layout.left.checked_add(layout.taken).and_then(|length| length.checked_add(layout.right));
    let Some(length) = length.filter(|length| isize::try_from(*length).is_ok()) else {
        return Err(thread.raise_memory_error());
    };
    if layout.left == 0 && layout.right == 0 {
        return text.substring(0..layout.taken, thread);
    }
    if length == 1 {
        return Ok(Str::from_code_point(layout.fill, thread));
    }
    let mut filler = StrFiller::new(taken.max_char().max(layout.fill), length, thread)?;
    filler.push_repeated(layout.fill, layout.left);
    filler.push(taken);
    filler.push_repeated(layout.fill, layout.right);
    Ok(filler.finish())
}
