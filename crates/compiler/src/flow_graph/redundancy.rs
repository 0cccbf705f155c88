//! Removes what does nothing: `NOP`s that no line event needs, loads that are popped at once, jumps to the next block.

use std::cell::Cell;

use bytecode::instruction::CompilerOpcode;

use super::block::{BlockId, FlowGraph, Instruction};
use super::contents::Contents;
use super::error::FlowError;

/// Removes the `NOP`s of all blocks that can go; says how many.
pub(super) fn remove_nops(graph: &mut FlowGraph) -> usize {
    if !graph.contents().intersects(Contents::NOP) {
        return 0;
    }
    let mut removed = 0;
    let mut contents = Contents::NOTHING;
    graph.for_each_block(|graph, id| {
        removed += remove_nops_of(graph, id);
        contents = contents.with(graph[id].contents());
    });
    graph.set_contents(contents);
    removed
}

/// Removes the `NOP`s of a block that can go; says how many.
#[inline]
fn remove_nops_of(graph: &mut FlowGraph, id: BlockId) -> usize {
    if graph.may_have(id, Contents::NOP) { remove_nops_in(graph, id) } else { 0 }
}

/// A `NOP` stays if it is the only instruction of its line.
#[inline(never)]
fn remove_nops_in(graph: &mut FlowGraph, id: BlockId) -> usize {
    let ends_in_nop = graph.last(id).is_some_and(Instruction::is_nop);
    let line_after = if ends_in_nop { first_line_after(graph, id) } else { None };
    let instructions = graph.instructions_mut(id);
    let length = instructions.len();
    // Before the first one nothing changes.
    let Some(first) = instructions.iter().position(Instruction::is_nop) else {
        graph[id].forget(Contents::NOP);
        return 0;
    };
    let (mut kept, mut index) = (first, first);
    let mut keeps_nop = false;
    while index < length {
        if !can_go(instructions, kept, index, line_after) {
            instructions[kept] = instructions[index];
            kept += 1;
            keeps_nop = true;
        }
        index += 1;
        let moved = move_to_next_nop(instructions, index, kept);
        (kept, index) = (kept + moved, index + moved);
    }
    if kept < length {
        graph.truncate(id, kept);
    }
    if !keeps_nop {
        graph[id].forget(Contents::NOP);
    }
    length - kept
}

/// Whether the `NOP` at `index` can go, of a block of which `kept` instructions before it stay. The next one takes over its line if it has none.
fn can_go(instructions: &mut [Instruction], kept: usize, index: usize, line_after: Option<i32>) -> bool {
    let location = instructions[index].location;
    let previous_line = kept.checked_sub(1).map_or(-1, |last| instructions[last].location.line);
    if !location.has_line() || previous_line == location.line {
        return true;
    }
    match instructions.get_mut(index + 1) {
        Some(next) if next.location.line == location.line => true,
        Some(next) if !next.location.has_line() => {
            next.location = location;
            true
        }
        None => line_after == Some(location.line),
        _ => false,
    }
}

/// Moves the instructions before the next `NOP` from `from` down to `to`; says how many they are.
fn move_to_next_nop(instructions: &mut [Instruction], from: usize, to: usize) -> usize {
    let cells = Cell::from_mut(instructions).as_slice_of_cells();
    let mut moved = 0;
    for (source, target) in cells[from..].iter().zip(&cells[to..]) {
        let instruction = source.get();
        if instruction.is_nop() {
            break;
        }
        target.set(instruction);
        moved += 1;
    }
    moved
}

/// The line of what follows a block, `NOP`s without a line aside.
fn first_line_after(graph: &FlowGraph, id: BlockId) -> Option<i32> {
    let next = graph.next_nonempty(graph[id].next)?;
    let first = graph.instructions(next).iter().find(|each| !each.is_nop() || each.location.has_line());
    first.map(|instruction| instruction.location.line)
}

/// Removes `NOP`s, and pairs of a load and a `POP_TOP`, until none is left.
#[inline(never)]
pub(super) fn remove_nops_and_pairs(graph: &mut FlowGraph) {
    // Ends because the number of instructions only decreases.
    while remove_pairs(graph) {}
}

