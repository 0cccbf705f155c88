//! Subscripts and slices.

use std::hint::cold_path;

use objects::dict::Dict;
use objects::errors::PyResult;
use objects::int::Int;
use objects::list::List;
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::slice::{Bounds, Slice};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::evaluate::State;
use crate::frame::{Frame, push_frame_memory};
use crate::function::Function;
use crate::specialize;
use crate::stack_ref::StackRef;

const BINARY_OP_CACHES: usize = 5;
const STORE_SUBSCR_CACHES: usize = 1;

/// Defines a specialized subscript: the item, or None where it does not apply.
macro_rules! specialized_subscript {
    ($($name:ident: $item:expr;)*) => {
        $(#[inline(always)]
        pub(crate) fn $name(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
            let (container, key) = (state.peek(2), state.peek(1));
            let item: fn(&Object, &Object, &mut Thread) -> PyResult<Option<StackRef>> = $item;
            let found = match item(container.object(), key.object(), thread)? {
                Some(found) => found,
                None => {
                    cold_path();
                    if state.misses(BINARY_OP_CACHES, oparg) {
                        return Ok(());
                    }
                    StackRef::from_owned(protocol::get_item(container.object(), key.object(), thread)?)
                }
            };
            state.forget(2);
            state.push(found);
            container.close(thread);
            key.close(thread);
            Ok(())
        })*
    };
}

/// A small non-negative index.
#[inline(always)]
fn small_index(key: &Object) -> Option<usize> {
    key.downcast_exact::<Int>().and_then(Int::compact_value).and_then(|it| usize::try_from(it).ok())
}

specialized_subscript! {
    binary_op_subscr_list_int: |container, key, thread| {
        let (Some(list), Some(index)) = (container.downcast_exact::<List>(), small_index(key)) else { return Ok(None) };
        Ok(list.items(thread).get(index).map(|it| StackRef::from_new(it)))
    };
    binary_op_subscr_tuple_int: |container, key, _| {
        let (Some(tuple), Some(index)) = (container.downcast_exact::<Tuple>(), small_index(key)) else { return Ok(None) };
        Ok(tuple.items().get(index).map(|it| StackRef::from_new(it)))
    };
    binary_op_subscr_str_int: |container, key, thread| {
        let (Some(text), Some(index)) = (container.downcast_exact::<Str>(), small_index(key)) else { return Ok(None) };
        Ok(text.code_point(index).map(|point| StackRef::from_owned(Str::from_code_point(point, thread))))
    };
    binary_op_subscr_dict: |container, key, thread| {
        let Some(dict) = container.downcast_exact::<Dict>() else { return Ok(None) };
        // A missing key takes the general way, which raises.
        Ok(dict.get(key, thread)?.map(StackRef::from_owned))
    };
    binary_op_subscr_list_slice: |container, key, thread| {
        protocol::get_item(container, key, thread).map(|it| Some(StackRef::from_owned(it)))
    };
}

#[inline(always)]
pub(crate) fn binary_op_subscr_getitem(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (container, key) = (state.peek(2), state.peek(1));
    let Some(function) = getitem_function(container.object(), thread) else {
        cold_path();
        return super::binary::generic(state, thread, oparg);
    };
    let frame = push_frame_memory(function.code().frame_size(), thread);
    state.forget(2);
    // SAFETY: the memory has room for the function's frame, whose code takes two arguments.
    unsafe {
        (*frame).locals().write(container);
        (*frame).locals().add(1).write(key);
        Frame::initialize(frame, function, None, state.frame_pointer(), 2);
    }
    super::call::go_into(state, frame, 1 + BINARY_OP_CACHES, thread)
}

/// The type's `__getitem__` if it is a function that takes the two as they are, so that its frame can run in this loop.
#[inline(always)]
pub(crate) fn getitem_function(container: &Object, thread: &mut Thread) -> Option<Py<Function>> {
    let class = container.class();
    if !class.is_heap_type() {
        return None;
    }
    let function = class.lookup(&names::__getitem__, thread)?.downcast_into::<Function>().ok()?;
    specialize::is_simple(&function, 2).then_some(function)
}

