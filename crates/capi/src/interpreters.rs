//! `pylifecycle.h`: further interpreters of a process, and their configuration (PEP 684).
//!
//! Each has its own lock and its own memory whatever it was asked for; what was asked for decides which extension modules it may import.
//! An interpreter that has ended stays in memory: static types of C code may still refer to what it made.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;

use layout::PyThreadState;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::Object;
use objects::thread::runtime::{LockChoice, Settings, origin, runtime};
use objects::thread::{Thread, ThreadState};

use crate::entry::export;
use crate::pystate::{PyEval_SaveThread, state_pointer};

/// `PyInterpreterConfig`.
#[repr(C)]
pub struct InterpreterConfig {
    use_main_obmalloc: c_int,
    allow_fork: c_int,
    allow_exec: c_int,
    allow_threads: c_int,
    allow_daemon_threads: c_int,
    check_multi_interp_extensions: c_int,
    gil: c_int,
}

/// `PyInterpreterConfig_OWN_GIL`.
const OWN_LOCK: c_int = 2;

impl InterpreterConfig {
    /// False for a memory of its own and modules that were made for one interpreter.
    pub(crate) fn is_possible(&self) -> bool {
        self.use_main_obmalloc != 0 || self.check_multi_interp_extensions != 0
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings {
            use_main_obmalloc: self.use_main_obmalloc != 0,
            allow_fork: self.allow_fork != 0,
            allow_exec: self.allow_exec != 0,
            allow_threads: self.allow_threads != 0,
            allow_daemon_threads: self.allow_daemon_threads != 0,
            check_multi_interp_extensions: self.check_multi_interp_extensions != 0,
            lock: match self.gil {
                OWN_LOCK => LockChoice::Own,
                1 => LockChoice::Shared,
                _ => LockChoice::Default,
            },
        }
    }
}

/// `PyStatus`.
#[repr(C)]
pub struct Status {
    kind: c_int,
    function: *const c_char,
    message: *const c_char,
    exit_code: c_int,
}

impl Status {
    const OK: Self = Self { kind: 0, function: ptr::null(), message: ptr::null(), exit_code: 0 };

    const fn error(message: &'static CStr) -> Self {
        Self { kind: 1, function: c"Py_NewInterpreterFromConfig".as_ptr(), message: message.as_ptr(), exit_code: 0 }
    }
}

/// Reads the fields of a configuration out of a dict, all of them and no others.
fn read(config: &mut InterpreterConfig, dict: &Dict, thread: &mut Thread) -> PyResult<()> {
    let mut known = 0;
    {
        let mut flag = |name: &str, field: &mut c_int, thread: &mut Thread| -> PyResult<()> {
            let key = thread.intern_text(name);
            let Some(value) = dict.get_str(&key, thread) else {
                return Err(raise!(thread, ValueError, "missing config key '{name}'"));
            };
            known += 1;
            *field = c_int::from(protocol::is_true(&value, thread)?);
            Ok(())
        };
        flag("use_main_obmalloc", &mut config.use_main_obmalloc, thread)?;
        flag("allow_fork", &mut config.allow_fork, thread)?;
        flag("allow_exec", &mut config.allow_exec, thread)?;
        flag("allow_threads", &mut config.allow_threads, thread)?;
        flag("allow_daemon_threads", &mut config.allow_daemon_threads, thread)?;
        flag("check_multi_interp_extensions", &mut config.check_multi_interp_extensions, thread)?;
    }
    let key = thread.intern_text("gil");
    let Some(lock) = dict.get_str(&key, thread) else {
        return Err(raise!(thread, ValueError, "missing config key 'gil'"));
    };
    config.gil = lock_of(&lock, thread)?;
    if dict.length() > known + 1 {
        let surplus = dict.length() - known - 1;
        return Err(raise!(thread, ValueError, "config dict has {surplus} extra items"));
    }
    Ok(())
}

