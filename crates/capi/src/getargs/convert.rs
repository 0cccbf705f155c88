//! The units of a format: each reads one argument and writes what it is into the places that C's caller gives.

use std::ffi::{CStr, c_char, c_int, c_void};

use builtins::bytearray::ByteArray;
use builtins::bytes::Bytes;
use layout::{Py_buffer, PyBUF_SIMPLE, PyBUF_WRITABLE, PyObject};
use objects::errors::{PyResult, Raised};
use objects::int::Int;
use objects::protocol::{self, buffer};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;

use crate::floatobject::PyComplexValue;
use crate::variadic::VaList;

/// Why an argument does not fit.
pub enum Failure {
    /// `must be …, not …`, and which items of items it is about.
    Message(String, Vec<usize>),
    /// An exception is set.
    Raised,
}

impl From<Raised> for Failure {
    fn from(_: Raised) -> Self {
        Self::Raised
    }
}

type Outcome<T = ()> = Result<T, Failure>;

/// What an argument is, as messages say it.
pub fn kind_of(object: &Object) -> String {
    if object.is_none() { "None".to_owned() } else { object.class().full_name() }
}

fn expected<T>(what: &str, object: &Object) -> Outcome<T> {
    let found = kind_of(object);
    Err(Failure::Message(format!("must be {what}, not {found}"), Vec::new()))
}

/// What was taken for the caller, to be given back if a later argument does not fit.
enum Taken {
    Buffer(*mut Py_buffer),
    Memory(*mut *mut c_char),
    /// A converter, and the place that it wrote to.
    Converted(Converter, *mut c_void),
}

type Converter = unsafe extern "C-unwind" fn(*mut PyObject, *mut c_void) -> c_int;

/// What a converter answers if it wants to be called again to give back what it has made.
const CLEANUP_SUPPORTED: c_int = 0x20000;

/// A parse that is going on.
pub struct Parse<'a, 'l> {
    units: &'a [u8],
    list: &'l mut VaList,
    taken: Vec<Taken>,
}

impl<'a, 'l> Parse<'a, 'l> {
    pub fn new(units: &'a [u8], list: &'l mut VaList) -> Self {
        Self { units, list, taken: Vec::new() }
    }

