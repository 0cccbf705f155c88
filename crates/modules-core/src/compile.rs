//! From source text to code objects: the front end's crates behind one function, its errors as exceptions.

use std::cell::{OnceCell, RefCell};

use builtins::bytes::Bytes;
use bytecode::arena::Arena;
use bytecode::code_flags::CO_FUTURE_BARRY_AS_BDFL;
pub use bytecode::compile_flags as flags;
use bytecode::generated::GeneratedUnit;
use compiler::preprocess::{PreprocessOptions, preprocess};
use compiler::{CompileOptions, StagedError};
use interpreter::code::{Code, CodeSettings, code_from_unit, string};
use objects::descriptors::BuiltinFunction;
use objects::errors::{
    self, _IncompleteInputError, DeprecationWarning, ExceptionKind, IndentationError, MemoryError, OverflowError,
    PyResult, Raised, RecursionError, SyntaxError, SystemError, TabError, ValueError,
};
use objects::int::Int;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use syntax::ast::Tree;
use syntax::error::{ErrorLine, SyntaxErrorKind, SyntaxWarning};
use syntax::parser::{Mode, Options, Parsed, Rejected, parse, parse_or_reject};
use syntax::source::decode::source_encoding;
use syntax::source::{Source, SourceOptions, offset_in};
use syntax::string_literal::UnicodeNames;
use syntax::token::{Position, Span};
use syntax::tokenizer::identifier::IdentifierForms;
use text::wtf8::Wtf8Buf;

use crate::builtins_module::import_module;
use crate::program_text::{DeclaredFile, counted_line, earlier_error, open_string, with_plain_first_comment};
use crate::warnings_module::{line_of_file, warn_about_source};

/// What `compile()` is told besides the source.
#[derive(Clone, Copy)]
pub struct Request {
    pub mode: Mode,
    /// `CO_FUTURE_*` and `PyCF_*` bits.
    pub flags: u32,
    pub optimize: u8,
    /// The minor version of the grammar.
    pub feature_version: u8,
}

impl Request {
    pub fn new(mode: Mode, flags: u32, optimize: u8) -> Self {
        Self { mode, flags, optimize, feature_version: 14 }
    }
}

