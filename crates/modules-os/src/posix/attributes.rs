//! What can be changed about a file: mode, owner, times, extended attributes.

use macros::python_module;
use objects::audit;
use objects::errors::{OrMemoryError, PyResult, TryToVec};
use objects::list::List;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use system::call;
use system::clock::{self, Rounding, SECOND};
use system::descriptor::{Descriptor, Directory};
use system::path::{self, Path, PathOrDescriptor};

use super::flag;
use super::identity::{GroupId, UserId};
use super::stat::check_directory;

/// `times` or `ns` of `utime` as the system takes them; None: now.
fn file_times(
    times: Option<&Object>,
    ns: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Option<[libc::timespec; 2]>> {
    let times = times.filter(|it| !it.is_none());
    if times.is_some() && ns.is_some() {
        return Err(raise!(thread, ValueError, "utime: you may specify either 'times' or 'ns' but not both"));
    }
    if let Some(times) = times {
        let Some([access, change]) = times.downcast::<Tuple>().map(Tuple::items) else {
            return Err(raise!(thread, TypeError, "utime: 'times' must be either a tuple of two ints or None"));
        };
        let access = clock::timespec(access, Rounding::Floor, thread)?;
        let change = clock::timespec(change, Rounding::Floor, thread)?;
        let pair = [access, change].map(|(tv_sec, tv_nsec)| libc::timespec { tv_sec, tv_nsec });
        return Ok(Some(pair));
    }
    let Some(ns) = ns else { return Ok(None) };
    let Some([access, change]) = ns.downcast::<Tuple>().map(Tuple::items) else {
        return Err(raise!(thread, TypeError, "utime: 'ns' must be a tuple of two ints"));
    };
    Ok(Some([split_nanoseconds(access, thread)?, split_nanoseconds(change, thread)?]))
}

/// An int of nanoseconds, by `divmod` as CPython takes it apart.
fn split_nanoseconds(value: &Object, thread: &mut Thread) -> PyResult<libc::timespec> {
    let second = protocol::make_int(i128::from(SECOND), thread);
    let parts = protocol::divmod(value, &second, thread)?;
    let Some([seconds, rest]) = parts.downcast::<Tuple>().map(Tuple::items) else {
        let (class, other) = (value.class().short_name(), parts.class().short_name());
        return Err(raise!(thread, TypeError, "{class}.__divmod__() must return a 2-tuple, not {other}"));
    };
    let seconds = clock::time_t(seconds, Rounding::Floor, thread)?;
    let rest = protocol::index_as_isize(rest, thread)?;
    Ok(libc::timespec { tv_sec: seconds, tv_nsec: rest as i64 })
}

/// The size of an extended attribute's buffer: small first, then the system's limit.
const ATTRIBUTE_SIZES: [usize; 2] = [128, 64 * 1024];

/// Reads into a buffer that grows: `read` gets its address and size.
fn read_growing(
    path: &PathOrOpen<'_>,
    mut read: impl FnMut(*mut libc::c_void, usize) -> isize,
    thread: &mut Thread,
) -> PyResult<Vec<u8>> {
    let mut number = libc::ERANGE;
    for size in ATTRIBUTE_SIZES {
        let mut buffer = vec![0u8; size];
        match call::plain(|| read(buffer.as_mut_ptr().cast(), size), thread) {
            Ok(length) => {
                buffer.truncate(length as usize);
                return Ok(buffer);
            }
            Err(libc::ERANGE) => {}
            Err(other) => {
                number = other;
                break;
            }
        }
    }
    Err(thread.raise_os_error(number, path.object))
}

/// The path of a function about extended attributes.
struct PathOrOpen<'a> {
    descriptor: Option<i32>,
    name: *const libc::c_char,
    object: Option<&'a Object>,
    follow_symlinks: bool,
}

