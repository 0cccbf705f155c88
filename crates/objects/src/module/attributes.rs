//! The attributes of modules: `__getattr__`, the errors that tell of circular imports, annotations.

use crate::dict::Dict;
use crate::errors::{AttributeError, PyResult, Raised};
use crate::int::Int;
use crate::list::List;
use crate::names;
use crate::object::lookup_attribute_generic;
use crate::protocol::{self, raise_attribute_error};
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;

use super::Module;
use super::shadowing::{Suspect, name_in};

/// `annotationlib.Format.VALUE`.
const FORMAT_VALUE: i128 = 1;

/// `<module 'name' from 'file'>`, which importlib knows to tell.
pub fn repr(module: &Module, thread: &mut Thread) -> PyResult<Py<Object>> {
    match thread.interpreter().importlib.get() {
        Some(bootstrap) => protocol::call_method(&bootstrap, &names::_module_repr, &[module], thread),
        None => Ok(Str::from_str("<module '?'>", thread).into_object()),
    }
}

/// `module.name`: as of any object, then by the module's own `__getattr__`.
pub fn get_attribute(module: &Module, name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    if let Some(value) = lookup_attribute_generic(module, name, thread)? {
        return Ok(value);
    }
    match module.dict().get_str(&names::__getattr__, thread) {
        Some(fallback) => protocol::call_one(&fallback, name, thread),
        None => Err(raise_no_attribute(module, name, thread)),
    }
}

/// `module 'x' has no attribute 'y'`, with the likely reason.
#[cold]
fn raise_no_attribute(module: &Module, name: &Str, thread: &mut Thread) -> Raised {
    let dict = module.dict();
    let attribute = name.to_string_lossy();
    let Some(own_name) = name_in(&dict, thread) else {
        let message = format!("module has no attribute '{attribute}'");
        return raise_attribute_error(module, &attribute, &message, thread);
    };
    let spec = dict.get_str(&names::__spec__, thread).filter(|it| !it.is_none());
    let message = match spec.map(|spec| reason(&spec, &own_name, name, thread)) {
        Some(Ok(Some(message))) => message,
        Some(Err(raised)) => return raised,
        _ => format!("module '{}' has no attribute '{attribute}'", own_name.to_string_lossy()),
    };
    raise_attribute_error(module, &attribute, &message, thread)
}

/// What a module's spec says of a missing attribute: the module hides another, or it, or a submodule of the name, is still being imported.
fn reason(spec: &Object, module: &Str, name: &Str, thread: &mut Thread) -> PyResult<Option<String>> {
    let suspect = Suspect::of(spec, module, thread)?;
    let (module, attribute) = (module.to_string_lossy(), name.to_string_lossy());
    let origin = suspect.origin.as_ref().map_or_else(String::new, |it| it.to_string_lossy());
    if suspect.shadows_library {
        return Ok(Some(format!(
            "module '{module}' has no attribute '{attribute}' (consider renaming '{origin}' since it has the same name as \
             the standard library module named '{module}' and prevents importing that standard library module)"
        )));
    }
    if suspect.is_initializing && suspect.may_shadow {
        return Ok(Some(format!(
            "module '{module}' has no attribute '{attribute}' (consider renaming '{origin}' if it has the same name as a \
             library you intended to import)"
        )));
    }
    if suspect.is_initializing {
        let from = suspect.origin.map_or_else(String::new, |_| format!(" from '{origin}'"));
        return Ok(Some(format!(
            "partially initialized module '{module}'{from} has no attribute '{attribute}' \
             (most likely due to a circular import)"
        )));
    }
    if let Some(submodules) = protocol::lookup_attribute(spec, &names::_uninitialized_submodules, thread)?
        && protocol::contains(&submodules, name, thread)?
    {
        return Ok(Some(format!(
            "cannot access submodule '{attribute}' of module '{module}' (most likely due to a circular import)"
        )));
    }
    Ok(None)
}

/// `__dir__`: the names in the module, or what its own `__dir__` gives.
pub fn dir(module: &Module, thread: &mut Thread) -> PyResult<Py<Object>> {
    let dict = protocol::get_attribute(module, &names::__dict__, thread)?;
    let Some(dict) = dict.downcast::<Dict>() else {
        let class = module.class().full_name();
        return Err(raise!(thread, TypeError, "{class}.__dict__ is not a dictionary"));
    };
    if let Some(own) = dict.get_str(&names::__dir__, thread) {
        return protocol::call(&own, &[], thread);
    }
    let names = dict.keys_snapshot(thread);
    List::new(names, thread).map(Py::into_object)
}

/// `__annotate__`.
pub fn annotate(module: &Module, thread: &mut Thread) -> PyResult<Py<Object>> {
    let dict = module.dict();
    if let Some(function) = dict.get_str(&names::__annotate__, thread) {
        return Ok(function);
    }
    let none = thread.none();
    dict.set_str(&names::__annotate__, &none, thread)?;
    Ok(none)
}

/// `__annotate__ = value`.
pub fn set_annotate(module: &Module, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let Some(value) = value else {
        return Err(raise!(thread, TypeError, "cannot delete __annotate__ attribute"));
    };
    if !value.is_none() && value.class().slots().tp_call.get().is_none() {
        return Err(raise!(thread, TypeError, "__annotate__ must be callable or None"));
    }
    let dict = module.dict();
    dict.set_str(&names::__annotate__, value, thread)?;
    if !value.is_none() {
        dict.delete(&names::__annotations__, thread)?;
    }
    Ok(())
}

/// `__annotations__`, computed when first asked for.
pub fn annotations(module: &Module, thread: &mut Thread) -> PyResult<Py<Object>> {
    let dict = module.dict();
    if let Some(known) = dict.get_str(&names::__annotations__, thread) {
        return Ok(known);
    }
    let annotate = dict.get_str(&names::__annotate__, thread);
    let annotations = match annotate.filter(|it| it.class().slots().tp_call.get().is_some()) {
        Some(annotate) => {
            let format = Int::from_i128(FORMAT_VALUE, thread);
            let result = protocol::call_one(&annotate, &format, thread)?;
            if result.downcast::<Dict>().is_none() {
                let found = result.class().full_name();
                return Err(raise!(thread, TypeError, "__annotate__ returned non-dict of type '{found}'"));
            }
            result
        }
        None => Dict::new(thread).into_object(),
    };
    // A module that is still being imported has more to come.
    if !is_initializing(&dict, thread)? {
        dict.set_str(&names::__annotations__, &annotations, thread)?;
    }
    Ok(annotations)
}

/// Whether a module's spec says that it is still being imported.
fn is_initializing(dict: &Dict, thread: &mut Thread) -> PyResult<bool> {
    let Some(spec) = dict.get_str(&names::__spec__, thread).filter(|it| !it.is_none()) else { return Ok(false) };
    match protocol::lookup_attribute(&spec, &names::_initializing, thread)? {
        Some(value) => protocol::is_true(&value, thread),
        None => Ok(false),
    }
}

/// `__annotations__ = value`, or `del` of it.
pub fn set_annotations(module: &Module, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let dict = module.dict();
    match value {
        Some(value) => dict.set_str(&names::__annotations__, value, thread)?,
        None => {
            if !dict.delete(&names::__annotations__, thread)? {
                let name = Py::<Str>::from_ref(&names::__annotations__).into_object();
                return Err(thread.raise_with_argument(AttributeError, name));
            }
        }
    }
    dict.delete(&names::__annotate__, thread)?;
    Ok(())
}
