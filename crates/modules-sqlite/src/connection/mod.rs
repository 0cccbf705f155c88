//! `Connection`: an open database. Its methods are in files by kind: this one has what every use needs, and `cursor` and the like.

mod functions;
mod settings;
mod storage;
mod transactions;

use std::cell::{Cell, RefCell};

use libsqlite3_sys as sqlite;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::gc::{Traverse, Visitor};
use objects::list::List;
use objects::names;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use crate::arguments::{Parameters, as_c_int};
use crate::cursor::Cursor;
use crate::database::DatabaseRef;
use crate::errors::ErrorClass;
use crate::names::Name;
use crate::statement::Statement;
use objects::refs::finalize_and_deallocate as deallocate;
pub use transactions::LEGACY;
use transactions::{Autocommit, IsolationLevel};

/// Bits of `detect_types`.
pub const PARSE_DECLARED_TYPES: i32 = 1;
pub const PARSE_COLUMN_NAMES: i32 = 2;

/// The parameters of `connect` and of the constructor.
const NAMES: &[&str] = &[
    "database",
    "timeout",
    "detect_types",
    "isolation_level",
    "check_same_thread",
    "factory",
    "cached_statements",
    "uri",
    "autocommit",
];
/// All but the last may be given by position, but only the first should.
const POSITIONAL: usize = 8;
const CONSTRUCTOR: Parameters =
    Parameters { method: "Connection", names: NAMES, required: 1, positional: POSITIONAL, by_position: None };
/// Where `factory` is among them.
pub const PLACE_OF_FACTORY: usize = 5;

/// What a connection has while it is open.
#[derive(Default)]
struct Open {
    database: RefCell<Option<DatabaseRef>>,
    /// The statements that were prepared last, the latest at the end.
    statements: RefCell<Vec<Known>>,
}

/// A statement by its text. The text is counted twice, as in CPython, whose cache has it as a key and in the order of use.
struct Known {
    text: [Py<Str>; 2],
    statement: Py<Statement>,
}

