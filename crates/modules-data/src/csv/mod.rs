//! `_csv`: reading and writing of comma-separated values.

mod dialect;
mod reader;
mod writer;

use std::cell::Cell;

use macros::python_module;
use objects::dict::Dict;
use objects::errors::{Exception, KeyError, PyResult, Raised};
use objects::int::Int;
use objects::list::List;
use objects::module::Module;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};

use crate::exception_class::{Place, raise_instance};
use dialect::{Dialect, Quoting};

pub const TYPES: &[&TypeDeclaration] =
    &[Dialect::DECLARATION, reader::Reader::DECLARATION, writer::Writer::DECLARATION];

/// What an interpreter keeps for this module.
struct State {
    error: Place,
    dialects: std::cell::RefCell<Option<Py<Dict>>>,
    field_limit: Cell<isize>,
}

impl Default for State {
    fn default() -> Self {
        State { error: Place::default(), dialects: Default::default(), field_limit: Cell::new(128 * 1024) }
    }
}

fn error_class(thread: &mut Thread) -> PyResult<Py<Object>> {
    let state = thread.interpreter().extension::<State>();
    state.error.class("_csv", "Error", Exception, thread)
}

/// Raises `_csv.Error`.
#[cold]
fn raise_error(message: &str, thread: &mut Thread) -> Raised {
    let class = error_class(thread);
    raise_instance(class, message, thread)
}

/// The registered dialects, by name.
fn dialects(thread: &mut Thread) -> Py<Dict> {
    let state = thread.interpreter().extension::<State>();
    if let Some(dict) = &*state.dialects.borrow() {
        return dict.clone();
    }
    let dict = Dict::new(thread);
    state.dialects.replace(Some(dict.clone()));
    dict
}

fn field_limit(thread: &Thread) -> usize {
    usize::try_from(thread.interpreter().extension::<State>().field_limit.get()).unwrap_or(0)
}

/// A registered dialect.
fn registered(name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    match dialects(thread).get(name, thread)? {
        Some(dialect) => Ok(dialect),
        None => Err(raise_error("unknown dialect", thread)),
    }
}

/// The arguments of a function with one required argument and perhaps a dialect.
fn one_or_two<'a>(
    function: &str,
    arguments: &[&'a Object],
    thread: &mut Thread,
) -> PyResult<(&'a Object, Option<&'a Object>)> {
    let (how, limit, plural) = match arguments {
        [first] => return Ok((first, None)),
        [first, second] => return Ok((first, Some(second))),
        [] => ("least", 1, ""),
        _ => ("most", 2, "s"),
    };
    let given = arguments.len();
    Err(raise!(thread, TypeError, "{function} expected at {how} {limit} argument{plural}, got {given}"))
}

