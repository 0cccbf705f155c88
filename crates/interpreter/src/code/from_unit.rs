//! Making code objects from what the compiler or marshal yields.

use std::collections::hash_map::Entry;
use std::hash::{Hash, Hasher};

use builtins::bytes::Bytes;
use builtins::complex::Complex;
use builtins::set::{FrozenSet, SetObject};
use bytecode::code_flags::CO_OPTIMIZED;
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
use text::fast_hash::{FastHasher, FastMap};
use text::view::StrView;
use text::wtf8::Wtf8Buf;

use super::{Code, CodeParts};

/// Objects that equal constants share within what is compiled together: values, and the tables of code objects.
///
/// As every equal item is the same object, tuples are equal if their items are at the same addresses.
#[derive(Default)]
struct Shared {
    /// The numbers of `strings` by where the text lies that they were made of: units share the texts of names.
    names: FastMap<usize, usize>,
    strings: Vec<Interned>,
    /// The numbers of all names of the units, in the order in which [`Shared::code`] comes to them, and how many of these it has taken.
    order: Vec<u32>,
    taken: usize,
    /// Whether it comes to all of them, each time that they occur: constants that are shared whole are looked at but once.
    is_in_order: bool,
    /// The items of the tuples that are being made.
    items: Vec<Py<Object>>,
    /// Where the strings lie that were interned as constants and not known before. Only looked at for frozen sets.
    new_strings: FastMap<usize, ()>,
    has_frozen_sets: bool,
    /// By the addresses of the items as they were before frozen sets were made again.
    constants_with_sets: FastMap<Vec<usize>, Py<Tuple>>,
    values: FastMap<Constant, Py<Object>>,
    /// By a hash of their items' addresses and of their contents. Of two that collide only the first is shared.
    tuples: FastMap<u64, Py<Tuple>>,
    byte_strings: FastMap<u64, Py<Bytes>>,
}

/// A text that is to be interned.
struct Text<'u> {
    text: &'u Wtf8Buf,
    /// The parser and the compiler intern names for ever; the other strings of a code object are interned when it is made.
    is_name: bool,
}

/// The string of a text.
#[derive(Clone)]
struct Interned {
    string: Py<Str>,
    /// Whether there was one already.
    was_known: bool,
}

/// A code object with everything that the unit holds, nested code included. Names and identifier-like strings are interned.
pub fn code_from_unit(unit: &CodeUnit, thread: &mut Thread) -> PyResult<Py<Code>> {
    let mut shared = Shared::default();
    let mut texts = Vec::new();
    shared.is_in_order = true;
    let n_units = shared.number_names(unit, &mut texts);
    shared.intern_all(&texts, thread);
    // Each unit has three of either.
    shared.tuples.reserve(3 * n_units);
    shared.byte_strings.reserve(3 * n_units);
    shared.code(unit, thread)
}

/// The object that a constant stands for.
pub fn object(constant: &Constant, thread: &mut Thread) -> PyResult<Py<Object>> {
    Shared::default().object(constant, thread)
}