impl Traverse for Open {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        if let Some(database) = &*self.database.borrow() {
            database.visit_functions(visitor);
        }
    }

    fn clear(&self) {
        let database = self.database.borrow().clone();
        if let Some(database) = database {
            database.drop_functions();
        }
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Connection {
    header: Header,
    open: Open,
    pub detect_types: Cell<i32>,
    autocommit: Cell<Autocommit>,
    isolation_level: Cell<Option<IsolationLevel>>,
    most_statements: Cell<usize>,
    is_initialized: Cell<bool>,
    checks_thread: Cell<bool>,
    thread: Cell<u64>,
    row_factory: Field<Object>,
    text_factory: Field<Object>,
    /// Twice the connection itself, until it is closed: in CPython the statements are in a `functools.lru_cache` around the connection,
    /// which refers to what it wraps by two ways. So a connection that is not closed is the collector's to find.
    wrapped: Field<Object>,
    function: Field<Object>,
    error: Field<Object>,
    warning: Field<Object>,
    interface_error: Field<Object>,
    database_error: Field<Object>,
    internal_error: Field<Object>,
    operational_error: Field<Object>,
    programming_error: Field<Object>,
    integrity_error: Field<Object>,
    data_error: Field<Object>,
    not_supported_error: Field<Object>,
}

/// SQLite database connection object.
#[python_type(
    name = "sqlite3.Connection", base = BaseObject, flags(HEAPTYPE, BASETYPE),
    groups(functions::METHODS, settings::METHODS, storage::METHODS, transactions::METHODS),
    members(
        Warning(warning): Object, Error(error): Object, InterfaceError(interface_error): Object,
        DatabaseError(database_error): Object, DataError(data_error): Object,
        OperationalError(operational_error): Object, IntegrityError(integrity_error): Object,
        InternalError(internal_error): Object, ProgrammingError(programming_error): Object,
        NotSupportedError(not_supported_error): Object
    ),
    dealloc = deallocate::<Connection>
)]
impl Connection {
    #[new]
    #[signature("(*args, **kwargs)")]
    fn new_connection(
        class: &Type,
        args: &[&Object],
        kwargs: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Connection>> {
        // The arguments are for `__init__`.
        let _ = (args, kwargs);
        let connection = Connection {
            header: Header::new(Connection::class()),
            open: Open::default(),
            detect_types: Cell::new(0),
            autocommit: Cell::new(Autocommit::Legacy),
            isolation_level: Cell::new(None),
            most_statements: Cell::new(0),
            is_initialized: Cell::new(false),
            checks_thread: Cell::new(true),
            thread: Cell::new(0),
            row_factory: Field::EMPTY,
            text_factory: Field::EMPTY,
            wrapped: Field::EMPTY,
            function: Field::EMPTY,
            error: Field::EMPTY,
            warning: Field::EMPTY,
            interface_error: Field::EMPTY,
            database_error: Field::EMPTY,
            internal_error: Field::EMPTY,
            operational_error: Field::EMPTY,
            programming_error: Field::EMPTY,
            integrity_error: Field::EMPTY,
            data_error: Field::EMPTY,
            not_supported_error: Field::EMPTY,
        };
        Py::new_in(class, connection, thread)
    }

    #[init]
    #[signature("(*args, **kwargs)")]
    fn init(&self, args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<()> {
        warn_of_positions(args.len(), "_sqlite3.Connection", thread)?;
        let values = CONSTRUCTOR.spread(args, kwargs.as_deref(), thread)?;
        let value = |at: usize| values[at].as_deref();
        let Some(database) = value(0) else { return Err(raise_without_init(thread)) };
        let timeout = value(1).map_or(Ok(5.0), |it| protocol::as_f64(it, thread))?;
        let detect_types = value(2).map_or(Ok(0), |it| as_c_int(it, thread))?;
        let isolation_level =
            value(3).map_or(Ok(Some(IsolationLevel::default())), |it| IsolationLevel::of(it, thread))?;
        let checks_thread = value(4).map_or(Ok(true), |it| protocol::is_true(it, thread))?;
        let most_statements = value(6).map_or(Ok(128), |it| as_c_int(it, thread))?;
        let uri = value(7).map_or(Ok(false), |it| protocol::is_true(it, thread))?;
        let autocommit = value(8).map_or(Ok(Autocommit::Legacy), |it| Autocommit::of(it, thread))?;

        let open = self.open_database(database, timeout, uri, thread)?;
        self.detect_types.set(detect_types);
        self.isolation_level.set(isolation_level);
        self.autocommit.set(autocommit);
        self.most_statements.set(usize::try_from(most_statements).unwrap_or(0));
        self.checks_thread.set(checks_thread);
        self.thread.set(thread.state().base().thread_id.get());
        self.row_factory.set(Some(thread.none()));
        self.text_factory.set(Some(Py::from_ref(Str::class()).into_object()));
        for field in [&self.wrapped, &self.function] {
            field.set(Some(Py::from_ref(self).into_object()));
        }
        self.set_error_classes(thread)?;
        let before = self.open.database.replace(Some(open.clone()));
        if let Some(before) = before {
            // Opened by another thread, or by an audit hook.
            before.close(thread);
        }
        thread.audit("sqlite3.connect/handle", &[self])?;
        self.is_initialized.set(true);
        if autocommit == Autocommit::Disabled { open.execute(c"BEGIN", thread) } else { Ok(()) }
    }

    /// Closes what the program has not closed.
    #[slot(tp_finalize)]
    fn finalize(&self, thread: &mut Thread) {
        if self.open.database.borrow().is_none() {
            return;
        }
        let pending = thread.take_exception();
        let shown = protocol::repr(self, thread);
        let warned = shown.and_then(|it| {
            thread.warn_of_resource(self, format_args!("unclosed database in {}", it.to_string_lossy()))
        });
        if let Err(raised) = warned {
            if thread.raised_is(objects::errors::Warning) {
                thread.report_unraisable(raised, "Exception ignored while finalizing database connection", Some(self));
            } else {
                drop(thread.catch(raised));
            }
        }
        if let Err(raised) = self.close_database(thread) {
            thread.report_unraisable(raised, "Exception ignored while closing database connection", Some(self));
        }
        thread.restore_exception(pending);
    }

    /// Prepares a statement.
    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let database = self.check(thread)?;
        if keywords.is_some_and(|it| !it.is_empty()) {
            return Err(raise!(thread, TypeError, "sqlite3.Connection() takes no keyword arguments"));
        }
        let [sql] = arguments.items() else {
            let given = arguments.items().len();
            return Err(raise!(thread, TypeError, "function takes exactly 1 argument ({given} given)"));
        };
        let Some(sql) = sql.downcast::<Str>() else {
            let found = if sql.is_none() { "None".to_owned() } else { sql.class().full_name() };
            return Err(raise!(thread, TypeError, "argument 1 must be str, not {found}"));
        };
        Statement::prepare(&database, sql, thread).map(Py::into_object)
    }

    /// cursor($self, /, factory=<unrepresentable>)
    /// --
    ///
    /// Return a cursor for the connection.
    #[method]
    fn cursor(&self, factory: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check(thread)?;
        let cursor = protocol::call_one(factory.unwrap_or(Cursor::class()), self, thread)?;
        let Some(made) = cursor.downcast::<Cursor>() else {
            let class = cursor.class().full_name();
            return Err(raise!(thread, TypeError, "factory must return a cursor, not {class}"));
        };
        if let Some(factory) = self.row_factory.get().filter(|it| !it.is_none()) {
            made.row_factory.set(Some(factory));
        }
        Ok(cursor)
    }

    /// execute($self, sql, parameters=(), /)
    /// --
    ///
    /// Executes an SQL statement.
    #[method]
    fn execute(&self, sql: &Str, parameters: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.by_cursor(Name::Execute, sql, parameters, thread)
    }

    /// executemany($self, sql, parameters, /)
    /// --
    ///
    /// Repeatedly executes an SQL statement.
    #[method]
    fn executemany(&self, sql: &Str, parameters: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.by_cursor(Name::ExecuteMany, sql, Some(parameters), thread)
    }

    /// executescript($self, sql_script, /)
    /// --
    ///
    /// Executes multiple SQL statements at once.
    #[method]
    fn executescript(&self, sql_script: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.by_cursor(Name::ExecuteScript, sql_script, None, thread)
    }

    /// close($self, /)
    /// --
    ///
    /// Close the database connection.
    ///
    /// Any pending transaction is not committed implicitly.
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<()> {
        self.check_thread(thread)?;
        if !self.is_initialized.get() {
            return Err(raise_without_init(thread));
        }
        self.close_database(thread)
    }

    /// interrupt($self, /)
    /// --
    ///
    /// Abort any pending database operation.
    #[method]
    fn interrupt(&self, thread: &mut Thread) -> PyResult<()> {
        let database = self.database(thread)?;
        // SAFETY: the connection is open; this may be called from any thread, and takes no lock.
        unsafe { sqlite::sqlite3_interrupt(database.raw()) };
        Ok(())
    }

    /// iterdump($self, /, *, filter=None)
    /// --
    ///
    /// Returns iterator to the dump of the database in an SQL text format.
    ///
    ///   filter
    ///     An optional LIKE pattern for database objects to dump
    #[method]
    fn iterdump(&self, filter: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.database(thread)?;
        let import = protocol::builtin(&names::__import__, thread)?;
        let (module, name) = (thread.intern_text("sqlite3.dump"), thread.intern_text("_iterdump"));
        let wanted = List::new(vec![name.clone().into_object()], thread)?;
        let none = thread.none();
        let module = protocol::call(&import, &[&module, &none, &none, &wanted], thread)?;
        let found = protocol::get_attribute(&module, &name, thread);
        let Some(function) = thread.suppress(found, objects::errors::AttributeError)? else {
            return Err(ErrorClass::Operational.raise("Failed to obtain _iterdump() reference", thread));
        };
        let (keywords, name) = (Dict::new(thread), thread.intern_text("filter"));
        keywords.set_str(&name, filter.unwrap_or(&none), thread)?;
        let arguments = Tuple::from_slice(&[self], thread)?;
        protocol::call_tuple_or_vector(&function, &arguments, Some(&keywords), thread)
    }

    #[getter]
    fn __text_signature__(&self) -> &'static str {
        "(sql, /)"
    }

