//! `Parser`: the state of a parse, and the loop that reads one token after the other.
//!
//! The binding gives text ([`Parser::push_text`]), begins a run ([`Parser::begin`]) and asks for events until there are none ([`Parser::next`]). The
//! invariant: what was read of a token is told before the token behind it is looked at, and an error comes after all that was told before it.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use super::doctype::{Doctype, begun_token};
use super::errors::Code;
use super::event::{Event, Told};
use super::namespaces::Scope;

/// How many bytes a character takes in the encoding of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CharacterWidth {
    Utf8,
    OneByte,
    Utf16,
}

impl CharacterWidth {
    /// The bytes that a text takes.
    fn of(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::OneByte => text.chars().count(),
            Self::Utf16 => text.chars().map(|it| 2 * it.len_utf16()).sum(),
        }
    }
}

/// A place in the document: lines count from 1, columns are characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
    pub bytes: usize,
}

impl Place {
    const START: Self = Self { line: 1, column: 0, bytes: 0 };

    /// The place behind a text.
    fn behind(self, text: &str, width: CharacterWidth) -> Self {
        let bytes = self.bytes + width.of(text);
        match text.rfind('\n') {
            Some(last) => {
                let line = self.line + text.bytes().filter(|byte| *byte == b'\n').count();
                Self { line, column: text[last + 1..].chars().count(), bytes }
            }
            None => Self { column: self.column + text.chars().count(), bytes, ..self },
        }
    }
}

/// What is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    pub code: Code,
    pub place: Place,
}

/// Why a token was not read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stop {
    /// It goes on beyond what has come so far.
    Incomplete,
    /// It is wrong, at this place in the text, if that is not where it begins.
    Wrong(Code, Option<usize>),
}

pub(super) type Step<T> = Result<T, Stop>;

pub(super) fn wrong<T>(code: Code, at: usize) -> Step<T> {
    Err(Stop::Wrong(code, Some(at)))
}

/// What somebody wants to be told, where that changes what there is to tell.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wants {
    /// Text of what nothing else tells of.
    pub others: bool,
    /// The same, and entities are not to be expanded.
    pub unexpanded: bool,
    pub start_elements: bool,
    pub end_elements: bool,
    pub skipped_entities: bool,
    pub external_entities: bool,
    pub not_standalone: bool,
}

/// Whether parameter entities, and the external subset, are read: `XML_PARAM_ENTITY_PARSING_…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameters {
    Never,
    UnlessStandalone,
    Always,
}

/// An entity that is declared.
#[derive(Clone, Debug)]
pub(super) struct Entity {
    pub value: Option<Rc<str>>,
    pub system: Option<String>,
    pub public: Option<String>,
    pub notation: Option<String>,
    /// Whether it is declared in the document itself, and not in a parameter entity.
    pub is_internal: bool,
}

/// The declared attributes of an element, in order: name, type and default value.
pub(super) type Defaults = Vec<(String, (String, Option<String>))>;

/// What a document declares, which the parsers of its external entities know as well.
#[derive(Debug, Default)]
pub(super) struct Declarations {
    pub entities: HashMap<String, Entity>,
    pub parameters: HashMap<String, Entity>,
    pub defaults: HashMap<String, Defaults>,
    /// Whether an external entity of declarations was read.
    pub was_read: bool,
    /// Whether a parameter entity was not read: what is declared behind it does not count.
    pub is_incomplete: bool,
}

/// In which part of a document we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Prolog,
    Content,
    Epilog,
}

/// An element that has not ended.
#[derive(Debug)]
pub(super) struct OpenElement {
    pub name: Rc<str>,
    /// With its namespace.
    pub shown: String,
    /// The namespaces that it declares, if namespaces are looked at.
    pub has_scope: bool,
    /// How many entities were open where it began.
    pub n_open: usize,
}

/// A text that is being read: the document, or an entity in the place of its reference.
#[derive(Debug)]
struct Source {
    text: Rc<str>,
    at: usize,
    /// Of an entity: where its reference ends in the source around, and what is put back then.
    end_of_reference: usize,
    n_elements: usize,
}

/// The rules of what an entity may become.
#[derive(Clone, Copy, Debug)]
pub struct Amplification {
    /// Bytes that are always allowed.
    pub threshold: u64,
    /// How many bytes a byte of the document may become.
    pub factor: f64,
}

