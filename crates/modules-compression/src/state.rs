//! The exception classes of this crate's modules, made once in each interpreter.

use objects::errors::{Exception, PyResult, Raised};
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use system::exception::{Place, raise_message};

/// One of the classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    Zlib,
    Lzma,
    Zstd,
}

/// What an interpreter keeps for this crate.
#[derive(Default)]
struct State {
    zlib: Place,
    lzma: Place,
    zstd: Place,
}

impl ErrorClass {
    /// The class, which is made at the first call.
    pub fn get(self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let state = thread.interpreter().extension::<State>();
        match self {
            Self::Zlib => state.zlib.class("zlib", "error", &[Exception], thread),
            Self::Lzma => {
                let class = state.lzma.class("_lzma", "LZMAError", &[Exception], thread)?;
                document(class, "Call to liblzma failed.", thread)
            }
            Self::Zstd => {
                let class = state.zstd.class("compression.zstd", "ZstdError", &[Exception], thread)?;
                document(class, "An error occurred in the zstd library.", thread)
            }
        }
    }

    #[cold]
    pub fn raise(self, message: &str, thread: &mut Thread) -> Raised {
        raise_message(self.get(thread), message, thread)
    }
}

/// Gives a class its doc string.
fn document(class: Py<Object>, doc: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let (name, doc) = (thread.intern_text("__doc__"), Str::from_str(doc, thread));
    protocol::set_attribute(&class, &name, Some(&doc), thread)?;
    Ok(class)
}
