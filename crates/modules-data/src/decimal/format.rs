//! `Decimal.__format__`.

use numeric::decimal::format::{Specification, format};
use numeric::format::NumericLocale;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::int;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use super::context;
use super::object::Decimal;
use super::state::import;

/// Bytes that a point or a separator may have.
const LONGEST: usize = 4;

/// What a locale says, as owned text.
struct Conventions {
    decimal_point: String,
    thousands_separator: String,
    grouping: Vec<u8>,
}

/// `decimal.__format__(specification, override)`: the second argument is a dict in place of `localeconv()`.
pub fn format_decimal(
    decimal: &Decimal,
    specification: &Object,
    conventions: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Py<Str>> {
    let Some(specification) = specification.downcast::<Str>() else {
        return Err(raise!(thread, TypeError, "format arg must be str"));
    };
    // A character that is no text is none to fill with.
    objects::str::codecs::encode(specification, Some("utf-8"), None, thread)?;
    let context = context::current(thread)?;
    let points: Vec<u32> = specification.view().iter().collect();
    let parsed = match Specification::parse(&points, int::decimal_value) {
        Ok(parsed) => parsed,
        Err(error) => return int::formatted_text(Err(error), thread),
    };
    if parsed.is_old_name() {
        let message = format_args!("Format specifier 'N' is deprecated and slated for removal in Python 3.18");
        thread.warn(objects::errors::DeprecationWarning, 1, message)?;
    }
    let given = match conventions {
        Some(value) => Some(overridden(value, &parsed, thread)?),
        None if parsed.uses_locale() => Some(of_locale(thread)?),
        None => None,
    };
    let locale = given.as_ref().map(|it| NumericLocale {
        decimal_point: &it.decimal_point,
        thousands_separator: &it.thousands_separator,
        grouping: &it.grouping,
    });
    let rounding = context.settings().rounding;
    let formatted = format(decimal.value(), &parsed, rounding, context.capitals(), locale.as_ref());
    int::formatted_text(formatted, thread)
}

/// The conventions that a dict gives; what it has not is the specification's.
fn overridden(value: &Object, specification: &Specification, thread: &mut Thread) -> PyResult<Conventions> {
    let Some(dict) = value.downcast::<Dict>() else {
        return Err(raise!(thread, TypeError, "optional argument must be a dict"));
    };
    let text = |name: &str, default: &str, thread: &mut Thread| -> PyResult<String> {
        let key = thread.intern_text(name);
        match dict.get_str(&key, thread) {
            None => Ok(default.to_owned()),
            Some(value) => match value.downcast::<Str>() {
                Some(text) => Ok(text.to_string_lossy()),
                None => Err(raise!(thread, TypeError, "bad argument type for built-in operation")),
            },
        }
    };
    let (separator, sizes) = specification.thousands();
    // A specification without separators has no point to fall back on.
    let point = if separator.is_empty() && !specification.uses_locale() { "" } else { "." };
    let decimal_point = text("decimal_point", point, thread)?;
    let thousands_separator = text("thousands_sep", separator, thread)?;
    // The sizes of groups are the characters' numbers, as C's `char`.
    let usual: String = sizes.iter().map(|size| char::from(*size)).collect();
    let grouping = text("grouping", &usual, thread)?;
    let fits =
        (1..=LONGEST).contains(&decimal_point.len()) && thousands_separator.len() <= LONGEST && grouping.is_ascii();
    if !fits {
        return Err(raise!(thread, ValueError, "invalid override dict"));
    }
    Ok(Conventions { decimal_point, thousands_separator, grouping: grouping.into_bytes() })
}

/// What `localeconv()` says.
fn of_locale(thread: &mut Thread) -> PyResult<Conventions> {
    let function = import("_locale", "localeconv", thread)?;
    let table = protocol::call(&function, &[], thread)?;
    let item = |name: &str, thread: &mut Thread| {
        let key = thread.intern_text(name);
        protocol::get_item(&table, &key, thread)
    };
    let decimal_point = item("decimal_point", thread)?;
    let thousands_separator = item("thousands_sep", thread)?;
    let grouping = item("grouping", thread)?;
    let text = |value: &Object| value.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
    let mut sizes = Vec::new();
    for size in protocol::collect(&grouping, thread)? {
        sizes.push(u8::try_from(protocol::index_clipped(&size, thread)?).unwrap_or(127));
    }
    Ok(Conventions {
        decimal_point: text(&decimal_point),
        thousands_separator: text(&thousands_separator),
        grouping: sizes,
    })
}
