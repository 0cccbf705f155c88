//! Integers from and to floats, bytes and hashes. Called by the object layer for `int` and `float`, and by marshal.

pub mod bytes;
pub mod float;
pub mod hash;
