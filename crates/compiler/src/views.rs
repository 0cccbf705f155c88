//! Common ways to look at parts of the tree, for all passes.

use bytecode::arena::ArenaList;
use bytecode::constant::Constant;
use syntax::ast::{BinOp, Comprehension, DictComp, ElementComprehension, Expr, ExprKind, If, Stmt, StmtKind};
use syntax::token::Span;
use text::wtf8::Wtf8;

use crate::symbol_table::scope::ComprehensionKind;

/// A comprehension of any kind.
#[derive(Clone, Copy)]
pub struct ComprehensionView<'a, 't> {
    pub kind: ComprehensionKind,
    pub generators: &'a ArenaList<'t, Comprehension<'t>>,
    /// The element, or the key of a dict comprehension.
    pub element: &'a Expr<'t>,
    pub value: Option<&'a Expr<'t>>,
    pub span: Span,
}

impl<'a, 't> ComprehensionView<'a, 't> {
    pub fn of_elements(kind: ComprehensionKind, node: &'a ElementComprehension<'t>, span: Span) -> Self {
        Self { kind, generators: &node.generators, element: &node.elt, value: None, span }
    }

    pub fn of_dict(node: &'a DictComp<'t>, span: Span) -> Self {
        let value = Some(&node.value);
        Self { kind: ComprehensionKind::Dict, generators: &node.generators, element: &node.key, value, span }
    }
}

/// The binary operations down the left operands, outermost first, with their places: chains are as long as a program
/// likes, so passes walk them in a loop.
pub fn left_spine<'b, 'a>(expression: &'b Expr<'a>) -> Vec<(&'b BinOp<'a>, Span)> {
    let mut spine = Vec::new();
    let mut link = expression;
    while let ExprKind::BinOp(node) = &link.kind {
        spine.push((&**node, link.span));
        link = &node.left;
    }
    spine
}

/// The `if` that a list of statements consists of: in an `else` it is an `elif`.
pub fn elif<'b, 'a>(statements: &'b [Stmt<'a>]) -> Option<(&'b If<'a>, Span)> {
    match statements {
        [Stmt { kind: StmtKind::If(node), span }] => Some((node, *span)),
        _ => None,
    }
}

/// The docstring of a body: the string that its first statement consists of.
pub fn docstring<'a>(body: &[Stmt<'a>]) -> Option<(Wtf8<'a>, Span)> {
    let Some(StmtKind::Expr(statement)) = body.first().map(|first| &first.kind) else { return None };
    let ExprKind::Constant(constant) = &statement.value.kind else { return None };
    match &constant.value {
        Constant::String(text) => Some((*text, statement.value.span)),
        _ => None,
    }
}
