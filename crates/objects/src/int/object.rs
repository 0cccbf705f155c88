//! The int object: its layout, how ints are made and read.
//!
//! ```text
//! 0       16   24
//! header  tag  digits of 30 bits, least significant first
//! ```
//! The tag holds the sign in bits 0 and 1 (0 positive, 1 zero, 2 negative) and the number of digits from bit 3 on. The invariants: there
//! are no leading zeros; every int has room for one digit, which is 0 in zero; an exact int in the range of the shared ones is the
//! shared one.

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr::{self, NonNull};

use layout::{PyLongObject, PyObject};
use macros::Instance;
use numeric::integer::Integer;
use numeric::signed::Signed;

use crate::errors::PyResult;
use crate::raise;
use crate::refs::{Header, Object, Py, cast, deallocate_instance};
use crate::thread::Thread;
use crate::types::{Instance as _, Type};

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

const _: () = assert!(
    size_of::<Int>() == offset_of!(PyLongObject, long_value.ob_digit)
        && offset_of!(Int, tag) == offset_of!(PyLongObject, long_value.lv_tag)
);

/// Bytes of an int of so many digits.
#[inline(always)]
const fn block_size(digits: usize) -> usize {
    size_of::<Int>() + if digits == 0 { 1 } else { digits } * size_of::<u32>()
}

/// The tag of an int of this sign and size.
#[inline(always)]
const fn tag(negative: bool, digits: usize) -> usize {
    let sign = if digits == 0 {
        1
    } else if negative {
        2
    } else {
        0
    };
    digits << NON_SIZE_BITS | sign
}

// Making integers.
impl Int {
    /// The head of a static integer.
    pub(super) const fn immortal(tag: usize) -> Self {
        let class = ptr::from_ref(Self::DECLARATION).cast_mut().cast();
        Self { header: Header::immortal(class), tag: Cell::new(tag) }
    }

    /// Memory for an exact int whose digits are to be filled in, or None.
    #[inline(always)]
    fn allocate(tag: usize, digits: usize, thread: &mut Thread) -> Option<NonNull<Int>> {
        let block = NonNull::new(thread.allocator().allocate(block_size(digits)))?;
        Some(Self::begin(block, tag))
    }

    /// An exact int at the start of a block that has room for it.
    #[inline(always)]
    fn begin(block: NonNull<u8>, tag: usize) -> NonNull<Int> {
        let int = block.cast::<Int>();
        // SAFETY: the block has room for the head.
        unsafe { int.write(Int { header: Header::new(Int::class()), tag: Cell::new(tag) }) };
        int
    }

    /// A new integer of these digits, as many as `N` of them, which is not shared.
    #[inline(always)]
    fn new_exact<const N: usize>(negative: bool, digits: [u32; N], thread: &mut Thread) -> Py<Int> {
        let int = Self::begin(thread.allocator().allocate_surely(block_size(N)), tag(negative, N));
        // SAFETY: the block has room for the digits after the head, and its one reference goes to the result.
        unsafe {
            int.add(1).cast::<[u32; N]>().write(digits);
            Py::steal(int)
        }
    }

    /// A new integer of one word that is not shared.
    #[inline(always)]
    pub(super) fn new_word(value: i64, thread: &mut Thread) -> Py<Int> {
        let magnitude = value.unsigned_abs();
        if magnitude <= DIGIT_MASK {
            return Self::new_exact(value < 0, [magnitude as u32], thread);
        }
        Self::new_long_word(value < 0, magnitude, thread)
    }

    /// Gives an exact int of one digit that nobody but the caller has another value, if that has one digit and is none of the shared
    /// ones: the loop's results take the place of its operands.
    ///
    /// # Safety
    /// The object is an exact int of one digit, and the caller has its only reference.
    #[inline(always)]
    pub unsafe fn overwrite(object: &Object, value: i64) -> bool {
        let magnitude = value.unsigned_abs();
        if magnitude > DIGIT_MASK || Self::shared(value).is_some() {
            return false;
        }
        // SAFETY: nobody else can look; the digit lies behind the head.
        unsafe {
            let int = object.as_pointer().cast::<Int>();
            (*int).tag.set(tag(value < 0, 1));
            int.add(1).cast::<u32>().write(magnitude as u32);
        }
        true
    }

    #[inline(never)]
    fn new_long_word(negative: bool, magnitude: u64, thread: &mut Thread) -> Py<Int> {
        let low = (magnitude & DIGIT_MASK) as u32;
        let middle = (magnitude >> DIGIT_BITS & DIGIT_MASK) as u32;
        match (magnitude >> (2 * DIGIT_BITS)) as u32 {
            0 => Self::new_exact(negative, [low, middle], thread),
            high => Self::new_exact(negative, [low, middle, high], thread),
        }
    }

