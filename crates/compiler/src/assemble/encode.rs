//! The bytes of instructions, and the location table.

use bytecode::instruction::{CompilerOpcode, OPCODE_LIMIT, Opcode};
use bytecode::line_table::LineTableWriter;
use bytecode::location::Location;

use super::FlowError;
use super::layout::Layout;
use crate::flow_graph::{BlockId, FlowGraph, Instruction};

/// How many `EXTENDED_ARG`s an argument needs.
#[inline(always)]
pub(super) fn extended_args(oparg: u32) -> u32 {
    // One for each byte above the lowest.
    (31 - (oparg | 1).leading_zeros()) / 8
}

/// Code units that an instruction takes, `EXTENDED_ARG`s and caches included.
#[inline]
pub(super) fn size(instruction: &Instruction) -> u32 {
    let extended = if instruction.oparg > 0xFF { extended_args(instruction.oparg) } else { 0 };
    extended + 1 + instruction.opcode.cache_entries() as u32
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

/// No instruction comes from there.
static NOWHERE: Location = Location::new(i32::MIN, i32::MIN, i32::MIN, i32::MIN);

/// The code units of one code object after the other.
#[derive(Debug, Default)]
pub(super) struct CodeBuffer {
    /// The units, then some that are not used yet.
    units: Vec<[u8; 2]>,
    used: usize,
    /// The pieces of code that come from one place of the source each, then at least one that is not used yet.
    pieces: Vec<Piece>,
    n_pieces: usize,
    /// All bits that any of their opcodes has.
    opcode_bits: u16,
}

/// Code units that come from one place, from `start` to the next piece.
#[derive(Clone, Copy, Debug, Default)]
struct Piece {
    /// Which instruction of the graph it begins with.
    slot: u32,
    start: u32,
}

impl CodeBuffer {
    pub(super) fn clear(&mut self) {
        self.used = 0;
        self.n_pieces = 0;
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

    /// Takes care that there is room for so many more instructions.
    #[inline]
    fn make_room(&mut self, count: usize) {
        let room = self.used + count * MAX_UNITS;
        if self.units.len() < room {
            self.units.resize(room, [0; 2]);
        }
        let n_pieces = self.n_pieces + count + 1;
        if self.pieces.len() < n_pieces {
            self.pieces.resize(2 * n_pieces, Piece::default());
        }
    }

    /// Appends the instructions of a block.
    ///
    /// Nothing branches on what the instructions are, or on whether they come from where the last one did: that cannot be foreseen.
    #[inline]
    pub(super) fn push_block(&mut self, graph: &FlowGraph, block: BlockId) {
        let instructions = graph.instructions(block);
        self.make_room(instructions.len());
        let (units, pieces) = (&mut self.units[..], &mut self.pieces[..]);
        let (mut used, mut n_pieces) = (self.used, self.n_pieces);
        let mut last = n_pieces.checked_sub(1).map_or(&NOWHERE, |last| &graph.slot(pieces[last].slot).location);
        let mut opcode_bits = 0;
        for (instruction, slot) in instructions.iter().zip(graph.first_slot(block)..) {
            let Instruction { opcode, oparg, location, .. } = instruction;
            let Some(piece) = pieces.get_mut(n_pieces) else { break };
            // It begins no piece if the next one is written over it.
            *piece = Piece { slot, start: used as u32 };
            n_pieces += usize::from(location != last);
            last = location;
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
        (self.used, self.n_pieces) = (used, n_pieces);
        self.opcode_bits |= opcode_bits;
    }

    /// Writes where the code comes from, which starts on `first_line`.
    #[inline(never)]
    pub(super) fn write_lines(&mut self, graph: &FlowGraph, first_line: i32, line_table: &mut LineTableWriter) {
        line_table.restart(first_line);
        // Where the last one ends.
        if let Some(end) = self.pieces.get_mut(self.n_pieces) {
            end.start = self.used as u32;
        }
        let starts = &self.pieces[..self.n_pieces];
        let ends = self.pieces.get(1..).unwrap_or_default();
        for (piece, next) in starts.iter().zip(ends) {
            line_table.add(graph.slot(piece.slot).location, (next.start - piece.start) as usize);
        }
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
    for place in layout.places() {
        code.push_block(graph, place.block);
    }
    code.write_lines(graph, first_line, line_table);
    if code.has_pseudo() { Err(FlowError::Malformed) } else { Ok(()) }
}
