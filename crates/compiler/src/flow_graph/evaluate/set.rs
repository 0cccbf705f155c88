//! Frozen sets of constants: equality of values as Python programs see it.

use std::collections::HashSet;

use bytecode::arena::Arena;
use bytecode::constant::Constant;
use numeric::convert::float;

/// The set of `items`, of equal ones the first.
pub(in crate::flow_graph) fn frozen_set<'t>(items: Vec<Constant<'t>>, arena: &'t Arena) -> Constant<'t> {
    let scratch = Arena::new();
    let mut seen = HashSet::with_capacity(items.len());
    let mut items = items;
    items.retain(|item| seen.insert(canonical(item, &scratch)));
    Constant::FrozenSet(arena.copies(&items))
}

/// The same constant for all that Python finds equal: numbers compare by value, whatever their types.
fn canonical<'t>(constant: &Constant<'t>, arena: &'t Arena) -> Constant<'t> {
    match constant {
        Constant::Bool(value) => Constant::Integer(arena.small_integer(u32::from(*value))),
        Constant::Float(value) => canonical_float(*value, arena),
        Constant::Complex { real, imaginary } if *imaginary == 0.0 => canonical_float(*real, arena),
        // Adding zero makes negative zeros positive.
        Constant::Complex { real, imaginary } => Constant::Complex { real: real + 0.0, imaginary: imaginary + 0.0 },
        Constant::Tuple(items) => Constant::Tuple(arena.slice(items.iter().map(|it| canonical(it, arena)))),
        Constant::FrozenSet(items) => Constant::FrozenSet(arena.slice(items.iter().map(|it| canonical(it, arena)))),
        Constant::Slice(parts) => Constant::Slice(arena.put(parts.map(|it| canonical(&it, arena)))),
        other => *other,
    }
}

/// A float as an integer if it is one.
fn canonical_float<'t>(value: f64, arena: &'t Arena) -> Constant<'t> {
    match float::from_f64(value).filter(|_| value == value.trunc()) {
        Some(integer) => Constant::Integer(arena.integer(integer.view())),
        None => Constant::Float(value),
    }
}
