//! The library's contexts and dictionaries, with who keeps what alive.
//!
//! This is the only file that calls the library. Its invariants: a context is made once and freed once; what it refers to (a digested
//! dictionary, a prefix) is kept beside it; input and output of a step are lent for that step only.

use std::collections::HashMap;
use std::ffi::{CStr, c_int, c_uint};
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, PoisonError};

use zstd_sys::{
    ZDICT_finalizeDictionary, ZDICT_getErrorName, ZDICT_isError, ZDICT_params_t, ZDICT_trainFromBuffer, ZSTD_CCtx,
    ZSTD_CCtx_loadDictionary, ZSTD_CCtx_refCDict, ZSTD_CCtx_refPrefix, ZSTD_CCtx_reset, ZSTD_CCtx_setParameter,
    ZSTD_CCtx_setPledgedSrcSize, ZSTD_CDict, ZSTD_DCtx, ZSTD_DCtx_loadDictionary, ZSTD_DCtx_refDDict,
    ZSTD_DCtx_refPrefix, ZSTD_DCtx_reset, ZSTD_DCtx_setParameter, ZSTD_DDict, ZSTD_EndDirective, ZSTD_ResetDirective,
    ZSTD_bounds, ZSTD_cParam_getBounds, ZSTD_cParameter, ZSTD_compressStream2, ZSTD_createCCtx, ZSTD_createCDict,
    ZSTD_createDCtx, ZSTD_createDDict, ZSTD_dParam_getBounds, ZSTD_dParameter, ZSTD_decompressStream,
    ZSTD_findFrameCompressedSize, ZSTD_freeCCtx, ZSTD_freeCDict, ZSTD_freeDCtx, ZSTD_freeDDict,
    ZSTD_getDictID_fromDict, ZSTD_getDictID_fromFrame, ZSTD_getErrorName, ZSTD_getFrameContentSize, ZSTD_inBuffer,
    ZSTD_isError, ZSTD_outBuffer, ZSTD_versionNumber,
};

use crate::incremental::{Decoder, OutOfMemory, Output, Step};

const CONTENT_SIZE_UNKNOWN: u64 = u64::MAX;
const CONTENT_SIZE_ERROR: u64 = u64::MAX - 1;

