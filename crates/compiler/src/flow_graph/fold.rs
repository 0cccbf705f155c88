//! Folding: instructions that compute a constant from constants become one that loads it.
//!
//! The instructions that loaded the operands become `NOP`s without a location. Sizes are bounded, so that folding
//! cannot make the code much larger than the source.

use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode;
use bytecode::instruction::operands::BinaryOperator;
use bytecode::location::Location;

use super::block::Instruction;
use super::error::FlowError;
use super::evaluate;
use crate::unit::ConstantTable;

/// Displays with more elements are not folded: their elements would have been on the stack together.
const MAX_ELEMENTS: usize = 30;
/// Shorter displays are built element by element.
const MIN_CONSTANT_ELEMENTS: usize = 3;
/// Integers from 0 to here have an instruction of their own.
const MAX_SMALL_INTEGER: u32 = 255;

pub(super) fn loads_constant(opcode: CompilerOpcode) -> bool {
    matches!(opcode, CompilerOpcode::LoadConst | CompilerOpcode::LoadSmallInt)
}

/// What a load of a constant loads.
pub(super) fn constant_of<'t>(
    opcode: CompilerOpcode,
    oparg: u32,
    constants: &ConstantTable<'t>,
) -> Result<Constant<'t>, FlowError> {
    if opcode == CompilerOpcode::LoadSmallInt {
        return Ok(Constant::Integer(constants.arena().small_integer(oparg)));
    }
    constants.get(oparg).copied().ok_or(FlowError::BadConstantIndex)
}

pub(super) fn add_constant<'t>(constant: Constant<'t>, constants: &mut ConstantTable<'t>) -> Result<u32, FlowError> {
    if constants.len() >= i32::MAX as usize - 1 {
        return Err(FlowError::TooManyConstants);
    }
    Ok(constants.add(constant))
}

/// Makes a load of a small integer `LOAD_SMALL_INT`.
pub(super) fn use_small_integer(instruction: &mut Instruction, constants: &ConstantTable<'_>) -> Result<(), FlowError> {
    let constant = constants.get(instruction.oparg).ok_or(FlowError::BadConstantIndex)?;
    if let Some(value) = small_integer(constant) {
        instruction.set(CompilerOpcode::LoadSmallInt, value);
    }
    Ok(())
}

/// The argument of the `LOAD_SMALL_INT` that loads a constant, if one can.
pub(crate) fn small_integer(constant: &Constant<'_>) -> Option<u32> {
    match constant {
        Constant::Integer(value) => match value.digits() {
            [] => Some(0),
            [digit] if *digit <= MAX_SMALL_INTEGER && !value.is_negative() => Some(*digit),
            _ => None,
        },
        _ => None,
    }
}

fn load<'t>(
    instruction: &mut Instruction,
    constant: Constant<'t>,
    constants: &mut ConstantTable<'t>,
) -> Result<(), FlowError> {
    match small_integer(&constant) {
        Some(value) => instruction.set(CompilerOpcode::LoadSmallInt, value),
        None => instruction.set(CompilerOpcode::LoadConst, add_constant(constant, constants)?),
    }
    Ok(())
}

/// The indices of instructions that load constants, first one first.
struct Loads {
    at: [u32; MAX_ELEMENTS],
    count: usize,
}

impl Loads {
    fn indices(&self) -> impl Iterator<Item = usize> {
        self.at[..self.count].iter().map(|index| *index as usize)
    }
}

/// The instructions before `end` that load the last `count` constants; None if others are among them.
fn find_loads(instructions: &[Instruction], end: usize, count: usize) -> Option<Loads> {
    if count > 0 {
        // Mostly it shows at once that there are none.
        let last = instructions[..end].last()?;
        if !last.is_nop() && !loads_constant(last.opcode) {
            return None;
        }
    }
    let mut loads = Loads { at: [0; MAX_ELEMENTS], count };
    let mut missing = count.min(MAX_ELEMENTS);
    for (index, instruction) in instructions[..end].iter().enumerate().rev() {
        if missing == 0 {
            break;
        }
        if instruction.is_nop() {
            continue;
        }
        if !loads_constant(instruction.opcode) {
            return None;
        }
        missing -= 1;
        loads.at[missing] = index as u32;
    }
    (missing == 0).then_some(loads)
}

fn loaded_constants<'t>(
    instructions: &[Instruction],
    loads: impl Iterator<Item = usize>,
    constants: &ConstantTable<'t>,
) -> Result<Vec<Constant<'t>>, FlowError> {
    loads.map(|index| constant_of(instructions[index].opcode, instructions[index].oparg, constants)).collect()
}

fn remove_loads(instructions: &mut [Instruction], loads: impl Iterator<Item = usize>) {
    for index in loads {
        instructions[index].set_nop();
        instructions[index].location = Location::NONE;
    }
}

/// `BUILD_TUPLE` of constants.
#[inline(never)]
pub(super) fn fold_tuple(
    instructions: &mut [Instruction],
    index: usize,
    constants: &mut ConstantTable<'_>,
) -> Result<(), FlowError> {
    let size = instructions[index].oparg as usize;
    if size > MAX_ELEMENTS {
        return Ok(());
    }
    let Some(loads) = find_loads(instructions, index, size) else { return Ok(()) };
    let items = loaded_constants(instructions, loads.indices(), constants)?;
    remove_loads(instructions, loads.indices());
    load(&mut instructions[index], Constant::Tuple(constants.arena().copies(&items)), constants)
}

