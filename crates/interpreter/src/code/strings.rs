//! The interned strings of a program's code units, for `from_unit`.
//!
//! All are interned before the first code object is made, together: to wait for one string after the other would take most of the time. Code
//! units know names by numbers, so most strings are found by an index; the strings of other texts are taken in the order in which the units
//! have them. The invariant: [`Survey`] comes to the texts in the order in which `from_unit` takes their strings.

use bytecode::code_flags::CO_OPTIMIZED;
use bytecode::code_unit::{CodeUnit, Name};
use bytecode::constant::Constant;
use objects::refs::Py;
use objects::str::Str;
use objects::thread::Thread;
use text::fast_hash::FastMap;
use text::wtf8::Wtf8;

use super::from_unit::string;

/// The interned strings of a unit and the units in it.
#[derive(Default)]
pub(super) struct Strings {
    /// How many units there are.
    pub(super) n_units: usize,
    pub(super) has_frozen_sets: bool,
    names: Vec<Py<Str>>,
    /// The strings that are no names, or not known to be.
    others: Vec<Interned>,
    /// The place of each name's string, plus one, by the number of the name; 0 for those that no unit has.
    by_number: Vec<u32>,
    /// Where the strings are that are no names, and `PLAIN` for constants that are not interned.
    order: Vec<Place>,
    /// How many of these have been taken.
    taken: usize,
    /// Of the strings that are not of ASCII: a constant is interned if it was made of one of their texts, of which this is the address.
    wide: FastMap<usize, Py<Str>>,
    /// The places of the qualified names of classes, by the addresses of their texts.
    own_names: FastMap<usize, Place>,
    /// The addresses of the strings that were interned as constants and not known before. Only looked at for frozen sets.
    new_strings: FastMap<usize, ()>,
    /// The string of the filename, and the address of its text: all units have the same.
    filename: Option<(usize, Py<Str>)>,
}

/// A place among the names or, with the highest bit, among the others.
type Place = u32;

const OTHER: Place = 1 << 31;

/// The place of a constant that is not interned.
const PLAIN: Place = u32::MAX;

/// The string of a text.
struct Interned {
    string: Py<Str>,
    /// Whether there was one already.
    was_known: bool,
}

/// No string has this hash.
const NO_HASH: isize = -1;

impl Strings {
    /// Interns the texts of a unit. Names come first, since the parser has met them before there are constants.
    pub(super) fn of(unit: &CodeUnit<'_>, thread: &mut Thread) -> Self {
        let mut survey = Survey::default();
        survey.unit(unit);
        let Survey { names, others, mut strings, .. } = survey;
        strings.intern_names(&names, thread);
        strings.intern_others(&others, thread);
        let Interned { string, was_known } = interned_for_now(unit.filename, hash_of(unit.filename), thread);
        if !was_known {
            strings.new_strings.insert(string.address(), ());
        }
        strings.filename = Some((place_of(unit.filename), string));
        strings
    }

