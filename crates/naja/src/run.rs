//! Running what the command line asked for, and the exit code.

use std::process::ExitCode;

use modules_core::config::Config;

use crate::boot;
use crate::command_line::{self, Task};

/// Does a task in a new interpreter; the process's exit code.
pub fn run(config: Config, task: Task) -> ExitCode {
    let program = match task {
        Task::Run(program) => program,
        Task::Version { long } => {
            println!("{}", modules_core::start::version_text(long));
            return ExitCode::SUCCESS;
        }
        Task::Help(topic) => {
            println!("{}", command_line::help(topic));
            return ExitCode::SUCCESS;
        }
    };
    let Some(mut thread) = boot::start(&config) else {
        eprintln!("naja: the interpreter could not be started");
        return ExitCode::FAILURE;
    };
    ExitCode::from(modules_core::main_module::run(&config, &program, &mut thread) as u8)
}
