//! ISO 2022 in seven bits: escape sequences designate character sets, ASCII is where a text starts and ends.
//!
//! Four sets may be designated, G0 to G3. G0 is read, or G1 between shift out and shift in; G2 after a single shift, for one
//! character. The characters are those of the EUC codecs, whose tables are used.

use super::charsets::{CODECS, Charset, Codec, Source};
use super::{Library, Outcome, State, Stop};
use crate::builder::StrBuilder;
use crate::byte_builder::ByteBuilder;
use crate::view::StrView;

const ESCAPE: u8 = 0x1B;
const SHIFT_OUT: u8 = 0x0E;
const SHIFT_IN: u8 = 0x0F;
/// What stands for ASCII as a character set: the last byte of the escape sequence for it.
const ASCII: u8 = b'B';
/// Set in the number of a character set whose characters have two bytes.
const DOUBLE: u8 = 0x80;
/// An escape sequence ends within so many bytes after its first.
const LONGEST_SEQUENCE: usize = 16;

/// The place of the flags in a state, after the four designated sets.
const FLAGS: usize = 4;
/// Characters are those of G1.
const SHIFTED: u8 = 1;
/// The bytes of an escape sequence that means nothing here are passed through.
const PASSING: u8 = 2;

/// ASCII everywhere.
pub const START_OF_DECODING: State = State([ASCII, ASCII, ASCII, 0, 0, 0, 0, 0]);
/// As above, without G2, which nothing is encoded in.
pub const START_OF_ENCODING: State = State([ASCII, ASCII, 0, 0, 0, 0, 0, 0]);

impl State {
    fn has(&self, flag: u8) -> bool {
        self.0[FLAGS] & flag != 0
    }

    fn set(&mut self, flag: u8, on: bool) {
        self.0[FLAGS] = if on { self.0[FLAGS] | flag } else { self.0[FLAGS] & !flag };
    }
}

/// The names of these codecs.
pub fn names() -> impl Iterator<Item = &'static str> {
    CODECS.iter().map(|codec| codec.name)
}

pub struct Iso2022 {
    codec: &'static Codec,
    /// In the order in which they are asked for a character's code.
    charsets: Vec<Charset>,
}

/// What a part of the input amounts to.
enum Step {
    /// So many bytes are done.
    Done(usize),
    /// So many bytes are wrong.
    Illegal(usize),
    Incomplete,
    BadState,
}

impl Iso2022 {
    pub fn new(name: &str, library: &Library) -> Option<Self> {
        let codec = CODECS.iter().find(|codec| codec.name == name)?;
        let charsets = codec.charsets.iter().map(|set| Charset::new(set, library)).collect::<Option<_>>()?;
        Some(Self { codec, charsets })
    }

