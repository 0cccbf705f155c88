//! Tags: where elements begin and end.

use std::collections::HashSet;
use std::rc::Rc;

use super::attributes::with_single_blanks;
use super::characters::name_end;
use super::errors::Code;
use super::event::Event;
use super::parser::{OpenElement, Parser, State, Step, Stop, wrong};
use super::scan::{Scanner, skip_blanks};
use super::tokens::{check_characters, end_of_begun_reference, reference};

/// An attribute of a tag: where its name and its value begin, and both as they are written.
struct Written<'a> {
    at: usize,
    value_at: usize,
    name: &'a str,
    value: &'a str,
}

/// Up to so many attributes are compared with each other one by one.
const FEW: usize = 16;

impl Parser {
    pub(super) fn start_tag(&mut self, text: &str, at: usize) -> Step<usize> {
        if self.state == State::Epilog {
            return wrong(Code::JunkAfterDocument, at);
        }
        let Some(behind_name) = name_end(text, at + 1) else {
            return wrong(Code::InvalidToken, at + 1);
        };
        let Tag { attributes, end, is_empty } = scan_tag(text, behind_name)?;
        self.state = State::Content;
        let name: Rc<str> = text[at + 1..behind_name].into();
        // Of an element that is all in its tag, that is told of once.
        let raw = if is_empty && self.wants.end_elements { "" } else { &text[at..=end] };
        self.start_element(name, &attributes, at, raw)?;
        if is_empty {
            self.end_element("", (self.wants.start_elements && self.wants.end_elements).then_some(&text[at..=end]));
        }
        Ok(end + 1)
    }

    fn start_element(&mut self, name: Rc<str>, written: &[Written<'_>], at: usize, raw: &str) -> Step<()> {
        if let Some(repeated) = first_repeated(written) {
            return wrong(Code::DuplicateAttribute, repeated);
        }
        let mut attributes = Vec::with_capacity(written.len());
        let has_defaults = self.declarations.borrow().defaults.contains_key(&*name);
        for Written { value_at, name: key, value, .. } in written {
            let mut value = self.attribute_value(value, Some(*value_at))?;
            if has_defaults && self.is_tokenized(&name, key) {
                value = with_single_blanks(&value);
            }
            attributes.push(((*key).to_owned(), value));
        }
        let mut specified = attributes.len();
        if has_defaults {
            self.add_defaults(&name, &mut attributes);
        }
        let mut shown = name.to_string();
        let has_scope = self.separator.is_some();
        if has_scope {
            specified = self.bind(&mut attributes, specified, at)?;
            shown = self.expanded_name(&name, true, at)?;
            self.expand_names(&mut attributes, at)?;
        }
        let n_open = self.open.len();
        self.elements.push(OpenElement { name, shown: shown.clone(), has_scope, n_open });
        self.tell(Event::StartElement { name: shown, attributes, specified }, raw);
        Ok(())
    }

    /// Names of attributes with their namespaces, which are not equal but for the prefix that may be shown.
    fn expand_names(&self, attributes: &mut [(String, String)], at: usize) -> Step<()> {
        let mut lengths = Vec::with_capacity(attributes.len());
        for (key, _) in &mut *attributes {
            let expanded = self.expanded_name(key, false, at)?;
            let prefix = key.split_once(':').filter(|_| self.namespace_prefixes).map_or(0, |(prefix, _)| prefix.len());
            lengths.push(expanded.len() - prefix);
            *key = expanded;
        }
        let names: HashSet<&str> = attributes.iter().zip(lengths).map(|((key, _), length)| &key[..length]).collect();
        if names.len() < attributes.len() { wrong(Code::DuplicateAttribute, at) } else { Ok(()) }
    }

    /// Whether the declared type of an attribute is not `CDATA`.
    fn is_tokenized(&self, element: &str, name: &str) -> bool {
        let declarations = self.declarations.borrow();
        let declared = declarations.defaults.get(element).and_then(|all| all.iter().find(|(it, _)| it == name));
        declared.is_some_and(|(_, (kind, _))| kind != "CDATA")
    }

    fn add_defaults(&self, element: &str, attributes: &mut Vec<(String, String)>) {
        let declarations = self.declarations.borrow();
        let n_written = attributes.len();
        for (name, (_, default)) in declarations.defaults.get(element).into_iter().flatten() {
            let Some(default) = default else { continue };
            if !attributes[..n_written].iter().any(|(key, _)| key == name) {
                attributes.push((name.clone(), default.clone()));
            }
        }
    }

    pub(super) fn end_tag(&mut self, text: &str, at: usize) -> Step<usize> {
        let mut scanner = Scanner::new(text, at + 2);
        let name = scanner.name();
        scanner.blanks();
        let end = scanner.at;
        let name = match (name, text.as_bytes().get(end)) {
            (_, None) => return Err(Stop::Incomplete),
            (Some(name), Some(b'>')) => name,
            _ => return wrong(Code::InvalidToken, end),
        };
        if self.state == State::Epilog {
            return wrong(Code::JunkAfterDocument, at);
        }
        match self.elements.last() {
            None => return wrong(Code::InvalidToken, at),
            Some(element) if element.n_open != self.open.len() => return wrong(Code::AsyncEntity, at),
            Some(element) if *element.name != *name => return wrong(Code::TagMismatch, at + 2),
            Some(_) => {}
        }
        self.end_element(&text[at..=end], None);
        Ok(end + 1)
    }

    /// An element ends here, or behind its tag, if that is all of it.
    fn end_element(&mut self, raw: &str, tag: Option<&str>) {
        let Some(element) = self.elements.pop() else { return };
        self.tell(Event::EndElement { name: element.shown }, raw);
        if let Some(tag) = tag {
            self.put_last_behind(tag);
        }
        if element.has_scope {
            let scope = self.scopes.pop().unwrap_or_default();
            for (prefix, _) in scope.into_iter().rev() {
                self.tell_alone(Event::EndNamespace { prefix });
            }
        }
        if self.elements.is_empty() && !self.is_fragment && self.open.is_empty() {
            self.state = State::Epilog;
        }
    }
}

/// A start tag behind its name.
struct Tag<'a> {
    attributes: Vec<Written<'a>>,
    /// Where its `>` is.
    end: usize,
    /// Whether it is all of the element.
    is_empty: bool,
}

