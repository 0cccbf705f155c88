//! Why a module lacks a name: what the errors of `module.name` and of `from module import name` say of it.
//!
//! A module that is still being imported lacks names because of a circular import; a program's own file of the name of a library module
//! hides that one. Both are told from the module's spec and from `sys.path[0]`, which is noted when the program starts.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::dict::Dict;
use crate::errors::{ImportError, PyResult, Raised};
use crate::names;
use crate::protocol;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;

/// What is known of a module that lacks a name.
pub(super) struct Suspect {
    /// The file it comes from.
    pub origin: Option<Py<Str>>,
    /// Its file lies where a program's own modules are found first.
    pub may_shadow: bool,
    /// And it has the name of a module of the standard library.
    pub shadows_library: bool,
    pub is_initializing: bool,
}

impl Suspect {
    /// Reads the module's spec.
    pub fn of(spec: &Object, module_name: &Str, thread: &mut Thread) -> PyResult<Self> {
        let origin = file_origin(spec, thread)?;
        let may_shadow = origin.as_ref().is_some_and(|it| is_found_first(it, thread));
        let shadows_library = may_shadow && is_library_name(module_name, thread)?;
        let is_initializing = match protocol::lookup_attribute(spec, &names::_initializing, thread)? {
            Some(initializing) => protocol::is_true(&initializing, thread)?,
            None => false,
        };
        Ok(Self { origin, may_shadow, shadows_library, is_initializing })
    }
}

/// The origin of a spec that has a location.
fn file_origin(spec: &Object, thread: &mut Thread) -> PyResult<Option<Py<Str>>> {
    match protocol::lookup_attribute(spec, &names::has_location, thread)? {
        Some(has) if protocol::is_true(&has, thread)? => {
            let origin = protocol::lookup_attribute(spec, &names::origin, thread)?;
            Ok(origin.and_then(|it| it.downcast_into::<Str>().ok()))
        }
        _ => Ok(None),
    }
}

/// True if the folder of a module's file (of its package, for a package) is `sys.path[0]` as it was when the program started.
fn is_found_first(origin: &Str, thread: &mut Thread) -> bool {
    let Some(first) = thread.interpreter().first_search_path.borrow().clone() else { return false };
    let origin = origin.to_string_lossy();
    let file = origin.strip_suffix("/__init__.py").unwrap_or(&origin);
    let Some((folder, _)) = file.rsplit_once('/') else { return false };
    if first.is_empty() {
        return std::env::current_dir().is_ok_and(|it| it.as_os_str() == OsStr::new(folder));
    }
    OsStr::from_bytes(&first) == OsStr::new(folder)
}

fn is_library_name(name: &Str, thread: &mut Thread) -> PyResult<bool> {
    let names = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&names::stdlib_module_names, thread));
    let is_set = |it: &Py<Object>| {
        thread
            .interpreter()
            .set_types
            .get()
            .is_some_and(|(set, frozen)| it.class().is_subtype(set) || it.class().is_subtype(frozen))
    };
    match names.filter(is_set) {
        Some(names) => protocol::contains(&names, name, thread),
        None => Ok(false),
    }
}

/// `cannot import name 'name' from 'module'`, with the likely reason.
#[cold]
pub fn raise_cannot_import(module: &Object, module_name: Option<&Str>, name: &Str, thread: &mut Thread) -> Raised {
    match cannot_import(module, module_name, name, thread) {
        Ok(raised) | Err(raised) => raised,
    }
}

fn cannot_import(module: &Object, module_name: Option<&Str>, name: &Str, thread: &mut Thread) -> PyResult<Raised> {
    let unknown = Str::from_str("<unknown module name>", thread);
    let module_name = module_name.unwrap_or(&unknown);
    let spec = protocol::lookup_attribute(module, &names::__spec__, thread)?;
    let (package, quoted) = (protocol::repr(module_name, thread)?, protocol::repr(name, thread)?);
    let (package, quoted) = (package.to_string_lossy(), quoted.to_string_lossy());
    let start = format!("cannot import name {quoted} from");
    let Some(spec) = spec else {
        return raise_import_error(&format!("{start} {package} (unknown location)"), module_name, None, name, thread);
    };
    let suspect = Suspect::of(&spec, module_name, thread)?;
    let origin = match suspect.origin {
        Some(origin) => Some(origin),
        None => protocol::lookup_attribute(module, &names::__file__, thread)?.and_then(|it| it.downcast_into().ok()),
    };
    let place = origin.as_ref().map(|it: &Py<Str>| it.to_string_lossy());
    let renaming = match &origin {
        Some(origin) => protocol::repr(origin, thread)?.to_string_lossy(),
        None => String::new(),
    };
    let message = if suspect.shadows_library {
        format!(
            "{start} {package} (consider renaming {renaming} since it has the same name as the standard library module \
             named {package} and prevents importing that standard library module)"
        )
    } else if suspect.is_initializing && suspect.may_shadow {
        format!(
            "{start} {package} (consider renaming {renaming} if it has the same name as a library you intended to import)"
        )
    } else if suspect.is_initializing {
        let place = place.map_or(String::new(), |it| format!(" ({it})"));
        format!("{start} partially initialized module {package} (most likely due to a circular import){place}")
    } else {
        format!("{start} {package} ({})", place.as_deref().unwrap_or("unknown location"))
    };
    raise_import_error(&message, module_name, origin.as_deref(), name, thread)
}

/// ImportError that knows the module, its file and the name that was wanted from it.
fn raise_import_error(
    message: &str,
    module: &Str,
    path: Option<&Str>,
    name: &Str,
    thread: &mut Thread,
) -> PyResult<Raised> {
    let message = Str::from_str(message, thread);
    let none = thread.none();
    let path: &Object = path.map_or(&none, |it| it);
    let keywords: [&Str; 3] = [&names::name, &names::path, &names::name_from];
    let keywords = Tuple::new(keywords.iter().map(|it| Py::from_ref(*it).into_object()).collect(), thread)?;
    let arguments: [&Object; 4] = [&message, module, path, name];
    let error = protocol::call_vector(ImportError.as_type(), &arguments, Some(&keywords), thread)?;
    Ok(thread.raise(error))
}

/// The module's dict, where `module.name` has looked.
pub(super) fn name_in(dict: &Dict, thread: &Thread) -> Option<Py<Str>> {
    dict.get_str(&names::__name__, thread).and_then(|it| it.downcast_into::<Str>().ok())
}
