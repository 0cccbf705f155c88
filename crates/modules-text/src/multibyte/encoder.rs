//! `MultibyteIncrementalEncoder` and `MultibyteStreamWriter`: encoding piece by piece.

use std::cell::{Cell, RefCell};

use builtins::bytes::Bytes;
use macros::{Instance, python_type};
use numeric::convert::bytes::{ByteOrder, from_bytes, to_bytes};
use objects::dict::Dict;
use objects::errors::{OrMemoryError, PyResult, Raised};
use objects::gc::{Traverse, Visitor};
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, Type};
use text::builder::StrBuilder;
use text::byte_builder::ByteBuilder;
use text::codecs::multibyte::State;

use super::codec::{ErrorPolicy, MultibyteCodec, Shared, as_text};
use super::conversion::Encoding;

/// So many bytes, in UTF-8, may wait for others.
const LONGEST_PENDING: usize = 8;
/// In a state as a number: how long the pending text is, the text, and the codec's state.
const LONGEST_STATE: usize = 1 + LONGEST_PENDING + 8;

/// Where encoding stands between two pieces.
struct Progress {
    state: Cell<State>,
    pending: RefCell<String>,
}

impl Traverse for Progress {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl Progress {
    fn new(codec: &Shared) -> Self {
        Self { state: Cell::new(codec.0.start_encoding()), pending: RefCell::default() }
    }

    /// Encodes a piece, after what was pending; a character at its end that may join is pending then, unless the piece is the last.
    fn encode(
        &self,
        piece: &Str,
        is_last: bool,
        (codec, errors): (&Shared, &ErrorPolicy),
        thread: &mut Thread,
    ) -> PyResult<Py<Bytes>> {
        let (codec, policy) = (codec.clone(), errors.policy());
        let pending = self.pending.take();
        let text = if pending.is_empty() {
            Py::from_ref(piece)
        } else {
            let mut all = StrBuilder::with_capacity(pending.len() + piece.length());
            all.push_str(&pending);
            all.push_view(piece.view());
            Str::from_builder(all, thread)?
        };
        let mut encoding = Encoding::new(&codec.0, &policy, &text);
        let mut state = self.state.get();
        let done = encoding.run(&mut state, is_last, thread);
        self.state.set(state);
        if let Err(raised) = done {
            self.pending.replace(pending);
            return Err(raised);
        }
        self.pending.replace(encoding.rest().iter().filter_map(char::from_u32).collect());
        let bytes = encoding.out.finish().or_memory_error(thread)?;
        Bytes::try_from_slice(&bytes, thread)
    }
}

/// The bytes of a state's number.
pub fn write_number(number: &Int, buffer: &mut [u8], thread: &mut Thread) -> PyResult<()> {
    to_bytes(number.signed(), ByteOrder::Little, false, buffer)
        .map_err(|error| raise!(thread, OverflowError, "{error}"))
}

#[cold]
fn raise_too_large(thread: &mut Thread) -> Raised {
    raise!(thread, UnicodeError, "pending buffer too large")
}

#[derive(Instance)]
#[repr(C)]
pub struct IncrementalEncoder {
    header: Header,
    codec: Shared,
    errors: ErrorPolicy,
    progress: Progress,
}

#[python_type(name = "_multibytecodec.MultibyteIncrementalEncoder", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl IncrementalEncoder {
    #[new(name = "IncrementalEncoder")]
    #[signature("(errors='strict')")]
    fn new_encoder(class: &Type, errors: Option<&Object>, thread: &mut Thread) -> PyResult<Py<IncrementalEncoder>> {
        let errors = ErrorPolicy::from_argument(errors, "IncrementalEncoder", 1, thread)?;
        let codec = MultibyteCodec::of_class(class, thread)?;
        let (header, progress) = (Header::new(IncrementalEncoder::class()), Progress::new(&codec));
        Py::new_in(class, IncrementalEncoder { header, codec, errors, progress }, thread)
    }

    #[init]
    #[signature("(*args, **kwargs)")]
    fn init(&self, args: &[&Object], kwargs: Option<Py<Dict>>, _thread: &mut Thread) -> PyResult<()> {
        // All was done when it was made; subclasses may have other arguments.
        let _ = (args, kwargs);
        Ok(())
    }

