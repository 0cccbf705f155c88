//! `LOAD_ATTR` and `STORE_ATTR` as the specializer writes them: a check of the type's version, then the place.

use std::hint::cold_path;

use objects::errors::PyResult;
use objects::module::Module;
use objects::refs::{Field, Object, Py, cast};
use objects::thread::Thread;
use objects::types::{Type, instance_dict};

use super::attribute::{generic_load, generic_store};
use crate::evaluate::State;
use crate::frame::{Frame, push_frame_memory};
use crate::function::Function;
use crate::specialize::{self, DESCRIPTOR, METACLASS_VERSION, PLACE};
use crate::stack_ref::StackRef;

const LOAD_ATTR_CACHES: usize = 9;
const STORE_ATTR_CACHES: usize = 4;

/// True if the type still is as it was when the instruction was specialized.
#[inline(always)]
fn has_version(class: &Type, caches: crate::code::CodeUnitPointer) -> bool {
    class.slots().tp_version_tag.get() == specialize::cached_u32(caches, 1)
}

/// Replaces the owner by an attribute, and pushes the absent receiver if it is to be called.
#[inline(always)]
fn replace_owner(state: &mut State, value: StackRef, oparg: u32, thread: &mut Thread) -> PyResult<()> {
    let owner = state.pop();
    state.push(value);
    if oparg & 1 != 0 {
        state.push(StackRef::NULL);
    }
    owner.close(thread);
    Ok(())
}

#[inline(always)]
fn missed_load(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    cold_path();
    if state.misses(LOAD_ATTR_CACHES, oparg) {
        return Ok(());
    }
    generic_load(state, thread, oparg)
}

/// The object in the caches.
#[inline(always)]
fn cached_object<'a>(caches: crate::code::CodeUnitPointer) -> &'a Object {
    // SAFETY: the class keeps the object alive as long as its version is valid, which has been checked.
    unsafe { &*specialize::cached_pointer::<Object>(caches, DESCRIPTOR) }
}

