//! The depth of the value stack at the start of each block, and the most that the code needs.

use bytecode::instruction::CompilerOpcode;

use super::block::{BlockId, FlowGraph, Instruction};
use super::error::FlowError;

/// Calculates the depths, assuming that loops do not change the depth; yields the greatest.
#[inline(never)]
pub(super) fn calculate(graph: &mut FlowGraph) -> Result<u32, FlowError> {
    let mut pending = graph.take_spare();
    let mut greatest = 0;
    enter(graph, &mut pending, graph.entry(), 0)?;
    while let Some(id) = pending.pop() {
        let mut depth = graph[id].start_depth.unwrap_or(0);
        let mut index = 0;
        loop {
            let passed;
            (passed, depth, greatest) = pass_regular(&graph.instructions(id)[index..], depth, greatest)?;
            index += passed;
            let Some(instruction) = graph.instructions(id).get(index).copied() else { break };
            greatest = greatest.max(depth);
            if let Some(target) = where_it_goes(&instruction) {
                enter(graph, &mut pending, target?, depth_after(&instruction, depth, true)?)?;
            }
            depth = depth_after(&instruction, depth, false)?;
            index += 1;
        }
        // If the last one jumps, it is as deep there; those of which that is not true are irregular.
        let last = graph.last(id).copied();
        if let Some(target) = last.filter(|last| last.opcode.has_jump()).and_then(|last| where_it_goes(&last)) {
            enter(graph, &mut pending, target?, depth)?;
        }
        if let Some(next) = graph.fallthrough(id) {
            enter(graph, &mut pending, next, depth)?;
        }
    }
    graph.give_spare(pending);
    Ok(greatest)
}

/// Passes instructions with regular effects, up to the first that has none; yields how many they are, the depth behind them, and the greatest
/// depth yet.
#[inline]
fn pass_regular(instructions: &[Instruction], depth: u32, greatest: u32) -> Result<(usize, u32, u32), FlowError> {
    let (mut depth, mut most) = (i64::from(depth), i64::from(greatest));
    // Negative if one of them was.
    let mut all = depth;
    let mut passed = instructions.len();
    for (index, instruction) in instructions.iter().enumerate() {
        let Some(effect) = instruction.opcode.regular_stack_effect(instruction.oparg) else {
            passed = index;
            break;
        };
        most = most.max(depth);
        depth += effect;
        all |= depth;
    }
    if all < 0 || most.max(depth) > i64::from(u32::MAX) {
        return Err(FlowError::StackUnderflow);
    }
    Ok((passed, depth as u32, most as u32))
}

/// Where an instruction jumps, or which handler it pushes.
#[inline]
fn where_it_goes(instruction: &Instruction) -> Option<Result<BlockId, FlowError>> {
    // The argument of END_ASYNC_FOR says where the loop came from, not where to go.
    let goes = instruction.opcode.has_target() && !instruction.is(CompilerOpcode::EndAsyncFor);
    goes.then(|| instruction.target.ok_or(FlowError::JumpWithoutTarget))
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
