//! Against what `tests/record_tables.py` recorded, and searches in a long table.

use super::{Handler, entries, lookup, write};
use crate::test_support::from_hex;

const RECORDED: &str = include_str!("../../tests/data/tables.tsv");

#[test]
fn entries_are_the_reference_s_and_written_again() {
    let mut seen = 0;
    for line in RECORDED.lines() {
        let fields: Vec<_> = line.split('\t').collect();
        let table = from_hex(fields[2]);
        let show = |each: Handler| {
            format!("{}:{}:{}:{}:{}", each.start, each.end, each.target, each.depth, u8::from(each.push_lasti))
        };
        let found: Vec<_> = entries(&table).collect();
        assert_eq!(found.iter().copied().map(show).collect::<Vec<_>>().join(","), fields[5]);
        let mut written = Vec::new();
        found.iter().for_each(|each| write(&mut written, *each));
        assert_eq!(written, table);
        seen += found.len();
    }
    assert!(seen > 10);
}

#[test]
fn lookup_finds_what_a_scan_finds() {
    let mut table = Vec::new();
    let handlers: Vec<_> = (0..200)
        .map(|index| {
            let start = index * 37 + 5;
            Handler {
                start,
                end: start + 20 + index % 17,
                target: 1 << (index % 30),
                depth: index,
                push_lasti: index % 2 == 0,
            }
        })
        .collect();
    handlers.iter().for_each(|each| write(&mut table, *each));
    for offset in 0..8000 {
        let expected = handlers.iter().find(|each| (each.start..each.end).contains(&offset)).copied();
        assert_eq!(lookup(&table, offset), expected, "{offset}");
    }
    assert_eq!(lookup(&[], 0), None);
    assert_eq!(lookup(&[0xFF; 100], 3), None);
    assert_eq!(lookup(&[0; 100], 3), None);
}
