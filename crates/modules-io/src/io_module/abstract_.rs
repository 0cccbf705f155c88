//! `_io._RawIOBase`, `_io._BufferedIOBase` and `_io._TextIOBase`: what raw, buffered and text streams share.

use builtins::bytearray::ByteArray;
use macros::{Instance, python_type};
use objects::errors::{NotImplementedError, OrMemoryError, PyResult, TryToVec, ValueError};
use objects::names;
use objects::protocol;
use objects::protocol::buffer::{WritableBytesLike, bytes_contents};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Type;

use super::DEFAULT_BUFFER_SIZE;
use super::base::{IoBase, Size, deallocate, unsupported};

/// A stream of bytes without a buffer.
#[derive(Instance)]
#[repr(C)]
pub struct RawIoBase {
    base: IoBase,
}

/// A stream of bytes with a buffer.
#[derive(Instance)]
#[repr(C)]
pub struct BufferedIoBase {
    base: IoBase,
}

/// A stream of text.
#[derive(Instance)]
#[repr(C)]
pub struct TextIoBase {
    base: IoBase,
}

macro_rules! fields {
    ($($name:ident)*) => {
        $(impl $name {
            /// The fields of a new stream of a type.
            pub fn fields(class: &Type) -> Self {
                Self { base: IoBase::new(class) }
            }

            /// True if the instance has no attributes of its own but `name`.
            pub fn has_only_name(&self, thread: &Thread) -> bool {
                self.base.has_only_name(thread)
            }
        })*
    };
}

fields! { RawIoBase BufferedIoBase TextIoBase }

/// Base class for raw binary I/O.
#[python_type(name = "_io._RawIOBase", base = IoBase, flags(HEAPTYPE, BASETYPE), dealloc = deallocate::<RawIoBase>)]
impl RawIoBase {
    /// read($self, size=-1, /)
    /// --
    ///
    ///
    #[method]
    fn read(&self, size: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Ok(size) = usize::try_from(size) else {
            return protocol::call_method(self, &names::readall, &[], thread);
        };
        let length = protocol::make_int(size as i128, thread);
        let target = protocol::call_one(<ByteArray as objects::types::Instance>::class(), &length, thread)?;
        let count = protocol::call_method(self, &names::readinto, &[&target], thread)?;
        if count.is_none() {
            return Ok(count);
        }
        let count = protocol::index_or_raise(&count, ValueError, thread)?;
        let filled = target.downcast::<ByteArray>().map(ByteArray::length).unwrap_or_default();
        match usize::try_from(count) {
            Ok(count) if count <= size && count <= filled => {
                let contents = protocol::buffer::BytesLike::of(&target, thread)?;
                let contents = contents.as_slice(thread)[..count].try_to_vec().or_memory_error(thread)?;
                thread.make_bytes(&contents)
            }
            _ => Err(raise!(thread, ValueError, "readinto returned {count} outside buffer size {size}")),
        }
    }

    /// readall($self, /)
    /// --
    ///
    /// Read until EOF, using multiple read() call.
    #[method]
    fn readall(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut all: Vec<u8> = Vec::new();
        let mut started = false;
        let size = protocol::make_int(DEFAULT_BUFFER_SIZE as i128, thread);
        loop {
            let data = protocol::call_method(self, &names::read, &[&size], thread)?;
            if data.is_none() {
                if started {
                    break;
                }
                return Ok(data);
            }
            let Some(bytes) = bytes_contents(&data) else {
                return Err(raise!(thread, TypeError, "read() should return bytes"));
            };
            if bytes.is_empty() {
                break;
            }
            started = true;
            all.extend_from_slice(bytes);
        }
        thread.make_bytes(&all)
    }

    #[method]
    #[signature("(*args)")]
    fn readinto(&self, args: &[&Object], thread: &mut Thread) -> PyResult<()> {
        let _ = args;
        Err(thread.raise_kind(NotImplementedError))
    }

    #[method]
    #[signature("(*args)")]
    fn write(&self, args: &[&Object], thread: &mut Thread) -> PyResult<()> {
        let _ = args;
        Err(thread.raise_kind(NotImplementedError))
    }
}

/// `readinto` by means of `read` or `read1`.
fn read_into(stream: &Object, target: &WritableBytesLike, method: &Str, thread: &mut Thread) -> PyResult<usize> {
    let length = target.length();
    let wanted = protocol::make_int(length as i128, thread);
    let data = protocol::call_method(stream, method, &[&wanted], thread)?;
    let Some(bytes) = bytes_contents(&data) else {
        return Err(raise!(thread, TypeError, "read() should return bytes"));
    };
    let count = bytes.len();
    if count > length {
        return Err(raise!(
            thread,
            ValueError,
            "read() returned too much data: {length} bytes requested, {count} returned"
        ));
    }
    target.as_mut_slice(thread)[..count].copy_from_slice(bytes);
    Ok(count)
}

