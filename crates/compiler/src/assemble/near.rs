//! Code in which no jump is so long that its size has to be found out: that of most code units.
//!
//! [`encode`] lays out and encodes in one go, with one code unit for each jump. It gives up, so that [`super::layout`] has to do it, where a
//! jump might need more. What it leaves is then overwritten.

use bytecode::instruction::CompilerOpcode;
use bytecode::line_table::LineTableWriter;

use super::encode::CodeBuffer;
use super::layout::{END_SEND_OFFSET, Layout, Place, direct};
use crate::flow_graph::{BlockId, Contents, FlowGraph, Instruction, jump_at_end};

/// How many more code units a jump may take in one of the rounds by which CPython finds its size.
const MAX_GROWTH: usize = 3;

/// Over so many instructions a jump mostly needs more than one code unit.
const FAR: usize = 100;

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
    if graph.slot_count() > FAR && has_far_jump(graph, layout) {
        return false;
    }
    code.clear();
    layout.clear(graph.block_count());
    let mut n_instructions = 0;
    let mut next = Some(graph.entry());
    while let Some(id) = next {
        let start = code.len() as u32;
        layout.start_block(id, n_instructions, start);
        let instructions = graph.instructions_mut(id);
        n_instructions += instructions.len() as u32;
        let jump = direct_jump(instructions, layout);
        code.push_block(graph, id);
        if let Some((behind, opcode, target)) = jump {
            let (end, number) = (code.len() as u32 - behind, layout.near_jumps.len() as u32);
            let at = end - opcode.cache_entries() as u32 - 1;
            layout.near_jumps.push(Jump { opcode, target, at, end, number });
        }
        next = graph[id].next;
    }
    let is_near = !code.has_pseudo() && set_distances(layout, code);
    if is_near {
        code.write_lines(graph, first_line, line_table);
    }
    is_near
}

/// Whether there is a jump that will hardly be near, so that it is not worth the work to find out.
fn has_far_jump(graph: &FlowGraph, layout: &mut Layout) -> bool {
    layout.clear(graph.block_count());
    let mut end = 0;
    for id in graph.chain() {
        layout.start_block(id, end, 0);
        end += graph[id].len() as u32;
        if let Some(target) = graph.jump_target_at_end(id).and_then(|target| layout.place(target))
            && end.abs_diff(target.first) as usize > FAR
        {
            return true;
        }
    }
    let forward = |place: &Place| {
        let target = graph.jump_target_at_end(place.block).and_then(|target| layout.place(target));
        target.is_some_and(|target| target.first.saturating_sub(place.first) as usize > FAR)
    };
    layout.places().iter().any(forward)
}

/// Gives the jump of a block its direction; yields how many code units follow it in the block, its opcode and where it goes.
fn direct_jump(instructions: &mut [Instruction], layout: &Layout) -> Option<(u32, CompilerOpcode, BlockId)> {
    let (index, target) = jump_at_end(instructions)?;
    let jump = &mut instructions[index];
    jump.set(direct(jump.opcode, !layout.has_block(target)), 0);
    let opcode = jump.opcode;
    Some(((instructions.len() - 1 - index) as u32, opcode, target))
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
