//! The types behind `typing` and type parameter lists: TypeVar, ParamSpec, TypeVarTuple, TypeAliasType, Generic.
//!
//! The functions here are what the interpreter's intrinsic functions call.

mod evaluator;
mod generic;
mod module;
mod no_default;
mod parameter_specification;
mod support;
mod type_alias;
mod type_variable;
mod type_variable_tuple;

use objects::errors::{PyResult, Raised};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, TypeDeclaration};

pub use evaluator::ConstantEvaluator;
pub use generic::Generic;
pub use module::TypingModule;
pub use no_default::NoDefaultType;
pub use parameter_specification::{ParamSpec, ParamSpecArgs, ParamSpecKwargs};
pub(crate) use support::{check_type, push_type_repr};
pub use type_alias::TypeAlias;
pub use type_variable::TypeVar;
pub use type_variable_tuple::TypeVarTuple;

pub const TYPES: &[&TypeDeclaration] = &[
    ConstantEvaluator::DECLARATION,
    Generic::DECLARATION,
    NoDefaultType::DECLARATION,
    ParamSpec::DECLARATION,
    ParamSpecArgs::DECLARATION,
    ParamSpecKwargs::DECLARATION,
    TypeAlias::DECLARATION,
    TypeVar::DECLARATION,
    TypeVarTuple::DECLARATION,
];

/// Gives the types the attribute `__module__`, which their instances show unless they have one of their own.
pub fn install(thread: &mut Thread) {
    generic::inherit_new();
    let module = thread.intern_text("typing");
    let variables = [TypeVar::class(), ParamSpec::class(), TypeVarTuple::class(), Generic::class()];
    for class in variables.into_iter().chain([ParamSpecArgs::class(), ParamSpecKwargs::class()]) {
        let set = class.dict(thread).set_str(&names::__module__, &module, thread);
        set.expect("a string is hashed and compared without running Python code");
    }
}

/// A name that the compiler gave.
fn as_name<'a>(name: &'a Object, thread: &mut Thread) -> PyResult<&'a Str> {
    match name.downcast::<Str>() {
        Some(name) => Ok(name),
        None => Err(raise!(thread, SystemError, "a type parameter's name is no string")),
    }
}

/// `INTRINSIC_TYPEVAR`: the variable of `[T]`.
pub fn type_variable(name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = as_name(name, thread)?;
    Ok(TypeVar::inferred(name, None, None, thread).into_object())
}

/// `INTRINSIC_TYPEVAR_WITH_BOUND`: the variable of `[T: bound]`.
pub fn type_variable_with_bound(name: &Object, evaluate: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = as_name(name, thread)?;
    Ok(TypeVar::inferred(name, Some(evaluate), None, thread).into_object())
}

/// `INTRINSIC_TYPEVAR_WITH_CONSTRAINTS`: the variable of `[T: (first, second)]`.
pub fn type_variable_with_constraints(name: &Object, evaluate: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = as_name(name, thread)?;
    Ok(TypeVar::inferred(name, None, Some(evaluate), thread).into_object())
}

/// `INTRINSIC_PARAMSPEC`: the variable of `[**P]`.
pub fn parameter_specification(name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = as_name(name, thread)?;
    Ok(ParamSpec::inferred(name, thread).into_object())
}

/// `INTRINSIC_TYPEVARTUPLE`: the variable of `[*Ts]`.
pub fn type_variable_tuple(name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = as_name(name, thread)?;
    Ok(TypeVarTuple::inferred(name, thread).into_object())
}

/// `INTRINSIC_SUBSCRIPT_GENERIC`: `Generic[parameters]`, the base of `class C[parameters]`.
pub fn subscript_generic(parameters: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let parameters = protocol::to_tuple(parameters, thread)?;
    let parameters = support::unpack_variable_tuples(&parameters, thread)?;
    support::call_typing("_GenericAlias", &[Generic::class(), &parameters], thread)
}

/// `INTRINSIC_TYPEALIAS`: the alias of a `type` statement, from its name, its type parameters or None, and the function that computes the value.
pub fn type_alias(parts: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some([name, parameters, evaluate]) = parts.downcast::<Tuple>().map(Tuple::items) else {
        return Err(raise!(thread, SystemError, "a type alias is made of three parts"));
    };
    let name = as_name(name, thread)?;
    let parameters = parameters.downcast::<Tuple>();
    Ok(TypeAlias::lazy(name, parameters, evaluate, thread).into_object())
}

#[cold]
fn raise_no_parameter(found: &Object, thread: &mut Thread) -> Raised {
    match protocol::repr(found, thread) {
        Ok(shown) => raise!(thread, TypeError, "Expected a type param, got {}", shown.to_string_lossy()),
        Err(raised) => raised,
    }
}

/// `INTRINSIC_SET_TYPEPARAM_DEFAULT`: gives a type parameter the function that computes its default.
pub fn set_default(parameter: &Object, evaluate: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let field = if let Some(variable) = parameter.downcast_exact::<TypeVar>() {
        &variable.evaluate_default
    } else if let Some(variable) = parameter.downcast_exact::<ParamSpec>() {
        &variable.evaluate_default
    } else if let Some(variable) = parameter.downcast_exact::<TypeVarTuple>() {
        &variable.evaluate_default
    } else {
        return Err(raise_no_parameter(parameter, thread));
    };
    field.set(Some(Py::from_ref(evaluate)));
    Ok(Py::from_ref(parameter))
}

/// The default of a type parameter, `NoDefault` if it has none.
fn type_parameter_default(parameter: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    if let Some(variable) = parameter.downcast_exact::<TypeVar>() {
        support::default_value(&variable.default, &variable.evaluate_default, thread)
    } else if let Some(variable) = parameter.downcast_exact::<ParamSpec>() {
        support::default_value(&variable.default, &variable.evaluate_default, thread)
    } else if let Some(variable) = parameter.downcast_exact::<TypeVarTuple>() {
        support::default_value(&variable.default, &variable.evaluate_default, thread)
    } else {
        Err(raise_no_parameter(parameter, thread))
    }
}
