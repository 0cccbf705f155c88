//! Number operations: `+`, `-`, … and their in-place forms, `**`, the unary operators.
//!
//! One table makes a function for each operation and the array that the interpreter's `BINARY_OP` indexes by its argument. The order in which the
//! operands are asked is that of the language reference: the right one first if its class is a proper subclass of the left one's.

use std::cell::Cell;
use std::mem::offset_of;

use layout::{PyNumberMethods, binaryfunc, ternaryfunc};

use crate::errors::{PyResult, Raised};
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;

use super::call::result_from_c;
use super::mapping::sequence_methods;
use super::none;
use super::sequence::repeat_by;

/// A binary operation as a function.
pub type BinaryOperation = fn(&Object, &Object, &mut Thread) -> PyResult<Py<Object>>;

/// The number methods of an object's type.
#[inline(always)]
pub(super) fn number_methods(object: &Object) -> Option<&PyNumberMethods> {
    // SAFETY: a type's method suites live as long as the type.
    unsafe { object.class().slots().tp_as_number.get().as_ref() }
}

/// The function in a binary slot, given by its offset.
#[inline(always)]
fn binary_slot(object: &Object, offset: usize) -> Option<binaryfunc> {
    let methods = number_methods(object)?;
    // SAFETY: callers pass offsets of fields that hold a binary function or nothing.
    unsafe { (*std::ptr::from_ref(methods).cast::<u8>().add(offset).cast::<Cell<Option<binaryfunc>>>()).get() }
}

#[inline(always)]
fn call_binary(
    function: binaryfunc,
    left: &Object,
    right: &Object,
    thread: &mut Thread,
) -> PyResult<Option<Py<Object>>> {
    // SAFETY: the slot's protocol.
    let result = result_from_c(unsafe { function(left.as_pointer(), right.as_pointer()) }, thread)?;
    Ok((!result.is_not_implemented()).then_some(result))
}

/// Asks both operands; None if neither knows.
#[inline]
fn try_binary(left: &Object, right: &Object, offset: usize, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let left_slot = binary_slot(left, offset);
    let mut right_slot = None;
    if !std::ptr::eq(left.class(), right.class()) {
        right_slot =
            binary_slot(right, offset).filter(|right| left_slot.is_none_or(|left| !std::ptr::fn_addr_eq(left, *right)));
    }
    if let Some(function) = left_slot {
        if let Some(other) = right_slot
            && right.class().is_subtype(left.class())
        {
            right_slot = None;
            if let Some(result) = call_binary(other, left, right, thread)? {
                return Ok(Some(result));
            }
        }
        if let Some(result) = call_binary(function, left, right, thread)? {
            return Ok(Some(result));
        }
    }
    match right_slot {
        Some(function) => call_binary(function, left, right, thread),
        None => Ok(None),
    }
}

/// Asks the left operand for the in-place form, then both for the plain one.
fn try_inplace(
    left: &Object,
    right: &Object,
    inplace_offset: usize,
    offset: usize,
    thread: &mut Thread,
) -> PyResult<Option<Py<Object>>> {
    if let Some(function) = binary_slot(left, inplace_offset)
        && let Some(result) = call_binary(function, left, right, thread)?
    {
        return Ok(Some(result));
    }
    try_binary(left, right, offset, thread)
}

#[cold]
fn raise_unsupported(left: &Object, right: &Object, symbol: &str, thread: &mut Thread) -> Raised {
    let (left_class, right_class) = (left.class().full_name(), right.class().full_name());
    raise!(thread, TypeError, "unsupported operand type(s) for {symbol}: '{left_class}' and '{right_class}'")
}

/// `[1] + [2]`: what `+` falls back to.
fn concat_fallback(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let Some(function) = sequence_methods(left).and_then(|it| it.sq_concat.get()) else { return Ok(None) };
    // SAFETY: the slot's protocol.
    result_from_c(unsafe { function(left.as_pointer(), right.as_pointer()) }, thread).map(Some)
}

fn inplace_concat_fallback(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    match sequence_methods(left).and_then(|it| it.sq_inplace_concat.get()) {
        // SAFETY: the slot's protocol.
        Some(function) => result_from_c(unsafe { function(left.as_pointer(), right.as_pointer()) }, thread).map(Some),
        None => concat_fallback(left, right, thread),
    }
}

