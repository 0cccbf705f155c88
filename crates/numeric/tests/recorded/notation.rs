//! The notation of the recorded files.

use naja_numeric::code_points::CodePoints;
use naja_numeric::integer::Integer;
use naja_numeric::radix;

/// Reads a hexadecimal integer.
pub fn integer(text: &str) -> Integer {
    let magnitude = text.strip_prefix('-').unwrap_or(text);
    let digits = radix::from_digit_text(magnitude.as_bytes(), 16).expect("recorded integers are hexadecimal");
    Integer::from_digits(magnitude.len() != text.len(), digits)
}

/// Writes a hexadecimal integer.
pub fn show_integer(value: &Integer) -> String {
    let sign = if value.is_negative() { "-" } else { "" };
    format!("{sign}{}", radix::to_text(value.digits(), 16))
}

/// Reads the bits of a float.
pub fn float(text: &str) -> f64 {
    match text {
        "nan" => f64::NAN,
        _ => f64::from_bits(u64::from_str_radix(text, 16).expect("recorded floats are 16 hexadecimal digits")),
    }
}

/// Writes the bits of a float.
pub fn show_float(value: f64) -> String {
    if value.is_nan() { "nan".to_owned() } else { format!("{:016x}", value.to_bits()) }
}

/// Reads text with its escapes.
pub fn code_points(text: &str) -> Vec<u32> {
    let mut pieces = text.split('\\');
    let plain = |piece: &str| piece.chars().map(u32::from).collect::<Vec<_>>();
    let mut result = plain(pieces.next().unwrap_or(""));
    for piece in pieces {
        let (code, rest) = piece.split_at(6);
        result.push(u32::from_str_radix(code, 16).expect("an escape is six hexadecimal digits"));
        result.extend(plain(rest));
    }
    result
}

/// Reads text that is Latin-1 at most.
pub fn bytes(text: &str) -> Vec<u8> {
    code_points(text).into_iter().map(|c| u8::try_from(c).unwrap_or(b'?')).collect()
}

/// Writes text with its escapes.
pub fn show_code_points(text: &[u32]) -> String {
    let shown = |code_point: &u32| match char::from_u32(*code_point) {
        Some(character @ ' '..='~') if character != '\\' => character.to_string(),
        _ => format!("\\{code_point:06x}"),
    };
    text.iter().map(shown).collect()
}

/// Writes the text of a result.
pub fn show_text(text: &CodePoints) -> String {
    show_code_points(&text.to_vec())
}
