//! Drops constants that no instruction loads any more and renumbers the others.

use std::hint::select_unpredictable;

use super::block::FlowGraph;
use super::contents::Contents;
use crate::unit::ConstantTable;

/// What stands for the number of a constant that is not used.
const UNUSED: u32 = u32::MAX;

#[inline(never)]
pub(super) fn remove(graph: &mut FlowGraph, constants: &mut ConstantTable<'_>) {
    // The first may be the docstring, so it stays.
    if constants.len() < 2 {
        return;
    }
    let mut numbers = graph.take_spare_numbers();
    numbers.resize(constants.len(), UNUSED);
    numbers[0] = 0;
    mark_used(graph, &mut numbers);
    if numbers.contains(&UNUSED) {
        for (number, new) in numbers.iter_mut().filter(|number| **number != UNUSED).zip(0..) {
            *number = new;
        }
        constants.retain_numbers(|number| numbers[number] != UNUSED);
        renumber(graph, &numbers);
    }
    graph.give_spare_numbers(numbers);
}

/// Sets the numbers of used constants to 0.
fn mark_used(graph: &FlowGraph, numbers: &mut [u32]) {
    for id in graph.chain().filter(|id| graph.may_have(*id, Contents::CONSTANT)) {
        for instruction in graph.instructions(id) {
            let is_load = Contents::of_opcode(instruction.opcode).intersects(Contents::CONSTANT);
            // Marking the first again is quicker than a branch.
            let number = select_unpredictable(is_load, instruction.oparg, 0);
            if let Some(number) = numbers.get_mut(number as usize) {
                *number = 0;
            }
        }
    }
}

fn renumber(graph: &mut FlowGraph, numbers: &[u32]) {
    graph.for_each_block(|graph, id| {
        if !graph.may_have(id, Contents::CONSTANT) {
            return;
        }
        for instruction in graph.instructions_mut(id) {
            let is_load = Contents::of_opcode(instruction.opcode).intersects(Contents::CONSTANT);
            let number = numbers.get(select_unpredictable(is_load, instruction.oparg as usize, 0));
            let number = number.copied().unwrap_or(instruction.oparg);
            instruction.oparg = select_unpredictable(is_load, number, instruction.oparg);
        }
    });
}
