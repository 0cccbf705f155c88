//! Parts of strings: slices, splits, partitions, joins, padding and stripping, as objects.

use text::builder::StrBuilder;
use text::strings::{split, strip as ends};
use text::view::StrView;

use super::arguments::{SliceBound, raise_not_str, search_range};
use super::make::StrFiller;
use super::{Str, empty_str};
use crate::errors::{OrMemoryError, PyResult, TypeError, with_room};
use crate::list::List;
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::slice::Selection;
use crate::thread::Thread;
use crate::tuple::Tuple;

/// `text[start:stop:step]`.
pub fn select(text: &Str, selection: Selection, thread: &mut Thread) -> PyResult<Py<Str>> {
    if selection.count == 0 {
        return Ok(Str::empty());
    }
    if selection.step == 1 {
        let start = selection.start as usize;
        return text.substring(start..start + selection.count, thread);
    }
    let view = text.view();
    let mut builder = StrBuilder::new();
    selection.indices().filter_map(|index| view.get(index)).for_each(|point| builder.push(point));
    Str::from_builder(builder, thread)
}

/// The first position that `search` finds between the bounds.
pub fn position(
    text: &Str,
    needle: &Str,
    start: Option<SliceBound>,
    end: Option<SliceBound>,
    search: fn(StrView<'_>, StrView<'_>) -> Option<usize>,
) -> Option<usize> {
    let range = search_range(start, end, text.length())?;
    let start = range.start;
    search(text.view().slice(range), needle.view()).map(|at| start + at)
}

/// The separator of a split; None for whitespace.
pub fn separator<'a>(sep: Option<&'a Object>, thread: &mut Thread) -> PyResult<Option<&'a Str>> {
    let Some(sep) = sep.filter(|it| !it.is_none()) else { return Ok(None) };
    match sep.downcast::<Str>() {
        Some(text) if text.length() > 0 => Ok(Some(text)),
        Some(_) => Err(raise!(thread, ValueError, "empty separator")),
        None => Err(raise_not_str(sep, "must be str or None", thread)),
    }
}

/// A list of the parts of a text.
pub fn list(text: &Str, ranges: split::Ranges, thread: &mut Thread) -> PyResult<Py<List>> {
    let ranges = ranges.or_memory_error(thread)?;
    let mut items = with_room(ranges.len()).or_memory_error(thread)?;
    for range in ranges {
        thread.check_memory()?;
        items.push(text.substring(range, thread)?.into_object());
    }
    List::new(items, thread)
}

/// `partition`, or `rpartition` from the end.
pub fn partition(text: &Str, separator: &Str, from_end: bool, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    if separator.length() == 0 {
        return Err(raise!(thread, ValueError, "empty separator"));
    }
    let search = if from_end { split::rpartition } else { split::partition };
    let parts = match search(text.view(), separator.view()) {
        Some(range) => {
            let before = text.substring(0..range.start, thread)?;
            let after = text.substring(range.end..text.length(), thread)?;
            [before, Py::from_ref(separator), after]
        }
        None if from_end => [Str::empty(), Str::empty(), Py::from_ref(text)],
        None => [Py::from_ref(text), Str::empty(), Str::empty()],
    };
    Tuple::new(parts.map(Py::into_object).into(), thread)
}

/// The text with margins of a fill character.
pub fn pad(text: &Str, left: usize, right: usize, fill: u32, thread: &mut Thread) -> PyResult<Py<Str>> {
    if left == 0 && right == 0 {
        return text.to_exact(thread);
    }
    let length = left.checked_add(right).and_then(|margins| margins.checked_add(text.length()));
    let Some(length) = length.filter(|length| isize::try_from(*length).is_ok()) else {
        return Err(raise!(thread, OverflowError, "padded string is too long"));
    };
    if length == 1 {
        return Ok(Str::from_code_point(fill, thread));
    }
    let limit = text.view().form_limit().max(fill);
    let mut filler = StrFiller::new(limit, length, thread)?;
    filler.push_repeated(fill, left);
    filler.push(text.view());
    filler.push_repeated(fill, right);
    Ok(filler.finish())
}

/// `strip` and its kin.
pub fn strip(text: &Str, chars: Option<&Object>, which: ends::Ends, thread: &mut Thread) -> PyResult<Py<Str>> {
    let range = match chars.filter(|it| !it.is_none()) {
        None => ends::strip_whitespace(text.view(), which),
        Some(chars) => match chars.downcast::<Str>() {
            Some(set) => ends::strip(text.view(), set.view(), which),
            None => {
                let method = match which {
                    ends::Ends::Left => "lstrip",
                    ends::Ends::Right => "rstrip",
                    ends::Ends::Both => "strip",
                };
                return Err(raise!(thread, TypeError, "{method} arg must be None or str"));
            }
        },
    };
    text.substring(range, thread)
}

/// `separator.join(iterable)`.
pub fn join(separator: &Str, iterable: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
    let items = if protocol::is_iterable(iterable) {
        protocol::collect_by_list(iterable, thread)?
    } else {
        return Err(thread.raise_message(TypeError, format_args!("can only join an iterable")));
    };
    join_items(separator, &items, thread)
}

/// The items, which must be strings, with a separator between them.
pub fn join_items(separator: &Str, items: &[Py<Object>], thread: &mut Thread) -> PyResult<Py<Str>> {
    for (index, item) in items.iter().enumerate() {
        if item.downcast::<Str>().is_none() {
            let class = item.class().full_name();
            return Err(raise!(thread, TypeError, "sequence item {index}: expected str instance, {class} found"));
        }
    }
    if let [item] = items
        && let Some(item) = item.downcast::<Str>()
    {
        return item.to_exact(thread);
    }
    let views = items.iter().map(|item| item.downcast::<Str>().map_or(empty_str().view(), |text| text.view()));
    Str::join_views(separator.view(), views, thread)
}
