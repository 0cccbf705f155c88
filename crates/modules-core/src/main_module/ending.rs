//! The end of a program: the exception that ended it, exit codes, threads and buffers.

use std::cell::Cell;

use objects::audit;
use objects::errors::{BaseException, KeyboardInterrupt, PyResult, Raised, RuntimeWarning, SystemExit};
use objects::int::Int;
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::thread::runtime::runtime;

use super::teardown;
use crate::config::Config;
use crate::sys_module;

/// The exit code of a program whose output could not be written.
const LOST_OUTPUT: i32 = 120;
/// The exit code of a program that an interrupt ended, if the signal itself does not end it.
const INTERRUPTED: i32 = 130;

/// Whether KeyboardInterrupt ended the program: then the process ends by the signal itself, so that a shell knows.
#[derive(Default)]
struct UnhandledInterrupt(Cell<bool>);

/// Prints the exception that ended the program; the exit code.
pub fn report(raised: Raised, config: &Config, thread: &mut Thread) -> i32 {
    report_exception(raised, !config.inspect, thread)
}

/// As [`report`], of a prompt: SystemExit ends it whatever `-i` says.
pub fn report_final(raised: Raised, thread: &mut Thread) -> i32 {
    report_exception(raised, true, thread)
}

fn report_exception(raised: Raised, exits: bool, thread: &mut Thread) -> i32 {
    let exception = thread.catch(raised);
    if let Some(exit) = exception.downcast::<SystemExit>()
        && exits
    {
        return exit_code(exit.code(), thread);
    }
    let interrupted = exception.class().is_subtype(KeyboardInterrupt.as_type());
    print_exception(&exception, thread);
    thread.interpreter().extension::<UnhandledInterrupt>().0.set(interrupted);
    if interrupted { INTERRUPTED } else { 1 }
}

/// What `SystemExit(code)` means: None is success, a number itself, anything else is printed and a failure.
fn exit_code(code: Option<Py<Object>>, thread: &mut Thread) -> i32 {
    let Some(code) = code.filter(|it| !it.is_none()) else { return 0 };
    if let Some(number) = code.downcast::<Int>() {
        return number.to_i128().and_then(|it| i64::try_from(it).ok()).map_or(-1, |it| it as i32);
    }
    let text = match protocol::str(&code, thread) {
        Ok(text) => text,
        Err(raised) => {
            drop(thread.catch(raised));
            Str::from_str("", thread)
        }
    };
    let stderr = stream(&names::stderr, thread);
    let newline = Str::from_str("\n", thread);
    let written = stderr.map(|it| {
        protocol::call_method(&it, &names::write, &[&text], thread)?;
        protocol::call_method(&it, &names::write, &[&newline], thread)
    });
    if !matches!(written, Some(Ok(_))) {
        drop(thread.take_exception());
        objects::error_line!("{}", text.to_string_lossy());
    }
    1
}

/// Writes out what the standard streams have buffered; what fails is reported.
pub fn flush_streams(thread: &mut Thread) {
    flush(&names::stderr, thread);
    flush(&names::stdout, thread);
}

/// `sys.excepthook(type, value, traceback)`, or a plain text if that fails. `sys.last_exc` and its kin remember the exception for debuggers.
pub fn print_exception(exception: &BaseException, thread: &mut Thread) {
    // That output is lost is said at the end.
    if let Some(stdout) = stream(&names::stdout, thread)
        && let Err(raised) = protocol::call_method(&stdout, &names::flush, &[], thread)
    {
        drop(thread.catch(raised));
    }
    if let Err(raised) = remember(exception, thread) {
        drop(thread.catch(raised));
    }
    let hook = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&names::excepthook, thread));
    let Some(hook) = hook else {
        objects::error_line!("sys.excepthook is missing");
        return interpreter::traceback::print_plain(exception, thread);
    };
    let traceback = exception.traceback().unwrap_or_else(|| thread.none());
    let class = Py::from_ref(exception.class());
    let told =
        audit!(thread, "sys.excepthook", hook.clone(), class.clone(), Py::from_ref(exception), traceback.clone());
    if let Err(raised) = told {
        // A hook that raises RuntimeError forbids that the exception is shown.
        let refusal = thread.catch(raised);
        if !refusal
            .downcast::<BaseException>()
            .is_some_and(|it| it.class().is_subtype(objects::errors::RuntimeError.as_type()))
        {
            objects::error_line!("Error in audit hook:");
            interpreter::traceback::print_plain(&refusal, thread);
        }
        return;
    }
    let Err(raised) = protocol::call(&hook, &[&class, exception, &traceback], thread) else { return };
    // A hook may end the program in its own way.
    let second = thread.catch(raised);
    objects::error_line!("Error in sys.excepthook:");
    interpreter::traceback::print_plain(&second, thread);
    objects::error_line!("\nOriginal exception was:");
    interpreter::traceback::print_plain(exception, thread);
}

