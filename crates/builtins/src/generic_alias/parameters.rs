//! Type variables in arguments: collecting them, and putting other arguments in their places.
//!
//! The protocol is that of `typing`: type variables have `__typing_subst__`, generic aliases `__parameters__`. The algorithm is that of CPython's
//! genericaliasobject.c (`_Py_make_parameters`, `_Py_subs_parameters`).

use objects::errors::PyResult;
use objects::list::List;
use objects::names;
use objects::none::EllipsisType;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;

use super::object::GenericAlias;

/// The items of a tuple or a list, None for other objects.
fn nested_items(object: &Object, thread: &Thread) -> Option<Vec<Py<Object>>> {
    if let Some(tuple) = object.downcast::<Tuple>() {
        return Some(tuple.items().to_vec());
    }
    object.downcast::<List>().map(|list| list.snapshot(thread))
}

/// The type variables in some arguments, each once, in order.
pub fn collect(arguments: &Tuple, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let found = collect_from(arguments.items(), thread)?;
    Tuple::new(found, thread)
}

fn collect_from(arguments: &[Py<Object>], thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    thread.check_stack(" while collecting type parameters")?;
    let mut found: Vec<Py<Object>> = Vec::new();
    for argument in arguments {
        // The `__parameters__` of a class itself are none of the alias's.
        if argument.downcast::<Type>().is_some() {
            continue;
        }
        if protocol::lookup_attribute(argument, &names::__typing_subst__, thread)?.is_some() {
            add(&mut found, argument.clone());
            continue;
        }
        let own = match protocol::lookup_attribute(argument, &names::__parameters__, thread)? {
            Some(own) => own.downcast::<Tuple>().map(|own| own.items().to_vec()),
            None => match nested_items(argument, thread) {
                Some(items) => Some(collect_from(&items, thread)?),
                None => None,
            },
        };
        own.into_iter().flatten().for_each(|it| add(&mut found, it));
    }
    Ok(found)
}

fn add(found: &mut Vec<Py<Object>>, parameter: Py<Object>) {
    if !found.iter().any(|it| it.is(&parameter)) {
        found.push(parameter);
    }
}

/// The arguments of `alias[item]`: those of the alias, with what `item` says in the places of the parameters.
pub fn substitute(
    alias: &Object,
    arguments: &Tuple,
    parameters: &Tuple,
    item: &Object,
    thread: &mut Thread,
) -> PyResult<Py<Tuple>> {
    let new = substitute_in(alias, arguments.items(), parameters, item, thread)?;
    Tuple::new(new, thread)
}

fn substitute_in(
    alias: &Object,
    arguments: &[Py<Object>],
    parameters: &Tuple,
    item: &Object,
    thread: &mut Thread,
) -> PyResult<Vec<Py<Object>>> {
    thread.check_stack(" while substituting type parameters")?;
    if parameters.length() == 0 {
        let shown = protocol::repr(alias, thread)?.to_string_lossy();
        return Err(raise!(thread, TypeError, "{shown} is not a generic class"));
    }
    let item = prepare(alias, parameters, item, thread)?;
    let single = [item.clone()];
    let values: &[Py<Object>] = item.downcast::<Tuple>().map_or(&single, Tuple::items);
    let (given, expected) = (values.len(), parameters.length());
    if given != expected {
        let shown = protocol::repr(alias, thread)?.to_string_lossy();
        let relation = if given > expected { "many" } else { "few" };
        let message = format_args!("Too {relation} arguments for {shown}; actual {given}, expected {expected}");
        return Err(raise!(thread, TypeError, "{message}"));
    }
    let mut new = Vec::with_capacity(arguments.len());
    for argument in arguments {
        substitute_one(alias, argument, parameters, &item, values, &mut new, thread)?;
    }
    Ok(new)
}

/// Lets each parameter change the arguments as a whole first.
fn prepare(alias: &Object, parameters: &Tuple, item: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let mut item = unpack(item, thread)?.into_object();
    for parameter in parameters.items() {
        let method = protocol::lookup_attribute(parameter, &names::__typing_prepare_subst__, thread)?;
        let Some(method) = method.filter(|it| !it.is_none()) else { continue };
        let arguments = match item.downcast::<Tuple>() {
            Some(tuple) => Py::from_ref(tuple),
            None => Tuple::from_slice(&[&item], thread)?,
        };
        item = protocol::call(&method, &[alias, &arguments], thread)?;
    }
    Ok(item)
}

