//! `None`, `NotImplemented` and `Ellipsis`.

use macros::python_type;

use crate::refs::{Header, Object, Py};
use crate::thread::Thread;
use crate::types::{Instance, Shared};

macro_rules! singleton {
    ($name:ident, $static:ident, $symbol:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(macros::Instance)]
        #[repr(C)]
        pub struct $name {
            header: Header,
        }

        #[unsafe(export_name = $symbol)]
        static $static: Shared<$name> =
            Shared::new($name { header: Object::immortal(std::ptr::from_ref($name::DECLARATION).cast_mut().cast()) });

        impl $name {
            /// The one instance.
            #[inline(always)]
            pub fn get() -> &'static Object {
                // SAFETY: a static, which nobody writes.
                unsafe { &*$static.get() }
            }
        }
    };
}

singleton!(NoneType, NONE, "_Py_NoneStruct", "The type of `None`.");
singleton!(NotImplementedType, NOT_IMPLEMENTED, "_Py_NotImplementedStruct", "The type of `NotImplemented`.");
singleton!(EllipsisType, ELLIPSIS, "_Py_EllipsisObject", "The type of `Ellipsis`.");

impl Thread {
    /// `None`.
    #[inline(always)]
    pub fn none(&self) -> Py<Object> {
        Py::from_ref(NoneType::get())
    }

    /// `NotImplemented`.
    #[inline(always)]
    pub fn not_implemented(&self) -> Py<Object> {
        Py::from_ref(NotImplementedType::get())
    }
}

impl Object {
    /// `is None`.
    #[inline(always)]
    pub fn is_none(&self) -> bool {
        self.is(NoneType::get())
    }

    /// `is NotImplemented`.
    #[inline(always)]
    pub fn is_not_implemented(&self) -> bool {
        self.is(NotImplementedType::get())
    }
}

/// The type of the None singleton.
#[python_type(name = "NoneType", symbol = "_PyNone_Type", base = crate::object::BaseObject)]
impl NoneType {
    #[slot(tp_repr)]
    fn repr(&self) -> &'static str {
        "None"
    }

    #[slot(nb_bool)]
    fn bool(&self) -> crate::errors::PyResult<bool> {
        Ok(false)
    }
}

/// The type of the NotImplemented singleton.
#[python_type(name = "NotImplementedType", symbol = "_PyNotImplemented_Type", base = crate::object::BaseObject)]
impl NotImplementedType {
    #[slot(tp_repr)]
    fn repr(&self) -> &'static str {
        "NotImplemented"
    }

    #[method]
    fn __reduce__(&self) -> &'static str {
        "NotImplemented"
    }
}

/// The type of the Ellipsis singleton.
#[python_type(name = "ellipsis", symbol = "PyEllipsis_Type", base = crate::object::BaseObject)]
impl EllipsisType {
    #[slot(tp_repr)]
    fn repr(&self) -> &'static str {
        "Ellipsis"
    }

    #[method]
    fn __reduce__(&self) -> &'static str {
        "Ellipsis"
    }
}
