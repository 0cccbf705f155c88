//! `StackGuard`: bounds recursion by the native stack that it uses.
//!
//! The parser and every pass of the compiler make one when they start and ask it at every level, so that no program,
//! however deep, overflows the native stack. CPython does the same with its C stack.

/// Remembers how far the stack, which grows downwards, may grow.
#[derive(Clone, Copy, Debug)]
pub struct StackGuard {
    lowest: usize,
}

impl StackGuard {
    /// A guard that lets the stack grow by `budget` bytes from here.
    pub fn new(budget: usize) -> Self {
        Self { lowest: stack_position().saturating_sub(budget) }
    }

    /// Whether the stack has grown by no more than the budget.
    #[inline]
    pub fn has_room(&self) -> bool {
        stack_position() >= self.lowest
    }
}

/// Roughly where the top of the stack is.
#[inline(always)]
fn stack_position() -> usize {
    let marker = 0_u8;
    std::hint::black_box(std::ptr::from_ref(&marker)) as usize
}
