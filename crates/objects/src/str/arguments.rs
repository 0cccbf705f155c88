//! What methods of `str` and of the bytes types take as arguments beyond plain objects.

use std::ops::Range;

use crate::errors::{PyResult, Raised};
use crate::method::{FromArgument, Position};
use crate::protocol;
use crate::raise;
use crate::refs::Object;
use crate::thread::Thread;

use super::Str;

/// A bound as in slices: None, or an index, as the nearest machine word.
#[derive(Clone, Copy)]
pub struct SliceBound(Option<isize>);

impl FromArgument<'_> for SliceBound {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        if value.is_none() {
            return Ok(Self(None));
        }
        if !protocol::is_index(value) {
            return Err(raise!(
                thread,
                TypeError,
                "slice indices must be integers or None or have an __index__ method"
            ));
        }
        protocol::index_clipped(value, thread).map(|index| Self(Some(index)))
    }
}

/// What `start` and `end` mean for a sequence of `length` items; None where nothing can be found, not even the empty string.
pub fn search_range(start: Option<SliceBound>, end: Option<SliceBound>, length: usize) -> Option<Range<usize>> {
    let start = start.and_then(|it| it.0).unwrap_or(0);
    let end = end.and_then(|it| it.0).unwrap_or(isize::MAX);
    text::strings::find::search_bounds(start, end, length)
}

/// A limit of splits or replacements: negative means none.
pub fn limit_of(count: isize) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// The character that pads a text.
pub struct FillCharacter(pub u32);

impl FromArgument<'_> for FillCharacter {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        let Some(text) = value.downcast::<Str>() else {
            let class = value.class().full_name();
            return Err(raise!(thread, TypeError, "The fill character must be a unicode character, not {class}"));
        };
        match text.code_point(0) {
            Some(point) if text.length() == 1 => Ok(Self(point)),
            _ => Err(raise!(thread, TypeError, "The fill character must be exactly one character long")),
        }
    }
}

/// A name that goes to C as text: of an encoding, or of an error handler.
pub struct TextName(pub String);

impl FromArgument<'_> for TextName {
    fn from_argument(value: &Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        let text = <&Str>::from_argument(value, position, thread)?;
        Ok(Self(c_text(text, thread)?))
    }
}

/// A string as C takes it: without surrogates and zero characters.
pub fn c_text(text: &Str, thread: &mut Thread) -> PyResult<String> {
    let bytes = text.utf8(thread)?;
    if bytes.contains(&0) {
        return Err(raise!(thread, ValueError, "embedded null character"));
    }
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

/// A string, or a tuple of strings to try: of `startswith` and `endswith`.
pub fn any_affix(affix: &Object, method: &str, thread: &mut Thread, matches: impl Fn(&Str) -> bool) -> PyResult<bool> {
    if let Some(text) = affix.downcast::<Str>() {
        return Ok(matches(text));
    }
    let Some(tuple) = affix.downcast::<crate::tuple::Tuple>() else {
        let class = affix.class().full_name();
        return Err(raise!(thread, TypeError, "{method} first arg must be str or a tuple of str, not {class}"));
    };
    for item in tuple.items() {
        match item.downcast::<Str>() {
            Some(text) if matches(text) => return Ok(true),
            Some(_) => {}
            None => {
                let class = item.class().full_name();
                return Err(raise!(thread, TypeError, "tuple for {method} must only contain str, not {class}"));
            }
        }
    }
    Ok(false)
}

/// The string that a method needs where CPython says only `must be str, not int`.
pub fn expect_str<'a>(value: &'a Object, thread: &mut Thread) -> PyResult<&'a Str> {
    value.downcast::<Str>().ok_or_else(|| raise_not_str(value, "must be str", thread))
}

#[cold]
pub fn raise_not_str(value: &Object, message: &str, thread: &mut Thread) -> Raised {
    let class = value.class().full_name();
    raise!(thread, TypeError, "{message}, not {class}")
}
