//! Frames: where a running function keeps its variables and its evaluation stack.
//!
//! A frame lies on its thread's data stack, in its generator, or (when it outlives both) in its frame object. Its layout is CPython's
//! `_PyInterpreterFrame`:
//!
//! ```text
//! 0           8         16        24       32        40      48         56         64            72
//! executable  previous  function  globals  builtins  locals  frame obj  instr ptr  stack ptr     return offset, owner, visited
//! 80: local variables, cells, free variables | evaluation stack …
//! ```
//! The invariant: `instr_ptr` is the instruction that runs (or that called), whenever anything outside the loop can look.

mod data_stack;
mod jump;
mod locals_proxy;
mod object;

use std::mem::offset_of;
use std::ptr;

use bytecode::code_flags::{CO_FAST_HIDDEN, CO_OPTIMIZED};
use layout::{_PyInterpreterFrame, FRAME_SPECIALS_SIZE};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::refs::{Object, Py, cast};
use objects::thread::Thread;
use objects::types::{Instance, TypeDeclaration};

use crate::code::{Code, CodeUnitPointer};
use crate::function::Function;
use crate::stack_ref::StackRef;

pub use data_stack::{pop_frame_memory, push_frame_memory};
pub use locals_proxy::{FrameLocalsProxy, variable};
pub use object::FrameObject;

/// The types of this module.
pub const TYPES: &[&TypeDeclaration] = &[FrameObject::DECLARATION, FrameLocalsProxy::DECLARATION];

/// A frame in memory that the runtime manages. Always handled by pointer: frames are never moved but into generators and frame objects.
#[repr(transparent)]
pub struct Frame(_PyInterpreterFrame);

/// Who keeps a frame's memory.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Owner {
    Thread = layout::FRAME_OWNED_BY_THREAD,
    Generator = layout::FRAME_OWNED_BY_GENERATOR,
    FrameObject = layout::FRAME_OWNED_BY_FRAME_OBJECT,
    /// The first frame of a run of the loop: it runs nothing but the way out.
    Interpreter = layout::FRAME_OWNED_BY_INTERPRETER,
}

/// Words that a frame of this code takes.
pub fn size_in_words(code: &Code) -> usize {
    code.frame_size()
}

/// Words before the local variables.
pub const SPECIALS: usize = FRAME_SPECIALS_SIZE;

impl Frame {
    /// Fills in a frame for `function`, with all variables unbound from `bound` on.
    ///
    /// # Safety
    /// The memory has room for the function's frame; the first `bound` local variables are (or will be) written by the caller.
    pub unsafe fn initialize(
        frame: *mut Frame,
        function: Py<Function>,
        locals: Option<Py<Dict>>,
        previous: *mut Frame,
        bound: usize,
    ) {
        // SAFETY: the caller gives room for the frame.
        let it = unsafe { &(*frame).0 };
        let code = function.code();
        it.instr_ptr.set(code.first_instruction());
        it.previous.set(previous.cast());
        it.f_globals.set(function.globals_pointer());
        it.f_builtins.set(function.builtins_pointer());
        it.f_locals.set(locals.map_or(ptr::null_mut(), Py::into_pointer));
        it.frame_obj.set(ptr::null_mut());
        it.return_offset.set(0);
        it.owner.set(Owner::Thread as u8);
        it.visited.set(0);
        let count = code.local_count();
        // SAFETY: within the frame's memory, of which the caller gave enough for the code's locals and stack.
        let stack = unsafe { (*frame).locals().add(count) };
        it.stackpointer.set(stack.cast());
        it.f_executable.set(into_c(StackRef::from_owned(code)));
        it.f_funcobj.set(into_c(StackRef::from_owned(function)));
        for index in bound..count {
            // Volatile, because there are few: the vector instructions that the compiler would use cost more than they save.
            // SAFETY: within the frame's local variables.
            unsafe { (*frame).locals().add(index).write_volatile(StackRef::NULL) };
        }
    }

    /// The local variables: locals, cells, free variables.
    #[inline(always)]
    pub fn locals(&self) -> *mut StackRef {
        ptr::from_ref(&self.0.localsplus).cast_mut().cast()
    }

    /// A local variable.
    #[inline(always)]
    pub fn local(&self, index: usize) -> StackRef {
        // SAFETY: the compiler gives instructions indices within the frame.
        unsafe { self.locals().add(index).read() }
    }

