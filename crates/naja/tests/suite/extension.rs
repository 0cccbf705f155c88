//! Compiles extension modules with the system's C compiler and lets programs use them. What they print was recorded from CPython 3.14, with
//! the same modules. Where there is no C compiler, nothing is tested.

use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/modules_in_c")
}

/// The folder of a compiled module, or None where there is no C compiler.
fn compile(name: &str) -> Option<PathBuf> {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("extension-{name}"));
    std::fs::create_dir_all(&target).expect("the folder for temporary files can be written to");
    // Tests run at the same time: a module is whole before it gets its name.
    let unfinished = target.join(format!("{:?}.so", std::thread::current().id()));
    let result = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&unfinished)
        .arg(folder().join(name).with_extension("c"))
        .output();
    match result {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            std::fs::rename(&unfinished, target.join(name).with_extension("so")).expect("the module can be renamed");
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

/// A program that uses a module prints what it printed with CPython.
fn check(name: &str) {
    let Some(modules) = compile(name) else { return };
    let program = folder().join(format!("uses_{name}.py"));
    let expected = std::fs::read_to_string(program.with_extension("out")).expect("the expectation is recorded");
    assert_eq!(run(&[program.to_str().expect("the path is text")], &modules), expected);
}

#[test]
fn a_module_in_c_works_as_with_cpython() {
    check("exercise");
}

#[test]
fn what_real_modules_do_works_as_with_cpython() {
    check("reach");
}

#[test]
fn threads_of_c_ask_for_calls_as_with_cpython() {
    check("pending");
}

#[test]
fn calling_what_is_not_provided_raises_with_its_name() {
    let Some(modules) = compile("exercise") else { return };
    let shown = run(&["-c", "import exercise; exercise.missing()"], &modules);
    let last = shown.lines().last().unwrap_or_default();
    assert_eq!(last, "SystemError: PyUnicode_AsDecodedObject() of CPython's C API is not provided");
}

#[test]
fn what_is_not_provided_and_gives_nothing_is_reported() {
    let Some(modules) = compile("reach") else { return };
    let shown = run(&["-c", "import reach; print(reach.missing())"], &modules);
    assert!(shown.starts_with("went on\nException ignored in:\n"), "{shown}");
    assert!(shown.ends_with("SystemError: PySys_AddWarnOption() of CPython's C API is not provided\n"), "{shown}");
}
