//! Binding the parameters of a statement.

use std::ffi::c_int;

use libsqlite3_sys as sqlite;
use objects::dict::Dict;
use objects::errors::{LookupError, PyResult, Raised};
use objects::list::List;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::adapt::adapt_parameter;
use crate::errors::ErrorClass;
use crate::statement::{Statement, raise_recursive};
use crate::values::{Parameter, is_named, parameter_name, send};

/// Binds all parameters of a statement that is not running.
pub fn bind_all(statement: &Statement, parameters: &Object, thread: &mut Thread) -> PyResult<()> {
    let raw = statement.raw();
    // SAFETY: the statement is valid, or null.
    let needed = statement.database.look(thread, |_| unsafe { sqlite::sqlite3_bind_parameter_count(raw) });
    let is_plain = parameters.is_exactly::<Tuple>() || parameters.is_exactly::<List>();
    if is_plain || parameters.downcast::<Dict>().is_none() && protocol::is_sequence(parameters) {
        return bind_sequence(statement, needed, parameters, thread);
    }
    if !is_mapping(parameters) {
        return Err(ErrorClass::Programming.raise("parameters are of unsupported type", thread));
    }
    for number in 1..=needed {
        let Some(name) = parameter_name(statement, number, thread) else {
            let message =
                format!("Binding {number} has no name, but you supplied a dictionary (which has only names).");
            return Err(ErrorClass::Programming.raise(&message, thread));
        };
        // The first character says that it is a name.
        let name = String::from_utf8_lossy(name.get(1..).unwrap_or_default()).into_owned();
        let value = named(parameters, &name, thread)?;
        bind(statement, number, &value, thread)?;
    }
    Ok(())
}

/// `PyMapping_Check`.
fn is_mapping(object: &Object) -> bool {
    // SAFETY: null, or a table that lives as long as the type.
    let slots = unsafe { object.class().slots().tp_as_mapping.get().as_ref() };
    slots.is_some_and(|it| it.mp_subscript.get().is_some())
}

/// The value for a name.
fn named(parameters: &Object, name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let key = Str::from_str(name, thread);
    let found = match parameters.downcast_exact::<Dict>() {
        Some(dict) => dict.get(&key, thread)?,
        None => {
            let found = protocol::get_item(parameters, &key, thread);
            thread.suppress(found, LookupError)?
        }
    };
    match found {
        Some(value) => Ok(value),
        None => Err(raise_missing(name, thread)),
    }
}

#[cold]
fn raise_missing(name: &str, thread: &mut Thread) -> Raised {
    ErrorClass::Programming.raise(&format!("You did not supply a value for binding parameter :{name}."), thread)
}

fn bind_sequence(statement: &Statement, needed: c_int, parameters: &Object, thread: &mut Thread) -> PyResult<()> {
    let given = protocol::length(parameters, thread)?;
    if given != needed as usize {
        let message = format!(
            "Incorrect number of bindings supplied. The current statement uses {needed}, and there are {given} supplied."
        );
        return Err(ErrorClass::Programming.raise(&message, thread));
    }
    for number in 1..=needed {
        if is_named(statement, number, thread) {
            let name = parameter_name(statement, number, thread).unwrap_or_default();
            let name = String::from_utf8_lossy(&name).into_owned();
            let message = format!(
                "Binding {number} ('{name}') is a named parameter, but you supplied a sequence which requires nameless \
                 (qmark) placeholders."
            );
            return Err(ErrorClass::Programming.raise(&message, thread));
        }
        let value = protocol::get_index(parameters, number as isize - 1, thread)?;
        bind(statement, number, &value, thread)?;
    }
    Ok(())
}

/// Binds one parameter, counted from one.
fn bind(statement: &Statement, number: c_int, object: &Object, thread: &mut Thread) -> PyResult<()> {
    let adapted = adapt_parameter(object, thread)?;
    // An adapter may have begun to run it.
    if statement.is_running() {
        return Err(raise_recursive(thread));
    }
    let Some(code) = send(&adapted, &Parameter { statement, number }, thread)? else {
        let class = adapted.class().full_name();
        let message = format!("Error binding parameter {number}: type '{class}' is not supported");
        return Err(ErrorClass::Programming.raise(&message, thread));
    };
    statement.database.check(code, thread)
}
