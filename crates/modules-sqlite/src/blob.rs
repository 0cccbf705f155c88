//! `Blob`: a column of one row, read and written as a file is.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::mem::offset_of;
use std::rc::Rc;

use layout::PyObject;
use libsqlite3_sys as sqlite;
use macros::{Instance, python_type};
use objects::errors::{IndexError, OrMemoryError, PyResult};
use objects::gc::{Traverse, Visitor};
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::slice::{Selection, Slice};
use objects::thread::Thread;
use objects::types::Instance as _;

use crate::connection::Connection;
use crate::database::{BlobHandle, DatabaseRef};
use crate::errors::ErrorClass;
use crate::usage::PutOff;

/// An open blob of a connection.
struct Open {
    handle: Rc<BlobHandle>,
    database: DatabaseRef,
}

impl Traverse for Open {
    const MAY_REFER: bool = false;

    fn traverse(&self, _: &mut Visitor<'_>) {}

    fn clear(&self) {}
}

impl Drop for Open {
    fn drop(&mut self) {
        let raw = self.handle.raw.replace(std::ptr::null_mut());
        if raw.is_null() {
            return;
        }
        // SAFETY: objects only exist while their thread is attached.
        let thread = unsafe { Thread::current() };
        if !self.database.put_off_if_busy(&thread, || PutOff::CloseBlob(raw)) {
            // SAFETY: it was opened once and is forgotten; nobody has to be waited for.
            unsafe { sqlite::sqlite3_blob_close(raw) };
        }
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Blob {
    header: Header,
    connection: Field<Connection>,
    open: Open,
    offset: Cell<c_int>,
    weak_references: Cell<*mut PyObject>,
}

#[python_type(
    name = "sqlite3.Blob", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION),
    weaklist_offset = offset_of!(Blob, weak_references)
)]
impl Blob {
    /// close($self, /)
    /// --
    ///
    /// Close the blob.
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<()> {
        self.check_connection(thread)?;
        self.open.database.close_blob(&self.open.handle, thread);
        Ok(())
    }

    /// read($self, length=-1, /)
    /// --
    ///
    /// Read data at the current offset position.
    ///
    ///   length
    ///     Read length in bytes.
    ///
    /// If the end of the blob is reached, the data up to end of file will
    /// be returned.  When length is not specified, or is negative,
    /// Blob.read() will read until the end of the blob.
    #[method]
    fn read(&self, length: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        let size = self.size(thread)?;
        let most = (size - self.offset.get()).max(0);
        let length = if length < 0 || length > most { most } else { length };
        let bytes = self.read_bytes(self.offset.get(), length, thread)?;
        self.offset.set(self.offset.get() + length);
        thread.make_bytes(&bytes)
    }

    /// write($self, data, /)
    /// --
    ///
    /// Write data at the current offset.
    ///
    /// This function cannot change the blob length.  Writing beyond the end
    /// of the blob will result in an exception being raised.
    #[method]
    fn write(&self, data: BytesLike<'_>, thread: &mut Thread) -> PyResult<()> {
        self.size(thread)?;
        let bytes = copy_of(&data, thread)?;
        let offset = self.offset.get();
        self.write_bytes(offset, &bytes, thread)?;
        self.offset.set(offset + bytes.len() as c_int);
        Ok(())
    }

    /// seek($self, offset, origin=0, /)
    /// --
    ///
    /// Set the current access position to offset.
    ///
    /// The origin argument defaults to os.SEEK_SET (absolute blob
    /// positioning).  Other values for origin are os.SEEK_CUR (seek
    /// relative to the current position) and os.SEEK_END (seek relative to
    /// the blob's end).
    #[method]
    fn seek(&self, offset: i32, origin: i32, thread: &mut Thread) -> PyResult<()> {
        let size = self.size(thread)?;
        let base = match origin {
            libc::SEEK_SET => 0,
            libc::SEEK_CUR => self.offset.get(),
            libc::SEEK_END => size,
            _ => {
                let message = "'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END";
                return Err(raise!(thread, ValueError, "{message}"));
            }
        };
        match offset.checked_add(base) {
            None => Err(raise!(thread, OverflowError, "seek offset results in overflow")),
            Some(offset) if (0..=size).contains(&offset) => {
                self.offset.set(offset);
                Ok(())
            }
            Some(_) => Err(raise!(thread, ValueError, "offset out of blob range")),
        }
    }

