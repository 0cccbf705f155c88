//! Reading instructions out of the bytes of a code object.
//!
//! For the disassembler, monitoring, and whoever needs jump targets. Specialized and instrumented instructions are
//! decoded as what they are; their caches are those of the instruction that they stand for.

use crate::instruction::Opcode;

/// One instruction with its `EXTENDED_ARG` prefixes joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodedInstruction {
    /// Where its first prefix is, in code units.
    pub start: u32,
    /// Where its opcode is, in code units.
    pub offset: u32,
    /// Where the next instruction is, in code units.
    pub end: u32,
    /// None for a number that is no opcode.
    pub opcode: Option<Opcode>,
    pub oparg: u32,
}

impl DecodedInstruction {
    /// Where it can jump, in code units; None if it is no jump or the target lies before the code.
    pub fn jump_target(&self) -> Option<u32> {
        let opcode = self.opcode?;
        if !opcode.jumps() {
            return None;
        }
        if opcode.jumps_backward() { self.end.checked_sub(self.oparg) } else { self.end.checked_add(self.oparg) }
    }
}

/// The instructions of `code`, caches skipped. A trailing odd byte is ignored.
pub fn instructions(code: &[u8]) -> impl Iterator<Item = DecodedInstruction> {
    let (units, _) = code.as_chunks::<2>();
    let mut next = 0;
    std::iter::from_fn(move || {
        let start = next;
        let mut oparg = 0u32;
        loop {
            let [number, argument] = *units.get(next)?;
            let offset = next;
            next += 1;
            oparg = oparg << 8 | u32::from(argument);
            let opcode = Opcode::from_u8(number);
            if opcode == Some(Opcode::ExtendedArg) && next < units.len() {
                continue;
            }
            next += opcode.map_or(0, Opcode::cache_entries);
            return Some(DecodedInstruction {
                start: start as u32,
                offset: offset as u32,
                end: next as u32,
                opcode,
                oparg,
            });
        }
    })
}
