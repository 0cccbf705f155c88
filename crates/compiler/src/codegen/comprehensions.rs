//! Comprehensions and generator expressions.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::location::Location;
use syntax::ast::{Comprehension, Expr, ExprKind};

use super::frame_blocks::FrameBlockKind;
use super::scopes::{Attributes, ParameterCounts};
use super::{CodeGenerator, Result, UnitKind};
use crate::instruction_sequence::location_of;
use crate::symbol_table::ScopeKey;
use crate::symbol_table::scope::{ComprehensionKind, ScopeId};
use crate::views::ComprehensionView;

/// Where the outermost iterator of a comprehension is.
#[derive(Clone, Copy, PartialEq)]
enum OutermostIterator {
    OnStack,
    Parameter,
}

impl<'a> CodeGenerator<'a, '_> {
    pub(super) fn comprehension(&mut self, view: ComprehensionView<'a, 'a>) -> Result<()> {
        let scope = self.find_scope(ScopeKey::comprehension(view.generators), view.span)?;
        let Some(outermost) = view.generators.first() else {
            return self.error("comprehension with no generators", view.span);
        };
        if self.table.scope(scope).inlined {
            return self.inlined_comprehension(&view, outermost, scope);
        }
        let location = location_of(view.span);
        let is_async = self.table.scope(scope).coroutine;
        let name = match view.kind {
            ComprehensionKind::List => "<listcomp>",
            ComprehensionKind::Set => "<setcomp>",
            ComprehensionKind::Dict => "<dictcomp>",
            ComprehensionKind::Generator => "<genexpr>",
        };
        let name = self.interner.intern_str(name);
        let counts = ParameterCounts { plain: 1, ..ParameterCounts::default() };
        self.enter_scope(scope, UnitKind::Comprehension, name, location.line, None, counts);
        self.build_container(view.kind, location);
        self.clauses(&view, 0, 0, OutermostIterator::Parameter)?;
        if view.kind == ComprehensionKind::Generator {
            self.wrap_in_stop_iteration_handler();
        } else {
            self.op(Op::ReturnValue, location);
        }
        let code = self.leave_scope(true)?;
        self.make_closure(code, Attributes::default(), location)?;
        self.iterator(outermost)?;
        self.op_arg(Op::Call, 0, location);
        if is_async && view.kind != ComprehensionKind::Generator {
            self.await_top(0, location);
        }
        Ok(())
    }

    fn inlined_comprehension(
        &mut self,
        view: &ComprehensionView<'a, 'a>,
        outermost: &'a Comprehension<'a>,
        scope: ScopeId,
    ) -> Result<()> {
        let location = location_of(view.span);
        self.iterator(outermost)?;
        let inlined = self.enter_inlined(scope, location)?;
        self.build_container(view.kind, location);
        self.op_arg(Op::Swap, 2, location);
        self.clauses(view, 0, 0, OutermostIterator::OnStack)?;
        self.leave_inlined(inlined, location);
        Ok(())
    }

    fn build_container(&mut self, kind: ComprehensionKind, location: Location) {
        match kind {
            ComprehensionKind::List => self.op_arg(Op::BuildList, 0, location),
            ComprehensionKind::Set => self.op_arg(Op::BuildSet, 0, location),
            ComprehensionKind::Dict => self.op_arg(Op::BuildMap, 0, location),
            ComprehensionKind::Generator => {}
        }
    }

    /// The iterator of a clause.
    fn iterator(&mut self, clause: &'a Comprehension<'a>) -> Result<()> {
        self.expression(&clause.iter)?;
        let opcode = if clause.is_async != 0 { Op::GetAiter } else { Op::GetIter };
        self.op(opcode, location_of(clause.iter.span));
        Ok(())
    }

    /// The clauses from `index` on; `depth` items lie on the stack above the container.
    fn clauses(
        &mut self,
        view: &ComprehensionView<'a, 'a>,
        index: usize,
        depth: u32,
        outermost: OutermostIterator,
    ) -> Result<()> {
        self.guard.check()?;
        let Some(clause) = view.generators.get(index) else { return Ok(()) };
        match clause.is_async != 0 {
            true => self.async_clause(view, clause, index, depth, outermost),
            false => self.sync_clause(view, clause, index, depth, outermost),
        }
    }

    fn sync_clause(
        &mut self,
        view: &ComprehensionView<'a, 'a>,
        clause: &'a Comprehension<'a>,
        index: usize,
        depth: u32,
        outermost: OutermostIterator,
    ) -> Result<()> {
        let location = location_of(view.span);
        let if_cleanup = self.new_label();
        let mut is_loop = true;
        if index > 0 {
            if let Some(only) = only_element(&clause.iter) {
                // `for y in [f(x)]` is an assignment.
                self.expression(only)?;
                is_loop = false;
            } else {
                self.iterator(clause)?;
            }
        } else if outermost == OutermostIterator::Parameter {
            self.op_arg(Op::LoadFast, 0, location);
        }
        let labels = is_loop.then(|| (self.new_label(), self.new_label()));
        if let Some((start, anchor)) = labels {
            self.place(start);
            self.jump(Op::ForIter, anchor, location_of(clause.iter.span));
        }
        self.expression(&clause.target)?;
        for condition in &clause.ifs {
            self.jump_if(condition, if_cleanup, false, location)?;
        }
        let element_location = self.next_clause(view, index, depth + u32::from(is_loop))?;
        self.place(if_cleanup);
        if let Some((start, anchor)) = labels {
            self.jump(Op::Jump, start, element_location);
            self.place(anchor);
            self.op(Op::EndFor, Location::NONE);
            self.op(Op::PopIter, Location::NONE);
        }
        Ok(())
    }

    fn async_clause(
        &mut self,
        view: &ComprehensionView<'a, 'a>,
        clause: &'a Comprehension<'a>,
        index: usize,
        depth: u32,
        outermost: OutermostIterator,
    ) -> Result<()> {
        let location = location_of(view.span);
        let start = self.new_label();
        let send = self.new_label();
        let except = self.new_label();
        let if_cleanup = self.new_label();
        if index > 0 {
            self.iterator(clause)?;
        } else if outermost == OutermostIterator::Parameter {
            self.op_arg(Op::LoadFast, 0, location);
        }
        self.place(start);
        self.push_frame_block(FrameBlockKind::AsyncComprehension, location)?;
        self.next_awaited(except, send, location);
        self.expression(&clause.target)?;
        for condition in &clause.ifs {
            self.jump_if(condition, if_cleanup, false, location)?;
        }
        let element_location = self.next_clause(view, index, depth + 1)?;
        self.place(if_cleanup);
        self.jump(Op::Jump, start, element_location);
        self.pop_frame_block();
        self.place(except);
        self.jump(Op::EndAsyncFor, send, location);
        Ok(())
    }

    /// The rest of the clauses and, after the last one, the element. Returns where the loop's end belongs.
    fn next_clause(&mut self, view: &ComprehensionView<'a, 'a>, index: usize, depth: u32) -> Result<Location> {
        let location = location_of(view.element.span);
        if index + 1 < view.generators.len() {
            self.clauses(view, index + 1, depth, OutermostIterator::OnStack)?;
            return Ok(location);
        }
        self.expression(view.element)?;
        match view.kind {
            ComprehensionKind::Generator => {
                self.yield_value(location);
                self.op(Op::PopTop, location);
            }
            ComprehensionKind::List => self.op_arg(Op::ListAppend, depth + 1, location),
            ComprehensionKind::Set => self.op_arg(Op::SetAdd, depth + 1, location),
            ComprehensionKind::Dict => {
                let Some(value) = view.value else { return Ok(location) };
                self.expression(value)?;
                let end = location_of(value.span);
                let location = Location { end_line: end.end_line, end_column: end.end_column, ..location };
                self.op_arg(Op::MapAdd, depth + 1, location);
                return Ok(location);
            }
        }
        Ok(location)
    }
}

/// The only element of a display.
fn only_element<'a>(iterable: &'a Expr<'a>) -> Option<&'a Expr<'a>> {
    let elements = match &iterable.kind {
        ExprKind::List(list) => &list.elts,
        ExprKind::Tuple(tuple) => &tuple.elts,
        _ => return None,
    };
    match &elements[..] {
        [only] if !matches!(only.kind, ExprKind::Starred(_)) => Some(only),
        _ => None,
    }
}
