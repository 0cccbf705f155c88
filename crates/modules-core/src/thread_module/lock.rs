//! `lock` and `RLock`.

use std::cell::Cell;
use std::mem::offset_of;
use std::time::{Duration, Instant};

use layout::PyObject;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use system::futex::{Futex, Outcome};

/// `TIMEOUT_MAX`: the longest wait in seconds, as CPython's on 64 bits.
pub const TIMEOUT_MAX: f64 = 9_223_372_036.0;

/// How long to wait for a lock.
#[derive(Clone, Copy)]
enum Patience {
    None,
    Until(Instant),
    Endless,
}

/// Reads `acquire(blocking=True, timeout=-1)`.
fn patience(blocking: bool, timeout: Option<&Object>, thread: &mut Thread) -> PyResult<Patience> {
    let seconds = match timeout {
        Some(timeout) => seconds(timeout, thread)?,
        None => -1.0,
    };
    if !blocking && seconds != -1.0 {
        return Err(raise!(thread, ValueError, "can't specify a timeout for a non-blocking call"));
    }
    if seconds < 0.0 && seconds != -1.0 {
        return Err(raise!(thread, ValueError, "timeout value must be a non-negative number"));
    }
    if !blocking || seconds == 0.0 {
        return Ok(Patience::None);
    }
    if seconds == -1.0 {
        return Ok(Patience::Endless);
    }
    if seconds > TIMEOUT_MAX {
        return Err(raise!(thread, OverflowError, "timeout value is too large"));
    }
    Ok(Instant::now().checked_add(Duration::from_secs_f64(seconds)).map_or(Patience::Endless, Patience::Until))
}

/// A number of seconds, rounded up to what the clock can tell.
fn seconds(value: &Object, thread: &mut Thread) -> PyResult<f64> {
    if let Some(float) = value.downcast::<objects::float::Float>() {
        let seconds = float.value();
        if seconds.is_nan() {
            return Err(raise!(thread, ValueError, "Invalid value NaN (not a number)"));
        }
        return Ok(seconds);
    }
    if !protocol::is_index(value) {
        let class = value.class().short_name();
        return Err(raise!(thread, TypeError, "'{class}' object cannot be interpreted as an integer or float"));
    }
    let integer = protocol::index(value, thread)?;
    match integer.to_i64() {
        Some(seconds) if seconds.checked_mul(1_000_000_000).is_some() => Ok(seconds as f64),
        _ => Err(raise!(thread, OverflowError, "timestamp too large to convert to C PyTime_t")),
    }
}

/// Takes a lock. While waiting, other threads run, and the handlers of signals that arrive do.
fn acquire(futex: &Futex, patience: Patience, thread: &mut Thread) -> PyResult<bool> {
    if futex.try_acquire() {
        return Ok(true);
    }
    let deadline = match patience {
        Patience::None => return Ok(false),
        Patience::Until(deadline) => Some(deadline),
        Patience::Endless => None,
    };
    loop {
        match thread.without_lock(|| futex.acquire(deadline)) {
            Outcome::Acquired => return Ok(true),
            Outcome::TimedOut => return Ok(false),
            Outcome::Interrupted => thread.check_signals()?,
        }
    }
}

/// `join(timeout=None)`: until when to wait; None for without end.
pub fn join_deadline(timeout: Option<&Object>, thread: &mut Thread) -> PyResult<Option<Instant>> {
    let Some(timeout) = timeout.filter(|it| !it.is_none()) else { return Ok(None) };
    let seconds = seconds(timeout, thread)?;
    if seconds < 0.0 {
        return Ok(None);
    }
    // Longer than anybody can wait is without end.
    Ok(Duration::try_from_secs_f64(seconds).ok().and_then(|it| Instant::now().checked_add(it)))
}

/// A word that the collector has nothing to do with.
pub struct Opaque<T>(pub T);

impl<T> Traverse for Opaque<T> {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// A lock without owner.
#[derive(Instance)]
#[repr(C)]
pub struct Lock {
    header: Header,
    futex: Opaque<Futex>,
    weak_references: Cell<*mut PyObject>,
}

impl Lock {
    pub fn new(thread: &mut Thread) -> Py<Lock> {
        let value = Lock {
            header: Header::new(Lock::class()),
            futex: Opaque(Futex::default()),
            weak_references: Cell::new(std::ptr::null_mut()),
        };
        Py::new(value, thread)
    }

    /// Takes the lock, however long that takes.
    pub fn acquire_endlessly(&self, thread: &mut Thread) -> PyResult<()> {
        acquire(&self.futex.0, Patience::Endless, thread).map(drop)
    }

