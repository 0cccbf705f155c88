//! From bytes to text: UTF-8 is read here, other encodings by Python's codecs.

use builtins::bytes::Bytes;
use objects::errors::{LookupError, PyResult, UnicodeDecodeError};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::codec_registry;
use objects::thread::Thread;

use crate::expat::errors::Code;
use crate::expat::{CharacterWidth, XmlDeclaration};

/// An XML declaration is looked for in so many.
const LONGEST_DECLARATION: usize = 1024;

/// The encodings that Expat knows itself, as Python's codecs are named.
const KNOWN: [&str; 7] = ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "ascii", "iso8859-1"];

/// How the bytes of a document become text.
pub struct Decoder {
    /// What the program says that the encoding is.
    encoding: Option<String>,
    state: State,
    converts: bool,
    width: CharacterWidth,
    /// The bytes of a byte order mark of which nobody was told yet.
    mark: usize,
}

enum State {
    /// Too few bytes have come to tell. So many of them were given as text already, since an XML declaration is ASCII in all encodings that it
    /// can name.
    Undecided { bytes: Vec<u8>, given: usize },
    /// The beginning of a character whose end is to come.
    Utf8(Vec<u8>),
    /// An incremental decoder.
    Codec(Py<Object>),
}

impl State {
    const UNDECIDED: Self = Self::Undecided { bytes: Vec::new(), given: 0 };
}

/// Text, and what is wrong behind it.
pub struct Decoded {
    pub text: String,
    pub wrong: Option<Code>,
}

impl Decoded {
    fn right(text: String) -> Self {
        Self { text, wrong: None }
    }

    fn wrong(code: Code) -> Self {
        Self { text: String::new(), wrong: Some(code) }
    }
}

/// What to decode with.
enum Choice {
    Utf8,
    Codec(Codec),
    Wrong(Code),
}

/// A codec of Python's.
struct Codec {
    decoder: Py<Object>,
    converts: bool,
    width: CharacterWidth,
}

impl Decoder {
    pub fn new(encoding: Option<String>) -> Self {
        Self { encoding, state: State::UNDECIDED, converts: false, width: CharacterWidth::Utf8, mark: 0 }
    }

    /// Says that what comes is UTF-8, whatever the document says.
    pub fn expect_utf8(&mut self, has_started: bool) {
        if self.encoding.is_none() || !has_started {
            self.encoding = Some("utf-8".to_owned());
        }
    }

    /// Whether Expat would convert the text, since it is not UTF-8.
    pub fn converts(&self) -> bool {
        self.converts
    }

    /// How many bytes characters take, and how many bytes were passed over that are none; those once.
    pub fn take_width(&mut self) -> (CharacterWidth, usize) {
        (self.width, std::mem::take(&mut self.mark))
    }

    /// Goes on with a codec.
    fn begin_codec(&mut self, codec: &Codec) {
        self.converts = codec.converts;
        self.width = codec.width;
    }

    /// What to go on with, which is put back when it has been used: Python code may run meanwhile.
    fn take_state(&mut self) -> State {
        std::mem::replace(&mut self.state, State::UNDECIDED)
    }
}

/// Decodes bytes. The decoder is borrowed only while no Python code runs.
pub fn decode(
    decoder: &std::cell::RefCell<Decoder>,
    bytes: &[u8],
    is_final: bool,
    thread: &mut Thread,
) -> PyResult<Decoded> {
    let state = decoder.borrow_mut().take_state();
    let (mut state, bytes) = match state {
        State::Undecided { bytes: mut before, given } => {
            before.extend_from_slice(bytes);
            let is_known = decoder.borrow().encoding.is_some();
            if !is_final && !is_known && is_undecided(&before) {
                let text = match before.starts_with(b"<?xml") {
                    true => String::from_utf8_lossy(&before[given..]).into_owned(),
                    false => String::new(),
                };
                let given = given + text.len();
                decoder.borrow_mut().state = State::Undecided { bytes: before, given };
                return Ok(Decoded::right(text));
            }
            let encoding = decoder.borrow().encoding.clone();
            if is_begun_mark(&before) && is_final && is_recognized(encoding.as_deref()) {
                return Ok(Decoded::wrong(Code::UnclosedToken));
            }
            let mark = Mark::of(&before, encoding.as_deref());
            let state = match choose(mark.encoding(encoding), &before, thread)? {
                Choice::Utf8 => State::Utf8(Vec::new()),
                Choice::Codec(codec) => {
                    decoder.borrow_mut().begin_codec(&codec);
                    State::Codec(codec.decoder)
                }
                Choice::Wrong(code) => return Ok(Decoded::wrong(code)),
            };
            decoder.borrow_mut().mark = mark.length();
            before.drain(..mark.length().max(given));
            (state, before)
        }
        state => (state, bytes.to_vec()),
    };
    let decoded = match &mut state {
        State::Utf8(begun) => Ok(decode_utf8(begun, bytes, is_final)),
        State::Codec(codec) => decode_by(codec, &bytes, is_final, thread),
        State::Undecided { .. } => Ok(Decoded::right(String::new())),
    };
    decoder.borrow_mut().state = state;
    decoded
}

