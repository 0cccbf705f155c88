//! The bytes object: its layout, how bytes are made and read.

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyBytesObject;
use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::object::BaseObject;
use objects::refs::{Py, VarHeader, allocate_variable};
use objects::thread::Thread;
use objects::types::Instance as _;

/// Bytes: the contents follow the head, with a zero byte behind them.
#[derive(Instance)]
#[repr(C)]
pub struct Bytes {
    header: VarHeader,
    hash: Cell<isize>,
    contents: Contents,
}

/// The contents of a bytes object, as many as its header says.
#[repr(C)]
struct Contents([u8; 0]);

impl Traverse for Contents {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

const _: () = assert!(offset_of!(Bytes, contents) == offset_of!(PyBytesObject, ob_sval));

impl Bytes {
    /// New bytes with these contents.
    pub fn from_slice(contents: &[u8], thread: &mut Thread) -> Py<Bytes> {
        Self::try_from_slice(contents, thread).unwrap_or_else(|_| std::process::abort())
    }

    /// New bytes with these contents, or MemoryError.
    pub fn try_from_slice(contents: &[u8], thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let object = allocate_variable(Bytes::class(), contents.len() as isize, thread)?;
        // SAFETY: the block is a bytes object's, with room for the contents and a terminator that is zero already.
        unsafe {
            let bytes = object.cast_into::<Bytes>();
            bytes.hash.set(-1);
            let target = std::ptr::from_ref(&bytes.contents).cast_mut().cast::<u8>();
            std::ptr::copy_nonoverlapping(contents.as_ptr(), target, contents.len());
            Ok(bytes)
        }
    }

    /// The contents. Bytes never change, so they may be read as long as the object is held.
    #[inline(always)]
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: the contents were written when the object was made.
        unsafe {
            std::slice::from_raw_parts(std::ptr::from_ref(&self.contents).cast::<u8>(), self.header.size() as usize)
        }
    }
}

/// bytes(iterable_of_ints) -> bytes
/// bytes(string, encoding[, errors]) -> bytes
/// bytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer
/// bytes(int) -> bytes object of size given by the parameter initialized with null bytes
/// bytes() -> empty bytes object
///
/// Construct an immutable array of bytes from:
///   - an iterable yielding integers in range(256)
///   - a text string encoded using the specified encoding
///   - any object implementing the buffer API.
///   - an integer
#[python_type(
    name = "bytes", symbol = "PyBytes_Type", base = BaseObject, flags(BASETYPE, BYTES_SUBCLASS), item_size = 1,
    basic_size = offset_of!(Bytes, contents) + 1
)]
impl Bytes {}
