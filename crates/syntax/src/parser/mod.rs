//! The parser: tokens to AST.
//!
//! Called by the compiler's users through [`parse`]. Two parsers share the work. The one in this folder is a recursive
//! descent, written for speed: it reads all programs that are right and only says *that* the others are wrong. The one
//! in `diagnosis` then reads the wrong program as CPython's parser would, to say *what* is wrong in the same words and
//! at the same place.
//!
//! The fast parser follows the full grammar specification of the language reference, a file for each of its areas;
//! every function is named after the rule that it reads. It decides by the next one or two tokens, by a scan over the
//! tokens of a line for `match` and `with (`, and backtracks nowhere else.

mod arguments;
mod atoms;
mod compound;
mod cursor;
mod expressions;
mod parameters;
mod patterns;
mod statements;
mod strings;
mod targets;
#[cfg(test)]
mod tests;
mod tokens;
mod type_parameters;

use bytecode::arena::Arena;
use text::wtf8::Wtf8;

use crate::ast::{Expression, FunctionType, Interactive, Mod, Module, Stmt, StmtKind, Tree, TypeIgnore};
use crate::error::{SyntaxError, SyntaxWarning};
use crate::source::Source;
use crate::string_literal::CharacterNames;
use crate::token::{Position, Span, TokenKind as T};
use crate::tokenizer::identifier::IdentifierForms;
use cursor::{Failure, Parse, Parser};
pub(crate) use tokens::InteractiveEnd;
use tokens::Tokens;

/// What is read: the `mode` of `compile()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A module (`exec`).
    Module,
    /// One interactive statement (`single`).
    Interactive,
    /// One expression (`eval`).
    Expression,
    /// A signature in a type comment (`func_type`).
    FunctionType,
}

/// What the caller decides: flags of `compile()`, and what the language leaves to the rest of the program.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// `PyCF_TYPE_COMMENTS`
    pub type_comments: bool,
    /// The minor version whose grammar is accepted, as far as it is checked; 14 for all.
    pub feature_version: u8,
    /// `CO_FUTURE_BARRY_AS_BDFL`: `<>` instead of `!=`.
    pub barry_as_flufl: bool,
    /// `PyCF_ALLOW_INCOMPLETE_INPUT`: a source that ends too early is an error of its own kind.
    pub allow_incomplete_input: bool,
    /// `PyCF_DONT_IMPLY_DEDENT`
    pub dont_imply_dedent: bool,
    /// `sys.get_int_max_str_digits()`, 0 for none.
    pub digit_limit: usize,
    /// How many bytes of the native stack nesting may take, beside the limit that all programs have.
    pub stack_budget: usize,
    /// Who knows the `\N{…}` of strings.
    pub character_names: &'a dyn CharacterNames,
    /// Who knows the forms of identifiers that are not ASCII, if not this crate.
    pub identifier_forms: Option<&'a dyn IdentifierForms>,
}

impl<'a> Options<'a> {
    /// The options of a plain `compile(source, filename, mode)`.
    pub fn new(character_names: &'a dyn CharacterNames) -> Self {
        Self {
            type_comments: false,
            feature_version: 14,
            barry_as_flufl: false,
            allow_incomplete_input: false,
            dont_imply_dedent: false,
            digit_limit: 4300,
            stack_budget: usize::MAX,
            character_names,
            identifier_forms: None,
        }
    }
}

/// What [`parse`] yields.
#[derive(Debug)]
pub struct Parsed<'t> {
    pub tree: Tree<'t>,
    pub warnings: Vec<SyntaxWarning>,
}

/// What there is to say about a source that is refused.
#[derive(Debug)]
pub struct Rejected {
    pub error: SyntaxError,
    /// What was to be warned of before the error was found.
    pub warnings: Vec<SyntaxWarning>,
    /// Where the last compound statement stands that is right, line 0 if there is none. It is what `_metadata` of the
    /// exception starts with, from which the library's `traceback` suggests keywords for misspelt ones. None where the
    /// source is not wrong but too long or too short.
    pub last_statement: Option<Position>,
}

/// A statement that is right, in a source that may not be: which tokens it takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadStatement {
    pub(crate) start: u32,
    /// The token after its last.
    pub(crate) end: u32,
    /// Of compound statements but functions, where it stands.
    pub(crate) place: Option<Position>,
}

/// Parses a source. Names and strings of the tree may be parts of it.
pub fn parse<'t>(
    source: &'t Source,
    arena: &'t Arena,
    mode: Mode,
    options: Options<'_>,
) -> Result<Parsed<'t>, SyntaxError> {
    parse_or_reject(source, arena, mode, options).map_err(|rejected| rejected.error)
}

/// As [`parse`], with all that is known about a source that is refused.
#[inline(never)]
pub fn parse_or_reject<'t>(
    source: &'t Source,
    arena: &'t Arena,
    mode: Mode,
    options: Options<'_>,
) -> Result<Parsed<'t>, Box<Rejected>> {
    let tokens = Tokens::read(source, arena, mode, options);
    let mut parser = Parser::new(source, arena, tokens, options);
    match parser.start(mode) {
        Ok(module) => Ok(parser.finish(module)),
        Err(Failure) if !parser.has_stack() => Err(Box::new(crate::diagnosis::too_deep())),
        Err(Failure) => {
            let right = parser.right_statements(mode);
            Err(Box::new(crate::diagnosis::diagnose(source, mode, options, &right)))
        }
    }
}