const AMPLIFICATION: Amplification = Amplification { threshold: 8 << 20, factor: 100.0 };

/// A parse.
#[derive(Debug)]
pub struct Parser {
    /// What stands between a namespace and a name, if namespaces are looked at.
    pub(super) separator: Option<String>,
    pub namespace_prefixes: bool,
    pub amplification: Amplification,
    /// Whether a token that did not end is looked at again only when there is twice as much of it.
    pub defers: bool,
    sources: Vec<Source>,
    /// The names of the entities that are being read, parameter entities among them.
    pub(super) open: Vec<String>,
    pub(super) elements: Vec<OpenElement>,
    pub(super) scopes: Vec<Scope>,
    pub(super) declarations: Rc<RefCell<Declarations>>,
    pub(super) state: State,
    /// Whether this is an external entity, and no document.
    pub(super) is_fragment: bool,
    /// Whether it is one of declarations.
    pub(super) is_subset: bool,
    pub parameters: Parameters,
    /// Whether a document without an external subset is given one.
    pub uses_foreign: bool,
    /// Whether there was something external before the external subset.
    pub(super) had_external: bool,
    pub(super) doctype: Option<Box<Doctype>>,
    pub(super) is_in_cdata: bool,
    pub(super) is_start: bool,
    pub(super) has_doctype: bool,
    pub(super) has_external: bool,
    pub(super) is_standalone: bool,
    pub(super) wants: Wants,
    pending: VecDeque<Told>,
    failure: Option<Failure>,
    /// Where the source of the document was read up to.
    place: Place,
    width: CharacterWidth,
    /// Where the last token began, or what was wrong is.
    told_place: Place,
    ends_in_return: bool,
    /// How much of the document was read, in bytes, with its lines ending as XML has them; and where carriage returns went.
    n_read: usize,
    dropped: VecDeque<usize>,
    /// Bytes that were given, and that entities became.
    given: u64,
    expanded: u64,
    /// Where the current run began, and how long what did not end was when a run read nothing; in bytes.
    began: usize,
    tried: usize,
    pub(super) is_final: bool,
    is_running: bool,
    is_finished: bool,
    code: u8,
}

impl Parser {
    /// A parser of a document; with a separator it looks at namespaces.
    pub fn new(separator: Option<String>) -> Self {
        Self {
            separator,
            namespace_prefixes: false,
            amplification: AMPLIFICATION,
            defers: true,
            sources: vec![Source { text: "".into(), at: 0, end_of_reference: 0, n_elements: 0 }],
            open: Vec::new(),
            elements: Vec::new(),
            scopes: Vec::new(),
            declarations: Rc::default(),
            state: State::Prolog,
            is_fragment: false,
            is_subset: false,
            parameters: Parameters::Never,
            uses_foreign: false,
            had_external: false,
            doctype: None,
            is_in_cdata: false,
            is_start: true,
            has_doctype: false,
            has_external: false,
            is_standalone: false,
            wants: Wants::default(),
            pending: VecDeque::new(),
            failure: None,
            place: Place::START,
            width: CharacterWidth::Utf8,
            told_place: Place::START,
            ends_in_return: false,
            n_read: 0,
            dropped: VecDeque::new(),
            given: 0,
            expanded: 0,
            began: 0,
            tried: 0,
            is_final: false,
            is_running: false,
            is_finished: false,
            code: 0,
        }
    }

    /// A parser of an external entity of this document: one of content, or one of declarations.
    pub fn of_external_entity(&self, is_subset: bool) -> Self {
        Self {
            is_subset,
            parameters: self.parameters,
            is_standalone: self.is_standalone,
            has_external: self.has_external,
            namespace_prefixes: self.namespace_prefixes,
            defers: self.defers,
            declarations: Rc::clone(&self.declarations),
            scopes: self.scopes.clone(),
            state: State::Content,
            is_fragment: true,
            ..Self::new(self.separator.clone())
        }
    }

    /// Whether it reads an external entity.
    pub fn is_part(&self) -> bool {
        self.is_fragment
    }

    /// Whether there was any text.
    pub fn has_started(&self) -> bool {
        self.given > 0
    }

    pub fn is_finished(&self) -> bool {
        self.is_finished
    }

    /// The place of the last event or error.
    pub fn told_place(&self) -> Place {
        self.told_place
    }

