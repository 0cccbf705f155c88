//! `typeobject.c`'s part of `object.h`: types made ready, made from specs, and asked about.

use std::ffi::{c_char, c_int, c_void};

use layout::{PyMemberDef, PyModuleDef, PyObject, PyType_Spec, PyTypeObject};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::list::List;
use objects::module::Module;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{self, Type, instance_dict};

use crate::entry::{Argument, Flag, Nothing, Out, bad_internal_call, export};

impl Argument for &PyType_Spec {
    type C = *mut PyType_Spec;

    unsafe fn from_c(value: Self::C, thread: &mut Thread) -> PyResult<Self> {
        // SAFETY: passed on to the caller.
        unsafe { value.cast_const().as_ref() }.map_or_else(|| bad_internal_call(thread), Ok)
    }
}

/// `module<separator>qualname`, the module left out where it says nothing: `PyType_GetFullyQualifiedName`.
pub fn full_name(class: &Type, separator: &str, thread: &mut Thread) -> PyResult<Py<Str>> {
    if !class.is_heap_type() {
        let name = class.full_name();
        return Ok(Str::from_str(&name, thread));
    }
    let qualname = class.qualified_name();
    let module = protocol::lookup_attribute(class, &names::__module__, thread)?;
    let module = module.as_ref().and_then(|it| it.downcast::<Str>()).map(Str::to_string_lossy);
    match module.filter(|it| it != "builtins" && it != "__main__") {
        Some(module) => Ok(Str::from_str(&format!("{module}{separator}{qualname}"), thread)),
        None => Ok(Str::from_str(&qualname, thread)),
    }
}

fn module_pointer(class: &Type) -> *mut PyObject {
    class.heap().map_or(std::ptr::null_mut(), |it| it.ht_module.get())
}

/// The module that a heap type was made for, borrowed.
fn module_of<'a>(class: &'a Type, thread: &mut Thread) -> PyResult<&'a Object> {
    let name = class.full_name();
    if class.heap().is_none() {
        return Err(raise!(thread, TypeError, "PyType_GetModule: Type '{name}' is not a heap type"));
    }
    // SAFETY: a type keeps its module.
    match unsafe { Object::from_pointer(module_pointer(class)) } {
        Some(module) => Ok(module),
        None => Err(raise!(thread, TypeError, "PyType_GetModule: Type '{name}' has no associated module")),
    }
}

/// The first module in the resolution order that was made from a definition.
fn module_by_definition(class: &Type, definition: &PyModuleDef, thread: &mut Thread) -> PyResult<Py<Object>> {
    let order = class.mro().map_or_else(Vec::new, |it| it.items().to_vec());
    for level in &order {
        let Some(level) = level.downcast::<Type>().filter(|it| it.is_heap_type()) else { continue };
        // SAFETY: a type keeps its module.
        let Some(module) = (unsafe { Object::from_pointer(module_pointer(level)) }) else { continue };
        let found = module.downcast::<Module>().and_then(Module::definition);
        if found.is_some_and(|it| std::ptr::eq(it, definition)) {
            return Ok(Py::from_ref(module));
        }
    }
    let name = class.full_name();
    Err(raise!(thread, TypeError, "PyType_GetModuleByDef: No superclass of '{name}' has the given module"))
}

