//! The depth of the value stack at the start of each block, and the most that the code needs.

use bytecode::instruction::CompilerOpcode;

use super::block::{BlockId, FlowGraph, Instruction};
use super::contents::Contents;
use super::error::FlowError;

/// Calculates the depths, assuming that loops do not change the depth; yields the greatest.
pub(super) fn calculate(graph: &mut FlowGraph) -> Result<u32, FlowError> {
    graph.for_each_block(|graph, id| graph[id].start_depth = None);
    let mut pending = graph.take_spare();
    let mut greatest = 0;
    enter(graph, &mut pending, graph.entry(), 0)?;
    while let Some(id) = pending.pop() {
        let mut depth = graph[id].start_depth.unwrap_or(0);
        let length = graph[id].len();
        let start = match graph[id].may_have(Contents::SETUP) {
            true => 0,
            // Only the last can jump.
            false => {
                for instruction in &graph[id].instructions()[..length.saturating_sub(1)] {
                    greatest = greatest.max(depth);
                    depth = depth_after(instruction, depth, false)?;
                }
                length.saturating_sub(1)
            }
        };
        for index in start..length {
            let instruction = &graph[id].instructions()[index];
            let depth_before = depth;
            greatest = greatest.max(depth_before);
            depth = depth_after(instruction, depth_before, false)?;
            // The argument of END_ASYNC_FOR says where the loop came from, not where to go.
            if instruction.opcode.has_target() && !instruction.is(CompilerOpcode::EndAsyncFor) {
                let target = instruction.target.ok_or(FlowError::JumpWithoutTarget)?;
                let depth_there = depth_after(instruction, depth_before, true)?;
                enter(graph, &mut pending, target, depth_there)?;
            }
        }
        if let Some(next) = graph.fallthrough(id) {
            enter(graph, &mut pending, next, depth)?;
        }
    }
    graph.give_spare(pending);
    Ok(greatest)
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
