//! Generates the AST's Rust types and their reflection from `ast.asdl`, and the tables of the diagnosing parser from
//! `diagnosis.peg`.
//!
//! The results are `ast.rs` and `diagnosis.rs` in this package's build output: read them at
//! `<target>/<profile>/build/naja-syntax-*/out/`.
#![forbid(unsafe_code)]

use std::path::Path;

#[path = "build/asdl.rs"]
mod asdl;
#[path = "build/emit.rs"]
mod emit;
#[path = "build/peg.rs"]
mod peg;
#[path = "src/token.rs"]
#[allow(dead_code)]
mod token;

fn main() {
    for input in ["ast.asdl", "diagnosis.peg", "build.rs", "build", "src/token.rs"] {
        println!("cargo::rerun-if-changed={input}");
    }
    let output = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    let write = |name: &str, text: String| {
        std::fs::write(Path::new(&output).join(name), text).expect("OUT_DIR can be written");
    };
    let table = std::fs::read_to_string("ast.asdl").expect("ast.asdl is beside build.rs");
    write("ast.rs", emit::emit(&asdl::parse(&table)));
    let grammar = std::fs::read_to_string("diagnosis.peg").expect("diagnosis.peg is beside build.rs");
    write("diagnosis.rs", peg::compile(&grammar, &vocabulary()));
}

fn vocabulary() -> peg::Vocabulary {
    let (kinds, keywords) = (token::TokenKind::ALL.iter(), token::TokenKind::KEYWORDS.iter());
    let names = kinds.clone().map(|kind| (kind.name().to_owned(), format!("{kind:?}")));
    let kinds = kinds.chain(keywords);
    let texts = kinds.filter_map(|kind| kind.fixed_text().map(|text| (text.to_owned(), format!("{kind:?}"))));
    peg::Vocabulary { tokens: texts.chain(names).collect() }
}
