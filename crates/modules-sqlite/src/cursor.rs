//! `Cursor`: runs statements and gives their rows.
//!
//! While a statement of its is running, or values are converted on their way, a cursor is locked: callbacks cannot use it.

use std::cell::Cell;
use std::ffi::CStr;
use std::mem::offset_of;

use layout::PyObject;
use libsqlite3_sys as sqlite;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{Grow, OrMemoryError, PyResult};
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use crate::adapt;
use crate::arguments::raise_wrong_type;
use crate::bind::bind_all;
use crate::connection::{Connection, PARSE_COLUMN_NAMES, PARSE_DECLARED_TYPES, set_factory};
use crate::database::DatabaseRef;
use crate::errors::ErrorClass;
use crate::execution::Execution;
use crate::statement::{Statement, raise_recursive};
use crate::values::{Columns, column_name, declared_type};

#[derive(Instance)]
#[repr(C)]
pub struct Cursor {
    header: Header,
    connection: Field<Connection>,
    pub description: Field<Object>,
    lastrowid: Field<Object>,
    pub row_factory: Field<Object>,
    /// The statement that it is at, while there are rows.
    execution: Field<Execution>,
    /// For each column of the statement a converter or None; empty if none are wanted.
    converters: Field<Tuple>,
    row_count: Cell<isize>,
    array_size: Cell<u32>,
    is_initialized: Cell<bool>,
    is_closed: Cell<bool>,
    is_locked: Cell<bool>,
    weak_references: Cell<*mut PyObject>,
}

