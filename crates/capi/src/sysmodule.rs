//! `sysmodule.h`, `audit.h`: what is in `sys`, writing to its streams, audit events.

use std::ffi::{CStr, c_char, c_int, c_void};

use layout::PyObject;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::NativeAudit;
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::abstract_object::{FromC as _, optional};
use crate::entry::{Argument, Found, Nothing, enter, export, text};
use crate::variadic::{VaList, variadic};

/// `sys.name`, if it is there.
pub fn find(name: &Str, thread: &mut Thread) -> Option<Py<Object>> {
    thread.interpreter().sys_dict.get().and_then(|it| it.get_str(name, thread))
}

/// `sys.name`, or RuntimeError.
pub fn get(name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    match find(name, thread) {
        Some(value) => Ok(value),
        None => {
            let name = name.to_string_lossy();
            Err(raise!(thread, RuntimeError, "lost sys.{name}"))
        }
    }
}

/// `sys.name = value`, or `del`.
pub fn set(name: &Str, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let Some(dict) = thread.interpreter().sys_dict.get() else {
        return Err(raise!(thread, RuntimeError, "no sys module"));
    };
    match value {
        Some(value) => dict.set_str(name, value, thread),
        None => dict.delete(name, thread).map(drop),
    }
}

impl Argument for Option<NativeAudit> {
    type C = Self;

    unsafe fn from_c(value: Self, _: &mut Thread) -> PyResult<Self> {
        Ok(value)
    }
}

/// Hooks that are there already may refuse by raising RuntimeError.
fn add_audit_hook(hook: Option<NativeAudit>, data: *mut c_void, thread: &mut Thread) -> PyResult<()> {
    let refused = thread.audit("sys.addaudithook", &[]);
    if thread.suppress(refused, objects::errors::RuntimeError)?.is_some()
        && let Some(hook) = hook
    {
        thread.interpreter().hooks.native_audit.borrow_mut().push((hook, data));
    }
    Ok(())
}

export! { thread;
    fn PySys_GetObject(name: &CStr) -> *mut PyObject {
        let raised = thread.take_exception();
        let name = thread.intern_text(&text(name));
        let found = find(&name, thread).map_or(std::ptr::null_mut(), |it| it.as_pointer());
        thread.restore_exception(raised);
        Ok(found)
    }

    fn PySys_GetAttr(name: &Object) -> Py<Object> {
        let name = objects::object::attribute_name(name, thread)?;
        get(name, thread)
    }

    fn PySys_GetAttrString(name: &CStr) -> Py<Object> {
        let name = Str::from_c(name, thread)?;
        get(&name, thread)
    }

    fn PySys_GetOptionalAttr(name: &Object, result: Found) -> bool {
        let name = objects::object::attribute_name(name, thread)?;
        optional(find(name, thread), result)
    }

    fn PySys_GetOptionalAttrString(name: &CStr, result: Found) -> bool {
        let name = Str::from_c(name, thread)?;
        optional(find(&name, thread), result)
    }

    fn PySys_SetObject(name: &CStr, value: Option<&Object>) -> () {
        let name = Str::from_c(name, thread)?;
        let name = thread.intern(&name);
        set(&name, value, thread)
    }

    fn PySys_GetXOptions() -> *mut PyObject {
        let name = thread.intern_text("_xoptions");
        Ok(get(&name, thread)?.as_pointer())
    }

    fn PySys_AddAuditHook(hook: Option<NativeAudit>, data: *mut c_void) -> () { add_audit_hook(hook, data, thread) }

    fn PySys_AuditTuple(event: &CStr, arguments: Option<&Object>) -> () {
        let arguments = match arguments {
            None => Tuple::empty(thread),
            Some(arguments) => match arguments.downcast::<Tuple>() {
                Some(arguments) => Py::from_ref(arguments),
                None => {
                    let found = arguments.class().full_name();
                    return Err(raise!(thread, TypeError, "expected tuple, got {found}"));
                }
            },
        };
        let arguments: Vec<&Object> = arguments.items().iter().map(|it| &**it).collect();
        thread.audit(&text(event), &arguments)
    }
}

/// Writes to a stream of `sys`, or to the process's where that is not there.
fn write(stream: &str, content: &Str, thread: &mut Thread) {
    let raised = thread.take_exception();
    let name = thread.intern_text(stream);
    let target = find(&name, thread).filter(|it| !it.is_none());
    let written = match target {
        Some(target) => protocol::call_method(&target, &objects::names::write, &[content], thread).is_ok(),
        None => false,
    };
    if !written {
        drop(thread.take_exception());
        let content = content.to_string_lossy();
        if stream == "stdout" {
            let _ = std::io::Write::write_all(&mut std::io::stdout(), content.as_bytes());
        } else {
            objects::error_text!("{content}")
        }
    }
    thread.restore_exception(raised);
}

/// The most bytes that the functions with formats of C's `printf` write.
const LONGEST: usize = 1000;

