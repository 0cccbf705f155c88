//! Where memory was allocated: the traces that `tracemalloc` shows.
//!
//! While somebody asks for it, the interpreter's allocator tells of every block ([`memory::Watcher`]), and the frames that run are noted with
//! it. What is kept here is Rust's own memory, which is not traced. A block's trace goes when the block does; the frames that blocks were
//! allocated in are kept until the traces are cleared, so that nothing is freed while the allocator tells of something.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use memory::Watcher;
use objects::errors::PyResult;
use objects::protocol::make_int;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::{Thread, ThreadState};
use objects::tuple::Tuple;

use crate::frame::{self, Frame, Owner};

/// The most frames that a trace has.
pub const MOST_FRAMES: usize = u16::MAX as usize;

/// The domain of the interpreter's own blocks; C code may name others.
pub const OWN_DOMAIN: u32 = 0;

/// A line of a file; the file by its name.
#[derive(Clone)]
pub struct Place {
    pub file: Py<Str>,
    pub line: u32,
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.line == other.line && self.file.is(&other.file)
    }
}

impl Eq for Place {}

impl std::hash::Hash for Place {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.file.address(), self.line).hash(state);
    }
}

/// The frames that ran, the newest first, and how many there were in all.
#[derive(PartialEq, Eq, Hash)]
pub struct Stack {
    pub places: Vec<Place>,
    pub total: usize,
}

impl Stack {
    /// `((file, line), …)`, the newest first.
    pub fn object(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut places = Vec::with_capacity(self.places.len());
        for place in &self.places {
            let line = make_int(i128::from(place.line), thread);
            places.push(Tuple::new(vec![place.file.clone().into_object(), line], thread)?.into_object());
        }
        if places.is_empty() {
            let unknown = thread.intern_text("<unknown>").into_object();
            let line = make_int(0, thread);
            places.push(Tuple::new(vec![unknown, line], thread)?.into_object());
        }
        Tuple::new(places, thread).map(Py::into_object)
    }
}

/// A block's size, and the frames that it was allocated in.
#[derive(Clone)]
pub struct Trace {
    pub size: usize,
    pub stack: Rc<Stack>,
    /// Grows from trace to trace.
    number: u64,
}

#[derive(Default)]
struct Tables {
    traces: HashMap<(u32, usize), Trace>,
    stacks: HashSet<Rc<Stack>>,
    current: usize,
    peak: usize,
    last_number: u64,
}

/// The traces of an interpreter.
#[derive(Default)]
pub struct Allocations {
    /// Frames of a trace; zero while nothing is traced.
    limit: Cell<usize>,
    /// What was asked for last.
    last_limit: Cell<usize>,
    /// True while the tables are at work: what that allocates is not traced.
    busy: Cell<bool>,
    tables: RefCell<Tables>,
}

impl Tables {
    fn remove(&mut self, key: (u32, usize)) {
        if let Some(trace) = self.traces.remove(&key) {
            self.current -= trace.size;
        }
    }

    fn add(&mut self, key: (u32, usize), size: usize, stack: Stack) {
        self.remove(key);
        let stack = match self.stacks.get(&stack) {
            Some(known) => known.clone(),
            None => {
                let stack = Rc::new(stack);
                self.stacks.insert(stack.clone());
                stack
            }
        };
        self.last_number += 1;
        self.traces.insert(key, Trace { size, stack, number: self.last_number });
        self.current += size;
        self.peak = self.peak.max(self.current);
    }
}

impl Allocations {
    pub fn is_tracing(&self) -> bool {
        self.limit.get() != 0
    }

    /// How many frames a trace has at most.
    pub fn limit(&self) -> usize {
        self.last_limit.get().max(1)
    }

    /// Begins to trace, unless that is done already.
    pub fn start(&self, limit: usize, thread: &mut Thread) {
        if self.is_tracing() {
            return;
        }
        self.limit.set(limit);
        self.last_limit.set(limit);
        thread.allocator().watch(Watcher { allocated, freed });
    }

    /// Traces no more, and forgets all traces.
    pub fn stop(&self, thread: &mut Thread) {
        if !self.is_tracing() {
            return;
        }
        thread.allocator().stop_watching();
        self.limit.set(0);
        self.clear();
    }

