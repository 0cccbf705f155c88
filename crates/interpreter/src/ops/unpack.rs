//! Unpacking: `a, b = …`, `a, *b, c = …`.

use std::hint::cold_path;

use objects::errors::PyResult;
use objects::list::List;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::evaluate::State;
use crate::specialize;
use crate::stack_ref::StackRef;

const CACHES: usize = 1;

/// Replaces the topmost value by the items, the first topmost.
#[inline(always)]
fn push_items(state: &mut State, thread: &mut Thread, items: impl DoubleEndedIterator<Item = StackRef>) {
    let value = state.pop();
    for item in items.rev() {
        state.push(item);
    }
    value.close(thread);
}

#[inline(always)]
pub(crate) fn unpack_sequence(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.peek(1).object();
    let caches = state.caches(CACHES);
    if specialize::is_due(caches) {
        specialize::unpack_sequence(caches, value, oparg as usize, thread);
    }
    generic(state, thread, oparg)
}

#[inline(always)]
fn generic(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.peek(1).object();
    let known = value.downcast_exact::<Tuple>().map(Tuple::items);
    let known = known.or_else(|| value.downcast_exact::<List>().map(|it| it.items(thread)));
    if let Some(items) = known.filter(|it| it.len() == oparg as usize) {
        let value = state.pop();
        items.iter().rev().for_each(|it| state.push(StackRef::from_new(it)));
        value.close(thread);
        return Ok(());
    }
    let items = unpack(state.peek(1).object(), oparg as usize, None, thread)?;
    push_items(state, thread, items.into_iter().map(StackRef::from_owned));
    Ok(())
}

#[inline(always)]
pub(crate) fn unpack_sequence_two_tuple(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.peek(1);
    if let Some(tuple) = value.object().downcast_exact::<Tuple>()
        && let [first, second] = tuple.items()
    {
        let (first, second) = (StackRef::from_new(first), StackRef::from_new(second));
        state.forget(1);
        state.push(second);
        state.push(first);
        value.close(thread);
        return Ok(());
    }
    cold_path();
    if state.misses(CACHES, oparg) {
        return Ok(());
    }
    generic(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn unpack_sequence_tuple(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    if let Some(tuple) = state.peek(1).object().downcast_exact::<Tuple>()
        && tuple.length() == oparg as usize
    {
        push_items(state, thread, tuple.items().iter().map(|it| StackRef::from_new(it)));
        return Ok(());
    }
    cold_path();
    if state.misses(CACHES, oparg) {
        return Ok(());
    }
    generic(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn unpack_sequence_list(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    if let Some(list) = state.peek(1).object().downcast_exact::<List>()
        && list.length() == oparg as usize
    {
        let value = state.pop();
        list.items(thread).iter().rev().for_each(|it| state.push(StackRef::from_new(it)));
        value.close(thread);
        return Ok(());
    }
    cold_path();
    if state.misses(CACHES, oparg) {
        return Ok(());
    }
    generic(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn unpack_ex(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (before, after) = ((oparg & 0xFF) as usize, (oparg >> 8) as usize);
    let items = unpack(state.peek(1).object(), before, Some(after), thread)?;
    push_items(state, thread, items.into_iter().map(StackRef::from_owned));
    Ok(())
}

/// The items of an iterable: exactly `before`; or `before`, a list of the rest, and `after`.
#[inline(never)]
fn unpack(value: &Object, before: usize, after: Option<usize>, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    if let (None, Some(tuple)) = (after, value.downcast_exact::<Tuple>())
        && tuple.length() == before
    {
        return Ok(tuple.items().to_vec());
    }
    let iterator = match protocol::iter(value, thread) {
        Ok(iterator) => iterator,
        Err(raised) => {
            let slots = value.class().slots();
            if thread.raised_is(objects::errors::TypeError)
                && slots.tp_iter.get().is_none()
                && !protocol::is_sequence(value)
            {
                drop(thread.catch(raised));
                let name = value.class().full_name();
                return Err(raise!(thread, TypeError, "cannot unpack non-iterable {name} object"));
            }
            return Err(raised);
        }
    };
    let mut items = Vec::with_capacity(before);
    while items.len() < before {
        match protocol::next(&iterator, thread)? {
            Some(item) => items.push(item),
            None => return Err(raise_too_few(before, after, items.len(), thread)),
        }
    }
    match after {
        None => check_end(value, &iterator, before, thread)?,
        Some(after) => unpack_rest(&iterator, before, after, &mut items, thread)?,
    }
    Ok(items)
}

fn check_end(value: &Object, iterator: &Object, expected: usize, thread: &mut Thread) -> PyResult<()> {
    if protocol::next(iterator, thread)?.is_none() {
        return Ok(());
    }
    let counted =
        value.downcast_exact::<List>().map(List::length).or(value.downcast_exact::<Tuple>().map(Tuple::length));
    let counted = counted.or(value.downcast_exact::<objects::dict::Dict>().map(objects::dict::Dict::length));
    Err(match counted {
        Some(found) if found > expected => {
            raise!(thread, ValueError, "too many values to unpack (expected {expected}, got {found})")
        }
        _ => raise!(thread, ValueError, "too many values to unpack (expected {expected})"),
    })
}

fn unpack_rest(
    iterator: &Object,
    before: usize,
    after: usize,
    items: &mut Vec<Py<Object>>,
    thread: &mut Thread,
) -> PyResult<()> {
    let mut rest = Vec::new();
    while let Some(item) = protocol::next(iterator, thread)? {
        rest.push(item);
    }
    if rest.len() < after {
        return Err(raise_too_few(before, Some(after), before + rest.len(), thread));
    }
    let last = rest.split_off(rest.len() - after);
    items.push(List::new(rest, thread)?.into_object());
    items.extend(last);
    Ok(())
}

#[cold]
fn raise_too_few(before: usize, after: Option<usize>, found: usize, thread: &mut Thread) -> objects::errors::Raised {
    match after {
        None => raise!(thread, ValueError, "not enough values to unpack (expected {before}, got {found})"),
        Some(after) => {
            let least = before + after;
            raise!(thread, ValueError, "not enough values to unpack (expected at least {least}, got {found})")
        }
    }
}
