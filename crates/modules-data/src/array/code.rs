//! Type codes: what an item of an array is, and how it is read and written.

use std::ffi::CStr;

use objects::errors::{PyResult, Raised};
use objects::float::Float;
use objects::int::Int;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

/// All codes, in CPython's order.
pub const CODES: &str = "bBuwhHiIlLqQfd";

/// A valid type code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(u8);

impl Code {
    pub fn new(point: u32) -> Option<Self> {
        u8::try_from(point).ok().filter(|it| CODES.as_bytes().contains(it)).map(Self)
    }

    pub fn all() -> impl Iterator<Item = Self> {
        CODES.bytes().map(Self)
    }

    pub fn letter(self) -> char {
        char::from(self.0)
    }

    pub fn size(self) -> usize {
        match self.0 {
            b'b' | b'B' => 1,
            b'h' | b'H' => 2,
            b'i' | b'I' | b'f' | b'u' | b'w' => 4,
            _ => 8,
        }
    }

    pub fn is_text(self) -> bool {
        matches!(self.0, b'u' | b'w')
    }

    pub fn is_float(self) -> bool {
        matches!(self.0, b'f' | b'd')
    }

    pub fn is_signed(self) -> bool {
        self.0.is_ascii_lowercase() && !self.is_text() && !self.is_float()
    }

    /// What a buffer of such items says its format is.
    pub fn format(self) -> &'static CStr {
        match self.0 {
            b'b' => c"b",
            b'B' => c"B",
            b'u' | b'w' => c"w",
            b'h' => c"h",
            b'H' => c"H",
            b'i' => c"i",
            b'I' => c"I",
            b'l' => c"l",
            b'L' => c"L",
            b'q' => c"q",
            b'Q' => c"Q",
            b'f' => c"f",
            _ => c"d",
        }
    }

    /// The number by which pickles name the format: width, signedness and byte order.
    pub fn machine_format(self) -> i32 {
        match (self.0, self.size()) {
            (b'f', _) => 14,
            (b'd', _) => 16,
            (b'u' | b'w', _) => 20,
            (_, 1) => i32::from(self.is_signed()),
            (_, 2) => 2 + 2 * i32::from(self.is_signed()),
            (_, 4) => 6 + 2 * i32::from(self.is_signed()),
            _ => 10 + 2 * i32::from(self.is_signed()),
        }
    }

    /// The item whose bytes begin a word in memory.
    #[inline]
    pub fn unpack(self, word: u64, thread: &mut Thread) -> PyResult<Py<Object>> {
        Ok(match self.0 {
            b'b' => Int::from_i64(i64::from(word as i8), thread).into_object(),
            b'B' => Int::from_i64(i64::from(word as u8), thread).into_object(),
            b'h' => Int::from_i64(i64::from(word as i16), thread).into_object(),
            b'H' => Int::from_i64(i64::from(word as u16), thread).into_object(),
            b'i' => Int::from_i64(i64::from(word as i32), thread).into_object(),
            b'I' => Int::from_i64(i64::from(word as u32), thread).into_object(),
            b'l' | b'q' => Int::from_i64(word as i64, thread).into_object(),
            b'L' | b'Q' => Int::from_u64(word, thread).into_object(),
            b'f' => Float::new(f64::from(f32::from_bits(word as u32)), thread).into_object(),
            b'd' => Float::new(f64::from_bits(word), thread).into_object(),
            _ => {
                let point = word as u32;
                if point > 0x10_FFFF {
                    return Err(raise!(thread, ValueError, "chr() arg not in range(0x110000)"));
                }
                Str::from_code_point(point, thread).into_object()
            }
        })
    }

    /// The bytes of an item, at the low end of a word; may run Python code.
    #[inline]
    pub fn pack(self, value: &Object, thread: &mut Thread) -> PyResult<u64> {
        match self.0 {
            b'f' => Ok(u64::from((protocol::as_f64(value, thread)? as f32).to_bits())),
            b'd' => Ok(protocol::as_f64(value, thread)?.to_bits()),
            b'u' | b'w' => pack_character(value, thread).map(u64::from),
            _ => {
                let small = value.downcast_exact::<Int>().and_then(Int::to_i64);
                match small.filter(|it| self.holds(i128::from(*it))) {
                    Some(small) => Ok(small as u64),
                    None => self.pack_integer(value, thread),
                }
            }
        }
    }

    /// True if an integer is in the range of the code.
    fn holds(self, value: i128) -> bool {
        let bits = 8 * self.size() as u32;
        if self.is_signed() {
            (-(1i128 << (bits - 1))..1i128 << (bits - 1)).contains(&value)
        } else {
            (0..1i128 << bits).contains(&value)
        }
    }

    #[cold]
    fn pack_integer(self, value: &Object, thread: &mut Thread) -> PyResult<u64> {
        let integer = protocol::index(value, thread)?;
        match integer.to_i128().filter(|it| self.holds(*it)) {
            Some(value) => Ok(value as u64),
            None => Err(self.raise_out_of_range(&integer, thread)),
        }
    }

    /// OverflowError in the words of the C type through which CPython converts first.
    fn raise_out_of_range(self, integer: &Int, thread: &mut Thread) -> Raised {
        let message = match (self.0, integer.is_negative()) {
            (b'q', _) | (b'Q', false) => "int too big to convert",
            (b'Q', true) => "can't convert negative int to unsigned",
            (b'I' | b'L', true) => "can't convert negative value to unsigned int",
            (b'I', false) if integer.bit_length() <= 64 => "unsigned int is greater than maximum",
            (b'I' | b'L', false) => "Python int too large to convert to C unsigned long",
            _ => return self.raise_beyond_c_type(integer, thread),
        };
        raise!(thread, OverflowError, "{message}")
    }

    fn raise_beyond_c_type(self, integer: &Int, thread: &mut Thread) -> Raised {
        let Some(value) = integer.to_i64().filter(|_| self.0 != b'l') else {
            return raise!(thread, OverflowError, "Python int too large to convert to C long");
        };
        let name = match self.0 {
            b'b' | b'h' if i16::try_from(value).is_err() => "signed short integer",
            b'b' => "signed char",
            b'B' => "unsigned byte integer",
            b'H' if i32::try_from(value).is_ok() => "unsigned short",
            _ => "signed integer",
        };
        let how = if value < 0 { "less than minimum" } else { "greater than maximum" };
        raise!(thread, OverflowError, "{name} is {how}")
    }
}

fn pack_character(value: &Object, thread: &mut Thread) -> PyResult<u32> {
    let Some(text) = value.downcast::<Str>() else {
        let class = value.class().full_name();
        return Err(raise!(thread, TypeError, "array item must be a unicode character, not {class}"));
    };
    match (text.length(), text.code_point(0)) {
        (1, Some(point)) => Ok(point),
        (length, _) => {
            let message = "array item must be a unicode character, not a string of length";
            Err(raise!(thread, TypeError, "{message} {length}"))
        }
    }
}
