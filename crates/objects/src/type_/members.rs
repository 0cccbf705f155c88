//! What `type` tells of a class: its representation, the names in it, its size.

use layout::{PyHeapTypeObject, PyTypeObject};

use crate::dict::Dict;
use crate::errors::PyResult;
use crate::names;
use crate::protocol;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Type, instance_dict};

/// `<class 'module.Class'>`.
pub fn repr(class: &Type, thread: &mut Thread) -> Py<Str> {
    let module = match super::accessors::module(class, thread) {
        Ok(module) => Some(module),
        Err(raised) => {
            drop(thread.catch(raised));
            None
        }
    };
    let name = class.qualified_name();
    let text = match module.as_ref().and_then(|it| it.downcast::<Str>()) {
        Some(module) if !module.equals_text("builtins") => format!("<class '{}.{name}'>", module.to_string_lossy()),
        _ if class.is_heap_type() => format!("<class '{}'>", class.full_name()),
        _ => format!("<class '{name}'>"),
    };
    Str::from_str(&text, thread)
}

/// Adds the names in a class and its bases to `names`, bases last, so that the class's own values win.
pub fn add_class_names(class: &Object, all: &Dict, thread: &mut Thread) -> PyResult<()> {
    thread.check_stack(" while listing the attributes of a class")?;
    if let Some(own) = protocol::lookup_attribute(class, &names::__dict__, thread)? {
        let keys = match own.downcast::<Dict>() {
            Some(dict) => dict.keys_snapshot(thread),
            None => protocol::collect(&own, thread)?,
        };
        for key in keys {
            all.set(&key, &thread.none(), thread)?;
        }
    }
    let Some(bases) = protocol::lookup_attribute(class, &names::__bases__, thread)? else { return Ok(()) };
    let Some(bases) = bases.downcast::<Tuple>() else { return Ok(()) };
    for base in bases.items() {
        add_class_names(base, all, thread)?;
    }
    Ok(())
}

/// `type.__sizeof__`.
pub fn size(class: &Type) -> usize {
    match class.heap() {
        Some(_) => {
            let keys = instance_dict::shared_keys(class).map_or(0, |it| it.size_in_bytes());
            size_of::<PyHeapTypeObject>() + keys
        }
        None => size_of::<PyTypeObject>(),
    }
}
