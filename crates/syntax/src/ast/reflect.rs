//! Trees by class and field: what conversions between nodes and Python objects, and dumps, are driven by.

use bytecode::arena::{Arena, ArenaList};
use bytecode::constant::Constant;
use text::wtf8::Wtf8;

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
pub enum FieldValue<'a, 't> {
    None,
    Node(NodeRef<'a, 't>),
    List(Vec<FieldValue<'a, 't>>),
    Identifier(Symbol),
    Text(Wtf8<'t>),
    Int(i32),
    Constant(Constant<'t>),
}

/// The value of a field for a node to be built.
#[derive(Debug)]
pub enum Value<'t> {
    None,
    Node(Box<Node<'t>>),
    List(Vec<Value<'t>>),
    Identifier(Symbol),
    Text(Wtf8<'t>),
    Int(i32),
    Constant(Constant<'t>),
}

/// The value at this index has the wrong type, is missing, or is one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongField {
    pub index: usize,
}

/// A Rust type that a field can have.
pub(super) trait Field<'t>: Sized {
    fn view(&self) -> FieldValue<'_, 't>;
    fn build(value: Value<'t>, arena: &'t Arena) -> Option<Self>;
}

impl<'t> Field<'t> for Symbol {
    fn view(&self) -> FieldValue<'_, 't> {
        FieldValue::Identifier(*self)
    }

    fn build(value: Value<'t>, _arena: &'t Arena) -> Option<Self> {
        if let Value::Identifier(name) = value { Some(name) } else { None }
    }
}

impl<'t> Field<'t> for Wtf8<'t> {
    fn view(&self) -> FieldValue<'_, 't> {
        FieldValue::Text(*self)
    }

    fn build(value: Value<'t>, _arena: &'t Arena) -> Option<Self> {
        if let Value::Text(text) = value { Some(text) } else { None }
    }
}

impl<'t> Field<'t> for i32 {
    fn view(&self) -> FieldValue<'_, 't> {
        FieldValue::Int(*self)
    }

    fn build(value: Value<'t>, _arena: &'t Arena) -> Option<Self> {
        if let Value::Int(number) = value { Some(number) } else { None }
    }
}

impl<'t> Field<'t> for Constant<'t> {
    fn view(&self) -> FieldValue<'_, 't> {
        FieldValue::Constant(*self)
    }

    fn build(value: Value<'t>, _arena: &'t Arena) -> Option<Self> {
        if let Value::Constant(constant) = value { Some(constant) } else { None }
    }
}

impl<'t, T: Field<'t>> Field<'t> for &'t mut T {
    fn view(&self) -> FieldValue<'_, 't> {
        T::view(self)
    }

    fn build(value: Value<'t>, arena: &'t Arena) -> Option<Self> {
        T::build(value, arena).map(|it| arena.put(it))
    }
}

impl<'t, T: Field<'t>> Field<'t> for Option<T> {
    fn view(&self) -> FieldValue<'_, 't> {
        self.as_ref().map_or(FieldValue::None, T::view)
    }

    fn build(value: Value<'t>, arena: &'t Arena) -> Option<Self> {
        match value {
            Value::None => Some(None),
            value => T::build(value, arena).map(Some),
        }
    }
}

impl<'t, T: Field<'t>> Field<'t> for ArenaList<'t, T> {
    fn view(&self) -> FieldValue<'_, 't> {
        FieldValue::List(self.iter().map(T::view).collect())
    }

    fn build(value: Value<'t>, arena: &'t Arena) -> Option<Self> {
        let Value::List(values) = value else { return None };
        let items = values.into_iter().map(|value| T::build(value, arena)).collect::<Option<Vec<T>>>()?;
        Some(arena.list(items))
    }
}

/// Hands out field values in order, each in the type that its field has.
pub(super) struct FieldReader<'t> {
    values: std::vec::IntoIter<Value<'t>>,
    index: usize,
    arena: &'t Arena,
}

impl<'t> FieldReader<'t> {
    pub(super) fn new(values: Vec<Value<'t>>, arena: &'t Arena) -> Self {
        Self { values: values.into_iter(), index: 0, arena }
    }

    pub(super) fn next<T: Field<'t>>(&mut self) -> Result<T, WrongField> {
        let index = self.index;
        self.index += 1;
        self.values.next().and_then(|value| T::build(value, self.arena)).ok_or(WrongField { index })
    }

    pub(super) fn finish(mut self) -> Result<(), WrongField> {
        if self.values.next().is_some() { Err(WrongField { index: self.index }) } else { Ok(()) }
    }
}
