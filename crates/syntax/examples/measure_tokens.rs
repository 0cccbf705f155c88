//! Measures how fast files are tokenized, all of them in memory: megabytes of text a second, best of five runs.
//!
//! `cargo run --profile quick -p naja-syntax --example measure_tokens -- FILE...`
#![forbid(unsafe_code)]

use std::time::Instant;

use naja_syntax::source::{Source, SourceOptions};
use naja_syntax::token::TokenKind;
use naja_syntax::tokenizer::{Tokenizer, TokenizerOptions};

fn main() {
    let texts: Vec<String> = std::env::args().skip(1).filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    let size: usize = texts.iter().map(String::len).sum();
    let mut best = f64::INFINITY;
    let mut count = 0;
    for _ in 0..5 {
        let start = Instant::now();
        count = texts.iter().map(|text| count_tokens(text)).sum();
        best = best.min(start.elapsed().as_secs_f64());
    }
    let rate = size as f64 / best / 1e6;
    println!("{} files, {size} bytes, {count} tokens: {rate:.1} MB/s", texts.len());
}

/// The tokens of a text up to its end or first error.
fn count_tokens(text: &str) -> usize {
    let Ok(source) = Source::from_text(text, SourceOptions::default()) else { return 0 };
    let mut tokenizer = Tokenizer::new(&source, TokenizerOptions::default());
    let mut count = 0;
    while let Ok(token) = tokenizer.next_token() {
        count += 1;
        if token.kind == TokenKind::EndMarker {
            break;
        }
    }
    count
}
