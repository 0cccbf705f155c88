//! Tuple, list, set and dict displays.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::UnaryIntrinsic;
use bytecode::location::Location;
use syntax::ast::{Dict, Expr, ExprContext, ExprKind};
use syntax::interner::Symbol;
use syntax::token::Span;

use super::{CodeGenerator, Result, STACK_USE_GUIDELINE};
use crate::instruction_sequence::location_of;

/// How a sequence or set is built.
#[derive(Clone, Copy)]
pub(super) struct Builder {
    build: Op,
    add: Op,
    extend: Op,
    /// The list becomes a tuple in the end.
    to_tuple: bool,
}

const LIST: Builder = Builder { build: Op::BuildList, add: Op::ListAppend, extend: Op::ListExtend, to_tuple: false };
pub(super) const TUPLE: Builder = Builder { to_tuple: true, ..LIST };
const SET: Builder = Builder { build: Op::BuildSet, add: Op::SetAdd, extend: Op::SetUpdate, to_tuple: false };

pub(super) fn is_starred(expression: &Expr<'_>) -> bool {
    matches!(expression.kind, ExprKind::Starred(_))
}

impl<'a> CodeGenerator<'a, '_> {
    pub(super) fn list(&mut self, elements: &'a [Expr<'a>], context: ExprContext, span: Span) -> Result<()> {
        match context {
            ExprContext::Store => self.unpack(elements, span),
            ExprContext::Load => self.elements(elements, 0, None, LIST, location_of(span)),
            ExprContext::Del => self.expressions(elements),
        }
    }

    pub(super) fn tuple(&mut self, elements: &'a [Expr<'a>], context: ExprContext, span: Span) -> Result<()> {
        match context {
            ExprContext::Store => self.unpack(elements, span),
            ExprContext::Load => self.elements(elements, 0, None, TUPLE, location_of(span)),
            ExprContext::Del => self.expressions(elements),
        }
    }

    pub(super) fn set(&mut self, elements: &'a [Expr<'a>], location: Location) -> Result<()> {
        self.elements(elements, 0, None, SET, location)
    }

    /// Builds a container of `pushed` items on the stack, the elements, and the variable `injected`.
    pub(super) fn elements(
        &mut self,
        elements: &'a [Expr<'a>],
        pushed: usize,
        injected: Option<Symbol>,
        builder: Builder,
        location: Location,
    ) -> Result<()> {
        let count = elements.len() + usize::from(injected.is_some());
        let is_big = count + pushed > STACK_USE_GUIDELINE;
        if !is_big && !elements.iter().any(is_starred) {
            self.expressions(elements)?;
            if let Some(name) = injected {
                self.load_name(name, location);
            }
            let build = if builder.to_tuple { Op::BuildTuple } else { builder.build };
            self.op_count(build, count + pushed, location);
            return Ok(());
        }
        let mut is_built = is_big;
        if is_big {
            self.op_count(builder.build, pushed, location);
        }
        for (index, element) in elements.iter().enumerate() {
            if let ExprKind::Starred(starred) = &element.kind {
                if !is_built {
                    self.op_count(builder.build, index + pushed, location);
                    is_built = true;
                }
                self.expression(&starred.value)?;
                self.op_arg(builder.extend, 1, location);
            } else {
                self.expression(element)?;
                if is_built {
                    self.op_arg(builder.add, 1, location);
                }
            }
        }
        if let Some(name) = injected {
            self.load_name(name, location);
            self.op_arg(builder.add, 1, location);
        }
        if builder.to_tuple {
            self.intrinsic(UnaryIntrinsic::ListToTuple, location);
        }
        Ok(())
    }

    pub(super) fn dict(&mut self, node: &'a Dict<'a>, location: Location) -> Result<()> {
        let mut has_dict = false;
        let mut pending = 0;
        for (index, (key, value)) in node.keys.iter().zip(&node.values).enumerate() {
            if key.is_none() {
                if pending > 0 {
                    self.dict_part(node, index - pending, index, has_dict, location)?;
                    has_dict = true;
                    pending = 0;
                }
                if !has_dict {
                    self.op_arg(Op::BuildMap, 0, location);
                    has_dict = true;
                }
                self.expression(value)?;
                self.op_arg(Op::DictUpdate, 1, location);
            } else if pending * 2 > STACK_USE_GUIDELINE {
                self.dict_part(node, index - pending, index + 1, has_dict, location)?;
                has_dict = true;
                pending = 0;
            } else {
                pending += 1;
            }
        }
        let count = node.values.len().min(node.keys.len());
        if pending > 0 {
            self.dict_part(node, count - pending, count, has_dict, location)?;
        } else if !has_dict {
            self.op_arg(Op::BuildMap, 0, location);
        }
        Ok(())
    }

    /// Builds a dict of some of the items, and updates the dict on the stack with it if there is one.
    fn dict_part(
        &mut self,
        node: &'a Dict<'a>,
        start: usize,
        end: usize,
        has_dict: bool,
        location: Location,
    ) -> Result<()> {
        let is_big = (end - start) * 2 > STACK_USE_GUIDELINE;
        if is_big {
            self.op_arg(Op::BuildMap, 0, location);
        }
        for (key, value) in node.keys[start..end].iter().zip(&node.values[start..end]) {
            if let Some(key) = key {
                self.expression(key)?;
            }
            self.expression(value)?;
            if is_big {
                self.op_arg(Op::MapAdd, 1, location);
            }
        }
        if !is_big {
            self.op_count(Op::BuildMap, end - start, location);
        }
        if has_dict {
            self.op_arg(Op::DictUpdate, 1, location);
        }
        Ok(())
    }
}
