//! `dictobject.h`, `setobject.h`: dicts, their read-only proxies, sets.

use std::ffi::{CStr, c_int};

use builtins::set::{FrozenSet, Set, SetObject};
use layout::PyObject;
use objects::dict::{Dict, Duplicates, MappingProxy};
use objects::errors::PyResult;
use objects::list::List;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use crate::abstract_object::{FromC as _, optional};
use crate::entry::{Flag, Found, Out, bad_internal_call, export};

/// A borrowed item, null without an exception if there is none; for the functions that tell nobody of errors.
fn silent_item(dict: Option<&Object>, key: &Object, function: &str, thread: &mut Thread) -> *mut PyObject {
    let Some(dict) = dict.and_then(|it| it.downcast::<Dict>()) else { return std::ptr::null_mut() };
    let raised_before = thread.take_exception();
    let found = protocol::hash(key, thread).and_then(|hash| dict.get_with_hash(key, hash, thread));
    let found = match found {
        Ok(found) => found,
        Err(raised) => {
            let message = format!(
                "Exception ignored in {function}(); consider using PyDict_GetItemRef() or PyDict_GetItemWithError()"
            );
            thread.report_unraisable(raised, &message, None);
            None
        }
    };
    thread.restore_exception(raised_before);
    found.map_or(std::ptr::null_mut(), |it| it.as_pointer())
}

/// What a list of a dict has of each of its items.
type Part = fn(Py<Object>, Py<Object>, &mut Thread) -> PyResult<Py<Object>>;

fn dict_list(dict: &Dict, thread: &mut Thread, part: Part) -> PyResult<Py<List>> {
    let pairs = dict.items_snapshot(thread);
    let mut items = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        items.push(part(key, value, thread)?);
    }
    List::new(items, thread)
}

fn delete(dict: &Dict, key: &Object, thread: &mut Thread) -> PyResult<()> {
    if dict.delete(key, thread)? {
        return Ok(());
    }
    Err(thread.raise_with_argument(objects::errors::KeyError, Py::from_ref(key)))
}

fn duplicates(replace: c_int) -> Duplicates {
    match replace {
        0 => Duplicates::Keep,
        2 => Duplicates::Forbid,
        _ => Duplicates::Replace,
    }
}

