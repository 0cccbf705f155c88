//! Code objects made by programs: `code(…)` and `replace`. Both fill in a [`Draft`], whose fields are described by one table.
//!
//! The instructions themselves are checked by nobody, as in CPython: who makes code by hand is on their own.

use builtins::bytes::Bytes;
use bytecode::code_flags::*;
use objects::errors::{PyResult, Raised};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance;
use text::view::StrView;

use super::strings::is_identifier_like;
use super::{Code, CodeParts};

/// What a field of a code object must be.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A number that must not be negative.
    Count,
    /// Bytes.
    Bytes,
    /// A tuple.
    Tuple,
    /// A tuple of strings.
    Names,
    /// A string.
    Text,
}

/// The fields, in the order of the constructor's arguments; `replace` calls them by these names behind `co_`.
const FIELDS: &[(&str, Kind)] = &[
    ("argcount", Kind::Count),
    ("posonlyargcount", Kind::Count),
    ("kwonlyargcount", Kind::Count),
    ("nlocals", Kind::Count),
    ("stacksize", Kind::Count),
    ("flags", Kind::Count),
    ("code", Kind::Bytes),
    ("consts", Kind::Tuple),
    ("names", Kind::Names),
    ("varnames", Kind::Names),
    ("filename", Kind::Text),
    ("name", Kind::Text),
    ("qualname", Kind::Text),
    ("firstlineno", Kind::Count),
    ("linetable", Kind::Bytes),
    ("exceptiontable", Kind::Bytes),
    ("freevars", Kind::Names),
    ("cellvars", Kind::Names),
];

/// Arguments that the constructor needs.
const REQUIRED: usize = 16;

/// `code(…)`.
pub(super) fn construct(arguments: &Tuple, thread: &mut Thread) -> PyResult<Py<Code>> {
    let (given, most) = (arguments.length(), FIELDS.len());
    if given < REQUIRED {
        return Err(raise!(thread, TypeError, "code expected at least {REQUIRED} arguments, got {given}"));
    }
    if given > most {
        return Err(raise!(thread, TypeError, "code expected at most {most} arguments, got {given}"));
    }
    let empty = Tuple::empty(thread).into_object();
    let mut draft = Draft { values: Vec::with_capacity(most) };
    for (index, (_, kind)) in FIELDS.iter().enumerate() {
        let value = arguments.items().get(index).unwrap_or(&empty);
        let value = checked(value, *kind, &format!("code() argument {}", index + 1), thread)?;
        draft.values.push(value);
    }
    draft.audit(thread)?;
    for (index, name) in ["argcount", "posonlyargcount", "kwonlyargcount", "nlocals"].into_iter().enumerate() {
        if draft.number(index, thread)? < 0 {
            return Err(raise!(thread, ValueError, "code: {name} must not be negative"));
        }
    }
    draft.finish(thread)
}

/// The value, if it is of the kind; for a number, the number as an int.
fn checked(value: &Object, kind: Kind, place: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let (fits, expected) = match kind {
        Kind::Count => {
            let number = protocol::index(value, thread)?;
            if number.to_i128().and_then(|it| i32::try_from(it).ok()).is_none() {
                return Err(raise!(thread, OverflowError, "Python int too large to convert to C int"));
            }
            return Ok(number.into_object());
        }
        Kind::Bytes => (value.downcast::<Bytes>().is_some(), Bytes::class()),
        Kind::Tuple | Kind::Names => (value.downcast::<Tuple>().is_some(), Tuple::class()),
        Kind::Text => (value.downcast::<Str>().is_some(), Str::class()),
    };
    if fits {
        return Ok(Py::from_ref(value));
    }
    let found = if value.is_none() { "None".to_owned() } else { value.class().full_name() };
    Err(raise!(thread, TypeError, "{place} must be {}, not {found}", expected.full_name()))
}

/// A code object that is being put together: a value for each field.
pub(super) struct Draft {
    values: Vec<Py<Object>>,
}

