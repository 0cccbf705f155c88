//! Reports after a time: `dump_traceback_later`. A thread of its own waits; it never takes the interpreter's lock.

use std::cell::RefCell;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use objects::refs::Field;
use objects::thread::Thread;

use super::fatal::{note_interpreter, noted_interpreter};
use super::report::Report;
use super::target::Target;

/// What a watchdog does.
#[derive(Clone, Copy)]
pub struct Order {
    pub microseconds: u64,
    pub repeat: bool,
    pub exit: bool,
}

/// Tells the thread to end.
#[derive(Default)]
struct Signal {
    ends: Mutex<bool>,
    changed: Condvar,
}

struct Watchdog {
    signal: Arc<Signal>,
    handle: JoinHandle<()>,
}

/// The interpreter's watchdog, and the file that it writes to.
#[derive(Default)]
struct State {
    current: RefCell<Option<Watchdog>>,
    file: Field,
}

/// Starts a watchdog in the place of the one before; false if the system has no thread for it.
pub fn start(order: Order, target: Target, thread: &mut Thread) -> bool {
    cancel(thread);
    note_interpreter(thread);
    thread.interpreter().add_fork_handler(forget);
    let signal = Arc::new(Signal::default());
    let (shared, descriptor) = (signal.clone(), target.descriptor);
    let Ok(handle) = std::thread::Builder::new().spawn(move || watch(order, descriptor, &shared)) else { return false };
    let state = thread.interpreter().extension::<State>();
    *state.current.borrow_mut() = Some(Watchdog { signal, handle });
    state.file.set(target.file);
    true
}

/// Ends the watchdog, if there is one.
pub fn cancel(thread: &mut Thread) {
    let state = thread.interpreter().extension::<State>();
    let current = state.current.borrow_mut().take();
    if let Some(watchdog) = current {
        *watchdog.signal.ends.lock().unwrap_or_else(PoisonError::into_inner) = true;
        watchdog.signal.changed.notify_all();
        // It ends at once, and it never panics.
        let _ = thread.without_lock(|| watchdog.handle.join());
    }
    state.file.set(None);
}

/// In the child of a fork the watchdog does not live on.
fn forget(thread: &mut Thread) {
    let state = thread.interpreter().extension::<State>();
    let current = state.current.borrow_mut().take();
    // The thread is gone, so nothing can be waited for or freed.
    std::mem::forget(current);
    state.file.set(None);
}

fn watch(order: Order, descriptor: i32, signal: &Signal) {
    let interval = Duration::from_micros(order.microseconds);
    block_signals();
    loop {
        if waits_in_vain(interval, signal) {
            return;
        }
        let mut report = Report::to(descriptor);
        heading(order.microseconds, &mut report);
        if let Some(interpreter) = noted_interpreter() {
            report.all_threads(interpreter, None);
        }
        drop(report);
        if order.exit {
            // SAFETY: ends the process at once, as asked for.
            unsafe { libc::_exit(1) };
        }
        if !order.repeat {
            return;
        }
    }
}

/// Waits; true if the watchdog is to end.
fn waits_in_vain(interval: Duration, signal: &Signal) -> bool {
    let start = Instant::now();
    let mut ends = signal.ends.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let Some(rest) = interval.checked_sub(start.elapsed()).filter(|it| !it.is_zero() && !*ends) else {
            return *ends;
        };
        ends = signal.changed.wait_timeout(ends, rest).unwrap_or_else(PoisonError::into_inner).0;
    }
}

/// Signals are for the threads of the program.
fn block_signals() {
    let mut all = std::mem::MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: a local that the first call fills in.
    unsafe {
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), std::ptr::null_mut());
    }
}

/// `Timeout (0:00:01.500000)!`
fn heading(microseconds: u64, report: &mut Report) {
    let (seconds, fraction) = (microseconds / 1_000_000, microseconds % 1_000_000);
    report.text("Timeout (").decimal(seconds / 3600, 1).text(":").decimal(seconds / 60 % 60, 2);
    report.text(":").decimal(seconds % 60, 2);
    if fraction > 0 {
        report.text(".").decimal(fraction, 6);
    }
    report.text(")!\n");
}
