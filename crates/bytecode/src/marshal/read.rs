//! Reading marshal data: from bytes to whatever a [`Builder`] makes.
//!
//! The reader owns the table of references: a value whose type code has the reference flag gets the next number when
//! its code is read, before its parts are.

use numeric::integer::{DIGIT_BITS, Integer};
use text::wtf8::Wtf8Buf;

use super::{FLAG_REFERENCE, MAX_DEPTH, MarshalError, type_code};

/// The parts of a code object in the order in which they are read.
#[derive(Clone, Debug)]
pub struct CodeParts<V> {
    pub argument_count: i32,
    pub positional_only_argument_count: i32,
    pub keyword_only_argument_count: i32,
    pub stack_size: i32,
    pub flags: i32,
    pub code: V,
    pub constants: V,
    pub names: V,
    pub locals_plus_names: V,
    pub locals_plus_kinds: V,
    pub filename: V,
    pub name: V,
    pub qualified_name: V,
    pub first_line: i32,
    pub line_table: V,
    pub exception_table: V,
}

/// Items that room is made for before they are read.
const TRUSTED_SIZE: usize = 256;

/// Makes values of what is read.
pub trait Builder {
    type Value: Clone;
    type Error: From<MarshalError>;

    fn none(&mut self) -> Self::Value;
    fn ellipsis(&mut self) -> Self::Value;
    fn bool(&mut self, value: bool) -> Self::Value;
    fn stop_iteration(&mut self) -> Result<Self::Value, Self::Error>;
    fn integer(&mut self, value: Integer) -> Result<Self::Value, Self::Error>;
    fn float(&mut self, value: f64) -> Result<Self::Value, Self::Error>;
    fn complex(&mut self, real: f64, imaginary: f64) -> Result<Self::Value, Self::Error>;
    fn bytes(&mut self, bytes: &[u8]) -> Result<Self::Value, Self::Error>;
    fn string(&mut self, text: Wtf8Buf, interned: bool) -> Result<Self::Value, Self::Error>;
    fn tuple(&mut self, items: Vec<Self::Value>) -> Result<Self::Value, Self::Error>;
    fn frozen_set(&mut self, items: Vec<Self::Value>) -> Result<Self::Value, Self::Error>;
    fn slice(&mut self, parts: [Self::Value; 3]) -> Result<Self::Value, Self::Error>;
    fn code(&mut self, parts: CodeParts<Self::Value>) -> Result<Self::Value, Self::Error>;

    /// A tuple whose items come later, since one of them refers to it: None if there is no such thing.
    fn unfilled_tuple(&mut self, _size: usize) -> Result<Option<Self::Value>, Self::Error> {
        Ok(None)
    }

    /// The items of an unfilled tuple.
    fn fill_tuple(&mut self, _tuple: &Self::Value, _items: Vec<Self::Value>) {}

    // Containers that can hold themselves are made empty and filled afterwards.
    fn new_list(&mut self) -> Result<Self::Value, Self::Error>;
    fn append(&mut self, list: &Self::Value, item: Self::Value) -> Result<(), Self::Error>;
    fn new_dict(&mut self) -> Result<Self::Value, Self::Error>;
    fn insert(&mut self, dict: &Self::Value, key: Self::Value, value: Self::Value) -> Result<(), Self::Error>;
    fn new_set(&mut self) -> Result<Self::Value, Self::Error>;
    fn add(&mut self, set: &Self::Value, item: Self::Value) -> Result<(), Self::Error>;
}

/// A value that can be referred to.
#[derive(Clone, Debug)]
enum Reference<V> {
    Known(V),
    /// Its parts are being read.
    Unfinished,
    /// A tuple of so many items, of which the first are being read.
    UnfinishedTuple(usize),
}

/// Reads one value after the other from bytes.
#[derive(Debug)]
pub struct Reader<'a, B: Builder> {
    bytes: &'a [u8],
    builder: B,
    references: Vec<Reference<B::Value>>,
    depth: usize,
    code_allowed: bool,
}

impl<'a, B: Builder> Reader<'a, B> {
    pub fn new(bytes: &'a [u8], builder: B) -> Self {
        Self { bytes, builder, references: Vec::new(), depth: 0, code_allowed: true }
    }

    /// Whether code objects may be read (`allow_code`).
    pub fn allow_code(mut self, allowed: bool) -> Self {
        self.code_allowed = allowed;
        self
    }

    /// What was not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    /// Reads a value.
    pub fn read(&mut self) -> Result<B::Value, B::Error> {
        self.references.clear();
        self.read_value("object")
    }

    /// Reads a value that must be there; `holder` is what it is a part of.
    fn read_value(&mut self, holder: &'static str) -> Result<B::Value, B::Error> {
        match self.read_or_null()? {
            Some(value) => Ok(value),
            None => Err(MarshalError::NullObject(holder).into()),
        }
    }

    fn read_or_null(&mut self) -> Result<Option<B::Value>, B::Error> {
        let (code, rest) = self.bytes.split_first().ok_or(MarshalError::EndOfFile)?;
        self.bytes = rest;
        if self.depth >= MAX_DEPTH {
            return Err(MarshalError::ReadTooDeep.into());
        }
        self.depth += 1;
        let value = self.read_typed(code & !FLAG_REFERENCE, code & FLAG_REFERENCE != 0);
        self.depth -= 1;
        value
    }