/// `[1] * 2` and `2 * [1]`: what `*` falls back to.
fn repeat_fallback(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    if let Some(function) = sequence_methods(left).and_then(|it| it.sq_repeat.get()) {
        return repeat_by(function, left, right, thread).map(Some);
    }
    match sequence_methods(right).and_then(|it| it.sq_repeat.get()) {
        Some(function) => repeat_by(function, right, left, thread).map(Some),
        None => Ok(None),
    }
}

/// The right operand is never changed: its in-place form is not asked, and it is asked at all only if the left one has no sequence methods.
fn inplace_repeat_fallback(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    if let Some(methods) = sequence_methods(left) {
        return match methods.sq_inplace_repeat.get().or_else(|| methods.sq_repeat.get()) {
            Some(function) => repeat_by(function, left, right, thread).map(Some),
            None => Ok(None),
        };
    }
    match sequence_methods(right).and_then(|it| it.sq_repeat.get()) {
        Some(function) => repeat_by(function, right, left, thread).map(Some),
        None => Ok(None),
    }
}

fn no_fallback(_: &Object, _: &Object, _: &mut Thread) -> PyResult<Option<Py<Object>>> {
    Ok(None)
}

/// Makes the functions and the table of binary operations, in the order of the arguments of `BINARY_OP`.
macro_rules! binary_operations {
    ($($name:ident $inplace_name:ident $slot:ident $inplace_slot:ident $symbol:literal $inplace_symbol:literal
       $fallback:ident $inplace_fallback:ident;)*) => {
        $(
            #[doc = concat!("`left ", $symbol, " right`.")]
            #[inline]
            pub fn $name(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                if let Some(result) = try_binary(left, right, offset_of!(PyNumberMethods, $slot), thread)? {
                    return Ok(result);
                }
                match $fallback(left, right, thread)? {
                    Some(result) => Ok(result),
                    None => Err(raise_unsupported(left, right, $symbol, thread)),
                }
            }

            #[doc = concat!("`left ", $inplace_symbol, " right`: gives what is to be assigned.")]
            pub fn $inplace_name(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                let (inplace, plain) = (offset_of!(PyNumberMethods, $inplace_slot), offset_of!(PyNumberMethods, $slot));
                if let Some(result) = try_inplace(left, right, inplace, plain, thread)? {
                    return Ok(result);
                }
                match $inplace_fallback(left, right, thread)? {
                    Some(result) => Ok(result),
                    None => Err(raise_unsupported(left, right, $inplace_symbol, thread)),
                }
            }
        )*
    };
}

binary_operations! {
    add inplace_add nb_add nb_inplace_add "+" "+=" concat_fallback inplace_concat_fallback;
    and inplace_and nb_and nb_inplace_and "&" "&=" no_fallback no_fallback;
    floor_divide inplace_floor_divide nb_floor_divide nb_inplace_floor_divide "//" "//=" no_fallback no_fallback;
    lshift inplace_lshift nb_lshift nb_inplace_lshift "<<" "<<=" no_fallback no_fallback;
    matrix_multiply inplace_matrix_multiply nb_matrix_multiply nb_inplace_matrix_multiply "@" "@=" no_fallback no_fallback;
    multiply inplace_multiply nb_multiply nb_inplace_multiply "*" "*=" repeat_fallback inplace_repeat_fallback;
    remainder inplace_remainder nb_remainder nb_inplace_remainder "%" "%=" no_fallback no_fallback;
    or inplace_or nb_or nb_inplace_or "|" "|=" no_fallback no_fallback;
    rshift inplace_rshift nb_rshift nb_inplace_rshift ">>" ">>=" no_fallback no_fallback;
    subtract inplace_subtract nb_subtract nb_inplace_subtract "-" "-=" no_fallback no_fallback;
    true_divide inplace_true_divide nb_true_divide nb_inplace_true_divide "/" "/=" no_fallback no_fallback;
    xor inplace_xor nb_xor nb_inplace_xor "^" "^=" no_fallback no_fallback;
}

/// The operations by the argument of `BINARY_OP` (`NB_ADD`, …); `NB_SUBSCR` comes last.
pub const BINARY_OPERATIONS: [BinaryOperation; 27] = [
    add,
    and,
    floor_divide,
    lshift,
    matrix_multiply,
    multiply,
    remainder,
    or,
    plain_power,
    rshift,
    subtract,
    true_divide,
    xor,
    inplace_add,
    inplace_and,
    inplace_floor_divide,
    inplace_lshift,
    inplace_matrix_multiply,
    inplace_multiply,
    inplace_remainder,
    inplace_or,
    inplace_plain_power,
    inplace_rshift,
    inplace_subtract,
    inplace_true_divide,
    inplace_xor,
    super::get_item,
];

