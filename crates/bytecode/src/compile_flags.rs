//! `PyCF_*`: the flags of `compile()` that are not the future's. Those of the future are [`super::code_flags`].

use crate::code_flags::{CO_NESTED, PYCF_MASK};

/// The source is not to be completed by a newline: `codeop`.
pub const DONT_IMPLY_DEDENT: u32 = 0x200;
/// A tree is wanted, no code.
pub const ONLY_AST: u32 = 0x400;
/// Type comments are part of the tree.
pub const TYPE_COMMENTS: u32 = 0x1000;
/// `await` may stand outside of functions.
pub const ALLOW_TOP_LEVEL_AWAIT: u32 = 0x2000;
/// What ends too early is told apart from what is wrong.
pub const ALLOW_INCOMPLETE_INPUT: u32 = 0x4000;
/// The tree that is wanted has its constants folded.
pub const OPTIMIZED_AST: u32 = 0x8000 | ONLY_AST;
/// All that `compile()` knows.
pub const KNOWN: u32 = PYCF_MASK
    // What `nested_scopes` was once.
    | CO_NESTED
    | DONT_IMPLY_DEDENT
    | TYPE_COMMENTS
    | ALLOW_TOP_LEVEL_AWAIT
    | ALLOW_INCOMPLETE_INPUT
    | OPTIMIZED_AST;
