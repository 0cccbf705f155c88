//! Loads of locals that need no reference of their own become `LOAD_FAST_BORROW`.
//!
//! A loaded reference may be borrowed from the frame if it is consumed within its block, before the local is
//! overwritten or deleted, and is not stored in another local. A simulation of each block with a stack of abstract
//! references finds the loads for which that does not hold. Needs the start depths of the blocks, and that no
//! instruction changes any more.

use std::hint::select_unpredictable;

use bytecode::instruction::CompilerOpcode;

use super::block::{BlockId, FlowGraph, Instruction, Worklist};
use super::contents::Contents;

/// A value on the simulated stack: which instruction of the block loaded it from a local, and which of its values it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reference(u32);

impl Reference {
    /// It was there at the start, or does not come from a local.
    const OTHER: Self = Self(u32::MAX);

    #[inline]
    fn first_of(index: usize) -> Self {
        Self((index as u32) << 2)
    }

    fn second_of(index: usize) -> Self {
        Self((index as u32) << 2 | 1)
    }

    /// It counts as made by the instruction, but comes from no local.
    fn no_local_of(index: usize) -> Self {
        Self((index as u32) << 2 | 2)
    }

    /// The number of the instruction that made it, which none has if it is another, and which of the two locals that this may load it is.
    fn maker(self) -> (usize, u32) {
        ((self.0 >> 2) as usize, self.0 & 3)
    }
}

/// Replaces loads in all blocks that can be reached.
#[inline(never)]
pub(super) fn borrow_locals(graph: &mut FlowGraph) {
    let mut simulation = std::mem::take(&mut graph.simulation);
    let mut work = Worklist::new(graph);
    work.add(graph, graph.entry());
    while let Some(id) = work.pop(graph) {
        if graph.may_have(id, Contents::LOAD_LOCAL) {
            borrow_in_block(graph, id, &mut simulation);
        }
        // The block-setup instructions are gone, and behind a jump there is nothing but a NOT_TAKEN.
        if let Some(target) = graph.jump_target_at_end(id) {
            work.add(graph, target);
        }
        add_fallthrough(graph, id, &mut work);
    }
    graph.simulation = simulation;
}

fn borrow_in_block(graph: &mut FlowGraph, id: BlockId, simulation: &mut Simulation) {
    let start_depth = graph[id].start_depth.unwrap_or(0);
    let instructions = graph.instructions_mut(id);
    simulation.begin(start_depth as usize, instructions.len());
    for index in 0..instructions.len() {
        if Contents::of_opcode(instructions[index].opcode).intersects(Contents::UNUSUAL_STACK_USE) {
            simulation.run(instructions, index);
        } else {
            simulation.run_usual(&mut instructions[index], index);
        }
    }
    simulation.finish(instructions);
}

fn add_fallthrough(graph: &mut FlowGraph, id: BlockId, work: &mut Worklist) {
    // CPython does not go on from an empty block, so neither must this.
    if !graph[id].is_empty()
        && let Some(next) = graph.fallthrough(id)
    {
        work.add(graph, next);
    }
}

/// The simulation of a block. Its memory is used for one block after the other.
///
/// Each load borrows until it turns out that what it loads must be a reference of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Simulation {
    /// The values on the stack, then some that once were. Before each instruction there is room for two that it and each behind it push.
    stack: Vec<Reference>,
    depth: usize,
    /// How many instructions the block has.
    length: usize,
}

impl Simulation {
    fn begin(&mut self, depth: usize, length: usize) {
        (self.depth, self.length) = (depth, length);
        self.make_room();
        self.stack[..depth].fill(Reference::OTHER);
    }

    /// Takes care that there is room for two values for each instruction.
    #[inline]
    fn make_room(&mut self) {
        let room = self.depth + 2 * (self.length + 1);
        if self.stack.len() < room {
            self.stack.resize(room, Reference::OTHER);
        }
    }

