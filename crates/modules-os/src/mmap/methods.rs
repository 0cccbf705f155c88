//! The type `mmap.mmap` as Python code sees it.
//!
//! Arguments are converted first, since that may run Python code, which may close the mapping; bounds are checked last.

use builtins::bytes::Bytes;
use layout::Py_buffer;
use macros::python_type;
use objects::errors::{IndexError, OrMemoryError, PyResult, Raised, TryToVec, TypeError};
use objects::method::OrNone;
use objects::object::BaseObject;
use objects::protocol;
use objects::protocol::buffer::{self, BytesLike};
use objects::raise;
use objects::refs::{Object, Py};
use objects::slice::{Slice, SliceIndex};
use objects::thread::Thread;
use objects::types::Type;
use system::call;
use system::zeroed::Zeroed;
use text::view::Unit as _;

use super::object::{Access, Map, Wanted};

const READ_AND_WRITE: i32 = libc::PROT_READ | libc::PROT_WRITE;

/// Flags, protection and access as they follow from one another.
fn settle(flags: i32, protection: i32, access: i32, thread: &mut Thread) -> PyResult<(i32, i32, Access)> {
    if access != Access::Default as i32 && (flags != libc::MAP_SHARED || protection != READ_AND_WRITE) {
        return Err(raise!(thread, ValueError, "mmap can't specify both access and flags, prot."));
    }
    match Access::from_number(access) {
        Some(Access::Read) => Ok((libc::MAP_SHARED, libc::PROT_READ, Access::Read)),
        Some(Access::Write) => Ok((libc::MAP_SHARED, READ_AND_WRITE, Access::Write)),
        Some(Access::Copy) => Ok((libc::MAP_PRIVATE, READ_AND_WRITE, Access::Copy)),
        Some(Access::Default) => {
            let access = match protection & READ_AND_WRITE {
                READ_AND_WRITE => Access::Default,
                libc::PROT_WRITE => Access::Write,
                _ => Access::Read,
            };
            Ok((flags, protection, access))
        }
        None => Err(raise!(thread, ValueError, "mmap invalid access parameter.")),
    }
}

#[cold]
fn raise_index(thread: &mut Thread) -> Raised {
    raise!(thread, IndexError, "mmap index out of range")
}

#[cold]
fn raise_move(thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "source, destination, or count out of range")
}

/// A byte as `write_byte` takes it.
fn unsigned_byte(value: &Object, thread: &mut Thread) -> PyResult<u8> {
    let int = protocol::index(value, thread)?;
    match int.to_i128().and_then(|it| u8::try_from(it).ok()) {
        Some(byte) => Ok(byte),
        None if int.is_negative() => Err(raise!(thread, OverflowError, "unsigned byte integer is less than minimum")),
        None => Err(raise!(thread, OverflowError, "unsigned byte integer is greater than maximum")),
    }
}

impl Map {
    fn place(&self, key: &Object, complaint: &str, thread: &mut Thread) -> PyResult<usize> {
        if !protocol::is_index(key) {
            return Err(raise!(thread, TypeError, "{complaint}"));
        }
        let index = protocol::index_or_raise(key, IndexError, thread)?;
        self.check(thread)?;
        let index = if index < 0 { index.saturating_add(self.size() as isize) } else { index };
        usize::try_from(index).ok().filter(|it| *it < self.size()).ok_or_else(|| raise_index(thread))
    }

    /// The next bytes, at most `count` of them; the position goes behind them.
    fn take(&self, count: usize, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let start = self.position.get();
        let end = start.saturating_add(count).min(self.size());
        let found = self.bytes(thread).get(start..end).unwrap_or_default().to_vec();
        let found = Bytes::try_from_slice(&found, thread)?;
        self.position.set(start.max(end));
        Ok(found)
    }

