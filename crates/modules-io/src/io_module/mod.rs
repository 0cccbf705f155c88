//! `_io`: streams of bytes and text.
//!
//! `base` and `abstract_` are the abstract classes, `file` the raw stream over a file of the system, `buffered` the streams with a buffer over a raw
//! one, `bytes_io` and `string_io` those in memory, `text` the text layer, `open` puts the layers together.

pub mod abstract_;
pub mod base;
pub mod buffered;
pub mod bytes_io;
pub mod file;
pub mod newline;
pub mod open;
mod state;
pub mod string_io;
pub mod text;

use macros::python_module;
use objects::errors::{BlockingIOError, EncodingWarning, PyResult};
use objects::module::Module;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance, TypeDeclaration};

use open::{ModeText, Request};
use text::OptionalText;

/// `io.DEFAULT_BUFFER_SIZE`.
pub const DEFAULT_BUFFER_SIZE: usize = 128 * 1024;

/// The types of the module, bases first, under their names.
const CLASSES: &[(&str, &TypeDeclaration)] = &[
    ("_IOBase", base::IoBase::DECLARATION),
    ("_RawIOBase", abstract_::RawIoBase::DECLARATION),
    ("_BufferedIOBase", abstract_::BufferedIoBase::DECLARATION),
    ("_TextIOBase", abstract_::TextIoBase::DECLARATION),
    ("IncrementalNewlineDecoder", newline::NewlineDecoder::DECLARATION),
    ("_BytesIOBuffer", bytes_io::BytesIoBuffer::DECLARATION),
    ("FileIO", file::FileIo::DECLARATION),
    ("BufferedReader", buffered::BufferedReader::DECLARATION),
    ("BufferedWriter", buffered::BufferedWriter::DECLARATION),
    ("BufferedRandom", buffered::BufferedRandom::DECLARATION),
    ("BufferedRWPair", buffered::BufferedRwPair::DECLARATION),
    ("BytesIO", bytes_io::BytesIo::DECLARATION),
    ("StringIO", string_io::StringIo::DECLARATION),
    ("TextIOWrapper", text::TextIoWrapper::DECLARATION),
];

/// Those of them that show no `__new__`.
const WITHOUT_NEW: &[&TypeDeclaration] = &[
    base::IoBase::DECLARATION,
    newline::NewlineDecoder::DECLARATION,
    buffered::BufferedReader::DECLARATION,
    buffered::BufferedWriter::DECLARATION,
    buffered::BufferedRandom::DECLARATION,
    buffered::BufferedRwPair::DECLARATION,
    text::TextIoWrapper::DECLARATION,
];

/// The types alone.
pub const TYPES: &[&TypeDeclaration] = &{
    let mut types = [CLASSES[0].1; CLASSES.len()];
    let mut index = 0;
    while index < CLASSES.len() {
        types[index] = CLASSES[index].1;
        index += 1;
    }
    types
};

pub struct IoModule;

