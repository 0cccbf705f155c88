//! The errors of codecs: which part of which text or bytes could not be converted, and why.

use std::cell::Cell;
use std::mem::offset_of;

use layout::{PyBytesObject, PyUnicodeErrorObject};
use macros::{Instance, python_type};

use super::base::BaseException;
use super::hierarchy::UnicodeError;
use crate::dict::Dict;
use crate::errors::{ExceptionKind, PyResult, Raised};
use crate::gc::{Traverse, Visitor};
use crate::names;
use crate::protocol;
use crate::raise;
use crate::refs::{Field, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Member, MemberKind, Type};

/// The fields that the three errors share.
#[repr(C)]
pub struct Place {
    pub encoding: Field,
    /// What was to be converted: a string, or bytes.
    pub object: Field,
    /// The part that could not be: indices as they were given, which need not lie in the object.
    pub start: Cell<isize>,
    pub end: Cell<isize>,
    pub reason: Field,
}

impl Traverse for Place {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.encoding.traverse(visitor);
        self.object.traverse(visitor);
        self.reason.traverse(visitor);
    }

    fn clear(&self) {
        self.encoding.clear();
        self.object.clear();
        self.reason.clear();
    }
}

macro_rules! members {
    ($class:ident) => {
        &[
            Member::writable(
                c"encoding",
                MemberKind::Object,
                offset_of!($class, place.encoding),
                Some(c"exception encoding"),
            ),
            Member::writable(
                c"object",
                MemberKind::Object,
                offset_of!($class, place.object),
                Some(c"exception object"),
            ),
            Member::writable(c"start", MemberKind::SSize, offset_of!($class, place.start), Some(c"exception start")),
            Member::writable(c"end", MemberKind::SSize, offset_of!($class, place.end), Some(c"exception end")),
            Member::writable(
                c"reason",
                MemberKind::Object,
                offset_of!($class, place.reason),
                Some(c"exception reason"),
            ),
        ]
    };
}

/// What an argument of these errors must be.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Bytes,
    Index,
}

/// Checks the arguments against their kinds: CPython's messages for `PyArg_ParseTuple`.
fn check_arguments(arguments: &Tuple, kinds: &[Kind], thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    let (items, expected) = (arguments.items(), kinds.len());
    if items.len() != expected {
        let given = items.len();
        return Err(raise!(thread, TypeError, "function takes exactly {expected} arguments ({given} given)"));
    }
    let mut values = Vec::with_capacity(expected);
    for (index, (item, kind)) in items.iter().zip(kinds).enumerate() {
        if *kind == Kind::Text && item.downcast::<Str>().is_none() {
            let found = if item.is_none() { "None".to_owned() } else { item.class().full_name() };
            return Err(raise!(thread, TypeError, "argument {} must be str, not {found}", index + 1));
        }
        values.push(match kind {
            Kind::Index => {
                let value = protocol::index_as_isize(item, thread)?;
                protocol::make_int(value as i128, thread)
            }
            _ => item.clone(),
        });
    }
    Ok(values)
}

impl Place {
    /// Takes checked arguments: the encoding (unless there is none), the object, start, end, reason.
    fn fill(&self, values: &[Py<Object>], thread: &mut Thread) -> PyResult<()> {
        let [encoding @ .., object, start, end, reason] = values else { return Ok(()) };
        self.encoding.set(encoding.first().cloned());
        self.object.set(Some(object.clone()));
        self.start.set(protocol::index_as_isize(start, thread)?);
        self.end.set(protocol::index_as_isize(end, thread)?);
        self.reason.set(Some(reason.clone()));
        Ok(())
    }

    /// The index of the only item that could not be converted, of an object of that length.
    fn only_item(&self, length: usize) -> Option<usize> {
        let (start, end) = (self.start.get(), self.end.get());
        let index = usize::try_from(start).ok().filter(|it| *it < length)?;
        (end == start + 1).then_some(index)
    }

    fn text_of(field: &Field, thread: &mut Thread) -> PyResult<String> {
        match field.get() {
            Some(value) => Ok(protocol::str(&value, thread)?.to_string_lossy()),
            // What C's formatting prints for a null pointer.
            None => Ok("<NULL>".to_owned()),
        }
    }

    /// `positions 3-5: reason`.
    fn range_text(&self, reason: &str) -> String {
        format!("in position {}-{}: {reason}", self.start.get(), self.end.get().wrapping_sub(1))
    }

