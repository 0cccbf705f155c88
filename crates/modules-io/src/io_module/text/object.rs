//! The type `TextIOWrapper`.

use std::cell::Cell;
use std::mem::offset_of;

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{AttributeError, PyResult, ValueError};
use objects::gc::{Traverse, Visitor};
use objects::method::{FromArgument, Position, raise_bad_argument};
use objects::names;
use objects::object::check_new;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Guarded, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;
use objects::types::{Member, MemberKind, Type};

use super::super::abstract_::TextIoBase;
use super::super::base::{self, Size, deallocate, unsupported};
use super::super::newline::{NewlineMode, Newlines};
use super::codec::{Codec, Decoder, Encoder};

/// A text stream over a buffered one.
#[derive(Instance)]
#[repr(C)]
pub struct TextIoWrapper {
    base: TextIoBase,
    pub(super) buffer: Field,
    encoding: Field<Str>,
    pub(super) errors: Field<Str>,
    initialized: Cell<bool>,
    detached: Cell<bool>,
    pub(super) finalizing: Cell<bool>,
    pub(super) line_buffering: Cell<bool>,
    pub(super) write_through: Cell<bool>,
    pub(super) seekable: Cell<bool>,
    /// False during an iteration: positions would cost too much to know.
    pub(super) telling: Cell<bool>,
    pub(super) has_read1: Cell<bool>,
    pub(super) mode: Cell<NewlineMode>,
    pub(super) newlines: Newlines,
    pub(super) chunk_size: Cell<usize>,
    pub(super) decoder: Guarded<Decoder>,
    pub(super) encoder: Guarded<Encoder>,
    /// Bytes to be written.
    pub(super) pending: Guarded<Vec<u8>>,
    /// Text that was decoded, of which some was given out.
    pub(super) decoded: Field<Str>,
    pub(super) decoded_used: Cell<usize>,
    /// From where the decoded text came; None if it came from nowhere in particular.
    pub(super) snapshot: Guarded<Snapshot>,
    /// Bytes for each character of the last piece.
    pub(super) ratio: Cell<f64>,
}

/// The decoder's flags before the last piece, and the bytes of that piece.
#[derive(Clone, Default)]
pub struct Snapshot(pub Option<(i32, Vec<u8>)>);

impl Traverse for Snapshot {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

const DEFAULT_CHUNK_SIZE: usize = 8192;

const MEMBERS: &[Member] = &[
    Member::new(c"encoding", MemberKind::Object, offset_of!(TextIoWrapper, encoding), None),
    Member::new(c"line_buffering", MemberKind::Bool, offset_of!(TextIoWrapper, line_buffering), None),
    Member::new(c"write_through", MemberKind::Bool, offset_of!(TextIoWrapper, write_through), None),
    Member::writable(c"_finalizing", MemberKind::Bool, offset_of!(TextIoWrapper, finalizing), None),
];

/// A text argument that may be None.
pub struct OptionalText<'a>(pub Option<&'a Str>);

impl<'a> FromArgument<'a> for OptionalText<'a> {
    fn from_argument(value: &'a Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        if value.is_none() {
            return Ok(Self(None));
        }
        match value.downcast::<Str>() {
            Some(text) => Ok(Self(Some(text))),
            None => Err(raise_bad_argument(position, "str or None", value, thread)),
        }
    }
}

impl OptionalText<'_> {
    /// The text as C code would take it: UTF-8, and no zero in it.
    fn checked(&self, thread: &mut Thread) -> PyResult<()> {
        if let Some(text) = self.0 {
            text.utf8(thread)?;
        }
        if self.0.is_some_and(|it| it.view().iter().any(|point| point == 0)) {
            return Err(raise!(thread, ValueError, "embedded null character"));
        }
        Ok(())
    }
}

/// What text is encoded in when nobody says: UTF-8 in UTF-8 mode, otherwise what the locale says.
pub fn locale_encoding(thread: &mut Thread) -> PyResult<Py<Str>> {
    let name = if utf8_mode(thread)? { "utf-8".to_owned() } else { system::locale::encoding() };
    Ok(Str::from_str(&name, thread))
}

/// `sys.flags.utf8_mode`.
pub fn utf8_mode(thread: &mut Thread) -> PyResult<bool> {
    flag("utf8_mode", thread)
}

