//! How exported functions are declared: [`export!`], and the conversions between C's arguments and results and ours.
//!
//! Every function of the C API is one item in an `export!` block. The invariants that the generated entry keeps: a panic does not leave it,
//! an error is C's error value with an exception set, and what drops had to leave is freed before it returns.

use std::ffi::{CStr, c_char, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use layout::{Py_buffer, PyObject, PyTypeObject};
use objects::errors::PyResult;
use objects::raise;
use objects::refs::{HasHeader, Object, Py};
use objects::thread::{Thread, ThreadState};
use objects::types::Type;

/// Declares functions of the C API:
///
/// ```text
/// export! { thread;
///     fn PyList_Append(list: &List, item: &Object) -> () { list.push(Py::from_ref(item), thread) }
/// }
/// ```
/// A parameter's type says how C's argument is read ([`Argument`]), the result's type how it is given back ([`Output`]); the body gives a
/// `PyResult` of that type.
macro_rules! export {
    ($thread:ident; $($(#[$meta:meta])* fn $name:ident($($argument:ident: $kind:ty),* $(,)?) -> $result:ty $body:block)*) => {$(
        $(#[$meta])*
        /// # Safety
        /// As the C API says.
        #[unsafe(no_mangle)]
        pub unsafe extern "C-unwind" fn $name(
            $($argument: <$kind as $crate::entry::Argument>::C),*
        ) -> <$result as $crate::entry::Output>::C {
            $crate::entry::enter(|$thread: &mut objects::thread::Thread| -> objects::errors::PyResult<$result> {
                // Not every body needs it.
                let _ = &$thread;
                $(
                    // SAFETY: C's caller passes what the C API asks for.
                    unsafe { <$kind as $crate::entry::Argument>::prepare(&$argument) };
                )*
                $(
                    // SAFETY: as above.
                    let $argument = unsafe { <$kind as $crate::entry::Argument>::from_c($argument, $thread)? };
                )*
                $body
            })
        }
    )*};
}
pub(crate) use export;

/// Runs the body of an exported function in the thread that is attached here.
#[inline]
pub fn enter<T: Output>(body: impl FnOnce(&mut Thread) -> PyResult<T>) -> T::C {
    let detached = ThreadState::current().is_null().then(attach);
    // SAFETY: the thread is attached.
    let mut thread = unsafe { Thread::current() };
    let result = match catch_unwind(AssertUnwindSafe(|| body(&mut thread))) {
        Ok(result) => result,
        Err(_) => Err(raise!(thread, SystemError, "internal error in a function of the C API")),
    };
    thread.reap();
    let value = match result {
        Ok(value) => value.into_c(),
        Err(_) => T::error(),
    };
    if let Some(before) = detached {
        crate::pystate::PyGILState_Release(before);
    }
    value
}

/// C code has to be attached to call the API, but some of it asks a capsule for its pointer, say, when it is not: it is attached meanwhile.
#[cold]
fn attach() -> c_int {
    crate::pystate::PyGILState_Ensure()
}

/// What a parameter of an exported function may be.
pub trait Argument: Sized {
    type C;

    /// Called for all arguments before the first of them is read: what has to be done also where another argument is wrong.
    ///
    /// # Safety
    /// C's argument is what the C API asks for.
    unsafe fn prepare(_value: &Self::C) {}

    /// # Safety
    /// C's argument is what the C API asks for; it lives as long as the result is used.
    unsafe fn from_c(value: Self::C, thread: &mut Thread) -> PyResult<Self>;
}

/// Raises SystemError for a null pointer where the C API wants an object.
#[cold]
fn null_error<T>(thread: &mut Thread) -> PyResult<T> {
    if thread.is_raised() {
        return Err(thread.raised_elsewhere());
    }
    Err(raise!(thread, SystemError, "null argument to internal routine"))
}

/// `PyErr_BadInternalCall()`.
#[cold]
pub fn bad_internal_call<T>(thread: &mut Thread) -> PyResult<T> {
    Err(raise!(thread, SystemError, "bad argument to internal function"))
}

impl Argument for &Object {
    type C = *mut PyObject;

    unsafe fn from_c(value: Self::C, thread: &mut Thread) -> PyResult<Self> {
        // SAFETY: passed on to the caller.
        unsafe { Object::from_pointer(value) }.map_or_else(|| null_error(thread), Ok)
    }
}

impl Argument for Option<&Object> {
    type C = *mut PyObject;

    unsafe fn from_c(value: Self::C, _: &mut Thread) -> PyResult<Self> {
        // SAFETY: passed on to the caller.
        Ok(unsafe { Object::from_pointer(value) })
    }
}

impl Argument for &Type {
    type C = *mut PyTypeObject;

    unsafe fn from_c(value: Self::C, thread: &mut Thread) -> PyResult<Self> {
        // SAFETY: passed on to the caller.
        unsafe { value.cast_const().cast::<Type>().as_ref() }.map_or_else(|| null_error(thread), Ok)
    }
}

impl Argument for Option<&Type> {
    type C = *mut PyTypeObject;

    unsafe fn from_c(value: Self::C, _: &mut Thread) -> PyResult<Self> {
        // SAFETY: passed on to the caller.
        Ok(unsafe { value.cast_const().cast::<Type>().as_ref() })
    }
}

impl Argument for &CStr {
    type C = *const c_char;

    unsafe fn from_c(value: Self::C, thread: &mut Thread) -> PyResult<Self> {
        if value.is_null() {
            return null_error(thread);
        }
        // SAFETY: passed on to the caller.
        Ok(unsafe { CStr::from_ptr(value) })
    }
}

impl Argument for Option<&CStr> {
    type C = *const c_char;

    unsafe fn from_c(value: Self::C, _: &mut Thread) -> PyResult<Self> {
        // SAFETY: passed on to the caller.
        Ok((!value.is_null()).then(|| unsafe { CStr::from_ptr(value) }))
    }
}

impl Argument for &Py_buffer {
    type C = *mut Py_buffer;

    unsafe fn from_c(value: Self::C, thread: &mut Thread) -> PyResult<Self> {
        // SAFETY: passed on to the caller.
        unsafe { value.cast_const().as_ref() }.map_or_else(|| bad_internal_call(thread), Ok)
    }
}

/// Objects of one type, or SystemError for others.
macro_rules! instances {
    ($($class:ty),* $(,)?) => {$(
        impl<'a> Argument for &'a $class {
            type C = *mut PyObject;

            unsafe fn from_c(value: Self::C, thread: &mut Thread) -> PyResult<Self> {
                // SAFETY: passed on to the caller.
                let object = unsafe { Object::from_pointer(value) };
                object.and_then(|it| it.downcast::<$class>()).map_or_else(|| bad_internal_call(thread), Ok)
            }
        }
    )*};
}

instances! {
    objects::str::Str,
    objects::dict::Dict,
    objects::list::List,
    objects::tuple::Tuple,
    objects::module::Module,
    objects::slice::Slice,
    objects::cell::Cell,
    objects::errors::BaseException,
    objects::descriptors::BuiltinFunction,
    objects::descriptors::BoundMethod,
    objects::descriptors::InstanceMethod,
    builtins::bytearray::ByteArray,
    builtins::memoryview::MemoryView,
    interpreter::code::Code,
    interpreter::function::Function,
    interpreter::frame::FrameObject,
}

/// A reference that the function takes over from its caller, whether or not it succeeds.
pub struct Stolen(Option<Py<Object>>);

impl Stolen {
    pub fn get(self) -> Option<Py<Object>> {
        self.0
    }

    /// The object, or SystemError.
    pub fn required(self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.0.map_or_else(|| null_error(thread), Ok)
    }
}

impl Argument for Stolen {
    type C = *mut PyObject;

    unsafe fn from_c(value: Self::C, _: &mut Thread) -> PyResult<Self> {
        // SAFETY: the caller gives up its reference.
        Ok(Self(unsafe { Py::steal_pointer(value) }))
    }
}

/// A place that the function writes a result to; may be null where the C API allows that.
#[repr(transparent)]
pub struct Out<T>(*mut T);

impl<T> Clone for Out<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Out<T> {}

impl<T: Copy> Out<T> {
    pub fn set(self, value: T) {
        if !self.0.is_null() {
            // SAFETY: made from C's argument only: null, or room for a `T`.
            unsafe { self.0.write(value) }
        }
    }

    /// What is there, of places that C's caller has filled.
    pub fn get(self) -> Option<T> {
        // SAFETY: as above.
        (!self.0.is_null()).then(|| unsafe { self.0.read() })
    }

    pub fn is_null(&self) -> bool {
        self.0.is_null()
    }
}

impl<T> Argument for Out<T> {
    type C = *mut T;

    unsafe fn from_c(value: Self::C, _: &mut Thread) -> PyResult<Self> {
        Ok(Self(value))
    }
}

/// A place for an object that is looked for: null unless it is found, whatever goes wrong.
#[derive(Clone, Copy)]
pub struct Found(Out<*mut PyObject>);

impl std::ops::Deref for Found {
    type Target = Out<*mut PyObject>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Argument for Found {
    type C = *mut *mut PyObject;

    unsafe fn prepare(value: &Self::C) {
        if !value.is_null() {
            // SAFETY: passed on to the caller.
            unsafe { value.write(ptr::null_mut()) }
        }
    }

    unsafe fn from_c(value: Self::C, _: &mut Thread) -> PyResult<Self> {
        Ok(Self(Out(value)))
    }
}

/// An array that C's caller passes by its first element; how many there are, another argument says.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Array<T>(*const T);

impl<T> Array<T> {
    /// No array.
    pub fn null() -> Self {
        Self(ptr::null())
    }

    pub fn is_null(&self) -> bool {
        self.0.is_null()
    }

    pub fn pointer(self) -> *const T {
        self.0
    }

    /// The first elements.
    pub fn first<'a>(self, count: usize) -> &'a [T] {
        if self.0.is_null() || count == 0 {
            return &[];
        }
        // SAFETY: made from C's argument only, which has as many elements as C's caller says.
        unsafe { std::slice::from_raw_parts(self.0, count) }
    }

    /// As many as a count of C's says; SystemError if that is negative.
    pub fn counted<'a>(self, count: isize, thread: &mut Thread) -> PyResult<&'a [T]> {
        match usize::try_from(count) {
            Ok(count) => Ok(self.first(count)),
            Err(_) => bad_internal_call(thread),
        }
    }
}

impl<T> Argument for Array<T> {
    type C = *const T;

    unsafe fn from_c(value: Self::C, _: &mut Thread) -> PyResult<Self> {
        Ok(Self(value))
    }
}

/// Arguments that are passed as they are.
macro_rules! plain_arguments {
    ($($kind:ty),* $(,)?) => {$(
        impl Argument for $kind {
            type C = Self;

            unsafe fn from_c(value: Self, _: &mut Thread) -> PyResult<Self> {
                Ok(value)
            }
        }
    )*};
}

plain_arguments!(i8, u8, i16, u16, i32, u32, i64, u64, isize, usize, f64);

impl<T> Argument for *mut T {
    type C = Self;

    unsafe fn from_c(value: Self, _: &mut Thread) -> PyResult<Self> {
        Ok(value)
    }
}

impl<T> Argument for Option<unsafe extern "C-unwind" fn(T)> {
    type C = Self;

    unsafe fn from_c(value: Self, _: &mut Thread) -> PyResult<Self> {
        Ok(value)
    }
}

/// What an exported function may give back.
pub trait Output: Sized {
    type C;

    fn into_c(self) -> Self::C;

    /// What says that an exception is set.
    fn error() -> Self::C;
}

impl<T: HasHeader> Output for Py<T> {
    type C = *mut PyObject;

    fn into_c(self) -> Self::C {
        self.into_pointer()
    }

    fn error() -> Self::C {
        ptr::null_mut()
    }
}

/// Null without an exception: there is nothing.
impl<T: HasHeader> Output for Option<Py<T>> {
    type C = *mut PyObject;

    fn into_c(self) -> Self::C {
        self.map_or(ptr::null_mut(), Py::into_pointer)
    }

    fn error() -> Self::C {
        ptr::null_mut()
    }
}

/// 0, or -1 with an exception set.
impl Output for () {
    type C = c_int;

    fn into_c(self) -> c_int {
        0
    }

    fn error() -> c_int {
        -1
    }
}

/// 0 or 1, or -1 with an exception set.
impl Output for bool {
    type C = c_int;

    fn into_c(self) -> c_int {
        c_int::from(self)
    }

    fn error() -> c_int {
        -1
    }
}

/// No result at all.
pub struct Nothing;

impl Output for Nothing {
    type C = ();

    fn into_c(self) {}

    fn error() {}
}

/// 0 or 1; 0 also where something went wrong, since the function has no way to tell.
pub struct Flag(pub bool);

impl Output for Flag {
    type C = c_int;

    fn into_c(self) -> c_int {
        c_int::from(self.0)
    }

    fn error() -> c_int {
        0
    }
}

/// Numbers: -1, or what is -1 in two's complement, says that an exception is set.
macro_rules! numbers {
    ($($kind:ty, $error:expr;)*) => {$(
        impl Output for $kind {
            type C = Self;

            fn into_c(self) -> Self {
                self
            }

            fn error() -> Self {
                $error
            }
        }
    )*};
}

numbers! { i32, -1; i64, -1; isize, -1; u32, u32::MAX; u64, u64::MAX; usize, usize::MAX; f64, -1.0; }

impl<T> Output for *mut T {
    type C = Self;

    fn into_c(self) -> Self {
        self
    }

    fn error() -> Self {
        ptr::null_mut()
    }
}

impl<T> Output for *const T {
    type C = Self;

    fn into_c(self) -> Self {
        self
    }

    fn error() -> Self {
        ptr::null()
    }
}

/// Text of C's, in UTF-8.
pub fn text(pointer: &CStr) -> String {
    pointer.to_string_lossy().into_owned()
}
