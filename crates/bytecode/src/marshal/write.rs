//! Writing plain data as marshal data.
//!
//! CPython decides by reference counts what it writes once and refers to later. Plain data has none, so equal constants
//! stand for one object, as the compiler's constant cache would make them, and only what occurs again gets the
//! reference flag: a first pass counts, a second one writes.

use std::collections::hash_map::Entry;

use numeric::integer::DIGIT_BITS;
use numeric::signed::Signed;
use text::fast_hash::FastMap;
use text::wtf8::Wtf8;

use super::{FLAG_REFERENCE, MAX_DEPTH, MarshalError, type_code};
use crate::arena::Arena;
use crate::code_unit::{CodeUnit, Name};
use crate::constant::Constant;
use crate::counter::without_counters;

/// The marshal data of a constant.
pub fn write_constant(constant: Constant<'_>) -> Result<Vec<u8>, MarshalError> {
    // The tables of code units become constants.
    let arena = Arena::new();
    let mut survey = Survey { uses: FastMap::default(), arena: &arena };
    survey.visit(constant, false, 1)?;
    let mut writer = Writer { bytes: Vec::new(), uses: survey.uses, references: 0, arena: &arena };
    writer.constant(constant)?;
    Ok(writer.bytes)
}

/// The marshal data of a code unit: what follows the header of a `.pyc` file.
pub fn write_code_unit(unit: &CodeUnit<'_>) -> Result<Vec<u8>, MarshalError> {
    write_constant(Constant::Code(unit))
}

/// Appends an integer in digits of 15 bits, after its type code.
pub fn write_big_integer(bytes: &mut Vec<u8>, value: Signed<'_>) {
    let half_bits = DIGIT_BITS / 2;
    let mut halves: Vec<u16> = value
        .digits()
        .iter()
        .flat_map(|digit| [*digit & ((1 << half_bits) - 1), digit >> half_bits])
        .map(|half| half as u16)
        .collect();
    if halves.last() == Some(&0) {
        halves.pop();
    }
    let count = halves.len() as i32;
    bytes.extend((if value.is_negative() { -count } else { count }).to_le_bytes());
    bytes.extend(halves.into_iter().flat_map(u16::to_le_bytes));
}

/// What the first pass learns of a constant.
#[derive(Clone, Copy, Debug, Default)]
struct Uses {
    repeated: bool,
    interned: bool,
    /// The number of the reference, once written.
    reference: Option<u32>,
}

/// The first pass: what occurs more than once, and which strings are interned.
struct Survey<'t> {
    uses: FastMap<Constant<'t>, Uses>,
    arena: &'t Arena,
}

impl<'t> Survey<'t> {
    fn visit(&mut self, constant: Constant<'t>, is_name: bool, depth: usize) -> Result<(), MarshalError> {
        if depth > MAX_DEPTH {
            return Err(MarshalError::WriteTooDeep);
        }
        if matches!(constant, Constant::None | Constant::Ellipsis | Constant::Bool(_)) {
            return Ok(());
        }
        let interned = match constant {
            Constant::String(text) => is_name || has_only_name_characters(text),
            _ => false,
        };
        match self.uses.entry(constant) {
            Entry::Occupied(mut known) => {
                let uses = known.get_mut();
                uses.repeated = true;
                uses.interned |= interned;
                return Ok(());
            }
            Entry::Vacant(place) => place.insert(Uses { interned, ..Uses::default() }),
        };
        let depth = depth + 1;
        match constant {
            Constant::Tuple(items) | Constant::FrozenSet(items) => {
                items.iter().try_for_each(|item| self.visit(*item, is_name, depth))
            }
            Constant::Slice(parts) => parts.iter().try_for_each(|part| self.visit(*part, false, depth)),
            Constant::Code(unit) => self.visit_code(unit, depth),
            _ => Ok(()),
        }
    }

    fn visit_code(&mut self, unit: &CodeUnit<'t>, depth: usize) -> Result<(), MarshalError> {
        for (part, is_name) in code_objects(unit, self.arena) {
            self.visit(part, is_name, depth)?;
        }
        Ok(())
    }
}

