//! The exception table of the instructions.

use bytecode::exception_table::{self, Handler};

use super::encode;
use crate::flow_graph::linear::{LinearCode, LinearHandler};

pub(super) fn exception_table(code: &LinearCode) -> Vec<u8> {
    let mut table = Vec::new();
    let mut start = 0;
    let mut block = None;
    let mut current: Option<LinearHandler> = None;
    for instruction in &code.instructions {
        // Blocks that are next to each other have the same handler, mostly.
        if instruction.handler == block {
            continue;
        }
        block = instruction.handler;
        let handler = block.map(|block| code.handler(block));
        if handler.map(|handler| handler.target) != current.map(|handler| handler.target) {
            write_entry(&mut table, code, start, instruction.offset, current);
            start = instruction.offset;
            current = handler;
        }
    }
    let end = code.instructions.last().map_or(0, |last| last.offset + encode::size(last));
    write_entry(&mut table, code, start, end, current);
    table
}

fn write_entry(table: &mut Vec<u8>, code: &LinearCode, start: u32, end: u32, handler: Option<LinearHandler>) {
    let Some(handler) = handler else { return };
    let target = code.instructions[handler.target as usize].offset;
    // What the unwinding pushes is not part of the depth that it restores.
    let pushed = 1 + u32::from(handler.preserves_lasti);
    let depth = handler.start_depth.saturating_sub(pushed);
    exception_table::write(table, Handler { start, end, target, depth, push_lasti: handler.preserves_lasti });
}
