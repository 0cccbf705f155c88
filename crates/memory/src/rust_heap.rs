//! `RustHeap`: the allocator of what is no Python object, as vectors, boxes and tables of Rust are.
//!
//! The binary makes it Rust's global allocator. It is for programs like a compiler, which make and free small blocks of few
//! sizes by the million: a block of up to [`SMALL_LIMIT`] bytes comes off a list of free ones of its size and goes back
//! to one, each a matter of two loads and a store. Rust says how large a block is when it frees it, so blocks have no
//! headers. Larger requests go to the system's allocator.
//!
//! The invariants: a block on a list has that list's size; lists belong to one thread, so nothing is locked. A block may be
//! freed by another thread than its own, whose lists it then joins. The lists of a thread that ends wait for the next
//! thread that starts. Memory of small blocks is used again, but not given back to the system.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::ptr;
use std::sync::Mutex;

use crate::reserve::Reserved;
use crate::{ALIGNMENT, SIZE_CLASSES, SMALL_LIMIT};

/// How many bytes are asked of the system at a time, to cut blocks from.
const CHUNK: usize = 64 << 10;

/// See the module.
#[derive(Clone, Copy, Debug, Default)]
pub struct RustHeap;

/// A block that is free.
struct Free {
    next: *mut Free,
}

/// The free blocks of a thread.
struct Lists {
    /// By size; the first is empty.
    heads: [Cell<*mut Free>; SIZE_CLASSES + 1],
    /// Where the part of the newest chunk begins that was never used, and how long it is.
    fresh: Cell<*mut u8>,
    fresh_size: Cell<usize>,
}

thread_local! {
    static LISTS: Lists = const { Lists::new() };
    /// Hands the lists on when the thread ends.
    static HEIR: Heir = const { Heir };
}

/// What threads that have ended left, newest first. Nobody waits for the lock, which a process that forks may leave locked in
/// its child: without it, what there is to inherit is left, and what there is to leave is lost.
static LEGACIES: Mutex<Legacies> = Mutex::new(Legacies(ptr::null_mut()));

struct Legacies(*mut Legacy);

// SAFETY: what it points to belongs to whoever holds the lock.
unsafe impl Send for Legacies {}

/// The lists of a thread that has ended.
struct Legacy {
    lists: Lists,
    next: *mut Legacy,
}

struct Heir;

impl Drop for Heir {
    fn drop(&mut self) {
        LISTS.with(|lists| lists.leave_behind(&LEGACIES));
    }
}

/// Which list a request belongs to; None for those that the system serves.
#[inline(always)]
fn class_of(layout: Layout) -> Option<usize> {
    let is_small = layout.size() <= SMALL_LIMIT && layout.align() <= ALIGNMENT;
    is_small.then(|| layout.size().div_ceil(ALIGNMENT))
}

/// Brings the block into the cache that will be asked for next: without it, reading its link is what an allocation waits for.
#[inline(always)]
fn prefetch(block: *const Free) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: prefetching touches no memory, wherever it points.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(block.cast())
    };
    let _ = block;
}

impl Lists {
    const fn new() -> Self {
        Self {
            heads: [const { Cell::new(ptr::null_mut()) }; SIZE_CLASSES + 1],
            fresh: Cell::new(ptr::null_mut()),
            fresh_size: Cell::new(0),
        }
    }

    #[inline(always)]
    fn take(&self, class: usize) -> *mut u8 {
        let block = self.heads[class].get();
        if block.is_null() {
            return self.cut(class);
        }
        // SAFETY: a block on a list is free, and begins with the link that was written when it was put there.
        let next = unsafe { (*block).next };
        self.heads[class].set(next);
        prefetch(next);
        block.cast()
    }

    /// # Safety
    ///
    /// The block is of this class, and nobody uses it.
    #[inline(always)]
    unsafe fn put(&self, block: *mut u8, class: usize) {
        let block = block.cast::<Free>();
        // SAFETY: the caller's promise; every block has room for a link and is aligned for it.
        unsafe { block.write(Free { next: self.heads[class].get() }) };
        self.heads[class].set(block);
    }