/// Reads a start tag from behind its name on.
fn scan_tag(text: &str, behind_name: usize) -> Step<Tag<'_>> {
    let byte = |at: usize| text.as_bytes().get(at).copied().ok_or(Stop::Incomplete);
    let mut attributes = Vec::new();
    let mut at = behind_name;
    loop {
        let start = skip_blanks(text, at);
        match byte(start)? {
            b'>' => return Ok(Tag { attributes, end: start, is_empty: false }),
            b'/' => match byte(start + 1)? {
                b'>' => return Ok(Tag { attributes, end: start + 1, is_empty: true }),
                _ => return wrong(Code::InvalidToken, start + 1),
            },
            _ if start == at => return wrong(Code::InvalidToken, start),
            _ => {}
        }
        let Some(end) = name_end(text, start) else { return wrong(Code::InvalidToken, start) };
        let equals = skip_blanks(text, end);
        if byte(equals)? != b'=' {
            return wrong(Code::InvalidToken, equals);
        }
        let quote_at = skip_blanks(text, equals + 1);
        let quote = byte(quote_at)?;
        if quote != b'"' && quote != b'\'' {
            return wrong(Code::InvalidToken, quote_at);
        }
        let close = value_end(text, quote_at + 1, quote)?;
        let value = &text[quote_at + 1..close];
        attributes.push(Written { at: start, value_at: quote_at + 1, name: &text[start..end], value });
        at = close + 1;
    }
}

/// Where the value of an attribute ends: at the quote that it began with.
fn value_end(text: &str, start: usize, quote: u8) -> Step<usize> {
    let mut at = start;
    loop {
        let is_special = |byte: &u8| *byte == quote || matches!(byte, b'<' | b'&');
        let length = text.as_bytes()[at..].iter().position(is_special);
        let found = length.map_or(text.len(), |length| at + length);
        check_characters(text, at, found)?;
        if found == text.len() {
            return Err(Stop::Incomplete);
        }
        match text.as_bytes()[found] {
            b'<' => return wrong(Code::InvalidToken, found),
            b'&' => match reference(text, found) {
                Some((_, end)) => at = end,
                None => {
                    let end = end_of_begun_reference(text, found);
                    return if end == text.len() { Err(Stop::Incomplete) } else { wrong(Code::InvalidToken, end) };
                }
            },
            _ => return Ok(found),
        }
    }
}

/// Where the first attribute is whose name there was before.
fn first_repeated(attributes: &[Written<'_>]) -> Option<usize> {
    if attributes.len() <= FEW {
        let mut each = attributes.iter().enumerate();
        return each
            .find(|(index, it)| attributes[..*index].iter().any(|other| other.name == it.name))
            .map(|(_, it)| it.at);
    }
    let mut seen = HashSet::with_capacity(attributes.len());
    attributes.iter().find(|it| !seen.insert(it.name)).map(|it| it.at)
}
