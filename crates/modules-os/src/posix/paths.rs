//! Paths as text: `fspath` and the parts that `posixpath` is made of; and the files that paths name: removing, renaming, truncating.

use macros::python_module;
use objects::audit;
use objects::errors::PyResult;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use system::call;
use system::descriptor::Directory;
use system::path::{self, Path, PathOrDescriptor};

/// A path without `.` and `..` where the text alone allows it, and without doubled slashes.
fn normalize(path: &[u8]) -> Vec<u8> {
    let slashes = path.iter().take_while(|it| **it == b'/').count();
    // POSIX leaves the meaning of exactly two slashes to the system.
    let root: &[u8] = match slashes {
        0 => b"",
        2 => b"//",
        _ => b"/",
    };
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path[slashes..].split(|it| *it == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|it| *it != b"..") => {
                parts.pop();
            }
            b".." if !root.is_empty() => {}
            part => parts.push(part),
        }
    }
    let normalized = [root, &parts.join(&b'/')].concat();
    if normalized.is_empty() { b".".to_vec() } else { normalized }
}

/// The slashes that a path starts with, as far as they count as its root.
fn root_length(path: &[u8]) -> usize {
    match path.iter().take_while(|it| **it == b'/').count() {
        0 => 0,
        2 => 2,
        _ => 1,
    }
}

/// `rename` and `replace`.
fn rename(
    from: &Path,
    to: &Path,
    from_directory: Directory,
    to_directory: Directory,
    thread: &mut Thread,
) -> PyResult<()> {
    audit!(thread, "os.rename", from.object(), to.object(), from_directory, to_directory)?;
    let outcome = call::plain(
        // SAFETY: C strings.
        || unsafe {
            libc::renameat(from_directory.number(), from.name().as_ptr(), to_directory.number(), to.name().as_ptr())
        },
        thread,
    );
    outcome.map(drop).map_err(|number| super::links::raise_of_two(number, from, to, thread))
}

