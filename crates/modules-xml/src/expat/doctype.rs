//! The document type: its head, its subsets, and its end.
//!
//! A subset is read one declaration after the other, since what is told of one may bring others: a program reads an external entity and has it
//! parsed, and what it declares counts before what comes behind the reference.

use std::rc::Rc;

use super::errors::Code;
use super::event::Event;
use super::parser::{Failure, Parser, Step, Stop, wrong};
use super::scan::{Scanner, find, find_illegal_in_public, normalized_public, skip_blanks};
use super::tokens::{XmlDeclaration, find_end};

/// Text of declarations: a subset, or a parameter entity in the place of its reference.
#[derive(Debug)]
pub(super) struct Declared {
    pub text: Rc<str>,
    pub at: usize,
    /// Where it begins in the document, or where its reference is.
    pub offset: usize,
    /// Of an entity.
    pub name: Option<String>,
}

/// What was asked, and has to be looked at when there was an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Parameter,
    Subset,
}

/// A document type that is being read.
#[derive(Debug)]
pub(super) struct Doctype {
    /// The texts that are read, the innermost last.
    pub texts: Vec<Declared>,
    /// System and public identifier of the external subset.
    external: Option<(Option<String>, Option<String>)>,
    pub asked: Option<Asked>,
    /// Whether the external subset was asked for.
    is_past_external: bool,
    /// Where its closing `>` is in the document; None for an external subset, which is its own document.
    close: Option<usize>,
}

impl Parser {
    /// Reads the head of a document type. The rest follows before the token behind it.
    pub(super) fn doctype(&mut self, text: &str, at: usize) -> Step<usize> {
        let mut scanner = Scanner::new(text, at + "<!DOCTYPE".len());
        let name = if scanner.blanks() { scanner.name() } else { None };
        let Some(name) = name else {
            find_end(text, ">", at)?;
            return wrong(Code::Syntax, at);
        };
        scanner.blanks();
        let external = scanner.external();
        if let Some((_, Some(public))) = external {
            check_public(text, public)?;
        }
        scanner.blanks();
        let subset = match text.as_bytes().get(scanner.at) {
            None => return Err(Stop::Incomplete),
            Some(b'[') => Some((scanner.at + 1, subset_end(text, scanner.at + 1)?)),
            Some(_) => None,
        };
        let close = subset.map_or(scanner.at, |(_, end)| skip_blanks(text, end + 1));
        match text.as_bytes().get(close) {
            None => return Err(Stop::Incomplete),
            Some(b'>') => {}
            Some(_) => {
                if find(text, ">", close).is_none() {
                    return Err(Stop::Incomplete);
                }
                return wrong(Code::Syntax, close);
            }
        }
        self.has_doctype = true;
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let external = external.map(|(system, public)| (owned(system), public.map(normalized_public)));
        let (system, public) = external.clone().unwrap_or_default();
        if system.is_some() {
            self.has_external = true;
            if self.parameters == super::Parameters::Never {
                self.ask_whether_standalone();
            }
        }
        let (name, has_subset) = (name.to_owned(), subset.is_some());
        let raw = &text[at..subset.map_or(close, |(start, _)| start)];
        self.tell(Event::StartDoctype { name, system, public, has_subset }, raw);
        let (start, end) = subset.unwrap_or((close, close));
        let internal = Declared { text: text[start..end].into(), at: 0, offset: start, name: None };
        let external = external.filter(|(system, _)| system.is_some());
        self.begin_doctype(internal, external, Some(close));
        Ok(close + 1)
    }

    fn begin_doctype(
        &mut self,
        text: Declared,
        external: Option<(Option<String>, Option<String>)>,
        close: Option<usize>,
    ) {
        let doctype = Doctype { texts: vec![text], external, asked: None, is_past_external: close.is_none(), close };
        self.doctype = Some(Box::new(doctype));
    }

    /// An external subset, all of which is there.
    pub(super) fn begin_external_subset(&mut self, text: &str) {
        let declaration = XmlDeclaration::read_beginning(text, true);
        let at = declaration.map_or(0, |(_, length)| length);
        self.begin_doctype(Declared { text: text.into(), at, offset: 0, name: None }, None, None);
    }

    /// A document without a document type may be given one.
    pub(super) fn begin_foreign_doctype(&mut self, at: usize) {
        self.has_doctype = true;
        let nothing = Declared { text: "".into(), at: 0, offset: at, name: None };
        self.begin_doctype(nothing, None, None);
        if let Some(doctype) = &mut self.doctype {
            doctype.is_past_external = false;
        }
    }

    /// Asks whether it is right that the document depends on others.
    pub(super) fn ask_whether_standalone(&mut self) {
        if !self.is_standalone && self.wants.not_standalone {
            self.tell_alone(Event::NotStandalone);
        }
    }