    fn run(&mut self, instructions: &mut [Instruction], index: usize) {
        let Instruction { opcode, oparg, .. } = instructions[index];
        match opcode {
            CompilerOpcode::LoadFastAndClear => {
                self.kill(instructions, oparg);
                self.push_again(Some(Reference::first_of(index)));
            }
            CompilerOpcode::DeleteFast => self.kill(instructions, oparg),
            CompilerOpcode::LoadFastLoadFast => {
                instructions[index].opcode = CompilerOpcode::LoadFastBorrowLoadFastBorrow;
                self.push_again(Some(Reference::first_of(index)));
                self.push_again(Some(Reference::second_of(index)));
            }
            CompilerOpcode::StoreFast => self.store(instructions, oparg),
            CompilerOpcode::StoreFastLoadFast => {
                self.store(instructions, oparg >> 4);
                self.push_again(Some(Reference::second_of(index)));
            }
            CompilerOpcode::StoreFastStoreFast => {
                self.store(instructions, oparg >> 4);
                self.store(instructions, oparg & 15);
            }
            CompilerOpcode::Copy => {
                let at = self.depth.checked_sub(oparg as usize).filter(|at| *at < self.depth);
                self.push_again(at.map(|at| self.stack[at]));
            }
            CompilerOpcode::Swap => {
                if let Some(at) = self.depth.checked_sub(oparg as usize).filter(|at| *at < self.depth) {
                    self.stack.swap(at, self.depth - 1);
                }
            }
            _ => self.run_general(&mut instructions[index], index),
        }
    }

    /// Instructions that do not touch locals.
    fn run_general(&mut self, instruction: &mut Instruction, index: usize) {
        let Instruction { opcode, oparg, .. } = *instruction;
        match opcode {
            // These leave what they look at, or may push it again.
            CompilerOpcode::FormatSimple
            | CompilerOpcode::GetAnext
            | CompilerOpcode::GetLen
            | CompilerOpcode::GetYieldFromIter
            | CompilerOpcode::ImportFrom
            | CompilerOpcode::MatchKeys
            | CompilerOpcode::MatchMapping
            | CompilerOpcode::MatchSequence
            | CompilerOpcode::WithExceptStart => {
                // CPython counts the values here where it means the instruction, and takes them to come from the first
                // instructions of the block. That shows: those then keep a reference of their own.
                for maker in 0..opcode.pushes(oparg) - opcode.pops(oparg) {
                    self.push_again(Some(Reference::no_local_of(maker as usize)));
                }
            }
            // These take some of what they look at.
            CompilerOpcode::DictMerge
            | CompilerOpcode::DictUpdate
            | CompilerOpcode::ListAppend
            | CompilerOpcode::ListExtend
            | CompilerOpcode::MapAdd
            | CompilerOpcode::Reraise
            | CompilerOpcode::SetAdd
            | CompilerOpcode::SetUpdate => self.pop(opcode.pops(oparg) - opcode.pushes(oparg)),
            // These take and leave some, and push.
            CompilerOpcode::EndSend | CompilerOpcode::SetFunctionAttribute => {
                let top = self.pop_top();
                self.pop(1);
                self.push_again(top);
            }
            CompilerOpcode::CheckExcMatch | CompilerOpcode::Send => {
                self.pop(1);
                self.push_other();
            }
            CompilerOpcode::ForIter => self.push_other(),
            CompilerOpcode::LoadSuperAttr => {
                let receiver = self.pop_top();
                self.pop(2);
                self.push_other();
                if oparg & 1 != 0 {
                    // A method's receiver may come back.
                    self.push_again(receiver);
                }
            }
            CompilerOpcode::LoadSpecial | CompilerOpcode::PushExcInfo => {
                let top = self.pop_top();
                self.push_other();
                self.push_again(top);
            }
            // Block-setup instructions act only when an exception is raised.
            _ if opcode.is_block_push() => {}
            _ => self.take_and_push(instruction, index, opcode.pops(oparg), opcode.pushes(oparg)),
        }
    }

