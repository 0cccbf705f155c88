//! `naja`: the command. Reads the command line and the environment, starts an interpreter, runs what was asked for.
//!
//! The C library calls `main` directly. What Rust's own start would do first is not Python's: it opens `/dev/null` in the place of
//! standard streams that are closed (`sys.stdin` is None then), and takes SIGSEGV for itself.
#![no_main]

mod boot;
mod command_line;
mod environment;
mod locale;
mod locate;
mod run;
mod settle;

use std::ffi::{c_char, c_int};
use std::panic;

/// Lists of small blocks, and behind them the reserve, on which Rust's containers live when the system has no more memory.
#[global_allocator]
static ALLOCATOR: memory::RustHeap = memory::RustHeap;

/// The exit code of a bug in the interpreter itself, as of any Rust program.
const PANICKED: c_int = 101;

/// What the C library's start calls. The arguments come from the standard library, which has its own copy of them.
// SAFETY: the symbol is the one that the C library looks for, with its signature; no other is named so.
#[unsafe(no_mangle)]
extern "C" fn main(_count: c_int, _arguments: *const *const c_char) -> c_int {
    panic::catch_unwind(command).unwrap_or(PANICKED)
}

fn command() -> c_int {
    memory::reserve::keep(objects::thread::memory_ran_out);
    let arguments = command_line::process_arguments();
    match command_line::parse(&arguments) {
        Ok((config, task)) => run::run(config, task),
        Err(error) => {
            let program = arguments.first().map(|it| String::from_utf8_lossy(it)).unwrap_or_default();
            objects::error_line!("{}\n{}", error.0, command_line::usage_hint(&program));
            2
        }
    }
}
