//! What instrumented instructions do: they tell the tools, and then act as what they stand for.
//!
//! The loop has one arm for all of them, out of line, so that code which nobody watches pays nothing for them. Most go on in the loop as the
//! instruction that they stand for; those whose event comes after the fact do its work here, on a copy of the loop's state.

use bytecode::instruction::Opcode;
use objects::bool::Bool;
use objects::errors::{PyResult, Raised, StopIteration};
use objects::none::NoneType;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

use super::calls;
use super::code_data::{CodeMonitoring, Layer};
use super::events::Event;
use super::instrument::refresh;
use super::steps;
use super::tell::{Detail, Occasion, is_telling, tell};
use super::tools::Tools;
use crate::code::CodeUnitPointer;
use crate::evaluate::State;
use crate::frame::Frame;
use crate::generator::{Generator, as_generator};
use crate::ops;

/// How the loop goes on, as one number, since the loop's registers must not come through memory: as the instruction with this opcode, in the
/// same place; or elsewhere. The frame still stands at the instrumented instruction: whether a line is new depends on where it came from.
#[derive(Clone, Copy)]
pub(crate) struct Next(usize);

impl Next {
    const OPCODES: usize = 256;

    pub fn run(opcode: Opcode) -> Self {
        Self(opcode as usize)
    }

    /// Goes on at this code unit.
    pub fn at(index: usize) -> Self {
        Self(Self::OPCODES + index)
    }

    /// The opcode with which to go on in the same place.
    #[inline(always)]
    pub fn opcode(self) -> Option<u8> {
        u8::try_from(self.0).ok()
    }

    /// The loop's registers elsewhere, if there is no opcode.
    #[inline(always)]
    pub fn state(self, frame: *mut Frame) -> State {
        // SAFETY: the loop's frame is live, and its saved instructions are in its code.
        let pc = unsafe { (*frame).code().first_instruction().add(self.0.saturating_sub(Self::OPCODES)) };
        State::at(pc, frame)
    }
}

/// Where an instrumented instruction is, and what it needs.
pub(super) struct Site<'a> {
    pub code: &'a CodeMonitoring,
    pub tools: &'a Tools,
    pub frame: *mut Frame,
    pub at: CodeUnitPointer,
    pub index: usize,
    pub opcode: Opcode,
    pub argument: u32,
    /// The frame stood at this instruction already when its own event came: it had a line, or was told of as an instruction.
    has_begun: bool,
}

/// Runs the instrumented instruction at `at`, whose argument has been put together; the frame's stack pointer has been saved.
#[cold]
#[inline(never)]
pub(crate) fn instrumented(
    at: CodeUnitPointer,
    argument: u32,
    frame: *mut Frame,
    thread: &mut Thread,
) -> PyResult<Next> {
    // SAFETY: the loop's frame is live while its instruction runs.
    let it = unsafe { &*frame };
    let code = it.code();
    let previous = it.instruction_offset();
    it.set_instruction(at);
    let index = it.instruction_offset();
    let Some(opcode) = code.original_opcode(index) else {
        return ops::unknown_instruction(Opcode::InstrumentedLine as u8, thread).map(|()| Next::run(Opcode::Nop));
    };
    if opcode == Opcode::EndFor {
        // To CPython's frames the end of a loop over a generator belongs to the instruction before it.
        // SAFETY: the frame's instructions are in its code.
        it.set_instruction(unsafe { code.first_instruction().add(previous) });
    }
    if is_telling(thread) {
        return Ok(Next::run(opcode));
    }
    let tools = Tools::of(thread);
    refresh(code, &tools);
    let monitoring = code.monitoring_or_new();
    let has_line = monitoring.is_instrumented(index, Layer::Line);
    let mut site = Site { code: monitoring, tools: &tools, frame, at, index, opcode, argument, has_begun: has_line };
    if has_line && !line(&site, previous, thread).map_err(|raised| site.raised_at(index, raised))? {
        return site.jumped();
    }
    // What a tool wants of this instruction while it is told that it runs comes too late for this time.
    let has_event = monitoring.is_instrumented(index, Layer::Event);
    if monitoring.is_instrumented(index, Layer::Instruction) {
        site.has_begun = true;
        let told = site.tell(Event::Instruction, Detail::Nothing, thread);
        told.map_err(|raised| site.raised_at(index, raised))?;
    }
    if !has_event {
        return Ok(Next::run(opcode));
    }
    event(&site, thread)
}

/// Where the loop stands when the instrumented instruction at `at` raised: behind it and its caches, or where CPython does after some events.
#[cold]
#[inline(never)]
pub(crate) fn behind(at: CodeUnitPointer, frame: *mut Frame, thread: &Thread) -> CodeUnitPointer {
    // SAFETY: the loop's frame is live, and `at` in its code.
    let code = unsafe { &*frame }.code();
    if let Some(index) = Tools::of(thread).raised_at.take() {
        // SAFETY: an instruction of the code, which does not end with it.
        return unsafe { code.first_instruction().add(index + 1) };
    }
    // SAFETY: as above.
    let index = unsafe { at.offset_from(code.first_instruction()) };
    let caches = usize::try_from(index).ok().and_then(|it| code.original_opcode(it)).map_or(0, Opcode::cache_entries);
    // SAFETY: an instruction follows the caches.
    unsafe { at.add(1 + caches) }
}

