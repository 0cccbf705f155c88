//! Fewer `SWAP`s: runs of them become the shortest equivalent run, and some are done by reordering what follows.
//!
//! Pattern matching makes many.

use bytecode::instruction::CompilerOpcode;

use super::block::Instruction;

/// The most stack items that a run may reorder. Beyond, it is left as it is.
const MAX_DEPTH: usize = 1 << 16;

/// Simplifies all runs of `SWAP`s of a block.
pub(super) fn simplify(instructions: &mut [Instruction]) {
    let mut index = 0;
    while index < instructions.len() {
        if instructions[index].is(CompilerOpcode::Swap) {
            index += shorten_run(&mut instructions[index..]);
            apply_statically(instructions, index);
        }
        index += 1;
    }
}

/// Replaces the run of `SWAP`s and `NOP`s that starts here; yields the offset of its last instruction.
fn shorten_run(instructions: &mut [Instruction]) -> usize {
    let length = instructions
        .iter()
        .position(|each| !each.is(CompilerOpcode::Swap) && !each.is_nop())
        .unwrap_or(instructions.len());
    let run = &mut instructions[..length];
    let swaps = || run.iter().filter(|each| each.is(CompilerOpcode::Swap));
    let depth = swaps().map(|swap| swap.oparg as usize).max().unwrap_or(0);
    if swaps().count() < 2 || depth > MAX_DEPTH || swaps().any(|swap| swap.oparg == 0) {
        return 0;
    }
    // Where each stack item, counted from the top, comes from.
    let mut sources: Vec<usize> = (0..depth).collect();
    for swap in swaps() {
        sources.swap(0, swap.oparg as usize - 1);
    }
    let mut needed = swaps_for(&sources);
    needed.reverse();
    // The run is as long as it was: NOPs first, then the swaps.
    let padding = length.saturating_sub(needed.len());
    for instruction in &mut run[..padding] {
        instruction.set_nop();
    }
    for (instruction, oparg) in run[padding..].iter_mut().zip(needed) {
        instruction.set(CompilerOpcode::Swap, oparg);
    }
    length - 1
}

/// The swaps, last one first, that bring each item to its place: each cycle of the permutation is run through with the
/// top of the stack as the place to swap with (https://cs.stackexchange.com/a/13938).
fn swaps_for(sources: &[usize]) -> Vec<u32> {
    let mut is_done = vec![false; sources.len()];
    let mut swaps = Vec::new();
    for start in 0..sources.len() {
        if is_done[start] || sources[start] == start {
            continue;
        }
        let mut item = start;
        loop {
            if item != 0 {
                swaps.push(item as u32 + 1);
            }
            if std::mem::replace(&mut is_done[item], true) {
                break;
            }
            item = sources[item];
        }
    }
    swaps
}

/// Does `SWAP`s at and before `index` by exchanging the instructions after them that take the items.
fn apply_statically(instructions: &mut [Instruction], index: usize) {
    for at in (0..=index.min(instructions.len().saturating_sub(1))).rev() {
        let swap = instructions[at];
        if !swap.is(CompilerOpcode::Swap) {
            if swap.is_nop() || is_swappable(&swap) {
                continue;
            }
            return;
        }
        let Some(pair) = swapped_takers(instructions, at, swap.oparg) else { return };
        instructions[at].set_nop();
        instructions.swap(pair.0, pair.1);
    }
}

/// The instructions after `at` that take the two items that a `SWAP` exchanges, if exchanging them instead is safe.
fn swapped_takers(instructions: &[Instruction], at: usize, distance: u32) -> Option<(usize, usize)> {
    let first = next_swappable(instructions, at, None)?;
    let line = instructions[first].location.line;
    let mut second = first;
    for _ in 1..distance {
        // Beyond another line, tracing could see the names bound in the wrong order.
        second = next_swappable(instructions, second, (line >= 0).then_some(line))?;
    }
    let (first_local, second_local) = (stored_local(&instructions[first]), stored_local(&instructions[second]));
    if first_local.is_some() || second_local.is_some() {
        if first_local == second_local {
            return None;
        }
        let between = instructions[first..second].iter().skip(1).filter_map(stored_local).map(Some);
        if between.into_iter().any(|local| local == first_local || local == second_local) {
            return None;
        }
    }
    Some((first, second))
}

fn next_swappable(instructions: &[Instruction], after: usize, line: Option<i32>) -> Option<usize> {
    for (index, instruction) in instructions.iter().enumerate().skip(after + 1) {
        if line.is_some_and(|line| instruction.location.line != line) {
            return None;
        }
        if instruction.is_nop() {
            continue;
        }
        return is_swappable(instruction).then_some(index);
    }
    None
}

/// Whether it takes the top of the stack, and can neither raise nor jump nor run code but finalizers.
fn is_swappable(instruction: &Instruction) -> bool {
    instruction.is(CompilerOpcode::PopTop) || stored_local(instruction).is_some()
}

fn stored_local(instruction: &Instruction) -> Option<u32> {
    match instruction.opcode {
        CompilerOpcode::StoreFast | CompilerOpcode::StoreFastMaybeNull => Some(instruction.oparg),
        _ => None,
    }
}