/// Base class for buffered IO objects.
///
/// The main difference with RawIOBase is that the read() method
/// supports omitting the size argument, and does not have a default
/// implementation that defers to readinto().
///
/// In addition, read(), readinto() and write() may raise
/// BlockingIOError if the underlying raw stream is in non-blocking
/// mode and not ready; unlike their raw counterparts, they will never
/// return None.
///
/// A typical implementation should not inherit from a RawIOBase
/// implementation, but wrap one.
///
#[python_type(name = "_io._BufferedIOBase", base = IoBase, flags(HEAPTYPE, BASETYPE), dealloc = deallocate::<BufferedIoBase>)]
impl BufferedIoBase {
    /// detach($self, /)
    /// --
    ///
    /// Disconnect this buffer from its underlying raw stream and return it.
    ///
    /// After the raw stream has been detached, the buffer is in an unusable
    /// state.
    #[defining_class]
    #[method]
    fn detach(&self, thread: &mut Thread) -> PyResult<()> {
        Err(unsupported("detach", thread))
    }

    /// read($self, size=-1, /)
    /// --
    ///
    /// Read and return up to n bytes.
    ///
    /// If the size argument is omitted, None, or negative, read and
    /// return all data until EOF.
    ///
    /// If the size argument is positive, and the underlying raw stream is
    /// not 'interactive', multiple raw reads may be issued to satisfy
    /// the byte count (unless EOF is reached first).
    /// However, for interactive raw streams (as well as sockets and pipes),
    /// at most one raw read will be issued, and a short result does not
    /// imply that EOF is imminent.
    ///
    /// Return an empty bytes object on EOF.
    ///
    /// Return None if the underlying raw stream was open in non-blocking
    /// mode and no data is available at the moment.
    #[defining_class]
    #[method]
    fn read(&self, size: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let _ = size;
        Err(unsupported("read", thread))
    }

    /// read1($self, size=-1, /)
    /// --
    ///
    /// Read and return up to size bytes, with at most one read() call to the underlying raw stream.
    ///
    /// Return an empty bytes object on EOF.
    /// A short result does not imply that EOF is imminent.
    #[defining_class]
    #[method]
    fn read1(&self, size: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let _ = size;
        Err(unsupported("read1", thread))
    }

    /// readinto($self, buffer, /)
    /// --
    ///
    ///
    #[method]
    fn readinto(&self, buffer: WritableBytesLike, thread: &mut Thread) -> PyResult<usize> {
        read_into(self, &buffer, &names::read, thread)
    }

    /// readinto1($self, buffer, /)
    /// --
    ///
    ///
    #[method]
    fn readinto1(&self, buffer: WritableBytesLike, thread: &mut Thread) -> PyResult<usize> {
        read_into(self, &buffer, &names::read1, thread)
    }

    /// write($self, b, /)
    /// --
    ///
    /// Write buffer b to the IO stream.
    ///
    /// Return the number of bytes written, which is always
    /// the length of b in bytes.
    ///
    /// Raise BlockingIOError if the buffer is full and the
    /// underlying raw stream cannot accept more data at the moment.
    #[defining_class]
    #[method]
    fn write(&self, b: &Object, thread: &mut Thread) -> PyResult<()> {
        let _ = b;
        Err(unsupported("write", thread))
    }
}

/// Base class for text I/O.
///
/// This class provides a character and line based interface to stream
/// I/O. There is no readinto method because Python's character strings
/// are immutable.
///
#[python_type(name = "_io._TextIOBase", base = IoBase, flags(HEAPTYPE, BASETYPE), dealloc = deallocate::<TextIoBase>)]
impl TextIoBase {
    /// detach($self, /)
    /// --
    ///
    /// Separate the underlying buffer from the TextIOBase and return it.
    ///
    /// After the underlying buffer has been detached, the TextIO is in
    /// an unusable state.
    #[defining_class]
    #[method]
    fn detach(&self, thread: &mut Thread) -> PyResult<()> {
        Err(unsupported("detach", thread))
    }

    /// read($self, size=-1, /)
    /// --
    ///
    /// Read at most size characters from stream.
    ///
    /// Read from underlying buffer until we have size characters or we hit
    /// EOF.  If size is negative or omitted, read until EOF.
    #[defining_class]
    #[method]
    fn read(&self, #[default(Size(-1))] size: Size, thread: &mut Thread) -> PyResult<()> {
        let _ = size.0;
        Err(unsupported("read", thread))
    }

    /// readline($self, size=-1, /)
    /// --
    ///
    /// Read until newline or EOF.
    ///
    /// Return an empty string if EOF is hit immediately.
    /// If size is specified, at most size characters will be read.
    #[defining_class]
    #[method]
    fn readline(&self, #[default(Size(-1))] size: Size, thread: &mut Thread) -> PyResult<()> {
        let _ = size.0;
        Err(unsupported("readline", thread))
    }

    /// write($self, s, /)
    /// --
    ///
    /// Write string s to stream.
    ///
    /// Return the number of characters written
    /// (which is always equal to the length of the string).
    #[defining_class]
    #[method]
    fn write(&self, s: &Object, thread: &mut Thread) -> PyResult<()> {
        let _ = s;
        Err(unsupported("write", thread))
    }

    /// Encoding of the text stream.
    ///
    /// Subclasses should override.
    #[getter]
    fn encoding(&self) -> Option<Py<Object>> {
        None
    }

    /// Line endings translated so far.
    ///
    /// Only line endings translated during reading are considered.
    ///
    /// Subclasses should override.
    #[getter]
    fn newlines(&self) -> Option<Py<Object>> {
        None
    }

    /// The error setting of the decoder or encoder.
    ///
    /// Subclasses should override.
    #[getter]
    fn errors(&self) -> Option<Py<Object>> {
        None
    }
}
