//! Runs every program under `tests/programs` and compares what it prints with what CPython printed.
//!
//! A program `NAME.py` has its expected output in `NAME.out`: standard output, then, if it does not end with exit code 0, a line with the
//! code, and the last line of standard error. `tests/record-programs` records them from the reference.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn programs_print_what_cpython_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/programs");
    let mut programs = Vec::new();
    collect(&root, &mut programs);
    programs.sort();
    assert!(!programs.is_empty(), "there are no programs in {}", root.display());
    let mut failures = String::new();
    for program in &programs {
        let expected = std::fs::read_to_string(program.with_extension("out"))
            .unwrap_or_else(|error| panic!("{}: no recorded output: {error}", program.display()));
        let found = run(program);
        if found != expected {
            let name = program.strip_prefix(&root).unwrap_or(program).display();
            let _ = write!(failures, "\n{name}\n--- expected\n{expected}--- found\n{found}");
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn collect(folder: &Path, programs: &mut Vec<PathBuf>) {
    for item in std::fs::read_dir(folder).expect("the folder of programs can be read").flatten() {
        let path = item.path();
        if path.is_dir() {
            collect(&path, programs);
        } else if path.extension().is_some_and(|it| it == "py") {
            programs.push(path);
        }
    }
}

/// What a program does, as the `.out` files have it.
fn run(program: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_naja"))
        .arg(program)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("the program can be started");
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let code = output.status.code().map_or_else(|| "killed".to_owned(), |it| it.to_string());
        let error = String::from_utf8_lossy(&output.stderr);
        let last = error.lines().last().unwrap_or_default();
        let _ = writeln!(text, "exit {code}: {last}");
    }
    text
}
