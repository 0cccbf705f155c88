//! Reading what the scripts in `tests/` recorded: sequences of instructions, constants, code units.

use bytecode::arena::Arena;
use std::collections::HashMap;

use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode;
use bytecode::location::Location;
use bytecode::marshal::plain::read_constant;

use crate::instruction_sequence::{InstructionSequence, Label};

/// One recorded sequence: what goes in and what should come out.
#[derive(Default)]
pub struct Record<'a> {
    pub name: &'a str,
    pub local_count: usize,
    pub constants: &'a str,
    pub input: Vec<&'a str>,
    pub output: Vec<&'a str>,
    pub result: &'a str,
}

/// The records of a file.
pub fn records(text: &str) -> Vec<Record<'_>> {
    let mut records: Vec<Record<'_>> = Vec::new();
    for line in text.lines() {
        let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
        match kind {
            "sequence" => {
                let (name, local_count) = rest.rsplit_once(' ').unwrap();
                records.push(Record { name, local_count: local_count.parse().unwrap(), ..Record::default() });
                continue;
            }
            "unit" => {
                records.push(Record { name: rest, ..Record::default() });
                continue;
            }
            _ => {}
        }
        let record = records.last_mut().unwrap();
        match kind {
            "constants" => record.constants = rest,
            "in" => record.input.push(rest),
            "out" => record.output.push(rest),
            "result" => record.result = rest,
            other => panic!("unknown line {other}"),
        }
    }
    records
}

/// The constant that marshal data in hexadecimal digits stands for.
pub fn constant<'t>(hex: &str, arena: &'t Arena) -> Constant<'t> {
    let bytes: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    read_constant(&bytes, arena).unwrap()
}

/// The items of a tuple in marshal data.
pub fn constants<'t>(hex: &str, arena: &'t Arena) -> Vec<Constant<'t>> {
    match constant(hex, arena) {
        Constant::Tuple(items) => items.to_vec(),
        other => panic!("{other:?}"),
    }
}

fn parse(row: &str, opcodes: &HashMap<&str, CompilerOpcode>) -> (CompilerOpcode, u32, Location) {
    let (name, numbers) = row.split_once(' ').unwrap();
    let numbers: Vec<i32> = numbers.split(' ').map(|number| number.parse().unwrap()).collect();
    let location = Location::new(numbers[1], numbers[2], numbers[3], numbers[4]);
    (opcodes[name], numbers[0] as u32, location)
}

/// The sequence of recorded rows, in which jumps name their target by its number.
pub fn sequence(rows: &[&str]) -> InstructionSequence {
    let opcodes = CompilerOpcode::ALL.iter().map(|opcode| (opcode.name(), *opcode)).collect();
    let rows: Vec<_> = rows.iter().map(|row| parse(row, &opcodes)).collect();
    let mut sequence = InstructionSequence::new();
    let mut labels: HashMap<u32, Label> = HashMap::new();
    for (opcode, oparg, _) in &rows {
        if opcode.has_target() {
            labels.entry(*oparg).or_insert_with(|| sequence.new_label());
        }
    }
    for (index, (opcode, oparg, location)) in rows.iter().enumerate() {
        if let Some(label) = labels.get(&(index as u32)) {
            sequence.use_label(*label);
        }
        match labels.get(oparg) {
            Some(label) if opcode.has_target() => sequence.add_jump(*opcode, *label, *location),
            _ => sequence.add(*opcode, *oparg, *location),
        }
    }
    sequence
}
