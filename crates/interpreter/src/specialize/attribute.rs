//! Specializing `LOAD_ATTR` and `STORE_ATTR` by the type of the owner and where its attribute lies.
//!
//! The caches of `LOAD_ATTR`: counter, type version (2), keys version or place (2), descriptor (4). A descriptor is borrowed: the class keeps
//! it as long as the version is valid.

use std::mem::offset_of;

use bytecode::instruction::Opcode;
use objects::descriptors::{MemberDescriptor, Property, Super};
use objects::dict::Dict;
use objects::module::Module;
use objects::names;
use objects::object::{BaseObject, has_generic_getattribute};
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, Type, instance_dict};

use super::{give_up, specialize, write_pointer, write_u16, write_u32};
use crate::code::CodeUnitPointer;
use crate::function::Function;

/// The place of an attribute's place in the caches, and of the descriptor.
pub(crate) const PLACE: usize = 3;
pub(crate) const DESCRIPTOR: usize = 5;
/// The place of the version of a class's own class.
pub(crate) const METACLASS_VERSION: usize = 3;

#[inline(never)]
pub(crate) fn load_attr(caches: CodeUnitPointer, owner: &Object, name: &Str, oparg: u32, thread: &mut Thread) {
    let is_method = oparg & 1 != 0;
    let opcode = if let Some(module) = owner.downcast_exact::<Module>() {
        module_attribute(caches, module, name, thread)
    } else if let Some(class) = owner.downcast::<Type>() {
        class_attribute(caches, class, name, thread)
    } else {
        instance_attribute(caches, owner, name, is_method, thread)
    };
    match opcode {
        Some(opcode) => specialize(caches, opcode),
        None => give_up(caches),
    }
}

/// The version of a type, written into the caches.
fn write_version(caches: CodeUnitPointer, class: &Type, thread: &Thread) -> Option<()> {
    class.assign_version(thread).then(|| write_u32(caches, 1, class.slots().tp_version_tag.get()))
}

fn module_attribute(caches: CodeUnitPointer, module: &Module, name: &Str, thread: &mut Thread) -> Option<Opcode> {
    let dict: Py<Dict> = module.dict();
    if !dict.has_string_table() || dict.get_str(&names::__getattr__, thread).is_some() {
        return None;
    }
    let index = u16::try_from(dict.index_of(name, thread)?).ok()?;
    let version = dict.keys_version(thread)?;
    write_u32(caches, 1, version);
    write_u16(caches, PLACE, index);
    Some(Opcode::LoadAttrModule)
}

/// An attribute of a class that is no descriptor for it: a constant, or a function as it is.
fn class_attribute(caches: CodeUnitPointer, class: &Type, name: &Str, thread: &mut Thread) -> Option<Opcode> {
    let metaclass = class.class();
    if !has_type_getattribute(metaclass) || std::ptr::eq(class, metaclass) {
        return None;
    }
    let hides = |it: Py<Object>| it.class().slots().tp_descr_set.get().is_some() || can_become_descriptor(&it);
    if metaclass.lookup(name, thread).is_some_and(hides) {
        return None;
    }
    let found = class.lookup(name, thread)?;
    let binds = found.class().slots().tp_descr_get.get().is_some();
    if can_become_descriptor(&found) || binds && !found.class().has_flag(layout::Py_TPFLAGS_METHOD_DESCRIPTOR) {
        return None;
    }
    write_version(caches, class, thread)?;
    write_pointer(caches, DESCRIPTOR, found.as_pointer());
    if metaclass.has_flag(layout::Py_TPFLAGS_IMMUTABLETYPE) {
        return Some(Opcode::LoadAttrClass);
    }
    if !metaclass.assign_version(thread) {
        return None;
    }
    write_u32(caches, METACLASS_VERSION, metaclass.slots().tp_version_tag.get());
    Some(Opcode::LoadAttrClassWithMetaclassCheck)
}

/// True if the type of an attribute of a class may get a `__get__` that nobody would notice.
fn can_become_descriptor(found: &Object) -> bool {
    !found.class().has_flag(layout::Py_TPFLAGS_IMMUTABLETYPE)
}

/// True for metaclasses that look attributes up as `type` does.
fn has_type_getattribute(metaclass: &Type) -> bool {
    let getattribute = |it: &Type| it.slots().tp_getattro.get().map(|it| it as usize);
    getattribute(metaclass) == getattribute(Type::class())
}

