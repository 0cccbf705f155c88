//! Templates of replacements, `sub`, and the joining of parts.

use builtins::bytes::Bytes;
use macros::{Instance, python_type};
use objects::errors::{Grow, OrMemoryError, PyResult};
use objects::int::Int;
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::{Str, join_items};
use objects::thread::Thread;
use objects::types::Instance as _;

use super::engine::Mode;
use super::match_object::Match;
use super::pattern::Pattern;
use super::subject::{Found, Subject};

/// A replacement in parts: a literal, then groups, each with the literal behind it.
#[derive(Instance)]
#[repr(C)]
pub struct Template {
    header: Header,
    literal: Py<Object>,
    items: Vec<(usize, Py<Object>)>,
}

#[python_type(name = "_sre.SRE_Template", base = BaseObject, flags(HEAPTYPE))]
impl Template {}

impl Template {
    pub fn new(pattern: &Object, parts: &List, thread: &mut Thread) -> PyResult<Py<Template>> {
        let parts = parts.snapshot(thread);
        let [literal, rest @ ..] = parts.as_slice() else {
            return Err(raise!(thread, TypeError, "invalid template"));
        };
        let mut items = Vec::with_capacity(rest.len() / 2);
        let mut rest = rest.iter();
        while let Some(group) = rest.next() {
            let Some(group) = group.downcast::<Int>().and_then(Int::to_i64) else {
                return Err(raise!(thread, TypeError, "an integer is required"));
            };
            let Ok(group) = usize::try_from(group) else {
                return Err(raise!(thread, TypeError, "invalid template"));
            };
            if pattern.downcast::<Pattern>().is_some_and(|it| it.group_count() < group) {
                return Err(raise!(thread, IndexError, "no such group"));
            }
            let empty = Str::empty().into_object();
            items.push((group, rest.next().cloned().unwrap_or(empty)));
        }
        let header = Header::new(Template::class());
        Ok(Py::new(Template { header, literal: literal.clone(), items }, thread))
    }

    /// The parts for a match.
    fn expand(
        &self,
        string: &Object,
        span: impl Fn(usize) -> Option<(usize, usize)>,
        thread: &mut Thread,
    ) -> PyResult<Vec<Py<Object>>> {
        let mut parts = vec![self.literal.clone()];
        for (group, literal) in &self.items {
            if let Some((start, end)) = span(*group) {
                parts.push(super::subject::slice(string, start, end, thread)?);
            }
            if protocol::length(literal, thread)? > 0 {
                parts.push(literal.clone());
            }
        }
        Ok(parts)
    }

    /// The text for a match.
    pub fn expand_match(&self, matched: &Match, thread: &mut Thread) -> PyResult<Py<Object>> {
        if self.items.is_empty() {
            return Ok(self.literal.clone());
        }
        let string = matched.string();
        let parts = self.expand(&string, |group| matched.span_of(group), thread)?;
        join(&parts, string.downcast::<Str>().is_some(), thread)
    }
}

/// All parts as one text or bytes.
pub fn join(parts: &[Py<Object>], is_text: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
    if is_text {
        return join_items(&Str::empty(), parts, thread).map(Py::into_object);
    }
    let empty = Bytes::from_slice(b"", thread);
    let list = List::new(parts.to_vec(), thread)?;
    let name = thread.intern_text("join");
    protocol::call_method(&empty, &name, &[&list], thread)
}

/// `re._compile_template`, which caches.
pub fn compile_template(pattern: &Pattern, template: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let import = protocol::builtin(&objects::names::__import__, thread)?;
    let name = thread.intern_text("re");
    let module = protocol::call_one(&import, &name, thread)?;
    let name = thread.intern_text("_compile_template");
    let function = protocol::get_attribute(&module, &name, thread)?;
    protocol::call(&function, &[pattern, template], thread)
}

/// What stands in for matches.
enum Replacement {
    Literal(Py<Object>),
    Function(Py<Object>),
    Template(Py<Template>),
}

impl Replacement {
    fn of(pattern: &Pattern, given: &Object, thread: &mut Thread) -> PyResult<Replacement> {
        if given.class().slots().tp_call.get().is_some() {
            return Ok(Replacement::Function(Py::from_ref(given)));
        }
        let has_backslash = if let Some(text) = given.downcast::<Str>() {
            text.view().iter().any(|point| point == u32::from(b'\\'))
        } else if objects::protocol::buffer::has_buffer(given) {
            let bytes = objects::protocol::buffer::Buffer::get(given, layout::PyBUF_SIMPLE, thread)?;
            bytes.to_vec(thread)?.contains(&b'\\')
        } else {
            true
        };
        if !has_backslash {
            return Ok(Replacement::Literal(Py::from_ref(given)));
        }
        let compiled = compile_template(pattern, given, thread)?;
        match compiled.downcast_into::<Template>() {
            Ok(template) if template.items.is_empty() => Ok(Replacement::Literal(template.literal.clone())),
            Ok(template) => Ok(Replacement::Template(template)),
            Err(_) => Err(raise!(thread, TypeError, "invalid template")),
        }
    }
}

/// `sub` and `subn`: the new string, and how many matches were replaced.
pub fn substitute(
    pattern: &Pattern,
    replacement: &Object,
    string: &Object,
    count: isize,
    thread: &mut Thread,
) -> PyResult<(Py<Object>, usize)> {
    let replacement = Replacement::of(pattern, replacement, thread)?;
    let subject = Subject::new(pattern, string, 0, isize::MAX, thread)?;
    let mut parts: Vec<Py<Object>> = Vec::new();
    let (mut replaced, mut copied, mut start, mut must_advance) = (0usize, 0, subject.start, false);
    while count == 0 || (replaced as isize) < count {
        let Some(found) = subject.find(pattern, Mode::Search, start, must_advance, thread)? else { break };
        let (from, to) = (found.start, found.end);
        if copied < from {
            let part = subject.slice(copied, from, thread)?;
            parts.try_push(part).or_memory_error(thread)?;
        }
        push_replacement(&replacement, pattern, &subject, found, &mut parts, thread)?;
        copied = to;
        start = to;
        must_advance = from == to;
        replaced += 1;
    }
    if copied < subject.end || parts.is_empty() {
        parts.push(subject.slice(copied, subject.end, thread)?);
    }
    Ok((join(&parts, subject.is_text(), thread)?, replaced))
}

fn push_replacement(
    replacement: &Replacement,
    pattern: &Pattern,
    subject: &Subject,
    found: Found,
    parts: &mut Vec<Py<Object>>,
    thread: &mut Thread,
) -> PyResult<()> {
    match replacement {
        Replacement::Literal(literal) => parts.try_push(literal.clone()).or_memory_error(thread)?,
        Replacement::Template(template) => {
            let span = |group: usize| super::match_object::span_in(&found, group);
            for part in template.expand(&subject.object, span, thread)? {
                parts.try_push(part).or_memory_error(thread)?;
            }
        }
        Replacement::Function(function) => {
            let matched = Match::new(pattern, subject, found, thread);
            let part = protocol::call_one(function, &matched, thread)?;
            if !part.is_none() {
                parts.try_push(part).or_memory_error(thread)?;
            }
        }
    }
    Ok(())
}
