//! Universal newlines: translating line ends, finding them, and `_io.IncrementalNewlineDecoder`.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::gc::{Traverse, Visitor};
use objects::names;
use objects::object::BaseObject;
use objects::object::check_new;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};
use text::builder::StrBuilder;
use text::view::StrView;

const CARRIAGE_RETURN: u32 = 13;
const LINE_FEED: u32 = 10;

/// Kinds of line ends that were seen, as bits.
const SEEN_CR: u8 = 1;
const SEEN_LF: u8 = 2;
const SEEN_CRLF: u8 = 4;

/// The state of translating a text piece by piece.
#[derive(Default)]
pub struct Newlines {
    translates: Cell<bool>,
    /// A carriage return that the last piece ended with: it may be half of a line end.
    pending: Cell<bool>,
    seen: Cell<u8>,
}

impl Traverse for Newlines {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl Newlines {
    pub fn new(translates: bool) -> Self {
        Self { translates: Cell::new(translates), pending: Cell::new(false), seen: Cell::new(0) }
    }

    /// Forgets everything, and translates or not from now on.
    pub fn restart(&self, translates: bool) {
        self.translates.set(translates);
        self.reset();
    }

    /// The next piece, with line ends in one piece, and translated if that is wanted.
    pub fn decode(&self, piece: &Str, is_final: bool, thread: &mut Thread) -> PyResult<Py<Str>> {
        let view = piece.view();
        let plain = !self.pending.get() && find_point(view, CARRIAGE_RETURN).is_none();
        if plain {
            if self.seen.get() & SEEN_LF == 0 && find_point(view, LINE_FEED).is_some() {
                self.seen.set(self.seen.get() | SEEN_LF);
            }
            return Ok(Py::from_ref(piece));
        }
        let mut out = StrBuilder::with_capacity(view.len() + 1);
        let mut points = view.iter().peekable();
        let mut held = self.pending.replace(false) && (is_final || !view.is_empty());
        if !held && view.is_empty() {
            // Still nothing to tell the kind of line end by.
            self.pending.set(!is_final);
            return Ok(Py::from_ref(piece));
        }
        loop {
            let point = if std::mem::take(&mut held) {
                CARRIAGE_RETURN
            } else {
                match points.next() {
                    Some(point) => point,
                    None => break,
                }
            };
            if point != CARRIAGE_RETURN {
                self.note(if point == LINE_FEED { SEEN_LF } else { 0 });
                out.push(point);
                continue;
            }
            match points.peek() {
                None if !is_final => {
                    self.pending.set(true);
                    break;
                }
                Some(&LINE_FEED) => {
                    points.next();
                    self.note(SEEN_CRLF);
                    if !self.translates.get() {
                        out.push(CARRIAGE_RETURN);
                    }
                    out.push(LINE_FEED);
                }
                _ => {
                    self.note(SEEN_CR);
                    out.push(if self.translates.get() { LINE_FEED } else { CARRIAGE_RETURN });
                }
            }
        }
        Str::from_builder(out, thread)
    }

    fn note(&self, kind: u8) {
        self.seen.set(self.seen.get() | kind);
    }

    /// A decoder's flags with the pending carriage return in the lowest bit.
    pub fn add_to_flags(&self, flags: i128) -> i128 {
        flags << 1 | i128::from(self.pending.get())
    }

    /// Takes the lowest bit off flags.
    pub fn take_from_flags(&self, flags: i128) -> i128 {
        self.pending.set(flags & 1 != 0);
        flags >> 1
    }

    pub fn reset(&self) {
        self.seen.set(0);
        self.pending.set(false);
    }

    /// `newlines`: None, one kind, or a tuple of kinds.
    pub fn seen_object(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let kinds = [(SEEN_CR, "\r"), (SEEN_LF, "\n"), (SEEN_CRLF, "\r\n")];
        let seen = kinds.iter().filter(|it| self.seen.get() & it.0 != 0);
        let mut seen: Vec<_> = seen.map(|it| Str::from_str(it.1, thread).into_object()).collect();
        match seen.len() {
            0 => Ok(thread.none()),
            1 => Ok(seen.remove(0)),
            _ => Tuple::new(seen, thread).map(Py::into_object),
        }
    }
}

/// The first place of a code point.
pub fn find_point(view: StrView<'_>, point: u32) -> Option<usize> {
    match view {
        StrView::Ascii(units) | StrView::Latin1(units) => text::bytes::find::find(units, &[point as u8]),
        StrView::Ucs2(units) => units.iter().position(|it| u32::from(*it) == point),
        StrView::Ucs4(units) => units.iter().position(|it| *it == point),
    }
}

/// By what lines end when they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// `\n` alone: everything else was translated, or does not count.
    LineFeed,
    /// `\n`, `\r` or `\r\n`.
    Universal,
    CarriageReturn,
    Both,
}

