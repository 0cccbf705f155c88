//! `initconfig.h`: asking for options of the configuration, by name, and setting them. What `sys` has is asked of `sys`, and set there.

use std::ffi::{CStr, c_int};

use objects::audit;
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::int::Int;
use objects::list::List;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Shared;

use crate::command_line::CommandLine;
use crate::data;
use crate::entry::{Out, export, text};

/// Where the value of an option is found.
enum Source {
    /// An attribute of `sys`.
    Attribute(&'static str),
    /// A field of `sys.flags`.
    Flag(&'static str),
    /// The opposite of a field of `sys.flags`.
    OppositeFlag(&'static str),
    /// A number that the interpreter keeps.
    Kept(fn(&Thread) -> i128),
    /// A truth value that never changes.
    Always(bool),
    /// A number that never changes.
    Number(i32),
    /// A text that never changes.
    Text(&'static str),
    /// There is nothing.
    Nothing,
    /// `-X name` turns it off.
    UnlessOption(&'static str),
    /// What the command line says.
    CommandLine(fn(&CommandLine) -> Option<String>),
    /// Whether the command line has a letter.
    Letter(char),
    /// An attribute of `sys.__stdin__`, and what it is where there is no such stream.
    Stream(&'static str, &'static str),
    /// The seed of hashes, or whether there is one.
    HashSeed { is_number: bool },
    /// `_imp.check_hash_based_pycs`.
    HashCheck,
}

/// The values that an option takes.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// It cannot be set, and is shown as it is found.
    ReadOnly,
    /// It cannot be set; a truth value.
    ReadOnlyTruth,
    Truth,
    Number,
    Count,
    Text,
    OptionalText,
    Texts,
    Options,
}

/// The options, by name.
const OPTIONS: &[(&str, Source, Kind)] = &[
    ("allocator", Source::Number(0), Kind::ReadOnly),
    ("argv", Source::Attribute("argv"), Kind::Texts),
    ("base_exec_prefix", Source::Attribute("base_exec_prefix"), Kind::OptionalText),
    ("base_executable", Source::Attribute("_base_executable"), Kind::OptionalText),
    ("base_prefix", Source::Attribute("base_prefix"), Kind::OptionalText),
    ("buffered_stdio", Source::Letter('u'), Kind::ReadOnly),
    ("bytes_warning", Source::Flag("bytes_warning"), Kind::Count),
    ("check_hash_pycs_mode", Source::HashCheck, Kind::ReadOnly),
    ("code_debug_ranges", Source::UnlessOption("no_debug_ranges"), Kind::ReadOnly),
    ("coerce_c_locale", Source::Always(false), Kind::ReadOnly),
    ("coerce_c_locale_warn", Source::Always(false), Kind::ReadOnly),
    ("configure_c_stdio", Source::Always(true), Kind::ReadOnly),
    ("configure_locale", Source::Always(true), Kind::ReadOnly),
    ("context_aware_warnings", Source::Flag("context_aware_warnings"), Kind::ReadOnly),
    ("cpu_count", Source::Kept(|it| it.interpreter().processor_count.get().into()), Kind::Number),
    ("dev_mode", Source::Flag("dev_mode"), Kind::ReadOnlyTruth),
    ("dump_refs", Source::Always(false), Kind::ReadOnly),
    ("dump_refs_file", Source::Nothing, Kind::ReadOnly),
    ("exec_prefix", Source::Attribute("exec_prefix"), Kind::OptionalText),
    ("executable", Source::Attribute("executable"), Kind::OptionalText),
    ("faulthandler", Source::Always(false), Kind::ReadOnly),
    ("filesystem_encoding", Source::Text("utf-8"), Kind::ReadOnly),
    ("filesystem_errors", Source::Text("surrogateescape"), Kind::ReadOnly),
    ("hash_seed", Source::HashSeed { is_number: true }, Kind::ReadOnly),
    ("home", Source::Nothing, Kind::ReadOnly),
    ("import_time", Source::Number(0), Kind::ReadOnly),
    ("inspect", Source::Flag("inspect"), Kind::Truth),
    ("install_signal_handlers", Source::Always(true), Kind::ReadOnly),
    ("int_max_str_digits", Source::Kept(|it| it.interpreter().maximum_integer_digits.get() as i128), Kind::Count),
    ("interactive", Source::Flag("interactive"), Kind::Truth),
    ("isolated", Source::Flag("isolated"), Kind::ReadOnlyTruth),
    ("malloc_stats", Source::Always(false), Kind::ReadOnly),
    ("module_search_paths", Source::Attribute("path"), Kind::Texts),
    ("optimization_level", Source::Flag("optimize"), Kind::Count),
    ("orig_argv", Source::Attribute("orig_argv"), Kind::ReadOnly),
    ("parse_argv", Source::Always(true), Kind::ReadOnly),
    ("parser_debug", Source::Flag("debug"), Kind::Truth),
    ("pathconfig_warnings", Source::Always(true), Kind::ReadOnly),
    ("perf_profiling", Source::Number(0), Kind::ReadOnly),
    ("platlibdir", Source::Attribute("platlibdir"), Kind::Text),
    ("prefix", Source::Attribute("prefix"), Kind::OptionalText),
    ("program_name", Source::CommandLine(|it| it.program.clone()), Kind::ReadOnly),
    ("pycache_prefix", Source::Attribute("pycache_prefix"), Kind::OptionalText),
    ("quiet", Source::Flag("quiet"), Kind::Truth),
    ("remote_debug", Source::Always(false), Kind::ReadOnly),
    ("run_command", Source::CommandLine(|it| it.command.clone()), Kind::ReadOnly),
    ("run_filename", Source::CommandLine(|it| it.file.clone()), Kind::ReadOnly),
    ("run_module", Source::CommandLine(|it| it.module.clone()), Kind::ReadOnly),
    ("safe_path", Source::Flag("safe_path"), Kind::ReadOnlyTruth),
    ("show_ref_count", Source::Always(false), Kind::ReadOnly),
    ("site_import", Source::OppositeFlag("no_site"), Kind::ReadOnlyTruth),
    ("skip_source_first_line", Source::Letter('x'), Kind::ReadOnly),
    ("stdio_encoding", Source::Stream("encoding", "utf-8"), Kind::ReadOnly),
    ("stdio_errors", Source::Stream("errors", "strict"), Kind::ReadOnly),
    ("stdlib_dir", Source::Attribute("_stdlib_dir"), Kind::OptionalText),
    ("thread_inherit_context", Source::Flag("thread_inherit_context"), Kind::ReadOnly),
    ("tracemalloc", Source::Number(0), Kind::ReadOnly),
    ("use_environment", Source::OppositeFlag("ignore_environment"), Kind::Truth),
    ("use_frozen_modules", Source::Always(true), Kind::ReadOnly),
    ("use_hash_seed", Source::HashSeed { is_number: false }, Kind::ReadOnly),
    ("user_site_directory", Source::OppositeFlag("no_user_site"), Kind::ReadOnlyTruth),
    ("utf8_mode", Source::Flag("utf8_mode"), Kind::ReadOnlyTruth),
    ("verbose", Source::Flag("verbose"), Kind::Count),
    ("warn_default_encoding", Source::Flag("warn_default_encoding"), Kind::ReadOnlyTruth),
    ("warnoptions", Source::Attribute("warnoptions"), Kind::Texts),
    ("write_bytecode", Source::OppositeFlag("dont_write_bytecode"), Kind::Truth),
    ("xoptions", Source::Attribute("_xoptions"), Kind::Options),
];

/// The C variable that follows a field of `sys.flags`, for old code.
fn global_of(field: &str) -> Option<(&'static str, &'static Shared<c_int>)> {
    Some(match field {
        "bytes_warning" => ("Py_BytesWarningFlag", &data::Py_BytesWarningFlag),
        "debug" => ("Py_DebugFlag", &data::Py_DebugFlag),
        "dont_write_bytecode" => ("Py_DontWriteBytecodeFlag", &data::Py_DontWriteBytecodeFlag),
        "ignore_environment" => ("Py_IgnoreEnvironmentFlag", &data::Py_IgnoreEnvironmentFlag),
        "inspect" => ("Py_InspectFlag", &data::Py_InspectFlag),
        "interactive" => ("Py_InteractiveFlag", &data::Py_InteractiveFlag),
        "isolated" => ("Py_IsolatedFlag", &data::Py_IsolatedFlag),
        "no_site" => ("Py_NoSiteFlag", &data::Py_NoSiteFlag),
        "no_user_site" => ("Py_NoUserSiteDirectory", &data::Py_NoUserSiteDirectory),
        "optimize" => ("Py_OptimizeFlag", &data::Py_OptimizeFlag),
        "quiet" => ("Py_QuietFlag", &data::Py_QuietFlag),
        "verbose" => ("Py_VerboseFlag", &data::Py_VerboseFlag),
        _ => return None,
    })
}

fn sys_attribute(name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = thread.intern_text(name);
    crate::sysmodule::get(&name, thread)
}

fn set_sys_attribute(name: &str, value: &Object, thread: &mut Thread) -> PyResult<()> {
    let name = thread.intern_text(name);
    crate::sysmodule::set(&name, Some(value), thread)
}

fn option(name: &str, thread: &mut Thread) -> PyResult<&'static (&'static str, Source, Kind)> {
    match OPTIONS.binary_search_by_key(&name, |it| it.0) {
        Ok(place) => Ok(&OPTIONS[place]),
        Err(_) => Err(raise!(thread, ValueError, "unknown config option name: {name}")),
    }
}

fn value(name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let (name, source, kind) = option(name, thread)?;
    let flag = |field: &str, thread: &mut Thread| {
        let flags = sys_attribute("flags", thread)?;
        let field = thread.intern_text(field);
        protocol::get_attribute(&flags, &field, thread)
    };
    match source {
        Source::Attribute(attribute) => sys_attribute(attribute, thread),
        Source::Flag(field) if matches!(kind, Kind::Truth | Kind::ReadOnlyTruth) => {
            let value = flag(field, thread)?;
            Ok(Bool::new(protocol::is_true(&value, thread)?))
        }
        Source::Flag(field) => flag(field, thread),
        Source::OppositeFlag(field) => {
            // Programs set this one in `sys`.
            let value = match *name {
                "write_bytecode" => sys_attribute(field, thread)?,
                _ => flag(field, thread)?,
            };
            Ok(Bool::new(!protocol::is_true(&value, thread)?))
        }
        Source::Kept(read) => Ok(protocol::make_int(read(thread), thread)),
        Source::UnlessOption(option) => {
            let options = sys_attribute("_xoptions", thread)?;
            let option = thread.intern_text(option);
            Ok(Bool::new(!protocol::contains(&options, &option, thread)?))
        }
        Source::Always(value) => Ok(Bool::new(*value)),
        Source::Number(value) => Ok(protocol::make_int(i128::from(*value), thread)),
        Source::Text(value) => Ok(Str::from_str(value, thread).into_object()),
        Source::Nothing => Ok(thread.none()),
        Source::CommandLine(part) => match part(&command_line(thread)?) {
            Some(text) => Ok(Str::from_str(&text, thread).into_object()),
            None => Ok(thread.none()),
        },
        Source::Letter('u') => {
            let unbuffered =
                command_line(thread)?.letters.contains('u') || variable("PYTHONUNBUFFERED", thread)?.is_some();
            Ok(Bool::new(!unbuffered))
        }
        Source::Letter(letter) => Ok(Bool::new(command_line(thread)?.letters.contains(*letter))),
        Source::Stream(attribute, otherwise) => {
            let stream = sys_attribute("__stdin__", thread)?;
            let attribute = thread.intern_text(attribute);
            match protocol::lookup_attribute(&stream, &attribute, thread)? {
                Some(value) => Ok(value),
                None => Ok(Str::from_str(otherwise, thread).into_object()),
            }
        }
        Source::HashSeed { is_number } => {
            let seed = variable("PYTHONHASHSEED", thread)?.and_then(|it| it.parse::<u32>().ok());
            let is_random = command_line(thread)?.letters.contains('R');
            let seed = seed.filter(|_| !is_random);
            Ok(if *is_number {
                protocol::make_int(seed.unwrap_or(0).into(), thread)
            } else {
                Bool::new(seed.is_some())
            })
        }
        Source::HashCheck => {
            let module = crate::import::import_absolute("_imp", thread)?;
            let attribute = thread.intern_text("check_hash_based_pycs");
            protocol::get_attribute(&module, &attribute, thread)
        }
    }
}

/// An environment variable that is set to something, where variables are looked at.
fn variable(name: &str, thread: &mut Thread) -> PyResult<Option<String>> {
    let looks = value("use_environment", thread)?;
    if !protocol::is_true(&looks, thread)? {
        return Ok(None);
    }
    Ok(std::env::var(name).ok().filter(|it| !it.is_empty()))
}

fn command_line(thread: &mut Thread) -> PyResult<CommandLine> {
    let words = sys_attribute("orig_argv", thread)?;
    let words = protocol::to_tuple(&words, thread)?;
    let words = words.items().iter().filter_map(|it| it.downcast::<Str>()).map(Str::to_string_lossy);
    Ok(CommandLine::read(words))
}

/// `PyConfig_Set`.
fn set_value(name: &str, value: &Object, thread: &mut Thread) -> PyResult<()> {
    audit!(thread, "cpython.PyConfig_Set", name, value)?;
    let (name, source, kind) = option(name, thread)?;
    let number = match kind {
        Kind::ReadOnly | Kind::ReadOnlyTruth => {
            return Err(raise!(thread, ValueError, "cannot set read-only option {name}"));
        }
        Kind::Truth | Kind::Number | Kind::Count => checked_number(value, *kind, thread)?,
        _ => {
            check_text(value, *kind, thread)?;
            0
        }
    };
    match source {
        Source::Attribute(attribute) => set_sys_attribute(attribute, value, thread),
        Source::Flag(field) => {
            match *field {
                "optimize" => thread.interpreter().optimize.set(number.min(2) as u8),
                "bytes_warning" => thread.interpreter().bytes_warning.set(number.min(255) as u8),
                _ => {}
            }
            let shown = if *kind == Kind::Truth { i32::from(number != 0) } else { number };
            set_flag(field, shown, number, thread)
        }
        Source::OppositeFlag(field) => {
            if *name == "write_bytecode" {
                set_sys_attribute(field, &Bool::new(number == 0), thread)?;
            }
            set_flag(field, i32::from(number == 0), i32::from(number == 0), thread)
        }
        Source::Kept(_) if *name == "cpu_count" => {
            thread.interpreter().processor_count.set(number);
            Ok(())
        }
        _ => {
            let sys = sys_attribute("set_int_max_str_digits", thread)?;
            let digits = protocol::make_int(number.into(), thread);
            protocol::call_one(&sys, &digits, thread)?;
            set_flag(name, number, number, thread)
        }
    }
}

/// Puts another `sys.flags` in the place of the one that is there. The C variable gets the number as it came.
fn set_flag(field: &str, number: i32, global_number: c_int, thread: &mut Thread) -> PyResult<()> {
    let flags = sys_attribute("flags", thread)?;
    let (replace, field_name) = (thread.intern_text("__replace__"), thread.intern_text(field));
    let number_object = protocol::make_int(number.into(), thread);
    let changes = Dict::new(thread);
    changes.set_str(&field_name, &number_object, thread)?;
    let replace = protocol::get_attribute(&flags, &replace, thread)?;
    let changed = protocol::call_tuple(&replace, &Tuple::empty(thread), Some(&changes), thread)?;
    set_sys_attribute("flags", &changed, thread)?;
    if let Some((_, global)) = global_of(field) {
        // SAFETY: the variable is written under the interpreter's lock.
        unsafe { *global.get() = global_number };
    }
    Ok(())
}

fn checked_number(value: &Object, kind: Kind, thread: &mut Thread) -> PyResult<c_int> {
    if value.downcast::<Int>().is_none() {
        let found = value.class().full_name();
        return Err(raise!(thread, TypeError, "expected int or bool, got {found}"));
    }
    let number = crate::longobject::as_int(value, thread)?;
    match kind {
        Kind::Number => Ok(number),
        _ if number < 0 => Err(raise!(thread, ValueError, "value must be >= 0")),
        _ => Ok(number),
    }
}

fn check_text(value: &Object, kind: Kind, thread: &mut Thread) -> PyResult<()> {
    let is_text = |it: &Object| it.downcast::<Str>().is_some();
    let found = value.class().full_name();
    match kind {
        Kind::Text if is_text(value) => Ok(()),
        Kind::Text => Err(raise!(thread, TypeError, "expected str, got {found}")),
        Kind::OptionalText if is_text(value) || value.is_none() => Ok(()),
        Kind::OptionalText => Err(raise!(thread, TypeError, "expected str or None, got {found}")),
        Kind::Texts => {
            let Some(list) = value.downcast::<List>() else {
                return Err(raise!(thread, TypeError, "expected list[str], got {found}"));
            };
            match list.items(thread).iter().enumerate().find(|(_, it)| !is_text(it)) {
                None => Ok(()),
                Some((index, item)) => {
                    let class = item.class().full_name();
                    Err(raise!(thread, TypeError, "expected str, list item {index} has type {class}"))
                }
            }
        }
        _ => {
            let Some(dict) = value.downcast::<Dict>() else {
                return Err(raise!(thread, TypeError, "expected dict[str, str | bool], got {found}"));
            };
            for (key, value) in dict.items_snapshot(thread) {
                let class = key.class().full_name();
                if !is_text(&key) {
                    return Err(raise!(thread, TypeError, "expected str, got dict key type {class}"));
                }
                if !is_text(&value) && value.downcast::<Bool>().is_none() {
                    // CPython names the key's type here.
                    return Err(raise!(thread, TypeError, "expected str or bool, got dict value type {class}"));
                }
            }
            Ok(())
        }
    }
}

/// `_Py_GetConfigsAsDict`: the C variables, and the options.
fn all_as_dict(thread: &mut Thread) -> PyResult<Py<Dict>> {
    let (globals, options) = (Dict::new(thread), Dict::new(thread));
    for (name, source, _) in OPTIONS {
        let found = value(name, thread)?;
        let key = thread.intern_text(name);
        options.set_str(&key, &found, thread)?;
        if let Source::Flag(field) | Source::OppositeFlag(field) = source
            && let Some((name, global)) = global_of(field)
        {
            // SAFETY: the variable is read under the interpreter's lock.
            let number = unsafe { *global.get() };
            let (key, number) = (thread.intern_text(name), protocol::make_int(number.into(), thread));
            globals.set_str(&key, &number, thread)?;
        }
    }
    let all = Dict::new(thread);
    for (name, part) in [("global_config", globals), ("config", options)] {
        let name = thread.intern_text(name);
        all.set_str(&name, &part, thread)?;
    }
    Ok(all)
}

export! { thread;
    fn PyConfig_Get(name: &CStr) -> Py<Object> { value(&text(name), thread) }

    fn PyConfig_GetInt(name: &CStr, result: Out<c_int>) -> () {
        let name = text(name);
        let value = value(&name, thread)?;
        if value.downcast::<objects::int::Int>().is_none() {
            return Err(raise!(thread, TypeError, "config option {name} is not an int"));
        }
        result.set(crate::longobject::as_int(&value, thread)?);
        Ok(())
    }

    fn PyConfig_Set(name: &CStr, value: &Object) -> () { set_value(&text(name), value, thread) }

    fn _Py_GetConfigsAsDict() -> Py<Dict> { all_as_dict(thread) }

    fn PyConfig_Names() -> Py<builtins::set::FrozenSet> {
        let names: Vec<Py<Object>> = OPTIONS.iter().map(|it| thread.intern_text(it.0).into_object()).collect();
        builtins::set::FrozenSet::from_elements(&names, thread)
    }

    fn _PyImport_ClearExtension(name: &objects::str::Str, path: &objects::str::Str) -> () {
        crate::loader::forget(&name.to_string_lossy(), &path.to_string_lossy(), thread);
        Ok(())
    }
}

/// Whether an option is set; false where nobody knows.
pub fn is_set(name: &str, thread: &mut Thread) -> bool {
    match value(name, thread).and_then(|it| protocol::is_true(&it, thread)) {
        Ok(answer) => answer,
        Err(raised) => {
            drop(thread.catch(raised));
            false
        }
    }
}
