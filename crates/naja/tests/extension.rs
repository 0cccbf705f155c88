//! Compiles an extension module with the system's C compiler and lets a program use it. What it prints was recorded from CPython 3.14, with
//! the same module. Where there is no C compiler, nothing is tested.

use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/extension")
}

/// The compiled module's folder, or None where there is no C compiler.
fn compile() -> Option<PathBuf> {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("extension");
    std::fs::create_dir_all(&target).expect("the folder for temporary files can be written to");
    let result = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(target.join("exercise.so"))
        .arg(folder().join("exercise.c"))
        .output();
    match result {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Some(target)
        }
        Err(_) => {
            eprintln!("there is no C compiler: extension modules are not tested");
            None
        }
    }
}

fn run(program: &[&str], modules: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_naja")).args(program).env("PYTHONPATH", modules).output();
    let output = output.expect("the interpreter starts");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_module_in_c_works_as_with_cpython() {
    let Some(modules) = compile() else { return };
    let program = folder().join("uses_exercise.py");
    let expected = std::fs::read_to_string(folder().join("uses_exercise.out")).expect("the expectation is recorded");
    assert_eq!(run(&[program.to_str().expect("the path is text")], &modules), expected);
}

#[test]
fn calling_what_is_not_provided_raises_with_its_name() {
    let Some(modules) = compile() else { return };
    let shown = run(&["-c", "import exercise; exercise.missing()"], &modules);
    let last = shown.lines().last().unwrap_or_default();
    assert_eq!(last, "SystemError: PyMarshal_ReadLastObjectFromFile() of CPython's C API is not provided");
}
