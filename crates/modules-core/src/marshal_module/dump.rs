//! Writing objects.
//!
//! What is written once and referred to later follows reference counts, as CPython's does: an object that only its container (and this
//! writer) refers to needs no number. `held` counts the references that the writer itself has.

use std::collections::{HashMap, HashSet};

use builtins::bytes::Bytes;
use builtins::complex::Complex;
use builtins::set::{FrozenSet, SetObject};
use bytecode::marshal::write::write_big_integer;
use bytecode::marshal::{FLAG_REFERENCE, MAX_DEPTH, MarshalError, type_code};
use interpreter::code::Code;
use numeric::integer::Integer;
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{PyResult, StopIteration};
use objects::float::Float;
use objects::int::Int;
use objects::list::List;
use objects::none::EllipsisType;
use objects::protocol;
use objects::protocol::buffer::{Buffer, has_buffer};
use objects::raise;
use objects::refs::{Object, Py};
use objects::slice::Slice;
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use text::builder::to_wtf8;

/// The marshal data of an object.
pub fn dump_object(value: &Object, version: i32, code_allowed: bool, thread: &mut Thread) -> PyResult<Vec<u8>> {
    let mut writer = Writer {
        bytes: Vec::new(),
        version,
        code_allowed,
        references: HashMap::new(),
        unfinished: HashSet::new(),
        kept: Vec::new(),
    };
    writer.write(value, 0, 0, thread)?;
    Ok(writer.bytes)
}

struct Writer {
    bytes: Vec<u8>,
    version: i32,
    code_allowed: bool,
    /// Numbers of objects that were written, by address.
    references: HashMap<usize, u32>,
    /// Addresses of code objects and slices that are being written: nothing in them may refer to them, since it is read before they are made.
    unfinished: HashSet<usize>,
    /// Keeps those objects, so that an address stands for one object.
    kept: Vec<Py<Object>>,
}

impl Writer {
    /// Writes an object to which the writer has `held` references of its own.
    fn write(&mut self, value: &Object, held: u32, depth: usize, thread: &mut Thread) -> PyResult<()> {
        if depth >= MAX_DEPTH {
            return Err(raise!(thread, ValueError, "{}", MarshalError::WriteTooDeep));
        }
        if let Some(code) = singleton(value) {
            self.bytes.push(code);
            return Ok(());
        }
        let Some(flag) = self.reference(value, held) else {
            if self.unfinished.contains(&value.address()) {
                return Err(raise!(thread, ValueError, "unmarshallable object"));
            }
            return Ok(());
        };
        let is_made_last = flag != 0 && (value.is_exactly::<Code>() || value.is_exactly::<Slice>());
        if is_made_last {
            self.unfinished.insert(value.address());
        }
        let result = self.write_whole(value, flag, depth + 1, thread);
        if is_made_last {
            self.unfinished.remove(&value.address());
        }
        result
    }

    /// Writes a reference if the object was written before: None. Otherwise the flag for its type code.
    fn reference(&mut self, value: &Object, held: u32) -> Option<u8> {
        let count = value.reference_count().wrapping_sub(held);
        // Interned strings always get a number, so that the data does not depend on who else uses them.
        let is_interned = || value.downcast_exact::<Str>().is_some_and(Str::is_interned);
        if self.version < 3 || count == 1 && !is_interned() {
            return Some(0);
        }
        if let Some(number) = self.references.get(&value.address()) {
            self.bytes.push(type_code::REFERENCE);
            self.bytes.extend(number.to_le_bytes());
            return None;
        }
        let number = self.references.len() as u32;
        self.references.insert(value.address(), number);
        self.kept.push(Py::from_ref(value));
        Some(FLAG_REFERENCE)
    }