    /// What has not been looked at yet.
    pub fn rest(&self) -> &'a [u8] {
        self.units
    }

    /// Passes over `|` and `$`.
    pub fn skip_marks(&mut self) {
        while let Some(b'|' | b'$') = self.units.first() {
            self.units = &self.units[1..];
        }
    }

    /// True if what follows is the end, or more units.
    pub fn ends_well(&self) -> bool {
        self.units.first().is_none_or(|it| it.is_ascii_alphabetic() || matches!(it, b'(' | b'|' | b'$'))
    }

    /// Gives back what was taken for the caller.
    pub fn give_back(&mut self, thread: &mut Thread) {
        let raised = thread.take_exception();
        for taken in self.taken.drain(..) {
            // SAFETY: these places were filled in by this parse.
            unsafe {
                match taken {
                    Taken::Buffer(view) => crate::memoryobject::PyBuffer_Release(view),
                    Taken::Memory(place) => {
                        crate::pymem::PyMem_Free(place.read().cast());
                        place.write(std::ptr::null_mut());
                    }
                    Taken::Converted(converter, place) => {
                        converter(std::ptr::null_mut(), place);
                    }
                }
            }
        }
        thread.restore_exception(raised);
    }

    fn take_unit(&mut self) -> u8 {
        let unit = self.units.first().copied().unwrap_or(0);
        self.units = self.units.get(1..).unwrap_or_default();
        unit
    }

    /// True if the next character of the format is this one, which is passed over.
    fn followed_by(&mut self, mark: u8) -> bool {
        let is_there = self.units.first() == Some(&mark);
        if is_there {
            self.units = &self.units[1..];
        }
        is_there
    }

    /// One argument.
    ///
    /// # Safety
    /// The places fit the format.
    pub unsafe fn item(&mut self, argument: &Object, thread: &mut Thread) -> Outcome {
        if self.followed_by(b'(') {
            // SAFETY: passed on to the caller.
            return unsafe { self.nested(argument, thread) };
        }
        // SAFETY: passed on to the caller.
        unsafe { self.unit(argument, thread) }
    }

    /// A sequence in brackets: each of its items is an argument.
    ///
    /// # Safety
    /// The places fit the format.
    unsafe fn nested(&mut self, argument: &Object, thread: &mut Thread) -> Outcome {
        let count = count_of(self.units);
        if !protocol::is_sequence(argument)
            || argument.downcast::<Str>().is_some()
            || argument.downcast::<Bytes>().is_some()
        {
            return expected(&format!("{count}-item tuple"), argument);
        }
        if argument.downcast::<Tuple>().is_none() {
            let message = format_args!("argument must be a {count}-item tuple, not {}", argument.class().full_name());
            thread.warn(objects::errors::DeprecationWarning, 1, message)?;
        }
        let length = protocol::length(argument, thread)?;
        if length != count {
            let kind = if argument.downcast::<Tuple>().is_some() { "tuple" } else { "sequence" };
            let message = format!("must be {kind} of length {count}, not {length}");
            return Err(Failure::Message(message, Vec::new()));
        }
        for index in 0..count {
            let item = protocol::get_index(argument, index as isize, thread)?;
            self.skip_marks();
            // SAFETY: passed on to the caller.
            unsafe { self.item(&item, thread) }.map_err(|failure| match failure {
                Failure::Message(text, mut levels) => {
                    levels.insert(0, index + 1);
                    Failure::Message(text, levels)
                }
                raised => raised,
            })?;
            // What C borrows from here on has to live on in the sequence.
            drop(item);
        }
        if !self.followed_by(b')') {
            return Err(Failure::Message("(unmatched bracket in format)".to_owned(), Vec::new()));
        }
        Ok(())
    }

    /// # Safety
    /// The place fits the format.
    unsafe fn put<T>(&mut self, value: T) {
        // SAFETY: passed on to the caller.
        unsafe { self.list.pointer::<T>().write(value) }
    }

    /// # Safety
    /// The places fit the format.
    unsafe fn unit(&mut self, argument: &Object, thread: &mut Thread) -> Outcome {
        let unit = self.take_unit();
        // SAFETY (of all blocks below): the places fit the format.
        match unit {
            b'b' => {
                let value = ranged(argument, 0, u8::MAX.into(), "unsigned byte integer", thread)?;
                // SAFETY: as above.
                unsafe { self.put(value as u8) };
            }
            b'h' => {
                let value = ranged(argument, i16::MIN.into(), i16::MAX.into(), "signed short integer", thread)?;
                // SAFETY: as above.
                unsafe { self.put(value as i16) };
            }
            b'i' => {
                let value = ranged(argument, i32::MIN.into(), i32::MAX.into(), "signed integer", thread)?;
                // SAFETY: as above.
                unsafe { self.put(value as i32) };
            }
            b'B' | b'H' | b'I' | b'k' | b'K' => {
                if matches!(unit, b'k' | b'K') && !protocol::is_index(argument) {
                    return expected("int", argument);
                }
                let value = protocol::index(argument, thread)?.signed().wrapping_u64();
                // SAFETY: as above.
                unsafe {
                    match unit {
                        b'B' => self.put(value as u8),
                        b'H' => self.put(value as u16),
                        b'I' => self.put(value as u32),
                        _ => self.put(value),
                    }
                }
            }
            b'n' => {
                let value = protocol::index_as_isize(argument, thread)?;
                // SAFETY: as above.
                unsafe { self.put(value) };
            }
            b'l' | b'L' => {
                let value = word(argument, if unit == b'l' { "long" } else { "long long" }, thread)?;
                // SAFETY: as above.
                unsafe { self.put(value) };
            }
            b'f' | b'd' => {
                let value = crate::floatobject::as_double(argument, thread)?;
                // SAFETY: as above.
                unsafe {
                    match unit {
                        b'f' => self.put(value as f32),
                        _ => self.put(value),
                    }
                }
            }
            b'D' => {
                // SAFETY: as above; the object is live.
                let value: PyComplexValue = unsafe { crate::floatobject::PyComplex_AsCComplex(argument.as_pointer()) };
                if thread.is_raised() {
                    return Err(Failure::Raised);
                }
                // SAFETY: as above.
                unsafe { self.put(value) };
            }
            b'c' => {
                let byte = one_byte(argument, thread)?;
                // SAFETY: as above.
                unsafe { self.put(byte) };
            }
            b'C' => {
                let Some(text) = argument.downcast::<Str>() else { return expected("a unicode character", argument) };
                let (1, Some(point)) = (text.length(), text.code_point(0)) else {
                    let length = text.length();
                    let message = format!("must be a unicode character, not a string of length {length}");
                    return Err(Failure::Message(message, Vec::new()));
                };
                // SAFETY: as above.
                unsafe { self.put(point) };
            }
            b'p' => {
                let value = protocol::is_true(argument, thread)?;
                // SAFETY: as above.
                unsafe { self.put(c_int::from(value)) };
            }
            b'S' | b'Y' | b'U' => {
                let (fits, what) = match unit {
                    b'S' => (argument.downcast::<Bytes>().is_some(), "bytes"),
                    b'Y' => (argument.downcast::<ByteArray>().is_some(), "bytearray"),
                    _ => (argument.downcast::<Str>().is_some(), "str"),
                };
                if !fits {
                    return expected(what, argument);
                }
                // SAFETY: as above.
                unsafe { self.put(argument.as_pointer()) };
            }
            // SAFETY: as above.
            b'O' => unsafe { self.object(argument, thread)? },
            // SAFETY: as above.
            b's' | b'z' | b'y' => unsafe { self.text(unit, argument, thread)? },
            // SAFETY: as above.
            b'e' => unsafe { self.encoded(argument, thread)? },
            // SAFETY: as above.
            b'w' => unsafe { self.writable(argument, thread)? },
            _ => return Err(Failure::Message("(impossible<bad format char>)".to_owned(), Vec::new())),
        }
        Ok(())
    }

    /// `O`, `O!` (of a type), `O&` (through a converter).
    ///
    /// # Safety
    /// The places fit the format.
    unsafe fn object(&mut self, argument: &Object, thread: &mut Thread) -> Outcome {
        if self.followed_by(b'!') {
            // SAFETY: the places fit the format: a type comes first.
            let class = unsafe { &*self.list.pointer::<Type>() };
            if !argument.class().is_subtype(class) {
                return expected(&class.full_name(), argument);
            }
        } else if self.followed_by(b'&') {
            // SAFETY: the places fit the format: a converter comes first.
            let (converter, place) = unsafe {
                let converter = std::mem::transmute::<*mut c_void, Converter>(self.list.pointer());
                (converter, self.list.pointer::<c_void>())
            };
            // SAFETY: the converter's protocol.
            match unsafe { converter(argument.as_pointer(), place) } {
                0 if thread.is_raised() => return Err(Failure::Raised),
                0 => return Err(Failure::Message("(unspecified)".to_owned(), Vec::new())),
                CLEANUP_SUPPORTED => self.taken.push(Taken::Converted(converter, place)),
                _ => {}
            }
            return Ok(());
        }
        // SAFETY: the places fit the format.
        unsafe { self.put(argument.as_pointer()) };
        Ok(())
    }

    /// `s`, `z`, `y`, with `#` for a length and `*` for a buffer.
    ///
    /// # Safety
    /// The places fit the format.
    unsafe fn text(&mut self, unit: u8, argument: &Object, thread: &mut Thread) -> Outcome {
        let text = argument.downcast::<Str>().filter(|_| unit != b'y');
        let is_none = unit == b'z' && argument.is_none();
        if self.followed_by(b'*') {
            // SAFETY: the places fit the format.
            let view = unsafe { self.list.pointer::<Py_buffer>() };
            // SAFETY: as above.
            unsafe { fill_view(view, argument, text, is_none, thread)? };
            self.taken.push(Taken::Buffer(view));
            return Ok(());
        }
        let counted = self.followed_by(b'#');
        let (pointer, length) = if is_none {
            (std::ptr::null(), 0)
        } else if let Some(text) = text {
            let bytes = text.utf8(thread)?;
            (bytes.as_ptr(), bytes.len())
        } else if counted || unit == b'y' {
            read_only(argument, thread)?
        } else {
            return expected(if unit == b'z' { "str or None" } else { "str" }, argument);
        };
        // SAFETY: the places fit the format.
        unsafe { self.put(pointer.cast::<c_char>()) };
        if counted {
            // SAFETY: as above.
            unsafe { self.put(length as isize) };
            return Ok(());
        }
        // SAFETY: so many bytes lie there.
        let bytes = if pointer.is_null() { &[][..] } else { unsafe { std::slice::from_raw_parts(pointer, length) } };
        if bytes.contains(&0) {
            let what = if unit == b'y' { "byte" } else { "character" };
            return Err(raise!(thread, ValueError, "embedded null {what}").into());
        }
        Ok(())
    }

    /// `es`, `et`, with `#`: text in an encoding, in memory that the caller frees or gives.
    ///
    /// # Safety
    /// The places fit the format.
    unsafe fn encoded(&mut self, argument: &Object, thread: &mut Thread) -> Outcome {
        // SAFETY (of the blocks below): the places fit the format.
        // SAFETY: as above.
        let encoding: *const c_char = unsafe { self.list.pointer() };
        // SAFETY: a C string or null.
        let encoding = (!encoding.is_null()).then(|| crate::entry::text(unsafe { CStr::from_ptr(encoding) }));
        let takes_bytes = match self.take_unit() {
            b's' => false,
            b't' => true,
            _ => return Err(Failure::Message("(unknown parser marker combination)".to_owned(), Vec::new())),
        };
        // SAFETY: as above.
        let place = unsafe { self.list.pointer::<*mut c_char>() };
        if place.is_null() {
            return Err(Failure::Message("(buffer is NULL)".to_owned(), Vec::new()));
        }
        let contents = match buffer::bytes_contents(argument).filter(|_| takes_bytes) {
            Some(bytes) => bytes.to_vec(),
            None => match argument.downcast::<ByteArray>().filter(|_| takes_bytes) {
                Some(array) => buffer::Buffer::get(array, PyBUF_SIMPLE, thread)?.to_vec(thread)?,
                None => encode(argument, encoding.as_deref(), takes_bytes, thread)?,
            },
        };
        if !self.followed_by(b'#') {
            if contents.contains(&0) {
                return Err(Failure::Message(
                    "must be encoded string without null bytes, not str".to_owned(),
                    Vec::new(),
                ));
            }
            return self.give_memory(&contents, place, thread);
        }
        // SAFETY: as above.
        let length = unsafe { self.list.pointer::<isize>() };
        if length.is_null() {
            return Err(Failure::Message("(buffer_len is NULL)".to_owned(), Vec::new()));
        }
        // SAFETY: as above: memory of the caller's if it is not null, of as many bytes as the length says.
        unsafe {
            if place.read().is_null() {
                self.give_memory(&contents, place, thread)?;
            } else {
                let room = length.read();
                if contents.len() as isize + 1 > room {
                    let size = contents.len();
                    return Err(raise!(
                        thread,
                        ValueError,
                        "encoded string too long ({size}, maximum length {})",
                        room - 1
                    )
                    .into());
                }
                std::ptr::copy_nonoverlapping(contents.as_ptr(), place.read().cast(), contents.len());
                place.read().add(contents.len()).write(0);
            }
            length.write(contents.len() as isize);
        }
        Ok(())
    }

    /// Text in new memory, with a zero byte behind it.
    fn give_memory(&mut self, contents: &[u8], place: *mut *mut c_char, thread: &mut Thread) -> Outcome {
        let memory = crate::pymem::PyMem_Malloc(contents.len() + 1).cast::<u8>();
        if memory.is_null() {
            return Err(thread.raise_memory_error().into());
        }
        // SAFETY: the memory has room for the text and a zero byte; the place is the caller's.
        unsafe {
            std::ptr::copy_nonoverlapping(contents.as_ptr(), memory, contents.len());
            memory.add(contents.len()).write(0);
            place.write(memory.cast());
        }
        self.taken.push(Taken::Memory(place));
        Ok(())
    }

    /// `w*`: a buffer to write to.
    ///
    /// # Safety
    /// The places fit the format.
    unsafe fn writable(&mut self, argument: &Object, thread: &mut Thread) -> Outcome {
        if !self.followed_by(b'*') {
            return Err(Failure::Message("(invalid use of 'w' format character)".to_owned(), Vec::new()));
        }
        // SAFETY: the places fit the format.
        let view = unsafe { self.list.pointer::<Py_buffer>() };
        // SAFETY: as above.
        if let Err(raised) = unsafe { buffer::get_into(argument, view, PyBUF_WRITABLE, thread) } {
            drop(thread.catch(raised));
            return expected("read-write bytes-like object", argument);
        }
        self.taken.push(Taken::Buffer(view));
        Ok(())
    }

    /// Passes over a unit without an argument, and its places.
    ///
    /// # Safety
    /// The places fit the format.
    pub unsafe fn skip(&mut self) -> Result<(), &'static str> {
        let unit = self.take_unit();
        let mut places = 1;
        match unit {
            b'b' | b'B' | b'h' | b'H' | b'i' | b'I' | b'l' | b'k' | b'L' | b'K' | b'n' | b'f' | b'd' | b'D' | b'c'
            | b'C' | b'p' | b'S' | b'Y' | b'U' => {}
            b'e' => {
                if !matches!(self.take_unit(), b's' | b't') {
                    return Err("impossible<bad format char>");
                }
                places = 2 + usize::from(self.followed_by(b'#'));
            }
            b'w' if !self.followed_by(b'*') => return Err("impossible<bad format char>"),
            b'w' => {}
            b's' | b'z' | b'y' => {
                if !self.followed_by(b'*') {
                    places += usize::from(self.followed_by(b'#'));
                }
            }
            b'O' => places += usize::from(self.followed_by(b'!') || self.followed_by(b'&')),
            b'(' => {
                while self.units.first().is_some_and(|it| *it != b')') {
                    // SAFETY: passed on to the caller.
                    unsafe { self.skip()? };
                }
                self.take_unit();
                places = 0;
            }
            b')' => return Err("unmatched right paren in getargs format"),
            _ => return Err("impossible<bad format char>"),
        }
        for _ in 0..places {
            // SAFETY: passed on to the caller.
            unsafe { self.list.pointer::<c_void>() };
        }
        Ok(())
    }
}

