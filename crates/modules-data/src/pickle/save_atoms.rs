//! Writing objects that contain no others: numbers, strings, bytes, buffers.

use builtins::bytearray::ByteArray;
use builtins::bytes::Bytes;
use builtins::pickle_buffer::{PickleBuffer, is_contiguous};
use numeric::convert::bytes::{ByteOrder, to_bytes};
use objects::bool::Bool;
use objects::errors::{OrMemoryError, PyResult, TryToVec, UnicodeEncodeError};
use objects::int::Int;
use objects::protocol;
use objects::protocol::buffer::{Buffer, Order, copy_items};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::{Str, codecs};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};
use text::builder::SizeError;
use text::byte_builder::ByteBuilder;
use text::codecs::utf8::Utf8;

use super::opcodes::*;
use super::pickler::Pickler;
use super::state::{State, raise_pickling_error};

/// The opcodes of a kind of counted contents: with one, four and eight bytes of length.
struct Counted {
    short: Option<u8>,
    medium: Option<u8>,
    long: u8,
    too_long: &'static str,
}

const BYTES: Counted = Counted {
    short: Some(SHORT_BINBYTES),
    medium: Some(BINBYTES),
    long: BINBYTES8,
    too_long: "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher",
};

const TEXT: Counted = Counted {
    short: Some(SHORT_BINUNICODE),
    medium: Some(BINUNICODE),
    long: BINUNICODE8,
    too_long: "serializing a string larger than 4 GiB requires pickle protocol 4 or higher",
};

const BYTEARRAY: Counted = Counted { short: None, medium: None, long: BYTEARRAY8, too_long: "" };

impl Counted {
    /// The opcode and the length, and how many bytes they are; None if the protocol cannot say so large a length.
    #[inline(always)]
    fn head(&self, length: usize, protocol: u8, allows_short: bool) -> Option<([u8; 9], usize)> {
        let mut head = [0; 9];
        if let Some(short) = self.short.filter(|_| allows_short)
            && length <= 0xFF
        {
            head[0] = short;
            head[1] = length as u8;
            return Some((head, 2));
        }
        if let Some(medium) = self.medium
            && let Ok(length) = u32::try_from(length)
        {
            head[0] = medium;
            head[1..5].copy_from_slice(&length.to_le_bytes());
            return Some((head, 5));
        }
        if protocol < 4 {
            return None;
        }
        head[0] = self.long;
        head[1..].copy_from_slice(&(length as u64).to_le_bytes());
        Some((head, 9))
    }
}

/// The bytes of an integer in two's complement, as few as possible, lowest first.
fn encode_long(int: &Int) -> Vec<u8> {
    let length = (int.bit_length() / 8 + 1) as usize;
    let mut bytes = vec![0; length];
    // So many bytes always suffice.
    let _ = to_bytes(int.signed(), ByteOrder::Little, true, &mut bytes);
    if int.is_negative()
        && let [.., before, 0xFF] = bytes[..]
        && before & 0x80 != 0
    {
        bytes.pop();
    }
    bytes
}

/// A string as protocol 0 writes it: raw-unicode-escape, with what would end the line or look like an escape escaped as well.
fn raw_unicode_escape(text: &Str) -> Result<Vec<u8>, SizeError> {
    let mut out = ByteBuilder::with_capacity(text.length());
    for point in text.view().iter() {
        match point {
            0x1_0000.. => out.extend_from_slice(format!("\\U{point:08x}").as_bytes()),
            0x100.. | 0x5C | 0 | 0x0A | 0x0D | 0x1A => out.extend_from_slice(format!("\\u{point:04x}").as_bytes()),
            _ => out.push(point as u8),
        }
    }
    out.finish()
}

impl Pickler {
    pub(super) fn save_bool(&self, object: &Object, thread: &mut Thread) {
        let value = object.is(Bool::get(true));
        if self.protocol.get() >= 2 {
            self.push(if value { NEWTRUE } else { NEWFALSE }, thread);
        } else {
            self.write(if value { TRUE } else { FALSE }, thread);
        }
    }