/// A flag of `sys.flags`; false before there are any.
pub fn flag(name: &str, thread: &mut Thread) -> PyResult<bool> {
    let flags = thread.intern_text("flags");
    let Some(flags) = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&flags, thread)) else {
        return Ok(false);
    };
    let name = thread.intern_text(name);
    match protocol::lookup_attribute(&flags, &name, thread)? {
        Some(value) => protocol::is_true(&value, thread),
        None => Ok(false),
    }
}

// Checks and parts.
impl TextIoWrapper {
    /// The buffered stream; ValueError if there is none.
    pub(super) fn attached(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.buffer.get().filter(|_| self.initialized.get()) {
            Some(buffer) => Ok(buffer),
            None if self.detached.get() => Err(raise!(thread, ValueError, "underlying buffer has been detached")),
            None => Err(raise!(thread, ValueError, "I/O operation on uninitialized object")),
        }
    }

    /// The buffered stream, which is open.
    pub(super) fn open_buffer(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let buffer = self.attached(thread)?;
        if self.is_closed(&buffer, thread)? {
            return Err(base::raise_closed(thread));
        }
        Ok(buffer)
    }

    fn is_closed(&self, buffer: &Object, thread: &mut Thread) -> PyResult<bool> {
        use super::super::buffered::{BufferedReader, BufferedWriter};
        if self.is_exactly::<TextIoWrapper>() {
            // The usual streams, without going through attributes.
            if let Some(writer) = buffer.downcast_exact::<BufferedWriter>() {
                return writer.stream().is_closed(thread);
            }
            if let Some(reader) = buffer.downcast_exact::<BufferedReader>() {
                return reader.stream().is_closed(thread);
            }
            let closed = protocol::get_attribute(buffer, &names::closed, thread)?;
            return protocol::is_true(&closed, thread);
        }
        let closed = protocol::get_attribute(self, &names::closed, thread)?;
        protocol::is_true(&closed, thread)
    }

    /// The name of the error handler.
    pub(super) fn error_name(&self) -> String {
        self.errors.get().map_or_else(|| "strict".to_owned(), |it| it.to_string_lossy())
    }

    /// Makes the decoder and the encoder that the buffered stream can use.
    fn set_codecs(&self, codec: &Codec, errors: &Str, thread: &mut Thread) -> PyResult<()> {
        let buffer = self.attached(thread)?;
        let readable = protocol::call_method(&buffer, &names::readable, &[], thread)?;
        if protocol::is_true(&readable, thread)? {
            let decoder = codec.decoder(errors, thread)?;
            *self.decoder.get_mut(thread) = decoder;
        }
        let writable = protocol::call_method(&buffer, &names::writable, &[], thread)?;
        if protocol::is_true(&writable, thread)? {
            let encoder = codec.encoder(errors, thread)?;
            *self.encoder.get_mut(thread) = encoder;
        }
        Ok(())
    }

    /// An encoder that starts in the middle of a file writes no mark.
    fn fix_encoder(&self, thread: &mut Thread) -> PyResult<()> {
        if !self.seekable.get() || self.encoder.get(thread).is_none() {
            return Ok(());
        }
        let buffer = self.attached(thread)?;
        let position = protocol::call_method(&buffer, &names::tell, &[], thread)?;
        let zero = protocol::make_int(0, thread);
        if protocol::equals(&position, &zero, thread)? {
            return Ok(());
        }
        let encoder = self.encoder.get(thread).clone();
        encoder.set_position(false, thread)
    }

    fn set_newline(&self, mode: NewlineMode) {
        self.mode.set(mode);
        self.newlines.restart(mode.translates_reading());
    }

    /// The encoding that an argument means.
    fn encoding_of(encoding: Option<&Str>, thread: &mut Thread) -> PyResult<Py<Str>> {
        match encoding {
            Some(name) if !name.equals_text("locale") => Ok(Py::from_ref(name)),
            Some(_) => Ok(Str::from_str("UTF-8", thread)),
            None => {
                if flag("warn_default_encoding", thread)? {
                    thread.warn(
                        objects::errors::EncodingWarning,
                        1,
                        format_args!("'encoding' argument not specified"),
                    )?;
                }
                locale_encoding(thread)
            }
        }
    }

