//! `moduleobject.h`, `modsupport.h`: module objects, what is added to them, and the table of modules by definition (`PyState_…`).

use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_void};

use layout::{METH_CLASS, METH_METHOD, METH_STATIC, PyMethodDef, PyModuleDef, PyObject};
use objects::descriptors::BuiltinFunction;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::module::Module;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Type;

use crate::abstract_object::FromC as _;
use crate::entry::{Argument, Stolen, bad_internal_call, export, text};

/// Modules by the index of their definition, for those with single-phase initialization.
#[derive(Default)]
pub struct ModuleTable {
    modules: RefCell<Vec<Option<Py<Object>>>>,
}

/// `PyModuleDef_Init`: makes a definition an object that an init function may return (PEP 489).
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyModuleDef_Init(definition: *mut PyModuleDef) -> *mut PyObject {
    // SAFETY: the caller passes its definition, which lives for ever.
    let base = unsafe { &(*definition).m_base };
    if base.m_index.get() == 0 {
        base.ob_base.ob_type.set(crate::data::PyModuleDef_Type.get().cast());
        base.m_index.set(crate::data::next_module_index());
    }
    definition.cast()
}

impl Argument for &'static PyModuleDef {
    type C = *mut PyModuleDef;

    unsafe fn from_c(value: Self::C, thread: &mut Thread) -> PyResult<Self> {
        // SAFETY: passed on to the caller: definitions live for ever.
        unsafe { value.cast_const().as_ref() }.map_or_else(|| bad_internal_call(thread), Ok)
    }
}

/// A module of a name, with all attributes that every module has.
pub fn new_module(name: &Str, thread: &mut Thread) -> PyResult<Py<Module>> {
    let module = Module::new(name, thread)?;
    let dict = module.dict();
    let none = thread.none();
    for attribute in [&names::__doc__ as &Str, &names::__package__, &names::__loader__, &names::__spec__] {
        dict.set_str(attribute, &none, thread)?;
    }
    Ok(module)
}

/// As [`new_module`], of a name that may be any object.
pub fn new_module_of(name: &Object, thread: &mut Thread) -> PyResult<Py<Module>> {
    if let Some(name) = name.downcast::<Str>() {
        return new_module(name, thread);
    }
    let module = new_module(&Str::empty(), thread)?;
    module.dict().set_str(&names::__name__, name, thread)?;
    Ok(module)
}

/// Adds the functions of a table, which ends with a null name, to a module's namespace. `owner` becomes their `__module__`.
pub fn add_functions(
    module: &Object,
    table: *const PyMethodDef,
    owner: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<()> {
    let mut method = table;
    // SAFETY: the table of methods is null or ends with a null name, and lives for ever.
    while let Some(row) = unsafe { method.as_ref() }.filter(|it| !it.ml_name.is_null()) {
        if row.ml_flags & (METH_CLASS | METH_STATIC) != 0 {
            return Err(raise!(thread, ValueError, "module functions cannot set METH_CLASS or METH_STATIC"));
        }
        let receiver = Some(Py::from_ref(module));
        let owner = owner.map(Py::from_ref);
        // SAFETY: a module's functions expect the module.
        let function = unsafe { BuiltinFunction::new(method.cast_mut(), receiver, owner, None, thread) };
        // SAFETY: a method's name is a C string.
        let key = thread.intern_text(&text(unsafe { CStr::from_ptr(row.ml_name) }));
        protocol::set_attribute(module, &key, Some(&function), thread)?;
        // SAFETY: as above.
        method = unsafe { method.add(1) };
    }
    Ok(())
}

/// `__doc__` from C.
pub fn set_doc(module: &Object, doc: *const c_char, thread: &mut Thread) -> PyResult<()> {
    if doc.is_null() {
        return Ok(());
    }
    // SAFETY: documentation is a C string.
    let doc = Str::from_c(unsafe { CStr::from_ptr(doc) }, thread)?;
    protocol::set_attribute(module, &names::__doc__, Some(&doc), thread)
}

fn dict_of(module: &Object, thread: &mut Thread) -> PyResult<Py<Dict>> {
    match module.downcast::<Module>() {
        Some(module) => Ok(module.dict()),
        None => Err(raise!(thread, TypeError, "PyModule_AddObjectRef() first argument must be a module")),
    }
}

fn add(module: &Object, name: &CStr, value: &Object, thread: &mut Thread) -> PyResult<()> {
    let dict = dict_of(module, thread)?;
    let name = thread.intern_text(&text(name));
    dict.set_str(&name, value, thread)
}

/// SystemError where an object is missing and no exception says why.
fn given<'a>(value: Option<&'a Object>, function: &str, thread: &mut Thread) -> PyResult<&'a Object> {
    match value {
        Some(value) => Ok(value),
        None if thread.is_raised() => Err(thread.raised_elsewhere()),
        None => {
            Err(raise!(thread, SystemError, "{function}() must be called with an exception raised if value is NULL"))
        }
    }
}

