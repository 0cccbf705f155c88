//! Packs the standard library: each module's code as marshal data, each file's text compressed, and an index.
//!
//! The text is CPython's, from the crate `rustpython-pylib`, with the few lines that serve RustPython alone replaced (`substitutions`). The
//! library is read by `src/lib.rs`, whose format notes are the contract between the two.

use bytecode::arena::Arena;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::{env, fs, thread};
use text::wtf8::Wtf8;

use bytecode::marshal::write::write_code_unit;
use compiler::{CompileOptions, compile};
use syntax::parser::{Mode, Options, parse};
use syntax::source::{Source, SourceOptions};
use syntax::string_literal::CharacterNames;

mod substitutions;

/// Native stack for the compiler: some library files nest deeply.
const STACK: usize = 64 << 20;

/// Compression effort, 0 to 10.
const LEVEL: u8 = 8;

/// Modules that each build of Python has its own text for.
const OWN: &str = "own";

struct UnicodeNames;

impl CharacterNames for UnicodeNames {
    fn code_point(&self, name: &str) -> Option<u32> {
        text::unicode_data::names::lookup(name)
    }
}

/// One file of the library.
struct Entry {
    /// Relative to the library, with slashes.
    path: String,
    /// Marshal data; empty for files that are not Python.
    code: Vec<u8>,
    text: Vec<u8>,
    text_size: usize,
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=substitutions.rs");
    println!("cargo::rerun-if-changed={OWN}");
    let worker = thread::Builder::new().stack_size(STACK).spawn(pack).expect("the system can start a thread");
    worker.join().expect("packing the library failed");
}

fn pack() {
    let mut entries = Vec::new();
    for root in [PathBuf::from(rustpython_pylib::LIB_PATH), PathBuf::from(OWN)] {
        let mut paths = Vec::new();
        collect(&root, &mut paths);
        entries.extend(paths.iter().filter_map(|path| entry(&root, path)));
    }
    entries.sort_by(|left, right| left.path.cmp(&right.path));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("library.bin"), blob(&entries)).expect("OUT_DIR can be written");
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for item in fs::read_dir(folder).expect("the library can be read").flatten() {
        let path = item.path();
        if path.is_dir() {
            if path.file_name().is_none_or(|it| it != "__pycache__") {
                collect(&path, paths);
            }
        } else if path.extension().is_none_or(|it| it != "pyc") {
            paths.push(path);
        }
    }
}

fn entry(root: &Path, path: &Path) -> Option<Entry> {
    let name = path.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
    let mut bytes = fs::read(path).expect("the library can be read");
    if name.ends_with(".py") {
        bytes = substitutions::apply(&name, bytes);
    }
    let code = if name.ends_with(".py") { compiled(&name, &bytes)? } else { Vec::new() };
    let text = miniz_oxide::deflate::compress_to_vec(&bytes, LEVEL);
    Some(Entry { path: name, code, text, text_size: bytes.len() })
}

/// The module's code; None, with a warning, for files that CPython cannot compile either.
fn compiled(name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let (arena, place) = (Arena::new(), OnceCell::new());
    let result = (|| {
        let source = Source::from_bytes(bytes, SourceOptions::default(), None, &mut |name, _| Err(name.into()))?;
        let source = place.get_or_init(|| source);
        let parsed = parse(source, &arena, Mode::Module, Options::new(&UnicodeNames))?;
        let options = CompileOptions { stack_budget: STACK / 4, ..CompileOptions::default() };
        compile(parsed.tree, Wtf8::of(name), &options)
    })();
    match result {
        Ok(compiled) => Some(write_code_unit(compiled.code).expect("library code is not too deep for marshal")),
        Err(error) => {
            println!("cargo::warning=library file {name} was left out: {}", error.message);
            None
        }
    }
}

/// The index and the data: see `src/lib.rs`.
fn blob(entries: &[Entry]) -> Vec<u8> {
    let mut index = Vec::new();
    let mut data: Vec<u8> = Vec::new();
    for entry in entries {
        let code_at = data.len();
        data.extend(&entry.code);
        let text_at = data.len();
        data.extend(&entry.text);
        for number in [entry.path.len(), code_at, entry.code.len(), text_at, entry.text.len(), entry.text_size] {
            index.extend(u32::try_from(number).expect("the library is smaller than 4 GiB").to_le_bytes());
        }
        index.extend(entry.path.as_bytes());
    }
    let mut blob = Vec::new();
    blob.extend(u32::try_from(entries.len()).expect("the library has few files").to_le_bytes());
    blob.extend(u32::try_from(index.len()).expect("the index is small").to_le_bytes());
    blob.extend(index);
    blob.extend(data);
    blob
}
