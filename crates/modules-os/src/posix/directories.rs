//! Directories: the current one, listing, and `scandir` with its entries.

use std::cell::{Cell, RefCell};
use std::ffi::CStr;
use std::ptr::NonNull;

use macros::{Instance, python_module, python_type};
use objects::audit;
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;
use system::call;
use system::descriptor::Descriptor;
use system::inner_files;
use system::path::{self, Path, PathOrDescriptor};

use super::stat;

/// An open directory.
struct Stream {
    stream: NonNull<libc::DIR>,
}

/// What a directory says of an entry.
struct RawEntry {
    name: Vec<u8>,
    inode: u64,
    kind: u8,
}

impl Stream {
    /// Opens a path, or a copy of a descriptor.
    fn open<const NONE: bool>(path: &Path<true, NONE>, thread: &mut Thread) -> PyResult<Self> {
        let opened = match path.descriptor() {
            Some(number) => Self::of_copy(number, thread),
            None => {
                // SAFETY: a C string.
                let stream = thread.without_lock(|| NonNull::new(unsafe { libc::opendir(path.name().as_ptr()) }));
                stream.ok_or_else(call::last_error)
            }
        };
        match opened {
            Ok(stream) => Ok(Self { stream }),
            Err(number) => Err(path.raise(number, thread)),
        }
    }

    fn of_copy(number: i32, thread: &mut Thread) -> Result<NonNull<libc::DIR>, i32> {
        // SAFETY: numbers alone.
        let copy = call::plain(|| unsafe { libc::fcntl(number, libc::F_DUPFD_CLOEXEC, 0) }, thread)?;
        // SAFETY: the descriptor is new, and becomes the stream's.
        let stream = NonNull::new(unsafe { libc::fdopendir(copy) });
        let stream = stream.ok_or_else(|| {
            let number = call::last_error();
            // SAFETY: the stream did not take it.
            unsafe { libc::close(copy) };
            number
        })?;
        // The copy shares its position with the original.
        // SAFETY: the stream is open.
        unsafe { libc::rewinddir(stream.as_ptr()) };
        Ok(stream)
    }

    /// The next entry that is neither `.` nor `..`; None at the end.
    fn next(&mut self, thread: &mut Thread) -> Result<Option<RawEntry>, i32> {
        loop {
            let stream = self.stream.as_ptr();
            let entry = thread.without_lock(|| {
                call::clear_error();
                // SAFETY: the stream is open, and only this borrow uses it.
                NonNull::new(unsafe { libc::readdir64(stream) })
            });
            let Some(entry) = entry else {
                let number = call::last_error();
                return if number == 0 { Ok(None) } else { Err(number) };
            };
            // SAFETY: the entry lives until the next call, and its name is a C string.
            let (name, inode, kind) = unsafe {
                let entry = entry.as_ptr();
                let name = CStr::from_ptr((&raw const (*entry).d_name).cast());
                (name.to_bytes().to_vec(), (*entry).d_ino, (*entry).d_type)
            };
            if name != b"." && name != b".." {
                return Ok(Some(RawEntry { name, inode, kind }));
            }
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // The copy of a descriptor shares its position with the original, which callers expect at the start.
        // SAFETY: the stream is open, and closed once, here.
        unsafe {
            libc::rewinddir(self.stream.as_ptr());
            libc::closedir(self.stream.as_ptr());
        }
    }
}

/// The stream of an iterator that is not exhausted: nothing that the collector should know.
#[derive(Default)]
struct Opened(RefCell<Option<Stream>>);

impl Traverse for Opened {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// An entry of a directory.
#[derive(Instance)]
#[repr(C)]
pub struct DirEntry {
    header: Header,
    name: Field,
    path: Field,
    status: Field,
    link_status: Field,
    inode: Cell<u64>,
    kind: Cell<u8>,
    /// The directory, if it was given as a descriptor; −1 otherwise.
    directory: Cell<i32>,
}

impl DirEntry {
    fn is_link(&self, thread: &mut Thread) -> PyResult<bool> {
        match self.kind.get() {
            libc::DT_UNKNOWN => self.has_mode(libc::S_IFLNK, false, thread),
            kind => Ok(kind == libc::DT_LNK),
        }
    }

