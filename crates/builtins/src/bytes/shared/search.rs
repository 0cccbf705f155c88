//! `find` and its kin, `in`, `count`, `startswith`, `endswith`.

use objects::errors::{BytesWarning, OverflowError, PyResult, Raised, TypeError};
use objects::int::Int;
use objects::protocol::buffer::{BytesLike, has_buffer};
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::Object;
use objects::str::Str;
use objects::str::arguments::{SliceBound, search_range};
use objects::thread::Thread;
use objects::tuple::Tuple;
use text::bytes::find;

use super::{ByteString, Needle, raise_not_a_byte};

/// The first position that `search` finds between the bounds.
pub fn position<T: ByteString>(
    receiver: &T,
    needle: &Needle<'_>,
    start: Option<SliceBound>,
    end: Option<SliceBound>,
    search: fn(&[u8], &[u8]) -> Option<usize>,
    thread: &Thread,
) -> Option<usize> {
    let contents = receiver.contents(thread);
    let range = search_range(start, end, contents.len())?;
    let start = range.start;
    search(&contents[range], needle.as_slice(thread)).map(|at| start + at)
}

/// `find` or `rfind`: −1 if there is nothing.
pub fn find_or_minus_one<T: ByteString>(
    receiver: &T,
    needle: &Needle<'_>,
    bounds: (Option<SliceBound>, Option<SliceBound>),
    search: fn(&[u8], &[u8]) -> Option<usize>,
    thread: &Thread,
) -> isize {
    position(receiver, needle, bounds.0, bounds.1, search, thread).map_or(-1, |at| at as isize)
}

/// `index` or `rindex`: ValueError if there is nothing.
pub fn find_or_raise<T: ByteString>(
    receiver: &T,
    needle: &Needle<'_>,
    bounds: (Option<SliceBound>, Option<SliceBound>),
    search: fn(&[u8], &[u8]) -> Option<usize>,
    thread: &mut Thread,
) -> PyResult<usize> {
    let position = position(receiver, needle, bounds.0, bounds.1, search, thread);
    position.ok_or_else(|| raise!(thread, ValueError, "subsection not found"))
}

/// `count`.
pub fn count<T: ByteString>(
    receiver: &T,
    needle: &Needle<'_>,
    start: Option<SliceBound>,
    end: Option<SliceBound>,
    thread: &Thread,
) -> usize {
    let contents = receiver.contents(thread);
    let range = search_range(start, end, contents.len());
    range.map_or(0, |range| find::count(&contents[range], needle.as_slice(thread)))
}

/// `value in receiver`: an integer, or a bytes-like object.
pub fn contains<T: ByteString>(receiver: &T, value: &Object, thread: &mut Thread) -> PyResult<bool> {
    if protocol::is_index(value) && !has_buffer(value) {
        let index = protocol::index_clipped(value, thread);
        let byte = match index {
            Ok(index) => u8::try_from(index).map_err(|_| raise_not_a_byte("byte", thread))?,
            Err(raised) => return Err(replace_index_error(raised, value, thread)),
        };
        return Ok(receiver.contents(thread).contains(&byte));
    }
    let needle = BytesLike::of(value, thread)?;
    Ok(find::find(receiver.contents(thread), needle.as_slice(thread)).is_some())
}

/// An object whose `__index__` fails counts as one that is no integer.
#[cold]
fn replace_index_error(raised: Raised, value: &Object, thread: &mut Thread) -> Raised {
    if !thread.raised_is(TypeError) && !thread.raised_is(OverflowError) {
        return raised;
    }
    drop(thread.catch(raised));
    let class = value.class().full_name();
    raise!(thread, TypeError, "a bytes-like object is required, not '{class}'")
}

/// `startswith` or `endswith`: a bytes-like object or a tuple of such to try.
pub fn has_affix<T: ByteString>(
    receiver: &T,
    affix: &Object,
    bounds: (Option<SliceBound>, Option<SliceBound>),
    method: &str,
    matches: fn(&[u8], &[u8]) -> bool,
    thread: &mut Thread,
) -> PyResult<bool> {
    let test = |affix: &BytesLike<'_>, thread: &Thread| {
        let contents = receiver.contents(thread);
        search_range(bounds.0, bounds.1, contents.len())
            .is_some_and(|range| matches(&contents[range], affix.as_slice(thread)))
    };
    if let Some(tuple) = affix.downcast::<Tuple>() {
        for item in tuple.items() {
            let affix = BytesLike::of(item, thread)?;
            if test(&affix, thread) {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let bytes = BytesLike::of(affix, thread);
    let Some(bytes) = thread.suppress(bytes, TypeError)? else {
        let class = affix.class().full_name();
        return Err(raise!(thread, TypeError, "{method} first arg must be bytes or a tuple of bytes, not {class}"));
    };
    Ok(test(&bytes, thread))
}

/// Under `-b`: comparing bytes with text or numbers is always false, which is probably not meant.
pub fn warn_of_comparison(kind: &str, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<()> {
    if thread.interpreter().bytes_warning.get() == 0 || !matches!(operation, Comparison::Equal | Comparison::NotEqual) {
        return Ok(());
    }
    if other.downcast::<Str>().is_some() {
        return thread.warn(BytesWarning, 1, format_args!("Comparison between {kind} and string"));
    }
    if kind == "bytes" && other.downcast::<Int>().is_some() {
        return thread.warn(BytesWarning, 1, format_args!("Comparison between bytes and int"));
    }
    Ok(())
}
