//! `pyframe.h`, `cpython/frameobject.h`, `cpython/funcobject.h`, `cpython/genobject.h`: frames, functions, generators.

use std::ffi::{CStr, c_int};

use interpreter::code::Code;
use interpreter::frame::{Frame, FrameObject, first_complete};
use interpreter::function::Function;
use interpreter::generator::{Generator, as_generator};
use layout::{PyObject, PyThreadState};
use objects::descriptors::{BoundMethod, InstanceMethod};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::abstract_object::FromC as _;
use crate::entry::{Nothing, bad_internal_call, export};

/// The object of the frame that runs.
pub fn current(thread: &mut Thread) -> PyResult<Option<Py<FrameObject>>> {
    match first_complete(thread.state().base().current_frame.get().cast()) {
        Some(frame) => FrameObject::of(frame, thread).map(Some),
        None => Ok(None),
    }
}

/// An attribute of an object by its name.
fn attribute(object: &Object, name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = thread.intern_text(name);
    protocol::get_attribute(object, &name, thread)
}

/// `locals()` of a frame: its mapping of names, or its variables as a new dict. Who borrows them finds them in the frame's object.
pub fn locals(frame: &FrameObject, borrowed: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
    let locals = attribute(frame, "f_locals", thread)?;
    if locals.downcast::<interpreter::frame::FrameLocalsProxy>().is_none() {
        return Ok(locals);
    }
    let dict = Dict::new(thread);
    dict.merge(&locals, objects::dict::Duplicates::Replace, thread)?;
    if borrowed {
        frame.keep_locals(dict.clone().into_object());
    }
    Ok(dict.into_object())
}

/// Adds a frame to the traceback of the exception that is set.
pub fn add_traceback(frame: &FrameObject, thread: &mut Thread) -> PyResult<()> {
    interpreter::traceback::add_frame_object(frame, thread);
    Ok(())
}

/// Adds a frame that never ran to the traceback of the exception that is set.
pub fn add_synthetic(name: &str, file: &str, line: c_int, thread: &mut Thread) {
    let raised = thread.take_exception();
    let made = synthetic(name, file, line, thread);
    match made {
        Ok(frame) => {
            thread.restore_exception(raised);
            interpreter::traceback::add_frame_object(&frame, thread);
        }
        Err(error) => {
            drop(thread.catch(error));
            thread.restore_exception(raised);
        }
    }
}

fn synthetic(name: &str, file: &str, line: c_int, thread: &mut Thread) -> PyResult<Py<FrameObject>> {
    let text = |text: &str| std::ffi::CString::new(text).unwrap_or_default();
    let code = crate::pythonrun::empty_code(&text(file), &text(name), line, thread)?;
    let globals = Dict::new(thread);
    new_frame(&code, &globals, None, thread)
}

