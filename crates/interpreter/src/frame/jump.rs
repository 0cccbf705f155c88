//! Setting `f_lineno`: making a frame go on at another line, as debuggers do (the analysis is that of CPython's `Objects/frameobject.c`).
//!
//! Who jumps must find the evaluation stack that the target expects, but for values that can be dropped. So what lies on the stack is worked out
//! for every instruction: not the values, but their kinds, which say whether one may stand for the other. Invariant: after a jump the stack
//! is as deep as the compiler assumed for the target.

use bytecode::exception_table;
use bytecode::instruction::{CompilerOpcode, Opcode};
use bytecode::line_table;
use objects::errors::{PyResult, RuntimeWarning};
use objects::none::NoneType;
use objects::raise;
use objects::thread::Thread;

use super::Frame;
use crate::code::Code;
use crate::monitoring::{Event, Tools};
use crate::ops;
use crate::stack_ref::StackRef;

/// What kind of value lies in a place of the stack.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(i64)]
enum Kind {
    Iterator = 1,
    Except = 2,
    Object = 3,
    Null = 4,
    Lasti = 5,
}

impl Kind {
    const BITS: u32 = 3;

    fn from_bits(bits: i64) -> Self {
        match bits {
            1 => Self::Iterator,
            2 => Self::Except,
            4 => Self::Null,
            5 => Self::Lasti,
            _ => Self::Object,
        }
    }

    /// Whether a value of this kind can be where another one is expected.
    fn can_be(self, expected: Kind) -> bool {
        match expected {
            Kind::Except | Kind::Lasti | Kind::Iterator => self == expected,
            Kind::Object => self != Kind::Null,
            // A call takes whatever is there as its receiver.
            Kind::Null => true,
        }
    }
}

/// The kinds on the stack, the topmost in the lowest bits: a deeper stack is a greater number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Stack(i64);

impl Stack {
    const EMPTY: Self = Self(0);
    const UNKNOWN: Self = Self(-2);
    /// Deeper than there are bits for.
    const OVERFLOWED: Self = Self(-1);

    fn is_known(self) -> bool {
        self.0 >= 0
    }

    fn push(self, kind: Kind) -> Self {
        if !self.is_known() || self.0 >= 1 << (63 - Kind::BITS) {
            return Self::OVERFLOWED;
        }
        Self(self.0 << Kind::BITS | kind as i64)
    }

    fn pop(self) -> Self {
        if self.is_known() { Self(self.0 >> Kind::BITS) } else { self }
    }

    fn top(self) -> Kind {
        Kind::from_bits(self.0 & ((1 << Kind::BITS) - 1))
    }

    fn depth(self) -> usize {
        let mut depth = 0;
        let mut rest = self;
        while rest.0 > 0 {
            rest = rest.pop();
            depth += 1;
        }
        depth
    }

    fn peek(self, depth: usize) -> Kind {
        (1..depth).fold(self, |stack, _| stack.pop()).top()
    }

    /// With what really lies on a frame's stack, as deep as this one: a place that may be empty, and is not, holds an object.
    fn filled(self, top: *const StackRef) -> Self {
        let mut filled = self;
        for place in 0..self.depth() {
            // SAFETY: the frame's stack is as deep as this one.
            let value = unsafe { top.sub(place + 1).read() };
            if self.peek(place + 1) == Kind::Null && !value.is_null() {
                let shift = Kind::BITS * place as u32;
                filled.0 = filled.0 & !(((1 << Kind::BITS) - 1) << shift) | (Kind::Object as i64) << shift;
            }
        }
        filled
    }

    fn cut_to(self, depth: usize) -> Self {
        let mut stack = self;
        while stack.0 > 0 && stack.depth() > depth {
            stack = stack.pop();
        }
        stack
    }

    fn swap(self, depth: usize) -> Self {
        let (top, other) = (self.top(), self.peek(depth));
        let shift = Kind::BITS * (depth as u32 - 1);
        if !self.is_known() || shift >= 63 {
            return self;
        }
        let mask = (1 << Kind::BITS) - 1;
        let cleared = self.0 & !mask & !(mask << shift);
        Self(cleared | other as i64 | (top as i64) << shift)
    }

    /// Whether code that expects `target` can go on with this stack, once it has been cut to the same depth.
    fn fits(self, target: Stack) -> bool {
        if !self.is_known() || !target.is_known() {
            return false;
        }
        let mut from = self;
        while from > target {
            from = from.pop();
        }
        let mut to = target;
        while from != Self::EMPTY {
            if !from.top().can_be(to.top()) {
                return false;
            }
            (from, to) = (from.pop(), to.pop());
        }
        to == Self::EMPTY
    }

    /// Why nothing can go on there.
    fn refusal(self) -> &'static str {
        if self == Self::OVERFLOWED {
            return "stack is too deep to analyze";
        }
        if self == Self::UNKNOWN {
            return "can't jump into an exception handler, or code may be unreachable";
        }
        match self.top() {
            Kind::Except => "can't jump into an 'except' block as there's no exception",
            Kind::Lasti => "can't jump into a re-raising block as there's no location",
            Kind::Object | Kind::Null => "incompatible stacks",
            Kind::Iterator => "can't jump into the body of a for loop",
        }
    }
}

