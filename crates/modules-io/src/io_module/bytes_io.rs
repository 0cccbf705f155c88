//! `_io.BytesIO`, and the object behind the views that `getbuffer` gives.

use std::cell::Cell;
use std::ffi::c_int;

use layout::Py_buffer;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{OrMemoryError, OverflowError, PyResult, TryToVec, ValueError};
use objects::int::Int;
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol;
use objects::protocol::buffer::{self, BytesLike, WritableBytesLike, bytes_contents};
use objects::raise;
use objects::refs::{Field, Guarded, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::abstract_::BufferedIoBase;
use super::base::{self, Size, deallocate};

/// A file in memory.
#[derive(Instance)]
#[repr(C)]
pub struct BytesIo {
    base: BufferedIoBase,
    /// The contents, unless they are shared.
    owned: Guarded<Vec<u8>>,
    /// The `bytes` object that the stream was made of, as long as nothing was written.
    shared: Field,
    position: Cell<usize>,
    closed: Cell<bool>,
    /// Views that point into the contents.
    exports: Cell<usize>,
}

impl BytesIo {
    fn check_open(&self, thread: &mut Thread) -> PyResult<()> {
        if self.closed.get() { Err(base::raise_closed(thread)) } else { Ok(()) }
    }

    fn check_exports(&self, thread: &mut Thread) -> PyResult<()> {
        if self.exports.get() > 0 {
            return Err(raise!(thread, BufferError, "Existing exports of data: object cannot be re-sized"));
        }
        Ok(())
    }

    /// The contents.
    fn contents<'t>(&'t self, thread: &'t Thread) -> &'t [u8] {
        // SAFETY: the field keeps its value until something is written, for which the thread is needed.
        match unsafe { self.shared.borrow() } {
            Some(shared) => bytes_contents(shared).unwrap_or_default(),
            None => self.owned.get(thread),
        }
    }

    /// The contents for changing them: from now on the stream's own.
    fn contents_mut<'t>(&'t self, thread: &'t mut Thread) -> &'t mut Vec<u8> {
        if let Some(shared) = self.shared.take() {
            *self.owned.get_mut(thread) = bytes_contents(&shared).unwrap_or_default().to_vec();
        }
        self.owned.get_mut(thread)
    }

    /// The range of the next `size` bytes; a negative size means all.
    fn next_range(&self, size: isize, thread: &Thread) -> std::ops::Range<usize> {
        let length = self.contents(thread).len();
        let start = self.position.get().min(length);
        let count = usize::try_from(size).unwrap_or(usize::MAX).min(length - start);
        start..start + count
    }

    /// Takes the next bytes as an object.
    fn take(&self, range: std::ops::Range<usize>, thread: &mut Thread) -> PyResult<Py<Object>> {
        if range.len() > 1
            && range.len() == self.contents(thread).len()
            && let Some(shared) = self.shared.get()
        {
            self.position.set(range.end);
            return Ok(shared);
        }
        if !range.is_empty() {
            self.position.set(range.end);
        }
        let part = self.contents(thread)[range].try_to_vec().or_memory_error(thread)?;
        thread.make_bytes(&part)
    }

    /// The range of the next line, of at most `size` bytes.
    fn next_line(&self, size: isize, thread: &Thread) -> std::ops::Range<usize> {
        let range = self.next_range(size, thread);
        let part = &self.contents(thread)[range.clone()];
        match text::bytes::find::find(part, b"\n") {
            Some(place) => range.start..range.start + place + 1,
            None => range,
        }
    }

    fn write_object(&self, data: &Object, thread: &mut Thread) -> PyResult<usize> {
        let data = BytesLike::of(data, thread)?;
        // Asking for the data may have closed or exported the stream.
        self.check_open(thread)?;
        self.check_exports(thread)?;
        let length = data.as_slice(thread).len();
        if length == 0 {
            return Ok(0);
        }
        let start = self.position.get();
        let Some(end) = start.checked_add(length).filter(|it| isize::try_from(*it).is_ok()) else {
            return Err(raise!(thread, OverflowError, "new buffer size too large"));
        };
        // The data may be a view of this very stream only if it is exported, which was refused above.
        let source = data.as_slice(thread).try_to_vec().or_memory_error(thread)?;
        let contents = self.contents_mut(thread);
        if end > contents.len() {
            let more = end - contents.len();
            if contents.try_reserve(more).is_err() {
                return Err(thread.raise_memory_error());
            }
            contents.resize(end, 0);
        }
        self.owned.get_mut(thread)[start..end].copy_from_slice(&source);
        self.position.set(end);
        Ok(length)
    }
}

/// BytesIO(initial_bytes=b'')
/// --
///
/// Buffered I/O implementation using an in-memory bytes buffer.
#[python_type(name = "_io.BytesIO", base = BufferedIoBase, flags(HEAPTYPE, BASETYPE), dealloc = deallocate::<BytesIo>)]
impl BytesIo {
    #[slot(tp_new)]
    fn new_instance(
        class: &Type,
        _arguments: &Tuple,
        _keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<BytesIo>> {
        let value = BytesIo {
            base: BufferedIoBase::fields(class),
            owned: Guarded::new(Vec::new()),
            shared: Field::EMPTY,
            position: Cell::new(0),
            closed: Cell::new(false),
            exports: Cell::new(0),
        };
        Py::new_in(class, value, thread)
    }

    #[init]
    fn init(&self, initial_bytes: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.check_exports(thread)?;
        self.shared.set(None);
        self.owned.get_mut(thread).clear();
        self.position.set(0);
        let Some(initial) = initial_bytes.filter(|it| !it.is_none()) else { return Ok(()) };
        if initial.is_exactly::<builtins::bytes::Bytes>() {
            self.shared.set(Some(Py::from_ref(initial)));
            return Ok(());
        }
        self.write_object(initial, thread)?;
        self.position.set(0);
        Ok(())
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> PyResult<Py<BytesIo>> {
        self.check_open(thread)?;
        Ok(Py::from_ref(self))
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        self.check_open(thread)?;
        let line = self.next_line(-1, thread);
        if line.is_empty() { Ok(None) } else { self.take(line, thread).map(Some) }
    }

    /// readable($self, /)
    /// --
    ///
    /// Returns True if the IO object can be read.
    #[method]
    fn readable(&self, thread: &mut Thread) -> PyResult<bool> {
        self.check_open(thread)?;
        Ok(true)
    }

    /// seekable($self, /)
    /// --
    ///
    /// Returns True if the IO object can be seeked.
    #[method]
    fn seekable(&self, thread: &mut Thread) -> PyResult<bool> {
        self.check_open(thread)?;
        Ok(true)
    }

    /// writable($self, /)
    /// --
    ///
    /// Returns True if the IO object can be written.
    #[method]
    fn writable(&self, thread: &mut Thread) -> PyResult<bool> {
        self.check_open(thread)?;
        Ok(true)
    }

    /// close($self, /)
    /// --
    ///
    /// Disable all I/O operations.
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<()> {
        self.check_exports(thread)?;
        self.closed.set(true);
        self.shared.set(None);
        drop(std::mem::take(self.owned.get_mut(thread)));
        Ok(())
    }

    /// flush($self, /)
    /// --
    ///
    /// Does nothing.
    #[method]
    fn flush(&self, thread: &mut Thread) -> PyResult<()> {
        self.check_open(thread)
    }

    /// isatty($self, /)
    /// --
    ///
    /// Always returns False.
    ///
    /// BytesIO objects are not connected to a TTY-like device.
    #[method]
    fn isatty(&self, thread: &mut Thread) -> PyResult<bool> {
        self.check_open(thread)?;
        Ok(false)
    }

    /// tell($self, /)
    /// --
    ///
    /// Current file position, an integer.
    #[method]
    fn tell(&self, thread: &mut Thread) -> PyResult<usize> {
        self.check_open(thread)?;
        Ok(self.position.get())
    }

    /// write($self, b, /)
    /// --
    ///
    /// Write bytes to file.
    ///
    /// Return the number of bytes written.
    #[method]
    fn write(&self, b: &Object, thread: &mut Thread) -> PyResult<usize> {
        self.write_object(b, thread)
    }

    /// writelines($self, lines, /)
    /// --
    ///
    /// Write lines to the file.
    ///
    /// Note that newlines are not added.  lines can be any iterable object
    /// producing bytes-like objects.  This is equivalent to calling write()
    /// for each element.
    #[method]
    fn writelines(&self, lines: &Object, thread: &mut Thread) -> PyResult<()> {
        self.check_open(thread)?;
        let iterator = protocol::iter(lines, thread)?;
        while let Some(line) = protocol::next(&iterator, thread)? {
            self.write_object(&line, thread)?;
        }
        Ok(())
    }

    /// read($self, size=-1, /)
    /// --
    ///
    /// Read at most size bytes, returned as a bytes object.
    ///
    /// If the size argument is negative, read until EOF is reached.
    /// Return an empty bytes object at EOF.
    #[method]
    fn read(&self, #[default(Size(-1))] size: Size, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check_open(thread)?;
        let range = self.next_range(size.0, thread);
        self.take(range, thread)
    }

    /// read1($self, size=-1, /)
    /// --
    ///
    /// Read at most size bytes, returned as a bytes object.
    ///
    /// If the size argument is negative or omitted, read until EOF is
    /// reached.  Return an empty bytes object at EOF.
    #[method]
    fn read1(&self, #[default(Size(-1))] size: Size, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.read(size, thread)
    }

    /// readinto($self, buffer, /)
    /// --
    ///
    /// Read bytes into buffer.
    ///
    /// Returns number of bytes read (0 for EOF), or None if the object
    /// is set not to block and has no data to read.
    #[method]
    fn readinto(&self, buffer: WritableBytesLike, thread: &mut Thread) -> PyResult<usize> {
        self.check_open(thread)?;
        let range = self.next_range(isize::try_from(buffer.length()).unwrap_or(isize::MAX), thread);
        let (count, end) = (range.len(), range.end);
        // The target may be a view of this stream.
        let part = self.contents(thread)[range].try_to_vec().or_memory_error(thread)?;
        buffer.as_mut_slice(thread)[..count].copy_from_slice(&part);
        if count > 0 {
            self.position.set(end);
        }
        Ok(count)
    }

    /// readline($self, size=-1, /)
    /// --
    ///
    /// Next line from the file, as a bytes object.
    ///
    /// Retain newline.  A non-negative size argument limits the maximum
    /// number of bytes to return (an incomplete line may be returned then).
    /// Return an empty bytes object at EOF.
    #[method]
    fn readline(&self, #[default(Size(-1))] size: Size, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check_open(thread)?;
        let line = self.next_line(size.0, thread);
        self.take(line, thread)
    }

    /// readlines($self, size=None, /)
    /// --
    ///
    /// List of bytes objects, each a line from the file.
    ///
    /// Call readline() repeatedly and return a list of the lines so read.
    /// The optional size argument, if given, is an approximate bound on the
    /// total number of bytes in the lines returned.
    #[method]
    fn readlines(&self, size: Option<&Object>, thread: &mut Thread) -> PyResult<Py<List>> {
        self.check_open(thread)?;
        let limit = match size.filter(|it| !it.is_none()) {
            Some(size) if size.downcast::<Int>().is_some() => protocol::index_or_raise(size, OverflowError, thread)?,
            Some(size) => {
                let class = size.class().full_name();
                return Err(raise!(thread, TypeError, "integer argument expected, got '{class}'"));
            }
            None => 0,
        };
        let lines = List::empty(thread);
        let mut total = 0;
        loop {
            let line = self.next_line(-1, thread);
            if line.is_empty() {
                return Ok(lines);
            }
            total += line.len();
            let line = self.take(line, thread)?;
            lines.push(line, thread)?;
            if limit > 0 && total >= limit as usize {
                return Ok(lines);
            }
        }
    }

    /// getbuffer($self, /)
    /// --
    ///
    /// Get a read-write view over the contents of the BytesIO object.
    #[defining_class]
    #[method]
    fn getbuffer(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check_open(thread)?;
        let exporter = BytesIoBuffer { header: Header::new(BytesIoBuffer::class()), source: Field::EMPTY };
        exporter.source.set(Some(Py::from_ref(self)));
        let exporter = Py::new(exporter, thread);
        let name = thread.intern_text("memoryview");
        let class = protocol::builtin(&name, thread)?;
        protocol::call_one(&class, &exporter, thread)
    }

    /// getvalue($self, /)
    /// --
    ///
    /// Retrieve the entire contents of the BytesIO object.
    #[method]
    fn getvalue(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check_open(thread)?;
        if let Some(shared) = self.shared.get() {
            return Ok(shared);
        }
        let contents = std::mem::take(self.owned.get_mut(thread));
        let value = thread.make_bytes(&contents);
        *self.owned.get_mut(thread) = contents;
        value
    }

    /// seek($self, pos, whence=0, /)
    /// --
    ///
    /// Change stream position.
    ///
    /// Seek to byte offset pos relative to position indicated by whence:
    ///      0  Start of stream (the default).  pos should be >= 0;
    ///      1  Current position - pos may be negative;
    ///      2  End of stream - pos usually negative.
    /// Returns the new absolute position.
    #[method]
    fn seek(&self, pos: isize, whence: i32, thread: &mut Thread) -> PyResult<usize> {
        self.check_open(thread)?;
        if pos < 0 && whence == 0 {
            return Err(raise!(thread, ValueError, "negative seek value {pos}"));
        }
        let start = match whence {
            0 => 0,
            1 => self.position.get(),
            2 => self.contents(thread).len(),
            _ => return Err(raise!(thread, ValueError, "invalid whence ({whence}, should be 0, 1 or 2)")),
        };
        let Some(position) = (start as isize).checked_add(pos) else {
            return Err(raise!(thread, OverflowError, "new position too large"));
        };
        self.position.set(position.max(0) as usize);
        Ok(self.position.get())
    }

    /// truncate($self, size=None, /)
    /// --
    ///
    /// Truncate the file to at most size bytes.
    ///
    /// Size defaults to the current file position, as returned by tell().
    /// The current file position is unchanged.  Returns the new size.
    #[method]
    fn truncate(&self, size: Option<&Object>, thread: &mut Thread) -> PyResult<usize> {
        self.check_open(thread)?;
        self.check_exports(thread)?;
        let size = match size.filter(|it| !it.is_none()) {
            Some(size) => protocol::index_as_isize(size, thread)?,
            None => self.position.get() as isize,
        };
        let Ok(length) = usize::try_from(size) else {
            return Err(raise!(thread, ValueError, "negative size value {size}"));
        };
        // Python code may have run meanwhile.
        self.check_open(thread)?;
        self.check_exports(thread)?;
        if length < self.contents(thread).len() {
            self.contents_mut(thread).truncate(length);
        }
        Ok(length)
    }

    /// __getstate__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __getstate__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let value = self.getvalue(thread)?;
        let position = protocol::make_int(self.position.get() as i128, thread);
        let dict = base::copy_of_attributes(self, thread)?;
        Tuple::new(vec![value, position, dict], thread)
    }

    /// __setstate__($self, object, /)
    /// --
    ///
    ///
    #[method]
    fn __setstate__(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        let Some([value, position, dict]) = object.downcast::<Tuple>().map(Tuple::items) else {
            let (own, class) = (self.class().full_name(), object.class().full_name());
            return Err(raise!(thread, TypeError, "{own}.__setstate__ argument should be 3-tuple, got {class}"));
        };
        self.check_exports(thread)?;
        self.shared.set(None);
        self.owned.get_mut(thread).clear();
        self.position.set(0);
        self.write_object(value, thread)?;
        if position.downcast::<Int>().is_none() {
            let class = position.class().full_name();
            return Err(raise!(thread, TypeError, "second item of state must be an integer, not {class}"));
        }
        let position = protocol::index_or_raise(position, ValueError, thread)?;
        if position < 0 {
            return Err(raise!(thread, ValueError, "position value cannot be negative"));
        }
        self.position.set(position as usize);
        base::set_attributes(self, dict, "third", thread)
    }

    /// __sizeof__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __sizeof__(&self, thread: &mut Thread) -> usize {
        self.class().basic_size() + self.contents(thread).len()
    }

    /// True if the file is closed.
    #[getter]
    fn closed(&self) -> bool {
        self.closed.get()
    }
}

/// What exports the contents of a `BytesIO`.
#[derive(Instance)]
#[repr(C)]
pub struct BytesIoBuffer {
    header: Header,
    /// Only C code can make one that has none.
    source: Field<BytesIo>,
}

#[python_type(name = "_io._BytesIOBuffer", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION))]
impl BytesIoBuffer {
    #[slot(bf_getbuffer)]
    fn get_buffer(&self, view: *mut Py_buffer, flags: c_int, thread: &mut Thread) -> PyResult<()> {
        let Some(source) = self.source.get() else {
            return Err(raise!(thread, BufferError, "the buffer has no source"));
        };
        let contents = source.contents_mut(thread);
        let (data, length) = (contents.as_mut_ptr(), contents.len());
        // SAFETY: by the slot's protocol the view is free; as long as there are exports the contents neither move nor shrink.
        unsafe { buffer::fill(view, self, data, length, false, flags, thread)? };
        source.exports.set(source.exports.get() + 1);
        Ok(())
    }

    #[slot(bf_releasebuffer)]
    fn release_buffer(&self, _view: *mut Py_buffer) {
        if let Some(source) = self.source.get() {
            source.exports.set(source.exports.get() - 1);
        }
    }
}