impl<'a> PathOrOpen<'a> {
    fn new<const NONE: bool>(
        function: &str,
        path: &'a Path<true, NONE>,
        follow_symlinks: bool,
        thread: &mut Thread,
    ) -> PyResult<Self> {
        if path.descriptor().is_some() && !follow_symlinks {
            return Err(raise!(thread, ValueError, "{function}: cannot use fd and follow_symlinks together"));
        }
        Ok(Self { descriptor: path.descriptor(), name: path.name().as_ptr(), object: path.object(), follow_symlinks })
    }
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// chmod($module, /, path, mode, *, dir_fd=None,
    ///       follow_symlinks=(os.name != 'nt'))
    /// --
    ///
    /// Change the access permissions of a file.
    ///
    ///   path
    ///     Path to be modified.  May always be specified as a str, bytes, or
    ///     a path-like object.  On some platforms, path may also be specified
    ///     as an open file descriptor.  If this functionality is unavailable,
    ///     using it raises an exception.
    ///   mode
    ///     Operating-system mode bitfield.
    ///     Be careful when using number literals for *mode*. The conventional
    ///     UNIX notation for numeric modes uses an octal base, which needs to
    ///     be indicated with a ``0o`` prefix in Python.
    ///   dir_fd
    ///     If not None, it should be a file descriptor open to a directory,
    ///     and path should be relative; path will then be relative to that
    ///     directory.
    ///   follow_symlinks
    ///     If False, and the last element of the path is a symbolic link,
    ///     chmod will modify the symbolic link itself instead of the file
    ///     the link points to.
    ///
    /// It is an error to use dir_fd or follow_symlinks when specifying path as
    ///   an open file descriptor.
    /// dir_fd and follow_symlinks may not be implemented on your platform.
    ///   If they are unavailable, using them will raise a NotImplementedError.
    #[function]
    fn chmod(
        path: PathOrDescriptor,
        mode: i32,
        #[default(Directory::CURRENT)] dir_fd: Directory,
        #[default(true)] follow_symlinks: bool,
        thread: &mut Thread,
    ) -> PyResult<()> {
        check_directory("chmod", &path, dir_fd, follow_symlinks, thread)?;
        audit!(thread, "os.chmod", path.object(), mode, dir_fd)?;
        let mode = mode as libc::mode_t;
        if let Some(number) = path.descriptor() {
            // SAFETY: numbers.
            return path.checked(|| unsafe { libc::fchmod(number, mode) }, thread).map(drop);
        }
        let flags = flag(!follow_symlinks, libc::AT_SYMLINK_NOFOLLOW);
        let change = || {
            // SAFETY: a C string.
            unsafe { libc::fchmodat(dir_fd.number(), path.name().as_ptr(), mode, flags) }
        };
        match call::plain(change, thread) {
            Ok(_) => Ok(()),
            Err(libc::EOPNOTSUPP) if !follow_symlinks && dir_fd.is_given() => Err(raise!(
                thread,
                ValueError,
                "chmod: cannot use dir_fd and follow_symlinks together on this platform"
            )),
            Err(libc::EOPNOTSUPP) if !follow_symlinks => {
                Err(raise!(thread, NotImplementedError, "chmod: follow_symlinks unavailable on this platform"))
            }
            Err(number) => Err(path.raise(number, thread)),
        }
    }

    /// fchmod($module, /, fd, mode)
    /// --
    ///
    /// Change the access permissions of the file given by file descriptor fd.
    ///
    ///   fd
    ///     The file descriptor of the file to be modified.
    ///   mode
    ///     Operating-system mode bitfield.
    ///     Be careful when using number literals for *mode*.  The conventional
    ///     UNIX notation for numeric modes uses an octal base, which needs to
    ///     be indicated with a ``0o`` prefix in Python.
    ///
    /// Equivalent to os.chmod(fd, mode).
    #[function]
    fn fchmod(fd: i32, mode: i32, thread: &mut Thread) -> PyResult<()> {
        audit!(thread, "os.chmod", fd, mode, -1)?;
        // SAFETY: numbers.
        call::checked_interruptible(|| unsafe { libc::fchmod(fd, mode as libc::mode_t) }, thread).map(drop)
    }

