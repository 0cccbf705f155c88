//! `pycore_compile.h`, `pycore_instruction_sequence.h`: what CPython's own tests of its compiler call to run one pass alone.

use std::cell::RefCell;
use std::ffi::c_int;
use std::mem::offset_of;

use bytecode::arena::Arena;
use bytecode::constant::Constant;
use bytecode::generated::{GeneratedUnit, PlainInstruction};
use bytecode::instruction::CompilerOpcode;
use bytecode::location::Location;
use compiler::flow_graph::{FlowError, optimize_plain};
use compiler::unit::ConstantTable;
use interpreter::hooks::CodeGeneration;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::gc::{Traverse, Visitor};
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use crate::entry::{Array, export};
use crate::pythonrun::{CompilerFlags, flags_of};

/// An instruction as Python code gives it: any number may be an opcode or an argument.
#[derive(Clone, Copy)]
struct Entry {
    opcode: i32,
    oparg: i32,
    location: Location,
}

impl Entry {
    fn opcode(&self) -> Option<CompilerOpcode> {
        u16::try_from(self.opcode).ok().and_then(CompilerOpcode::from_number)
    }

    fn has_target(&self) -> bool {
        self.opcode().is_some_and(CompilerOpcode::has_target)
    }
}

/// Instructions, and where their labels are until the instructions name places instead.
#[derive(Default)]
struct Contents {
    entries: RefCell<Vec<Entry>>,
    labels: RefCell<Vec<Option<usize>>>,
    next_label: std::cell::Cell<i32>,
    nested: RefCell<Vec<Py<Object>>>,
}

impl Traverse for Contents {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.nested.borrow().iter().for_each(|item| item.traverse(visitor));
    }

    fn clear(&self) {
        drop(self.nested.take());
    }
}

/// A sequence of instructions that is built and read from Python code.
#[derive(Instance)]
#[repr(C)]
pub struct Sequence {
    header: Header,
    contents: Contents,
}

/// Labels are numbers from 0; more than this are no test's.
const MOST_LABELS: i32 = 1 << 20;

#[python_type(name = "InstructionSequence", base = BaseObject)]
impl Sequence {
    #[slot(tp_new)]
    fn new(_class: &Type, arguments: &Tuple, named: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Sequence>> {
        if arguments.length() > 0 || named.is_some_and(|it| it.length() > 0) {
            return Err(raise!(thread, TypeError, "InstructionSequenceType() takes no arguments"));
        }
        Ok(Self::empty(thread))
    }

    /// use_label($self, /, label)
    /// --
    ///
    /// Place label at current location.
    #[method]
    fn use_label(&self, label: i32, thread: &mut Thread) -> PyResult<()> {
        if label >= MOST_LABELS {
            return Err(thread.raise_memory_error());
        }
        let mut labels = self.contents.labels.borrow_mut();
        // A label below zero is none.
        let Ok(label) = usize::try_from(label) else { return Ok(()) };
        if labels.len() <= label {
            labels.resize(label + 1, None);
        }
        labels[label] = Some(self.contents.entries.borrow().len());
        Ok(())
    }

    /// addop($self, /, opcode, oparg, lineno, col_offset, end_lineno,
    ///       end_col_offset)
    /// --
    ///
    /// Append an instruction.
    #[method]
    #[expect(clippy::too_many_arguments, reason = "they are CPython's")]
    fn addop(
        &self,
        opcode: i32,
        oparg: i32,
        lineno: i32,
        col_offset: i32,
        end_lineno: i32,
        end_col_offset: i32,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let _ = thread;
        // The arguments are given in the order of C's location, whatever their names say: line, end line, column, end column.
        let location = Location::new(lineno, col_offset, end_lineno, end_col_offset);
        self.contents.entries.borrow_mut().push(Entry { opcode, oparg, location });
        Ok(())
    }

    /// new_label($self, /)
    /// --
    ///
    /// Return a new label.
    #[method]
    fn new_label(&self, thread: &mut Thread) -> Py<Object> {
        let label = self.contents.next_label.get() + 1;
        self.contents.next_label.set(label);
        protocol::make_int(i128::from(label), thread)
    }

    /// add_nested($self, /, nested)
    /// --
    ///
    /// Add a nested sequence.
    #[method]
    fn add_nested(&self, nested: &Object, thread: &mut Thread) -> PyResult<()> {
        if nested.downcast::<Sequence>().is_none() {
            let found = nested.class().class().short_name();
            return Err(raise!(thread, TypeError, "expected an instruction sequence, not {found}"));
        }
        self.contents.nested.borrow_mut().push(Py::from_ref(nested));
        Ok(())
    }

    /// get_nested($self, /)
    /// --
    ///
    /// Add a nested sequence.
    #[method]
    fn get_nested(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let nested = self.contents.nested.borrow().clone();
        List::new(nested, thread)
    }

    /// get_instructions($self, /)
    /// --
    ///
    /// Return the instructions as a list of tuples or labels.
    #[method]
    fn get_instructions(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        self.resolve_labels();
        let entries = self.contents.entries.borrow().clone();
        let mut list = Vec::with_capacity(entries.len());
        for entry in entries {
            let number = |value: i32, thread: &mut Thread| protocol::make_int(i128::from(value), thread);
            let Location { line, end_line, column, end_column } = entry.location;
            let mut items = vec![number(entry.opcode, thread)];
            items.push(match entry.opcode().is_none_or(CompilerOpcode::has_argument) {
                true => number(entry.oparg, thread),
                false => thread.none(),
            });
            items.extend([line, end_line, column, end_column].map(|it| number(it, thread)));
            list.push(Tuple::new(items, thread)?.into_object());
        }
        List::new(list, thread)
    }
}

impl Sequence {
    fn empty(thread: &mut Thread) -> Py<Sequence> {
        Py::new(Sequence { header: Header::new(Sequence::class()), contents: Contents::default() }, thread)
    }

