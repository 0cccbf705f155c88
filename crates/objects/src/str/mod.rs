//! `str`: text in CPython's 1, 2 and 4-byte forms.

mod object;
mod static_str;

pub use object::Str;
pub use static_str::StaticStr;
