//! `globals`, `locals`, `vars`, `dir`, and what the module `builtins` holds besides functions.

use interpreter::frame::{self, Frame};
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::list::List;
use objects::module::Module;
use objects::names;
use objects::none::{EllipsisType, NoneType, NotImplementedType};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::{Type, TypeDeclaration};

/// The frame that calls a built-in function.
fn current_frame<'a>(thread: &mut Thread) -> PyResult<&'a Frame> {
    match frame::first_complete(thread.state().base().current_frame.get().cast()) {
        // SAFETY: the current frame is live while the function that it called runs.
        Some(frame) => Ok(unsafe { &*frame }),
        None => Err(raise!(thread, SystemError, "frame does not exist")),
    }
}

/// The names of `__main__` where no frame runs: what another interpreter calls directly runs there.
fn names_without_frame(thread: &mut Thread) -> Option<Py<Dict>> {
    let interpreter = thread.interpreter();
    let has_frame = frame::first_complete(thread.state().base().current_frame.get().cast()).is_some();
    if has_frame || interpreter.is_first() || !interpreter.record().is_running() {
        return None;
    }
    let name = thread.intern_text("__main__");
    let main = thread.interpreter().modules.get().and_then(|it| it.get_str(&name, thread))?;
    main.downcast::<Module>().map(|it| it.dict())
}

/// The globals of the calling frame.
pub fn current_globals(thread: &mut Thread) -> PyResult<Py<Dict>> {
    if let Some(names) = names_without_frame(thread) {
        return Ok(names);
    }
    let globals = current_frame(thread)?.globals();
    match globals.downcast::<Dict>() {
        Some(dict) => Ok(Py::from_ref(dict)),
        None => Err(raise!(thread, SystemError, "globals are no dict")),
    }
}

pub fn globals(thread: &mut Thread) -> PyResult<Py<Object>> {
    if let Some(names) = names_without_frame(thread) {
        return Ok(names.into_object());
    }
    Ok(Py::from_ref(current_frame(thread)?.globals()))
}

/// `locals()`: the mapping of a module or class body; for functions a new dict of their variables (PEP 667).
pub fn locals(thread: &mut Thread) -> PyResult<Py<Object>> {
    if let Some(names) = names_without_frame(thread) {
        return Ok(names.into_object());
    }
    let frame = current_frame(thread)?;
    match frame::shown_mapping(frame) {
        Some(mapping) => Ok(Py::from_ref(mapping)),
        None => frame::locals_snapshot(frame, thread).map(Py::into_object),
    }
}

/// `vars(object)`.
pub fn vars(object: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(object) = object else { return locals(thread) };
    match protocol::lookup_attribute(object, &names::__dict__, thread)? {
        Some(dict) => Ok(dict),
        None => Err(raise!(thread, TypeError, "vars() argument must have __dict__ attribute")),
    }
}

/// `dir(object)`, or the names of the calling frame.
pub fn dir(object: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let names = match object {
        None => {
            let locals = locals(thread)?;
            protocol::call_method(&locals, &names::keys, &[], thread)?
        }
        Some(object) => match protocol::call_special(object, &names::__dir__, &[], thread)? {
            Some(names) => names,
            None => return Err(raise!(thread, TypeError, "object does not provide __dir__")),
        },
    };
    let list: Py<List> = protocol::to_list(&names, thread)?;
    list.sort(None, false, thread)?;
    Ok(list.into_object())
}

/// Adds the types and constants to `builtins`.
pub fn fill_builtins(module: &Module, thread: &mut Thread) -> PyResult<()> {
    module.set("None", NoneType::get(), thread)?;
    module.set("NotImplemented", NotImplementedType::get(), thread)?;
    module.set("Ellipsis", EllipsisType::get(), thread)?;
    module.set("True", Bool::get(true), thread)?;
    module.set("False", Bool::get(false), thread)?;
    let debug = thread.interpreter().optimize.get() == 0;
    module.set("__debug__", Bool::get(debug), thread)?;
    for class in builtin_types() {
        let name = class.short_name();
        module.set(&name, class, thread)?;
    }
    let group = objects::exceptions::exception_group_type(thread)?;
    module.set("ExceptionGroup", &group, thread)?;
    module.set("EnvironmentError", objects::errors::OSError.as_type(), thread)?;
    module.set("IOError", objects::errors::OSError.as_type(), thread)
}

/// The types that `builtins` names; of all static types, those that CPython lists there.
fn builtin_types() -> impl Iterator<Item = &'static Type> {
    const NAMES: &[&str] = &[
        "object",
        "type",
        "bool",
        "bytearray",
        "bytes",
        "classmethod",
        "complex",
        "dict",
        "enumerate",
        "filter",
        "float",
        "frozenset",
        "int",
        "list",
        "map",
        "memoryview",
        "property",
        "range",
        "reversed",
        "set",
        "slice",
        "staticmethod",
        "str",
        "super",
        "tuple",
        "zip",
    ];
    let declared = objects::TYPES.iter().chain(builtins::TYPES).copied().map(TypeDeclaration::as_type);
    declared.filter(|class| {
        class.has_flag(objects::layout::Py_TPFLAGS_BASE_EXC_SUBCLASS) || NAMES.contains(&class.short_name().as_str())
    })
}
