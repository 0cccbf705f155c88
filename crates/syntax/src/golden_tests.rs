//! Tests of the tokenizer and of literals against what the reference makes of small sources.
//!
//! `tests/record_tokenizer.py` records the expectations (`tests/data/*.txt`); its opening comment tells their format.

use bytecode::arena::Arena;
use bytecode::constant::Constant;
use numeric::signed::Signed;

use crate::error::{SyntaxError, SyntaxWarning};
use crate::number_literal::number_constant;
use crate::source::{Source, SourceOptions};
use crate::string_literal::{LiteralValue, ReportedToken, UnicodeNames, decode_middle, decode_string};
use crate::token::{Span, Token, TokenKind};
use crate::tokenizer::module::ModuleTokens;
use crate::tokenizer::{Tokenizer, TokenizerOptions};

const DIGIT_LIMIT: usize = 4300;

#[test]
fn tokens_are_those_of_the_module_tokenize() {
    check(include_str!("../tests/data/tokens.txt"), |source| {
        let mut lines = module_tokens(source, false);
        lines.push("--- extra tokens".to_owned());
        lines.extend(module_tokens(source, true));
        lines
    });
}

#[test]
fn errors_are_those_of_compile() {
    check(include_str!("../tests/data/errors.txt"), |text| {
        let source = Source::from_text(text, SourceOptions::default()).expect("a source without null bytes");
        let mut tokenizer = Tokenizer::new(&source, TokenizerOptions::default());
        loop {
            match tokenizer.next_token() {
                Ok(token) if token.kind == TokenKind::EndMarker => return vec!["no error".to_owned()],
                Ok(_) => {}
                Err(error) => {
                    let text = escaped(source.error_text(&error).unwrap_or(""));
                    let place = located(&source, error.span.unwrap_or_default());
                    return vec![format!("{:?} {} {place} {text}", error.kind, error.message)];
                }
            }
        }
    });
}

#[test]
fn warnings_are_those_of_compile() {
    check(include_str!("../tests/data/warnings.txt"), |text| {
        let source = Source::from_text(text, SourceOptions::default()).expect("a source without null bytes");
        let mut tokenizer = Tokenizer::new(&source, TokenizerOptions::default());
        while tokenizer.next_token().is_ok_and(|token| token.kind != TokenKind::EndMarker) {}
        let warnings = tokenizer.take_warnings().into_iter().enumerate();
        let shown = warnings.map(|(index, warning)| {
            let (line, message) = (warning.span.start.line, warning.message.clone());
            let error = if index == 0 { shown_as_error(&source, warning) } else { String::new() };
            format!("{line} {message} {error}").trim_end().to_owned()
        });
        shown.collect()
    });
}

#[test]
fn type_comments_are_those_of_the_tree() {
    check(include_str!("../tests/data/type_comments.txt"), |text| {
        let source = Source::from_text(text, SourceOptions::default()).expect("a source without null bytes");
        let options = TokenizerOptions { type_comments: true, ..Default::default() };
        let mut tokenizer = Tokenizer::new(&source, options);
        let mut comments = Vec::new();
        let mut ignores = Vec::new();
        loop {
            let token = tokenizer.next_token().expect("a valid source");
            let shown =
                |what: &str| format!("{} {what} {}", token.span.start.line, escaped(source.slice(token.text.clone())));
            match token.kind {
                TokenKind::EndMarker => break,
                TokenKind::TypeComment => comments.push(shown("comment")),
                TokenKind::TypeIgnore => ignores.push(shown("ignore")),
                _ => {}
            }
        }
        comments.extend(ignores);
        comments
    });
}

#[test]
fn literals_have_their_values_errors_and_warnings() {
    check(include_str!("../tests/data/literals.txt"), literal_lines);
}

