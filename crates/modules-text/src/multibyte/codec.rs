//! `MultibyteCodec`, the object that `getcodec` gives, and what incremental codecs and streams take from their class's.

use std::cell::RefCell;
use std::rc::Rc;

use builtins::bytes::Bytes;
use macros::{Instance, python_type};
use objects::errors::{OrMemoryError, PyResult, TryToVec};
use objects::gc::{Traverse, Visitor};
use objects::method::{FromArgument, Position, raise_bad_argument};
use objects::object::BaseObject;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::str::arguments::c_text;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};
use text::codecs::multibyte::Multibyte;

use super::conversion::{Decoding, Encoding, Policy};

/// A codec that several objects use.
#[derive(Clone)]
pub struct Shared(pub Rc<Multibyte>);

impl Traverse for Shared {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// The argument `errors` of a codec's functions; None stands for `strict`.
struct Errors(Policy);

impl Errors {
    const STRICT: Self = Self(Policy::Strict);
}

impl FromArgument<'_> for Errors {
    fn from_argument(value: &Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        if value.is_none() {
            return Ok(Self::STRICT);
        }
        match value.downcast::<Str>() {
            Some(text) => Ok(Self(Policy::by_name(&c_text(text, thread)?))),
            None => Err(raise_bad_argument(position, "str or None", value, thread)),
        }
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct MultibyteCodec {
    header: Header,
    codec: Shared,
}

impl MultibyteCodec {
    pub fn new(codec: Multibyte, thread: &mut Thread) -> Py<Self> {
        let header = Header::new(Self::class());
        Py::new(Self { header, codec: Shared(Rc::new(codec)) }, thread)
    }

    /// The codec that a class has in its attribute `codec`.
    pub fn of_class(class: &Type, thread: &mut Thread) -> PyResult<Shared> {
        let name = thread.intern_text("codec");
        let codec = protocol::get_attribute(class, &name, thread)?;
        match codec.downcast_exact::<Self>() {
            Some(codec) => Ok(codec.codec.clone()),
            None => Err(raise!(thread, TypeError, "codec is unexpected type")),
        }
    }
}

#[python_type(name = "_multibytecodec.MultibyteCodec", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION))]
impl MultibyteCodec {
    /// encode($self, /, input, errors=None)
    /// --
    ///
    /// Return an encoded string version of 'input'.
    ///
    /// 'errors' may be given to set a different error handling scheme.
    /// Default is 'strict' meaning that encoding errors raise
    /// a UnicodeEncodeError.  Other possible values are 'ignore', 'replace'
    /// and 'xmlcharrefreplace' as well as any other name registered with
    /// codecs.register_error that can handle UnicodeEncodeErrors.
    #[method]
    fn encode(
        &self,
        input: &Object,
        #[default(Errors::STRICT)] errors: Errors,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let text = as_text(input, thread)?;
        let codec = self.codec.clone();
        let mut encoding = Encoding::new(&codec.0, &errors.0, &text);
        encoding.run(&mut codec.0.start_encoding(), true, thread)?;
        let bytes = encoding.out.finish().or_memory_error(thread)?;
        let bytes = Bytes::try_from_slice(&bytes, thread)?.into_object();
        pair(bytes, text.length(), thread)
    }

    /// decode($self, /, input, errors=None)
    /// --
    ///
    /// Decodes 'input'.
    ///
    /// 'errors' may be given to set a different error handling scheme.
    /// Default is 'strict' meaning that encoding errors raise
    /// a UnicodeDecodeError.  Other possible values are 'ignore' and
    /// 'replace' as well as any other name registered with
    /// codecs.register_error that is able to handle UnicodeDecodeErrors."
    #[method]
    fn decode(
        &self,
        input: BytesLike<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let input = input.as_slice(thread).try_to_vec().or_memory_error(thread)?;
        let codec = self.codec.clone();
        let mut state = codec.0.start_decoding();
        let mut decoding = Decoding::new(&codec.0, &errors.0, &input);
        while !decoding.rest().is_empty() {
            decoding.run(&mut state, thread)?;
            decoding.end(thread)?;
        }
        let text = Str::from_builder(decoding.out, thread)?.into_object();
        pair(text, input.len(), thread)
    }
}

/// A conversion's result: what came out, and how much of the input it stands for.
fn pair(converted: Py<Object>, used: usize, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let used = protocol::make_int(used as i128, thread);
    Tuple::new(vec![converted, used], thread)
}

/// What is to be encoded: objects that are not strings stand for their string form.
pub fn as_text(input: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
    match input.downcast::<Str>() {
        Some(text) => Ok(Py::from_ref(text)),
        None => protocol::str(input, thread),
    }
}

/// How an incremental codec or a stream treats errors: its attribute `errors`.
#[derive(Default)]
pub struct ErrorPolicy(RefCell<Policy>);

impl Traverse for ErrorPolicy {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl ErrorPolicy {
    /// From an argument of a constructor, which CPython calls by a name that is not its class's.
    pub fn from_argument(
        value: Option<&Object>,
        constructor: &str,
        place: usize,
        thread: &mut Thread,
    ) -> PyResult<Self> {
        let Some(value) = value else { return Ok(Self::default()) };
        let Some(text) = value.downcast::<Str>() else {
            let found = if value.is_none() { "None".to_owned() } else { value.class().short_name() };
            let message = format_args!("{constructor}() argument {place} must be str, not {found}");
            return Err(raise!(thread, TypeError, "{message}"));
        };
        Ok(Self(RefCell::new(Policy::by_name(&c_text(text, thread)?))))
    }

    pub fn policy(&self) -> Policy {
        self.0.borrow().clone()
    }

    pub fn name(&self, thread: &mut Thread) -> Py<Str> {
        let policy = self.policy();
        Str::from_str(policy.name(), thread)
    }

    pub fn set(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else {
            return Err(raise!(thread, AttributeError, "cannot delete attribute"));
        };
        let Some(text) = value.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "errors must be a string"));
        };
        let name = String::from_utf8_lossy(text.utf8(thread)?).into_owned();
        // It goes through a C string.
        let name = name.split('\0').next().unwrap_or_default();
        self.0.replace(Policy::by_name(name));
        Ok(())
    }
}
