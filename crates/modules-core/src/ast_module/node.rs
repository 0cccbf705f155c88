//! `ast.AST`: what all nodes derive from. It knows the fields of a class by the attributes `_fields`, `_attributes` and `_field_types`, which
//! programs may set in classes of their own.

use std::mem::offset_of;

use builtins::generic_alias::GenericAlias;
use builtins::union::Union;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{DeprecationWarning, PyResult};
use objects::list::List;
use objects::object::{BaseObject, attribute_name};
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type, instance_dict};
use syntax::ast::NodeClass;
use text::builder::StrBuilder;

use super::classes::Classes;

#[derive(Instance)]
#[repr(C)]
pub struct AstNode {
    header: Header,
    dict: Field<Dict>,
}

impl AstNode {
    /// An instance of a class of nodes, with its attributes.
    pub fn of_class(class: &Type, dict: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<AstNode>> {
        let value = AstNode { header: Header::new(AstNode::class()), dict: Field::new(dict) };
        Py::new_in(class, value, thread)
    }
}

/// An attribute of the object's class that may be missing.
fn class_attribute(object: &Object, name: &str, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let name = thread.intern_text(name);
    let class = Py::from_ref(object.class());
    protocol::lookup_attribute(&class, &name, thread)
}

/// An attribute that instances cannot be made without.
fn required_attribute(object: &Object, name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = thread.intern_text(name);
    let class = Py::from_ref(object.class());
    protocol::get_attribute(&class, &name, thread)
}

/// What a class says its fields are; none if it says nothing.
fn names_of(object: &Object, attribute: &str, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    match class_attribute(object, attribute, thread)? {
        None => Ok(Vec::new()),
        Some(names) => sequence(&names, thread),
    }
}

/// The items of a sequence, by its length and indices.
fn sequence(names: &Object, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    let length = protocol::length(names, thread)?;
    let mut items = Vec::new();
    for index in 0..length {
        items.push(protocol::get_index(names, index as isize, thread)?);
    }
    Ok(items)
}

/// The names, each once.
fn distinct(names: &[Py<Object>], thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    let mut found: Vec<Py<Object>> = Vec::with_capacity(names.len());
    'names: for name in names {
        for other in &found {
            if other.is(name) || protocol::equals(other, name, thread)? {
                continue 'names;
            }
        }
        found.push(name.clone());
    }
    Ok(found)
}

/// Takes a name out of a list; false if it is not there.
fn discard(names: &mut Vec<Py<Object>>, name: &Object, thread: &mut Thread) -> PyResult<bool> {
    for index in 0..names.len() {
        let candidate = names[index].clone();
        if candidate.is(name) || protocol::equals(&candidate, name, thread)? {
            names.remove(index);
            return Ok(true);
        }
    }
    Ok(false)
}

/// `__init__`: the fields that the arguments leave out get what their type says.
struct Initialization<'a> {
    node: &'a AstNode,
    class_name: String,
    remaining: Vec<Py<Object>>,
}

impl Initialization<'_> {
    fn take_keyword(
        &mut self,
        key: &Object,
        fields: &Object,
        attributes: &mut Option<Py<Object>>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let name = &self.class_name;
        if protocol::contains(fields, key, thread)? {
            if !discard(&mut self.remaining, key, thread)? {
                let key = protocol::repr(key, thread)?.to_string_lossy();
                return Err(raise!(thread, TypeError, "{name} got multiple values for argument {key}"));
            }
            return Ok(());
        }
        let attributes = match attributes {
            Some(attributes) => attributes,
            None => attributes.insert(required_attribute(self.node, "_attributes", thread)?),
        };
        if protocol::contains(attributes, key, thread)? {
            return Ok(());
        }
        let key = protocol::repr(key, thread)?.to_string_lossy();
        let support = "Support for arbitrary keyword arguments is deprecated and will be removed in Python 3.15.";
        let message = format_args!("{name}.__init__ got an unexpected keyword argument {key}. {support}");
        thread.warn(DeprecationWarning, 1, message)
    }

    /// What a field is that no argument was given for.
    fn fill(&self, field: &Object, types: &Object, load: &Object, thread: &mut Thread) -> PyResult<()> {
        let class_name = &self.class_name;
        let Some(types) = types.downcast::<Dict>() else {
            return Err(raise!(thread, SystemError, "_field_types is no dict"));
        };
        let (expression_context, load) = (load.class(), load);
        match types.get(field, thread)? {
            None => {
                let field = protocol::repr(field, thread)?.to_string_lossy();
                let ending = "This will become an error in Python 3.15.";
                let message = format_args!("Field {field} is missing from {class_name}._field_types. {ending}");
                thread.warn(DeprecationWarning, 1, message)
            }
            // An optional one: the class has None for it.
            Some(given) if given.is_exactly::<Union>() => Ok(()),
            Some(given) if given.is_exactly::<GenericAlias>() => {
                let list = List::empty(thread);
                let name = attribute_name(field, thread)?;
                protocol::set_attribute(self.node, name, Some(&list), thread)
            }
            Some(given) if expression_context.base().is_some_and(|base| given.is(base)) => {
                let name = attribute_name(field, thread)?;
                protocol::set_attribute(self.node, name, Some(load), thread)
            }
            Some(_) => {
                let field = protocol::repr(field, thread)?.to_string_lossy();
                let ending = "This will become an error in Python 3.15.";
                let message =
                    format_args!("{class_name}.__init__ missing 1 required positional argument: {field}. {ending}");
                thread.warn(DeprecationWarning, 1, message)
            }
        }
    }
}