    /// Changes encoding and error handler, or newlines, before anything was read.
    fn change_encoding(
        &self,
        encoding: Option<&Str>,
        errors: Option<&Str>,
        newline_changed: bool,
        thread: &mut Thread,
    ) -> PyResult<()> {
        if encoding.is_none() && errors.is_none() && !newline_changed {
            return Ok(());
        }
        let errors = match (errors, encoding) {
            (Some(errors), _) => Py::from_ref(errors),
            (None, None) => self.errors.get().unwrap_or_else(|| Str::from_str("strict", thread)),
            (None, Some(_)) => Str::from_str("strict", thread),
        };
        let encoding = match (encoding, self.encoding.get()) {
            (None, Some(own)) => own,
            (encoding, _) => Self::encoding_of(encoding, thread)?,
        };
        let codec = Codec::lookup(&encoding.to_string_lossy(), thread)?;
        self.set_codecs(&codec, &errors, thread)?;
        self.encoding.set(Some(encoding));
        self.errors.set(Some(errors));
        self.fix_encoder(thread)
    }

    /// Calls a method of the buffered stream without arguments.
    fn ask(&self, method: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
        let buffer = self.attached(thread)?;
        protocol::call_method(&buffer, method, &[], thread)
    }
}

/// TextIOWrapper(buffer, encoding=None, errors=None, newline=None,
///               line_buffering=False, write_through=False)
/// --
///
/// Character and line based layer over a BufferedIOBase object, buffer.
///
/// encoding gives the name of the encoding that the stream will be
/// decoded or encoded with. It defaults to locale.getencoding().
///
/// errors determines the strictness of encoding and decoding (see
/// help(codecs.Codec) or the documentation for codecs.register) and
/// defaults to "strict".
///
/// newline controls how line endings are handled. It can be None, '',
/// '\n', '\r', and '\r\n'.  It works as follows:
///
/// * On input, if newline is None, universal newlines mode is
///   enabled. Lines in the input can end in '\n', '\r', or '\r\n', and
///   these are translated into '\n' before being returned to the
///   caller. If it is '', universal newline mode is enabled, but line
///   endings are returned to the caller untranslated. If it has any of
///   the other legal values, input lines are only terminated by the given
///   string, and the line ending is returned to the caller untranslated.
///
/// * On output, if newline is None, any '\n' characters written are
///   translated to the system default line separator, os.linesep. If
///   newline is '' or '\n', no translation takes place. If newline is any
///   of the other legal values, any '\n' characters written are translated
///   to the given string.
///
/// If line_buffering is True, a call to flush is implied when a call to
/// write contains a newline character.
#[python_type(
    name = "_io.TextIOWrapper", base = TextIoBase, flags(HEAPTYPE, BASETYPE), member_table = MEMBERS,
    dealloc = deallocate::<TextIoWrapper>
)]
impl TextIoWrapper {
    #[slot(tp_new)]
    fn new_instance(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<TextIoWrapper>> {
        check_new(class, TextIoWrapper::class(), arguments, keywords, thread)?;
        let value = TextIoWrapper {
            base: TextIoBase::fields(class),
            buffer: Field::EMPTY,
            encoding: Field::EMPTY,
            errors: Field::EMPTY,
            initialized: Cell::new(false),
            detached: Cell::new(false),
            finalizing: Cell::new(false),
            line_buffering: Cell::new(false),
            write_through: Cell::new(false),
            seekable: Cell::new(false),
            telling: Cell::new(false),
            has_read1: Cell::new(false),
            mode: Cell::new(NewlineMode::Translate),
            newlines: Newlines::default(),
            chunk_size: Cell::new(DEFAULT_CHUNK_SIZE),
            decoder: Guarded::new(Decoder::None),
            encoder: Guarded::new(Encoder::None),
            pending: Guarded::new(Vec::new()),
            decoded: Field::EMPTY,
            decoded_used: Cell::new(0),
            snapshot: Guarded::new(Snapshot(None)),
            ratio: Cell::new(0.0),
        };
        Py::new_in(class, value, thread)
    }

    #[init]
    #[expect(clippy::too_many_arguments, reason = "it has as many parameters in Python")]
    fn init(
        &self,
        buffer: &Object,
        #[default(OptionalText(None))] encoding: OptionalText<'_>,
        #[default(OptionalText(None))] errors: OptionalText<'_>,
        #[default(OptionalText(None))] newline: OptionalText<'_>,
        line_buffering: bool,
        write_through: bool,
        thread: &mut Thread,
    ) -> PyResult<()> {
        self.initialized.set(false);
        self.detached.set(false);
        for argument in [&encoding, &errors, &newline] {
            argument.checked(thread)?;
        }
        let encoding = Self::encoding_of(encoding.0, thread)?;
        let errors = errors.0.map_or_else(|| Str::from_str("strict", thread), Py::from_ref);
        let mode = newline_mode(newline.0, thread)?;
        let codec = Codec::lookup(&encoding.to_string_lossy(), thread)?;
        self.set_decoded(None);
        self.pending.get_mut(thread).truncate(0);
        *self.snapshot.get_mut(thread) = Snapshot(None);
        *self.decoder.get_mut(thread) = Decoder::None;
        *self.encoder.get_mut(thread) = Encoder::None;
        self.ratio.set(0.0);
        self.chunk_size.set(DEFAULT_CHUNK_SIZE);
        self.encoding.set(Some(encoding));
        self.errors.set(Some(errors.clone()));
        self.line_buffering.set(line_buffering);
        self.write_through.set(write_through);
        self.set_newline(mode);
        self.buffer.set(Some(Py::from_ref(buffer)));
        self.initialized.set(true);
        let prepared = self.prepare(&codec, &errors, buffer, thread);
        self.initialized.set(prepared.is_ok());
        prepared
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        if !self.initialized.get() && !self.detached.get() {
            return Err(raise!(thread, ValueError, "I/O operation on uninitialized object"));
        }
        let class = self.class().full_name();
        if thread.enter_repr(self) {
            return Err(raise!(thread, RuntimeError, "reentrant call inside {class}.__repr__"));
        }
        let shown = self.describe(&class, thread);
        thread.leave_repr(self);
        shown
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Str>>> {
        self.attached(thread)?;
        self.telling.set(false);
        let line = self.line_of_iteration(thread)?;
        if line.length() > 0 {
            return Ok(Some(line));
        }
        *self.snapshot.get_mut(thread) = Snapshot(None);
        self.telling.set(self.seekable.get());
        Ok(None)
    }

    /// detach($self, /)
    /// --
    ///
    ///
    #[method]
    fn detach(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.attached(thread)?;
        protocol::call_method(self, &names::flush, &[], thread)?;
        let buffer = self.attached(thread)?;
        self.buffer.set(None);
        self.detached.set(true);
        Ok(buffer)
    }

    /// reconfigure($self, /, *, encoding=None, errors=None, newline=None,
    ///             line_buffering=None, write_through=None)
    /// --
    ///
    /// Reconfigure the text stream with new parameters.
    ///
    /// This also does an implicit stream flush.
    #[method]
    fn reconfigure(
        &self,
        #[default(OptionalText(None))] encoding: OptionalText<'_>,
        #[default(OptionalText(None))] errors: OptionalText<'_>,
        newline: Option<NewlineArgument>,
        line_buffering: Option<&Object>,
        write_through: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let changes = encoding.0.is_some() || errors.0.is_some() || newline.is_some();
        if !self.decoded.is_empty() && changes {
            return Err(unsupported(
                "It is not possible to set the encoding or newline of stream after the first read",
                thread,
            ));
        }
        let line_buffering = choice(line_buffering, self.line_buffering.get(), thread)?;
        let write_through = choice(write_through, self.write_through.get(), thread)?;
        self.open_buffer(thread)?;
        protocol::call_method(self, &names::flush, &[], thread)?;
        self.ratio.set(0.0);
        if let Some(newline) = &newline {
            self.set_newline(newline.0);
        }
        self.change_encoding(encoding.0, errors.0, newline.is_some(), thread)?;
        self.line_buffering.set(line_buffering);
        self.write_through.set(write_through);
        Ok(())
    }

    /// write($self, text, /)
    /// --
    ///
    ///
    #[method]
    fn write(&self, text: &Str, thread: &mut Thread) -> PyResult<usize> {
        self.write_text(text, thread)
    }

    /// read($self, size=-1, /)
    /// --
    ///
    ///
    #[method]
    fn read(&self, #[default(Size(-1))] size: Size, thread: &mut Thread) -> PyResult<Py<Str>> {
        self.read_text(size.0, thread)
    }

    /// readline($self, size=-1, /)
    /// --
    ///
    ///
    #[method]
    fn readline(&self, size: isize, thread: &mut Thread) -> PyResult<Py<Str>> {
        self.read_line(size, thread)
    }

    /// flush($self, /)
    /// --
    ///
    ///
    #[method]
    fn flush(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let buffer = self.open_buffer(thread)?;
        self.telling.set(self.seekable.get());
        self.write_pending(thread)?;
        protocol::call_method(&buffer, &names::flush, &[], thread)
    }

    /// close($self, /)
    /// --
    ///
    ///
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.attached(thread)?;
        let closed = protocol::get_attribute(self, &names::closed, thread)?;
        if protocol::is_true(&closed, thread)? {
            return Ok(thread.none());
        }
        // Asking may have detached the buffer: there is nothing left to close then.
        let Some(buffer) = self.buffer.get().filter(|_| !self.detached.get()) else { return Ok(thread.none()) };
        if self.finalizing.get() && protocol::call_method(&buffer, &names::_dealloc_warn, &[self], thread).is_err() {
            drop(thread.take_exception());
        }
        let flushed = protocol::call_method(self, &names::flush, &[], thread).map(drop);
        let flushed = base::caught(flushed, thread);
        let closed = protocol::call_method(&buffer, &names::close, &[], thread);
        let (result, closed) = match closed {
            Ok(result) => (result, Ok(())),
            Err(raised) => (thread.none(), Err(raised)),
        };
        base::chain(flushed, closed, thread)?;
        Ok(result)
    }

    /// fileno($self, /)
    /// --
    ///
    ///
    #[method]
    fn fileno(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.ask(&names::fileno, thread)
    }

    /// seekable($self, /)
    /// --
    ///
    ///
    #[method(name = "seekable")]
    fn is_seekable(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.ask(&names::seekable, thread)
    }

    /// readable($self, /)
    /// --
    ///
    ///
    #[method]
    fn readable(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.ask(&names::readable, thread)
    }

    /// writable($self, /)
    /// --
    ///
    ///
    #[method]
    fn writable(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.ask(&names::writable, thread)
    }

    /// isatty($self, /)
    /// --
    ///
    ///
    #[method]
    fn isatty(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.ask(&names::isatty, thread)
    }

    /// seek($self, cookie, whence=os.SEEK_SET, /)
    /// --
    ///
    /// Set the stream position, and return the new stream position.
    ///
    ///   cookie
    ///     Zero or an opaque number returned by tell().
    ///   whence
    ///     The relative position to seek from.
    ///
    /// Four operations are supported, given by the following argument
    /// combinations:
    ///
    /// - seek(0, SEEK_SET): Rewind to the start of the stream.
    /// - seek(cookie, SEEK_SET): Restore a previous position;
    ///   'cookie' must be a number returned by tell().
    /// - seek(0, SEEK_END): Fast-forward to the end of the stream.
    /// - seek(0, SEEK_CUR): Leave the current stream position unchanged.
    ///
    /// Any other argument combinations are invalid,
    /// and may raise exceptions.
    #[method]
    fn seek(&self, cookie: &Object, #[default(0)] whence: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.seek_to(cookie, whence, thread)
    }

    /// tell($self, /)
    /// --
    ///
    /// Return the stream position as an opaque number.
    ///
    /// The return value of tell() can be given as input to seek(), to
    /// restore a previous stream position.
    #[method]
    fn tell(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.position(thread)
    }

    /// truncate($self, pos=None, /)
    /// --
    ///
    ///
    #[method]
    fn truncate(&self, pos: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let buffer = self.attached(thread)?;
        protocol::call_method(self, &names::flush, &[], thread)?;
        let pos = pos.map_or_else(|| thread.none(), Py::from_ref);
        protocol::call_method(&buffer, &names::truncate, &[&pos], thread)
    }

    /// __getstate__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __getstate__(&self, thread: &mut Thread) -> PyResult<()> {
        let class = self.class().short_name();
        Err(raise!(thread, TypeError, "cannot pickle '{class}' instances"))
    }

