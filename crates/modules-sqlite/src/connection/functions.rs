//! What Python functions SQLite may call: functions, aggregates, collations, and the callbacks of which there is one each.

use std::ffi::{CString, c_int, c_void};

use libsqlite3_sys as sqlite;
use macros::python_methods;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::arguments::TextName;
use objects::thread::Thread;

use super::Connection;
use crate::arguments::{Parameters, as_c_int};
use crate::callbacks;
use crate::database::{Kind, release};
use crate::errors::ErrorClass;

// The types of the functions that SQLite calls.
type WithRow = unsafe extern "C" fn(*mut sqlite::sqlite3_context, c_int, *mut *mut sqlite::sqlite3_value);
type WithoutRow = unsafe extern "C" fn(*mut sqlite::sqlite3_context);
type Release = unsafe extern "C" fn(*mut c_void);

const FUNCTION: Parameters = Parameters {
    method: "create_function",
    names: &["name", "narg", "func", "deterministic"],
    required: 3,
    positional: 3,
    by_position: Some((
        3,
        "Passing keyword arguments 'name', 'narg' and 'func' to _sqlite3.Connection.create_function() is deprecated. \
         Parameters 'name', 'narg' and 'func' will become positional-only in Python 3.15.",
    )),
};

const AGGREGATE: Parameters = Parameters {
    method: "create_aggregate",
    names: &["name", "n_arg", "aggregate_class"],
    required: 3,
    positional: 3,
    by_position: Some((
        3,
        "Passing keyword arguments 'name', 'n_arg' and 'aggregate_class' to _sqlite3.Connection.create_aggregate() is \
         deprecated. Parameters 'name', 'n_arg' and 'aggregate_class' will become positional-only in Python 3.15.",
    )),
};

const AUTHORIZER: Parameters = Parameters {
    method: "set_authorizer",
    names: &["authorizer_callback"],
    required: 1,
    positional: 1,
    by_position: Some((
        1,
        "Passing keyword argument 'authorizer_callback' to _sqlite3.Connection.set_authorizer() is deprecated. \
         Parameter 'authorizer_callback' will become positional-only in Python 3.15.",
    )),
};

const PROGRESS: Parameters = Parameters {
    method: "set_progress_handler",
    names: &["progress_handler", "n"],
    required: 2,
    positional: 2,
    by_position: Some((
        1,
        "Passing keyword argument 'progress_handler' to _sqlite3.Connection.set_progress_handler() is deprecated. \
         Parameter 'progress_handler' will become positional-only in Python 3.15.",
    )),
};

const TRACE: Parameters = Parameters {
    method: "set_trace_callback",
    names: &["trace_callback"],
    required: 1,
    positional: 1,
    by_position: Some((
        1,
        "Passing keyword argument 'trace_callback' to _sqlite3.Connection.set_trace_callback() is deprecated. \
         Parameter 'trace_callback' will become positional-only in Python 3.15.",
    )),
};

