//! What `sys` keeps for an interpreter besides its attributes, and the larger of its functions.

use std::cell::Cell;
use std::rc::Rc;

use interpreter::frame::{self, FrameObject};
use objects::dict::Dict;
use objects::errors::{self, PyResult};
use objects::int::Int;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::{Thread, ThreadState};

/// Numbers that programs set and get.
pub struct Settings {
    pub library_flags: Cell<i32>,
    /// True once the interpreter ends.
    pub finalizing: Cell<bool>,
    /// `-X importtime`
    pub import_time: Cell<u8>,
    /// `-E`: `PYTHON…` variables are not looked at.
    pub ignore_environment: Cell<bool>,
    /// `-v`: what is imported is printed.
    pub verbose: Cell<bool>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            library_flags: Cell::new(libc::RTLD_NOW),
            finalizing: Cell::new(false),
            import_time: Cell::new(0),
            ignore_environment: Cell::new(false),
            verbose: Cell::new(false),
        }
    }
}

/// The settings of the thread's interpreter.
pub fn of(thread: &Thread) -> Rc<Settings> {
    thread.interpreter().extension::<Settings>()
}

/// `sys.displayhook`.
pub fn display(object: &Object, thread: &mut Thread) -> PyResult<()> {
    let Some(builtins) = thread.interpreter().builtins.get() else {
        return Err(raise!(thread, RuntimeError, "lost builtins module"));
    };
    if object.is_none() {
        return Ok(());
    }
    let underscore = thread.intern_text("_");
    let none = thread.none();
    builtins.set_str(&underscore, &none, thread)?;
    let stdout = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&names::stdout, thread));
    let Some(stdout) = stdout.filter(|it| !it.is_none()) else {
        return Err(raise!(thread, RuntimeError, "lost sys.stdout"));
    };
    let text = protocol::repr(object, thread)?;
    let written = protocol::call_method(&stdout, &names::write, &[&text], thread);
    if thread.suppress(written, errors::UnicodeEncodeError)?.is_none() {
        write_escaped(&stdout, &text, thread)?;
    }
    let newline = Str::from_str("\n", thread);
    protocol::call_method(&stdout, &names::write, &[&newline], thread)?;
    builtins.set_str(&underscore, object, thread)
}

/// Writes text to a stream whose encoding lacks some of its characters.
fn write_escaped(stdout: &Object, text: &Str, thread: &mut Thread) -> PyResult<()> {
    let encoding = protocol::get_attribute(stdout, &names::encoding, thread)?;
    let errors = Str::from_str("backslashreplace", thread);
    let encode = thread.intern_text("encode");
    let encoded = protocol::call_method(text, &encode, &[&encoding, &errors], thread)?;
    let buffer = thread.intern_text("buffer");
    if let Some(buffer) = protocol::lookup_attribute(stdout, &buffer, thread)? {
        protocol::call_method(&buffer, &names::write, &[&encoded], thread)?;
        return Ok(());
    }
    let decode = thread.intern_text("decode");
    let strict = Str::from_str("strict", thread);
    let decoded = protocol::call_method(&encoded, &decode, &[&encoding, &strict], thread)?;
    protocol::call_method(stdout, &names::write, &[&decoded], thread).map(drop)
}

/// `sys._current_frames`: by thread, the frame that runs.
pub fn current_frames(thread: &mut Thread) -> PyResult<Py<Dict>> {
    by_thread(thread, |state, thread| match frame::first_complete(state.base().current_frame.get().cast()) {
        Some(frame) => Ok(Some(FrameObject::of(frame, thread)?.into_object())),
        None => Ok(None),
    })
}

/// `sys._current_exceptions`: by thread, the exception that is being handled.
pub fn current_exceptions(thread: &mut Thread) -> PyResult<Py<Dict>> {
    by_thread(thread, |state, thread| {
        let exception = state.handled_exception().map(Py::into_object);
        Ok(Some(exception.unwrap_or_else(|| thread.none())))
    })
}

fn by_thread(
    thread: &mut Thread,
    value: fn(&ThreadState, &mut Thread) -> PyResult<Option<Py<Object>>>,
) -> PyResult<Py<Dict>> {
    let dict = Dict::new(thread);
    for state in thread.interpreter().thread_states() {
        // SAFETY: states are taken off the list only by their own thread, which would need the lock that this one holds.
        let state = unsafe { &*state };
        if let Some(value) = value(state, thread)? {
            let identity = Int::from_u64(state.base().thread_id.get(), thread);
            dict.set(&identity, &value, thread)?;
        }
    }
    Ok(dict)
}