    fn read_typed(&mut self, code: u8, referable: bool) -> Result<Option<B::Value>, B::Error> {
        match code {
            type_code::NULL => return Ok(None),
            type_code::NONE => return Ok(Some(self.builder.none())),
            type_code::ELLIPSIS => return Ok(Some(self.builder.ellipsis())),
            type_code::FALSE => return Ok(Some(self.builder.bool(false))),
            type_code::TRUE => return Ok(Some(self.builder.bool(true))),
            type_code::STOP_ITERATION => return self.builder.stop_iteration().map(Some),
            type_code::REFERENCE => return self.read_reference().map(Some),
            _ => {}
        }
        let place = referable.then_some(self.references.len());
        if referable {
            if self.references.len() >= 0x7FFF_FFFE {
                return Err(MarshalError::BadData("index list too large").into());
            }
            self.references.push(Reference::Unfinished);
        }
        let value = match code {
            type_code::LIST | type_code::DICT | type_code::SET => return self.read_container(code, place).map(Some),
            type_code::TUPLE | type_code::SMALL_TUPLE | type_code::FROZEN_SET => self.read_sequence(code, place)?,
            type_code::SLICE => {
                let parts = [self.read_value("slice")?, self.read_value("slice")?, self.read_value("slice")?];
                self.builder.slice(parts)?
            }
            type_code::CODE => self.read_code()?,
            _ => self.read_scalar(code)?,
        };
        self.set_reference(place, &value);
        Ok(Some(value))
    }

    fn set_reference(&mut self, place: Option<usize>, value: &B::Value) {
        if let Some(slot) = place.and_then(|place| self.references.get_mut(place)) {
            *slot = Reference::Known(value.clone());
        }
    }

    fn read_reference(&mut self) -> Result<B::Value, B::Error> {
        let place = usize::try_from(self.long()?).ok();
        let unfilled = match place.and_then(|place| self.references.get(place)) {
            Some(Reference::Known(value)) => return Ok(value.clone()),
            // What is not there cannot be read: a size beyond that is not worth the memory.
            Some(Reference::UnfinishedTuple(size)) if *size <= self.bytes.len() + TRUSTED_SIZE => {
                self.builder.unfilled_tuple(*size)?
            }
            _ => None,
        };
        let Some(tuple) = unfilled else { return Err(MarshalError::BadData("invalid reference").into()) };
        self.set_reference(place, &tuple);
        Ok(tuple)
    }

    fn read_scalar(&mut self, code: u8) -> Result<B::Value, B::Error> {
        match code {
            type_code::INT => {
                let value = self.long()?;
                self.builder.integer(Integer::from(i64::from(value)))
            }
            type_code::INT64 => {
                let value = i64::from_le_bytes(self.array()?);
                self.builder.integer(Integer::from(value))
            }
            type_code::LONG => {
                let value = self.big_integer()?;
                self.builder.integer(value)
            }
            type_code::FLOAT => {
                let value = self.float_text()?;
                self.builder.float(value)
            }
            type_code::BINARY_FLOAT => {
                let value = f64::from_le_bytes(self.array()?);
                self.builder.float(value)
            }
            type_code::COMPLEX => {
                let (real, imaginary) = (self.float_text()?, self.float_text()?);
                self.builder.complex(real, imaginary)
            }
            type_code::BINARY_COMPLEX => {
                let (real, imaginary) = (f64::from_le_bytes(self.array()?), f64::from_le_bytes(self.array()?));
                self.builder.complex(real, imaginary)
            }
            type_code::STRING => {
                let size = self.size("bytes object size out of range")?;
                let bytes = self.take(size)?;
                self.builder.bytes(bytes)
            }
            type_code::ASCII | type_code::ASCII_INTERNED => {
                let size = self.size("string size out of range")?;
                self.latin1(size, code == type_code::ASCII_INTERNED)
            }
            type_code::SHORT_ASCII | type_code::SHORT_ASCII_INTERNED => {
                let size = usize::from(self.byte()?);
                self.latin1(size, code == type_code::SHORT_ASCII_INTERNED)
            }
            type_code::UNICODE | type_code::INTERNED => {
                let size = self.size("string size out of range")?;
                let text = Wtf8Buf::from_bytes(self.take(size)?).ok_or(MarshalError::BadText)?;
                self.builder.string(text, code == type_code::INTERNED)
            }
            _ => Err(MarshalError::BadData("unknown type code").into()),
        }
    }