#[python_methods(METHODS)]
impl Connection {
    /// create_function($self, /, name, narg, func, *, deterministic=False)
    /// --
    ///
    /// Creates a new function.
    ///
    /// Note: Passing keyword arguments 'name', 'narg' and 'func' to
    /// _sqlite3.Connection.create_function() is deprecated. Parameters
    /// 'name', 'narg' and 'func' will become positional-only in Python 3.15.
    ///
    #[method]
    #[defining_class]
    #[signature("(*args, **kwargs)")]
    fn create_function(&self, args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<()> {
        let values = FUNCTION.spread(args, kwargs.as_deref(), thread)?;
        let [Some(name), Some(count), Some(callable), deterministic] = &values[..] else { return Ok(()) };
        let name = FUNCTION.text(0, name, thread)?;
        let count = as_c_int(count, thread)?;
        let deterministic = match deterministic {
            Some(value) => protocol::is_true(value, thread)?,
            None => false,
        };
        let flags = sqlite::SQLITE_UTF8 | if deterministic { sqlite::SQLITE_DETERMINISTIC } else { 0 };
        self.check_count("narg", count, thread)?;
        let call: WithRow = callbacks::function;
        self.define(&name, (count, flags), callable, (Some(call), None, None), "Error creating function", thread)
    }

    /// create_aggregate($self, /, name, n_arg, aggregate_class)
    /// --
    ///
    /// Creates a new aggregate.
    ///
    /// Note: Passing keyword arguments 'name', 'n_arg' and 'aggregate_class'
    /// to _sqlite3.Connection.create_aggregate() is deprecated. Parameters
    /// 'name', 'n_arg' and 'aggregate_class' will become positional-only in
    /// Python 3.15.
    ///
    #[method]
    #[defining_class]
    #[signature("(*args, **kwargs)")]
    fn create_aggregate(&self, args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<()> {
        let values = AGGREGATE.spread(args, kwargs.as_deref(), thread)?;
        let [Some(name), Some(count), Some(class)] = &values[..] else { return Ok(()) };
        let name = AGGREGATE.text(0, name, thread)?;
        let count = as_c_int(count, thread)?;
        self.check_count("n_arg", count, thread)?;
        let (step, finish): (WithRow, WithoutRow) = (callbacks::step, callbacks::finish);
        let calls = (None, Some(step), Some(finish));
        self.define(&name, (count, sqlite::SQLITE_UTF8), class, calls, "Error creating aggregate", thread)
    }

    /// create_window_function($self, name, num_params, aggregate_class, /)
    /// --
    ///
    /// Creates or redefines an aggregate window function. Non-standard.
    ///
    ///   name
    ///     The name of the SQL aggregate window function to be created or
    ///     redefined.
    ///   num_params
    ///     The number of arguments the step and inverse methods takes.
    ///   aggregate_class
    ///     A class with step(), finalize(), value(), and inverse() methods.
    ///     Set to None to clear the window function.
    #[method]
    #[defining_class]
    fn create_window_function(
        &self,
        name: TextName,
        num_params: i32,
        aggregate_class: &Object,
        thread: &mut Thread,
    ) -> PyResult<()> {
        self.check_count("num_params", num_params, thread)?;
        let name = CString::new(name.0).unwrap_or_default();
        let database = self.check(thread)?;
        let code = database.register(Kind::Function, unless_none(aggregate_class), thread, |raw, address| {
            let is_set = !address.is_null();
            let (step, inverse): (WithRow, WithRow) = (callbacks::step, callbacks::inverse);
            let (value, finish): (WithoutRow, WithoutRow) = (callbacks::value, callbacks::finish);
            let release: Release = release;
            // SAFETY: the connection is open, and the functions are of the types that SQLite calls.
            unsafe {
                sqlite::sqlite3_create_window_function(
                    raw,
                    name.as_ptr(),
                    num_params,
                    sqlite::SQLITE_UTF8,
                    address,
                    Some(step).filter(|_| is_set),
                    Some(finish).filter(|_| is_set),
                    Some(value).filter(|_| is_set),
                    Some(inverse).filter(|_| is_set),
                    Some(release).filter(|_| is_set),
                )
            }
        });
        database.check(code, thread)
    }

    /// create_collation($self, name, callback, /)
    /// --
    ///
    /// Creates a collation function.
    #[method]
    #[defining_class]
    fn create_collation(&self, name: TextName, callback: &Object, thread: &mut Thread) -> PyResult<()> {
        let database = self.check(thread)?;
        if !callback.is_none() && callback.class().slots().tp_call.get().is_none() {
            return Err(raise!(thread, TypeError, "parameter must be callable"));
        }
        let name = CString::new(name.0).unwrap_or_default();
        let code = database.register(Kind::Collation, unless_none(callback), thread, |raw, address| {
            let collate: unsafe extern "C" fn(_, _, _, _, _) -> _ = callbacks::collate;
            let release: Release = release;
            let is_set = !address.is_null();
            // SAFETY: the connection is open, and the functions are of the types that SQLite calls.
            unsafe {
                sqlite::sqlite3_create_collation_v2(
                    raw,
                    name.as_ptr(),
                    sqlite::SQLITE_UTF8,
                    address,
                    Some(collate).filter(|_| is_set),
                    Some(release).filter(|_| is_set),
                )
            }
        });
        database.check(code, thread)
    }

    /// set_authorizer($self, /, authorizer_callback)
    /// --
    ///
    /// Set authorizer callback.
    ///
    /// Note: Passing keyword argument 'authorizer_callback' to
    /// _sqlite3.Connection.set_authorizer() is deprecated. Parameter
    /// 'authorizer_callback' will become positional-only in Python 3.15.
    ///
    #[method]
    #[defining_class]
    #[signature("(*args, **kwargs)")]
    fn set_authorizer(&self, args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<()> {
        let values = AUTHORIZER.spread(args, kwargs.as_deref(), thread)?;
        let [Some(callable)] = &values[..] else { return Ok(()) };
        let database = self.check(thread)?;
        let code = database.register_hook(Kind::Authorizer, callable, thread, |raw, address| {
            let ask: unsafe extern "C" fn(_, _, _, _, _, _) -> _ = callbacks::authorize;
            // SAFETY: the connection is open, and the function is of the type that SQLite calls.
            unsafe { sqlite::sqlite3_set_authorizer(raw, Some(ask).filter(|_| !address.is_null()), address) }
        });
        if code != sqlite::SQLITE_OK {
            return Err(ErrorClass::Operational.raise("Error setting authorizer callback", thread));
        }
        Ok(())
    }

    /// set_progress_handler($self, /, progress_handler, n)
    /// --
    ///
    /// Set progress handler callback.
    ///
    ///   progress_handler
    ///     A callable that takes no arguments.
    ///     If the callable returns non-zero, the current query is
    ///     terminated, and an exception is raised.
    ///   n
    ///     The number of SQLite virtual machine instructions that are
    ///     executed between invocations of 'progress_handler'.
    ///
    /// If 'progress_handler' is None or 'n' is 0, the progress handler is
    /// disabled.
    ///
    /// Note: Passing keyword argument 'progress_handler' to
    /// _sqlite3.Connection.set_progress_handler() is deprecated. Parameter
    /// 'progress_handler' will become positional-only in Python 3.15.
    ///
    #[method]
    #[defining_class]
    #[signature("(*args, **kwargs)")]
    fn set_progress_handler(&self, args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<()> {
        let values = PROGRESS.spread(args, kwargs.as_deref(), thread)?;
        let [Some(callable), Some(steps)] = &values[..] else { return Ok(()) };
        let steps = as_c_int(steps, thread)?;
        let database = self.check(thread)?;
        database.register_hook(Kind::Progress, callable, thread, |raw, address| {
            let progress: unsafe extern "C" fn(_) -> _ = callbacks::progress;
            let is_set = !address.is_null();
            let steps = if is_set { steps } else { 0 };
            // SAFETY: the connection is open, and the function is of the type that SQLite calls.
            unsafe { sqlite::sqlite3_progress_handler(raw, steps, Some(progress).filter(|_| is_set), address) };
            sqlite::SQLITE_OK
        });
        Ok(())
    }

    /// set_trace_callback($self, /, trace_callback)
    /// --
    ///
    /// Set a trace callback called for each SQL statement (passed as unicode).
    ///
    /// Note: Passing keyword argument 'trace_callback' to
    /// _sqlite3.Connection.set_trace_callback() is deprecated. Parameter
    /// 'trace_callback' will become positional-only in Python 3.15.
    ///
    #[method]
    #[defining_class]
    #[signature("(*args, **kwargs)")]
    fn set_trace_callback(&self, args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<()> {
        let values = TRACE.spread(args, kwargs.as_deref(), thread)?;
        let [Some(callable)] = &values[..] else { return Ok(()) };
        let database = self.check(thread)?;
        database.register_hook(Kind::Trace, callable, thread, |raw, address| {
            let trace: unsafe extern "C" fn(_, _, _, _) -> _ = callbacks::trace;
            let is_set = !address.is_null();
            let events = if is_set { sqlite::SQLITE_TRACE_STMT } else { 0 };
            // SAFETY: the connection is open, and the function is of the type that SQLite calls.
            unsafe { sqlite::sqlite3_trace_v2(raw, events, Some(trace).filter(|_| is_set), address) }
        });
        Ok(())
    }
}

fn unless_none(object: &Object) -> Option<&Object> {
    Some(object).filter(|it| !it.is_none())
}

/// How a function is called: at once, or by rows and at their end.
type Calls = (Option<WithRow>, Option<WithRow>, Option<WithoutRow>);

impl Connection {
    /// How many arguments functions may have is checked here, since SQLite only says that something was wrong.
    fn check_count(&self, name: &str, count: c_int, thread: &mut Thread) -> PyResult<()> {
        let database = self.check(thread)?;
        let most = database.limit(sqlite::SQLITE_LIMIT_FUNCTION_ARG, -1, thread);
        if (-1..=most).contains(&count) {
            return Ok(());
        }
        let message = format!("'{name}' must be between -1 and {most}, not {count}");
        Err(ErrorClass::Programming.raise(&message, thread))
    }

    fn define(
        &self,
        name: &str,
        (count, flags): (c_int, c_int),
        callable: &Object,
        (call, step, finish): Calls,
        complaint: &str,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let database = self.check(thread)?;
        let name = CString::new(name).unwrap_or_default();
        let code = database.register(Kind::Function, Some(callable), thread, |raw, address| {
            let release: Release = release;
            // SAFETY: the connection is open, and the functions are of the types that SQLite calls.
            unsafe {
                sqlite::sqlite3_create_function_v2(
                    raw,
                    name.as_ptr(),
                    count,
                    flags,
                    address,
                    call,
                    step,
                    finish,
                    Some(release),
                )
            }
        });
        if code != sqlite::SQLITE_OK {
            return Err(ErrorClass::Operational.raise(complaint, thread));
        }
        Ok(())
    }
}
