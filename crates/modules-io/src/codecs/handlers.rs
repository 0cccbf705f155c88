//! The error handlers that every interpreter has, as functions that `codecs.lookup_error` gives.

use macros::python_module;
use objects::descriptors::BuiltinFunction;
use objects::errors::{BaseException, PyResult, Raised};
use objects::module::Module;
use objects::protocol::buffer::bytes_contents;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::codec_registry;
use objects::str::codecs::{Judged, judge};
use objects::thread::Thread;
use objects::tuple::Tuple;
use text::codecs::handlers::{ErrorHandler, Refusal, Replacement};
use text::codecs::{DecodeError, EncodeError};

use super::convert::pair;

/// The functions; they are no attributes of a module.
pub struct Handlers;

#[python_module(name = "_codecs")]
impl Handlers {
    /// strict_errors($self, object, /)
    /// --
    ///
    /// Implements the 'strict' error handling, which raises a UnicodeError on coding errors.
    #[function]
    fn strict_errors(object: &Object, thread: &mut Thread) -> PyResult<()> {
        match object.downcast::<BaseException>() {
            Some(_) => Err(thread.raise(Py::from_ref(object))),
            None => Err(raise!(thread, TypeError, "codec must pass exception instance")),
        }
    }

    /// ignore_errors($self, object, /)
    /// --
    ///
    /// Implements the 'ignore' error handling, which ignores malformed data and continues.
    #[function]
    fn ignore_errors(object: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        handle(ErrorHandler::Ignore, object, thread)
    }

    /// replace_errors($self, object, /)
    /// --
    ///
    /// Implements the 'replace' error handling, which replaces malformed data with a replacement marker.
    #[function]
    fn replace_errors(object: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        handle(ErrorHandler::Replace, object, thread)
    }

    /// xmlcharrefreplace_errors($self, object, /)
    /// --
    ///
    /// Implements the 'xmlcharrefreplace' error handling, which replaces an unencodable character with the appropriate XML character reference.
    #[function]
    fn xmlcharrefreplace_errors(object: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        handle(ErrorHandler::XmlCharRefReplace, object, thread)
    }

    /// backslashreplace_errors($self, object, /)
    /// --
    ///
    /// Implements the 'backslashreplace' error handling, which replaces malformed data with a backslashed escape sequence.
    #[function]
    fn backslashreplace_errors(object: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        handle(ErrorHandler::BackslashReplace, object, thread)
    }

    /// namereplace_errors($self, object, /)
    /// --
    ///
    /// Implements the 'namereplace' error handling, which replaces an unencodable character with a \N{...} escape sequence.
    #[function]
    fn namereplace_errors(object: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        handle(ErrorHandler::NameReplace, object, thread)
    }

    /// surrogatepass($self, object, /)
    /// --
    ///
    ///
    #[function]
    fn surrogatepass(object: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        handle(ErrorHandler::SurrogatePass, object, thread)
    }

    /// surrogateescape($self, object, /)
    /// --
    ///
    ///
    #[function]
    fn surrogateescape(object: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        handle(ErrorHandler::SurrogateEscape, object, thread)
    }
}

/// Registers the functions under their names.
pub fn register(module: &Module, thread: &mut Thread) -> PyResult<()> {
    for function in Handlers::DEFINITION.functions {
        let receiver = Py::from_ref(module).into_object();
        // SAFETY: the definition is static; its function takes its module as receiver.
        let object = unsafe { BuiltinFunction::new(function.definition(), Some(receiver), None, None, thread) };
        let name = function.name.trim_end_matches("_errors");
        codec_registry::register_error(name, &object, thread)?;
    }
    Ok(())
}

#[cold]
fn raise_wrong_kind(object: &Object, thread: &mut Thread) -> Raised {
    let class = object.class().full_name();
    raise!(thread, TypeError, "don't know how to handle {class} in error callback")
}

/// What a handler answers to an exception.
fn handle(handler: ErrorHandler, object: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let Some(judged) = judge(object, thread)? else { return Err(raise_wrong_kind(object, thread)) };
    let answer = match &judged {
        Judged::Decode { encoding, object, start, end } => {
            let error = DecodeError { start: *start, end: *end, reason: "" };
            let bytes = bytes_contents(object).unwrap_or_default();
            handler.on_decode_error(encoding, bytes, &error).map(|(text, next)| (Replacement::Text(text), next))
        }
        Judged::Encode { encoding, text, start, end } => {
            let error = EncodeError { start: *start, end: *end, reason: "" };
            handler.on_encode_error(encoding, text.view(), &error)
        }
        Judged::Translate { text, start, end } => {
            let answer = handler.on_translate_error(text.view(), *start, *end);
            answer.map(|(text, next)| (Replacement::Text(text), next))
        }
    };
    let (replacement, next) = match answer {
        Ok(answer) => answer,
        Err(Refusal::WrongKind) => return Err(raise_wrong_kind(object, thread)),
        Err(Refusal::OutOfMemory) => return Err(thread.raise_memory_error()),
        Err(Refusal::Raise) => return Err(thread.raise(Py::from_ref(object))),
    };
    let replacement = match replacement {
        Replacement::Text(text) => Str::try_from_view(text.view(), thread)?.into_object(),
        Replacement::Bytes(bytes) => thread.make_bytes(&bytes)?,
    };
    pair(replacement, next, thread)
}
