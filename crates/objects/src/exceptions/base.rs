//! `BaseException`: what every exception carries.

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyBaseExceptionObject;
use macros::{Instance, python_type};

use crate::dict::Dict;
use crate::errors::PyResult;
use crate::refs::{Field, Header, Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Type;

/// An exception without fields of its own.
#[derive(Instance)]
#[repr(C)]
pub struct BaseException {
    header: Header,
    dict: Field<Dict>,
    args: Field<Tuple>,
    notes: Field,
    traceback: Field,
    context: Field<BaseException>,
    cause: Field<BaseException>,
    suppress_context: Cell<bool>,
}

const _: () = {
    assert!(size_of::<BaseException>() == size_of::<PyBaseExceptionObject>());
    assert!(offset_of!(BaseException, traceback) == offset_of!(PyBaseExceptionObject, traceback));
    assert!(offset_of!(BaseException, suppress_context) == offset_of!(PyBaseExceptionObject, suppress_context));
};

impl BaseException {
    /// A new exception's fields, before arguments are set.
    pub fn fields(class: &Type, args: Option<Py<Tuple>>) -> Self {
        Self {
            header: Header::new(class),
            dict: Field::EMPTY,
            args: Field::new(args),
            notes: Field::EMPTY,
            traceback: Field::EMPTY,
            context: Field::EMPTY,
            cause: Field::EMPTY,
            suppress_context: Cell::new(false),
        }
    }

    /// `__context__`: what was being handled when this was raised.
    pub fn context(&self) -> Option<Py<BaseException>> {
        self.context.get()
    }

    pub fn set_context(&self, context: Option<Py<BaseException>>) {
        self.context.set(context);
    }

    /// `__cause__`: what `raise … from …` named.
    pub fn cause(&self) -> Option<Py<BaseException>> {
        self.cause.get()
    }

    /// Sets `__cause__`, and with it `__suppress_context__`.
    pub fn set_cause(&self, cause: Option<Py<BaseException>>) {
        self.suppress_context.set(true);
        self.cause.set(cause);
    }

    /// `__traceback__`.
    pub fn traceback(&self) -> Option<Py<Object>> {
        self.traceback.get()
    }

    pub fn set_traceback(&self, traceback: Option<Py<Object>>) {
        self.traceback.set(traceback);
    }

    /// `args`.
    pub fn args(&self) -> Option<Py<Tuple>> {
        self.args.get()
    }
}

/// Common base class for all exceptions
#[python_type(
    name = "BaseException", base = crate::object::BaseObject, flags(BASETYPE, BASE_EXC_SUBCLASS),
    dict_offset = offset_of!(BaseException, dict)
)]
impl BaseException {
    #[slot(tp_new)]
    fn new(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<BaseException>> {
        let _ = keywords;
        Py::new_in(class, Self::fields(class, Some(Py::from_ref(arguments))), thread)
    }
}
