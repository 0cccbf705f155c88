//! `object`, the base of all classes.

use macros::python_type;

use crate::refs::Header;

/// An instance of exactly `object`, or the part of any object that `object` accounts for.
#[derive(macros::Instance)]
#[repr(C)]
pub struct BaseObject {
    header: Header,
}

/// object()
/// --
///
/// The base class of the class hierarchy.
///
/// When called, it accepts no arguments and returns a new featureless
/// instance that has no instance attributes and cannot be given any.
#[python_type(name = "object", symbol = "PyBaseObject_Type", flags(BASETYPE))]
impl BaseObject {}
