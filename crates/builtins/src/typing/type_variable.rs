//! `typing.TypeVar`.

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyObject;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::names;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::no_default::NoDefaultType;
use super::support;
use crate::union::union_of;

/// A type variable. Bound, constraints and default are given, or computed when they are first asked for.
#[derive(Instance)]
#[repr(C)]
pub struct TypeVar {
    header: Header,
    name: Py<Str>,
    bound: Field,
    evaluate_bound: Field,
    constraints: Field,
    evaluate_constraints: Field,
    pub(super) default: Field,
    pub(super) evaluate_default: Field,
    covariant: bool,
    contravariant: bool,
    infer_variance: bool,
    dict: Field<Dict>,
    weak_references: Cell<*mut PyObject>,
}

impl TypeVar {
    fn with_name(name: &Str) -> Self {
        Self {
            header: Header::new(Self::class()),
            name: Py::from_ref(name),
            bound: Field::EMPTY,
            evaluate_bound: Field::EMPTY,
            constraints: Field::EMPTY,
            evaluate_constraints: Field::EMPTY,
            default: Field::EMPTY,
            evaluate_default: Field::EMPTY,
            covariant: false,
            contravariant: false,
            infer_variance: false,
            dict: Field::EMPTY,
            weak_references: Cell::new(std::ptr::null_mut()),
        }
    }

    /// The variable of a type parameter list, with the functions that compute bound and constraints.
    pub(super) fn inferred(
        name: &Str,
        evaluate_bound: Option<&Object>,
        evaluate_constraints: Option<&Object>,
        thread: &mut Thread,
    ) -> Py<TypeVar> {
        let mut variable = Self::with_name(name);
        variable.evaluate_bound = Field::new(evaluate_bound.map(Py::from_ref));
        variable.evaluate_constraints = Field::new(evaluate_constraints.map(Py::from_ref));
        variable.infer_variance = true;
        Py::new(variable, thread)
    }
}

