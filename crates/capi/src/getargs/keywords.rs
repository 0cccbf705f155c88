//! Named arguments: `PyArg_ParseTupleAndKeywords`, and what code that Argument Clinic made calls (`_PyArg_Parser`).

use std::ffi::{CStr, c_char, c_int};

use layout::PyObject;
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use super::Format;
use super::convert::Parse;
use crate::abstract_number::Converted;
use crate::entry::enter;
use crate::variadic::{VaList, variadic};

/// C's `_PyArg_Parser`, of which only what the caller fills in is read.
#[repr(C)]
pub struct Parser {
    format: *const c_char,
    keywords: *const *const c_char,
    function: *const c_char,
    custom_message: *const c_char,
    once: u8,
    is_kwtuple_owned: c_int,
    position_only: c_int,
    least: c_int,
    most: c_int,
    names: *mut PyObject,
    next: *mut Parser,
}

/// The arguments of a call.
struct Arguments<'a> {
    positional: Vec<&'a Object>,
    named: Vec<(Py<Object>, Py<Object>)>,
}

impl Arguments<'_> {
    fn find(&self, name: &str) -> Option<&Object> {
        let same = |key: &Object| key.downcast::<Str>().is_some_and(|it| it.equals_text(name));
        self.named.iter().find(|(key, _)| same(key)).map(|(_, value)| &**value)
    }
}

/// The names of the parameters; those of positional-only ones are empty.
///
/// # Safety
/// The array ends with null, and holds C strings.
unsafe fn names_of(keywords: *const *const c_char) -> Vec<String> {
    let mut names = Vec::new();
    // SAFETY: passed on to the caller.
    unsafe {
        while let name = keywords.add(names.len()).read()
            && !name.is_null()
        {
            names.push(crate::entry::text(CStr::from_ptr(name)));
        }
    }
    names
}

/// How many parameters must be given, and how many may be given by position: `|` and `$` in the format.
fn limits(units: &[u8]) -> (Option<usize>, Option<usize>) {
    let (mut level, mut count, mut least, mut most) = (0, 0, None, None);
    for (index, unit) in units.iter().enumerate() {
        match unit {
            b'(' => {
                count += usize::from(level == 0);
                level += 1;
            }
            b')' => level -= 1,
            b'|' => least = Some(count),
            b'$' => most = Some(count),
            b'e' if matches!(units.get(index + 1), Some(b's' | b't')) => {}
            it if it.is_ascii_alphabetic() && level == 0 => count += 1,
            _ => {}
        }
    }
    (least, most)
}

/// SystemError for `|` and `$` that stand where they should not.
fn check_marks(units: &[u8], thread: &mut Thread) -> PyResult<()> {
    let mut seen = (false, false);
    for unit in units {
        let problem = match (unit, seen) {
            (b'|', (true, _)) => "(| specified twice)",
            (b'|', (_, true)) => "($ before |)",
            (b'$', (_, true)) => "($ specified twice)",
            _ => {
                seen = (seen.0 || *unit == b'|', seen.1 || *unit == b'$');
                continue;
            }
        };
        return Err(raise!(thread, SystemError, "Invalid format string {problem}"));
    }
    Ok(())
}

