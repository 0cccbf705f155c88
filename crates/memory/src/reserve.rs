//! Address space kept back for the moment when the system gives no more.
//!
//! Most of Rust's containers cannot say that there was no memory for them: the process would end. So where the system refuses a block, a part
//! of the reserve is given back to it and the block is asked for again; whoever called [`keep`] is told, and makes an error of it as soon as
//! that is possible (the interpreter raises MemoryError). Who wants more than is left is refused as ever. The reserve is filled up again when
//! memory is freed.
//!
//! This is the process's, as the address space is. Pages of the reserve are never touched: it costs no memory.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::arena::unmap;

/// What is kept where the process may use as much as it wants.
const MOST: usize = 64 << 20;
/// The part of a limit that is kept.
const PART_OF_LIMIT: u64 = 8;
/// The reserve is given back in multiples of this.
const STEP: usize = 1 << 20;
/// What the system's allocator may need beyond the block itself.
const AROUND: usize = 256 << 10;

/// The part of the address space that is kept: from `base` on, so many bytes.
struct Kept {
    base: usize,
    left: usize,
    goal: usize,
    notice: fn(),
}

static KEPT: Mutex<Kept> = Mutex::new(Kept { base: 0, left: 0, goal: 0, notice: || () });
/// True while less is kept than should be.
static SHORT: AtomicBool = AtomicBool::new(false);

/// Begins to keep a reserve; `notice` is called, on the thread that needed it, each time that a part of it is given back.
pub fn keep(notice: fn()) {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the structure is there to be filled in.
    let known = unsafe { libc::getrlimit(libc::RLIMIT_AS, &raw mut limit) } == 0;
    let part = if known { usize::try_from(limit.rlim_cur / PART_OF_LIMIT).unwrap_or(MOST) } else { MOST };
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.goal = part.min(MOST).next_multiple_of(STEP);
    kept.notice = notice;
    fill(&mut kept);
}

/// Gives back enough of the reserve for a block; false if there is not so much.
pub(crate) fn spend(size: usize) -> bool {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(wanted) = size.checked_add(AROUND).and_then(|it| it.checked_next_multiple_of(STEP)) else { return false };
    if wanted > kept.left {
        return false;
    }
    kept.left -= wanted;
    unmap(ptr::without_provenance_mut(kept.base + kept.left), wanted);
    SHORT.store(true, Ordering::Relaxed);
    (kept.notice)();
    true
}

/// Tries to fill the reserve up again, if a part of it was given back.
#[inline]
pub fn refill() {
    if SHORT.load(Ordering::Relaxed) {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        fill(&mut kept);
    }
}

fn fill(kept: &mut Kept) {
    if kept.left < kept.goal {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: a mapping of pages that nobody may touch, at an address of the kernel's choice.
        let base = unsafe { libc::mmap(ptr::null_mut(), kept.goal, libc::PROT_NONE, flags, -1, 0) };
        if base == libc::MAP_FAILED {
            return;
        }
        if kept.left > 0 {
            unmap(ptr::without_provenance_mut(kept.base), kept.left);
        }
        (kept.base, kept.left) = (base.addr(), kept.goal);
    }
    SHORT.store(false, Ordering::Relaxed);
}

/// The system's allocator, with the reserve behind it: for the executable's `#[global_allocator]`.
pub struct Reserved;

impl Reserved {
    #[cold]
    fn again(size: usize, allocate: impl Fn() -> *mut u8) -> *mut u8 {
        if spend(size) { allocate() } else { ptr::null_mut() }
    }
}

// SAFETY: blocks are the system allocator's, by the caller's promises to this one.
unsafe impl GlobalAlloc for Reserved {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: passed on.
        let block = unsafe { System.alloc(layout) };
        // SAFETY: passed on.
        if block.is_null() { Self::again(layout.size(), || unsafe { System.alloc(layout) }) } else { block }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: passed on.
        let block = unsafe { System.alloc_zeroed(layout) };
        // SAFETY: passed on.
        if block.is_null() { Self::again(layout.size(), || unsafe { System.alloc_zeroed(layout) }) } else { block }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: passed on.
        let moved = unsafe { System.realloc(block, layout, size) };
        // SAFETY: passed on: the block is as it was.
        if moved.is_null() { Self::again(size, || unsafe { System.realloc(block, layout, size) }) } else { moved }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: passed on.
        unsafe { System.dealloc(block, layout) };
        if layout.size() >= STEP {
            refill();
        }
    }
}
