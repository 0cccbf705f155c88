//! The values of the functions of `cmath` where a part of the argument is infinite or not a number, as C99's Annex G has them.
//!
//! Rows are kinds of the real part, columns of the imaginary part: −∞, negative, −0, 0, positive, ∞, NaN. A cell has a letter for each part
//! of the result, small for negative ones; dots where the result depends on more than the kinds. Recorded from CPython.

/// A table: seven rows of seven cells.
pub type Table = [&'static [u8; 14]; 7];

/// The kind of a part.
fn kind(value: f64) -> usize {
    if value.is_nan() {
        6
    } else if value == f64::NEG_INFINITY {
        0
    } else if value == f64::INFINITY {
        5
    } else if value == 0.0 {
        if value.is_sign_negative() { 2 } else { 3 }
    } else if value < 0.0 {
        1
    } else {
        4
    }
}

fn value_of(letter: u8) -> f64 {
    use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};
    let value = match letter.to_ascii_uppercase() {
        b'I' => f64::INFINITY,
        b'P' => PI,
        b'H' => FRAC_PI_2,
        b'Q' => FRAC_PI_4,
        b'T' => 3.0 * FRAC_PI_4,
        b'O' => 1.0,
        b'Z' => 0.0,
        _ => return f64::NAN,
    };
    if letter.is_ascii_lowercase() { -value } else { value }
}

/// The result for an argument with these parts, of which one is not finite.
pub fn look_up(table: &Table, real: f64, imaginary: f64) -> (f64, f64) {
    let (row, column) = (table[kind(real)], 2 * kind(imaginary));
    (value_of(row[column]), value_of(row[column + 1]))
}

pub const ACOS: Table = [
    b"TIPIPIPiPiTiNI",
    b"HI........HiNN",
    b"HI........HiHN",
    b"HI........HiHN",
    b"HI........HiNN",
    b"QIZIZIZiZiQiNI",
    b"NINNNNNNNNNiNN",
];

pub const ACOSH: Table = [
    b"ItIpIpIPIPITIN",
    b"Ih........IHNN",
    b"Ih........IHNH",
    b"Ih........IHNH",
    b"Ih........IHNN",
    b"IqIzIzIZIZIQIN",
    b"INNNNNNNNNINNN",
];

pub const ASINH: Table = [
    b"iqiziziZiZiQiN",
    b"ih........iHNN",
    b"ih........iHNN",
    b"Ih........IHNN",
    b"Ih........IHNN",
    b"IqIzIzIZIZIQIN",
    b"INNNNzNZNNINNN",
];

pub const ATANH: Table = [
    b"zhzhzhzHzHzHzN",
    b"zh........zHNN",
    b"zh........zHzN",
    b"Zh........ZHZN",
    b"Zh........ZHNN",
    b"ZhZhZhZHZHZHZN",
    b"ZhNNNNNNNNZHNN",
];

pub const SQRT: Table = [
    b"IiZiZiZIZIIINI",
    b"Ii........IINN",
    b"Ii........IINN",
    b"Ii........IINN",
    b"Ii........IINN",
    b"IiIzIzIZIZIIIN",
    b"IiNNNNNNNNIINN",
];

pub const LOG: Table = [
    b"ItIpIpIPIPITIN",
    b"Ih........IHNN",
    b"Ih........IHNN",
    b"Ih........IHNN",
    b"Ih........IHNN",
    b"IqIzIzIZIZIQIN",
    b"INNNNNNNNNINNN",
];

pub const EXP: Table = [
    b"ZZZzZzZZZZZZZZ",
    b"NN........NNNN",
    b"NN........NNNN",
    b"NN........NNNN",
    b"NN........NNNN",
    b"NNIiIzIZIINNIN",
    b"NNNNNzNZNNNNNN",
];

pub const COSH: Table = [
    b"NNIIIZIzIiNNIN",
    b"NN........NNNN",
    b"NN........NNNZ",
    b"NN........NNNZ",
    b"NN........NNNN",
    b"NNIiIzIZIINNIN",
    b"NNNNNZNZNNNNNN",
];

pub const SINH: Table = [
    b"NNiiiziZiINNIN",
    b"NN........NNNN",
    b"NN........NNZN",
    b"NN........NNZN",
    b"NN........NNNN",
    b"NNIiIzIZIINNIN",
    b"NNNNNzNZNNNNNN",
];

pub const TANH: Table = [
    b"oZozozoZoZoZoZ",
    b"NN........NNNN",
    b"NN........NNzN",
    b"NN........NNZN",
    b"NN........NNNN",
    b"OZOzOzOZOZOZOZ",
    b"NNNNNzNZNNNNNN",
];

pub const RECT: Table = [
    b"NNiIiZiziiNNIN",
    b"NN........NNNN",
    b"ZZ........ZZZZ",
    b"ZZ........ZZZZ",
    b"NN........NNNN",
    b"NNIiIzIZIINNIN",
    b"NNNNNZNZNNNNNN",
];
