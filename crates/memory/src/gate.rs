//! A gate before an allocator: somebody else is asked for every block (`PyMem_SetAllocator`), and may refuse it.
//!
//! Who is asked is expected to ask in turn for a block of this allocator's ([`Allocator::allocate_unasked`] and its like), as hooks do that
//! count, note or refuse. Blocks are only ever this allocator's: what somebody gives out of memory of his own is given back to him, and a block
//! from here is taken instead, because who frees knows a block's place by its size. It costs nothing while there is no gate, by the means
//! that [`watch`](crate::watch) has: the lists of partial pools are hidden, and each block that is freed comes by.

use std::alloc::{Layout, handle_alloc_error};
use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::allocator::Allocator;
use crate::pool::{Pool, PoolState};
use crate::{ALIGNMENT, SMALL_LIMIT};

/// Who is asked. All of these may use the allocator's `…_unasked` functions; anything else that they do with it goes by the gate again.
#[derive(Clone, Copy)]
pub struct Gate {
    /// A block of so many bytes, or null.
    pub allocate: fn(usize) -> *mut u8,
    /// As [`allocate`](Self::allocate), all bytes zero.
    pub allocate_zeroed: fn(usize) -> *mut u8,
    /// Another size for a block; null, and the block as it was, if that is refused.
    pub reallocate: fn(*mut u8, usize) -> *mut u8,
    /// A block is no longer used.
    pub free: fn(*mut u8),
    /// A block was refused to somebody who cannot do without, and who has got one therefore.
    pub ignored: fn(),
}

/// An allocator's gate, if it has one.
#[derive(Default)]
pub(crate) struct GateState {
    gate: Cell<Option<Gate>>,
    /// True while the allocator does the work itself, because it was asked to or for a caller that cannot be refused.
    is_passed: Cell<bool>,
    /// The block that was given last to somebody who did not ask, and its size.
    last: Cell<(usize, usize)>,
}

impl GateState {
    /// Whether somebody is to be asked now.
    pub(crate) fn is_asked(&self) -> bool {
        self.is_closed() && !self.is_passed.get()
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.gate.get().is_some()
    }

    pub(crate) fn open(&self) {
        self.gate.set(None);
    }
}

impl Allocator {
    /// Has somebody asked for every block from now on, or nobody any more.
    pub fn set_gate(&self, gate: Option<Gate>) {
        self.gate.gate.set(gate);
        if gate.is_some() {
            self.hide();
            for pool in self.arenas.iter().flat_map(|arena| arena.pools()).filter(|it| it.used.get() > 0) {
                pool.trigger.set(pool.used.get() - 1);
            }
        } else if self.watcher.get().is_none() {
            self.show();
        }
    }

    /// Whether somebody is asked for every block.
    pub fn has_gate(&self) -> bool {
        self.gate.is_closed()
    }

    /// Does something for which nobody is asked.
    pub fn pass_gate<R>(&self, work: impl FnOnce() -> R) -> R {
        let before = self.gate.is_passed.replace(true);
        let result = work();
        self.gate.is_passed.set(before);
        result
    }

    /// From now on nobody is asked, or somebody again; the state before, for the caller to restore.
    pub fn set_passed(&self, passed: bool) -> bool {
        self.gate.is_passed.replace(passed)
    }

    /// A block that was refused, for somebody who cannot do without. The process ends where the system has none.
    #[cold]
    #[inline(never)]
    pub(crate) fn insist(&self, size: usize) -> NonNull<u8> {
        if let Some(gate) = self.gate.gate.get()
            && let Some(block) = NonNull::new(self.allocate_unasked(size))
        {
            (gate.ignored)();
            return block;
        }
        handle_alloc_error(Layout::from_size_align(size, ALIGNMENT).unwrap_or(Layout::new::<u8>()))
    }

    /// As [`allocate`](Self::allocate), without asking anybody.
    pub fn allocate_unasked(&self, size: usize) -> *mut u8 {
        self.note(self.pass_gate(|| self.allocate(size)), size)
    }

