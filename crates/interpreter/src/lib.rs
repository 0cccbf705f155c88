//! Frames, dispatch, instructions, specialization, calls, functions, generators, code objects, tracebacks, import bootstrap.
//!
//! The interpreter knows neither the compiler nor the modules: what it needs of them goes through hooks that the binary fills in.
#![allow(
    clippy::not_unsafe_ptr_arg_deref,
    reason = "frames are handled by pointer: whoever passes one on has it from the thread, and so knows that it is live"
)]

pub mod allocations;
pub mod code;
pub mod evaluate;
pub mod execute;
pub mod frame;
pub mod function;
pub mod generator;
pub mod hooks;
pub mod import;
pub mod monitoring;
mod ops;
mod specialize;
pub mod stack_ref;
pub mod traceback;

use objects::types::{Instance, TypeDeclaration, concatenate_declarations, count_declarations};

/// The lists of this crate's types.
const LISTS: &[&[&TypeDeclaration]] =
    &[code::TYPES, &[function::Function::DECLARATION], frame::TYPES, traceback::TYPES, generator::TYPES];

/// The types of this crate.
pub const TYPES: &[&TypeDeclaration] = &concatenate_declarations::<{ count_declarations(LISTS) }>(LISTS);
