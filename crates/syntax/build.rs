//! Generates the AST's Rust types and their reflection from `ast.asdl`.
//!
//! The result is `ast.rs` in this package's build output: read it at `<target>/<profile>/build/naja-syntax-*/out/ast.rs`.
#![forbid(unsafe_code)]

#[path = "build/asdl.rs"]
mod asdl;
#[path = "build/emit.rs"]
mod emit;

fn main() {
    println!("cargo::rerun-if-changed=ast.asdl");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    let table = std::fs::read_to_string("ast.asdl").expect("ast.asdl is beside build.rs");
    let output = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    let generated = emit::emit(&asdl::parse(&table));
    std::fs::write(std::path::Path::new(&output).join("ast.rs"), generated).expect("OUT_DIR can be written");
}