    /// Reads the next declaration, or what comes at the end of them.
    pub(super) fn read_declaration(&mut self, doctype: &mut Doctype) -> Result<bool, Failure> {
        if let Some(asked) = doctype.asked.take() {
            self.look_at_answer(asked);
            return Ok(false);
        }
        let Some(declared) = doctype.texts.last_mut() else { return Ok(self.end_subset(doctype)) };
        if declared.at == declared.text.len() {
            if declared.name.is_some() {
                self.open.pop();
            }
            doctype.texts.pop();
            return Ok(false);
        }
        let (text, at, offset) = (Rc::clone(&declared.text), declared.at, declared.offset);
        // In an entity all errors are where its reference is.
        let offset_of = |place: usize, is_entity: bool| if is_entity { offset } else { offset + place };
        let is_entity = declared.name.is_some();
        match self.declaration_token(&text, at, &mut doctype.asked, &mut doctype.texts) {
            Ok(end) => {
                // What was put on top is read first; its place in the list is behind this text.
                let index = doctype.texts.iter().position(|it| Rc::ptr_eq(&it.text, &text) && it.at == at);
                if let Some(index) = index {
                    doctype.texts[index].at = end;
                }
                Ok(false)
            }
            Err(Stop::Incomplete) => Err(self.fail(Code::Syntax, Some(offset_of(at, is_entity)))),
            Err(Stop::Wrong(code, place)) => Err(self.fail(code, Some(offset_of(place.unwrap_or(at), is_entity)))),
        }
    }

    /// All of the internal subset was read: what is outside comes then, and the end. Whether that was all.
    fn end_subset(&mut self, doctype: &mut Doctype) -> bool {
        if !doctype.is_past_external {
            doctype.is_past_external = true;
            let is_foreign = std::mem::take(&mut self.uses_foreign) && doctype.external.is_none();
            if doctype.external.is_some() || is_foreign {
                let had_external = self.has_external;
                self.has_external = true;
                if self.reads_parameters() && self.wants.external_entities {
                    self.declarations.borrow_mut().was_read = false;
                    let (system, public) = doctype.external.clone().unwrap_or_default();
                    self.tell_alone(Event::ExternalEntity { context: None, system, public });
                    doctype.asked = Some(Asked::Subset);
                    self.had_external = had_external || doctype.external.is_some();
                }
            }
            return false;
        }
        if doctype.close.is_some() {
            self.tell(Event::EndDoctype, ">");
        }
        true
    }

    /// Whether what was asked for was read.
    fn look_at_answer(&mut self, asked: Asked) {
        let was_read = self.declarations.borrow().was_read;
        match asked {
            Asked::Parameter if !was_read => self.declarations.borrow_mut().is_incomplete = !self.is_standalone,
            Asked::Parameter => self.ask_whether_standalone(),
            Asked::Subset if was_read => self.ask_whether_standalone(),
            Asked::Subset => self.has_external = self.had_external,
        }
    }
}

/// Refuses a public identifier, which is part of a text, that has characters none has.
pub(super) fn check_public(text: &str, public: &str) -> Step<()> {
    let Some(bad) = find_illegal_in_public(public) else { return Ok(()) };
    let start = public.as_ptr() as usize - text.as_ptr() as usize;
    wrong(Code::PublicId, start + bad)
}

/// Where an internal subset ends: at a bracket outside of declarations.
fn subset_end(text: &str, start: usize) -> Step<usize> {
    let mut place = start;
    let mut is_in_declaration = false;
    loop {
        let length = text[place..].find(['"', '\'', '<', ']', '>']).ok_or(Stop::Incomplete)?;
        let found = place + length;
        let rest = &text[found..];
        place = found + 1;
        if rest.starts_with("<!--") {
            place = find_end(text, "-->", found + 4)? + 3;
        } else if rest.starts_with("<?") {
            place = find_end(text, "?>", found + 2)? + 2;
        } else if rest.starts_with("<!") {
            is_in_declaration = true;
        } else if rest.starts_with('>') {
            is_in_declaration = false;
        } else if rest.starts_with(']') {
            if !is_in_declaration {
                return Ok(found);
            }
        } else if is_in_declaration && !rest.starts_with('<') {
            place = find_end(text, &rest[..1], place)? + 1;
        }
    }
}

/// If a document type begins at this place of a text, which has no end: where the token begins that has none either, if one is begun.
pub(super) fn begun_in_doctype(text: &str, at: usize) -> Option<Option<usize>> {
    let rest = text[at..].strip_prefix("<!DOCTYPE").filter(|rest| !rest.is_empty())?;
    let mut place = text.len() - rest.len();
    while let Some(length) = text[place..].find(['"', '\'', '<', '%']) {
        let start = place + length;
        let token = &text[start..];
        let end = if token.starts_with("<!--") {
            find(text, "-->", start + 4)
        } else if token.starts_with("<?") {
            find(text, "?>", start + 2)
        } else if token.starts_with('<') {
            Some(start)
        } else if token.starts_with('%') {
            // Blanks come behind the sign only where an entity is declared.
            match token[1..].starts_with(['\t', '\n', ' ']) {
                true => Some(start),
                false => find(text, ";", start),
            }
        } else {
            find(text, &token[..1], start + 1)
        };
        let Some(end) = end else { return Some(Some(start)) };
        place = end + 1;
    }
    Some(None)
}
