//! Specializing operators, comparisons, subscripts, unpacking and iteration by the exact types of their operands.

use builtins::range::RangeIterator;
use builtins::set::SetObject;
use bytecode::instruction::Opcode;
use bytecode::instruction::operands::BinaryOperator;
use objects::bool::Bool;
use objects::dict::Dict;
use objects::float::Float;
use objects::int::Int;
use objects::list::{List, ListIterator};
use objects::refs::Object;
use objects::slice::Slice;
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::{Tuple, TupleIterator};

use super::{give_up, specialize, write_u32};
use crate::code::CodeUnitPointer;
use crate::generator::Generator;
use crate::ops::{extended, getitem_function};

/// Specializes `BINARY_OP`. `in_place` says that the result goes into the local variable that the left operand comes from.
#[inline(never)]
pub(crate) fn binary_op(
    caches: CodeUnitPointer,
    left: &Object,
    right: &Object,
    oparg: u32,
    in_place: bool,
    thread: &mut Thread,
) {
    use BinaryOperator::*;
    let ints = left.is_exactly::<Int>() && right.is_exactly::<Int>();
    let floats = left.is_exactly::<Float>() && right.is_exactly::<Float>();
    let strings = left.is_exactly::<Str>() && right.is_exactly::<Str>();
    let opcode = match BinaryOperator::from_number(oparg) {
        Some(Add | InplaceAdd) if ints => Opcode::BinaryOpAddInt,
        Some(Add | InplaceAdd) if floats => Opcode::BinaryOpAddFloat,
        Some(Add | InplaceAdd) if strings && in_place => Opcode::BinaryOpInplaceAddUnicode,
        Some(Add | InplaceAdd) if strings => Opcode::BinaryOpAddUnicode,
        Some(Subtract | InplaceSubtract) if ints => Opcode::BinaryOpSubtractInt,
        Some(Subtract | InplaceSubtract) if floats => Opcode::BinaryOpSubtractFloat,
        Some(Multiply | InplaceMultiply) if ints => Opcode::BinaryOpMultiplyInt,
        Some(Multiply | InplaceMultiply) if floats => Opcode::BinaryOpMultiplyFloat,
        Some(Subscript) => return subscript(caches, left, right, thread),
        Some(operator) if extended(operator, left, right).is_some() => Opcode::BinaryOpExtend,
        _ => return give_up(caches),
    };
    specialize(caches, opcode)
}

fn subscript(caches: CodeUnitPointer, container: &Object, key: &Object, thread: &mut Thread) {
    let index = is_index(key);
    let opcode = if container.is_exactly::<List>() && index {
        Opcode::BinaryOpSubscrListInt
    } else if container.is_exactly::<List>() && key.is_exactly::<Slice>() {
        Opcode::BinaryOpSubscrListSlice
    } else if container.is_exactly::<Tuple>() && index {
        Opcode::BinaryOpSubscrTupleInt
    } else if container.is_exactly::<Str>() && index {
        Opcode::BinaryOpSubscrStrInt
    } else if container.is_exactly::<Dict>() {
        Opcode::BinaryOpSubscrDict
    } else if getitem_function(container, thread).is_some() {
        Opcode::BinaryOpSubscrGetitem
    } else {
        return give_up(caches);
    };
    specialize(caches, opcode)
}

/// True for an int of at most one digit that is not negative.
fn is_index(key: &Object) -> bool {
    key.downcast_exact::<Int>().and_then(Int::compact_value).is_some_and(|it| it >= 0)
}

#[inline(never)]
pub(crate) fn store_subscr(caches: CodeUnitPointer, container: &Object, key: &Object) {
    if container.is_exactly::<List>() && is_index(key) {
        specialize(caches, Opcode::StoreSubscrListInt)
    } else if container.is_exactly::<Dict>() {
        specialize(caches, Opcode::StoreSubscrDict)
    } else {
        give_up(caches)
    }
}

