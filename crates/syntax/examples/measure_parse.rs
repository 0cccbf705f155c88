//! Measures how fast files are read, parsed and let go of: seconds for all of them, best of some runs.
//!
//! `cargo run --profile quick -p naja-syntax --example measure_parse -- [--rounds N] FILE...`
#![forbid(unsafe_code)]

use bytecode::arena::Arena;
use std::time::{Duration, Instant};

use naja_syntax::parser::{Mode, Options, parse};
use naja_syntax::source::{Source, SourceOptions};
use naja_syntax::string_literal::UnicodeNames;

/// The allocator that the binary has.
#[global_allocator]
static HEAP: memory::RustHeap = memory::RustHeap;

fn main() {
    let mut rounds = 5;
    let mut files = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--rounds" => rounds = arguments.next().and_then(|it| it.parse().ok()).unwrap_or(rounds),
            path => files.extend(std::fs::read(path)),
        }
    }
    let mut best = [Duration::MAX; 3];
    for _ in 0..rounds {
        let mut times = [Duration::ZERO; 3];
        for bytes in &files {
            let start = Instant::now();
            let decode = &mut |encoding: &str, _: &[u8]| Err(encoding.into());
            let source = Source::from_bytes(bytes, SourceOptions::default(), None, decode);
            let read = Instant::now();
            let Ok(source) = source else { continue };
            let arena = Arena::for_source(bytes.len());
            let parsed = parse(&source, &arena, Mode::Module, Options::new(&UnicodeNames));
            let done = Instant::now();
            if parsed.is_ok() {
                times[0] += read - start;
                times[1] += done - read;
                let start = Instant::now();
                drop(arena);
                times[2] += start.elapsed();
            }
        }
        for (best, time) in best.iter_mut().zip(times) {
            *best = (*best).min(time);
        }
    }
    println!("read {:.4} parse {:.4} free {:.4}", best[0].as_secs_f64(), best[1].as_secs_f64(), best[2].as_secs_f64());
}
