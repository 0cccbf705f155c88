//! The parameters of compression and decompression: their numbers, names and bounds, and dicts of them.

use std::ffi::c_int;

use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use zstd_sys::ZSTD_cParameter::{self, *};
use zstd_sys::ZSTD_dParameter::{self, *};

use super::library::{CompressionContext, DecompressionContext, Failure, compression_bounds, decompression_bounds};
use super::{ParameterTypes, Task, raise_failure};

/// A parameter: the name of the module's constant, and that in messages.
pub struct Parameter<T> {
    pub number: T,
    pub constant: &'static str,
    name: &'static str,
}

macro_rules! parameters {
    ($type:ident: $($number:ident $name:literal),* $(,)?) => {
        &[$(Parameter::<$type> { number: $number, constant: stringify!($number), name: $name }),*]
    };
}

pub const COMPRESSION: &[Parameter<ZSTD_cParameter>] = parameters![ZSTD_cParameter:
    ZSTD_c_compressionLevel "compression_level",
    ZSTD_c_windowLog "window_log",
    ZSTD_c_hashLog "hash_log",
    ZSTD_c_chainLog "chain_log",
    ZSTD_c_searchLog "search_log",
    ZSTD_c_minMatch "min_match",
    ZSTD_c_targetLength "target_length",
    ZSTD_c_strategy "strategy",
    ZSTD_c_enableLongDistanceMatching "enable_long_distance_matching",
    ZSTD_c_ldmHashLog "ldm_hash_log",
    ZSTD_c_ldmMinMatch "ldm_min_match",
    ZSTD_c_ldmBucketSizeLog "ldm_bucket_size_log",
    ZSTD_c_ldmHashRateLog "ldm_hash_rate_log",
    ZSTD_c_contentSizeFlag "content_size_flag",
    ZSTD_c_checksumFlag "checksum_flag",
    ZSTD_c_dictIDFlag "dict_id_flag",
    ZSTD_c_nbWorkers "nb_workers",
    ZSTD_c_jobSize "job_size",
    ZSTD_c_overlapLog "overlap_log",
];

pub const DECOMPRESSION: &[Parameter<ZSTD_dParameter>] =
    parameters![ZSTD_dParameter: ZSTD_d_windowLogMax "window_log_max"];

fn compression(number: c_int) -> Option<&'static Parameter<ZSTD_cParameter>> {
    COMPRESSION.iter().find(|it| it.number as c_int == number)
}

fn decompression(number: c_int) -> Option<&'static Parameter<ZSTD_dParameter>> {
    DECOMPRESSION.iter().find(|it| it.number as c_int == number)
}

/// The bounds of a parameter by number.
pub fn bounds(number: c_int, is_compress: bool) -> Result<(c_int, c_int), Failure> {
    let unknown = || Failure::Library("Unsupported parameter".to_owned());
    if is_compress {
        compression(number).ok_or_else(unknown).and_then(|it| compression_bounds(it.number))
    } else {
        decompression(number).ok_or_else(unknown).and_then(|it| decompression_bounds(it.number))
    }
}

/// An integer that C takes as `int`.
pub fn c_int_of(value: &Object, thread: &mut Thread) -> PyResult<c_int> {
    match protocol::index(value, thread)?.to_i64().and_then(|it| c_int::try_from(it).ok()) {
        Some(value) => Ok(value),
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C int")),
    }
}

/// ValueError for a level out of bounds; None for one that is no C int.
#[cold]
fn raise_level(level: Option<c_int>, thread: &mut Thread) -> Raised {
    let (least, greatest) = compression_bounds(ZSTD_c_compressionLevel).unwrap_or_default();
    let level = level.map(|it| format!(" {it}")).unwrap_or_default();
    raise!(thread, ValueError, "illegal compression level{level}; the valid range is [{least}, {greatest}]")
}