    #[inline(always)]
    pub fn set_local(&self, index: usize, value: StackRef) {
        // SAFETY: as above.
        unsafe { self.locals().add(index).write(value) }
    }

    /// The code that runs; None in an interpreter's first frame.
    #[inline(always)]
    pub fn code<'a>(&self) -> &'a Code {
        // SAFETY: every frame but the loop's own first has a code object, and nobody asks that one.
        unsafe { cast(from_c(self.0.f_executable.get()).object()) }
    }

    /// The function that runs.
    #[inline(always)]
    pub fn function<'a>(&self) -> &'a Function {
        // SAFETY: frames of code have a function.
        unsafe { cast(from_c(self.0.f_funcobj.get()).object()) }
    }

    /// True if the frame runs code, false for the first frame of a run of the loop.
    pub fn runs_code(&self) -> bool {
        self.owner() != Owner::Interpreter
    }

    #[inline(always)]
    pub fn globals<'a>(&self) -> &'a Object {
        // SAFETY: borrowed from the function, which the frame keeps.
        unsafe { Object::from_pointer(self.0.f_globals.get()).unwrap_unchecked() }
    }

    #[inline(always)]
    pub fn builtins<'a>(&self) -> &'a Object {
        // SAFETY: borrowed from the function, which the frame keeps.
        unsafe { Object::from_pointer(self.0.f_builtins.get()).unwrap_unchecked() }
    }

    /// The mapping of names for code that does not keep its variables in slots (modules, class bodies).
    #[inline(always)]
    pub fn name_mapping<'a>(&self) -> Option<&'a Object> {
        // SAFETY: the frame owns it.
        unsafe { Object::from_pointer(self.0.f_locals.get()) }
    }

    pub fn set_name_mapping(&self, mapping: Option<Py<Object>>) {
        let old = self.0.f_locals.replace(mapping.map_or(ptr::null_mut(), Py::into_pointer));
        // SAFETY: the frame owned the old one.
        drop(unsafe { Py::<Object>::steal_pointer(old) });
    }

    #[inline(always)]
    pub fn previous(&self) -> *mut Frame {
        self.0.previous.get().cast()
    }

    #[inline(always)]
    pub fn set_previous(&self, previous: *mut Frame) {
        self.0.previous.set(previous.cast());
    }

    #[inline(always)]
    pub fn instruction(&self) -> CodeUnitPointer {
        self.0.instr_ptr.get()
    }

    #[inline(always)]
    pub fn set_instruction(&self, instruction: CodeUnitPointer) {
        self.0.instr_ptr.set(instruction);
    }

    /// Where the evaluation stack ends, while the loop is elsewhere.
    #[inline(always)]
    pub fn stack_pointer(&self) -> *mut StackRef {
        self.0.stackpointer.get().cast()
    }

    #[inline(always)]
    pub fn set_stack_pointer(&self, pointer: *mut StackRef) {
        self.0.stackpointer.set(pointer.cast());
    }

    /// The first place of the evaluation stack.
    pub fn stack_base(&self) -> *mut StackRef {
        // SAFETY: within the frame.
        unsafe { self.locals().add(self.code().local_count()) }
    }

    /// Code units from a call to where its caller goes on.
    #[inline(always)]
    pub fn return_offset(&self) -> usize {
        usize::from(self.0.return_offset.get())
    }

    #[inline(always)]
    pub fn set_return_offset(&self, units: usize) {
        self.0.return_offset.set(units as u16);
    }

    #[inline(always)]
    pub fn owner(&self) -> Owner {
        match self.0.owner.get() {
            layout::FRAME_OWNED_BY_THREAD => Owner::Thread,
            layout::FRAME_OWNED_BY_GENERATOR => Owner::Generator,
            layout::FRAME_OWNED_BY_FRAME_OBJECT => Owner::FrameObject,
            _ => Owner::Interpreter,
        }
    }

    pub fn set_owner(&self, owner: Owner) {
        self.0.owner.set(owner as u8);
    }

    /// True if the frame runs an `__init__` whose instance, and not whose return value, is the result of the call.
    #[inline(always)]
    pub fn is_init(&self) -> bool {
        self.0.visited.get() != 0
    }

    pub fn set_is_init(&self, value: bool) {
        self.0.visited.set(u8::from(value));
    }

    /// The offset of the current instruction in code units.
    pub fn instruction_offset(&self) -> usize {
        // SAFETY: the instruction pointer lies in the code's instructions.
        unsafe { self.instruction().offset_from(self.code().first_instruction()) as usize }
    }