/// Source as a program has it.
pub enum Text<'a> {
    Decoded(&'a str),
    Encoded(&'a [u8]),
    /// The bytes of the file that is run as the program: messages about its encoding name it.
    File(&'a [u8]),
}

/// What a byte of source comes to at most, in bytes, until its code object is there: tokens, tree, instructions.
const ROOM_PER_BYTE: usize = 128;

impl Text<'_> {
    /// Bytes.
    fn length(&self) -> usize {
        match self {
            Self::Decoded(text) => text.len(),
            Self::Encoded(bytes) | Self::File(bytes) => bytes.len(),
        }
    }
}

/// What a tree and its code are made in, and the source that their texts may be parts of. Whoever compiles keeps it until there are objects.
#[derive(Default)]
pub struct Memory {
    pub arena: Arena,
    source: OnceCell<Source>,
}

impl Memory {
    /// Memory for a source of so many bytes.
    fn for_source(length: usize) -> Self {
        Self { arena: Arena::for_source(length), source: OnceCell::new() }
    }
}

/// Compiles a program to a code object.
pub fn compile_source(text: Text<'_>, filename: &Wtf8Buf, request: Request, thread: &mut Thread) -> PyResult<Py<Code>> {
    let memory = Memory::for_source(text.length());
    let tree = parse_source(text, filename, request, &memory, thread)?;
    compile_tree(tree, filename, request, thread)
}

/// The text of encoded source, by the codecs that Python code may have registered.
fn decode(
    bytes: &[u8],
    file: Option<&str>,
    options: SourceOptions,
    thread: &mut Thread,
) -> Result<Source, syntax::error::SyntaxError> {
    Source::from_bytes(bytes, options, file, &mut |encoding, bytes| {
        let bytes = Bytes::from_slice(bytes, thread);
        let encoding = Str::from_str(encoding, thread);
        let method = thread.intern_text("decode");
        let text =
            protocol::call_method(&bytes, &method, &[&encoding], thread).and_then(|text| protocol::str(&text, thread));
        match text {
            Ok(text) => Ok(text.to_string_lossy()),
            Err(raised) => {
                let exception = thread.catch(raised);
                let reason = protocol::str(&exception, thread).map(|it| it.to_string_lossy());
                Err(reason
                    .unwrap_or_else(|raised| {
                        drop(thread.catch(raised));
                        "encoding problem".to_owned()
                    })
                    .as_str()
                    .into())
            }
        }
    })
}

/// Sets the exception for source that could not be decoded: its line is shown with U+FFFD for what is wrong. As CPython's tokenizer
/// does not know the file's name, the arguments lack it, and the attribute has it, where the place is known.
#[cold]
fn raise_undecodable(
    error: syntax::error::SyntaxError,
    bytes: &[u8],
    line: Option<FileLine>,
    filename: &Wtf8Buf,
    thread: &mut Thread,
) -> Raised {
    if error.span.is_none() {
        return raise_syntax_error(&error, None, filename, thread);
    }
    let built = match error.span {
        Some(span) if span.start.line > 0 => {
            let source = Source::for_report(bytes);
            let message = string(error.message.view(), thread).into_object();
            // The tokenizer of a file knows its name.
            let name = line.is_some().then(|| string(filename.view(), thread));
            located(message, exception_kind(error.kind), &error, &source, name, line, thread).and_then(|exception| {
                let (name, value) = (thread.intern_text("filename"), string(filename.view(), thread));
                protocol::set_attribute(&exception, &name, Some(&value), thread)?;
                Ok(exception)
            })
        }
        _ => place_unknown(&error, filename, thread),
    };
    match built {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// The same for the file that runs as the program.
#[cold]
fn raise_undecodable_file(
    mut error: syntax::error::SyntaxError,
    bytes: &[u8],
    filename: &Wtf8Buf,
    thread: &mut Thread,
) -> Raised {
    let place = error.span.filter(|it| it.start.line > 0);
    if let Some(span) = place
        && let Some((source, earlier)) = earlier_error(bytes, span.start.line)
    {
        return raise_syntax_error(&earlier, Some(&source), filename, thread);
    }
    let is_conflict = error.message.to_string_lossy().ends_with(" with BOM");
    if !is_conflict
        && let Some(encoding) = source_encoding(bytes)
        && let Some(raised) = raise_wrong_in_encoding(bytes, &encoding, place, filename, thread)
    {
        return raised;
    }
    let Some(span) = place else {
        return raise_undecodable(error, bytes, None, filename, thread);
    };
    let line = span.start.line;
    let counted = counted_line(bytes, line);
    let report = Source::for_report(bytes);
    let text = report.line_text(line).and_then(|it| it.split(['\n', '\0']).next()).unwrap_or_default().to_owned();
    let offset = offset_in(&text, span.start);
    if is_conflict {
        // All of the line is meant.
        let end = Position { line, column: text.len() as u32 };
        error.span = Some(Span { end, ..span });
    }
    if counted != line {
        let message = error.message.to_string_lossy();
        error.message = message.replace(&format!(" on line {line},"), &format!(" on line {counted},")).as_str().into();
        error.span =
            Some(Span { start: Position { line: counted, ..span.start }, end: Position { line: counted, ..span.end } });
    }
    raise_undecodable(error, bytes, Some(FileLine { text, offset }), filename, thread)
}

/// Sets the exception for a file that says which encoding it is in, and is not. CPython tells where the codec saw it, in what it decoded at once, and
/// shows how far it had read. None if all is well as far as that.
#[cold]
fn raise_wrong_in_encoding(
    bytes: &[u8],
    encoding: &str,
    place: Option<Span>,
    filename: &Wtf8Buf,
    thread: &mut Thread,
) -> Option<Raised> {
    let file = DeclaredFile::new(bytes);
    let (part, line) = match (place, encoding) {
        (Some(span), "utf-8") => file.part_of_line(span.start.line),
        (_, "utf-8") => return None,
        _ => {
            if let Some(message) = codec_problem(file.after_head(), encoding, thread) {
                let kind = SyntaxErrorKind::SyntaxError;
                let line = ErrorLine::Tokenized;
                let error = syntax::error::SyntaxError { kind, message: message.as_str().into(), span: None, line };
                return Some(match place_unknown(&error, filename, thread) {
                    Ok(exception) => thread.raise(exception),
                    Err(raised) => raised,
                });
            }
            file.head()
        }
    };
    let mut part = part.to_vec();
    if !part.ends_with(b"\n") {
        part.push(b'\n');
    }
    let message = codec_problem(&part, encoding, thread)?;
    let first = open_string(bytes, line).unwrap_or(line);
    let details = [
        string(filename.view(), thread).into_object(),
        Int::from_i64(first.into(), thread).into_object(),
        Int::from_i64(0, thread).into_object(),
        Str::from_str(&file.line_text(first), thread).into_object(),
        Int::from_i64(line.into(), thread).into_object(),
        Int::from_i64(-1, thread).into_object(),
    ];
    let message = Str::from_str(&format!("(unicode error) {message}"), thread).into_object();
    let exception = Tuple::new(details.into(), thread)
        .and_then(|details| protocol::call(SyntaxError.as_type(), &[&message, &details], thread));
    Some(match exception {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    })
}

/// What a codec says is wrong with some bytes.
fn codec_problem(bytes: &[u8], encoding: &str, thread: &mut Thread) -> Option<String> {
    let (bytes, encoding) = (Bytes::from_slice(bytes, thread), Str::from_str(encoding, thread));
    let method = thread.intern_text("decode");
    let raised = protocol::call_method(&bytes, &method, &[&encoding], thread).err()?;
    let exception = thread.catch(raised);
    match protocol::str(&exception, thread) {
        Ok(text) => Some(text.to_string_lossy()),
        Err(raised) => {
            drop(thread.catch(raised));
            None
        }
    }
}

/// `SyntaxError(message, (filename, 0, -1, None))`.
fn place_unknown(error: &syntax::error::SyntaxError, filename: &Wtf8Buf, thread: &mut Thread) -> PyResult<Py<Object>> {
    let message = string(error.message.view(), thread).into_object();
    let details = vec![
        string(filename.view(), thread).into_object(),
        Int::from_i64(0, thread).into_object(),
        Int::from_i64(-1, thread).into_object(),
        thread.none(),
    ];
    let details = Tuple::new(details, thread)?;
    protocol::call(exception_kind(error.kind).as_type(), &[&message, &details], thread)
}

/// What the parser is told of a request.
fn parse_options(request: Request, thread: &Thread) -> Options<'static> {
    let mut options = Options::new(&UnicodeNames);
    options.allow_incomplete_input = request.flags & flags::ALLOW_INCOMPLETE_INPUT != 0;
    options.dont_imply_dedent = request.flags & flags::DONT_IMPLY_DEDENT != 0;
    options.type_comments = request.flags & flags::TYPE_COMMENTS != 0;
    options.feature_version = request.feature_version;
    options.barry_as_flufl = request.flags & CO_FUTURE_BARRY_AS_BDFL != 0;
    options.stack_budget = thread.stack_left();
    options.digit_limit = thread.interpreter().maximum_integer_digits.get();
    options
}

/// Whether a source can be parsed, for who asks while it is being typed: nothing is raised, and no warning is issued.
pub fn check_syntax(text: &str, request: Request, thread: &Thread) -> Result<(), SyntaxErrorKind> {
    let options = SourceOptions { add_final_newline: request.mode == Mode::Module, ..SourceOptions::default() };
    let source = Source::from_text(text, options).map_err(|error| error.kind)?;
    parse(&source, &Arena::new(), request.mode, parse_options(request, thread)).map(drop).map_err(|error| error.kind)
}

/// Tells audit hooks of a text that is to be compiled.
fn audit_text(text: &Text<'_>, filename: &Wtf8Buf, thread: &mut Thread) -> PyResult<()> {
    if !thread.is_audited() {
        return Ok(());
    }
    let shown = match text {
        Text::Decoded(text) => Bytes::from_slice(text.as_bytes(), thread).into_object(),
        Text::Encoded(bytes) => Bytes::from_slice(bytes, thread).into_object(),
        Text::File(_) => thread.none(),
    };
    let name = string(filename.view(), thread);
    thread.audit("compile", &[&shown, &name])
}

/// Parses a program.
pub fn parse_source<'t>(
    text: Text<'_>,
    filename: &Wtf8Buf,
    request: Request,
    memory: &'t Memory,
    thread: &mut Thread,
) -> PyResult<Tree<'t>> {
    audit_text(&text, filename, thread)?;
    thread.check_room(text.length().saturating_mul(ROOM_PER_BYTE))?;
    let options = SourceOptions {
        add_final_newline: request.mode == Mode::Module,
        refuse_nulls: !matches!(text, Text::File(_)),
        ..SourceOptions::default()
    };
    let source = match text {
        Text::Decoded(text) => Source::from_text(text, options),
        Text::Encoded(bytes) => decode(bytes, None, options, thread),
        Text::File(bytes) => {
            let bytes = with_plain_first_comment(bytes);
            decode(&bytes, Some(&filename.to_string_lossy()), options, thread)
        }
    };
    let source = match source {
        Ok(source) => memory.source.get_or_init(|| source),
        Err(error) => {
            return Err(match text {
                Text::Decoded(_) => raise_syntax_error(&error, None, filename, thread),
                Text::Encoded(bytes) => raise_undecodable(error, bytes, None, filename, thread),
                Text::File(bytes) => {
                    let raised = raise_undecodable_file(error, bytes, filename, thread);
                    let exception = thread.catch(raised);
                    if exception.class().is_subtype(SyntaxError.as_type()) {
                        set_metadata(&exception, Position::default(), None, thread)?;
                    }
                    thread.reraise(exception)
                }
            });
        }
    };
    let warn_of = |warnings: Vec<SyntaxWarning>, thread: &mut Thread| {
        warnings.into_iter().try_for_each(|warning| {
            warn(warning, filename, thread, |error, thread| raise_syntax_error(&error, Some(source), filename, thread))
        })
    };
    match parse_as_program_has_it(source, &memory.arena, request, thread)? {
        Ok(parsed) => {
            warn_of(parsed.warnings, thread)?;
            Ok(parsed.tree)
        }
        Err(rejected) => {
            let Rejected { error, warnings, last_statement: last } = *rejected;
            warn_of(warnings, thread)?;
            let is_file = matches!(text, Text::File(_));
            let line = if request.mode == Mode::Module { file_line(&error, source, filename, is_file) } else { None };
            let raised = raise_with_line(&error, Some(source), filename, line, thread);
            let exception = thread.catch(raised);
            if let Some(last) = last
                && exception.class().is_subtype(SyntaxError.as_type())
            {
                let text = if is_file { None } else { Some(source.text()) };
                set_metadata(&exception, last, text, thread)?;
            }
            Err(thread.reraise(exception))
        }
    }
}

