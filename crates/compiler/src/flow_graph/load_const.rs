//! Simplifies what happens to a constant that was just loaded: tests of its truth, comparisons with `None`.
//!
//! Small integers get their own instruction here.

use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode;

use super::block::{FlowGraph, Instruction};
use super::contents::Contents;
use super::error::FlowError;
use super::fold;
use crate::unit::ConstantTable;

#[inline(never)]
pub(super) fn simplify_uses(graph: &mut FlowGraph, constants: &mut ConstantTable<'_>) -> Result<(), FlowError> {
    graph.try_for_each_block(|graph, id| {
        if !is_of_interest(graph[id].contents()) {
            return Ok(());
        }
        graph[id].forget(Contents::SMALL_INTEGER);
        let instructions = graph.instructions_mut(id);
        let made = simplify_block(instructions, constants)?;
        graph.has_unused_constants |= made.has_dropped_loads;
        if made.kinds != Contents::NOTHING {
            graph.note(id, made.kinds);
            graph.flow_changed = true;
        }
        Ok(())
    })
}

#[inline]
pub(super) fn is_of_interest(contents: Contents) -> bool {
    contents.intersects(Contents::SMALL_INTEGER) || contents.has_pairs(Contents::CONSTANT_TESTS)
}

/// What the uses in a block became.
#[derive(Default)]
struct Made {
    kinds: Contents,
    /// Whether constants are loaded less often than before, the first one apart, which stays.
    has_dropped_loads: bool,
}

/// Simplifies the uses in a block.
fn simplify_block(instructions: &mut [Instruction], constants: &mut ConstantTable<'_>) -> Result<Made, FlowError> {
    // What goes away is mostly followed by a jump. A test that becomes a load may be followed by anything.
    let nop = Contents::of_opcode(CompilerOpcode::Nop);
    let jump = nop.with(Contents::of_opcode(CompilerOpcode::Jump));
    let anything = nop.with(Contents::of_opcode(CompilerOpcode::LoadConst)).with(Contents::ALL_PAIRS);
    let mut made = Made::default();
    // The load whose value is on top of the stack; a `COPY` of it counts as the load.
    let mut load = (CompilerOpcode::Nop, 0);
    for index in 0..instructions.len() {
        let current = &mut instructions[index];
        match current.opcode {
            CompilerOpcode::LoadConst => {
                let number = current.oparg;
                fold::use_small_integer(current, constants)?;
                load = (current.opcode, current.oparg);
                made.has_dropped_loads |= number > 0 && load.0 != CompilerOpcode::LoadConst;
            }
            CompilerOpcode::LoadSmallInt => load = (current.opcode, current.oparg),
            CompilerOpcode::Copy if current.oparg == 1 && load.0 == CompilerOpcode::LoadConst => {}
            _ => {
                load.0 = CompilerOpcode::Nop;
                continue;
            }
        }
        let Some(next) = instructions.get(index + 1).map(|next| next.opcode) else { continue };
        match next {
            CompilerOpcode::PopJumpIfFalse
            | CompilerOpcode::PopJumpIfTrue
            | CompilerOpcode::JumpIfFalse
            | CompilerOpcode::JumpIfTrue => {
                let is_true = fold::constant_of(load.0, load.1, constants)?.is_true();
                decide_jump(&mut instructions[index..], next, is_true);
                made.kinds = made.kinds.with(jump);
            }
            CompilerOpcode::IsOp if fold::constant_of(load.0, load.1, constants)? == Constant::None => {
                jump_on_none(&mut instructions[index..]);
                made.kinds = made.kinds.with(nop);
            }
            CompilerOpcode::ToBool => {
                let is_true = fold::constant_of(load.0, load.1, constants)?.is_true();
                let number = fold::add_constant(Constant::Bool(is_true), constants)?;
                instructions[index].set_nop();
                instructions[index + 1].set(CompilerOpcode::LoadConst, number);
                made.kinds = made.kinds.with(anything);
            }
            _ => {}
        }
    }
    made.has_dropped_loads |= made.kinds != Contents::NOTHING;
    Ok(made)
}

/// A load of a constant and a conditional jump: always jumps or never.
fn decide_jump(instructions: &mut [Instruction], jump: CompilerOpcode, is_true: bool) {
    let [load, jump_instruction, ..] = instructions else { return };
    if matches!(jump, CompilerOpcode::PopJumpIfFalse | CompilerOpcode::PopJumpIfTrue) {
        load.set_nop();
    }
    let jumps_if_true = matches!(jump, CompilerOpcode::PopJumpIfTrue | CompilerOpcode::JumpIfTrue);
    if is_true == jumps_if_true {
        jump_instruction.opcode = CompilerOpcode::Jump;
    } else {
        jump_instruction.set_nop();
    }
}

/// `LOAD_CONST None`, `IS_OP`, perhaps `TO_BOOL`, and a jump that pops: becomes a jump on `None`.
fn jump_on_none(instructions: &mut [Instruction]) {
    let mut jump_at = 2;
    if instructions.get(jump_at).is_some_and(|each| each.is(CompilerOpcode::ToBool)) {
        // The outcome is a bool in any case.
        instructions[jump_at].set_nop();
        jump_at += 1;
    }
    let Some(jump) = instructions.get(jump_at).map(|jump| jump.opcode) else { return };
    let is_inverted = instructions[1].oparg != 0;
    let jumps_on_none = match jump {
        CompilerOpcode::PopJumpIfTrue => !is_inverted,
        CompilerOpcode::PopJumpIfFalse => is_inverted,
        _ => return,
    };
    instructions[0].set_nop();
    instructions[1].set_nop();
    instructions[jump_at].opcode =
        if jumps_on_none { CompilerOpcode::PopJumpIfNone } else { CompilerOpcode::PopJumpIfNotNone };
}
