//! Subscripts and slices.

use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::BinaryOperator;
use syntax::ast::{Expr, ExprContext, ExprKind, Slice, Subscript};
use syntax::token::Span;

use super::{CodeGenerator, Result};
use crate::instruction_sequence::location_of;

/// The constant that a part of a slice is.
fn constant_part<'a>(part: Option<&Expr<'a>>) -> Option<Constant<'a>> {
    match part.map(|part| &part.kind) {
        None => Some(Constant::None),
        Some(ExprKind::Constant(constant)) => Some(constant.value),
        Some(_) => None,
    }
}

fn constant_slice<'a>(slice: &Slice<'a>) -> Option<[Constant<'a>; 3]> {
    let lower = constant_part(slice.lower.as_ref())?;
    let upper = constant_part(slice.upper.as_ref())?;
    let step = constant_part(slice.step.as_ref())?;
    Some([lower, upper, step])
}

/// The slice if it has two parts that are computed: then no slice object is made of them.
pub(super) fn is_two_part_slice<'a>(index: &'a Expr<'a>) -> Option<&'a Slice<'a>> {
    match &index.kind {
        ExprKind::Slice(slice) if slice.step.is_none() && constant_slice(slice).is_none() => Some(&**slice),
        _ => None,
    }
}

impl<'a> CodeGenerator<'a, '_> {
    pub(super) fn subscript(&mut self, node: &'a Subscript<'a>, span: Span) -> Result<()> {
        let location = location_of(span);
        if node.ctx == ExprContext::Load {
            self.check_subscripted(&node.value);
            self.check_index(&node.value, &node.slice);
        }
        self.expression(&node.value)?;
        if let Some(slice) = is_two_part_slice(&node.slice)
            && node.ctx != ExprContext::Del
        {
            self.slice_parts(slice, node.slice.span)?;
            let opcode = if node.ctx == ExprContext::Load { Op::BinarySlice } else { Op::StoreSlice };
            self.op(opcode, location);
            return Ok(());
        }
        self.expression(&node.slice)?;
        match node.ctx {
            ExprContext::Load => self.binary(BinaryOperator::Subscript, location),
            ExprContext::Store => self.op(Op::StoreSubscr, location),
            ExprContext::Del => self.op(Op::DeleteSubscr, location),
        }
        Ok(())
    }

    /// The first two parts of a slice.
    pub(super) fn slice_parts(&mut self, slice: &'a Slice<'a>, span: Span) -> Result<()> {
        for part in [&slice.lower, &slice.upper] {
            match part {
                Some(part) => self.expression(part)?,
                None => self.none(location_of(span)),
            }
        }
        Ok(())
    }

    pub(super) fn slice(&mut self, slice: &'a Slice<'a>, span: Span) -> Result<()> {
        let location = location_of(span);
        if let Some(parts) = constant_slice(slice) {
            let constant = Constant::Slice(self.arena().put(parts));
            self.constant(constant, location);
            return Ok(());
        }
        self.slice_parts(slice, span)?;
        let mut count = 2;
        if let Some(step) = &slice.step {
            self.expression(step)?;
            count = 3;
        }
        self.op_arg(Op::BuildSlice, count, location);
        Ok(())
    }
}
