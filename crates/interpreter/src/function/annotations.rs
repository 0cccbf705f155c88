//! `__annotations__` and `__annotate__` of functions: computed when somebody asks for them (PEP 649).

use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use super::Function;

/// The format that `__annotate__` is asked for: values.
const FORMAT_VALUE: i128 = 1;

fn is_callable(object: &Object) -> bool {
    object.class().slots().tp_call.get().is_some()
}

impl Function {
    /// Whether there is something to make annotations of.
    pub fn is_annotated(&self) -> bool {
        self.annotations.get().is_some() || self.annotate.get().is_some_and(|it| !it.is_none())
    }

    /// The annotations, computed if that has not happened yet.
    pub fn annotations(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        if let Some(known) = self.annotations.get() {
            return self.annotation_dict(known, thread);
        }
        let annotations = match self.annotate.get().filter(|it| is_callable(it)) {
            None => Dict::new(thread),
            Some(annotate) => {
                let format = protocol::make_int(FORMAT_VALUE, thread);
                let result = protocol::call_one(&annotate, &format, thread)?;
                result.downcast_into::<Dict>().map_err(|other| {
                    let found = other.class().full_name();
                    raise!(thread, TypeError, "__annotate__ returned non-dict of type '{found}'")
                })?
            }
        };
        self.annotations.set(Some(annotations.clone().into_object()));
        Ok(annotations)
    }

    /// Annotations as text (`from __future__ import annotations`) come as a tuple of names and values from the compiler.
    fn annotation_dict(&self, known: Py<Object>, thread: &mut Thread) -> PyResult<Py<Dict>> {
        let known = match known.downcast_into::<Dict>() {
            Ok(dict) => return Ok(dict),
            Err(other) => other,
        };
        let dict = Dict::new(thread);
        for pair in known.downcast::<Tuple>().map_or(&[][..], |it| it.items()).chunks_exact(2) {
            dict.set(&pair[0], &pair[1], thread)?;
        }
        self.annotations.set(Some(dict.clone().into_object()));
        Ok(dict)
    }

    /// Sets the `__annotate__` that the compiler made. Its code does not know whose it is, so it is named here.
    #[inline(never)]
    pub(crate) fn set_compiled_annotate(&self, annotate: Py<Object>, thread: &mut Thread) {
        if let Some(function) = annotate.downcast_exact::<Function>() {
            let name = format!("{}.__annotate__", self.qualified_name().to_string_lossy());
            function.set_qualified_name(Str::from_str(&name, thread));
        }
        self.set_annotate(Some(annotate));
    }

    pub(super) fn assign_annotations(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let value = value.filter(|it| !it.is_none());
        if value.is_some_and(|it| it.downcast::<Dict>().is_none()) {
            return Err(raise!(thread, TypeError, "__annotations__ must be set to a dict object"));
        }
        self.annotations.set(value.map(Py::from_ref));
        self.annotate.set(None);
        Ok(())
    }

    pub(super) fn assign_annotate(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else { return Err(raise!(thread, TypeError, "__annotate__ cannot be deleted")) };
        if value.is_none() {
            self.annotate.set(None);
            return Ok(());
        }
        if !is_callable(value) {
            return Err(raise!(thread, TypeError, "__annotate__ must be callable or None"));
        }
        self.annotate.set(Some(Py::from_ref(value)));
        self.annotations.set(None);
        Ok(())
    }
}
