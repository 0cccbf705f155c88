//! `__import__`: the quick ways of the import system; what is not loaded yet goes to `importlib`.

use interpreter::traceback::trim_import_frames;
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::sys_module;

use super::import_time;
use super::relative_import::resolve;

/// The module of an absolute name, imported if need be.
pub fn import_module(name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = thread.intern_text(name);
    find_or_load(&name, thread).map_err(|raised| without_import_frames(raised, thread))
}

/// What an import raised, without the frames of the import system in its traceback; with them under `-v`.
#[cold]
fn without_import_frames(raised: Raised, thread: &mut Thread) -> Raised {
    if sys_module::settings(thread).verbose.get() {
        return raised;
    }
    let Some(exception) = thread.take_exception() else { return raised };
    if let Err(raised) = trim_import_frames(&exception, thread) {
        // The longer traceback is good enough.
        drop(thread.catch(raised));
    }
    thread.restore_exception(Some(exception));
    raised
}

/// Imports a module: `level` dots before `name`, for `from … import from_list` the module itself, otherwise its top package.
pub fn import(
    name: &Object,
    globals: Option<&Object>,
    from_list: Option<&Object>,
    level: i32,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    import_level(name, globals, from_list, level, thread).map_err(|raised| without_import_frames(raised, thread))
}

fn import_level(
    name: &Object,
    globals: Option<&Object>,
    from_list: Option<&Object>,
    level: i32,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let Some(name) = name.downcast::<Str>() else {
        let found = name.class().short_name();
        return Err(raise!(thread, TypeError, "module name must be a string, not {found}"));
    };
    if level < 0 {
        return Err(raise!(thread, ValueError, "level must be >= 0"));
    }
    let absolute = if level > 0 {
        resolve(name, globals, level, thread)?
    } else {
        if name.length() == 0 {
            return Err(raise!(thread, ValueError, "Empty module name"));
        }
        Py::from_ref(name)
    };
    let module = find_or_load(&absolute, thread)?;
    let wants_names = match from_list {
        Some(list) if !list.is_none() => protocol::is_true(list, thread)?,
        _ => false,
    };
    match from_list {
        Some(list) if wants_names => with_names(module, list, thread),
        _ => top_package(module, name, &absolute, level, thread),
    }
}

fn find_or_load(name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let loaded = |thread: &Thread| {
        let modules = thread.interpreter().modules.get();
        modules.and_then(|it| it.get_str(name, thread)).filter(|it| !it.is_none())
    };
    if let Some(module) = loaded(thread) {
        if !is_initializing(&module, thread)? {
            import_time::note_cached(name, thread);
            return Ok(module);
        }
        // Another thread may be importing it: its end is waited for. In a circular import the module is taken as it is.
        let wait = thread.intern_text("_lock_unlock_module");
        let bootstrap = importlib(thread)?;
        protocol::call_method(&bootstrap, &wait, &[name], thread)?;
        if let Some(module) = loaded(thread) {
            return Ok(module);
        }
        // That import has failed.
    }
    audit_import(name, thread)?;
    let bootstrap = importlib(thread)?;
    let function = thread.intern_text("_find_and_load");
    let import = thread.interpreter().builtins.get().and_then(|it| it.get_str(&names::__import__, thread));
    let import = import.unwrap_or_else(|| thread.none());
    let load = |thread: &mut Thread| protocol::call_method(&bootstrap, &function, &[name, &import], thread);
    import_time::measured(name, load, thread)
}

/// Tells audit hooks of a module that is to be looked for, and where.
fn audit_import(name: &Str, thread: &mut Thread) -> PyResult<()> {
    if !thread.is_audited() {
        return Ok(());
    }
    let sys = thread.interpreter().sys_dict.get();
    let places = ["path", "meta_path", "path_hooks"].map(|place| {
        let place = thread.intern_text(place);
        sys.as_ref().and_then(|it| it.get_str(&place, thread)).unwrap_or_else(|| thread.none())
    });
    let none = thread.none();
    let [path, finders, hooks] = &places;
    thread.audit("import", &[name, &none, path, finders, hooks])
}

/// True while another import of the module is under way.
fn is_initializing(module: &Object, thread: &mut Thread) -> PyResult<bool> {
    let Some(spec) = protocol::lookup_attribute(module, &names::__spec__, thread)? else { return Ok(false) };
    match protocol::lookup_attribute(&spec, &names::_initializing, thread)? {
        Some(value) => protocol::is_true(&value, thread),
        None => Ok(false),
    }
}

/// `from package import names`: submodules among the names are imported.
fn with_names(module: Py<Object>, list: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    if protocol::lookup_attribute(&module, &names::__path__, thread)?.is_none() {
        return Ok(module);
    }
    let bootstrap = importlib(thread)?;
    let function = thread.intern_text("_handle_fromlist");
    let import = thread.interpreter().builtins.get().and_then(|it| it.get_str(&names::__import__, thread));
    let import = import.unwrap_or_else(|| thread.none());
    protocol::call_method(&bootstrap, &function, &[&module, list, &import], thread)
}

/// `import a.b.c` binds `a`.
fn top_package(
    module: Py<Object>,
    name: &Str,
    absolute: &Str,
    level: i32,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let text = name.to_string_lossy();
    let Some((front, _)) = text.split_once('.') else {
        return Ok(module);
    };
    if level == 0 {
        let front = Str::from_str(front, thread);
        return find_or_load(&front, thread);
    }
    let cut = text.len() - front.len();
    let full = absolute.to_string_lossy();
    let front = Str::from_str(&full[..full.len() - cut], thread);
    let modules: Option<Py<Dict>> = thread.interpreter().modules.get();
    match modules.and_then(|it| it.get_str(&front, thread)) {
        Some(module) => Ok(module),
        None => {
            let front = front.to_string_lossy();
            Err(raise!(thread, KeyError, "'{front}' not in sys.modules as expected"))
        }
    }
}

/// `importlib._bootstrap`, whatever `sys.modules` has under its name.
pub fn importlib(thread: &mut Thread) -> PyResult<Py<Object>> {
    match thread.interpreter().importlib.get() {
        Some(module) => Ok(module),
        None => Err(raise!(thread, RuntimeError, "the import system is not there yet")),
    }
}
