//! Making classes: `type.__new__`, which every `class` statement ends in.
//!
//! The steps and their order are CPython's (`type_new` and the functions it calls), since class bodies, metaclasses and `__set_name__` can
//! watch them: bases and metaclass, `__slots__`, the type object, its dictionary, inherited and own slots, and then the calls of
//! `__set_name__` and `__init_subclass__` on the finished class.

use std::ffi::CString;

use layout::*;

use super::bases;

use super::handle::Type;
use super::slots_declaration::Layout;
use super::{instance, instance_dict};
use super::{mro, slot_update};
use crate::cell::Cell;
use crate::descriptors::{ClassMethod, GetSetDescriptor, MemberDescriptor, StaticMethod, Super};
use crate::dict::Dict;
use crate::errors::{PyResult, RuntimeWarning};
use crate::names;
use crate::object::BaseObject;
use crate::protocol::{self, lookup_special};
use crate::raise;
use crate::refs::{Object, Py, allocate_variable};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Instance as _;

/// The flags of a class made by a `class` statement. All of them are collectable: an instance can be reached from its class.
const CLASS_FLAGS: std::ffi::c_ulong =
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HEAPTYPE | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC;

/// What a class is made of.
struct Plan<'a> {
    metaclass: Py<Type>,
    name: &'a Str,
    bases: Py<Tuple>,
    /// The base that decides the layout.
    base: Py<Type>,
    /// The class's dictionary: a copy of what the body left.
    dict: Py<Dict>,
    keywords: Option<&'a Dict>,
}

/// `type.__new__(metaclass, name, bases, namespace, **keywords)`.
pub fn new_type(
    metaclass: &Type,
    arguments: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let (name, bases, namespace) = three_arguments(arguments, thread)?;
    let bases = check_bases(bases, thread)?;
    let winner = bases::calculate_metaclass(metaclass, bases.items(), thread)?;
    if !std::ptr::eq(&*winner, metaclass)
        && let Some(new) = winner.slots().tp_new.get()
        && !Type::class().slots().tp_new.get().is_some_and(|plain| std::ptr::fn_addr_eq(plain, new))
    {
        let keywords = keywords.map_or(std::ptr::null_mut(), |it| it.as_pointer());
        // SAFETY: the slot's protocol.
        let result = unsafe { new(winner.as_pointer(), arguments.as_pointer(), keywords) };
        return protocol::result_from_c(result, thread);
    }
    let base = bases::best_base(bases.items(), thread)?;
    if name.view().iter().any(|it| it == 0) {
        return Err(raise!(thread, ValueError, "type name must not contain null characters"));
    }
    let dict = namespace.copy(thread)?;
    let plan = Plan { metaclass: winner, name, bases, base, dict, keywords };
    plan.make(thread)
}

fn three_arguments<'a>(arguments: &'a Tuple, thread: &mut Thread) -> PyResult<(&'a Str, &'a Tuple, &'a Dict)> {
    let [name, bases, namespace] = arguments.items() else {
        let given = arguments.length();
        return Err(raise!(thread, TypeError, "type.__new__() takes exactly 3 arguments ({given} given)"));
    };
    let wrong = |position: usize, expected: &str, found: &Object, thread: &mut Thread| {
        let found = found.class().full_name();
        raise!(thread, TypeError, "type.__new__() argument {position} must be {expected}, not {found}")
    };
    let Some(name) = name.downcast::<Str>() else { return Err(wrong(1, "str", name, thread)) };
    let Some(bases) = bases.downcast::<Tuple>() else { return Err(wrong(2, "tuple", bases, thread)) };
    let Some(namespace) = namespace.downcast::<Dict>() else { return Err(wrong(3, "dict", namespace, thread)) };
    Ok((name, bases, namespace))
}

/// The bases of the new class: `object` where none are given.
fn check_bases(bases: &Tuple, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    if bases.length() == 0 {
        return Tuple::new(vec![Py::from_ref(BaseObject::class()).into_object()], thread);
    }
    for base in bases.items() {
        if base.downcast::<Type>().is_none()
            && protocol::lookup_attribute(base, &names::__mro_entries__, thread)?.is_some()
        {
            let message = "type() doesn't support MRO entry resolution; use types.new_class()";
            return Err(raise!(thread, TypeError, "{message}"));
        }
    }
    Ok(Py::from_ref(bases))
}

