//! `_zstd`: Zstandard, which `compression.zstd` builds on.
//!
//! The library is zstd itself. It is called in `library` alone; the types have a file each; here are the functions, the constants, and how
//! failures become exceptions.

mod compressor;
mod decompressor;
mod dictionary;
mod library;
mod parameters;

use std::cell::RefCell;

use builtins::bytes::Bytes;
use macros::python_module;
use objects::errors::{PyResult, Raised};
use objects::int::Int;
use objects::module::Module;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type, TypeDeclaration};
use zstd_sys::ZSTD_strategy::*;

use crate::state::ErrorClass;
use compressor::Compressor;
use decompressor::Decompressor;
use dictionary::ZstdDict;
use library::Failure;

pub const TYPES: &[&TypeDeclaration] = &[ZstdDict::DECLARATION, Compressor::DECLARATION, Decompressor::DECLARATION];

/// The level that stands for none given.
const DEFAULT_LEVEL: i32 = 3;
/// The size of blocks of output, at most.
const OUTPUT_SIZE: i32 = 128 * 1024;

const CONSTANTS: &[(&str, i32)] = &[
    ("ZSTD_CLEVEL_DEFAULT", DEFAULT_LEVEL),
    ("ZSTD_DStreamOutSize", OUTPUT_SIZE),
    ("ZSTD_fast", ZSTD_fast as i32),
    ("ZSTD_dfast", ZSTD_dfast as i32),
    ("ZSTD_greedy", ZSTD_greedy as i32),
    ("ZSTD_lazy", ZSTD_lazy as i32),
    ("ZSTD_lazy2", ZSTD_lazy2 as i32),
    ("ZSTD_btlazy2", ZSTD_btlazy2 as i32),
    ("ZSTD_btopt", ZSTD_btopt as i32),
    ("ZSTD_btultra", ZSTD_btultra as i32),
    ("ZSTD_btultra2", ZSTD_btultra2 as i32),
];

/// The classes of parameters, which the package registers, so that mistaking one for the other is told.
#[derive(Default)]
struct ParameterTypes {
    compression: RefCell<Option<Py<Object>>>,
    decompression: RefCell<Option<Py<Object>>>,
}

/// What the library failed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Compress,
    Decompress,
    Pledge,
    LoadForCompression,
    LoadForDecompression,
    CompressionBounds,
    DecompressionBounds,
    SetLevel,
    Train,
    Finalize,
}

impl Task {
    fn description(self) -> &'static str {
        match self {
            Self::Compress => "compress Zstandard data",
            Self::Decompress => "decompress Zstandard data",
            Self::Pledge => "set pledged uncompressed content size",
            Self::LoadForCompression => "load Zstandard dictionary or prefix for compression",
            Self::LoadForDecompression => "load Zstandard dictionary or prefix for decompression",
            Self::CompressionBounds => "get zstd compression parameter bounds",
            Self::DecompressionBounds => "get zstd decompression parameter bounds",
            Self::SetLevel => "set zstd compression level",
            Self::Train => "train the Zstandard dictionary",
            Self::Finalize => "finalize the Zstandard dictionary",
        }
    }
}

#[cold]
fn raise_failure(task: Task, failure: Failure, thread: &mut Thread) -> Raised {
    match failure {
        Failure::OutOfMemory => thread.raise_memory_error(),
        Failure::Library(reason) => {
            ErrorClass::Zstd.raise(&format!("Unable to {}: {reason}", task.description()), thread)
        }
        Failure::BadDictionary(object) => {
            let message = format!("Failed to create a {object} instance from Zstandard dictionary content.");
            ErrorClass::Zstd.raise(&message, thread)
        }
    }
}

