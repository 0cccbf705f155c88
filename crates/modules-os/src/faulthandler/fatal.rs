//! Reports of faults: the handlers of the signals that end a process, and `Py_FatalError`.
//!
//! What the handlers read belongs to the process, as signals do: atomics, written by [`enable`] and [`disable`] under the interpreter's lock.

use std::cell::Cell;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, Ordering};

use builtins::set::FrozenSet;
use objects::module::Module;
use objects::protocol;
use objects::refs::{Field, Object, Py};
use objects::str::Str;
use objects::thread::{Interpreter, Thread, ThreadState};
use objects::tuple::Tuple;
use system::call;
use system::zeroed::Zeroed;

use super::report::{Report, state_of_this_thread};
use super::target::Target;

/// A signal that ends a process, and what it means.
struct Fatal {
    signal: i32,
    meaning: &'static str,
    /// What the system did before; null while the handler is not installed.
    previous: AtomicPtr<libc::sigaction>,
}

impl Fatal {
    const fn new(signal: i32, meaning: &'static str) -> Self {
        Self { signal, meaning, previous: AtomicPtr::new(ptr::null_mut()) }
    }
}

static FATAL: [Fatal; 5] = [
    Fatal::new(libc::SIGBUS, "Bus error"),
    Fatal::new(libc::SIGILL, "Illegal instruction"),
    Fatal::new(libc::SIGFPE, "Floating-point exception"),
    Fatal::new(libc::SIGABRT, "Aborted"),
    Fatal::new(libc::SIGSEGV, "Segmentation fault"),
];

static ENABLED: AtomicBool = AtomicBool::new(false);
static DESCRIPTOR: AtomicI32 = AtomicI32::new(2);
static ALL_THREADS: AtomicBool = AtomicBool::new(true);
static NATIVE_STACK: AtomicBool = AtomicBool::new(true);
/// The interpreter whose threads are shown.
static INTERPRETER: AtomicPtr<Interpreter> = AtomicPtr::new(ptr::null_mut());

/// Bytes of the stack that handlers run on, so that an overflow of the ordinary one can be reported.
const STACK_SIZE: usize = 128 * 1024;

/// What the interpreter keeps for the handlers.
#[derive(Default)]
pub struct State {
    file: Field,
    has_stack: Cell<bool>,
}

/// True for signals that have a handler here, if it is enabled.
pub fn is_fatal(signal: i32) -> bool {
    FATAL.iter().any(|it| it.signal == signal)
}

pub fn is_enabled() -> bool {
    ENABLED.load(Ordering::SeqCst)
}

/// Notes which interpreter's threads are to be shown.
pub fn note_interpreter(thread: &Thread) {
    INTERPRETER.store(ptr::from_ref(thread.interpreter()).cast_mut(), Ordering::SeqCst);
}

/// The noted interpreter.
pub fn noted_interpreter() -> Option<&'static Interpreter> {
    // SAFETY: null, or the process's interpreter, which lives until the process ends.
    unsafe { INTERPRETER.load(Ordering::SeqCst).as_ref() }
}

/// Installs the handlers, or changes what they do: zero, or the number of the error.
pub fn enable(target: Target, all_threads: bool, native_stack: bool, thread: &mut Thread) -> Result<(), i32> {
    let state = thread.interpreter().extension::<State>();
    note_interpreter(thread);
    DESCRIPTOR.store(target.descriptor, Ordering::SeqCst);
    ALL_THREADS.store(all_threads, Ordering::SeqCst);
    NATIVE_STACK.store(native_stack, Ordering::SeqCst);
    state.file.set(target.file);
    if ENABLED.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    if !state.has_stack.replace(true) {
        give_stack();
    }
    // The first call loads a library, which a handler could not.
    let mut address = ptr::null_mut();
    // SAFETY: a local to write to.
    unsafe { libc::backtrace(&mut address, 1) };
    for fatal in &FATAL {
        let mut new = libc::sigaction::zeroed();
        new.sa_sigaction = on_fault as *const () as usize;
        new.sa_flags = libc::SA_NODEFER | libc::SA_ONSTACK;
        let mut old = Box::new(libc::sigaction::zeroed());
        // SAFETY: whole structs, and a handler that keeps to what handlers may do.
        if unsafe { libc::sigaction(fatal.signal, &new, &mut *old) } < 0 {
            return Err(call::last_error());
        }
        let before = fatal.previous.swap(Box::into_raw(old), Ordering::SeqCst);
        debug_assert!(before.is_null(), "the handler was not installed");
    }
    Ok(())
}

/// Gives this thread a stack for handlers, which it keeps.
fn give_stack() {
    let memory = Box::leak(vec![0u8; STACK_SIZE].into_boxed_slice());
    let stack = libc::stack_t { ss_sp: memory.as_mut_ptr().cast(), ss_flags: 0, ss_size: memory.len() };
    // SAFETY: memory that is never freed. If the system does not take it, overflows are not reported, no more.
    unsafe { libc::sigaltstack(&stack, ptr::null_mut()) };
}

