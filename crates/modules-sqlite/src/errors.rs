//! The exception classes of `sqlite3`, and how SQLite's result codes become exceptions.

use std::cell::RefCell;
use std::ffi::CStr;

use libsqlite3_sys as sqlite;
use objects::dict::Dict;
use objects::errors::{Exception, PyResult, Raised};
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use crate::constants::code_name;

/// One of the classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    Warning,
    Error,
    Interface,
    Database,
    Internal,
    Operational,
    Programming,
    Integrity,
    Data,
    NotSupported,
}

impl ErrorClass {
    /// All of them, bases first.
    pub const ALL: [Self; 10] = [
        Self::Error,
        Self::Warning,
        Self::Interface,
        Self::Database,
        Self::Internal,
        Self::Operational,
        Self::Programming,
        Self::Integrity,
        Self::Data,
        Self::NotSupported,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Warning => "Warning",
            Self::Error => "Error",
            Self::Interface => "InterfaceError",
            Self::Database => "DatabaseError",
            Self::Internal => "InternalError",
            Self::Operational => "OperationalError",
            Self::Programming => "ProgrammingError",
            Self::Integrity => "IntegrityError",
            Self::Data => "DataError",
            Self::NotSupported => "NotSupportedError",
        }
    }

    fn base(self) -> Option<Self> {
        match self {
            Self::Warning | Self::Error => None,
            Self::Interface | Self::Database => Some(Self::Error),
            _ => Some(Self::Database),
        }
    }

    /// The class, which is made at the first call.
    pub fn get(self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let classes = thread.interpreter().extension::<Classes>();
        if let Some(class) = &classes.0.borrow()[self as usize] {
            return Ok(class.clone());
        }
        let base = match self.base() {
            Some(base) => base.get(thread)?,
            None => Py::from_ref(Exception.as_type()).into_object(),
        };
        let (name, module) = (Str::from_str(self.name(), thread), Str::from_str("sqlite3", thread));
        let bases = Tuple::new(vec![base], thread)?;
        let namespace = Dict::new(thread);
        namespace.set_str(&names::__module__, &module, thread)?;
        let class = protocol::call(Type::class(), &[&name, &bases, &namespace], thread)?;
        classes.0.borrow_mut()[self as usize] = Some(class.clone());
        Ok(class)
    }

    /// The class of the errors with a result code.
    fn of_code(code: i32) -> Self {
        match code & 0xFF {
            sqlite::SQLITE_INTERNAL | sqlite::SQLITE_NOTFOUND => Self::Internal,
            sqlite::SQLITE_ERROR
            | sqlite::SQLITE_PERM
            | sqlite::SQLITE_ABORT
            | sqlite::SQLITE_BUSY
            | sqlite::SQLITE_LOCKED
            | sqlite::SQLITE_READONLY
            | sqlite::SQLITE_INTERRUPT
            | sqlite::SQLITE_IOERR
            | sqlite::SQLITE_FULL
            | sqlite::SQLITE_CANTOPEN
            | sqlite::SQLITE_PROTOCOL
            | sqlite::SQLITE_EMPTY
            | sqlite::SQLITE_SCHEMA => Self::Operational,
            sqlite::SQLITE_TOOBIG => Self::Data,
            sqlite::SQLITE_CONSTRAINT | sqlite::SQLITE_MISMATCH => Self::Integrity,
            sqlite::SQLITE_MISUSE | sqlite::SQLITE_RANGE => Self::Interface,
            _ => Self::Database,
        }
    }

    #[cold]
    pub fn raise(self, message: &str, thread: &mut Thread) -> Raised {
        match self.make(message, thread) {
            Ok(exception) => thread.raise(exception),
            Err(raised) => raised,
        }
    }

    fn make(self, message: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
        let class = self.get(thread)?;
        let message = Str::from_str(message, thread);
        protocol::call_one(&class, &message, thread)
    }
}

/// A text of SQLite's, copied.
fn text_at(start: *const std::ffi::c_char) -> String {
    if start.is_null() {
        return String::new();
    }
    // SAFETY: SQLite's texts end with a zero byte.
    unsafe { CStr::from_ptr(start) }.to_string_lossy().into_owned()
}

/// What an interpreter keeps for this module: the classes that have been made.
#[derive(Default)]
struct Classes(RefCell<[Option<Py<Object>>; 10]>);

/// What SQLite says about the last call on a connection.
#[derive(Clone, Debug)]
pub struct Failure {
    pub code: i32,
    pub message: String,
}

impl Failure {
    /// The state of a connection after a call that failed with this code.
    ///
    /// # Safety
    /// The connection is open, or null for one that could not be had.
    pub unsafe fn of(raw: *mut sqlite::sqlite3, code: i32) -> Self {
        if raw.is_null() {
            return Self { code: sqlite::SQLITE_NOMEM, message: String::new() };
        }
        // SAFETY: the connection is open; the message is copied before the next call.
        unsafe {
            // Some misuse is only told by the result.
            match sqlite::sqlite3_extended_errcode(raw) {
                sqlite::SQLITE_OK => Self::of_code(code),
                code => Self { code, message: text_at(sqlite::sqlite3_errmsg(raw)) },
            }
        }
    }

    /// What a result code says that no connection knows of.
    pub fn of_code(code: i32) -> Self {
        // SAFETY: SQLite has a text for every number, which stays.
        Self { code, message: text_at(unsafe { sqlite::sqlite3_errstr(code) }) }
    }

    /// Raises the exception for it.
    #[cold]
    pub fn raise(&self, thread: &mut Thread) -> Raised {
        if self.code & 0xFF == sqlite::SQLITE_NOMEM {
            return thread.raise_memory_error();
        }
        match self.exception(thread) {
            Ok(exception) => thread.raise(exception),
            Err(raised) => raised,
        }
    }

    fn exception(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let exception = ErrorClass::of_code(self.code).make(&self.message, thread)?;
        let (name, value) = (thread.intern_text("sqlite_errorcode"), protocol::make_int(self.code.into(), thread));
        protocol::set_attribute(&exception, &name, Some(&value), thread)?;
        let (name, value) = (thread.intern_text("sqlite_errorname"), Str::from_str(code_name(self.code), thread));
        protocol::set_attribute(&exception, &name, Some(&value), thread)?;
        Ok(exception)
    }
}
