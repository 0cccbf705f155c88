//! `__build_class__`: what a `class` statement calls (language reference, Class definitions).

use interpreter::function::Function;
use objects::cell::Cell;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;

/// Makes a class from the function of its body.
pub fn build_class(
    function: &Object,
    name: &Object,
    bases: &[&Object],
    keywords: Option<Py<Dict>>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let Some(body) = function.downcast_exact::<Function>() else {
        return Err(raise!(thread, TypeError, "__build_class__: func must be a function"));
    };
    let Some(name) = name.downcast::<Str>() else {
        return Err(raise!(thread, TypeError, "__build_class__: name is not a string"));
    };
    // 1. Bases that are not classes say what stands for them.
    let original = Tuple::new(bases.iter().map(|it| Py::from_ref(*it)).collect(), thread)?;
    let resolved = resolve_bases(&original, thread)?;
    // 2. The metaclass: given, or the first base's type, or `type`; the most derived one if it is a class.
    let (metaclass, keywords) = choose_metaclass(&resolved, keywords, thread)?;
    // 3. The namespace: `metaclass.__prepare__`, or a dict.
    let namespace = prepare(&metaclass, name, &resolved, keywords.as_deref(), thread)?;
    // 4. The body runs in it.
    let cell = interpreter::execute::run_class_body(body, namespace.clone(), thread)?;
    if !resolved.is(&original) {
        protocol::set_item(&namespace, &names::__orig_bases__, &original, thread)?;
    }
    // 5. The metaclass makes the class, and `__class__` in its methods must be that class.
    let class = call_metaclass(&metaclass, name, &resolved, &namespace, keywords.as_deref(), thread)?;
    check_class_cell(&cell, &class, name, thread)?;
    Ok(class)
}

/// Replaces bases that are no classes but have `__mro_entries__` by what that gives (PEP 560).
fn resolve_bases(bases: &Py<Tuple>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let mut resolved: Option<Vec<Py<Object>>> = None;
    for (index, base) in bases.items().iter().enumerate() {
        let method = match base.downcast::<Type>() {
            Some(_) => None,
            None => protocol::lookup_attribute(base, &names::__mro_entries__, thread)?,
        };
        let Some(method) = method else {
            if let Some(resolved) = &mut resolved {
                resolved.push(base.clone());
            }
            continue;
        };
        let entries = protocol::call(&method, &[bases], thread)?;
        let Some(entries) = entries.downcast::<Tuple>() else {
            return Err(raise!(thread, TypeError, "__mro_entries__ must return a tuple"));
        };
        resolved.get_or_insert_with(|| bases.items()[..index].to_vec()).extend_from_slice(entries.items());
    }
    match resolved {
        Some(resolved) => Tuple::new(resolved, thread),
        None => Ok(bases.clone()),
    }
}

/// The metaclass, and the keywords without it.
type Chosen = (Py<Object>, Option<Py<Dict>>);

fn choose_metaclass(bases: &Tuple, keywords: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Chosen> {
    let given = match &keywords {
        Some(keywords) => keywords.pop(&names::metaclass, thread)?,
        None => None,
    };
    let metaclass = match given {
        Some(metaclass) => metaclass,
        None => match bases.items().first() {
            Some(base) => Py::from_ref(base.class()).into_object(),
            None => Py::from_ref(<Type as objects::types::Instance>::class()).into_object(),
        },
    };
    let Some(class) = metaclass.downcast::<Type>() else { return Ok((metaclass, keywords)) };
    let winner = objects::types::calculate_metaclass(class, bases.items(), thread)?;
    Ok((winner.into_object(), keywords))
}

fn prepare(
    metaclass: &Object,
    name: &Str,
    bases: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let Some(method) = protocol::lookup_attribute(metaclass, &names::__prepare__, thread)? else {
        return Ok(Dict::new(thread).into_object());
    };
    let arguments = Tuple::new(vec![Py::from_ref(name).into_object(), Py::from_ref(bases).into_object()], thread)?;
    let namespace = protocol::call_tuple_or_vector(&method, &arguments, keywords, thread)?;
    if !crate::is_mapping(&namespace) {
        let found = namespace.class().short_name();
        let text = match metaclass.downcast::<Type>() {
            Some(class) => class.short_name(),
            None => "<metaclass>".to_owned(),
        };
        return Err(raise!(thread, TypeError, "{text}.__prepare__() must return a mapping, not {found}"));
    }
    Ok(namespace)
}

fn call_metaclass(
    metaclass: &Object,
    name: &Str,
    bases: &Tuple,
    namespace: &Object,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let arguments = vec![Py::from_ref(name).into_object(), Py::from_ref(bases).into_object(), Py::from_ref(namespace)];
    let arguments = Tuple::new(arguments, thread)?;
    protocol::call_tuple_or_vector(metaclass, &arguments, keywords, thread)
}

/// The body returns the cell of `__class__` if its methods use it: `type.__new__` must have filled it.
fn check_class_cell(cell: &Object, class: &Object, name: &Str, thread: &mut Thread) -> PyResult<()> {
    let Some(cell) = cell.downcast_exact::<Cell>() else { return Ok(()) };
    if class.downcast::<Type>().is_none() {
        return Ok(());
    }
    let name = name.to_string_lossy();
    match cell.get() {
        Some(found) if found.is(class) => Ok(()),
        Some(found) => {
            let found = protocol::repr(&found, thread)?.to_string_lossy();
            let class = protocol::repr(class, thread)?.to_string_lossy();
            Err(raise!(thread, TypeError, "__class__ set to {found} defining '{name}' as {class}"))
        }
        None => {
            let class = protocol::repr(class, thread)?.to_string_lossy();
            Err(raise!(
                thread,
                RuntimeError,
                "__class__ not set defining '{name}' as {class}. Was __classcell__ propagated to type.__new__?"
            ))
        }
    }
}