impl StmtKind<'_> {
    /// Whether it is a compound statement whose place the diagnosis knows: CPython's parser loses that of functions.
    fn is_placed_block(&self) -> bool {
        matches!(
            self,
            StmtKind::ClassDef(_)
                | StmtKind::If(_)
                | StmtKind::With(_)
                | StmtKind::AsyncWith(_)
                | StmtKind::For(_)
                | StmtKind::AsyncFor(_)
                | StmtKind::Try(_)
                | StmtKind::TryStar(_)
                | StmtKind::While(_)
                | StmtKind::Match(_)
        )
    }
}

impl<'t> Parser<'_, 't> {
    fn start(&mut self, mode: Mode) -> Parse<Mod<'t>> {
        match mode {
            Mode::Module => self.file(),
            Mode::Interactive => self.interactive(),
            Mode::Expression => self.eval(),
            Mode::FunctionType => self.func_type(),
        }
    }

    fn file(&mut self) -> Parse<Mod<'t>> {
        while !self.at(T::EndMarker) {
            self.statement()?;
        }
        let body = self.statements_from(0);
        let ignores = self.tokens.type_ignores.iter();
        let type_ignores = ignores.map(|(line, tag)| TypeIgnore { lineno: *line as i32, tag: *tag });
        let type_ignores = self.arena.list(type_ignores);
        Ok(Mod::Module(self.arena.put(Module { body, type_ignores })))
    }

    fn interactive(&mut self) -> Parse<Mod<'t>> {
        if self.at(T::Newline) {
            let span = Span { start: self.start_of_token(), end: self.token().span.end };
            self.advance();
            self.statements.push(Stmt { kind: StmtKind::Pass, span });
        } else if self.at_compound_statement() {
            self.statement()?;
            self.expect(T::Newline)?;
        } else {
            self.simple_stmts()?;
        }
        self.end_of_statement()?;
        let body = self.statements_from(0);
        Ok(Mod::Interactive(self.arena.put(Interactive { body })))
    }

    /// Behind an interactive statement there may only be blanks and comments.
    fn end_of_statement(&self) -> Parse<()> {
        let last = self.tokens.list.get(self.position().wrapping_sub(1)).ok_or(Failure)?;
        let rest = self.source.text().get(last.text().end..).unwrap_or_default();
        if is_blank(rest) { Ok(()) } else { Err(Failure) }
    }

    fn eval(&mut self) -> Parse<Mod<'t>> {
        let body = self.expressions()?;
        self.end_of_input()?;
        Ok(Mod::Expression(self.arena.put(Expression { body })))
    }

    fn func_type(&mut self) -> Parse<Mod<'t>> {
        self.expect(T::LeftParenthesis)?;
        let mut argtypes = Vec::new();
        // The stars of `*args` and `**kwargs` are read and forgotten; after them only a `**` may follow.
        let mut stars = 0;
        while !self.at(T::RightParenthesis) {
            let own = if self.eat(T::Star) { 1 } else { usize::from(self.eat(T::DoubleStar)) * 2 };
            if own < stars || own == stars && stars > 0 {
                return Err(Failure);
            }
            stars = own;
            argtypes.push(self.expression()?);
            if !self.at(T::RightParenthesis) {
                self.expect(T::Comma)?;
                if self.at(T::RightParenthesis) {
                    return Err(Failure);
                }
            }
        }
        self.expect(T::RightParenthesis)?;
        self.expect(T::RightArrow)?;
        let returns = self.expression()?;
        self.end_of_input()?;
        let argtypes = self.arena.list(argtypes);
        Ok(Mod::FunctionType(self.arena.put(FunctionType { argtypes, returns })))
    }

    fn end_of_input(&mut self) -> Parse<()> {
        while self.eat(T::Newline) {}
        if self.at(T::EndMarker) { Ok(()) } else { Err(Failure) }
    }

    fn at_compound_statement(&self) -> bool {
        let words = [T::Def, T::Async, T::If, T::Class, T::With, T::For, T::Try, T::While];
        self.at(T::At) || words.iter().any(|word| self.at(*word)) || self.at_match_stmt()
    }

    /// The text of a type comment token, if there is one, without its `# type: `.
    #[inline]
    fn type_comment(&mut self) -> Option<&'t mut Wtf8<'t>> {
        if self.at(T::TypeComment) { self.text_of_type_comment() } else { None }
    }

    #[cold]
    fn text_of_type_comment(&mut self) -> Option<&'t mut Wtf8<'t>> {
        let text = Wtf8::of(self.source.slice(self.token().text()));
        self.advance();
        Some(self.arena.put(text))
    }
}

/// Whether a text has nothing but blanks and comments.
pub(crate) fn is_blank(text: &str) -> bool {
    text.lines()
        .all(|line| line.trim_start_matches([' ', '\t', '\x0C']).chars().next().is_none_or(|first| first == '#'))
}
