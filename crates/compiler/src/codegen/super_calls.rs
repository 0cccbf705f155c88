//! `super().name` without making the super object, and the locations of attributes.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::location::Location;
use syntax::ast::{Attribute, Call, ExprKind};
use syntax::interner::Interner;
use syntax::token::Span;

use super::displays::is_starred;
use super::{CodeGenerator, Result};
use crate::instruction_sequence::location_of;
use crate::symbol_table::scope::{Binding, ScopeId};

/// The location of an attribute's instruction. If the expression has more than one line, it is that of the name.
#[inline(always)]
pub(super) fn attribute_location(
    location: Location,
    node: &Attribute<'_>,
    interner: &Interner<'_>,
    span: Span,
) -> Location {
    let end = location_of(span);
    if location.line == end.end_line { location } else { last_line_location(location, node, interner, end) }
}

/// As [`attribute_location`], for an expression of more than one line that has the location `end`.
#[inline(never)]
fn last_line_location(
    mut location: Location,
    node: &Attribute<'_>,
    interner: &Interner<'_>,
    end: Location,
) -> Location {
    location.line = end.end_line;
    let length = interner.text(node.attr).code_points().count() as i32;
    if length <= end.end_column {
        location.column = end.end_column - length;
    } else {
        // A tree that no parser makes.
        location.column = -1;
        location.end_column = -1;
    }
    location.end_line = location.end_line.max(location.line);
    if location.line == location.end_line {
        location.end_column = location.end_column.max(location.column);
    }
    location
}

impl<'a> CodeGenerator<'a, '_> {
    /// The call that an attribute is taken of, if it is a `super()` or `super(type, object)` that needs no super object.
    fn optimizable_super_call(&self, node: &'a Attribute<'a>) -> Option<&'a Call<'a>> {
        let ExprKind::Call(call) = &node.value.kind else { return None };
        let ExprKind::Name(function) = &call.func.kind else { return None };
        if function.id != self.names.super_ || node.attr == self.names.class || !call.keywords.is_empty() {
            return None;
        }
        // The name must be the built-in, as far as can be seen.
        let name = self.names.super_;
        if self.scope().binding(name) != Some(Binding::GlobalImplicit)
            || self.table.scope(ScopeId::TOP).binding(name).is_some()
        {
            return None;
        }
        let metadata = &self.unit.metadata;
        let is_possible = match call.args.len() {
            2 => !call.args.iter().any(is_starred),
            0 => {
                let has_self = metadata.argument_count > 0 || metadata.positional_only_argument_count > 0;
                has_self && self.binding_in_unit(self.names.class) == Some(Binding::Free)
            }
            _ => false,
        };
        is_possible.then_some(&**call)
    }

    /// Loads `super`, the class and the object.
    fn load_super_arguments(&mut self, call: &'a Call<'a>, span: Span) -> Result<()> {
        let name = self.names.super_;
        self.load_name(name, location_of(call.func.span));
        if !call.args.is_empty() {
            return self.expressions(&call.args);
        }
        let location = location_of(span);
        let class = self.names.class;
        self.load_name(class, location);
        let first = self.unit.metadata.variable_names.symbols().next();
        if let Some(first) = first {
            self.load_name(first, location);
        }
        Ok(())
    }

    /// Loads an attribute of `super()`; false, and nothing done, if it isn't that.
    pub(super) fn super_attribute(&mut self, node: &'a Attribute<'a>, span: Span) -> Result<bool> {
        let Some(call) = self.optimizable_super_call(node) else { return Ok(false) };
        self.load_super_arguments(call, node.value.span)?;
        let has_arguments = u32::from(!call.args.is_empty());
        let location = location_of(span);
        self.name_op_with_bits(Op::LoadSuperAttr, node.attr, 2, has_arguments << 1, location);
        self.op(Op::Nop, attribute_location(location, node, self.interner, span));
        Ok(true)
    }

    /// The same, for a call of the method.
    pub(super) fn super_method(&mut self, node: &'a Attribute<'a>, span: Span) -> Result<Option<Location>> {
        let Some(call) = self.optimizable_super_call(node) else { return Ok(None) };
        self.load_super_arguments(call, node.value.span)?;
        let has_arguments = u32::from(!call.args.is_empty());
        let location = location_of(span);
        self.name_op_with_bits(Op::LoadSuperAttr, node.attr, 2, has_arguments << 1 | 1, location);
        let location = attribute_location(location, node, self.interner, span);
        self.op(Op::Nop, location);
        Ok(Some(location))
    }
}