#[inline(always)]
pub(crate) fn load_attr_instance_value(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(LOAD_ATTR_CACHES);
    let owner = state.peek(1).object();
    if has_version(owner.class(), caches) {
        let slot = usize::from(specialize::cached_u16(caches, PLACE));
        // SAFETY: the specializer found the slot in the class's shared keys.
        if let Some(value) = unsafe { instance_dict::inline_value_at(owner, slot) } {
            return replace_owner(state, StackRef::from_new(value), oparg, thread);
        }
    }
    missed_load(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn load_attr_module(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(LOAD_ATTR_CACHES);
    if let Some(module) = state.peek(1).object().downcast_exact::<Module>() {
        let dict = module.dict();
        if dict.has_keys_version(specialize::cached_u32(caches, 1))
            // SAFETY: the keys are as the specializer found them.
            && let Some(value) = unsafe { dict.string_value_at(usize::from(specialize::cached_u16(caches, PLACE))) }
        {
            return replace_owner(state, StackRef::from_new(value), oparg, thread);
        }
    }
    missed_load(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn load_attr_class(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(LOAD_ATTR_CACHES);
    let owner = state.peek(1).object();
    if owner.class().has_flag(layout::Py_TPFLAGS_TYPE_SUBCLASS) {
        // SAFETY: instances of `type` are type objects.
        let class: &Type = unsafe { cast(owner) };
        if has_version(class, caches) {
            return replace_owner(state, StackRef::from_new(cached_object(caches)), oparg, thread);
        }
    }
    missed_load(state, thread, oparg)
}

/// As [`load_attr_class`], of a class whose own class can change.
#[inline(always)]
pub(crate) fn load_attr_class_with_metaclass_check(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let metaclass = state.peek(1).object().class();
    let version = specialize::cached_u32(state.caches(LOAD_ATTR_CACHES), METACLASS_VERSION);
    if metaclass.slots().tp_version_tag.get() == version {
        return load_attr_class(state, thread, oparg);
    }
    missed_load(state, thread, oparg)
}

/// The value is in a dictionary of the instance's own, which is asked in the general way.
#[inline(always)]
pub(crate) fn load_attr_with_hint(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    match has_version(state.peek(1).object().class(), state.caches(LOAD_ATTR_CACHES)) {
        true => generic_load(state, thread, oparg),
        false => missed_load(state, thread, oparg),
    }
}

/// The same of what is stored.
#[inline(always)]
pub(crate) fn store_attr_with_hint(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    match has_version(state.peek(1).object().class(), state.caches(STORE_ATTR_CACHES)) {
        true => generic_store(state, thread, oparg),
        false => missed_store(state, thread, oparg),
    }
}

/// The field at an offset of an object.
#[inline(always)]
fn field_at(object: &Object, offset: usize) -> &Field {
    // SAFETY: the specializer took the offset from a member of the object's type, which holds an object or null.
    unsafe { &*object.as_pointer().cast::<u8>().add(offset).cast::<Field>() }
}

#[inline(always)]
pub(crate) fn load_attr_slot(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(LOAD_ATTR_CACHES);
    let owner = state.peek(1).object();
    if has_version(owner.class(), caches)
        && let Some(value) = field_at(owner, usize::from(specialize::cached_u16(caches, PLACE))).get()
    {
        return replace_owner(state, StackRef::from_owned(value), oparg, thread);
    }
    missed_load(state, thread, oparg)
}

/// True if the owner has inline values whose keys are as they were.
#[inline(always)]
fn keys_are_unchanged(owner: &Object, caches: crate::code::CodeUnitPointer) -> bool {
    instance_dict::inline_values(owner).is_some_and(|(keys, _)| keys.has_version(specialize::cached_u32(caches, PLACE)))
}

/// Pushes a method under its receiver, which is topmost.
#[inline(always)]
fn push_method(state: &mut State, caches: crate::code::CodeUnitPointer) -> PyResult<()> {
    let owner = state.pop();
    state.push(StackRef::from_new(cached_object(caches)));
    state.push(owner);
    Ok(())
}

/// A method of an instance whose dictionary has its place, but was not made yet.
#[inline(always)]
pub(crate) fn load_attr_method_lazy_dict(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(LOAD_ATTR_CACHES);
    let owner = state.peek(1).object();
    if has_version(owner.class(), caches)
        && !instance_dict::has_dict_at(owner, usize::from(specialize::cached_u16(caches, PLACE)))
    {
        return push_method(state, caches);
    }
    missed_load(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn load_attr_method_with_values(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(LOAD_ATTR_CACHES);
    let owner = state.peek(1).object();
    if has_version(owner.class(), caches) && keys_are_unchanged(owner, caches) {
        return push_method(state, caches);
    }
    missed_load(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn load_attr_method_no_dict(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(LOAD_ATTR_CACHES);
    if has_version(state.peek(1).object().class(), caches) {
        return push_method(state, caches);
    }
    missed_load(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn load_attr_nondescriptor_with_values(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(LOAD_ATTR_CACHES);
    let owner = state.peek(1).object();
    if has_version(owner.class(), caches) && keys_are_unchanged(owner, caches) {
        return replace_owner(state, StackRef::from_new(cached_object(caches)), oparg, thread);
    }
    missed_load(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn load_attr_nondescriptor_no_dict(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(LOAD_ATTR_CACHES);
    if has_version(state.peek(1).object().class(), caches) {
        return replace_owner(state, StackRef::from_new(cached_object(caches)), oparg, thread);
    }
    missed_load(state, thread, oparg)
}

/// A property whose getter is a Python function: its frame goes on in this run of the loop.
#[inline(always)]
pub(crate) fn load_attr_property(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(LOAD_ATTR_CACHES);
    if !has_version(state.peek(1).object().class(), caches) {
        return missed_load(state, thread, oparg);
    }
    // SAFETY: the specializer put a function there, whose code takes one argument.
    let function: Py<Function> = Py::from_ref(unsafe { cast::<Function>(cached_object(caches)) });
    let frame = push_frame_memory(function.code().frame_size(), thread);
    let owner = state.pop();
    // SAFETY: the memory has room for the function's frame.
    unsafe {
        (*frame).locals().write(owner);
        Frame::initialize(frame, function, None, state.frame_pointer(), 1);
    }
    super::call::go_into(state, frame, 1 + LOAD_ATTR_CACHES, thread)
}

#[inline(always)]
fn missed_store(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    cold_path();
    if state.misses(STORE_ATTR_CACHES, oparg) {
        return Ok(());
    }
    generic_store(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn store_attr_instance_value(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(STORE_ATTR_CACHES);
    let owner = state.peek(1).object();
    if has_version(owner.class(), caches) {
        let slot = usize::from(specialize::cached_u16(caches, PLACE));
        let value = state.peek(2).duplicate().into_py();
        if let Ok(old) = instance_dict::set_inline_at(owner, slot, value) {
            state.drop_many(2, thread);
            if let Some(old) = old {
                old.release(thread);
            }
            return Ok(());
        }
    }
    missed_store(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn store_attr_slot(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(STORE_ATTR_CACHES);
    let owner = state.peek(1);
    if has_version(owner.object().class(), caches) {
        let field = field_at(owner.object(), usize::from(specialize::cached_u16(caches, PLACE)));
        let value = state.peek(2).into_py();
        state.forget(2);
        let old = field.replace(Some(value));
        owner.close(thread);
        if let Some(old) = old {
            old.release(thread);
        }
        return Ok(());
    }
    missed_store(state, thread, oparg)
}
