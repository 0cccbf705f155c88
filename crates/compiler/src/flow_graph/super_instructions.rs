//! Pairs of loads and stores of locals become one instruction.

use bytecode::instruction::CompilerOpcode;

use super::block::{FlowGraph, Instruction};
use super::redundancy;

/// Locals below this fit in half an argument.
const HALF_ARGUMENT: u32 = 16;

pub(super) fn insert(graph: &mut FlowGraph) {
    graph.for_each_block(|graph, id| {
        let instructions = graph[id].instructions_mut();
        for index in 1..instructions.len() {
            let [.., first, second] = &mut instructions[..=index] else { continue };
            combine(first, second);
        }
    });
    redundancy::remove_nops(graph);
}

fn combine(first: &mut Instruction, second: &mut Instruction) {
    let combined = match (first.opcode, second.opcode) {
        (CompilerOpcode::LoadFast, CompilerOpcode::LoadFast) => CompilerOpcode::LoadFastLoadFast,
        (CompilerOpcode::StoreFast, CompilerOpcode::LoadFast) => CompilerOpcode::StoreFastLoadFast,
        (CompilerOpcode::StoreFast, CompilerOpcode::StoreFast) => CompilerOpcode::StoreFastStoreFast,
        _ => return,
    };
    let (line, next_line) = (first.location, second.location);
    if line.has_line() && next_line.has_line() && line.line != next_line.line {
        return;
    }
    if first.oparg >= HALF_ARGUMENT || second.oparg >= HALF_ARGUMENT {
        return;
    }
    first.set(combined, first.oparg << 4 | second.oparg);
    second.set_nop();
}
