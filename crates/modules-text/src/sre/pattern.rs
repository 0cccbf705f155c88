//! `re.Pattern`.

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyObject;
use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::dict::{Dict, MappingProxy};
use objects::errors::{Grow, OrMemoryError, PyResult};
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol::{self, Comparison};
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::engine::Mode;
use super::first::FirstCharacters;
use super::match_object::{Match, span_in};
use super::opcodes::{FLAG_NAMES, FLAG_UNICODE};
use super::scanner::Scanner;
use super::subject::{Found, Subject};
use super::template::substitute;

#[derive(Instance)]
#[repr(C)]
pub struct Pattern {
    header: Header,
    pattern: Py<Object>,
    flags: i32,
    groups: isize,
    group_index: Py<Dict>,
    index_group: Py<Tuple>,
    pub code: Box<[u32]>,
    /// What it matches: bytes, text, or either.
    pub is_bytes: Option<bool>,
    /// With what a match begins; found at the first search.
    first: Cell<Option<Option<FirstCharacters>>>,
    weak_references: Cell<*mut PyObject>,
}

/// What a compiled pattern is made of.
pub struct Parts {
    pub pattern: Py<Object>,
    pub flags: i32,
    pub groups: isize,
    pub group_index: Py<Dict>,
    pub index_group: Py<Tuple>,
    pub code: Box<[u32]>,
    pub is_bytes: Option<bool>,
}

impl Pattern {
    pub fn new(parts: Parts, thread: &mut Thread) -> Py<Pattern> {
        let Parts { pattern, flags, groups, group_index, index_group, code, is_bytes } = parts;
        let header = Header::new(Pattern::class());
        let weak_references = Cell::new(std::ptr::null_mut());
        let first = Cell::new(None);
        let pattern = Pattern {
            header,
            pattern,
            flags,
            groups,
            group_index,
            index_group,
            code,
            is_bytes,
            first,
            weak_references,
        };
        Py::new(pattern, thread)
    }

    /// With what a match begins, if that can be said.
    pub fn first_characters(&self) -> Option<FirstCharacters> {
        self.first.get().unwrap_or_else(|| {
            let first = FirstCharacters::of(&self.code);
            self.first.set(Some(first));
            first
        })
    }

    pub fn group_count(&self) -> usize {
        self.groups.max(0) as usize
    }

    /// Group numbers by name.
    pub fn group_index(&self) -> Py<Dict> {
        self.group_index.clone()
    }

    /// The name of a group; None if it has none.
    pub fn group_name(&self, number: usize) -> Option<Py<Object>> {
        self.index_group.items().get(number).cloned()
    }

    fn find_one(
        &self,
        mode: Mode,
        string: &Object,
        pos: isize,
        endpos: isize,
        thread: &mut Thread,
    ) -> PyResult<Option<Py<Match>>> {
        let subject = Subject::new(self, string, pos, endpos, thread)?;
        let found = subject.find(self, mode, subject.start, false, thread)?;
        Ok(found.map(|found| Match::new(self, &subject, found, thread)))
    }

    /// What `findall` gives of a match: the whole, the one group, or all groups.
    fn found_item(&self, subject: &Subject, found: &Found, thread: &mut Thread) -> PyResult<Py<Object>> {
        let text = |group: usize, thread: &mut Thread| {
            let (start, end) = span_in(found, group).unwrap_or((0, 0));
            subject.slice(start, end, thread)
        };
        match self.group_count() {
            0 => text(0, thread),
            1 => text(1, thread),
            count => {
                let mut texts = Vec::with_capacity(count);
                for group in 1..=count {
                    texts.push(text(group, thread)?);
                }
                Tuple::new(texts, thread).map(Py::into_object)
            }
        }
    }
}

