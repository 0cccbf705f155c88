//! Against what `tests/record_tables.py` recorded, and the writer against the tables themselves.

use super::{LineTableWriter, entries, lines, location_at, positions, without_columns};
use crate::location::Location;
use crate::test_support::from_hex;

const RECORDED: &str = include_str!("../../tests/data/tables.tsv");

fn recorded() -> impl Iterator<Item = (i32, Vec<u8>, &'static str, &'static str)> {
    RECORDED.lines().map(|line| {
        let fields: Vec<_> = line.split('\t').collect();
        (fields[0].parse().unwrap(), from_hex(fields[1]), fields[3], fields[4])
    })
}

fn number(value: i32) -> String {
    if value < 0 { "-".into() } else { value.to_string() }
}

#[test]
fn positions_are_the_reference_s() {
    for (first_line, table, expected, _) in recorded() {
        let show = |place: Location| [place.line, place.end_line, place.column, place.end_column].map(number).join(":");
        let found: Vec<_> = positions(&table, first_line).map(show).collect();
        assert_eq!(found.join(","), expected);
    }
}

#[test]
fn lines_are_the_reference_s() {
    for (first_line, table, _, expected) in recorded() {
        let show = |run: super::LineRange| format!("{}:{}:{}", run.start, run.end, number(run.line.unwrap_or(-1)));
        let found: Vec<_> = lines(&table, first_line).map(show).collect();
        assert_eq!(found.join(","), expected);
    }
}

#[test]
fn what_is_read_is_written_again() {
    for (first_line, table, ..) in recorded() {
        let mut writer = LineTableWriter::new(first_line);
        let mut pending: Option<(Location, usize)> = None;
        for entry in entries(&table, first_line) {
            let units = (entry.end - entry.start) as usize;
            match &mut pending {
                Some((location, run)) if *location == entry.location => *run += units,
                _ => {
                    if let Some((location, run)) = pending.replace((entry.location, units)) {
                        writer.add(location, run);
                    }
                }
            }
        }
        if let Some((location, run)) = pending {
            writer.add(location, run);
        }
        assert_eq!(writer.table(), table);
    }
}

#[test]
fn each_form_survives() {
    let places = [
        Location::new(1, 1, 79, 94),
        Location::new(1, 1, 80, 94),
        Location::new(3, 3, 127, 127),
        Location::new(4, 4, 3, 300),
        Location::new(2, 9, 0, 1),
        Location::of_line(70_000),
        Location::new(70_000, 70_001, -1, -1),
        Location::NONE,
        Location::new(70_001, 70_001, 5, 2),
    ];
    let mut writer = LineTableWriter::new(1);
    for (index, place) in places.iter().enumerate() {
        writer.add(*place, index * 4 + 1);
    }
    let table = writer.table();
    let mut found = positions(table, 1);
    for (index, place) in places.iter().enumerate() {
        for _ in 0..index * 4 + 1 {
            assert_eq!(found.next(), Some(*place));
        }
    }
    assert_eq!(found.next(), None);
    assert_eq!(location_at(table, 1, 0), places[0]);
    assert_eq!(location_at(table, 1, 5), places[1]);
    assert_eq!(location_at(table, 1, 1_000_000), Location::NONE);
}

#[test]
fn damaged_tables_are_read_to_their_end() {
    for bytes in [&[0xFFu8][..], &[0xF0, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F], &[0x00, 0x01, 0x80], &[0xD0]] {
        assert!(positions(bytes, i32::MAX).count() <= 64);
    }
}

#[test]
fn columns_are_left_out_as_the_reference_does() {
    // What CPython 3.14 makes of `def f(a,\n b): for …`, without and with `-X no_debug_ranges`.
    let table = from_hex("8000e00e0fd80e0ff703010f10f000010f108801e4080d8861d80a0bf60301090df305010f10");
    assert_eq!(without_columns(&table), from_hex("e800e804e802ef03e800e800ec04e800e802ee03eb05"));
}
