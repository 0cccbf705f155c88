//! Reads `diagnosis.peg`, whose notation its head explains, and writes it as static tables of the types in
//! `src/diagnosis/grammar.rs`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;

use crate::token::SOFT_KEYWORDS;

/// The Rust of the tables.
pub fn compile(text: &str, vocabulary: &Vocabulary) -> String {
    let text = expand_templates(&without_comments(text));
    let mut parser = Parser::new(tokenize(&text), vocabulary);
    let names = parser.rule_names();
    parser.rules = names.iter().enumerate().map(|(index, name)| (name.clone(), index)).collect();
    parser.beginnings = vec![Beginning::default(); names.len()];
    // What rules begin with follows from what others do: until nothing changes.
    let rules = loop {
        let known = parser.beginnings.clone();
        (parser.at, parser.sets) = (0, BTreeMap::new());
        let mut rules = String::new();
        while parser.at < parser.tokens.len() {
            let rule = parser.rule();
            rules.push_str(&rule);
        }
        if parser.beginnings == known {
            break rules;
        }
    };
    let mut out = String::new();
    for (set, number) in &parser.sets {
        let terminals: Vec<_> = set.iter().map(String::as_str).collect();
        writeln!(out, "const TERMINALS_{number}: Terminals = Terminals::of(&[{}]);", terminals.join(", "))
            .expect("a string");
    }
    write!(out, "pub(super) static RULES: [Rule; {}] = [\n{rules}", names.len()).expect("a string");
    out.push_str("];\n\n/// The rules that are known by name.\nimpl RuleIndex {\n");
    for start in ["file", "interactive", "eval", "func_type", "statement"] {
        let index = parser.rules[start];
        writeln!(out, "    pub(super) const {}: Self = Self({index});", start.to_uppercase()).expect("a string");
    }
    out.push_str("}\n");
    out
}

/// What the words of the grammar are in Rust.
pub struct Vocabulary {
    /// `,`, `if` and `NAME` to the variant of `TokenKind`.
    pub tokens: HashMap<String, String>,
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

/// By which tokens something can be more than a failure that has looked at one token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Beginning {
    /// The tokens, as the Rust of a `Terminal`.
    terminals: BTreeSet<String>,
    /// Any token, or none.
    is_any: bool,
    /// Whether it looks at one token only.
    is_terminal: bool,
}

impl Beginning {
    fn any() -> Self {
        Self { is_any: true, ..Self::default() }
    }

    fn terminals(terminals: impl IntoIterator<Item = String>) -> Self {
        Self { terminals: terminals.into_iter().collect(), is_any: false, is_terminal: true }
    }

    fn add(&mut self, other: &Beginning) {
        self.terminals.extend(other.terminals.iter().cloned());
        self.is_any |= other.is_any;
        self.is_terminal &= other.is_terminal;
    }
}

/// How the first item that takes a token is found among the items of an alternative.
#[derive(Default)]
struct Prefix {
    beginning: Beginning,
    /// The tokens that looking ahead leaves.
    wanted: Option<BTreeSet<String>>,
    is_over: bool,
}

impl Prefix {
    fn step(&mut self, sign: &str, item: &Beginning) {
        if self.is_over {
            return;
        }
        match sign {
            // It counts as reached even if nothing that follows fits.
            "~" => self.end(&Beginning::any()),
            // Looking at more than a token shows in what was looked at.
            "&" if item.is_terminal && !item.is_any => {
                let wanted =
                    item.terminals.iter().filter(|it| self.wanted.as_ref().is_none_or(|all| all.contains(*it)));
                self.wanted = Some(wanted.cloned().collect());
            }
            "!" if item.is_terminal => {}
            "!" | "?" => self.add(item),
            _ => self.end(item),
        }
    }