/// Why the library failed.
#[derive(Clone, Debug)]
pub enum Failure {
    OutOfMemory,
    /// In the library's words.
    Library(String),
    /// The library made no such object of a dictionary, and does not say why.
    BadDictionary(&'static str),
}

impl From<OutOfMemory> for Failure {
    fn from(_: OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

/// The text of a static C string of the library.
///
/// # Safety
/// The pointer is one.
unsafe fn text_of(text: *const std::ffi::c_char) -> String {
    // SAFETY: passed on.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// A function's result, unless it says that something went wrong.
fn check(result: usize) -> Result<usize, Failure> {
    // SAFETY: functions of a number; the name is a static string.
    unsafe {
        match ZSTD_isError(result) {
            0 => Ok(result),
            _ => Err(Failure::Library(text_of(ZSTD_getErrorName(result)))),
        }
    }
}

/// As [`check`], for functions that make dictionaries.
fn check_dictionary(result: usize) -> Result<usize, Failure> {
    // SAFETY: functions of a number; the name is a static string.
    unsafe {
        match ZDICT_isError(result) {
            0 => Ok(result),
            _ => Err(Failure::Library(text_of(ZDICT_getErrorName(result)))),
        }
    }
}

fn bounds_of(bounds: ZSTD_bounds) -> Result<(c_int, c_int), Failure> {
    check(bounds.error).map(|_| (bounds.lowerBound, bounds.upperBound))
}

/// The least and the greatest value of a parameter of compression.
pub fn compression_bounds(parameter: ZSTD_cParameter) -> Result<(c_int, c_int), Failure> {
    // SAFETY: a function of a number.
    bounds_of(unsafe { ZSTD_cParam_getBounds(parameter) })
}

/// The least and the greatest value of a parameter of decompression.
pub fn decompression_bounds(parameter: ZSTD_dParameter) -> Result<(c_int, c_int), Failure> {
    // SAFETY: a function of a number.
    bounds_of(unsafe { ZSTD_dParam_getBounds(parameter) })
}

pub fn version_number() -> c_uint {
    // SAFETY: a function of nothing.
    unsafe { ZSTD_versionNumber() }
}

/// The size of the content of a frame, if its header tells, and the number of its dictionary; None if there is no frame.
pub fn frame_info(frame: &[u8]) -> Option<(Option<u64>, u32)> {
    // SAFETY: the slice has so many bytes.
    let (size, dictionary) = unsafe {
        let start = frame.as_ptr().cast();
        (ZSTD_getFrameContentSize(start, frame.len()), ZSTD_getDictID_fromFrame(start, frame.len()))
    };
    match size {
        CONTENT_SIZE_ERROR => None,
        CONTENT_SIZE_UNKNOWN => Some((None, dictionary)),
        size => Some((Some(size), dictionary)),
    }
}

/// How many bytes the first frame has.
pub fn frame_size(frame: &[u8]) -> Result<usize, Failure> {
    // SAFETY: the slice has so many bytes.
    check(unsafe { ZSTD_findFrameCompressedSize(frame.as_ptr().cast(), frame.len()) })
}

/// The number of a dictionary; zero if it is raw content.
pub fn dictionary_number(content: &[u8]) -> u32 {
    // SAFETY: the slice has so many bytes.
    unsafe { ZSTD_getDictID_fromDict(content.as_ptr().cast(), content.len()) }
}

/// Fills a buffer of at most this size.
fn filled(size: usize, fill: impl FnOnce(*mut u8) -> usize) -> Result<Vec<u8>, Failure> {
    let mut buffer = Vec::new();
    buffer.try_reserve_exact(size).map_err(|_| Failure::OutOfMemory)?;
    buffer.resize(size, 0);
    let length = check_dictionary(fill(buffer.as_mut_ptr()))?;
    buffer.truncate(length);
    Ok(buffer)
}

/// A dictionary of at most this size, trained from samples that lie one behind the other.
pub fn train(samples: &[u8], sizes: &[usize], size: usize) -> Result<Vec<u8>, Failure> {
    filled(size, |buffer| {
        // SAFETY: the buffer has room for `size` bytes, and the sizes of the samples sum up to their length, as the caller checked.
        unsafe {
            ZDICT_trainFromBuffer(buffer.cast(), size, samples.as_ptr().cast(), sizes.as_ptr(), sizes.len() as c_uint)
        }
    })
}

/// A dictionary with this content and tables after samples.
pub fn finalize(
    content: &[u8],
    samples: &[u8],
    sizes: &[usize],
    size: usize,
    level: c_int,
) -> Result<Vec<u8>, Failure> {
    let parameters = ZDICT_params_t { compressionLevel: level, notificationLevel: 0, dictID: 0 };
    filled(size, |buffer| {
        // SAFETY: the buffer has room for `size` bytes, and the sizes of the samples sum up to their length, as the caller checked.
        unsafe {
            ZDICT_finalizeDictionary(
                buffer.cast(),
                size,
                content.as_ptr().cast(),
                content.len(),
                samples.as_ptr().cast(),
                sizes.as_ptr(),
                sizes.len() as c_uint,
                parameters,
            )
        }
    })
}

/// A dictionary made ready for compressing at some level.
struct CompressionTables(NonNull<ZSTD_CDict>);

// SAFETY: the library only reads what has been made.
unsafe impl Send for CompressionTables {}
// SAFETY: as above.
unsafe impl Sync for CompressionTables {}

impl Drop for CompressionTables {
    fn drop(&mut self) {
        // SAFETY: it was made by the library, and no context refers to it any more.
        unsafe { ZSTD_freeCDict(self.0.as_ptr()) };
    }
}

/// A dictionary made ready for decompressing.
struct DecompressionTables(NonNull<ZSTD_DDict>);

// SAFETY: the library only reads what has been made.
unsafe impl Send for DecompressionTables {}
// SAFETY: as above.
unsafe impl Sync for DecompressionTables {}

impl Drop for DecompressionTables {
    fn drop(&mut self) {
        // SAFETY: it was made by the library, and no context refers to it any more.
        unsafe { ZSTD_freeDDict(self.0.as_ptr()) };
    }
}

/// What a `ZstdDict` holds: the content, and the tables that were made of it so far.
pub struct Dictionary {
    pub content: Vec<u8>,
    by_level: Mutex<HashMap<c_int, Arc<CompressionTables>>>,
    for_decompression: Mutex<Option<Arc<DecompressionTables>>>,
}

impl Dictionary {
    pub fn new(content: Vec<u8>) -> Self {
        Self { content, by_level: Mutex::default(), for_decompression: Mutex::default() }
    }

    fn compression_tables(&self, level: c_int) -> Result<Arc<CompressionTables>, Failure> {
        let mut by_level = self.by_level.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tables) = by_level.get(&level) {
            return Ok(tables.clone());
        }
        // SAFETY: the content has so many bytes, which are copied.
        let tables = unsafe { ZSTD_createCDict(self.content.as_ptr().cast(), self.content.len(), level) };
        let tables = Arc::new(CompressionTables(NonNull::new(tables).ok_or(Failure::BadDictionary("ZSTD_CDict"))?));
        by_level.insert(level, tables.clone());
        Ok(tables)
    }

    fn decompression_tables(&self) -> Result<Arc<DecompressionTables>, Failure> {
        let mut known = self.for_decompression.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tables) = &*known {
            return Ok(tables.clone());
        }
        // SAFETY: the content has so many bytes, which are copied.
        let tables = unsafe { ZSTD_createDDict(self.content.as_ptr().cast(), self.content.len()) };
        let tables = Arc::new(DecompressionTables(NonNull::new(tables).ok_or(Failure::BadDictionary("ZSTD_DDict"))?));
        *known = Some(tables.clone());
        Ok(tables)
    }
}

/// How a dictionary is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Digested,
    Undigested,
    Prefix,
}

/// A context for compression.
pub struct CompressionContext {
    raw: NonNull<ZSTD_CCtx>,
    // What the context refers to.
    _tables: Option<Arc<CompressionTables>>,
    _prefix: Option<Arc<Dictionary>>,
    /// The context compresses in threads of its own.
    has_workers: bool,
    /// A frame is not finished.
    is_busy: bool,
}

// SAFETY: the context belongs to this struct alone and knows nothing of threads but those of its own.
unsafe impl Send for CompressionContext {}

impl CompressionContext {
    pub fn new() -> Result<Self, Failure> {
        // SAFETY: a function of nothing.
        let raw = NonNull::new(unsafe { ZSTD_createCCtx() }).ok_or(Failure::OutOfMemory)?;
        Ok(Self { raw, _tables: None, _prefix: None, has_workers: false, is_busy: false })
    }

