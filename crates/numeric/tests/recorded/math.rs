//! Sums, norms, neighbours of floats, special functions.

use super::notation::{float, integer, show_float, show_integer};
use naja_numeric::integer::Integer;
use naja_numeric::math::vector_norm;
use naja_numeric::math::{CompensatedSum, ExactSum, ExactSumError, FmaError, MathError, ProductSum, fma};
use naja_numeric::math::{acosh, asinh, atanh, erf, erfc, frexp, gamma, ldexp, lgamma, next_after, remainder, ulp};

/// How far a special function may be from the recorded answer, in units of its last place.
const ALLOWED_ULPS: i64 = 2;

pub fn values(fields: &[&str]) -> String {
    let [operation, first, second, ..] = fields else { panic!("an operation and two arguments") };
    let list = |text: &str| text.split(' ').filter(|item| !item.is_empty()).map(float).collect::<Vec<f64>>();
    if let Some(steps) = operation.strip_prefix("nextafter ") {
        let steps = integer(steps).to_u64().expect("steps are small");
        return show_float(next_after(float(first), float(second), steps));
    }
    if let Some(factor) = operation.strip_prefix("fma ") {
        return match fma(float(factor), float(first), float(second)) {
            Ok(value) => show_float(value),
            Err(error @ FmaError::Invalid) => format!("!ValueError: {error}"),
            Err(error @ FmaError::Overflow) => format!("!OverflowError: {error}"),
        };
    }
    match *operation {
        "fsum" => exact_sum(&list(first)),
        "sum" => {
            let mut sum = CompensatedSum::new(0.0);
            list(first).into_iter().for_each(|value| sum.add(value));
            show_float(sum.value())
        }
        "hypot" => show_float(vector_norm(&list(first))),
        "sumprod" => {
            let mut sum = ProductSum::new();
            list(first).into_iter().zip(list(second)).for_each(|(a, b)| sum.add_product(a, b));
            show_float(sum.value())
        }
        "ulp" => show_float(ulp(float(first))),
        "frexp" => {
            let (fraction, exponent) = frexp(float(first));
            format!("{} {}", show_float(fraction), show_integer(&Integer::from(i64::from(exponent))))
        }
        "ldexp" => {
            let exponent = integer(second).to_i64().expect("exponents are small");
            ldexp(float(first), exponent).map_or("!OverflowError: math range error".to_owned(), show_float)
        }
        "remainder" => show_float(remainder(float(first), float(second))),
        _ => panic!("unknown operation {operation}"),
    }
}

fn exact_sum(values: &[f64]) -> String {
    let mut sum = ExactSum::new();
    let result = values.iter().try_for_each(|value| sum.add(*value)).and_then(|()| sum.value());
    match result {
        Ok(value) => show_float(value),
        Err(error @ ExactSumError::IntermediateOverflow) => format!("!OverflowError: {error}"),
        Err(error @ ExactSumError::OppositeInfinities) => format!("!ValueError: {error}"),
    }
}

/// The recorded answer if the computed one is as near as it must be, else the computed one.
pub fn special(fields: &[&str], expected: &str) -> String {
    let (name, argument) = fields[1].split_once(' ').expect("a function and its argument");
    let argument = float(argument);
    let computed = match name {
        "gamma" => gamma(argument),
        "lgamma" => lgamma(argument),
        "erf" => Ok(erf(argument)),
        "erfc" => Ok(erfc(argument)),
        "asinh" => Ok(asinh(argument)),
        "acosh" => Ok(acosh(argument)),
        "atanh" => Ok(atanh(argument)),
        _ => panic!("unknown function {name}"),
    };
    match computed {
        Ok(value) if expected.starts_with('!') => show_float(value),
        Ok(value) => {
            let wanted = float(expected);
            let ulps = (value.to_bits() as i64).wrapping_sub(wanted.to_bits() as i64).wrapping_abs();
            if ulps <= ALLOWED_ULPS || (value.is_nan() && wanted.is_nan()) {
                expected.to_owned()
            } else {
                show_float(value)
            }
        }
        // The words of these errors name the argument: they are the caller's.
        Err(error) => {
            let exception = if error == MathError::Domain { "!ValueError" } else { "!OverflowError" };
            if expected.starts_with(exception) { expected.to_owned() } else { format!("{exception}: {error}") }
        }
    }
}
