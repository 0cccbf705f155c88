//! `Execution`: a cursor's hold on a statement that has more rows. Python code does not see it.
//!
//! A cursor that goes away gives its statement back to SQLite at once: other statements may wait for its locks. Since that may end an
//! aggregate, which calls Python functions, it is the finalizer of an object of its own: `Cursor` has none in CPython.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::gc::{Traverse, Visitor};
use objects::object::BaseObject;
use objects::refs::{Header, Py};
use objects::thread::Thread;
use objects::types::Instance as _;

use crate::statement::Statement;
use objects::refs::finalize_and_deallocate as deallocate;

/// Statements refer to nothing that the collector knows.
struct Held(Py<Statement>);

impl Traverse for Held {
    const MAY_REFER: bool = false;

    fn traverse(&self, _: &mut Visitor<'_>) {}

    fn clear(&self) {}
}

#[derive(Instance)]
#[repr(C)]
pub struct Execution {
    header: Header,
    statement: Held,
    /// The statement is somebody else's now.
    is_over: Cell<bool>,
}

#[python_type(
    name = "sqlite3.Execution", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION),
    dealloc = deallocate::<Execution>
)]
impl Execution {
    #[slot(tp_finalize)]
    fn finalize(&self, thread: &mut Thread) {
        let pending = thread.take_exception();
        self.end(thread);
        thread.restore_exception(pending);
    }
}

impl Execution {
    pub fn new(statement: Py<Statement>, thread: &mut Thread) -> Py<Self> {
        Py::new(
            Self { header: Header::new(Self::class()), statement: Held(statement), is_over: Cell::new(false) },
            thread,
        )
    }

    /// Gives the statement back.
    pub fn end(&self, thread: &mut Thread) {
        if !self.is_over.replace(true) {
            self.statement.0.reset(thread);
        }
    }

    pub fn statement(&self) -> &Py<Statement> {
        &self.statement.0
    }
}
