//! How long each part of the front end takes: reading, tokenizing, parsing, compiling and marshalling, apart.
//!
//!     cargo bench -p naja-compiler --bench phases [-- [--rounds N] FILE-OR-FOLDER…]
//!
//! Each part is timed over all files together, and the shortest of the rounds is shown. «parse» includes tokenizing,
//! as the parser asks for tokens; «compile» is everything from the tree to the code unit; «free» is what letting go of
//! trees and code costs. The checksum is that of all marshalled code: it shows whether a change changes the code.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bytecode::arena::Arena;
use bytecode::marshal::write::write_code_unit;
use naja_compiler::{CompileOptions, compile};
use syntax::parser::{Mode, Options, parse};
use syntax::source::{Source, SourceOptions};
use syntax::string_literal::UnicodeNames;
use syntax::token::TokenKind;
use syntax::tokenizer::{Tokenizer, TokenizerOptions};
use text::wtf8::Wtf8;

/// The allocator that the binary has.
#[global_allocator]
static HEAP: memory::RustHeap = memory::RustHeap;

/// The parts, in the order in which they run.
const PARTS: [&str; 6] = ["read", "tokenize", "parse", "compile", "marshal", "free"];

struct Clock {
    part: usize,
    times: [Duration; PARTS.len()],
}

impl Clock {
    fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.times[self.part] += start.elapsed();
        self.part = (self.part + 1) % PARTS.len();
        result
    }
}

fn main() {
    let mut rounds = 5;
    let mut files = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // What `cargo bench` adds.
            "--bench" => {}
            "--rounds" => rounds = arguments.next().and_then(|it| it.parse().ok()).unwrap_or(rounds),
            path => collect(Path::new(path), &mut files),
        }
    }
    files.sort();
    let sources: Vec<(PathBuf, Vec<u8>)> =
        files.into_iter().filter_map(|file| std::fs::read(&file).ok().map(|bytes| (file, bytes))).collect();
    let mut best = [Duration::MAX; PARTS.len()];
    let mut whole = Duration::MAX;
    let mut n_compiled = 0;
    let mut checksum = 0;
    for _ in 0..rounds {
        let mut clock = Clock { part: 0, times: [Duration::ZERO; PARTS.len()] };
        (n_compiled, checksum) = (0, 0);
        for (file, bytes) in &sources {
            let Some(data) = run(file, bytes, &mut clock) else { continue };
            n_compiled += 1;
            checksum = data.iter().fold(checksum, |sum: u64, byte| {
                (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3).rotate_left(5)
            });
        }
        // The tokens are counted once: they are part of parsing.
        whole = whole.min(clock.times.iter().sum::<Duration>() - clock.times[1]);
        for (best, time) in best.iter_mut().zip(clock.times) {
            *best = (*best).min(time);
        }
    }
    let n_bytes: usize = sources.iter().map(|(_, bytes)| bytes.len()).sum();
    println!(
        "{n_compiled} of {} files compiled, {:.1} MB, checksum {checksum:016x}",
        sources.len(),
        n_bytes as f64 / 1e6
    );
    for (part, time) in PARTS.iter().zip(best).chain([(&"whole", whole)]) {
        let seconds = time.as_secs_f64();
        println!("{part:10} {seconds:8.3} s {:8.1} MB/s", n_bytes as f64 / 1e6 / seconds.max(1e-9));
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().for_each(|entry| collect(&entry.path(), files)),
        Err(_) if path.extension().is_some_and(|it| it == "py") => files.push(path.to_owned()),
        Err(_) => {}
    }
}

/// The marshalled code of the file, if it is a program.
fn run(file: &Path, bytes: &[u8], clock: &mut Clock) -> Option<Vec<u8>> {
    clock.part = 0;
    let decode = &mut |encoding: &str, _: &[u8]| Err(encoding.into());
    let source = clock.time(|| Source::from_bytes(bytes, SourceOptions::default(), None, decode));
    let Ok(source) = source else { return None };
    clock.time(|| count_tokens(&source));
    let filename = file.to_string_lossy();
    let arena = Arena::for_source(bytes.len());
    let parsed = clock.time(|| parse(&source, &arena, Mode::Module, Options::new(&UnicodeNames)));
    let Ok(parsed) = parsed else { return None };
    let options = CompileOptions { stack_budget: 6 << 20, ..CompileOptions::default() };
    let compiled = clock.time(|| compile(parsed.tree, Wtf8::of(&filename), &options));
    let Ok(compiled) = compiled else { return None };
    let data = clock.time(|| write_code_unit(compiled.code));
    clock.time(|| drop(arena));
    data.ok()
}

fn count_tokens(source: &Source) -> usize {
    let mut tokenizer = Tokenizer::new(source, TokenizerOptions::default());
    let mut n_tokens = 0;
    while let Ok(token) = tokenizer.next_token() {
        n_tokens += 1;
        if token.kind == TokenKind::EndMarker {
            break;
        }
    }
    n_tokens
}
