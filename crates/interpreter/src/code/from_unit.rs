//! Making code objects from what the compiler or marshal yields.

use bytecode::code_flags::{CO_FAST_CELL, CO_FAST_FREE, CO_FAST_LOCAL};
use bytecode::code_unit::CodeUnit;
use bytecode::constant::Constant;
use bytecode::instruction::Opcode;
use builtins::bytes::Bytes;
use builtins::complex::Complex;
use builtins::set::FrozenSet;
use objects::slice::Slice;
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::none::EllipsisType;
use objects::refs::{Object, Py, allocate_variable};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance;
use text::builder::StrData;
use text::wtf8::Wtf8Buf;

use super::Code;
use crate::specialize::counter;

/// A code object with everything that the unit holds, nested code included. Names and identifier-like strings are interned.
pub fn code_from_unit(unit: &CodeUnit, thread: &mut Thread) -> PyResult<Py<Code>> {
    let constants = constant_tuple(&unit.constants, thread)?;
    let names = name_tuple(&unit.names, thread)?;
    let locals_plus_names = name_tuple(&unit.locals_plus_names, thread)?;
    let filename = interned(&unit.filename, thread);
    let name = interned(&unit.name, thread);
    let qualified_name = interned(&unit.qualified_name, thread);
    let exception_table = Bytes::from_slice(&unit.exception_table, thread);
    let line_table = Bytes::from_slice(&unit.line_table, thread);
    let locals_plus_kinds = Bytes::from_slice(&unit.locals_plus_kinds, thread);
    let units = unit.code.len() / 2;
    let code = allocate_variable(Code::class(), units as isize, thread)?;
    // SAFETY: the block is a code object's, zeroed: every field is null or zero.
    let code = unsafe { code.cast_into::<Code>() };
    let count = |kind: u8| unit.locals_plus_kinds.iter().filter(|it| **it & kind != 0).count() as i32;
    code.constants.set(Some(constants));
    code.names.set(Some(names));
    code.exception_table.set(Some(exception_table));
    code.flags.set(unit.flags as i32);
    code.argument_count.set(unit.argument_count as i32);
    code.positional_only_count.set(unit.positional_only_argument_count as i32);
    code.keyword_only_count.set(unit.keyword_only_argument_count as i32);
    code.stack_size.set(unit.stack_size as i32);
    code.first_line.set(unit.first_line);
    let locals_plus = unit.locals_plus_names.len();
    code.locals_plus_count.set(locals_plus as i32);
    code.frame_size.set((locals_plus + unit.stack_size as usize + crate::frame::SPECIALS) as i32);
    code.local_count.set(count(CO_FAST_LOCAL));
    code.cell_count.set(count(CO_FAST_CELL));
    code.free_count.set(count(CO_FAST_FREE));
    code.version.set(crate::specialize::next_function_version(thread));
    code.locals_plus_names.set(Some(locals_plus_names));
    code.locals_plus_kinds.set(Some(locals_plus_kinds));
    code.filename.set(Some(filename));
    code.name.set(Some(name));
    code.qualified_name.set(Some(qualified_name));
    code.line_table.set(Some(line_table));
    write_instructions(&code, &unit.code);
    Ok(code)
}

/// Copies the instructions, and winds up the counters of those that specialize: a counter is the first inline cache entry.
fn write_instructions(code: &Code, instructions: &[u8]) {
    let target = code.first_instruction();
    let units = instructions.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect::<Vec<_>>();
    let mut index = 0;
    while let Some(unit) = units.get(index) {
        // SAFETY: the code object has room for all its units, and its block was zeroed.
        unsafe { target.add(index).write(*unit) };
        let Some(opcode) = Opcode::from_u8(*unit as u8) else { break };
        let caches = opcode.cache_entries();
        if caches > 0 && index + caches < units.len() {
            // SAFETY: as above.
            unsafe { target.add(index + 1).write(counter::initial(opcode)) };
        }
        index += 1 + caches;
    }
}

/// A string object of plain text.
pub fn string(text: &Wtf8Buf, thread: &mut Thread) -> Py<Str> {
    match text.as_str() {
        Some(text) => Str::from_str(text, thread),
        None => Str::from_data(&StrData::from_wtf8(text), thread),
    }
}

fn interned(text: &Wtf8Buf, thread: &mut Thread) -> Py<Str> {
    let text = string(text, thread);
    thread.intern_for_ever(&text)
}

fn name_tuple(names: &[Wtf8Buf], thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let names = names.iter().map(|it| interned(it, thread).into_object()).collect();
    Tuple::new(names, thread)
}

fn constant_tuple(constants: &[Constant], thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let items = constants.iter().map(|it| object(it, thread)).collect::<PyResult<Vec<_>>>()?;
    Tuple::new(items, thread)
}

/// The object that a constant stands for.
pub fn object(constant: &Constant, thread: &mut Thread) -> PyResult<Py<Object>> {
    Ok(match constant {
        Constant::None => thread.none(),
        Constant::Ellipsis => Py::from_ref(EllipsisType::get()),
        Constant::Bool(value) => Bool::new(*value),
        Constant::Integer(value) => Int::from_digits(value.is_negative(), value.digits(), thread).into_object(),
        Constant::Float(value) => Float::new(*value, thread).into_object(),
        Constant::Complex { real, imaginary } => Complex::new(*real, *imaginary, thread).into_object(),
        Constant::String(text) if is_identifier_like(text) => interned(text, thread).into_object(),
        Constant::String(text) => string(text, thread).into_object(),
        Constant::Bytes(bytes) => Bytes::from_slice(bytes, thread).into_object(),
        Constant::Tuple(items) => constant_tuple(items, thread)?.into_object(),
        Constant::FrozenSet(items) => {
            let items = items.iter().map(|it| object(it, thread)).collect::<PyResult<Vec<_>>>()?;
            FrozenSet::from_elements(&items, thread)?.into_object()
        }
        Constant::Slice(parts) => {
            let [start, stop, step] = &**parts;
            let (start, stop, step) = (object(start, thread)?, object(stop, thread)?, object(step, thread)?);
            Slice::new(start, stop, step, thread).into_object()
        }
        Constant::Code(unit) => code_from_unit(unit, thread)?.into_object(),
    })
}

/// CPython interns string constants that look like identifiers.
fn is_identifier_like(text: &Wtf8Buf) -> bool {
    text.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}
