//! Which zones were made: weakly all of a class, strongly the last few of `ZoneInfo` itself.

use std::cell::RefCell;

use objects::errors::PyResult;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

use super::zone::ZoneInfo;
use crate::datetime::parts::imported;

/// How many zones are kept.
const STRONG: usize = 8;

/// What an interpreter keeps.
#[derive(Default)]
struct Caches {
    /// A `WeakValueDictionary`.
    weak: RefCell<Option<Py<Object>>>,
    /// Keys and zones, the last used first.
    strong: RefCell<Vec<(Py<Object>, Py<Object>)>>,
}

fn new_weak(thread: &mut Thread) -> PyResult<Py<Object>> {
    let class = imported("weakref", "WeakValueDictionary", thread)?;
    protocol::call(&class, &[], thread)
}

/// The weak cache of a class, which subclasses have as an attribute.
pub fn weak(class: &Type, thread: &mut Thread) -> PyResult<Py<Object>> {
    if !class.is(ZoneInfo::class()) {
        let name = thread.intern_text("_weak_cache");
        return protocol::get_attribute(class, &name, thread);
    }
    let caches = thread.interpreter().extension::<Caches>();
    if let Some(known) = &*caches.weak.borrow() {
        return Ok(known.clone());
    }
    let made = new_weak(thread)?;
    caches.weak.replace(Some(made.clone()));
    Ok(made)
}

/// Gives a subclass its weak cache.
pub fn give_to(class: &Type, thread: &mut Thread) -> PyResult<()> {
    let made = new_weak(thread)?;
    let name = thread.intern_text("_weak_cache");
    protocol::set_attribute(class, &name, Some(&made), thread)
}

/// A zone that is kept, by its key.
fn place_of(key: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    // Comparing keys may run Python code.
    let known = thread.interpreter().extension::<Caches>().strong.borrow().clone();
    for (own, zone) in known {
        if own.is(key) || protocol::equals(&own, key, thread)? {
            return Ok(Some(zone));
        }
    }
    Ok(None)
}

/// A zone that was used lately; it becomes the last used.
pub fn recent(key: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let Some(zone) = place_of(key, thread)? else { return Ok(None) };
    let caches = thread.interpreter().extension::<Caches>();
    let mut strong = caches.strong.borrow_mut();
    if let Some(index) = strong.iter().position(|it| it.1.is(&zone)) {
        strong[..=index].rotate_right(1);
    }
    Ok(Some(zone))
}

/// Keeps a zone as the last used.
pub fn note(key: &Object, zone: &Object, thread: &mut Thread) {
    let caches = thread.interpreter().extension::<Caches>();
    let dropped = {
        let mut strong = caches.strong.borrow_mut();
        strong.insert(0, (Py::from_ref(key), Py::from_ref(zone)));
        if strong.len() > STRONG { strong.pop() } else { None }
    };
    drop(dropped);
}

pub fn forget(key: &Object, thread: &mut Thread) -> PyResult<()> {
    let Some(zone) = place_of(key, thread)? else { return Ok(()) };
    let caches = thread.interpreter().extension::<Caches>();
    let dropped = {
        let mut strong = caches.strong.borrow_mut();
        strong.iter().position(|it| it.1.is(&zone)).map(|it| strong.remove(it))
    };
    drop(dropped);
    Ok(())
}

pub fn forget_all(thread: &mut Thread) {
    let dropped = thread.interpreter().extension::<Caches>().strong.take();
    drop(dropped);
}