fn compile_options(request: Request, thread: &Thread) -> CompileOptions {
    CompileOptions {
        optimize: request.optimize,
        flags: request.flags,
        stack_budget: thread.stack_left(),
        has_columns: !thread.interpreter().extension::<CodeSettings>().without_columns.get(),
    }
}

/// Attaches `_metadata`: where the last compound statement stands, and the source, which a program that is read from its file has not.
fn set_metadata(exception: &Object, last: Position, text: Option<&str>, thread: &mut Thread) -> PyResult<()> {
    let metadata = vec![
        Int::from_i64(last.line.into(), thread).into_object(),
        Int::from_i64(last.column.into(), thread).into_object(),
        match text {
            Some(text) => Str::from_str(text, thread).into_object(),
            None => thread.none(),
        },
    ];
    let metadata = Tuple::new(metadata, thread)?;
    let name = thread.intern_text("_metadata");
    protocol::set_attribute(exception, &name, Some(&metadata), thread)
}

/// Parses, with the forms of identifiers that `unicodedata.normalize` gives, should a program have put another function there.
fn parse_as_program_has_it<'t>(
    source: &'t Source,
    arena: &'t Arena,
    request: Request,
    thread: &mut Thread,
) -> PyResult<Result<Parsed<'t>, Box<Rejected>>> {
    let options = parse_options(request, thread);
    if source.text().is_ascii() || !is_normalization_changed(thread)? {
        return Ok(parse_or_reject(source, arena, request.mode, options));
    }
    let forms = ProgramForms { thread: RefCell::new(thread), exception: RefCell::new(None) };
    let outcome = parse_or_reject(source, arena, request.mode, Options { identifier_forms: Some(&forms), ..options });
    match forms.exception.into_inner() {
        Some(exception) => Err(forms.thread.into_inner().reraise(exception)),
        None => Ok(outcome),
    }
}

