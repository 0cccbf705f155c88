//! Basic blocks and the graph that holds them.
//!
//! The graph owns all blocks that were ever made; those that are part of the code form a chain, from the entry along
//! `next`, in the order of the code. Control falls from a block to the next one unless the block ends in an exit or an
//! unconditional jump. The instructions of all blocks lie in one vector, which the graph takes over from code generation's sequence:
//! a block is a range of it, and moves to its end when it needs more room than it has.
//!
//! A graph is used for one code unit after the other, so that its memory is: [`FlowGraph::clear`] begins anew.

use std::num::NonZeroU32;

use bytecode::instruction::CompilerOpcode;
use bytecode::instruction::operands::COMPARE_TO_BOOL;
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

/// Whether two are the same block, or none. As numbers they are compared without a branch for whether there is one.
#[inline(always)]
pub(crate) fn is_same(one: Option<BlockId>, other: Option<BlockId>) -> bool {
    let number = |block: Option<BlockId>| block.map_or(0, |block| block.0.get());
    number(one) == number(other)
}

/// An instruction of a block.
#[derive(Clone, Copy, Debug)]
pub struct Instruction {
    pub opcode: CompilerOpcode,
    /// Whether it does what the next instruction did before code generation joined the two.
    pub(super) is_joined: bool,
    pub oparg: u32,
    pub location: Location,
    /// Where a jump goes or a handler starts.
    pub target: Option<BlockId>,
    /// The handler that covers the instruction.
    pub handler: Option<BlockId>,
}

impl Instruction {
    /// What a slot is filled with until it is used.
    pub(crate) const NOTHING: Self = Self::new(CompilerOpcode::Nop, 0, Location::NONE);

    #[inline]
    pub const fn new(opcode: CompilerOpcode, oparg: u32, location: Location) -> Self {
        Self { opcode, is_joined: false, oparg, location, target: None, handler: None }
    }

    /// Makes it do what `next` on the same line would, if it can: a `TO_BOOL` or `PUSH_NULL`.
    #[inline]
    pub(crate) fn join(&mut self, next: CompilerOpcode, location: Location) -> bool {
        match (self.opcode, next) {
            _ if self.is_joined => return false,
            (CompilerOpcode::LoadGlobal, CompilerOpcode::PushNull) if self.oparg & 1 == 0 => self.oparg |= 1,
            (CompilerOpcode::CompareOp, CompilerOpcode::ToBool) => {
                self.oparg |= COMPARE_TO_BOOL;
                self.location = location;
            }
            (CompilerOpcode::ContainsOp | CompilerOpcode::IsOp, CompilerOpcode::ToBool) => self.location = location,
            _ => return false,
        }
        self.is_joined = true;
        true
    }

    /// The two instructions that were joined.
    fn parts(&self) -> [Self; 2] {
        let mut first = Self { is_joined: false, ..*self };
        let second = if self.is(CompilerOpcode::LoadGlobal) {
            first.oparg &= !1;
            CompilerOpcode::PushNull
        } else {
            if self.is(CompilerOpcode::CompareOp) {
                first.oparg &= !COMPARE_TO_BOOL;
            }
            CompilerOpcode::ToBool
        };
        [first, Self::new(second, 0, self.location)]
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

/// Instructions of which only the last can jump or leave. What needs the instructions is a method of [`FlowGraph`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Block {
    /// Where its slots begin in the graph's.
    start: u32,
    /// How many hold instructions.
    used: u32,
    /// How many hold instructions or once did. A slot that is used again keeps its handler, as in CPython, where
    /// exception tables show it: see [`FlowGraph::add`].
    filled: u32,
    /// How many there are.
    room: u32,
    /// How many instructions it was built of.
    built: u32,
    /// How many more these would have been if code generation had joined none.
    pub(super) joined: u32,
    /// The handler of all that it was built of, if they have the same.
    pub(super) handler: Option<BlockId>,
    contents: Contents,
    /// The last walk that has seen it: see [`Worklist`].
    walk: u32,
    pub next: Option<BlockId>,
    /// How many blocks lead here, as `reachability` counted.
    pub predecessors: u32,
    /// The stack's depth at the start, as `stack_depth` calculated.
    pub start_depth: Option<u32>,
    /// Whether something jumped here when the graph was built, or does since.
    pub is_labelled: bool,
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
    pub fn len(&self) -> usize {
        self.used as usize
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// The kinds of instructions that it may have.
    #[inline]
    pub fn contents(&self) -> Contents {
        self.contents
    }

    /// Whether it may have instructions of one of these kinds.
    #[inline]
    pub fn may_have(&self, kinds: Contents) -> bool {
        self.contents.intersects(kinds)
    }

    /// Says that it has no instructions of these kinds any more.
    #[inline]
    pub fn forget(&mut self, kinds: Contents) {
        self.contents = self.contents.without(kinds);
    }
}

/// The blocks of a code unit.
#[derive(Clone, Debug)]
pub struct FlowGraph {
    /// The instructions of all blocks, and slots that are free.
    slots: Vec<Instruction>,
    /// Those of this code unit, then some that are kept for later ones.
    blocks: Vec<Block>,
    used: usize,
    /// The kinds of the instructions that it was built of.
    built_of: Contents,
    /// The kinds that any of its blocks may have.
    contents: Contents,
    /// Whether no block's predecessors were counted yet.
    pub(super) is_new: bool,
    /// Whether control may go other ways than when `reachability` looked last.
    pub(super) flow_changed: bool,
    /// Whether there may be constants that no instruction loads.
    pub(super) has_unused_constants: bool,
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
            slots: Vec::new(),
            blocks: vec![Block::default()],
            used: 1,
            built_of: Contents::NOTHING,
            contents: Contents::NOTHING,
            is_new: true,
            flow_changed: false,
            has_unused_constants: false,
            walks: 0,
            spare: Vec::new(),
            spare_places: Vec::new(),
            spare_numbers: Vec::new(),
            simulation: Simulation::default(),
        }
    }
}

