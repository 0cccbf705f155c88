//! The operators of integers, as functions on `Int`. Called by the type's slots, by `range` and by the interpreter.
//!
//! Operands of at most two digits are computed in machine words, without the heap; everything else goes to `numeric`.

use std::cmp::Ordering;

use numeric::digits::TooLarge;
use numeric::integer::Integer;
use numeric::signed::{self, Signed};

use super::{Int, library};
use crate::errors::{PyResult, Raised};
use crate::float::Float;
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;

/// Both operands as machine words of 60 bits, if they fit.
#[inline(always)]
fn short_values(left: &Int, right: &Int) -> Option<(i64, i64)> {
    Some((left.short_value()?, right.short_value()?))
}

#[cold]
fn raise_division_by_zero(thread: &mut Thread) -> Raised {
    raise!(thread, ZeroDivisionError, "division by zero")
}

/// The result of an operation that may have been too large for memory.
fn made(result: Result<Integer, TooLarge>, thread: &mut Thread) -> PyResult<Py<Int>> {
    match result {
        Ok(value) => Int::from_integer(&value, thread),
        Err(TooLarge) => Err(thread.raise_memory_error()),
    }
}

/// Bytes for each digit of the operands that multiplication and what rests on it take, measured: the result, what it is computed in, and
/// the operands in the form of the algorithms.
pub const WORKING_BYTES: usize = 200;
/// The same for what goes through the digits once.
const PLAIN_BYTES: usize = 16;

/// Defines an operation by its form on machine words of 60 bits, whose result fits 128 bits, its form on integers of any size, and the
/// bytes for each digit that this takes: where there is no room for them, it could only end the process.
macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident: $short:expr, $long:path, $bytes:expr;)*) => {
        impl Int {
            $($(#[$doc])*
            #[inline]
            pub fn $name(&self, other: &Int, thread: &mut Thread) -> PyResult<Py<Int>> {
                if let Some((left, right)) = short_values(self, other) {
                    #[allow(clippy::redundant_closure_call, reason = "the expression is a parameter of the macro")]
                    let value = ($short)(left, right);
                    return Ok(value.into_int(thread));
                }
                self.check_room(other, $bytes, thread)?;
                Int::from_integer(&$long(self.signed(), other.signed()), thread)
            })*
        }
    };
}

/// Words that operations on short integers give.
trait Word {
    fn into_int(self, thread: &mut Thread) -> Py<Int>;
}

impl Word for i64 {
    #[inline(always)]
    fn into_int(self, thread: &mut Thread) -> Py<Int> {
        Int::from_i64(self, thread)
    }
}

impl Word for i128 {
    #[inline(always)]
    fn into_int(self, thread: &mut Thread) -> Py<Int> {
        Int::from_i128(self, thread)
    }
}

operations! {
    /// `self + other`
    add: |left: i64, right: i64| left + right, signed::add, PLAIN_BYTES;
    /// `self - other`
    subtract: |left: i64, right: i64| left - right, signed::sub, PLAIN_BYTES;
    /// `self * other`
    multiply: |left: i64, right: i64| i128::from(left) * i128::from(right), signed::mul, WORKING_BYTES;
    /// `self & other`
    and: |left: i64, right: i64| left & right, signed::and, PLAIN_BYTES;
    /// `self | other`
    or: |left: i64, right: i64| left | right, signed::or, PLAIN_BYTES;
    /// `self ^ other`
    xor: |left: i64, right: i64| left ^ right, signed::xor, PLAIN_BYTES;
}

/// `divmod` of machine words, whose quotient rounds to minus infinity; the divisor is not zero.
#[inline(always)]
fn divmod_floor(left: i64, right: i64) -> (i64, i64) {
    // Operands have 60 bits, so the quotient cannot overflow.
    let (quotient, remainder) = (left / right, left % right);
    if remainder != 0 && (remainder < 0) != (right < 0) {
        (quotient - 1, remainder + right)
    } else {
        (quotient, remainder)
    }
}

