//! Pairs of loads and stores of locals become one instruction.

use bytecode::instruction::CompilerOpcode;

use super::block::{FlowGraph, Instruction};
use super::contents::Contents;
use super::redundancy;

/// Locals below this fit in half an argument.
const HALF_ARGUMENT: u32 = 16;

/// Whether there may be pairs.
#[inline]
pub(super) fn is_of_interest(contents: Contents) -> bool {
    let has_new_neighbours = contents.intersects(Contents::GAP_CLOSED);
    contents.has_pairs(Contents::LOCAL_PAIRS) || has_new_neighbours && contents.begins(Contents::LOCAL_PAIRS, contents)
}

#[inline(never)]
pub(super) fn insert(graph: &mut FlowGraph) {
    let made = Contents::of_opcode(CompilerOpcode::Nop).with(Contents::UNUSUAL_STACK_USE);
    graph.for_each_block(|graph, id| {
        if !is_of_interest(graph[id].contents()) {
            return;
        }
        let instructions = graph.instructions_mut(id);
        let mut changed = false;
        for index in 1..instructions.len() {
            let [.., first, second] = &mut instructions[..=index] else { continue };
            let kinds = Contents::of_opcode(first.opcode);
            if kinds.begins(Contents::LOCAL_PAIRS, Contents::of_opcode(second.opcode)) {
                changed |= combine(first, second);
            }
        }
        if changed {
            graph.note(id, made);
        }
    });
    redundancy::remove_nops(graph);
}

/// Says whether the two could be combined.
fn combine(first: &mut Instruction, second: &mut Instruction) -> bool {
    let combined = match (first.opcode, second.opcode) {
        (CompilerOpcode::LoadFast, CompilerOpcode::LoadFast) => CompilerOpcode::LoadFastLoadFast,
        (CompilerOpcode::StoreFast, CompilerOpcode::LoadFast) => CompilerOpcode::StoreFastLoadFast,
        (CompilerOpcode::StoreFast, CompilerOpcode::StoreFast) => CompilerOpcode::StoreFastStoreFast,
        _ => return false,
    };
    let (line, next_line) = (first.location, second.location);
    if line.has_line() && next_line.has_line() && line.line != next_line.line {
        return false;
    }
    if first.oparg >= HALF_ARGUMENT || second.oparg >= HALF_ARGUMENT {
        return false;
    }
    first.set(combined, first.oparg << 4 | second.oparg);
    second.set_nop();
    true
}
