//! Where a warning belongs: file, line, module, and the registry of warnings that were issued there.

use interpreter::frame;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

/// The place that a warning is about.
pub struct Place {
    pub filename: Py<Str>,
    pub line: i32,
    pub module: Py<Object>,
    pub registry: Option<Py<Dict>>,
}

impl Place {
    /// The place `stack_level` calls up; frames of the import system, and of files that begin with one of the prefixes, don't count.
    pub fn of_caller(stack_level: isize, prefixes: &[String], thread: &mut Thread) -> PyResult<Place> {
        let mut level = stack_level;
        let mut current = frame::first_complete(thread.state().base().current_frame.get().cast());
        let count_all = level <= 0 || current.is_some_and(|it| is_skipped(it, &[]));
        while level > 1 && current.is_some() {
            current = previous(current);
            while !count_all && current.is_some_and(|it| is_skipped(it, prefixes)) {
                current = previous(current);
            }
            level -= 1;
        }
        let (globals, filename, line) = match current {
            Some(current) => {
                // SAFETY: a chain of frames is live as long as its first is current.
                let current = unsafe { &*current };
                let line = current.code().line_at(current.instruction_offset()).unwrap_or(0);
                let globals = current.globals().downcast::<Dict>().map(Py::from_ref);
                (globals, Py::from_ref(current.code().filename()), line)
            }
            None => (thread.interpreter().sys_dict.get(), Str::from_str("<sys>", thread), 0),
        };
        let unknown = Str::from_str("<string>", thread).into_object();
        let Some(globals) = globals else {
            return Ok(Place { filename, line, module: unknown, registry: None });
        };
        let module = globals.get_str(&names::__name__, thread);
        let module = module.filter(|it| it.is_none() || it.downcast::<Str>().is_some()).unwrap_or(unknown);
        let registry = registry_of(&globals, thread)?;
        Ok(Place { filename, line, module, registry })
    }

    /// A place in a source text.
    pub fn of_source(
        filename: &Str,
        line: i32,
        module: Option<&Object>,
        registry: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Place> {
        let module = match module {
            Some(module) => Py::from_ref(module),
            None => module_of_filename(filename, thread).into_object(),
        };
        Ok(Place { filename: Py::from_ref(filename), line, module, registry })
    }
}

/// `__warningregistry__` of a module, made if it is not there.
fn registry_of(globals: &Dict, thread: &mut Thread) -> PyResult<Option<Py<Dict>>> {
    let name = thread.intern_text("__warningregistry__");
    if let Some(registry) = globals.get_str(&name, thread) {
        return Ok(registry.downcast_into::<Dict>().ok());
    }
    let registry = Dict::new(thread);
    globals.set_str(&name, &registry, thread)?;
    Ok(Some(registry))
}

fn previous(current: Option<*mut frame::Frame>) -> Option<*mut frame::Frame> {
    // SAFETY: a chain of frames is live as long as its first is current.
    frame::first_complete(unsafe { (*current?).previous() })
}

/// True for frames of the import system, and of files with one of the prefixes.
fn is_skipped(current: *mut frame::Frame, prefixes: &[String]) -> bool {
    // SAFETY: a chain of frames is live as long as its first is current.
    let filename = unsafe { &*current }.code().filename().to_string_lossy();
    (filename.contains("importlib") && filename.contains("_bootstrap"))
        || prefixes.iter().any(|it| filename.starts_with(it.as_str()))
}

/// The module's name as the file's name suggests it.
fn module_of_filename(filename: &Str, thread: &mut Thread) -> Py<Str> {
    let text = filename.to_string_lossy();
    match text.strip_suffix(".py") {
        _ if text.is_empty() => Str::from_str("<unknown>", thread),
        Some(stem) => Str::from_str(stem, thread),
        None => Py::from_ref(filename),
    }
}

/// A line of a module's source, from the loader that its globals name; errors and deprecations of how they name it are importlib's.
pub fn line_from_loader(globals: &Dict, line: i32, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let bootstrap = crate::builtins_module::importlib(thread)?;
    let external = thread.intern_text("_bootstrap_external");
    let external = protocol::get_attribute(&bootstrap, &external, thread)?;
    let bless = thread.intern_text("_bless_my_loader");
    let loader = protocol::call_method(&external, &bless, &[globals], thread)?;
    let Some(module_name) = globals.get_str(&names::__name__, thread) else { return Ok(None) };
    let name = thread.intern_text("get_source");
    let Some(get_source) = protocol::lookup_attribute(&loader, &name, thread)? else { return Ok(None) };
    let source = protocol::call_one(&get_source, &module_name, thread)?;
    let Some(source) = source.downcast::<Str>() else { return Ok(None) };
    let text = source.to_string_lossy();
    let wanted = usize::try_from(line).ok().and_then(|it| it.checked_sub(1));
    let found = wanted.and_then(|it| text.lines().nth(it).map(str::to_owned));
    Ok(found.map(|it| Str::from_str(&it, thread).into_object()))
}
