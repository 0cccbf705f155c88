//! `pyerrors.h`: setting, reading and clearing exceptions; exception objects.

use std::ffi::{CStr, c_char, c_int};

use layout::PyObject;
use objects::dict::Dict;
use objects::errors::{BaseException, PyResult, Raised};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;

use crate::abstract_object::FromC as _;
use crate::entry::{Flag, Nothing, Out, Stolen, bad_internal_call, enter, export, text};
use crate::variadic::{VaList, variadic};

/// `PyErr_SetObject`: an exception of a class; the value is the exception itself, its arguments as a tuple, its one argument, or nothing.
pub fn set_object(class: &Object, value: Option<&Object>, thread: &mut Thread) -> Raised {
    // The exception that may be set already gives way to this one.
    let before = thread.take_exception();
    let class = match class.downcast::<Type>() {
        Some(class) if is_exception_class(class) => class,
        _ => {
            let shown = match protocol::repr(class, thread) {
                Ok(shown) => shown.to_string_lossy(),
                Err(raised) => return raised,
            };
            return raise!(thread, SystemError, "_PyErr_SetObject: exception {shown} is not a BaseException subclass");
        }
    };
    let raised = match instance(class, value, thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    };
    drop(before);
    raised
}

fn is_exception_class(class: &Type) -> bool {
    class.has_flag(layout::Py_TPFLAGS_BASE_EXC_SUBCLASS)
}

fn instance(class: &Type, value: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let value = value.filter(|it| !it.is_none());
    match value {
        None => protocol::call(class, &[], thread),
        Some(value) if value.class().is_subtype(class) => Ok(Py::from_ref(value)),
        Some(value) => match value.downcast::<Tuple>() {
            Some(arguments) => protocol::call_tuple_or_vector(class, arguments, None, thread),
            None => protocol::call_one(class, value, thread),
        },
    }
}

/// The exception that is set, borrowed.
fn current(thread: &Thread) -> Option<&Object> {
    // SAFETY: the thread state owns the exception that is set.
    unsafe { Object::from_pointer(thread.state().base().current_exception.get()) }
}

/// Takes the exception off the thread as the triple of old: class, value, traceback.
fn take_triple(thread: &mut Thread) -> [*mut PyObject; 3] {
    match thread.take_exception() {
        None => [std::ptr::null_mut(); 3],
        Some(exception) => {
            let class: Py<Type> = Py::from_ref(exception.class());
            let traceback = exception.traceback().map_or(std::ptr::null_mut(), Py::into_pointer);
            [class.into_pointer(), exception.into_pointer(), traceback]
        }
    }
}

/// The exception that a triple of old stands for.
fn of_triple(
    class: Option<Py<Object>>,
    value: Option<Py<Object>>,
    traceback: Option<Py<Object>>,
    thread: &mut Thread,
) -> PyResult<Option<Py<BaseException>>> {
    let Some(class) = class else { return Ok(None) };
    let exception = match class.downcast::<Type>() {
        Some(class) => instance(class, value.as_deref(), thread)?,
        None => return Err(raise!(thread, SystemError, "_PyErr_SetObject: exception is not a BaseException subclass")),
    };
    let Ok(exception) = exception.downcast_into::<BaseException>() else {
        return Err(raise!(thread, TypeError, "exceptions must derive from BaseException"));
    };
    if let Some(traceback) = traceback.filter(|it| !it.is_none()) {
        protocol::set_attribute(&exception, &objects::names::__traceback__, Some(&traceback), thread)?;
    }
    Ok(Some(exception))
}

/// True if the exception, or class of exceptions, is of a class or of one of a tuple of classes. Tuples that are nested too deeply match nothing,
/// which is reported: the caller has no way to hear of it.
fn given_matches(given: &Object, classes: &Object, thread: &mut Thread) -> bool {
    let pending = thread.take_exception();
    let matches = protocol::exception_matches(given, classes, thread).unwrap_or_else(|raised| {
        thread.report_unraisable(raised, "Exception ignored in", None);
        false
    });
    thread.restore_exception(pending);
    matches
}

/// The number in C's `errno`.
pub fn errno() -> c_int {
    // SAFETY: the address is this thread's own.
    unsafe { *libc::__errno_location() }
}