    /// A sequence of these instructions, in which jumps name places.
    fn of(instructions: &[PlainInstruction], thread: &mut Thread) -> Py<Sequence> {
        let sequence = Self::empty(thread);
        let entry =
            |it: &PlainInstruction| Entry { opcode: it.opcode as i32, oparg: it.oparg as i32, location: it.location };
        sequence.contents.entries.borrow_mut().extend(instructions.iter().map(entry));
        sequence
    }

    /// The sequences of a unit and of those in it.
    fn of_unit(unit: &GeneratedUnit<'_>, thread: &mut Thread) -> PyResult<Py<Sequence>> {
        thread.check_stack(" while listing instructions")?;
        let sequence = Self::of(&unit.instructions, thread);
        for nested in &unit.nested {
            let nested = Self::of_unit(nested, thread)?.into_object();
            sequence.contents.nested.borrow_mut().push(nested);
        }
        Ok(sequence)
    }

    /// Jumps name places from here on; a label that was never placed is left as it is.
    fn resolve_labels(&self) {
        let labels = self.contents.labels.take();
        if labels.is_empty() {
            return;
        }
        for entry in self.contents.entries.borrow_mut().iter_mut().filter(|it| it.has_target()) {
            let place = usize::try_from(entry.oparg).ok().and_then(|label| labels.get(label).copied().flatten());
            if let Some(place) = place {
                entry.oparg = place as i32;
            }
        }
    }

    /// The instructions for the compiler; SystemError for what is none.
    fn plain(&self, constant_count: usize, thread: &mut Thread) -> PyResult<Vec<PlainInstruction>> {
        self.resolve_labels();
        let entries = self.contents.entries.borrow().clone();
        let mut list = Vec::with_capacity(entries.len());
        for entry in entries {
            let is_load = entry.opcode() == Some(CompilerOpcode::LoadConst);
            let (Some(opcode), Ok(oparg)) = (entry.opcode(), u32::try_from(entry.oparg)) else {
                if is_load {
                    return Err(raise_no_constant(entry.oparg, constant_count, thread));
                }
                return Err(raise!(thread, SystemError, "no such instruction: {} {}", entry.opcode, entry.oparg));
            };
            list.push(PlainInstruction { opcode, oparg, location: entry.location });
        }
        Ok(list)
    }
}

const _: () = assert!(offset_of!(Sequence, contents) == size_of::<Header>());

/// A list of Python objects as the compiler's constants, by way of marshal, which knows the same values.
fn constants_of<'t>(list: &List, arena: &'t Arena, thread: &mut Thread) -> PyResult<Vec<Constant<'t>>> {
    let tuple = Tuple::new(list.snapshot(thread), thread)?;
    let written = crate::import::call_of_module("marshal", "dumps", &[&tuple], thread)?;
    let bytes = protocol::buffer::bytes_contents(&written).unwrap_or_default();
    match bytecode::marshal::plain::read_constant(bytes, arena) {
        Ok(Constant::Tuple(items)) => Ok(items.to_vec()),
        _ => Err(raise!(thread, SystemError, "these constants are none of the compiler's")),
    }
}

