//! Augmented and annotated assignments, and unpacking.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::BinaryOperator;
use bytecode::location::Location;
use syntax::ast::{AnnAssign, AugAssign, Expr, ExprKind};
use syntax::token::Span;

use super::emit::binary_operator;
use super::subscripts::is_two_part_slice;
use super::super_calls::attribute_location;
use super::{CodeGenerator, DeferredAnnotation, Result, UnitKind};
use crate::instruction_sequence::location_of;

impl<'a> CodeGenerator<'a, '_> {
    pub(super) fn augmented_assign(&mut self, node: &'a AugAssign<'a>, location: Location) -> Result<()> {
        let target = &node.target;
        self.load_target(target)?;
        self.expression(&node.value)?;
        self.binary(binary_operator(node.op, true), location);
        self.store_target(target);
        Ok(())
    }

    /// Loads the value of a target, leaving below it what its storing will need.
    fn load_target(&mut self, target: &'a Expr<'a>) -> Result<()> {
        let location = location_of(target.span);
        match &target.kind {
            ExprKind::Attribute(node) => {
                self.expression(&node.value)?;
                self.op_arg(Op::Copy, 1, location);
                self.load_attribute(node.attr, attribute_location(location, node, self.interner, target.span));
            }
            ExprKind::Subscript(node) => {
                self.expression(&node.value)?;
                if let Some(slice) = is_two_part_slice(&node.slice) {
                    self.slice_parts(slice, node.slice.span)?;
                    for _ in 0..3 {
                        self.op_arg(Op::Copy, 3, location);
                    }
                    self.op(Op::BinarySlice, location);
                } else {
                    self.expression(&node.slice)?;
                    self.op_arg(Op::Copy, 2, location);
                    self.op_arg(Op::Copy, 2, location);
                    self.binary(BinaryOperator::Subscript, location);
                }
            }
            ExprKind::Name(node) => self.load_name(node.id, location),
            _ => return self.error("invalid node type for augmented assignment", target.span),
        }
        Ok(())
    }

    fn store_target(&mut self, target: &'a Expr<'a>) {
        let location = location_of(target.span);
        match &target.kind {
            ExprKind::Attribute(node) => {
                let location = attribute_location(location, node, self.interner, target.span);
                self.op_arg(Op::Swap, 2, location);
                self.name_op(Op::StoreAttr, node.attr, location);
            }
            ExprKind::Subscript(node) if is_two_part_slice(&node.slice).is_some() => {
                for depth in [4, 3, 2] {
                    self.op_arg(Op::Swap, depth, location);
                }
                self.op(Op::StoreSlice, location);
            }
            ExprKind::Subscript(_) => {
                self.op_arg(Op::Swap, 3, location);
                self.op_arg(Op::Swap, 2, location);
                self.op(Op::StoreSubscr, location);
            }
            ExprKind::Name(node) => self.store_name(node.id, location),
            _ => {}
        }
    }

    pub(super) fn annotated_assign(&mut self, node: &'a AnnAssign<'a>, span: Span) -> Result<()> {
        if let Some(value) = &node.value {
            self.expression(value)?;
            self.expression(&node.target)?;
        }
        match &node.target.kind {
            ExprKind::Name(_) => {
                if node.simple != 0 && matches!(self.unit.kind, UnitKind::Module | UnitKind::Class) {
                    self.annotate_variable(node, span)?;
                }
                Ok(())
            }
            // Without a value nothing would evaluate the parts of the target.
            _ if node.value.is_some() => Ok(()),
            ExprKind::Attribute(attribute) => self.evaluate(&attribute.value),
            ExprKind::Subscript(subscript) => {
                self.evaluate(&subscript.value)?;
                self.evaluate_index(&subscript.slice)
            }
            _ => self.error("invalid node type for annotated assignment", node.target.span),
        }
    }

    fn annotate_variable(&mut self, node: &'a AnnAssign<'a>, span: Span) -> Result<()> {
        let ExprKind::Name(name) = &node.target.kind else { return Ok(()) };
        let location = location_of(span);
        if self.has_string_annotations() {
            self.annotation_text(&node.annotation)?;
            let annotations = self.names.annotations;
            self.name_op(Op::LoadName, annotations, location);
            let mangled = self.mangled(name.id);
            self.name_string(mangled, location);
            self.op(Op::StoreSubscr, location);
            return Ok(());
        }
        let is_conditional = self.unit.kind == UnitKind::Module || self.unit.conditional_blocks > 0;
        let condition = is_conditional.then_some(self.unit.next_condition);
        self.unit.next_condition += u32::from(is_conditional);
        self.unit.deferred_annotations.push(DeferredAnnotation { statement: node, span, condition });
        let Some(condition) = condition else { return Ok(()) };
        let set = self.names.conditional_annotations;
        if self.unit.kind == UnitKind::Class {
            let number = self.unit.metadata.cell_variables.add(set, self.interner);
            self.op_arg(Op::LoadDeref, number, location);
        } else {
            self.name_op(Op::LoadName, set, location);
        }
        self.integer(condition as usize, location);
        self.op_arg(Op::SetAdd, 1, location);
        self.op(Op::PopTop, location);
        Ok(())
    }

    fn evaluate(&mut self, expression: &'a Expr<'a>) -> Result<()> {
        self.expression(expression)?;
        self.op(Op::PopTop, location_of(expression.span));
        Ok(())
    }

    fn evaluate_index(&mut self, index: &'a Expr<'a>) -> Result<()> {
        self.guard.check()?;
        match &index.kind {
            ExprKind::Slice(slice) => {
                let parts = [&slice.lower, &slice.upper, &slice.step];
                parts.into_iter().flatten().try_for_each(|part| self.evaluate(part))
            }
            ExprKind::Tuple(tuple) => tuple.elts.iter().try_for_each(|element| self.evaluate_index(element)),
            _ => self.evaluate(index),
        }
    }

    /// Stores what is on the stack into a tuple or list of targets.
    pub(super) fn unpack(&mut self, targets: &'a [Expr<'a>], span: Span) -> Result<()> {
        let location = location_of(span);
        let count = targets.len();
        let mut seen_star = false;
        for (index, target) in targets.iter().enumerate() {
            if !matches!(target.kind, ExprKind::Starred(_)) {
                continue;
            }
            if seen_star {
                return self.error("multiple starred expressions in assignment", span);
            }
            let after = count - index - 1;
            if index >= 1 << 8 || after >= i32::MAX as usize >> 8 {
                return self.error("too many expressions in star-unpacking assignment", span);
            }
            self.op_count(Op::UnpackEx, index + (after << 8), location);
            seen_star = true;
        }
        if !seen_star {
            self.op_count(Op::UnpackSequence, count, location);
        }
        for target in targets {
            match &target.kind {
                ExprKind::Starred(starred) => self.expression(&starred.value)?,
                _ => self.expression(target)?,
            }
        }
        Ok(())
    }
}
