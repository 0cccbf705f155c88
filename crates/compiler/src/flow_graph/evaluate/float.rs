//! `//`, `%` and `**` of floats, with Python's rules for signs and special values (`Objects/floatobject.c`).

/// `left // right`; None for division by zero.
pub(super) fn floor_divide(left: f64, right: f64) -> Option<f64> {
    if right == 0.0 {
        return None;
    }
    let modulus = left % right;
    let mut quotient = (left - modulus) / right;
    if modulus != 0.0 && (right < 0.0) != (modulus < 0.0) {
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return Some(0.0f64.copysign(left / right));
    }
    let floor = quotient.floor();
    Some(if quotient - floor > 0.5 { floor + 1.0 } else { floor })
}

/// `left % right`, which has the sign of `right`; None for division by zero.
pub(super) fn remainder(left: f64, right: f64) -> Option<f64> {
    if right == 0.0 {
        return None;
    }
    let modulus = left % right;
    if modulus == 0.0 {
        return Some(0.0f64.copysign(right));
    }
    Some(if (right < 0.0) != (modulus < 0.0) { modulus + right } else { modulus })
}

/// What a power of floats is.
pub(super) enum Power {
    Real(f64),
    /// A negative number to a fraction: computed as complex numbers.
    Complex,
    /// It raises.
    Error,
}

pub(super) fn power(base: f64, exponent: f64) -> Power {
    let is_odd = (exponent.abs() % 2.0) == 1.0;
    if exponent == 0.0 {
        return Power::Real(1.0);
    }
    if base.is_nan() {
        return Power::Real(base);
    }
    if exponent.is_nan() {
        return Power::Real(if base == 1.0 { 1.0 } else { exponent });
    }
    if exponent.is_infinite() {
        let magnitude = base.abs();
        return Power::Real(if magnitude == 1.0 {
            1.0
        } else if (exponent > 0.0) == (magnitude > 1.0) {
            f64::INFINITY
        } else {
            0.0
        });
    }
    if base.is_infinite() {
        let magnitude = if exponent > 0.0 { f64::INFINITY } else { 0.0 };
        return Power::Real(if is_odd { magnitude.copysign(base) } else { magnitude });
    }
    if base == 0.0 {
        if exponent < 0.0 {
            return Power::Error;
        }
        return Power::Real(if is_odd { base } else { 0.0 });
    }
    let mut negates = false;
    if base < 0.0 {
        if exponent != exponent.floor() {
            return Power::Complex;
        }
        negates = is_odd;
    }
    let magnitude = base.abs().powf(exponent);
    if magnitude.is_infinite() {
        return Power::Error;
    }
    Power::Real(if negates { -magnitude } else { magnitude })
}