/// The lock that a configuration asks for: by name, or by the number of the C enumeration.
fn lock_of(value: &Object, thread: &mut Thread) -> PyResult<c_int> {
    if let Some(text) = value.downcast::<objects::str::Str>() {
        return match &*text.to_string_lossy() {
            "default" => Ok(0),
            "shared" => Ok(1),
            "own" => Ok(OWN_LOCK),
            other => Err(raise!(thread, ValueError, "unsupported interpreter config 'gil' value '{other}'")),
        };
    }
    protocol::index_as_isize(value, thread).map(|it| it as c_int)
}

export! { thread;
    fn _PyInterpreterConfig_InitFromDict(config: *mut c_void, dict: &Object) -> () {
        let Some(dict) = dict.downcast::<Dict>() else {
            return Err(raise!(thread, TypeError, "dict expected"));
        };
        // SAFETY: C's caller passes room for a configuration.
        let Some(config) = (unsafe { config.cast::<InterpreterConfig>().as_mut() }) else {
            return crate::entry::bad_internal_call(thread);
        };
        read(config, dict, thread)
    }
}

/// Starts another interpreter on this thread, whose state leaves.
pub(crate) fn start(config: &InterpreterConfig, whence: i64) -> Option<*mut PyThreadState> {
    // The first interpreter lives as long as the process, and others are like it.
    let others = runtime().others()?;
    if !ThreadState::current().is_null() {
        PyEval_SaveThread();
    }
    let thread = (others.start)(config.settings())?;
    thread.interpreter().record().set_origin(whence);
    Some(state_pointer(thread.state()))
}

/// `Py_NewInterpreterFromConfig`: the new interpreter's state is current afterwards.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_NewInterpreterFromConfig(
    state: *mut *mut PyThreadState,
    config: *const InterpreterConfig,
) -> Status {
    // SAFETY: C's caller passes a configuration.
    let Some(config) = (unsafe { config.as_ref() }) else { return Status::error(c"no configuration") };
    if !config.is_possible() {
        return Status::error(c"per-interpreter obmalloc does not support single-phase init extension modules");
    }
    match start(config, origin::C) {
        Some(new) => {
            // SAFETY: C's caller passes room for a pointer.
            unsafe { *state = new };
            Status::OK
        }
        None => Status::error(c"the interpreter could not be started"),
    }
}

/// `Py_NewInterpreter`: an interpreter that may import whatever the first one may.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn Py_NewInterpreter() -> *mut PyThreadState {
    let config = InterpreterConfig {
        use_main_obmalloc: 1,
        allow_fork: 1,
        allow_exec: 1,
        allow_threads: 1,
        allow_daemon_threads: 1,
        check_multi_interp_extensions: 0,
        gil: 1,
    };
    start(&config, origin::LEGACY_C).unwrap_or(ptr::null_mut())
}

/// `Py_EndInterpreter`: ends the interpreter whose state is current; afterwards none is.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_EndInterpreter(_state: *mut PyThreadState) {
    // SAFETY: C's caller passes the state that is current.
    let mut thread = unsafe { Thread::current() };
    if let Some(others) = runtime().others() {
        (others.end)(&mut thread);
    }
    PyEval_SaveThread();
}

/// `PyStatus_Exception`: true for an error or a wish to exit.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyStatus_Exception(status: Status) -> c_int {
    c_int::from(status.kind != 0)
}

/// `PyStatus_IsError`.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyStatus_IsError(status: Status) -> c_int {
    c_int::from(status.kind == 1)
}

/// `PyStatus_IsExit`.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyStatus_IsExit(status: Status) -> c_int {
    c_int::from(status.kind == 2)
}

/// `_PyErr_SetFromPyStatus`: raises what a status says.
///
/// # Safety
/// As the C API says; the thread is attached.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyErr_SetFromPyStatus(status: Status) {
    // SAFETY: C's caller has its thread attached, and passes texts that end with zero, or null.
    let (mut thread, function, message) = unsafe {
        let text = |it: *const c_char| {
            if it.is_null() { String::new() } else { CStr::from_ptr(it).to_string_lossy().into_owned() }
        };
        (Thread::current(), text(status.function), text(status.message))
    };
    let _ = if status.kind == 0 {
        raise!(thread, SystemError, "expected an error PyStatus")
    } else if function.is_empty() {
        raise!(thread, RuntimeError, "{message}")
    } else {
        raise!(thread, RuntimeError, "{function}: {message}")
    };
}
