//! `set` and `frozenset`.

use objects::types::TypeDeclaration;

pub const TYPES: &[&TypeDeclaration] = &[];