/// The given arguments, `*tuple[int, str]` among them spread out.
fn unpack(item: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let given = item.downcast::<Tuple>().map_or_else(|| vec![Py::from_ref(item)], |it| it.items().to_vec());
    let mut spread = Vec::with_capacity(given.len());
    for argument in given {
        match unpacked_arguments(&argument, thread)? {
            Some(inner) if !inner.items().last().is_some_and(|it| it.is(EllipsisType::get())) => {
                spread.extend(inner.items().iter().cloned());
            }
            _ => spread.push(argument),
        }
    }
    Tuple::new(spread, thread)
}

fn unpacked_arguments(argument: &Object, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
    if argument.downcast::<Type>().is_some() {
        return Ok(None);
    }
    if let Some(inner) = GenericAlias::of(argument).and_then(GenericAlias::unpacked_arguments) {
        return Ok(Some(Py::from_ref(inner)));
    }
    let inner = protocol::lookup_attribute(argument, &names::__typing_unpacked_tuple_args__, thread)?;
    Ok(inner.and_then(|it| it.downcast_into::<Tuple>().ok()))
}

/// Appends what becomes of one argument.
fn substitute_one(
    alias: &Object,
    argument: &Py<Object>,
    parameters: &Tuple,
    item: &Object,
    values: &[Py<Object>],
    new: &mut Vec<Py<Object>>,
    thread: &mut Thread,
) -> PyResult<()> {
    if argument.downcast::<Type>().is_some() {
        new.push(argument.clone());
        return Ok(());
    }
    if let Some(items) = nested_items(argument, thread) {
        let nested = substitute_in(alias, &items, parameters, item, thread)?;
        new.push(match argument.downcast::<Tuple>() {
            Some(_) => Tuple::new(nested, thread)?.into_object(),
            None => List::new(nested, thread)?.into_object(),
        });
        return Ok(());
    }
    let spreads = is_unpacked_variable(argument, thread)?;
    let value = match protocol::lookup_attribute(argument, &names::__typing_subst__, thread)? {
        Some(method) => {
            let position = parameters.items().iter().position(|it| it.is(argument));
            let Some(value) = position.and_then(|position| values.get(position)) else {
                let shown = protocol::repr(argument, thread)?.to_string_lossy();
                return Err(raise!(
                    thread,
                    TypeError,
                    "argument {shown} with __typing_subst__ was not found in __parameters__"
                ));
            };
            protocol::call_one(&method, value, thread)?
        }
        None => substitute_in_alias(argument, parameters, values, thread)?,
    };
    if !spreads {
        new.push(value);
        return Ok(());
    }
    let Some(inner) = value.downcast::<Tuple>() else {
        let (of, found) = (argument.class().full_name(), value.class().full_name());
        let message = format_args!("expected __typing_subst__ of {of} objects to return a tuple, not {found}");
        return Err(raise!(thread, TypeError, "{message}"));
    };
    new.extend(inner.items().iter().cloned());
    Ok(())
}

/// True for `*Ts`, whose value is a tuple to spread.
fn is_unpacked_variable(argument: &Object, thread: &mut Thread) -> PyResult<bool> {
    let name = thread.intern_text("__typing_is_unpacked_typevartuple__");
    match protocol::lookup_attribute(argument, &name, thread)? {
        Some(answer) => protocol::is_true(&answer, thread),
        None => Ok(false),
    }
}

/// An argument that is itself a generic alias, subscribed with what its parameters stand for; other objects as they are.
fn substitute_in_alias(
    argument: &Py<Object>,
    parameters: &Tuple,
    values: &[Py<Object>],
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let own = protocol::lookup_attribute(argument, &names::__parameters__, thread)?;
    let Some(own) = own.and_then(|it| it.downcast_into::<Tuple>().ok()).filter(|it| it.length() > 0) else {
        return Ok(argument.clone());
    };
    let mut inner = Vec::with_capacity(own.length());
    for parameter in own.items() {
        let position = parameters.items().iter().position(|it| it.is(parameter));
        let value = position.and_then(|position| values.get(position)).unwrap_or(parameter);
        // Of the variables only a TypeVarTuple can be iterated over: it stands for several.
        let several = position.is_some() && parameter.class().slots().tp_iter.get().is_some();
        match value.downcast::<Tuple>().filter(|_| several) {
            Some(values) => inner.extend(values.items().iter().cloned()),
            None => inner.push(value.clone()),
        }
    }
    let inner = Tuple::new(inner, thread)?;
    protocol::get_item(argument, &inner, thread)
}
