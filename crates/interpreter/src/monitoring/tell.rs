//! Telling tools of an event: calling what they registered for it, one after the other, the highest tool first.

use bytecode::instruction::Opcode;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::events::Event;
use super::legacy;
use super::tools::{PYTHON_TOOLS, Tools};
use crate::frame::Frame;

/// What there is to say of an event besides where it was.
#[derive(Clone, Copy)]
pub(super) enum Detail<'a> {
    Nothing,
    /// The line, which is told instead of the instruction.
    Line(i32),
    /// Where a jump goes, in code units.
    Target(usize),
    /// What is returned, yielded or raised.
    Value(&'a Object),
    /// What is called, and its first argument.
    Call(&'a Object, &'a Object),
}

/// An event in a frame.
#[derive(Clone, Copy)]
pub(super) struct Occasion<'a> {
    pub event: Event,
    pub frame: *mut Frame,
    /// The instruction that is instrumented for it.
    pub index: usize,
    /// The instruction that is told: the branch, when `index` is what stands for one of its ways.
    pub source: usize,
    pub detail: Detail<'a>,
}

impl<'a> Occasion<'a> {
    pub fn new(event: Event, frame: *mut Frame, index: usize, detail: Detail<'a>) -> Self {
        Self { event, frame, index, source: index, detail }
    }

    /// Whether the branch itself is instrumented for anything. A callback for BRANCH, which hears of both ways, takes that as a sign whether it has
    /// been disabled there (`branch_handler_vectorcall` in CPython's `Python/instrumentation.c`).
    fn has_instrumented_source(&self) -> bool {
        // SAFETY: the frame's event is being told: it is live.
        let code = unsafe { &*self.frame }.code();
        // SAFETY: the source is an instruction of the code.
        let number = unsafe { code.first_instruction().add(self.source).read() } as u8;
        Opcode::from_u8(number).is_some_and(Opcode::is_instrumented)
    }

    fn arguments(&self, thread: &mut Thread) -> Vec<Py<Object>> {
        // SAFETY: the frame's event is being told: it is live.
        let code = Py::from_ref(unsafe { &*self.frame }.code()).into_object();
        let offset = |index: usize, thread: &mut Thread| protocol::make_int(index as i128 * 2, thread);
        if let Detail::Line(line) = self.detail {
            return vec![code, protocol::make_int(i128::from(line), thread)];
        }
        let mut arguments = vec![code, offset(self.source, thread)];
        match self.detail {
            Detail::Nothing | Detail::Line(_) => {}
            Detail::Target(target) => arguments.push(offset(target, thread)),
            Detail::Value(value) => arguments.push(Py::from_ref(value)),
            Detail::Call(callable, first) => arguments.extend([Py::from_ref(callable), Py::from_ref(first)]),
        }
        arguments
    }
}

/// Tells the tools in `wanted` of an event, if no tool is being told of one already.
pub(super) fn tell(occasion: Occasion<'_>, wanted: u8, tools: &Tools, thread: &mut Thread) -> PyResult<()> {
    if wanted == 0 || is_telling(thread) {
        return Ok(());
    }
    let mut arguments = Vec::new();
    for tool in (0..u8::BITS as usize).rev().filter(|tool| wanted >> tool & 1 != 0) {
        let disabled = if tool >= PYTHON_TOOLS {
            during(occasion, tools, thread, |thread| legacy::tell(tool, occasion, thread))?
        } else {
            let Some(callback) = tools.callback(tool, occasion.event) else { continue };
            if callback.both_branches && !occasion.has_instrumented_source() {
                true
            } else {
                if arguments.is_empty() {
                    arguments = occasion.arguments(thread);
                }
                let given: Vec<&Object> = arguments.iter().map(|it| &**it).collect();
                let call = |thread: &mut Thread| protocol::call(&callback.function, &given, thread);
                let answer = during(occasion, tools, thread, call)?;
                let disabled = answer.is(&*tools.disable(thread)?);
                answer.release(thread);
                disabled
            }
        };
        if disabled {
            disable(occasion, tool, tools, thread)?;
        }
    }
    Ok(())
}

/// True while a tool is being told of an event in this thread: what it does is no event.
pub(super) fn is_telling(thread: &Thread) -> bool {
    thread.state().base().tracing.get() != 0
}

/// Does something that is not watched itself.
fn during<R>(occasion: Occasion<'_>, tools: &Tools, thread: &mut Thread, action: impl FnOnce(&mut Thread) -> R) -> R {
    let base = thread.state().base();
    base.tracing.set(base.tracing.get() + 1);
    let before = (base.what_event.replace(occasion.event as i32), tools.told.replace(occasion.frame));
    let result = action(thread);
    let base = thread.state().base();
    base.what_event.set(before.0);
    tools.told.set(before.1);
    base.tracing.set(base.tracing.get() - 1);
    result
}

/// The tool does not want to hear of the event at this instruction again.
fn disable(occasion: Occasion<'_>, tool: usize, tools: &Tools, thread: &mut Thread) -> PyResult<()> {
    if !occasion.event.is_local() {
        drop(tools.set_callback(tool, occasion.event, None));
        let name = occasion.event.name();
        return Err(raise!(thread, ValueError, "Cannot disable {name} events. Callback removed."));
    }
    // SAFETY: the frame's event is being told: it is live.
    let code = unsafe { &*occasion.frame }.code();
    if let Some(monitoring) = code.monitoring() {
        monitoring.remove(code, occasion.index, occasion.event, 1 << tool);
    }
    Ok(())
}
