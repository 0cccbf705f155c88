//! Distributing the arguments of a call over a method's parameters, with CPython's messages where they do not fit.
//!
//! The rules are the language reference's (Calls); the messages are those that CPython's Argument Clinic code gives
//! (`_PyArg_UnpackKeywords`, `_PyArg_CheckPositional`).

use super::{MAXIMUM_SLOTS, Method, ParameterKind};
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;

/// The arguments of one call, spread over slots.
pub(super) struct Parsed<'a> {
    pub values: [Option<&'a Object>; MAXIMUM_SLOTS],
    /// How many of the positional arguments went into slots; the rest is `*args`.
    pub positional: usize,
    pub keywords: Option<Py<Dict>>,
    /// The first argument by name that fits nowhere: an error, but only if nothing is missing.
    misfit: Option<&'a Str>,
}

impl Parsed<'_> {
    /// What no argument was spread over yet: for [`parse`] to fill in where it stands, since it is too large to be moved.
    pub fn empty() -> Self {
        Self { values: [None; MAXIMUM_SLOTS], positional: 0, keywords: None, misfit: None }
    }

    fn add_keyword(&mut self, name: &Object, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let keywords = self.keywords.get_or_insert_with(|| Dict::new(thread));
        keywords.clone().set(name, value, thread)
    }
}

/// Spreads positional arguments and `(name, value)` pairs over the method's slots.
pub(super) fn parse<'a>(
    method: &'static Method,
    positional: &[&'a Object],
    keywords: impl Iterator<Item = (&'a Object, &'a Object)>,
    parsed: &mut Parsed<'a>,
    thread: &mut Thread,
) -> PyResult<()> {
    let summary = method.summary;
    let given = positional.len() + keywords.size_hint().0;
    if given > summary.slots && !method.refuses_names() && !summary.has_rest && !summary.has_keywords {
        return Err(raise_more_than_parameters(method, positional.len(), given, thread));
    }
    let taken = positional.len().min(summary.positional);
    if positional.len() > taken && !summary.has_rest {
        return Err(raise_too_many(method, positional.len(), thread));
    }
    parsed.positional = taken;
    for (slot, value) in parsed.values.iter_mut().zip(&positional[..taken]) {
        *slot = Some(value);
    }
    for (name, value) in keywords {
        place_keyword(method, parsed, name, value, thread)?;
    }
    check_required(method, parsed, positional.len(), thread)?;
    match parsed.misfit {
        Some(name) => Err(raise_misfit(method, name, thread)),
        None => Ok(()),
    }
}

fn place_keyword<'a>(
    method: &'static Method,
    parsed: &mut Parsed<'a>,
    name: &'a Object,
    value: &'a Object,
    thread: &mut Thread,
) -> PyResult<()> {
    let Some(name) = name.downcast::<Str>() else { return place_odd_keyword(method, parsed, name, value, thread) };
    if let Some(slot) = slot_named(method, name) {
        if parsed.values[slot].is_some() {
            parsed.misfit.get_or_insert(name);
        } else {
            parsed.values[slot] = Some(value);
        }
        return Ok(());
    }
    if method.summary.has_keywords {
        return parsed.add_keyword(name, value, thread);
    }
    if method.refuses_names() {
        return Err(raise!(thread, TypeError, "{}() takes no keyword arguments", method.name));
    }
    parsed.misfit.get_or_insert(name);
    Ok(())
}

/// A name that is no string: only `**kwargs` takes it.
#[cold]
fn place_odd_keyword(
    method: &'static Method,
    parsed: &mut Parsed<'_>,
    name: &Object,
    value: &Object,
    thread: &mut Thread,
) -> PyResult<()> {
    if method.takes_any_names() {
        return parsed.add_keyword(name, value, thread);
    }
    Err(raise!(thread, TypeError, "keywords must be strings"))
}

/// The slot of a parameter that may be given by this name.
fn slot_named(method: &Method, name: &Str) -> Option<usize> {
    let by_name = [ParameterKind::PositionalOrKeyword, ParameterKind::KeywordOnly];
    let mut slot = 0;
    for parameter in method.parameters {
        if by_name.contains(&parameter.kind) && name.equals_text(parameter.name) {
            return Some(slot);
        }
        if !matches!(parameter.kind, ParameterKind::VariablePositional | ParameterKind::VariableKeyword) {
            slot += 1;
        }
    }
    None
}

