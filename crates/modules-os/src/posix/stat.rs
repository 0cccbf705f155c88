//! `stat` and its kin, `statvfs`, `access`: what the system knows of a file.

use std::ffi::CStr;

use macros::python_module;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::method::{FromArgument, Position};
use objects::protocol;
use objects::protocol::make_int;
use objects::raise;
use objects::refs::{Object, Py};
use objects::struct_sequence;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::tuple::struct_sequence::{self, Construct, StructSequence};
use objects::types::Type;
use system::call;
use system::clock::SECOND;
use system::descriptor::Directory;
use system::path::{Path, PathOrDescriptor};
use system::zeroed::Zeroed;

use super::flag;

struct_sequence! {
    /// stat_result: Result from stat, fstat, or lstat.
    ///
    /// This object may be accessed either as a tuple of
    ///   (mode, ino, dev, nlink, uid, gid, size, atime, mtime, ctime)
    /// or via the attributes st_mode, st_ino, st_dev, st_nlink, st_uid, and so on.
    ///
    /// Posix/windows: If your platform supports st_blksize, st_blocks, st_rdev,
    /// or st_flags, they are available as attributes only.
    ///
    /// See os.stat for more information.
    pub struct StatResult = "os.stat_result", 10 visible of 19, custom, HEAPTYPE;
    "st_mode": "protection bits";
    "st_ino": "inode";
    "st_dev": "device";
    "st_nlink": "number of hard links";
    "st_uid": "user ID of owner";
    "st_gid": "group ID of owner";
    "st_size": "total size, in bytes";
    _: "integer time of last access";
    _: "integer time of last modification";
    _: "integer time of last change";
    "st_atime": "time of last access";
    "st_mtime": "time of last modification";
    "st_ctime": "time of last change";
    "st_atime_ns": "time of last access in nanoseconds";
    "st_mtime_ns": "time of last modification in nanoseconds";
    "st_ctime_ns": "time of last change in nanoseconds";
    "st_blksize": "blocksize for filesystem I/O";
    "st_blocks": "number of blocks allocated";
    "st_rdev": "device type (if inode device)";
}

struct_sequence! {
    /// statvfs_result: Result from statvfs or fstatvfs.
    ///
    /// This object may be accessed either as a tuple of
    ///   (bsize, frsize, blocks, bfree, bavail, files, ffree, favail, flag, namemax),
    /// or via the attributes f_bsize, f_frsize, f_blocks, f_bfree, and so on.
    ///
    /// See os.statvfs for more information.
    pub struct StatvfsResult = "os.statvfs_result", 10 visible of 11, constructible, HEAPTYPE;
    "f_bsize": "";
    "f_frsize": "";
    "f_blocks": "";
    "f_bfree": "";
    "f_bavail": "";
    "f_files": "";
    "f_ffree": "";
    "f_favail": "";
    "f_flag": "";
    "f_namemax": "";
    "f_fsid": "";
}

impl Construct for StatResult {
    fn construct(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let made = struct_sequence::construct(class, Self::LAYOUT, arguments, keywords, thread)?;
        let fields = 0..Self::LAYOUT.fields.len();
        let mut values: Vec<_> = fields.map(|it| struct_sequence::field_value(&made, Self::LAYOUT, it)).collect();
        // Times that are only given as items are the attributes too.
        for attribute in 10..13 {
            if values[attribute].is_none() {
                values[attribute] = values[attribute - 3].clone();
            }
        }
        struct_sequence::make_in(class, Self::LAYOUT, values, thread)
    }
}

/// A file's state as an `os.stat_result`.
pub(super) fn to_object(status: &libc::stat, thread: &mut Thread) -> PyResult<Py<Object>> {
    let numbers = [
        i128::from(status.st_mode),
        i128::from(status.st_ino),
        i128::from(status.st_dev),
        i128::from(status.st_nlink),
        i128::from(status.st_uid),
        i128::from(status.st_gid),
        i128::from(status.st_size),
        i128::from(status.st_atime),
        i128::from(status.st_mtime),
        i128::from(status.st_ctime),
    ];
    let times = [
        (status.st_atime, status.st_atime_nsec),
        (status.st_mtime, status.st_mtime_nsec),
        (status.st_ctime, status.st_ctime_nsec),
    ];
    let mut values: Vec<Py<Object>> = numbers.iter().map(|it| make_int(*it, thread)).collect();
    for (seconds, nanoseconds) in times {
        values.push(Float::new(seconds as f64 + 1e-9 * nanoseconds as f64, thread).into_object());
    }
    for (seconds, nanoseconds) in times {
        values.push(make_int(i128::from(seconds) * i128::from(SECOND) + i128::from(nanoseconds), thread));
    }
    for number in [i128::from(status.st_blksize), i128::from(status.st_blocks), i128::from(status.st_rdev)] {
        values.push(make_int(number, thread));
    }
    struct_sequence::make::<StatResult>(values, thread)
}

