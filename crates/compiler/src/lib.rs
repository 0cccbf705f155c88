//! AST to scopes to instructions to flow graph to code unit.
#![forbid(unsafe_code)]

pub mod assemble;
mod codegen;
pub mod compile;
pub mod flow_graph;
pub mod future;
pub mod instruction_sequence;
mod numbering;
pub mod preprocess;
mod recent;
mod recursion;
pub mod symbol_table;
pub mod unit;
mod views;

pub use compile::{CompileOptions, Compiled, StagedError, compile, compile_in_stages, generate_in_stages};
