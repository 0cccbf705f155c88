//! What the collector keeps for an interpreter: generations, thresholds, what the program has set, and statistics.

use std::cell::Cell;

use super::list::List as Nodes;
use crate::list::List;
use crate::refs::Field;
use crate::thread::{Thread, pending::request};

/// How many generations there are.
pub const GENERATIONS: usize = 3;

/// `gc.set_debug()`.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct DebugFlags(pub i32);

impl DebugFlags {
    pub const STATS: Self = Self(1 << 0);
    pub const COLLECTABLE: Self = Self(1 << 1);
    pub const UNCOLLECTABLE: Self = Self(1 << 2);
    pub const SAVE_ALL: Self = Self(1 << 5);
    pub const LEAK: Self = Self(Self::COLLECTABLE.0 | Self::UNCOLLECTABLE.0 | Self::SAVE_ALL.0);

    pub fn has(self, flag: Self) -> bool {
        self.0 & flag.0 != 0
    }
}

/// What collections of one generation have done.
#[derive(Clone, Copy, Default)]
pub struct Statistics {
    pub collections: usize,
    pub collected: usize,
    pub uncollectable: usize,
}

/// The collector's state in an interpreter.
pub struct GcState {
    pub(super) generations: [Nodes; GENERATIONS],
    /// `gc.freeze()`: objects that no collection looks at.
    pub(super) permanent: Nodes,
    /// Objects allocated since the last collection, less those freed.
    pub(super) young_count: Cell<isize>,
    /// Collections of the generation below since the last one, for the two older generations.
    pub(super) older_counts: [Cell<isize>; GENERATIONS - 1],
    pub(super) thresholds: [Cell<isize>; GENERATIONS],
    /// The count above which a collection is asked for: the first threshold, or out of reach.
    pub(super) trigger: Cell<isize>,
    pub(super) enabled: Cell<bool>,
    pub(super) collecting: Cell<bool>,
    /// Objects in the oldest generation after its last collection, and those that came to it since.
    pub(super) long_lived_total: Cell<usize>,
    pub(super) long_lived_pending: Cell<usize>,
    pub debug: Cell<DebugFlags>,
    /// `gc.garbage`, made with the module.
    pub garbage: Field<List>,
    /// `gc.callbacks`, made with the module.
    pub callbacks: Field<List>,
    pub(super) statistics: [Cell<Statistics>; GENERATIONS],
}

impl Default for GcState {
    fn default() -> Self {
        let state = Self {
            generations: Default::default(),
            permanent: Nodes::default(),
            young_count: Cell::new(0),
            older_counts: Default::default(),
            thresholds: [Cell::new(2000), Cell::new(10), Cell::new(10)],
            trigger: Cell::new(isize::MAX),
            enabled: Cell::new(true),
            collecting: Cell::new(false),
            long_lived_total: Cell::new(0),
            long_lived_pending: Cell::new(0),
            debug: Cell::default(),
            garbage: Field::EMPTY,
            callbacks: Field::EMPTY,
            statistics: Default::default(),
        };
        state.set_trigger();
        state
    }
}

impl GcState {
    fn set_trigger(&self) {
        let threshold = self.thresholds[0].get();
        self.trigger.set(if self.enabled.get() && threshold != 0 { threshold } else { isize::MAX });
    }

    pub fn is_enabled(&self) -> bool {
        self.enabled.get()
    }

    /// True while a collection is going on.
    pub fn is_collecting(&self) -> bool {
        self.collecting.get()
    }

    /// `gc.enable()` and `gc.disable()`.
    pub fn set_enabled(&self, enabled: bool) {
        self.enabled.set(enabled);
        self.set_trigger();
    }

    pub fn thresholds(&self) -> [isize; GENERATIONS] {
        self.thresholds.each_ref().map(Cell::get)
    }

    pub fn set_threshold(&self, generation: usize, threshold: isize) {
        self.thresholds[generation].set(threshold);
        self.set_trigger();
    }

    /// `gc.get_count()`.
    pub fn counts(&self) -> [isize; GENERATIONS] {
        [self.young_count.get(), self.older_counts[0].get(), self.older_counts[1].get()]
    }

    pub fn statistics(&self) -> [Statistics; GENERATIONS] {
        self.statistics.each_ref().map(Cell::get)
    }

    /// The youngest generation is full.
    #[cold]
    #[inline(never)]
    pub(super) fn ask_for_collection(&self, thread: &Thread) {
        if !self.collecting.get() {
            thread.request(request::COLLECT);
        }
    }

    /// The oldest generation that is due for collection. The oldest of all waits until a quarter of it is new, so that the cost of looking
    /// at everything stays in proportion to what was made.
    pub(super) fn generation_that_is_due(&self) -> Option<usize> {
        let due = |generation: &usize| {
            let oldest = *generation == GENERATIONS - 1;
            self.counts()[*generation] > self.thresholds[*generation].get()
                && !(oldest && self.long_lived_pending.get() < self.long_lived_total.get() / 4)
        };
        (0..GENERATIONS).rev().find(due)
    }
}

impl GcState {
    /// Starts the counts of a generation and of those below again.
    pub(super) fn reset_counts(&self, generation: usize) {
        self.young_count.set(0);
        self.older_counts[..generation].iter().for_each(|it| it.set(0));
    }
}