/// `fstatat`, or `fstat` for an open file.
pub(super) fn status_at(
    directory: i32,
    name: &CStr,
    follow_symlinks: bool,
    thread: &mut Thread,
) -> Result<libc::stat, i32> {
    let mut status = libc::stat::zeroed();
    let flags = flag(!follow_symlinks, libc::AT_SYMLINK_NOFOLLOW);
    // SAFETY: a C string, and a local to write to.
    call::plain(|| unsafe { libc::fstatat(directory, name.as_ptr(), &mut status, flags) }, thread)?;
    Ok(status)
}

/// The checks of functions that take a path or an open file, and a directory.
pub(super) fn check_directory(
    function: &str,
    path: &PathOrDescriptor,
    directory: Directory,
    follow_symlinks: bool,
    thread: &mut Thread,
) -> PyResult<()> {
    if path.descriptor().is_some() {
        if directory.is_given() {
            return Err(raise!(thread, ValueError, "{function}: can't specify dir_fd without matching path"));
        }
        if !follow_symlinks {
            return Err(raise!(thread, ValueError, "{function}: cannot use fd and follow_symlinks together"));
        }
    }
    Ok(())
}

fn stat(
    function: &str,
    path: &PathOrDescriptor,
    directory: Directory,
    follow_symlinks: bool,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    check_directory(function, path, directory, follow_symlinks, thread)?;
    let status = match path.descriptor() {
        Some(number) => status_of(number, thread),
        None => status_at(directory.number(), path.name(), follow_symlinks, thread),
    };
    match status {
        Ok(status) => to_object(&status, thread),
        Err(number) => Err(path.raise(number, thread)),
    }
}

fn status_of(number: i32, thread: &mut Thread) -> Result<libc::stat, i32> {
    let mut status = libc::stat::zeroed();
    // SAFETY: a local to write to.
    call::plain(|| unsafe { libc::fstat(number, &mut status) }, thread)?;
    Ok(status)
}

