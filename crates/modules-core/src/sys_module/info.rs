//! The named tuples of `sys`: `version_info`, `flags` and the like.

use objects::bool::Bool;
use objects::errors::PyResult;
use objects::float::Float;
use objects::module::Module;
use objects::refs::{Object, Py};
use objects::struct_sequence;
use objects::thread::{DEFAULT_MAXIMUM_INTEGER_DIGITS, Thread};
use objects::tuple::struct_sequence;
use objects::types::{Instance, TypeDeclaration};

use super::{VERSION_PARTS, int, text};
use crate::config::Config;

struct_sequence! {
    /// sys.version_info
    ///
    /// Version information as a named tuple.
    pub struct VersionInfo = "sys.version_info", 5 visible of 5, sealed;
    "major": "Major release number";
    "minor": "Minor release number";
    "micro": "Patch release number";
    "releaselevel": "'alpha', 'beta', 'candidate', or 'final'";
    "serial": "Serial release number";
}

struct_sequence! {
    /// sys.flags
    ///
    /// Flags provided through command line arguments or environment vars.
    pub struct Flags = "sys.flags", 18 visible of 21, sealed;
    "debug": "-d";
    "inspect": "-i";
    "interactive": "-i";
    "optimize": "-O or -OO";
    "dont_write_bytecode": "-B";
    "no_user_site": "-s";
    "no_site": "-S";
    "ignore_environment": "-E";
    "verbose": "-v";
    "bytes_warning": "-b";
    "quiet": "-q";
    "hash_randomization": "-R";
    "isolated": "-I";
    "dev_mode": "-X dev";
    "utf8_mode": "-X utf8";
    "warn_default_encoding": "-X warn_default_encoding";
    "safe_path": "-P";
    "int_max_str_digits": "-X int_max_str_digits";
    "gil": "-X gil";
    "thread_inherit_context": "-X thread_inherit_context";
    "context_aware_warnings": "-X context_aware_warnings";
}

struct_sequence! {
    /// sys.thread_info
    ///
    /// A named tuple holding information about the thread implementation.
    pub struct ThreadInfo = "sys.thread_info", 3 visible of 3, constructible;
    "name": "name of the thread implementation";
    "lock": "name of the lock implementation";
    "version": "name and version of the thread library";
}

struct_sequence! {
    /// hash_info
    ///
    /// A named tuple providing parameters used for computing
    /// hashes. The attributes are read only.
    pub struct HashInfo = "sys.hash_info", 9 visible of 9, constructible;
    "width": "width of the type used for hashing, in bits";
    "modulus": "prime number giving the modulus on which the hash function is based";
    "inf": "value to be used for hash of a positive infinity";
    "nan": "value to be used for hash of a nan";
    "imag": "multiplier used for the imaginary part of a complex number";
    "algorithm": "name of the algorithm for hashing of str, bytes and memoryviews";
    "hash_bits": "internal output size of hash algorithm";
    "seed_bits": "seed size of hash algorithm";
    "cutoff": "small string optimization cutoff";
}

struct_sequence! {
    /// sys.int_info
    ///
    /// A named tuple that holds information about Python's
    /// internal representation of integers.  The attributes are read only.
    pub struct IntInfo = "sys.int_info", 4 visible of 4, constructible;
    "bits_per_digit": "size of a digit in bits";
    "sizeof_digit": "size in bytes of the C type used to represent a digit";
    "default_max_str_digits": "maximum string conversion digits limitation";
    "str_digits_check_threshold": "minimum positive value for int_max_str_digits";
}

struct_sequence! {
    /// sys.float_info
    ///
    /// A named tuple holding information about the float type. It contains low level
    /// information about the precision and internal representation. Please study
    /// your system's :file:`float.h` for more information.
    pub struct FloatInfo = "sys.float_info", 11 visible of 11, constructible;
    "max": "DBL_MAX -- maximum representable finite float";
    "max_exp": "DBL_MAX_EXP -- maximum int e such that radix**(e-1) is representable";
    "max_10_exp": "DBL_MAX_10_EXP -- maximum int e such that 10**e is representable";
    "min": "DBL_MIN -- Minimum positive normalized float";
    "min_exp": "DBL_MIN_EXP -- minimum int e such that radix**(e-1) is a normalized float";
    "min_10_exp": "DBL_MIN_10_EXP -- minimum int e such that 10**e is a normalized float";
    "dig": "DBL_DIG -- maximum number of decimal digits that can be faithfully represented in a float";
    "mant_dig": "DBL_MANT_DIG -- mantissa digits";
    "epsilon": "DBL_EPSILON -- Difference between 1 and the next representable float";
    "radix": "FLT_RADIX -- radix of exponent";
    "rounds": "FLT_ROUNDS -- rounding mode used for arithmetic operations";
}

struct_sequence! {
    /// asyncgen_hooks
    ///
    /// A named tuple providing information about asynchronous
    /// generators hooks.  The attributes are read only.
    pub struct AsyncGeneratorHooks = "sys.asyncgen_hooks", 2 visible of 2, constructible;
    "firstiter": "Hook to intercept first iteration";
    "finalizer": "Hook to intercept finalization";
}

