//! The functions of integers: divisors, roots, counts of arrangements.

use numeric::digits;
use objects::errors::PyResult;
use objects::int::{Int, WORKING_BYTES};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

fn one(thread: &mut Thread) -> Py<Int> {
    Int::from_i64(1, thread)
}

fn gcd_of_two(a: &Int, b: &Int, thread: &mut Thread) -> PyResult<Py<Int>> {
    a.check_room(b, WORKING_BYTES, thread)?;
    let digits = digits::gcd(a.digits(), b.digits());
    Ok(Int::from_digits(false, &digits, thread))
}

/// `gcd(*integers)`.
pub fn gcd(integers: &[&Object], thread: &mut Thread) -> PyResult<Py<Int>> {
    let mut result = Int::from_i64(0, thread);
    for integer in integers {
        let integer = protocol::index(integer, thread)?;
        result = gcd_of_two(&result, &integer, thread)?;
    }
    Ok(result)
}

/// `lcm(*integers)`.
pub fn lcm(integers: &[&Object], thread: &mut Thread) -> PyResult<Py<Int>> {
    let mut result = one(thread);
    for integer in integers {
        let integer = protocol::index(integer, thread)?;
        if result.is_zero() || integer.is_zero() {
            result = Int::from_i64(0, thread);
            continue;
        }
        let shared = gcd_of_two(&result, &integer, thread)?;
        let part = result.floor_divide(&shared, thread)?;
        result = part.multiply(&integer, thread)?.absolute(thread)?;
    }
    Ok(result)
}

/// `isqrt(n)`.
pub fn isqrt(n: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
    let n = protocol::index(n, thread)?;
    if n.is_negative() {
        return Err(raise!(thread, ValueError, "isqrt() argument must be nonnegative"));
    }
    n.check_room(&n, WORKING_BYTES, thread)?;
    let digits = digits::isqrt(n.digits());
    Ok(Int::from_digits(false, &digits, thread))
}

/// The product of `first + 1 ..= last`, by halves.
fn product(first: u64, last: u64, thread: &mut Thread) -> PyResult<Py<Int>> {
    if last - first <= 8 {
        let mut result = one(thread);
        for factor in first + 1..=last {
            let factor = Int::from_u64(factor, thread);
            result = result.multiply(&factor, thread)?;
        }
        return Ok(result);
    }
    let middle = first + (last - first) / 2;
    let low = product(first, middle, thread)?;
    let high = product(middle, last, thread)?;
    low.multiply(&high, thread)
}

/// `factorial(n)`.
pub fn factorial(n: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
    let n = protocol::index(n, thread)?;
    if n.is_negative() {
        return Err(raise!(thread, ValueError, "factorial() not defined for negative values"));
    }
    match n.to_i64() {
        Some(n) => product(0, n as u64, thread),
        None => Err(raise!(thread, OverflowError, "factorial() argument should not exceed {}", i64::MAX)),
    }
}

/// `n` and `k` as integers that are not negative.
fn counts(n: &Object, k: &Object, thread: &mut Thread) -> PyResult<(Py<Int>, Py<Int>)> {
    let (n, k) = (protocol::index(n, thread)?, protocol::index(k, thread)?);
    if n.is_negative() {
        return Err(raise!(thread, ValueError, "n must be a non-negative integer"));
    }
    if k.is_negative() {
        return Err(raise!(thread, ValueError, "k must be a non-negative integer"));
    }
    Ok((n, k))
}

/// `n · (n − 1) · …`, `count` factors.
fn falling(n: &Int, count: u64, thread: &mut Thread) -> PyResult<Py<Int>> {
    if let Some(n) = n.to_i64() {
        return product((n as u64).saturating_sub(count), n as u64, thread);
    }
    let (mut result, mut factor, step) = (one(thread), n.to_exact(thread)?, one(thread));
    for _ in 0..count {
        result = result.multiply(&factor, thread)?;
        factor = factor.subtract(&step, thread)?;
    }
    Ok(result)
}

/// `perm(n, k)`.
pub fn perm(n: &Object, k: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Int>> {
    let Some(k) = k else { return factorial(n, thread) };
    let (n, k) = counts(n, k, thread)?;
    if n.compare(&k).is_lt() {
        return Ok(Int::from_i64(0, thread));
    }
    match k.to_i64() {
        Some(k) => falling(&n, k as u64, thread),
        None => Err(raise!(thread, OverflowError, "k must not exceed {}", i64::MAX)),
    }
}

/// `comb(n, k)`.
pub fn comb(n: &Object, k: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
    let (n, k) = counts(n, k, thread)?;
    if n.compare(&k).is_lt() {
        return Ok(Int::from_i64(0, thread));
    }
    let rest = n.subtract(&k, thread)?;
    let few = if rest.compare(&k).is_lt() { rest } else { k };
    let Some(few) = few.to_i64() else {
        return Err(raise!(thread, OverflowError, "min(n - k, k) must not exceed {}", i64::MAX));
    };
    let arrangements = falling(&n, few as u64, thread)?;
    let orders = product(0, few as u64, thread)?;
    arrangements.floor_divide(&orders, thread)
}
