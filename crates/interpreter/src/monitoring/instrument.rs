//! Instrumenting code: rewriting its instructions for the events that tools want of it.
//!
//! Called when what is wanted changes for code that runs, and for other code at its next `RESUME`, or when one of its instrumented instructions
//! finds that it is out of date.

use bytecode::instruction::Opcode;
use objects::thread::Thread;

use super::code_data::{CodeMonitoring, Layer};
use super::events::{Event, LOCAL_EVENTS};
use super::tools::{TOOLS, Tools};
use crate::code::Code;
use crate::frame::Frame;

/// The event that an instruction stands for.
pub(super) fn event_of(opcode: Opcode, argument: u8) -> Option<Event> {
    Some(match opcode {
        Opcode::Resume if argument > 0 => Event::PyResume,
        Opcode::Resume => Event::PyStart,
        Opcode::ReturnValue => Event::PyReturn,
        Opcode::YieldValue => Event::PyYield,
        Opcode::Call | Opcode::CallKw | Opcode::CallFunctionEx | Opcode::LoadSuperAttr => Event::Call,
        Opcode::JumpForward | Opcode::JumpBackward => Event::Jump,
        Opcode::ForIter | Opcode::NotTaken => Event::BranchLeft,
        Opcode::PopJumpIfFalse
        | Opcode::PopJumpIfTrue
        | Opcode::PopJumpIfNone
        | Opcode::PopJumpIfNotNone
        | Opcode::PopIter
        | Opcode::EndAsyncFor => Event::BranchRight,
        Opcode::EndFor | Opcode::EndSend => Event::StopIteration,
        _ => return None,
    })
}

/// Brings code up to date; true if that changed anything.
pub(crate) fn refresh(code: &Code, tools: &Tools) -> bool {
    if code.instrumentation_version() == tools.version.get() {
        return false;
    }
    instrument(code, tools);
    true
}

/// Brings the code up to date that is running in some thread.
pub(super) fn refresh_running(tools: &Tools, thread: &Thread) {
    for state in thread.interpreter().thread_states() {
        // SAFETY: states on the interpreter's list are live, and their threads do not run: this one has the lock.
        let mut frame: *mut Frame = unsafe { (*state).base().current_frame.get().cast() };
        // SAFETY: as are their chains of frames.
        while let Some(it) = unsafe { frame.as_ref() } {
            if it.runs_code() {
                refresh(it.code(), tools);
            }
            frame = it.previous();
        }
    }
}

/// Which tools come and go for an event.
#[derive(Clone, Copy, Default)]
struct Change {
    new: u8,
    removed: u8,
}

/// Rewrites the instructions for what is wanted now.
pub(super) fn instrument(code: &Code, tools: &Tools) {
    let version = tools.version.get();
    if let Some(monitoring) = code.monitoring() {
        drop_outdated(monitoring, tools);
    }
    let mut wanted = [0; LOCAL_EVENTS];
    for (event, wanted) in wanted.iter_mut().enumerate() {
        *wanted = tools.monitors.tools(event) | code.monitoring().map_or(0, |it| it.local.tools(event));
    }
    if code.monitoring().is_none() && wanted == [0; LOCAL_EVENTS] {
        return code.set_instrumentation_version(version);
    }
    let monitoring = code.monitoring_or_new();
    if wanted.iter().any(|it| it.count_ones() > 1) {
        monitoring.note_tools(code, &wanted);
    }
    let restarted = tools.last_restart.get() > code.instrumentation_version();
    let mut changes = [Change::default(); LOCAL_EVENTS];
    for (event, change) in changes.iter_mut().enumerate() {
        let (before, now) = (monitoring.active.tools(event), wanted[event]);
        *change = match restarted {
            true => Change { removed: before, new: now },
            false => Change { removed: before & !now, new: now & !before },
        };
        monitoring.active.set_tools(event, now);
    }
    if changes.iter().any(|it| it.new | it.removed != 0) {
        rewrite(code, monitoring, &changes);
    }
    code.set_instrumentation_version(version);
}

/// Forgets what tools wanted here that have been freed since.
fn drop_outdated(monitoring: &CodeMonitoring, tools: &Tools) {
    for tool in 0..TOOLS {
        if monitoring.tool_versions[tool].get() != tools.tool_versions[tool].get() {
            monitoring.local.set_of_tool(tool, 0);
        }
    }
}

fn rewrite(code: &Code, monitoring: &CodeMonitoring, changes: &[Change; LOCAL_EVENTS]) {
    let change = |index: usize, event: Event| {
        let change = changes[event as usize];
        monitoring.remove(code, index, event, change.removed);
        monitoring.add(code, index, Layer::of(event), change.new);
    };
    let lines = changes[Event::Line as usize];
    let mut index = code.first_traceable();
    while let Some(opcode) = monitoring.original(index) {
        if let Some(event) = monitoring.own_event(code, index) {
            change(index, event);
        }
        if lines.new | lines.removed != 0 && monitoring.lines(code).begins_line(index) {
            change(index, Event::Line);
        }
        if !matches!(opcode, Opcode::Resume | Opcode::EndFor) {
            change(index, Event::Instruction);
        }
        index += 1 + opcode.cache_entries();
    }
}
