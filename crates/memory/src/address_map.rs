//! Which addresses are in an arena: a two-level table with one bit per mebibyte of address space.
//!
//! `free` without a size asks it on every call, so looking up is two loads. It owns the invariant that a bit is set
//! exactly while the arena is mapped.
//!
//! ```text
//! address:  63 … 48 │ 47 … 34    │ 33 … 20           │ 19 … 0
//!           zero    │ leaf, of   │ bit of the leaf,  │ inside
//!                   │ 2^14       │ of 2^14           │ the arena
//! ```

use std::cell::Cell;
use std::ptr;

use crate::ARENA_SIZE;
use crate::arena::{map, unmap};

const LEAF_BITS: u32 = 14;
const ROOT_BITS: u32 = 14;
const ADDRESS_BITS: u32 = ARENA_SIZE.trailing_zeros() + LEAF_BITS + ROOT_BITS;

type Leaf = [Cell<u64>; (1 << LEAF_BITS) / 64];
type Root = [Cell<*const Leaf>; 1 << ROOT_BITS];

/// See the module.
pub(crate) struct AddressMap {
    /// Mapped when the first arena is; only the pages that are used cost memory.
    root: Cell<*const Root>,
}

impl AddressMap {
    pub(crate) const fn new() -> AddressMap {
        AddressMap { root: Cell::new(ptr::null()) }
    }

    /// An address that no other map has; null while the map is empty.
    #[inline]
    pub(crate) fn identity(&self) -> *const u8 {
        self.root.get().cast()
    }

    /// Whether this address, any number at all, is in an arena.
    #[inline]
    pub(crate) fn contains(&self, address: usize) -> bool {
        if address >> ADDRESS_BITS != 0 {
            return false;
        }
        let (root_index, word, bit) = indices(address);
        // SAFETY: a root that isn't null stays mapped as long as the map lives.
        let Some(root) = (unsafe { self.root.get().as_ref() }) else { return false };
        // SAFETY: so does a leaf.
        let Some(leaf) = (unsafe { root[root_index].get().as_ref() }) else { return false };
        leaf[word].get() >> bit & 1 != 0
    }

    /// Adds the arena at this address; false if there's no memory for the table.
    pub(crate) fn insert(&self, address: usize) -> bool {
        let (root_index, word, bit) = indices(address);
        if self.root.get().is_null() {
            self.root.set(map(size_of::<Root>()).cast());
        }
        // SAFETY: a root that isn't null stays mapped as long as the map lives.
        let Some(root) = (unsafe { self.root.get().as_ref() }) else { return false };
        if root[root_index].get().is_null() {
            root[root_index].set(map(size_of::<Leaf>()).cast());
        }
        // SAFETY: so does a leaf.
        let Some(leaf) = (unsafe { root[root_index].get().as_ref() }) else { return false };
        leaf[word].set(leaf[word].get() | 1 << bit);
        true
    }

    /// Removes an arena.
    pub(crate) fn remove(&self, address: usize) {
        let (root_index, word, bit) = indices(address);
        // SAFETY: what was inserted has a root and a leaf, and they live as long as the map.
        let leaf = unsafe { &*(*self.root.get())[root_index].get() };
        leaf[word].set(leaf[word].get() & !(1 << bit));
    }
}

impl Drop for AddressMap {
    fn drop(&mut self) {
        // SAFETY: a root that isn't null is mapped until the end of this function.
        let Some(root) = (unsafe { self.root.get().as_ref() }) else { return };
        for leaf in root {
            if !leaf.get().is_null() {
                unmap(leaf.get().cast_mut().cast(), size_of::<Leaf>());
            }
        }
        unmap(self.root.get().cast_mut().cast(), size_of::<Root>());
    }
}

/// Index in the root, word in the leaf, bit in the word.
#[inline]
fn indices(address: usize) -> (usize, usize, u32) {
    let arena = address / ARENA_SIZE;
    let in_leaf = arena % (1 << LEAF_BITS);
    ((arena >> LEAF_BITS) % (1 << ROOT_BITS), in_leaf / 64, in_leaf as u32 % 64)
}