/// The conversion of a list to a tuple, where the list was made by appending constants: long tuple displays. Says
/// whether it was.
#[inline(never)]
pub(super) fn fold_list_to_tuple(
    instructions: &mut [Instruction],
    index: usize,
    constants: &mut ConstantTable<'_>,
) -> Result<bool, FlowError> {
    fold_appended(instructions, index, index, CompilerOpcode::ListAppend, constants)
}

/// The last of the `LIST_APPEND`s or `SET_ADD`s of constants that make a long display of which only the elements
/// matter.
#[inline(never)]
pub(super) fn fold_long_display(
    instructions: &mut [Instruction],
    index: usize,
    constants: &mut ConstantTable<'_>,
) -> Result<(), FlowError> {
    let append = instructions[index].opcode;
    fold_appended(instructions, index, index + 1, append, constants)?;
    Ok(())
}

/// If the instructions before `end` build a list or set by appending constants to an empty one, the one at `index`
/// loads it as a constant instead. All before `end` lose their location, even if the one at `index` is among them.
fn fold_appended(
    instructions: &mut [Instruction],
    index: usize,
    end: usize,
    append: CompilerOpcode,
    constants: &mut ConstantTable<'_>,
) -> Result<bool, FlowError> {
    let is_list = append == CompilerOpcode::ListAppend;
    let build = if is_list { CompilerOpcode::BuildList } else { CompilerOpcode::BuildSet };
    let mut loads = Vec::new();
    let mut others = Vec::new();
    let mut expects_append = true;
    let mut found_start = false;
    for at in (0..end).rev() {
        let instruction = &instructions[at];
        let opcode = instruction.opcode;
        if opcode == CompilerOpcode::Nop {
            continue;
        }
        if opcode == build && instruction.oparg == 0 {
            found_start = expects_append;
            others.push(at);
            break;
        }
        if expects_append && opcode == append && instruction.oparg == 1 {
            others.push(at);
        } else if !expects_append && loads_constant(opcode) {
            loads.push(at);
        } else {
            break;
        }
        expects_append = !expects_append;
    }
    if !found_start {
        return Ok(false);
    }
    loads.reverse();
    let items = loaded_constants(instructions, loads.iter().copied(), constants)?;
    let elements = if is_list {
        Constant::Tuple(constants.arena().copies(&items))
    } else {
        evaluate::frozen_set(items, constants.arena())
    };
    remove_loads(instructions, loads.into_iter());
    remove_loads(instructions, others.into_iter());
    load(&mut instructions[index], elements, constants)?;
    Ok(true)
}

/// `BUILD_LIST` and `BUILD_SET` of constants: where only the elements matter, a constant; else a copy of one.
#[inline(never)]
pub(super) fn fold_list_or_set(
    instructions: &mut [Instruction],
    index: usize,
    next: Option<CompilerOpcode>,
    constants: &mut ConstantTable<'_>,
) -> Result<(), FlowError> {
    let only_elements_matter = matches!(next, Some(CompilerOpcode::GetIter | CompilerOpcode::ContainsOp));
    let opcode = instructions[index].opcode;
    let is_list = opcode == CompilerOpcode::BuildList;
    let size = instructions[index].oparg as usize;
    if size > MAX_ELEMENTS || (size < MIN_CONSTANT_ELEMENTS && !only_elements_matter) {
        return Ok(());
    }
    let Some(loads) = find_loads(instructions, index, size) else {
        if only_elements_matter && is_list {
            instructions[index].opcode = CompilerOpcode::BuildTuple;
        }
        return Ok(());
    };
    let items = loaded_constants(instructions, loads.indices(), constants)?;
    let elements = if is_list {
        Constant::Tuple(constants.arena().copies(&items))
    } else {
        evaluate::frozen_set(items, constants.arena())
    };
    let number = add_constant(elements, constants)?;
    remove_loads(instructions, loads.indices());
    if only_elements_matter {
        instructions[index].set(CompilerOpcode::LoadConst, number);
        return Ok(());
    }
    // At least three loads stood before, so there is room.
    if let [.., build, load, extend] = &mut instructions[..=index] {
        build.location = extend.location;
        build.set(opcode, 0);
        load.set(CompilerOpcode::LoadConst, number);
        extend.set(if is_list { CompilerOpcode::ListExtend } else { CompilerOpcode::SetUpdate }, 1);
    }
    Ok(())
}

/// An operator with one constant operand.
#[inline(never)]
pub(super) fn fold_unary(
    instructions: &mut [Instruction],
    index: usize,
    constants: &mut ConstantTable<'_>,
) -> Result<(), FlowError> {
    let Some(loads) = find_loads(instructions, index, 1) else { return Ok(()) };
    let operands = loaded_constants(instructions, loads.indices(), constants)?;
    let [operand] = &operands[..] else { return Ok(()) };
    let Some(value) = evaluate::unary(instructions[index].opcode, operand, constants.arena()) else { return Ok(()) };
    remove_loads(instructions, loads.indices());
    load(&mut instructions[index], value, constants)
}

/// An operator with two constant operands.
#[inline(never)]
pub(super) fn fold_binary(
    instructions: &mut [Instruction],
    index: usize,
    constants: &mut ConstantTable<'_>,
) -> Result<(), FlowError> {
    let Some(operator) = BinaryOperator::from_number(instructions[index].oparg) else { return Ok(()) };
    let Some(loads) = find_loads(instructions, index, 2) else { return Ok(()) };
    let operands = loaded_constants(instructions, loads.indices(), constants)?;
    let [left, right] = &operands[..] else { return Ok(()) };
    let Some(value) = evaluate::binary(left, operator, right, constants.arena()) else { return Ok(()) };
    remove_loads(instructions, loads.indices());
    load(&mut instructions[index], value, constants)
}
