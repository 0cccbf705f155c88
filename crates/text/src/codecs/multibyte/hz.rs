//! HZ (RFC 1843): ASCII in which `~{` and `~}` enclose GB 2312 characters as pairs of seven-bit bytes.

use super::plain::Plain;
use super::{Outcome, State, Stop};
use crate::builder::StrBuilder;
use crate::byte_builder::ByteBuilder;
use crate::view::StrView;

pub const NAME: &str = "hz";
/// The codec whose table has the characters, with the high bits of their bytes set.
pub const TABLE: &str = "gb2312";

const HIGH_BITS: u32 = 0x8080;

/// Whether the state is between `~{` and `~}`.
fn is_inside(state: &State) -> bool {
    state.0[0] != 0
}

fn set_inside(state: &mut State, inside: bool) {
    state.0[0] = u8::from(inside);
}

pub fn decode(table: &Plain, state: &mut State, bytes: &[u8], start: usize, out: &mut StrBuilder) -> Outcome {
    let mut position = start;
    while let Some(rest) = bytes.get(position..).filter(|rest| !rest.is_empty()) {
        let inside = is_inside(state);
        position += match (rest, inside) {
            ([b'~'], _) => return Outcome { position, stop: Stop::Incomplete },
            ([b'~', b'~', ..], false) => {
                out.push(u32::from(b'~'));
                2
            }
            ([b'~', b'{', ..], false) => {
                set_inside(state, true);
                2
            }
            ([b'~', b'\n', ..], false) => 2,
            ([b'~', b'}', ..], true) => {
                set_inside(state, false);
                2
            }
            ([b'~' | 0x80.., ..], _) => return Outcome { position, stop: Stop::Illegal(1) },
            ([byte, ..], false) => {
                out.push(u32::from(*byte));
                1
            }
            ([_], true) => return Outcome { position, stop: Stop::Incomplete },
            ([first, second, ..], true) => match table.pair(first | 0x80, second | 0x80) {
                Some((point, _)) if *second < 0x80 => {
                    out.push(point);
                    2
                }
                _ => return Outcome { position, stop: Stop::Illegal(1) },
            },
            ([], _) => break,
        };
    }
    Outcome { position, stop: Stop::End }
}

pub fn encode(table: &Plain, state: &mut State, text: StrView<'_>, start: usize, out: &mut ByteBuilder) -> Outcome {
    for (position, point) in text.slice_from(start).iter().enumerate() {
        if let Some(byte) = u8::try_from(point).ok().filter(u8::is_ascii) {
            finish(state, out);
            out.push(byte);
            if byte == b'~' {
                out.push(byte);
            }
            continue;
        }
        let Some(code) = table.codes().get(point) else {
            return Outcome { position: start + position, stop: Stop::Illegal(1) };
        };
        if !is_inside(state) {
            out.extend_from_slice(b"~{");
            set_inside(state, true);
        }
        out.extend_from_slice(&((code & !HIGH_BITS) as u16).to_be_bytes());
    }
    Outcome { position: text.len(), stop: Stop::End }
}

/// Leads back to ASCII.
pub fn finish(state: &mut State, out: &mut ByteBuilder) {
    if is_inside(state) {
        out.extend_from_slice(b"~}");
        set_inside(state, false);
    }
}
