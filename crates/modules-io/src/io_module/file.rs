//! `_io.FileIO`: an open file of the system, without a buffer.
//!
//! The functions that take a pointer or a slice ([`FileIo::read_into`], [`FileIo::write_bytes`]) are also the way in which a buffered stream over
//! a plain `FileIO` reads and writes, without going through objects.

use std::cell::{Cell, RefCell};
use std::ffi::CString;
use std::mem::offset_of;

use macros::{Instance, python_type};
use objects::audit;
use objects::dict::Dict;
use objects::errors::{OverflowError, PyResult, Raised, RuntimeWarning};
use objects::int::Int;
use objects::names;
use objects::protocol;
use objects::protocol::buffer::{BytesLike, WritableBytesLike};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Member, MemberKind, Type};
use system::call;
use system::descriptor::as_c_int;
use system::inner_files;
use system::path;
use system::zeroed::Zeroed;

use super::abstract_::RawIoBase;
use super::base::{self, Size, deallocate, unsupported};

/// An open file.
#[derive(Instance)]
#[repr(C)]
pub struct FileIo {
    base: RawIoBase,
    /// −1 when closed.
    descriptor: Cell<i32>,
    created: Cell<bool>,
    readable: Cell<bool>,
    writable: Cell<bool>,
    appending: Cell<bool>,
    /// Whether the file can be positioned, once that is known.
    seekable: Cell<Option<bool>>,
    closes: Cell<bool>,
    finalizing: Cell<bool>,
    block_size: Cell<i64>,
    /// What the system said of the file when it was opened; forgotten when the file changes.
    at_open: AtOpen,
}

/// Plain data that the collector need not see.
#[derive(Default)]
struct AtOpen(RefCell<Option<OpenStatus>>);

/// The parts of a file's state that matter.
#[derive(Clone, Copy)]
struct OpenStatus {
    mode: u32,
    size: i64,
}

impl objects::gc::Traverse for AtOpen {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut objects::gc::Visitor<'_>) {}
    fn clear(&self) {}
}

const MEMBERS: &[Member] = &[Member::writable(c"_finalizing", MemberKind::Bool, offset_of!(FileIo, finalizing), None)];

/// The least that `readall` reads at once.
const SMALL_CHUNK: usize = 8192;
/// Beyond this its buffer grows by an eighth, before that it doubles.
const LARGE_BUFFER: usize = 64 * 1024;

#[cold]
fn raise_closed(thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "I/O operation on closed file")
}

#[cold]
fn raise_mode(doing: &str, thread: &mut Thread) -> Raised {
    unsupported(&format!("File not open for {doing}"), thread)
}

/// Which flags a mode means.
struct Mode {
    created: bool,
    readable: bool,
    writable: bool,
    appending: bool,
    flags: i32,
}

impl Mode {
    fn parse(text: &str, thread: &mut Thread) -> PyResult<Self> {
        let mut mode = Self { created: false, readable: false, writable: false, appending: false, flags: 0 };
        let (mut kinds, mut plus) = (0, 0);
        for letter in text.chars() {
            match letter {
                'x' => (mode.created, mode.writable, mode.flags) = (true, true, libc::O_EXCL | libc::O_CREAT),
                'r' => mode.readable = true,
                'w' => (mode.writable, mode.flags) = (true, libc::O_CREAT | libc::O_TRUNC),
                'a' => (mode.writable, mode.appending, mode.flags) = (true, true, libc::O_APPEND | libc::O_CREAT),
                'b' => {}
                '+' => {
                    plus += 1;
                    (mode.readable, mode.writable) = (true, true);
                }
                _ => return Err(raise!(thread, ValueError, "invalid mode: {text}")),
            }
            kinds += i32::from("xrwa".contains(letter));
            if kinds > 1 || plus > 1 {
                return Err(raise_bad_mode(thread));
            }
        }
        if kinds == 0 {
            return Err(raise_bad_mode(thread));
        }
        mode.flags |= match (mode.readable, mode.writable) {
            (true, true) => libc::O_RDWR,
            (true, false) => libc::O_RDONLY,
            _ => libc::O_WRONLY,
        };
        Ok(mode)
    }
}

