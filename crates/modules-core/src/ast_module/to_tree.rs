//! From objects to a tree: what `compile()` does with a node before it compiles.
//!
//! Whatever the objects are, the result is a tree of the right types: what is missing, or of the wrong type, raises what CPython raises for it.

use builtins::bytes::Bytes;
use builtins::complex::Complex;
use builtins::set::FrozenSet;
use bytecode::arena::Arena;
use bytecode::constant::Constant;
use numeric::signed::Signed;
use objects::bool::Bool;
use objects::errors::{PyResult, Raised};
use objects::float::Float;
use objects::int::Int;
use objects::list::List;
use objects::none::EllipsisType;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use syntax::ast::reflect::{ClassInfo, FieldInfo, FieldType, Quantity, Value};
use syntax::ast::validate::impossible_constant;
use syntax::ast::{NODE_CLASSES, Node, NodeClass, Tree, build};
use syntax::interner::Interner;
use syntax::token::{Position, Span};
use text::builder::to_wtf8;

use super::classes::Classes;

/// The tree of a node that must be of a class, one of those that `mod` is the sum of.
pub fn tree_from_object<'t>(
    object: &Object,
    expected: NodeClass,
    arena: &'t Arena,
    thread: &mut Thread,
) -> PyResult<Tree<'t>> {
    let classes = Classes::of(thread)?;
    if !protocol::is_instance(object, classes.get(expected), thread)? {
        let (expected, found) = (expected.info().name, object.class().full_name());
        return Err(raise!(thread, TypeError, "expected {expected} node, got {found}"));
    }
    let mut reader = Reader { classes: &classes, arena, interner: Interner::new(arena), list_with_none: None };
    let module = reader.node(object, NodeClass::ModBase, thread)?;
    if let Some(kind) = reader.list_with_none {
        return Err(raise!(thread, ValueError, "None disallowed in {kind} list"));
    }
    match module {
        Some(Node::Mod(module)) => Ok(Tree { module, interner: reader.interner, arena, lines_to_preprocess: None }),
        _ => Err(raise!(thread, TypeError, "expected {} node, got another", expected.info().name)),
    }
}

struct Reader<'a, 't> {
    classes: &'a Classes,
    arena: &'t Arena,
    interner: Interner<'t>,
    /// What the first list is of that holds None though it must not: told when everything else has turned out to be of the right types.
    list_with_none: Option<&'static str>,
}

