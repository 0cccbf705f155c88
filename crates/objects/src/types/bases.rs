//! The bases of a new class: which metaclass they ask for, which of them decides the layout of instances.

use layout::Py_TPFLAGS_BASETYPE;

use super::handle::Type;
use crate::errors::PyResult;
use crate::object::BaseObject;
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;
use crate::types::Instance as _;

/// The most derived of a metaclass and the bases' metaclasses.
pub fn calculate_metaclass(metaclass: &Type, bases: &[Py<Object>], thread: &mut Thread) -> PyResult<Py<Type>> {
    let mut winner = Py::from_ref(metaclass);
    for base in bases {
        let theirs = base.class();
        if winner.is_subtype(theirs) {
            continue;
        }
        if theirs.is_subtype(&winner) {
            winner = Py::from_ref(theirs);
            continue;
        }
        let message = "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the \
                       metaclasses of all its bases";
        return Err(raise!(thread, TypeError, "{message}"));
    }
    Ok(winner)
}

/// The class, itself or the nearest base, that last added something to the layout of instances.
pub fn solid_base(class: &Type) -> &Type {
    let mut solid = class;
    while let Some(base) = solid.base() {
        if differs_in_shape(solid, base) {
            return solid;
        }
        solid = base;
    }
    solid
}

fn differs_in_shape(class: &Type, base: &Type) -> bool {
    class.basic_size() != base.basic_size() || class.item_size() != base.item_size()
}

/// The base whose layout instances start with; it must extend those of all other bases.
pub fn best_base(bases: &[Py<Object>], thread: &mut Thread) -> PyResult<Py<Type>> {
    let mut best: Option<(Py<Type>, Py<Type>)> = None;
    for base in bases {
        let Some(base) = base.downcast::<Type>() else {
            return Err(raise!(thread, TypeError, "bases must be types"));
        };
        if !base.has_flag(Py_TPFLAGS_BASETYPE) {
            let name = base.full_name();
            return Err(raise!(thread, TypeError, "type '{name}' is not an acceptable base type"));
        }
        let candidate = solid_base(base);
        match &best {
            Some((winner, _)) if winner.is_subtype(candidate) => {}
            Some((winner, _)) if !candidate.is_subtype(winner) => {
                return Err(raise!(thread, TypeError, "multiple bases have instance lay-out conflict"));
            }
            _ => best = Some((Py::from_ref(candidate), Py::from_ref(base))),
        }
    }
    Ok(best.map_or_else(|| Py::from_ref(BaseObject::class()), |(_, base)| base))
}
