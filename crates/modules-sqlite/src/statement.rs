//! `Statement`: a prepared statement. Python code sees it only if it calls a connection.
//!
//! SQLite must not be asked to do anything with a statement that it is running, which callbacks could do: `is_running` guards that.

use std::cell::Cell;
use std::ffi::{c_char, c_int};
use std::ptr;

use libsqlite3_sys as sqlite;
use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::refs::{Header, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;

use crate::database::DatabaseRef;
use crate::errors::ErrorClass;
use crate::usage::{PutOff, Work};
use objects::refs::finalize_and_deallocate as deallocate;

#[derive(Instance)]
#[repr(C)]
pub struct Statement {
    header: Header,
    /// Null if the text has nothing but comments.
    raw: Cell<*mut sqlite::sqlite3_stmt>,
    pub database: DatabaseRef,
    /// It changes rows, which begins a transaction.
    pub changes_rows: bool,
    is_running: Cell<bool>,
}

#[python_type(
    name = "sqlite3.Statement", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION),
    dealloc = deallocate::<Statement>
)]
impl Statement {
    /// In place of a `drop`, since the end of a statement may be the end of an aggregate, which calls Python functions.
    #[slot(tp_finalize)]
    fn finalize(&self, thread: &mut Thread) {
        let raw = self.raw.replace(ptr::null_mut());
        if raw.is_null() {
            return;
        }
        if self.database.put_off_if_refused(thread, || PutOff::Finalize(raw)) {
            return;
        }
        let pending = thread.take_exception();
        // SAFETY: it was prepared once, and is forgotten.
        self.database.run(thread, |_| unsafe { sqlite::sqlite3_finalize(raw) });
        thread.restore_exception(pending);
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        // SAFETY: null, unless the finalizer did not run.
        unsafe { sqlite::sqlite3_finalize(self.raw.get()) };
    }
}

/// What statements begin with that change rows.
const CHANGING: [&str; 4] = ["insert", "update", "delete", "replace"];

impl Statement {
    pub fn prepare(database: &DatabaseRef, sql: &Str, thread: &mut Thread) -> PyResult<Py<Self>> {
        database.check_usable(thread)?;
        let text = sql.utf8(thread)?;
        let limit = database.limit(sqlite::SQLITE_LIMIT_SQL_LENGTH, -1, thread);
        if text.len() > limit as usize {
            return Err(ErrorClass::Data.raise("query string is too large", thread));
        }
        if text.contains(&0) {
            return Err(ErrorClass::Programming.raise("the query contains a null character", thread));
        }
        let start = text.as_ptr().cast::<c_char>();
        let (code, raw, used) = database.run(thread, |connection| {
            let (mut raw, mut tail) = (ptr::null_mut(), ptr::null());
            // SAFETY: the connection is open, and behind the text is a zero byte, where the tail at the latest is. The string stays.
            unsafe {
                let code = sqlite::sqlite3_prepare_v2(connection, start, text.len() as c_int + 1, &mut raw, &mut tail);
                (code, raw, if tail.is_null() { 0 } else { tail.offset_from(start) as usize })
            }
        });
        database.check(code, thread)?;
        let beginning = skip_blank(text);
        let begins_with =
            |word: &&str| beginning.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word.as_bytes()));
        let statement = Self {
            header: Header::new(Self::class()),
            raw: Cell::new(raw),
            database: database.clone(),
            changes_rows: CHANGING.iter().any(begins_with),
            is_running: Cell::new(false),
        };
        let statement = Py::new(statement, thread);
        if !skip_blank(text.get(used..).unwrap_or_default()).is_empty() {
            return Err(ErrorClass::Programming.raise("You can only execute one statement at a time.", thread));
        }
        Ok(statement)
    }

    pub fn raw(&self) -> *mut sqlite::sqlite3_stmt {
        self.raw.get()
    }

    pub fn is_empty(&self) -> bool {
        self.raw.get().is_null()
    }

    /// SQLite is at one of its rows, or on the way.
    pub fn is_busy(&self, thread: &mut Thread) -> bool {
        let raw = self.raw();
        // SAFETY: the statement is valid, or null.
        self.is_running.get() || self.database.look(thread, |_| unsafe { sqlite::sqlite3_stmt_busy(raw) != 0 })
    }

    pub fn is_running(&self) -> bool {
        self.is_running.get()
    }

    pub fn is_readonly(&self, thread: &mut Thread) -> bool {
        let raw = self.raw();
        // SAFETY: the statement is valid, or null.
        self.database.look(thread, |_| unsafe { sqlite::sqlite3_stmt_readonly(raw) != 0 })
    }

    /// The next row, or the end.
    pub fn step(&self, thread: &mut Thread) -> PyResult<c_int> {
        thread.check_stack(" in a statement")?;
        self.database.check_usable(thread)?;
        if self.is_running.replace(true) {
            return Err(raise_recursive(thread));
        }
        let raw = self.raw();
        // SAFETY: the statement is valid, not null, and not running.
        let code = self.database.run_for(Work::Running(raw), thread, |_| unsafe { sqlite::sqlite3_step(raw) });
        self.is_running.set(false);
        self.database.pass_exception(code, thread)?;
        Ok(code)
    }

    /// Back to the start. What the last step resulted in does not matter any more.
    pub fn reset(&self, thread: &mut Thread) {
        if self.is_empty() || self.is_running.get() {
            return;
        }
        if self.database.put_off_if_refused(thread, || PutOff::Reset(Py::from_ref(self))) {
            return;
        }
        self.is_running.set(true);
        let raw = self.raw();
        // SAFETY: the statement is valid, and not running.
        unsafe {
            if self.database.look(thread, |_| sqlite::sqlite3_stmt_busy(raw) != 0) {
                self.database.run(thread, |_| sqlite::sqlite3_reset(raw));
            } else {
                self.database.look(thread, |_| sqlite::sqlite3_reset(raw));
            }
        }
        self.is_running.set(false);
    }
}

#[cold]
pub fn raise_recursive(thread: &mut Thread) -> objects::errors::Raised {
    ErrorClass::Programming.raise("Recursive use of cursors not allowed.", thread)
}

/// What follows white space and comments.
fn skip_blank(sql: &[u8]) -> &[u8] {
    let mut rest = sql;
    loop {
        rest = match rest {
            [b' ' | b'\t' | 0x0C | b'\n' | b'\r', after @ ..] => after,
            [b'-', b'-', comment @ ..] => behind(comment, b"\n"),
            [b'/', b'*', comment @ ..] => behind(comment, b"*/"),
            _ => return rest,
        };
    }
}

/// What follows the first place where an end is; nothing if there is none.
fn behind<'a>(text: &'a [u8], end: &[u8]) -> &'a [u8] {
    let at = text.windows(end.len()).position(|it| it == end);
    at.map_or(&[], |at| &text[at + end.len()..])
}

#[cfg(test)]
mod tests {
    use super::skip_blank;

    #[test]
    fn white_space_and_comments_are_skipped() {
        assert_eq!(skip_blank(b" \t\r\n\x0c-- a\n/* b */select"), b"select");
        assert_eq!(skip_blank(b"/**/ -"), b"-");
        assert_eq!(skip_blank(b"-- no end"), b"");
        assert_eq!(skip_blank(b"/* no end"), b"");
        assert_eq!(skip_blank(b"/"), b"/");
    }
}
