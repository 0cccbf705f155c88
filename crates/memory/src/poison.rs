//! What builds with debug assertions do to blocks: patterns for new and freed memory, and allocations that fail on
//! demand. In other builds all of it is empty.

/// In memory that was allocated and not yet written (CPython's `CLEANBYTE`).
#[cfg(debug_assertions)]
const NEW: u8 = 0xcd;
/// In memory that was freed (CPython's `DEADBYTE`).
#[cfg(debug_assertions)]
const FREED: u8 = 0xdd;

/// A freed block's first word is the link to the next.
#[cfg(debug_assertions)]
const LINK: usize = size_of::<usize>();

/// Fills a block that is about to be put on a free list.
///
/// # Safety
///
/// The block has `size` bytes, and nobody uses them.
#[inline(always)]
pub(crate) unsafe fn mark_freed(block: *mut u8, size: usize) {
    #[cfg(debug_assertions)]
    // SAFETY: the caller's promise.
    unsafe {
        block.write_bytes(FREED, size)
    };
    let _ = (block, size);
}

/// Asserts that nobody wrote into a block while it was free, and fills it anew.
///
/// # Safety
///
/// The block has `size` bytes, was on a free list, and nobody uses it.
#[inline(always)]
pub(crate) unsafe fn mark_new(block: *mut u8, size: usize) {
    #[cfg(debug_assertions)]
    // SAFETY: the caller's promise; all bytes were written by `mark_freed`.
    unsafe {
        assert!(is_marked_freed(block, size), "block {block:p} of {size} bytes was written to after it was freed");
        block.write_bytes(NEW, size);
    }
    let _ = (block, size);
}

/// Whether a block looks freed; one that is in use may look so, too.
///
/// # Safety
///
/// The block has `size` initialized bytes.
#[cfg(debug_assertions)]
pub(crate) unsafe fn is_marked_freed(block: *mut u8, size: usize) -> bool {
    // SAFETY: the caller's promise; a block has more bytes than a link.
    unsafe { std::slice::from_raw_parts(block.add(LINK), size - LINK) }.iter().all(|&byte| byte == FREED)
}

/// Which allocations are to fail.
pub(crate) struct FailurePlan {
    #[cfg(debug_assertions)]
    seen: std::cell::Cell<u64>,
    #[cfg(debug_assertions)]
    failing: std::cell::Cell<(u64, u64)>,
}

impl FailurePlan {
    pub(crate) const fn none() -> FailurePlan {
        FailurePlan {
            #[cfg(debug_assertions)]
            seen: std::cell::Cell::new(0),
            #[cfg(debug_assertions)]
            failing: std::cell::Cell::new((0, 0)),
        }
    }

    #[cfg(debug_assertions)]
    pub(crate) fn set(&self, failing: std::ops::Range<u64>) {
        self.seen.set(0);
        self.failing.set((failing.start, failing.end));
    }

    /// Whether the allocation that is asked for now is to fail.
    #[inline(always)]
    pub(crate) fn fails_now(&self) -> bool {
        #[cfg(debug_assertions)]
        {
            let number = self.seen.get();
            self.seen.set(number + 1);
            let (start, end) = self.failing.get();
            (start..end).contains(&number)
        }
        #[cfg(not(debug_assertions))]
        false
    }
}