/// How many arguments a bracket holds.
fn count_of(units: &[u8]) -> usize {
    let (mut level, mut count) = (0, 0);
    for (index, unit) in units.iter().enumerate() {
        match unit {
            b'(' => {
                count += usize::from(level == 0);
                level += 1;
            }
            b')' if level == 0 => break,
            b')' => level -= 1,
            b'e' if matches!(units.get(index + 1), Some(b's' | b't')) => {}
            it if it.is_ascii_alphabetic() && level == 0 => count += 1,
            _ => {}
        }
    }
    count
}

fn word(argument: &Object, c_type: &str, thread: &mut Thread) -> PyResult<i64> {
    let int: Py<Int> = protocol::index(argument, thread)?;
    match int.to_i64() {
        Some(value) => Ok(value),
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C {c_type}")),
    }
}

fn ranged(argument: &Object, least: i64, most: i64, what: &str, thread: &mut Thread) -> PyResult<i64> {
    let value = word(argument, "long", thread)?;
    if value < least {
        return Err(raise!(thread, OverflowError, "{what} is less than minimum"));
    }
    if value > most {
        return Err(raise!(thread, OverflowError, "{what} is greater than maximum"));
    }
    Ok(value)
}

fn one_byte(argument: &Object, thread: &mut Thread) -> Outcome<u8> {
    let kind = match (argument.downcast::<Bytes>(), argument.downcast::<ByteArray>()) {
        (Some(_), _) => "bytes",
        (_, Some(_)) => "bytearray",
        _ => return expected("a byte string of length 1", argument),
    };
    let contents = buffer::Buffer::get(argument, PyBUF_SIMPLE, thread)?.to_vec(thread)?;
    match contents[..] {
        [byte] => Ok(byte),
        _ => {
            let length = contents.len();
            let message = format!("must be a byte string of length 1, not a {kind} object of length {length}");
            Err(Failure::Message(message, Vec::new()))
        }
    }
}

