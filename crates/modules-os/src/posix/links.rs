//! Links: hard ones, symbolic ones, and what they point to.

use macros::python_module;
use objects::audit;
use objects::errors::{PyResult, Raised};
use objects::refs::{Object, Py};
use objects::thread::Thread;
use system::call;
use system::descriptor::Directory;
use system::path::{self, Path};

use super::flag;

/// The OSError about two paths.
#[cold]
pub(super) fn raise_of_two(number: i32, from: &Path, to: &Path, thread: &mut Thread) -> Raised {
    match (from.object(), to.object()) {
        (Some(from), Some(to)) => thread.raise_os_error_of_two(number, from, to),
        (from, _) => thread.raise_os_error(number, from),
    }
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// link($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None,
    ///      follow_symlinks=(os.name != 'nt'))
    /// --
    ///
    /// Create a hard link to a file.
    ///
    /// If either src_dir_fd or dst_dir_fd is not None, it should be a file
    /// descriptor open to a directory, and the respective path string (src or
    /// dst) should be relative; the path will then be relative to that
    /// directory.
    /// If follow_symlinks is False, and the last element of src is a symbolic
    /// link, link will create a link to the symbolic link itself instead of the
    /// file the link points to.
    /// src_dir_fd, dst_dir_fd, and follow_symlinks may not be implemented on
    /// your platform.  If they are unavailable, using them will raise
    /// a NotImplementedError.
    #[function]
    fn link(
        src: Path,
        dst: Path,
        #[default(Directory::CURRENT)] src_dir_fd: Directory,
        #[default(Directory::CURRENT)] dst_dir_fd: Directory,
        #[default(true)] follow_symlinks: bool,
        thread: &mut Thread,
    ) -> PyResult<()> {
        audit!(thread, "os.link", src.object(), dst.object(), src_dir_fd, dst_dir_fd)?;
        let flags = flag(follow_symlinks, libc::AT_SYMLINK_FOLLOW);
        let outcome = call::plain(
            // SAFETY: C strings.
            || unsafe {
                libc::linkat(src_dir_fd.number(), src.name().as_ptr(), dst_dir_fd.number(), dst.name().as_ptr(), flags)
            },
            thread,
        );
        outcome.map(drop).map_err(|number| raise_of_two(number, &src, &dst, thread))
    }

    /// symlink($module, /, src, dst, target_is_directory=False, *, dir_fd=None)
    /// --
    ///
    /// Create a symbolic link pointing to src named dst.
    ///
    /// target_is_directory is required on Windows if the target is to be
    /// interpreted as a directory.  (On Windows, symlink requires Windows 6.0
    /// or greater, and raises a NotImplementedError otherwise.)
    /// target_is_directory is ignored on non-Windows platforms.
    ///
    /// If dir_fd is not None, it should be a file descriptor open to
    /// a directory, and path should be relative; path will then be relative
    /// to that directory.
    /// dir_fd may not be implemented on your platform.  If it is unavailable,
    /// using it will raise a NotImplementedError.
    #[function]
    fn symlink(
        src: Path,
        dst: Path,
        target_is_directory: bool,
        #[default(Directory::CURRENT)] dir_fd: Directory,
        thread: &mut Thread,
    ) -> PyResult<()> {
        // Only Windows needs to know.
        let _ = target_is_directory;
        audit!(thread, "os.symlink", src.object(), dst.object(), dir_fd)?;
        let outcome = call::plain(
            // SAFETY: C strings.
            || unsafe { libc::symlinkat(src.name().as_ptr(), dir_fd.number(), dst.name().as_ptr()) },
            thread,
        );
        outcome.map(drop).map_err(|number| raise_of_two(number, &src, &dst, thread))
    }

    /// readlink($module, /, path, *, dir_fd=None)
    /// --
    ///
    /// Return a string representing the path to which the symbolic link points.
    ///
    /// If dir_fd is not None, it should be a file descriptor open to
    /// a directory, and path should be relative; path will then be relative to
    /// that directory.
    ///
    /// dir_fd may not be implemented on your platform.  If it is unavailable,
    /// using it will raise a NotImplementedError.
    #[function]
    fn readlink(
        path: Path,
        #[default(Directory::CURRENT)] dir_fd: Directory,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let mut target = vec![0u8; libc::PATH_MAX as usize];
        let length = path.checked(
            // SAFETY: a C string, and a buffer of the given size.
            || unsafe {
                libc::readlinkat(dir_fd.number(), path.name().as_ptr(), target.as_mut_ptr().cast(), target.len())
            },
            thread,
        )?;
        path::to_object(&target[..length as usize], path.is_bytes(), thread)
    }
}