impl Plan<'_> {
    fn make(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let layout = Layout::read(self.name, &self.base, self.bases.items(), &self.dict, thread)?;
        let class = self.allocate(&layout, thread)?;
        self.fill_names(&class, thread)?;
        if let Some(doc) = self.dict.get_str(&names::__doc__, thread)
            && let Some(doc) = doc.downcast::<Str>()
        {
            // `tp_doc` is in UTF-8.
            doc.utf8(thread)?;
        }
        self.wrap_special_functions(thread)?;
        lay_out_instances(&class, &self.base, &layout);
        let class_dict_cell = self.take_cell(&names::__classdictcell__, thread)?;
        if let Some(cell) = class_dict_cell {
            drop(cell.replace(Some(self.dict.clone().into_object())));
        }
        let class_cell = self.take_cell(&names::__classcell__, thread)?;
        if let Some(cell) = class_cell {
            drop(cell.replace(Some(class.clone().into_object())));
        }
        self.add_descriptors(&class, &layout, thread)?;
        self.make_ready(&class, thread)?;
        slot_update::fix_all_slots(&class, thread);
        call_set_name(&class, &self.dict, thread)?;
        self.call_init_subclass(&class, thread)?;
        Ok(class.into_object())
    }

    /// The type object, with the fields that need nothing else.
    fn allocate(&self, layout: &Layout, thread: &mut Thread) -> PyResult<Py<Type>> {
        let object = allocate_variable(&self.metaclass, layout.fields.len() as isize, thread)?;
        // SAFETY: instances of a metaclass are type objects.
        let class: Py<Type> = unsafe { object.cast_into() };
        let slots = class.slots();
        slots.tp_flags.set(CLASS_FLAGS);
        let heap = class.heap().expect("the flag has just been set");
        slots.tp_as_async.set(std::ptr::from_ref(&heap.as_async).cast_mut());
        slots.tp_as_number.set(std::ptr::from_ref(&heap.as_number).cast_mut());
        slots.tp_as_sequence.set(std::ptr::from_ref(&heap.as_sequence).cast_mut());
        slots.tp_as_mapping.set(std::ptr::from_ref(&heap.as_mapping).cast_mut());
        slots.tp_as_buffer.set(std::ptr::from_ref(&heap.as_buffer).cast_mut());
        instance::fill_memory_slots(&class);
        self.name.utf8(thread)?;
        class.set_tp_name(&self.name.to_string_lossy());
        heap.ht_name.set(Py::from_ref(self.name).into_object().into_pointer());
        heap.ht_slots.set(layout.slots.clone().map_or(std::ptr::null_mut(), Py::into_pointer));
        slots.tp_base.set(self.base.clone().into_pointer().cast());
        slots.tp_bases.set(self.bases.clone().into_pointer());
        slots.tp_dict.set(self.dict.clone().into_pointer());
        // SAFETY: a type object is collectable, and whole enough for its traversal: every field is set or null.
        unsafe { crate::gc::track(class.as_object_pointer(), thread) };
        Ok(class)
    }

    /// `__module__`, `__qualname__`.
    fn fill_names(&self, class: &Type, thread: &mut Thread) -> PyResult<()> {
        if self.dict.get_str(&names::__module__, thread).is_none()
            && let Some(globals) = thread.current_globals()
            && let Some(module) = globals.get_str(&names::__name__, thread)
        {
            self.dict.set_str(&names::__module__, &module, thread)?;
        }
        let qualname = match self.dict.get_str(&names::__qualname__, thread) {
            Some(qualname) => {
                if qualname.downcast::<Str>().is_none() {
                    let found = qualname.class().full_name();
                    return Err(raise!(thread, TypeError, "type __qualname__ must be a str, not {found}"));
                }
                self.dict.delete(&names::__qualname__, thread)?;
                qualname
            }
            None => Py::from_ref(self.name).into_object(),
        };
        if let Some(heap) = class.heap() {
            heap.ht_qualname.set(qualname.into_pointer());
        }
        Ok(())
    }

    /// `__new__` is a static method and `__init_subclass__` and `__class_getitem__` are class methods, also without the decorator.
    fn wrap_special_functions(&self, thread: &mut Thread) -> PyResult<()> {
        if let Some(function) = self.dict.get_str(&names::__new__, thread)
            && is_python_function(&function)
        {
            let wrapped = StaticMethod::new(&function, thread);
            self.dict.set_str(&names::__new__, &wrapped, thread)?;
        }
        let class_methods: [&Str; 2] = [&names::__init_subclass__, &names::__class_getitem__];
        for name in class_methods {
            if let Some(function) = self.dict.get_str(name, thread)
                && is_python_function(&function)
            {
                let wrapped = ClassMethod::new(&function, thread);
                self.dict.set_str(name, &wrapped, thread)?;
            }
        }
        Ok(())
    }

    /// `__dict__`, `__weakref__`, and a descriptor for each field of `__slots__`.
    fn add_descriptors(&self, class: &Type, layout: &Layout, thread: &mut Thread) -> PyResult<()> {
        for member in class.slot_members() {
            let definition = std::ptr::from_ref(member).cast_mut();
            // SAFETY: the definition lies in the class, which the descriptor keeps alive.
            let descriptor = unsafe { MemberDescriptor::new(class, definition, thread) };
            self.set_if_missing(descriptor.head().name(), &descriptor, thread)?;
        }
        let added = [
            (layout.adds_dict, &super::added_attributes::DICT),
            (layout.adds_weak_references, &super::added_attributes::WEAK_REFERENCES),
        ];
        for (_, accessor) in added.iter().filter(|it| it.0) {
            // SAFETY: the accessors live for ever.
            let descriptor = unsafe { GetSetDescriptor::new(class, accessor.definition(), thread) };
            self.set_if_missing(descriptor.head().name(), &descriptor, thread)?;
        }
        self.set_if_missing(&names::__doc__, &thread.none(), thread)
    }

    fn set_if_missing(&self, name: &Str, value: &Object, thread: &mut Thread) -> PyResult<()> {
        match self.dict.get_str(name, thread) {
            Some(_) => Ok(()),
            None => self.dict.set_str(name, value, thread),
        }
    }

    /// A cell that the compiler left in the body, for functions that refer to the class.
    fn take_cell(&self, name: &Str, thread: &mut Thread) -> PyResult<Option<Py<Cell>>> {
        let Some(value) = self.dict.get_str(name, thread) else { return Ok(None) };
        match value.downcast_into::<Cell>() {
            Ok(cell) => {
                self.dict.delete(name, thread)?;
                Ok(Some(cell))
            }
            Err(other) => {
                let shown = protocol::repr(&Py::from_ref(other.class()), thread)?.to_string_lossy();
                let name = name.to_string_lossy();
                Err(raise!(thread, TypeError, "{name} must be a nonlocal cell, not {shown}"))
            }
        }
    }

    /// Resolution order, inheritance, the bases' lists of subclasses.
    fn make_ready(&self, class: &Type, thread: &mut Thread) -> PyResult<()> {
        if self.dict.keys_snapshot(thread).iter().any(|it| it.downcast::<Str>().is_none()) {
            let name = class.full_name();
            thread.warn(RuntimeWarning, 1, format_args!("non-string key in the __dict__ of class {name}"))?;
        }
        let order = mro::resolution_order(class, thread)?;
        class.slots().tp_mro.set(order.into_pointer());
        class.slots().tp_new.set(self.base.slots().tp_new.get());
        let has = |name: &Str, thread: &Thread| self.dict.get_str(name, thread).is_some();
        let overrides_hash = has(&names::__eq__, thread) || has(&names::__hash__, thread);
        class.inherit(overrides_hash);
        if class.slots().tp_hash.get().is_none() && !has(&names::__hash__, thread) {
            self.dict.set_str(&names::__hash__, &thread.none(), thread)?;
            class.slots().tp_hash.set(Some(protocol::hash_not_implemented));
        }
        instance_dict::give_shared_keys(class, thread)?;
        class.add_flags(Py_TPFLAGS_READY);
        let bases: Vec<&Type> = self.bases.items().iter().filter_map(|it| it.downcast::<Type>()).collect();
        class.add_to_bases(&bases, thread);
        Ok(())
    }

    /// `super(class, class).__init_subclass__(**keywords)`.
    fn call_init_subclass(&self, class: &Type, thread: &mut Thread) -> PyResult<()> {
        let parent = Super::new(class, class, thread)?;
        let hook = protocol::get_attribute(&parent, &names::__init_subclass__, thread)?;
        match self.keywords.filter(|it| it.length() > 0) {
            None => protocol::call(&hook, &[], thread)?,
            Some(keywords) => {
                let empty = Tuple::empty(thread);
                protocol::call_tuple(&hook, &empty, Some(keywords), thread)?
            }
        };
        Ok(())
    }
}

