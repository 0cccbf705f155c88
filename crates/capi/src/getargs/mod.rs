//! `modsupport.h`: parsing arguments by a format: `PyArg_ParseTuple`, `PyArg_ParseTupleAndKeywords` and their kin.
//!
//! `convert` has the units of a format (`i`, `s#`, `O!`, …); here are the ways in: a tuple ([`parse_tuple`]), and named arguments
//! (`keywords`). What a failed parse has taken already (buffers, text that was made) is given back.

mod convert;
mod keywords;

use std::ffi::{CStr, c_char, c_int};

use layout::PyObject;
use objects::errors::PyResult;
use objects::raise;
use objects::refs::Object;
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::abstract_number::Converted;
use crate::entry::{Nothing, enter, export};
use crate::variadic::{VaList, variadic};

use convert::{Failure, Parse};

/// A format, taken apart: the units, and what messages say.
struct Format<'a> {
    units: &'a [u8],
    /// After `:`: the function's name.
    function: Option<&'a str>,
    /// After `;`: the message that takes the place of others.
    message: Option<&'a str>,
    least: usize,
    most: usize,
}

impl<'a> Format<'a> {
    /// # Safety
    /// The pointer is to a C string that outlives the result.
    unsafe fn read(format: *const c_char, thread: &mut Thread) -> PyResult<Format<'a>> {
        // SAFETY: passed on to the caller.
        let bytes = unsafe { CStr::from_ptr(format) }.to_bytes();
        let end = bytes.iter().position(|it| matches!(it, b':' | b';')).unwrap_or(bytes.len());
        let (units, rest) = bytes.split_at(end);
        let text = rest.get(1..).and_then(|it| std::str::from_utf8(it).ok());
        let is_name = rest.first() == Some(&b':');
        let (mut level, mut most, mut least) = (0, 0, None);
        for (index, unit) in units.iter().enumerate() {
            match unit {
                b'(' => {
                    most += usize::from(level == 0);
                    level += 1;
                }
                b')' if level == 0 => return Err(raise!(thread, SystemError, "excess ')' in getargs format")),
                b')' => level -= 1,
                b'|' if level == 0 => least = Some(most),
                // `e` goes before the `s` or `t` that counts.
                b'e' if matches!(units.get(index + 1), Some(b's' | b't')) => {}
                it if it.is_ascii_alphabetic() => most += usize::from(level == 0),
                _ => {}
            }
        }
        if level != 0 {
            return Err(raise!(thread, SystemError, "missing ')' in getargs format"));
        }
        Ok(Format {
            units,
            function: text.filter(|_| is_name),
            message: text.filter(|_| !is_name && !rest.is_empty()),
            least: least.unwrap_or(most),
            most,
        })
    }

    /// `name()` or `function`, as messages begin.
    fn subject(&self) -> String {
        self.function.map_or_else(|| "function".to_owned(), |it| format!("{it}()"))
    }

    /// TypeError for a conversion that failed, unless an exception is set already.
    fn raise(&self, failure: Failure, argument: usize, thread: &mut Thread) -> objects::errors::Raised {
        let Failure::Message(text, levels) = failure else { return thread.raised_elsewhere() };
        if let Some(message) = self.message {
            return raise!(thread, TypeError, "{message}");
        }
        let mut shown = self.function.map_or_else(String::new, |it| format!("{it}() "));
        shown.push_str("argument");
        if argument > 0 {
            shown.push_str(&format!(" {argument}"));
            for level in levels {
                shown.push_str(&format!(", item {level}"));
            }
        }
        if text.starts_with('(') {
            return raise!(thread, SystemError, "{shown} {text}");
        }
        raise!(thread, TypeError, "{shown} {text}")
    }
}

/// Parses positional arguments.
///
/// # Safety
/// The arguments of the list fit the format.
unsafe fn parse_positional(
    arguments: &[&Object],
    format: *const c_char,
    list: &mut VaList,
    thread: &mut Thread,
) -> PyResult<Converted> {
    // SAFETY: passed on to the caller.
    let format = unsafe { Format::read(format, thread)? };
    let count = arguments.len();
    let subject = format.subject();
    if format.most == 0 {
        if count == 0 {
            return Ok(Converted(true));
        }
        return Err(match format.message {
            Some(message) => raise!(thread, TypeError, "{message}"),
            None => raise!(thread, TypeError, "{subject} takes no arguments"),
        });
    }
    if count < format.least || format.most < count {
        if let Some(message) = format.message {
            return Err(raise!(thread, TypeError, "{message}"));
        }
        let limit = if count < format.least { format.least } else { format.most };
        let bound = match () {
            () if format.least == format.most => "exactly",
            () if count < format.least => "at least",
            () => "at most",
        };
        let plural = if limit == 1 { "" } else { "s" };
        return Err(raise!(thread, TypeError, "{subject} takes {bound} {limit} argument{plural} ({count} given)"));
    }
    let mut parse = Parse::new(format.units, list);
    for (index, argument) in arguments.iter().enumerate() {
        parse.skip_marks();
        // SAFETY: passed on to the caller.
        if let Err(failure) = unsafe { parse.item(argument, thread) } {
            parse.give_back(thread);
            return Err(format.raise(failure, index + 1, thread));
        }
    }
    if !parse.ends_well() {
        parse.give_back(thread);
        let rest = String::from_utf8_lossy(parse.rest()).into_owned();
        return Err(raise!(thread, SystemError, "bad format string: {rest}"));
    }
    Ok(Converted(true))
}

