//! The library's files for `importlib.resources`: a reader, and paths that can be walked and read (`Traversable`).

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use super::{entries, is_folder, location};
use crate::builtins_module::import_module;

/// What a package's loader gives for its resources.
#[derive(Instance)]
#[repr(C)]
pub struct LibraryReader {
    header: Header,
    folder: Field<Str>,
}

impl LibraryReader {
    pub fn new(folder: &str, thread: &mut Thread) -> Py<LibraryReader> {
        let folder = Str::from_str(folder, thread);
        Py::new(LibraryReader { header: Header::new(LibraryReader::class()), folder: folder.into() }, thread)
    }

    fn root(&self, thread: &mut Thread) -> Py<LibraryPath> {
        let folder = self.folder.get().map_or_else(String::new, |it| it.to_string_lossy());
        LibraryPath::new(&folder, thread)
    }
}

/// Reads the resources of a package of the library.
#[python_type(name = "naja.LibraryReader", base = BaseObject)]
impl LibraryReader {
    /// Return the folder of the package.
    #[method]
    #[signature("()")]
    fn files(&self, thread: &mut Thread) -> Py<LibraryPath> {
        self.root(thread)
    }

    /// Open a resource for binary reading.
    #[method]
    #[signature("(resource)")]
    fn open_resource(&self, resource: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
        let root = self.root(thread);
        let path = root.below(&resource.to_string_lossy(), thread);
        let mode = Str::from_str("rb", thread).into_object();
        path.open(Some(&mode), &[], None, thread)
    }

    /// There is no path on the file system.
    #[method]
    #[signature("(resource)")]
    fn resource_path(&self, resource: &Str, thread: &mut Thread) -> PyResult<()> {
        Err(thread.raise_os_error(libc::ENOENT, Some(resource)))
    }

    /// Return True if the name is that of a file of the package.
    #[method]
    #[signature("(path)")]
    fn is_resource(&self, path: &Str, thread: &mut Thread) -> bool {
        let root = self.root(thread);
        root.below(&path.to_string_lossy(), thread).is_file()
    }

    /// Return the names of what is in the package.
    #[method]
    #[signature("()")]
    fn contents(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let folder = self.folder.get().map_or_else(String::new, |it| it.to_string_lossy());
        let names = entries(&folder).iter().map(|it| Str::from_str(it.0, thread).into_object()).collect();
        List::new(names, thread)
    }
}

/// A file or folder of the library.
#[derive(Instance)]
#[repr(C)]
pub struct LibraryPath {
    header: Header,
    path: Field<Str>,
}

impl LibraryPath {
    fn new(path: &str, thread: &mut Thread) -> Py<LibraryPath> {
        let path = Str::from_str(path, thread);
        Py::new(LibraryPath { header: Header::new(LibraryPath::class()), path: path.into() }, thread)
    }

    fn text(&self) -> String {
        self.path.get().map_or_else(String::new, |it| it.to_string_lossy())
    }

    /// The path of something below this one.
    fn below(&self, names: &str, thread: &mut Thread) -> Py<LibraryPath> {
        let mut parts: Vec<String> = self.text().split('/').map(str::to_owned).collect();
        for name in names.split('/') {
            match name {
                "" | "." => {}
                ".." => drop(parts.pop()),
                name => parts.push(name.to_owned()),
            }
        }
        parts.retain(|it| !it.is_empty());
        Self::new(&parts.join("/"), thread)
    }

    fn contents(&self, thread: &mut Thread) -> PyResult<Vec<u8>> {
        match stdlib::file(&self.text()) {
            Some(file) => Ok(file.text()),
            None => {
                let number = if is_folder(&self.text()) { libc::EISDIR } else { libc::ENOENT };
                let shown = self.shown(thread);
                let shown = Str::from_str(&shown, thread);
                Err(thread.raise_os_error(number, Some(&shown)))
            }
        }
    }

    fn shown(&self, thread: &Thread) -> String {
        format!("{}/{}", location(thread), self.text())
    }
}

