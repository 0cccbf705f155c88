//! The instruction set of CPython 3.14: opcodes, their metadata, and the operands that have names.
//!
//! The code generator and the flow graph use [`CompilerOpcode`], which has the pseudo-instructions too; everything that
//! looks at a code object uses [`Opcode`]. Both come from the one table in `instruction/table.rs`.

pub mod operands;
mod table;

use std::fmt;
use std::ops::BitOr;

use crate::{counter, for_each_instruction};

/// Opcodes that a code object can hold are below this.
pub const OPCODE_LIMIT: u16 = 256;
/// The smallest opcode that has an argument by the `dis` module's reckoning is the one after this.
pub const HAVE_ARGUMENT: u8 = 43;
/// The first opcode that only the interpreter writes, when it specializes.
pub const MIN_SPECIALIZED_OPCODE: u8 = 129;
/// The first opcode that only monitoring writes.
pub const MIN_INSTRUMENTED_OPCODE: u8 = 234;

/// Facts about an instruction that do not depend on its argument.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct InstructionFlags(u16);

impl InstructionFlags {
    pub const NONE: Self = Self(0);
    /// It uses its argument.
    pub const ARG: Self = Self(1 << 0);
    /// The argument indexes the constants.
    pub const CONST: Self = Self(1 << 1);
    /// The argument indexes the names.
    pub const NAME: Self = Self(1 << 2);
    /// The argument is a jump's distance.
    pub const JUMP: Self = Self(1 << 3);
    /// The argument indexes the cells and free variables.
    pub const FREE: Self = Self(1 << 4);
    /// The argument indexes the locals.
    pub const LOCAL: Self = Self(1 << 5);
    /// It looks at the eval breaker.
    pub const EVAL_BREAK: Self = Self(1 << 6);
    /// It may fall back to the instruction that it specializes.
    pub const DEOPT: Self = Self(1 << 7);
    /// It can raise.
    pub const ERROR: Self = Self(1 << 8);
    /// It can run arbitrary code.
    pub const ESCAPES: Self = Self(1 << 9);
    /// It may leave a trace of the second tier.
    pub const EXIT: Self = Self(1 << 10);
    /// Nothing but the stack depends on it.
    pub const PURE: Self = Self(1 << 11);
    /// When it raises, its inputs are still on the stack.
    pub const ERROR_NO_POP: Self = Self(1 << 12);
    /// The frame's instruction pointer is not saved when it starts.
    pub const NO_SAVE_IP: Self = Self(1 << 13);

    /// Whether all of `flags` are set.
    #[inline(always)]
    pub const fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }

    const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOr for InstructionFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.union(other)
    }
}

/// What the table says of one instruction, apart from its stack effect.
struct InstructionInfo {
    name: &'static str,
    flags: InstructionFlags,
    caches: u8,
    /// The instruction that this one specializes.
    specializes: Option<Opcode>,
    /// The instruction that this one instruments.
    instruments: Option<Opcode>,
}

/// `load_fast` to `LOAD_FAST`, when the program is compiled.
const fn upper_case<const LENGTH: usize>(lower: &str) -> [u8; LENGTH] {
    let mut upper = [0; LENGTH];
    let mut index = 0;
    while index < LENGTH {
        upper[index] = lower.as_bytes()[index].to_ascii_uppercase();
        index += 1;
    }
    upper
}

macro_rules! first_or_none {
    () => {
        None
    };
    ($opcode:ident) => {
        Some(Opcode::$opcode)
    };
}

macro_rules! info {
    ($snake:ident, [$($base:ident)?], [$($original:ident)?], [$($caches:literal)?], [$($flag:ident)*]) => {{
        const LOWER: &str = stringify!($snake);
        const UPPER: [u8; LOWER.len()] = upper_case(LOWER);
        const NAME: &str = match std::str::from_utf8(&UPPER) {
            Ok(name) => name,
            Err(_) => panic!("an identifier is not UTF-8"),
        };
        InstructionInfo {
            name: NAME,
            flags: InstructionFlags::NONE$(.union(InstructionFlags::$flag))*,
            caches: 0 $(+ $caches)?,
            specializes: first_or_none!($($base)?),
            instruments: first_or_none!($($original)?),
        }
    }};
}

