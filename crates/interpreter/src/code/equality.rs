//! When two code objects are equal: when they do the same, from the same lines.
//!
//! Constants are compared by type and value, so that `1`, `1.0` and `True`, or `0.0` and `-0.0`, are different.

use builtins::bytes::Bytes;
use builtins::complex::Complex;
use builtins::set::FrozenSet;
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::protocol;
use objects::refs::Object;
use objects::slice::Slice;
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use super::Code;

/// `code == other`.
pub(super) fn equal(code: &Code, other: &Code, thread: &mut Thread) -> PyResult<bool> {
    let numbers = |it: &Code| {
        (it.argument_count(), it.positional_only_count(), it.keyword_only_count(), it.flags(), it.first_line())
    };
    Ok(numbers(code) == numbers(other)
        && code.name().equals(other.name())
        && code.original_code() == other.original_code()
        && same_constants(code.constants(), other.constants(), thread)?
        && protocol::equals(code.names(), other.names(), thread)?
        && protocol::equals(code.locals_plus_names(), other.locals_plus_names(), thread)?
        && code.line_table().as_slice() == other.line_table().as_slice()
        && code.exception_table().as_slice() == other.exception_table().as_slice())
}

fn same_constants(left: &Tuple, right: &Tuple, thread: &mut Thread) -> PyResult<bool> {
    if left.length() != right.length() {
        return Ok(false);
    }
    for (left, right) in left.items().iter().zip(right.items()) {
        if !same_constant(left, right, thread)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn same_constant(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<bool> {
    if left.is(right) {
        return Ok(true);
    }
    if !std::ptr::eq(left.class(), right.class()) {
        return Ok(false);
    }
    thread.check_stack(" while comparing constants")?;
    if let (Some(left), Some(right)) = (left.downcast_exact::<Float>(), right.downcast_exact::<Float>()) {
        return Ok(left.value().to_bits() == right.value().to_bits());
    }
    if let (Some(left), Some(right)) = (left.downcast_exact::<Complex>(), right.downcast_exact::<Complex>()) {
        let bits = |it: &Complex| (it.real().to_bits(), it.imaginary().to_bits());
        return Ok(bits(left) == bits(right));
    }
    if let (Some(left), Some(right)) = (left.downcast_exact::<Tuple>(), right.downcast_exact::<Tuple>()) {
        return same_constants(left, right, thread);
    }
    if let (Some(left), Some(right)) = (left.downcast_exact::<Code>(), right.downcast_exact::<Code>()) {
        return equal(left, right, thread);
    }
    if left.is_exactly::<FrozenSet>() {
        return same_sets(left, right, thread);
    }
    let by_value = left.is_exactly::<Str>()
        || left.is_exactly::<Bytes>()
        || left.is_exactly::<Int>()
        || left.is_exactly::<Bool>()
        || left.is_exactly::<Slice>();
    if by_value { protocol::equals(left, right, thread) } else { Ok(false) }
}

/// Sets are the same if they are equal, and each member has one of the same type in the other.
fn same_sets(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<bool> {
    if !protocol::equals(left, right, thread)? {
        return Ok(false);
    }
    let (left, right) = (protocol::collect(left, thread)?, protocol::collect(right, thread)?);
    'members: for member in &left {
        if member.is_exactly::<Str>() || member.is_exactly::<Bytes>() {
            // Nothing of another type is equal to these.
            continue;
        }
        for other in &right {
            if same_constant(member, other, thread)? {
                continue 'members;
            }
        }
        return Ok(false);
    }
    Ok(true)
}

/// `hash(code)`.
pub(super) fn hash(code: &Code, thread: &mut Thread) -> PyResult<isize> {
    let mut hash = code.name().hash_value() as usize;
    let mut mix = |value: usize| hash = (hash ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    mix(protocol::hash(code.names(), thread)? as usize);
    mix(protocol::hash(code.locals_plus_names(), thread)? as usize);
    mix(protocol::hash(code.constants(), thread)? as usize);
    mix(code.line_table().hash_value() as usize);
    mix(code.exception_table().hash_value() as usize);
    for number in [code.argument_count(), code.positional_only_count(), code.keyword_only_count()] {
        mix(number);
    }
    mix(code.flags() as usize);
    mix(code.first_line() as usize);
    for byte in code.original_code() {
        mix(usize::from(byte));
    }
    Ok(hash as isize)
}
