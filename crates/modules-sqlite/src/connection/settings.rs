//! Limits, options, and extensions of SQLite's.

use std::ffi::{CStr, CString, c_int};
use std::ptr;

use libsqlite3_sys as sqlite;
use macros::python_methods;
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::method::OrNone;
use objects::raise;
use objects::refs::Object;
use objects::str::Str;
use objects::str::arguments::TextName;
use objects::thread::Thread;

use super::Connection;
use crate::arguments::{raise_wrong_type, text_argument};
use crate::constants;
use crate::errors::ErrorClass;

#[python_methods(METHODS)]
impl Connection {
    /// getlimit($self, category, /)
    /// --
    ///
    /// Get connection run-time limits.
    ///
    ///   category
    ///     The limit category to be queried.
    #[method]
    fn getlimit(&self, category: i32, thread: &mut Thread) -> PyResult<i32> {
        self.setlimit(category, -1, thread)
    }

    /// setlimit($self, category, limit, /)
    /// --
    ///
    /// Set connection run-time limits.
    ///
    ///   category
    ///     The limit category to be set.
    ///   limit
    ///     The new limit. If the new limit is a negative number, the limit
    ///     is unchanged.
    ///
    /// Attempts to increase a limit above its hard upper bound are silently
    /// truncated to the hard upper bound. Regardless of whether or not the
    /// limit was changed, the prior value of the limit is returned.
    #[method]
    fn setlimit(&self, category: i32, limit: i32, thread: &mut Thread) -> PyResult<i32> {
        let database = self.check(thread)?;
        match database.limit(category, limit, thread) {
            ..0 => Err(ErrorClass::Programming.raise("'category' is out of bounds", thread)),
            old => Ok(old),
        }
    }

    /// getconfig($self, op, /)
    /// --
    ///
    /// Query a boolean connection configuration option.
    ///
    ///   op
    ///     The configuration verb; one of the sqlite3.SQLITE_DBCONFIG codes.
    #[method]
    fn getconfig(&self, op: i32, thread: &mut Thread) -> PyResult<bool> {
        self.configure(op, -1, thread).map(|it| it != 0)
    }

    /// setconfig($self, op, enable=True, /)
    /// --
    ///
    /// Set a boolean connection configuration option.
    ///
    ///   op
    ///     The configuration verb; one of the sqlite3.SQLITE_DBCONFIG codes.
    #[method]
    fn setconfig(&self, op: i32, enable: bool, thread: &mut Thread) -> PyResult<()> {
        let now = self.configure(op, c_int::from(enable), thread)?;
        if (now != 0) == enable {
            return Ok(());
        }
        Err(ErrorClass::Operational.raise("Unable to set config", thread))
    }

    /// enable_load_extension($self, enable, /)
    /// --
    ///
    /// Enable dynamic loading of SQLite extension modules.
    #[method]
    fn enable_load_extension(&self, enable: bool, thread: &mut Thread) -> PyResult<()> {
        let database = self.check(thread)?;
        let argument = Bool::new(enable);
        thread.audit("sqlite3.enable_load_extension", &[self, &argument])?;
        // SAFETY: the connection is open.
        let code =
            database.look(thread, |raw| unsafe { sqlite::sqlite3_enable_load_extension(raw, c_int::from(enable)) });
        if code != sqlite::SQLITE_OK {
            return Err(ErrorClass::Operational.raise("Error enabling load extension", thread));
        }
        Ok(())
    }

    /// load_extension($self, name, /, *, entrypoint=None)
    /// --
    ///
    /// Load SQLite extension module.
    #[method]
    fn load_extension(&self, name: TextName, entrypoint: OrNone<&Object>, thread: &mut Thread) -> PyResult<()> {
        let entry = match entrypoint.0 {
            Some(entry) if entry.downcast::<Str>().is_none() => {
                let what = "load_extension() argument 'entrypoint'";
                return Err(raise_wrong_type(entry, what, "str or None", thread));
            }
            Some(entry) => Some(text_argument(entry, "", thread)?),
            None => None,
        };
        let database = self.check(thread)?;
        database.check_usable(thread)?;
        let shown = Str::from_str(&name.0, thread);
        thread.audit("sqlite3.load_extension", &[self, &shown])?;
        let path = CString::new(name.0).unwrap_or_default();
        let entry = entry.map(|it| CString::new(it).unwrap_or_default());
        let (code, message) = database.run(thread, |raw| {
            let entry = entry.as_deref().map_or(ptr::null(), CStr::as_ptr);
            let mut message = ptr::null_mut();
            // SAFETY: the connection is open, the texts end with a zero byte; the message is copied and freed.
            unsafe {
                let code = sqlite::sqlite3_load_extension(raw, path.as_ptr(), entry, &mut message);
                let text = (!message.is_null()).then(|| CStr::from_ptr(message).to_string_lossy().into_owned());
                sqlite::sqlite3_free(message.cast());
                (code, text)
            }
        });
        if code == sqlite::SQLITE_OK {
            return Ok(());
        }
        let message = message.unwrap_or_else(|| "Error loading extension".to_owned());
        Err(ErrorClass::Operational.raise(&message, thread))
    }
}

impl Connection {
    /// Sets an option of the connection, unless the value is negative: what it is then.
    fn configure(&self, option: i32, value: c_int, thread: &mut Thread) -> PyResult<c_int> {
        let database = self.check(thread)?;
        if !constants::is_option(option) {
            return Err(raise!(thread, ValueError, "unknown config 'op': {option}"));
        }
        let mut now: c_int = 0;
        let place = &raw mut now;
        // SAFETY: the connection is open, and all these options take a number and the address of one.
        let code = database.look(thread, |raw| unsafe { sqlite::sqlite3_db_config(raw, option, value, place) });
        database.check(code, thread)?;
        Ok(now)
    }
}
