//! `typing.TypeVarTuple`.

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyObject;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

use super::support;

/// A variable for any number of types. The default is given, or computed when it is first asked for.
#[derive(Instance)]
#[repr(C)]
pub struct TypeVarTuple {
    header: Header,
    name: Py<Str>,
    pub(super) default: Field,
    pub(super) evaluate_default: Field,
    dict: Field<Dict>,
    weak_references: Cell<*mut PyObject>,
}

impl TypeVarTuple {
    fn with_default(name: &Str, default: Field, thread: &mut Thread) -> Py<TypeVarTuple> {
        let variable = Self {
            header: Header::new(Self::class()),
            name: Py::from_ref(name),
            default,
            evaluate_default: Field::EMPTY,
            dict: Field::EMPTY,
            weak_references: Cell::new(std::ptr::null_mut()),
        };
        Py::new(variable, thread)
    }

    /// The variable of a type parameter list.
    pub(super) fn inferred(name: &Str, thread: &mut Thread) -> Py<TypeVarTuple> {
        Self::with_default(name, Field::EMPTY, thread)
    }
}

/// Type variable tuple. A specialized form of type variable that enables
/// variadic generics.
///
/// The preferred way to construct a type variable tuple is via the
/// dedicated syntax for generic functions, classes, and type aliases,
/// where a single '*' indicates a type variable tuple::
///
///     def move_first_element_to_last[T, *Ts](tup: tuple[T, *Ts]) -> tuple[*Ts, T]:
///         return (*tup[1:], tup[0])
///
/// Type variables tuples can have default values:
///
///     type AliasWithDefault[*Ts = (str, int)] = tuple[*Ts]
///
/// For compatibility with Python 3.11 and earlier, TypeVarTuple objects
/// can also be created as follows::
///
///     Ts = TypeVarTuple('Ts')  # Can be given any name
///     DefaultTs = TypeVarTuple('Ts', default=(str, int))
///
/// Just as a TypeVar (type variable) is a placeholder for a single type,
/// a TypeVarTuple is a placeholder for an *arbitrary* number of types. For
/// example, if we define a generic class using a TypeVarTuple::
///
///     class C[*Ts]: ...
///
/// Then we can parameterize that class with an arbitrary number of type
/// arguments::
///
///     C[int]       # Fine
///     C[int, str]  # Also fine
///     C[()]        # Even this is fine
///
/// For more details, see PEP 646.
///
/// Note that only TypeVarTuples defined in the global scope can be
/// pickled.
///
#[python_type(
    name = "typing.TypeVarTuple", base = BaseObject, flags(HEAPTYPE), members(__name__(name): Object),
    dict_offset = offset_of!(TypeVarTuple, dict), weaklist_offset = offset_of!(TypeVarTuple, weak_references)
)]
impl TypeVarTuple {
    #[new(name = "typevartuple")]
    #[signature("(name, *, default=typing.NoDefault)")]
    fn __new__(_class: &Type, name: &Str, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<TypeVarTuple>> {
        let variable = Self::with_default(name, support::default_field(default), thread);
        support::set_module(&variable, thread)?;
        Ok(variable)
    }

    #[slot(tp_repr)]
    fn repr(&self) -> Py<Str> {
        self.name.clone()
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        support::iterate_unpacked(self, thread)
    }

    /// __typing_subst__($self, arg, /)
    /// --
    ///
    ///
    #[method]
    fn __typing_subst__(&self, _argument: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        Err(raise!(thread, TypeError, "Substitution of bare TypeVarTuple is not supported"))
    }

    /// __typing_prepare_subst__($self, alias, args, /)
    /// --
    ///
    ///
    #[method]
    fn __typing_prepare_subst__(
        &self,
        alias: &Object,
        arguments: &Object,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        support::call_typing("_typevartuple_prepare_subst", &[self, alias, arguments], thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self) -> Py<Str> {
        self.name.clone()
    }

    /// has_default($self, /)
    /// --
    ///
    ///
    #[method]
    fn has_default(&self) -> bool {
        support::has_default(&self.default, &self.evaluate_default)
    }

    /// __mro_entries__($self, object, /)
    /// --
    ///
    ///
    #[method]
    fn __mro_entries__(&self, _bases: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        Err(raise!(thread, TypeError, "Cannot subclass an instance of TypeVarTuple"))
    }

    /// The default value for this TypeVarTuple.
    #[getter]
    fn __default__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        support::default_value(&self.default, &self.evaluate_default, thread)
    }

    #[getter]
    fn evaluate_default(&self, thread: &mut Thread) -> Option<Py<Object>> {
        support::evaluator(&self.default, &self.evaluate_default, thread)
    }
}
