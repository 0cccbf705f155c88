//! `Classes`: the classes of nodes in an interpreter, with what conversions look up about them.
//!
//! They are made by calling `type`, as `class` statements would. The invariant: they stand in the order of the table, so that a [`NodeClass`] is an index.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use objects::dict::Dict;
use objects::errors::PyResult;
use objects::int::Int;
use objects::list::List;
use objects::none::NoneType;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};
use syntax::ast::reflect::{ClassInfo, FieldInfo, FieldType, Quantity};
use syntax::ast::{NODE_CLASSES, NodeClass};

use super::AstNode;

/// The classes of an interpreter.
pub struct Classes {
    rows: Vec<Row>,
    /// Rows by the address of their class.
    by_address: HashMap<usize, NodeClass>,
}

/// A class, with the names that it is looked into by.
struct Row {
    class: Py<Type>,
    fields: Vec<Py<Str>>,
    attributes: Vec<Py<Str>>,
    /// The one instance that trees have of a class without fields.
    singleton: Option<Py<Object>>,
}

#[derive(Default)]
struct Known(OnceCell<Rc<Classes>>);

impl Classes {
    /// The classes of the thread's interpreter, which are made if they were not needed yet.
    pub fn of(thread: &mut Thread) -> PyResult<Rc<Classes>> {
        let known = thread.interpreter().extension::<Known>();
        if let Some(classes) = known.0.get() {
            return Ok(classes.clone());
        }
        let classes = Rc::new(make_all(thread)?);
        Ok(known.0.get_or_init(|| classes).clone())
    }

    pub fn get(&self, class: NodeClass) -> &Type {
        &self.rows[class as usize].class
    }

    /// The names of the fields, in order.
    pub fn fields(&self, class: NodeClass) -> &[Py<Str>] {
        &self.rows[class as usize].fields
    }

    /// The names of the attributes, in order.
    pub fn attributes(&self, class: NodeClass) -> &[Py<Str>] {
        &self.rows[class as usize].attributes
    }

    pub fn singleton(&self, class: NodeClass) -> Option<&Py<Object>> {
        self.rows[class as usize].singleton.as_ref()
    }

    /// Which class of ours a class is; None for others, those that programs derive included.
    pub fn find(&self, class: &Type) -> Option<NodeClass> {
        self.by_address.get(&class.as_pointer().addr()).copied()
    }
}

/// Whether trees have but one instance of a class: those of enumerations.
fn has_singleton(info: &ClassInfo) -> bool {
    info.base.is_some() && info.fields.is_empty() && info.attributes.is_empty()
}

fn make_all(thread: &mut Thread) -> PyResult<Classes> {
    let empty = Tuple::empty(thread);
    let root = AstNode::class();
    for name in ["_fields", "__match_args__", "_attributes"] {
        let name = thread.intern_text(name);
        protocol::set_attribute(root, &name, Some(&empty), thread)?;
    }
    let mut classes = Classes { rows: Vec::new(), by_address: HashMap::new() };
    for info in &NODE_CLASSES {
        let row = make_row(info, &classes, thread)?;
        classes.by_address.insert(row.class.as_pointer().addr(), info.class);
        classes.rows.push(row);
    }
    for info in &NODE_CLASSES {
        // Sums have no field types; products and constructors do.
        let is_sum = NODE_CLASSES.iter().any(|other| other.base == Some(info.class));
        if !is_sum {
            annotate(info, &classes, thread)?;
        }
    }
    Ok(classes)
}

fn make_row(info: &ClassInfo, classes: &Classes, thread: &mut Thread) -> PyResult<Row> {
    let base = Py::from_ref(match info.base {
        Some(base) => classes.get(base),
        None => AstNode::class(),
    });
    let fields: Vec<_> = info.fields.iter().map(|field| thread.intern_text(field.name)).collect();
    let attributes: Vec<_> = info.attributes.iter().map(|field| thread.intern_text(field.name)).collect();
    let namespace = Dict::new(thread);
    let set = |name: &str, value: &Object, thread: &mut Thread| {
        let name = thread.intern_text(name);
        namespace.set_str(&name, value, thread)
    };
    let names = Tuple::new(fields.iter().map(|it| it.clone().into_object()).collect(), thread)?;
    set("_fields", &names, thread)?;
    set("__match_args__", &names, thread)?;
    let text = thread.intern_text("ast");
    set("__module__", &text, thread)?;
    let text = Str::from_str(info.doc, thread);
    set("__doc__", &text, thread)?;
    let class_name = Str::from_str(info.name, thread).into_object();
    let bases = Tuple::new(vec![base.into_object()], thread)?.into_object();
    let class = protocol::call(Type::class(), &[&class_name, &bases, &namespace], thread)?;
    let Some(class) = class.downcast::<Type>().map(Py::from_ref) else {
        return Err(raise!(thread, SystemError, "a class of ast is no class"));
    };
    let none = thread.none();
    if info.base.is_none() {
        let names = Tuple::new(attributes.iter().map(|it| it.clone().into_object()).collect(), thread)?;
        let name = thread.intern_text("_attributes");
        protocol::set_attribute(&class, &name, Some(&names), thread)?;
        for (name, field) in attributes.iter().zip(info.attributes) {
            if field.quantity == Quantity::Optional {
                protocol::set_attribute(&class, name, Some(&none), thread)?;
            }
        }
    }
    for (name, field) in fields.iter().zip(info.fields) {
        if field.quantity == Quantity::Optional {
            protocol::set_attribute(&class, name, Some(&none), thread)?;
        }
    }
    let singleton = match has_singleton(info) {
        true => Some(AstNode::of_class(&class, None, thread)?.into_object()),
        false => None,
    };
    Ok(Row { class, fields, attributes, singleton })
}

/// Gives a class its `_field_types`, which are its annotations as well.
fn annotate(info: &ClassInfo, classes: &Classes, thread: &mut Thread) -> PyResult<()> {
    let (types, annotations) = (Dict::new(thread), Dict::new(thread));
    for (field, name) in info.fields.iter().zip(classes.fields(info.class)) {
        let value = field_type(field, classes, thread)?;
        types.set_str(name, &value, thread)?;
        annotations.set_str(name, &value, thread)?;
    }
    let class = classes.get(info.class);
    let name = thread.intern_text("_field_types");
    protocol::set_attribute(class, &name, Some(&types), thread)?;
    protocol::set_attribute(class, &objects::names::__annotations__, Some(&annotations), thread)
}

fn field_type(field: &FieldInfo, classes: &Classes, thread: &mut Thread) -> PyResult<Py<Object>> {
    let item = match field.field_type {
        FieldType::Identifier | FieldType::String => Str::class(),
        FieldType::Int => Int::class(),
        FieldType::Constant => BaseObject::class(),
        FieldType::Node(class) => classes.get(class),
    };
    match field.quantity {
        Quantity::One => Ok(Py::from_ref(item).into_object()),
        Quantity::Optional => protocol::union(item, NoneType::class(), thread),
        Quantity::Sequence | Quantity::OptionalSequence => protocol::generic_alias(List::class(), item, thread),
    }
}
