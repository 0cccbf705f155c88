//! Reading values that contain no others: numbers, strings, buffers.

use builtins::bytes::Bytes;
use builtins::memoryview::MemoryView;
use numeric::convert::bytes::{ByteOrder, from_bytes};
use objects::bool::Bool;
use objects::errors::{PyResult, Raised, UnicodeDecodeError, ValueError};
use objects::float::Float;
use objects::int::Int;
use objects::protocol;
use objects::raise;
use objects::refs::Py;
use objects::str::{Str, codecs};
use objects::thread::Thread;
use text::codecs::escape_bytes::{self, OnBadHex};
use text::codecs::escapes::RawUnicodeEscape;
use text::codecs::utf8::Utf8;
use text::view::StrView;

use super::load::Loader;
use super::state::raise_unpickling_error;

/// An integer in decimal; messages show the text.
fn parse_int(line: &[u8], thread: &mut Thread) -> PyResult<Py<Int>> {
    let source = codecs::decode(line, Some("utf-8"), None, thread)?;
    Int::from_text(line, 10, &source, thread)
}

/// What is said depends on whether the line at least begins with a number.
#[cold]
fn raise_no_float(line: &[u8], thread: &mut Thread) -> Raised {
    let begins_well = !line.first().is_some_and(u8::is_ascii_whitespace)
        && (1..=line.len()).any(|end| numeric::float::parse_float(&line[..end]).is_some());
    if begins_well {
        return raise!(thread, ValueError, "could not convert string to float");
    }
    let shown = match line.split(|it| *it == 0).next() {
        Some(start) if start.len() < line.len() => String::from_utf8_lossy(start).into_owned(),
        _ => format!("{}\n", String::from_utf8_lossy(line)),
    };
    raise!(thread, ValueError, "could not convert string to float: '{shown}'")
}

