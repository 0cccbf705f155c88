//! The location table of the instructions.

use bytecode::instruction::CompilerOpcode;
use bytecode::line_table::LineTableWriter;
use bytecode::location::Location;

use super::encode::FinalInstruction;

pub(super) fn line_table(instructions: &[FinalInstruction], first_line: i32) -> Vec<u8> {
    let mut writer = LineTableWriter::new(first_line);
    let mut run = (Location::NONE, 0);
    for (instruction, location) in instructions.iter().zip(resolved(instructions)) {
        if run.0 != location {
            writer.add(run.0, run.1);
            run = (location, 0);
        }
        run.1 += instruction.size() as usize;
    }
    writer.add(run.0, run.1);
    writer.finish()
}

/// The locations, where [`Location::NEXT`] is that of the instruction after.
fn resolved(instructions: &[FinalInstruction]) -> Vec<Location> {
    let mut locations: Vec<_> = instructions.iter().map(|instruction| instruction.location).collect();
    for index in (0..locations.len()).rev() {
        if locations[index] == Location::NEXT {
            let ends_block = CompilerOpcode::from(instructions[index].opcode).is_terminator();
            let next = locations.get(index + 1).copied().filter(|_| !ends_block);
            locations[index] = next.unwrap_or(Location::NONE);
        }
    }
    locations
}
