//! The allocator: what everything else in Naja calls for memory.
//!
//! One per interpreter, used by whoever holds the interpreter's GIL. It owns the invariants that each size class has a
//! list of its partial pools, that blocks are taken from the list's first pool, and that a pool outside of the list is
//! full or back in its arena.

use std::array;
use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::arena::Arenas;
use crate::gate::GateState;
use crate::poison::FailurePlan;
use crate::pool::{Block, Pool, PoolState};
use crate::watch::Watcher;
use crate::{ALIGNMENT, SIZE_CLASSES, SMALL_LIMIT, large, poison};

/// Stands first in the list of a class without partial pools, so that `allocate` needs no test for that.
struct NoPool(Pool);
// SAFETY: there's never a block in it, and only pools with blocks are ever written.
unsafe impl Sync for NoPool {}
static NO_POOL: NoPool = NoPool(Pool::empty());

/// Memory for one interpreter. Dropping it unmaps all small blocks, whoever still points to them.
pub struct Allocator {
    /// Per class, its first partial pool, or [`NO_POOL`].
    pub(crate) partial: [Cell<*mut Pool>; SIZE_CLASSES],
    /// The pool that became empty last, or null. It goes back to its arena only when another becomes empty, so that
    /// allocating and freeing a block that is alone in its class costs 3 ns, not 15.
    emptied: Cell<*mut Pool>,
    pub(crate) arenas: Arenas,
    pub(crate) large_blocks: Cell<usize>,
    failures: FailurePlan,
    /// Who is told of every block, and the lists of partial pools meanwhile (see [`watch`](crate::watch)).
    pub(crate) watcher: Cell<Option<Watcher>>,
    pub(crate) hidden: [Cell<*mut Pool>; SIZE_CLASSES],
    /// True while the lists are hidden: somebody watches, or is asked.
    pub(crate) is_hiding: Cell<bool>,
    /// Who is asked for every block (see [`gate`](crate::gate)).
    pub(crate) gate: GateState,
}

impl Allocator {
    /// An allocator without any memory so far.
    #[allow(clippy::new_without_default, reason = "there is one per interpreter, made on purpose")]
    pub fn new() -> Allocator {
        Allocator {
            partial: array::from_fn(|_| Cell::new(no_pool())),
            emptied: Cell::new(ptr::null_mut()),
            arenas: Arenas::new(),
            large_blocks: Cell::new(0),
            failures: FailurePlan::none(),
            watcher: Cell::new(None),
            hidden: array::from_fn(|_| Cell::new(no_pool())),
            is_hiding: Cell::new(false),
            gate: GateState::default(),
        }
    }

    /// At least `size` bytes, aligned to [`ALIGNMENT`]; null if there's no memory. Zero bytes are a block, too.
    #[inline]
    pub fn allocate(&self, size: usize) -> *mut u8 {
        // Zero wraps around to the slow path.
        let class = size.wrapping_sub(1) / ALIGNMENT;
        if class >= SIZE_CLASSES || self.failures.fails_now() {
            return self.allocate_slow(size);
        }
        // SAFETY: a class's first pool is a pool in use, or `NO_POOL`; both stay where they are.
        let pool = unsafe { &*self.partial[class].get() };
        let block = pool.free.get();
        if block.is_null() {
            return self.allocate_from_next_pool(class, size);
        }
        // SAFETY: what is on the free list is a block of this pool that nobody uses.
        unsafe { take(pool, block) }
    }

    /// As [`allocate`](Self::allocate), for small blocks that cannot be refused: the process ends where the system has no memory.
    #[inline]
    pub fn allocate_surely(&self, size: usize) -> NonNull<u8> {
        match NonNull::new(self.allocate(size)) {
            Some(block) => block,
            None => self.insist(size),
        }
    }

    /// As [`allocate`](Self::allocate), all bytes zero.
    #[inline]
    pub fn allocate_zeroed(&self, size: usize) -> *mut u8 {
        if size > SMALL_LIMIT {
            if self.gate.is_asked() {
                return self.ask_zeroed(size);
            }
            let block = if self.failures.fails_now() { ptr::null_mut() } else { large::allocate_zeroed(size) };
            return self.count_large(block, size);
        }
        let block = self.allocate(size);
        if !block.is_null() {
            // SAFETY: the block has at least `size` bytes, and is ours.
            unsafe { block.write_bytes(0, size) };
        }
        block
    }

