//! An XML 1.0 parser that does not validate, with Expat's behaviour and no knowledge of Python.
//!
//! [`Parser`] is given text in pieces and asked for one [`Event`] after the other, so that whoever asks may do anything between two of them. The
//! rules are those of XML 1.0 (fifth edition) and Namespaces in XML 1.0; which error is told where, and what is told of a declaration, is as by
//! Expat 2.7, which the tests of the library expect.

mod attributes;
mod characters;
pub mod content_model;
mod declarations;
mod doctype;
mod elements;
mod entities;
pub mod errors;
pub mod event;
mod namespaces;
mod parser;
mod scan;
mod tokens;

pub use content_model::ContentModel;
pub use declarations::{declaration_tokens, is_declaration};
pub use event::{Event, Told};
pub use parser::{CharacterWidth, Failure, Parameters, Parser, Wants};
pub use tokens::XmlDeclaration;
