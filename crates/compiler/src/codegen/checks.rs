//! SyntaxWarnings for expressions that can hardly be meant: calls and subscripts of literals, `is` with a literal.

use bytecode::constant::Constant;
use syntax::ast::{Compare, ComparisonOperator, Expr, ExprKind};
use syntax::token::Span;

use super::CodeGenerator;

/// The name of the type that the value of the expression has for certain.
fn type_name(expression: &Expr<'_>) -> Option<&'static str> {
    Some(match &expression.kind {
        ExprKind::Tuple(_) => "tuple",
        ExprKind::List(_) | ExprKind::ListComp(_) => "list",
        ExprKind::Dict(_) | ExprKind::DictComp(_) => "dict",
        ExprKind::Set(_) | ExprKind::SetComp(_) => "set",
        ExprKind::GeneratorExp(_) => "generator",
        ExprKind::Lambda(_) => "function",
        ExprKind::TemplateStr(_) | ExprKind::Interpolation(_) => "string.templatelib.Template",
        ExprKind::JoinedStr(_) | ExprKind::FormattedValue(_) => "str",
        ExprKind::Constant(constant) => constant_type_name(&constant.value),
        _ => return None,
    })
}

fn constant_type_name(constant: &Constant<'_>) -> &'static str {
    match constant {
        Constant::None => "NoneType",
        Constant::Ellipsis => "ellipsis",
        Constant::Bool(_) => "bool",
        Constant::Integer(_) => "int",
        Constant::Float(_) => "float",
        Constant::Complex { .. } => "complex",
        Constant::String(_) => "str",
        Constant::Bytes(_) => "bytes",
        Constant::Tuple(_) => "tuple",
        Constant::FrozenSet(_) => "frozenset",
        Constant::Slice(_) => "slice",
        Constant::Code(_) => "code",
    }
}

/// Whether identity says something about the value: not so for literals, but for None and its like.
fn has_identity(expression: &Expr<'_>) -> bool {
    match &expression.kind {
        ExprKind::Tuple(tuple) => !tuple.elts.iter().all(|element| matches!(element.kind, ExprKind::Constant(_))),
        ExprKind::Constant(constant) => {
            matches!(constant.value, Constant::None | Constant::Bool(_) | Constant::Ellipsis)
        }
        _ => true,
    }
}

impl CodeGenerator<'_, '_> {
    /// Warns of `is` with a literal.
    pub(super) fn check_comparison(&mut self, node: &Compare<'_>, span: Span) {
        let mut left = &node.left;
        for (operator, right) in node.ops.iter().zip(&node.comparators) {
            let literal = if has_identity(left) { right } else { left };
            let (written, meant) = match operator {
                ComparisonOperator::Is => ("is", "=="),
                ComparisonOperator::IsNot => ("is not", "!="),
                _ => {
                    left = right;
                    continue;
                }
            };
            if !has_identity(literal)
                && let Some(type_name) = type_name(literal)
            {
                return self.warn(format!("\"{written}\" with '{type_name}' literal. Did you mean \"{meant}\"?"), span);
            }
            left = right;
        }
    }

    /// Warns of the call of a literal.
    pub(super) fn check_caller(&mut self, function: &Expr<'_>) {
        if matches!(function.kind, ExprKind::Lambda(_)) {
            return;
        }
        if let Some(type_name) = type_name(function) {
            let message = format!("'{type_name}' object is not callable; perhaps you missed a comma?");
            self.warn(message, function.span);
        }
    }

    /// Warns of the subscript of a literal that has none.
    pub(super) fn check_subscripted(&mut self, value: &Expr<'_>) {
        let is_wrong = match &value.kind {
            ExprKind::Constant(constant) => matches!(
                constant.value,
                Constant::None
                    | Constant::Ellipsis
                    | Constant::Bool(_)
                    | Constant::Integer(_)
                    | Constant::Float(_)
                    | Constant::Complex { .. }
                    | Constant::FrozenSet(_)
            ),
            ExprKind::Set(_)
            | ExprKind::SetComp(_)
            | ExprKind::GeneratorExp(_)
            | ExprKind::TemplateStr(_)
            | ExprKind::Interpolation(_)
            | ExprKind::Lambda(_) => true,
            _ => false,
        };
        if is_wrong && let Some(type_name) = type_name(value) {
            let message = format!("'{type_name}' object is not subscriptable; perhaps you missed a comma?");
            self.warn(message, value.span);
        }
    }

    /// Warns of an index that a literal sequence cannot have.
    pub(super) fn check_index(&mut self, value: &Expr<'_>, index: &Expr<'_>) {
        let Some(index_type) = type_name(index) else { return };
        if matches!(index_type, "int" | "bool" | "slice") {
            return;
        }
        let is_sequence = match &value.kind {
            ExprKind::Constant(constant) => {
                matches!(constant.value, Constant::String(_) | Constant::Bytes(_) | Constant::Tuple(_))
            }
            ExprKind::Tuple(_)
            | ExprKind::List(_)
            | ExprKind::ListComp(_)
            | ExprKind::JoinedStr(_)
            | ExprKind::FormattedValue(_) => true,
            _ => false,
        };
        if is_sequence && let Some(type_name) = type_name(value) {
            let message = format!(
                "{type_name} indices must be integers or slices, not {index_type}; perhaps you missed a comma?"
            );
            self.warn(message, value.span);
        }
    }
}
