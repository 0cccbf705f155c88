//! `MultibyteIncrementalDecoder` and `MultibyteStreamReader`: decoding piece by piece.

use std::cell::{Cell, RefCell};

use builtins::bytes::Bytes;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{Grow, OrMemoryError, PyResult, TryToVec};
use objects::gc::{Traverse, Visitor};
use objects::int::Int;
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol;
use objects::protocol::buffer::{BytesLike, bytes_contents};
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::str::codecs::raise_decode_error;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};
use text::builder::StrBuilder;
use text::codecs::DecodeError;
use text::codecs::multibyte::State;
use text::strings::split::split_lines;

use super::codec::{ErrorPolicy, MultibyteCodec, Shared};
use super::conversion::Decoding;

/// So many bytes may wait for others.
const LONGEST_PENDING: usize = 8;

/// Where decoding stands between two pieces.
struct Progress {
    state: Cell<State>,
    pending: RefCell<Vec<u8>>,
}

impl Traverse for Progress {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl Progress {
    fn new(codec: &Shared) -> Self {
        Self { state: Cell::new(codec.0.start_decoding()), pending: RefCell::default() }
    }

    fn reset(&self, codec: &Shared) {
        let mut state = self.state.get();
        codec.0.reset_decoding(&mut state);
        self.state.set(state);
        self.pending.take();
    }

