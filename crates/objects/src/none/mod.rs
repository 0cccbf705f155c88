//! `None`, `NotImplemented` and `Ellipsis`.

use macros::python_type;

use crate::bool::Bool;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::protocol::Comparison;
use crate::raise;
use crate::refs::{Header, Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance, Shared, Type};

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

/// The types have one instance, which calling them gives.
fn check_no_arguments(name: &str, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
    if arguments.length() > 0 || keywords.is_some_and(|it| it.length() > 0) {
        return Err(raise!(thread, TypeError, "{name} takes no arguments"));
    }
    Ok(())
}

/// `hash(None)`, which is the same in all processes.
const HASH_OF_NONE: isize = 0xFCA8_6420;

/// NoneType()
/// --
///
/// The type of the None singleton.
#[python_type(name = "NoneType", symbol = "_PyNone_Type", base = crate::object::BaseObject)]
impl NoneType {
    #[slot(tp_new)]
    fn new(_class: &Type, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        check_no_arguments("NoneType", arguments, keywords, thread)?;
        Ok(thread.none())
    }

    #[slot(tp_repr)]
    fn repr(&self) -> &'static str {
        "None"
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        Ok(HASH_OF_NONE)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> Py<Object> {
        match comparison {
            Comparison::Equal if other.is_none() => Bool::new(true),
            Comparison::NotEqual if other.is_none() => Bool::new(false),
            _ => thread.not_implemented(),
        }
    }

    #[slot(nb_bool)]
    fn bool(&self) -> PyResult<bool> {
        Ok(false)
    }
}

/// NotImplementedType()
/// --
///
/// The type of the NotImplemented singleton.
#[python_type(name = "NotImplementedType", symbol = "_PyNotImplemented_Type", base = crate::object::BaseObject)]
impl NotImplementedType {
    #[slot(tp_new)]
    fn new(_class: &Type, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        check_no_arguments("NotImplementedType", arguments, keywords, thread)?;
        Ok(thread.not_implemented())
    }

    #[slot(tp_repr)]
    fn repr(&self) -> &'static str {
        "NotImplemented"
    }

    #[slot(nb_bool)]
    fn bool(&self, thread: &mut Thread) -> PyResult<bool> {
        Err(raise!(thread, TypeError, "NotImplemented should not be used in a boolean context"))
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self) -> &'static str {
        "NotImplemented"
    }
}

/// ellipsis()
/// --
///
/// The type of the Ellipsis singleton.
#[python_type(name = "ellipsis", symbol = "PyEllipsis_Type", base = crate::object::BaseObject)]
impl EllipsisType {
    #[slot(tp_new)]
    fn new(_class: &Type, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        check_no_arguments("EllipsisType", arguments, keywords, thread)?;
        Ok(Py::from_ref(EllipsisType::get()))
    }

    #[slot(tp_repr)]
    fn repr(&self) -> &'static str {
        "Ellipsis"
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self) -> &'static str {
        "Ellipsis"
    }
}
