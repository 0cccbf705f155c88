//! Against what `tests/record_marshal.py` recorded from the reference.

use numeric::signed::Signed;

use super::plain::{read_code_unit, read_constant};
use super::write::{write_code_unit, write_constant};
use super::{ExceptionKind, FLAG_REFERENCE, MarshalError, type_code};
use crate::arena::Arena;
use crate::constant::Constant;
use crate::disassemble::disassemble;
use crate::test_support::from_hex;

const RECORDED: &str = include_str!("../../tests/data/marshal.tsv");

fn recorded(kind: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    RECORDED.lines().filter_map(move |line| line.strip_prefix(kind)?.strip_prefix('\t')?.split_once('\t'))
}

#[test]
fn values_are_read_and_written() {
    let arena = Arena::new();
    for (text, hex) in recorded("value") {
        let bytes = from_hex(hex);
        let value = read_constant(&bytes, &arena).unwrap_or_else(|error| panic!("{text}: {error}"));
        let written = write_constant(value).unwrap();
        assert_eq!(read_constant(&written, &arena).unwrap(), value, "{text}");
        // But for the reference flag, which follows the reference's counts, scalars are the same bytes. (CPython also
        // interns all strings of one Latin-1 character.)
        if !matches!(value, Constant::Tuple(_) | Constant::Slice(_)) && !text.contains("xe9") {
            let mut unflagged = bytes.clone();
            unflagged[0] &= !FLAG_REFERENCE;
            assert_eq!(written, unflagged, "{text}");
        }
    }
}

#[test]
fn values_have_their_types() {
    let arena = Arena::new();
    let integer = |digits: &'static [u32], negative| Constant::Integer(Signed::new(negative, digits));
    let read = |text: &str| {
        let (_, hex) = recorded("value").find(|(name, _)| *name == text).unwrap();
        read_constant(&from_hex(hex), &arena).unwrap()
    };
    assert_eq!(read("-1"), integer(&[1], true));
    assert_eq!(read("2**31"), integer(&[0, 2], false));
    assert_eq!(read("-2**31-1"), integer(&[1, 2], true));
    assert_eq!(read("-0.0"), Constant::Float(-0.0));
    assert_ne!(read("-0.0"), Constant::Float(0.0));
    assert_eq!(read("1-2j"), Constant::Complex { real: 1.0, imaginary: -2.0 });
    assert_eq!(read("True"), Constant::Bool(true));
}

#[test]
fn repeated_constants_are_written_once() {
    let arena = Arena::new();
    let (_, hex) = recorded("value").find(|(name, _)| name.contains("shared!")).unwrap();
    let written = write_constant(read_constant(&from_hex(hex), &arena).unwrap()).unwrap();
    assert_eq!(written.windows(7).filter(|window| *window == b"shared!").count(), 1);
    let reference = [type_code::REFERENCE, 0, 0, 0, 0];
    assert_eq!(written.windows(5).filter(|window| *window == reference).count(), 2);
}

#[test]
fn damage_is_reported_in_the_reference_s_words() {
    for (hex, expected) in recorded("damaged") {
        match read_constant(&from_hex(hex), &Arena::new()) {
            Ok(_) | Err(MarshalError::NotAConstant) => assert!(expected.starts_with("ok "), "{hex}: {expected}"),
            Err(error) => {
                let kind = match error.exception_kind() {
                    ExceptionKind::EofError => "EOFError",
                    ExceptionKind::ValueError => "ValueError",
                    ExceptionKind::TypeError => "TypeError",
                    ExceptionKind::UnicodeDecodeError => "UnicodeDecodeError",
                };
                if error == MarshalError::BadText {
                    assert!(expected.starts_with(kind), "{hex}");
                } else {
                    assert_eq!(format!("{kind} {error}"), expected, "{hex}");
                }
            }
        }
    }
}

#[test]
fn code_units_survive() {
    let arena = Arena::new();
    for (name, hex) in recorded("code") {
        let unit = read_code_unit(&from_hex(hex), &arena).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(unit.filename, "sample.py");
        let again = read_code_unit(&write_code_unit(unit).unwrap(), &arena).unwrap();
        assert_eq!(again, unit, "{name}");
        assert_eq!(again.qualified_name, unit.qualified_name);
        assert_eq!(again.stack_size, unit.stack_size);
        assert_eq!(again.locals_plus_kinds, unit.locals_plus_kinds);
    }
}

#[test]
fn cut_code_is_an_error_wherever_it_is_cut() {
    let (_, hex) = recorded("code").next().unwrap();
    let bytes = from_hex(hex);
    for length in 0..bytes.len() {
        assert!(read_constant(&bytes[..length], &Arena::new()).is_err());
    }
}

#[test]
fn damaged_code_is_read_or_refused_and_shown_without_panic() {
    for (_, hex) in recorded("code") {
        let bytes = from_hex(hex);
        for index in 0..bytes.len() {
            for value in [0, b'(', b'r', 0x7F, 0xFF, bytes[index] ^ 0x80, bytes[index].wrapping_add(1)] {
                let mut damaged = bytes.clone();
                damaged[index] = value;
                if let Ok(unit) = read_code_unit(&damaged, &Arena::new()) {
                    assert!(disassemble(unit).starts_with("code "));
                    assert!(write_code_unit(unit).is_ok());
                }
            }
        }
    }
}
