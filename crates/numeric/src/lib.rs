//! Numbers as plain data: integers of 30-bit digits, float text, format specifications.
//!
//! Called by every layer above. Nothing here knows of Python objects.
#![forbid(unsafe_code)]

pub mod code_points;
pub mod complex;
pub mod convert;
pub mod decimal;
pub mod digits;
pub mod float;
pub mod format;
pub mod integer;
pub mod math;
pub mod percent;
pub mod radix;
pub mod signed;