macro_rules! define_opcodes {
    (
        $oparg:ident;
        instructions {
            $($name:ident $snake:ident = $number:literal $(specializes $base:ident)? $(instruments $original:ident)?
                $(, caches $caches:literal)?, pops $pops:expr, pushes $pushes:expr, [$($flag:ident)*];)*
        }
        pseudo_instructions {
            $($pseudo_name:ident $pseudo_snake:ident = $pseudo_number:literal,
                pops $pseudo_pops:expr, pushes $pseudo_pushes:expr, [$($pseudo_flag:ident)*];)*
        }
    ) => {
        /// An opcode that a code object can hold, specialized and instrumented ones included.
        #[repr(u8)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Opcode {
            $(#[doc = concat!("`", stringify!($snake), "`")] $name = $number,)*
        }

        /// An opcode as the compiler uses them: one of a code object or a pseudo-instruction.
        #[repr(u16)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum CompilerOpcode {
            $(#[doc = concat!("`", stringify!($snake), "`")] $name = $number,)*
            $(
                #[doc = concat!("`", stringify!($pseudo_snake), "`, a pseudo-instruction")]
                $pseudo_name = $pseudo_number,
            )*
        }

        impl Opcode {
            /// All opcodes of code objects, by number.
            pub const ALL: &[Opcode] = &[$(Opcode::$name),*];
        }

        impl CompilerOpcode {
            /// All opcodes, by number.
            pub const ALL: &[CompilerOpcode] = &[$(CompilerOpcode::$name,)* $(CompilerOpcode::$pseudo_name),*];

            const fn info(self) -> &'static InstructionInfo {
                match self {
                    $(CompilerOpcode::$name => const {
                        &info!($snake, [$($base)?], [$($original)?], [$($caches)?], [$($flag)*])
                    },)*
                    $(CompilerOpcode::$pseudo_name => const { &info!($pseudo_snake, [], [], [], [$($pseudo_flag)*]) },)*
                }
            }

            /// What [`Self::pops`] is for each argument.
            const fn pops_by_argument(self, oparg: u32) -> i64 {
                let $oparg = oparg as i64;
                match self {
                    $(CompilerOpcode::$name => $pops,)*
                    $(CompilerOpcode::$pseudo_name => $pseudo_pops,)*
                }
            }

            /// What [`Self::pushes`] is for each argument.
            const fn pushes_by_argument(self, oparg: u32) -> i64 {
                let $oparg = oparg as i64;
                match self {
                    $(CompilerOpcode::$name => $pushes,)*
                    $(CompilerOpcode::$pseudo_name => $pseudo_pushes,)*
                }
            }
        }

        impl From<Opcode> for CompilerOpcode {
            fn from(opcode: Opcode) -> Self {
                match opcode {
                    $(Opcode::$name => CompilerOpcode::$name,)*
                }
            }
        }
    };
}

for_each_instruction!(define_opcodes);

/// Numbers of compiler opcodes are below this, which is a power of two.
pub const COMPILER_OPCODE_LIMIT: usize = 512;

/// What the passes of the compiler ask of each opcode again and again, so that an answer is one look into a table.
#[derive(Clone, Copy)]
struct Traits {
    flags: InstructionFlags,
    /// Bits of `trait_bits`.
    bits: u8,
    caches: u8,
    /// What the first of the caches holds in new code.
    counter: u16,
    pops: StackItems,
    pushes: StackItems,
    /// What of the argument counts as taken and as left, where it is not `trait_bits::IRREGULAR`.
    pops_mask: u32,
    pushes_mask: u32,
}

/// How many stack items an instruction takes or leaves: a number, and how the argument counts.
#[derive(Clone, Copy)]
struct StackItems {
    base: i8,
    argument: ArgumentUse,
}

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum ArgumentUse {
    Nothing,
    /// The argument is added.
    Whole,
    /// Its lowest bit is added.
    LowestBit,
    /// Only the table knows.
    Other,
}

/// What of the argument is added, by [`ArgumentUse`].
const ARGUMENT_MASKS: [u32; 4] = [0, u32::MAX, 1, 0];

impl StackItems {
    const NONE: Self = Self { base: 0, argument: ArgumentUse::Nothing };

