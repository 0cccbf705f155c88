//! The Unicode character database: kinds of characters, cases, properties, names, normalization.
//!
//! The string methods and the tokenizer use [`characters`], the module `unicodedata` the rest, and `\N{...}`
//! escapes [`lookup`]. All tables are written by tools/generate_unicode.py.

pub mod characters;
pub mod names;
pub mod normalize;
pub mod properties;

mod decompose;
mod generated_cases;
mod generated_decomposition;
mod generated_flags;
mod generated_names;
mod generated_numeric;
mod generated_old;
mod generated_properties;
mod trie;

pub use names::lookup;

/// The version of the database (`unicodedata.unidata_version`).
pub const UNIDATA_VERSION: &str = "16.0.0";
