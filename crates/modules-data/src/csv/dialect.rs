//! `Dialect`: how fields are delimited and quoted. Immutable once made.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{AttributeError, PyResult};
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::registered;

/// When fields are quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    Minimal,
    All,
    NonNumeric,
    None,
    Strings,
    NotNull,
}

impl Quoting {
    pub const ALL: [(&'static str, Quoting); 6] = [
        ("QUOTE_MINIMAL", Quoting::Minimal),
        ("QUOTE_ALL", Quoting::All),
        ("QUOTE_NONNUMERIC", Quoting::NonNumeric),
        ("QUOTE_NONE", Quoting::None),
        ("QUOTE_STRINGS", Quoting::Strings),
        ("QUOTE_NOTNULL", Quoting::NotNull),
    ];
}

#[derive(Instance)]
#[repr(C)]
pub struct Dialect {
    header: Header,
    double_quote: Cell<bool>,
    skip_initial_space: Cell<bool>,
    strict: Cell<bool>,
    pub quoting: Cell<Quoting>,
    pub delimiter: Cell<u32>,
    pub quote: Cell<Option<u32>>,
    pub escape: Cell<Option<u32>>,
    pub line_terminator: Py<Str>,
}

impl objects::gc::Traverse for Quoting {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut objects::gc::Visitor<'_>) {}
    fn clear(&self) {}
}

/// The names of a dialect's properties, in the order of the constructor's parameters.
const NAMES: [&str; 8] =
    ["delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting", "skipinitialspace", "strict"];

/// The values of the properties as they were given, and what they are taken from.
struct Given {
    base: Option<Py<Object>>,
    values: [Option<Py<Object>>; 8],
}

impl Given {
    fn parse(arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Self> {
        let mut items: [Option<Py<Object>>; 9] = Default::default();
        if arguments.length() > 9 {
            let given = arguments.length();
            return Err(raise!(thread, TypeError, "function takes at most 9 arguments ({given} given)"));
        }
        for (place, item) in items.iter_mut().zip(arguments.items()) {
            *place = Some(item.clone());
        }
        for (name, value) in keywords.map_or_else(Vec::new, |it| it.items_snapshot(thread)) {
            let text = name.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
            let index =
                if text == "dialect" { Some(0) } else { NAMES.iter().position(|it| *it == text).map(|it| it + 1) };
            let Some(index) = index else {
                return Err(raise!(thread, TypeError, "this function got an unexpected keyword argument '{text}'"));
            };
            if items[index].is_some() {
                let place = index + 1;
                let message = format_args!("argument for function given by name ('{text}') and position ({place})");
                return Err(raise!(thread, TypeError, "{message}"));
            }
            items[index] = Some(value);
        }
        let [base, values @ ..] = items;
        Ok(Self { base: base.filter(|it| !it.is_none()), values })
    }

    /// Takes the properties that were not given from the base.
    fn complete(&mut self, thread: &mut Thread) -> PyResult<()> {
        let Some(base) = &self.base else { return Ok(()) };
        for (value, name) in self.values.iter_mut().zip(NAMES) {
            if value.is_none() {
                let name = thread.intern_text(name);
                let found = protocol::get_attribute(base, &name, thread);
                *value = thread.suppress(found, AttributeError)?;
            }
        }
        Ok(())
    }
}

fn truth(value: Option<&Object>, default: bool, thread: &mut Thread) -> PyResult<bool> {
    value.map_or(Ok(default), |it| protocol::is_true(it, thread))
}

/// A property that is one character; None, if that is allowed, for none.
fn character(
    name: &str,
    value: Option<&Object>,
    default: Option<u32>,
    may_be_none: bool,
    thread: &mut Thread,
) -> PyResult<Option<u32>> {
    let Some(value) = value else { return Ok(default) };
    if may_be_none && value.is_none() {
        return Ok(None);
    }
    let or_none = if may_be_none { " or None" } else { "" };
    let Some(text) = value.downcast::<Str>() else {
        let class = value.class().full_name();
        return Err(raise!(thread, TypeError, "\"{name}\" must be a unicode character{or_none}, not {class}"));
    };
    let length = text.length();
    match text.code_point(0).filter(|_| length == 1) {
        Some(point) => Ok(Some(point)),
        None => {
            let message = format_args!("\"{name}\" must be a unicode character{or_none}, not a string of length");
            Err(raise!(thread, TypeError, "{message} {length}"))
        }
    }
}

fn quoting_of(value: Option<&Object>, thread: &mut Thread) -> PyResult<Quoting> {
    let Some(value) = value else { return Ok(Quoting::Minimal) };
    let Some(number) = value.downcast_exact::<Int>() else {
        let class = value.class().full_name();
        return Err(raise!(thread, TypeError, "\"quoting\" must be an integer, not {class}"));
    };
    let found = number.to_i64().and_then(|it| usize::try_from(it).ok()).and_then(|it| Quoting::ALL.get(it));
    found.map(|it| it.1).ok_or_else(|| raise!(thread, TypeError, "bad \"quoting\" value"))
}

impl Dialect {
    fn make(class: &Type, given: &Given, thread: &mut Thread) -> PyResult<Py<Dialect>> {
        let value = |index: usize| given.values[index].as_deref();
        let delimiter = character("delimiter", value(0), Some(u32::from(b',')), false, thread)?;
        let double_quote = truth(value(1), true, thread)?;
        let escape = character("escapechar", value(2), None, true, thread)?;
        let line_terminator = match value(3) {
            None => Str::from_str("\r\n", thread),
            Some(value) => match value.downcast::<Str>() {
                Some(text) => Py::from_ref(text),
                None => {
                    let class = value.class().full_name();
                    return Err(raise!(thread, TypeError, "\"lineterminator\" must be a string, not {class}"));
                }
            },
        };
        let quote = character("quotechar", value(4), Some(u32::from(b'"')), true, thread)?;
        let quoting = if value(4).is_some_and(Object::is_none) && value(5).is_none() {
            Quoting::None
        } else {
            quoting_of(value(5), thread)?
        };
        let skip_initial_space = truth(value(6), false, thread)?;
        let strict = truth(value(7), false, thread)?;
        if quote.is_none() && quoting != Quoting::None {
            return Err(raise!(thread, TypeError, "quotechar must be set if quoting enabled"));
        }
        let dialect = Dialect {
            header: Header::new(Dialect::class()),
            double_quote: Cell::new(double_quote),
            skip_initial_space: Cell::new(skip_initial_space),
            strict: Cell::new(strict),
            quoting: Cell::new(quoting),
            delimiter: Cell::new(delimiter.unwrap_or(u32::from(b','))),
            quote: Cell::new(quote),
            escape: Cell::new(escape),
            line_terminator,
        };
        if let Err(message) = dialect.check_characters() {
            return Err(raise!(thread, ValueError, "{message}"));
        }
        Py::new_in(class, dialect, thread)
    }

