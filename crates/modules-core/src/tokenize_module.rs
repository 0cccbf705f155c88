//! `_tokenize`: the tokenizer as an iterator, for `tokenize`.
//!
//! `readline` gives a line at a time, and it shows when it is called. The tokenizer reads a whole text and cannot wait; so it is given the lines so far,
//! and goes on from what it was before the first token that met the end of those.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;

use builtins::bytes::Bytes;
use macros::{Instance, python_module, python_type};
use objects::errors::{PyResult, Raised, StopIteration};
use objects::exceptions::SyntaxError;
use objects::gc::{Traverse, Visitor};
use objects::int::Int;
use objects::module::Module;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::{Str, codecs};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type, TypeDeclaration};
use syntax::error::SyntaxErrorKind;
use syntax::source::Source;
use syntax::tokenizer::TokenizerOptions;
use syntax::tokenizer::module::{ModuleError, ModuleToken, ModuleTokens};

use crate::compile::exception_kind;

/// The types of this module.
pub const TYPES: &[&TypeDeclaration] = &[TokenizerIter::DECLARATION];

pub struct TokenizeModule;

#[python_module(name = "_tokenize")]
impl TokenizeModule {
    #[exec]
    fn fill(module: &Module, thread: &mut Thread) -> PyResult<()> {
        module.set("TokenizerIter", TokenizerIter::class(), thread)
    }
}

/// A token, its texts as ranges of the source.
struct Row {
    kind: u8,
    text: Range<usize>,
    start: (i64, i64),
    end: (i64, i64),
    line: Range<usize>,
}

/// Where an error is: the line, the offset, the line's text, and the line and offset of the end.
struct FailurePlace {
    line: u32,
    offset: i64,
    text: Option<String>,
    end: Option<(u32, Option<i64>)>,
}

/// An error, with what the exception tells of it.
struct Failure {
    kind: SyntaxErrorKind,
    message: String,
    /// None if the exception has a message only.
    place: Option<FailurePlace>,
}

/// Nothing was read yet.
static NOTHING: Source = Source::empty();

/// After so many attempts at one token, more and more lines are read before the next.
const PATIENCE: usize = 64;

/// What was read, and what of it is left to yield.
#[derive(Default)]
struct Tokens {
    source: Source,
    /// The tokenizer before the tokens that are not settled; None before the first line is read.
    state: Option<ModuleTokens<'static>>,
    /// How many tokens behind that were yielded.
    settled: usize,
    /// If the next token is a string that goes on, what at least one of must be in the line that ends it.
    awaited: Option<&'static [&'static str]>,
    /// How often it was tried to read that token.
    attempts: usize,
    /// Whether `readline` has nothing more.
    is_complete: bool,
    is_done: bool,
    rows: VecDeque<Row>,
    failure: Option<Failure>,
}

impl Tokens {
    /// Whether another line may make the next token whole: who knows what the line holds must not try for each line of a long string.
    fn may_go_on(&self, line: &str, waiting: usize) -> bool {
        let is_patient = self.attempts < PATIENCE || waiting >= self.attempts;
        is_patient && self.awaited.is_none_or(|awaited| awaited.iter().any(|it| line.contains(it)))
    }