    /// Asks the system.
    fn fetch(&self, follow_symlinks: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(object) = self.path.get() else { return Ok(thread.none()) };
        let path = Path::<false, false>::convert(&object, "DirEntry", "path", thread)?;
        let directory = if self.directory.get() == -1 { libc::AT_FDCWD } else { self.directory.get() };
        match stat::status_at(directory, path.name(), follow_symlinks, thread) {
            Ok(status) => stat::to_object(&status, thread),
            Err(number) => Err(thread.raise_os_error(number, Some(&object))),
        }
    }

    fn own_status(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(status) = self.link_status.get() {
            return Ok(status);
        }
        let status = self.fetch(false, thread)?;
        self.link_status.set(Some(status.clone()));
        Ok(status)
    }

    fn status(&self, follow_symlinks: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
        if !follow_symlinks {
            return self.own_status(thread);
        }
        if let Some(status) = self.status.get() {
            return Ok(status);
        }
        let status = if self.is_link(thread)? { self.fetch(true, thread)? } else { self.own_status(thread)? };
        self.status.set(Some(status.clone()));
        Ok(status)
    }

    /// True if the file is of this kind; a file that is gone is of none.
    fn has_mode(&self, mode: u32, follow_symlinks: bool, thread: &mut Thread) -> PyResult<bool> {
        let is_link = self.kind.get() == libc::DT_LNK;
        let known = self.kind.get() != libc::DT_UNKNOWN && !(follow_symlinks && is_link);
        if known {
            return Ok(match mode {
                libc::S_IFDIR => self.kind.get() == libc::DT_DIR,
                libc::S_IFREG => self.kind.get() == libc::DT_REG,
                _ => is_link,
            });
        }
        let status = self.status(follow_symlinks, thread);
        let Some(status) = thread.suppress(status, objects::errors::FileNotFoundError)? else { return Ok(false) };
        let name = thread.intern_text("st_mode");
        let value = protocol::get_attribute(&status, &name, thread)?;
        let value = protocol::index_as_isize(&value, thread)?;
        Ok(value as u32 & libc::S_IFMT == mode)
    }
}

#[python_type(
    name = "posix.DirEntry", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION),
    members(
        name: Object = "the entry's base filename, relative to scandir() \"path\" argument",
        path: Object = "the entry's full path name; equivalent to\nos.path.join(scandir_path, entry.name)",
    )
)]
impl DirEntry {
    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        let name = self.name.get().unwrap_or_else(|| thread.none());
        let name = protocol::repr(&name, thread)?.to_string_lossy();
        Ok(format!("<DirEntry {name}>"))
    }

    /// is_dir($self, /, *, follow_symlinks=True)
    /// --
    ///
    /// Return True if the entry is a directory; cached per entry.
    #[defining_class]
    #[method]
    fn is_dir(&self, follow_symlinks: bool, thread: &mut Thread) -> PyResult<bool> {
        self.has_mode(libc::S_IFDIR, follow_symlinks, thread)
    }

    /// is_file($self, /, *, follow_symlinks=True)
    /// --
    ///
    /// Return True if the entry is a file; cached per entry.
    #[defining_class]
    #[method]
    fn is_file(&self, follow_symlinks: bool, thread: &mut Thread) -> PyResult<bool> {
        self.has_mode(libc::S_IFREG, follow_symlinks, thread)
    }

    /// is_symlink($self, /)
    /// --
    ///
    /// Return True if the entry is a symbolic link; cached per entry.
    #[defining_class]
    #[method]
    fn is_symlink(&self, thread: &mut Thread) -> PyResult<bool> {
        self.is_link(thread)
    }

    /// is_junction($self, /)
    /// --
    ///
    /// Return True if the entry is a junction; cached per entry.
    #[method]
    fn is_junction(&self) -> bool {
        false
    }

    /// stat($self, /, *, follow_symlinks=True)
    /// --
    ///
    /// Return stat_result object for the entry; cached per entry.
    #[defining_class]
    #[method(name = "stat")]
    fn stat_(&self, follow_symlinks: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.status(follow_symlinks, thread)
    }

    /// inode($self, /)
    /// --
    ///
    /// Return inode of the entry; cached per entry.
    #[method(name = "inode")]
    fn inode_(&self) -> u64 {
        self.inode.get()
    }

    /// __fspath__($self, /)
    /// --
    ///
    /// Returns the path for the entry.
    #[method]
    fn __fspath__(&self) -> Option<Py<Object>> {
        self.path.get()
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// DirEntry is generic over the type of the path (str or bytes)
    #[classmethod]
    fn __class_getitem__(class: &objects::types::Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }
}

