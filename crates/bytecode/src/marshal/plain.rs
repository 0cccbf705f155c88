//! Marshal data as plain data: the builder that makes `Constant`s and `CodeUnit`s.

use std::rc::Rc;

use numeric::integer::Integer;
use text::wtf8::Wtf8Buf;

use super::MarshalError;
use super::read::{Builder, CodeParts, Reader};
use crate::code_unit::{CodeUnit, Name};
use crate::constant::Constant;
use crate::counter::wound_up;

/// Reads one constant or code unit. Bytes after it are ignored, as by `marshal.loads`.
pub fn read_constant(bytes: &[u8]) -> Result<Constant, MarshalError> {
    Reader::new(bytes, ConstantBuilder).read()
}

/// Reads a code unit.
pub fn read_code_unit(bytes: &[u8]) -> Result<Rc<CodeUnit>, MarshalError> {
    match read_constant(bytes)? {
        Constant::Code(unit) => Ok(unit),
        _ => Err(MarshalError::BadCode),
    }
}

struct ConstantBuilder;

impl Builder for ConstantBuilder {
    type Value = Constant;
    type Error = MarshalError;

    fn none(&mut self) -> Constant {
        Constant::None
    }

    fn ellipsis(&mut self) -> Constant {
        Constant::Ellipsis
    }

    fn bool(&mut self, value: bool) -> Constant {
        Constant::Bool(value)
    }

    fn stop_iteration(&mut self) -> Result<Constant, MarshalError> {
        Err(MarshalError::NotAConstant)
    }

    fn integer(&mut self, value: Integer) -> Result<Constant, MarshalError> {
        Ok(Constant::Integer(value))
    }

    fn float(&mut self, value: f64) -> Result<Constant, MarshalError> {
        Ok(Constant::Float(value))
    }

    fn complex(&mut self, real: f64, imaginary: f64) -> Result<Constant, MarshalError> {
        Ok(Constant::Complex { real, imaginary })
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<Constant, MarshalError> {
        Ok(Constant::Bytes(bytes.into()))
    }

    fn string(&mut self, text: Wtf8Buf, _interned: bool) -> Result<Constant, MarshalError> {
        Ok(Constant::String(text))
    }

    fn tuple(&mut self, items: Vec<Constant>) -> Result<Constant, MarshalError> {
        Ok(Constant::Tuple(items.into()))
    }

    fn frozen_set(&mut self, items: Vec<Constant>) -> Result<Constant, MarshalError> {
        Ok(Constant::FrozenSet(items.into()))
    }

    fn slice(&mut self, parts: [Constant; 3]) -> Result<Constant, MarshalError> {
        Ok(Constant::Slice(Rc::new(parts)))
    }

    fn code(&mut self, parts: CodeParts<Constant>) -> Result<Constant, MarshalError> {
        let unit = CodeUnit {
            argument_count: count(parts.argument_count)?,
            positional_only_argument_count: count(parts.positional_only_argument_count)?,
            keyword_only_argument_count: count(parts.keyword_only_argument_count)?,
            stack_size: count(parts.stack_size)?,
            flags: parts.flags as u32,
            code: wound_up(&bytes(parts.code)?).into(),
            constants: tuple(parts.constants)?.to_vec(),
            names: names(parts.names)?,
            locals_plus_names: names(parts.locals_plus_names)?,
            locals_plus_kinds: bytes(parts.locals_plus_kinds)?.to_vec(),
            filename: string(&parts.filename)?,
            name: name(&parts.name)?,
            qualified_name: string(&parts.qualified_name)?,
            first_line: parts.first_line,
            line_table: bytes(parts.line_table)?,
            exception_table: bytes(parts.exception_table)?,
        };
        if unit.locals_plus_names.len() != unit.locals_plus_kinds.len() || !unit.code.len().is_multiple_of(2) {
            return Err(MarshalError::BadCode);
        }
        Ok(Constant::Code(Rc::new(unit)))
    }

    fn new_list(&mut self) -> Result<Constant, MarshalError> {
        Err(MarshalError::NotAConstant)
    }

    fn append(&mut self, _list: &Constant, _item: Constant) -> Result<(), MarshalError> {
        Err(MarshalError::NotAConstant)
    }

    fn new_dict(&mut self) -> Result<Constant, MarshalError> {
        Err(MarshalError::NotAConstant)
    }

    fn insert(&mut self, _dict: &Constant, _key: Constant, _value: Constant) -> Result<(), MarshalError> {
        Err(MarshalError::NotAConstant)
    }

    fn new_set(&mut self) -> Result<Constant, MarshalError> {
        Err(MarshalError::NotAConstant)
    }

    fn add(&mut self, _set: &Constant, _item: Constant) -> Result<(), MarshalError> {
        Err(MarshalError::NotAConstant)
    }
}

fn count(value: i32) -> Result<u32, MarshalError> {
    u32::try_from(value).map_err(|_| MarshalError::BadCode)
}

fn bytes(value: Constant) -> Result<Rc<[u8]>, MarshalError> {
    match value {
        Constant::Bytes(bytes) => Ok(bytes),
        _ => Err(MarshalError::BadCode),
    }
}

fn tuple(value: Constant) -> Result<Rc<[Constant]>, MarshalError> {
    match value {
        Constant::Tuple(items) => Ok(items),
        _ => Err(MarshalError::BadCode),
    }
}

fn string(value: &Constant) -> Result<Wtf8Buf, MarshalError> {
    match value {
        Constant::String(text) => Ok(text.clone()),
        _ => Err(MarshalError::BadCode),
    }
}

fn name(value: &Constant) -> Result<Name, MarshalError> {
    string(value).map(Name::without_number)
}

fn names(value: Constant) -> Result<Vec<Name>, MarshalError> {
    tuple(value)?.iter().map(name).collect()
}
