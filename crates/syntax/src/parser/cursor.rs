//! The fast parser's state: where it stands in the tokens, and the few questions and steps that all rules are made of.

use bytecode::arena::{Arena, ArenaList};
use text::wtf8::Wtf8;

use super::tokens::{Tok, Tokens};
use super::{Mode, Options, Parsed, ReadStatement};
use crate::ast::{Arg, Expr, Keyword, Mod, Stmt, Tree};
use crate::error::SyntaxWarning;
use crate::interner::Symbol;
use crate::source::Source;
use crate::stack_guard::StackGuard;
use crate::token::{Position, Span, TokenKind};

/// The source is not a program. Why is not known here: `diagnosis` finds out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failure;

pub(super) type Parse<T> = Result<T, Failure>;

/// How deep expressions may nest. CPython's parser nests 6,000 rules of its grammar (`MAXSTACK` in Parser/parser.c), 32
/// of which lead from a module to the smallest expression. A rule of this parser counts as many of those as it stands
/// for at least, so that what fails here for its depth fails there too.
const DEPTH_LIMIT: u32 = 5968;

/// The rules of CPython's grammar between an expression in brackets and the expression that these brackets are in.
pub(super) const BRACKET_DEPTH: u32 = 24;

/// The fast parser.
pub(super) struct Parser<'s, 't> {
    pub(super) source: &'t Source,
    /// Where nodes go.
    pub(super) arena: &'t Arena,
    pub(super) tokens: Tokens<'t>,
    pub(super) options: Options<'s>,
    pub(super) warnings: Vec<SyntaxWarning>,
    /// Lines that preprocessing has to look at: those of `match`, of `try` with `finally`, and of formatting with `%`.
    pub(super) lines_to_preprocess: Vec<u32>,
    /// Whether `<>` is the operator for inequality: the option, or the joke of PEP 401 imported above.
    pub(super) barry_as_flufl: bool,
    /// The statements that were read, the inner before the outer, if somebody wants to know.
    pub(super) records: Option<Vec<ReadStatement>>,
    at: usize,
    /// The kind of the token there, which rules ask for again and again.
    kind: TokenKind,
    depth: u32,
    /// Items of lists that are not whole yet, each list above those around it: when one is whole, it gets memory that fits.
    pub(super) expressions: Vec<Expr<'t>>,
    pub(super) statements: Vec<Stmt<'t>>,
    pub(super) parameters: Vec<Arg<'t>>,
    pub(super) keywords: Vec<Keyword<'t>>,
    guard: StackGuard,
    /// Whether there was always room on the stack.
    has_stack: bool,
}

/// A place to come back to.
#[derive(Clone, Copy)]
pub(super) struct Checkpoint {
    at: usize,
    depth: u32,
    n_warnings: usize,
    n_expressions: usize,
    n_statements: usize,
    n_parameters: usize,
    n_keywords: usize,
}

impl<'s, 't> Parser<'s, 't> {
    pub(super) fn new(source: &'t Source, arena: &'t Arena, tokens: Tokens<'t>, options: Options<'s>) -> Self {
        let barry_as_flufl = options.barry_as_flufl;
        let kind = tokens.list.first().map_or(TokenKind::ErrorToken, |first| first.kind);
        Self {
            source,
            arena,
            tokens,
            options,
            warnings: Vec::new(),
            lines_to_preprocess: Vec::new(),
            barry_as_flufl,
            records: None,
            at: 0,
            kind,
            depth: 0,
            expressions: Vec::new(),
            statements: Vec::new(),
            parameters: Vec::new(),
            keywords: Vec::new(),
            guard: StackGuard::new(options.stack_budget),
            has_stack: true,
        }
    }

    /// Reads once more what it has refused, and tells which statements are right.
    #[cold]
    pub(super) fn right_statements(&mut self, mode: Mode) -> Vec<ReadStatement> {
        let has_effects = !self.warnings.is_empty() || self.barry_as_flufl != self.options.barry_as_flufl;
        if mode != Mode::Module || has_effects {
            return Vec::new();
        }
        (self.at, self.kind, self.depth) = (0, self.tokens.list[0].kind, 0);
        self.expressions.clear();
        self.statements.clear();
        self.parameters.clear();
        self.keywords.clear();
        self.records = Some(Vec::new());
        let _ = self.start(mode);
        self.records.take().unwrap_or_default()
    }

    pub(super) fn finish(mut self, module: Mod<'t>) -> Parsed<'t> {
        self.warnings.append(&mut self.tokens.warnings);
        self.warnings.sort_by_key(|warning| warning.span.start);
        self.lines_to_preprocess.sort_unstable();
        let mut interner = self.tokens.interner;
        let n_names = interner.len();
        // It may be anywhere.
        let has_debug = interner.intern_str("__debug__").index() < n_names;
        let lines_to_preprocess = if has_debug { None } else { Some(self.lines_to_preprocess) };
        Parsed { tree: Tree { module, interner, arena: self.arena, lines_to_preprocess }, warnings: self.warnings }
    }

    /// The current token.
    #[inline]
    pub(super) fn token(&self) -> &Tok {
        &self.tokens.list[self.at]
    }

    #[inline]
    pub(super) fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The kind of a token further on.
    #[inline]
    pub(super) fn kind_after(&self, distance: usize) -> TokenKind {
        self.tokens.list.get(self.at + distance).map_or(TokenKind::EndMarker, |token| token.kind)
    }

    /// The index of the current token.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    #[inline]
    pub(super) fn start_of_token(&self) -> Position {
        self.token().span.start
    }

    /// Where a token starts.
    pub(super) fn start_of(&self, index: usize) -> Position {
        self.tokens.list[index].span.start
    }

    /// Goes to the next token; the last one (the end, or what the tokenizer refused) is never left.
    #[inline]
    pub(super) fn advance(&mut self) {
        if let Some(next) = self.tokens.list.get(self.at + 1) {
            self.at += 1;
            self.kind = next.kind;
        }
    }

    #[inline]
    pub(super) fn at(&self, kind: TokenKind) -> bool {
        self.kind() == kind
    }

    /// Whether the current token is this soft keyword.
    #[inline]
    pub(super) fn at_name(&self, name: Symbol) -> bool {
        self.token().symbol == Some(name) && self.at(TokenKind::Name)
    }

    #[inline]
    pub(super) fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.at(kind);
        if found {
            self.advance();
        }
        found
    }