/// The dialect that a function's arguments describe.
fn make_dialect(base: Option<&Object>, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Dialect>> {
    let made = match base {
        Some(base) => {
            let arguments = objects::tuple::Tuple::from_slice(&[base], thread)?;
            protocol::call_tuple_or_vector(Dialect::class(), &arguments, keywords, thread)?
        }
        None => {
            let arguments = objects::tuple::Tuple::empty(thread);
            protocol::call_tuple_or_vector(Dialect::class(), &arguments, keywords, thread)?
        }
    };
    made.downcast_into::<Dialect>().map_err(|_| raise!(thread, TypeError, "a dialect is required"))
}

pub struct CsvModule;

/// CSV parsing and writing.
///
#[python_module(name = "_csv")]
impl CsvModule {
    /// reader($module, iterable, /, dialect='excel', **fmtparams)
    /// --
    ///
    /// Return a reader object that will process lines from the given iterable.
    ///
    /// The "iterable" argument can be any object that returns a line
    /// of input for each iteration, such as a file object or a list.  The
    /// optional "dialect" argument defines a CSV dialect.  The function
    /// also accepts optional keyword arguments which override settings
    /// provided by the dialect.
    ///
    /// The returned object is an iterator.  Each iteration returns a row
    /// of the CSV file (which can span multiple input lines).
    ///
    #[function]
    #[signature("(*args, **kwargs)")]
    fn reader(args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<reader::Reader>> {
        let (iterable, dialect) = one_or_two("reader", args, thread)?;
        let iterator = protocol::iter(iterable, thread)?;
        let dialect = make_dialect(dialect, kwargs.as_deref(), thread)?;
        Ok(reader::Reader::new(iterator, dialect, thread))
    }

    /// writer($module, fileobj, /, dialect='excel', **fmtparams)
    /// --
    ///
    /// Return a writer object that will write user data on the given file object.
    ///
    /// The "fileobj" argument can be any object that supports the file API.
    /// The optional "dialect" argument defines a CSV dialect.  The function
    /// also accepts optional keyword arguments which override settings
    /// provided by the dialect.
    ///
    #[function]
    #[signature("(*args, **kwargs)")]
    fn writer(args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<writer::Writer>> {
        let (file, dialect) = one_or_two("writer", args, thread)?;
        let dialect = make_dialect(dialect, kwargs.as_deref(), thread)?;
        let name = thread.intern_text("write");
        let write = protocol::lookup_attribute(file, &name, thread)?;
        match write.filter(|it| it.class().slots().tp_call.get().is_some()) {
            Some(write) => Ok(writer::Writer::new(write, dialect, thread)),
            None => Err(raise!(thread, TypeError, "argument 1 must have a \"write\" method")),
        }
    }

    /// register_dialect($module, name, /, dialect='excel', **fmtparams)
    /// --
    ///
    /// Create a mapping from a string name to a CVS dialect.
    ///
    /// The optional "dialect" argument specifies the base dialect instance
    /// or the name of the registered dialect.  The function also accepts
    /// optional keyword arguments which override settings provided by the
    /// dialect.
    ///
    #[function]
    #[signature("(*args, **kwargs)")]
    fn register_dialect(args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<()> {
        let (name, dialect) = one_or_two("register_dialect", args, thread)?;
        if name.downcast::<Str>().is_none() {
            return Err(raise!(thread, TypeError, "dialect name must be a string"));
        }
        let dialect = make_dialect(dialect, kwargs.as_deref(), thread)?;
        dialects(thread).set(name, &dialect, thread)
    }

    /// list_dialects($module, /)
    /// --
    ///
    /// Return a list of all known dialect names.
    #[function]
    fn list_dialects(thread: &mut Thread) -> PyResult<Py<List>> {
        let names = dialects(thread).keys_snapshot(thread);
        List::new(names, thread)
    }

    /// unregister_dialect($module, /, name)
    /// --
    ///
    /// Delete the name/dialect mapping associated with a string name.
    #[function]
    fn unregister_dialect(name: &Object, thread: &mut Thread) -> PyResult<()> {
        let removed = dialects(thread).pop(name, thread);
        match thread.suppress(removed, KeyError)?.flatten() {
            Some(_) => Ok(()),
            None => Err(raise_error("unknown dialect", thread)),
        }
    }

    /// get_dialect($module, /, name)
    /// --
    ///
    /// Return the dialect instance associated with name.
    #[function]
    fn get_dialect(name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        registered(name, thread)
    }

    /// field_size_limit($module, /, new_limit=<unrepresentable>)
    /// --
    ///
    /// Sets an upper limit on parsed fields.
    ///
    /// Returns old limit. If limit is not given, no new limit is set and
    /// the old limit is returned
    #[function]
    fn field_size_limit(new_limit: Option<&Object>, thread: &mut Thread) -> PyResult<isize> {
        let state = thread.interpreter().extension::<State>();
        let old = state.field_limit.get();
        if let Some(new) = new_limit {
            if new.downcast_exact::<Int>().is_none() {
                return Err(raise!(thread, TypeError, "limit must be an integer"));
            }
            state.field_limit.set(protocol::int_as_isize(new, thread)?);
        }
        Ok(old)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        module.set("Dialect", Dialect::class(), thread)?;
        module.set("Reader", reader::Reader::class(), thread)?;
        module.set("Writer", writer::Writer::class(), thread)?;
        let dict = dialects(thread);
        module.set("_dialects", &dict, thread)?;
        for (name, quoting) in Quoting::ALL {
            let value = protocol::make_int(quoting as i128, thread);
            module.set(name, &value, thread)?;
        }
        let error = error_class(thread)?;
        module.set("Error", &error, thread)
    }
}
