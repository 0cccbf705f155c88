//! Paths: `os.fspath`, the file system's encoding, and arguments that are paths or file descriptors (CPython's `path_t`).

use std::ffi::{CStr, CString};

use objects::errors::PyResult;
use objects::method::{FromArgument, Position};
use objects::names;
use objects::protocol;
use objects::protocol::buffer::bytes_contents;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::{Str, codecs};
use objects::thread::Thread;
use text::builder::StrData;
use text::codecs::utf8::Utf8;
use text::wtf8::Wtf8Buf;

use crate::call;
use crate::descriptor;

/// How undecodable bytes in file names become text and come back (PEP 383).
const ERRORS: &str = "surrogateescape";

/// Text in the file system's encoding.
pub fn encode(text: &Str, thread: &mut Thread) -> PyResult<Vec<u8>> {
    match text.view().as_ascii() {
        Some(ascii) => Ok(ascii.to_vec()),
        None => codecs::encode_with(&Utf8, text, Some(ERRORS), thread),
    }
}

/// Bytes of the file system as text.
pub fn decode(bytes: &[u8], thread: &mut Thread) -> PyResult<Py<Str>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Str::try_from_str(text, thread),
        Err(_) => codecs::decode_with(&Utf8, bytes, true, Some(ERRORS), thread).map(|it| it.0),
    }
}

/// Bytes of the file system as an object of the kind that was asked for.
pub fn to_object(bytes: &[u8], as_bytes: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
    if as_bytes { thread.make_bytes(bytes) } else { decode(bytes, thread).map(Py::into_object) }
}

/// `os.fspath(path)`.
pub fn fspath(path: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    if is_text_or_bytes(path) {
        return Ok(Py::from_ref(path));
    }
    let class = path.class().short_name();
    let Some(converted) = call_fspath(path, thread)? else {
        return Err(raise!(thread, TypeError, "expected str, bytes or os.PathLike object, not {class}"));
    };
    check_converted(&class, converted, thread)
}

/// `os.fsencode(path)`, as a C string.
pub fn fsencode(path: &Object, thread: &mut Thread) -> PyResult<CString> {
    let path = fspath(path, thread)?;
    let bytes = match path.downcast::<Str>() {
        Some(text) => encode(text, thread)?,
        None => bytes_contents(&path).unwrap_or_default().to_vec(),
    };
    match CString::new(bytes) {
        Ok(text) => Ok(text),
        Err(_) => Err(raise!(thread, ValueError, "embedded null byte")),
    }
}

fn is_text_or_bytes(object: &Object) -> bool {
    object.downcast::<Str>().is_some() || bytes_contents(object).is_some()
}

/// What the type's `__fspath__` gives; None if it has none.
fn call_fspath(path: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    match path.class().lookup(&names::__fspath__, thread) {
        Some(method) if !method.is_none() => {
            protocol::call_special_required(path, &names::__fspath__, &[], thread).map(Some)
        }
        _ => Ok(None),
    }
}

fn check_converted(class: &str, converted: Py<Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
    if is_text_or_bytes(&converted) {
        return Ok(converted);
    }
    let found = converted.class().short_name();
    Err(raise!(thread, TypeError, "expected {class}.__fspath__() to return str or bytes, not {found}"))
}

/// A string, bytes or path for the system (`PyUnicode_FSConverter`).
pub struct SystemText(pub CString);

impl FromArgument<'_> for SystemText {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        fsencode(value, thread).map(Self)
    }
}

/// What a path argument says.
enum Target {
    Name(CString),
    Descriptor(i32),
    /// None, where a function takes that.
    Nothing,
}

/// A path as an argument. With `DESCRIPTOR` it may be an open file, with `NONE` it may be None.
pub struct Path<const DESCRIPTOR: bool = false, const NONE: bool = false> {
    target: Target,
    object: Option<Py<Object>>,
    is_bytes: bool,
}

/// A path or an open file.
pub type PathOrDescriptor = Path<true>;

impl<const DESCRIPTOR: bool, const NONE: bool> Path<DESCRIPTOR, NONE> {
    /// No path: the current directory.
    pub const NOTHING: Self = Self { target: Target::Nothing, object: None, is_bytes: false };

    /// The path for system calls: empty for an open file, a dot for None.
    pub fn name(&self) -> &CStr {
        match &self.target {
            Target::Name(name) => name,
            Target::Descriptor(_) => c"",
            Target::Nothing => c".",
        }
    }

