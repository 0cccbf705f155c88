//! Frozen sets of constants: equality of values as Python programs see it.

use std::collections::HashSet;

use bytecode::constant::Constant;
use numeric::convert::float;
use numeric::integer::Integer;

/// The set of `items`, of equal ones the first.
pub(in crate::flow_graph) fn frozen_set(items: Vec<Constant>) -> Constant {
    let mut seen = HashSet::with_capacity(items.len());
    Constant::FrozenSet(items.into_iter().filter(|item| seen.insert(canonical(item))).collect())
}

/// The same constant for all that Python finds equal: numbers compare by value, whatever their types.
fn canonical(constant: &Constant) -> Constant {
    match constant {
        Constant::Bool(value) => Constant::Integer(Integer::from(i64::from(*value))),
        Constant::Float(value) => canonical_float(*value),
        Constant::Complex { real, imaginary } if *imaginary == 0.0 => canonical_float(*real),
        // Adding zero makes negative zeros positive.
        Constant::Complex { real, imaginary } => Constant::Complex { real: real + 0.0, imaginary: imaginary + 0.0 },
        Constant::Tuple(items) => Constant::Tuple(items.iter().map(canonical).collect()),
        Constant::FrozenSet(items) => Constant::FrozenSet(items.iter().map(canonical).collect()),
        Constant::Slice(parts) => Constant::Slice(parts.each_ref().map(canonical).into()),
        other => other.clone(),
    }
}

/// A float as an integer if it is one.
fn canonical_float(value: f64) -> Constant {
    match float::from_f64(value).filter(|_| value == value.trunc()) {
        Some(integer) => Constant::Integer(integer),
        None => Constant::Float(value),
    }
}
