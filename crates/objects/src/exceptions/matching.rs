//! Which `except` clause an exception is for.

use super::base::BaseException;
use crate::errors::PyResult;
use crate::refs::Object;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Type;

/// The object as an exception class.
pub(super) fn as_exception_class(object: &Object) -> Option<&Type> {
    object.downcast::<Type>().filter(|it| it.has_flag(layout::Py_TPFLAGS_BASE_EXC_SUBCLASS))
}

/// `PyErr_GivenExceptionMatches`: true if an exception (or an exception class) is of a class, or of one in a tuple, however nested.
pub fn exception_matches(exception: &Object, kinds: &Object, thread: &mut Thread) -> PyResult<bool> {
    if let Some(kinds) = kinds.downcast::<Tuple>() {
        thread.check_stack(" in exception matching")?;
        for kind in kinds.items() {
            if exception_matches(exception, kind, thread)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let class = match exception.downcast::<BaseException>() {
        Some(exception) => Some(exception.class()),
        None => as_exception_class(exception),
    };
    match (class, as_exception_class(kinds)) {
        (Some(class), Some(kind)) => Ok(class.is_subtype(kind)),
        _ => Ok(exception.is(kinds)),
    }
}