    /// Gives a block back; null is fine. Who knows the size calls [`free_sized`](Self::free_sized), which is faster.
    ///
    /// # Safety
    ///
    /// The block came from this allocator, was not freed, and nobody uses it any more.
    #[inline]
    pub unsafe fn free(&self, block: *mut u8) {
        if self.arenas.contains(block.addr()) {
            // SAFETY: the caller's promise.
            unsafe { self.free_small(block) }
        } else {
            // SAFETY: the caller's promise; blocks outside of the arenas are large ones.
            unsafe { self.free_large(block) }
        }
    }

    /// Gives a block back of which the caller knows how many bytes it last asked for.
    ///
    /// # Safety
    ///
    /// The block came from this allocator, was not freed, and nobody uses it any more. The size is the one that it was
    /// allocated, or at last reallocated, with.
    #[inline]
    pub unsafe fn free_sized(&self, block: *mut u8, size: usize) {
        debug_assert!(size > SMALL_LIMIT || self.arenas.contains(block.addr()), "{block:p} is not of {size} bytes");
        if size <= SMALL_LIMIT {
            // SAFETY: the caller's promise; the size alone decides where a block lies.
            unsafe { self.free_small(block) }
        } else {
            // SAFETY: as above.
            unsafe { self.free_large(block) }
        }
    }

    /// Makes a block of another size out of this one, with the contents that both have room for. It may move. Null,
    /// and the block as it was, if there's no memory. A null block is allocated.
    ///
    /// # Safety
    ///
    /// The block came from this allocator and was not freed; unless the result is null, nobody uses the old address any
    /// more.
    pub unsafe fn reallocate(&self, block: *mut u8, size: usize) -> *mut u8 {
        if block.is_null() {
            return self.allocate(size);
        }
        if self.gate.is_asked() {
            // SAFETY: the caller's promise.
            return unsafe { self.ask_again(block, size) };
        }
        if !self.arenas.contains(block.addr()) {
            if size <= SMALL_LIMIT {
                // SAFETY: the caller's promise. Sizes decide where blocks lie (`free_sized`), so it can't stay large.
                return unsafe { self.move_block(block, size, size) };
            }
            if self.failures.fails_now() {
                return ptr::null_mut();
            }
            // SAFETY: the caller's promise; blocks outside of the arenas are large ones.
            let moved = unsafe { large::reallocate(block, size) };
            self.tell_moved(block, moved, size);
            return moved;
        }
        // SAFETY: the caller's promise: it's a block, so it lies in a pool in use.
        let old_size = unsafe { &*Pool::of(block) }.block_size();
        // As in CPython, a block stays when it would shrink by less than a quarter.
        if size <= old_size && size.max(1).next_multiple_of(ALIGNMENT) * 4 > old_size * 3 {
            self.tell_moved(block, block, size);
            return block;
        }
        // SAFETY: the caller's promise.
        unsafe { self.move_block(block, size, size.min(old_size)) }
    }

    /// How many bytes of a block may be used: at least as many as were asked for.
    ///
    /// # Safety
    ///
    /// The block came from this allocator and was not freed.
    pub unsafe fn usable_size(&self, block: *mut u8) -> usize {
        if self.arenas.contains(block.addr()) {
            // SAFETY: the caller's promise: it's a block, so it lies in a pool in use.
            unsafe { &*Pool::of(block) }.block_size()
        } else {
            // SAFETY: the caller's promise; blocks outside of the arenas are large ones.
            unsafe { large::usable_size(block) }
        }
    }

    /// Gives the memory of all small blocks to the system, whoever still points to them; the allocator is as new. Large blocks stay where
    /// they are.
    ///
    /// # Safety
    ///
    /// Nobody uses a small block of this allocator any more.
    pub unsafe fn forget_small_blocks(&self) {
        for first in &self.partial {
            first.set(no_pool());
        }
        for first in &self.hidden {
            first.set(no_pool());
        }
        self.watcher.set(None);
        self.gate.open();
        self.is_hiding.set(false);
        self.emptied.set(ptr::null_mut());
        self.arenas.unmap_all();
    }