/// `divmod(left, right)`.
pub fn divmod(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    match try_binary(left, right, offset_of!(PyNumberMethods, nb_divmod), thread)? {
        Some(result) => Ok(result),
        None => Err(raise_unsupported(left, right, "divmod()", thread)),
    }
}

fn power_slot(object: &Object) -> Option<ternaryfunc> {
    number_methods(object)?.nb_power.get()
}

fn call_power(function: ternaryfunc, operands: [&Object; 3], thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let [left, right, modulus] = operands.map(Object::as_pointer);
    // SAFETY: the slot's protocol.
    let result = result_from_c(unsafe { function(left, right, modulus) }, thread)?;
    Ok((!result.is_not_implemented()).then_some(result))
}

/// Asks the three operands; None if none knows.
fn try_power(operands: [&Object; 3], thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let [left, right, modulus] = operands;
    let left_slot = power_slot(left);
    let same = |one: Option<ternaryfunc>, other: ternaryfunc| one.is_some_and(|it| std::ptr::fn_addr_eq(it, other));
    let mut right_slot = None;
    if !std::ptr::eq(left.class(), right.class()) {
        right_slot = power_slot(right).filter(|it| !same(left_slot, *it));
    }
    let right_known = right_slot;
    if let Some(function) = left_slot {
        if let Some(other) = right_slot
            && right.class().is_subtype(left.class())
        {
            right_slot = None;
            if let Some(result) = call_power(other, operands, thread)? {
                return Ok(Some(result));
            }
        }
        if let Some(result) = call_power(function, operands, thread)? {
            return Ok(Some(result));
        }
    }
    if let Some(function) = right_slot
        && let Some(result) = call_power(function, operands, thread)?
    {
        return Ok(Some(result));
    }
    match power_slot(modulus).filter(|it| !same(left_slot, *it) && !same(right_known, *it)) {
        Some(function) => call_power(function, operands, thread),
        None => Ok(None),
    }
}

#[cold]
fn raise_unsupported_power(operands: [&Object; 3], symbol: &str, thread: &mut Thread) -> Raised {
    let [left, right, modulus] = operands;
    if modulus.is_none() {
        return raise_unsupported(left, right, symbol, thread);
    }
    let [left, right, modulus] = [left, right, modulus].map(|it| it.class().full_name());
    raise!(thread, TypeError, "unsupported operand type(s) for {symbol}: '{left}', '{right}', '{modulus}'")
}

/// `pow(base, exponent, modulus)`; None as modulus: `base ** exponent`.
pub fn power(base: &Object, exponent: &Object, modulus: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let operands = [base, exponent, modulus];
    match try_power(operands, thread)? {
        Some(result) => Ok(result),
        None => Err(raise_unsupported_power(operands, "** or pow()", thread)),
    }
}

/// `base **= exponent`.
pub fn inplace_power(base: &Object, exponent: &Object, modulus: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let operands = [base, exponent, modulus];
    if let Some(function) = number_methods(base).and_then(|it| it.nb_inplace_power.get())
        && let Some(result) = call_power(function, operands, thread)?
    {
        return Ok(result);
    }
    match try_power(operands, thread)? {
        Some(result) => Ok(result),
        None => Err(raise_unsupported_power(operands, "**=", thread)),
    }
}

fn plain_power(base: &Object, exponent: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    power(base, exponent, none(), thread)
}

fn inplace_plain_power(base: &Object, exponent: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    inplace_power(base, exponent, none(), thread)
}

/// Makes the functions of the unary operations.
macro_rules! unary_operations {
    ($($name:ident $slot:ident $symbol:literal;)*) => {
        $(
            #[doc = concat!("`", $symbol, "` of one operand.")]
            pub fn $name(operand: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                match number_methods(operand).and_then(|it| it.$slot.get()) {
                    // SAFETY: the slot's protocol.
                    Some(function) => result_from_c(unsafe { function(operand.as_pointer()) }, thread),
                    None => {
                        let class = operand.class().full_name();
                        Err(raise!(thread, TypeError, "bad operand type for {}: '{class}'", $symbol))
                    }
                }
            }
        )*
    };
}

unary_operations! {
    negative nb_negative "unary -";
    positive nb_positive "unary +";
    invert nb_invert "unary ~";
    absolute nb_absolute "abs()";
}
