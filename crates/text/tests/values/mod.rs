//! The values in recorded data: how to read them, and how to compare a whole file.

use naja_text::builder::{StrData, to_string_lossy};
use naja_text::view::StrView;

/// A value of Python's, as far as the recorded operations need.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Str(StrData),
    Bytes(Vec<u8>),
    Int(i64),
    None,
    Bool(bool),
    Error(String),
    List(Vec<Value>),
}

impl Value {
    fn parse(text: &str) -> Self {
        let rest = &text[1..];
        match text.as_bytes()[0] {
            b's' => Self::Str(unescape(rest)),
            b'b' => Self::Bytes((0..rest.len()).step_by(2).map(|at| hexadecimal(&rest[at..at + 2]) as u8).collect()),
            b'i' => Self::Int(rest.parse().expect("an integer")),
            b'n' => Self::None,
            b't' => Self::Bool(true),
            b'f' => Self::Bool(false),
            b'e' => Self::Error(to_string_lossy(unescape(rest).view())),
            b'l' if rest.is_empty() => Self::List(Vec::new()),
            b'l' => Self::List(rest.split(',').map(Self::parse).collect()),
            _ => panic!("no value: {text}"),
        }
    }

    pub fn view(&self) -> StrView<'_> {
        match self {
            Self::Str(text) => text.view(),
            other => panic!("not a string: {other:?}"),
        }
    }

    pub fn text(&self) -> String {
        to_string_lossy(self.view())
    }

    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            other => panic!("not bytes: {other:?}"),
        }
    }

    pub fn int(&self) -> i64 {
        match self {
            Self::Int(value) => *value,
            other => panic!("not an integer: {other:?}"),
        }
    }

    pub fn list(&self) -> &[Value] {
        match self {
            Self::List(values) => values,
            other => panic!("not a list: {other:?}"),
        }
    }
}

fn hexadecimal(digits: &str) -> u32 {
    u32::from_str_radix(digits, 16).expect("hexadecimal digits")
}

// Python's unicode_escape, without this crate's decoder, which is under test.
fn unescape(text: &str) -> StrData {
    let mut points = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        points.extend(rest[..at].chars().map(u32::from));
        let digits = match rest.as_bytes()[at + 1] {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        let end = at + 2 + digits;
        points.push(match rest.as_bytes()[at + 1] {
            b'n' => 0x0A,
            b'r' => 0x0D,
            b't' => 0x09,
            b'\\' => 0x5C,
            _ => hexadecimal(&rest[at + 2..end]),
        });
        rest = &rest[end..];
    }
    points.extend(rest.chars().map(u32::from));
    StrData::from_points(points)
}

/// Runs every operation of a file and reports all whose result differs from the recorded one.
pub fn check(file: &str, run: impl Fn(&str, &[Value]) -> Value) {
    let path = format!("{}/tests/data/{file}.tsv", env!("CARGO_MANIFEST_DIR"));
    let content = std::fs::read_to_string(&path).expect("recorded data");
    let mut differences = Vec::new();
    for line in content.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let (operation, fields) = fields.split_first().expect("an operation");
        let values: Vec<Value> = fields.iter().map(|field| Value::parse(field)).collect();
        let (expected, arguments) = values.split_last().expect("a result");
        let result = run(operation, arguments);
        if result != *expected {
            differences.push(format!("{line}\n    gave {result:?}"));
        }
    }
    assert!(content.lines().count() > 100, "{path} is cut off");
    let shown = differences.len().min(20);
    assert!(differences.is_empty(), "{} of {path} differ:\n{}", differences.len(), differences[..shown].join("\n"));
}

/// The checksum of zlib.crc32.
pub fn crc32(bytes: &[u8]) -> u32 {
    let mut table = [0u32; 256];
    for (index, entry) in table.iter_mut().enumerate() {
        *entry =
            (0..8).fold(index as u32, |value, _| if value & 1 != 0 { value >> 1 ^ 0xEDB8_8320 } else { value >> 1 });
    }
    !bytes.iter().fold(!0, |crc, byte| crc >> 8 ^ table[usize::from(crc as u8 ^ byte)])
}