    #[getter(name = "row_factory")]
    fn get_row_factory(&self) -> Option<Py<Object>> {
        self.row_factory.get()
    }

    #[setter(name = "row_factory")]
    fn set_row_factory(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        set_factory(&self.row_factory, value, "row_factory", thread)
    }

    #[getter(name = "text_factory")]
    fn get_text_factory(&self) -> Option<Py<Object>> {
        self.text_factory.get()
    }

    #[setter(name = "text_factory")]
    fn set_text_factory(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        set_factory(&self.text_factory, value, "text_factory", thread)
    }

    #[getter]
    fn total_changes(&self, thread: &mut Thread) -> PyResult<i64> {
        let database = self.database(thread)?;
        // SAFETY: the connection is open.
        Ok(database.look(thread, |raw| unsafe { sqlite::sqlite3_total_changes64(raw) }))
    }
}

/// Sets a factory, of a connection or a cursor.
pub fn set_factory(field: &Field<Object>, value: Option<&Object>, name: &str, thread: &mut Thread) -> PyResult<()> {
    let Some(value) = value else {
        return Err(raise!(thread, AttributeError, "cannot delete {name} attribute"));
    };
    field.set(Some(Py::from_ref(value)));
    Ok(())
}

/// The warning that all arguments but the first should be given by name.
pub fn warn_of_positions(count: usize, method: &str, thread: &mut Thread) -> PyResult<()> {
    if !(2..=POSITIONAL).contains(&count) {
        return Ok(());
    }
    let message = format_args!(
        "Passing more than 1 positional argument to {method}() is deprecated. Parameters 'timeout', 'detect_types', \
         'isolation_level', 'check_same_thread', 'factory', 'cached_statements' and 'uri' will become keyword-only \
         parameters in Python 3.15."
    );
    thread.warn(objects::errors::DeprecationWarning, 1, message)
}

