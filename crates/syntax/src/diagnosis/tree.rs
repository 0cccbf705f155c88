//! What the reader makes of the program: only as much of a tree as messages need. Everything lies in vectors and is
//! named by number, so that however deep a program nests, nothing recurses over it but what bounds itself.

use super::grammar::Label;
use crate::token::Span;

/// The value of a rule or an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Of an optional item that is not there, and of looking ahead.
    Absent,
    /// By its index in the tokens.
    Token(u32),
    Node(u32),
    List(u32),
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) label: Label,
    pub(super) span: Span,
    pub(super) children: Vec<Value>,
}

#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    lists: Vec<Vec<Value>>,
}

impl Tree {
    pub(super) fn node(&mut self, label: Label, span: Span, children: Vec<Value>) -> Value {
        self.nodes.push(Node { label, span, children });
        Value::Node(self.nodes.len() as u32 - 1)
    }

    pub(super) fn list(&mut self, values: Vec<Value>) -> Value {
        self.lists.push(values);
        Value::List(self.lists.len() as u32 - 1)
    }

    /// One list of the elements of several; a value that is no list is an element.
    pub(super) fn join(&mut self, values: &[Value]) -> Value {
        let elements = values.iter().flat_map(|value| self.elements(*value)).collect();
        self.list(elements)
    }

    pub(super) fn get(&self, value: Value) -> Option<&Node> {
        if let Value::Node(index) = value { self.nodes.get(index as usize) } else { None }
    }

    pub(super) fn label(&self, value: Value) -> Label {
        self.get(value).map_or(Label::Other, |node| node.label)
    }

    pub(super) fn child(&self, value: Value, index: usize) -> Value {
        self.get(value).and_then(|node| node.children.get(index)).copied().unwrap_or(Value::Absent)
    }

    /// The elements of a list; what is no list is its only element, and what is absent has none.
    pub(super) fn elements(&self, value: Value) -> Vec<Value> {
        match value {
            Value::Absent => Vec::new(),
            Value::List(index) => self.lists.get(index as usize).cloned().unwrap_or_default(),
            _ => vec![value],
        }
    }

    /// All children of a node, lists opened.
    pub(super) fn all_children(&self, value: Value) -> Vec<Value> {
        let children = self.get(value).map_or(&[][..], |node| &node.children);
        children.iter().flat_map(|child| self.elements(*child)).collect()
    }
}
