//! Databases in files: _sqlite3, which `sqlite3` builds on.
//!
//! The library is SQLite itself, compiled in. The binary registers [`TYPES`] and [`MODULES`].

mod adapt;
mod arguments;
mod bind;
mod blob;
mod callbacks;
mod connection;
mod constants;
mod cursor;
mod database;
mod errors;
mod execution;
mod names;
mod row;
mod statement;
mod usage;
mod values;

use std::ffi::{CStr, CString};

use libsqlite3_sys as sqlite;
use macros::python_module;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::module::{Definition, Module};
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::arguments::TextName;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::type_::hide_new;
use objects::types::{Instance as _, TypeDeclaration};

use adapt::PrepareProtocol;
use blob::Blob;
use connection::Connection;
use cursor::Cursor;
use errors::ErrorClass;
use execution::Execution;
use row::Row;
use statement::Statement;

/// The types of this crate's module, bases first.
pub const TYPES: &[&TypeDeclaration] = &[
    Connection::DECLARATION,
    Cursor::DECLARATION,
    Statement::DECLARATION,
    Execution::DECLARATION,
    Blob::DECLARATION,
    Row::DECLARATION,
    PrepareProtocol::DECLARATION,
];

/// The modules of this crate.
pub const MODULES: &[&Definition] = &[&SqliteModule::DEFINITION];

pub struct SqliteModule;

#[python_module(name = "_sqlite3")]
impl SqliteModule {
    /// connect($module, /, database, timeout=5.0, detect_types=0,
    ///         isolation_level='', check_same_thread=True,
    ///         factory=ConnectionType, cached_statements=128, uri=False, *,
    ///         autocommit=sqlite3.LEGACY_TRANSACTION_CONTROL)
    /// --
    ///
    /// Open a connection to the SQLite database file 'database'.
    ///
    /// You can use ":memory:" to open a database connection to a database that
    /// resides in RAM instead of on disk.
    ///
    /// Note: Passing more than 1 positional argument to _sqlite3.connect() is
    /// deprecated. Parameters 'timeout', 'detect_types', 'isolation_level',
    /// 'check_same_thread', 'factory', 'cached_statements' and 'uri' will
    /// become keyword-only parameters in Python 3.15.
    ///
    #[function]
    #[signature("(*args, **kwargs)")]
    fn connect(args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Object>> {
        // The constructor parses them; only `factory` matters before that.
        connection::warn_of_positions(args.len(), "sqlite3.connect", thread)?;
        let name = thread.intern_text("factory");
        let given = match (args.get(connection::PLACE_OF_FACTORY), &kwargs) {
            (Some(factory), _) => Some(Py::from_ref(*factory)),
            (None, Some(kwargs)) => kwargs.get(&name, thread)?,
            (None, None) => None,
        };
        let factory = given.unwrap_or_else(|| Py::from_ref(Connection::class()).into_object());
        let arguments = Tuple::from_slice(args, thread)?;
        protocol::call_tuple_or_vector(&factory, &arguments, kwargs.as_deref(), thread)
    }

    /// complete_statement($module, /, statement)
    /// --
    ///
    /// Checks if a string contains a complete SQL statement.
    #[function]
    fn complete_statement(statement: TextName) -> bool {
        let text = CString::new(statement.0).unwrap_or_default();
        // SAFETY: the text ends with a zero byte.
        unsafe { sqlite::sqlite3_complete(text.as_ptr()) != 0 }
    }

    /// register_adapter($module, type, adapter, /)
    /// --
    ///
    /// Register a function to adapt Python objects to SQLite values.
    #[function]
    fn register_adapter(r#type: &Object, adapter: &Object, thread: &mut Thread) -> PyResult<()> {
        adapt::register_adapter(r#type, adapter, thread)
    }

    /// register_converter($module, typename, converter, /)
    /// --
    ///
    /// Register a function to convert SQLite values to Python objects.
    #[function]
    fn register_converter(typename: &Str, converter: &Object, thread: &mut Thread) -> PyResult<()> {
        adapt::register_converter(typename, converter, thread)
    }

    /// enable_callback_tracebacks($module, enable, /)
    /// --
    ///
    /// Enable or disable callback functions throwing errors to stderr.
    #[function]
    fn enable_callback_tracebacks(enable: i32, thread: &mut Thread) {
        thread.interpreter().extension::<adapt::Registries>().tells_callback_errors.set(enable != 0);
    }

    /// adapt($module, obj, proto=PrepareProtocolType, alt=<unrepresentable>, /)
    /// --
    ///
    /// Adapt given object to given protocol.
    #[function]
    #[signature("(obj, proto=None, alt=None, /)")]
    fn adapt(obj: &Object, proto: Option<&Object>, alt: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let proto = proto.unwrap_or(PrepareProtocol::class());
        adapt::adapt(obj, proto, alt, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let types = [Blob::class(), Connection::class(), Cursor::class(), PrepareProtocol::class(), Row::class()];
        for class in types {
            module.set(&class.short_name(), class, thread)?;
        }
        hide_new(&[Connection::DECLARATION, Cursor::DECLARATION, PrepareProtocol::DECLARATION], thread)?;
        for class in ErrorClass::ALL {
            let object = class.get(thread)?;
            module.set(class.name(), &object, thread)?;
        }
        for (name, value) in constants::RESULT_CODES.iter().chain(constants::OTHERS) {
            let value = protocol::make_int((*value).into(), thread);
            module.set(name, &value, thread)?;
        }
        // SAFETY: SQLite's own text.
        let version = unsafe { CStr::from_ptr(sqlite::sqlite3_libversion()) };
        let version = Str::from_str(&version.to_string_lossy(), thread);
        module.set("sqlite_version", &version, thread)?;
        let others = [
            ("PARSE_DECLTYPES", connection::PARSE_DECLARED_TYPES),
            ("PARSE_COLNAMES", connection::PARSE_COLUMN_NAMES),
            ("LEGACY_TRANSACTION_CONTROL", connection::LEGACY),
            ("threadsafety", thread_safety()),
        ];
        for (name, value) in others {
            let value = protocol::make_int(value.into(), thread);
            module.set(name, &value, thread)?;
        }
        let (adapters, converters) = (adapt::adapters(thread), adapt::converters(thread));
        module.set("adapters", &adapters, thread)?;
        module.set("converters", &converters, thread)
    }
}

/// DB-API's number for how SQLite was compiled: single-threaded, serialized, or multi-threaded.
fn thread_safety() -> i32 {
    // SAFETY: a function of nothing.
    match unsafe { sqlite::sqlite3_threadsafe() } {
        0 => 0,
        1 => 3,
        _ => 1,
    }
}