/// Reads all arguments into their places.
///
/// # Safety
/// The places fit the format.
unsafe fn parse(
    arguments: &Arguments<'_>,
    format: *const c_char,
    names: &[String],
    list: &mut VaList,
    thread: &mut Thread,
) -> PyResult<Converted> {
    // SAFETY: passed on to the caller.
    let format = unsafe { Format::read(format, thread)? };
    let only = names.iter().take_while(|it| it.is_empty()).count();
    if names[only..].iter().any(String::is_empty) {
        return Err(raise!(thread, SystemError, "Empty keyword parameter name"));
    }
    check_marks(format.units, thread)?;
    let (least, most) = limits(format.units);
    if most.is_some_and(|it| it < only) {
        return Err(raise!(thread, SystemError, "Empty parameter name after $"));
    }
    let (total, count, named) = (names.len(), arguments.positional.len(), arguments.named.len());
    let (least, most) = (least.unwrap_or(total), most.unwrap_or(total));
    let subject = format.subject();
    if count + named > total {
        let kind = if count == 0 { "keyword " } else { "" };
        let (plural, given) = (if total == 1 { "" } else { "s" }, count + named);
        return Err(raise!(
            thread,
            TypeError,
            "{subject} takes at most {total} {kind}argument{plural} ({given} given)"
        ));
    }
    if count > most {
        return Err(too_many_positional(&subject, least, most, total, count, thread));
    }
    let mut parse = Parse::new(format.units, list);
    let mut left = named;
    for (index, name) in names.iter().enumerate() {
        parse.skip_marks();
        if parse.rest().is_empty() {
            parse.give_back(thread);
            return Err(raise!(
                thread,
                SystemError,
                "More keyword list entries ({total}) than format specifiers ({index})"
            ));
        }
        let by_name = if name.is_empty() || left == 0 { None } else { arguments.find(name) };
        let argument = match (arguments.positional.get(index), by_name) {
            (Some(_), Some(_)) => {
                parse.give_back(thread);
                let place = index + 1;
                return Err(raise!(
                    thread,
                    TypeError,
                    "argument for {subject} given by name ('{name}') and position ({place})"
                ));
            }
            (Some(argument), None) => Some(*argument),
            (None, Some(argument)) => {
                left -= 1;
                Some(argument)
            }
            (None, None) => None,
        };
        if let Some(argument) = argument {
            // SAFETY: passed on to the caller.
            if let Err(failure) = unsafe { parse.item(argument, thread) } {
                parse.give_back(thread);
                return Err(format.raise(failure, index + 1, thread));
            }
            continue;
        }
        if index < least {
            parse.give_back(thread);
            return Err(missing(&format, &subject, name, [index, only, least, most, count], thread));
        }
        // SAFETY: passed on to the caller.
        if let Err(problem) = unsafe { parse.skip() } {
            parse.give_back(thread);
            let rest = String::from_utf8_lossy(parse.rest()).into_owned();
            return Err(raise!(thread, SystemError, "{problem}: '{rest}'"));
        }
    }
    // What follows a mark has never been looked at; there are modules that rely on it.
    if !matches!(parse.rest(), [] | [b'|' | b'$', ..]) {
        parse.give_back(thread);
        let rest = String::from_utf8_lossy(parse.rest()).into_owned();
        return Err(raise!(
            thread,
            SystemError,
            "more argument specifiers than keyword list entries (remaining format:'{rest}')"
        ));
    }
    if left > 0
        && let Err(raised) = check_names(arguments, names, only, &subject, thread)
    {
        parse.give_back(thread);
        return Err(raised);
    }
    Ok(Converted(true))
}

fn too_many_positional(
    subject: &str,
    least: usize,
    most: usize,
    total: usize,
    count: usize,
    thread: &mut Thread,
) -> Raised {
    if most == 0 {
        return raise!(thread, TypeError, "{subject} takes no positional arguments");
    }
    let bound = if least < total { "at most" } else { "exactly" };
    let plural = if most == 1 { "" } else { "s" };
    raise!(thread, TypeError, "{subject} takes {bound} {most} positional argument{plural} ({count} given)")
}

/// TypeError for a parameter that was not given: its place, how many are positional-only, required, positional, and how many were given.
fn missing(
    format: &Format<'_>,
    subject: &str,
    name: &str,
    [index, only, least, most, count]: [usize; 5],
    thread: &mut Thread,
) -> Raised {
    if let Some(message) = format.message {
        return raise!(thread, TypeError, "{message}");
    }
    if index < only {
        let needed = only.min(least);
        let bound = if needed < most { "at least" } else { "exactly" };
        let plural = if needed == 1 { "" } else { "s" };
        return raise!(
            thread,
            TypeError,
            "{subject} takes {bound} {needed} positional argument{plural} ({count} given)"
        );
    }
    let place = index + 1;
    raise!(thread, TypeError, "{subject} missing required argument '{name}' (pos {place})")
}

/// TypeError for a name that no parameter has.
fn check_names(
    arguments: &Arguments<'_>,
    names: &[String],
    only: usize,
    subject: &str,
    thread: &mut Thread,
) -> PyResult<()> {
    for (key, _) in &arguments.named {
        let Some(key) = key.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "keywords must be strings"));
        };
        if !names[only..].iter().any(|it| key.equals_text(it)) {
            let mut message = text::builder::StrBuilder::new();
            message.push_str(if subject == "function" { "this function" } else { subject });
            message.push_str(" got an unexpected keyword argument '");
            message.push_view(key.view());
            message.push_str("'");
            let message = Str::from_builder(message, thread)?;
            return Err(thread.raise_with_argument(objects::errors::TypeError, message.into_object()));
        }
    }
    Ok(())
}