    /// chown($module, /, path, uid, gid, *, dir_fd=None, follow_symlinks=True)
    /// --
    ///
    /// Change the owner and group id of path to the numeric uid and gid.
    ///
    ///   path
    ///     Path to be examined; can be string, bytes, a path-like object, or
    ///     open-file-descriptor int.
    ///   dir_fd
    ///     If not None, it should be a file descriptor open to a directory,
    ///     and path should be relative; path will then be relative to that
    ///     directory.
    ///   follow_symlinks
    ///     If False, and the last element of the path is a symbolic link,
    ///     stat will examine the symbolic link itself instead of the file
    ///     the link points to.
    ///
    /// path may always be specified as a string.  On some platforms, path may
    /// also be specified as an open file descriptor.  If this functionality is
    /// unavailable, using it raises an exception.
    /// If dir_fd is not None, it should be a file descriptor open to
    /// a directory, and path should be relative; path will then be relative to
    /// that directory.
    /// If follow_symlinks is False, and the last element of the path is
    /// a symbolic link, chown will modify the symbolic link itself instead of
    /// the file the link points to.
    /// It is an error to use dir_fd or follow_symlinks when specifying path as
    /// an open file descriptor.
    /// dir_fd and follow_symlinks may not be implemented on your platform.  If
    /// they are unavailable, using them will raise a NotImplementedError.
    #[function]
    fn chown(
        path: PathOrDescriptor,
        uid: UserId,
        gid: GroupId,
        #[default(Directory::CURRENT)] dir_fd: Directory,
        follow_symlinks: bool,
        thread: &mut Thread,
    ) -> PyResult<()> {
        check_directory("chown", &path, dir_fd, follow_symlinks, thread)?;
        audit!(thread, "os.chown", path.object(), uid.0, gid.0, dir_fd)?;
        let flags = flag(!follow_symlinks, libc::AT_SYMLINK_NOFOLLOW);
        let change = || match path.descriptor() {
            // SAFETY: numbers.
            Some(number) => unsafe { libc::fchown(number, uid.0, gid.0) },
            // SAFETY: a C string.
            None => unsafe { libc::fchownat(dir_fd.number(), path.name().as_ptr(), uid.0, gid.0, flags) },
        };
        path.checked(change, thread).map(drop)
    }

    /// fchown($module, /, fd, uid, gid)
    /// --
    ///
    /// Change the owner and group id of the file specified by file descriptor.
    ///
    /// Equivalent to os.chown(fd, uid, gid).
    #[function]
    fn fchown(fd: i32, uid: UserId, gid: GroupId, thread: &mut Thread) -> PyResult<()> {
        audit!(thread, "os.chown", fd, uid.0, gid.0, -1)?;
        // SAFETY: numbers.
        call::checked_interruptible(|| unsafe { libc::fchown(fd, uid.0, gid.0) }, thread).map(drop)
    }

    /// lchown($module, /, path, uid, gid)
    /// --
    ///
    /// Change the owner and group id of path to the numeric uid and gid.
    ///
    /// This function will not follow symbolic links.
    /// Equivalent to os.chown(path, uid, gid, follow_symlinks=False).
    #[function]
    fn lchown(path: Path, uid: UserId, gid: GroupId, thread: &mut Thread) -> PyResult<()> {
        audit!(thread, "os.chown", path.object(), uid.0, gid.0, -1)?;
        // SAFETY: a C string.
        path.checked(|| unsafe { libc::lchown(path.name().as_ptr(), uid.0, gid.0) }, thread).map(drop)
    }