/// A file or folder of the library inside the program.
#[python_type(name = "naja.LibraryPath", base = BaseObject)]
impl LibraryPath {
    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        Ok(format!("LibraryPath('{}')", self.shown(thread)))
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<String> {
        Ok(self.shown(thread))
    }

    /// The last part of the path.
    #[getter]
    fn name(&self) -> String {
        self.text().rsplit('/').next().unwrap_or_default().to_owned()
    }

    /// Return the paths of what is in the folder.
    #[method]
    #[signature("()")]
    fn iterdir(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let names = entries(&self.text());
        let paths = names.iter().map(|it| self.below(it.0, thread).into_object()).collect();
        let paths = List::new(paths, thread)?;
        protocol::iter(&paths, thread)
    }

    /// Return the contents as bytes.
    #[method]
    #[signature("()")]
    fn read_bytes(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let contents = self.contents(thread)?;
        thread.make_bytes(&contents)
    }

    /// Return the contents as text.
    #[method]
    #[signature("(encoding=None, errors=None)")]
    fn read_text(
        &self,
        encoding: Option<&Object>,
        errors: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let mode = Str::from_str("r", thread).into_object();
        let none = thread.none();
        let rest = [encoding.unwrap_or(&none), errors.unwrap_or(&none)];
        let stream = self.open(Some(&mode), &rest, None, thread)?;
        let read = thread.intern_text("read");
        protocol::call_method(&stream, &read, &[], thread)
    }

    /// Return True if this is a folder.
    #[method]
    #[signature("()")]
    fn is_dir(&self) -> bool {
        is_folder(&self.text())
    }

    /// Return True if this is a file.
    #[method]
    #[signature("()")]
    fn is_file(&self) -> bool {
        stdlib::file(&self.text()).is_some()
    }

    /// Return True if there is such a file or folder.
    #[method]
    #[signature("()")]
    fn exists(&self) -> bool {
        self.is_file() || self.is_dir()
    }

    /// Return the path of something below this one.
    #[method]
    #[signature("(*descendants)")]
    fn joinpath(&self, descendants: &[&Object], thread: &mut Thread) -> PyResult<Py<LibraryPath>> {
        let mut path = Py::from_ref(self);
        for part in descendants {
            let part = protocol::str(part, thread)?.to_string_lossy();
            path = path.below(&part, thread);
        }
        Ok(path)
    }

    #[slot(nb_true_divide)]
    fn divide(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (Some(left), Some(right)) = (left.downcast::<LibraryPath>(), right.downcast::<Str>()) else {
            return Ok(thread.not_implemented());
        };
        Ok(left.below(&right.to_string_lossy(), thread).into_object())
    }

    /// Open the file for reading; arguments after the mode are those of io.TextIOWrapper.
    #[method]
    #[signature("(mode='r', *args, **kwargs)")]
    fn open(
        &self,
        mode: Option<&Object>,
        args: &[&Object],
        kwargs: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let mode = match mode {
            Some(mode) => protocol::str(mode, thread)?.to_string_lossy(),
            None => "r".to_owned(),
        };
        if !matches!(mode.as_str(), "r" | "rb") {
            return Err(raise!(thread, ValueError, "Invalid mode value '{mode}', only 'r' and 'rb' are supported"));
        }
        let contents = self.contents(thread)?;
        let contents = thread.make_bytes(&contents)?;
        let io = import_module("io", thread)?;
        let class = thread.intern_text("BytesIO");
        let stream = protocol::call_method(&io, &class, &[&contents], thread)?;
        if mode == "rb" {
            return Ok(stream);
        }
        let class = thread.intern_text("TextIOWrapper");
        let class = protocol::get_attribute(&io, &class, thread)?;
        let arguments: Vec<_> = std::iter::once(stream).chain(args.iter().map(|it| Py::from_ref(*it))).collect();
        let arguments = Tuple::new(arguments, thread)?;
        protocol::call_tuple(&class, &arguments, kwargs.as_deref(), thread)
    }
}