    #[getter]
    fn name(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let buffer = self.attached(thread)?;
        protocol::get_attribute(&buffer, &names::name, thread)
    }

    #[getter]
    fn closed(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let buffer = self.attached(thread)?;
        protocol::get_attribute(&buffer, &names::closed, thread)
    }

    #[getter(name = "newlines")]
    fn get_newlines(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.attached(thread)?;
        if self.mode.get().is_universal() && !self.decoder.get(thread).is_none() {
            return self.newlines.seen_object(thread);
        }
        Ok(thread.none())
    }

    #[getter(name = "errors")]
    fn get_errors(&self, thread: &mut Thread) -> PyResult<Option<Py<Str>>> {
        if !self.initialized.get() {
            return Err(raise!(thread, ValueError, "I/O operation on uninitialized object"));
        }
        Ok(self.errors.get())
    }

    #[getter(name = "buffer")]
    fn get_buffer(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.attached(thread)
    }

    #[getter(name = "_CHUNK_SIZE")]
    fn get_chunk_size(&self, thread: &mut Thread) -> PyResult<usize> {
        self.attached(thread)?;
        Ok(self.chunk_size.get())
    }

    #[setter(name = "_CHUNK_SIZE")]
    fn set_chunk_size(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.attached(thread)?;
        let Some(value) = value else {
            return Err(thread.raise_message(
                AttributeError,
                format_args!("attribute '_CHUNK_SIZE' of '_io.TextIOWrapper' objects cannot be deleted"),
            ));
        };
        let size = protocol::index_or_raise(value, ValueError, thread)?;
        if size <= 0 {
            return Err(raise!(thread, ValueError, "a strictly positive integer is required"));
        }
        self.chunk_size.set(size as usize);
        Ok(())
    }
}

