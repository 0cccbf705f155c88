//! `BufferedReader`, `BufferedWriter`, `BufferedRandom` and `BufferedRWPair`.
//!
//! `state` is the buffer and how it relates to the raw stream, `read` and `write` are what is done with it, `types` declares the three types over
//! it, `pair` the fourth.

mod lock;
mod pair;
mod read;
mod state;
mod types;
mod write;

pub use pair::BufferedRwPair;
pub use state::Buffered;
pub use types::{BufferedRandom, BufferedReader, BufferedWriter};