fn new_frame(
    code: &Object,
    globals: &Object,
    locals: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Py<FrameObject>> {
    let (Some(code), Some(globals)) = (code.downcast::<Code>(), globals.downcast::<Dict>()) else {
        return bad_internal_call(thread);
    };
    let builtins = interpreter::execute::builtins_of(globals, thread)?;
    let function = Function::new(Py::from_ref(code), Py::from_ref(globals), builtins, thread);
    let locals = locals.and_then(|it| it.downcast::<Dict>()).map(Py::from_ref);
    FrameObject::that_never_runs(function, locals, thread)
}

/// A variable of a frame, or NameError.
fn variable(frame: &FrameObject, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(name) = name.downcast::<Str>() else {
        let found = name.class().full_name();
        return Err(raise!(thread, TypeError, "name must be str, not {found}"));
    };
    let locals = attribute(frame, "f_locals", thread)?;
    let value = protocol::get_item(&locals, name, thread);
    match thread.suppress(value, objects::errors::KeyError)? {
        Some(value) => Ok(value),
        None => {
            let name = protocol::repr(name, thread)?.to_string_lossy();
            Err(raise!(thread, NameError, "variable {name} does not exist"))
        }
    }
}

/// A function's attribute by the name that Python code knows it by; null for None.
fn part(function: &Function, name: &Str, thread: &mut Thread) -> PyResult<*mut PyObject> {
    let value = protocol::get_attribute(function, name, thread)?;
    Ok(if value.is_none() { std::ptr::null_mut() } else { value.as_pointer() })
}

/// Sets an attribute of a function to an object of a type, or None.
fn set_part(function: &Function, name: &str, value: &Object, is_right: bool, thread: &mut Thread) -> PyResult<()> {
    if !is_right && !value.is_none() {
        return Err(raise!(
            thread,
            SystemError,
            "non-{} default args",
            if name == "__defaults__" { "tuple" } else { "dict keyword only" }
        ));
    }
    let name = thread.intern_text(name);
    protocol::set_attribute(function, &name, Some(value), thread)
}

export! { thread;
    fn PyFrame_New(state: *mut PyThreadState, code: &Object, globals: &Object, locals: Option<&Object>) -> Py<FrameObject> {
        let _ = state;
        new_frame(code, globals, locals, thread)
    }

    fn PyFrame_GetBack(frame: *mut PyObject) -> Option<Py<FrameObject>> {
        // By the struct alone: greenlet passes one of its own, which has no type, to make the frames below it visible.
        // SAFETY: C's caller passes a frame.
        match unsafe { frame.cast_const().cast::<FrameObject>().as_ref() } {
            Some(frame) => frame.back(thread),
            None => bad_internal_call(thread),
        }
    }

    fn PyFrame_GetCode(frame: &FrameObject) -> Py<Code> { frame.code(thread) }
    fn PyFrame_GetBuiltins(frame: &FrameObject) -> Py<Object> { attribute(frame, "f_builtins", thread) }
    fn PyFrame_GetGlobals(frame: &FrameObject) -> Py<Object> { attribute(frame, "f_globals", thread) }
    fn PyFrame_GetLocals(frame: &FrameObject) -> Py<Object> { attribute(frame, "f_locals", thread) }

    fn PyFrame_GetGenerator(frame: &FrameObject) -> Option<Py<Object>> {
        let generator = attribute(frame, "f_generator", thread)?;
        Ok(Some(generator).filter(|it| !it.is_none()))
    }

    fn PyFrame_GetLasti(frame: &FrameObject) -> i32 {
        let offset = attribute(frame, "f_lasti", thread)?;
        Ok(offset.downcast::<objects::int::Int>().and_then(|it| it.to_i64()).unwrap_or(-1) as i32)
    }

    fn PyFrame_GetLineNumber(frame: &FrameObject) -> i32 { Ok(frame.line(thread)?.unwrap_or(-1)) }
    fn PyFrame_GetVar(frame: &FrameObject, name: &Object) -> Py<Object> { variable(frame, name, thread) }

    fn PyFrame_GetVarString(frame: &FrameObject, name: &CStr) -> Py<Object> {
        let name = Str::from_c(name, thread)?;
        variable(frame, &name, thread)
    }

    fn PyFrame_FastToLocals(frame: &FrameObject) -> Nothing { let _ = (&thread, frame); Ok(Nothing) }
    fn PyFrame_FastToLocalsWithError(frame: &FrameObject) -> () { let _ = (&thread, frame); Ok(()) }
    fn PyFrame_LocalsToFast(frame: &FrameObject, clear: i32) -> Nothing { let _ = (&thread, frame, clear); Ok(Nothing) }

    fn PyFunction_New(code: &Code, globals: &Dict) -> Py<Function> { new_function(code, globals, None, thread) }

    fn PyFunction_NewWithQualName(code: &Code, globals: &Dict, name: Option<&Object>) -> Py<Function> {
        new_function(code, globals, name, thread)
    }

    fn PyFunction_GetCode(function: &Function) -> *mut PyObject { let _ = &thread; Ok(function.code().as_pointer()) }
    fn PyFunction_GetGlobals(function: &Function) -> *mut PyObject { let _ = &thread; Ok(function.globals().as_pointer()) }
    fn PyFunction_GetModule(function: &Function) -> *mut PyObject { part(function, &names::__module__, thread) }

    fn PyFunction_GetDefaults(function: &Function) -> *mut PyObject {
        let _ = &thread;
        Ok(function.defaults().map_or(std::ptr::null_mut(), |it| it.as_pointer()))
    }

    fn PyFunction_SetDefaults(function: &Function, defaults: &Object) -> () {
        set_part(function, "__defaults__", defaults, defaults.downcast::<Tuple>().is_some(), thread)
    }

    fn PyFunction_GetKwDefaults(function: &Function) -> *mut PyObject {
        let _ = &thread;
        Ok(function.keyword_defaults().map_or(std::ptr::null_mut(), |it| it.as_pointer()))
    }

    fn PyFunction_SetKwDefaults(function: &Function, defaults: &Object) -> () {
        set_part(function, "__kwdefaults__", defaults, defaults.downcast::<Dict>().is_some(), thread)
    }

    fn PyFunction_GetClosure(function: &Function) -> *mut PyObject {
        let _ = &thread;
        Ok(function.closure().map_or(std::ptr::null_mut(), |it| it.as_pointer()))
    }

    fn PyFunction_SetClosure(function: &Function, closure: &Object) -> () {
        match closure.downcast::<Tuple>() {
            Some(cells) => { function.set_closure(Py::from_ref(cells)); Ok(()) }
            None if closure.is_none() => Ok(()),
            None => {
                let found = closure.class().full_name();
                Err(raise!(thread, SystemError, "expected tuple for closure, got '{found:.100}'"))
            }
        }
    }

    fn PyFunction_GetAnnotations(function: &Function) -> *mut PyObject {
        if !function.is_annotated() {
            return Ok(thread.none().as_pointer());
        }
        Ok(function.annotations(thread)?.as_pointer())
    }

    fn PyFunction_SetAnnotations(function: &Function, annotations: &Object) -> () {
        if !annotations.is_none() && annotations.downcast::<Dict>().is_none() {
            return Err(raise!(thread, SystemError, "non-dict annotations"));
        }
        let value = Some(annotations).filter(|it| !it.is_none()).map(Py::from_ref);
        function.set_annotations(value);
        Ok(())
    }

    fn PyMethod_New(function: Option<&Object>, receiver: Option<&Object>) -> Py<BoundMethod> {
        match (function, receiver) {
            (Some(function), Some(receiver)) => Ok(BoundMethod::new(function, receiver, thread)),
            _ => bad_internal_call(thread),
        }
    }

    fn PyMethod_Function(method: &BoundMethod) -> *mut PyObject { let _ = &thread; Ok(method.function().as_pointer()) }
    fn PyMethod_Self(method: &BoundMethod) -> *mut PyObject { let _ = &thread; Ok(method.receiver().as_pointer()) }
    fn PyInstanceMethod_New(function: &Object) -> Py<InstanceMethod> { Ok(InstanceMethod::new(function, thread)) }
    fn PyInstanceMethod_Function(method: &InstanceMethod) -> *mut PyObject { let _ = &thread; Ok(method.function().as_pointer()) }

    fn PyGen_GetCode(generator: &Object) -> Py<Object> {
        match generator.downcast::<Generator>() {
            Some(generator) => attribute(generator, "gi_code", thread),
            None => match as_generator(generator) {
                Some(_) => attribute(generator, "cr_code", thread),
                None => bad_internal_call(thread),
            },
        }
    }

    fn PyGen_New(frame: &Object) -> Py<Object> {
        let _ = frame;
        Err(raise!(thread, NotImplementedError, "PyGen_New(): generators of frames made by C code"))
    }

    fn PyCell_New(contents: Option<&Object>) -> Py<objects::cell::Cell> {
        Ok(objects::cell::Cell::new(contents.map(Py::from_ref), thread))
    }

    fn PyCell_Get(cell: &objects::cell::Cell) -> Option<Py<Object>> { let _ = &thread; Ok(cell.get()) }

    fn PyCell_Set(cell: Option<&Object>, value: Option<&Object>) -> () {
        match cell.and_then(|it| it.downcast::<objects::cell::Cell>()) {
            Some(cell) => {
                let old = cell.replace(value.map(Py::from_ref));
                if let Some(old) = old {
                    old.release(thread);
                }
                Ok(())
            }
            None => bad_internal_call(thread),
        }
    }
}

fn new_function(code: &Code, globals: &Dict, name: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Function>> {
    let builtins = interpreter::execute::builtins_of(globals, thread)?;
    let function = Function::new(Py::from_ref(code), Py::from_ref(globals), builtins, thread);
    if let Some(name) = name {
        protocol::set_attribute(&function, &names::__qualname__, Some(name), thread)?;
    }
    Ok(function)
}

/// `PyFunction_SetVectorcall`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyFunction_SetVectorcall(function: *mut PyObject, vectorcall: layout::vectorcallfunc) {
    // SAFETY: C's caller passes a function, and has the interpreter's lock.
    let function = unsafe { Object::from_pointer(function) }.and_then(|it| it.downcast::<Function>());
    if let Some(function) = function {
        function.set_vectorcall(vectorcall);
    }
}

/// `PyUnstable_InterpreterFrame_GetCode`: a new reference to the code.
///
/// # Safety
/// The frame is one of this interpreter's, and the caller has its lock.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyUnstable_InterpreterFrame_GetCode(frame: *mut Frame) -> *mut PyObject {
    // SAFETY: C's caller passes a frame.
    Py::from_ref(unsafe { &*frame }.code()).into_object().into_pointer()
}

/// `PyUnstable_InterpreterFrame_GetLasti`: in bytes.
///
/// # Safety
/// As [`PyUnstable_InterpreterFrame_GetCode`].
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyUnstable_InterpreterFrame_GetLasti(frame: *mut Frame) -> c_int {
    // SAFETY: C's caller passes a frame.
    2 * unsafe { &*frame }.instruction_offset() as c_int
}

/// `PyUnstable_InterpreterFrame_GetLine`: -1 if the instruction has none.
///
/// # Safety
/// As [`PyUnstable_InterpreterFrame_GetCode`].
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyUnstable_InterpreterFrame_GetLine(frame: *mut Frame) -> c_int {
    // SAFETY: C's caller passes a frame.
    unsafe { &*frame }.line().unwrap_or(-1)
}
