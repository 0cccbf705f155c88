//! `LibraryImporter`: finder and loader for a folder of the library.

use interpreter::execute::{provide_builtins, run_code};
use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::list::List;
use objects::module::Module;
use objects::names;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::resources::LibraryReader;
use super::{entries, is_folder, location, path_within};
use crate::builtins_module::importlib;
use crate::imp::frozen::raise_import_error;
use crate::marshal_module::load_code;

/// Finds and loads the modules of one folder of the library.
#[derive(Instance)]
#[repr(C)]
pub struct LibraryImporter {
    header: Header,
    /// The path of the library.
    archive: Field<Str>,
    /// The folder within, with a slash at the end unless it is empty.
    prefix: Field<Str>,
}

/// A module of the library.
struct Found {
    /// The path within the library.
    path: String,
    is_package: bool,
    file: stdlib::File,
}

impl LibraryImporter {
    fn prefix_text(&self) -> String {
        self.prefix.get().map_or_else(String::new, |it| it.to_string_lossy())
    }

    fn find(&self, name: &Str) -> Option<Found> {
        let name = name.to_string_lossy();
        let last = name.rsplit('.').next().unwrap_or_default();
        let (path, is_package, file) = {
            let base = format!("{}{last}", self.prefix_text());
            let package = format!("{base}/__init__.py");
            match stdlib::file(&package) {
                Some(file) => (package, true, file),
                None => {
                    let module = format!("{base}.py");
                    let file = stdlib::file(&module)?;
                    (module, false, file)
                }
            }
        };
        Some(Found { path, is_package, file })
    }

    fn required(&self, name: &Str, thread: &mut Thread) -> PyResult<Found> {
        match self.find(name) {
            Some(found) => Ok(found),
            None => {
                let message = format!("can't find module '{}'", name.to_string_lossy());
                Err(raise_import_error(&message, Some(name), None, thread))
            }
        }
    }

    fn code_of(&self, found: &Found, thread: &mut Thread) -> PyResult<Py<interpreter::code::Code>> {
        let filename = Str::from_str(&self.file_path(&found.path), thread);
        load_code(found.file.code(), filename, thread)
    }

    /// The path of a file as it seems to be.
    fn file_path(&self, path: &str) -> String {
        format!("{}/{path}", self.archive.get().map_or_else(String::new, |it| it.to_string_lossy()))
    }
}

/// `module.__spec__`: with it the import system loads the module.
fn module_spec(importer: &LibraryImporter, name: &Str, found: &Found, thread: &mut Thread) -> PyResult<Py<Object>> {
    let bootstrap = importlib(thread)?;
    let class = thread.intern_text("ModuleSpec");
    let class = protocol::get_attribute(&bootstrap, &class, thread)?;
    let arguments = [Py::from_ref(name).into_object(), Py::from_ref(importer).into_object()];
    let arguments = Tuple::new(arguments.into(), thread)?;
    let keywords = Dict::new(thread);
    let path = importer.file_path(&found.path);
    let origin = Str::from_str(&path, thread);
    let (origin_name, is_package) = (thread.intern_text("origin"), thread.intern_text("is_package"));
    keywords.set_str(&origin_name, &origin, thread)?;
    keywords.set_str(&is_package, Bool::get(found.is_package), thread)?;
    let spec = protocol::call_tuple(&class, &arguments, Some(&keywords), thread)?;
    let has_location = thread.intern_text("has_location");
    protocol::set_attribute(&spec, &has_location, Some(Bool::get(true)), thread)?;
    if found.is_package {
        let folder = path.trim_end_matches("/__init__.py");
        let folder = Str::from_str(folder, thread).into_object();
        let folders = List::new(vec![folder], thread)?;
        let name = thread.intern_text("submodule_search_locations");
        protocol::set_attribute(&spec, &name, Some(&folders), thread)?;
    }
    Ok(spec)
}