    #[inline]
    pub(super) fn expect(&mut self, kind: TokenKind) -> Parse<()> {
        if self.eat(kind) { Ok(()) } else { Err(Failure) }
    }

    /// A name that is not a keyword.
    #[inline]
    pub(super) fn name(&mut self) -> Parse<Symbol> {
        if !self.at(TokenKind::Name) {
            return Err(Failure);
        }
        let name = self.token().symbol.ok_or(Failure)?;
        self.advance();
        Ok(name)
    }

    /// The name behind the current token, such as a dot.
    #[inline]
    pub(super) fn name_behind(&mut self) -> Parse<Symbol> {
        let token = self.tokens.list.get(self.at + 1).filter(|token| token.kind == TokenKind::Name).ok_or(Failure)?;
        let name = token.symbol.ok_or(Failure)?;
        self.at += 1;
        self.advance();
        Ok(name)
    }

    /// The letters of a name.
    pub(super) fn text(&self, name: Symbol) -> Wtf8<'t> {
        self.tokens.interner.text(name)
    }

    /// Where the last token ended.
    #[inline]
    pub(super) fn end_of_last(&self) -> Position {
        self.tokens.list.get(self.at.wrapping_sub(1)).map_or(Position::default(), |token| token.span.end)
    }

    /// What a node spans that has just been read, and is part of a line.
    #[inline]
    pub(super) fn span_from(&self, start: Position) -> Span {
        Span { start, end: self.end_of_last() }
    }

    /// What a node spans that has just been read, and may end with a block: up to the last token that is more than layout.
    #[inline(never)]
    pub(super) fn block_span_from(&self, start: Position) -> Span {
        let mut tokens = self.tokens.list[..self.at].iter().rev();
        let last = tokens.find(|token| !token.is_layout());
        Span { start, end: last.map_or(Position::default(), |token| token.span.end) }
    }

    /// Fails for syntax that a requested older version did not have.
    #[inline]
    pub(super) fn require_version(&self, minor: u8) -> Parse<()> {
        if self.options.feature_version >= minor { Ok(()) } else { Err(Failure) }
    }

    /// Enters a rule that can contain itself and is so many rules of CPython's grammar deep.
    #[inline]
    pub(super) fn enter(&mut self, rules: u32) -> Parse<()> {
        self.depth += rules;
        self.has_stack &= self.guard.has_room();
        if self.depth <= DEPTH_LIMIT && self.has_stack { Ok(()) } else { Err(Failure) }
    }

    /// Whether what was read did not fail for want of native stack.
    pub(super) fn has_stack(&self) -> bool {
        self.has_stack
    }

    #[inline]
    pub(super) fn leave(&mut self, rules: u32) {
        self.depth -= rules;
    }

    /// The list whose items are those on the stack of expressions from this one on.
    #[inline]
    pub(super) fn expressions_from(&mut self, first: usize) -> ArenaList<'t, Expr<'t>> {
        list_from(&mut self.expressions, first, self.arena)
    }

    #[inline]
    pub(super) fn statements_from(&mut self, first: usize) -> ArenaList<'t, Stmt<'t>> {
        list_from(&mut self.statements, first, self.arena)
    }

    #[inline]
    pub(super) fn parameters_from(&mut self, first: usize) -> ArenaList<'t, Arg<'t>> {
        list_from(&mut self.parameters, first, self.arena)
    }

    /// Most calls have none.
    #[inline(always)]
    pub(super) fn keywords_from(&mut self, first: usize) -> ArenaList<'t, Keyword<'t>> {
        if self.keywords.len() == first {
            ArenaList::default()
        } else {
            list_from(&mut self.keywords, first, self.arena)
        }
    }

    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            at: self.at,
            depth: self.depth,
            n_warnings: self.warnings.len(),
            n_expressions: self.expressions.len(),
            n_statements: self.statements.len(),
            n_parameters: self.parameters.len(),
            n_keywords: self.keywords.len(),
        }
    }

    pub(super) fn go_back(&mut self, checkpoint: Checkpoint) {
        self.at = checkpoint.at;
        self.kind = self.token().kind;
        self.depth = checkpoint.depth;
        self.warnings.truncate(checkpoint.n_warnings);
        self.expressions.truncate(checkpoint.n_expressions);
        self.statements.truncate(checkpoint.n_statements);
        self.parameters.truncate(checkpoint.n_parameters);
        self.keywords.truncate(checkpoint.n_keywords);
    }
}

/// Takes the items from this one on.
#[inline]
fn list_from<'t, T>(stack: &mut Vec<T>, first: usize, arena: &'t Arena) -> ArenaList<'t, T> {
    match stack.len().saturating_sub(first) {
        0 => ArenaList::default(),
        1 => stack.pop().map_or_else(ArenaList::default, |only| arena.list([only])),
        _ => arena.list(stack.drain(first..)),
    }
}
