//! What environment variables and `-X` options say.
//!
//! Command-line options that count (`-v`, `-O`) and variables combine as in CPython: the larger wins.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use modules_core::config::Config;

use crate::locale;

/// A setting that the interpreter can't start with: CPython's function that notices it, and its message.
#[derive(Debug)]
pub struct FatalSetting {
    pub function: &'static str,
    pub message: String,
    /// How far the start had come, in CPython's words.
    pub state: &'static str,
}

impl FatalSetting {
    fn new(function: &'static str, message: &str) -> Self {
        Self::with_text(function, message.to_owned())
    }

    fn with_text(function: &'static str, message: String) -> Self {
        Self { function, message, state: "preinitialized" }
    }

    /// A setting that is looked at before all others.
    fn early(function: &'static str, message: &str) -> Self {
        Self { state: "preinitializing", ..Self::new(function, message) }
    }
}

/// Completes the configuration: variables, `-X` options, the module search path.
pub fn complete(config: &mut Config) -> Result<(), FatalSetting> {
    config.development_mode =
        config.x_options.iter().any(|it| it == "dev") || (text("PYTHONDEVMODE", config).is_some());
    config.fault_handler = config.development_mode
        || x_option("faulthandler", config).is_some()
        || text("PYTHONFAULTHANDLER", config).is_some();
    config.traced_frames = traced_frames(config)?;
    read_flags(config);
    read_hash_seed(config)?;
    read_digit_limit(config)?;
    let chosen_mode = utf8_mode(config)?;
    check_allocator(config)?;
    locale::set_up(config, chosen_mode);
    config.import_time = match x_option("importtime", config).as_deref() {
        Some("2") => 2,
        Some(_) => 1,
        None => text("PYTHONPROFILEIMPORTTIME", config).map_or(0, |it| if it == "2" { 2 } else { 1 }),
    };
    config.thread_inherit_context = switch(
        "thread_inherit_context",
        "PYTHON_THREAD_INHERIT_CONTEXT",
        "config_init_thread_inherit_context",
        config,
    )?;
    config.context_aware_warnings = switch(
        "context_aware_warnings",
        "PYTHON_CONTEXT_AWARE_WARNINGS",
        "config_init_context_aware_warnings",
        config,
    )?;
    config.no_debug_ranges =
        x_option("no_debug_ranges", config).is_some() || text("PYTHONNODEBUGRANGES", config).is_some();
    config.warn_default_encoding =
        x_option("warn_default_encoding", config).is_some() || text("PYTHONWARNDEFAULTENCODING", config).is_some();
    config.processor_count = processor_count(config)?;
    if x_option("gil", config).is_some_and(|it| it == "0") || text("PYTHON_GIL", config).is_some_and(|it| it == "0") {
        return Err(FatalSetting::new("config_read_gil", "Disabling the GIL is not supported by this build"));
    }
    config.bytecode_prefix = match x_option("pycache_prefix", config) {
        Some(prefix) => Some(prefix.into_bytes()).filter(|it| !it.is_empty()),
        None => config.environment_variable("PYTHONPYCACHEPREFIX").map(OsString::into_vec),
    };
    if let Some(setting) = text("PYTHONIOENCODING", config) {
        let (encoding, errors) = setting.split_once(':').unwrap_or((&setting, ""));
        config.stream_encoding = Some((encoding.to_owned(), errors.to_owned()));
    }
    complete_warn_options(config);
    complete_search_path(config);
    Ok(())
}

fn text(name: &str, config: &Config) -> Option<String> {
    config.environment_variable(name).map(|it| it.to_string_lossy().into_owned())
}

/// The value of an `-X` option; empty for one without. The last one counts.
fn x_option(name: &str, config: &Config) -> Option<String> {
    config.x_options.iter().rev().find_map(|option| match option.split_once('=') {
        Some((own, value)) => (own == name).then(|| value.to_owned()),
        None => (option == name).then(String::new),
    })
}

/// A variable as a number of times that an option was given: anything that is no number counts as once.
fn level(name: &str, config: &Config) -> u8 {
    text(name, config).map_or(0, |it| it.parse::<i64>().ok().filter(|it| *it >= 0).unwrap_or(1).min(255) as u8)
}

fn read_flags(config: &mut Config) {
    config.debug = config.debug.max(level("PYTHONDEBUG", config)).min(1);
    config.verbose = config.verbose.max(level("PYTHONVERBOSE", config));
    config.optimize = config.optimize.max(level("PYTHONOPTIMIZE", config));
    config.inspect |= level("PYTHONINSPECT", config) > 0;
    config.dont_write_bytecode |= level("PYTHONDONTWRITEBYTECODE", config) > 0;
    config.no_user_site |= level("PYTHONNOUSERSITE", config) > 0;
    config.unbuffered |= level("PYTHONUNBUFFERED", config) > 0;
    config.safe_path |= text("PYTHONSAFEPATH", config).is_some();
}

/// `-X tracemalloc`: how many frames a trace has.
fn traced_frames(config: &Config) -> Result<usize, FatalSetting> {
    let (value, message) = match x_option("tracemalloc", config) {
        Some(value) if value.is_empty() => return Ok(1),
        Some(value) => (value, "-X tracemalloc=NFRAME: invalid number of frames"),
        None => match text("PYTHONTRACEMALLOC", config).filter(|it| !it.is_empty()) {
            Some(value) => (value, "PYTHONTRACEMALLOC: invalid number of frames"),
            None => return Ok(0),
        },
    };
    let most = interpreter::allocations::MOST_FRAMES;
    value.parse().ok().filter(|it| *it <= most).ok_or(FatalSetting::new("config_init_tracemalloc", message))
}

