//! The registry of codecs and error handlers that Python programs fill (`codecs.register`, `codecs.register_error`).
//!
//! It hangs off the interpreter. `_codecs` offers it to programs; `str.encode` and `bytes.decode` come here for the encodings that Rust does
//! not know by name. The package `encodings`, which registers the search for the standard codecs, is imported at the first search.

use std::cell::Cell;

use super::Str;
use super::codecs::normalize;
use crate::dict::Dict;
use crate::errors::{LookupError, PyResult, Raised};
use crate::list::List;
use crate::names;
use crate::protocol;
use crate::protocol::buffer::bytes_contents;
use crate::raise;
use crate::refs::{Field, Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;

/// The codecs of an interpreter.
#[derive(Default)]
pub struct CodecRegistry {
    search_functions: Field<List>,
    /// Codecs found so far, by their normalized names.
    found: Field<Dict>,
    /// Error handlers by name.
    error_handlers: Field<Dict>,
    imported: Cell<bool>,
}

/// The direction of a conversion, with the words that errors have for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Encode,
    Decode,
}

impl Direction {
    /// The place of the function in a codec's tuple.
    fn index(self) -> usize {
        self as usize
    }

    fn doing(self) -> &'static str {
        match self {
            Self::Encode => "encoding",
            Self::Decode => "decoding",
        }
    }
}

fn search_functions(thread: &mut Thread) -> Py<List> {
    if let Some(list) = thread.interpreter().codecs.search_functions.get() {
        return list;
    }
    let list = List::empty(thread);
    thread.interpreter().codecs.search_functions.set(Some(list.clone()));
    list
}

fn found_codecs(thread: &mut Thread) -> Py<Dict> {
    if let Some(dict) = thread.interpreter().codecs.found.get() {
        return dict;
    }
    let dict = Dict::new(thread);
    thread.interpreter().codecs.found.set(Some(dict.clone()));
    dict
}

fn error_handlers(thread: &mut Thread) -> Py<Dict> {
    if let Some(dict) = thread.interpreter().codecs.error_handlers.get() {
        return dict;
    }
    let dict = Dict::new(thread);
    thread.interpreter().codecs.error_handlers.set(Some(dict.clone()));
    dict
}

/// Imports `encodings` once; it registers its search function.
fn import_encodings(thread: &mut Thread) -> PyResult<()> {
    if thread.interpreter().codecs.imported.replace(true) {
        return Ok(());
    }
    let import = protocol::builtin(&names::__import__, thread)?;
    protocol::call_one(&import, &names::encodings, thread)?;
    Ok(())
}

fn is_callable(object: &Object) -> bool {
    object.class().slots().tp_call.get().is_some()
}

/// `codecs.register(function)`.
pub fn register(function: &Object, thread: &mut Thread) -> PyResult<()> {
    if !is_callable(function) {
        return Err(raise!(thread, TypeError, "argument must be callable"));
    }
    // The standard search comes first; where `encodings` itself is what registers, this finds it being imported.
    import_encodings(thread)?;
    search_functions(thread).push(Py::from_ref(function), thread)
}

/// `codecs.unregister(function)`: also forgets what was found so far.
pub fn unregister(function: &Object, thread: &mut Thread) -> PyResult<()> {
    let functions = search_functions(thread);
    let place = functions.items(thread).iter().position(|it| it.is(function));
    if let Some(place) = place {
        found_codecs(thread).clear(thread);
        functions.remove(place, thread)?;
    }
    Ok(())
}

/// `codecs.lookup(encoding)`: a tuple of four functions.
pub fn lookup(encoding: &str, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let name = Str::from_str(&normalize(encoding), thread);
    let name = thread.intern(&name);
    let found = found_codecs(thread).get(&name, thread)?;
    if let Some(Ok(codec)) = found.map(Py::downcast_into::<Tuple>) {
        return Ok(codec);
    }
    import_encodings(thread)?;
    let functions = search_functions(thread);
    if functions.length() == 0 {
        let message = "no codec search functions registered: can't find encoding";
        return Err(raise!(thread, LookupError, "{message}"));
    }
    let mut place = 0;
    while let Some(function) = functions.get(place, thread) {
        place += 1;
        let answer = protocol::call_one(&function, &name, thread)?;
        if answer.is_none() {
            continue;
        }
        return match answer.downcast_into::<Tuple>() {
            Ok(codec) if codec.length() == 4 => {
                found_codecs(thread).set(&name, &codec, thread)?;
                Ok(codec)
            }
            _ => Err(raise!(thread, TypeError, "codec search functions must return 4-tuples")),
        };
    }
    Err(raise!(thread, LookupError, "unknown encoding: {encoding}"))
}

