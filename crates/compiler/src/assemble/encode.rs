//! The bytes of instructions, and the location table.

use bytecode::instruction::Opcode;
use bytecode::line_table::LineTableWriter;
use bytecode::location::Location;

use super::FlowError;
use super::layout::Layout;
use crate::flow_graph::{FlowGraph, Instruction};

/// How many `EXTENDED_ARG`s an argument needs.
#[inline(always)]
pub(super) fn extended_args(oparg: u32) -> u32 {
    // One for each byte above the lowest.
    (31 - (oparg | 1).leading_zeros()) / 8
}

/// Code units that an instruction takes, `EXTENDED_ARG`s and caches included.
#[inline]
pub(super) fn size(instruction: &Instruction) -> u32 {
    extended_args(instruction.oparg) + 1 + instruction.opcode.cache_entries() as u32
}

/// Code units that instructions take.
pub(super) fn size_of_all(instructions: &[Instruction]) -> u32 {
    let mut caches = 0;
    let mut bits = 0;
    for instruction in instructions {
        caches += instruction.opcode.cache_entries();
        bits |= instruction.oparg;
    }
    // Most arguments need nothing.
    let extended = if bits > 0xFF { instructions.iter().map(|each| extended_args(each.oparg)).sum() } else { 0 };
    caches as u32 + instructions.len() as u32 + extended
}

/// Puts the bytes of all instructions into `code`, and where they come from into `line_table`, whose memory these vectors give.
pub(super) fn encode_all(
    graph: &FlowGraph,
    layout: &Layout,
    first_line: i32,
    code: &mut Vec<u8>,
    line_table: &mut Vec<u8>,
) -> Result<(), FlowError> {
    // Caches are zeros.
    const { assert!(Opcode::Cache as u8 == 0) };
    code.clear();
    code.resize(2 * layout.size() as usize, 0);
    let units = code.as_chunks_mut::<2>().0;
    let mut writer = LineTableWriter::new(first_line, std::mem::take(line_table));
    let mut location = Location::NONE;
    // Where the units start that are at the location.
    let mut start = 0;
    let mut at = 0;
    for place in layout.places() {
        for instruction in graph.instructions(place.block) {
            if instruction.location != location {
                writer.add(location, at - start);
                location = instruction.location;
                start = at;
            }
            let oparg = instruction.oparg;
            if oparg > 0xFF {
                for index in (1..=extended_args(oparg)).rev() {
                    let unit = units.get_mut(at).ok_or(FlowError::Malformed)?;
                    *unit = [Opcode::ExtendedArg as u8, (oparg >> (8 * index)) as u8];
                    at += 1;
                }
            }
            if instruction.opcode.is_pseudo() {
                return Err(FlowError::Malformed);
            }
            let unit = units.get_mut(at).ok_or(FlowError::Malformed)?;
            *unit = [instruction.opcode as u16 as u8, oparg as u8];
            at += 1 + instruction.opcode.cache_entries();
        }
    }
    writer.add(location, at - start);
    *line_table = writer.finish();
    Ok(())
}