    /// What contradicts itself among the characters.
    fn check_characters(&self) -> Result<(), String> {
        let (delimiter, escape, quote) = (Some(self.delimiter.get()), self.escape.get(), self.quote.get());
        let space = u32::from(b' ');
        let rows = [("delimiter", delimiter, true), ("escapechar", escape, false), ("quotechar", quote, false)];
        for (name, character, may_be_space) in rows {
            let Some(character) = character else { continue };
            let is_break = character == u32::from(b'\n') || character == u32::from(b'\r');
            if is_break || character == space && !may_be_space && self.skips_initial_space() {
                return Err(format!("bad {name} value"));
            }
            if self.ends_line(character) {
                return Err(format!("bad {name} or lineterminator value"));
            }
        }
        if delimiter == escape {
            return Err("bad delimiter or escapechar value".to_owned());
        }
        if delimiter == quote {
            return Err("bad delimiter or quotechar value".to_owned());
        }
        if escape.is_some() && escape == quote {
            return Err("bad escapechar or quotechar value".to_owned());
        }
        Ok(())
    }

    /// True if a character occurs in the line terminator.
    pub fn ends_line(&self, character: u32) -> bool {
        self.line_terminator.view().iter().any(|it| it == character)
    }

    pub fn doubles_quotes(&self) -> bool {
        self.double_quote.get()
    }

    pub fn skips_initial_space(&self) -> bool {
        self.skip_initial_space.get()
    }

    pub fn is_strict(&self) -> bool {
        self.strict.get()
    }
}

/// CSV dialect
///
/// The Dialect type records CSV parsing and generation options.
///
#[python_type(
    name = "_csv.Dialect", base = BaseObject, flags(HEAPTYPE, BASETYPE),
    members(
        skipinitialspace(skip_initial_space): Bool,
        doublequote(double_quote): Bool,
        strict: Bool
    )
)]
impl Dialect {
    #[slot(tp_new)]
    fn new_dialect(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let mut given = Given::parse(arguments, keywords, thread)?;
        if let Some(name) = given.base.clone().filter(|it| it.downcast::<Str>().is_some()) {
            given.base = Some(registered(&name, thread)?);
        }
        if let Some(base) = &given.base
            && base.downcast::<Dialect>().is_some()
            && given.values.iter().all(Option::is_none)
        {
            return Ok(base.clone());
        }
        given.complete(thread)?;
        Self::make(class, &given, thread).map(Py::into_object)
    }

    /// raises an exception to avoid pickling
    #[method]
    #[signature("()")]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<()> {
        let class = self.class().short_name();
        Err(raise!(thread, TypeError, "cannot pickle '{class}' instances"))
    }

    /// raises an exception to avoid pickling
    #[method]
    #[signature("(protocol, /)")]
    fn __reduce_ex__(&self, protocol: &Object, thread: &mut Thread) -> PyResult<()> {
        let _ = protocol;
        self.__reduce__(thread)
    }

    #[getter]
    fn delimiter(&self, thread: &mut Thread) -> Py<Str> {
        Str::from_code_point(self.delimiter.get(), thread)
    }

    #[getter]
    fn escapechar(&self, thread: &mut Thread) -> Option<Py<Str>> {
        self.escape.get().map(|it| Str::from_code_point(it, thread))
    }

    #[getter]
    fn lineterminator(&self) -> Py<Str> {
        self.line_terminator.clone()
    }

    #[getter]
    fn quotechar(&self, thread: &mut Thread) -> Option<Py<Str>> {
        self.quote.get().map(|it| Str::from_code_point(it, thread))
    }

    #[getter]
    fn quoting(&self) -> i32 {
        self.quoting.get() as i32
    }
}
