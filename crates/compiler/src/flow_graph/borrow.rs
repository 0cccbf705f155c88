//! Loads of locals that need no reference of their own become `LOAD_FAST_BORROW`.
//!
//! A loaded reference may be borrowed from the frame if it is consumed within its block, before the local is
//! overwritten or deleted, and is not stored in another local. A simulation of each block with a stack of abstract
//! references finds the loads for which that does not hold. Needs the start depths of the blocks, and that no
//! instruction changes any more.

use bytecode::instruction::CompilerOpcode;

use super::block::{BlockId, FlowGraph, Instruction, Worklist};
use super::contents::Contents;

/// A value on the simulated stack.
#[derive(Clone, Copy, Debug)]
struct Reference {
    /// The instruction of this block that made it; `NOTHING` if it was there at the start.
    maker: u32,
    /// The local that it was loaded from, or `NOTHING`.
    local: u32,
}

const NOTHING: u32 = u32::MAX;

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
        if let Some(target) = graph.instructions(id).iter().rev().take(2).find_map(|it| it.jump_target()) {
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
    for (index, instruction) in instructions.iter().enumerate() {
        if Contents::of_opcode(instruction.opcode).intersects(Contents::UNUSUAL_STACK_USE) {
            simulation.run(index, instruction);
        } else {
            simulation.run_usual(index, instruction);
        }
    }
    simulation.finish();
    for index in simulation.loads() {
        let instruction = &mut instructions[index];
        instruction.opcode = match instruction.opcode {
            CompilerOpcode::LoadFast => CompilerOpcode::LoadFastBorrow,
            _ => CompilerOpcode::LoadFastBorrowLoadFastBorrow,
        };
    }
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
#[derive(Clone, Debug, Default)]
pub(super) struct Simulation {
    /// The values on the stack, then some that once were. There is always one of these.
    stack: Vec<Reference>,
    depth: usize,
    /// The instructions of the block that only load locals, then room for others.
    loads: Vec<u32>,
    n_loads: usize,
    /// For each instruction of the block whether what it loads must be a reference of its own.
    is_owned: Vec<bool>,
}

impl Simulation {
    fn begin(&mut self, depth: usize, length: usize) {
        self.stack.clear();
        // Most instructions push one value at most.
        self.stack.resize(depth + length + 1, Reference { maker: NOTHING, local: NOTHING });
        self.depth = depth;
        self.loads.resize(length.max(self.loads.len()), 0);
        self.n_loads = 0;
        self.is_owned.clear();
        self.is_owned.resize(length, false);
    }

    /// The loads that may borrow.
    fn loads(&self) -> impl Iterator<Item = usize> {
        self.loads[..self.n_loads].iter().map(|index| *index as usize).filter(|index| !self.is_owned[*index])
    }

    fn run(&mut self, index: usize, instruction: &Instruction) {
        let oparg = instruction.oparg;
        match instruction.opcode {
            CompilerOpcode::LoadFastAndClear => {
                self.kill(oparg);
                self.push_local(index, oparg);
            }
            CompilerOpcode::DeleteFast => self.kill(oparg),
            CompilerOpcode::LoadFastLoadFast => {
                self.loads[self.n_loads] = index as u32;
                self.n_loads += 1;
                self.push_local(index, oparg >> 4);
                self.push_local(index, oparg & 15);
            }
            CompilerOpcode::StoreFast => self.store(oparg),
            CompilerOpcode::StoreFastLoadFast => {
                self.store(oparg >> 4);
                self.push_local(index, oparg & 15);
            }
            CompilerOpcode::StoreFastStoreFast => {
                self.store(oparg >> 4);
                self.store(oparg & 15);
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
            _ => self.run_general(index, instruction),
        }
    }

    /// Instructions that do not touch locals.
    fn run_general(&mut self, index: usize, instruction: &Instruction) {
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
                    self.push(maker as usize, 1);
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
                self.push(index, 1);
            }
            CompilerOpcode::ForIter => self.push(index, 1),
            CompilerOpcode::LoadAttr | CompilerOpcode::LoadSuperAttr => {
                let receiver = self.pop_top();
                if opcode == CompilerOpcode::LoadSuperAttr {
                    self.pop(2);
                }
                self.push(index, 1);
                if oparg & 1 != 0 {
                    // A method's receiver may come back.
                    self.push_again(receiver);
                }
            }
            CompilerOpcode::LoadSpecial | CompilerOpcode::PushExcInfo => {
                let top = self.pop_top();
                self.push(index, 1);
                self.push_again(top);
            }
            // Block-setup instructions act only when an exception is raised.
            _ if opcode.is_block_push() => {}
            _ => self.run_usual(index, instruction),
        }
    }

    /// An instruction that takes all that it looks at and pushes what is new; `LOAD_FAST` is one.
    #[inline]
    fn run_usual(&mut self, index: usize, instruction: &Instruction) {
        let Instruction { opcode, oparg, .. } = *instruction;
        let (pops, pushes) =
            opcode.usual_stack_use(oparg).unwrap_or_else(|| (opcode.pops(oparg), opcode.pushes(oparg)));
        let is_load = opcode == CompilerOpcode::LoadFast;
        // It is forgotten again if it is no load.
        self.loads[self.n_loads] = index as u32;
        self.n_loads += usize::from(is_load);
        let reference = Reference { maker: index as u32, local: if is_load { oparg } else { NOTHING } };
        let bottom = self.depth.saturating_sub(pops as usize);
        self.depth = bottom + pushes as usize;
        self.make_room();
        // It is above the top if nothing is pushed.
        self.stack[bottom] = reference;
        if pushes > 1 {
            self.stack[bottom..self.depth].fill(reference);
        }
    }

    /// Takes care that there is room for a value on top.
    #[inline]
    fn make_room(&mut self) {
        if self.depth >= self.stack.len() {
            self.stack.resize(2 * self.depth + 1, Reference { maker: NOTHING, local: NOTHING });
        }
    }

    fn push_again(&mut self, reference: Option<Reference>) {
        if let Some(reference) = reference {
            self.stack[self.depth] = reference;
            self.depth += 1;
            self.make_room();
        }
    }

    fn push_local(&mut self, index: usize, local: u32) {
        self.push_again(Some(Reference { maker: index as u32, local }));
    }

    fn push(&mut self, index: usize, count: i64) {
        for _ in 0..count {
            self.push_local(index, NOTHING);
        }
    }

    fn pop(&mut self, count: i64) {
        self.depth = self.depth.saturating_sub(count.max(0) as usize);
    }

    fn pop_top(&mut self) -> Option<Reference> {
        self.depth = self.depth.checked_sub(1)?;
        Some(self.stack[self.depth])
    }

    fn store(&mut self, local: u32) {
        let stored = self.pop_top();
        self.kill(local);
        self.own(stored);
    }

    /// The local is overwritten or cleared.
    fn kill(&mut self, local: u32) {
        for index in 0..self.depth {
            let reference = self.stack[index];
            if reference.local == local {
                self.own(Some(reference));
            }
        }
    }

    fn own(&mut self, reference: Option<Reference>) {
        let maker = reference.map_or(NOTHING, |reference| reference.maker);
        if let Some(is_owned) = self.is_owned.get_mut(maker as usize) {
            *is_owned = true;
        }
    }

    /// What is still on the stack lives on.
    fn finish(&mut self) {
        for index in 0..self.depth {
            self.own(Some(self.stack[index]));
        }
    }
}