    /// Writes at the position, which goes behind what was written.
    fn put(&self, new: &[u8], complaint: &str, thread: &mut Thread) -> PyResult<()> {
        self.check(thread)?;
        self.check_writable(thread)?;
        let start = self.position.get();
        match self.bytes_mut(thread).get_mut(start..start.saturating_add(new.len())) {
            Some(place) => place.copy_from_slice(new),
            None => return Err(raise!(thread, ValueError, "{complaint}")),
        }
        self.position.set(start + new.len());
        Ok(())
    }

    fn search(
        &self,
        needle: &BytesLike<'_>,
        start: Option<OrNone<SliceIndex>>,
        end: Option<OrNone<SliceIndex>>,
        backwards: bool,
        thread: &mut Thread,
    ) -> PyResult<isize> {
        self.check(thread)?;
        let size = self.size();
        let clip = |it: SliceIndex| it.from_start(size).min(size);
        let start = start.and_then(|it| it.0).map_or(self.position.get().min(size), clip);
        let end = end.and_then(|it| it.0).map_or(size, clip);
        let needle = needle.as_slice(thread);
        let Some(hay) = self.bytes(thread).get(start..end).filter(|it| it.len() >= needle.len()) else { return Ok(-1) };
        let found = match (needle.is_empty(), backwards) {
            (true, false) => Some(0),
            (true, true) => Some(hay.len()),
            (false, false) => u8::find(hay, needle),
            (false, true) => u8::rfind(hay, needle),
        };
        Ok(found.map_or(-1, |it| (start + it) as isize))
    }

    fn assign_slice(&self, slice: &Slice, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let bounds = slice.unpack(thread)?;
        let new = BytesLike::of(value, thread)?.as_slice(thread).try_to_vec().or_memory_error(thread)?;
        self.check(thread)?;
        let selection = bounds.select(self.size());
        if new.len() != selection.count {
            return Err(raise!(thread, IndexError, "mmap slice assignment is wrong size"));
        }
        let bytes = self.bytes_mut(thread);
        for (index, byte) in selection.indices().zip(new) {
            bytes[index] = byte;
        }
        Ok(())
    }
}