/// Tells of a new line; false if a tool has made the frame go on elsewhere.
fn line(site: &Site<'_>, previous: usize, thread: &mut Thread) -> PyResult<bool> {
    let code = site.frame().code();
    let lines = site.code.lines(code);
    let line = lines.line(site.index);
    let before = steps::last_before(code, previous, site.index);
    if lines.line(before) == line {
        // SAFETY: the frame's instructions are in its code.
        let number = unsafe { code.first_instruction().add(before).read() } as u8;
        // Right behind the start of the frame the line is new, and in a handler of what was thrown there.
        if number != Opcode::Resume as u8 && number != Opcode::InstrumentedResume as u8 {
            return Ok(true);
        }
    }
    site.tell(Event::Line, Detail::Line(line), thread)?;
    Ok(!site.has_jumped())
}

/// Tells of the instruction's own event.
fn event(site: &Site<'_>, thread: &mut Thread) -> PyResult<Next> {
    match site.opcode {
        Opcode::Resume => resume(site, thread),
        Opcode::ReturnValue => {
            let value = site.top();
            site.tell(Event::PyReturn, Detail::Value(&value), thread)?;
            Ok(Next::run(site.opcode))
        }
        Opcode::YieldValue => yield_value(site, thread),
        Opcode::Call | Opcode::CallKw => calls::call(site, thread),
        Opcode::CallFunctionEx => calls::call_function_ex(site, thread),
        Opcode::LoadSuperAttr => calls::load_super_attr(site, thread),
        Opcode::JumpForward => jump(site, site.after() + site.argument as usize, thread),
        Opcode::JumpBackward => {
            ops::check_eval_breaker(thread)?;
            jump(site, site.after().saturating_sub(site.argument as usize), thread)
        }
        Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue | Opcode::PopJumpIfNone | Opcode::PopJumpIfNotNone => {
            conditional_jump(site, thread)
        }
        Opcode::ForIter => for_iter(site, thread),
        Opcode::NotTaken => way_of_branch(site, Event::BranchLeft, thread),
        Opcode::PopIter => way_of_branch(site, Event::BranchRight, thread),
        Opcode::EndAsyncFor => {
            let source = site.after().saturating_sub(site.argument as usize);
            branch(site, Event::BranchRight, source, site.after(), thread)
        }
        Opcode::EndFor | Opcode::EndSend => stop_iteration(site, thread),
        _ => Ok(Next::run(site.opcode)),
    }
}

impl Site<'_> {
    pub fn frame(&self) -> &Frame {
        // SAFETY: the loop's frame is live while its instruction runs.
        unsafe { &*self.frame }
    }

    /// The code unit behind the instruction and its caches.
    fn after(&self) -> usize {
        self.index + 1 + self.opcode.cache_entries()
    }

    /// The loop's registers behind the instruction.
    pub fn state(&self) -> State {
        // SAFETY: an instruction follows.
        State::at(unsafe { self.at.add(1 + self.opcode.cache_entries()) }, self.frame)
    }

    /// The topmost value.
    fn top(&self) -> Py<Object> {
        Py::from_ref(self.state().peek(1).object())
    }

    /// Tells the tools that want the event at the instruction.
    pub fn tell(&self, event: Event, detail: Detail<'_>, thread: &mut Thread) -> PyResult<()> {
        let wanted = self.code.tools_at(self.index, event);
        tell(Occasion::new(event, self.frame, self.index, detail), wanted, self.tools, thread)
    }

    /// A tool raised when it was told of a line or an instruction, or of the way to what is at `index`: the exception comes from there, whatever caches
    /// the instruction has.
    fn raised_at(&self, index: usize, raised: Raised) -> Raised {
        self.tools.raised_at.set(Some(index));
        raised
    }

    /// Tells of a way to go on.
    fn tell_of_way(&self, event: Event, source: usize, target: usize, thread: &mut Thread) -> PyResult<()> {
        let wanted = self.code.tools_at(self.index, event);
        let occasion = Occasion::new(event, self.frame, self.index, Detail::Target(target));
        tell(Occasion { source, ..occasion }, wanted, self.tools, thread)
            .map_err(|raised| self.raised_at(target, raised))
    }

    /// True if a tool has set the frame's line.
    fn has_jumped(&self) -> bool {
        self.frame().instruction() != self.at
    }

    /// The loop goes on where a tool has put the frame.
    fn jumped(&self) -> PyResult<Next> {
        Ok(Next::at(self.frame().instruction_offset()))
    }

    /// The loop goes on at this code unit.
    fn go_on_at(&self, index: usize) -> PyResult<Next> {
        Ok(Next::at(index))
    }

    /// The loop goes on behind the instruction, with this stack.
    pub fn go_on(&self, state: State) -> PyResult<Next> {
        state.save();
        Ok(Next::at(self.after()))
    }
}