/// The `newline` argument of streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewlineMode {
    /// None: universal, translated.
    Translate,
    /// `''`: universal, not translated.
    Keep,
    LineFeed,
    CarriageReturn,
    Both,
}

impl NewlineMode {
    /// Reads an argument; ValueError for a text that is none.
    pub fn of(text: Option<&Str>, thread: &mut Thread) -> PyResult<Self> {
        let Some(text) = text else { return Ok(Self::Translate) };
        Ok(match text.to_string_lossy().as_str() {
            "" => Self::Keep,
            "\n" => Self::LineFeed,
            "\r" => Self::CarriageReturn,
            "\r\n" => Self::Both,
            _ => return Err(raise_illegal(text, thread)),
        })
    }

    /// Reads an argument that may be of any type.
    pub fn of_object(value: Option<&Object>, thread: &mut Thread) -> PyResult<Self> {
        match value.filter(|it| !it.is_none()) {
            None => Ok(Self::Translate),
            Some(value) => match value.downcast::<Str>() {
                Some(text) => Self::of(Some(text), thread),
                None => {
                    let class = value.class().full_name();
                    Err(raise!(thread, TypeError, "newline must be str or None, not {class}"))
                }
            },
        }
    }

    pub fn is_universal(self) -> bool {
        matches!(self, Self::Translate | Self::Keep)
    }

    pub fn translates_reading(self) -> bool {
        self == Self::Translate
    }

    pub fn line_end(self) -> LineEnd {
        match self {
            Self::Translate | Self::LineFeed => LineEnd::LineFeed,
            Self::Keep => LineEnd::Universal,
            Self::CarriageReturn => LineEnd::CarriageReturn,
            Self::Both => LineEnd::Both,
        }
    }

    /// What a `\n` becomes when it is written, if anything else.
    pub fn written(self) -> Option<&'static str> {
        match self {
            Self::CarriageReturn => Some("\r"),
            Self::Both => Some("\r\n"),
            _ => None,
        }
    }
}

#[cold]
fn raise_illegal(text: &Str, thread: &mut Thread) -> Raised {
    match protocol::repr(text, thread) {
        Ok(shown) => raise!(thread, ValueError, "illegal newline value: {}", shown.to_string_lossy()),
        Err(raised) => raised,
    }
}

impl LineEnd {
    /// The length of the first line with its end, or None if the text has no line end.
    pub fn find(self, view: StrView<'_>) -> Option<usize> {
        match self {
            Self::LineFeed => find_point(view, LINE_FEED).map(|place| place + 1),
            Self::CarriageReturn => find_point(view, CARRIAGE_RETURN).map(|place| place + 1),
            Self::Universal => {
                let place = view.iter().position(|it| matches!(it, CARRIAGE_RETURN | LINE_FEED))?;
                let both = view.get(place) == Some(CARRIAGE_RETURN) && view.get(place + 1) == Some(LINE_FEED);
                Some(place + if both { 2 } else { 1 })
            }
            Self::Both => {
                let mut start = 0;
                loop {
                    let place = start + find_point(view.slice_from(start), CARRIAGE_RETURN)?;
                    if view.get(place + 1) == Some(LINE_FEED) {
                        return Some(place + 2);
                    }
                    start = place + 1;
                }
            }
        }
    }
}

/// A copy of a text in which every `\n` is something else.
pub fn replace_line_feeds(text: &Str, replacement: &str, thread: &mut Thread) -> PyResult<Py<Str>> {
    let mut out = StrBuilder::with_capacity(text.length() + 16);
    let mut rest = text.view();
    while let Some(place) = find_point(rest, LINE_FEED) {
        out.push_view(rest.slice(0..place));
        out.push_str(replacement);
        rest = rest.slice_from(place + 1);
    }
    out.push_view(rest);
    Str::from_builder(out, thread)
}

/// The decoder as an object of its own.
#[derive(Instance)]
#[repr(C)]
pub struct NewlineDecoder {
    header: Header,
    /// Another decoder, or None for one that takes text; empty before `__init__`.
    decoder: Field,
    errors: Field,
    newlines: Newlines,
}

impl NewlineDecoder {
    fn inner(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.decoder.get() {
            Some(decoder) => Ok(decoder),
            None => Err(raise!(thread, ValueError, "IncrementalNewlineDecoder.__init__() not called")),
        }
    }
}