/// The graph and its chain.
impl FlowGraph {
    /// Makes it a graph of one empty block.
    pub fn clear(&mut self) {
        self.slots.clear();
        self.used = 0;
        self.built_of = Contents::NOTHING;
        self.contents = Contents::NOTHING;
        self.is_new = true;
        self.flow_changed = false;
        self.has_unused_constants = false;
        self.walks = 0;
        self.new_block();
    }

    /// The slots of a graph without instructions. What is put there are no instructions of a block before [`FlowGraph::extend`] says so.
    pub(super) fn slots_to_fill(&mut self) -> &mut Vec<Instruction> {
        &mut self.slots
    }

    /// Remembers of which kinds of instructions it was built.
    pub(super) fn note_built_of(&mut self, contents: Contents) {
        self.built_of = self.built_of.with(contents);
    }

    /// Whether it was built of instructions some of which are of these kinds.
    #[inline]
    pub(crate) fn was_built_of(&self, kinds: Contents) -> bool {
        self.built_of.intersects(kinds)
    }

    /// The kinds of instructions that any of its blocks may have.
    #[inline]
    pub(super) fn contents(&self) -> Contents {
        self.contents
    }

    /// Whether any of its blocks may have instructions of these kinds.
    #[inline]
    pub(super) fn may_have_anywhere(&self, kinds: Contents) -> bool {
        self.contents.intersects(kinds)
    }

    /// Says that its blocks have instructions of these kinds only.
    #[inline]
    pub(super) fn set_contents(&mut self, contents: Contents) {
        debug_assert!(
            self.chain().all(|id| contents.contains(self[id].contents)),
            "a kind of instruction was forgotten"
        );
        self.contents = contents;
    }

    #[inline]
    pub fn entry(&self) -> BlockId {
        BlockId::ENTRY
    }

    /// Whether the entry is the only block, and nothing goes back to it.
    #[inline]
    pub(super) fn is_straight(&self) -> bool {
        self[self.entry()].next.is_none()
            && !self.was_built_of(Contents::SETUP.with(Contents::POP_BLOCK))
            && self.last_jump_target(self.entry()).is_none()
    }

    /// How many blocks were ever made: what a table indexed by block needs.
    /// At least as many as there are instructions.
    pub fn slot_count(&self) -> usize {
        self.slots.len()
    }

    pub fn block_count(&self) -> usize {
        self.used
    }

    /// A new block outside the chain.
    pub fn new_block(&mut self) -> BlockId {
        let id = BlockId::of_index(self.used);
        match self.blocks.get_mut(self.used) {
            Some(block) => *block = Block::default(),
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
        if self.falls_through(block) { self[block].next } else { None }
    }
}

/// The instructions of a block.
impl FlowGraph {
    #[inline]
    pub fn instructions(&self, id: BlockId) -> &[Instruction] {
        let block = &self[id];
        &self.slots[block.start as usize..][..block.used as usize]
    }

    /// Which of the graph's slots the first instruction of a block is in.
    #[inline]
    pub(crate) fn first_slot(&self, id: BlockId) -> u32 {
        self[id].start
    }

