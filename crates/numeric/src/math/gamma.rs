//! `math.gamma` and `math.lgamma`, by Lanczos's approximation as CPython evaluates it, so that last digits agree.
//!
//! The method: C. Lanczos, «A Precision Approximation of the Gamma Function»; the error term is G. R. Pugh's; the
//! coefficients are those of Boost.Math's `lanczos13m53`, with g = 6.0246… .

use super::special::MathError;
use std::f64::consts::PI;

const G: f64 = 6.02468004077673;
const G_MINUS_HALF: f64 = 5.52468004077673;

/// ln(pi)
const LN_PI: f64 = 1.1447298858494002;

/// Numerator and denominator of the rational sum, from the constant term on.
const NUMERATOR: [f64; 13] = [
    23531376880.41076,
    42919803642.6491,
    35711959237.35567,
    17921034426.03721,
    6039542586.352028,
    1439720407.3117216,
    248874557.86205417,
    31426415.585400194,
    2876370.6289353725,
    186056.26539522348,
    8071.672002365816,
    210.82427775157936,
    2.5066282746310002,
];
const DENOMINATOR: [f64; 13] = [
    0.0,
    39916800.0,
    120543840.0,
    150917976.0,
    105258076.0,
    45995730.0,
    13339535.0,
    2637558.0,
    357423.0,
    32670.0,
    1925.0,
    66.0,
    1.0,
];

/// Up to here factorials are exact as floats.
const EXACT_INTEGERS: f64 = 23.0;

/// Beyond this the function overflows, or vanishes on the negative side.
const LARGEST: f64 = 200.0;

/// From here on one power would overflow before the whole does.
const SPLIT_POWER: f64 = 140.0;

/// Below this `gamma(x)` is `1/x` to the last place.
const TINY: f64 = 1e-20;

/// `math.gamma`.
pub fn gamma(value: f64) -> Result<f64, MathError> {
    if value.is_nan() || value == f64::INFINITY {
        return Ok(value);
    }
    if value == f64::NEG_INFINITY || (value <= 0.0 && value == value.floor()) {
        return Err(MathError::Domain);
    }
    if value == value.floor() && value <= EXACT_INTEGERS {
        return Ok((2..value as u32).map(f64::from).product());
    }
    let magnitude = value.abs();
    let result = if magnitude < TINY {
        value.recip()
    } else if magnitude > LARGEST {
        if value < 0.0 { 0.0 / sine_of_pi_times(value) } else { f64::INFINITY }
    } else {
        lanczos_gamma(value)
    };
    if result.is_infinite() { Err(MathError::Range) } else { Ok(result) }
}

fn lanczos_gamma(value: f64) -> f64 {
    let magnitude = value.abs();
    let base = magnitude + G_MINUS_HALF;
    // What rounding took from the base, relative to it and scaled: a correction of the power.
    let lost =
        if magnitude > G_MINUS_HALF { (base - magnitude) - G_MINUS_HALF } else { (base - G_MINUS_HALF) - magnitude };
    let correction = lost * G / base;
    if value < 0.0 {
        // The reflection formula.
        let result = -PI / sine_of_pi_times(magnitude) / magnitude * base.exp() / rational_sum(magnitude);
        let result = result - correction * result;
        if magnitude < SPLIT_POWER {
            return result / base.powf(magnitude - 0.5);
        }
        let root = base.powf(magnitude / 2.0 - 0.25);
        return result / root / root;
    }
    let result = rational_sum(magnitude) / base.exp();
    let result = result + correction * result;
    if magnitude < SPLIT_POWER {
        return result * base.powf(magnitude - 0.5);
    }
    let root = base.powf(magnitude / 2.0 - 0.25);
    result * root * root
}

/// `math.lgamma`: the logarithm of the absolute value of the gamma function.
pub fn lgamma(value: f64) -> Result<f64, MathError> {
    if value.is_nan() {
        return Ok(value);
    }
    if value.is_infinite() {
        return Ok(f64::INFINITY);
    }
    if value == value.floor() && value <= 2.0 {
        return if value <= 0.0 { Err(MathError::Domain) } else { Ok(0.0) };
    }
    let magnitude = value.abs();
    if magnitude < TINY {
        return Ok(-magnitude.ln());
    }
    let logarithm = rational_sum(magnitude).ln() - G;
    let logarithm = logarithm + (magnitude - 0.5) * ((magnitude + G - 0.5).ln() - 1.0);
    let result = if value < 0.0 {
        LN_PI - sine_of_pi_times(magnitude).abs().ln() - magnitude.ln() - logarithm
    } else {
        logarithm
    };
    if result.is_infinite() { Err(MathError::Range) } else { Ok(result) }
}

/// Lanczos's sum; from the end that keeps the terms small.
fn rational_sum(x: f64) -> f64 {
    let terms = NUMERATOR.iter().zip(DENOMINATOR);
    let (numerator, denominator) = if x < 5.0 {
        terms.rev().fold((0.0, 0.0), |(n, d), (n_term, d_term)| (n * x + n_term, d * x + d_term))
    } else {
        terms.fold((0.0, 0.0), |(n, d), (n_term, d_term)| (n / x + n_term, d / x + d_term))
    };
    numerator / denominator
}

/// `sin(pi * x)` for a finite `x`, reduced before the multiplication.
fn sine_of_pi_times(x: f64) -> f64 {
    let turn = x.abs() % 2.0;
    let sine = match (2.0 * turn).round() as u32 {
        0 => (PI * turn).sin(),
        1 => (PI * (turn - 0.5)).cos(),
        // Not pi*(turn - 1): the sign of zero.
        2 => (PI * (1.0 - turn)).sin(),
        3 => -(PI * (turn - 1.5)).cos(),
        _ => (PI * (turn - 2.0)).sin(),
    };
    1.0f64.copysign(x) * sine
}