/// `OSError(number, text[, filename[, None, other]])` of a class, for the number in `errno`.
fn set_from_errno(class: &Object, names: [Option<&Object>; 2], thread: &mut Thread) -> Raised {
    let number = errno();
    if number == libc::EINTR
        && let Err(raised) = thread.check_signals()
    {
        return raised;
    }
    let message = if number == 0 { "Error".to_owned() } else { objects::errors::os_error_text(number) };
    let message = Str::from_str(&message, thread).into_object();
    let number = protocol::make_int(i128::from(number), thread);
    let none = thread.none();
    let mut arguments = vec![number, message];
    if let Some(name) = names[0] {
        arguments.push(Py::from_ref(name));
        if let Some(other) = names[1] {
            arguments.extend([none.clone(), Py::from_ref(other)]);
        }
    }
    let arguments: Vec<&Object> = arguments.iter().map(|it| &**it).collect();
    match protocol::call(class, &arguments, thread) {
        Ok(exception) => {
            let class = Py::from_ref(exception.class());
            set_object(&class, Some(&exception), thread)
        }
        Err(raised) => raised,
    }
}

fn file_name(name: Option<&CStr>, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    match name {
        None => Ok(None),
        Some(name) => crate::unicodeobject::decode_file_name(name.to_bytes(), thread).map(|it| Some(it.into_object())),
    }
}

