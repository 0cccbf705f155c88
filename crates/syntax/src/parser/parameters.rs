//! The parameters of functions and lambdas.

use text::wtf8::Wtf8;

use super::cursor::{Failure, Parse, Parser};
use crate::ast::{Arg, Arguments, Expr};
use crate::token::TokenKind as T;

/// Whose parameters: those of a `def` have annotations and type comments and end at `)`, those of a lambda end at `:`.
#[derive(Clone, Copy, PartialEq)]
enum Owner {
    Function,
    Lambda,
}

/// The rules of CPython's grammar between a function and a default value.
const LIST_DEPTH: u32 = 6;

impl Owner {
    fn end(self) -> T {
        if self == Owner::Function { T::RightParenthesis } else { T::Colon }
    }
}

impl<'t> Parser<'_, 't> {
    /// The parameters between the parentheses of a `def`.
    pub(super) fn params(&mut self) -> Parse<Arguments<'t>> {
        self.parameters_of(Owner::Function)
    }

    /// The parameters before the colon of a lambda; there is at least one token of them.
    pub(super) fn lambda_parameters(&mut self) -> Parse<Arguments<'t>> {
        self.parameters_of(Owner::Lambda)
    }

    fn parameters_of(&mut self, owner: Owner) -> Parse<Arguments<'t>> {
        self.enter(LIST_DEPTH)?;
        let mut arguments = Arguments::empty();
        self.positional_parameters(&mut arguments, owner)?;
        if self.at(T::Star) {
            self.star_etc(&mut arguments, owner)?;
        }
        if self.at(T::DoubleStar) {
            self.kwds(&mut arguments, owner)?;
        }
        self.leave(LIST_DEPTH);
        if self.at(owner.end()) { Ok(arguments) } else { Err(Failure) }
    }

    /// All up to a star or the end.
    fn positional_parameters(&mut self, arguments: &mut Arguments<'t>, owner: Owner) -> Parse<()> {
        let (first, first_default) = (self.parameters.len(), self.expressions.len());
        while !self.at(owner.end()) && !matches!(self.kind(), T::Star | T::DoubleStar) {
            if self.at(T::Slash) {
                let has_parameters = arguments.posonlyargs.is_empty() && self.parameters.len() > first;
                arguments.posonlyargs = self.parameters_from(first);
                if !has_parameters {
                    return Err(Failure);
                }
                self.slash(owner)?;
                continue;
            }
            let mut arg = self.param(owner)?;
            if self.eat(T::Equal) {
                let default = self.expression()?;
                self.expressions.push(default);
            } else if self.expressions.len() > first_default {
                return Err(Failure);
            }
            self.end_of_param(&mut arg.type_comment, owner)?;
            self.parameters.push(arg);
        }
        arguments.args = self.parameters_from(first);
        arguments.defaults = self.expressions_from(first_default);
        Ok(())
    }

    /// `/`: all parameters up to here are positional only.
    fn slash(&mut self, owner: Owner) -> Parse<()> {
        self.require_version(8)?;
        self.advance();
        if self.at(owner.end()) { Ok(()) } else { self.expect(T::Comma) }
    }

    /// `*args` or `*`, and keyword-only parameters.
    fn star_etc(&mut self, arguments: &mut Arguments<'t>, owner: Owner) -> Parse<()> {
        self.advance();
        let is_bare = self.eat(T::Comma);
        if !is_bare {
            let mut arg = self.star_param(owner)?;
            self.end_of_param(&mut arg.type_comment, owner)?;
            arguments.vararg = Some(self.arena.put(arg));
        }
        let (mut keyword_only, mut defaults) = (Vec::new(), Vec::new());
        while !self.at(owner.end()) && !self.at(T::DoubleStar) {
            let mut arg = self.param(owner)?;
            let default = if self.eat(T::Equal) { Some(self.expression()?) } else { None };
            self.end_of_param(&mut arg.type_comment, owner)?;
            keyword_only.push(arg);
            defaults.push(default);
        }
        arguments.kwonlyargs = self.arena.list(keyword_only);
        arguments.kw_defaults = self.arena.list(defaults);
        if is_bare && arguments.kwonlyargs.is_empty() { Err(Failure) } else { Ok(()) }
    }

    fn kwds(&mut self, arguments: &mut Arguments<'t>, owner: Owner) -> Parse<()> {
        self.advance();
        let mut arg = self.param(owner)?;
        self.end_of_param(&mut arg.type_comment, owner)?;
        arguments.kwarg = Some(self.arena.put(arg));
        Ok(())
    }

    fn param(&mut self, owner: Owner) -> Parse<Arg<'t>> {
        self.param_with(owner, Self::expression)
    }

    /// The parameter behind a star, whose annotation may be starred.
    fn star_param(&mut self, owner: Owner) -> Parse<Arg<'t>> {
        self.param_with(owner, Self::star_expression)
    }

    fn param_with(&mut self, owner: Owner, annotation: fn(&mut Self) -> Parse<Expr<'t>>) -> Parse<Arg<'t>> {
        let start = self.start_of_token();
        let arg = self.name()?;
        let is_annotated = owner == Owner::Function && self.eat(T::Colon);
        let annotation = if is_annotated { Some(annotation(self)?) } else { None };
        Ok(Arg { arg, annotation, type_comment: None, span: self.span_from(start) })
    }

    /// The comma behind a parameter, or the end of all, with the type comment that belongs to it.
    fn end_of_param(&mut self, type_comment: &mut Option<&'t mut Wtf8<'t>>, owner: Owner) -> Parse<()> {
        let has_comma = self.eat(T::Comma);
        if owner == Owner::Function {
            *type_comment = self.type_comment();
        }
        if has_comma || self.at(owner.end()) { Ok(()) } else { Err(Failure) }
    }
}
