//! What can be wrong with a graph. Only sequences that code generation did not make can have these faults.

use std::fmt;

use bytecode::instruction::CompilerOpcode;
use syntax::error::{ErrorLine, SyntaxError, SyntaxErrorKind};

/// A fault of a sequence or a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowError {
    /// A jump or an exit stands before the end of a block, a label is not placed, a block ends the code.
    Malformed,
    /// A `POP_BLOCK` without a block.
    UnbalancedBlocks,
    InconsistentStackDepth,
    StackUnderflow,
    InvalidStackEffect {
        opcode: CompilerOpcode,
        oparg: u32,
    },
    JumpWithoutTarget,
    BadConstantIndex,
    BadCellIndex,
    TooManyConstants,
}

impl fmt::Display for FlowError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FlowError::Malformed => formatter.write_str("malformed control flow graph."),
            FlowError::UnbalancedBlocks => formatter.write_str("malformed control flow graph: unbalanced blocks"),
            FlowError::InconsistentStackDepth => formatter.write_str("Invalid CFG, inconsistent stackdepth"),
            FlowError::StackUnderflow => formatter.write_str("Invalid CFG, stack underflow"),
            FlowError::InvalidStackEffect { opcode, oparg } => {
                write!(formatter, "Invalid stack effect for opcode={}, arg={oparg}", *opcode as u16)
            }
            FlowError::JumpWithoutTarget => formatter.write_str("jump with NULL target"),
            FlowError::BadConstantIndex => formatter.write_str("Internal error: failed to get value of a constant"),
            FlowError::BadCellIndex => formatter.write_str("malformed control flow graph: no such cell"),
            FlowError::TooManyConstants => formatter.write_str("too many constants"),
        }
    }
}

impl From<FlowError> for SyntaxError {
    fn from(error: FlowError) -> Self {
        let kind = match error {
            FlowError::InconsistentStackDepth | FlowError::StackUnderflow => SyntaxErrorKind::ValueError,
            FlowError::TooManyConstants => SyntaxErrorKind::OverflowError,
            _ => SyntaxErrorKind::SystemError,
        };
        SyntaxError { kind, message: error.to_string().into(), span: None, line: ErrorLine::Tokenized }
    }
}

impl From<FlowError> for Box<SyntaxError> {
    fn from(error: FlowError) -> Self {
        Self::new(error.into())
    }
}
