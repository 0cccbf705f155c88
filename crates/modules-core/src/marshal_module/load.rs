//! Reading: the builder that makes objects.

use builtins::bytes::Bytes;
use builtins::complex::Complex;
use builtins::set::{FrozenSet, Set};
use bytecode::marshal::read::{Builder, CodeParts, Reader};
use bytecode::marshal::{ExceptionKind, MarshalError};
use interpreter::code::{Code, string};
use numeric::integer::Integer;
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{PyResult, Raised, StopIteration};
use objects::float::Float;
use objects::int::Int;
use objects::list::List;
use objects::none::EllipsisType;
use objects::raise;
use objects::refs::{Object, Py};
use objects::slice::Slice;
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance;
use text::wtf8::Wtf8Buf;

/// Reads one object; with it, how many bytes it took.
pub fn load_object(data: &[u8], code_allowed: bool, thread: &mut Thread) -> PyResult<(Py<Object>, usize)> {
    let builder = ObjectBuilder { thread, filename: None };
    let mut reader = Reader::new(data, builder).allow_code(code_allowed);
    let result = reader.read();
    let taken = data.len() - reader.rest().len();
    match result {
        Ok(value) => Ok((value, taken)),
        Err(failure) => Err(failure.raise(thread)),
    }
}

/// Reads one object, whatever it is.
pub fn load_any(data: &[u8], thread: &mut Thread) -> PyResult<Py<Object>> {
    load_object(data, true, thread).map(|it| it.0)
}

/// Reads a code object as if it had been compiled from a file of this name.
pub fn load_code(data: &[u8], filename: Py<Str>, thread: &mut Thread) -> PyResult<Py<Code>> {
    let builder = ObjectBuilder { thread, filename: Some(filename) };
    match Reader::new(data, builder).read() {
        Ok(value) => match value.downcast_into::<Code>() {
            Ok(code) => Ok(code),
            Err(_) => Err(raise!(thread, TypeError, "the data holds no code object")),
        },
        Err(failure) => Err(failure.raise(thread)),
    }
}

#[cold]
fn raise_marshal_error(error: MarshalError, thread: &mut Thread) -> Raised {
    match error.exception_kind() {
        ExceptionKind::EofError => raise!(thread, EOFError, "{error}"),
        ExceptionKind::TypeError => raise!(thread, TypeError, "{error}"),
        ExceptionKind::ValueError | ExceptionKind::UnicodeDecodeError => raise!(thread, ValueError, "{error}"),
    }
}

/// What ends reading: bad data, or an exception.
enum Failure {
    Marshal(MarshalError),
    Raised(Raised),
}

impl Failure {
    fn raise(self, thread: &mut Thread) -> Raised {
        match self {
            Failure::Raised(raised) => raised,
            Failure::Marshal(error) => raise_marshal_error(error, thread),
        }
    }
}

impl From<MarshalError> for Failure {
    fn from(error: MarshalError) -> Self {
        Failure::Marshal(error)
    }
}

impl From<Raised> for Failure {
    fn from(raised: Raised) -> Self {
        Failure::Raised(raised)
    }
}

struct ObjectBuilder<'t> {
    thread: &'t mut Thread,
    /// In place of the filename that the data has.
    filename: Option<Py<Str>>,
}

