//! A code object from its parts: what the compiler's units, marshal data and `code(…)` come down to.

use std::cell::Cell;

use builtins::bytes::Bytes;
use bytecode::code_flags::{CO_FAST_CELL, CO_FAST_FREE, CO_FAST_LOCAL};
use bytecode::instruction::{OPCODE_LIMIT, Opcode};
use objects::errors::PyResult;
use objects::refs::{Py, allocate_variable};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance;

use super::Code;
use crate::specialize::counter;

/// The parts of a code object. Names are interned by [`Code::from_parts`].
pub struct CodeParts<'a> {
    pub argument_count: i32,
    pub positional_only_count: i32,
    pub keyword_only_count: i32,
    pub stack_size: i32,
    pub flags: i32,
    pub first_line: i32,
    /// Pairs of bytes, as in `co_code`.
    pub instructions: &'a [u8],
    pub constants: Py<Tuple>,
    /// Strings.
    pub names: Py<Tuple>,
    /// Strings.
    pub locals_plus_names: Py<Tuple>,
    /// As long as the names.
    pub locals_plus_kinds: Py<Bytes>,
    pub filename: Py<Str>,
    pub name: Py<Str>,
    pub qualified_name: Py<Str>,
    pub line_table: Py<Bytes>,
    pub exception_table: Py<Bytes>,
}

/// What the command line says of code objects.
#[derive(Default)]
pub struct CodeSettings {
    /// Their tables tell the lines alone (`-X no_debug_ranges`).
    pub without_columns: Cell<bool>,
}

impl Code {
    /// A new code object. The instructions are trusted to be the compiler's.
    pub fn from_parts(parts: CodeParts<'_>, thread: &mut Thread) -> PyResult<Py<Code>> {
        let units = parts.instructions.len() / 2;
        let code = allocate_variable(Code::class(), units as isize, thread)?;
        // SAFETY: the block is a code object's, zeroed: every field is null or zero.
        let code = unsafe { code.cast_into::<Code>() };
        let kinds = parts.locals_plus_kinds.as_slice();
        let count = |kind: u8| kinds.iter().filter(|it| **it & kind != 0).count() as i32;
        code.local_count.set(count(CO_FAST_LOCAL));
        code.cell_count.set(count(CO_FAST_CELL));
        code.free_count.set(count(CO_FAST_FREE));
        code.flags.set(parts.flags);
        code.argument_count.set(parts.argument_count);
        code.positional_only_count.set(parts.positional_only_count);
        code.keyword_only_count.set(parts.keyword_only_count);
        code.stack_size.set(parts.stack_size);
        code.first_line.set(parts.first_line);
        let locals_plus = parts.locals_plus_names.length();
        code.locals_plus_count.set(locals_plus as i32);
        code.frame_size.set((locals_plus + parts.stack_size as usize + crate::frame::SPECIALS) as i32);
        code.version.set(crate::specialize::next_function_version(thread));
        code.first_traceable.set(write_instructions(&code, parts.instructions) as i32);
        code.constants.set(Some(parts.constants));
        code.names.set(Some(interned_names(parts.names, thread)?));
        code.locals_plus_names.set(Some(interned_names(parts.locals_plus_names, thread)?));
        code.locals_plus_kinds.set(Some(parts.locals_plus_kinds));
        code.filename.set(Some(thread.intern(&parts.filename)));
        code.name.set(Some(thread.intern(&parts.name)));
        code.qualified_name.set(Some(thread.intern(&parts.qualified_name)));
        code.line_table.set(Some(line_table(parts.line_table, thread)));
        code.exception_table.set(Some(parts.exception_table));
        Ok(code)
    }
}

impl Code {
    /// Gives the code, and the code within that has the same filename, another one.
    pub fn rename(&self, path: &Str) {
        let old = Py::from_ref(self.filename());
        if !old.equals(path) {
            self.rename_from(&old, path);
        }
    }

    fn rename_from(&self, old: &Str, new: &Str) {
        if !self.filename().equals(old) {
            return;
        }
        self.filename.set(Some(Py::from_ref(new)));
        for constant in self.constants().items() {
            if let Some(inner) = constant.downcast_exact::<Code>() {
                inner.rename_from(old, new);
            }
        }
    }
}