/// The sizes of samples, which must sum up to what the samples have together.
fn sizes_of(samples: &[u8], sizes: &Tuple, thread: &mut Thread) -> PyResult<Vec<usize>> {
    let mut found = Vec::with_capacity(sizes.items().len());
    let mut total = Some(0_usize);
    for size in sizes.items() {
        let Some(size) = size.downcast::<Int>() else {
            return Err(raise!(thread, TypeError, "an integer is required"));
        };
        let size = size.to_i128().and_then(|it| usize::try_from(it).ok());
        total = total.zip(size).and_then(|(total, size)| total.checked_add(size));
        found.extend(size);
    }
    if total != Some(samples.len()) || u32::try_from(found.len()).is_err() {
        let message = "The samples size tuple doesn't match the concatenation's size.";
        return Err(raise!(thread, ValueError, "{message}"));
    }
    Ok(found)
}

/// The size of a dictionary that is to be made.
fn dictionary_size(size: isize, thread: &mut Thread) -> PyResult<usize> {
    match usize::try_from(size).ok().filter(|it| *it > 0) {
        Some(size) => Ok(size),
        None => Err(raise!(thread, ValueError, "dict_size argument should be positive number.")),
    }
}

pub struct ZstdModule;

/// Implementation module for Zstandard compression.
#[python_module(name = "_zstd")]
impl ZstdModule {
    /// train_dict($module, samples_bytes, samples_sizes, dict_size, /)
    /// --
    ///
    /// Train a Zstandard dictionary on sample data.
    ///
    ///   samples_bytes
    ///     Concatenation of samples.
    ///   samples_sizes
    ///     Tuple of samples' sizes.
    ///   dict_size
    ///     The size of the dictionary.
    #[function]
    fn train_dict(
        samples_bytes: &Bytes,
        samples_sizes: &Tuple,
        dict_size: isize,
        thread: &mut Thread,
    ) -> PyResult<Py<Bytes>> {
        let size = dictionary_size(dict_size, thread)?;
        let samples = samples_bytes.as_slice();
        let sizes = sizes_of(samples, samples_sizes, thread)?;
        match thread.without_lock(|| library::train(samples, &sizes, size)) {
            Ok(content) => Bytes::try_from_slice(&content, thread),
            Err(failure) => Err(raise_failure(Task::Train, failure, thread)),
        }
    }

    /// finalize_dict($module, custom_dict_bytes, samples_bytes, samples_sizes,
    ///               dict_size, compression_level, /)
    /// --
    ///
    /// Finalize a Zstandard dictionary.
    ///
    ///   custom_dict_bytes
    ///     Custom dictionary content.
    ///   samples_bytes
    ///     Concatenation of samples.
    ///   samples_sizes
    ///     Tuple of samples' sizes.
    ///   dict_size
    ///     The size of the dictionary.
    ///   compression_level
    ///     Optimize for a specific Zstandard compression level, 0 means default.
    #[function]
    fn finalize_dict(
        custom_dict_bytes: &Bytes,
        samples_bytes: &Bytes,
        samples_sizes: &Tuple,
        dict_size: isize,
        compression_level: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<Bytes>> {
        let size = dictionary_size(dict_size, thread)?;
        let (content, samples) = (custom_dict_bytes.as_slice(), samples_bytes.as_slice());
        let sizes = sizes_of(samples, samples_sizes, thread)?;
        match thread.without_lock(|| library::finalize(content, samples, &sizes, size, compression_level)) {
            Ok(content) => Bytes::try_from_slice(&content, thread),
            Err(failure) => Err(raise_failure(Task::Finalize, failure, thread)),
        }
    }

    /// get_param_bounds($module, /, parameter, is_compress)
    /// --
    ///
    /// Get CompressionParameter/DecompressionParameter bounds.
    ///
    ///   parameter
    ///     The parameter to get bounds.
    ///   is_compress
    ///     True for CompressionParameter, False for DecompressionParameter.
    #[function]
    fn get_param_bounds(parameter: i32, is_compress: bool, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        match parameters::bounds(parameter, is_compress) {
            Ok((least, greatest)) => {
                let bounds = [least, greatest].map(|it| protocol::make_int(i128::from(it), thread));
                Tuple::new(bounds.into(), thread)
            }
            Err(failure) => {
                let task = if is_compress { Task::CompressionBounds } else { Task::DecompressionBounds };
                Err(raise_failure(task, failure, thread))
            }
        }
    }

    /// get_frame_size($module, /, frame_buffer)
    /// --
    ///
    /// Get the size of a Zstandard frame, including the header and optional checksum.
    ///
    ///   frame_buffer
    ///     A bytes-like object, it should start from the beginning of a frame,
    ///     and contains at least one complete frame.
    #[function]
    fn get_frame_size(frame_buffer: BytesLike<'_>, thread: &mut Thread) -> PyResult<usize> {
        match library::frame_size(frame_buffer.as_slice(thread)) {
            Ok(size) => Ok(size),
            Err(Failure::Library(reason)) => {
                let message = "Error when finding the compressed size of a Zstandard frame. Ensure the frame_buffer \
                               argument starts from the beginning of a frame, and its length is not less than this \
                               complete frame. Zstd error message";
                Err(ErrorClass::Zstd.raise(&format!("{message}: {reason}."), thread))
            }
            Err(failure) => Err(raise_failure(Task::Decompress, failure, thread)),
        }
    }

    /// get_frame_info($module, /, frame_buffer)
    /// --
    ///
    /// Get Zstandard frame infomation from a frame header.
    ///
    ///   frame_buffer
    ///     A bytes-like object, containing the header of a Zstandard frame.
    #[function]
    fn get_frame_info(frame_buffer: BytesLike<'_>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let Some((size, dictionary)) = library::frame_info(frame_buffer.as_slice(thread)) else {
            let message = "Error when getting information from the header of a Zstandard frame. Ensure the frame_buffer \
                           argument starts from the beginning of a frame, and its length is not less than the frame \
                           header (6~18 bytes).";
            return Err(ErrorClass::Zstd.raise(message, thread));
        };
        let size = match size {
            Some(size) => protocol::make_int(i128::from(size), thread),
            None => thread.none(),
        };
        let dictionary = protocol::make_int(i128::from(dictionary), thread);
        Tuple::new(vec![size, dictionary], thread)
    }