/// A buffer of text, of nothing, or of an object.
///
/// # Safety
/// There is room for a view.
unsafe fn fill_view(
    view: *mut Py_buffer,
    argument: &Object,
    text: Option<&Str>,
    is_none: bool,
    thread: &mut Thread,
) -> Outcome {
    let (exporter, memory, length) = if is_none {
        (std::ptr::null_mut(), std::ptr::null(), 0)
    } else if let Some(text) = text {
        let bytes = text.utf8(thread)?;
        (argument.as_pointer(), bytes.as_ptr(), bytes.len())
    } else {
        if !buffer::has_buffer(argument) {
            return expected("bytes-like object", argument);
        }
        // SAFETY: passed on to the caller.
        unsafe { buffer::get_into(argument, view, PyBUF_SIMPLE, thread)? };
        // SAFETY: the view has just been filled in.
        if !buffer::is_c_contiguous(unsafe { &*view }) {
            return expected("contiguous buffer", argument);
        }
        return Ok(());
    };
    // SAFETY: passed on to the caller.
    let status = unsafe {
        crate::memoryobject::PyBuffer_FillInfo(view, exporter, memory.cast_mut().cast(), length as isize, 1, 0)
    };
    if status < 0 { Err(Failure::Raised) } else { Ok(()) }
}

