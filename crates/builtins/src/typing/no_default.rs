//! `typing.NoDefault`: says that a type parameter has no default.

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Shared, Type};

/// The type of `NoDefault`.
#[derive(Instance)]
#[repr(C)]
pub struct NoDefaultType {
    header: Header,
}

#[unsafe(export_name = "_Py_NoDefaultStruct")]
static NO_DEFAULT: Shared<NoDefaultType> = Shared::new(NoDefaultType {
    header: Object::immortal(std::ptr::from_ref(NoDefaultType::DECLARATION).cast_mut().cast()),
});

impl NoDefaultType {
    /// The one instance.
    pub fn get() -> &'static Object {
        // SAFETY: a static, which nobody writes.
        unsafe { &*NO_DEFAULT.get() }
    }
}

/// NoDefaultType()
/// --
///
/// The type of the NoDefault singleton.
#[python_type(name = "NoDefaultType", symbol = "_PyNoDefault_Type", base = BaseObject)]
impl NoDefaultType {
    #[slot(tp_new)]
    fn new(_class: &Type, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        if arguments.length() > 0 || keywords.is_some_and(|it| it.length() > 0) {
            return Err(raise!(thread, TypeError, "NoDefaultType takes no arguments"));
        }
        Ok(Py::from_ref(NoDefaultType::get()))
    }

    #[slot(tp_repr)]
    fn repr(&self) -> &'static str {
        "typing.NoDefault"
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self) -> &'static str {
        "NoDefault"
    }
}