    /// encode($self, /, input, final=False)
    /// --
    ///
    ///
    #[method]
    fn encode(&self, input: &Object, r#final: bool, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let text = as_text(input, thread)?;
        self.progress.encode(&text, r#final, (&self.codec, &self.errors), thread)
    }

    /// getstate($self, /)
    /// --
    ///
    ///
    #[method]
    fn getstate(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        let pending = self.progress.pending.borrow().clone();
        if pending.len() > LONGEST_PENDING {
            return Err(raise_too_large(thread));
        }
        let State(state) = self.progress.state.get();
        let bytes = [&[pending.len() as u8], pending.as_bytes(), &state].concat();
        Int::from_integer(&from_bytes(&bytes, ByteOrder::Little, false), thread)
    }

    /// setstate($self, state, /)
    /// --
    ///
    ///
    #[method]
    fn setstate(&self, state: &Int, thread: &mut Thread) -> PyResult<()> {
        let mut bytes = [0; LONGEST_STATE];
        write_number(state, &mut bytes, thread)?;
        let [length, rest @ ..] = &bytes;
        let Some((pending, state)) = rest.split_at_checked(usize::from(*length)) else {
            return Err(raise_too_large(thread));
        };
        let Some(state) = state.first_chunk() else { return Err(raise_too_large(thread)) };
        let (pending, _) = objects::str::codecs::decode_with(&text::codecs::utf8::Utf8, pending, true, None, thread)?;
        self.progress.pending.replace(pending.to_string_lossy());
        self.progress.state.set(State(*state));
        Ok(())
    }

    /// reset($self, /)
    /// --
    ///
    ///
    #[method]
    fn reset(&self) {
        let mut state = self.progress.state.get();
        self.codec.0.finish_encoding(&mut state, &mut ByteBuilder::new());
        self.progress.state.set(state);
        self.progress.pending.take();
    }

    /// how to treat errors
    #[getter(name = "errors")]
    fn get_errors(&self, thread: &mut Thread) -> Py<Str> {
        self.errors.name(thread)
    }

    #[setter(name = "errors")]
    fn set_errors(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.errors.set(value, thread)
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct StreamWriter {
    header: Header,
    stream: Field<Object>,
    codec: Shared,
    errors: ErrorPolicy,
    progress: Progress,
}

#[python_type(
    name = "_multibytecodec.MultibyteStreamWriter", base = BaseObject, flags(HEAPTYPE, BASETYPE), members(stream: Object)
)]
impl StreamWriter {
    #[new(name = "StreamWriter")]
    #[signature("(stream, errors='strict')")]
    fn new_writer(
        class: &Type,
        stream: &Object,
        errors: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<StreamWriter>> {
        let errors = ErrorPolicy::from_argument(errors, "StreamWriter", 2, thread)?;
        let codec = MultibyteCodec::of_class(class, thread)?;
        let (header, progress) = (Header::new(StreamWriter::class()), Progress::new(&codec));
        let stream = Field::new(Some(Py::from_ref(stream)));
        Py::new_in(class, StreamWriter { header, stream, codec, errors, progress }, thread)
    }

    #[init]
    #[signature("(*args, **kwargs)")]
    fn init(&self, args: &[&Object], kwargs: Option<Py<Dict>>, _thread: &mut Thread) -> PyResult<()> {
        // All was done when it was made; subclasses may have other arguments.
        let _ = (args, kwargs);
        Ok(())
    }

    /// write($self, strobj, /)
    /// --
    ///
    ///
    #[defining_class]
    #[method]
    fn write(&self, strobj: &Object, thread: &mut Thread) -> PyResult<()> {
        let text = as_text(strobj, thread)?;
        let bytes = self.progress.encode(&text, false, (&self.codec, &self.errors), thread)?;
        self.pass_on(&bytes, thread)
    }

    /// writelines($self, lines, /)
    /// --
    ///
    ///
    #[defining_class]
    #[method]
    fn writelines(&self, lines: &Object, thread: &mut Thread) -> PyResult<()> {
        if !protocol::is_sequence(lines) {
            return Err(raise!(thread, TypeError, "arg must be a sequence object"));
        }
        // The sequence may change while its lines are written.
        let mut index = 0;
        while index < protocol::length(lines, thread)? {
            let line = protocol::get_index(lines, index as isize, thread)?;
            self.write(&line, thread)?;
            index += 1;
        }
        Ok(())
    }

    /// reset($self, /)
    /// --
    ///
    ///
    #[defining_class]
    #[method]
    fn reset(&self, thread: &mut Thread) -> PyResult<()> {
        if self.progress.pending.borrow().is_empty() {
            return Ok(());
        }
        let nothing = Str::from_str("", thread);
        let bytes = self.progress.encode(&nothing, true, (&self.codec, &self.errors), thread);
        // Even if it cannot be encoded, it does not wait any longer.
        self.progress.pending.take();
        let bytes = bytes?;
        if bytes.as_slice().is_empty() { Ok(()) } else { self.pass_on(&bytes, thread) }
    }

    /// how to treat errors
    #[getter(name = "errors")]
    fn get_errors(&self, thread: &mut Thread) -> Py<Str> {
        self.errors.name(thread)
    }

    #[setter(name = "errors")]
    fn set_errors(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.errors.set(value, thread)
    }
}

impl StreamWriter {
    /// Writes to the stream behind.
    fn pass_on(&self, bytes: &Bytes, thread: &mut Thread) -> PyResult<()> {
        let stream = self.stream.get().unwrap_or_else(|| thread.none());
        let name = thread.intern_text("write");
        protocol::call_method(&stream, &name, &[bytes], thread).map(drop)
    }
}
