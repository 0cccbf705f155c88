//! Sequences: items by machine index, membership, concatenation and repetition, search by iteration.

use layout::ssizeargfunc;

use crate::errors::{Grow, OrMemoryError, OverflowError, PyResult, TryToVec, TypeError};
use crate::list::List;
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;

use super::call::result_from_c;
use super::convert::{index_or_raise, is_index};
use super::iterate::{iter, next};
use super::mapping::sequence_methods;

/// `PySequence_Check`: true if the type has items by index, and is not a dict.
pub fn is_sequence(object: &Object) -> bool {
    !object.class().has_flag(layout::Py_TPFLAGS_DICT_SUBCLASS)
        && sequence_methods(object).is_some_and(|it| it.sq_item.get().is_some())
}

/// A negative index counts from the end, if the type has a length.
fn adjusted(object: &Object, index: isize, thread: &mut Thread) -> PyResult<isize> {
    if index >= 0 {
        return Ok(index);
    }
    let Some(function) = sequence_methods(object).and_then(|it| it.sq_length.get()) else { return Ok(index) };
    // SAFETY: the slot's protocol.
    let length = unsafe { function(object.as_pointer()) };
    if length < 0 { Err(thread.raised_elsewhere()) } else { Ok(index.wrapping_add(length)) }
}

fn is_mapping(object: &Object) -> bool {
    // SAFETY: a type's method suites live as long as the type.
    unsafe { object.class().slots().tp_as_mapping.get().as_ref() }.is_some_and(|it| it.mp_subscript.get().is_some())
}

/// `PySequence_GetItem`.
pub fn get_index(object: &Object, index: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
    let class = object.class();
    let Some(function) = sequence_methods(object).and_then(|it| it.sq_item.get()) else {
        if is_mapping(object) {
            return Err(raise!(thread, TypeError, "{} is not a sequence", class.full_name()));
        }
        return Err(raise!(thread, TypeError, "'{}' object does not support indexing", class.full_name()));
    };
    let index = adjusted(object, index, thread)?;
    // SAFETY: the slot's protocol.
    result_from_c(unsafe { function(object.as_pointer(), index) }, thread)
}

/// `PySequence_SetItem`, or `PySequence_DelItem` without a value.
pub fn change_index(object: &Object, index: isize, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let class = object.class();
    let Some(function) = sequence_methods(object).and_then(|it| it.sq_ass_item.get()) else {
        let doing = if value.is_some() { "does not support item assignment" } else { "doesn't support item deletion" };
        if is_mapping(object) {
            return Err(raise!(thread, TypeError, "{} is not a sequence", class.full_name()));
        }
        return Err(raise!(thread, TypeError, "'{}' object {doing}", class.full_name()));
    };
    let index = adjusted(object, index, thread)?;
    let value = value.map_or(std::ptr::null_mut(), Object::as_pointer);
    // SAFETY: the slot's protocol; null deletes.
    let status = unsafe { function(object.as_pointer(), index, value) };
    if status < 0 { Err(thread.raised_elsewhere()) } else { Ok(()) }
}

/// `value in container`.
pub fn contains(container: &Object, value: &Object, thread: &mut Thread) -> PyResult<bool> {
    if let Some(function) = sequence_methods(container).and_then(|it| it.sq_contains.get()) {
        // SAFETY: the slot's protocol.
        let answer = unsafe { function(container.as_pointer(), value.as_pointer()) };
        return if answer < 0 { Err(thread.raised_elsewhere()) } else { Ok(answer > 0) };
    }
    Ok(find_by_iteration(container, value, thread)?.is_some())
}

/// `operator.indexOf`: the position of the first item that equals the value, None if there is none.
pub fn find_by_iteration(container: &Object, value: &Object, thread: &mut Thread) -> PyResult<Option<usize>> {
    let iterator = search_iterator(container, thread)?;
    let mut position = 0;
    while let Some(item) = next(&iterator, thread)? {
        if super::equals(&item, value, thread)? {
            return Ok(Some(position));
        }
        position += 1;
    }
    Ok(None)
}