    #[inline]
    pub(super) fn save_int(&self, int: &Int, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = int.to_i64().and_then(|it| i32::try_from(it).ok()) else {
            return self.save_long(int, thread);
        };
        if !self.is_binary() {
            self.write(format!("{}{value}\n", char::from(INT)).as_bytes(), thread);
            return Ok(());
        }
        let [a, b, c, d] = value.to_le_bytes();
        match value {
            0..=0xFF => self.write(&[BININT1, a], thread),
            0x100..=0xFFFF => self.write(&[BININT2, a, b], thread),
            _ => self.write(&[BININT, a, b, c, d], thread),
        }
        Ok(())
    }

    /// Writes an integer of more than four bytes.
    fn save_long(&self, int: &Int, thread: &mut Thread) -> PyResult<()> {
        if self.protocol.get() < 2 {
            let digits = int.to_decimal(thread)?;
            let text = digits.to_string_lossy();
            self.write(format!("{}{text}L\n", char::from(LONG)).as_bytes(), thread);
            return Ok(());
        }
        let bytes = encode_long(int);
        if let Ok(length) = u8::try_from(bytes.len()) {
            self.output.get_mut(thread).write_counted(&[LONG1, length], &bytes);
            return Ok(());
        }
        let Ok(length) = i32::try_from(bytes.len()) else {
            return Err(raise!(thread, OverflowError, "int too large to pickle"));
        };
        let [a, b, c, d] = length.to_le_bytes();
        self.output.get_mut(thread).write_counted(&[LONG4, a, b, c, d], &bytes);
        Ok(())
    }

    #[inline]
    pub(super) fn save_float(&self, value: f64, thread: &mut Thread) {
        if self.is_binary() {
            let mut bytes = [BINFLOAT; 9];
            bytes[1..].copy_from_slice(&value.to_be_bytes());
            self.write(&bytes, thread);
        } else {
            let text = numeric::float::repr(value);
            self.write(format!("{}{text}\n", char::from(FLOAT)).as_bytes(), thread);
        }
    }

    /// Writes counted contents. Large ones stand outside of frames, and go to the file without passing through the output; `owner` is
    /// what the file gets then, if the contents are all of it.
    #[inline]
    fn write_counted(
        &self,
        kind: &Counted,
        contents: &[u8],
        owner: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let protocol = self.protocol.get();
        let allows_short = protocol >= 4 || kind.short == Some(SHORT_BINBYTES);
        let Some((head, length)) = kind.head(contents.len(), protocol, allows_short) else {
            return Err(raise!(thread, OverflowError, "{}", kind.too_long));
        };
        let head = &head[..length];
        if contents.len() < FRAME_SIZE_TARGET {
            self.output.get_mut(thread).write_counted(head, contents);
            return Ok(());
        }
        self.write_large(head, contents, owner, thread)
    }

    #[cold]
    fn write_large(&self, head: &[u8], contents: &[u8], owner: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let output = self.output.get_mut(thread);
        output.close_frame();
        let framing = output.is_framing();
        output.set_framing(false);
        output.write(head);
        let Some(write) = self.write.get() else {
            output.write(contents);
            output.set_framing(framing);
            return Ok(());
        };
        self.flush(thread)?;
        match owner {
            Some(owner) => protocol::call_one(&write, owner, thread)?,
            None => {
                let bytes = Bytes::try_from_slice(contents, thread)?;
                protocol::call_one(&write, &bytes, thread)?
            }
        };
        self.output.get_mut(thread).set_framing(framing);
        Ok(())
    }

    pub(super) fn save_bytes(&self, bytes: &Bytes, thread: &mut Thread) -> PyResult<()> {
        if self.protocol.get() >= 3 {
            self.write_counted(&BYTES, bytes.as_slice(), Some(bytes), thread)?;
            return self.memoize(bytes, thread);
        }
        // Protocols of Python 2 have no bytes: they are written as the encoding of a string.
        let parts = if bytes.length() == 0 {
            let nothing = Tuple::empty(thread).into_object();
            vec![Py::from_ref(Bytes::class()).into_object(), nothing]
        } else {
            let text = codecs::decode(bytes.as_slice(), Some("latin-1"), None, thread)?;
            let encoding = thread.intern_text("latin1");
            let arguments = Tuple::new(vec![text.into_object(), encoding.into_object()], thread)?;
            vec![State::of(thread)?.encode.clone(), arguments.into_object()]
        };
        let parts = Tuple::new(parts, thread)?;
        self.save_reduced(&parts, Some(bytes), thread)
    }

