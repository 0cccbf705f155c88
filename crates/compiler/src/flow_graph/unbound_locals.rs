//! Loads of locals that may be unbound become `LOAD_FAST_CHECK`.
//!
//! A data flow analysis over the first 64 locals, as a mask of those that may be unbound at the start of each block.
//! Locals beyond are looked at within a block only, so that functions with very many of them compile in linear time.

use std::hint::select_unpredictable;

use bytecode::instruction::CompilerOpcode;

use super::block::{BlockId, FlowGraph, Instruction, is_same};
use super::contents::Contents;

/// How many locals the mask has room for.
const TRACKED: usize = 64;

/// Whether a local may be unbound where it is loaded, or be taken to be.
#[inline]
pub(super) fn is_needed(graph: &FlowGraph, local_count: usize, parameter_count: usize) -> bool {
    local_count > parameter_count.min(TRACKED) || graph.was_built_of(Contents::UNBIND_LOCAL)
}

#[inline(never)]
pub(super) fn add_checks(graph: &mut FlowGraph, local_count: usize, parameter_count: usize) {
    if local_count > TRACKED {
        check_untracked(graph, local_count);
    }
    let unbound_at_start = (parameter_count..local_count.min(TRACKED)).fold(0, |mask, local| mask | 1u64 << local);
    if unbound_at_start == 0 && !graph.was_built_of(Contents::UNBIND_LOCAL) {
        return;
    }
    let mut analysis = Analysis {
        unbound: vec![0; graph.block_count()],
        waits: vec![false; graph.block_count()],
        pending: graph.take_spare(),
        has_handlers: graph.was_built_of(Contents::SETUP),
    };
    analysis.merge(graph.entry(), unbound_at_start);
    // A `DELETE_FAST` can be anywhere, so each block is scanned at least once.
    graph.for_each_block(|graph, id| analysis.scan(graph, id));
    while let Some(id) = analysis.pending.pop() {
        if analysis.waits[id.index()] {
            analysis.scan(graph, id);
        }
    }
    graph.give_spare(analysis.pending);
}

struct Analysis {
    /// For each block the locals that may be unbound at its start.
    unbound: Vec<u64>,
    /// Whether it has grown since the block was scanned.
    waits: Vec<bool>,
    /// The blocks that wait, and some that don't any more.
    pending: Vec<BlockId>,
    has_handlers: bool,
}

impl Analysis {
    /// The locals of `unbound` may be unbound at the start of `block`: looks at it again if that is new.
    fn merge(&mut self, block: BlockId, unbound: u64) {
        let known = &mut self.unbound[block.index()];
        if *known | unbound == *known {
            return;
        }
        *known |= unbound;
        if !std::mem::replace(&mut self.waits[block.index()], true) {
            self.pending.push(block);
        }
    }

    fn scan(&mut self, graph: &mut FlowGraph, id: BlockId) {
        self.waits[id.index()] = false;
        let mut unbound = self.unbound[id.index()];
        // If all are bound and stay so, nothing may be unbound anywhere behind.
        if unbound == 0 && !graph.may_have(id, Contents::UNBIND_LOCAL) {
            return;
        }
        if self.has_handlers {
            unbound = self.pass_with_handlers(graph.instructions_mut(id), unbound);
        } else if graph.may_have(id, Contents::BINDING) {
            unbound = graph.instructions_mut(id).iter_mut().fold(unbound, |unbound, each| pass(each, unbound));
        }
        self.merge_into_successors(graph, id, unbound);
    }

    /// Passes the instructions of a block, and tells each handler what may be unbound where it covers.
    fn pass_with_handlers(&mut self, instructions: &mut [Instruction], mut unbound: u64) -> u64 {
        let mut handler = None;
        let mut covered = 0;
        for instruction in instructions {
            if !is_same(instruction.handler, handler) {
                self.tell(handler, covered);
                (handler, covered) = (instruction.handler, 0);
            }
            covered |= unbound;
            unbound = pass(instruction, unbound);
        }
        self.tell(handler, covered);
        unbound
    }

    fn tell(&mut self, handler: Option<BlockId>, unbound: u64) {
        if let Some(handler) = handler {
            self.merge(handler, unbound);
        }
    }

    fn merge_into_successors(&mut self, graph: &FlowGraph, id: BlockId, unbound: u64) {
        if let Some(next) = graph.fallthrough(id) {
            self.merge(next, unbound);
        }
        if let Some(target) = graph.last_jump_target(id) {
            self.merge(target, unbound);
        }
    }
}

/// Checks an instruction, if it loads one of the locals that may be `unbound`; yields those that may be unbound behind it.
///
/// There are no branches, as what an instruction does to locals cannot be foreseen.
#[inline]
fn pass(instruction: &mut Instruction, unbound: u64) -> u64 {
    let kinds = Contents::of_opcode(instruction.opcode);
    let is_tracked = kinds.intersects(Contents::BINDING) & ((instruction.oparg as usize) < TRACKED);
    let bit = u64::from(is_tracked) << (instruction.oparg as usize % TRACKED);
    let is_checked = instruction.is(CompilerOpcode::LoadFast) & (unbound & bit != 0);
    instruction.opcode = select_unpredictable(is_checked, CompilerOpcode::LoadFastCheck, instruction.opcode);
    // What loads a local does not raise if it is bound.
    let unbinds = u64::from(kinds.intersects(Contents::UNBIND_LOCAL));
    (unbound & !bit) | (bit * unbinds)
}

/// Checks each load of a local beyond the tracked ones that is not bound earlier in its block.
fn check_untracked(graph: &mut FlowGraph, local_count: usize) {
    // For each such local the number of the last block in which it was bound, 0 for none.
    let mut bound_in = vec![0; local_count - TRACKED];
    let mut number = 0;
    graph.for_each_block(|graph, id| {
        number += 1;
        for instruction in graph.instructions_mut(id) {
            let local = (instruction.oparg as usize).checked_sub(TRACKED);
            let Some(bound) = local.and_then(|local| bound_in.get_mut(local)) else { continue };
            match instruction.opcode {
                CompilerOpcode::DeleteFast | CompilerOpcode::LoadFastAndClear | CompilerOpcode::StoreFastMaybeNull => {
                    *bound = number - 1
                }
                CompilerOpcode::StoreFast => *bound = number,
                CompilerOpcode::LoadFast => {
                    if *bound != number {
                        instruction.opcode = CompilerOpcode::LoadFastCheck;
                    }
                    *bound = number;
                }
                _ => {}
            }
        }
    });
}
