//! The declarations of a subset.

use std::rc::Rc;

use super::ContentModel;
use super::attributes::with_single_blanks;
use super::characters::name_token_end;
use super::doctype::{Asked, Declared, check_public};
use super::errors::Code;
use super::event::Event;
use super::parser::{Defaults, Entity, Parser, Step, Stop, wrong};
use super::scan::{Scanner, find, is_blank, normalized_public, skip_blanks};
use super::tokens::{Reference, built_in, character, reference};

/// So many parameter entities may be in the place of others in one declaration.
const MAX_DEPTH: usize = 10_000;

/// The types of attributes that are a word.
const TYPES: [&str; 8] = ["IDREFS", "IDREF", "ID", "ENTITIES", "ENTITY", "NMTOKENS", "NMTOKEN", "CDATA"];

/// A declaration that was read, and where it ends.
type End = Option<usize>;

impl Parser {
    /// Reads one declaration, or what stands between two, and returns where it ends. What is asked of a program is noted, and a parameter
    /// entity goes on top of the texts.
    pub(super) fn declaration_token(
        &mut self,
        text: &str,
        at: usize,
        asked: &mut Option<Asked>,
        texts: &mut Vec<Declared>,
    ) -> Step<usize> {
        let rest = &text[at..];
        let first = text.as_bytes()[at];
        if is_blank(first) {
            let end = skip_blanks(text, at);
            self.tell_other(&text[at..end]);
            return Ok(end);
        }
        if rest.starts_with("<!--") {
            let Some(end) = find(text, "-->", at + 4) else { return wrong(Code::Syntax, at) };
            self.tell(Event::Comment(text[at + 4..end].to_owned()), &text[at..end + 3]);
            return Ok(end + 3);
        }
        if rest.starts_with("<?") {
            let Some(end) = find(text, "?>", at + 2) else { return wrong(Code::Syntax, at) };
            let content = &text[at + 2..end];
            let (target, data) = content.split_once([' ', '\t', '\n']).unwrap_or((content, ""));
            let (target, data) = (target.to_owned(), data.trim_start_matches([' ', '\t', '\n']).to_owned());
            self.tell(Event::Instruction { target, data }, &text[at..end + 2]);
            return Ok(end + 2);
        }
        if first == b'%' {
            let mut scanner = Scanner::new(text, at + 1);
            let name = scanner.name().filter(|_| scanner.take(";"));
            let Some(name) = name else { return wrong(Code::InvalidToken, at) };
            self.parameter(name, at, &text[at..scanner.at], asked, texts)?;
            return Ok(scanner.at);
        }
        if rest.starts_with("<![") && self.is_subset {
            return self.section(text, at, texts);
        }
        self.declaration(text, at)
    }

    /// A reference to a parameter entity.
    fn parameter(
        &mut self,
        name: &str,
        at: usize,
        raw: &str,
        asked: &mut Option<Asked>,
        texts: &mut Vec<Declared>,
    ) -> Step<()> {
        self.has_external = true;
        if !self.reads_parameters() {
            self.declarations.borrow_mut().is_incomplete = !self.is_standalone;
            self.tell_other(raw);
            self.ask_whether_standalone();
            return Ok(());
        }
        let known = self.declarations.borrow().parameters.get(name).cloned();
        let Some(entity) = known else {
            if !self.is_subset && self.is_standalone && self.open.is_empty() {
                return wrong(Code::UndefinedEntity, at);
            }
            self.declarations.borrow_mut().is_incomplete = !self.is_standalone;
            match self.wants.skipped_entities {
                true => self.tell_alone(Event::SkippedEntity { name: name.to_owned(), is_parameter: true }),
                false => self.tell_other(raw),
            }
            return Ok(());
        };
        if self.open.iter().any(|open| open == name) {
            return wrong(Code::RecursiveEntity, at);
        }
        if let Some(value) = entity.value {
            self.count_expansion(value.len(), at)?;
            self.open.push(name.to_owned());
            let offset = texts.last().map_or(at, |it| if it.name.is_some() { it.offset } else { it.offset + at });
            texts.push(Declared { text: value, at: 0, offset, name: Some(name.to_owned()) });
            return Ok(());
        }
        if !self.wants.external_entities {
            self.declarations.borrow_mut().is_incomplete = !self.is_standalone;
            return Ok(());
        }
        self.declarations.borrow_mut().was_read = false;
        self.tell_alone(Event::ExternalEntity { context: None, system: entity.system, public: entity.public });
        *asked = Some(Asked::Parameter);
        Ok(())
    }

