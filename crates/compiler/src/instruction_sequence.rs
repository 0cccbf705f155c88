//! `InstructionSequence`: what code generation appends instructions to, and what the flow graph is built from.
//!
//! It owns the labels: each label that a jump or a block-setup instruction names must have been placed with
//! [`InstructionSequence::use_label`] before the sequence is turned into a graph.
//!
//! The instructions are in runs, each of which goes into one block: a run ends where a label is placed, and behind a jump, an exit or an
//! `ANNOTATIONS_PLACEHOLDER`. Of each run
//! it is known which kinds of instructions it has, so that the graph need not look at them all to begin with.

use std::hint::select_unpredictable;

use bytecode::instruction::CompilerOpcode;
use bytecode::location::Location;
use syntax::token::Span;

use crate::flow_graph::{Contents, Instruction};

/// A place in a sequence that jumps can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Label(u32);

/// What is known of a label.
#[derive(Clone, Copy, Debug, Default)]
struct LabelState {
    /// The number of the run after it; None until the label is used.
    run: Option<u32>,
    /// Whether an instruction names it.
    is_named: bool,
}

/// Instructions of which only the last can jump or leave, and slots behind them that are free.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Run {
    /// Where it starts in the sequence's slots.
    pub start: u32,
    /// Where its instructions end.
    pub end: u32,
    pub spare: u32,
    /// How many more there would be if [`InstructionSequence::add_joined`] had joined none.
    pub joined: u32,
    pub contents: Contents,
}

/// How many slots behind a conditional jump are kept free for what the flow graph puts there.
const SPARE_SLOTS: u32 = 3;

/// Instructions in the order of code generation, pseudo-instructions among them. The argument of a jump or a block-setup
/// instruction is the number of a label; which block that is, the flow graph finds out.
#[derive(Clone, Debug, Default)]
pub struct InstructionSequence {
    /// The instructions, and spare slots.
    slots: Vec<Instruction>,
    /// The runs that are complete.
    runs: Vec<Run>,
    /// Where the run starts that is not.
    start: usize,
    /// What that run has.
    contents: Contents,
    joined: u32,
    /// The kinds of the last instruction.
    last: Contents,
    labels: Vec<LabelState>,
    /// What replaces `ANNOTATIONS_PLACEHOLDER`.
    annotations: Option<Box<InstructionSequence>>,
    /// Whether the constants of the code unit, the first apart, are known to be loaded here.
    pub(crate) loads_all_constants: bool,
    /// Whether an instruction that lacks a line gets the place of the one before it in its run at once, as `line_numbers` would do.
    pub(crate) spreads_lines: bool,
}

impl InstructionSequence {
    pub fn new() -> Self {
        // A sequence is used for many code units, most of which need no more.
        Self { slots: Vec::with_capacity(512), runs: Vec::with_capacity(64), ..Self::default() }
    }

    /// Makes it empty, but keeps its memory.
    pub fn clear(&mut self) {
        self.slots.clear();
        self.runs.clear();
        (self.start, self.contents, self.joined, self.last) = (0, Contents::NOTHING, 0, Contents::NOTHING);
        self.labels.clear();
        self.annotations = None;
        self.loads_all_constants = false;
    }

    /// Appends an instruction whose argument is a number; 0 if it has none.
    #[inline]
    pub fn add(&mut self, opcode: CompilerOpcode, oparg: u32, location: Location) {
        debug_assert!(!opcode.has_target(), "{opcode} wants a label");
        debug_assert!(opcode.has_argument() || oparg == 0, "{opcode} has no argument");
        self.push(opcode, oparg, location, Contents::of_opcode(opcode));
    }

    /// Appends the load of a constant that is no small integer.
    #[inline]
    pub fn add_load_of_other(&mut self, number: u32, location: Location) {
        let kinds = Contents::of_opcode(CompilerOpcode::LoadConst).without(Contents::SMALL_INTEGER);
        self.push(CompilerOpcode::LoadConst, number, location, kinds);
    }

    /// Appends a jump or a block-setup instruction.
    pub fn add_jump(&mut self, opcode: CompilerOpcode, target: Label, location: Location) {
        debug_assert!(opcode.has_target(), "{opcode} has no target");
        self.name_label(target);
        self.push(opcode, target.0, location, Contents::of_opcode(opcode));
    }

    /// Appends a `TO_BOOL` or `PUSH_NULL`. Where the instruction before can do its work, on the same line, it does so at once: `peephole`
    /// would join the two.
    pub fn add_joined(&mut self, opcode: CompilerOpcode, location: Location) {
        let last = if self.slots.len() > self.start { self.slots.last_mut() } else { None };
        let Some(last) = last.filter(|last| location.has_line() && last.location.line == location.line) else {
            return self.add(opcode, 0, location);
        };
        if last.join(opcode, location) {
            self.joined += 1;
        } else {
            self.add(opcode, 0, location);
        }
    }

    /// All code is emitted through here, so what is needed more rarely is elsewhere: a function that calls nothing on its way need not save
    /// registers.
    #[inline(never)]
    fn push(&mut self, opcode: CompilerOpcode, oparg: u32, location: Location, kinds: Contents) {
        if self.slots.len() == self.slots.capacity() || !location.has_line() {
            return self.push_unusual(opcode, oparg, location, kinds);
        }
        self.append(opcode, oparg, location, kinds);
    }

