//! The basic prompt: reads statements line by line from standard input, runs each, prints what it raises.
//!
//! [`super::run`] comes here for a terminal and for `-i`, and `sys._baserepl()` does. A program at a terminal gets the
//! library's `_pyrepl`, with editing and history, unless `PYTHON_BASIC_REPL` is set. Invariant: an exception ends the
//! statement that raised it, never the loop, but for SystemExit.

use std::io::IsTerminal;

use interpreter::execute::run_code;
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{PyResult, Raised, SystemExit};
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use syntax::error::SyntaxErrorKind;
use syntax::parser::Mode;

use super::ending;
use crate::builtins_module::import_module;
use crate::compile::{Memory, Request, Text, check_syntax, compile_source, compile_tree, flags, parse_source};
use crate::config::Config;
use crate::sys_module;

/// Bytes that one read of standard input asks for.
const READ_SIZE: usize = 4096;

/// Whether a program may get the prompt at all: standard input is a terminal, or `-i` says to act as if it were.
pub fn is_interactive(config: &Config) -> bool {
    config.interactive || std::io::stdin().is_terminal()
}

/// True if the prompt is to follow the program: `-i`, or PYTHONINSPECT, which the program itself may have set.
pub fn is_wanted_afterwards(config: &Config) -> bool {
    let by_environment = || std::env::var_os("PYTHONINSPECT").is_some_and(|it| !it.is_empty());
    (config.inspect || (!config.ignore_environment && by_environment())) && is_interactive(config)
}

/// The lines that greet at a prompt without a program.
pub fn print_header(config: &Config) {
    if config.quiet {
        return;
    }
    objects::error_line!("Python {} on {}", sys_module::version(), sys_module::PLATFORM);
    if !config.no_site {
        objects::error_line!("Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.");
    }
}

/// Runs the prompt in `__main__` until the input or the program ends; Err has what ends the program.
pub fn run(config: &Config, starts_up: bool, globals: Py<Dict>, thread: &mut Thread) -> PyResult<()> {
    let basic = config.environment_variable("PYTHON_BASIC_REPL").is_some();
    if starts_up && (basic || !std::io::stdin().is_terminal()) {
        run_startup_file(config, &globals, thread)?;
    }
    call_interactive_hook(thread)?;
    if basic || !std::io::stdin().is_terminal() {
        return run_basic(globals, thread);
    }
    run_library_prompt(starts_up, thread)
}

/// `_pyrepl`: it comes back to the basic prompt itself if the terminal is not able enough.
fn run_library_prompt(starts_up: bool, thread: &mut Thread) -> PyResult<()> {
    let module = import_module("_pyrepl.main", thread)?;
    let modules = thread.interpreter().modules.get().expect("set when the interpreter starts");
    let main = thread.intern_text("__main__");
    let main = modules.get_str(&main, thread).unwrap_or_else(|| thread.none());
    let function = thread.intern_text("interactive_console");
    protocol::call_method(&module, &function, &[&main, Bool::get(false), Bool::get(starts_up)], thread).map(drop)
}

/// PYTHONSTARTUP: what it raises is printed, and the prompt comes all the same.
fn run_startup_file(config: &Config, globals: &Py<Dict>, thread: &mut Thread) -> PyResult<()> {
    let Some(path) = config.environment_variable("PYTHONSTARTUP") else { return Ok(()) };
    let name = path.to_string_lossy().into_owned();
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(error) => {
            objects::error_line!("Could not open PYTHONSTARTUP");
            let raised = thread.raise_io_error(&error, None);
            return survive(raised, thread);
        }
    };
    let request = Request::new(Mode::Module, 0, thread.interpreter().optimize.get().min(2));
    let code = compile_source(Text::Encoded(&text), &name.as_str().into(), request, thread);
    match code.and_then(|code| run_code(code, globals.clone(), globals.clone().into_object(), None, thread)) {
        Ok(_) => Ok(()),
        Err(raised) => survive(raised, thread),
    }
}

/// `sys.__interactivehook__`, which `site` sets.
fn call_interactive_hook(thread: &mut Thread) -> PyResult<()> {
    let name = thread.intern_text("__interactivehook__");
    let hook = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&name, thread));
    let Some(hook) = hook else { return Ok(()) };
    match protocol::call(&hook, &[], thread) {
        Ok(_) => Ok(()),
        Err(raised) => {
            objects::error_line!("Failed calling sys.__interactivehook__");
            survive(raised, thread)
        }
    }
}