impl TextIoWrapper {
    /// What `__init__` asks of the buffered stream.
    fn prepare(&self, codec: &Codec, errors: &Str, buffer: &Object, thread: &mut Thread) -> PyResult<()> {
        self.set_codecs(codec, errors, thread)?;
        let seekable = protocol::call_method(buffer, &names::seekable, &[], thread)?;
        let seekable = protocol::is_true(&seekable, thread)?;
        self.seekable.set(seekable);
        self.telling.set(seekable);
        self.has_read1.set(protocol::lookup_attribute(buffer, &names::read1, thread)?.is_some());
        self.fix_encoder(thread)
    }

    /// `<_io.TextIOWrapper name='…' mode='r' encoding='UTF-8'>`
    fn describe(&self, class: &str, thread: &mut Thread) -> PyResult<String> {
        let mut shown = format!("<{class}");
        for attribute in [&names::name as &Str, &names::mode] {
            let value = protocol::lookup_attribute(self, attribute, thread);
            // A stream without a buffer raises ValueError.
            if let Some(Some(value)) = thread.suppress(value, ValueError)? {
                let value = protocol::repr(&value, thread)?.to_string_lossy();
                shown.push_str(&format!(" {}={value}", attribute.to_string_lossy()));
            }
        }
        let encoding = self.encoding.get().map(Py::into_object).unwrap_or_else(|| thread.none());
        let encoding = protocol::repr(&encoding, thread)?.to_string_lossy();
        Ok(format!("{shown} encoding={encoding}>"))
    }

