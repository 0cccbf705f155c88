//! Tests of the generated types and their reflection.

use bytecode::arena::Arena;

use super::reflect::{FieldValue, Quantity, Value};
use super::{NODE_CLASSES, Node, NodeClass, NodeRef, build, dump};
use crate::parser::{Mode, Options, parse};
use crate::source::{Source, SourceOptions};
use crate::string_literal::UnicodeNames;

/// `tests/record_parser.py` records the classes of the reference's module.
#[test]
fn classes_are_those_of_the_module_ast() {
    let names = |list: &[super::FieldInfo]| list.iter().map(|field| field.name).collect::<Vec<_>>().join(",");
    let found: Vec<String> = NODE_CLASSES
        .iter()
        .map(|class| {
            let base = class.base.map_or("AST", |base| base.info().name);
            let all = class.fields.iter().chain(class.attributes);
            let optional = all.filter(|field| field.quantity == Quantity::Optional).map(|field| field.name);
            let optional = optional.collect::<Vec<_>>().join(",");
            let doc = class.doc.replace('\n', "\\n");
            [class.name, base, &names(class.fields), &names(class.attributes), &optional, &doc].join("\t")
        })
        .collect();
    let expected: Vec<&str> = include_str!("../../tests/data/ast_classes.txt").lines().collect();
    assert_eq!(found, expected);
    assert!(NODE_CLASSES.iter().enumerate().all(|(index, class)| class.class as usize == index));
}

#[test]
fn trees_can_be_taken_apart_and_put_together() {
    let programs = include_str!("../../tests/data/trees.txt").lines().filter_map(|line| line.strip_prefix(">>> exec "));
    for program in programs.map(|text| text.replace("\\n", "\n")) {
        let Ok(source) = Source::from_text(&program, SourceOptions::default()) else { continue };
        let arena = Arena::new();
        let Ok(parsed) = parse(&source, &arena, Mode::Module, Options::new(&UnicodeNames)) else { continue };
        let interner = &parsed.tree.interner;
        let original = NodeRef::Mod(&parsed.tree.module);
        let Node::Mod(copy) = copied(original, &arena) else { panic!("a module's copy is one") };
        assert_eq!(dump::dump(NodeRef::Mod(&copy), interner, true), dump::dump(original, interner, true));
    }
}

fn copied<'t>(node: NodeRef<'_, 't>, arena: &'t Arena) -> Node<'t> {
    let values = node.fields().into_iter().map(|value| owned(value, arena)).collect();
    build(node.class(), values, node.span().unwrap_or_default(), arena).expect("a node's own fields fit")
}

fn owned<'t>(value: FieldValue<'_, 't>, arena: &'t Arena) -> Value<'t> {
    match value {
        FieldValue::None => Value::None,
        FieldValue::Node(node) => Value::Node(Box::new(copied(node, arena))),
        FieldValue::List(values) => Value::List(values.into_iter().map(|value| owned(value, arena)).collect()),
        FieldValue::Identifier(name) => Value::Identifier(name),
        FieldValue::Text(text) => Value::Text(text),
        FieldValue::Int(number) => Value::Int(number),
        FieldValue::Constant(constant) => Value::Constant(constant),
    }
}

#[test]
fn wrong_fields_are_told_by_their_index() {
    let arena = Arena::new();
    let error = build(NodeClass::Return, vec![Value::Int(1)], Default::default(), &arena).expect_err("no expression");
    assert_eq!(error.index, 0);
    let error = build(NodeClass::Pass, vec![Value::None], Default::default(), &arena).expect_err("one too many");
    assert_eq!(error.index, 0);
    assert!(build(NodeClass::Global, Vec::new(), Default::default(), &arena).is_err());
}
