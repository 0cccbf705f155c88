//! From source text to code objects: the front end's crates behind one function, its errors as exceptions.

use compiler::CompileOptions;
use interpreter::code::{Code, code_from_unit, string};
use objects::errors::{
    _IncompleteInputError, ExceptionKind, IndentationError, MemoryError, OverflowError, PyResult, Raised,
    RecursionError, SyntaxError, SystemError, TabError, ValueError,
};
use objects::int::Int;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use syntax::error::SyntaxErrorKind;
use syntax::parser::{Mode, Options, parse};
use syntax::source::{Source, SourceOptions};
use syntax::string_literal::UnicodeNames;
use text::wtf8::Wtf8Buf;

/// What `compile()` is told besides the source.
#[derive(Clone, Copy)]
pub struct Request {
    pub mode: Mode,
    /// `CO_FUTURE_*` and `PyCF_*` bits.
    pub flags: u32,
    pub optimize: u8,
}

/// Source as a program has it.
pub enum Text<'a> {
    Decoded(&'a str),
    Encoded(&'a [u8]),
}

/// Compiles a program to a code object.
pub fn compile_source(text: Text<'_>, filename: &Wtf8Buf, request: Request, thread: &mut Thread) -> PyResult<Py<Code>> {
    let options = SourceOptions { add_final_newline: request.mode != Mode::Interactive, ..SourceOptions::default() };
    let source = match text {
        Text::Decoded(text) => Source::from_text(text, options),
        Text::Encoded(bytes) => {
            Source::from_bytes(bytes, options, None, &mut |name, _| Err(format!("unknown encoding: {name}").into()))
        }
    };
    let source = match source {
        Ok(source) => source,
        Err(error) => return Err(raise_syntax_error(&error, None, filename, thread)),
    };
    let mut parse_options = Options::new(&UnicodeNames);
    parse_options.allow_incomplete_input = request.flags & flags::ALLOW_INCOMPLETE_INPUT != 0;
    parse_options.dont_imply_dedent = request.flags & flags::DONT_IMPLY_DEDENT != 0;
    parse_options.type_comments = request.flags & flags::TYPE_COMMENTS != 0;
    let mut parsed = match parse(&source, request.mode, parse_options) {
        Ok(parsed) => parsed,
        Err(error) => return Err(raise_syntax_error(&error, Some(&source), filename, thread)),
    };
    let options = CompileOptions { optimize: request.optimize, flags: request.flags, ..CompileOptions::default() };
    match compiler::compile(&mut parsed.module, filename, &options) {
        Ok(compiled) => code_from_unit(&compiled.code, thread),
        Err(error) => Err(raise_syntax_error(&error, Some(&source), filename, thread)),
    }
}

/// The flags of `compile()` that are not the future's.
pub mod flags {
    pub const DONT_IMPLY_DEDENT: u32 = 0x200;
    pub const ONLY_AST: u32 = 0x400;
    pub const TYPE_COMMENTS: u32 = 0x1000;
    pub const ALLOW_TOP_LEVEL_AWAIT: u32 = 0x2000;
    pub const ALLOW_INCOMPLETE_INPUT: u32 = 0x4000;
    pub const OPTIMIZED_AST: u32 = 0x8000 | ONLY_AST;
}

/// True for the exception that says that more lines could make the source right.
pub fn is_incomplete_input(exception: &Object) -> bool {
    exception.class().is_subtype(_IncompleteInputError.as_type())
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

/// Sets the exception for a syntax error, with its position and the text of its line.
pub fn raise_syntax_error(
    error: &syntax::error::SyntaxError,
    source: Option<&Source>,
    filename: &Wtf8Buf,
    thread: &mut Thread,
) -> Raised {
    let kind = exception_kind(error.kind);
    let message = string(&error.message, thread).into_object();
    if !kind.as_type().is_subtype(SyntaxError.as_type()) {
        return thread.raise_with_argument(kind, message);
    }
    match located(message, kind, error, source, filename, thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// `kind(message, (filename, line, offset, text, end line, end offset))`.
fn located(
    message: Py<Object>,
    kind: ExceptionKind,
    error: &syntax::error::SyntaxError,
    source: Option<&Source>,
    filename: &Wtf8Buf,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let (Some(span), Some(source)) = (error.span, source) else {
        return protocol::call(kind.as_type(), &[&message], thread);
    };
    let text = match source.error_text(error) {
        Some(text) => Str::from_str(text, thread).into_object(),
        None => thread.none(),
    };
    let int = |value: i64, thread: &mut Thread| Int::from_i64(value, thread).into_object();
    let details = vec![
        string(filename, thread).into_object(),
        int(i64::from(span.start.line), thread),
        int(source.exception_offset(span.start), thread),
        text,
        int(i64::from(span.end.line), thread),
        int(source.exception_offset(span.end), thread),
    ];
    let details = Tuple::new(details, thread)?;
    protocol::call(kind.as_type(), &[&message, &details], thread)
}
