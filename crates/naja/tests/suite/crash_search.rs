//! A short run of the crash search (`tests/crash-search`): what Python code can do to the built-in types with odd arguments, fixed by a
//! seed. Only deaths count; the long form, `tests/crash-search/search`, also compares what comes out with the reference.

use std::path::Path;
use std::process::Command;

const SEED: &str = "5";
const MODULES: &str = "builtins,types,typing,weakref,string.templatelib,_contextvars,sys";

/// Runs one part of the search and says how it ended, if not well.
fn search(part: &str, trials: &str) -> Option<String> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/crash-search/calls.py");
    let output = Command::new(env!("CARGO_BIN_EXE_naja"))
        .args(["-W", "ignore", "-s", "-S"])
        .arg(program)
        .args([SEED, trials, MODULES, part])
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .output()
        .expect("the search can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default();
    if output.status.success() && last == "= done" && !errors.contains("panicked at") {
        return None;
    }
    Some(format!("{part}: {} at\n{last}\n{errors}", output.status))
}

#[test]
fn nothing_that_python_code_does_ends_the_process() {
    let parts = [("attributes", "1"), ("functions", "10"), ("operators", "2"), ("chains", "400")];
    let deaths: Vec<String> = parts.iter().filter_map(|(part, trials)| search(part, trials)).collect();
    assert!(deaths.is_empty(), "{}", deaths.join("\n"));
}
