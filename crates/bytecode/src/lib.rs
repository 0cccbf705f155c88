//! The instruction set, code units as plain data, line and exception tables, marshal, .pyc files, disassembly.
//!
//! The compiler produces [`code_unit::CodeUnit`]s, marshal writes and reads them, the interpreter turns them into
//! code objects. Nothing here knows of Python objects.
#![forbid(unsafe_code)]

pub mod arena;
pub mod code_flags;
pub mod code_unit;
pub mod compile_flags;
pub mod constant;
pub mod counter;
pub mod decode;
pub mod disassemble;
pub mod exception_table;
pub mod generated;
pub mod instruction;
pub mod line_table;
pub mod location;
pub mod marshal;
pub mod pyc;

#[cfg(test)]
mod test_support;
