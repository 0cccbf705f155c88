//! `format()` and the `%` operator.

use super::notation::{bytes, code_points, float, integer, show_code_points, show_text};
use naja_numeric::format::{FormatError, FormatSpec, FormatTarget, NumericLocale};
use naja_numeric::format::{format_complex, format_float, format_integer, layout_text};
use naja_numeric::integer::Integer;
use naja_numeric::percent::{Directive, PercentError, PercentNumberError, PercentParser, Piece};
use naja_numeric::percent::{FormatUnit, percent_float, percent_integer};

/// ASCII and Arabic-Indic digits: what the recorded cases use.
fn decimal_value(code_point: u32) -> Option<u32> {
    [0x30, 0x660].into_iter().find_map(|zero| code_point.checked_sub(zero).filter(|value| *value < 10))
}

pub fn specification(fields: &[&str]) -> String {
    let [type_name, value, spec] = fields else { panic!("a type, a value, a specification") };
    let formatted = format_value(type_name, value, &code_points(spec));
    match formatted {
        Ok(text) => text,
        Err(FormatError::Value(message)) => format!("!ValueError: {}", show_text(&message)),
        Err(FormatError::Overflow(message)) => format!("!OverflowError: {message}"),
        Err(FormatError::Memory) => "!MemoryError: ".to_owned(),
    }
}

/// `n`, the type, then the conventions of a locale: its point, separator and groups.
fn format_by_locale(description: &str, value: &str, spec: &[u32]) -> Result<String, FormatError> {
    let parts: Vec<&str> = description.split(' ').collect();
    let [_, type_name, point, separator, grouping] = parts[..] else { panic!("five parts") };
    let plain = |text: &str| code_points(text).into_iter().filter_map(char::from_u32).collect::<String>();
    let (point, separator) = (plain(point), if separator == "-" { String::new() } else { plain(separator) });
    let grouping: Vec<u8> = grouping.split(',').filter_map(|size| size.parse().ok()).collect();
    let locale = NumericLocale { decimal_point: &point, thousands_separator: &separator, grouping: &grouping };
    let parse = |target| FormatSpec::parse(spec, target, type_name, decimal_value);
    let text = match type_name {
        "int" => format_integer(integer(value).view(), &parse(FormatTarget::Integer)?, &locale, 0)?,
        _ => format_float(float(value), &parse(FormatTarget::Float)?, &locale)?,
    };
    Ok(show_text(&text))
}

fn format_value(type_name: &str, value: &str, spec: &[u32]) -> Result<String, FormatError> {
    if type_name.starts_with("n ") {
        return format_by_locale(type_name, value, spec);
    }
    let parse = |target| FormatSpec::parse(spec, target, type_name, decimal_value);
    let locale = NumericLocale::C;
    let text = match type_name {
        "int" => format_integer(integer(value).view(), &parse(FormatTarget::Integer)?, &locale, 0)?,
        "float" => format_float(float(value), &parse(FormatTarget::Float)?, &locale)?,
        "complex" => {
            let (real, imaginary) = value.split_once(' ').expect("two parts");
            format_complex(float(real), float(imaginary), &parse(FormatTarget::Complex)?, &locale)?
        }
        _ => {
            let text = code_points(value);
            let layout = layout_text(&parse(FormatTarget::Text)?, text.len())?;
            if layout.left.max(layout.right) > 1_000_000 {
                return Err(FormatError::Memory);
            }
            let mut padded = vec![layout.fill; layout.left];
            padded.extend(&text[..layout.taken]);
            padded.extend(std::iter::repeat_n(layout.fill, layout.right));
            return Ok(show_code_points(&padded));
        }
    };
    Ok(show_text(&text))
}

/// What the object layer does, for the arguments that the recorded cases have.
pub fn percent(fields: &[&str]) -> String {
    let [type_name, format, value] = fields else { panic!("a type, a format, a value") };
    let (kind, value) = value.split_once(' ').expect("kind and value");
    let formatted = match (*type_name, kind) {
        ("bytes", _) => run(&bytes(format), true, kind, value),
        _ => run(&code_points(format), false, kind, value),
    };
    formatted.map_or_else(|error| format!("!{error}"), |text| show_code_points(&text))
}

/// The arguments: in a tuple, or the mapping of the recorded cases.
struct Arguments {
    rest: std::vec::IntoIter<String>,
    mapping: bool,
}

impl Arguments {
    fn take(&mut self) -> Result<String, String> {
        self.rest.next().ok_or("TypeError: not enough arguments for format string".to_owned())
    }
}