/// The module of a definition, for `PyModule_Create2` and `PyModule_FromDefAndSpec2`'s plain form.
pub fn from_definition(definition: &'static PyModuleDef, name: &Str, thread: &mut Thread) -> PyResult<Py<Module>> {
    let module = new_module(name, thread)?;
    module.set_definition(definition);
    module.allocate_state(thread)?;
    add_functions(&module, definition.m_methods.get(), Some(name), thread)?;
    set_doc(&module, definition.m_doc.get(), thread)?;
    Ok(module)
}

export! { thread;
    fn PyModule_New(name: &CStr) -> Py<Module> {
        let name = Str::from_c(name, thread)?;
        new_module(&name, thread)
    }

    fn PyModule_NewObject(name: &Str) -> Py<Module> { new_module(name, thread) }

    fn PyModule_Create2(definition: &'static PyModuleDef, version: i32) -> Py<Module> {
        let _ = version;
        if definition.m_base.m_index.get() == 0 {
            // SAFETY: the definition lives for ever.
            unsafe { PyModuleDef_Init(std::ptr::from_ref(definition).cast_mut()) };
        }
        // SAFETY: a definition's name is a C string.
        let mut name = text(unsafe { CStr::from_ptr(definition.m_name.get()) });
        if !definition.m_slots.get().is_null() {
            return Err(raise!(thread, SystemError, "module {name}: PyModule_Create is incompatible with m_slots"));
        }
        // A submodule calls itself by its last name alone: the import system knows the whole.
        if let Some(full) = crate::loader::name_being_loaded(thread)
            && full.rsplit('.').next() == Some(&name)
        {
            name = full;
        }
        let name = Str::from_str(&name, thread);
        from_definition(definition, &name, thread)
    }

    fn PyModule_FromDefAndSpec2(definition: &'static PyModuleDef, spec: &Object, version: i32) -> Py<Object> {
        let _ = version;
        crate::loader::from_definition_and_spec(definition, spec, thread)
    }

    fn PyModule_ExecDef(module: &Object, definition: &'static PyModuleDef) -> () {
        crate::loader::execute_definition(module, definition, thread)
    }

    fn PyModule_GetDict(module: &Module) -> *mut PyObject { let _ = &thread; Ok(module.dict().as_pointer()) }

    fn PyModule_GetNameObject(module: &Object) -> Py<Object> {
        let Some(dict) = module.downcast::<Module>().map(Module::dict) else {
            return Err(raise!(thread, TypeError, "bad argument type for built-in operation"));
        };
        match dict.get_str(&names::__name__, thread).filter(|it| it.downcast::<Str>().is_some()) {
            Some(name) => Ok(name),
            None => Err(raise!(thread, SystemError, "nameless module")),
        }
    }

    fn PyModule_GetName(module: &Module) -> *const c_char {
        match module.dict().get_str(&names::__name__, thread).and_then(|it| it.downcast_into::<Str>().ok()) {
            Some(name) => Ok(name.utf8(thread)?.as_ptr().cast()),
            None => Err(raise!(thread, SystemError, "nameless module")),
        }
    }

    fn PyModule_GetFilenameObject(module: &Module) -> Py<Object> {
        match module.dict().get_str(&names::__file__, thread).filter(|it| it.downcast::<Str>().is_some()) {
            Some(name) => Ok(name),
            None => Err(raise!(thread, SystemError, "module filename missing")),
        }
    }

    fn PyModule_GetFilename(module: &Module) -> *const c_char {
        match module.dict().get_str(&names::__file__, thread).and_then(|it| it.downcast_into::<Str>().ok()) {
            Some(name) => Ok(name.utf8(thread)?.as_ptr().cast()),
            None => Err(raise!(thread, SystemError, "module filename missing")),
        }
    }

    fn PyModule_GetDef(module: &Object) -> *const PyModuleDef {
        match module.downcast::<Module>() {
            Some(module) => Ok(module.definition().map_or(std::ptr::null(), std::ptr::from_ref)),
            None => Err(raise!(thread, TypeError, "bad argument type for built-in operation")),
        }
    }

    fn PyModule_GetState(module: &Object) -> *mut c_void {
        match module.downcast::<Module>() {
            Some(module) => Ok(module.state()),
            None => Err(raise!(thread, TypeError, "bad argument type for built-in operation")),
        }
    }

    fn PyModule_AddFunctions(module: &Object, functions: *mut PyMethodDef) -> () {
        let owner = match module.downcast::<Module>() {
            Some(module) => module.dict().get_str(&names::__name__, thread),
            None => None,
        };
        add_functions(module, functions, owner.as_deref(), thread)
    }

    fn PyModule_SetDocString(module: &Object, doc: Option<&CStr>) -> () {
        set_doc(module, doc.map_or(std::ptr::null(), CStr::as_ptr), thread)
    }

    fn PyModule_AddObjectRef(module: &Object, name: &CStr, value: Option<&Object>) -> () {
        dict_of(module, thread)?;
        let value = given(value, "PyModule_AddObjectRef", thread)?;
        add(module, name, value, thread)
    }

    fn PyModule_Add(module: &Object, name: &CStr, value: Stolen) -> () {
        let value = value.get();
        let value = given(value.as_deref(), "PyModule_Add", thread)?;
        add(module, name, value, thread)
    }

    fn PyModule_AddObject(module: &Object, name: &CStr, value: Option<&Object>) -> () {
        dict_of(module, thread)?;
        let value = given(value, "PyModule_AddObject", thread)?;
        add(module, name, value, thread)?;
        // Only now is the caller's reference taken over.
        objects::refs::release_now(value.as_pointer(), thread);
        Ok(())
    }

    fn PyModule_AddIntConstant(module: &Object, name: &CStr, value: i64) -> () {
        let value = protocol::make_int(i128::from(value), thread);
        add(module, name, &value, thread)
    }

    fn PyModule_AddStringConstant(module: &Object, name: &CStr, value: &CStr) -> () {
        let value = Str::from_c(value, thread)?;
        add(module, name, &value, thread)
    }

    fn PyModule_AddType(module: &Object, class: &Type) -> () {
        // SAFETY: C's caller passes a type that is ready, or complete but for that.
        unsafe { objects::types::ready_foreign_type(class, thread)? };
        let name = class.full_name();
        let short = name.rsplit('.').next().unwrap_or(&name);
        let dict = dict_of(module, thread)?;
        let short = thread.intern_text(short);
        dict.set_str(&short, class, thread)
    }

    fn PyState_FindModule(definition: &'static PyModuleDef) -> *mut PyObject {
        let table = thread.interpreter().extension::<ModuleTable>();
        let index = usize::try_from(definition.m_base.m_index.get()).unwrap_or(0);
        let modules = table.modules.borrow();
        let found = modules.get(index).and_then(Option::as_ref).filter(|_| index > 0);
        Ok(found.map_or(std::ptr::null_mut(), |it| it.as_pointer()))
    }

    fn PyState_AddModule(module: Option<&Object>, definition: Option<&'static PyModuleDef>) -> () {
        let Some(definition) = definition else { return bad_internal_call(thread) };
        if !definition.m_slots.get().is_null() {
            return Err(raise!(thread, SystemError, "PyState_AddModule called on module with slots"));
        }
        let Some(module) = module else { return bad_internal_call(thread) };
        remember(module, definition, thread)
    }

    fn PyState_RemoveModule(definition: &'static PyModuleDef) -> () {
        if !definition.m_slots.get().is_null() {
            return Err(raise!(thread, SystemError, "PyState_RemoveModule called on module with slots"));
        }
        let table = thread.interpreter().extension::<ModuleTable>();
        let index = usize::try_from(definition.m_base.m_index.get()).unwrap_or(0);
        let removed = table.modules.borrow_mut().get_mut(index).and_then(Option::take);
        match removed {
            Some(module) => { module.release(thread); Ok(()) }
            None => Err(raise!(thread, SystemError, "Module index invalid.")),
        }
    }

    fn PyCMethod_New(definition: *mut PyMethodDef, receiver: Option<&Object>, module: Option<&Object>, class: Option<&Type>) -> Py<Object> {
        new_function(definition, receiver, module, class, thread)
    }

    fn PyCFunction_NewEx(definition: *mut PyMethodDef, receiver: Option<&Object>, module: Option<&Object>) -> Py<Object> {
        new_function(definition, receiver, module, None, thread)
    }

    fn PyCFunction_New(definition: *mut PyMethodDef, receiver: Option<&Object>) -> Py<Object> {
        new_function(definition, receiver, None, None, thread)
    }

    fn PyCFunction_GetSelf(function: &BuiltinFunction) -> *mut PyObject { let _ = &thread; Ok(function.receiver_pointer()) }

    fn PyCFunction_GetFlags(function: &BuiltinFunction) -> i32 { let _ = &thread; Ok(function.definition().ml_flags) }

    fn PyCFunction_GetFunction(function: &BuiltinFunction) -> *mut c_void {
        let _ = &thread;
        // SAFETY: whatever the convention, it is one pointer.
        Ok(unsafe { function.definition().ml_meth.null } as *mut c_void)
    }
}