    fn write_whole(&mut self, value: &Object, flag: u8, depth: usize, thread: &mut Thread) -> PyResult<()> {
        if let Some(value) = value.downcast_exact::<Int>() {
            self.int(value, flag);
            Ok(())
        } else if let Some(value) = value.downcast_exact::<Float>() {
            self.float(value.value(), type_code::BINARY_FLOAT, type_code::FLOAT, flag, thread)
        } else if let Some(value) = value.downcast_exact::<Complex>() {
            self.complex(value, flag, thread)
        } else if let Some(value) = value.downcast_exact::<Bytes>() {
            self.bytes.push(type_code::STRING | flag);
            self.sized(value.as_slice(), thread)
        } else if let Some(value) = value.downcast_exact::<Str>() {
            self.string(value, flag, thread)
        } else if let Some(value) = value.downcast_exact::<Tuple>() {
            self.tuple(value, flag, depth, thread)
        } else if let Some(value) = value.downcast_exact::<List>() {
            self.list(value, flag, depth, thread)
        } else if let Some(value) = value.downcast_exact::<Dict>() {
            self.dict(value, flag, depth, thread)
        } else if let Some(set) = SetObject::of_exact(value) {
            let code = if value.is_exactly::<FrozenSet>() { type_code::FROZEN_SET } else { type_code::SET };
            self.set(set, code | flag, depth, thread)
        } else if let Some(value) = value.downcast_exact::<Code>() {
            if !self.code_allowed {
                return Err(raise!(thread, ValueError, "marshalling code objects is disallowed"));
            }
            self.bytes.push(type_code::CODE | flag);
            self.code(value, depth, thread)
        } else if let Some(value) = value.downcast_exact::<Slice>().filter(|_| self.version >= 5) {
            self.bytes.push(type_code::SLICE | flag);
            let parts = [value.start(), value.stop(), value.step()];
            parts.iter().try_for_each(|part| self.write(part, 0, depth, thread))
        } else if has_buffer(value) {
            let buffer = Buffer::get(value, layout::PyBUF_SIMPLE, thread)?;
            let contents = buffer.contiguous(thread).map(<[u8]>::to_vec).unwrap_or_default();
            self.bytes.push(type_code::STRING | flag);
            self.sized(&contents, thread)
        } else {
            Err(raise!(thread, ValueError, "unmarshallable object"))
        }
    }

    fn int(&mut self, value: &Int, flag: u8) {
        match value.to_i64().and_then(|it| i32::try_from(it).ok()) {
            Some(small) => {
                self.bytes.push(type_code::INT | flag);
                self.bytes.extend(small.to_le_bytes());
            }
            None => {
                self.bytes.push(type_code::LONG | flag);
                let value = Integer::from_digits(value.is_negative(), value.digits().to_vec());
                write_big_integer(&mut self.bytes, value.view());
            }
        }
    }

    fn float(&mut self, value: f64, binary: u8, text: u8, flag: u8, thread: &mut Thread) -> PyResult<()> {
        if self.version > 1 {
            self.bytes.push(binary | flag);
            self.bytes.extend(value.to_le_bytes());
            return Ok(());
        }
        self.bytes.push(text | flag);
        self.float_text(value, thread)
    }

    /// A float as text of 17 digits, as old versions have it.
    fn float_text(&mut self, value: f64, thread: &mut Thread) -> PyResult<()> {
        let value = Float::new(value, thread);
        let specification = Str::from_str(".17g", thread);
        let text = protocol::format(&value, Some(&specification), thread)?.to_string_lossy();
        self.bytes.push(text.len() as u8);
        self.bytes.extend(text.as_bytes());
        Ok(())
    }

    fn complex(&mut self, value: &Complex, flag: u8, thread: &mut Thread) -> PyResult<()> {
        if self.version > 1 {
            self.bytes.push(type_code::BINARY_COMPLEX | flag);
            self.bytes.extend(value.real().to_le_bytes());
            self.bytes.extend(value.imaginary().to_le_bytes());
            return Ok(());
        }
        self.bytes.push(type_code::COMPLEX | flag);
        self.float_text(value.real(), thread)?;
        self.float_text(value.imaginary(), thread)
    }

    fn string(&mut self, value: &Str, flag: u8, thread: &mut Thread) -> PyResult<()> {
        let interned = self.version >= 3 && value.is_interned();
        if self.version < 4 || !value.is_ascii() {
            self.bytes.push(if interned { type_code::INTERNED } else { type_code::UNICODE } | flag);
            return self.sized(to_wtf8(value.view()).as_bytes(), thread);
        }
        let text = to_wtf8(value.view());
        match u8::try_from(text.as_bytes().len()) {
            Ok(size) => {
                let code = if interned { type_code::SHORT_ASCII_INTERNED } else { type_code::SHORT_ASCII };
                self.bytes.extend([code | flag, size]);
                self.bytes.extend(text.as_bytes());
                Ok(())
            }
            Err(_) => {
                self.bytes.push(if interned { type_code::ASCII_INTERNED } else { type_code::ASCII } | flag);
                self.sized(text.as_bytes(), thread)
            }
        }
    }

