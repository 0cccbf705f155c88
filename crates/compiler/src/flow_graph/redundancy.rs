//! Removes what does nothing: `NOP`s that no line event needs, loads that are popped at once, jumps to the next block.

use bytecode::instruction::CompilerOpcode;

use super::block::{BlockId, FlowGraph, Instruction};
use super::contents::Contents;
use super::error::FlowError;

/// Removes the `NOP`s of all blocks that can go; says how many.
pub(super) fn remove_nops(graph: &mut FlowGraph) -> usize {
    let mut removed = 0;
    graph.for_each_block(|graph, id| removed += remove_nops_of(graph, id));
    removed
}

/// A `NOP` stays if it is the only instruction of its line.
fn remove_nops_of(graph: &mut FlowGraph, id: BlockId) -> usize {
    if !graph[id].may_have(Contents::NOP) {
        return 0;
    }
    let ends_in_nop = graph[id].last().is_some_and(Instruction::is_nop);
    let line_after = if ends_in_nop { first_line_after(graph, id) } else { None };
    let block = &mut graph[id];
    let before = block.len();
    let mut previous_line = -1;
    let mut keeps_nop = false;
    block.retain_by_index(|instructions, index| {
        let Instruction { location, .. } = instructions[index];
        if instructions[index].is_nop() {
            if !location.has_line() || previous_line == location.line {
                return false;
            }
            match instructions.get_mut(index + 1) {
                Some(next) if next.location.line == location.line => return false,
                Some(next) if !next.location.has_line() => {
                    next.location = location;
                    return false;
                }
                None if line_after == Some(location.line) => return false,
                _ => {}
            }
            keeps_nop = true;
        }
        previous_line = location.line;
        true
    });
    if !keeps_nop {
        block.forget(Contents::NOP);
    }
    before - block.len()
}

/// The line of what follows a block, `NOP`s without a line aside.
fn first_line_after(graph: &FlowGraph, id: BlockId) -> Option<i32> {
    let next = graph.next_nonempty(graph[id].next)?;
    let first = graph[next].instructions().iter().find(|each| !each.is_nop() || each.location.has_line());
    first.map(|instruction| instruction.location.line)
}

/// Removes `NOP`s, and pairs of a load and a `POP_TOP`, until none is left.
pub(super) fn remove_nops_and_pairs(graph: &mut FlowGraph) {
    while remove_pairs(graph) {}
}

fn remove_pairs(graph: &mut FlowGraph) -> bool {
    let mut changed = false;
    // The instruction before this one, which may stand in an earlier block.
    let mut previous: Option<(BlockId, usize)> = None;
    graph.for_each_block(|graph, id| {
        remove_nops_of(graph, id);
        if graph[id].is_labelled {
            previous = None;
        }
        if graph[id].may_have(Contents::POP_TOP) {
            changed |= remove_pairs_of(graph, id, previous);
        }
        if let Some(last) = graph[id].last() {
            previous = if last.opcode.is_terminator() { None } else { Some((id, graph[id].len() - 1)) };
        }
    });
    changed
}

/// As [`remove_pairs`], for one block. The instruction before it is `previous`.
fn remove_pairs_of(graph: &mut FlowGraph, id: BlockId, previous: Option<(BlockId, usize)>) -> bool {
    let mut changed = false;
    for index in 0..graph[id].len() {
        if !graph[id].instructions()[index].is(CompilerOpcode::PopTop) {
            continue;
        }
        let before = if index > 0 { Some((id, index - 1)) } else { previous };
        if let Some((block, at)) = before
            && only_pushes(&graph[block].instructions()[at])
        {
            graph[block].instructions_mut()[at].set_nop();
            graph[block].note(Contents::NOP);
            graph[id].instructions_mut()[index].set_nop();
            graph[id].note(Contents::NOP);
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
    graph.try_for_each_block(|graph, id| {
        let Some(last) = graph[id].last() else { return Ok(()) };
        if !last.opcode.is_unconditional_jump() {
            return Ok(());
        }
        let target = graph.next_nonempty(last.target).ok_or(FlowError::JumpWithoutTarget)?;
        if graph.next_nonempty(graph[id].next) == Some(target) {
            changes += 1;
            graph[id].drop_last();
        }
        Ok(())
    })?;
    Ok(changes)
}

/// Removes `NOP`s and jumps until none is left.
pub(super) fn remove_nops_and_jumps(graph: &mut FlowGraph) -> Result<(), FlowError> {
    // Ends because the number of NOPs and jumps only decreases.
    while remove_nops(graph) + remove_jumps(graph)? > 0 {}
    Ok(())
}
