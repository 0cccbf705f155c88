//! Values on their way into SQLite and out of it.

use std::ffi::{CStr, c_char, c_int};

use builtins::bytearray::ByteArray;
use builtins::bytes::Bytes;
use libsqlite3_sys as sqlite;
use objects::errors::{PyResult, Raised, TryToVec, UnicodeDecodeError};
use objects::float::Float;
use objects::int::Int;
use objects::protocol;
use objects::protocol::buffer::{BytesLike, has_buffer};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::codecs;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use crate::errors::ErrorClass;
use crate::statement::Statement;

/// An integer as SQLite has it.
pub fn as_i64(int: &Int, thread: &mut Thread) -> PyResult<i64> {
    int.to_i64().ok_or_else(|| raise!(thread, OverflowError, "Python int too large to convert to SQLite INTEGER"))
}

/// The length of text or a blob, if SQLite can have it.
fn length_of(bytes: &[u8], what: &str, thread: &mut Thread) -> PyResult<c_int> {
    c_int::try_from(bytes.len()).map_err(|_| raise!(thread, OverflowError, "{what} longer than INT_MAX bytes"))
}

/// Where a value of Python's goes. SQLite copies what has bytes.
pub trait Target {
    fn null(&self) -> c_int;
    fn integer(&self, value: i64) -> c_int;
    fn real(&self, value: f64) -> c_int;
    fn text(&self, start: *const u8, length: c_int) -> c_int;
    fn blob(&self, start: *const u8, length: c_int) -> c_int;
    /// What goes there has to be free for a short call.
    fn settle(&self, thread: &mut Thread);
}

/// Sends a value where it goes: the result code; None if SQLite has no such value.
pub fn send(object: &Object, target: &impl Target, thread: &mut Thread) -> PyResult<Option<c_int>> {
    if object.is_none() {
        target.settle(thread);
        return Ok(Some(target.null()));
    }
    if let Some(int) = object.downcast::<Int>() {
        let value = as_i64(int, thread)?;
        target.settle(thread);
        return Ok(Some(target.integer(value)));
    }
    if let Some(float) = object.downcast::<Float>() {
        target.settle(thread);
        return Ok(Some(target.real(float.value())));
    }
    if let Some(text) = object.downcast::<Str>() {
        let bytes = text.utf8(thread)?;
        let length = length_of(bytes, "string", thread)?;
        target.settle(thread);
        return Ok(Some(target.text(bytes.as_ptr(), length)));
    }
    if !has_buffer(object) {
        return Ok(None);
    }
    let bytes = BytesLike::of(object, thread)?;
    // It may block, so it goes before the bytes are looked at.
    target.settle(thread);
    let contents = bytes.as_slice(thread);
    match c_int::try_from(contents.len()) {
        Ok(length) => Ok(Some(target.blob(contents.as_ptr(), length))),
        Err(_) => Err(raise!(thread, OverflowError, "BLOB longer than INT_MAX bytes")),
    }
}

/// A parameter of a statement.
pub struct Parameter<'a> {
    pub statement: &'a Statement,
    pub number: c_int,
}

// SAFETY (of the calls below): the statement is valid and not running, which whoever binds has made sure of; what the bytes are is passed on.
impl Target for Parameter<'_> {
    fn null(&self) -> c_int {
        // SAFETY: see above.
        unsafe { sqlite::sqlite3_bind_null(self.statement.raw(), self.number) }
    }

    fn integer(&self, value: i64) -> c_int {
        // SAFETY: see above.
        unsafe { sqlite::sqlite3_bind_int64(self.statement.raw(), self.number, value) }
    }

    fn real(&self, value: f64) -> c_int {
        // SAFETY: see above.
        unsafe { sqlite::sqlite3_bind_double(self.statement.raw(), self.number, value) }
    }

    fn text(&self, start: *const u8, length: c_int) -> c_int {
        let copied = sqlite::SQLITE_TRANSIENT();
        // SAFETY: see above.
        unsafe { sqlite::sqlite3_bind_text(self.statement.raw(), self.number, start.cast(), length, copied) }
    }

    fn blob(&self, start: *const u8, length: c_int) -> c_int {
        let copied = sqlite::SQLITE_TRANSIENT();
        // SAFETY: see above. An empty slice has an address too, without which this would be NULL.
        unsafe { sqlite::sqlite3_bind_blob(self.statement.raw(), self.number, start.cast(), length, copied) }
    }

    fn settle(&self, thread: &mut Thread) {
        self.statement.database.settle(thread);
    }
}

/// The result of a function that SQLite has called, and that has not returned yet.
pub struct FunctionResult(pub *mut sqlite::sqlite3_context);

// SAFETY (of the calls below): the context is that of a call that is going on; this thread has the connection.
impl Target for FunctionResult {
    fn null(&self) -> c_int {
        // SAFETY: see above.
        unsafe { sqlite::sqlite3_result_null(self.0) };
        sqlite::SQLITE_OK
    }