impl<'t> Reader<'_, 't> {
    /// The node that an object stands for, of a sum or product; None for None.
    fn node(&mut self, object: &Object, wanted: NodeClass, thread: &mut Thread) -> PyResult<Option<Node<'t>>> {
        let is_sum = NODE_CLASSES.iter().any(|it| it.base == Some(wanted));
        let name = wanted.info().name;
        thread.check_stack(&format!(" while traversing '{name}' node"))?;
        if !is_sum {
            let values = self.fields(object, wanted, thread)?;
            let span = self.span(object, wanted, wanted, thread)?;
            return self.build(wanted, values, span, thread).map(Some);
        }
        let is_enumeration = !NODE_CLASSES.iter().any(|it| it.base == Some(wanted) && !it.fields.is_empty());
        let is_enumeration = is_enumeration && wanted.info().attributes.is_empty();
        if object.is_none() && !is_enumeration {
            return Ok(None);
        }
        let exact = self.classes.find(object.class()).filter(|it| it.info().base == Some(wanted));
        let span = self.span(object, wanted, wanted, thread)?;
        let Some(class) = (match exact {
            Some(class) => Some(class),
            None => self.constructor(object, wanted, thread)?,
        }) else {
            return Err(raise_unexpected(object, name, thread));
        };
        let values = self.fields(object, class, thread)?;
        self.build(class, values, span, thread).map(Some)
    }

    /// Of which constructor of a sum the object is an instance.
    fn constructor(&self, object: &Object, sum: NodeClass, thread: &mut Thread) -> PyResult<Option<NodeClass>> {
        for ClassInfo { class, .. } in NODE_CLASSES.iter().filter(|it| it.base == Some(sum)) {
            if protocol::is_instance(object, self.classes.get(*class), thread)? {
                return Ok(Some(*class));
            }
        }
        Ok(None)
    }

    fn build(&self, class: NodeClass, values: Vec<Value<'t>>, span: Span, thread: &mut Thread) -> PyResult<Node<'t>> {
        build(class, values, span, self.arena).map_err(|wrong| {
            let info = class.info();
            let field = info.fields.get(wrong.index).map_or("", |it| it.name);
            raise!(thread, ValueError, "field '{field}' is required for {}", info.name)
        })
    }

    /// The place that an object says it has. An end that is missing is where the node begins.
    fn span(&self, object: &Object, sum: NodeClass, named: NodeClass, thread: &mut Thread) -> PyResult<Span> {
        let mut places = [0; 4];
        for (index, info) in sum.info().attributes.iter().enumerate() {
            let name = &self.classes.attributes(sum)[index];
            let value = protocol::lookup_attribute(object, name, thread)?;
            places[index] = match value {
                Some(value) if info.quantity != Quantity::Optional || !value.is_none() => integer(&value, thread)?,
                None if info.quantity != Quantity::Optional => return Err(raise_missing(info, named, thread)),
                _ => places[index - 2],
            };
        }
        let [line, column, end_line, end_column] = places.map(|it| it as u32);
        let start = Position { line, column };
        Ok(Span { start, end: Position { line: end_line, column: end_column } })
    }

    fn fields(&mut self, object: &Object, class: NodeClass, thread: &mut Thread) -> PyResult<Vec<Value<'t>>> {
        let info = class.info();
        let mut values = Vec::with_capacity(info.fields.len());
        for (field, name) in info.fields.iter().zip(self.classes.fields(class)) {
            let value = protocol::lookup_attribute(object, name, thread)?;
            values.push(match (value, field.quantity) {
                (None, Quantity::One) => return Err(raise_missing(field, class, thread)),
                (None, Quantity::Optional) => Value::None,
                (None, _) => Value::List(Vec::new()),
                (Some(value), Quantity::Optional) if value.is_none() => Value::None,
                (Some(value), Quantity::One | Quantity::Optional) => self.value(&value, field, thread)?,
                (Some(value), _) => self.list(&value, field, class, thread)?,
            });
        }
        Ok(values)
    }

    fn list(
        &mut self,
        value: &Object,
        field: &FieldInfo,
        class: NodeClass,
        thread: &mut Thread,
    ) -> PyResult<Value<'t>> {
        let (owner, name) = (class.info().name, field.name);
        let Some(list) = value.downcast::<List>() else {
            let found = value.class().full_name();
            return Err(raise!(thread, TypeError, "{owner} field \"{name}\" must be a list, not a {found}"));
        };
        let length = list.length();
        let mut values = Vec::with_capacity(length);
        for index in 0..length {
            let item = list.get(index, thread);
            let Some(item) = item.filter(|_| list.length() == length) else {
                let message = format_args!("{owner} field \"{name}\" changed size during iteration");
                return Err(raise!(thread, RuntimeError, "{message}"));
            };
            let value = match field.quantity {
                Quantity::OptionalSequence if item.is_none() => Value::None,
                _ => self.value(&item, field, thread)?,
            };
            if matches!(value, Value::None) && field.quantity == Quantity::Sequence {
                self.list_with_none.get_or_insert(kind_of_list(field));
                continue;
            }
            values.push(value);
        }
        if list.length() != length {
            let message = format_args!("{owner} field \"{name}\" changed size during iteration");
            return Err(raise!(thread, RuntimeError, "{message}"));
        }
        Ok(Value::List(values))
    }

    fn value(&mut self, value: &Object, field: &FieldInfo, thread: &mut Thread) -> PyResult<Value<'t>> {
        Ok(match field.field_type {
            FieldType::Node(class) => match self.node(value, class, thread)? {
                Some(node) => Value::Node(Box::new(node)),
                None => Value::None,
            },
            FieldType::Identifier => match value.downcast_exact::<Str>() {
                Some(text) => Value::Identifier(self.interner.intern(to_wtf8(text.view()).view())),
                None if value.is_none() => Value::None,
                None => return Err(raise!(thread, TypeError, "AST identifier must be of type str")),
            },
            FieldType::String => match (value.downcast_exact::<Str>(), value.downcast_exact::<Bytes>()) {
                (Some(text), _) => Value::Text(self.arena.text(to_wtf8(text.view()).view())),
                (None, Some(bytes)) => Value::Text(self.arena.text_of(&String::from_utf8_lossy(bytes.as_slice()))),
                (None, None) => return Err(raise!(thread, TypeError, "AST string must be of type str")),
            },
            FieldType::Int => Value::Int(integer(value, thread)?),
            FieldType::Constant => Value::Constant(constant(value, self.arena, thread)?),
        })
    }
}

