//! `pythread.h`, `lock.h`, `cpython/pytime.h`: threads, locks and storage of threads for C code, and clocks.

use std::ffi::{c_char, c_int, c_ulong, c_void};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use layout::Py_tss_t;
use objects::thread::{Thread, ThreadState};

/// A lock that any thread may unlock.
#[derive(Default)]
pub struct Lock {
    locked: Mutex<bool>,
    freed: Condvar,
}

impl Lock {
    /// Locks; waits at most so long, or for ever. The caller has given up the interpreter's lock if it wants to.
    fn acquire(&self, limit: Option<Duration>) -> bool {
        let end = limit.map(|it| Instant::now() + it);
        let Ok(mut locked) = self.locked.lock() else { return false };
        while *locked {
            locked = match end {
                None => match self.freed.wait(locked) {
                    Ok(locked) => locked,
                    Err(_) => return false,
                },
                Some(end) => {
                    let left = end.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return false;
                    }
                    match self.freed.wait_timeout(locked, left) {
                        Ok((locked, _)) => locked,
                        Err(_) => return false,
                    }
                }
            };
        }
        *locked = true;
        true
    }

    fn release(&self) {
        if let Ok(mut locked) = self.locked.lock() {
            *locked = false;
        }
        self.freed.notify_one();
    }
}

/// `PyThread_allocate_lock`.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyThread_allocate_lock() -> *mut Lock {
    Box::into_raw(Box::default())
}

/// `PyThread_free_lock`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyThread_free_lock(lock: *mut Lock) {
    // SAFETY: C's caller passes what `PyThread_allocate_lock` gave, once.
    drop(unsafe { Box::from_raw(lock) });
}

/// `PyThread_acquire_lock`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyThread_acquire_lock(lock: *mut Lock, waits: c_int) -> c_int {
    // SAFETY: C's caller passes a lock.
    c_int::from(unsafe { &*lock }.acquire(if waits == 0 { Some(Duration::ZERO) } else { None }))
}

/// `PyThread_acquire_lock_timed`: microseconds, or -1 for ever.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyThread_acquire_lock_timed(
    lock: *mut Lock,
    microseconds: i64,
    _interruptible: c_int,
) -> c_int {
    let limit = u64::try_from(microseconds).ok().map(Duration::from_micros);
    // SAFETY: C's caller passes a lock.
    c_int::from(unsafe { &*lock }.acquire(limit))
}

/// `PyThread_release_lock`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyThread_release_lock(lock: *mut Lock) {
    // SAFETY: C's caller passes a lock.
    unsafe { &*lock }.release();
}

/// Waits for something, without the interpreter's lock if the thread has it.
pub(crate) fn wait(mut done: impl FnMut() -> bool) {
    if done() {
        return;
    }
    let mut block = || {
        let mut rounds = 0u32;
        while !done() {
            rounds += 1;
            if rounds < 64 {
                std::thread::yield_now();
            } else {
                std::thread::sleep(Duration::from_micros(50));
            }
        }
    };
    if ThreadState::current().is_null() {
        return block();
    }
    // SAFETY: the thread is attached.
    unsafe { Thread::current() }.without_lock(block);
}

/// `_Py_HAS_PARKED`: somebody waits for the mutex.
const WAITED_FOR: u8 = 2;

/// Locks a mutex, or marks it as waited for. Others that wait will mark it again.
fn try_lock(mutex: &AtomicU8) -> bool {
    let is_free = |bits: u8| bits & layout::_Py_LOCKED == 0;
    let change = |bits| Some(if is_free(bits) { layout::_Py_LOCKED } else { bits | WAITED_FOR });
    mutex.fetch_update(Ordering::AcqRel, Ordering::Relaxed, change).is_ok_and(is_free)
}

/// `PyMutex_Lock`: of C code's locks of one byte.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyMutex_Lock(mutex: *mut AtomicU8) {
    // SAFETY: C's caller passes a mutex.
    let bits = unsafe { &*mutex };
    wait(|| try_lock(bits));
}

