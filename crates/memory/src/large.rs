//! Blocks from the system's allocator.
//!
//! Called for requests above [`SMALL_LIMIT`](crate::SMALL_LIMIT). In builds with debug assertions each block has a
//! header that tells whether an address was really handed out here.

use std::ptr;

/// Bytes in front of a large block.
const HEADER: usize = if cfg!(debug_assertions) { 16 } else { 0 };
const LIVE: u64 = 0x6c61_7267_6520_6f6b;
const DEAD: u64 = 0x6c61_7267_6520_6e6f;

/// Beyond this, those who ask can be refused.
const SURE: usize = 1 << 20;

/// What the system gives, with the help of the reserve for a small block; null for a size beyond what differences of pointers can tell.
fn retried(size: usize, allocate: impl Fn() -> *mut u8) -> *mut u8 {
    if size > isize::MAX as usize {
        return ptr::null_mut();
    }
    let block = allocate();
    if block.is_null() && size <= SURE && crate::reserve::spend(size) { allocate() } else { block }
}

/// At least `size` bytes, or null.
pub(crate) fn allocate(size: usize) -> *mut u8 {
    // SAFETY: malloc takes any size. The library's limit keeps differences of pointers inside `isize`.
    finish(retried(size, || unsafe { libc::malloc(size + HEADER) }.cast()))
}

/// At least `size` bytes, all zero, or null.
pub(crate) fn allocate_zeroed(size: usize) -> *mut u8 {
    // SAFETY: calloc takes any size.
    finish(retried(size, || unsafe { libc::calloc(1, size + HEADER) }.cast()))
}

/// Another size for a block, which may move; null, and the block as it was, if there's no memory.
///
/// # Safety
///
/// `block` came from this file and was not freed.
pub(crate) unsafe fn reallocate(block: *mut u8, size: usize) -> *mut u8 {
    // SAFETY: the caller's promise: this is where malloc's block begins.
    finish(retried(size, || unsafe { libc::realloc(start(block).cast(), size + HEADER) }.cast()))
}

/// Gives a block back.
///
/// # Safety
///
/// `block` came from this file and was not freed, or it is null.
pub(crate) unsafe fn free(block: *mut u8) {
    if block.is_null() {
        return;
    }
    // SAFETY: the caller's promise: this is where malloc's block begins, and nobody has it any more.
    unsafe {
        let start = start(block);
        if HEADER > 0 {
            start.cast::<u64>().write(DEAD);
        }
        libc::free(start.cast());
    }
    crate::reserve::refill();
}

/// How many bytes of the block may be used.
///
/// # Safety
///
/// `block` came from this file and was not freed.
pub(crate) unsafe fn usable_size(block: *mut u8) -> usize {
    // SAFETY: the caller's promise: this is where malloc's block begins.
    unsafe { libc::malloc_usable_size(start(block).cast()) - HEADER }
}

fn finish(start: *mut u8) -> *mut u8 {
    if HEADER == 0 || start.is_null() {
        return start;
    }
    // SAFETY: malloc's block has room for the header and is aligned for it.
    unsafe { start.cast::<u64>().write(LIVE) };
    start.wrapping_add(HEADER)
}

/// # Safety
///
/// `block` came from this file and was not freed.
unsafe fn start(block: *mut u8) -> *mut u8 {
    let start = block.wrapping_sub(HEADER);
    if HEADER > 0 {
        // SAFETY: the caller's promise. If it's broken, chances are that this is readable memory all the same, and
        // the assertion says what is wrong.
        let mark = unsafe { start.cast::<u64>().read_unaligned() };
        assert!(mark == LIVE, "{block:p} is not a live block of this allocator");
    }
    start
}
