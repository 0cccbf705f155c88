//! Sequences as plain lists: what tests of single compiler passes hand in, and get back.
//!
//! Jumps and block-setup instructions name the place in the list where they go. What comes back has been through [`optimize_graph`], with
//! pseudo-instructions, and names places of the new list.

use bytecode::generated::PlainInstruction;

use super::block::{BlockId, FlowGraph, Instruction};
use super::error::FlowError;
use super::{borrow, build, optimize_graph, stack_depth};
use crate::instruction_sequence::{InstructionSequence, Label};
use crate::unit::ConstantTable;

/// Optimizes a list of instructions as a code unit with so many variables, of which none is a parameter.
pub fn optimize_plain(
    instructions: &[PlainInstruction],
    constants: &mut ConstantTable<'_>,
    local_count: usize,
) -> Result<Vec<PlainInstruction>, FlowError> {
    let mut graph = FlowGraph::default();
    build::build(&mut sequence(instructions)?, &mut graph)?;
    optimize_graph(&mut graph, constants, local_count, 0)?;
    stack_depth::calculate(&mut graph)?;
    borrow::borrow_locals(&mut graph);
    list(&graph)
}

/// A sequence of code generation as a list.
pub fn list_of_sequence(sequence: &InstructionSequence) -> Vec<PlainInstruction> {
    let mut sequence = sequence.clone();
    sequence.finish();
    let runs: Vec<(usize, usize)> = sequence.parts().1.iter().map(|it| (it.start as usize, it.end as usize)).collect();
    // Where each run begins in the list.
    let places: Vec<usize> = runs
        .iter()
        .scan(0, |next, (start, end)| {
            let place = *next;
            *next += end - start;
            Some(place)
        })
        .collect();
    let mut list = Vec::new();
    for (start, end) in runs {
        for index in start..end {
            let Instruction { opcode, oparg, location, .. } = sequence.parts().0[index];
            let run = sequence.label_run(oparg).filter(|_| opcode.has_target());
            let place = run.and_then(|run| places.get(run)).map(|place| *place as u32);
            list.push(PlainInstruction { opcode, oparg: place.unwrap_or(oparg), location });
        }
    }
    list
}

/// The sequence with a label at each place that an instruction names.
fn sequence(instructions: &[PlainInstruction]) -> Result<InstructionSequence, FlowError> {
    let mut sequence = InstructionSequence::new();
    let mut labels: Vec<Option<Label>> = vec![None; instructions.len()];
    for instruction in instructions.iter().filter(|it| it.opcode.has_target()) {
        let label = labels.get_mut(instruction.oparg as usize).ok_or(FlowError::Malformed)?;
        label.get_or_insert_with(|| sequence.new_label());
    }
    for (instruction, label) in instructions.iter().zip(&labels) {
        if let Some(label) = label {
            sequence.use_label(*label);
        }
        let PlainInstruction { opcode, oparg, location } = *instruction;
        match opcode.has_target() {
            true => {
                let target = labels.get(oparg as usize).copied().flatten().ok_or(FlowError::Malformed)?;
                sequence.add_jump(opcode, target, location);
            }
            false => sequence.add(opcode, if opcode.has_argument() { oparg } else { 0 }, location),
        }
    }
    Ok(sequence)
}

/// The graph's instructions one after the other.
fn list(graph: &FlowGraph) -> Result<Vec<PlainInstruction>, FlowError> {
    let mut places: Vec<Option<u32>> = vec![None; graph.block_count()];
    let mut length = 0;
    for id in graph.chain() {
        places[id.index()] = Some(length);
        length += graph[id].len() as u32;
    }
    let place = |id: BlockId| places[id.index()].ok_or(FlowError::Malformed);
    let mut list = Vec::with_capacity(length as usize);
    for instruction in graph.chain().flat_map(|id| graph.instructions(id)) {
        let oparg = match instruction.target.filter(|_| instruction.opcode.has_target()) {
            Some(target) => place(target)?,
            None => instruction.oparg,
        };
        list.push(PlainInstruction { opcode: instruction.opcode, oparg, location: instruction.location });
    }
    Ok(list)
}
