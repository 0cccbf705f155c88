//! The exception classes of this crate's modules, made once in each interpreter.

use std::cell::RefCell;

use objects::errors::{Exception, PyResult, Raised};
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use system::exception::{new_exception, raise_message};

/// One of the classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    Zlib,
}

impl ErrorClass {
    fn names(self) -> (&'static str, &'static str, Option<&'static str>) {
        match self {
            Self::Zlib => ("zlib", "error", None),
        }
    }

    /// The class, which is made at the first call.
    pub fn get(self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let state = thread.interpreter().extension::<State>();
        let place = &state.classes[self as usize];
        if let Some(class) = &*place.borrow() {
            return Ok(class.clone());
        }
        let (module, name, doc) = self.names();
        let class = new_exception(module, name, &[Exception], thread)?;
        if let Some(doc) = doc {
            let (name, doc) = (thread.intern_text("__doc__"), Str::from_str(doc, thread));
            protocol::set_attribute(&class, &name, Some(&doc), thread)?;
        }
        place.replace(Some(class.clone()));
        Ok(class)
    }

    #[cold]
    pub fn raise(self, message: &str, thread: &mut Thread) -> Raised {
        raise_message(self.get(thread), message, thread)
    }
}

/// What an interpreter keeps for this crate.
#[derive(Default)]
struct State {
    classes: [RefCell<Option<Py<Object>>>; 1],
}