    /// Forgets all traces.
    pub fn clear(&self) {
        let old = self.tables.take();
        self.busy.set(true);
        drop(old);
        self.busy.set(false);
    }

    pub fn reset_peak(&self) {
        let mut tables = self.tables.borrow_mut();
        tables.peak = tables.current;
    }

    /// Bytes that are traced now, and the most there were.
    pub fn traced(&self) -> (usize, usize) {
        let tables = self.tables.borrow();
        (tables.current, tables.peak)
    }

    /// Bytes that the traces take.
    pub fn own_size(&self) -> usize {
        let tables = self.tables.borrow();
        let stacks: usize = tables.stacks.iter().map(|it| it.places.len() * size_of::<Place>()).sum();
        tables.traces.capacity() * size_of::<((u32, usize), Trace)>() + stacks + size_of::<Self>()
    }

    /// All traces, with their domains, the oldest first.
    pub fn traces(&self) -> Vec<(u32, Trace)> {
        let tables = self.tables.borrow();
        let mut traces: Vec<_> = tables.traces.iter().map(|(key, trace)| (key.0, trace.clone())).collect();
        traces.sort_unstable_by_key(|it| it.1.number);
        traces
    }

    pub fn trace_at(&self, domain: u32, address: usize) -> Option<Trace> {
        self.tables.borrow().traces.get(&(domain, address)).cloned()
    }

    /// The trace of an object's block, which begins before the object if the collector knows it.
    pub fn trace_of(&self, object: &Object) -> Option<Trace> {
        const WORDS_BEFORE: [usize; 4] = [0, 2, 4, 3];
        let address = object.address();
        WORDS_BEFORE.iter().find_map(|it| self.trace_at(OWN_DOMAIN, address - it * size_of::<usize>()))
    }

    /// Notes a block; false while nothing is traced.
    pub fn track(&self, domain: u32, address: usize, size: usize, thread: &Thread) -> bool {
        if !self.is_tracing() {
            return false;
        }
        if self.busy.replace(true) {
            return true;
        }
        let stack = stack_of(thread, self.limit.get());
        self.tables.borrow_mut().add((domain, address), size, stack);
        self.busy.set(false);
        true
    }

    /// Forgets a block; false while nothing is traced.
    pub fn untrack(&self, domain: u32, address: usize) -> bool {
        if !self.is_tracing() {
            return false;
        }
        if !self.busy.replace(true) {
            self.tables.borrow_mut().remove((domain, address));
            self.busy.set(false);
        }
        true
    }
}

/// The frames that run now.
fn stack_of(thread: &Thread, limit: usize) -> Stack {
    let mut stack = Stack { places: Vec::new(), total: 0 };
    let mut next: *mut Frame = thread.state().base().current_frame.get().cast();
    while let Some(frame) = frame::first_complete(next) {
        // SAFETY: a chain of frames is live as long as its first is current.
        let frame = unsafe { &*frame };
        next = frame.previous();
        let is_set_up = frame.instruction_offset() >= frame.code().first_traceable();
        if !is_set_up && frame.owner() != Owner::Generator {
            continue;
        }
        if stack.places.len() < limit {
            let line = frame.line().and_then(|it| u32::try_from(it).ok()).unwrap_or(0);
            stack.places.push(Place { file: Py::from_ref(frame.code().filename()), line });
        }
        stack.total = (stack.total + 1).min(MOST_FRAMES);
    }
    stack
}

fn allocated(block: *mut u8, size: usize) {
    if ThreadState::current().is_null() {
        return;
    }
    // SAFETY: the thread is attached, and the handle is used for looking at the frames alone.
    let thread = unsafe { Thread::current() };
    thread.interpreter().extension::<Allocations>().track(OWN_DOMAIN, block.addr(), size, &thread);
}

fn freed(block: *mut u8) {
    if ThreadState::current().is_null() {
        return;
    }
    // SAFETY: as above.
    let thread = unsafe { Thread::current() };
    thread.interpreter().extension::<Allocations>().untrack(OWN_DOMAIN, block.addr());
}
