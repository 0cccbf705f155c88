//! `Template`: strings and the interpolations between them.

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::names;
use objects::object::BaseObject;
use objects::protocol::{self, ContainerRepr};
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::{Interpolation, TemplateIterator};

/// A template. The strings are one more than the interpolations.
#[derive(Instance)]
#[repr(C)]
pub struct Template {
    header: Header,
    strings: Py<Tuple>,
    interpolations: Py<Tuple>,
}

impl Template {
    /// A new template of a tuple of strings and one of interpolations, which are one less.
    pub fn new(strings: Py<Tuple>, interpolations: Py<Tuple>, thread: &mut Thread) -> Py<Template> {
        Py::new(Template { header: Header::new(Self::class()), strings, interpolations }, thread)
    }

    pub fn strings(&self) -> &Py<Tuple> {
        &self.strings
    }

    pub fn interpolations(&self) -> &Py<Tuple> {
        &self.interpolations
    }

    /// A template of strings and interpolations as they come: neighbouring strings become one.
    fn from_parts<'a>(parts: impl Iterator<Item = &'a Object>, thread: &mut Thread) -> PyResult<Py<Template>> {
        let (mut strings, mut interpolations) = (Vec::new(), Vec::new());
        let mut open = Str::empty();
        for part in parts {
            if let Some(text) = part.downcast::<Str>() {
                open = open.concatenate(text, thread)?;
            } else if part.downcast::<Interpolation>().is_some() {
                strings.push(std::mem::replace(&mut open, Str::empty()).into_object());
                interpolations.push(Py::from_ref(part));
            } else {
                let class = part.class().full_name();
                return Err(raise!(
                    thread,
                    TypeError,
                    "Template.__new__ *args need to be of type 'str' or 'Interpolation', got {class}"
                ));
            }
        }
        strings.push(open.into_object());
        let (strings, interpolations) = (Tuple::new(strings, thread)?, Tuple::new(interpolations, thread)?);
        Ok(Self::new(strings, interpolations, thread))
    }

    /// `self + other`: the strings that meet become one.
    fn concatenate(&self, other: &Template, thread: &mut Thread) -> PyResult<Py<Template>> {
        let mut strings = self.strings.items().to_vec();
        let mut rest = other.strings.items().iter();
        if let (Some(left), Some(right)) = (strings.pop(), rest.next()) {
            strings.push(protocol::add(&left, right, thread)?);
        }
        strings.extend(rest.cloned());
        let interpolations = [self.interpolations.items(), other.interpolations.items()].concat();
        let (strings, interpolations) = (Tuple::new(strings, thread)?, Tuple::new(interpolations, thread)?);
        Ok(Self::new(strings, interpolations, thread))
    }
}

/// Template object
#[python_type(
    name = "string.templatelib.Template", base = BaseObject,
    members(strings: Object = "Strings", interpolations: Object = "Interpolations")
)]
impl Template {
    #[slot(tp_new)]
    fn __new__(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Template>> {
        let _ = class;
        if keywords.is_some_and(|it| it.length() > 0) {
            return Err(raise!(thread, TypeError, "Template.__new__ only accepts *args arguments"));
        }
        Self::from_parts(arguments.items().iter().map(|it| &**it), thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut text = ContainerRepr::open("Template(strings=");
        text.push_repr(&self.strings, thread)?;
        text.push(", interpolations=");
        text.push_repr(&self.interpolations, thread)?;
        text.push(")");
        text.finish(thread)
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> Py<TemplateIterator> {
        TemplateIterator::new(self, thread)
    }

    #[slot(sq_concat)]
    fn concat(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Template>> {
        match other.downcast::<Template>() {
            Some(other) => self.concatenate(other, thread),
            None => {
                let own = protocol::qualified_name(self.class(), thread);
                let class = protocol::qualified_name(other.class(), thread);
                Err(raise!(thread, TypeError, "can only concatenate {own} (not \"{class}\") to {own}"))
            }
        }
    }

    /// Values of interpolations
    #[getter]
    fn values(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let interpolations = self.interpolations.items().iter().filter_map(|it| it.downcast::<Interpolation>());
        let values = interpolations.map(|it| it.value().clone()).collect();
        Tuple::new(values, thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let import = protocol::builtin(&names::__import__, thread)?;
        let module = Str::from_str("string.templatelib", thread);
        let name = thread.intern_text("_template_unpickle");
        let (none, from) = (thread.none(), Tuple::new(vec![name.clone().into_object()], thread)?);
        let module = protocol::call(&import, &[&module, &none, &none, &from], thread)?;
        let function = protocol::get_attribute(&module, &name, thread)?;
        let parts = vec![self.strings.clone().into_object(), self.interpolations.clone().into_object()];
        let parts = Tuple::new(parts, thread)?;
        Tuple::new(vec![function, parts.into_object()], thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// Template supports [] for generic usage
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }
}