fn run<U: FormatUnit>(format: &[U], in_bytes: bool, kind: &str, value: &str) -> Result<Vec<u32>, String> {
    let mapping = value.contains('=');
    let list = match kind {
        "arguments" if mapping => vec!["mapping".to_owned()],
        "arguments" => value.split_whitespace().map(str::to_owned).collect(),
        _ => vec![value.to_owned()],
    };
    let mut arguments = Arguments { rest: list.into_iter(), mapping };
    let mut parser = PercentParser::new(format, in_bytes, mapping);
    let mut output = Vec::new();
    let mut keyed = None;
    while let Some(piece) = parser.next_piece().map_err(percent_error)? {
        match piece {
            Piece::Literal(range) => output.extend(format[range].iter().map(|unit| (*unit).into())),
            Piece::Key(range) => {
                let key: Vec<u32> = format[range].iter().map(|unit| (*unit).into()).collect();
                if key != [u32::from('a')] {
                    return Err("KeyError".to_owned());
                }
                arguments.rest = Vec::new().into_iter();
                keyed = Some("5".to_owned());
            }
            Piece::StarWidth => parser.set_width(star(&mut arguments, &mut keyed)?).map_err(percent_error)?,
            Piece::StarPrecision => parser.set_precision(star(&mut arguments, &mut keyed)? as i32),
            Piece::Directive(directive) => {
                let argument = keyed.take().map_or_else(|| arguments.take(), Ok)?;
                output.extend(convert(&directive, in_bytes, kind, &argument)?);
            }
        }
    }
    if arguments.rest.next().is_some() && !arguments.mapping {
        let what = if in_bytes { "bytes" } else { "string" };
        return Err(format!("TypeError: not all arguments converted during {what} formatting"));
    }
    Ok(output)
}

fn star(arguments: &mut Arguments, keyed: &mut Option<String>) -> Result<isize, String> {
    let argument = keyed.take().map_or_else(|| arguments.take(), Ok)?;
    argument.parse().map_err(|_| "TypeError: * wants int".to_owned())
}

fn convert(directive: &Directive, in_bytes: bool, kind: &str, argument: &str) -> Result<Vec<u32>, String> {
    let conversion = char::from_u32(directive.conversion).unwrap_or('?');
    let not_a_number = argument == "mapping" && !matches!(conversion, 's' | 'r' | 'a' | 'b' | 'c');
    let written = match conversion {
        'd' | 'i' | 'u' if not_a_number => {
            return Err(format!("TypeError: %{conversion} format: a real number is required, not dict"));
        }
        'f' if not_a_number && in_bytes => return Err("TypeError: float argument required, not dict".to_owned()),
        'f' if not_a_number => return Err("TypeError: must be real number, not dict".to_owned()),
        'd' | 'i' | 'u' | 'o' | 'x' | 'X' => percent_integer(directive, integer_argument(kind, argument).view(), 0),
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => percent_float(directive, float_argument(kind, argument)),
        's' => {
            let text = code_points(argument);
            let layout = directive.layout_text(text.len());
            let mut padded = vec![layout.fill; layout.left];
            padded.extend(&text[..layout.taken]);
            padded.extend(std::iter::repeat_n(layout.fill, layout.right));
            return Ok(padded);
        }
        _ => return Err(percent_error(directive.unsupported(in_bytes))),
    };
    written.map(|text| text.chars().map(u32::from).collect()).map_err(|error| match error {
        PercentNumberError::PrecisionTooLarge => format!("OverflowError: {error}"),
        PercentNumberError::Memory => "MemoryError".to_owned(),
        PercentNumberError::PrecisionTooBig | PercentNumberError::TextTooLong(_) => format!("ValueError: {error}"),
    })
}

fn integer_argument(kind: &str, argument: &str) -> Integer {
    match kind {
        "int" => integer(argument),
        "float" => panic!("recorded without conversion to integers"),
        _ => Integer::from(argument.parse::<i64>().expect("recorded arguments are numbers")),
    }
}

fn float_argument(kind: &str, argument: &str) -> f64 {
    match kind {
        "float" => float(argument),
        _ => naja_numeric::convert::float::to_f64(integer_argument(kind, argument).view()).expect("they are small"),
    }
}

fn percent_error(error: PercentError) -> String {
    format!(
        "{:?}: {}",
        error.exception(),
        show_code_points(&error.to_string().chars().map(u32::from).collect::<Vec<_>>())
    )
}
