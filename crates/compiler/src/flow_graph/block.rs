//! Basic blocks and the graph that holds them.
//!
//! The graph owns all blocks that were ever made; those that are part of the code form a chain, from the entry along
//! `next`, in the order of the code. Control falls from a block to the next one unless the block ends in an exit or an
//! unconditional jump.
//!
//! A graph is used for one code unit after the other, so that its memory is: [`FlowGraph::clear`] begins anew.

use std::num::NonZeroU32;

use bytecode::instruction::CompilerOpcode;
use bytecode::location::Location;

use super::borrow::Simulation;
use super::contents::Contents;

/// A block of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockId(NonZeroU32);

impl BlockId {
    /// The entry of every graph.
    pub(super) const ENTRY: Self = Self(NonZeroU32::MIN);

    fn of_index(index: usize) -> Self {
        Self(NonZeroU32::MIN.saturating_add(index as u32))
    }

    #[inline]
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// An instruction of a block.
#[derive(Clone, Copy, Debug)]
pub struct Instruction {
    pub opcode: CompilerOpcode,
    pub oparg: u32,
    pub location: Location,
    /// Where a jump goes or a handler starts.
    pub target: Option<BlockId>,
    /// The handler that covers the instruction.
    pub handler: Option<BlockId>,
}

impl Instruction {
    #[inline]
    pub fn new(opcode: CompilerOpcode, oparg: u32, location: Location) -> Self {
        Self { opcode, oparg, location, target: None, handler: None }
    }

    #[inline]
    pub fn is(&self, opcode: CompilerOpcode) -> bool {
        self.opcode == opcode
    }

    #[inline]
    pub fn is_nop(&self) -> bool {
        self.is(CompilerOpcode::Nop)
    }

    /// Makes it do nothing; the location stays.
    #[inline]
    pub fn set_nop(&mut self) {
        self.set(CompilerOpcode::Nop, 0);
    }

    #[inline]
    pub fn set(&mut self, opcode: CompilerOpcode, oparg: u32) {
        self.opcode = opcode;
        self.oparg = oparg;
    }

    /// Where it jumps, if it is a jump.
    #[inline]
    pub fn jump_target(&self) -> Option<BlockId> {
        if self.opcode.has_jump() { self.target } else { None }
    }

    /// The handler that it pushes, if it is a block-setup instruction.
    #[inline]
    pub fn pushed_handler(&self) -> Option<BlockId> {
        if self.opcode.is_block_push() { self.target } else { None }
    }
}

/// Instructions of which only the last can jump or leave.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The instructions, then slots that once held some. A slot that is used again keeps its handler, as in CPython,
    /// where exception tables show it: see [`Block::add`].
    slots: Vec<Instruction>,
    used: usize,
    contents: Contents,
    /// The last walk that has seen it: see [`Worklist`].
    walk: u32,
    pub next: Option<BlockId>,
    /// Whether something jumped here when the graph was built, or does since.
    pub is_labelled: bool,
    /// How many blocks lead here, as `reachability` counted.
    pub predecessors: u32,
    /// The stack's depth at the start, as `stack_depth` calculated.
    pub start_depth: Option<u32>,
    /// Whether it is a handler that finds the offset of the instruction that raised on the stack.
    pub preserves_lasti: bool,
    pub is_handler: bool,
    /// Whether it runs only after an exception.
    pub is_cold: bool,
    /// Whether it can run without an exception.
    pub is_warm: bool,
}

impl Block {
    #[inline]
    pub fn instructions(&self) -> &[Instruction] {
        &self.slots[..self.used]
    }

