//! The first pass over patterns.

use syntax::ast::{ExprContext, Pattern, PatternKind};
use syntax::interner::Symbol;
use syntax::token::Span;

use super::builder::{Builder, Result};
use super::scope::SymbolFlags;

impl Builder<'_, '_> {
    pub fn pattern(&mut self, pattern: &Pattern<'_>) -> Result<()> {
        self.guard.check()?;
        let span = pattern.span;
        match &pattern.kind {
            PatternKind::MatchValue(node) => self.expression(&node.value),
            PatternKind::MatchSingleton(_) => Ok(()),
            PatternKind::MatchSequence(node) => self.patterns(&node.patterns),
            PatternKind::MatchStar(node) => self.capture(node.name, span),
            PatternKind::MatchMapping(node) => {
                self.expressions(&node.keys)?;
                self.patterns(&node.patterns)?;
                self.capture(node.rest, span)
            }
            PatternKind::MatchClass(node) => {
                self.expression(&node.cls)?;
                self.patterns(&node.patterns)?;
                for (name, pattern) in node.kwd_attrs.iter().zip(&node.kwd_patterns) {
                    self.check_name(*name, pattern.span, ExprContext::Store)?;
                }
                self.patterns(&node.kwd_patterns)
            }
            PatternKind::MatchAs(node) => {
                node.pattern.iter().try_for_each(|inner| self.pattern(inner))?;
                self.capture(node.name, span)
            }
            PatternKind::MatchOr(node) => self.patterns(&node.patterns),
        }
    }

    fn patterns(&mut self, patterns: &[Pattern<'_>]) -> Result<()> {
        patterns.iter().try_for_each(|pattern| self.pattern(pattern))
    }

    fn capture(&mut self, name: Option<Symbol>, span: Span) -> Result<()> {
        name.map_or(Ok(()), |name| self.define(name, SymbolFlags::LOCAL, span))
    }
}