/// Imports modules from the library inside the program.
#[python_type(name = "naja.LibraryImporter", base = BaseObject, members(archive: Object, prefix: Object))]
impl LibraryImporter {
    #[new]
    #[signature("(path)")]
    fn new(class: &Type, path: &Object, thread: &mut Thread) -> PyResult<Py<LibraryImporter>> {
        let path = path.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
        let location = location(thread);
        let folder = path_within(&path, &location).map(|it| it.trim_end_matches('/')).filter(|it| is_folder(it));
        let Some(folder) = folder else {
            return Err(raise_import_error("not the library of this program", None, None, thread));
        };
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let archive = Str::from_str(&location, thread);
        let prefix = Str::from_str(&prefix, thread);
        let value = LibraryImporter {
            header: Header::new(LibraryImporter::class()),
            archive: archive.into(),
            prefix: prefix.into(),
        };
        Py::new_in(class, value, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self) -> String {
        let prefix = self.prefix_text();
        format!("<LibraryImporter object \"{}\">", self.file_path(&prefix).trim_end_matches('/'))
    }

    /// Find a spec for a module of the library.
    #[method]
    #[signature("(fullname, target=None)")]
    fn find_spec(&self, fullname: &Str, target: Option<&Object>, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let _ = target;
        match self.find(fullname) {
            Some(found) => module_spec(self, fullname, &found, thread).map(Some),
            None => Ok(None),
        }
    }

    /// Use default semantics for module creation.
    #[method]
    #[signature("(spec)")]
    fn create_module(&self, spec: &Object, thread: &mut Thread) -> Py<Object> {
        let _ = spec;
        thread.none()
    }

    /// Execute the module.
    #[method]
    #[signature("(module)")]
    fn exec_module(&self, module_: &Object, thread: &mut Thread) -> PyResult<()> {
        let name = protocol::get_attribute(module_, &names::__name__, thread)?;
        let spec = protocol::lookup_attribute(module_, &names::__spec__, thread)?;
        let name = match spec.filter(|it| !it.is_none()) {
            Some(spec) => protocol::get_attribute(&spec, &names::name, thread)?,
            None => name,
        };
        let Some(name) = name.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "a module's name must be a string"));
        };
        let Some(module) = module_.downcast::<Module>() else {
            return Err(raise!(
                thread,
                TypeError,
                "the library's modules are modules, not {}",
                module_.class().full_name()
            ));
        };
        let found = self.required(name, thread)?;
        let code = self.code_of(&found, thread)?;
        let globals = module.dict();
        provide_builtins(&globals, thread)?;
        run_code(code, globals.clone(), globals.into_object(), None, thread)?;
        Ok(())
    }

    /// Load a module of the library (deprecated: use exec_module).
    #[method]
    #[signature("(fullname)")]
    fn load_module(&self, fullname: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let bootstrap = importlib(thread)?;
        let load = thread.intern_text("_load_module_shim");
        protocol::call_method(&bootstrap, &load, &[self, fullname], thread)
    }

    /// Return the code object of a module.
    #[method]
    #[signature("(fullname)")]
    fn get_code(&self, fullname: &Str, thread: &mut Thread) -> PyResult<Py<interpreter::code::Code>> {
        let found = self.required(fullname, thread)?;
        self.code_of(&found, thread)
    }

    /// Return the source text of a module.
    #[method]
    #[signature("(fullname)")]
    fn get_source(&self, fullname: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
        let found = self.required(fullname, thread)?;
        super::decode_source(&found.file.text(), thread)
    }

    /// Return the path of a module's file.
    #[method]
    #[signature("(fullname)")]
    fn get_filename(&self, fullname: &Str, thread: &mut Thread) -> PyResult<String> {
        let found = self.required(fullname, thread)?;
        Ok(self.file_path(&found.path))
    }

    /// Return True if a module is a package.
    #[method]
    #[signature("(fullname)")]
    fn is_package(&self, fullname: &Str, thread: &mut Thread) -> PyResult<bool> {
        self.required(fullname, thread).map(|it| it.is_package)
    }

    /// Return the contents of a file of the library.
    #[method]
    #[signature("(path)")]
    fn get_data(&self, path: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
        let text = path.to_string_lossy();
        let location = location(thread);
        // A relative path is one within the library.
        let within = path_within(&text, &location).or_else(|| (!text.starts_with('/')).then_some(text.as_str()));
        match within.and_then(stdlib::file) {
            Some(file) => thread.make_bytes(&file.text()),
            None => Err(raise_not_there(path, thread)),
        }
    }

    /// Return a reader for the resources of a package, or None.
    #[method]
    #[signature("(fullname)")]
    fn get_resource_reader(&self, fullname: &Str, thread: &mut Thread) -> Option<Py<LibraryReader>> {
        let found = self.find(fullname).filter(|it| it.is_package)?;
        let folder = found.path.trim_end_matches("/__init__.py");
        Some(LibraryReader::new(folder, thread))
    }

    /// Nothing is cached.
    #[method]
    #[signature("()")]
    fn invalidate_caches(&self) {}

    /// Return (name, is package) pairs of the modules of this folder, for pkgutil.
    #[method]
    #[signature("(prefix='')")]
    fn iter_modules(&self, prefix: Option<&Str>, thread: &mut Thread) -> PyResult<Py<List>> {
        let before = prefix.map(Str::to_string_lossy).unwrap_or_default();
        let own = self.prefix_text();
        let mut pairs = Vec::new();
        for (name, is_folder) in entries(own.trim_end_matches('/')) {
            let module = if is_folder {
                stdlib::file(&format!("{own}{name}/__init__.py")).map(|_| name)
            } else {
                name.strip_suffix(".py").filter(|it| *it != "__init__")
            };
            if let Some(module) = module {
                let module = Str::from_str(&format!("{before}{module}"), thread).into_object();
                pairs.push(Tuple::new(vec![module, Bool::new(is_folder)], thread)?.into_object());
            }
        }
        List::new(pairs, thread)
    }
}

#[cold]
fn raise_not_there(path: &Str, thread: &mut Thread) -> Raised {
    thread.raise_os_error(libc::ENOENT, Some(path))
}