/// Whether [`remove_nops_and_pairs`] may find something.
#[inline]
pub(super) fn may_have_nops_or_pairs(graph: &FlowGraph) -> bool {
    // The load and the `POP_TOP` may be in different blocks when there was a jump between them.
    graph.flow_changed || graph.may_have_anywhere(Contents::NOP) || graph.contents().has_pairs(Contents::POPPED_LOADS)
}

fn remove_pairs(graph: &mut FlowGraph) -> bool {
    let mut changed = false;
    // The instruction before this one, which may stand in an earlier block.
    let mut previous: Option<(BlockId, usize)> = None;
    let mut contents = Contents::NOTHING;
    graph.for_each_block(|graph, id| {
        remove_nops_of(graph, id);
        if graph[id].is_labelled {
            previous = None;
        }
        let may_pop_previous =
            previous.is_some() && graph.first(id).is_some_and(|first| first.is(CompilerOpcode::PopTop));
        if may_pop_previous || graph[id].contents().has_pairs(Contents::POPPED_LOADS) {
            changed |= remove_pairs_of(graph, id, previous);
        }
        if let Some(last) = graph.last(id) {
            previous = if last.opcode.is_terminator() { None } else { Some((id, graph[id].len() - 1)) };
        }
        contents = contents.with(graph[id].contents());
    });
    if !changed {
        graph.set_contents(contents);
    }
    changed
}

/// As [`remove_pairs`], for one block. The instruction before it is `previous`.
fn remove_pairs_of(graph: &mut FlowGraph, id: BlockId, previous: Option<(BlockId, usize)>) -> bool {
    let mut changed = false;
    for index in 0..graph[id].len() {
        if !graph.instructions(id)[index].is(CompilerOpcode::PopTop) {
            continue;
        }
        let before = if index > 0 { Some((id, index - 1)) } else { previous };
        if let Some((block, at)) = before
            && only_pushes(&graph.instructions(block)[at])
        {
            graph.instructions_mut(block)[at].set_nop();
            graph.note(block, Contents::NOP);
            graph.instructions_mut(id)[index].set_nop();
            // What was around the two is now around nothing.
            graph.note(id, Contents::NOP.with(Contents::of_pairs(Contents::POPPED_LOADS)));
            graph.has_unused_constants = true;
            changed = true;
        }
    }
    changed
}

/// Whether it does nothing but push, so that it and a `POP_TOP` cancel out.
fn only_pushes(instruction: &Instruction) -> bool {
    match instruction.opcode {
        CompilerOpcode::LoadConst | CompilerOpcode::LoadSmallInt => true,
        CompilerOpcode::Copy => instruction.oparg == 1,
        _ => false,
    }
}

/// Turns jumps to where control goes anyway into `NOP`s; says how many.
fn remove_jumps(graph: &mut FlowGraph) -> Result<usize, FlowError> {
    let mut changes = 0;
    if !graph.contents().intersects(Contents::PLAIN_JUMP) {
        return Ok(0);
    }
    graph.try_for_each_block(|graph, id| {
        if !graph.may_have(id, Contents::PLAIN_JUMP) {
            return Ok(());
        }
        let Some(last) = graph.last(id) else { return Ok(()) };
        if !last.opcode.is_unconditional_jump() {
            return Ok(());
        }
        let target = graph.next_nonempty(last.target).ok_or(FlowError::JumpWithoutTarget)?;
        if graph.next_nonempty(graph[id].next) == Some(target) {
            changes += 1;
            graph.drop_last(id);
        }
        Ok(())
    })?;
    Ok(changes)
}

/// Removes `NOP`s and jumps until none is left.
#[inline(never)]
pub(super) fn remove_nops_and_jumps(graph: &mut FlowGraph) -> Result<(), FlowError> {
    remove_nops(graph);
    // Ends because the number of NOPs and jumps only decreases.
    while remove_jumps(graph)? > 0 || graph.contents().intersects(Contents::NOP) {
        if remove_nops(graph) == 0 {
            break;
        }
    }
    Ok(())
}
