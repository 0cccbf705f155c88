//! `Contents`: which kinds of instructions a block may have, so that a pass can leave out the blocks in which it has
//! nothing to do.
//!
//! They are gathered as instructions come in, by code generation already: of an instruction that is pushed its kinds are known, and
//! which pairs it makes with the one before. The invariant: a block's contents have the kinds of all its instructions and
//! the pairs of all neighbours, and perhaps some more. Who changes an instruction in place says so with
//! [`super::FlowGraph::note`], or has the contents taken anew with [`super::FlowGraph::refresh_contents`].

use bytecode::instruction::{COMPILER_OPCODE_LIMIT, CompilerOpcode, InstructionFlags};

use super::block::Instruction;
use bytecode::location::Location;

/// A set of kinds of instructions, and of pairs of such.
///
/// Kinds have the lower half, but for [`Pair::SEEN`], where the pairs are; the upper half says which pairs an instruction can begin or
/// end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents(u64);

impl Contents {
    pub const NOTHING: Self = Self(0);
    pub const NOP: Self = Self(1 << 0);
    /// Unconditional jumps.
    pub const PLAIN_JUMP: Self = Self(1 << 1);
    pub const SWAP: Self = Self(1 << 2);
    /// Loads of constants by their number.
    pub const CONSTANT: Self = Self(1 << 3);
    /// Loads of constants by their number that may be small integers.
    pub const SMALL_INTEGER: Self = Self(1 << 4);
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
    /// Conditional jumps that keep the value.
    pub const KEEPING_JUMP: Self = Self(1 << 17);
    /// What uses a cell by its number.
    pub const CELL: Self = Self(1 << 18);
    /// Instructions were removed, so that others are neighbours now.
    pub const GAP_CLOSED: Self = Self(1 << 19);
    /// `ANNOTATIONS_PLACEHOLDER`.
    pub const PLACEHOLDER: Self = Self(1 << 21);
    /// What `peephole` may improve, whatever is around it.
    pub const IMPROVABLE_ALONE: Self = Self(1 << 20);

    /// Any pairs.
    pub const ALL_PAIRS: Self = Self(Pair::ALL << Pair::SEEN);
    /// The pairs of instructions that `load_const` begins with.
    pub const CONSTANT_TESTS: Pair = Pair::CONSTANT_TO_TEST;
    /// The pairs of instructions that `peephole` begins with.
    pub const IMPROVABLE_PAIRS: Pair =
        Pair::TEST_OF_TEST.or(Pair::STORES).or(Pair::GLOBAL_TO_CALL).or(Pair::OPERAND_TO_FOLD).or(Pair::BUILT_TO_USE);
    /// The pairs of which `peephole` looks at the second.
    pub const IMPROVABLE_BEHIND: Pair = Pair::OPERAND_TO_FOLD.or(Pair::BUILT_TO_USE);
    /// What may be a load and a `POP_TOP`, now or when what is between them is gone.
    pub const POPPED_LOADS: Pair = Pair::PUSH_TO_POP;
    /// The pairs of instructions that `super_instructions` joins.
    pub const LOCAL_PAIRS: Pair = Pair::STORES.or(Pair::LOCAL_THEN_LOAD);

    /// Whether an instruction of these kinds and one of the kinds `next` after it are one of the pairs.
    #[inline(always)]
    pub const fn begins(self, pairs: Pair, next: Self) -> bool {
        self.pairs_with(next).intersects(pairs)
    }

    /// The pairs that an instruction of these kinds and one of the kinds `next` after it are.
    #[inline(always)]
    pub const fn pairs_with(self, next: Self) -> Pair {
        Pair(self.0 >> Pair::FIRST & next.0 >> Pair::SECOND)
    }

    /// The kinds of an instruction, and the pairs that it makes with one of the kinds `previous` before it.
    #[inline(always)]
    pub const fn after(self, previous: Self) -> Self {
        Self(self.0 | (previous.0 >> Pair::FIRST & self.0 >> Pair::SECOND & Pair::ALL) << Pair::SEEN)
    }

