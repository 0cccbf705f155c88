//! Loads of locals that need no reference of their own become `LOAD_FAST_BORROW`.
//!
//! A loaded reference may be borrowed from the frame if it is consumed within its block, before the local is
//! overwritten or deleted, and is not stored in another local. A simulation of each block with a stack of abstract
//! references finds the loads for which that does not hold. Needs the start depths of the blocks, and that no
//! instruction changes any more.

use bytecode::instruction::CompilerOpcode;

use super::block::{Block, BlockId, FlowGraph, Instruction, Worklist};
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
pub(super) fn borrow_locals(graph: &mut FlowGraph) {
    let mut simulation = std::mem::take(&mut graph.simulation);
    let mut work = Worklist::new(graph);
    work.add(graph, graph.entry());
    while let Some(id) = work.pop(graph) {
        if graph[id].may_have(Contents::LOAD_LOCAL) {
            borrow_in_block(&mut graph[id], &mut simulation);
        }
        let block = &graph[id];
        // The block-setup instructions are gone, and behind a jump there is nothing but a NOT_TAKEN.
        if let Some(target) = block.instructions().iter().rev().take(2).find_map(|it| it.jump_target()) {
            work.add(graph, target);
        }
        add_fallthrough(graph, id, &mut work);
    }
    graph.simulation = simulation;
}

fn borrow_in_block(block: &mut Block, simulation: &mut Simulation) {
    simulation.begin(block.start_depth.unwrap_or(0), block.len());
    for (index, instruction) in block.instructions().iter().enumerate() {
        if Contents::of_opcode(instruction.opcode).intersects(Contents::UNUSUAL_STACK_USE) {
            simulation.run(index, instruction);
        } else {
            simulation.run_usual(index, instruction);
        }
    }
    simulation.finish();
    let instructions = block.instructions_mut();
    for index in simulation.loads.iter().map(|index| *index as usize).filter(|index| !simulation.is_owned[*index]) {
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
    stack: Vec<Reference>,
    /// The instructions of the block that only load locals.
    loads: Vec<u32>,
    /// For each instruction of the block whether what it loads must be a reference of its own.
    is_owned: Vec<bool>,
}

impl Simulation {
    fn begin(&mut self, depth: u32, length: usize) {
        self.stack.clear();
        self.stack.resize(depth as usize, Reference { maker: NOTHING, local: NOTHING });
        self.loads.clear();
        self.is_owned.clear();
        self.is_owned.resize(length, false);
    }

    fn run(&mut self, index: usize, instruction: &Instruction) {
        let oparg = instruction.oparg;
        match instruction.opcode {
            CompilerOpcode::LoadFast => {
                self.loads.push(index as u32);
                self.push_local(index, oparg);
            }
            CompilerOpcode::LoadFastAndClear => {
                self.kill(oparg);
                self.push_local(index, oparg);
            }
            CompilerOpcode::DeleteFast => self.kill(oparg),
            CompilerOpcode::LoadFastLoadFast => {
                self.loads.push(index as u32);
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
                let copied = self.stack.len().checked_sub(oparg as usize).and_then(|at| self.stack.get(at)).copied();
                self.stack.extend(copied);
            }
            CompilerOpcode::Swap => {
                let top = self.stack.len().wrapping_sub(1);
                if let Some(at) = self.stack.len().checked_sub(oparg as usize).filter(|at| *at <= top) {
                    self.stack.swap(at, top);
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
                let top = self.stack.pop();
                self.pop(1);
                self.stack.extend(top);
            }
            CompilerOpcode::CheckExcMatch | CompilerOpcode::Send => {
                self.pop(1);
                self.push(index, 1);
            }
            CompilerOpcode::ForIter => self.push(index, 1),
            CompilerOpcode::LoadAttr | CompilerOpcode::LoadSuperAttr => {
                let receiver = self.stack.pop();
                if opcode == CompilerOpcode::LoadSuperAttr {
                    self.pop(2);
                }
                self.push(index, 1);
                if oparg & 1 != 0 {
                    // A method's receiver may come back.
                    self.stack.extend(receiver);
                }
            }
            CompilerOpcode::LoadSpecial | CompilerOpcode::PushExcInfo => {
                let top = self.stack.pop();
                self.push(index, 1);
                self.stack.extend(top);
            }
            // Block-setup instructions act only when an exception is raised.
            _ if opcode.is_block_push() => {}
            _ => self.run_usual(index, instruction),
        }
    }

    /// An instruction that takes all that it looks at and pushes what is new.
    #[inline]
    fn run_usual(&mut self, index: usize, instruction: &Instruction) {
        let Instruction { opcode, oparg, .. } = *instruction;
        self.pop(opcode.pops(oparg));
        match opcode.pushes(oparg) {
            0 => {}
            1 => self.stack.push(Reference { maker: index as u32, local: NOTHING }),
            count => self.push(index, count),
        }
    }

    fn push_local(&mut self, index: usize, local: u32) {
        self.stack.push(Reference { maker: index as u32, local });
    }

    fn push(&mut self, index: usize, count: i64) {
        for _ in 0..count {
            self.stack.push(Reference { maker: index as u32, local: NOTHING });
        }
    }

    fn pop(&mut self, count: i64) {
        self.stack.truncate(self.stack.len().saturating_sub(count.max(0) as usize));
    }

    fn store(&mut self, local: u32) {
        let stored = self.stack.pop();
        self.kill(local);
        self.own(stored);
    }

    /// The local is overwritten or cleared.
    fn kill(&mut self, local: u32) {
        for index in 0..self.stack.len() {
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
        for index in 0..self.stack.len() {
            self.own(Some(self.stack[index]));
        }
    }
}