impl Shared {
    /// Numbers the texts that are interned in a unit and the units in it; yields how many units these are.
    fn number_names<'u>(&mut self, unit: &'u CodeUnit, texts: &mut Vec<Text<'u>>) -> usize {
        let mut n_units = 1;
        for constant in &unit.constants {
            n_units += self.number_names_of_constant(constant, texts);
        }
        for name in unit.names.iter().chain(&unit.locals_plus_names) {
            self.number_name(name, true, texts);
        }
        self.number_name(&unit.name, !unit.name.as_bytes().starts_with(b"<generic "), texts);
        self.number_name(&unit.filename, false, texts);
        self.number_name(&unit.qualified_name, false, texts);
        n_units
    }

    fn number_names_of_constant<'u>(&mut self, constant: &'u Constant, texts: &mut Vec<Text<'u>>) -> usize {
        match constant {
            Constant::Code(unit) => return self.number_names(unit, texts),
            Constant::String(text) if is_identifier_like(text.as_bytes()) => self.number_name(text, false, texts),
            Constant::Tuple(items) | Constant::FrozenSet(items) => {
                if matches!(constant, Constant::FrozenSet(_)) {
                    (self.has_frozen_sets, self.is_in_order) = (true, false);
                }
                return items.iter().map(|item| self.number_names_of_constant(item, texts)).sum();
            }
            Constant::Slice(_) => self.is_in_order = false,
            _ => {}
        }
        0
    }

    fn number_name<'u>(&mut self, text: &'u Wtf8Buf, is_name: bool, texts: &mut Vec<Text<'u>>) {
        let number = match self.names.entry(place_of(text)) {
            Entry::Occupied(known) => {
                texts[*known.get()].is_name |= is_name;
                *known.get()
            }
            Entry::Vacant(place) => {
                texts.push(Text { text, is_name });
                *place.insert(texts.len() - 1)
            }
        };
        self.order.push(number as u32);
    }

    /// Interns the numbered texts, all together: to wait for the strings one by one would take most of the time. Names come first, since the
    /// parser has met them before there are constants.
    fn intern_all(&mut self, texts: &[Text<'_>], thread: &mut Thread) {
        let hash = |it: &Text<'_>| if it.text.is_ascii() { Thread::hash_of_ascii(it.text.as_bytes()) } else { NO_HASH };
        let hashes: Vec<isize> = texts.iter().map(hash).collect();
        thread.prepare_to_intern(&hashes);
        let nothing = Interned { string: Py::from_ref(&objects::names::__name__), was_known: true };
        self.strings.resize(texts.len(), nothing);
        let each = || texts.iter().zip(&hashes).enumerate();
        for (number, (text, &hash)) in each().filter(|(_, (it, _))| it.is_name) {
            self.strings[number].string = match hash {
                NO_HASH => interned(text.text, thread),
                _ => thread.intern_hashed_for_ever(text.text.as_bytes(), hash),
            };
        }
        for (number, (text, &hash)) in each().filter(|(_, (it, _))| !it.is_name) {
            let (string, was_known) = match hash {
                NO_HASH => interned_for_now(text.text, thread),
                _ => thread.intern_hashed(text.text.as_bytes(), hash),
            };
            if self.has_frozen_sets && !was_known {
                self.new_strings.insert(string.address(), ());
            }
            self.strings[number] = Interned { string, was_known };
        }
    }

    fn code(&mut self, unit: &CodeUnit, thread: &mut Thread) -> PyResult<Py<Code>> {
        self.intern_own_name(unit);
        let constants = self.constants(&unit.constants, thread)?;
        let names = self.name_table(&unit.names, thread)?;
        let locals_plus_names = match is_renamed(unit) {
            true => {
                let names = unit.locals_plus_names.iter().map(|it| self.next_name(it, thread).into_object()).collect();
                Tuple::new(names, thread)?
            }
            false => self.name_table(&unit.locals_plus_names, thread)?,
        };
        let name = self.next_name(&unit.name, thread);
        let filename = self.next_name(&unit.filename, thread);
        let qualified_name = self.next_name(&unit.qualified_name, thread);
        let exception_table = self.bytes(&unit.exception_table, thread);
        let line_table = self.bytes(&unit.line_table, thread);
        // CPython's compiler merges all tables of equal contents but these.
        let locals_plus_kinds = Bytes::unshared(&unit.locals_plus_kinds, thread)?;
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
        Code::from_compiled_parts(parts, thread)
    }

    /// The body of a class loads its qualified name: the very string that the code is named by, unless there was such a name before.
    fn intern_own_name(&mut self, unit: &CodeUnit) {
        let own = |it: &Constant| matches!(it, Constant::String(text) if *text == unit.qualified_name);
        let is_body = unit.flags & CO_OPTIMIZED == 0;
        if is_body && !is_identifier_like(unit.qualified_name.as_bytes()) && unit.constants.iter().any(own) {
            let known = self.names.get(&place_of(&unit.qualified_name)).and_then(|it| self.strings.get(*it));
            let Some(Interned { string, was_known: false }) = known else { return };
            let name = string.clone().into_object();
            self.values.entry(Constant::String(unit.qualified_name.clone())).or_insert(name);
        }
    }

    /// The interned string of the next of the names that were numbered.
    #[inline]
    fn next_name(&mut self, name: &Wtf8Buf, thread: &mut Thread) -> Py<Str> {
        let next = self.order.get(self.taken).filter(|_| self.is_in_order);
        let Some(interned) = next.and_then(|number| self.strings.get(*number as usize)) else {
            return self.name(name, thread);
        };
        debug_assert_eq!(self.names.get(&place_of(name)).map(|it| *it as u32), next.copied(), "{name} is not the next");
        self.taken += 1;
        interned.string.clone()
    }

    /// The interned string of a name.
    fn name(&mut self, name: &Wtf8Buf, thread: &mut Thread) -> Py<Str> {
        match self.known_name(name) {
            Some(known) => known,
            None => interned(name, thread),
        }
    }

    fn known_name(&self, name: &Wtf8Buf) -> Option<Py<Str>> {
        Some(self.strings.get(*self.names.get(&place_of(name))?)?.string.clone())
    }

    fn name_table(&mut self, names: &[Wtf8Buf], thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let start = self.items.len();
        for name in names {
            // Names are interned, whether they look like identifiers or not; equal constants that do not are other strings.
            let name = self.next_name(name, thread).into_object();
            self.items.push(name);
        }
        self.tuple_of_items(start, thread)
    }

    fn tuple(&mut self, items: &[Constant], thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let start = self.items.len();
        for item in items {
            let item = self.object(item, thread)?;
            self.items.push(item);
        }
        self.tuple_of_items(start, thread)
    }

    /// The tuple of the items from `start` on, which are taken.
    fn tuple_of_items(&mut self, start: usize, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let Self { items, tuples, .. } = self;
        let mut hasher = FastHasher::default();
        items[start..].iter().for_each(|item| hasher.write_usize(item.address()));
        match tuples.entry(hasher.finish()) {
            Entry::Vacant(place) => Ok(place.insert(Tuple::from_iterator(items.drain(start..), thread)?).clone()),
            Entry::Occupied(known) if has_items(known.get(), &items[start..]) => {
                items.truncate(start);
                Ok(known.get().clone())
            }
            Entry::Occupied(_) => Tuple::from_iterator(items.drain(start..), thread),
        }
    }

    fn bytes(&mut self, bytes: &[u8], thread: &mut Thread) -> Py<Bytes> {
        let mut hasher = FastHasher::default();
        bytes.hash(&mut hasher);
        match self.byte_strings.entry(hasher.finish()) {
            Entry::Vacant(place) => place.insert(Bytes::from_slice(bytes, thread)).clone(),
            Entry::Occupied(known) if known.get().as_slice() == bytes => known.get().clone(),
            Entry::Occupied(_) => Bytes::from_slice(bytes, thread),
        }
    }

    /// The constants of a unit. Units with equal ones share them; others have frozen sets of their own where those are made again.
    fn constants(&mut self, constants: &[Constant], thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let is_made_again = |it: &Constant| matches!(it, Constant::FrozenSet(items) if self.is_made_again(items));
        if !self.has_frozen_sets || !constants.iter().any(is_made_again) {
            return self.tuple(constants, thread);
        }
        let mut items = self.objects(constants, thread)?;
        let addresses: Vec<usize> = items.iter().map(|it| it.address()).collect();
        if let Some(known) = self.constants_with_sets.get(&addresses) {
            return Ok(known.clone());
        }
        for (item, constant) in items.iter_mut().zip(constants) {
            if let Constant::FrozenSet(elements) = constant
                && self.is_made_again(elements)
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
    fn object(&mut self, constant: &Constant, thread: &mut Thread) -> PyResult<Py<Object>> {
        match constant {
            Constant::None => Ok(thread.none()),
            Constant::Ellipsis => Ok(Py::from_ref(EllipsisType::get())),
            Constant::Bool(value) => Ok(Bool::new(*value)),
            Constant::Code(unit) => Ok(self.code(unit, thread)?.into_object()),
            Constant::Tuple(items) => Ok(self.tuple(items, thread)?.into_object()),
            Constant::Bytes(bytes) => Ok(self.bytes(bytes, thread).into_object()),
            Constant::String(text) if self.is_interned(text) => Ok(match is_identifier_like(text.as_bytes()) {
                true => self.next_name(text, thread).into_object(),
                false => self.name(text, thread).into_object(),
            }),
            _ => {
                if let Some(known) = self.values.get(constant) {
                    return Ok(known.clone());
                }
                let object = self.make(constant, thread)?;
                self.values.insert(constant.clone(), object.clone());
                Ok(object)
            }
        }
    }

    /// Whether a string constant is interned: if it looks like an identifier, or was made of a name.
    fn is_interned(&self, text: &Wtf8Buf) -> bool {
        if self.names.is_empty() {
            // A constant alone belongs to no code object.
            return false;
        }
        is_identifier_like(text.as_bytes()) || !text.is_ascii() && self.names.contains_key(&place_of(text))
    }

    /// CPython makes a frozen set anew in each code object if an element has to be exchanged for the interned string that there was before.
    /// Of each character there is but one string.
    fn is_made_again(&self, items: &[Constant]) -> bool {
        items.iter().any(|item| match item {
            Constant::String(text) if text.as_bytes().len() > 1 && is_identifier_like(text.as_bytes()) => {
                self.known_name(text).is_some_and(|it| !self.new_strings.contains_key(&it.address()))
            }
            _ => false,
        })
    }

    /// A new object.
    fn make(&mut self, constant: &Constant, thread: &mut Thread) -> PyResult<Py<Object>> {
        Ok(match constant {
            Constant::Integer(value) => Int::from_digits(value.is_negative(), value.digits(), thread).into_object(),
            Constant::Float(value) => Float::new(*value, thread).into_object(),
            Constant::Complex { real, imaginary } => Complex::new(*real, *imaginary, thread).into_object(),
            Constant::String(text) => string(text, thread).into_object(),
            Constant::FrozenSet(items) => {
                let items = self.objects(items, thread)?;
                FrozenSet::from_elements(&items, thread)?.into_object()
            }
            Constant::Slice(parts) => {
                let [start, stop, step] = &**parts;
                let start = self.part_of_slice(start, thread)?;
                let (stop, step) = (self.part_of_slice(stop, thread)?, self.part_of_slice(step, thread)?);
                Slice::new(start, stop, step, thread).into_object()
            }
            _ => self.object(constant, thread)?,
        })
    }

    /// CPython does not look for numbers to merge in slices.
    fn part_of_slice(&mut self, part: &Constant, thread: &mut Thread) -> PyResult<Py<Object>> {
        match part {
            Constant::Integer(_) | Constant::Float(_) | Constant::Complex { .. } => self.make(part, thread),
            _ => self.object(part, thread),
        }
    }

    fn objects(&mut self, constants: &[Constant], thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
        constants.iter().map(|it| self.object(it, thread)).collect()
    }
}

/// Whether CPython gives the code a table of variables of its own, because it renames the parameter of `__annotate__`.
fn is_renamed(unit: &CodeUnit) -> bool {
    let is = |name: Option<&Wtf8Buf>, text: &str| name.is_some_and(|it| *it == *text);
    unit.positional_only_argument_count == 1
        && is(Some(&unit.name), "__annotate__")
        && is(unit.locals_plus_names.first(), "format")
}

/// Where a text lies: what it is known by.
fn place_of(text: &Wtf8Buf) -> usize {
    text.as_bytes().as_ptr() as usize
}

/// No string has this hash.
const NO_HASH: isize = -1;

/// Whether a tuple has these very items.
fn has_items(tuple: &Tuple, items: &[Py<Object>]) -> bool {
    let same = |(one, other): (&Py<Object>, &Py<Object>)| std::ptr::eq::<Object>(&**one, &**other);
    tuple.length() == items.len() && tuple.items().iter().zip(items).all(same)
}

/// A string object of plain text.
pub fn string(text: &Wtf8Buf, thread: &mut Thread) -> Py<Str> {
    match text.is_ascii() {
        true => Str::from_view(StrView::Ascii(text.as_bytes()), thread),
        false => Str::from_data(&StrData::from_wtf8(text), thread),
    }
}

/// The interned string, which stays for ever.
fn interned(text: &Wtf8Buf, thread: &mut Thread) -> Py<Str> {
    if text.is_ascii() {
        return thread.intern_ascii_for_ever(text.as_bytes());
    }
    let text = string(text, thread);
    thread.intern_for_ever(&text)
}

/// The interned string, which goes when nothing refers to it, and whether there was one.
fn interned_for_now(text: &Wtf8Buf, thread: &mut Thread) -> (Py<Str>, bool) {
    let string = string(text, thread);
    let interned = thread.intern(&string);
    let was_known = !interned.is(&string);
    (interned, was_known)
}

/// CPython interns string constants that look like identifiers.
pub(super) fn is_identifier_like(text: &[u8]) -> bool {
    text.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}