    /// The text, with the one character that could not be converted.
    fn character(&self, thread: &mut Thread) -> PyResult<Option<(usize, String)>> {
        let object = self.object.get();
        let Some(text) = object.as_ref().and_then(|it| it.downcast::<Str>()) else {
            return Err(raise!(thread, TypeError, "UnicodeError 'object' attribute must be a string"));
        };
        let Some(index) = self.only_item(text.length()) else { return Ok(None) };
        let point = text.code_point(index).unwrap_or_default();
        let shown = match point {
            0..=0xFF => format!("\\x{point:02x}"),
            0x100..=0xFFFF => format!("\\u{point:04x}"),
            _ => format!("\\U{point:08x}"),
        };
        Ok(Some((index, shown)))
    }
}

/// Unicode encoding error.
#[derive(Instance)]
#[repr(C)]
pub struct UnicodeEncodeError {
    base: UnicodeError,
    pub place: Place,
}

/// Unicode decoding error.
#[derive(Instance)]
#[repr(C)]
pub struct UnicodeDecodeError {
    base: UnicodeError,
    pub place: Place,
}

/// Unicode translation error.
#[derive(Instance)]
#[repr(C)]
pub struct UnicodeTranslateError {
    base: UnicodeError,
    pub place: Place,
}

const _: () = {
    assert!(size_of::<UnicodeEncodeError>() == size_of::<PyUnicodeErrorObject>());
    assert!(offset_of!(UnicodeEncodeError, place.reason) == offset_of!(PyUnicodeErrorObject, reason));
    assert!(size_of::<UnicodeDecodeError>() == size_of::<UnicodeEncodeError>());
    assert!(size_of::<UnicodeTranslateError>() == size_of::<UnicodeEncodeError>());
};

const ENCODE_MEMBERS: &[Member] = members!(UnicodeEncodeError);
const DECODE_MEMBERS: &[Member] = members!(UnicodeDecodeError);
const TRANSLATE_MEMBERS: &[Member] = members!(UnicodeTranslateError);

