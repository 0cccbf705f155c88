//! `re.Match`.

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::engine::UNSET;
use super::pattern::Pattern;
use super::subject::{Found, Subject, slice};
use super::template::{Template, compile_template};

#[derive(Instance)]
#[repr(C)]
pub struct Match {
    header: Header,
    string: Py<Object>,
    pattern: Py<Pattern>,
    pos: isize,
    endpos: isize,
    last_index: usize,
    /// Start and end of the match and of each group.
    spans: Vec<Option<Span>>,
    /// `regs`, once it was asked for.
    registers: Field<Tuple>,
}

/// Where a group matched.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
}

impl objects::gc::Traverse for Span {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut objects::gc::Visitor<'_>) {}
    fn clear(&self) {}
}

/// Where a group of a found match lies; 0 is the whole.
pub fn span_in(found: &Found, group: usize) -> Option<(usize, usize)> {
    let Some(group) = group.checked_sub(1) else { return Some((found.start, found.end)) };
    let (start, end) = (*found.marks.get(group * 2)?, *found.marks.get(group * 2 + 1)?);
    (start != UNSET && end != UNSET && start <= end).then_some((start, end))
}

#[cold]
fn raise_no_group(thread: &mut Thread) -> Raised {
    raise!(thread, IndexError, "no such group")
}

impl Match {
    pub fn new(pattern: &Pattern, subject: &Subject, found: Found, thread: &mut Thread) -> Py<Match> {
        let spans = (0..=pattern.group_count())
            .map(|group| span_in(&found, group).map(|(start, end)| Span { start, end }))
            .collect();
        let matched = Match {
            header: Header::new(Match::class()),
            string: subject.object.clone(),
            pattern: Py::from_ref(pattern),
            pos: subject.start as isize,
            endpos: subject.end as isize,
            last_index: found.last_index,
            spans,
            registers: Field::EMPTY,
        };
        Py::new(matched, thread)
    }

    pub fn string(&self) -> Py<Object> {
        self.string.clone()
    }

    pub fn span_of(&self, group: usize) -> Option<(usize, usize)> {
        let span = (*self.spans.get(group)?)?;
        Some((span.start, span.end))
    }

    /// The number of a group by number or name.
    fn group_number(&self, group: &Object, thread: &mut Thread) -> PyResult<usize> {
        let number = if protocol::is_index(group) {
            protocol::index_clipped(group, thread)?
        } else {
            let found = self.pattern.group_index().get(group, thread)?;
            match found.and_then(|it| it.downcast::<Int>().and_then(Int::to_i64)) {
                Some(number) => number as isize,
                None => return Err(raise_no_group(thread)),
            }
        };
        match usize::try_from(number).ok().filter(|it| *it < self.spans.len()) {
            Some(number) => Ok(number),
            None => Err(raise_no_group(thread)),
        }
    }

    fn group_text(&self, number: usize, default: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.span_of(number) {
            Some((start, end)) => slice(&self.string, start, end, thread),
            None => Ok(Py::from_ref(default)),
        }
    }

    fn group_named(&self, group: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let number = self.group_number(group, thread)?;
        let none = thread.none();
        self.group_text(number, &none, thread)
    }

    /// The span of the group given; that of the whole match if none is.
    fn given_span(&self, group: Option<&Object>, thread: &mut Thread) -> PyResult<(i64, i64)> {
        let number = match group {
            Some(group) => self.group_number(group, thread)?,
            None => 0,
        };
        Ok(self.span_of(number).map_or((-1, -1), |(start, end)| (start as i64, end as i64)))
    }

    fn pair((start, end): (i64, i64), thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let items = vec![Int::from_i64(start, thread).into_object(), Int::from_i64(end, thread).into_object()];
        Tuple::new(items, thread)
    }
}