    fn tuple(&mut self, value: &Tuple, flag: u8, depth: usize, thread: &mut Thread) -> PyResult<()> {
        match u8::try_from(value.length()) {
            Ok(size) if self.version >= 4 => self.bytes.extend([type_code::SMALL_TUPLE | flag, size]),
            _ => {
                self.bytes.push(type_code::TUPLE | flag);
                self.size(value.length(), thread)?;
            }
        }
        value.items().iter().try_for_each(|item| self.write(item, 0, depth, thread))
    }

    fn list(&mut self, value: &List, flag: u8, depth: usize, thread: &mut Thread) -> PyResult<()> {
        self.bytes.push(type_code::LIST | flag);
        self.size(value.length(), thread)?;
        value.snapshot(thread).iter().try_for_each(|item| self.write(item, 1, depth, thread))
    }

    fn dict(&mut self, value: &Dict, flag: u8, depth: usize, thread: &mut Thread) -> PyResult<()> {
        self.bytes.push(type_code::DICT | flag);
        for (key, value) in value.items_snapshot(thread) {
            self.write(&key, 1, depth, thread)?;
            self.write(&value, 1, depth, thread)?;
        }
        self.bytes.push(type_code::NULL);
        Ok(())
    }

    /// The elements in the order of their own data, so that equal sets have equal data.
    fn set(&mut self, value: &SetObject, code: u8, depth: usize, thread: &mut Thread) -> PyResult<()> {
        self.bytes.push(code);
        let elements = value.snapshot(thread);
        let size = elements.len();
        self.size(size, thread)?;
        let mut sorted = Vec::with_capacity(elements.len());
        for element in elements {
            sorted.push((dump_object(&element, self.version, self.code_allowed, thread)?, element));
            if value.length() != size {
                return Err(raise!(thread, RuntimeError, "set changed size during iteration"));
            }
        }
        sorted.sort_by(|left, right| left.0.cmp(&right.0));
        // CPython's list of elements counts too.
        sorted.iter().try_for_each(|(_, element)| self.write(element, 0, depth, thread))
    }

    fn code(&mut self, code: &Code, depth: usize, thread: &mut Thread) -> PyResult<()> {
        let counts = [
            code.argument_count() as u32,
            code.positional_only_count() as u32,
            code.keyword_only_count() as u32,
            code.stack_size() as u32,
            code.flags(),
        ];
        self.bytes.extend(counts.into_iter().flat_map(u32::to_le_bytes));
        // The instructions are kept by CPython's code object, so that they count as referred to twice.
        let instructions = thread.make_bytes(&code.original_code())?;
        let shared = instructions.clone();
        self.write(&shared, 0, depth, thread)?;
        let parts: [&Object; 7] = [
            code.constants(),
            code.names(),
            code.locals_plus_names(),
            code.locals_plus_kinds(),
            code.filename(),
            code.name(),
            code.qualified_name(),
        ];
        parts.into_iter().try_for_each(|part| self.write(part, 0, depth, thread))?;
        self.bytes.extend(code.first_line().to_le_bytes());
        self.write(code.line_table(), 0, depth, thread)?;
        self.write(code.exception_table(), 0, depth, thread)
    }

    fn sized(&mut self, contents: &[u8], thread: &mut Thread) -> PyResult<()> {
        self.size(contents.len(), thread)?;
        self.bytes.extend(contents);
        Ok(())
    }

    fn size(&mut self, size: usize, thread: &mut Thread) -> PyResult<()> {
        match i32::try_from(size) {
            Ok(size) => {
                self.bytes.extend(size.to_le_bytes());
                Ok(())
            }
            Err(_) => Err(raise!(thread, ValueError, "unmarshallable object")),
        }
    }
}

/// The type code of an object of which there is only one.
fn singleton(value: &Object) -> Option<u8> {
    if value.is_none() {
        return Some(type_code::NONE);
    }
    if value.is(Bool::get(true)) {
        return Some(type_code::TRUE);
    }
    if value.is(Bool::get(false)) {
        return Some(type_code::FALSE);
    }
    if value.is(EllipsisType::get()) {
        return Some(type_code::ELLIPSIS);
    }
    value.is(StopIteration.as_type()).then_some(type_code::STOP_ITERATION)
}