    /// What is in a slot.
    #[inline]
    pub(crate) fn slot(&self, slot: u32) -> &Instruction {
        &self.slots[slot as usize]
    }

    #[inline]
    pub fn instructions_mut(&mut self, id: BlockId) -> &mut [Instruction] {
        let block = self[id];
        &mut self.slots[block.start as usize..][..block.used as usize]
    }

    #[inline]
    pub fn first(&self, id: BlockId) -> Option<&Instruction> {
        self.instructions(id).first()
    }

    #[inline]
    pub fn last(&self, id: BlockId) -> Option<&Instruction> {
        self.instructions(id).last()
    }

    #[inline]
    pub fn last_mut(&mut self, id: BlockId) -> Option<&mut Instruction> {
        self.instructions_mut(id).last_mut()
    }

    /// Appends a new instruction. Its handler is that of the slot that it takes.
    pub fn add(
        &mut self,
        id: BlockId,
        opcode: CompilerOpcode,
        oparg: u32,
        target: Option<BlockId>,
        location: Location,
    ) {
        let block = &self[id];
        let slot = if block.used < block.filled { self.slots.get((block.start + block.used) as usize) } else { None };
        let handler = slot.and_then(|slot| slot.handler);
        self.append(id, Instruction { target, handler, ..Instruction::new(opcode, oparg, location) });
    }

    /// As [`FlowGraph::add`], after instructions were removed: if code generation had joined none, the slot would be one that these left.
    pub(super) fn add_after_removal(&mut self, id: BlockId, opcode: CompilerOpcode, location: Location) {
        let block = self[id];
        if block.joined == 0 {
            return self.add(id, opcode, 0, None, location);
        }
        let handler = if block.used < block.built + block.joined { block.handler } else { None };
        self.append(id, Instruction { handler, ..Instruction::new(opcode, 0, location) });
    }

    /// Takes joined instructions apart again, in a block from which none was removed.
    pub(super) fn take_joined_apart(&mut self, id: BlockId) {
        let Block { start, used, .. } = self[id];
        let new_start = self.slots.len() as u32;
        for index in start..start + used {
            let instruction = self.slots[index as usize];
            match instruction.is_joined {
                true => self.slots.extend(instruction.parts()),
                false => self.slots.push(instruction),
            }
        }
        let length = self.slots.len() as u32 - new_start;
        let block = &mut self[id];
        (block.start, block.used, block.joined) = (new_start, length, 0);
        (block.filled, block.room, block.built) = (length, length, length);
        self.refresh_contents(id);
        let contents = self[id].contents;
        self.note_built_of(contents);
    }

    /// Appends a copy of an instruction.
    pub fn append(&mut self, id: BlockId, instruction: Instruction) {
        let previous = self.last(id).map_or(Contents::NOTHING, Contents::of);
        self.note(id, Contents::of(&instruction).after(previous));
        if self[id].used == self[id].room {
            self.make_room(id);
        }
        let block = &mut self[id];
        let place = (block.start + block.used) as usize;
        block.used += 1;
        block.filled = block.filled.max(block.used);
        self.slots[place] = instruction;
    }

    /// Moves a block to where it has room.
    fn make_room(&mut self, id: BlockId) {
        let Block { start, filled, room, .. } = self[id];
        let new_start = self.slots.len();
        self.slots.extend_from_within(start as usize..(start + filled) as usize);
        let new_room = room + room / 2 + 4;
        self.slots.resize(new_start + new_room as usize, Instruction::NOTHING);
        let block = &mut self[id];
        (block.start, block.room) = (new_start as u32, new_room);
    }

    /// Puts an instruction before the one at `index`.
    pub fn insert(&mut self, id: BlockId, index: usize, instruction: Instruction) {
        self.append(id, instruction);
        self.instructions_mut(id)[index..].rotate_right(1);
        self.note_pairs_around(id, index);
    }

    fn note_pairs_around(&mut self, id: BlockId, index: usize) {
        let around = &self.instructions(id)[index.saturating_sub(1)..];
        let pairs = around.windows(2).take(2).map(|pair| Contents::of(&pair[1]).after(Contents::of(&pair[0])));
        let pairs = pairs.fold(Contents::NOTHING, Contents::with);
        self.note(id, pairs);
    }