/// Whether a program that has `unicodedata` changed what is there.
fn is_normalization_changed(thread: &mut Thread) -> PyResult<bool> {
    let name = thread.intern_text("unicodedata");
    let Some(module) = thread.interpreter().modules.get().and_then(|it| it.get_str(&name, thread)) else {
        return Ok(false);
    };
    let name = thread.intern_text("normalize");
    let function = protocol::lookup_attribute(&module, &name, thread)?;
    Ok(!function.is_some_and(|it| it.is_exactly::<BuiltinFunction>()))
}

/// The forms of identifiers as a function of Python code gives them.
struct ProgramForms<'a> {
    thread: RefCell<&'a mut Thread>,
    exception: RefCell<Option<Py<objects::exceptions::BaseException>>>,
}

impl IdentifierForms for ProgramForms<'_> {
    fn form(&self, identifier: &str) -> Option<String> {
        if self.exception.borrow().is_some() {
            return None;
        }
        let mut thread = self.thread.borrow_mut();
        match normal_form(identifier, &mut thread) {
            Ok(form) => Some(form),
            Err(raised) => {
                self.exception.replace(Some(thread.catch(raised)));
                None
            }
        }
    }
}

fn normal_form(identifier: &str, thread: &mut Thread) -> PyResult<String> {
    let module = import_module("unicodedata", thread)?;
    let name = thread.intern_text("normalize");
    let function = protocol::get_attribute(&module, &name, thread)?;
    let (form, identifier) = (Str::from_str("NFKC", thread), Str::from_str(identifier, thread));
    let result = protocol::call(&function, &[&form, &identifier], thread)?;
    match result.downcast::<Str>() {
        Some(text) => Ok(text.to_string_lossy()),
        None => {
            let found = result.class().full_name();
            Err(raise!(thread, TypeError, "unicodedata.normalize() must return a string, not {found}"))
        }
    }
}

