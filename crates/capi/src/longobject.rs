//! `longobject.h` and `cpython/longintrepr.h`: integers.

use std::ffi::{CStr, c_char, c_int, c_void};

use layout::{PyLongExport, PyLongLayout, PyObject};
use numeric::convert::bytes::{ByteOrder, from_bytes, to_bytes};
use objects::errors::PyResult;
use objects::int::Int;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::abstract_number::Converted;
use crate::entry::{Array, Out, bad_internal_call, export};

/// The object as an int, `__index__` included.
fn int(object: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
    match object.downcast::<Int>() {
        Some(int) => Ok(Py::from_ref(int)),
        None => protocol::index(object, thread),
    }
}

/// The object, which must be an int itself.
fn int_itself<'a>(object: Option<&'a Object>, thread: &mut Thread) -> PyResult<&'a Int> {
    match object {
        None => bad_internal_call(thread),
        Some(object) => match object.downcast::<Int>() {
            Some(int) => Ok(int),
            None => Err(raise!(thread, TypeError, "an integer is required")),
        },
    }
}

/// A signed machine integer, or OverflowError that names C's type.
fn signed(object: Option<&Object>, c_type: &str, thread: &mut Thread) -> PyResult<i64> {
    let Some(object) = object else { return bad_internal_call(thread) };
    match int(object, thread)?.to_i64() {
        Some(value) => Ok(value),
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C {c_type}")),
    }
}

/// `PyLong_AsInt`.
pub fn as_int(object: &Object, thread: &mut Thread) -> PyResult<c_int> {
    let value = signed(Some(object), "int", thread)?;
    match c_int::try_from(value) {
        Ok(value) => Ok(value),
        Err(_) => Err(raise!(thread, OverflowError, "Python int too large to convert to C int")),
    }
}

/// An unsigned machine integer of an int itself.
fn unsigned(int: &Int, c_type: &str, thread: &mut Thread) -> PyResult<u64> {
    if int.is_negative() {
        return Err(raise!(thread, OverflowError, "can't convert negative value to unsigned int"));
    }
    match int.to_i128().and_then(|it| u64::try_from(it).ok()) {
        Some(value) => Ok(value),
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C {c_type}")),
    }
}

/// The value cut to 64 bits.
fn masked(object: Option<&Object>, thread: &mut Thread) -> PyResult<u64> {
    let Some(object) = object else { return bad_internal_call(thread) };
    Ok(int(object, thread)?.signed().wrapping_u64())
}

/// The value, or the nearest one that fits, with the sign of what did not fit in `overflow`.
fn with_overflow(object: Option<&Object>, overflow: Out<c_int>, thread: &mut Thread) -> PyResult<i64> {
    overflow.set(0);
    let Some(object) = object else { return bad_internal_call(thread) };
    let int = int(object, thread)?;
    Ok(int.to_i64().unwrap_or_else(|| {
        overflow.set(if int.is_negative() { -1 } else { 1 });
        -1
    }))
}