    /// Appends the instructions in the slots `start..end`, of these kinds, to a block from which none was ever removed. The `spare` slots
    /// behind them are free, and so are those between the block and them.
    pub(super) fn extend(&mut self, id: BlockId, start: usize, end: usize, spare: usize, contents: Contents) {
        let block = self[id];
        let (mut start, mut end) = (start, end + spare);
        let old = block.start as usize..(block.start + block.used) as usize;
        if block.used == 0 || old.end <= start {
            // What is between them is free.
            let new_start = start - old.len();
            if old.end != start {
                self.slots.copy_within(old, new_start);
            }
            start = new_start;
        } else {
            let new_start = self.slots.len();
            self.slots.extend_from_within(old);
            self.slots.extend_from_within(start..end);
            (start, end) = (new_start, self.slots.len());
        }
        let block = &mut self[id];
        block.start = start as u32;
        block.room = (end - start) as u32;
        block.used = block.room - spare as u32;
        block.filled = block.used;
        block.built = block.used;
        self.note(id, contents);
    }

    /// Appends a copy of the instructions of one block to another.
    pub fn append_copy(&mut self, from: BlockId, to: BlockId) {
        for index in 0..self[from].len() {
            let instruction = self.instructions(from)[index];
            self.append(to, instruction);
        }
        self[to].joined += self[from].joined;
    }

    /// Keeps so many instructions, after those that were to go were written over.
    pub(super) fn truncate(&mut self, id: BlockId, kept: usize) {
        self[id].used = kept as u32;
        self.note(id, Contents::GAP_CLOSED);
    }

    /// Removes all instructions.
    pub fn remove_all(&mut self, id: BlockId) {
        self[id].used = 0;
        self[id].contents = Contents::NOTHING;
    }

    /// Makes the last instruction do nothing.
    pub fn drop_last(&mut self, id: BlockId) {
        if let Some(last) = self.last_mut(id) {
            last.set_nop();
        }
        self.note(id, Contents::NOP);
    }

    /// Remembers that instructions of these kinds were put in the place of others.
    #[inline]
    pub fn note(&mut self, id: BlockId, kinds: Contents) {
        self.contents = self.contents.with(kinds);
        let block = &mut self[id];
        block.contents = block.contents.with(kinds);
    }

    /// Whether a block may have instructions of one of these kinds.
    #[inline]
    pub fn may_have(&self, id: BlockId, kinds: Contents) -> bool {
        debug_assert!(
            self.instructions(id).iter().all(|each| self[id].contents.contains(Contents::of(each).to_note())),
            "a kind of instruction was not noted"
        );
        self[id].contents.intersects(kinds)
    }

    /// Looks at the instructions of a block anew.
    pub fn refresh_contents(&mut self, id: BlockId) {
        let gap = if self[id].may_have(Contents::GAP_CLOSED) { Contents::GAP_CLOSED } else { Contents::NOTHING };
        let mut previous = Contents::NOTHING;
        let mut contents = gap;
        for instruction in self.instructions(id) {
            let kinds = Contents::of(instruction);
            contents = contents.with(kinds.after(previous));
            previous = kinds;
        }
        self[id].contents = Contents::NOTHING;
        self.note(id, contents);
    }

    /// Whether the frame is left at the end of a block.
    #[inline]
    pub fn exits_scope(&self, id: BlockId) -> bool {
        self.last(id).is_some_and(|last| last.opcode.is_scope_exit())
    }

    /// Where control goes on when it does not go to the next block.
    #[inline]
    pub fn last_jump_target(&self, id: BlockId) -> Option<BlockId> {
        self.last(id).and_then(Instruction::jump_target)
    }

    /// As [`FlowGraph::last_jump_target`], when there may be a `NOT_TAKEN` behind the jump.
    #[inline]
    pub fn jump_target_at_end(&self, id: BlockId) -> Option<BlockId> {
        jump_at_end(self.instructions(id)).map(|(_, target)| target)
    }

    /// Whether control can go on from a block to the next one.
    #[inline]
    pub fn falls_through(&self, id: BlockId) -> bool {
        !self.last(id).is_some_and(|last| last.opcode.ends_flow())
    }

    pub fn has_no_lines(&self, id: BlockId) -> bool {
        !self.instructions(id).iter().any(|instruction| instruction.location.has_line())
    }
}

/// The jump of a block, behind which there is a `NOT_TAKEN` at most: which of its instructions it is, and where it goes.
#[inline]
pub(crate) fn jump_at_end(instructions: &[Instruction]) -> Option<(usize, BlockId)> {
    let last = instructions.last()?;
    let index = instructions.len().wrapping_sub(1 + usize::from(last.is(CompilerOpcode::NotTaken)));
    Some((index, instructions.get(index)?.jump_target()?))
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
