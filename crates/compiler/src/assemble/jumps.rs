//! Jumps get their direction and their distance.
//!
//! A distance decides whether the jump needs `EXTENDED_ARG`s, which move what follows, so the distances are computed
//! again until no size changes.

use bytecode::instruction::{CompilerOpcode, Opcode};

use super::encode::FinalInstruction;
use crate::flow_graph::FlowError;
use crate::flow_graph::linear::LinearCode;

/// How far before an `END_ASYNC_FOR` the `SEND` loop's end is, in code units: its argument counts from there.
const END_SEND_OFFSET: u32 = 5;

/// How often, besides once for each jump, the distances are computed. A few rounds are enough for all code there is.
const MAX_ROUNDS: usize = 100;

/// Yields the instructions with their final arguments and offsets.
pub(super) fn resolve(code: &mut LinearCode) -> Result<Vec<FinalInstruction>, FlowError> {
    let mut instructions = Vec::with_capacity(code.instructions.len());
    let mut jumps = Vec::new();
    for (index, instruction) in code.instructions.iter().enumerate() {
        let opcode = direct(instruction.opcode, instruction.target.is_some_and(|target| target > index));
        let mut oparg = instruction.oparg;
        if let Some(target) = instruction.target {
            jumps.push((index, target));
            // As a first guess of the distance CPython takes the target's number.
            oparg = target as u32;
        }
        instructions.push(FinalInstruction {
            opcode: opcode.ok_or(FlowError::Malformed)?,
            oparg,
            location: instruction.location,
            handler: instruction.handler,
            offset: 0,
        });
    }
    for _ in 0..MAX_ROUNDS + jumps.len() {
        place(&mut instructions);
        if !update_distances(&mut instructions, &jumps) {
            return Ok(instructions);
        }
    }
    Err(FlowError::Malformed)
}

/// The opcode in the code, where jumps know their direction.
fn direct(opcode: CompilerOpcode, is_forward: bool) -> Option<Opcode> {
    match (opcode, is_forward) {
        (CompilerOpcode::Jump | CompilerOpcode::JumpNoInterrupt, true) => Some(Opcode::JumpForward),
        (CompilerOpcode::Jump, false) => Some(Opcode::JumpBackward),
        (CompilerOpcode::JumpNoInterrupt, false) => Some(Opcode::JumpBackwardNoInterrupt),
        _ => opcode.to_opcode(),
    }
}

fn place(instructions: &mut [FinalInstruction]) {
    let mut offset = 0;
    for instruction in instructions {
        instruction.offset = offset;
        offset += instruction.size();
    }
}

/// Computes the distances; says whether the size of an instruction changed.
fn update_distances(instructions: &mut [FinalInstruction], jumps: &[(usize, usize)]) -> bool {
    let mut changed = false;
    for (index, target) in jumps {
        let target = instructions[*target].offset;
        let instruction = &mut instructions[*index];
        let size = instruction.size();
        let end = instruction.offset + size;
        instruction.oparg = match instruction.opcode {
            Opcode::EndAsyncFor => end.saturating_sub(target + END_SEND_OFFSET),
            _ => end.abs_diff(target),
        };
        changed |= instruction.size() != size;
    }
    changed
}
