//! Trees by class and field: what conversions between nodes and Python objects, and dumps, are driven by.

use bytecode::constant::Constant;
use text::wtf8::Wtf8Buf;

use crate::interner::Symbol;

use super::{NODE_CLASSES, Node, NodeClass, NodeRef};

/// A class of the module `ast`.
#[derive(Debug)]
pub struct ClassInfo {
    pub class: NodeClass,
    /// The Python name.
    pub name: &'static str,
    /// The class of the sum that this is a constructor of.
    pub base: Option<NodeClass>,
    /// `__doc__`
    pub doc: &'static str,
    /// `_fields`, with their types.
    pub fields: &'static [FieldInfo],
    /// `_attributes`: none, or the four that a [`crate::token::Span`] holds.
    pub attributes: &'static [FieldInfo],
}

/// A field of a class.
#[derive(Debug)]
pub struct FieldInfo {
    pub name: &'static str,
    pub field_type: FieldType,
    pub quantity: Quantity,
}

/// What a field holds, but for its quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    Identifier,
    String,
    Int,
    Constant,
    /// A node of this sum or product.
    Node(NodeClass),
}

/// How many of its type a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    One,
    /// `?`
    Optional,
    /// `*`
    Sequence,
    /// `?*`: each element may be None.
    OptionalSequence,
}

impl NodeClass {
    pub fn info(self) -> &'static ClassInfo {
        &NODE_CLASSES[self as usize]
    }
}

/// The value of a field, borrowed from its node.
#[derive(Clone, Debug)]
pub enum FieldValue<'a> {
    None,
    Node(NodeRef<'a>),
    List(Vec<FieldValue<'a>>),
    Identifier(Symbol),
    Text(&'a Wtf8Buf),
    Int(i32),
    Constant(&'a Constant),
}

/// The value of a field for a node to be built.
#[derive(Debug)]
pub enum Value {
    None,
    Node(Box<Node>),
    List(Vec<Value>),
    Identifier(Symbol),
    Text(Wtf8Buf),
    Int(i32),
    Constant(Constant),
}

/// The value at this index has the wrong type, is missing, or is one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongField {
    pub index: usize,
}

/// A Rust type that a field can have.
pub(super) trait Field: Sized {
    fn view(&self) -> FieldValue<'_>;
    fn build(value: Value) -> Option<Self>;
}

impl Field for Symbol {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Identifier(*self)
    }

    fn build(value: Value) -> Option<Self> {
        if let Value::Identifier(name) = value { Some(name) } else { None }
    }
}

impl Field for Wtf8Buf {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Text(self)
    }

    fn build(value: Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text) } else { None }
    }
}

impl Field for i32 {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Int(*self)
    }

    fn build(value: Value) -> Option<Self> {
        if let Value::Int(number) = value { Some(number) } else { None }
    }
}

impl Field for Constant {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::Constant(self)
    }

    fn build(value: Value) -> Option<Self> {
        if let Value::Constant(constant) = value { Some(constant) } else { None }
    }
}

impl<T: Field> Field for Box<T> {
    fn view(&self) -> FieldValue<'_> {
        T::view(self)
    }

    fn build(value: Value) -> Option<Self> {
        T::build(value).map(Box::new)
    }
}

impl<T: Field> Field for Option<T> {
    fn view(&self) -> FieldValue<'_> {
        self.as_ref().map_or(FieldValue::None, T::view)
    }

    fn build(value: Value) -> Option<Self> {
        match value {
            Value::None => Some(None),
            value => T::build(value).map(Some),
        }
    }
}

impl<T: Field> Field for Vec<T> {
    fn view(&self) -> FieldValue<'_> {
        FieldValue::List(self.iter().map(T::view).collect())
    }

    fn build(value: Value) -> Option<Self> {
        if let Value::List(values) = value { values.into_iter().map(T::build).collect() } else { None }
    }
}

/// Hands out field values in order, each in the type that its field has.
pub(super) struct FieldReader {
    values: std::vec::IntoIter<Value>,
    index: usize,
}

impl FieldReader {
    pub(super) fn new(values: Vec<Value>) -> Self {
        Self { values: values.into_iter(), index: 0 }
    }

    pub(super) fn next<T: Field>(&mut self) -> Result<T, WrongField> {
        let index = self.index;
        self.index += 1;
        self.values.next().and_then(T::build).ok_or(WrongField { index })
    }

    pub(super) fn finish(mut self) -> Result<(), WrongField> {
        if self.values.next().is_some() { Err(WrongField { index: self.index }) } else { Ok(()) }
    }
}