/// The loop itself: until the input ends.
pub fn run_basic(globals: Py<Dict>, thread: &mut Thread) -> PyResult<()> {
    let mut session = Session { globals, input: Input::default(), statements: 0, future: 0 };
    set_default_prompts(thread)?;
    loop {
        match session.next_statement(thread) {
            Ok(Some(source)) => {
                if let Err(raised) = session.run(&source, thread) {
                    survive(raised, thread)?;
                }
            }
            Ok(None) => {
                objects::error_line!("");
                return Ok(());
            }
            Err(raised) => {
                session.input.forget_line();
                survive(raised, thread)?;
            }
        }
        ending::flush_streams(thread);
    }
}

fn set_default_prompts(thread: &mut Thread) -> PyResult<()> {
    let Some(sys) = thread.interpreter().sys_dict.get() else { return Ok(()) };
    for (name, prompt) in [("ps1", ">>> "), ("ps2", "... ")] {
        let name = thread.intern_text(name);
        if sys.get_str(&name, thread).is_none() {
            let prompt = Str::from_str(prompt, thread);
            sys.set_str(&name, &prompt, thread)?;
        }
    }
    Ok(())
}

/// Prints an exception and goes on; SystemExit is passed on.
fn survive(raised: Raised, thread: &mut Thread) -> PyResult<()> {
    let exception = thread.catch(raised);
    if exception.class().is_subtype(SystemExit.as_type()) {
        return Err(thread.raise(exception.into_object()));
    }
    ending::print_exception(&exception, thread);
    Ok(())
}

/// What a prompt remembers from one statement to the next.
struct Session {
    globals: Py<Dict>,
    input: Input,
    /// How many statements were compiled: each has a file name of its own, under which `linecache` knows its text.
    statements: usize,
    /// The `from __future__` features that hold from here on.
    future: u32,
}

impl Session {
    /// Reads a whole statement; None at the end of the input.
    fn next_statement(&mut self, thread: &mut Thread) -> PyResult<Option<String>> {
        let mut source = String::new();
        loop {
            let prompt = prompt(if source.is_empty() { "ps1" } else { "ps2" }, thread);
            let Some(line) = self.input.read_line(&prompt, thread)? else {
                return Ok(Some(source).filter(|it| !it.is_empty()));
            };
            let is_last = !line.ends_with('\n');
            if source.is_empty() && is_empty_line(&line) {
                if is_last {
                    return Ok(None);
                }
                continue;
            }
            source.push_str(&line);
            if is_last || self.is_complete(&source, thread) {
                return Ok(Some(source));
            }
        }
    }

    /// True unless more lines could make the source right. A compound statement ends with an empty line: the end of the last line does not
    /// count, as for `codeop`, so that the line after it has to be there. An empty line also ends a block that has no body.
    fn is_complete(&self, source: &str, thread: &mut Thread) -> bool {
        let more = flags::ALLOW_INCOMPLETE_INPUT | flags::DONT_IMPLY_DEDENT;
        let without_end = source.strip_suffix('\n').unwrap_or(source);
        match (self.judge(without_end, more, thread), self.judge(source, more, thread)) {
            (Completeness::Whole, _) | (_, Completeness::Wrong) => true,
            (_, Completeness::Beginning) if without_end.ends_with('\n') => {
                matches!(self.judge(source, 0, thread), Completeness::LacksBody)
            }
            _ => false,
        }
    }

    fn judge(&self, source: &str, more: u32, thread: &mut Thread) -> Completeness {
        match check_syntax(source, self.request(more, thread), thread) {
            Ok(()) => Completeness::Whole,
            Err(SyntaxErrorKind::IncompleteInput) => Completeness::Beginning,
            Err(SyntaxErrorKind::IndentationError) if more == 0 => Completeness::LacksBody,
            Err(_) => Completeness::Wrong,
        }
    }

    fn request(&self, extra: u32, thread: &Thread) -> Request {
        let optimize = thread.interpreter().optimize.get().min(2);
        Request::new(Mode::Interactive, self.future | extra, optimize)
    }

