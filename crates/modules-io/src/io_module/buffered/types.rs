//! The types of buffered streams over one raw stream.

use std::mem::offset_of;

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{PyResult, ValueError};
use objects::names;
use objects::object::check_new;
use objects::protocol;
use objects::protocol::buffer::{BytesLike, WritableBytesLike, bytes_contents};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;
use objects::types::{Member, MemberKind, Type};

use super::super::DEFAULT_BUFFER_SIZE;
use super::super::abstract_::BufferedIoBase;
use super::super::base::{Size, deallocate};
use super::state::{Buffered, check_raw};

/// Raw stream and flag, as attributes.
const MEMBERS: &[Member] = &[
    Member::new(c"raw", MemberKind::Object, offset_of!(Buffered, raw), None),
    Member::writable(c"_finalizing", MemberKind::Bool, offset_of!(Buffered, finalizing), None),
];

/// `<_io.BufferedReader name='…'>`
fn repr(stream: &Buffered, thread: &mut Thread) -> PyResult<String> {
    let class = stream.class().full_name();
    let name = protocol::lookup_attribute(stream, &names::name, thread);
    // A stream without a raw one raises ValueError.
    let Some(Some(name)) = thread.suppress(name, ValueError)? else { return Ok(format!("<{class}>")) };
    if thread.enter_repr(stream) {
        return Err(raise!(thread, RuntimeError, "reentrant call inside {class}.__repr__"));
    }
    let shown = protocol::repr(&name, thread);
    thread.leave_repr(stream);
    Ok(format!("<{class} name={}>", shown?.to_string_lossy()))
}

/// The next line of an iteration: through `readline`, if a derived class has one of its own.
fn next_line(stream: &Buffered, is_own: bool, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let line = if is_own {
        stream.readline(-1, thread)?
    } else {
        let line = protocol::call_method(stream, &names::readline, &[], thread)?;
        if bytes_contents(&line).is_none() {
            let class = line.class().full_name();
            return Err(raise!(thread, OSError, "readline() should have returned a bytes object, not '{class}'"));
        }
        line
    };
    Ok(bytes_contents(&line).is_some_and(|it| !it.is_empty()).then_some(line))
}