    #[inline]
    pub fn instructions_mut(&mut self) -> &mut [Instruction] {
        &mut self.slots[..self.used]
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.used
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    #[inline]
    pub fn first(&self) -> Option<&Instruction> {
        self.instructions().first()
    }

    #[inline]
    pub fn last(&self) -> Option<&Instruction> {
        self.instructions().last()
    }

    #[inline]
    pub fn last_mut(&mut self) -> Option<&mut Instruction> {
        self.instructions_mut().last_mut()
    }

    /// Appends a new instruction. Its handler is that of the slot that it takes.
    #[inline]
    pub fn add(&mut self, opcode: CompilerOpcode, oparg: u32, target: Option<BlockId>, location: Location) {
        let handler = self.slots.get(self.used).and_then(|slot| slot.handler);
        self.append(Instruction { opcode, oparg, location, target, handler });
    }

    /// The kinds of instructions that it may have.
    #[inline]
    pub fn contents(&self) -> Contents {
        debug_assert!(
            self.instructions().iter().all(|each| self.contents.contains(Contents::of(each))),
            "a kind of instruction was not noted"
        );
        self.contents
    }

    /// Whether it may have instructions of one of these kinds.
    #[inline]
    pub fn may_have(&self, kinds: Contents) -> bool {
        self.contents().intersects(kinds)
    }

    /// Remembers that instructions of these kinds were put in the place of others.
    #[inline]
    pub fn note(&mut self, kinds: Contents) {
        self.contents = self.contents.with(kinds);
    }

    /// Says that it has no instructions of these kinds any more.
    #[inline]
    pub fn forget(&mut self, kinds: Contents) {
        self.contents = self.contents.without(kinds);
    }

    /// Looks at the instructions anew.
    pub fn refresh_contents(&mut self) {
        let all = self.instructions().iter().map(Contents::of);
        self.contents = all.fold(Contents::NOTHING, Contents::with);
    }

    /// Makes the last instruction do nothing.
    pub fn drop_last(&mut self) {
        if let Some(last) = self.last_mut() {
            last.set_nop();
        }
        self.note(Contents::NOP);
    }

    /// Makes it what [`Block::default`] is, but keeps its memory.
    fn reset(&mut self) {
        self.slots.clear();
        *self = Self { slots: std::mem::take(&mut self.slots), ..Self::default() };
    }

    /// Appends a copy of an instruction.
    #[inline]
    pub fn append(&mut self, instruction: Instruction) {
        self.note(Contents::of(&instruction));
        match self.slots.get_mut(self.used) {
            Some(slot) => *slot = instruction,
            None => self.slots.push(instruction),
        }
        self.used += 1;
    }

    /// Puts an instruction before the one at `index`.
    pub fn insert(&mut self, index: usize, instruction: Instruction) {
        self.append(instruction);
        self.instructions_mut()[index..].rotate_right(1);
    }

    /// Appends instructions of these kinds to a block from which none was ever removed.
    pub(super) fn fill(&mut self, instructions: &[Instruction], contents: Contents) {
        debug_assert!(self.used == self.slots.len());
        self.slots.extend_from_slice(instructions);
        self.used = self.slots.len();
        self.note(contents);
    }

    /// Keeps the instructions for which `keep` says so. It sees those kept so far, this one and those after it.
    pub fn retain_by_index(&mut self, mut keep: impl FnMut(&mut [Instruction], usize) -> bool) {
        let mut kept = 0;
        for index in 0..self.used {
            if keep(&mut self.slots[..self.used], index) {
                self.slots[kept] = self.slots[index];
                kept += 1;
            }
        }
        self.used = kept;
    }

    /// Removes all instructions.
    pub fn clear(&mut self) {
        self.used = 0;
        self.contents = Contents::NOTHING;
    }

    /// Whether the frame is left at the end.
    #[inline]
    pub fn exits_scope(&self) -> bool {
        self.last().is_some_and(|last| last.opcode.is_scope_exit())
    }

    /// Where control goes on when it does not go to the next block.
    #[inline]
    pub fn jump_target(&self) -> Option<BlockId> {
        self.last().and_then(Instruction::jump_target)
    }

    /// Whether control can go on to the next block.
    #[inline]
    pub fn falls_through(&self) -> bool {
        !self.last().is_some_and(|last| last.opcode.ends_flow())
    }

    pub fn has_no_lines(&self) -> bool {
        !self.instructions().iter().any(|instruction| instruction.location.has_line())
    }
}

/// The blocks of a code unit.
#[derive(Clone, Debug)]
pub struct FlowGraph {
    /// Those of this code unit, then some that are kept for later ones.
    blocks: Vec<Block>,
    used: usize,
    /// The kinds of the instructions that it was built of.
    contents: Contents,
    /// How many walks there were.
    walks: u32,
    /// The memory of a worklist that is not in use.
    spare: Vec<BlockId>,
    /// The memory of a table of optional blocks that is not in use.
    spare_places: Vec<Option<BlockId>>,
    /// The memory of a table of numbers that is not in use.
    spare_numbers: Vec<u32>,
    /// The memory of `borrow`.
    pub(super) simulation: Simulation,
}

impl Default for FlowGraph {
    /// A graph of one empty block.
    fn default() -> Self {
        Self {
            blocks: vec![Block::default()],
            used: 1,
            contents: Contents::NOTHING,
            walks: 0,
            spare: Vec::new(),
            spare_places: Vec::new(),
            spare_numbers: Vec::new(),
            simulation: Simulation::default(),
        }
    }
}

impl FlowGraph {
    /// Makes it a graph of one empty block.
    pub fn clear(&mut self) {
        self.used = 0;
        self.contents = Contents::NOTHING;
        self.walks = 0;
        self.new_block();
    }

