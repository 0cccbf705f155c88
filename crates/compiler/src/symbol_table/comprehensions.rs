//! The first pass over comprehensions and generator expressions.

use syntax::ast::Comprehension;

use super::builder::{Builder, Result};
use super::scope::{ComprehensionKind, ScopeKind, SymbolFlags};
use super::{ScopeKey, error};
use crate::views::ComprehensionView;

impl Builder<'_, '_> {
    pub fn comprehension(&mut self, node: &ComprehensionView<'_, '_>) -> Result<()> {
        let Some((outermost, inner)) = node.generators.split_first() else {
            return Err(error("comprehension with no generators", node.span));
        };
        // The outermost iterable is evaluated outside.
        self.current().build.comprehension_iterables += 1;
        self.expression(&outermost.iter)?;
        self.current().build.comprehension_iterables -= 1;
        let name = match node.kind {
            ComprehensionKind::List => self.names.list_comprehension,
            ComprehensionKind::Set => self.names.set_comprehension,
            ComprehensionKind::Dict => self.names.dict_comprehension,
            ComprehensionKind::Generator => self.names.generator_expression,
        };
        self.enter(name, ScopeKind::Function, ScopeKey::comprehension(node.generators), node.span)?;
        self.current().comprehension = Some(node.kind);
        self.current().coroutine = outermost.is_async != 0;
        let iterable = self.names.iterable;
        self.define(iterable, SymbolFlags::PARAMETER, node.span)?;
        self.comprehension_target(outermost)?;
        self.expressions(&outermost.ifs)?;
        inner.iter().try_for_each(|clause| self.comprehension_clause(clause))?;
        self.optional_expression(node.value)?;
        self.expression(node.element)?;
        let is_generator = node.kind == ComprehensionKind::Generator;
        self.current().generator = is_generator;
        let is_async = self.scope().coroutine && !is_generator;
        self.exit();
        if !is_async {
            return Ok(());
        }
        if !self.in_async_function() && self.scope().comprehension.is_none() && !self.allows_top_level_await() {
            return Err(error("asynchronous comprehension outside of an asynchronous function", node.span));
        }
        self.current().coroutine = true;
        Ok(())
    }

    fn comprehension_target(&mut self, clause: &Comprehension<'_>) -> Result<()> {
        self.current().build.in_comprehension_target = true;
        self.update_context();
        self.expression(&clause.target)?;
        self.current().build.in_comprehension_target = false;
        self.update_context();
        Ok(())
    }

    fn comprehension_clause(&mut self, clause: &Comprehension<'_>) -> Result<()> {
        self.comprehension_target(clause)?;
        self.current().build.comprehension_iterables += 1;
        self.expression(&clause.iter)?;
        self.current().build.comprehension_iterables -= 1;
        self.expressions(&clause.ifs)?;
        if clause.is_async != 0 {
            self.current().coroutine = true;
        }
        Ok(())
    }
}