fn remember(exception: &BaseException, thread: &mut Thread) -> PyResult<()> {
    let Some(sys) = thread.interpreter().sys_dict.get() else { return Ok(()) };
    let traceback = exception.traceback().unwrap_or_else(|| thread.none());
    let class = Py::from_ref(exception.class()).into_object();
    let exception = Py::<Object>::from_ref(exception);
    let values =
        [("last_exc", &exception), ("last_type", &class), ("last_value", &exception), ("last_traceback", &traceback)];
    for (name, value) in values {
        let name = thread.intern_text(name);
        sys.set_str(&name, value, thread)?;
    }
    Ok(())
}

/// Waits for threads, runs what `atexit` keeps, writes out what is buffered; the process's exit code.
pub fn finish(code: i32, thread: &mut Thread) -> i32 {
    call_if_imported("threading", "_shutdown", thread);
    thread.finish_calls();
    crate::atexit_module::run_all(thread);
    if thread.interpreter().is_first() {
        end_others(thread);
    }
    sys_module::settings(thread).finalizing.set(true);
    thread.close_for_others();
    let stdout = flush(&names::stdout, thread);
    let stderr = flush(&names::stderr, thread);
    let streams = teardown::streams(thread);
    teardown::take_apart(thread);
    for stream in streams {
        flush_stream(&stream, false, thread);
    }
    if code == INTERRUPTED && thread.interpreter().extension::<UnhandledInterrupt>().0.get() {
        end_by_interrupt();
    }
    if !(stdout && stderr) { LOST_OUTPUT } else { code }
}

/// Ends the interpreters that the program has left behind, with a warning.
fn end_others(thread: &mut Thread) {
    let left: Vec<_> = runtime().records().into_iter().filter(|it| !it.is_first()).collect();
    let Some(others) = runtime().others().filter(|_| !left.is_empty()) else { return };
    let message = "remaining subinterpreters; close them with Interpreter.close()";
    if let Err(raised) = thread.warn(RuntimeWarning, 0, format_args!("{message}")) {
        thread.report_unraisable(raised, "Exception ignored at the end of a program", None);
    }
    for record in left {
        let Some(interpreter) = record.interpreter().filter(|_| record.claim_end()) else { continue };
        thread.without_lock(|| {
            // SAFETY: no state is current in this thread now, and interpreters live as long as the process.
            let mut last = unsafe { interpreter.new_thread() };
            last.do_errands();
            (others.end)(&mut last);
            last.leave();
        });
    }
}

/// Calls a function of a module that is already imported. What it raises is reported, and goes no further.
fn call_if_imported(module: &str, function: &str, thread: &mut Thread) {
    let (module, function) = (thread.intern_text(module), thread.intern_text(function));
    let modules = thread.interpreter().modules.get();
    let Some(module) = modules.and_then(|it| it.get_str(&module, thread)) else { return };
    if let Err(raised) = protocol::call_method(&module, &function, &[], thread) {
        thread.report_unraisable(raised, "Exception ignored on shutdown", Some(&module));
    }
}

/// Ends the process as SIGINT does by default. Comes back only if the signal is blocked.
fn end_by_interrupt() {
    // SAFETY: both calls take plain numbers; the process is done with its handlers.
    unsafe {
        libc::signal(libc::SIGINT, libc::SIG_DFL);
        libc::kill(libc::getpid(), libc::SIGINT);
    }
}

fn stream(name: &Str, thread: &Thread) -> Option<Py<Object>> {
    let stream = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(name, thread));
    stream.filter(|it| !it.is_none())
}

/// Writes out what a standard stream has buffered; false, and a report, if that failed.
fn flush(name: &Str, thread: &mut Thread) -> bool {
    match stream(name, thread) {
        Some(stream) => flush_stream(&stream, name.equals_text("stderr"), thread),
        None => true,
    }
}

fn flush_stream(stream: &Object, is_error_stream: bool, thread: &mut Thread) -> bool {
    let closed = thread.intern_text("closed");
    let closed = match protocol::lookup_attribute(stream, &closed, thread) {
        Ok(closed) => closed.is_some_and(|it| it.is(objects::bool::Bool::get(true))),
        Err(raised) => {
            drop(thread.catch(raised));
            false
        }
    };
    if closed {
        return true;
    }
    match protocol::call_method(stream, &names::flush, &[], thread) {
        Ok(_) => true,
        Err(raised) => {
            // Nobody could read that standard error fails.
            if is_error_stream {
                drop(thread.catch(raised));
            } else {
                thread.report_unraisable(raised, "Exception ignored while flushing sys.stdout", None);
            }
            false
        }
    }
}