/// The stack before each instruction of some code.
struct Stacks {
    stacks: Vec<Stack>,
    /// Something was found before the place where the search is.
    again: bool,
}

impl Stacks {
    fn of(code: &Code) -> Vec<Stack> {
        let instructions = code.original_code();
        let mut it = Stacks { stacks: vec![Stack::UNKNOWN; code.unit_count() + 1], again: true };
        it.stacks[0] = Stack::EMPTY;
        while it.again {
            it.again = false;
            it.go_through(&instructions);
            for handler in exception_table::entries(code.exception_table().as_slice()) {
                it.enter_handler(handler);
            }
        }
        it.stacks
    }

    fn go_through(&mut self, instructions: &[u8]) {
        let (mut at, mut argument) = (0, 0u32);
        let mut stack = self.stacks[0];
        while let Some([number, low]) = instructions.get(at * 2..at * 2 + 2) {
            let Some(opcode) = Opcode::from_u8(*number) else { break };
            if argument == 0 {
                stack = self.stacks[at];
            }
            argument = argument << 8 | u32::from(*low);
            let next = at + 1 + opcode.cache_entries();
            if opcode == Opcode::ExtendedArg {
                self.note(next, stack, at);
                at = next;
                continue;
            }
            if stack != Stack::UNKNOWN {
                self.follow(opcode, argument, at, next, stack);
            }
            (at, argument) = (next, 0);
        }
    }

    /// Notes the stack at an instruction to which another leads.
    fn note(&mut self, target: usize, stack: Stack, from: usize) {
        if let Some(place) = self.stacks.get_mut(target) {
            self.again |= *place == Stack::UNKNOWN && target < from;
            *place = stack;
        }
    }

    fn enter_handler(&mut self, handler: exception_table::Handler) {
        let (start, target) = (handler.start as usize, handler.target as usize);
        let (Some(before), Some(now)) = (self.stacks.get(start).copied(), self.stacks.get(target).copied()) else {
            return;
        };
        if before == Stack::UNKNOWN || now != Stack::UNKNOWN {
            return;
        }
        let mut stack = before.cut_to(handler.depth as usize);
        if handler.push_lasti {
            stack = stack.push(Kind::Lasti);
        }
        self.stacks[target] = stack.push(Kind::Except);
        self.again = true;
    }

    /// What the instruction makes of the stack, for all places where it may go on.
    fn follow(&mut self, opcode: Opcode, argument: u32, at: usize, next: usize, stack: Stack) {
        let count = argument as usize;
        let after = match opcode {
            Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue | Opcode::PopJumpIfNone | Opcode::PopJumpIfNotNone => {
                self.note(next + count, stack.pop(), at);
                stack.pop()
            }
            Opcode::Send => {
                self.note(next + count, stack, at);
                stack
            }
            Opcode::JumpForward => return self.note(next + count, stack, at),
            Opcode::JumpBackward | Opcode::JumpBackwardNoInterrupt => {
                return self.note(next.saturating_sub(count), stack, at);
            }
            Opcode::GetIter | Opcode::GetAiter => stack.pop().push(Kind::Iterator),
            Opcode::ForIter => {
                self.note(next + count, stack.push(Kind::Object), at);
                stack.push(Kind::Object)
            }
            Opcode::EndAsyncFor => stack.pop().pop(),
            Opcode::PushExcInfo => stack.push(Kind::Except),
            Opcode::PopExcept => stack.pop(),
            Opcode::ReturnValue | Opcode::RaiseVarargs | Opcode::Reraise => return,
            // What a comprehension's variable was before: nothing, if it was unbound.
            Opcode::PushNull | Opcode::LoadFastAndClear => stack.push(Kind::Null),
            Opcode::LoadGlobal if count & 1 != 0 => stack.push(Kind::Object).push(Kind::Null),
            Opcode::LoadGlobal => stack.push(Kind::Object),
            Opcode::LoadAttr if count & 1 != 0 => stack.pop().push(Kind::Object).push(Kind::Null),
            Opcode::LoadAttr => stack,
            Opcode::Swap => stack.swap(count),
            Opcode::Copy => stack.push(stack.peek(count)),
            _ => match CompilerOpcode::from(opcode).stack_effect(argument, false).unwrap_or(0) {
                effect @ ..0 => (effect..0).fold(stack, |stack, _| stack.pop()),
                effect => (0..effect).fold(stack, |stack, _| stack.push(Kind::Object)),
            },
        };
        self.note(next, after, at);
    }
}

/// The line that begins at each code unit where one does.
fn line_starts(code: &Code) -> Vec<(usize, i32)> {
    let mut last = None;
    let mut starts = Vec::new();
    for range in line_table::lines(code.line_table().as_slice(), code.first_line()) {
        if let Some(line) = range.line
            && last != Some(line)
        {
            starts.push((range.start as usize / 2, line));
            last = Some(line);
        }
    }
    starts
}

