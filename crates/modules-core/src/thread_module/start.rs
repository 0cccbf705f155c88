//! Starting threads, and what a new thread does from beginning to end.

use std::cell::{Cell, RefCell};
use std::os::unix::thread::JoinHandleExt;
use std::sync::{Arc, Weak};

use objects::dict::Dict;
use objects::errors::{PyResult, SystemExit};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::{NewThread, Thread};
use objects::tuple::Tuple;

use super::handle::{Course, WeakCourse};
use super::local;

/// What the module keeps for an interpreter.
#[derive(Default)]
pub struct State {
    /// The threads that run, but for the main thread and those started by other means.
    pub count: Cell<usize>,
    /// `stack_size`; zero for the system's own choice.
    pub stack_size: Cell<usize>,
    /// The threads that the end of the program waits for.
    awaited: RefCell<Vec<Arc<Course>>>,
    /// All threads that somebody has a handle of.
    known: RefCell<Vec<WeakCourse>>,
}

impl State {
    /// Adds a thread to those that are marked as gone after a fork.
    pub fn note(&self, course: &Arc<Course>) {
        let mut known = self.known.borrow_mut();
        known.retain(|it| it.strong_count() > 0);
        known.push(Arc::downgrade(course));
    }

    pub fn remove_awaited(&self, course: &Course) {
        self.awaited.borrow_mut().retain(|it| !std::ptr::eq(&**it, course));
    }

    /// A thread that the end of the program waits for, if there is one other than this.
    fn next_awaited(&self) -> Option<Arc<Course>> {
        let own = super::identity();
        self.awaited.borrow().iter().find(|it| it.identity() != own).cloned()
    }
}

/// What a new thread is to do.
pub struct Job {
    pub function: Py<Object>,
    pub arguments: Py<Tuple>,
    pub keywords: Option<Py<Dict>>,
}

/// What goes over to a new thread.
struct Luggage(NewThread, Job, Arc<Course>);

// SAFETY: the objects are touched only by the thread that has the interpreter's lock: this one until it has given it up, then the new one, which
// takes it first of all.
unsafe impl Send for Luggage {}

/// Bytes of stack beyond what a program asks for: room for handling errors, and for the library that starts threads.
const STACK_RESERVE: usize = 256 * 1024;

/// Bytes of stack that native recursion may use where the system sets no limit.
const MOST_STACK: usize = 64 << 20;

/// Bounds native recursion on the thread that runs here by the stack that the system gave it.
pub fn adopt_system_stack(thread: &mut Thread) {
    let marker = 0u8;
    let here = std::ptr::from_ref(&marker).addr();
    let Some((lowest, size)) = system_stack() else { return };
    let (Some(top), true) = (lowest.checked_add(size), lowest < here) else { return };
    // The main thread's stack grows into its place when it is used; what lies there meanwhile is nobody's.
    let lowest = (lowest + STACK_RESERVE).max(here.saturating_sub(MOST_STACK));
    thread.set_stack_bounds(lowest, top.max(here));
}

/// The lowest address of this thread's stack without its guard, and its size.
fn system_stack() -> Option<(usize, usize)> {
    let mut attributes = std::mem::MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut lowest, mut size, mut guard) = (std::ptr::null_mut(), 0, 0);
    // SAFETY: the first call fills in the attributes or fails; the others read them; the last frees what the first allocated.
    unsafe {
        if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
            return None;
        }
        let stack = libc::pthread_attr_getstack(attributes.as_ptr(), &mut lowest, &mut size);
        let guarded = libc::pthread_attr_getguardsize(attributes.as_ptr(), &mut guard);
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        if stack != 0 || guarded != 0 {
            return None;
        }
    }
    Some((lowest.addr() + guard, size.checked_sub(guard)?))
}

/// Bytes of stack, where neither the program nor the system sets a limit.
const DEFAULT_STACK: usize = 8 << 20;

/// The size that new threads' stacks have: what the program or the system says.
fn stack_size(chosen: usize) -> usize {
    if chosen != 0 {
        return chosen;
    }
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: a local to write to.
    let status = unsafe { libc::getrlimit(libc::RLIMIT_STACK, &mut limit) };
    if status == 0 && limit.rlim_cur != libc::RLIM_INFINITY {
        return (limit.rlim_cur as usize).clamp(1 << 20, 64 << 20);
    }
    DEFAULT_STACK
}

