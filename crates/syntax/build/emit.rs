//! Writes the Rust of the AST: one struct for each constructor with fields, one enum for each sum, and the code that
//! makes a reflective view of a node and builds a node from field values.

use std::fmt::Write;

use crate::asdl::{Body, Constructor, Definition, Field, Quantity};

/// The Rust names of the grammar's types.
const TYPE_NAMES: &[(&str, &str)] = &[
    ("identifier", "Symbol"),
    ("string", "Wtf8"),
    ("int", "i32"),
    ("constant", "ConstantValue"),
    ("mod", "Mod"),
    ("stmt", "Stmt"),
    ("expr", "Expr"),
    ("expr_context", "ExprContext"),
    ("boolop", "BooleanOperator"),
    ("operator", "Operator"),
    ("unaryop", "UnaryOperator"),
    ("cmpop", "ComparisonOperator"),
    ("comprehension", "Comprehension"),
    ("excepthandler", "ExceptHandler"),
    ("arguments", "Arguments"),
    ("arg", "Arg"),
    ("keyword", "Keyword"),
    ("alias", "Alias"),
    ("withitem", "WithItem"),
    ("match_case", "MatchCase"),
    ("pattern", "Pattern"),
    ("type_ignore", "TypeIgnore"),
    ("type_param", "TypeParam"),
];

const SCALARS: &[&str] = &["identifier", "string", "int", "constant"];

/// The whole generated file.
pub fn emit(definitions: &[Definition]) -> String {
    let mut out = String::from("// Generated from ast.asdl by build/emit.rs.\n\n");
    for definition in definitions {
        emit_types(&mut out, definition, definitions);
    }
    emit_classes(&mut out, definitions);
    emit_node_enums(&mut out, definitions);
    for definition in definitions {
        emit_reflection(&mut out, definition, definitions);
    }
    emit_build(&mut out, definitions);
    out
}

macro_rules! line {
    ($out:expr, $($argument:tt)*) => { writeln!($out, $($argument)*).expect("writing to a string succeeds") };
}

fn type_name(name: &str) -> &'static str {
    let found = TYPE_NAMES.iter().find(|(asdl, _)| *asdl == name);
    found.unwrap_or_else(|| panic!("build/emit.rs names no Rust type for {name}")).1
}

/// The structs of constructors that are not named after them: the statement `Expr`, whose name the sum `expr` has, and
/// constructors that share a struct because they have the same fields and are treated alike.
const PAYLOAD_NAMES: &[(&str, &str)] = &[
    ("Expr", "ExpressionStatement"),
    ("AsyncFunctionDef", "FunctionDef"),
    ("AsyncFor", "For"),
    ("AsyncWith", "With"),
    ("TryStar", "Try"),
    ("ListComp", "ElementComprehension"),
    ("SetComp", "ElementComprehension"),
    ("GeneratorExp", "ElementComprehension"),
];

/// The struct of a constructor.
fn payload_name(constructor: &str) -> &str {
    PAYLOAD_NAMES.iter().find(|(name, _)| *name == constructor).map_or(constructor, |(_, payload)| payload)
}

/// The class of a sum that has the same Rust name as a constructor's would be ambiguous, so sums keep ASDL's name.
fn class_name(name: &str) -> String {
    if name.starts_with(char::is_uppercase) { name.to_owned() } else { format!("{}Base", camel(name)) }
}

fn camel(name: &str) -> String {
    name.split('_').map(|part| part[..1].to_uppercase() + &part[1..]).collect()
}

fn field_name(name: &str) -> String {
    if name == "type" { "type_".to_owned() } else { name.to_owned() }
}

/// What optional fields hardly ever have: it lies elsewhere, so that it takes no room if it is missing.
const RARE: &[&str] = &["string", "arg"];

fn field_type(field: &Field, definitions: &[Definition]) -> String {
    let base = lifetime_type(&field.type_name, definitions);
    match field.quantity {
        Quantity::One => base,
        Quantity::Optional if RARE.contains(&field.type_name.as_str()) => format!("Option<&'t mut {base}>"),
        Quantity::Optional => format!("Option<{base}>"),
        Quantity::Sequence => format!("ArenaList<'t, {base}>"),
        Quantity::OptionalSequence => format!("ArenaList<'t, Option<{base}>>"),
    }
}

