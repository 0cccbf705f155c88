//! `Constant`: the values that a code unit or an AST node can hold, as plain data.
//!
//! The parser and the constant folder make them, marshal writes and reads them, the interpreter turns each into an
//! object. Equality here is that of the compiler's constant table: values of different types differ, and so do
//! `0.0` and `-0.0`; a NaN differs from every other constant but those that share its memory.

use std::hash::{Hash, Hasher};

use numeric::signed::Signed;
use text::wtf8::Wtf8;

use crate::code_unit::CodeUnit;

/// A constant of a code unit, with what it consists of in an [`Arena`](crate::arena::Arena).
#[derive(Clone, Copy, Debug)]
pub enum Constant<'t> {
    None,
    Ellipsis,
    Bool(bool),
    Integer(Signed<'t>),
    Float(f64),
    Complex {
        real: f64,
        imaginary: f64,
    },
    String(Wtf8<'t>),
    Bytes(&'t [u8]),
    Tuple(&'t [Constant<'t>]),
    /// The elements in the order in which they were written, without duplicates.
    FrozenSet(&'t [Constant<'t>]),
    /// Start, stop, step.
    Slice(&'t [Constant<'t>; 3]),
    Code(&'t CodeUnit<'t>),
}

impl Constant<'_> {
    /// The truth value that Python gives it.
    pub fn is_true(&self) -> bool {
        match self {
            Constant::None => false,
            Constant::Bool(value) => *value,
            Constant::Integer(value) => !value.is_zero(),
            Constant::Float(value) => *value != 0.0,
            Constant::Complex { real, imaginary } => *real != 0.0 || *imaginary != 0.0,
            Constant::String(text) => !text.is_empty(),
            Constant::Bytes(bytes) => !bytes.is_empty(),
            Constant::Tuple(items) | Constant::FrozenSet(items) => !items.is_empty(),
            Constant::Ellipsis | Constant::Slice(_) | Constant::Code(_) => true,
        }
    }
}

/// Equal as constants: the sign of zero counts. NaNs differ, because CPython compares them by identity.
fn same_float(left: f64, right: f64) -> bool {
    left == right && left.is_sign_negative() == right.is_sign_negative()
}

impl PartialEq for Constant<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Constant::None, Constant::None) | (Constant::Ellipsis, Constant::Ellipsis) => true,
            (Constant::Bool(left), Constant::Bool(right)) => left == right,
            (Constant::Integer(left), Constant::Integer(right)) => left == right,
            (Constant::Float(left), Constant::Float(right)) => same_float(*left, *right),
            (
                Constant::Complex { real, imaginary },
                Constant::Complex { real: other_real, imaginary: other_imaginary },
            ) => same_float(*real, *other_real) && same_float(*imaginary, *other_imaginary),
            (Constant::String(left), Constant::String(right)) => left == right,
            (Constant::Bytes(left), Constant::Bytes(right)) => left == right,
            (Constant::Tuple(left), Constant::Tuple(right)) => std::ptr::eq(*left, *right) || left == right,
            (Constant::FrozenSet(left), Constant::FrozenSet(right)) => {
                std::ptr::eq(*left, *right)
                    || (left.len() == right.len() && left.iter().all(|element| right.contains(element)))
            }
            (Constant::Slice(left), Constant::Slice(right)) => std::ptr::eq(*left, *right) || left == right,
            (Constant::Code(left), Constant::Code(right)) => std::ptr::eq(*left, *right) || left == right,
            _ => false,
        }
    }
}

impl Eq for Constant<'_> {}

/// How many items of a tuple, and bytes at either end of a text, count for its hash.
const HASHED_ITEMS: usize = 4;
const HASHED_BYTES: usize = 16;

fn hash_bytes<H: Hasher>(bytes: &[u8], state: &mut H) {
    state.write_usize(bytes.len());
    if bytes.len() <= 2 * HASHED_BYTES {
        return state.write(bytes);
    }
    state.write(&bytes[..HASHED_BYTES]);
    state.write(&bytes[bytes.len() - HASHED_BYTES..]);
}

impl Hash for Constant<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Constant::None | Constant::Ellipsis => {}
            Constant::Bool(value) => value.hash(state),
            Constant::Integer(value) => value.hash(state),
            Constant::Float(value) => value.to_bits().hash(state),
            Constant::Complex { real, imaginary } => (real.to_bits(), imaginary.to_bits()).hash(state),
            Constant::String(text) => hash_bytes(text.as_bytes(), state),
            Constant::Bytes(bytes) => hash_bytes(bytes, state),
            Constant::Tuple(items) => {
                items.len().hash(state);
                items.iter().take(HASHED_ITEMS).for_each(|item| item.hash(state));
            }
            // The order of the elements does not matter, so nothing but their number may count.
            Constant::FrozenSet(items) => items.len().hash(state),
            Constant::Slice(parts) => parts.hash(state),
            Constant::Code(code) => (code.name.text(), code.first_line, code.code.len()).hash(state),
        }
    }
}