/// `operator.countOf`.
pub fn count_by_iteration(container: &Object, value: &Object, thread: &mut Thread) -> PyResult<usize> {
    let iterator = search_iterator(container, thread)?;
    let mut count = 0;
    while let Some(item) = next(&iterator, thread)? {
        count += usize::from(super::equals(&item, value, thread)?);
    }
    Ok(count)
}

fn search_iterator(container: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let iterator = iter(container, thread);
    match thread.suppress(iterator, TypeError)? {
        Some(iterator) => Ok(iterator),
        None => {
            let class = container.class().full_name();
            Err(raise!(thread, TypeError, "argument of type '{class}' is not a container or iterable"))
        }
    }
}

/// Calls a slot that repeats with a count that a program gave.
pub(super) fn repeat_by(
    function: ssizeargfunc,
    sequence: &Object,
    count: &Object,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    if !is_index(count) {
        let class = count.class().full_name();
        return Err(raise!(thread, TypeError, "can't multiply sequence by non-int of type '{class}'"));
    }
    let count = index_or_raise(count, OverflowError, thread)?;
    // SAFETY: the slot's protocol.
    result_from_c(unsafe { function(sequence.as_pointer(), count) }, thread)
}

/// `operator.concat`: `+` for sequences only.
pub fn concat(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    concat_by(left, right, false, super::add, thread)
}

/// `operator.iconcat`.
pub fn inplace_concat(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    concat_by(left, right, true, super::inplace_add, thread)
}

fn concat_by(
    left: &Object,
    right: &Object,
    in_place: bool,
    otherwise: fn(&Object, &Object, &mut Thread) -> PyResult<Py<Object>>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let methods = sequence_methods(left);
    let changing = methods.and_then(|it| it.sq_inplace_concat.get()).filter(|_| in_place);
    if let Some(function) = changing.or_else(|| methods.and_then(|it| it.sq_concat.get())) {
        // SAFETY: the slot's protocol.
        return result_from_c(unsafe { function(left.as_pointer(), right.as_pointer()) }, thread);
    }
    if is_sequence(left) && is_sequence(right) {
        return otherwise(left, right, thread);
    }
    Err(raise!(thread, TypeError, "'{}' object can't be concatenated", left.class().full_name()))
}

/// All items of an iterable, as new references.
pub fn collect(iterable: &Object, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    if let Some(list) = iterable.downcast_exact::<List>() {
        return list.try_snapshot(thread);
    }
    if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
        return tuple.items().try_to_vec().or_memory_error(thread);
    }
    let iterator = iter(iterable, thread)?;
    // CPython does not ask how many there will be, which Python code would see.
    let hint = if iterable.class().is_heap_type() { 0 } else { super::length_hint(iterable, 0, thread)? };
    exhaust(&iterator, hint, thread)
}

/// As [`collect`], for those who take sequences as they are and make a list of the iterator of anything else (`PySequence_Fast`): the list asks
/// the iterator for an iterator again, and for its length.
pub fn collect_by_list(iterable: &Object, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    if iterable.is_exactly::<List>() || iterable.is_exactly::<Tuple>() {
        return collect(iterable, thread);
    }
    let first = iter(iterable, thread)?;
    let iterator = iter(&first, thread)?;
    let hint = super::length_hint(&first, 0, thread)?;
    exhaust(&iterator, hint, thread)
}

/// The items that an iterator has left.
fn exhaust(iterator: &Object, hint: usize, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    let mut items = Vec::new();
    // A hint is what a program says: trusted only as far as it costs nothing to be wrong.
    const MOST_RESERVED: usize = 1 << 16;
    thread.check_room(hint.saturating_mul(size_of::<Py<Object>>()))?;
    items.reserve(hint.min(MOST_RESERVED));
    while let Some(item) = next(iterator, thread)? {
        items.try_push(item).or_memory_error(thread)?;
    }
    Ok(items)
}

/// `PySequence_Tuple`: a tuple of an iterable's items; the tuple itself if it is one.
pub fn to_tuple(iterable: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
        return Ok(Py::from_ref(tuple));
    }
    let items = collect(iterable, thread)?;
    Tuple::new(items, thread)
}

/// `PySequence_List`: a new list of an iterable's items.
pub fn to_list(iterable: &Object, thread: &mut Thread) -> PyResult<Py<List>> {
    let list = List::empty(thread);
    list.extend(iterable, thread)?;
    Ok(list)
}