fn instance_attribute(
    caches: CodeUnitPointer,
    owner: &Object,
    name: &Str,
    is_method: bool,
    thread: &mut Thread,
) -> Option<Opcode> {
    let class = owner.class();
    if !has_generic_getattribute(class) {
        return own_getattribute(caches, class, is_method, thread);
    }
    let Some(found) = class.lookup(name, thread) else { return own_attribute(caches, owner, name, thread) };
    if is_class_of_object(&found, name, thread) {
        write_version(caches, class, thread)?;
        write_u16(caches, PLACE, offset_of!(layout::PyObject, ob_type) as u16);
        return Some(Opcode::LoadAttrSlot);
    }
    if let Some(member) = found.downcast_exact::<MemberDescriptor>() {
        let definition = member.definition();
        let offset = u16::try_from(definition.offset).ok()?;
        // Where a member of the first kind is missing, the general way finds None.
        let is_object = [layout::_Py_T_OBJECT, layout::Py_T_OBJECT_EX].contains(&definition.r#type);
        let unusual = layout::Py_RELATIVE_OFFSET | layout::Py_AUDIT_READ;
        let plain = is_object && definition.flags & unusual == 0;
        if !plain || !class.is_subtype(member.head().owner()) {
            return None;
        }
        write_version(caches, class, thread)?;
        write_u16(caches, PLACE, offset);
        return Some(Opcode::LoadAttrSlot);
    }
    if let Some(property) = found.downcast_exact::<Property>() {
        let getter = property.get_function()?;
        let function = getter.downcast_exact::<Function>()?;
        if is_method || !super::calls::is_simple(function, 1) {
            return None;
        }
        write_version(caches, class, thread)?;
        // The property keeps its getter, and the class the property.
        write_pointer(caches, DESCRIPTOR, function.as_pointer());
        return Some(Opcode::LoadAttrProperty);
    }
    let slots = found.class().slots();
    if slots.tp_descr_set.get().is_some() {
        return None;
    }
    let is_function = found.class().has_flag(layout::Py_TPFLAGS_METHOD_DESCRIPTOR);
    if is_method && is_function {
        return method(caches, owner, name, &found, thread);
    }
    if slots.tp_descr_get.get().is_some() || is_method || can_become_descriptor(&found) {
        return None;
    }
    class_constant(caches, owner, name, &found, thread)
}

/// A `__getattribute__` in Python that nothing stands behind.
fn own_getattribute(caches: CodeUnitPointer, class: &Type, is_method: bool, thread: &mut Thread) -> Option<Opcode> {
    let getattribute = class.lookup(&names::__getattribute__, thread)?;
    let function = getattribute.downcast_exact::<Function>()?;
    let is_alone = class.lookup(&names::__getattr__, thread).is_none();
    if is_method || !is_alone || !super::calls::is_simple(function, 2) {
        return None;
    }
    write_version(caches, class, thread)?;
    Some(Opcode::LoadAttrGetattributeOverridden)
}

/// True for `object.__class__`, which reads a field of the head.
fn is_class_of_object(found: &Object, name: &Str, thread: &mut Thread) -> bool {
    name.is(&names::__class__) && BaseObject::class().lookup(name, thread).is_some_and(|it| it.is(found))
}

/// A value of the instance's own: among inline values, whose places never change.
fn own_attribute(caches: CodeUnitPointer, owner: &Object, name: &Str, thread: &mut Thread) -> Option<Opcode> {
    let Some((keys, _)) = instance_dict::inline_values(owner) else {
        return in_own_dict(caches, owner, name, Opcode::LoadAttrWithHint, thread);
    };
    let slot = keys.lookup(name)?;
    let slot = u16::try_from(slot).ok()?;
    write_version(caches, owner.class(), thread)?;
    write_u16(caches, PLACE, slot);
    Some(Opcode::LoadAttrInstanceValue)
}

/// An attribute in the dictionary that an instance has of its own.
fn in_own_dict(
    caches: CodeUnitPointer,
    owner: &Object,
    name: &Str,
    opcode: Opcode,
    thread: &mut Thread,
) -> Option<Opcode> {
    // Other dictionaries share their keys in CPython, for which there is no instruction.
    if !owner.class().has_flag(layout::Py_TPFLAGS_INLINE_VALUES) {
        return None;
    }
    let dict = instance_dict::dict_field(owner)?.get()?;
    let index = u16::try_from(dict.index_of(name, thread)?).ok()?;
    write_version(caches, owner.class(), thread)?;
    write_u16(caches, PLACE, index);
    Some(opcode)
}

/// A method of the class that no instance attribute hides.
fn method(caches: CodeUnitPointer, owner: &Object, name: &Str, found: &Object, thread: &mut Thread) -> Option<Opcode> {
    let class = owner.class();
    write_pointer(caches, DESCRIPTOR, found.as_pointer());
    if let Some((keys, _)) = instance_dict::inline_values(owner) {
        if keys.lookup(name).is_some() {
            return own_attribute(caches, owner, name, thread);
        }
        let version = keys.version(thread)?;
        write_version(caches, class, thread)?;
        write_u32(caches, PLACE, version);
        return Some(Opcode::LoadAttrMethodWithValues);
    }
    if class.slots().tp_dictoffset.get() == 0 && !class.has_flag(layout::Py_TPFLAGS_MANAGED_DICT) {
        write_version(caches, class, thread)?;
        return Some(Opcode::LoadAttrMethodNoDict);
    }
    let place = u16::try_from(class.slots().tp_dictoffset.get()).ok().filter(|it| *it > 0)?;
    if class.has_flag(layout::Py_TPFLAGS_MANAGED_DICT) || instance_dict::has_dict_at(owner, usize::from(place)) {
        return None;
    }
    write_version(caches, class, thread)?;
    write_u16(caches, PLACE, place);
    Some(Opcode::LoadAttrMethodLazyDict)
}

/// An attribute of the class that is no descriptor, and that no instance attribute hides.
fn class_constant(
    caches: CodeUnitPointer,
    owner: &Object,
    name: &Str,
    found: &Object,
    thread: &mut Thread,
) -> Option<Opcode> {
    let class = owner.class();
    write_pointer(caches, DESCRIPTOR, found.as_pointer());
    if let Some((keys, _)) = instance_dict::inline_values(owner) {
        if keys.lookup(name).is_some() {
            return own_attribute(caches, owner, name, thread);
        }
        let version = keys.version(thread)?;
        write_version(caches, class, thread)?;
        write_u32(caches, PLACE, version);
        return Some(Opcode::LoadAttrNondescriptorWithValues);
    }
    if class.slots().tp_dictoffset.get() == 0 && !class.has_flag(layout::Py_TPFLAGS_MANAGED_DICT) {
        write_version(caches, class, thread)?;
        return Some(Opcode::LoadAttrNondescriptorNoDict);
    }
    None
}

/// `super().name` where `super` is the built-in one.
#[inline(never)]
pub(crate) fn load_super_attr(caches: CodeUnitPointer, function: &Object, class: &Object, is_method: bool) {
    if !function.is(Super::class()) || class.downcast::<Type>().is_none() {
        return give_up(caches);
    }
    specialize(caches, if is_method { Opcode::LoadSuperAttrMethod } else { Opcode::LoadSuperAttrAttr })
}

/// The caches of `STORE_ATTR`: counter, type version (2), place.
#[inline(never)]
pub(crate) fn store_attr(caches: CodeUnitPointer, owner: &Object, name: &Str, thread: &mut Thread) {
    match store(caches, owner, name, thread) {
        Some(opcode) => specialize(caches, opcode),
        None => give_up(caches),
    }
}

fn store(caches: CodeUnitPointer, owner: &Object, name: &Str, thread: &mut Thread) -> Option<Opcode> {
    let class = owner.class();
    if !objects::object::has_generic_setattr(class) || owner.downcast::<Type>().is_some() {
        return None;
    }
    if let Some(found) = class.lookup(name, thread) {
        let member = found.downcast_exact::<MemberDescriptor>()?;
        let definition = member.definition();
        let plain = definition.r#type == layout::Py_T_OBJECT_EX && definition.flags == 0;
        if !plain || !class.is_subtype(member.head().owner()) {
            return None;
        }
        write_version(caches, class, thread)?;
        write_u16(caches, PLACE, u16::try_from(definition.offset).ok()?);
        return Some(Opcode::StoreAttrSlot);
    }
    let Some((keys, values)) = instance_dict::inline_values(owner) else {
        return in_own_dict(caches, owner, name, Opcode::StoreAttrWithHint, thread);
    };
    let slot = keys.lookup(name).filter(|slot| *slot < values.capacity())?;
    write_version(caches, class, thread)?;
    write_u16(caches, PLACE, u16::try_from(slot).ok()?);
    Some(Opcode::StoreAttrInstanceValue)
}
