//! Local improvements: a few instructions become fewer, jumps to jumps go to where those go.
//!
//! What goes away becomes a `NOP`; `redundancy` removes these later.

use bytecode::instruction::CompilerOpcode;
use bytecode::instruction::operands::{COMPARE_TO_BOOL, UnaryIntrinsic};

use super::block::{BlockId, FlowGraph, Instruction};
use super::error::FlowError;
use super::{fold, swaps};
use crate::unit::ConstantTable;

pub(super) fn optimize_blocks(graph: &mut FlowGraph, constants: &mut ConstantTable) -> Result<(), FlowError> {
    graph.try_for_each_block(|graph, id| {
        let mut index = 0;
        while index < graph[id].len() {
            let outcome = if graph[id].instructions()[index].opcode.has_jump() {
                thread_jump(graph, id, index)
            } else {
                optimize_at(graph[id].instructions_mut(), index, constants)?;
                Outcome::GoOn
            };
            if outcome == Outcome::GoOn {
                index += 1;
            }
        }
        swaps::simplify(graph[id].instructions_mut());
        Ok(())
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    GoOn,
    /// The same place must be looked at again.
    Again,
}

/// Improves the instruction at `index` and those that it works with.
fn optimize_at(instructions: &mut [Instruction], index: usize, constants: &mut ConstantTable) -> Result<(), FlowError> {
    let Instruction { opcode, oparg, .. } = instructions[index];
    let next = instructions.get(index + 1).map(|next| next.opcode);
    match opcode {
        CompilerOpcode::BuildTuple => {
            if unpack_built_tuple(&mut instructions[index..]) {
                return Ok(());
            }
            fold::fold_tuple(instructions, index, constants)?;
        }
        CompilerOpcode::BuildList | CompilerOpcode::BuildSet => {
            fold::fold_list_or_set(instructions, index, next, constants)?;
        }
        CompilerOpcode::StoreFast => drop_overwritten_store(&mut instructions[index..]),
        CompilerOpcode::Swap if oparg == 1 => instructions[index].set_nop(),
        CompilerOpcode::LoadGlobal if next == Some(CompilerOpcode::PushNull) && oparg & 1 == 0 => {
            instructions[index].oparg |= 1;
            instructions[index + 1].set_nop();
        }
        CompilerOpcode::CompareOp
        | CompilerOpcode::ContainsOp
        | CompilerOpcode::IsOp
        | CompilerOpcode::ToBool
        | CompilerOpcode::UnaryNot => {
            let is_merged = merge_truth_test(&mut instructions[index..]);
            if !is_merged && opcode == CompilerOpcode::UnaryNot {
                fold::fold_unary(instructions, index, constants)?;
            }
        }
        CompilerOpcode::UnaryInvert | CompilerOpcode::UnaryNegative => {
            fold::fold_unary(instructions, index, constants)?;
        }
        CompilerOpcode::ListAppend | CompilerOpcode::SetAdd
            if oparg == 1 && matches!(next, Some(CompilerOpcode::GetIter | CompilerOpcode::ContainsOp)) =>
        {
            fold::fold_long_display(instructions, index, constants)?;
        }
        CompilerOpcode::CallIntrinsic1 if oparg == UnaryIntrinsic::ListToTuple as u32 => {
            let is_folded = fold::fold_list_to_tuple(instructions, index, constants)?;
            if !is_folded && next == Some(CompilerOpcode::GetIter) {
                // A list can be iterated over as well.
                instructions[index].set_nop();
            }
        }
        CompilerOpcode::CallIntrinsic1 if oparg == UnaryIntrinsic::UnaryPositive as u32 => {
            fold::fold_unary(instructions, index, constants)?;
        }
        CompilerOpcode::BinaryOp => fold::fold_binary(instructions, index, constants)?,
        _ => {}
    }
    Ok(())
}

/// A tuple that is built and unpacked at once only reorders the stack.
fn unpack_built_tuple(instructions: &mut [Instruction]) -> bool {
    let [build, unpack, ..] = instructions else { return false };
    if !unpack.is(CompilerOpcode::UnpackSequence) || unpack.oparg != build.oparg {
        return false;
    }
    match build.oparg {
        1 => unpack.set_nop(),
        2 | 3 => unpack.opcode = CompilerOpcode::Swap,
        _ => return false,
    }
    build.set_nop();
    true
}

/// Of two stores to a local on one line only the second counts.
fn drop_overwritten_store(instructions: &mut [Instruction]) {
    let [store, next, ..] = instructions else { return };
    if next.is(CompilerOpcode::StoreFast) && next.oparg == store.oparg && next.location.line == store.location.line {
        store.set(CompilerOpcode::PopTop, 0);
    }
}

/// Joins a test with a `TO_BOOL` or `UNARY_NOT` that follows it.
fn merge_truth_test(instructions: &mut [Instruction]) -> bool {
    let [test, next, ..] = instructions else { return false };
    let replacement = match (test.opcode, next.opcode) {
        (CompilerOpcode::CompareOp, CompilerOpcode::ToBool) => (test.opcode, test.oparg | COMPARE_TO_BOOL),
        (CompilerOpcode::ContainsOp | CompilerOpcode::IsOp, CompilerOpcode::ToBool) => (test.opcode, test.oparg),
        (CompilerOpcode::ContainsOp | CompilerOpcode::IsOp, CompilerOpcode::UnaryNot) => (test.opcode, test.oparg ^ 1),
        (CompilerOpcode::ToBool, CompilerOpcode::ToBool) => (next.opcode, next.oparg),
        (CompilerOpcode::UnaryNot, CompilerOpcode::ToBool) => (CompilerOpcode::UnaryNot, 0),
        (CompilerOpcode::UnaryNot, CompilerOpcode::UnaryNot) => (CompilerOpcode::Nop, 0),
        _ => return false,
    };
    test.set_nop();
    next.set(replacement.0, replacement.1);
    true
}

/// A jump to a jump goes where that one goes.
fn thread_jump(graph: &mut FlowGraph, id: BlockId, index: usize) -> Outcome {
    let jump = graph[id].instructions()[index];
    let Some(target) = jump.target else { return Outcome::GoOn };
    let Some(landing) = graph[target].first().copied() else { return Outcome::GoOn };
    use CompilerOpcode::{
        Jump, JumpIfFalse, JumpIfTrue, JumpNoInterrupt, PopJumpIfFalse, PopJumpIfNone, PopJumpIfNotNone, PopJumpIfTrue,
    };
    let threaded = match (jump.opcode, landing.opcode) {
        (PopJumpIfNone | PopJumpIfNotNone | PopJumpIfFalse | PopJumpIfTrue, Jump) => jump.opcode,
        (JumpIfFalse, Jump | JumpIfFalse) | (JumpIfTrue, Jump | JumpIfTrue) => jump.opcode,
        (JumpIfFalse, JumpIfTrue) | (JumpIfTrue, JumpIfFalse) => {
            // The other test does not jump: control goes on after it.
            let Some(next) = graph[target].next else { return Outcome::GoOn };
            graph[id].instructions_mut()[index].target = Some(next);
            return Outcome::Again;
        }
        (Jump | JumpNoInterrupt, Jump) => Jump,
        (Jump | JumpNoInterrupt, JumpNoInterrupt) => jump.opcode,
        _ => return Outcome::GoOn,
    };
    // Otherwise nothing would change, for ever.
    if landing.target == jump.target {
        return Outcome::GoOn;
    }
    // The NOP keeps the line of the jump, in case that is needed.
    graph[id].instructions_mut()[index].set_nop();
    graph[id].add(threaded, 0, landing.target, landing.location);
    Outcome::Again
}
