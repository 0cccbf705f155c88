//! Calls.

use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::{CommonConstant, UnaryIntrinsic};
use bytecode::location::Location;
use syntax::ast::{Attribute, Call, ComparisonOperator, Expr, ExprContext, ExprKind, Keyword};
use syntax::interner::Symbol;
use syntax::token::Span;
use text::wtf8::Wtf8;

use super::displays::{TUPLE, is_starred};
use super::super_calls::attribute_location;
use super::{CodeGenerator, Result, STACK_USE_GUIDELINE};
use crate::instruction_sequence::{Label, location_of};
use crate::symbol_table::ScopeKey;
use crate::symbol_table::scope::{ScopeId, SymbolFlags};

/// A built-in function that is called with a generator expression, and what its loop does.
#[derive(Clone, Copy)]
enum GeneratorFunction {
    Tuple,
    /// `all` and `any`: the truth of an item with which the loop goes on, which is also the result if it never ends early.
    Quantifier(CommonConstant, bool),
}

impl GeneratorFunction {
    fn of(name: Wtf8<'_>) -> Option<Self> {
        match name.as_bytes() {
            b"tuple" => Some(Self::Tuple),
            b"all" => Some(Self::Quantifier(CommonConstant::All, true)),
            b"any" => Some(Self::Quantifier(CommonConstant::Any, false)),
            _ => None,
        }
    }

    fn constant(self) -> CommonConstant {
        match self {
            Self::Tuple => CommonConstant::Tuple,
            Self::Quantifier(constant, _) => constant,
        }
    }
}