/// A location table as code has it in this interpreter.
fn line_table(table: Py<Bytes>, thread: &mut Thread) -> Py<Bytes> {
    if !thread.interpreter().extension::<CodeSettings>().without_columns.get() {
        return table;
    }
    Bytes::from_slice(&bytecode::line_table::without_columns(table.as_slice()), thread)
}

/// The same strings, interned.
fn interned_names(names: Py<Tuple>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    if names.items().iter().all(|it| it.downcast::<Str>().is_some_and(Str::is_interned)) {
        return Ok(names);
    }
    let names = names.items().iter().map(|it| match it.downcast::<Str>() {
        Some(name) => thread.intern_for_ever(name).into_object(),
        None => it.clone(),
    });
    let names = names.collect();
    Tuple::new(names, thread)
}

/// What follows an instruction in new code.
#[derive(Clone, Copy)]
struct Following {
    is_known: bool,
    caches: u8,
    /// The first cache, if there is one.
    counter: u16,
}

static FOLLOWING: [Following; OPCODE_LIMIT as usize] = {
    let mut all = [Following { is_known: false, caches: 0, counter: 0 }; OPCODE_LIMIT as usize];
    let mut index = 0;
    while index < Opcode::ALL.len() {
        let opcode = Opcode::ALL[index];
        let caches = opcode.cache_entries() as u8;
        let counter = if caches > 0 { counter::initial(opcode) } else { 0 };
        all[opcode as usize] = Following { is_known: true, caches, counter };
        index += 1;
    }
    all
};

/// Copies the instructions, and winds up the counters of those that specialize: a counter is the first inline cache entry. Gives where
/// the first `RESUME` is, or the end.
fn write_instructions(code: &Code, instructions: &[u8]) -> usize {
    let units = instructions.as_chunks::<2>().0;
    write_with_empty_caches(code, units).unwrap_or_else(|| write_one_by_one(code, units))
}

/// As [`write_instructions`], of code as the compiler makes it: the caches are zeros, so that of no unit it needs to be known where the instruction
/// before it ends. None, with nothing done that matters, if it is other code.
fn write_with_empty_caches(code: &Code, units: &[[u8; 2]]) -> Option<usize> {
    const { assert!(Opcode::Cache as u8 == 0) };
    let target = code.first_instruction();
    let mut resume = units.len();
    let (mut counter, mut n_caches, mut n_empty, mut are_known) = (0, 0, 0, true);
    for (index, unit) in units.iter().enumerate() {
        // SAFETY: the code object has room for all its units.
        unsafe { target.add(index).write(u16::from_le_bytes(*unit) | counter) };
        let following = FOLLOWING[usize::from(unit[0])];
        counter = following.counter;
        n_caches += usize::from(following.caches);
        n_empty += usize::from(unit[0] == Opcode::Cache as u8);
        are_known &= following.is_known;
        if unit[0] == Opcode::Resume as u8 && resume == units.len() {
            resume = index;
        }
    }
    (are_known && n_caches == n_empty).then_some(resume)
}

fn write_one_by_one(code: &Code, units: &[[u8; 2]]) -> usize {
    let target = code.first_instruction();
    // What is not written here is empty.
    // SAFETY: the code object has room for all its units.
    unsafe { target.write_bytes(0, units.len()) };
    let mut resume = units.len();
    let mut index = 0;
    while let Some(unit) = units.get(index) {
        // SAFETY: the code object has room for all its units.
        unsafe { target.add(index).write(u16::from_le_bytes(*unit)) };
        let following = FOLLOWING[usize::from(unit[0])];
        if !following.is_known {
            break;
        }
        if unit[0] == Opcode::Resume as u8 {
            resume = resume.min(index);
        }
        if following.caches > 0 && index + 1 < units.len() {
            // SAFETY: the index is one of the units'.
            unsafe { target.add(index + 1).write(following.counter) };
        }
        index += 1 + usize::from(following.caches);
    }
    resume
}