    /// Frees the lock; false if it was free.
    pub fn free(&self) -> bool {
        self.futex.0.release()
    }
}

/// lock()
/// --
///
/// A lock object is a synchronization primitive.  To create a lock,
/// call threading.Lock().  Methods are:
///
/// acquire() -- lock the lock, possibly blocking until it can be obtained
/// release() -- unlock of the lock
/// locked() -- test whether the lock is currently locked
///
/// A lock is not owned by the thread that locked it; another thread may
/// unlock it.  A thread attempting to lock a lock that it has already locked
/// will block until another thread unlocks it.  Deadlocks may ensue.
#[python_type(name = "_thread.lock", base = BaseObject, flags(HEAPTYPE), weaklist_offset = offset_of!(Lock, weak_references))]
impl Lock {
    #[new]
    fn new_lock(class: &Type, thread: &mut Thread) -> Py<Lock> {
        let _ = class;
        Lock::new(thread)
    }

    #[slot(tp_repr)]
    fn repr(&self) -> String {
        let state = if self.futex.0.is_held() { "locked" } else { "unlocked" };
        format!("<{state} {} object at {:#x}>", self.class().full_name(), self.address())
    }

    /// acquire_lock($self, /, blocking=True, timeout=-1)
    /// --
    ///
    /// An obsolete synonym of acquire().
    #[method]
    fn acquire_lock(&self, blocking: bool, timeout: Option<&Object>, thread: &mut Thread) -> PyResult<bool> {
        self.acquire(blocking, timeout, thread)
    }

    /// acquire($self, /, blocking=True, timeout=-1)
    /// --
    ///
    /// Lock the lock.  Without argument, this blocks if the lock is already
    /// locked (even by the same thread), waiting for another thread to release
    /// the lock, and return True once the lock is acquired.
    /// With an argument, this will only block if the argument is true,
    /// and the return value reflects whether the lock is acquired.
    /// The blocking operation is interruptible.
    #[method]
    fn acquire(&self, blocking: bool, timeout: Option<&Object>, thread: &mut Thread) -> PyResult<bool> {
        let patience = patience(blocking, timeout, thread)?;
        acquire(&self.futex.0, patience, thread)
    }

    /// release_lock($self, /)
    /// --
    ///
    /// An obsolete synonym of release().
    #[method]
    fn release_lock(&self, thread: &mut Thread) -> PyResult<()> {
        self.release(thread)
    }

    /// release($self, /)
    /// --
    ///
    /// Release the lock, allowing another thread that is blocked waiting for
    /// the lock to acquire the lock.  The lock must be in the locked state,
    /// but it needn't be locked by the same thread that unlocks it.
    #[method]
    fn release(&self, thread: &mut Thread) -> PyResult<()> {
        if !self.futex.0.release() {
            return Err(raise!(thread, RuntimeError, "release unlocked lock"));
        }
        Ok(())
    }

    /// locked_lock($self, /)
    /// --
    ///
    /// An obsolete synonym of locked().
    #[method]
    fn locked_lock(&self) -> bool {
        self.locked()
    }

    /// locked($self, /)
    /// --
    ///
    /// Return whether the lock is in the locked state.
    #[method]
    fn locked(&self) -> bool {
        self.futex.0.is_held()
    }

    /// __enter__($self, /)
    /// --
    ///
    /// Lock the lock.
    #[method]
    fn __enter__(&self, thread: &mut Thread) -> PyResult<bool> {
        acquire(&self.futex.0, Patience::Endless, thread)
    }

    /// __exit__($self, /, *exc_info)
    /// --
    ///
    /// Release the lock.
    #[method]
    fn __exit__(&self, exc_info: &[&Object], thread: &mut Thread) -> PyResult<()> {
        let _ = exc_info;
        self.release(thread)
    }

    /// _at_fork_reinit($self, /)
    /// --
    #[method]
    fn _at_fork_reinit(&self) {
        self.futex.0.reset();
    }
}

/// A lock that its owner can take again.
#[derive(Instance)]
#[repr(C)]
pub struct RLock {
    header: Header,
    futex: Opaque<Futex>,
    /// The identity of the thread that holds the lock; zero if none does.
    owner: Cell<u64>,
    count: Cell<u64>,
    weak_references: Cell<*mut PyObject>,
}

impl RLock {
    fn is_owned_here(&self) -> bool {
        self.count.get() > 0 && self.owner.get() == super::identity()
    }

    fn take(&self, patience: Patience, thread: &mut Thread) -> PyResult<bool> {
        if self.is_owned_here() {
            let Some(count) = self.count.get().checked_add(1) else {
                return Err(raise!(thread, OverflowError, "Internal lock count overflowed"));
            };
            self.count.set(count);
            return Ok(true);
        }
        let taken = acquire(&self.futex.0, patience, thread)?;
        if taken {
            self.owner.set(super::identity());
            self.count.set(1);
        }
        Ok(taken)
    }

