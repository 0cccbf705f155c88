//! `internal/pycore_lock.h`: what C code builds of words: things that are done once, locks that a thread can take again, locks for readers and
//! writers. Called by CPython's own extension modules, in whose memory the words are. (`PyMutex` is [`super::pythread`]'s.)

use std::ffi::{c_int, c_ulong, c_void};
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};

use crate::pystate::PyThread_get_thread_ident;
use crate::pythread::{PyMutex_Lock, PyMutex_Unlock, wait};

/// `_Py_ONCE_INITIALIZED`. Before that the flag is 0, or `_Py_LOCKED` while a thread does it.
const DONE: u8 = 4;

/// `_PyOnceFlag_CallOnce` where it was not done when the caller looked: 0 once the function has succeeded, here or elsewhere, -1 if it fails here.
///
/// # Safety
/// The flag lives, and the function may be called with the argument.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyOnceFlag_CallOnceSlow(
    flag: *mut AtomicU8,
    function: unsafe extern "C-unwind" fn(*mut c_void) -> c_int,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: C's caller passes a flag.
    let flag = unsafe { &*flag };
    let mut is_ours = false;
    wait(|| {
        let seen = flag.compare_exchange(0, layout::_Py_LOCKED, Ordering::AcqRel, Ordering::Acquire);
        is_ours = seen.is_ok();
        is_ours || seen == Err(DONE)
    });
    if !is_ours {
        return 0;
    }
    // SAFETY: C's caller says so.
    let status = unsafe { function(argument) };
    flag.store(if status < 0 { 0 } else { DONE }, Ordering::Release);
    if status < 0 { -1 } else { 0 }
}

/// `_PyRecursiveMutex`.
#[repr(C)]
pub struct RecursiveMutex {
    mutex: AtomicU8,
    /// Who has it, 0 for nobody.
    thread: AtomicU64,
    /// How often the owner has taken it, the first time apart.
    level: AtomicUsize,
}

fn this_thread() -> u64 {
    let number: c_ulong = PyThread_get_thread_ident();
    number
}

/// `_PyRecursiveMutex_IsLockedByCurrentThread`.
///
/// # Safety
/// The mutex lives.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyRecursiveMutex_IsLockedByCurrentThread(mutex: *mut RecursiveMutex) -> c_int {
    // SAFETY: C's caller passes a mutex.
    c_int::from(unsafe { &*mutex }.thread.load(Ordering::Relaxed) == this_thread())
}

/// `_PyRecursiveMutex_Lock`.
///
/// # Safety
/// The mutex lives.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyRecursiveMutex_Lock(mutex: *mut RecursiveMutex) {
    // SAFETY: C's caller passes a mutex.
    let own = unsafe { &*mutex };
    if own.thread.load(Ordering::Relaxed) == this_thread() {
        own.level.fetch_add(1, Ordering::Relaxed);
        return;
    }
    // SAFETY: it is a part of the mutex.
    unsafe { PyMutex_Lock((&raw const own.mutex).cast_mut()) };
    own.thread.store(this_thread(), Ordering::Relaxed);
}

/// `_PyRecursiveMutex_Unlock`.
///
/// # Safety
/// The mutex lives, and this thread has it.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyRecursiveMutex_Unlock(mutex: *mut RecursiveMutex) {
    // SAFETY: C's caller passes a mutex.
    let own = unsafe { &*mutex };
    if own.level.load(Ordering::Relaxed) > 0 {
        own.level.fetch_sub(1, Ordering::Relaxed);
        return;
    }
    own.thread.store(0, Ordering::Relaxed);
    // SAFETY: it is a part of the mutex.
    unsafe { PyMutex_Unlock((&raw const own.mutex).cast_mut()) };
}

// The word of `_PyRWMutex`: a bit for the writer, a bit for threads that wait, and how many readers there are.
const WRITER: usize = 1;
const WAITED_FOR: usize = 2;
const READER: usize = 4;

/// Waits until `take` yields another word.
fn take(word: &AtomicUsize, take: impl Fn(usize) -> Option<usize>) {
    wait(|| {
        let change = |bits| Some(take(bits).unwrap_or(bits | WAITED_FOR));
        let before = word.fetch_update(Ordering::AcqRel, Ordering::Acquire, change);
        before.is_ok_and(|bits| take(bits).is_some())
    });
}

/// `_PyRWMutex_RLock`. Where somebody waits already, so does a new reader: writers get their turn.
///
/// # Safety
/// The lock lives.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyRWMutex_RLock(lock: *mut AtomicUsize) {
    // SAFETY: C's caller passes a lock.
    take(unsafe { &*lock }, |bits| (bits & (WRITER | WAITED_FOR) == 0).then_some(bits + READER));
}

/// `_PyRWMutex_RUnlock`.
///
/// # Safety
/// The lock lives, and the thread reads.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyRWMutex_RUnlock(lock: *mut AtomicUsize) {
    // If a writer waits, the mark stays for it, so that no reader gets in between.
    // SAFETY: C's caller passes a lock.
    unsafe { &*lock }.fetch_sub(READER, Ordering::AcqRel);
}

/// `_PyRWMutex_Lock`.
///
/// # Safety
/// The lock lives.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyRWMutex_Lock(lock: *mut AtomicUsize) {
    // SAFETY: C's caller passes a lock.
    take(unsafe { &*lock }, |bits| (bits & !WAITED_FOR == 0).then_some(bits | WRITER));
}

/// `_PyRWMutex_Unlock`.
///
/// # Safety
/// The lock lives, and the thread writes.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyRWMutex_Unlock(lock: *mut AtomicUsize) {
    // SAFETY: C's caller passes a lock.
    unsafe { &*lock }.store(0, Ordering::Release);
}
