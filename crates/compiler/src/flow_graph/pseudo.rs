//! Replaces pseudo-instructions by what code objects can hold.

use bytecode::instruction::CompilerOpcode;

use super::block::{FlowGraph, Instruction};
use super::contents::Contents;
use super::error::FlowError;
use super::redundancy;

/// `JUMP_IF_FALSE` and `JUMP_IF_TRUE` keep the value: they become `COPY`, `TO_BOOL` and a jump that pops.
#[inline(never)]
pub(super) fn expand_conditional_jumps(graph: &mut FlowGraph) {
    graph.for_each_block(|graph, id| {
        let Some(last) = graph.last_mut(id) else { return };
        last.opcode = match last.opcode {
            CompilerOpcode::JumpIfFalse => CompilerOpcode::PopJumpIfFalse,
            CompilerOpcode::JumpIfTrue => CompilerOpcode::PopJumpIfTrue,
            _ => return,
        };
        // What the jump becomes is covered by its handler.
        let copy = Instruction { opcode: CompilerOpcode::Copy, oparg: 1, target: None, ..*last };
        let to_bool = Instruction { opcode: CompilerOpcode::ToBool, oparg: 0, ..copy };
        let index = graph[id].len() - 1;
        graph.insert(id, index, copy);
        graph.insert(id, index + 1, to_bool);
    });
}

/// Block-setup instructions go away, the others become what they stand for. (Jumps get their direction in the
/// assembler.)
#[inline(never)]
pub(super) fn replace_pseudo_instructions(graph: &mut FlowGraph) -> Result<(), FlowError> {
    let made = [CompilerOpcode::Nop, CompilerOpcode::LoadFast, CompilerOpcode::StoreFast].map(Contents::of_opcode);
    let made = made.into_iter().fold(Contents::NOTHING, Contents::with);
    graph.for_each_block(|graph, id| {
        if !graph.may_have(id, Contents::REPLACED) {
            return;
        }
        for instruction in graph.instructions_mut(id) {
            match instruction.opcode {
                opcode if !opcode.is_pseudo() => {}
                opcode if opcode.is_block_push() => instruction.set_nop(),
                CompilerOpcode::LoadClosure => instruction.opcode = CompilerOpcode::LoadFast,
                CompilerOpcode::StoreFastMaybeNull => instruction.opcode = CompilerOpcode::StoreFast,
                _ => {}
            }
        }
        graph[id].forget(Contents::REPLACED.with(Contents::SETUP));
        graph.note(id, made);
    });
    redundancy::remove_nops_and_jumps(graph)
}