    pub fn from_u64(value: u64, thread: &mut Thread) -> Py<Int> {
        match i64::try_from(value) {
            Ok(value) => Self::from_i64(value, thread),
            Err(_) => Self::new_long_word(false, value, thread),
        }
    }

    #[inline]
    pub fn from_i128(value: i128, thread: &mut Thread) -> Py<Int> {
        match i64::try_from(value) {
            Ok(value) => Self::from_i64(value, thread),
            Err(_) => Self::from_long_i128(value, thread),
        }
    }

    fn from_long_i128(value: i128, thread: &mut Thread) -> Py<Int> {
        let (mut digits, mut count) = ([0; 5], 0);
        let mut rest = value.unsigned_abs();
        while rest != 0 {
            digits[count] = (rest & u128::from(DIGIT_MASK)) as u32;
            rest >>= DIGIT_BITS;
            count += 1;
        }
        Self::from_digits(value < 0, &digits[..count], thread)
    }

    /// An integer of these digits, without leading zeros. The process ends where the system has no memory: for sizes that are bounded.
    pub fn from_digits(negative: bool, digits: &[u32], thread: &mut Thread) -> Py<Int> {
        if let Some(int) = Self::from_few_digits(negative, digits, thread) {
            return int;
        }
        let block = thread.allocator().allocate_surely(block_size(digits.len()));
        // SAFETY: the block has room for the digits.
        unsafe { Self::fill(Self::begin(block, tag(negative, digits.len())), digits) }
    }

    fn try_from_digits(negative: bool, digits: &[u32], thread: &mut Thread) -> Option<Py<Int>> {
        if let Some(int) = Self::from_few_digits(negative, digits, thread) {
            return Some(int);
        }
        let int = Self::allocate(tag(negative, digits.len()), digits.len(), thread)?;
        // SAFETY: the block has room for the digits.
        Some(unsafe { Self::fill(int, digits) })
    }

    /// The integer of at most one digit, which may be a shared one.
    fn from_few_digits(negative: bool, digits: &[u32], thread: &mut Thread) -> Option<Py<Int>> {
        debug_assert!(digits.last() != Some(&0));
        if digits.len() > 1 {
            return None;
        }
        let magnitude = digits.first().map_or(0, |digit| i64::from(*digit));
        Some(Self::from_i64(if negative { -magnitude } else { magnitude }, thread))
    }

    /// # Safety
    /// The int is new, and there is room for the digits after its head.
    unsafe fn fill(int: NonNull<Int>, digits: &[u32]) -> Py<Int> {
        // SAFETY: the caller's promise; the int's one reference goes to the result.
        unsafe {
            ptr::copy_nonoverlapping(digits.as_ptr(), int.add(1).cast::<u32>().as_ptr(), digits.len());
            Py::steal(int)
        }
    }

    /// An integer from what an algorithm computed, or MemoryError.
    pub fn from_integer(value: &Integer, thread: &mut Thread) -> PyResult<Py<Int>> {
        match Self::try_from_digits(value.is_negative(), value.digits(), thread) {
            Some(int) => Ok(int),
            None => Err(thread.raise_memory_error()),
        }
    }

    /// An instance of `class`, a subtype of int, with this value.
    pub(super) fn copy_in(&self, class: &Type, thread: &mut Thread) -> PyResult<Py<Int>> {
        let digits = self.digits();
        let value = Int { header: Header::new(Int::class()), tag: Cell::new(tag(self.is_negative(), digits.len())) };
        let int = Py::allocate_in(class, digits.len().max(1) * size_of::<u32>(), value, thread)?;
        // SAFETY: the block has room for the digits after the head, zeroed so far.
        unsafe {
            let target = int.as_pointer().cast::<Int>().add(1).cast::<u32>();
            ptr::copy_nonoverlapping(digits.as_ptr(), target, digits.len());
        }
        Ok(int)
    }

    /// The same value as an exact int: what operators give for instances of subtypes.
    #[inline]
    pub fn to_exact(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        if self.is_exactly::<Int>() {
            return Ok(Py::from_ref(self));
        }
        match Self::try_from_digits(self.is_negative(), self.digits(), thread) {
            Some(int) => Ok(int),
            None => Err(thread.raise_memory_error()),
        }
    }
}