/// Sizes and offsets of instances, and the fields of `__slots__` behind the base's.
fn lay_out_instances(class: &Type, base: &Type, layout: &Layout) {
    let slots = class.slots();
    let start = base.basic_size();
    let members = layout.members(start as isize);
    slots.tp_basicsize.set((start + members.len() * size_of::<*mut PyObject>()) as isize);
    slots.tp_itemsize.set(base.item_size() as isize);
    if layout.adds_dict {
        class.add_flags(Py_TPFLAGS_MANAGED_DICT);
        slots.tp_dictoffset.set(-1);
    }
    if layout.adds_weak_references {
        class.add_flags(Py_TPFLAGS_MANAGED_WEAKREF);
        slots.tp_weaklistoffset.set(crate::weakref::MANAGED_OFFSET);
    }
    let room = class.slot_members().as_ptr().cast_mut();
    for (at, member) in members.into_iter().enumerate() {
        // SAFETY: the class was allocated with room for as many members as `__slots__` has fields.
        unsafe { room.add(at).write(member) };
    }
}

/// True for functions made by `def` and `lambda`, whose type lives in a higher layer.
pub(crate) fn is_python_function(object: &Object) -> bool {
    object.class().has_flag(_Py_TPFLAGS_STATIC_BUILTIN) && object.class().full_name() == "function"
}

