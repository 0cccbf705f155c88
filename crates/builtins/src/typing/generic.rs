//! `typing.Generic`: the base of generic classes, whose logic is in `typing`.

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::support::typing_attribute;

/// An instance of a generic class has no fields of `Generic`.
#[derive(Instance)]
#[repr(C)]
pub struct Generic {
    header: Header,
}

/// `typing.name(class, *arguments, **keywords)`
fn call_with_class(
    name: &str,
    class: &Type,
    arguments: &[&Object],
    keywords: Option<Py<Dict>>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let function = typing_attribute(name, thread)?;
    let mut all: Vec<Py<Object>> = vec![Py::from_ref(class).into_object()];
    all.extend(arguments.iter().map(|it| Py::from_ref(*it)));
    let all = Tuple::new(all, thread)?;
    protocol::call_tuple(&function, &all, keywords.as_deref(), thread)
}

/// Abstract base class for generic types.
///
/// On Python 3.12 and newer, generic classes implicitly inherit from
/// Generic when they declare a parameter list after the class's name::
///
///     class Mapping[KT, VT]:
///         def __getitem__(self, key: KT) -> VT:
///             ...
///         # Etc.
///
/// On older versions of Python, however, generic classes have to
/// explicitly inherit from Generic.
///
/// After a class has been declared to be generic, it can then be used as
/// follows::
///
///     def lookup_name[KT, VT](mapping: Mapping[KT, VT], key: KT, default: VT) -> VT:
///         try:
///             return mapping[key]
///         except KeyError:
///             return default
///
#[python_type(name = "typing.Generic", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Generic {
    /// Parameterizes a generic class.
    ///
    /// At least, parameterizing a generic class is the *main* thing this
    /// method does.  For example, for some generic class `Foo`, this is
    /// called when we do `Foo[int]` - there, with `cls=Foo` and
    /// `params=int`.
    ///
    /// However, note that this method is also called when defining generic
    /// classes in the first place with `class Foo[T]: ...`.
    ///
    #[classmethod]
    #[signature("(*arguments, **keywords)")]
    fn __class_getitem__(
        class: &Type,
        arguments: &[&Object],
        keywords: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        call_with_class("_generic_class_getitem", class, arguments, keywords, thread)
    }

    /// Function to initialize subclasses.
    #[classmethod]
    #[signature("(*arguments, **keywords)")]
    fn __init_subclass__(
        class: &Type,
        arguments: &[&Object],
        keywords: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        call_with_class("_generic_init_subclass", class, arguments, keywords, thread)
    }
}

/// Instances are made as `object` makes them.
pub(super) fn inherit_new() {
    let (own, base) = (Generic::class(), BaseObject::class());
    own.slots().tp_new.set(base.slots().tp_new.get());
    own.remove_flags(layout::Py_TPFLAGS_DISALLOW_INSTANTIATION);
}
