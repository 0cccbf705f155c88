//! `+`, `*` and `[]` of strings, bytes and tuples.

use bytecode::arena::Arena;
use bytecode::constant::Constant;
use text::wtf8::{Wtf8, Wtf8Buf};

use super::number;

/// Most elements of a tuple that a multiplication makes.
const MAX_TUPLE_SIZE: i64 = 256;
/// Most characters of a string or bytes that a multiplication makes.
const MAX_STRING_SIZE: i64 = 4096;
/// Most elements of such a tuple, those of tuples in it included.
const MAX_TOTAL_ELEMENTS: i64 = 1024;

pub(super) fn concatenate<'t>(left: &Constant<'t>, right: &Constant<'t>, arena: &'t Arena) -> Option<Constant<'t>> {
    match (left, right) {
        (Constant::String(left), Constant::String(right)) => {
            let bytes = [left.as_bytes(), right.as_bytes()].concat();
            Wtf8::from_bytes(arena.copies(&bytes)).map(Constant::String)
        }
        (Constant::Bytes(left), Constant::Bytes(right)) => {
            Some(Constant::Bytes(arena.copies(&[*left, *right].concat())))
        }
        (Constant::Tuple(left), Constant::Tuple(right)) => {
            Some(Constant::Tuple(arena.copies(&[*left, *right].concat())))
        }
        _ => None,
    }
}

/// A sequence times an integer.
pub(super) fn repeat<'t>(sequence: &Constant<'t>, count: &Constant<'t>, arena: &'t Arena) -> Option<Constant<'t>> {
    let count = number::integer(count)?;
    let size = match sequence {
        Constant::String(text) => text.code_points().count(),
        Constant::Bytes(bytes) => bytes.len(),
        Constant::Tuple(items) => items.len(),
        _ => return None,
    } as i64;
    // An index must fit in a machine word even if there is nothing to repeat.
    let count = count.to_i64()?;
    let times = if size == 0 { 0 } else { usize::try_from(count).ok()? };
    let limit = if matches!(sequence, Constant::Tuple(_)) { MAX_TUPLE_SIZE } else { MAX_STRING_SIZE };
    if size != 0 && count > limit / size {
        return None;
    }
    match sequence {
        Constant::String(text) => Wtf8::from_bytes(arena.copies(&text.as_bytes().repeat(times))).map(Constant::String),
        Constant::Bytes(bytes) => Some(Constant::Bytes(arena.copies(&bytes.repeat(times)))),
        Constant::Tuple(items) => {
            if times != 0 && remaining_elements(sequence, MAX_TOTAL_ELEMENTS / count) < 0 {
                return None;
            }
            Some(Constant::Tuple(arena.copies(&items.repeat(times))))
        }
        _ => None,
    }
}

/// `limit` less the elements of a tuple and of those in it; stops below zero. (Tuples of constants come from displays,
/// whose nesting the parser bounds.)
fn remaining_elements(constant: &Constant<'_>, limit: i64) -> i64 {
    let Constant::Tuple(items) = constant else { return limit };
    let mut limit = limit - items.len() as i64;
    for item in items.iter() {
        if limit < 0 {
            return limit;
        }
        limit = remaining_elements(item, limit);
    }
    limit
}

pub(super) fn subscript<'t>(container: &Constant<'t>, index: &Constant<'t>, arena: &'t Arena) -> Option<Constant<'t>> {
    let points: Vec<u32>;
    let size = match container {
        Constant::String(text) => {
            points = text.code_points().collect();
            points.len()
        }
        Constant::Bytes(bytes) => {
            points = Vec::new();
            bytes.len()
        }
        Constant::Tuple(items) => {
            points = Vec::new();
            items.len()
        }
        _ => return None,
    };
    if let Constant::Slice(parts) = index {
        let places = slice_places(parts, size)?;
        return match container {
            Constant::String(_) => text_of_points(places.into_iter().map(|place| points[place]), arena),
            Constant::Bytes(bytes) => Some(Constant::Bytes(arena.slice(places.into_iter().map(|place| bytes[place])))),
            Constant::Tuple(items) => Some(Constant::Tuple(arena.slice(places.into_iter().map(|place| items[place])))),
            _ => None,
        };
    }
    let index = number::integer(index)?.to_i64()?;
    let place = if index < 0 { index.checked_add(size as i64)? } else { index };
    let place = usize::try_from(place).ok().filter(|place| *place < size)?;
    match container {
        Constant::String(_) => text_of_points([points[place]], arena),
        Constant::Bytes(bytes) => Some(Constant::Integer(arena.small_integer(u32::from(bytes[place])))),
        Constant::Tuple(items) => Some(items[place]),
        _ => None,
    }
}

fn text_of_points<'t>(points: impl IntoIterator<Item = u32>, arena: &'t Arena) -> Option<Constant<'t>> {
    let text = Wtf8Buf::from_code_points(points)?;
    Some(Constant::String(arena.text(text.view())))
}

/// The places that a slice selects of `size`; each is below `size`. None if the slice is not one of integers.
fn slice_places(parts: &[Constant<'_>; 3], size: usize) -> Option<Vec<usize>> {
    let [start, stop, step] = parts;
    let size = size as i64;
    let step = part(step)?.unwrap_or(1);
    if step == 0 {
        return None;
    }
    let (lowest, highest) = if step < 0 { (-1, size - 1) } else { (0, size) };
    let clamp = |value: i64| (if value < 0 { value.saturating_add(size) } else { value }).clamp(lowest, highest);
    let start = part(start)?.map_or(if step < 0 { highest } else { lowest }, clamp);
    let stop = part(stop)?.map_or(if step < 0 { lowest } else { highest }, clamp);
    let mut places = Vec::new();
    let mut place = start;
    while if step < 0 { place > stop } else { place < stop } {
        places.push(place as usize);
        place = place.saturating_add(step);
    }
    Some(places)
}

/// A part of a slice: None inside for `None`; huge integers are clamped.
fn part(constant: &Constant<'_>) -> Option<Option<i64>> {
    if *constant == Constant::None {
        return Some(None);
    }
    let value = number::integer(constant)?;
    let clamped = if value.is_negative() { -i64::MAX } else { i64::MAX };
    Some(Some(value.to_i64().unwrap_or(clamped)))
}