impl<'a> CodeGenerator<'a, '_> {
    #[inline(never)]
    pub(super) fn call(&mut self, node: &'a Call<'a>, span: Span) -> Result<()> {
        self.guard.check()?;
        self.check_repeated_keywords(&node.keywords)?;
        if let ExprKind::Attribute(attribute) = &node.func.kind
            && self.is_method_call(node, attribute)
        {
            return self.method_call(node, attribute, span);
        }
        let end = self.new_label();
        self.check_caller(&node.func);
        self.expression(&node.func)?;
        self.generator_call(node, end)?;
        self.op_joined(Op::PushNull, location_of(node.func.span));
        self.call_with_pushed(0, &node.args, None, &node.keywords, location_of(span))?;
        self.place(end);
        Ok(())
    }

    fn check_repeated_keywords(&self, keywords: &[Keyword<'a>]) -> Result<()> {
        for (index, keyword) in keywords.iter().enumerate() {
            let Some(name) = keyword.arg else { continue };
            let repeated = keywords[index + 1..].iter().find(|other| other.arg == Some(name));
            if let Some(other) = repeated {
                return self.error(format!("keyword argument repeated: {}", self.text(name)), other.span);
            }
        }
        Ok(())
    }

    /// Whether the call can take the method and its object apart, sparing the bound method.
    fn is_method_call(&self, node: &Call<'a>, attribute: &Attribute<'a>) -> bool {
        if attribute.ctx != ExprContext::Load || self.is_import(&attribute.value) {
            return false;
        }
        let (arguments, keywords) = (node.args.len(), node.keywords.len());
        arguments + keywords + usize::from(keywords > 0) < STACK_USE_GUIDELINE
            && !node.args.iter().any(is_starred)
            && node.keywords.iter().all(|keyword| keyword.arg.is_some())
    }

    /// Whether the expression is a name that the module imports: most likely a module, whose functions aren't methods.
    fn is_import(&self, expression: &Expr<'a>) -> bool {
        match &expression.kind {
            ExprKind::Name(name) => self.table.scope(ScopeId::TOP).flags(name.id).intersects(SymbolFlags::IMPORT),
            _ => false,
        }
    }

    fn method_call(&mut self, node: &'a Call<'a>, attribute: &'a Attribute<'a>, span: Span) -> Result<()> {
        let function_span = node.func.span;
        let location = match self.super_method(attribute, function_span)? {
            Some(location) => location,
            None => {
                self.expression(&attribute.value)?;
                let location = attribute_location(location_of(function_span), attribute, self.interner, function_span);
                // A method comes with its object.
                let number = self.number_of_attribute(attribute.attr);
                self.op_arg(Op::LoadAttr, number << 1 | 1, location);
                location
            }
        };
        self.expressions(&node.args)?;
        let call_location = attribute_location(location_of(span), attribute, self.interner, function_span);
        if node.keywords.is_empty() {
            self.op_count(Op::Call, node.args.len(), call_location);
        } else {
            self.keyword_values(&node.keywords, location)?;
            self.op_count(Op::CallKw, node.args.len() + node.keywords.len(), call_location);
        }
        Ok(())
    }

    /// The values of keyword arguments and the tuple of their names.
    fn keyword_values(&mut self, keywords: &'a [Keyword<'a>], location: Location) -> Result<()> {
        keywords.iter().try_for_each(|keyword| self.expression(&keyword.value))?;
        self.string_tuple(keywords.iter().filter_map(|keyword| keyword.arg), location);
        Ok(())
    }

    /// A call whose function and first `pushed` arguments are on the stack; `injected` is a variable to give as last
    /// positional argument.
    pub(super) fn call_with_pushed(
        &mut self,
        pushed: usize,
        arguments: &'a [Expr<'a>],
        injected: Option<Symbol>,
        keywords: &'a [Keyword<'a>],
        location: Location,
    ) -> Result<()> {
        self.check_repeated_keywords(keywords)?;
        let is_simple = arguments.len() + keywords.len() * 2 <= STACK_USE_GUIDELINE
            && !arguments.iter().any(is_starred)
            && keywords.iter().all(|keyword| keyword.arg.is_some());
        if !is_simple {
            return self.call_unpacked(pushed, arguments, injected, keywords, location);
        }
        self.expressions(arguments)?;
        if let Some(name) = injected {
            self.load_name(name, location);
        }
        let count = pushed + arguments.len() + usize::from(injected.is_some());
        if keywords.is_empty() {
            self.op_count(Op::Call, count, location);
        } else {
            self.keyword_values(keywords, location)?;
            self.op_count(Op::CallKw, count + keywords.len(), location);
        }
        Ok(())
    }

    /// A call with `*` or `**`, or with very many arguments: they are collected in a tuple and a dict.
    fn call_unpacked(
        &mut self,
        pushed: usize,
        arguments: &'a [Expr<'a>],
        injected: Option<Symbol>,
        keywords: &'a [Keyword<'a>],
        location: Location,
    ) -> Result<()> {
        match arguments {
            [Expr { kind: ExprKind::Starred(starred), .. }] if pushed == 0 => self.expression(&starred.value)?,
            _ => self.elements(arguments, pushed, injected, TUPLE, location)?,
        }
        if keywords.is_empty() {
            self.op_joined(Op::PushNull, location);
        } else {
            self.keyword_dict(keywords, location)?;
        }
        self.op(Op::CallFunctionEx, location);
        Ok(())
    }

    fn keyword_dict(&mut self, keywords: &'a [Keyword<'a>], location: Location) -> Result<()> {
        let mut has_dict = false;
        let mut pending = 0;
        for (index, keyword) in keywords.iter().enumerate() {
            if keyword.arg.is_some() {
                pending += 1;
                continue;
            }
            if pending > 0 {
                self.keyword_dict_part(&keywords[index - pending..index], has_dict, location)?;
                has_dict = true;
                pending = 0;
            }
            if !has_dict {
                self.op_arg(Op::BuildMap, 0, location);
                has_dict = true;
            }
            self.expression(&keyword.value)?;
            self.op_arg(Op::DictMerge, 1, location);
        }
        if pending > 0 {
            self.keyword_dict_part(&keywords[keywords.len() - pending..], has_dict, location)?;
        }
        Ok(())
    }

    /// Builds a dict of named arguments, and merges it into the one on the stack if there is one.
    fn keyword_dict_part(&mut self, keywords: &'a [Keyword<'a>], has_dict: bool, location: Location) -> Result<()> {
        let is_big = keywords.len() * 2 > STACK_USE_GUIDELINE;
        if is_big {
            self.op_arg(Op::BuildMap, 0, Location::NONE);
        }
        for keyword in keywords {
            if let Some(name) = keyword.arg {
                self.name_string(name, location);
            }
            self.expression(&keyword.value)?;
            if is_big {
                self.op_arg(Op::MapAdd, 1, Location::NONE);
            }
        }
        if !is_big {
            self.op_count(Op::BuildMap, keywords.len(), location);
        }
        if has_dict {
            self.op_arg(Op::DictMerge, 1, location);
        }
        Ok(())
    }

    /// `all(…)`, `any(…)` or `tuple(…)` of a generator expression runs the loop here, if the name, whose value is on the
    /// stack, is the built-in function. The result and control then go to `end`.
    fn generator_call(&mut self, node: &'a Call<'a>, end: Label) -> Result<()> {
        let ExprKind::Name(name) = &node.func.kind else { return Ok(()) };
        let [argument @ Expr { kind: ExprKind::GeneratorExp(generator), .. }] = &node.args[..] else {
            return Ok(());
        };
        let Some(function) = GeneratorFunction::of(self.text(name.id)).filter(|_| node.keywords.is_empty()) else {
            return Ok(());
        };
        let scope = self.find_scope(ScopeKey::comprehension(&generator.generators), argument.span)?;
        if self.table.scope(scope).coroutine {
            return Ok(());
        }
        let location = location_of(node.func.span);
        let otherwise = self.new_label();
        self.op_arg(Op::Copy, 1, location);
        self.op_arg(Op::LoadCommonConstant, function.constant() as u32, location);
        self.compare(ComparisonOperator::Is, location);
        self.jump(Op::PopJumpIfFalse, otherwise, location);
        self.op(Op::PopTop, location);
        if let GeneratorFunction::Tuple = function {
            self.op_arg(Op::BuildList, 0, location);
        }
        self.expression(argument)?;
        self.generator_loop(function, end, location);
        self.place(otherwise);
        Ok(())
    }

    fn generator_loop(&mut self, function: GeneratorFunction, end: Label, location: Location) {
        let next = self.new_label();
        let cleanup = self.new_label();
        self.place(next);
        self.jump(Op::ForIter, cleanup, location);
        match function {
            GeneratorFunction::Tuple => {
                self.op_arg(Op::ListAppend, 2, location);
                self.jump(Op::Jump, next, location);
            }
            GeneratorFunction::Quantifier(_, goes_on) => {
                self.op_joined(Op::ToBool, location);
                let opcode = if goes_on { Op::PopJumpIfTrue } else { Op::PopJumpIfFalse };
                self.jump(opcode, next, location);
            }
        }
        self.op(Op::PopIter, Location::NONE);
        if let GeneratorFunction::Quantifier(_, goes_on) = function {
            self.constant(Constant::Bool(!goes_on), location);
        }
        self.jump(Op::Jump, end, location);
        self.place(cleanup);
        self.op(Op::EndFor, Location::NONE);
        self.op(Op::PopIter, Location::NONE);
        match function {
            GeneratorFunction::Tuple => self.intrinsic(UnaryIntrinsic::ListToTuple, location),
            GeneratorFunction::Quantifier(_, result) => self.constant(Constant::Bool(result), location),
        }
        self.jump(Op::Jump, end, location);
    }
}
