//! Source text to tokens to AST; SyntaxErrors in CPython's words.
//!
//! Called by the compiler's users (`compile()`, the import system, the build of the embedded library) and by the modules `_ast` and
//! `_tokenize`. Nothing here knows of Python objects.
#![forbid(unsafe_code)]

pub mod ast;
mod diagnosis;
pub mod error;
pub mod interner;
pub mod number_literal;
pub mod parser;
pub mod source;
pub mod stack_guard;
pub mod string_literal;
pub mod token;
pub mod tokenizer;
pub mod well_known;
mod words;

#[cfg(test)]
mod golden_tests;
