//! The computed attributes of classes: names, module, documentation, abstract methods.

use layout::{Py_TPFLAGS_IMMUTABLETYPE, Py_TPFLAGS_IS_ABSTRACT};

use crate::audit;
use crate::descriptors::{TableDoc, text_of};
use crate::errors::{AttributeError, PyResult};
use crate::names;
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::{Instance as _, Type};

/// The value for a special attribute of a class, if the class may be changed.
pub fn check_settable<'a>(
    class: &Type,
    name: &str,
    value: Option<&'a Object>,
    thread: &mut Thread,
) -> PyResult<&'a Object> {
    let text = class.full_name();
    if class.has_flag(Py_TPFLAGS_IMMUTABLETYPE) {
        return Err(raise!(thread, TypeError, "cannot set '{name}' attribute of immutable type '{text}'"));
    }
    match value {
        Some(value) => Ok(value),
        None => Err(raise!(thread, TypeError, "cannot delete '{name}' attribute of immutable type '{text}'")),
    }
}

/// As [`check_settable`]; audit hooks are told.
pub fn check_audited<'a>(
    class: &Type,
    name: &str,
    value: Option<&'a Object>,
    thread: &mut Thread,
) -> PyResult<&'a Object> {
    let value = check_settable(class, name, value, thread)?;
    audit!(thread, "object.__setattr__", &**class, name, value)?;
    Ok(value)
}

/// Sets an entry of the class's dictionary.
pub fn set_in_dict(class: &Type, name: &Str, value: &Object, thread: &mut Thread) -> PyResult<()> {
    class.modified(thread);
    class.dict(thread).set_str(name, value, thread)?;
    class.modified(thread);
    Ok(())
}

/// `__name__`.
pub fn name(class: &Type, thread: &mut Thread) -> Py<Object> {
    let heap_name = class.heap().map(|it| it.ht_name.get());
    // SAFETY: a heap type owns its name.
    match heap_name.and_then(|it| unsafe { Object::from_pointer(it) }) {
        Some(name) => Py::from_ref(name),
        None => thread.intern_text(&class.short_name()).into_object(),
    }
}

/// `__qualname__`.
pub fn qualname(class: &Type, thread: &mut Thread) -> Py<Object> {
    let heap_name = class.heap().map(|it| it.ht_qualname.get());
    // SAFETY: a heap type owns its qualified name.
    match heap_name.and_then(|it| unsafe { Object::from_pointer(it) }) {
        Some(name) => Py::from_ref(name),
        None => name(class, thread),
    }
}

/// Puts a name into a field of a heap type.
fn set_owned(field: &std::cell::Cell<*mut layout::PyObject>, value: &Object) {
    let old = field.replace(Py::from_ref(value).into_pointer());
    // SAFETY: the field owned a reference to what it held.
    drop(unsafe { Py::<Object>::steal_pointer(old) });
}

/// `__name__ = value`.
pub fn set_name(class: &Type, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let value = check_audited(class, "__name__", value, thread)?;
    let Some(text) = value.downcast::<Str>() else {
        let (class, found) = (class.full_name(), value.class().full_name());
        return Err(raise!(thread, TypeError, "can only assign string to {class}.__name__, not '{found}'"));
    };
    if text.view().iter().any(|it| it == 0) {
        return Err(raise!(thread, ValueError, "type name must not contain null characters"));
    }
    if let Some(heap) = class.heap() {
        text.utf8(thread)?;
        class.set_tp_name(&text.to_string_lossy());
        set_owned(&heap.ht_name, value);
    }
    Ok(())
}

/// `__qualname__ = value`.
pub fn set_qualname(class: &Type, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let value = check_audited(class, "__qualname__", value, thread)?;
    if value.downcast::<Str>().is_none() {
        let (class, found) = (class.full_name(), value.class().full_name());
        return Err(raise!(thread, TypeError, "can only assign string to {class}.__qualname__, not '{found}'"));
    }
    if let Some(heap) = class.heap() {
        set_owned(&heap.ht_qualname, value);
    }
    Ok(())
}