/// Compiles a tree to a code object.
pub fn compile_tree(tree: Tree<'_>, filename: &Wtf8Buf, request: Request, thread: &mut Thread) -> PyResult<Py<Code>> {
    let name = tree.arena.text(filename.view());
    match compiler::compile_in_stages(tree, name, &compile_options(request, thread)) {
        Ok(compiled) => {
            warn_all(compiled.warnings, filename, thread)?;
            code_from_unit(compiled.code, thread)
        }
        Err(error) => Err(raise_staged_error(error, filename, thread)),
    }
}

/// What code generation alone makes of a tree.
pub fn generate_tree<'t>(
    tree: Tree<'t>,
    filename: &Wtf8Buf,
    request: Request,
    thread: &mut Thread,
) -> PyResult<GeneratedUnit<'t>> {
    let name = tree.arena.text(filename.view());
    match compiler::generate_in_stages(tree, name, &compile_options(request, thread)) {
        Ok((unit, warnings)) => warn_all(warnings, filename, thread).map(|()| unit),
        Err(error) => Err(raise_staged_error(error, filename, thread)),
    }
}

#[cold]
fn raise_staged_error(error: StagedError, filename: &Wtf8Buf, thread: &mut Thread) -> Raised {
    let StagedError { error, is_early, warnings } = error;
    match warn_all(warnings, filename, thread) {
        Ok(()) => raise_compile_error(&error, is_early, filename, thread),
        Err(raised) => raised,
    }
}