impl Loader<'_> {
    pub(super) fn load_int_line(&mut self, thread: &mut Thread) -> PyResult<()> {
        let line = self.read_line(2, thread)?.to_vec();
        // True and False are written as integers of two digits.
        let object = match line.as_slice() {
            b"00" => Bool::new(false),
            b"01" => Bool::new(true),
            _ => {
                let made = parse_int(&line, thread);
                let Some(made) = thread.suppress(made, ValueError)? else {
                    return Err(raise!(thread, ValueError, "could not convert string to int"));
                };
                made.into_object()
            }
        };
        self.stack.push(object);
        Ok(())
    }

    pub(super) fn load_long_line(&mut self, thread: &mut Thread) -> PyResult<()> {
        let line = self.read_line(2, thread)?;
        let digits = line.strip_suffix(b"L").unwrap_or(line).to_vec();
        let made = parse_int(&digits, thread)?;
        self.stack.push(made.into_object());
        Ok(())
    }

    pub(super) fn load_counted_long(&mut self, length: usize, thread: &mut Thread) -> PyResult<()> {
        const WORD: usize = 8;
        let bytes = self.read(length, thread)?;
        let made = if length <= WORD {
            let fill = if bytes.last().is_some_and(|it| it & 0x80 != 0) { 0xFF } else { 0 };
            let mut word = [fill; WORD];
            word[..length].copy_from_slice(bytes);
            Int::from_i64(i64::from_le_bytes(word), thread)
        } else {
            Int::from_integer(&from_bytes(bytes, ByteOrder::Little, true), thread)?
        };
        self.stack.push(made.into_object());
        Ok(())
    }

    pub(super) fn load_float_line(&mut self, thread: &mut Thread) -> PyResult<()> {
        let line = self.read_line(2, thread)?;
        let plain = !line.contains(&b'_') && !line.last().is_some_and(u8::is_ascii_whitespace);
        let Some(value) = numeric::float::parse_float(line).filter(|_| plain) else {
            let line = line.to_vec();
            return Err(raise_no_float(&line, thread));
        };
        self.stack.push(Float::new(value, thread).into_object());
        Ok(())
    }

    #[inline]
    pub(super) fn load_counted_text(&mut self, length: usize, thread: &mut Thread) -> PyResult<()> {
        let bytes = self.read(length, thread)?;
        let text = if bytes.is_ascii() {
            Str::try_from_view(StrView::Ascii(bytes), thread)?
        } else {
            codecs::decode_with(&Utf8, bytes, true, Some("surrogatepass"), thread)?.0
        };
        self.stack.push(text.into_object());
        Ok(())
    }

    pub(super) fn load_text_line(&mut self, thread: &mut Thread) -> PyResult<()> {
        let line = self.read_line(1, thread)?;
        let text = codecs::decode_with(&RawUnicodeEscape, line, true, None, thread)?.0;
        self.stack.push(text.into_object());
        Ok(())
    }

    /// A string of Python 2 becomes what the unpickler's encoding says.
    fn push_old_string(&mut self, contents: &[u8], thread: &mut Thread) -> PyResult<()> {
        let (encoding, errors) = self.unpickler.decoding();
        let object = if encoding == "bytes" {
            Bytes::try_from_slice(contents, thread)?.into_object()
        } else {
            codecs::decode(contents, Some(&encoding), Some(&errors), thread)?.into_object()
        };
        self.stack.push(object);
        Ok(())
    }

    pub(super) fn load_string_line(&mut self, thread: &mut Thread) -> PyResult<()> {
        let line = self.read_line(1, thread)?;
        let contents = match line {
            [first @ (b'"' | b'\''), inner @ .., last] if first == last => inner,
            _ => return Err(raise_unpickling_error("the STRING opcode argument must be quoted", thread)),
        };
        let decoded = escape_bytes::decode(contents, OnBadHex::Raise);
        match decoded {
            Ok(contents) => self.push_old_string(&contents, thread),
            Err(error) => Err(raise!(thread, ValueError, "{error}")),
        }
    }

    pub(super) fn load_counted_string(&mut self, length: usize, thread: &mut Thread) -> PyResult<()> {
        let contents = self.read(length, thread)?.to_vec();
        self.push_old_string(&contents, thread)
    }

    /// The number of a place of the memo, as a line.
    fn read_number(&mut self, thread: &mut Thread) -> PyResult<isize> {
        let line = self.read_line(2, thread)?.to_vec();
        let number = parse_int(&line, thread)?;
        protocol::int_as_isize(&number, thread)
    }

    pub(super) fn load_get_line(&mut self, thread: &mut Thread) -> PyResult<()> {
        let number = self.read_number(thread)?;
        match usize::try_from(number) {
            Ok(number) => self.recall(number, thread),
            Err(_) => Err(raise_unpickling_error(&format!("Memo value not found at index {number}"), thread)),
        }
    }

    pub(super) fn load_put_line(&mut self, thread: &mut Thread) -> PyResult<()> {
        let number = self.read_number(thread)?;
        self.top(thread)?;
        match usize::try_from(number) {
            Ok(number) => self.memoize(number, thread),
            Err(_) => Err(raise!(thread, ValueError, "negative PUT argument")),
        }
    }

    pub(super) fn load_persistent_line(&mut self, thread: &mut Thread) -> PyResult<()> {
        let line = self.read_line(1, thread)?.to_vec();
        let id = codecs::decode(&line, Some("ascii"), None, thread);
        let Some(id) = thread.suppress(id, UnicodeDecodeError)? else {
            let message = "persistent IDs in protocol 0 must be ASCII strings";
            return Err(raise_unpickling_error(message, thread));
        };
        let object = self.unpickler.persistent_object(&id, thread)?;
        self.stack.push(object);
        Ok(())
    }

    pub(super) fn load_next_buffer(&mut self, thread: &mut Thread) -> PyResult<()> {
        let Some(buffers) = self.unpickler.buffers.get() else {
            let message = "pickle stream refers to out-of-band data but no *buffers* argument was given";
            return Err(raise_unpickling_error(message, thread));
        };
        match protocol::next(&buffers, thread)? {
            Some(buffer) => {
                self.stack.push(buffer);
                Ok(())
            }
            None => Err(raise_unpickling_error("not enough out-of-band buffers", thread)),
        }
    }

    pub(super) fn load_readonly_buffer(&mut self, thread: &mut Thread) -> PyResult<()> {
        let buffer = self.top(thread)?.clone();
        let view = MemoryView::of(&buffer, layout::PyBUF_FULL_RO, thread)?;
        if view.raw().readonly.get() != 0 {
            return Ok(());
        }
        view.raw().readonly.set(1);
        self.pop(thread)?;
        self.stack.push(Py::into_object(view));
        Ok(())
    }
}