    fn free(&self) {
        self.count.set(0);
        self.owner.set(0);
        self.futex.0.release();
    }
}

#[python_type(name = "_thread.RLock", base = BaseObject, flags(HEAPTYPE, BASETYPE), weaklist_offset = offset_of!(RLock, weak_references))]
impl RLock {
    #[slot(tp_new)]
    fn new(class: &Type, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<RLock>> {
        // `threading` warns of arguments, which mean nothing.
        let _ = (arguments, keywords);
        let value = RLock {
            header: Header::new(RLock::class()),
            futex: Opaque(Futex::default()),
            owner: Cell::new(0),
            count: Cell::new(0),
            weak_references: Cell::new(std::ptr::null_mut()),
        };
        Py::new_in(class, value, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self) -> String {
        let state = if self.count.get() > 0 { "locked" } else { "unlocked" };
        let (class, owner, count) = (self.class().full_name(), self.owner.get(), self.count.get());
        format!("<{state} {class} object owner={owner} count={count} at {:#x}>", self.address())
    }

    /// acquire($self, /, blocking=True, timeout=-1)
    /// --
    ///
    /// Lock the lock.  `blocking` indicates whether we should wait
    /// for the lock to be available or not.  If `blocking` is False
    /// and another thread holds the lock, the method will return False
    /// immediately.  If `blocking` is True and another thread holds
    /// the lock, the method will wait for the lock to be released,
    /// take it and then return True.
    /// (note: the blocking operation is interruptible.)
    ///
    /// In all other cases, the method will return True immediately.
    /// Precisely, if the current thread already holds the lock, its
    /// internal counter is simply incremented. If nobody holds the lock,
    /// the lock is taken and its internal counter initialized to 1.
    #[method]
    fn acquire(&self, blocking: bool, timeout: Option<&Object>, thread: &mut Thread) -> PyResult<bool> {
        let patience = patience(blocking, timeout, thread)?;
        self.take(patience, thread)
    }

    /// release($self, /)
    /// --
    ///
    /// Release the lock, allowing another thread that is blocked waiting for
    /// the lock to acquire the lock.  The lock must be in the locked state,
    /// and must be locked by the same thread that unlocks it; otherwise a
    /// `RuntimeError` is raised.
    ///
    /// Do note that if the lock was acquire()d several times in a row by the
    /// current thread, release() needs to be called as many times for the lock
    /// to be available for other threads.
    #[method]
    fn release(&self, thread: &mut Thread) -> PyResult<()> {
        if !self.is_owned_here() {
            return Err(raise!(thread, RuntimeError, "cannot release un-acquired lock"));
        }
        if self.count.get() == 1 {
            self.free();
        } else {
            self.count.set(self.count.get() - 1);
        }
        Ok(())
    }

    /// locked($self, /)
    /// --
    ///
    /// locked()
    ///
    /// Return a boolean indicating whether this object is locked right now.
    #[method]
    fn locked(&self) -> bool {
        self.count.get() > 0
    }

    /// _is_owned($self, /)
    /// --
    ///
    /// For internal use by `threading.Condition`.
    #[method]
    fn _is_owned(&self) -> bool {
        self.is_owned_here()
    }

    /// _acquire_restore($self, state, /)
    /// --
    ///
    /// For internal use by `threading.Condition`.
    #[method]
    fn _acquire_restore(&self, state: &Object, thread: &mut Thread) -> PyResult<()> {
        let items = state.downcast::<Tuple>().map(|it| it.items().to_vec()).unwrap_or_default();
        let [count, owner] = &items[..] else {
            return Err(raise!(thread, TypeError, "_acquire_restore() argument 1 must be 2-item tuple"));
        };
        let (count, owner) = (protocol::index(count, thread)?, protocol::index(owner, thread)?);
        acquire(&self.futex.0, Patience::Endless, thread)?;
        self.count.set(count.to_i128().unwrap_or(0) as u64);
        self.owner.set(owner.to_i128().unwrap_or(0) as u64);
        Ok(())
    }

    /// _release_save($self, /)
    /// --
    ///
    /// For internal use by `threading.Condition`.
    #[method]
    fn _release_save(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if self.count.get() == 0 {
            return Err(raise!(thread, RuntimeError, "cannot release un-acquired lock"));
        }
        let state = [self.count.get(), self.owner.get()];
        self.free();
        let state = state.iter().map(|it| protocol::make_int(i128::from(*it), thread)).collect();
        Tuple::new(state, thread)
    }

    /// _recursion_count($self, /)
    /// --
    ///
    /// For internal use by reentrancy checks.
    #[method]
    fn _recursion_count(&self) -> u64 {
        if self.is_owned_here() { self.count.get() } else { 0 }
    }

    /// __enter__($self, /)
    /// --
    ///
    /// Lock the lock.
    #[method]
    fn __enter__(&self, thread: &mut Thread) -> PyResult<bool> {
        self.take(Patience::Endless, thread)
    }

    /// __exit__($self, /, *exc_info)
    /// --
    ///
    /// Release the lock.
    #[method]
    fn __exit__(&self, exc_info: &[&Object], thread: &mut Thread) -> PyResult<()> {
        let _ = exc_info;
        self.release(thread)
    }

    /// _at_fork_reinit($self, /)
    /// --
    #[method]
    fn _at_fork_reinit(&self) {
        self.futex.0.reset();
        self.owner.set(0);
        self.count.set(0);
    }
}
