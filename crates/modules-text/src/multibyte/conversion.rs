//! One conversion, with what happens at errors: a handler that every codec has, or a Python function from the registry.
//!
//! Both directions stop at an error, put what the handler gives in its place, and go on where it says. The exception is made at the
//! first error and told of the others.

use objects::errors::{OrMemoryError, PyResult, Raised};
use objects::int::Int;
use objects::protocol;
use objects::protocol::buffer::bytes_contents;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::codecs::{new_decode_error, new_encode_error, update};
use objects::str::{Str, codec_registry};
use objects::thread::Thread;
use objects::tuple::Tuple;
use text::builder::StrBuilder;
use text::byte_builder::ByteBuilder;
use text::codecs::multibyte::{ILLEGAL_SEQUENCE, INCOMPLETE_SEQUENCE, Multibyte, State, Stop};
use text::codecs::{DecodeError, EncodeError};
use text::view::StrView;

const REPLACEMENT: u32 = 0xFFFD;
const ENCODED_REPLACEMENT: u8 = b'?';

/// What is done about errors.
#[derive(Clone, Debug, Default)]
pub enum Policy {
    #[default]
    Strict,
    Ignore,
    Replace,
    /// A handler of the registry.
    Named(String),
}

impl Policy {
    pub fn by_name(name: &str) -> Self {
        match name {
            "strict" => Self::Strict,
            "ignore" => Self::Ignore,
            "replace" => Self::Replace,
            name => Self::Named(name.to_owned()),
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Strict => "strict",
            Self::Ignore => "ignore",
            Self::Replace => "replace",
            Self::Named(name) => name,
        }
    }
}

#[cold]
fn raise_internal_error(thread: &mut Thread) -> Raised {
    raise!(thread, RuntimeError, "internal codec error")
}

/// What a handler of the registry says to an exception: a replacement, and where to go on.
fn ask(name: &str, exception: &Object, thread: &mut Thread) -> PyResult<Option<(Py<Object>, Py<Object>)>> {
    let handler = codec_registry::lookup_error(name, thread)?;
    let answer = protocol::call_one(&handler, exception, thread)?;
    Ok(match answer.downcast::<Tuple>().map(Tuple::items) {
        Some([replacement, position]) => Some((replacement.clone(), position.clone())),
        _ => None,
    })
}

/// The position in an input of this length that a handler says to go on from; negative ones count from the end.
fn position_in(length: usize, position: &Int, thread: &mut Thread) -> PyResult<usize> {
    let position = match position.to_i64() {
        Some(position @ ..0) => position.saturating_add(length as i64),
        Some(position) => position,
        None => -1,
    };
    match usize::try_from(position).ok().filter(|it| *it <= length) {
        Some(position) => Ok(position),
        None => Err(raise!(thread, IndexError, "position {position} from error handler out of bounds")),
    }
}

/// Bytes on their way to text.
pub struct Decoding<'a> {
    codec: &'a Multibyte,
    policy: &'a Policy,
    input: &'a [u8],
    position: usize,
    pub out: StrBuilder,
    exception: Option<Py<Object>>,
}

impl<'a> Decoding<'a> {
    pub fn new(codec: &'a Multibyte, policy: &'a Policy, input: &'a [u8]) -> Self {
        Self { codec, policy, input, position: 0, out: StrBuilder::with_capacity(input.len()), exception: None }
    }

    /// What is not decoded yet.
    pub fn rest(&self) -> &'a [u8] {
        &self.input[self.position..]
    }

    /// Decodes up to the end, or to a sequence that is cut off there.
    pub fn run(&mut self, state: &mut State, thread: &mut Thread) -> PyResult<()> {
        while !self.rest().is_empty() {
            let outcome = self.codec.decode(state, self.input, self.position, &mut self.out);
            self.position = outcome.position;
            match outcome.stop {
                Stop::End | Stop::Incomplete => break,
                Stop::Illegal(length) => self.handle(length, ILLEGAL_SEQUENCE, thread)?,
                Stop::BadState => return Err(raise_internal_error(thread)),
            }
        }
        Ok(())
    }

    /// Nothing follows, so what is left is an error.
    pub fn end(&mut self, thread: &mut Thread) -> PyResult<()> {
        match self.rest().len() {
            0 => Ok(()),
            length => self.handle(length, INCOMPLETE_SEQUENCE, thread),
        }
    }

    fn handle(&mut self, length: usize, reason: &'static str, thread: &mut Thread) -> PyResult<()> {
        let error = DecodeError { start: self.position, end: self.position + length, reason };
        self.position = match self.policy {
            Policy::Ignore => error.end,
            Policy::Replace => {
                self.out.push(REPLACEMENT);
                error.end
            }
            Policy::Strict => {
                let exception = self.exception(&error, thread)?;
                return Err(thread.raise(exception));
            }
            Policy::Named(name) => {
                let exception = self.exception(&error, thread)?;
                let answer = ask(name, &exception, thread)?;
                let parts =
                    answer.as_ref().map(|(text, position)| (text.downcast::<Str>(), position.downcast::<Int>()));
                let Some((Some(text), Some(position))) = parts else {
                    return Err(raise!(thread, TypeError, "decoding error handler must return (str, int) tuple"));
                };
                self.out.push_view(text.view());
                position_in(self.input.len(), position, thread)?
            }
        };
        Ok(())
    }

    fn exception(&mut self, error: &DecodeError, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(exception) = &self.exception {
            update(exception, error.start, error.end, error.reason, thread);
            return Ok(exception.clone());
        }
        let exception = new_decode_error(self.codec.name(), self.input, error, thread)?;
        self.exception = Some(exception.clone());
        Ok(exception)
    }
}