    /// Whether one of the pairs is among the neighbours.
    #[inline(always)]
    pub const fn has_pairs(self, pairs: Pair) -> bool {
        self.0 & pairs.0 << Pair::SEEN != 0
    }

    /// What the contents of a block that has an instruction of these kinds must have.
    pub(super) const fn to_note(self) -> Self {
        let kinds = (1 << Pair::SEEN) - 1;
        let locals = Self::LOCAL_PAIRS.first() | Self::LOCAL_PAIRS.second();
        Self(self.0 & (kinds | locals)).without(Self::SMALL_INTEGER)
    }

    /// These pairs.
    #[inline(always)]
    pub const fn of_pairs(pairs: Pair) -> Self {
        Self(pairs.0 << Pair::SEEN)
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
        if location.line >= 0 {
            return Self::NOTHING;
        }
        if location.line == Location::NEXT.line { Self::AT_NEXT } else { Self::WITHOUT_LINE }
    }

    #[inline(always)]
    pub fn of(instruction: &Instruction) -> Self {
        Self::of_opcode(instruction.opcode).with(Self::of_location(instruction.location))
    }
}

/// Pairs of instructions that belong together. What can be the first of a pair has a bit from [`Pair::FIRST`] on among its
/// kinds, what can be the second the same bit from [`Pair::SECOND`] on.
#[derive(Clone, Copy, Debug)]
pub struct Pair(u64);

impl Pair {
    const SEEN: u32 = 24;
    const FIRST: u32 = 32;
    const SECOND: u32 = 40;
    const ALL: u64 = 0xFF;

    const TEST_OF_TEST: Self = Self(1 << 0);
    const STORES: Self = Self(1 << 1);
    const GLOBAL_TO_CALL: Self = Self(1 << 2);
    const LOCAL_THEN_LOAD: Self = Self(1 << 3);
    const CONSTANT_TO_TEST: Self = Self(1 << 4);
    /// What may be an operand, or hide one, and what can be computed from constants.
    const OPERAND_TO_FOLD: Self = Self(1 << 5);
    /// A display, and what takes it apart.
    const BUILT_TO_USE: Self = Self(1 << 6);
    /// What only pushes, or hides such, and a `POP_TOP`.
    const PUSH_TO_POP: Self = Self(1 << 7);

    const fn first(self) -> u64 {
        self.0 << Self::FIRST
    }

    const fn second(self) -> u64 {
        self.0 << Self::SECOND
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline(always)]
    pub(super) const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
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
        Op::AnnotationsPlaceholder => Contents::PLACEHOLDER,
        Op::Jump | Op::JumpNoInterrupt => Contents::PLAIN_JUMP,
        Op::JumpIfFalse | Op::JumpIfTrue => Contents::KEEPING_JUMP,
        Op::Swap => Contents::SWAP.with(Contents::IMPROVABLE_ALONE).with(Contents::UNUSUAL_STACK_USE),
        Op::LoadConst => Contents::SMALL_INTEGER,
        // Without elements it is a constant wherever it stands.
        Op::BuildTuple => Contents::IMPROVABLE_ALONE,
        Op::LoadFast => Contents::LOAD_LOCAL,
        Op::LoadFastLoadFast | Op::StoreFastLoadFast => Contents::LOAD_LOCAL.with(Contents::UNUSUAL_STACK_USE),
        Op::StoreFast | Op::StoreFastStoreFast => Contents::UNUSUAL_STACK_USE,
        Op::DeleteFast | Op::LoadFastAndClear => Contents::UNBIND_LOCAL.with(Contents::UNUSUAL_STACK_USE),
        Op::StoreFastMaybeNull => Contents::UNBIND_LOCAL.with(Contents::REPLACED),
        Op::LoadClosure => Contents::REPLACED,
        Op::SetupFinally | Op::SetupCleanup | Op::SetupWith => {
            Contents::SETUP.with(Contents::REPLACED).with(Contents::UNUSUAL_STACK_USE)
        }
        Op::PopBlock => Contents::POP_BLOCK,
        Op::YieldValue | Op::Resume => Contents::SUSPENSION,
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
        | Op::ListAppend
        | Op::ListExtend
        | Op::MapAdd
        | Op::Reraise
        | Op::SetAdd
        | Op::SetUpdate
        | Op::EndSend
        | Op::SetFunctionAttribute
        | Op::CheckExcMatch
        | Op::Send
        | Op::ForIter
        | Op::LoadSuperAttr
        | Op::LoadSpecial
        | Op::PushExcInfo => Contents::UNUSUAL_STACK_USE,
        _ => Contents::NOTHING,
    };
    if !opcode.has_usual_stack_use() {
        kinds = kinds.with(Contents::UNUSUAL_STACK_USE);
    }
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
    if matches!(
        opcode,
        Op::MakeCell | Op::LoadClosure | Op::LoadDeref | Op::StoreDeref | Op::DeleteDeref | Op::LoadFromDictOrDeref
    ) {
        kinds = kinds.with(Contents::CELL);
    }
    Contents(kinds.0 | pairs_of(opcode))
}

