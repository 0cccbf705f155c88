//! Arenas: mapped from the system, handed out pool by pool, given back when the last pool comes home.
//!
//! The allocator's slow paths call this. It owns the invariant that an arena is in the list that its number of free
//! pools names. A new pool is taken from the arena with the fewest free ones, so that the others can empty.

use std::cell::Cell;
use std::ptr;

use crate::address_map::AddressMap;
use crate::pool::{Pool, PoolState};
use crate::{ALIGNMENT, ARENA_SIZE, POOL_SIZE, POOLS_PER_ARENA, reserve};

/// The header of an arena; it lies in its first pool, behind that pool's header.
#[repr(C)]
pub(crate) struct Arena {
    next: Cell<*mut Arena>,
    previous: Cell<*mut Arena>,
    /// Pools that came home.
    free_pools: Cell<*mut Pool>,
    /// Pools that are not in use, whether they ever were or not.
    n_free: Cell<u32>,
    /// Pools that ever were in use: the first ones.
    n_touched: Cell<u32>,
}

const _: () = assert!(size_of::<Arena>().is_multiple_of(ALIGNMENT));

impl Arena {
    /// The arena that an address inside of it belongs to.
    pub(crate) fn of(address: *mut u8) -> *mut Arena {
        address.map_addr(|address| address & !(ARENA_SIZE - 1)).wrapping_add(size_of::<Pool>()).cast()
    }

    fn base(&self) -> *mut u8 {
        ptr::from_ref(self).cast::<u8>().cast_mut().wrapping_sub(size_of::<Pool>())
    }

    fn take_pool(&self) -> *mut Pool {
        self.n_free.set(self.n_free.get() - 1);
        let pool = self.free_pools.get();
        if pool.is_null() {
            let index = self.n_touched.get();
            self.n_touched.set(index + 1);
            return self.base().wrapping_add(index as usize * POOL_SIZE).cast();
        }
        // SAFETY: what is in the list of free pools is a pool.
        self.free_pools.set(unsafe { (*pool).next.get() });
        pool
    }

    /// The pools that have been in use so far, free ones among them.
    pub(crate) fn pools(&self) -> impl Iterator<Item = &Pool> {
        let base = self.base();
        // SAFETY: the first `n_touched` pools of an arena have an initialized header, as long as it is mapped.
        (0..self.n_touched.get() as usize).map(move |index| unsafe { &*base.wrapping_add(index * POOL_SIZE).cast() })
    }

    /// Pools that are not in use.
    pub(crate) fn n_free(&self) -> usize {
        self.n_free.get() as usize
    }
}

/// All arenas of an allocator.
pub(crate) struct Arenas {
    /// Doubly linked lists of the arenas with 0, 1, …, 64 free pools. The last has one member at most.
    by_free_pools: [Cell<*mut Arena>; POOLS_PER_ARENA + 1],
    /// Which of these lists have members.
    occupied: Cell<u128>,
    map: AddressMap,
    mapped: Cell<usize>,
    mapped_peak: Cell<usize>,
    mapped_total: Cell<usize>,
}

impl Arenas {
    pub(crate) const fn new() -> Arenas {
        Arenas {
            by_free_pools: [const { Cell::new(ptr::null_mut()) }; POOLS_PER_ARENA + 1],
            occupied: Cell::new(0),
            map: AddressMap::new(),
            mapped: Cell::new(0),
            mapped_peak: Cell::new(0),
            mapped_total: Cell::new(0),
        }
    }

    /// What tells this allocator's pools from those of others: null until there are any.
    #[inline]
    pub(crate) fn identity(&self) -> *const u8 {
        self.map.identity()
    }

    /// Whether this address is in an arena of this allocator.
    #[inline]
    pub(crate) fn contains(&self, address: usize) -> bool {
        self.map.contains(address)
    }

    /// A free pool, not yet assigned to a class; null if the system has no memory.
    pub(crate) fn take_pool(&self) -> *mut Pool {
        let mut with_free_pools = self.occupied.get() & !1;
        if with_free_pools == 0 {
            if !self.map_arena() {
                return ptr::null_mut();
            }
            with_free_pools = self.occupied.get() & !1;
        }
        let arena = self.by_free_pools[with_free_pools.trailing_zeros() as usize].get();
        // SAFETY: the members of the lists are mapped arenas; this one has a free pool, and changes its list for it.
        unsafe {
            self.unlink(&*arena);
            let pool = (*arena).take_pool();
            self.link(&*arena);
            pool
        }
    }

    /// Takes back a pool without used blocks. If that leaves two arenas without used pools, one goes to the system.
    pub(crate) fn give_back(&self, pool: &Pool) {
        debug_assert!(pool.used.get() == 0);
        let pool_pointer = ptr::from_ref(pool).cast_mut();
        // SAFETY: a pool in use lies in a mapped arena.
        let arena = unsafe { &*Arena::of(pool_pointer.cast()) };
        pool.state.set(PoolState::Free);
        self.unlink(arena);
        pool.next.set(arena.free_pools.replace(pool_pointer));
        arena.n_free.set(arena.n_free.get() + 1);
        if arena.n_free() == POOLS_PER_ARENA && !self.by_free_pools[POOLS_PER_ARENA].get().is_null() {
            self.unmap_arena(arena);
        } else {
            self.link(arena);
        }
    }

