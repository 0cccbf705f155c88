//! Which handler covers each instruction.
//!
//! Walks the graph with a stack of the handlers that the block-setup instructions on the way have pushed. Afterwards
//! each instruction knows its handler, and `POP_BLOCK` has done its work.

use bytecode::instruction::CompilerOpcode;
use bytecode::instruction::operands::{RESUME_DEPTH_1, ResumePlace};

use super::block::{Block, BlockId, FlowGraph, Worklist};
use super::error::FlowError;

/// Marks the blocks where handlers start.
pub(super) fn mark_handlers(graph: &mut FlowGraph) {
    graph.for_each_block(|graph, id| {
        if !graph[id].has_setup() {
            return;
        }
        for index in 0..graph[id].len() {
            if let Some(handler) = graph[id].instructions()[index].pushed_handler() {
                graph[handler].is_handler = true;
            }
        }
    });
}

/// Gives each instruction its handler.
pub(super) fn label_instructions(graph: &mut FlowGraph) -> Result<(), FlowError> {
    let has_blocks = |id| {
        let block: &Block = &graph[id];
        block.has_setup() || block.instructions().iter().any(|it| it.is(CompilerOpcode::PopBlock))
    };
    if !graph.chain().any(has_blocks) {
        return Ok(());
    }
    let mut walk =
        Walk { work: Worklist::new(graph), pushed: Vec::new(), stacks: vec![HandlerStack::EMPTY; graph.block_count()] };
    walk.work.add(graph, graph.entry());
    while let Some(id) = walk.work.pop(graph) {
        walk.label_block(graph, id)?;
    }
    Ok(())
}

/// Handlers, innermost last, as a list through `Walk::pushed`: blocks share what they have in common.
#[derive(Clone, Copy)]
struct HandlerStack {
    /// The innermost handler, by its index in `pushed` plus one; 0 if there is none.
    top: u32,
    depth: u32,
}

impl HandlerStack {
    const EMPTY: Self = Self { top: 0, depth: 0 };
}

struct Walk {
    work: Worklist,
    /// Each handler that was pushed, and the stack that it was pushed on.
    pushed: Vec<(BlockId, HandlerStack)>,
    /// The handlers at the start of each block that waits.
    stacks: Vec<HandlerStack>,
}

impl Walk {
    fn label_block(&mut self, graph: &mut FlowGraph, id: BlockId) -> Result<(), FlowError> {
        let mut handlers = self.stacks[id.index()];
        let mut last_yield_depth = None;
        for index in 0..graph[id].len() {
            let handler = self.top(handlers).map(|(handler, _)| handler);
            let instruction = &mut graph[id].instructions_mut()[index];
            if let Some(target) = instruction.pushed_handler() {
                let preserves_lasti = !instruction.is(CompilerOpcode::SetupFinally);
                self.visit(graph, target, handlers);
                graph[target].preserves_lasti |= preserves_lasti;
                self.pushed.push((target, handlers));
                handlers = HandlerStack { top: self.pushed.len() as u32, depth: handlers.depth + 1 };
                continue;
            }
            if instruction.is(CompilerOpcode::PopBlock) {
                let (_, rest) = self.top(handlers).ok_or(FlowError::UnbalancedBlocks)?;
                handlers = rest;
                instruction.set_nop();
                continue;
            }
            instruction.handler = handler;
            if instruction.is(CompilerOpcode::YieldValue) {
                last_yield_depth = Some(handlers.depth);
            } else if instruction.is(CompilerOpcode::Resume) && instruction.oparg != ResumePlace::FunctionStart as u32 {
                if last_yield_depth.take() == Some(1) {
                    instruction.oparg |= RESUME_DEPTH_1;
                }
            } else if let Some(target) = instruction.jump_target() {
                self.visit(graph, target, handlers);
            }
        }
        if let Some(next) = graph.fallthrough(id) {
            self.visit(graph, next, handlers);
        }
        Ok(())
    }

    fn top(&self, handlers: HandlerStack) -> Option<(BlockId, HandlerStack)> {
        self.pushed.get((handlers.top as usize).checked_sub(1)?).copied()
    }

    fn visit(&mut self, graph: &mut FlowGraph, block: BlockId, handlers: HandlerStack) {
        if self.work.add(graph, block) {
            self.stacks[block.index()] = handlers;
        }
    }
}