fn decode_utf8(begun: &mut Vec<u8>, bytes: Vec<u8>, is_final: bool) -> Decoded {
    let mut whole = std::mem::take(begun);
    if whole.is_empty() {
        whole = bytes;
    } else {
        whole.extend(bytes);
    }
    let error = match String::from_utf8(whole) {
        Ok(text) => return Decoded::right(text),
        Err(error) => error,
    };
    let end = error.utf8_error().valid_up_to();
    let mut bytes = error.into_bytes();
    let is_cut = bytes.len() - end < length_of_character(bytes[end]);
    let rest = bytes.split_off(end);
    let text = String::from_utf8(bytes).unwrap_or_default();
    match (is_cut, is_final) {
        (true, false) => {
            *begun = rest;
            Decoded::right(text)
        }
        (true, true) => Decoded { text, wrong: Some(Code::PartialCharacter) },
        (false, _) => Decoded { text, wrong: Some(Code::InvalidToken) },
    }
}

/// How many bytes a character has of which this is the first, for Expat, which looks at the others when all are there.
fn length_of_character(first: u8) -> usize {
    match first {
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 1,
    }
}

/// Whether what begins a document does not tell yet which encoding it is in.
fn is_undecided(bytes: &[u8]) -> bool {
    let is_declaration = bytes.starts_with(b"<?xml") && bytes.len() < LONGEST_DECLARATION && bytes.is_ascii();
    bytes.is_empty()
        || is_begun_mark(bytes)
        || b"<?xml".starts_with(bytes)
        || is_declaration && !bytes.windows(2).any(|it| it == b"?>")
}

/// Whether bytes may become a byte order mark, or a character of two bytes that says as much.
fn is_begun_mark(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFE | 0xFF | 0xEF | 0 | b'<'] | [0xEF, 0xBB])
}

/// Whether Expat looks at how a document begins although its encoding was named: it does for encodings that it knows itself.
fn is_recognized(encoding: Option<&str>) -> bool {
    let known = ["utf-8", "utf-16", "utf-16be", "utf-16le", "iso-8859-1", "us-ascii"];
    encoding.is_none_or(|it| known.iter().any(|name| it.eq_ignore_ascii_case(name)))
}