    /// set_parameter_types($module, /, c_parameter_type, d_parameter_type)
    /// --
    ///
    /// Set CompressionParameter and DecompressionParameter types for validity check.
    ///
    ///   c_parameter_type
    ///     CompressionParameter IntEnum type object
    ///   d_parameter_type
    ///     DecompressionParameter IntEnum type object
    #[function]
    fn set_parameter_types(c_parameter_type: &Type, d_parameter_type: &Type, thread: &mut Thread) {
        let types = thread.interpreter().extension::<ParameterTypes>();
        types.compression.replace(Some(Py::from_ref(c_parameter_type).into_object()));
        types.decompression.replace(Some(Py::from_ref(d_parameter_type).into_object()));
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let parameters = parameters::COMPRESSION.iter().map(|it| (it.constant, it.number as i32));
        let parameters = parameters.chain(parameters::DECOMPRESSION.iter().map(|it| (it.constant, it.number as i32)));
        for (name, value) in CONSTANTS.iter().copied().chain(parameters) {
            let value = protocol::make_int(i128::from(value), thread);
            module.set(name, &value, thread)?;
        }
        let number = library::version_number();
        let version = format!("{}.{}.{}", number / 10_000, number / 100 % 100, number % 100);
        let version = Str::from_str(&version, thread);
        module.set("zstd_version", &version, thread)?;
        let number = protocol::make_int(i128::from(number), thread);
        module.set("zstd_version_number", &number, thread)?;
        let error = ErrorClass::Zstd.get(thread)?;
        module.set("ZstdError", &error, thread)?;
        for (name, mode) in compressor::MODES {
            let (name, mode) = (thread.intern_text(name), protocol::make_int(mode as i128, thread));
            Compressor::class().dict(thread).set_str(&name, &mode, thread)?;
        }
        Compressor::class().modified(thread);
        module.set("ZstdDict", ZstdDict::class(), thread)?;
        module.set("ZstdCompressor", Compressor::class(), thread)?;
        module.set("ZstdDecompressor", Decompressor::class(), thread)
    }
}