/// The result of re.match() and re.search().
/// Match objects always have a boolean value of True.
#[python_type(
    name = "re.Match", base = BaseObject, flags(HEAPTYPE),
    members(
        string: Object = "The string passed to match() or search().",
        re(pattern): Object = "The regular expression object.",
        pos: SSize = "The index into the string at which the RE engine started looking for a match.",
        endpos: SSize = "The index into the string beyond which the RE engine will not go."
    )
)]
impl Match {
    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let (start, end) = self.span_of(0).unwrap_or_default();
        let text = slice(&self.string, start, end, thread)?;
        let class = self.class().full_name();
        let mut repr = protocol::ContainerRepr::open(&format!("<{class} object; span=({start}, {end}), match="));
        repr.push_repr(&text, thread)?;
        repr.push(">");
        repr.finish(thread)
    }

    #[slot(mp_subscript)]
    fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.group_named(key, thread)
    }

    /// group([group1, ...]) -> str or tuple.
    ///     Return subgroup(s) of the match by indices or names.
    ///     For 0 returns the entire match.
    #[method]
    #[signature("(*args)")]
    fn group(&self, args: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        match args {
            [] => {
                let none = thread.none();
                self.group_text(0, &none, thread)
            }
            [group] => self.group_named(group, thread),
            groups => {
                let mut texts = Vec::with_capacity(groups.len());
                for group in groups {
                    texts.push(self.group_named(group, thread)?);
                }
                Tuple::new(texts, thread).map(Py::into_object)
            }
        }
    }

    /// start($self, group=0, /)
    /// --
    ///
    /// Return index of the start of the substring matched by group.
    #[method]
    fn start(&self, group: Option<&Object>, thread: &mut Thread) -> PyResult<i64> {
        self.given_span(group, thread).map(|it| it.0)
    }

    /// end($self, group=0, /)
    /// --
    ///
    /// Return index of the end of the substring matched by group.
    #[method]
    fn end(&self, group: Option<&Object>, thread: &mut Thread) -> PyResult<i64> {
        self.given_span(group, thread).map(|it| it.1)
    }

    /// span($self, group=0, /)
    /// --
    ///
    /// For match object m, return the 2-tuple (m.start(group), m.end(group)).
    #[method]
    fn span(&self, group: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let span = self.given_span(group, thread)?;
        Self::pair(span, thread)
    }

    /// groups($self, /, default=None)
    /// --
    ///
    /// Return a tuple containing all the subgroups of the match, from 1.
    ///
    ///   default
    ///     Is used for groups that did not participate in the match.
    #[method]
    fn groups(&self, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let none = thread.none();
        let default = default.unwrap_or(&none);
        let mut texts = Vec::with_capacity(self.spans.len());
        for number in 1..self.spans.len() {
            texts.push(self.group_text(number, default, thread)?);
        }
        Tuple::new(texts, thread)
    }

    /// groupdict($self, /, default=None)
    /// --
    ///
    /// Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.
    ///
    ///   default
    ///     Is used for groups that did not participate in the match.
    #[method]
    fn groupdict(&self, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Dict>> {
        let none = thread.none();
        let default = default.unwrap_or(&none);
        let result = Dict::new(thread);
        for (name, number) in self.pattern.group_index().items_snapshot(thread) {
            let number = self.group_number(&number, thread)?;
            let text = self.group_text(number, default, thread)?;
            result.set(&name, &text, thread)?;
        }
        Ok(result)
    }

    /// expand($self, /, template)
    /// --
    ///
    /// Return the string obtained by doing backslash substitution on the string template, as done by the sub() method.
    #[method]
    fn expand(&self, template: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let compiled = compile_template(&self.pattern, template, thread)?;
        match compiled.downcast::<Template>() {
            Some(compiled) => compiled.expand_match(self, thread),
            None => Err(raise!(thread, TypeError, "invalid template")),
        }
    }

    /// __copy__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __copy__(&self) -> Py<Match> {
        Py::from_ref(self)
    }

    /// __deepcopy__($self, memo, /)
    /// --
    ///
    ///
    #[method]
    fn __deepcopy__(&self, _memo: &Object) -> Py<Match> {
        Py::from_ref(self)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// Matches are generic over the type of string which was matched (str or bytes)
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    /// The integer index of the last matched capturing group.
    #[getter]
    fn lastindex(&self) -> Option<usize> {
        (self.last_index > 0).then_some(self.last_index)
    }

    /// The name of the last matched capturing group.
    #[getter]
    fn lastgroup(&self) -> Option<Py<Object>> {
        self.pattern.group_name(self.last_index)
    }

    #[getter]
    fn regs(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if let Some(registers) = self.registers.get() {
            return Ok(registers);
        }
        let mut pairs = Vec::with_capacity(self.spans.len());
        for number in 0..self.spans.len() {
            let span = self.span_of(number).map_or((-1, -1), |(start, end)| (start as i64, end as i64));
            pairs.push(Self::pair(span, thread)?.into_object());
        }
        let registers = Tuple::new(pairs, thread)?;
        self.registers.set(Some(registers.clone()));
        Ok(registers)
    }
}