    /// What fits the numbers for [`Self::SAMPLES`].
    const fn of(values: [i64; Self::SAMPLES.len()]) -> Self {
        let base = values[0] as i8;
        let uses = [ArgumentUse::Nothing, ArgumentUse::Whole, ArgumentUse::LowestBit];
        let mut index = 0;
        while index < uses.len() {
            let mut sample = 0;
            while sample < values.len() {
                let added = Self::SAMPLES[sample] & [0, u32::MAX, 1][index];
                if values[sample] != base as i64 + added as i64 {
                    break;
                }
                sample += 1;
            }
            if sample == values.len() {
                return Self { base, argument: uses[index] };
            }
            index += 1;
        }
        Self { base, argument: ArgumentUse::Other }
    }

    /// Arguments that tell all rows of the table apart.
    const SAMPLES: [u32; 4] = [0, 1, 2, 0x302];

    #[inline(always)]
    fn count(self, oparg: u32) -> Option<i64> {
        if self.argument == ArgumentUse::Other {
            return None;
        }
        Some(i64::from(self.base) + i64::from(oparg & ARGUMENT_MASKS[self.argument as usize % 4]))
    }
}

mod trait_bits {
    pub(super) const BLOCK_PUSH: u8 = 1 << 0;
    pub(super) const SCOPE_EXIT: u8 = 1 << 1;
    pub(super) const UNCONDITIONAL_JUMP: u8 = 1 << 2;
    pub(super) const CONDITIONAL_JUMP: u8 = 1 << 3;
    pub(super) const JUMP: u8 = 1 << 4;
    pub(super) const SPECIALIZED: u8 = 1 << 5;
    /// The stack effect is not what the masks say, or depends on whether the jump is taken.
    pub(super) const IRREGULAR: u8 = 1 << 6;
}

impl Traits {
    const NONE: Self = Self {
        flags: InstructionFlags::NONE,
        bits: trait_bits::IRREGULAR,
        caches: 0,
        counter: 0,
        pops: StackItems::NONE,
        pushes: StackItems::NONE,
        pops_mask: 0,
        pushes_mask: 0,
    };

    const fn of(opcode: CompilerOpcode) -> Self {
        use CompilerOpcode as Op;
        let info = opcode.info();
        let mut bits = match opcode {
            Op::SetupFinally | Op::SetupCleanup | Op::SetupWith => trait_bits::BLOCK_PUSH,
            Op::ReturnValue | Op::RaiseVarargs | Op::Reraise => trait_bits::SCOPE_EXIT,
            Op::Jump | Op::JumpNoInterrupt | Op::JumpForward | Op::JumpBackward | Op::JumpBackwardNoInterrupt => {
                trait_bits::UNCONDITIONAL_JUMP
            }
            Op::PopJumpIfFalse | Op::PopJumpIfTrue | Op::PopJumpIfNone | Op::PopJumpIfNotNone => {
                trait_bits::CONDITIONAL_JUMP
            }
            _ => 0,
        };
        if info.flags.contains(InstructionFlags::JUMP) {
            bits |= trait_bits::JUMP;
        }
        if info.specializes.is_some() {
            bits |= trait_bits::SPECIALIZED;
        }
        let mut pops = [0; StackItems::SAMPLES.len()];
        let mut pushes = pops;
        let mut index = 0;
        while index < pops.len() {
            pops[index] = opcode.pops_by_argument(StackItems::SAMPLES[index]);
            pushes[index] = opcode.pushes_by_argument(StackItems::SAMPLES[index]);
            index += 1;
        }
        let (pops, pushes) = (StackItems::of(pops), StackItems::of(pushes));
        let is_irregular = matches!(pops.argument, ArgumentUse::Other) || matches!(pushes.argument, ArgumentUse::Other);
        if is_irregular || bits & (trait_bits::SPECIALIZED | trait_bits::BLOCK_PUSH) != 0 {
            bits |= trait_bits::IRREGULAR;
        }
        let caches = if (opcode as u16) < OPCODE_LIMIT { CACHES[opcode as usize] } else { 0 };
        let counter = match BY_NUMBER[opcode as usize % OPCODE_LIMIT as usize] {
            Some(opcode) if caches > 0 => counter::initial(opcode),
            _ => 0,
        };
        let pops_mask = ARGUMENT_MASKS[pops.argument as usize];
        let pushes_mask = ARGUMENT_MASKS[pushes.argument as usize];
        Self { flags: info.flags, bits, caches, counter, pops, pushes, pops_mask, pushes_mask }
    }
}

