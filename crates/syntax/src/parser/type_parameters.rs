//! Type parameter lists (PEP 695, PEP 696).

use super::cursor::{Failure, Parse, Parser};
use crate::ast::{Expr, ParamSpec, TypeParam, TypeVar, TypeVarTuple};
use crate::token::TokenKind as T;

impl Parser<'_> {
    /// The type parameters of a function, class or alias, if it has any.
    pub(super) fn type_params(&mut self) -> Parse<Vec<TypeParam>> {
        let mut params = Vec::new();
        if !self.at(T::LeftBracket) {
            return Ok(params);
        }
        self.require_version(12)?;
        self.advance();
        while !self.eat(T::RightBracket) {
            params.push(self.type_param()?);
            if !self.at(T::RightBracket) {
                self.expect(T::Comma)?;
            }
        }
        if params.is_empty() { Err(Failure) } else { Ok(params) }
    }

    fn type_param(&mut self) -> Parse<TypeParam> {
        let start = self.start_of_token();
        if self.eat(T::Star) {
            let name = self.name()?;
            let default_value = self.type_param_default(Self::star_expression)?;
            return Ok(TypeVarTuple { name, default_value }.at(self.span_from(start)));
        }
        if self.eat(T::DoubleStar) {
            let name = self.name()?;
            let default_value = self.type_param_default(Self::expression)?;
            return Ok(ParamSpec { name, default_value }.at(self.span_from(start)));
        }
        let name = self.name()?;
        let bound = if self.eat(T::Colon) { Some(self.expression()?) } else { None };
        let default_value = self.type_param_default(Self::expression)?;
        Ok(TypeVar { name, bound, default_value }.at(self.span_from(start)))
    }

    fn type_param_default(&mut self, rule: fn(&mut Self) -> Parse<Expr>) -> Parse<Option<Expr>> {
        if !self.eat(T::Equal) {
            return Ok(None);
        }
        self.require_version(13)?;
        rule(self).map(Some)
    }
}
