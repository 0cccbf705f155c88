//! The layout: where each block of the graph stands in the code, and how far its jump goes.
//!
//! A distance decides whether the jump needs `EXTENDED_ARG`s, which move what follows, so the distances are computed
//! again until no size changes. As a block has one jump at most, that is done by blocks, not by instructions.

use bytecode::instruction::CompilerOpcode;

use super::{encode, near};
use crate::flow_graph::{BlockId, FlowError, FlowGraph, Instruction, jump_at_end};

/// How far before an `END_ASYNC_FOR` the `SEND` loop's end is, in code units: its argument counts from there.
pub(super) const END_SEND_OFFSET: u32 = 5;

/// How often, besides once for each jump, the distances are computed. A few rounds are enough for all code there is.
const MAX_ROUNDS: usize = 100;

/// The blocks in the order of the code. Its memory is used for one code unit after the other.
#[derive(Debug, Default)]
pub(super) struct Layout {
    places: Vec<Place>,
    jumps: Vec<Jump>,
    /// For each block of the graph its index in `places`; `NOWHERE` until it has one.
    numbers: Vec<u32>,
    /// What [`super::near`] has encoded without a distance.
    pub near_jumps: Vec<near::Jump>,
}

const NOWHERE: u32 = u32::MAX;

/// Where a block is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub block: BlockId,
    /// The number of its first instruction.
    pub first: u32,
    /// Where it starts, in code units.
    pub offset: u32,
    /// How many jumps there are before it.
    pub jumps_before: u32,
    /// How many code units it takes, the `EXTENDED_ARG`s of its jump apart.
    fixed_size: u32,
    /// The `EXTENDED_ARG`s of its jump.
    extended_args: u32,
}

impl Place {
    fn end(&self) -> u32 {
        self.offset + self.fixed_size + self.extended_args
    }
}

/// The jump of a block.
#[derive(Clone, Copy, Debug)]
struct Jump {
    /// The index of the block's place.
    place: u32,
    /// The index of the instruction in the block.
    index: u32,
    /// The block that it jumps to, then the index of that block's place.
    target: BlockId,
    target_place: u32,
    oparg: u32,
    counts_from_send: bool,
    /// How many code units follow it in the block.
    behind: u32,
}

impl Layout {
    /// Lays the blocks out, and gives jumps their direction and distance.
    pub(super) fn make(&mut self, graph: &mut FlowGraph) -> Result<(), FlowError> {
        let length = self.place_blocks(graph);
        for index in 0..self.jumps.len() {
            let jump = self.jumps[index];
            let number = self.numbers[jump.target.index()];
            let target = self.place(jump.target).map_or(length, |place| place.first);
            if target >= length {
                return Err(FlowError::Malformed);
            }
            let place = &mut self.places[jump.place as usize];
            let instruction = &mut graph.instructions_mut(place.block)[jump.index as usize];
            instruction.set(direct(instruction.opcode, target > place.first + jump.index), 0);
            place.fixed_size += encode::size(instruction);
            // As a first guess of the distance CPython takes the target's number.
            place.extended_args = encode::extended_args(target);
            self.jumps[index] = Jump { target_place: number, oparg: target, ..jump };
        }
        self.resolve_distances()?;
        for jump in &self.jumps {
            let block = self.places[jump.place as usize].block;
            graph.instructions_mut(block)[jump.index as usize].oparg = jump.oparg;
        }
        Ok(())
    }

    /// Makes it empty, for so many blocks.
    pub(super) fn clear(&mut self, block_count: usize) {
        self.places.clear();
        self.jumps.clear();
        self.near_jumps.clear();
        self.numbers.clear();
        self.numbers.resize(block_count, NOWHERE);
    }

    /// Gives a block the next place, at the instruction with this number and the code unit `offset`.
    pub(super) fn start_block(&mut self, block: BlockId, first: u32, offset: u32) {
        self.numbers[block.index()] = self.places.len() as u32;
        let jumps_before = self.near_jumps.len() as u32;
        self.places.push(Place { block, first, offset, jumps_before, fixed_size: 0, extended_args: 0 });
    }

    /// Whether a block has its place.
    #[inline]
    pub(super) fn has_block(&self, block: BlockId) -> bool {
        self.numbers.get(block.index()).is_some_and(|number| *number != NOWHERE)
    }

    /// Finds out the sizes of the blocks, and their jumps; yields how many instructions there are.
    fn place_blocks(&mut self, graph: &mut FlowGraph) -> u32 {
        self.clear(graph.block_count());
        let mut first = 0;
        graph.for_each_block(|graph, id| {
            let number = self.places.len() as u32;
            self.start_block(id, first, 0);
            let instructions = graph.instructions(id);
            let mut fixed_size = encode::size_of_all(instructions);
            let jump = jump_of(graph.instructions(id));
            if let Some(jump) = &jump {
                // Its direction decides how large it is.
                fixed_size -= encode::size(&graph.instructions(id)[jump.index as usize]);
            }
            self.places[number as usize].fixed_size = fixed_size;
            self.jumps.extend(jump.map(|jump| Jump { place: number, ..jump }));
            first += graph[id].len() as u32;
        });
        first
    }

    fn resolve_distances(&mut self) -> Result<(), FlowError> {
        for _ in 0..MAX_ROUNDS + self.jumps.len() {
            let mut offset = 0;
            for place in &mut self.places {
                place.offset = offset;
                offset = place.end();
            }
            if !self.update_distances() {
                return Ok(());
            }
        }
        Err(FlowError::Malformed)
    }

    /// Computes the distances; says whether the size of a jump changed.
    fn update_distances(&mut self) -> bool {
        let mut changed = false;
        for index in 0..self.jumps.len() {
            let jump = &mut self.jumps[index];
            let target = self.places[jump.target_place as usize].offset;
            // The places keep the sizes of this round until all distances are known.
            let end = self.places[jump.place as usize].end() - jump.behind;
            jump.oparg = match jump.counts_from_send {
                true => end.saturating_sub(target + END_SEND_OFFSET),
                false => end.abs_diff(target),
            };
        }
        for jump in &self.jumps {
            let place = &mut self.places[jump.place as usize];
            let extended_args = encode::extended_args(jump.oparg);
            changed |= extended_args != place.extended_args;
            place.extended_args = extended_args;
        }
        changed
    }

    /// The blocks, in the order of the code.
    pub(super) fn places(&self) -> &[Place] {
        &self.places
    }

    /// Where a block is.
    pub(super) fn place(&self, block: BlockId) -> Option<&Place> {
        self.places.get(*self.numbers.get(block.index())? as usize)
    }
}

/// The jump of a block.
fn jump_of(instructions: &[Instruction]) -> Option<Jump> {
    let (index, target) = jump_at_end(instructions)?;
    let counts_from_send = instructions[index].is(CompilerOpcode::EndAsyncFor);
    let behind = instructions[index + 1..].iter().map(encode::size).sum();
    Some(Jump { place: 0, index: index as u32, target, target_place: 0, oparg: 0, counts_from_send, behind })
}

/// The opcode in the code, where jumps know their direction.
pub(super) fn direct(opcode: CompilerOpcode, is_forward: bool) -> CompilerOpcode {
    match (opcode, is_forward) {
        (CompilerOpcode::Jump | CompilerOpcode::JumpNoInterrupt, true) => CompilerOpcode::JumpForward,
        (CompilerOpcode::Jump, false) => CompilerOpcode::JumpBackward,
        (CompilerOpcode::JumpNoInterrupt, false) => CompilerOpcode::JumpBackwardNoInterrupt,
        _ => opcode,
    }
}
