//! The East Asian codecs: GB, Big5, Shift JIS, EUC and their kin, which keep no state, and those that do, HZ and ISO 2022.
//!
//! Module `_multibytecodec` converts through a [`Multibyte`], piece by piece or at once. A codec knows where the trouble is, the
//! caller what to do about it: a conversion stops there with an [`Outcome`], and can go on from any place.
//!
//! The compact tables of a codec are unfolded when it is first asked for. [`Library`] keeps them, since several codecs share some.

mod charsets;
mod generated_tables;
mod hz;
mod iso2022;
mod plain;
mod tables;
mod wide;

use crate::byte_builder::ByteBuilder;
use std::cell::RefCell;
use std::rc::Rc;

use crate::builder::StrBuilder;
use crate::view::StrView;
use iso2022::Iso2022;
use plain::Plain;

/// The reason of an exception for what a codec does not know.
pub const ILLEGAL_SEQUENCE: &str = "illegal multibyte sequence";
/// The reason of an exception for what is cut off.
pub const INCOMPLETE_SEQUENCE: &str = "incomplete multibyte sequence";

/// Where a codec without tables of its own takes those of others from.
#[derive(Default)]
pub struct Library(RefCell<Vec<Rc<Plain>>>);

impl Library {
    /// The codec of this name, which is CPython's for it (`gb18030`, `iso2022_jp_2`, …).
    pub fn codec(&self, name: &str) -> Option<Multibyte> {
        let scheme = if let Some(plain) = self.plain(name) {
            Scheme::Plain(plain)
        } else if name == hz::NAME {
            Scheme::Hz(self.plain(hz::TABLE)?)
        } else {
            Scheme::Iso2022(Iso2022::new(name, self)?)
        };
        Some(Multibyte(scheme))
    }

    /// The names of all codecs.
    pub fn names() -> impl Iterator<Item = &'static str> {
        plain::names().chain([hz::NAME]).chain(iso2022::names())
    }

    fn plain(&self, name: &str) -> Option<Rc<Plain>> {
        if let Some(known) = self.0.borrow().iter().find(|it| it.name() == name) {
            return Some(known.clone());
        }
        let made = Rc::new(Plain::new(name)?);
        self.0.borrow_mut().push(made.clone());
        Some(made)
    }
}

/// What a codec remembers between pieces; Python code sees it as a number (`getstate`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State(pub [u8; 8]);

/// How far a conversion came, in units of its input, and why it stopped there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub position: usize,
    pub stop: Stop,
}

/// Why a conversion stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// All is converted.
    End,
    /// So many units are wrong.
    Illegal(usize),
    /// What is left may be the start of something.
    Incomplete,
    /// The state is one that the codec cannot work with.
    BadState,
}

/// A codec, ready for use.
pub struct Multibyte(Scheme);

enum Scheme {
    Plain(Rc<Plain>),
    /// With the table of the characters between `~{` and `~}`.
    Hz(Rc<Plain>),
    Iso2022(Iso2022),
}

impl Multibyte {
    /// The name in exceptions.
    pub fn name(&self) -> &'static str {
        match &self.0 {
            Scheme::Plain(plain) => plain.name(),
            Scheme::Hz(_) => hz::NAME,
            Scheme::Iso2022(codec) => codec.name(),
        }
    }

    /// A decoder's state before the first piece.
    pub fn start_decoding(&self) -> State {
        match &self.0 {
            Scheme::Plain(_) | Scheme::Hz(_) => State::default(),
            Scheme::Iso2022(_) => iso2022::START_OF_DECODING,
        }
    }

    /// An encoder's state before the first piece.
    pub fn start_encoding(&self) -> State {
        match &self.0 {
            Scheme::Plain(_) | Scheme::Hz(_) => State::default(),
            Scheme::Iso2022(_) => iso2022::START_OF_ENCODING,
        }
    }

    /// Decodes from `start` on. What is left at the end, if anything, is [`Stop::Incomplete`].
    pub fn decode(&self, state: &mut State, bytes: &[u8], start: usize, out: &mut StrBuilder) -> Outcome {
        match &self.0 {
            Scheme::Plain(plain) => plain.decode(bytes, start, out),
            Scheme::Hz(table) => hz::decode(table, state, bytes, start, out),
            Scheme::Iso2022(codec) => codec.decode(state, bytes, start, out),
        }
    }

    /// The state of a decoder that begins anew: a part of it stays.
    pub fn reset_decoding(&self, state: &mut State) {
        match &self.0 {
            Scheme::Plain(_) => {}
            Scheme::Hz(_) => *state = State::default(),
            Scheme::Iso2022(_) => iso2022::reset_decoding(state),
        }
    }

    /// Encodes from `start` on. Unless the text is final, a character that may join with one that follows is [`Stop::Incomplete`].
    pub fn encode(
        &self,
        state: &mut State,
        text: StrView<'_>,
        start: usize,
        is_final: bool,
        out: &mut ByteBuilder,
    ) -> Outcome {
        match &self.0 {
            Scheme::Plain(plain) => plain.encode(text, start, is_final, out),
            Scheme::Hz(table) => hz::encode(table, state, text, start, out),
            Scheme::Iso2022(codec) => codec.encode(state, text, start, is_final, out),
        }
    }

    /// Appends what leads back to plain ASCII at the end of a text.
    pub fn finish_encoding(&self, state: &mut State, out: &mut ByteBuilder) {
        match &self.0 {
            Scheme::Plain(_) => {}
            Scheme::Hz(_) => hz::finish(state, out),
            Scheme::Iso2022(_) => iso2022::finish(state, out),
        }
    }
}