export! { thread;
    fn PyErr_SetString(class: &Object, message: &CStr) -> Nothing {
        let message = Str::from_c(message, thread)?;
        Err(set_object(class, Some(&message), thread))
    }

    fn PyErr_SetObject(class: &Object, value: Option<&Object>) -> Nothing { Err(set_object(class, value, thread)) }

    fn _PyErr_SetKeyError(key: &Object) -> Nothing {
        Err(thread.raise_with_argument(objects::errors::KeyError, Py::from_ref(key)))
    }

    fn PyErr_SetNone(class: &Object) -> Nothing { Err(set_object(class, None, thread)) }

    fn PyErr_NoMemory() -> Option<Py<Object>> { Err(thread.raise_memory_error()) }

    fn PyErr_BadArgument() -> bool { Err(raise!(thread, TypeError, "bad argument type for built-in operation")) }

    fn PyErr_BadInternalCall() -> Nothing { bad_internal_call(thread) }

    fn _PyErr_BadInternalCall(file: Option<&CStr>, line: i32) -> Nothing {
        let file = file.map(text).unwrap_or_default();
        Err(raise!(thread, SystemError, "{file}:{line}: bad argument to internal function"))
    }

    fn PyErr_SetFromErrno(class: &Object) -> Option<Py<Object>> { Err(set_from_errno(class, [None, None], thread)) }

    fn PyErr_SetFromErrnoWithFilename(class: &Object, name: Option<&CStr>) -> Option<Py<Object>> {
        let number = errno();
        let name = file_name(name, thread)?;
        // SAFETY: the address is this thread's own.
        unsafe { *libc::__errno_location() = number };
        Err(set_from_errno(class, [name.as_deref(), None], thread))
    }

    fn PyErr_SetFromErrnoWithFilenameObject(class: &Object, name: Option<&Object>) -> Option<Py<Object>> {
        Err(set_from_errno(class, [name, None], thread))
    }

    fn PyErr_SetFromErrnoWithFilenameObjects(class: &Object, name: Option<&Object>, other: Option<&Object>) -> Option<Py<Object>> {
        Err(set_from_errno(class, [name, other], thread))
    }

    fn PyErr_SetImportError(message: Option<&Object>, name: Option<&Object>, path: Option<&Object>) -> Option<Py<Object>> {
        let class: &Object = objects::errors::ImportError.as_type();
        Err(set_import_error(class, message, name, path, thread))
    }

    fn PyErr_SetImportErrorSubclass(class: &Object, message: Option<&Object>, name: Option<&Object>, path: Option<&Object>) -> Option<Py<Object>> {
        Err(set_import_error(class, message, name, path, thread))
    }

    fn PyErr_SetInterrupt() -> Nothing {
        if let Some(simulate) = thread.interpreter().hooks.simulate_signal.get() {
            simulate(libc::SIGINT, thread);
        }
        Ok(Nothing)
    }

    fn PyErr_SetInterruptEx(signal: i32) -> () {
        match thread.interpreter().hooks.simulate_signal.get() {
            Some(simulate) if (1..65).contains(&signal) => { simulate(signal, thread); Ok(()) }
            _ => Err(raise!(thread, ValueError, "signal number out of range")),
        }
    }

    fn PyErr_CheckSignals() -> () { thread.check_signals() }

    fn PyErr_Occurred() -> *mut PyObject {
        Ok(current(thread).map_or(std::ptr::null_mut(), |it| it.class().as_pointer().cast()))
    }

    fn PyErr_Clear() -> Nothing {
        if let Some(exception) = thread.take_exception() {
            exception.release(thread);
        }
        Ok(Nothing)
    }

    fn PyErr_ExceptionMatches(classes: &Object) -> Flag {
        let class = current(thread).map(|it| Py::from_ref(it.class()));
        Ok(Flag(class.is_some_and(|it| given_matches(&it, classes, thread))))
    }

    fn PyErr_GivenExceptionMatches(given: Option<&Object>, classes: Option<&Object>) -> Flag {
        Ok(Flag(matches!((given, classes), (Some(given), Some(classes)) if given_matches(given, classes, thread))))
    }

    fn PyErr_Fetch(class: Out<*mut PyObject>, value: Out<*mut PyObject>, traceback: Out<*mut PyObject>) -> Nothing {
        let [found_class, found, found_traceback] = take_triple(thread);
        class.set(found_class);
        value.set(found);
        traceback.set(found_traceback);
        Ok(Nothing)
    }

    fn PyErr_Restore(class: Stolen, value: Stolen, traceback: Stolen) -> Nothing {
        let exception = of_triple(class.get(), value.get(), traceback.get(), thread)?;
        drop(thread.take_exception());
        thread.restore_exception(exception);
        Ok(Nothing)
    }

    fn PyErr_NormalizeException(class: Out<*mut PyObject>, value: Out<*mut PyObject>, traceback: Out<*mut PyObject>) -> Nothing {
        normalize(class, value, traceback, thread)
    }

    fn PyErr_GetRaisedException() -> Option<Py<BaseException>> { Ok(thread.take_exception()) }

    fn PyErr_SetRaisedException(exception: Stolen) -> Nothing {
        drop(thread.take_exception());
        if let Some(Ok(exception)) = exception.get().map(Py::downcast_into::<BaseException>) {
            thread.restore_exception(Some(exception));
        }
        Ok(Nothing)
    }

    fn PyErr_GetHandledException() -> Option<Py<BaseException>> { Ok(thread.handled_exception()) }

    fn PyErr_SetHandledException(exception: Option<&Object>) -> Nothing {
        set_handled(exception, thread);
        Ok(Nothing)
    }

    fn PyErr_GetExcInfo(class: Out<*mut PyObject>, value: Out<*mut PyObject>, traceback: Out<*mut PyObject>) -> Nothing {
        let handled = thread.handled_exception();
        let none = thread.none();
        let class_of = handled.as_ref().map_or_else(|| none.clone(), |it| Py::from_ref(it.class()).into_object());
        let traceback_of = handled.as_ref().and_then(|it| it.traceback()).unwrap_or_else(|| none.clone());
        class.set(class_of.into_pointer());
        traceback.set(traceback_of.into_pointer());
        value.set(handled.map_or(none, Py::into_object).into_pointer());
        Ok(Nothing)
    }

    fn PyErr_SetExcInfo(class: Stolen, value: Stolen, traceback: Stolen) -> Nothing {
        let value = value.get();
        set_handled(value.as_deref(), thread);
        drop((class.get(), traceback.get()));
        Ok(Nothing)
    }

    fn _PyErr_ChainExceptions1(context: Stolen) -> Nothing {
        let Some(Ok(context)) = context.get().map(Py::downcast_into::<BaseException>) else { return Ok(Nothing) };
        match thread.take_exception() {
            Some(exception) => {
                exception.set_context(Some(context));
                thread.restore_exception(Some(exception));
            }
            None => thread.restore_exception(Some(context)),
        }
        Ok(Nothing)
    }

    fn PyErr_NewException(name: &CStr, bases: Option<&Object>, dict: Option<&Object>) -> Py<Object> {
        new_exception(&text(name), None, bases, dict, thread)
    }

    fn PyErr_NewExceptionWithDoc(name: &CStr, doc: Option<&CStr>, bases: Option<&Object>, dict: Option<&Object>) -> Py<Object> {
        new_exception(&text(name), doc, bases, dict, thread)
    }

    fn PyErr_WriteUnraisable(culprit: Option<&Object>) -> Nothing {
        if let Some(exception) = thread.take_exception() {
            let message = if culprit.is_some() { "Exception ignored in" } else { "" };
            interpreter::traceback::report_unraisable(exception, message, culprit, thread);
        }
        Ok(Nothing)
    }

    fn PyErr_Print() -> Nothing { print_current(true, thread) }

    fn PyErr_PrintEx(set_last: i32) -> Nothing { print_current(set_last != 0, thread) }

    fn PyErr_Display(class: Option<&Object>, value: &Object, traceback: Option<&Object>) -> Nothing {
        let _ = class;
        if let (Some(exception), Some(traceback)) = (value.downcast::<BaseException>(), traceback)
            && exception.traceback().is_none() && !traceback.is_none()
        {
            exception.set_traceback(Some(Py::from_ref(traceback)));
        }
        interpreter::traceback::display(value, None, thread);
        Ok(Nothing)
    }

    fn PyErr_DisplayException(exception: &Object) -> Nothing {
        interpreter::traceback::display(exception, None, thread);
        Ok(Nothing)
    }

    fn PyErr_ProgramText(name: &CStr, line: i32) -> Option<Py<Object>> {
        let linecache = thread.intern_text("linecache");
        let module = crate::import::import(&linecache, thread)?;
        let function = thread.intern_text("getline");
        let name = Str::from_c(name, thread)?;
        let line = protocol::make_int(i128::from(line), thread);
        protocol::call_method(&module, &function, &[&name, &line], thread).map(Some)
    }

    fn PyException_GetTraceback(exception: &BaseException) -> Option<Py<Object>> { let _ = &thread; Ok(exception.traceback()) }

    fn PyException_SetTraceback(exception: &BaseException, traceback: &Object) -> () {
        protocol::set_attribute(exception, &objects::names::__traceback__, Some(traceback), thread)
    }

    fn PyException_GetContext(exception: &BaseException) -> Option<Py<BaseException>> { let _ = &thread; Ok(exception.context()) }

    fn PyException_SetContext(exception: &BaseException, context: Stolen) -> Nothing {
        let _ = &thread;
        exception.set_context(context.get().and_then(|it| it.downcast_into().ok()));
        Ok(Nothing)
    }

    fn PyException_GetCause(exception: &BaseException) -> Option<Py<BaseException>> { let _ = &thread; Ok(exception.cause()) }

    fn PyException_SetCause(exception: &BaseException, cause: Stolen) -> Nothing {
        let _ = &thread;
        exception.set_cause(cause.get().and_then(|it| it.downcast_into().ok()));
        Ok(Nothing)
    }

    fn PyException_GetArgs(exception: &BaseException) -> Py<Tuple> {
        match exception.args() {
            Some(args) => Ok(args),
            None => Ok(Tuple::empty(thread)),
        }
    }

    fn PyException_SetArgs(exception: &BaseException, args: &Object) -> Nothing {
        protocol::set_attribute(exception, &objects::names::args, Some(args), thread)?;
        Ok(Nothing)
    }

    fn PyExceptionClass_Name(class: &Type) -> *const c_char {
        let _ = &thread;
        Ok(class.slots().tp_name.get())
    }

    fn PyUnstable_Exc_PrepReraiseStar(original: &Object, raised: &Object) -> Py<Object> {
        prepare_star(original, raised, thread)
    }
}

