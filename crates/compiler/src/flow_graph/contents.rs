//! `Contents`: which kinds of instructions a block may have, so that a pass can leave out the blocks in which it has
//! nothing to do.
//!
//! [`super::Block`] gathers them as instructions come in. The invariant: a block's contents have the kinds of all its
//! instructions, and perhaps some more. Who changes an instruction in place says so with [`super::Block::note`], or has the
//! contents taken anew with [`super::Block::refresh_contents`].

use bytecode::instruction::{COMPILER_OPCODE_LIMIT, CompilerOpcode, InstructionFlags};

use super::block::Instruction;
use bytecode::location::Location;

/// A set of kinds of instructions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents(u32);

impl Contents {
    pub const NOTHING: Self = Self(0);
    pub const NOP: Self = Self(1 << 0);
    pub const POP_TOP: Self = Self(1 << 1);
    pub const SWAP: Self = Self(1 << 2);
    /// Loads of constants by their number.
    pub const CONSTANT: Self = Self(1 << 3);
    /// What `load_const` begins with: loads of constants of any kind.
    pub const ANY_CONSTANT: Self = Self(1 << 4);
    /// What `peephole` begins with, whatever comes next.
    pub const IMPROVABLE: Self = Self(1 << 5);
    /// Plain loads of locals, in pairs or alone.
    pub const LOAD_LOCAL: Self = Self(1 << 6);
    /// What may leave a local unbound.
    pub const UNBIND_LOCAL: Self = Self(1 << 7);
    /// Block-setup instructions.
    pub const SETUP: Self = Self(1 << 8);
    pub const POP_BLOCK: Self = Self(1 << 9);
    /// `YIELD_VALUE` and `RESUME`, between which handlers matter.
    pub const SUSPENSION: Self = Self(1 << 10);
    /// Pseudo-instructions that are replaced before the assembler sees them.
    pub const REPLACED: Self = Self(1 << 11);
    /// What `borrow` has rules of its own for.
    pub const UNUSUAL_STACK_USE: Self = Self(1 << 12);
    /// Instructions, of any kind, that lack a line: [`Location::NONE`].
    pub const WITHOUT_LINE: Self = Self(1 << 13);
    /// Instructions, of any kind, that are at [`Location::NEXT`].
    pub const AT_NEXT: Self = Self(1 << 14);
    /// What ends a block.
    pub const TERMINATOR: Self = Self(1 << 15);
    /// What binds or unbinds a local, or cannot go on if it is unbound.
    pub const BINDING: Self = Self(1 << 16);

    /// The pairs of instructions that `peephole` improves.
    pub const IMPROVABLE_PAIRS: Pair = Pair::TEST_OF_TEST.or(Pair::STORES).or(Pair::GLOBAL_TO_CALL);
    /// The pairs of instructions that `super_instructions` joins.
    pub const LOCAL_PAIRS: Pair = Pair::STORES.or(Pair::LOCAL_THEN_LOAD);

    /// Whether an instruction of these kinds and one of the kinds `next` after it are one of the pairs.
    #[inline(always)]
    pub const fn begins(self, pairs: Pair, next: Self) -> bool {
        self.0 >> Pair::FIRST & next.0 >> Pair::SECOND & pairs.0 != 0
    }

    #[inline(always)]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    #[inline(always)]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline(always)]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    #[inline(always)]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The kinds of an opcode.
    #[inline(always)]
    pub fn of_opcode(opcode: CompilerOpcode) -> Self {
        KINDS[opcode as usize % COMPILER_OPCODE_LIMIT]
    }

    /// The kinds of a location.
    #[inline(always)]
    pub fn of_location(location: Location) -> Self {
        let without_line = if location.line == Location::NONE.line { Self::WITHOUT_LINE.0 } else { 0 };
        let at_next = if location.line == Location::NEXT.line { Self::AT_NEXT.0 } else { 0 };
        Self(without_line | at_next)
    }

    #[inline(always)]
    pub fn of(instruction: &Instruction) -> Self {
        Self::of_opcode(instruction.opcode).with(Self::of_location(instruction.location))
    }
}

/// Pairs of instructions that belong together. What can be the first of a pair has a bit from [`Pair::FIRST`] on among its
/// kinds, what can be the second the same bit from [`Pair::SECOND`] on.
#[derive(Clone, Copy, Debug)]
pub struct Pair(u32);

impl Pair {
    const FIRST: u32 = 20;
    const SECOND: u32 = 26;

    const TEST_OF_TEST: Self = Self(1 << 0);
    const STORES: Self = Self(1 << 1);
    const GLOBAL_TO_CALL: Self = Self(1 << 2);
    const LOCAL_THEN_LOAD: Self = Self(1 << 3);

    const fn first(self) -> u32 {
        self.0 << Self::FIRST
    }

