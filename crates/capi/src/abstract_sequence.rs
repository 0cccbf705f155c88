//! `abstract.h`, the sequence, mapping and iterator protocols.

use std::ffi::CStr;

use layout::{PyMappingMethods, PyObject, PySequenceMethods};
use objects::dict::Dict;
use objects::errors::{KeyError, PyResult};
use objects::list::List;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::slice::Slice;
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::abstract_object::{FromC as _, flag, optional};
use crate::entry::{Flag, Found, Out, bad_internal_call, export, text};

fn sequence_methods(object: &Object) -> Option<&PySequenceMethods> {
    // SAFETY: a type's method suites live as long as the type.
    unsafe { object.class().slots().tp_as_sequence.get().as_ref() }
}

fn mapping_methods(object: &Object) -> Option<&PyMappingMethods> {
    // SAFETY: a type's method suites live as long as the type.
    unsafe { object.class().slots().tp_as_mapping.get().as_ref() }
}

/// `object[low:high]` as a slice object.
fn slice(low: isize, high: isize, thread: &mut Thread) -> Py<Slice> {
    let (start, stop) = (protocol::make_int(low as i128, thread), protocol::make_int(high as i128, thread));
    let step = thread.none();
    Slice::new(start, stop, step, thread)
}

/// The length of a sequence: of its sequence slot alone.
fn sequence_size(object: &Object, thread: &mut Thread) -> PyResult<isize> {
    if let Some(function) = sequence_methods(object).and_then(|it| it.sq_length.get()) {
        // SAFETY: the slot's protocol.
        let length = unsafe { function(object.as_pointer()) };
        return if length < 0 { Err(thread.raised_elsewhere()) } else { Ok(length) };
    }
    let class = object.class().full_name();
    if mapping_methods(object).is_some_and(|it| it.mp_length.get().is_some()) {
        return Err(raise!(thread, TypeError, "{class} is not a sequence"));
    }
    Err(raise!(thread, TypeError, "object of type '{class}' has no len()"))
}

/// As `+` of sequences: what has a sequence's `+`, or a number's between two sequences.
fn concat(left: &Object, right: &Object, inplace: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
    let methods = sequence_methods(left);
    let own = methods.and_then(|it| it.sq_inplace_concat.get()).filter(|_| inplace);
    if let Some(function) = own.or_else(|| methods.and_then(|it| it.sq_concat.get())) {
        // SAFETY: the slot's protocol.
        return protocol::result_from_c(unsafe { function(left.as_pointer(), right.as_pointer()) }, thread);
    }
    if protocol::is_sequence(left) && protocol::is_sequence(right) {
        let operation = if inplace { protocol::inplace_add } else { protocol::add };
        let result = operation(left, right, thread);
        if let Some(result) = thread.suppress(result, objects::errors::TypeError)? {
            return Ok(result);
        }
    }
    let class = left.class().full_name();
    Err(raise!(thread, TypeError, "'{class}' object can't be concatenated"))
}

fn repeat(object: &Object, count: isize, inplace: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
    let methods = sequence_methods(object);
    let own = methods.and_then(|it| it.sq_inplace_repeat.get()).filter(|_| inplace);
    if let Some(function) = own.or_else(|| methods.and_then(|it| it.sq_repeat.get())) {
        // SAFETY: the slot's protocol.
        return protocol::result_from_c(unsafe { function(object.as_pointer(), count) }, thread);
    }
    if protocol::is_sequence(object) {
        let count = protocol::make_int(count as i128, thread);
        let operation = if inplace { protocol::inplace_multiply } else { protocol::multiply };
        let result = operation(object, &count, thread);
        if let Some(result) = thread.suppress(result, objects::errors::TypeError)? {
            return Ok(result);
        }
    }
    let class = object.class().full_name();
    Err(raise!(thread, TypeError, "'{class}' object can't be repeated"))
}

/// A sequence as a list or tuple, whose items C code reads in place.
fn fast(object: &Object, message: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    if object.is_exactly::<List>() || object.is_exactly::<Tuple>() {
        return Ok(Py::from_ref(object));
    }
    let iterator = match protocol::iter(object, thread) {
        Ok(iterator) => iterator,
        Err(raised) if thread.raised_is(objects::errors::TypeError) => {
            drop(thread.catch(raised));
            return Err(raise!(thread, TypeError, "{message}"));
        }
        Err(raised) => return Err(raised),
    };
    protocol::to_list(&iterator, thread).map(Py::into_object)
}