    /// Tokenizes what was read. As long as there may be more, what is so because the text ends does not count.
    fn tokenize(&mut self, extra_tokens: bool) {
        let options = TokenizerOptions { extra_tokens, ..TokenizerOptions::default() };
        let state = self.state.take().unwrap_or_else(|| ModuleTokens::new(&NOTHING, options));
        let mut tokens = state.clone().move_to(&self.source);
        let mut count = 0;
        loop {
            if !self.is_complete && tokens.is_exhausted() {
                self.state = Some(tokens.move_to(&NOTHING));
                (self.settled, self.attempts, self.awaited) = (0, 0, None);
                return;
            }
            // Of what ends too early, what its end needs.
            let premature = match tokens.next_token() {
                Ok(Some(_)) if !self.is_complete && tokens.has_met_end() => Some(None),
                Ok(Some(token)) => {
                    if count >= self.settled {
                        self.rows.push_back(Row::new(&token, self.source.text()));
                    }
                    count += 1;
                    continue;
                }
                Ok(None) => None,
                Err(error) if !self.is_complete && tokens.is_premature(&error) => Some(error.awaited_in_long_string()),
                Err(error) => {
                    self.failure = Some(error.into());
                    None
                }
            };
            self.is_done = premature.is_none();
            if let Some(awaited) = premature {
                self.attempts = if count > self.settled { 1 } else { self.attempts + 1 };
                (self.settled, self.awaited) = (count, awaited);
                self.state = Some(state);
            }
            return;
        }
    }
}

impl Row {
    fn new(token: &ModuleToken<'_>, source: &str) -> Self {
        Self {
            kind: token.kind,
            text: range_within(token.text, source),
            start: token.start,
            end: token.end,
            line: range_within(token.line, source),
        }
    }
}

/// Where a part lies in the text that it is a slice of; a part that is not (a newline that the source lacks) is put as
/// a range behind every text, which [`text_of`] reads.
fn range_within(part: &str, source: &str) -> Range<usize> {
    match part.as_ptr().addr().checked_sub(source.as_ptr().addr()) {
        Some(start) if start + part.len() <= source.len() => start..start + part.len(),
        _ => usize::MAX - part.len()..usize::MAX,
    }
}

/// The text of a range: outside the source, there are only line ends.
fn text_of<'a>(range: &Range<usize>, source: &'a str) -> &'a str {
    match (range.end, range.len()) {
        (usize::MAX, 1) => "\n",
        (usize::MAX, 2) => "\r\n",
        _ => source.get(range.clone()).unwrap_or(""),
    }
}

impl From<ModuleError<'_>> for Failure {
    fn from(error: ModuleError<'_>) -> Self {
        // At the end of the source there is no text to show, and its end has no column.
        let is_placed = error.text.is_some() || matches!(error.end, Some((_, None)));
        let place = is_placed.then(|| FailurePlace {
            line: error.line,
            offset: error.offset,
            text: error.text.map(str::to_owned),
            end: error.end,
        });
        Self { kind: error.kind, message: error.message, place }
    }
}

/// What a byte of source comes to at most, in bytes: a token of one letter, a space, and a queue that was doubled.
const ROOM_PER_BYTE: usize = 2 * size_of::<Row>();

/// The state behind an iterator; it refers to no objects.
#[derive(Default)]
struct Shared(Rc<RefCell<Tokens>>);

impl Traverse for Shared {
    const MAY_REFER: bool = false;

    fn traverse(&self, _visitor: &mut Visitor<'_>) {}

    fn clear(&self) {}
}

#[derive(Instance)]
#[repr(C)]
pub struct TokenizerIter {
    header: Header,
    readline: Field,
    encoding: Field<Str>,
    /// The text of the last token's line, and where it lies.
    last_line: Field<Str>,
    last_line_range: Cell<(usize, usize)>,
    /// The last place of a tuple, as line and column, and as it is in the tuple: most tokens begin where the last one ended, and
    /// nearly all in its line.
    last_place: Cell<(i64, i64)>,
    last_place_tuple: Field<Tuple>,
    last_line_number: Field,
    /// Whether lines are bytes in UTF-8.
    is_utf8: bool,
    extra_tokens: Cell<bool>,
    /// Something came of it: a token, or the end.
    has_given: Cell<bool>,
    tokens: Shared,
}

impl TokenizerIter {
    /// The next line; None at the end, which `StopIteration` may tell as well.
    fn read_line(&self, thread: &mut Thread) -> PyResult<Option<String>> {
        let Some(readline) = self.readline.get() else { return Ok(None) };
        let result = protocol::call(&readline, &[], thread);
        let Some(line) = thread.suppress(result, StopIteration)? else { return Ok(None) };
        let text = match self.encoding.get() {
            Some(encoding) => {
                let Some(bytes) = line.downcast::<Bytes>() else {
                    return Err(raise!(thread, TypeError, "readline() returned a non-bytes object"));
                };
                if let Ok(text) = std::str::from_utf8(bytes.as_slice())
                    && self.is_utf8
                {
                    return Ok(Some(text.to_owned()).filter(|it| !it.is_empty()));
                }
                codecs::decode(bytes.as_slice(), Some(&encoding.to_string_lossy()), Some("replace"), thread)?
            }
            None => match line.downcast::<Str>() {
                Some(text) => Py::from_ref(text),
                None => return Err(raise!(thread, TypeError, "readline() returned a non-string object")),
            },
        };
        let utf8 = text.utf8(thread)?;
        Ok(Some(String::from_utf8_lossy(utf8).into_owned()).filter(|it| !it.is_empty()))
    }

