//! Patterns that consist of others: sequences, mappings, classes and alternatives.

use std::collections::HashSet;

use bytecode::arena::Arena;
use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::BinaryOperator;
use bytecode::location::Location;
use numeric::convert::float::from_f64;
use syntax::ast::{ComparisonOperator, Expr, ExprKind, MatchClass, MatchMapping, Pattern, PatternKind};
use syntax::interner::Symbol;
use syntax::token::Span;

use super::patterns::{PatternContext, is_wildcard};
use super::unparse::constant_repr;
use super::{CodeGenerator, Result};
use crate::instruction_sequence::location_of;

impl<'a> CodeGenerator<'a, '_> {
    pub(super) fn pattern_sequence(
        &mut self,
        patterns: &'a [Pattern<'a>],
        span: Span,
        context: &mut PatternContext,
    ) -> Result<()> {
        let location = location_of(span);
        let mut stars = patterns.iter().enumerate().filter(|(_, pattern)| star(pattern).is_some());
        let star_index = stars.next().map(|(index, _)| index);
        if stars.next().is_some() {
            return self.error("multiple starred names in sequence pattern", span);
        }
        let is_star_wildcard = star_index.and_then(|index| star(&patterns[index])).is_some_and(|name| name.is_none());
        let only_wildcards =
            patterns.iter().all(|pattern| is_wildcard(pattern) || star(pattern).is_some_and(|name| name.is_none()));
        context.on_top += 1;
        self.op(Op::MatchSequence, location);
        self.jump_to_fail(Op::PopJumpIfFalse, context, location);
        if star_index.is_none() {
            self.length_is(ComparisonOperator::Eq, patterns.len(), location);
            self.jump_to_fail(Op::PopJumpIfFalse, context, location);
        } else if patterns.len() > 1 {
            self.length_is(ComparisonOperator::GtE, patterns.len() - 1, location);
            self.jump_to_fail(Op::PopJumpIfFalse, context, location);
        }
        context.on_top -= 1;
        match star_index {
            _ if only_wildcards => {
                self.op(Op::PopTop, location);
                Ok(())
            }
            Some(index) if is_star_wildcard => self.sequence_by_index(patterns, index, location, context),
            _ => self.sequence_by_unpacking(patterns, span, context),
        }
    }

    fn sequence_by_unpacking(
        &mut self,
        patterns: &'a [Pattern<'a>],
        span: Span,
        context: &mut PatternContext,
    ) -> Result<()> {
        let location = location_of(span);
        let count = patterns.len();
        match patterns.iter().position(|pattern| star(pattern).is_some()) {
            Some(index) if index >= 1 << 8 || count - index > i32::MAX as usize >> 8 => {
                return self.error("too many expressions in star-unpacking sequence pattern", span);
            }
            Some(index) => self.op_count(Op::UnpackEx, index + ((count - index - 1) << 8), location),
            None => self.op_count(Op::UnpackSequence, count, location),
        }
        context.on_top += count;
        for pattern in patterns {
            context.on_top -= 1;
            self.subpattern(pattern, context)?;
        }
        Ok(())
    }

    /// With `*_` the items that count are taken one by one.
    fn sequence_by_index(
        &mut self,
        patterns: &'a [Pattern<'a>],
        star_index: usize,
        location: Location,
        context: &mut PatternContext,
    ) -> Result<()> {
        context.on_top += 1;
        for (index, pattern) in patterns.iter().enumerate() {
            if is_wildcard(pattern) || index == star_index {
                continue;
            }
            self.op_arg(Op::Copy, 1, location);
            if index < star_index {
                self.integer(index, location);
            } else {
                // The subject may not take negative indices.
                self.op(Op::GetLen, location);
                self.integer(patterns.len() - index, location);
                self.binary(BinaryOperator::Subtract, location);
            }
            self.binary(BinaryOperator::Subscript, location);
            self.subpattern(pattern, context)?;
        }
        context.on_top -= 1;
        self.op(Op::PopTop, location);
        Ok(())
    }

    pub(super) fn pattern_class(
        &mut self,
        node: &'a MatchClass<'a>,
        span: Span,
        context: &mut PatternContext,
    ) -> Result<()> {
        let location = location_of(span);
        let (attributes, keyword_patterns) = (node.kwd_attrs.len(), node.kwd_patterns.len());
        if attributes != keyword_patterns {
            let message = format!(
                "kwd_attrs ({attributes}) / kwd_patterns ({keyword_patterns}) length mismatch in class pattern"
            );
            return self.error(message, span);
        }
        for (index, name) in node.kwd_attrs.iter().enumerate() {
            let repeated = node.kwd_attrs[index + 1..].iter().position(|other| other == name);
            if let Some(position) = repeated {
                let span = node.kwd_patterns[index + 1 + position].span;
                return self.error(format!("attribute name repeated in class pattern: {}", self.text(*name)), span);
            }
        }
        self.expression(&node.cls)?;
        self.string_tuple(node.kwd_attrs.iter().copied(), location);
        self.op_count(Op::MatchClass, node.patterns.len(), location);
        self.op_arg(Op::Copy, 1, location);
        self.none(location);
        self.op_arg(Op::IsOp, 1, location);
        context.on_top += 1;
        self.jump_to_fail(Op::PopJumpIfFalse, context, location);
        let count = node.patterns.len() + attributes;
        self.op_count(Op::UnpackSequence, count, location);
        context.on_top = context.on_top + count - 1;
        for pattern in node.patterns.iter().chain(&node.kwd_patterns) {
            context.on_top -= 1;
            if is_wildcard(pattern) {
                self.op(Op::PopTop, location);
            } else {
                self.subpattern(pattern, context)?;
            }
        }
        Ok(())
    }

    pub(super) fn pattern_mapping(
        &mut self,
        node: &'a MatchMapping<'a>,
        span: Span,
        context: &mut PatternContext,
    ) -> Result<()> {
        let location = location_of(span);
        let (size, patterns) = (node.keys.len(), node.patterns.len());
        if size != patterns {
            let message = format!("keys ({size}) / patterns ({patterns}) length mismatch in mapping pattern");
            return self.error(message, span);
        }
        context.on_top += 1;
        self.op(Op::MatchMapping, location);
        self.jump_to_fail(Op::PopJumpIfFalse, context, location);
        if size == 0 && node.rest.is_none() {
            context.on_top -= 1;
            self.op(Op::PopTop, location);
            return Ok(());
        }
        if size > 0 {
            self.length_is(ComparisonOperator::GtE, size, location);
            self.jump_to_fail(Op::PopJumpIfFalse, context, location);
        }
        self.mapping_keys(&node.keys, span)?;
        self.op(Op::MatchKeys, location);
        // The keys and the values lie on the subject.
        context.on_top += 2;
        self.op_arg(Op::Copy, 1, location);
        self.none(location);
        self.op_arg(Op::IsOp, 1, location);
        self.jump_to_fail(Op::PopJumpIfFalse, context, location);
        self.op_count(Op::UnpackSequence, size, location);
        context.on_top = context.on_top + size - 1;
        for pattern in &node.patterns {
            context.on_top -= 1;
            self.subpattern(pattern, context)?;
        }
        context.on_top -= 2;
        match &node.rest {
            Some(rest) => self.mapping_rest(*rest, size, span, context),
            None => {
                self.op(Op::PopTop, location);
                self.op(Op::PopTop, location);
                Ok(())
            }
        }
    }

    fn mapping_keys(&mut self, keys: &'a [Expr<'a>], span: Span) -> Result<()> {
        let mut seen = HashSet::new();
        for key in keys {
            match &key.kind {
                ExprKind::Constant(constant) => {
                    if !seen.insert(dict_key(constant.value, self.arena())) {
                        let repr = constant_repr(&constant.value);
                        return self.error(format!("mapping pattern checks duplicate key ({repr})"), span);
                    }
                }
                ExprKind::Attribute(_) => {}
                _ => {
                    let message = "mapping pattern keys may only match literals and attribute lookups";
                    return self.error(message, span);
                }
            }
            self.expression(key)?;
        }
        self.op_count(Op::BuildTuple, keys.len(), location_of(span));
        Ok(())
    }

    /// `**rest`: a copy of the subject from which the keys are deleted.
    fn mapping_rest(&mut self, rest: Symbol, size: usize, span: Span, context: &mut PatternContext) -> Result<()> {
        let location = location_of(span);
        self.op_arg(Op::BuildMap, 0, location);
        self.op_arg(Op::Swap, 3, location);
        self.op_arg(Op::DictUpdate, 2, location);
        self.op_count(Op::UnpackSequence, size, location);
        for left in (1..=size).rev() {
            self.op_count(Op::Copy, 1 + left, location);
            self.op_arg(Op::Swap, 2, location);
            self.op(Op::DeleteSubscr, location);
        }
        self.capture(Some(rest), span, context)
    }

    pub(super) fn pattern_or(
        &mut self,
        alternatives: &'a [Pattern<'a>],
        span: Span,
        context: &mut PatternContext,
    ) -> Result<()> {
        let location = location_of(span);
        let end = self.new_label();
        let mut control: Option<Vec<Symbol>> = None;
        for (index, alternative) in alternatives.iter().enumerate() {
            let is_last = index + 1 == alternatives.len();
            let allow_irrefutable = is_last && context.allow_irrefutable;
            let mut inner = PatternContext { allow_irrefutable, ..PatternContext::default() };
            let alternative_location = location_of(alternative.span);
            self.op_arg(Op::Copy, 1, alternative_location);
            self.pattern(alternative, &mut inner)?;
            match &control {
                None => control = Some(inner.stores.clone()),
                Some(control) => {
                    if !self.reorder_stores(control, &mut inner.stores, alternative_location) {
                        return self.error("alternative patterns bind different names", span);
                    }
                }
            }
            self.jump(Op::Jump, end, alternative_location);
            self.place_fail_labels(&mut inner, alternative_location);
        }
        self.op(Op::PopTop, location);
        self.jump_to_fail(Op::Jump, context, location);
        self.place(end);
        let stores = control.unwrap_or_default();
        // The new captures go below the copy of the subject, what has to stay on top, and the captures before.
        let rotations = stores.len() + 1 + context.on_top + context.stores.len();
        for name in stores {
            self.rotate(rotations, location);
            self.check_new_capture(name, span, context)?;
            context.stores.push(name);
        }
        self.op(Op::PopTop, location);
        Ok(())
    }

    /// Brings the captures of an alternative into the order of the first one's; false if they are others.
    fn reorder_stores(&mut self, control: &[Symbol], stores: &mut Vec<Symbol>, location: Location) -> bool {
        if stores.len() != control.len() {
            return false;
        }
        for (wanted, name) in control.iter().enumerate().rev() {
            let Some(found) = stores.iter().position(|store| store == name) else { return false };
            if found == wanted {
                continue;
            }
            if found > wanted {
                return false;
            }
            let rotated: Vec<_> = stores.drain(..=found).collect();
            let at = wanted - found;
            stores.splice(at..at, rotated.iter().copied());
            for _ in 0..rotated.len() {
                self.rotate(wanted + 1, location);
            }
        }
        true
    }
}

/// The name of a star pattern: Some(None) for `*_`, None if it isn't one.
fn star(pattern: &Pattern<'_>) -> Option<Option<Symbol>> {
    match &pattern.kind {
        PatternKind::MatchStar(node) => Some(node.name),
        _ => None,
    }
}

/// A constant in a form in which keys that a dict takes for the same are equal: numbers compare across types.
fn dict_key<'a>(constant: Constant<'a>, arena: &'a Arena) -> Constant<'a> {
    let as_integer = |number: f64| {
        let integer = from_f64(number).filter(|_| number.trunc() == number)?;
        Some(Constant::Integer(arena.integer(integer.view())))
    };
    match constant {
        Constant::Bool(value) => Constant::Integer(arena.small_integer(u32::from(value))),
        Constant::Float(number) => as_integer(number).unwrap_or(constant),
        Constant::Complex { real, imaginary: 0.0 } => as_integer(real).unwrap_or(Constant::Float(real)),
        _ => constant,
    }
}