/// Tells each value of the new class's dictionary that has `__set_name__` its owner and name.
fn call_set_name(class: &Type, dict: &Dict, thread: &mut Thread) -> PyResult<()> {
    for (name, value) in dict.items_snapshot(thread) {
        let Some(method) = lookup_special(&value, &names::__set_name__, thread)? else { continue };
        if let Err(raised) = method.call(&value, &[class, &name], thread) {
            let exception = thread.catch(raised);
            let shown = protocol::repr(&name, thread)?.to_string_lossy();
            let (value, owner) = (value.class().full_name(), class.full_name());
            let note = format!("Error calling __set_name__ on '{value}' instance {shown} in '{owner}'");
            let note = Str::from_str(&note, thread);
            protocol::call_method(&exception, &names::add_note, &[&note], thread)?;
            return Err(thread.set_exception(exception));
        }
    }
    Ok(())
}

impl Type {
    /// Sets `tp_name` of a heap type to a copy of the text, which the type owns.
    pub fn set_tp_name(&self, text: &str) {
        let Some(heap) = self.heap() else { return };
        let text = CString::new(text).unwrap_or_default().into_raw();
        self.slots().tp_name.set(text);
        let old = heap._ht_tpname.replace(text);
        if !old.is_null() {
            // SAFETY: the field only holds what this function has put there.
            drop(unsafe { CString::from_raw(old) });
        }
    }

    /// As a C object.
    pub(crate) fn as_object_pointer(&self) -> *mut PyObject {
        self.as_pointer().cast()
    }
}

/// A new instance of a class with all its fields empty: what `object.__new__` makes.
pub fn new_instance(class: &Type, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(allocate) = class.slots().tp_alloc.get() else {
        return Err(raise!(thread, SystemError, "type '{}' has no tp_alloc", class.full_name()));
    };
    // SAFETY: the slot's protocol.
    protocol::result_from_c(unsafe { allocate(class.as_pointer(), 0) }, thread)
}
