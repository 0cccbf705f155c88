//! Running what the command line asked for, and the exit code.

use std::ffi::{OsString, c_int};
use std::io::{IsTerminal, Write};

use modules_core::config::Config;
use modules_core::main_module::Program;
use text::hash::HashSecret;

use crate::boot;
use crate::command_line::{self, Task};
use crate::environment::{self, FatalSetting};
use crate::locate::locate;
use crate::settle;

/// Does a task in a new interpreter; the process's exit code.
pub fn run(mut config: Config, task: Task) -> c_int {
    let program = match task {
        Task::Run(program) => program,
        Task::Version { long } => {
            println!("{}", modules_core::start::version_text(long));
            return flush_output();
        }
        Task::Help(topic) => {
            print!("{}", command_line::help(topic, &program_name(&config)));
            return flush_output();
        }
    };
    let home: Option<OsString> =
        if config.ignore_environment { None } else { std::env::var_os("PYTHONHOME").filter(|it| !it.is_empty()) };
    let name = config.original_arguments.first().cloned().unwrap_or_default();
    config.paths = locate(&name, home.as_deref());
    if let Err(FatalSetting { function, message, state }) = environment::complete(&mut config) {
        objects::error_line!("Fatal Python error: {function}: {message}\nPython runtime state: {state}\n");
        return 1;
    }
    if program == Program::StandardInput && std::io::stdin().is_terminal() {
        config.interactive = true;
    }
    seed_hashes(&config);
    let Some(mut thread) = boot::start(&config) else { return 1 };
    settle::settle_after_start(&thread);
    if config.traced_frames > 0 {
        modules_core::tracemalloc_module::start_at_once(config.traced_frames, &mut thread);
    }
    if config.fault_handler {
        modules_os::faulthandler::enable_at_start(&mut thread);
    }
    modules_core::main_module::run(&config, &program, &mut thread) & 0xff
}

/// Writes out what was printed without an interpreter: nobody else would.
fn flush_output() -> c_int {
    std::io::stdout().flush().is_err().into()
}

/// The program as messages name it.
pub fn program_name(config: &Config) -> String {
    config.original_arguments.first().map(|it| String::from_utf8_lossy(it).into_owned()).unwrap_or_default()
}

/// Sets the secret that hashes of text are keyed with, before the first text is hashed.
fn seed_hashes(config: &Config) {
    let secret = match config.hash_seed {
        Some(seed) => HashSecret::from_seed(seed),
        None => HashSecret::from_bytes(random_bytes()),
    };
    // It can only be set already if something was hashed in this process: then that secret stays.
    let _ = objects::thread::set_hash_secret(secret);
}

fn random_bytes() -> [u8; 24] {
    let mut bytes = [0; 24];
    // SAFETY: the system writes into the array, at most its length.
    let written = unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), bytes.len(), libc::GRND_NONBLOCK) };
    if written != bytes.len() as isize {
        // Too early in the system's start: the address of the stack and the time must do.
        let time = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_nanos();
        let address = std::ptr::from_ref(&bytes).addr() as u64;
        bytes[..16].copy_from_slice(&time.to_le_bytes());
        bytes[16..].copy_from_slice(&address.to_le_bytes());
    }
    bytes
}
