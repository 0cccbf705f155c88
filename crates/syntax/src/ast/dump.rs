//! Trees as text, as the library's `ast.dump` prints them: for tests and for looking at trees.

use std::fmt::Write;

use bytecode::constant::Constant;
use numeric::integer::DIGIT_BITS;
use numeric::signed::Signed;
use text::wtf8::Wtf8;

use super::NodeRef;
use super::reflect::{FieldInfo, FieldType, FieldValue, Quantity};
use crate::interner::Interner;
use crate::token::Span;

/// What `ast.dump(tree, include_attributes=…)` returns, but that strings are escaped as `ascii()` does it.
pub fn dump(node: NodeRef<'_, '_>, interner: &Interner<'_>, include_attributes: bool) -> String {
    let mut out = String::new();
    // A stack of its own instead of recursion: trees can be deeper than the native stack.
    let mut pending = vec![Task::Value(FieldValue::Node(node))];
    while let Some(task) = pending.pop() {
        match task {
            Task::Text(text) => out.push_str(text),
            Task::Attributes(span, is_first) => push_attributes(&mut out, span, is_first),
            Task::Value(FieldValue::Node(node)) => push_node(&mut out, &mut pending, node, include_attributes),
            Task::Value(FieldValue::List(values)) => push_list(&mut out, &mut pending, values),
            Task::Value(FieldValue::None) => out.push_str("None"),
            Task::Value(FieldValue::Identifier(name)) => push_string(&mut out, interner.text(name)),
            Task::Value(FieldValue::Text(text)) => push_string(&mut out, text),
            Task::Value(FieldValue::Int(number)) => out.push_str(&number.to_string()),
            Task::Value(FieldValue::Constant(constant)) => push_constant(&mut out, constant),
        }
    }
    out
}