/// What `scandir` returns.
#[derive(Instance)]
#[repr(C)]
pub struct ScandirIterator {
    header: Header,
    /// The argument of `scandir`.
    path: Field,
    /// The directory's path with a slash, before each entry's name; empty if the directory was given as a descriptor or not at all.
    prefix: Guarded,
    is_bytes: Cell<bool>,
    directory: Cell<i32>,
    opened: Opened,
}

/// Text that never changes once the iterator is made.
struct Guarded(Vec<u8>);

impl Traverse for Guarded {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl ScandirIterator {
    fn next_entry(&self, thread: &mut Thread) -> PyResult<Option<Py<DirEntry>>> {
        // Taken out while the lock is given up, so that another thread finds it gone and not in use.
        let Some(mut stream) = self.opened.0.take() else { return Ok(None) };
        let entry = match stream.next(thread) {
            Ok(Some(entry)) => entry,
            Ok(None) => {
                thread.without_lock(|| drop(stream));
                return Ok(None);
            }
            Err(number) => {
                let path = self.path.get();
                return Err(thread.raise_os_error(number, path.as_deref()));
            }
        };
        self.opened.0.replace(Some(stream));
        let name = path::to_object(&entry.name, self.is_bytes.get(), thread)?;
        let full = if self.directory.get() == -1 && !self.prefix.0.is_empty() {
            path::to_object(&[&self.prefix.0, &entry.name[..]].concat(), self.is_bytes.get(), thread)?
        } else {
            name.clone()
        };
        let value = DirEntry {
            header: Header::new(DirEntry::class()),
            name: Field::new(Some(name)),
            path: Field::new(Some(full)),
            status: Field::EMPTY,
            link_status: Field::EMPTY,
            inode: Cell::new(entry.inode),
            kind: Cell::new(entry.kind),
            directory: Cell::new(self.directory.get()),
        };
        Ok(Some(Py::new(value, thread)))
    }
}

#[python_type(name = "posix.ScandirIterator", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION))]
impl ScandirIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<ScandirIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<DirEntry>>> {
        self.next_entry(thread)
    }

    #[slot(tp_finalize)]
    fn finalize(&self, thread: &mut Thread) {
        let Some(stream) = self.opened.0.take() else { return };
        let raised = thread.take_exception();
        let shown = protocol::repr(self, thread);
        let warned = shown.and_then(|shown| {
            thread.warn_of_resource(self, format_args!("unclosed scandir iterator {}", shown.to_string_lossy()))
        });
        if let Err(error) = warned {
            thread.report_unraisable(error, "Exception ignored in", Some(self));
        }
        drop(stream);
        thread.restore_exception(raised);
    }

    /// __enter__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __enter__(&self) -> Py<ScandirIterator> {
        Py::from_ref(self)
    }

    #[method]
    #[signature("(*args)")]
    fn __exit__(&self, args: &[&Object]) {
        let _ = args;
        self.opened.0.take();
    }

    /// close($self, /)
    /// --
    ///
    ///
    #[method]
    fn close(&self) {
        self.opened.0.take();
    }
}

