//! The patterns of `match` (PEP 634).

use bytecode::arena::ArenaList;

use super::cursor::{Failure, Parse, Parser};
use crate::ast::{
    Attribute, BinOp, Constant, Expr, ExprContext, ExprKind, MatchAs, MatchClass, MatchMapping, MatchOr, MatchSequence,
    MatchSingleton, MatchStar, MatchValue, Operator, Pattern, PatternKind, UnaryOp, UnaryOperator,
};
use crate::interner::Symbol;
use crate::token::{Position, TokenKind as T};
use bytecode::constant::Constant as Value;

impl<'t> Parser<'_, 't> {
    pub(super) fn patterns(&mut self) -> Parse<Pattern<'t>> {
        let start = self.start_of_token();
        let first = self.maybe_star_pattern()?;
        if !self.at(T::Comma) {
            return if matches!(first.kind, PatternKind::MatchStar(_)) { Err(Failure) } else { Ok(first) };
        }
        let patterns = self.more_patterns(first, |parser| matches!(parser.kind(), T::Colon | T::If))?;
        Ok(MatchSequence { patterns }.at(self.span_from(start), self.arena))
    }

    /// The patterns of a sequence after its first, up to an end that is left standing.
    fn more_patterns(&mut self, first: Pattern<'t>, at_end: fn(&Self) -> bool) -> Parse<ArenaList<'t, Pattern<'t>>> {
        let mut patterns = vec![first];
        while self.eat(T::Comma) {
            if at_end(self) {
                break;
            }
            patterns.push(self.maybe_star_pattern()?);
        }
        Ok(self.arena.list(patterns))
    }

    fn maybe_star_pattern(&mut self) -> Parse<Pattern<'t>> {
        let start = self.start_of_token();
        if !self.eat(T::Star) {
            return self.pattern();
        }
        let name = if self.at_name(Symbol::UNDERSCORE) {
            self.advance();
            None
        } else {
            Some(self.pattern_capture_target()?)
        };
        Ok(MatchStar { name }.at(self.span_from(start)))
    }

    fn pattern(&mut self) -> Parse<Pattern<'t>> {
        let start = self.start_of_token();
        let pattern = self.or_pattern()?;
        if !self.eat(T::As) {
            return Ok(pattern);
        }
        let name = self.pattern_capture_target()?;
        Ok(MatchAs { pattern: Some(pattern), name: Some(name) }.at(self.span_from(start), self.arena))
    }

    fn or_pattern(&mut self) -> Parse<Pattern<'t>> {
        let start = self.start_of_token();
        let first = self.closed_pattern()?;
        if !self.at(T::VerticalBar) {
            return Ok(first);
        }
        let mut patterns = vec![first];
        while self.eat(T::VerticalBar) {
            patterns.push(self.closed_pattern()?);
        }
        let patterns = self.arena.list(patterns);
        Ok(MatchOr { patterns }.at(self.span_from(start), self.arena))
    }

    fn closed_pattern(&mut self) -> Parse<Pattern<'t>> {
        let start = self.start_of_token();
        match self.kind() {
            T::Name => self.name_pattern(start),
            T::LeftParenthesis => self.nested_pattern(Self::group_or_sequence_pattern),
            T::LeftBracket => self.nested_pattern(Self::bracketed_sequence_pattern),
            T::LeftBrace => self.nested_pattern(Self::mapping_pattern),
            T::None => Ok(self.singleton(Value::None)),
            T::True => Ok(self.singleton(Value::Bool(true))),
            T::False => Ok(self.singleton(Value::Bool(false))),
            _ => {
                let value = self.literal_expr()?;
                Ok(MatchValue { value }.at(self.span_from(start), self.arena))
            }
        }
    }

    fn nested_pattern(&mut self, rule: fn(&mut Self) -> Parse<Pattern<'t>>) -> Parse<Pattern<'t>> {
        self.enter(6)?;
        let pattern = rule(self)?;
        self.leave(6);
        Ok(pattern)
    }

    fn singleton(&mut self, value: Value<'t>) -> Pattern<'t> {
        let span = self.token().span;
        self.advance();
        MatchSingleton { value }.at(span, self.arena)
    }

    /// A name that a pattern binds.
    fn pattern_capture_target(&mut self) -> Parse<Symbol> {
        let is_more = matches!(self.kind_after(1), T::Dot | T::LeftParenthesis | T::Equal);
        if is_more || self.at_name(Symbol::UNDERSCORE) { Err(Failure) } else { self.name() }
    }

    /// A capture, a wildcard, a dotted name as a value, or a class.
    fn name_pattern(&mut self, start: Position) -> Parse<Pattern<'t>> {
        // `_` is the wildcard whatever follows: `_.a` and `_()` are no patterns.
        if self.at_name(Symbol::UNDERSCORE) {
            self.advance();
            return Ok(MatchAs { pattern: None, name: None }.at(self.span_from(start), self.arena));
        }
        if !matches!(self.kind_after(1), T::Dot | T::LeftParenthesis) {
            let name = Some(self.pattern_capture_target()?);
            return Ok(MatchAs { pattern: None, name }.at(self.span_from(start), self.arena));
        }
        let value = self.name_or_attr(start)?;
        match self.kind() {
            T::LeftParenthesis => self.class_pattern(start, value),
            T::Equal => Err(Failure),
            _ => Ok(MatchValue { value }.at(self.span_from(start), self.arena)),
        }
    }

    fn name_or_attr(&mut self, start: Position) -> Parse<Expr<'t>> {
        let mut value = self.name_expression(ExprContext::Load)?;
        while self.eat(T::Dot) {
            let attr = self.name()?;
            value = Attribute { value, attr, ctx: ExprContext::Load }.at(self.span_from(start), self.arena);
        }
        Ok(value)
    }

    fn group_or_sequence_pattern(&mut self) -> Parse<Pattern<'t>> {
        let start = self.start_of_token();
        self.advance();
        if self.eat(T::RightParenthesis) {
            return Ok(MatchSequence { patterns: ArenaList::default() }.at(self.span_from(start), self.arena));
        }
        let first = self.maybe_star_pattern()?;
        if !self.at(T::Comma) {
            self.expect(T::RightParenthesis)?;
            return if matches!(first.kind, PatternKind::MatchStar(_)) { Err(Failure) } else { Ok(first) };
        }
        let patterns = self.more_patterns(first, |parser| parser.at(T::RightParenthesis))?;
        self.expect(T::RightParenthesis)?;
        Ok(MatchSequence { patterns }.at(self.span_from(start), self.arena))
    }

    fn bracketed_sequence_pattern(&mut self) -> Parse<Pattern<'t>> {
        let start = self.start_of_token();
        self.advance();
        let mut patterns = ArenaList::default();
        if !self.at(T::RightBracket) {
            let first = self.maybe_star_pattern()?;
            patterns = self.more_patterns(first, |parser| parser.at(T::RightBracket))?;
        }
        self.expect(T::RightBracket)?;
        Ok(MatchSequence { patterns }.at(self.span_from(start), self.arena))
    }

    fn mapping_pattern(&mut self) -> Parse<Pattern<'t>> {
        let start = self.start_of_token();
        self.advance();
        let (mut keys, mut patterns, mut rest) = (Vec::new(), Vec::new(), None);
        while !self.at(T::RightBrace) && rest.is_none() {
            if self.eat(T::DoubleStar) {
                rest = Some(self.pattern_capture_target()?);
            } else {
                keys.push(self.mapping_key()?);
                self.expect(T::Colon)?;
                patterns.push(self.pattern()?);
            }
            if !self.at(T::RightBrace) {
                self.expect(T::Comma)?;
            }
        }
        self.expect(T::RightBrace)?;
        let (keys, patterns) = (self.arena.list(keys), self.arena.list(patterns));
        Ok(MatchMapping { keys, patterns, rest }.at(self.span_from(start), self.arena))
    }

    fn mapping_key(&mut self) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        let span = self.token().span;
        let value = match self.kind() {
            T::Name if self.kind_after(1) == T::Dot => return self.name_or_attr(start),
            T::None => Value::None,
            T::True => Value::Bool(true),
            T::False => Value::Bool(false),
            _ => return self.literal_expr(),
        };
        self.advance();
        Ok(Constant { value, kind: None }.at(span, self.arena))
    }

    /// A string, a number, or a complex number written as a sum.
    fn literal_expr(&mut self) -> Parse<Expr<'t>> {
        if matches!(self.kind(), T::String | T::FStringStart | T::TStringStart) {
            return self.strings();
        }
        let start = self.start_of_token();
        let left = self.signed_number()?;
        let op = match self.kind() {
            T::Plus => Operator::Add,
            T::Minus => Operator::Sub,
            _ => return Ok(left),
        };
        self.advance();
        if !self.at(T::Number) {
            return Err(Failure);
        }
        let right = self.number()?;
        if is_imaginary(&left) || !is_imaginary(&right) {
            return Err(Failure);
        }
        Ok(BinOp { left, op, right }.at(self.span_from(start), self.arena))
    }

    fn signed_number(&mut self) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        let is_negative = self.eat(T::Minus);
        if !self.at(T::Number) {
            return Err(Failure);
        }
        let operand = self.number()?;
        if !is_negative {
            return Ok(operand);
        }
        Ok(UnaryOp { op: UnaryOperator::USub, operand }.at(self.span_from(start), self.arena))
    }

    fn class_pattern(&mut self, start: Position, cls: Expr<'t>) -> Parse<Pattern<'t>> {
        self.enter(6)?;
        self.expect(T::LeftParenthesis)?;
        let (mut patterns, mut kwd_attrs, mut kwd_patterns) = (Vec::new(), Vec::new(), Vec::new());
        while !self.eat(T::RightParenthesis) {
            if self.at(T::Name) && self.kind_after(1) == T::Equal {
                kwd_attrs.push(self.name()?);
                self.expect(T::Equal)?;
                kwd_patterns.push(self.pattern()?);
            } else if kwd_attrs.is_empty() {
                patterns.push(self.pattern()?);
            } else {
                return Err(Failure);
            }
            if !self.at(T::RightParenthesis) {
                self.expect(T::Comma)?;
            }
        }
        self.leave(6);
        let (patterns, kwd_patterns) = (self.arena.list(patterns), self.arena.list(kwd_patterns));
        let kwd_attrs = self.arena.list(kwd_attrs);
        Ok(MatchClass { cls, patterns, kwd_attrs, kwd_patterns }.at(self.span_from(start), self.arena))
    }
}

fn is_imaginary(number: &Expr<'_>) -> bool {
    match &number.kind {
        ExprKind::Constant(constant) => matches!(constant.value, Value::Complex { .. }),
        ExprKind::UnaryOp(negative) => is_imaginary(&negative.operand),
        _ => false,
    }
}