    /// The frame object, if Python code or a traceback has asked for one.
    pub fn existing_object(&self) -> Option<&FrameObject> {
        // SAFETY: the frame owns a reference to its object.
        unsafe { self.0.frame_obj.get().cast::<FrameObject>().as_ref() }
    }

    pub(crate) fn set_object(&self, object: Option<Py<FrameObject>>) -> Option<Py<FrameObject>> {
        let old = self.0.frame_obj.replace(object.map_or(ptr::null_mut(), |it| it.into_pointer().cast()));
        // SAFETY: the frame owned the old one.
        unsafe { Py::steal_pointer(old.cast()) }
    }

    /// Moves the frame's contents to other memory; what it held borrowed is counted from now on, since the new place may outlive the
    /// caller that kept it.
    ///
    /// # Safety
    /// The target has room for the frame; the old memory's contents are not used again.
    pub(crate) unsafe fn move_to(&self, target: *mut Frame) {
        let count = self.stack_pointer() as usize - self.locals() as usize;
        // SAFETY: the caller gives room; the words up to the stack pointer are initialized.
        unsafe {
            let bytes = offset_of!(_PyInterpreterFrame, localsplus) + count;
            ptr::copy_nonoverlapping(ptr::from_ref(self).cast::<u8>(), target.cast::<u8>(), bytes);
            let end = (*target).locals().cast::<u8>().add(count).cast::<StackRef>();
            let mut slot = (*target).locals();
            while slot < end {
                slot.write(slot.read().into_heap_safe());
                slot = slot.add(1);
            }
            (*target).set_stack_pointer(end);
            if let Some(object) = (*target).existing_object() {
                object.follow(target);
            }
        }
    }

    /// The source line of the current instruction.
    pub fn line(&self) -> Option<i32> {
        self.code().line_at(self.instruction_offset())
    }

    /// Drops everything that the frame holds: the end of a call. The memory stays. A generator's frame keeps its code.
    ///
    /// # Safety
    /// The frame is not current any more, and its references are not used again.
    pub unsafe fn clear(frame: *mut Frame, thread: &mut Thread) {
        // SAFETY: the caller passes a live frame.
        let it = unsafe { &*frame };
        if let Some(object) = it.set_object(None) {
            if object.is_unique() {
                object.forget_frame();
            } else {
                // SAFETY: passed on to the caller.
                return unsafe { object::take_over(object, frame, thread) };
            }
        }
        // SAFETY: passed on to the caller.
        unsafe { Self::clear_references(frame, thread) }
    }

    /// # Safety
    /// As [`Frame::clear`].
    pub(crate) unsafe fn clear_references(frame: *mut Frame, thread: &mut Thread) {
        // SAFETY: the caller passes a live frame.
        let it = unsafe { &*frame };
        it.clear_values(thread);
        from_c(it.0.f_funcobj.replace(null_reference())).close(thread);
        if it.owner() != Owner::Generator {
            // SAFETY: passed on to the caller.
            unsafe { Self::drop_code(frame, thread) };
        }
    }

    /// Drops everything that a frame on the data stack holds: the end of most calls. The memory stays.
    ///
    /// # Safety
    /// As [`Frame::clear`]; the frame is no generator's.
    #[inline]
    pub(crate) unsafe fn finish(frame: *mut Frame, thread: &mut Thread) {
        // SAFETY: the caller passes a live frame.
        let it = unsafe { &*frame };
        if !it.0.frame_obj.get().is_null() {
            // SAFETY: passed on to the caller.
            return unsafe { Self::clear(frame, thread) };
        }
        // Nobody can look at the frame any more, so nothing is written into it.
        let first = it.locals();
        let mut slot = it.stack_pointer();
        while slot > first {
            // SAFETY: the places below the stack pointer are initialized, and within the frame.
            let value = unsafe {
                slot = slot.sub(1);
                slot.read()
            };
            value.close(thread);
        }
        if !it.0.f_locals.get().is_null() {
            it.set_name_mapping(None);
        }
        from_c(it.0.f_funcobj.get()).close(thread);
        from_c(it.0.f_executable.get()).close(thread);
    }