impl Draft {
    /// The fields of a code object.
    pub(super) fn of(code: &Code, thread: &mut Thread) -> PyResult<Self> {
        let mut count = |value: usize| protocol::make_int(value as i128, thread);
        let counts = [
            count(code.argument_count()),
            count(code.positional_only_count()),
            count(code.keyword_only_count()),
            count(code.local_count.get() as usize),
            count(code.stack_size()),
            count(code.flags() as usize),
        ];
        let first_line = protocol::make_int(i128::from(code.first_line()), thread);
        let mut values: Vec<Py<Object>> = counts.into();
        values.extend([
            code.code_bytes(thread)?.into_object(),
            Py::from_ref(code.constants()).into_object(),
            Py::from_ref(code.names()).into_object(),
            code.variable_names(thread)?.into_object(),
            Py::from_ref(code.filename()).into_object(),
            Py::from_ref(code.name()).into_object(),
            Py::from_ref(code.qualified_name()).into_object(),
            first_line,
            Py::from_ref(code.line_table()).into_object(),
            Py::from_ref(code.exception_table()).into_object(),
            code.free_names(thread)?.into_object(),
            code.cell_names(thread)?.into_object(),
        ]);
        Ok(Self { values })
    }

    /// Puts another value into the field of a name (`co_name`).
    pub(super) fn change(&mut self, name: &Object, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let name = protocol::str(name, thread)?.to_string_lossy();
        let field = name.strip_prefix("co_").and_then(|name| FIELDS.iter().position(|(it, _)| *it == name));
        let Some(index) = field else {
            return Err(raise!(thread, TypeError, "replace() got an unexpected keyword argument '{name}'"));
        };
        let kind = FIELDS[index].1;
        let value = checked(value, kind, &format!("replace() argument '{name}'"), thread)?;
        self.values[index] = value;
        if kind == Kind::Count && self.number(index, thread)? < 0 {
            return Err(raise!(thread, ValueError, "{name} must be a positive integer"));
        }
        Ok(())
    }

    fn number(&self, index: usize, thread: &mut Thread) -> PyResult<i32> {
        // The values were checked to fit.
        Ok(protocol::index_as_isize(&self.values[index], thread)? as i32)
    }

    fn take<T: Instance>(&self, index: usize, thread: &mut Thread) -> PyResult<Py<T>> {
        let value = self.values[index].clone().downcast_into::<T>();
        value.map_err(|_| bad_internal_call(thread))
    }

    /// A tuple of exact strings.
    fn names(&self, index: usize, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let names = self.take::<Tuple>(index, thread)?;
        for name in names.items() {
            if name.downcast::<Str>().is_none() {
                let found = name.class().full_name();
                return Err(raise!(thread, TypeError, "name tuples must contain only strings, not '{found}'"));
            }
        }
        Ok(names)
    }

    /// The code object.
    /// Tells audit hooks of the code that is to be made.
    pub(super) fn audit(&self, thread: &mut Thread) -> PyResult<()> {
        thread.audit("code.__new__", &[6, 10, 11, 0, 1, 2, 3, 4, 5].map(|it| &*self.values[it]))
    }

    pub(super) fn finish(self, thread: &mut Thread) -> PyResult<Py<Code>> {
        let mut counts = [0; 6];
        for (index, count) in counts.iter_mut().enumerate() {
            *count = self.number(index, thread)?;
        }
        let [argument_count, positional_only_count, keyword_only_count, local_count, stack_size, flags] = counts;
        let names = self.names(8, thread)?;
        let variables = self.names(9, thread)?;
        let free = self.names(16, thread)?;
        let cells = self.names(17, thread)?;
        let code = self.take::<Bytes>(6, thread)?;
        let small = [positional_only_count, keyword_only_count, stack_size, flags].iter().any(|it| *it < 0);
        if argument_count < positional_only_count || small {
            return Err(bad_internal_call(thread));
        }
        if code.as_slice().len() % size_of::<u16>() != 0 {
            return Err(raise!(thread, ValueError, "code: co_code is malformed"));
        }
        let parameters = Parameters { argument_count, positional_only_count, keyword_only_count, flags };
        let Some(kinds) = parameters.kinds(variables.length()) else {
            return Err(raise!(thread, ValueError, "code: co_varnames is too small"));
        };
        if local_count as usize != variables.length() {
            return Err(raise!(thread, ValueError, "code: co_nlocals != len(co_varnames)"));
        }
        let (locals_plus_names, locals_plus_kinds) = locals_plus(&variables, &cells, &free, kinds, thread)?;
        let words = locals_plus_names.length() + stack_size as usize + crate::frame::SPECIALS;
        if words > i32::MAX as usize / size_of::<usize>() {
            return Err(raise!(thread, OverflowError, "code: locals + stack size is too large"));
        }
        let constants: Py<Tuple> = self.take(7, thread)?;
        intern_constants(&constants, thread);
        let parts = CodeParts {
            argument_count,
            positional_only_count,
            keyword_only_count,
            stack_size,
            flags,
            first_line: self.number(13, thread)?,
            instructions: code.as_slice(),
            constants,
            names,
            locals_plus_names,
            locals_plus_kinds,
            filename: self.take(10, thread)?,
            name: self.take(11, thread)?,
            qualified_name: self.take(12, thread)?,
            line_table: self.take(14, thread)?,
            exception_table: self.take(15, thread)?,
        };
        Code::from_parts(parts, thread)
    }
}

