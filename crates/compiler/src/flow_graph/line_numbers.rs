//! Gives a line to instructions that code generation left without one.
//!
//! Instructions that leave the frame or look at the eval breaker must have a line, because tracebacks and tracing look
//! at it there (PEP 626). A block that starts with one and has no line is copied for each jump to it, and takes over
//! the jump's line. Then lines spread along straight paths.

use bytecode::location::Location;

use super::block::{BlockId, FlowGraph};
use bytecode::instruction::InstructionFlags;

pub(super) fn resolve(graph: &mut FlowGraph) {
    duplicate_exits(graph);
    propagate(graph);
}

/// Whether a block needs a line that it does not have.
fn needs_line(graph: &FlowGraph, id: BlockId) -> bool {
    let block = &graph[id];
    let looks_at_eval_breaker =
        || block.instructions().iter().any(|each| each.opcode.flags().contains(InstructionFlags::EVAL_BREAK));
    // Most blocks have a line on their first instruction.
    block.has_no_lines() && (block.exits_scope() || looks_at_eval_breaker())
}

fn duplicate_exits(graph: &mut FlowGraph) {
    let mut current = Some(graph.entry());
    while let Some(id) = current {
        if let Some(jump) = graph[id].last().copied()
            && let Some(target) = graph.next_nonempty(jump.jump_target())
            && graph[target].predecessors > 1
            && needs_line(graph, target)
        {
            let copy = graph.new_block();
            graph.append_copy(target, copy);
            set_first_location(graph, copy, jump.location);
            if let Some(last) = graph[id].last_mut() {
                last.target = Some(copy);
            }
            graph[target].predecessors -= 1;
            graph[copy].predecessors = 1;
            graph[copy].is_labelled = true;
            graph.link_after(target, copy);
        }
        current = graph[id].next;
    }
    // What is left without a line is only fallen into, so it has a single predecessor.
    graph.for_each_block(|graph, id| {
        if let Some(last) = graph[id].last().copied()
            && let Some(next) = graph.fallthrough(id)
            && needs_line(graph, next)
        {
            set_first_location(graph, next, last.location);
        }
    });
}

fn propagate(graph: &mut FlowGraph) {
    graph.for_each_block(|graph, id| {
        let Some(last) = graph[id].last().copied() else { return };
        let mut location = Location::NONE;
        for instruction in graph[id].instructions_mut() {
            if instruction.location.line == Location::NONE.line {
                instruction.location = location;
            } else {
                location = instruction.location;
            }
        }
        let successors = [graph.fallthrough(id), last.jump_target()];
        for successor in successors.into_iter().flatten() {
            let needs_it = graph[successor].first().is_some_and(|first| first.location.line == Location::NONE.line);
            if graph[successor].predecessors == 1 && needs_it {
                set_first_location(graph, successor, location);
            }
        }
    });
}

fn set_first_location(graph: &mut FlowGraph, id: BlockId, location: Location) {
    if let Some(first) = graph[id].instructions_mut().first_mut() {
        first.location = location;
    }
}