    /// As [`allocate_zeroed`](Self::allocate_zeroed), without asking anybody.
    pub fn allocate_zeroed_unasked(&self, size: usize) -> *mut u8 {
        self.note(self.pass_gate(|| self.allocate_zeroed(size)), size)
    }

    /// As [`reallocate`](Self::reallocate), without asking anybody.
    ///
    /// # Safety
    ///
    /// As for that.
    pub unsafe fn reallocate_unasked(&self, block: *mut u8, size: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        self.note(self.pass_gate(|| unsafe { self.reallocate(block, size) }), size)
    }

    /// As [`free`](Self::free), without asking anybody.
    ///
    /// # Safety
    ///
    /// As for that.
    pub unsafe fn free_unasked(&self, block: *mut u8) {
        // SAFETY: the caller's promise.
        self.pass_gate(|| unsafe { self.free(block) });
    }

    fn allocate_surely_unasked(&self, size: usize) -> NonNull<u8> {
        self.pass_gate(|| self.allocate_surely(size))
    }

    fn note(&self, block: *mut u8, size: usize) -> *mut u8 {
        self.gate.last.set((block.addr(), size));
        block
    }

    /// Whether a block for so many bytes that somebody gave is the one that he was given, and in the place where blocks of that size are.
    fn is_ours(&self, block: *mut u8, size: usize) -> bool {
        let (last, last_size) = self.gate.last.replace((0, 0));
        block.addr() == last && last_size >= size && (last_size <= SMALL_LIMIT) == (size <= SMALL_LIMIT)
    }

    /// Asks for a block.
    pub(crate) fn ask(&self, size: usize) -> *mut u8 {
        let Some(gate) = self.gate.gate.get() else { return ptr::null_mut() };
        let block = (gate.allocate)(size);
        if block.is_null() || self.is_ours(block, size) {
            return block;
        }
        (gate.free)(block);
        self.allocate_unasked(size)
    }

    /// Asks for a block whose bytes are zero.
    pub(crate) fn ask_zeroed(&self, size: usize) -> *mut u8 {
        let Some(gate) = self.gate.gate.get() else { return ptr::null_mut() };
        let block = (gate.allocate_zeroed)(size);
        if block.is_null() || self.is_ours(block, size) {
            return block;
        }
        (gate.free)(block);
        self.allocate_zeroed_unasked(size)
    }

    /// Asks for another size for a block.
    ///
    /// # Safety
    ///
    /// As for [`reallocate`](Self::reallocate), and the block is not null.
    pub(crate) unsafe fn ask_again(&self, block: *mut u8, size: usize) -> *mut u8 {
        let Some(gate) = self.gate.gate.get() else { return ptr::null_mut() };
        let moved = (gate.reallocate)(block, size);
        if moved.is_null() || self.is_ours(moved, size) {
            return moved;
        }
        // SAFETY: the caller's promise. The smaller of both sizes is copied.
        unsafe {
            // The old block is gone already, so there is no way back.
            let own = self.allocate_surely_unasked(size);
            ptr::copy_nonoverlapping(moved, own.as_ptr(), size);
            (gate.free)(moved);
            own.as_ptr()
        }
    }

    /// Takes the block that was freed last from its pool's list again: it is somebody else's to give back.
    pub(crate) fn take_back(&self, pool: &Pool) -> *mut u8 {
        let block = pool.free.get();
        // SAFETY: the block was put on the list just now.
        pool.free.set(unsafe { &*block }.next.get());
        pool.used.set(pool.used.get() + 1);
        debug_assert!(pool.state.get() != PoolState::Free);
        block.cast()
    }

    /// Gives a block to somebody who gives it back here, or keeps it.
    pub(crate) fn hand_back(&self, block: *mut u8) {
        match self.gate.gate.get() {
            Some(gate) => (gate.free)(block),
            // SAFETY: it was freed, by whoever called.
            None => unsafe { self.free_unasked(block) },
        }
    }
}