    /// Remembers that it was built of instructions of these kinds, too.
    pub(super) fn note(&mut self, contents: Contents) {
        self.contents = self.contents.with(contents);
    }

    /// Whether it was built of instructions some of which are of these kinds.
    #[inline]
    pub(super) fn was_built_of(&self, kinds: Contents) -> bool {
        self.contents.intersects(kinds)
    }

    #[inline]
    pub fn entry(&self) -> BlockId {
        BlockId::ENTRY
    }

    /// Whether the entry is the only block, and nothing goes back to it.
    #[inline]
    pub(super) fn is_straight(&self) -> bool {
        let entry = &self[self.entry()];
        entry.next.is_none()
            && !self.was_built_of(Contents::SETUP.with(Contents::POP_BLOCK))
            && !entry.last().is_some_and(|last| last.opcode.has_jump())
    }

    /// How many blocks were ever made: what a table indexed by block needs.
    pub fn block_count(&self) -> usize {
        self.used
    }

    /// A new block outside the chain.
    pub fn new_block(&mut self) -> BlockId {
        let id = BlockId::of_index(self.used);
        match self.blocks.get_mut(self.used) {
            Some(block) => block.reset(),
            None => self.blocks.push(Block::default()),
        }
        self.used += 1;
        id
    }

    /// An empty list of blocks, with the memory of one that was given back.
    pub(super) fn take_spare(&mut self) -> Vec<BlockId> {
        std::mem::take(&mut self.spare)
    }

    /// Gives a list of blocks back.
    pub(super) fn give_spare(&mut self, mut spare: Vec<BlockId>) {
        spare.clear();
        self.spare = spare;
    }

    /// An empty table of optional blocks, with the memory of one that was given back.
    pub(super) fn take_spare_places(&mut self) -> Vec<Option<BlockId>> {
        std::mem::take(&mut self.spare_places)
    }

    pub(super) fn give_spare_places(&mut self, mut spare: Vec<Option<BlockId>>) {
        spare.clear();
        self.spare_places = spare;
    }

    /// An empty table of numbers, with the memory of one that was given back.
    pub(super) fn take_spare_numbers(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.spare_numbers)
    }

    pub(super) fn give_spare_numbers(&mut self, mut spare: Vec<u32>) {
        spare.clear();
        self.spare_numbers = spare;
    }

    /// Appends a copy of the instructions of one block to another.
    pub fn append_copy(&mut self, from: BlockId, to: BlockId) {
        for index in 0..self[from].len() {
            let instruction = self[from].instructions()[index];
            self[to].append(instruction);
        }
    }