fn from_spec(
    metaclass: Option<&Type>,
    module: Option<&Object>,
    spec: &PyType_Spec,
    bases: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Py<Type>> {
    // SAFETY: C's caller passes a spec as the C API describes it.
    unsafe { types::type_from_spec(metaclass, module, spec, bases, thread) }
}

export! { thread;
    fn PyType_Ready(class: &Type) -> () {
        // SAFETY: C's caller passes a type whose tables live as long as it.
        unsafe { types::ready_foreign_type(class, thread) }
    }

    fn PyType_FromSpec(spec: &PyType_Spec) -> Py<Type> { from_spec(None, None, spec, None, thread) }

    fn PyType_FromSpecWithBases(spec: &PyType_Spec, bases: Option<&Object>) -> Py<Type> {
        from_spec(None, None, spec, bases, thread)
    }

    fn PyType_FromModuleAndSpec(module: Option<&Object>, spec: &PyType_Spec, bases: Option<&Object>) -> Py<Type> {
        from_spec(None, module, spec, bases, thread)
    }

    fn PyType_FromMetaclass(metaclass: Option<&Type>, module: Option<&Object>, spec: &PyType_Spec, bases: Option<&Object>) -> Py<Type> {
        from_spec(metaclass, module, spec, bases, thread)
    }

    fn PyType_GetSlot(class: &Type, slot: i32) -> *mut c_void {
        if !(1..=83).contains(&slot) {
            return bad_internal_call(thread);
        }
        Ok(types::slot_by_number(class, slot))
    }

    fn PyType_GetModule(class: &Type) -> *mut PyObject { Ok(module_of(class, thread)?.as_pointer()) }

    fn PyType_GetModuleState(class: &Type) -> *mut c_void {
        match module_of(class, thread)?.downcast::<Module>() {
            Some(module) => Ok(module.state()),
            None => Ok(std::ptr::null_mut()),
        }
    }

    fn PyType_GetModuleByDef(class: &Type, definition: &'static PyModuleDef) -> *mut PyObject {
        Ok(module_by_definition(class, definition, thread)?.as_pointer())
    }

    fn PyType_GetName(class: &Type) -> Py<Object> {
        let name = class.short_name();
        Ok(Str::from_str(&name, thread).into_object())
    }

    fn PyType_GetQualName(class: &Type) -> Py<Object> {
        let name = class.qualified_name();
        Ok(Str::from_str(&name, thread).into_object())
    }

    fn PyType_GetFullyQualifiedName(class: &Type) -> Py<Str> { full_name(class, ".", thread) }

    fn PyType_GetModuleName(class: &Type) -> Py<Object> { protocol::get_attribute(class, &names::__module__, thread) }

    fn PyType_GetFlags(class: &Type) -> u64 { let _ = &thread; Ok(class.slots().tp_flags.get()) }

    fn PyType_GetDict(class: &Type) -> Py<Dict> { Ok(class.dict(thread)) }

    fn PyType_IsSubtype(class: &Type, other: &Type) -> Flag { let _ = &thread; Ok(Flag(class.is_subtype(other))) }

    fn PyType_Modified(class: &Type) -> Nothing { class.modified(thread); Ok(Nothing) }

    fn PyType_ClearCache() -> u32 { thread.clear_type_cache(); Ok(0) }

    fn PyType_Freeze(class: &Type) -> () { freeze(class, thread) }

    fn PyType_GenericNew(class: &Type, arguments: Option<&Object>, keywords: Option<&Object>) -> Py<Object> {
        let _ = (arguments, keywords);
        let Some(allocate) = class.slots().tp_alloc.get() else { return bad_internal_call(thread) };
        // SAFETY: the slot's protocol.
        protocol::result_from_c(unsafe { allocate(class.as_pointer(), 0) }, thread)
    }

    fn PyType_GetTypeDataSize(class: &Type) -> isize {
        let base = class.base().map_or(0, Type::basic_size);
        let own = class.basic_size() as isize - aligned(base) as isize;
        let _ = &thread;
        Ok(own.max(0))
    }

    fn PyObject_GetTypeData(object: &Object, class: &Type) -> *mut c_void {
        let _ = &thread;
        let base = class.base().map_or(0, Type::basic_size);
        Ok(object.as_pointer().cast::<u8>().wrapping_add(aligned(base)).cast())
    }

    fn PyObject_GetItemData(object: &Object) -> *mut c_void {
        let class = object.class();
        if !class.has_flag(layout::Py_TPFLAGS_ITEMS_AT_END) {
            let name = class.full_name();
            return Err(raise!(thread, TypeError, "type '{name}' does not have Py_TPFLAGS_ITEMS_AT_END"));
        }
        Ok(object.as_pointer().cast::<u8>().wrapping_add(class.basic_size()).cast())
    }

    fn PyType_GetBaseByToken(class: Option<&Object>, token: *mut c_void, result: Out<*mut PyTypeObject>) -> bool {
        result.set(std::ptr::null_mut());
        base_by_token(class, token, result, thread)
    }

    fn _PyType_Lookup(class: &Type, name: &Str) -> *mut PyObject {
        Ok(class.lookup(name, thread).map_or(std::ptr::null_mut(), |it| it.as_pointer()))
    }

    fn _PyType_LookupRef(class: &Type, name: &Str) -> Option<Py<Object>> { Ok(class.lookup(name, thread)) }

    fn _PyType_Name(class: &Type) -> *const c_char {
        let _ = &thread;
        let full = class.slots().tp_name.get();
        // SAFETY: `tp_name` is a C string.
        let length = unsafe { std::ffi::CStr::from_ptr(full) }.to_bytes().iter().rposition(|it| *it == b'.').map_or(0, |it| it + 1);
        Ok(full.wrapping_add(length))
    }

    fn _PyType_SetVersion(class: &Type, version: u32) -> Nothing {
        let _ = &thread;
        class.slots().tp_version_tag.set(version);
        Ok(Nothing)
    }

    fn PyUnstable_Type_AssignVersionTag(class: &Type) -> Flag { Ok(Flag(class.assign_version(thread))) }

    fn _PyObject_GetDictPtr(object: &Object) -> *mut *mut PyObject {
        let _ = instance_dict::dict(object, thread);
        Ok(instance_dict::dict_field(object).map_or(std::ptr::null_mut(), |it| std::ptr::from_ref(it).cast_mut().cast()))
    }

    fn PyObject_GenericGetDict(object: &Object, context: *mut c_void) -> Py<Object> {
        let _ = context;
        match instance_dict::dict(object, thread) {
            Some(dict) => Ok(dict.into_object()),
            None => Err(raise!(thread, AttributeError, "This object has no __dict__")),
        }
    }

    fn PyObject_GenericSetDict(object: &Object, value: Option<&Object>, context: *mut c_void) -> () {
        let _ = context;
        if value.is_none() {
            return Err(raise!(thread, TypeError, "cannot delete __dict__"));
        }
        instance_dict::set_dict(object, value, thread)
    }

    fn _PyObject_GetManagedDict(object: &Object) -> Option<Py<Dict>> { Ok(instance_dict::dict(object, thread)) }

    fn PyObject_ClearManagedDict(object: &Object) -> Nothing { instance_dict::clear_managed(object, thread); Ok(Nothing) }

    fn PyMember_GetOne(object: *const c_char, definition: *mut PyMemberDef) -> Py<Object> {
        if object.is_null() || definition.is_null() {
            return bad_internal_call(thread);
        }
        // SAFETY: C's caller passes an object that has the field.
        let (object, definition) = unsafe { (&*object.cast::<Object>(), &*definition) };
        if definition.flags & layout::Py_RELATIVE_OFFSET != 0 {
            return Err(raise!(thread, SystemError, "PyMember_GetOne used with Py_RELATIVE_OFFSET"));
        }
        // SAFETY: as above.
        unsafe { objects::descriptors::read_member(object, definition, thread) }
    }

    fn PyMember_SetOne(object: *mut c_char, definition: *mut PyMemberDef, value: Option<&Object>) -> () {
        if object.is_null() || definition.is_null() {
            return bad_internal_call(thread);
        }
        // SAFETY: C's caller passes an object that has the field.
        let (object, definition) = unsafe { (&*object.cast::<Object>(), &*definition) };
        if definition.flags & layout::Py_RELATIVE_OFFSET != 0 {
            return Err(raise!(thread, SystemError, "PyMember_SetOne used with Py_RELATIVE_OFFSET"));
        }
        // SAFETY: as above.
        unsafe { objects::descriptors::write_member(object, definition, value, thread) }
    }

    fn PyDescr_NewMethod(class: &Type, definition: *mut layout::PyMethodDef) -> Py<Object> {
        // SAFETY: C's caller passes a definition that lives as long as the type; so too below.
        Ok(unsafe { objects::descriptors::MethodDescriptor::new(class, definition, thread) }.into_object())
    }

    fn PyDescr_NewClassMethod(class: &Type, definition: *mut layout::PyMethodDef) -> Py<Object> {
        // SAFETY: as above.
        Ok(unsafe { objects::descriptors::ClassMethodDescriptor::new(class, definition, thread) }.into_object())
    }

    fn PyDescr_NewMember(class: &Type, definition: *mut PyMemberDef) -> Py<Object> {
        // SAFETY: as above.
        Ok(unsafe { objects::descriptors::MemberDescriptor::new(class, definition, thread) }.into_object())
    }

    fn PyDescr_NewGetSet(class: &Type, definition: *mut layout::PyGetSetDef) -> Py<Object> {
        // SAFETY: as above.
        Ok(unsafe { objects::descriptors::GetSetDescriptor::new(class, definition, thread) }.into_object())
    }

    fn PyDescr_IsData(object: &Object) -> Flag {
        let _ = &thread;
        Ok(Flag(object.class().slots().tp_descr_set.get().is_some()))
    }

    fn PyWrapper_New(descriptor: &Object, receiver: &Object) -> Py<Object> {
        let class: &Object = receiver.class();
        let get = thread.intern_text("__get__");
        protocol::call_method(descriptor, &get, &[receiver, class], thread)
    }

    fn PyClassMethod_New(callable: &Object) -> Py<objects::descriptors::ClassMethod> {
        Ok(objects::descriptors::ClassMethod::new(callable, thread))
    }

    fn PyStaticMethod_New(callable: &Object) -> Py<objects::descriptors::StaticMethod> {
        Ok(objects::descriptors::StaticMethod::new(callable, thread))
    }
}

/// `PyType_GenericAlloc`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyType_GenericAlloc(class: *mut PyTypeObject, items: isize) -> *mut PyObject {
    // SAFETY: passed on to the caller.
    unsafe { types::allocate(class, items) }
}

