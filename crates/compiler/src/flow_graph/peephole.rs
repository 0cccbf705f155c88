//! Local improvements: a few instructions become fewer, jumps to jumps go to where those go.
//!
//! What goes away becomes a `NOP`; `redundancy` removes these later.

use bytecode::instruction::CompilerOpcode;
use bytecode::instruction::operands::{COMPARE_TO_BOOL, UnaryIntrinsic};

use super::block::{BlockId, FlowGraph, Instruction};
use super::contents::Contents;
use super::error::FlowError;
use super::{fold, swaps};
use crate::unit::ConstantTable;

#[inline(never)]
pub(super) fn optimize_blocks(graph: &mut FlowGraph, constants: &mut ConstantTable<'_>) -> Result<(), FlowError> {
    graph.try_for_each_block(|graph, id| {
        let contents = graph[id].contents();
        if is_of_interest(contents) {
            let made = optimize_block(graph.instructions_mut(id), constants)?;
            if made.kinds != Contents::NOTHING {
                graph.note(id, made.kinds);
                graph.has_unused_constants |= made.has_folded;
            }
        }
        // Only the last can jump.
        while graph.last(id).is_some_and(|last| last.opcode.has_jump()) {
            if thread_jump(graph, id) == Outcome::GoOn {
                break;
            }
        }
        if graph.may_have(id, Contents::SWAP) {
            swaps::simplify(graph.instructions_mut(id));
            graph.refresh_contents(id);
        }
        Ok(())
    })
}

/// Whether there is something that may be improved, jumps aside.
#[inline]
pub(super) fn is_of_interest(contents: Contents) -> bool {
    contents.intersects(Contents::IMPROVABLE_ALONE) || contents.has_pairs(Contents::IMPROVABLE_PAIRS)
}

/// What instructions of a block became.
#[derive(Default)]
struct Made {
    kinds: Contents,
    /// Whether constants were computed, so that those that they were computed of may not be used any more.
    has_folded: bool,
}

/// Improves the instructions of a block that begin something known, or may end something.
fn optimize_block(instructions: &mut [Instruction], constants: &mut ConstantTable<'_>) -> Result<Made, FlowError> {
    let mut made = Made::default();
    let Some(first) = instructions.first() else { return Ok(made) };
    // What the instruction is together with the one before.
    let mut behind = Contents::NOTHING.pairs_with(Contents::NOTHING);
    let mut kinds = Contents::of_opcode(first.opcode);
    for index in 0..instructions.len() {
        let next = instructions.get(index + 1).map_or(Contents::NOTHING, |next| Contents::of_opcode(next.opcode));
        let pair = kinds.pairs_with(next);
        // One branch: which of them it is cannot be foreseen.
        let may_improve = kinds.intersects(Contents::IMPROVABLE_ALONE)
            | pair.intersects(Contents::IMPROVABLE_PAIRS)
            | behind.intersects(Contents::IMPROVABLE_BEHIND);
        if !may_improve {
            (behind, kinds) = (pair, next);
            continue;
        }
        let before = instructions[index];
        optimize_at(instructions, index, constants)?;
        let after = instructions[index];
        let next = instructions.get(index + 1).map_or(Contents::NOTHING, Contents::of);
        // Whatever is improved, the instruction at which it begins becomes another.
        if (before.opcode, before.oparg) != (after.opcode, after.oparg) {
            let kinds = made_of(&after);
            made.has_folded |= kinds.intersects(Contents::CONSTANT.with(Contents::WITHOUT_LINE));
            made.kinds = made.kinds.with(kinds).with(next);
        }
        (behind, kinds) = (Contents::of_opcode(after.opcode).pairs_with(next), next);
    }
    Ok(made)
}

/// The kinds that there are anew when an instruction became `after`.
fn made_of(after: &Instruction) -> Contents {
    let made = Contents::of(after)
        .with(Contents::of_opcode(CompilerOpcode::Nop))
        .with(Contents::of_pairs(Contents::POPPED_LOADS.or(Contents::LOCAL_PAIRS)));
    match after.opcode {
        // The operands have gone, and with them their lines.
        CompilerOpcode::LoadConst | CompilerOpcode::LoadSmallInt => made.with(Contents::WITHOUT_LINE),
        CompilerOpcode::ListExtend | CompilerOpcode::SetUpdate => {
            let load = Contents::of_opcode(CompilerOpcode::LoadConst);
            let build = Contents::of_opcode(CompilerOpcode::BuildList);
            made.with(load).with(build).with(Contents::WITHOUT_LINE)
        }
        _ => made,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    GoOn,
    /// The same place must be looked at again.
    Again,
}

/// Improves the instruction at `index` and those that it works with.
#[inline(never)]
fn optimize_at(
    instructions: &mut [Instruction],
    index: usize,
    constants: &mut ConstantTable<'_>,
) -> Result<(), FlowError> {
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

/// If the last instruction of a block jumps to a jump, it goes where that one goes.
fn thread_jump(graph: &mut FlowGraph, id: BlockId) -> Outcome {
    let Some((jump, target)) = graph.last(id).and_then(|jump| Some((jump, jump.target?))) else {
        return Outcome::GoOn;
    };
    let Some(landing) = graph.first(target).filter(|landing| landing.opcode.has_jump()) else {
        return Outcome::GoOn;
    };
    let (jump, landing) = (*jump, *landing);
    use CompilerOpcode::{
        Jump, JumpIfFalse, JumpIfTrue, JumpNoInterrupt, PopJumpIfFalse, PopJumpIfNone, PopJumpIfNotNone, PopJumpIfTrue,
    };
    let threaded = match (jump.opcode, landing.opcode) {
        (PopJumpIfNone | PopJumpIfNotNone | PopJumpIfFalse | PopJumpIfTrue, Jump) => jump.opcode,
        (JumpIfFalse, Jump | JumpIfFalse) | (JumpIfTrue, Jump | JumpIfTrue) => jump.opcode,
        (JumpIfFalse, JumpIfTrue) | (JumpIfTrue, JumpIfFalse) => {
            // The other test does not jump: control goes on after it.
            let Some(next) = graph[target].next else { return Outcome::GoOn };
            graph.flow_changed = true;
            if let Some(last) = graph.last_mut(id) {
                last.target = Some(next);
            }
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
    graph.flow_changed = true;
    graph.drop_last(id);
    graph.add(id, threaded, 0, landing.target, landing.location);
    Outcome::Again
}