    /// utime($module, /, path, times=None, *, ns=<unrepresentable>,
    ///       dir_fd=None, follow_symlinks=True)
    /// --
    ///
    /// Set the access and modified time of path.
    ///
    /// path may always be specified as a string.  On some platforms, path may
    /// also be specified as an open file descriptor.  If this functionality is
    /// unavailable, using it raises an exception.
    ///
    /// If times is not None, it must be a tuple (atime, mtime);
    /// atime and mtime should be expressed as float seconds since the epoch.
    /// If ns is specified, it must be a tuple (atime_ns, mtime_ns);
    /// atime_ns and mtime_ns should be expressed as integer nanoseconds
    /// since the epoch.
    /// If times is None and ns is unspecified, utime uses the current time.
    /// Specifying tuples for both times and ns is an error.
    ///
    /// If dir_fd is not None, it should be a file descriptor open to
    /// a directory, and path should be relative; path will then be relative to
    /// that directory.
    /// If follow_symlinks is False, and the last element of the path is
    /// a symbolic link, utime will modify the symbolic link itself instead of
    /// the file the link points to.
    /// It is an error to use dir_fd or follow_symlinks when specifying path as
    /// an open file descriptor.
    /// dir_fd and follow_symlinks may not be available on your platform.
    /// If they are unavailable, using them will raise a NotImplementedError.
    #[function]
    fn utime(
        path: PathOrDescriptor,
        times: Option<&Object>,
        ns: Option<&Object>,
        #[default(Directory::CURRENT)] dir_fd: Directory,
        follow_symlinks: bool,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let settled = file_times(times, ns, thread)?;
        check_directory("utime", &path, dir_fd, follow_symlinks, thread)?;
        audit!(thread, "os.utime", path.object(), times, ns, dir_fd)?;
        let times = settled.as_ref().map_or(std::ptr::null(), |it| it.as_ptr());
        let flags = flag(!follow_symlinks, libc::AT_SYMLINK_NOFOLLOW);
        let change = || match path.descriptor() {
            // SAFETY: two times, or null for now.
            Some(number) => unsafe { libc::futimens(number, times) },
            // SAFETY: a C string, and two times or null.
            None => unsafe { libc::utimensat(dir_fd.number(), path.name().as_ptr(), times, flags) },
        };
        path.checked(change, thread).map(drop)
    }

    /// getxattr($module, /, path, attribute, *, follow_symlinks=True)
    /// --
    ///
    /// Return the value of extended attribute attribute on path.
    ///
    /// path may be either a string, a path-like object, or an open file
    /// descriptor.
    /// If follow_symlinks is False, and the last element of the path is
    /// a symbolic link, getxattr will examine the symbolic link itself
    /// instead of the file the link points to.
    #[function]
    fn getxattr(
        path: PathOrDescriptor,
        attribute: Path,
        follow_symlinks: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let target = PathOrOpen::new("getxattr", &path, follow_symlinks, thread)?;
        audit!(thread, "os.getxattr", path.object(), attribute.object())?;
        let name = attribute.name().as_ptr();
        let read = |buffer, size| {
            // SAFETY: C strings, and a buffer of that size.
            unsafe {
                match target.descriptor {
                    Some(number) => libc::fgetxattr(number, name, buffer, size),
                    None if target.follow_symlinks => libc::getxattr(target.name, name, buffer, size),
                    None => libc::lgetxattr(target.name, name, buffer, size),
                }
            }
        };
        let value = read_growing(&target, read, thread)?;
        thread.make_bytes(&value)
    }

    /// setxattr($module, /, path, attribute, value, flags=0, *,
    ///          follow_symlinks=True)
    /// --
    ///
    /// Set extended attribute attribute on path to value.
    ///
    /// path may be either a string, a path-like object,  or an open file
    /// descriptor.
    /// If follow_symlinks is False, and the last element of the path is
    /// a symbolic link, setxattr will modify the symbolic link itself instead
    /// of the file the link points to.
    #[function]
    fn setxattr(
        path: PathOrDescriptor,
        attribute: Path,
        value: BytesLike<'_>,
        flags: i32,
        follow_symlinks: bool,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let target = PathOrOpen::new("setxattr", &path, follow_symlinks, thread)?;
        let value = value.as_slice(thread).try_to_vec().or_memory_error(thread)?;
        if thread.is_audited() {
            let told = thread.make_bytes(&value)?;
            audit!(thread, "os.setxattr", path.object(), attribute.object(), told, flags)?;
        }
        let (name, data, size) = (attribute.name().as_ptr(), value.as_ptr().cast(), value.len());
        let change = || {
            // SAFETY: C strings, and so many bytes.
            unsafe {
                match target.descriptor {
                    Some(number) => libc::fsetxattr(number, name, data, size, flags),
                    None if target.follow_symlinks => libc::setxattr(target.name, name, data, size, flags),
                    None => libc::lsetxattr(target.name, name, data, size, flags),
                }
            }
        };
        path.checked(change, thread).map(drop)
    }

