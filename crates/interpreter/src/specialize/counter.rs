//! Counters that back off: a value in the upper 12 bits, an exponent in the lower 4.
//!
//! The counter is due when its value reaches zero; after a failure it starts again from 2**(exponent + 1) − 1 with the exponent one higher, up to
//! 12. The initial values are CPython 3.14's, so that both specialize at the same time.

pub use bytecode::counter::initial;
use bytecode::counter::{BACKOFF_BITS, counter};

const MAXIMUM_BACKOFF: u16 = 12;

/// After specializing, and after giving it up.
pub const COOLDOWN: u16 = counter(52, 0);

#[inline(always)]
pub fn is_zero(counter: u16) -> bool {
    counter < 1 << BACKOFF_BITS
}

#[inline(always)]
pub fn decremented(counter: u16) -> u16 {
    counter - (1 << BACKOFF_BITS)
}

/// The counter after a failure.
pub fn backed_off(value: u16) -> u16 {
    let backoff = value & ((1 << BACKOFF_BITS) - 1);
    if backoff < MAXIMUM_BACKOFF {
        counter((1 << (backoff + 1)) - 1, backoff + 1)
    } else {
        counter((1 << MAXIMUM_BACKOFF) - 1, MAXIMUM_BACKOFF)
    }
}
