//! The arguments of calls and class definitions.

use super::cursor::{BRACKET_DEPTH, Failure, Parse, Parser};
use crate::ast::{Expr, ExprKind, Keyword};
use crate::token::TokenKind as T;

/// What may still come: positional arguments end at the first keyword, unpacked iterables at the first `**`.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Stage {
    Positional,
    AfterKeyword,
    AfterMapping,
}

impl Parser<'_> {
    /// The arguments of a call with their parentheses: the positional ones, with the keywords put apart. A generator expression may
    /// be the only one, and then shares the parentheses.
    pub(super) fn call_arguments(&mut self, keywords: &mut Vec<Keyword>) -> Parse<Vec<Expr>> {
        self.enter(BRACKET_DEPTH)?;
        let open = self.position();
        let arguments = self.parenthesized_arguments(Some(open), keywords);
        self.leave(BRACKET_DEPTH);
        arguments
    }

    /// The arguments of a class definition with their parentheses.
    pub(super) fn class_arguments(&mut self, keywords: &mut Vec<Keyword>) -> Parse<Vec<Expr>> {
        self.parenthesized_arguments(None, keywords)
    }

    /// (An iterable that is unpacked after a keyword is a positional argument all the same.)
    fn parenthesized_arguments(
        &mut self,
        generator_start: Option<usize>,
        keywords: &mut Vec<Keyword>,
    ) -> Parse<Vec<Expr>> {
        self.expect(T::LeftParenthesis)?;
        let first = self.expressions.len();
        let mut stage = Stage::Positional;
        while !self.eat(T::RightParenthesis) {
            match self.kind() {
                T::Star if stage < Stage::AfterMapping => {
                    let argument = self.starred_expression()?;
                    self.expressions.push(argument);
                }
                T::DoubleStar => {
                    keywords.push(self.keyword_argument()?);
                    stage = Stage::AfterMapping;
                }
                T::Name if self.kind_after(1) == T::Equal => {
                    keywords.push(self.keyword_argument()?);
                    stage = if stage == Stage::Positional { Stage::AfterKeyword } else { stage };
                }
                _ if stage == Stage::Positional => {
                    let argument = self.named_expression()?;
                    if matches!(self.kind(), T::For | T::Async) {
                        let start = generator_start.filter(|_| self.expressions.len() == first).ok_or(Failure)?;
                        let content = self.comprehension_of(argument, T::RightParenthesis)?;
                        let span = self.span_from(self.start_of(start));
                        return Ok(vec![Expr { kind: ExprKind::GeneratorExp(content), span }]);
                    }
                    self.expressions.push(argument);
                }
                _ => return Err(Failure),
            }
            if !self.at(T::RightParenthesis) {
                self.expect(T::Comma)?;
            }
        }
        keywords.shrink_to_fit();
        Ok(self.expressions_from(first))
    }

    /// `name=value` or `**mapping`.
    fn keyword_argument(&mut self) -> Parse<Keyword> {
        let start = self.start_of_token();
        let arg = if self.eat(T::DoubleStar) {
            None
        } else {
            let name = self.name()?;
            self.expect(T::Equal)?;
            Some(name)
        };
        let value = self.expression()?;
        Ok(Keyword { arg, value, span: self.span_from(start) })
    }
}