/// `<'t>` for a type of the grammar that refers to an arena.
fn lifetime(type_name: &str, definitions: &[Definition]) -> &'static str {
    let refers = match definitions.iter().find(|other| other.name == type_name) {
        None => ["string", "constant"].contains(&type_name),
        Some(definition) => match struct_fields(definition) {
            Some(fields) => fields_refer(fields, definitions),
            None => !definition.is_enumeration(),
        },
    };
    if refers { "<'t>" } else { "" }
}

/// Whether a struct of these fields refers to an arena.
fn fields_refer(fields: &[Field], definitions: &[Definition]) -> bool {
    fields.iter().any(|field| match field.quantity {
        Quantity::Sequence | Quantity::OptionalSequence => true,
        Quantity::One | Quantity::Optional => !lifetime(&field.type_name, definitions).is_empty(),
    })
}

fn payload_lifetime(constructor: &Constructor, definitions: &[Definition]) -> &'static str {
    if fields_refer(&constructor.fields, definitions) { "<'t>" } else { "" }
}

fn lifetime_type(name: &str, definitions: &[Definition]) -> String {
    format!("{}{}", type_name(name), lifetime(name, definitions))
}

/// Whether a constructor's struct lies in its sum's variant itself. A leaf does, if it is small: names are what most
/// expressions consist of, and an allocation for each would cost more than the bytes.
fn is_inline(constructor: &Constructor, definitions: &[Definition]) -> bool {
    let is_small = |field: &Field| {
        let enumeration = definitions.iter().any(|other| other.name == field.type_name && other.is_enumeration());
        let scalar = ["identifier", "string", "int"].contains(&field.type_name.as_str());
        (enumeration || scalar) && matches!(field.quantity, Quantity::One | Quantity::Optional)
    };
    let texts = constructor.fields.iter().filter(|field| ["identifier", "string"].contains(&field.type_name.as_str()));
    texts.count() <= 1 && constructor.fields.iter().all(is_small)
}

/// For enums whose tag would be a byte before seven unused ones. Nodes are moved word by word, and a processor that has just
/// written a byte waits before it can read the word around it. Besides, the tag is then a field of its own: if it shared one
/// with a field of the smallest leaf, everyone who looks at a node would have to take them apart.
const WORD_WIDE: &str = "#[repr(u64)]\n";

/// A sum with one constructor is that constructor's struct.
fn only_constructor(definition: &Definition) -> Option<&Constructor> {
    match &definition.body {
        Body::Sum(constructors) if constructors.len() == 1 => constructors.first(),
        _ => None,
    }
}

/// The fields of a definition that is one struct.
fn struct_fields(definition: &Definition) -> Option<&[Field]> {
    match &definition.body {
        Body::Product(fields) => Some(fields),
        Body::Sum(_) => only_constructor(definition).map(|constructor| constructor.fields.as_slice()),
    }
}

fn constructor_doc(constructor: &Constructor) -> String {
    if constructor.fields.is_empty() {
        return constructor.name.clone();
    }
    format!("{}({})", constructor.name, fields_doc(&constructor.fields))
}

fn fields_doc(fields: &[Field]) -> String {
    let texts = fields.iter().map(|field| format!("{}{} {}", field.type_name, field.quantity.suffix(), field.name));
    texts.collect::<Vec<_>>().join(", ")
}

fn definition_doc(definition: &Definition) -> String {
    match &definition.body {
        Body::Product(fields) => format!("{}({})", definition.name, fields_doc(fields)),
        Body::Sum(constructors) => {
            let separator = match definition.is_enumeration() {
                true => " | ".to_owned(),
                false => format!("\n{}| ", " ".repeat(definition.name.len() + 1)),
            };
            let texts = constructors.iter().map(constructor_doc).collect::<Vec<_>>();
            format!("{} = {}", definition.name, texts.join(&separator))
        }
    }
}

fn emit_struct(
    out: &mut String,
    name: &str,
    doc: &str,
    (fields, has_span): (&[Field], bool),
    definitions: &[Definition],
) {
    let generics = if fields_refer(fields, definitions) { "<'t>" } else { "" };
    line!(out, "/// `{doc}`");
    line!(out, "#[derive(Debug)]\npub struct {name}{generics} {{");
    for field in fields {
        line!(out, "    pub {}: {},", field_name(&field.name), field_type(field, definitions));
    }
    if has_span {
        line!(out, "    pub span: Span,");
    }
    line!(out, "}}\n");
}

