//! Type parameter lists (PEP 695, PEP 696).

use bytecode::arena::ArenaList;

use super::cursor::{Failure, Parse, Parser};
use crate::ast::{Expr, ParamSpec, TypeParam, TypeVar, TypeVarTuple};
use crate::token::TokenKind as T;

impl<'t> Parser<'_, 't> {
    /// The type parameters of a function, class or alias, if it has any.
    pub(super) fn type_params(&mut self) -> Parse<ArenaList<'t, TypeParam<'t>>> {
        if !self.at(T::LeftBracket) {
            return Ok(ArenaList::default());
        }
        let mut params = Vec::new();
        self.require_version(12)?;
        self.advance();
        while !self.eat(T::RightBracket) {
            params.push(self.type_param()?);
            if !self.at(T::RightBracket) {
                self.expect(T::Comma)?;
            }
        }
        if params.is_empty() { Err(Failure) } else { Ok(self.arena.list(params)) }
    }

    fn type_param(&mut self) -> Parse<TypeParam<'t>> {
        let start = self.start_of_token();
        if self.eat(T::Star) {
            let name = self.name()?;
            let default_value = self.type_param_default(Self::star_expression)?;
            return Ok(TypeVarTuple { name, default_value }.at(self.span_from(start), self.arena));
        }
        if self.eat(T::DoubleStar) {
            let name = self.name()?;
            let default_value = self.type_param_default(Self::expression)?;
            return Ok(ParamSpec { name, default_value }.at(self.span_from(start), self.arena));
        }
        let name = self.name()?;
        let bound = if self.eat(T::Colon) { Some(self.expression()?) } else { None };
        let default_value = self.type_param_default(Self::expression)?;
        Ok(TypeVar { name, bound, default_value }.at(self.span_from(start), self.arena))
    }

    fn type_param_default(&mut self, rule: fn(&mut Self) -> Parse<Expr<'t>>) -> Parse<Option<Expr<'t>>> {
        if !self.eat(T::Equal) {
            return Ok(None);
        }
        self.require_version(13)?;
        rule(self).map(Some)
    }
}
