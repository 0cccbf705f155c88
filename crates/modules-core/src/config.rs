//! `Config`: what the command line and the environment decide, as plain data.
//!
//! The binary makes it, `sys` shows it (`sys.flags`, `sys.argv`, …), and the start-up follows it. The fields and their rules are those of
//! CPython's command line (`python --help`, `--help-env`).

use std::ffi::OsString;

/// Everything that is decided before the first module is imported.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `sys.argv`.
    pub arguments: Vec<Vec<u8>>,
    /// `sys.orig_argv`: the command line as it came.
    pub original_arguments: Vec<Vec<u8>>,
    /// Where the program and its library are.
    pub paths: Paths,
    /// `-O`: 0, 1 or 2.
    pub optimize: u8,
    /// `-i`
    pub inspect: bool,
    /// An interactive prompt was asked for, or standard input is a terminal.
    pub interactive: bool,
    /// `-b`: 0, 1 (warn), 2 (error).
    pub bytes_warning: u8,
    /// `-B`
    pub dont_write_bytecode: bool,
    /// `-d`
    pub debug: u8,
    /// `-E`
    pub ignore_environment: bool,
    /// `-I`
    pub isolated: bool,
    /// `-P`
    pub safe_path: bool,
    /// `-q`
    pub quiet: bool,
    /// `-s`
    pub no_user_site: bool,
    /// `-S`
    pub no_site: bool,
    /// `-u`
    pub unbuffered: bool,
    /// `-v`
    pub verbose: u8,
    /// `-x`
    pub skip_first_line: bool,
    /// `-W` options, `PYTHONWARNINGS` first.
    pub warn_options: Vec<String>,
    /// `-X` options.
    pub x_options: Vec<String>,
    /// `-X dev`
    pub development_mode: bool,
    /// `-X faulthandler`
    pub fault_handler: bool,
    /// `-X tracemalloc`: frames of a trace of an allocation; zero for no traces.
    pub traced_frames: usize,
    /// `-X utf8`
    pub utf8_mode: bool,
    /// What the locale encodes text in, as the C library names it.
    pub locale_encoding: String,
    /// Whether the standard streams take bytes that they can't decode for surrogates: in UTF-8 mode, and in the locales that say
    /// nothing of the user's encoding.
    pub escapes_streams: bool,
    /// `-X importtime`: 1 to print how long imports take, 2 to print those too that find the module loaded.
    pub import_time: u8,
    /// `-X warn_default_encoding`
    pub warn_default_encoding: bool,
    /// `-X no_debug_ranges`
    pub no_debug_ranges: bool,
    /// `-X thread_inherit_context`
    pub thread_inherit_context: bool,
    /// `-X context_aware_warnings`
    pub context_aware_warnings: bool,
    /// `-X cpu_count`
    pub processor_count: Option<i32>,
    /// `-X pycache_prefix`
    pub bytecode_prefix: Option<Vec<u8>>,
    /// `--check-hash-based-pycs`: "default" unless set.
    pub check_hash_based_bytecode: Option<String>,
    /// `PYTHONIOENCODING`: encoding and error handler of the standard streams, each possibly empty.
    pub stream_encoding: Option<(String, String)>,
    /// `PYTHONHASHSEED`: None for a random seed.
    pub hash_seed: Option<u32>,
    /// `-R`: the seed is random whatever `PYTHONHASHSEED` says.
    pub hash_randomization: bool,
    /// `-X int_max_str_digits`: None for the default.
    pub maximum_integer_digits: Option<usize>,
    /// `PYTHONPATH`, split, and where the library is.
    pub module_search_path: Vec<Vec<u8>>,
}

impl Config {
    /// An environment variable that is set to something, unless `-E` or `-I` says that variables are not looked at.
    pub fn environment_variable(&self, name: &str) -> Option<OsString> {
        if self.ignore_environment {
            return None;
        }
        std::env::var_os(name).filter(|it| !it.is_empty())
    }
}

/// Where the program is; paths are empty if unknown.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    /// The program as it was called, made absolute.
    pub executable: Vec<u8>,
    /// The program outside of virtual environments.
    pub base_executable: Vec<u8>,
    /// The folder that packages are installed below: that of a virtual environment, or `base_prefix`.
    pub prefix: Vec<u8>,
    pub base_prefix: Vec<u8>,
    /// What stands on the module search path for the embedded library: the program's own file.
    pub library: Vec<u8>,
}
