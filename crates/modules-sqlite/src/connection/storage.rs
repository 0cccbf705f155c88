//! Whole databases and parts of them as bytes: backups, serialized databases, blobs.

use std::ffi::{CString, c_int, c_uint};
use std::ptr;

use libsqlite3_sys as sqlite;
use macros::python_methods;
use objects::errors::{PyResult, Raised};
use objects::int::Int;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::arguments::TextName;
use objects::thread::Thread;

use super::Connection;
use crate::arguments::raise_wrong_type;
use crate::blob::Blob;
use crate::database::DatabaseRef;
use crate::errors::{ErrorClass, Failure};
use crate::values::as_i64;

/// The database of a connection that is not attached.
const MAIN: &str = "main";

fn name_or_main(name: Option<TextName>) -> CString {
    CString::new(name.map_or_else(|| MAIN.to_owned(), |it| it.0)).unwrap_or_default()
}

/// A backup that is going on.
struct Backup<'a> {
    raw: *mut sqlite::sqlite3_backup,
    source: &'a DatabaseRef,
}

#[python_methods(METHODS)]
impl Connection {
    /// backup($self, /, target, *, pages=-1, progress=None, name='main',
    ///        sleep=0.25)
    /// --
    ///
    /// Makes a backup of the database.
    #[method]
    fn backup(
        &self,
        target: &Object,
        pages: i32,
        progress: Option<&Object>,
        name: Option<TextName>,
        sleep: f64,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let Some(target) = target.downcast::<Connection>() else {
            return Err(raise_wrong_type(target, "backup() argument 'target'", "sqlite3.Connection", thread));
        };
        let source = self.check(thread)?;
        let to = target.database(thread)?;
        source.check_usable(thread)?;
        to.check_usable(thread)?;
        if target.is(self) {
            return Err(raise!(thread, ValueError, "target cannot be the same connection instance"));
        }
        let progress = progress.filter(|it| !it.is_none());
        if progress.is_some_and(|it| it.class().slots().tp_call.get().is_none()) {
            return Err(raise!(thread, TypeError, "progress argument must be a callable"));
        }
        let pages = if pages == 0 { -1 } else { pages };
        let milliseconds = (sleep * 1000.0) as c_int;
        let (main, name) = (name_or_main(None), name_or_main(name));
        let raw = to.run(thread, |to| {
            // SAFETY: both connections are open, and the names end with a zero byte.
            unsafe { sqlite::sqlite3_backup_init(to, main.as_ptr(), source.raw(), name.as_ptr()) }
        });
        to.is_backup_target.set(!raw.is_null());
        if raw.is_null() {
            return Err(to.failure(sqlite::SQLITE_ERROR, thread).raise(thread));
        }
        let backup = Backup { raw, source: &source };
        let copied = backup.copy(pages, progress, milliseconds, thread);
        let pending = copied.err().map(|raised| thread.catch(raised));
        // SAFETY: the backup was begun once, and is forgotten.
        let code = source.run(thread, |_| unsafe { sqlite::sqlite3_backup_finish(raw) });
        to.is_backup_target.set(false);
        match pending {
            Some(exception) => Err(thread.reraise(exception)),
            None if code == sqlite::SQLITE_OK => Ok(()),
            None => Err(Failure::of_code(code).raise(thread)),
        }
    }

    /// serialize($self, /, *, name='main')
    /// --
    ///
    /// Serialize a database into a byte string.
    ///
    ///   name
    ///     Which database to serialize.
    ///
    /// For an ordinary on-disk database file, the serialization is just
    /// a copy of the disk file.  For an in-memory database or a "temp"
    /// database, the serialization is the same sequence of bytes which
    /// would be written to disk if that database were backed up to disk.
    #[method]
    fn serialize(&self, name: Option<TextName>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let database = self.check(thread)?;
        database.check_usable(thread)?;
        let name = name_or_main(name);
        let (data, size) = database.run(thread, |raw| {
            let mut size = 0;
            // SAFETY: the connection is open, and the name ends with a zero byte.
            let data = unsafe { sqlite::sqlite3_serialize(raw, name.as_ptr(), &mut size, 0) };
            (data, size)
        });
        if data.is_null() {
            let message = format!("unable to serialize '{}'", name.to_string_lossy());
            return Err(ErrorClass::Operational.raise(&message, thread));
        }
        // SAFETY: SQLite gave so many bytes.
        let bytes = thread.make_bytes(unsafe { std::slice::from_raw_parts(data, size.max(0) as usize) });
        // SAFETY: they are this call's.
        unsafe { sqlite::sqlite3_free(data.cast()) };
        bytes
    }

