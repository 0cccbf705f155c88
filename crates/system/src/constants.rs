//! Tables of integer constants, which modules add to their namespaces.

use objects::errors::PyResult;
use objects::module::Module;
use objects::protocol;
use objects::thread::Thread;

/// A name and its value.
pub type Constant = (&'static str, i64);

/// Adds constants to a module that is being made.
pub fn add(module: &Module, constants: &[Constant], thread: &mut Thread) -> PyResult<()> {
    for (name, value) in constants {
        let value = protocol::make_int(i128::from(*value), thread);
        module.set(name, &value, thread)?;
    }
    Ok(())
}

/// A table of constants of crate `libc` under their own names: `libc_constants![O_RDONLY O_WRONLY]`.
#[macro_export]
macro_rules! libc_constants {
    ($($name:ident)*) => {
        &[$((stringify!($name), ::libc::$name as i64)),*]
    };
}