impl Builder for ObjectBuilder<'_> {
    type Value = Py<Object>;
    type Error = Failure;

    fn none(&mut self) -> Py<Object> {
        self.thread.none()
    }

    fn ellipsis(&mut self) -> Py<Object> {
        Py::from_ref(EllipsisType::get())
    }

    fn bool(&mut self, value: bool) -> Py<Object> {
        Bool::new(value)
    }

    fn stop_iteration(&mut self) -> Result<Py<Object>, Failure> {
        Ok(Py::from_ref(StopIteration.as_type()).into_object())
    }

    fn integer(&mut self, value: Integer) -> Result<Py<Object>, Failure> {
        Ok(Int::from_integer(&value, self.thread)?.into_object())
    }

    fn float(&mut self, value: f64) -> Result<Py<Object>, Failure> {
        Ok(Float::new(value, self.thread).into_object())
    }

    fn complex(&mut self, real: f64, imaginary: f64) -> Result<Py<Object>, Failure> {
        Ok(Complex::new(real, imaginary, self.thread).into_object())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<Py<Object>, Failure> {
        Ok(Bytes::try_from_slice(bytes, self.thread)?.into_object())
    }

    fn string(&mut self, text: Wtf8Buf, interned: bool) -> Result<Py<Object>, Failure> {
        // Strings of code live for ever, and marshal is made for code.
        if interned && text.is_ascii() {
            return Ok(self.thread.intern_ascii_for_ever(text.as_bytes()).into_object());
        }
        let text = string(text.view(), self.thread);
        Ok(if interned { self.thread.intern_for_ever(&text) } else { text }.into_object())
    }

    fn tuple(&mut self, items: Vec<Py<Object>>) -> Result<Py<Object>, Failure> {
        Ok(Tuple::new(items, self.thread)?.into_object())
    }

    fn unfilled_tuple(&mut self, size: usize) -> Result<Option<Py<Object>>, Failure> {
        let tuple = Tuple::unfilled(size, self.thread)?;
        // Who looks at the tuple before it is whole sees None.
        tuple.fill_unfilled(vec![self.thread.none(); tuple.length()]);
        Ok(Some(tuple.into_object()))
    }

    fn fill_tuple(&mut self, tuple: &Py<Object>, items: Vec<Py<Object>>) {
        if let Some(tuple) = tuple.downcast_exact::<Tuple>().filter(|it| it.length() == items.len()) {
            tuple.fill_unfilled(items);
        }
    }

    fn frozen_set(&mut self, items: Vec<Py<Object>>) -> Result<Py<Object>, Failure> {
        Ok(FrozenSet::from_elements(&items, self.thread)?.into_object())
    }

    fn slice(&mut self, parts: [Py<Object>; 3]) -> Result<Py<Object>, Failure> {
        let [start, stop, step] = parts;
        Ok(Slice::new(start, stop, step, self.thread).into_object())
    }

    fn code(&mut self, parts: CodeParts<Py<Object>>) -> Result<Py<Object>, Failure> {
        let code_bytes: Py<Bytes> = part(parts.code)?;
        let locals_plus_names = names(parts.locals_plus_names)?;
        let locals_plus_kinds: Py<Bytes> = part(parts.locals_plus_kinds)?;
        let counts = [
            parts.argument_count,
            parts.positional_only_argument_count,
            parts.keyword_only_argument_count,
            parts.stack_size,
        ];
        let fits = locals_plus_names.length() == locals_plus_kinds.as_slice().len()
            && code_bytes.as_slice().len().is_multiple_of(2)
            && counts.iter().all(|it| *it >= 0);
        if !fits {
            return Err(MarshalError::BadCode.into());
        }
        let parts = interpreter::code::CodeParts {
            argument_count: parts.argument_count,
            positional_only_count: parts.positional_only_argument_count,
            keyword_only_count: parts.keyword_only_argument_count,
            stack_size: parts.stack_size,
            flags: parts.flags,
            first_line: parts.first_line,
            instructions: code_bytes.as_slice(),
            constants: part(parts.constants)?,
            names: names(parts.names)?,
            locals_plus_names,
            locals_plus_kinds,
            filename: self.filename.clone().map_or_else(|| part(parts.filename), Ok)?,
            name: part(parts.name)?,
            qualified_name: part(parts.qualified_name)?,
            line_table: part(parts.line_table)?,
            exception_table: part(parts.exception_table)?,
        };
        Ok(Code::from_parts(parts, self.thread)?.into_object())
    }

    fn new_list(&mut self) -> Result<Py<Object>, Failure> {
        Ok(List::empty(self.thread).into_object())
    }

    fn append(&mut self, list: &Py<Object>, item: Py<Object>) -> Result<(), Failure> {
        if let Some(list) = list.downcast_exact::<List>() {
            list.push(item, self.thread)?;
        }
        Ok(())
    }

    fn new_dict(&mut self) -> Result<Py<Object>, Failure> {
        Ok(Dict::new(self.thread).into_object())
    }

    fn insert(&mut self, dict: &Py<Object>, key: Py<Object>, value: Py<Object>) -> Result<(), Failure> {
        if let Some(dict) = dict.downcast_exact::<Dict>() {
            dict.set(&key, &value, self.thread)?;
        }
        Ok(())
    }

    fn new_set(&mut self) -> Result<Py<Object>, Failure> {
        Ok(Set::new(self.thread)?.into_object())
    }

    fn add(&mut self, set: &Py<Object>, item: Py<Object>) -> Result<(), Failure> {
        if let Some(set) = set.downcast_exact::<Set>() {
            set.view().add(&item, self.thread)?;
        }
        Ok(())
    }
}

/// A part of a code object, of the type that it must have.
fn part<T: Instance>(value: Py<Object>) -> Result<Py<T>, Failure> {
    value.downcast_into::<T>().map_err(|_| MarshalError::BadCode.into())
}

/// A tuple of strings.
fn names(value: Py<Object>) -> Result<Py<Tuple>, Failure> {
    let names: Py<Tuple> = part(value)?;
    if names.items().iter().any(|it| it.downcast::<Str>().is_none()) {
        return Err(MarshalError::BadCode.into());
    }
    Ok(names)
}
