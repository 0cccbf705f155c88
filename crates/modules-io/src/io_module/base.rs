//! `_io._IOBase`: the base of all streams, and the checks that all of them share.
//!
//! A stream is finalized by closing it; [`deallocate`] is the deallocator of every type of this module that has something to close.

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyObject;
use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{BaseException, PyResult, Raised};
use objects::list::List;
use objects::method::{FromArgument, Position};
use objects::names;
use objects::object::BaseObject;
use objects::object::check_new;
use objects::protocol;
use objects::protocol::buffer::bytes_contents;
use objects::raise;
pub use objects::refs::finalize_and_deallocate as deallocate;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, Type, instance_dict};

use super::state::IoState;

/// What every stream has: attributes of its own, and weak references to it.
#[derive(Instance)]
#[repr(C)]
pub struct IoBase {
    header: Header,
    dict: Field<Dict>,
    weak_references: Cell<*mut PyObject>,
}

impl IoBase {
    /// The fields of a new stream of a type.
    pub fn new(class: &Type) -> Self {
        Self { header: Header::new(class), dict: Field::EMPTY, weak_references: Cell::new(std::ptr::null_mut()) }
    }

    /// True if the instance has no attributes of its own but `name`, so that its methods are its type's.
    pub fn has_only_name(&self, thread: &Thread) -> bool {
        match self.dict.get() {
            Some(dict) => {
                let count = dict.length();
                count == 0 || count == 1 && dict.get_str(&names::name, thread).is_some()
            }
            None => true,
        }
    }
}

/// A size: an integer, or None for −1.
#[derive(Clone, Copy)]
pub struct Size(pub isize);

impl FromArgument<'_> for Size {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        if value.is_none() {
            return Ok(Self(-1));
        }
        if !protocol::is_index(value) {
            let class = value.class().full_name();
            return Err(raise!(thread, TypeError, "argument should be integer or None, not '{class}'"));
        }
        protocol::index_or_raise(value, objects::errors::OverflowError, thread).map(Self)
    }
}

