//! One generic function for each shape of slot: fetches the thread, borrows the objects, calls, converts the result.
//!
//! # Safety
//! All functions here are called by emitted slot functions only. The words are what the slot's C signature says: live objects, null
//! where the slot's protocol allows it; the thread is attached.
#![allow(clippy::missing_safety_doc, reason = "one contract for the whole file, above")]

use std::ffi::c_int;
use std::ptr;

use layout::{PYGEN_ERROR, PYGEN_NEXT, PYGEN_RETURN, Py_buffer, PyObject, PySendResult, PyTypeObject};

use crate::dict::Dict;
use crate::errors::PyResult;
use crate::method::IntoResult;
use crate::protocol::{Comparison, SendOutcome};
use crate::refs::{Object, Py, cast};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Type;

type Word = *mut PyObject;

/// The end of every slot function: a safe point, and the check of the error convention.
#[inline(always)]
fn finish<T>(result: PyResult<T>, thread: &mut Thread) -> Option<T> {
    debug_assert_eq!(result.is_err(), thread.is_raised(), "a slot's result disagrees with the exception set");
    thread.reap();
    result.ok()
}

#[inline(always)]
fn object(result: PyResult<Py<Object>>, thread: &mut Thread) -> Word {
    finish(result, thread).map_or(ptr::null_mut(), Py::into_pointer)
}

#[inline(always)]
fn status(result: PyResult<()>, thread: &mut Thread) -> c_int {
    if finish(result, thread).is_some() { 0 } else { -1 }
}

#[inline(always)]
unsafe fn live<'a>(word: Word) -> &'a Object {
    // SAFETY: this file's contract.
    unsafe { &*word.cast::<Object>() }
}

#[inline(always)]
pub unsafe fn unary<R: IntoResult>(receiver: Word, call: impl FnOnce(&Object, &mut Thread) -> R) -> Word {
    // SAFETY: this file's contract.
    let (receiver, mut thread) = unsafe { (live(receiver), Thread::current()) };
    let result = call(receiver, &mut thread).into_result(&mut thread);
    object(result, &mut thread)
}

/// `tp_iternext`: None says that the iterator is exhausted, which C reads from null without an exception.
#[inline(always)]
pub unsafe fn iternext<T: crate::refs::HasHeader>(
    receiver: Word,
    call: impl FnOnce(&Object, &mut Thread) -> PyResult<Option<Py<T>>>,
) -> Word {
    // SAFETY: this file's contract.
    let (receiver, mut thread) = unsafe { (live(receiver), Thread::current()) };
    let result = call(receiver, &mut thread);
    finish(result, &mut thread).flatten().map_or(ptr::null_mut(), Py::into_pointer)
}

#[inline(always)]
pub unsafe fn binary<R: IntoResult>(
    left: Word,
    right: Word,
    call: impl FnOnce(&Object, &Object, &mut Thread) -> R,
) -> Word {
    // SAFETY: this file's contract.
    let (left, right, mut thread) = unsafe { (live(left), live(right), Thread::current()) };
    let result = call(left, right, &mut thread).into_result(&mut thread);
    object(result, &mut thread)
}

#[inline(always)]
pub unsafe fn binary_method<R: IntoResult>(
    receiver: Word,
    other: Word,
    call: impl FnOnce(&Object, &Object, &mut Thread) -> R,
) -> Word {
    // SAFETY: passed on.
    unsafe { binary(receiver, other, call) }
}

/// `nb_power`: without a modulus the third word is None.
#[inline(always)]
pub unsafe fn ternary<R: IntoResult>(
    left: Word,
    right: Word,
    modulus: Word,
    call: impl FnOnce(&Object, &Object, &Object, &mut Thread) -> R,
) -> Word {
    // SAFETY: this file's contract.
    let (left, right, modulus, mut thread) = unsafe { (live(left), live(right), live(modulus), Thread::current()) };
    let result = call(left, right, modulus, &mut thread).into_result(&mut thread);
    object(result, &mut thread)
}

#[inline(always)]
pub unsafe fn call<R: IntoResult>(
    receiver: Word,
    arguments: Word,
    keywords: Word,
    call: impl FnOnce(&Object, &Tuple, Option<&Dict>, &mut Thread) -> R,
) -> Word {
    // SAFETY: this file's contract: a tuple, and a dict or null.
    unsafe {
        let mut thread = Thread::current();
        let keywords = Object::from_pointer(keywords).map(|it| cast::<Dict>(it));
        let result = call(live(receiver), cast(live(arguments)), keywords, &mut thread).into_result(&mut thread);
        object(result, &mut thread)
    }
}