fn check_required(method: &'static Method, parsed: &Parsed<'_>, given: usize, thread: &mut Thread) -> PyResult<()> {
    let mut slot = 0;
    for parameter in method.parameters {
        if matches!(parameter.kind, ParameterKind::VariablePositional | ParameterKind::VariableKeyword) {
            continue;
        }
        if parameter.required && parsed.values[slot].is_none() {
            return Err(raise_missing(method, slot, given, thread));
        }
        slot += 1;
    }
    Ok(())
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// More arguments, by position and by name, than there are parameters.
#[cold]
fn raise_more_than_parameters(
    method: &Method,
    positional: usize,
    given: usize,
    thread: &mut Thread,
) -> crate::errors::Raised {
    let (name, most) = (method.name, method.summary.slots);
    if most == 0 {
        return raise!(thread, TypeError, "{name}() takes no arguments");
    }
    let kind = if positional == 0 { "keyword " } else { "" };
    raise!(thread, TypeError, "{name}() takes at most {most} {kind}argument{} ({given} given)", plural(most))
}

#[cold]
fn raise_too_many(method: &Method, given: usize, thread: &mut Thread) -> crate::errors::Raised {
    let (name, summary) = (method.name, method.summary);
    if summary.slots == 0 && !summary.has_keywords {
        return raise!(thread, TypeError, "{name}() takes no arguments ({given} given)");
    }
    if method.refuses_names() {
        return raise_positional_count(method, given, thread);
    }
    if summary.positional == 0 {
        return raise!(thread, TypeError, "{name}() takes no positional arguments");
    }
    let bound = if summary.required_positional == summary.positional { "exactly" } else { "at most" };
    let kind = if summary.slots > summary.positional { "positional " } else { "" };
    let most = summary.positional;
    raise!(thread, TypeError, "{name}() takes {bound} {most} {kind}argument{} ({given} given)", plural(most))
}

/// The message of functions whose parameters are all positional-only.
#[cold]
pub(super) fn raise_positional_count(method: &Method, given: usize, thread: &mut Thread) -> crate::errors::Raised {
    let (name, least, most) = (method.name, method.summary.required_positional, method.summary.positional);
    if least == most && most == 1 && method.parameters.len() == 1 {
        return raise!(thread, TypeError, "{name}() takes exactly one argument ({given} given)");
    }
    let (bound, count) = match (least == most, given < least) {
        (true, _) => ("", least),
        (false, true) => ("at least ", least),
        (false, false) => ("at most ", most),
    };
    raise!(thread, TypeError, "{name} expected {bound}{count} argument{}, got {given}", plural(count))
}

#[cold]
fn raise_missing(method: &Method, slot: usize, given: usize, thread: &mut Thread) -> crate::errors::Raised {
    let summary = method.summary;
    if slot < summary.positional_only {
        if method.refuses_names() {
            return raise_positional_count(method, given, thread);
        }
        let bound = if summary.required_positional == summary.positional { "exactly" } else { "at least" };
        let least = summary.required_positional.min(summary.positional_only);
        return raise!(
            thread,
            TypeError,
            "{}() takes {bound} {least} positional argument{} ({given} given)",
            method.name,
            plural(least)
        );
    }
    let parameter = &method.parameters[slot];
    raise!(thread, TypeError, "{}() missing required argument '{}' (pos {})", method.name, parameter.name, slot + 1)
}

#[cold]
fn raise_misfit(method: &Method, name: &Str, thread: &mut Thread) -> crate::errors::Raised {
    let (method_name, name_text) = (method.name, name.to_string_lossy());
    let Some(slot) = slot_named(method, name) else {
        return raise!(thread, TypeError, "{method_name}() got an unexpected keyword argument '{name_text}'");
    };
    let place = slot + 1;
    raise!(thread, TypeError, "argument for {method_name}() given by name ('{name_text}') and position ({place})")
}
