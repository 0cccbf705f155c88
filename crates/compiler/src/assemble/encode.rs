//! The bytes of instructions.

use bytecode::instruction::Opcode;

use super::FlowError;
use super::layout::Layout;
use crate::flow_graph::{FlowGraph, Instruction};

/// How many `EXTENDED_ARG`s an argument needs.
#[inline]
pub(super) fn extended_args(oparg: u32) -> u32 {
    match oparg {
        0..=0xFF => 0,
        0x100..=0xFFFF => 1,
        0x1_0000..=0xFF_FFFF => 2,
        _ => 3,
    }
}

/// Code units that an instruction takes, `EXTENDED_ARG`s and caches included.
#[inline]
pub(super) fn size(instruction: &Instruction) -> u32 {
    extended_args(instruction.oparg) + 1 + instruction.opcode.cache_entries() as u32
}

/// Puts the bytes of all instructions into `bytes`.
pub(super) fn encode_all(graph: &FlowGraph, layout: &Layout, bytes: &mut Vec<u8>) -> Result<(), FlowError> {
    // Caches are zeros.
    const { assert!(Opcode::Cache as u8 == 0) };
    bytes.clear();
    bytes.resize(2 * layout.size() as usize, 0);
    let units = bytes.as_chunks_mut::<2>().0;
    let mut at = 0;
    for place in layout.places() {
        for instruction in graph[place.block].instructions() {
            let oparg = instruction.oparg;
            if oparg > 0xFF {
                for index in (1..=extended_args(oparg)).rev() {
                    let unit = units.get_mut(at).ok_or(FlowError::Malformed)?;
                    *unit = [Opcode::ExtendedArg as u8, (oparg >> (8 * index)) as u8];
                    at += 1;
                }
            }
            let opcode = u8::try_from(instruction.opcode as u16).map_err(|_| FlowError::Malformed)?;
            let unit = units.get_mut(at).ok_or(FlowError::Malformed)?;
            *unit = [opcode, oparg as u8];
            at += 1 + instruction.opcode.cache_entries();
        }
    }
    Ok(())
}