/// SQLite database cursor class.
#[python_type(
    name = "sqlite3.Cursor", base = BaseObject, flags(HEAPTYPE, BASETYPE),
    members(connection: Object, description: Object, lastrowid: Object, rowcount(row_count): SSize),
    weaklist_offset = offset_of!(Cursor, weak_references)
)]
impl Cursor {
    #[new]
    #[signature("(*args, **kwargs)")]
    fn new_cursor(
        class: &Type,
        args: &[&Object],
        kwargs: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Cursor>> {
        // The arguments are for `__init__`.
        let _ = (args, kwargs);
        let cursor = Cursor {
            header: Header::new(Cursor::class()),
            connection: Field::EMPTY,
            description: Field::EMPTY,
            lastrowid: Field::EMPTY,
            row_factory: Field::EMPTY,
            execution: Field::EMPTY,
            converters: Field::EMPTY,
            row_count: Cell::new(0),
            array_size: Cell::new(0),
            is_initialized: Cell::new(false),
            is_closed: Cell::new(false),
            is_locked: Cell::new(false),
            weak_references: Cell::new(std::ptr::null_mut()),
        };
        Py::new_in(class, cursor, thread)
    }

    #[init]
    #[signature("(*args)")]
    fn init(&self, args: &[&Object], thread: &mut Thread) -> PyResult<()> {
        let [connection] = args else {
            let given = args.len();
            return Err(raise!(thread, TypeError, "Cursor expected 1 argument, got {given}"));
        };
        let Some(connection) = connection.downcast::<Connection>() else {
            return Err(raise_wrong_type(connection, "Cursor() argument 1", "sqlite3.Connection", thread));
        };
        self.check_unlocked(thread)?;
        self.connection.set(Some(Py::from_ref(connection)));
        self.leave_statement(thread);
        self.converters.set(None);
        let none = thread.none();
        self.description.set(Some(none.clone()));
        self.lastrowid.set(Some(none.clone()));
        self.row_factory.set(Some(none));
        self.row_count.set(-1);
        self.array_size.set(1);
        self.is_closed.set(false);
        connection.check_thread(thread)?;
        self.is_initialized.set(true);
        Ok(())
    }

    #[getter(name = "arraysize")]
    fn get_array_size(&self) -> i64 {
        self.array_size.get().into()
    }

    #[setter(name = "arraysize")]
    fn set_array_size(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else {
            let message = "attribute 'arraysize' of 'sqlite3.Cursor' objects cannot be deleted";
            return Err(raise!(thread, AttributeError, "{message}"));
        };
        let size = count_of(value, "Python int too large to convert to C uint32_t", thread)?;
        self.array_size.set(size);
        Ok(())
    }

    #[getter(name = "row_factory")]
    fn get_row_factory(&self) -> Option<Py<Object>> {
        self.row_factory.get()
    }

    #[setter(name = "row_factory")]
    fn set_row_factory(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        set_factory(&self.row_factory, value, "row_factory", thread)
    }

    /// execute($self, sql, parameters=(), /)
    /// --
    ///
    /// Executes an SQL statement.
    #[method]
    fn execute(&self, sql: &Str, parameters: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Cursor>> {
        let parameters = match parameters {
            Some(parameters) => Py::from_ref(parameters),
            None => Tuple::empty(thread).into_object(),
        };
        self.run(sql, Parameters::Once(&parameters), thread)?;
        Ok(Py::from_ref(self))
    }

    /// executemany($self, sql, seq_of_parameters, /)
    /// --
    ///
    /// Repeatedly executes an SQL statement.
    #[method]
    fn executemany(&self, sql: &Str, seq_of_parameters: &Object, thread: &mut Thread) -> PyResult<Py<Cursor>> {
        self.run(sql, Parameters::Many(seq_of_parameters), thread)?;
        Ok(Py::from_ref(self))
    }

    /// executescript($self, sql_script, /)
    /// --
    ///
    /// Executes multiple SQL statements at once.
    #[method]
    fn executescript(&self, sql_script: &Str, thread: &mut Thread) -> PyResult<Py<Cursor>> {
        let text = sql_script.utf8(thread)?;
        if text.contains(&0) {
            return Err(raise!(thread, ValueError, "embedded null character"));
        }
        let (connection, database) = self.check(thread)?;
        let limit = database.limit(sqlite::SQLITE_LIMIT_SQL_LENGTH, -1, thread);
        if text.len() > limit as usize {
            return Err(ErrorClass::Data.raise("query string is too large", thread));
        }
        connection.commit_before_script(&database, thread)?;
        // SAFETY: behind the text is a zero byte, and none is in it. It stays as long as the string, which the caller holds.
        let script = unsafe { CStr::from_ptr(text.as_ptr().cast()) };
        database.execute_script(script, thread)?;
        Ok(Py::from_ref(self))
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Cursor> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        self.fetch(thread)
    }

    /// fetchone($self, /)
    /// --
    ///
    /// Fetches one row from the resultset.
    #[method]
    fn fetchone(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        self.fetch(thread)
    }

    /// fetchmany($self, /, size=1)
    /// --
    ///
    /// Fetches several rows from the resultset.
    ///
    ///   size
    ///     The default value is set by the Cursor.arraysize attribute.
    #[method]
    #[signature("($self, /, size=None)")]
    fn fetchmany(&self, size: Option<&Object>, thread: &mut Thread) -> PyResult<Py<List>> {
        let most = match size {
            Some(size) => count_of(size, "Python int too large for C uint32_t", thread)?,
            None => self.array_size.get(),
        };
        self.rows(most as usize, thread)
    }

    /// fetchall($self, /)
    /// --
    ///
    /// Fetches all rows from the resultset.
    #[method]
    fn fetchall(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        self.rows(usize::MAX, thread)
    }

    /// setinputsizes($self, sizes, /)
    /// --
    ///
    /// Required by DB-API. Does nothing in sqlite3.
    #[method]
    fn setinputsizes(&self, sizes: &Object) {
        let _ = sizes;
    }

    /// setoutputsize($self, size, column=None, /)
    /// --
    ///
    /// Required by DB-API. Does nothing in sqlite3.
    #[method]
    fn setoutputsize(&self, size: &Object, column: Option<&Object>) {
        let _ = (size, column);
    }

    /// close($self, /)
    /// --
    ///
    /// Closes the cursor.
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<()> {
        self.check_unlocked(thread)?;
        let Some(connection) = self.connection.get() else { return Err(raise_without_init(thread)) };
        connection.check(thread)?;
        self.leave_statement(thread);
        self.is_closed.set(true);
        Ok(())
    }
}

/// A number of rows.
fn count_of(value: &Object, too_large: &str, thread: &mut Thread) -> PyResult<u32> {
    let int = protocol::index(value, thread)?;
    if int.is_negative() {
        return Err(raise!(thread, ValueError, "Cannot convert negative int"));
    }
    match int.to_i64().and_then(|it| u32::try_from(it).ok()) {
        Some(count) => Ok(count),
        None => Err(raise!(thread, OverflowError, "{too_large}")),
    }
}

#[cold]
fn raise_without_init(thread: &mut Thread) -> objects::errors::Raised {
    ErrorClass::Programming.raise("Base Cursor.__init__ not called.", thread)
}

/// What a statement is run with.
#[derive(Clone, Copy)]
enum Parameters<'a> {
    Once(&'a Object),
    /// Once for each item.
    Many(&'a Object),
}

impl Cursor {
    fn check_unlocked(&self, thread: &mut Thread) -> PyResult<()> {
        if self.is_locked.get() { Err(raise_recursive(thread)) } else { Ok(()) }
    }

    /// The open connection of a cursor that can be used.
    fn check(&self, thread: &mut Thread) -> PyResult<(Py<Connection>, DatabaseRef)> {
        if !self.is_initialized.get() {
            return Err(raise_without_init(thread));
        }
        let Some(connection) = self.connection.get() else { return Err(raise_without_init(thread)) };
        if self.is_closed.get() {
            return Err(ErrorClass::Programming.raise("Cannot operate on a closed cursor.", thread));
        }
        let database = connection.check(thread)?;
        self.check_unlocked(thread)?;
        Ok((connection, database))
    }

    /// Leaves the statement, which may be used again.
    fn leave_statement(&self, thread: &mut Thread) {
        if let Some(execution) = self.execution.take() {
            execution.end(thread);
            execution.release(thread);
        }
    }

    fn run(&self, sql: &Str, parameters: Parameters<'_>, thread: &mut Thread) -> PyResult<()> {
        let (connection, database) = self.check(thread)?;
        self.is_locked.set(true);
        let result = self.run_locked(&connection, &database, sql, parameters, thread);
        self.is_locked.set(false);
        if let Err(raised) = result {
            let exception = thread.catch(raised);
            self.leave_statement(thread);
            self.row_count.set(-1);
            return Err(thread.reraise(exception));
        }
        Ok(())
    }

    fn run_locked(
        &self,
        connection: &Connection,
        database: &DatabaseRef,
        sql: &Str,
        parameters: Parameters<'_>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let sets = match parameters {
            Parameters::Once(_) => None,
            Parameters::Many(sets) => Some(protocol::iter(sets, thread)?),
        };
        self.description.set(Some(thread.none()));
        self.leave_statement(thread);
        let statement = connection.statement(database, sql, thread)?;
        if sets.is_some() && statement.is_readonly(thread) {
            return Err(ErrorClass::Programming.raise("executemany() can only execute DML statements.", thread));
        }
        statement.reset(thread);
        self.row_count.set(if statement.changes_rows { 0 } else { -1 });
        if statement.changes_rows {
            connection.begin_implicitly(database, thread)?;
        }
        let result = match (parameters, &sets) {
            (Parameters::Once(parameters), _) => self.run_once(&statement, connection, parameters, thread),
            (Parameters::Many(_), None) => Ok(()),
            (Parameters::Many(_), Some(sets)) => self.run_often(&statement, connection, sets, thread),
        };
        if let Err(raised) = result {
            let exception = thread.catch(raised);
            statement.reset(thread);
            return Err(thread.reraise(exception));
        }
        if sets.is_none() && !statement.is_empty() {
            // SAFETY: the connection is open.
            let row = database.look(thread, |raw| unsafe { sqlite::sqlite3_last_insert_rowid(raw) });
            self.lastrowid.set(Some(protocol::make_int(row.into(), thread)));
        }
        if statement.is_busy(thread) {
            let execution = Execution::new(statement, thread);
            self.execution.set(Some(execution));
        }
        Ok(())
    }

    fn run_often(
        &self,
        statement: &Statement,
        connection: &Connection,
        sets: &Object,
        thread: &mut Thread,
    ) -> PyResult<()> {
        while let Some(set) = protocol::next(sets, thread)? {
            self.run_once(statement, connection, &set, thread)?;
        }
        Ok(())
    }

    /// Runs the statement with these parameters, up to its first row if it gives any.
    fn run_once(
        &self,
        statement: &Statement,
        connection: &Connection,
        parameters: &Object,
        thread: &mut Thread,
    ) -> PyResult<()> {
        bind_all(statement, parameters, thread)?;
        if statement.is_empty() {
            return Ok(());
        }
        let code = statement.step(thread)?;
        if code != sqlite::SQLITE_DONE && code != sqlite::SQLITE_ROW {
            return Err(statement.database.failure(code, thread).raise(thread));
        }
        self.choose_converters(statement, connection, thread)?;
        let raw = statement.raw();
        // SAFETY: the statement is valid.
        let count = statement.database.look(thread, |_| unsafe { sqlite::sqlite3_column_count(raw) });
        if count > 0 && self.description.get().is_none_or(|it| it.is_none()) {
            let description = describe(statement, connection, count, thread)?;
            self.description.set(Some(description.into_object()));
        }
        if code == sqlite::SQLITE_DONE {
            if statement.changes_rows {
                self.row_count.set(self.row_count.get().saturating_add(changes(&statement.database, thread)));
            }
            statement.reset(thread);
        }
        Ok(())
    }

    /// Looks for the converters of the statement's columns.
    fn choose_converters(&self, statement: &Statement, connection: &Connection, thread: &mut Thread) -> PyResult<()> {
        let detect = connection.detect_types.get();
        if detect == 0 {
            return Ok(());
        }
        self.converters.set(None);
        let raw = statement.raw();
        // SAFETY: the statement is valid.
        let count = statement.database.look(thread, |_| unsafe { sqlite::sqlite3_column_count(raw) });
        let mut converters = Vec::new();
        for column in 0..count {
            let converter = converter_of(statement, column, detect, thread)?;
            converters.try_push(converter.unwrap_or_else(|| thread.none())).or_memory_error(thread)?;
        }
        let converters = Tuple::new(converters, thread)?;
        self.converters.set(Some(converters));
        Ok(())
    }

    fn rows(&self, most: usize, thread: &mut Thread) -> PyResult<Py<List>> {
        let mut rows = Vec::new();
        while rows.len() < most {
            match self.fetch(thread)? {
                Some(row) => rows.try_push(row).or_memory_error(thread)?,
                None => break,
            }
        }
        List::new(rows, thread)
    }

    /// The row that the statement is at, after which it goes on.
    fn fetch(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let (connection, _database) = self.check(thread)?;
        let Some(execution) = self.execution.get() else { return Ok(None) };
        let statement = execution.statement();
        self.is_locked.set(true);
        let row = self.read_row(statement, &connection, thread);
        let code = match &row {
            Ok(_) => statement.step(thread),
            Err(_) => Ok(sqlite::SQLITE_ROW),
        };
        self.is_locked.set(false);
        let (row, code) = (row?, code?);
        if code == sqlite::SQLITE_DONE && statement.changes_rows {
            let changed = changes(&statement.database, thread);
            self.row_count.set(changed);
        }
        if code != sqlite::SQLITE_ROW {
            let failure = (code != sqlite::SQLITE_DONE).then(|| statement.database.failure(code, thread));
            self.leave_statement(thread);
            if let Some(failure) = failure {
                return Err(failure.raise(thread));
            }
        }
        match self.row_factory.get().filter(|it| !it.is_none()) {
            Some(factory) => protocol::call(&factory, &[self, &row], thread).map(Some),
            None => Ok(Some(row.into_object())),
        }
    }

    fn read_row(&self, statement: &Statement, connection: &Connection, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let (text_factory, converters) = (connection.text_factory(thread), self.converters.get());
        let converters = converters.filter(|_| connection.detect_types.get() != 0);
        let columns = Columns { text_factory: &text_factory, converters: converters.as_deref() };
        let raw = statement.raw();
        // SAFETY: the statement is valid.
        let count = statement.database.look(thread, |_| unsafe { sqlite::sqlite3_data_count(raw) });
        let mut values = Vec::with_capacity(count as usize);
        for column in 0..count {
            values.push(columns.value(statement, column, thread)?);
        }
        Tuple::new(values, thread)
    }
}

/// How many rows the last statement changed.
fn changes(database: &DatabaseRef, thread: &mut Thread) -> isize {
    // SAFETY: the connection is open.
    database.look(thread, |raw| unsafe { sqlite::sqlite3_changes64(raw) as isize })
}

/// `description`: for each column its name and six times None.
fn describe(statement: &Statement, connection: &Connection, count: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    /// Items of a column's description.
    const ITEMS: usize = 7;
    let names_have_types = connection.detect_types.get() & PARSE_COLUMN_NAMES != 0;
    let mut columns = Vec::with_capacity(count as usize);
    for column in 0..count {
        let Some(mut name) = column_name(statement, column, thread) else { return Err(thread.raise_memory_error()) };
        if let Some(at) = name.iter().position(|it| *it == b'[').filter(|_| names_have_types) {
            let has_blank = at > 0 && name[at - 1] == b' ';
            name.truncate(at - usize::from(has_blank));
        }
        let name = objects::str::codecs::decode(&name, None, None, thread)?;
        let mut parts = vec![name.into_object()];
        parts.resize(ITEMS, thread.none());
        columns.push(Tuple::new(parts, thread)?.into_object());
    }
    Tuple::new(columns, thread)
}

/// The converter for a column, by what is in brackets in its name, or by its declared type.
fn converter_of(statement: &Statement, column: i32, detect: i32, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    if detect & PARSE_COLUMN_NAMES != 0 {
        let Some(name) = column_name(statement, column, thread) else { return Err(thread.raise_memory_error()) };
        let end = name.iter().enumerate().position(|(at, it)| *it == b']' && name[..at].contains(&b'['));
        let start = end.and_then(|end| name[..end].iter().rposition(|it| *it == b'['));
        if let (Some(start), Some(end)) = (start, end)
            && let Some(converter) = adapt::converter(&name[start + 1..end], thread)?
        {
            return Ok(Some(converter));
        }
    }
    if detect & PARSE_DECLARED_TYPES == 0 {
        return Ok(None);
    }
    let Some(declared) = declared_type(statement, column, thread) else { return Ok(None) };
    // `INTEGER NOT NULL`, `NUMBER(10)`.
    let end = declared.iter().position(|it| matches!(it, b' ' | b'(')).unwrap_or(declared.len());
    adapt::converter(&declared[..end], thread)
}