export! { thread;
    fn PyDict_New() -> Py<Dict> { Ok(Dict::new(thread)) }

    fn _PyDict_NewPresized(count: isize) -> Py<Dict> {
        Dict::with_capacity(count.max(0) as usize, false, thread)
    }

    fn PyDict_GetItem(dict: Option<&Object>, key: &Object) -> *mut PyObject {
        Ok(silent_item(dict, key, "PyDict_GetItem", thread))
    }

    fn PyDict_GetItemString(dict: Option<&Object>, key: &CStr) -> *mut PyObject {
        let raised = thread.take_exception();
        let key = Str::from_c(key, thread);
        let found = match key {
            Ok(key) => silent_item(dict, &key, "PyDict_GetItemString", thread),
            Err(error) => {
                thread.report_unraisable(error, "Exception ignored in PyDict_GetItemString(); consider using PyDict_GetItemStringRef()", None);
                std::ptr::null_mut()
            }
        };
        thread.restore_exception(raised);
        Ok(found)
    }

    fn PyDict_GetItemWithError(dict: &Dict, key: &Object) -> *mut PyObject {
        Ok(dict.get(key, thread)?.map_or(std::ptr::null_mut(), |it| it.as_pointer()))
    }

    fn _PyDict_GetItemWithError(dict: &Dict, key: &Object) -> *mut PyObject {
        Ok(dict.get(key, thread)?.map_or(std::ptr::null_mut(), |it| it.as_pointer()))
    }

    fn _PyDict_GetItemStringWithError(dict: &Dict, key: &CStr) -> *mut PyObject {
        let key = Str::from_c(key, thread)?;
        Ok(dict.get(&key, thread)?.map_or(std::ptr::null_mut(), |it| it.as_pointer()))
    }

    fn _PyDict_GetItem_KnownHash(dict: &Dict, key: &Object, hash: isize) -> *mut PyObject {
        Ok(dict.get_with_hash(key, hash, thread)?.map_or(std::ptr::null_mut(), |it| it.as_pointer()))
    }

    fn PyDict_GetItemRef(dict: &Dict, key: &Object, result: Found) -> bool {
        optional(dict.get(key, thread)?, result)
    }

    fn PyDict_GetItemStringRef(dict: &Dict, key: &CStr, result: Found) -> bool {
        let key = Str::from_c(key, thread)?;
        optional(dict.get(&key, thread)?, result)
    }

    fn PyDict_SetItem(dict: &Dict, key: &Object, value: &Object) -> () { dict.set(key, value, thread) }

    fn _PyDict_SetItem_KnownHash(dict: &Dict, key: &Object, value: &Object, hash: isize) -> () {
        dict.set_with_hash(key, hash, Py::from_ref(value), thread)
    }

    fn _PyDict_SetItem_KnownHash_LockHeld(dict: &Dict, key: &Object, value: &Object, hash: isize) -> () {
        dict.set_with_hash(key, hash, Py::from_ref(value), thread)
    }

    fn PyDict_SetItemString(dict: &Dict, key: &CStr, value: &Object) -> () {
        let key = Str::from_c(key, thread)?;
        let key = thread.intern(&key);
        dict.set(&key, value, thread)
    }

    fn PyDict_DelItem(dict: &Dict, key: &Object) -> () { delete(dict, key, thread) }

    fn PyDict_DelItemString(dict: &Dict, key: &CStr) -> () {
        let key = Str::from_c(key, thread)?;
        delete(dict, &key, thread)
    }

    fn PyDict_Clear(dict: Option<&Object>) -> crate::entry::Nothing {
        if let Some(dict) = dict.and_then(|it| it.downcast::<Dict>()) {
            dict.clear(thread);
        }
        Ok(crate::entry::Nothing)
    }

    fn PyDict_Contains(dict: &Dict, key: &Object) -> bool { dict.contains(key, thread) }

    fn PyDict_ContainsString(dict: &Dict, key: &CStr) -> bool {
        let key = Str::from_c(key, thread)?;
        dict.contains(&key, thread)
    }

    fn PyDict_Copy(dict: &Dict) -> Py<Dict> { dict.copy(thread) }

    fn PyDict_Size(dict: &Dict) -> isize { let _ = &thread; Ok(dict.length() as isize) }

    fn _PyDict_SizeOf(dict: &Dict) -> isize { Ok(dict.size_in_bytes(thread) as isize) }

    fn PyDict_Keys(dict: &Dict) -> Py<List> { dict_list(dict, thread, |key, _, _| Ok(key)) }

    fn PyDict_Values(dict: &Dict) -> Py<List> { dict_list(dict, thread, |_, value, _| Ok(value)) }

    fn PyDict_Items(dict: &Dict) -> Py<List> {
        dict_list(dict, thread, |key, value, thread| Tuple::new(vec![key, value], thread).map(Py::into_object))
    }

    fn PyDict_Next(dict: Option<&Object>, position: Out<isize>, key: Out<*mut PyObject>, value: Out<*mut PyObject>) -> Flag {
        let Some(dict) = dict.and_then(|it| it.downcast::<Dict>()) else { return Ok(Flag(false)) };
        let Some(mut place) = position.get().and_then(|it| usize::try_from(it).ok()) else { return Ok(Flag(false)) };
        let Some((found_key, found_value)) = dict.next(&mut place, thread) else { return Ok(Flag(false)) };
        position.set(place as isize);
        key.set(found_key.as_pointer());
        value.set(found_value.as_pointer());
        Ok(Flag(true))
    }

    fn _PyDict_Next(dict: Option<&Object>, position: Out<isize>, key: Out<*mut PyObject>, value: Out<*mut PyObject>, hash: Out<isize>) -> Flag {
        let Some(dict) = dict.and_then(|it| it.downcast::<Dict>()) else { return Ok(Flag(false)) };
        let Some(mut place) = position.get().and_then(|it| usize::try_from(it).ok()) else { return Ok(Flag(false)) };
        let Some((found_key, found_hash, found_value)) = dict.next_with_hash(&mut place, thread) else { return Ok(Flag(false)) };
        position.set(place as isize);
        key.set(found_key.as_pointer());
        value.set(found_value.as_pointer());
        hash.set(found_hash);
        Ok(Flag(true))
    }

    fn PyDict_Merge(dict: &Dict, other: Option<&Object>, replace: i32) -> () {
        let Some(other) = other else { return bad_internal_call(thread) };
        dict.merge(other, duplicates(i32::from(replace != 0)), thread)
    }

    fn _PyDict_MergeEx(dict: &Dict, other: &Object, replace: i32) -> () {
        dict.merge(other, duplicates(replace), thread)
    }

    fn PyDict_Update(dict: &Dict, other: Option<&Object>) -> () {
        let Some(other) = other else { return bad_internal_call(thread) };
        dict.merge(other, Duplicates::Replace, thread)
    }

    fn PyDict_MergeFromSeq2(dict: &Dict, pairs: &Object, replace: i32) -> () {
        dict.merge_pairs(pairs, duplicates(i32::from(replace != 0)), thread)
    }

    fn PyDict_SetDefault(dict: &Dict, key: &Object, default: &Object) -> *mut PyObject {
        Ok(dict.set_default(key, default, thread)?.0.as_pointer())
    }

    fn PyDict_SetDefaultRef(dict: &Object, key: &Object, default: &Object, result: Found) -> bool {
        let Some(dict) = dict.downcast::<Dict>() else { return bad_internal_call(thread) };
        let was_there = dict.contains(key, thread)?;
        let (value, _) = dict.set_default(key, default, thread)?;
        result.set(value.into_pointer());
        Ok(was_there)
    }

    fn PyDict_Pop(dict: &Dict, key: Option<&Object>, result: Found) -> bool {
        let found = match key {
            // An empty one is not asked.
            _ if dict.is_empty() => None,
            Some(key) => dict.pop(key, thread)?,
            None => return bad_internal_call(thread),
        };
        optional(found, result)
    }

    fn PyDict_PopString(dict: &Dict, key: &CStr, result: Found) -> bool {
        let key = Str::from_c(key, thread)?;
        optional(dict.pop(&key, thread)?, result)
    }

    fn _PyDict_Pop(dict: &Dict, key: &Object, default: Option<&Object>) -> Py<Object> {
        match (dict.pop(key, thread)?, default) {
            (Some(value), _) => Ok(value),
            (None, Some(default)) => Ok(Py::from_ref(default)),
            (None, None) => Err(thread.raise_with_argument(objects::errors::KeyError, Py::from_ref(key))),
        }
    }

    fn PyDictProxy_New(mapping: &Object) -> Py<MappingProxy> {
        let is_sequence = mapping.downcast::<List>().is_some() || mapping.downcast::<Tuple>().is_some();
        // SAFETY: a type's method suites live as long as the type.
        let methods = unsafe { mapping.class().slots().tp_as_mapping.get().as_ref() };
        if is_sequence || methods.is_none_or(|it| it.mp_subscript.get().is_none()) {
            let class = mapping.class().full_name();
            return Err(raise!(thread, TypeError, "mappingproxy() argument must be a mapping, not {class}"));
        }
        Ok(MappingProxy::new(mapping, thread))
    }

    fn PySet_New(iterable: Option<&Object>) -> Py<SetObject> { SetObject::from_iterable(Set::class(), iterable, thread) }

    fn PyFrozenSet_New(iterable: Option<&Object>) -> Py<SetObject> {
        SetObject::from_iterable(FrozenSet::class(), iterable, thread)
    }

    fn PySet_Size(set: Option<&Object>) -> isize {
        match set.and_then(SetObject::of) {
            Some(set) => Ok(set.length() as isize),
            None => bad_internal_call(thread),
        }
    }

    fn PySet_Contains(set: Option<&Object>, key: &Object) -> bool {
        match set.and_then(SetObject::of) {
            Some(set) => {
                let hash = protocol::hash(key, thread)?;
                set.contains_with_hash(key, hash, thread)
            }
            None => bad_internal_call(thread),
        }
    }

    fn PySet_Add(set: Option<&Object>, key: &Object) -> () {
        // A frozenset may be filled as long as nobody else has it.
        let usable = set.and_then(SetObject::of);
        match usable.filter(|it| it.is_changeable() || it.reference_count() == 1) {
            Some(set) => set.add(key, thread),
            None => bad_internal_call(thread),
        }
    }

    fn PySet_Discard(set: Option<&Object>, key: &Object) -> bool {
        match set.and_then(SetObject::of).filter(|it| it.is_changeable()) {
            Some(set) => {
                let hash = protocol::hash(key, thread)?;
                set.discard_with_hash(key, hash, thread)
            }
            None => bad_internal_call(thread),
        }
    }

    fn PySet_Pop(set: Option<&Object>) -> Py<Object> {
        let Some(set) = set.and_then(SetObject::of).filter(|it| it.is_changeable()) else { return bad_internal_call(thread) };
        match set.pop_any(thread) {
            Some(key) => Ok(key),
            None => Err(raise!(thread, KeyError, "pop from an empty set")),
        }
    }

    fn PySet_Clear(set: Option<&Object>) -> () {
        let Some(set) = set.and_then(SetObject::of).filter(|it| it.is_changeable()) else { return bad_internal_call(thread) };
        set.clear(thread);
        Ok(())
    }

    fn _PySet_Update(set: Option<&Object>, iterable: &Object) -> () {
        let Some(set) = set.and_then(SetObject::of).filter(|it| it.is_changeable()) else { return bad_internal_call(thread) };
        set.update(iterable, thread)
    }

    fn _PySet_NextEntryRef(set: Option<&Object>, position: Out<isize>, key: Out<*mut PyObject>, hash: Out<isize>) -> bool {
        let Some(set) = set.and_then(SetObject::of) else { return bad_internal_call(thread) };
        let mut place = position.get().and_then(|it| usize::try_from(it).ok()).unwrap_or_default();
        let Some((found, found_hash)) = set.next(&mut place, thread) else { return Ok(false) };
        position.set(place as isize);
        key.set(found.into_pointer());
        hash.set(found_hash);
        Ok(true)
    }

    fn _PySet_NextEntry(set: Option<&Object>, position: Out<isize>, key: Out<*mut PyObject>, hash: Out<isize>) -> bool {
        let Some(set) = set.and_then(SetObject::of) else { return bad_internal_call(thread) };
        let mut place = position.get().and_then(|it| usize::try_from(it).ok()).unwrap_or_default();
        let Some((found, found_hash)) = set.next(&mut place, thread) else { return Ok(false) };
        position.set(place as isize);
        key.set(found.as_pointer());
        hash.set(found_hash);
        Ok(true)
    }
}