    /// Drops what is on the stack and the variables, the last first: the frame can still be looked at.
    pub(crate) fn clear_values(&self, thread: &mut Thread) {
        let first = self.locals();
        let mut slot = self.stack_pointer();
        self.set_stack_pointer(first);
        while slot > first {
            // SAFETY: the places below the stack pointer are initialized, and within the frame.
            let value = unsafe {
                slot = slot.sub(1);
                slot.replace(StackRef::NULL)
            };
            value.close(thread);
        }
        self.set_name_mapping(None);
    }

    /// Lets go of the code, the last that a frame holds.
    ///
    /// # Safety
    /// The frame is not used again.
    pub(crate) unsafe fn drop_code(frame: *mut Frame, thread: &mut Thread) {
        // SAFETY: the caller passes a live frame.
        let executable = unsafe { &(*frame).0.f_executable };
        from_c(executable.replace(null_reference())).close(thread);
    }

    /// Gives the frame a reference of its own to the code that `other`, a copy of it, holds.
    pub(crate) fn share_code(&self, other: &Frame) {
        let code = from_c(other.0.f_executable.get()).duplicate();
        self.0.f_executable.set(into_c(code));
    }

    /// Reports what the frame holds to the collector.
    pub fn traverse(&self, visitor: &mut objects::gc::Visitor<'_>) {
        self.traverse_values(self.stack_pointer(), visitor);
        for reference in [from_c(self.0.f_funcobj.get()), from_c(self.0.f_executable.get())] {
            if !reference.is_borrowed() {
                visitor.visit(reference.object());
            }
        }
        if let Some(mapping) = self.name_mapping() {
            visitor.visit(mapping);
        }
        if let Some(object) = self.existing_object() {
            visitor.visit(object);
        }
    }

    /// Reports the variables alone.
    pub fn traverse_locals(&self, visitor: &mut objects::gc::Visitor<'_>) {
        self.traverse_values(self.stack_base(), visitor);
    }

    /// Reports variables and values on the evaluation stack up to a place, below which all are initialized.
    fn traverse_values(&self, end: *mut StackRef, visitor: &mut objects::gc::Visitor<'_>) {
        let mut slot = self.locals();
        while slot < end {
            // SAFETY: the places below the end are initialized.
            let value = unsafe { slot.read() };
            if !value.is_borrowed() {
                visitor.visit(value.object());
            }
            // SAFETY: within the frame.
            slot = unsafe { slot.add(1) };
        }
    }
}

/// The nearest frame from this one on that runs code.
pub fn first_complete(mut frame: *mut Frame) -> Option<*mut Frame> {
    // SAFETY: a chain of frames is live as long as its first is current.
    while let Some(it) = unsafe { frame.as_ref() } {
        if it.runs_code() {
            return Some(frame);
        }
        frame = it.previous();
    }
    None
}

/// The mapping that a frame's names are in, as `locals()` and `f_locals` show it. The variables of functions are elsewhere, and so are those of a
/// comprehension at a module's or class's level, which are all that is shown while it runs.
pub fn shown_mapping<'a>(frame: &Frame) -> Option<&'a Object> {
    let code = frame.code();
    let is_hidden = |index: usize| code.locals_plus_kinds().as_slice()[index] & CO_FAST_HIDDEN != 0;
    let in_comprehension = || (0..code.local_count()).any(|index| is_hidden(index) && !frame.local(index).is_null());
    match code.has_flag(CO_OPTIMIZED) || in_comprehension() {
        true => None,
        false => frame.name_mapping(),
    }
}

/// The variables of a function's frame as a new dict: what `locals()` gives (PEP 667).
pub fn locals_snapshot(frame: &Frame, thread: &mut Thread) -> PyResult<Py<Dict>> {
    let dict = Dict::new(thread);
    let code = frame.code();
    for index in 0..code.local_count() {
        let value = locals_proxy::variable(frame, index);
        if let Some(value) = value {
            dict.set_str(code.local_name(index), &value, thread)?;
        }
    }
    // Names that were added through `f_locals`.
    if let Some(extra) = frame.existing_object().and_then(|it| it.extra_locals.get()) {
        dict.update(&extra, thread)?;
    }
    Ok(dict)
}

fn null_reference() -> layout::_PyStackRef {
    layout::_PyStackRef::NULL
}

#[inline(always)]
fn into_c(reference: StackRef) -> layout::_PyStackRef {
    // SAFETY: a transparent wrapper.
    unsafe { std::mem::transmute(reference) }
}

#[inline(always)]
fn from_c(reference: layout::_PyStackRef) -> StackRef {
    // SAFETY: a transparent wrapper.
    unsafe { std::mem::transmute(reference) }
}
