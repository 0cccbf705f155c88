//! `ContextManager`: what `localcontext()` returns.

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::types::Instance as _;

use super::context::{self, DecimalContext};

/// A context for a block, and the one that comes back after it.
#[derive(Instance)]
#[repr(C)]
pub struct ContextManager {
    header: Header,
    local: Py<DecimalContext>,
    global: Py<DecimalContext>,
}

impl ContextManager {
    pub fn new(local: Py<DecimalContext>, global: Py<DecimalContext>, thread: &mut Thread) -> Py<ContextManager> {
        Py::new(ContextManager { header: Header::new(ContextManager::class()), local, global }, thread)
    }
}

#[python_type(name = "decimal.ContextManager", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION))]
impl ContextManager {
    /// __enter__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __enter__(&self, thread: &mut Thread) -> PyResult<Py<DecimalContext>> {
        context::set_current(&self.local, thread)?;
        Ok(self.local.clone())
    }

    #[method]
    #[signature("(*args)")]
    fn __exit__(&self, args: &[&Object], thread: &mut Thread) -> PyResult<()> {
        let _ = args;
        context::set_current(&self.global, thread)
    }
}
