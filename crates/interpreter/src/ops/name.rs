//! Names: globals, builtins, and the mappings of modules and class bodies.

use std::hint::cold_path;

use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::evaluate::State;
use crate::specialize;
use crate::stack_ref::StackRef;

const LOAD_GLOBAL_CACHES: usize = 4;

/// The value of a name in a mapping of any kind, None if it is not there.
#[inline]
pub(super) fn get_from_mapping(mapping: &Object, name: &Str, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    if let Some(dict) = mapping.downcast_exact::<Dict>() {
        if dict.has_only_strings() {
            return Ok(dict.get_str(name, thread));
        }
        // Other keys may be equal to the name.
        return dict.get(name, thread);
    }
    let found = protocol::get_item(mapping, name, thread);
    thread.suppress(found, objects::errors::KeyError)
}

#[cold]
#[inline(never)]
pub(super) fn raise_name_error(name: &Str, thread: &mut Thread) -> Raised {
    let raised = raise!(thread, NameError, "name '{}' is not defined", name.to_string_lossy());
    // The name goes into the exception, for suggestions.
    if let Some(exception) = thread.take_exception() {
        let _ = protocol::set_attribute(&exception, &names::name, Some(name), thread);
        drop(thread.take_exception());
        return thread.set_exception(exception);
    }
    raised
}

#[inline(never)]
fn load_global_slow(globals: &Object, builtins: &Object, name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    if let Some(value) = get_from_mapping(globals, name, thread)? {
        return Ok(value);
    }
    if let Some(value) = get_from_mapping(builtins, name, thread)? {
        return Ok(value);
    }
    Err(raise_name_error(name, thread))
}

/// Pushes a callable or value, and the absent receiver that a call expects behind a callable.
#[inline(always)]
fn push_global(state: &mut State, value: StackRef, oparg: u32) {
    state.push(value);
    if oparg & 1 != 0 {
        state.push(StackRef::NULL);
    }
}

#[inline(always)]
pub(crate) fn load_global(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let frame = state.frame();
    let name = frame.code().name_at((oparg >> 1) as usize);
    let caches = state.caches(LOAD_GLOBAL_CACHES);
    if specialize::is_due(caches) {
        specialize::load_global(caches, frame.globals(), frame.builtins(), name, thread);
    }
    let value = load_global_slow(frame.globals(), frame.builtins(), name, thread)?;
    push_global(state, StackRef::from_owned(value), oparg);
    Ok(())
}

