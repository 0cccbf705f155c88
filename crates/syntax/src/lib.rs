//! Source text to tokens to AST; SyntaxErrors in CPython's words.
#![forbid(unsafe_code)]
