//! Code units as text, for people and for tests that compare text.
//!
//! One instruction a line, after the source line where that changes; labels instead of offsets, so that a change in one
//! place does not show everywhere:
//!
//! ```text
//! code f(x) flags 3 stack 2 line 1
//!   1       RESUME 0
//!   2       LOAD_FAST_BORROW 0 (x)
//!           POP_JUMP_IF_FALSE L1
//! ...
//!       L1: ...
//! handlers: L2 to L3 -> L4 depth 1 lasti
//! ```

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::code_unit::CodeUnit;
use crate::constant::Constant;
use crate::decode::{self, DecodedInstruction};
use crate::exception_table;
use crate::instruction::operands::{
    BinaryIntrinsic, BinaryOperator, COMPARE_SHIFT, COMPARE_TO_BOOL, CommonConstant, ComparisonOperator, Conversion,
    SpecialMethod, UnaryIntrinsic,
};
use crate::instruction::{InstructionFlags, Opcode};
use crate::line_table;

/// How deep code units in code units are shown.
const MAX_NESTING: usize = 100;

/// The text of a code unit and of those among its constants.
pub fn disassemble(unit: &CodeUnit<'_>) -> String {
    let mut text = String::new();
    disassemble_nested(&mut text, unit, 0);
    text
}

fn disassemble_nested(text: &mut String, unit: &CodeUnit<'_>, nesting: usize) {
    disassemble_one(text, unit);
    if nesting == MAX_NESTING {
        return;
    }
    for constant in unit.constants {
        if let Constant::Code(inner) = constant {
            text.push('\n');
            disassemble_nested(text, inner, nesting + 1);
        }
    }
}

fn disassemble_one(text: &mut String, unit: &CodeUnit<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "code {}({}) flags {:#x} stack {} line {}",
        unit.qualified_name,
        unit.locals_plus_names.iter().map(|name| name.to_string()).collect::<Vec<_>>().join(", "),
        unit.flags,
        unit.stack_size,
        unit.first_line,
    );
    let labels = number_labels(unit);
    let lines: Vec<_> = line_table::positions(unit.line_table, unit.first_line).map(|place| place.line).collect();
    let mut last_line = None;
    for instruction in decode::instructions(unit.code) {
        let line = lines.get(instruction.offset as usize).copied().filter(|line| *line >= 0);
        let shown_line = match line {
            Some(line) if last_line != Some(line) => line.to_string(),
            Some(_) => String::new(),
            None => "-".into(),
        };
        last_line = line.or(last_line);
        let label = labels.get(&instruction.start).map_or(String::new(), |number| format!("L{number}:"));
        let _ = writeln!(text, "{shown_line:>5} {label:>5} {}", describe(unit, &instruction, &labels));
    }
    for handler in exception_table::entries(unit.exception_table) {
        let label = |offset| labels.get(&offset).map_or("end".into(), |number| format!("L{number}"));
        let _ = writeln!(
            text,
            "handlers: {} to {} -> {} depth {}{}",
            label(handler.start),
            label(handler.end),
            label(handler.target),
            handler.depth,
            if handler.push_lasti { " lasti" } else { "" },
        );
    }
}

/// The code units that need a label, numbered in the order of the code.
fn number_labels(unit: &CodeUnit<'_>) -> BTreeMap<u32, usize> {
    let mut labels = BTreeMap::new();
    for instruction in decode::instructions(unit.code) {
        labels.extend(instruction.jump_target().map(|target| (target, 0)));
    }
    for handler in exception_table::entries(unit.exception_table) {
        labels.extend([handler.start, handler.end, handler.target].map(|offset| (offset, 0)));
    }
    for (index, number) in labels.values_mut().enumerate() {
        *number = index + 1;
    }
    labels
}

fn describe(unit: &CodeUnit<'_>, instruction: &DecodedInstruction, labels: &BTreeMap<u32, usize>) -> String {
    let oparg = instruction.oparg;
    let Some(opcode) = instruction.opcode else { return format!("unknown opcode, argument {oparg}") };
    if let Some(target) = instruction.jump_target() {
        return match labels.get(&target) {
            Some(number) => format!("{opcode} L{number}"),
            None => format!("{opcode} {oparg}"),
        };
    }
    if !opcode.has_argument() && !opcode.is_specialized() {
        return opcode.to_string();
    }
    match describe_argument(unit, opcode.deoptimized(), oparg) {
        Some(meaning) => format!("{opcode} {oparg} ({meaning})"),
        None => format!("{opcode} {oparg}"),
    }
}

