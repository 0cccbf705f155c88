//! From a sequence to a graph: blocks start at labels that something names and after jumps and exits.

use bytecode::instruction::CompilerOpcode;

use super::block::{BlockId, FlowGraph};
use super::error::FlowError;
use crate::instruction_sequence::{Instruction, InstructionSequence, Label, Operand};

/// Builds the graph; each jump and block-setup instruction has its target.
pub(super) fn build(sequence: &InstructionSequence) -> Result<FlowGraph, FlowError> {
    let is_target = find_targets(sequence)?;
    let mut builder = Builder::new(sequence.len());
    for (index, instruction) in sequence.instructions().iter().enumerate() {
        if is_target[index] {
            builder.place_label(index);
        }
        if instruction.opcode == CompilerOpcode::AnnotationsPlaceholder {
            for inner in sequence.annotations().map_or(&[][..], InstructionSequence::instructions) {
                builder.add(inner, None)?;
            }
            continue;
        }
        let label = match instruction.operand {
            Operand::Label(label) => Some(place_of(sequence, label)?),
            Operand::Number(_) => None,
        };
        builder.add(instruction, label)?;
    }
    builder.finish()
}

fn place_of(sequence: &InstructionSequence, label: Label) -> Result<usize, FlowError> {
    sequence.label_index(label).filter(|place| *place < sequence.len()).ok_or(FlowError::Malformed)
}

/// For each instruction whether something names it.
fn find_targets(sequence: &InstructionSequence) -> Result<Vec<bool>, FlowError> {
    let mut is_target = vec![false; sequence.len()];
    for instruction in sequence.instructions() {
        if let Operand::Label(label) = instruction.operand {
            is_target[place_of(sequence, label)?] = true;
        }
    }
    Ok(is_target)
}

struct Builder {
    graph: FlowGraph,
    current: BlockId,
    /// A label that the next instruction gets.
    pending_label: Option<usize>,
    /// For each index of the sequence that is a target its block.
    block_at: Vec<Option<BlockId>>,
    /// Targets of the instructions in the graph, by index of the sequence, in the order of the instructions.
    jumps: Vec<(BlockId, usize, usize)>,
}

impl Builder {
    fn new(length: usize) -> Self {
        let graph = FlowGraph::default();
        let current = graph.entry();
        Self { graph, current, pending_label: None, block_at: vec![None; length], jumps: Vec::new() }
    }

    fn place_label(&mut self, index: usize) {
        self.pending_label = Some(index);
        self.start_block_if_needed();
    }

    /// Starts a block if the current one is complete or the pending label must not stand in its middle.
    fn start_block_if_needed(&mut self) {
        let block = &self.graph[self.current];
        let is_complete = block.last().is_some_and(|last| last.opcode.is_terminator());
        let is_taken = !block.is_empty() || block.is_labelled;
        if is_complete || (self.pending_label.is_some() && is_taken) {
            let block = self.graph.new_block();
            self.graph[self.current].next = Some(block);
            self.current = block;
        }
        if let Some(label) = self.pending_label.take() {
            self.graph[self.current].is_labelled = true;
            self.block_at[label] = Some(self.current);
        }
    }

    fn add(&mut self, instruction: &Instruction, target: Option<usize>) -> Result<(), FlowError> {
        if instruction.opcode.has_target() != target.is_some() {
            return Err(FlowError::Malformed);
        }
        self.start_block_if_needed();
        let oparg = match instruction.operand {
            Operand::Number(number) => number,
            Operand::Label(_) => 0,
        };
        let block = &mut self.graph[self.current];
        block.add(instruction.opcode, oparg, None, instruction.location);
        if let Some(target) = target {
            self.jumps.push((self.current, block.len() - 1, target));
        }
        Ok(())
    }

    fn finish(mut self) -> Result<FlowGraph, FlowError> {
        for (block, index, target) in self.jumps {
            let target = self.block_at[target].ok_or(FlowError::Malformed)?;
            self.graph[block].instructions_mut()[index].target = Some(target);
        }
        Ok(self.graph)
    }
}
