//! Functions of ours that SQLite calls, and that call Python functions.
//!
//! SQLite hands each the address of a [`Context`], which its database owns, and holds the connection's lock meanwhile. A Python exception
//! becomes an error of SQLite's; with `enable_callback_tracebacks` it is told before that.

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::ptr;
use std::rc::Rc;

use libsqlite3_sys as sqlite;
use objects::errors::{AttributeError, MemoryError, OverflowError, PyResult, Raised};
use objects::int::Int;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::codecs;
use objects::thread::{Interpreter, Thread, ThreadState};

use crate::adapt::Registries;
use crate::database::Context;
use crate::errors::ErrorClass;
use crate::names::Name;
use crate::values::{arguments, set_result};

/// Runs with the thread that runs here, whether or not it holds the interpreter's lock. SQLite sorts in threads of its own if it is asked to.
fn attached<R>(interpreter: &Interpreter, run: impl FnOnce(&mut Thread) -> R) -> R {
    if !ThreadState::current().is_null() {
        // SAFETY: the thread is attached; SQLite was called where Python code may run.
        return run(&mut unsafe { Thread::current() });
    }
    let left = ThreadState::left_by_c();
    // SAFETY: null, or the state that this thread has left to call SQLite.
    let Some(state) = (unsafe { left.as_ref() }) else {
        // SAFETY: no state is current here, and the interpreter lives as long as the process.
        let mut thread = unsafe { interpreter.new_thread() };
        // SAFETY: numbers.
        let (identity, native) = unsafe { (libc::pthread_self(), libc::gettid()) };
        thread.set_identity(identity, native as u64);
        let result = run(&mut thread);
        drop(thread.take_exception());
        thread.end();
        return result;
    };
    // SAFETY: the state is this thread's, and not attached.
    unsafe { Thread::come_back(state) };
    // SAFETY: the thread is attached now.
    let mut thread = unsafe { Thread::current() };
    let result = run(&mut thread);
    thread.reap();
    thread.leave();
    ThreadState::set_left_by_c(left);
    result
}

/// Runs with the Python function behind an address that SQLite hands back; None if it has none any more.
///
/// # Safety
/// The address is one that SQLite got for a context and has not released.
unsafe fn with_function<R>(address: *mut c_void, run: impl FnOnce(&Object, &mut Thread) -> R) -> Option<R> {
    let context = address.cast::<Context>().cast_const();
    // SAFETY: passed on; its interpreter never changes, and lives as long as the process.
    let interpreter = unsafe { &*(*context).interpreter };
    attached(interpreter, |thread| {
        // SAFETY: the database has a reference, and this is another one: the function may take itself away.
        let context = unsafe {
            Rc::increment_strong_count(context);
            Rc::from_raw(context)
        };
        let callable = context.callable.get()?;
        // A collation may have left one, and SQLite gone on.
        let pending = thread.take_exception();
        let result = context.guard(thread, |thread| run(&callable, thread));
        if pending.is_some() {
            drop(thread.take_exception());
            thread.restore_exception(pending);
        }
        Some(result)
    })
}

/// Forgets the exception, or tells it.
fn discard(raised: Raised, callable: &Object, thread: &mut Thread) {
    if thread.interpreter().extension::<Registries>().tells_callback_errors.get() {
        thread.report_unraisable(raised, "Exception ignored on sqlite3 callback", Some(callable));
    } else {
        drop(thread.catch(raised));
    }
}

/// Makes a call of SQLite's fail.
///
/// # Safety
/// The context is that of a call that is going on.
unsafe fn fail(
    context: *mut sqlite::sqlite3_context,
    raised: Raised,
    message: &str,
    callable: &Object,
    thread: &mut Thread,
) {
    // SAFETY: the context is valid; SQLite copies the message.
    unsafe {
        if thread.raised_is(MemoryError) {
            sqlite::sqlite3_result_error_nomem(context);
        } else if thread.raised_is(OverflowError) {
            sqlite::sqlite3_result_error_toobig(context);
        } else {
            sqlite::sqlite3_result_error(context, message.as_ptr().cast(), message.len() as c_int);
        }
    }
    discard(raised, callable, thread);
}

