//! Which handler covers each instruction.
//!
//! Walks the graph with a stack of the handlers that the block-setup instructions on the way have pushed. Afterwards
//! each instruction knows its handler, and `POP_BLOCK` has done its work.

use bytecode::instruction::CompilerOpcode;
use bytecode::instruction::operands::{RESUME_DEPTH_1, ResumePlace};

use super::block::{BlockId, FlowGraph, Worklist};
use super::error::FlowError;

/// Marks the blocks where handlers start.
pub(super) fn mark_handlers(graph: &mut FlowGraph) {
    for id in graph.chain_ids() {
        for index in 0..graph[id].len() {
            if let Some(handler) = graph[id].instructions()[index].pushed_handler() {
                graph[handler].is_handler = true;
            }
        }
    }
}

/// Gives each instruction its handler.
pub(super) fn label_instructions(graph: &mut FlowGraph) -> Result<(), FlowError> {
    let mut walk = Walk { work: Worklist::new(graph), stacks: vec![Vec::new(); graph.block_count()] };
    walk.work.add(graph.entry());
    while let Some(id) = walk.work.pop() {
        walk.label_block(graph, id)?;
    }
    Ok(())
}

struct Walk {
    work: Worklist,
    /// The handlers at the start of each block that waits.
    stacks: Vec<Vec<BlockId>>,
}

impl Walk {
    fn label_block(&mut self, graph: &mut FlowGraph, id: BlockId) -> Result<(), FlowError> {
        let mut handlers = std::mem::take(&mut self.stacks[id.index()]);
        let mut last_yield_depth = None;
        for index in 0..graph[id].len() {
            let handler = handlers.last().copied();
            let depth = handlers.len();
            let instruction = &mut graph[id].instructions_mut()[index];
            if let Some(target) = instruction.pushed_handler() {
                let preserves_lasti = !instruction.is(CompilerOpcode::SetupFinally);
                self.visit(target, &handlers);
                graph[target].preserves_lasti |= preserves_lasti;
                handlers.push(target);
                continue;
            }
            if instruction.is(CompilerOpcode::PopBlock) {
                handlers.pop().ok_or(FlowError::UnbalancedBlocks)?;
                instruction.set_nop();
                continue;
            }
            instruction.handler = handler;
            if instruction.is(CompilerOpcode::YieldValue) {
                last_yield_depth = Some(depth);
            } else if instruction.is(CompilerOpcode::Resume) && instruction.oparg != ResumePlace::FunctionStart as u32 {
                if last_yield_depth.take() == Some(1) {
                    instruction.oparg |= RESUME_DEPTH_1;
                }
            } else if let Some(target) = instruction.jump_target() {
                self.visit(target, &handlers);
            }
        }
        if let Some(next) = graph.fallthrough(id) {
            self.visit(next, &handlers);
        }
        Ok(())
    }

    fn visit(&mut self, block: BlockId, handlers: &[BlockId]) {
        if self.work.add(block) {
            self.stacks[block.index()] = handlers.to_vec();
        }
    }
}