    /// Compiles and runs a statement. Who parses names it as the input; the code, as a file of its own.
    fn run(&mut self, source: &str, thread: &mut Thread) -> PyResult<()> {
        let request = self.request(0, thread);
        let memory = Memory::default();
        let tree = parse_source(Text::Decoded(source), &"<stdin>".into(), request, &memory, thread)?;
        let name = format!("<stdin-{}>", self.statements);
        self.statements += 1;
        let code = compile_tree(tree, &name.as_str().into(), request, thread)?;
        self.future |= code.flags() & bytecode::code_flags::PYCF_MASK;
        let linecache = import_module("linecache", thread)?;
        let register = thread.intern_text("_register_code");
        let (text, name) = (Str::from_str(source, thread), Str::from_str(&name, thread));
        protocol::call_method(&linecache, &register, &[&code, &text, &name], thread)?;
        run_code(code, self.globals.clone(), self.globals.clone().into_object(), None, thread).map(drop)
    }
}

/// What a source is to the compiler.
enum Completeness {
    Whole,
    /// It ends too early.
    Beginning,
    /// It ends where an indented block should begin.
    LacksBody,
    Wrong,
}

/// A line that the tokenizer takes for nothing: white space, a comment.
fn is_empty_line(line: &str) -> bool {
    let text = line.trim_matches([' ', '\t', '\x0c', '\r', '\n']);
    text.is_empty() || text.starts_with('#')
}

/// `str(sys.ps1)`; nothing if that fails.
fn prompt(name: &str, thread: &mut Thread) -> String {
    let name = thread.intern_text(name);
    let value = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&name, thread));
    let Some(value) = value else { return String::new() };
    match protocol::str(&value, thread) {
        Ok(text) => text.to_string_lossy().to_string(),
        Err(raised) => {
            drop(thread.catch(raised));
            String::new()
        }
    }
}

/// Standard input, line by line, below `sys.stdin`: as CPython's prompt reads.
#[derive(Default)]
struct Input {
    /// What was read and not yet asked for.
    pending: Vec<u8>,
    ended: bool,
}

impl Input {
    /// A line with its end; the last may have none. None at the end of the input.
    fn read_line(&mut self, prompt: &str, thread: &mut Thread) -> PyResult<Option<String>> {
        ending::flush_streams(thread);
        objects::error_text!("{prompt}");
        loop {
            if let Some(end) = self.pending.iter().position(|it| *it == b'\n') {
                let line = self.pending.drain(..=end).collect::<Vec<u8>>();
                return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
            }
            if self.ended {
                let line = std::mem::take(&mut self.pending);
                return Ok((!line.is_empty()).then(|| String::from_utf8_lossy(&line).into_owned()));
            }
            self.read_more(thread)?;
        }
    }

    fn read_more(&mut self, thread: &mut Thread) -> PyResult<()> {
        let mut chunk = vec![0; READ_SIZE];
        // SAFETY: the system writes at most the buffer's length.
        let read = || unsafe { libc::read(libc::STDIN_FILENO, chunk.as_mut_ptr().cast(), READ_SIZE) };
        let read = system::call::checked_interruptible(read, thread);
        let length = match read {
            Ok(length) => length as usize,
            Err(raised) => {
                // What the terminal shows of the interrupt has no end of line.
                objects::error_line!("");
                return Err(raised);
            }
        };
        self.ended = length == 0;
        self.pending.extend_from_slice(&chunk[..length]);
        Ok(())
    }

    /// Forgets what was typed of a line that an interrupt ended; a terminal forgets the rest itself.
    fn forget_line(&mut self) {
        if std::io::stdin().is_terminal() {
            self.pending.clear();
        }
    }
}

/// `sys._baserepl()`: the basic prompt in `__main__`, then None.
pub fn base_prompt(thread: &mut Thread) -> PyResult<Py<Object>> {
    let main = thread.intern_text("__main__");
    let modules = thread.interpreter().modules.get().expect("set when the interpreter starts");
    let main = modules.get_str(&main, thread);
    if let Some(module) = main.as_ref().and_then(|it| it.downcast::<objects::module::Module>()) {
        run_basic(module.dict(), thread)?;
    }
    Ok(thread.none())
}
