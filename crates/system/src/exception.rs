//! Exceptions that modules make for themselves, such as `signal.ItimerError`.

use std::cell::RefCell;

use objects::dict::Dict;
use objects::errors::{ExceptionKind, PyResult};
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, Type};

/// A new exception class (`PyErr_NewException`).
pub fn new_exception(module: &str, name: &str, bases: &[ExceptionKind], thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = Str::from_str(name, thread);
    let bases = bases.iter().map(|it| Py::from_ref(it.as_type()).into_object()).collect();
    let bases = Tuple::new(bases, thread)?;
    let namespace = Dict::new(thread);
    let module = Str::from_str(module, thread);
    namespace.set_str(&names::__module__, &module, thread)?;
    protocol::call(Type::class(), &[&name, &bases, &namespace], thread)
}

/// The place in an interpreter's state where such a class is kept.
#[derive(Default)]
pub struct Place(RefCell<Option<Py<Object>>>);

impl Place {
    /// The class, which is made at the first call.
    pub fn class(
        &self,
        module: &str,
        name: &str,
        bases: &[ExceptionKind],
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        if let Some(class) = &*self.0.borrow() {
            return Ok(class.clone());
        }
        let class = new_exception(module, name, bases, thread)?;
        self.0.replace(Some(class.clone()));
        Ok(class)
    }
}

/// Raises an exception of such a class with a message.
#[cold]
pub fn raise_message(class: PyResult<Py<Object>>, message: &str, thread: &mut Thread) -> objects::errors::Raised {
    let text = Str::from_str(message, thread);
    match class.and_then(|class| protocol::call_one(&class, &text, thread)) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// Raises an exception of such a class for an error number.
#[cold]
pub fn raise_number(class: &Object, number: i32, thread: &mut Thread) -> objects::errors::Raised {
    let text = Str::from_str(&objects::errors::os_error_text(number), thread);
    let number = protocol::make_int(i128::from(number), thread);
    match protocol::call(class, &[&number, &text], thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}
