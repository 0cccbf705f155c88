//! Objects as text: `repr`, `str`, `ascii`, `format`; how messages name types.

use text::builder::StrBuilder;

use crate::errors::PyResult;
use crate::names;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::Type;

use super::call::result_from_c;
use super::special::lookup_special;

/// `repr(object)`.
pub fn repr(object: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
    thread.check_stack(" while getting the repr of an object")?;
    let Some(function) = object.class().slots().tp_repr.get() else {
        let text = format!("<{} object at {:#x}>", object.class().full_name(), object.address());
        return Ok(Str::from_str(&text, thread));
    };
    // SAFETY: the slot's protocol.
    let result = result_from_c(unsafe { function(object.as_pointer()) }, thread)?;
    as_text(result, "__repr__ returned non-string (type ", ")", thread)
}

/// `str(object)`.
pub fn str(object: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
    if let Some(text) = object.downcast_exact::<Str>() {
        return Ok(Py::from_ref(text));
    }
    let Some(function) = object.class().slots().tp_str.get() else { return repr(object, thread) };
    thread.check_stack(" while getting the str of an object")?;
    // SAFETY: the slot's protocol.
    let result = result_from_c(unsafe { function(object.as_pointer()) }, thread)?;
    as_text(result, "__str__ returned non-string (type ", ")", thread)
}

/// The result of a method that must give a string: TypeError with the type's name between the two texts otherwise.
fn as_text(result: Py<Object>, before: &str, after: &str, thread: &mut Thread) -> PyResult<Py<Str>> {
    result
        .downcast_into::<Str>()
        .map_err(|other| raise!(thread, TypeError, "{before}{}{after}", other.class().full_name()))
}

/// `ascii(object)`: the representation with everything beyond ASCII escaped.
pub fn ascii(object: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
    let text = repr(object, thread)?;
    if text.is_ascii() {
        return Ok(text);
    }
    Str::from_made(text::strings::repr::escape_all(text.view()), "string is too long", thread)
}

/// `format(object, specification)`; without a specification the empty one.
pub fn format(object: &Object, specification: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Str>> {
    let empty = match specification {
        None => true,
        Some(it) => match it.downcast::<Str>() {
            Some(text) => text.length() == 0,
            None => {
                let class = it.class().full_name();
                return Err(raise!(thread, SystemError, "Format specifier must be a string, not {class}"));
            }
        },
    };
    if empty && (object.is_exactly::<Str>() || object.is_exactly::<crate::int::Int>()) {
        return str(object, thread);
    }
    let Some(method) = lookup_special(object, &names::__format__, thread)? else {
        let class = object.class().full_name();
        return Err(raise!(thread, TypeError, "Type {class} doesn't define __format__"));
    };
    let result = match specification {
        Some(it) => method.call(object, &[it], thread)?,
        None => {
            let empty = Str::from_str("", thread);
            method.call(object, &[&empty], thread)?
        }
    };
    as_text(result, "__format__ must return a str, not ", "", thread)
}

/// `object.__format__` of types without one of their own: `str(object)`, and no specification.
pub fn format_as_str(object: &Object, specification: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
    if specification.length() > 0 {
        let class = object.class().full_name();
        return Err(raise!(thread, TypeError, "unsupported format string passed to {class}.__format__"));
    }
    str(object, thread)
}

/// A type as messages name it in full: `module.qualname`, without the module for built-in types and those of `__main__`.
pub fn qualified_name(class: &Type, thread: &mut Thread) -> String {
    if !class.is_heap_type() {
        return class.full_name();
    }
    let dict = class.dict(thread);
    // SAFETY: a heap type is a `PyHeapTypeObject`, which owns its qualified name.
    let name =
        unsafe { Object::from_pointer((*class.as_pointer().cast::<layout::PyHeapTypeObject>()).ht_qualname.get()) };
    let name = match name.and_then(|it| it.downcast::<Str>()) {
        Some(name) => name.to_string_lossy(),
        None => class.full_name(),
    };
    let module = dict.get_str(&names::__module__, thread);
    match module.as_ref().and_then(|it| it.downcast::<Str>()) {
        Some(module) if !module.equals_text("builtins") && !module.equals_text("__main__") => {
            format!("{}.{name}", module.to_string_lossy())
        }
        _ => name,
    }
}

/// Builds the representation of a container: what `open`, items separated by commas, and `close` make.
pub struct ContainerRepr(StrBuilder);

impl ContainerRepr {
    pub fn open(text: &str) -> Self {
        let mut builder = StrBuilder::new();
        builder.push_str(text);
        Self(builder)
    }

    pub fn push(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// Appends `repr(item)`.
    pub fn push_repr(&mut self, item: &Object, thread: &mut Thread) -> PyResult<()> {
        let text = repr(item, thread)?;
        self.0.push_view(text.view());
        if self.0.is_full() { Err(thread.raise_memory_error()) } else { Ok(()) }
    }

    pub fn finish(self, thread: &mut Thread) -> PyResult<Py<Str>> {
        Str::from_builder(self.0, thread)
    }
}

/// The representation of an object that may contain itself: `nested` in place of an object further out, otherwise what `build` gives.
pub fn repr_guarded(
    object: &Object,
    nested: &str,
    thread: &mut Thread,
    build: impl FnOnce(&mut Thread) -> PyResult<Py<Str>>,
) -> PyResult<Py<Str>> {
    if thread.enter_repr(object) {
        return Ok(Str::from_str(nested, thread));
    }
    let result = build(thread);
    thread.leave_repr(object);
    result
}