    /// A conditional section of an external subset: its content, if it is included.
    fn section(&mut self, text: &str, at: usize, texts: &mut Vec<Declared>) -> Step<usize> {
        let Some(open) = find(text, "[", at + 3) else { return wrong(Code::Syntax, at) };
        let keyword = self.with_parameters(&text[at + 3..open], false, at)?;
        let Some(end) = section_end(text, open + 1) else { return wrong(Code::Syntax, at) };
        match keyword.trim_matches([' ', '\t', '\n']) {
            "INCLUDE" => {
                let content: Rc<str> = text[open + 1..end].into();
                let offset =
                    texts.last().map_or(0, |it| if it.name.is_some() { it.offset } else { it.offset + open + 1 });
                texts.push(Declared { text: content, at: 0, offset, name: None });
            }
            "IGNORE" => self.tell_other(&text[at..end + 3]),
            _ => return wrong(Code::Syntax, at),
        }
        Ok(end + 3)
    }

    /// A declaration with the parameter entities that it refers to in their places; those in quotes only if they are looked for there.
    fn with_parameters(&mut self, text: &str, looks_into_quotes: bool, place: usize) -> Step<String> {
        let mut whole = text.to_owned();
        // Entities may refer to others.
        for _ in 0..MAX_DEPTH {
            let Some((start, end, is_quoted)) = first_parameter(&whole, looks_into_quotes) else { return Ok(whole) };
            let name = &whole[start + 1..end - 1];
            let value = self.declarations.borrow().parameters.get(name).and_then(|it| it.value.clone());
            // Without it the declaration is not whole.
            let Some(value) = value else { return wrong(Code::Syntax, place + text.len() - 1) };
            self.count_expansion(value.len(), place)?;
            let value = if is_quoted { value.to_string() } else { format!(" {value} ") };
            whole.replace_range(start..end, &value);
        }
        wrong(Code::RecursiveEntity, place)
    }

    fn declaration(&mut self, text: &str, at: usize) -> Step<usize> {
        if self.is_subset
            && let Some(end) = declaration_end(text, at)
            && text[at..end].contains('%')
        {
            let is_entity = text[at..].starts_with("<!ENTITY");
            let whole = self.with_parameters(&text[at..end], is_entity, at)?;
            return match self.plain_declaration(&whole, 0, at)? == whole.len() {
                true => Ok(end),
                false => wrong(Code::Syntax, at),
            };
        }
        self.plain_declaration(text, at, at)
    }

    fn plain_declaration(&mut self, text: &str, at: usize, place: usize) -> Step<usize> {
        let rest = &text[at..];
        let end = if rest.starts_with("<!ENTITY") {
            self.entity_declaration(text, at, place)?
        } else if rest.starts_with("<!NOTATION") {
            self.notation_declaration(text, at)?
        } else if rest.starts_with("<!ELEMENT") {
            self.element_declaration(text, at)
        } else if rest.starts_with("<!ATTLIST") {
            self.attribute_declarations(text, at, place)?
        } else {
            None
        };
        end.map_or_else(|| wrong(Code::Syntax, place), Ok)
    }

    fn entity_declaration(&mut self, text: &str, at: usize, place: usize) -> Step<End> {
        let mut scanner = Scanner::new(text, at + "<!ENTITY".len());
        if !scanner.blanks() {
            return Ok(None);
        }
        let is_parameter = scanner.take("%");
        if is_parameter && !scanner.blanks() {
            return Ok(None);
        }
        let Some(name) = scanner.name().filter(|_| scanner.blanks()) else { return Ok(None) };
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let mut entity = Entity {
            value: None,
            system: None,
            public: None,
            notation: None,
            is_internal: !self.is_fragment && self.open.is_empty(),
        };
        if let Some(literal) = scanner.literal() {
            entity.value = Some(entity_value(literal, place)?);
        } else {
            let Some((system, public)) = scanner.external() else { return Ok(None) };
            public.map_or(Ok(()), |public| check_public(text, public))?;
            (entity.system, entity.public) = (owned(system), public.map(normalized_public));
            let mut ahead = scanner;
            if ahead.blanks() && ahead.take("NDATA") {
                let Some(notation) = (if ahead.blanks() { ahead.name() } else { None }) else { return Ok(None) };
                entity.notation = Some(notation.to_owned());
                scanner = ahead;
            }
        }
        scanner.blanks();
        if !scanner.take(">") {
            return Ok(None);
        }
        self.declare_entity(name, is_parameter, entity, &text[at..scanner.at]);
        Ok(Some(scanner.at))
    }

