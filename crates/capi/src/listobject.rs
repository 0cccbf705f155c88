//! `listobject.h`, `tupleobject.h`: sequences whose items C code fills in and reads in place.

use layout::PyObject;
use objects::errors::{OrMemoryError, PyResult, TryToVec};
use objects::list::List;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::entry::{Array, Out, Stolen, bad_internal_call, enter, export};
use crate::variadic::{VaList, variadic};

/// Bounds as C's functions for slices take them: cut to the sequence.
fn clip(low: isize, high: isize, length: usize) -> std::ops::Range<usize> {
    let low = low.clamp(0, length as isize);
    let high = high.clamp(low, length as isize);
    low as usize..high as usize
}

export! { thread;
    fn PyList_New(length: isize) -> Py<List> {
        match usize::try_from(length) {
            Ok(length) => List::unfilled(length, thread),
            Err(_) => bad_internal_call(thread),
        }
    }

    fn PyList_Size(list: &List) -> isize { let _ = &thread; Ok(list.length() as isize) }

    fn PyList_GetItem(list: &List, index: isize) -> *mut PyObject {
        match usize::try_from(index).ok().and_then(|it| list.get(it, thread)) {
            Some(item) => Ok(item.as_pointer()),
            None => Err(raise!(thread, IndexError, "list index out of range")),
        }
    }

    fn PyList_GetItemRef(list: &Object, index: isize) -> Py<Object> {
        let Some(list) = list.downcast::<List>() else {
            return Err(raise!(thread, TypeError, "expected a list"));
        };
        match usize::try_from(index).ok().and_then(|it| list.get(it, thread)) {
            Some(item) => Ok(item),
            None => Err(raise!(thread, IndexError, "list index out of range")),
        }
    }

    fn PyList_SetItem(list: Option<&Object>, index: isize, item: Stolen) -> () {
        let item = item.get();
        let Some(list) = list.and_then(|it| it.downcast::<List>()) else { return bad_internal_call(thread) };
        let Some(index) = usize::try_from(index).ok().filter(|it| *it < list.length()) else {
            return Err(raise!(thread, IndexError, "list assignment index out of range"));
        };
        replace(list.items_pointer(), index, item, thread);
        Ok(())
    }

    fn PyList_Insert(list: &List, index: isize, item: Option<&Object>) -> () {
        let Some(item) = item else { return bad_internal_call(thread) };
        let length = list.length() as isize;
        let place = if index < 0 { (index + length).max(0) } else { index.min(length) };
        list.insert(place as usize, Py::from_ref(item), thread)
    }

    fn PyList_Append(list: &List, item: Option<&Object>) -> () {
        match item {
            Some(item) => list.push(Py::from_ref(item), thread),
            None => bad_internal_call(thread),
        }
    }

    fn _PyList_AppendTakeRef(list: &List, item: Stolen) -> () {
        let item = item.required(thread)?;
        list.push(item, thread)
    }

    fn PyList_GetSlice(list: &List, low: isize, high: isize) -> Py<List> {
        let range = clip(low, high, list.length());
        let items = list.items(thread)[range].try_to_vec().or_memory_error(thread)?;
        List::new(items, thread)
    }

    fn PyList_SetSlice(list: &List, low: isize, high: isize, items: Option<&Object>) -> () {
        let range = clip(low, high, list.length());
        let items = match items {
            Some(items) => protocol::collect(items, thread)?,
            None => Vec::new(),
        };
        let range = range.start.min(list.length())..range.end.min(list.length());
        drop(list.splice(range, items, thread)?);
        Ok(())
    }

    fn PyList_Extend(list: &List, iterable: &Object) -> () {
        let end = list.length();
        let items = protocol::collect(iterable, thread)?;
        let end = end.min(list.length());
        drop(list.splice(end..end, items, thread)?);
        Ok(())
    }

    fn _PyList_Extend(list: &List, iterable: &Object) -> Py<Object> {
        let items = protocol::collect(iterable, thread)?;
        let end = list.length();
        drop(list.splice(end..end, items, thread)?);
        Ok(thread.none())
    }

    fn PyList_Clear(list: &List) -> () { list.clear(thread); Ok(()) }

    fn PyList_Sort(list: &List) -> () { list.sort(None, false, thread) }

    fn PyList_Reverse(list: &List) -> () { let _ = &thread; list.reverse(); Ok(()) }

    fn PyList_AsTuple(list: &List) -> Py<Tuple> {
        let items = list.snapshot(thread);
        Tuple::new(items, thread)
    }

    fn PyTuple_New(length: isize) -> Py<Tuple> {
        match usize::try_from(length) {
            Ok(length) => Tuple::unfilled(length, thread),
            Err(_) => bad_internal_call(thread),
        }
    }

    fn PyTuple_Size(tuple: &Tuple) -> isize { let _ = &thread; Ok(tuple.length() as isize) }

    fn PyTuple_GetItem(tuple: &Tuple, index: isize) -> *mut PyObject {
        match usize::try_from(index).ok().and_then(|it| tuple.items().get(it)) {
            Some(item) => Ok(item.as_pointer()),
            None => Err(raise!(thread, IndexError, "tuple index out of range")),
        }
    }

    fn PyTuple_SetItem(tuple: Option<&Object>, index: isize, item: Stolen) -> () {
        let item = item.get();
        let tuple = tuple.filter(|it| it.reference_count() == 1).and_then(|it| it.downcast::<Tuple>());
        let Some(tuple) = tuple else { return bad_internal_call(thread) };
        let Some(index) = usize::try_from(index).ok().filter(|it| *it < tuple.length()) else {
            return Err(raise!(thread, IndexError, "tuple assignment index out of range"));
        };
        replace(tuple.items_pointer(), index, item, thread);
        Ok(())
    }

    fn PyTuple_GetSlice(tuple: &Tuple, low: isize, high: isize) -> Py<Tuple> {
        let range = clip(low, high, tuple.length());
        if range.len() == tuple.length() && tuple.is_exactly::<Tuple>() {
            return Ok(Py::from_ref(tuple));
        }
        Tuple::new(tuple.items()[range].to_vec(), thread)
    }

    fn _PyTuple_FromArray(items: Array<&'static Object>, count: isize) -> Py<Tuple> {
        let items = items.counted(count, thread)?;
        Tuple::from_slice(items, thread)
    }

    fn _PyTuple_FromArraySteal(items: Array<*mut PyObject>, count: isize) -> Py<Tuple> {
        let items = items.counted(count, thread)?;
        let tuple = Tuple::unfilled(items.len(), thread)?;
        for (index, item) in items.iter().enumerate() {
            // SAFETY: the tuple has room for as many; each item's reference becomes its own.
            unsafe { tuple.items_pointer().add(index).write(*item) };
        }
        Ok(tuple)
    }

    fn _PyTuple_Resize(place: Out<*mut PyObject>, length: isize) -> () { resize_tuple(place, length, thread) }
}

