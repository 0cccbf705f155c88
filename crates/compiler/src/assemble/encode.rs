//! The bytes of instructions.

use bytecode::instruction::Opcode;
use bytecode::location::Location;

use crate::flow_graph::linear::LinearHandler;

/// An instruction with its final argument.
#[derive(Clone, Copy, Debug)]
pub(super) struct FinalInstruction {
    pub(super) opcode: Opcode,
    pub(super) oparg: u32,
    pub(super) location: Location,
    pub(super) handler: Option<LinearHandler>,
    /// Where it starts, in code units.
    pub(super) offset: u32,
}

impl FinalInstruction {
    /// Code units that it takes, `EXTENDED_ARG`s and caches included.
    pub(super) fn size(&self) -> u32 {
        extended_args(self.oparg) + 1 + self.opcode.cache_entries() as u32
    }
}

/// How many `EXTENDED_ARG`s an argument needs.
fn extended_args(oparg: u32) -> u32 {
    match oparg {
        0..=0xFF => 0,
        0x100..=0xFFFF => 1,
        0x1_0000..=0xFF_FFFF => 2,
        _ => 3,
    }
}

pub(super) fn encode(bytes: &mut Vec<u8>, instruction: &FinalInstruction) {
    let FinalInstruction { opcode, oparg, .. } = *instruction;
    for index in (1..=extended_args(oparg)).rev() {
        bytes.extend([Opcode::ExtendedArg as u8, (oparg >> (8 * index)) as u8]);
    }
    bytes.extend([opcode as u8, oparg as u8]);
    bytes.resize(bytes.len() + 2 * opcode.cache_entries(), Opcode::Cache as u8);
}
