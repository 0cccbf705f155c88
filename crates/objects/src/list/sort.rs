//! `list.sort`: takes the items out, sorts references to their keys, puts the items back in the order found.
//!
//! Keys that are all exact strings, machine-sized ints or floats without NaN are compared by Rust, where no Python code runs and comparing
//! cannot fail. While the items are out the list is empty; who changes it then gets ValueError.

use super::merge_sort::merge_sort;
use super::object::List;
use crate::errors::PyResult;
use crate::float::Float;
use crate::int::Int;
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;

impl List {
    /// Sorts in place, stably; `key` gives what to compare, `reverse` exchanges the operands.
    pub fn sort(&self, key: Option<&Object>, reverse: bool, thread: &mut Thread) -> PyResult<()> {
        let mut taken = self.take_for_sorting();
        let mut result = sort_items(taken.items(), key, reverse, thread);
        if self.was_changed() && result.is_ok() {
            result = Err(raise!(thread, ValueError, "list modified during sort"));
        }
        self.restore(taken, thread);
        result
    }
}

fn sort_items(items: &mut [Py<Object>], key: Option<&Object>, reverse: bool, thread: &mut Thread) -> PyResult<()> {
    let Some(key) = key else { return sort_by_keys(items, None, reverse, thread) };
    let mut keys = Vec::with_capacity(items.len());
    let mut result = Ok(());
    for item in items.iter() {
        match protocol::call_one(key, item, thread) {
            Ok(key) => keys.push(key),
            Err(raised) => {
                result = Err(raised);
                break;
            }
        }
    }
    if result.is_ok() {
        result = sort_by_keys(items, Some(&keys), reverse, thread);
    }
    // What the end of a key does to the list counts as a change during the sort.
    let raised = thread.take_exception();
    keys.into_iter().for_each(|it| it.release(thread));
    thread.restore_exception(raised);
    result
}

/// Sorts items by keys, or by themselves.
fn sort_by_keys(
    items: &mut [Py<Object>],
    keys: Option<&[Py<Object>]>,
    reverse: bool,
    thread: &mut Thread,
) -> PyResult<()> {
    // To sort backwards and stably is to sort the reversed sequence and to reverse the result.
    let count = items.len();
    let place = |index: usize| if reverse { count - 1 - index } else { index };
    let (mut order, result) = sorted_order(keys.unwrap_or(items), &place, thread);
    if reverse {
        order.reverse();
    }
    permute(items, order);
    result
}

/// A key, and where it stands in the list.
#[derive(Clone, Copy)]
struct Entry<K> {
    key: K,
    index: usize,
}

/// The indices of the keys in ascending order, where `place` says which key is looked at as number so and so; in the order that was
/// reached when a comparison failed.
fn sorted_order(
    keys: &[Py<Object>],
    place: &dyn Fn(usize) -> usize,
    thread: &mut Thread,
) -> (Vec<usize>, PyResult<()>) {
    if let Some(mut entries) = entries_of(keys, place, small_int) {
        entries.sort_by_key(|it| it.key);
        return (indices(&entries), Ok(()));
    }
    if let Some(mut entries) = entries_of(keys, place, |it| it.downcast_exact::<Str>()) {
        if entries.iter().all(|it| it.key.is_ascii()) {
            entries.sort_by_key(|it| it.key.view().as_ascii().unwrap_or_default());
        } else {
            entries.sort_by(|left, right| left.key.view().iter().cmp(right.key.view().iter()));
        }
        return (indices(&entries), Ok(()));
    }
    if let Some(mut entries) = entries_of(keys, place, ordinary_float) {
        entries.sort_by(|left, right| left.key.partial_cmp(&right.key).unwrap_or(std::cmp::Ordering::Equal));
        return (indices(&entries), Ok(()));
    }
    let Some(mut entries) = entries_of(keys, place, Some) else { return (Vec::new(), Ok(())) };
    let result = if keys.iter().all(|it| it.is_exactly::<Tuple>()) {
        merge_sort(&mut entries, |left, right| tuple_is_less(left.key, right.key, thread))
    } else {
        merge_sort(&mut entries, |left, right| protocol::compare_bool(left.key, right.key, Comparison::Less, thread))
    };
    (indices(&entries), result)
}

/// All keys as a Rust type, None if one of them is not of it.
fn entries_of<'k, K>(
    keys: &'k [Py<Object>],
    place: &dyn Fn(usize) -> usize,
    convert: impl Fn(&'k Object) -> Option<K>,
) -> Option<Vec<Entry<K>>> {
    let mut entries =
        Vec::with_capacity(if keys.first().is_some_and(|it| convert(it).is_some()) { keys.len() } else { 0 });
    for number in 0..keys.len() {
        let index = place(number);
        entries.push(Entry { key: convert(&keys[index])?, index });
    }
    Some(entries)
}

fn indices<K>(entries: &[Entry<K>]) -> Vec<usize> {
    entries.iter().map(|it| it.index).collect()
}

fn small_int(key: &Object) -> Option<i64> {
    key.downcast_exact::<Int>()?.to_i128().and_then(|it| i64::try_from(it).ok())
}

/// A float that is ordered like all others.
fn ordinary_float(key: &Object) -> Option<f64> {
    Some(key.downcast_exact::<Float>()?.value()).filter(|it| !it.is_nan())
}

/// `left < right` for exact tuples.
fn tuple_is_less(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<bool> {
    let (Some(left), Some(right)) = (left.downcast_exact::<Tuple>(), right.downcast_exact::<Tuple>()) else {
        return protocol::compare_bool(left, right, Comparison::Less, thread);
    };
    for (one, other) in left.items().iter().zip(right.items()) {
        if !protocol::equals(one, other, thread)? {
            return protocol::compare_bool(one, other, Comparison::Less, thread);
        }
    }
    Ok(left.length() < right.length())
}

/// Brings items into the order of their indices.
fn permute(items: &mut [Py<Object>], mut order: Vec<usize>) {
    for start in 0..order.len() {
        let mut current = start;
        while order[current] != start {
            let source = order[current];
            items.swap(current, source);
            order[current] = current;
            current = source;
        }
        order[current] = current;
    }
}