    pub fn set(&mut self, parameter: ZSTD_cParameter, value: c_int) -> Result<(), Failure> {
        self.has_workers |= parameter == ZSTD_cParameter::ZSTD_c_nbWorkers && value > 0;
        // SAFETY: the context is valid.
        check(unsafe { ZSTD_CCtx_setParameter(self.raw.as_ptr(), parameter, value) }).map(drop)
    }

    pub fn load(&mut self, dictionary: Arc<Dictionary>, how: Use, level: c_int) -> Result<(), Failure> {
        let (start, length) = (dictionary.content.as_ptr().cast(), dictionary.content.len());
        // SAFETY: the context is valid and the content has so many bytes; what is not copied is kept beside the context.
        let result = unsafe {
            match how {
                Use::Digested => {
                    let tables = dictionary.compression_tables(level)?;
                    let result = ZSTD_CCtx_refCDict(self.raw.as_ptr(), tables.0.as_ptr());
                    self._tables = Some(tables);
                    result
                }
                Use::Undigested => ZSTD_CCtx_loadDictionary(self.raw.as_ptr(), start, length),
                Use::Prefix => {
                    let result = ZSTD_CCtx_refPrefix(self.raw.as_ptr(), start, length);
                    self._prefix = Some(dictionary);
                    result
                }
            }
        };
        check(result).map(drop)
    }

    /// Says how long the content of the next frame will be; None if that is not known.
    pub fn pledge(&mut self, size: Option<u64>) -> Result<(), Failure> {
        // SAFETY: the context is valid.
        check(unsafe { ZSTD_CCtx_setPledgedSrcSize(self.raw.as_ptr(), size.unwrap_or(CONTENT_SIZE_UNKNOWN)) }).map(drop)
    }

    /// Compresses the input. After a failure the context can begin another frame.
    pub fn compress(&mut self, input: &[u8], end: ZSTD_EndDirective) -> Result<Vec<u8>, Failure> {
        let result = self.compress_all(input, end);
        self.is_busy = result.is_err() || end != ZSTD_EndDirective::ZSTD_e_end;
        if result.is_err() {
            // SAFETY: the context is valid.
            unsafe { ZSTD_CCtx_reset(self.raw.as_ptr(), ZSTD_ResetDirective::ZSTD_reset_session_only) };
        }
        result
    }

