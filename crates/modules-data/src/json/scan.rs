//! Reading values from a document. Whoever calls [`scan`] keeps the document, which never changes.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{Grow, OrMemoryError, PyResult, Raised, StopIteration};
use objects::float::Float;
use objects::int::Int;
use objects::list::List;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;
use text::view::StrView;

use super::read_string::{self, end_of_run, raise_at};
use super::scanner::Scanner;

/// FNV-1a, which is fast for the short keys of objects.
#[derive(Clone)]
struct KeyHasher(u64);

impl Default for KeyHasher {
    fn default() -> Self {
        KeyHasher(0xCBF2_9CE4_8422_2325)
    }
}

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3);
        }
    }
}

/// A document that is being read.
struct Reader<'a, U> {
    document: &'a Str,
    units: &'a [U],
    scanner: &'a Scanner,
    /// Keys seen so far, so that equal ones are the same object.
    keys: HashMap<&'a [U], Py<Str>, BuildHasherDefault<KeyHasher>>,
    makes_plain_floats: bool,
    makes_plain_ints: bool,
}

/// A value, and the index after its end.
type Found = (Py<Object>, usize);

/// Reads the value at an index.
pub fn scan(scanner: &Scanner, document: &Str, index: usize, thread: &mut Thread) -> PyResult<Found> {
    match document.view() {
        StrView::Ascii(units) | StrView::Latin1(units) => scan_units(scanner, document, units, index, thread),
        StrView::Ucs2(units) => scan_units(scanner, document, units, index, thread),
        StrView::Ucs4(units) => scan_units(scanner, document, units, index, thread),
    }
}

fn scan_units<U: Copy + Into<u32> + Hash + Eq>(
    scanner: &Scanner,
    document: &Str,
    units: &[U],
    index: usize,
    thread: &mut Thread,
) -> PyResult<Found> {
    let mut reader = Reader {
        document,
        units,
        scanner,
        keys: HashMap::default(),
        makes_plain_floats: scanner.parse_float.is(Float::class()),
        makes_plain_ints: scanner.parse_int.is(Int::class()),
    };
    reader.value(index, thread)
}

/// Nothing that a value could begin with: the caller says so in better words.
#[cold]
fn raise_no_value(index: usize, thread: &mut Thread) -> Raised {
    let index = protocol::make_int(index as i128, thread);
    thread.raise_with_argument(StopIteration, index)
}

impl<'a, U: Copy + Into<u32> + Hash + Eq> Reader<'a, U> {
    #[inline(always)]
    fn byte(&self, index: usize) -> u8 {
        self.units.get(index).map_or(0, |unit| {
            let point: u32 = (*unit).into();
            if point < 0x80 { point as u8 } else { 0xFF }
        })
    }

    #[inline(always)]
    fn skip_space(&self, mut index: usize) -> usize {
        while matches!(self.byte(index), b' ' | b'\t' | b'\n' | b'\r') {
            index += 1;
        }
        index
    }

    #[cold]
    fn raise(&self, message: &str, index: usize, thread: &mut Thread) -> Raised {
        raise_at(message, self.document, index as isize, thread)
    }

    fn has(&self, index: usize, word: &[u8]) -> bool {
        word.iter().enumerate().all(|(offset, byte)| self.byte(index + offset) == *byte)
    }

    fn value(&mut self, index: usize, thread: &mut Thread) -> PyResult<Found> {
        match self.byte(index) {
            b'"' => {
                let strict = self.scanner.is_strict();
                let (text, after) = self.string(index + 1, strict, thread)?;
                Ok((text.into_object(), after))
            }
            b'{' => {
                thread.check_stack(" while decoding a JSON object from a unicode string")?;
                self.object(index + 1, thread)
            }
            b'[' => {
                thread.check_stack(" while decoding a JSON array from a unicode string")?;
                self.array(index + 1, thread)
            }
            b'n' if self.has(index, b"null") => Ok((thread.none(), index + 4)),
            b't' if self.has(index, b"true") => Ok((Bool::new(true), index + 4)),
            b'f' if self.has(index, b"false") => Ok((Bool::new(false), index + 5)),
            b'N' if self.has(index, b"NaN") => self.constant("NaN", index, thread),
            b'I' if self.has(index, b"Infinity") => self.constant("Infinity", index, thread),
            b'-' if self.has(index, b"-Infinity") => self.constant("-Infinity", index, thread),
            b'-' | b'0'..=b'9' => self.number(index, thread),
            _ => Err(raise_no_value(index, thread)),
        }
    }

    #[inline]
    fn string(&mut self, start: usize, strict: bool, thread: &mut Thread) -> PyResult<(Py<Str>, usize)> {
        read_string::read(self.document, start, strict, thread)
    }

    /// A key of an object.
    fn key(&mut self, start: usize, thread: &mut Thread) -> PyResult<(Py<Str>, usize)> {
        let strict = self.scanner.is_strict();
        let end = end_of_run(self.document, self.units, start, strict, start, thread)?;
        if self.byte(end) != b'"' {
            return self.string(start, strict, thread);
        }
        let units = &self.units[start..end];
        if let Some(key) = self.keys.get(units) {
            return Ok((key.clone(), end + 1));
        }
        let key = read_string::part(self.document.view(), start, end, thread)?;
        self.keys.insert(units, key.clone());
        Ok((key, end + 1))
    }

