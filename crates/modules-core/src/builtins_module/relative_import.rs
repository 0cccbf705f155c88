//! Relative imports: the absolute name of `from ..package import name`, from the globals of the module that imports.

use objects::dict::Dict;
use objects::errors::{DeprecationWarning, ImportWarning, PyResult, Raised};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

/// The absolute name of what an import with `level` dots before `name` means.
pub fn resolve(name: &Str, globals: Option<&Object>, level: i32, thread: &mut Thread) -> PyResult<Py<Str>> {
    let Some(globals) = globals else {
        return Err(raise!(thread, KeyError, "'__name__' not in globals"));
    };
    let Some(globals) = globals.downcast::<Dict>() else {
        return Err(raise!(thread, TypeError, "globals must be a dict"));
    };
    let package = package_of(globals, thread)?;
    if package.length() == 0 {
        return Err(raise_no_parent(thread));
    }
    let package = package.to_string_lossy();
    let mut base = package.as_str();
    for _ in 1..level {
        let Some((front, _)) = base.rsplit_once('.') else {
            return Err(raise!(thread, ImportError, "attempted relative import beyond top-level package"));
        };
        base = front;
    }
    if name.length() == 0 {
        return Ok(Str::from_str(base, thread));
    }
    let absolute = format!("{base}.{}", name.to_string_lossy());
    Ok(Str::from_str(&absolute, thread))
}

#[cold]
fn raise_no_parent(thread: &mut Thread) -> Raised {
    raise!(thread, ImportError, "attempted relative import with no known parent package")
}

/// The package that a module of these globals belongs to: by `__package__`, by its spec, or by its name.
fn package_of(globals: &Dict, thread: &mut Thread) -> PyResult<Py<Str>> {
    let package = globals.get_str(&names::__package__, thread).filter(|it| !it.is_none());
    let spec = globals.get_str(&names::__spec__, thread).filter(|it| !it.is_none());
    if let Some(package) = package {
        let Ok(package) = package.downcast_into::<Str>() else {
            return Err(raise!(thread, TypeError, "package must be a string"));
        };
        if let Some(spec) = spec {
            let parent = protocol::get_attribute(&spec, &names::parent, thread)?;
            if !protocol::equals(&package, &parent, thread)? {
                thread.warn(DeprecationWarning, 1, format_args!("__package__ != __spec__.parent"))?;
            }
        }
        return Ok(package);
    }
    if let Some(spec) = spec {
        let parent = protocol::get_attribute(&spec, &names::parent, thread)?;
        return parent
            .downcast_into::<Str>()
            .map_err(|_| raise!(thread, TypeError, "__spec__.parent must be a string"));
    }
    let message = "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__";
    thread.warn(ImportWarning, 1, format_args!("{message}"))?;
    let Some(name) = globals.get_str(&names::__name__, thread) else {
        return Err(raise!(thread, KeyError, "'__name__' not in globals"));
    };
    let Ok(name) = name.downcast_into::<Str>() else {
        return Err(raise!(thread, TypeError, "__name__ must be a string"));
    };
    if globals.get_str(&names::__path__, thread).is_some() {
        return Ok(name);
    }
    match name.to_string_lossy().rsplit_once('.') {
        Some((package, _)) => Ok(Str::from_str(package, thread)),
        None => Err(raise_no_parent(thread)),
    }
}
