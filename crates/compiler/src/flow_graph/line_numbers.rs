//! Gives a line to instructions that code generation left without one.
//!
//! Instructions that leave the frame or look at the eval breaker must have a line, because tracebacks and tracing look
//! at it there (PEP 626). A block that starts with one and has no line is copied for each jump to it, and takes over
//! the jump's line. Then lines spread along straight paths.

use bytecode::location::Location;

use super::block::{BlockId, FlowGraph, Instruction};
use super::contents::Contents;
use bytecode::instruction::InstructionFlags;

#[inline(never)]
pub(super) fn resolve(graph: &mut FlowGraph) {
    if graph.is_straight() {
        let entry = graph.entry();
        spread_in(graph, entry);
        graph.set_contents(graph[entry].contents());
        return;
    }
    if graph.chain().any(|id| graph[id].predecessors > 1 && needs_line(graph, id)) {
        duplicate_exits(graph);
    }
    if propagate_falls(graph) {
        propagate(graph);
    }
}

/// Whether a block needs a line that it does not have.
fn needs_line(graph: &FlowGraph, id: BlockId) -> bool {
    if !graph.may_have(id, Contents::WITHOUT_LINE) || graph.first(id).is_none_or(|first| first.location.has_line()) {
        return false;
    }
    let looks_at_eval_breaker =
        || graph.instructions(id).iter().any(|each| each.opcode.flags().contains(InstructionFlags::EVAL_BREAK));
    graph.has_no_lines(id) && (graph.exits_scope(id) || looks_at_eval_breaker())
}

fn duplicate_exits(graph: &mut FlowGraph) {
    let mut current = Some(graph.entry());
    while let Some(id) = current {
        if let Some(target) = graph.last_jump_target(id)
            && let Some(target) = graph.next_nonempty(Some(target))
            && graph[target].predecessors > 1
            && needs_line(graph, target)
        {
            let location = last_location(graph, id);
            let copy = graph.new_block();
            graph.append_copy(target, copy);
            graph.flow_changed = true;
            set_first_location(graph, copy, location);
            if let Some(last) = graph.last_mut(id) {
                last.target = Some(copy);
            }
            graph[target].predecessors -= 1;
            graph[copy].predecessors = 1;
            graph[copy].is_labelled = true;
            graph.link_after(target, copy);
        }
        current = graph[id].next;
    }
}

/// Spreads lines in blocks, and into those that are fallen into; says whether there is more to do, because a block without a line may get that
/// of a jump. Few blocks lack lines.
fn propagate_falls(graph: &mut FlowGraph) -> bool {
    let mut lacks_line = false;
    let mut contents = Contents::NOTHING;
    let mut previous = None;
    graph.for_each_block(|graph, id| {
        if graph.may_have(id, Contents::WITHOUT_LINE) {
            // An exit that lacks a line is only fallen into, now that those that are jumped to have copies.
            if let Some(last) = previous.and_then(|previous| graph.last(previous))
                && !last.opcode.ends_flow()
                && graph.first(id).is_some_and(|first| first.location.line == Location::NONE.line)
                && (graph[id].predecessors == 1 || needs_line(graph, id))
            {
                let location = last.location;
                set_first_location(graph, id, location);
            }
            spread_in(graph, id);
            // Nothing jumps to a handler.
            let may_get_line = graph[id].predecessors == 1 && !graph[id].is_handler;
            lacks_line |= may_get_line && graph[id].may_have(Contents::WITHOUT_LINE);
        }
        contents = contents.with(graph[id].contents());
        previous = Some(id);
    });
    graph.set_contents(contents);
    lacks_line
}

/// As [`propagate_falls`], into blocks that are jumped to as well.
fn propagate(graph: &mut FlowGraph) {
    let mut contents = Contents::NOTHING;
    graph.for_each_block(|graph, id| {
        spread_in(graph, id);
        contents = contents.with(graph[id].contents());
        let Some(last) = graph.last(id).copied() else { return };
        let target = last.jump_target().filter(|target| may_need_line(graph, *target));
        let next = graph[id].next.filter(|next| may_need_line(graph, *next) && !last.opcode.ends_flow());
        for successor in next.into_iter().chain(target) {
            if graph.first(successor).is_some_and(|first| first.location.line == Location::NONE.line) {
                set_first_location(graph, successor, last.location);
            }
        }
    });
    graph.set_contents(contents);
}

/// Whether the only block before `id` may give it a line.
#[inline]
fn may_need_line(graph: &FlowGraph, id: BlockId) -> bool {
    graph.may_have(id, Contents::WITHOUT_LINE) && graph[id].predecessors == 1
}

/// Spreads the lines in a block.
fn spread_in(graph: &mut FlowGraph, id: BlockId) {
    if graph.may_have(id, Contents::WITHOUT_LINE) {
        spread(graph.instructions_mut(id));
        if graph.first(id).is_some_and(|first| first.location.line != Location::NONE.line) {
            graph[id].forget(Contents::WITHOUT_LINE);
        }
    }
}

/// Gives each instruction of a block that lacks a line the place of the one before. Few do but the first ones, which keep what they have.
fn spread(instructions: &mut [Instruction]) {
    let lacks_line = |instruction: &Instruction| instruction.location.line == Location::NONE.line;
    let Some(mut before) = instructions.iter().position(|each| !lacks_line(each)) else { return };
    while let Some(distance) = instructions[before + 1..].iter().position(lacks_line) {
        before += distance;
        instructions[before + 1].location = instructions[before].location;
    }
}

/// Where the last instruction of a block is.
fn last_location(graph: &FlowGraph, id: BlockId) -> Location {
    graph.last(id).map_or(Location::NONE, |last| last.location)
}

fn set_first_location(graph: &mut FlowGraph, id: BlockId, location: Location) {
    if let Some(first) = graph.instructions_mut(id).first_mut() {
        first.location = location;
        graph.note(id, Contents::of_location(location));
    }
}
