//! From a sequence to a graph: blocks start at labels that something names and after jumps and exits.

use bytecode::instruction::CompilerOpcode;

use super::block::{BlockId, FlowGraph};
use super::error::FlowError;
use crate::instruction_sequence::{Instruction, InstructionSequence, Label, Operand};

/// Fills an empty graph; each jump and block-setup instruction has its target.
pub(super) fn build(sequence: &InstructionSequence, graph: &mut FlowGraph) -> Result<(), FlowError> {
    let mut builder = Builder::new(sequence, graph)?;
    for (index, instruction) in sequence.instructions().iter().enumerate() {
        if builder.block_at[index].is_some() {
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

struct Builder<'g> {
    graph: &'g mut FlowGraph,
    current: BlockId,
    /// A label that the next instruction gets.
    pending_label: Option<usize>,
    /// For each index of the sequence that something names its block: the entry until it is known.
    block_at: Vec<Option<BlockId>>,
}

impl<'g> Builder<'g> {
    fn new(sequence: &InstructionSequence, graph: &'g mut FlowGraph) -> Result<Self, FlowError> {
        let current = graph.entry();
        let mut block_at = vec![None; sequence.len()];
        for instruction in sequence.instructions() {
            if let Operand::Label(label) = instruction.operand {
                block_at[place_of(sequence, label)?] = Some(current);
            }
        }
        Ok(Self { graph, current, pending_label: None, block_at })
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

    /// Appends an instruction. Until the blocks are complete, the argument of one with a target is the target's place.
    fn add(&mut self, instruction: &Instruction, target: Option<usize>) -> Result<(), FlowError> {
        if instruction.opcode.has_target() != target.is_some() {
            return Err(FlowError::Malformed);
        }
        self.start_block_if_needed();
        let oparg = match (instruction.operand, target) {
            (_, Some(place)) => place as u32,
            (Operand::Number(number), None) => number,
            (Operand::Label(_), None) => 0,
        };
        self.graph[self.current].add(instruction.opcode, oparg, None, instruction.location);
        Ok(())
    }

    fn finish(self) -> Result<(), FlowError> {
        let Self { graph, block_at, .. } = self;
        graph.try_for_each_block(|graph, id| {
            let only_last = !graph[id].has_setup();
            let instructions = graph[id].instructions_mut();
            let start = if only_last { instructions.len().saturating_sub(1) } else { 0 };
            for instruction in instructions[start..].iter_mut().filter(|it| it.opcode.has_target()) {
                let place = std::mem::take(&mut instruction.oparg) as usize;
                instruction.target = Some(block_at.get(place).copied().flatten().ok_or(FlowError::Malformed)?);
            }
            Ok(())
        })
    }
}