#[cold]
fn raise_no_constant(index: i32, count: usize, thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "LOAD_CONST index {index} is out of range for consts (len={count})")
}

#[cold]
fn raise_flow_error<T>(error: FlowError, thread: &mut Thread) -> PyResult<T> {
    match error {
        FlowError::InconsistentStackDepth | FlowError::StackUnderflow => Err(raise!(thread, ValueError, "{error}")),
        FlowError::TooManyConstants => Err(raise!(thread, OverflowError, "{error}")),
        _ => Err(raise!(thread, SystemError, "{error}")),
    }
}

/// `_PyCompile_OptimizeCfg`: the sequence through the graph's optimizations; constants come and go in the list.
fn optimize(sequence: &Object, constants: &Object, locals: i32, thread: &mut Thread) -> PyResult<Py<Sequence>> {
    let Some(sequence) = sequence.downcast::<Sequence>() else {
        return Err(raise!(thread, ValueError, "expected an instruction sequence"));
    };
    let Some(list) = constants.downcast::<List>() else {
        return Err(raise!(thread, TypeError, "consts must be a list"));
    };
    let arena = Arena::new();
    let known = constants_of(list, &arena, thread)?;
    let instructions = sequence.plain(known.len(), thread)?;
    let mut table = ConstantTable::of(known.clone(), &arena);
    let optimized = match optimize_plain(&instructions, &mut table, locals.max(0) as usize) {
        Ok(optimized) => optimized,
        Err(FlowError::BadConstantIndex) => {
            let mut loads = instructions.iter().filter(|it| it.opcode == CompilerOpcode::LoadConst);
            let index = loads.find(|it| it.oparg as usize >= known.len()).map_or(0, |it| it.oparg as i32);
            return Err(raise_no_constant(index, known.len(), thread));
        }
        Err(error) => return raise_flow_error(error, thread),
    };
    let objects = list.snapshot(thread);
    let mut left = Vec::with_capacity(table.len());
    for constant in table.constants() {
        // What was given is given back; only what folding made is new.
        let given = known.iter().zip(&objects).find(|(it, _)| *it == constant);
        left.push(match given {
            Some((_, object)) => object.clone(),
            None => interpreter::code::constant_object(*constant, thread)?,
        });
    }
    drop(list.splice(0..list.length(), left, thread)?);
    Ok(Sequence::of(&optimized, thread))
}

/// `_PyCompile_CodeGen`: what code generation makes of a tree, and its constants and counts of arguments.
fn generate(
    tree: &Object,
    filename: &Object,
    flags: u32,
    optimize: c_int,
    mode: c_int,
    thread: &mut Thread,
) -> PyResult<Py<Tuple>> {
    let Some(run) = thread.interpreter().extension::<CodeGeneration>().0.get() else {
        return crate::entry::bad_internal_call(thread);
    };
    let optimize = u8::try_from(optimize).unwrap_or_else(|_| thread.interpreter().optimize.get());
    let arena = Arena::new();
    let unit = run(tree, filename, flags, optimize, mode, &arena, thread)?;
    let metadata = Dict::new(thread);
    let counts = [
        ("argcount", unit.argument_count),
        ("posonlyargcount", unit.positional_only_argument_count),
        ("kwonlyargcount", unit.keyword_only_argument_count),
    ];
    for (name, count) in counts {
        let (name, count) = (thread.intern_text(name), protocol::make_int(i128::from(count), thread));
        metadata.set_str(&name, &count, thread)?;
    }
    let mut constants = Vec::with_capacity(unit.constants.len());
    for constant in &unit.constants {
        constants.push(interpreter::code::constant_object(*constant, thread)?);
    }
    let constants = List::new(constants, thread)?;
    let name = thread.intern_text("consts");
    metadata.set_str(&name, &constants, thread)?;
    let sequence = Sequence::of_unit(&unit, thread)?;
    Tuple::new(vec![sequence.into_object(), metadata.into_object()], thread)
}

export! { thread;
    fn _PyInstructionSequence_New() -> Py<Sequence> { Ok(Sequence::empty(thread)) }

    fn _PyCompile_CodeGen(
        tree: &Object,
        filename: &Object,
        flags: Array<CompilerFlags>,
        optimize: i32,
        mode: i32,
    ) -> Py<Tuple> {
        let flags = flags_of(flags).map_or(0, |it| it.flags as u32);
        generate(tree, filename, flags, optimize, mode, thread)
    }

    fn _PyCompile_OptimizeCfg(sequence: &Object, constants: &Object, locals: i32) -> Py<Sequence> {
        optimize(sequence, constants, locals, thread)
    }
}
