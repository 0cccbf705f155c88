//! What the tools want of one code object, instruction by instruction.
//!
//! The instructions themselves say it as far as the loop needs to know: they are rewritten to `INSTRUMENTED_…` forms. Here is for whom, and
//! what they were. The invariant: an instruction's opcode is the outermost of what is wanted at it (lines, instructions, its own event),
//! which [`CodeMonitoring::write`] keeps.

use std::cell::{Cell, OnceCell};

use bytecode::instruction::Opcode;

use super::events::LOCAL_EVENTS;
use super::lines::Lines;
use super::tools::{Monitors, TOOLS};
use crate::code::Code;
use crate::specialize::counter;

/// What is wanted at one instruction: the tools that want its own event, its line, and itself.
#[derive(Default)]
pub(super) struct Wanted {
    pub event: Cell<u8>,
    pub line: Cell<u8>,
    pub instruction: Cell<u8>,
    /// The compiler's opcode; zero for inline cache entries.
    original: u8,
}

/// What the tools want of a code object.
pub struct CodeMonitoring {
    /// Asked for in this code object alone.
    pub(super) local: Monitors<LOCAL_EVENTS>,
    /// What the instructions follow: asked for here or everywhere.
    pub(super) active: Monitors<LOCAL_EVENTS>,
    pub(super) tool_versions: [Cell<usize>; TOOLS],
    units: Box<[Wanted]>,
    lines: OnceCell<Lines>,
    /// For the instructions behind a branch that stand for one of its ways: where the branch is.
    sources: OnceCell<Box<[(usize, usize)]>>,
}

impl CodeMonitoring {
    /// Of code that has not been instrumented yet.
    pub fn new(code: &Code) -> Self {
        let mut units: Vec<Wanted> = Vec::new();
        units.resize_with(code.unit_count(), Wanted::default);
        let mut index = 0;
        while index < units.len() {
            // SAFETY: the code has so many units.
            let number = unsafe { code.first_instruction().add(index).read() } as u8;
            let Some(opcode) = Opcode::from_u8(number).map(Opcode::original) else { break };
            units[index].original = opcode as u8;
            index += 1 + opcode.cache_entries();
        }
        Self {
            local: Monitors::default(),
            active: Monitors::default(),
            tool_versions: Default::default(),
            units: units.into(),
            lines: OnceCell::new(),
            sources: OnceCell::new(),
        }
    }

    /// The compiler's opcode of the instruction that begins at a code unit.
    pub fn original(&self, index: usize) -> Option<Opcode> {
        Opcode::from_u8(self.units.get(index)?.original)
    }

    /// What is wanted at an instruction.
    pub(super) fn wanted(&self, index: usize) -> Option<&Wanted> {
        self.units.get(index)
    }

    /// The lines of the instructions, and which of them begin one.
    pub(super) fn lines(&self, code: &Code) -> &Lines {
        self.lines.get_or_init(|| Lines::of(code))
    }

    /// Where the branch is that the instruction at `index` stands for a way of.
    pub(super) fn branch_before(&self, code: &Code, index: usize) -> Option<usize> {
        let sources = self.sources.get_or_init(|| branch_ways(code));
        let found = sources.binary_search_by_key(&index, |(way, _)| *way).ok()?;
        Some(sources[found].1)
    }

    /// The instruction that stands for the other way of a branch: of the branch itself, the one behind it.
    pub(super) fn other_way(&self, code: &Code, index: usize) -> Option<usize> {
        let sources = self.sources.get_or_init(|| branch_ways(code));
        sources.iter().find(|(_, source)| *source == index).map(|(way, _)| *way)
    }

    /// Writes the opcode that what is wanted at an instruction asks for.
    pub(super) fn write(&self, code: &Code, index: usize) {
        let (Some(wanted), Some(original)) = (self.wanted(index), self.original(index)) else { return };
        let instrumented = if wanted.line.get() != 0 {
            Some(Opcode::InstrumentedLine)
        } else if wanted.instruction.get() != 0 {
            Some(Opcode::InstrumentedInstruction)
        } else if wanted.event.get() != 0 {
            original.instrumented()
        } else {
            None
        };
        // SAFETY: the code has this unit.
        let place = unsafe { code.first_instruction().add(index) };
        // SAFETY: as above.
        let [number, oparg] = unsafe { place.read() }.to_le_bytes();
        let was_instrumented = Opcode::from_u8(number).is_some_and(Opcode::is_instrumented);
        if instrumented.is_none() && !was_instrumented {
            // It may have specialized meanwhile, and stays so.
            return;
        }
        let opcode = instrumented.unwrap_or(original);
        if opcode as u8 == number {
            return;
        }
        // SAFETY: as above; the first inline cache entry, if there is any, is the counter.
        unsafe {
            place.write(u16::from_le_bytes([opcode as u8, oparg]));
            if original.cache_entries() > 0 && index + 1 < self.units.len() {
                place.add(1).write(counter::initial(original));
            }
        }
    }
}

/// The instructions that stand for a way of a branch, `NOT_TAKEN` and `POP_ITER`, with where their branch is; sorted.
fn branch_ways(code: &Code) -> Box<[(usize, usize)]> {
    let mut ways = Vec::new();
    for [source, left, right] in crate::code::branches(&code.original_code()) {
        let (before_left, before_right) = (left.wrapping_sub(1), right.wrapping_sub(1));
        if code.original_opcode(before_left) == Some(Opcode::NotTaken) {
            ways.push((before_left, source));
        }
        let is_loop = code.original_opcode(source) == Some(Opcode::ForIter);
        if is_loop && code.original_opcode(before_right) == Some(Opcode::PopIter) {
            ways.push((before_right, source));
        }
        // The loop of an `all()` or `any()` is left by a test in it.
        if code.original_opcode(right) == Some(Opcode::PopIter) {
            ways.push((right, source));
        }
    }
    ways.sort_unstable();
    ways.into()
}
