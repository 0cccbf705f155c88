//! `_io.TextIOWrapper`: text over a buffered stream of bytes.
//!
//! `codec` turns bytes into text and back, `object` declares the type, `read`, `write` and `seek` are what is done with it.

mod codec;
mod object;
mod read;
mod seek;
mod write;

pub use object::{OptionalText, TextIoWrapper, flag, utf8_mode};
