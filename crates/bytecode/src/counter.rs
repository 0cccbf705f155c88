//! Counters of instructions that specialize: what the first inline cache entry of each holds in new code.
//!
//! A counter is a value in the upper 12 bits and an exponent in the lower 4. The interpreter counts; here is where a counter begins, since the
//! assembler writes counters along with the instructions. The initial values are CPython 3.14's, so that both specialize at the same time.
//! Marshal data has zeros in their place.

use crate::instruction::Opcode;

pub const BACKOFF_BITS: u32 = 4;

/// A counter from its parts.
pub const fn counter(value: u16, backoff: u16) -> u16 {
    value << BACKOFF_BITS | backoff
}

/// Of an instruction that has not run yet.
const WARMUP: u16 = counter(1, 1);
/// Of a backward jump, for which a second tier would be made.
const JUMP_BACKWARD: u16 = counter(4095, 12);
/// Of a conditional jump, for which a second tier would note which way it went: as often the one as the other.
const NO_BRANCHES: u16 = 0x5555;

/// The counter of an instruction in new code, if it has caches.
pub const fn initial(opcode: Opcode) -> u16 {
    match opcode {
        Opcode::JumpBackward => JUMP_BACKWARD,
        Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue | Opcode::PopJumpIfNone | Opcode::PopJumpIfNotNone => {
            NO_BRANCHES
        }
        _ => WARMUP,
    }
}

/// The code with its counters as in new code.
pub fn wound_up(code: &[u8]) -> Vec<u8> {
    with_caches(code, initial)
}

/// The code with zeros for its counters, as `co_code` has it.
pub fn without_counters(code: &[u8]) -> Vec<u8> {
    with_caches(code, |_| 0)
}

fn with_caches(code: &[u8], first_cache: impl Fn(Opcode) -> u16) -> Vec<u8> {
    let mut code = code.to_vec();
    let mut index = 0;
    while let Some([number, _]) = code.get(index..).and_then(|it| it.first_chunk()) {
        let Some(opcode) = Opcode::from_u8(*number) else { break };
        let caches = opcode.cache_entries();
        if caches > 0
            && let Some(cache) = code.get_mut(index + 2..index + 4)
        {
            cache.copy_from_slice(&first_cache(opcode).to_le_bytes());
        }
        index += 2 * (1 + caches);
    }
    code
}
