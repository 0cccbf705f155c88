//! AST to scopes to instructions to flow graph to code unit.
#![forbid(unsafe_code)]

pub mod instruction_sequence;
pub mod unit;