/// `PyObject_VisitManagedDict`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyObject_VisitManagedDict(
    object: *mut PyObject,
    visit: layout::visitproc,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: C's caller passes an object while it is being visited.
    let Some(object) = (unsafe { Object::from_pointer(object) }) else { return 0 };
    let mut visitor = objects::gc::Visitor::new(visit, argument);
    instance_dict::traverse_managed(object, &mut visitor);
    visitor.answer()
}

/// Sizes as the struct that a type adds is aligned.
fn aligned(size: usize) -> usize {
    size.next_multiple_of(16)
}

fn freeze(class: &Type, thread: &mut Thread) -> PyResult<()> {
    let order = class.mro().map_or_else(Vec::new, |it| it.items().to_vec());
    for level in order.iter().filter_map(|it| it.downcast::<Type>()) {
        if !std::ptr::eq(level, class) && !level.has_flag(layout::Py_TPFLAGS_IMMUTABLETYPE) {
            let (base, name) = (level.full_name(), class.full_name());
            return Err(raise!(thread, TypeError, "Creating immutable type {name} from mutable base {base}"));
        }
    }
    class.add_flags(layout::Py_TPFLAGS_IMMUTABLETYPE);
    class.modified(thread);
    Ok(())
}

/// A type without an order of its ancestors, and what it is derived from, depth first.
fn ancestors(class: &Type) -> Vec<Py<Object>> {
    let mut found = vec![Py::from_ref(class).into_object()];
    // SAFETY: null, or the tuple that the type owns.
    let bases = unsafe { Object::from_pointer(class.slots().tp_bases.get()) };
    for base in bases.and_then(|it| it.downcast::<Tuple>()).map_or(&[][..], Tuple::items) {
        found.extend(base.downcast::<Type>().map_or_else(Vec::new, ancestors));
    }
    found
}

