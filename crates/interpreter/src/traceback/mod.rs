//! `traceback`: where an exception came through.

use std::cell::Cell;

use layout::PyTracebackObject;
use macros::{Instance, python_type};
use objects::object::BaseObject;
use objects::refs::{Field, Header, Py};
use objects::thread::Thread;
use objects::types::Instance as _;

use crate::frame::{Frame, FrameObject};

/// One frame that an exception came through.
#[derive(Instance)]
#[repr(C)]
pub struct Traceback {
    header: Header,
    next: Field<Traceback>,
    frame: Field<FrameObject>,
    instruction: Cell<i32>,
    line: Cell<i32>,
}

const _: () = assert!(size_of::<Traceback>() == size_of::<PyTracebackObject>());

/// Adds the running frame to the traceback of the exception that is set.
pub(crate) fn add_here(frame: *mut Frame, thread: &mut Thread) {
    let Some(exception) = thread.take_exception() else { return };
    if let Ok(object) = FrameObject::of(frame, thread) {
        // SAFETY: the caller passes a live frame.
        let instruction = unsafe { &*frame }.instruction_offset() as i32 * 2;
        let next = exception.traceback().and_then(|it| it.downcast_into::<Traceback>().ok());
        let value = Traceback {
            header: Header::new(Traceback::class()),
            next: Field::new(next),
            frame: object.into(),
            instruction: Cell::new(instruction),
            // Computed from the instruction when somebody asks.
            line: Cell::new(-1),
        };
        let traceback = Py::new(value, thread);
        exception.set_traceback(Some(traceback.into_object()));
    }
    thread.restore_exception(Some(exception));
}

/// TracebackType(tb_next, tb_frame, tb_lasti, tb_lineno)
/// --
///
/// Create a new traceback object.
#[python_type(name = "traceback", symbol = "PyTraceBack_Type", base = BaseObject)]
impl Traceback {}
