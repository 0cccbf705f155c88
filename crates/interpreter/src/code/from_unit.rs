//! Making code objects from what the compiler or marshal yields.

use std::rc::Rc;

use builtins::bytes::Bytes;
use builtins::complex::Complex;
use builtins::set::FrozenSet;
use bytecode::code_unit::CodeUnit;
use bytecode::constant::Constant;
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::none::EllipsisType;
use objects::refs::{Object, Py};
use objects::slice::Slice;
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use text::builder::StrData;
use text::fast_hash::FastMap;
use text::wtf8::Wtf8Buf;

use super::{Code, CodeParts};

/// Objects that equal constants share within what is compiled together: values, and the tables of code objects.
#[derive(Default)]
struct Shared(FastMap<Constant, Py<Object>>);

/// A code object with everything that the unit holds, nested code included. Names and identifier-like strings are interned.
pub fn code_from_unit(unit: &CodeUnit, thread: &mut Thread) -> PyResult<Py<Code>> {
    Shared::default().code(unit, thread)
}

/// The object that a constant stands for.
pub fn object(constant: &Constant, thread: &mut Thread) -> PyResult<Py<Object>> {
    Shared::default().object(constant, thread)
}

impl Shared {
    fn code(&mut self, unit: &CodeUnit, thread: &mut Thread) -> PyResult<Py<Code>> {
        let constants = self.tuple(unit.constants.as_slice().into(), thread)?;
        let names = self.names(&unit.names, thread)?;
        let locals_plus_names = self.names(&unit.locals_plus_names, thread)?;
        let filename = interned(&unit.filename, thread);
        let name = interned(&unit.name, thread);
        let qualified_name = interned(&unit.qualified_name, thread);
        let exception_table = self.bytes(&unit.exception_table, thread)?;
        let line_table = self.bytes(&unit.line_table, thread)?;
        let locals_plus_kinds = self.bytes(&unit.locals_plus_kinds, thread)?;
        let parts = CodeParts {
            argument_count: unit.argument_count as i32,
            positional_only_count: unit.positional_only_argument_count as i32,
            keyword_only_count: unit.keyword_only_argument_count as i32,
            stack_size: unit.stack_size as i32,
            flags: unit.flags as i32,
            first_line: unit.first_line,
            instructions: &unit.code,
            constants,
            names,
            locals_plus_names,
            locals_plus_kinds,
            filename,
            name,
            qualified_name,
            line_table,
            exception_table,
        };
        Code::from_parts(parts, thread)
    }

    fn names(&mut self, names: &[Wtf8Buf], thread: &mut Thread) -> PyResult<Py<Tuple>> {
        // Names are interned, whether they look like identifiers or not.
        for name in names.iter().filter(|name| !is_identifier_like(name)) {
            let object = interned(name, thread).into_object();
            self.0.insert(Constant::String(name.clone()), object);
        }
        let names: Vec<Constant> = names.iter().cloned().map(Constant::String).collect();
        self.tuple(names.into(), thread)
    }

    fn tuple(&mut self, items: Rc<[Constant]>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let tuple = self.object(&Constant::Tuple(items), thread)?;
        match tuple.downcast::<Tuple>() {
            Some(tuple) => Ok(Py::from_ref(tuple)),
            None => Ok(Tuple::empty(thread)),
        }
    }

    fn bytes(&mut self, bytes: &[u8], thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let object = self.object(&Constant::Bytes(bytes.into()), thread)?;
        match object.downcast::<Bytes>() {
            Some(bytes) => Ok(Py::from_ref(bytes)),
            None => Ok(Bytes::from_slice(bytes, thread)),
        }
    }

    /// The object of a constant: that of an equal one, if there was one.
    fn object(&mut self, constant: &Constant, thread: &mut Thread) -> PyResult<Py<Object>> {
        let is_shared =
            !matches!(constant, Constant::Code(_) | Constant::None | Constant::Bool(_) | Constant::Ellipsis);
        if let Some(known) = self.0.get(constant).filter(|_| is_shared) {
            return Ok(known.clone());
        }
        let object = self.make(constant, thread)?;
        if is_shared {
            self.0.insert(constant.clone(), object.clone());
        }
        Ok(object)
    }

    fn make(&mut self, constant: &Constant, thread: &mut Thread) -> PyResult<Py<Object>> {
        Ok(match constant {
            Constant::None => thread.none(),
            Constant::Ellipsis => Py::from_ref(EllipsisType::get()),
            Constant::Bool(value) => Bool::new(*value),
            Constant::Integer(value) => Int::from_digits(value.is_negative(), value.digits(), thread).into_object(),
            Constant::Float(value) => Float::new(*value, thread).into_object(),
            Constant::Complex { real, imaginary } => Complex::new(*real, *imaginary, thread).into_object(),
            Constant::String(text) if is_identifier_like(text) => interned(text, thread).into_object(),
            Constant::String(text) => string(text, thread).into_object(),
            Constant::Bytes(bytes) => Bytes::from_slice(bytes, thread).into_object(),
            Constant::Tuple(items) => Tuple::new(self.objects(items, thread)?, thread)?.into_object(),
            Constant::FrozenSet(items) => {
                let items = self.objects(items, thread)?;
                FrozenSet::from_elements(&items, thread)?.into_object()
            }
            Constant::Slice(parts) => {
                let [start, stop, step] = &**parts;
                let start = self.object(start, thread)?;
                let (stop, step) = (self.object(stop, thread)?, self.object(step, thread)?);
                Slice::new(start, stop, step, thread).into_object()
            }
            Constant::Code(unit) => self.code(unit, thread)?.into_object(),
        })
    }

    fn objects(&mut self, constants: &[Constant], thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
        constants.iter().map(|it| self.object(it, thread)).collect()
    }
}

/// A string object of plain text.
pub fn string(text: &Wtf8Buf, thread: &mut Thread) -> Py<Str> {
    match text.as_str() {
        Some(text) => Str::from_str(text, thread),
        None => Str::from_data(&StrData::from_wtf8(text), thread),
    }
}

fn interned(text: &Wtf8Buf, thread: &mut Thread) -> Py<Str> {
    let text = string(text, thread);
    thread.intern_for_ever(&text)
}

/// CPython interns string constants that look like identifiers.
fn is_identifier_like(text: &Wtf8Buf) -> bool {
    text.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}
