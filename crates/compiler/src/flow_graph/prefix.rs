//! What every function does before its first instruction: become a generator, make cells, copy the closure.
//!
//! Also gives the arguments of instructions that use cells their final numbers, which are slots of the frame.

use bytecode::code_flags::{CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR};
use bytecode::instruction::CompilerOpcode;
use bytecode::location::Location;

use super::block::{FlowGraph, Instruction};
use super::contents::Contents;
use super::error::FlowError;
use crate::unit::UnitMetadata;

/// Whether a unit has cells or free variables, or becomes a generator.
#[inline]
pub(super) fn is_needed(metadata: &UnitMetadata<'_>) -> bool {
    let becomes_generator = metadata.flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR) != 0;
    becomes_generator || !metadata.cell_variables.is_empty() || !metadata.free_variables.is_empty()
}

/// Inserts the prefix and renumbers cells; yields how many cells share the slot of a parameter or local.
#[inline(never)]
pub(super) fn insert_prefix_and_fix_cells(
    graph: &mut FlowGraph,
    metadata: &UnitMetadata<'_>,
) -> Result<usize, FlowError> {
    let mut slots = cell_slots(metadata);
    insert_prefix(graph, metadata, &slots);
    let shared = close_gaps(&mut slots, metadata.variable_names.len());
    fix_cells(graph, &slots)?;
    Ok(shared)
}

/// For each cell and free variable its slot, as if those that share one left a gap.
fn cell_slots(metadata: &UnitMetadata<'_>) -> Vec<usize> {
    let local_count = metadata.variable_names.len();
    let cells = metadata.cell_variables.symbols().enumerate();
    let mut slots: Vec<_> = cells
        .map(|(number, name)| metadata.variable_names.number(name).map_or(local_count + number, |local| local as usize))
        .collect();
    let free_start = local_count + slots.len();
    slots.extend(free_start..free_start + metadata.free_variables.len());
    slots
}

fn insert_prefix(graph: &mut FlowGraph, metadata: &UnitMetadata<'_>, slots: &[usize]) {
    let mut prefix = Vec::new();
    let free_count = metadata.free_variables.len();
    if free_count > 0 {
        prefix.push(Instruction::new(CompilerOpcode::CopyFreeVars, free_count as u32, Location::NONE));
    }
    let mut cells: Vec<usize> = (0..metadata.cell_variables.len()).collect();
    cells.sort_by_key(|cell| slots[*cell]);
    prefix
        .extend(cells.into_iter().map(|cell| Instruction::new(CompilerOpcode::MakeCell, cell as u32, Location::NONE)));
    if metadata.flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR) != 0 {
        let location = Location::of_line(metadata.first_line);
        prefix.push(Instruction::new(CompilerOpcode::ReturnGenerator, 0, location));
        prefix.push(Instruction::new(CompilerOpcode::PopTop, 0, location));
    }
    let entry = graph.entry();
    for instruction in prefix.into_iter().rev() {
        graph.insert(entry, 0, instruction);
    }
}

/// Moves slots down over the gaps; yields the number of gaps.
fn close_gaps(slots: &mut [usize], local_count: usize) -> usize {
    let mut gaps = 0;
    for (number, slot) in slots.iter_mut().enumerate() {
        if *slot == local_count + number {
            *slot -= gaps;
        } else {
            gaps += 1;
        }
    }
    gaps
}

fn fix_cells(graph: &mut FlowGraph, slots: &[usize]) -> Result<(), FlowError> {
    if !graph.may_have_anywhere(Contents::CELL) {
        return Ok(());
    }
    graph.try_for_each_block(|graph, id| {
        if !graph.may_have(id, Contents::CELL) {
            return Ok(());
        }
        for instruction in graph.instructions_mut(id) {
            if Contents::of_opcode(instruction.opcode).intersects(Contents::CELL) {
                let slot = slots.get(instruction.oparg as usize).ok_or(FlowError::BadCellIndex)?;
                instruction.oparg = *slot as u32;
            }
        }
        Ok(())
    })
}
