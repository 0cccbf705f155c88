//! The location table of the instructions.

use bytecode::line_table::LineTableWriter;
use bytecode::location::Location;

use super::encode;
use crate::flow_graph::linear::LinearInstruction;

/// The table. [`Location::NEXT`] becomes the location of the instruction after.
pub(super) fn line_table(instructions: &mut [LinearInstruction], first_line: i32) -> Vec<u8> {
    resolve(instructions);
    let mut writer = LineTableWriter::new(first_line, instructions.len());
    let mut run = (Location::NONE, 0);
    for instruction in instructions.iter() {
        if run.0 != instruction.location {
            writer.add(run.0, run.1);
            run = (instruction.location, 0);
        }
        run.1 += encode::size(instruction) as usize;
    }
    writer.add(run.0, run.1);
    writer.finish()
}

fn resolve(instructions: &mut [LinearInstruction]) {
    let mut next = Location::NONE;
    for instruction in instructions.iter_mut().rev() {
        if instruction.location == Location::NEXT {
            let ends_block = instruction.opcode.is_terminator();
            instruction.location = if ends_block { Location::NONE } else { next };
        }
        next = instruction.location;
    }
}
