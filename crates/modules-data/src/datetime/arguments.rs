//! Arguments of the constructors, parsed one after the other as CPython's `PyArg_ParseTupleAndKeywords` does, whose order of errors and
//! messages they have; and the checks of arguments that several types share.

use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use super::zone::TimeZoneInfo;

/// What a call may be given.
pub struct Parameters {
    /// None where messages call it only «function».
    pub function: Option<&'static str>,
    pub names: &'static [&'static str],
    pub required: usize,
    pub most_positional: usize,
}

/// The arguments of one call.
pub struct Call<'a> {
    parameters: &'static Parameters,
    positional: &'a [&'a Object],
    keywords: Option<&'a Dict>,
}

impl<'a> Call<'a> {
    pub fn new(
        parameters: &'static Parameters,
        positional: &'a [&'a Object],
        keywords: Option<&'a Dict>,
        thread: &mut Thread,
    ) -> PyResult<Self> {
        let call = Self { parameters, positional, keywords };
        let (given, all) = (positional.len() + keywords.map_or(0, Dict::length), parameters.names.len());
        let most = parameters.most_positional;
        if given <= all && positional.len() <= most {
            return Ok(call);
        }
        let (given, most, kind) = if given > all {
            (given, all, if positional.is_empty() { "keyword " } else { "" })
        } else {
            (positional.len(), most, "positional ")
        };
        let (name, plural) = (call.name("function"), if most == 1 { "" } else { "s" });
        Err(raise!(thread, TypeError, "{name} takes at most {most} {kind}argument{plural} ({given} given)"))
    }

    fn name(&self, nameless: &str) -> String {
        self.parameters.function.map_or_else(|| nameless.to_owned(), |it| format!("{it}()"))
    }

    /// An argument by its number; None if it was left out and may be.
    pub fn object(&self, index: usize, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        if let Some(value) = self.positional.get(index) {
            return Ok(Some(Py::from_ref(*value)));
        }
        let name = self.parameters.names[index];
        if let Some(keywords) = self.keywords {
            let key = thread.intern_text(name);
            if let Some(value) = keywords.get(&key, thread)? {
                return Ok(Some(value));
            }
        }
        if index < self.parameters.required {
            let (function, place) = (self.name("function"), index + 1);
            return Err(raise!(thread, TypeError, "{function} missing required argument '{name}' (pos {place})"));
        }
        Ok(None)
    }

    pub fn int(&self, index: usize, default: i32, thread: &mut Thread) -> PyResult<i32> {
        match self.object(index, thread)? {
            Some(value) => c_int(&value, thread),
            None => Ok(default),
        }
    }

    /// TypeError for names that are none of the parameters', or that positional arguments have taken.
    pub fn finish(&self, thread: &mut Thread) -> PyResult<()> {
        let Some(keywords) = self.keywords else { return Ok(()) };
        for key in keywords.keys_snapshot(thread) {
            let text = key.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
            match self.parameters.names.iter().position(|it| *it == text) {
                Some(place) if place >= self.positional.len() => {}
                Some(place) => {
                    let (name, place) = (self.name("function"), place + 1);
                    let message = format_args!("argument for {name} given by name ('{text}') and position ({place})");
                    return Err(raise!(thread, TypeError, "{message}"));
                }
                None => {
                    let name = self.name("this function");
                    return Err(raise!(thread, TypeError, "{name} got an unexpected keyword argument '{text}'"));
                }
            }
        }
        Ok(())
    }
}

/// A C `int`.
pub fn c_int(value: &Object, thread: &mut Thread) -> PyResult<i32> {
    let int = protocol::index(value, thread)?;
    let wide = int.compact_value().map(|it| it as i64).or_else(|| int.to_i64());
    match wide.map(i32::try_from) {
        Some(Ok(value)) => Ok(value),
        Some(Err(_)) if int.is_negative() => Err(raise!(thread, OverflowError, "signed integer is less than minimum")),
        Some(Err(_)) => Err(raise!(thread, OverflowError, "signed integer is greater than maximum")),
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C long")),
    }
}

/// A time zone, or None.
pub fn zone_argument(value: Option<&Object>, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    match value.filter(|it| !it.is_none()) {
        None => Ok(None),
        Some(zone) if zone.downcast::<TimeZoneInfo>().is_some() => Ok(Some(Py::from_ref(zone))),
        Some(other) => Err(raise_not_zone(other, thread)),
    }
}

#[cold]
fn raise_not_zone(other: &Object, thread: &mut Thread) -> Raised {
    let class = other.class().full_name();
    raise!(thread, TypeError, "tzinfo argument must be None or of a tzinfo subclass, not type '{class}'")
}

pub fn check_fold(fold: i32, thread: &mut Thread) -> PyResult<u8> {
    match fold {
        0 => Ok(0),
        1 => Ok(1),
        _ => Err(raise!(thread, ValueError, "fold must be either 0 or 1, not {fold}")),
    }
}

/// An argument that must be a string.
pub fn text_argument<'a>(value: &'a Object, function: &str, place: usize, thread: &mut Thread) -> PyResult<&'a Str> {
    match value.downcast::<Str>() {
        Some(text) => Ok(text),
        None => {
            let found = if value.is_none() { "None".to_owned() } else { value.class().full_name() };
            Err(raise!(thread, TypeError, "{function}() argument {place} must be str, not {found}"))
        }
    }
}

/// ValueError with a message that the calendar gave.
pub fn valid<T>(result: Result<T, String>, thread: &mut Thread) -> PyResult<T> {
    result.map_err(|message| raise!(thread, ValueError, "{message}"))
}
