//! Marshal data as plain data: the builder that makes `Constant`s and `CodeUnit`s.

use numeric::integer::Integer;
use text::wtf8::{Wtf8, Wtf8Buf};

use super::MarshalError;
use super::read::{Builder, CodeParts, Reader};
use crate::arena::Arena;
use crate::code_unit::{CodeUnit, Name};
use crate::constant::Constant;
use crate::counter::wound_up;

/// Reads one constant or code unit. Bytes after it are ignored, as by `marshal.loads`.
pub fn read_constant<'t>(bytes: &[u8], arena: &'t Arena) -> Result<Constant<'t>, MarshalError> {
    Reader::new(bytes, ConstantBuilder { arena }).read()
}

/// Reads a code unit.
pub fn read_code_unit<'t>(bytes: &[u8], arena: &'t Arena) -> Result<&'t CodeUnit<'t>, MarshalError> {
    match read_constant(bytes, arena)? {
        Constant::Code(unit) => Ok(unit),
        _ => Err(MarshalError::BadCode),
    }
}

struct ConstantBuilder<'t> {
    arena: &'t Arena,
}

impl<'t> Builder for ConstantBuilder<'t> {
    type Value = Constant<'t>;
    type Error = MarshalError;

    fn none(&mut self) -> Constant<'t> {
        Constant::None
    }

    fn ellipsis(&mut self) -> Constant<'t> {
        Constant::Ellipsis
    }

    fn bool(&mut self, value: bool) -> Constant<'t> {
        Constant::Bool(value)
    }

    fn stop_iteration(&mut self) -> Result<Constant<'t>, MarshalError> {
        Err(MarshalError::NotAConstant)
    }

    fn integer(&mut self, value: Integer) -> Result<Constant<'t>, MarshalError> {
        Ok(Constant::Integer(self.arena.integer(value.view())))
    }

    fn float(&mut self, value: f64) -> Result<Constant<'t>, MarshalError> {
        Ok(Constant::Float(value))
    }

    fn complex(&mut self, real: f64, imaginary: f64) -> Result<Constant<'t>, MarshalError> {
        Ok(Constant::Complex { real, imaginary })
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<Constant<'t>, MarshalError> {
        Ok(Constant::Bytes(self.arena.copies(bytes)))
    }

    fn string(&mut self, text: Wtf8Buf, _interned: bool) -> Result<Constant<'t>, MarshalError> {
        Ok(Constant::String(self.arena.text(text.view())))
    }

    fn tuple(&mut self, items: Vec<Constant<'t>>) -> Result<Constant<'t>, MarshalError> {
        Ok(Constant::Tuple(self.arena.copies(&items)))
    }

    fn frozen_set(&mut self, items: Vec<Constant<'t>>) -> Result<Constant<'t>, MarshalError> {
        Ok(Constant::FrozenSet(self.arena.copies(&items)))
    }

    fn slice(&mut self, parts: [Constant<'t>; 3]) -> Result<Constant<'t>, MarshalError> {
        Ok(Constant::Slice(self.arena.put(parts)))
    }

    fn code(&mut self, parts: CodeParts<Constant<'t>>) -> Result<Constant<'t>, MarshalError> {
        let unit = CodeUnit {
            argument_count: count(parts.argument_count)?,
            positional_only_argument_count: count(parts.positional_only_argument_count)?,
            keyword_only_argument_count: count(parts.keyword_only_argument_count)?,
            stack_size: count(parts.stack_size)?,
            flags: parts.flags as u32,
            code: self.arena.copies(&wound_up(bytes(parts.code)?)),
            constants: tuple(parts.constants)?,
            names: names(parts.names, self.arena)?,
            locals_plus_names: names(parts.locals_plus_names, self.arena)?,
            locals_plus_kinds: bytes(parts.locals_plus_kinds)?,
            filename: string(parts.filename)?,
            name: name(parts.name)?,
            qualified_name: string(parts.qualified_name)?,
            first_line: parts.first_line,
            line_table: bytes(parts.line_table)?,
            exception_table: bytes(parts.exception_table)?,
        };
        if unit.locals_plus_names.len() != unit.locals_plus_kinds.len() || !unit.code.len().is_multiple_of(2) {
            return Err(MarshalError::BadCode);
        }
        Ok(Constant::Code(self.arena.put(unit)))
    }

    fn new_list(&mut self) -> Result<Constant<'t>, MarshalError> {
        Err(MarshalError::NotAConstant)
    }

    fn append(&mut self, _list: &Constant<'t>, _item: Constant<'t>) -> Result<(), MarshalError> {
        Err(MarshalError::NotAConstant)
    }

    fn new_dict(&mut self) -> Result<Constant<'t>, MarshalError> {
        Err(MarshalError::NotAConstant)
    }

    fn insert(&mut self, _dict: &Constant<'t>, _key: Constant<'t>, _value: Constant<'t>) -> Result<(), MarshalError> {
        Err(MarshalError::NotAConstant)
    }

    fn new_set(&mut self) -> Result<Constant<'t>, MarshalError> {
        Err(MarshalError::NotAConstant)
    }

    fn add(&mut self, _set: &Constant<'t>, _item: Constant<'t>) -> Result<(), MarshalError> {
        Err(MarshalError::NotAConstant)
    }
}

fn count(value: i32) -> Result<u32, MarshalError> {
    u32::try_from(value).map_err(|_| MarshalError::BadCode)
}

fn bytes(value: Constant<'_>) -> Result<&[u8], MarshalError> {
    match value {
        Constant::Bytes(bytes) => Ok(bytes),
        _ => Err(MarshalError::BadCode),
    }
}

fn tuple<'t>(value: Constant<'t>) -> Result<&'t [Constant<'t>], MarshalError> {
    match value {
        Constant::Tuple(items) => Ok(items),
        _ => Err(MarshalError::BadCode),
    }
}

fn string(value: Constant<'_>) -> Result<Wtf8<'_>, MarshalError> {
    match value {
        Constant::String(text) => Ok(text),
        _ => Err(MarshalError::BadCode),
    }
}

fn name(value: Constant<'_>) -> Result<Name<'_>, MarshalError> {
    string(value).map(Name::without_number)
}

fn names<'t>(value: Constant<'t>, arena: &'t Arena) -> Result<&'t [Name<'t>], MarshalError> {
    let names = tuple(value)?.iter().map(|it| name(*it)).collect::<Result<Vec<_>, _>>()?;
    Ok(arena.copies(&names))
}
