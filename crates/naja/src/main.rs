//! `naja`: the command. Reads the command line and the environment, starts an interpreter, runs what was asked for.

mod boot;
mod command_line;
mod environment;
mod locate;
mod run;
mod settle;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = command_line::process_arguments();
    match command_line::parse(&arguments) {
        Ok((config, task)) => run::run(config, task),
        Err(error) => {
            let program = arguments.first().map(|it| String::from_utf8_lossy(it)).unwrap_or_default();
            eprintln!("{}\n{}", error.0, command_line::usage_hint(&program));
            ExitCode::from(2)
        }
    }
}
