//! `internal/pycore_interp_structs.h`, `internal/pycore_gc.h`: what lies before an object that the cycle collector
//! tracks.

use std::cell::Cell;

/// `internal/pycore_interp_structs.h`: 16 bytes before such an object; links it into its generation's list.
#[repr(C)]
pub struct PyGC_Head {
    /// Zero: not tracked.
    pub _gc_next: Cell<usize>,
    /// Two flag bits, and the previous object; while collecting, the count of references not yet explained.
    pub _gc_prev: Cell<usize>,
}

/// In `_gc_prev`: the finalizer has run.
pub const _PyGC_PREV_MASK_FINALIZED: usize = 1;
/// In `_gc_prev`: in the generation that is being collected.
pub const _PyGC_PREV_MASK_COLLECTING: usize = 2;
/// In `_gc_next`, while collecting: taken for unreachable.
pub const _PyGC_NEXT_MASK_UNREACHABLE: usize = 1;
pub const _PyGC_PREV_SHIFT: u32 = 2;
pub const _PyGC_PREV_MASK: usize = usize::MAX << _PyGC_PREV_SHIFT;