    fn compress_all(&mut self, input: &[u8], end: ZSTD_EndDirective) -> Result<Vec<u8>, Failure> {
        let mut source = ZSTD_inBuffer { src: input.as_ptr().cast(), size: input.len(), pos: 0 };
        let mut output = Output::new(None);
        loop {
            let (room, size) = output.room()?;
            let mut target = ZSTD_outBuffer { dst: room.cast(), size, pos: 0 };
            // SAFETY: the context is valid, and input and output have so many bytes.
            let left = unsafe { ZSTD_compressStream2(self.raw.as_ptr(), &mut target, &mut source, end) };
            // SAFETY: the library has written so many bytes.
            unsafe { output.take(target.pos) };
            let left = check(left)?;
            let is_done = match end {
                ZSTD_EndDirective::ZSTD_e_continue => source.pos == source.size && target.pos < target.size,
                _ => left == 0,
            };
            if is_done {
                return Ok(output.bytes);
            }
        }
    }
}

impl CompressionContext {
    /// Waits for the context's threads. They read the dictionary that the context has loaded, which the library frees before it ends
    /// them. What begins a frame waits for those of the last one.
    fn wait(&mut self) {
        // SAFETY: the context is valid.
        unsafe { ZSTD_CCtx_reset(self.raw.as_ptr(), ZSTD_ResetDirective::ZSTD_reset_session_only) };
        let mut source = ZSTD_inBuffer { src: std::ptr::null(), size: 0, pos: 0 };
        let mut room = [0_u8; 64];
        let mut target = ZSTD_outBuffer { dst: room.as_mut_ptr().cast(), size: room.len(), pos: 0 };
        // SAFETY: the context is valid, there is no input, and the output has so many bytes.
        unsafe { ZSTD_compressStream2(self.raw.as_ptr(), &mut target, &mut source, ZSTD_EndDirective::ZSTD_e_flush) };
    }
}

impl Drop for CompressionContext {
    fn drop(&mut self) {
        if self.has_workers && self.is_busy {
            self.wait();
        }
        // SAFETY: the context was made by the library; it goes before what it refers to.
        unsafe { ZSTD_freeCCtx(self.raw.as_ptr()) };
    }
}

/// A context for decompression of one frame.
pub struct DecompressionContext {
    raw: NonNull<ZSTD_DCtx>,
    // What the context refers to.
    _tables: Option<Arc<DecompressionTables>>,
    _prefix: Option<Arc<Dictionary>>,
}

// SAFETY: the context belongs to this struct alone and knows nothing of threads.
unsafe impl Send for DecompressionContext {}

impl DecompressionContext {
    pub fn new() -> Result<Self, Failure> {
        // SAFETY: a function of nothing.
        let raw = NonNull::new(unsafe { ZSTD_createDCtx() }).ok_or(Failure::OutOfMemory)?;
        Ok(Self { raw, _tables: None, _prefix: None })
    }

    pub fn set(&mut self, parameter: ZSTD_dParameter, value: c_int) -> Result<(), Failure> {
        // SAFETY: the context is valid.
        check(unsafe { ZSTD_DCtx_setParameter(self.raw.as_ptr(), parameter, value) }).map(drop)
    }

    pub fn load(&mut self, dictionary: Arc<Dictionary>, how: Use) -> Result<(), Failure> {
        let (start, length) = (dictionary.content.as_ptr().cast(), dictionary.content.len());
        // SAFETY: the context is valid and the content has so many bytes; what is not copied is kept beside the context.
        let result = unsafe {
            match how {
                Use::Digested => {
                    let tables = dictionary.decompression_tables()?;
                    let result = ZSTD_DCtx_refDDict(self.raw.as_ptr(), tables.0.as_ptr());
                    self._tables = Some(tables);
                    result
                }
                Use::Undigested => ZSTD_DCtx_loadDictionary(self.raw.as_ptr(), start, length),
                Use::Prefix => {
                    let result = ZSTD_DCtx_refPrefix(self.raw.as_ptr(), start, length);
                    self._prefix = Some(dictionary);
                    result
                }
            }
        };
        check(result).map(drop)
    }

    fn decode_all(&mut self, input: &[u8], output: &mut Output) -> Result<Step, Failure> {
        let mut source = ZSTD_inBuffer { src: input.as_ptr().cast(), size: input.len(), pos: 0 };
        loop {
            let (room, size) = output.room()?;
            let mut target = ZSTD_outBuffer { dst: room.cast(), size, pos: 0 };
            // SAFETY: the context is valid, and input and output have so many bytes.
            let left = unsafe { ZSTD_decompressStream(self.raw.as_ptr(), &mut target, &mut source) };
            // SAFETY: the library has written so many bytes.
            unsafe { output.take(target.pos) };
            let ended = check(left)? == 0;
            let is_drained = source.pos == source.size && target.pos < target.size;
            if ended || is_drained || output.is_full() {
                return Ok(Step { consumed: source.pos, ended });
            }
        }
    }
}

impl Decoder for DecompressionContext {
    type Error = Failure;

    /// After a failure the context can begin another frame.
    fn decode(&mut self, input: &[u8], output: &mut Output) -> Result<Step, Failure> {
        let result = self.decode_all(input, output);
        if result.is_err() {
            // SAFETY: the context is valid.
            unsafe { ZSTD_DCtx_reset(self.raw.as_ptr(), ZSTD_ResetDirective::ZSTD_reset_session_only) };
        }
        result
    }
}

impl Drop for DecompressionContext {
    fn drop(&mut self) {
        // SAFETY: the context was made by the library; it goes before what it refers to.
        unsafe { ZSTD_freeDCtx(self.raw.as_ptr()) };
    }
}