/// The io module provides the Python interfaces to stream handling. The
/// builtin open function is defined in this module.
///
/// At the top of the I/O hierarchy is the abstract base class IOBase. It
/// defines the basic interface to a stream. Note, however, that there is no
/// separation between reading and writing to streams; implementations are
/// allowed to raise an OSError if they do not support a given operation.
///
/// Extending IOBase is RawIOBase which deals simply with the reading and
/// writing of raw bytes to a stream. FileIO subclasses RawIOBase to provide
/// an interface to OS files.
///
/// BufferedIOBase deals with buffering on a raw byte stream (RawIOBase). Its
/// subclasses, BufferedWriter, BufferedReader, and BufferedRWPair buffer
/// streams that are readable, writable, and both respectively.
/// BufferedRandom provides a buffered interface to random access
/// streams. BytesIO is a simple stream of in-memory bytes.
///
/// Another IOBase subclass, TextIOBase, deals with the encoding and decoding
/// of streams into text. TextIOWrapper, which extends it, is a buffered text
/// interface to a buffered raw stream (`BufferedIOBase`). Finally, StringIO
/// is an in-memory stream for text.
///
/// Argument names are not part of the specification, and only the arguments
/// of open() are intended to be used as keyword arguments.
///
/// data:
///
/// DEFAULT_BUFFER_SIZE
///
///    An int containing the default buffer size used by the module's buffered
///    I/O classes.
///
#[python_module(name = "_io")]
impl IoModule {
    /// open($module, /, file, mode='r', buffering=-1, encoding=None,
    ///      errors=None, newline=None, closefd=True, opener=None)
    /// --
    ///
    /// Open file and return a stream.  Raise OSError upon failure.
    ///
    /// file is either a text or byte string giving the name (and the path
    /// if the file isn't in the current working directory) of the file to
    /// be opened or an integer file descriptor of the file to be
    /// wrapped.  (If a file descriptor is given, it is closed when the
    /// returned I/O object is closed, unless closefd is set to False.)
    ///
    /// mode is an optional string that specifies the mode in which the file
    /// is opened.  It defaults to 'r' which means open for reading in text
    /// mode.  Other common values are 'w' for writing (truncating the file if
    /// it already exists), 'x' for creating and writing to a new file, and
    /// 'a' for appending (which on some Unix systems, means that all writes
    /// append to the end of the file regardless of the current seek position).
    /// In text mode, if encoding is not specified the encoding used is platform
    /// dependent: locale.getencoding() is called to get the current locale
    /// encoding.  (For reading and writing raw bytes use binary mode and leave
    /// encoding unspecified.)  The available modes are:
    ///
    /// ========= ==========================================================
    /// Character Meaning
    /// --------- ----------------------------------------------------------
    /// 'r'       open for reading (default)
    /// 'w'       open for writing, truncating the file first
    /// 'x'       create a new file and open it for writing
    /// 'a'       open for writing, appending to the end of the file if it
    ///           exists
    /// 'b'       binary mode
    /// 't'       text mode (default)
    /// '+'       open a disk file for updating (reading and writing)
    /// ========= ==========================================================
    ///
    /// The default mode is 'rt' (open for reading text).  For binary random
    /// access, the mode 'w+b' opens and truncates the file to 0 bytes, while
    /// 'r+b' opens the file without truncation.  The 'x' mode implies 'w' and
    /// raises an `FileExistsError` if the file already exists.
    ///
    /// Python distinguishes between files opened in binary and text modes,
    /// even when the underlying operating system doesn't.  Files opened in
    /// binary mode (appending 'b' to the mode argument) return contents as
    /// bytes objects without any decoding.  In text mode (the default, or when
    /// 't' is appended to the mode argument), the contents of the file are
    /// returned as strings, the bytes having been first decoded using a
    /// platform-dependent encoding or using the specified encoding if given.
    ///
    /// buffering is an optional integer used to set the buffering policy.
    /// Pass 0 to switch buffering off (only allowed in binary mode), 1 to
    /// select line buffering (only usable in text mode), and an integer > 1 to
    /// indicate the size of a fixed-size chunk buffer.   When no buffering
    /// argument is given, the default buffering policy works as follows:
    ///
    /// * Binary files are buffered in fixed-size chunks; the size of the buffer
    ///   is max(min(blocksize, 8 MiB), DEFAULT_BUFFER_SIZE) when the device
    ///   block size is available.
    ///   On most systems, the buffer will typically be 128 kilobytes long.
    ///
    /// * "Interactive" text files (files for which isatty() returns True)
    ///   use line buffering.  Other text files use the policy described above
    ///   for binary files.
    ///
    /// encoding is the name of the encoding used to decode or encode the
    /// file.  This should only be used in text mode.  The default encoding is
    /// platform dependent, but any encoding supported by Python can be
    /// passed.  See the codecs module for the list of supported encodings.
    ///
    /// errors is an optional string that specifies how encoding errors are to
    /// be handled---this argument should not be used in binary mode.  Pass
    /// 'strict' to raise a ValueError exception if there is an encoding error
    /// (the default of None has the same effect), or pass 'ignore' to ignore
    /// errors.  (Note that ignoring encoding errors can lead to data loss.)
    /// See the documentation for codecs.register or run 'help(codecs.Codec)'
    /// for a list of the permitted encoding error strings.
    ///
    /// newline controls how universal newlines works (it only applies to text
    /// mode).  It can be None, '', '\n', '\r', and '\r\n'.  It works as
    /// follows:
    ///
    /// * On input, if newline is None, universal newlines mode is enabled.
    ///   Lines in the input can end in '\n', '\r', or '\r\n', and these are
    ///   translated into '\n' before being returned to the caller.  If it is
    ///   '', universal newline mode is enabled, but line endings are returned
    ///   to the caller untranslated.  If it has any of the other legal values,
    ///   input lines are only terminated by the given string, and the line
    ///   ending is returned to the caller untranslated.
    ///
    /// * On output, if newline is None, any '\n' characters written are
    ///   translated to the system default line separator, os.linesep.  If
    ///   newline is '' or '\n', no translation takes place.  If newline is any
    ///   of the other legal values, any '\n' characters written are translated
    ///   to the given string.
    ///
    /// If closefd is False, the underlying file descriptor will be kept open
    /// when the file is closed.  This does not work when a file name is given
    /// and must be True in that case.
    ///
    /// A custom opener can be used by passing a callable as *opener*.  The
    /// underlying file descriptor for the file object is then obtained by
    /// calling *opener* with (*file*, *flags*).  *opener* must return an open
    /// file descriptor (passing os.open as *opener* results in functionality
    /// similar to passing None).
    ///
    /// open() returns a file object whose type depends on the mode, and
    /// through which the standard file operations such as reading and writing
    /// are performed.  When open() is used to open a file in a text mode ('w',
    /// 'r', 'wt', 'rt', etc.), it returns a TextIOWrapper.  When used to open
    /// a file in a binary mode, the returned class varies: in read binary
    /// mode, it returns a BufferedReader; in write binary and append binary
    /// modes, it returns a BufferedWriter, and in read/write mode, it returns
    /// a BufferedRandom.
    ///
    /// It is also possible to use a string or bytearray as a file for both
    /// reading and writing.  For strings StringIO can be used like a file
    /// opened in a text mode, and for bytes a BytesIO can be used like a file
    /// opened in a binary mode.
    #[function]
    #[expect(clippy::too_many_arguments, reason = "it has as many parameters in Python")]
    fn open(
        file: &Object,
        #[default(ModeText(None))] mode: ModeText<'_>,
        buffering: i32,
        #[default(OptionalText(None))] encoding: OptionalText<'_>,
        #[default(OptionalText(None))] errors: OptionalText<'_>,
        #[default(OptionalText(None))] newline: OptionalText<'_>,
        closefd: bool,
        opener: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let request = Request {
            file,
            mode: mode.0,
            buffering,
            encoding: encoding.0,
            errors: errors.0,
            newline: newline.0,
            close_descriptor: closefd,
            opener,
        };
        open::open(&request, thread)
    }