    /// Reads on, until there are tokens or `readline` has nothing more.
    fn read_more(&self, thread: &mut Thread) -> PyResult<()> {
        let mut waiting = 0;
        loop {
            let line = match self.read_line(thread) {
                Ok(line) => line,
                Err(raised) => {
                    let mut tokens = self.tokens.0.borrow_mut();
                    (tokens.is_complete, tokens.is_done) = (true, true);
                    return Err(raised);
                }
            };
            let length = line.as_ref().map_or(0, String::len);
            thread.check_room(length.saturating_mul(ROOM_PER_BYTE))?;
            let mut tokens = self.tokens.0.borrow_mut();
            waiting += 1;
            let is_worth_it = match line {
                Some(line) => {
                    tokens.source.push_line(&line);
                    tokens.may_go_on(&line, waiting)
                }
                None => {
                    tokens.is_complete = true;
                    true
                }
            };
            if is_worth_it {
                tokens.tokenize(self.extra_tokens.get());
                return Ok(());
            }
        }
    }

    /// Line and column, as a tuple.
    fn place(&self, place: (i64, i64), thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let last = self.last_place.get();
        if last == place
            && let Some(tuple) = self.last_place_tuple.get()
        {
            return Ok(tuple);
        }
        let line = match self.last_line_number.get().filter(|_| last.0 == place.0) {
            Some(line) => line,
            None => Int::from_i64(place.0, thread).into_object(),
        };
        let column = Int::from_i64(place.1, thread).into_object();
        let tuple = Tuple::from_iterator([line.clone(), column].into_iter(), thread)?;
        self.last_line_number.set(Some(line));
        self.last_place.set(place);
        self.last_place_tuple.set(Some(tuple.clone()));
        Ok(tuple)
    }