fn describe_argument(unit: &CodeUnit<'_>, opcode: Opcode, oparg: u32) -> Option<String> {
    let local = |number: u32| unit.locals_plus_names.get(number as usize).map(|name| name.to_string());
    match opcode {
        Opcode::LoadFastLoadFast
        | Opcode::LoadFastBorrowLoadFastBorrow
        | Opcode::StoreFastLoadFast
        | Opcode::StoreFastStoreFast => Some(format!("{}, {}", local(oparg >> 4)?, local(oparg & 15)?)),
        Opcode::BinaryOp => BinaryOperator::from_number(oparg).map(|operator| operator.symbol().into()),
        Opcode::CompareOp => {
            let symbol = ComparisonOperator::from_number(oparg >> COMPARE_SHIFT)?.symbol();
            Some(if oparg & COMPARE_TO_BOOL != 0 { format!("bool({symbol})") } else { symbol.into() })
        }
        Opcode::CallIntrinsic1 => UnaryIntrinsic::from_number(oparg).map(|function| function.name().into()),
        Opcode::CallIntrinsic2 => BinaryIntrinsic::from_number(oparg).map(|function| function.name().into()),
        Opcode::LoadSpecial => SpecialMethod::from_number(oparg).map(|method| method.name().into()),
        Opcode::LoadCommonConstant => CommonConstant::from_number(oparg).map(|constant| constant.name().into()),
        Opcode::ConvertValue => Conversion::from_number(oparg).map(|function| function.name().into()),
        Opcode::IsOp => Some(if oparg == 0 { "is" } else { "is not" }.into()),
        Opcode::ContainsOp => Some(if oparg == 0 { "in" } else { "not in" }.into()),
        _ => describe_index(unit, opcode, oparg),
    }
}

/// What an argument that indexes constants, names or variables refers to.
fn describe_index(unit: &CodeUnit<'_>, opcode: Opcode, oparg: u32) -> Option<String> {
    let flags = opcode.flags();
    if flags.contains(InstructionFlags::CONST) {
        return unit.constants.get(oparg as usize).map(describe_constant);
    }
    if flags.contains(InstructionFlags::NAME) {
        let (index, extra) = match opcode {
            Opcode::LoadGlobal => (oparg >> 1, if oparg & 1 != 0 { " + NULL" } else { "" }),
            Opcode::LoadAttr => (oparg >> 1, if oparg & 1 != 0 { " + NULL|self" } else { "" }),
            Opcode::LoadSuperAttr => (oparg >> 2, if oparg & 1 != 0 { " + NULL|self" } else { "" }),
            _ => (oparg, ""),
        };
        return unit.names.get(index as usize).map(|name| format!("{name}{extra}"));
    }
    if flags.contains(InstructionFlags::LOCAL) || flags.contains(InstructionFlags::FREE) {
        return unit.locals_plus_names.get(oparg as usize).map(|name| name.to_string());
    }
    None
}

/// A constant in a notation close to Python's.
fn describe_constant(constant: &Constant<'_>) -> String {
    let list = |items: &[Constant<'_>]| items.iter().map(describe_constant).collect::<Vec<_>>().join(", ");
    match constant {
        Constant::None => "None".into(),
        Constant::Ellipsis => "Ellipsis".into(),
        Constant::Bool(true) => "True".into(),
        Constant::Bool(false) => "False".into(),
        Constant::Integer(value) => match value.to_i64() {
            Some(value) => value.to_string(),
            None => format!("<int of {} digits>", value.digits().len()),
        },
        Constant::Float(value) => format!("{value:?}"),
        Constant::Complex { real, imaginary } => format!("({real:?}+{imaginary:?}j)"),
        Constant::String(text) => format!("{text:?}"),
        Constant::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
        Constant::Tuple(items) => format!("({})", list(items)),
        Constant::FrozenSet(items) => format!("frozenset({})", list(items)),
        Constant::Slice(parts) => format!("slice({})", list(parts.as_slice())),
        Constant::Code(unit) => format!("<code {}>", unit.qualified_name),
    }
}

#[cfg(test)]
mod tests;