    /// tell($self, /)
    /// --
    ///
    /// Return the current access position for the blob.
    #[method]
    fn tell(&self, thread: &mut Thread) -> PyResult<i32> {
        self.size(thread)?;
        Ok(self.offset.get())
    }

    /// __enter__($self, /)
    /// --
    ///
    /// Blob context manager enter.
    #[method]
    fn __enter__(&self, thread: &mut Thread) -> PyResult<Py<Blob>> {
        self.size(thread)?;
        Ok(Py::from_ref(self))
    }

    /// __exit__($self, type, val, tb, /)
    /// --
    ///
    /// Blob context manager exit.
    #[method]
    fn __exit__(&self, r#type: &Object, val: &Object, tb: &Object, thread: &mut Thread) -> PyResult<bool> {
        let _ = (r#type, val, tb);
        self.size(thread)?;
        self.open.database.close_blob(&self.open.handle, thread);
        Ok(false)
    }

    #[slot(mp_length)]
    fn length(&self, thread: &mut Thread) -> PyResult<usize> {
        Ok(self.size(thread)? as usize)
    }

    #[slot(mp_subscript)]
    fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.size(thread)?;
        if protocol::is_index(key) {
            let index = self.index(key, thread)?;
            let byte = self.read_bytes(index, 1, thread)?;
            return Ok(protocol::make_int(byte.first().copied().unwrap_or_default().into(), thread));
        }
        let Some(slice) = key.downcast::<Slice>() else {
            return Err(raise!(thread, TypeError, "Blob indices must be integers"));
        };
        let (selection, length) = self.stretch(slice, thread)?;
        let mut bytes = self.read_bytes(selection.start as c_int, length, thread)?;
        if selection.step > 1 {
            // Those that are wanted move to the front.
            let mut kept = 0;
            for at in (0..bytes.len()).step_by(selection.step as usize) {
                bytes[kept] = bytes[at];
                kept += 1;
            }
            bytes.truncate(kept);
        }
        thread.make_bytes(&bytes)
    }

    #[slot(mp_ass_subscript)]
    fn assign_subscript(&self, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.size(thread)?;
        if protocol::is_index(key) {
            return self.assign_index(key, value, thread);
        }
        match key.downcast::<Slice>() {
            Some(slice) => self.assign_slice(slice, value, thread),
            None => Err(raise!(thread, TypeError, "Blob indices must be integers")),
        }
    }
}

/// The bytes of an argument, which others may change while SQLite takes them.
fn copy_of(data: &BytesLike<'_>, thread: &mut Thread) -> PyResult<Vec<u8>> {
    use objects::errors::TryToVec as _;
    let copied = data.as_slice(thread).try_to_vec();
    copied.or_memory_error(thread)
}

impl Blob {
    pub fn new(
        connection: &Connection,
        database: DatabaseRef,
        raw: *mut sqlite::sqlite3_blob,
        thread: &mut Thread,
    ) -> Py<Blob> {
        let handle = Rc::new(BlobHandle::new(raw));
        database.keep_blob(&handle);
        let blob = Blob {
            header: Header::new(Blob::class()),
            connection: Field::new(Some(Py::from_ref(connection))),
            open: Open { handle, database },
            offset: Cell::new(0),
            weak_references: Cell::new(std::ptr::null_mut()),
        };
        Py::new(blob, thread)
    }

    fn check_connection(&self, thread: &mut Thread) -> PyResult<()> {
        match self.connection.get() {
            Some(connection) => connection.check(thread).map(drop),
            // The collector has taken it apart.
            None => Err(raise_closed(thread)),
        }
    }

    /// The length of a blob that is open; checks that it is.
    fn size(&self, thread: &mut Thread) -> PyResult<c_int> {
        self.check_connection(thread)?;
        let handle = &self.open.handle;
        if handle.raw.get().is_null() || handle.is_to_close.get() {
            return Err(raise_closed(thread));
        }
        // SAFETY: the blob is open, or null, which has no bytes.
        Ok(self.open.database.look(thread, |_| unsafe { sqlite::sqlite3_blob_bytes(handle.raw.get()) }))
    }

