//! The exception table of the instructions.

use bytecode::exception_table::{self, Handler};

use super::encode;
use super::layout::Layout;
use crate::flow_graph::{BlockId, FlowGraph, is_same};

/// A handler as far as the table is concerned.
#[derive(Clone, Copy)]
struct Target {
    /// The number of its first instruction: blocks that begin at the same instruction are one handler.
    first: u32,
    offset: u32,
    depth: u32,
    preserves_lasti: bool,
}

/// The table of code of `size` code units.
#[inline(never)]
pub(super) fn exception_table(graph: &FlowGraph, layout: &Layout, size: u32) -> Vec<u8> {
    let mut table = Vec::new();
    let mut start = 0;
    let mut block = None;
    let mut current: Option<Target> = None;
    for place in layout.places() {
        let mut next = place.offset;
        for instruction in graph.instructions(place.block) {
            let offset = next;
            next += encode::size(instruction);
            // Instructions that are next to each other have the same handler, mostly.
            if is_same(instruction.handler, block) {
                continue;
            }
            block = instruction.handler;
            let target = block.and_then(|block| target_of(graph, layout, block));
            if target.map(|target| target.first) != current.map(|target| target.first) {
                write_entry(&mut table, start, offset, current);
                start = offset;
                current = target;
            }
        }
    }
    write_entry(&mut table, start, size, current);
    table
}

fn target_of(graph: &FlowGraph, layout: &Layout, block: BlockId) -> Option<Target> {
    let place = layout.place(block)?;
    let preserves_lasti = graph[block].preserves_lasti;
    // What the unwinding pushes is not part of the depth that it restores.
    let pushed = 1 + u32::from(preserves_lasti);
    let depth = graph[block].start_depth.unwrap_or(0).saturating_sub(pushed);
    Some(Target { first: place.first, offset: place.offset, depth, preserves_lasti })
}

fn write_entry(table: &mut Vec<u8>, start: u32, end: u32, target: Option<Target>) {
    let Some(Target { offset, depth, preserves_lasti, .. }) = target else { return };
    exception_table::write(table, Handler { start, end, target: offset, depth, push_lasti: preserves_lasti });
}
