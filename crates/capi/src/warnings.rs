//! `warnings.h`: issuing warnings, which are exceptions where the filters say so.

use std::ffi::CStr;

use objects::errors::PyResult;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::abstract_object::FromC as _;
use crate::entry::export;

/// `warnings.warn(message, class, level, source)`; RuntimeWarning where there is no class.
pub fn warn(
    class: Option<&Object>,
    message: &Object,
    level: isize,
    source: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<()> {
    let plain: &Object = objects::errors::RuntimeWarning.as_type();
    let level = protocol::make_int(level as i128, thread);
    let none = thread.none();
    let arguments = [message, class.unwrap_or(plain), &*level, source.unwrap_or(&none)];
    crate::import::call_of_module("_warnings", "warn", &arguments, thread)?;
    Ok(())
}

export! { thread;
    fn PyErr_WarnEx(class: Option<&Object>, message: &CStr, level: isize) -> () {
        let message = Str::from_c(message, thread)?;
        warn(class, &message, level, None, thread)
    }

    fn PyErr_WarnExplicit(class: Option<&Object>, message: &CStr, file: &CStr, line: i32, module: Option<&CStr>, registry: Option<&Object>) -> () {
        let message = Str::from_c(message, thread)?;
        let file = Str::from_c(file, thread)?;
        let module = match module {
            Some(module) => Some(Str::from_c(module, thread)?),
            None => None,
        };
        let module: Option<&Object> = match &module { Some(module) => Some(module), None => None };
        explicit(class, &message, &file, line, module, registry, thread)
    }

    fn PyErr_WarnExplicitObject(class: Option<&Object>, message: &Object, file: &Object, line: i32, module: Option<&Object>, registry: Option<&Object>) -> () {
        explicit(class, message, file, line, module, registry, thread)
    }
}

fn explicit(
    class: Option<&Object>,
    message: &Object,
    file: &Object,
    line: i32,
    module: Option<&Object>,
    registry: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<()> {
    let plain: &Object = objects::errors::RuntimeWarning.as_type();
    let line = protocol::make_int(i128::from(line), thread);
    let none: Py<Object> = thread.none();
    let arguments = [message, class.unwrap_or(plain), file, &*line, module.unwrap_or(&none), registry.unwrap_or(&none)];
    crate::import::call_of_module("_warnings", "warn_explicit", &arguments, thread)?;
    Ok(())
}