    /// A call of SQLite's for the blob, which stays open meanwhile.
    fn with_raw(&self, thread: &mut Thread, block: impl FnOnce(*mut sqlite::sqlite3_blob) -> c_int) -> PyResult<()> {
        let (database, handle) = (&self.open.database, &self.open.handle);
        let raw = handle.raw.get();
        if raw.is_null() {
            return Err(raise_closed(thread));
        }
        database.check_usable(thread)?;
        handle.users.set(handle.users.get() + 1);
        let code = database.run(thread, |_| block(raw));
        handle.users.set(handle.users.get() - 1);
        let result = database.check(code, thread);
        if handle.is_to_close.get() {
            database.close_blob(handle, thread);
        }
        result
    }

    fn read_bytes(&self, offset: c_int, length: c_int, thread: &mut Thread) -> PyResult<Vec<u8>> {
        if length <= 0 {
            return Ok(Vec::new());
        }
        let mut bytes = objects::errors::with_room(length as usize).or_memory_error(thread)?;
        let room: *mut u8 = bytes.as_mut_ptr();
        self.with_raw(thread, |raw| {
            // SAFETY: the blob is open; there is room for the bytes.
            unsafe { sqlite::sqlite3_blob_read(raw, room.cast::<c_void>(), length, offset) }
        })?;
        // SAFETY: SQLite has filled them in.
        unsafe { bytes.set_len(length as usize) };
        Ok(bytes)
    }

    fn write_bytes(&self, offset: c_int, bytes: &[u8], thread: &mut Thread) -> PyResult<()> {
        let left = self.size(thread)?.saturating_sub(offset);
        if bytes.len() > left.max(0) as usize {
            return Err(raise!(thread, ValueError, "data longer than blob length"));
        }
        self.with_raw(thread, |raw| {
            // SAFETY: the blob is open, and SQLite copies so many bytes.
            unsafe { sqlite::sqlite3_blob_write(raw, bytes.as_ptr().cast(), bytes.len() as c_int, offset) }
        })
    }

    /// The place of one byte.
    fn index(&self, key: &Object, thread: &mut Thread) -> PyResult<c_int> {
        let index = protocol::index_or_raise(key, IndexError, thread)?;
        let size = self.size(thread)? as isize;
        let index = if index < 0 { index + size } else { index };
        if (0..size).contains(&index) {
            Ok(index as c_int)
        } else {
            Err(raise!(thread, IndexError, "Blob index out of range"))
        }
    }

    /// What a slice selects, and how long the stretch of bytes is that it lies in.
    fn stretch(&self, slice: &Slice, thread: &mut Thread) -> PyResult<(Selection, c_int)> {
        let bounds = slice.unpack(thread)?;
        let chosen = bounds.select(self.size(thread)? as usize);
        let Some(last) = chosen.count.checked_sub(1) else { return Ok((chosen, 0)) };
        if chosen.step < 0 {
            return Err(raise!(thread, ValueError, "Blob doesn't support slices with a negative step"));
        }
        Ok((chosen, (last as isize * chosen.step + 1) as c_int))
    }

    fn assign_index(&self, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else {
            return Err(raise!(thread, TypeError, "Blob doesn't support item deletion"));
        };
        let index = self.index(key, thread)?;
        let Some(int) = value.downcast::<Int>() else {
            let class = value.class().full_name();
            return Err(raise!(thread, TypeError, "'{class}' object cannot be interpreted as an integer"));
        };
        match int.to_i64().and_then(|it| u8::try_from(it).ok()) {
            Some(byte) => self.write_bytes(index, &[byte], thread),
            None => Err(raise!(thread, ValueError, "byte must be in range(0, 256)")),
        }
    }

    fn assign_slice(&self, slice: &Slice, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else {
            return Err(raise!(thread, TypeError, "Blob doesn't support slice deletion"));
        };
        let (selection, length) = self.stretch(slice, thread)?;
        let data = BytesLike::of(value, thread)?;
        let data = copy_of(&data, thread)?;
        if data.len() != selection.count {
            return Err(raise!(thread, IndexError, "Blob slice assignment is wrong size"));
        }
        let start = selection.start as c_int;
        if selection.count == 0 {
            return Ok(());
        }
        if selection.step == 1 {
            return self.write_bytes(start, &data, thread);
        }
        let mut bytes = self.read_bytes(start, length, thread)?;
        for (place, byte) in bytes.iter_mut().step_by(selection.step as usize).zip(data) {
            *place = byte;
        }
        self.write_bytes(start, &bytes, thread)
    }
}

#[cold]
fn raise_closed(thread: &mut Thread) -> objects::errors::Raised {
    ErrorClass::Programming.raise("Cannot operate on a closed blob.", thread)
}