/// Unicode encoding error.
#[python_type(base = UnicodeError, flags(BASETYPE, BASE_EXC_SUBCLASS), member_table = ENCODE_MEMBERS)]
impl UnicodeEncodeError {
    #[slot(tp_new)]
    fn new(
        class: &Type,
        arguments: &Tuple,
        _keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<BaseException>> {
        BaseException::make(class, arguments, thread)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        self.as_base().initialize(arguments, keywords, thread)?;
        let kinds = [Kind::Text, Kind::Text, Kind::Index, Kind::Index, Kind::Text];
        let values = check_arguments(arguments, &kinds, thread)?;
        self.place.fill(&values, thread)
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<String> {
        if self.place.object.is_empty() {
            return Ok(String::new());
        }
        let reason = Place::text_of(&self.place.reason, thread)?;
        let encoding = Place::text_of(&self.place.encoding, thread)?;
        Ok(match self.place.character(thread)? {
            Some((index, shown)) => {
                format!("'{encoding}' codec can't encode character '{shown}' in position {index}: {reason}")
            }
            None => format!("'{encoding}' codec can't encode characters {}", self.place.range_text(&reason)),
        })
    }
}

/// Unicode decoding error.
#[python_type(base = UnicodeError, flags(BASETYPE, BASE_EXC_SUBCLASS), member_table = DECODE_MEMBERS)]
impl UnicodeDecodeError {
    #[slot(tp_new)]
    fn new(
        class: &Type,
        arguments: &Tuple,
        _keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<BaseException>> {
        BaseException::make(class, arguments, thread)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        self.as_base().initialize(arguments, keywords, thread)?;
        let kinds = [Kind::Text, Kind::Bytes, Kind::Index, Kind::Index, Kind::Text];
        let mut values = check_arguments(arguments, &kinds, thread)?;
        let object = to_bytes(&values[1], thread)?;
        values[1] = object;
        self.place.fill(&values, thread)
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<String> {
        if self.place.object.is_empty() {
            return Ok(String::new());
        }
        let reason = Place::text_of(&self.place.reason, thread)?;
        let encoding = Place::text_of(&self.place.encoding, thread)?;
        // Only now: making the texts may have run Python code.
        let Some(object) = self.place.object.get() else {
            return Err(raise!(thread, TypeError, "UnicodeError 'object' attribute is not set"));
        };
        let Some(bytes) = bytes_of(&object) else {
            return Err(raise!(thread, TypeError, "UnicodeError 'object' attribute must be a bytes"));
        };
        Ok(match self.place.only_item(bytes.len()) {
            Some(index) => {
                let byte = bytes[index];
                format!("'{encoding}' codec can't decode byte 0x{byte:02x} in position {index}: {reason}")
            }
            None => format!("'{encoding}' codec can't decode bytes {}", self.place.range_text(&reason)),
        })
    }
}

/// Unicode translation error.
#[python_type(base = UnicodeError, flags(BASETYPE, BASE_EXC_SUBCLASS), member_table = TRANSLATE_MEMBERS)]
impl UnicodeTranslateError {
    #[slot(tp_new)]
    fn new(
        class: &Type,
        arguments: &Tuple,
        _keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<BaseException>> {
        BaseException::make(class, arguments, thread)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        self.as_base().initialize(arguments, keywords, thread)?;
        let kinds = [Kind::Text, Kind::Index, Kind::Index, Kind::Text];
        let values = check_arguments(arguments, &kinds, thread)?;
        self.place.fill(&values, thread)
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<String> {
        if self.place.object.is_empty() {
            return Ok(String::new());
        }
        let reason = Place::text_of(&self.place.reason, thread)?;
        Ok(match self.place.character(thread)? {
            Some((index, shown)) => format!("can't translate character '{shown}' in position {index}: {reason}"),
            None => format!("can't translate characters {}", self.place.range_text(&reason)),
        })
    }
}

/// The contents of a bytes object, whose type a higher layer declares.
fn bytes_of(object: &Object) -> Option<&[u8]> {
    if !object.class().has_flag(layout::Py_TPFLAGS_BYTES_SUBCLASS) {
        return None;
    }
    let bytes = object.as_pointer().cast::<PyBytesObject>();
    // SAFETY: the flag says that the object has this struct, which ends in as many bytes as its size says; they never change.
    unsafe {
        let length = usize::try_from((*bytes).ob_base.ob_size.get()).unwrap_or_default();
        Some(std::slice::from_raw_parts(std::ptr::from_ref(&(*bytes).ob_sval).cast::<u8>(), length))
    }
}

/// The object itself if it is bytes, otherwise a copy of what it exposes as a buffer.
fn to_bytes(object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    if bytes_of(object).is_some() {
        return Ok(Py::from_ref(object));
    }
    // SAFETY: a type's method suites live as long as the type.
    let buffer = unsafe { object.class().slots().tp_as_buffer.get().as_ref() };
    if buffer.is_none_or(|it| it.bf_getbuffer.get().is_none()) {
        let class = object.class().full_name();
        return Err(raise!(thread, TypeError, "a bytes-like object is required, not '{class}'"));
    }
    let make = protocol::builtin(&names::bytes, thread)?;
    protocol::call_one(&make, object, thread)
}

impl Thread {
    /// Sets a UnicodeEncodeError: `encoding` has nothing for the characters from `start` to before `end`.
    #[cold]
    pub fn raise_encode_error(&mut self, encoding: &str, text: &Str, start: usize, end: usize, reason: &str) -> Raised {
        self.raise_unicode_error(super::UnicodeEncodeError, Some(encoding), text, (start, end), reason)
    }

    /// Sets a UnicodeDecodeError: the bytes from `start` to before `end` mean nothing in `encoding`.
    #[cold]
    pub fn raise_decode_error(
        &mut self,
        encoding: &str,
        bytes: &Object,
        start: usize,
        end: usize,
        reason: &str,
    ) -> Raised {
        self.raise_unicode_error(super::UnicodeDecodeError, Some(encoding), bytes, (start, end), reason)
    }

    /// Sets a UnicodeTranslateError.
    #[cold]
    pub fn raise_translate_error(&mut self, text: &Str, start: usize, end: usize, reason: &str) -> Raised {
        self.raise_unicode_error(super::UnicodeTranslateError, None, text, (start, end), reason)
    }

    fn raise_unicode_error(
        &mut self,
        kind: ExceptionKind,
        encoding: Option<&str>,
        object: &Object,
        (start, end): (usize, usize),
        reason: &str,
    ) -> Raised {
        let encoding = encoding.map(|it| Str::from_str(it, self));
        let (start, end) = (protocol::make_int(start as i128, self), protocol::make_int(end as i128, self));
        let reason = Str::from_str(reason, self);
        let mut arguments: Vec<&Object> = Vec::with_capacity(5);
        arguments.extend(encoding.as_ref().map(|it| -> &Object { it }));
        arguments.extend([object, &*start, &*end, &**reason]);
        match protocol::call(kind.as_type(), &arguments, self) {
            Ok(exception) => self.raise(exception),
            Err(raised) => raised,
        }
    }
}
