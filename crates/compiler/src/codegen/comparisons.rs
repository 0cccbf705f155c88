//! Comparisons and chains of them.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::location::Location;
use syntax::ast::Compare;
use syntax::token::Span;

use super::{CodeGenerator, Result};
use crate::instruction_sequence::location_of;

impl<'a> CodeGenerator<'a, '_> {
    pub(super) fn comparison(&mut self, node: &'a Compare, span: Span) -> Result<()> {
        let location = location_of(span);
        self.check_comparison(node, span);
        self.expression(&node.left)?;
        let pairs: Vec<_> = node.ops.iter().copied().zip(&node.comparators).collect();
        let Some((last, others)) = pairs.split_last() else { return Ok(()) };
        if others.is_empty() {
            self.expression(last.1)?;
            self.compare(last.0, location);
            return Ok(());
        }
        let cleanup = self.new_label();
        for (comparison, comparator) in others {
            self.expression(comparator)?;
            self.op_arg(Op::Swap, 2, location);
            self.op_arg(Op::Copy, 2, location);
            self.compare(*comparison, location);
            self.op_arg(Op::Copy, 1, location);
            self.op_joined(Op::ToBool, location);
            self.jump(Op::PopJumpIfFalse, cleanup, location);
            self.op(Op::PopTop, location);
        }
        self.expression(last.1)?;
        self.compare(last.0, location);
        let end = self.new_label();
        self.jump(Op::JumpNoInterrupt, end, Location::NONE);
        self.place(cleanup);
        self.op_arg(Op::Swap, 2, location);
        self.op(Op::PopTop, location);
        self.place(end);
        Ok(())
    }
}