/// Sets the level of compression.
pub fn set_level(context: &mut CompressionContext, level: c_int, thread: &mut Thread) -> PyResult<()> {
    match compression_bounds(ZSTD_c_compressionLevel) {
        Ok((least, greatest)) if !(least..=greatest).contains(&level) => Err(raise_level(Some(level), thread)),
        _ => context.set(ZSTD_c_compressionLevel, level).map_err(|it| raise_failure(Task::SetLevel, it, thread)),
    }
}

/// The argument `level`.
pub fn level_of(level: &Object, thread: &mut Thread) -> PyResult<c_int> {
    let Some(level) = level.downcast::<objects::int::Int>() else {
        return Err(raise!(thread, TypeError, "invalid type for level, expected int"));
    };
    match level.to_i64().and_then(|it| c_int::try_from(it).ok()) {
        Some(level) => Ok(level),
        None => Err(raise_level(None, thread)),
    }
}

/// ValueError for a value that the library does not take.
#[cold]
fn raise_bad_value(
    kind: &str,
    name: &str,
    value: c_int,
    bounds: Result<(c_int, c_int), Failure>,
    thread: &mut Thread,
) -> Raised {
    match bounds {
        Ok((least, greatest)) => {
            let message = format_args!("received an illegal value {value}; the valid range is [{least}, {greatest}]");
            raise!(thread, ValueError, "{kind} parameter '{name}' {message}")
        }
        Err(_) => raise!(thread, ValueError, "invalid {kind} parameter '{name}'"),
    }
}

#[cold]
fn raise_unknown(kind: &str, number: c_int, thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "invalid {kind} parameter 'unknown parameter (key {number})'")
}

/// The keys and values of options, none of whose keys is of the type for the other direction.
fn numbers(
    options: &Object,
    constructor: &str,
    other: Option<Py<Object>>,
    complaint: &str,
    thread: &mut Thread,
) -> PyResult<Vec<(c_int, c_int)>> {
    let Some(options) = options.downcast::<Dict>() else {
        let found = options.class().short_name();
        return Err(raise!(thread, TypeError, "{constructor}() argument 'options' must be dict, not {found}"));
    };
    let mut numbers = Vec::new();
    for (key, value) in options.items_snapshot(thread) {
        if other.as_ref().is_some_and(|it| it.is(key.class())) {
            return Err(raise!(thread, TypeError, "{complaint}"));
        }
        numbers.push((c_int_of(&key, thread)?, c_int_of(&value, thread)?));
    }
    Ok(numbers)
}

/// Applies a dict of options; gives the level if it is one of them.
pub fn apply_compression(
    options: &Object,
    context: &mut CompressionContext,
    thread: &mut Thread,
) -> PyResult<Option<c_int>> {
    let other = thread.interpreter().extension::<ParameterTypes>().decompression.borrow().clone();
    let complaint = "compression options dictionary key must not be a DecompressionParameter attribute";
    let mut level = None;
    for (number, value) in numbers(options, "ZstdCompressor", other, complaint, thread)? {
        match compression(number) {
            None => return Err(raise_unknown("compression", number, thread)),
            Some(parameter) if parameter.number == ZSTD_c_compressionLevel => {
                set_level(context, value, thread)?;
                level = Some(value);
            }
            Some(parameter) => {
                if context.set(parameter.number, value).is_err() {
                    let bounds = compression_bounds(parameter.number);
                    return Err(raise_bad_value("compression", parameter.name, value, bounds, thread));
                }
            }
        }
    }
    Ok(level)
}

/// Applies a dict of options.
pub fn apply_decompression(options: &Object, context: &mut DecompressionContext, thread: &mut Thread) -> PyResult<()> {
    let other = thread.interpreter().extension::<ParameterTypes>().compression.borrow().clone();
    let complaint = "decompression options dictionary key must not be a CompressionParameter attribute";
    for (number, value) in numbers(options, "ZstdDecompressor", other, complaint, thread)? {
        let Some(parameter) = decompression(number) else {
            return Err(raise_unknown("decompression", number, thread));
        };
        if context.set(parameter.number, value).is_err() {
            let bounds = decompression_bounds(parameter.number);
            return Err(raise_bad_value("decompression", parameter.name, value, bounds, thread));
        }
    }
    Ok(())
}
