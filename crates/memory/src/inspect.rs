//! From an address to the block it is in, and from the allocator to all blocks: for the observatory, `gc`, debugging.
//!
//! Nothing here changes anything, and no answer depends on the caller's promises.

use std::ptr;

use crate::allocator::Allocator;
use crate::arena::Arena;
use crate::pool::{Pool, PoolState};

/// Where in the arenas an address lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BlockPlace {
    /// The address of the arena.
    pub arena: usize,
    /// The address of the pool.
    pub pool: usize,
    /// The address of the block.
    pub start: usize,
    /// The block's size, a multiple of [`ALIGNMENT`](crate::ALIGNMENT).
    pub size: usize,
    /// What the block is used for.
    pub state: BlockState,
}

/// What a block is used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BlockState {
    /// Allocated.
    InUse,
    /// Was in use once.
    Free,
    /// Was never used.
    Untouched,
}

/// A pool that is in use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PoolPlace {
    /// The address of the pool.
    pub start: usize,
    /// The size of each of its blocks.
    pub block_size: usize,
    /// How many of them are in use.
    pub blocks_in_use: usize,
    /// How many there are.
    pub blocks: usize,
}

impl Allocator {
    /// The small block that has the byte at this address, any address. Nothing, if that's in a large block, in a
    /// header, or no memory of this allocator.
    pub fn find_block(&self, address: *const u8) -> Option<BlockPlace> {
        let pool = self.find_pool(address)?;
        let start = ptr::from_ref(pool).addr();
        let index = pool.block_index(address.addr() - start)?;
        let block = pool.block(index);
        let state = if index >= pool.touched() {
            BlockState::Untouched
        } else if pool.state.get() == PoolState::Free || pool.has_on_free_list(block) {
            BlockState::Free
        } else {
            BlockState::InUse
        };
        let arena = Arena::of(block).addr() - size_of::<Pool>();
        Some(BlockPlace { arena, pool: start, start: block.addr(), size: pool.block_size(), state })
    }

    /// All pools that are in use.
    pub fn pools(&self) -> Vec<PoolPlace> {
        let pools = self.arenas.iter().flat_map(Arena::pools).filter(|pool| pool.state.get() != PoolState::Free);
        pools
            .map(|pool| PoolPlace {
                start: ptr::from_ref(pool).addr(),
                block_size: pool.block_size(),
                blocks_in_use: pool.used.get() as usize,
                blocks: pool.capacity(),
            })
            .collect()
    }

    /// The addresses of the blocks in use in the pool that this address is in; none if it's in no pool.
    pub fn blocks_in_use(&self, address: *const u8) -> Vec<*mut u8> {
        let Some(pool) = self.find_pool(address).filter(|pool| pool.state.get() != PoolState::Free) else {
            return Vec::new();
        };
        let mut in_use = vec![true; pool.touched()];
        for block in pool.free_blocks() {
            if let Some(index) = pool.block_index(block.addr() - ptr::from_ref(pool).addr()) {
                in_use[index] = false;
            }
        }
        (0..in_use.len()).filter(|&index| in_use[index]).map(|index| pool.block(index)).collect()
    }

    /// How many small blocks are in use (`sys.getallocatedblocks`).
    pub fn count_blocks(&self) -> usize {
        self.arenas.iter().flat_map(Arena::pools).map(|pool| pool.used.get() as usize).sum()
    }

    fn find_pool(&self, address: *const u8) -> Option<&Pool> {
        if !self.arenas.contains(address.addr()) {
            return None;
        }
        let pool = Pool::of(address.cast_mut());
        // SAFETY: the address is in an arena, which stays mapped as long as nobody frees anything.
        let is_touched = unsafe { &*Arena::of(address.cast_mut()) }.pools().any(|touched| ptr::eq(touched, pool));
        // SAFETY: as above; a pool that was ever in use has an initialized header.
        if is_touched { unsafe { pool.as_ref() } } else { None }
    }
}
