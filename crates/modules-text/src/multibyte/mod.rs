//! `_multibytecodec` and the modules with the East Asian codecs: `_codecs_cn`, `_codecs_hk`, `_codecs_iso2022`, `_codecs_jp`, `_codecs_kr`
//! and `_codecs_tw`.
//!
//! The package `encodings` asks a module for a codec by name and builds its classes on the types here. What bytes stand for what is
//! known to crate `text`; here are the objects, pending input, and error handlers.

mod codec;
mod conversion;
mod decoder;
mod encoder;

use macros::python_module;
use objects::errors::PyResult;
use objects::module::Module;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};
use text::codecs::multibyte::Library;

use codec::MultibyteCodec;
use decoder::{IncrementalDecoder, StreamReader};
use encoder::{IncrementalEncoder, StreamWriter};

pub const TYPES: &[&TypeDeclaration] = &[
    MultibyteCodec::DECLARATION,
    IncrementalEncoder::DECLARATION,
    IncrementalDecoder::DECLARATION,
    StreamReader::DECLARATION,
    StreamWriter::DECLARATION,
];

pub struct MultibyteModule;

#[python_module(name = "_multibytecodec")]
impl MultibyteModule {
    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        module.set("MultibyteIncrementalEncoder", IncrementalEncoder::class(), thread)?;
        module.set("MultibyteIncrementalDecoder", IncrementalDecoder::class(), thread)?;
        module.set("MultibyteStreamReader", StreamReader::class(), thread)?;
        module.set("MultibyteStreamWriter", StreamWriter::class(), thread)
    }
}

/// One of a module's codecs, by name.
fn get_codec(names: &[&str], name: &Object, thread: &mut Thread) -> PyResult<Py<MultibyteCodec>> {
    let Some(name) = name.downcast::<Str>() else {
        return Err(raise!(thread, TypeError, "encoding name must be a string."));
    };
    let name = name.to_string_lossy();
    let library = thread.interpreter().extension::<Library>();
    match names.iter().find(|it| **it == name).and_then(|it| library.codec(it)) {
        Some(codec) => Ok(MultibyteCodec::new(codec, thread)),
        None => Err(raise!(thread, LookupError, "no such codec is supported.")),
    }
}

/// A module whose only function is `getcodec`.
macro_rules! codecs_module {
    ($type:ident, $name:literal, $codecs:expr) => {
        pub struct $type;

        #[python_module(name = $name)]
        impl $type {
            /// getcodec($self, object, /)
            /// --
            ///
            ///
            #[function]
            fn getcodec(object: &Object, thread: &mut Thread) -> PyResult<Py<MultibyteCodec>> {
                get_codec(&$codecs, object, thread)
            }
        }
    };
}

codecs_module!(ChineseModule, "_codecs_cn", ["gb2312", "gbk", "gb18030", "hz"]);
codecs_module!(HongKongModule, "_codecs_hk", ["big5hkscs"]);
codecs_module!(TaiwaneseModule, "_codecs_tw", ["big5", "cp950"]);
codecs_module!(KoreanModule, "_codecs_kr", ["euc_kr", "cp949", "johab"]);
codecs_module!(
    JapaneseModule,
    "_codecs_jp",
    ["shift_jis", "cp932", "euc_jp", "shift_jis_2004", "euc_jis_2004", "euc_jisx0213", "shift_jisx0213",]
);
codecs_module!(
    Iso2022Module,
    "_codecs_iso2022",
    ["iso2022_kr", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004", "iso2022_jp_3", "iso2022_jp_ext",]
);