/// A function of SQL.
pub unsafe extern "C" fn function(
    context: *mut sqlite::sqlite3_context,
    count: c_int,
    values: *mut *mut sqlite::sqlite3_value,
) {
    // SAFETY: SQLite calls this with a valid context and so many values; the user data is what was registered.
    unsafe {
        with_function(sqlite::sqlite3_user_data(context), |callable, thread| {
            let result = call(callable, count, values, thread).and_then(|it| set_result(context, &it, thread));
            if let Err(raised) = result {
                fail(context, raised, "user-defined function raised exception", callable, thread);
            }
        });
    }
}

/// Calls with the arguments that SQLite gives.
///
/// # Safety
/// There are so many values.
unsafe fn call(
    callable: &Object,
    count: c_int,
    values: *mut *mut sqlite::sqlite3_value,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    // SAFETY: passed on.
    let arguments = unsafe { arguments(count, values, thread)? };
    let arguments: Vec<&Object> = arguments.iter().map(|it| &**it).collect();
    protocol::call(callable, &arguments, thread)
}

/// The place of an aggregate's instance, which SQLite keeps for one use of it; null if there is none yet and none is wanted.
///
/// # Safety
/// The context is that of an aggregate.
unsafe fn instance_place(context: *mut sqlite::sqlite3_context, wanted: bool) -> *mut *mut layout::PyObject {
    let size = if wanted { size_of::<*mut layout::PyObject>() as c_int } else { 0 };
    // SAFETY: passed on.
    unsafe { sqlite::sqlite3_aggregate_context(context, size).cast() }
}

/// An aggregate's instance, if it has been made.
///
/// # Safety
/// The context is that of an aggregate.
unsafe fn instance(context: *mut sqlite::sqlite3_context) -> Option<Py<Object>> {
    // SAFETY: SQLite's memory for the instance is zero at first, and holds a reference of ours from then on.
    unsafe {
        let place = instance_place(context, false);
        if place.is_null() { None } else { Object::from_pointer(*place).map(Py::from_ref) }
    }
}

fn problem_of(method: Name, thread: &Thread) -> String {
    let what = if thread.raised_is(AttributeError) { "not defined" } else { "raised error" };
    format!("user-defined aggregate's '{}' method {what}", method.text())
}

/// Calls a method of an aggregate's instance with a row.
///
/// # Safety
/// The context is that of an aggregate, and there are so many values.
unsafe fn pass_row(
    context: *mut sqlite::sqlite3_context,
    instance: &Object,
    method: Name,
    (count, values): (c_int, *mut *mut sqlite::sqlite3_value),
    class: &Object,
    thread: &mut Thread,
) {
    let (name, method) = (method.get(thread), method.text());
    // SAFETY: passed on.
    unsafe {
        let bound = match protocol::get_attribute(instance, &name, thread) {
            Ok(bound) => bound,
            Err(raised) => {
                let message = format!("user-defined aggregate's '{method}' method not defined");
                return fail(context, raised, &message, class, thread);
            }
        };
        if let Err(raised) = call(&bound, count, values, thread) {
            let message = format!("user-defined aggregate's '{method}' method raised error");
            fail(context, raised, &message, class, thread);
        }
    }
}

/// Takes a row into an aggregate, whose instance is made at the first one.
pub unsafe extern "C" fn step(
    context: *mut sqlite::sqlite3_context,
    count: c_int,
    values: *mut *mut sqlite::sqlite3_value,
) {
    // SAFETY: SQLite calls this with a valid context and so many values; the place is zero at first.
    unsafe {
        with_function(sqlite::sqlite3_user_data(context), |class, thread| {
            let place = instance_place(context, true);
            if place.is_null() {
                return sqlite::sqlite3_result_error_nomem(context);
            }
            if (*place).is_null() {
                match protocol::call(class, &[], thread) {
                    Ok(instance) => *place = instance.into_pointer(),
                    Err(raised) => {
                        let message = "user-defined aggregate's '__init__' method raised error";
                        return fail(context, raised, message, class, thread);
                    }
                }
            }
            let Some(instance) = instance(context) else { return };
            pass_row(context, &instance, Name::Step, (count, values), class, thread);
        });
    }
}