/// `PyArg_VaParse`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyArg_VaParse(
    arguments: *mut PyObject,
    format: *const c_char,
    list: *mut VaList,
) -> c_int {
    enter(|thread| {
        // SAFETY: C's caller passes a tuple.
        let Some(tuple) = (unsafe { Object::from_pointer(arguments) }).and_then(|it| it.downcast::<Tuple>()) else {
            return Err(raise!(thread, SystemError, "new style getargs format but argument is not a tuple"));
        };
        let items: Vec<&Object> = tuple.items().iter().map(|it| &**it).collect();
        // SAFETY: C's caller passes places that fit the format.
        unsafe { parse_positional(&items, format, &mut *list, thread) }
    })
}

/// `PyArg_Parse`: the object itself is the one argument.
///
/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn parse_object(object: *mut PyObject, format: *const c_char, list: *mut VaList) -> c_int {
    enter(|thread| {
        // SAFETY: C's caller passes an object or null, a format, and places that fit it.
        let (object, list) = unsafe { (Object::from_pointer(object), &mut *list) };
        // SAFETY: as above.
        let format = unsafe { Format::read(format, thread)? };
        let subject = format.subject();
        match object {
            None if format.most == 0 => Ok(Converted(true)),
            Some(_) if format.most == 0 => Err(raise!(thread, TypeError, "{subject} takes no arguments")),
            _ if format.least != 1 || format.most != 1 => {
                Err(raise!(thread, SystemError, "old style getargs format uses new features"))
            }
            None => Err(raise!(thread, TypeError, "{subject} takes at least one argument")),
            Some(object) => {
                let mut parse = Parse::new(format.units, list);
                // SAFETY: as above.
                match unsafe { parse.item(object, thread) } {
                    Ok(()) => Ok(Converted(true)),
                    Err(failure) => {
                        parse.give_back(thread);
                        Err(format.raise(failure, 0, thread))
                    }
                }
            }
        }
    })
}

/// `_PyArg_ParseStack`.
///
/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn parse_stack(
    arguments: *const *mut PyObject,
    count: isize,
    format: *const c_char,
    list: *mut VaList,
) -> c_int {
    enter(|thread| {
        let items: &[&Object] = match count {
            0 => &[],
            // SAFETY: C's caller passes so many objects; `&Object` is a non-null object pointer.
            _ => unsafe { std::slice::from_raw_parts(arguments.cast(), count as usize) },
        };
        // SAFETY: C's caller passes places that fit the format.
        unsafe { parse_positional(items, format, &mut *list, thread) }
    })
}

variadic! {
    fn PyArg_ParseTuple = PyArg_VaParse, 2;
    fn _PyArg_ParseTuple_SizeT = PyArg_VaParse, 2;
    fn PyArg_Parse = parse_object, 2;
    fn _PyArg_Parse_SizeT = parse_object, 2;
    fn _PyArg_ParseStack = parse_stack, 3;
}

export! { thread;
    fn _PyArg_BadArgument(function: &CStr, name: &CStr, expected: &CStr, argument: &Object) -> Nothing {
        let texts = [function, name, expected].map(crate::entry::text);
        let [function, name, expected] = texts;
        let found = convert::kind_of(argument);
        Err(raise!(thread, TypeError, "{function}() {name} must be {expected}, not {found}"))
    }

    fn _PyArg_CheckPositional(name: Option<&CStr>, count: isize, least: isize, most: isize) -> Converted {
        let name = name.map(crate::entry::text);
        crate::build_value::check_positional(name.as_deref(), count, least, most, thread)?;
        Ok(Converted(true))
    }

    fn _PyArg_NoKeywords(function: &CStr, keywords: Option<&Object>) -> Converted {
        match keywords.and_then(|it| it.downcast::<objects::dict::Dict>()) {
            Some(keywords) if keywords.length() > 0 => {
                let function = crate::entry::text(function);
                Err(raise!(thread, TypeError, "{function}() takes no keyword arguments"))
            }
            _ => Ok(Converted(true)),
        }
    }

    fn _PyArg_NoKwnames(function: &CStr, names: Option<&Object>) -> Converted {
        match names.and_then(|it| it.downcast::<Tuple>()) {
            Some(names) if names.length() > 0 => {
                let function = crate::entry::text(function);
                Err(raise!(thread, TypeError, "{function}() takes no keyword arguments"))
            }
            _ => Ok(Converted(true)),
        }
    }

    fn _PyArg_NoPositional(function: &CStr, arguments: Option<&Object>) -> Converted {
        match arguments.and_then(|it| it.downcast::<Tuple>()) {
            Some(arguments) if arguments.length() > 0 => {
                let function = crate::entry::text(function);
                Err(raise!(thread, TypeError, "{function}() takes no positional arguments"))
            }
            _ => Ok(Converted(true)),
        }
    }

    fn PyArg_ValidateKeywordArguments(keywords: Option<&Object>) -> Converted {
        let Some(keywords) = keywords.and_then(|it| it.downcast::<objects::dict::Dict>()) else {
            return crate::entry::bad_internal_call(thread);
        };
        if keywords.has_only_strings() {
            return Ok(Converted(true));
        }
        Err(raise!(thread, TypeError, "keywords must be strings"))
    }
}
