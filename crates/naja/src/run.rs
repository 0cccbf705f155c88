//! Running what the command line asked for, and the exit code.

use std::process::ExitCode;

use modules_core::config::Config;

use crate::boot;
use crate::command_line::Task;

/// Runs a task in a new interpreter; the process's exit code.
pub fn run(config: Config, task: Task) -> ExitCode {
    if let Task::Version { long } = task {
        println!("{}", modules_core::start::version_text(long));
        return ExitCode::SUCCESS;
    }
    let Ok(mut thread) = boot::start(&config) else {
        eprintln!("naja: the interpreter could not be started");
        return ExitCode::FAILURE;
    };
    let code = modules_core::main_module::run(&config, &task.into_program(), &mut thread);
    ExitCode::from(code as u8)
}