#[cold]
fn raise_without_init(thread: &mut Thread) -> Raised {
    ErrorClass::Programming.raise("Base Connection.__init__ not called.", thread)
}

impl Connection {
    /// The database at a path. What the connection had open before is closed first.
    fn open_database(&self, path: &Object, timeout: f64, uri: bool, thread: &mut Thread) -> PyResult<DatabaseRef> {
        thread.audit("sqlite3.connect", &[path])?;
        let path = system::path::fsencode(path, thread)?;
        if self.is_initialized.replace(false) {
            self.close_database(thread)?;
        }
        let flags =
            sqlite::SQLITE_OPEN_READWRITE | sqlite::SQLITE_OPEN_CREATE | if uri { sqlite::SQLITE_OPEN_URI } else { 0 };
        let milliseconds = (timeout * 1000.0) as i32;
        DatabaseRef::open(&path, flags, milliseconds, thread).map_err(|failure| failure.raise(thread))
    }

    fn set_error_classes(&self, thread: &mut Thread) -> PyResult<()> {
        use ErrorClass as E;
        let fields = [
            (E::Error, &self.error),
            (E::Warning, &self.warning),
            (E::Interface, &self.interface_error),
            (E::Database, &self.database_error),
            (E::Internal, &self.internal_error),
            (E::Operational, &self.operational_error),
            (E::Programming, &self.programming_error),
            (E::Integrity, &self.integrity_error),
            (E::Data, &self.data_error),
            (E::NotSupported, &self.not_supported_error),
        ];
        for (class, field) in fields {
            let class = class.get(thread)?;
            field.set(Some(class));
        }
        Ok(())
    }

