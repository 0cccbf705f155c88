//! Code before it is code: what one pass of the compiler hands to the next, for who runs a pass alone.
//!
//! The compiler makes these and takes them; CPython's own tests of its compiler, through the C API, see them. An instruction with a target has as its
//! argument the place in the list where it goes.

use crate::constant::Constant;
use crate::instruction::CompilerOpcode;
use crate::location::Location;

/// An instruction, pseudo-instructions among them.
#[derive(Clone, Copy, Debug)]
pub struct PlainInstruction {
    pub opcode: CompilerOpcode,
    pub oparg: u32,
    pub location: Location,
}

/// What code generation makes of a scope.
#[derive(Clone, Debug)]
pub struct GeneratedUnit<'t> {
    pub instructions: Vec<PlainInstruction>,
    pub constants: Vec<Constant<'t>>,
    pub argument_count: u32,
    pub positional_only_argument_count: u32,
    pub keyword_only_argument_count: u32,
    /// The scopes in it, in the order in which they end.
    pub nested: Vec<GeneratedUnit<'t>>,
}
