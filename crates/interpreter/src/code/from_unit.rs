//! Making code objects from what the compiler or marshal yields.

use std::hash::Hasher;

use builtins::bytes::Bytes;
use builtins::complex::Complex;
use builtins::set::{FrozenSet, SetObject};
use bytecode::code_unit::{CodeUnit, Name};
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
use text::fast_hash::{FastHasher, FastMap};
use text::view::StrView;
use text::wtf8::Wtf8;

use super::known::{Known, hash_of_bytes};
use super::strings::Strings;
use super::{Code, CodeParts};

/// Objects that equal constants share within what is compiled together: values, and the tables of code objects.
///
/// As every equal item is the same object, tuples are equal if their items are at the same addresses.
#[derive(Default)]
struct Shared<'u> {
    strings: Strings,
    /// The items of the tuples that are being made.
    items: Vec<Py<Object>>,
    /// How many frozen sets the constants are in that are being made: what these hold is looked at but once.
    n_sets: usize,
    /// By the addresses of the items as they were before frozen sets were made again.
    constants_with_sets: FastMap<Vec<usize>, Py<Tuple>>,
    values: FastMap<Constant<'u>, Py<Object>>,
    /// Strings that are not interned.
    texts: Known<(Wtf8<'u>, Py<Str>)>,
    tuples: Known<Py<Tuple>>,
    byte_strings: Known<Py<Bytes>>,
}

/// A code object with everything that the unit holds, nested code included. Names and identifier-like strings are interned.
pub fn code_from_unit(unit: &CodeUnit<'_>, thread: &mut Thread) -> PyResult<Py<Code>> {
    let strings = Strings::of(unit, thread);
    // Each unit has three of either, but they are often empty.
    let n_tables = 2 * strings.n_units;
    let (tuples, byte_strings) = (Known::with_capacity(n_tables), Known::with_capacity(n_tables));
    let texts = Known::with_capacity(strings.n_units);
    Shared { strings, texts, tuples, byte_strings, ..Shared::default() }.code(unit, thread)
}

/// The object that a constant stands for.
pub fn object(constant: Constant<'_>, thread: &mut Thread) -> PyResult<Py<Object>> {
    Shared::default().object(&constant, thread)
}