fn kind_of_list(field: &FieldInfo) -> &'static str {
    match field.field_type {
        FieldType::Node(NodeClass::StmtBase) => "statement",
        FieldType::Node(NodeClass::ExprBase) => "expression",
        FieldType::Node(class) => class.info().name,
        _ => "identifier",
    }
}

#[cold]
fn raise_missing(field: &FieldInfo, class: NodeClass, thread: &mut Thread) -> Raised {
    raise!(thread, TypeError, "required field \"{}\" missing from {}", field.name, class.info().name)
}

#[cold]
fn raise_unexpected(object: &Object, expected: &str, thread: &mut Thread) -> Raised {
    match protocol::repr(object, thread) {
        Ok(found) => {
            raise!(thread, TypeError, "expected some sort of {expected}, but got {}", found.to_string_lossy())
        }
        Err(raised) => raised,
    }
}

/// A number of a node: a place, a level, a flag.
fn integer(value: &Object, thread: &mut Thread) -> PyResult<i32> {
    let Some(number) = value.downcast::<Int>() else {
        let found = protocol::repr(value, thread)?.to_string_lossy();
        return Err(raise!(thread, ValueError, "invalid integer value: {found}"));
    };
    match number.to_i64().and_then(|it| i32::try_from(it).ok()) {
        Some(number) => Ok(number),
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C int")),
    }
}

/// A constant: of a type that code can have constants of, or what tells `validate` that it is not.
fn constant<'t>(value: &Object, arena: &'t Arena, thread: &mut Thread) -> PyResult<Constant<'t>> {
    thread.check_stack(" during compilation")?;
    if value.is_none() {
        return Ok(Constant::None);
    }
    if value.is(EllipsisType::get()) {
        return Ok(Constant::Ellipsis);
    }
    if value.is_exactly::<Bool>() {
        return Ok(Constant::Bool(value.is(Bool::get(true))));
    }
    if let Some(number) = value.downcast_exact::<Int>() {
        return Ok(Constant::Integer(arena.integer(Signed::new(number.is_negative(), number.digits()))));
    }
    if let Some(number) = value.downcast_exact::<Float>() {
        return Ok(Constant::Float(number.value()));
    }
    if let Some(number) = value.downcast_exact::<Complex>() {
        return Ok(Constant::Complex { real: number.real(), imaginary: number.imaginary() });
    }
    if let Some(text) = value.downcast_exact::<Str>() {
        return Ok(Constant::String(arena.text(to_wtf8(text.view()).view())));
    }
    if let Some(bytes) = value.downcast_exact::<Bytes>() {
        return Ok(Constant::Bytes(arena.copies(bytes.as_slice())));
    }
    if let Some(tuple) = value.downcast_exact::<Tuple>() {
        return Ok(Constant::Tuple(constants(tuple.items().to_vec(), arena, thread)?));
    }
    if value.is_exactly::<FrozenSet>() {
        let items = protocol::to_tuple(value, thread)?;
        return Ok(Constant::FrozenSet(constants(items.items().to_vec(), arena, thread)?));
    }
    Ok(impossible_constant(&value.class().full_name(), arena))
}

fn constants<'t>(items: Vec<Py<Object>>, arena: &'t Arena, thread: &mut Thread) -> PyResult<&'t [Constant<'t>]> {
    let constants = items.iter().map(|item| constant(item, arena, thread)).collect::<PyResult<Vec<_>>>()?;
    Ok(arena.copies(&constants))
}
