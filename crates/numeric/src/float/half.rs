//! Floats of half precision (IEEE 754 binary16), as `struct` and C's `PyFloat_Pack2` store them.

/// The bits of the nearest half-precision float, ties to even; None if the value is too large. A NaN keeps its sign and the upper part of its
/// payload.
pub fn pack_half(value: f64) -> Option<u16> {
    let sign = if value.is_sign_negative() { 0x8000 } else { 0 };
    let magnitude = value.abs();
    if value.is_nan() {
        let payload = (value.to_bits() >> 42) as u16 & 0x3FF;
        return Some(sign | 0x7C00 | if payload == 0 { 0x200 } else { payload });
    }
    if magnitude.is_infinite() {
        return Some(sign | 0x7C00);
    }
    // In units of the last place at this magnitude; subnormal numbers share the smallest exponent.
    let (_, exponent) = crate::math::frexp(magnitude);
    let exponent = exponent.max(-13);
    let units = (magnitude / 2f64.powi(exponent - 11)).round_ties_even() as u32;
    let bits = if units < 1024 { units } else { ((exponent + 13) as u32) * 1024 + units };
    (bits < 0x7C00).then_some(sign | bits as u16)
}

/// The value of half-precision bits.
pub fn unpack_half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1F), bits & 0x3FF);
    let magnitude = match exponent {
        0 => f64::from(fraction) * 2f64.powi(-24),
        31 if fraction == 0 => f64::INFINITY,
        31 => f64::from_bits(0x7FF0_0000_0000_0000 | u64::from(fraction) << 42),
        _ => (1.0 + f64::from(fraction) / 1024.0) * 2f64.powi(exponent - 15),
    };
    if bits & 0x8000 != 0 { -magnitude } else { magnitude }
}