impl<'u> Shared<'u> {
    fn code(&mut self, unit: &CodeUnit<'u>, thread: &mut Thread) -> PyResult<Py<Code>> {
        if let Some(name) = self.strings.own_name(unit) {
            // The body of a class loads its qualified name: the very string that the code is named by, unless there was such a name before.
            let text = unit.qualified_name;
            let hash = hash_of_bytes(text.as_bytes());
            if self.texts.find(hash, |(known, _)| *known == text).is_none() {
                self.texts.insert(hash, (text, name));
            }
        }
        let constants = self.constants(unit.constants, thread)?;
        let names = self.name_table(unit.names, thread)?;
        let locals_plus_names = match is_renamed(unit) {
            true => {
                let names =
                    unit.locals_plus_names.iter().map(|it| self.strings.name(it, thread).into_object()).collect();
                Tuple::new(names, thread)?
            }
            false => self.name_table(unit.locals_plus_names, thread)?,
        };
        let name = self.strings.name_of_unit(unit, thread);
        let qualified_name = self.strings.qualified_name(unit, &name, thread);
        let filename = self.strings.filename(unit.filename, thread);
        let exception_table = self.bytes(unit.exception_table, thread);
        let line_table = self.bytes(unit.line_table, thread);
        // CPython's compiler merges all tables of equal contents but these.
        let locals_plus_kinds = Bytes::unshared(unit.locals_plus_kinds, thread)?;
        let parts = CodeParts {
            argument_count: unit.argument_count as i32,
            positional_only_count: unit.positional_only_argument_count as i32,
            keyword_only_count: unit.keyword_only_argument_count as i32,
            stack_size: unit.stack_size as i32,
            flags: unit.flags as i32,
            first_line: unit.first_line,
            instructions: unit.code,
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
        Code::from_compiled_parts(parts, thread)
    }

    /// Names are interned, whether they look like identifiers or not; equal constants that do not are other strings.
    fn name_table(&mut self, names: &[Name<'u>], thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let strings = &self.strings;
        let mut hasher = FastHasher::default();
        let mut n_numbered = 0;
        for string in names.iter().map_while(|it| strings.numbered(it)) {
            hasher.write_usize(string.address());
            n_numbered += 1;
        }
        if n_numbered < names.len() {
            let start = self.items.len();
            self.items.extend(names.iter().map(|it| strings.name(it, thread).into_object()));
            return self.tuple_of_items(start, thread);
        }
        let hash = hasher.finish() as u32;
        let numbered = || names.iter().map(|it| strings.numbered(it).unwrap_or_else(|| unreachable!("all were found")));
        let is_it = |known: &Py<Tuple>| {
            known.length() == names.len() && known.items().iter().zip(numbered()).all(|(it, name)| it.is(name))
        };
        if let Some(known) = self.tuples.find(hash, is_it) {
            return Ok(known.clone());
        }
        let tuple = Tuple::of_strings(numbered().cloned(), thread)?;
        if !names.is_empty() {
            self.tuples.insert(hash, tuple.clone());
        }
        Ok(tuple)
    }

    fn tuple(&mut self, items: &[Constant<'u>], thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let start = self.items.len();
        for item in items {
            let item = self.object(item, thread)?;
            self.items.push(item);
        }
        self.tuple_of_items(start, thread)
    }

    /// The tuple of the items from `start` on, which are taken.
    fn tuple_of_items(&mut self, start: usize, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let items = &self.items[start..];
        if items.is_empty() {
            return Ok(Tuple::empty(thread));
        }
        let mut hasher = FastHasher::default();
        items.iter().for_each(|item| hasher.write_usize(item.address()));
        let hash = hasher.finish() as u32;
        if let Some(known) = self.tuples.find(hash, |known| has_items(known, items)) {
            let known = known.clone();
            self.items.truncate(start);
            return Ok(known);
        }
        let tuple = Tuple::from_iterator(self.items.drain(start..), thread)?;
        self.tuples.insert(hash, tuple.clone());
        Ok(tuple)
    }

    fn bytes(&mut self, bytes: &[u8], thread: &mut Thread) -> Py<Bytes> {
        if bytes.len() <= 1 {
            // There is but one of each.
            return Bytes::from_slice(bytes, thread);
        }
        let hash = hash_of_bytes(bytes);
        if let Some(known) = self.byte_strings.find(hash, |known| known.as_slice() == bytes) {
            return known.clone();
        }
        let made = Bytes::from_slice(bytes, thread);
        self.byte_strings.insert(hash, made.clone());
        made
    }

    /// The constants of a unit. Units with equal ones share them; others have frozen sets of their own where those are made again.
    fn constants(&mut self, constants: &[Constant<'u>], thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let strings = &self.strings;
        let mut is_made_again =
            |it: &Constant<'_>| matches!(it, Constant::FrozenSet(items) if strings.are_exchanged(items, thread));
        if !strings.has_frozen_sets || !constants.iter().any(&mut is_made_again) {
            return self.tuple(constants, thread);
        }
        let mut items = self.objects(constants, thread)?;
        let addresses: Vec<usize> = items.iter().map(|it| it.address()).collect();
        if let Some(known) = self.constants_with_sets.get(&addresses) {
            return Ok(known.clone());
        }
        for (item, constant) in items.iter_mut().zip(constants) {
            if let Constant::FrozenSet(elements) = constant
                && self.strings.are_exchanged(elements, thread)
                && let Some(set) = SetObject::of_exact(item)
            {
                let elements = set.snapshot(thread);
                *item = FrozenSet::from_elements(&elements, thread)?.into_object();
            }
        }
        let tuple = Tuple::new(items, thread)?;
        self.constants_with_sets.insert(addresses, tuple.clone());
        Ok(tuple)
    }

    /// The object of a constant: that of an equal one, if there was one.
    fn object(&mut self, constant: &Constant<'u>, thread: &mut Thread) -> PyResult<Py<Object>> {
        match constant {
            Constant::None => Ok(thread.none()),
            Constant::Ellipsis => Ok(Py::from_ref(EllipsisType::get())),
            Constant::Bool(value) => Ok(Bool::new(*value)),
            Constant::Code(unit) => Ok(self.code(unit, thread)?.into_object()),
            Constant::Tuple(items) => Ok(self.tuple(items, thread)?.into_object()),
            Constant::Bytes(bytes) => Ok(self.bytes(bytes, thread).into_object()),
            Constant::String(text) => Ok(self.string(*text, thread).into_object()),
            // There is but one of each small number.
            Constant::Integer(value) if matches!(value.digits(), [] | [..=0xFF]) && !value.is_negative() => {
                Ok(Int::from_digits(false, value.digits(), thread).into_object())
            }
            _ => {
                if let Some(known) = self.values.get(constant) {
                    return Ok(known.clone());
                }
                let object = self.make(constant, thread)?;
                self.values.insert(*constant, object.clone());
                Ok(object)
            }
        }
    }

    fn string(&mut self, text: Wtf8<'u>, thread: &mut Thread) -> Py<Str> {
        let interned = match self.n_sets {
            0 => self.strings.next_constant(text),
            _ => self.strings.constant_in_set(text, thread),
        };
        if let Some(interned) = interned {
            return interned;
        }
        let hash = hash_of_bytes(text.as_bytes());
        if let Some((_, known)) = self.texts.find(hash, |(known, _)| *known == text) {
            return known.clone();
        }
        let made = string(text, thread);
        self.texts.insert(hash, (text, made.clone()));
        made
    }

    /// A new object.
    fn make(&mut self, constant: &Constant<'u>, thread: &mut Thread) -> PyResult<Py<Object>> {
        Ok(match constant {
            Constant::Integer(value) => Int::from_digits(value.is_negative(), value.digits(), thread).into_object(),
            Constant::Float(value) => Float::new(*value, thread).into_object(),
            Constant::Complex { real, imaginary } => Complex::new(*real, *imaginary, thread).into_object(),
            Constant::FrozenSet(items) => {
                self.n_sets += 1;
                let items = self.objects(items, thread);
                self.n_sets -= 1;
                FrozenSet::from_elements(&items?, thread)?.into_object()
            }
            Constant::Slice(parts) => {
                let [start, stop, step] = *parts;
                let start = self.part_of_slice(start, thread)?;
                let (stop, step) = (self.part_of_slice(stop, thread)?, self.part_of_slice(step, thread)?);
                Slice::new(start, stop, step, thread).into_object()
            }
            _ => self.object(constant, thread)?,
        })
    }

    /// CPython does not look for numbers to merge in slices, nor for strings to merge or to intern.
    fn part_of_slice(&mut self, part: &Constant<'u>, thread: &mut Thread) -> PyResult<Py<Object>> {
        match part {
            Constant::Integer(_) | Constant::Float(_) | Constant::Complex { .. } => self.make(part, thread),
            Constant::String(text) => Ok(string(*text, thread).into_object()),
            _ => self.object(part, thread),
        }
    }

    fn objects(&mut self, constants: &[Constant<'u>], thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
        constants.iter().map(|it| self.object(it, thread)).collect()
    }
}

/// Whether CPython gives the code a table of variables of its own, because it renames the parameter of `__annotate__`.
fn is_renamed(unit: &CodeUnit<'_>) -> bool {
    let is = |name: &Name<'_>, text: &str| **name == *text;
    unit.positional_only_argument_count == 1
        && is(&unit.name, "__annotate__")
        && unit.locals_plus_names.first().is_some_and(|it| is(it, "format"))
}

/// Whether a tuple has these very items.
fn has_items(tuple: &Tuple, items: &[Py<Object>]) -> bool {
    let same = |(one, other): (&Py<Object>, &Py<Object>)| std::ptr::eq::<Object>(&**one, &**other);
    tuple.length() == items.len() && tuple.items().iter().zip(items).all(same)
}

/// A string object of plain text.
pub fn string(text: Wtf8<'_>, thread: &mut Thread) -> Py<Str> {
    match text.is_ascii() {
        true => Str::from_view(StrView::Ascii(text.as_bytes()), thread),
        false => Str::from_data(&StrData::from_wtf8(text), thread),
    }
}
