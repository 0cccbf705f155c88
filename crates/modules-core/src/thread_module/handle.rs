//! `_ThreadHandle`: a thread that can be joined.
//!
//! The thread and its handle share a [`Course`], which outlives either. Its lock is held until the thread has ended, and then passed on from one waiting
//! thread to the next, so that waiting ends when signals arrive, as for any lock.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

use super::lock::{Opaque, join_deadline};
use super::state;
use system::futex::{Futex, Outcome};

/// How far a thread is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Phase {
    NotStarted,
    Starting,
    Running,
    Done,
}

/// What a thread and its handle share.
pub struct Course {
    phase: AtomicU8,
    identity: AtomicU64,
    /// Held until the thread has ended.
    end: Futex,
    /// The system's thread, until somebody joins it. Only touched with the interpreter's lock.
    native: Mutex<Option<JoinHandle<()>>>,
}

impl Course {
    fn new(phase: Phase, identity: u64) -> Arc<Self> {
        let course = Self {
            phase: AtomicU8::new(phase as u8),
            identity: AtomicU64::new(identity),
            end: Futex::default(),
            native: Mutex::new(None),
        };
        course.end.try_acquire();
        Arc::new(course)
    }

    pub fn not_started(thread: &mut Thread) -> Arc<Self> {
        let course = Self::new(Phase::NotStarted, 0);
        state(thread).note(&course);
        course
    }

    fn is(&self, phase: Phase) -> bool {
        self.phase.load(Ordering::SeqCst) == phase as u8
    }

    fn set(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::SeqCst);
    }

    /// Claims the handle for a thread that is about to start; false if it had one already.
    pub fn begin(&self) -> bool {
        let (from, to) = (Phase::NotStarted as u8, Phase::Starting as u8);
        self.phase.compare_exchange(from, to, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    /// The thread could not be started after all.
    pub fn cancel(&self) {
        self.set(Phase::NotStarted);
    }

    /// The thread has started.
    pub fn run(&self, identity: u64, native: JoinHandle<()>) {
        self.identity.store(identity, Ordering::SeqCst);
        *self.native.lock().unwrap_or_else(PoisonError::into_inner) = Some(native);
        self.set(Phase::Running);
    }

    pub fn identity(&self) -> u64 {
        self.identity.load(Ordering::SeqCst)
    }

    pub fn is_done(&self) -> bool {
        self.is(Phase::Done)
    }

    /// The thread has ended, and has neither state nor lock any more.
    pub fn finish(&self) {
        if !self.is_done() {
            self.set(Phase::Done);
            self.end.release();
        }
    }

    /// In the child of a fork, where the thread is not.
    pub fn forget(&self) {
        // What stands for the system's thread would be given back to the system, which does not know it here.
        std::mem::forget(self.native.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.end.reset();
        self.set(Phase::Done);
    }

    fn check_started(&self, thread: &mut Thread) -> PyResult<()> {
        if self.is(Phase::NotStarted) || self.is(Phase::Starting) {
            return Err(raise!(thread, RuntimeError, "thread not started"));
        }
        Ok(())
    }

    /// Waits for the thread's end.
    pub fn join(&self, deadline: Option<std::time::Instant>, thread: &mut Thread) -> PyResult<()> {
        self.check_started(thread)?;
        if !self.is_done() && self.identity() == super::identity() {
            return Err(raise!(thread, RuntimeError, "Cannot join current thread"));
        }
        if !self.is_done() && thread.interpreter().lock().is_closed() {
            // The thread never gets the lock again, and so never ends.
            return Err(raise!(thread, PythonFinalizationError, "cannot join thread at interpreter shutdown"));
        }
        while !self.is_done() {
            match thread.without_lock(|| self.end.acquire(deadline)) {
                Outcome::Acquired => {
                    self.end.release();
                    break;
                }
                Outcome::TimedOut => return Ok(()),
                Outcome::Interrupted => thread.check_signals()?,
            }
        }
        let native = self.native.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(native) = native {
            // It has nothing left to do but to be gone.
            let joined = thread.without_lock(|| native.join());
            if joined.is_err() {
                return Err(raise!(thread, RuntimeError, "Failed joining thread"));
            }
        }
        Ok(())
    }

    fn set_done(&self, thread: &mut Thread) -> PyResult<()> {
        self.check_started(thread)?;
        drop(self.native.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.finish();
        state(thread).remove_awaited(self);
        Ok(())
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct ThreadHandle {
    header: Header,
    course: Opaque<Arc<Course>>,
}

impl ThreadHandle {
    fn make(course: Arc<Course>, thread: &mut Thread) -> Py<ThreadHandle> {
        Py::new(ThreadHandle { header: Header::new(ThreadHandle::class()), course: Opaque(course) }, thread)
    }

    /// A handle for a thread that is still to be started.
    pub fn not_started(thread: &mut Thread) -> Py<ThreadHandle> {
        let course = Course::not_started(thread);
        Self::make(course, thread)
    }

    /// A handle for a thread that runs already.
    pub fn running(identity: u64, thread: &mut Thread) -> Py<ThreadHandle> {
        let course = Course::new(Phase::Running, identity);
        state(thread).note(&course);
        Self::make(course, thread)
    }

    pub fn course(&self) -> &Arc<Course> {
        &self.course.0
    }
}

#[python_type(name = "_thread._ThreadHandle", base = BaseObject, flags(HEAPTYPE))]
impl ThreadHandle {
    #[new]
    #[signature("()")]
    fn new(class: &Type, thread: &mut Thread) -> Py<ThreadHandle> {
        let _ = class;
        ThreadHandle::not_started(thread)
    }

    #[slot(tp_repr)]
    fn repr(&self) -> String {
        format!("<{} object: ident={}>", self.class().full_name(), self.course().identity())
    }

    #[getter]
    fn ident(&self) -> u64 {
        self.course().identity()
    }

    #[method]
    #[signature("(timeout=None, /)")]
    fn join(&self, timeout: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let deadline = join_deadline(timeout, thread)?;
        let course = self.course().clone();
        course.join(deadline, thread)
    }

    /// _set_done($self, /)
    /// --
    #[method]
    fn _set_done(&self, thread: &mut Thread) -> PyResult<()> {
        let course = self.course().clone();
        course.set_done(thread)
    }

    /// is_done($self, /)
    /// --
    #[method]
    fn is_done(&self) -> bool {
        self.course().is_done()
    }
}

/// A course that is kept only while somebody else keeps it.
pub type WeakCourse = Weak<Course>;