    pub fn name(&self) -> &'static str {
        self.codec.name
    }

    fn charset(&self, number: u8) -> Option<&Charset> {
        self.charsets.iter().find(|charset| charset.number == number)
    }

    pub fn decode(&self, state: &mut State, bytes: &[u8], start: usize, out: &mut StrBuilder) -> Outcome {
        let mut position = start;
        while let Some(rest) = bytes.get(position..).filter(|rest| !rest.is_empty()) {
            let stop = match self.decode_step(state, rest, out) {
                Step::Done(length) => {
                    position += length;
                    continue;
                }
                Step::Illegal(length) => Stop::Illegal(length),
                Step::Incomplete => Stop::Incomplete,
                Step::BadState => Stop::BadState,
            };
            return Outcome { position, stop };
        }
        Outcome { position, stop: Stop::End }
    }

    fn decode_step(&self, state: &mut State, bytes: &[u8], out: &mut StrBuilder) -> Step {
        let first = bytes[0];
        if state.has(PASSING) {
            out.push(u32::from(first));
            if is_final_byte(first) {
                state.set(PASSING, false);
            }
            return Step::Done(1);
        }
        match first {
            ESCAPE => return self.escape(state, bytes, out),
            SHIFT_IN if self.codec.shifts => state.set(SHIFTED, false),
            SHIFT_OUT if self.codec.shifts => state.set(SHIFTED, true),
            b'\n' => {
                state.set(SHIFTED, false);
                out.push(u32::from(first));
            }
            ..0x20 => out.push(u32::from(first)),
            0x80.. => return Step::Illegal(1),
            _ => return self.character(state, bytes, out),
        }
        Step::Done(1)
    }

    /// A character of the set that is read now.
    fn character(&self, state: &State, bytes: &[u8], out: &mut StrBuilder) -> Step {
        let number = state.0[usize::from(state.has(SHIFTED))];
        if number == ASCII {
            out.push(u32::from(bytes[0]));
            return Step::Done(1);
        }
        let Some(charset) = self.charset(number) else { return Step::Illegal(1) };
        let width = charset.width();
        let Some(code) = bytes.get(..width) else { return Step::Incomplete };
        match charset.decode(code) {
            Some((point, second)) => {
                out.push(point);
                if second != 0 {
                    out.push(second);
                }
                Step::Done(width)
            }
            None => Step::Illegal(width),
        }
    }

    /// What follows an escape byte.
    fn escape(&self, state: &mut State, bytes: &[u8], out: &mut StrBuilder) -> Step {
        match bytes.get(1) {
            None => Step::Incomplete,
            Some(b'(' | b')' | b'$' | b'.' | b'&') => self.designate(state, bytes),
            Some(b'N') if self.codec.has_g2 => single_shift(state, bytes, out),
            Some(_) => {
                out.push(u32::from(ESCAPE));
                state.set(PASSING, true);
                Step::Done(1)
            }
        }
    }

    /// An escape sequence that designates a character set.
    fn designate(&self, state: &mut State, bytes: &[u8]) -> Step {
        let length = match self.sequence_length(bytes) {
            Ok(length) => length,
            Err(step) => return step,
        };
        let (plane, number) = match &bytes[..length] {
            [_, b'$', last] => (0, last | DOUBLE),
            [_, b'(', last] => (0, *last),
            [_, b')', last] => (1, *last),
            [_, b'.', last] if self.codec.has_g2 => (2, *last),
            [_, b'$', b'(', last] => (0, last | DOUBLE),
            [_, b'$', b')', last] => (1, last | DOUBLE),
            // Announces the revised JIS X 0208, or should; what is announced is not looked at.
            [_, _, _, ESCAPE, b'$', b'B'] => (0, b'B' | DOUBLE),
            _ => return Step::Illegal(length),
        };
        if number != ASCII && self.charset(number).is_none() {
            return Step::Illegal(length);
        }
        state.0[plane] = number;
        Step::Done(length)
    }

    /// The length of the escape sequence that some bytes start with.
    fn sequence_length(&self, bytes: &[u8]) -> Result<usize, Step> {
        let mut at = 1;
        while at < LONGEST_SEQUENCE {
            match bytes.get(at) {
                None => return Err(Step::Incomplete),
                Some(byte) if is_final_byte(*byte) => return Ok(at + 1),
                Some(b'&') if self.codec.has_revision && bytes.get(at + 1) == Some(&b'@') => at += 3,
                Some(_) => at += 1,
            }
        }
        Err(Step::Illegal(1))
    }

    pub fn encode(
        &self,
        state: &mut State,
        text: StrView<'_>,
        start: usize,
        is_final: bool,
        out: &mut ByteBuilder,
    ) -> Outcome {
        let mut position = start;
        while let Some(point) = text.get(position) {
            if let Some(byte) = u8::try_from(point).ok().filter(u8::is_ascii) {
                if state.0[0] != ASCII {
                    out.extend_from_slice(&[ESCAPE, b'(', ASCII]);
                    state.0[0] = ASCII;
                }
                shift(state, false, out);
                out.push(byte);
                position += 1;
                continue;
            }
            let next = text.get(position + 1);
            if next.is_none() && !is_final && self.charsets.iter().any(|charset| charset.may_join(point)) {
                return Outcome { position, stop: Stop::Incomplete };
            }
            let joined = next.and_then(|next| self.find(|charset| charset.joined(point, next)));
            let Some((charset, code)) = joined.or_else(|| self.find(|charset| charset.encode(point))) else {
                return Outcome { position, stop: Stop::Illegal(1) };
            };
            write_code(state, charset, code, out);
            position += if joined.is_some() { 2 } else { 1 };
        }
        Outcome { position, stop: Stop::End }
    }

    fn find(&self, code: impl Fn(&Charset) -> Option<u16>) -> Option<(&Charset, u16)> {
        self.charsets.iter().find_map(|charset| Some((charset, code(charset)?)))
    }
}

/// Whether a byte ends an escape sequence.
fn is_final_byte(byte: u8) -> bool {
    matches!(byte, b'@'..=b'Z')
}

/// One character of G2.
fn single_shift(state: &State, bytes: &[u8], out: &mut StrBuilder) -> Step {
    let [_, _, byte, ..] = bytes else { return Step::Incomplete };
    let Some(source) = Source::of_g2(state.0[2]) else {
        return if state.0[2] == ASCII && byte.is_ascii() {
            out.push(u32::from(*byte));
            Step::Done(3)
        } else if state.0[2] == ASCII {
            Step::Illegal(3)
        } else {
            Step::BadState
        };
    };
    match source.upper(*byte) {
        Some(point) => {
            out.push(point);
            Step::Done(3)
        }
        None => Step::Illegal(3),
    }
}

/// Shifts out to G1 or in to G0, unless that is so.
fn shift(state: &mut State, out_to_g1: bool, out: &mut ByteBuilder) {
    if state.has(SHIFTED) != out_to_g1 {
        out.push(if out_to_g1 { SHIFT_OUT } else { SHIFT_IN });
        state.set(SHIFTED, out_to_g1);
    }
}

/// A character's code, after what makes a decoder read its set.
fn write_code(state: &mut State, charset: &Charset, code: u16, out: &mut ByteBuilder) {
    let plane = usize::from(charset.plane);
    if plane == 0 {
        shift(state, false, out);
    }
    if state.0[plane] != charset.number {
        let last = charset.number & !DOUBLE;
        let intermediate = if plane == 0 { b'(' } else { b')' };
        match (charset.width(), last) {
            (1, _) => out.extend_from_slice(&[ESCAPE, intermediate, last]),
            // Before there was an intermediate byte, these were registered without. So was GB 2312, which is written with it here.
            (_, b'@' | b'B') if plane == 0 => out.extend_from_slice(&[ESCAPE, b'$', last]),
            _ => out.extend_from_slice(&[ESCAPE, b'$', intermediate, last]),
        }
        state.0[plane] = charset.number;
    }
    if plane == 1 {
        shift(state, true, out);
    }
    out.extend_from_slice(&code.to_be_bytes()[2 - charset.width()..]);
}

/// What an incremental decoder forgets when it begins anew.
pub fn reset_decoding(state: &mut State) {
    state.0[0] = ASCII;
    state.set(SHIFTED, false);
}

/// Leads back to ASCII.
pub fn finish(state: &mut State, out: &mut ByteBuilder) {
    shift(state, false, out);
    if state.0[0] != ASCII {
        out.extend_from_slice(&[ESCAPE, b'(', ASCII]);
        state.0[0] = ASCII;
    }
}
