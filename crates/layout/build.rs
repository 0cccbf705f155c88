//! Turns `layouts.tsv` (struct, field or `(sizeof)`, number; as a C compiler sees the reference's headers) into
//! compile-time assertions about the structs of this crate.

use std::fmt::Write;
use std::{env, fs, path::Path};

const TABLE: &str = "layouts.tsv";

fn main() {
    println!("cargo::rerun-if-changed={TABLE}");
    let table = fs::read_to_string(TABLE).expect("layouts.tsv lies beside build.rs");
    let mut assertions = String::new();
    for (index, line) in table.lines().enumerate() {
        let number = index + 1;
        let mut columns = line.split('\t');
        let (Some(name), Some(field), Some(value), None) =
            (columns.next(), columns.next(), columns.next(), columns.next())
        else {
            panic!("{TABLE}:{number}: not three columns: {line:?}");
        };
        let actual = match field {
            "(sizeof)" => format!("size_of::<crate::{name}>()"),
            "type" => format!("offset_of!(crate::{name}, r#type)"),
            _ => format!("offset_of!(crate::{name}, {field})"),
        };
        let message = format!("{TABLE}:{number}: {name} {field} is not {value}");
        writeln!(assertions, "const _: () = assert!({actual} == {value}, {message:?});").expect("a String takes all");
    }
    let folder = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&folder).join("layouts.rs"), assertions).expect("OUT_DIR is writable");
}