#[cold]
fn raise_bad_mode(thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "Must have exactly one of create/read/write/append mode and at most one plus")
}

/// What is to be opened: a descriptor, or a name.
enum Source {
    Descriptor(i32),
    Name(CString),
}

impl Source {
    fn of(file: &Object, thread: &mut Thread) -> PyResult<Self> {
        if file.is_exactly::<objects::bool::Bool>() {
            thread.warn(RuntimeWarning, 1, format_args!("bool is used as a file descriptor"))?;
        }
        if protocol::is_index(file) {
            match as_c_int(file, thread) {
                Ok(number) if number >= 0 => return Ok(Self::Descriptor(number)),
                Ok(_) => return Err(raise!(thread, ValueError, "negative file descriptor")),
                // What is no descriptor may be a path.
                Err(_) => drop(thread.take_exception()),
            }
        }
        path::fsencode(file, thread).map(Self::Name)
    }
}

// Opening and closing.
impl FileIo {
    /// The fields of a new, closed file object.
    fn fields(class: &Type) -> Self {
        Self {
            base: RawIoBase::fields(class),
            descriptor: Cell::new(-1),
            created: Cell::new(false),
            readable: Cell::new(false),
            writable: Cell::new(false),
            appending: Cell::new(false),
            seekable: Cell::new(None),
            closes: Cell::new(true),
            finalizing: Cell::new(false),
            block_size: Cell::new(0),
            at_open: AtOpen::default(),
        }
    }

    /// Opens a file: `__init__`.
    fn open(
        &self,
        file: &Object,
        mode: &str,
        closes: bool,
        opener: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        if self.descriptor.get() >= 0 {
            if self.closes.get() {
                self.close_descriptor(thread)?;
            } else {
                self.descriptor.set(-1);
            }
        }
        let source = Source::of(file, thread)?;
        let (mode_text, mode) = (mode, Mode::parse(mode, thread)?);
        self.created.set(mode.created);
        self.readable.set(mode.readable);
        self.writable.set(mode.writable);
        self.appending.set(mode.appending);
        self.seekable.set(None);
        self.closes.set(closes);
        audit!(thread, "open", file, mode_text, mode.flags | libc::O_CLOEXEC)?;
        let owned = matches!(source, Source::Name(_));
        let number = match source {
            Source::Descriptor(number) => number,
            Source::Name(_) if !closes => {
                return Err(raise!(thread, ValueError, "Cannot use closefd=False with file name"));
            }
            Source::Name(name) => open_name(&name, file, mode.flags | libc::O_CLOEXEC, opener, thread)?,
        };
        self.descriptor.set(number);
        let prepared = self.prepare(file, thread);
        if prepared.is_err() {
            // A file that was opened here is closed again; one of the caller's stays open.
            self.descriptor.set(-1);
            if owned {
                // SAFETY: the number is of the file that was opened above.
                thread.without_lock(|| unsafe { libc::close(number) });
            }
        }
        prepared
    }

    /// What is done once there is a descriptor.
    fn prepare(&self, file: &Object, thread: &mut Thread) -> PyResult<()> {
        let mut status = libc::stat::zeroed();
        let number = self.descriptor.get();
        // SAFETY: a local to write to.
        match call::plain(|| unsafe { libc::fstat(number, &mut status) }, thread) {
            Ok(_) if status.st_mode & libc::S_IFMT == libc::S_IFDIR => {
                return Err(thread.raise_os_error(libc::EISDIR, Some(file)));
            }
            Ok(_) => {
                let known = OpenStatus { mode: status.st_mode, size: status.st_size };
                self.at_open.0.replace(Some(known));
                self.block_size.set(status.st_blksize);
            }
            Err(libc::EBADF) => return Err(thread.raise_os_error(libc::EBADF, None)),
            Err(_) => drop(self.at_open.0.take()),
        }
        protocol::set_attribute(self, &names::name, Some(file), thread)?;
        if self.appending.get() {
            // A pipe cannot be positioned, and need not be.
            match self.position(0, libc::SEEK_END, thread) {
                Ok(_) | Err(libc::ESPIPE) => {}
                Err(number) => return Err(thread.raise_os_error(number, None)),
            }
        }
        Ok(())
    }

