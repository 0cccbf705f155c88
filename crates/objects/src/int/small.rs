//! Small integers: the shared ones, and arithmetic on those of one digit, which the interpreter's loop does in line.

use super::Int;
use crate::refs::Py;
use crate::thread::Thread;
use crate::types::Shared;

/// The smallest shared integer.
const SMALLEST: i32 = -5;
/// How many are shared: −5 to 256, as in CPython.
const COUNT: usize = 262;

/// A shared integer: an int of at most one digit.
#[repr(C)]
struct SmallInt {
    int: Int,
    digit: u32,
}

static SMALL: Shared<[SmallInt; COUNT]> = Shared::new({
    let mut all = [const { SmallInt { int: Int::immortal(0), digit: 0 } }; COUNT];
    let mut index = 0;
    while index < COUNT {
        let value = SMALLEST + index as i32;
        all[index].int = Int::immortal(tag(value));
        all[index].digit = value.unsigned_abs();
        index += 1;
    }
    all
});

/// The tag of an integer of at most one digit, marked as shared.
const fn tag(value: i32) -> usize {
    let sign = match value {
        0 => 1,
        1.. => 0,
        _ => 2,
    };
    let digits = if value == 0 { 0 } else { 1 };
    digits << super::object::NON_SIZE_BITS | layout::IMMORTALITY_BIT_MASK | sign
}

impl Int {
    /// A shared integer, if `value` is one.
    #[inline(always)]
    pub fn shared(value: i64) -> Option<&'static Int> {
        let index = value.wrapping_sub(i64::from(SMALLEST)) as u64;
        if index < COUNT as u64 {
            // SAFETY: the array is never written after it was made.
            return Some(unsafe { &(*SMALL.get())[index as usize].int });
        }
        None
    }

    /// The shared integer of `LOAD_SMALL_INT`, whose argument is below 256.
    #[inline(always)]
    pub fn small(value: i32) -> &'static Int {
        Self::shared(i64::from(value)).expect("the argument is one byte")
    }

    /// An integer from a machine word: shared, or a new one.
    #[inline(always)]
    pub fn from_i64(value: i64, thread: &mut Thread) -> Py<Int> {
        match Self::shared(value) {
            Some(shared) => Py::from_ref(shared),
            None => Self::new_word(value, thread),
        }
    }
}

const _: () = assert!(size_of::<SmallInt>() == 32 && std::mem::offset_of!(SmallInt, digit) == 24);
