//! Watchers of dicts (`cpython/dictobject.h`), types (`cpython/object.h`), functions (`cpython/funcobject.h`), code objects (`cpython/code.h`) and contexts
//! (`cpython/context.h`): registering them. Who calls them is `objects::watchers`.

use std::ffi::c_int;

use objects::dict::Dict;
use objects::errors::PyResult;
use objects::raise;
use objects::refs::Object;
use objects::thread::Thread;
use objects::types::Type;
use objects::watchers::{CodeWatch, ContextWatch, DictWatch, FunctionWatch, MOST, Registry, TypeWatch, Watchers};

use crate::entry::{Argument, export};

/// How messages name a kind of watchers, the number of its first one, and whether messages begin in lower case.
#[derive(Clone, Copy)]
struct Kind<F: 'static> {
    name: &'static str,
    first: usize,
    in_lower_case: bool,
    registry: fn(&Watchers) -> &Registry<F>,
}

// CPython keeps the lowest numbers of some kinds for itself.
const DICTS: Kind<DictWatch> = Kind { name: "dict", first: 2, in_lower_case: false, registry: |it| &it.dicts };
const TYPES: Kind<TypeWatch> = Kind { name: "type", first: 1, in_lower_case: false, registry: |it| &it.types };
const CODES: Kind<CodeWatch> = Kind { name: "code", first: 0, in_lower_case: false, registry: |it| &it.codes };
const FUNCTIONS: Kind<FunctionWatch> =
    Kind { name: "func", first: 0, in_lower_case: true, registry: |it| &it.functions };
const CONTEXTS: Kind<ContextWatch> =
    Kind { name: "context", first: 0, in_lower_case: false, registry: |it| &it.contexts };

impl<F: Copy> Kind<F> {
    fn add(self, callback: Option<F>, thread: &mut Thread) -> PyResult<c_int> {
        let Some(callback) = callback else {
            return Err(raise!(thread, SystemError, "bad argument to internal function"));
        };
        let number = (self.registry)(&thread.interpreter().watchers).add(self.first, callback);
        match number {
            Some(number) => Ok(number as c_int),
            None => Err(raise!(thread, RuntimeError, "no more {} watcher IDs available", self.name)),
        }
    }

    /// The number of a watcher that is there.
    fn check(self, number: c_int, thread: &mut Thread) -> PyResult<usize> {
        let registry = (self.registry)(&thread.interpreter().watchers);
        let place = usize::try_from(number).ok().filter(|it| *it < MOST);
        if let Some(place) = place.filter(|it| registry.has(*it)) {
            return Ok(place);
        }
        let name = self.name;
        let problem = match (place, self.in_lower_case) {
            (None, false) => format!("Invalid {name} watcher ID {number}"),
            (None, true) => format!("invalid {name} watcher ID {number}"),
            (Some(_), false) => format!("No {name} watcher set for ID {number}"),
            (Some(_), true) => format!("no {name} watcher set for ID {number}"),
        };
        Err(raise!(thread, ValueError, "{problem}"))
    }

    fn clear(self, number: c_int, thread: &mut Thread) -> PyResult<()> {
        let number = self.check(number, thread)?;
        (self.registry)(&thread.interpreter().watchers).clear(number);
        Ok(())
    }
}

macro_rules! callback_arguments {
    ($($kind:ty),*) => {$(
        impl Argument for Option<$kind> {
            type C = Self;

            unsafe fn from_c(value: Self, _: &mut Thread) -> PyResult<Self> {
                Ok(value)
            }
        }
    )*};
}

// Watchers of contexts have the type of those of code objects.
callback_arguments!(DictWatch, TypeWatch, FunctionWatch, CodeWatch);

fn dict(object: &Object, thread: &mut Thread) -> PyResult<()> {
    match object.downcast::<Dict>() {
        Some(_) => Ok(()),
        None => Err(raise!(thread, ValueError, "Cannot watch non-dictionary")),
    }
}

fn class<'a>(object: &'a Object, thread: &mut Thread) -> PyResult<&'a Type> {
    match object.downcast::<Type>() {
        Some(class) => Ok(class),
        None => Err(raise!(thread, ValueError, "Cannot watch non-type")),
    }
}

export! { thread;
    fn PyDict_AddWatcher(callback: Option<DictWatch>) -> c_int { DICTS.add(callback, thread) }

    fn PyDict_ClearWatcher(number: c_int) -> () { DICTS.clear(number, thread) }

    fn PyDict_Watch(number: c_int, object: &Object) -> () {
        dict(object, thread)?;
        let number = DICTS.check(number, thread)?;
        object.downcast::<Dict>().map_or(Ok(()), |it| it.watch(number, thread))
    }

    fn PyDict_Unwatch(number: c_int, object: &Object) -> () {
        dict(object, thread)?;
        let number = DICTS.check(number, thread)?;
        if let Some(dict) = object.downcast::<Dict>() {
            dict.unwatch(number);
        }
        Ok(())
    }

    fn PyType_AddWatcher(callback: Option<TypeWatch>) -> c_int { TYPES.add(callback, thread) }

    fn PyType_ClearWatcher(number: c_int) -> () { TYPES.clear(number, thread) }

    fn PyType_Watch(number: c_int, object: &Object) -> () {
        let class = class(object, thread)?;
        let number = TYPES.check(number, thread)?;
        // A version, so that the next change is noticed.
        class.assign_version(thread);
        let watched = &class.slots().tp_watched;
        watched.set(watched.get() | 1 << number);
        Ok(())
    }

    fn PyType_Unwatch(number: c_int, object: &Object) -> () {
        let class = class(object, thread)?;
        let number = TYPES.check(number, thread)?;
        let watched = &class.slots().tp_watched;
        watched.set(watched.get() & !(1 << number));
        Ok(())
    }

    fn PyFunction_AddWatcher(callback: Option<FunctionWatch>) -> c_int { FUNCTIONS.add(callback, thread) }

    fn PyFunction_ClearWatcher(number: c_int) -> () { FUNCTIONS.clear(number, thread) }

    fn PyCode_AddWatcher(callback: Option<CodeWatch>) -> c_int { CODES.add(callback, thread) }

    fn PyCode_ClearWatcher(number: c_int) -> () { CODES.clear(number, thread) }

    fn PyContext_AddWatcher(callback: Option<ContextWatch>) -> c_int { CONTEXTS.add(callback, thread) }

    fn PyContext_ClearWatcher(number: c_int) -> () { CONTEXTS.clear(number, thread) }
}