/// The types of this file.
pub const TYPES: &[&TypeDeclaration] = &[
    VersionInfo::DECLARATION,
    Flags::DECLARATION,
    ThreadInfo::DECLARATION,
    HashInfo::DECLARATION,
    IntInfo::DECLARATION,
    FloatInfo::DECLARATION,
    AsyncGeneratorHooks::DECLARATION,
];

/// The smallest limit that `sys.set_int_max_str_digits` takes, besides none at all.
pub const LEAST_DIGIT_LIMIT: usize = 640;

/// `sys.version_info`.
pub fn version_info(thread: &mut Thread) -> PyResult<Py<Object>> {
    let [major, minor, micro] = VERSION_PARTS;
    let values =
        vec![int(major, thread), int(minor, thread), int(micro, thread), text("final", thread), int(0, thread)];
    struct_sequence::make::<VersionInfo>(values, thread)
}

/// Makes the types ready and sets the attributes that are named tuples, but for `version_info`.
pub fn set_all(sys: &Module, config: &Config, thread: &mut Thread) -> PyResult<()> {
    struct_sequence::prepare::<VersionInfo>(thread)?;
    struct_sequence::prepare::<Flags>(thread)?;
    struct_sequence::prepare::<ThreadInfo>(thread)?;
    struct_sequence::prepare::<HashInfo>(thread)?;
    struct_sequence::prepare::<IntInfo>(thread)?;
    struct_sequence::prepare::<FloatInfo>(thread)?;
    struct_sequence::prepare::<AsyncGeneratorHooks>(thread)?;
    let flags = flags(config, thread)?;
    sys.set("flags", &flags, thread)?;
    let values = vec![text("pthread", thread), text("semaphore", thread), text(&thread_library(), thread)];
    let info = struct_sequence::make::<ThreadInfo>(values, thread)?;
    sys.set("thread_info", &info, thread)?;
    let numbers = [64, (1 << 61) - 1, 314_159, 0, 1_000_003];
    let mut values: Vec<_> = numbers.iter().map(|it| int(*it, thread)).collect();
    values.push(text("siphash13", thread));
    values.extend([64, 128, 0].iter().map(|it| int(*it, thread)));
    let info = struct_sequence::make::<HashInfo>(values, thread)?;
    sys.set("hash_info", &info, thread)?;
    let numbers = [30, 4, DEFAULT_MAXIMUM_INTEGER_DIGITS as i64, LEAST_DIGIT_LIMIT as i64];
    let values = numbers.iter().map(|it| int(*it, thread)).collect();
    let info = struct_sequence::make::<IntInfo>(values, thread)?;
    sys.set("int_info", &info, thread)?;
    let info = float_info(thread)?;
    sys.set("float_info", &info, thread)
}

/// The threads' library and its version, as the system tells.
fn thread_library() -> String {
    // SAFETY: the text is a static of the system's library.
    let version = unsafe { std::ffi::CStr::from_ptr(libc::gnu_get_libc_version()) };
    format!("NPTL {}", version.to_string_lossy())
}

fn flags(config: &Config, thread: &mut Thread) -> PyResult<Py<Object>> {
    let digits = thread.interpreter().maximum_integer_digits.get() as i64;
    let numbers: [i64; 13] = [
        config.debug.into(),
        config.inspect.into(),
        config.interactive.into(),
        config.optimize.into(),
        config.dont_write_bytecode.into(),
        config.no_user_site.into(),
        config.no_site.into(),
        config.ignore_environment.into(),
        config.verbose.into(),
        config.bytes_warning.into(),
        config.quiet.into(),
        (config.hash_seed != Some(0)).into(),
        config.isolated.into(),
    ];
    let mut values: Vec<_> = numbers.iter().map(|it| int(*it, thread)).collect();
    values.push(Bool::new(config.development_mode));
    values.push(int(config.utf8_mode.into(), thread));
    values.push(int(config.warn_default_encoding.into(), thread));
    values.push(Bool::new(config.safe_path));
    values.push(int(digits, thread));
    values.push(int(1, thread));
    values.push(int(config.thread_inherit_context.into(), thread));
    values.push(int(config.context_aware_warnings.into(), thread));
    struct_sequence::make::<Flags>(values, thread)
}

fn float_info(thread: &mut Thread) -> PyResult<Py<Object>> {
    let float = |value: f64, thread: &mut Thread| Float::new(value, thread).into_object();
    let values = vec![
        float(f64::MAX, thread),
        int(f64::MAX_EXP.into(), thread),
        int(f64::MAX_10_EXP.into(), thread),
        float(f64::MIN_POSITIVE, thread),
        int(f64::MIN_EXP.into(), thread),
        int(f64::MIN_10_EXP.into(), thread),
        int(f64::DIGITS.into(), thread),
        int(f64::MANTISSA_DIGITS.into(), thread),
        float(f64::EPSILON, thread),
        int(f64::RADIX.into(), thread),
        int(1, thread),
    ];
    struct_sequence::make::<FloatInfo>(values, thread)
}