/// The bits of the pairs that an opcode can begin or end.
const fn pairs_of(opcode: CompilerOpcode) -> u64 {
    use CompilerOpcode as Op;
    match opcode {
        Op::CompareOp => Pair::TEST_OF_TEST.first(),
        Op::ContainsOp => Pair::TEST_OF_TEST.first() | Pair::BUILT_TO_USE.second(),
        Op::IsOp => Pair::TEST_OF_TEST.first() | Pair::CONSTANT_TO_TEST.second(),
        Op::ToBool => Pair::TEST_OF_TEST.first() | Pair::TEST_OF_TEST.second() | Pair::CONSTANT_TO_TEST.second(),
        Op::UnaryNot => Pair::TEST_OF_TEST.first() | Pair::TEST_OF_TEST.second() | Pair::OPERAND_TO_FOLD.second(),
        Op::LoadGlobal => Pair::GLOBAL_TO_CALL.first(),
        Op::PushNull => Pair::GLOBAL_TO_CALL.second(),
        Op::LoadFast => Pair::LOCAL_THEN_LOAD.first() | Pair::LOCAL_THEN_LOAD.second(),
        Op::StoreFast => Pair::STORES.or(Pair::LOCAL_THEN_LOAD).first() | Pair::STORES.second(),
        Op::LoadConst | Op::LoadSmallInt => {
            Pair::CONSTANT_TO_TEST.or(Pair::OPERAND_TO_FOLD).or(Pair::PUSH_TO_POP).first()
        }
        Op::Copy => Pair::CONSTANT_TO_TEST.or(Pair::PUSH_TO_POP).first(),
        // Behind what goes away there may be anything.
        Op::Nop | Op::PopBlock => Pair::OPERAND_TO_FOLD.or(Pair::PUSH_TO_POP).first(),
        Op::PopTop => Pair::PUSH_TO_POP.second(),
        Op::PopJumpIfFalse | Op::PopJumpIfTrue | Op::JumpIfFalse | Op::JumpIfTrue => Pair::CONSTANT_TO_TEST.second(),
        Op::UnaryInvert | Op::UnaryNegative | Op::BinaryOp => Pair::OPERAND_TO_FOLD.second(),
        Op::BuildTuple => Pair::OPERAND_TO_FOLD.second() | Pair::BUILT_TO_USE.first(),
        Op::BuildList | Op::BuildSet => Pair::OPERAND_TO_FOLD.second() | Pair::BUILT_TO_USE.first(),
        Op::ListAppend | Op::SetAdd => Pair::BUILT_TO_USE.first(),
        Op::CallIntrinsic1 => Pair::OPERAND_TO_FOLD.second() | Pair::BUILT_TO_USE.first() | Pair::BUILT_TO_USE.second(),
        Op::GetIter | Op::UnpackSequence => Pair::BUILT_TO_USE.second(),
        _ => 0,
    }
}
