//! File descriptors as arguments, in the two ways that CPython takes them.

use objects::errors::{PyResult, RuntimeWarning};
use objects::int::Int;
use objects::method::{FromArgument, Position};
use objects::protocol;
use objects::raise;
use objects::refs::Object;
use objects::thread::Thread;

/// An int, or an object whose `fileno()` gives one (`PyObject_AsFileDescriptor`).
#[derive(Clone, Copy)]
pub struct Descriptor(pub i32);

impl FromArgument<'_> for Descriptor {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        from_object(value, thread).map(Descriptor)
    }
}

/// The descriptor that an object stands for.
pub fn from_object(value: &Object, thread: &mut Thread) -> PyResult<i32> {
    let number = if value.downcast::<Int>().is_some() {
        warn_of_bool(value, thread)?;
        as_c_int(value, thread)?
    } else {
        let fileno = thread.intern_text("fileno");
        let Some(method) = protocol::lookup_attribute(value, &fileno, thread)? else {
            return Err(raise!(thread, TypeError, "argument must be an int, or have a fileno() method."));
        };
        let number = protocol::call(&method, &[], thread)?;
        if number.downcast::<Int>().is_none() {
            return Err(raise!(thread, TypeError, "fileno() returned a non-integer"));
        }
        as_c_int(&number, thread)?
    };
    if number < 0 {
        return Err(raise!(thread, ValueError, "file descriptor cannot be a negative integer ({number})"));
    }
    Ok(number)
}

/// `PyLong_AsInt`.
pub fn as_c_int(value: &Object, thread: &mut Thread) -> PyResult<i32> {
    let int = protocol::index(value, thread)?;
    match int.to_i128().and_then(|it| i32::try_from(it).ok()) {
        Some(number) => Ok(number),
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C int")),
    }
}

/// `True` is one, but surely a mistake.
pub fn warn_of_bool(value: &Object, thread: &mut Thread) -> PyResult<()> {
    if value.is_exactly::<objects::bool::Bool>() {
        thread.warn(RuntimeWarning, 1, format_args!("bool is used as a file descriptor"))?;
    }
    Ok(())
}

/// A descriptor as the `path` of functions that take one, and as `dir_fd`.
pub(crate) fn plain_number(value: &Object, thread: &mut Thread) -> PyResult<i32> {
    warn_of_bool(value, thread)?;
    let int = protocol::index(value, thread)?;
    match int.to_i128().and_then(|it| i32::try_from(it).ok()) {
        Some(number) => Ok(number),
        None if int.is_negative() => Err(raise!(thread, OverflowError, "fd is less than minimum")),
        None => Err(raise!(thread, OverflowError, "fd is greater than maximum")),
    }
}

/// The `dir_fd` of a function: the directory that a relative path starts from.
#[derive(Clone, Copy)]
pub struct Directory(Option<i32>);

impl Directory {
    /// The current directory.
    pub const CURRENT: Self = Self(None);

    /// For system calls.
    pub fn number(self) -> i32 {
        self.0.unwrap_or(libc::AT_FDCWD)
    }

    pub fn is_given(self) -> bool {
        self.0.is_some_and(|it| it != libc::AT_FDCWD)
    }
}

/// As audit hooks are told of it.
impl objects::method::IntoObject for Directory {
    fn into_object(self, thread: &mut Thread) -> objects::refs::Py<Object> {
        objects::method::IntoObject::into_object(self.0.unwrap_or(-1), thread)
    }
}

impl FromArgument<'_> for Directory {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        if value.is_none() {
            return Ok(Self::CURRENT);
        }
        if !protocol::is_index(value) {
            let class = value.class().short_name();
            return Err(raise!(thread, TypeError, "argument should be integer or None, not {class}"));
        }
        plain_number(value, thread).map(|it| Self(Some(it)))
    }
}

/// Whether the process has this descriptor.
pub fn is_open(descriptor: i32) -> bool {
    // SAFETY: a number; the call reads no memory.
    unsafe { libc::fcntl(descriptor, libc::F_GETFD) >= 0 }
}