    /// A block that was never used; null if there is no memory.
    #[inline(never)]
    fn cut(&self, class: usize) -> *mut u8 {
        let size = class * ALIGNMENT;
        if self.fresh_size.get() < size {
            return self.grow(class);
        }
        let block = self.fresh.get();
        // SAFETY: so many bytes are left of the chunk.
        self.fresh.set(unsafe { block.add(size) });
        self.fresh_size.set(self.fresh_size.get() - size);
        block
    }

    /// A block of a new chunk, or of what another thread left.
    #[cold]
    fn grow(&self, class: usize) -> *mut u8 {
        let rest = self.fresh_size.replace(0);
        if rest > 0 {
            // SAFETY: the rest of a chunk is a multiple of the alignment, and shorter than the block that was asked for.
            unsafe { self.put(self.fresh.get(), rest / ALIGNMENT) };
        }
        if self.fresh.get().is_null() {
            // The first chunk of this thread. If the thread is ending already, its blocks are lost.
            let is_living = HEIR.try_with(|_| ()).is_ok();
            if is_living && self.inherit(&LEGACIES) {
                return self.take(class);
            }
        }
        // SAFETY: the size is not zero.
        let chunk = unsafe { Reserved.alloc(Layout::new::<[u128; CHUNK / ALIGNMENT]>()) };
        if chunk.is_null() {
            return chunk;
        }
        self.fresh.set(chunk);
        self.fresh_size.set(CHUNK);
        self.cut(class)
    }

    /// Takes over what a thread left; false if there is nothing.
    fn inherit(&self, legacies: &Mutex<Legacies>) -> bool {
        let Ok(mut legacies) = legacies.try_lock() else { return false };
        let legacy = legacies.0;
        if legacy.is_null() {
            return false;
        }
        // SAFETY: a legacy in the list is whole, and nobody else's while the lock is held; it is taken out here, so it is
        // freed once, by the allocator that it came from.
        unsafe {
            legacies.0 = (*legacy).next;
            self.swap_with(&(*legacy).lists);
            Reserved.dealloc(legacy.cast(), Layout::new::<Legacy>());
        }
        true
    }

    fn leave_behind(&self, legacies: &Mutex<Legacies>) {
        // SAFETY: the size is not zero.
        let legacy = unsafe { Reserved.alloc(Layout::new::<Legacy>()) }.cast::<Legacy>();
        let Ok(mut legacies) = legacies.try_lock() else { return };
        if legacy.is_null() {
            return;
        }
        // SAFETY: the block has the size of a legacy.
        unsafe {
            legacy.write(Legacy { lists: Lists::new(), next: legacies.0 });
            self.swap_with(&(*legacy).lists);
        }
        legacies.0 = legacy;
    }

    fn swap_with(&self, other: &Lists) {
        self.heads.iter().zip(&other.heads).for_each(|(own, other)| own.swap(other));
        self.fresh.swap(&other.fresh);
        self.fresh_size.swap(&other.fresh_size);
    }
}

/// As `alloc`, of what the system serves: a call of its own, so that the other requests save no registers for it.
///
/// # Safety
///
/// As of `GlobalAlloc::alloc`.
#[cold]
#[inline(never)]
unsafe fn alloc_large(layout: Layout) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe { Reserved.alloc(layout) }
}

/// As `dealloc`, of what the system serves.
///
/// # Safety
///
/// As of `GlobalAlloc::dealloc`, of a block that came from the system.
#[cold]
#[inline(never)]
unsafe fn dealloc_large(block: *mut u8, layout: Layout) {
    // SAFETY: the caller's promise.
    unsafe { Reserved.dealloc(block, layout) }
}