/// A decoder's state: bytes and flags.
pub fn decoder_state(state: &Object, thread: &mut Thread) -> PyResult<(Py<Object>, i128)> {
    let Some(tuple) = state.downcast::<Tuple>() else {
        return Err(raise!(thread, TypeError, "illegal decoder state"));
    };
    let [buffer, flags] = tuple.items() else {
        return Err(raise!(thread, TypeError, "illegal decoder state"));
    };
    let flags = protocol::index(flags, thread)?.to_i128().unwrap_or(0);
    Ok((buffer.clone(), flags))
}

/// The tuple that `setstate` takes.
pub fn state_object(buffer: Py<Object>, flags: i128, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let flags = protocol::make_int(flags, thread);
    Tuple::new(vec![buffer, flags], thread)
}

/// Checks that a decoder gave text.
pub fn check_decoded(decoded: Py<Object>, thread: &mut Thread) -> PyResult<Py<Str>> {
    decoded.downcast_into::<Str>().map_err(|other| {
        let class = other.class().full_name();
        raise!(thread, TypeError, "decoder should return a string result, not '{class}'")
    })
}

/// IncrementalNewlineDecoder(decoder, translate, errors='strict')
/// --
///
/// Codec used when reading a file in universal newlines mode.
///
/// It wraps another incremental decoder, translating \r\n and \r into \n.
/// It also records the types of newlines encountered.  When used with
/// translate=False, it ensures that the newline sequence is returned in
/// one piece. When used with decoder=None, it expects unicode strings as
/// decode input and translates newlines without first invoking an external
/// decoder.
#[python_type(name = "_io.IncrementalNewlineDecoder", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl NewlineDecoder {
    #[slot(tp_new)]
    fn new_instance(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<NewlineDecoder>> {
        check_new(class, NewlineDecoder::class(), arguments, keywords, thread)?;
        let value = NewlineDecoder {
            header: Header::new(NewlineDecoder::class()),
            decoder: Field::EMPTY,
            errors: Field::EMPTY,
            newlines: Newlines::default(),
        };
        Py::new_in(class, value, thread)
    }

    #[init]
    fn init(&self, decoder: &Object, translate: bool, errors: Option<&Object>) {
        self.decoder.set(Some(Py::from_ref(decoder)));
        self.errors.set(errors.map(Py::from_ref));
        self.newlines.translates.set(translate);
        self.newlines.reset();
    }

    /// decode($self, /, input, final=False)
    /// --
    ///
    ///
    #[method]
    fn decode(&self, input: &Object, r#final: bool, thread: &mut Thread) -> PyResult<Py<Str>> {
        let decoder = self.inner(thread)?;
        let decoded = if decoder.is_none() {
            Py::from_ref(input)
        } else {
            let is_final = objects::bool::Bool::new(r#final);
            protocol::call_method(&decoder, &names::decode, &[input, &is_final], thread)?
        };
        let decoded = check_decoded(decoded, thread)?;
        self.newlines.decode(&decoded, r#final, thread)
    }

    /// getstate($self, /)
    /// --
    ///
    ///
    #[method]
    fn getstate(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let decoder = self.inner(thread)?;
        let (buffer, flags) = if decoder.is_none() {
            (thread.make_bytes(&[])?, 0)
        } else {
            let state = protocol::call_method(&decoder, &names::getstate, &[], thread)?;
            decoder_state(&state, thread)?
        };
        let flags = self.newlines.add_to_flags(flags);
        state_object(buffer, flags, thread)
    }

    /// setstate($self, state, /)
    /// --
    ///
    ///
    #[method]
    fn setstate(&self, state: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let decoder = self.inner(thread)?;
        let Some(tuple) = state.downcast::<Tuple>() else {
            return Err(raise!(thread, TypeError, "state argument must be a tuple"));
        };
        let parts = match tuple.items() {
            [buffer, flags] if flags.downcast::<objects::int::Int>().is_some() => Some((buffer.clone(), flags.clone())),
            _ => None,
        };
        let Some((buffer, flags)) = parts else {
            return Err(raise!(thread, TypeError, "setstate(): illegal state argument"));
        };
        let flags = protocol::index(&flags, thread)?.to_i128().unwrap_or(0);
        let flags = self.newlines.take_from_flags(flags);
        if decoder.is_none() {
            return Ok(thread.none());
        }
        let state = state_object(buffer, flags, thread)?;
        protocol::call_method(&decoder, &names::setstate, &[&state], thread)
    }

    /// reset($self, /)
    /// --
    ///
    ///
    #[method]
    fn reset(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let decoder = self.inner(thread)?;
        self.newlines.reset();
        if decoder.is_none() {
            return Ok(decoder);
        }
        protocol::call_method(&decoder, &names::reset, &[], thread)
    }

    #[getter(name = "newlines")]
    fn get_newlines(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.inner(thread)?;
        self.newlines.seen_object(thread)
    }
}
