//! Makes `missing.rs`: entries for the functions of CPython's C API that the sources of this crate do not define, so that a module that
//! needs one can be loaded, and calling it raises SystemError.
//!
//! `data/functions.tsv` lists what CPython exports. What is defined here is read from the sources: whatever follows the word `fn`.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=data/functions.tsv");
    let mut defined = HashSet::new();
    collect(Path::new("src"), &mut defined);
    let table = fs::read_to_string("data/functions.tsv").expect("the table of functions is part of the crate");
    let mut assembly = String::from("std::arch::global_asm!(\n");
    for line in table.lines().filter(|it| !it.starts_with('#')) {
        let (name, kind) = line.split_once('\t').expect("a row has two columns");
        if !defined.contains(name) {
            // A function that gives a struct gets the place for it in the first register.
            let register = if kind == "status" { "rsi" } else { "rdi" };
            // Position-independent, and named in the dynamic symbol table by the linker's glob.
            writeln!(
                assembly,
                r#"".pushsection .rodata.capi_names,\"a\"", "99: .asciz \"{name}\"", ".popsection", ".pushsection .text.capi_missing,\"ax\"", ".globl {name}", ".type {name}, @function", "{name}: lea {register}, [rip + 99b]", "jmp {{{kind}}}", ".size {name}, . - {name}", ".popsection","#
            )
            .expect("writing to a string cannot fail");
        }
    }
    for kind in ["pointer", "number", "float", "status", "nothing"] {
        writeln!(assembly, "{kind} = sym missing_{kind},").expect("writing to a string cannot fail");
    }
    assembly.push_str(");\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("missing.rs"), assembly).expect("the output directory can be written to");
}

/// Adds the names that follow `fn` in the sources below `folder`.
fn collect(folder: &Path, defined: &mut HashSet<String>) {
    for entry in fs::read_dir(folder).expect("the sources can be read") {
        let path = entry.expect("the sources can be read").path();
        if path.is_dir() {
            collect(&path, defined);
            continue;
        }
        let text = fs::read_to_string(&path).expect("the sources can be read");
        for part in text.split("fn ").skip(1) {
            let name: String = part.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').collect();
            if name.starts_with("Py") || name.starts_with("_Py") {
                defined.insert(name);
            }
        }
    }
}