/// A stack effect as a sum of what an opcode has and what its argument counts.
#[derive(Clone, Copy)]
struct StackEffect {
    base: i16,
    /// -1 if the argument is subtracted.
    factor: i16,
    mask: u32,
}

/// What is in the place of an effect that is no such sum.
const IRREGULAR_EFFECT: i16 = i16::MIN;

impl StackEffect {
    const fn of(traits: &Traits) -> Self {
        let base = traits.pushes.base as i16 - traits.pops.base as i16;
        let irregular = Self { base: IRREGULAR_EFFECT, factor: 1, mask: 0 };
        if traits.bits & trait_bits::IRREGULAR != 0 {
            return irregular;
        }
        match (traits.pushes_mask, traits.pops_mask) {
            (u32::MAX, u32::MAX) | (0, 0) => Self { base, factor: 1, mask: 0 },
            (mask, 0) => Self { base, factor: 1, mask },
            (0, mask) => Self { base, factor: -1, mask },
            _ => irregular,
        }
    }
}

static EFFECTS: [StackEffect; COMPILER_OPCODE_LIMIT] = {
    let mut effects = [StackEffect { base: IRREGULAR_EFFECT, factor: 1, mask: 0 }; COMPILER_OPCODE_LIMIT];
    let mut index = 0;
    while index < CompilerOpcode::ALL.len() {
        let opcode = CompilerOpcode::ALL[index];
        effects[opcode as usize] = StackEffect::of(&Traits::of(opcode));
        index += 1;
    }
    effects
};

static TRAITS: [Traits; COMPILER_OPCODE_LIMIT] = {
    let mut traits = [Traits::NONE; COMPILER_OPCODE_LIMIT];
    let mut index = 0;
    while index < CompilerOpcode::ALL.len() {
        let opcode = CompilerOpcode::ALL[index];
        traits[opcode as usize] = Traits::of(opcode);
        index += 1;
    }
    traits
};

/// The opcode with each number, where there is one.
static BY_NUMBER: [Option<Opcode>; OPCODE_LIMIT as usize] = {
    let mut by_number = [None; OPCODE_LIMIT as usize];
    let mut index = 0;
    while index < Opcode::ALL.len() {
        by_number[Opcode::ALL[index] as usize] = Some(Opcode::ALL[index]);
        index += 1;
    }
    by_number
};

/// The metadata of each opcode of a code object: what `Opcode`'s accessors look up.
static INFO_BY_NUMBER: [Option<&InstructionInfo>; OPCODE_LIMIT as usize] = {
    let mut by_number = [None; OPCODE_LIMIT as usize];
    let mut index = 0;
    while index < Opcode::ALL.len() {
        by_number[Opcode::ALL[index] as usize] = Some(CompilerOpcode::ALL[index].info());
        index += 1;
    }
    by_number
};

/// How many inline cache entries follow each opcode of a code object.
static CACHE_ENTRIES: [u8; OPCODE_LIMIT as usize] = CACHES;

const CACHES: [u8; OPCODE_LIMIT as usize] = {
    let mut caches = [0; OPCODE_LIMIT as usize];
    let mut index = 0;
    while index < Opcode::ALL.len() {
        let info = CompilerOpcode::ALL[index].info();
        caches[Opcode::ALL[index] as usize] = match (info.specializes, info.instruments) {
            (Some(base), _) | (None, Some(base)) => caches_of(base),
            (None, None) => info.caches,
        };
        index += 1;
    }
    caches
};

const fn caches_of(opcode: Opcode) -> u8 {
    let mut index = 0;
    while index < Opcode::ALL.len() {
        if Opcode::ALL[index] as u8 == opcode as u8 {
            return CompilerOpcode::ALL[index].info().caches;
        }
        index += 1;
    }
    0
}

/// The opcode that instruments each, where there is one.
static INSTRUMENTED: [Option<Opcode>; OPCODE_LIMIT as usize] = {
    let mut instrumented = [None; OPCODE_LIMIT as usize];
    let mut index = 0;
    while index < Opcode::ALL.len() {
        if let Some(original) = CompilerOpcode::ALL[index].info().instruments {
            instrumented[original as usize] = Some(Opcode::ALL[index]);
        }
        index += 1;
    }
    instrumented
};

