//! `floatobject.h`, `complexobject.h`, `pystrtod.h`: floats and complex numbers.

use std::ffi::{CStr, c_char, c_int};

use builtins::complex::Complex;
use numeric::complex::Complex as Value;
use objects::errors::PyResult;
use objects::float::Float;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::Instance as _;

use crate::entry::{Out, Output, export, text};

/// C's `Py_complex`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyComplexValue {
    pub real: f64,
    pub imag: f64,
}

impl Output for PyComplexValue {
    type C = Self;

    fn into_c(self) -> Self {
        self
    }

    fn error() -> Self {
        Self { real: -1.0, imag: 0.0 }
    }
}

impl crate::entry::Argument for PyComplexValue {
    type C = Self;

    unsafe fn from_c(value: Self, _: &mut Thread) -> PyResult<Self> {
        Ok(value)
    }
}

impl From<Value> for PyComplexValue {
    fn from(value: Value) -> Self {
        Self { real: value.real, imag: value.imaginary }
    }
}

impl From<PyComplexValue> for Value {
    fn from(value: PyComplexValue) -> Self {
        Value::new(value.real, value.imag)
    }
}

/// A complex number of any object: itself, `__complex__`, or a float.
fn as_complex(object: &Object, thread: &mut Thread) -> PyResult<Value> {
    if let Some(complex) = Complex::of(object) {
        return Ok(complex.value());
    }
    if let Some(method) = protocol::lookup_special(object, &objects::names::__complex__, thread)? {
        let result = method.call(object, &[], thread)?;
        let Some(complex) = Complex::of(&result) else {
            let (class, found) = (object.class().full_name(), result.class().full_name());
            return Err(raise!(thread, TypeError, "{class}.__complex__() must return a complex, not {found}"));
        };
        if !complex.is_exactly::<Complex>() {
            let (class, found) = (object.class().full_name(), result.class().full_name());
            let message = format_args!(
                "{class}.__complex__() must return a complex, not {found}.  The ability to return an instance of a strict subclass \
                 of complex is deprecated, and may not be supported in a future version of Python."
            );
            thread.warn(objects::errors::DeprecationWarning, 1, message)?;
        }
        return Ok(complex.value());
    }
    Ok(Value::new(as_double(object, thread)?, 0.0))
}

/// `PyFloat_AsDouble`: of a float itself, whatever its `__float__` may say.
pub fn as_double(object: &Object, thread: &mut Thread) -> PyResult<f64> {
    if let Some(float) = object.downcast::<Float>() {
        return Ok(float.value());
    }
    match objects::float::from_number(object, thread)? {
        Some(value) => Ok(value),
        None => {
            let class = object.class().full_name();
            Err(raise!(thread, TypeError, "must be real number, not {class}"))
        }
    }
}

/// The bytes of a float of so many, in either order.
fn packed(value: f64, size: usize, thread: &mut Thread) -> PyResult<[u8; 8]> {
    let mut bytes = [0; 8];
    match size {
        2 => match numeric::float::pack_half(value) {
            Some(half) => bytes[..2].copy_from_slice(&half.to_le_bytes()),
            None => return Err(raise!(thread, OverflowError, "float too large to pack with e format")),
        },
        4 => {
            let single = value as f32;
            if single.is_infinite() && !value.is_infinite() {
                return Err(raise!(thread, OverflowError, "float too large to pack with f format"));
            }
            let bits = if value.is_nan() { narrow_nan(value) } else { single.to_bits() };
            bytes[..4].copy_from_slice(&bits.to_le_bytes());
        }
        _ => bytes = value.to_le_bytes(),
    }
    Ok(bytes)
}

/// A NaN keeps its sign, its kind and the upper part of its payload.
fn narrow_nan(value: f64) -> u32 {
    let bits = value.to_bits();
    let fraction = ((bits >> 29) & 0x7F_FFFF) as u32;
    let sign = ((bits >> 32) & 0x8000_0000) as u32;
    sign | 0x7F80_0000 | if fraction == 0 { 0x40_0000 } else { fraction }
}

fn widen_nan(bits: u32) -> f64 {
    let sign = u64::from(bits & 0x8000_0000) << 32;
    f64::from_bits(sign | 0x7FF0_0000_0000_0000 | u64::from(bits & 0x7F_FFFF) << 29)
}

