//! The exception table of the instructions.

use bytecode::exception_table::{self, Handler};

use super::encode::FinalInstruction;
use crate::flow_graph::linear::LinearHandler;

pub(super) fn exception_table(instructions: &[FinalInstruction]) -> Vec<u8> {
    let mut table = Vec::new();
    let mut start = 0;
    let mut current: Option<LinearHandler> = None;
    for instruction in instructions {
        if instruction.handler.map(|handler| handler.target) != current.map(|handler| handler.target) {
            write_entry(&mut table, instructions, start, instruction.offset, current);
            start = instruction.offset;
            current = instruction.handler;
        }
    }
    let end = instructions.last().map_or(0, |last| last.offset + last.size());
    write_entry(&mut table, instructions, start, end, current);
    table
}

fn write_entry(
    table: &mut Vec<u8>,
    instructions: &[FinalInstruction],
    start: u32,
    end: u32,
    handler: Option<LinearHandler>,
) {
    let Some(handler) = handler else { return };
    let target = instructions[handler.target].offset;
    // What the unwinding pushes is not part of the depth that it restores.
    let pushed = 1 + u32::from(handler.preserves_lasti);
    let depth = handler.start_depth.saturating_sub(pushed);
    exception_table::write(table, Handler { start, end, target, depth, push_lasti: handler.preserves_lasti });
}
