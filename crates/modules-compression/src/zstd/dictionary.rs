//! `ZstdDict`, and the ways to pass one to a compressor or decompressor.

use std::ffi::c_int;
use std::sync::Arc;

use builtins::bytes::Bytes;
use macros::{Instance, python_type};
use objects::errors::{OrMemoryError, PyResult, Raised, TryToVec};
use objects::gc::{Traverse, Visitor};
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::library::{Dictionary, Use, dictionary_number};
use super::parameters::c_int_of;

/// Shorter content is refused.
const SHORTEST: usize = 8;

struct Shared(Arc<Dictionary>);

impl Traverse for Shared {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

#[derive(Instance)]
#[repr(C)]
pub struct ZstdDict {
    header: Header,
    number: u32,
    contents: Shared,
}

impl ZstdDict {
    fn paired(&self, how: Use, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let number = protocol::make_int(how as i128, thread);
        Tuple::new(vec![Py::from_ref(self).into_object(), number], thread)
    }
}

/// ZstdDict(dict_content, /, *, is_raw=False)
/// --
///
/// Represents a Zstandard dictionary.
///
///   dict_content
///     The content of a Zstandard dictionary as a bytes-like object.
///   is_raw
///     If true, perform no checks on *dict_content*, useful for some
///     advanced cases. Otherwise, check that the content represents
///     a Zstandard dictionary created by the zstd library or CLI.
///
/// The dictionary can be used for compression or decompression, and can be
/// shared by multiple ZstdCompressor or ZstdDecompressor objects.
#[python_type(name = "compression.zstd.ZstdDict", base = BaseObject, flags(HEAPTYPE))]
impl ZstdDict {
    #[new]
    fn new_dictionary(
        class: &Type,
        dict_content: BytesLike<'_>,
        is_raw: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<ZstdDict>> {
        let content = dict_content.as_slice(thread).try_to_vec().or_memory_error(thread)?;
        if content.len() < SHORTEST {
            let message = "Zstandard dictionary content too short (must have at least eight bytes)";
            return Err(raise!(thread, ValueError, "{message}"));
        }
        let number = dictionary_number(&content);
        if number == 0 && !is_raw {
            return Err(raise!(thread, ValueError, "invalid Zstandard dictionary"));
        }
        let header = Header::new(ZstdDict::class());
        let contents = Shared(Arc::new(Dictionary::new(content)));
        Py::new_in(class, ZstdDict { header, number, contents }, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let text = format!("<ZstdDict dict_id={} dict_size={}>", self.number, self.contents.0.content.len());
        Ok(Str::from_str(&text, thread))
    }

    #[slot(sq_length)]
    fn length(&self, _thread: &mut Thread) -> PyResult<usize> {
        Ok(self.contents.0.content.len())
    }

    /// The Zstandard dictionary, an int between 0 and 2**32.
    ///
    /// A non-zero value represents an ordinary Zstandard dictionary,
    /// conforming to the standardised format.
    ///
    /// A value of zero indicates a 'raw content' dictionary,
    /// without any restrictions on format or content.
    #[getter]
    fn dict_id(&self, thread: &mut Thread) -> Py<Int> {
        Int::from_i64(i64::from(self.number), thread)
    }

    /// The content of a Zstandard dictionary, as a bytes object.
    #[getter]
    fn dict_content(&self, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        Bytes::try_from_slice(&self.contents.0.content, thread)
    }

    /// Load as a digested dictionary to compressor.
    ///
    /// Pass this attribute as zstd_dict argument:
    /// compress(dat, zstd_dict=zd.as_digested_dict)
    ///
    /// 1. Some advanced compression parameters of compressor may be
    ///    overridden by parameters of digested dictionary.
    /// 2. ZstdDict has a digested dictionaries cache for each compression
    ///    level.  It's faster when loading again a digested dictionary with
    ///    the same compression level.
    /// 3. No need to use this for decompression.
    #[getter]
    fn as_digested_dict(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.paired(Use::Digested, thread)
    }

    /// Load as an undigested dictionary to compressor.
    ///
    /// Pass this attribute as zstd_dict argument:
    /// compress(dat, zstd_dict=zd.as_undigested_dict)
    ///
    /// 1. The advanced compression parameters of compressor will not be
    ///    overridden.
    /// 2. Loading an undigested dictionary is costly. If load an undigested
    ///    dictionary multiple times, consider reusing a compressor object.
    /// 3. No need to use this for decompression.
    #[getter]
    fn as_undigested_dict(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.paired(Use::Undigested, thread)
    }

    /// Load as a prefix to compressor/decompressor.
    ///
    /// Pass this attribute as zstd_dict argument:
    /// compress(dat, zstd_dict=zd.as_prefix)
    ///
    /// 1. Prefix is compatible with long distance matching, while
    ///    dictionary is not.
    /// 2. It only works for the first frame, then the
    ///    compressor/decompressor will return to no prefix state.
    /// 3. When decompressing, must use the same prefix as when compressing.
    #[getter]
    fn as_prefix(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.paired(Use::Prefix, thread)
    }
}

/// The argument `zstd_dict`: a dictionary, or one in a pair with how to use it.
pub fn argument(value: &Object, otherwise: Use, thread: &mut Thread) -> PyResult<(Arc<Dictionary>, Use)> {
    if let Some(dictionary) = value.downcast::<ZstdDict>() {
        return Ok((dictionary.contents.0.clone(), otherwise));
    }
    let Some([dictionary, how]) = value.downcast::<Tuple>().map(Tuple::items) else {
        return Err(raise_wrong_type(thread));
    };
    let (Some(dictionary), Some(_)) = (dictionary.downcast::<ZstdDict>(), how.downcast::<Int>()) else {
        return Err(raise_wrong_type(thread));
    };
    let how = c_int_of(how, thread)?;
    match [Use::Digested, Use::Undigested, Use::Prefix].into_iter().find(|it| *it as c_int == how) {
        Some(how) => Ok((dictionary.contents.0.clone(), how)),
        None => Err(raise_wrong_type(thread)),
    }
}

#[cold]
fn raise_wrong_type(thread: &mut Thread) -> Raised {
    raise!(thread, TypeError, "zstd_dict argument should be a ZstdDict object.")
}
