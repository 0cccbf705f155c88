//! When transactions begin and end: `isolation_level`, `autocommit`, and the context manager.

use std::ffi::CString;

use macros::python_methods;
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::int::Int;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::arguments::c_text;
use objects::thread::Thread;

use super::Connection;
use crate::database::DatabaseRef;

/// `autocommit` of connections whose transactions go by `isolation_level`.
pub const LEGACY: i32 = -1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Autocommit {
    /// By `isolation_level`.
    Legacy,
    /// SQLite's own way.
    Enabled,
    /// There is always a transaction.
    Disabled,
}

impl Autocommit {
    pub fn of(value: &Object, thread: &mut Thread) -> PyResult<Self> {
        if value.is(Bool::get(true)) {
            return Ok(Self::Enabled);
        }
        if value.is(Bool::get(false)) {
            return Ok(Self::Disabled);
        }
        if value.downcast::<Int>().and_then(Int::to_i64) == Some(LEGACY.into()) {
            return Ok(Self::Legacy);
        }
        let message = "autocommit must be True, False, or sqlite3.LEGACY_TRANSACTION_CONTROL";
        Err(raise!(thread, ValueError, "{message}"))
    }
}

const LEVELS: [&str; 4] = ["", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"];

/// What follows BEGIN, as an index of [`LEVELS`].
#[derive(Clone, Copy, Debug, Default)]
pub struct IsolationLevel(usize);

impl IsolationLevel {
    pub fn of(value: &Object, thread: &mut Thread) -> PyResult<Option<Self>> {
        if value.is_none() {
            return Ok(None);
        }
        let Some(text) = value.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "isolation_level must be str or None"));
        };
        let text = c_text(text, thread)?;
        match LEVELS.iter().position(|it| it.eq_ignore_ascii_case(&text)) {
            Some(level) => Ok(Some(Self(level))),
            None => {
                let message = "isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'";
                Err(raise!(thread, ValueError, "{message}"))
            }
        }
    }
}

#[python_methods(METHODS)]
impl Connection {
    /// commit($self, /)
    /// --
    ///
    /// Commit any pending transaction to the database.
    ///
    /// If there is no open transaction, this method is a no-op.
    #[method]
    fn commit(&self, thread: &mut Thread) -> PyResult<()> {
        self.end_transaction(c"COMMIT", thread)
    }

    /// rollback($self, /)
    /// --
    ///
    /// Roll back to the start of any pending transaction.
    ///
    /// If there is no open transaction, this method is a no-op.
    #[method]
    fn rollback(&self, thread: &mut Thread) -> PyResult<()> {
        self.end_transaction(c"ROLLBACK", thread)
    }

    /// __enter__($self, /)
    /// --
    ///
    /// Called when the connection is used as a context manager.
    ///
    /// Returns itself as a convenience to the caller.
    #[method]
    fn __enter__(&self, thread: &mut Thread) -> PyResult<Py<Connection>> {
        self.database(thread)?;
        Ok(Py::from_ref(self))
    }

    /// __exit__($self, type, value, traceback, /)
    /// --
    ///
    /// Called when the connection is used as a context manager.
    ///
    /// If there was any exception, a rollback takes place; otherwise we
    /// commit.
    #[method]
    fn __exit__(&self, r#type: &Object, value: &Object, traceback: &Object, thread: &mut Thread) -> PyResult<bool> {
        if !r#type.is_none() || !value.is_none() || !traceback.is_none() {
            self.rollback(thread)?;
            return Ok(false);
        }
        if let Err(raised) = self.commit(thread) {
            // The database would stay locked.
            let exception = thread.catch(raised);
            if let Err(second) = self.rollback(thread) {
                let second_exception = thread.catch(second);
                second_exception.set_context(Some(exception));
                return Err(thread.reraise(second_exception));
            }
            return Err(thread.reraise(exception));
        }
        Ok(false)
    }

    #[getter(name = "isolation_level")]
    fn get_isolation_level(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.database(thread)?;
        Ok(match self.isolation_level.get() {
            Some(level) => Str::from_str(LEVELS[level.0], thread).into_object(),
            None => thread.none(),
        })
    }

    #[setter(name = "isolation_level")]
    fn set_isolation_level(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else {
            return Err(raise!(thread, AttributeError, "cannot delete attribute"));
        };
        let level = IsolationLevel::of(value, thread)?;
        self.isolation_level.set(level);
        if level.is_none() { self.commit(thread) } else { Ok(()) }
    }

    #[getter]
    fn in_transaction(&self, thread: &mut Thread) -> PyResult<bool> {
        Ok(!self.database(thread)?.is_autocommit())
    }

    #[getter(name = "autocommit")]
    fn get_autocommit(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check(thread)?;
        Ok(match self.autocommit.get() {
            Autocommit::Legacy => protocol::make_int(LEGACY.into(), thread),
            value => Bool::new(value == Autocommit::Enabled),
        })
    }

    #[setter(name = "autocommit")]
    fn set_autocommit(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let database = self.check(thread)?;
        let Some(value) = value else {
            return Err(raise!(thread, AttributeError, "cannot delete autocommit attribute"));
        };
        let value = Autocommit::of(value, thread)?;
        match value {
            Autocommit::Enabled if !database.is_autocommit() => database.execute(c"COMMIT", thread)?,
            Autocommit::Disabled if database.is_autocommit() => database.execute(c"BEGIN", thread)?,
            _ => {}
        }
        self.autocommit.set(value);
        Ok(())
    }
}

impl Connection {
    /// Begins a transaction before a statement that changes rows, where that is left to the connection.
    pub fn begin_implicitly(&self, database: &DatabaseRef, thread: &mut Thread) -> PyResult<()> {
        let is_ours = self.autocommit.get() == Autocommit::Legacy && database.is_autocommit();
        let Some(level) = self.isolation_level.get().filter(|_| is_ours) else { return Ok(()) };
        let sql = CString::new(format!("BEGIN {}", LEVELS[level.0])).unwrap_or_default();
        database.execute(&sql, thread)
    }

    /// Scripts run outside of the transactions that the connection began.
    pub fn commit_before_script(&self, database: &DatabaseRef, thread: &mut Thread) -> PyResult<()> {
        let is_ours = self.autocommit.get() == Autocommit::Legacy && !database.is_autocommit();
        if is_ours { database.execute(c"COMMIT", thread) } else { Ok(()) }
    }

    /// Ends the transaction, if there is one and it is not SQLite's to end; another begins where there has to be one always.
    fn end_transaction(&self, how: &std::ffi::CStr, thread: &mut Thread) -> PyResult<()> {
        let database = self.check(thread)?;
        match self.autocommit.get() {
            Autocommit::Legacy if database.is_autocommit() => Ok(()),
            Autocommit::Legacy => database.execute(how, thread),
            Autocommit::Disabled => {
                database.execute(how, thread)?;
                database.execute(c"BEGIN", thread)
            }
            Autocommit::Enabled => Ok(()),
        }
    }
}
