//! Floats as text, in every form that Python writes and reads. Called by the object layer for `float` and `complex`,
//! by [`crate::format`] and [`crate::percent`], by the tokenizer, marshal and `json`.
//!
//! Exactness rests on the standard library, whose exact form is correct for every precision and whose parser rounds
//! correctly, and on `ryu` for the shortest form.

mod decimal;
mod divide;
mod half;
mod hex;
mod parse;
mod round;
mod text;

pub use self::divide::divmod_floor;
pub use self::half::{pack_half, unpack_half};
pub use self::hex::{FromHexError, from_hex, to_hex};
pub use self::parse::{ComplexTextError, parse_complex, parse_float};
pub use self::round::{RoundOverflow, round_to_places};
pub use self::text::{FloatStyle, FloatText, MAX_PRECISION, check_room, complex_repr, float_text, repr};
