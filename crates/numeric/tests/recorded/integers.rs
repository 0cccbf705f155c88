//! Integers: arithmetic, text, bytes.

use super::notation::{bytes as read_bytes, integer, show_float, show_integer};
use naja_numeric::convert::bytes::{ByteOrder, from_bytes, to_bytes};
use naja_numeric::convert::float::{TrueDivisionError, frexp, to_f64, true_divide};
use naja_numeric::convert::hash::hash_integer;
use naja_numeric::integer::Integer;
use naja_numeric::radix::{TextError, count_digits, int_from_text, to_decimal_limited, to_text};
use naja_numeric::{digits, signed};

pub fn arithmetic(fields: &[&str]) -> String {
    let [operation, first, second] = fields else { panic!("an operation and two arguments") };
    if *operation == "powmod" {
        let (base, exponent) = first.split_once(' ').expect("base and exponent");
        let power = signed::pow_mod(integer(base).view(), integer(exponent).view(), integer(second).view());
        return power.map_or_else(|error| format!("!ValueError: {error}"), |power| show_integer(&power));
    }
    let (a, b) = (integer(first), integer(if second.is_empty() { "0" } else { second }));
    unary(operation, &a).or_else(|| counted(operation, &a, &b)).unwrap_or_else(|| binary(operation, &a, &b))
}

fn unary(operation: &str, a: &Integer) -> Option<String> {
    let number = |value: i64| show_integer(&Integer::from(value));
    let magnitude = |value: Vec<u32>| show_integer(&Integer::from_digits(false, value));
    Some(match operation {
        "not" => show_integer(&signed::not(a.view())),
        "neg" => show_integer(&signed::neg(a.view())),
        "bit_length" => number(digits::bit_length(a.digits()) as i64),
        "bit_count" => number(digits::bit_count(a.digits()) as i64),
        "isqrt" => magnitude(digits::isqrt(a.digits())),
        "square" => magnitude(digits::square(a.digits())),
        "hash" => number(hash_integer(a.view())),
        "float" => to_f64(a.view()).map_or_else(|error| format!("!OverflowError: {error}"), show_float),
        "frexp" => {
            let (fraction, exponent) = frexp(a.view());
            // math.frexp() converts to a float first, which can fail.
            if to_f64(a.view()).is_err() {
                return Some("!OverflowError: int too large to convert to float".to_owned());
            }
            format!("{} {}", show_float(fraction), number(exponent))
        }
        "factorial" => magnitude(digits::factorial(a.to_u64()?).ok()?),
        _ => return None,
    })
}

fn counted(operation: &str, a: &Integer, count: &Integer) -> Option<String> {
    let count_number = count.to_u64();
    Some(show_integer(&match operation {
        "shl" => signed::shl(a.view(), count_number?).expect("recorded shifts are small"),
        "shr" => signed::shr(a.view(), count_number?),
        "round" => signed::round_to_tens(a.view(), count_number?),
        "pow" => signed::pow(a.view(), count.digits()).expect("recorded powers are small"),
        "comb" => Integer::from_digits(false, digits::comb(a.digits(), count_number?)),
        "perm" => Integer::from_digits(false, digits::perm(a.digits(), count_number?)),
        _ => return None,
    }))
}

fn binary(operation: &str, a: &Integer, b: &Integer) -> String {
    let (left, right) = (a.view(), b.view());
    let zero_division = "!ZeroDivisionError: division by zero".to_owned();
    let magnitude = |value: Vec<u32>| Integer::from_digits(false, value);
    show_integer(&match operation {
        "add" => signed::add(left, right),
        "sub" => signed::sub(left, right),
        "mul" => signed::mul(left, right),
        "and" => signed::and(left, right),
        "or" => signed::or(left, right),
        "xor" => signed::xor(left, right),
        "gcd" => magnitude(digits::gcd(a.digits(), b.digits())),
        "lcm" => magnitude(digits::lcm(a.digits(), b.digits())),
        "compare" => Integer::from(left.compare(right) as i64),
        "mod" => match signed::mod_floor(left, right) {
            Some(remainder) => remainder,
            None => return zero_division,
        },
        "divmod" => {
            let Some((quotient, remainder)) = signed::divmod_floor(left, right) else { return zero_division };
            return format!("{} {}", show_integer(&quotient), show_integer(&remainder));
        }
        "truediv" => {
            return match true_divide(left, right) {
                Ok(quotient) => show_float(quotient),
                Err(error @ TrueDivisionError::ZeroDivision) => format!("!ZeroDivisionError: {error}"),
                Err(error @ TrueDivisionError::Overflow) => format!("!OverflowError: {error}"),
            };
        }
        _ => panic!("unknown operation {operation}"),
    })
}

pub fn texts(fields: &[&str]) -> String {
    let [operation, value, argument] = fields else { panic!("an operation and two arguments") };
    let number: u32 = argument.parse().expect("a base or a limit");
    match *operation {
        "to_text" => {
            let value = integer(value);
            let sign = if value.is_negative() { "-" } else { "" };
            format!("{sign}{}", to_text(value.digits(), number))
        }
        "to_decimal_limited" => {
            let value = integer(value);
            let sign = if value.is_negative() { "-" } else { "" };
            to_decimal_limited(value.digits(), number as usize)
                .map_or_else(|error| format!("!ValueError: {error}"), |text| format!("{sign}{text}"))
        }
        "parse" => match int_from_text(&read_bytes(value), number, 0) {
            Ok(value) => show_integer(&value),
            Err(_) => "!ValueError".to_owned(),
        },
        "parse_limited" => match int_from_text(value.as_bytes(), number, 640) {
            Ok(value) => show_integer(&value),
            Err(TextError::Invalid) => {
                let text = format!("!ValueError: invalid literal for int() with base {number}: '{value}'");
                text[..150].to_owned()
            }
            Err(error @ TextError::TooManyDigits { count, .. }) => {
                assert_eq!(count, count_digits(value.as_bytes(), number));
                format!("!ValueError: {error}")[..150].to_owned()
            }
        },
        _ => panic!("unknown operation {operation}"),
    }
}

pub fn bytes(fields: &[&str]) -> String {
    let [operation, value, options] = fields else { panic!("an operation and two arguments") };
    let options: Vec<&str> = options.split(' ').collect();
    let order = if options[0] == "little" { ByteOrder::Little } else { ByteOrder::Big };
    let signed = options[1] == "True";
    let hexadecimal = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    match *operation {
        "to_bytes" => {
            let mut buffer = vec![0; options[2].parse().expect("a length")];
            match to_bytes(integer(value).view(), order, signed, &mut buffer) {
                Ok(()) => hexadecimal(&buffer),
                Err(error) => format!("!OverflowError: {error}"),
            }
        }
        "from_bytes" => {
            let (pairs, _) = value.as_bytes().as_chunks::<2>();
            let byte = |pair: &[u8; 2]| {
                u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("hexadecimal digits")
            };
            show_integer(&from_bytes(&pairs.iter().map(byte).collect::<Vec<_>>(), order, signed))
        }
        _ => panic!("unknown operation {operation}"),
    }
}
