//! The embedded library as a place that modules are imported from.
//!
//! The program's own file stands on `sys.path` like an archive: `…/naja` is the library, `…/naja/json/__init__.py` a file in it. The path
//! hook for it is [`LibraryImporter`], which finds and loads in one; [`resources`] serves `importlib.resources`.

mod importer;
mod resources;

use objects::errors::PyResult;
use objects::list::List;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::{Instance, TypeDeclaration};
use system::inner_files;

use crate::builtins_module::{import_module, importlib};

pub use importer::LibraryImporter;

/// The types of this module.
pub const TYPES: &[&TypeDeclaration] =
    &[LibraryImporter::DECLARATION, resources::LibraryReader::DECLARATION, resources::LibraryPath::DECLARATION];

/// Where the library seems to be: the file of the program.
#[derive(Default)]
struct Location(std::cell::RefCell<String>);

/// Notes where the library seems to be, and puts the path hooks for it and for ZIP archives before the others.
pub fn install(library: &[u8], thread: &mut Thread) -> PyResult<()> {
    let location = thread.interpreter().extension::<Location>();
    location.0.replace(String::from_utf8_lossy(library).into_owned());
    inner_files::provide(list, read, thread);
    let zipimport = import_module("zipimport", thread)?;
    let name = thread.intern_text("zipimporter");
    let zipimporter = protocol::get_attribute(&zipimport, &name, thread)?;
    let name = thread.intern_text("path_hooks");
    let hooks = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&name, thread));
    if let Some(hooks) = hooks.as_ref().and_then(|it| it.downcast::<List>()) {
        hooks.insert(0, zipimporter, thread)?;
        hooks.insert(0, Py::from_ref(LibraryImporter::class()).into_object(), thread)?;
    }
    Ok(())
}

/// The names in a folder of the library, by its path in the file system.
fn list(path: &str, thread: &Thread) -> Option<Vec<&'static str>> {
    let location = location(thread);
    let folder = path_within(path, &location)?.trim_end_matches('/');
    is_folder(folder).then(|| entries(folder).into_iter().map(|(name, _)| name).collect())
}

/// What a file of the library holds, by its path in the file system.
fn read(path: &str, thread: &Thread) -> Option<Vec<u8>> {
    let location = location(thread);
    stdlib::file(path_within(path, &location)?).map(|it| it.text())
}

/// Where the library seems to be.
fn location(thread: &Thread) -> String {
    thread.interpreter().extension::<Location>().0.borrow().clone()
}

/// The path within the library that a path of the file system means: `…/naja/json` is `json`; empty for the library itself.
fn path_within<'a>(path: &'a str, location: &str) -> Option<&'a str> {
    if location.is_empty() {
        return None;
    }
    let rest = path.strip_prefix(location)?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
}

/// True if the library has files in this folder.
fn is_folder(folder: &str) -> bool {
    folder.is_empty() || stdlib::paths().any(|it| it.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
}

/// What is directly in a folder: names, and whether each is a folder itself.
fn entries(folder: &str) -> Vec<(&'static str, bool)> {
    let mut found: Vec<(&'static str, bool)> = stdlib::paths()
        .filter_map(|path| match folder {
            "" => Some(path),
            _ => path.strip_prefix(folder)?.strip_prefix('/'),
        })
        .map(|rest| rest.split_once('/').map_or((rest, false), |(name, _)| (name, true)))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The text of a source file, as `importlib` decodes it.
pub fn decode_source(text: &[u8], thread: &mut Thread) -> PyResult<Py<Object>> {
    let bootstrap = importlib(thread)?;
    let external = thread.intern_text("_bootstrap_external");
    let external = protocol::get_attribute(&bootstrap, &external, thread)?;
    let decode = thread.intern_text("decode_source");
    let text = thread.make_bytes(text)?;
    protocol::call_method(&external, &decode, &[&text], thread)
}