fn emit_types(out: &mut String, definition: &Definition, definitions: &[Definition]) {
    let name = type_name(&definition.name);
    let has_span = !definition.attributes.is_empty();
    if let Some(fields) = struct_fields(definition) {
        return emit_struct(out, name, &definition_doc(definition), (fields, has_span), definitions);
    }
    let Body::Sum(constructors) = &definition.body else { return };
    if definition.is_enumeration() {
        line!(out, "/// `{}`", definition_doc(definition));
        line!(out, "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\npub enum {name} {{");
        for constructor in constructors {
            line!(out, "    {},", constructor.name);
        }
        return line!(out, "}}\n");
    }
    if has_span {
        line!(out, "/// A node of the sum `{}`, with its place.", definition.name);
        line!(
            out,
            "#[derive(Debug)]\npub struct {name}<'t> {{\n    pub kind: {name}Kind<'t>,\n    pub span: Span,\n}}\n"
        );
        line!(out, "/// What a [`{name}`] is.");
        line!(out, "#[derive(Debug)]\n{WORD_WIDE}pub enum {name}Kind<'t> {{");
    } else {
        line!(out, "/// A node of the sum `{}`.", definition.name);
        line!(out, "#[derive(Debug)]\npub enum {name}<'t> {{");
    }
    for constructor in constructors {
        let payload = payload_name(&constructor.name);
        let generics = payload_lifetime(constructor, definitions);
        match (constructor.fields.is_empty(), is_inline(constructor, definitions)) {
            (true, _) => line!(out, "    {},", constructor.name),
            (false, true) => line!(out, "    {}({payload}{generics}),", constructor.name),
            (false, false) => line!(out, "    {}(&'t mut {payload}{generics}),", constructor.name),
        }
    }
    line!(out, "}}\n");
    emit_payloads(out, name, constructors, has_span, definitions);
}

fn emit_payloads(
    out: &mut String,
    sum: &str,
    constructors: &[Constructor],
    has_span: bool,
    definitions: &[Definition],
) {
    let with_fields: Vec<&Constructor> = constructors.iter().filter(|other| !other.fields.is_empty()).collect();
    for (index, constructor) in with_fields.iter().enumerate() {
        let payload = payload_name(&constructor.name);
        let shares = |other: &&&Constructor| payload_name(&other.name) == payload;
        if with_fields[..index].iter().any(|other| shares(&other)) {
            continue;
        }
        let sharers: Vec<String> = with_fields.iter().filter(shares).map(|other| constructor_doc(other)).collect();
        emit_struct(out, payload, &sharers.join("`\n/// `"), (&constructor.fields, false), definitions);
        if has_span && sharers.len() == 1 {
            emit_from(out, sum, constructor, definitions);
        }
    }
}

/// `payload.at(span, arena)` makes the node, which is how the parser writes them; small leaves need no arena.
fn emit_from(out: &mut String, sum: &str, constructor: &Constructor, definitions: &[Definition]) {
    let payload = payload_name(&constructor.name);
    let generics = payload_lifetime(constructor, definitions);
    let inline = is_inline(constructor, definitions);
    let (of_impl, of_function) = if generics.is_empty() { ("", "<'t>") } else { ("<'t>", "") };
    let (parameter, value) = if inline { ("", "self") } else { (", arena: &'t Arena", "arena.put(self)") };
    line!(out, "impl{of_impl} {payload}{generics} {{\n    /// The node with this content at this place.");
    line!(out, "    #[inline]\n    pub fn at{of_function}(self, span: Span{parameter}) -> {sum}<'t> {{");
    line!(out, "        {sum} {{ kind: {sum}Kind::{}({value}), span }}\n    }}\n}}\n", constructor.name);
}

