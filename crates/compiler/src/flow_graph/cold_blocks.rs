//! Blocks that run only after an exception move behind the others.

use bytecode::instruction::CompilerOpcode;
use bytecode::location::Location;

use super::block::{BlockId, FlowGraph, Worklist};
use super::error::FlowError;
use super::redundancy;

pub(super) fn push_to_end(graph: &mut FlowGraph) -> Result<(), FlowError> {
    let entry = graph.entry();
    if graph[entry].next.is_none() {
        return Ok(());
    }
    mark_warm(graph);
    mark_cold(graph);
    make_falls_explicit(graph);
    let (cold, warm): (Vec<_>, Vec<_>) = graph.chain().partition(|id| graph[*id].is_cold);
    relink(graph, &[&warm[..], &cold[..]].concat());
    if !cold.is_empty() {
        redundancy::remove_nops_and_jumps(graph)?;
    }
    Ok(())
}

/// Marks what is reached without an exception.
fn mark_warm(graph: &mut FlowGraph) {
    let mut work = Worklist::new(graph);
    work.add(graph.entry());
    while let Some(id) = work.pop() {
        graph[id].is_warm = true;
        if let Some(next) = graph.fallthrough(id) {
            work.add(next);
        }
        for instruction in graph[id].instructions() {
            if let Some(target) = instruction.jump_target() {
                work.add(target);
            }
        }
    }
}

/// Marks handlers, and what is reached only from them.
fn mark_cold(graph: &mut FlowGraph) {
    let mut work = Worklist::new(graph);
    for id in graph.chain() {
        if graph[id].is_handler {
            work.add(id);
        }
    }
    while let Some(id) = work.pop() {
        graph[id].is_cold = true;
        let jumps = graph[id].instructions().iter().filter_map(|instruction| instruction.jump_target());
        for successor in graph.fallthrough(id).into_iter().chain(jumps) {
            if !graph[successor].is_warm {
                work.add(successor);
            }
        }
    }
}

/// Where a cold block falls into a warm one, puts a jump between them.
fn make_falls_explicit(graph: &mut FlowGraph) {
    for id in graph.chain_ids() {
        if !graph[id].is_cold {
            continue;
        }
        let Some(next) = graph.fallthrough(id).filter(|next| graph[*next].is_warm) else { continue };
        let jump = graph.new_block();
        graph[next].is_labelled = true;
        graph[jump].add(CompilerOpcode::JumpNoInterrupt, 0, Some(next), Location::NONE);
        graph[jump].is_cold = true;
        graph[jump].predecessors = 1;
        graph.link_after(id, jump);
    }
}

/// Makes the chain be `order`, which starts with the entry.
fn relink(graph: &mut FlowGraph, order: &[BlockId]) {
    let followers = order.iter().skip(1).copied().map(Some).chain([None]);
    for (id, next) in order.iter().zip(followers) {
        graph[*id].next = next;
    }
}
