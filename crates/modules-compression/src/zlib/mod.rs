//! `zlib`: the deflate format in its containers, and two checksums.
//!
//! The library is `zlib-rs`. Its streams are wrapped in `stream`; the compressor and the two decompressors have a file each; here are the
//! functions that Python code sees, and how failures become exceptions.

mod compress;
mod decompress;
mod decompressor;
mod stream;

use builtins::bytes::Bytes;
use libz_rs_sys::{
    Z_BUF_ERROR, Z_DEFAULT_COMPRESSION, Z_DEFAULT_STRATEGY, Z_MEM_ERROR, Z_NEED_DICT, Z_OK, Z_STREAM_END,
    Z_STREAM_ERROR, Z_SYNC_FLUSH, adler32_z, crc32_z,
};
use macros::python_module;
use objects::errors::{OrMemoryError, PyResult, Raised, TryToVec};
use objects::module::Module;
use objects::protocol;
use objects::protocol::buffer::{BytesLike, has_buffer};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};
use system::exclusive::{LONG, stable};

use crate::incremental::{OutOfMemory, Output};
use crate::state::ErrorClass;
use compress::Compress;
use decompress::Decompress;
use decompressor::ZlibDecompressor;
use stream::{Failure, Settings, Stream};

pub const TYPES: &[&TypeDeclaration] = &[Compress::DECLARATION, Decompress::DECLARATION, ZlibDecompressor::DECLARATION];

/// The largest window, in bits; the default.
const MAX_WBITS: i32 = 15;
const DEFLATED: i32 = 8;
const DEF_MEM_LEVEL: i32 = 8;
/// The first block of output.
const DEF_BUF_SIZE: usize = 16 * 1024;

const CONSTANTS: &[(&str, i32)] = &[
    ("MAX_WBITS", MAX_WBITS),
    ("DEFLATED", DEFLATED),
    ("DEF_MEM_LEVEL", DEF_MEM_LEVEL),
    ("DEF_BUF_SIZE", DEF_BUF_SIZE as i32),
    ("Z_NO_COMPRESSION", 0),
    ("Z_BEST_SPEED", 1),
    ("Z_BEST_COMPRESSION", 9),
    ("Z_DEFAULT_COMPRESSION", Z_DEFAULT_COMPRESSION),
    ("Z_FILTERED", 1),
    ("Z_HUFFMAN_ONLY", 2),
    ("Z_RLE", 3),
    ("Z_FIXED", 4),
    ("Z_DEFAULT_STRATEGY", Z_DEFAULT_STRATEGY),
    ("Z_NO_FLUSH", 0),
    ("Z_PARTIAL_FLUSH", 1),
    ("Z_SYNC_FLUSH", Z_SYNC_FLUSH),
    ("Z_FULL_FLUSH", 3),
    ("Z_FINISH", 4),
    ("Z_BLOCK", 5),
    ("Z_TREES", 6),
];

/// Why a computation came to nothing.
pub enum Trouble {
    Memory,
    Failure(Failure),
    /// The dictionary did not fit.
    Dictionary(Failure),
}