#[inline(always)]
pub unsafe fn new<R: IntoResult>(
    class: *mut PyTypeObject,
    arguments: Word,
    keywords: Word,
    call: impl FnOnce(&Type, &Tuple, Option<&Dict>, &mut Thread) -> R,
) -> Word {
    // SAFETY: this file's contract: a type, a tuple, and a dict or null.
    unsafe {
        let mut thread = Thread::current();
        let keywords = Object::from_pointer(keywords).map(|it| cast::<Dict>(it));
        let class = &*class.cast::<Type>();
        let result = call(class, cast(live(arguments)), keywords, &mut thread).into_result(&mut thread);
        object(result, &mut thread)
    }
}

#[inline(always)]
pub unsafe fn init(
    receiver: Word,
    arguments: Word,
    keywords: Word,
    call: impl FnOnce(&Object, &Tuple, Option<&Dict>, &mut Thread) -> PyResult<()>,
) -> c_int {
    // SAFETY: this file's contract: a tuple, and a dict or null.
    unsafe {
        let mut thread = Thread::current();
        let keywords = Object::from_pointer(keywords).map(|it| cast::<Dict>(it));
        let result = call(live(receiver), cast(live(arguments)), keywords, &mut thread);
        status(result, &mut thread)
    }
}

#[inline(always)]
pub unsafe fn inquiry(receiver: Word, call: impl FnOnce(&Object, &mut Thread) -> PyResult<bool>) -> c_int {
    // SAFETY: this file's contract.
    let (receiver, mut thread) = unsafe { (live(receiver), Thread::current()) };
    let result = call(receiver, &mut thread);
    finish(result, &mut thread).map_or(-1, c_int::from)
}

#[inline(always)]
pub unsafe fn length(receiver: Word, call: impl FnOnce(&Object, &mut Thread) -> PyResult<usize>) -> isize {
    // SAFETY: this file's contract.
    let (receiver, mut thread) = unsafe { (live(receiver), Thread::current()) };
    let result = call(receiver, &mut thread);
    finish(result, &mut thread).map_or(-1, |it| it as isize)
}

/// `tp_hash`: −1 is the error value, so a hash of −1 becomes −2.
#[inline(always)]
pub unsafe fn hash(receiver: Word, call: impl FnOnce(&Object, &mut Thread) -> PyResult<isize>) -> isize {
    // SAFETY: this file's contract.
    let (receiver, mut thread) = unsafe { (live(receiver), Thread::current()) };
    let result = call(receiver, &mut thread);
    finish(result, &mut thread).map_or(-1, |it| if it == -1 { -2 } else { it })
}

#[inline(always)]
pub unsafe fn index_argument<R: IntoResult>(
    receiver: Word,
    index: isize,
    call: impl FnOnce(&Object, isize, &mut Thread) -> R,
) -> Word {
    // SAFETY: this file's contract.
    let (receiver, mut thread) = unsafe { (live(receiver), Thread::current()) };
    let result = call(receiver, index, &mut thread).into_result(&mut thread);
    object(result, &mut thread)
}

/// `sq_ass_item`: null deletes.
#[inline(always)]
pub unsafe fn assign_index(
    receiver: Word,
    index: isize,
    value: Word,
    call: impl FnOnce(&Object, isize, Option<&Object>, &mut Thread) -> PyResult<()>,
) -> c_int {
    // SAFETY: this file's contract.
    let (receiver, value, mut thread) = unsafe { (live(receiver), Object::from_pointer(value), Thread::current()) };
    let result = call(receiver, index, value, &mut thread);
    status(result, &mut thread)
}

/// `mp_ass_subscript`, `tp_setattro`, `tp_descr_set`: null deletes.
#[inline(always)]
pub unsafe fn assign_object(
    receiver: Word,
    key: Word,
    value: Word,
    call: impl FnOnce(&Object, &Object, Option<&Object>, &mut Thread) -> PyResult<()>,
) -> c_int {
    // SAFETY: this file's contract.
    unsafe {
        let mut thread = Thread::current();
        let result = call(live(receiver), live(key), Object::from_pointer(value), &mut thread);
        status(result, &mut thread)
    }
}