    /// Appends an instruction that lacks a line or for which there is no room.
    #[inline(never)]
    fn push_unusual(&mut self, opcode: CompilerOpcode, oparg: u32, mut location: Location, kinds: Contents) {
        self.slots.reserve(1);
        let spreads = self.spreads_lines && location.line == Location::NONE.line && self.slots.len() > self.start;
        if let Some(last) = self.slots.last().filter(|_| spreads) {
            location = last.location;
        }
        self.append(opcode, oparg, location, kinds.with(Contents::of_location(location)));
    }

    #[inline(always)]
    fn append(&mut self, opcode: CompilerOpcode, oparg: u32, location: Location, kinds: Contents) {
        self.slots.push(Instruction::new(opcode, oparg, location));
        self.contents = self.contents.with(kinds.after(self.last));
        self.last = kinds;
        if kinds.intersects(Contents::TERMINATOR.with(Contents::PLACEHOLDER)) {
            self.end_run(opcode.has_jump());
        }
    }

    /// Makes what was added since the last run a run.
    #[inline(never)]
    fn end_run(&mut self, needs_spare: bool) {
        let end = self.slots.len() as u32;
        let spare = if needs_spare { SPARE_SLOTS } else { 0 };
        if needs_spare {
            self.slots.extend_from_slice(&[Instruction::NOTHING; SPARE_SLOTS as usize]);
        }
        self.runs.push(Run { start: self.start as u32, end, spare, joined: self.joined, contents: self.contents });
        self.start = self.slots.len();
        (self.contents, self.joined) = (Contents::NOTHING, 0);
    }

    /// Puts a block-setup instruction before all others. Labels move along.
    pub fn insert_first(&mut self, opcode: CompilerOpcode, target: Label, location: Location) {
        debug_assert!(opcode.is_block_push(), "{opcode} is no block-setup instruction");
        self.name_label(target);
        self.slots.insert(0, Instruction::new(opcode, target.0, location));
        let contents = Contents::of_opcode(opcode).with(Contents::of_location(location));
        for run in &mut self.runs {
            run.start += 1;
            run.end += 1;
        }
        self.start += 1;
        let is_labelled = self.labels.iter().any(|label| label.run == Some(0));
        match self.runs.first_mut() {
            Some(first) if !is_labelled => {
                first.start = 0;
                first.contents = first.contents.with(contents);
            }
            None if !is_labelled => {
                self.start = 0;
                self.contents = self.contents.with(contents);
            }
            _ => {
                self.runs.insert(0, Run { start: 0, end: 1, spare: 0, joined: 0, contents });
                self.labels.iter_mut().filter_map(|label| label.run.as_mut()).for_each(|run| *run += 1);
            }
        }
    }

    fn name_label(&mut self, label: Label) {
        if let Some(state) = self.labels.get_mut(label.0 as usize) {
            state.is_named = true;
        }
    }

    /// A label that is not placed yet.
    pub fn new_label(&mut self) -> Label {
        let label = Label(self.labels.len() as u32);
        self.labels.push(LabelState::default());
        label
    }

    /// Places a label before the next instruction.
    pub fn use_label(&mut self, label: Label) {
        if self.slots.len() > self.start {
            self.end_run(false);
        }
        let next = self.runs.len() as u32;
        if let Some(state) = self.labels.get_mut(label.0 as usize) {
            state.run = Some(next);
        }
    }

    /// Whether nothing leads to what would come next: the last instruction leaves the frame, and no jump goes here.
    pub fn is_left(&self) -> bool {
        let next = self.runs.len() as u32;
        let leaves =
            self.slots.len() == self.start && self.slots.last().is_some_and(|last| last.opcode.is_scope_exit());
        leaves && !self.labels.iter().any(|label| label.is_named && label.run == Some(next))
    }

    /// The code that stands for `ANNOTATIONS_PLACEHOLDER`; it must not have labels.
    pub fn set_annotations(&mut self, annotations: InstructionSequence) {
        self.annotations = Some(Box::new(annotations));
    }

    pub(crate) fn take_annotations(&mut self) -> Option<Box<InstructionSequence>> {
        self.annotations.take()
    }

    /// Ends the last run.
    pub(crate) fn finish(&mut self) {
        // Even an empty one may have a label.
        self.end_run(false);
    }

    /// The slots and the runs in them. Each may be taken over: nothing but [`InstructionSequence::clear`] makes sense after that.
    pub(crate) fn parts(&mut self) -> (&mut Vec<Instruction>, &[Run]) {
        (&mut self.slots, &self.runs)
    }

    /// The number of the run after the label with this number; None if the label was never used.
    pub(crate) fn label_run(&self, label: u32) -> Option<usize> {
        self.labels.get(label as usize)?.run.map(|run| run as usize)
    }

    /// For each label the number of the run after it, too large for one that was never used; `unnamed` for one that no instruction names.
    pub(crate) fn named_runs(&self, unnamed: usize) -> impl Iterator<Item = usize> + '_ {
        // Which are named cannot be foreseen.
        self.labels.iter().map(move |label| {
            let run = label.run.map_or(usize::MAX, |run| run as usize);
            select_unpredictable(label.is_named, run, unnamed)
        })
    }
}

/// The location of what `span` covers.
#[inline(always)]
pub fn location_of(span: Span) -> Location {
    // Lines and columns are bounded by the size of a source, which the tokenizer keeps below 2**31.
    Location::new(span.start.line as i32, span.end.line as i32, span.start.column as i32, span.end.column as i32)
}
