//! The graph as a list again: what the assembler encodes.

use bytecode::instruction::CompilerOpcode;
use bytecode::location::Location;

use super::block::{BlockId, FlowGraph};
use super::error::FlowError;

/// Instructions in their final order. Its memory is used for one code unit after the other.
#[derive(Clone, Debug, Default)]
pub struct LinearCode {
    pub instructions: Vec<LinearInstruction>,
    /// The indices of the instructions with a target, and of their targets.
    pub jumps: Vec<(u32, u32)>,
    /// For each block what it is as a handler.
    handlers: Vec<LinearHandler>,
}

/// An instruction that only lacks the encoding of its jump.
#[derive(Clone, Copy, Debug)]
pub struct LinearInstruction {
    pub opcode: CompilerOpcode,
    pub oparg: u32,
    pub location: Location,
    /// The handler that covers it.
    pub handler: Option<BlockId>,
    /// Where it starts, in code units: known once the assembler has placed it.
    pub offset: u32,
}

/// Where an exception goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinearHandler {
    /// The index of its first instruction.
    pub target: u32,
    /// The stack's depth in the handler.
    pub start_depth: u32,
    pub preserves_lasti: bool,
}

impl LinearCode {
    /// What is known of a handler.
    pub fn handler(&self, block: BlockId) -> LinearHandler {
        self.handlers.get(block.index()).copied().unwrap_or_default()
    }
}

/// Puts the blocks of the chain one after the other.
pub(super) fn linearize(graph: &FlowGraph, code: &mut LinearCode) -> Result<(), FlowError> {
    code.instructions.clear();
    code.jumps.clear();
    code.handlers.clear();
    code.handlers.resize(graph.block_count(), LinearHandler::default());
    let mut length = 0;
    for id in graph.chain() {
        let block = &graph[id];
        code.handlers[id.index()] = LinearHandler {
            target: length,
            start_depth: block.start_depth.unwrap_or(0),
            preserves_lasti: block.preserves_lasti,
        };
        length += block.len() as u32;
    }
    code.instructions.reserve(length as usize);
    for id in graph.chain() {
        for instruction in graph[id].instructions() {
            if let Some(target) = instruction.target.filter(|_| instruction.opcode.has_target()) {
                let index = code.instructions.len() as u32;
                code.jumps.push((index, place_of(target, length, code)?));
            }
            if let Some(handler) = instruction.handler {
                place_of(handler, length, code)?;
            }
            code.instructions.push(LinearInstruction {
                opcode: instruction.opcode,
                oparg: instruction.oparg,
                location: instruction.location,
                handler: instruction.handler,
                offset: 0,
            });
        }
    }
    Ok(())
}

/// The index of a block's first instruction, which there must be.
fn place_of(block: BlockId, length: u32, code: &LinearCode) -> Result<u32, FlowError> {
    let place = code.handlers[block.index()].target;
    if place < length { Ok(place) } else { Err(FlowError::Malformed) }
}