    /// A line for an iteration: through `readline`, if a derived class may have one of its own.
    fn line_of_iteration(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        if self.is_exactly::<TextIoWrapper>() {
            return self.read_line(-1, thread);
        }
        let line = protocol::call_method(self, &names::readline, &[], thread)?;
        line.downcast_into::<Str>().map_err(|other| {
            let class = other.class().full_name();
            raise!(thread, OSError, "readline() should have returned a str object, not '{class}'")
        })
    }
}

/// A flag that an argument may change; None leaves it.
fn choice(value: Option<&Object>, current: bool, thread: &mut Thread) -> PyResult<bool> {
    match value.filter(|it| !it.is_none()) {
        Some(value) => Ok(protocol::index_as_isize(value, thread)? != 0),
        None => Ok(current),
    }
}

/// The `newline` argument of the constructor.
fn newline_mode(newline: Option<&Str>, thread: &mut Thread) -> PyResult<NewlineMode> {
    let mode = NewlineMode::of(newline, thread);
    match (mode, newline) {
        // The message has the text as it is, not its repr.
        (Err(raised), Some(newline)) if thread.raised_is(ValueError) => {
            drop(thread.catch(raised));
            Err(raise!(thread, ValueError, "illegal newline value: {}", newline.to_string_lossy()))
        }
        (mode, _) => mode,
    }
}

/// The `newline` argument of `reconfigure`.
struct NewlineArgument(NewlineMode);

impl FromArgument<'_> for NewlineArgument {
    fn from_argument(value: &Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        let text = OptionalText::from_argument(value, position, thread)?;
        newline_mode(text.0, thread).map(Self)
    }
}