fn pack(value: f64, target: *mut u8, size: usize, little: c_int, thread: &mut Thread) -> PyResult<()> {
    let mut bytes = packed(value, size, thread)?;
    if little == 0 {
        bytes[..size].reverse();
    }
    // SAFETY: C's caller passes room for so many bytes.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), target, size) };
    Ok(())
}

fn unpack<const SIZE: usize>(source: *const u8, little: c_int) -> [u8; SIZE] {
    let mut bytes = [0; SIZE];
    // SAFETY: C's caller passes so many bytes.
    unsafe { std::ptr::copy_nonoverlapping(source, bytes.as_mut_ptr(), SIZE) };
    if little == 0 {
        bytes.reverse();
    }
    bytes
}

export! { thread;
    fn PyFloat_FromDouble(value: f64) -> Py<Float> { Ok(Float::new(value, thread)) }

    fn PyFloat_FromString(object: &Object) -> Py<Object> {
        let text_or_buffer = object.downcast::<objects::str::Str>().is_some() || protocol::buffer::has_buffer(object);
        if !text_or_buffer {
            let class = object.class().full_name();
            return Err(raise!(thread, TypeError, "float() argument must be a string or a real number, not '{class}'"));
        }
        let class: &Object = Float::class();
        let result = protocol::call_one(class, object, thread);
        match thread.suppress(result, objects::errors::BufferError)? {
            Some(float) => Ok(float),
            None => {
                let class = object.class().full_name();
                Err(raise!(thread, TypeError, "float() argument must be a string or a real number, not '{class}'"))
            }
        }
    }

    fn PyFloat_AsDouble(object: Option<&Object>) -> f64 {
        match object {
            Some(object) => as_double(object, thread),
            None => Err(raise!(thread, TypeError, "bad argument type for built-in operation")),
        }
    }

    fn PyFloat_GetMax() -> f64 { let _ = &thread; Ok(f64::MAX) }
    fn PyFloat_GetMin() -> f64 { let _ = &thread; Ok(f64::MIN_POSITIVE) }

    fn PyFloat_GetInfo() -> Py<Object> {
        let name = thread.intern_text("float_info");
        crate::sysmodule::get(&name, thread)
    }

    fn PyFloat_Pack2(value: f64, target: *mut u8, little: i32) -> () { pack(value, target, 2, little, thread) }
    fn PyFloat_Pack4(value: f64, target: *mut u8, little: i32) -> () { pack(value, target, 4, little, thread) }
    fn PyFloat_Pack8(value: f64, target: *mut u8, little: i32) -> () { pack(value, target, 8, little, thread) }

    fn PyFloat_Unpack2(source: *mut u8, little: i32) -> f64 {
        let _ = &thread;
        Ok(numeric::float::unpack_half(u16::from_le_bytes(unpack(source, little))))
    }

    fn PyFloat_Unpack4(source: *mut u8, little: i32) -> f64 {
        let _ = &thread;
        let bits = u32::from_le_bytes(unpack(source, little));
        let value = f32::from_bits(bits);
        Ok(if value.is_nan() { widen_nan(bits) } else { f64::from(value) })
    }

    fn PyFloat_Unpack8(source: *mut u8, little: i32) -> f64 {
        let _ = &thread;
        Ok(f64::from_le_bytes(unpack(source, little)))
    }

    fn PyComplex_FromDoubles(real: f64, imaginary: f64) -> Py<Complex> { Ok(Complex::new(real, imaginary, thread)) }

    fn PyComplex_FromCComplex(value: PyComplexValue) -> Py<Complex> {
        Ok(Complex::new(value.real, value.imag, thread))
    }

    fn PyComplex_AsCComplex(object: &Object) -> PyComplexValue { Ok(as_complex(object, thread)?.into()) }

    fn PyComplex_RealAsDouble(object: &Object) -> f64 { Ok(as_complex(object, thread)?.real) }

    fn PyComplex_ImagAsDouble(object: &Object) -> f64 {
        if Complex::of(object).is_none()
            && protocol::lookup_special(object, &objects::names::__complex__, thread)?.is_none()
        {
            as_double(object, thread)?;
            return Ok(0.0);
        }
        Ok(as_complex(object, thread)?.imaginary)
    }

    fn PyOS_string_to_double(literal: &CStr, end: Out<*mut c_char>, overflow: Option<&Object>) -> f64 {
        string_to_double(literal, end, overflow, thread)
    }
}