/// Raises `io.UnsupportedOperation`.
#[cold]
pub fn unsupported(message: &str, thread: &mut Thread) -> Raised {
    let class = thread.interpreter().extension::<IoState>().unsupported_operation.get();
    let Some(class) = class else { return raise!(thread, OSError, "{message}") };
    let message = Str::from_str(message, thread);
    match protocol::call_one(&class, &message, thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

#[cold]
pub fn raise_closed(thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "I/O operation on closed file.")
}

/// Raises ValueError if the stream says that it is closed.
pub fn check_closed(stream: &Object, thread: &mut Thread) -> PyResult<()> {
    let Some(closed) = protocol::lookup_attribute(stream, &names::closed, thread)? else { return Ok(()) };
    if protocol::is_true(&closed, thread)? { Err(raise_closed(thread)) } else { Ok(()) }
}

/// Calls a method without arguments that answers a question; raises UnsupportedOperation unless the answer is True.
fn check_ability(stream: &Object, question: &Str, ability: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let answer = protocol::call_method(stream, question, &[], thread)?;
    if answer.is(Bool::get(true)) {
        return Ok(answer);
    }
    Err(unsupported(&format!("File or stream is not {ability}."), thread))
}

pub fn check_seekable(stream: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    check_ability(stream, &names::seekable, "seekable", thread)
}

pub fn check_readable(stream: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    check_ability(stream, &names::readable, "readable", thread)
}

pub fn check_writable(stream: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    check_ability(stream, &names::writable, "writable", thread)
}

/// Sets the exception that came second, with the first as its context; either may be missing.
pub fn chain(first: Option<Py<BaseException>>, second: PyResult<()>, thread: &mut Thread) -> PyResult<()> {
    match (first, second) {
        (None, second) => second,
        (Some(first), Ok(())) => Err(thread.reraise(first)),
        (Some(first), Err(raised)) => {
            let second = thread.catch(raised);
            if second.context().is_none() && !std::ptr::eq(&*first, &*second) {
                second.set_context(Some(first));
            }
            Err(thread.reraise(second))
        }
    }
}

/// The exception behind an error, if there is one.
pub fn caught(result: PyResult<()>, thread: &mut Thread) -> Option<Py<BaseException>> {
    result.err().map(|raised| thread.catch(raised))
}

/// Closes a stream that is going away, unless it is closed already. What that raises is reported.
pub fn finalize(stream: &Object, thread: &mut Thread) {
    let raised = thread.take_exception();
    let closed = match protocol::lookup_attribute(stream, &names::closed, thread) {
        Ok(Some(closed)) => protocol::is_true(&closed, thread),
        Ok(None) => Ok(true),
        Err(raised) => Err(raised),
    };
    let closed = closed.unwrap_or_else(|_| {
        // A stream that does not know is half-made, or has lost what it was over: there is nothing to close.
        drop(thread.take_exception());
        true
    });
    if !closed {
        // So that `close` warns of a file that nobody closed.
        if protocol::set_attribute(stream, &names::_finalizing, Some(Bool::get(true)), thread).is_err() {
            drop(thread.take_exception());
        }
        if let Err(raised) = protocol::call_method(stream, &names::close, &[], thread) {
            thread.report_unraisable(raised, "Exception ignored while finalizing file", Some(stream));
        }
    }
    thread.restore_exception(raised);
}

/// True if `_IOBase.close` has run.
fn is_marked_closed(stream: &Object, thread: &mut Thread) -> PyResult<bool> {
    Ok(protocol::lookup_attribute(stream, &names::__IOBase_closed, thread)?.is_some())
}

/// `_IOBase.close`: flushes, and marks the stream as closed whatever comes of that.
pub fn close(stream: &Object, thread: &mut Thread) -> PyResult<()> {
    if is_marked_closed(stream, thread)? {
        return Ok(());
    }
    let flushed = protocol::call_method(stream, &names::flush, &[], thread).map(drop);
    let flushed = caught(flushed, thread);
    let marked = protocol::set_attribute(stream, &names::__IOBase_closed, Some(Bool::get(true)), thread);
    chain(flushed, marked, thread)
}

/// `len(line)`.
fn is_empty(line: &Object, thread: &mut Thread) -> PyResult<bool> {
    if let Some(text) = line.downcast_exact::<Str>() {
        return Ok(text.length() == 0);
    }
    match bytes_contents(line) {
        Some(bytes) => Ok(bytes.is_empty()),
        None => Ok(protocol::length(line, thread)? == 0),
    }
}

/// How many bytes `readline` reads next: up to the end of a line that `peek` shows, or one.
fn readahead(peek: Option<&Object>, limit: Option<usize>, thread: &mut Thread) -> PyResult<usize> {
    let Some(peek) = peek else { return Ok(1) };
    let one = protocol::make_int(1, thread);
    let seen = protocol::call_one(peek, &one, thread)?;
    let Some(bytes) = bytes_contents(&seen) else {
        let class = seen.class().full_name();
        return Err(raise!(thread, OSError, "peek() should have returned a bytes object, not '{class}'"));
    };
    let bytes = &bytes[..bytes.len().min(limit.unwrap_or(usize::MAX))];
    Ok(match bytes.iter().position(|it| *it == b'\n') {
        Some(place) => place + 1,
        None => bytes.len().max(1),
    })
}

/// `_IOBase.readline`.
fn readline(stream: &Object, size: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
    let peek = protocol::lookup_attribute(stream, &names::peek, thread)?;
    let mut line: Vec<u8> = Vec::new();
    loop {
        let limit = usize::try_from(size).ok().map(|size| size.saturating_sub(line.len()));
        if limit == Some(0) {
            break;
        }
        let wanted = readahead(peek.as_deref(), limit, thread)?;
        let wanted = protocol::make_int(wanted as i128, thread);
        let read = protocol::call_method(stream, &names::read, &[&wanted], thread)?;
        let Some(bytes) = bytes_contents(&read) else {
            let class = read.class().full_name();
            return Err(raise!(thread, OSError, "read() should have returned a bytes object, not '{class}'"));
        };
        if bytes.is_empty() {
            break;
        }
        line.extend_from_slice(bytes);
        if line.ends_with(b"\n") {
            break;
        }
    }
    thread.make_bytes(&line)
}

/// The abstract base class for all I/O classes.
///
/// This class provides dummy implementations for many methods that
/// derived classes can override selectively; the default implementations
/// represent a file that cannot be read, written or seeked.
///
/// Even though IOBase does not declare read, readinto, or write because
/// their signatures will vary, implementations and clients should
/// consider those methods part of the interface. Also, implementations
/// may raise UnsupportedOperation when operations they do not support are
/// called.
///
/// The basic type used for binary data read from or written to a file is
/// bytes. Other bytes-like objects are accepted as method arguments too.
/// In some cases (such as readinto), a writable object is required. Text
/// I/O classes work with str data.
///
/// Note that calling any method (except additional calls to close(),
/// which are ignored) on a closed stream should raise a ValueError.
///
/// IOBase (and its subclasses) support the iterator protocol, meaning
/// that an IOBase object can be iterated over yielding the lines in a
/// stream.
///
/// IOBase also supports the :keyword:`with` statement. In this example,
/// fp is closed after the suite of the with statement is complete:
///
/// with open('spam.txt', 'r') as fp:
///     fp.write('Spam and eggs!')
///
#[python_type(
    name = "_io._IOBase", base = BaseObject, flags(HEAPTYPE, BASETYPE), dict_offset = offset_of!(IoBase, dict),
    weaklist_offset = offset_of!(IoBase, weak_references), dealloc = deallocate::<IoBase>
)]
impl IoBase {
    #[slot(tp_new)]
    fn new_instance(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<IoBase>> {
        check_new(class, IoBase::class(), arguments, keywords, thread)?;
        Py::new_in(class, IoBase::new(class), thread)
    }

    #[slot(tp_finalize)]
    fn finalize(&self, thread: &mut Thread) {
        finalize(self, thread);
    }

    /// seek($self, offset, whence=os.SEEK_SET, /)
    /// --
    ///
    /// Change the stream position to the given byte offset.
    ///
    ///   offset
    ///     The stream position, relative to 'whence'.
    ///   whence
    ///     The relative position to seek from.
    ///
    /// The offset is interpreted relative to the position indicated by
    /// whence.  Values for whence are:
    ///
    /// * os.SEEK_SET or 0 -- start of stream (the default); offset should
    ///   be zero or positive
    /// * os.SEEK_CUR or 1 -- current stream position; offset may be
    ///   negative
    /// * os.SEEK_END or 2 -- end of stream; offset is usually negative
    ///
    /// Return the new absolute position.
    #[defining_class]
    #[method]
    fn seek(&self, offset: &Object, whence: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let _ = (offset, whence);
        Err(unsupported("seek", thread))
    }

    /// tell($self, /)
    /// --
    ///
    /// Return current stream position.
    #[method]
    fn tell(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (zero, one) = (protocol::make_int(0, thread), protocol::make_int(1, thread));
        protocol::call_method(self, &names::seek, &[&zero, &one], thread)
    }

    /// truncate($self, size=None, /)
    /// --
    ///
    /// Truncate file to size bytes.
    ///
    /// File pointer is left unchanged.  Size defaults to the current IO
    /// position as reported by tell().  Return the new size.
    #[defining_class]
    #[method]
    fn truncate(&self, size: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let _ = size;
        Err(unsupported("truncate", thread))
    }

    /// flush($self, /)
    /// --
    ///
    /// Flush write buffers, if applicable.
    ///
    /// This is not implemented for read-only and non-blocking streams.
    #[method]
    fn flush(&self, thread: &mut Thread) -> PyResult<()> {
        if is_marked_closed(self, thread)? { Err(raise_closed(thread)) } else { Ok(()) }
    }

    /// close($self, /)
    /// --
    ///
    /// Flush and close the IO object.
    ///
    /// This method has no effect if the file is already closed.
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<()> {
        close(self, thread)
    }

    #[getter]
    fn closed(&self, thread: &mut Thread) -> PyResult<bool> {
        is_marked_closed(self, thread)
    }

    /// seekable($self, /)
    /// --
    ///
    /// Return whether object supports random access.
    ///
    /// If False, seek(), tell() and truncate() will raise OSError.
    /// This method may need to do a test seek().
    #[method]
    fn seekable(&self) -> bool {
        false
    }

    /// readable($self, /)
    /// --
    ///
    /// Return whether object was opened for reading.
    ///
    /// If False, read() will raise OSError.
    #[method]
    fn readable(&self) -> bool {
        false
    }

    /// writable($self, /)
    /// --
    ///
    /// Return whether object was opened for writing.
    ///
    /// If False, write() will raise OSError.
    #[method]
    fn writable(&self) -> bool {
        false
    }

    /// _checkClosed($self, /)
    /// --
    ///
    ///
    #[method(name = "_checkClosed")]
    fn check_closed(&self, thread: &mut Thread) -> PyResult<()> {
        check_closed(self, thread)
    }

    /// _checkSeekable($self, /)
    /// --
    ///
    ///
    #[method(name = "_checkSeekable")]
    fn check_seekable(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        check_seekable(self, thread)
    }

    /// _checkReadable($self, /)
    /// --
    ///
    ///
    #[method(name = "_checkReadable")]
    fn check_readable(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        check_readable(self, thread)
    }

    /// _checkWritable($self, /)
    /// --
    ///
    ///
    #[method(name = "_checkWritable")]
    fn check_writable(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        check_writable(self, thread)
    }

    /// fileno($self, /)
    /// --
    ///
    /// Return underlying file descriptor if one exists.
    ///
    /// Raise OSError if the IO object does not use a file descriptor.
    #[defining_class]
    #[method]
    fn fileno(&self, thread: &mut Thread) -> PyResult<()> {
        Err(unsupported("fileno", thread))
    }

    /// isatty($self, /)
    /// --
    ///
    /// Return whether this is an 'interactive' stream.
    ///
    /// Return False if it can't be determined.
    #[method]
    fn isatty(&self, thread: &mut Thread) -> PyResult<bool> {
        check_closed(self, thread)?;
        Ok(false)
    }

    /// __enter__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __enter__(&self, thread: &mut Thread) -> PyResult<Py<IoBase>> {
        check_closed(self, thread)?;
        Ok(Py::from_ref(self))
    }

