//! Counters that back off: a value in the upper 12 bits, an exponent in the lower 4.
//!
//! The counter is due when its value reaches zero; after a failure it starts again from 2**(exponent + 1) − 1 with the exponent one higher, up to
//! 12. The initial values are CPython 3.14's, so that both specialize at the same time.

use bytecode::instruction::Opcode;

const BACKOFF_BITS: u32 = 4;
const MAXIMUM_BACKOFF: u16 = 12;

const fn counter(value: u16, backoff: u16) -> u16 {
    value << BACKOFF_BITS | backoff
}

/// Of an instruction that has not run yet.
const WARMUP: u16 = counter(1, 1);
/// Of a backward jump, for which a second tier would be made.
const JUMP_BACKWARD: u16 = counter(4095, 12);
/// Of a conditional jump, for which a second tier would note which way it went: as often the one as the other.
const NO_BRANCHES: u16 = 0x5555;
/// After specializing, and after giving it up.
pub const COOLDOWN: u16 = counter(52, 0);

/// The counter of an instruction in new code.
pub const fn initial(opcode: Opcode) -> u16 {
    match opcode {
        Opcode::JumpBackward => JUMP_BACKWARD,
        Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue | Opcode::PopJumpIfNone | Opcode::PopJumpIfNotNone => {
            NO_BRANCHES
        }
        _ => WARMUP,
    }
}

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
