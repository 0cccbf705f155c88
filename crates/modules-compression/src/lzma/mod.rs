//! `_lzma`: the formats `.xz`, `.lzma`, and streams without a container.
//!
//! The library is liblzma. Its streams are wrapped in `stream`, filter chains in `filters`; the types have a file each; here are the
//! functions, the constants, and how failures become exceptions.

mod compressor;
mod decompressor;
mod filters;
mod stream;

use builtins::bytes::Bytes;
use liblzma_sys::{
    LZMA_CHECK_CRC32, LZMA_CHECK_CRC64, LZMA_CHECK_NONE, LZMA_CHECK_SHA256, LZMA_FILTER_ARM, LZMA_FILTER_ARMTHUMB,
    LZMA_FILTER_DELTA, LZMA_FILTER_IA64, LZMA_FILTER_LZMA1, LZMA_FILTER_LZMA2, LZMA_FILTER_POWERPC, LZMA_FILTER_SPARC,
    LZMA_FILTER_X86, LZMA_MF_BT2, LZMA_MF_BT3, LZMA_MF_BT4, LZMA_MF_HC3, LZMA_MF_HC4, LZMA_MODE_FAST, LZMA_MODE_NORMAL,
    LZMA_PRESET_DEFAULT, LZMA_PRESET_EXTREME, lzma_check_is_supported,
};
use macros::python_module;
use objects::dict::Dict;
use objects::errors::{OrMemoryError, PyResult, Raised, TryToVec};
use objects::module::Module;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};

use crate::state::ErrorClass;
use compressor::Compressor;
use decompressor::Decompressor;
use filters::Filter;
use stream::Failure;

pub const TYPES: &[&TypeDeclaration] = &[Compressor::DECLARATION, Decompressor::DECLARATION];

const FORMAT_AUTO: i32 = 0;
const FORMAT_XZ: i32 = 1;
const FORMAT_ALONE: i32 = 2;
const FORMAT_RAW: i32 = 3;
/// The check of input that has not been told yet.
const CHECK_UNKNOWN: i32 = 16;

const CONSTANTS: &[(&str, u64)] = &[
    ("FORMAT_AUTO", FORMAT_AUTO as u64),
    ("FORMAT_XZ", FORMAT_XZ as u64),
    ("FORMAT_ALONE", FORMAT_ALONE as u64),
    ("FORMAT_RAW", FORMAT_RAW as u64),
    ("CHECK_NONE", LZMA_CHECK_NONE as u64),
    ("CHECK_CRC32", LZMA_CHECK_CRC32 as u64),
    ("CHECK_CRC64", LZMA_CHECK_CRC64 as u64),
    ("CHECK_SHA256", LZMA_CHECK_SHA256 as u64),
    ("CHECK_ID_MAX", 15),
    ("CHECK_UNKNOWN", CHECK_UNKNOWN as u64),
    ("FILTER_LZMA1", LZMA_FILTER_LZMA1),
    ("FILTER_LZMA2", LZMA_FILTER_LZMA2),
    ("FILTER_DELTA", LZMA_FILTER_DELTA),
    ("FILTER_X86", LZMA_FILTER_X86),
    ("FILTER_IA64", LZMA_FILTER_IA64),
    ("FILTER_ARM", LZMA_FILTER_ARM),
    ("FILTER_ARMTHUMB", LZMA_FILTER_ARMTHUMB),
    ("FILTER_SPARC", LZMA_FILTER_SPARC),
    ("FILTER_POWERPC", LZMA_FILTER_POWERPC),
    ("MF_HC3", LZMA_MF_HC3 as u64),
    ("MF_HC4", LZMA_MF_HC4 as u64),
    ("MF_BT2", LZMA_MF_BT2 as u64),
    ("MF_BT3", LZMA_MF_BT3 as u64),
    ("MF_BT4", LZMA_MF_BT4 as u64),
    ("MODE_FAST", LZMA_MODE_FAST as u64),
    ("MODE_NORMAL", LZMA_MODE_NORMAL as u64),
    ("PRESET_DEFAULT", LZMA_PRESET_DEFAULT as u64),
    ("PRESET_EXTREME", LZMA_PRESET_EXTREME as u64),
];

#[cold]
fn raise_failure(failure: Failure, thread: &mut Thread) -> Raised {
    match failure.message() {
        Some(message) => ErrorClass::Lzma.raise(&message, thread),
        None => thread.raise_memory_error(),
    }
}

/// An integer that C takes as an unsigned one of this type.
fn unsigned(value: &Object, most: u64, c_type: &str, thread: &mut Thread) -> PyResult<u64> {
    let number = protocol::index(value, thread)?;
    if number.is_negative() {
        return Err(raise!(thread, ValueError, "Cannot convert negative int"));
    }
    match number.to_i128().and_then(|it| u64::try_from(it).ok()).filter(|it| *it <= most) {
        Some(number) => Ok(number),
        None => Err(raise!(thread, OverflowError, "Python int too large for C {c_type}")),
    }
}

pub struct LzmaModule;

#[python_module(name = "_lzma")]
impl LzmaModule {
    /// is_check_supported($module, check_id, /)
    /// --
    ///
    /// Test whether the given integrity check is supported.
    ///
    /// Always returns True for CHECK_NONE and CHECK_CRC32.
    #[function]
    fn is_check_supported(check_id: i32) -> bool {
        // SAFETY: a function of a number.
        unsafe { lzma_check_is_supported(check_id as u32) != 0 }
    }

    /// _encode_filter_properties($module, filter, /)
    /// --
    ///
    /// Return a bytes object encoding the options (properties) of the filter specified by *filter* (a dict).
    ///
    /// The result does not include the filter ID itself, only the options.
    #[function]
    fn _encode_filter_properties(filter: &Object, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let filter = Filter::parse(filter, thread)?;
        match filter.encode() {
            Ok(bytes) => Bytes::try_from_slice(&bytes, thread),
            Err(failure) => Err(raise_failure(failure, thread)),
        }
    }

    /// _decode_filter_properties($module, filter_id, encoded_props, /)
    /// --
    ///
    /// Return a bytes object encoding the options (properties) of the filter specified by *filter* (a dict).
    ///
    /// The result does not include the filter ID itself, only the options.
    #[function]
    fn _decode_filter_properties(
        filter_id: &Object,
        encoded_props: BytesLike<'_>,
        thread: &mut Thread,
    ) -> PyResult<Py<Dict>> {
        let id = unsigned(filter_id, u64::MAX, "lzma_vli", thread)?;
        let properties = encoded_props.as_slice(thread).try_to_vec().or_memory_error(thread)?;
        filters::decode(id, &properties, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        for (name, value) in CONSTANTS {
            let value = protocol::make_int(i128::from(*value), thread);
            module.set(name, &value, thread)?;
        }
        let error = ErrorClass::Lzma.get(thread)?;
        module.set("LZMAError", &error, thread)?;
        module.set("LZMACompressor", Compressor::class(), thread)?;
        module.set("LZMADecompressor", Decompressor::class(), thread)
    }
}
