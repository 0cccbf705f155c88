//! The document type: its head, its subsets, and its end.
//!
//! A subset is read one declaration after the other, since what is told of one may bring others: a program reads an external entity and has it
//! parsed, and what it declares counts before what comes behind the reference. The internal subset is read in the document itself, as its text comes.

use std::rc::Rc;

use super::characters::name_end;
use super::declarations::declaration_end;
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

/// What of a document type is next in the document itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// A declaration of the internal subset, or its end.
    Declaration,
    /// The closing `>`.
    Close,
    /// Nothing: all that is read are external texts.
    Nothing,
}

/// A document type that is being read.
#[derive(Debug)]
pub(super) struct Doctype {
    next: Next,
    /// The texts that are read besides, the innermost last.
    pub texts: Vec<Declared>,
    /// System and public identifier of the external subset.
    external: Option<(Option<String>, Option<String>)>,
    pub asked: Option<Asked>,
    /// Whether the external subset was asked for.
    is_past_external: bool,
}

impl Parser {
    /// Reads the head of a document type, up to its internal subset or its closing `>`. The rest follows before the token behind it.
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
        let end = scanner.at;
        let next = match text.as_bytes().get(end) {
            None => return Err(Stop::Incomplete),
            Some(b'[') => Next::Declaration,
            Some(b'>') => Next::Close,
            Some(_) => {
                find_end(text, ">", end)?;
                return wrong(Code::Syntax, end);
            }
        };
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
        let has_subset = next == Next::Declaration;
        let end = end + usize::from(has_subset);
        self.tell(Event::StartDoctype { name: name.to_owned(), system, public, has_subset }, &text[at..end]);
        self.begin_doctype(next, Vec::new(), external.filter(|(system, _)| system.is_some()));
        Ok(end)
    }

    fn begin_doctype(&mut self, next: Next, texts: Vec<Declared>, external: Option<(Option<String>, Option<String>)>) {
        self.doctype = Some(Box::new(Doctype { next, texts, external, asked: None, is_past_external: false }));
    }

    /// An external subset, all of which is there.
    pub(super) fn begin_external_subset(&mut self, text: &str) {
        let declaration = XmlDeclaration::read_beginning(text, true);
        let at = declaration.map_or(0, |(_, length)| length);
        let subset = Declared { text: text.into(), at, offset: 0, name: None };
        self.begin_doctype(Next::Nothing, vec![subset], None);
        if let Some(doctype) = &mut self.doctype {
            doctype.is_past_external = true;
        }
    }

    /// A document without a document type may be given one.
    pub(super) fn begin_foreign_doctype(&mut self) {
        self.has_doctype = true;
        self.begin_doctype(Next::Nothing, Vec::new(), None);
    }

    /// Asks whether it is right that the document depends on others.
    pub(super) fn ask_whether_standalone(&mut self) {
        if !self.is_standalone && self.wants.not_standalone {
            self.tell_alone(Event::NotStandalone);
        }
    }

    /// Reads what comes next of a document type; whether that was all.
    pub(super) fn read_doctype(&mut self, doctype: &mut Doctype) -> Result<bool, Failure> {
        if let Some(asked) = doctype.asked.take() {
            self.look_at_answer(asked);
            return Ok(false);
        }
        if !doctype.texts.is_empty() {
            return self.read_text(doctype).map(|()| false);
        }
        match doctype.next {
            Next::Declaration => self.read_internal(doctype).map(|()| false),
            Next::Close => self.read_close(doctype),
            Next::Nothing => Ok(self.ask_for_external(doctype)),
        }
    }

    /// Reads the next declaration of a text that is not the document.
    fn read_text(&mut self, doctype: &mut Doctype) -> Result<(), Failure> {
        let Some(declared) = doctype.texts.last_mut() else { return Ok(()) };
        if declared.at == declared.text.len() {
            if declared.name.is_some() {
                self.open.pop();
            }
            doctype.texts.pop();
            return Ok(());
        }
        let (text, at, offset) = (Rc::clone(&declared.text), declared.at, declared.offset);
        // In an entity all errors are where its reference is.
        let is_entity = declared.name.is_some();
        let place_of = |place: usize| Some(if is_entity { offset } else { offset + place });
        // What is put on top is read first; this text goes on behind what was read.
        let index = doctype.texts.len() - 1;
        match self.declaration_token(&text, at, &mut doctype.asked, &mut doctype.texts) {
            Ok(end) => {
                doctype.texts[index].at = end;
                Ok(())
            }
            Err(Stop::Incomplete) => Err(self.fail(Code::Syntax, place_of(at))),
            Err(Stop::Wrong(code, place)) => Err(self.fail(code, place_of(place.unwrap_or(at)))),
        }
    }

    /// Reads the next declaration of the internal subset, if all of it is there, or the end of the subset.
    fn read_internal(&mut self, doctype: &mut Doctype) -> Result<(), Failure> {
        let (text, at) = self.document();
        if at == text.len() {
            return self.end_of_run();
        }
        self.begin_token();
        if text[at..].starts_with(']') {
            // Expat waits for what is behind it.
            if at + 1 == text.len() && !self.is_final {
                return self.stop_in_doctype(&text, at);
            }
            self.tell(Event::InDoctype, "]");
            self.move_to(at + 1);
            doctype.next = Next::Close;
            return Ok(());
        }
        if end_of_declaration(&text, at).is_none() {
            return self.stop_in_doctype(&text, at);
        }
        match self.declaration_token(&text, at, &mut doctype.asked, &mut doctype.texts) {
            Ok(end) => {
                self.move_to(end);
                Ok(())
            }
            Err(Stop::Incomplete) => Err(self.fail(Code::Syntax, Some(at))),
            Err(Stop::Wrong(code, place)) => Err(self.fail(code, Some(place.unwrap_or(at)))),
        }
    }

    /// Reads the end of a document type. What is external comes before it.
    fn read_close(&mut self, doctype: &mut Doctype) -> Result<bool, Failure> {
        let (text, at) = self.document();
        let close = skip_blanks(&text, at);
        match text.as_bytes().get(close) {
            None if at == close => return self.end_of_run().map(|()| false),
            Some(b'>') if at == close => {}
            None | Some(b'>') => {
                self.begin_token();
                self.tell(Event::InDoctype, &text[at..close]);
                self.move_to(close);
                return Ok(false);
            }
            Some(_) => return Err(self.fail(Code::Syntax, Some(close))),
        }
        self.begin_token();
        if !self.ask_for_external(doctype) {
            return Ok(false);
        }
        self.tell(Event::EndDoctype, ">");
        self.move_to(close + 1);
        Ok(true)
    }

    /// Asks a program for the external subset, once; whether that was done before.
    fn ask_for_external(&mut self, doctype: &mut Doctype) -> bool {
        if doctype.is_past_external {
            return true;
        }
        doctype.is_past_external = true;
        let is_foreign = std::mem::take(&mut self.uses_foreign) && doctype.external.is_none();
        if doctype.external.is_none() && !is_foreign {
            return false;
        }
        let had_external = self.has_external;
        self.has_external = true;
        if self.reads_parameters() && self.wants.external_entities {
            self.declarations.borrow_mut().was_read = false;
            let (system, public) = doctype.external.clone().unwrap_or_default();
            self.tell_alone(Event::ExternalEntity { context: None, system, public });
            doctype.asked = Some(Asked::Subset);
            self.had_external = had_external || doctype.external.is_some();
        }
        false
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

/// Where what begins at a place of an internal subset ends: a declaration, or what may stand between two.
fn end_of_declaration(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    if rest.starts_with("<!--") {
        find(text, "-->", at + 4)
    } else if rest.starts_with("<?") {
        find(text, "?>", at + 2)
    } else if rest.starts_with('<') {
        declaration_end(text, at)
    } else if rest.starts_with('%') {
        // At whatever is no part of its name.
        Some(name_end(text, at + 1).unwrap_or(at + 1)).filter(|end| *end < text.len())
    } else {
        Some(at)
    }
}

/// In a document type that has no end: where the token begins that has none either, if one is begun behind a place.
pub(super) fn begun_token(text: &str, from: usize) -> Option<usize> {
    let mut place = from;
    while let Some(length) = text[place..].find(['"', '\'', '<', '%']) {
        let start = place + length;
        let token = &text[start..];
        let end = if token.starts_with("<!--") {
            find(text, "-->", start + 4)
        } else if token.starts_with("<?") {
            find(text, "?>", start + 2)
        } else if token.starts_with('<') {
            Some(start)
        } else if let Some(behind) = token.strip_prefix('%') {
            // Blanks come behind the sign only where an entity is declared.
            let is_alone = behind.starts_with(['\t', '\n', ' ']);
            if is_alone { Some(start) } else { find(text, ";", start) }
        } else {
            find(text, &token[..1], start + 1)
        };
        let Some(end) = end else { return Some(start) };
        place = end + 1;
    }
    None
}