// Reading.
impl Int {
    /// The object as an int, subtypes included.
    #[inline(always)]
    pub fn of(object: &Object) -> Option<&Int> {
        // SAFETY: the flag is only in int and its subtypes.
        object.class().has_flag(layout::Py_TPFLAGS_LONG_SUBCLASS).then(|| unsafe { cast(object) })
    }

    /// The first digit.
    #[inline(always)]
    fn first_digit(&self) -> u32 {
        // SAFETY: every int has room for one digit, which is 0 in zero.
        unsafe { ptr::from_ref(self).add(1).cast::<u32>().read() }
    }

    /// The value of an integer of at most one digit; None for longer ones.
    #[inline(always)]
    pub fn compact_value(&self) -> Option<isize> {
        let tag = self.tag.get();
        if tag >= 2 << NON_SIZE_BITS {
            return None;
        }
        Some((1 - (tag & SIGN_MASK) as isize) * self.first_digit() as isize)
    }

    /// The value of an integer of at most two digits, 60 bits; None for longer ones.
    #[inline(always)]
    pub(super) fn short_value(&self) -> Option<i64> {
        let tag = self.tag.get();
        if tag >= 3 << NON_SIZE_BITS {
            return None;
        }
        let mut magnitude = i64::from(self.first_digit());
        if tag >= 2 << NON_SIZE_BITS {
            // SAFETY: the tag says that there are two digits.
            magnitude |= i64::from(unsafe { ptr::from_ref(self).add(1).cast::<u32>().add(1).read() }) << DIGIT_BITS;
        }
        Some((1 - (tag & SIGN_MASK) as i64) * magnitude)
    }

    #[inline(always)]
    pub fn is_zero(&self) -> bool {
        self.tag.get() & SIGN_MASK == 1
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
            let first = ptr::from_ref(self).add(1).cast::<u32>();
            std::slice::from_raw_parts(first, self.tag.get() >> NON_SIZE_BITS)
        }
    }

    /// What the algorithms of `numeric` take.
    #[inline]
    pub fn signed(&self) -> Signed<'_> {
        Signed::new(self.is_negative(), self.digits())
    }

    #[inline]
    pub fn to_i64(&self) -> Option<i64> {
        match self.short_value() {
            Some(value) => Some(value),
            None => self.signed().to_i64(),
        }
    }

    /// The value as `i128`; None if it has more than four digits.
    #[inline]
    pub fn to_i128(&self) -> Option<i128> {
        if let Some(value) = self.short_value() {
            return Some(i128::from(value));
        }
        if self.digits().len() > 4 {
            return None;
        }
        let magnitude = self.digits().iter().rev().fold(0i128, |value, digit| value << 30 | i128::from(*digit));
        Some(if self.is_negative() { -magnitude } else { magnitude })
    }

    /// The nearest float; OverflowError if it is too large.
    pub fn to_f64(&self, thread: &mut Thread) -> PyResult<f64> {
        if let Some(value) = self.compact_value() {
            return Ok(value as f64);
        }
        match numeric::convert::float::to_f64(self.signed()) {
            Ok(value) => Ok(value),
            Err(error) => Err(raise!(thread, OverflowError, "{error}")),
        }
    }

    /// `hash(self)`: the value modulo 2**61 - 1, with the sign.
    #[inline]
    pub fn hash_value(&self) -> isize {
        match self.compact_value() {
            Some(-1) => -2,
            Some(value) => value,
            None => numeric::convert::hash::hash_integer(self.signed()) as isize,
        }
    }

    /// Equality of the values.
    #[inline]
    pub fn equals(&self, other: &Int) -> bool {
        // The bit that marks shared ints says nothing of the value.
        const VALUE: usize = !(layout::IMMORTALITY_BIT_MASK);
        self.tag.get() & VALUE == other.tag.get() & VALUE
            && self.first_digit() == other.first_digit()
            && self.digits() == other.digits()
    }
}

/// `tp_dealloc` of int: exact ones go straight back to the allocator.
///
/// # Safety
/// Called as `tp_dealloc`: the object's count is zero, and it is an int.
pub(super) unsafe extern "C-unwind" fn deallocate(object: *mut PyObject) {
    // SAFETY: the memory is intact, and the object is an int.
    let int = unsafe { &*object.cast::<Int>() };
    if !int.is_exactly::<Int>() {
        // SAFETY: this function's contract.
        return unsafe { deallocate_instance::<Int>(object) };
    }
    let size = block_size(int.tag.get() >> NON_SIZE_BITS);
    // SAFETY: objects only exist while their thread is attached; an exact int is one block of this size, which nobody uses any more.
    unsafe { Thread::current().allocator().free_sized(object.cast(), size) };
}