    /// Goes on behind a text that was told of at the last place.
    pub fn pass_told(&mut self, text: &str) {
        let is_in_document = self.doctype.as_ref().is_none_or(|doctype| doctype.texts.is_empty());
        if self.sources.len() == 1 && is_in_document {
            self.told_place = self.told_place.behind(text, self.width);
        }
    }

    /// The number of the error, 0 if there was none.
    pub fn code(&self) -> u8 {
        self.code
    }

    /// What has not been read of the text.
    pub fn rest(&self) -> &str {
        self.sources.last().map_or("", |source| &source.text[source.at..])
    }

    /// Says how many bytes characters take, and how many more were passed over.
    pub fn count_bytes(&mut self, width: CharacterWidth, passed: usize) {
        self.width = width;
        if passed > 0 {
            self.place.bytes += passed;
            // A byte order mark is a character of no text.
            self.place.column += 1;
            self.tried = 0;
        }
    }

    /// Adds text, which came as so many bytes.
    pub fn push_text(&mut self, text: &str, n_bytes: usize, is_final: bool) {
        self.given += n_bytes as u64;
        let document = &mut self.sources[0];
        let mut whole = document.text[document.at..].to_owned();
        let dropped = push_with_line_ends(&mut whole, text, &mut self.ends_in_return, is_final);
        self.dropped.extend(dropped.into_iter().map(|at| self.n_read + at));
        document.text = whole.into();
        document.at = 0;
    }

    /// Begins to read what there is.
    pub fn begin(&mut self, is_final: bool) {
        self.is_final = is_final;
        if self.is_subset {
            return self.begin_subset();
        }
        self.is_running = is_final || !self.defers || self.unread() >= 2 * self.tried;
        if self.is_running {
            (self.began, self.tried) = (self.place.bytes, 0);
        }
    }

    /// How many bytes of the document were given and not read.
    fn unread(&self) -> usize {
        (self.given as usize).saturating_sub(self.place.bytes)
    }

    /// An external entity of declarations is read when all of it is there.
    fn begin_subset(&mut self) {
        self.declarations.borrow_mut().was_read = true;
        self.is_running = self.is_final;
        if self.is_final {
            let document = &mut self.sources[0];
            let text = Rc::clone(&document.text);
            document.at = text.len();
            self.state = State::Epilog;
            self.begin_external_subset(&text);
        }
    }

    /// Whether parameter entities are read in this document.
    pub(super) fn reads_parameters(&self) -> bool {
        match self.parameters {
            Parameters::Never => false,
            Parameters::UnlessStandalone => !self.is_standalone,
            Parameters::Always => true,
        }
    }

    /// The next event; None if there is no more for now.
    pub fn next(&mut self, wants: Wants) -> Result<Option<Told>, Failure> {
        self.wants = wants;
        loop {
            if let Some(told) = self.pending.pop_front() {
                self.told_place = told.place.unwrap_or(self.told_place);
                return Ok(Some(told));
            }
            if let Some(failure) = self.failure.take() {
                self.told_place = failure.place;
                return Err(failure);
            }
            if !self.is_running {
                return Ok(None);
            }
            if let Err(failure) = self.read_token() {
                self.failure = Some(failure);
            }
        }
    }

    /// Ends with an error at the current place, or at one of the source.
    pub fn fail(&mut self, code: Code, at: Option<usize>) -> Failure {
        if self.is_subset {
            self.sources[0].at = 0;
        }
        if let Some(at) = at {
            self.move_to(at);
        }
        self.told_place = self.place;
        self.code = code as u8;
        self.is_finished = true;
        self.is_running = false;
        Failure { code, place: self.place }
    }

    /// Forgets what was to be told, since somebody who was told of something does not want more.
    pub fn abandon(&mut self) {
        self.pending.clear();
        self.failure = None;
        self.is_running = false;
    }

    /// The text of the document, and up to where it was read.
    pub(super) fn document(&self) -> (Rc<str>, usize) {
        (Rc::clone(&self.sources[0].text), self.sources[0].at)
    }

    /// What is told from here on is at the current place.
    pub(super) fn begin_token(&mut self) {
        self.told_place = self.place;
    }

    fn source(&mut self) -> &mut Source {
        let last = self.sources.len() - 1;
        &mut self.sources[last]
    }