impl Argument for Option<&'static PyModuleDef> {
    type C = *mut PyModuleDef;

    unsafe fn from_c(value: Self::C, _: &mut Thread) -> PyResult<Self> {
        // SAFETY: passed on to the caller: definitions live for ever.
        Ok(unsafe { value.cast_const().as_ref() })
    }
}

fn new_function(
    definition: *mut PyMethodDef,
    receiver: Option<&Object>,
    module: Option<&Object>,
    class: Option<&Type>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    // SAFETY: C's caller passes a definition that lives as long as the function.
    let flags = unsafe { (*definition).ml_flags };
    let wants_class = flags & METH_METHOD != 0;
    if wants_class && class.is_none() {
        return Err(raise!(thread, SystemError, "attempting to create PyCMethod with a METH_METHOD flag but no class"));
    }
    if !wants_class && class.is_some() {
        return Err(raise!(thread, SystemError, "attempting to create PyCFunction with class but no METH_METHOD flag"));
    }
    // SAFETY: as above; the receiver is what the function's code expects.
    Ok(unsafe { BuiltinFunction::new(definition, receiver.map(Py::from_ref), module.map(Py::from_ref), class, thread) })
}

/// Puts a module into the table by its definition.
pub fn remember(module: &Object, definition: &'static PyModuleDef, thread: &mut Thread) -> PyResult<()> {
    let table = thread.interpreter().extension::<ModuleTable>();
    let index = usize::try_from(definition.m_base.m_index.get()).unwrap_or(0);
    if index == 0 {
        return bad_internal_call(thread);
    }
    let mut modules = table.modules.borrow_mut();
    if modules.len() <= index {
        modules.resize_with(index + 1, || None);
    }
    let old = modules[index].replace(Py::from_ref(module));
    drop(modules);
    if let Some(old) = old {
        old.release(thread);
    }
    Ok(())
}