    /// Puts `block` into the chain after `previous`.
    pub fn link_after(&mut self, previous: BlockId, block: BlockId) {
        self[block].next = self[previous].next;
        self[previous].next = Some(block);
    }

    /// The blocks of the chain, in the order of the code.
    pub fn chain(&self) -> Chain<'_> {
        Chain { graph: self, next: Some(self.entry()) }
    }

    /// Does something with each block of the chain, which must not change on the way but behind the block.
    #[inline]
    pub fn for_each_block(&mut self, mut work: impl FnMut(&mut Self, BlockId)) {
        let mut next = Some(self.entry());
        while let Some(id) = next {
            work(self, id);
            next = self[id].next;
        }
    }

    /// As [`FlowGraph::for_each_block`], until there is an error.
    #[inline]
    pub fn try_for_each_block<E>(
        &mut self,
        mut work: impl FnMut(&mut Self, BlockId) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut next = Some(self.entry());
        while let Some(id) = next {
            work(self, id)?;
            next = self[id].next;
        }
        Ok(())
    }

    /// The first block with instructions from `block` on.
    #[inline]
    pub fn next_nonempty(&self, mut block: Option<BlockId>) -> Option<BlockId> {
        while let Some(id) = block {
            if !self[id].is_empty() {
                return Some(id);
            }
            block = self[id].next;
        }
        None
    }

    /// The block after `block`, if control can fall into it.
    #[inline]
    pub fn fallthrough(&self, block: BlockId) -> Option<BlockId> {
        if self[block].falls_through() { self[block].next } else { None }
    }
}

impl std::ops::Index<BlockId> for FlowGraph {
    type Output = Block;

    #[inline]
    fn index(&self, id: BlockId) -> &Block {
        // Only `new_block` makes ids, so each has its block.
        &self.blocks[id.index()]
    }
}

impl std::ops::IndexMut<BlockId> for FlowGraph {
    #[inline]
    fn index_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.index()]
    }
}

/// Walks the chain of a graph.
#[derive(Clone, Debug)]
pub struct Chain<'a> {
    graph: &'a FlowGraph,
    next: Option<BlockId>,
}

impl Iterator for Chain<'_> {
    type Item = BlockId;

    fn next(&mut self) -> Option<BlockId> {
        let id = self.next?;
        self.next = self.graph[id].next;
        Some(id)
    }
}

/// Blocks that a pass has marked. It uses what [`Worklist`] uses.
#[derive(Debug)]
pub(super) struct Marks {
    walk: u32,
}

impl Marks {
    pub(super) fn new(graph: &mut FlowGraph) -> Self {
        graph.walks += 1;
        Self { walk: graph.walks }
    }

    pub(super) fn set(&self, graph: &mut FlowGraph, block: BlockId) {
        graph[block].walk = self.walk;
    }

    pub(super) fn is_set(&self, graph: &FlowGraph, block: BlockId) -> bool {
        graph[block].walk == self.walk
    }
}

/// The blocks that a walk through the graph still has to look at, last in first out. Those that it has seen are marked
/// with its number, so that only one walk goes on at a time.
#[derive(Debug)]
pub(super) struct Worklist {
    walk: u32,
    pending: Vec<BlockId>,
}

impl Worklist {
    pub(super) fn new(graph: &mut FlowGraph) -> Self {
        graph.walks += 1;
        Self { walk: graph.walks, pending: graph.take_spare() }
    }

    /// Adds a block unless it was added before; says whether it was added.
    #[inline]
    pub(super) fn add(&mut self, graph: &mut FlowGraph, block: BlockId) -> bool {
        let seen = &mut graph[block].walk;
        if *seen == self.walk {
            return false;
        }
        *seen = self.walk;
        self.pending.push(block);
        true
    }

    /// The next block. When there is none, the graph gets the memory back.
    #[inline]
    pub(super) fn pop(&mut self, graph: &mut FlowGraph) -> Option<BlockId> {
        let next = self.pending.pop();
        if next.is_none() {
            graph.give_spare(std::mem::take(&mut self.pending));
        }
        next
    }
}