fn prepare_star(original: &Object, raised: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    if original.downcast::<BaseException>().is_none() {
        return Err(raise!(thread, TypeError, "orig must be an exception instance"));
    }
    if raised.downcast::<objects::list::List>().is_none() {
        return Err(raise!(thread, TypeError, "excs must be a list of exception instances"));
    }
    let raised_list = protocol::collect(raised, thread)?;
    let is_wrong = |it: &Py<Object>| !it.is_none() && it.downcast::<BaseException>().is_none();
    if let Some(index) = raised_list.iter().position(is_wrong) {
        return Err(raise!(thread, TypeError, "item {index} of excs is not an exception"));
    }
    objects::errors::prepare_reraise_star(original, raised, thread)
}

fn set_import_error(
    class: &Object,
    message: Option<&Object>,
    name: Option<&Object>,
    path: Option<&Object>,
    thread: &mut Thread,
) -> Raised {
    let Some(message) = message else { return raise!(thread, TypeError, "expected a message argument") };
    let none = thread.none();
    let names = ["name", "path"].map(|it| thread.intern_text(it).into_object());
    let result = Tuple::new(names.to_vec(), thread).and_then(|names| {
        protocol::call_vector(class, &[message, name.unwrap_or(&none), path.unwrap_or(&none)], Some(&names), thread)
    });
    match result {
        Ok(exception) => set_object(class, Some(&exception), thread),
        Err(raised) => raised,
    }
}

