//! Where reports go: the descriptor of a file argument, and who keeps the file alive.

use objects::errors::{PyResult, Raised};
use objects::int::Int;
use objects::method::OrNone;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use system::descriptor;

/// A descriptor, and the file that must stay open as long as reports are written there.
pub struct Target {
    pub descriptor: i32,
    pub file: Option<Py<Object>>,
}

/// The target that an argument means: `sys.stderr` if it was left out. A file's own buffer is written out first.
pub fn of_argument(file: Option<OrNone<&Object>>, thread: &mut Thread) -> PyResult<Target> {
    let file = match file.and_then(|it| it.0) {
        Some(file) => Py::from_ref(file),
        None => standard_error(thread)?,
    };
    if file.downcast::<Int>().is_some() {
        descriptor::warn_of_bool(&file, thread)?;
        let descriptor = descriptor::as_c_int(&file, thread)?;
        if descriptor < 0 {
            return Err(raise!(thread, ValueError, "file is not a valid file descriptor"));
        }
        return Ok(Target { descriptor, file: None });
    }
    let fileno = thread.intern_text("fileno");
    let number = protocol::call_method(&file, &fileno, &[], thread)?;
    let descriptor = number.downcast::<Int>().and_then(Int::to_i128).and_then(|it| i32::try_from(it).ok());
    let Some(descriptor) = descriptor.filter(|it| *it >= 0) else {
        return Err(raise!(thread, RuntimeError, "file.fileno() is not a valid file descriptor"));
    };
    let flush = thread.intern_text("flush");
    if let Err(raised) = protocol::call_method(&file, &flush, &[], thread) {
        drop(thread.catch(raised));
    }
    Ok(Target { descriptor, file: Some(file) })
}

fn standard_error(thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = thread.intern_text("stderr");
    let file = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&name, thread));
    match file {
        Some(file) if file.is_none() => Err(raise!(thread, RuntimeError, "sys.stderr is None")),
        Some(file) => Ok(file),
        None => Err(raise_lost(thread)),
    }
}

#[cold]
fn raise_lost(thread: &mut Thread) -> Raised {
    raise!(thread, RuntimeError, "lost sys.stderr")
}