export! { thread;
    fn PyLong_FromLong(value: i64) -> Py<Int> { Ok(Int::from_i64(value, thread)) }
    fn PyLong_FromLongLong(value: i64) -> Py<Int> { Ok(Int::from_i64(value, thread)) }
    fn PyLong_FromSsize_t(value: isize) -> Py<Int> { Ok(Int::from_i64(value as i64, thread)) }
    fn PyLong_FromInt32(value: i32) -> Py<Int> { Ok(Int::from_i64(i64::from(value), thread)) }
    fn PyLong_FromInt64(value: i64) -> Py<Int> { Ok(Int::from_i64(value, thread)) }
    fn _PyLong_FromTime_t(value: i64) -> Py<Int> { Ok(Int::from_i64(value, thread)) }
    fn PyLong_FromUnsignedLong(value: u64) -> Py<Int> { Ok(Int::from_u64(value, thread)) }
    fn PyLong_FromUnsignedLongLong(value: u64) -> Py<Int> { Ok(Int::from_u64(value, thread)) }
    fn PyLong_FromSize_t(value: usize) -> Py<Int> { Ok(Int::from_u64(value as u64, thread)) }
    fn PyLong_FromUInt32(value: u32) -> Py<Int> { Ok(Int::from_u64(u64::from(value), thread)) }
    fn PyLong_FromUInt64(value: u64) -> Py<Int> { Ok(Int::from_u64(value, thread)) }
    fn PyLong_FromVoidPtr(value: *mut c_void) -> Py<Int> { Ok(Int::from_u64(value as usize as u64, thread)) }
    fn PyLong_FromDouble(value: f64) -> Py<Int> { Int::from_f64(value, thread) }

    fn PyLong_FromString(literal: *mut c_char, end: Out<*mut c_char>, base: i32) -> Py<Int> {
        from_string(literal, end, base, thread)
    }

    fn PyLong_FromUnicodeObject(literal: &Object, base: i32) -> Py<Int> {
        let Some(literal) = literal.downcast::<Str>() else { return bad_internal_call(thread) };
        Int::from_str(literal, checked_base(base, thread)?, thread)
    }

    fn PyLong_AsLong(object: Option<&Object>) -> i64 { signed(object, "long", thread) }
    fn PyLong_AsLongLong(object: Option<&Object>) -> i64 { signed(object, "long long", thread) }
    fn PyLong_AsInt64(object: Option<&Object>, value: Out<i64>) -> () {
        value.set(signed(object, "int64_t", thread)?);
        Ok(())
    }

    fn PyLong_AsInt32(object: Option<&Object>, value: Out<i32>) -> () {
        let wide = signed(object, "int32_t", thread)?;
        match i32::try_from(wide) {
            Ok(narrow) => value.set(narrow),
            Err(_) => return Err(raise!(thread, OverflowError, "Python int too large to convert to C int32_t")),
        }
        Ok(())
    }

    fn PyLong_AsUInt64(object: Option<&Object>, value: Out<u64>) -> () {
        let Some(object) = object else { return bad_internal_call(thread) };
        let int = int(object, thread)?;
        value.set(unsigned_of_size(&int, u64::MAX, "uint64_t", thread)?);
        Ok(())
    }

    fn PyLong_AsUInt32(object: Option<&Object>, value: Out<u32>) -> () {
        let Some(object) = object else { return bad_internal_call(thread) };
        let int = int(object, thread)?;
        value.set(unsigned_of_size(&int, u64::from(u32::MAX), "uint32_t", thread)? as u32);
        Ok(())
    }

    fn PyLong_AsInt(object: Option<&Object>) -> i32 {
        match object {
            Some(object) => as_int(object, thread),
            None => bad_internal_call(thread),
        }
    }

    fn PyLong_AsLongAndOverflow(object: Option<&Object>, overflow: Out<c_int>) -> i64 {
        with_overflow(object, overflow, thread)
    }

    fn PyLong_AsLongLongAndOverflow(object: Option<&Object>, overflow: Out<c_int>) -> i64 {
        with_overflow(object, overflow, thread)
    }

    fn PyLong_AsSsize_t(object: Option<&Object>) -> isize {
        match int_itself(object, thread)?.to_i64() {
            Some(value) => Ok(value as isize),
            None => Err(raise!(thread, OverflowError, "Python int too large to convert to C ssize_t")),
        }
    }

    fn PyLong_AsSize_t(object: Option<&Object>) -> usize {
        let int = int_itself(object, thread)?;
        if int.is_negative() {
            return Err(raise!(thread, OverflowError, "can't convert negative value to size_t"));
        }
        unsigned(int, "size_t", thread).map(|it| it as usize)
    }

    fn PyLong_AsUnsignedLong(object: Option<&Object>) -> u64 {
        let int = int_itself(object, thread)?;
        unsigned(int, "unsigned long", thread)
    }

    fn PyLong_AsUnsignedLongLong(object: Option<&Object>) -> u64 {
        let int = int_itself(object, thread)?;
        unsigned(int, "unsigned long long", thread)
    }

    fn PyLong_AsUnsignedLongMask(object: Option<&Object>) -> u64 { masked(object, thread) }
    fn PyLong_AsUnsignedLongLongMask(object: Option<&Object>) -> u64 { masked(object, thread) }

    fn PyLong_AsVoidPtr(object: Option<&Object>) -> *mut c_void {
        let int = int_itself(object, thread)?;
        let value = if int.is_negative() {
            signed(object, "long", thread)? as u64
        } else {
            unsigned(int, "unsigned long", thread)?
        };
        Ok(value as usize as *mut c_void)
    }

    fn PyLong_AsDouble(object: Option<&Object>) -> f64 { int_itself(object, thread)?.to_f64(thread) }

    fn PyLong_GetSign(object: Option<&Object>, sign: Out<c_int>) -> () {
        let Some(int) = object.and_then(|it| it.downcast::<Int>()) else {
            let found = object.map(|it| it.class().full_name()).unwrap_or_default();
            return Err(raise!(thread, TypeError, "expect int, got {found}"));
        };
        sign.set(if int.is_zero() { 0 } else if int.is_negative() { -1 } else { 1 });
        Ok(())
    }

    fn PyLong_IsPositive(object: Option<&Object>) -> bool {
        let int = expect_int(object, thread)?;
        Ok(!int.is_zero() && !int.is_negative())
    }

    fn PyLong_IsNegative(object: Option<&Object>) -> bool { Ok(expect_int(object, thread)?.is_negative()) }
    fn PyLong_IsZero(object: Option<&Object>) -> bool { Ok(expect_int(object, thread)?.is_zero()) }

    fn _PyLong_Sign(object: Option<&Object>) -> i32 {
        let int = expect_int(object, thread)?;
        Ok(if int.is_zero() { 0 } else if int.is_negative() { -1 } else { 1 })
    }

    fn _PyLong_NumBits(object: Option<&Object>) -> i64 { Ok(expect_int(object, thread)?.bit_length() as i64) }

    fn _PyLong_Copy(object: Option<&Object>) -> Py<Int> { int_itself(object, thread)?.to_exact(thread) }

    fn PyLong_AsNativeBytes(object: &Object, buffer: *mut c_void, size: isize, flags: i32) -> isize {
        as_native_bytes(object, buffer, size, flags, thread)
    }

    fn PyLong_FromNativeBytes(buffer: Array<u8>, size: usize, flags: i32) -> Py<Int> {
        let signed = flags == -1 || flags & 4 == 0;
        Int::from_integer(&from_bytes(buffer.first(size), order_of(flags), signed), thread)
    }

    fn PyLong_FromUnsignedNativeBytes(buffer: Array<u8>, size: usize, flags: i32) -> Py<Int> {
        Int::from_integer(&from_bytes(buffer.first(size), order_of(flags), false), thread)
    }

    fn _PyLong_FromByteArray(buffer: Array<u8>, size: usize, little: i32, signed: i32) -> Py<Int> {
        let order = if little != 0 { ByteOrder::Little } else { ByteOrder::Big };
        Int::from_integer(&from_bytes(buffer.first(size), order, signed != 0), thread)
    }

    fn _PyLong_AsByteArray(object: &Object, buffer: *mut u8, size: usize, little: i32, signed: i32, raises: i32) -> () {
        let int = int_itself(Some(object), thread)?;
        let order = if little != 0 { ByteOrder::Little } else { ByteOrder::Big };
        let mut bytes = vec![0; size];
        let result = to_bytes(int.signed(), order, signed != 0, &mut bytes);
        if let Err(error) = result {
            let _ = raises;
            return Err(raise!(thread, OverflowError, "{error}"));
        }
        copy_out(&bytes, buffer);
        Ok(())
    }

    fn PyLong_GetInfo() -> Py<Object> {
        let name = thread.intern_text("int_info");
        crate::sysmodule::get(&name, thread)
    }

    fn PyLong_GetNativeLayout() -> *const PyLongLayout {
        let _ = &thread;
        Ok(&raw const NATIVE_LAYOUT)
    }

    fn PyLong_Export(object: &Object, result: *mut PyLongExport) -> () { export_digits(object, result, thread) }

    fn PyLong_FreeExport(result: *mut PyLongExport) -> crate::entry::Nothing {
        // SAFETY: C's caller passes what `PyLong_Export` has filled in.
        let result = unsafe { &mut *result };
        if result._reserved != 0 {
            let object = result._reserved as *mut PyObject;
            result._reserved = 0;
            objects::refs::release_now(object, thread);
        }
        Ok(crate::entry::Nothing)
    }

    fn PyLongWriter_Create(negative: i32, count: isize, digits: Out<*mut c_void>) -> *mut c_void {
        if count <= 0 {
            return Err(raise!(thread, ValueError, "ndigits must be positive"));
        }
        digits.set(std::ptr::null_mut());
        let mut writer = Box::new(Writer { negative: negative != 0, digits: vec![0; count as usize] });
        digits.set(writer.digits.as_mut_ptr().cast());
        Ok(Box::into_raw(writer).cast())
    }

    fn PyLongWriter_Finish(writer: *mut c_void) -> Py<Int> {
        // SAFETY: C's caller passes what `PyLongWriter_Create` gave, once.
        let writer = unsafe { Box::from_raw(writer.cast::<Writer>()) };
        let used = writer.digits.iter().rposition(|it| *it != 0).map_or(0, |it| it + 1);
        Ok(Int::from_digits(writer.negative && used > 0, &writer.digits[..used], thread))
    }

    fn PyLongWriter_Discard(writer: *mut c_void) -> crate::entry::Nothing {
        let _ = &thread;
        if !writer.is_null() {
            // SAFETY: C's caller passes what `PyLongWriter_Create` gave, once.
            drop(unsafe { Box::from_raw(writer.cast::<Writer>()) });
        }
        Ok(crate::entry::Nothing)
    }
}