/// Puts an item in the place of another, or of null.
fn replace(items: *mut *mut PyObject, index: usize, item: Option<Py<Object>>, thread: &mut Thread) {
    let new = item.map_or(std::ptr::null_mut(), Py::into_pointer);
    // SAFETY: the index is in range; the place owns what lies there.
    let old = unsafe { Py::<Object>::steal_pointer(items.add(index).replace(new)) };
    if let Some(old) = old {
        old.release(thread);
    }
}

/// `_PyTuple_Resize`: for tuples that nobody else has seen.
fn resize_tuple(place: Out<*mut PyObject>, length: isize, thread: &mut Thread) -> PyResult<()> {
    let old = place.get().unwrap_or(std::ptr::null_mut());
    // SAFETY: the place holds a tuple or null.
    let object = unsafe { Object::from_pointer(old) };
    let usable = object.filter(|it| it.is_exactly::<Tuple>());
    let usable =
        usable.and_then(|it| it.downcast::<Tuple>()).filter(|it| it.length() == 0 || it.reference_count() == 1);
    let (Some(tuple), Ok(length)) = (usable, usize::try_from(length)) else {
        place.set(std::ptr::null_mut());
        // SAFETY: the place owned a reference.
        drop(unsafe { Py::<Object>::steal_pointer(old) });
        return bad_internal_call(thread);
    };
    if tuple.length() == length {
        return Ok(());
    }
    let new = match Tuple::unfilled(length, thread) {
        Ok(new) => new,
        Err(raised) => {
            place.set(std::ptr::null_mut());
            // SAFETY: the place owned a reference.
            drop(unsafe { Py::<Object>::steal_pointer(old) });
            return Err(raised);
        }
    };
    for index in 0..length.min(tuple.length()) {
        // SAFETY: both indices are in range; the reference moves.
        unsafe { new.items_pointer().add(index).write(tuple.items_pointer().add(index).replace(std::ptr::null_mut())) };
    }
    place.set(new.into_pointer());
    // SAFETY: the place owned a reference.
    drop(unsafe { Py::<Object>::steal_pointer(old) });
    Ok(())
}

/// What `PyTuple_Pack` comes down to.
///
/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn pack(count: isize, list: *mut VaList) -> *mut PyObject {
    enter(|thread| {
        let Ok(room) = usize::try_from(count) else { return bad_internal_call(thread) };
        let mut items = Vec::new();
        if items.try_reserve_exact(room).is_err() {
            return Err(thread.raise_memory_error());
        }
        for _ in 0..count {
            // SAFETY: C's caller passes so many objects.
            let item = unsafe { Object::from_pointer((*list).pointer()) };
            match item {
                Some(item) => items.push(Py::from_ref(item)),
                None => return bad_internal_call(thread),
            }
        }
        Tuple::new(items, thread)
    })
}

variadic! {
    fn PyTuple_Pack = pack, 1;
}
