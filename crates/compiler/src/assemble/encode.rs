//! The bytes of instructions, and the location table.

use bytecode::instruction::{CompilerOpcode, Opcode};
use bytecode::line_table::LineTableWriter;
use bytecode::location::Location;

use super::FlowError;
use super::layout::Layout;
use crate::flow_graph::{FlowGraph, Instruction};

/// How many `EXTENDED_ARG`s an argument needs.
#[inline(always)]
pub(super) fn extended_args(oparg: u32) -> u32 {
    // One for each byte above the lowest.
    (31 - (oparg | 1).leading_zeros()) / 8
}

/// Code units that an instruction takes, `EXTENDED_ARG`s and caches included.
#[inline]
pub(super) fn size(instruction: &Instruction) -> u32 {
    extended_args(instruction.oparg) + 1 + instruction.opcode.cache_entries() as u32
}

/// Code units that instructions take.
pub(super) fn size_of_all(instructions: &[Instruction]) -> u32 {
    let mut caches = 0;
    let mut bits = 0;
    for instruction in instructions {
        caches += instruction.opcode.cache_entries();
        bits |= instruction.oparg;
    }
    // Most arguments need nothing.
    let extended = if bits > 0xFF { instructions.iter().map(|each| extended_args(each.oparg)).sum() } else { 0 };
    caches as u32 + instructions.len() as u32 + extended
}

/// How many caches an instruction has at most.
const MAX_CACHES: usize = 10;

/// How many code units an instruction takes at most.
const MAX_UNITS: usize = 4 + MAX_CACHES;

/// The code units of one code object after the other.
#[derive(Debug, Default)]
pub(super) struct CodeBuffer {
    /// The units, then some that are not used yet.
    units: Vec<[u8; 2]>,
    used: usize,
}

impl CodeBuffer {
    pub(super) fn clear(&mut self) {
        self.used = 0;
    }

    /// How many units there are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.used
    }

    /// What was written since it was cleared.
    pub(super) fn bytes(&self) -> &[u8] {
        self.units[..self.used].as_flattened()
    }

    /// Makes room for so many instructions.
    pub(super) fn reserve(&mut self, n_instructions: usize) {
        let length = self.used + n_instructions * MAX_UNITS;
        if self.units.len() < length {
            self.units.resize(length, [0; 2]);
        }
    }

    /// Appends an instruction, for which there is room.
    #[inline(always)]
    pub(super) fn push(&mut self, opcode: CompilerOpcode, oparg: u32) {
        // Caches are zeros but for the counter, which is the first.
        const { assert!(Opcode::Cache as u8 == 0) };
        if oparg > 0xFF {
            self.push_extended_args(oparg);
        }
        let Some(place) = self.units[self.used..].first_chunk_mut::<{ 1 + MAX_CACHES }>() else { return };
        // A fixed number of zeros is quicker than the right one.
        *place = [[0; 2]; 1 + MAX_CACHES];
        place[0] = [opcode as u16 as u8, oparg as u8];
        // Where there is no cache, this is what comes next, and not written yet.
        place[1] = opcode.initial_counter().to_le_bytes();
        self.used += 1 + opcode.cache_entries();
    }

    #[cold]
    fn push_extended_args(&mut self, oparg: u32) {
        for index in (1..=extended_args(oparg)).rev() {
            self.units[self.used] = [Opcode::ExtendedArg as u8, (oparg >> (8 * index)) as u8];
            self.used += 1;
        }
    }

    /// Replaces a unit.
    pub(super) fn set(&mut self, at: usize, opcode: CompilerOpcode, oparg: u8) {
        self.units[at] = [opcode as u16 as u8, oparg];
    }
}

const _: () = {
    let mut index = 0;
    while index < Opcode::ALL.len() {
        assert!(Opcode::ALL[index].cache_entries() <= MAX_CACHES, "an instruction has more caches");
        index += 1;
    }
};

/// Puts all instructions into `code`, and where they come from into `line_table`.
pub(super) fn encode_all(
    graph: &FlowGraph,
    layout: &Layout,
    first_line: i32,
    code: &mut CodeBuffer,
    line_table: &mut LineTableWriter,
) -> Result<(), FlowError> {
    code.clear();
    line_table.restart(first_line);
    let mut places = Locations { line_table, location: Location::NONE, start: 0 };
    for place in layout.places() {
        let instructions = graph.instructions(place.block);
        code.reserve(instructions.len());
        for instruction in instructions {
            places.come_to(instruction.location, code.len());
            if instruction.opcode.is_pseudo() {
                return Err(FlowError::Malformed);
            }
            code.push(instruction.opcode, instruction.oparg);
        }
    }
    places.end(code.len());
    Ok(())
}

/// Where the code units come from that have been written.
pub(super) struct Locations<'w> {
    pub(super) line_table: &'w mut LineTableWriter,
    /// Of the last ones.
    pub(super) location: Location,
    /// Where these start.
    pub(super) start: usize,
}

impl Locations<'_> {
    /// What is at `at` comes from this location.
    #[inline(always)]
    pub(super) fn come_to(&mut self, location: Location, at: usize) {
        if location != self.location {
            self.line_table.add(self.location, at - self.start);
            self.location = location;
            self.start = at;
        }
    }

    pub(super) fn end(self, at: usize) {
        self.line_table.add(self.location, at - self.start);
    }
}