    fn add(&mut self, item: &Beginning) {
        match &self.wanted {
            None => self.beginning.add(item),
            Some(wanted) if item.is_any => self.beginning.terminals.extend(wanted.iter().cloned()),
            Some(wanted) => self.beginning.terminals.extend(item.terminals.intersection(wanted).cloned()),
        }
    }

    fn end(&mut self, item: &Beginning) {
        self.add(item);
        self.is_over = true;
    }

    fn finish(mut self) -> Beginning {
        if !self.is_over {
            self.add(&Beginning::any());
        }
        self.beginning
    }
}

struct Parser<'v> {
    tokens: Vec<String>,
    at: usize,
    vocabulary: &'v Vocabulary,
    rules: HashMap<String, usize>,
    /// What is known of each rule.
    beginnings: Vec<Beginning>,
    /// The sets of terminals that are needed, numbered.
    sets: BTreeMap<BTreeSet<String>, usize>,
}

fn soft_terminal(word: &str) -> String {
    let number = SOFT_KEYWORDS.iter().position(|it| *it == word);
    format!("Terminal::soft({})", number.unwrap_or_else(|| panic!("diagnosis.peg: {word} is no soft keyword")))
}

/// The names that an alternative gives, in the order of their slots.
type Slots = Vec<String>;

impl<'v> Parser<'v> {
    fn new(tokens: Vec<String>, vocabulary: &'v Vocabulary) -> Self {
        let (rules, beginnings, sets) = (HashMap::new(), Vec::new(), BTreeMap::new());
        Self { tokens, at: 0, vocabulary, rules, beginnings, sets }
    }