/// Whether this is a moment to set the line: in a tool, that is told of an event which leaves the stack as the compiler knows it.
fn check_moment(frame: *mut Frame, thread: &mut Thread) -> PyResult<()> {
    let number = thread.state().base().what_event.get();
    let Ok(number) = usize::try_from(number) else {
        return Err(raise!(thread, ValueError, "f_lineno can only be set in a trace function"));
    };
    match Event::ALL.get(number) {
        Some(
            Event::PyResume
            | Event::Jump
            | Event::Branch
            | Event::BranchLeft
            | Event::BranchRight
            | Event::Line
            | Event::PyYield,
        ) => {}
        Some(Event::PyStart) => {
            return Err(raise!(thread, ValueError, "can't jump from the 'call' trace event of a new frame"));
        }
        Some(Event::Call | Event::CReturn) => return Err(raise!(thread, ValueError, "can't jump during a call")),
        Some(
            Event::PyReturn
            | Event::PyUnwind
            | Event::PyThrow
            | Event::Raise
            | Event::CRaise
            | Event::Instruction
            | Event::ExceptionHandled,
        ) => return Err(raise!(thread, ValueError, "can only jump from a 'line' trace event")),
        _ => return Err(raise!(thread, SystemError, "unexpected event type")),
    }
    // Frames further out stand in the middle of a call, and suspended ones are resumed behind their `yield`.
    if Tools::of(thread).told.get() != frame {
        return Err(raise!(thread, ValueError, "can't jump during a call"));
    }
    Ok(())
}

/// Makes the frame, whose event is being told, go on at the first line with code from `line` on.
pub(super) fn set_line(frame: *mut Frame, line: Option<i32>, thread: &mut Thread) -> PyResult<()> {
    check_moment(frame, thread)?;
    let Some(line) = line else { return Err(raise!(thread, ValueError, "lineno out of range")) };
    // SAFETY: the frame's event is being told: it is live.
    let it = unsafe { &*frame };
    let code = it.code();
    if line < code.first_line() {
        return Err(raise!(thread, ValueError, "line {line} comes before the current code block"));
    }
    let starts = line_starts(code);
    let Some(target_line) = starts.iter().map(|(_, start)| *start).filter(|it| *it >= line).min() else {
        return Err(raise!(thread, ValueError, "line {line} comes after the current code block"));
    };
    let stacks = Stacks::of(code);
    let from = stacks[it.instruction_offset()];
    // SAFETY: both pointers are within the frame.
    let depth = unsafe { it.stack_pointer().offset_from(it.stack_base()) };
    if from.is_known() && usize::try_from(depth) != Ok(from.depth()) {
        return Err(raise!(thread, ValueError, "incompatible stacks"));
    }
    let from = if from.is_known() { from.filled(it.stack_pointer()) } else { from };
    let mut best: Option<(usize, Stack)> = None;
    let mut refusal = None;
    for (index, _) in starts.into_iter().filter(|(_, start)| *start == target_line) {
        let target = stacks[index];
        if from.fits(target) {
            if best.is_none_or(|(_, stack)| target > stack) {
                best = Some((index, target));
            }
        } else if refusal.is_none() {
            refusal = Some(match from {
                Stack::OVERFLOWED => "stack to deep to analyze",
                Stack::UNKNOWN => "can't jump from unreachable code",
                _ => target.refusal(),
            });
        }
    }
    let Some((index, target)) = best else {
        let refusal = refusal.unwrap_or("cannot find bytecode for specified line");
        return Err(raise!(thread, ValueError, "{refusal}"));
    };
    bind_unbound(it, thread)?;
    drop_values(it, from, target, thread);
    if let Some(object) = it.existing_object() {
        object.set_shown_line(0);
    }
    // SAFETY: the target is an instruction of the code.
    it.set_instruction(unsafe { code.first_instruction().add(index) });
    Ok(())
}

/// The compiler may have found that a variable is bound at the target: those that are not get None.
fn bind_unbound(frame: &Frame, thread: &mut Thread) -> PyResult<()> {
    let count = frame.code().local_count();
    let unbound = (0..count).filter(|index| frame.local(*index).is_null()).count();
    if unbound == 0 {
        return Ok(());
    }
    let plural = if unbound == 1 { "" } else { "s" };
    thread.warn(RuntimeWarning, 0, format_args!("assigning None to {unbound} unbound local{plural}"))?;
    for index in 0..count {
        if frame.local(index).is_null() {
            frame.set_local(index, StackRef::from_borrowed(NoneType::get()));
        }
    }
    Ok(())
}

/// Takes off what the target does not expect; what a handler keeps of the exception before becomes what is handled again.
fn drop_values(frame: &Frame, from: Stack, target: Stack, thread: &mut Thread) {
    let mut stack = from;
    while stack > target {
        // SAFETY: the analysis found so many values on the stack.
        let value = unsafe {
            let top = frame.stack_pointer().sub(1);
            frame.set_stack_pointer(top);
            top.replace(StackRef::NULL)
        };
        if stack.top() == Kind::Except {
            ops::restore_handled(value, thread);
        } else {
            value.close(thread);
        }
        stack = stack.pop();
    }
}