/// Integers whose digits C code writes.
struct Writer {
    negative: bool,
    digits: Vec<u32>,
}

static NATIVE_LAYOUT: PyLongLayout =
    PyLongLayout { bits_per_digit: 30, digit_size: 4, digits_order: -1, digit_endianness: -1 };

fn expect_int<'a>(object: Option<&'a Object>, thread: &mut Thread) -> PyResult<&'a Int> {
    match object.and_then(|it| it.downcast::<Int>()) {
        Some(int) => Ok(int),
        None => {
            let found = object.map(|it| it.class().full_name()).unwrap_or_default();
            Err(raise!(thread, TypeError, "expected int, got {found}"))
        }
    }
}

fn unsigned_of_size(int: &Int, largest: u64, c_type: &str, thread: &mut Thread) -> PyResult<u64> {
    if int.is_negative() {
        return Err(raise!(thread, ValueError, "can't convert negative int to unsigned"));
    }
    match int.to_i128().and_then(|it| u64::try_from(it).ok()).filter(|it| *it <= largest) {
        Some(value) => Ok(value),
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C {c_type}")),
    }
}

fn checked_base(base: c_int, thread: &mut Thread) -> PyResult<u32> {
    match u32::try_from(base).ok().filter(|it| *it == 0 || (2..=36).contains(it)) {
        Some(base) => Ok(base),
        None => Err(raise!(thread, ValueError, "int() arg 2 must be >= 2 and <= 36")),
    }
}