/// Keys, values or items of a mapping as a list.
fn mapping_list(object: &Object, method: &Str, thread: &mut Thread) -> PyResult<Py<List>> {
    let result = protocol::call_method(object, method, &[], thread)?;
    if result.is_exactly::<List>()
        && let Ok(list) = result.clone().downcast_into::<List>()
    {
        return Ok(list);
    }
    if !protocol::is_iterable(&result) {
        let (class, method) = (object.class().full_name(), method.to_string_lossy());
        let found = result.class().full_name();
        return Err(raise!(thread, TypeError, "{class}.{method}() returned a non-iterable (type {found})"));
    }
    protocol::to_list(&result, thread)
}

/// `mapping[key]`, or None where that raises KeyError.
fn optional_item(object: &Object, key: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    if let Some(dict) = object.downcast_exact::<Dict>() {
        return dict.get(key, thread);
    }
    let result = protocol::get_item(object, key, thread);
    thread.suppress(result, KeyError)
}

export! { thread;
    fn PySequence_Check(object: Option<&Object>) -> Flag {
        let _ = &thread;
        Ok(Flag(object.is_some_and(protocol::is_sequence)))
    }

    fn PySequence_Size(object: &Object) -> isize { sequence_size(object, thread) }

    fn PySequence_Length(object: &Object) -> isize { sequence_size(object, thread) }

    fn PySequence_Concat(left: &Object, right: &Object) -> Py<Object> { concat(left, right, false, thread) }

    fn PySequence_InPlaceConcat(left: &Object, right: &Object) -> Py<Object> { concat(left, right, true, thread) }

    fn PySequence_Repeat(object: &Object, count: isize) -> Py<Object> { repeat(object, count, false, thread) }

    fn PySequence_InPlaceRepeat(object: &Object, count: isize) -> Py<Object> { repeat(object, count, true, thread) }

    fn PySequence_GetItem(object: &Object, index: isize) -> Py<Object> { protocol::get_index(object, index, thread) }

    fn PySequence_SetItem(object: &Object, index: isize, value: Option<&Object>) -> () {
        protocol::change_index(object, index, value, thread)
    }

    fn PySequence_DelItem(object: &Object, index: isize) -> () {
        protocol::change_index(object, index, None, thread)
    }

    fn PySequence_GetSlice(object: &Object, low: isize, high: isize) -> Py<Object> {
        if mapping_methods(object).is_none_or(|it| it.mp_subscript.get().is_none()) {
            let class = object.class().full_name();
            return Err(raise!(thread, TypeError, "'{class}' object is unsliceable"));
        }
        let slice = slice(low, high, thread);
        protocol::get_item(object, &slice, thread)
    }

    fn PySequence_SetSlice(object: &Object, low: isize, high: isize, value: Option<&Object>) -> () {
        if mapping_methods(object).is_none_or(|it| it.mp_ass_subscript.get().is_none()) {
            let class = object.class().full_name();
            return Err(raise!(thread, TypeError, "'{class}' object doesn't support slice assignment"));
        }
        let slice = slice(low, high, thread);
        match value {
            Some(value) => protocol::set_item(object, &slice, value, thread),
            None => protocol::delete_item(object, &slice, thread),
        }
    }

    fn PySequence_DelSlice(object: &Object, low: isize, high: isize) -> () {
        if mapping_methods(object).is_none_or(|it| it.mp_ass_subscript.get().is_none()) {
            let class = object.class().full_name();
            return Err(raise!(thread, TypeError, "'{class}' object doesn't support slice deletion"));
        }
        let slice = slice(low, high, thread);
        protocol::delete_item(object, &slice, thread)
    }

    fn PySequence_Tuple(object: &Object) -> Py<Tuple> { protocol::to_tuple(object, thread) }

    fn PySequence_List(object: &Object) -> Py<List> { protocol::to_list(object, thread) }

    fn PySequence_Fast(object: &Object, message: &CStr) -> Py<Object> { fast(object, &text(message), thread) }

    fn PySequence_Count(object: &Object, value: &Object) -> isize {
        protocol::count_by_iteration(object, value, thread).map(|it| it as isize)
    }

    fn PySequence_Contains(object: &Object, value: &Object) -> bool { protocol::contains(object, value, thread) }

    fn PySequence_In(object: &Object, value: &Object) -> bool { protocol::contains(object, value, thread) }

    fn PySequence_Index(object: &Object, value: &Object) -> isize {
        match protocol::find_by_iteration(object, value, thread)? {
            Some(index) => Ok(index as isize),
            None => Err(raise!(thread, ValueError, "sequence.index(x): x not in sequence")),
        }
    }

    fn PyMapping_Check(object: Option<&Object>) -> Flag {
        let _ = &thread;
        Ok(Flag(object.and_then(mapping_methods).is_some_and(|it| it.mp_subscript.get().is_some())))
    }

    fn PyMapping_Size(object: &Object) -> isize { mapping_size(object, thread) }

    fn PyMapping_Length(object: &Object) -> isize { mapping_size(object, thread) }

    fn PyMapping_GetItemString(object: &Object, key: &CStr) -> Py<Object> {
        let key = Str::from_c(key, thread)?;
        protocol::get_item(object, &key, thread)
    }

    fn PyMapping_SetItemString(object: &Object, key: &CStr, value: &Object) -> () {
        let key = Str::from_c(key, thread)?;
        protocol::set_item(object, &key, value, thread)
    }

    fn PyMapping_GetOptionalItem(object: &Object, key: &Object, result: Found) -> bool {
        optional(optional_item(object, key, thread)?, result)
    }

    fn PyMapping_GetOptionalItemString(object: &Object, key: &CStr, result: Found) -> bool {
        let key = Str::from_c(key, thread)?;
        optional(optional_item(object, &key, thread)?, result)
    }

    fn PyMapping_HasKeyWithError(object: &Object, key: &Object) -> bool {
        Ok(optional_item(object, key, thread)?.is_some())
    }

    fn PyMapping_HasKeyStringWithError(object: &Object, key: &CStr) -> bool {
        let key = Str::from_c(key, thread)?;
        Ok(optional_item(object, &key, thread)?.is_some())
    }

    fn PyMapping_HasKey(object: Option<&Object>, key: Option<&Object>) -> Flag {
        let result = match (object, key) {
            (Some(object), Some(key)) => optional_item(object, key, thread).map(|it| it.is_some()),
            _ => Err(raise!(thread, SystemError, "null argument to internal routine")),
        };
        Ok(flag(result, "PyMapping_HasKey", thread))
    }

    fn PyMapping_HasKeyString(object: Option<&Object>, key: Option<&CStr>) -> Flag {
        let result = match (object, key) {
            (Some(object), Some(key)) => Str::from_c(key, thread)
                .and_then(|key| optional_item(object, &key, thread)).map(|it| it.is_some()),
            _ => Err(raise!(thread, SystemError, "null argument to internal routine")),
        };
        Ok(flag(result, "PyMapping_HasKeyString", thread))
    }

    fn PyMapping_Keys(object: &Object) -> Py<List> { mapping_list(object, &names::keys, thread) }

    fn PyMapping_Values(object: &Object) -> Py<List> { mapping_list(object, &names::values, thread) }

    fn PyMapping_Items(object: &Object) -> Py<List> { mapping_list(object, &names::items, thread) }

    fn PyIter_Check(object: &Object) -> Flag {
        let _ = &thread;
        Ok(Flag(protocol::is_iterator(object)))
    }

    fn PyAIter_Check(object: &Object) -> Flag {
        let _ = &thread;
        // SAFETY: a type's method suites live as long as the type.
        let methods = unsafe { object.class().slots().tp_as_async.get().as_ref() };
        Ok(Flag(methods.is_some_and(|it| it.am_anext.get().is_some())))
    }

    fn PyIter_Next(iterator: &Object) -> Option<Py<Object>> { protocol::next(iterator, thread) }

    fn PyIter_NextItem(iterator: &Object, item: Found) -> bool {
        if !protocol::is_iterator(iterator) {
            let class = iterator.class().full_name();
            return Err(raise!(thread, TypeError, "expected an iterator, got '{class}'"));
        }
        optional(protocol::next(iterator, thread)?, item)
    }

    fn PyIter_Send(iterator: &Object, value: &Object, result: Out<*mut PyObject>) -> i32 {
        use objects::protocol::SendOutcome;
        result.set(std::ptr::null_mut());
        let (status, value) = match interpreter::generator::send(iterator, value, thread)? {
            SendOutcome::Returned(value) => (0, value),
            SendOutcome::Yielded(value) => (1, value),
        };
        result.set(value.into_pointer());
        Ok(status)
    }

    fn PySeqIter_New(sequence: &Object) -> Py<protocol::SequenceIterator> {
        if !protocol::is_sequence(sequence) {
            return bad_internal_call(thread);
        }
        Ok(protocol::SequenceIterator::new(sequence, thread))
    }

    fn PyCallIter_New(callable: &Object, sentinel: &Object) -> Py<protocol::CallableIterator> {
        Ok(protocol::CallableIterator::new(callable, sentinel, thread))
    }
}

fn mapping_size(object: &Object, thread: &mut Thread) -> PyResult<isize> {
    if let Some(function) = mapping_methods(object).and_then(|it| it.mp_length.get()) {
        // SAFETY: the slot's protocol.
        let length = unsafe { function(object.as_pointer()) };
        return if length < 0 { Err(thread.raised_elsewhere()) } else { Ok(length) };
    }
    let class = object.class().full_name();
    if sequence_methods(object).is_some_and(|it| it.sq_length.get().is_some()) {
        return Err(raise!(thread, TypeError, "{class} is not a mapping"));
    }
    Err(raise!(thread, TypeError, "object of type '{class}' has no len()"))
}
