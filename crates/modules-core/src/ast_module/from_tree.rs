//! From a tree to objects.

use interpreter::code::{constant_object, string};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::int::Int;
use objects::list::List;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use syntax::ast::reflect::FieldValue;
use syntax::ast::{NodeRef, Tree};
use syntax::interner::Interner;
use text::wtf8::Wtf8;

use super::classes::Classes;
use super::node::AstNode;

/// The object for a whole tree.
pub fn object_from_tree(tree: &Tree<'_>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let classes = Classes::of(thread)?;
    node_object(NodeRef::Mod(&tree.module), &tree.interner, &classes, thread)
}

fn node_object(
    node: NodeRef<'_, '_>,
    interner: &Interner<'_>,
    classes: &Classes,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let class = node.class();
    if let Some(singleton) = classes.singleton(class) {
        return Ok(singleton.clone());
    }
    thread.check_stack(" during ast construction")?;
    let dict = Dict::new(thread);
    for (value, name) in node.fields().into_iter().zip(classes.fields(class)) {
        let value = field_object(value, interner, classes, thread)?;
        dict.set_str(name, &value, thread)?;
    }
    if let Some(span) = node.span() {
        let places = [span.start.line, span.start.column, span.end.line, span.end.column];
        let sum = class.info().base.unwrap_or(class);
        for (place, name) in places.into_iter().zip(classes.attributes(sum)) {
            let place = Int::from_i64((place as i32).into(), thread);
            dict.set_str(name, &place, thread)?;
        }
    }
    Ok(AstNode::of_class(classes.get(class), Some(dict), thread)?.into_object())
}

fn field_object(
    value: FieldValue<'_, '_>,
    interner: &Interner<'_>,
    classes: &Classes,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    Ok(match value {
        FieldValue::None => thread.none(),
        FieldValue::Node(node) => node_object(node, interner, classes, thread)?,
        FieldValue::List(items) => {
            let items = items.into_iter().map(|item| field_object(item, interner, classes, thread));
            let items = items.collect::<PyResult<Vec<_>>>()?;
            List::new(items, thread)?.into_object()
        }
        FieldValue::Identifier(name) => {
            let name = string(interner.text(name), thread);
            thread.intern_for_ever(&name).into_object()
        }
        FieldValue::Text(text) => text_object(text, thread),
        FieldValue::Int(value) => Int::from_i64(value.into(), thread).into_object(),
        FieldValue::Constant(constant) => constant_object(constant, thread)?,
    })
}

fn text_object(text: Wtf8<'_>, thread: &mut Thread) -> Py<Object> {
    let text = string(text, thread);
    thread.intern(&text).into_object()
}
