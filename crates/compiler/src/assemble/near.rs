//! Code in which no jump is so long that its size has to be found out: that of most code units.
//!
//! [`encode`] lays out and encodes in one go, with one code unit for each jump. It gives up, so that [`super::layout`] has to do it, where a
//! jump might need more. What it leaves is then overwritten.

use bytecode::instruction::CompilerOpcode;
use bytecode::line_table::LineTableWriter;
use bytecode::location::Location;

use super::encode::{CodeBuffer, Locations};
use super::layout::{END_SEND_OFFSET, Layout, direct};
use crate::flow_graph::{BlockId, Contents, FlowGraph};

/// How many more code units a jump may take in one of the rounds by which CPython finds its size.
const MAX_GROWTH: usize = 3;

/// A jump that was encoded without its distance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jump {
    opcode: CompilerOpcode,
    target: BlockId,
    /// Where it is, and where the next instruction is, in code units.
    at: u32,
    end: u32,
    /// How many jumps there are before it.
    number: u32,
}

/// Encodes the graph; false if it is not that simple.
pub(super) fn encode(
    graph: &mut FlowGraph,
    layout: &mut Layout,
    first_line: i32,
    code: &mut CodeBuffer,
    line_table: &mut LineTableWriter,
) -> bool {
    if graph.was_built_of(Contents::AT_NEXT) {
        return false;
    }
    code.clear();
    line_table.restart(first_line);
    layout.clear(graph.block_count());
    let mut locations = Locations { line_table, location: Location::NONE, start: 0 };
    let may_have_handlers = graph.was_built_of(Contents::SETUP);
    let mut n_instructions = 0;
    let mut next = Some(graph.entry());
    while let Some(id) = next {
        layout.start_block(id, n_instructions, code.len() as u32);
        let instructions = graph.instructions_mut(id);
        code.reserve(instructions.len());
        n_instructions += instructions.len() as u32;
        if may_have_handlers {
            layout.has_handlers |= instructions.iter().any(|instruction| instruction.handler.is_some());
        }
        for instruction in instructions {
            let at = code.len();
            locations.come_to(instruction.location, at);
            if let Some(target) = instruction.jump_target() {
                instruction.set(direct(instruction.opcode, !layout.has_block(target)), 0);
                code.push(instruction.opcode, 0);
                let (at, end, number) = (at as u32, code.len() as u32, layout.near_jumps.len() as u32);
                layout.near_jumps.push(Jump { opcode: instruction.opcode, target, at, end, number });
            } else {
                code.push(instruction.opcode, instruction.oparg);
            }
            if instruction.opcode.is_pseudo() {
                return false;
            }
        }
        next = graph[id].next;
    }
    locations.end(code.len());
    set_distances(layout, code)
}

/// Gives the jumps their distances; false if one may need more than a code unit.
fn set_distances(layout: &Layout, code: &mut CodeBuffer) -> bool {
    for jump in &layout.near_jumps {
        let Some(target) = layout.place(jump.target) else { return false };
        let is_behind_all = target.offset as usize >= code.len();
        let distance = jump.end.abs_diff(target.offset);
        // All jumps between here and there would have to grow as well.
        let growth = MAX_GROWTH * (1 + jump.number.abs_diff(target.jumps_before) as usize);
        if is_behind_all || distance as usize + growth > 0xFF {
            return false;
        }
        let oparg = match jump.opcode {
            CompilerOpcode::EndAsyncFor => distance.saturating_sub(END_SEND_OFFSET),
            _ => distance,
        };
        code.set(jump.at as usize, jump.opcode, oparg as u8);
    }
    true
}