/// Where the literal at the start of a C string ends is found by parsing shorter and shorter pieces of what may be one.
fn from_string(literal: *mut c_char, end: Out<*mut c_char>, base: c_int, thread: &mut Thread) -> PyResult<Py<Int>> {
    end.set(literal);
    let base = checked_base(base, thread)?;
    // SAFETY: C's caller passes a C string.
    let bytes = unsafe { CStr::from_ptr(literal) }.to_bytes();
    if end.is_null() {
        let source = Str::from_str(&String::from_utf8_lossy(bytes), thread);
        return Int::from_text(bytes, base, &source, thread);
    }
    let space = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let start = bytes.iter().take_while(|it| space(it)).count();
    let mut stop = start + usize::from(matches!(bytes.get(start), Some(b'+' | b'-')));
    while bytes.get(stop).is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'_') {
        stop += 1;
    }
    while stop > start {
        if numeric::radix::int_from_text(&bytes[start..stop], base, 0).is_ok() {
            let source = Str::from_str(&String::from_utf8_lossy(&bytes[start..stop]), thread);
            let result = Int::from_text(&bytes[start..stop], base, &source, thread)?;
            let trailing = bytes[stop..].iter().take_while(|it| space(it)).count();
            end.set(literal.wrapping_add(stop + trailing));
            return Ok(result);
        }
        stop -= 1;
    }
    let source = Str::from_str(&String::from_utf8_lossy(bytes), thread);
    Int::from_text(b"", base, &source, thread)
}

/// The byte order that the flags of the functions for native bytes ask for.
fn order_of(flags: c_int) -> ByteOrder {
    if flags == -1 || flags & 2 != 0 || flags & 1 != 0 { ByteOrder::Little } else { ByteOrder::Big }
}

fn copy_out(bytes: &[u8], buffer: *mut u8) {
    // SAFETY: C's caller says that the buffer has room for so many bytes.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), buffer, bytes.len()) }
}

/// `PyLong_AsNativeBytes`: two's complement of as many bytes as there is room for; how many are needed.
fn as_native_bytes(
    object: &Object,
    buffer: *mut c_void,
    size: isize,
    flags: c_int,
    thread: &mut Thread,
) -> PyResult<isize> {
    let Ok(size) = usize::try_from(size) else {
        return Err(raise!(thread, SystemError, "bad argument to internal function"));
    };
    let given = |flag: c_int| flags != -1 && flags & flag != 0;
    let int = match object.downcast::<Int>() {
        Some(int) => Py::from_ref(int),
        None if given(16) => protocol::index(object, thread)?,
        None => {
            let found = object.class().full_name();
            return Err(raise!(thread, TypeError, "expect int, got {found}"));
        }
    };
    if int.is_negative() && given(8) {
        return Err(raise!(thread, ValueError, "Cannot convert negative int"));
    }
    let unsigned = flags == -1 || given(4);
    let needed = needed_bytes(&int, size, unsigned, thread)?;
    if size > 0 {
        let mut bytes = vec![0; size.max(needed) + 1];
        if let Err(error) = to_bytes(int.signed(), ByteOrder::Little, true, &mut bytes) {
            return Err(raise!(thread, OverflowError, "{error}"));
        }
        bytes.truncate(size);
        if order_of(flags) == ByteOrder::Big {
            bytes.reverse();
        }
        copy_out(&bytes, buffer.cast());
    }
    Ok(needed as isize)
}

