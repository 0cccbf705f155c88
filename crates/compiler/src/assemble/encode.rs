//! The bytes of instructions.

use bytecode::instruction::Opcode;

use super::FlowError;
use crate::flow_graph::linear::LinearInstruction;

/// How many `EXTENDED_ARG`s an argument needs.
fn extended_args(oparg: u32) -> u32 {
    match oparg {
        0..=0xFF => 0,
        0x100..=0xFFFF => 1,
        0x1_0000..=0xFF_FFFF => 2,
        _ => 3,
    }
}

/// Code units that an instruction takes, `EXTENDED_ARG`s and caches included.
#[inline]
pub(super) fn size(instruction: &LinearInstruction) -> u32 {
    extended_args(instruction.oparg) + 1 + instruction.opcode.cache_entries() as u32
}

/// Appends the bytes of an instruction.
pub(super) fn encode(bytes: &mut Vec<u8>, instruction: &LinearInstruction) -> Result<(), FlowError> {
    let oparg = instruction.oparg;
    let opcode = instruction.opcode.to_opcode().ok_or(FlowError::Malformed)?;
    for index in (1..=extended_args(oparg)).rev() {
        bytes.push(Opcode::ExtendedArg as u8);
        bytes.push((oparg >> (8 * index)) as u8);
    }
    bytes.push(opcode as u8);
    bytes.push(oparg as u8);
    for _ in 0..opcode.cache_entries() * 2 {
        bytes.push(Opcode::Cache as u8);
    }
    Ok(())
}