/// The memory of an object that keeps it as long as it lives.
fn read_only(argument: &Object, thread: &mut Thread) -> Outcome<(*const u8, usize)> {
    // SAFETY: a type's method suites live as long as the type.
    let methods = unsafe { argument.class().slots().tp_as_buffer.get().as_ref() };
    let Some(methods) = methods.filter(|it| it.bf_getbuffer.get().is_some()) else {
        return expected("bytes-like object", argument);
    };
    // Memory that has to be released may go away before the caller is done with it.
    if methods.bf_releasebuffer.get().is_some() {
        return expected("read-only bytes-like object", argument);
    }
    let view = buffer::Buffer::get(argument, PyBUF_SIMPLE, thread)?;
    Ok((view.raw().buf.get().cast_const().cast(), view.length()))
}

fn encode(argument: &Object, encoding: Option<&str>, takes_bytes: bool, thread: &mut Thread) -> Outcome<Vec<u8>> {
    let Some(text) = argument.downcast::<Str>() else {
        return expected(if takes_bytes { "str, bytes or bytearray" } else { "str" }, argument);
    };
    let encoded = objects::str::codecs::encode(text, encoding, None, thread)?;
    match buffer::bytes_contents(&encoded) {
        Some(contents) => Ok(contents.to_vec()),
        None => Err(Failure::Message("(encoder failed to return bytes)".to_owned(), Vec::new())),
    }
}
