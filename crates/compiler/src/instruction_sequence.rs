//! `InstructionSequence`: what code generation appends instructions to, and what the flow graph is built from.
//!
//! It owns the labels: each label that a jump or a block-setup instruction names must have been placed with
//! [`InstructionSequence::use_label`] before the sequence is turned into a graph.

use bytecode::instruction::CompilerOpcode;
use bytecode::location::Location;
use syntax::token::Span;

use crate::flow_graph::Instruction;

/// A place in a sequence that jumps can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Label(u32);

/// What is known of a label.
#[derive(Clone, Copy, Debug, Default)]
struct LabelState {
    /// The index of the instruction after it; None until the label is used.
    place: Option<u32>,
    /// Whether an instruction names it.
    is_named: bool,
}

/// Instructions in the order of code generation, pseudo-instructions among them. The argument of a jump or a block-setup
/// instruction is the number of a label; which block that is, the flow graph finds out.
#[derive(Clone, Debug, Default)]
pub struct InstructionSequence {
    instructions: Vec<Instruction>,
    labels: Vec<LabelState>,
    /// What replaces `ANNOTATIONS_PLACEHOLDER`.
    annotations: Option<Box<InstructionSequence>>,
}

impl InstructionSequence {
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes it empty, but keeps its memory.
    pub fn clear(&mut self) {
        self.instructions.clear();
        self.labels.clear();
        self.annotations = None;
    }

    /// Appends an instruction whose argument is a number; 0 if it has none.
    #[inline]
    pub fn add(&mut self, opcode: CompilerOpcode, oparg: u32, location: Location) {
        debug_assert!(!opcode.has_target(), "{opcode} wants a label");
        debug_assert!(opcode.has_argument() || oparg == 0, "{opcode} has no argument");
        self.instructions.push(Instruction::new(opcode, oparg, location));
    }

    /// Appends a jump or a block-setup instruction.
    pub fn add_jump(&mut self, opcode: CompilerOpcode, target: Label, location: Location) {
        debug_assert!(opcode.has_target(), "{opcode} has no target");
        self.name_label(target);
        self.instructions.push(Instruction::new(opcode, target.0, location));
    }

    /// Puts a block-setup instruction or a jump before the instruction at `index`. Labels there and after move along.
    pub fn insert_jump(&mut self, index: usize, opcode: CompilerOpcode, target: Label, location: Location) {
        self.name_label(target);
        self.insert_instruction(index, Instruction::new(opcode, target.0, location));
    }

    /// Puts an instruction before the one at `index`. Labels there and after move along.
    pub fn insert(&mut self, index: usize, opcode: CompilerOpcode, oparg: u32, location: Location) {
        self.insert_instruction(index, Instruction::new(opcode, oparg, location));
    }

    fn insert_instruction(&mut self, index: usize, instruction: Instruction) {
        let index = index.min(self.instructions.len());
        self.instructions.insert(index, instruction);
        for place in self.labels.iter_mut().filter_map(|label| label.place.as_mut()) {
            if *place as usize >= index {
                *place += 1;
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
        let next = self.instructions.len() as u32;
        if let Some(state) = self.labels.get_mut(label.0 as usize) {
            state.place = Some(next);
        }
    }

    /// The code that stands for `ANNOTATIONS_PLACEHOLDER`; it must not have labels.
    pub fn set_annotations(&mut self, annotations: InstructionSequence) {
        self.annotations = Some(Box::new(annotations));
    }

    pub fn annotations(&self) -> Option<&InstructionSequence> {
        self.annotations.as_deref()
    }

    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    pub fn len(&self) -> usize {
        self.instructions.len()
    }

    pub fn is_empty(&self) -> bool {
        self.instructions.is_empty()
    }

    /// The index of the instruction after the label with this number; None if the label was never used.
    pub fn label_index(&self, label: u32) -> Option<usize> {
        self.labels.get(label as usize)?.place.map(|place| place as usize)
    }

    /// The places of the labels that instructions name; None for one that was never used.
    pub fn named_places(&self) -> impl Iterator<Item = Option<usize>> + '_ {
        let named = self.labels.iter().filter(|label| label.is_named);
        named.map(|label| label.place.map(|place| place as usize))
    }
}

/// The location of what `span` covers.
pub fn location_of(span: Span) -> Location {
    // Lines and columns are bounded by the size of a source, which the tokenizer keeps below 2**31.
    Location::new(span.start.line as i32, span.end.line as i32, span.start.column as i32, span.end.column as i32)
}
