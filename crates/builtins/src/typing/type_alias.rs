//! `typing.TypeAliasType`: what a `type` statement makes.

use macros::{Instance, python_type};
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
use super::type_parameter_default;
use crate::generic_alias::GenericAlias;
use crate::union::union_of_types;

/// A type alias. The value is given, or computed when it is first asked for.
#[derive(Instance)]
#[repr(C)]
pub struct TypeAlias {
    header: Header,
    name: Py<Str>,
    /// Empty if the alias is not generic.
    parameters: Field<Tuple>,
    evaluate: Field,
    value: Field,
    /// Empty if the module is that of the function.
    module: Field,
}

impl TypeAlias {
    /// The alias of a `type` statement, whose function computes the value.
    pub(super) fn lazy(
        name: &Str,
        parameters: Option<&Tuple>,
        evaluate: &Object,
        thread: &mut Thread,
    ) -> Py<TypeAlias> {
        let alias = TypeAlias {
            header: Header::new(Self::class()),
            name: Py::from_ref(name),
            parameters: Field::new(parameters.filter(|it| it.length() > 0).map(Py::from_ref)),
            evaluate: Py::from_ref(evaluate).into(),
            value: Field::EMPTY,
            module: Field::EMPTY,
        };
        Py::new(alias, thread)
    }
}

/// Type parameters with defaults come last.
fn check_parameters(parameters: &Tuple, thread: &mut Thread) -> PyResult<()> {
    let mut default_seen = false;
    for parameter in parameters.items() {
        let default = type_parameter_default(parameter, thread)?;
        if !default.is(NoDefaultType::get()) {
            default_seen = true;
        } else if default_seen {
            let shown = protocol::repr(parameter, thread)?.to_string_lossy();
            let message = format_args!("non-default type parameter '{shown}' follows default type parameter");
            return Err(raise!(thread, TypeError, "{message}"));
        }
    }
    Ok(())
}

/// Type alias.
///
/// Type aliases are created through the type statement::
///
///     type Alias = int
///
/// In this example, Alias and int will be treated equivalently by static
/// type checkers.
///
/// At runtime, Alias is an instance of TypeAliasType. The __name__
/// attribute holds the name of the type alias. The value of the type alias
/// is stored in the __value__ attribute. It is evaluated lazily, so the
/// value is computed only if the attribute is accessed.
///
/// Type aliases can also be generic::
///
///     type ListOrSet[T] = list[T] | set[T]
///
/// In this case, the type parameters of the alias are stored in the
/// __type_params__ attribute.
///
/// See PEP 695 for more information.
///
#[python_type(
    name = "typing.TypeAliasType", symbol = "_PyTypeAlias_Type", base = BaseObject, members(__name__(name): Object)
)]
impl TypeAlias {
    #[new(name = "typealias")]
    #[signature("(name, value, *, type_params=())")]
    fn __new__(
        _class: &Type,
        name: &Str,
        value: &Object,
        parameters: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<TypeAlias>> {
        let parameters = match parameters.map(Object::downcast::<Tuple>) {
            Some(None) => return Err(raise!(thread, TypeError, "type_params must be a tuple")),
            Some(Some(parameters)) if parameters.length() > 0 => {
                check_parameters(parameters, thread)?;
                Some(Py::from_ref(parameters))
            }
            _ => None,
        };
        let module = support::calling_module(thread);
        let alias = TypeAlias {
            header: Header::new(Self::class()),
            name: Py::from_ref(name),
            parameters: Field::new(parameters),
            evaluate: Field::EMPTY,
            value: Py::from_ref(value).into(),
            module: module.into(),
        };
        Ok(Py::new(alias, thread))
    }

    #[slot(tp_repr)]
    fn repr(&self) -> Py<Str> {
        self.name.clone()
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        support::iterate_unpacked(self, thread)
    }

    #[slot(nb_or)]
    fn or(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        union_of_types(left, right, thread)
    }

    #[slot(mp_subscript)]
    fn subscript(&self, arguments: &Object, thread: &mut Thread) -> PyResult<Py<GenericAlias>> {
        if self.parameters.is_empty() {
            return Err(raise!(thread, TypeError, "Only generic type aliases are subscriptable"));
        }
        GenericAlias::new(self, arguments, thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self) -> Py<Str> {
        self.name.clone()
    }

    #[getter]
    fn __parameters__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        match self.parameters.get() {
            Some(parameters) => support::unpack_variable_tuples(&parameters, thread),
            None => Ok(Tuple::empty(thread)),
        }
    }

    #[getter]
    fn __type_params__(&self, thread: &mut Thread) -> Py<Tuple> {
        self.parameters.get().unwrap_or_else(|| Tuple::empty(thread))
    }

    #[getter]
    fn __value__(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        support::lazy_value(&self.value, &self.evaluate, thread)
    }

    #[getter]
    fn evaluate_value(&self, thread: &mut Thread) -> Option<Py<Object>> {
        support::evaluator(&self.value, &self.evaluate, thread)
    }

    #[getter]
    fn __module__(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        if let Some(module) = self.module.get() {
            return Ok(Some(module));
        }
        match self.evaluate.get() {
            Some(function) => protocol::lookup_attribute(&function, &names::__module__, thread),
            None => Ok(None),
        }
    }
}
