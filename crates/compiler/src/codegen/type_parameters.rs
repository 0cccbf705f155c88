//! Type parameters and `type` statements (PEP 695, 696).

use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::{BinaryIntrinsic, UnaryIntrinsic};
use bytecode::location::Location;
use syntax::ast::{Expr, ExprKind, TypeAlias, TypeParam, TypeParamKind};
use syntax::interner::Symbol;
use syntax::token::Span;

use super::scopes::{Attributes, ParameterCounts};
use super::{CodeGenerator, Result, UnitKind};
use crate::instruction_sequence::location_of;
use crate::symbol_table::ScopeKey;

impl<'a> CodeGenerator<'a, '_> {
    /// Makes the type parameters, binds them and leaves the tuple of them on the stack.
    pub(super) fn type_parameters(&mut self, parameters: &'a [TypeParam<'a>]) -> Result<()> {
        let mut seen_default = false;
        for parameter in parameters {
            self.type_parameter(parameter, &mut seen_default)?;
        }
        if let Some(first) = parameters.first() {
            self.op_count(Op::BuildTuple, parameters.len(), location_of(first.span));
        }
        Ok(())
    }

    fn type_parameter(&mut self, parameter: &'a TypeParam<'a>, seen_default: &mut bool) -> Result<()> {
        let location = location_of(parameter.span);
        let (name, default, intrinsic) = match &parameter.kind {
            TypeParamKind::TypeVar(node) => (node.name, &node.default_value, UnaryIntrinsic::TypeVar),
            TypeParamKind::TypeVarTuple(node) => (node.name, &node.default_value, UnaryIntrinsic::TypeVarTuple),
            TypeParamKind::ParamSpec(node) => (node.name, &node.default_value, UnaryIntrinsic::ParamSpec),
        };
        self.name_string(name, location);
        match &parameter.kind {
            TypeParamKind::TypeVar(node) if node.bound.is_some() => {
                if let Some(bound) = &node.bound {
                    self.bound(bound, name, parameter, location)?;
                }
            }
            _ => self.intrinsic(intrinsic, location),
        }
        if let Some(default) = default {
            *seen_default = true;
            let key = ScopeKey::type_variable_default(parameter);
            let starred_allowed = matches!(parameter.kind, TypeParamKind::TypeVarTuple(_));
            self.lazy_value(default, name, key, starred_allowed)?;
            self.binary_intrinsic(BinaryIntrinsic::SetTypeParameterDefault, location);
        } else if *seen_default {
            let message = format!("non-default type parameter '{}' follows default type parameter", self.text(name));
            return self.error(message, parameter.span);
        }
        self.op_arg(Op::Copy, 1, location);
        self.store_name(name, location);
        Ok(())
    }

    fn bound(
        &mut self,
        bound: &'a Expr<'a>,
        name: Symbol,
        parameter: &TypeParam<'a>,
        location: Location,
    ) -> Result<()> {
        self.lazy_value(bound, name, ScopeKey::type_variable_bound(parameter), false)?;
        let intrinsic = match bound.kind {
            ExprKind::Tuple(_) => BinaryIntrinsic::TypeVarWithConstraints,
            _ => BinaryIntrinsic::TypeVarWithBound,
        };
        self.binary_intrinsic(intrinsic, location);
        Ok(())
    }

    /// Makes the function that evaluates a bound or default when it is asked for.
    fn lazy_value(
        &mut self,
        expression: &'a Expr<'a>,
        name: Symbol,
        key: ScopeKey,
        starred_allowed: bool,
    ) -> Result<()> {
        let location = location_of(expression.span);
        self.default_format(location);
        let scope = self.find_scope(key, expression.span)?;
        self.enter_annotations(scope, name, location);
        match starred_allowed {
            true => self.maybe_starred(expression, location)?,
            false => self.expression(expression)?,
        }
        self.op(Op::ReturnValue, location);
        let code = self.leave_scope(true)?;
        self.make_closure(code, Attributes { defaults: true, ..Attributes::default() }, location)
    }

    /// The default of the parameter of such a function: `annotationlib.Format.VALUE`.
    fn default_format(&mut self, location: Location) {
        let defaults = self.arena().put([Constant::Integer(self.arena().small_integer(1))]);
        self.constant(Constant::Tuple(defaults), location);
    }

    pub(super) fn type_alias(&mut self, node: &'a TypeAlias<'a>, span: Span) -> Result<()> {
        let ExprKind::Name(name) = &node.name.kind else {
            return self.error("TypeAlias with non-Name name", node.name.span);
        };
        let location = location_of(span);
        if node.type_params.is_empty() {
            self.name_string(name.id, location);
            self.none(location);
            self.type_alias_value(node, name.id, span)?;
        } else {
            let scope = self.find_scope(ScopeKey::type_parameters(&node.type_params), span)?;
            let unit_name = self.type_parameters_name(name.id);
            let counts = ParameterCounts::default();
            self.enter_scope(scope, UnitKind::Annotations, unit_name, location.line, None, counts);
            self.name_string(name.id, location);
            self.type_parameters(&node.type_params)?;
            self.type_alias_value(node, name.id, span)?;
            let code = self.leave_scope(false)?;
            self.make_closure(code, Attributes::default(), location)?;
            self.op_joined(Op::PushNull, location);
            self.op_arg(Op::Call, 0, location);
        }
        self.store_name(name.id, location);
        Ok(())
    }

    fn type_alias_value(&mut self, node: &'a TypeAlias<'a>, name: Symbol, span: Span) -> Result<()> {
        let location = location_of(span);
        self.default_format(location);
        let scope = self.find_scope(ScopeKey::type_alias(node), span)?;
        self.enter_annotations(scope, name, location);
        self.expression(&node.value)?;
        self.op(Op::ReturnValue, location);
        let code = self.leave_scope(false)?;
        self.make_closure(code, Attributes { defaults: true, ..Attributes::default() }, location)?;
        self.op_arg(Op::BuildTuple, 3, location);
        self.intrinsic(UnaryIntrinsic::TypeAlias, location);
        Ok(())
    }
}
