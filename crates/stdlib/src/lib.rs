//! The standard library's Python text and its code, compiled when Naja is built, as data in the program.
//!
//! The import system asks for a module's code, `inspect` and tracebacks for a file's text. The data is packed by `build.rs`:
//!
//! ```text
//! number of files, bytes of index
//! per file: path length, code offset, code length, text offset, text length, text length uncompressed; path
//! data, to which the offsets refer
//! ```
//! All numbers are u32, little endian. Code is marshal data as it is; text is deflated.
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::sync::OnceLock;

static LIBRARY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.bin"));

/// A file of the library.
#[derive(Clone, Copy, Debug)]
pub struct File {
    code: (usize, usize),
    text: (usize, usize),
    text_size: usize,
}

impl File {
    /// The module's code as marshal data; empty for files that are not Python.
    pub fn code(&self) -> &'static [u8] {
        slice(self.code)
    }

    /// The file's contents.
    pub fn text(&self) -> Vec<u8> {
        miniz_oxide::inflate::decompress_to_vec_with_limit(slice(self.text), self.text_size).unwrap_or_default()
    }

    /// The length of the contents in bytes.
    pub fn text_size(&self) -> usize {
        self.text_size
    }
}

/// The file at a path relative to the library, with slashes (`json/__init__.py`).
pub fn file(path: &str) -> Option<File> {
    index().get(path).copied()
}

/// All paths, in no order.
pub fn paths() -> impl Iterator<Item = &'static str> {
    index().keys().copied()
}

/// A module or package by its dotted name: its path, and whether it is a package.
pub fn module(name: &str) -> Option<(String, bool, File)> {
    let base = name.replace('.', "/");
    let package = format!("{base}/__init__.py");
    if let Some(file) = file(&package) {
        return Some((package, true, file));
    }
    let module = format!("{base}.py");
    file(&module).map(|it| (module, false, it))
}

fn slice((start, length): (usize, usize)) -> &'static [u8] {
    LIBRARY.get(start..start + length).unwrap_or_default()
}

fn index() -> &'static HashMap<&'static str, File> {
    static INDEX: OnceLock<HashMap<&'static str, File>> = OnceLock::new();
    INDEX.get_or_init(read_index)
}

fn number(at: usize) -> usize {
    LIBRARY.get(at..at + 4).and_then(|it| it.try_into().ok()).map_or(0, |it| u32::from_le_bytes(it) as usize)
}

fn read_index() -> HashMap<&'static str, File> {
    /// Bytes of the numbers before a path.
    const NUMBERS: usize = 24;
    let (count, index_size) = (number(0), number(4));
    let data = 8 + index_size;
    let mut at = 8;
    let mut files = HashMap::with_capacity(count);
    for _ in 0..count {
        let length = number(at);
        let path = std::str::from_utf8(slice((at + NUMBERS, length))).unwrap_or_default();
        let file = File {
            code: (data + number(at + 4), number(at + 8)),
            text: (data + number(at + 12), number(at + 16)),
            text_size: number(at + 20),
        };
        files.insert(path, file);
        at += NUMBERS + length;
    }
    files
}
