//! Method resolution orders: the C3 linearization (M. Simionato, «The Python 2.3 Method Resolution Order»), and what a metaclass's `mro()` makes of it.

use super::handle::Type;
use crate::errors::PyResult;
use crate::names;
use crate::protocol::{self, call_special};
use crate::raise;
use crate::refs::{Object, Py, cast};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, bases};

/// A class as a member of an order that is being made.
fn as_type(object: &Object) -> &Type {
    // SAFETY: bases and orders hold types only: checked when a class is made.
    unsafe { cast::<Type>(object) }
}

/// The order by C3: the class, and then its bases' orders and the bases themselves, merged.
pub fn linearize(class: &Type, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    let bases = class.bases().map_or_else(Vec::new, |it| it.items().to_vec());
    let mut sequences: Vec<Vec<Py<Object>>> = Vec::with_capacity(bases.len() + 1);
    for base in &bases {
        let Some(mro) = as_type(base).mro() else {
            let name = as_type(base).full_name();
            return Err(raise!(thread, TypeError, "Cannot extend an incomplete type '{name}'"));
        };
        sequences.push(mro.items().to_vec());
    }
    let mut order = vec![Py::from_ref(class).into_object()];
    if let [only] = &mut sequences[..] {
        order.append(only);
        return Ok(order);
    }
    for (at, base) in bases.iter().enumerate() {
        if bases[at + 1..].iter().any(|it| it.is(base)) {
            let name = as_type(base).short_name();
            return Err(raise!(thread, TypeError, "duplicate base class {name}"));
        }
    }
    sequences.push(bases);
    match merge(&mut order, sequences) {
        Ok(()) => Ok(order),
        Err(heads) => {
            let message = "Cannot create a consistent method resolution order (MRO) for bases";
            Err(raise!(thread, TypeError, "{message} {}", heads.join(", ")))
        }
    }
}

/// Appends the merge of the sequences; the names of what could not be placed if they contradict each other.
fn merge(order: &mut Vec<Py<Object>>, sequences: Vec<Vec<Py<Object>>>) -> Result<(), Vec<String>> {
    let mut starts = vec![0; sequences.len()];
    loop {
        let heads = || sequences.iter().zip(&starts).filter_map(|(items, start)| items.get(*start));
        if heads().next().is_none() {
            return Ok(());
        }
        let in_a_tail = |candidate: &Object| {
            sequences.iter().zip(&starts).any(|(items, start)| items.iter().skip(start + 1).any(|it| it.is(candidate)))
        };
        let Some(next) = heads().find(|head| !in_a_tail(head)).cloned() else {
            let mut names: Vec<String> = Vec::new();
            let mut seen: Vec<&Py<Object>> = Vec::new();
            for head in heads() {
                if !seen.iter().any(|it| it.is(head)) {
                    seen.push(head);
                    names.push(as_type(head).short_name());
                }
            }
            return Err(names);
        };
        for (items, start) in sequences.iter().zip(&mut starts) {
            if items.get(*start).is_some_and(|it| it.is(&next)) {
                *start += 1;
            }
        }
        order.push(next);
    }
}

/// The order of a class: what its metaclass's `mro()` gives.
pub fn resolution_order(class: &Type, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let metaclass = Py::from_ref(class.class_of());
    let plain = metaclass.is(Type::class());
    let mro = if plain { None } else { metaclass.lookup(&names::mro, thread) };
    let overridden = mro
        .is_some_and(|it| !Type::class().dict(thread).get_str(&names::mro, thread).is_some_and(|plain| plain.is(&it)));
    if !overridden {
        let order = linearize(class, thread)?;
        return Tuple::new(order, thread);
    }
    class.forbid_version(thread);
    let result = call_special(class, &names::mro, &[], thread)?.unwrap_or_else(|| thread.none());
    let order = protocol::collect(&result, thread)?;
    if order.is_empty() {
        return Err(raise!(thread, TypeError, "type MRO must not be empty"));
    }
    let solid = bases::solid_base(class);
    for item in &order {
        let Some(base) = item.downcast::<Type>() else {
            let name = item.class().full_name();
            return Err(raise!(thread, TypeError, "mro() returned a non-class ('{name}')"));
        };
        if !solid.is_subtype(bases::solid_base(base)) {
            let name = base.full_name();
            return Err(raise!(thread, TypeError, "mro() returned base with unsuitable layout ('{name}')"));
        }
    }
    Tuple::new(order, thread)
}
