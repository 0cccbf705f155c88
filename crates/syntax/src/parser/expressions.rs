//! Expressions down to unary operators and powers: operator precedence.
//!
//! Most expressions are of no rule but the last, whose result all others hand on. They hand it on as it is, success or failure, and
//! if there is more to read, it is extended where it lies: so it is written once, where the first caller wants it.

use super::cursor::{Failure, Parse, Parser};
use crate::ast::{
    Arguments, Await, BinOp, BoolOp, BooleanOperator, Compare, ComparisonOperator, Expr, ExprContext, ExprKind, IfExp,
    Lambda, NamedExpr, Operator, Starred, Tuple, UnaryOp, UnaryOperator, Yield, YieldFrom,
};
use crate::token::{Position, TokenKind as T};

/// How tight operators bind, in the order of the language reference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Precedence {
    Or,
    And,
    Not,
    Comparison,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Term,
    Factor,
}

impl Precedence {
    /// The precedence of an operand on the right of a left-associative operator.
    fn next(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Comparison,
            Self::Comparison => Self::BitOr,
            Self::BitOr => Self::BitXor,
            Self::BitXor => Self::BitAnd,
            Self::BitAnd => Self::Shift,
            Self::Shift => Self::Sum,
            Self::Sum => Self::Term,
            Self::Term | Self::Factor => Self::Factor,
        }
    }
}

/// A binary operator.
#[derive(Clone, Copy)]
enum Binary {
    Boolean(BooleanOperator),
    Comparison(ComparisonOperator),
    Arithmetic(Operator),
}