/// Compiled regular expression object.
#[python_type(
    name = "re.Pattern", base = BaseObject, flags(HEAPTYPE),
    members(
        pattern: Object = "The pattern string from which the RE object was compiled.",
        flags: Int = "The regex matching flags.",
        groups: SSize = "The number of capturing groups in the pattern."
    ),
    weaklist_offset = offset_of!(Pattern, weak_references)
)]
impl Pattern {
    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut flags = self.flags as u32;
        if self.is_bytes == Some(false) && flags & (4 | FLAG_UNICODE | 256) == FLAG_UNICODE {
            flags &= !FLAG_UNICODE;
        }
        let mut names = Vec::new();
        for (flag, name) in FLAG_NAMES {
            if flags & flag != 0 {
                names.push((*name).to_owned());
                flags &= !flag;
            }
        }
        if flags != 0 {
            names.push(format!("0x{flags:x}"));
        }
        let source = protocol::repr(&self.pattern.clone(), thread)?;
        let shown = source.substring(0..source.length().min(200), thread)?;
        let mut text = objects::str::Str::from_str("re.compile(", thread);
        text = text.concatenate(&shown, thread)?;
        let end = if names.is_empty() { ")".to_owned() } else { format!(", {})", names.join("|")) };
        let end = Str::from_str(&end, thread);
        text.concatenate(&end, thread)
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        let hash = protocol::hash(&self.pattern.clone(), thread)?;
        let code = self.code.iter().fold(0isize, |hash, word| hash.wrapping_mul(1_000_003) ^ *word as isize);
        Ok(hash ^ code ^ self.flags as isize ^ self.groups)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let other = other.downcast::<Pattern>();
        let (Some(other), Comparison::Equal | Comparison::NotEqual) = (other, operation) else {
            return Ok(thread.not_implemented());
        };
        let alike = self.flags == other.flags && self.is_bytes == other.is_bytes && self.code == other.code;
        let equal = alike && protocol::equals(&self.pattern.clone(), &other.pattern.clone(), thread)?;
        Ok(Bool::new(equal == (operation == Comparison::Equal)))
    }

    /// match($self, /, string, pos=0, endpos=sys.maxsize)
    /// --
    ///
    /// Matches zero or more characters at the beginning of the string.
    #[defining_class]
    #[method(name = "match")]
    fn match_(&self, string: &Object, pos: isize, endpos: isize, thread: &mut Thread) -> PyResult<Option<Py<Match>>> {
        self.find_one(Mode::Match, string, pos, endpos, thread)
    }

    /// fullmatch($self, /, string, pos=0, endpos=sys.maxsize)
    /// --
    ///
    /// Matches against all of the string.
    #[defining_class]
    #[method]
    fn fullmatch(
        &self,
        string: &Object,
        pos: isize,
        endpos: isize,
        thread: &mut Thread,
    ) -> PyResult<Option<Py<Match>>> {
        self.find_one(Mode::FullMatch, string, pos, endpos, thread)
    }

    /// search($self, /, string, pos=0, endpos=sys.maxsize)
    /// --
    ///
    /// Scan through string looking for a match, and return a corresponding match object instance.
    ///
    /// Return None if no position in the string matches.
    #[defining_class]
    #[method]
    fn search(&self, string: &Object, pos: isize, endpos: isize, thread: &mut Thread) -> PyResult<Option<Py<Match>>> {
        self.find_one(Mode::Search, string, pos, endpos, thread)
    }

    /// sub($self, /, repl, string, count=0)
    /// --
    ///
    /// Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl.
    #[defining_class]
    #[method]
    fn sub(&self, repl: &Object, string: &Object, count: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        substitute(self, repl, string, count, thread).map(|it| it.0)
    }

    /// subn($self, /, repl, string, count=0)
    /// --
    ///
    /// Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern with the replacement repl.
    #[defining_class]
    #[method]
    fn subn(&self, repl: &Object, string: &Object, count: isize, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let (text, replaced) = substitute(self, repl, string, count, thread)?;
        let replaced = protocol_int(replaced, thread);
        Tuple::new(vec![text, replaced], thread)
    }

    /// findall($self, /, string, pos=0, endpos=sys.maxsize)
    /// --
    ///
    /// Return a list of all non-overlapping matches of pattern in string.
    #[method]
    fn findall(&self, string: &Object, pos: isize, endpos: isize, thread: &mut Thread) -> PyResult<Py<List>> {
        let subject = Subject::new(self, string, pos, endpos, thread)?;
        let (mut start, mut must_advance, mut items) = (subject.start, false, Vec::new());
        while let Some(found) = subject.find(self, Mode::Search, start, must_advance, thread)? {
            let item = self.found_item(&subject, &found, thread)?;
            items.try_push(item).or_memory_error(thread)?;
            start = found.end;
            must_advance = found.start == found.end;
        }
        List::new(items, thread)
    }

    /// split($self, /, string, maxsplit=0)
    /// --
    ///
    /// Split string by the occurrences of pattern.
    #[method]
    fn split(&self, string: &Object, maxsplit: isize, thread: &mut Thread) -> PyResult<Py<List>> {
        let subject = Subject::new(self, string, 0, isize::MAX, thread)?;
        let (mut start, mut must_advance, mut items, mut done) = (0, false, Vec::new(), 0isize);
        while maxsplit == 0 || done < maxsplit {
            let Some(found) = subject.find(self, Mode::Search, start, must_advance, thread)? else { break };
            let part = subject.slice(start, found.start, thread)?;
            items.try_push(part).or_memory_error(thread)?;
            for group in 1..=self.group_count() {
                let part = match span_in(&found, group) {
                    Some((start, end)) => subject.slice(start, end, thread)?,
                    None => thread.none(),
                };
                items.try_push(part).or_memory_error(thread)?;
            }
            start = found.end;
            must_advance = found.start == found.end;
            done += 1;
        }
        items.push(subject.slice(start, subject.end, thread)?);
        List::new(items, thread)
    }

    /// finditer($self, /, string, pos=0, endpos=sys.maxsize)
    /// --
    ///
    /// Return an iterator over all non-overlapping matches for the RE pattern in string.
    ///
    /// For each match, the iterator returns a match object.
    #[defining_class]
    #[method]
    fn finditer(&self, string: &Object, pos: isize, endpos: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let scanner = self.scanner(string, pos, endpos, thread)?;
        let name = thread.intern_text("search");
        let search = protocol::get_attribute(&scanner, &name, thread)?;
        let none = thread.none();
        Ok(protocol::CallableIterator::new(&search, &none, thread).into_object())
    }

    /// scanner($self, /, string, pos=0, endpos=sys.maxsize)
    /// --
    ///
    ///
    #[defining_class]
    #[method]
    fn scanner(&self, string: &Object, pos: isize, endpos: isize, thread: &mut Thread) -> PyResult<Py<Scanner>> {
        let subject = Subject::new(self, string, pos, endpos, thread)?;
        Ok(Scanner::new(self, subject, thread))
    }

    /// __copy__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __copy__(&self) -> Py<Pattern> {
        Py::from_ref(self)
    }

    /// __deepcopy__($self, memo, /)
    /// --
    ///
    ///
    #[method]
    fn __deepcopy__(&self, _memo: &Object) -> Py<Pattern> {
        Py::from_ref(self)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// Patterns are generic over the type of string they handle (str or bytes)
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    /// A dictionary mapping group names to group numbers.
    #[getter]
    fn groupindex(&self, thread: &mut Thread) -> Py<MappingProxy> {
        MappingProxy::new(&self.group_index, thread)
    }
}

fn protocol_int(value: usize, thread: &mut Thread) -> Py<Object> {
    objects::int::Int::from_i64(value as i64, thread).into_object()
}