    /// Decodes a piece, after what was pending; what is cut off at its end is pending then, unless the piece is the last. At an
    /// error nothing is pending any more, but `keeps` may say that what is cut off at the very end can be tried again.
    fn decode(
        &self,
        piece: &[u8],
        is_last: bool,
        keeps: bool,
        (codec, errors): (&Shared, &ErrorPolicy),
        out: StrBuilder,
        thread: &mut Thread,
    ) -> PyResult<StrBuilder> {
        let (codec, policy) = (codec.clone(), errors.policy());
        let pending = self.pending.take();
        let input = [&pending, piece].concat();
        let mut decoding = Decoding::new(&codec.0, &policy, &input);
        decoding.out = out;
        let mut state = self.state.get();
        let done = decoding.run(&mut state, thread);
        self.state.set(state);
        done?;
        if is_last && let Err(raised) = decoding.end(thread) {
            if keeps {
                self.pending.replace(pending);
            }
            return Err(raised);
        }
        let rest = decoding.rest();
        let waiting = self.pending.borrow().len() + rest.len();
        if waiting > LONGEST_PENDING {
            let error = DecodeError { start: 0, end: input.len(), reason: "pending buffer overflow" };
            return Err(raise_decode_error(codec.0.name(), &input, &error, thread));
        }
        self.pending.borrow_mut().extend_from_slice(rest);
        Ok(decoding.out)
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct IncrementalDecoder {
    header: Header,
    codec: Shared,
    errors: ErrorPolicy,
    progress: Progress,
}

#[python_type(name = "_multibytecodec.MultibyteIncrementalDecoder", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl IncrementalDecoder {
    #[new(name = "IncrementalDecoder")]
    #[signature("(errors='strict')")]
    fn new_decoder(class: &Type, errors: Option<&Object>, thread: &mut Thread) -> PyResult<Py<IncrementalDecoder>> {
        let errors = ErrorPolicy::from_argument(errors, "IncrementalDecoder", 1, thread)?;
        let codec = MultibyteCodec::of_class(class, thread)?;
        let (header, progress) = (Header::new(IncrementalDecoder::class()), Progress::new(&codec));
        Py::new_in(class, IncrementalDecoder { header, codec, errors, progress }, thread)
    }

    #[init]
    #[signature("(*args, **kwargs)")]
    fn init(&self, args: &[&Object], kwargs: Option<Py<Dict>>, _thread: &mut Thread) -> PyResult<()> {
        // All was done when it was made; subclasses may have other arguments.
        let _ = (args, kwargs);
        Ok(())
    }

    /// decode($self, /, input, final=False)
    /// --
    ///
    ///
    #[method]
    fn decode(&self, input: BytesLike<'_>, r#final: bool, thread: &mut Thread) -> PyResult<Py<Str>> {
        let piece = input.as_slice(thread).try_to_vec().or_memory_error(thread)?;
        let out = StrBuilder::with_capacity(piece.len());
        let out = self.progress.decode(&piece, r#final, true, (&self.codec, &self.errors), out, thread)?;
        Str::from_builder(out, thread)
    }

    /// getstate($self, /)
    /// --
    ///
    ///
    #[method]
    fn getstate(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let pending = self.progress.pending.borrow().clone();
        let pending = Bytes::from_slice(&pending, thread).into_object();
        let State(state) = self.progress.state.get();
        let state = Int::from_u64(u64::from_le_bytes(state), thread).into_object();
        Tuple::new(vec![pending, state], thread)
    }

    /// setstate($self, state, /)
    /// --
    ///
    ///
    #[method]
    fn setstate(&self, state: &Tuple, thread: &mut Thread) -> PyResult<()> {
        let parts = match state.items() {
            [pending, number] => bytes_contents(pending).zip(number.downcast::<Int>()),
            _ => None,
        };
        let Some((pending, number)) = parts else {
            return Err(raise!(thread, TypeError, "setstate(): illegal state argument"));
        };
        let mut state = State::default();
        super::encoder::write_number(number, &mut state.0, thread)?;
        if pending.len() > LONGEST_PENDING {
            let error = DecodeError { start: 0, end: pending.len(), reason: "pending buffer too large" };
            return Err(raise_decode_error(self.codec.0.name(), pending, &error, thread));
        }
        self.progress.pending.replace(pending.to_vec());
        self.progress.state.set(state);
        Ok(())
    }

    /// reset($self, /)
    /// --
    ///
    ///
    #[method]
    fn reset(&self) {
        self.progress.reset(&self.codec);
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
pub struct StreamReader {
    header: Header,
    stream: Field<Object>,
    codec: Shared,
    errors: ErrorPolicy,
    progress: Progress,
}

#[python_type(
    name = "_multibytecodec.MultibyteStreamReader", base = BaseObject, flags(HEAPTYPE, BASETYPE), members(stream: Object)
)]
impl StreamReader {
    #[new(name = "StreamReader")]
    #[signature("(stream, errors='strict')")]
    fn new_reader(
        class: &Type,
        stream: &Object,
        errors: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<StreamReader>> {
        let errors = ErrorPolicy::from_argument(errors, "StreamReader", 2, thread)?;
        let codec = MultibyteCodec::of_class(class, thread)?;
        let (header, progress) = (Header::new(StreamReader::class()), Progress::new(&codec));
        let stream = Field::new(Some(Py::from_ref(stream)));
        Py::new_in(class, StreamReader { header, stream, codec, errors, progress }, thread)
    }

    #[init]
    #[signature("(*args, **kwargs)")]
    fn init(&self, args: &[&Object], kwargs: Option<Py<Dict>>, _thread: &mut Thread) -> PyResult<()> {
        // All was done when it was made; subclasses may have other arguments.
        let _ = (args, kwargs);
        Ok(())
    }

    /// read($self, sizeobj=None, /)
    /// --
    ///
    ///
    #[method]
    fn read(&self, sizeobj: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Str>> {
        let size = size_of(sizeobj, thread)?;
        self.read_by("read", size, thread)
    }

    /// readline($self, sizeobj=None, /)
    /// --
    ///
    ///
    #[method]
    fn readline(&self, sizeobj: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Str>> {
        let size = size_of(sizeobj, thread)?;
        self.read_by("readline", size, thread)
    }

    /// readlines($self, sizehintobj=None, /)
    /// --
    ///
    ///
    #[method]
    fn readlines(&self, sizehintobj: Option<&Object>, thread: &mut Thread) -> PyResult<Py<List>> {
        let size = size_of(sizehintobj, thread)?;
        let text = self.read_by("read", size, thread)?;
        let mut lines = Vec::new();
        for range in split_lines(text.view(), true).or_memory_error(thread)? {
            let line = Str::try_from_view(text.view().slice(range), thread)?.into_object();
            lines.try_push(line).or_memory_error(thread)?;
        }
        List::new(lines, thread)
    }

    /// reset($self, /)
    /// --
    ///
    ///
    #[method]
    fn reset(&self) {
        self.progress.reset(&self.codec);
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

/// The size argument of a reader's methods, negative for no limit.
fn size_of(object: Option<&Object>, thread: &mut Thread) -> PyResult<isize> {
    match object.filter(|it| !it.is_none()) {
        None => Ok(-1),
        Some(object) if object.downcast::<Int>().is_some() => protocol::int_as_isize(object, thread),
        Some(_) => Err(raise!(thread, TypeError, "arg 1 must be an integer")),
    }
}

impl StreamReader {
    /// Reads so many bytes, and more until they make a character or the stream ends.
    fn read_by(&self, method: &str, mut size: isize, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut out = StrBuilder::new();
        let method = thread.intern_text(method);
        while size != 0 {
            let stream = self.stream.get().unwrap_or_else(|| thread.none());
            let chunk = if size < 0 {
                protocol::call_method(&stream, &method, &[], thread)?
            } else {
                let argument = protocol::make_int(size as i128, thread);
                protocol::call_method(&stream, &method, &[&argument], thread)?
            };
            let Some(bytes) = bytes_contents(&chunk) else {
                let class = chunk.class().full_name();
                return Err(raise!(thread, TypeError, "stream function returned a non-bytes object ({class})"));
            };
            let is_last = bytes.is_empty() || size < 0;
            let had_input = !bytes.is_empty() || !self.progress.pending.borrow().is_empty();
            out = self.progress.decode(bytes, is_last, false, (&self.codec, &self.errors), out, thread)?;
            if size < 0 || !out.is_empty() || !had_input {
                break;
            }
            size = 1;
        }
        Str::from_builder(out, thread)
    }
}
