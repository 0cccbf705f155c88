//! Basic blocks and the graph that holds them.
//!
//! The graph owns all blocks that were ever made; those that are part of the code form a chain, from the entry along
//! `next`, in the order of the code. Control falls from a block to the next one unless the block ends in an exit or an
//! unconditional jump.

use bytecode::instruction::CompilerOpcode;
use bytecode::location::Location;

/// A block of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockId(u32);

impl BlockId {
    pub fn index(self) -> usize {
        self.0 as usize
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
    pub fn new(opcode: CompilerOpcode, oparg: u32, location: Location) -> Self {
        Self { opcode, oparg, location, target: None, handler: None }
    }

    pub fn is(&self, opcode: CompilerOpcode) -> bool {
        self.opcode == opcode
    }

    pub fn is_nop(&self) -> bool {
        self.is(CompilerOpcode::Nop)
    }

    /// Makes it do nothing; the location stays.
    pub fn set_nop(&mut self) {
        self.set(CompilerOpcode::Nop, 0);
    }

    pub fn set(&mut self, opcode: CompilerOpcode, oparg: u32) {
        self.opcode = opcode;
        self.oparg = oparg;
    }

    /// Where it jumps, if it is a jump.
    pub fn jump_target(&self) -> Option<BlockId> {
        if self.opcode.has_jump() { self.target } else { None }
    }

    /// The handler that it pushes, if it is a block-setup instruction.
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
    pub fn instructions(&self) -> &[Instruction] {
        &self.slots[..self.used]
    }

    pub fn instructions_mut(&mut self) -> &mut [Instruction] {
        &mut self.slots[..self.used]
    }

    pub fn len(&self) -> usize {
        self.used
    }

    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    pub fn first(&self) -> Option<&Instruction> {
        self.instructions().first()
    }

    pub fn last(&self) -> Option<&Instruction> {
        self.instructions().last()
    }

    pub fn last_mut(&mut self) -> Option<&mut Instruction> {
        self.instructions_mut().last_mut()
    }

    /// Appends a new instruction. Its handler is that of the slot that it takes.
    pub fn add(&mut self, opcode: CompilerOpcode, oparg: u32, target: Option<BlockId>, location: Location) {
        let handler = self.slots.get(self.used).and_then(|slot| slot.handler);
        self.append(Instruction { opcode, oparg, location, target, handler });
    }

    /// Appends a copy of an instruction.
    pub fn append(&mut self, instruction: Instruction) {
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
    }

    /// Whether the frame is left at the end.
    pub fn exits_scope(&self) -> bool {
        self.last().is_some_and(|last| last.opcode.is_scope_exit())
    }

    /// Whether control can go on to the next block.
    pub fn falls_through(&self) -> bool {
        !self.last().is_some_and(|last| last.opcode.is_scope_exit() || last.opcode.is_unconditional_jump())
    }

    pub fn has_no_lines(&self) -> bool {
        !self.instructions().iter().any(|instruction| instruction.location.has_line())
    }
}

/// The blocks of a code unit.
#[derive(Clone, Debug)]
pub struct FlowGraph {
    blocks: Vec<Block>,
    entry: BlockId,
}

impl Default for FlowGraph {
    /// A graph of one empty block.
    fn default() -> Self {
        Self { blocks: vec![Block::default()], entry: BlockId(0) }
    }
}

impl FlowGraph {
    pub fn entry(&self) -> BlockId {
        self.entry
    }

    /// How many blocks were ever made: what a table indexed by block needs.
    pub fn block_count(&self) -> usize {
        self.blocks.len()
    }

    /// A new block outside the chain.
    pub fn new_block(&mut self) -> BlockId {
        let id = BlockId(self.blocks.len() as u32);
        self.blocks.push(Block::default());
        id
    }

    /// Puts `block` into the chain after `previous`.
    pub fn link_after(&mut self, previous: BlockId, block: BlockId) {
        self[block].next = self[previous].next;
        self[previous].next = Some(block);
    }

    /// The blocks of the chain, in the order of the code.
    pub fn chain(&self) -> Chain<'_> {
        Chain { graph: self, next: Some(self.entry) }
    }

    /// The blocks of the chain as it is now, for passes that change blocks but not the chain.
    pub fn chain_ids(&self) -> Vec<BlockId> {
        self.chain().collect()
    }

    /// The first block with instructions from `block` on.
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
    pub fn fallthrough(&self, block: BlockId) -> Option<BlockId> {
        if self[block].falls_through() { self[block].next } else { None }
    }
}

impl std::ops::Index<BlockId> for FlowGraph {
    type Output = Block;

    fn index(&self, id: BlockId) -> &Block {
        // Only `new_block` makes ids, so each has its block.
        &self.blocks[id.index()]
    }
}

impl std::ops::IndexMut<BlockId> for FlowGraph {
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

/// Which blocks a pass has seen, and those it still has to look at, last in first out.
#[derive(Debug)]
pub(super) struct Worklist {
    seen: Vec<bool>,
    pending: Vec<BlockId>,
}

impl Worklist {
    pub(super) fn new(graph: &FlowGraph) -> Self {
        Self { seen: vec![false; graph.block_count()], pending: Vec::new() }
    }

    /// Adds a block unless it was added before; says whether it was added.
    pub(super) fn add(&mut self, block: BlockId) -> bool {
        let seen = &mut self.seen[block.index()];
        if *seen {
            return false;
        }
        *seen = true;
        self.pending.push(block);
        true
    }

    pub(super) fn pop(&mut self) -> Option<BlockId> {
        self.pending.pop()
    }
}
