//! The parameters of functions and lambdas.

use text::wtf8::Wtf8Buf;

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

impl Parser<'_> {
    /// The parameters between the parentheses of a `def`.
    pub(super) fn params(&mut self) -> Parse<Arguments> {
        self.parameters(Owner::Function)
    }

    /// The parameters before the colon of a lambda; there is at least one token of them.
    pub(super) fn lambda_parameters(&mut self) -> Parse<Arguments> {
        self.parameters(Owner::Lambda)
    }

    fn parameters(&mut self, owner: Owner) -> Parse<Arguments> {
        self.enter(LIST_DEPTH)?;
        let mut arguments = self.parameter_list(owner)?;
        arguments.args.shrink_to_fit();
        arguments.defaults.shrink_to_fit();
        self.leave(LIST_DEPTH);
        Ok(arguments)
    }

    fn parameter_list(&mut self, owner: Owner) -> Parse<Arguments> {
        let mut arguments = Arguments::empty();
        while !self.at(owner.end()) {
            match self.kind() {
                T::Slash => self.slash(&mut arguments, owner)?,
                T::Star => return self.star_etc(arguments, owner),
                T::DoubleStar => return self.kwds(arguments, owner),
                _ => {
                    let mut arg = self.param(owner)?;
                    if self.eat(T::Equal) {
                        arguments.defaults.push(self.expression()?);
                    } else if !arguments.defaults.is_empty() {
                        return Err(Failure);
                    }
                    self.end_of_param(&mut arg.type_comment, owner)?;
                    arguments.args.push(arg);
                }
            }
        }
        Ok(arguments)
    }

    /// `/`: all parameters up to here are positional only.
    fn slash(&mut self, arguments: &mut Arguments, owner: Owner) -> Parse<()> {
        if !arguments.posonlyargs.is_empty() || arguments.args.is_empty() {
            return Err(Failure);
        }
        self.require_version(8)?;
        self.advance();
        std::mem::swap(&mut arguments.posonlyargs, &mut arguments.args);
        if self.at(owner.end()) { Ok(()) } else { self.expect(T::Comma) }
    }

    /// `*args` or `*`, keyword-only parameters, `**kwargs`.
    fn star_etc(&mut self, mut arguments: Arguments, owner: Owner) -> Parse<Arguments> {
        self.advance();
        let is_bare = self.eat(T::Comma);
        if !is_bare {
            let mut arg = self.star_param(owner)?;
            self.end_of_param(&mut arg.type_comment, owner)?;
            arguments.vararg = Some(Box::new(arg));
        }
        while !self.at(owner.end()) && !self.at(T::DoubleStar) {
            let mut arg = self.param(owner)?;
            let default = if self.eat(T::Equal) { Some(self.expression()?) } else { None };
            self.end_of_param(&mut arg.type_comment, owner)?;
            arguments.kwonlyargs.push(arg);
            arguments.kw_defaults.push(default);
        }
        if is_bare && arguments.kwonlyargs.is_empty() {
            return Err(Failure);
        }
        if self.at(T::DoubleStar) { self.kwds(arguments, owner) } else { Ok(arguments) }
    }

    fn kwds(&mut self, mut arguments: Arguments, owner: Owner) -> Parse<Arguments> {
        self.advance();
        let mut arg = self.param(owner)?;
        self.end_of_param(&mut arg.type_comment, owner)?;
        arguments.kwarg = Some(Box::new(arg));
        if self.at(owner.end()) { Ok(arguments) } else { Err(Failure) }
    }

    fn param(&mut self, owner: Owner) -> Parse<Arg> {
        self.param_with(owner, Self::expression)
    }

    /// The parameter behind a star, whose annotation may be starred.
    fn star_param(&mut self, owner: Owner) -> Parse<Arg> {
        self.param_with(owner, Self::star_expression)
    }

    fn param_with(&mut self, owner: Owner, annotation: fn(&mut Self) -> Parse<Expr>) -> Parse<Arg> {
        let start = self.start_of_token();
        let arg = self.name()?;
        let is_annotated = owner == Owner::Function && self.eat(T::Colon);
        let annotation = if is_annotated { Some(annotation(self)?) } else { None };
        Ok(Arg { arg, annotation, type_comment: None, span: self.span_from(start) })
    }

    /// The comma behind a parameter, or the end of all, with the type comment that belongs to it.
    fn end_of_param(&mut self, type_comment: &mut Option<Box<Wtf8Buf>>, owner: Owner) -> Parse<()> {
        let has_comma = self.eat(T::Comma);
        if owner == Owner::Function {
            *type_comment = self.type_comment();
        }
        if has_comma || self.at(owner.end()) { Ok(()) } else { Err(Failure) }
    }
}
