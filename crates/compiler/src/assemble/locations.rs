//! The locations of instructions that are to be where the next one is.

use bytecode::location::Location;

use super::layout::Layout;
use crate::flow_graph::{Contents, FlowGraph};

/// Gives the instructions at [`Location::NEXT`] the location of the instruction after.
pub(super) fn resolve_next(graph: &mut FlowGraph, layout: &Layout) {
    if !graph.was_built_of(Contents::AT_NEXT) {
        return;
    }
    let mut next = Location::NONE;
    for place in layout.places().iter().rev() {
        for instruction in graph.instructions_mut(place.block).iter_mut().rev() {
            if instruction.location == Location::NEXT {
                let ends_block = instruction.opcode.is_terminator();
                instruction.location = if ends_block { Location::NONE } else { next };
            }
            next = instruction.location;
        }
        // They may lack a line now.
        graph.refresh_contents(place.block);
    }
}
