//! Running a code object in given namespaces: modules, `exec`, `eval`.

use objects::dict::Dict;
use objects::errors::PyResult;
use objects::names;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use crate::code::Code;
use crate::evaluate::evaluate_frame;
use crate::frame::{Frame, push_frame_memory};
use crate::function::Function;

/// Runs code with these globals, and with `locals` as the mapping of its names. `closure` fills its free variables.
pub fn run_code(
    code: Py<Code>,
    globals: Py<Dict>,
    locals: Py<Object>,
    closure: Option<Py<objects::tuple::Tuple>>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let builtins = builtins_of(&globals, thread)?;
    let function = Function::new(code, globals, builtins, thread);
    if let Some(closure) = closure {
        function.set_closure(closure);
    }
    let frame = push_frame_memory(function.code().frame_size(), thread);
    // SAFETY: the memory has room for the function's frame.
    unsafe {
        Frame::initialize(frame, function, None, std::ptr::null_mut(), 0);
        (*frame).set_name_mapping(Some(locals));
    }
    evaluate_frame(frame, thread)
}

/// Runs the function of a class body, whose names go into `namespace`; gives what the body returns, the cell of `__class__` or None.
pub fn run_class_body(body: &Function, namespace: Py<Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let frame = push_frame_memory(body.code().frame_size(), thread);
    // SAFETY: the memory has room for the function's frame.
    unsafe {
        Frame::initialize(frame, Py::from_ref(body), None, std::ptr::null_mut(), 0);
        (*frame).set_name_mapping(Some(namespace));
    }
    evaluate_frame(frame, thread)
}

/// Sets `__builtins__` where it is not there: what `exec` and importing do with globals.
pub fn provide_builtins(globals: &Dict, thread: &mut Thread) -> PyResult<()> {
    if globals.get_str(&names::__builtins__, thread).is_none() {
        let builtins = builtins_of(globals, thread)?;
        globals.set_str(&names::__builtins__, &builtins, thread)?;
    }
    Ok(())
}

/// The builtins that code with these globals sees: `__builtins__` (a module or a dict), or those of the interpreter.
pub fn builtins_of(globals: &Dict, thread: &mut Thread) -> PyResult<Py<Object>> {
    if let Some(builtins) = globals.get_str(&names::__builtins__, thread) {
        return match builtins.downcast_into::<objects::module::Module>() {
            Ok(module) => Ok(module.dict().into_object()),
            Err(dict) => Ok(dict),
        };
    }
    match thread.interpreter().builtins.get() {
        Some(builtins) => Ok(builtins.into_object()),
        None => Ok(Dict::new(thread).into_object()),
    }
}