    fn intern_names(&mut self, names: &[Wtf8<'_>], thread: &mut Thread) {
        let hashes: Vec<isize> = names.iter().map(|name| hash_of(*name)).collect();
        thread.prepare_to_intern(&hashes);
        self.names.reserve_exact(names.len());
        for (name, hash) in names.iter().zip(hashes) {
            let string = match hash {
                NO_HASH => interned(*name, thread),
                _ => thread.intern_hashed_for_ever(name.as_bytes(), hash),
            };
            if hash == NO_HASH {
                self.wide.insert(place_of(*name), string.clone());
            }
            self.names.push(string);
        }
    }

    fn intern_others(&mut self, texts: &[Wtf8<'_>], thread: &mut Thread) {
        let hashes: Vec<isize> = texts.iter().map(|text| hash_of(*text)).collect();
        thread.prepare_to_intern(&hashes);
        self.others.reserve_exact(texts.len());
        for (text, hash) in texts.iter().zip(hashes) {
            let interned = interned_for_now(*text, hash, thread);
            if hash == NO_HASH {
                self.wide.insert(place_of(*text), interned.string.clone());
            }
            if self.has_frozen_sets && !interned.was_known {
                self.new_strings.insert(interned.string.address(), ());
            }
            self.others.push(interned);
        }
    }

    /// The string at a place; None for that of a constant that is not interned.
    #[inline]
    fn at(&self, place: Place) -> Option<&Py<Str>> {
        match place & OTHER {
            0 => self.names.get(place as usize),
            _ => self.others.get((place & !OTHER) as usize).map(|it| &it.string),
        }
    }

    /// The string of a name that has a number.
    #[inline]
    pub(super) fn numbered(&self, name: &Name<'_>) -> Option<&Py<Str>> {
        let place = *self.by_number.get(name.number()? as usize)?;
        self.names.get((place as usize).wrapping_sub(1))
    }

    /// The string of a name.
    #[inline]
    pub(super) fn name(&self, name: &Name<'_>, thread: &mut Thread) -> Py<Str> {
        match self.numbered(name) {
            Some(known) => known.clone(),
            None => interned(name.text(), thread),
        }
    }

    /// The string of the next of the texts that are no names; None if it is a constant that is not interned.
    #[inline]
    fn next(&mut self) -> Option<Py<Str>> {
        let place = *self.order.get(self.taken)?;
        self.taken += 1;
        self.at(place).cloned()
    }

    /// The string of the next constant that is a string; None if it is not interned. A constant alone belongs to no code object, and is not.
    #[inline]
    pub(super) fn next_constant(&mut self, text: Wtf8<'_>) -> Option<Py<Str>> {
        self.next().or_else(|| self.wide(text))
    }

    fn wide(&self, text: Wtf8<'_>) -> Option<Py<Str>> {
        if self.wide.is_empty() { None } else { self.wide.get(&place_of(text)).cloned() }
    }

    /// The string of a constant in a frozen set; None if it is not interned.
    pub(super) fn constant_in_set(&self, text: Wtf8<'_>, thread: &mut Thread) -> Option<Py<Str>> {
        match self.n_units > 0 && is_identifier_like(text.as_bytes()) {
            true => Some(interned_for_now(text, hash_of(text), thread).string),
            false => self.wide(text),
        }
    }

    /// The name of the unit whose constants have been taken.
    #[inline]
    pub(super) fn name_of_unit(&mut self, unit: &CodeUnit<'_>, thread: &mut Thread) -> Py<Str> {
        let next = if is_parsed(&unit.name) { None } else { self.next() };
        next.unwrap_or_else(|| self.name(&unit.name, thread))
    }

    /// The qualified name of the unit whose name has been taken.
    #[inline]
    pub(super) fn qualified_name(&mut self, unit: &CodeUnit<'_>, name: &Py<Str>, thread: &mut Thread) -> Py<Str> {
        if is_qualified(unit) {
            return self.next().unwrap_or_else(|| interned(unit.qualified_name, thread));
        }
        name.clone()
    }

    #[inline]
    pub(super) fn filename(&self, text: Wtf8<'_>, thread: &mut Thread) -> Py<Str> {
        match &self.filename {
            Some((place, string)) if *place == place_of(text) => string.clone(),
            _ => interned_for_now(text, hash_of(text), thread).string,
        }
    }

    /// The qualified name of a class whose body loads it, if that was no string before.
    #[inline]
    pub(super) fn own_name(&self, unit: &CodeUnit<'_>) -> Option<Py<Str>> {
        if self.own_names.is_empty() {
            return None;
        }
        let place = *self.own_names.get(&place_of(unit.qualified_name))?;
        let own = |it: &Constant<'_>| matches!(it, Constant::String(text) if *text == unit.qualified_name);
        if is_identifier_like(unit.qualified_name.as_bytes()) || !unit.constants.iter().any(own) {
            return None;
        }
        // A name is none of the others.
        self.others.get((place ^ OTHER) as usize).filter(|it| !it.was_known).map(|it| it.string.clone())
    }

    /// CPython makes a frozen set anew in each code object if an element has to be exchanged for the interned string that there was before.
    /// Of each character there is but one string.
    pub(super) fn are_exchanged(&self, items: &[Constant<'_>], thread: &mut Thread) -> bool {
        items.iter().any(|item| match item {
            Constant::String(text) if text.as_bytes().len() > 1 => self
                .constant_in_set(*text, thread)
                .is_some_and(|it| is_identifier_like(text.as_bytes()) && !self.new_strings.contains_key(&it.address())),
            _ => false,
        })
    }
}

/// How many texts are remembered by their addresses, in a small program and in others: powers of two.
const FEW_RECENT: usize = 32;
const N_RECENT: usize = 512;

/// How far above the lowest bits of an address those are that are mixed into them.
const MIXED_BITS: u32 = 9;

/// Goes through units and collects their texts.
struct Survey<'u> {
    /// The parser and the compiler intern these for ever.
    names: Vec<Wtf8<'u>>,
    /// These are interned when the code object is made.
    others: Vec<Wtf8<'u>>,
    /// The addresses of some texts, and their places: constants share the texts of names and of other constants. A text that is not found here is
    /// interned again, and that finds the same string.
    recent: Vec<(usize, Place)>,
    /// What has no string yet.
    strings: Strings,
}

impl Default for Survey<'_> {
    fn default() -> Self {
        let recent = vec![(0, 0); FEW_RECENT];
        Self { names: Vec::new(), others: Vec::new(), recent, strings: Strings::default() }
    }
}

impl<'u> Survey<'u> {
    fn unit(&mut self, unit: &CodeUnit<'u>) {
        self.strings.n_units += 1;
        for constant in unit.constants {
            self.constant(constant, true);
        }
        if self.recent.len() < N_RECENT && self.names.len() + self.others.len() > FEW_RECENT {
            self.recent = vec![(0, 0); N_RECENT];
        }
        for name in unit.names.iter().chain(unit.locals_plus_names) {
            self.name(name);
        }
        if is_parsed(&unit.name) {
            self.name(&unit.name);
        } else {
            self.in_order(unit.name.text());
        }
        if is_qualified(unit) {
            let place = self.in_order(unit.qualified_name);
            if unit.flags & CO_OPTIMIZED == 0 {
                self.strings.own_names.insert(place_of(unit.qualified_name), place);
            }
        }
    }

