//! A collection from start to end, and when there is one.

use std::time::Instant;

use super::garbage;
use super::list::List;
use super::reach::divide;
use super::state::{DebugFlags, GENERATIONS, Statistics};
use super::track::{is_collectable, is_tracked, untrack_node};
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::int::Int;
use crate::names;
use crate::protocol;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;

/// Why there is a collection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A generation is full.
    Due,
    /// The program asks for it.
    Asked,
    /// The interpreter ends: nobody is told.
    Shutdown,
}

/// Handles the eval breaker's request.
pub fn collect_when_due(thread: &mut Thread) -> PyResult<()> {
    let state = &thread.interpreter().gc;
    if state.is_enabled()
        && state.counts()[0] > state.thresholds()[0]
        && let Some(generation) = state.generation_that_is_due()
    {
        collect(generation, Reason::Due, thread);
    }
    Ok(())
}

/// Collects a generation and those below. The number of unreachable objects that were found; zero if a collection is going on.
pub fn collect(generation: usize, reason: Reason, thread: &mut Thread) -> usize {
    if thread.interpreter().gc.collecting.replace(true) {
        return 0;
    }
    let raised = thread.take_exception();
    thread.reap();
    if reason != Reason::Shutdown {
        tell_callbacks("start", generation, Statistics::default(), thread);
    }
    let found = run(generation, thread);
    if reason != Reason::Shutdown {
        tell_callbacks("stop", generation, found, thread);
    }
    thread.restore_exception(raised);
    thread.interpreter().gc.collecting.set(false);
    found.collected + found.uncollectable
}

fn run(generation: usize, thread: &mut Thread) -> Statistics {
    let debug = thread.interpreter().gc.debug.get();
    let start = Instant::now();
    if debug.has(DebugFlags::STATS) {
        report_sizes(generation, thread);
    }
    let unreachable = find_unreachable(generation, thread);
    let apart = garbage::set_apart_legacy_finalizers(&unreachable);
    if debug.has(DebugFlags::COLLECTABLE) {
        report_each("collectable", &unreachable, thread);
    }
    // SAFETY: an interpreter outlives its collections, and the list of a generation does not move.
    let old = unsafe { &*std::ptr::from_ref(older_generation(generation, thread)) };
    garbage::clear_weak_references(&unreachable, thread);
    garbage::finalize(&unreachable, thread);
    let still = garbage::keep_resurrected(unreachable, old);
    let collected = still.length();
    garbage::delete(&still, old, debug, thread);
    let uncollectable = apart.length();
    if debug.has(DebugFlags::UNCOLLECTABLE) {
        report_each("uncollectable", &apart, thread);
    }
    if debug.has(DebugFlags::STATS) {
        let (found, seconds) = (collected + uncollectable, start.elapsed().as_secs_f64());
        let text = format!("gc: done, {found} unreachable, {uncollectable} uncollectable, {seconds:.4}s elapsed\n");
        write_error(&text, thread);
    }
    garbage::keep_legacy(&apart, old, debug, thread);
    let found = Statistics { collections: 1, collected, uncollectable };
    let all = &thread.interpreter().gc.statistics[generation];
    let before = all.get();
    all.set(Statistics {
        collections: before.collections + 1,
        collected: before.collected + collected,
        uncollectable: before.uncollectable + uncollectable,
    });
    found
}

/// Where survivors of a generation's collection go.
fn older_generation(generation: usize, thread: &Thread) -> &List {
    &thread.interpreter().gc.generations[(generation + 1).min(GENERATIONS - 1)]
}

/// Divides a generation and those below; survivors move on to the next.
fn find_unreachable(generation: usize, thread: &Thread) -> List {
    let state = &thread.interpreter().gc;
    if let Some(next) = state.older_counts.get(generation) {
        next.set(next.get() + 1);
    }
    state.reset_counts(generation);
    let young = &state.generations[generation];
    for younger in &state.generations[..generation] {
        young.merge(younger);
    }
    let unreachable = List::default();
    divide(young, &unreachable);
    untrack_tuples(young);
    if generation == GENERATIONS - 1 {
        state.long_lived_pending.set(0);
        state.long_lived_total.set(young.length());
    } else {
        if generation == GENERATIONS - 2 {
            state.long_lived_pending.set(state.long_lived_pending.get() + young.length());
        }
        state.generations[generation + 1].merge(young);
    }
    unreachable
}

/// Tuples of things that can't be part of a cycle need not be looked at again; those that C code has yet to fill in must be.
fn untrack_tuples(young: &List) {
    for node in young.nodes() {
        if let Some(tuple) = node.object().downcast_exact::<Tuple>()
            && !tuple.slots().any(|it| it.is_none_or(may_be_tracked))
        {
            untrack_node(node);
        }
    }
}

fn may_be_tracked(object: &Object) -> bool {
    // SAFETY: asked of collectable objects only.
    is_collectable(object) && (!object.is_exactly::<Tuple>() || unsafe { is_tracked(object.as_pointer()) })
}

/// Calls what is in `gc.callbacks` with the phase and what there is to say.
fn tell_callbacks(phase: &str, generation: usize, found: Statistics, thread: &mut Thread) {
    let Some(callbacks) = thread.interpreter().gc.callbacks.get().filter(|it| it.length() > 0) else { return };
    let (phase, information) = match describe(phase, generation, found, thread) {
        Ok(described) => described,
        Err(raised) => return thread.report_unraisable(raised, "Exception ignored on calling gc.callbacks", None),
    };
    let mut index = 0;
    while let Some(callback) = callbacks.get(index, thread) {
        match protocol::call(&callback, &[&phase, &information], thread) {
            Ok(result) => result.release(thread),
            Err(raised) => {
                thread.report_unraisable(raised, "Exception ignored while calling GC callback", Some(&callback));
            }
        }
        index += 1;
    }
}

fn describe(phase: &str, generation: usize, found: Statistics, thread: &mut Thread) -> PyResult<(Py<Str>, Py<Dict>)> {
    let information = Dict::new(thread);
    let numbers = [("generation", generation), ("collected", found.collected), ("uncollectable", found.uncollectable)];
    for (name, number) in numbers {
        let (name, number) = (thread.intern_text(name), Int::from_i64(number as i64, thread));
        information.set_str(&name, &number, thread)?;
    }
    Ok((Str::from_str(phase, thread), information))
}

/// Says how many objects there are.
fn report_sizes(generation: usize, thread: &mut Thread) {
    let state = &thread.interpreter().gc;
    let sizes = state.generations.each_ref().map(|it| format!(" {}", it.length())).concat();
    let text = format!(
        "gc: collecting generation {generation}...\ngc: objects in each generation:{sizes}\n\
         gc: objects in permanent generation: {}\n",
        state.permanent.length()
    );
    write_error(&text, thread);
}

/// Says what was found, object by object.
fn report_each(what: &str, list: &List, thread: &mut Thread) {
    let lines = list.nodes().map(|node| {
        let object = node.object();
        format!("gc: {what} <{} {:#x}>\n", object.class().short_name(), object.address())
    });
    let text: String = lines.collect();
    write_error(&text, thread);
}

/// Writes to `sys.stderr`, or to the process's if that fails.
fn write_error(text: &str, thread: &mut Thread) {
    if text.is_empty() {
        return;
    }
    let stream = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&names::stderr, thread));
    if let Some(stream) = stream.filter(|it| !it.is_none()) {
        let line = Str::from_str(text, thread);
        if protocol::call_method(&stream, &names::write, &[&line], thread).is_ok() {
            return;
        }
        drop(thread.take_exception());
    }
    objects::error_text!("{text}");
}
