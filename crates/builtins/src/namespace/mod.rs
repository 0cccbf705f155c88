//! `types.SimpleNamespace`.

use std::mem::offset_of;

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, Type, TypeDeclaration};
use text::builder::StrBuilder;

pub const TYPES: &[&TypeDeclaration] = &[SimpleNamespace::DECLARATION];

/// An object with attributes of any name.
#[derive(Instance)]
#[repr(C)]
pub struct SimpleNamespace {
    header: Header,
    dict: Field<Dict>,
}

impl SimpleNamespace {
    /// A namespace whose attributes are the items of a dict, which it shares (`_PyNamespace_New`).
    pub fn new(attributes: Py<Dict>, thread: &mut Thread) -> Py<SimpleNamespace> {
        Py::new(SimpleNamespace { header: Header::new(Self::class()), dict: attributes.into() }, thread)
    }

    fn attributes(&self, thread: &mut Thread) -> Py<Dict> {
        match self.dict.get() {
            Some(dict) => dict,
            None => {
                let dict = Dict::new(thread);
                self.dict.set(Some(dict.clone()));
                dict
            }
        }
    }

    /// `namespace(a=1, b=2)`
    fn text(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut text = StrBuilder::new();
        text.push_str(&self.title());
        text.push_str("(");
        let mut first = true;
        for (name, value) in self.attributes(thread).items_snapshot(thread) {
            let Some(name) = name.downcast::<Str>().filter(|name| name.length() > 0) else { continue };
            if !first {
                text.push_str(", ");
            }
            first = false;
            text.push_view(name.view());
            text.push_str("=");
            let shown = protocol::repr(&value, thread)?;
            text.push_view(shown.view());
        }
        text.push_str(")");
        Str::from_builder(text, thread)
    }

    fn title(&self) -> String {
        if self.is_exactly::<SimpleNamespace>() { "namespace".to_owned() } else { self.class().full_name() }
    }
}

/// The items of the one positional argument of a namespace, as a dict with strings as keys.
fn collect(argument: &Object, thread: &mut Thread) -> PyResult<Py<Dict>> {
    let dict = match argument.downcast_exact::<Dict>() {
        Some(dict) => Py::from_ref(dict),
        None => protocol::call_one(Dict::class(), argument, thread)?
            .downcast_into::<Dict>()
            .map_err(|_| raise!(thread, SystemError, "dict() returned something else"))?,
    };
    check_names(&dict, thread)?;
    Ok(dict)
}

fn check_names(dict: &Dict, thread: &mut Thread) -> PyResult<()> {
    if dict.keys_snapshot(thread).iter().all(|it| it.downcast::<Str>().is_some()) {
        return Ok(());
    }
    Err(raise!(thread, TypeError, "keywords must be strings"))
}

/// Adds the items of one dict to another.
fn add_items(to: &Dict, from: &Dict, thread: &mut Thread) -> PyResult<()> {
    for (name, value) in from.items_snapshot(thread) {
        to.set(&name, &value, thread)?;
    }
    Ok(())
}

/// SimpleNamespace(mapping_or_iterable=(), /, **kwargs)
/// --
///
/// A simple attribute-based namespace.
#[python_type(
    name = "types.SimpleNamespace", symbol = "_PyNamespace_Type", base = BaseObject, flags(BASETYPE), unhashable,
    members(__dict__(dict): Object), dict_offset = offset_of!(SimpleNamespace, dict)
)]
impl SimpleNamespace {
    #[slot(tp_new)]
    fn __new__(
        class: &Type,
        _arguments: &Tuple,
        _keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<SimpleNamespace>> {
        let dict = Dict::new(thread).into();
        Py::new_in(class, SimpleNamespace { header: Header::new(SimpleNamespace::class()), dict }, thread)
    }

    #[slot(tp_init)]
    fn __init__(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        let own = self.attributes(thread);
        match arguments.items() {
            [] => {}
            [argument] => {
                let items = collect(argument, thread)?;
                add_items(&own, &items, thread)?;
            }
            _ => {
                let (name, count) = (self.class().short_name(), arguments.length());
                return Err(raise!(thread, TypeError, "{name} expected at most 1 argument, got {count}"));
            }
        }
        match keywords {
            Some(keywords) => {
                check_names(keywords, thread)?;
                add_items(&own, keywords, thread)
            }
            None => Ok(()),
        }
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let nested = format!("{}(...)", self.title());
        protocol::repr_guarded(self, &nested, thread, |thread| self.text(thread))
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(other) = other.downcast::<SimpleNamespace>() else { return Ok(thread.not_implemented()) };
        let (own, other) = (self.attributes(thread), other.attributes(thread));
        protocol::compare(&own, &other, comparison, thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let (class, dict) = (Py::from_ref(self.class()).into_object(), self.attributes(thread).into_object());
        Tuple::new(vec![class, Tuple::empty(thread).into_object(), dict], thread)
    }

    /// __replace__($self, /, **changes)
    /// --
    ///
    /// Return a copy of the namespace object with new values for the specified attributes.
    #[method]
    #[signature("($self, /, *arguments, **changes)")]
    fn __replace__(
        &self,
        arguments: &[&Object],
        changes: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        if !arguments.is_empty() {
            return Err(raise!(thread, TypeError, "__replace__() takes no positional arguments"));
        }
        let copy = protocol::call(self.class(), &[], thread)?;
        let Some(namespace) = copy.downcast::<SimpleNamespace>() else {
            let (expected, found) = (SimpleNamespace::class().full_name(), copy.class().full_name());
            let own = protocol::qualified_name(self.class(), thread);
            return Err(raise!(thread, TypeError, "expect {expected} type, but {own}() returned '{found}' object"));
        };
        let (own, new) = (self.attributes(thread), namespace.attributes(thread));
        add_items(&new, &own, thread)?;
        if let Some(changes) = changes {
            add_items(&new, &changes, thread)?;
        }
        Ok(copy)
    }
}