fn read_hash_seed(config: &mut Config) -> Result<(), FatalSetting> {
    let Some(seed) = text("PYTHONHASHSEED", config).filter(|it| it != "random") else { return Ok(()) };
    if config.hash_randomization {
        return Ok(());
    }
    match seed.parse() {
        Ok(seed) => {
            config.hash_seed = Some(seed);
            Ok(())
        }
        Err(_) => Err(FatalSetting::new(
            "config_init_hash_seed",
            "PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]",
        )),
    }
}

fn read_digit_limit(config: &mut Config) -> Result<(), FatalSetting> {
    let sources = [
        (text("PYTHONINTMAXSTRDIGITS", config), "PYTHONINTMAXSTRDIGITS"),
        (x_option("int_max_str_digits", config), "-X int_max_str_digits"),
    ];
    for (value, source) in sources {
        let Some(value) = value else { continue };
        match value.parse() {
            Ok(limit) if limit == 0 || limit >= 640 => config.maximum_integer_digits = Some(limit),
            _ => {
                let message = format!("{source}: invalid limit; must be >= 640 or 0 for unlimited.");
                return Err(FatalSetting::with_text("config_init_int_max_str_digits", message));
            }
        }
    }
    Ok(())
}

/// `-X utf8`, `PYTHONUTF8`; None: the locale decides.
fn utf8_mode(config: &Config) -> Result<Option<bool>, FatalSetting> {
    let sources = [
        (x_option("utf8", config), "invalid -X utf8 option value"),
        (text("PYTHONUTF8", config), "invalid PYTHONUTF8 environment variable value"),
    ];
    for (value, complaint) in sources {
        match value.as_deref() {
            Some("" | "1") => return Ok(Some(true)),
            Some("0") => return Ok(Some(false)),
            Some(_) => return Err(FatalSetting::early("preconfig_init_utf8_mode", complaint)),
            None => {}
        }
    }
    Ok(None)
}

/// `PYTHONMALLOC`: there is one allocator here, which goes by all of CPython's names for allocators; others are mistakes.
fn check_allocator(config: &Config) -> Result<(), FatalSetting> {
    const ALLOCATORS: [&str; 8] =
        ["default", "debug", "pymalloc", "pymalloc_debug", "malloc", "malloc_debug", "mimalloc", "mimalloc_debug"];
    match text("PYTHONMALLOC", config) {
        Some(name) if !ALLOCATORS.contains(&name.as_str()) => {
            Err(FatalSetting::early("preconfig_init_allocator", "PYTHONMALLOC: unknown allocator"))
        }
        _ => Ok(()),
    }
}

/// An `-X` option, or a variable, that is 0 or 1.
fn switch(name: &str, variable_name: &str, function: &'static str, config: &Config) -> Result<bool, FatalSetting> {
    let parse = |value: &str, source: String| match value {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(FatalSetting::with_text(function, format!("{source}: n is missing or invalid"))),
    };
    if let Some(value) = x_option(name, config) {
        return parse(&value, format!("-X {name}=n"));
    }
    match text(variable_name, config) {
        Some(value) => parse(&value, format!("{variable_name}=N")),
        None => Ok(false),
    }
}

fn processor_count(config: &Config) -> Result<Option<i32>, FatalSetting> {
    let complaint = "n is missing or an invalid number, n must be greater than 0";
    let sources = [
        (x_option("cpu_count", config), "-X cpu_count=n option"),
        (text("PYTHON_CPU_COUNT", config), "PYTHON_CPU_COUNT=n"),
    ];
    for (value, source) in sources {
        let Some(value) = value else { continue };
        if value == "default" {
            return Ok(None);
        }
        return match value.parse() {
            Ok(count) if count > 0 => Ok(Some(count)),
            _ => Err(FatalSetting::with_text("config_init_cpu_count", format!("{source}: {complaint}"))),
        };
    }
    Ok(None)
}

/// `sys.warnoptions`, the weakest first: development mode, `PYTHONWARNINGS`, `-W`, `-b`.
fn complete_warn_options(config: &mut Config) {
    let mut options = Vec::new();
    if config.development_mode {
        options.push("default".to_owned());
    }
    if let Some(own) = text("PYTHONWARNINGS", config) {
        options.extend(own.split(',').map(str::to_owned));
    }
    options.append(&mut config.warn_options);
    match config.bytes_warning {
        0 => {}
        1 => options.push("default::BytesWarning".to_owned()),
        _ => options.push("error::BytesWarning".to_owned()),
    }
    config.warn_options = options;
}

/// `sys.path` before `site`: `PYTHONPATH`, the embedded library, the folder of installed extension modules.
fn complete_search_path(config: &mut Config) {
    let mut path: Vec<Vec<u8>> = Vec::new();
    if let Some(own) = config.environment_variable("PYTHONPATH") {
        path.extend(own.into_vec().split(|it| *it == b':').map(<[u8]>::to_vec));
    }
    path.push(config.paths.library.clone());
    config.module_search_path = path;
}