    /// The Rust of a set of terminals.
    fn terminals(&mut self, beginning: &Beginning) -> String {
        assert!(!beginning.is_any, "diagnosis.peg: each alternative takes a token, before {}", self.peek());
        let next = self.sets.len();
        format!("TERMINALS_{}", self.sets.entry(beginning.terminals.clone()).or_insert(next))
    }

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
        let (alternatives, mut beginning) = self.alternatives();
        self.expect(";");
        let terminals = self.terminals(&beginning);
        let number = self.rules[&name];
        beginning.is_terminal = false;
        self.beginnings[number] = beginning;
        let has = |flag: &str| flags.iter().any(|other| other == flag);
        format!(
            "    // {name}\n    Rule {{ is_kept: {}, is_left_recursive: {}, is_plain: {}, is_token: {}, \
             beginning: {terminals}, alternatives: {alternatives} }},\n",
            has("memo") || has("left"),
            has("left"),
            has("plain"),
            has("token"),
        )
    }

    fn alternatives(&mut self) -> (String, Beginning) {
        let mut out = String::from("&[");
        let mut beginning = Beginning { is_terminal: true, ..Beginning::default() };
        loop {
            let (alternative, begins_with) = self.alternative();
            out.push_str(&alternative);
            beginning.add(&begins_with);
            if !self.accept("|") {
                out.push(']');
                return (out, beginning);
            }
        }
    }

    fn alternative(&mut self) -> (String, Beginning) {
        let mut slots = Slots::new();
        let mut steps = Vec::new();
        let mut prefix = Prefix::default();
        let mut only_terminal = true;
        let is_wrong = self.peek().starts_with("wrong_");
        while !["|", ";", ")", "]", "=>"].contains(&self.peek()) {
            let (step, sign, begins_with) = self.step(&mut slots);
            only_terminal &= steps.is_empty() && sign.is_empty() && begins_with.is_terminal;
            prefix.step(sign, &begins_with);
            steps.push(step);
        }
        let mut beginning = prefix.finish();
        let terminals = self.terminals(&beginning);
        beginning.is_terminal = only_terminal;
        let is_diagnosis = is_wrong && steps.len() == 1;
        let action = if self.accept("=>") { self.action(&slots) } else { "Action::Default".to_owned() };
        let steps = steps.join(", ");
        let alternative = format!(
            "Alternative {{ is_diagnosis: {is_diagnosis}, beginning: {terminals}, steps: &[{steps}], action: {action} }}, "
        );
        (alternative, beginning)
    }

    /// An item and the slot that it fills; what may be there in its place, and what it begins with.
    fn step(&mut self, slots: &mut Slots) -> (String, &'static str, Beginning) {
        let is_named = self.tokens.get(self.at + 1).is_some_and(|token| token == "=");
        let mut slot = "None".to_owned();
        if is_named {
            let name = self.next();
            self.expect("=");
            slot = format!("Some({})", slot_of(&name, slots));
        }
        let (item, sign, beginning) = self.item();
        (format!("Step {{ item: {item}, slot: {slot} }}"), sign, beginning)
    }

    fn item(&mut self) -> (String, &'static str, Beginning) {
        if self.accept("~") {
            return ("Item::Cut".to_owned(), "~", Beginning::any());
        }
        if self.accept("&&") {
            let text = unquote(&self.next());
            return (format!("Item::Forced({}, {text:?})", self.token(&text)), "", Beginning::any());
        }
        for (sign, variant) in [("&", "Ahead"), ("!", "NotAhead")] {
            if self.accept(sign) {
                let (atom, _, beginning) = self.atom();
                return (format!("Item::{variant}(&{atom})"), sign, beginning);
            }
        }
        let (atom, sign, beginning) = self.atom();
        if self.accept("?") {
            return (format!("Item::Optional(&{atom})"), "?", beginning);
        }
        if self.accept("*") {
            return (format!("Item::Repeated(&{atom}, 0)"), "?", beginning);
        }
        if self.accept("+") {
            return (format!("Item::Repeated(&{atom}, 1)"), sign, Beginning { is_terminal: false, ..beginning });
        }
        if self.accept(".") {
            let (element, sign, beginning) = self.atom();
            self.expect("+");
            let beginning = Beginning { is_terminal: false, ..beginning };
            return (format!("Item::Separated(&{atom}, &{element})"), sign, beginning);
        }
        (atom, sign, beginning)
    }

    fn atom(&mut self) -> (String, &'static str, Beginning) {
        let token = self.next();
        let soft = || SOFT_KEYWORDS.iter().map(|word| soft_terminal(word));
        let of_token = |token: &str| match token {
            "TokenKind::Name" => {
                // A name without a form is an error, not only no name.
                let terminals = soft().chain([format!("Terminal::token({token})")]);
                Beginning { is_terminal: false, ..Beginning::terminals(terminals) }
            }
            _ => Beginning::terminals([format!("Terminal::token({token})")]),
        };
        let (item, beginning) = match token.as_str() {
            "(" => return self.group(")"),
            "[" => {
                let (group, _, beginning) = self.group("]");
                return (format!("Item::Optional(&{group})"), "?", beginning);
            }
            "SOFT_KEYWORD" => ("Item::SoftKeyword".to_owned(), Beginning::terminals(soft())),
            _ if token.starts_with('"') => {
                (format!("Item::Soft({token})"), Beginning::terminals([soft_terminal(&unquote(&token))]))
            }
            _ if token.starts_with('\'') => {
                let token = self.token(&unquote(&token));
                (format!("Item::Token({token})"), of_token(&token))
            }
            _ if token.starts_with(char::is_uppercase) => {
                let token = self.token(&token);
                (format!("Item::Token({token})"), of_token(&token))
            }
            _ => {
                let rule = *self.rules.get(&token).unwrap_or_else(|| panic!("diagnosis.peg: no rule {token}"));
                (format!("Item::Rule(RuleIndex({rule}))"), self.beginnings[rule].clone())
            }
        };
        (item, "", beginning)
    }

    /// What stands in brackets: one item is itself, as CPython's parser generator has it, so that it counts in the depth once.
    fn group(&mut self, close: &str) -> (String, &'static str, Beginning) {
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
        let (alternatives, beginning) = self.alternatives();
        self.expect(close);
        (format!("Item::Group({alternatives})"), "", beginning)
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
