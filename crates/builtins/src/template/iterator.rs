//! The iterator over a template: strings that are not empty, and interpolations, in turn.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use super::Template;

/// An iterator over a template.
#[derive(Instance)]
#[repr(C)]
pub struct TemplateIterator {
    header: Header,
    strings: Py<Tuple>,
    interpolations: Py<Tuple>,
    /// How many strings and interpolations were given, empty strings among them.
    position: Cell<usize>,
}

impl TemplateIterator {
    pub fn new(template: &Template, thread: &mut Thread) -> Py<TemplateIterator> {
        let (strings, interpolations) = (template.strings().clone(), template.interpolations().clone());
        let header = Header::new(Self::class());
        Py::new(TemplateIterator { header, strings, interpolations, position: Cell::new(0) }, thread)
    }
}

#[python_type(name = "string.templatelib.TemplateIter", base = BaseObject)]
impl TemplateIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<TemplateIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self) -> PyResult<Option<Py<Object>>> {
        loop {
            let position = self.position.get();
            let source = if position.is_multiple_of(2) { &self.strings } else { &self.interpolations };
            let Some(item) = source.items().get(position / 2) else { return Ok(None) };
            self.position.set(position + 1);
            if item.downcast::<Str>().is_none_or(|text| text.length() > 0) {
                return Ok(Some(item.clone()));
            }
        }
    }
}
