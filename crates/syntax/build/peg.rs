//! Reads `diagnosis.peg`, whose notation its head explains, and writes it as static tables of the types in
//! `src/diagnosis/grammar.rs`.

use std::collections::HashMap;
use std::fmt::Write;

/// The Rust of the tables.
pub fn compile(text: &str, vocabulary: &Vocabulary) -> String {
    let text = expand_templates(&without_comments(text));
    let mut parser = Parser { tokens: tokenize(&text), at: 0, vocabulary, rules: HashMap::new() };
    let names = parser.rule_names();
    parser.rules = names.iter().enumerate().map(|(index, name)| (name.clone(), index)).collect();
    let mut out = format!("pub(super) static RULES: [Rule; {}] = [\n", names.len());
    while parser.at < parser.tokens.len() {
        let rule = parser.rule();
        out.push_str(&rule);
    }
    out.push_str("];\n\n/// The rules that a reading can start with.\nimpl RuleIndex {\n");
    for start in ["file", "interactive", "eval", "func_type"] {
        let index = parser.rules[start];
        writeln!(out, "    pub(super) const {}: Self = Self({index});", start.to_uppercase()).expect("a string");
    }
    out.push_str("}\n");
    out
}

/// What the words of the grammar are in Rust.
pub struct Vocabulary {
    /// `,` and `NAME` to the variant of `TokenKind`.
    pub tokens: HashMap<String, String>,
    /// `if` to the variant of `Keyword`.
    pub keywords: HashMap<String, String>,
}

fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n")
}

/// Replaces each `each … in (…) (…) { … }` by its body, once for each list.
fn expand_templates(text: &str) -> String {
    let Some(start) = text.find("\neach ") else { return text.to_owned() };
    let open = start + text[start..].find("{\n").expect("a template has a body");
    let close = open + text[open..].find("\n}").expect("a template ends");
    let (head, body) = (&text[start + "\neach ".len()..open], &text[open + 1..close]);
    let (names, lists) = head.split_once(" in").expect("a template has lists");
    let names: Vec<&str> = names.split_whitespace().collect();
    let mut expanded = text[..start].to_owned();
    for list in lists.split("\n").flat_map(|line| line.split(") (")) {
        let list = list.trim().trim_start_matches('(').trim_end();
        let values = template_values(list.strip_suffix(')').filter(|rest| rest.ends_with(['"', '\''])).unwrap_or(list));
        if values.is_empty() {
            continue;
        }
        assert!(values.len() == names.len(), "diagnosis.peg: {list} does not fit {names:?}");
        let mut pairs: Vec<(&str, String)> = names.iter().copied().zip(values).collect();
        // Longer names first: `$SPEC_FIELD` is not `$S`.
        pairs.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let instance =
            pairs.iter().fold(body.to_owned(), |text, (name, value)| text.replace(&format!("${name}"), value));
        expanded.push_str(&instance);
    }
    expanded.push_str(&text[close + "\n}".len()..]);
    expand_templates(&expanded)
}

/// `"x"` stands for x, `'x'` for itself.
fn template_values(list: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut rest = list.trim();
    while let Some(quote) = rest.chars().next() {
        let end = 1 + rest[1..].find(quote).expect("a template's value ends");
        let value = if quote == '"' { &rest[1..end] } else { &rest[..=end] };
        values.push(value.to_owned());
        rest = rest[end + 1..].trim_start();
    }
    values
}

fn tokenize(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_word = |character: char| character.is_alphanumeric() || character == '_';
        let length = match first {
            '\'' => rest[1..].find('\'').expect("a quote is closed") + 2,
            '"' => end_of_text(rest),
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => ["&&", "=>"].iter().find(|token| rest.starts_with(**token)).map_or(1, |token| token.len()),
        };
        tokens.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    tokens
}

/// Where a text in double quotes ends, which may have escaped quotes in it.
fn end_of_text(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_end = |at: &usize| bytes[*at] == b'"' && bytes[*at - 1] != b'\\';
    (1..bytes.len()).find(is_end).expect("a text is closed") + 1
}

struct Parser<'v> {
    tokens: Vec<String>,
    at: usize,
    vocabulary: &'v Vocabulary,
    rules: HashMap<String, usize>,
}

/// The names that an alternative gives, in the order of their slots.
type Slots = Vec<String>;

