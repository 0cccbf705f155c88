//! Primaries and atoms: attributes, calls, subscripts; names, literals, displays and comprehensions.

use bytecode::arena::ArenaList;
use bytecode::constant::Constant as Value;

use super::cursor::{BRACKET_DEPTH, Failure, Parse, Parser};
use super::tokens::Tok;
use crate::ast::{
    Attribute, Call, Comprehension, Constant, Dict, DictComp, ElementComprehension, Expr, ExprContext, ExprKind, List,
    Name, Set, Slice, Subscript, Tuple,
};
use crate::number_literal::number_constant;
use crate::token::{Position, TokenKind as T};

impl<'t> Parser<'_, 't> {
    /// Whether a name stands here that is an expression of its own.
    #[inline(always)]
    pub(super) fn at_lone_name(&self) -> bool {
        self.at(T::Name) && self.kind_after(1).ends_expression()
    }

    /// The name here as an expression. It must be one: where this is written, the node is made in its place, while handing
    /// it on from an inner rule costs more than the rule.
    #[inline(always)]
    pub(super) fn lone_name(&mut self) -> Parse<Expr<'t>> {
        let Tok { span, symbol, .. } = *self.token();
        self.advance();
        let Some(id) = symbol else { return Err(Failure) };
        Ok(Expr { kind: ExprKind::Name(Name { id, ctx: ExprContext::Load }), span })
    }

    pub(super) fn primary(&mut self) -> Parse<Expr<'t>> {
        if self.at_lone_name() { self.lone_name() } else { self.longer_primary() }
    }

    /// A primary that is no lone name.
    #[inline(never)]
    pub(super) fn longer_primary(&mut self) -> Parse<Expr<'t>> {
        let at = self.position();
        let atom = self.atom();
        if self.kind().continues_primary() { self.primary_behind(at, atom?) } else { atom }
    }

    /// The attributes, calls and subscripts behind an atom, which begins at a token.
    fn primary_behind(&mut self, at: usize, mut value: Expr<'t>) -> Parse<Expr<'t>> {
        let start = self.start_of(at);
        loop {
            value = match self.kind() {
                T::Dot => {
                    let attr = self.name_behind()?;
                    Attribute { value, attr, ctx: ExprContext::Load }.at(self.span_from(start), self.arena)
                }
                T::LeftParenthesis => {
                    let first_keyword = self.keywords.len();
                    let args = self.call_arguments()?;
                    let keywords = self.keywords_from(first_keyword);
                    Call { func: value, args, keywords }.at(self.span_from(start), self.arena)
                }
                T::LeftBracket => {
                    self.advance();
                    let slice = self.slices()?;
                    self.expect(T::RightBracket)?;
                    Subscript { value, slice, ctx: ExprContext::Load }.at(self.span_from(start), self.arena)
                }
                _ => return Ok(value),
            };
        }
    }

    fn slices(&mut self) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        let first = self.slice_or_starred()?;
        if !self.at(T::Comma) && !matches!(first.kind, ExprKind::Starred(_)) {
            return Ok(first);
        }
        let from = self.expressions.len();
        self.expressions.push(first);
        while self.eat(T::Comma) {
            if self.at(T::RightBracket) {
                break;
            }
            let element = self.slice_or_starred()?;
            self.expressions.push(element);
        }
        let elts = self.expressions_from(from);
        Ok(Tuple { elts, ctx: ExprContext::Load }.at(self.span_from(start), self.arena))
    }

    fn slice_or_starred(&mut self) -> Parse<Expr<'t>> {
        if self.at(T::Star) { self.starred_expression() } else { self.slice() }
    }

    fn slice(&mut self) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        let is_named = self.kind_after(1) == T::ColonEqual;
        let lower = if self.at(T::Colon) { None } else { Some(self.named_expression()?) };
        match lower {
            Some(index) if !self.at(T::Colon) => return Ok(index),
            // `a[b:=c:d]` is neither a slice nor an assignment expression.
            Some(_) if is_named => return Err(Failure),
            _ => {}
        }
        self.expect(T::Colon)?;
        let upper = self.slice_part()?;
        let step = if self.eat(T::Colon) { self.slice_part()? } else { None };
        Ok(Slice { lower, upper, step }.at(self.span_from(start), self.arena))
    }

    fn slice_part(&mut self) -> Parse<Option<Expr<'t>>> {
        match self.kind() {
            T::Colon | T::Comma | T::RightBracket => Ok(None),
            _ => self.expression().map(Some),
        }
    }

    pub(super) fn atom(&mut self) -> Parse<Expr<'t>> {
        match self.kind() {
            T::Name => self.name_expression(ExprContext::Load),
            T::Number => self.number(),
            T::String | T::FStringStart | T::TStringStart => self.strings(),
            T::LeftParenthesis => self.nested(Self::tuple_group_or_genexp),
            T::LeftBracket => self.nested(Self::list_or_listcomp),
            T::LeftBrace => self.nested(Self::dict_or_set),
            T::Ellipsis => Ok(self.constant(Value::Ellipsis)),
            T::None => Ok(self.constant(Value::None)),
            T::True => Ok(self.constant(Value::Bool(true))),
            T::False => Ok(self.constant(Value::Bool(false))),
            _ => Err(Failure),
        }
    }

    fn nested(&mut self, rule: fn(&mut Self) -> Parse<Expr<'t>>) -> Parse<Expr<'t>> {
        self.enter(BRACKET_DEPTH)?;
        let expr = rule(self);
        self.leave(BRACKET_DEPTH);
        expr
    }

    /// The current token as a constant.
    fn constant(&mut self, value: Value<'t>) -> Expr<'t> {
        let span = self.token().span;
        self.advance();
        Constant { value, kind: None }.at(span, self.arena)
    }

    pub(super) fn number(&mut self) -> Parse<Expr<'t>> {
        let text = self.source.slice(self.token().text());
        if let Some(value) = small_integer(text.as_bytes()) {
            return Ok(self.constant(Value::Integer(self.arena.small_integer(value))));
        }
        if text.contains('_') {
            self.require_version(6)?;
        }
        let value =
            number_constant(text, self.token().span, self.options.digit_limit, self.arena).map_err(|_| Failure)?;
        Ok(self.constant(value))
    }

    fn tuple_group_or_genexp(&mut self) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        self.advance();
        if self.eat(T::RightParenthesis) {
            return Ok(
                Tuple { elts: ArenaList::default(), ctx: ExprContext::Load }.at(self.span_from(start), self.arena)
            );
        }
        if self.at(T::Yield) {
            let value = self.yield_expr()?;
            self.expect(T::RightParenthesis)?;
            return Ok(value);
        }
        let first = self.star_named_expression()?;
        match self.kind() {
            T::RightParenthesis if !matches!(first.kind, ExprKind::Starred(_)) => {
                self.advance();
                Ok(first)
            }
            T::Comma => {
                let elts = self.elements(first, T::RightParenthesis)?;
                Ok(Tuple { elts, ctx: ExprContext::Load }.at(self.span_from(start), self.arena))
            }
            T::For | T::Async => {
                let content = self.comprehension_of(first, T::RightParenthesis)?;
                Ok(Expr { kind: ExprKind::GeneratorExp(content), span: self.span_from(start) })
            }
            _ => Err(Failure),
        }
    }

    /// The elements after the first, and the closing bracket.
    fn elements(&mut self, first: Expr<'t>, close: T) -> Parse<ArenaList<'t, Expr<'t>>> {
        let start = self.expressions.len();
        self.expressions.push(first);
        while self.eat(T::Comma) {
            if self.at(close) {
                break;
            }
            let element = self.star_named_expression()?;
            self.expressions.push(element);
        }
        self.expect(close)?;
        Ok(self.expressions_from(start))
    }

    /// The clauses of a comprehension, and the closing bracket.
    pub(super) fn comprehension_of(&mut self, elt: Expr<'t>, close: T) -> Parse<&'t mut ElementComprehension<'t>> {
        if matches!(elt.kind, ExprKind::Starred(_)) {
            return Err(Failure);
        }
        let generators = self.for_if_clauses()?;
        self.expect(close)?;
        Ok(self.arena.put(ElementComprehension { elt, generators }))
    }

    fn list_or_listcomp(&mut self) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        self.advance();
        if self.eat(T::RightBracket) {
            return Ok(
                List { elts: ArenaList::default(), ctx: ExprContext::Load }.at(self.span_from(start), self.arena)
            );
        }
        let first = self.star_named_expression()?;
        if matches!(self.kind(), T::For | T::Async) {
            let content = self.comprehension_of(first, T::RightBracket)?;
            return Ok(Expr { kind: ExprKind::ListComp(content), span: self.span_from(start) });
        }
        let elts = self.elements(first, T::RightBracket)?;
        Ok(List { elts, ctx: ExprContext::Load }.at(self.span_from(start), self.arena))
    }

    fn dict_or_set(&mut self) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        self.advance();
        if self.at(T::RightBrace) || self.at(T::DoubleStar) {
            return self.dict(start, Vec::new(), Vec::new());
        }
        let is_named = self.kind_after(1) == T::ColonEqual;
        let first = self.star_named_expression()?;
        let is_key = !is_named && !matches!(first.kind, ExprKind::Starred(_));
        match self.kind() {
            T::Colon if is_key => self.dict_or_dictcomp(start, first),
            T::For | T::Async => {
                let content = self.comprehension_of(first, T::RightBrace)?;
                Ok(Expr { kind: ExprKind::SetComp(content), span: self.span_from(start) })
            }
            _ => {
                let elts = self.elements(first, T::RightBrace)?;
                Ok(Set { elts }.at(self.span_from(start), self.arena))
            }
        }
    }

    fn dict_or_dictcomp(&mut self, start: Position, key: Expr<'t>) -> Parse<Expr<'t>> {
        self.advance();
        let value = self.expression()?;
        if matches!(self.kind(), T::For | T::Async) {
            let generators = self.for_if_clauses()?;
            self.expect(T::RightBrace)?;
            return Ok(DictComp { key, value, generators }.at(self.span_from(start), self.arena));
        }
        if !self.at(T::RightBrace) {
            self.expect(T::Comma)?;
        }
        self.dict(start, vec![Some(key)], vec![value])
    }

    /// The rest of a dict display, after its first item and the comma behind it, if there are any.
    fn dict(&mut self, start: Position, mut keys: Vec<Option<Expr<'t>>>, mut values: Vec<Expr<'t>>) -> Parse<Expr<'t>> {
        while !self.eat(T::RightBrace) {
            if self.eat(T::DoubleStar) {
                keys.push(None);
                values.push(self.bitwise_or()?);
            } else {
                keys.push(Some(self.expression()?));
                self.expect(T::Colon)?;
                values.push(self.expression()?);
            }
            if !self.at(T::RightBrace) {
                self.expect(T::Comma)?;
            }
        }
        let (keys, values) = (self.arena.list(keys), self.arena.list(values));
        Ok(Dict { keys, values }.at(self.span_from(start), self.arena))
    }

    fn for_if_clauses(&mut self) -> Parse<ArenaList<'t, Comprehension<'t>>> {
        let mut clauses = Vec::with_capacity(1);
        while matches!(self.kind(), T::For | T::Async) {
            let is_async = self.eat(T::Async);
            if is_async {
                self.require_version(6)?;
            }
            self.expect(T::For)?;
            let target = self.star_targets()?;
            self.expect(T::In)?;
            let iter = self.disjunction()?;
            let mut ifs = Vec::new();
            while self.eat(T::If) {
                ifs.push(self.disjunction()?);
            }
            let ifs = self.arena.list(ifs);
            clauses.push(Comprehension { target, iter, ifs, is_async: i32::from(is_async) });
        }
        Ok(self.arena.list(clauses))
    }
}

/// The value of a decimal integer of a few digits.
#[inline]
fn small_integer(text: &[u8]) -> Option<u32> {
    if text.len() > 9 || (text.len() > 1 && text[0] == b'0') {
        return None;
    }
    text.iter().try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + u32::from(byte - b'0')))
}