fn emit_classes(out: &mut String, definitions: &[Definition]) {
    let mut names = Vec::new();
    let mut rows = String::new();
    for definition in definitions {
        let class = class_name(&definition.name);
        let fields: &[Field] = match &definition.body {
            Body::Product(fields) => fields,
            Body::Sum(_) => &[],
        };
        let row = (definition.name.as_str(), class.clone(), "None".to_owned(), definition_doc(definition));
        emit_class_row(&mut rows, row, fields, &definition.attributes);
        names.push((class.clone(), definition.name.clone()));
        if let Body::Sum(constructors) = &definition.body {
            for constructor in constructors {
                let base = format!("Some(NodeClass::{class})");
                let row = (constructor.name.as_str(), constructor.name.clone(), base, constructor_doc(constructor));
                emit_class_row(&mut rows, row, &constructor.fields, &definition.attributes);
                names.push((constructor.name.clone(), constructor.name.clone()));
            }
        }
    }
    line!(out, "/// A class of the module `ast`; those of sums and products, in lower case in Python, end in `Base`.");
    line!(out, "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\n#[repr(u8)]\npub enum NodeClass {{");
    for (class, name) in &names {
        line!(out, "    /// `{name}`\n    {class},");
    }
    line!(out, "}}\n\n/// All classes, in the order of [`NodeClass`].");
    line!(out, "pub static NODE_CLASSES: [ClassInfo; {}] = [\n{rows}];\n", names.len());
}

fn emit_class_row(out: &mut String, row: (&str, String, String, String), fields: &[Field], attributes: &[Field]) {
    let (name, class, base, doc) = row;
    line!(
        out,
        "    ClassInfo {{\n        class: NodeClass::{class},\n        name: \"{name}\",\n        base: {base},"
    );
    line!(out, "        doc: {doc:?},");
    for (label, list) in [("fields", fields), ("attributes", attributes)] {
        line!(out, "        {label}: &[");
        for field in list {
            let scalar = match SCALARS.contains(&field.type_name.as_str()) {
                true => format!("FieldType::{}", camel(&field.type_name)),
                false => format!("FieldType::Node(NodeClass::{})", class_name(&field.type_name)),
            };
            let quantity = match field.quantity {
                Quantity::One => "One",
                Quantity::Optional => "Optional",
                Quantity::Sequence => "Sequence",
                Quantity::OptionalSequence => "OptionalSequence",
            };
            let name = &field.name;
            line!(
                out,
                "            FieldInfo {{ name: \"{name}\", field_type: {scalar}, quantity: Quantity::{quantity} }},"
            );
        }
        line!(out, "        ],");
    }
    line!(out, "    }},");
}

fn emit_node_enums(out: &mut String, definitions: &[Definition]) {
    line!(out, "/// A node of any type, owned.\n#[derive(Debug)]\npub enum Node<'t> {{");
    for definition in definitions {
        let name = type_name(&definition.name);
        line!(out, "    {name}({}),", lifetime_type(&definition.name, definitions));
    }
    line!(out, "}}\n\n/// A node of any type, borrowed.\n#[derive(Clone, Copy, Debug)]\npub enum NodeRef<'a, 't> {{");
    for definition in definitions {
        let name = type_name(&definition.name);
        line!(out, "    {name}(&'a {}),", lifetime_type(&definition.name, definitions));
    }
    line!(out, "}}\n\nimpl<'a, 't> NodeRef<'a, 't> {{");
    line!(out, "    /// The most derived class.\n    pub fn class(self) -> NodeClass {{\n        match self {{");
    for definition in definitions {
        let name = type_name(&definition.name);
        line!(out, "            NodeRef::{name}(node) => node.class(),");
    }
    line!(
        out,
        "        }}\n    }}\n\n    /// The values of the fields, in the order of the class's [`ClassInfo::fields`]."
    );
    line!(out, "    pub fn fields(self) -> Vec<FieldValue<'a, 't>> {{\n        match self {{");
    for definition in definitions {
        let name = type_name(&definition.name);
        line!(out, "            NodeRef::{name}(node) => node.fields(),");
    }
    line!(out, "        }}\n    }}\n\n    /// The place, for classes with attributes.");
    line!(out, "    pub fn span(self) -> Option<Span> {{\n        match self {{");
    for definition in definitions {
        let name = type_name(&definition.name);
        match definition.attributes.is_empty() {
            true => line!(out, "            NodeRef::{name}(_) => None,"),
            false => line!(out, "            NodeRef::{name}(node) => Some(node.span),"),
        }
    }
    line!(out, "        }}\n    }}\n}}\n");
}

fn views(fields: &[Field], owner: &str) -> String {
    let texts = fields.iter().map(|field| format!("{owner}.{}.view()", field_name(&field.name)));
    texts.collect::<Vec<_>>().join(", ")
}