impl Parser<'_> {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", String::as_str)
    }

    fn next(&mut self) -> String {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned().expect("diagnosis.peg ends too early")
    }

    fn accept(&mut self, text: &str) -> bool {
        let found = self.peek() == text;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, text: &str) {
        let found = self.next();
        let near = self.tokens[self.at.saturating_sub(12)..self.at].join(" ");
        assert!(found == text, "diagnosis.peg: expected {text} at the end of: {near}");
    }

    /// All rules' names, in order: a name at the start or after a semicolon.
    fn rule_names(&self) -> Vec<String> {
        let starts = (0..self.tokens.len()).filter(|at| *at == 0 || self.tokens[at - 1] == ";");
        starts.map(|at| self.tokens[at].clone()).collect()
    }

    fn rule(&mut self) -> String {
        let name = self.next();
        let mut flags = Vec::new();
        while self.peek() != ":" {
            flags.push(self.next());
        }
        self.expect(":");
        let alternatives = self.alternatives();
        self.expect(";");
        let has = |flag: &str| flags.iter().any(|other| other == flag);
        format!(
            "    // {name}\n    Rule {{ is_kept: {}, is_left_recursive: {}, is_plain: {}, is_token: {}, \
             alternatives: {alternatives} }},\n",
            has("memo") || has("left"),
            has("left"),
            has("plain"),
            has("token"),
        )
    }

    fn alternatives(&mut self) -> String {
        let mut out = String::from("&[");
        loop {
            out.push_str(&self.alternative());
            if !self.accept("|") {
                out.push(']');
                return out;
            }
        }
    }

    fn alternative(&mut self) -> String {
        let mut slots = Slots::new();
        let mut steps = Vec::new();
        let is_wrong = self.peek().starts_with("wrong_");
        while !["|", ";", ")", "]", "=>"].contains(&self.peek()) {
            steps.push(self.step(&mut slots));
        }
        let is_diagnosis = is_wrong && steps.len() == 1;
        let action = if self.accept("=>") { self.action(&slots) } else { "Action::Default".to_owned() };
        format!("Alternative {{ is_diagnosis: {is_diagnosis}, steps: &[{}], action: {action} }}, ", steps.join(", "))
    }

    /// An item and the slot that it fills.
    fn step(&mut self, slots: &mut Slots) -> String {
        let is_named = self.tokens.get(self.at + 1).is_some_and(|token| token == "=");
        let mut slot = "None".to_owned();
        if is_named {
            let name = self.next();
            self.expect("=");
            slot = format!("Some({})", slot_of(&name, slots));
        }
        format!("Step {{ item: {}, slot: {slot} }}", self.item())
    }

    fn item(&mut self) -> String {
        if self.accept("~") {
            return "Item::Cut".to_owned();
        }
        if self.accept("&&") {
            let text = unquote(&self.next());
            return format!("Item::Forced({}, {text:?})", self.token(&text));
        }
        for (sign, variant) in [("&", "Ahead"), ("!", "NotAhead")] {
            if self.accept(sign) {
                return format!("Item::{variant}(&{})", self.atom());
            }
        }
        let atom = self.atom();
        if self.accept("?") {
            return format!("Item::Optional(&{atom})");
        }
        if self.accept("*") {
            return format!("Item::Repeated(&{atom}, 0)");
        }
        if self.accept("+") {
            return format!("Item::Repeated(&{atom}, 1)");
        }
        if self.accept(".") {
            let element = self.atom();
            self.expect("+");
            return format!("Item::Separated(&{atom}, &{element})");
        }
        atom
    }

    fn atom(&mut self) -> String {
        let token = self.next();
        match token.as_str() {
            "(" => self.group(")"),
            "[" => format!("Item::Optional(&{})", self.group("]")),
            "SOFT_KEYWORD" => "Item::SoftKeyword".to_owned(),
            _ if token.starts_with('"') => format!("Item::Soft({token})"),
            _ if token.starts_with('\'') => {
                let text = unquote(&token);
                match self.vocabulary.keywords.get(&text) {
                    Some(keyword) => format!("Item::Word(Keyword::{keyword})"),
                    None => format!("Item::Token({})", self.token(&text)),
                }
            }
            _ if token.starts_with(char::is_uppercase) => format!("Item::Token({})", self.token(&token)),
            _ => {
                let rule = self.rules.get(&token).unwrap_or_else(|| panic!("diagnosis.peg: no rule {token}"));
                format!("Item::Rule(RuleIndex({rule}))")
            }
        }
    }

    /// What stands in brackets: one item is itself, as CPython's parser generator has it, so that it counts in the depth once.
    fn group(&mut self, close: &str) -> String {
        let start = self.at;
        let is_named = self.tokens.get(start + 1).is_some_and(|token| token == "=");
        let is_plain = |token: &str| !token.starts_with("wrong_") && !["&", "!", "~", "&&"].contains(&token);
        if !is_named && is_plain(self.peek()) {
            let item = self.item();
            if self.accept(close) {
                return item;
            }
            self.at = start;
        }
        let alternatives = self.alternatives();
        self.expect(close);
        format!("Item::Group({alternatives})")
    }

    fn token(&self, text: &str) -> String {
        let variant = self.vocabulary.tokens.get(text).unwrap_or_else(|| panic!("diagnosis.peg: no token {text}"));
        format!("TokenKind::{variant}")
    }

    fn action(&mut self, slots: &Slots) -> String {
        let word = self.next();
        match word.as_str() {
            "version" => {
                let (minor, subject) = (self.next(), self.next());
                format!("Action::Version({minor}, {subject}, &{})", self.action(slots))
            }
            "fn" => {
                let name = camel(&self.next());
                let arguments = self.arguments(slots);
                format!("Action::Call(Function::{name}, &[{}])", arguments.join(", "))
            }
            "join" => format!("Action::Join(&[{}])", self.arguments(slots).join(", ")),
            "range" | "at" | "from" | "here" | "next" | "indent" => self.raise(&word, slots),
            _ if word.starts_with(char::is_uppercase) => {
                format!("Action::Node(Label::{word}, &[{}])", self.arguments(slots).join(", "))
            }
            _ => format!("Action::Value({})", existing_slot(&word, slots)),
        }
    }

    /// The slots in the parentheses behind a label or a function.
    fn arguments(&mut self, slots: &Slots) -> Vec<String> {
        self.expect("(");
        let mut arguments = Vec::new();
        while !self.accept(")") {
            arguments.push(existing_slot(&self.next(), slots).to_string());
            self.accept(",");
        }
        arguments
    }

    fn raise(&mut self, form: &str, slots: &Slots) -> String {
        self.expect("(");
        let mut references = Vec::new();
        while !self.peek().starts_with('"') {
            references.push(self.reference(slots));
            self.expect(",");
        }
        let message = self.next();
        self.expect(")");
        let pieces = message_pieces(&message, slots);
        let place = match (form, references.as_slice()) {
            ("range", [start, end]) => format!("Place::Range({start}, {end})"),
            ("at", [both]) => format!("Place::Range({both}, {both})"),
            ("from", [start]) => format!("Place::From({start})"),
            ("here" | "indent", []) => "Place::LastToken".to_owned(),
            ("next", []) => "Place::NextToken".to_owned(),
            _ => panic!("diagnosis.peg: {form} has the wrong number of places before {message}"),
        };
        format!("Action::Raise {{ place: {place}, is_indentation: {}, message: &[{pieces}] }}", form == "indent")
    }

    /// `a`, `a.first`, `a.last`, `a.end`.
    fn reference(&mut self, slots: &Slots) -> String {
        let slot = existing_slot(&self.next(), slots);
        let part = if self.accept(".") { camel(&self.next()) } else { "Whole".to_owned() };
        format!("Reference {{ slot: {slot}, part: Part::{part} }}")
    }
}

