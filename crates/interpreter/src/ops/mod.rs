//! The instructions, one function each, one file a family.
//!
//! Each takes the loop's state, the thread and its argument, and returns Ok to go on with the next instruction or the token of an exception. They are
//! inlined into the loop; what is slow or large is a function of its own that takes objects, never the state. The names are the instruction
//! table's: a missing one is a compile error.

mod async_;
mod attribute;
mod attribute_specialized;
mod binary;
mod build;
mod call;
mod call_specialized;
mod class;
mod compare;
mod exception;
mod format;
mod function;
mod generator;
mod import;
mod iterate;
mod jump;
mod load_store;
mod match_;
mod name;
mod specialized;
mod stack;
mod subscript;
mod unpack;

use objects::errors::PyResult;
use objects::raise;
use objects::thread::Thread;

pub(crate) use async_::*;
pub(crate) use attribute::*;
pub(crate) use attribute_specialized::*;
pub(crate) use binary::*;
pub(crate) use build::*;
pub(crate) use call::*;
pub(crate) use call_specialized::*;
pub(crate) use class::*;
pub(crate) use compare::*;
pub(crate) use exception::*;
pub(crate) use format::*;
pub(crate) use function::*;
pub(crate) use generator::*;
pub(crate) use import::*;
pub(crate) use iterate::*;
pub(crate) use jump::*;
pub(crate) use load_store::*;
pub(crate) use match_::*;
pub(crate) use name::*;
pub(crate) use specialized::*;
pub(crate) use stack::*;
pub(crate) use subscript::*;
pub(crate) use unpack::*;

/// What an opcode without meaning does: damaged code, as far as it can be noticed.
#[cold]
#[inline(never)]
pub(crate) fn unknown_instruction(number: u8, thread: &mut Thread) -> PyResult<()> {
    Err(raise!(thread, SystemError, "unknown opcode {number}"))
}
