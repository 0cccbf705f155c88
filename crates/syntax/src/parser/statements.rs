//! Simple statements.

use bytecode::arena::ArenaList;

use super::ReadStatement;
use super::cursor::{Failure, Parse, Parser};
use super::targets::continues_parenthesized_target;
use crate::ast::{
    Alias, AnnAssign, Assert, Assign, AugAssign, Delete, Expr, ExprContext, ExprKind, ExpressionStatement, Global,
    Import, ImportFrom, Nonlocal, Operator, Raise, Return, Stmt, StmtKind, TypeAlias,
};
use crate::interner::Symbol;
use crate::token::{Position, TokenKind as T};

impl<'t> Parser<'_, 't> {
    /// One statement, or the simple statements of one line.
    pub(super) fn statement(&mut self) -> Parse<()> {
        if self.records.is_some() {
            return self.recorded_statement();
        }
        self.any_statement()
    }

    /// A statement that is noted for the diagnosis of the rest.
    #[cold]
    fn recorded_statement(&mut self) -> Parse<()> {
        let (start, first) = (self.position(), self.statements.len());
        self.any_statement()?;
        let end = self.position();
        let place = self.statements.get(first).filter(|it| it.kind.is_placed_block()).map(|it| it.span.start);
        if let Some(records) = &mut self.records {
            records.push(ReadStatement { start: start as u32, end: end as u32, place });
        }
        Ok(())
    }

    fn any_statement(&mut self) -> Parse<()> {
        let start = self.start_of_token();
        let statement = match self.kind() {
            T::Def => self.function_def(ArenaList::default(), start, false)?,
            T::At => self.decorated()?,
            T::Async => self.async_statement(start)?,
            T::If => self.if_stmt()?,
            T::Class => self.class_def(ArenaList::default())?,
            T::With => self.with_stmt(start, false)?,
            T::For => self.for_stmt(start, false)?,
            T::Try => self.try_stmt()?,
            T::While => self.while_stmt()?,
            T::Name if self.at_match_stmt() => self.match_stmt()?,
            _ => return self.simple_stmts(),
        };
        self.statements.push(statement);
        Ok(())
    }

    pub(super) fn simple_stmts(&mut self) -> Parse<()> {
        loop {
            let statement = self.simple_stmt()?;
            self.statements.push(statement);
            if !self.eat(T::Semicolon) {
                return self.expect(T::Newline);
            }
            if self.eat(T::Newline) {
                return Ok(());
            }
        }
    }

    fn simple_stmt(&mut self) -> Parse<Stmt<'t>> {
        let start = self.start_of_token();
        match self.kind() {
            T::Return => self.return_stmt(start),
            T::Import => self.import_name(start),
            T::From => self.import_from(start),
            T::Raise => self.raise_stmt(start),
            T::Pass => Ok(self.word_stmt(start, StmtKind::Pass)),
            T::Break => Ok(self.word_stmt(start, StmtKind::Break)),
            T::Continue => Ok(self.word_stmt(start, StmtKind::Continue)),
            T::Del => self.del_stmt(start),
            T::Assert => self.assert_stmt(start),
            T::Global => {
                let names = self.names_after_word()?;
                Ok(Global { names }.at(self.span_from(start), self.arena))
            }
            T::Nonlocal => {
                let names = self.names_after_word()?;
                Ok(Nonlocal { names }.at(self.span_from(start), self.arena))
            }
            T::Name if self.at_name(Symbol::TYPE) && self.kind_after(1) == T::Name => self.type_alias(start),
            _ => self.expression_statement(start),
        }
    }

    fn word_stmt(&mut self, start: Position, kind: StmtKind<'t>) -> Stmt<'t> {
        self.advance();
        Stmt { kind, span: self.span_from(start) }
    }

    /// An expression, or an assignment: what comes behind the first expression tells.
    fn expression_statement(&mut self, start: Position) -> Parse<Stmt<'t>> {
        let first = self.annotated_rhs()?;
        match self.kind() {
            T::Equal => self.assignment(start, first),
            T::Colon => self.annotated_assignment(start, first),
            T::Newline | T::Semicolon => Ok(ExpressionStatement { value: first }.at(self.span_from(start), self.arena)),
            kind => match augmented_operator(kind) {
                Some(op) => self.augmented_assignment(start, first, op),
                None => Err(Failure),
            },
        }
    }

    pub(super) fn annotated_rhs(&mut self) -> Parse<Expr<'t>> {
        if self.at(T::Yield) { self.yield_expr() } else { self.star_expressions() }
    }

    fn assignment(&mut self, start: Position, first: Expr<'t>) -> Parse<Stmt<'t>> {
        let first_target = self.expressions.len();
        let mut value = first;
        while self.eat(T::Equal) {
            self.make_target(&mut value, ExprContext::Store)?;
            self.expressions.push(value);
            value = self.annotated_rhs()?;
        }
        let targets = self.expressions_from(first_target);
        let type_comment = self.type_comment();
        Ok(Assign { targets, value, type_comment }.at(self.span_from(start), self.arena))
    }

    fn annotated_assignment(&mut self, start: Position, mut target: Expr<'t>) -> Parse<Stmt<'t>> {
        self.require_version(6)?;
        let is_name = self.make_single_target(&mut target)?;
        if target.span.start == start && continues_parenthesized_target(&target) {
            return Err(Failure);
        }
        // Only a bare name is declared by its annotation; `(x): int` is not bare.
        let simple = i32::from(is_name && target.span.start == start);
        self.expect(T::Colon)?;
        let annotation = self.expression()?;
        let value = if self.eat(T::Equal) { Some(self.annotated_rhs()?) } else { None };
        Ok(AnnAssign { target, annotation, value, simple }.at(self.span_from(start), self.arena))
    }

    fn augmented_assignment(&mut self, start: Position, mut target: Expr<'t>, op: Operator) -> Parse<Stmt<'t>> {
        self.make_single_target(&mut target)?;
        if op == Operator::MatMult {
            self.require_version(5)?;
        }
        self.advance();
        let value = self.annotated_rhs()?;
        Ok(AugAssign { target, op, value }.at(self.span_from(start), self.arena))
    }

    fn return_stmt(&mut self, start: Position) -> Parse<Stmt<'t>> {
        self.advance();
        let ends = matches!(self.kind(), T::Newline | T::Semicolon);
        let value = if ends { None } else { Some(self.star_expressions()?) };
        Ok(Return { value }.at(self.span_from(start), self.arena))
    }

    fn raise_stmt(&mut self, start: Position) -> Parse<Stmt<'t>> {
        self.advance();
        if matches!(self.kind(), T::Newline | T::Semicolon) {
            return Ok(Raise { exc: None, cause: None }.at(self.span_from(start), self.arena));
        }
        let exc = Some(self.expression()?);
        let cause = if self.eat(T::From) { Some(self.expression()?) } else { None };
        Ok(Raise { exc, cause }.at(self.span_from(start), self.arena))
    }

    fn del_stmt(&mut self, start: Position) -> Parse<Stmt<'t>> {
        self.advance();
        let mut targets = Vec::new();
        loop {
            let mut target = self.primary()?;
            self.make_target(&mut target, ExprContext::Del)?;
            targets.push(target);
            let ended = !self.eat(T::Comma);
            if matches!(self.kind(), T::Newline | T::Semicolon) {
                let targets = self.arena.list(targets);
                return Ok(Delete { targets }.at(self.span_from(start), self.arena));
            }
            if ended {
                return Err(Failure);
            }
        }
    }

    fn assert_stmt(&mut self, start: Position) -> Parse<Stmt<'t>> {
        self.advance();
        let test = self.expression()?;
        let msg = if self.eat(T::Comma) { Some(self.expression()?) } else { None };
        Ok(Assert { test, msg }.at(self.span_from(start), self.arena))
    }

    fn names_after_word(&mut self) -> Parse<ArenaList<'t, Symbol>> {
        self.advance();
        let mut names = vec![self.name()?];
        while self.eat(T::Comma) {
            names.push(self.name()?);
        }
        Ok(self.arena.list(names))
    }

    fn type_alias(&mut self, start: Position) -> Parse<Stmt<'t>> {
        self.require_version(12)?;
        self.advance();
        let name = self.name_expression(ExprContext::Store)?;
        let type_params = self.type_params()?;
        self.expect(T::Equal)?;
        let value = self.expression()?;
        Ok(TypeAlias { name, type_params, value }.at(self.span_from(start), self.arena))
    }

    fn import_name(&mut self, start: Position) -> Parse<Stmt<'t>> {
        self.advance();
        let mut names = Vec::with_capacity(1);
        loop {
            let name_start = self.start_of_token();
            let name = self.dotted_name()?;
            names.push(self.alias(name_start, name)?);
            if !self.eat(T::Comma) {
                let names = self.arena.list(names);
                return Ok(Import { names }.at(self.span_from(start), self.arena));
            }
        }
    }

    fn alias(&mut self, start: Position, name: Symbol) -> Parse<Alias> {
        let asname = if self.eat(T::As) { Some(self.name()?) } else { None };
        Ok(Alias { name, asname, span: self.span_from(start) })
    }

    fn dotted_name(&mut self) -> Parse<Symbol> {
        let first = self.name()?;
        if !self.at(T::Dot) {
            return Ok(first);
        }
        let mut path = self.text(first).to_string_lossy();
        while self.eat(T::Dot) {
            path.push('.');
            let name = self.name()?;
            path.push_str(&self.text(name).to_string_lossy());
        }
        Ok(self.tokens.interner.intern_str(&path))
    }

    fn import_from(&mut self, start: Position) -> Parse<Stmt<'t>> {
        self.advance();
        let mut level = 0;
        loop {
            match self.kind() {
                T::Dot => level += 1,
                T::Ellipsis => level += 3,
                _ => break,
            }
            self.advance();
        }
        let module = if level > 0 && self.at(T::Import) { None } else { Some(self.dotted_name()?) };
        self.expect(T::Import)?;
        let names = self.import_from_targets()?;
        if module.is_some_and(|module| self.text(module) == "__future__") {
            // The joke of PEP 401 changes the grammar of what follows.
            self.barry_as_flufl |= names.iter().any(|alias| self.text(alias.name) == "barry_as_FLUFL");
        }
        Ok(ImportFrom { module, names, level: Some(level) }.at(self.span_from(start), self.arena))
    }

    fn import_from_targets(&mut self) -> Parse<ArenaList<'t, Alias>> {
        let start = self.start_of_token();
        if self.eat(T::Star) {
            let name = self.tokens.interner.intern_str("*");
            return Ok(self.arena.list([Alias { name, asname: None, span: self.span_from(start) }]));
        }
        let parenthesized = self.eat(T::LeftParenthesis);
        let mut names = Vec::new();
        loop {
            let start = self.start_of_token();
            let name = self.name()?;
            names.push(self.alias(start, name)?);
            if !self.eat(T::Comma) {
                break;
            }
            if parenthesized && self.at(T::RightParenthesis) {
                break;
            }
        }
        if parenthesized {
            self.expect(T::RightParenthesis)?;
        }
        Ok(self.arena.list(names))
    }

    /// A name as an expression.
    pub(super) fn name_expression(&mut self, ctx: ExprContext) -> Parse<Expr<'t>> {
        let span = self.token().span;
        let id = self.name()?;
        Ok(Expr { kind: ExprKind::Name(crate::ast::Name { id, ctx }), span })
    }
}

fn augmented_operator(kind: T) -> Option<Operator> {
    Some(match kind {
        T::PlusEqual => Operator::Add,
        T::MinusEqual => Operator::Sub,
        T::StarEqual => Operator::Mult,
        T::AtEqual => Operator::MatMult,
        T::SlashEqual => Operator::Div,
        T::PercentEqual => Operator::Mod,
        T::AmpersandEqual => Operator::BitAnd,
        T::VerticalBarEqual => Operator::BitOr,
        T::CircumflexEqual => Operator::BitXor,
        T::LeftShiftEqual => Operator::LShift,
        T::RightShiftEqual => Operator::RShift,
        T::DoubleStarEqual => Operator::Pow,
        T::DoubleSlashEqual => Operator::FloorDiv,
        _ => return None,
    })
}