/// How much of the text is a number is found by parsing shorter and shorter pieces.
fn string_to_double(
    literal: &CStr,
    end: Out<*mut c_char>,
    overflow: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<f64> {
    let bytes = literal.to_bytes();
    let possible = bytes.iter().take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'-' | b'.')).count();
    let starts_well = bytes.first().is_some_and(|it| !it.is_ascii_whitespace());
    let found = (1..=possible)
        .rev()
        .filter(|_| starts_well)
        .find_map(|length| numeric::float::parse_float(&bytes[..length]).map(|value| (length, value)));
    let shown = text(literal);
    let Some((length, value)) = found else {
        end.set(literal.as_ptr().cast_mut());
        return Err(raise!(thread, ValueError, "could not convert string to float: '{shown}'"));
    };
    if end.is_null() && length != bytes.len() {
        return Err(raise!(thread, ValueError, "could not convert string to float: '{shown}'"));
    }
    end.set(literal.as_ptr().cast_mut().wrapping_add(length));
    let is_word = bytes[..length].iter().any(|it| matches!(it, b'n' | b'N' | b'f' | b'F'));
    if value.is_infinite()
        && !is_word
        && let Some(class) = overflow
    {
        let message = format!("value too large to convert to float: '{shown}'");
        let message = objects::str::Str::from_str(&message, thread);
        return Err(crate::pyerrors::set_object(class, Some(&message), thread));
    }
    Ok(value)
}

/// Arithmetic of C's complex numbers, which cannot raise: a domain error is in `errno`.
macro_rules! complex_operations {
    ($(fn $name:ident = $operation:expr;)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C-unwind" fn $name(left: PyComplexValue, right: PyComplexValue) -> PyComplexValue {
            let operation: fn(Value, Value) -> Result<Value, c_int> = $operation;
            match operation(left.into(), right.into()) {
                Ok(value) => value.into(),
                Err(number) => {
                    set_errno(number);
                    PyComplexValue { real: 0.0, imag: 0.0 }
                }
            }
        }
    )*};
}

fn set_errno(number: c_int) {
    // SAFETY: the address is this thread's own.
    unsafe { *libc::__errno_location() = number }
}

complex_operations! {
    fn _Py_c_sum = |left, right| Ok(Value::new(left.real + right.real, left.imaginary + right.imaginary));
    fn _Py_c_diff = |left, right| Ok(Value::new(left.real - right.real, left.imaginary - right.imaginary));
    fn _Py_c_prod = |left, right| Ok(numeric::complex::multiply(left, right));
    fn _Py_c_quot = |left, right| numeric::complex::divide(left, right).map_err(|_| libc::EDOM);
    fn _Py_c_pow = |left, right| numeric::complex::power(left, right).map_err(|error| match error {
        numeric::complex::ComplexError::Overflow => libc::ERANGE,
        _ => libc::EDOM,
    });
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn _Py_c_neg(value: PyComplexValue) -> PyComplexValue {
    PyComplexValue { real: -value.real, imag: -value.imag }
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn _Py_c_abs(value: PyComplexValue) -> f64 {
    set_errno(0);
    Value::from(value).absolute().unwrap_or_else(|| {
        set_errno(libc::ERANGE);
        f64::INFINITY
    })
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn _Py_cr_sum(left: PyComplexValue, right: f64) -> PyComplexValue {
    PyComplexValue { real: left.real + right, imag: left.imag }
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn _Py_cr_diff(left: PyComplexValue, right: f64) -> PyComplexValue {
    PyComplexValue { real: left.real - right, imag: left.imag }
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn _Py_rc_diff(left: f64, right: PyComplexValue) -> PyComplexValue {
    PyComplexValue { real: left - right.real, imag: -right.imag }
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn _Py_cr_prod(left: PyComplexValue, right: f64) -> PyComplexValue {
    PyComplexValue { real: left.real * right, imag: left.imag * right }
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn _Py_cr_quot(left: PyComplexValue, right: f64) -> PyComplexValue {
    if right == 0.0 {
        set_errno(libc::EDOM);
        return PyComplexValue { real: 0.0, imag: 0.0 };
    }
    PyComplexValue { real: left.real / right, imag: left.imag / right }
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn _Py_rc_quot(left: f64, right: PyComplexValue) -> PyComplexValue {
    match numeric::complex::divide_real(left, right.into()) {
        Ok(value) => value.into(),
        Err(_) => {
            set_errno(libc::EDOM);
            PyComplexValue { real: 0.0, imag: 0.0 }
        }
    }
}