    fn read_sequence(&mut self, code: u8, place: Option<usize>) -> Result<B::Value, B::Error> {
        let (size, kind) = match code {
            type_code::SMALL_TUPLE => (usize::from(self.byte()?), "tuple"),
            type_code::TUPLE => (self.size("tuple size out of range")?, "tuple"),
            _ => (self.size("set size out of range")?, "set"),
        };
        let place = place.filter(|_| code != type_code::FROZEN_SET);
        if let Some(slot) = place.and_then(|place| self.references.get_mut(place)) {
            *slot = Reference::UnfinishedTuple(size);
        }
        // The size may be a lie, and so may those of tuples within: beyond a few, grow as the items come.
        let mut items = Vec::with_capacity(size.min(TRUSTED_SIZE));
        for _ in 0..size {
            items.push(self.read_value(kind)?);
        }
        if code == type_code::FROZEN_SET {
            return self.builder.frozen_set(items);
        }
        if let Some(Reference::Known(tuple)) = place.and_then(|place| self.references.get(place)) {
            let tuple = tuple.clone();
            self.builder.fill_tuple(&tuple, items);
            return Ok(tuple);
        }
        self.builder.tuple(items)
    }

    fn read_container(&mut self, code: u8, place: Option<usize>) -> Result<B::Value, B::Error> {
        if code == type_code::DICT {
            let dict = self.builder.new_dict()?;
            self.set_reference(place, &dict);
            while let Some(key) = self.read_or_null()? {
                let Some(value) = self.read_or_null()? else { break };
                self.builder.insert(&dict, key, value)?;
            }
            return Ok(dict);
        }
        let is_list = code == type_code::LIST;
        let size = self.size(if is_list { "list size out of range" } else { "set size out of range" })?;
        let container = if is_list { self.builder.new_list()? } else { self.builder.new_set()? };
        self.set_reference(place, &container);
        for _ in 0..size {
            let item = self.read_value(if is_list { "list" } else { "set" })?;
            if is_list {
                self.builder.append(&container, item)?;
            } else {
                self.builder.add(&container, item)?;
            }
        }
        Ok(container)
    }

    fn read_code(&mut self) -> Result<B::Value, B::Error> {
        if !self.code_allowed {
            return Err(MarshalError::CodeNotAllowed.into());
        }
        let parts = CodeParts {
            argument_count: self.long()?,
            positional_only_argument_count: self.long()?,
            keyword_only_argument_count: self.long()?,
            stack_size: self.long()?,
            flags: self.long()?,
            code: self.read_value("code")?,
            constants: self.read_value("code")?,
            names: self.read_value("code")?,
            locals_plus_names: self.read_value("code")?,
            locals_plus_kinds: self.read_value("code")?,
            filename: self.read_value("code")?,
            name: self.read_value("code")?,
            qualified_name: self.read_value("code")?,
            first_line: self.long()?,
            line_table: self.read_value("code")?,
            exception_table: self.read_value("code")?,
        };
        self.builder.code(parts)
    }

    fn latin1(&mut self, size: usize, interned: bool) -> Result<B::Value, B::Error> {
        let bytes = self.take(size)?;
        let text = Wtf8Buf::from_code_points(bytes.iter().map(|byte| u32::from(*byte))).ok_or(MarshalError::BadText)?;
        self.builder.string(text, interned)
    }

    /// An integer in digits of 15 bits.
    fn big_integer(&mut self) -> Result<Integer, MarshalError> {
        let size = self.long()?;
        if size == i32::MIN {
            return Err(MarshalError::BadData("long size out of range"));
        }
        let count = size.unsigned_abs() as usize;
        let mut digits = Vec::with_capacity(count.div_ceil(2).min(self.bytes.len()));
        for index in 0..count {
            let half = u32::from(u16::from_le_bytes(self.array()?));
            if half >= 1 << (DIGIT_BITS / 2) {
                return Err(MarshalError::BadData("digit out of range in long"));
            }
            if half == 0 && index + 1 == count {
                return Err(MarshalError::BadData("unnormalized long data"));
            }
            match digits.last_mut() {
                Some(digit) if index % 2 == 1 => *digit |= half << (DIGIT_BITS / 2),
                _ => digits.push(half),
            }
        }
        Ok(Integer::from_digits(size < 0, digits))
    }

    fn float_text(&mut self) -> Result<f64, MarshalError> {
        let size = usize::from(self.byte()?);
        let text = std::str::from_utf8(self.take(size)?).ok().and_then(|text| text.parse().ok());
        text.ok_or(MarshalError::BadData("float text"))
    }

    fn size(&mut self, complaint: &'static str) -> Result<usize, MarshalError> {
        usize::try_from(self.long()?).map_err(|_| MarshalError::BadData(complaint))
    }

    fn long(&mut self) -> Result<i32, MarshalError> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    fn byte(&mut self) -> Result<u8, MarshalError> {
        let (byte, rest) = self.bytes.split_first().ok_or(MarshalError::EndInValue)?;
        self.bytes = rest;
        Ok(*byte)
    }

    fn array<const SIZE: usize>(&mut self) -> Result<[u8; SIZE], MarshalError> {
        let (array, rest) = self.bytes.split_first_chunk().ok_or(MarshalError::TooShort)?;
        self.bytes = rest;
        Ok(*array)
    }

    fn take(&mut self, size: usize) -> Result<&'a [u8], MarshalError> {
        let (taken, rest) = self.bytes.split_at_checked(size).ok_or(MarshalError::TooShort)?;
        self.bytes = rest;
        Ok(taken)
    }
}
