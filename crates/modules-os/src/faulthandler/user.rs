//! Reports on signals of the program's choice: `register` and `unregister`.
//!
//! The table belongs to the process, as signals do; entries are written under the interpreter's lock, and read by the handler.

use std::cell::RefCell;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, Ordering};

use objects::refs::Field;
use objects::thread::Thread;
use system::call;
use system::zeroed::Zeroed;

use super::fatal::{note_interpreter, noted_interpreter};
use super::report::{Report, state_of_this_thread};
use super::target::Target;
use crate::signal::SIGNAL_COUNT;

struct Entry {
    registered: AtomicBool,
    descriptor: AtomicI32,
    all_threads: AtomicBool,
    chain: AtomicBool,
    /// What the system did before; stays once it was set, since a handler may be reading it.
    previous: AtomicPtr<libc::sigaction>,
}

impl Entry {
    const fn new() -> Self {
        Self {
            registered: AtomicBool::new(false),
            descriptor: AtomicI32::new(2),
            all_threads: AtomicBool::new(true),
            chain: AtomicBool::new(false),
            previous: AtomicPtr::new(ptr::null_mut()),
        }
    }
}

static ENTRIES: [Entry; SIGNAL_COUNT] = [const { Entry::new() }; SIGNAL_COUNT];

/// The files that reports go to, by signal.
struct Files(RefCell<Vec<Field>>);

impl Default for Files {
    fn default() -> Self {
        Self(RefCell::new((0..SIGNAL_COUNT).map(|_| Field::EMPTY).collect()))
    }
}

fn entry(signal: i32) -> Option<&'static Entry> {
    usize::try_from(signal).ok().and_then(|it| ENTRIES.get(it))
}

fn install(signal: i32, chain: bool) -> Result<libc::sigaction, i32> {
    let (mut new, mut old) = (libc::sigaction::zeroed(), libc::sigaction::zeroed());
    new.sa_sigaction = on_signal as *const () as usize;
    // System calls go on, unless another handler is to see the signal, too: that one must not be deferred.
    new.sa_flags = if chain { libc::SA_NODEFER } else { libc::SA_RESTART } | libc::SA_ONSTACK;
    // SAFETY: whole structs, and a handler that keeps to what handlers may do.
    if unsafe { libc::sigaction(signal, &new, &mut old) } < 0 { Err(call::last_error()) } else { Ok(old) }
}

/// Installs the handler for a signal, or changes what it does.
pub fn register(signal: i32, target: Target, all_threads: bool, chain: bool, thread: &mut Thread) -> Result<(), i32> {
    let Some(entry) = entry(signal) else { return Err(libc::EINVAL) };
    note_interpreter(thread);
    if !entry.registered.load(Ordering::SeqCst) {
        let previous = install(signal, chain)?;
        // Not freed: a handler may be reading the one before. A program has few signals.
        entry.previous.store(Box::into_raw(Box::new(previous)), Ordering::SeqCst);
    }
    entry.descriptor.store(target.descriptor, Ordering::SeqCst);
    entry.all_threads.store(all_threads, Ordering::SeqCst);
    entry.chain.store(chain, Ordering::SeqCst);
    entry.registered.store(true, Ordering::SeqCst);
    keep_file(signal, target, thread);
    Ok(())
}

fn keep_file(signal: i32, target: Target, thread: &mut Thread) {
    let files = thread.interpreter().extension::<Files>();
    let old = files.0.borrow().get(signal as usize).and_then(|it| it.replace(target.file));
    drop(old);
}

/// Takes the handler away; false if there was none.
pub fn unregister(signal: i32, thread: &mut Thread) -> bool {
    let Some(entry) = entry(signal) else { return false };
    if !entry.registered.swap(false, Ordering::SeqCst) {
        return false;
    }
    // SAFETY: `register` put a struct there that is never freed.
    unsafe { libc::sigaction(signal, entry.previous.load(Ordering::SeqCst), ptr::null_mut()) };
    keep_file(signal, Target { descriptor: -1, file: None }, thread);
    true
}

/// The handler that the system calls.
extern "C" fn on_signal(signal: libc::c_int) {
    let Some(entry) = entry(signal).filter(|it| it.registered.load(Ordering::SeqCst)) else { return };
    let saved = call::last_error();
    let interpreter = noted_interpreter();
    let current = interpreter.and_then(state_of_this_thread);
    let mut report = Report::to(entry.descriptor.load(Ordering::SeqCst));
    match interpreter {
        Some(interpreter) if entry.all_threads.load(Ordering::SeqCst) => report.all_threads(interpreter, current),
        _ => report.stack(current),
    }
    drop(report);
    if entry.chain.load(Ordering::SeqCst) {
        // SAFETY: structs that are never freed; the handler before this one gets the signal, and this one takes its place again.
        unsafe {
            libc::sigaction(signal, entry.previous.load(Ordering::SeqCst), ptr::null_mut());
            *libc::__errno_location() = saved;
            libc::raise(signal);
        }
        let _ = install(signal, true);
    }
    // SAFETY: the thread's own variable.
    unsafe { *libc::__errno_location() = saved };
}