fn resume(site: &Site<'_>, thread: &mut Thread) -> PyResult<Next> {
    if site.argument & 3 < 2 {
        ops::check_eval_breaker(thread)?;
    }
    let event = if site.argument > 0 { Event::PyResume } else { Event::PyStart };
    site.tell(event, Detail::Nothing, thread)?;
    if site.has_jumped() {
        return site.jumped();
    }
    site.go_on_at(site.after())
}

/// A tool that sets the line keeps the value from being yielded.
fn yield_value(site: &Site<'_>, thread: &mut Thread) -> PyResult<Next> {
    let value = site.top();
    site.tell(Event::PyYield, Detail::Value(&value), thread)?;
    if site.has_jumped() {
        return site.jumped();
    }
    Ok(Next::run(site.opcode))
}

fn jump(site: &Site<'_>, target: usize, thread: &mut Thread) -> PyResult<Next> {
    site.tell_of_way(Event::Jump, site.index, target, thread)?;
    if site.has_jumped() {
        return site.jumped();
    }
    site.go_on_at(target)
}

/// The condition stays on the stack while tools are told, so that a tool which sets the line finds the stack as before.
fn conditional_jump(site: &Site<'_>, thread: &mut Thread) -> PyResult<Next> {
    let mut state = site.state();
    let condition = state.peek(1);
    let jumps = match site.opcode {
        Opcode::PopJumpIfFalse => condition.is(Bool::get(false)),
        Opcode::PopJumpIfTrue => condition.is(Bool::get(true)),
        Opcode::PopJumpIfNone => condition.is(NoneType::get()),
        _ => !condition.is(NoneType::get()),
    };
    let target = site.after() + site.argument as usize;
    if jumps {
        site.tell_of_way(Event::BranchRight, site.index, target, thread)?;
        if site.has_jumped() {
            return site.jumped();
        }
    }
    state.drop_top(thread);
    state.save();
    site.go_on_at(if jumps { target } else { site.after() })
}

fn for_iter(site: &Site<'_>, thread: &mut Thread) -> PyResult<Next> {
    let mut state = site.state();
    let Some(value) = ops::next(state.peek(1).object(), thread)? else {
        // Over END_FOR.
        return site.go_on_at(site.after() + site.argument as usize + 1);
    };
    site.tell_of_way(Event::BranchLeft, site.index, site.after(), thread)?;
    if site.has_jumped() {
        return site.jumped();
    }
    state.push_owned(value);
    site.go_on(state)
}

/// `NOT_TAKEN` and `POP_ITER`: what they tell of is the branch before them.
fn way_of_branch(site: &Site<'_>, event: Event, thread: &mut Thread) -> PyResult<Next> {
    // CPython tells of the instruction where the frame stood before.
    let source = match site.has_begun {
        false => site.code.branch_before(site.frame().code(), site.index),
        true => None,
    };
    branch(site, event, source.unwrap_or(site.index), site.after(), thread)
}

fn branch(site: &Site<'_>, event: Event, source: usize, target: usize, thread: &mut Thread) -> PyResult<Next> {
    site.tell_of_way(event, source, target, thread)?;
    if site.has_jumped() { site.jumped() } else { Ok(Next::run(site.opcode)) }
}

/// A generator or coroutine has returned in the middle of a loop or `await`: nobody raised StopIteration, but tools are told of it.
fn stop_iteration(site: &Site<'_>, thread: &mut Thread) -> PyResult<Next> {
    let receiver = site.state().peek(2).object();
    let is_generator = match site.opcode {
        Opcode::EndFor => receiver.is_exactly::<Generator>(),
        _ => as_generator(receiver).is_some(),
    };
    if is_generator {
        let raised = raise_end(site.top(), thread);
        let exception = thread.catch(raised);
        site.tell(Event::StopIteration, Detail::Value(&exception), thread)?;
    }
    Ok(Next::run(site.opcode))
}

/// Raises the StopIteration that a value means, as C code makes it (`PyErr_SetObject`): None is no argument, a tuple's items are arguments, and an
/// instance is the exception itself.
fn raise_end(value: Py<Object>, thread: &mut Thread) -> Raised {
    if value.is_none() {
        return thread.raise_kind(StopIteration);
    }
    if value.class().is_subtype(StopIteration.as_type()) {
        return thread.raise(value);
    }
    let Some(arguments) = value.downcast::<Tuple>() else { return thread.raise_with_argument(StopIteration, value) };
    match protocol::call_tuple(StopIteration.as_type(), arguments, None, thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}