    fn constant(&mut self, name: &str, index: usize, thread: &mut Thread) -> PyResult<Found> {
        let text = thread.intern_text(name);
        let value = protocol::call_one(&self.scanner.parse_constant, &text, thread)?;
        Ok((value, index + name.len()))
    }

    fn object(&mut self, start: usize, thread: &mut Thread) -> PyResult<Found> {
        let wants_pairs = !self.scanner.object_pairs_hook.is_none();
        let dict = Dict::new(thread);
        let mut pairs = Vec::new();
        let mut index = self.skip_space(start);
        if self.byte(index) != b'}' {
            loop {
                if self.byte(index) != b'"' {
                    return Err(self.raise("Expecting property name enclosed in double quotes", index, thread));
                }
                let (key, after) = self.key(index + 1, thread)?;
                index = self.skip_space(after);
                if self.byte(index) != b':' {
                    return Err(self.raise("Expecting ':' delimiter", index, thread));
                }
                index = self.skip_space(index + 1);
                let (value, after) = self.value(index, thread)?;
                if wants_pairs {
                    let pair = Tuple::new(vec![key.into_object(), value], thread)?.into_object();
                    pairs.try_push(pair).or_memory_error(thread)?;
                } else {
                    dict.set_with_hash(&key, key.hash_value(), value, thread)?;
                }
                match self.next_item(after, b'}', "Illegal trailing comma before end of object", thread)? {
                    Ok(next) => index = next,
                    Err(end) => {
                        index = end;
                        break;
                    }
                }
            }
        }
        let index = index + 1;
        if wants_pairs {
            let pairs = List::new(pairs, thread)?;
            return Ok((protocol::call_one(&self.scanner.object_pairs_hook, &pairs, thread)?, index));
        }
        if !self.scanner.object_hook.is_none() {
            return Ok((protocol::call_one(&self.scanner.object_hook, &dict, thread)?, index));
        }
        Ok((dict.into_object(), index))
    }

    /// Where the next item begins, or, as the error, where the container ends.
    #[inline]
    fn next_item(
        &self,
        after: usize,
        close: u8,
        trailing: &str,
        thread: &mut Thread,
    ) -> PyResult<Result<usize, usize>> {
        let index = self.skip_space(after);
        if self.byte(index) == close {
            return Ok(Err(index));
        }
        if self.byte(index) != b',' {
            return Err(self.raise("Expecting ',' delimiter", index, thread));
        }
        let next = self.skip_space(index + 1);
        if self.byte(next) == close {
            return Err(self.raise(trailing, index, thread));
        }
        Ok(Ok(next))
    }

    fn array(&mut self, start: usize, thread: &mut Thread) -> PyResult<Found> {
        let mut items = Vec::new();
        let mut index = self.skip_space(start);
        if self.byte(index) != b']' {
            loop {
                thread.check_memory()?;
                let (value, after) = self.value(index, thread)?;
                items.try_push(value).or_memory_error(thread)?;
                match self.next_item(after, b']', "Illegal trailing comma before end of array", thread)? {
                    Ok(next) => index = next,
                    Err(end) => {
                        index = end;
                        break;
                    }
                }
            }
        }
        Ok((List::new(items, thread)?.into_object(), index + 1))
    }

    fn digits_from(&self, mut index: usize) -> usize {
        while self.byte(index).is_ascii_digit() {
            index += 1;
        }
        index
    }

    fn number(&mut self, start: usize, thread: &mut Thread) -> PyResult<Found> {
        let first = if self.byte(start) == b'-' { start + 1 } else { start };
        let mut end = match self.byte(first) {
            b'0' => first + 1,
            b'1'..=b'9' => self.digits_from(first),
            _ => return Err(raise_no_value(start, thread)),
        };
        let mut is_float = false;
        if self.byte(end) == b'.' && self.byte(end + 1).is_ascii_digit() {
            is_float = true;
            end = self.digits_from(end + 1);
        }
        if matches!(self.byte(end), b'e' | b'E') {
            let sign = usize::from(matches!(self.byte(end + 1), b'+' | b'-'));
            let digits = end + 1 + sign;
            if self.byte(digits).is_ascii_digit() {
                is_float = true;
                end = self.digits_from(digits);
            }
        }
        let value = self.number_of(start, end, is_float, thread)?;
        Ok((value, end))
    }

    fn number_of(&mut self, start: usize, end: usize, is_float: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
        let plain = if is_float { self.makes_plain_floats } else { self.makes_plain_ints };
        if !plain {
            let text = read_string::part(self.document.view(), start, end, thread)?;
            let function = if is_float { &self.scanner.parse_float } else { &self.scanner.parse_int };
            return protocol::call_one(function, &text, thread);
        }
        if !is_float && end - start <= 18 {
            let is_negative = self.byte(start) == b'-';
            let digits = start + usize::from(is_negative)..end;
            let value = digits.fold(0i64, |value, index| value * 10 + i64::from(self.byte(index) - b'0'));
            return Ok(Int::from_i64(if is_negative { -value } else { value }, thread).into_object());
        }
        let bytes: Vec<u8> = (start..end).map(|index| self.byte(index)).collect();
        if is_float {
            let value = numeric::float::parse_float(&bytes).unwrap_or(f64::NAN);
            return Ok(Float::new(value, thread).into_object());
        }
        let text = read_string::part(self.document.view(), start, end, thread)?;
        Int::from_text(&bytes, 10, &text, thread).map(Py::into_object)
    }
}