/// What the first bytes of a document say of its encoding.
enum Mark {
    None,
    Utf8,
    /// A byte order mark of UTF-16 and what it means.
    Utf16(&'static str),
    /// A character that would be another with the other order of bytes.
    Character(&'static str),
}

impl Mark {
    fn of(bytes: &[u8], encoding: Option<&str>) -> Self {
        if !is_recognized(encoding) {
            return Self::None;
        }
        match bytes {
            [0xEF, 0xBB, 0xBF, ..] => Self::Utf8,
            [0xFE, 0xFF, ..] => Self::Utf16("utf-16-be"),
            [0xFF, 0xFE, ..] => Self::Utf16("utf-16-le"),
            [0, _, ..] => Self::Character("utf-16-be"),
            [_, 0, ..] => Self::Character("utf-16-le"),
            _ => Self::None,
        }
    }

    /// The encoding of a document of which a program named one, or not.
    fn encoding(&self, named: Option<String>) -> Option<String> {
        match self {
            Self::None => named,
            // If none was named, a declaration behind it may.
            Self::Utf8 => named.map(|_| "utf-8".to_owned()),
            Self::Utf16(name) | Self::Character(name) => Some((*name).to_owned()),
        }
    }

    fn length(&self) -> usize {
        match self {
            Self::None | Self::Character(_) => 0,
            Self::Utf8 => 3,
            Self::Utf16(_) => 2,
        }
    }
}

/// Which encoding bytes are in that begin a document.
fn choose(encoding: Option<String>, bytes: &[u8], thread: &mut Thread) -> PyResult<Choice> {
    let name = match encoding {
        Some(name) => name,
        None => {
            let beginning: String = bytes.iter().take(LONGEST_DECLARATION).map(|byte| char::from(*byte)).collect();
            let declared = XmlDeclaration::read_beginning(&beginning, false)
                .or_else(|| XmlDeclaration::read_beginning(&beginning, true));
            let name = declared.and_then(|(it, _)| it.encoding.map(str::to_owned)).unwrap_or("utf-8".to_owned());
            if ["utf-16", "utf16", "utf-16le", "utf-16be"].contains(&name.to_lowercase().as_str()) {
                return Ok(Choice::Wrong(Code::IncorrectEncoding));
            }
            name
        }
    };
    if ["utf-8", "utf8"].contains(&name.to_lowercase().as_str()) {
        return Ok(Choice::Utf8);
    }
    codec(&name, thread)
}

/// The incremental decoder of an encoding that Expat can have.
fn codec(name: &str, thread: &mut Thread) -> PyResult<Choice> {
    let found = codec_registry::lookup(name, thread);
    let found = thread.suppress(found, LookupError)?;
    let is_text = thread.intern_text("_is_text_encoding");
    let Some(found) = found else {
        return Err(raise!(thread, LookupError, "unknown encoding: {name}"));
    };
    if let Some(flag) = protocol::lookup_attribute(&found, &is_text, thread)?
        && !protocol::is_true(&flag, thread)?
    {
        return Err(raise!(thread, LookupError, "unknown encoding: {name}"));
    }
    let own_name = protocol::get_attribute(&found, &names::name, thread)?;
    let own_name = own_name.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
    if !KNOWN.contains(&own_name.as_str()) {
        // Other encodings are read by a table of 256 characters, in which what markup is made of is where it should be.
        let all: Vec<u8> = (0..=u8::MAX).collect();
        let text = codec_registry::decode_text(&all, name, Some("replace"), thread)?;
        if text.length() != all.len() {
            return Err(raise!(thread, ValueError, "multi-byte encodings are not supported"));
        }
        let is_right = |(byte, point): (u8, char)| {
            let means_itself = point == char::from(byte);
            means_itself || !is_markup(char::from(byte)) && !is_markup(point)
        };
        if !all.into_iter().zip(text.to_string_lossy().chars()).all(is_right) {
            return Ok(Choice::Wrong(Code::UnknownEncoding));
        }
    }
    let make = thread.intern_text("incrementaldecoder");
    let decoder = protocol::call_method(&found, &make, &[], thread)?;
    let width = match own_name.as_str() {
        "utf-8" | "utf-8-sig" => CharacterWidth::Utf8,
        "utf-16" | "utf-16-le" | "utf-16-be" => CharacterWidth::Utf16,
        _ => CharacterWidth::OneByte,
    };
    Ok(Choice::Codec(Codec { decoder, converts: own_name != "ascii", width }))
}

/// Whether markup may be made of a character: of all of ASCII but these.
fn is_markup(character: char) -> bool {
    let is_blank = matches!(character, '\t' | '\n' | '\r');
    is_blank || matches!(character, ' '..='~') && !"$@\\^`{}~".contains(character)
}

fn decode_by(codec: &Object, bytes: &[u8], is_final: bool, thread: &mut Thread) -> PyResult<Decoded> {
    let (bytes, is_final) = (Bytes::from_slice(bytes, thread), objects::bool::Bool::new(is_final));
    let method = thread.intern_text("decode");
    let raised = match protocol::call_method(codec, &method, &[&bytes, &is_final], thread) {
        Ok(text) => {
            let text = text.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
            return Ok(Decoded::right(text));
        }
        Err(raised) => raised,
    };
    if !thread.raised_is(UnicodeDecodeError) {
        return Err(raised);
    }
    let exception = thread.catch(raised);
    let attribute = |name: &str, thread: &mut Thread| {
        let name = thread.intern_text(name);
        protocol::get_attribute(&exception, &name, thread)
    };
    let (object, start) = (attribute("object", thread)?, attribute("start", thread)?);
    let (encoding, reason) = (attribute("encoding", thread)?, attribute("reason", thread)?);
    let text_of = |it: &Object| it.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
    let start = protocol::index_as_isize(&start, thread)?;
    let valid = object.downcast::<Bytes>().and_then(|it| it.as_slice().get(..start as usize)).unwrap_or_default();
    let text = codec_registry::decode_text(valid, &text_of(&encoding), Some("replace"), thread)?;
    let is_cut = ["end of data", "truncated data"].iter().any(|it| text_of(&reason).contains(it));
    // Half of a character of two bytes is no character for Expat.
    let is_wide = text_of(&encoding).starts_with("utf-16");
    let wrong = Some(match is_cut {
        true if is_wide => Code::UnclosedToken,
        true => Code::PartialCharacter,
        false => Code::InvalidToken,
    });
    Ok(Decoded { text: text.to_string_lossy(), wrong })
}