/// `getcwd` as bytes.
fn current_directory(thread: &mut Thread) -> PyResult<Vec<u8>> {
    let current = thread.without_lock(std::env::current_dir);
    match current {
        Ok(path) => Ok(std::os::unix::ffi::OsStringExt::into_vec(path.into_os_string())),
        Err(error) => Err(thread.raise_io_error(&error, None)),
    }
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// getcwd($module, /)
    /// --
    ///
    /// Return a unicode string representing the current working directory.
    #[function]
    fn getcwd(thread: &mut Thread) -> PyResult<Py<Str>> {
        let current = current_directory(thread)?;
        path::decode(&current, thread)
    }

    /// getcwdb($module, /)
    /// --
    ///
    /// Return a bytes string representing the current working directory.
    #[function]
    fn getcwdb(thread: &mut Thread) -> PyResult<Py<Object>> {
        let current = current_directory(thread)?;
        thread.make_bytes(&current)
    }

    /// chdir($module, /, path)
    /// --
    ///
    /// Change the current working directory to the specified path.
    ///
    /// path may always be specified as a string.  On some platforms, path may
    /// also be specified as an open file descriptor.  If this functionality is
    /// unavailable, using it raises an exception.
    #[function]
    fn chdir(path: PathOrDescriptor, thread: &mut Thread) -> PyResult<()> {
        audit!(thread, "os.chdir", path.object())?;
        let change = || match path.descriptor() {
            // SAFETY: a number.
            Some(number) => unsafe { libc::fchdir(number) },
            // SAFETY: a C string.
            None => unsafe { libc::chdir(path.name().as_ptr()) },
        };
        path.checked(change, thread).map(drop)
    }

    /// fchdir($module, /, fd)
    /// --
    ///
    /// Change to the directory of the given file descriptor.
    ///
    /// fd must be opened on a directory, not a file.
    /// Equivalent to os.chdir(fd).
    #[function]
    fn fchdir(fd: Descriptor, thread: &mut Thread) -> PyResult<()> {
        audit!(thread, "os.chdir", fd.0)?;
        // SAFETY: a number.
        call::checked_interruptible(|| unsafe { libc::fchdir(fd.0) }, thread).map(drop)
    }

    /// chroot($module, /, path)
    /// --
    ///
    /// Change root directory to path.
    #[function]
    fn chroot(path: Path, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: a C string.
        path.checked(|| unsafe { libc::chroot(path.name().as_ptr()) }, thread).map(drop)
    }

    /// listdir($module, /, path=None)
    /// --
    ///
    /// Return a list containing the names of the files in the directory.
    ///
    /// path can be specified as either str, bytes, or a path-like object.  If
    /// path is bytes, the filenames returned will also be bytes; in all other
    /// circumstances the filenames returned will be str.
    /// If path is None, uses the path='.'.
    /// On some platforms, path may also be specified as an open file
    /// descriptor; the file descriptor must refer to a directory.  If this
    /// functionality is unavailable, using it raises NotImplementedError.
    ///
    /// The list is in arbitrary order.  It does not include the special
    /// entries '.' and '..' even if they are present in the directory.
    #[function]
    fn listdir(#[default(Path::NOTHING)] path: Path<true, true>, thread: &mut Thread) -> PyResult<Py<List>> {
        audit!(thread, "os.listdir", path.object())?;
        let mut names = Vec::new();
        let mut stream = match Stream::open(&path, thread) {
            Ok(stream) => stream,
            Err(raised) => {
                for name in inner_files::list(path.name().to_bytes(), raised, thread)? {
                    names.push(path::to_object(name.as_bytes(), path.is_bytes(), thread)?);
                }
                return List::new(names, thread);
            }
        };
        loop {
            match stream.next(thread) {
                Ok(Some(entry)) => names.push(path::to_object(&entry.name, path.is_bytes(), thread)?),
                Ok(None) => return List::new(names, thread),
                Err(number) => return Err(path.raise(number, thread)),
            }
        }
    }

    /// scandir($module, /, path=None)
    /// --
    ///
    /// Return an iterator of DirEntry objects for given path.
    ///
    /// path can be specified as either str, bytes, or a path-like object.  If
    /// path is bytes, the names of yielded DirEntry objects will also be bytes;
    /// in all other circumstances they will be str.
    ///
    /// If path is None, uses the path='.'.
    #[function]
    fn scandir(#[default(Path::NOTHING)] path: Path<true, true>, thread: &mut Thread) -> PyResult<Py<ScandirIterator>> {
        audit!(thread, "os.scandir", path.object())?;
        let stream = Stream::open(&path, thread)?;
        let mut prefix = if path.descriptor().is_some() { Vec::new() } else { path.name().to_bytes().to_vec() };
        if prefix.last().is_some_and(|it| *it != b'/') {
            prefix.push(b'/');
        }
        let object = match path.object() {
            Some(object) if !object.is_none() => Py::from_ref(object),
            _ => Str::from_str(".", thread).into_object(),
        };
        let value = ScandirIterator {
            header: Header::new(ScandirIterator::class()),
            path: Field::new(Some(object)),
            prefix: Guarded(prefix),
            is_bytes: Cell::new(path.is_bytes()),
            directory: Cell::new(path.descriptor().unwrap_or(-1)),
            opened: Opened(RefCell::new(Some(stream))),
        };
        Ok(Py::new(value, thread))
    }
}