/// Type variable.
///
/// The preferred way to construct a type variable is via the dedicated
/// syntax for generic functions, classes, and type aliases::
///
///     class Sequence[T]:  # T is a TypeVar
///         ...
///
/// This syntax can also be used to create bound and constrained type
/// variables::
///
///     # S is a TypeVar bound to str
///     class StrSequence[S: str]:
///         ...
///
///     # A is a TypeVar constrained to str or bytes
///     class StrOrBytesSequence[A: (str, bytes)]:
///         ...
///
/// Type variables can also have defaults:
///
///     class IntDefault[T = int]:
///         ...
///
/// However, if desired, reusable type variables can also be constructed
/// manually, like so::
///
///    T = TypeVar('T')  # Can be anything
///    S = TypeVar('S', bound=str)  # Can be any subtype of str
///    A = TypeVar('A', str, bytes)  # Must be exactly str or bytes
///    D = TypeVar('D', default=int)  # Defaults to int
///
/// Type variables exist primarily for the benefit of static type
/// checkers.  They serve as the parameters for generic types as well
/// as for generic function and type alias definitions.
///
/// The variance of type variables is inferred by type checkers when they
/// are created through the type parameter syntax and when
/// ``infer_variance=True`` is passed. Manually created type variables may
/// be explicitly marked covariant or contravariant by passing
/// ``covariant=True`` or ``contravariant=True``. By default, manually
/// created type variables are invariant. See PEP 484 and PEP 695 for more
/// details.
///
#[python_type(
    name = "typing.TypeVar", base = BaseObject, flags(HEAPTYPE),
    members(
        __name__(name): Object, __covariant__(covariant): Bool, __contravariant__(contravariant): Bool,
        __infer_variance__(infer_variance): Bool
    ),
    dict_offset = offset_of!(TypeVar, dict), weaklist_offset = offset_of!(TypeVar, weak_references)
)]
impl TypeVar {
    #[new(name = "typevar")]
    #[signature(
        "(name, *constraints, bound=None, default=typing.NoDefault, covariant=False, contravariant=False, infer_variance=False)"
    )]
    #[expect(clippy::too_many_arguments, reason = "they are the constructor's")]
    fn __new__(
        _class: &Type,
        name: &Str,
        constraints: &[&Object],
        bound: Option<&Object>,
        default: Option<&Object>,
        covariant: bool,
        contravariant: bool,
        infer_variance: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<TypeVar>> {
        support::check_variance(covariant, contravariant, infer_variance, thread)?;
        let bound = support::check_bound(bound, thread)?;
        let mut variable = Self::with_name(name);
        match constraints {
            [] => {}
            [_] => return Err(raise!(thread, TypeError, "A single constraint is not allowed")),
            _ if bound.is_some() => {
                return Err(raise!(thread, TypeError, "Constraints cannot be combined with bound=..."));
            }
            _ => variable.constraints = Tuple::from_slice(constraints, thread)?.into_object().into(),
        }
        variable.bound = Field::new(bound);
        variable.default = support::default_field(default);
        variable.covariant = covariant;
        variable.contravariant = contravariant;
        variable.infer_variance = infer_variance;
        let variable = Py::new(variable, thread);
        support::set_module(&variable, thread)?;
        Ok(variable)
    }

    #[slot(tp_repr)]
    fn repr(&self) -> String {
        let name = self.name.to_string_lossy();
        match (self.infer_variance, self.covariant, self.contravariant) {
            (true, _, _) => name,
            (_, true, _) => format!("+{name}"),
            (_, _, true) => format!("-{name}"),
            _ => format!("~{name}"),
        }
    }

    #[slot(nb_or)]
    fn or(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        union_of(left, right, thread)
    }

    /// __typing_subst__($self, arg, /)
    /// --
    ///
    ///
    #[method]
    fn __typing_subst__(&self, argument: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        support::call_typing("_typevar_subst", &[self, argument], thread)
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
        let parameters = protocol::get_attribute(alias, &names::__parameters__, thread)?;
        let Some(index) = protocol::find_by_iteration(&parameters, self, thread)? else {
            return Err(raise!(thread, ValueError, "sequence.index(x): x not in sequence"));
        };
        let given = protocol::length(arguments, thread)?;
        if index < given {
            return Ok(Py::from_ref(arguments));
        }
        if index == given {
            let default = self.__default__(thread)?;
            if !default.is(NoDefaultType::get()) {
                let rest = Tuple::new(vec![default], thread)?;
                return protocol::concat(arguments, &rest, thread);
            }
        }
        let (shown, expected) = (protocol::str(alias, thread)?.to_string_lossy(), index + 1);
        let message = format_args!("Too few arguments for {shown}; actual {given}, expected at least {expected}");
        Err(raise!(thread, TypeError, "{message}"))
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
        Err(raise!(thread, TypeError, "Cannot subclass an instance of TypeVar"))
    }

    #[getter]
    fn __bound__(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        support::lazy_value(&self.bound, &self.evaluate_bound, thread)
    }

    #[getter]
    fn __constraints__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let constraints = support::lazy_value(&self.constraints, &self.evaluate_constraints, thread)?;
        Ok(constraints.unwrap_or_else(|| Tuple::empty(thread).into_object()))
    }

    #[getter]
    fn __default__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        support::default_value(&self.default, &self.evaluate_default, thread)
    }

    #[getter]
    fn evaluate_bound(&self, thread: &mut Thread) -> Option<Py<Object>> {
        support::evaluator(&self.bound, &self.evaluate_bound, thread)
    }

    #[getter]
    fn evaluate_constraints(&self, thread: &mut Thread) -> Option<Py<Object>> {
        support::evaluator(&self.constraints, &self.evaluate_constraints, thread)
    }

    #[getter]
    fn evaluate_default(&self, thread: &mut Thread) -> Option<Py<Object>> {
        support::evaluator(&self.default, &self.evaluate_default, thread)
    }
}