/// Compares what `examine` says of each recorded source with what is recorded.
fn check(recorded: &str, examine: impl Fn(&str) -> Vec<String>) {
    let mut differences = String::new();
    let cases: Vec<&str> = recorded.split("\n>>> ").skip(1).collect();
    assert!(cases.len() >= 10, "the recorded file is incomplete");
    for case in cases {
        let mut expected = case.trim_end_matches('\n').split('\n');
        let source = unescaped(expected.next().unwrap_or(""));
        let expected: Vec<&str> = expected.collect();
        let found = examine(&source);
        if found != expected {
            let pairs = expected.iter().map(Some).chain([None]).zip(found.iter().map(Some).chain([None]));
            let first = pairs.into_iter().find(|(expected, found)| expected.copied() != found.map(String::as_str));
            differences += &format!("{source:?}\n  (expected, found) {first:?}\n");
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

fn module_tokens(text: &str, extra_tokens: bool) -> Vec<String> {
    let options = SourceOptions { translate_newlines: false, refuse_nulls: false, add_final_newline: !text.is_empty() };
    let source = Source::from_text(text, options).expect("a source without null bytes");
    let mut tokens = ModuleTokens::new(&source, TokenizerOptions { extra_tokens, ..Default::default() });
    let mut lines = Vec::new();
    loop {
        match tokens.next_token() {
            Ok(None) => return lines,
            Ok(Some(token)) => lines.push(format!(
                "{} {} {},{} {},{} {}",
                token.kind,
                escaped(token.text),
                token.start.0,
                token.start.1,
                token.end.0,
                token.end.1,
                escaped(token.line)
            )),
            Err(error) => {
                lines.push(format!("{:?} {}", error.kind, error.message));
                return lines;
            }
        }
    }
}

fn literal_lines(text: &str) -> Vec<String> {
    let source = Source::from_text(text, SourceOptions::default()).expect("a source without null bytes");
    let mut tokenizer = Tokenizer::new(&source, TokenizerOptions::default());
    let mut next = || tokenizer.next_token().expect("a literal");
    let arena = Arena::new();
    let first = next();
    let (value, warning) = match first.kind {
        TokenKind::Number => (
            number_constant(source.slice(first.text.clone()), first.span, DIGIT_LIMIT, &arena)
                .map(|value| shown_number(&value)),
            None,
        ),
        TokenKind::String => match decode_string(source.slice(first.text.clone()), first.span, &UnicodeNames, &arena) {
            Ok(decoded) => (Ok(shown_string(&decoded.value, decoded.has_u_prefix)), decoded.warning),
            Err(error) => (Err(error), None),
        },
        _ => match part_of_f_string(&source, &first, &next(), &next(), &arena) {
            Ok((value, warning)) => (Ok(shown_string(&value, false)), warning),
            Err(error) => (Err(error), None),
        },
    };
    let value = value.unwrap_or_else(|error| {
        format!("error {} {}", error.message, located(&source, error.span.unwrap_or_default()))
    });
    let warning = warning.map(|warning| {
        let (line, message) = (warning.span.start.line, warning.message.clone());
        format!("warning {line} {message} {}", shown_as_error(&source, warning))
    });
    [value].into_iter().chain(warning).collect()
}

/// The value of an f-string of literal text alone.
fn part_of_f_string<'t>(
    source: &'t Source,
    start: &Token,
    middle: &Token,
    end: &Token,
    arena: &'t Arena,
) -> Result<(LiteralValue<'t>, Option<SyntaxWarning>), SyntaxError> {
    let is_raw = source.slice(start.text.clone()).contains(['r', 'R']);
    let end_text = source.slice(end.text.clone());
    let reported = ReportedToken { start: end.span.start, text: end_text, is_f_string_part: true };
    let text = source.slice(middle.text.clone());
    let (text, warning) = decode_middle(text, is_raw, middle.span, reported, &UnicodeNames, arena)?;
    Ok((LiteralValue::String(text), warning))
}

fn shown_string(value: &LiteralValue<'_>, has_u_prefix: bool) -> String {
    match value {
        LiteralValue::Bytes(bytes) => {
            format!("bytes {}", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        }
        LiteralValue::String(text) => {
            let points: Vec<String> = text.code_points().map(|point| format!("{point:x}")).collect();
            format!("str {} {}", if has_u_prefix { "u" } else { "None" }, points.join(" "))
        }
    }
}

fn shown_number(value: &Constant<'_>) -> String {
    match value {
        Constant::Integer(integer) => format!("int {}", hexadecimal(*integer)),
        Constant::Float(float) => format!("float {}", numeric::float::repr(*float)),
        Constant::Complex { real: 0.0, imaginary } => {
            format!("complex {}j", numeric::float::repr(*imaginary).trim_end_matches(".0"))
        }
        other => format!("{other:?}"),
    }
}

fn hexadecimal(integer: Signed<'_>) -> String {
    let bits: String = integer.digits().iter().rev().map(|digit| format!("{digit:030b}")).collect();
    let padding = "0".repeat((4 - bits.len() % 4) % 4);
    let nibbles = padding + &bits;
    let digits: String = nibbles
        .as_bytes()
        .chunks(4)
        .map(|nibble| nibble.iter().fold(0, |value, bit| value << 1 | u32::from(bit - b'0')))
        .filter_map(|value| char::from_digit(value, 16))
        .collect();
    match digits.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => digits.to_owned(),
    }
}

fn shown_as_error(source: &Source, warning: SyntaxWarning) -> String {
    let error = warning.into_error();
    let text = escaped(source.error_text(&error).unwrap_or(""));
    format!("as error: {} {} {text}", error.message, located(source, error.span.unwrap_or_default()))
}

fn located(source: &Source, span: Span) -> String {
    let Span { start, end } = span;
    format!("{},{} {},{}", start.line, source.exception_offset(start), end.line, source.exception_offset(end))
}

const CONTROLS: [(char, char); 6] = [('\\', '\\'), ('\n', 'n'), ('\r', 'r'), ('\t', 't'), ('\x0C', 'f'), ('\0', '0')];

fn escaped(text: &str) -> String {
    let mut result = String::new();
    for char in text.chars() {
        match CONTROLS.into_iter().find(|(control, _)| *control == char) {
            Some((_, letter)) => result.extend(['\\', letter]),
            None => result.push(char),
        }
    }
    result
}

fn unescaped(text: &str) -> String {
    let mut result = String::new();
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            result.push(char);
            continue;
        }
        let letter = chars.next().expect("an escape is two characters");
        let control = CONTROLS.into_iter().find(|(_, of)| *of == letter).expect("a recorded escape");
        result.push(control.0);
    }
    result
}