    fn integer(&self, value: i64) -> c_int {
        // SAFETY: see above.
        unsafe { sqlite::sqlite3_result_int64(self.0, value) };
        sqlite::SQLITE_OK
    }

    fn real(&self, value: f64) -> c_int {
        // SAFETY: see above.
        unsafe { sqlite::sqlite3_result_double(self.0, value) };
        sqlite::SQLITE_OK
    }

    fn text(&self, start: *const u8, length: c_int) -> c_int {
        // SAFETY: see above.
        unsafe { sqlite::sqlite3_result_text(self.0, start.cast(), length, sqlite::SQLITE_TRANSIENT()) };
        sqlite::SQLITE_OK
    }

    fn blob(&self, start: *const u8, length: c_int) -> c_int {
        // SAFETY: see above.
        unsafe { sqlite::sqlite3_result_blob(self.0, start.cast(), length, sqlite::SQLITE_TRANSIENT()) };
        sqlite::SQLITE_OK
    }

    fn settle(&self, _: &mut Thread) {}
}

/// What a function that SQLite called gives it.
pub fn set_result(context: *mut sqlite::sqlite3_context, object: &Object, thread: &mut Thread) -> PyResult<()> {
    match send(object, &FunctionResult(context), thread)? {
        Some(_) => Ok(()),
        None => {
            let class = object.class().full_name();
            let message = format!("User-defined functions cannot return '{class}' values to SQLite");
            Err(ErrorClass::Programming.raise(&message, thread))
        }
    }
}

/// The arguments of a function that SQLite calls.
///
/// # Safety
/// There are so many values, of a call that is going on.
pub unsafe fn arguments(
    count: c_int,
    values: *mut *mut sqlite::sqlite3_value,
    thread: &mut Thread,
) -> PyResult<Vec<Py<Object>>> {
    let count = usize::try_from(count).unwrap_or(0);
    let mut objects = Vec::with_capacity(count);
    for index in 0..count {
        // SAFETY: there are `count` values; what a text or blob points to stays until the call ends.
        let object = unsafe {
            let value = *values.add(index);
            match sqlite::sqlite3_value_type(value) {
                sqlite::SQLITE_INTEGER => Int::from_i64(sqlite::sqlite3_value_int64(value), thread).into_object(),
                sqlite::SQLITE_FLOAT => Float::new(sqlite::sqlite3_value_double(value), thread).into_object(),
                sqlite::SQLITE_TEXT => {
                    let start = sqlite::sqlite3_value_text(value);
                    let bytes = bytes_at(start, sqlite::sqlite3_value_bytes(value), thread)?;
                    codecs::decode(bytes, None, None, thread)?.into_object()
                }
                sqlite::SQLITE_BLOB => {
                    let start = sqlite::sqlite3_value_blob(value);
                    let bytes = bytes_or_none(start.cast(), sqlite::sqlite3_value_bytes(value));
                    thread.make_bytes(bytes.unwrap_or_default())?
                }
                _ => thread.none(),
            }
        };
        objects.push(object);
    }
    Ok(objects)
}

/// Bytes that SQLite lends; None at no address.
///
/// # Safety
/// There are so many, unless the pointer is null, and they stay as long as the slice is used.
unsafe fn bytes_or_none<'a>(start: *const u8, length: c_int) -> Option<&'a [u8]> {
    let length = usize::try_from(length).ok().filter(|_| !start.is_null())?;
    // SAFETY: passed on.
    Some(unsafe { std::slice::from_raw_parts(start, length) })
}

/// The bytes of a text: SQLite gives no address if it has no memory to convert it.
///
/// # Safety
/// As for [`bytes_or_none`].
unsafe fn bytes_at<'a>(start: *const u8, length: c_int, thread: &mut Thread) -> PyResult<&'a [u8]> {
    // SAFETY: passed on.
    unsafe { bytes_or_none(start, length) }.ok_or_else(|| thread.raise_memory_error())
}

/// How the columns of a row become objects.
pub struct Columns<'a> {
    pub text_factory: &'a Object,
    /// For each column a converter or None; absent if there are none.
    pub converters: Option<&'a Tuple>,
}

