//! Arguments by position or name where CPython warns of one of the two ways, which will not be possible for ever.

use objects::dict::Dict;
use objects::errors::{DeprecationWarning, PyResult, Raised};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::arguments::c_text;
use objects::thread::Thread;

/// The parameters of such a function; those without default come first.
pub struct Parameters {
    pub method: &'static str,
    pub names: &'static [&'static str],
    /// So many have no default.
    pub required: usize,
    /// So many may be given by position.
    pub positional: usize,
    /// So many have to be given by position if no warning is wanted, and what the warning is.
    pub by_position: Option<(usize, &'static str)>,
}

impl Parameters {
    /// The argument for each parameter.
    pub fn spread(
        &self,
        args: &[&Object],
        kwargs: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Vec<Option<Py<Object>>>> {
        let given = args.len() + kwargs.map_or(0, Dict::length);
        if given > self.names.len() || args.len() > self.positional {
            return Err(self.raise_too_many(args.len(), given, thread));
        }
        let mut values: Vec<_> = args.iter().map(|it| Some(Py::from_ref(*it))).collect();
        values.resize(self.names.len(), None);
        let mut misfit = None;
        for (name, value) in kwargs.map(|it| it.items_snapshot(thread)).unwrap_or_default() {
            let text = name.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
            match self.names.iter().position(|it| *it == text) {
                Some(at) if values[at].is_none() => values[at] = Some(value),
                at => misfit = misfit.or(Some((text, at))),
            }
        }
        if let Some(at) = values[..self.required].iter().position(Option::is_none) {
            let (method, name) = (self.method, self.names[at]);
            return Err(raise!(thread, TypeError, "{method}() missing required argument '{name}' (pos {})", at + 1));
        }
        if let Some((name, at)) = misfit {
            return Err(self.raise_misfit(&name, at, thread));
        }
        if let Some((_, warning)) = self.by_position.filter(|(count, _)| args.len() < *count) {
            thread.warn(DeprecationWarning, 1, format_args!("{warning}"))?;
        }
        Ok(values)
    }

    #[cold]
    fn raise_too_many(&self, positional: usize, given: usize, thread: &mut Thread) -> Raised {
        let method = self.method;
        let (bound, most, kind, given) = if given > self.names.len() {
            ("at most", self.names.len(), "", given)
        } else {
            let bound = if self.required == self.positional { "exactly" } else { "at most" };
            (bound, self.positional, "positional ", positional)
        };
        let plural = if most == 1 { "" } else { "s" };
        raise!(thread, TypeError, "{method}() takes {bound} {most} {kind}argument{plural} ({given} given)")
    }

    #[cold]
    fn raise_misfit(&self, name: &str, place: Option<usize>, thread: &mut Thread) -> Raised {
        let method = self.method;
        match place {
            None => raise!(thread, TypeError, "{method}() got an unexpected keyword argument '{name}'"),
            Some(at) => {
                let place = at + 1;
                raise!(thread, TypeError, "argument for {method}() given by name ('{name}') and position ({place})")
            }
        }
    }

    /// The argument for a parameter that is a text without zero bytes.
    pub fn text(&self, index: usize, value: &Object, thread: &mut Thread) -> PyResult<String> {
        text_argument(value, &format!("{}() argument '{}'", self.method, self.names[index]), thread)
    }
}

/// An argument that is a text without zero bytes; `what` is how messages call it.
pub fn text_argument(value: &Object, what: &str, thread: &mut Thread) -> PyResult<String> {
    match value.downcast::<Str>() {
        Some(text) => c_text(text, thread),
        None => Err(raise_wrong_type(value, what, "str", thread)),
    }
}

/// `f() argument 1 must be str, not int`.
#[cold]
pub fn raise_wrong_type(value: &Object, what: &str, expected: &str, thread: &mut Thread) -> Raised {
    let found = if value.is_none() { "None".to_owned() } else { value.class().full_name() };
    raise!(thread, TypeError, "{what} must be {expected}, not {found}")
}

/// An argument that is an int of C's.
pub fn as_c_int(value: &Object, thread: &mut Thread) -> PyResult<i32> {
    let int = protocol::index(value, thread)?;
    match int.to_i64().and_then(|it| i32::try_from(it).ok()) {
        Some(value) => Ok(value),
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C int")),
    }
}
