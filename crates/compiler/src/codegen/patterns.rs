//! `match`: the statement, and the patterns that have no parts or alternatives.
//!
//! The code of a pattern consumes the subject on top of the stack and, if it doesn't match, jumps to where just those items
//! are popped that the pattern has left on the stack. Captured values wait below what is still needed, and names are bound
//! only when the whole pattern has matched.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::location::Location;
use syntax::ast::{
    ComparisonOperator, Expr, ExprKind, Match, MatchAs, MatchCase, MatchSingleton, MatchValue, Pattern, PatternKind,
};
use syntax::interner::Symbol;
use syntax::token::Span;

use super::{CodeGenerator, Result};
use crate::instruction_sequence::{Label, location_of};

/// The state of the code of one case.
#[derive(Default)]
pub(super) struct PatternContext {
    /// The names captured so far; their values lie on the stack in this order.
    pub stores: Vec<Symbol>,
    /// Whether a pattern that always matches may stand here.
    pub allow_irrefutable: bool,
    /// Where to go on failure, by how many items are to be popped: each of these places pops one and falls through to the
    /// one before.
    pub fail_pop: Vec<Label>,
    /// How many items on top of the stack must stay on top, above captured values.
    pub on_top: usize,
}

pub(super) fn is_wildcard(pattern: &Pattern<'_>) -> bool {
    matches!(&pattern.kind, PatternKind::MatchAs(node) if node.name.is_none() && node.pattern.is_none())
}

