//! Where the program is, and what follows from that: prefixes, virtual environments, the library.
//!
//! The rules are those of CPython's `Modules/getpath.py`, as far as a program has them that carries its library inside.

use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use modules_core::config::Paths;

/// Finds the paths of a program that was called by this name. `home` is `PYTHONHOME`.
pub fn locate(program_name: &[u8], home: Option<&OsStr>) -> Paths {
    let file = std::fs::read_link("/proc/self/exe").unwrap_or_default();
    let executable = called_as(program_name).unwrap_or_else(|| file.clone());
    let mut paths = Paths {
        base_executable: bytes(&executable),
        executable: bytes(&executable),
        library: bytes(&file),
        ..Paths::default()
    };
    let above_program = |path: &Path| path.parent().and_then(Path::parent).map(Path::to_path_buf).unwrap_or_default();
    let base_prefix = home.map_or_else(|| above_program(&file), PathBuf::from);
    paths.base_prefix = bytes(&base_prefix);
    paths.prefix = paths.base_prefix.clone();
    if let Some(environment) = virtual_environment(&executable) {
        paths.prefix = bytes(&environment.folder);
        paths.base_executable = bytes(&environment.base_executable(&executable, &file));
    }
    paths
}

fn bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().to_owned().into_vec()
}

/// The program's path as it was called: made absolute, or found on `PATH`.
fn called_as(program_name: &[u8]) -> Option<PathBuf> {
    let name = Path::new(OsStr::from_bytes(program_name));
    if program_name.contains(&b'/') {
        return Some(absolute(name));
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|it| it.join(name)).find(|it| is_executable(it)).map(|it| absolute(&it))
}

fn absolute(path: &Path) -> PathBuf {
    let relative = path.strip_prefix("./").unwrap_or(path);
    std::env::current_dir().map_or_else(|_| path.to_path_buf(), |folder| folder.join(relative))
}

fn is_executable(path: &Path) -> bool {
    path.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

/// A virtual environment: the folder with `pyvenv.cfg`, and the `home` that the file names.
struct VirtualEnvironment {
    folder: PathBuf,
    home: PathBuf,
}

/// The virtual environment that a program is in: `pyvenv.cfg` lies beside it, or one folder up.
fn virtual_environment(executable: &Path) -> Option<VirtualEnvironment> {
    let beside = executable.parent()?;
    for folder in [Some(beside), beside.parent()].into_iter().flatten() {
        let Ok(settings) = std::fs::read_to_string(folder.join("pyvenv.cfg")) else { continue };
        let home = settings.lines().find_map(|line| {
            let (key, value) = line.split_once('=')?;
            key.trim().eq_ignore_ascii_case("home").then(|| PathBuf::from(value.trim()))
        });
        // The file may lie beside the program, but the environment is the folder above `bin`.
        let folder = if folder == beside { beside.parent().unwrap_or(beside) } else { folder };
        return home.map(|home| VirtualEnvironment { folder: folder.to_path_buf(), home });
    }
    None
}

impl VirtualEnvironment {
    /// The program that the environment was made with.
    fn base_executable(&self, executable: &Path, file: &Path) -> PathBuf {
        let same_name = executable.file_name().map(|name| self.home.join(name)).filter(|it| is_executable(it));
        same_name.unwrap_or_else(|| file.to_path_buf())
    }
}
