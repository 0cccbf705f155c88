//! A code object from its parts: what the compiler's units, marshal data and `code(…)` come down to.

use std::cell::Cell;
use std::ptr::{self, NonNull};

use builtins::bytes::Bytes;
use bytecode::code_flags::{CO_FAST_CELL, CO_FAST_FREE, CO_FAST_LOCAL};
use bytecode::instruction::{OPCODE_LIMIT, Opcode};
use objects::errors::PyResult;
use objects::gc::Traverse;
use objects::refs::{Py, VarHeader};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance;

use super::extra::Extra;
use super::{Cached, Code, Instructions, Monitoring, Part};
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
    pub fn from_parts(mut parts: CodeParts<'_>, thread: &mut Thread) -> PyResult<Py<Code>> {
        parts.names = interned_names(parts.names, thread)?;
        parts.locals_plus_names = interned_names(parts.locals_plus_names, thread)?;
        parts.filename = thread.intern(&parts.filename);
        parts.name = thread.intern(&parts.name);
        parts.qualified_name = thread.intern(&parts.qualified_name);
        parts.line_table = line_table(parts.line_table, thread);
        let instructions = parts.instructions.as_chunks::<2>().0;
        let code = Self::without_instructions(parts, instructions.len(), thread)?;
        code.first_traceable.set(write_instructions(&code, instructions) as i32);
        Ok(code)
    }

    /// As [`Code::from_parts`], of parts as the compiler makes them: with counters among the instructions, and with names that are interned.
    pub(super) fn from_compiled_parts(parts: CodeParts<'_>, thread: &mut Thread) -> PyResult<Py<Code>> {
        let instructions = parts.instructions.as_chunks::<2>().0;
        let code = Self::without_instructions(parts, instructions.len(), thread)?;
        // SAFETY: the code object has room for its instructions, which are no part of it.
        unsafe { code.first_instruction().cast::<[u8; 2]>().copy_from(instructions.as_ptr(), instructions.len()) };
        let resume = instructions.iter().position(|unit| unit[0] == Opcode::Resume as u8);
        code.first_traceable.set(resume.unwrap_or(instructions.len()) as i32);
        Ok(code)
    }

    /// A code object with room for its instructions, which are still to be written, and `first_traceable` to be set.
    fn without_instructions(parts: CodeParts<'_>, n_units: usize, thread: &mut Thread) -> PyResult<Py<Code>> {
        let [local_count, cell_count, free_count] = counts_of_kinds(parts.locals_plus_kinds.as_slice());
        let locals_plus = parts.locals_plus_names.length();
        let code = Code {
            header: VarHeader::new(Code::class(), n_units as isize),
            constants: Part::new(parts.constants),
            names: Part::new(parts.names),
            exception_table: Part::new(parts.exception_table),
            flags: Cell::new(parts.flags),
            argument_count: Cell::new(parts.argument_count),
            positional_only_count: Cell::new(parts.positional_only_count),
            keyword_only_count: Cell::new(parts.keyword_only_count),
            stack_size: Cell::new(parts.stack_size),
            first_line: Cell::new(parts.first_line),
            locals_plus_count: Cell::new(locals_plus as i32),
            frame_size: Cell::new((locals_plus + parts.stack_size as usize + crate::frame::SPECIALS) as i32),
            local_count: Cell::new(local_count),
            cell_count: Cell::new(cell_count),
            free_count: Cell::new(free_count),
            version: Cell::new(crate::specialize::next_function_version(thread)),
            locals_plus_names: Part::new(parts.locals_plus_names),
            locals_plus_kinds: Part::new(parts.locals_plus_kinds),
            filename: Part::new(parts.filename),
            name: Part::new(parts.name),
            qualified_name: Part::new(parts.qualified_name),
            line_table: Part::new(parts.line_table),
            weak_references: Cell::default(),
            executors: Cell::default(),
            cached: Cached::default(),
            instrumentation_version: Cell::new(0),
            monitoring: Monitoring::default(),
            unique_id: Cell::new(0),
            first_traceable: Cell::new(0),
            extra: Extra::default(),
            instructions: Instructions([]),
        };
        // What follows the struct's last field may be less than what it is padded by.
        let size = n_units.checked_mul(2).and_then(|it| it.checked_add(size_of::<Code>()));
        let block = size.map_or(ptr::null_mut(), |size| thread.allocator().allocate(size));
        let Some(block) = NonNull::new(block.cast::<Code>()) else { return Err(thread.raise_memory_error()) };
        const { assert!(!<Code as Traverse>::MAY_REFER, "there is no room for the collector's head") };
        // SAFETY: the block has room for the struct and the instructions; its one reference goes to the result.
        unsafe {
            block.write(code);
        }
        // SAFETY: as above.
        let code = unsafe { Py::steal(block) };
        if thread.interpreter().watchers.codes.active() != 0 {
            objects::watchers::tell_of_code(&code, true, thread);
        }
        Ok(code)
    }
}

/// How many locals, cells and free variables there are.
fn counts_of_kinds(kinds: &[u8]) -> [i32; 3] {
    let mut counts = [0; 3];
    for kind in kinds {
        for (count, bit) in counts.iter_mut().zip([CO_FAST_LOCAL, CO_FAST_CELL, CO_FAST_FREE]) {
            *count += i32::from(kind & bit != 0);
        }
    }
    counts
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
fn write_instructions(code: &Code, units: &[[u8; 2]]) -> usize {
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

/// The deallocator of code objects: watchers are told first.
///
/// # Safety
/// Called as `tp_dealloc`.
pub(super) unsafe extern "C-unwind" fn deallocate(object: *mut layout::PyObject) {
    // SAFETY: objects only exist while their thread is attached.
    let mut thread = unsafe { Thread::current() };
    if thread.interpreter().watchers.codes.active() != 0 {
        let tell = |it: &objects::refs::Object, thread: &mut Thread| objects::watchers::tell_of_code(it, false, thread);
        // SAFETY: the count is zero.
        if unsafe { objects::watchers::put_off(object, &mut thread, tell) } {
            return;
        }
    }
    // SAFETY: passed on.
    unsafe { objects::refs::deallocate_instance::<Code>(object) }
}
