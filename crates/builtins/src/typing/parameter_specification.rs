//! `typing.ParamSpec`, and its parts `P.args` and `P.kwargs`.

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyObject;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

use super::support;
use crate::union::union_of;

/// A parameter specification variable. The default is given, or computed when it is first asked for.
#[derive(Instance)]
#[repr(C)]
pub struct ParamSpec {
    header: Header,
    name: Py<Str>,
    bound: Field,
    pub(super) default: Field,
    pub(super) evaluate_default: Field,
    covariant: bool,
    contravariant: bool,
    infer_variance: bool,
    dict: Field<Dict>,
    weak_references: Cell<*mut PyObject>,
}

impl ParamSpec {
    fn with_name(name: &Str) -> Self {
        Self {
            header: Header::new(Self::class()),
            name: Py::from_ref(name),
            bound: Field::EMPTY,
            default: Field::EMPTY,
            evaluate_default: Field::EMPTY,
            covariant: false,
            contravariant: false,
            infer_variance: false,
            dict: Field::EMPTY,
            weak_references: Cell::new(std::ptr::null_mut()),
        }
    }

    /// The variable of a type parameter list.
    pub(super) fn inferred(name: &Str, thread: &mut Thread) -> Py<ParamSpec> {
        let mut variable = Self::with_name(name);
        variable.infer_variance = true;
        Py::new(variable, thread)
    }
}

/// Parameter specification variable.
///
/// The preferred way to construct a parameter specification is via the
/// dedicated syntax for generic functions, classes, and type aliases,
/// where the use of '**' creates a parameter specification::
///
///     type IntFunc[**P] = Callable[P, int]
///
/// The following syntax creates a parameter specification that defaults
/// to a callable accepting two positional-only arguments of types int
/// and str:
///
///     type IntFuncDefault[**P = [int, str]] = Callable[P, int]
///
/// For compatibility with Python 3.11 and earlier, ParamSpec objects
/// can also be created as follows::
///
///     P = ParamSpec('P')
///     DefaultP = ParamSpec('DefaultP', default=[int, str])
///
/// Parameter specification variables exist primarily for the benefit of
/// static type checkers.  They are used to forward the parameter types of
/// one callable to another callable, a pattern commonly found in
/// higher-order functions and decorators.  They are only valid when used
/// in ``Concatenate``, or as the first argument to ``Callable``, or as
/// parameters for user-defined Generics. See class Generic for more
/// information on generic types.
///
/// An example for annotating a decorator::
///
///     def add_logging[**P, T](f: Callable[P, T]) -> Callable[P, T]:
///         '''A type-safe decorator to add logging to a function.'''
///         def inner(*args: P.args, **kwargs: P.kwargs) -> T:
///             logging.info(f'{f.__name__} was called')
///             return f(*args, **kwargs)
///         return inner
///
///     @add_logging
///     def add_two(x: float, y: float) -> float:
///         '''Add two numbers together.'''
///         return x + y
///
/// Parameter specification variables can be introspected. e.g.::
///
///     >>> P = ParamSpec("P")
///     >>> P.__name__
///     'P'
///
/// Note that only parameter specification variables defined in the global
/// scope can be pickled.
///
#[python_type(
    name = "typing.ParamSpec", base = BaseObject, flags(HEAPTYPE),
    members(
        __name__(name): Object, __bound__(bound): Object, __covariant__(covariant): Bool,
        __contravariant__(contravariant): Bool, __infer_variance__(infer_variance): Bool
    ),
    dict_offset = offset_of!(ParamSpec, dict), weaklist_offset = offset_of!(ParamSpec, weak_references)
)]
impl ParamSpec {
    #[new(name = "paramspec")]
    #[signature(
        "(name, *, bound=None, default=typing.NoDefault, covariant=False, contravariant=False, infer_variance=False)"
    )]
    #[expect(clippy::too_many_arguments, reason = "they are the constructor's")]
    fn __new__(
        _class: &Type,
        name: &Str,
        bound: Option<&Object>,
        default: Option<&Object>,
        covariant: bool,
        contravariant: bool,
        infer_variance: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<ParamSpec>> {
        support::check_variance(covariant, contravariant, infer_variance, thread)?;
        let mut variable = Self::with_name(name);
        variable.bound = Field::new(support::check_bound(bound, thread)?);
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
        support::call_typing("_paramspec_subst", &[self, argument], thread)
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
        support::call_typing("_paramspec_prepare_subst", &[self, alias, arguments], thread)
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
        Err(raise!(thread, TypeError, "Cannot subclass an instance of ParamSpec"))
    }

    /// Represents positional arguments.
    #[getter]
    fn args(&self, thread: &mut Thread) -> Py<ParamSpecArgs> {
        ParamSpecArgs::of(self, thread)
    }

    /// Represents keyword arguments.
    #[getter]
    fn kwargs(&self, thread: &mut Thread) -> Py<ParamSpecKwargs> {
        ParamSpecKwargs::of(self, thread)
    }

    /// The default value for this ParamSpec.
    #[getter]
    fn __default__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        support::default_value(&self.default, &self.evaluate_default, thread)
    }

    #[getter]
    fn evaluate_default(&self, thread: &mut Thread) -> Option<Py<Object>> {
        support::evaluator(&self.default, &self.evaluate_default, thread)
    }
}

