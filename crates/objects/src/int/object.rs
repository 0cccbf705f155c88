//! The int object: its layout, how ints are made and read.
//!
//! ```text
//! 0       16   24
//! header  tag  digits of 30 bits, least significant first
//! ```
//! The tag holds the sign in bits 0 and 1 (0 positive, 1 zero, 2 negative) and the number of digits from bit 3 on.

use std::cell::Cell;

use macros::{Instance, python_type};

use crate::refs::{Header, Py};
use crate::thread::Thread;
use crate::types::Instance as _;

/// An integer: the digits follow the tag.
#[derive(Instance)]
#[repr(C)]
pub struct Int {
    header: Header,
    tag: Cell<usize>,
}

const SIGN_MASK: usize = 3;
const DIGIT_BITS: u32 = 30;
const DIGIT_MASK: u64 = (1 << DIGIT_BITS) - 1;
pub(super) const NON_SIZE_BITS: u32 = 3;

impl Int {
    /// The head of a static integer.
    pub(super) const fn immortal(tag: usize) -> Self {
        let class = std::ptr::from_ref(Self::DECLARATION).cast_mut().cast();
        Self { header: Header::immortal(class), tag: Cell::new(tag) }
    }

    /// A new integer of one word that is not shared.
    #[inline]
    pub(super) fn new_word(value: i64, thread: &mut Thread) -> Py<Int> {
        let magnitude = value.unsigned_abs();
        let digits = [
            (magnitude & DIGIT_MASK) as u32,
            (magnitude >> DIGIT_BITS & DIGIT_MASK) as u32,
            (magnitude >> (2 * DIGIT_BITS)) as u32,
        ];
        let count = if digits[2] != 0 {
            3
        } else if digits[1] != 0 {
            2
        } else {
            1
        };
        Self::from_digits(value < 0, &digits[..count], thread)
    }

    /// The value of an integer of at most one digit; None for longer ones.
    #[inline(always)]
    pub fn compact_value(&self) -> Option<isize> {
        let tag = self.tag.get();
        if tag >= 2 << NON_SIZE_BITS {
            return None;
        }
        // The first digit exists also in zero, where it is 0.
        // SAFETY: every int has room for one digit.
        let digit = unsafe { std::ptr::from_ref(self).cast::<u8>().add(size_of::<Int>()).cast::<u32>().read() };
        Some((1 - (tag & SIGN_MASK) as isize) * digit as isize)
    }

    #[inline(always)]
    pub fn is_zero(&self) -> bool {
        self.tag.get() & SIGN_MASK == 1
    }

    pub fn from_i128(value: i128, thread: &mut Thread) -> Py<Int> {
        if let Ok(value) = i64::try_from(value) {
            return Self::from_i64(value, thread);
        }
        let mut digits = Vec::new();
        let mut rest = value.unsigned_abs();
        while rest != 0 {
            digits.push((rest & ((1 << 30) - 1)) as u32);
            rest >>= 30;
        }
        Self::from_digits(value < 0, &digits, thread)
    }

    /// An integer of these digits, without leading zeros.
    pub fn from_digits(negative: bool, digits: &[u32], thread: &mut Thread) -> Py<Int> {
        let sign = match (digits.is_empty(), negative) {
            (true, _) => 1,
            (false, false) => 0,
            (false, true) => 2,
        };
        let value = Int { header: Header::new(Int::class()), tag: Cell::new(digits.len() << NON_SIZE_BITS | sign) };
        let int = Py::allocate_in(Int::class(), digits.len().max(1) * 4, value, thread)
            .unwrap_or_else(|_| std::process::abort());
        // SAFETY: the block has room for the digits after the tag.
        unsafe {
            let target = int.as_pointer().cast::<u8>().add(size_of::<Int>()).cast::<u32>();
            std::ptr::copy_nonoverlapping(digits.as_ptr(), target, digits.len());
        }
        int
    }

    #[inline(always)]
    pub fn is_negative(&self) -> bool {
        self.tag.get() & SIGN_MASK == 2
    }

    /// The digits of the absolute value, least significant first.
    #[inline(always)]
    pub fn digits(&self) -> &[u32] {
        // SAFETY: the tag counts the digits that follow it.
        unsafe {
            let first = std::ptr::from_ref(self).cast::<u8>().add(size_of::<Int>()).cast::<u32>();
            std::slice::from_raw_parts(first, self.tag.get() >> NON_SIZE_BITS)
        }
    }

    pub fn to_i128(&self) -> Option<i128> {
        if self.digits().len() > 4 {
            return None;
        }
        let magnitude = self.digits().iter().rev().fold(0i128, |value, digit| value << 30 | i128::from(*digit));
        Some(if self.is_negative() { -magnitude } else { magnitude })
    }
}

#[python_type(
    name = "int", symbol = "PyLong_Type", base = crate::object::BaseObject, flags(BASETYPE, LONG_SUBCLASS), item_size = 4
)]
impl Int {}
