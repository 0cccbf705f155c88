//! The location table of the instructions.

use bytecode::line_table::LineTableWriter;
use bytecode::location::Location;

use super::encode;
use super::layout::Layout;
use crate::flow_graph::{Contents, FlowGraph};

/// Gives the instructions at [`Location::NEXT`] the location of the instruction after.
pub(super) fn resolve_next(graph: &mut FlowGraph, layout: &Layout) {
    if !layout.places().iter().any(|place| graph[place.block].may_have(Contents::AT_NEXT)) {
        return;
    }
    let mut next = Location::NONE;
    for place in layout.places().iter().rev() {
        for instruction in graph[place.block].instructions_mut().iter_mut().rev() {
            if instruction.location == Location::NEXT {
                let ends_block = instruction.opcode.is_terminator();
                instruction.location = if ends_block { Location::NONE } else { next };
            }
            next = instruction.location;
        }
        // They may lack a line now.
        graph[place.block].refresh_contents();
    }
}

/// Puts the table into `bytes`.
pub(super) fn line_table(graph: &FlowGraph, layout: &Layout, first_line: i32, bytes: &mut Vec<u8>) {
    let mut writer = LineTableWriter::new(first_line, std::mem::take(bytes));
    let mut location = Location::NONE;
    let mut units = 0;
    for place in layout.places() {
        for instruction in graph[place.block].instructions() {
            if instruction.location != location {
                writer.add(location, units);
                location = instruction.location;
                units = 0;
            }
            units += encode::size(instruction) as usize;
        }
    }
    writer.add(location, units);
    *bytes = writer.finish();
}