    /// Counts the text up to a place of the source.
    pub(super) fn move_to(&mut self, to: usize) {
        let source = self.source();
        let (text, from) = (Rc::clone(&source.text), source.at);
        source.at = to;
        // An error may be before what was read already.
        let part = text.get(from..to).unwrap_or("");
        self.place = self.place.behind(part, self.width);
        if self.sources.len() == 1 {
            self.n_read += part.len();
            while self.dropped.front().is_some_and(|at| *at < self.n_read) {
                self.dropped.pop_front();
                self.place.bytes += self.width.of("\r");
            }
        }
    }

    fn read_token(&mut self) -> Result<(), Failure> {
        if let Some(mut doctype) = self.doctype.take() {
            let is_done = self.read_doctype(&mut doctype)?;
            if !is_done {
                self.doctype = Some(doctype);
            }
            return Ok(());
        }
        let is_document = self.sources.len() == 1;
        let source = self.source();
        let (text, at) = (Rc::clone(&source.text), source.at);
        if at == text.len() {
            return if is_document { self.end_of_run() } else { self.end_of_entity() };
        }
        if is_document {
            self.begin_token();
        }
        let n_sources = self.sources.len();
        let is_final = self.is_final || !is_document;
        match self.token(&text, at, is_final) {
            Ok(end) => {
                if self.sources.len() > n_sources {
                    // The reference is passed over when the entity has been read.
                    self.source().end_of_reference = end;
                } else if is_document {
                    self.move_to(end);
                    self.is_start = false;
                } else {
                    self.source().at = end;
                }
                Ok(())
            }
            Err(Stop::Incomplete) if is_document => self.stop_within(&text, at),
            Err(Stop::Incomplete) => {
                self.leave_entities();
                Err(self.fail(if self.is_in_cdata { Code::UnclosedCdata } else { Code::UnclosedToken }, None))
            }
            Err(Stop::Wrong(code, at)) => Err(self.fail(code, at)),
        }
    }

    /// Waits for more text. If nothing was read, that is until there is twice as much.
    fn stop_run(&mut self) {
        self.tried = if self.place.bytes == self.began { self.unread() } else { 0 };
        self.is_running = false;
    }

    /// A token of the document goes on beyond its text.
    fn stop_within(&mut self, text: &str, at: usize) -> Result<(), Failure> {
        self.stop_run();
        if !self.is_final {
            return Ok(());
        }
        let rest = &text[at..];
        if self.is_in_cdata {
            return Err(self.fail(Code::UnclosedCdata, None));
        }
        match rest.strip_prefix("<!DOCTYPE") {
            Some(behind) if !behind.is_empty() => self.stop_in_doctype(text, text.len() - behind.len()),
            _ => Err(self.fail(Code::UnclosedToken, None)),
        }
    }

    /// A document type goes on beyond the text; behind a place are tokens of which the last may have no end.
    pub(super) fn stop_in_doctype(&mut self, text: &str, behind: usize) -> Result<(), Failure> {
        self.stop_run();
        let begun = begun_token(text, behind);
        // What is before it has been read, for Expat.
        self.tried = begun.map_or(0, |start| self.width.of(&text[start..]));
        match (self.is_final, begun) {
            (false, _) => Ok(()),
            (true, None) => Err(self.fail(Code::NoElements, Some(text.len()))),
            (true, begun) => Err(self.fail(Code::UnclosedToken, begun)),
        }
    }

    /// All text of the document has been read.
    pub(super) fn end_of_run(&mut self) -> Result<(), Failure> {
        self.stop_run();
        self.told_place = self.place;
        if !self.is_final {
            return Ok(());
        }
        match (self.is_fragment, self.state) {
            _ if self.is_in_cdata => return Err(self.fail(Code::UnclosedCdata, None)),
            (true, _) if !self.elements.is_empty() => return Err(self.fail(Code::AsyncEntity, None)),
            (false, State::Prolog | State::Content) => return Err(self.fail(Code::NoElements, None)),
            _ => {}
        }
        self.is_finished = true;
        Ok(())
    }

    /// Begins to read an entity in the place of its reference.
    pub(super) fn enter_entity(&mut self, name: &str, value: Rc<str>) {
        self.open.push(name.to_owned());
        let n_elements = self.elements.len();
        self.sources.push(Source { text: value, at: 0, end_of_reference: 0, n_elements });
    }

