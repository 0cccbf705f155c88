//! Watching an allocator: somebody is told of every block that it gives out and takes back (`tracemalloc`).
//!
//! It costs nothing while nobody watches, because there is no test for it on the way of a block: while somebody does, the lists of partial
//! pools are hidden, so that every request looks for a pool and comes by here, and the number of used blocks at which a pool must change its
//! list is always the next one, so that every block that is freed comes by here too.

use std::ptr;

use crate::allocator::{Allocator, no_pool};
use crate::pool::{Pool, PoolState};

/// Who is told. It must not allocate from the allocator that it watches, nor free.
#[derive(Clone, Copy)]
pub struct Watcher {
    /// A block, and how many bytes were asked for. One that is known has changed its size.
    pub allocated: fn(*mut u8, usize),
    pub freed: fn(*mut u8),
}

impl Allocator {
    /// Tells somebody of all blocks from now on.
    pub fn watch(&self, watcher: Watcher) {
        self.watcher.set(Some(watcher));
        self.hide();
    }

    /// Tells nobody any more.
    pub fn stop_watching(&self) {
        self.watcher.set(None);
        if !self.gate.is_closed() {
            self.show();
        }
    }

    /// From now on every request comes the slow way.
    pub(crate) fn hide(&self) {
        if self.is_hiding.replace(true) {
            return;
        }
        for (hidden, partial) in self.hidden.iter().zip(&self.partial) {
            hidden.set(partial.replace(no_pool()));
        }
    }

    /// Requests go the fast way again.
    pub(crate) fn show(&self) {
        if !self.is_hiding.replace(false) {
            return;
        }
        for (hidden, partial) in self.hidden.iter().zip(&self.partial) {
            partial.set(hidden.replace(no_pool()));
        }
        for pool in self.arenas.iter().flat_map(|arena| arena.pools()) {
            let is_full = pool.state.get() == PoolState::Full;
            pool.trigger.set(if is_full { pool.capacity() as u32 - 1 } else { 0 });
        }
    }

    /// Does something with the lists of a class in their place, which are hidden while somebody watches or is asked.
    pub(crate) fn with_lists<R>(&self, class: usize, work: impl FnOnce() -> R) -> R {
        if !self.is_hiding.get() {
            return work();
        }
        self.partial[class].swap(&self.hidden[class]);
        let result = work();
        self.partial[class].swap(&self.hidden[class]);
        result
    }

    pub(crate) fn allocate_watched(&self, class: usize, size: usize) -> *mut u8 {
        let block = self.with_lists(class, || self.allocate_from_lists(class));
        // SAFETY: a block lies in a pool in use; null lies in none.
        if let Some(pool) = unsafe { Pool::of(block).as_ref() }.filter(|_| !block.is_null()) {
            pool.trigger.set(pool.used.get() - 1);
        }
        self.tell_allocated(block, size);
        block
    }

    /// A block of this pool, which is the first on its free list now, was freed.
    pub(crate) fn move_watched(&self, pool: &Pool) {
        if self.gate.is_asked() {
            return self.hand_back(self.take_back(pool));
        }
        self.tell_freed(pool.free.get().cast());
        let used = pool.used.get();
        if pool.state.get() == PoolState::Full {
            self.with_lists(pool.class(), || self.insert(pool));
        } else if used == 0 {
            pool.trigger.set(0);
            return self.keep_emptied(pool);
        }
        pool.trigger.set(used.saturating_sub(1));
    }

    pub(crate) fn tell_allocated(&self, block: *mut u8, size: usize) {
        if let Some(watcher) = self.watcher.get().filter(|_| !block.is_null()) {
            (watcher.allocated)(block, size);
        }
    }

    pub(crate) fn tell_freed(&self, block: *mut u8) {
        if let Some(watcher) = self.watcher.get().filter(|_| !block.is_null()) {
            (watcher.freed)(block);
        }
    }

    /// A block has another size now, and perhaps another address; null if it stayed as it was.
    pub(crate) fn tell_moved(&self, old: *mut u8, new: *mut u8, size: usize) {
        if new.is_null() {
            return;
        }
        if !ptr::eq(old, new) {
            self.tell_freed(old);
        }
        self.tell_allocated(new, size);
    }
}