fn initialize(node: &AstNode, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
    let class_name = node.class().full_name();
    let fields = required_attribute(node, "_fields", thread)?;
    let names = sequence(&fields, thread)?;
    let count = names.len();
    if arguments.length() > count {
        let plural = if count == 1 { "" } else { "s" };
        let name = node.class().short_name();
        let message = format_args!("{name} constructor takes at most {count} positional argument{plural}");
        return Err(raise!(thread, TypeError, "{message}"));
    }
    for (name, value) in names.iter().zip(arguments.items()) {
        let name = attribute_name(name, thread)?;
        protocol::set_attribute(node, name, Some(value), thread)?;
    }
    let mut remaining = distinct(&names, thread)?;
    for name in &names[..arguments.length()] {
        discard(&mut remaining, name, thread)?;
    }
    let mut work = Initialization { node, class_name, remaining };
    let mut attributes = None;
    for (key, value) in keywords.map(|it| it.items_snapshot(thread)).unwrap_or_default() {
        work.take_keyword(&key, &fields, &mut attributes, thread)?;
        let key = attribute_name(&key, thread)?;
        protocol::set_attribute(node, key, Some(&value), thread)?;
    }
    if work.remaining.is_empty() {
        return Ok(());
    }
    let Some(types) = class_attribute(node, "_field_types", thread)? else { return Ok(()) };
    let classes = Classes::of(thread)?;
    let Some(load) = classes.singleton(NodeClass::Load).cloned() else { return Ok(()) };
    for field in std::mem::take(&mut work.remaining) {
        work.fill(&field, &types, &load, thread)?;
    }
    Ok(())
}

/// `__replace__`: checks the names, then copies with them.
fn replace(node: &AstNode, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let class_name = node.class().full_name();
    let fields = names_of(node, "_fields", thread)?;
    let attributes = names_of(node, "_attributes", thread)?;
    let own = node.dict.get().map(|it| it.items_snapshot(thread)).unwrap_or_default();
    let given = keywords.map(|it| it.items_snapshot(thread)).unwrap_or_default();
    let mut expected = fields.clone();
    expected.extend(attributes.iter().cloned());
    let mut expected = distinct(&expected, thread)?;
    for (key, _) in &given {
        if !discard(&mut expected, key, thread)? {
            let key = protocol::repr(key, thread)?.to_string_lossy();
            let message = format_args!("{class_name}.__replace__ got an unexpected keyword argument {key}.");
            return Err(raise!(thread, TypeError, "{message}"));
        }
    }
    for (key, _) in &own {
        discard(&mut expected, key, thread)?;
    }
    for name in &attributes {
        discard(&mut expected, name, thread)?;
    }
    if let Some(types) = class_attribute(node, "_field_types", thread)?.as_ref().and_then(|it| it.downcast::<Dict>()) {
        for (field, given) in types.items_snapshot(thread) {
            if given.is_exactly::<Union>() {
                discard(&mut expected, &field, thread)?;
            }
        }
    }
    if !expected.is_empty() {
        let mut texts = Vec::new();
        for name in &expected {
            texts.push(protocol::repr(name, thread)?.to_string_lossy());
        }
        texts.sort();
        let (count, plural) = (texts.len(), if texts.len() == 1 { "" } else { "s" });
        let names = texts.join(", ");
        let message = format_args!("{class_name}.__replace__ missing {count} keyword argument{plural}: {names}.");
        return Err(raise!(thread, TypeError, "{message}"));
    }
    let values = Dict::new(thread);
    for name in fields.iter().chain(&attributes) {
        for (key, value) in &own {
            if protocol::equals(key, name, thread)? {
                values.set(name, value, thread)?;
            }
        }
    }
    for (key, value) in &given {
        values.set(key, value, thread)?;
    }
    let arguments = Tuple::empty(thread);
    let class = Py::from_ref(node.class());
    protocol::call_tuple(&class, &arguments, Some(&values), thread)
}

