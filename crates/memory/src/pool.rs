//! Pools: the header at a pool's start, and the list of free blocks in it.
//!
//! The allocator and the arenas call this. It owns the invariant that a pool's blocks are each exactly one of: handed
//! out (counted in `used`), on the free list, or behind `virgin`, never touched so far.

use std::cell::Cell;
use std::ptr;

use crate::{ALIGNMENT, ARENA_SIZE, POOL_SIZE, arena, poison};

/// Pools are carved a page at a time, so that memory nobody asked for is never touched.
const PAGE_SIZE: usize = 4096;

/// A free block: its first word links it to the next one.
#[repr(C)]
pub(crate) struct Block {
    pub(crate) next: Cell<*mut Block>,
}

/// Where a pool is listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PoolState {
    /// In its arena's list of free pools; the class it had stays written in it.
    Free,
    /// In the allocator's list for its class: some block is free or virgin.
    Partial,
    /// In no list: all blocks are handed out.
    Full,
}

/// The first bytes of a pool.
#[repr(C)]
pub(crate) struct Pool {
    /// The first free block, or null.
    pub(crate) free: Cell<*mut Block>,
    /// Links in the allocator's list, or (`next` alone) in the arena's.
    pub(crate) next: Cell<*mut Pool>,
    pub(crate) previous: Cell<*mut Pool>,
    /// Tells the allocators apart.
    pub(crate) owner: Cell<*const u8>,
    /// Blocks handed out.
    pub(crate) used: Cell<u32>,
    /// When freeing brings `used` down to this, the pool must change its list: zero for a partial pool, `capacity - 1`
    /// for a full one. So `free` needs a single comparison for both.
    pub(crate) trigger: Cell<u32>,
    /// The offset of the first block that was never free nor handed out.
    virgin: Cell<u16>,
    capacity: Cell<u16>,
    class: Cell<u8>,
    pub(crate) state: Cell<PoolState>,
}

const _: () = assert!(size_of::<Pool>() == 48 && size_of::<Pool>().is_multiple_of(ALIGNMENT));
const _: () = assert!(POOL_SIZE <= u16::MAX as usize);

impl Pool {
    /// A pool without blocks, as a sentinel.
    pub(crate) const fn empty() -> Pool {
        Pool {
            free: Cell::new(ptr::null_mut()),
            next: Cell::new(ptr::null_mut()),
            previous: Cell::new(ptr::null_mut()),
            owner: Cell::new(ptr::null()),
            used: Cell::new(0),
            trigger: Cell::new(0),
            virgin: Cell::new(0),
            capacity: Cell::new(0),
            class: Cell::new(0),
            state: Cell::new(PoolState::Free),
        }
    }

    /// The pool that a block lies in.
    #[inline(always)]
    pub(crate) fn of(block: *mut u8) -> *mut Pool {
        block.map_addr(|address| address & !(POOL_SIZE - 1)).cast()
    }

    /// Makes a free pool one for blocks of `class`. If that's what it was before, its free list is still good.
    pub(crate) fn assign(&self, class: usize, owner: *const u8) {
        debug_assert!(self.used.get() == 0 && self.state.get() == PoolState::Free);
        self.trigger.set(0);
        self.previous.set(ptr::null_mut());
        self.next.set(ptr::null_mut());
        if self.owner.replace(owner) == owner && self.class.get() as usize == class {
            return;
        }
        self.class.set(class as u8);
        self.free.set(ptr::null_mut());
        self.virgin.set(self.first_offset() as u16);
        self.capacity.set(((POOL_SIZE - self.first_offset()) / self.block_size()) as u16);
    }

    /// Puts more blocks on the free list, from those never touched: at least one, unless there are none; at most what
    /// begins on one page.
    pub(crate) fn carve(&self) -> bool {
        let (start, size) = (self.virgin.get() as usize, self.block_size());
        let end = self.first_offset() + self.capacity.get() as usize * size;
        if start == end {
            return false;
        }
        let page_end = (start / PAGE_SIZE + 1) * PAGE_SIZE;
        let stop = (start + (page_end - start).div_ceil(size) * size).min(end);
        let mut next = self.free.get();
        for offset in (start..stop).step_by(size).rev() {
            let block = self.at(offset);
            // SAFETY: `offset..offset + size` lies in the pool behind the headers, in virgin memory: nobody has it.
            unsafe {
                poison::mark_freed(block, size);
                block.cast::<Block>().write(Block { next: Cell::new(next) });
            }
            next = block.cast();
        }
        self.free.set(next);
        self.virgin.set(stop as u16);
        true
    }

    /// How many blocks there are, in whatever state.
    pub(crate) fn capacity(&self) -> usize {
        self.capacity.get() as usize
    }

    pub(crate) fn class(&self) -> usize {
        self.class.get() as usize
    }

    pub(crate) fn block_size(&self) -> usize {
        (self.class.get() as usize + 1) * ALIGNMENT
    }

    /// The number of the block that has the byte at this offset, or nothing if that's a header, or spare room.
    pub(crate) fn block_index(&self, offset: usize) -> Option<usize> {
        let index = offset.checked_sub(self.first_offset())? / self.block_size();
        (index < self.capacity()).then_some(index)
    }

    /// The block of this number, which must be less than the capacity.
    pub(crate) fn block(&self, index: usize) -> *mut u8 {
        debug_assert!(index < self.capacity());
        self.at(self.first_offset() + index * self.block_size())
    }

    /// How many blocks, counted from the pool's start, are not virgin.
    pub(crate) fn touched(&self) -> usize {
        (self.virgin.get() as usize - self.first_offset()) / self.block_size()
    }

    /// Whether this block is free; takes as many steps as there are free blocks.
    pub(crate) fn has_on_free_list(&self, block: *mut u8) -> bool {
        self.free_blocks().any(|free| ptr::eq(free, block))
    }

    /// The blocks on the free list.
    pub(crate) fn free_blocks(&self) -> impl Iterator<Item = *mut u8> {
        // SAFETY: what is on the free list is a block with a link.
        let blocks =
            std::iter::successors(unsafe { self.free.get().as_ref() }, |block| unsafe { block.next.get().as_ref() });
        blocks.map(|block| ptr::from_ref(block).cast_mut().cast())
    }

    /// Bytes in front of the first block.
    pub(crate) fn first_offset(&self) -> usize {
        let is_first_of_arena = (ptr::from_ref(self) as usize).is_multiple_of(ARENA_SIZE);
        size_of::<Pool>() + if is_first_of_arena { size_of::<arena::Arena>() } else { 0 }
    }

    fn at(&self, offset: usize) -> *mut u8 {
        ptr::from_ref(self).cast::<u8>().cast_mut().wrapping_add(offset)
    }
}