    const fn second(self) -> u32 {
        self.0 << Self::SECOND
    }

    const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

static KINDS: [Contents; COMPILER_OPCODE_LIMIT] = {
    let mut kinds = [Contents::NOTHING; COMPILER_OPCODE_LIMIT];
    let mut index = 0;
    while index < CompilerOpcode::ALL.len() {
        let opcode = CompilerOpcode::ALL[index];
        kinds[opcode as usize] = kinds_of(opcode);
        index += 1;
    }
    kinds
};

const fn kinds_of(opcode: CompilerOpcode) -> Contents {
    use CompilerOpcode as Op;
    let mut kinds = match opcode {
        Op::Nop => Contents::NOP,
        Op::PopTop => Contents::POP_TOP,
        Op::Swap => Contents::SWAP.with(Contents::IMPROVABLE).with(Contents::UNUSUAL_STACK_USE),
        Op::LoadConst | Op::LoadSmallInt => Contents::ANY_CONSTANT,
        Op::LoadFast | Op::LoadFastLoadFast | Op::StoreFastLoadFast => {
            Contents::LOAD_LOCAL.with(Contents::UNUSUAL_STACK_USE)
        }
        Op::StoreFast | Op::StoreFastStoreFast => Contents::UNUSUAL_STACK_USE,
        Op::DeleteFast | Op::LoadFastAndClear => Contents::UNBIND_LOCAL.with(Contents::UNUSUAL_STACK_USE),
        Op::StoreFastMaybeNull => Contents::UNBIND_LOCAL.with(Contents::REPLACED),
        Op::LoadClosure => Contents::REPLACED,
        Op::SetupFinally | Op::SetupCleanup | Op::SetupWith => {
            Contents::SETUP.with(Contents::REPLACED).with(Contents::UNUSUAL_STACK_USE)
        }
        Op::PopBlock => Contents::POP_BLOCK,
        Op::YieldValue | Op::Resume => Contents::SUSPENSION,
        Op::BuildTuple
        | Op::BuildList
        | Op::BuildSet
        | Op::UnaryNot
        | Op::UnaryInvert
        | Op::UnaryNegative
        | Op::CallIntrinsic1
        | Op::BinaryOp => Contents::IMPROVABLE,
        Op::ListAppend | Op::SetAdd => Contents::IMPROVABLE.with(Contents::UNUSUAL_STACK_USE),
        Op::Copy
        | Op::FormatSimple
        | Op::GetAnext
        | Op::GetLen
        | Op::GetYieldFromIter
        | Op::ImportFrom
        | Op::MatchKeys
        | Op::MatchMapping
        | Op::MatchSequence
        | Op::WithExceptStart
        | Op::DictMerge
        | Op::DictUpdate
        | Op::ListExtend
        | Op::MapAdd
        | Op::Reraise
        | Op::SetUpdate
        | Op::EndSend
        | Op::SetFunctionAttribute
        | Op::CheckExcMatch
        | Op::Send
        | Op::ForIter
        | Op::LoadAttr
        | Op::LoadSuperAttr
        | Op::LoadSpecial
        | Op::PushExcInfo => Contents::UNUSUAL_STACK_USE,
        _ => Contents::NOTHING,
    };
    if opcode.flags().contains(InstructionFlags::CONST) {
        kinds = kinds.with(Contents::CONSTANT);
    }
    if opcode.is_terminator() {
        kinds = kinds.with(Contents::TERMINATOR);
    }
    if matches!(
        opcode,
        Op::LoadFast
            | Op::LoadFastCheck
            | Op::LoadFastAndClear
            | Op::StoreFast
            | Op::StoreFastMaybeNull
            | Op::DeleteFast
    ) {
        kinds = kinds.with(Contents::BINDING);
    }
    Contents(kinds.0 | pairs_of(opcode))
}

/// The bits of the pairs that an opcode can begin or end.
const fn pairs_of(opcode: CompilerOpcode) -> u32 {
    use CompilerOpcode as Op;
    match opcode {
        Op::CompareOp | Op::ContainsOp | Op::IsOp => Pair::TEST_OF_TEST.first(),
        Op::ToBool | Op::UnaryNot => Pair::TEST_OF_TEST.first() | Pair::TEST_OF_TEST.second(),
        Op::LoadGlobal => Pair::GLOBAL_TO_CALL.first(),
        Op::PushNull => Pair::GLOBAL_TO_CALL.second(),
        Op::LoadFast => Pair::LOCAL_THEN_LOAD.first() | Pair::LOCAL_THEN_LOAD.second(),
        Op::StoreFast => Pair::STORES.or(Pair::LOCAL_THEN_LOAD).first() | Pair::STORES.second(),
        _ => 0,
    }
}
