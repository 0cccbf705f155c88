//! The control flow graph of a code unit: basic blocks, and the passes that optimize and lower them.
//!
//! [`optimize`] takes what code generation emitted and leaves a graph whose instructions the assembler can encode. The passes,
//! their order and their results are those of CPython 3.14 (`Python/flowgraph.c`), because bytecode is part of what
//! programs can see. One pass, one file; each says which invariant of the graph it needs or makes.
//!
//! ```text
//! sequence → build
//!   optimize_graph: exception_targets → inline_exits → reachability → line_numbers → load_const → peephole
//!     → redundancy → unused_constants → unbound_locals → super_instructions → cold_blocks → line_numbers
//!   lower: pseudo → stack_depth → prefix → pseudo → normalize_jumps → borrow
//! ```
//!
//! Most code units are small and straight: one block that is run through once. What is about the ways between blocks is
//! left out for them.

mod block;
mod borrow;
mod build;
mod cold_blocks;
mod contents;
mod error;
mod evaluate;
mod exception_targets;
mod fold;
mod foreign;
mod inline_exits;
mod line_numbers;
mod load_const;
mod normalize_jumps;
mod peephole;
mod prefix;
mod pseudo;
mod reachability;
mod redundancy;
mod stack_depth;
mod super_instructions;
mod swaps;
#[cfg(test)]
pub(crate) mod test_records;
#[cfg(test)]
mod tests;
mod unbound_locals;
mod unused_constants;

pub use block::{Block, BlockId, FlowGraph, Instruction};
pub(crate) use block::{is_same, jump_at_end};
pub use contents::Contents;
pub use error::FlowError;
pub(crate) use fold::small_integer;
pub use foreign::{list_of_sequence, optimize_plain};

use crate::instruction_sequence::InstructionSequence;
use crate::unit::{ConstantTable, UnitMetadata};

/// What the assembler wants to know besides the instructions.
#[derive(Clone, Copy, Debug)]
pub struct Lowered {
    pub stack_size: u32,
    /// How many cells are also fast locals, so that they share a slot.
    pub shared_cells: usize,
}

/// Optimizes a sequence and lowers it to instructions that code objects can hold: those of `graph`, but for the direction
/// and distance of jumps. Constants are added to and removed from the metadata.
pub fn optimize(
    sequence: &mut InstructionSequence,
    metadata: &mut UnitMetadata<'_>,
    graph: &mut FlowGraph,
) -> Result<Lowered, FlowError> {
    graph.clear();
    build::build(sequence, graph)?;
    let local_count = metadata.variable_names.len();
    optimize_graph(graph, &mut metadata.constants, local_count, metadata.parameter_count as usize)?;
    lower(graph, metadata)
}

// Most of the passes have nothing to do for most code units. Whether one has shows here, so that the processor need not fetch its code
// otherwise: as the units are compiled one by one, it has been displaced by then.

/// The part that needs no metadata but constants: the graph keeps its pseudo-instructions.
pub fn optimize_graph(
    graph: &mut FlowGraph,
    constants: &mut ConstantTable<'_>,
    local_count: usize,
    parameter_count: usize,
) -> Result<(), FlowError> {
    let branches = !graph.is_straight();
    if branches {
        if graph.was_built_of(Contents::SETUP.with(Contents::POP_BLOCK)) {
            exception_targets::label_instructions(graph)?;
        }
        if graph.may_have_anywhere(Contents::PLAIN_JUMP) {
            inline_exits::inline_small_exits(graph);
        }
        reachability::remove_unreachable(graph);
    }
    if graph.may_have_anywhere(Contents::WITHOUT_LINE) {
        line_numbers::resolve(graph);
    }
    if load_const::is_of_interest(graph.contents()) {
        load_const::simplify_uses(graph, constants)?;
    }
    if branches || peephole::is_of_interest(graph.contents()) {
        peephole::optimize_blocks(graph, constants)?;
    }
    if redundancy::may_have_nops_or_pairs(graph) {
        redundancy::remove_nops_and_pairs(graph);
    }
    if branches && graph.flow_changed {
        reachability::remove_unreachable(graph);
    }
    if graph.may_have_anywhere(Contents::NOP.with(Contents::PLAIN_JUMP)) {
        redundancy::remove_nops_and_jumps(graph)?;
    }
    if graph.has_unused_constants {
        unused_constants::remove(graph, constants);
    }
    if unbound_locals::is_needed(graph, local_count, parameter_count) {
        unbound_locals::add_checks(graph, local_count, parameter_count);
    }
    if local_count > 0 && super_instructions::is_of_interest(graph.contents()) {
        super_instructions::insert(graph);
    }
    if branches && graph.was_built_of(Contents::SETUP) {
        cold_blocks::push_to_end(graph)?;
    }
    if graph.may_have_anywhere(Contents::WITHOUT_LINE) {
        line_numbers::resolve(graph);
    }
    Ok(())
}

fn lower(graph: &mut FlowGraph, metadata: &UnitMetadata<'_>) -> Result<Lowered, FlowError> {
    let branches = !graph.is_straight();
    if graph.may_have_anywhere(Contents::KEEPING_JUMP) {
        pseudo::expand_conditional_jumps(graph);
    }
    let stack_size = stack_depth::calculate(graph)?;
    let needs_prefix = prefix::is_needed(metadata) || graph.may_have_anywhere(Contents::CELL);
    let shared_cells = if needs_prefix { prefix::insert_prefix_and_fix_cells(graph, metadata)? } else { 0 };
    if graph.may_have_anywhere(Contents::REPLACED) {
        pseudo::replace_pseudo_instructions(graph)?;
    } else if graph.may_have_anywhere(Contents::NOP) || graph.flow_changed {
        // What can be removed has been, unless lines or jumps have changed since.
        redundancy::remove_nops_and_jumps(graph)?;
    }
    if branches {
        normalize_jumps::normalize(graph);
    }
    if graph.may_have_anywhere(Contents::LOAD_LOCAL) {
        borrow::borrow_locals(graph);
    }
    Ok(Lowered { stack_size, shared_cells })
}
