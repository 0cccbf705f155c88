//! Counts how many blocks lead to each block, and empties those that none leads to.

use super::block::{FlowGraph, Worklist};

pub(super) fn remove_unreachable(graph: &mut FlowGraph) {
    let chain = graph.chain_ids();
    for id in &chain {
        graph[*id].predecessors = 0;
    }
    let mut work = Worklist::new(graph);
    let entry = graph.entry();
    graph[entry].predecessors = 1;
    work.add(entry);
    while let Some(id) = work.pop() {
        if let Some(next) = graph.fallthrough(id) {
            work.add(next);
            graph[next].predecessors += 1;
        }
        for index in 0..graph[id].len() {
            let instruction = graph[id].instructions()[index];
            if let Some(target) = instruction.jump_target().or(instruction.pushed_handler()) {
                work.add(target);
                graph[target].predecessors += 1;
            }
        }
    }
    for id in chain {
        let block = &mut graph[id];
        if block.predecessors == 0 {
            block.clear();
            block.is_handler = false;
        }
    }
}
