//! `StopIteration` and `SystemExit`: exceptions that carry a value.

use std::mem::offset_of;

use macros::{Instance, python_type};

use super::base::BaseException;
use super::hierarchy::Exception;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::refs::{Field, Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Member, MemberKind};

/// Signal the end from iterator.__next__().
#[derive(Instance)]
#[repr(C)]
pub struct StopIteration {
    base: Exception,
    value: Field,
}

const _: () = assert!(size_of::<StopIteration>() == size_of::<layout::PyStopIterationObject>());

const STOP_MEMBERS: &[Member] = &[Member::writable(
    c"value",
    MemberKind::Object,
    offset_of!(StopIteration, value),
    Some(c"generator return value"),
)];

impl StopIteration {
    /// What the iterator, or the generator, returned.
    pub fn value(&self) -> Option<Py<Object>> {
        self.value.get()
    }
}

/// Signal the end from iterator.__next__().
#[python_type(base = Exception, flags(BASETYPE, BASE_EXC_SUBCLASS), member_table = STOP_MEMBERS)]
impl StopIteration {
    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        self.as_base().initialize(arguments, keywords, thread)?;
        let value = arguments.items().first().cloned().unwrap_or_else(|| thread.none());
        self.value.set(Some(value));
        Ok(())
    }
}

/// Request to exit from the interpreter.
#[derive(Instance)]
#[repr(C)]
pub struct SystemExit {
    base: BaseException,
    code: Field,
}

const _: () = assert!(size_of::<SystemExit>() == size_of::<layout::PySystemExitObject>());

const EXIT_MEMBERS: &[Member] =
    &[Member::writable(c"code", MemberKind::Object, offset_of!(SystemExit, code), Some(c"exception code"))];

impl SystemExit {
    /// The exit status: nothing, a number, or something to print.
    pub fn code(&self) -> Option<Py<Object>> {
        self.code.get()
    }
}

/// Request to exit from the interpreter.
#[python_type(base = BaseException, flags(BASETYPE, BASE_EXC_SUBCLASS), member_table = EXIT_MEMBERS)]
impl SystemExit {
    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        self.as_base().initialize(arguments, keywords, thread)?;
        match arguments.items() {
            [] => {}
            [code] => self.code.set(Some(code.clone())),
            _ => self.code.set(Some(Py::from_ref(arguments).into_object())),
        }
        Ok(())
    }
}