    fn end_of_entity(&mut self) -> Result<(), Failure> {
        let Some(entity) = self.sources.pop() else { return Ok(()) };
        self.open.pop();
        if self.is_in_cdata || self.elements.len() != entity.n_elements {
            self.leave_entities();
            return Err(self.fail(if self.is_in_cdata { Code::UnclosedCdata } else { Code::AsyncEntity }, None));
        }
        if self.sources.len() == 1 {
            self.move_to(entity.end_of_reference);
            self.is_start = false;
        } else {
            self.source().at = entity.end_of_reference;
        }
        Ok(())
    }

    /// Goes back to the document.
    fn leave_entities(&mut self) {
        self.sources.truncate(1);
    }

    /// Counts text that an entity becomes.
    pub(super) fn count_expansion(&mut self, length: usize, at: usize) -> Step<()> {
        self.expanded += length as u64;
        let total = self.given + self.expanded;
        let Amplification { threshold, factor } = self.amplification;
        if total >= threshold && total as f64 > self.given as f64 * factor {
            return wrong(Code::Amplification, at);
        }
        Ok(())
    }

    /// Tells of something that is written like this.
    pub(super) fn tell(&mut self, event: Event, raw: &str) {
        let raw = self.wants.others.then(|| raw.to_owned());
        self.pending.push_back(Told { event, raw, place: None });
    }

    /// How many events wait.
    pub(super) fn n_pending(&self) -> usize {
        self.pending.len()
    }

    /// Says how the event is written that was told of last.
    pub(super) fn add_to_last(&mut self, raw: &str) {
        let is_wanted = self.wants.others;
        if let Some(last) = self.pending.back_mut().filter(|_| is_wanted) {
            last.raw = Some(raw.to_owned());
        }
    }

    /// Says that what was told of last is behind a text, which the current token begins with.
    pub(super) fn put_last_behind(&mut self, text: &str) {
        let place = (self.sources.len() == 1).then(|| self.place.behind(text, self.width));
        if let Some(last) = self.pending.back_mut() {
            last.place = place;
        }
    }

    /// Tells of text as Expat does, of lines and their ends one by one; behind what the current token begins with.
    pub(super) fn tell_text(&mut self, text: &str, before: &str) {
        let is_document = self.sources.len() == 1;
        let mut place = if is_document { self.place.behind(before, self.width) } else { self.told_place };
        let mut at = self.n_read + before.len();
        for line in text.split_inclusive('\n') {
            let content = line.strip_suffix('\n').unwrap_or(line);
            for part in [content, &line[content.len()..]].into_iter().filter(|part| !part.is_empty()) {
                let was_two = is_document && part == "\n" && self.dropped.binary_search(&at).is_ok();
                self.tell(Event::Text(part.to_owned()), if was_two { "\r\n" } else { part });
                at += part.len();
                if let Some(last) = self.pending.back_mut().filter(|_| is_document) {
                    last.place = Some(place);
                    place = place.behind(part, self.width);
                    place.bytes += if was_two { self.width.of("\r") } else { 0 };
                }
            }
        }
    }

    /// Tells of something that nobody is told of otherwise.
    pub(super) fn tell_alone(&mut self, event: Event) {
        self.pending.push_back(Told { event, raw: None, place: None });
    }

    /// Tells of text that nothing else tells of.
    pub(super) fn tell_other(&mut self, raw: &str) {
        if self.wants.others && !raw.is_empty() {
            self.pending.push_back(Told { event: Event::Other, raw: Some(raw.to_owned()), place: None });
        }
    }
}

/// Appends a text, its lines ending as XML has them, and tells where line feeds are that a carriage return was before. One at the end may be half
/// of a line's end.
fn push_with_line_ends(whole: &mut String, text: &str, ends_in_return: &mut bool, is_final: bool) -> Vec<usize> {
    let mut rest = text;
    let mut dropped = Vec::new();
    let mut end_line = |whole: &mut String, rest: &str| {
        if rest.starts_with('\n') {
            dropped.push(whole.len());
        }
        whole.push('\n');
    };
    if *ends_in_return && (is_final || !rest.is_empty()) {
        end_line(whole, rest);
        rest = rest.strip_prefix('\n').unwrap_or(rest);
        *ends_in_return = false;
    }
    while let Some(at) = rest.find('\r') {
        whole.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if rest.is_empty() && !is_final {
            *ends_in_return = true;
            return dropped;
        }
        end_line(whole, rest);
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    whole.push_str(rest);
    dropped
}
