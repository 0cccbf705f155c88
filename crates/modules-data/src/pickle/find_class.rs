//! `Unpickler.find_class`: the object that a module's name and a path of names stand for.

use objects::errors::{AttributeError, PyResult};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use super::save_global::{get_path, mapped_module, mapped_name, split_path};
use super::state::{State, import_module};
use super::unpickler::Unpickler;

/// Finds an object; names of Python 2 are translated where the unpickler is to do so.
pub fn find_class(unpickler: &Unpickler, module: &Object, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    thread.audit("pickle.find_class", &[module, name])?;
    let (mut module, mut name) = (Py::from_ref(module), Py::from_ref(name));
    if unpickler.protocol.get() < 3 && unpickler.fix_imports.get() {
        let state = State::of(thread)?;
        if let Some(found) = mapped_name(&state.names_from_2, "NAME_MAPPING", &module, &name, thread)? {
            (module, name) = found;
        } else if let Some(found) = mapped_module(&state.imports_from_2, "IMPORT_MAPPING", &module, thread)? {
            module = found;
        }
    }
    let Some(module_name) = module.downcast::<Str>() else {
        return Err(raise!(thread, TypeError, "module name must be a string"));
    };
    let found = import_module(module_name, thread)?;
    let Some(path) = name.downcast::<Str>() else {
        return Err(raise!(thread, TypeError, "attribute name must be string, not '{}'", name.class().full_name()));
    };
    if unpickler.protocol.get() < 4 {
        return protocol::get_attribute(&found, path, thread);
    }
    let parts = split_path(path, thread)?;
    match get_path(&found, &parts, thread) {
        Err(raised) if parts.len() > 1 && thread.raised_is(AttributeError) => {
            let context = thread.catch(raised);
            let path = protocol::repr(path, thread)?.to_string_lossy();
            let module = protocol::repr(module_name, thread)?.to_string_lossy();
            let raised = raise!(thread, AttributeError, "Can't resolve path {path} on module {module}");
            let exception = thread.catch(raised);
            exception.set_context(Some(context));
            Err(thread.reraise(exception))
        }
        found => found,
    }
}
