//! Items of a memoryview: single native values, by the codes of module `struct`.

use std::ffi::CStr;

use layout::Py_buffer;
use objects::bool::Bool;
use objects::errors::{OverflowError, PyResult, Raised, TypeError, ValueError};
use objects::float::Float;
use objects::protocol;
use objects::protocol::buffer::bytes_contents;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use crate::bytes::Bytes;

/// A native format of one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format(u8);

/// What a code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Signed(usize),
    Unsigned(usize),
    Bool,
    Character,
    Half,
    Single,
    Double,
}

/// The format of a view as text.
pub fn format_text(view: &Py_buffer) -> String {
    let format = view.format.get();
    if format.is_null() {
        return "B".to_owned();
    }
    // SAFETY: a view's format is a C string that lives as long as the view.
    unsafe { CStr::from_ptr(format) }.to_string_lossy().into_owned()
}

impl Format {
    /// A format as text, if it is one native code, perhaps behind an `@`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix('@').unwrap_or(text).as_bytes() {
            [code] => Some(Self(*code)).filter(|it| it.kind().is_some()),
            _ => None,
        }
    }

    /// The format of a view; NotImplementedError if it is not a native code.
    pub fn of(view: &Py_buffer, thread: &mut Thread) -> PyResult<Self> {
        let text = format_text(view);
        if let Some(format) = Self::parse(&text) {
            return Ok(format);
        }
        let code = text.strip_prefix('@').unwrap_or(&text);
        if code.len() == 1 {
            return Err(raise!(thread, NotImplementedError, "memoryview: format {code} not supported"));
        }
        Err(raise!(thread, NotImplementedError, "memoryview: unsupported format {text}"))
    }

    fn kind(self) -> Option<Kind> {
        Some(match self.0 {
            b'b' => Kind::Signed(1),
            b'h' => Kind::Signed(2),
            b'i' => Kind::Signed(4),
            b'l' | b'q' | b'n' => Kind::Signed(8),
            b'B' => Kind::Unsigned(1),
            b'H' => Kind::Unsigned(2),
            b'I' => Kind::Unsigned(4),
            b'L' | b'Q' | b'N' | b'P' => Kind::Unsigned(8),
            b'?' => Kind::Bool,
            b'c' => Kind::Character,
            b'e' => Kind::Half,
            b'f' => Kind::Single,
            b'd' => Kind::Double,
            _ => return None,
        })
    }

    /// Bytes of an item.
    pub fn size(self) -> usize {
        match self.kind() {
            Some(Kind::Signed(size) | Kind::Unsigned(size)) => size,
            Some(Kind::Half) => 2,
            Some(Kind::Single) => 4,
            Some(Kind::Double) => 8,
            _ => 1,
        }
    }

    /// True for bytes: `B`, `b` and `c`.
    pub fn is_byte(self) -> bool {
        matches!(self.0, b'B' | b'b' | b'c')
    }

    /// True if items that are equal have equal bytes, and the other way round.
    pub fn compares_by_bytes(self) -> bool {
        matches!(self.kind(), Some(Kind::Signed(_) | Kind::Unsigned(_) | Kind::Character))
    }

    /// The code as a C string that lives for ever.
    pub fn static_text(self, with_at: bool) -> &'static CStr {
        const TEXTS: &[&CStr] = &[
            c"@b", c"@B", c"@c", c"@?", c"@h", c"@H", c"@i", c"@I", c"@l", c"@L", c"@q", c"@Q", c"@n", c"@N", c"@e",
            c"@f", c"@d", c"@P",
        ];
        let text = TEXTS.iter().copied().find(|it| it.to_bytes()[1] == self.0).unwrap_or(c"@B");
        if with_at {
            return text;
        }
        CStr::from_bytes_with_nul(&text.to_bytes_with_nul()[1..]).unwrap_or(c"B")
    }

    /// An item as an object.
    ///
    /// # Safety
    /// An item of this format lies there.
    pub unsafe fn unpack(self, item: *const u8, thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut word = [0; 8];
        // SAFETY: the caller says that so many bytes lie there.
        unsafe { std::ptr::copy_nonoverlapping(item, word.as_mut_ptr(), self.size()) };
        let bits = u64::from_le_bytes(word);
        Ok(match self.kind() {
            Some(Kind::Signed(size)) => {
                let unused = 64 - 8 * size as u32;
                protocol::make_int(i128::from((bits << unused) as i64 >> unused), thread)
            }
            Some(Kind::Bool) => Bool::new(bits != 0),
            Some(Kind::Character) => Bytes::try_from_slice(&word[..1], thread)?.into_object(),
            Some(Kind::Half) => Float::new(from_half(bits as u16), thread).into_object(),
            Some(Kind::Single) => Float::new(f64::from(f32::from_bits(bits as u32)), thread).into_object(),
            Some(Kind::Double) => Float::new(f64::from_bits(bits), thread).into_object(),
            Some(Kind::Unsigned(_)) | None => protocol::make_int(i128::from(bits), thread),
        })
    }

    /// The bytes of an item with this value; may run Python code.
    pub fn pack(self, value: &Object, thread: &mut Thread) -> PyResult<Vec<u8>> {
        let packed = self.pack_raw(value, thread);
        match packed {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(self.raise("value", thread)),
            Err(raised) => {
                let what = if thread.raised_is(TypeError) {
                    "type"
                } else if thread.raised_is(OverflowError) || thread.raised_is(ValueError) {
                    "value"
                } else {
                    return Err(raised);
                };
                drop(thread.catch(raised));
                Err(self.raise(what, thread))
            }
        }
    }

    #[cold]
    fn raise(self, what: &str, thread: &mut Thread) -> Raised {
        let code = char::from(self.0);
        let message = format_args!("memoryview: invalid {what} for format '{code}'");
        thread.raise_message(if what == "type" { TypeError } else { ValueError }, message)
    }

    /// As [`Self::pack`]; None if the value is out of range.
    fn pack_raw(self, value: &Object, thread: &mut Thread) -> PyResult<Option<Vec<u8>>> {
        let Some(kind) = self.kind() else { return Ok(None) };
        let bits = match kind {
            Kind::Signed(size) | Kind::Unsigned(size) => {
                let unsigned = matches!(kind, Kind::Unsigned(_));
                let bits = 8 * size as u32;
                let range = if unsigned { 0..1i128 << bits } else { -(1i128 << (bits - 1))..1i128 << (bits - 1) };
                let integer = protocol::index(value, thread)?.to_i128();
                // An address may be given as a negative number, too.
                let range = if self.0 == b'P' { -(1i128 << 63)..range.end } else { range };
                let Some(integer) = integer.filter(|it| range.contains(it)) else { return Ok(None) };
                integer as u64
            }
            Kind::Bool => u64::from(protocol::is_true(value, thread)?),
            Kind::Character => match bytes_contents(value) {
                Some([byte]) => u64::from(*byte),
                Some(_) => return Ok(None),
                None => return Err(self.raise("type", thread)),
            },
            Kind::Half => match to_half(protocol::as_f64(value, thread)?) {
                Some(half) => u64::from(half),
                None => return Ok(None),
            },
            Kind::Single => u64::from((protocol::as_f64(value, thread)? as f32).to_bits()),
            Kind::Double => protocol::as_f64(value, thread)?.to_bits(),
        };
        Ok(Some(bits.to_le_bytes()[..self.size()].to_vec()))
    }
}

