//! Exception classes of modules: made once in each interpreter, without a static type.

use std::cell::RefCell;

use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type, TypeDeclaration};

/// The place in an interpreter's state where a class is kept.
#[derive(Default)]
pub struct Place(RefCell<Option<Py<Object>>>);

impl Place {
    /// The class, which is made at the first call.
    pub fn class(
        &self,
        module: &str,
        name: &str,
        base: &'static TypeDeclaration,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        if let Some(class) = &*self.0.borrow() {
            return Ok(class.clone());
        }
        let name = Str::from_str(name, thread);
        let bases = Tuple::from_slice(&[base.as_type()], thread)?;
        let body = Dict::new(thread);
        let module = Str::from_str(module, thread);
        body.set_str(&objects::names::__module__, &module, thread)?;
        let class = protocol::call(Type::class(), &[&name, &bases, &body], thread)?;
        self.0.replace(Some(class.clone()));
        Ok(class)
    }
}

/// Raises an exception of such a class.
#[cold]
pub fn raise_instance(class: PyResult<Py<Object>>, message: &str, thread: &mut Thread) -> Raised {
    let text = Str::from_str(message, thread);
    match class.and_then(|class| protocol::call_one(&class, &text, thread)) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}
