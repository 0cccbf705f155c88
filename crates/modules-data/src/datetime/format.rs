//! `strftime`: the directives that the C library does not know, or not as Python means them, are replaced; `time.strftime` does the rest.

use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use text::builder::StrBuilder;

use super::iso_text;
use super::parts::imported;
use super::zone::{Question, ask, ask_name};

/// What is formatted, besides the time tuple.
pub struct Formatted<'a> {
    pub zone: Option<&'a Object>,
    /// What the zone is asked about.
    pub argument: &'a Object,
    pub microsecond: i32,
}

/// The text of `%z` or `%:z`.
fn offset_text(value: &Formatted<'_>, separator: &str, thread: &mut Thread) -> PyResult<String> {
    let Some(zone) = value.zone else { return Ok(String::new()) };
    let offset = ask(zone, Question::Offset, value.argument, thread)?;
    Ok(offset.map_or_else(String::new, |it| iso_text::write_offset(it.span(), separator)))
}

/// The text of `%Z`, in which percent signs are doubled, by the name's own method: it is formatted again.
fn name_text(value: &Formatted<'_>, thread: &mut Thread) -> PyResult<Option<Py<Str>>> {
    let Some(zone) = value.zone else { return Ok(None) };
    let name = ask_name(zone, value.argument, thread)?;
    if name.is_none() {
        return Ok(None);
    }
    let (method, one, two) = (thread.intern_text("replace"), Str::from_str("%", thread), Str::from_str("%%", thread));
    let doubled = protocol::call_method(&name, &method, &[&one, &two], thread)?;
    match doubled.downcast_into::<Str>() {
        Ok(text) => Ok(Some(text)),
        Err(_) => Err(raise!(thread, TypeError, "tzname.replace() did not return a string")),
    }
}

/// The year with four digits, which the C library does not promise: of the calendar, or of its ISO weeks (`%G`).
fn year_text(directive: u8, strftime: &Object, tuple: &Object, thread: &mut Thread) -> PyResult<String> {
    let year = if directive == b'G' {
        let format = Str::from_str("%G", thread);
        let text = protocol::call(strftime, &[&format, tuple], thread)?;
        let text = protocol::str(&text, thread)?.to_string_lossy();
        text.trim().parse::<i64>().unwrap_or(0)
    } else {
        let year = protocol::get_index(tuple, 0, thread)?;
        protocol::index_as_isize(&year, thread)? as i64
    };
    Ok(match directive {
        b'C' => format!("{:02}", year / 100),
        b'F' => format!("{year:04}-%m-%d"),
        _ => format!("{year:04}"),
    })
}

pub fn strftime(value: &Formatted<'_>, format: &Str, tuple: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let function = imported("time", "strftime", thread)?;
    let points: Vec<u32> = format.view().iter().collect();
    let at = |index: usize| points.get(index).and_then(|it| u8::try_from(*it).ok());
    let mut out = StrBuilder::new();
    let mut index = 0;
    while index < points.len() {
        let mut used = 2;
        let replacement = match (at(index), at(index + 1), at(index + 2)) {
            (Some(b'%'), Some(b'z'), _) => offset_text(value, "", thread)?,
            (Some(b'%'), Some(b':'), Some(b'z')) => {
                used = 3;
                offset_text(value, ":", thread)?
            }
            (Some(b'%'), Some(b'Z'), _) => {
                if let Some(name) = name_text(value, thread)? {
                    out.push_view(name.view());
                }
                index += used;
                continue;
            }
            (Some(b'%'), Some(b'f'), _) => format!("{:06}", value.microsecond),
            (Some(b'%'), Some(directive @ (b'Y' | b'G' | b'C' | b'F')), _) => {
                year_text(directive, &function, tuple, thread)?
            }
            (Some(b'%'), Some(_), _) => {
                out.push(points[index]);
                out.push(points[index + 1]);
                index += used;
                continue;
            }
            _ => {
                out.push(points[index]);
                index += 1;
                continue;
            }
        };
        replacement.chars().for_each(|it| out.push(u32::from(it)));
        index += used;
    }
    let format = Str::from_builder(out, thread)?;
    protocol::call(&function, &[&format, tuple], thread)
}

/// `__format__`: `str()`, or `strftime` as the object has it.
pub fn format(object: &Object, format: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let text = super::arguments::text_argument(format, "__format__", 1, thread)?;
    if text.length() == 0 {
        return protocol::str(object, thread).map(Py::into_object);
    }
    let name = thread.intern_text("strftime");
    protocol::call_method(object, &name, &[format], thread)
}

/// `strptime`: the function of `_strptime` that makes instances of a class.
pub fn strptime(
    class: &Object,
    function: &str,
    text: &Object,
    format: &Object,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    super::arguments::text_argument(text, "strptime", 1, thread)?;
    super::arguments::text_argument(format, "strptime", 2, thread)?;
    let function = imported("_strptime", function, thread)?;
    protocol::call(&function, &[class, text, format], thread)
}

/// A pickle's state.
pub fn reduced(object: &Object, state: &[u8], zone: Option<Py<Object>>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let state = builtins::bytes::Bytes::from_slice(state, thread).into_object();
    let mut arguments = vec![state];
    arguments.extend(zone);
    let arguments = Tuple::new(arguments, thread)?.into_object();
    Tuple::new(vec![Py::from_ref(object.class()).into_object(), arguments], thread)
}