/// What is left of a tree when its constants are folded: what the flag `PyCF_OPTIMIZED_AST` asks for.
pub fn optimize_tree(tree: &mut Tree<'_>, filename: &Wtf8Buf, request: Request, thread: &mut Thread) -> PyResult<()> {
    let options = PreprocessOptions {
        optimize: request.optimize,
        future_flags: request.flags,
        syntax_check_only: false,
        stack_budget: thread.stack_left(),
    };
    match preprocess(tree, &options) {
        Ok(_) => Ok(()),
        Err(error) => Err(raise_compile_error(&error, false, filename, thread)),
    }
}

/// Issues what the compiler warns of.
fn warn_all(warnings: Vec<SyntaxWarning>, filename: &Wtf8Buf, thread: &mut Thread) -> PyResult<()> {
    for warning in warnings {
        warn(warning, filename, thread, |error, thread| raise_compile_error(&error, false, filename, thread))?;
    }
    Ok(())
}

/// Issues a warning about the source, which becomes a syntax error where the filters make it an exception.
fn warn(
    warning: SyntaxWarning,
    filename: &Wtf8Buf,
    thread: &mut Thread,
    raise: impl FnOnce(syntax::error::SyntaxError, &mut Thread) -> Raised,
) -> PyResult<()> {
    let category = if warning.deprecation { DeprecationWarning } else { errors::SyntaxWarning };
    let file = string(filename.view(), thread);
    let line = warning.span.start.line as i32;
    let message = warning.message.to_string_lossy();
    match warn_about_source(&message, category.as_type(), &file, line, None, thread) {
        Ok(()) => Ok(()),
        Err(raised) if thread.raised_is(category) => {
            drop(thread.catch(raised));
            Err(raise(warning.into_error(), thread))
        }
        Err(raised) => Err(raised),
    }
}

