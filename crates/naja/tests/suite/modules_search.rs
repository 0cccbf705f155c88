//! A short run of the search of native modules (`tests/crash-search/modules.py`): odd and hostile arguments, and damaged data, fixed by a seed.
//! Only deaths count; the long form also compares what comes out with the reference.

use std::path::Path;
use std::process::Command;

#[test]
fn native_modules_survive_odd_calls() {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/crash-search/modules.py");
    let naja = env!("CARGO_BIN_EXE_naja");
    let output = Command::new(naja)
        .arg(program)
        .args([naja, "--quick"])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("the search can be started");
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{report}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(report.contains(" calls, 0 deaths"), "nothing was searched: {report}");
}