    /// From now on, counted from zero, allocations with these numbers fail; an empty range ends it. Reallocations
    /// count if they need memory. Only in builds with debug assertions.
    #[cfg(debug_assertions)]
    pub fn fail_allocations(&self, numbers: std::ops::Range<u64>) {
        self.failures.set(numbers);
    }

    /// Large requests, those for no bytes, and those that are made to fail.
    #[cold]
    #[inline(never)]
    fn allocate_slow(&self, size: usize) -> *mut u8 {
        match size {
            0 => self.allocate(1),
            1..=SMALL_LIMIT => ptr::null_mut(),
            _ if self.gate.is_asked() => self.ask(size),
            _ if self.failures.fails_now() => ptr::null_mut(),
            _ => self.count_large(large::allocate(size), size),
        }
    }

    fn count_large(&self, block: *mut u8, size: usize) -> *mut u8 {
        self.tell_allocated(block, size);
        self.large_blocks.set(self.large_blocks.get() + usize::from(!block.is_null()));
        block
    }

    /// A block for a class whose first pool has no free one.
    #[cold]
    #[inline(never)]
    fn allocate_from_next_pool(&self, class: usize, size: usize) -> *mut u8 {
        if self.gate.is_asked() {
            return self.ask(size);
        }
        if self.is_hiding.get() {
            return self.allocate_watched(class, size);
        }
        self.allocate_from_lists(class)
    }

    /// As [`allocate_from_next_pool`](Self::allocate_from_next_pool), of whichever pool is first.
    pub(crate) fn allocate_from_lists(&self, class: usize) -> *mut u8 {
        loop {
            // SAFETY: a class's first pool is a pool in use, or `NO_POOL`; both stay where they are.
            let pool = unsafe { &*self.partial[class].get() };
            if ptr::eq(pool, no_pool()) {
                // SAFETY: a free pool of an arena stays where it is.
                let Some(pool) = (unsafe { self.arenas.take_pool().as_ref() }) else { return ptr::null_mut() };
                pool.assign(class, self.arenas.identity());
                self.insert(pool);
            } else if !pool.free.get().is_null() || pool.carve() {
                // SAFETY: what is on the free list is a block of this pool that nobody uses.
                return unsafe { take(pool, pool.free.get()) };
            } else {
                self.remove(pool);
                pool.state.set(PoolState::Full);
                pool.trigger.set(pool.capacity() as u32 - 1);
            }
        }
    }

    /// # Safety
    ///
    /// As for [`free`](Self::free), and the block is a small one.
    #[inline]
    unsafe fn free_small(&self, block: *mut u8) {
        // SAFETY: the caller's promise: the block lies in a pool in use.
        let pool = unsafe { &*Pool::of(block) };
        #[cfg(debug_assertions)]
        self.check_free(pool, block);
        // SAFETY: the caller's promise: nobody uses the block.
        unsafe {
            poison::mark_freed(block, pool.block_size());
            block.cast::<Block>().write(Block { next: Cell::new(pool.free.get()) });
        }
        pool.free.set(block.cast());
        let used = pool.used.get() - 1;
        pool.used.set(used);
        if used == pool.trigger.get() {
            self.move_pool(pool);
        }
    }

    /// # Safety
    ///
    /// As for [`free`](Self::free), and the block is a large one, or null.
    #[cold]
    #[inline(never)]
    unsafe fn free_large(&self, block: *mut u8) {
        if self.gate.is_asked() && !block.is_null() {
            return self.hand_back(block);
        }
        self.large_blocks.set(self.large_blocks.get() - usize::from(!block.is_null()));
        self.tell_freed(block);
        // SAFETY: the caller's promise.
        unsafe { large::free(block) }
    }

    /// A full pool has a free block again, or a partial one is empty.
    #[cold]
    #[inline(never)]
    fn move_pool(&self, pool: &Pool) {
        if self.is_hiding.get() {
            return self.move_watched(pool);
        }
        if pool.state.get() == PoolState::Full {
            pool.trigger.set(0);
            self.insert(pool);
            return;
        }
        self.keep_emptied(pool);
    }

