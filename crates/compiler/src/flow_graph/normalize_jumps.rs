//! Conditional jumps go forward only and are followed by `NOT_TAKEN`.
//!
//! One that would go backward is turned round: it jumps over a new block that jumps backward. Runs when the order of
//! the blocks is final, since it decides what backward means.

use bytecode::instruction::CompilerOpcode;

use super::block::{BlockId, FlowGraph, Marks};

#[inline(never)]
pub(super) fn normalize(graph: &mut FlowGraph) {
    let before = Marks::new(graph);
    let mut current = Some(graph.entry());
    while let Some(id) = current {
        current = graph[id].next;
        before.set(graph, id);
        if graph.last(id).is_some_and(|last| last.opcode.is_conditional_jump()) {
            normalize_block(graph, id, &before);
        }
    }
}

/// Normalizes a block that ends in a conditional jump.
fn normalize_block(graph: &mut FlowGraph, id: BlockId, before: &Marks) {
    let Some(jump) = graph.last(id).copied() else { return };
    let Some(target) = jump.target else { return };
    if !before.is_set(graph, target) {
        graph.add_after_removal(id, CompilerOpcode::NotTaken, jump.location);
        return;
    }
    let backward = graph.new_block();
    graph.add(backward, CompilerOpcode::NotTaken, 0, None, jump.location);
    graph.add(backward, CompilerOpcode::Jump, 0, Some(target), jump.location);
    graph[backward].start_depth = graph[target].start_depth;
    graph[backward].is_cold = graph[id].is_cold;
    let next = graph[id].next;
    if let Some(last) = graph.last_mut(id) {
        last.opcode = reversed(last.opcode);
        last.target = next;
    }
    graph.link_after(id, backward);
}

fn reversed(opcode: CompilerOpcode) -> CompilerOpcode {
    match opcode {
        CompilerOpcode::PopJumpIfNone => CompilerOpcode::PopJumpIfNotNone,
        CompilerOpcode::PopJumpIfNotNone => CompilerOpcode::PopJumpIfNone,
        CompilerOpcode::PopJumpIfFalse => CompilerOpcode::PopJumpIfTrue,
        CompilerOpcode::PopJumpIfTrue => CompilerOpcode::PopJumpIfFalse,
        other => other,
    }
}
