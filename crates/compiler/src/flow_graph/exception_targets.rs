//! Which handler covers each instruction.
//!
//! Walks the graph with a stack of the handlers that the block-setup instructions on the way have pushed. Afterwards
//! each instruction knows its handler, and `POP_BLOCK` has done its work.

use bytecode::instruction::CompilerOpcode;
use bytecode::instruction::operands::{RESUME_DEPTH_1, ResumePlace};

use super::block::{BlockId, FlowGraph, Worklist};
use super::contents::Contents;
use super::error::FlowError;

/// Gives each instruction its handler.
#[inline(never)]
pub(super) fn label_instructions(graph: &mut FlowGraph) -> Result<(), FlowError> {
    let mut walk =
        Walk { work: Worklist::new(graph), pushed: Vec::new(), stacks: vec![HandlerStack::EMPTY; graph.block_count()] };
    walk.work.add(graph, graph.entry());
    while let Some(id) = walk.work.pop(graph) {
        walk.label_block(graph, id)?;
    }
    Ok(())
}

/// What changes the handlers, or is changed by them.
const CHANGES: Contents = Contents::SETUP.with(Contents::POP_BLOCK).with(Contents::SUSPENSION);

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
        if graph.may_have(id, CHANGES) {
            handlers = self.label_changing_block(graph, id, handlers)?;
        } else {
            // The instructions have none yet.
            if let Some(handler) = self.innermost(handlers) {
                graph[id].handler = Some(handler);
                graph.instructions_mut(id).iter_mut().for_each(|instruction| instruction.handler = Some(handler));
            }
        }
        if let Some(target) = graph.last_jump_target(id) {
            self.visit(graph, target, handlers);
        }
        if let Some(next) = graph.fallthrough(id) {
            self.visit(graph, next, handlers);
        }
        Ok(())
    }

    /// Labels a block in which the handlers change, or matter; yields those at its end.
    fn label_changing_block(
        &mut self,
        graph: &mut FlowGraph,
        id: BlockId,
        mut handlers: HandlerStack,
    ) -> Result<HandlerStack, FlowError> {
        let mut last_yield_depth = None;
        let mut handler = self.innermost(handlers);
        let mut next = 0;
        loop {
            // What changes nothing gets its handler on the way to what does.
            let changes = graph.instructions_mut(id)[next..].iter_mut().position(|instruction| {
                let changes = Contents::of_opcode(instruction.opcode).intersects(CHANGES);
                if !changes {
                    instruction.handler = handler;
                }
                changes
            });
            let Some(distance) = changes else { break };
            let index = next + distance;
            next = index + 1;
            let instruction = &mut graph.instructions_mut(id)[index];
            if let Some(target) = instruction.pushed_handler() {
                let preserves_lasti = !instruction.is(CompilerOpcode::SetupFinally);
                self.visit(graph, target, handlers);
                graph[target].preserves_lasti |= preserves_lasti;
                self.pushed.push((target, handlers));
                handlers = HandlerStack { top: self.pushed.len() as u32, depth: handlers.depth + 1 };
                handler = Some(target);
                continue;
            }
            if instruction.is(CompilerOpcode::PopBlock) {
                let (_, rest) = self.top(handlers).ok_or(FlowError::UnbalancedBlocks)?;
                handlers = rest;
                handler = self.innermost(rest);
                instruction.set_nop();
                continue;
            }
            instruction.handler = handler;
            if instruction.is(CompilerOpcode::YieldValue) {
                last_yield_depth = Some(handlers.depth);
            } else if instruction.is(CompilerOpcode::Resume)
                && instruction.oparg != ResumePlace::FunctionStart as u32
                && last_yield_depth.take() == Some(1)
            {
                instruction.oparg |= RESUME_DEPTH_1;
            }
        }
        if !graph[id].may_have(Contents::SETUP.with(Contents::POP_BLOCK)) {
            graph[id].handler = handler;
        }
        // `POP_BLOCK`s became such.
        graph.note(id, Contents::NOP);
        Ok(handlers)
    }

    fn innermost(&self, handlers: HandlerStack) -> Option<BlockId> {
        self.top(handlers).map(|(handler, _)| handler)
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