impl<'t> Parser<'_, 't> {
    pub(super) fn star_expressions(&mut self) -> Parse<Expr<'t>> {
        let at = self.position();
        let mut first = self.star_expression();
        if self.at(T::Comma) {
            self.extend(&mut first, |parser, first| parser.tuple_from(at, first, Self::star_expression));
        }
        first
    }

    /// `expressions`: like `star_expressions`, without stars.
    pub(super) fn expressions(&mut self) -> Parse<Expr<'t>> {
        let at = self.position();
        let mut first = self.expression();
        if self.at(T::Comma) {
            self.extend(&mut first, |parser, first| parser.tuple_from(at, first, Self::expression));
        }
        first
    }

    /// Puts what `rule` makes of an expression in its place.
    #[inline]
    pub(super) fn extend(
        &mut self,
        place: &mut Parse<Expr<'t>>,
        rule: impl FnOnce(&mut Self, Expr<'t>) -> Parse<Expr<'t>>,
    ) {
        if let Ok(first) = std::mem::replace(place, Err(Failure)) {
            *place = rule(self, first);
        }
    }

    /// A tuple without parentheses, after its first element; `at` is the token that it begins with.
    #[inline(never)]
    fn tuple_from(&mut self, at: usize, first: Expr<'t>, element: fn(&mut Self) -> Parse<Expr<'t>>) -> Parse<Expr<'t>> {
        let start = self.start_of(at);
        let from = self.expressions.len();
        self.expressions.push(first);
        while self.eat(T::Comma) {
            if !self.starts_expression() {
                break;
            }
            let element = element(self)?;
            self.expressions.push(element);
        }
        let elts = self.expressions_from(from);
        Ok(Tuple { elts, ctx: ExprContext::Load }.at(self.span_from(start), self.arena))
    }

    /// Whether an expression can begin here: if not, the comma before was the last of a tuple without parentheses.
    pub(super) fn starts_expression(&self) -> bool {
        let kind = self.kind();
        let begins_prefix = || matches!(kind, T::Plus | T::Minus | T::Tilde | T::Star | T::Not | T::Lambda | T::Await);
        kind.begins_primary() || begins_prefix()
    }

    pub(super) fn star_expression(&mut self) -> Parse<Expr<'t>> {
        if self.at(T::Star) { self.starred(Self::bitwise_or) } else { self.expression() }
    }

    pub(super) fn star_named_expression(&mut self) -> Parse<Expr<'t>> {
        if self.at(T::Star) { self.starred(Self::bitwise_or) } else { self.named_expression() }
    }

    /// `starred_expression`: in calls and subscripts a star takes any expression.
    pub(super) fn starred_expression(&mut self) -> Parse<Expr<'t>> {
        self.starred(Self::expression)
    }

    fn starred(&mut self, operand: fn(&mut Self) -> Parse<Expr<'t>>) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        self.expect(T::Star)?;
        let value = operand(self)?;
        Ok(Starred { value, ctx: ExprContext::Load }.at(self.span_from(start), self.arena))
    }

    pub(super) fn named_expression(&mut self) -> Parse<Expr<'t>> {
        if self.at(T::Name) {
            match self.kind_after(1) {
                T::ColonEqual => return self.assignment_expression(),
                next if next.ends_expression() => return self.lone_name(),
                _ => {}
            }
        }
        self.longer_expression()
    }

    fn assignment_expression(&mut self) -> Parse<Expr<'t>> {
        self.require_version(8)?;
        let start = self.start_of_token();
        let target = self.name_expression(ExprContext::Store)?;
        self.expect(T::ColonEqual)?;
        let value = self.expression()?;
        Ok(NamedExpr { target, value }.at(self.span_from(start), self.arena))
    }

    pub(super) fn yield_expr(&mut self) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        self.expect(T::Yield)?;
        if self.eat(T::From) {
            let value = self.expression()?;
            return Ok(YieldFrom { value }.at(self.span_from(start), self.arena));
        }
        let value = if self.starts_expression() { Some(self.star_expressions()?) } else { None };
        Ok(Yield { value }.at(self.span_from(start), self.arena))
    }

    pub(super) fn expression(&mut self) -> Parse<Expr<'t>> {
        if self.at_lone_name() { self.lone_name() } else { self.longer_expression() }
    }

    /// An expression that is no lone name.
    fn longer_expression(&mut self) -> Parse<Expr<'t>> {
        if self.kind().begins_primary() { self.expression_from_primary() } else { self.prefixed_expression() }
    }

    #[inline(never)]
    fn expression_from_primary(&mut self) -> Parse<Expr<'t>> {
        let at = self.position();
        let mut first = self.longer_primary();
        if self.kind().continues_expression() {
            self.extend(&mut first, |parser, first| parser.expression_behind(at, first));
        }
        first
    }

    /// An expression that begins with an operator or a keyword.
    #[inline(never)]
    fn prefixed_expression(&mut self) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        if self.at(T::Lambda) {
            return self.lambdef();
        }
        let body = self.disjunction();
        if !self.at(T::If) {
            return body;
        }
        self.conditional(start, body?)
    }

    /// The rest of an expression behind the primary that it begins with, at a token.
    #[inline(never)]
    fn expression_behind(&mut self, at: usize, first: Expr<'t>) -> Parse<Expr<'t>> {
        let start = self.start_of(at);
        let left = if self.at(T::DoubleStar) { self.power_of(start, first)? } else { first };
        let body = self.operators_behind(start, left, Precedence::Or)?;
        if self.at(T::If) { self.conditional(start, body) } else { Ok(body) }
    }

    #[inline(never)]
    fn conditional(&mut self, start: Position, body: Expr<'t>) -> Parse<Expr<'t>> {
        self.enter(1)?;
        self.advance();
        let test = self.disjunction()?;
        self.expect(T::Else)?;
        let orelse = self.expression()?;
        self.leave(1);
        Ok(IfExp { test, body, orelse }.at(self.span_from(start), self.arena))
    }

    #[inline(never)]
    fn lambdef(&mut self) -> Parse<Expr<'t>> {
        self.enter(2)?;
        let start = self.start_of_token();
        self.advance();
        let args = if self.at(T::Colon) { Arguments::empty() } else { self.lambda_parameters()? };
        self.expect(T::Colon)?;
        let body = self.expression()?;
        self.leave(2);
        Ok(Lambda { args, body }.at(self.span_from(start), self.arena))
    }

    #[inline]
    pub(super) fn disjunction(&mut self) -> Parse<Expr<'t>> {
        self.operators(Precedence::Or)
    }

    pub(super) fn bitwise_or(&mut self) -> Parse<Expr<'t>> {
        self.operators(Precedence::BitOr)
    }

    /// An operand and all operators behind it that bind at least as tight as `least`: precedence climbing (Martin
    /// Richards's and Keith Clarke's way), which costs an expression without operators one test.
    fn operators(&mut self, least: Precedence) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        let left = if self.kind().begins_primary() {
            let first = self.primary();
            if !self.kind().continues_expression() {
                return first;
            }
            if self.at(T::DoubleStar) { self.power_of(start, first?) } else { first }
        } else if self.at(T::Not) && least <= Precedence::Not {
            self.inversion()
        } else {
            self.factor()
        };
        match self.binary_operator() {
            Some((precedence, _)) if precedence >= least => self.operators_behind(start, left?, least),
            _ => left,
        }
    }

    /// The rest of `operators` behind its first operand, if there is more.
    #[inline(never)]
    fn operators_behind(&mut self, start: Position, mut left: Expr<'t>, least: Precedence) -> Parse<Expr<'t>> {
        while let Some((precedence, operator)) = self.binary_operator() {
            if precedence < least {
                break;
            }
            left = match operator {
                Binary::Boolean(op) => self.boolean_operation(start, left, op, precedence)?,
                Binary::Comparison(op) => self.comparison(start, left, op)?,
                Binary::Arithmetic(op) => {
                    if op == Operator::MatMult {
                        self.require_version(5)?;
                    }
                    if op == Operator::Mod && matches!(left.kind, ExprKind::Constant(_)) {
                        self.lines_to_preprocess.push(start.line);
                    }
                    self.advance();
                    let right = self.operators(precedence.next())?;
                    BinOp { left, op, right }.at(self.span_from(start), self.arena)
                }
            };
        }
        Ok(left)
    }

    /// The binary operator at the current token. (`not in` and `is not` are recognized here and read in `comparison`.)
    #[inline]
    fn binary_operator(&self) -> Option<(Precedence, Binary)> {
        let arithmetic = |precedence, operator| Some((precedence, Binary::Arithmetic(operator)));
        let comparison = |operator| Some((Precedence::Comparison, Binary::Comparison(operator)));
        match self.kind() {
            T::Plus => arithmetic(Precedence::Sum, Operator::Add),
            T::Minus => arithmetic(Precedence::Sum, Operator::Sub),
            T::Star => arithmetic(Precedence::Term, Operator::Mult),
            T::Slash => arithmetic(Precedence::Term, Operator::Div),
            T::DoubleSlash => arithmetic(Precedence::Term, Operator::FloorDiv),
            T::Percent => arithmetic(Precedence::Term, Operator::Mod),
            T::At => arithmetic(Precedence::Term, Operator::MatMult),
            T::VerticalBar => arithmetic(Precedence::BitOr, Operator::BitOr),
            T::Circumflex => arithmetic(Precedence::BitXor, Operator::BitXor),
            T::Ampersand => arithmetic(Precedence::BitAnd, Operator::BitAnd),
            T::LeftShift => arithmetic(Precedence::Shift, Operator::LShift),
            T::RightShift => arithmetic(Precedence::Shift, Operator::RShift),
            T::EqualEqual => comparison(ComparisonOperator::Eq),
            T::NotEqual => comparison(ComparisonOperator::NotEq),
            T::Less if self.at_classic_not_equal() => comparison(ComparisonOperator::NotEq),
            T::Less => comparison(ComparisonOperator::Lt),
            T::LessEqual => comparison(ComparisonOperator::LtE),
            T::Greater => comparison(ComparisonOperator::Gt),
            T::GreaterEqual => comparison(ComparisonOperator::GtE),
            T::Or => Some((Precedence::Or, Binary::Boolean(BooleanOperator::Or))),
            T::And => Some((Precedence::And, Binary::Boolean(BooleanOperator::And))),
            T::In => comparison(ComparisonOperator::In),
            T::Is if self.kind_after(1) == T::Not => comparison(ComparisonOperator::IsNot),
            T::Is => comparison(ComparisonOperator::Is),
            T::Not if self.kind_after(1) == T::In => comparison(ComparisonOperator::NotIn),
            _ => None,
        }
    }

    /// `a or b or c` is one node.
    fn boolean_operation(
        &mut self,
        start: Position,
        first: Expr<'t>,
        op: BooleanOperator,
        precedence: Precedence,
    ) -> Parse<Expr<'t>> {
        let word = if op == BooleanOperator::Or { T::Or } else { T::And };
        let from = self.expressions.len();
        self.expressions.push(first);
        while self.eat(word) {
            let operand = self.operators(precedence.next())?;
            self.expressions.push(operand);
        }
        let values = self.expressions_from(from);
        Ok(BoolOp { op, values }.at(self.span_from(start), self.arena))
    }

    /// `a < b < c` is one node.
    fn comparison(&mut self, start: Position, left: Expr<'t>, first: ComparisonOperator) -> Parse<Expr<'t>> {
        // Most have but one.
        let mut more = Vec::new();
        let from = self.expressions.len();
        self.comparator(first)?;
        while let Some((_, Binary::Comparison(op))) = self.binary_operator() {
            self.comparator(op)?;
            more.push(op);
        }
        let ops = match more.as_slice() {
            [] => self.arena.list([first]),
            more => self.arena.list(std::iter::once(&first).chain(more).copied().collect::<Vec<_>>()),
        };
        let comparators = self.expressions_from(from);
        Ok(Compare { left, ops, comparators }.at(self.span_from(start), self.arena))
    }

    /// A comparison operator and what is behind it, which goes to the stack of expressions.
    fn comparator(&mut self, op: ComparisonOperator) -> Parse<()> {
        self.comparison_operator(op)?;
        let comparator = self.bitwise_or()?;
        self.expressions.push(comparator);
        Ok(())
    }

    /// Whether `<>` stands here, as one operator: PEP 401 is in force.
    fn at_classic_not_equal(&self) -> bool {
        let next = || self.tokens.list.get(self.position() + 1);
        self.barry_as_flufl
            && next().is_some_and(|next| next.kind == T::Greater && next.span.start == self.token().span.end)
    }

    /// Passes over a comparison operator, of one token or two.
    fn comparison_operator(&mut self, op: ComparisonOperator) -> Parse<()> {
        if op == ComparisonOperator::NotEq && self.at(T::NotEqual) && self.barry_as_flufl {
            return Err(Failure);
        }
        let is_classic = op == ComparisonOperator::NotEq && self.at(T::Less);
        if is_classic || matches!(op, ComparisonOperator::NotIn | ComparisonOperator::IsNot) {
            self.advance();
        }
        self.advance();
        Ok(())
    }

    #[inline(never)]
    fn inversion(&mut self) -> Parse<Expr<'t>> {
        self.enter(1)?;
        let start = self.start_of_token();
        self.advance();
        let operand = self.operators(Precedence::Not)?;
        self.leave(1);
        Ok(UnaryOp { op: UnaryOperator::Not, operand }.at(self.span_from(start), self.arena))
    }

    /// `factor` and `power`: signs bind less tight than `**` on their right, tighter than it on its right.
    #[inline]
    fn factor(&mut self) -> Parse<Expr<'t>> {
        let op = match self.kind() {
            T::Minus => UnaryOperator::USub,
            T::Plus => UnaryOperator::UAdd,
            T::Tilde => UnaryOperator::Invert,
            _ => return self.power(),
        };
        self.signed_factor(op)
    }

    #[inline(never)]
    fn signed_factor(&mut self, op: UnaryOperator) -> Parse<Expr<'t>> {
        self.enter(1)?;
        let start = self.start_of_token();
        self.advance();
        let operand = self.factor()?;
        self.leave(1);
        Ok(UnaryOp { op, operand }.at(self.span_from(start), self.arena))
    }

    #[inline]
    fn power(&mut self) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        let base = if self.at(T::Await) { self.await_primary() } else { self.primary() };
        if !self.at(T::DoubleStar) {
            return base;
        }
        self.power_of(start, base?)
    }

    #[inline(never)]
    fn power_of(&mut self, start: Position, left: Expr<'t>) -> Parse<Expr<'t>> {
        self.enter(2)?;
        self.advance();
        let right = self.factor()?;
        self.leave(2);
        Ok(BinOp { left, op: Operator::Pow, right }.at(self.span_from(start), self.arena))
    }

    fn await_primary(&mut self) -> Parse<Expr<'t>> {
        self.require_version(5)?;
        let start = self.start_of_token();
        self.advance();
        let value = self.primary()?;
        Ok(Await { value }.at(self.span_from(start), self.arena))
    }
}
