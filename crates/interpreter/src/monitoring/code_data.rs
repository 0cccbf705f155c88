//! What the tools want of one code object, instruction by instruction.
//!
//! The instructions themselves say it as far as the loop needs to know: they are rewritten to `INSTRUMENTED_…` forms. Here is for whom, and
//! what they were. The invariant: an instruction's opcode is the outermost of the layers that it is instrumented for (lines, instructions, its
//! own event), which [`CodeMonitoring::write`] keeps.
//!
//! As in CPython, the instructions do not say whom to tell as long as no event has more than one tool: then it is the one that wants the event.
//! What is noted for each of them begins when a second tool comes. That can be seen: who disabled a line hears of it again, and who watches
//! instructions already hears of no more of them in this code.

use std::cell::{Cell, OnceCell};

use bytecode::instruction::Opcode;

use super::events::{Event, LOCAL_EVENTS};
use super::instrument::event_of;
use super::lines::Lines;
use super::tools::{Monitors, TOOLS};
use crate::code::Code;
use crate::specialize::counter;

/// What an instruction can be instrumented for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    /// Its own event.
    Event,
    Line,
    Instruction,
}

impl Layer {
    pub const ALL: [Layer; 3] = [Layer::Event, Layer::Line, Layer::Instruction];

    /// The one by which an event is told.
    pub fn of(event: Event) -> Self {
        match event {
            Event::Line => Self::Line,
            Event::Instruction => Self::Instruction,
            _ => Self::Event,
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// What one instruction is instrumented for, and for whom if that is noted.
#[derive(Default)]
struct Unit {
    layers: Cell<u8>,
    tools: [Cell<u8>; Layer::ALL.len()],
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
    units: Box<[Unit]>,
    /// The layers of which each instruction notes the tools.
    noted: Cell<u8>,
    lines: OnceCell<Lines>,
    /// For the instructions behind a branch that stand for one of its ways: where the branch is.
    sources: OnceCell<Box<[(usize, usize)]>>,
}

impl CodeMonitoring {
    /// Of code that has not been instrumented yet.
    pub fn new(code: &Code) -> Self {
        let mut units: Vec<Unit> = Vec::new();
        units.resize_with(code.unit_count(), Unit::default);
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
            noted: Cell::new(0),
            lines: OnceCell::new(),
            sources: OnceCell::new(),
        }
    }

    /// The compiler's opcode of the instruction that begins at a code unit.
    pub fn original(&self, index: usize) -> Option<Opcode> {
        Opcode::from_u8(self.units.get(index)?.original)
    }

    /// Whether an instruction is instrumented for this.
    pub(super) fn is_instrumented(&self, index: usize, layer: Layer) -> bool {
        self.units.get(index).is_some_and(|it| it.layers.get() & layer.bit() != 0)
    }

    /// The tools to tell of an event at an instruction that was instrumented for it when it began: whoever disables a call meanwhile hears of its
    /// end all the same, if the tools are not noted.
    pub(super) fn tools_at(&self, index: usize, event: Event) -> u8 {
        let layer = Layer::of(event);
        if self.noted.get() & layer.bit() != 0 {
            return self.units.get(index).map_or(0, |it| it.tools[layer as usize].get());
        }
        // What a call gave goes to those who are told of the call.
        let event = if event.is_local() { event } else { Event::Call };
        self.active.tools(event as usize)
    }

    /// Begins to note the tools, since some event has several now: those of the events in `wanted`, which the code is about to be instrumented
    /// for.
    pub(super) fn note_tools(&self, code: &Code, wanted: &[u8; LOCAL_EVENTS]) {
        let are_wanted = |layer: Layer| match layer {
            Layer::Event => true,
            Layer::Line => wanted[Event::Line as usize] != 0,
            Layer::Instruction => wanted[Event::Instruction as usize] != 0,
        };
        for layer in Layer::ALL.into_iter().filter(|it| are_wanted(*it) && self.noted.get() & it.bit() == 0) {
            for (index, unit) in self.units.iter().enumerate() {
                unit.tools[layer as usize].set(match layer {
                    Layer::Event if !self.is_instrumented(index, layer) => 0,
                    Layer::Event => self.own_event(code, index).map_or(0, |event| self.active.tools(event as usize)),
                    Layer::Line => wanted[Event::Line as usize],
                    Layer::Instruction => 0,
                });
            }
            self.noted.set(self.noted.get() | layer.bit());
        }
    }

    /// The event that an instruction stands for.
    pub(super) fn own_event(&self, code: &Code, index: usize) -> Option<Event> {
        // SAFETY: the code has this unit, since it has an original opcode.
        let argument = |_| (unsafe { code.first_instruction().add(index).read() } >> 8) as u8;
        self.original(index).and_then(|opcode| event_of(opcode, argument(opcode)))
    }

    /// Instruments an instruction for more tools.
    pub(super) fn add(&self, code: &Code, index: usize, layer: Layer, tools: u8) {
        let Some(unit) = self.units.get(index).filter(|_| tools != 0) else { return };
        let noted = &unit.tools[layer as usize];
        noted.set(noted.get() | tools);
        unit.layers.set(unit.layers.get() | layer.bit());
        self.write(code, index);
    }

    /// Some tools do not want to hear of an event at an instruction any more.
    pub(super) fn remove(&self, code: &Code, index: usize, event: Event, tools: u8) {
        let layer = Layer::of(event);
        let Some(unit) = self.units.get(index).filter(|_| tools != 0) else { return };
        let noted = &unit.tools[layer as usize];
        noted.set(noted.get() & !tools);
        let rest =
            if self.noted.get() & layer.bit() != 0 { noted.get() } else { self.active.tools(event as usize) & !tools };
        if rest == 0 {
            unit.layers.set(unit.layers.get() & !layer.bit());
            self.write(code, index);
        }
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

    /// Writes the opcode that what an instruction is instrumented for asks for.
    fn write(&self, code: &Code, index: usize) {
        let Some(original) = self.original(index) else { return };
        let instrumented = if self.is_instrumented(index, Layer::Line) {
            Some(Opcode::InstrumentedLine)
        } else if self.is_instrumented(index, Layer::Instruction) {
            Some(Opcode::InstrumentedInstruction)
        } else if self.is_instrumented(index, Layer::Event) {
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
