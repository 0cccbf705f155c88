//! The methods of `str` as pure functions over views.
//!
//! The object layer parses arguments, calls these, and wraps what they return. Functions that select parts of
//! a text return ranges, so that the caller decides whether a part is a new object, the same object, or a
//! cached one; functions that make text return [`crate::builder::StrData`].

pub mod case;
pub mod classify;
pub mod find;
pub mod make;
pub mod repr;
pub mod split;
pub mod strip;