/// # Safety
/// By the protocol of the C functions with formats of C's `printf`.
unsafe fn write_printf(stream: &str, format: *const c_char, list: *mut VaList) {
    enter(|thread| {
        // SAFETY: C's caller passes a format, and a list of arguments that fits it.
        let mut bytes = unsafe { crate::format::printf(CStr::from_ptr(format), &mut *list) };
        let cut = bytes.len() > LONGEST;
        bytes.truncate(LONGEST);
        let content = Str::from_str(&String::from_utf8_lossy(&bytes), thread);
        write(stream, &content, thread);
        if cut {
            let more = Str::from_str("... truncated", thread);
            write(stream, &more, thread);
        }
        Ok(Nothing)
    })
}

/// # Safety
/// By the protocol of the C functions with formats of `PyUnicode_FromFormat`.
unsafe fn write_formatted(stream: &str, format: *const c_char, list: *mut VaList) {
    enter(|thread| {
        let raised = thread.take_exception();
        // SAFETY: C's caller passes a format, and a list of arguments that fits it.
        let content = unsafe { crate::format::format_text(CStr::from_ptr(format).to_bytes(), &mut *list, thread) };
        match content {
            Ok(content) => write(stream, &content, thread),
            Err(error) => drop(thread.catch(error)),
        }
        thread.restore_exception(raised);
        Ok(Nothing)
    })
}

macro_rules! writers {
    ($($name:ident = $write:ident $stream:literal;)*) => {$(
        /// # Safety
        /// As the C API says.
        unsafe extern "C-unwind" fn $name(format: *const c_char, list: *mut VaList) {
            // SAFETY: passed on to the caller.
            unsafe { $write($stream, format, list) }
        }
    )*};
}

writers! {
    write_stdout = write_printf "stdout";
    write_stderr = write_printf "stderr";
    format_stdout = write_formatted "stdout";
    format_stderr = write_formatted "stderr";
}

/// `PySys_Audit`: the arguments are built as `Py_BuildValue` builds a tuple.
///
/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn audit(event: *const c_char, format: *const c_char, list: *mut VaList) -> c_int {
    enter(|thread| {
        if !thread.is_audited() {
            return Ok(());
        }
        // SAFETY: C's caller passes C strings, and a list of arguments that fits the format.
        let event = unsafe { CStr::from_ptr(event) };
        let arguments = if format.is_null() {
            Vec::new()
        } else {
            // SAFETY: as above.
            unsafe { crate::build_value::build_all(CStr::from_ptr(format).to_bytes(), &mut *list, thread)? }
        };
        let arguments: Vec<&Object> = arguments.iter().map(|it| &**it).collect();
        thread.audit(&text(event), &arguments)
    })
}

variadic! {
    fn PySys_WriteStdout = write_stdout, 1;
    fn PySys_WriteStderr = write_stderr, 1;
    fn PySys_FormatStdout = format_stdout, 1;
    fn PySys_FormatStderr = format_stderr, 1;
    fn PySys_Audit = audit, 2;
}

/// What handles a signal now, and what is to handle it from now on.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyOS_getsig(signal: c_int) -> libc::sighandler_t {
    // SAFETY: zero is an action; there is room for one.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        match libc::sigaction(signal, std::ptr::null(), &raw mut action) {
            0 => action.sa_sigaction,
            _ => libc::SIG_ERR,
        }
    }
}

/// `PyOS_setsig`: gives the handler that was there. The handler interrupts system calls.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyOS_setsig(signal: c_int, handler: libc::sighandler_t) -> libc::sighandler_t {
    // SAFETY: C's caller passes a handler; zero is an action without flags.
    unsafe {
        let (mut new, mut old): (libc::sigaction, libc::sigaction) = (std::mem::zeroed(), std::mem::zeroed());
        new.sa_sigaction = handler;
        new.sa_flags = libc::SA_ONSTACK;
        match libc::sigaction(signal, &raw const new, &raw mut old) {
            0 => old.sa_sigaction,
            _ => libc::SIG_ERR,
        }
    }
}

/// The process's arguments as wide characters, each ended by zero, and pointers to them.
struct WideArguments(Vec<usize>);

static ARGUMENTS: std::sync::OnceLock<WideArguments> = std::sync::OnceLock::new();

fn wide_arguments() -> WideArguments {
    use std::os::unix::ffi::OsStrExt as _;
    let wide = |argument: std::ffi::OsString| {
        // Bytes that are no text become surrogates, as in `sys.argv`.
        let mut points = Vec::new();
        for chunk in argument.as_bytes().utf8_chunks() {
            points.extend(chunk.valid().chars().map(u32::from));
            points.extend(chunk.invalid().iter().map(|it| 0xDC00 + u32::from(*it)));
        }
        points.push(0);
        Box::leak(points.into_boxed_slice()).as_ptr() as usize
    };
    let mut pointers: Vec<usize> = std::env::args_os().map(wide).collect();
    pointers.push(0);
    WideArguments(pointers)
}

/// `Py_GetArgcArgv`: the arguments of the process as it was started.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_GetArgcArgv(count: *mut c_int, arguments: *mut *const usize) {
    let known = ARGUMENTS.get_or_init(wide_arguments);
    // SAFETY: C's caller passes room for both.
    unsafe {
        count.write(known.0.len() as c_int - 1);
        arguments.write(known.0.as_ptr());
    }
}
