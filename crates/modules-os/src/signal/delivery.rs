//! From the system's signal to the Python function.
//!
//! ```text
//! signal → [on_signal]: notes the signal, asks the main thread for attention, writes to the wakeup descriptor
//!        → eval breaker of the main thread → [run_handlers]: calls the Python functions
//! ```
//! A signal arrives in any thread at any point, so what [`on_signal`] touches is atomic and belongs to the process; everything else is
//! the interpreter's.

use std::cell::{Cell, RefCell};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicUsize, Ordering};

use interpreter::frame::{self, FrameObject};
use objects::errors::{OSError, PyResult};
use objects::protocol::{self, make_int};
use objects::refs::{Field, Object, Py};
use objects::thread::pending::request;
use objects::thread::{Thread, ThreadState};
use system::call;
use system::zeroed::Zeroed;

use super::SIGNAL_COUNT;

/// Signals that have arrived and whose functions have not run yet.
static ARRIVED: [AtomicBool; SIGNAL_COUNT] = [const { AtomicBool::new(false) }; SIGNAL_COUNT];
/// True if one of them may be set.
static ANY_ARRIVED: AtomicBool = AtomicBool::new(false);
/// Where a byte is written for each signal; −1 for nowhere.
static WAKEUP: AtomicI32 = AtomicI32::new(-1);
/// The error of writing there that is to be reported; zero for none.
static WAKEUP_ERROR: AtomicI32 = AtomicI32::new(0);
/// The eval breaker of the main thread, whose state lives as long as the process.
static BREAKER: AtomicPtr<AtomicUsize> = AtomicPtr::new(ptr::null_mut());

/// What the interpreter knows of its signals.
pub struct Handlers {
    /// What `getsignal` gives: a function, a number, or nothing where C code has set a handler.
    pub functions: RefCell<Vec<Field>>,
    /// The main thread's state, by address.
    pub main_thread: Cell<*const ThreadState>,
    /// `signal.ItimerError`.
    pub timer_error: Field,
    /// `warn_on_full_buffer` of `set_wakeup_fd`.
    pub warns_of_full_buffer: Cell<bool>,
}

impl Default for Handlers {
    fn default() -> Self {
        Self {
            functions: RefCell::new((0..SIGNAL_COUNT).map(|_| Field::EMPTY).collect()),
            main_thread: Cell::new(ptr::null()),
            timer_error: Field::EMPTY,
            warns_of_full_buffer: Cell::new(true),
        }
    }
}

impl Handlers {
    pub fn get(&self, signal: usize) -> Option<Py<Object>> {
        self.functions.borrow().get(signal).and_then(Field::get)
    }

    pub fn replace(&self, signal: usize, function: Option<Py<Object>>) -> Option<Py<Object>> {
        self.functions.borrow().get(signal).and_then(|it| it.replace(function))
    }
}

/// The handler that the system calls: only atomics, and one `write`.
extern "C" fn on_signal(signal: libc::c_int) {
    let saved = call::last_error();
    if let Some(arrived) = usize::try_from(signal).ok().and_then(|it| ARRIVED.get(it)) {
        arrived.store(true, Ordering::Relaxed);
        ANY_ARRIVED.store(true, Ordering::SeqCst);
        // SAFETY: null, or the word in the main thread's state, which lives as long as the process.
        if let Some(breaker) = unsafe { BREAKER.load(Ordering::Relaxed).as_ref() } {
            breaker.fetch_or(request::SIGNAL, Ordering::SeqCst);
        }
        let wakeup = WAKEUP.load(Ordering::Relaxed);
        if wakeup != -1 {
            let byte = signal as u8;
            // SAFETY: one byte of a local; `write` may be called from a signal's handler.
            if unsafe { libc::write(wakeup, (&raw const byte).cast(), 1) } < 0 {
                WAKEUP_ERROR.store(call::last_error(), Ordering::Relaxed);
            }
        }
    }
    // SAFETY: the thread's own variable.
    unsafe { *libc::__errno_location() = saved };
}

/// What the system does on a signal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Default,
    Ignore,
    /// Python code decides.
    Note,
}

/// Tells the system what to do on a signal.
pub fn set_action(signal: i32, action: Action) -> Result<(), i32> {
    let mut new = libc::sigaction::zeroed();
    new.sa_sigaction = match action {
        Action::Default => libc::SIG_DFL,
        Action::Ignore => libc::SIG_IGN,
        Action::Note => on_signal as *const () as usize,
    };
    // So that a thread with an alternative stack, for reports of faults, uses it.
    new.sa_flags = libc::SA_ONSTACK;
    // SAFETY: a whole struct, with a handler that keeps to what handlers may do.
    if unsafe { libc::sigaction(signal, &new, ptr::null_mut()) } < 0 { Err(call::last_error()) } else { Ok(()) }
}

