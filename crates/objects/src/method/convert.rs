//! Conversions at the border of methods: arguments to Rust values, Rust results to objects.

use super::Position;
use crate::bool::Bool;
use crate::errors::PyResult;
use crate::float::Float;
use crate::int::Int;
use crate::raise;
use crate::refs::{HasHeader, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::Instance;

/// Rust types that an argument can be taken as.
pub trait FromArgument<'a>: Sized {
    /// Converts, or raises what CPython raises for an argument of the wrong type.
    fn from_argument(value: &'a Object, position: Position, thread: &mut Thread) -> PyResult<Self>;
}

/// An argument that may be None.
pub struct OrNone<T>(pub Option<T>);

impl<'a> FromArgument<'a> for &'a Object {
    #[inline(always)]
    fn from_argument(value: &'a Object, _: Position, _: &mut Thread) -> PyResult<Self> {
        Ok(value)
    }
}

impl<'a, T: FromArgument<'a>> FromArgument<'a> for OrNone<T> {
    fn from_argument(value: &'a Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        if value.is_none() {
            return Ok(OrNone(None));
        }
        T::from_argument(value, position, thread).map(|it| OrNone(Some(it)))
    }
}

/// An instance of a built-in type: `append() argument must be str, not int`.
impl<'a, T: Instance> FromArgument<'a> for &'a T {
    fn from_argument(value: &'a Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        match value.downcast::<T>() {
            Some(value) => Ok(value),
            None => Err(raise_bad_argument(position, &T::class().short_name(), value, thread)),
        }
    }
}

/// `sum() argument 1 must be str, not int`.
#[cold]
pub fn raise_bad_argument(
    position: Position,
    expected: &str,
    value: &Object,
    thread: &mut Thread,
) -> crate::errors::Raised {
    let found = if value.is_none() { "None".to_owned() } else { value.class().full_name() };
    raise!(thread, TypeError, "{}() {} must be {expected}, not {found}", position.method(), position.describe())
}

impl FromArgument<'_> for isize {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        crate::protocol::index_as_isize(value, thread)
    }
}

macro_rules! from_integer {
    ($($typ:ty: $description:literal;)*) => {
        $(impl FromArgument<'_> for $typ {
            fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
                let integer = crate::protocol::index(value, thread)?;
                match integer.to_i128().and_then(|it| <$typ>::try_from(it).ok()) {
                    Some(value) => Ok(value),
                    None => Err(raise!(thread, OverflowError, "Python int too large to convert to C {}", $description)),
                }
            }
        })*
    };
}

from_integer! {
    i32: "int";
    i64: "long";
    u8: "unsigned char";
    u32: "unsigned int";
    u64: "unsigned long";
    usize: "size_t";
}

impl FromArgument<'_> for f64 {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        crate::protocol::as_f64(value, thread)
    }
}

impl FromArgument<'_> for bool {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        crate::protocol::is_true(value, thread)
    }
}

/// A string of length one, as its code point.
impl FromArgument<'_> for char {
    fn from_argument(value: &Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        let Some(text) = value.downcast::<Str>() else {
            return Err(raise_bad_argument(position, "a unicode character", value, thread));
        };
        let length = text.length();
        match text.code_point(0).filter(|_| length == 1).and_then(char::from_u32) {
            Some(point) => Ok(point),
            None => Err(raise!(
                thread,
                TypeError,
                "{}() {} must be a unicode character, not a string of length {length}",
                position.method(),
                position.describe()
            )),
        }
    }
}

/// Rust types that a method may return: values, or a [`PyResult`] of one.
pub trait IntoResult {
    fn into_result(self, thread: &mut Thread) -> PyResult<Py<Object>>;
}

/// Rust types that stand for a Python object.
pub trait IntoObject {
    fn into_object(self, thread: &mut Thread) -> Py<Object>;
}

impl<T: IntoObject> IntoResult for PyResult<T> {
    #[inline(always)]
    fn into_result(self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.map(|it| it.into_object(thread))
    }
}

impl<T: IntoObject> IntoResult for T {
    #[inline(always)]
    fn into_result(self, thread: &mut Thread) -> PyResult<Py<Object>> {
        Ok(self.into_object(thread))
    }
}

impl<T: HasHeader> IntoObject for Py<T> {
    #[inline(always)]
    fn into_object(self, _: &mut Thread) -> Py<Object> {
        Py::into_object(self)
    }
}

impl IntoObject for &Object {
    fn into_object(self, _: &mut Thread) -> Py<Object> {
        Py::from_ref(self)
    }
}

/// None for absence.
impl<T: IntoObject> IntoObject for Option<T> {
    fn into_object(self, thread: &mut Thread) -> Py<Object> {
        match self {
            Some(value) => value.into_object(thread),
            None => thread.none(),
        }
    }
}

impl IntoObject for () {
    fn into_object(self, thread: &mut Thread) -> Py<Object> {
        thread.none()
    }
}

impl IntoObject for bool {
    fn into_object(self, _: &mut Thread) -> Py<Object> {
        Bool::new(self)
    }
}

impl IntoObject for f64 {
    fn into_object(self, thread: &mut Thread) -> Py<Object> {
        Float::new(self, thread).into_object()
    }
}

impl IntoObject for &str {
    fn into_object(self, thread: &mut Thread) -> Py<Object> {
        Str::from_str(self, thread).into_object()
    }
}

impl IntoObject for String {
    fn into_object(self, thread: &mut Thread) -> Py<Object> {
        Str::from_str(&self, thread).into_object()
    }
}

macro_rules! into_int {
    ($($typ:ty),*) => {
        $(impl IntoObject for $typ {
            fn into_object(self, thread: &mut Thread) -> Py<Object> {
                Int::from_i128(i128::from(self as i128), thread).into_object()
            }
        })*
    };
}

into_int!(i32, i64, isize, u8, u16, u32, u64, usize);