/// Sets the exception for an error that the compiler found. It knows no text: the line is looked for in the file, and columns count bytes.
pub fn raise_compile_error(
    error: &syntax::error::SyntaxError,
    by_attributes: bool,
    filename: &Wtf8Buf,
    thread: &mut Thread,
) -> Raised {
    let Some(span) = error.span.filter(|_| exception_kind(error.kind).as_type().is_subtype(SyntaxError.as_type()))
    else {
        return raise_syntax_error(error, None, filename, thread);
    };
    match make_compile_error(error, span, by_attributes, filename, thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

fn make_compile_error(
    error: &syntax::error::SyntaxError,
    span: Span,
    by_attributes: bool,
    filename: &Wtf8Buf,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let message = string(error.message.view(), thread).into_object();
    let line = filename.as_str().and_then(|path| beginning_of_line(path, span.start.line as i32));
    let text = match line {
        Some(line) => Str::from_str(&line, thread).into_object(),
        None => thread.none(),
    };
    let int = |value: i64, thread: &mut Thread| Int::from_i64(value, thread).into_object();
    let offset = |column: u32| i64::from(column as i32) + 1;
    let details = [
        ("filename", string(filename.view(), thread).into_object()),
        ("lineno", int((span.start.line as i32).into(), thread)),
        ("offset", int(offset(span.start.column), thread)),
        ("text", text),
        ("end_lineno", int((span.end.line as i32).into(), thread)),
        ("end_offset", int(offset(span.end.column), thread)),
    ];
    let class = exception_kind(error.kind).as_type();
    if !by_attributes {
        let details = Tuple::new(details.into_iter().map(|(_, value)| value).collect(), thread)?;
        return protocol::call(class, &[&message, &details], thread);
    }
    let exception = protocol::call(class, &[&message], thread)?;
    for (name, value) in details {
        let name = thread.intern_text(name);
        protocol::set_attribute(&exception, &name, Some(&value), thread)?;
    }
    Ok(exception)
}

/// The exception that a syntax error becomes.
pub fn exception_kind(kind: SyntaxErrorKind) -> ExceptionKind {
    match kind {
        SyntaxErrorKind::SyntaxError => SyntaxError,
        SyntaxErrorKind::IncompleteInput => _IncompleteInputError,
        SyntaxErrorKind::IndentationError => IndentationError,
        SyntaxErrorKind::TabError => TabError,
        SyntaxErrorKind::MemoryError => MemoryError,
        SyntaxErrorKind::RecursionError => RecursionError,
        SyntaxErrorKind::SystemError => SystemError,
        SyntaxErrorKind::OverflowError => OverflowError,
        SyntaxErrorKind::ValueError => ValueError,
    }
}

/// What CPython's parser shows of a whole module with an error: the line of the file of the module's name, if there is one, whatever was parsed;
/// and the offset in it, if that is known.
struct FileLine {
    text: String,
    offset: i64,
}

/// What errors show of a line of a file: as much of it as CPython reads at once.
fn beginning_of_line(path: &str, line: i32) -> Option<String> {
    const READ_AT_ONCE: usize = 999;
    let text = line_of_file(path, line)?;
    match text.as_bytes().get(..READ_AT_ONCE) {
        Some(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        None => Some(text),
    }
}

/// The line of the file for an error that the parser reports. `is_file` if the text came from that file as the program.
#[cold]
fn file_line(
    error: &syntax::error::SyntaxError,
    source: &Source,
    filename: &Wtf8Buf,
    is_file: bool,
) -> Option<FileLine> {
    let span = error.span.filter(|_| error.line != ErrorLine::Tokenized)?;
    let text = beginning_of_line(filename.as_str()?, span.start.line as i32)?;
    let mut offset = offset_in(&text, span.start);
    // A file is read line by line, and at its end the line's beginning is forgotten, but for a line that a backslash in its middle continues.
    let is_at_end = span.end.column == Position::UNKNOWN_COLUMN
        && span.start.column as usize >= text.trim_end().len()
        && !error.message.to_string_lossy().starts_with("unindent");
    let before = source.line_text(span.start.line.saturating_sub(1)).unwrap_or("");
    let is_continued = text.contains('\\') && (text.trim() != "\\" || before.trim_end().ends_with('\\'));
    if is_file && is_at_end && !is_continued {
        offset = 0;
    }
    Some(FileLine { text, offset })
}

/// Sets the exception for a syntax error, with its position and the text of its line.
pub fn raise_syntax_error(
    error: &syntax::error::SyntaxError,
    source: Option<&Source>,
    filename: &Wtf8Buf,
    thread: &mut Thread,
) -> Raised {
    raise_with_line(error, source, filename, None, thread)
}

fn raise_with_line(
    error: &syntax::error::SyntaxError,
    source: Option<&Source>,
    filename: &Wtf8Buf,
    line: Option<FileLine>,
    thread: &mut Thread,
) -> Raised {
    let kind = exception_kind(error.kind);
    let message = string(error.message.view(), thread).into_object();
    if !kind.as_type().is_subtype(SyntaxError.as_type()) {
        return thread.raise_with_argument(kind, message);
    }
    let exception = match source {
        Some(source) => {
            let filename = string(filename.view(), thread);
            located(message, kind, error, source, Some(filename), line, thread)
        }
        None => protocol::call(kind.as_type(), &[&message], thread),
    };
    match exception {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// `kind(message, (filename, line, offset, text, end line, end offset))`.
fn located(
    message: Py<Object>,
    kind: ExceptionKind,
    error: &syntax::error::SyntaxError,
    source: &Source,
    filename: Option<Py<Str>>,
    line: Option<FileLine>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let Some(span) = error.span else {
        return protocol::call(kind.as_type(), &[&message], thread);
    };
    let end_offset = match &line {
        Some(line) => offset_in(&line.text, span.end),
        None => source.exception_end_offset(error),
    };
    let offset = line.as_ref().map_or_else(|| source.exception_offset(span.start), |line| line.offset);
    let text = match line.as_ref().map(|line| &*line.text).or_else(|| source.error_text(error)) {
        Some(text) => Str::from_str(text, thread).into_object(),
        None => thread.none(),
    };
    let int = |value: i64, thread: &mut Thread| Int::from_i64(value, thread).into_object();
    let details = vec![
        filename.map_or_else(|| thread.none(), Py::into_object),
        int(i64::from(span.start.line), thread),
        int(offset, thread),
        text,
        int(i64::from(span.end.line), thread),
        int(end_offset, thread),
    ];
    let details = Tuple::new(details, thread)?;
    protocol::call(kind.as_type(), &[&message, &details], thread)
}
