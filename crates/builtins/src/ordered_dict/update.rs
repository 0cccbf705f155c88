//! The ways to fill an ordered dict: `update`, `|=`, the constructor. All set items by `[]`, which a subclass may have changed.

use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

/// `self.update(*arguments, **keywords)`.
pub fn update_from_call(
    target: &Object,
    arguments: &[&Object],
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<()> {
    match arguments {
        [] => {}
        [source] => update(target, source, thread)?,
        _ => {
            let given = arguments.len();
            return Err(raise!(thread, TypeError, "update() takes at most 1 positional argument ({given} given)"));
        }
    }
    match keywords {
        Some(keywords) => add_items(target, keywords, thread),
        None => Ok(()),
    }
}

/// Adds what a mapping has, or an iterable of pairs.
pub fn update(target: &Object, source: &Object, thread: &mut Thread) -> PyResult<()> {
    if let Some(dict) = source.downcast_exact::<Dict>() {
        return add_items(target, dict, thread);
    }
    if let Some(keys) = protocol::lookup_attribute(source, &objects::names::keys, thread)? {
        let keys = protocol::call(&keys, &[], thread)?;
        let iterator = protocol::iter(&keys, thread)?;
        while let Some(key) = protocol::next(&iterator, thread)? {
            let value = protocol::get_item(source, &key, thread)?;
            protocol::set_item(target, &key, &value, thread)?;
        }
        return Ok(());
    }
    if let Some(items) = protocol::lookup_attribute(source, &objects::names::items, thread)? {
        let items = protocol::call(&items, &[], thread)?;
        return add_pairs(target, &items, thread);
    }
    add_pairs(target, source, thread)
}

fn add_items(target: &Object, source: &Dict, thread: &mut Thread) -> PyResult<()> {
    for (key, value) in source.items_snapshot(thread) {
        protocol::set_item(target, &key, &value, thread)?;
    }
    Ok(())
}

fn add_pairs(target: &Object, pairs: &Object, thread: &mut Thread) -> PyResult<()> {
    let iterator = protocol::iter(pairs, thread)?;
    while let Some(pair) = protocol::next(&iterator, thread)? {
        let (key, value) = unpack(&pair, thread)?;
        protocol::set_item(target, &key, &value, thread)?;
    }
    Ok(())
}

fn unpack(pair: &Object, thread: &mut Thread) -> PyResult<(Py<Object>, Py<Object>)> {
    let iterator = protocol::iter(pair, thread)?;
    let Some(key) = protocol::next(&iterator, thread)? else {
        return Err(raise!(thread, ValueError, "need more than 0 values to unpack"));
    };
    let Some(value) = protocol::next(&iterator, thread)? else {
        return Err(raise!(thread, ValueError, "need more than 1 value to unpack"));
    };
    match protocol::next(&iterator, thread)? {
        None => Ok((key, value)),
        Some(_) => Err(raise!(thread, ValueError, "too many values to unpack (expected 2)")),
    }
}
