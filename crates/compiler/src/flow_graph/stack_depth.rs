//! The depth of the value stack at the start of each block, and the most that the code needs.

use bytecode::instruction::CompilerOpcode;

use super::block::{BlockId, FlowGraph, Instruction};
use super::contents::Contents;
use super::error::FlowError;

/// Calculates the depths, assuming that loops do not change the depth; yields the greatest.
pub(super) fn calculate(graph: &mut FlowGraph) -> Result<u32, FlowError> {
    let mut pending = graph.take_spare();
    let mut greatest = 0;
    enter(graph, &mut pending, graph.entry(), 0)?;
    while let Some(id) = pending.pop() {
        let mut depth = graph[id].start_depth.unwrap_or(0);
        let length = graph[id].len();
        // Mostly only the last can jump, if that.
        let start = if graph.may_have(id, Contents::SETUP) { 0 } else { length.saturating_sub(1) };
        (depth, greatest) = depth_behind(&graph.instructions(id)[..start], depth, greatest)?;
        let mut falls_through = true;
        for index in start..length {
            let instruction = graph.instructions(id)[index];
            let depth_before = depth;
            greatest = greatest.max(depth_before);
            depth = depth_after(&instruction, depth_before, false)?;
            // The argument of END_ASYNC_FOR says where the loop came from, not where to go.
            if instruction.opcode.has_target() && !instruction.is(CompilerOpcode::EndAsyncFor) {
                let target = instruction.target.ok_or(FlowError::JumpWithoutTarget)?;
                let depth_there = depth_after(&instruction, depth_before, true)?;
                enter(graph, &mut pending, target, depth_there)?;
            }
            falls_through = !instruction.opcode.ends_flow();
        }
        if falls_through && let Some(next) = graph[id].next {
            enter(graph, &mut pending, next, depth)?;
        }
    }
    graph.give_spare(pending);
    Ok(greatest)
}

/// The depth behind instructions without targets, and the greatest depth yet.
fn depth_behind(instructions: &[Instruction], depth: u32, greatest: u32) -> Result<(u32, u32), FlowError> {
    let start = i64::from(depth);
    let (mut depth, mut least, mut most) = (start, start, i64::from(greatest));
    for instruction in instructions {
        most = most.max(depth);
        depth += instruction.opcode.regular_stack_effect(instruction.oparg);
        least = least.min(depth);
    }
    if least >= 0 && most.max(depth) <= i64::from(u32::MAX) {
        return Ok((depth as u32, most as u32));
    }
    // It gets too low, or not all have a regular effect.
    let (mut depth, mut most) = (start as u32, greatest);
    for instruction in instructions {
        most = most.max(depth);
        depth = depth_after(instruction, depth, false)?;
    }
    Ok((depth, most))
}

#[inline(always)]
fn depth_after(instruction: &Instruction, depth: u32, jump: bool) -> Result<u32, FlowError> {
    let Instruction { opcode, oparg, .. } = *instruction;
    let effect = opcode.stack_effect(oparg, jump).ok_or(FlowError::InvalidStackEffect { opcode, oparg })?;
    u32::try_from(i64::from(depth) + effect).map_err(|_| FlowError::StackUnderflow)
}

fn enter(graph: &mut FlowGraph, pending: &mut Vec<BlockId>, id: BlockId, depth: u32) -> Result<(), FlowError> {
    match graph[id].start_depth {
        None => {
            graph[id].start_depth = Some(depth);
            pending.push(id);
            Ok(())
        }
        Some(known) if known == depth => Ok(()),
        Some(_) => Err(FlowError::InconsistentStackDepth),
    }
}
