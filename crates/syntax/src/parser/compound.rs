//! Compound statements.

use bytecode::arena::ArenaList;

use text::wtf8::Wtf8;

use super::cursor::{Failure, Parse, Parser};
use crate::ast::{
    ClassDef, ExceptHandler, Expr, ExprContext, For, FunctionDef, If, Match, MatchCase, Stmt, StmtKind, Try, Tuple,
    While, With, WithItem,
};
use crate::interner::Symbol;
use crate::token::{Position, TokenKind as T};

impl<'t> Parser<'_, 't> {
    fn block(&mut self) -> Parse<ArenaList<'t, Stmt<'t>>> {
        let first = self.statements.len();
        if !self.eat(T::Newline) {
            self.simple_stmts()?;
            return Ok(self.statements_from(first));
        }
        self.enter(6)?;
        self.expect(T::Indent)?;
        while !self.eat(T::Dedent) {
            self.statement()?;
        }
        self.leave(6);
        Ok(self.statements_from(first))
    }

    /// `: block`
    fn suite(&mut self) -> Parse<ArenaList<'t, Stmt<'t>>> {
        self.expect(T::Colon)?;
        self.block()
    }

    fn else_block(&mut self) -> Parse<ArenaList<'t, Stmt<'t>>> {
        if self.eat(T::Else) { self.suite() } else { Ok(ArenaList::default()) }
    }

    pub(super) fn decorated(&mut self) -> Parse<Stmt<'t>> {
        let mut decorators = Vec::new();
        while self.eat(T::At) {
            decorators.push(self.named_expression()?);
            self.expect(T::Newline)?;
        }
        let decorators = self.arena.list(decorators);
        let start = self.start_of_token();
        match self.kind() {
            T::Class => self.class_def(decorators),
            T::Def => self.function_def(decorators, start, false),
            T::Async => {
                self.advance();
                self.function_def(decorators, start, true)
            }
            _ => Err(Failure),
        }
    }

    pub(super) fn class_def(&mut self, decorator_list: ArenaList<'t, Expr<'t>>) -> Parse<Stmt<'t>> {
        let start = self.start_of_token();
        self.expect(T::Class)?;
        let name = self.name()?;
        let type_params = self.type_params()?;
        let has_arguments = self.at(T::LeftParenthesis);
        let first_keyword = self.keywords.len();
        let bases = if has_arguments { self.class_arguments()? } else { ArenaList::default() };
        let keywords = self.keywords_from(first_keyword);
        let body = self.suite()?;
        Ok(ClassDef { name, bases, keywords, body, decorator_list, type_params }
            .at(self.block_span_from(start), self.arena))
    }

    /// A function, from its `def`; `start` is where `async` stands, if it is there.
    pub(super) fn function_def(
        &mut self,
        decorator_list: ArenaList<'t, Expr<'t>>,
        start: Position,
        is_async: bool,
    ) -> Parse<Stmt<'t>> {
        self.expect(T::Def)?;
        let name = self.name()?;
        let type_params = self.type_params()?;
        self.expect(T::LeftParenthesis)?;
        let args = self.params()?;
        self.expect(T::RightParenthesis)?;
        let returns = if self.eat(T::RightArrow) { Some(self.expression()?) } else { None };
        self.expect(T::Colon)?;
        let type_comment = self.func_type_comment();
        let body = self.block()?;
        let function =
            self.arena.put(FunctionDef { name, args, body, decorator_list, returns, type_comment, type_params });
        let span = self.block_span_from(start);
        if !is_async {
            return Ok(Stmt { kind: StmtKind::FunctionDef(function), span });
        }
        self.require_version(5)?;
        Ok(Stmt { kind: StmtKind::AsyncFunctionDef(function), span })
    }

    /// The type comment of a function, at the end of its first line or alone on the next.
    fn func_type_comment(&mut self) -> Option<&'t mut Wtf8<'t>> {
        let is_on_next_line = self.at(T::Newline)
            && self.kind_after(1) == T::TypeComment
            && self.kind_after(2) == T::Newline
            && self.kind_after(3) == T::Indent;
        if is_on_next_line {
            self.advance();
        }
        self.type_comment()
    }

    pub(super) fn async_statement(&mut self, start: Position) -> Parse<Stmt<'t>> {
        self.advance();
        match self.kind() {
            T::Def => self.function_def(ArenaList::default(), start, true),
            T::With => self.with_stmt(start, true),
            T::For => self.for_stmt(start, true),
            _ => Err(Failure),
        }
    }

    /// `if`, with its `elif`s: each of those is a statement of its own in the `orelse` of the one before.
    pub(super) fn if_stmt(&mut self) -> Parse<Stmt<'t>> {
        let mut clauses = Vec::new();
        loop {
            let start = self.start_of_token();
            self.advance();
            let test = self.named_expression()?;
            let body = self.suite()?;
            if self.at(T::Elif) {
                clauses.push((start, test, body));
                self.enter(1)?;
                continue;
            }
            let orelse = self.else_block()?;
            let mut statement = If { test, body, orelse }.at(self.block_span_from(start), self.arena);
            while let Some((start, test, body)) = clauses.pop() {
                self.leave(1);
                statement =
                    If { test, body, orelse: self.arena.list([statement]) }.at(self.block_span_from(start), self.arena);
            }
            return Ok(statement);
        }
    }

    pub(super) fn while_stmt(&mut self) -> Parse<Stmt<'t>> {
        let start = self.start_of_token();
        self.advance();
        let test = self.named_expression()?;
        let body = self.suite()?;
        let orelse = self.else_block()?;
        Ok(While { test, body, orelse }.at(self.block_span_from(start), self.arena))
    }

    pub(super) fn for_stmt(&mut self, start: Position, is_async: bool) -> Parse<Stmt<'t>> {
        self.expect(T::For)?;
        let target = self.star_targets()?;
        self.expect(T::In)?;
        let iter = self.star_expressions()?;
        self.expect(T::Colon)?;
        let type_comment = self.type_comment();
        let body = self.block()?;
        let orelse = self.else_block()?;
        let content = self.arena.put(For { target, iter, body, orelse, type_comment });
        let span = self.block_span_from(start);
        if !is_async {
            return Ok(Stmt { kind: StmtKind::For(content), span });
        }
        self.require_version(5)?;
        Ok(Stmt { kind: StmtKind::AsyncFor(content), span })
    }

    pub(super) fn with_stmt(&mut self, start: Position, is_async: bool) -> Parse<Stmt<'t>> {
        self.expect(T::With)?;
        let items = self.with_items()?;
        self.expect(T::Colon)?;
        let type_comment = self.type_comment();
        let body = self.block()?;
        let content = self.arena.put(With { items, body, type_comment });
        let span = self.block_span_from(start);
        if !is_async {
            return Ok(Stmt { kind: StmtKind::With(content), span });
        }
        self.require_version(5)?;
        Ok(Stmt { kind: StmtKind::AsyncWith(content), span })
    }

    /// The items, perhaps in parentheses of their own: `with (a, b):` has two items, `with (a, b) as c:` has one.
    fn with_items(&mut self) -> Parse<ArenaList<'t, WithItem<'t>>> {
        if self.at(T::LeftParenthesis) && self.parenthesis_ends_at_colon() {
            let checkpoint = self.checkpoint();
            if let Ok(items) = self.parenthesized_with_items() {
                return Ok(items);
            }
            // What is in the parentheses is one expression: `with (yield):`, `with (x := y):`.
            self.go_back(checkpoint);
        }
        let mut items = vec![self.with_item()?];
        while self.eat(T::Comma) {
            items.push(self.with_item()?);
        }
        Ok(self.arena.list(items))
    }

    fn parenthesized_with_items(&mut self) -> Parse<ArenaList<'t, WithItem<'t>>> {
        self.expect(T::LeftParenthesis)?;
        let mut items = vec![self.with_item()?];
        while self.eat(T::Comma) {
            if self.at(T::RightParenthesis) {
                break;
            }
            items.push(self.with_item()?);
        }
        self.expect(T::RightParenthesis)?;
        if self.at(T::Colon) { Ok(self.arena.list(items)) } else { Err(Failure) }
    }

    /// Whether a colon follows the bracket that closes the one at the current token.
    fn parenthesis_ends_at_colon(&self) -> bool {
        let mut open = 0;
        for (distance, token) in self.tokens.list[self.position()..].iter().enumerate() {
            match token.kind {
                T::LeftParenthesis | T::LeftBracket | T::LeftBrace => open += 1,
                T::RightParenthesis | T::RightBracket | T::RightBrace => open -= 1,
                _ => {}
            }
            if open == 0 {
                return self.kind_after(distance + 1) == T::Colon;
            }
        }
        false
    }

    fn with_item(&mut self) -> Parse<WithItem<'t>> {
        let context_expr = self.expression()?;
        if !self.eat(T::As) {
            return Ok(WithItem { context_expr, optional_vars: None });
        }
        let target = self.star_target()?;
        match self.kind() {
            T::Comma | T::RightParenthesis | T::Colon => Ok(WithItem { context_expr, optional_vars: Some(target) }),
            _ => Err(Failure),
        }
    }

    pub(super) fn try_stmt(&mut self) -> Parse<Stmt<'t>> {
        let start = self.start_of_token();
        self.advance();
        let body = self.suite()?;
        let is_star = self.at(T::Except) && self.kind_after(1) == T::Star;
        let mut handlers = Vec::new();
        while self.at(T::Except) {
            handlers.push(self.except_block(is_star)?);
        }
        let orelse = if handlers.is_empty() { ArenaList::default() } else { self.else_block()? };
        let finalbody = if self.eat(T::Finally) { self.suite()? } else { ArenaList::default() };
        if !finalbody.is_empty() {
            self.lines_to_preprocess.push(start.line);
        }
        if handlers.is_empty() && finalbody.is_empty() {
            return Err(Failure);
        }
        let handlers = self.arena.list(handlers);
        let content = self.arena.put(Try { body, handlers, orelse, finalbody });
        let span = self.block_span_from(start);
        if !is_star {
            return Ok(Stmt { kind: StmtKind::Try(content), span });
        }
        self.require_version(11)?;
        Ok(Stmt { kind: StmtKind::TryStar(content), span })
    }

    fn except_block(&mut self, is_star: bool) -> Parse<ExceptHandler<'t>> {
        let start = self.start_of_token();
        self.advance();
        if is_star {
            self.expect(T::Star)?;
        }
        let mut type_ = None;
        let mut name = None;
        if is_star || !self.at(T::Colon) {
            let types_start = self.start_of_token();
            let first = self.expression()?;
            if self.at(T::Comma) {
                type_ = Some(self.except_types(types_start, first)?);
            } else {
                type_ = Some(first);
                name = if self.eat(T::As) { Some(self.name()?) } else { None };
            }
        }
        let body = self.suite()?;
        Ok(ExceptHandler { type_, name, body, span: self.block_span_from(start) })
    }

    /// Several types without parentheses (PEP 758).
    fn except_types(&mut self, start: Position, first: Expr<'t>) -> Parse<Expr<'t>> {
        self.require_version(14)?;
        let mut elts = vec![first];
        while self.eat(T::Comma) {
            if self.at(T::Colon) {
                break;
            }
            elts.push(self.expression()?);
        }
        let elts = self.arena.list(elts);
        Ok(Tuple { elts, ctx: ExprContext::Load }.at(self.span_from(start), self.arena))
    }

    /// Whether `match` begins a statement here. It does if its line ends with a colon, which no expression does.
    pub(super) fn at_match_stmt(&self) -> bool {
        if !self.at_name(Symbol::MATCH) {
            return false;
        }
        if matches!(self.kind_after(1), T::Equal | T::Dot | T::Comma | T::Colon | T::RightParenthesis) {
            return false;
        }
        let rest = &self.tokens.list[self.position() + 1..];
        let end = rest.iter().position(|token| token.kind == T::Newline).unwrap_or(0);
        end > 1 && rest[end - 1].kind == T::Colon
    }

    pub(super) fn match_stmt(&mut self) -> Parse<Stmt<'t>> {
        self.require_version(10)?;
        let start = self.start_of_token();
        self.advance();
        let subject = self.subject_expr()?;
        self.expect(T::Colon)?;
        self.expect(T::Newline)?;
        self.enter(6)?;
        self.expect(T::Indent)?;
        let mut cases = Vec::new();
        while !self.eat(T::Dedent) {
            cases.push(self.case_block()?);
        }
        self.leave(6);
        self.lines_to_preprocess.push(start.line);
        let cases = self.arena.list(cases);
        Ok(Match { subject, cases }.at(self.block_span_from(start), self.arena))
    }

    fn subject_expr(&mut self) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        let is_starred = self.at(T::Star);
        let first = self.star_named_expression()?;
        if !self.at(T::Comma) {
            return if is_starred { Err(Failure) } else { Ok(first) };
        }
        let mut elts = vec![first];
        while self.eat(T::Comma) {
            if self.at(T::Colon) {
                break;
            }
            elts.push(self.star_named_expression()?);
        }
        let elts = self.arena.list(elts);
        Ok(Tuple { elts, ctx: ExprContext::Load }.at(self.span_from(start), self.arena))
    }

    fn case_block(&mut self) -> Parse<MatchCase<'t>> {
        if !self.at_name(Symbol::CASE) {
            return Err(Failure);
        }
        self.advance();
        let pattern = self.patterns()?;
        let guard = if self.eat(T::If) { Some(self.named_expression()?) } else { None };
        let body = self.suite()?;
        Ok(MatchCase { pattern, guard, body })
    }
}
