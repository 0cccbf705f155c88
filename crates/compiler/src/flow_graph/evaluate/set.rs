//! Frozen sets of constants: equality of values as Python programs see it.

use std::cmp::Ordering;

use bytecode::constant::Constant;
use numeric::convert::float;

use super::number;

/// The set of `items`, of equal ones the first; None if one cannot be an element.
pub(in crate::flow_graph) fn frozen_set(items: Vec<Constant>) -> Option<Constant> {
    let mut elements: Vec<Constant> = Vec::with_capacity(items.len());
    for item in items {
        if !elements.iter().any(|element| equals(element, &item)) {
            elements.push(item);
        }
    }
    Some(Constant::FrozenSet(elements.into()))
}

/// `left == right` in Python: numbers compare by value, whatever their types.
fn equals(left: &Constant, right: &Constant) -> bool {
    match (left, right) {
        (Constant::Tuple(left), Constant::Tuple(right)) => {
            left.len() == right.len() && left.iter().zip(right.iter()).all(|(left, right)| equals(left, right))
        }
        _ => match (parts(left), parts(right)) {
            (Some((left, left_imaginary)), Some((right, right_imaginary))) => {
                left_imaginary == right_imaginary && real_equals(&left, &right)
            }
            _ => left == right,
        },
    }
}

/// The real and the imaginary part of a number.
fn parts(constant: &Constant) -> Option<(Constant, f64)> {
    match constant {
        Constant::Complex { real, imaginary } => Some((Constant::Float(*real), *imaginary)),
        Constant::Float(_) | Constant::Integer(_) | Constant::Bool(_) => Some((constant.clone(), 0.0)),
        _ => None,
    }
}

fn real_equals(left: &Constant, right: &Constant) -> bool {
    match (left, right) {
        (Constant::Float(left), Constant::Float(right)) => left == right,
        (Constant::Float(float), other) | (other, Constant::Float(float)) => number::integer(other)
            .is_some_and(|integer| float::compare(integer.view(), *float) == Some(Ordering::Equal)),
        _ => number::integer(left) == number::integer(right),
    }
}