    /// text_encoding($module, encoding, stacklevel=2, /)
    /// --
    ///
    /// A helper function to choose the text encoding.
    ///
    /// When encoding is not None, this function returns it.
    /// Otherwise, this function returns the default text encoding
    /// (i.e. "locale" or "utf-8" depends on UTF-8 mode).
    ///
    /// This function emits an EncodingWarning if encoding is None and
    /// sys.flags.warn_default_encoding is true.
    ///
    /// This can be used in APIs with an encoding=None parameter.
    /// However, please consider using encoding="utf-8" for new APIs.
    #[function]
    fn text_encoding(encoding: &Object, stacklevel: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        if !encoding.is_none() {
            return Ok(Py::from_ref(encoding));
        }
        if text::flag("warn_default_encoding", thread)? {
            let message = format_args!("'encoding' argument not specified");
            thread.warn(EncodingWarning, stacklevel as isize, message)?;
        }
        let name = if text::utf8_mode(thread)? { "utf-8" } else { "locale" };
        Ok(Str::from_str(name, thread).into_object())
    }

    /// open_code($module, /, path)
    /// --
    ///
    /// Opens the provided file with the intent to import the contents.
    ///
    /// This may perform extra validation beyond open(), but is otherwise
    /// interchangeable with calling open(path, 'rb').
    #[function]
    fn open_code(path: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
        open::open_code(path, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        system::constants::add(module, &[("DEFAULT_BUFFER_SIZE", DEFAULT_BUFFER_SIZE as i64)], thread)?;
        state::prepare(module, thread)?;
        module.set("BlockingIOError", BlockingIOError.as_type(), thread)?;
        for (name, class) in CLASSES {
            module.set(name, class.as_type(), thread)?;
        }
        objects::type_::hide_new(WITHOUT_NEW, thread)
    }
}