#[inline(always)]
pub(crate) fn store_subscr(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let (value, container, key) = (state.peek(3), state.peek(2), state.peek(1));
    let caches = state.caches(STORE_SUBSCR_CACHES);
    if specialize::is_due(caches) {
        specialize::store_subscr(caches, container.object(), key.object());
    }
    protocol::set_item(container.object(), key.object(), value.object(), thread)?;
    state.drop_many(3, thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn store_subscr_list_int(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (value, container, key) = (state.peek(3), state.peek(2), state.peek(1));
    if let (Some(list), Some(index)) = (container.object().downcast_exact::<List>(), small_index(key.object()))
        && index < list.length()
    {
        state.forget(3);
        // The index was checked: what comes back is the old value.
        let (Ok(old) | Err(old)) = list.replace(index, value.into_py());
        container.close(thread);
        key.close(thread);
        old.release(thread);
        return Ok(());
    }
    cold_path();
    if state.misses(STORE_SUBSCR_CACHES, oparg) {
        return Ok(());
    }
    protocol::set_item(container.object(), key.object(), value.object(), thread)?;
    state.drop_many(3, thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn store_subscr_dict(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (value, container, key) = (state.peek(3), state.peek(2), state.peek(1));
    match container.object().downcast_exact::<Dict>() {
        Some(dict) => dict.set(key.object(), value.object(), thread)?,
        None => {
            if state.misses(STORE_SUBSCR_CACHES, oparg) {
                return Ok(());
            }
            protocol::set_item(container.object(), key.object(), value.object(), thread)?;
        }
    }
    state.drop_many(3, thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn delete_subscr(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    protocol::delete_item(state.peek(2).object(), state.peek(1).object(), thread)?;
    state.drop_many(2, thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn binary_slice(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let (container, start, stop) = (state.peek(3).object(), state.peek(2).object(), state.peek(1).object());
    let result = get_slice(container, start, stop, thread)?;
    state.drop_many(3, thread);
    state.push_owned(result);
    Ok(())
}

#[inline(never)]
fn get_slice(container: &Object, start: &Object, stop: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    if let Some(bounds) = Bounds::of_plain(start, stop) {
        let range = |length| {
            let selection = bounds.select(length);
            selection.start as usize..selection.start as usize + selection.count
        };
        if let Some(list) = container.downcast_exact::<List>() {
            return list.section(range(list.length()), thread).map(Py::into_object);
        }
        if let Some(tuple) = container.downcast_exact::<Tuple>() {
            return tuple.section(range(tuple.length()), thread).map(Py::into_object);
        }
        if let Some(text) = container.downcast_exact::<Str>() {
            return text.substring(range(text.length()), thread).map(Py::into_object);
        }
    }
    let slice = Slice::new(Py::from_ref(start), Py::from_ref(stop), thread.none(), thread);
    protocol::get_item(container, &slice, thread)
}

#[inline(always)]
pub(crate) fn store_slice(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let (value, container) = (state.peek(4).object(), state.peek(3).object());
    set_slice(container, state.peek(2).object(), state.peek(1).object(), value, thread)?;
    state.drop_many(4, thread);
    Ok(())
}

#[inline(never)]
fn set_slice(container: &Object, start: &Object, stop: &Object, value: &Object, thread: &mut Thread) -> PyResult<()> {
    if let Some(list) = container.downcast_exact::<List>()
        && let Some(bounds) = Bounds::of_plain(start, stop)
    {
        return list.assign_within(bounds, Some(value), thread);
    }
    let slice = Slice::new(Py::from_ref(start), Py::from_ref(stop), thread.none(), thread);
    protocol::set_item(container, &slice, value, thread)
}

#[inline(always)]
pub(crate) fn build_slice(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let step = if oparg == 3 { state.pop().into_py() } else { thread.none() };
    let stop = state.pop().into_py();
    let start = state.pop().into_py();
    let slice = Slice::new(start, stop, step, thread);
    state.push_owned(slice);
    Ok(())
}
