//! Jumps to small exits are replaced by a copy of the exit.
//!
//! So are jumps to blocks without line numbers, which makes room for each copy to get the line of where it comes from.

use bytecode::instruction::CompilerOpcode;

use super::block::{BlockId, FlowGraph};
use super::contents::Contents;

/// The most instructions that a copied exit has.
const MAX_COPY_SIZE: usize = 4;

#[inline(never)]
pub(super) fn inline_small_exits(graph: &mut FlowGraph) {
    loop {
        let mut changed = false;
        graph.for_each_block(|graph, id| changed |= inline_into(graph, id));
        // Each change removes a jump.
        if !changed {
            return;
        }
    }
}

fn inline_into(graph: &mut FlowGraph, id: BlockId) -> bool {
    if !graph.may_have(id, Contents::PLAIN_JUMP) {
        return false;
    }
    let Some(last) = graph.last(id) else { return false };
    let removed = last.opcode;
    if !removed.is_unconditional_jump() {
        return false;
    }
    // A block that jumps to itself has no end to copy.
    let Some(target) = last.target.filter(|target| *target != id) else { return false };
    let is_small_exit =
        graph.exits_scope(target) && graph[target].len() + graph[target].joined as usize <= MAX_COPY_SIZE;
    let is_without_lines = graph.has_no_lines(target) && !graph.falls_through(target);
    if !is_small_exit && !is_without_lines {
        return false;
    }
    graph.drop_last(id);
    graph.append_copy(target, id);
    if is_without_lines
        && removed == CompilerOpcode::Jump
        && let Some(last) = graph.last_mut(id)
        && last.opcode.is_unconditional_jump()
    {
        // The jump that went away looked at the eval breaker, so the one that replaces it must.
        last.opcode = CompilerOpcode::Jump;
    }
    graph[target].predecessors = graph[target].predecessors.saturating_sub(1);
    true
}