/// Takes a row out of a window.
pub unsafe extern "C" fn inverse(
    context: *mut sqlite::sqlite3_context,
    count: c_int,
    values: *mut *mut sqlite::sqlite3_value,
) {
    // SAFETY: as for `step`.
    unsafe {
        with_function(sqlite::sqlite3_user_data(context), |class, thread| {
            // Without an instance its making has failed, which SQLite has been told.
            let Some(instance) = instance(context) else { return };
            pass_row(context, &instance, Name::Inverse, (count, values), class, thread);
        });
    }
}

/// The value of a window.
pub unsafe extern "C" fn value(context: *mut sqlite::sqlite3_context) {
    // SAFETY: SQLite calls this with a valid context.
    unsafe {
        with_function(sqlite::sqlite3_user_data(context), |class, thread| {
            let Some(instance) = instance(context) else { return };
            let name = Name::Value.get(thread);
            let value = match protocol::call_method(&instance, &name, &[], thread) {
                Ok(value) => value,
                Err(raised) => {
                    let message = problem_of(Name::Value, thread);
                    return fail(context, raised, &message, class, thread);
                }
            };
            if let Err(raised) = set_result(context, &value, thread) {
                let message = "unable to set result from user-defined aggregate's 'value' method";
                fail(context, raised, message, class, thread);
            }
        });
    }
}

/// The value of an aggregate at the end, which the instance does not survive.
pub unsafe extern "C" fn finish(context: *mut sqlite::sqlite3_context) {
    // SAFETY: SQLite calls this with a valid context; the reference was stored by `step`.
    unsafe {
        let address = sqlite::sqlite3_user_data(context);
        let known = with_function(address, |class, thread| {
            // Without rows there is no instance.
            let Some(instance) = take_instance(context) else { return };
            let name = Name::Finalize.get(thread);
            let value = protocol::call_method(&instance, &name, &[], thread);
            // Both go away before anybody is told of an exception.
            let value = value.map_err(|raised| thread.catch(raised));
            instance.release(thread);
            let result = match value {
                Ok(value) => {
                    let result = set_result(context, &value, thread).map_err(|raised| thread.catch(raised));
                    value.release(thread);
                    result
                }
                Err(exception) => Err(exception),
            };
            if let Err(exception) = result {
                let raised = thread.reraise(exception);
                let message = problem_of(Name::Finalize, thread);
                fail(context, raised, &message, class, thread);
            }
        });
        if known.is_none() {
            let interpreter = &*(*address.cast::<Context>()).interpreter;
            attached(interpreter, |thread| {
                if let Some(instance) = take_instance(context) {
                    instance.release(thread);
                }
            });
        }
    }
}

/// Takes the instance away from SQLite.
///
/// # Safety
/// As for [`instance`].
unsafe fn take_instance(context: *mut sqlite::sqlite3_context) -> Option<Py<Object>> {
    // SAFETY: passed on; the place holds a reference, or is null.
    unsafe {
        let place = instance_place(context, false);
        if place.is_null() { None } else { Py::steal_pointer(ptr::replace(place, ptr::null_mut())) }
    }
}

/// The order of two texts. SQLite cannot be told that it is not known: an exception stays set, and is raised where SQLite has been called.
pub unsafe extern "C" fn collate(
    address: *mut c_void,
    first_length: c_int,
    first: *const c_void,
    second_length: c_int,
    second: *const c_void,
) -> c_int {
    // SAFETY: the address is what was registered, and the texts have these lengths.
    unsafe {
        let text = |start: *const c_void, length: c_int| match usize::try_from(length) {
            Ok(length) if length > 0 => std::slice::from_raw_parts(start.cast::<u8>(), length),
            _ => &[],
        };
        let (first, second) = (text(first, first_length), text(second, second_length));
        let order = with_function(address, |callable, thread| compare(callable, first, second, thread));
        order.and_then(Result::ok).unwrap_or(0)
    }
}

fn compare(callable: &Object, first: &[u8], second: &[u8], thread: &mut Thread) -> PyResult<c_int> {
    let first = codecs::decode(first, None, None, thread)?;
    let second = codecs::decode(second, None, None, thread)?;
    let order = protocol::call(callable, &[&first, &second], thread)?;
    let order = match protocol::index(&order, thread) {
        Ok(order) => order,
        Err(raised) => {
            drop(thread.catch(raised));
            return Ok(0);
        }
    };
    Ok(if order.is_zero() {
        0
    } else if order.is_negative() {
        -1
    } else {
        1
    })
}