impl Columns<'_> {
    /// A column of the row that a statement is at.
    pub fn value(&self, statement: &Statement, column: c_int, thread: &mut Thread) -> PyResult<Py<Object>> {
        let raw = statement.raw();
        // Converters may have let others in.
        statement.database.settle(thread);
        if let Some(converter) = self.converter(column) {
            // SAFETY: the statement is valid; the bytes are copied before the next call.
            let bytes = unsafe {
                let start = sqlite::sqlite3_column_blob(raw, column);
                bytes_or_none(start.cast(), sqlite::sqlite3_column_bytes(raw, column))
            };
            let Some(bytes) = bytes else { return Ok(thread.none()) };
            let bytes = thread.make_bytes(bytes)?;
            return protocol::call_one(converter, &bytes, thread);
        }
        // SAFETY: the statement is valid, and columns that it does not have are NULL; bytes are copied before the next call.
        unsafe {
            match sqlite::sqlite3_column_type(raw, column) {
                sqlite::SQLITE_INTEGER => {
                    Ok(Int::from_i64(sqlite::sqlite3_column_int64(raw, column), thread).into_object())
                }
                sqlite::SQLITE_FLOAT => {
                    Ok(Float::new(sqlite::sqlite3_column_double(raw, column), thread).into_object())
                }
                sqlite::SQLITE_TEXT => {
                    let start = sqlite::sqlite3_column_text(raw, column);
                    let bytes = bytes_at(start, sqlite::sqlite3_column_bytes(raw, column), thread)?;
                    self.text(bytes, statement, column, thread)
                }
                sqlite::SQLITE_BLOB => {
                    let start = sqlite::sqlite3_column_blob(raw, column);
                    let bytes = bytes_or_none(start.cast(), sqlite::sqlite3_column_bytes(raw, column));
                    thread.make_bytes(bytes.unwrap_or_default())
                }
                _ => Ok(thread.none()),
            }
        }
    }

    fn converter(&self, column: c_int) -> Option<&Object> {
        self.converters?.items().get(column as usize).map(|it| &**it).filter(|it| !it.is_none())
    }

    /// A text; SQLite lends the bytes until the statement is used again.
    fn text(&self, bytes: &[u8], statement: &Statement, column: c_int, thread: &mut Thread) -> PyResult<Py<Object>> {
        if self.text_factory.is(Str::class()) {
            let decoded = codecs::decode(bytes, None, None, thread);
            return match thread.suppress(decoded, UnicodeDecodeError)? {
                Some(text) => Ok(text.into_object()),
                None => Err(raise_undecodable(bytes, statement, column, thread)),
            };
        }
        let bytes = thread.make_bytes(bytes)?;
        if self.text_factory.is(Bytes::class()) {
            return Ok(bytes);
        }
        let class: &Object =
            if self.text_factory.is(ByteArray::class()) { ByteArray::class() } else { self.text_factory };
        protocol::call_one(class, &bytes, thread)
    }
}

#[cold]
fn raise_undecodable(bytes: &[u8], statement: &Statement, column: c_int, thread: &mut Thread) -> Raised {
    /// So many bytes of the message are shown.
    const MOST: usize = 198;
    let mut message = b"Could not decode to UTF-8 column '".to_vec();
    message.extend(column_name(statement, column, thread).unwrap_or_default());
    message.extend(b"' with text '");
    message.extend(bytes.iter().take_while(|it| **it != 0).take(MOST));
    message.extend(b"'");
    message.truncate(MOST);
    let shown: String = message.iter().map(|it| if it.is_ascii() { *it as char } else { '\u{FFFD}' }).collect();
    ErrorClass::Operational.raise(&shown, thread)
}

/// A text of SQLite's, copied; None at no address, or if there is no memory for it.
///
/// # Safety
/// It ends with a zero byte, unless the pointer is null.
unsafe fn copied(start: *const c_char) -> Option<Vec<u8>> {
    // SAFETY: passed on.
    if start.is_null() { None } else { unsafe { CStr::from_ptr(start) }.to_bytes().try_to_vec().ok() }
}

/// The name of a column; None if there is no memory for it.
pub fn column_name(statement: &Statement, column: c_int, thread: &mut Thread) -> Option<Vec<u8>> {
    let raw = statement.raw();
    // SAFETY: the statement is valid; the name is copied before the next call.
    statement.database.look(thread, |_| unsafe { copied(sqlite::sqlite3_column_name(raw, column)) })
}

/// The declared type of a column.
pub fn declared_type(statement: &Statement, column: c_int, thread: &mut Thread) -> Option<Vec<u8>> {
    let raw = statement.raw();
    // SAFETY: the statement is valid; the text is copied before the next call.
    statement.database.look(thread, |_| unsafe { copied(sqlite::sqlite3_column_decltype(raw, column)) })
}

/// True if a parameter has a name that is not only a number.
pub fn is_named(statement: &Statement, number: c_int, thread: &mut Thread) -> bool {
    let raw = statement.raw();
    // SAFETY: the statement is valid; the name is looked at before the next call.
    statement.database.look(thread, |_| unsafe {
        let name = sqlite::sqlite3_bind_parameter_name(raw, number);
        !name.is_null() && *name.cast::<u8>() != b'?'
    })
}

/// The name of a parameter, with the character that it opens with.
pub fn parameter_name(statement: &Statement, number: c_int, thread: &mut Thread) -> Option<Vec<u8>> {
    let raw = statement.raw();
    // SAFETY: the statement is valid; the name is copied before the next call.
    statement.database.look(thread, |_| unsafe { copied(sqlite::sqlite3_bind_parameter_name(raw, number)) })
}
