//! Numbers as plain data: integers of 30-bit digits, float text, format specifications.
//!
//! Called by every layer above. Nothing here knows of Python objects.
#![forbid(unsafe_code)]

pub mod integer;
