//! Making code objects from what the compiler or marshal yields.

use builtins::bytes::Bytes;
use builtins::complex::Complex;
use builtins::set::FrozenSet;
use bytecode::code_unit::CodeUnit;
use bytecode::constant::Constant;
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::none::EllipsisType;
use objects::refs::{Object, Py};
use objects::slice::Slice;
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use text::builder::StrData;
use text::wtf8::Wtf8Buf;

use super::{Code, CodeParts};

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
    let parts = CodeParts {
        argument_count: unit.argument_count as i32,
        positional_only_count: unit.positional_only_argument_count as i32,
        keyword_only_count: unit.keyword_only_argument_count as i32,
        stack_size: unit.stack_size as i32,
        flags: unit.flags as i32,
        first_line: unit.first_line,
        instructions: &unit.code,
        constants,
        names,
        locals_plus_names,
        locals_plus_kinds,
        filename,
        name,
        qualified_name,
        line_table,
        exception_table,
    };
    Code::from_parts(parts, thread)
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