    fn constant(&mut self, constant: &Constant<'u>, is_in_order: bool) {
        match constant {
            Constant::Code(unit) => self.unit(unit),
            Constant::String(text) => {
                let place = if is_identifier_like(text.as_bytes()) { self.text(*text) } else { PLAIN };
                if is_in_order {
                    self.strings.order.push(place);
                }
            }
            Constant::Tuple(items) => items.iter().for_each(|item| self.constant(item, is_in_order)),
            // It may be known when it is come to, so that its elements are not.
            Constant::FrozenSet(items) => {
                self.strings.has_frozen_sets = true;
                items.iter().for_each(|item| self.constant(item, false));
            }
            // CPython does not intern what is in slices.
            _ => {}
        }
    }

    #[inline]
    fn name(&mut self, name: &Name<'u>) {
        let Some(number) = name.number().map(|it| it as usize) else { return };
        if number >= self.strings.by_number.len() {
            self.strings.by_number.resize((number + 1).next_power_of_two(), 0);
        }
        if self.strings.by_number[number] == 0 {
            self.strings.by_number[number] = self.names.len() as u32 + 1;
            let address = place_of(name.text());
            *self.recent(address) = (address, self.names.len() as Place);
            self.names.push(name.text());
        }
    }

    /// Notes a text whose string is to be taken in the order of the units.
    fn in_order(&mut self, text: Wtf8<'u>) -> Place {
        let place = self.text(text);
        self.strings.order.push(place);
        place
    }

    /// The place of a text.
    fn text(&mut self, text: Wtf8<'u>) -> Place {
        let address = place_of(text);
        let place = self.others.len() as Place | OTHER;
        let recent = self.recent(address);
        if recent.0 == address {
            return recent.1;
        }
        *recent = (address, place);
        self.others.push(text);
        place
    }

    /// Where a text with this address is remembered.
    #[inline]
    fn recent(&mut self, address: usize) -> &mut (usize, Place) {
        let mask = self.recent.len() - 1;
        &mut self.recent[(address ^ address >> MIXED_BITS) & mask]
    }
}

/// How many bits of an address are in use.
const ADDRESS_BITS: u32 = 48;

/// Whether the parser and the compiler intern the name of a unit.
fn is_parsed(name: &Name<'_>) -> bool {
    !name.as_bytes().starts_with(b"<generic ")
}

/// Whether the qualified name of a unit is another text than its name.
fn is_qualified(unit: &CodeUnit<'_>) -> bool {
    place_of(unit.qualified_name) != place_of(unit.name.text())
}

/// Where a text lies: what it is known by. One may be the beginning of another.
fn place_of(text: Wtf8<'_>) -> usize {
    (text.as_bytes().as_ptr() as usize) ^ text.len() << ADDRESS_BITS
}

fn hash_of(text: Wtf8<'_>) -> isize {
    if text.is_ascii() { Thread::hash_of_ascii(text.as_bytes()) } else { NO_HASH }
}

/// The interned string, which stays for ever.
fn interned(text: Wtf8<'_>, thread: &mut Thread) -> Py<Str> {
    if text.is_ascii() {
        return thread.intern_ascii_for_ever(text.as_bytes());
    }
    let text = string(text, thread);
    thread.intern_for_ever(&text)
}

/// The interned string of a text with this hash, which goes when nothing refers to it.
fn interned_for_now(text: Wtf8<'_>, hash: isize, thread: &mut Thread) -> Interned {
    if hash != NO_HASH {
        let (string, was_known) = thread.intern_hashed(text.as_bytes(), hash);
        return Interned { string, was_known };
    }
    let string = string(text, thread);
    let interned = thread.intern(&string);
    Interned { was_known: !interned.is(&string), string: interned }
}

/// By byte: whether it can be in an identifier.
static IN_IDENTIFIERS: [bool; 256] = {
    let mut all = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        all[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
        byte += 1;
    }
    all
};

/// CPython interns string constants that look like identifiers.
pub(super) fn is_identifier_like(text: &[u8]) -> bool {
    text.iter().all(|byte| IN_IDENTIFIERS[usize::from(*byte)])
}