/// What the system does on a signal now; None where there is no such signal.
pub fn current_action(signal: i32) -> Option<libc::sighandler_t> {
    let mut old = libc::sigaction::zeroed();
    // SAFETY: a local to write to.
    let status = unsafe { libc::sigaction(signal, ptr::null(), &mut old) };
    (status == 0).then_some(old.sa_sigaction)
}

/// The descriptor that is written to on each signal, put in the place of the one before.
pub fn replace_wakeup(descriptor: i32) -> i32 {
    WAKEUP.swap(descriptor, Ordering::SeqCst)
}

/// Makes this thread the one that runs the functions of signals. To be called by the main thread.
pub fn install(thread: &mut Thread) {
    let state = ptr::from_ref(thread.state());
    let breaker = ptr::from_ref(&thread.state().base().eval_breaker).cast_mut();
    let handlers = thread.interpreter().extension::<Handlers>();
    handlers.main_thread.set(state);
    BREAKER.store(breaker.cast(), Ordering::SeqCst);
    let mut pending = thread.interpreter().pending_handlers.get();
    pending.signal = Some(run_handlers);
    thread.interpreter().pending_handlers.set(pending);
    thread.interpreter().hooks.simulate_signal.set(Some(simulate));
}

/// Does what the arrival of a signal does, where a Python function is to be called on it; false if there is no such signal.
fn simulate(signal: i32, thread: &mut Thread) -> bool {
    let Some(number) = usize::try_from(signal).ok().filter(|it| (1..SIGNAL_COUNT).contains(it)) else { return false };
    let handlers = thread.interpreter().extension::<Handlers>();
    if handlers.get(number).is_some_and(|it| !is_number(&it) && !it.is_none()) {
        on_signal(signal);
    }
    true
}

/// True in the thread that may set and run handlers.
pub fn is_main_thread(thread: &Thread) -> bool {
    thread.interpreter().extension::<Handlers>().main_thread.get() == ptr::from_ref(thread.state())
}

/// After a fork: signals that the parent had not handled are not the child's, and this thread is its main thread.
pub fn after_fork_in_child(thread: &mut Thread) {
    for arrived in &ARRIVED {
        arrived.store(false, Ordering::Relaxed);
    }
    ANY_ARRIVED.store(false, Ordering::SeqCst);
    let installed = !thread.interpreter().extension::<Handlers>().main_thread.get().is_null();
    if installed {
        install(thread);
    }
}

/// The frame that a signal interrupted, or None.
fn interrupted_frame(thread: &mut Thread) -> PyResult<Py<Object>> {
    match frame::first_complete(thread.state().base().current_frame.get().cast()) {
        Some(frame) => FrameObject::of(frame, thread).map(Py::into_object),
        None => Ok(thread.none()),
    }
}

/// Runs the functions of the signals that have arrived.
fn run_handlers(thread: &mut Thread) -> PyResult<()> {
    if !is_main_thread(thread) || !ANY_ARRIVED.swap(false, Ordering::SeqCst) {
        return Ok(());
    }
    report_wakeup_error(thread);
    let handlers = thread.interpreter().extension::<Handlers>();
    for (signal, arrived) in ARRIVED.iter().enumerate() {
        if !arrived.swap(false, Ordering::SeqCst) {
            continue;
        }
        let Some(function) = handlers.get(signal).filter(|it| !is_number(it) && !it.is_none()) else {
            report_lost(signal, thread);
            continue;
        };
        if let Err(raised) = call_function(&function, signal, thread) {
            // The others have their turn at the next check.
            ANY_ARRIVED.store(true, Ordering::SeqCst);
            thread.request(request::SIGNAL);
            return Err(raised);
        }
    }
    Ok(())
}

fn is_number(object: &Object) -> bool {
    object.downcast::<objects::int::Int>().is_some()
}

fn call_function(function: &Object, signal: usize, thread: &mut Thread) -> PyResult<()> {
    let frame = interrupted_frame(thread)?;
    let signal = make_int(signal as i128, thread);
    protocol::call(function, &[&signal, &frame], thread).map(drop)
}

/// The signal's function was taken away between its arrival and now.
fn report_lost(signal: usize, thread: &mut Thread) {
    let message = format_args!("Signal {signal} ignored due to race condition");
    let raised = thread.raise_message(OSError, message);
    thread.report_unraisable(raised, "Exception ignored in", None);
}

/// Reports that a byte could not be written to the wakeup descriptor.
fn report_wakeup_error(thread: &mut Thread) {
    let number = WAKEUP_ERROR.swap(0, Ordering::SeqCst);
    let warns = thread.interpreter().extension::<Handlers>().warns_of_full_buffer.get();
    if number == 0 || (number == libc::EAGAIN && !warns) {
        return;
    }
    let raised = thread.raise_os_error(number, None);
    thread.report_unraisable(raised, "Exception ignored when trying to write to the signal wakeup fd", None);
}
