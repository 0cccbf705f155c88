//! What the passes over the tree do about its depth: an error where CPython has one.

use syntax::error::{ErrorLine, SyntaxError, SyntaxErrorKind};
use syntax::stack_guard;

/// Bounds a pass's recursion over trees.
#[derive(Clone, Copy, Debug)]
pub struct StackGuard(stack_guard::StackGuard);

impl StackGuard {
    /// A guard that lets the stack grow by `budget` bytes from here.
    pub fn new(budget: usize) -> Self {
        Self(stack_guard::StackGuard::new(budget))
    }

    /// An error if the stack has grown by more than the budget.
    #[inline]
    pub fn check(&self) -> Result<(), Box<SyntaxError>> {
        if self.0.has_room() { Ok(()) } else { Err(too_deep()) }
    }
}

/// The longest chain of left operands that is compiled. Passes walk chains in a loop, but CPython's don't: it gives up on
/// a few more than this with its usual stack.
const MAX_CHAIN: usize = 27_000;

/// An error for a chain that is longer than CPython compiles.
pub fn check_chain(length: usize) -> Result<(), Box<SyntaxError>> {
    if length <= MAX_CHAIN { Ok(()) } else { Err(too_deep()) }
}

#[cold]
fn too_deep() -> Box<SyntaxError> {
    Box::new(SyntaxError {
        kind: SyntaxErrorKind::RecursionError,
        message: "maximum recursion depth exceeded during compilation".into(),
        span: None,
        line: ErrorLine::Reached,
    })
}
