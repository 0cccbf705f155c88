//! What the codec functions take: data, and names of error handlers.

use std::borrow::Cow;

use objects::errors::{OrMemoryError, PyResult, TryToVec};
use objects::method::{FromArgument, Position, raise_bad_argument};
use objects::protocol::buffer::BytesLike;
use objects::refs::Object;
use objects::str::Str;
use objects::str::arguments::c_text;
use objects::thread::Thread;

/// The bytes to decode, which do not change while Python code runs.
pub struct Data<'a>(pub Cow<'a, [u8]>);

impl<'a> Data<'a> {
    fn of(value: &'a Object, thread: &mut Thread) -> PyResult<Self> {
        Ok(Self(match BytesLike::of(value, thread)? {
            BytesLike::Bytes(contents) => Cow::Borrowed(contents),
            other => Cow::Owned(other.as_slice(thread).try_to_vec().or_memory_error(thread)?),
        }))
    }
}

impl<'a> FromArgument<'a> for Data<'a> {
    fn from_argument(value: &'a Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        Self::of(value, thread)
    }
}

/// As [`Data`], and strings stand for their UTF-8 form.
pub struct DataOrText<'a>(pub Cow<'a, [u8]>);

impl<'a> FromArgument<'a> for DataOrText<'a> {
    fn from_argument(value: &'a Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        match value.downcast::<Str>() {
            Some(text) => text.utf8(thread).map(|bytes| Self(Cow::Borrowed(bytes))),
            None => Data::of(value, thread).map(|data| Self(data.0)),
        }
    }
}

/// The name of an error handler; None stands for `strict`.
pub struct Errors(Option<String>);

impl Errors {
    pub const STRICT: Self = Self(None);

    pub fn name(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl FromArgument<'_> for Errors {
    fn from_argument(value: &Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        if value.is_none() {
            return Ok(Self::STRICT);
        }
        match value.downcast::<Str>() {
            Some(text) => Ok(Self(Some(c_text(text, thread)?))),
            None => Err(raise_bad_argument(position, "str or None", value, thread)),
        }
    }
}
