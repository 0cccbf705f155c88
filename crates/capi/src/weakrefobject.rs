//! `weakrefobject.h`, `sliceobject.h`, `rangeobject.h`, `context.h`, `genericaliasobject.h`, `namespace`: small types.

use builtins::context::{Context, ContextVar};
use layout::PyObject;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::slice::Slice;
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;
use objects::weakref::{self, WeakReference};

use crate::entry::{Flag, Found, Nothing, Out, bad_internal_call, export, text};

/// A reference of any kind, or TypeError.
fn reference<'a>(object: Option<&'a Object>, thread: &mut Thread) -> PyResult<&'a WeakReference> {
    let Some(object) = object else { return bad_internal_call(thread) };
    // SAFETY: proxies have the struct of references.
    let found = object.downcast::<WeakReference>().or_else(|| {
        let name = object.class().full_name();
        let is_proxy =
            !object.class().is_heap_type() && (name == "weakref.ProxyType" || name == "weakref.CallableProxyType");
        // SAFETY: as above.
        is_proxy.then(|| unsafe { objects::refs::cast::<WeakReference>(object) })
    });
    match found {
        Some(reference) => Ok(reference),
        None => Err(raise!(thread, TypeError, "expected a weakref")),
    }
}

/// What the bounds of a slice select of a length, adjusted in place: how many items. A length below zero is counted with as it is.
fn adjust(length: isize, start: Out<isize>, stop: Out<isize>, step: isize) -> isize {
    let (Some(first), Some(last)) = (start.get(), stop.get()) else { return 0 };
    let clip = |index: isize| match index {
        ..0 => index.wrapping_add(length).max(if step < 0 { -1 } else { 0 }),
        _ if index >= length => {
            if step < 0 {
                length - 1
            } else {
                length
            }
        }
        _ => index,
    };
    let (first, last) = (clip(first), clip(last));
    start.set(first);
    stop.set(last);
    if step < 0 && last < first {
        (first - last - 1) / step.wrapping_neg() + 1
    } else if step > 0 && first < last {
        (last - first - 1) / step + 1
    } else {
        0
    }
}

