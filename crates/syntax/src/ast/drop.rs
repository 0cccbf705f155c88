//! Drops long chains without recursion.
//!
//! The parser bounds nesting, so nearly all trees may be dropped by the recursion that Rust generates. But it reads chains
//! such as `a + b + c`, `a.b.c`, `f()()()` and `a[0][0]` in a loop, so these nest in their first child without a limit.
//! The four nodes that they are made of therefore take a long chain apart link by link.

use super::{Attribute, BinOp, Call, Expr, ExprKind, Subscript, Yield};
use crate::token::Span;

/// A chain of up to this many links is left to plain recursion; finding that out is all that most drops cost.
const SHORT_CHAIN: usize = 32;

impl ExprKind {
    fn first_child(&self) -> Option<&Expr> {
        match self {
            ExprKind::BinOp(node) => Some(&node.left),
            ExprKind::Attribute(node) => Some(&node.value),
            ExprKind::Call(node) => Some(&node.func),
            ExprKind::Subscript(node) => Some(&node.value),
            _ => None,
        }
    }

    fn first_child_mut(&mut self) -> Option<&mut Expr> {
        match self {
            ExprKind::BinOp(node) => Some(&mut node.left),
            ExprKind::Attribute(node) => Some(&mut node.value),
            ExprKind::Call(node) => Some(&mut node.func),
            ExprKind::Subscript(node) => Some(&mut node.value),
            _ => None,
        }
    }
}

fn take(place: &mut Expr) -> Expr {
    std::mem::replace(place, Yield { value: None }.at(Span::default()))
}

#[inline]
fn drop_chain(child: &mut Expr) {
    if child.kind.first_child().is_some() && is_long_chain(child) {
        drop_long_chain(child);
    }
}

fn is_long_chain(first: &Expr) -> bool {
    let mut link = first;
    for _ in 0..SHORT_CHAIN {
        let Some(next) = link.kind.first_child() else { return false };
        link = next;
    }
    true
}

#[cold]
fn drop_long_chain(child: &mut Expr) {
    let mut link = take(child);
    while let Some(next) = link.kind.first_child_mut() {
        link = take(next);
    }
}

impl Drop for BinOp {
    fn drop(&mut self) {
        drop_chain(&mut self.left);
    }
}

impl Drop for Attribute {
    fn drop(&mut self) {
        drop_chain(&mut self.value);
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        drop_chain(&mut self.func);
    }
}

impl Drop for Subscript {
    fn drop(&mut self) {
        drop_chain(&mut self.value);
    }
}