fn statvfs_object(status: &libc::statvfs, thread: &mut Thread) -> PyResult<Py<Object>> {
    let numbers = [
        status.f_bsize,
        status.f_frsize,
        status.f_blocks,
        status.f_bfree,
        status.f_bavail,
        status.f_files,
        status.f_ffree,
        status.f_favail,
        status.f_flag,
        status.f_namemax,
        status.f_fsid,
    ];
    let values = numbers.iter().map(|it| make_int(i128::from(*it), thread)).collect();
    struct_sequence::make::<StatvfsResult>(values, thread)
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// stat($module, /, path, *, dir_fd=None, follow_symlinks=True)
    /// --
    ///
    /// Perform a stat system call on the given path.
    ///
    ///   path
    ///     Path to be examined; can be string, bytes, a path-like object or
    ///     open-file-descriptor int.
    ///   dir_fd
    ///     If not None, it should be a file descriptor open to a directory,
    ///     and path should be a relative string; path will then be relative to
    ///     that directory.
    ///   follow_symlinks
    ///     If False, and the last element of the path is a symbolic link,
    ///     stat will examine the symbolic link itself instead of the file
    ///     the link points to.
    ///
    /// dir_fd and follow_symlinks may not be implemented
    ///   on your platform.  If they are unavailable, using them will raise a
    ///   NotImplementedError.
    ///
    /// It's an error to use dir_fd or follow_symlinks when specifying path as
    ///   an open file descriptor.
    #[function(name = "stat")]
    fn stat_(
        path: PathOrDescriptor,
        #[default(Directory::CURRENT)] dir_fd: Directory,
        follow_symlinks: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        stat("stat", &path, dir_fd, follow_symlinks, thread)
    }

    /// lstat($module, /, path, *, dir_fd=None)
    /// --
    ///
    /// Perform a stat system call on the given path, without following symbolic links.
    ///
    /// Like stat(), but do not follow symbolic links.
    /// Equivalent to stat(path, follow_symlinks=False).
    #[function]
    fn lstat(
        path: Path,
        #[default(Directory::CURRENT)] dir_fd: Directory,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        match status_at(dir_fd.number(), path.name(), false, thread) {
            Ok(status) => to_object(&status, thread),
            Err(number) => Err(path.raise(number, thread)),
        }
    }

    /// fstat($module, /, fd)
    /// --
    ///
    /// Perform a stat system call on the given file descriptor.
    ///
    /// Like stat(), but for an open file descriptor.
    /// Equivalent to os.stat(fd).
    #[function]
    fn fstat(fd: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut status = libc::stat::zeroed();
        // SAFETY: a local to write to.
        call::checked_interruptible(|| unsafe { libc::fstat(fd, &mut status) }, thread)?;
        to_object(&status, thread)
    }

    /// statvfs($module, /, path)
    /// --
    ///
    /// Perform a statvfs system call on the given path.
    ///
    /// path may always be specified as a string.
    /// On some platforms, path may also be specified as an open file
    /// descriptor.  If this functionality is unavailable, using it raises
    /// an exception.
    #[function]
    fn statvfs(path: PathOrDescriptor, thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut status = libc::statvfs::zeroed();
        match path.descriptor() {
            // SAFETY: a local to write to.
            Some(number) => path.checked(|| unsafe { libc::fstatvfs(number, &mut status) }, thread)?,
            // SAFETY: a C string, and a local to write to.
            None => path.checked(|| unsafe { libc::statvfs(path.name().as_ptr(), &mut status) }, thread)?,
        };
        statvfs_object(&status, thread)
    }

    /// fstatvfs($module, fd, /)
    /// --
    ///
    /// Perform an fstatvfs system call on the given fd.
    ///
    /// Equivalent to statvfs(fd).
    #[function]
    fn fstatvfs(fd: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut status = libc::statvfs::zeroed();
        // SAFETY: a local to write to.
        call::checked_interruptible(|| unsafe { libc::fstatvfs(fd, &mut status) }, thread)?;
        statvfs_object(&status, thread)
    }

    /// access($module, /, path, mode, *, dir_fd=None, effective_ids=False,
    ///        follow_symlinks=True)
    /// --
    ///
    /// Use the real uid/gid to test for access to a path.
    ///
    ///   path
    ///     Path to be tested; can be string, bytes, or a path-like object.
    ///   mode
    ///     Operating-system mode bitfield.  Can be F_OK to test existence,
    ///     or the inclusive-OR of R_OK, W_OK, and X_OK.
    ///   dir_fd
    ///     If not None, it should be a file descriptor open to a directory,
    ///     and path should be relative; path will then be relative to that
    ///     directory.
    ///   effective_ids
    ///     If True, access will use the effective uid/gid instead of
    ///     the real uid/gid.
    ///   follow_symlinks
    ///     If False, and the last element of the path is a symbolic link,
    ///     access will examine the symbolic link itself instead of the file
    ///     the link points to.
    ///
    /// dir_fd, effective_ids, and follow_symlinks may not be implemented
    ///   on your platform.  If they are unavailable, using them will raise a
    ///   NotImplementedError.
    ///
    /// Note that most operations will use the effective uid/gid, therefore this
    ///   routine can be used in a suid/sgid environment to test if the invoking user
    ///   has the specified access to the path.
    #[function]
    fn access(
        path: Path,
        mode: i32,
        #[default(Directory::CURRENT)] dir_fd: Directory,
        effective_ids: bool,
        follow_symlinks: bool,
        thread: &mut Thread,
    ) -> bool {
        let flags = flag(!follow_symlinks, libc::AT_SYMLINK_NOFOLLOW) | flag(effective_ids, libc::AT_EACCESS);
        // SAFETY: a C string.
        call::plain(|| unsafe { libc::faccessat(dir_fd.number(), path.name().as_ptr(), mode, flags) }, thread).is_ok()
    }

    /// major($module, device, /)
    /// --
    ///
    /// Extracts a device major number from a raw device number.
    #[function]
    fn major(device: DeviceNumber, thread: &mut Thread) -> Py<Int> {
        device.part(|it| libc::major(it), thread)
    }

    /// minor($module, device, /)
    /// --
    ///
    /// Extracts a device minor number from a raw device number.
    #[function]
    fn minor(device: DeviceNumber, thread: &mut Thread) -> Py<Int> {
        device.part(|it| libc::minor(it), thread)
    }

    /// makedev($module, major, minor, /)
    /// --
    ///
    /// Composes a raw device number from the major and minor device numbers.
    #[function]
    fn makedev(major: DeviceNumber, minor: DeviceNumber, thread: &mut Thread) -> PyResult<Py<Int>> {
        let device = libc::makedev(major.half(thread)?, minor.half(thread)?);
        Ok(DeviceNumber(device).part(|it| it, thread))
    }
}

/// A device number or half of one; −1 stands for no device.
struct DeviceNumber(u64);

impl FromArgument<'_> for DeviceNumber {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        let number = protocol::index(value, thread)?;
        match number.to_i128() {
            Some(-1) => Ok(Self(u64::MAX)),
            Some(it) if it < 0 => Err(raise!(thread, OverflowError, "can't convert negative int to unsigned")),
            it => match it.and_then(|it| u64::try_from(it).ok()) {
                Some(number) => Ok(Self(number)),
                None => Err(raise!(thread, OverflowError, "int too big to convert")),
            },
        }
    }
}

impl DeviceNumber {
    /// A part of the number as a Python int.
    fn part<T: Into<u64>>(&self, part: impl FnOnce(u64) -> T, thread: &mut Thread) -> Py<Int> {
        match self.0 {
            u64::MAX => Int::from_i64(-1, thread),
            number => Int::from_u64(part(number).into(), thread),
        }
    }

    /// The number as one of the halves that another is made of.
    fn half(&self, thread: &mut Thread) -> PyResult<u32> {
        match u32::try_from(self.0) {
            Ok(half) => Ok(half),
            Err(_) if self.0 == u64::MAX => Ok(u32::MAX),
            Err(_) => Err(raise!(thread, OverflowError, "Python int too large to convert to C unsigned int")),
        }
    }
}