/// A half-precision number (IEEE 754 binary16).
fn from_half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
    let fraction = f64::from(bits & 0x3FF);
    match (bits >> 10) & 0x1F {
        0 => sign * fraction * 2f64.powi(-24),
        0x1F if fraction == 0.0 => sign * f64::INFINITY,
        0x1F => f64::NAN.copysign(sign),
        exponent => sign * (1.0 + fraction / 1024.0) * 2f64.powi(i32::from(exponent) - 15),
    }
}

/// The nearest half-precision number, ties to even; None if it is too large.
fn to_half(value: f64) -> Option<u16> {
    let sign = if value.is_sign_negative() { 0x8000 } else { 0 };
    if value.is_nan() {
        return Some(sign | 0x7E00);
    }
    if value.is_infinite() {
        return Some(sign | 0x7C00);
    }
    let magnitude = value.abs();
    // Below the smallest normal number the steps are 2**-24 wide.
    let exponent = if magnitude < 2f64.powi(-14) { -14 } else { magnitude.log2().floor() as i32 };
    let exponent = if magnitude >= 2f64.powi(exponent + 1) { exponent + 1 } else { exponent };
    let steps = (magnitude * 2f64.powi(10 - exponent)).round_ties_even() as u32;
    // A carry out of the fraction goes to the exponent by itself.
    let bits = if exponent == -14 { steps } else { ((exponent + 14) as u32) * 1024 + steps };
    (bits < 0x7C00).then_some(sign | bits as u16)
}
