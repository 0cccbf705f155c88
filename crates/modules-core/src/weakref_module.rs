//! `_weakref`: what `weakref` needs of the interpreter. The types themselves are the object core's.

use macros::python_module;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::list::List;
use objects::module::Module;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::{Instance, TypeDeclaration};
use objects::weakref::{self, CallableProxy, Proxy, WeakReference};

pub struct WeakrefModule;

/// Weak-reference support module.
#[python_module(name = "_weakref")]
impl WeakrefModule {
    /// getweakrefcount($module, object, /)
    /// --
    ///
    /// Return the number of weak references to 'object'.
    #[function]
    fn getweakrefcount(object: &Object) -> usize {
        weakref::references_to(object).len()
    }

    /// _remove_dead_weakref($module, dct, key, /)
    /// --
    ///
    /// Atomically remove key from dict if it points to a dead weakref.
    #[function]
    fn _remove_dead_weakref(dct: &Dict, key: &Object, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = dct.get(key, thread)? else { return Ok(()) };
        let Some(reference) = as_reference(&value) else {
            return Err(raise!(thread, TypeError, "not a weakref"));
        };
        if reference.get().is_none() {
            dct.delete(key, thread)?;
        }
        Ok(())
    }

    /// getweakrefs($module, object, /)
    /// --
    ///
    /// Return a list of all weak reference objects pointing to 'object'.
    #[function]
    fn getweakrefs(object: &Object, thread: &mut Thread) -> PyResult<Py<List>> {
        let references = weakref::references_to(object).into_iter().map(Py::into_object).collect();
        List::new(references, thread)
    }

    /// proxy($module, object, callback=None, /)
    /// --
    ///
    /// Create a proxy object that weakly references 'object'.
    ///
    /// 'callback', if given, is called with a reference to the
    /// proxy when 'object' is about to be finalized.
    #[function]
    fn proxy(object: &Object, callback: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        weakref::new_proxy(object, callback, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let types: [(&str, &TypeDeclaration); 4] = [
            ("ref", WeakReference::DECLARATION),
            ("ReferenceType", WeakReference::DECLARATION),
            ("ProxyType", Proxy::DECLARATION),
            ("CallableProxyType", CallableProxy::DECLARATION),
        ];
        for (name, declaration) in types {
            module.set(name, declaration.as_type(), thread)?;
        }
        Ok(())
    }
}

/// The object as a weak reference; proxies are none here.
fn as_reference(object: &Object) -> Option<&WeakReference> {
    object.downcast::<WeakReference>()
}
