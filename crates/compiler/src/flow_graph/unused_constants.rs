//! Drops constants that no instruction loads any more and renumbers the others.

use bytecode::instruction::InstructionFlags;

use super::block::FlowGraph;
use crate::unit::ConstantTable;

pub(super) fn remove(graph: &mut FlowGraph, constants: &mut ConstantTable) {
    let mut is_used = vec![false; constants.len()];
    // The first may be the docstring.
    if let Some(first) = is_used.first_mut() {
        *first = true;
    }
    for id in graph.chain() {
        for instruction in graph[id].instructions() {
            if instruction.opcode.flags().contains(InstructionFlags::CONST)
                && let Some(used) = is_used.get_mut(instruction.oparg as usize)
            {
                *used = true;
            }
        }
    }
    if is_used.iter().all(|used| *used) {
        return;
    }
    let mut new_numbers = vec![0; constants.len()];
    let mut next = 0;
    for (number, used) in is_used.iter().enumerate() {
        new_numbers[number] = next;
        next += u32::from(*used);
    }
    constants.retain_numbers(&is_used);
    graph.for_each_block(|graph, id| {
        for instruction in graph[id].instructions_mut() {
            if instruction.opcode.flags().contains(InstructionFlags::CONST)
                && let Some(number) = new_numbers.get(instruction.oparg as usize)
            {
                instruction.oparg = *number;
            }
        }
    });
}
