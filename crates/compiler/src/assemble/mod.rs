//! The assembler: from the instructions of a flow graph to a code unit.
//!
//! [`assemble_unit`] is what code generation calls when it has finished a unit: it runs the flow graph's passes,
//! resolves jumps, encodes the instructions and builds the tables beside them (CPython's `Python/assemble.c`).

mod encode;
mod exceptions;
mod jumps;
mod locals;
mod locations;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use bytecode::code_unit::CodeUnit;
use syntax::error::SyntaxError;

use crate::flow_graph::{self, FlowError, linear::LinearCode};
use crate::instruction_sequence::InstructionSequence;
use crate::unit::UnitMetadata;

/// Makes the code unit.
pub fn assemble_unit(sequence: &InstructionSequence, mut metadata: UnitMetadata) -> Result<CodeUnit, SyntaxError> {
    let lowered = flow_graph::optimize(sequence, &mut metadata)?;
    let encoded = encode_all(lowered.code, metadata.first_line)?;
    let (locals_plus_names, locals_plus_kinds) = locals::locals_plus(&metadata);
    Ok(CodeUnit {
        argument_count: metadata.positional_only_argument_count + metadata.argument_count,
        positional_only_argument_count: metadata.positional_only_argument_count,
        keyword_only_argument_count: metadata.keyword_only_argument_count,
        // A code object has room for one item at least.
        stack_size: lowered.stack_size.max(1),
        flags: metadata.flags,
        code: encoded.code,
        constants: metadata.constants.into_constants(),
        names: metadata.names.names().to_vec(),
        locals_plus_names,
        locals_plus_kinds,
        filename: metadata.filename,
        name: metadata.name,
        qualified_name: metadata.qualified_name,
        first_line: metadata.first_line,
        line_table: encoded.line_table,
        exception_table: encoded.exception_table,
    })
}

/// The code and the tables that go with it.
struct Encoded {
    code: Rc<[u8]>,
    line_table: Rc<[u8]>,
    exception_table: Rc<[u8]>,
}

fn encode_all(mut code: LinearCode, first_line: i32) -> Result<Encoded, FlowError> {
    let instructions = jumps::resolve(&mut code)?;
    let mut bytes = Vec::new();
    for instruction in &instructions {
        encode::encode(&mut bytes, instruction);
    }
    Ok(Encoded {
        code: bytes.into(),
        line_table: locations::line_table(&instructions, first_line).into(),
        exception_table: exceptions::exception_table(&instructions).into(),
    })
}
