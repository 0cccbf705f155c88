//! Counts how many blocks lead to each block, and empties those that none leads to.

use super::block::{FlowGraph, Worklist};
use super::contents::Contents;

#[inline(never)]
pub(super) fn remove_unreachable(graph: &mut FlowGraph) {
    if !graph.is_new {
        graph.for_each_block(|graph, id| graph[id].predecessors = 0);
    }
    graph.is_new = false;
    let mut work = Worklist::new(graph);
    let entry = graph.entry();
    graph[entry].predecessors = 1;
    work.add(graph, entry);
    while let Some(id) = work.pop(graph) {
        if let Some(next) = graph.fallthrough(id) {
            work.add(graph, next);
            graph[next].predecessors += 1;
        }
        if !graph.may_have(id, Contents::SETUP) {
            if let Some(target) = graph.last_jump_target(id) {
                work.add(graph, target);
                graph[target].predecessors += 1;
            }
            continue;
        }
        for index in 0..graph[id].len() {
            let instruction = &graph.instructions(id)[index];
            if let Some(target) = instruction.target.filter(|_| instruction.opcode.has_target()) {
                work.add(graph, target);
                graph[target].predecessors += 1;
            }
        }
    }
    let mut contents = Contents::NOTHING;
    graph.for_each_block(|graph, id| {
        if graph[id].predecessors == 0 {
            graph.has_unused_constants |= graph[id].may_have(Contents::CONSTANT);
            graph.remove_all(id);
            graph[id].is_handler = false;
        }
        contents = contents.with(graph[id].contents());
    });
    graph.set_contents(contents);
    graph.flow_changed = false;
}
