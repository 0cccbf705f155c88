//! The command line: options by a table, as CPython's.
//!
//! Options may be joined (`-Bsc code`); the first argument that is no option, or `-c`, `-m`, ends them. What is decided goes into a
//! [`Config`]; what is to be run is [`Task`].

use std::os::unix::ffi::OsStrExt;

use modules_core::config::Config;
use modules_core::main_module::Program;

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    Run(Program),
    /// `-V`; with true, `-VV`.
    Version {
        long: bool,
    },
    /// `-h`, and its kin for environment variables and `-X` options.
    Help(HelpTopic),
}

/// Which help was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HelpTopic {
    Usage,
    Environment,
    XOptions,
    All,
}

/// A command line that cannot be followed: the message for standard error.
#[derive(Debug)]
pub struct UsageError(pub String);

/// An option of one letter.
struct Switch {
    letter: u8,
    set: fn(&mut Config),
}

const SWITCHES: &[Switch] = &[
    Switch { letter: b'b', set: |config| config.bytes_warning += 1 },
    Switch { letter: b'B', set: |config| config.dont_write_bytecode = true },
    Switch { letter: b'd', set: |config| config.debug += 1 },
    Switch { letter: b'E', set: |config| config.ignore_environment = true },
    Switch { letter: b'i', set: |config| (config.inspect, config.interactive) = (true, true) },
    Switch { letter: b'I', set: isolate },
    Switch { letter: b'O', set: |config| config.optimize = (config.optimize + 1).min(2) },
    Switch { letter: b'P', set: |config| config.safe_path = true },
    Switch { letter: b'q', set: |config| config.quiet = true },
    Switch { letter: b'R', set: |config| config.hash_randomization = true },
    Switch { letter: b's', set: |config| config.no_user_site = true },
    Switch { letter: b'S', set: |config| config.no_site = true },
    Switch { letter: b't', set: |_| {} },
    Switch { letter: b'u', set: |config| config.unbuffered = true },
    Switch { letter: b'v', set: |config| config.verbose += 1 },
    Switch { letter: b'x', set: |config| config.skip_first_line = true },
];

fn isolate(config: &mut Config) {
    config.isolated = true;
    config.ignore_environment = true;
    config.no_user_site = true;
    config.safe_path = true;
}

/// Reads the arguments, the program's own name first.
pub fn parse(arguments: &[Vec<u8>]) -> Result<(Config, Task), UsageError> {
    let mut config = Config { original_arguments: arguments.to_vec(), ..Config::default() };
    let mut reader = Reader { arguments, next: 1, versions: 0 };
    let task = reader.read(&mut config)?;
    let next = reader.next.min(arguments.len());
    let explicit_input = arguments[..next].last().is_some_and(|it| it == b"-");
    config.arguments = program_arguments(&task, explicit_input, &arguments[next..]);
    Ok((config, task))
}

/// `sys.argv` for a task and what followed it.
fn program_arguments(task: &Task, explicit_input: bool, rest: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let first = match task {
        Task::Run(Program::Command(_)) => b"-c".to_vec(),
        Task::Run(Program::Module(_)) => b"-m".to_vec(),
        Task::Run(Program::Path(path)) => path.clone(),
        Task::Run(Program::StandardInput) if explicit_input => b"-".to_vec(),
        _ => Vec::new(),
    };
    std::iter::once(first).chain(rest.iter().cloned()).collect()
}

struct Reader<'a> {
    arguments: &'a [Vec<u8>],
    next: usize,
    versions: u32,
}