    fn close_descriptor(&self, thread: &mut Thread) -> PyResult<()> {
        let number = self.descriptor.replace(-1);
        if number < 0 {
            return Ok(());
        }
        // SAFETY: the object owns the descriptor, and forgets it.
        match call::plain(|| unsafe { libc::close(number) }, thread) {
            Ok(_) => Ok(()),
            Err(error) => Err(thread.raise_os_error(error, None)),
        }
    }

    /// Warns that `source`, which ends in this file, was not closed.
    fn warn_unclosed(&self, source: &Object, thread: &mut Thread) {
        if self.descriptor.get() < 0 || !self.closes.get() {
            return;
        }
        let raised = thread.take_exception();
        let warned = protocol::repr(source, thread).and_then(|shown| {
            thread.warn_of_resource(source, format_args!("unclosed file {}", shown.to_string_lossy()))
        });
        if let Err(error) = warned {
            thread.report_unraisable(error, "Exception ignored while finalizing file", Some(source));
        }
        thread.restore_exception(raised);
    }

    /// The descriptor; ValueError if the file is closed.
    fn open_descriptor(&self, thread: &mut Thread) -> PyResult<i32> {
        match self.descriptor.get() {
            number if number >= 0 => Ok(number),
            _ => Err(raise_closed(thread)),
        }
    }

    /// True if this is a `FileIO` whose methods nobody has replaced.
    pub fn is_untouched(&self, thread: &Thread) -> bool {
        self.is_exactly::<FileIo>() && self.base.has_only_name(thread)
    }

    pub fn is_closed(&self) -> bool {
        self.descriptor.get() < 0
    }
}

/// Opens a name, with the caller's function if there is one.
fn open_name(name: &CString, file: &Object, flags: i32, opener: Option<&Object>, thread: &mut Thread) -> PyResult<i32> {
    let Some(opener) = opener else {
        // SAFETY: a C string.
        let opened = call::interruptible(|| unsafe { libc::open(name.as_ptr(), flags, 0o666) }, thread)?;
        return opened.or_else(|number| {
            let raised = thread.raise_os_error(number, Some(file));
            match flags & libc::O_ACCMODE {
                libc::O_RDONLY => inner_files::open(name.to_bytes(), raised, thread),
                _ => Err(raised),
            }
        });
    };
    let flags = protocol::make_int(i128::from(flags), thread);
    let number = protocol::call(opener, &[file, &flags], thread)?;
    if number.downcast::<Int>().is_none() {
        return Err(raise!(thread, TypeError, "expected integer from opener"));
    }
    let number = as_c_int(&number, thread)?;
    if number < 0 {
        return Err(raise!(thread, ValueError, "opener returned {number}"));
    }
    // SAFETY: numbers.
    match call::plain(|| unsafe { libc::fcntl(number, libc::F_SETFD, libc::FD_CLOEXEC) }, thread) {
        Ok(_) => Ok(number),
        Err(error) => Err(thread.raise_os_error(error, None)),
    }
}

// Reading, writing, positioning.
impl FileIo {
    /// Reads once into memory: how many bytes, or None if that would block.
    ///
    /// # Safety
    /// There is room for so many bytes, which nobody else uses meanwhile.
    pub unsafe fn read_into(&self, target: *mut u8, room: usize, thread: &mut Thread) -> PyResult<Option<usize>> {
        let number = self.open_descriptor(thread)?;
        if !self.readable.get() {
            return Err(raise_mode("reading", thread));
        }
        // SAFETY: passed on to the caller.
        match call::interruptible(|| unsafe { libc::read(number, target.cast(), room) }, thread)? {
            Ok(count) => Ok(Some(count as usize)),
            Err(libc::EAGAIN) => Ok(None),
            Err(error) => Err(thread.raise_os_error(error, None)),
        }
    }

