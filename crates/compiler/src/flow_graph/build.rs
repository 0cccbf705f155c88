//! From a sequence to a graph: blocks start at labels that something names and after jumps and exits.

use bytecode::instruction::CompilerOpcode;

use super::block::{BlockId, FlowGraph, Instruction};
use super::contents::Contents;
use super::error::FlowError;
use crate::instruction_sequence::InstructionSequence;

/// Fills an empty graph; each jump and block-setup instruction has its target.
pub(super) fn build(sequence: &InstructionSequence, graph: &mut FlowGraph) -> Result<(), FlowError> {
    // For each index of the sequence that something names its block: the entry until it is known.
    let mut block_at = graph.take_spare_places();
    block_at.resize(sequence.len(), None);
    for place in sequence.named_places() {
        let place = place.and_then(|place| block_at.get_mut(place)).ok_or(FlowError::Malformed)?;
        *place = Some(graph.entry());
    }
    let mut builder = Builder { graph, current: BlockId::ENTRY, is_complete: false };
    let mut contents = Contents::NOTHING;
    let instructions = sequence.instructions();
    // Where the run of instructions starts that are yet to be put into a block.
    let mut start = 0;
    for (index, (instruction, block)) in instructions.iter().zip(&mut block_at).enumerate() {
        if block.is_some() {
            builder.append(&instructions[start..index], contents);
            (start, contents) = (index, Contents::NOTHING);
            *block = Some(builder.place_label());
        }
        let kinds = Contents::of(instruction);
        contents = contents.with(kinds);
        if kinds.intersects(Contents::TERMINATOR) {
            builder.append(&instructions[start..=index], contents);
            if instruction.opcode.is_scope_exit() && builder.is_straight() {
                // Nothing leads to what comes after.
                start = instructions.len();
                break;
            }
            (start, contents) = (index + 1, Contents::NOTHING);
        } else if instruction.opcode == CompilerOpcode::AnnotationsPlaceholder {
            builder.append(&instructions[start..index], contents);
            builder.append_annotations(sequence)?;
            (start, contents) = (index + 1, Contents::NOTHING);
        }
    }
    builder.append(&instructions[start..], contents);
    set_targets(graph, sequence, &block_at)?;
    graph.give_spare_places(block_at);
    Ok(())
}

struct Builder<'a> {
    graph: &'a mut FlowGraph,
    current: BlockId,
    /// Whether the current block's last instruction jumps or leaves.
    is_complete: bool,
}

impl Builder<'_> {
    /// The block of a label: the current one, if nothing is in it yet.
    fn place_label(&mut self) -> BlockId {
        if !self.graph[self.current].is_empty() || self.graph[self.current].is_labelled {
            self.start_block();
        }
        self.graph[self.current].is_labelled = true;
        self.current
    }

    fn start_block(&mut self) {
        let block = self.graph.new_block();
        self.graph[self.current].next = Some(block);
        self.current = block;
        self.is_complete = false;
    }

    /// Appends instructions, of which `contents` are the kinds, and of which at most the last ends a block.
    fn append(&mut self, instructions: &[Instruction], contents: Contents) {
        if instructions.is_empty() {
            return;
        }
        if self.is_complete {
            self.start_block();
        }
        self.is_complete = contents.intersects(Contents::TERMINATOR);
        self.graph[self.current].fill(instructions, contents);
        self.graph.note(contents);
    }

    /// Whether all that there is so far is run through once.
    fn is_straight(&self) -> bool {
        self.current == BlockId::ENTRY && self.graph.is_straight()
    }

    /// Appends what stands for `ANNOTATIONS_PLACEHOLDER`.
    fn append_annotations(&mut self, sequence: &InstructionSequence) -> Result<(), FlowError> {
        let annotations = sequence.annotations().map_or(&[][..], InstructionSequence::instructions);
        if annotations.iter().any(|each| each.opcode.has_target()) {
            return Err(FlowError::Malformed);
        }
        for run in annotations.chunk_by(|each, _| !each.opcode.is_terminator()) {
            self.append(run, run.iter().map(Contents::of).fold(Contents::NOTHING, Contents::with));
        }
        Ok(())
    }
}

fn set_targets(
    graph: &mut FlowGraph,
    sequence: &InstructionSequence,
    block_at: &[Option<BlockId>],
) -> Result<(), FlowError> {
    graph.try_for_each_block(|graph, id| {
        let only_last = !graph[id].may_have(Contents::SETUP);
        let instructions = graph[id].instructions_mut();
        let start = if only_last { instructions.len().saturating_sub(1) } else { 0 };
        for instruction in instructions[start..].iter_mut().filter(|it| it.opcode.has_target()) {
            let label = std::mem::take(&mut instruction.oparg);
            let place = sequence.label_index(label).ok_or(FlowError::Malformed)?;
            instruction.target = Some(block_at.get(place).copied().flatten().ok_or(FlowError::Malformed)?);
        }
        Ok(())
    })
}