    /// deserialize($self, data, /, *, name='main')
    /// --
    ///
    /// Load a serialized database.
    ///
    ///   data
    ///     The serialized database content.
    ///   name
    ///     Which database to reopen with the deserialization.
    ///
    /// The deserialize interface causes the database connection to
    /// disconnect from the target database, and then reopen it as
    /// an in-memory database based on the given serialized data.
    ///
    /// The deserialize interface will fail with SQLITE_BUSY if the database
    /// is currently in a read transaction or is involved in a backup
    /// operation.
    #[method]
    fn deserialize(&self, data: &Object, name: Option<TextName>, thread: &mut Thread) -> PyResult<()> {
        let (copy, size) = match data.downcast::<Str>() {
            Some(text) => copy_for_sqlite(text.utf8(thread)?),
            None => {
                let bytes = BytesLike::of(data, thread)?;
                copy_for_sqlite(bytes.as_slice(thread))
            }
        };
        let database = match self.check(thread).and_then(|it| it.check_usable(thread).map(|()| it)) {
            Ok(database) => database,
            Err(raised) => {
                // SAFETY: it was just made, and nobody got it.
                unsafe { sqlite::sqlite3_free(copy.cast()) };
                return Err(raised);
            }
        };
        if copy.is_null() {
            return Err(thread.raise_memory_error());
        }
        let name = name_or_main(name);
        let code = database.run(thread, |raw| {
            let flags = (sqlite::SQLITE_DESERIALIZE_FREEONCLOSE | sqlite::SQLITE_DESERIALIZE_RESIZEABLE) as c_uint;
            // SAFETY: the connection is open, the name ends with a zero byte; the memory is SQLite's from now on, whatever comes out.
            unsafe { sqlite::sqlite3_deserialize(raw, name.as_ptr(), copy, size, size, flags) }
        });
        database.check(code, thread)
    }

    /// blobopen($self, table, column, rowid, /, *, readonly=False, name='main')
    /// --
    ///
    /// Open and return a BLOB object.
    ///
    ///   table
    ///     Table name.
    ///   column
    ///     Column name.
    ///   rowid
    ///     Row id.
    ///   readonly
    ///     Open the BLOB without write permissions.
    ///   name
    ///     Database name.
    #[method]
    fn blobopen(
        &self,
        table: TextName,
        column: TextName,
        rowid: &Object,
        readonly: bool,
        name: Option<TextName>,
        thread: &mut Thread,
    ) -> PyResult<Py<Blob>> {
        let Some(row) = rowid.downcast::<Int>() else {
            return Err(raise!(thread, TypeError, "expected 'int'"));
        };
        let row = as_i64(row, thread)?;
        let database = self.check(thread)?;
        database.check_usable(thread)?;
        let texts = [table.0, column.0].map(|it| CString::new(it).unwrap_or_default());
        let name = name_or_main(name);
        let (code, blob) = database.run(thread, |raw| {
            let [table, column] = &texts;
            let (mut blob, writes) = (ptr::null_mut(), c_int::from(!readonly));
            // SAFETY: the connection is open, and the names end with a zero byte.
            unsafe {
                let code = sqlite::sqlite3_blob_open(
                    raw,
                    name.as_ptr(),
                    table.as_ptr(),
                    column.as_ptr(),
                    row,
                    writes,
                    &mut blob,
                );
                (code, blob)
            }
        });
        if code & 0xFF == sqlite::SQLITE_MISUSE {
            return Err(Failure::of_code(code).raise(thread));
        }
        database.check(code, thread)?;
        Ok(Blob::new(self, database, blob, thread))
    }
}

/// A copy of bytes in SQLite's own memory, null if there is none.
fn copy_for_sqlite(bytes: &[u8]) -> (*mut u8, i64) {
    // SAFETY: a number.
    let copy = unsafe { sqlite::sqlite3_malloc64(bytes.len() as u64) }.cast::<u8>();
    if !copy.is_null() {
        // SAFETY: there is so much room.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), copy, bytes.len()) };
    }
    (copy, bytes.len() as i64)
}

impl Backup<'_> {
    fn copy(
        &self,
        pages: c_int,
        progress: Option<&Object>,
        milliseconds: c_int,
        thread: &mut Thread,
    ) -> Result<(), Raised> {
        let raw = self.raw;
        loop {
            // SAFETY: the backup is going on.
            let code = self.source.run(thread, |_| unsafe { sqlite::sqlite3_backup_step(raw, pages) });
            if let Some(progress) = progress {
                // SAFETY: as above.
                let (left, all) = self.source.look(thread, |_| unsafe {
                    (sqlite::sqlite3_backup_remaining(raw), sqlite::sqlite3_backup_pagecount(raw))
                });
                let arguments = [code, left, all].map(|it| protocol::make_int(it.into(), thread));
                let arguments = [&*arguments[0], &*arguments[1], &*arguments[2]];
                protocol::call(progress, &arguments, thread)?;
            }
            match code {
                sqlite::SQLITE_OK => {}
                sqlite::SQLITE_BUSY | sqlite::SQLITE_LOCKED => {
                    // SAFETY: a number.
                    thread.without_lock(|| unsafe { sqlite::sqlite3_sleep(milliseconds) });
                }
                _ => return Ok(()),
            }
        }
    }
}
