//! `format % arguments`: the parser of crate `numeric` says which argument comes next and what becomes of it.

use numeric::percent::{
    Directive, FormatUnit, PercentError, PercentException, PercentNumberError, PercentParser, Piece, percent_float,
    percent_integer,
};
use numeric::signed::Signed;
use text::view::StrView;

use super::Str;
use super::writer::TextWriter;
use crate::errors::{PyResult, Raised, TypeError};
use crate::int::Int;
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Instance as _;

/// The right side of the operator: a tuple of arguments, a single one, or a mapping.
pub struct Arguments<'a> {
    all: &'a Object,
    tuple: Option<&'a Tuple>,
    /// Arguments that were fetched, from the tuple or of one.
    fetched: usize,
    mapping: bool,
    /// The value of the key of the conversion that is being read.
    value: Option<Py<Object>>,
    value_used: bool,
}

impl<'a> Arguments<'a> {
    /// `is_text` says whether an object counts as text, which is no mapping.
    pub fn new(all: &'a Object, is_text: bool) -> Self {
        let tuple = all.downcast::<Tuple>();
        // SAFETY: a type's method suites live as long as the type.
        let methods = unsafe { all.class().slots().tp_as_mapping.get().as_ref() };
        let mapping = tuple.is_none() && !is_text && methods.is_some_and(|it| it.mp_subscript.get().is_some());
        Self { all, tuple, fetched: 0, mapping, value: None, value_used: false }
    }

    pub fn has_mapping(&self) -> bool {
        self.mapping
    }

    /// Takes the value of a key for the conversion that follows.
    pub fn look_up(&mut self, key: &Object, thread: &mut Thread) -> PyResult<()> {
        self.value = Some(protocol::get_item(self.all, key, thread)?);
        self.value_used = false;
        Ok(())
    }

    /// The next argument.
    pub fn next(&mut self, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(value) = &self.value
            && !std::mem::replace(&mut self.value_used, true)
        {
            return Ok(value.clone());
        }
        let place = self.fetched;
        self.fetched += 1;
        let argument = match self.tuple {
            _ if self.value.is_some() => None,
            Some(tuple) => tuple.items().get(place).cloned(),
            None => (place == 0).then(|| Py::from_ref(self.all)),
        };
        argument.ok_or_else(|| raise!(thread, TypeError, "not enough arguments for format string"))
    }

    /// A conversion is complete.
    pub fn end_conversion(&self, kind: &str, thread: &mut Thread) -> PyResult<()> {
        if self.value.is_some() && !self.value_used { Err(raise_not_all(kind, thread)) } else { Ok(()) }
    }

    /// The format is complete.
    pub fn finish(&self, kind: &str, thread: &mut Thread) -> PyResult<()> {
        let given = self.tuple.map_or(1, Tuple::length);
        if !self.mapping && self.fetched < given { Err(raise_not_all(kind, thread)) } else { Ok(()) }
    }
}

#[cold]
fn raise_not_all(kind: &str, thread: &mut Thread) -> Raised {
    raise!(thread, TypeError, "not all arguments converted during {kind} formatting")
}

#[cold]
pub fn raise_percent_error(error: PercentError, thread: &mut Thread) -> Raised {
    match error.exception() {
        PercentException::ValueError => raise!(thread, ValueError, "{error}"),
        PercentException::TypeError => raise!(thread, TypeError, "{error}"),
        PercentException::OverflowError => raise!(thread, OverflowError, "{error}"),
    }
}

#[cold]
fn raise_number_error(error: PercentNumberError, thread: &mut Thread) -> Raised {
    match error {
        PercentNumberError::Memory => thread.raise_memory_error(),
        PercentNumberError::PrecisionTooLarge => raise!(thread, OverflowError, "{error}"),
        _ => raise!(thread, ValueError, "{error}"),
    }
}

/// Answers a `*` with the next argument.
pub fn answer_star<U: FormatUnit>(
    parser: &mut PercentParser<'_, U>,
    arguments: &mut Arguments<'_>,
    is_width: bool,
    thread: &mut Thread,
) -> PyResult<()> {
    let argument = arguments.next(thread)?;
    if argument.downcast::<Int>().is_none() {
        return Err(raise!(thread, TypeError, "* wants int"));
    }
    let value = protocol::index_as_isize(&argument, thread)?;
    if is_width {
        return parser.set_width(value).map_err(|error| raise_percent_error(error, thread));
    }
    match i32::try_from(value) {
        Ok(precision) => {
            parser.set_precision(precision);
            Ok(())
        }
        Err(_) => Err(raise!(thread, OverflowError, "Python int too large to convert to C int")),
    }
}

/// `%d` and its kin: the digits with sign and padding, as ASCII.
pub fn format_integer(directive: &Directive, value: &Object, thread: &mut Thread) -> PyResult<String> {
    let conversion = char::from_u32(directive.conversion).unwrap_or('d');
    let wants_index = matches!(conversion, 'o' | 'x' | 'X');
    let integer = match value.downcast::<Int>() {
        Some(int) => Some(Py::from_ref(int)),
        None => {
            let converted = if wants_index { protocol::index(value, thread) } else { truncated(value, thread) };
            thread.suppress(converted, TypeError)?
        }
    };
    let Some(integer) = integer else {
        let kind = if wants_index { "an integer" } else { "a real number" };
        let class = value.class().full_name();
        return Err(raise!(thread, TypeError, "%{conversion} format: {kind} is required, not {class}"));
    };
    let limit = thread.interpreter().maximum_integer_digits.get();
    let signed = Signed::new(integer.is_negative(), integer.digits());
    percent_integer(directive, signed, limit).map_err(|error| raise_number_error(error, thread))
}

