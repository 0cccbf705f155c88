//! `split`, `rsplit`, `splitlines`, `partition`, `rpartition`, `join`.

use objects::errors::{OrMemoryError, PyResult, TypeError, with_room};
use objects::list::List;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::arguments::limit_of;
use objects::thread::Thread;
use objects::tuple::Tuple;
use text::bytes::{make, split};
use text::strings::split::Ranges;

use super::{ByteString, from_made, optional_bytes};

/// A list of the parts of the contents.
fn list<T: ByteString>(receiver: &T, ranges: Ranges, thread: &mut Thread) -> PyResult<Py<List>> {
    let ranges = ranges.or_memory_error(thread)?;
    let mut items = with_room(ranges.len()).or_memory_error(thread)?;
    for range in ranges {
        thread.check_memory()?;
        items.push(receiver.part(range, thread)?.into_object());
    }
    List::new(items, thread)
}

/// The two ways to split: at whitespace, and at a separator.
type Splitters = (fn(&[u8], usize) -> Ranges, fn(&[u8], &[u8], usize) -> Ranges);

/// From the left.
pub const FROM_LEFT: Splitters = (split::split_whitespace, split::split);
/// From the right.
pub const FROM_RIGHT: Splitters = (split::rsplit_whitespace, split::rsplit);

/// `split` or `rsplit`.
pub fn split_by<T: ByteString>(
    receiver: &T,
    sep: Option<&Object>,
    maxsplit: isize,
    splitters: Splitters,
    thread: &mut Thread,
) -> PyResult<Py<List>> {
    let limit = limit_of(maxsplit);
    let ranges = match optional_bytes(sep, thread)? {
        None => splitters.0(receiver.contents(thread), limit),
        Some(separator) if separator.as_slice(thread).is_empty() => {
            return Err(raise!(thread, ValueError, "empty separator"));
        }
        Some(separator) => splitters.1(receiver.contents(thread), separator.as_slice(thread), limit),
    };
    list(receiver, ranges, thread)
}

/// `splitlines`.
pub fn split_lines<T: ByteString>(receiver: &T, keep_ends: bool, thread: &mut Thread) -> PyResult<Py<List>> {
    let ranges = split::split_lines(receiver.contents(thread), keep_ends);
    list(receiver, ranges, thread)
}

/// `partition`, or `rpartition` from the end. `keep` gives the separator as it stands in the result.
pub fn partition<T: ByteString>(
    receiver: &T,
    separator: &Object,
    from_end: bool,
    keep: impl FnOnce(&mut Thread) -> PyResult<Py<Object>>,
    thread: &mut Thread,
) -> PyResult<Py<Tuple>> {
    let bytes = BytesLike::of(separator, thread)?;
    if bytes.as_slice(thread).is_empty() {
        return Err(raise!(thread, ValueError, "empty separator"));
    }
    let search = if from_end { split::rpartition } else { split::partition };
    let (found, length) = {
        let contents = receiver.contents(thread);
        (search(contents, bytes.as_slice(thread)), contents.len())
    };
    let parts = match found {
        Some(range) => {
            let before = receiver.part(0..range.start, thread)?.into_object();
            let separator = keep(thread)?;
            [before, separator, receiver.part(range.end..length, thread)?.into_object()]
        }
        None => {
            let whole = receiver.unchanged(thread)?.into_object();
            let (one, other) = (T::make(&[], thread)?.into_object(), T::make(&[], thread)?.into_object());
            if from_end { [one, other, whole] } else { [whole, one, other] }
        }
    };
    Tuple::new(parts.into(), thread)
}

/// `receiver.join(iterable)`.
pub fn join<T: ByteString>(receiver: &T, iterable: &Object, thread: &mut Thread) -> PyResult<Py<T>> {
    if !protocol::is_iterable(iterable) {
        return Err(raise!(thread, TypeError, "can only join an iterable"));
    }
    // A bytearray keeps its size until it is done.
    let _held = BytesLike::of(receiver.as_object(), thread)?;
    let items = protocol::collect_by_list(iterable, thread)?;
    let mut parts = with_room(items.len()).or_memory_error(thread)?;
    for (index, item) in items.iter().enumerate() {
        let part = BytesLike::of(item, thread);
        let Some(part) = thread.suppress(part, TypeError)? else {
            let class = item.class().full_name();
            let message = format_args!("sequence item {index}: expected a bytes-like object, {class} found");
            return Err(thread.raise_message(TypeError, message));
        };
        parts.push(part);
    }
    let joined = {
        let slices: Vec<&[u8]> = parts.iter().map(|part| part.as_slice(thread)).collect();
        make::join(receiver.contents(thread), &slices)
    };
    from_made(joined, "join() result is too long", thread)
}