    #[method]
    #[signature("(*args)")]
    fn __exit__(&self, args: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        let _ = args;
        protocol::call_method(self, &names::close, &[], thread)
    }

    /// readline($self, size=-1, /)
    /// --
    ///
    /// Read and return a line from the stream.
    ///
    /// If size is specified, at most size bytes will be read.
    ///
    /// The line terminator is always b'\n' for binary files; for text
    /// files, the newlines argument to open can be used to select the line
    /// terminator(s) recognized.
    #[method]
    fn readline(&self, #[default(Size(-1))] size: Size, thread: &mut Thread) -> PyResult<Py<Object>> {
        readline(self, size.0, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> PyResult<Py<IoBase>> {
        check_closed(self, thread)?;
        Ok(Py::from_ref(self))
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let line = protocol::call_method(self, &names::readline, &[], thread)?;
        Ok(if is_empty(&line, thread)? { None } else { Some(line) })
    }

    /// readlines($self, hint=-1, /)
    /// --
    ///
    /// Return a list of lines from the stream.
    ///
    /// hint can be specified to control the number of lines read: no more
    /// lines will be read if the total size (in bytes/characters) of all
    /// lines so far exceeds hint.
    #[method]
    fn readlines(&self, #[default(Size(-1))] hint: Size, thread: &mut Thread) -> PyResult<Py<List>> {
        let lines = List::empty(thread);
        let iterator = protocol::iter(self, thread)?;
        let mut total = 0usize;
        while let Some(line) = protocol::next(&iterator, thread)? {
            lines.push(line.clone(), thread)?;
            if hint.0 > 0 {
                total = total.saturating_add(protocol::length(&line, thread)?);
                if total > hint.0 as usize {
                    break;
                }
            }
        }
        Ok(lines)
    }

    /// writelines($self, lines, /)
    /// --
    ///
    /// Write a list of lines to stream.
    ///
    /// Line separators are not added, so it is usual for each of the
    /// lines provided to have a line separator at the end.
    #[method]
    fn writelines(&self, lines: &Object, thread: &mut Thread) -> PyResult<()> {
        check_closed(self, thread)?;
        let iterator = protocol::iter(lines, thread)?;
        while let Some(line) = protocol::next(&iterator, thread)? {
            protocol::call_method(self, &names::write, &[&line], thread)?;
        }
        Ok(())
    }

    #[getter]
    fn __dict__(&self, thread: &mut Thread) -> Option<Py<Dict>> {
        instance_dict::dict(self, thread)
    }

    #[setter(name = "__dict__")]
    fn set_dict(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        instance_dict::set_dict(self, value, thread)
    }
}

/// A copy of a stream's own attributes, or None: the last part of `__getstate__`.
pub fn copy_of_attributes(stream: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let own = instance_dict::dict_field(stream).and_then(Field::get);
    let Some(own) = own else { return Ok(thread.none()) };
    let copy = Dict::new(thread);
    for (name, value) in own.items_snapshot(thread) {
        copy.set(&name, &value, thread)?;
    }
    Ok(copy.into_object())
}

/// Takes over the attributes that `__setstate__` is given as its last part.
pub fn set_attributes(stream: &Object, attributes: &Object, part: &str, thread: &mut Thread) -> PyResult<()> {
    if attributes.is_none() {
        return Ok(());
    }
    let Some(attributes) = attributes.downcast::<Dict>() else {
        let class = attributes.class().full_name();
        return Err(raise!(thread, TypeError, "{part} item of state should be a dict, got a {class}"));
    };
    let Some(own) = instance_dict::dict(stream, thread) else { return Ok(()) };
    for (name, value) in attributes.items_snapshot(thread) {
        own.set(&name, &value, thread)?;
    }
    Ok(())
}