/// Whether an action is allowed.
pub unsafe extern "C" fn authorize(
    address: *mut c_void,
    action: c_int,
    first: *const c_char,
    second: *const c_char,
    database: *const c_char,
    source: *const c_char,
) -> c_int {
    // SAFETY: the address is what was registered, and the texts end with a zero byte, or are null.
    unsafe {
        let texts = [first, second, database, source]
            .map(|text| if text.is_null() { None } else { Some(CStr::from_ptr(text)) });
        let answer = with_function(address, |callable, thread| {
            ask(callable, action, texts, thread).unwrap_or_else(|raised| {
                discard(raised, callable, thread);
                sqlite::SQLITE_DENY
            })
        });
        answer.unwrap_or(sqlite::SQLITE_DENY)
    }
}

fn ask(callable: &Object, action: c_int, texts: [Option<&CStr>; 4], thread: &mut Thread) -> PyResult<c_int> {
    let mut arguments = vec![protocol::make_int(action.into(), thread)];
    for text in texts {
        arguments.push(match text {
            Some(text) => codecs::decode(text.to_bytes(), None, None, thread)?.into_object(),
            None => thread.none(),
        });
    }
    let arguments: Vec<&Object> = arguments.iter().map(|it| &**it).collect();
    let answer = protocol::call(callable, &arguments, thread)?;
    let Some(answer) = answer.downcast::<Int>() else { return Ok(sqlite::SQLITE_DENY) };
    match answer.to_i64().and_then(|it| c_int::try_from(it).ok()) {
        Some(answer) => Ok(answer),
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C int")),
    }
}

/// Whether to go on.
pub unsafe extern "C" fn progress(address: *mut c_void) -> c_int {
    // SAFETY: the address is what was registered.
    let stop = unsafe {
        with_function(address, |callable, thread| {
            let answer = protocol::call(callable, &[], thread).and_then(|it| protocol::is_true(&it, thread));
            answer.unwrap_or_else(|raised| {
                discard(raised, callable, thread);
                true
            })
        })
    };
    stop.unwrap_or(false).into()
}

/// Tells of a statement that is about to run.
pub unsafe extern "C" fn trace(event: c_uint, address: *mut c_void, statement: *mut c_void, sql: *mut c_void) -> c_int {
    if event != sqlite::SQLITE_TRACE_STMT as c_uint {
        return 0;
    }
    // SAFETY: the address is what was registered; the others are a statement and its text.
    unsafe {
        with_function(address, |callable, thread| {
            if let Err(raised) = tell(callable, statement.cast(), sql.cast(), thread) {
                discard(raised, callable, thread);
            }
        });
    }
    0
}

/// Calls a trace function with the text of a statement, its parameters filled in.
///
/// # Safety
/// The statement is valid, and the text ends with a zero byte.
unsafe fn tell(
    callable: &Object,
    statement: *mut sqlite::sqlite3_stmt,
    sql: *const c_char,
    thread: &mut Thread,
) -> PyResult<()> {
    // SAFETY: passed on; SQLite's own text is freed once it is decoded.
    let text: Py<Str> = unsafe {
        let expanded = sqlite::sqlite3_expanded_sql(statement);
        if expanded.is_null() {
            if sqlite::sqlite3_errcode(sqlite::sqlite3_db_handle(statement)) == sqlite::SQLITE_NOMEM {
                return Err(thread.raise_memory_error());
            }
            let message = "Expanded SQL string exceeds the maximum string length";
            let raised = ErrorClass::Data.raise(message, thread);
            discard(raised, callable, thread);
            codecs::decode(CStr::from_ptr(sql).to_bytes(), None, None, thread)?
        } else {
            let decoded = codecs::decode(CStr::from_ptr(expanded).to_bytes(), None, None, thread);
            sqlite::sqlite3_free(expanded.cast());
            decoded?
        }
    };
    protocol::call_one(callable, &text, thread).map(drop)
}
