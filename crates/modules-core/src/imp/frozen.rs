//! Frozen modules: those that CPython has inside its executable, so that the import system and the start need no file.

use interpreter::code::Code;
use objects::dict::Dict;
use objects::errors::{ImportError, PyResult, Raised};
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::marshal_module::load_code;

/// A frozen module: its name, the file of the library that it is made of, and the name it goes by there.
pub struct FrozenModule {
    pub name: &'static str,
    pub path: &'static str,
    pub is_package: bool,
    /// None: it is no module of the library. With `<` before it: a package's `__init__`.
    pub original: Option<&'static str>,
}

/// A module that is the library's of the same name.
const fn plain(name: &'static str, path: &'static str) -> FrozenModule {
    FrozenModule { name, path, is_package: false, original: Some(name) }
}

const fn alias(name: &'static str, path: &'static str, is_package: bool, original: &'static str) -> FrozenModule {
    FrozenModule { name, path, is_package, original: Some(original) }
}

/// The modules, in CPython's order.
pub const FROZEN: &[FrozenModule] = &[
    alias("_frozen_importlib", "importlib/_bootstrap.py", false, "importlib._bootstrap"),
    alias("_frozen_importlib_external", "importlib/_bootstrap_external.py", false, "importlib._bootstrap_external"),
    plain("zipimport", "zipimport.py"),
    plain("abc", "abc.py"),
    plain("codecs", "codecs.py"),
    plain("io", "io.py"),
    plain("_collections_abc", "_collections_abc.py"),
    plain("_sitebuiltins", "_sitebuiltins.py"),
    plain("genericpath", "genericpath.py"),
    plain("ntpath", "ntpath.py"),
    plain("posixpath", "posixpath.py"),
    plain("os", "os.py"),
    plain("site", "site.py"),
    plain("stat", "stat.py"),
    plain("importlib.util", "importlib/util.py"),
    plain("importlib.machinery", "importlib/machinery.py"),
    plain("runpy", "runpy.py"),
    plain("__hello__", "__hello__.py"),
    alias("__hello_alias__", "__hello__.py", false, "__hello__"),
    alias("__phello_alias__", "__hello__.py", true, "__hello__"),
    alias("__phello_alias__.spam", "__hello__.py", false, "__hello__"),
    alias("__phello__", "__phello__/__init__.py", true, "__phello__"),
    alias("__phello__.__init__", "__phello__/__init__.py", false, "<__phello__"),
    alias("__phello__.ham", "__phello__/ham/__init__.py", true, "__phello__.ham"),
    alias("__phello__.ham.__init__", "__phello__/ham/__init__.py", false, "<__phello__.ham"),
    plain("__phello__.ham.eggs", "__phello__/ham/eggs.py"),
    plain("__phello__.spam", "__phello__/spam.py"),
    FrozenModule { name: "__hello_only__", path: "__hello__.py", is_package: false, original: None },
];

/// The frozen module of this name.
pub fn find(name: &str) -> Option<&'static FrozenModule> {
    FROZEN.iter().find(|it| it.name == name && stdlib::file(it.path).is_some())
}

impl FrozenModule {
    /// The marshal data of the module's code.
    pub fn data(&self) -> &'static [u8] {
        stdlib::file(self.path).map_or(&[], |it| it.code())
    }

    /// The module's code, as if compiled from `<frozen name>`.
    pub fn code(&self, thread: &mut Thread) -> PyResult<Py<Code>> {
        let title = self.original.unwrap_or(self.name).trim_start_matches('<');
        let filename = Str::from_str(&format!("<frozen {title}>"), thread);
        load_code(self.data(), filename, thread)
    }

    /// The text of the module's file.
    pub fn source(&self) -> Vec<u8> {
        stdlib::file(self.path).map_or_else(Vec::new, |it| it.text())
    }
}

/// `ImportError`, for a name that is no frozen module's.
#[cold]
pub fn raise_not_frozen(name: &Str, thread: &mut Thread) -> Raised {
    let message = format!("No such frozen object named {}", name.to_string_lossy());
    raise_import_error(&message, Some(name), None, thread)
}

/// `ImportError(message, name=name, path=path)`.
#[cold]
pub fn raise_import_error(message: &str, name: Option<&Str>, path: Option<&Object>, thread: &mut Thread) -> Raised {
    match make_import_error(message, name, path, thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

fn make_import_error(
    message: &str,
    name: Option<&Str>,
    path: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let message = Str::from_str(message, thread).into_object();
    let arguments = Tuple::new(vec![message], thread)?;
    let keywords = Dict::new(thread);
    if let Some(name) = name {
        keywords.set_str(&names::name, name, thread)?;
    }
    if let Some(path) = path {
        keywords.set_str(&names::path, path, thread)?;
    }
    protocol::call_tuple(ImportError.as_type(), &arguments, Some(&keywords), thread)
}
