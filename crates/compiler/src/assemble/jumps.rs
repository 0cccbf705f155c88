//! Jumps get their direction and their distance.
//!
//! A distance decides whether the jump needs `EXTENDED_ARG`s, which move what follows, so the distances are computed
//! again until no size changes.

use bytecode::instruction::CompilerOpcode;

use super::encode;
use crate::flow_graph::FlowError;
use crate::flow_graph::linear::{LinearCode, LinearInstruction};

/// How far before an `END_ASYNC_FOR` the `SEND` loop's end is, in code units: its argument counts from there.
const END_SEND_OFFSET: u32 = 5;

/// How often, besides once for each jump, the distances are computed. A few rounds are enough for all code there is.
const MAX_ROUNDS: usize = 100;

/// Gives the instructions their final arguments and offsets.
pub(super) fn resolve(code: &mut LinearCode) -> Result<(), FlowError> {
    let LinearCode { instructions, jumps, .. } = code;
    for (index, target) in jumps.iter() {
        let instruction = &mut instructions[*index as usize];
        instruction.opcode = direct(instruction.opcode, target > index);
        // As a first guess of the distance CPython takes the target's number.
        instruction.oparg = *target;
    }
    for _ in 0..MAX_ROUNDS + jumps.len() {
        place(instructions);
        if !update_distances(instructions, jumps) {
            return Ok(());
        }
    }
    Err(FlowError::Malformed)
}

/// The opcode in the code, where jumps know their direction.
fn direct(opcode: CompilerOpcode, is_forward: bool) -> CompilerOpcode {
    match (opcode, is_forward) {
        (CompilerOpcode::Jump | CompilerOpcode::JumpNoInterrupt, true) => CompilerOpcode::JumpForward,
        (CompilerOpcode::Jump, false) => CompilerOpcode::JumpBackward,
        (CompilerOpcode::JumpNoInterrupt, false) => CompilerOpcode::JumpBackwardNoInterrupt,
        _ => opcode,
    }
}

fn place(instructions: &mut [LinearInstruction]) {
    let mut offset = 0;
    for instruction in instructions {
        instruction.offset = offset;
        offset += encode::size(instruction);
    }
}

/// Computes the distances; says whether the size of an instruction changed.
fn update_distances(instructions: &mut [LinearInstruction], jumps: &[(u32, u32)]) -> bool {
    let mut changed = false;
    for (index, target) in jumps {
        let target = instructions[*target as usize].offset;
        let instruction = &mut instructions[*index as usize];
        let size = encode::size(instruction);
        let end = instruction.offset + size;
        instruction.oparg = match instruction.opcode {
            CompilerOpcode::EndAsyncFor => end.saturating_sub(target + END_SEND_OFFSET),
            _ => end.abs_diff(target),
        };
        changed |= encode::size(instruction) != size;
    }
    changed
}
