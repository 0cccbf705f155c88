//! Context variables: `Context`, `ContextVar`, `Token` (PEP 567).
//!
//! A context keeps its values in a dict that it shares with its copies until one of them changes. The running context is the thread state's.

mod iterators;
mod object;
mod token;
mod variable;

use objects::types::{Instance, TypeDeclaration};

pub use object::{Context, copy_current, current};
pub use token::{Token, TokenMissing};
pub use variable::ContextVar;

/// The types of this module.
pub const TYPES: &[&TypeDeclaration] = &[
    Context::DECLARATION,
    ContextVar::DECLARATION,
    Token::DECLARATION,
    TokenMissing::DECLARATION,
    iterators::Keys::DECLARATION,
    iterators::Values::DECLARATION,
    iterators::Items::DECLARATION,
];
