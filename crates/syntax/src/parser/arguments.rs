//! The arguments of calls and class definitions.

use bytecode::arena::ArenaList;

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

impl<'t> Parser<'_, 't> {
    /// The positional arguments of a call, from parenthesis to parenthesis; the others are left on the stack of keywords. A generator
    /// expression may be the only argument, and then shares the parentheses.
    pub(super) fn call_arguments(&mut self) -> Parse<ArenaList<'t, Expr<'t>>> {
        self.enter(BRACKET_DEPTH)?;
        let open = self.position();
        let arguments = self.parenthesized_arguments(Some(open));
        self.leave(BRACKET_DEPTH);
        arguments
    }

    /// The arguments of a class definition, as those of a call.
    pub(super) fn class_arguments(&mut self) -> Parse<ArenaList<'t, Expr<'t>>> {
        self.parenthesized_arguments(None)
    }

    /// (An iterable that is unpacked after a keyword is a positional argument all the same.)
    fn parenthesized_arguments(&mut self, generator_start: Option<usize>) -> Parse<ArenaList<'t, Expr<'t>>> {
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
                    let keyword = self.keyword_argument()?;
                    self.keywords.push(keyword);
                    stage = Stage::AfterMapping;
                }
                T::Name if self.kind_after(1) == T::Equal => {
                    let keyword = self.keyword_argument()?;
                    self.keywords.push(keyword);
                    stage = if stage == Stage::Positional { Stage::AfterKeyword } else { stage };
                }
                _ if stage == Stage::Positional => {
                    let argument = self.named_expression()?;
                    if matches!(self.kind(), T::For | T::Async) {
                        let start = generator_start.filter(|_| self.expressions.len() == first).ok_or(Failure)?;
                        let content = self.comprehension_of(argument, T::RightParenthesis)?;
                        let span = self.span_from(self.start_of(start));
                        return Ok(self.arena.list([Expr { kind: ExprKind::GeneratorExp(content), span }]));
                    }
                    self.expressions.push(argument);
                }
                _ => return Err(Failure),
            }
            if !self.at(T::RightParenthesis) {
                self.expect(T::Comma)?;
            }
        }
        Ok(self.expressions_from(first))
    }

    /// `name=value` or `**mapping`.
    fn keyword_argument(&mut self) -> Parse<Keyword<'t>> {
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
