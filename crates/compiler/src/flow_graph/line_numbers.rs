//! Gives a line to instructions that code generation left without one.
//!
//! Instructions that leave the frame or look at the eval breaker must have a line, because tracebacks and tracing look
//! at it there (PEP 626). A block that starts with one and has no line is copied for each jump to it, and takes over
//! the jump's line. Then lines spread along straight paths.

use bytecode::location::Location;

use super::block::{BlockId, FlowGraph, Instruction};
use super::contents::Contents;
use bytecode::instruction::InstructionFlags;

pub(super) fn resolve(graph: &mut FlowGraph) {
    if graph.is_straight() {
        let entry = graph.entry();
        if graph[entry].may_have(Contents::WITHOUT_LINE) {
            spread(graph[entry].instructions_mut());
        }
        return;
    }
    duplicate_exits(graph);
    propagate(graph);
}

/// Whether a block needs a line that it does not have.
fn needs_line(graph: &FlowGraph, id: BlockId) -> bool {
    let block = &graph[id];
    if block.first().is_none_or(|first| first.location.has_line()) {
        return false;
    }
    let looks_at_eval_breaker =
        || block.instructions().iter().any(|each| each.opcode.flags().contains(InstructionFlags::EVAL_BREAK));
    block.has_no_lines() && (block.exits_scope() || looks_at_eval_breaker())
}

fn duplicate_exits(graph: &mut FlowGraph) {
    let mut current = Some(graph.entry());
    while let Some(id) = current {
        if let Some(target) = graph.next_nonempty(graph[id].jump_target())
            && graph[target].predecessors > 1
            && needs_line(graph, target)
        {
            let location = last_location(graph, id);
            let copy = graph.new_block();
            graph.append_copy(target, copy);
            set_first_location(graph, copy, location);
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
        if !graph[id].is_empty()
            && let Some(next) = graph.fallthrough(id)
            && needs_line(graph, next)
        {
            let location = last_location(graph, id);
            set_first_location(graph, next, location);
        }
    });
}

fn propagate(graph: &mut FlowGraph) {
    graph.for_each_block(|graph, id| {
        if graph[id].is_empty() {
            return;
        }
        if graph[id].may_have(Contents::WITHOUT_LINE) {
            spread(graph[id].instructions_mut());
        }
        let successors = [graph.fallthrough(id), graph[id].jump_target()];
        for successor in successors.into_iter().flatten() {
            let needs_it = graph[successor].first().is_some_and(|first| first.location.line == Location::NONE.line);
            if graph[successor].predecessors == 1 && needs_it {
                let location = last_location(graph, id);
                set_first_location(graph, successor, location);
            }
        }
    });
}

/// Gives each instruction of a block that lacks a line the place of the one before.
fn spread(instructions: &mut [Instruction]) {
    let mut location = Location::NONE;
    for instruction in instructions {
        if instruction.location.line == Location::NONE.line {
            instruction.location = location;
        } else {
            location = instruction.location;
        }
    }
}

/// Where the last instruction of a block is.
fn last_location(graph: &FlowGraph, id: BlockId) -> Location {
    graph[id].last().map_or(Location::NONE, |last| last.location)
}

fn set_first_location(graph: &mut FlowGraph, id: BlockId, location: Location) {
    if let Some(first) = graph[id].instructions_mut().first_mut() {
        first.location = location;
        graph[id].note(Contents::of_location(location));
    }
}