impl Int {
    /// MemoryError unless there is room for so many bytes for each digit of both.
    #[inline]
    pub fn check_room(&self, other: &Int, bytes: usize, thread: &mut Thread) -> PyResult<()> {
        thread.check_room((self.digits().len() + other.digits().len()).saturating_mul(bytes))
    }
}

// Division.
impl Int {
    /// `divmod(self, other)`
    pub fn divmod(&self, other: &Int, thread: &mut Thread) -> PyResult<(Py<Int>, Py<Int>)> {
        if other.is_zero() {
            return Err(raise_division_by_zero(thread));
        }
        if let Some((left, right)) = short_values(self, other) {
            let (quotient, remainder) = divmod_floor(left, right);
            return Ok((Int::from_i64(quotient, thread), Int::from_i64(remainder, thread)));
        }
        self.check_room(other, WORKING_BYTES, thread)?;
        if let Some(result) = library::divmod(self, other, thread)? {
            return Ok(result);
        }
        let Some((quotient, remainder)) = signed::divmod_floor(self.signed(), other.signed()) else {
            return Err(raise_division_by_zero(thread));
        };
        Ok((Int::from_integer(&quotient, thread)?, Int::from_integer(&remainder, thread)?))
    }

    /// `self // other`
    #[inline]
    pub fn floor_divide(&self, other: &Int, thread: &mut Thread) -> PyResult<Py<Int>> {
        if let Some((left, right)) = short_values(self, other)
            && right != 0
        {
            return Ok(Int::from_i64(divmod_floor(left, right).0, thread));
        }
        self.check_room(other, WORKING_BYTES, thread)?;
        match signed::div_floor(self.signed(), other.signed()) {
            Some(quotient) => Int::from_integer(&quotient, thread),
            None => Err(raise_division_by_zero(thread)),
        }
    }

    /// `self % other`
    #[inline]
    pub fn remainder(&self, other: &Int, thread: &mut Thread) -> PyResult<Py<Int>> {
        if let Some((left, right)) = short_values(self, other)
            && right != 0
        {
            return Ok(Int::from_i64(divmod_floor(left, right).1, thread));
        }
        self.check_room(other, WORKING_BYTES, thread)?;
        match signed::mod_floor(self.signed(), other.signed()) {
            Some(remainder) => Int::from_integer(&remainder, thread),
            None => Err(raise_division_by_zero(thread)),
        }
    }

    /// `self / other`, correctly rounded.
    pub fn true_divide(&self, other: &Int, thread: &mut Thread) -> PyResult<Py<Float>> {
        use numeric::convert::float::TrueDivisionError;
        const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
        if let Some((left, right)) = short_values(self, other)
            && left.unsigned_abs() <= EXACT
            && right.unsigned_abs() <= EXACT
            && right != 0
        {
            return Ok(Float::new(left as f64 / right as f64, thread));
        }
        match numeric::convert::float::true_divide(self.signed(), other.signed()) {
            Ok(quotient) => Ok(Float::new(quotient, thread)),
            Err(TrueDivisionError::ZeroDivision) => Err(raise_division_by_zero(thread)),
            Err(error @ TrueDivisionError::Overflow) => Err(raise!(thread, OverflowError, "{error}")),
        }
    }
}

// Shifts and powers.
impl Int {
    /// `self << count`
    pub fn shift_left(&self, count: &Int, thread: &mut Thread) -> PyResult<Py<Int>> {
        if let Some((value, count)) = short_values(self, count)
            && (0..64).contains(&count)
        {
            return Ok(Int::from_i128(i128::from(value) << count, thread));
        }
        if count.is_negative() {
            return Err(raise!(thread, ValueError, "negative shift count"));
        }
        if self.is_zero() {
            return Ok(Int::from_i64(0, thread));
        }
        match count.signed().to_i128().and_then(|it| u64::try_from(it).ok()) {
            Some(count) => made(signed::shl(self.signed(), count), thread),
            None => Err(raise!(thread, OverflowError, "too many digits in integer")),
        }
    }