/// A setter: null deletes.
#[inline(always)]
pub unsafe fn set_attribute(
    receiver: Word,
    value: Word,
    call: impl FnOnce(&Object, Option<&Object>, &mut Thread) -> PyResult<()>,
) -> c_int {
    // SAFETY: this file's contract.
    let (receiver, value, mut thread) = unsafe { (live(receiver), Object::from_pointer(value), Thread::current()) };
    let result = call(receiver, value, &mut thread);
    status(result, &mut thread)
}

#[inline(always)]
pub unsafe fn contains(
    receiver: Word,
    value: Word,
    call: impl FnOnce(&Object, &Object, &mut Thread) -> PyResult<bool>,
) -> c_int {
    // SAFETY: this file's contract.
    let (receiver, value, mut thread) = unsafe { (live(receiver), live(value), Thread::current()) };
    let result = call(receiver, value, &mut thread);
    finish(result, &mut thread).map_or(-1, c_int::from)
}

#[inline(always)]
pub unsafe fn compare<R: IntoResult>(
    receiver: Word,
    other: Word,
    operation: c_int,
    call: impl FnOnce(&Object, &Object, Comparison, &mut Thread) -> R,
) -> Word {
    // SAFETY: this file's contract.
    let (receiver, other, mut thread) = unsafe { (live(receiver), live(other), Thread::current()) };
    let result = call(receiver, other, Comparison::from_code(operation), &mut thread).into_result(&mut thread);
    object(result, &mut thread)
}

#[inline(always)]
pub unsafe fn descriptor_get<R: IntoResult>(
    receiver: Word,
    instance: Word,
    owner: Word,
    call: impl FnOnce(&Object, Option<&Object>, Option<&Object>, &mut Thread) -> R,
) -> Word {
    // SAFETY: this file's contract.
    unsafe {
        let mut thread = Thread::current();
        let (instance, owner) = (Object::from_pointer(instance), Object::from_pointer(owner));
        let result = call(live(receiver), instance, owner, &mut thread).into_result(&mut thread);
        object(result, &mut thread)
    }
}

/// `tp_finalize`: what it raises is the callee's to report.
#[inline(always)]
pub unsafe fn finalize(receiver: Word, call: impl FnOnce(&Object, &mut Thread)) {
    // SAFETY: this file's contract.
    let (receiver, mut thread) = unsafe { (live(receiver), Thread::current()) };
    call(receiver, &mut thread);
}

#[inline(always)]
pub unsafe fn get_buffer(
    receiver: Word,
    view: *mut Py_buffer,
    flags: c_int,
    call: impl FnOnce(&Object, *mut Py_buffer, c_int, &mut Thread) -> PyResult<()>,
) -> c_int {
    // SAFETY: this file's contract.
    let (receiver, mut thread) = unsafe { (live(receiver), Thread::current()) };
    let result = call(receiver, view, flags, &mut thread);
    status(result, &mut thread)
}

#[inline(always)]
pub unsafe fn release_buffer(
    receiver: Word,
    view: *mut Py_buffer,
    call: impl FnOnce(&Object, *mut Py_buffer, &mut Thread),
) {
    // SAFETY: this file's contract.
    let (receiver, mut thread) = unsafe { (live(receiver), Thread::current()) };
    call(receiver, view, &mut thread);
}

#[inline(always)]
pub unsafe fn send(
    receiver: Word,
    argument: Word,
    result: *mut Word,
    call: impl FnOnce(&Object, &Object, &mut Thread) -> PyResult<SendOutcome>,
) -> PySendResult {
    // SAFETY: this file's contract.
    let (receiver, argument, mut thread) = unsafe { (live(receiver), live(argument), Thread::current()) };
    let outcome = call(receiver, argument, &mut thread);
    let (code, value) = match finish(outcome, &mut thread) {
        Some(SendOutcome::Yielded(value)) => (PYGEN_NEXT, value.into_pointer()),
        Some(SendOutcome::Returned(value)) => (PYGEN_RETURN, value.into_pointer()),
        None => (PYGEN_ERROR, ptr::null_mut()),
    };
    // SAFETY: the caller passes where the result goes.
    unsafe { result.write(value) };
    code
}
