//! Which instruction ran right before another one. Whether a line is new depends on it, and CPython's frames stand at every instruction, but ours
//! only at those during which somebody may look. What ran since then can be told from the code, since it neither calls nor raises.

use bytecode::instruction::Opcode;

use crate::code::Code;
use crate::evaluate::saves_instruction;

/// As many instructions in a row as are looked through.
const LIMIT: usize = 64;

/// The instruction that ran right before the one at `index`: `saved` is where the frame stood last. If that leads there by an exception, it is that.
pub(super) fn last_before(code: &Code, saved: usize, index: usize) -> usize {
    let mut reached = vec![saved];
    let mut at = 0;
    while let Some(&from) = reached.get(at) {
        at += 1;
        for next in following(code, from).into_iter().flatten() {
            if next == index {
                return from;
            }
            if reached.len() < LIMIT && !reached.contains(&next) && !saves(code, next) {
                reached.push(next);
            }
        }
    }
    saved
}

/// Whether the frame stands at an instruction while it runs.
fn saves(code: &Code, index: usize) -> bool {
    // SAFETY: the code has this unit: an instruction leads there.
    let number = unsafe { code.first_instruction().add(index).read() } as u8;
    Opcode::from_u8(number).is_none_or(|it| it.is_instrumented() || saves_instruction(&[it.flags()]))
}

/// Where an instruction may go on, without exceptions.
fn following(code: &Code, index: usize) -> [Option<usize>; 2] {
    let Some(opcode) = code.original_opcode(index) else { return [None; 2] };
    let next = index + 1 + opcode.cache_entries();
    let argument = argument(code, index);
    let (falls_through, target) = match opcode {
        Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue | Opcode::PopJumpIfNone | Opcode::PopJumpIfNotNone => {
            (true, Some(next + argument))
        }
        // Over END_FOR, but when a generator returns.
        Opcode::ForIter => (true, Some(next + argument + 1)),
        Opcode::Send => (true, Some(next + argument)),
        Opcode::JumpForward => (false, Some(next + argument)),
        Opcode::JumpBackward | Opcode::JumpBackwardNoInterrupt => (false, next.checked_sub(argument)),
        Opcode::ReturnValue | Opcode::RaiseVarargs | Opcode::Reraise => (false, None),
        _ => (true, None),
    };
    [falls_through.then_some(next), target].map(|it| it.filter(|it| *it < code.unit_count()))
}

/// An instruction's argument, with the prefixes before it.
fn argument(code: &Code, index: usize) -> usize {
    // SAFETY: the code has these units.
    let low = |index: usize| usize::from(unsafe { code.first_instruction().add(index).read() } >> 8);
    let (mut argument, mut shift, mut at) = (low(index), 8, index);
    while at > 0 && shift < 32 && code.original_opcode(at - 1) == Some(Opcode::ExtendedArg) {
        at -= 1;
        argument |= low(at) << shift;
        shift += 8;
    }
    argument
}