/// Declares a type of buffered streams: which groups of methods it has, its doc and its name, and what `__init__` asks of the raw stream.
///
/// ```text
/// buffered! { BufferedReader "_io.BufferedReader" [seekable readable writable] [reading] #[doc = "…"] }
/// ```
macro_rules! buffered {
    ($name:ident $python_name:literal [$seekable:literal $readable:literal $writable:literal] $groups:tt $(#[$doc:meta])*) => {
        #[doc = concat!("A `", $python_name, "`.")]
        #[derive(Instance)]
        #[repr(C)]
        pub struct $name {
            stream: Buffered,
        }

        buffered! { @add $groups {
            #[slot(tp_new)]
            fn new_instance(
                class: &Type, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread,
            ) -> PyResult<Py<$name>> {
                check_new(class, $name::class(), arguments, keywords, thread)?;
                Py::new_in(class, $name { stream: Buffered::fields(class) }, thread)
            }

            #[init]
            fn init(
                &self, raw: &Object, #[default(DEFAULT_BUFFER_SIZE as isize)] buffer_size: isize, thread: &mut Thread,
            ) -> PyResult<()> {
                self.stream.ready.set(false);
                self.stream.detached.set(false);
                check_raw(raw, $seekable, $readable, $writable, thread)?;
                self.stream.initialize(raw, buffer_size, $readable, $writable, thread)
            }

            #[slot(tp_repr)]
            fn repr(&self, thread: &mut Thread) -> PyResult<String> {
                repr(&self.stream, thread)
            }

            /// detach($self, /)
            /// --
            ///
            ///
            #[method]
            fn detach(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                self.stream.detach(thread)
            }

            /// close($self, /)
            /// --
            ///
            ///
            #[method]
            fn close(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                self.stream.close(thread)
            }

            /// seekable($self, /)
            /// --
            ///
            ///
            #[method]
            fn seekable(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                self.ask(&names::seekable, thread)
            }

            /// fileno($self, /)
            /// --
            ///
            ///
            #[method]
            fn fileno(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                self.ask(&names::fileno, thread)
            }

            /// isatty($self, /)
            /// --
            ///
            ///
            #[method]
            fn isatty(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                self.ask(&names::isatty, thread)
            }

            /// _dealloc_warn($self, source, /)
            /// --
            ///
            ///
            #[method]
            fn _dealloc_warn(&self, source: &Object, thread: &mut Thread) {
                self.stream.warn_unclosed(source, thread);
            }

            /// seek($self, target, whence=0, /)
            /// --
            ///
            ///
            #[method]
            fn seek(&self, target: &Object, whence: i32, thread: &mut Thread) -> PyResult<i64> {
                self.stream.seek(target, whence, thread)
            }

            /// tell($self, /)
            /// --
            ///
            ///
            #[method]
            fn tell(&self, thread: &mut Thread) -> PyResult<i64> {
                self.stream.tell(thread)
            }

            /// truncate($self, pos=None, /)
            /// --
            ///
            ///
            #[defining_class]
            #[method]
            fn truncate(&self, pos: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
                self.stream.truncate(pos, thread)
            }

            /// __sizeof__($self, /)
            /// --
            ///
            ///
            #[method]
            fn __sizeof__(&self, thread: &mut Thread) -> usize {
                self.class().basic_size() + self.stream.buffer.get(thread).len()
            }

            /// __getstate__($self, /)
            /// --
            ///
            ///
            #[method]
            fn __getstate__(&self, thread: &mut Thread) -> PyResult<()> {
                let class = self.class().full_name();
                Err(raise!(thread, TypeError, "cannot pickle '{class}' instances"))
            }

            #[getter]
            fn closed(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                self.raw_attribute(&names::closed, thread)
            }

            #[getter]
            fn name(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                self.raw_attribute(&names::name, thread)
            }

            #[getter]
            fn mode(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                self.raw_attribute(&names::mode, thread)
            }
        } $name $python_name $(#[$doc])* }

        impl $name {
            /// The stream that all these types share.
            pub fn stream(&self) -> &Buffered {
                &self.stream
            }

            /// True if no method was replaced in the instance.
            pub fn has_only_name(&self, thread: &Thread) -> bool {
                self.stream.base.has_only_name(thread)
            }

            /// Calls a method of the raw stream without arguments.
            fn ask(&self, method: &objects::str::Str, thread: &mut Thread) -> PyResult<Py<Object>> {
                let raw = self.stream.raw(thread)?;
                protocol::call_method(&raw, method, &[], thread)
            }

            /// An attribute of the raw stream.
            fn raw_attribute(&self, name: &objects::str::Str, thread: &mut Thread) -> PyResult<Py<Object>> {
                let raw = self.stream.raw(thread)?;
                protocol::get_attribute(&raw, name, thread)
            }
        }
    };

    (@add [reading $($groups:ident)*] {$($items:tt)*} $($rest:tt)*) => {
        buffered! { @add [$($groups)*] {
            $($items)*

            /// readable($self, /)
            /// --
            ///
            ///
            #[method]
            fn readable(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                self.ask(&names::readable, thread)
            }

            /// read($self, size=-1, /)
            /// --
            ///
            ///
            #[method]
            fn read(&self, #[default(Size(-1))] size: Size, thread: &mut Thread) -> PyResult<Py<Object>> {
                self.stream.raw(thread)?;
                self.stream.read(size.0, thread)
            }

            /// peek($self, size=0, /)
            /// --
            ///
            ///
            #[method]
            fn peek(&self, size: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
                let _ = size;
                self.stream.peek(thread)
            }

            /// read1($self, size=-1, /)
            /// --
            ///
            ///
            #[method]
            fn read1(&self, size: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
                self.stream.raw(thread)?;
                self.stream.read1(size, thread)
            }

            /// readinto($self, buffer, /)
            /// --
            ///
            ///
            #[method]
            fn readinto(&self, buffer: WritableBytesLike, thread: &mut Thread) -> PyResult<Option<usize>> {
                self.stream.readinto(&buffer, false, thread)
            }

            /// readinto1($self, buffer, /)
            /// --
            ///
            ///
            #[method]
            fn readinto1(&self, buffer: WritableBytesLike, thread: &mut Thread) -> PyResult<Option<usize>> {
                self.stream.readinto(&buffer, true, thread)
            }

            /// readline($self, size=-1, /)
            /// --
            ///
            ///
            #[method]
            fn readline(&self, #[default(Size(-1))] size: Size, thread: &mut Thread) -> PyResult<Py<Object>> {
                self.stream.readline(size.0, thread)
            }

            #[slot(tp_iternext)]
            fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
                next_line(&self.stream, self.is_exactly::<Self>(), thread)
            }
        } $($rest)* }
    };

    (@add [writing $($groups:ident)*] {$($items:tt)*} $($rest:tt)*) => {
        buffered! { @add [$($groups)*] {
            $($items)*

            /// writable($self, /)
            /// --
            ///
            ///
            #[method]
            fn writable(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                self.ask(&names::writable, thread)
            }

            /// write($self, buffer, /)
            /// --
            ///
            ///
            #[method]
            fn write(&self, buffer: BytesLike<'_>, thread: &mut Thread) -> PyResult<usize> {
                self.stream.write(&buffer, thread)
            }

            /// flush($self, /)
            /// --
            ///
            ///
            #[method]
            fn flush(&self, thread: &mut Thread) -> PyResult<()> {
                self.stream.flush(thread)
            }
        } $($rest)* }
    };

    (@add [flushing_raw $($groups:ident)*] {$($items:tt)*} $($rest:tt)*) => {
        buffered! { @add [$($groups)*] {
            $($items)*

            /// flush($self, /)
            /// --
            ///
            ///
            #[method]
            fn flush(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                self.ask(&names::flush, thread)
            }
        } $($rest)* }
    };

    (@add [] {$($items:tt)*} $name:ident $python_name:literal $(#[$doc:meta])*) => {
        $(#[$doc])*
        #[python_type(
            name = $python_name, base = BufferedIoBase, flags(HEAPTYPE, BASETYPE), member_table = MEMBERS, dealloc = deallocate::<$name>
        )]
        impl $name {
            $($items)*
        }
    };
}

buffered! {
    BufferedReader "_io.BufferedReader" [false true false] [reading flushing_raw]
    /// BufferedReader(raw, buffer_size=DEFAULT_BUFFER_SIZE)
    /// --
    ///
    /// Create a new buffered reader using the given readable raw IO object.
}

buffered! {
    BufferedWriter "_io.BufferedWriter" [false false true] [writing]
    /// BufferedWriter(raw, buffer_size=DEFAULT_BUFFER_SIZE)
    /// --
    ///
    /// A buffer for a writeable sequential RawIO object.
    ///
    /// The constructor creates a BufferedWriter for the given writeable raw
    /// stream. If the buffer_size is not given, it defaults to
    /// DEFAULT_BUFFER_SIZE.
}

buffered! {
    BufferedRandom "_io.BufferedRandom" [true true true] [reading writing]
    /// BufferedRandom(raw, buffer_size=DEFAULT_BUFFER_SIZE)
    /// --
    ///
    /// A buffered interface to random access streams.
    ///
    /// The constructor creates a reader and writer for a seekable stream,
    /// raw, given in the first argument. If the buffer_size is omitted it
    /// defaults to DEFAULT_BUFFER_SIZE.
}

impl BufferedWriter {
    /// `write`, for the text layer.
    pub fn write_bytes(&self, data: &BytesLike<'_>, thread: &mut Thread) -> PyResult<usize> {
        self.stream.write(data, thread)
    }

    /// `flush`, for the text layer.
    pub fn flush_bytes(&self, thread: &mut Thread) -> PyResult<()> {
        self.stream.flush(thread)
    }
}
