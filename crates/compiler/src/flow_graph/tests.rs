//! The passes against what `tests/record_sequences.py` recorded from the reference.

use bytecode::arena::Arena;
use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode;
use bytecode::location::Location;

use super::{FlowError, FlowGraph, build, list_of_sequence, optimize_graph, optimize_plain, stack_depth};
use crate::flow_graph::test_records::{Record, constants, records, sequence};
use crate::instruction_sequence::InstructionSequence;
use crate::unit::ConstantTable;

const RECORDED: &str = include_str!("../../tests/data/sequences.txt");

/// What `_testinternalcapi.optimize_cfg` does.
fn optimize<'t>(record: &Record<'_>, arena: &'t Arena) -> Result<(Vec<String>, &'t [Constant<'t>]), FlowError> {
    let mut table = ConstantTable::of(constants(record.constants, arena), arena);
    let optimized = optimize_plain(&list_of_sequence(&sequence(&record.input)), &mut table, record.local_count)?;
    let rows = optimized.iter().map(|row| {
        let Location { line, end_line, column, end_column } = row.location;
        format!("{} {} {line} {end_line} {column} {end_column}", row.opcode, row.oparg)
    });
    Ok((rows.collect(), table.take_constants()))
}

#[test]
fn sequences_are_optimized_as_by_the_reference() {
    let other = std::env::var("NAJA_SEQUENCES").ok().map(|path| std::fs::read_to_string(path).unwrap());
    let records = records(other.as_deref().unwrap_or(RECORDED));
    assert!(!records.is_empty());
    let mut failures = 0;
    for (number, record) in records.iter().enumerate() {
        let arena = Arena::new();
        let (rows, constants_after) = optimize(record, &arena).unwrap();
        if rows != record.output || constants_after != constants(record.result, &arena) {
            failures += 1;
            if failures <= 3 {
                let at = rows.iter().zip(&record.output).position(|(left, right)| left != right);
                println!("sequence {number} of {} differs at {at:?}", record.name);
                println!("in:\n  {}", record.input.join("\n  "));
                println!("expected:\n  {}", record.output.join("\n  "));
                println!("found:\n  {}", rows.join("\n  "));
                println!("expected {:?}\nfound {constants_after:?}", constants(record.result, &arena));
            }
        }
    }
    assert_eq!(failures, 0, "of {}", records.len());
}

#[test]
fn faults_are_errors() {
    let opcode = |opcode| InstructionSequence::tap(|sequence| sequence.add(opcode, 0, Location::NONE));
    let fault = |sequence: &mut InstructionSequence| {
        let mut graph = FlowGraph::default();
        build::build(sequence, &mut graph)?;
        optimize_graph(&mut graph, &mut ConstantTable::new(&Arena::new()), 0, 0)?;
        stack_depth::calculate(&mut graph)
    };
    assert_eq!(fault(&mut opcode(CompilerOpcode::PopBlock)), Err(FlowError::UnbalancedBlocks));
    assert_eq!(fault(&mut opcode(CompilerOpcode::PopTop)), Err(FlowError::StackUnderflow));
    assert_eq!(fault(&mut opcode(CompilerOpcode::LoadConst)), Err(FlowError::BadConstantIndex));
    let mut unplaced = InstructionSequence::tap(|sequence| {
        let label = sequence.new_label();
        sequence.add_jump(CompilerOpcode::Jump, label, Location::NONE);
    });
    assert_eq!(fault(&mut unplaced), Err(FlowError::Malformed));
    let mut uneven = InstructionSequence::tap(|sequence| {
        let label = sequence.new_label();
        sequence.use_label(label);
        sequence.add(CompilerOpcode::PushNull, 0, Location::NONE);
        sequence.add_jump(CompilerOpcode::Jump, label, Location::NONE);
    });
    assert_eq!(fault(&mut uneven), Err(FlowError::InconsistentStackDepth));
}

impl InstructionSequence {
    fn tap(fill: impl FnOnce(&mut Self)) -> Self {
        let mut sequence = Self::new();
        fill(&mut sequence);
        sequence
    }
}
