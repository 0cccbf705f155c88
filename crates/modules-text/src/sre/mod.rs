//! `_sre`: the engine under `re`. The compiler, in Python, turns a pattern into an array of numbers ([`opcodes`]), which [`engine`] runs.

mod characters;
mod engine;
mod first;
mod match_object;
mod opcodes;
mod pattern;
mod scanner;
mod subject;
mod template;

use macros::python_module;
use objects::dict::Dict;
use objects::errors::{OrMemoryError, PyResult, with_room};
use objects::int::Int;
use objects::list::List;
use objects::module::Module;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, TypeDeclaration};

use characters::{lower_ascii, lower_unicode, upper_unicode};
use pattern::{Parts, Pattern};

pub const TYPES: &[&TypeDeclaration] = &[
    match_object::Match::DECLARATION,
    pattern::Pattern::DECLARATION,
    scanner::Scanner::DECLARATION,
    template::Template::DECLARATION,
];

/// The numbers of a list as code.
fn read_code(list: &List, thread: &mut Thread) -> PyResult<Box<[u32]>> {
    let items = list.snapshot(thread);
    let mut code = with_room(items.len()).or_memory_error(thread)?;
    for item in &items {
        let Some(number) = item.downcast::<Int>() else {
            return Err(raise!(thread, TypeError, "an integer is required"));
        };
        match number.to_i64().and_then(|it| u32::try_from(it).ok()) {
            Some(word) => code.push(word),
            None => return Err(raise!(thread, OverflowError, "regular expression code size limit exceeded")),
        }
    }
    let ends = code.last() == Some(&opcodes::SUCCESS);
    if !ends {
        return Err(raise!(thread, RuntimeError, "invalid SRE code"));
    }
    Ok(code.into_boxed_slice())
}

pub struct SreModule;

#[python_module(name = "_sre")]
impl SreModule {
    /// compile($module, /, pattern, flags, code, groups, groupindex,
    ///         indexgroup)
    /// --
    ///
    ///
    #[function]
    fn compile(
        pattern: &Object,
        flags: i32,
        code: &List,
        groups: isize,
        groupindex: &Dict,
        indexgroup: &Tuple,
        thread: &mut Thread,
    ) -> PyResult<Py<Pattern>> {
        let code = read_code(code, thread)?;
        if groups < 0 || groups as i64 > opcodes::MAXGROUPS || groups as usize > code.len() {
            return Err(raise!(thread, RuntimeError, "invalid SRE code"));
        }
        let is_bytes = if pattern.is_none() { None } else { Some(pattern.downcast::<Str>().is_none()) };
        if is_bytes == Some(true) && !protocol::buffer::has_buffer(pattern) {
            let class = pattern.class().full_name();
            return Err(raise!(thread, TypeError, "expected string or bytes-like object, got '{class}'"));
        }
        let parts = Parts {
            pattern: Py::from_ref(pattern),
            flags,
            groups,
            group_index: Py::from_ref(groupindex),
            index_group: Py::from_ref(indexgroup),
            code,
            is_bytes,
        };
        Ok(Pattern::new(parts, thread))
    }

    /// template($module, pattern, template, /)
    /// --
    ///
    ///
    ///
    ///   template
    ///     A list containing interleaved literal strings (str or bytes) and group
    ///     indices (int), as returned by re._parser.parse_template():
    ///         [literal1, group1, ..., literalN, groupN]
    #[function]
    fn template(pattern: &Object, template: &List, thread: &mut Thread) -> PyResult<Py<template::Template>> {
        template::Template::new(pattern, template, thread)
    }

    /// getcodesize($module, /)
    /// --
    ///
    ///
    #[function]
    fn getcodesize() -> usize {
        size_of::<u32>()
    }

    /// ascii_iscased($module, character, /)
    /// --
    ///
    ///
    #[function]
    fn ascii_iscased(character: i32) -> bool {
        u8::try_from(character).is_ok_and(|it| it.is_ascii_alphabetic())
    }

    /// unicode_iscased($module, character, /)
    /// --
    ///
    ///
    #[function]
    fn unicode_iscased(character: i32) -> bool {
        let point = character as u32;
        lower_unicode(point) != point || upper_unicode(point) != point
    }

    /// ascii_tolower($module, character, /)
    /// --
    ///
    ///
    #[function]
    fn ascii_tolower(character: i32) -> u32 {
        lower_ascii(character as u32)
    }

    /// unicode_tolower($module, character, /)
    /// --
    ///
    ///
    #[function]
    fn unicode_tolower(character: i32) -> u32 {
        lower_unicode(character as u32)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let numbers = [
            ("MAGIC", opcodes::MAGIC),
            ("CODESIZE", size_of::<u32>() as i64),
            ("MAXREPEAT", i64::from(opcodes::MAXREPEAT)),
            ("MAXGROUPS", opcodes::MAXGROUPS),
        ];
        for (name, value) in numbers {
            let value = Int::from_i64(value, thread);
            module.set(name, &value, thread)?;
        }
        let copyright = Str::from_str(" SRE 2.2.2 Copyright (c) 1997-2002 by Secret Labs AB ", thread);
        module.set("copyright", &copyright, thread)
    }
}