/// Text on its way to bytes.
pub struct Encoding<'a> {
    codec: &'a Multibyte,
    policy: &'a Policy,
    text: &'a Str,
    position: usize,
    pub out: ByteBuilder,
    exception: Option<Py<Object>>,
}

impl<'a> Encoding<'a> {
    pub fn new(codec: &'a Multibyte, policy: &'a Policy, text: &'a Str) -> Self {
        Self { codec, policy, text, position: 0, out: ByteBuilder::with_capacity(text.length()), exception: None }
    }

    /// What is not encoded yet.
    pub fn rest(&self) -> StrView<'a> {
        self.text.view().slice_from(self.position)
    }

    /// Encodes up to the end; unless the text is final, perhaps to a character that may join with one that follows.
    pub fn run(&mut self, state: &mut State, is_final: bool, thread: &mut Thread) -> PyResult<()> {
        while self.position < self.text.length() {
            let outcome = self.codec.encode(state, self.text.view(), self.position, is_final, &mut self.out);
            self.position = outcome.position;
            match outcome.stop {
                Stop::End | Stop::Incomplete => break,
                Stop::Illegal(length) => self.handle(length, state, thread)?,
                Stop::BadState => return Err(raise_internal_error(thread)),
            }
        }
        if is_final {
            self.codec.finish_encoding(state, &mut self.out);
        }
        Ok(())
    }

    fn handle(&mut self, length: usize, state: &mut State, thread: &mut Thread) -> PyResult<()> {
        let error = EncodeError { start: self.position, end: self.position + length, reason: ILLEGAL_SEQUENCE };
        self.position = match self.policy {
            Policy::Ignore => error.end,
            Policy::Replace => {
                let text = StrView::Ascii(&[ENCODED_REPLACEMENT]);
                if self.codec.encode(state, text, 0, true, &mut self.out).stop != Stop::End {
                    self.out.push(ENCODED_REPLACEMENT);
                }
                error.end
            }
            Policy::Strict => {
                let exception = self.exception(&error, thread)?;
                return Err(thread.raise(exception));
            }
            Policy::Named(name) => {
                let exception = self.exception(&error, thread)?;
                let answer = ask(name, &exception, thread)?;
                let position = answer.as_ref().and_then(|(_, position)| position.downcast::<Int>());
                let (Some((replacement, _)), Some(position)) = (&answer, position) else {
                    return Err(raise_wrong_answer(thread));
                };
                self.push_replacement(replacement, state, thread)?;
                position_in(self.text.length(), position, thread)?
            }
        };
        Ok(())
    }

    /// Text is encoded in turn, and its errors are final; bytes are taken as they are.
    fn push_replacement(&mut self, replacement: &Object, state: &mut State, thread: &mut Thread) -> PyResult<()> {
        if let Some(bytes) = bytes_contents(replacement) {
            self.out.extend_from_slice(bytes);
            return Ok(());
        }
        let Some(text) = replacement.downcast::<Str>() else { return Err(raise_wrong_answer(thread)) };
        let mut nested = Encoding::new(self.codec, &Policy::Strict, text);
        while nested.position < text.length() {
            let outcome = self.codec.encode(state, text.view(), nested.position, true, &mut nested.out);
            nested.position = outcome.position;
            match outcome.stop {
                Stop::Illegal(length) => nested.handle(length, state, thread)?,
                Stop::BadState => return Err(raise_internal_error(thread)),
                Stop::End | Stop::Incomplete => {}
            }
        }
        self.out.extend_from_slice(&nested.out.finish().or_memory_error(thread)?);
        Ok(())
    }

    fn exception(&mut self, error: &EncodeError, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(exception) = &self.exception {
            update(exception, error.start, error.end, error.reason, thread);
            return Ok(exception.clone());
        }
        let exception = new_encode_error(self.codec.name(), self.text, error, thread)?;
        self.exception = Some(exception.clone());
        Ok(exception)
    }
}

#[cold]
fn raise_wrong_answer(thread: &mut Thread) -> Raised {
    raise!(thread, TypeError, "encoding error handler must return (str, int) tuple")
}