/// The arguments of a call with a tuple and a dict.
///
/// # Safety
/// The pointers are to objects or null, which outlive the result.
unsafe fn of_tuple<'a>(
    positional: *mut PyObject,
    named: *mut PyObject,
    thread: &mut Thread,
) -> PyResult<Arguments<'a>> {
    // SAFETY: passed on to the caller.
    let (positional, named) = unsafe { (Object::from_pointer(positional), Object::from_pointer(named)) };
    let Some(positional) = positional.and_then(|it| it.downcast::<Tuple>()) else {
        return crate::entry::bad_internal_call(thread);
    };
    let named = match named {
        None => Vec::new(),
        Some(named) => match named.downcast::<Dict>() {
            Some(named) => named.items_snapshot(thread),
            None => return crate::entry::bad_internal_call(thread),
        },
    };
    Ok(Arguments { positional: positional.items().iter().map(|it| &**it).collect(), named })
}

/// The arguments of a vectorcall.
///
/// # Safety
/// By the vectorcall protocol.
unsafe fn of_vector<'a>(values: *const *mut PyObject, count: isize, names: *mut PyObject) -> Arguments<'a> {
    // SAFETY: passed on to the caller.
    let (values, names) =
        unsafe { objects::descriptors::convention::vector_arguments::<'a>(values, count as usize, names) };
    let (positional, named) = values.split_at(count as usize);
    let names = names.map_or(&[][..], Tuple::items);
    let named = names.iter().zip(named).map(|(name, value)| (name.clone(), Py::from_ref(*value))).collect();
    Arguments { positional: positional.to_vec(), named }
}

/// `PyArg_VaParseTupleAndKeywords`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyArg_VaParseTupleAndKeywords(
    positional: *mut PyObject,
    named: *mut PyObject,
    format: *const c_char,
    keywords: *const *const c_char,
    list: *mut VaList,
) -> c_int {
    enter(|thread| {
        if format.is_null() || keywords.is_null() {
            return crate::entry::bad_internal_call(thread);
        }
        // SAFETY: C's caller passes a tuple, a dict or null, a format, names, and places that fit them.
        unsafe {
            let arguments = of_tuple(positional, named, thread)?;
            parse(&arguments, format, &names_of(keywords), &mut *list, thread)
        }
    })
}

/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn parse_fast(
    positional: *mut PyObject,
    named: *mut PyObject,
    parser: *const Parser,
    list: *mut VaList,
) -> c_int {
    // SAFETY: passed on to the caller.
    enter(|thread| unsafe {
        let arguments = of_tuple(positional, named, thread)?;
        parse(&arguments, (*parser).format, &names_of((*parser).keywords), &mut *list, thread)
    })
}

/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn parse_vector(
    values: *const *mut PyObject,
    count: isize,
    names: *mut PyObject,
    parser: *const Parser,
    list: *mut VaList,
) -> c_int {
    // SAFETY: passed on to the caller.
    enter(|thread| unsafe {
        let arguments = of_vector(values, count, names);
        parse(&arguments, (*parser).format, &names_of((*parser).keywords), &mut *list, thread)
    })
}

variadic! {
    fn PyArg_ParseTupleAndKeywords = PyArg_VaParseTupleAndKeywords, 4;
    fn _PyArg_ParseTupleAndKeywords_SizeT = PyArg_VaParseTupleAndKeywords, 4;
    fn _PyArg_ParseTupleAndKeywordsFast = parse_fast, 3;
    fn _PyArg_ParseStackAndKeywords = parse_vector, 4;
}

/// What the caller of `_PyArg_UnpackKeywords` wants.
struct Wanted {
    least_positional: usize,
    most_positional: usize,
    least_named: usize,
    var_positional: bool,
}

