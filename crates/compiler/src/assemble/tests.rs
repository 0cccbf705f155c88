//! Code units against what `tests/record_units.py` recorded from the reference.

use bytecode::arena::Arena;
use bytecode::code_flags::{CO_FAST_CELL, CO_FAST_FREE, CO_FAST_LOCAL, CO_VARARGS, CO_VARKEYWORDS};
use bytecode::code_unit::CodeUnit;
use bytecode::constant::Constant;
use bytecode::decode;
use bytecode::disassemble::disassemble;
use bytecode::instruction::{CompilerOpcode, Opcode};
use bytecode::location::Location;
use syntax::interner::Interner;
use text::wtf8::Wtf8;

use super::encode::CodeBuffer;
use super::{Workspace, assemble_unit};
use crate::flow_graph::test_records::{constant, constants, records, sequence};
use crate::flow_graph::{FlowGraph, Instruction};
use crate::instruction_sequence::InstructionSequence;
use crate::unit::{ConstantTable, NameTable, UnitMetadata};

const RECORDED: &str = include_str!("../../tests/data/units.txt");

fn table<'t>(names: impl IntoIterator<Item = Wtf8<'t>>, interner: &mut Interner<'t>) -> NameTable<'t> {
    let mut table = NameTable::new();
    for name in names {
        let name = interner.intern(name);
        table.add(name, interner);
    }
    table
}

/// What code generation would have known of a unit.
fn metadata_of<'t>(unit: &CodeUnit<'t>, constants: Vec<Constant<'t>>, arena: &'t Arena) -> UnitMetadata<'t> {
    let mut metadata = UnitMetadata::new(unit.filename, unit.name, unit.qualified_name, unit.first_line, arena);
    let of_kind = |kind: u8| {
        let slots = unit.locals_plus_names.iter().zip(unit.locals_plus_kinds);
        slots.filter(move |(_, kinds)| *kinds & kind != 0).map(|(name, _)| name.text())
    };
    let mut cells: Vec<_> = of_kind(CO_FAST_CELL).collect();
    cells.sort_unstable();
    let interner = &mut Interner::new(arena);
    metadata.flags = unit.flags;
    metadata.constants = ConstantTable::of(constants, arena);
    metadata.names = table(unit.names.iter().map(|name| name.text()), interner);
    metadata.variable_names = table(of_kind(CO_FAST_LOCAL), interner);
    metadata.cell_variables = table(cells, interner);
    metadata.free_variables = table(of_kind(CO_FAST_FREE), interner);
    metadata.argument_count = unit.argument_count - unit.positional_only_argument_count;
    metadata.positional_only_argument_count = unit.positional_only_argument_count;
    metadata.keyword_only_argument_count = unit.keyword_only_argument_count;
    let variadic = u32::from(unit.flags & CO_VARARGS != 0) + u32::from(unit.flags & CO_VARKEYWORDS != 0);
    metadata.parameter_count = unit.argument_count + unit.keyword_only_argument_count + variadic;
    metadata
}

#[test]
fn units_are_those_of_the_reference() {
    let mut workspace = Workspace::default();
    for record in records(RECORDED) {
        let arena = Arena::new();
        let Constant::Code(expected) = constant(record.result, &arena) else { panic!("{} is no code", record.name) };
        let mut metadata = metadata_of(expected, constants(record.constants, &arena), &arena);
        let unit = assemble_unit(&mut sequence(&record.input), &mut metadata, &mut workspace).unwrap();
        assert_eq!(disassemble(unit), disassemble(expected), "{}", record.name);
        assert_eq!(unit, expected, "{}", record.name);
        assert_eq!(unit.locals_plus_kinds, expected.locals_plus_kinds, "{}", record.name);
    }
}

#[test]
fn jumps_of_any_length_arrive() {
    for body_length in [10, 250, 300, 40_000, 70_000] {
        let mut sequence = InstructionSequence::new();
        let (top, end) = (sequence.new_label(), sequence.new_label());
        let line = Location::of_line(1);
        sequence.use_label(top);
        sequence.add(CompilerOpcode::LoadName, 0, line);
        sequence.add_jump(CompilerOpcode::PopJumpIfFalse, end, line);
        for _ in 0..body_length {
            sequence.add(CompilerOpcode::LoadName, 0, line);
            sequence.add(CompilerOpcode::PopTop, 0, line);
        }
        sequence.add_jump(CompilerOpcode::Jump, top, line);
        sequence.use_label(end);
        sequence.add(CompilerOpcode::LoadSmallInt, 0, line);
        sequence.add(CompilerOpcode::ReturnValue, 0, line);
        let arena = Arena::new();
        let mut metadata = UnitMetadata::new("file".into(), "name".into(), "name".into(), 1, &arena);
        let unit = assemble_unit(&mut sequence, &mut metadata, &mut Workspace::default()).unwrap();
        let code: Vec<_> = decode::instructions(unit.code).collect();
        let target_of = |opcode| code.iter().find(|each| each.opcode == Some(opcode)).unwrap().jump_target();
        let end = code[code.len() - 2].start;
        assert_eq!(target_of(Opcode::PopJumpIfFalse), Some(end), "{body_length}");
        assert_eq!(target_of(Opcode::JumpBackward), Some(0), "{body_length}");
    }
}

#[test]
fn pseudo_instructions_do_not_pass_for_code() {
    let mut code = CodeBuffer::default();
    let mut graph = FlowGraph::default();
    let mut block = |opcodes: &[CompilerOpcode]| {
        let block = graph.new_block();
        opcodes.iter().for_each(|opcode| graph.append(block, Instruction::new(*opcode, 0, Location::NONE)));
        block
    };
    let pseudo = block(&[CompilerOpcode::LoadClosure, CompilerOpcode::Nop]);
    let others = block(&[CompilerOpcode::Nop, CompilerOpcode::ReturnValue]);
    code.push_block(&graph, others);
    assert!(!code.has_pseudo());
    code.push_block(&graph, pseudo);
    code.push_block(&graph, others);
    assert!(code.has_pseudo());
    code.clear();
    assert!(!code.has_pseudo());
}