/// `codecs.register_error(name, handler)`.
pub fn register_error(name: &str, handler: &Object, thread: &mut Thread) -> PyResult<()> {
    if !is_callable(handler) {
        return Err(raise!(thread, TypeError, "handler must be callable"));
    }
    let name = Str::from_str(name, thread);
    error_handlers(thread).set(&name, handler, thread)
}

/// Takes an error handler out again; true if it was there.
pub fn unregister_error(name: &str, thread: &mut Thread) -> PyResult<bool> {
    let name = Str::from_str(name, thread);
    error_handlers(thread).delete(&name, thread)
}

/// `codecs.lookup_error(name)`.
pub fn lookup_error(name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let key = Str::from_str(name, thread);
    match error_handlers(thread).get(&key, thread)? {
        Some(handler) => Ok(handler),
        None => Err(raise!(thread, LookupError, "unknown error handler name '{name}'")),
    }
}

/// Runs a codec's function: the result, without how much was used.
pub fn convert(
    direction: Direction,
    codec: &Tuple,
    object: &Object,
    encoding: &str,
    errors: Option<&str>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let function = codec.items()[direction.index()].clone();
    let result = match errors {
        None => protocol::call_one(&function, object, thread),
        Some(errors) => {
            let errors = Str::from_str(errors, thread);
            protocol::call(&function, &[object, &errors], thread)
        }
    };
    let result = match result {
        Ok(result) => result,
        Err(raised) => return Err(add_note(raised, direction, encoding, thread)),
    };
    match result.downcast::<Tuple>().map(Tuple::items) {
        Some([converted, _]) => Ok(converted.clone()),
        _ => Err(match direction {
            Direction::Encode => raise!(thread, TypeError, "encoder must return a tuple (object, integer)"),
            Direction::Decode => raise!(thread, TypeError, "decoder must return a tuple (object,integer)"),
        }),
    }
}

/// Notes in an exception which codec failed.
#[cold]
fn add_note(raised: Raised, direction: Direction, encoding: &str, thread: &mut Thread) -> Raised {
    let exception = thread.catch(raised);
    let note = Str::from_str(&format!("{} with '{encoding}' codec failed", direction.doing()), thread);
    if let Err(raised) = protocol::call_method(&exception, &names::add_note, &[&note], thread) {
        return raised;
    }
    thread.set_exception(exception)
}

/// The codec for text: LookupError if it says that it is for something else; `instead` names what takes any codec.
fn lookup_text(encoding: &str, instead: &str, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let codec = lookup(encoding, thread)?;
    if codec.is_exactly::<Tuple>() {
        return Ok(codec);
    }
    let Some(flag) = protocol::lookup_attribute(&codec, &names::_is_text_encoding, thread)? else { return Ok(codec) };
    if protocol::is_true(&flag, thread)? {
        return Ok(codec);
    }
    let message = format_args!("'{encoding}' is not a text encoding; use {instead} to handle arbitrary codecs");
    Err(thread.raise_message(LookupError, message))
}

/// `text.encode(encoding, errors)` through the registry: bytes.
pub fn encode_text(text: &Str, encoding: &str, errors: Option<&str>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let codec = lookup_text(encoding, "codecs.encode()", thread)?;
    let result = convert(Direction::Encode, &codec, text, encoding, errors, thread)?;
    if bytes_contents(&result).is_some() {
        return Ok(result);
    }
    let class = result.class().full_name();
    Err(raise!(
        thread,
        TypeError,
        "'{encoding}' encoder returned '{class}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types"
    ))
}

/// `bytes.decode(encoding, errors)` through the registry: text.
pub fn decode_text(bytes: &[u8], encoding: &str, errors: Option<&str>, thread: &mut Thread) -> PyResult<Py<Str>> {
    let codec = lookup_text(encoding, "codecs.decode()", thread)?;
    let bytes = thread.make_bytes(bytes)?;
    let result = convert(Direction::Decode, &codec, &bytes, encoding, errors, thread)?;
    result.downcast_into::<Str>().map_err(|other| {
        let class = other.class().full_name();
        raise!(
            thread,
            TypeError,
            "'{encoding}' decoder returned '{class}' instead of 'str'; use codecs.decode() to decode to arbitrary types"
        )
    })
}