    /// The first declaration of an entity counts.
    fn declare_entity(&mut self, name: &str, is_parameter: bool, entity: Entity, raw: &str) {
        if self.declarations.borrow().is_incomplete || built_in(name).is_some() {
            return self.tell_other(raw);
        }
        let mut declarations = self.declarations.borrow_mut();
        let table = if is_parameter { &mut declarations.parameters } else { &mut declarations.entities };
        if table.contains_key(name) {
            drop(declarations);
            return self.tell_other(raw);
        }
        let event = Event::EntityDeclaration {
            name: name.to_owned(),
            is_parameter,
            value: entity.value.as_deref().map(str::to_owned),
            system: entity.system.clone(),
            public: entity.public.clone(),
            notation: entity.notation.clone(),
        };
        table.insert(name.to_owned(), entity);
        drop(declarations);
        self.tell(event, raw);
    }

    fn notation_declaration(&mut self, text: &str, at: usize) -> Step<End> {
        let mut scanner = Scanner::new(text, at + "<!NOTATION".len());
        let name = if scanner.blanks() { scanner.name() } else { None };
        let Some(name) = name.filter(|_| scanner.blanks()) else { return Ok(None) };
        let Some((system, public)) = scanner.external() else { return Ok(None) };
        scanner.blanks();
        if !scanner.take(">") {
            return Ok(None);
        }
        public.map_or(Ok(()), |public| check_public(text, public))?;
        let (system, public) = (system.map(str::to_owned), public.map(normalized_public));
        self.tell(Event::NotationDeclaration { name: name.to_owned(), system, public }, &text[at..scanner.at]);
        Ok(Some(scanner.at))
    }

    fn element_declaration(&mut self, text: &str, at: usize) -> End {
        let mut scanner = Scanner::new(text, at + "<!ELEMENT".len());
        let name = if scanner.blanks() { scanner.name()? } else { return None };
        if !scanner.blanks() {
            return None;
        }
        let end = find(text, ">", scanner.at)?;
        let model = ContentModel::read(text[scanner.at..end].trim_end_matches([' ', '\t', '\n']))?;
        self.tell(Event::ElementDeclaration { name: name.to_owned(), model }, &text[at..=end]);
        Some(end + 1)
    }

    fn attribute_declarations(&mut self, text: &str, at: usize, place: usize) -> Step<End> {
        let mut scanner = Scanner::new(text, at + "<!ATTLIST".len());
        let element = if scanner.blanks() { scanner.name() } else { None };
        let Some(element) = element else { return Ok(None) };
        let n_told = self.n_pending();
        loop {
            let mut ahead = scanner;
            if !ahead.blanks() || ahead.rest().starts_with('>') {
                break;
            }
            if !self.attribute_declaration(&mut ahead, element, place)? {
                return Ok(None);
            }
            scanner = ahead;
        }
        scanner.blanks();
        if !scanner.take(">") {
            return Ok(None);
        }
        // How all of it is written is told once.
        let written = &text[at..scanner.at];
        match self.n_pending() > n_told {
            true => self.add_to_last(written),
            false => self.tell_other(written),
        }
        Ok(Some(scanner.at))
    }

    /// One attribute of an element; whether there was one.
    fn attribute_declaration(&mut self, scanner: &mut Scanner<'_>, element: &str, place: usize) -> Step<bool> {
        let Some(name) = scanner.name().filter(|_| scanner.blanks()) else { return Ok(false) };
        let Some(kind) = attribute_type(scanner).filter(|_| scanner.blanks()) else { return Ok(false) };
        let mut default = None;
        let mut is_required = scanner.take("#REQUIRED");
        if !is_required && !scanner.take("#IMPLIED") {
            is_required = scanner.take("#FIXED");
            if is_required && !scanner.blanks() {
                return Ok(false);
            }
            let Some(literal) = scanner.literal() else { return Ok(false) };
            let value = self.attribute_value(literal, None).map_err(|stop| at_place(stop, place))?;
            default = Some(if kind == "CDATA" { value } else { with_single_blanks(&value) });
        }
        if self.declarations.borrow().is_incomplete {
            return Ok(true);
        }
        let mut declarations = self.declarations.borrow_mut();
        let known: &mut Defaults = declarations.defaults.entry(element.to_owned()).or_default();
        if !known.iter().any(|(it, _)| it == name) {
            known.push((name.to_owned(), (kind.clone(), default.clone())));
        }
        drop(declarations);
        let (element, name) = (element.to_owned(), name.to_owned());
        self.tell_alone(Event::AttributeDeclaration { element, name, kind, default, is_required });
        Ok(true)
    }
}