impl Opcode {
    /// The opcode with this number; None if there is none.
    pub fn from_u8(number: u8) -> Option<Self> {
        BY_NUMBER[usize::from(number)]
    }

    fn info(self) -> &'static InstructionInfo {
        INFO_BY_NUMBER[self as usize].expect("the table has a row for each variant")
    }

    /// CPython's name, `LOAD_FAST`.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    pub fn flags(self) -> InstructionFlags {
        self.info().flags
    }

    /// The instruction that the compiler emitted where this specialized one now stands; itself if it is not
    /// specialized.
    pub fn deoptimized(self) -> Self {
        self.info().specializes.unwrap_or(self)
    }

    /// The instruction that this instrumented one stands for. `INSTRUMENTED_LINE` and `INSTRUMENTED_INSTRUCTION` stand
    /// for any, which the code object's monitoring data knows.
    pub fn instruments(self) -> Option<Self> {
        self.info().instruments
    }

    /// The instrumented instruction that stands for this one; None if it has no events of its own.
    pub fn instrumented(self) -> Option<Self> {
        INSTRUMENTED[self as usize]
    }

    pub fn is_specialized(self) -> bool {
        self.info().specializes.is_some()
    }

    pub fn is_instrumented(self) -> bool {
        self as u8 >= MIN_INSTRUMENTED_OPCODE && self != Opcode::EnterExecutor
    }

    /// The family of this instruction: those that specialize it.
    pub fn specializations(self) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |opcode| opcode.info().specializes == Some(self))
    }

    /// The number of 16-bit inline cache entries after the instruction.
    #[inline]
    pub const fn cache_entries(self) -> usize {
        CACHE_ENTRIES[self as usize] as usize
    }

    pub fn has_argument(self) -> bool {
        self.flags().contains(InstructionFlags::ARG)
    }

    /// What the compiler emitted where this specialized or instrumented instruction now stands.
    pub fn original(self) -> Self {
        self.instruments().unwrap_or(self.deoptimized())
    }

    /// Whether its argument is the distance of a jump.
    pub fn jumps(self) -> bool {
        self.original().flags().contains(InstructionFlags::JUMP)
    }

    /// Whether the distance counts towards the start of the code. (`END_ASYNC_FOR` does not jump, but its argument says
    /// where the loop came from.)
    pub fn jumps_backward(self) -> bool {
        matches!(self.original(), Opcode::JumpBackward | Opcode::JumpBackwardNoInterrupt | Opcode::EndAsyncFor)
    }
}

impl CompilerOpcode {
    /// The opcode with this number; None if there is none.
    pub fn from_number(number: u16) -> Option<Self> {
        match u8::try_from(number) {
            Ok(number) => Opcode::from_u8(number).map(Self::from),
            Err(_) => Self::ALL.iter().copied().find(|opcode| *opcode as u16 == number),
        }
    }

    /// The opcode as code objects hold it; None for a pseudo-instruction.
    pub fn to_opcode(self) -> Option<Opcode> {
        u8::try_from(self as u16).ok().and_then(Opcode::from_u8)
    }

    /// The number of 16-bit inline cache entries after the instruction; pseudo-instructions have none.
    #[inline(always)]
    pub fn cache_entries(self) -> usize {
        usize::from(self.traits().caches)
    }

    /// What the first of its inline cache entries holds in new code; 0 if it has none.
    #[inline(always)]
    pub fn initial_counter(self) -> u16 {
        self.traits().counter
    }

