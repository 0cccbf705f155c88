//! Values of C's simple types: their bytes, and the objects that stand for them. The codes are those of `_SimpleCData._type_`.

use builtins::bytearray::ByteArray;
use builtins::bytes::Bytes;
use builtins::complex::Complex;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::protocol::buffer::BytesLike;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::helpers::wide_text;
use crate::memory::{cut, place};

/// Bytes of a value.
pub fn size(code: char) -> usize {
    match code {
        'c' | 'b' | 'B' | '?' => 1,
        'h' | 'H' | 'v' => 2,
        'i' | 'I' | 'f' | 'u' => 4,
        'g' | 'D' => 16,
        'G' => 32,
        // 'F' are two floats; the others are pointers or as long.
        _ => 8,
    }
}

/// The bytes of a value that was packed.
pub struct Packed {
    bytes: [u8; 32],
    length: usize,
}

impl Packed {
    fn new(bytes: &[u8]) -> Self {
        let mut packed = Self { bytes: [0; 32], length: bytes.len() };
        packed.bytes[..bytes.len()].copy_from_slice(bytes);
        packed
    }

    pub fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// The bytes of x87's extended format, padded, for a double.
pub fn extend(value: f64) -> [u8; 16] {
    let bits = value.to_bits();
    let (sign, exponent, fraction) = (bits >> 63, bits >> 52 & 0x7FF, bits & 0xF_FFFF_FFFF_FFFF);
    let (exponent, significand) = match (exponent, fraction) {
        (0, 0) => (0, 0),
        (0, fraction) => {
            // Subnormal numbers are normal in the wider format.
            let shift = fraction.leading_zeros();
            (16383 - 1022 - (u64::from(shift) - 11), fraction << shift)
        }
        (0x7FF, fraction) => (0x7FFF, 1 << 63 | fraction << 11),
        (exponent, fraction) => (exponent + 16383 - 1023, 1 << 63 | fraction << 11),
    };
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&significand.to_le_bytes());
    bytes[8..10].copy_from_slice(&((sign << 15 | exponent) as u16).to_le_bytes());
    bytes
}

/// The double that is nearest to a number in x87's extended format.
pub fn shorten(bytes: &[u8; 16]) -> f64 {
    let significand = u64::from_le_bytes(bytes[..8].try_into().unwrap_or_default());
    let head = u16::from_le_bytes([bytes[8], bytes[9]]);
    let exponent = i32::from(head & 0x7FFF);
    let magnitude = match (exponent, significand << 1) {
        (0x7FFF, 0) => f64::INFINITY,
        (0x7FFF, _) => f64::NAN,
        // In steps, since the power alone may be out of range.
        _ => {
            let power = exponent - 16383 - 63;
            let half = power / 2;
            significand as f64 * 2f64.powi(half) * 2f64.powi(power - half)
        }
    };
    if head & 0x8000 != 0 { -magnitude } else { magnitude }
}

/// # Safety
/// `N` bytes can be read there.
unsafe fn bytes_at<const N: usize>(place: *const u8, swapped: bool) -> [u8; N] {
    // SAFETY: passed on to the caller.
    let mut bytes = unsafe { place.cast::<[u8; N]>().read_unaligned() };
    if swapped {
        bytes.reverse();
    }
    bytes
}

/// The object for the value at an address.
///
/// # Safety
/// A value of the type can be read there; pointers in it point to what their type says.
pub unsafe fn load(code: char, swapped: bool, place: *const u8, thread: &mut Thread) -> PyResult<Py<Object>> {
    // SAFETY: passed on to the caller.
    unsafe {
        let integer = match code {
            'b' => i128::from(i8::from_le_bytes(bytes_at(place, false))),
            'B' => i128::from(u8::from_le_bytes(bytes_at(place, false))),
            'h' => i128::from(i16::from_le_bytes(bytes_at(place, swapped))),
            'H' => i128::from(u16::from_le_bytes(bytes_at(place, swapped))),
            'i' => i128::from(i32::from_le_bytes(bytes_at(place, swapped))),
            'I' => i128::from(u32::from_le_bytes(bytes_at(place, swapped))),
            'l' | 'q' => i128::from(i64::from_le_bytes(bytes_at(place, swapped))),
            'L' | 'Q' | 'P' => i128::from(u64::from_le_bytes(bytes_at(place, swapped))),
            _ => return load_other(code, swapped, place, thread),
        };
        if code == 'P' && integer == 0 {
            return Ok(thread.none());
        }
        Ok(make_int(integer, thread))
    }
}

/// # Safety
/// As [`load`].
unsafe fn load_other(code: char, swapped: bool, place_: *const u8, thread: &mut Thread) -> PyResult<Py<Object>> {
    // SAFETY: passed on to the caller.
    unsafe {
        let single = |offset: usize| f64::from(f32::from_le_bytes(bytes_at(place_.add(offset), swapped)));
        let double = |offset: usize| f64::from_le_bytes(bytes_at(place_.add(offset), swapped));
        let long = |offset: usize| shorten(&bytes_at::<16>(place_.add(offset), false));
        match code {
            'c' => thread.make_bytes(&bytes_at::<1>(place_, false)),
            '?' => Ok(objects::bool::Bool::new(bytes_at::<1>(place_, false)[0] != 0)),
            'f' => Ok(Float::new(single(0), thread).into_object()),
            'd' => Ok(Float::new(double(0), thread).into_object()),
            'g' => Ok(Float::new(long(0), thread).into_object()),
            'F' => Ok(Complex::new(single(0), single(4), thread).into_object()),
            'D' => Ok(Complex::new(double(0), double(8), thread).into_object()),
            'G' => Ok(Complex::new(long(0), long(16), thread).into_object()),
            'v' => Ok(objects::bool::Bool::new(bytes_at::<2>(place_, false) != [0; 2])),
            'u' => wide_text(place_, Some(1), thread),
            'z' | 'Z' | 'O' => load_pointer(code, usize::from_le_bytes(bytes_at(place_, false)), thread),
            _ => Err(raise!(thread, SystemError, "unknown type code {code:?}")),
        }
    }
}

