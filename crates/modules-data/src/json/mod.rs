//! `_json`: the scanner and the encoder behind `json`.

mod encode;
mod encoder;
mod read_string;
mod scan;
mod scanner;

use std::cell::RefCell;

use macros::python_module;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::module::Module;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, TypeDeclaration};

pub const TYPES: &[&TypeDeclaration] = &[scanner::Scanner::DECLARATION, encoder::Encoder::DECLARATION];

/// What an interpreter keeps for this module: its two functions that encode strings, which the encoder need not call.
#[derive(Default)]
struct State {
    functions: RefCell<Option<[Py<Object>; 2]>>,
}

/// Required arguments that may be given by name, for callables that parse a tuple and a dict.
fn required<const COUNT: usize>(
    function: &str,
    names: [&str; COUNT],
    arguments: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<[Py<Object>; COUNT]> {
    let given = arguments.length() + keywords.map_or(0, Dict::length);
    if given > COUNT {
        return Err(raise!(
            thread,
            TypeError,
            "{function}() takes at most {COUNT} argument{} ({given} given)",
            if COUNT == 1 { "" } else { "s" }
        ));
    }
    let mut found = Vec::with_capacity(COUNT);
    for (index, name) in names.iter().enumerate() {
        let named = match keywords {
            Some(keywords) => {
                let name = thread.intern_text(name);
                keywords.get_str(&name, thread)
            }
            None => None,
        };
        match arguments.items().get(index).cloned().or(named) {
            Some(value) => found.push(value),
            None => {
                let place = index + 1;
                return Err(raise!(thread, TypeError, "{function}() missing required argument '{name}' (pos {place})"));
            }
        }
    }
    match found.try_into() {
        Ok(found) => Ok(found),
        Err(_) => Err(raise!(thread, SystemError, "arguments were lost")),
    }
}

fn expect_str<'a>(value: &'a Object, thread: &mut Thread) -> PyResult<&'a Str> {
    match value.downcast::<Str>() {
        Some(text) => Ok(text),
        None => {
            let class = value.class().full_name();
            Err(raise!(thread, TypeError, "first argument must be a string, not {class}"))
        }
    }
}

pub struct JsonModule;

/// json speedups
///
#[python_module(name = "_json")]
impl JsonModule {
    /// encode_basestring_ascii($self, object, /)
    /// --
    ///
    /// encode_basestring_ascii(string) -> string
    ///
    /// Return an ASCII-only JSON representation of a Python string
    #[function]
    fn encode_basestring_ascii(object: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
        let text = expect_str(object, thread)?;
        encode::quoted(text, encode::Escapes::Ascii, thread)
    }

    /// encode_basestring($self, object, /)
    /// --
    ///
    /// encode_basestring(string) -> string
    ///
    /// Return a JSON representation of a Python string
    #[function]
    fn encode_basestring(object: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
        let text = expect_str(object, thread)?;
        encode::quoted(text, encode::Escapes::Controls, thread)
    }

    /// scanstring(string, end, strict=True) -> (string, end)
    ///
    /// Scan the string s for a JSON string. End is the index of the
    /// character in s after the quote that started the JSON string.
    /// Unescapes all valid JSON string escape sequences and raises ValueError
    /// on attempt to decode an invalid string. If strict is False then literal
    /// control characters are allowed in the string.
    ///
    /// Returns a tuple of the decoded string and the index of the character in s
    /// after the end quote.
    #[function]
    #[signature("(*args)")]
    fn scanstring(args: &[&Object], thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let (string, end, strict) = match args {
            [string, end] => (string, end, true),
            [string, end, strict] => (string, end, protocol::is_true(strict, thread)?),
            _ => {
                let (how, limit) = if args.len() < 2 { ("least", 2) } else { ("most", 3) };
                let given = args.len();
                let message = format_args!("scanstring() takes at {how} {limit} arguments ({given} given)");
                return Err(raise!(thread, TypeError, "{message}"));
            }
        };
        let end = protocol::index_as_isize(end, thread)?;
        let text = expect_str(string, thread)?;
        let Some(start) = usize::try_from(end).ok().filter(|it| *it <= text.length()) else {
            return Err(raise!(thread, ValueError, "end is out of bounds"));
        };
        let (value, after) = read_string::read(text, start, strict, thread)?;
        let after = protocol::make_int(after as i128, thread);
        Tuple::new(vec![value.into_object(), after], thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        module.set("make_scanner", scanner::Scanner::class(), thread)?;
        module.set("make_encoder", encoder::Encoder::class(), thread)?;
        let dict = module.dict();
        let mut function = |name: &str| {
            let name = thread.intern_text(name);
            dict.get_str(&name, thread)
        };
        let functions = (function("encode_basestring_ascii"), function("encode_basestring"));
        if let (Some(ascii), Some(plain)) = functions {
            thread.interpreter().extension::<State>().functions.replace(Some([ascii, plain]));
        }
        Ok(())
    }
}

/// How a function that encodes strings escapes, if it is one of ours.
fn known_escapes(function: &Object, thread: &Thread) -> Option<encode::Escapes> {
    let state = thread.interpreter().extension::<State>();
    let functions = state.functions.borrow();
    let [ascii, plain] = functions.as_ref()?;
    if function.is(ascii) {
        Some(encode::Escapes::Ascii)
    } else if function.is(plain) {
        Some(encode::Escapes::Controls)
    } else {
        None
    }
}