    /// An instruction that takes all that it looks at and pushes what is new; `LOAD_FAST` is one, and `LOAD_ATTR` nearly.
    #[inline]
    fn run_usual(&mut self, instruction: &mut Instruction, index: usize) {
        let (pops, pushes) = instruction.opcode.counted_stack_use(instruction.oparg);
        self.take_and_push(instruction, index, pops, pushes);
    }

    #[inline(always)]
    fn take_and_push(&mut self, instruction: &mut Instruction, index: usize, pops: i64, pushes: i64) {
        let opcode = instruction.opcode;
        let is_load = opcode == CompilerOpcode::LoadFast;
        let reference = select_unpredictable(is_load, Reference::first_of(index), Reference::OTHER);
        instruction.opcode = select_unpredictable(is_load, CompilerOpcode::LoadFastBorrow, opcode);
        let bottom = self.depth.saturating_sub(pops as usize);
        self.depth = bottom + pushes as usize;
        // Those that are not pushed are above the top.
        if let Some([first, second]) = self.stack[bottom..].first_chunk_mut() {
            // A method's receiver may come back.
            *second = select_unpredictable(opcode == CompilerOpcode::LoadAttr, *first, Reference::OTHER);
            *first = reference;
        }
        if pushes > 2 {
            self.make_room();
            self.stack[bottom + 2..self.depth].fill(reference);
        }
    }

    fn push_again(&mut self, reference: Option<Reference>) {
        if let Some(reference) = reference {
            self.stack[self.depth] = reference;
            self.depth += 1;
        }
    }

    fn push_other(&mut self) {
        self.push_again(Some(Reference::OTHER));
    }

    fn pop(&mut self, count: i64) {
        self.depth = self.depth.saturating_sub(count.max(0) as usize);
    }

    fn pop_top(&mut self) -> Option<Reference> {
        self.depth = self.depth.checked_sub(1)?;
        Some(self.stack[self.depth])
    }

    fn store(&mut self, instructions: &mut [Instruction], local: u32) {
        let stored = self.pop_top();
        self.kill(instructions, local);
        own(instructions, stored);
    }

    /// The local is overwritten or cleared.
    fn kill(&mut self, instructions: &mut [Instruction], local: u32) {
        for reference in &self.stack[..self.depth] {
            let (maker, value) = reference.maker();
            if instructions.get(maker).is_some_and(|maker| loaded_local(maker, value) == Some(local)) {
                own(instructions, Some(*reference));
            }
        }
    }

    /// What is still on the stack lives on.
    fn finish(&mut self, instructions: &mut [Instruction]) {
        for reference in &self.stack[..self.depth] {
            own(instructions, Some(*reference));
        }
    }
}

/// Which local an instruction loads as its first (0) or second (1).
fn loaded_local(instruction: &Instruction, value: u32) -> Option<u32> {
    let oparg = instruction.oparg;
    match (instruction.opcode, value) {
        (CompilerOpcode::LoadFast | CompilerOpcode::LoadFastBorrow | CompilerOpcode::LoadFastAndClear, 0) => {
            Some(oparg)
        }
        (CompilerOpcode::LoadFastLoadFast | CompilerOpcode::LoadFastBorrowLoadFastBorrow, 0) => Some(oparg >> 4),
        (CompilerOpcode::LoadFastLoadFast | CompilerOpcode::LoadFastBorrowLoadFastBorrow, 1) => Some(oparg & 15),
        (CompilerOpcode::StoreFastLoadFast, 1) => Some(oparg & 15),
        _ => None,
    }
}

/// What was loaded must be a reference of its own.
fn own(instructions: &mut [Instruction], reference: Option<Reference>) {
    let maker = reference.map(|reference| reference.maker().0);
    if let Some(instruction) = maker.and_then(|maker| instructions.get_mut(maker)) {
        instruction.opcode = match instruction.opcode {
            CompilerOpcode::LoadFastBorrow => CompilerOpcode::LoadFast,
            CompilerOpcode::LoadFastBorrowLoadFastBorrow => CompilerOpcode::LoadFastLoadFast,
            other => other,
        };
    }
}
