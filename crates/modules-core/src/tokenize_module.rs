//! `_tokenize`: the tokenizer as an iterator, for `tokenize`.
//!
//! The tokenizer reads a whole text, `readline` gives a line at a time. So the lines so far are tokenized again whenever their number has doubled,
//! and only tokens of lines before the last are yielded. What `readline` raises is raised after the tokens of the lines before.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;

use builtins::bytes::Bytes;
use macros::{Instance, python_module, python_type};
use objects::errors::{BaseException, PyResult, Raised, StopIteration};
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
use syntax::source::{Source, SourceOptions};
use syntax::token::TokenKind;
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

/// What was read, and what of it is left to yield.
#[derive(Default)]
struct Tokens {
    text: String,
    line_count: usize,
    /// Whether `readline` has nothing more.
    is_complete: bool,
    rows: VecDeque<Row>,
    yielded: usize,
    failure: Option<Failure>,
}

impl Tokens {
    /// Tokenizes what was read. As long as there may be more, tokens of the last line are held back, and errors do not count.
    fn tokenize(&mut self, extra_tokens: bool, has_raised: bool) -> Result<(), String> {
        let options =
            SourceOptions { translate_newlines: false, refuse_nulls: false, add_final_newline: !self.text.is_empty() };
        let source = Source::from_text(&self.text, options).map_err(|error| error.message.to_string_lossy())?;
        let mut tokens = ModuleTokens::new(&source, TokenizerOptions { extra_tokens, ..TokenizerOptions::default() });
        self.rows = VecDeque::new();
        self.failure = None;
        let mut index = 0;
        loop {
            let token = match tokens.next_token() {
                Ok(Some(token)) => token,
                Ok(None) => break,
                Err(error) => {
                    self.failure = (self.is_complete && !(has_raised && error.text.is_none())).then(|| error.into());
                    break;
                }
            };
            let is_of_end = token.kind == TokenKind::EndMarker as u8
                || token.kind == TokenKind::Dedent as u8 && token.line.is_empty();
            let is_settled = usize::try_from(token.end.0).is_ok_and(|line| line < self.line_count);
            if if self.is_complete { has_raised && is_of_end } else { is_of_end || !is_settled } {
                break;
            }
            if index >= self.yielded {
                self.rows.push_back(Row::new(&token, source.text()));
            }
            index += 1;
        }
        // By assignment: `clear` would be the collector's, which leaves a string as it is.
        self.text = source.text().to_owned();
        if source.has_added_newline() && !self.is_complete {
            self.text.pop();
        }
        Ok(())
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
    /// What `readline` raised.
    raised: Field<BaseException>,
    /// The text of the last token's line, and where it starts.
    last_line: Field<Str>,
    last_line_start: Cell<usize>,
    extra_tokens: Cell<bool>,
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

    /// Reads as many lines again as were read so far, and tokenizes them: so that reading on costs in proportion to
    /// the text, and what follows the last token asked for stays mostly unread.
    fn read_more(&self, thread: &mut Thread) -> PyResult<()> {
        let goal = self.tokens.0.borrow().line_count * 2 + 1;
        while self.tokens.0.borrow().line_count < goal {
            match self.read_line(thread) {
                Ok(Some(line)) => {
                    let mut tokens = self.tokens.0.borrow_mut();
                    if !tokens.text.is_empty() && !tokens.text.ends_with('\n') {
                        tokens.text.push('\n');
                    }
                    tokens.text.push_str(&line);
                    tokens.line_count += 1;
                }
                Ok(None) => {
                    self.tokens.0.borrow_mut().is_complete = true;
                    break;
                }
                Err(raised) => {
                    let exception = thread.catch(raised);
                    self.raised.set(Some(exception));
                    self.tokens.0.borrow_mut().is_complete = true;
                    break;
                }
            }
        }
        let length = self.tokens.0.borrow().text.len();
        thread.check_room(length.saturating_mul(ROOM_PER_BYTE))?;
        let has_raised = !self.raised.is_empty();
        let result = self.tokens.0.borrow_mut().tokenize(self.extra_tokens.get(), has_raised);
        result.map_err(|message| raise!(thread, OverflowError, "{message}"))
    }

    fn token_tuple(&self, row: &Row, source: &str, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let line = match self.last_line.get().filter(|_| self.last_line_start.get() == row.line.start) {
            Some(line) if line.length() == text_of(&row.line, source).chars().count() => line,
            _ => {
                let line = Str::from_str(text_of(&row.line, source), thread);
                self.last_line.set(Some(line.clone()));
                self.last_line_start.set(row.line.start);
                line
            }
        };
        let mut pair = |(line, column): (i64, i64)| {
            let items = [line, column].map(|it| Int::from_i64(it, thread).into_object());
            Tuple::new(items.into(), thread).map(Py::into_object)
        };
        let (start, end) = (pair(row.start)?, pair(row.end)?);
        let kind = Int::from_i64(row.kind.into(), thread).into_object();
        let text = Str::from_str(text_of(&row.text, source), thread).into_object();
        Tuple::new(vec![kind, text, start, end, line.into_object()], thread)
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
            raised: Field::EMPTY,
            last_line: Field::EMPTY,
            last_line_start: Cell::new(usize::MAX),
            extra_tokens: Cell::new(extra_tokens),
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
                self.tokens.0.borrow_mut().yielded += 1;
                let tokens = self.tokens.0.borrow();
                return self.token_tuple(&row, &tokens.text, thread).map(|it| Some(it.into_object()));
            }
            if self.tokens.0.borrow().is_complete {
                break;
            }
            self.read_more(thread)?;
        }
        let failure = self.tokens.0.borrow_mut().failure.take();
        if let Some(failure) = failure {
            return Err(raise_failure(&failure, thread));
        }
        match self.raised.take() {
            Some(exception) => Err(thread.reraise(exception)),
            None => Ok(None),
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