#[inline(never)]
pub(crate) fn compare_op(caches: CodeUnitPointer, left: &Object, right: &Object, oparg: u32) {
    let equality = matches!(oparg >> 5, 2 | 3);
    let compact = |value: &Object| value.downcast_exact::<Int>().is_some_and(|it| it.compact_value().is_some());
    if left.is_exactly::<Float>() && right.is_exactly::<Float>() {
        specialize(caches, Opcode::CompareOpFloat)
    } else if compact(left) && compact(right) {
        specialize(caches, Opcode::CompareOpInt)
    } else if equality && left.is_exactly::<Str>() && right.is_exactly::<Str>() {
        specialize(caches, Opcode::CompareOpStr)
    } else {
        give_up(caches)
    }
}

#[inline(never)]
pub(crate) fn contains_op(caches: CodeUnitPointer, container: &Object) {
    if container.is_exactly::<Dict>() {
        specialize(caches, Opcode::ContainsOpDict)
    } else if SetObject::of_exact(container).is_some() {
        specialize(caches, Opcode::ContainsOpSet)
    } else {
        give_up(caches)
    }
}

#[inline(never)]
pub(crate) fn to_bool(caches: CodeUnitPointer, value: &Object, thread: &mut Thread) {
    let opcode = if value.is_exactly::<Bool>() {
        Opcode::ToBoolBool
    } else if value.is_exactly::<Int>() {
        Opcode::ToBoolInt
    } else if value.is_exactly::<List>() {
        Opcode::ToBoolList
    } else if value.is_none() {
        Opcode::ToBoolNone
    } else if value.is_exactly::<Str>() {
        Opcode::ToBoolStr
    } else if is_always_true(value) && value.class().assign_version(thread) {
        write_u32(caches, 1, value.class().slots().tp_version_tag.get());
        Opcode::ToBoolAlwaysTrue
    } else {
        return give_up(caches);
    };
    specialize(caches, opcode)
}

/// True if the type is not built in and has none of the slots that decide truth.
fn is_always_true(value: &Object) -> bool {
    if !value.class().has_flag(layout::Py_TPFLAGS_HEAPTYPE) {
        return false;
    }
    let slots = value.class().slots();
    // SAFETY: a type's method suites live as long as the type.
    unsafe {
        slots.tp_as_number.get().as_ref().is_none_or(|it| it.nb_bool.get().is_none())
            && slots.tp_as_mapping.get().as_ref().is_none_or(|it| it.mp_length.get().is_none())
            && slots.tp_as_sequence.get().as_ref().is_none_or(|it| it.sq_length.get().is_none())
    }
}

#[inline(never)]
pub(crate) fn unpack_sequence(caches: CodeUnitPointer, value: &Object, count: usize, _: &mut Thread) {
    match (value.downcast_exact::<Tuple>(), value.downcast_exact::<List>()) {
        (Some(tuple), _) if tuple.length() == count && count == 2 => specialize(caches, Opcode::UnpackSequenceTwoTuple),
        (Some(tuple), _) if tuple.length() == count => specialize(caches, Opcode::UnpackSequenceTuple),
        (_, Some(list)) if list.length() == count => specialize(caches, Opcode::UnpackSequenceList),
        _ => give_up(caches),
    }
}

#[inline(never)]
pub(crate) fn for_iter(caches: CodeUnitPointer, iterator: &Object) {
    let opcode = if iterator.is_exactly::<ListIterator>() {
        Opcode::ForIterList
    } else if iterator.is_exactly::<TupleIterator>() {
        Opcode::ForIterTuple
    } else if iterator.is_exactly::<RangeIterator>() {
        Opcode::ForIterRange
    } else if iterator.is_exactly::<Generator>() {
        Opcode::ForIterGen
    } else {
        return give_up(caches);
    };
    specialize(caches, opcode)
}

#[inline(never)]
pub(crate) fn send(caches: CodeUnitPointer, receiver: &Object) {
    if crate::generator::as_generator(receiver).is_some() {
        specialize(caches, Opcode::SendGen)
    } else {
        give_up(caches)
    }
}