/// `_PyMutex_LockTimed`: waits at most so many nanoseconds, or for ever if they are below zero; 1 if it has locked.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyMutex_LockTimed(mutex: *mut AtomicU8, nanoseconds: i64, _flags: c_int) -> c_int {
    // SAFETY: C's caller passes a mutex.
    let bits = unsafe { &*mutex };
    let end = u64::try_from(nanoseconds).ok().map(|it| Instant::now() + Duration::from_nanos(it));
    let mut locked = false;
    wait(|| {
        locked = try_lock(bits);
        locked || end.is_some_and(|it| Instant::now() >= it)
    });
    c_int::from(locked)
}

/// `PyMutex_Unlock`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyMutex_Unlock(mutex: *mut AtomicU8) {
    // SAFETY: C's caller passes a mutex.
    unsafe { &*mutex }.store(0, Ordering::Release);
}

/// `PyMutex_IsLocked`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyMutex_IsLocked(mutex: *mut AtomicU8) -> c_int {
    // SAFETY: C's caller passes a mutex.
    c_int::from(unsafe { &*mutex }.load(Ordering::Relaxed) & layout::_Py_LOCKED != 0)
}

/// Critical sections: under the one lock of this build they have nothing to do.
macro_rules! nothing {
    ($(fn $name:ident;)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C-unwind" fn $name() {}
    )*};
}

nothing! {
    fn PyCriticalSection_Begin; fn PyCriticalSection_End; fn PyCriticalSection2_Begin; fn PyCriticalSection2_End;
    fn _PyEval_StopTheWorld; fn _PyEval_StartTheWorld;
}

/// An event: one byte.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyEvent_Notify(event: *mut AtomicBool) {
    // SAFETY: C's caller passes an event.
    unsafe { &*event }.store(true, Ordering::Release);
}

/// `PyEvent_Wait`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyEvent_Wait(event: *mut AtomicBool) {
    // SAFETY: C's caller passes an event.
    let event = unsafe { &*event };
    wait(|| event.load(Ordering::Acquire));
}

/// `PyThread_tss_create` and its kin: storage of threads.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyThread_tss_create(key: *mut Py_tss_t) -> c_int {
    // SAFETY: C's caller passes a key.
    let key = unsafe { &*key };
    if key._is_initialized.get() != 0 {
        return 0;
    }
    let mut made = 0;
    // SAFETY: there is room for the key.
    if unsafe { libc::pthread_key_create(&raw mut made, None) } != 0 {
        return -1;
    }
    key._key.set(made);
    key._is_initialized.set(1);
    0
}

/// `PyThread_tss_delete`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyThread_tss_delete(key: *mut Py_tss_t) {
    // SAFETY: C's caller passes a key.
    let key = unsafe { &*key };
    if key._is_initialized.replace(0) != 0 {
        // SAFETY: the key was created.
        unsafe { libc::pthread_key_delete(key._key.get()) };
    }
}

/// `PyThread_tss_is_created`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyThread_tss_is_created(key: *mut Py_tss_t) -> c_int {
    // SAFETY: C's caller passes a key.
    unsafe { (*key)._is_initialized.get() }
}

/// `PyThread_tss_set`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyThread_tss_set(key: *mut Py_tss_t, value: *mut c_void) -> c_int {
    // SAFETY: C's caller passes a key that was created.
    let status = unsafe { libc::pthread_setspecific((*key)._key.get(), value) };
    if status == 0 { 0 } else { -1 }
}

/// `PyThread_tss_get`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyThread_tss_get(key: *mut Py_tss_t) -> *mut c_void {
    // SAFETY: C's caller passes a key that was created.
    unsafe { libc::pthread_getspecific((*key)._key.get()) }
}

/// `PyThread_tss_alloc`.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyThread_tss_alloc() -> *mut Py_tss_t {
    crate::pymem::PyMem_RawCalloc(1, size_of::<Py_tss_t>()).cast()
}

