//! From a sequence to a graph: blocks start at labels that something names and after jumps and exits.

use bytecode::instruction::CompilerOpcode;

use super::block::{self, BlockId, FlowGraph};
use super::error::FlowError;
use crate::instruction_sequence::{Instruction, InstructionSequence, Operand};

/// Fills an empty graph; each jump and block-setup instruction has its target.
pub(super) fn build(sequence: &InstructionSequence, graph: &mut FlowGraph) -> Result<(), FlowError> {
    // For each index of the sequence that something names its block: the entry until it is known.
    let mut block_at = graph.take_spare_places();
    block_at.resize(sequence.len(), None);
    for place in sequence.named_places() {
        let place = place.and_then(|place| block_at.get_mut(place)).ok_or(FlowError::Malformed)?;
        *place = Some(graph.entry());
    }
    let mut builder = Builder { current: graph.entry(), is_complete: false };
    for (instruction, block) in sequence.instructions().iter().zip(&mut block_at) {
        if block.is_some() {
            *block = Some(builder.place_label(graph));
        }
        if instruction.opcode == CompilerOpcode::AnnotationsPlaceholder {
            for inner in sequence.annotations().map_or(&[][..], InstructionSequence::instructions) {
                builder.add(inner, None, graph)?;
            }
            continue;
        }
        let place = match instruction.operand {
            Operand::Label(label) => sequence.label_index(label),
            Operand::Number(_) => None,
        };
        builder.add(instruction, place, graph)?;
    }
    set_targets(graph, &block_at)?;
    graph.give_spare_places(block_at);
    Ok(())
}

struct Builder {
    current: BlockId,
    /// Whether the current block's last instruction jumps or leaves.
    is_complete: bool,
}

impl Builder {
    /// The block of a label: the current one, if nothing is in it yet.
    fn place_label(&mut self, graph: &mut FlowGraph) -> BlockId {
        if !graph[self.current].is_empty() || graph[self.current].is_labelled {
            self.start_block(graph);
        }
        graph[self.current].is_labelled = true;
        self.current
    }

    fn start_block(&mut self, graph: &mut FlowGraph) {
        let block = graph.new_block();
        graph[self.current].next = Some(block);
        self.current = block;
        self.is_complete = false;
    }

    /// Appends an instruction. Until the blocks are complete, the argument of one with a target is the target's place.
    #[inline]
    fn add(
        &mut self,
        instruction: &Instruction,
        target: Option<usize>,
        graph: &mut FlowGraph,
    ) -> Result<(), FlowError> {
        if instruction.opcode.has_target() != target.is_some() {
            return Err(FlowError::Malformed);
        }
        if self.is_complete {
            self.start_block(graph);
        }
        let oparg = match (instruction.operand, target) {
            (_, Some(place)) => place as u32,
            (Operand::Number(number), None) => number,
            (Operand::Label(_), None) => 0,
        };
        self.is_complete = instruction.opcode.is_terminator();
        graph[self.current].append(block::Instruction::new(instruction.opcode, oparg, instruction.location));
        Ok(())
    }
}

fn set_targets(graph: &mut FlowGraph, block_at: &[Option<BlockId>]) -> Result<(), FlowError> {
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