/// What is wrong, at this place if it is nowhere else.
fn at_place(stop: Stop, place: usize) -> Stop {
    match stop {
        Stop::Wrong(code, None) => Stop::Wrong(code, Some(place)),
        other => other,
    }
}

/// The type of an attribute, without blanks: a word, or names in parentheses.
fn attribute_type(scanner: &mut Scanner<'_>) -> Option<String> {
    if let Some(word) = TYPES.into_iter().find(|word| scanner.take(word)) {
        return Some(word.to_owned());
    }
    let is_notation = scanner.take("NOTATION");
    if is_notation {
        scanner.blanks();
    }
    if !scanner.take("(") {
        return None;
    }
    let end = find(scanner.text, ")", scanner.at)?;
    let names: Vec<&str> = scanner.text[scanner.at..end].split('|').map(str::trim).collect();
    scanner.at = end + 1;
    Some(format!("{}({})", if is_notation { "NOTATION" } else { "" }, names.join("|")))
}

/// The value of an entity: references to characters are replaced at once, others where the entity is used.
fn entity_value(literal: &str, place: usize) -> Step<Rc<str>> {
    let mut value = String::with_capacity(literal.len());
    let mut rest = literal;
    while let Some(at) = rest.find("&#") {
        value.push_str(&rest[..at]);
        match reference(rest, at) {
            Some((Reference::Character(number), end)) => {
                value.push(character(number, place)?);
                rest = &rest[end..];
            }
            _ => {
                value.push('&');
                rest = &rest[at + 1..];
            }
        }
    }
    value.push_str(rest);
    Ok(value.into())
}

/// The first reference to a parameter entity in a declaration: where it begins and ends, and whether it is in quotes.
fn first_parameter(text: &str, looks_into_quotes: bool) -> Option<(usize, usize, bool)> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (_, b'%') if quote.is_none() || looks_into_quotes => {
                let mut scanner = Scanner::new(text, at + 1);
                if scanner.name().is_some() && scanner.take(";") {
                    return Some((at, scanner.at, quote.is_some()));
                }
            }
            _ => {}
        }
    }
    None
}

/// Where a declaration ends, behind its `>`.
pub(super) fn declaration_end(text: &str, at: usize) -> End {
    let mut quote = None;
    for (index, byte) in text.bytes().enumerate().skip(at) {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return Some(index + 1),
            _ => {}
        }
    }
    None
}

/// Where the content of a conditional section ends: sections may be in it.
fn section_end(text: &str, start: usize) -> End {
    let (mut depth, mut place) = (0, start);
    loop {
        let end = find(text, "]]>", place)?;
        depth += text[place..end].matches("<![").count();
        if depth == 0 {
            return Some(end);
        }
        depth -= 1;
        place = end + 3;
    }
}

/// Whether text as it is written is a declaration, or the head of a document type, of which Expat tells token by token.
pub fn is_declaration(written: &str) -> bool {
    written.strip_prefix("<!").is_some_and(|rest| !rest.starts_with(['-', '[']))
}

/// The tokens of a declaration.
pub fn declaration_tokens(written: &str) -> impl Iterator<Item = &str> {
    let mut rest = written;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (token, behind) = rest.split_at(token_length(rest, first));
        rest = behind;
        Some(token)
    })
}

fn token_length(text: &str, first: char) -> usize {
    let behind_first = &text[first.len_utf8()..];
    let name_behind = |start: usize| name_token_end(text, start).unwrap_or(start);
    match first {
        ' ' | '\t' | '\n' => skip_blanks(text, 0),
        '"' | '\'' => behind_first.find(first).map_or(text.len(), |length| length + 2),
        '<' => name_behind("<!".len()).min(text.len()),
        '#' | '%' => name_behind(1),
        ')' => 1 + usize::from(behind_first.starts_with(['?', '*', '+'])),
        _ => match name_token_end(text, 0) {
            Some(end) => end + usize::from(text[end..].starts_with(['?', '*', '+'])),
            None => first.len_utf8(),
        },
    }
}
