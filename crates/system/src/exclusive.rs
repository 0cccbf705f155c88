//! Long computations on the state of one object: compressors, checksums.
//!
//! The modules of compression and of hashes keep their states in an [`Exclusive`]. Its invariant: one thread at a time works on the state,
//! and nobody who waits for it holds the interpreter's lock, so the two locks cannot block one another.

use objects::errors::{OrMemoryError, PyResult, TryToVec};
use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use objects::gc::{Traverse, Visitor};
use objects::protocol::buffer::BytesLike;
use objects::thread::Thread;

/// Inputs from this size on are worth giving up the interpreter's lock for; CPython's limit for hashes.
pub const LONG: usize = 2048;

/// State that a computation needs for itself, even where it runs without the interpreter's lock.
pub struct Exclusive<T>(Mutex<T>);

impl<T> Traverse for Exclusive<T> {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl<T: Send> Exclusive<T> {
    pub const fn new(state: T) -> Self {
        Self(Mutex::new(state))
    }

    /// A panic that went by left nothing half-done that safe code could stumble over.
    fn wait(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Computes something while this thread keeps the interpreter's lock.
    pub fn with<R>(&self, thread: &mut Thread, compute: impl FnOnce(&mut T) -> R) -> R {
        let mut state = match self.0.try_lock() {
            Ok(state) => state,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => thread.without_lock(|| self.wait()),
        };
        compute(&mut state)
    }

    /// Computes something that touches no object, without the interpreter's lock.
    pub fn without_lock<R>(&self, thread: &mut Thread, compute: impl FnOnce(&mut T) -> R) -> R {
        thread.without_lock(|| compute(&mut self.wait()))
    }

    /// One of the two, by the size of the input.
    pub fn compute<R>(&self, size: usize, thread: &mut Thread, compute: impl FnOnce(&mut T) -> R) -> R {
        if size < LONG { self.with(thread, compute) } else { self.without_lock(thread, compute) }
    }
}

/// The bytes of an argument as they are now: those of `bytes` never change; others are copied, as another thread could change them while this
/// one computes without the interpreter's lock.
///
/// # Errors
///
/// MemoryError.
pub fn stable<'a>(data: &'a BytesLike<'_>, thread: &mut Thread) -> PyResult<Cow<'a, [u8]>> {
    match data {
        BytesLike::Bytes(contents) => Ok(Cow::Borrowed(contents)),
        BytesLike::Buffer(_) => data.as_slice(thread).try_to_vec().or_memory_error(thread).map(Cow::Owned),
    }
}