    pub fn descriptor(&self) -> Option<i32> {
        match self.target {
            Target::Descriptor(number) => Some(number),
            _ => None,
        }
    }

    /// The argument, as exceptions name it.
    pub fn object(&self) -> Option<&Object> {
        self.object.as_deref()
    }

    /// True if it was given as bytes, so that names in results are bytes.
    pub fn is_bytes(&self) -> bool {
        self.is_bytes
    }

    /// The OSError that `errno` means, about this path.
    #[cold]
    pub fn raise(&self, number: i32, thread: &mut Thread) -> objects::errors::Raised {
        call::raise(number, self.object(), thread)
    }

    /// Calls without the lock, once; an error is about this path.
    pub fn checked<T: call::Outcome>(&self, call: impl FnOnce() -> T, thread: &mut Thread) -> PyResult<T> {
        call::plain(call, thread).map_err(|number| self.raise(number, thread))
    }

    /// What the arguments of this kind may be.
    fn expectation() -> &'static str {
        match (DESCRIPTOR, NONE) {
            (true, true) => "string, bytes, os.PathLike, integer or None",
            (true, false) => "string, bytes, os.PathLike or integer",
            (false, true) => "string, bytes, os.PathLike or None",
            (false, false) => "string, bytes or os.PathLike",
        }
    }

    /// Reads an argument of `function` that is called `name`.
    pub fn convert(value: &Object, function: &str, name: &str, thread: &mut Thread) -> PyResult<Self> {
        if NONE && value.is_none() {
            return Ok(Self { object: Some(Py::from_ref(value)), ..Self::NOTHING });
        }
        if DESCRIPTOR && !is_text_or_bytes(value) && protocol::is_index(value) {
            let number = descriptor::plain_number(value, thread)?;
            return Ok(Self { target: Target::Descriptor(number), object: Some(Py::from_ref(value)), is_bytes: false });
        }
        let path = if is_text_or_bytes(value) {
            Py::from_ref(value)
        } else {
            let class = value.class().short_name();
            match call_fspath(value, thread)? {
                Some(converted) => check_converted(&class, converted, thread)?,
                None => {
                    let expected = Self::expectation();
                    return Err(raise!(thread, TypeError, "{function}: {name} should be {expected}, not {class}"));
                }
            }
        };
        let bytes = match path.downcast::<Str>() {
            Some(text) => encode(text, thread)?,
            None => bytes_contents(&path).unwrap_or_default().to_vec(),
        };
        let is_bytes = bytes_contents(&path).is_some();
        match CString::new(bytes) {
            Ok(text) => Ok(Self { target: Target::Name(text), object: Some(path), is_bytes }),
            Err(_) => Err(raise!(thread, ValueError, "{function}: embedded null character in {name}")),
        }
    }
}

impl<const DESCRIPTOR: bool, const NONE: bool> FromArgument<'_> for Path<DESCRIPTOR, NONE> {
    fn from_argument(value: &Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        Self::convert(value, position.method(), position.parameter(), thread)
    }
}

/// What [`bytes_with_zeros`] gave, changed, as an object of the kind that it came from.
pub fn from_bytes_with_zeros(bytes: &[u8], is_bytes: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
    match Wtf8Buf::from_bytes(bytes).filter(|_| !is_bytes) {
        Some(text) => Ok(Str::from_data(&StrData::from_wtf8(text.view()), thread).into_object()),
        None => thread.make_bytes(bytes),
    }
}

/// The bytes of a path that is only text, in generalized UTF-8 (zeros and surrogates are as good as any other character); true if it was
/// given as bytes.
pub fn bytes_with_zeros(value: &Object, function: &str, name: &str, thread: &mut Thread) -> PyResult<(Vec<u8>, bool)> {
    let path = if is_text_or_bytes(value) {
        Py::from_ref(value)
    } else {
        let class = value.class().short_name();
        match call_fspath(value, thread)? {
            Some(converted) => check_converted(&class, converted, thread)?,
            None => {
                let expected = Path::<false, false>::expectation();
                return Err(raise!(thread, TypeError, "{function}: {name} should be {expected}, not {class}"));
            }
        }
    };
    match path.downcast::<Str>() {
        Some(text) => Ok((text::builder::to_wtf8(text.view()).as_bytes().to_vec(), false)),
        None => Ok((bytes_contents(&path).unwrap_or_default().to_vec(), true)),
    }
}