/// Takes the handlers away; false if there were none.
pub fn disable(thread: &mut Thread) -> bool {
    let was_enabled = take_handlers_away(true);
    thread.interpreter().extension::<State>().file.set(None);
    was_enabled
}

/// `free` says whether what they replaced may be freed, which no handler can do.
fn take_handlers_away(free: bool) -> bool {
    if !ENABLED.swap(false, Ordering::SeqCst) {
        return false;
    }
    for fatal in &FATAL {
        let previous = fatal.previous.swap(ptr::null_mut(), Ordering::SeqCst);
        if !previous.is_null() {
            // SAFETY: `enable` made it from a box, and it was taken out of the table, so this is the only user.
            unsafe {
                libc::sigaction(fatal.signal, previous, ptr::null_mut());
                if free {
                    drop(Box::from_raw(previous));
                }
            }
        }
    }
    true
}

/// The handler that the system calls.
extern "C" fn on_fault(signal: libc::c_int) {
    let saved = call::last_error();
    let wanted = take_handlers_away(false);
    if wanted {
        let meaning = FATAL.iter().find(|it| it.signal == signal).map_or("Unknown signal", |it| it.meaning);
        let descriptor = DESCRIPTOR.load(Ordering::SeqCst);
        Report::to(descriptor).text("Fatal Python error: ").text(meaning).text("\n\n");
        let interpreter = noted_interpreter();
        let current = interpreter.and_then(state_of_this_thread);
        show_threads(descriptor, interpreter, current, ALL_THREADS.load(Ordering::SeqCst));
        if NATIVE_STACK.load(Ordering::SeqCst) {
            let mut report = Report::to(descriptor);
            report.text("\n");
            report.native_stack();
        }
        show_extension_modules(descriptor, current);
    }
    // SAFETY: the thread's own variable; the handlers before this one get the signal now.
    unsafe {
        *libc::__errno_location() = saved;
        libc::raise(signal);
    }
    let mut now = libc::sigaction::zeroed();
    // SAFETY: a local to write to.
    unsafe { libc::sigaction(signal, ptr::null(), &mut now) };
    if now.sa_sigaction == libc::SIG_DFL {
        // A handler before this one put the default in its own place, and left the end to the next signal.
        // SAFETY: ends the process.
        unsafe { libc::raise(signal) };
    }
}

fn show_threads(descriptor: i32, interpreter: Option<&Interpreter>, current: Option<&ThreadState>, all_threads: bool) {
    let mut report = Report::to(descriptor);
    match interpreter {
        Some(interpreter) if all_threads => report.all_threads(interpreter, current),
        _ => report.stack(current),
    }
}

/// Names the extension modules that are loaded, but for those of the standard library.
fn show_extension_modules(descriptor: i32, current: Option<&ThreadState>) {
    // Looking into dicts needs the thread that holds the lock: this one, if it was running Python.
    if current.is_none_or(|it| !ptr::eq(it, ThreadState::current())) {
        return;
    }
    // SAFETY: the state is this thread's, and current. If the fault came from the middle of a change of these dicts, the report ends here.
    let thread = &mut unsafe { Thread::current() };
    let Some(modules) = thread.interpreter().modules.get() else { return };
    let name = thread.intern_text("stdlib_module_names");
    let known = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&name, thread));
    let known = known.filter(|it| it.is_exactly::<FrozenSet>());
    let name = thread.intern_text("builtin_module_names");
    let builtin = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&name, thread));
    let (mut report, mut count, mut position) = (Report::to(descriptor), 0, 0);
    while let Some((name, module)) = modules.next(&mut position, thread) {
        let Some(text) = name.downcast::<Str>() else { continue };
        if !is_extension(text, module.downcast::<Module>(), builtin.as_deref()) {
            continue;
        }
        if known.as_ref().is_some_and(|it| matches!(protocol::contains(it, &name, thread), Ok(true))) {
            continue;
        }
        report.text(if count == 0 { "\nExtension modules: " } else { ", " }).name(text);
        count += 1;
    }
    if count > 0 {
        report.text(" (total: ").decimal(count, 1).text(")\n");
    }
}

/// True for modules that are not written in Python: those with a definition, and those that `sys.builtin_module_names` names.
fn is_extension(name: &Str, module: Option<&Module>, builtin: Option<&Object>) -> bool {
    let names = builtin.and_then(|it| it.downcast::<Tuple>()).map_or(&[][..], |it| it.items());
    module.is_some_and(|it| {
        let is_name = |it: &Py<Object>| it.downcast::<Str>().is_some_and(|it| it.equals(name));
        it.definition().is_some() || names.iter().any(is_name)
    })
}

/// `Py_FatalError`: says what happened and where, and ends the process. May be called without the interpreter's lock.
pub fn fatal_error(function: &str, message: &str) -> ! {
    let interpreter = noted_interpreter();
    let current = interpreter.and_then(state_of_this_thread);
    let mut report = Report::to(2);
    report.text("Fatal Python error: ");
    if !function.is_empty() {
        report.text(function).text(": ");
    }
    report.text(message).text("\nPython runtime state: initialized\n\n");
    drop(report);
    show_threads(2, interpreter, current, true);
    std::process::abort()
}