    /// removexattr($module, /, path, attribute, *, follow_symlinks=True)
    /// --
    ///
    /// Remove extended attribute attribute on path.
    ///
    /// path may be either a string, a path-like object, or an open file
    /// descriptor.
    /// If follow_symlinks is False, and the last element of the path is
    /// a symbolic link, removexattr will modify the symbolic link itself
    /// instead of the file the link points to.
    #[function]
    fn removexattr(
        path: PathOrDescriptor,
        attribute: Path,
        follow_symlinks: bool,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let target = PathOrOpen::new("removexattr", &path, follow_symlinks, thread)?;
        audit!(thread, "os.removexattr", path.object(), attribute.object())?;
        let name = attribute.name().as_ptr();
        let change = || {
            // SAFETY: C strings.
            unsafe {
                match target.descriptor {
                    Some(number) => libc::fremovexattr(number, name),
                    None if target.follow_symlinks => libc::removexattr(target.name, name),
                    None => libc::lremovexattr(target.name, name),
                }
            }
        };
        path.checked(change, thread).map(drop)
    }

    /// listxattr($module, /, path=None, *, follow_symlinks=True)
    /// --
    ///
    /// Return a list of extended attributes on path.
    ///
    /// path may be either None, a string, a path-like object, or an open file
    /// descriptor.  If path is None, listxattr will examine the current
    /// directory.
    /// If follow_symlinks is False, and the last element of the path is
    /// a symbolic link, listxattr will examine the symbolic link itself instead
    /// of the file the link points to.
    #[function]
    fn listxattr(
        #[default(Path::NOTHING)] path: Path<true, true>,
        follow_symlinks: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<List>> {
        let target = PathOrOpen::new("listxattr", &path, follow_symlinks, thread)?;
        audit!(thread, "os.listxattr", path.object())?;
        let read = |buffer: *mut libc::c_void, size| {
            // SAFETY: a C string, and a buffer of that size.
            unsafe {
                match target.descriptor {
                    Some(number) => libc::flistxattr(number, buffer.cast(), size),
                    None if target.follow_symlinks => libc::listxattr(target.name, buffer.cast(), size),
                    None => libc::llistxattr(target.name, buffer.cast(), size),
                }
            }
        };
        let names = read_growing(&target, read, thread)?;
        let mut list = Vec::new();
        for name in names.split(|it| *it == 0).filter(|it| !it.is_empty()) {
            list.push(path::decode(name, thread)?.into_object());
        }
        List::new(list, thread)
    }

    /// umask($module, mask, /)
    /// --
    ///
    /// Set the current numeric umask and return the previous umask.
    #[function]
    fn umask(mask: i32) -> i32 {
        // SAFETY: a number; the call never fails.
        unsafe { libc::umask(mask as libc::mode_t) as i32 }
    }

    /// fsync($module, /, fd)
    /// --
    ///
    /// Force write of fd to disk.
    #[function]
    fn fsync(fd: Descriptor, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: a number.
        call::checked_interruptible(|| unsafe { libc::fsync(fd.0) }, thread).map(drop)
    }

    /// fdatasync($module, /, fd)
    /// --
    ///
    /// Force write of fd to disk without forcing update of metadata.
    #[function]
    fn fdatasync(fd: Descriptor, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: a number.
        call::checked_interruptible(|| unsafe { libc::fdatasync(fd.0) }, thread).map(drop)
    }

    /// sync($module, /)
    /// --
    ///
    /// Force write of everything to disk.
    #[function]
    fn sync(thread: &mut Thread) {
        // SAFETY: no arguments.
        thread.without_lock(|| unsafe { libc::sync() });
    }
}
