//! What `_io` keeps for an interpreter.

use objects::errors::{OSError, PyResult, ValueError};
use objects::module::Module;
use objects::refs::Field;
use objects::thread::Thread;
use system::exception;

/// Classes that are made when the module is.
#[derive(Default)]
pub struct IoState {
    /// `io.UnsupportedOperation`.
    pub unsupported_operation: Field,
}

/// Makes the classes, and adds them to the module.
pub fn prepare(module: &Module, thread: &mut Thread) -> PyResult<()> {
    let class = exception::new_exception("io", "UnsupportedOperation", &[OSError, ValueError], thread)?;
    module.set("UnsupportedOperation", &class, thread)?;
    thread.interpreter().extension::<IoState>().unsupported_operation.set(Some(class));
    Ok(())
}