/// Interns the string constants that look like identifiers.
fn intern_constants(constants: &Tuple, thread: &mut Thread) {
    let mut left = vec![Py::from_ref(constants)];
    while let Some(constants) = left.pop() {
        for constant in constants.items() {
            if let Some(inner) = constant.downcast_exact::<Tuple>() {
                left.push(Py::from_ref(inner));
            } else if let Some(text) = constant.downcast_exact::<Str>()
                && matches!(text.view(), StrView::Ascii(text) if is_identifier_like(text))
            {
                thread.intern(text);
            }
        }
    }
}

#[cold]
fn bad_internal_call(thread: &mut Thread) -> Raised {
    raise!(thread, SystemError, "bad argument to internal function")
}

/// What says which of the local variables are parameters.
struct Parameters {
    argument_count: i32,
    positional_only_count: i32,
    keyword_only_count: i32,
    flags: i32,
}

impl Parameters {
    /// The kinds of so many local variables; None if there are more parameters.
    fn kinds(&self, variables: usize) -> Option<Vec<u8>> {
        let flags = self.flags as u32;
        let groups = [
            (self.positional_only_count, CO_FAST_ARG_POS),
            (self.argument_count - self.positional_only_count, CO_FAST_ARG_POS | CO_FAST_ARG_KW),
            (self.keyword_only_count, CO_FAST_ARG_KW),
            (i32::from(flags & CO_VARARGS != 0), CO_FAST_ARG_VAR | CO_FAST_ARG_POS),
            (i32::from(flags & CO_VARKEYWORDS != 0), CO_FAST_ARG_VAR | CO_FAST_ARG_KW),
        ];
        let total: i64 = groups.iter().map(|(count, _)| i64::from(*count)).sum();
        if usize::try_from(total).ok()? > variables {
            return None;
        }
        let parameters = groups.iter().flat_map(|(count, kind)| std::iter::repeat_n(*kind, *count as usize));
        let all = parameters.chain(std::iter::repeat(0)).take(variables);
        Some(all.map(|kind| kind | CO_FAST_LOCAL).collect())
    }
}

/// The slots of a frame: local variables, cells that are none of them, free variables.
fn locals_plus(
    variables: &Tuple,
    cells: &Tuple,
    free: &Tuple,
    mut kinds: Vec<u8>,
    thread: &mut Thread,
) -> PyResult<(Py<Tuple>, Py<Bytes>)> {
    let mut names: Vec<Py<Object>> = variables.items().to_vec();
    let text = |object: &Py<Object>| object.downcast::<Str>().map(Py::from_ref);
    for cell in cells.items() {
        let variable = variables.items().iter().position(|it| match (text(it), text(cell)) {
            (Some(variable), Some(cell)) => variable.equals(&cell),
            _ => false,
        });
        match variable {
            Some(index) => kinds[index] |= CO_FAST_CELL,
            None => {
                names.push(cell.clone());
                kinds.push(CO_FAST_CELL);
            }
        }
    }
    names.extend(free.items().iter().cloned());
    kinds.resize(names.len(), CO_FAST_FREE);
    Ok((Tuple::new(names, thread)?, Bytes::try_from_slice(&kinds, thread)?))
}
