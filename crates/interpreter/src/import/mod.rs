//! What the import instructions need besides `__import__`: attributes of modules, `from … import *`.

use objects::errors::PyResult;
use objects::module::raise_cannot_import;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::frame::Frame;

/// `from module import name`: the attribute, or the submodule that an import in progress has made.
pub fn import_from(module: &Object, name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    if let Some(value) = protocol::lookup_attribute(module, name, thread)? {
        return Ok(value);
    }
    let package = protocol::lookup_attribute(module, &names::__name__, thread)?;
    let package = package.and_then(|it| it.downcast_into::<Str>().ok());
    if let Some(package) = &package {
        let full = format!("{}.{}", package.to_string_lossy(), name.to_string_lossy());
        let full = Str::from_str(&full, thread);
        let modules = thread.interpreter().modules.get();
        if let Some(value) = modules.and_then(|it| it.get_str(&full, thread)) {
            return Ok(value);
        }
    }
    Err(raise_cannot_import(module, package.as_deref(), name, thread))
}

/// `from module import *`: into the names of the frame.
pub fn import_star(frame: &Frame, module: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(target) = frame.name_mapping().map(Py::from_ref) else {
        return Err(raise!(thread, SystemError, "no locals found during 'import *'"));
    };
    let (all, skip_private) = match protocol::lookup_attribute(module, &names::__all__, thread)? {
        Some(all) => (all, false),
        None => match protocol::lookup_attribute(module, &names::__dict__, thread)? {
            Some(dict) => (protocol::call_method(&dict, &names::keys, &[], thread)?, true),
            None => {
                return Err(raise!(thread, ImportError, "from-import-* object has no __dict__ and no __all__"));
            }
        },
    };
    let all = protocol::to_tuple(&all, thread)?;
    for name in all.items() {
        let Some(name) = name.downcast::<Str>() else {
            return Err(raise_bad_name(module, name, skip_private, thread));
        };
        if skip_private && name.code_point(0) == Some(u32::from('_')) {
            continue;
        }
        let value = protocol::get_attribute(module, name, thread)?;
        protocol::set_item(&target, name, &value, thread)?;
    }
    Ok(thread.none())
}

#[cold]
fn raise_bad_name(module: &Object, name: &Object, in_dict: bool, thread: &mut Thread) -> objects::errors::Raised {
    let module = protocol::lookup_attribute(module, &names::__name__, thread).ok().flatten();
    let module = module.and_then(|it| it.downcast_into::<Str>().ok()).map_or(String::new(), |it| it.to_string_lossy());
    let (place, kind) = if in_dict { ("Key", "__dict__") } else { ("Item", "__all__") };
    let found = name.class().full_name();
    raise!(thread, TypeError, "{place} in {module}.{kind} must be str, not {found}")
}
