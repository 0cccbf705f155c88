//! `_io.BufferedRWPair`: a reader and a writer as one stream.

use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::names;
use objects::object::check_new;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::super::DEFAULT_BUFFER_SIZE;
use super::super::abstract_::BufferedIoBase;
use super::super::base::{self, deallocate};
use super::types::{BufferedReader, BufferedWriter};

/// Two streams as one.
#[derive(Instance)]
#[repr(C)]
pub struct BufferedRwPair {
    base: BufferedIoBase,
    reader: Field,
    writer: Field,
}

impl BufferedRwPair {
    /// Calls a method of one of the two.
    fn forward(stream: &Field, method: &Str, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        match stream.get() {
            Some(stream) => protocol::call_method(&stream, method, arguments, thread),
            None => Err(raise!(thread, ValueError, "I/O operation on uninitialized object")),
        }
    }
}

/// BufferedRWPair(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)
/// --
///
/// A buffered reader and writer object together.
///
/// A buffered reader object and buffered writer object put together to
/// form a sequential IO object that can read and write. This is typically
/// used with a socket or two-way pipe.
///
/// reader and writer are RawIOBase objects that are readable and
/// writeable respectively. If the buffer_size is omitted it defaults to
/// DEFAULT_BUFFER_SIZE.
#[python_type(
    name = "_io.BufferedRWPair", base = BufferedIoBase, flags(HEAPTYPE, BASETYPE), dealloc = deallocate::<BufferedRwPair>
)]
impl BufferedRwPair {
    #[slot(tp_new)]
    fn new_instance(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<BufferedRwPair>> {
        check_new(class, BufferedRwPair::class(), arguments, keywords, thread)?;
        let value = BufferedRwPair { base: BufferedIoBase::fields(class), reader: Field::EMPTY, writer: Field::EMPTY };
        Py::new_in(class, value, thread)
    }

    #[init]
    fn init(
        &self,
        reader: &Object,
        writer: &Object,
        #[default(DEFAULT_BUFFER_SIZE as isize)] buffer_size: isize,
        thread: &mut Thread,
    ) -> PyResult<()> {
        base::check_readable(reader, thread)?;
        base::check_writable(writer, thread)?;
        let size = protocol::make_int(buffer_size as i128, thread);
        let reader = protocol::call(BufferedReader::class(), &[reader, &size], thread)?;
        let writer = protocol::call(BufferedWriter::class(), &[writer, &size], thread)?;
        self.reader.set(Some(reader));
        self.writer.set(Some(writer));
        Ok(())
    }

    #[method]
    #[signature("(*args)")]
    fn read(&self, args: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        Self::forward(&self.reader, &names::read, args, thread)
    }

    #[method]
    #[signature("(*args)")]
    fn peek(&self, args: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        Self::forward(&self.reader, &names::peek, args, thread)
    }

    #[method]
    #[signature("(*args)")]
    fn read1(&self, args: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        Self::forward(&self.reader, &names::read1, args, thread)
    }

    #[method]
    #[signature("(*args)")]
    fn readinto(&self, args: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        Self::forward(&self.reader, &names::readinto, args, thread)
    }

    #[method]
    #[signature("(*args)")]
    fn readinto1(&self, args: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        Self::forward(&self.reader, &names::readinto1, args, thread)
    }

    #[method]
    #[signature("(*args)")]
    fn write(&self, args: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        Self::forward(&self.writer, &names::write, args, thread)
    }

    /// flush($self, /)
    /// --
    ///
    ///
    #[method]
    fn flush(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        Self::forward(&self.writer, &names::flush, &[], thread)
    }

    /// readable($self, /)
    /// --
    ///
    ///
    #[method]
    fn readable(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        Self::forward(&self.reader, &names::readable, &[], thread)
    }

    /// writable($self, /)
    /// --
    ///
    ///
    #[method]
    fn writable(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        Self::forward(&self.writer, &names::writable, &[], thread)
    }

    /// close($self, /)
    /// --
    ///
    ///
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<()> {
        let first = Self::forward(&self.writer, &names::close, &[], thread).map(drop);
        let first = base::caught(first, thread);
        let second = Self::forward(&self.reader, &names::close, &[], thread).map(drop);
        base::chain(first, second, thread)
    }

    /// isatty($self, /)
    /// --
    ///
    ///
    #[method]
    fn isatty(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let answer = Self::forward(&self.writer, &names::isatty, &[], thread)?;
        if !answer.is(Bool::get(false)) {
            return Ok(answer);
        }
        Self::forward(&self.reader, &names::isatty, &[], thread)
    }

    #[getter]
    fn closed(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.writer.get() {
            Some(writer) => protocol::get_attribute(&writer, &names::closed, thread),
            None => Err(raise!(thread, RuntimeError, "the BufferedRWPair object is being garbage-collected")),
        }
    }
}
