//! Comparisons and chains of them.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::location::Location;
use syntax::ast::Compare;
use syntax::token::Span;

use super::{CodeGenerator, Result};
use crate::instruction_sequence::location_of;

impl<'a> CodeGenerator<'a, '_> {
    pub(super) fn comparison(&mut self, node: &'a Compare<'a>, span: Span) -> Result<()> {
        let location = location_of(span);
        self.check_comparison(node, span);
        self.expression(&node.left)?;
        let parts = node.ops.split_last().zip(node.comparators.split_last());
        let Some(((last_comparison, comparisons), (last, comparators))) = parts else { return Ok(()) };
        if comparisons.is_empty() {
            self.expression(last)?;
            self.compare(*last_comparison, location);
            return Ok(());
        }
        let cleanup = self.new_label();
        for (comparison, comparator) in comparisons.iter().zip(comparators) {
            self.expression(comparator)?;
            self.op_arg(Op::Swap, 2, location);
            self.op_arg(Op::Copy, 2, location);
            self.compare(*comparison, location);
            self.op_arg(Op::Copy, 1, location);
            self.op_joined(Op::ToBool, location);
            self.jump(Op::PopJumpIfFalse, cleanup, location);
            self.op(Op::PopTop, location);
        }
        self.expression(last)?;
        self.compare(*last_comparison, location);
        let end = self.new_label();
        self.jump(Op::JumpNoInterrupt, end, Location::NONE);
        self.place(cleanup);
        self.op_arg(Op::Swap, 2, location);
        self.op(Op::PopTop, location);
        self.place(end);
        Ok(())
    }
}