/// # Safety
/// The pointer points to what its code says, or is null.
unsafe fn load_pointer(code: char, address: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
    if address == 0 {
        return match code {
            'O' => Err(raise!(thread, ValueError, "PyObject is NULL")),
            _ => Ok(thread.none()),
        };
    }
    // SAFETY: passed on to the caller.
    unsafe {
        match code {
            'z' => thread.make_bytes(std::ffi::CStr::from_ptr(place(address).cast()).to_bytes()),
            'Z' => wide_text(place(address), None, thread),
            _ => match Object::from_pointer(place(address).cast()) {
                Some(object) => Ok(Py::from_ref(object)),
                None => Ok(thread.none()),
            },
        }
    }
}

fn one_byte(value: &Object, thread: &mut Thread) -> PyResult<u8> {
    let is_bytes = value.downcast::<Bytes>().is_some() || value.downcast::<ByteArray>().is_some();
    if is_bytes {
        let bytes = BytesLike::of(value, thread)?;
        let bytes = bytes.as_slice(thread);
        if let [byte] = bytes {
            return Ok(*byte);
        }
        let (kind, length) = (value.class().short_name(), bytes.len());
        let message = "one character bytes, bytearray, or an integer in range(256) expected, not";
        return Err(raise!(thread, TypeError, "{message} {kind} of length {length}"));
    }
    if let Some(byte) = value.downcast::<Int>().and_then(Int::to_i128).and_then(|it| u8::try_from(it).ok()) {
        return Ok(byte);
    }
    if value.downcast::<Int>().is_some() {
        return Err(raise!(thread, TypeError, "integer not in range(256)"));
    }
    let class = value.class().short_name();
    let message = "one character bytes, bytearray, or an integer in range(256) expected, not";
    Err(raise!(thread, TypeError, "{message} {class}"))
}

fn one_character(value: &Object, thread: &mut Thread) -> PyResult<u32> {
    let Some(text) = value.downcast::<Str>() else {
        let class = value.class().short_name();
        return Err(raise!(thread, TypeError, "a unicode character expected, not instance of {class}"));
    };
    match (text.length(), text.code_point(0)) {
        (1, Some(point)) => Ok(point),
        (length, _) => {
            let message = "a unicode character expected, not a string of length";
            Err(raise!(thread, TypeError, "{message} {length}"))
        }
    }
}

fn complex(value: &Object, thread: &mut Thread) -> PyResult<(f64, f64)> {
    if let Some(complex) = Complex::of(value) {
        return Ok((complex.real(), complex.imaginary()));
    }
    let name = thread.intern_text("__complex__");
    if let Some(method) = protocol::lookup_attribute(value, &name, thread)? {
        let made = protocol::call(&method, &[], thread)?;
        if let Some(complex) = Complex::of(&made) {
            return Ok((complex.real(), complex.imaginary()));
        }
    }
    Ok((protocol::as_f64(value, thread)?, 0.0))
}

/// The bytes of the value that an object stands for. Pointers to text are packed by whoever keeps the text.
pub fn pack(code: char, swapped: bool, value: &Object, thread: &mut Thread) -> PyResult<Packed> {
    let mut packed = match code {
        'c' => Packed::new(&[one_byte(value, thread)?]),
        'b' | 'B' | 'h' | 'H' | 'i' | 'I' | 'l' | 'L' | 'q' | 'Q' => {
            Packed::new(&cut(value, thread)?.to_le_bytes()[..size(code)])
        }
        'P' if value.is_none() => Packed::new(&[0; 8]),
        'P' if value.downcast::<Int>().is_none() => {
            return Err(raise!(thread, TypeError, "cannot be converted to pointer"));
        }
        'P' => Packed::new(&cut(value, thread)?.to_le_bytes()),
        'O' => Packed::new(&value.as_pointer().expose_provenance().to_le_bytes()),
        '?' => Packed::new(&[u8::from(protocol::is_true(value, thread)?)]),
        'v' if protocol::is_true(value, thread)? => Packed::new(&[0xFF; 2]),
        'v' => Packed::new(&[0; 2]),
        'f' => Packed::new(&(protocol::as_f64(value, thread)? as f32).to_le_bytes()),
        'd' => Packed::new(&protocol::as_f64(value, thread)?.to_le_bytes()),
        'g' => Packed::new(&extend(protocol::as_f64(value, thread)?)),
        'u' => Packed::new(&one_character(value, thread)?.to_le_bytes()),
        'F' | 'D' | 'G' => {
            let (real, imaginary) = complex(value, thread)?;
            let parts: Vec<u8> = match code {
                'F' => [real as f32, imaginary as f32].map(f32::to_le_bytes).concat(),
                'D' => [real, imaginary].map(f64::to_le_bytes).concat(),
                _ => [extend(real), extend(imaginary)].concat(),
            };
            Packed::new(&parts)
        }
        _ => return Err(raise!(thread, SystemError, "unknown type code {code:?}")),
    };
    if swapped {
        // Complex numbers are two numbers.
        let unit = if "FD".contains(code) { packed.length / 2 } else { packed.length };
        packed.bytes[..packed.length].chunks_mut(unit.max(1)).for_each(<[u8]>::reverse);
    }
    Ok(packed)
}
