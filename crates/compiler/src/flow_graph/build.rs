//! From a sequence to a graph: blocks start at labels that something names and after jumps and exits.
//!
//! The runs of the sequence become blocks where they lie: the graph takes over the sequence's memory.

use super::block::{BlockId, FlowGraph, Instruction};
use super::contents::Contents;
use super::error::FlowError;
use crate::instruction_sequence::{InstructionSequence, Run};

/// Fills an empty graph; each jump and block-setup instruction has its target. The sequence is used up.
#[inline(never)]
pub(super) fn build(sequence: &mut InstructionSequence, graph: &mut FlowGraph) -> Result<(), FlowError> {
    sequence.finish();
    let annotations = sequence.take_annotations();
    let (slots, runs) = sequence.parts();
    std::mem::swap(graph.slots_to_fill(), slots);
    let n_runs = runs.len();
    graph.has_unused_constants = !sequence.loads_all_constants;
    // For each run whose label something names its block: the entry until it is known. The last stands for labels that nothing names.
    let mut block_at = graph.take_spare_places();
    block_at.resize(n_runs + 1, None);
    for run in sequence.named_runs(n_runs) {
        *block_at.get_mut(run).ok_or(FlowError::Malformed)? = Some(BlockId::ENTRY);
    }
    let (_, runs) = sequence.parts();
    let mut builder = Builder { graph, current: BlockId::ENTRY, is_complete: false };
    for (run, block) in runs.iter().zip(&mut block_at) {
        if block.is_some() {
            *block = Some(builder.place_label());
        }
        if run.contents.intersects(Contents::PLACEHOLDER) {
            builder.append(&Run { end: run.end - 1, ..*run });
            if let Some(mut annotations) = annotations.clone() {
                builder.append_annotations(&mut annotations)?;
            }
            continue;
        }
        builder.append(run);
        if run.contents.intersects(Contents::TERMINATOR) && builder.is_straight_to_exit() {
            // Nothing leads to what comes after.
            builder.graph.has_unused_constants |= runs.last().is_some_and(|last| last.end > run.end);
            break;
        }
    }
    set_targets(graph, sequence, &block_at)?;
    let changes_handlers = Contents::SETUP.with(Contents::POP_BLOCK);
    if graph.was_built_of(changes_handlers) {
        // Handlers show where instructions were that are gone, unless all of a block have the same.
        graph.for_each_block(|graph, id| {
            if graph[id].joined > 0 && graph.may_have(id, changes_handlers) {
                graph.take_joined_apart(id);
            }
        });
    }
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

    /// Appends a run.
    fn append(&mut self, run: &Run) {
        if run.start == run.end {
            return;
        }
        if self.is_complete {
            self.start_block();
        }
        self.is_complete = run.contents.intersects(Contents::TERMINATOR);
        self.graph.extend(self.current, run.start as usize, run.end as usize, run.spare as usize, run.contents);
        self.graph[self.current].joined += run.joined;
        self.graph.note_built_of(run.contents);
    }

    /// Whether all that there is so far is run through once and left.
    fn is_straight_to_exit(&self) -> bool {
        self.current == BlockId::ENTRY && self.graph.exits_scope(self.current) && self.graph.is_straight()
    }

    /// Appends what stands for `ANNOTATIONS_PLACEHOLDER`.
    fn append_annotations(&mut self, annotations: &mut InstructionSequence) -> Result<(), FlowError> {
        annotations.finish();
        let (slots, runs) = annotations.parts();
        if slots.iter().any(|each| each.opcode.has_target()) {
            return Err(FlowError::Malformed);
        }
        // What is in the block so far comes along.
        let room = self.graph[self.current].len();
        let all = self.graph.slots_to_fill();
        all.resize(all.len() + room, Instruction::NOTHING);
        let offset = all.len() as u32;
        all.append(slots);
        for run in runs {
            self.append(&Run { start: run.start + offset, end: run.end + offset, ..*run });
        }
        Ok(())
    }
}

/// Gives jumps and block-setup instructions their targets, and marks the blocks where handlers start.
fn set_targets(
    graph: &mut FlowGraph,
    sequence: &InstructionSequence,
    block_at: &[Option<BlockId>],
) -> Result<(), FlowError> {
    let target_of = |instruction: &mut Instruction| {
        let run = sequence.label_run(std::mem::take(&mut instruction.oparg)).ok_or(FlowError::Malformed)?;
        instruction.target = Some(block_at.get(run).copied().flatten().ok_or(FlowError::Malformed)?);
        Ok(instruction.pushed_handler())
    };
    graph.try_for_each_block(|graph, id| {
        if !graph.may_have(id, Contents::SETUP) {
            // Only the last can have a target, and it is a jump.
            return match graph.last_mut(id) {
                Some(last) if last.opcode.has_target() => target_of(last).map(drop),
                _ => Ok(()),
            };
        }
        let mut next = 0;
        while let Some(distance) = graph.instructions(id)[next..].iter().position(|each| each.opcode.has_target()) {
            if let Some(handler) = target_of(&mut graph.instructions_mut(id)[next + distance])? {
                graph[handler].is_handler = true;
            }
            next += distance + 1;
        }
        Ok(())
    })
}
