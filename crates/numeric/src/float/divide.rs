//! Division of floats with Python's signs: `//`, `%`, `divmod`.

/// `divmod(a, b)`: the quotient rounded to minus infinity, and a remainder with the sign of `b`; None if `b` is zero.
///
/// The remainder of C's `fmod` is exact; the quotient is computed from it, so that both belong together.
pub fn divmod_floor(a: f64, b: f64) -> Option<(f64, f64)> {
    if b == 0.0 {
        return None;
    }
    let mut remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder == 0.0 {
        remainder = 0.0f64.copysign(b);
    } else if (b < 0.0) != (remainder < 0.0) {
        remainder += b;
        quotient -= 1.0;
    }
    // The quotient is nearly whole; of a zero only the sign is known, and that from the operands.
    let whole = if quotient == 0.0 {
        0.0f64.copysign(a / b)
    } else {
        let below = quotient.floor();
        if quotient - below > 0.5 { below + 1.0 } else { below }
    };
    Some((whole, remainder))
}
