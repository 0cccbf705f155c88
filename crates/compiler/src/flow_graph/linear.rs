//! The graph as a list again: what the assembler encodes.

use bytecode::instruction::CompilerOpcode;
use bytecode::location::Location;

use super::block::{BlockId, FlowGraph};
use super::error::FlowError;

/// Instructions in their final order. Targets are indices of the list.
#[derive(Clone, Debug, Default)]
pub struct LinearCode {
    pub instructions: Vec<LinearInstruction>,
}

/// An instruction that only lacks the encoding of its jump.
#[derive(Clone, Copy, Debug)]
pub struct LinearInstruction {
    pub opcode: CompilerOpcode,
    pub oparg: u32,
    pub location: Location,
    /// Where a jump goes.
    pub target: Option<usize>,
    pub handler: Option<LinearHandler>,
}

/// The handler that covers an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinearHandler {
    pub target: usize,
    /// The stack's depth in the handler.
    pub start_depth: u32,
    pub preserves_lasti: bool,
}

/// Puts the blocks of the chain one after the other.
pub(super) fn linearize(graph: &FlowGraph) -> Result<LinearCode, FlowError> {
    let mut starts = vec![0; graph.block_count()];
    let mut length = 0;
    for id in graph.chain() {
        starts[id.index()] = length;
        length += graph[id].len();
    }
    let place_of = |id: BlockId| {
        let place = starts[id.index()];
        if place < length { Ok(place) } else { Err(FlowError::Malformed) }
    };
    let mut instructions = Vec::with_capacity(length);
    for id in graph.chain() {
        for instruction in graph[id].instructions() {
            let target = match instruction.target {
                Some(target) if instruction.opcode.has_target() => Some(place_of(target)?),
                _ => None,
            };
            let handler = match instruction.handler {
                Some(handler) => Some(LinearHandler {
                    target: place_of(handler)?,
                    start_depth: graph[handler].start_depth.unwrap_or(0),
                    preserves_lasti: graph[handler].preserves_lasti,
                }),
                None => None,
            };
            instructions.push(LinearInstruction {
                opcode: instruction.opcode,
                oparg: instruction.oparg,
                location: instruction.location,
                target,
                handler,
            });
        }
    }
    Ok(LinearCode { instructions })
}
