//! The bytes of instructions, and the location table.

use bytecode::instruction::{CompilerOpcode, OPCODE_LIMIT, Opcode};
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
    /// Where the instructions start, then room for others.
    offsets: Vec<u32>,
    n_instructions: usize,
    /// All bits that any of their opcodes has.
    opcode_bits: u16,
}

impl CodeBuffer {
    pub(super) fn clear(&mut self) {
        self.used = 0;
        self.n_instructions = 0;
        self.opcode_bits = 0;
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

    /// Appends instructions; yields where each starts.
    #[inline]
    pub(super) fn push_all(&mut self, instructions: &[Instruction]) -> &[u32] {
        let room = self.used + instructions.len() * MAX_UNITS;
        if self.units.len() < room {
            self.units.resize(room, [0; 2]);
        }
        let first = self.n_instructions;
        self.n_instructions += instructions.len();
        if self.offsets.len() < self.n_instructions {
            self.offsets.resize(2 * self.n_instructions, 0);
        }
        let offsets = &mut self.offsets[first..self.n_instructions];
        let units = &mut self.units[..room];
        let mut used = self.used;
        let mut opcode_bits = 0;
        for (Instruction { opcode, oparg, .. }, offset) in instructions.iter().zip(&mut *offsets) {
            *offset = used as u32;
            opcode_bits |= *opcode as u16;
            if *oparg > 0xFF {
                used += push_extended_args(&mut units[used..], *oparg);
            }
            // Caches are zeros but for the counter, which is the first; a fixed number of zeros is quicker than the right one.
            const { assert!(Opcode::Cache as u8 == 0) };
            let Some(place) = units[used..].first_chunk_mut::<{ 1 + MAX_CACHES }>() else { break };
            *place = [[0; 2]; 1 + MAX_CACHES];
            place[0] = [*opcode as u16 as u8, *oparg as u8];
            // Where there is no cache, this is what comes next, and not written yet.
            place[1] = opcode.initial_counter().to_le_bytes();
            used += 1 + opcode.cache_entries();
        }
        self.used = used;
        self.opcode_bits |= opcode_bits;
        offsets
    }

    /// Where the instructions start that were written since it was cleared.
    pub(super) fn offsets(&self) -> &[u32] {
        &self.offsets[..self.n_instructions]
    }

    /// Whether there was a pseudo-instruction among them, which code cannot have.
    pub(super) fn has_pseudo(&self) -> bool {
        const { assert!(OPCODE_LIMIT.is_power_of_two()) };
        self.opcode_bits >= OPCODE_LIMIT
    }

    /// Replaces a unit.
    pub(super) fn set(&mut self, at: usize, opcode: CompilerOpcode, oparg: u8) {
        self.units[at] = [opcode as u16 as u8, oparg];
    }
}

/// Yields how many there are.
#[cold]
#[inline(never)]
fn push_extended_args(units: &mut [[u8; 2]], oparg: u32) -> usize {
    let count = extended_args(oparg);
    for (unit, index) in units.iter_mut().zip((1..=count).rev()) {
        *unit = [Opcode::ExtendedArg as u8, (oparg >> (8 * index)) as u8];
    }
    count as usize
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
    let mut places = Locations::new(line_table, first_line);
    for place in layout.places() {
        let instructions = graph.instructions(place.block);
        places.come_through(instructions, code.push_all(instructions));
    }
    places.end(code.len());
    if code.has_pseudo() { Err(FlowError::Malformed) } else { Ok(()) }
}

/// Where the code units come from that have been written.
pub(super) struct Locations<'w> {
    line_table: &'w mut LineTableWriter,
    /// Of the last ones.
    location: Location,
    /// Where these start.
    start: u32,
}

impl<'w> Locations<'w> {
    pub(super) fn new(line_table: &'w mut LineTableWriter, first_line: i32) -> Self {
        line_table.restart(first_line);
        Self { line_table, location: Location::NONE, start: 0 }
    }

    /// Instructions were written at these offsets.
    #[inline]
    pub(super) fn come_through(&mut self, instructions: &[Instruction], offsets: &[u32]) {
        for (instruction, at) in instructions.iter().zip(offsets) {
            if instruction.location != self.location {
                self.line_table.add(self.location, (at - self.start) as usize);
                self.location = instruction.location;
                self.start = *at;
            }
        }
    }

    pub(super) fn end(self, at: usize) {
        self.line_table.add(self.location, at - self.start as usize);
    }
}