/// How many bytes `PyLong_AsNativeBytes` says that a value needs. Of values of one digit nobody counts the bits: they need what there is
/// room for if they fit, a machine word otherwise.
fn needed_bytes(int: &Int, size: usize, unsigned: bool, thread: &mut Thread) -> PyResult<usize> {
    const WORD: usize = size_of::<isize>();
    let bits = int.bit_length() as usize;
    if let Some(value) = int.compact_value() {
        let fits = size > 0 && (size >= WORD || (-(1 << (8 * size - 1))..1 << (8 * size - 1)).contains(&value));
        return Ok(match size {
            _ if fits => size.min(WORD),
            1 if (0..256).contains(&value) => {
                if unsigned {
                    1
                } else {
                    2
                }
            }
            _ => WORD,
        });
    }
    // A value whose top bit is set fits when the caller reads it as unsigned; the most negative number fits as it is.
    let exact = bits.is_multiple_of(8) && size == bits / 8;
    let is_power = exact && int.is_negative() && {
        let magnitude = int.absolute(thread)?;
        magnitude.digits().iter().map(|it| it.count_ones()).sum::<u32>() == 1
    };
    Ok(if is_power || exact && unsigned && !int.is_negative() { size } else { bits / 8 + 1 })
}

/// `PyLong_Export`: a machine integer where the value fits, otherwise the digits in place.
fn export_digits(object: &Object, result: *mut PyLongExport, thread: &mut Thread) -> PyResult<()> {
    // SAFETY: C's caller passes room for it.
    let result = unsafe { &mut *result };
    let Some(int) = object.downcast::<Int>() else {
        *result = PyLongExport { value: 0, negative: 0, ndigits: 0, digits: std::ptr::null(), _reserved: 0 };
        let found = object.class().full_name();
        return Err(raise!(thread, TypeError, "expected int, got {found}"));
    };
    *result = match int.to_i64() {
        Some(value) => PyLongExport { value, negative: 0, ndigits: 0, digits: std::ptr::null(), _reserved: 0 },
        None => PyLongExport {
            value: 0,
            negative: u8::from(int.is_negative()),
            ndigits: int.digits().len() as isize,
            digits: int.digits().as_ptr().cast(),
            _reserved: Py::from_ref(object).into_pointer() as usize,
        },
    };
    Ok(())
}

/// Converters that `O&` in a format of the argument parser names: an unsigned integer of a type.
macro_rules! converters {
    ($(fn $name:ident = $kind:ty, $c_type:literal;)*) => {$(
        export! { thread;
            fn $name(object: &Object, value: Out<$kind>) -> Converted {
                let int = protocol::index(object, thread)?;
                if int.is_negative() {
                    return Err(raise!(thread, ValueError, "value must be positive"));
                }
                match int.to_i128().and_then(|it| <$kind>::try_from(it).ok()) {
                    Some(number) => value.set(number),
                    None => {
                        let message = concat!("Python int too large for C ", $c_type);
                        return Err(raise!(thread, OverflowError, "{message}"));
                    }
                }
                Ok(Converted(true))
            }
        }
    )*};
}

converters! {
    fn _PyLong_UnsignedShort_Converter = u16, "unsigned short";
    fn _PyLong_UnsignedInt_Converter = u32, "unsigned int";
    fn _PyLong_UnsignedLong_Converter = u64, "unsigned long";
    fn _PyLong_UnsignedLongLong_Converter = u64, "unsigned long long";
    fn _PyLong_Size_t_Converter = usize, "size_t";
}

/// `PyOS_strtol`, `PyOS_strtoul`: as C's functions, which they were before C was standardized.
macro_rules! text_to_number {
    ($(fn $name:ident = $function:ident -> $kind:ty;)*) => {$(
        /// # Safety
        /// As the C API says.
        #[unsafe(no_mangle)]
        pub unsafe extern "C-unwind" fn $name(text: *const c_char, end: *mut *mut c_char, base: c_int) -> $kind {
            // SAFETY: passed on to the caller.
            unsafe { libc::$function(text, end, base) }
        }
    )*};
}

text_to_number! {
    fn PyOS_strtol = strtol -> i64;
    fn PyOS_strtoul = strtoul -> u64;
}