#[inline(always)]
pub(crate) fn load_global_module(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(LOAD_GLOBAL_CACHES);
    let version = u32::from(specialize::cached_u16(caches, 2));
    // SAFETY: the specializer found that these globals are a dict, and a frame's globals never change.
    let globals: &Dict = unsafe { objects::refs::cast(state.frame().globals()) };
    if globals.has_keys_version(version)
        // SAFETY: the keys are as the specializer found them.
        && let Some(value) = unsafe { globals.string_value_at(usize::from(specialize::cached_u16(caches, 1))) }
    {
        push_global(state, StackRef::from_new(value), oparg);
        return Ok(());
    }
    cold_path();
    load_global_missed(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn load_global_builtin(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(LOAD_GLOBAL_CACHES);
    // SAFETY: the specializer found that both are dicts, and a frame's never change.
    let (globals, builtins): (&Dict, &Dict) =
        unsafe { (objects::refs::cast(state.frame().globals()), objects::refs::cast(state.frame().builtins())) };
    if globals.has_keys_version(u32::from(specialize::cached_u16(caches, 2)))
        && builtins.has_keys_version(u32::from(specialize::cached_u16(caches, 3)))
        // SAFETY: the keys are as the specializer found them.
        && let Some(value) = unsafe { builtins.string_value_at(usize::from(specialize::cached_u16(caches, 1))) }
    {
        push_global(state, StackRef::from_new(value), oparg);
        return Ok(());
    }
    cold_path();
    load_global_missed(state, thread, oparg)
}

#[inline(always)]
fn load_global_missed(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    if state.misses(LOAD_GLOBAL_CACHES, oparg) {
        return Ok(());
    }
    let frame = state.frame();
    let name = frame.code().name_at((oparg >> 1) as usize);
    let value = load_global_slow(frame.globals(), frame.builtins(), name, thread)?;
    push_global(state, StackRef::from_owned(value), oparg);
    Ok(())
}

#[inline(always)]
pub(crate) fn store_global(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let frame = state.frame();
    protocol::set_item(frame.globals(), frame.code().name_at(oparg as usize), state.peek(1).object(), thread)?;
    state.drop_top(thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn delete_global(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let frame = state.frame();
    let name = frame.code().name_at(oparg as usize);
    delete_from(frame.globals(), name, thread)
}

#[inline(never)]
fn delete_from(mapping: &Object, name: &Str, thread: &mut Thread) -> PyResult<()> {
    let deleted = protocol::delete_item(mapping, name, thread);
    match thread.suppress(deleted, objects::errors::KeyError)? {
        Some(()) => Ok(()),
        None => Err(raise_name_error(name, thread)),
    }
}

/// The mapping that holds the names of a module or class body.
#[inline(always)]
fn name_mapping<'a>(state: &State, doing: &str, name: &Str, thread: &mut Thread) -> PyResult<&'a Object> {
    match state.frame().name_mapping() {
        Some(mapping) => Ok(mapping),
        None => Err(raise!(thread, SystemError, "no locals {doing} '{}'", name.to_string_lossy())),
    }
}

#[inline(always)]
pub(crate) fn store_name(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let name = state.frame().code().name_at(oparg as usize);
    let mapping = name_mapping(state, "found when storing", name, thread)?;
    protocol::set_item(mapping, name, state.peek(1).object(), thread)?;
    state.drop_top(thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn delete_name(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let name = state.frame().code().name_at(oparg as usize);
    let mapping = name_mapping(state, "when deleting", name, thread)?;
    delete_from(mapping, name, thread)
}

#[inline(always)]
pub(crate) fn load_name(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let frame = state.frame();
    let name = frame.code().name_at(oparg as usize);
    let value = match frame.name_mapping() {
        Some(mapping) => get_from_mapping(mapping, name, thread)?,
        None => None,
    };
    let value = match value {
        Some(value) => value,
        None => load_global_slow(frame.globals(), frame.builtins(), name, thread)?,
    };
    state.push_owned(value);
    Ok(())
}

#[inline(always)]
pub(crate) fn load_from_dict_or_globals(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let frame = state.frame();
    let name = frame.code().name_at(oparg as usize);
    let value = match get_from_mapping(state.peek(1).object(), name, thread)? {
        Some(value) => value,
        None => load_global_slow(frame.globals(), frame.builtins(), name, thread)?,
    };
    super::binary::replace_one(state, thread, Ok(value))
}

#[inline(always)]
pub(crate) fn load_locals(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    match state.frame().name_mapping() {
        Some(mapping) => {
            state.push(StackRef::from_new(mapping));
            Ok(())
        }
        None => Err(raise!(thread, SystemError, "no locals")),
    }
}

#[inline(always)]
pub(crate) fn load_build_class(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    match get_from_mapping(state.frame().builtins(), &names::__build_class__, thread)? {
        Some(value) => {
            state.push_owned(value);
            Ok(())
        }
        None => Err(raise!(thread, NameError, "__build_class__ not found")),
    }
}

#[inline(always)]
pub(crate) fn setup_annotations(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let mapping = name_mapping(state, "found when setting up annotations", &names::__annotations__, thread)?;
    if get_from_mapping(mapping, &names::__annotations__, thread)?.is_none() {
        let annotations = Dict::new(thread);
        protocol::set_item(mapping, &names::__annotations__, &annotations, thread)?;
    }
    Ok(())
}