/// A number cut to an integer, TypeError for what is no number (strings among it, which `int` would read).
fn truncated(value: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
    // SAFETY: a type's method suites live as long as the type.
    let methods = unsafe { value.class().slots().tp_as_number.get().as_ref() };
    if methods.is_none_or(|it| it.nb_int.get().is_none()) {
        return protocol::index(value, thread);
    }
    let int = protocol::call_one(Int::class(), value, thread)?;
    int.downcast_into::<Int>().map_err(|_| thread.raise_message(TypeError, format_args!("int() returned no int")))
}

/// `%f` and its kin.
pub fn format_float(directive: &Directive, value: &Object, thread: &mut Thread) -> PyResult<String> {
    let value = protocol::as_f64(value, thread)?;
    percent_float(directive, value).map_err(|error| raise_number_error(error, thread))
}

/// `format % arguments` of strings.
pub fn format(format: &Str, arguments: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
    match format.view() {
        StrView::Ascii(units) | StrView::Latin1(units) => format_units(format, units, arguments, thread),
        StrView::Ucs2(units) => format_units(format, units, arguments, thread),
        StrView::Ucs4(units) => format_units(format, units, arguments, thread),
    }
}

const KIND: &str = "string";

fn format_units<U: FormatUnit>(
    format: &Str,
    units: &[U],
    arguments: &Object,
    thread: &mut Thread,
) -> PyResult<Py<Str>> {
    let mut arguments = Arguments::new(arguments, arguments.downcast::<Str>().is_some());
    let mut parser = PercentParser::new(units, false, arguments.has_mapping());
    let mut out = TextWriter::default();
    while let Some(piece) = parser.next_piece().map_err(|error| raise_percent_error(error, thread))? {
        match piece {
            Piece::Literal(range) => out.push_part(format, range.start, range.end),
            Piece::Key(range) => {
                let key = format.substring(range, thread)?;
                arguments.look_up(&key, thread)?;
            }
            Piece::StarWidth => answer_star(&mut parser, &mut arguments, true, thread)?,
            Piece::StarPrecision => answer_star(&mut parser, &mut arguments, false, thread)?,
            Piece::Directive(directive) => {
                convert(&directive, &mut arguments, &mut out, thread)?;
                arguments.end_conversion(KIND, thread)?;
            }
        }
    }
    arguments.finish(KIND, thread)?;
    out.finish(thread)
}

/// Writes one argument.
fn convert(
    directive: &Directive,
    arguments: &mut Arguments<'_>,
    out: &mut TextWriter,
    thread: &mut Thread,
) -> PyResult<()> {
    let conversion = char::from_u32(directive.conversion).unwrap_or('\0');
    if conversion == '%' {
        out.push_str("%");
        return Ok(());
    }
    let wanted = directive.width.unwrap_or(0).saturating_add(directive.precision.unwrap_or(0));
    // The text is made, padded and copied.
    thread.check_room(wanted.saturating_mul(3))?;
    let value = arguments.next(thread)?;
    let text = match conversion {
        's' => protocol::str(&value, thread)?,
        'r' => protocol::repr(&value, thread)?,
        'a' => protocol::ascii(&value, thread)?,
        'c' => character(&value, thread)?,
        'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
            out.push_str(&format_integer(directive, &value, thread)?);
            return Ok(());
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            out.push_str(&format_float(directive, &value, thread)?);
            return Ok(());
        }
        _ => return Err(raise_percent_error(directive.unsupported(false), thread)),
    };
    // A character is never cut.
    let directive = Directive { precision: directive.precision.filter(|_| conversion != 'c'), ..*directive };
    let layout = directive.layout_text(text.length());
    out.push_repeated(layout.fill, layout.left);
    out.push_part(&text, 0, layout.taken);
    out.push_repeated(layout.fill, layout.right);
    Ok(())
}

/// `%c`: a string of one character, or an integer.
fn character(value: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
    if let Some(text) = value.downcast::<Str>() {
        if text.length() == 1 {
            return Ok(Py::from_ref(text));
        }
        let length = text.length();
        let message = "%c requires an int or a unicode character, not a string of length";
        return Err(raise!(thread, TypeError, "{message} {length}"));
    }
    if !protocol::is_index(value) {
        let class = protocol::qualified_name(value.class(), thread);
        return Err(raise!(thread, TypeError, "%c requires an int or a unicode character, not {class}"));
    }
    match protocol::index(value, thread)?.to_i128() {
        Some(point @ 0..0x11_0000) => Ok(Str::from_code_point(point as u32, thread)),
        _ => Err(raise!(thread, OverflowError, "%c arg not in range(0x110000)")),
    }
}
