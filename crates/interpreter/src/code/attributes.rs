//! The type `code`: attributes and methods.

use std::mem::offset_of;

use builtins::bytes::Bytes;
use bytecode::code_flags::{CO_FAST_CELL, CO_FAST_FREE, CO_FAST_LOCAL};
use bytecode::line_table;
use macros::python_type;
use objects::dict::Dict;
use objects::errors::{self, PyResult};
use objects::object::BaseObject;
use objects::protocol::Comparison;
use objects::raise;
use objects::refs::{Field, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;

use super::construct::{self, Draft};
use super::iterators::{BranchIterator, LineIterator, PositionIterator};
use super::{CachedAttributes, Code, equality};

impl Code {
    fn cached(&self) -> &CachedAttributes {
        self.cached.0.get_or_init(Box::default)
    }

    /// The names of the variables that have this bit.
    fn names_of_kind(&self, kind: u8, cache: &Field<Tuple>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if let Some(names) = cache.get() {
            return Ok(names);
        }
        let kinds = self.locals_plus_kinds().as_slice();
        let names = self.locals_plus_names().items().iter().zip(kinds).filter(|(_, it)| **it & kind != 0);
        let names = Tuple::new(names.map(|(name, _)| name.clone()).collect(), thread)?;
        cache.set(Some(names.clone()));
        Ok(names)
    }

    /// `co_varnames`: parameters and other local variables.
    pub fn variable_names(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.names_of_kind(CO_FAST_LOCAL, &self.cached().variable_names, thread)
    }

    /// `co_cellvars`: variables that nested functions use.
    pub fn cell_names(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.names_of_kind(CO_FAST_CELL, &self.cached().cell_names, thread)
    }

    /// `co_freevars`: variables of enclosing functions.
    pub fn free_names(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.names_of_kind(CO_FAST_FREE, &self.cached().free_names, thread)
    }

    /// `co_code`.
    pub fn code_bytes(&self, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        if let Some(code) = self.cached().code.get() {
            return Ok(code);
        }
        let code = Bytes::try_from_slice(&self.original_code(), thread)?;
        self.cached().code.set(Some(code.clone()));
        Ok(code)
    }

    /// The line numbers in the form that Python used before 3.10: pairs of bytes, how far the code and the line move on.
    fn old_line_table(&self) -> Vec<u8> {
        let (mut table, mut line, mut offset) = (Vec::new(), self.first_line(), 0);
        for entry in line_table::entries(self.line_table().as_slice(), self.first_line()) {
            if !entry.location.has_line() || entry.location.line == line {
                continue;
            }
            let start = i64::from(entry.start) * 2;
            push_delta(start - offset, i64::from(entry.location.line) - i64::from(line), &mut table);
            (line, offset) = (entry.location.line, start);
        }
        table
    }
}

fn push_delta(mut code: i64, mut line: i64, table: &mut Vec<u8>) {
    while code > 255 {
        table.extend([255, 0]);
        code -= 255;
    }
    while line > 127 {
        table.extend([code as u8, 127]);
        (code, line) = (0, line - 127);
    }
    while line < -128 {
        table.extend([code as u8, -128i8 as u8]);
        (code, line) = (0, line + 128);
    }
    table.extend([code as u8, line as i8 as u8]);
}

/// code(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize,
///      flags, codestring, constants, names, varnames, filename, name,
///      qualname, firstlineno, linetable, exceptiontable, freevars=(),
///      cellvars=(), /)
/// --
///
/// Create a code object.  Not for the faint of heart.
#[python_type(
    name = "code", symbol = "PyCode_Type", base = BaseObject, item_size = 2,
    weaklist_offset = offset_of!(Code, weak_references), dealloc = super::parts::deallocate,
    members(
        co_argcount(argument_count): Int, co_posonlyargcount(positional_only_count): Int,
        co_kwonlyargcount(keyword_only_count): Int, co_stacksize(stack_size): Int, co_flags(flags): Int,
        co_nlocals(local_count): Int, co_consts(constants): Object, co_names(names): Object,
        co_filename(filename): Object, co_name(name): Object, co_qualname(qualified_name): Object,
        co_firstlineno(first_line): Int, co_linetable(line_table): Object, co_exceptiontable(exception_table): Object
    )
)]
impl Code {
    #[slot(tp_new)]
    fn new(_class: &Type, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Code>> {
        if keywords.is_some_and(|it| !it.is_empty()) {
            return Err(raise!(thread, TypeError, "code() takes no keyword arguments"));
        }
        construct::construct(arguments, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> Py<Str> {
        let line = if self.first_line() == 0 { -1 } else { self.first_line() };
        let (name, file) = (self.name().to_string_lossy(), self.filename().to_string_lossy());
        let text = format!("<code object {name} at {:#x}, file \"{file}\", line {line}>", self.address());
        Str::from_str(&text, thread)
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        equality::hash(self, thread)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (Some(other), Comparison::Equal | Comparison::NotEqual) = (other.downcast::<Code>(), comparison) else {
            return Ok(thread.not_implemented());
        };
        let equal = equality::equal(self, other, thread)?;
        Ok(objects::bool::Bool::new(equal == matches!(comparison, Comparison::Equal)))
    }

    /// __sizeof__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __sizeof__(&self) -> usize {
        (size_of::<Code>() + self.unit_count() * size_of::<u16>()).next_multiple_of(size_of::<usize>())
    }

    /// co_lines($self, /)
    /// --
    ///
    ///
    #[method]
    fn co_lines(&self, thread: &mut Thread) -> Py<LineIterator> {
        LineIterator::new(self, thread)
    }

    /// co_branches($self, /)
    /// --
    ///
    ///
    #[method]
    fn co_branches(&self, thread: &mut Thread) -> Py<BranchIterator> {
        BranchIterator::new(self, thread)
    }

    /// co_positions($self, /)
    /// --
    ///
    ///
    #[method]
    fn co_positions(&self, thread: &mut Thread) -> Py<PositionIterator> {
        PositionIterator::new(self, thread)
    }

    /// replace($self, /, **changes)
    /// --
    ///
    /// Return a copy of the code object with new values for the specified fields.
    #[method]
    fn replace(&self, changes: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Code>> {
        let mut draft = Draft::of(self, thread)?;
        for (name, value) in changes.map_or_else(Vec::new, |it| it.items_snapshot(thread)) {
            draft.change(&name, &value, thread)?;
        }
        draft.audit(thread)?;
        draft.finish(thread)
    }

    /// _varname_from_oparg($self, /, oparg)
    /// --
    ///
    /// (internal-only) Return the local variable name for the given oparg.
    ///
    /// WARNING: this method is for internal use only and may change or go
    /// away.
    #[method]
    fn _varname_from_oparg(&self, oparg: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        let index = usize::try_from(oparg).ok();
        match index.and_then(|it| self.locals_plus_names().items().get(it)) {
            Some(name) => Ok(name.clone()),
            None => Err(raise!(thread, IndexError, "tuple index out of range")),
        }
    }

    /// __replace__($self, /, **changes)
    /// --
    ///
    /// The same as replace().
    #[method]
    fn __replace__(&self, changes: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Code>> {
        self.replace(changes, thread)
    }

    #[getter]
    fn co_lnotab(&self, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        thread.warn(errors::DeprecationWarning, 1, format_args!("co_lnotab is deprecated, use co_lines instead."))?;
        Bytes::try_from_slice(&self.old_line_table(), thread)
    }

    #[getter]
    fn _co_code_adaptive(&self, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let mut bytes = Vec::with_capacity(self.unit_count() * 2);
        for index in 0..self.unit_count() {
            // SAFETY: the code object has so many units.
            bytes.extend(unsafe { self.first_instruction().add(index).read() }.to_le_bytes());
        }
        Bytes::try_from_slice(&bytes, thread)
    }

    #[getter]
    fn co_varnames(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.variable_names(thread)
    }

    #[getter]
    fn co_cellvars(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.cell_names(thread)
    }

    #[getter]
    fn co_freevars(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.free_names(thread)
    }

    #[getter]
    fn co_code(&self, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        self.code_bytes(thread)
    }
}