impl<'a> CodeGenerator<'a, '_> {
    pub(super) fn match_(&mut self, node: &'a Match<'a>) -> Result<()> {
        self.expression(&node.subject)?;
        let end = self.new_label();
        let count = node.cases.len();
        // A last `case _` needs no code but its body's.
        let default = node.cases.last().filter(|case| count > 1 && is_wildcard(&case.pattern));
        let tested = count - usize::from(default.is_some());
        for (index, case) in node.cases.iter().take(tested).enumerate() {
            self.case(case, index + 1 == count, index + 1 == tested, end)?;
        }
        if let Some(case) = default {
            // The line of the case counts, though it has no code.
            self.op(Op::Nop, location_of(case.pattern.span));
            if let Some(guard) = &case.guard {
                self.jump_if(guard, end, false, location_of(case.pattern.span))?;
            }
            self.statements(&case.body)?;
        }
        self.place(end);
        Ok(())
    }

    fn case(&mut self, case: &'a MatchCase<'a>, is_last: bool, is_last_tested: bool, end: Label) -> Result<()> {
        let location = location_of(case.pattern.span);
        // The last one to be tested may consume the subject.
        if !is_last_tested {
            self.op_arg(Op::Copy, 1, location);
        }
        let allow_irrefutable = case.guard.is_some() || is_last;
        let mut context = PatternContext { allow_irrefutable, ..PatternContext::default() };
        self.pattern(&case.pattern, &mut context)?;
        for name in &context.stores {
            self.store_name(*name, location);
        }
        if let Some(guard) = &case.guard {
            let fail = self.fail_label(&mut context, 0);
            self.jump_if(guard, fail, false, location)?;
        }
        if !is_last_tested {
            self.op(Op::PopTop, Location::NEXT);
        }
        self.statements(&case.body)?;
        self.jump(Op::Jump, end, Location::NONE);
        // The cleaning up after a failure belongs to the pattern, not to the end of the body.
        self.place_fail_labels(&mut context, location);
        Ok(())
    }

    fn fail_label(&mut self, context: &mut PatternContext, pops: usize) -> Label {
        while context.fail_pop.len() <= pops {
            let label = self.new_label();
            context.fail_pop.push(label);
        }
        context.fail_pop[pops]
    }

    /// Jumps to where all is popped that the pattern has on the stack.
    pub(super) fn jump_to_fail(&mut self, opcode: Op, context: &mut PatternContext, location: Location) {
        let pops = context.on_top + context.stores.len();
        let target = self.fail_label(context, pops);
        self.jump(opcode, target, location);
    }

    pub(super) fn place_fail_labels(&mut self, context: &mut PatternContext, location: Location) {
        let labels = std::mem::take(&mut context.fail_pop);
        for (pops, label) in labels.into_iter().enumerate().rev() {
            self.place(label);
            if pops > 0 {
                self.op(Op::PopTop, location);
            }
        }
    }

    pub(super) fn pattern(&mut self, pattern: &'a Pattern<'a>, context: &mut PatternContext) -> Result<()> {
        self.guard.check()?;
        let span = pattern.span;
        match &pattern.kind {
            PatternKind::MatchValue(node) => self.pattern_value(node, span, context),
            PatternKind::MatchSingleton(node) => {
                self.pattern_singleton(node, span, context);
                Ok(())
            }
            PatternKind::MatchSequence(node) => self.pattern_sequence(&node.patterns, span, context),
            PatternKind::MatchMapping(node) => self.pattern_mapping(node, span, context),
            PatternKind::MatchClass(node) => self.pattern_class(node, span, context),
            PatternKind::MatchStar(node) => self.capture(node.name, span, context),
            PatternKind::MatchAs(node) => self.pattern_as(node, span, context),
            PatternKind::MatchOr(node) => self.pattern_or(&node.patterns, span, context),
        }
    }

    /// A pattern within another one, where it may always match.
    pub(super) fn subpattern(&mut self, pattern: &'a Pattern<'a>, context: &mut PatternContext) -> Result<()> {
        let outer = std::mem::replace(&mut context.allow_irrefutable, true);
        self.pattern(pattern, context)?;
        context.allow_irrefutable = outer;
        Ok(())
    }

    fn pattern_value(&mut self, node: &'a MatchValue<'a>, span: Span, context: &mut PatternContext) -> Result<()> {
        let location = location_of(span);
        if !is_pattern_value(&node.value) {
            return self.error("patterns may only match literals and attribute lookups", span);
        }
        self.expression(&node.value)?;
        self.compare(ComparisonOperator::Eq, location);
        self.op_joined(Op::ToBool, location);
        self.jump_to_fail(Op::PopJumpIfFalse, context, location);
        Ok(())
    }

    fn pattern_singleton(&mut self, node: &MatchSingleton<'a>, span: Span, context: &mut PatternContext) {
        let location = location_of(span);
        self.constant(node.value, location);
        self.compare(ComparisonOperator::Is, location);
        self.jump_to_fail(Op::PopJumpIfFalse, context, location);
    }

    fn pattern_as(&mut self, node: &'a MatchAs<'a>, span: Span, context: &mut PatternContext) -> Result<()> {
        let Some(inner) = &node.pattern else {
            if context.allow_irrefutable {
                return self.capture(node.name, span, context);
            }
            let message = match node.name {
                Some(name) => format!("name capture {} makes remaining patterns unreachable", self.quoted(name)),
                None => "wildcard makes remaining patterns unreachable".to_owned(),
            };
            return self.error(message, span);
        };
        context.on_top += 1;
        self.op_arg(Op::Copy, 1, location_of(span));
        self.pattern(inner, context)?;
        context.on_top -= 1;
        self.capture(node.name, span, context)
    }

    /// Captures the top of the stack under `name`; drops it if there is none.
    pub(super) fn capture(&mut self, name: Option<Symbol>, span: Span, context: &mut PatternContext) -> Result<()> {
        let Some(name) = name else {
            self.op(Op::PopTop, location_of(span));
            return Ok(());
        };
        self.check_new_capture(name, span, context)?;
        self.rotate(context.on_top + context.stores.len() + 1, location_of(span));
        context.stores.push(name);
        Ok(())
    }

    /// The `repr` of a name, in which nothing can need an escape.
    fn quoted(&self, name: Symbol) -> String {
        format!("'{}'", self.text(name))
    }

    pub(super) fn check_new_capture(&self, name: Symbol, span: Span, context: &PatternContext) -> Result<()> {
        if context.stores.contains(&name) {
            return self.error(format!("multiple assignments to name {} in pattern", self.quoted(name)), span);
        }
        Ok(())
    }

    /// Moves the top of the stack below the `count - 1` items under it.
    pub(super) fn rotate(&mut self, count: usize, location: Location) {
        for depth in (2..=count).rev() {
            self.op_count(Op::Swap, depth, location);
        }
    }

    pub(super) fn length_is(&mut self, comparison: ComparisonOperator, length: usize, location: Location) {
        self.op(Op::GetLen, location);
        self.integer(length, location);
        self.compare(comparison, location);
    }
}

fn is_pattern_value(expression: &Expr<'_>) -> bool {
    matches!(expression.kind, ExprKind::Constant(_) | ExprKind::Attribute(_))
}
