//! Floats: text in all forms, rounding, conversion to integers, hashes.

use super::notation::{bytes, float, show_float, show_integer};
use naja_numeric::convert::float::{as_integer_ratio, compare, from_f64};
use naja_numeric::convert::hash::{hash_complex, hash_float};
use naja_numeric::float::{
    ComplexTextError, FloatStyle, FloatText, FromHexError, complex_repr, divmod_floor, float_text,
};
use naja_numeric::float::{from_hex, parse_complex, parse_float, repr, round_to_places, to_hex};
use naja_numeric::integer::Integer;
use std::cmp::Ordering;

pub fn values(fields: &[&str]) -> String {
    let [operation, value, argument] = fields else { panic!("an operation and two arguments") };
    let value = float(value);
    match *operation {
        "repr" => repr(value),
        "hex" => to_hex(value),
        "hash" => show_integer(&Integer::from(hash_float(value).expect("recorded for numbers only"))),
        "to_integer" => from_f64(value).map_or("None".to_owned(), |integer| {
            let ordering = if value == value.trunc() {
                Ordering::Equal
            } else if value > 0.0 {
                Ordering::Less
            } else {
                Ordering::Greater
            };
            assert_eq!(compare(integer.view(), value), Some(ordering));
            show_integer(&integer)
        }),
        "ratio" => as_integer_ratio(value).map_or("None".to_owned(), |(numerator, denominator)| {
            format!("{} {}", show_integer(&numerator), show_integer(&denominator))
        }),
        "round" => round_to_places(value, argument.parse().expect("places"))
            .map_or_else(|error| format!("!OverflowError: {error}"), show_float),
        "divmod" => match divmod_floor(value, float(argument)) {
            Some((quotient, remainder)) => format!("{} {}", show_float(quotient), show_float(remainder)),
            None => "!ZeroDivisionError: division by zero".to_owned(),
        },
        "style" => style(value, argument),
        _ => panic!("unknown operation {operation}"),
    }
}

/// `[#]precision code`
fn style(value: f64, argument: &str) -> String {
    let alternate = argument.starts_with('#');
    let (precision, code) = argument.trim_start_matches('#').split_at(argument.len() - 1 - usize::from(alternate));
    let style = match code {
        "e" | "E" => FloatStyle::Exponent,
        "f" | "F" => FloatStyle::Fixed,
        _ => FloatStyle::General,
    };
    let upper = code.to_ascii_uppercase() == code;
    let precision = precision.parse().expect("a precision");
    float_text(value, FloatText { alternate, upper, ..FloatText::new(style, precision) })
}

pub fn texts(fields: &[&str]) -> String {
    let [operation, value, argument] = fields else { panic!("an operation and two arguments") };
    match *operation {
        "parse" => parse_float(&bytes(value)).map_or("!ValueError".to_owned(), show_float),
        "fromhex" => from_hex(&bytes(value)).map_or_else(
            |error| {
                let exception = if error == FromHexError::Overflow { "OverflowError" } else { "ValueError" };
                format!("!{exception}: {error}")
            },
            show_float,
        ),
        "parse_complex" => match parse_complex(&bytes(value)) {
            Ok((real, imaginary)) => format!("{} {}", show_float(real), show_float(imaginary)),
            Err(error @ ComplexTextError::Malformed) => format!("!{error}"),
            Err(error @ ComplexTextError::Underscore) => format!("!{error}").trim_end_matches(": ").to_owned(),
        },
        "complex_repr" => complex_repr(float(value), float(argument)),
        "complex_hash" => {
            let part = |text| hash_float(float(text)).expect("recorded for numbers only");
            show_integer(&Integer::from(hash_complex(part(value), part(argument))))
        }
        _ => panic!("unknown operation {operation}"),
    }
}
