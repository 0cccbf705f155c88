//! Blocks that run only after an exception move behind the others.

use bytecode::instruction::CompilerOpcode;
use bytecode::location::Location;

use super::block::{BlockId, FlowGraph, Worklist};
use super::contents::Contents;
use super::error::FlowError;
use super::redundancy;

#[inline(never)]
pub(super) fn push_to_end(graph: &mut FlowGraph) -> Result<(), FlowError> {
    let entry = graph.entry();
    // Only what handlers lead to can be cold.
    if !graph.was_built_of(Contents::SETUP)
        || graph[entry].next.is_none()
        || !graph.chain().any(|id| graph[id].is_handler)
    {
        return Ok(());
    }
    mark_warm(graph);
    mark_cold(graph);
    make_falls_explicit(graph);
    if move_to_end(graph) {
        redundancy::remove_nops_and_jumps(graph)?;
    }
    Ok(())
}

/// Marks what is reached without an exception.
fn mark_warm(graph: &mut FlowGraph) {
    let mut work = Worklist::new(graph);
    work.add(graph, graph.entry());
    while let Some(id) = work.pop(graph) {
        graph[id].is_warm = true;
        for successor in successors(graph, id) {
            work.add(graph, successor);
        }
    }
}

/// Marks handlers, and what is reached only from them.
fn mark_cold(graph: &mut FlowGraph) {
    let mut work = Worklist::new(graph);
    graph.for_each_block(|graph, id| {
        if graph[id].is_handler {
            work.add(graph, id);
        }
    });
    while let Some(id) = work.pop(graph) {
        graph[id].is_cold = true;
        for successor in successors(graph, id) {
            if !graph[successor].is_warm {
                work.add(graph, successor);
            }
        }
    }
}

/// Where control goes from a block: on, and where its last instruction jumps.
fn successors(graph: &FlowGraph, id: BlockId) -> impl Iterator<Item = BlockId> + use<> {
    let jump = graph.last(id).and_then(|last| last.jump_target());
    graph.fallthrough(id).into_iter().chain(jump)
}

/// Where a cold block falls into a warm one, puts a jump between them.
fn make_falls_explicit(graph: &mut FlowGraph) {
    graph.for_each_block(|graph, id| {
        if !graph[id].is_cold {
            return;
        }
        let Some(next) = graph.fallthrough(id).filter(|next| graph[*next].is_warm) else { return };
        let jump = graph.new_block();
        graph[next].is_labelled = true;
        graph.add(jump, CompilerOpcode::JumpNoInterrupt, 0, Some(next), Location::NONE);
        graph[jump].is_cold = true;
        graph[jump].predecessors = 1;
        graph.link_after(id, jump);
    });
}

/// Puts the cold blocks of the chain behind the others, in their order; says whether there are any.
fn move_to_end(graph: &mut FlowGraph) -> bool {
    let mut last_warm = None;
    let mut first_cold = None;
    let mut last_cold = None;
    let mut current = Some(graph.entry());
    while let Some(id) = current {
        current = graph[id].next.take();
        let (last, first) =
            if graph[id].is_cold { (&mut last_cold, &mut first_cold) } else { (&mut last_warm, &mut None) };
        match last.replace(id) {
            Some(previous) => graph[previous].next = Some(id),
            None => *first = Some(id),
        }
    }
    if let Some(last) = last_warm {
        graph[last].next = first_cold;
    }
    first_cold.is_some()
}
