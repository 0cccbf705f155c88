//! `type`, the class of classes.

use macros::python_type;

use crate::types::Type;

/// type(object) -> the object's type
/// type(name, bases, dict, **kwds) -> a new type
#[python_type(
    name = "type", symbol = "PyType_Type", base = crate::object::BaseObject, flags(BASETYPE, TYPE_SUBCLASS, HAVE_GC),
    basic_size = size_of::<layout::PyHeapTypeObject>(), item_size = size_of::<layout::PyMemberDef>(),
    vectorcall_offset = std::mem::offset_of!(layout::PyTypeObject, tp_vectorcall),
    dealloc = crate::types::deallocate_type
)]
impl Type {}