    /// Writes once: how many bytes, or None if that would block. The memory must stay where it is without the lock.
    ///
    /// # Safety
    /// There are so many bytes, which nobody frees meanwhile.
    pub unsafe fn write_from(&self, data: *const u8, length: usize, thread: &mut Thread) -> PyResult<Option<usize>> {
        let number = self.open_descriptor(thread)?;
        if !self.writable.get() {
            return Err(raise_mode("writing", thread));
        }
        // SAFETY: passed on to the caller.
        match call::interruptible(|| unsafe { libc::write(number, data.cast(), length) }, thread)? {
            Ok(count) => Ok(Some(count as usize)),
            Err(libc::EAGAIN) => Ok(None),
            Err(error) => Err(thread.raise_os_error(error, None)),
        }
    }

    fn position(&self, offset: i64, whence: i32, thread: &mut Thread) -> Result<i64, i32> {
        let number = self.descriptor.get();
        // SAFETY: numbers.
        let outcome = call::plain(|| unsafe { libc::lseek(number, offset, whence) }, thread);
        if self.seekable.get().is_none() {
            self.seekable.set(Some(outcome.is_ok()));
        }
        outcome
    }

    /// `seek` for buffered streams.
    pub fn seek_to(&self, offset: i64, whence: i32, thread: &mut Thread) -> PyResult<i64> {
        self.open_descriptor(thread)?;
        self.position(offset, whence, thread).map_err(|number| thread.raise_os_error(number, None))
    }

    /// The room for all that is left in the file, and one byte more to see its end.
    fn rest_of_file(&self, number: i32, thread: &mut Thread) -> usize {
        let known = *self.at_open.0.borrow();
        let size = known.map_or(0, |it| it.size);
        if size <= 0 {
            return SMALL_CHUNK;
        }
        let mut rest = size;
        // A large file may have been read in part; for a small one the question costs more than it saves.
        if size > LARGE_BUFFER as i64 {
            // SAFETY: numbers.
            if let Ok(position) = call::plain(|| unsafe { libc::lseek(number, 0, libc::SEEK_CUR) }, thread)
                && (0..=size).contains(&position)
            {
                rest = size - position;
            }
        }
        usize::try_from(rest).unwrap_or(SMALL_CHUNK).saturating_add(1)
    }

    fn read_all(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let number = self.open_descriptor(thread)?;
        let room = self.rest_of_file(number, thread);
        let mut bytes: Vec<u8> = Vec::new();
        if bytes.try_reserve_exact(room).is_err() {
            return Err(thread.raise_memory_error());
        }
        loop {
            if bytes.len() == bytes.capacity() {
                let more = if bytes.len() > LARGE_BUFFER { bytes.len() / 8 } else { 256 + bytes.len() };
                if bytes.try_reserve_exact(more.max(SMALL_CHUNK)).is_err() {
                    return Err(raise!(
                        thread,
                        OverflowError,
                        "unbounded read returned more bytes than a Python bytes object can hold"
                    ));
                }
            }
            let room = bytes.spare_capacity_mut();
            let (target, length) = (room.as_mut_ptr(), room.len());
            // SAFETY: so much room.
            let outcome = call::interruptible(|| unsafe { libc::read(number, target.cast(), length) }, thread)?;
            match outcome {
                Ok(0) => break,
                // SAFETY: the system has written so many bytes.
                Ok(count) => unsafe { bytes.set_len(bytes.len() + count as usize) },
                Err(libc::EAGAIN) if bytes.is_empty() => return Ok(thread.none()),
                Err(libc::EAGAIN) => break,
                Err(error) => return Err(thread.raise_os_error(error, None)),
            }
        }
        thread.make_bytes(&bytes)
    }

