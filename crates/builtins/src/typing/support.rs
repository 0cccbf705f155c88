//! What the types of this folder share: calling `typing`, the module of the caller, types as text, defaults that are computed when asked for.

use objects::errors::PyResult;
use objects::names;
use objects::none::{EllipsisType, NoneType};
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;
use text::builder::StrBuilder;

use super::evaluator::ConstantEvaluator;
use super::no_default::NoDefaultType;
use super::type_variable_tuple::TypeVarTuple;

/// `typing.name`
pub(super) fn typing_attribute(name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let import = protocol::builtin(&names::__import__, thread)?;
    let typing = Str::from_str("typing", thread);
    let module = protocol::call_one(&import, &typing, thread)?;
    let name = thread.intern_text(name);
    protocol::get_attribute(&module, &name, thread)
}

/// `typing.name(*arguments)`
pub(super) fn call_typing(name: &str, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
    let function = typing_attribute(name, thread)?;
    protocol::call(&function, arguments, thread)
}

/// An object as a type, checked by `typing`; None means its type.
pub(crate) fn check_type(value: &Object, message: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    if value.is_none() {
        return Ok(Py::from_ref(NoneType::class()).into_object());
    }
    let message = Str::from_str(message, thread);
    call_typing("_type_check", &[value, &message], thread)
}

/// `bound=` as it is kept: None if there is no bound.
pub(super) fn check_bound(bound: Option<&Object>, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    match bound.filter(|it| !it.is_none()) {
        Some(bound) => check_type(bound, "Bound must be a type.", thread).map(Some),
        None => Ok(None),
    }
}

/// The variance that a type variable is declared with.
pub(super) fn check_variance(
    covariant: bool,
    contravariant: bool,
    inferred: bool,
    thread: &mut Thread,
) -> PyResult<()> {
    if covariant && contravariant {
        return Err(raise!(thread, ValueError, "Bivariant types are not supported."));
    }
    if inferred && (covariant || contravariant) {
        return Err(raise!(thread, ValueError, "Variance cannot be specified with infer_variance."));
    }
    Ok(())
}

/// The name of the module whose code runs now; None if no Python code does.
pub(super) fn calling_module(thread: &mut Thread) -> Py<Object> {
    let globals = thread.current_globals();
    let name = globals.and_then(|globals| globals.get_str(&names::__name__, thread));
    name.unwrap_or_else(|| thread.none())
}

/// Notes the module in which a type variable was made.
pub(super) fn set_module(variable: &Object, thread: &mut Thread) -> PyResult<()> {
    let module = calling_module(thread);
    protocol::set_attribute(variable, &names::__module__, Some(&module), thread)
}

/// `typing.Unpack[value]`
pub(super) fn unpacked(value: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let unpack = typing_attribute("Unpack", thread)?;
    protocol::get_item(&unpack, value, thread)
}

/// `iter((Unpack[value],))`: what `*value` gives.
pub(super) fn iterate_unpacked(value: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let unpacked = unpacked(value, thread)?;
    let tuple = Tuple::new(vec![unpacked], thread)?;
    protocol::iter(&tuple, thread)
}

/// Type parameters with each TypeVarTuple unpacked, as `Generic[…]` wants them.
pub(super) fn unpack_variable_tuples(parameters: &Tuple, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    if !parameters.items().iter().any(|it| it.is_exactly::<TypeVarTuple>()) {
        return Ok(Py::from_ref(parameters));
    }
    let mut unpacked_parameters = Vec::with_capacity(parameters.length());
    for parameter in parameters.items() {
        let is_variadic = parameter.is_exactly::<TypeVarTuple>();
        unpacked_parameters.push(if is_variadic { unpacked(parameter, thread)? } else { parameter.clone() });
    }
    Tuple::new(unpacked_parameters, thread)
}

/// Appends a type as representations of generic types show it: classes by their names, other things by `repr`.
pub(crate) fn push_type_repr(text: &mut StrBuilder, value: &Object, thread: &mut Thread) -> PyResult<()> {
    if value.is(EllipsisType::get()) {
        text.push_str("...");
        return Ok(());
    }
    if value.is(NoneType::class()) {
        text.push_str("None");
        return Ok(());
    }
    match class_name(value, thread)? {
        Some((module, name)) => {
            if let Some(module) = module {
                text.push_view(module.view());
                text.push_str(".");
            }
            text.push_view(name.view());
        }
        None => {
            let shown = protocol::repr(value, thread)?;
            text.push_view(shown.view());
        }
    }
    Ok(())
}

/// The name of something that looks like a class, with its module unless that is `builtins`; None for what does not.
#[expect(clippy::type_complexity, reason = "a pair of names, used here alone")]
fn class_name(value: &Object, thread: &mut Thread) -> PyResult<Option<(Option<Py<Str>>, Py<Str>)>> {
    let looks_generic = protocol::lookup_attribute(value, &names::__origin__, thread)?.is_some()
        && protocol::lookup_attribute(value, &names::__args__, thread)?.is_some();
    if looks_generic {
        return Ok(None);
    }
    let Some(name) = protocol::lookup_attribute(value, &names::__qualname__, thread)? else { return Ok(None) };
    let module = protocol::lookup_attribute(value, &names::__module__, thread)?;
    let Some(module) = module.filter(|it| !it.is_none()) else { return Ok(None) };
    let name = protocol::str(&name, thread)?;
    if module.downcast::<Str>().is_some_and(|it| it.equals_text("builtins")) {
        return Ok(Some((None, name)));
    }
    let module = protocol::str(&module, thread)?;
    Ok(Some((Some(module), name)))
}

/// A value that may be given, or computed by a function when it is first asked for.
pub(super) fn lazy_value(value: &Field, evaluate: &Field, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    if let Some(value) = value.get() {
        return Ok(Some(value));
    }
    let Some(function) = evaluate.get() else { return Ok(None) };
    let computed = protocol::call(&function, &[], thread)?;
    value.set(Some(computed.clone()));
    Ok(Some(computed))
}

/// The function that computes a lazy value; for one that was given, a function that gives it.
pub(super) fn evaluator(value: &Field, evaluate: &Field, thread: &mut Thread) -> Option<Py<Object>> {
    match (evaluate.get(), value.get()) {
        (Some(function), _) => Some(function),
        (None, Some(value)) => Some(ConstantEvaluator::new(value, thread).into_object()),
        (None, None) => None,
    }
}

/// `has_default()`
pub(super) fn has_default(value: &Field, evaluate: &Field) -> bool {
    !evaluate.is_empty() || !value.is_empty() && !value.holds(NoDefaultType::get())
}

/// `__default__`: `typing.NoDefault` if there is none.
pub(super) fn default_value(value: &Field, evaluate: &Field, thread: &mut Thread) -> PyResult<Py<Object>> {
    let value = lazy_value(value, evaluate, thread)?;
    Ok(value.unwrap_or_else(|| Py::from_ref(NoDefaultType::get())))
}

/// The field of a `default=` argument.
pub(super) fn default_field(default: Option<&Object>) -> Field {
    Field::new(Some(Py::from_ref(default.unwrap_or(NoDefaultType::get()))))
}