    /// `self >> count`
    pub fn shift_right(&self, count: &Int, thread: &mut Thread) -> PyResult<Py<Int>> {
        if count.is_negative() {
            return Err(raise!(thread, ValueError, "negative shift count"));
        }
        let places = count.signed().to_i128().and_then(|it| u64::try_from(it).ok()).unwrap_or(u64::MAX);
        if let Some(value) = self.short_value() {
            return Ok(Int::from_i64(value >> places.min(63), thread));
        }
        self.check_room(self, PLAIN_BYTES, thread)?;
        Int::from_integer(&signed::shr(self.signed(), places), thread)
    }

    /// `self ** exponent` for an exponent that is not negative.
    pub fn power(&self, exponent: &Int, thread: &mut Thread) -> PyResult<Py<Int>> {
        if let Some((base, exponent)) = short_values(self, exponent)
            && let Ok(exponent) = u32::try_from(exponent)
            && let Some(power) = i128::from(base).checked_pow(exponent)
        {
            return Ok(Int::from_i128(power, thread));
        }
        made(signed::pow(self.signed(), exponent.digits()), thread)
    }

    /// `pow(self, exponent, modulus)`
    pub fn power_modulo(&self, exponent: &Int, modulus: &Int, thread: &mut Thread) -> PyResult<Py<Int>> {
        modulus.check_room(modulus, WORKING_BYTES, thread)?;
        self.check_room(exponent, WORKING_BYTES, thread)?;
        match signed::pow_mod(self.signed(), exponent.signed(), modulus.signed()) {
            Ok(power) => Int::from_integer(&power, thread),
            Err(error) => Err(raise!(thread, ValueError, "{error}")),
        }
    }
}

// Operators of one operand, comparison.
impl Int {
    /// `-self`
    pub fn negative(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        match self.short_value() {
            Some(value) => Ok(Int::from_i64(-value, thread)),
            None => {
                self.check_room(self, PLAIN_BYTES, thread)?;
                Int::from_integer(&signed::neg(self.signed()), thread)
            }
        }
    }

    /// `abs(self)`
    pub fn absolute(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        if self.is_negative() { self.negative(thread) } else { self.to_exact(thread) }
    }

    /// `~self`
    pub fn invert(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        match self.short_value() {
            Some(value) => Ok(Int::from_i64(!value, thread)),
            None => {
                self.check_room(self, PLAIN_BYTES, thread)?;
                Int::from_integer(&signed::not(self.signed()), thread)
            }
        }
    }

    /// `round(self, places)`
    pub fn round_to(&self, places: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
        let places = crate::protocol::index(places, thread)?;
        if !places.is_negative() {
            return self.to_exact(thread);
        }
        let zeros = places.signed().to_i128().and_then(|it| u64::try_from(it.unsigned_abs()).ok()).unwrap_or(u64::MAX);
        self.check_room(self, WORKING_BYTES, thread)?;
        Int::from_integer(&signed::round_to_tens(self.signed(), zeros), thread)
    }

    /// Which is larger.
    #[inline]
    pub fn compare(&self, other: &Int) -> Ordering {
        match short_values(self, other) {
            Some((left, right)) => left.cmp(&right),
            None => self.signed().compare(other.signed()),
        }
    }

    /// The whole part of a float; OverflowError for infinities, ValueError for NaN.
    pub fn from_f64(value: f64, thread: &mut Thread) -> PyResult<Py<Int>> {
        /// Below this every whole float is a machine word.
        const WORDS: f64 = (1i64 << 62) as f64;
        if value.abs() < WORDS {
            return Ok(Int::from_i64(value as i64, thread));
        }
        match numeric::convert::float::from_f64(value) {
            Some(value) => Int::from_integer(&value, thread),
            None if value.is_nan() => Err(raise!(thread, ValueError, "cannot convert float NaN to integer")),
            None => Err(raise!(thread, OverflowError, "cannot convert float infinity to integer")),
        }
    }

    /// The number of bits of the absolute value.
    pub fn bit_length(&self) -> u64 {
        numeric::digits::bit_length(Signed::digits(self.signed()))
    }
}