/// How deep `repr` goes.
const REPR_DEPTH: usize = 3;

fn repr_to_depth(node: &Object, depth: usize, thread: &mut Thread) -> PyResult<Py<Str>> {
    let class_name = node.class().full_name();
    if depth == 0 || thread.enter_repr(node) {
        return Ok(Str::from_str(&format!("{class_name}(...)"), thread));
    }
    let result = repr_fields(node, &class_name, depth, thread);
    thread.leave_repr(node);
    result
}

fn repr_fields(node: &Object, class_name: &str, depth: usize, thread: &mut Thread) -> PyResult<Py<Str>> {
    thread.check_stack(" while getting the repr of an object")?;
    let mut writer = StrBuilder::default();
    writer.push_str(class_name);
    writer.push_str("(");
    for (index, name) in names_of(node, "_fields", thread)?.into_iter().enumerate() {
        let name = attribute_name(&name, thread)?;
        let value = protocol::get_attribute(node, name, thread)?;
        let text = match items_of(&value, thread) {
            Some((items, brackets)) => repr_items(&items, brackets, depth - 1, thread)?,
            None => repr_value(&value, depth - 1, thread)?,
        };
        if index > 0 {
            writer.push_str(", ");
        }
        writer.push_view(name.view());
        writer.push_str("=");
        writer.push_view(text.view());
    }
    writer.push_str(")");
    Str::from_builder(writer, thread)
}

fn items_of(value: &Object, thread: &Thread) -> Option<(Vec<Py<Object>>, [&'static str; 2])> {
    if let Some(list) = value.downcast::<List>() {
        return Some((list.snapshot(thread), ["[", "]"]));
    }
    value.downcast::<Tuple>().map(|tuple| (tuple.items().to_vec(), ["(", ")"]))
}

/// The first and the last of some items.
fn repr_items(items: &[Py<Object>], brackets: [&str; 2], depth: usize, thread: &mut Thread) -> PyResult<Py<Str>> {
    let mut writer = StrBuilder::default();
    writer.push_str(brackets[0]);
    if let [first, rest @ ..] = items {
        writer.push_view(repr_value(first, depth, thread)?.view());
        if rest.len() > 1 {
            writer.push_str(", ...");
        }
        if let Some(last) = rest.last() {
            writer.push_str(", ");
            writer.push_view(repr_value(last, depth, thread)?.view());
        }
    }
    writer.push_str(brackets[1]);
    Str::from_builder(writer, thread)
}

fn repr_value(value: &Object, depth: usize, thread: &mut Thread) -> PyResult<Py<Str>> {
    match value.downcast::<AstNode>() {
        Some(_) => repr_to_depth(value, depth, thread),
        None => protocol::repr(value, thread),
    }
}

#[python_type(
    name = "ast.AST", base = BaseObject, flags(HEAPTYPE, BASETYPE, MUTABLE), dict_offset = offset_of!(AstNode, dict)
)]
impl AstNode {
    #[slot(tp_new)]
    fn new(class: &Type, _arguments: &Tuple, _keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<AstNode>> {
        AstNode::of_class(class, None, thread)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        initialize(self, arguments, keywords, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        repr_to_depth(self, REPR_DEPTH, thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let class = Py::from_ref(self.class()).into_object();
        let Some(dict) = instance_dict::dict(self, thread) else {
            let empty = Tuple::empty(thread).into_object();
            return Tuple::new(vec![class, empty], thread);
        };
        // Fields are given to the constructor, which would warn of those that are missing; their values follow with the dictionary.
        let mut arguments = Vec::new();
        for name in names_of(self, "_fields", thread)? {
            if !dict.contains(&name, thread)? {
                break;
            }
            arguments.push(thread.none());
        }
        let arguments = Tuple::new(arguments, thread)?.into_object();
        Tuple::new(vec![class, arguments, dict.into_object()], thread)
    }

    /// __replace__($self, /, **fields)
    /// --
    ///
    /// Return a copy of the AST node with new values for the specified fields.
    #[method]
    #[any_names]
    #[signature("($self, /, *args, **fields)")]
    fn __replace__(&self, args: &[&Object], fields: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Object>> {
        if !args.is_empty() {
            return Err(raise!(thread, TypeError, "__replace__() takes no positional arguments"));
        }
        replace(self, fields.as_deref(), thread)
    }

    #[getter(name = "__dict__")]
    fn __dict__(&self, thread: &mut Thread) -> Option<Py<Dict>> {
        instance_dict::dict(self, thread)
    }

    #[setter(name = "__dict__")]
    fn set_dict(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        instance_dict::set_dict(self, value, thread)
    }
}