enum Task<'a, 't> {
    Text(&'static str),
    Value(FieldValue<'a, 't>),
    Attributes(Span, bool),
}

fn push_list<'a, 't>(out: &mut String, pending: &mut Vec<Task<'a, 't>>, values: Vec<FieldValue<'a, 't>>) {
    out.push('[');
    pending.push(Task::Text("]"));
    for (index, value) in values.into_iter().enumerate().rev() {
        pending.push(Task::Value(value));
        if index > 0 {
            pending.push(Task::Text(", "));
        }
    }
}

fn push_node<'a, 't>(
    out: &mut String,
    pending: &mut Vec<Task<'a, 't>>,
    node: NodeRef<'a, 't>,
    include_attributes: bool,
) {
    let info = node.class().info();
    out.push_str(info.name);
    out.push('(');
    let shown = |(field, value): &(&FieldInfo, FieldValue<'_, '_>)| match value {
        // A constant that is None is a value, not an absence.
        FieldValue::None => field.quantity == Quantity::One && field.field_type == FieldType::Constant,
        FieldValue::List(values) => !values.is_empty(),
        _ => true,
    };
    let fields: Vec<_> = info.fields.iter().zip(node.fields()).filter(shown).collect();
    pending.push(Task::Text(")"));
    if let (Some(span), true) = (node.span(), include_attributes) {
        pending.push(Task::Attributes(span, fields.is_empty()));
    }
    for (index, (field, value)) in fields.into_iter().enumerate().rev() {
        pending.extend([Task::Value(value), Task::Text("="), Task::Text(field.name)]);
        if index > 0 {
            pending.push(Task::Text(", "));
        }
    }
}

fn push_attributes(out: &mut String, span: Span, is_first: bool) {
    let Span { start, end } = span;
    let separator = if is_first { "" } else { ", " };
    let values = [
        ("lineno", start.line),
        ("col_offset", start.column),
        ("end_lineno", end.line),
        ("end_col_offset", end.column),
    ];
    let texts: Vec<String> = values.iter().map(|(name, value)| format!("{name}={value}")).collect();
    out.push_str(separator);
    out.push_str(&texts.join(", "));
}

fn push_constant(out: &mut String, constant: Constant<'_>) {
    match constant {
        Constant::None => out.push_str("None"),
        Constant::Ellipsis => out.push_str("Ellipsis"),
        Constant::Bool(true) => out.push_str("True"),
        Constant::Bool(false) => out.push_str("False"),
        Constant::Integer(number) => push_integer(out, number),
        Constant::Float(number) => out.push_str(&float_text(number, ".0")),
        Constant::Complex { real, imaginary } => push_complex(out, real, imaginary),
        Constant::String(text) => push_string(out, text),
        Constant::Bytes(bytes) => push_bytes(out, bytes),
        // The parser makes none of these: they come of folding.
        Constant::Tuple(_) | Constant::FrozenSet(_) | Constant::Slice(_) | Constant::Code(_) => {
            out.push_str(&format!("{constant:?}"));
        }
    }
}

fn push_complex(out: &mut String, real: f64, imaginary: f64) {
    let imaginary_text = float_text(imaginary, "");
    if real == 0.0 && !real.is_sign_negative() {
        out.push_str(&imaginary_text);
        return out.push('j');
    }
    let sign = if imaginary.is_sign_negative() { "" } else { "+" };
    out.push_str(&format!("({}{sign}{imaginary_text}j)", float_text(real, "")));
}

/// `repr(float)`: the shortest digits that read back as the number, with an exponent below -4 and from 16 on.
fn float_text(number: f64, integral_suffix: &str) -> String {
    if !number.is_finite() {
        return if number.is_nan() {
            "nan".into()
        } else if number < 0.0 {
            "-inf".into()
        } else {
            "inf".into()
        };
    }
    let scientific = format!("{number:e}");
    let exponent: i32 = scientific.split_once('e').and_then(|(_, text)| text.parse().ok()).unwrap_or(0);
    if number != 0.0 && !(-4..16).contains(&exponent) {
        let mantissa = scientific.split('e').next().unwrap_or_default();
        return format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
    }
    let plain = format!("{number}");
    let suffix = if plain.contains('.') { "" } else { integral_suffix };
    plain + suffix
}

fn push_integer(out: &mut String, number: Signed<'_>) {
    // Base 10**9 by repeated division: quadratic, which dumps of hand-written numbers can afford.
    const CHUNK: u64 = 1_000_000_000;
    let mut digits: Vec<u64> = number.digits().iter().map(|digit| u64::from(*digit)).collect();
    let mut chunks = Vec::new();
    while !digits.is_empty() {
        let mut remainder = 0;
        for digit in digits.iter_mut().rev() {
            let value = remainder << DIGIT_BITS | *digit;
            *digit = value / CHUNK;
            remainder = value % CHUNK;
        }
        chunks.push(remainder);
        while digits.last() == Some(&0) {
            digits.pop();
        }
    }
    if number.is_negative() {
        out.push('-');
    }
    out.push_str(&chunks.pop().unwrap_or(0).to_string());
    for chunk in chunks.iter().rev() {
        out.push_str(&format!("{chunk:09}"));
    }
}

fn push_string(out: &mut String, text: Wtf8<'_>) {
    let quote = preferred_quote(text.as_bytes());
    out.push(quote);
    for point in text.code_points() {
        match char::from_u32(point) {
            Some(character) if point < 0x80 => push_ascii(out, character, quote),
            _ if point < 0x100 => push_formatted(out, format_args!("\\x{point:02x}")),
            _ if point < 0x1_0000 => push_formatted(out, format_args!("\\u{point:04x}")),
            _ => push_formatted(out, format_args!("\\U{point:08x}")),
        }
    }
    out.push(quote);
}

fn push_bytes(out: &mut String, bytes: &[u8]) {
    let quote = preferred_quote(bytes);
    out.push('b');
    out.push(quote);
    for byte in bytes {
        match byte.is_ascii() {
            true => push_ascii(out, char::from(*byte), quote),
            false => push_formatted(out, format_args!("\\x{byte:02x}")),
        }
    }
    out.push(quote);
}

fn preferred_quote(bytes: &[u8]) -> char {
    if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' }
}

fn push_ascii(out: &mut String, character: char, quote: char) {
    match character {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\\' => out.push_str("\\\\"),
        _ if character == quote => out.extend(['\\', quote]),
        ' '..='~' => out.push(character),
        _ => push_formatted(out, format_args!("\\x{:02x}", u32::from(character))),
    }
}

fn push_formatted(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(arguments);
}