impl From<OutOfMemory> for Trouble {
    fn from(_: OutOfMemory) -> Self {
        Self::Memory
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

#[cold]
fn raise_failure(trouble: Trouble, doing: &str, thread: &mut Thread) -> Raised {
    let message = match trouble {
        Trouble::Memory => return thread.raise_memory_error(),
        Trouble::Failure(failure) if failure.code == Z_MEM_ERROR => {
            return raise!(thread, MemoryError, "Out of memory {doing}");
        }
        Trouble::Failure(failure) => failure.describe(doing),
        Trouble::Dictionary(failure) => failure.describe("while setting zdict"),
    };
    ErrorClass::Zlib.raise(&message, thread)
}

/// A copy of a dictionary that was given as an argument.
fn dictionary_bytes(zdict: &Object, thread: &mut Thread) -> PyResult<Vec<u8>> {
    if !has_buffer(zdict) {
        return Err(raise!(thread, TypeError, "zdict argument must support the buffer protocol"));
    }
    BytesLike::of(zdict, thread)?.as_slice(thread).try_to_vec().or_memory_error(thread)
}

/// The stream of a decompressor object. Without a container nothing in the data asks for the dictionary, so it is set at once.
fn new_decompressor(window_bits: i32, dictionary: Option<&[u8]>, thread: &mut Thread) -> PyResult<Stream> {
    let mut stream = match Stream::decompressor(window_bits) {
        Ok(stream) => stream,
        Err(failure) if failure.code == Z_STREAM_ERROR => {
            return Err(raise!(thread, ValueError, "Invalid initialization option"));
        }
        Err(failure) => return Err(raise_failure(failure.into(), "creating decompression object", thread)),
    };
    if let Some(dictionary) = dictionary.filter(|_| window_bits < 0)
        && let Err(failure) = stream.set_dictionary(dictionary)
    {
        return Err(raise_failure(Trouble::Dictionary(failure), "", thread));
    }
    Ok(stream)
}

fn decompress_all(stream: &mut Stream, mut input: &[u8], block: usize) -> Result<Vec<u8>, Trouble> {
    let mut output = Output::with_block(None, block);
    loop {
        let code = stream.step(&mut input, &mut output, Z_SYNC_FLUSH)?;
        match code {
            Z_STREAM_END => return Ok(output.bytes),
            Z_OK | Z_BUF_ERROR if stream.filled_output() => {}
            Z_OK if !input.is_empty() => {}
            Z_OK | Z_BUF_ERROR => return Err(Failure { code: Z_BUF_ERROR, message: None }.into()),
            Z_NEED_DICT => return Err(Failure { code, message: None }.into()),
            _ => return Err(stream.failure(code).into()),
        }
    }
}

/// The start value of a checksum: an integer of any size, of which the low bits count.
fn start_value(value: Option<&Object>, default: u32, thread: &mut Thread) -> PyResult<u32> {
    match value {
        Some(value) => Ok(protocol::index(value, thread)?.signed().wrapping_u64() as u32),
        None => Ok(default),
    }
}

/// A checksum, without the interpreter's lock for long data.
fn checksum(data: &BytesLike<'_>, thread: &mut Thread, compute: impl FnOnce(&[u8]) -> u64) -> u32 {
    let length = data.as_slice(thread).len();
    let sum = match data {
        BytesLike::Bytes(contents) if length >= LONG => thread.without_lock(|| compute(contents)),
        _ => compute(data.as_slice(thread)),
    };
    sum as u32
}

pub struct ZlibModule;

/// The functions in this module allow compression and decompression using the
/// zlib library, which is based on GNU zip.
///
/// adler32(string[, start]) -- Compute an Adler-32 checksum.
/// compress(data[, level]) -- Compress data, with compression level 0-9 or -1.
/// compressobj([level[, ...]]) -- Return a compressor object.
/// crc32(string[, start]) -- Compute a CRC-32 checksum.
/// decompress(string,[wbits],[bufsize]) -- Decompresses a compressed string.
/// decompressobj([wbits[, zdict]]) -- Return a decompressor object.
///
/// 'wbits' is window buffer size and container format.
/// Compressor objects support compress() and flush() methods; decompressor
/// objects support decompress() and flush().
#[python_module(name = "zlib")]
impl ZlibModule {
    /// adler32($module, data, value=1, /)
    /// --
    ///
    /// Compute an Adler-32 checksum of data.
    ///
    ///   value
    ///     Starting value of the checksum.
    ///
    /// The returned checksum is an integer.
    #[function]
    fn adler32(data: BytesLike<'_>, value: Option<&Object>, thread: &mut Thread) -> PyResult<u32> {
        let start = start_value(value, 1, thread)?;
        // SAFETY: the slice has so many bytes.
        Ok(checksum(&data, thread, |it| unsafe { adler32_z(start.into(), it.as_ptr(), it.len()) }))
    }

    /// compress($module, data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)
    /// --
    ///
    /// Returns a bytes object containing compressed data.
    ///
    ///   data
    ///     Binary data to be compressed.
    ///   level
    ///     Compression level, in 0-9 or -1.
    ///   wbits
    ///     The window buffer size and container format.
    #[function]
    fn compress(
        data: BytesLike<'_>,
        #[default(Z_DEFAULT_COMPRESSION)] level: i32,
        #[default(MAX_WBITS)] wbits: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<Bytes>> {
        let settings = Settings {
            level,
            method: DEFLATED,
            window_bits: wbits,
            memory_level: DEF_MEM_LEVEL,
            strategy: Z_DEFAULT_STRATEGY,
        };
        let mut stream = match Stream::compressor(settings) {
            Ok(stream) => stream,
            Err(failure) if failure.code == Z_STREAM_ERROR => {
                return Err(ErrorClass::Zlib.raise("Bad compression level", thread));
            }
            Err(failure) => return Err(raise_failure(failure.into(), "while compressing data", thread)),
        };
        let input = stable(&data, thread)?;
        let compressed = thread.without_lock(|| {
            let mut bytes = compress::feed(&mut stream, &input)?;
            bytes.extend(compress::drain(&mut stream, libz_rs_sys::Z_FINISH)?);
            Ok(bytes)
        });
        match compressed {
            Ok(bytes) => Bytes::try_from_slice(&bytes, thread),
            Err(trouble) => Err(raise_failure(trouble, "while compressing data", thread)),
        }
    }

    /// compressobj($module, /, level=Z_DEFAULT_COMPRESSION, method=DEFLATED,
    ///             wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL,
    ///             strategy=Z_DEFAULT_STRATEGY, zdict=<unrepresentable>)
    /// --
    ///
    /// Return a compressor object.
    ///
    ///   level
    ///     The compression level (an integer in the range 0-9 or -1; default is
    ///     currently equivalent to 6).  Higher compression levels are slower,
    ///     but produce smaller results.
    ///   method
    ///     The compression algorithm.  If given, this must be DEFLATED.
    ///   wbits
    ///     +9 to +15: The base-two logarithm of the window size.  Include a zlib
    ///         container.
    ///     -9 to -15: Generate a raw stream.
    ///     +25 to +31: Include a gzip container.
    ///   memLevel
    ///     Controls the amount of memory used for internal compression state.
    ///     Valid values range from 1 to 9.  Higher values result in higher memory
    ///     usage, faster compression, and smaller output.
    ///   strategy
    ///     Used to tune the compression algorithm.  Possible values are
    ///     Z_DEFAULT_STRATEGY, Z_FILTERED, and Z_HUFFMAN_ONLY.
    ///   zdict
    ///     The predefined compression dictionary - a sequence of bytes
    ///     containing subsequences that are likely to occur in the input data.
    #[function]
    fn compressobj(
        #[default(Z_DEFAULT_COMPRESSION)] level: i32,
        #[default(DEFLATED)] method: i32,
        #[default(MAX_WBITS)] wbits: i32,
        #[default(DEF_MEM_LEVEL)] mem_level: i32,
        #[default(Z_DEFAULT_STRATEGY)] strategy: i32,
        zdict: Option<BytesLike<'_>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Compress>> {
        let settings = Settings { level, method, window_bits: wbits, memory_level: mem_level, strategy };
        let mut stream = match Stream::compressor(settings) {
            Ok(stream) => stream,
            Err(failure) if failure.code == Z_STREAM_ERROR => {
                return Err(raise!(thread, ValueError, "Invalid initialization option"));
            }
            Err(failure) => return Err(raise_failure(failure.into(), "while creating compression object", thread)),
        };
        if let Some(zdict) = zdict
            && let Err(failure) = stream.set_dictionary(zdict.as_slice(thread))
        {
            if failure.code == Z_STREAM_ERROR {
                return Err(raise!(thread, ValueError, "Invalid dictionary"));
            }
            return Err(raise!(thread, ValueError, "deflateSetDictionary() failed"));
        }
        Ok(Compress::new(stream, thread))
    }

    /// decompress($module, data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)
    /// --
    ///
    /// Returns a bytes object containing the uncompressed data.
    ///
    ///   data
    ///     Compressed data.
    ///   wbits
    ///     The window buffer size and container format.
    ///   bufsize
    ///     The initial output buffer size.
    #[function]
    fn decompress(
        data: BytesLike<'_>,
        #[default(MAX_WBITS)] wbits: i32,
        #[default(DEF_BUF_SIZE as isize)] bufsize: isize,
        thread: &mut Thread,
    ) -> PyResult<Py<Bytes>> {
        let Ok(block) = usize::try_from(bufsize) else {
            return Err(raise!(thread, ValueError, "bufsize must be non-negative"));
        };
        let mut stream = match Stream::decompressor(wbits) {
            Ok(stream) => stream,
            Err(failure) => return Err(raise_failure(failure.into(), "while preparing to decompress data", thread)),
        };
        let input = stable(&data, thread)?;
        match thread.without_lock(|| decompress_all(&mut stream, &input, block)) {
            Ok(bytes) => Bytes::try_from_slice(&bytes, thread),
            Err(trouble) => Err(raise_failure(trouble, "while decompressing data", thread)),
        }
    }

    /// decompressobj($module, /, wbits=MAX_WBITS, zdict=b'')
    /// --
    ///
    /// Return a decompressor object.
    ///
    ///   wbits
    ///     The window buffer size and container format.
    ///   zdict
    ///     The predefined compression dictionary.  This must be the same
    ///     dictionary as used by the compressor that produced the input data.
    #[function]
    fn decompressobj(
        #[default(MAX_WBITS)] wbits: i32,
        zdict: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Decompress>> {
        let dictionary = match zdict {
            Some(zdict) => Some(dictionary_bytes(zdict, thread)?),
            None => None,
        };
        let stream = new_decompressor(wbits, dictionary.as_deref(), thread)?;
        Ok(Decompress::new(stream, dictionary, thread))
    }

    /// crc32($module, data, value=0, /)
    /// --
    ///
    /// Compute a CRC-32 checksum of data.
    ///
    ///   value
    ///     Starting value of the checksum.
    ///
    /// The returned checksum is an integer.
    #[function]
    fn crc32(data: BytesLike<'_>, value: Option<&Object>, thread: &mut Thread) -> PyResult<u32> {
        let start = start_value(value, 0, thread)?;
        // SAFETY: the slice has so many bytes.
        Ok(checksum(&data, thread, |it| unsafe { crc32_z(start.into(), it.as_ptr(), it.len()) }))
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let error = ErrorClass::Zlib.get(thread)?;
        module.set("error", &error, thread)?;
        module.set("_ZlibDecompressor", ZlibDecompressor::class(), thread)?;
        for (name, value) in CONSTANTS {
            let value = protocol::make_int(i128::from(*value), thread);
            module.set(name, &value, thread)?;
        }
        for (name, text) in
            [("ZLIB_VERSION", stream::version()), ("ZLIB_RUNTIME_VERSION", stream::version()), ("__version__", "1.0")]
        {
            let text = Str::from_str(text, thread);
            module.set(name, &text, thread)?;
        }
        Ok(())
    }
}