    fn token_tuple(&self, row: &Row, source: &str, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let range = (row.line.start, row.line.end);
        let line = match self.last_line.get().filter(|_| self.last_line_range.get() == range) {
            Some(line) => line,
            None => {
                let line = Str::from_str(text_of(&row.line, source), thread);
                self.last_line.set(Some(line.clone()));
                self.last_line_range.set(range);
                line
            }
        };
        let start = self.place(row.start, thread)?.into_object();
        let end = self.place(row.end, thread)?.into_object();
        let kind = Int::from_i64(row.kind.into(), thread).into_object();
        let text = match text_of(&row.text, source) {
            text if text.len() == 1 => Str::from_code_point(text.as_bytes()[0].into(), thread),
            text => Str::from_str(text, thread),
        };
        Tuple::from_iterator([kind, text.into_object(), start, end, line.into_object()].into_iter(), thread)
    }
}

#[python_type(name = "_tokenize.TokenizerIter", base = BaseObject, flags(HEAPTYPE))]
impl TokenizerIter {
    #[new(name = "tokenizeriter")]
    #[signature("(readline, /, *, extra_tokens, encoding=None)")]
    fn new(
        class: &Type,
        readline: &Object,
        extra_tokens: bool,
        encoding: Option<&Str>,
        thread: &mut Thread,
    ) -> PyResult<Py<TokenizerIter>> {
        let value = TokenizerIter {
            header: Header::new(TokenizerIter::class()),
            readline: Field::new(Some(Py::from_ref(readline))),
            encoding: Field::new(encoding.map(Py::from_ref)),
            last_line: Field::EMPTY,
            last_line_range: Cell::new((usize::MAX, usize::MAX)),
            last_place: Cell::default(),
            last_place_tuple: Field::EMPTY,
            last_line_number: Field::EMPTY,
            is_utf8: encoding.is_some_and(|it| it.to_string_lossy() == "utf-8"),
            extra_tokens: Cell::new(extra_tokens),
            has_given: Cell::new(false),
            tokens: Shared::default(),
        };
        Py::new_in(class, value, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<TokenizerIter> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        loop {
            let row = self.tokens.0.borrow_mut().rows.pop_front();
            if let Some(row) = row {
                self.has_given.set(true);
                let tokens = self.tokens.0.borrow();
                return self.token_tuple(&row, tokens.source.text(), thread).map(|it| Some(it.into_object()));
            }
            if self.tokens.0.borrow().is_done {
                break;
            }
            self.read_more(thread)?;
        }
        let failure = self.tokens.0.borrow_mut().failure.take();
        match failure {
            Some(failure) => Err(raise_failure(&failure, thread)),
            // Nothing at all ends without a word.
            None if !self.has_given.replace(true) => Ok(None),
            // With a word, as in CPython: so tools are told of it too.
            None => Err(raise!(thread, StopIteration, "EOF")),
        }
    }
}

/// Raises what the tokenizer found.
fn raise_failure(failure: &Failure, thread: &mut Thread) -> Raised {
    let kind = exception_kind(failure.kind);
    match failure_arguments(failure, thread) {
        Ok(arguments) => {
            let arguments: Vec<&Object> = arguments.iter().map(|it| &**it).collect();
            match protocol::call(kind.as_type(), &arguments, thread) {
                Ok(exception) => {
                    mark_end(failure, &exception, thread);
                    thread.raise(exception)
                }
                Err(raised) => raised,
            }
        }
        Err(raised) => raised,
    }
}

/// Where the source ended too early: attributes of the exception that are not among its arguments.
fn mark_end(failure: &Failure, exception: &Object, thread: &mut Thread) {
    let (Some(place), Some(error)) = (&failure.place, exception.downcast::<SyntaxError>()) else { return };
    if place.text.is_some() {
        return;
    }
    error.filename.set(Some(Str::from_str("<string>", thread).into_object()));
    error.lineno.set(Some(Int::from_i64(place.line.into(), thread).into_object()));
    error.offset.set(Some(Int::from_i64(place.offset, thread).into_object()));
    error.end_lineno.set(place.end.map(|(line, _)| Int::from_i64(line.into(), thread).into_object()));
}

fn failure_arguments(failure: &Failure, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    let message = Str::from_str(&failure.message, thread).into_object();
    let Some(FailurePlace { line, offset, text: Some(text), end }) = &failure.place else { return Ok(vec![message]) };
    let mut items = vec![
        Str::from_str("<string>", thread).into_object(),
        Int::from_i64((*line).into(), thread).into_object(),
        Int::from_i64(*offset, thread).into_object(),
        Str::from_str(text, thread).into_object(),
    ];
    let (line, offset) = end.map_or((None, None), |(line, offset)| (Some(i64::from(line)), offset));
    for number in [line, offset] {
        items.push(match number {
            Some(number) => Int::from_i64(number, thread).into_object(),
            None => thread.none(),
        });
    }
    Ok(vec![message, Tuple::new(items, thread)?.into_object()])
}