    /// CPython's name, `JUMP_NO_INTERRUPT`.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    #[inline(always)]
    const fn traits(self) -> &'static Traits {
        &TRAITS[self as usize % COMPILER_OPCODE_LIMIT]
    }

    #[inline(always)]
    const fn has(self, bits: u8) -> bool {
        self.traits().bits & bits != 0
    }

    #[inline(always)]
    pub const fn flags(self) -> InstructionFlags {
        self.traits().flags
    }

    pub const fn is_pseudo(self) -> bool {
        self as u16 >= OPCODE_LIMIT
    }

    #[inline]
    pub fn has_argument(self) -> bool {
        self.flags().contains(InstructionFlags::ARG)
    }

    /// Whether it can jump.
    #[inline(always)]
    pub fn has_jump(self) -> bool {
        self.has(trait_bits::JUMP)
    }

    /// Whether it pushes an exception handler: its argument is the handler's label.
    #[inline(always)]
    pub fn is_block_push(self) -> bool {
        self.has(trait_bits::BLOCK_PUSH)
    }

    /// Whether its argument is a label.
    #[inline(always)]
    pub fn has_target(self) -> bool {
        self.has(trait_bits::JUMP | trait_bits::BLOCK_PUSH)
    }

    /// Whether control never goes on to the next instruction, because the frame is left.
    #[inline]
    pub fn is_scope_exit(self) -> bool {
        self.has(trait_bits::SCOPE_EXIT)
    }

    /// Whether it must be the last instruction of its basic block.
    #[inline(always)]
    pub const fn is_terminator(self) -> bool {
        self.has(trait_bits::JUMP | trait_bits::SCOPE_EXIT)
    }

    #[inline]
    pub fn is_unconditional_jump(self) -> bool {
        self.has(trait_bits::UNCONDITIONAL_JUMP)
    }

    /// Whether control never goes on to the next instruction.
    #[inline(always)]
    pub fn ends_flow(self) -> bool {
        self.has(trait_bits::UNCONDITIONAL_JUMP | trait_bits::SCOPE_EXIT)
    }

    #[inline]
    pub fn is_conditional_jump(self) -> bool {
        self.has(trait_bits::CONDITIONAL_JUMP)
    }

    /// How many items the instruction takes from the stack.
    #[inline(always)]
    pub fn pops(self, oparg: u32) -> i64 {
        self.traits().pops.count(oparg).unwrap_or_else(|| self.pops_by_argument(oparg))
    }

    /// How many items the instruction leaves on the stack for those it took.
    #[inline(always)]
    pub fn pushes(self, oparg: u32) -> i64 {
        self.traits().pushes.count(oparg).unwrap_or_else(|| self.pushes_by_argument(oparg))
    }

    /// By how much the stack grows, where `jump` says whether the jump is taken or the handler entered. None for
    /// specialized instructions, which the compiler does not know.
    #[inline(always)]
    pub fn stack_effect(self, oparg: u32, jump: bool) -> Option<i64> {
        match self.usual_stack_use(oparg) {
            Some((pops, pushes)) => Some(pushes - pops),
            None => self.unusual_stack_effect(oparg, jump),
        }
    }

    /// As [`Self::stack_effect`], if it is a sum of a number and what the argument counts, and does not depend on whether the instruction jumps.
    #[inline(always)]
    pub fn regular_stack_effect(self, oparg: u32) -> Option<i64> {
        let effect = &EFFECTS[self as usize % COMPILER_OPCODE_LIMIT];
        let counted = i64::from(oparg & effect.mask) * i64::from(effect.factor);
        (effect.base != IRREGULAR_EFFECT).then(|| i64::from(effect.base) + counted)
    }

    fn unusual_stack_effect(self, oparg: u32, jump: bool) -> Option<i64> {
        if self.has(trait_bits::SPECIALIZED) {
            return None;
        }
        if self.is_block_push() && !jump {
            return Some(0);
        }
        Some(self.pushes(oparg) - self.pops(oparg))
    }

    /// Whether [`Self::usual_stack_use`] knows it.
    pub const fn has_usual_stack_use(self) -> bool {
        !self.has(trait_bits::IRREGULAR)
    }

    /// How many items the instruction takes and leaves; None for some, of which the table must be asked.
    #[inline(always)]
    pub fn usual_stack_use(self, oparg: u32) -> Option<(i64, i64)> {
        self.has_usual_stack_use().then(|| self.counted_stack_use(oparg))
    }

    /// As [`Self::usual_stack_use`], for an instruction of which it is known that it has one.
    #[inline(always)]
    pub fn counted_stack_use(self, oparg: u32) -> (i64, i64) {
        let traits = self.traits();
        let pops = i64::from(traits.pops.base) + i64::from(oparg & traits.pops_mask);
        (pops, i64::from(traits.pushes.base) + i64::from(oparg & traits.pushes_mask))
    }
}

impl fmt::Display for Opcode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Display for CompilerOpcode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests;