/// `P.args` or `P.kwargs` as text.
fn part_text(origin: &Object, part: &str, thread: &mut Thread) -> PyResult<String> {
    let owner = match origin.downcast_exact::<ParamSpec>() {
        Some(variable) => variable.name.to_string_lossy(),
        None => protocol::repr(origin, thread)?.to_string_lossy(),
    };
    Ok(format!("{owner}.{part}"))
}

/// Defines the type of one part of parameter specifications.
macro_rules! part {
    ($(#[$doc:meta])* $name:ident $python_name:literal $part:literal $message:literal) => {
        #[doc = concat!("`P.", $part, "`.")]
        #[derive(Instance)]
        #[repr(C)]
        pub struct $name {
            header: Header,
            origin: Py<Object>,
            weak_references: Cell<*mut PyObject>,
        }

        impl $name {
            fn of(origin: &Object, thread: &mut Thread) -> Py<$name> {
                let weak_references = Cell::new(std::ptr::null_mut());
                Py::new($name { header: Header::new(Self::class()), origin: Py::from_ref(origin), weak_references }, thread)
            }
        }

        $(#[$doc])*
        #[python_type(
            name = $python_name, base = BaseObject, flags(HEAPTYPE), members(__origin__(origin): Object),
            weaklist_offset = offset_of!($name, weak_references)
        )]
        impl $name {
            #[new]
            #[signature("(origin)")]
            fn __new__(_class: &Type, origin: &Object, thread: &mut Thread) -> Py<$name> {
                Self::of(origin, thread)
            }

            #[slot(tp_repr)]
            fn repr(&self, thread: &mut Thread) -> PyResult<String> {
                part_text(&self.origin, $part, thread)
            }

            #[slot(tp_richcompare)]
            fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
                let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
                match other.downcast_exact::<$name>().filter(|_| is_equality) {
                    Some(other) => protocol::compare(&self.origin, &other.origin, comparison, thread),
                    None => Ok(thread.not_implemented()),
                }
            }

            /// __mro_entries__($self, object, /)
            /// --
            ///
            ///
            #[method]
            fn __mro_entries__(&self, _bases: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                Err(raise!(thread, TypeError, $message))
            }
        }
    };
}

part! {
    /// The args for a ParamSpec object.
    ///
    /// Given a ParamSpec object P, P.args is an instance of ParamSpecArgs.
    ///
    /// ParamSpecArgs objects have a reference back to their ParamSpec::
    ///
    ///     >>> P = ParamSpec("P")
    ///     >>> P.args.__origin__ is P
    ///     True
    ///
    /// This type is meant for runtime introspection and has no special meaning
    /// to static type checkers.
    ///
    ParamSpecArgs "typing.ParamSpecArgs" "args" "Cannot subclass an instance of ParamSpecArgs"
}

part! {
    /// The kwargs for a ParamSpec object.
    ///
    /// Given a ParamSpec object P, P.kwargs is an instance of ParamSpecKwargs.
    ///
    /// ParamSpecKwargs objects have a reference back to their ParamSpec::
    ///
    ///     >>> P = ParamSpec("P")
    ///     >>> P.kwargs.__origin__ is P
    ///     True
    ///
    /// This type is meant for runtime introspection and has no special meaning
    /// to static type checkers.
    ///
    ParamSpecKwargs "typing.ParamSpecKwargs" "kwargs" "Cannot subclass an instance of ParamSpecKwargs"
}