/// The parts of a code unit that are objects, in the order of the format, and whether each is a name or holds names.
fn code_objects<'t>(unit: &CodeUnit<'t>, arena: &'t Arena) -> [(Constant<'t>, bool); 10] {
    let names = |names: &[Name<'t>]| Constant::Tuple(arena.slice(names.iter().map(|it| Constant::String(it.text()))));
    [
        (Constant::Bytes(arena.copies(&without_counters(unit.code))), false),
        (Constant::Tuple(unit.constants), false),
        (names(unit.names), true),
        (names(unit.locals_plus_names), true),
        (Constant::Bytes(unit.locals_plus_kinds), false),
        (Constant::String(unit.filename), false),
        (Constant::String(unit.name.text()), true),
        (Constant::String(unit.qualified_name), true),
        (Constant::Bytes(unit.line_table), false),
        (Constant::Bytes(unit.exception_table), false),
    ]
}

/// Whether the interpreter interns a string constant of this text.
pub fn has_only_name_characters(text: Wtf8<'_>) -> bool {
    text.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// The second pass. The depth was checked by the first.
struct Writer<'t> {
    bytes: Vec<u8>,
    uses: FastMap<Constant<'t>, Uses>,
    references: u32,
    arena: &'t Arena,
}

impl<'t> Writer<'t> {
    fn constant(&mut self, constant: Constant<'t>) -> Result<(), MarshalError> {
        match constant {
            Constant::None => self.bytes.push(type_code::NONE),
            Constant::Ellipsis => self.bytes.push(type_code::ELLIPSIS),
            Constant::Bool(false) => self.bytes.push(type_code::FALSE),
            Constant::Bool(true) => self.bytes.push(type_code::TRUE),
            _ => return self.shareable(constant),
        }
        Ok(())
    }

    fn shareable(&mut self, constant: Constant<'t>) -> Result<(), MarshalError> {
        let mut flag = 0;
        let mut interned = false;
        if let Some(uses) = self.uses.get_mut(&constant) {
            if let Some(reference) = uses.reference {
                self.bytes.push(type_code::REFERENCE);
                self.bytes.extend(reference.to_le_bytes());
                return Ok(());
            }
            interned = uses.interned;
            if uses.repeated {
                uses.reference = Some(self.references);
                self.references += 1;
                flag = FLAG_REFERENCE;
            }
        }
        match constant {
            Constant::None | Constant::Ellipsis | Constant::Bool(_) => {}
            Constant::Integer(value) => self.integer(value, flag),
            Constant::Float(value) => {
                self.bytes.push(type_code::BINARY_FLOAT | flag);
                self.bytes.extend(value.to_le_bytes());
            }
            Constant::Complex { real, imaginary } => {
                self.bytes.push(type_code::BINARY_COMPLEX | flag);
                self.bytes.extend(real.to_le_bytes());
                self.bytes.extend(imaginary.to_le_bytes());
            }
            Constant::String(text) => self.string(text, interned, flag)?,
            Constant::Bytes(bytes) => {
                self.bytes.push(type_code::STRING | flag);
                self.sized(bytes)?;
            }
            Constant::Tuple(items) => {
                match u8::try_from(items.len()) {
                    Ok(size) => self.bytes.extend([type_code::SMALL_TUPLE | flag, size]),
                    Err(_) => {
                        self.bytes.push(type_code::TUPLE | flag);
                        self.size(items.len())?;
                    }
                }
                items.iter().try_for_each(|item| self.constant(*item))?;
            }
            Constant::FrozenSet(items) => {
                self.bytes.push(type_code::FROZEN_SET | flag);
                self.size(items.len())?;
                items.iter().try_for_each(|item| self.constant(*item))?;
            }
            Constant::Slice(parts) => {
                self.bytes.push(type_code::SLICE | flag);
                parts.iter().try_for_each(|part| self.constant(*part))?;
            }
            Constant::Code(unit) => {
                self.bytes.push(type_code::CODE | flag);
                self.code(unit)?;
            }
        }
        Ok(())
    }

    fn code(&mut self, unit: &CodeUnit<'t>) -> Result<(), MarshalError> {
        for number in [
            unit.argument_count,
            unit.positional_only_argument_count,
            unit.keyword_only_argument_count,
            unit.stack_size,
            unit.flags,
        ] {
            self.bytes.extend(number.to_le_bytes());
        }
        let parts = code_objects(unit, self.arena);
        let (before, after) = parts.split_at(8);
        before.iter().try_for_each(|(part, _)| self.constant(*part))?;
        self.bytes.extend(unit.first_line.to_le_bytes());
        after.iter().try_for_each(|(part, _)| self.constant(*part))
    }

    fn integer(&mut self, value: Signed<'_>, flag: u8) {
        match value.to_i64().and_then(|value| i32::try_from(value).ok()) {
            Some(value) => {
                self.bytes.push(type_code::INT | flag);
                self.bytes.extend(value.to_le_bytes());
            }
            None => {
                self.bytes.push(type_code::LONG | flag);
                write_big_integer(&mut self.bytes, value);
            }
        }
    }

    fn string(&mut self, text: Wtf8<'_>, interned: bool, flag: u8) -> Result<(), MarshalError> {
        let bytes = text.as_bytes();
        if !text.is_ascii() {
            self.bytes.push(if interned { type_code::INTERNED } else { type_code::UNICODE } | flag);
            return self.sized(bytes);
        }
        match u8::try_from(bytes.len()) {
            Ok(size) => {
                let code = if interned { type_code::SHORT_ASCII_INTERNED } else { type_code::SHORT_ASCII };
                self.bytes.extend([code | flag, size]);
                self.bytes.extend(bytes);
                Ok(())
            }
            Err(_) => {
                self.bytes.push(if interned { type_code::ASCII_INTERNED } else { type_code::ASCII } | flag);
                self.sized(bytes)
            }
        }
    }

    fn sized(&mut self, bytes: &[u8]) -> Result<(), MarshalError> {
        self.size(bytes.len())?;
        self.bytes.extend(bytes);
        Ok(())
    }

    fn size(&mut self, size: usize) -> Result<(), MarshalError> {
        let size = i32::try_from(size).map_err(|_| MarshalError::NotAConstant)?;
        self.bytes.extend(size.to_le_bytes());
        Ok(())
    }
}