/// A message's text and what is put into it.
fn message_pieces(message: &str, slots: &Slots) -> String {
    let mut out = String::new();
    // A brace alone is text: `{a}`, `{a:text}` and `{a:line}` are what is replaced.
    let mut rest = &message[1..message.len() - 1];
    let mut literal = String::new();
    while let Some(character) = rest.chars().next() {
        let inner = rest.strip_prefix('{').and_then(|text| text.split_once('}')).map(|(inner, _)| inner);
        let named = inner.and_then(|inner| {
            let (name, how) = inner.split_once(':').unwrap_or((inner, "kind"));
            slots.iter().position(|slot| slot == name).map(|slot| (slot, camel(how), inner.len() + 2))
        });
        match named {
            Some((slot, how, length)) => {
                write!(out, "Piece::Literal(\"{literal}\"), Piece::{how}({slot}), ").expect("a string");
                literal.clear();
                rest = &rest[length..];
            }
            None => {
                literal.push(character);
                rest = &rest[character.len_utf8()..];
            }
        }
    }
    write!(out, "Piece::Literal(\"{literal}\")").expect("a string");
    out
}

fn slot_of(name: &str, slots: &mut Slots) -> usize {
    slots.iter().position(|slot| slot == name).unwrap_or_else(|| {
        slots.push(name.to_owned());
        slots.len() - 1
    })
}

fn existing_slot(name: &str, slots: &Slots) -> usize {
    slots.iter().position(|slot| slot == name).unwrap_or_else(|| panic!("diagnosis.peg: nothing is named {name}"))
}

fn unquote(token: &str) -> String {
    token[1..token.len() - 1].to_owned()
}

fn camel(name: &str) -> String {
    name.split('_').map(|part| part[..1].to_uppercase() + &part[1..]).collect()
}
