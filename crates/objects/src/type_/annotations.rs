//! The annotations of classes, computed when they are first asked for (PEP 649).

use crate::dict::Dict;
use crate::errors::{AttributeError, PyResult};
use crate::int::Int;
use crate::names;
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::Type;

use super::accessors::check_settable;

/// `annotationlib.Format.VALUE`.
const FORMAT_VALUE: i128 = 1;

fn raise_none(class: &Type, name: &str, thread: &mut Thread) -> crate::errors::Raised {
    raise!(thread, AttributeError, "type object '{}' has no attribute '{name}'", class.full_name())
}

/// The first of two entries that the class's dictionary has, bound to the class.
fn entry(class: &Type, names: [&Str; 2], thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let dict = class.dict(thread);
    let found = dict.get_str(names[0], thread).or_else(|| dict.get_str(names[1], thread));
    let Some(value) = found else { return Ok(None) };
    let Some(get) = value.class().slots().tp_descr_get.get() else { return Ok(Some(value)) };
    // SAFETY: the slot's protocol: no instance, but an owner.
    let bound = unsafe { get(value.as_pointer(), std::ptr::null_mut(), class.as_pointer().cast()) };
    protocol::result_from_c(bound, thread).map(Some)
}

/// `__annotate__`.
pub fn annotate(class: &Type, thread: &mut Thread) -> PyResult<Py<Object>> {
    if !class.is_heap_type() {
        return Err(raise_none(class, "__annotate__", thread));
    }
    if let Some(function) = entry(class, [&names::__annotate__, &names::__annotate_func__], thread)? {
        return Ok(function);
    }
    class.dict(thread).set_str(&names::__annotate_func__, &thread.none(), thread)?;
    class.modified(thread);
    Ok(thread.none())
}

/// `__annotate__ = value`.
pub fn set_annotate(class: &Type, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let Some(value) = value else {
        return Err(raise!(thread, TypeError, "cannot delete __annotate__ attribute"));
    };
    check_settable(class, "__annotate__", Some(value), thread)?;
    if !value.is_none() && value.class().slots().tp_call.get().is_none() {
        return Err(raise!(thread, TypeError, "__annotate__ must be callable or None"));
    }
    let dict = class.dict(thread);
    dict.set_str(&names::__annotate_func__, value, thread)?;
    if !value.is_none() {
        dict.delete(&names::__annotations_cache__, thread)?;
    }
    class.modified(thread);
    Ok(())
}

/// `__annotations__`.
pub fn annotations(class: &Type, thread: &mut Thread) -> PyResult<Py<Object>> {
    if !class.is_heap_type() {
        return Err(raise_none(class, "__annotations__", thread));
    }
    if let Some(known) = entry(class, [&names::__annotations__, &names::__annotations_cache__], thread)? {
        return Ok(known);
    }
    let annotate = protocol::get_attribute(class, &names::__annotate__, thread)?;
    let annotations = if annotate.class().slots().tp_call.get().is_some() {
        let format = Int::from_i128(FORMAT_VALUE, thread);
        let result = protocol::call_one(&annotate, &format, thread)?;
        if result.downcast::<Dict>().is_none() {
            let found = result.class().full_name();
            return Err(raise!(thread, TypeError, "__annotate__ returned non-dict of type '{found}'"));
        }
        result
    } else {
        Dict::new(thread).into_object()
    };
    class.dict(thread).set_str(&names::__annotations_cache__, &annotations, thread)?;
    class.modified(thread);
    Ok(annotations)
}

/// `__annotations__ = value`, or `del` of it.
pub fn set_annotations(class: &Type, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    check_settable(class, "__annotations__", Some(value.unwrap_or(class)), thread)?;
    let dict = class.dict(thread);
    match value {
        Some(value) => {
            let explicit = dict.get_str(&names::__annotations__, thread).is_some();
            let name: &Str = if explicit { &names::__annotations__ } else { &names::__annotations_cache__ };
            dict.set_str(name, value, thread)?;
        }
        None => {
            let had =
                dict.delete(&names::__annotations__, thread)? || dict.delete(&names::__annotations_cache__, thread)?;
            if !had {
                let name = Py::<Str>::from_ref(&names::__annotations__).into_object();
                return Err(thread.raise_with_argument(AttributeError, name));
            }
        }
    }
    dict.delete(&names::__annotate_func__, thread)?;
    dict.delete(&names::__annotate__, thread)?;
    class.modified(thread);
    Ok(())
}