    /// ProgrammingError in another thread than the one that opened the database, unless that was allowed.
    pub fn check_thread(&self, thread: &mut Thread) -> PyResult<()> {
        let (own, here) = (self.thread.get(), thread.state().base().thread_id.get());
        if !self.is_initialized.get() || !self.checks_thread.get() || own == here {
            return Ok(());
        }
        let message = format!(
            "SQLite objects created in a thread can only be used in that same thread. The object was created in thread \
             id {own} and this is thread id {here}."
        );
        Err(ErrorClass::Programming.raise(&message, thread))
    }

    /// The open database.
    pub fn database(&self, thread: &mut Thread) -> PyResult<DatabaseRef> {
        if !self.is_initialized.get() {
            return Err(raise_without_init(thread));
        }
        let database = self.open.database.borrow().clone();
        match database {
            Some(database) if database.is_backup_target.get() => {
                Err(ErrorClass::Programming.raise("Cannot operate on the target of a backup.", thread))
            }
            Some(database) => Ok(database),
            None => Err(ErrorClass::Programming.raise("Cannot operate on a closed database.", thread)),
        }
    }

    /// The open database, in a thread that may use it.
    pub fn check(&self, thread: &mut Thread) -> PyResult<DatabaseRef> {
        self.check_thread(thread)?;
        self.database(thread)
    }

    /// Closes the database, if it is open, but for what cursors are still at.
    fn close_database(&self, thread: &mut Thread) -> PyResult<()> {
        let statements = self.open.statements.take();
        drop(statements);
        self.wrapped.set(None);
        self.function.set(None);
        thread.reap();
        let database = self.open.database.borrow().clone();
        let Some(database) = database else { return Ok(()) };
        let result = if self.autocommit.get() == Autocommit::Disabled && !database.is_autocommit() {
            database.execute(c"ROLLBACK", thread)
        } else {
            Ok(())
        };
        let pending = thread.take_exception();
        let ours = self.open.database.take();
        drop(database);
        if let Some(ours) = ours {
            ours.close(thread);
        }
        thread.restore_exception(pending);
        result
    }

    pub fn text_factory(&self, thread: &Thread) -> Py<Object> {
        self.text_factory.get().unwrap_or_else(|| thread.none())
    }

    /// A statement that no cursor is at: one of the last ones, or a new one.
    pub fn statement(&self, database: &DatabaseRef, sql: &Str, thread: &mut Thread) -> PyResult<Py<Statement>> {
        let known = {
            let mut statements = self.open.statements.borrow_mut();
            let at = statements.iter().rposition(|it| it.text[0].is(sql) || it.text[0].equals(sql));
            at.map(|at| {
                statements[at..].rotate_left(1);
                statements[statements.len() - 1].statement.clone()
            })
        };
        match known {
            // One that a cursor is at stays where it is; this one gets another.
            Some(statement) if statement.is_busy(thread) => return Statement::prepare(database, sql, thread),
            Some(statement) => return Ok(statement),
            None => {}
        }
        let statement = Statement::prepare(database, sql, thread)?;
        let most = self.most_statements.get();
        if most > 0 {
            let forgotten = {
                let mut statements = self.open.statements.borrow_mut();
                let is_full = statements.len() >= most;
                let forgotten = is_full.then(|| statements.remove(0));
                let text = [Py::from_ref(sql), Py::from_ref(sql)];
                statements.push(Known { text, statement: statement.clone() });
                forgotten
            };
            drop(forgotten);
        }
        Ok(statement)
    }

    /// Calls a method of a new cursor.
    fn by_cursor(
        &self,
        method: Name,
        sql: &Object,
        parameters: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let (name, method) = (Name::Cursor.get(thread), method.get(thread));
        let cursor = protocol::call_method(self, &name, &[], thread)?;
        match parameters {
            Some(parameters) => protocol::call_method(&cursor, &method, &[sql, parameters], thread),
            None => protocol::call_method(&cursor, &method, &[sql], thread),
        }
    }
}