/// `unlink`, `remove` and `rmdir`.
fn unlink(path: &Path, directory: Directory, flags: i32, thread: &mut Thread) -> PyResult<()> {
    let event = if flags == 0 { "os.remove" } else { "os.rmdir" };
    audit!(thread, event, path.object(), directory)?;
    // SAFETY: a C string.
    path.checked(|| unsafe { libc::unlinkat(directory.number(), path.name().as_ptr(), flags) }, thread).map(drop)
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// fspath($module, /, path)
    /// --
    ///
    /// Return the file system path representation of the object.
    ///
    /// If the object is str or bytes, then allow it to pass through as-is.  If
    /// the object defines __fspath__(), then return the result of that method.
    /// All other types raise a TypeError.
    #[function]
    fn fspath(path: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        path::fspath(path, thread)
    }

    /// _path_normpath($module, /, path)
    /// --
    ///
    /// Normalize path, eliminating double slashes, etc.
    #[function]
    fn _path_normpath(path: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (bytes, is_bytes) = path::bytes_with_zeros(path, "_path_normpath", "path", thread)?;
        path::from_bytes_with_zeros(&normalize(&bytes), is_bytes, thread)
    }

    /// _path_splitroot_ex($module, /, p)
    /// --
    ///
    /// Split a pathname into drive, root and tail.
    ///
    /// The tail contains anything after the root.
    #[function]
    fn _path_splitroot_ex(p: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let (bytes, is_bytes) = path::bytes_with_zeros(p, "_path_splitroot_ex", "path", thread)?;
        let (root, tail) = bytes.split_at(root_length(&bytes));
        let drive = path::from_bytes_with_zeros(b"", is_bytes, thread)?;
        let root = path::from_bytes_with_zeros(root, is_bytes, thread)?;
        let tail = path::from_bytes_with_zeros(tail, is_bytes, thread)?;
        Tuple::new(vec![drive, root, tail], thread)
    }

    /// rename($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)
    /// --
    ///
    /// Rename a file or directory.
    ///
    /// If either src_dir_fd or dst_dir_fd is not None, it should be a file
    /// descriptor open to a directory, and the respective path string (src or
    /// dst) should be relative; the path will then be relative to that
    /// directory.
    /// src_dir_fd and dst_dir_fd, may not be implemented on your platform.
    /// If they are unavailable, using them will raise a NotImplementedError.
    #[function]
    fn rename(
        src: Path,
        dst: Path,
        #[default(Directory::CURRENT)] src_dir_fd: Directory,
        #[default(Directory::CURRENT)] dst_dir_fd: Directory,
        thread: &mut Thread,
    ) -> PyResult<()> {
        rename(&src, &dst, src_dir_fd, dst_dir_fd, thread)
    }

    /// replace($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)
    /// --
    ///
    /// Rename a file or directory, overwriting the destination.
    ///
    /// If either src_dir_fd or dst_dir_fd is not None, it should be a file
    /// descriptor open to a directory, and the respective path string (src or
    /// dst) should be relative; the path will then be relative to that
    /// directory.
    /// src_dir_fd and dst_dir_fd, may not be implemented on your platform.
    /// If they are unavailable, using them will raise a NotImplementedError.
    #[function]
    fn replace(
        src: Path,
        dst: Path,
        #[default(Directory::CURRENT)] src_dir_fd: Directory,
        #[default(Directory::CURRENT)] dst_dir_fd: Directory,
        thread: &mut Thread,
    ) -> PyResult<()> {
        rename(&src, &dst, src_dir_fd, dst_dir_fd, thread)
    }

    /// unlink($module, /, path, *, dir_fd=None)
    /// --
    ///
    /// Remove a file (same as remove()).
    ///
    /// If dir_fd is not None, it should be a file descriptor open to
    /// a directory, and path should be relative; path will then be relative to
    /// that directory.
    /// dir_fd may not be implemented on your platform.
    /// If it is unavailable, using it will raise a NotImplementedError.
    #[function]
    fn unlink(path: Path, #[default(Directory::CURRENT)] dir_fd: Directory, thread: &mut Thread) -> PyResult<()> {
        unlink(&path, dir_fd, 0, thread)
    }

    /// remove($module, /, path, *, dir_fd=None)
    /// --
    ///
    /// Remove a file (same as unlink()).
    ///
    /// If dir_fd is not None, it should be a file descriptor open to
    /// a directory, and path should be relative; path will then be relative
    /// to that directory.
    /// dir_fd may not be implemented on your platform.
    /// If it is unavailable, using it will raise a NotImplementedError.
    #[function]
    fn remove(path: Path, #[default(Directory::CURRENT)] dir_fd: Directory, thread: &mut Thread) -> PyResult<()> {
        unlink(&path, dir_fd, 0, thread)
    }

    /// rmdir($module, /, path, *, dir_fd=None)
    /// --
    ///
    /// Remove a directory.
    ///
    /// If dir_fd is not None, it should be a file descriptor open to
    /// a directory, and path should be relative; path will then be relative
    /// to that directory.
    /// dir_fd may not be implemented on your platform.
    /// If it is unavailable, using it will raise a NotImplementedError.
    #[function]
    fn rmdir(path: Path, #[default(Directory::CURRENT)] dir_fd: Directory, thread: &mut Thread) -> PyResult<()> {
        unlink(&path, dir_fd, libc::AT_REMOVEDIR, thread)
    }

    /// mkdir($module, /, path, mode=511, *, dir_fd=None)
    /// --
    ///
    /// Create a directory.
    ///
    /// If dir_fd is not None, it should be a file descriptor open to
    /// a directory, and path should be relative; path will then be relative to
    /// that directory.
    /// dir_fd may not be implemented on your platform.  If it is unavailable,
    /// using it will raise a NotImplementedError.
    ///
    /// The mode argument is ignored on Windows.  Where it is used, the current
    /// umask value is first masked out.
    #[function]
    fn mkdir(
        path: Path,
        mode: i32,
        #[default(Directory::CURRENT)] dir_fd: Directory,
        thread: &mut Thread,
    ) -> PyResult<()> {
        audit!(thread, "os.mkdir", path.object(), mode, dir_fd)?;
        // SAFETY: a C string.
        path.checked(|| unsafe { libc::mkdirat(dir_fd.number(), path.name().as_ptr(), mode as u32) }, thread).map(drop)
    }

    /// mkfifo($module, /, path, mode=438, *, dir_fd=None)
    /// --
    ///
    /// Create a "fifo" (a POSIX named pipe).
    ///
    /// If dir_fd is not None, it should be a file descriptor open to
    /// a directory, and path should be relative; path will then be relative to
    /// that directory.
    /// dir_fd may not be implemented on your platform.  If it is unavailable,
    /// using it will raise a NotImplementedError.
    #[function]
    fn mkfifo(
        path: Path,
        mode: i32,
        #[default(Directory::CURRENT)] dir_fd: Directory,
        thread: &mut Thread,
    ) -> PyResult<()> {
        // SAFETY: a C string.
        let make = || unsafe { libc::mkfifoat(dir_fd.number(), path.name().as_ptr(), mode as u32) };
        call::interruptible(make, thread)?.map(drop).map_err(|number| path.raise(number, thread))
    }

    /// mknod($module, /, path, mode=384, device=0, *, dir_fd=None)
    /// --
    ///
    /// Create a node in the file system.
    ///
    /// Create a node in the file system (file, device special file or named
    /// pipe) at path.  mode specifies both the permissions to use and the
    /// type of node to be created, being combined (bitwise OR) with one of
    /// S_IFREG, S_IFCHR, S_IFBLK, and S_IFIFO.  If S_IFCHR or S_IFBLK is set
    /// on mode, device defines the newly created device special file (probably
    /// using os.makedev()).  Otherwise device is ignored.
    ///
    /// If dir_fd is not None, it should be a file descriptor open to
    /// a directory, and path should be relative; path will then be relative
    /// to that directory.
    /// dir_fd may not be implemented on your platform.  If it is unavailable,
    /// using it will raise a NotImplementedError.
    #[function]
    fn mknod(
        path: Path,
        mode: i32,
        device: u64,
        #[default(Directory::CURRENT)] dir_fd: Directory,
        thread: &mut Thread,
    ) -> PyResult<()> {
        // SAFETY: a C string.
        let make = || unsafe { libc::mknodat(dir_fd.number(), path.name().as_ptr(), mode as u32, device) };
        call::interruptible(make, thread)?.map(drop).map_err(|number| path.raise(number, thread))
    }

    /// truncate($module, /, path, length)
    /// --
    ///
    /// Truncate a file, specified by path, to a specific length.
    ///
    /// On some platforms, path may also be specified as an open file
    /// descriptor.  If this functionality is unavailable, using it raises
    /// an exception.
    #[function]
    fn truncate(path: PathOrDescriptor, length: i64, thread: &mut Thread) -> PyResult<()> {
        audit!(thread, "os.truncate", path.object(), length)?;
        let cut = || match path.descriptor() {
            // SAFETY: numbers alone.
            Some(number) => unsafe { libc::ftruncate(number, length) },
            // SAFETY: a C string.
            None => unsafe { libc::truncate(path.name().as_ptr(), length) },
        };
        path.checked(cut, thread).map(drop)
    }
}