export! { thread;
    fn PyWeakref_NewRef(object: &Object, callback: Option<&Object>) -> Py<WeakReference> {
        WeakReference::new(object, callback, thread)
    }

    fn PyWeakref_NewProxy(object: &Object, callback: Option<&Object>) -> Py<Object> {
        weakref::new_proxy(object, callback, thread)
    }

    fn PyWeakref_GetRef(object: Option<&Object>, result: Found) -> bool {
        let found = reference(object, thread)?.get();
        crate::abstract_object::optional(found, result)
    }

    fn PyWeakref_IsDead(object: Option<&Object>) -> bool {
        let Some(object) = object else { return bad_internal_call(thread) };
        match reference(Some(object), thread) {
            Ok(reference) => Ok(reference.get().is_none()),
            Err(raised) => {
                drop(thread.catch(raised));
                let found = object.class().full_name();
                Err(raise!(thread, TypeError, "expected a weakref, got {found}"))
            }
        }
    }

    fn PyWeakref_GetObject(object: Option<&Object>) -> *mut PyObject {
        match reference(object, thread) {
            Ok(reference) => Ok(reference.get().unwrap_or_else(|| thread.none()).as_pointer()),
            Err(raised) => {
                drop(thread.catch(raised));
                bad_internal_call(thread)
            }
        }
    }

    fn PyObject_ClearWeakRefs(object: *mut PyObject) -> Nothing {
        // SAFETY: C's caller passes an object whose count is zero and whose memory is intact.
        unsafe { weakref::clear_references(object, thread) };
        Ok(Nothing)
    }

    fn PyUnstable_Object_ClearWeakRefsNoCallbacks(object: *mut PyObject) -> Nothing {
        let _ = &thread;
        // SAFETY: as above.
        if let Some(object) = unsafe { Object::from_pointer(object) } && weakref::supports(object.class()) {
            weakref::clear_without_callbacks(object);
        }
        Ok(Nothing)
    }

    fn PySlice_New(start: Option<&Object>, stop: Option<&Object>, step: Option<&Object>) -> Py<Slice> {
        let parts = [start, stop, step].map(|it| it.map_or_else(|| thread.none(), Py::from_ref));
        let [start, stop, step] = parts;
        Ok(Slice::new(start, stop, step, thread))
    }

    fn PySlice_Unpack(slice: &Slice, start: Out<isize>, stop: Out<isize>, step: Out<isize>) -> () {
        let bounds = slice.unpack(thread)?;
        start.set(bounds.start);
        stop.set(bounds.stop);
        step.set(bounds.step);
        Ok(())
    }

    fn PySlice_AdjustIndices(length: isize, start: Out<isize>, stop: Out<isize>, step: isize) -> isize {
        let _ = &thread;
        Ok(adjust(length, start, stop, step))
    }

    fn PySlice_GetIndices(slice: &Slice, length: isize, start: Out<isize>, stop: Out<isize>, step: Out<isize>) -> () {
        get_indices(slice, length, start, stop, step, thread)
    }

    fn PySlice_GetIndicesEx(slice: &Slice, length: isize, start: Out<isize>, stop: Out<isize>, step: Out<isize>, count: Out<isize>) -> () {
        let bounds = slice.unpack(thread)?;
        start.set(bounds.start);
        stop.set(bounds.stop);
        step.set(bounds.step);
        count.set(adjust(length, start, stop, bounds.step));
        Ok(())
    }

    fn PyContext_New() -> Py<Object> { empty_context(thread) }

    fn PyContext_CopyCurrent() -> Py<Context> { Ok(builtins::context::copy_current(thread)) }

    fn PyContext_Copy(context: &Object) -> Py<Object> {
        let copy = thread.intern_text("copy");
        protocol::call_method(context, &copy, &[], thread)
    }

    fn PyContext_Enter(context: &Object) -> () {
        match context.downcast::<Context>() {
            Some(context) => context.enter(thread),
            None => Err(raise!(thread, TypeError, "an instance of Context was expected")),
        }
    }

    fn PyContext_Exit(context: &Object) -> () {
        match context.downcast::<Context>() {
            Some(context) => context.exit(thread),
            None => Err(raise!(thread, TypeError, "an instance of Context was expected")),
        }
    }

    fn PyContextVar_New(name: &std::ffi::CStr, default: Option<&Object>) -> Py<Object> {
        let class: &Object = ContextVar::class();
        let name = Str::from_str(&text(name), thread);
        match default {
            None => protocol::call_one(class, &name, thread),
            Some(default) => {
                let keyword = thread.intern_text("default").into_object();
                let names = objects::tuple::Tuple::new(vec![keyword], thread)?;
                protocol::call_vector(class, &[&name, default], Some(&names), thread)
            }
        }
    }

    fn PyContextVar_Get(variable: &Object, default: Option<&Object>, result: Found) -> () {
        let Some(variable) = variable.downcast::<ContextVar>() else {
            return Err(raise!(thread, TypeError, "an instance of ContextVar was expected"));
        };
        // The argument goes before the default that the variable was made with; where there is neither, nothing is found.
        let get = thread.intern_text("get");
        let found = protocol::call_method(variable, &get, default.as_slice(), thread);
        if let Some(found) = thread.suppress(found, objects::errors::LookupError)? {
            result.set(found.into_pointer());
        }
        Ok(())
    }

    fn PyContextVar_Set(variable: &Object, value: &Object) -> Py<Object> {
        let set = thread.intern_text("set");
        protocol::call_method(variable, &set, &[value], thread)
    }

    fn PyContextVar_Reset(variable: &Object, token: &Object) -> () {
        let reset = thread.intern_text("reset");
        protocol::call_method(variable, &reset, &[token], thread).map(drop)
    }

    fn Py_GenericAlias(origin: &Object, arguments: &Object) -> Py<Object> {
        protocol::generic_alias(origin, arguments, thread)
    }

    fn _PyNamespace_New(attributes: &Dict) -> Py<Object> {
        let copy = attributes.copy(thread)?;
        Ok(builtins::namespace::SimpleNamespace::new(copy, thread).into_object())
    }

    fn PyBool_FromLong(value: i64) -> Py<Object> { let _ = &thread; Ok(objects::bool::Bool::new(value != 0)) }

    fn PyUnion_Check(object: &Object) -> Flag {
        let _ = &thread;
        Ok(Flag(!object.class().is_heap_type() && object.class().full_name() == "typing.Union"))
    }
}

fn empty_context(thread: &mut Thread) -> PyResult<Py<Object>> {
    let class: &Object = Context::class();
    protocol::call(class, &[], thread)
}

/// The old function: indices must be ints, and within the length.
fn get_indices(
    slice: &Slice,
    length: isize,
    start: Out<isize>,
    stop: Out<isize>,
    step: Out<isize>,
    thread: &mut Thread,
) -> PyResult<()> {
    let index = |object: &Object, thread: &mut Thread| -> PyResult<Option<isize>> {
        if object.is_none() {
            return Ok(None);
        }
        protocol::int_as_isize(object, thread).map(Some)
    };
    let by = index(slice.step(), thread)?.unwrap_or(1);
    step.set(by);
    let relative = |value: isize| if value < 0 { value + length } else { value };
    let first = index(slice.start(), thread)?.map_or(if by < 0 { length - 1 } else { 0 }, relative);
    let last = index(slice.stop(), thread)?.map_or(if by < 0 { -1 } else { length }, relative);
    start.set(first);
    stop.set(last);
    if last > length || first >= length || by == 0 {
        return Err(raise!(thread, ValueError, "slice indices out of range"));
    }
    Ok(())
}