/// `_PyArg_UnpackKeywords`: the arguments in the order of the parameters, null for those that were not given.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyArg_UnpackKeywords(
    values: *const *mut PyObject,
    count: isize,
    named: *mut PyObject,
    names: *mut PyObject,
    parser: *const Parser,
    least_positional: c_int,
    most_positional: c_int,
    least_named: c_int,
    var_positional: c_int,
    buffer: *mut *mut PyObject,
) -> *const *mut PyObject {
    let wanted = Wanted {
        least_positional: least_positional as usize,
        most_positional: most_positional as usize,
        least_named: least_named as usize,
        var_positional: var_positional != 0,
    };
    enter(|thread| -> PyResult<*const *mut PyObject> {
        // SAFETY: C's caller passes the arguments of a call, by tuple and dict or as a vector.
        let arguments = unsafe {
            let mut arguments = of_vector(values, count, names);
            if let Some(named) = Object::from_pointer(named).and_then(|it| it.downcast::<Dict>()) {
                arguments.named = named.items_snapshot(thread);
            }
            arguments
        };
        // SAFETY: C's caller passes a parser with the names of the parameters.
        let (parameters, function) = unsafe {
            let function = (*parser).function;
            let name = if function.is_null() { None } else { Some(crate::entry::text(CStr::from_ptr(function))) };
            (names_of((*parser).keywords), name)
        };
        let slots = unpack(&arguments, &parameters, function.as_deref(), &wanted, thread)?;
        for (index, slot) in slots.iter().enumerate() {
            // SAFETY: the buffer has room for as many as there are parameters.
            unsafe { buffer.add(index).write(slot.map_or(std::ptr::null_mut(), Object::as_pointer)) };
        }
        Ok(buffer)
    })
}

fn unpack<'a>(
    arguments: &'a Arguments<'a>,
    names: &[String],
    function: Option<&str>,
    wanted: &Wanted,
    thread: &mut Thread,
) -> PyResult<Vec<Option<&'a Object>>> {
    let only = names.iter().take_while(|it| it.is_empty()).count();
    let subject = function.map_or_else(|| "function".to_owned(), |it| format!("{it}()"));
    let (total, count, named) = (names.len(), arguments.positional.len(), arguments.named.len());
    let least_named = wanted.least_named;
    let required = if least_named > 0 { wanted.most_positional + least_named } else { wanted.least_positional };
    if !wanted.var_positional && count + named > total {
        let kind = if count == 0 { "keyword " } else { "" };
        let (plural, given) = (if total == 1 { "" } else { "s" }, count + named);
        return Err(raise!(
            thread,
            TypeError,
            "{subject} takes at most {total} {kind}argument{plural} ({given} given)"
        ));
    }
    if !wanted.var_positional && count > wanted.most_positional {
        let most = wanted.most_positional;
        if most == 0 {
            return Err(raise!(thread, TypeError, "{subject} takes no positional arguments"));
        }
        let bound = if required < total { "at most" } else { "exactly" };
        let plural = if most == 1 { "" } else { "s" };
        return Err(raise!(
            thread,
            TypeError,
            "{subject} takes {bound} {most} positional argument{plural} ({count} given)"
        ));
    }
    if count < only.min(wanted.least_positional) || count < wanted.least_positional && wanted.least_positional <= only {
        let least = wanted.least_positional;
        let bound = if wanted.var_positional || least < wanted.most_positional { "at least" } else { "exactly" };
        let plural = if least == 1 { "" } else { "s" };
        return Err(raise!(
            thread,
            TypeError,
            "{subject} takes {bound} {least} positional argument{plural} ({count} given)"
        ));
    }
    let positional = count.min(wanted.most_positional);
    let mut slots: Vec<Option<&Object>> = arguments.positional[..positional].iter().map(|it| Some(*it)).collect();
    let mut left = named;
    for (index, name) in names.iter().enumerate().skip(positional) {
        let found = if name.is_empty() || left == 0 { None } else { arguments.find(name) };
        if found.is_some() {
            left -= 1;
        } else if index < wanted.least_positional || wanted.most_positional <= index && index < required {
            let place = index + 1;
            return Err(raise!(thread, TypeError, "{subject} missing required argument '{name}' (pos {place})"));
        }
        slots.push(found);
    }
    if left > 0 {
        for (index, name) in names.iter().enumerate().take(positional).skip(only) {
            if arguments.find(name).is_some() {
                let place = index + 1;
                let message = format_args!("argument for {subject} given by name ('{name}') and position ({place})");
                return Err(thread.raise_message(objects::errors::TypeError, message));
            }
        }
        check_names(arguments, names, only, &subject, thread)?;
    }
    Ok(slots)
}
