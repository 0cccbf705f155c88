//! `traceback`: where an exception came through; and how exceptions that nobody handles are shown.
//!
//! The library's module `traceback` does the showing, as in CPython; `plain` is what remains where it cannot, `unraisable` reports the
//! exceptions that nobody could handle.

mod plain;
mod print;
mod trim;
mod unraisable;

use std::cell::Cell;

use layout::PyTracebackObject;
use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::list::List;
use objects::object::BaseObject;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type, TypeDeclaration};

use crate::frame::{Frame, FrameObject};

pub use plain::format_traceback;
pub use print::{display, display_to, print_plain};
pub use trim::trim_import_frames;
pub use unraisable::{UnraisableHookArguments, report_unraisable, unraisable_hook};

/// The types of this module.
pub const TYPES: &[&TypeDeclaration] = &[Traceback::DECLARATION, UnraisableHookArguments::DECLARATION];

/// One frame that an exception came through.
#[derive(Instance)]
#[repr(C)]
pub struct Traceback {
    header: Header,
    next: Field<Traceback>,
    frame: Field<FrameObject>,
    /// The byte offset of the instruction that raised or called.
    instruction: Cell<i32>,
    /// −1: computed from the instruction when somebody asks.
    line: Cell<i32>,
}

const _: () = assert!(size_of::<Traceback>() == size_of::<PyTracebackObject>());

/// Adds the running frame to the traceback of the exception that is set.
pub(crate) fn add_here(frame: *mut Frame, thread: &mut Thread) {
    let Some(exception) = thread.take_exception() else { return };
    let next = exception.traceback().and_then(|it| it.downcast_into::<Traceback>().ok());
    match Traceback::of(frame, next, thread) {
        Ok(traceback) => exception.set_traceback(Some(traceback.into_object())),
        // Without memory for it, the traceback is shorter.
        Err(raised) => drop(thread.catch(raised)),
    }
    thread.restore_exception(Some(exception));
}

/// `PyTraceBack_Here`: adds a frame to the traceback of the exception that is set.
pub fn add_frame_object(frame: &FrameObject, thread: &mut Thread) {
    if !frame.frame().is_null() {
        add_here(frame.frame(), thread);
    }
}

/// A traceback of the frame that runs now alone.
pub(crate) fn here(thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let current = thread.state().base().current_frame.get().cast();
    match crate::frame::first_complete(current) {
        Some(frame) => Traceback::of(frame, None, thread).map(|it| Some(it.into_object())),
        None => Ok(None),
    }
}

impl Traceback {
    fn of(frame: *mut Frame, next: Option<Py<Traceback>>, thread: &mut Thread) -> PyResult<Py<Traceback>> {
        let object = FrameObject::of(frame, thread)?;
        // SAFETY: the caller passes a live frame.
        let instruction = unsafe { &*frame }.instruction_offset() as i32 * 2;
        Ok(Self::make(next, object, instruction, -1, thread))
    }

    fn make(
        next: Option<Py<Traceback>>,
        frame: Py<FrameObject>,
        instruction: i32,
        line: i32,
        thread: &mut Thread,
    ) -> Py<Traceback> {
        let value = Traceback {
            header: Header::new(Traceback::class()),
            next: Field::new(next),
            frame: frame.into(),
            instruction: Cell::new(instruction),
            line: Cell::new(line),
        };
        Py::new(value, thread)
    }

    /// The frame below: nearer to where the exception was raised.
    pub fn next(&self) -> Option<Py<Traceback>> {
        self.next.get()
    }

    pub fn frame(&self) -> Option<Py<FrameObject>> {
        self.frame.get()
    }

    /// The source line.
    pub fn line(&self, thread: &mut Thread) -> PyResult<Option<i32>> {
        if self.line.get() != -1 {
            return Ok(Some(self.line.get()));
        }
        let Some(frame) = self.frame.get() else { return Ok(None) };
        let offset = usize::try_from(self.instruction.get() / 2).unwrap_or_default();
        Ok(frame.code(thread)?.line_at(offset))
    }
}

/// A traceback or None.
fn traceback_or_none(value: &Object, expected: &str, thread: &mut Thread) -> PyResult<Option<Py<Traceback>>> {
    if value.is_none() {
        return Ok(None);
    }
    match value.downcast::<Traceback>() {
        Some(traceback) => Ok(Some(Py::from_ref(traceback))),
        None => {
            let found = value.class().full_name();
            Err(raise!(thread, TypeError, "expected {expected}, got '{found}'"))
        }
    }
}

/// traceback(tb_next, tb_frame, tb_lasti, tb_lineno)
/// --
///
/// Create a new traceback object.
#[python_type(
    name = "traceback", symbol = "PyTraceBack_Type", base = BaseObject,
    members(audited tb_frame(frame): Object, tb_lasti(instruction): Int)
)]
impl Traceback {
    #[new]
    fn new(
        _class: &Type,
        tb_next: &Object,
        tb_frame: &FrameObject,
        tb_lasti: i32,
        tb_lineno: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<Traceback>> {
        let next = traceback_or_none(tb_next, "traceback object or None", thread)?;
        Ok(Self::make(next, Py::from_ref(tb_frame), tb_lasti, tb_lineno, thread))
    }

    /// __dir__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __dir__(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"].map(|it| thread.intern_text(it).into_object());
        List::new(names.into(), thread)
    }

    #[getter]
    fn tb_next(&self) -> Option<Py<Traceback>> {
        self.next()
    }

    #[setter(name = "tb_next")]
    fn set_next(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else { return Err(raise!(thread, TypeError, "can't delete tb_next attribute")) };
        let next = traceback_or_none(value, "traceback object", thread)?;
        let mut follower = next.clone();
        while let Some(it) = follower {
            if it.is(self) {
                return Err(raise!(thread, ValueError, "traceback loop detected"));
            }
            follower = it.next();
        }
        self.next.set(next);
        Ok(())
    }

    #[getter]
    fn tb_lineno(&self, thread: &mut Thread) -> PyResult<Option<i32>> {
        self.line(thread)
    }
}
