//! `isinstance` and `issubclass`, with what metaclasses and abstract classes have to say.

use crate::errors::{AttributeError, PyResult};
use crate::names;
use crate::object::{BaseObject, has_generic_getattribute};
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

use super::special::lookup_special;
use super::{get_attribute, is_true};

const BAD_INSTANCE_CLASS: &str = "isinstance() arg 2 must be a type, a tuple of types, or a union";
const BAD_SUBCLASS_CLASS: &str = "issubclass() arg 2 must be a class, a tuple of classes, or a union";

/// `isinstance(object, class)`.
#[inline]
pub fn is_instance(object: &Object, class: &Object, thread: &mut Thread) -> PyResult<bool> {
    if class.is(object.class()) {
        return Ok(true);
    }
    if class.is_exactly::<Type>() {
        return is_instance_without_hook(object, class, thread);
    }
    is_instance_of_any(object, class, thread)
}

#[inline(never)]
fn is_instance_of_any(object: &Object, class: &Object, thread: &mut Thread) -> PyResult<bool> {
    if let Some(classes) = alternatives(class, thread)? {
        thread.check_stack(" in __instancecheck__")?;
        for class in classes.items() {
            if is_instance(object, class, thread)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    match lookup_special(class, &names::__instancecheck__, thread)? {
        Some(method) => {
            thread.check_stack(" in __instancecheck__")?;
            let answer = method.call(class, &[object], thread)?;
            is_true(&answer, thread)
        }
        None => is_instance_without_hook(object, class, thread),
    }
}

/// The members of a tuple of classes or a union.
fn alternatives(class: &Object, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
    if let Some(classes) = class.downcast::<Tuple>() {
        return Ok(Some(Py::from_ref(classes)));
    }
    if !class.class().is_heap_type() && class.class().full_name() == "typing.Union" {
        let members = get_attribute(class, &names::__args__, thread)?;
        return Ok(members.downcast_into::<Tuple>().ok());
    }
    Ok(None)
}

/// True if `__class__` is the attribute that all objects inherit, which gives their type: nothing has to be asked.
#[inline]
fn claims_its_own_class(object: &Object, thread: &Thread) -> bool {
    let class = object.class();
    if !has_generic_getattribute(class) {
        return false;
    }
    let inherited = BaseObject::class().lookup(&names::__class__, thread);
    match (class.lookup(&names::__class__, thread), inherited) {
        (Some(own), Some(inherited)) => std::ptr::eq(&*own, &*inherited),
        _ => false,
    }
}

/// `type.__instancecheck__`: by the object's type, then by what it gives as its `__class__`.
pub fn is_instance_without_hook(object: &Object, class: &Object, thread: &mut Thread) -> PyResult<bool> {
    if let Some(class) = class.downcast::<Type>() {
        if object.class().is_subtype(class) {
            return Ok(true);
        }
        if claims_its_own_class(object, thread) {
            return Ok(false);
        }
        let claimed = get_attribute(object, &names::__class__, thread);
        let Some(claimed) = thread.suppress(claimed, AttributeError)? else { return Ok(false) };
        return Ok(match claimed.downcast::<Type>() {
            Some(claimed) => !std::ptr::eq(claimed, object.class()) && claimed.is_subtype(class),
            None => false,
        });
    }
    check_is_class(class, BAD_INSTANCE_CLASS, thread)?;
    let claimed = get_attribute(object, &names::__class__, thread);
    match thread.suppress(claimed, AttributeError)? {
        Some(claimed) => is_abstract_subclass(&claimed, class, thread),
        None => Ok(false),
    }
}

/// `issubclass(derived, class)`.
pub fn is_subclass(derived: &Object, class: &Object, thread: &mut Thread) -> PyResult<bool> {
    if class.is_exactly::<Type>() {
        if std::ptr::eq(derived, class) {
            return Ok(true);
        }
        return is_subclass_without_hook(derived, class, thread);
    }
    if let Some(classes) = alternatives(class, thread)? {
        thread.check_stack(" in __subclasscheck__")?;
        for class in classes.items() {
            if is_subclass(derived, class, thread)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    match lookup_special(class, &names::__subclasscheck__, thread)? {
        Some(method) => {
            thread.check_stack(" in __subclasscheck__")?;
            let answer = method.call(class, &[derived], thread)?;
            is_true(&answer, thread)
        }
        None => is_subclass_without_hook(derived, class, thread),
    }
}

/// `type.__subclasscheck__`.
pub fn is_subclass_without_hook(derived: &Object, class: &Object, thread: &mut Thread) -> PyResult<bool> {
    if let (Some(derived), Some(class)) = (derived.downcast::<Type>(), class.downcast::<Type>()) {
        return Ok(derived.is_subtype(class));
    }
    check_is_class(derived, "issubclass() arg 1 must be a class", thread)?;
    check_is_class(class, BAD_SUBCLASS_CLASS, thread)?;
    is_abstract_subclass(derived, class, thread)
}

/// The bases of something that is used as a class: its `__bases__`, if that is a tuple.
fn bases_of(class: &Object, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
    let bases = get_attribute(class, &names::__bases__, thread);
    let bases = thread.suppress(bases, AttributeError)?;
    Ok(bases.and_then(|it| it.downcast_into::<Tuple>().ok()))
}

fn check_is_class(class: &Object, message: &str, thread: &mut Thread) -> PyResult<()> {
    match bases_of(class, thread)? {
        Some(_) => Ok(()),
        None => Err(raise!(thread, TypeError, "{message}")),
    }
}

/// Whether `class` is among the bases of `derived`, or theirs, by their `__bases__`.
fn is_abstract_subclass(derived: &Object, class: &Object, thread: &mut Thread) -> PyResult<bool> {
    let mut derived = Py::from_ref(derived);
    loop {
        if derived.is(class) {
            return Ok(true);
        }
        let Some(bases) = bases_of(&derived, thread)? else { return Ok(false) };
        match bases.items() {
            [] => return Ok(false),
            [base] => derived = base.clone(),
            several => {
                thread.check_stack(" in __issubclass__")?;
                for base in several {
                    if is_abstract_subclass(base, class, thread)? {
                        return Ok(true);
                    }
                }
                return Ok(false);
            }
        }
    }
}
