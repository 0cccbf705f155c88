//! `StackGuard`: bounds recursion over trees by the stack that it uses.
//!
//! Every pass over the tree makes one when it starts and asks it at every level, so that no tree, however deep, overflows
//! the native stack. CPython does the same with its C stack.

use syntax::error::{SyntaxError, SyntaxErrorKind};

/// Remembers where on the stack a pass began.
#[derive(Clone, Copy, Debug)]
pub struct StackGuard {
    start: usize,
    budget: usize,
}

impl StackGuard {
    /// A guard that lets the stack grow by `budget` bytes from here.
    pub fn new(budget: usize) -> Self {
        Self { start: stack_position(), budget }
    }

    /// An error if the stack has grown by more than the budget.
    #[inline]
    pub fn check(&self) -> Result<(), SyntaxError> {
        if self.start.abs_diff(stack_position()) <= self.budget {
            return Ok(());
        }
        Err(too_deep())
    }
}

/// The longest chain of left operands that is compiled. Passes walk chains in a loop, but CPython's don't: it gives up on
/// a few more than this with its usual stack.
const MAX_CHAIN: usize = 27_000;

/// An error for a chain that is longer than CPython compiles.
pub fn check_chain(length: usize) -> Result<(), SyntaxError> {
    if length <= MAX_CHAIN { Ok(()) } else { Err(too_deep()) }
}

#[cold]
fn too_deep() -> SyntaxError {
    SyntaxError {
        kind: SyntaxErrorKind::RecursionError,
        message: "maximum recursion depth exceeded during compilation".into(),
        span: None,
        keeps_newline: true,
    }
}

/// Roughly where the top of the stack is.
#[inline(never)]
fn stack_position() -> usize {
    let marker = 0_u8;
    std::hint::black_box(std::ptr::from_ref(&marker)) as usize
}
