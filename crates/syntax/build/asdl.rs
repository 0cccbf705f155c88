//! Reads the ASDL table: the small language of `ast.asdl`, as Wang, Appel, Korn and Serra's «The Zephyr Abstract Syntax
//! Description Language» (1997) defines it, with `?*` for sequences of optional elements.

/// One type of the abstract grammar.
pub struct Definition {
    pub name: String,
    pub body: Body,
    pub attributes: Vec<Field>,
}

pub enum Body {
    Sum(Vec<Constructor>),
    Product(Vec<Field>),
}

pub struct Constructor {
    pub name: String,
    pub fields: Vec<Field>,
}

pub struct Field {
    pub type_name: String,
    pub quantity: Quantity,
    pub name: String,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Quantity {
    One,
    Optional,
    Sequence,
    OptionalSequence,
}

impl Quantity {
    pub fn suffix(self) -> &'static str {
        match self {
            Quantity::One => "",
            Quantity::Optional => "?",
            Quantity::Sequence => "*",
            Quantity::OptionalSequence => "?*",
        }
    }
}

impl Definition {
    /// A sum whose constructors have no fields: an enumeration.
    pub fn is_enumeration(&self) -> bool {
        match &self.body {
            Body::Sum(constructors) => constructors.iter().all(|constructor| constructor.fields.is_empty()),
            Body::Product(_) => false,
        }
    }
}

/// Parses the whole table; a mistake in it ends the build with a message.
pub fn parse(text: &str) -> Vec<Definition> {
    let mut parser = Parser { tokens: tokenize(text), at: 0 };
    parser.expect("module");
    parser.next();
    parser.expect("{");
    let mut definitions = Vec::new();
    while !parser.accept("}") {
        definitions.push(parser.definition());
    }
    definitions
}

fn tokenize(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for line in text.lines() {
        let line = line.split("--").next().unwrap_or_default();
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let is_word = |character: char| character.is_alphanumeric() || character == '_';
            let length = if is_word(first) { rest.find(|c| !is_word(c)).unwrap_or(rest.len()) } else { 1 };
            tokens.push(rest[..length].to_owned());
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

struct Parser {
    tokens: Vec<String>,
    at: usize,
}

impl Parser {
    fn next(&mut self) -> String {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned().expect("ast.asdl ends too early")
    }

    fn accept(&mut self, text: &str) -> bool {
        let found = self.tokens.get(self.at).is_some_and(|token| token == text);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, text: &str) {
        let found = self.next();
        assert!(found == text, "ast.asdl: expected {text}, found {found}");
    }

    fn definition(&mut self) -> Definition {
        let name = self.next();
        self.expect("=");
        let body = if self.tokens[self.at] == "(" {
            Body::Product(self.fields())
        } else {
            let mut constructors = vec![self.constructor()];
            while self.accept("|") {
                constructors.push(self.constructor());
            }
            Body::Sum(constructors)
        };
        let attributes = if self.accept("attributes") { self.fields() } else { Vec::new() };
        Definition { name, body, attributes }
    }

    fn constructor(&mut self) -> Constructor {
        let name = self.next();
        let fields = if self.tokens[self.at] == "(" { self.fields() } else { Vec::new() };
        Constructor { name, fields }
    }

    fn fields(&mut self) -> Vec<Field> {
        self.expect("(");
        let mut fields = Vec::new();
        loop {
            let type_name = self.next();
            let optional = self.accept("?");
            let quantity = match (optional, self.accept("*")) {
                (false, false) => Quantity::One,
                (true, false) => Quantity::Optional,
                (false, true) => Quantity::Sequence,
                (true, true) => Quantity::OptionalSequence,
            };
            fields.push(Field { type_name, quantity, name: self.next() });
            if self.accept(")") {
                return fields;
            }
            self.expect(",");
        }
    }
}
