//! Counts how many blocks lead to each block, and empties those that none leads to.

use super::block::{FlowGraph, Worklist};
use super::contents::Contents;

pub(super) fn remove_unreachable(graph: &mut FlowGraph) {
    graph.for_each_block(|graph, id| graph[id].predecessors = 0);
    let mut work = Worklist::new(graph);
    let entry = graph.entry();
    graph[entry].predecessors = 1;
    work.add(graph, entry);
    while let Some(id) = work.pop(graph) {
        if let Some(next) = graph.fallthrough(id) {
            work.add(graph, next);
            graph[next].predecessors += 1;
        }
        if !graph[id].may_have(Contents::SETUP) {
            if let Some(target) = graph[id].jump_target() {
                work.add(graph, target);
                graph[target].predecessors += 1;
            }
            continue;
        }
        for index in 0..graph[id].len() {
            let instruction = &graph[id].instructions()[index];
            if let Some(target) = instruction.target.filter(|_| instruction.opcode.has_target()) {
                work.add(graph, target);
                graph[target].predecessors += 1;
            }
        }
    }
    graph.for_each_block(|graph, id| {
        let block = &mut graph[id];
        if block.predecessors == 0 {
            block.clear();
            block.is_handler = false;
        }
    });
}