/// Windows: mmap(fileno, length[, tagname[, access[, offset]]])
///
/// Maps length bytes from the file specified by the file handle fileno,
/// and returns a mmap object.  If length is larger than the current size
/// of the file, the file is extended to contain length bytes.  If length
/// is 0, the maximum length of the map is the current size of the file,
/// except that if the file is empty Windows raises an exception (you cannot
/// create an empty mapping on Windows).
///
/// Unix: mmap(fileno, length[, flags[, prot[, access[, offset[, trackfd]]]]])
///
/// Maps length bytes from the file specified by the file descriptor fileno,
/// and returns a mmap object.  If length is 0, the maximum length of the map
/// will be the current size of the file when mmap is called.
/// flags specifies the nature of the mapping. MAP_PRIVATE creates a
/// private copy-on-write mapping, so changes to the contents of the mmap
/// object will be private to this process, and MAP_SHARED creates a mapping
/// that's shared with all other processes mapping the same areas of the file.
/// The default value is MAP_SHARED.
///
/// To map anonymous memory, pass -1 as the fileno (both versions).
#[python_type(
    name = "mmap.mmap", base = BaseObject, flags(HEAPTYPE, BASETYPE),
    weaklist_offset = std::mem::offset_of!(Map, weak_references)
)]
impl Map {
    #[new]
    #[signature("(fileno, length, flags=1, prot=3, access=0, offset=0, *, trackfd=True)")]
    #[expect(clippy::too_many_arguments, reason = "as many as the call has")]
    fn new(
        class: &Type,
        fileno: i32,
        length: isize,
        flags: i32,
        prot: i32,
        access: i32,
        offset: i64,
        trackfd: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Map>> {
        let Ok(size) = usize::try_from(length) else {
            return Err(raise!(thread, OverflowError, "memory mapped length must be positive"));
        };
        if offset < 0 {
            return Err(raise!(thread, OverflowError, "memory mapped offset must be positive"));
        }
        let (flags, protection, settled) = settle(flags, prot, access, thread)?;
        let audited = [i128::from(fileno), size as i128, i128::from(settled as i64), i128::from(offset)];
        let audited = audited.map(|it| protocol::make_int(it, thread));
        thread.audit("mmap.__new__", &audited.each_ref().map(|it| &**it))?;
        let wanted =
            Wanted { descriptor: fileno, size, flags, protection, access: settled, offset, tracks_file: trackfd };
        Self::make(class, wanted, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self) -> String {
        let name = self.class().full_name();
        if self.is_closed() {
            return format!("<{name} closed=True>");
        }
        let (access, size, position) = (self.access().name(), self.size(), self.position.get());
        let offset = self.offset;
        format!("<{name} closed=False, access={access}, length={size}, pos={position}, offset={offset}>")
    }

    #[slot(sq_length, mp_length)]
    fn len(&self, thread: &mut Thread) -> PyResult<usize> {
        self.check(thread)?;
        Ok(self.size())
    }

    #[slot(sq_item)]
    fn item(&self, index: isize, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        self.check(thread)?;
        let byte = usize::try_from(index).ok().and_then(|it| self.bytes(thread).get(it).copied());
        match byte {
            Some(byte) => Ok(Bytes::from_slice(&[byte], thread)),
            None => Err(raise_index(thread)),
        }
    }

    #[slot(mp_subscript)]
    fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check(thread)?;
        let Some(slice) = key.downcast_exact::<Slice>() else {
            let place = self.place(key, "mmap indices must be integers", thread)?;
            let byte = self.bytes(thread)[place];
            return Ok(protocol::make_int(i128::from(byte), thread));
        };
        let bounds = slice.unpack(thread)?;
        self.check(thread)?;
        let selection = bounds.select(self.size());
        let bytes = self.bytes(thread);
        let found: Vec<u8> = if selection.step == 1 {
            bytes[selection.start as usize..selection.start as usize + selection.count].to_vec()
        } else {
            selection.indices().map(|it| bytes[it]).collect()
        };
        Ok(Bytes::try_from_slice(&found, thread)?.into_object())
    }

    #[slot(mp_ass_subscript)]
    fn assign_subscript(&self, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.check(thread)?;
        self.check_writable(thread)?;
        if let Some(slice) = key.downcast_exact::<Slice>() {
            return match value {
                Some(value) => self.assign_slice(slice, value, thread),
                None => Err(raise!(thread, TypeError, "mmap object doesn't support slice deletion")),
            };
        }
        let place = self.place(key, "mmap indices must be integer", thread)?;
        let Some(value) = value else {
            return Err(raise!(thread, TypeError, "mmap doesn't support item deletion"));
        };
        if !protocol::is_index(value) {
            return Err(raise!(thread, TypeError, "mmap item value must be an int"));
        }
        let number = protocol::index_or_raise(value, TypeError, thread)?;
        let Ok(byte) = u8::try_from(number) else {
            return Err(raise!(thread, ValueError, "mmap item value must be in range(0, 256)"));
        };
        self.check(thread)?;
        match self.bytes_mut(thread).get_mut(place) {
            Some(target) => *target = byte,
            None => return Err(raise_index(thread)),
        }
        Ok(())
    }

    #[slot(bf_getbuffer)]
    fn get_buffer(&self, view: *mut Py_buffer, flags: i32, thread: &mut Thread) -> PyResult<()> {
        self.check(thread)?;
        let readonly = self.access() == Access::Read;
        // SAFETY: the caller passes a view to fill; the mapping stays as long as buffers are exported.
        unsafe { buffer::fill(view, self, self.data(), self.size(), readonly, flags, thread)? };
        self.add_export();
        Ok(())
    }

    #[slot(bf_releasebuffer)]
    fn release_buffer(&self, _view: *mut Py_buffer) {
        self.remove_export();
    }

    /// close($self, /)
    /// --
    ///
    ///
    #[method(name = "close")]
    fn close_(&self, thread: &mut Thread) -> PyResult<()> {
        self.close(thread)
    }

    /// find($self, view, start=None, end=None, /)
    /// --
    ///
    ///
    #[method]
    fn find(
        &self,
        view: BytesLike<'_>,
        start: Option<OrNone<SliceIndex>>,
        end: Option<OrNone<SliceIndex>>,
        thread: &mut Thread,
    ) -> PyResult<isize> {
        self.search(&view, start, end, false, thread)
    }

    /// rfind($self, view, start=None, end=None, /)
    /// --
    ///
    ///
    #[method]
    fn rfind(
        &self,
        view: BytesLike<'_>,
        start: Option<OrNone<SliceIndex>>,
        end: Option<OrNone<SliceIndex>>,
        thread: &mut Thread,
    ) -> PyResult<isize> {
        self.search(&view, start, end, true, thread)
    }

    /// flush($self, offset=0, size=None, /)
    /// --
    ///
    ///
    #[method]
    fn flush(&self, offset: Option<isize>, size: Option<OrNone<isize>>, thread: &mut Thread) -> PyResult<()> {
        self.check(thread)?;
        let length = self.size() as isize;
        let (offset, size) = (offset.unwrap_or(0), size.and_then(|it| it.0).unwrap_or(length));
        if offset < 0 || size < 0 || length - offset < size {
            return Err(raise!(thread, ValueError, "flush values out of range"));
        }
        if matches!(self.access(), Access::Read | Access::Copy) {
            return Ok(());
        }
        let start = self.data().wrapping_offset(offset);
        // SAFETY: within the mapping; the lock is kept, so that it does not end meanwhile.
        if unsafe { libc::msync(start.cast(), size as usize, libc::MS_SYNC) } < 0 {
            return Err(call::raise_last(thread));
        }
        Ok(())
    }

    /// madvise($self, option, start=0, length=None, /)
    /// --
    ///
    ///
    #[method]
    fn madvise(
        &self,
        option: i32,
        start: Option<isize>,
        length: Option<OrNone<isize>>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        self.check(thread)?;
        let size = self.size() as isize;
        let start = start.unwrap_or(0);
        let length = length.and_then(|it| it.0).unwrap_or(size);
        if start < 0 || start >= size {
            return Err(raise!(thread, ValueError, "madvise start out of bounds"));
        }
        if length < 0 {
            return Err(raise!(thread, ValueError, "madvise length invalid"));
        }
        if isize::MAX - start < length {
            return Err(raise!(thread, OverflowError, "madvise length too large"));
        }
        let length = length.min(size - start);
        let place = self.data().wrapping_offset(start);
        // SAFETY: within the mapping; whatever the advice does to its contents is as asked for.
        if unsafe { libc::madvise(place.cast(), length as usize, option) } != 0 {
            return Err(call::raise_last(thread));
        }
        Ok(())
    }

    /// move($self, dest, src, count, /)
    /// --
    ///
    ///
    #[method(name = "move")]
    fn move_(&self, dest: isize, src: isize, count: isize, thread: &mut Thread) -> PyResult<()> {
        self.check(thread)?;
        self.check_writable(thread)?;
        let (Ok(target), Ok(source), Ok(count)) = (usize::try_from(dest), usize::try_from(src), usize::try_from(count))
        else {
            return Err(raise_move(thread));
        };
        let size = self.size();
        let fits = |start: usize| size.checked_sub(start).is_some_and(|it| it >= count);
        if !fits(source) || !fits(target) {
            return Err(raise_move(thread));
        }
        self.bytes_mut(thread).copy_within(source..source + count, target);
        Ok(())
    }

    /// read($self, n=None, /)
    /// --
    ///
    ///
    #[method]
    fn read(&self, n: Option<OrNone<isize>>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        self.check(thread)?;
        let count = n.and_then(|it| it.0).and_then(|it| usize::try_from(it).ok());
        self.take(count.unwrap_or(usize::MAX), thread)
    }

    /// read_byte($self, /)
    /// --
    ///
    ///
    #[method]
    fn read_byte(&self, thread: &mut Thread) -> PyResult<u8> {
        self.check(thread)?;
        let position = self.position.get();
        let Some(byte) = self.bytes(thread).get(position).copied() else {
            return Err(raise!(thread, ValueError, "read byte out of range"));
        };
        self.position.set(position + 1);
        Ok(byte)
    }

    /// readline($self, /)
    /// --
    ///
    ///
    #[method]
    fn readline(&self, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        self.check(thread)?;
        let rest = self.bytes(thread).get(self.position.get()..).unwrap_or_default();
        let count = rest.iter().position(|it| *it == b'\n').map_or(rest.len(), |it| it + 1);
        self.take(count, thread)
    }

    /// resize($self, newsize, /)
    /// --
    ///
    ///
    #[method(name = "resize")]
    fn resize_(&self, newsize: isize, thread: &mut Thread) -> PyResult<()> {
        self.check(thread)?;
        self.resize(newsize, thread)
    }

    /// seek($self, pos, whence=0, /)
    /// --
    ///
    ///
    #[method]
    fn seek(&self, pos: isize, whence: Option<i32>, thread: &mut Thread) -> PyResult<usize> {
        self.check(thread)?;
        let from = match whence.unwrap_or(0) {
            0 => 0,
            1 => self.position.get(),
            2 => self.size(),
            _ => return Err(raise!(thread, ValueError, "unknown seek type")),
        };
        let place = from.checked_add_signed(pos).filter(|it| *it <= self.size());
        let Some(place) = place else {
            return Err(raise!(thread, ValueError, "seek out of range"));
        };
        self.position.set(place);
        Ok(place)
    }

    /// seekable($self, /)
    /// --
    ///
    ///
    #[method]
    fn seekable(&self) -> bool {
        true
    }

    /// size($self, /)
    /// --
    ///
    ///
    #[method(name = "size")]
    fn size_(&self, thread: &mut Thread) -> PyResult<i64> {
        self.check(thread)?;
        let descriptor = self.descriptor();
        let mut status = libc::stat::zeroed();
        // SAFETY: a local to write to.
        call::checked(|| unsafe { libc::fstat(descriptor, &mut status) }, thread)?;
        Ok(status.st_size)
    }

    /// tell($self, /)
    /// --
    ///
    ///
    #[method]
    fn tell(&self, thread: &mut Thread) -> PyResult<usize> {
        self.check(thread)?;
        Ok(self.position.get())
    }

    /// write($self, bytes, /)
    /// --
    ///
    ///
    #[method]
    fn write(&self, bytes: BytesLike<'_>, thread: &mut Thread) -> PyResult<usize> {
        let new = bytes.as_slice(thread).try_to_vec().or_memory_error(thread)?;
        self.put(&new, "data out of range", thread)?;
        Ok(new.len())
    }

    /// write_byte($self, byte, /)
    /// --
    ///
    ///
    #[method]
    fn write_byte(&self, byte: &Object, thread: &mut Thread) -> PyResult<()> {
        let byte = unsigned_byte(byte, thread)?;
        self.put(&[byte], "write byte out of range", thread)
    }

    /// __enter__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __enter__(&self, thread: &mut Thread) -> PyResult<Py<Map>> {
        self.check(thread)?;
        Ok(Py::from_ref(self))
    }

    /// __exit__($self, exc_type, exc_value, traceback, /)
    /// --
    ///
    ///
    #[method]
    fn __exit__(&self, exc_type: &Object, exc_value: &Object, traceback: &Object, thread: &mut Thread) -> PyResult<()> {
        let _ = (exc_type, exc_value, traceback);
        self.close(thread)
    }

    #[getter]
    fn closed(&self) -> bool {
        self.is_closed()
    }
}