/// Starts a thread. `awaited`: the end of the program waits for it. The thread's identity.
pub fn start(course: &Arc<Course>, job: Job, awaited: bool, thread: &mut Thread) -> PyResult<u64> {
    if thread.interpreter().lock().is_closed() {
        return Err(raise!(thread, PythonFinalizationError, "can't create new thread at interpreter shutdown"));
    }
    if !thread.interpreter().isolation.settings().allow_threads {
        return Err(raise!(thread, RuntimeError, "thread is not supported for isolated subinterpreters"));
    }
    if !course.begin() {
        return Err(raise!(thread, RuntimeError, "thread already started"));
    }
    thread.interpreter().add_fork_handler(after_fork_in_child);
    let state = super::state(thread);
    let size = stack_size(state.stack_size.get());
    let luggage = Luggage(thread.prepare_thread(), job, course.clone());
    let builder = std::thread::Builder::new().stack_size(size + STACK_RESERVE);
    let waits = Arc::new(std::sync::Mutex::new(Some(luggage)));
    let theirs = waits.clone();
    let started = builder.spawn(move || {
        let luggage = theirs.lock().ok().and_then(|mut it| it.take());
        if let Some(luggage) = luggage {
            run(luggage, size);
        }
    });
    let Ok(native) = started else {
        if let Some(Luggage(new, ..)) = waits.lock().ok().and_then(|mut it| it.take()) {
            new.abandon(thread);
        }
        course.cancel();
        return Err(raise!(thread, RuntimeError, "can't start new thread"));
    };
    // The new thread gets the lock only after this one has given it up, and so finds all of this done.
    let identity = native.as_pthread_t();
    course.run(identity, native);
    state.count.set(state.count.get() + 1);
    if awaited {
        state.awaited.borrow_mut().push(course.clone());
    }
    Ok(identity)
}

/// The whole life of a new thread.
fn run(luggage: Luggage, stack: usize) {
    let Luggage(new, job, course) = luggage;
    let mut thread = new.attach();
    let marker = 0u8;
    let top = std::ptr::from_ref(&marker).addr();
    thread.set_stack_bounds(top.saturating_sub(stack), top);
    // SAFETY: the call cannot fail and touches nothing.
    let native = unsafe { libc::gettid() };
    thread.set_identity(super::identity(), native as u64);
    let called = protocol::call_tuple(&job.function, &job.arguments, job.keywords.as_deref(), &mut thread);
    match called {
        Ok(result) => result.release(&mut thread),
        Err(raised) if thread.raised_is(SystemExit) => thread.catch(raised).into_object().release(&mut thread),
        Err(raised) => thread.report_unraisable(raised, "Exception ignored in thread started by", Some(&job.function)),
    }
    let Job { function, arguments, keywords } = job;
    function.release(&mut thread);
    arguments.into_object().release(&mut thread);
    if let Some(keywords) = keywords {
        keywords.into_object().release(&mut thread);
    }
    thread.reap();
    local::forget_thread(&mut thread);
    let state = super::state(&mut thread);
    state.remove_awaited(&course);
    state.count.set(state.count.get() - 1);
    drop(state);
    thread.end();
    course.finish();
}

/// Waits for all threads that are not daemons, but for this one.
pub fn wait_for_all(thread: &mut Thread) -> PyResult<()> {
    let state = super::state(thread);
    while let Some(course) = state.next_awaited() {
        if let Err(raised) = course.join(None, thread) {
            thread.report_unraisable(raised, "Exception ignored while joining a thread in _thread._shutdown()", None);
            return Ok(());
        }
        state.remove_awaited(&course);
    }
    Ok(())
}

/// In the child of a fork only this thread is left.
fn after_fork_in_child(thread: &mut Thread) {
    let state = super::state(thread);
    let own = super::identity();
    let known: Vec<Arc<Course>> = state.known.borrow().iter().filter_map(Weak::upgrade).collect();
    for course in known {
        if course.identity() != own && !course.is_done() {
            course.forget();
        }
    }
    state.awaited.borrow_mut().retain(|it| it.identity() == own);
    state.count.set(usize::from(!state.awaited.borrow().is_empty()));
}
