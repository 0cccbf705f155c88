//! `strip`, `lstrip`, `rstrip`: which part of a string stays.

use crate::search::convert;
use crate::unicode_data::characters::is_space;
use crate::view::{StrView, Unit, with_units};
use std::ops::Range;

/// The ends that a strip works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// `lstrip`.
    Left,
    /// `rstrip`.
    Right,
    /// `strip`.
    Both,
}

/// What stays when whitespace is stripped.
pub fn strip_whitespace(text: StrView<'_>, ends: Ends) -> Range<usize> {
    with_units!(text, units => strip_by(units, ends, |unit| is_space(unit.point())))
}

/// What stays when the code points in `set` are stripped.
pub fn strip(text: StrView<'_>, set: StrView<'_>, ends: Ends) -> Range<usize> {
    // Members of the set that are wider than the text's units can't occur in it.
    with_units!(text, units => match convert(set) {
        Some(set) => strip_by(units, ends, |unit| set.contains(&unit)),
        None => {
            let set: Vec<_> = set.iter().filter_map(Unit::from_point).collect();
            strip_by(units, ends, |unit| set.contains(&unit))
        }
    })
}

/// What stays when units that `goes` holds for are stripped.
pub(crate) fn strip_by<U: Copy>(units: &[U], ends: Ends, goes: impl Fn(U) -> bool) -> Range<usize> {
    let start = match ends {
        Ends::Right => 0,
        Ends::Left | Ends::Both => units.iter().take_while(|unit| goes(**unit)).count(),
    };
    let end = match ends {
        Ends::Left => units.len(),
        Ends::Right | Ends::Both => units.len() - units[start..].iter().rev().take_while(|unit| goes(**unit)).count(),
    };
    start..end
}