// SAFETY: a block is at least as long as was asked for, as sizes are rounded up to classes; it is aligned to `ALIGNMENT`, since
// chunks are and class sizes are multiples of it; while it is in use it is on no list.
unsafe impl GlobalAlloc for RustHeap {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match class_of(layout) {
            Some(class) => LISTS.with(|lists| lists.take(class)),
            // SAFETY: the caller's promise.
            None => unsafe { alloc_large(layout) },
        }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match class_of(layout) {
            // SAFETY: the layout is the one that the block was made with, so it is of that class; it is given up here.
            Some(class) => LISTS.with(|lists| unsafe { lists.put(block, class) }),
            // SAFETY: the caller's promise, and it came from there.
            None => unsafe { dealloc_large(block, layout) },
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if class_of(layout).is_none() {
            // SAFETY: the caller's promise.
            return unsafe { Reserved.alloc_zeroed(layout) };
        }
        // SAFETY: the caller's promise.
        let block = unsafe { self.alloc(layout) };
        if !block.is_null() {
            // SAFETY: the block is new and so long.
            unsafe { block.write_bytes(0, layout.size()) };
        }
        block
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that the size, rounded up to the alignment, is no overflow.
        let new = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        match (class_of(layout), class_of(new)) {
            (Some(before), Some(after)) if before == after => block,
            // SAFETY: the caller's promise, and it came from there.
            (None, None) => unsafe { Reserved.realloc(block, layout, size) },
            _ => {
                // SAFETY: the caller's promise; the copied part lies in both blocks, of which one is new.
                unsafe {
                    let moved = self.alloc(new);
                    if !moved.is_null() {
                        ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                        self.dealloc(block, layout);
                    }
                    moved
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block with each byte set to `mark`.
    fn marked(size: usize, align: usize, mark: u8) -> (*mut u8, Layout) {
        let layout = Layout::from_size_align(size, align).expect("the test's layouts are valid");
        // SAFETY: the size is not zero.
        let block = unsafe { RustHeap.alloc(layout) };
        assert_eq!(block as usize % align, 0);
        // SAFETY: the block has that size.
        unsafe { block.write_bytes(mark, size) };
        (block, layout)
    }

    fn is_marked(block: *const u8, size: usize, mark: u8) -> bool {
        // SAFETY: the tests only ask for blocks that they have, and have filled.
        unsafe { std::slice::from_raw_parts(block, size) }.iter().all(|byte| *byte == mark)
    }

    #[test]
    fn blocks_keep_apart_and_move_with_their_contents() {
        let sizes = (1..=2 * SMALL_LIMIT).step_by(7).chain([CHUNK - 1, CHUNK, 2 * CHUNK]);
        let blocks: Vec<_> = sizes.flat_map(|size| [1, 16, 64].map(|align| (size, align))).collect();
        let blocks = blocks.iter().zip(0_u8..=255).cycle().take(3000);
        let blocks: Vec<_> = blocks.map(|((size, align), mark)| (marked(*size, *align, mark), mark)).collect();
        for ((block, layout), mark) in &blocks {
            assert!(is_marked(*block, layout.size(), *mark));
        }
        for ((block, layout), mark) in blocks {
            let size = layout.size() * 3 % 700 + 1;
            // SAFETY: the block is in use and has this layout; afterwards it has the new size.
            unsafe {
                let moved = RustHeap.realloc(block, layout, size);
                assert!(is_marked(moved, size.min(layout.size()), mark));
                RustHeap.dealloc(moved, Layout::from_size_align_unchecked(size, layout.align()));
            }
        }
    }

    #[test]
    fn zeroed_blocks_are_zero_though_they_were_used() {
        let (block, layout) = marked(48, 8, 0xFF);
        // SAFETY: the block is in use and has this layout, as has the next.
        unsafe {
            RustHeap.dealloc(block, layout);
            let again = RustHeap.alloc_zeroed(layout);
            assert_eq!(again, block);
            assert!(is_marked(again, 48, 0));
            RustHeap.dealloc(again, layout);
        }
    }

    #[test]
    fn lists_inherit_what_others_left() {
        // A list of its own: threads of other tests would take what is in the process's.
        let legacies = Mutex::new(Legacies(ptr::null_mut()));
        let (block, layout) = marked(96, 8, 1);
        let class = class_of(layout).expect("the block is small");
        let (first, second) = (Lists::new(), Lists::new());
        assert!(!second.inherit(&legacies));
        // SAFETY: the block is of that class, and given up here.
        unsafe { first.put(block, class) };
        first.leave_behind(&legacies);
        assert!(first.heads[class].get().is_null());
        assert!(second.inherit(&legacies));
        assert_eq!(second.take(class), block);
        assert!(!second.inherit(&legacies));
    }
}
