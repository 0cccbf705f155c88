//! `Constant`: the values that a code unit or an AST node can hold, as plain data.
//!
//! The parser and the constant folder make them, marshal writes and reads them, the interpreter turns each into an
//! object. Equality here is that of the compiler's constant table: values of different types differ, and so do
//! `0.0` and `-0.0`.

use std::rc::Rc;

use numeric::integer::Integer;
use text::wtf8::Wtf8Buf;

use crate::code_unit::CodeUnit;

/// A constant of a code unit.
#[derive(Clone, Debug)]
pub enum Constant {
    None,
    Ellipsis,
    Bool(bool),
    Integer(Integer),
    Float(f64),
    Complex {
        real: f64,
        imaginary: f64,
    },
    String(Wtf8Buf),
    Bytes(Rc<[u8]>),
    Tuple(Rc<[Constant]>),
    /// The elements in the order in which they were written, without duplicates.
    FrozenSet(Rc<[Constant]>),
    /// Start, stop, step.
    Slice(Rc<[Constant; 3]>),
    Code(Rc<CodeUnit>),
}
