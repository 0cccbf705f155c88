//! What Python programs see of `list`.

use macros::python_type;

use super::List;

/// list(iterable=(), /)
/// --
///
/// Built-in mutable sequence.
///
/// If no argument is given, the constructor creates a new empty list.
/// The argument must be an iterable if specified.
#[python_type(
    name = "list", symbol = "PyList_Type", base = crate::object::BaseObject, flags(BASETYPE, LIST_SUBCLASS, SEQUENCE),
    unhashable
)]
impl List {}