/// `__module__`.
pub fn module(class: &Type, thread: &mut Thread) -> PyResult<Py<Object>> {
    if class.is_heap_type() {
        return match class.dict(thread).get_str(&names::__module__, thread) {
            Some(module) => Ok(module),
            None => Err(raise!(thread, AttributeError, "__module__")),
        };
    }
    let full = class.full_name();
    let module = full.rsplit_once('.').map_or("builtins", |it| it.0);
    Ok(thread.intern_text(module).into_object())
}

/// `__module__ = value`.
pub fn set_module(class: &Type, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let value = check_audited(class, "__module__", value, thread)?;
    set_in_dict(class, &names::__module__, value, thread)?;
    // The line was one of the old module's file.
    class.dict(thread).delete(&names::__firstlineno__, thread)?;
    Ok(())
}

/// `__doc__`.
pub fn doc(class: &Type, thread: &mut Thread) -> PyResult<Py<Object>> {
    if !class.is_heap_type() && !class.slots().tp_doc.get().is_null() {
        return Ok(crate::types::type_doc(class, thread));
    }
    let Some(doc) = class.dict(thread).get_str(&names::__doc__, thread) else { return Ok(thread.none()) };
    let Some(get) = doc.class().slots().tp_descr_get.get() else { return Ok(doc) };
    // SAFETY: the slot's protocol: no instance, but an owner.
    let result = unsafe { get(doc.as_pointer(), std::ptr::null_mut(), class.as_pointer().cast()) };
    protocol::result_from_c(result, thread)
}

/// `__flags__`.
pub fn shown_flags(class: &Type) -> u64 {
    let flags = class.slots().tp_flags.get();
    let private = layout::NAJA_TPFLAGS_HEAPTYPE_IN_CPYTHON;
    match flags & private {
        0 => flags,
        _ => flags & !private & !layout::_Py_TPFLAGS_STATIC_BUILTIN | layout::Py_TPFLAGS_HEAPTYPE,
    }
}

/// `__text_signature__`.
pub fn text_signature(class: &Type) -> Option<String> {
    let text = class.slots().tp_doc.get();
    if text.is_null() {
        return None;
    }
    // SAFETY: `tp_doc` is a C string that lives as long as the type.
    TableDoc::parse(&class.full_name(), &unsafe { text_of(text) }).signature
}

/// `__abstractmethods__`, which `type` itself has as an attribute of its instances only.
pub fn abstract_methods(class: &Type, thread: &mut Thread) -> PyResult<Py<Object>> {
    let own = class.dict(thread).get_str(&names::__abstractmethods__, thread);
    match own.filter(|_| !std::ptr::eq(class, Type::class())) {
        Some(methods) => Ok(methods),
        None => Err(raise_no_abstract_methods(thread)),
    }
}

#[cold]
fn raise_no_abstract_methods(thread: &mut Thread) -> crate::errors::Raised {
    thread.raise_with_argument(AttributeError, Py::<Str>::from_ref(&names::__abstractmethods__).into_object())
}

/// `__abstractmethods__ = value`: classes with abstract methods can't be instantiated.
pub fn set_abstract_methods(class: &Type, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let is_abstract = match value {
        Some(value) => {
            let is_abstract = protocol::is_true(value, thread)?;
            class.dict(thread).set_str(&names::__abstractmethods__, value, thread)?;
            is_abstract
        }
        None => {
            if !class.dict(thread).delete(&names::__abstractmethods__, thread)? {
                return Err(raise_no_abstract_methods(thread));
            }
            false
        }
    };
    class.modified(thread);
    if is_abstract {
        class.add_flags(Py_TPFLAGS_IS_ABSTRACT);
    } else {
        class.remove_flags(Py_TPFLAGS_IS_ABSTRACT);
    }
    Ok(())
}