fn base_by_token(
    class: Option<&Object>,
    token: *mut c_void,
    result: Out<*mut PyTypeObject>,
    thread: &mut Thread,
) -> PyResult<bool> {
    if token.is_null() {
        return Err(raise!(thread, SystemError, "PyType_GetBaseByToken called with token=NULL"));
    }
    let Some(class) = class.and_then(|it| it.downcast::<Type>()) else {
        let found = class.map(|it| it.class().full_name()).unwrap_or_default();
        return Err(raise!(thread, TypeError, "expected a type, got a '{found}' object"));
    };
    let order: Vec<Py<Object>> = match class.mro() {
        Some(order) => order.items().to_vec(),
        None => ancestors(class),
    };
    for level in order.iter().filter_map(|it| it.downcast::<Type>()) {
        if level.heap().is_some_and(|it| it.ht_token.get() == token) {
            result.set(Py::<Type>::from_ref(level).into_pointer().cast());
            return Ok(true);
        }
    }
    Ok(false)
}

export! { thread;
    /// `_PyStaticType_GetBuiltins`: the types of the language itself, without those of modules.
    fn _PyStaticType_GetBuiltins() -> Py<List> {
        let list = List::empty(thread);
        let mut names = std::collections::HashSet::new();
        for declaration in [objects::TYPES, builtins::TYPES, interpreter::TYPES].concat() {
            // CPython has two that are called `line_iterator`, and knows one of them here.
            if !names.insert(declaration.as_type().full_name()) {
                continue;
            }
            list.push(Py::from_ref(declaration.as_type()).into_object(), thread)?;
        }
        Ok(list)
    }

    /// `_PyType_GetSlotWrapperNames`: the names of the special methods that slots stand for.
    fn _PyType_GetSlotWrapperNames() -> Py<List> {
        let list = List::empty(thread);
        for row in types::slot_table::SLOT_ROWS {
            list.push(Py::from_ref(row.name()).into_object(), thread)?;
        }
        Ok(list)
    }
}
