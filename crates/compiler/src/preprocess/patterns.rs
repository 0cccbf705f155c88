//! The preprocessing of patterns: `-1` and `1+2j` become constants.

use bytecode::arena::Arena;
use bytecode::constant::Constant as Value;
use numeric::convert::float::to_f64;
use numeric::signed;
use syntax::ast::{Expr, ExprKind, Operator, Pattern, PatternKind, UnaryOperator};

use super::{Done, Preprocessor};

impl<'t> Preprocessor<'_, 't> {
    pub(super) fn pattern(&mut self, pattern: &mut Pattern<'t>) -> Done {
        self.guard.check()?;
        match &mut pattern.kind {
            PatternKind::MatchValue(node) => self.pattern_value(&mut node.value),
            PatternKind::MatchSingleton(_) | PatternKind::MatchStar(_) => Ok(()),
            PatternKind::MatchSequence(node) => self.patterns(&mut node.patterns),
            PatternKind::MatchMapping(node) => {
                node.keys.iter_mut().try_for_each(|key| self.pattern_value(key))?;
                self.patterns(&mut node.patterns)
            }
            PatternKind::MatchClass(node) => {
                self.expression(&mut node.cls)?;
                self.patterns(&mut node.patterns)?;
                self.patterns(&mut node.kwd_patterns)
            }
            PatternKind::MatchAs(node) => node.pattern.iter_mut().try_for_each(|inner| self.pattern(inner)),
            PatternKind::MatchOr(node) => self.patterns(&mut node.patterns),
        }
    }

    fn patterns(&mut self, patterns: &mut [Pattern<'t>]) -> Done {
        patterns.iter_mut().try_for_each(|pattern| self.pattern(pattern))
    }

    fn pattern_value(&mut self, expression: &mut Expr<'t>) -> Done {
        self.guard.check()?;
        if self.options.syntax_check_only {
            return Ok(());
        }
        let folded = match &mut expression.kind {
            ExprKind::UnaryOp(node) if node.op == UnaryOperator::USub => {
                constant(&node.operand).and_then(|value| negative(value, self.arena))
            }
            ExprKind::BinOp(node) if matches!(node.op, Operator::Add | Operator::Sub) => {
                if constant(&node.right).is_some() {
                    self.pattern_value(&mut node.left)?;
                }
                match (constant(&node.left), constant(&node.right)) {
                    (Some(left), Some(right)) => sum(left, right, node.op == Operator::Sub),
                    _ => None,
                }
            }
            _ => None,
        };
        if let Some(value) = folded {
            self.make_constant(expression, value);
        }
        Ok(())
    }
}

fn constant<'a, 't>(expression: &'a Expr<'t>) -> Option<&'a Value<'t>> {
    match &expression.kind {
        ExprKind::Constant(constant) => Some(&constant.value),
        _ => None,
    }
}

fn negative<'t>(value: &Value<'t>, arena: &'t Arena) -> Option<Value<'t>> {
    match value {
        Value::Integer(integer) => Some(Value::Integer(arena.integer(signed::neg(*integer).view()))),
        Value::Float(float) => Some(Value::Float(-float)),
        Value::Complex { real, imaginary } => Some(Value::Complex { real: -real, imaginary: -imaginary }),
        _ => None,
    }
}

/// A number plus or minus an imaginary one: the only sums that patterns may hold.
fn sum<'t>(left: &Value<'t>, right: &Value<'t>, subtract: bool) -> Option<Value<'t>> {
    let Value::Complex { real, imaginary } = right else { return None };
    let left = match left {
        Value::Integer(integer) => to_f64(*integer).ok()?,
        Value::Float(float) => *float,
        _ => return None,
    };
    // A real number has no imaginary part that could change the sign of the other's zero.
    Some(match subtract {
        true => Value::Complex { real: left - real, imaginary: -imaginary },
        false => Value::Complex { real: left + real, imaginary: *imaginary },
    })
}