impl Reader<'_> {
    fn read(&mut self, config: &mut Config) -> Result<Task, UsageError> {
        while let Some(argument) = self.arguments.get(self.next) {
            if argument == b"-" {
                self.next += 1;
                return Ok(Task::Run(Program::StandardInput));
            }
            let Some(letters) = argument.strip_prefix(b"-") else {
                self.next += 1;
                return Ok(Task::Run(Program::Path(argument.clone())));
            };
            self.next += 1;
            if letters == b"-" {
                break;
            }
            let ended = match letters.strip_prefix(b"-") {
                Some(word) => Some(self.long_option(word, config)?).flatten(),
                None => self.letters(letters, config)?,
            };
            if let Some(task) = ended {
                return Ok(task);
            }
        }
        if self.versions > 0 {
            return Ok(Task::Version { long: self.versions > 1 });
        }
        match self.arguments.get(self.next) {
            Some(path) => {
                self.next += 1;
                Ok(Task::Run(Program::Path(path.clone())))
            }
            None => Ok(Task::Run(Program::StandardInput)),
        }
    }

    fn letters(&mut self, letters: &[u8], config: &mut Config) -> Result<Option<Task>, UsageError> {
        for (index, letter) in letters.iter().enumerate() {
            let rest = &letters[index + 1..];
            match letter {
                b'c' => return self.value(rest, 'c').map(|it| Some(Task::Run(Program::Command(it)))),
                b'm' => return self.value(rest, 'm').map(|it| Some(Task::Run(Program::Module(it)))),
                b'W' => {
                    let option = self.value(rest, 'W')?;
                    config.warn_options.push(String::from_utf8_lossy(&option).into_owned());
                    return Ok(None);
                }
                b'X' => {
                    let option = self.value(rest, 'X')?;
                    config.x_options.push(String::from_utf8_lossy(&option).into_owned());
                    return Ok(None);
                }
                b'h' | b'?' => return Ok(Some(Task::Help(HelpTopic::Usage))),
                b'V' => self.versions += 1,
                letter => match SWITCHES.iter().find(|it| it.letter == *letter) {
                    Some(switch) => (switch.set)(config),
                    None => return Err(UsageError(format!("Unknown option: -{}", char::from(*letter)))),
                },
            }
        }
        Ok(None)
    }

    fn long_option(&mut self, word: &[u8], config: &mut Config) -> Result<Option<Task>, UsageError> {
        match word {
            b"help" => Ok(Some(Task::Help(HelpTopic::Usage))),
            b"help-env" => Ok(Some(Task::Help(HelpTopic::Environment))),
            b"help-xoptions" => Ok(Some(Task::Help(HelpTopic::XOptions))),
            b"help-all" => Ok(Some(Task::Help(HelpTopic::All))),
            b"version" => {
                self.versions += 1;
                Ok(None)
            }
            b"check-hash-based-pycs" => {
                let Some(mode) = self.arguments.get(self.next) else {
                    return Err(UsageError("Argument expected for the --check-hash-based-pycs options".to_owned()));
                };
                self.next += 1;
                let mode = String::from_utf8_lossy(mode).into_owned();
                if !matches!(mode.as_str(), "always" | "default" | "never") {
                    let message = "--check-hash-based-pycs must be one of 'default', 'always', or 'never'";
                    return Err(UsageError(message.to_owned()));
                }
                config.check_hash_based_bytecode = Some(mode);
                Ok(None)
            }
            other => Err(UsageError(format!("Unknown option: --{}", String::from_utf8_lossy(other)))),
        }
    }

    /// The value of an option: the rest of its word, or the next argument.
    fn value(&mut self, rest: &[u8], letter: char) -> Result<Vec<u8>, UsageError> {
        if !rest.is_empty() {
            return Ok(rest.to_vec());
        }
        let value = self.arguments.get(self.next).cloned();
        self.next += 1;
        value.ok_or_else(|| UsageError(format!("Argument expected for the -{letter} option")))
    }
}

/// The process's own arguments as bytes.
pub fn process_arguments() -> Vec<Vec<u8>> {
    std::env::args_os().map(|it| it.as_os_str().as_bytes().to_vec()).collect()
}

/// What follows the message about a wrong option.
pub fn usage_hint(program: &str) -> String {
    format!(
        "usage: {program} [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `python -h' for more information."
    )
}

/// The text of a help topic; lines end with the text's last one.
pub fn help(topic: HelpTopic, program: &str) -> String {
    let usage = include_str!("help/usage.txt").replace("{program}", program);
    let (environment, x_options) = (include_str!("help/env.txt"), include_str!("help/xoptions.txt"));
    match topic {
        HelpTopic::Usage => usage,
        HelpTopic::Environment => environment.to_owned(),
        HelpTopic::XOptions => x_options.to_owned(),
        HelpTopic::All => format!("{usage}\n{environment}\n{x_options}"),
    }
}