    pub(super) fn save_bytearray(&self, array: &ByteArray, thread: &mut Thread) -> PyResult<()> {
        if self.protocol.get() >= 5 {
            // The array may change while its contents are handed to a file.
            let contents = array.contents_mut(thread).try_to_vec().or_memory_error(thread)?;
            self.write_counted(&BYTEARRAY, &contents, Some(array), thread)?;
            return self.memoize(array, thread);
        }
        let arguments = if array.length() == 0 {
            Tuple::empty(thread)
        } else {
            let contents = array.contents_mut(thread).try_to_vec().or_memory_error(thread)?;
            let contents = Bytes::try_from_slice(&contents, thread)?.into_object();
            Tuple::new(vec![contents], thread)?
        };
        let class = Py::from_ref(ByteArray::class() as &Type).into_object();
        let parts = Tuple::new(vec![class, arguments.into_object()], thread)?;
        self.save_reduced(&parts, Some(array), thread)
    }

    /// Writes a buffer: among the rest, or, if the callback takes it, as a mark that says that it comes from elsewhere.
    pub(super) fn save_picklebuffer(&self, buffer: &PickleBuffer, thread: &mut Thread) -> PyResult<()> {
        if self.protocol.get() < 5 {
            let message = "PickleBuffer can only be pickled with protocol >= 5";
            return Err(raise_pickling_error(message, thread));
        }
        let Some(view) = buffer.view(thread) else {
            return Err(raise!(thread, ValueError, "operation forbidden on released PickleBuffer object"));
        };
        let (contiguous, readonly) = (is_contiguous(view.raw()), view.is_readonly());
        if !contiguous {
            let message = "PickleBuffer can not be pickled when pointing to a non-contiguous buffer";
            return Err(raise_pickling_error(message, thread));
        }
        // The callback may release the buffer: its memory is held all the while.
        let held = Buffer::get(buffer, layout::PyBUF_FULL_RO, thread)?;
        let mut in_band = true;
        if let Some(callback) = self.buffer_callback.get() {
            let answer = protocol::call_one(&callback, buffer, thread)?;
            in_band = protocol::is_true(&answer, thread)?;
        }
        if !in_band {
            self.push(NEXT_BUFFER, thread);
            if readonly {
                self.push(READONLY_BUFFER, thread);
            }
            return Ok(());
        }
        let contents = memory_of(&held, thread)?;
        let kind = if readonly { &BYTES } else { &BYTEARRAY };
        self.write_counted(kind, &contents, None, thread)?;
        self.memoize(buffer, thread)
    }

    #[inline]
    pub(super) fn save_str(&self, text: &Str, thread: &mut Thread) -> PyResult<()> {
        if !self.is_binary() {
            let escaped = raw_unicode_escape(text).or_memory_error(thread)?;
            let output = self.output.get_mut(thread);
            output.push(UNICODE);
            output.write(&escaped);
            output.push(b'\n');
        } else if let Some(ascii) = text.view().as_ascii() {
            self.write_counted(&TEXT, ascii, None, thread)?;
        } else {
            self.save_wide_str(text, thread)?;
        }
        self.memoize(text, thread)
    }

    fn save_wide_str(&self, text: &Str, thread: &mut Thread) -> PyResult<()> {
        let encoded = text.utf8(thread);
        match thread.suppress(encoded, UnicodeEncodeError)? {
            Some(encoded) => self.write_counted(&TEXT, encoded, None, thread),
            None => {
                let encoded = codecs::encode_with(&Utf8, text, Some("surrogatepass"), thread)?;
                self.write_counted(&TEXT, &encoded, None, thread)
            }
        }
    }
}

/// The memory of a buffer, as it lies.
fn memory_of(view: &Buffer, thread: &mut Thread) -> PyResult<Vec<u8>> {
    match view.contiguous(thread) {
        Some(bytes) => bytes.try_to_vec().or_memory_error(thread),
        None => copy_items(view.raw(), Order::Fortran, thread),
    }
}
