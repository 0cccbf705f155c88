//! Reading from a file object: exactly the bytes of one value, in the pieces in which CPython asks for them.
//!
//! A first pass follows the sizes in the data and reads through the file's `readinto`; the reader of [`super::load`] then has all bytes at hand.
//! What the first pass does not understand ends it: the reader says what is wrong.

use builtins::bytearray::ByteArray;
use bytecode::marshal::{FLAG_REFERENCE, MAX_DEPTH, type_code};
use objects::errors::{PyResult, ValueError};
use objects::int::Int;
use objects::protocol;
use objects::protocol::buffer::bytes_contents;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::load::load_object;

/// Memory that a size in the data is trusted with at once.
const LARGEST_PIECE: usize = 1 << 20;

/// Reads one object from a file, and leaves the file behind it.
pub fn load_from_file(file: &Object, code_allowed: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
    let read = thread.intern_text("read");
    let zero = Int::from_i64(0, thread);
    let probe = protocol::call_method(file, &read, &[&zero], thread)?;
    if bytes_contents(&probe).is_none() {
        let found = probe.class().full_name();
        return Err(raise!(thread, TypeError, "file.read() returned not bytes but {found}"));
    }
    let mut survey = Survey { file, data: Vec::new() };
    survey.value(thread)?;
    load_object(&survey.data, code_allowed, thread).map(|it| it.0)
}

/// What is left to read of a container.
enum Left {
    Values(usize),
    /// Keys and values, up to a null.
    Dict,
    /// The integers and values of a code object that come after this many.
    Code(usize),
}

/// The parts of a code object: true for an integer, false for a value.
const CODE_PARTS: [bool; 16] =
    [true, true, true, true, true, false, false, false, false, false, false, false, false, true, false, false];

struct Survey<'a> {
    file: &'a Object,
    data: Vec<u8>,
}

impl Survey<'_> {
    /// Reads a value with all its parts, or up to what it does not understand.
    fn value(&mut self, thread: &mut Thread) -> PyResult<()> {
        let mut open = vec![Left::Values(1)];
        while let Some(left) = open.last_mut() {
            match left {
                Left::Values(0) | Left::Code(16) => {
                    open.pop();
                    continue;
                }
                Left::Values(count) => *count -= 1,
                Left::Code(place) => {
                    let is_integer = CODE_PARTS[*place];
                    *place += 1;
                    if is_integer {
                        self.take(4, thread)?;
                        continue;
                    }
                }
                Left::Dict => {}
            }
            let Some(code) = self.type_code(thread)? else { return Ok(()) };
            if code == type_code::NULL {
                if !matches!(open.pop(), Some(Left::Dict)) {
                    return Ok(());
                }
                continue;
            }
            let Some(parts) = self.rest_of(code, thread)? else { return Ok(()) };
            open.extend(parts);
            if open.len() > MAX_DEPTH + 1 {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The next type code without its flag; None at the end of the file.
    fn type_code(&mut self, thread: &mut Thread) -> PyResult<Option<u8>> {
        let before = self.data.len();
        self.read(1, thread)?;
        Ok(self.data.get(before).map(|it| it & !FLAG_REFERENCE))
    }

    /// What follows a type code, but for the parts that it tells of; None if the code or a size makes no sense.
    fn rest_of(&mut self, code: u8, thread: &mut Thread) -> PyResult<Option<Option<Left>>> {
        match code {
            type_code::NONE | type_code::ELLIPSIS | type_code::FALSE | type_code::TRUE | type_code::STOP_ITERATION => {}
            type_code::REFERENCE | type_code::INT => drop(self.take(4, thread)?),
            type_code::INT64 | type_code::BINARY_FLOAT => drop(self.take(8, thread)?),
            type_code::BINARY_COMPLEX => {
                self.take(8, thread)?;
                self.take(8, thread)?;
            }
            type_code::FLOAT | type_code::SHORT_ASCII | type_code::SHORT_ASCII_INTERNED => self.short(thread)?,
            type_code::COMPLEX => {
                self.short(thread)?;
                self.short(thread)?;
            }
            type_code::LONG => {
                let size = self.long(thread)?.unsigned_abs() as usize;
                for _ in 0..size {
                    self.take(2, thread)?;
                }
            }
            type_code::STRING
            | type_code::ASCII
            | type_code::ASCII_INTERNED
            | type_code::UNICODE
            | type_code::INTERNED => {
                let Ok(size) = usize::try_from(self.long(thread)?) else { return Ok(None) };
                self.take(size, thread)?;
            }
            type_code::SMALL_TUPLE => {
                let size = self.take(1, thread)?;
                return Ok(Some(Some(Left::Values(size.into()))));
            }
            type_code::TUPLE | type_code::LIST | type_code::SET | type_code::FROZEN_SET => {
                let Ok(size) = usize::try_from(self.long(thread)?) else { return Ok(None) };
                return Ok(Some(Some(Left::Values(size))));
            }
            type_code::DICT => return Ok(Some(Some(Left::Dict))),
            type_code::SLICE => return Ok(Some(Some(Left::Values(3)))),
            type_code::CODE => return Ok(Some(Some(Left::Code(0)))),
            _ => return Ok(None),
        }
        Ok(Some(None))
    }

    /// Text with its size in a byte.
    fn short(&mut self, thread: &mut Thread) -> PyResult<()> {
        let size = self.take(1, thread)?;
        self.take(size.into(), thread).map(drop)
    }

    fn long(&mut self, thread: &mut Thread) -> PyResult<i32> {
        self.take(4, thread)?;
        Ok(self.data.last_chunk().map_or(0, |it| i32::from_le_bytes(*it)))
    }

    /// Reads so many bytes, which must be there; the last of them.
    fn take(&mut self, size: usize, thread: &mut Thread) -> PyResult<u8> {
        let mut missing = size;
        while missing > 0 {
            let piece = missing.min(LARGEST_PIECE);
            if self.read(piece, thread)? < piece {
                return Err(raise!(thread, EOFError, "EOF read where not expected"));
            }
            missing -= piece;
        }
        Ok(self.data.last().copied().unwrap_or(0))
    }

    /// Reads up to so many bytes; how many there were.
    fn read(&mut self, size: usize, thread: &mut Thread) -> PyResult<usize> {
        let memory = ByteArray::from_slice(&vec![0; size], thread)?;
        let name = thread.intern_text("memoryview");
        let class = protocol::builtin(&name, thread)?;
        let view: Py<Object> = protocol::call_one(&class, &memory, thread)?;
        let method = thread.intern_text("readinto");
        let answer = protocol::call_method(self.file, &method, &[&view], thread)?;
        let count = protocol::index_or_raise(&answer, ValueError, thread)?;
        if count > size as isize {
            let message = format!("read() returned too much data: {size} bytes requested, {count} returned");
            return Err(raise!(thread, ValueError, "{message}"));
        }
        let count = usize::try_from(count).unwrap_or(0);
        self.data.extend(memory.contents_mut(thread).get(..count).unwrap_or_default());
        Ok(count)
    }
}
