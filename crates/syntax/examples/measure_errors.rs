//! Measures how fast the parser says what is wrong with programs: seconds for those of a file that are refused, best of some runs.
//!
//! `cargo run --profile quick -p naja-syntax --example measure_errors -- [--rounds N] FILE`
//!
//! The file has one program after the other, each after a line with its length in bytes.
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
    let mut data = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--rounds" => rounds = arguments.next().and_then(|it| it.parse().ok()).unwrap_or(rounds),
            path => data = std::fs::read(path).unwrap_or_default(),
        }
    }
    let mut programs = Vec::new();
    let mut rest = data.as_slice();
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let length = std::str::from_utf8(&rest[..end]).ok().and_then(|it| it.parse::<usize>().ok()).unwrap_or(0);
        let start = end + 1;
        programs.push(String::from_utf8_lossy(&rest[start..start + length]).into_owned());
        rest = &rest[start + length..];
    }
    let mut best = [Duration::MAX; 2];
    let mut refused = 0;
    for _ in 0..rounds {
        let mut times = [Duration::ZERO; 2];
        refused = 0;
        for program in &programs {
            let start = Instant::now();
            let Ok(source) = Source::from_text(program, SourceOptions::default()) else { continue };
            let arena = Arena::for_source(program.len());
            let parsed = parse(&source, &arena, Mode::Module, Options::new(&UnicodeNames));
            times[usize::from(parsed.is_err())] += start.elapsed();
            refused += usize::from(parsed.is_err());
        }
        for (best, time) in best.iter_mut().zip(times) {
            *best = (*best).min(time);
        }
    }
    let [good, wrong] = best.map(|it| it.as_secs_f64());
    println!("{} programs: {good:.4} s; {refused} refused: {wrong:.4} s", programs.len() - refused);
}