    /// Keeps a pool without used blocks for the next request, and gives the one that was kept until now back to its arena.
    pub(crate) fn keep_emptied(&self, pool: &Pool) {
        let earlier = self.emptied.replace(ptr::from_ref(pool).cast_mut());
        if ptr::eq(earlier, pool) {
            return;
        }
        // SAFETY: only here do pools go back to their arenas, after they have left `emptied`.
        if let Some(earlier) = unsafe { earlier.as_ref() }.filter(|earlier| earlier.used.get() == 0) {
            self.with_lists(earlier.class(), || self.remove(earlier));
            self.arenas.give_back(earlier);
        }
    }

    /// # Safety
    ///
    /// As for [`reallocate`](Self::reallocate), and both blocks have `common` bytes.
    unsafe fn move_block(&self, block: *mut u8, size: usize, common: usize) -> *mut u8 {
        let moved = self.allocate(size);
        if !moved.is_null() {
            // SAFETY: two different blocks with that many bytes; nobody uses the old one any more.
            unsafe {
                ptr::copy_nonoverlapping(block, moved, common);
                self.free(block);
            }
        }
        moved
    }

    /// Puts a pool into its class's list: second, so that the first one stays the one in the cache, and one with a
    /// single free block doesn't alternate between full and partial.
    pub(crate) fn insert(&self, pool: &Pool) {
        let list = &self.partial[pool.class()];
        let pool_pointer = ptr::from_ref(pool).cast_mut();
        pool.state.set(PoolState::Partial);
        if list.get() == no_pool() {
            pool.previous.set(ptr::null_mut());
            pool.next.set(ptr::null_mut());
            list.set(pool_pointer);
            return;
        }
        // SAFETY: the members of the lists are pools in use.
        let first = unsafe { &*list.get() };
        let next = first.next.replace(pool_pointer);
        // SAFETY: as above.
        if let Some(next) = unsafe { next.as_ref() } {
            next.previous.set(pool_pointer);
        }
        pool.next.set(next);
        pool.previous.set(list.get());
    }

    /// Takes a pool out of its class's list.
    fn remove(&self, pool: &Pool) {
        let (next, previous) = (pool.next.get(), pool.previous.get());
        // SAFETY: the members of the lists are pools in use.
        if let Some(next) = unsafe { next.as_ref() } {
            next.previous.set(previous);
        }
        // SAFETY: as above.
        match unsafe { previous.as_ref() } {
            Some(previous) => previous.next.set(next),
            None => self.partial[pool.class()].set(if next.is_null() { no_pool() } else { next }),
        }
    }

    /// Asserts what the caller of `free` promised, as far as that can be seen.
    #[cfg(debug_assertions)]
    fn check_free(&self, pool: &Pool, block: *mut u8) {
        assert!(pool.owner.get() == self.arenas.identity(), "{block:p} is freed by an allocator that it isn't from");
        assert!(pool.state.get() != PoolState::Free, "{block:p} is freed twice: its whole pool is free");
        let index = pool.block_index(block.addr() - ptr::from_ref(pool).addr());
        assert!(index.is_some_and(|index| pool.block(index) == block), "{block:p} is not where a block begins");
        // SAFETY: it is a block of that size, and all blocks handed out were written by `mark_new`.
        if unsafe { poison::is_marked_freed(block, pool.block_size()) } {
            assert!(!pool.has_on_free_list(block), "{block:p} is freed twice");
        }
    }
}

#[inline(always)]
pub(crate) fn no_pool() -> *mut Pool {
    ptr::from_ref(&NO_POOL.0).cast_mut()
}

/// Takes the first block off a pool's free list.
///
/// # Safety
///
/// `block` is the first one on the list.
#[inline(always)]
unsafe fn take(pool: &Pool, block: *mut Block) -> *mut u8 {
    // SAFETY: the caller's promise: a block on the free list has a link, and nobody uses it.
    unsafe {
        pool.free.set((*block).next.get());
        pool.used.set(pool.used.get() + 1);
        poison::mark_new(block.cast(), pool.block_size());
    }
    block.cast()
}