    fn mode_text(&self) -> &'static str {
        match (self.created.get(), self.appending.get(), self.readable.get(), self.writable.get()) {
            (true, _, true, _) => "xb+",
            (true, _, false, _) => "xb",
            (_, true, true, _) => "ab+",
            (_, true, false, _) => "ab",
            (_, _, true, true) => "rb+",
            (_, _, true, false) => "rb",
            _ => "wb",
        }
    }
}

/// FileIO(file, mode='r', closefd=True, opener=None)
/// --
///
/// Open a file.
///
/// The mode can be 'r' (default), 'w', 'x' or 'a' for reading,
/// writing, exclusive creation or appending.  The file will be created
/// if it doesn't exist when opened for writing or appending; it will be
/// truncated when opened for writing.  A FileExistsError will be raised
/// if it already exists when opened for creating.  Opening a file for
/// creating implies writing so this mode behaves in a similar way to
/// 'w'.  Add a '+' to the mode to allow simultaneous reading and
/// writing.
///
/// A custom opener can be used by passing a callable as *opener*.
/// The underlying file descriptor for the file object is then obtained
/// by calling opener with (*name*, *flags*).  *opener* must return
/// an open file descriptor (passing os.open as *opener* results in
/// functionality similar to passing None).
#[python_type(
    name = "_io.FileIO", base = RawIoBase, flags(HEAPTYPE, BASETYPE), member_table = MEMBERS, dealloc = deallocate::<FileIo>
)]
impl FileIo {
    #[slot(tp_new)]
    fn new_instance(
        class: &Type,
        _arguments: &Tuple,
        _keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<FileIo>> {
        Py::new_in(class, FileIo::fields(class), thread)
    }

    #[init]
    fn init(
        &self,
        file: &Object,
        mode: Option<&objects::str::Str>,
        closefd: bool,
        opener: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let mode = mode.map_or_else(|| "r".to_owned(), objects::str::Str::to_string_lossy);
        if mode.contains('\0') {
            return Err(raise!(thread, ValueError, "embedded null character"));
        }
        self.open(file, &mode, closefd, opener.filter(|it| !it.is_none()), thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        let class = self.class().full_name();
        if self.is_closed() {
            return Ok(format!("<{class} [closed]>"));
        }
        let (mode, closes) = (self.mode_text(), if self.closes.get() { "True" } else { "False" });
        let name = protocol::lookup_attribute(self, &names::name, thread)?;
        let Some(name) = name else {
            let number = self.descriptor.get();
            return Ok(format!("<{class} fd={number} mode='{mode}' closefd={closes}>"));
        };
        if thread.enter_repr(self) {
            return Err(raise!(thread, RuntimeError, "reentrant call inside {class}.__repr__"));
        }
        let shown = protocol::repr(&name, thread);
        thread.leave_repr(self);
        Ok(format!("<{class} name={} mode='{mode}' closefd={closes}>", shown?.to_string_lossy()))
    }

    /// read($self, size=-1, /)
    /// --
    ///
    /// Read at most size bytes, returned as bytes.
    ///
    /// If size is less than 0, read all bytes in the file making multiple
    /// read calls.  See ``FileIO.readall``.
    ///
    /// Attempts to make only one system call, retrying only per PEP 475
    /// (EINTR).  This means less data may be returned than requested.
    ///
    /// In non-blocking mode, returns None if no data is available.  Return
    /// an empty bytes object at EOF.
    #[defining_class]
    #[method]
    fn read(&self, #[default(Size(-1))] size: Size, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.open_descriptor(thread)?;
        if !self.readable.get() {
            return Err(raise_mode("reading", thread));
        }
        let Ok(size) = usize::try_from(size.0) else { return self.readall(thread) };
        let mut bytes: Vec<u8> = Vec::new();
        if bytes.try_reserve_exact(size).is_err() {
            return Err(thread.raise_memory_error());
        }
        // SAFETY: so much room, of a local.
        match unsafe { self.read_into(bytes.as_mut_ptr(), size, thread)? } {
            Some(count) => {
                // SAFETY: the system has written so many bytes.
                unsafe { bytes.set_len(count) };
                thread.make_bytes(&bytes)
            }
            None => Ok(thread.none()),
        }
    }

    /// readall($self, /)
    /// --
    ///
    /// Read all data from the file, returned as bytes.
    ///
    /// Reads until either there is an error or read() returns size 0
    /// (indicates EOF).  If the file is already at EOF, returns an empty
    /// bytes object.
    ///
    /// In non-blocking mode, returns as much data as could be read before
    /// EAGAIN.  If no data is available (EAGAIN is returned before bytes
    /// are read) returns None.
    #[method]
    fn readall(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.read_all(thread)
    }

    /// readinto($self, buffer, /)
    /// --
    ///
    /// Same as RawIOBase.readinto().
    #[defining_class]
    #[method]
    fn readinto(&self, buffer: WritableBytesLike, thread: &mut Thread) -> PyResult<Option<usize>> {
        // SAFETY: the exporter keeps the memory there as long as the buffer is held.
        unsafe { self.read_into(buffer.as_pointer(), buffer.length(), thread) }
    }

    /// write($self, b, /)
    /// --
    ///
    /// Write buffer b to file, return number of bytes written.
    ///
    /// Only makes one system call, so not all of the data may be written.
    /// The number of bytes actually written is returned.  In non-blocking
    /// mode, returns None if the write would block.
    #[defining_class]
    #[method]
    fn write(&self, b: BytesLike<'_>, thread: &mut Thread) -> PyResult<Option<usize>> {
        let (data, length) = {
            let slice = b.as_slice(thread);
            (slice.as_ptr(), slice.len())
        };
        // SAFETY: the exporter keeps the memory there as long as the buffer is held.
        unsafe { self.write_from(data, length, thread) }
    }

    /// seek($self, pos, whence=0, /)
    /// --
    ///
    /// Move to new file position and return the file position.
    ///
    /// Argument offset is a byte count.  Optional argument whence defaults
    /// to SEEK_SET or 0 (offset from start of file, offset should be >= 0);
    /// other values are SEEK_CUR or 1 (move relative to current position,
    /// positive or negative), and SEEK_END or 2 (move relative to end of
    /// file, usually negative, although many platforms allow seeking beyond
    /// the end of a file).
    ///
    /// Note that not all file objects are seekable.
    #[method]
    fn seek(&self, pos: &Object, whence: i32, thread: &mut Thread) -> PyResult<i64> {
        self.open_descriptor(thread)?;
        let offset = offset(pos, thread)?;
        self.position(offset, whence, thread).map_err(|number| thread.raise_os_error(number, None))
    }

    /// tell($self, /)
    /// --
    ///
    /// Current file position.
    ///
    /// Can raise OSError for non seekable files.
    #[method]
    fn tell(&self, thread: &mut Thread) -> PyResult<i64> {
        self.seek_to(0, libc::SEEK_CUR, thread)
    }

    /// truncate($self, size=None, /)
    /// --
    ///
    /// Truncate the file to at most size bytes and return the truncated size.
    ///
    /// Size defaults to the current file position, as returned by tell().
    /// The current file position is changed to the value of size.
    #[defining_class]
    #[method]
    fn truncate(&self, size: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let number = self.open_descriptor(thread)?;
        if !self.writable.get() {
            return Err(raise_mode("writing", thread));
        }
        let size = match size.filter(|it| !it.is_none()) {
            Some(size) => Py::from_ref(size),
            None => {
                let position = self.seek_to(0, libc::SEEK_CUR, thread)?;
                protocol::make_int(i128::from(position), thread)
            }
        };
        let length = offset(&size, thread)?;
        self.at_open.0.take();
        // SAFETY: numbers.
        match call::interruptible(|| unsafe { libc::ftruncate(number, length) }, thread)? {
            Ok(_) => Ok(size),
            Err(error) => Err(thread.raise_os_error(error, None)),
        }
    }

    /// close($self, /)
    /// --
    ///
    /// Close the file.
    ///
    /// A closed file cannot be used for further I/O operations.  close()
    /// may be called more than once without error.
    #[defining_class]
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<()> {
        let flushed = base::close(self, thread);
        if !self.closes.get() {
            self.descriptor.set(-1);
            return flushed;
        }
        let flushed = base::caught(flushed, thread);
        if self.finalizing.get() {
            self.warn_unclosed(self, thread);
        }
        self.at_open.0.take();
        let closed = self.close_descriptor(thread);
        base::chain(flushed, closed, thread)
    }

    /// seekable($self, /)
    /// --
    ///
    /// True if file supports random-access.
    #[method]
    fn seekable(&self, thread: &mut Thread) -> PyResult<bool> {
        self.open_descriptor(thread)?;
        match self.seekable.get() {
            Some(known) => Ok(known),
            None => Ok(self.position(0, libc::SEEK_CUR, thread).is_ok()),
        }
    }

    /// readable($self, /)
    /// --
    ///
    /// True if file was opened in a read mode.
    #[method]
    fn readable(&self, thread: &mut Thread) -> PyResult<bool> {
        self.open_descriptor(thread)?;
        Ok(self.readable.get())
    }

    /// writable($self, /)
    /// --
    ///
    /// True if file was opened in a write mode.
    #[method]
    fn writable(&self, thread: &mut Thread) -> PyResult<bool> {
        self.open_descriptor(thread)?;
        Ok(self.writable.get())
    }

    /// fileno($self, /)
    /// --
    ///
    /// Return the underlying file descriptor (an integer).
    #[method]
    fn fileno(&self, thread: &mut Thread) -> PyResult<i32> {
        self.open_descriptor(thread)
    }

    /// isatty($self, /)
    /// --
    ///
    /// True if the file is connected to a TTY device.
    #[method]
    fn isatty(&self, thread: &mut Thread) -> PyResult<bool> {
        let number = self.open_descriptor(thread)?;
        // SAFETY: a number.
        Ok(thread.without_lock(|| unsafe { libc::isatty(number) }) != 0)
    }

    /// _isatty_open_only($self, /)
    /// --
    ///
    ///
    #[method]
    fn _isatty_open_only(&self, thread: &mut Thread) -> PyResult<bool> {
        let known = *self.at_open.0.borrow();
        if known.is_some_and(|it| it.mode & libc::S_IFMT != libc::S_IFCHR) {
            return Ok(false);
        }
        self.isatty(thread)
    }

    /// _dealloc_warn($self, object, /)
    /// --
    ///
    ///
    #[method]
    fn _dealloc_warn(&self, object: &Object, thread: &mut Thread) {
        self.warn_unclosed(object, thread);
    }

    /// __getstate__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __getstate__(&self, thread: &mut Thread) -> PyResult<()> {
        let class = self.class().short_name();
        Err(raise!(thread, TypeError, "cannot pickle '{class}' instances"))
    }

    /// True if the file is closed
    #[getter]
    fn closed(&self) -> bool {
        self.is_closed()
    }

    /// True if the file descriptor will be closed by close().
    #[getter]
    fn closefd(&self) -> bool {
        self.closes.get()
    }

    /// String giving the file mode
    #[getter]
    fn mode(&self) -> &'static str {
        self.mode_text()
    }

    /// Stat st_blksize if available
    #[getter]
    fn _blksize(&self) -> i64 {
        self.block_size.get()
    }
}

/// A position or a length in a file.
fn offset(value: &Object, thread: &mut Thread) -> PyResult<i64> {
    let int = protocol::index(value, thread)?;
    match int.to_i128().and_then(|it| i64::try_from(it).ok()) {
        Some(value) => Ok(value),
        None => Err(thread.raise_message(OverflowError, format_args!("Python int too large to convert to C long"))),
    }
}