    /// All arenas, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arena> {
        self.by_free_pools.iter().flat_map(|list| {
            // SAFETY: the members of the lists are mapped arenas, and stay so while `self` is borrowed and unused.
            std::iter::successors(unsafe { list.get().as_ref() }, |arena| unsafe { arena.next.get().as_ref() })
        })
    }

    /// Arenas mapped now, at the most, and ever.
    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        (self.mapped.get(), self.mapped_peak.get(), self.mapped_total.get())
    }

    fn link(&self, arena: &Arena) {
        let list = &self.by_free_pools[arena.n_free()];
        let arena_pointer = ptr::from_ref(arena).cast_mut();
        let next = list.replace(arena_pointer);
        // SAFETY: the members of the lists are mapped arenas.
        if let Some(next) = unsafe { next.as_ref() } {
            next.previous.set(arena_pointer);
        }
        arena.next.set(next);
        arena.previous.set(ptr::null_mut());
        self.occupied.set(self.occupied.get() | 1 << arena.n_free());
    }

    fn unlink(&self, arena: &Arena) {
        let (next, previous) = (arena.next.get(), arena.previous.get());
        // SAFETY: the members of the lists are mapped arenas.
        if let Some(next) = unsafe { next.as_ref() } {
            next.previous.set(previous);
        }
        // SAFETY: as above.
        if let Some(previous) = unsafe { previous.as_ref() } {
            previous.next.set(next);
            return;
        }
        self.by_free_pools[arena.n_free()].set(next);
        if next.is_null() {
            self.occupied.set(self.occupied.get() & !(1 << arena.n_free()));
        }
    }

    fn map_arena(&self) -> bool {
        let base = map_aligned();
        if base.is_null() {
            return false;
        }
        if !self.map.insert(base as usize) {
            unmap(base, ARENA_SIZE);
            return false;
        }
        let arena = Arena::of(base);
        // SAFETY: the mapping is ours and fresh; the header lies inside it, aligned.
        unsafe {
            arena.write(Arena {
                next: Cell::new(ptr::null_mut()),
                previous: Cell::new(ptr::null_mut()),
                free_pools: Cell::new(ptr::null_mut()),
                n_free: Cell::new(POOLS_PER_ARENA as u32),
                n_touched: Cell::new(0),
            });
            self.link(&*arena);
        }
        self.mapped.set(self.mapped.get() + 1);
        self.mapped_total.set(self.mapped_total.get() + 1);
        self.mapped_peak.set(self.mapped_peak.get().max(self.mapped.get()));
        true
    }

    /// Gives an arena, which must be in no list, to the system.
    fn unmap_arena(&self, arena: &Arena) {
        let base = arena.base();
        self.map.remove(base as usize);
        self.mapped.set(self.mapped.get() - 1);
        unmap(base, ARENA_SIZE);
        reserve::refill();
    }
}

impl Arenas {
    /// Gives all arenas to the system.
    pub(crate) fn unmap_all(&self) {
        for list in &self.by_free_pools {
            // SAFETY: the members of the lists are mapped arenas; each is unlinked before it is unmapped.
            while let Some(arena) = unsafe { list.get().as_ref() } {
                list.set(arena.next.get());
                self.unmap_arena(arena);
            }
        }
        self.occupied.set(0);
    }
}

impl Drop for Arenas {
    fn drop(&mut self) {
        self.unmap_all();
    }
}

/// Fresh memory for an arena, or null.
fn map_aligned() -> *mut u8 {
    // The kernel tends to place a mapping right below the last one, so once one is aligned, all are.
    let base = map(ARENA_SIZE);
    if base.is_null() || base.addr().is_multiple_of(ARENA_SIZE) {
        return base;
    }
    unmap(base, ARENA_SIZE);
    let base = map(2 * ARENA_SIZE);
    if base.is_null() {
        return base;
    }
    let before = base.addr().wrapping_neg() % ARENA_SIZE;
    let aligned = base.wrapping_add(before);
    if before > 0 {
        unmap(base, before);
    }
    unmap(aligned.wrapping_add(ARENA_SIZE), ARENA_SIZE - before);
    aligned
}

/// Zeroed pages from the system, or null.
pub(crate) fn map(size: usize) -> *mut u8 {
    let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: an anonymous mapping at an address of the kernel's choice touches nothing that exists.
    let map = || unsafe { libc::mmap(ptr::null_mut(), size, protection, flags, -1, 0) };
    let mut base = map();
    // Twice the size: what is mapped next may have to be aligned.
    if base == libc::MAP_FAILED && reserve::spend(2 * size) {
        base = map();
    }
    if base == libc::MAP_FAILED { ptr::null_mut() } else { base.cast() }
}

/// Gives pages back. They must be whole pages that [`map`] returned, and unused.
pub(crate) fn unmap(base: *mut u8, size: usize) {
    // SAFETY: only this file and the address map call this, with pages that they mapped and have forgotten.
    let result = unsafe { libc::munmap(base.cast(), size) };
    debug_assert!(result == 0, "munmap({base:p}, {size})");
}