/// Makes an exception the one that is being handled at the innermost level.
fn set_handled(exception: Option<&Object>, thread: &mut Thread) {
    // SAFETY: `exc_info` is never null.
    let level = unsafe { &*thread.state().base().exc_info.get() };
    let new = exception.filter(|it| !it.is_none()).map_or(std::ptr::null_mut(), |it| Py::from_ref(it).into_pointer());
    let old = level.exc_value.replace(new);
    // SAFETY: the level owned a reference or null.
    if let Some(old) = unsafe { Py::<Object>::steal_pointer(old) } {
        old.release(thread);
    }
}

fn normalize(
    class: Out<*mut PyObject>,
    value: Out<*mut PyObject>,
    traceback: Out<*mut PyObject>,
    thread: &mut Thread,
) -> PyResult<Nothing> {
    // SAFETY: the places own their references, or hold null.
    let taken =
        [class, value].map(|it| unsafe { Py::<Object>::steal_pointer(it.get().unwrap_or(std::ptr::null_mut())) });
    let [found_class, found_value] = taken;
    let exception = match of_triple(found_class, found_value, None, thread) {
        Ok(exception) => exception,
        Err(raised) => Some(thread.catch(raised)),
    };
    let _ = traceback;
    let Some(exception) = exception else {
        class.set(std::ptr::null_mut());
        value.set(std::ptr::null_mut());
        return Ok(Nothing);
    };
    let kind: Py<Type> = Py::from_ref(exception.class());
    class.set(kind.into_pointer());
    value.set(exception.into_pointer());
    Ok(Nothing)
}

fn new_exception(
    name: &str,
    doc: Option<&CStr>,
    bases: Option<&Object>,
    dict: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let Some((module, short)) = name.rsplit_once('.') else {
        return Err(raise!(thread, SystemError, "PyErr_NewException: name must be module.class"));
    };
    let namespace = match dict {
        None => Dict::new(thread),
        Some(dict) => match dict.downcast::<Dict>() {
            Some(dict) => Py::from_ref(dict),
            None => return bad_internal_call(thread),
        },
    };
    if namespace.get_str(&objects::names::__module__, thread).is_none() {
        let module = Str::from_str(module, thread);
        namespace.set_str(&objects::names::__module__, &module, thread)?;
    }
    if let Some(doc) = doc {
        let doc = Str::from_c(doc, thread)?;
        namespace.set_str(&objects::names::__doc__, &doc, thread)?;
    }
    let plain: &Object = objects::errors::Exception.as_type();
    let bases = bases.unwrap_or(plain);
    let bases = match bases.downcast::<Tuple>() {
        Some(bases) => Py::from_ref(bases),
        None => Tuple::new(vec![Py::from_ref(bases)], thread)?,
    };
    let name = Str::from_str(short, thread);
    let class: &Object = <Type as objects::types::Instance>::class();
    protocol::call(class, &[&name, &bases, &namespace], thread)
}

/// `PyErr_PrintEx`: through `sys.excepthook`; SystemExit ends the process.
fn print_current(set_last: bool, thread: &mut Thread) -> PyResult<Nothing> {
    let Some(exception) = thread.take_exception() else { return Ok(Nothing) };
    if let Some(exit) = exception.downcast::<objects::errors::SystemExit>() {
        let code = exit.code();
        let status = match &code {
            None => 0,
            Some(code) if code.is_none() => 0,
            Some(code) => code.downcast::<objects::int::Int>().and_then(|it| it.to_i64()).unwrap_or(1) as c_int,
        };
        std::process::exit(status);
    }
    let none = thread.none();
    let class = Py::from_ref(exception.class());
    let traceback = exception.traceback().unwrap_or_else(|| none.clone());
    if set_last {
        let values: [(&str, &Object); 4] = [
            ("last_exc", &exception),
            ("last_type", &class),
            ("last_value", &exception),
            ("last_traceback", &traceback),
        ];
        for (name, value) in values {
            let name = thread.intern_text(name);
            crate::sysmodule::set(&name, Some(value), thread)?;
        }
    }
    let hook = thread.intern_text("excepthook");
    match crate::sysmodule::find(&hook, thread) {
        Some(hook) => {
            if let Err(raised) = protocol::call(&hook, &[&class, &exception, &traceback], thread) {
                let second = thread.catch(raised);
                objects::error_line!("Error in sys.excepthook:");
                interpreter::traceback::display(&second, None, thread);
                objects::error_line!("\nOriginal exception was:");
                interpreter::traceback::display(&exception, None, thread);
            }
        }
        None => {
            objects::error_line!("sys.excepthook is missing");
            interpreter::traceback::display(&exception, None, thread);
        }
    }
    Ok(Nothing)
}

