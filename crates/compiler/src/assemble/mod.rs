//! The assembler: from the instructions of a flow graph to a code unit.
//!
//! [`assemble_unit`] is what code generation calls when it has finished a unit: it runs the flow graph's passes,
//! resolves jumps, encodes the instructions and builds the tables beside them (CPython's `Python/assemble.c`).

mod encode;
mod exceptions;
mod layout;
mod locals;
mod locations;
mod near;
#[cfg(test)]
mod tests;

use bytecode::code_unit::CodeUnit;
use bytecode::line_table::LineTableWriter;
use syntax::error::SyntaxError;

use crate::flow_graph::{self, Contents, FlowError, FlowGraph};
use crate::instruction_sequence::InstructionSequence;
use crate::unit::UnitMetadata;
use encode::CodeBuffer;
use layout::Layout;

/// The memory that assembling takes, which is used for one code unit after the other.
#[derive(Debug, Default)]
pub struct Workspace {
    graph: FlowGraph,
    layout: Layout,
    code: CodeBuffer,
    line_table: LineTableWriter,
}

/// Makes the code unit. Names and constants are taken out of the metadata.
pub fn assemble_unit<'t>(
    sequence: &mut InstructionSequence,
    metadata: &mut UnitMetadata<'t>,
    workspace: &mut Workspace,
) -> Result<&'t CodeUnit<'t>, Box<SyntaxError>> {
    let Workspace { graph, layout, code, line_table } = workspace;
    let lowered = flow_graph::optimize(sequence, metadata, graph)?;
    if !near::encode(graph, layout, metadata.first_line, code, line_table) {
        layout.make(graph)?;
        locations::resolve_next(graph, layout);
        encode::encode_all(graph, layout, metadata.first_line, code, line_table)?;
    }
    let (locals_plus_names, locals_plus_kinds) = locals::locals_plus(metadata);
    let arena = metadata.constants.arena();
    Ok(arena.put(CodeUnit {
        argument_count: metadata.positional_only_argument_count + metadata.argument_count,
        positional_only_argument_count: metadata.positional_only_argument_count,
        keyword_only_argument_count: metadata.keyword_only_argument_count,
        // A code object has room for one item at least.
        stack_size: lowered.stack_size.max(1),
        flags: metadata.flags,
        code: arena.copies(code.bytes()),
        constants: metadata.constants.take_constants(),
        names: metadata.names.take_names(arena),
        locals_plus_names,
        locals_plus_kinds,
        filename: metadata.filename,
        name: metadata.name,
        qualified_name: metadata.qualified_name,
        first_line: metadata.first_line,
        exception_table: match graph.was_built_of(Contents::SETUP) {
            true => arena.copies(&exceptions::exception_table(graph, layout, code.len() as u32)),
            false => &[],
        },
        line_table: arena.copies(line_table.table()),
    }))
}
