//! Compares the crate with what the reference interpreter answered: `tests/record.py` wrote `tests/data/*.tsv` and
//! explains their form. Each module here computes the answers of some files anew.

mod floats;
mod formats;
mod integers;
mod math;
mod notation;

use std::path::Path;

/// Runs every case of a file, and reports those whose answer differs. What may be only near is given the expected
/// answer too.
fn check(file: &str, compute: fn(&[&str], &str) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file);
    let recorded = std::fs::read_to_string(&path).expect("the recorded data is committed beside the tests");
    let mut failures = Vec::new();
    let mut count = 0;
    for line in recorded.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let (expected, arguments) = fields.split_last().expect("a line has an answer");
        let actual = compute(arguments, expected);
        count += 1;
        if actual != *expected {
            failures.push(format!("{}\n  expected {expected}\n  computed {actual}", arguments.join("  ")));
        }
    }
    assert!(count > 100, "{file} has only {count} cases");
    let shown = failures.iter().take(25).cloned().collect::<Vec<_>>().join("\n");
    assert!(failures.is_empty(), "{file}: {} of {count} differ\n{shown}", failures.len());
}

#[test]
fn integer_arithmetic() {
    check("integers.tsv", |fields, _| integers::arithmetic(fields));
}

#[test]
fn integer_texts() {
    check("integer_texts.tsv", |fields, _| integers::texts(fields));
}

#[test]
fn integer_bytes() {
    check("integer_bytes.tsv", |fields, _| integers::bytes(fields));
}

#[test]
fn float_values() {
    check("floats.tsv", |fields, _| floats::values(fields));
}

#[test]
fn float_texts() {
    check("float_texts.tsv", |fields, _| floats::texts(fields));
}

#[test]
fn format_specifications() {
    check("formats.tsv", |fields, _| formats::specification(fields));
}

#[test]
fn percent_formats() {
    check("percents.tsv", |fields, _| formats::percent(fields));
}

#[test]
fn mathematics() {
    check("mathematics.tsv", |fields, expected| match fields[0] {
        "ulps" => math::special(fields, expected),
        _ => math::values(fields),
    });
}