/// `PyErr_FormatV`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyErr_FormatV(
    class: *mut PyObject,
    format: *const c_char,
    list: *mut VaList,
) -> *mut PyObject {
    enter(|thread| -> PyResult<Option<Py<Object>>> {
        // SAFETY: C's caller passes a class, a format, and a list of arguments that fits it.
        let (class, format, list) = unsafe { (Object::from_pointer(class), CStr::from_ptr(format), &mut *list) };
        drop(thread.take_exception());
        // SAFETY: as above.
        let message = unsafe { crate::format::format_text(format.to_bytes(), list, thread)? };
        let Some(class) = class else { return bad_internal_call(thread) };
        Err(set_object(class, Some(&message), thread))
    })
}

/// `PyErr_FormatUnraisable`'s inner part.
///
/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn format_unraisable(format: *const c_char, list: *mut VaList) {
    enter(|thread| {
        let Some(exception) = thread.take_exception() else { return Ok(Nothing) };
        let message = if format.is_null() {
            String::new()
        } else {
            // SAFETY: C's caller passes a format, and a list of arguments that fits it.
            let message = unsafe { crate::format::format_text(CStr::from_ptr(format).to_bytes(), &mut *list, thread) };
            match message {
                Ok(message) => message.to_string_lossy(),
                Err(raised) => {
                    drop(thread.catch(raised));
                    String::new()
                }
            }
        };
        interpreter::traceback::report_unraisable(exception, &message, None, thread);
        Ok(Nothing)
    })
}

/// `PyErr_WarnFormat`'s inner part.
///
/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn warn_format(
    class: *mut PyObject,
    level: isize,
    format: *const c_char,
    list: *mut VaList,
) -> c_int {
    enter(|thread| {
        // SAFETY: C's caller passes a class or null, a format, and a list of arguments that fits it.
        let class = unsafe { Object::from_pointer(class) };
        // SAFETY: as above.
        let message = unsafe { crate::format::format_text(CStr::from_ptr(format).to_bytes(), &mut *list, thread)? };
        crate::warnings::warn(class, &message, level, None, thread)
    })
}

/// `PyErr_ResourceWarning`'s inner part.
///
/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn resource_warning(
    source: *mut PyObject,
    level: isize,
    format: *const c_char,
    list: *mut VaList,
) -> c_int {
    enter(|thread| {
        // SAFETY: C's caller passes an object or null, a format, and a list of arguments that fits it.
        let source = unsafe { Object::from_pointer(source) };
        // SAFETY: as above.
        let message = unsafe { crate::format::format_text(CStr::from_ptr(format).to_bytes(), &mut *list, thread)? };
        let class: &Object = objects::errors::ResourceWarning.as_type();
        crate::warnings::warn(Some(class), &message, level, source, thread)
    })
}

/// `_PyErr_FormatFromCause`: a new exception whose cause and context is the one that is set.
///
/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn format_from_cause(
    class: *mut PyObject,
    format: *const c_char,
    list: *mut VaList,
) -> *mut PyObject {
    enter(|thread| -> PyResult<Option<Py<Object>>> {
        let cause = thread.take_exception();
        // SAFETY: passed on to the caller.
        unsafe { PyErr_FormatV(class, format, list) };
        let exception = thread.take_exception();
        if let (Some(exception), Some(cause)) = (&exception, cause) {
            exception.set_cause(Some(cause.clone()));
            exception.set_context(Some(cause));
        }
        thread.restore_exception(exception);
        Err(thread.raised_elsewhere())
    })
}

variadic! {
    fn PyErr_Format = PyErr_FormatV, 2;
    fn PyErr_FormatUnraisable = format_unraisable, 1;
    fn PyErr_WarnFormat = warn_format, 3;
    fn PyErr_ResourceWarning = resource_warning, 3;
    fn _PyErr_FormatFromCause = format_from_cause, 2;
}
