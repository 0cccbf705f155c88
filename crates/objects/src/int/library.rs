//! The library's `_pylong`, which CPython leaves huge conversions and divisions to. Here they need no library: our own are as good.
//! But a program may put functions of its own into that module, and those are called where CPython calls them.

use super::Int;
use crate::errors::PyResult;
use crate::names;
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::is_python_function;

/// Bits from which on CPython leaves `repr` to `_pylong`: over 1000 digits of 30 bits.
const BITS_OF_LONG_TEXT: u64 = 30_000;
/// Decimal digits from which on it leaves `int(text)` to it.
const DIGITS_OF_LONG_TEXT: usize = 6000;
/// A divisor of that many bits, and a dividend with so many more, go to `_pylong.int_divmod`.
const BITS_OF_LONG_DIVISOR: u64 = 9000;
const BITS_OF_LONG_QUOTIENT: u64 = 4500;

/// A function in `_pylong` that is not the library's own.
fn replaced(name: &str, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let module = thread.intern_text("_pylong");
    let Some(module) = thread.interpreter().modules.get().and_then(|it| it.get_str(&module, thread)) else {
        return Ok(None);
    };
    let name = thread.intern_text(name);
    let Some(function) = protocol::lookup_attribute(&module, &name, thread)? else { return Ok(None) };
    if !is_python_function(&function) {
        return Ok(Some(function));
    }
    let home = protocol::lookup_attribute(&function, &names::__module__, thread)?;
    let is_own = home.and_then(|it| it.downcast_into::<Str>().ok()).is_some_and(|it| it.equals_text("_pylong"));
    Ok((!is_own).then_some(function))
}

/// `repr` by a program's own function; None: do it here.
pub(super) fn to_decimal(number: &Int, thread: &mut Thread) -> PyResult<Option<Py<Str>>> {
    if number.bit_length() <= BITS_OF_LONG_TEXT {
        return Ok(None);
    }
    let Some(function) = replaced("int_to_decimal_string", thread)? else { return Ok(None) };
    let text = protocol::call_one(&function, number, thread)?;
    match text.downcast_into::<Str>() {
        Ok(text) => Ok(Some(text)),
        Err(_) => Err(raise!(thread, TypeError, "_pylong.int_to_decimal_string did not return a str")),
    }
}

/// `int(text)` by a program's own function; None: do it here.
pub(super) fn from_decimal(text: &[u8], base: u32, thread: &mut Thread) -> PyResult<Option<Py<Int>>> {
    if text.len() <= DIGITS_OF_LONG_TEXT || base != 10 {
        return Ok(None);
    }
    let digits = text.trim_ascii();
    let (is_negative, digits) = match digits.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, digits),
    };
    let is_number = digits.iter().all(|it| it.is_ascii_digit() || *it == b'_');
    let Some(function) = replaced("int_from_string", thread)?.filter(|_| is_number) else { return Ok(None) };
    let digits = Str::from_str(&String::from_utf8_lossy(digits), thread);
    let number = protocol::call_one(&function, &digits, thread)?;
    match number.downcast_into::<Int>() {
        Ok(number) if is_negative => number.negative(thread).map(Some),
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(raise!(thread, TypeError, "_pylong.int_from_string did not return an int")),
    }
}

/// `divmod` by a program's own function; None: do it here.
pub(super) fn divmod(left: &Int, right: &Int, thread: &mut Thread) -> PyResult<Option<(Py<Int>, Py<Int>)>> {
    let (dividend, divisor) = (left.bit_length(), right.bit_length());
    if divisor <= BITS_OF_LONG_DIVISOR || dividend.saturating_sub(divisor) <= BITS_OF_LONG_QUOTIENT {
        return Ok(None);
    }
    let Some(function) = replaced("int_divmod", thread)? else { return Ok(None) };
    let pair = protocol::call(&function, &[left, right], thread)?;
    let Some(pair) = pair.downcast::<Tuple>() else {
        return Err(raise!(thread, ValueError, "tuple of length 2 is required from int_divmod()"));
    };
    let [quotient, remainder] = pair.items() else {
        return Err(raise!(thread, ValueError, "tuple of length 2 is required from int_divmod()"));
    };
    match (quotient.downcast::<Int>(), remainder.downcast::<Int>()) {
        (Some(quotient), Some(remainder)) => Ok(Some((Py::from_ref(quotient), Py::from_ref(remainder)))),
        _ => Err(raise!(thread, ValueError, "ints are required from int_divmod()")),
    }
}
