//! Moving bytes between open files without a copy in the process.

use macros::python_module;
use objects::errors::PyResult;
use objects::method::{FromArgument, OrNone, Position};
use objects::raise;
use objects::refs::Object;
use objects::thread::Thread;
use system::call;

/// A position in a file, or None for the file's own.
struct Offset(Option<i64>);

impl FromArgument<'_> for Offset {
    fn from_argument(value: &Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        if value.is_none() {
            return Ok(Self(None));
        }
        i64::from_argument(value, position, thread).map(|it| Self(Some(it)))
    }
}

impl Offset {
    const OWN: Self = Self(None);

    /// The address for the system: null for the file's own position.
    fn pointer(&mut self) -> *mut i64 {
        self.0.as_mut().map_or(std::ptr::null_mut(), |it| it)
    }
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// sendfile($module, /, out_fd, in_fd, offset, count)
    /// --
    ///
    /// Copy count bytes from file descriptor in_fd to file descriptor out_fd.
    #[function]
    fn sendfile(out_fd: i32, in_fd: i32, offset: OrNone<i64>, count: isize, thread: &mut Thread) -> PyResult<isize> {
        let mut offset = Offset(offset.0);
        let pointer = offset.pointer();
        // SAFETY: a local to read and write, or null.
        call::checked_interruptible(|| unsafe { libc::sendfile(out_fd, in_fd, pointer, count as usize) }, thread)
    }

    /// copy_file_range($module, /, src, dst, count, offset_src=None,
    ///                 offset_dst=None)
    /// --
    ///
    /// Copy count bytes from one file descriptor to another.
    ///
    ///   src
    ///     Source file descriptor.
    ///   dst
    ///     Destination file descriptor.
    ///   count
    ///     Number of bytes to copy.
    ///   offset_src
    ///     Starting offset in src.
    ///   offset_dst
    ///     Starting offset in dst.
    ///
    /// If offset_src is None, then src is read from the current position;
    /// respectively for offset_dst.
    #[function]
    fn copy_file_range(
        src: i32,
        dst: i32,
        count: isize,
        #[default(Offset::OWN)] mut offset_src: Offset,
        #[default(Offset::OWN)] mut offset_dst: Offset,
        thread: &mut Thread,
    ) -> PyResult<isize> {
        if count < 0 {
            return Err(raise!(thread, ValueError, "negative value for 'count' not allowed"));
        }
        let (from, to) = (offset_src.pointer(), offset_dst.pointer());
        call::checked_interruptible(
            // SAFETY: locals to read and write, or null.
            || unsafe { libc::copy_file_range(src, from, dst, to, count as usize, 0) },
            thread,
        )
    }

    /// splice($module, /, src, dst, count, offset_src=None, offset_dst=None,
    ///        flags=0)
    /// --
    ///
    /// Transfer count bytes from one pipe to a descriptor or vice versa.
    ///
    ///   src
    ///     Source file descriptor.
    ///   dst
    ///     Destination file descriptor.
    ///   count
    ///     Number of bytes to copy.
    ///   offset_src
    ///     Starting offset in src.
    ///   offset_dst
    ///     Starting offset in dst.
    ///   flags
    ///     Flags to modify the semantics of the call.
    ///
    /// If offset_src is None, then src is read from the current position;
    /// respectively for offset_dst. The offset associated to the file
    /// descriptor that refers to a pipe must be None.
    #[function]
    fn splice(
        src: i32,
        dst: i32,
        count: isize,
        #[default(Offset::OWN)] mut offset_src: Offset,
        #[default(Offset::OWN)] mut offset_dst: Offset,
        flags: u32,
        thread: &mut Thread,
    ) -> PyResult<isize> {
        if count < 0 {
            return Err(raise!(thread, ValueError, "negative value for 'count' not allowed"));
        }
        let (from, to) = (offset_src.pointer(), offset_dst.pointer());
        call::checked_interruptible(
            // SAFETY: locals to read and write, or null.
            || unsafe { libc::splice(src, from, dst, to, count as usize, flags) },
            thread,
        )
    }
}