/// `PyThread_tss_free`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyThread_tss_free(key: *mut Py_tss_t) {
    if !key.is_null() {
        // SAFETY: C's caller passes what `PyThread_tss_alloc` gave.
        unsafe {
            PyThread_tss_delete(key);
            crate::pymem::PyMem_RawFree(key.cast());
        }
    }
}

type ThreadFunction = unsafe extern "C-unwind" fn(*mut c_void);

/// A function and its argument on their way to a new thread.
struct Start(ThreadFunction, *mut c_void);

// SAFETY: C's caller means them for the new thread.
unsafe impl Send for Start {}

impl Start {
    fn run(self) {
        // SAFETY: the function's protocol.
        unsafe { (self.0)(self.1) }
    }
}

fn start(function: ThreadFunction, argument: *mut c_void) -> Option<std::thread::JoinHandle<()>> {
    let start = Start(function, argument);
    std::thread::Builder::new().spawn(move || start.run()).ok()
}

/// `PyThread_start_new_thread`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyThread_start_new_thread(function: ThreadFunction, argument: *mut c_void) -> c_ulong {
    use std::os::unix::thread::JoinHandleExt as _;
    start(function, argument).map_or(c_ulong::MAX, |it| it.as_pthread_t())
}

/// `PyThread_start_joinable_thread`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyThread_start_joinable_thread(
    function: ThreadFunction,
    argument: *mut c_void,
    identity: *mut c_ulong,
    handle: *mut c_ulong,
) -> c_int {
    use std::os::unix::thread::JoinHandleExt as _;
    let Some(thread) = start(function, argument) else { return -1 };
    let raw = thread.into_pthread_t();
    // SAFETY: C's caller passes room for both.
    unsafe {
        identity.write(raw);
        handle.write(raw);
    }
    0
}

/// `PyThread_join_thread`.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyThread_join_thread(handle: c_ulong) -> c_int {
    // SAFETY: C's caller passes the handle of a joinable thread, once.
    unsafe { libc::pthread_join(handle, std::ptr::null_mut()) }
}

/// `PyThread_detach_thread`.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyThread_detach_thread(handle: c_ulong) -> c_int {
    // SAFETY: as above.
    unsafe { libc::pthread_detach(handle) }
}

/// A clock of the system, in nanoseconds.
fn clock(number: libc::clockid_t, place: *mut i64) -> c_int {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: there is room for the time; C's caller passes room for the result.
    unsafe {
        if libc::clock_gettime(number, &raw mut time) != 0 {
            place.write(0);
            return -1;
        }
        place.write(time.tv_sec.saturating_mul(1_000_000_000).saturating_add(time.tv_nsec));
    }
    0
}

macro_rules! clocks {
    ($(fn $name:ident = $clock:ident;)*) => {$(
        /// # Safety
        /// As the C API says.
        #[unsafe(no_mangle)]
        pub unsafe extern "C-unwind" fn $name(place: *mut i64) -> c_int {
            clock(libc::$clock, place)
        }
    )*};
}

clocks! {
    fn PyTime_Time = CLOCK_REALTIME;
    fn PyTime_TimeRaw = CLOCK_REALTIME;
    fn PyTime_Monotonic = CLOCK_MONOTONIC;
    fn PyTime_MonotonicRaw = CLOCK_MONOTONIC;
    fn PyTime_PerfCounter = CLOCK_MONOTONIC;
    fn PyTime_PerfCounterRaw = CLOCK_MONOTONIC;
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyTime_AsSecondsDouble(time: i64) -> f64 {
    time as f64 / 1e9
}

/// `PyOS_mystricmp` and `PyOS_mystrnicmp`: comparison without regard to case.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyOS_mystricmp(left: *const c_char, right: *const c_char) -> c_int {
    // SAFETY: C's caller passes C strings.
    unsafe { libc::strcasecmp(left, right) }
}

/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyOS_mystrnicmp(left: *const c_char, right: *const c_char, size: isize) -> c_int {
    // SAFETY: C's caller passes C strings.
    unsafe { libc::strncasecmp(left, right, size.max(0) as usize) }
}
