//! `except*`: which part of an exception a clause gets, and what is raised when all clauses are done (PEP 654).

use super::base::BaseException;
use super::group::{BaseExceptionGroup, Matcher, make_group, split};
use super::matching::{as_exception_class, exception_matches};
use crate::errors::PyResult;
use crate::list::List;
use crate::names;
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Instance as _;

/// Checks what stands after `except*`.
fn check_kinds(kinds: &Object, thread: &mut Thread) -> PyResult<()> {
    let single = [Py::from_ref(kinds)];
    let members = kinds.downcast::<Tuple>().map_or(&single[..], Tuple::items);
    if members.iter().any(|it| as_exception_class(it).is_none()) {
        let message = "catching classes that do not inherit from BaseException is not allowed";
        return Err(raise!(thread, TypeError, "{message}"));
    }
    for kind in members {
        if protocol::is_subclass(kind, BaseExceptionGroup::class(), thread)? {
            let message = "catching ExceptionGroup with except* is not allowed. Use except instead.";
            return Err(raise!(thread, TypeError, "{message}"));
        }
    }
    Ok(())
}

/// Splits what is being handled at an `except*` clause: the rest for the clauses that follow, and what this one handles. Either is None if it
/// is nothing. A naked exception that matches is wrapped in a group.
pub fn split_group(exception: &Object, kinds: &Object, thread: &mut Thread) -> PyResult<(Py<Object>, Py<Object>)> {
    check_kinds(kinds, thread)?;
    if exception.is_none() {
        return Ok((thread.none(), thread.none()));
    }
    let is_group = exception.downcast::<BaseExceptionGroup>().is_some();
    if exception_matches(exception, kinds, thread)? {
        let matching = if is_group { Py::from_ref(exception) } else { wrap(exception, thread)? };
        return Ok((thread.none(), matching));
    }
    if !is_group {
        return Ok((Py::from_ref(exception), thread.none()));
    }
    let parts = protocol::call_method(exception, &names::split, &[kinds], thread)?;
    let class = exception.class().full_name();
    let Some(parts) = parts.downcast_exact::<Tuple>() else {
        let found = parts.class().full_name();
        return Err(raise!(thread, TypeError, "{class}.split must return a tuple, not {found}"));
    };
    match parts.items() {
        [matching, rest, ..] => Ok((rest.clone(), matching.clone())),
        few => {
            let size = few.len();
            Err(raise!(thread, TypeError, "{class}.split must return a 2-tuple, got tuple of size {size}"))
        }
    }
}

/// A group of one exception, with a traceback that starts here.
fn wrap(exception: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let members = Tuple::from_slice(&[exception], thread)?;
    let group = make_group(&members, thread)?;
    let traceback = thread.traceback_here()?;
    if let Some(group) = group.downcast::<BaseException>() {
        group.set_traceback(traceback);
    }
    Ok(group)
}

/// What is raised after the clauses of an `except*`: `raised` has what came out of each, and what none handled. Exceptions that are parts of
/// the original are put together again in its shape; new ones form a group with it.
pub fn prepare_reraise_star(original: &Object, raised: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(raised) = raised.downcast::<List>().map(|it| it.snapshot(thread)) else {
        return Err(raise!(thread, SystemError, "a list of exceptions was expected on the stack"));
    };
    let mut raised: Vec<Py<Object>> = raised.into_iter().filter(|it| !it.is_none()).collect();
    if original.downcast::<BaseExceptionGroup>().is_none() {
        // A naked exception: only one clause can have run, so at most one exception came out.
        return Ok(raised.drain(..).next().unwrap_or_else(|| thread.none()));
    }
    let (mut again, mut new) = (Vec::new(), Vec::new());
    for exception in raised {
        if has_same_metadata(&exception, original) { again.push(exception) } else { new.push(exception) }
    }
    let unhandled = pick(original, &again, thread)?;
    if new.is_empty() {
        return Ok(unhandled.unwrap_or_else(|| thread.none()));
    }
    new.extend(unhandled);
    match new.as_slice() {
        [only] => Ok(only.clone()),
        several => {
            let several = List::new(several.to_vec(), thread)?;
            make_group(&several, thread)
        }
    }
}

/// True if an exception is a part that was split off the original and raised again: a part has the original's metadata.
fn has_same_metadata(exception: &Object, original: &Object) -> bool {
    let (Some(left), Some(right)) = (exception.downcast::<BaseException>(), original.downcast::<BaseException>())
    else {
        return false;
    };
    is_same(left.traceback(), right.traceback())
        && is_same(left.cause().map(Py::into_object), right.cause().map(Py::into_object))
        && is_same(left.context().map(Py::into_object), right.context().map(Py::into_object))
}

fn is_same(left: Option<Py<Object>>, right: Option<Py<Object>>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => left.is(&right),
        (None, None) => true,
        _ => false,
    }
}

/// The part of a group that has the exceptions of these groups, in the group's shape.
fn pick(group: &Object, parts: &[Py<Object>], thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    if parts.is_empty() {
        return Ok(None);
    }
    let mut leaves = Vec::new();
    for part in parts {
        collect_leaves(part, &mut leaves, thread)?;
    }
    Ok(split(group, &Matcher::Identities(&leaves), thread)?.0)
}

/// The addresses of the exceptions in a group that are no groups themselves.
fn collect_leaves(exception: &Object, leaves: &mut Vec<usize>, thread: &mut Thread) -> PyResult<()> {
    let Some(group) = exception.downcast::<BaseExceptionGroup>() else {
        leaves.push(exception.address());
        return Ok(());
    };
    thread.check_stack(" in collect_exception_group_leaf_ids")?;
    let members = group.exceptions(thread);
    for member in members.items() {
        collect_leaves(member, leaves, thread)?;
    }
    Ok(())
}
