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

use bytecode::code_unit::CodeUnit;
use syntax::error::SyntaxError;

use crate::flow_graph::{self, FlowError, FlowGraph, linear::LinearCode};
use crate::instruction_sequence::InstructionSequence;
use crate::unit::UnitMetadata;

/// The memory that assembling takes, which is used for one code unit after the other.
#[derive(Debug, Default)]
pub struct Workspace {
    graph: FlowGraph,
    code: LinearCode,
    bytes: Vec<u8>,
}

/// Makes the code unit.
pub fn assemble_unit(
    sequence: &InstructionSequence,
    mut metadata: UnitMetadata,
    workspace: &mut Workspace,
) -> Result<CodeUnit, SyntaxError> {
    let Workspace { graph, code, bytes } = workspace;
    let lowered = flow_graph::optimize(sequence, &mut metadata, graph, code)?;
    jumps::resolve(code)?;
    bytes.clear();
    encode_all(code, bytes)?;
    let (locals_plus_names, locals_plus_kinds) = locals::locals_plus(&metadata);
    Ok(CodeUnit {
        argument_count: metadata.positional_only_argument_count + metadata.argument_count,
        positional_only_argument_count: metadata.positional_only_argument_count,
        keyword_only_argument_count: metadata.keyword_only_argument_count,
        // A code object has room for one item at least.
        stack_size: lowered.stack_size.max(1),
        flags: metadata.flags,
        code: bytes.as_slice().into(),
        constants: metadata.constants.into_constants(),
        names: metadata.names.into_names(),
        locals_plus_names,
        locals_plus_kinds,
        filename: metadata.filename,
        name: metadata.name,
        qualified_name: metadata.qualified_name,
        first_line: metadata.first_line,
        exception_table: exceptions::exception_table(code).into(),
        line_table: locations::line_table(&mut code.instructions, metadata.first_line).into(),
    })
}

fn encode_all(code: &LinearCode, bytes: &mut Vec<u8>) -> Result<(), FlowError> {
    let last = code.instructions.last();
    bytes.reserve(last.map_or(0, |last| 2 * (last.offset + encode::size(last)) as usize));
    code.instructions.iter().try_for_each(|instruction| encode::encode(bytes, instruction))
}