/// `class`, `fields` and the trait `Field` for one type.
fn emit_reflection(out: &mut String, definition: &Definition, definitions: &[Definition]) {
    let name = type_name(&definition.name);
    let generics = lifetime(&definition.name, definitions);
    let of_fields = if generics.is_empty() { "<'t>" } else { "" };
    line!(out, "impl{generics} {name}{generics} {{\n    fn class(&self) -> NodeClass {{");
    let base = class_name(&definition.name);
    if let Some(fields) = struct_fields(definition) {
        let class = only_constructor(definition).map_or(base, |constructor| constructor.name.clone());
        line!(
            out,
            "        NodeClass::{class}\n    }}\n\n    fn fields{of_fields}(&self) -> Vec<FieldValue<'_, 't>> {{"
        );
        line!(out, "        vec![{}]\n    }}\n}}\n", views(fields, "self"));
    } else if let Body::Sum(constructors) = &definition.body {
        let (place, kind) = match definition.attributes.is_empty() {
            true => ("self", name.to_owned()),
            false => ("&self.kind", format!("{name}Kind")),
        };
        line!(out, "        match {place} {{");
        for Constructor { name, fields } in constructors {
            let payload = if fields.is_empty() { "" } else { "(_)" };
            line!(out, "            {kind}::{name}{payload} => NodeClass::{name},");
        }
        line!(out, "        }}\n    }}\n\n    fn fields{of_fields}(&self) -> Vec<FieldValue<'_, 't>> {{");
        if definition.is_enumeration() {
            line!(out, "        Vec::new()");
        } else {
            line!(out, "        match {place} {{");
            for Constructor { name, fields } in constructors {
                match fields.is_empty() {
                    true => line!(out, "            {kind}::{name} => Vec::new(),"),
                    false => line!(out, "            {kind}::{name}(node) => vec![{}],", views(fields, "node")),
                }
            }
            line!(out, "        }}");
        }
        line!(out, "    }}\n}}\n");
    }
    line!(out, "impl<'t> Field<'t> for {name}{generics} {{\n    fn view(&self) -> FieldValue<'_, 't> {{");
    line!(out, "        FieldValue::Node(NodeRef::{name}(self))\n    }}\n");
    line!(
        out,
        "    fn build(value: Value<'t>, _arena: &'t Arena) -> Option<Self> {{\n        let Value::Node(node) = value else {{ return None }};"
    );
    line!(out, "        if let Node::{name}(node) = *node {{ Some(node) }} else {{ None }}\n    }}\n}}\n");
}

/// `build`: a node from its class and field values.
fn emit_build(out: &mut String, definitions: &[Definition]) {
    line!(
        out,
        "/// The node of this class with these field values (in the order of [`ClassInfo::fields`]) at this place."
    );
    line!(out, "pub fn build<'t>(");
    line!(out, "    class: NodeClass,\n    values: Vec<Value<'t>>,\n    span: Span,\n    arena: &'t Arena,");
    line!(out, ") -> Result<Node<'t>, WrongField> {{");
    line!(out, "    let mut reader = FieldReader::new(values, arena);\n    let node = match class {{");
    for definition in definitions {
        let name = type_name(&definition.name);
        let span = if definition.attributes.is_empty() { "" } else { " span," };
        let reads = |fields: &[Field]| {
            fields.iter().map(|field| format!(" {}: reader.next()?,", field_name(&field.name))).collect::<String>()
        };
        if let Some(fields) = struct_fields(definition) {
            let base = class_name(&definition.name);
            let class = only_constructor(definition).map_or(base, |constructor| constructor.name.clone());
            line!(out, "        NodeClass::{class} => Node::{name}({name} {{{}{span} }}),", reads(fields));
            continue;
        }
        let Body::Sum(constructors) = &definition.body else { continue };
        for constructor in constructors {
            let payload = match constructor.fields.is_empty() {
                true => String::new(),
                false => {
                    let content = format!("{} {{{} }}", payload_name(&constructor.name), reads(&constructor.fields));
                    let inline = is_inline(constructor, definitions);
                    if inline { format!("({content})") } else { format!("(arena.put({content}))") }
                }
            };
            let class = &constructor.name;
            match definition.attributes.is_empty() {
                true => line!(out, "        NodeClass::{class} => Node::{name}({name}::{class}{payload}),"),
                false => line!(
                    out,
                    "        NodeClass::{class} => Node::{name}({name} {{ kind: {name}Kind::{class}{payload}, span }}),"
                ),
            }
        }
    }
    line!(out, "        _ => return Err(WrongField {{ index: 0 }}),\n    }};\n    reader.finish()?;\n    Ok(node)\n}}");
}
