//! `_string`: the parsing behind `str.format`, for `string.Formatter`.

use std::cell::Cell;
use std::ops::Range;

use macros::{Instance, python_module, python_type};
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::str::format::{FieldPart, MarkupParser, split_field_name};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

pub struct StringModule;

/// string helper module
#[python_module(name = "_string")]
impl StringModule {
    /// formatter_parser($self, object, /)
    /// --
    ///
    /// parse the argument as a format string
    #[function]
    fn formatter_parser(object: &Object, thread: &mut Thread) -> PyResult<Py<FormatterIterator>> {
        let text = Py::from_ref(expect_str(object, thread)?);
        let header = Header::new(FormatterIterator::class());
        Ok(Py::new(FormatterIterator { header, text, position: Cell::new(0) }, thread))
    }

    /// formatter_field_name_split($self, object, /)
    /// --
    ///
    /// split the argument as a field name
    #[function]
    fn formatter_field_name_split(object: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let text = expect_str(object, thread)?;
        let name = value_error(split_field_name(text.view(), 0..text.length()), thread)?;
        let first = number_or_text(text, name.index, name.first, thread)?;
        let header = Header::new(FieldNameIterator::class());
        let rest = FieldNameIterator { header, text: Py::from_ref(text), position: Cell::new(name.rest.start) };
        let rest = Py::new(rest, thread).into_object();
        Tuple::new(vec![first, rest], thread)
    }
}

fn expect_str<'a>(object: &'a Object, thread: &mut Thread) -> PyResult<&'a Str> {
    let class = object.class();
    object.downcast::<Str>().ok_or_else(|| raise!(thread, TypeError, "expected str, got {}", class.full_name()))
}

fn value_error<T>(result: Result<T, &'static str>, thread: &mut Thread) -> PyResult<T> {
    result.map_err(|message| raise!(thread, ValueError, "{message}"))
}

fn number_or_text(text: &Str, index: Option<usize>, range: Range<usize>, thread: &mut Thread) -> PyResult<Py<Object>> {
    match index {
        Some(index) => Ok(protocol::make_int(index as i128, thread)),
        None => text.substring(range, thread).map(Py::into_object),
    }
}

/// Gives `(literal text, field name, format specification, conversion)` for each piece of a format string.
#[derive(Instance)]
#[repr(C)]
pub struct FormatterIterator {
    header: Header,
    text: Py<Str>,
    position: Cell<usize>,
}

#[python_type(name = "formatteriterator", base = BaseObject)]
impl FormatterIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<FormatterIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        let mut parser = MarkupParser::new(self.position.get()..self.text.length());
        let markup = parser.next(self.text.view());
        self.position.set(parser.position());
        let Some(markup) = value_error(markup, thread)? else { return Ok(None) };
        let literal = self.text.substring(markup.literal, thread)?.into_object();
        let none = thread.none();
        let parts = match markup.field {
            None => vec![literal, none.clone(), none.clone(), none],
            Some(field) => {
                let name = self.text.substring(field.name, thread)?.into_object();
                let specification = self.text.substring(field.specification, thread)?.into_object();
                let conversion = field.conversion.map(|point| Str::from_code_point(point, thread).into_object());
                vec![literal, name, specification, conversion.unwrap_or(none)]
            }
        };
        Tuple::new(parts, thread).map(Some)
    }
}

/// Gives `(is attribute, name)` for each lookup in a field name.
#[derive(Instance)]
#[repr(C)]
pub struct FieldNameIterator {
    header: Header,
    text: Py<Str>,
    position: Cell<usize>,
}

#[python_type(name = "fieldnameiterator", base = BaseObject)]
impl FieldNameIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<FieldNameIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        let mut rest = self.position.get()..self.text.length();
        let part = FieldPart::next(self.text.view(), &mut rest);
        self.position.set(rest.start);
        let (is_attribute, name) = match value_error(part, thread)? {
            None => return Ok(None),
            Some(FieldPart::Attribute(name)) => (true, self.text.substring(name, thread)?.into_object()),
            Some(FieldPart::Item { name, index }) => (false, number_or_text(&self.text, index, name, thread)?),
        };
        Tuple::new(vec![Bool::new(is_attribute), name], thread).map(Some)
    }
}
