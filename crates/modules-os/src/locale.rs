//! `_locale`: what the C library knows of languages and customs.
//!
//! The C library keeps one locale for the whole process; nothing of it is kept here.

use std::ffi::{CStr, CString};

use macros::python_module;
use objects::dict::Dict;
use objects::errors::{Exception, PyResult, Raised};
use objects::list::List;
use objects::method::OrNone;
use objects::module::Module;
use objects::protocol::make_int;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::arguments::TextName;
use objects::thread::Thread;
use system::constants::{self, Constant};
use system::exception::{Place, raise_message};
use system::libc_constants;
use system::path::{self, SystemText};

const CATEGORIES: &[Constant] = libc_constants![LC_CTYPE LC_TIME LC_COLLATE LC_MONETARY LC_MESSAGES LC_NUMERIC LC_ALL];

/// What a category of the locale knows, for `nl_langinfo`.
const ITEMS: &[Constant] = libc_constants![
    DAY_1 DAY_2 DAY_3 DAY_4 DAY_5 DAY_6 DAY_7 ABDAY_1 ABDAY_2 ABDAY_3 ABDAY_4 ABDAY_5 ABDAY_6 ABDAY_7
    MON_1 MON_2 MON_3 MON_4 MON_5 MON_6 MON_7 MON_8 MON_9 MON_10 MON_11 MON_12
    ABMON_1 ABMON_2 ABMON_3 ABMON_4 ABMON_5 ABMON_6 ABMON_7 ABMON_8 ABMON_9 ABMON_10 ABMON_11 ABMON_12
    RADIXCHAR THOUSEP CRNCYSTR D_FMT D_T_FMT T_FMT AM_STR PM_STR CODESET T_FMT_AMPM ERA ERA_D_FMT ERA_D_T_FMT ERA_T_FMT
    ALT_DIGITS YESEXPR NOEXPR
];

/// What crate `libc` does not have.
const OTHER_ITEMS: &[Constant] = &[("_DATE_FMT", 131_180)];

/// What an interpreter keeps for this module.
#[derive(Default)]
struct State {
    error: Place,
}

fn error_class(thread: &mut Thread) -> PyResult<Py<Object>> {
    let state = thread.interpreter().extension::<State>();
    state.error.class("locale", "Error", &[Exception], thread)
}

#[cold]
fn raise_error(message: &str, thread: &mut Thread) -> Raised {
    let class = error_class(thread);
    raise_message(class, message, thread)
}

unsafe extern "C" {
    fn wcscoll(first: *const libc::wchar_t, second: *const libc::wchar_t) -> i32;
    fn wcsxfrm(out: *mut libc::wchar_t, text: *const libc::wchar_t, room: usize) -> usize;
    fn gettext(message: *const libc::c_char) -> *mut libc::c_char;
    fn dgettext(domain: *const libc::c_char, message: *const libc::c_char) -> *mut libc::c_char;
    fn dcgettext(domain: *const libc::c_char, message: *const libc::c_char, category: i32) -> *mut libc::c_char;
    fn textdomain(domain: *const libc::c_char) -> *mut libc::c_char;
    fn bindtextdomain(domain: *const libc::c_char, folder: *const libc::c_char) -> *mut libc::c_char;
    fn bind_textdomain_codeset(domain: *const libc::c_char, codeset: *const libc::c_char) -> *mut libc::c_char;
}

/// Text of the C library, which keeps it until its next call.
fn text_of(pointer: *const libc::c_char, thread: &mut Thread) -> PyResult<Py<Str>> {
    // SAFETY: a string of the C library; the interpreter's lock is held meanwhile.
    path::decode(unsafe { CStr::from_ptr(pointer) }.to_bytes(), thread)
}

fn c_string(text: &TextName) -> CString {
    // The argument has been found to have no zeros.
    CString::new(text.0.as_str()).unwrap_or_default()
}

fn or_null(text: Option<&CString>) -> *const libc::c_char {
    text.map_or(std::ptr::null(), |it| it.as_ptr())
}

/// A string as the C library's wide characters.
fn wide(text: &Str, thread: &mut Thread) -> PyResult<Vec<libc::wchar_t>> {
    let mut points: Vec<libc::wchar_t> =
        (0..text.length()).map(|it| text.code_point(it).unwrap_or_default() as libc::wchar_t).collect();
    if points.contains(&0) {
        return Err(raise!(thread, ValueError, "embedded null character"));
    }
    points.push(0);
    Ok(points)
}

/// The sizes of groups of digits: up to one that says «no more» or a zero, which repeats the last.
fn grouping(pointer: *const libc::c_char, thread: &mut Thread) -> PyResult<Py<List>> {
    let list = List::empty(thread);
    // SAFETY: a string of the C library.
    let bytes = unsafe { CStr::from_ptr(pointer) }.to_bytes();
    if bytes.is_empty() {
        return Ok(list);
    }
    let end = bytes.iter().position(|it| *it == libc::c_char::MAX as u8);
    let mut sizes = match end {
        Some(end) => bytes[..=end].to_vec(),
        None => bytes.to_vec(),
    };
    if end.is_none() {
        sizes.push(0);
    }
    for size in sizes {
        let size = make_int(i128::from(size), thread);
        list.push(size, thread)?;
    }
    Ok(list)
}

fn add_texts(result: &Dict, texts: &[(&str, *mut libc::c_char)], thread: &mut Thread) -> PyResult<()> {
    for (name, pointer) in texts {
        let (name, text) = (Str::from_str(name, thread), text_of(*pointer, thread)?);
        result.set_str(&name, &text, thread)?;
    }
    Ok(())
}

fn add_grouping(result: &Dict, name: &str, pointer: *const libc::c_char, thread: &mut Thread) -> PyResult<()> {
    let (name, sizes) = (Str::from_str(name, thread), grouping(pointer, thread)?);
    result.set_str(&name, &sizes, thread)
}

pub struct LocaleModule;

/// Support for POSIX locales.
#[python_module(name = "_locale")]
impl LocaleModule {
    /// setlocale($module, category, locale=None, /)
    /// --
    ///
    /// Activates/queries locale processing.
    #[function]
    fn setlocale(category: i32, locale: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Str>> {
        let name = match locale.filter(|it| !it.is_none()) {
            None => None,
            Some(locale) => match locale.downcast::<Str>() {
                Some(text) => Some(TextName(objects::str::arguments::c_text(text, thread)?)),
                None => {
                    let found = locale.class().short_name();
                    return Err(raise!(thread, TypeError, "setlocale() argument 2 must be str or None, not {found}"));
                }
            },
        };
        let name = name.as_ref().map(c_string);
        // SAFETY: a string or null; a category that does not exist is refused.
        let result = unsafe { libc::setlocale(category, or_null(name.as_ref())) };
        if result.is_null() {
            let message = if name.is_some() { "unsupported locale setting" } else { "locale query failed" };
            return Err(raise_error(message, thread));
        }
        text_of(result, thread)
    }

    /// localeconv($module, /)
    /// --
    ///
    /// Returns numeric and monetary locale-specific parameters.
    #[function]
    fn localeconv(thread: &mut Thread) -> PyResult<Py<Dict>> {
        // SAFETY: the C library's own table, which stays until the locale changes; the interpreter's lock is held meanwhile.
        let table = unsafe { &*libc::localeconv() };
        let result = Dict::new(thread);
        let texts = [
            ("int_curr_symbol", table.int_curr_symbol),
            ("currency_symbol", table.currency_symbol),
            ("mon_decimal_point", table.mon_decimal_point),
            ("mon_thousands_sep", table.mon_thousands_sep),
        ];
        add_texts(&result, &texts, thread)?;
        add_grouping(&result, "mon_grouping", table.mon_grouping, thread)?;
        let signs = [("positive_sign", table.positive_sign), ("negative_sign", table.negative_sign)];
        add_texts(&result, &signs, thread)?;
        let numbers = [
            ("int_frac_digits", table.int_frac_digits),
            ("frac_digits", table.frac_digits),
            ("p_cs_precedes", table.p_cs_precedes),
            ("p_sep_by_space", table.p_sep_by_space),
            ("n_cs_precedes", table.n_cs_precedes),
            ("n_sep_by_space", table.n_sep_by_space),
            ("p_sign_posn", table.p_sign_posn),
            ("n_sign_posn", table.n_sign_posn),
        ];
        for (name, number) in numbers {
            let (name, number) = (Str::from_str(name, thread), make_int(i128::from(number), thread));
            result.set_str(&name, &number, thread)?;
        }
        let separators = [("decimal_point", table.decimal_point), ("thousands_sep", table.thousands_sep)];
        add_texts(&result, &separators, thread)?;
        add_grouping(&result, "grouping", table.grouping, thread)?;
        Ok(result)
    }

    /// strcoll($module, os1, os2, /)
    /// --
    ///
    /// Compares two strings according to the locale.
    #[function]
    fn strcoll(os1: &Str, os2: &Str, thread: &mut Thread) -> PyResult<i32> {
        let (first, second) = (wide(os1, thread)?, wide(os2, thread)?);
        // SAFETY: two strings that end with a zero.
        Ok(unsafe { wcscoll(first.as_ptr(), second.as_ptr()) })
    }

    /// strxfrm($module, string, /)
    /// --
    ///
    /// Return a string that can be used as a key for locale-aware comparisons.
    #[function]
    fn strxfrm(string: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
        let text = wide(string, thread)?;
        // SAFETY: a string that ends with a zero; no room is only asked for the length.
        let length = unsafe { wcsxfrm(std::ptr::null_mut(), text.as_ptr(), 0) };
        if length > isize::MAX as usize / 8 {
            return Err(system::call::raise_last(thread));
        }
        let mut key: Vec<libc::wchar_t> = vec![0; length + 1];
        // SAFETY: as above, with the room that was asked for.
        let length = unsafe { wcsxfrm(key.as_mut_ptr(), text.as_ptr(), key.len()) }.min(length);
        let result: String =
            key[..length].iter().map(|it| char::from_u32(*it as u32).unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        Ok(Str::from_str(&result, thread))
    }

    /// nl_langinfo($module, key, /)
    /// --
    ///
    /// Return the value for the locale information associated with key.
    #[function]
    fn nl_langinfo(key: i32, thread: &mut Thread) -> PyResult<Py<Str>> {
        if !ITEMS.iter().chain(OTHER_ITEMS).any(|(_, item)| *item == i64::from(key)) {
            return Err(raise!(thread, ValueError, "unsupported langinfo constant"));
        }
        // SAFETY: an item that exists.
        text_of(unsafe { libc::nl_langinfo(key) }, thread)
    }

    /// gettext($module, msg, /)
    /// --
    ///
    /// gettext(msg) -> string
    ///
    /// Return translation of msg.
    #[function]
    fn gettext(msg: TextName, thread: &mut Thread) -> PyResult<Py<Str>> {
        let message = c_string(&msg);
        // SAFETY: a string, which the result may be.
        text_of(unsafe { gettext(message.as_ptr()) }, thread)
    }

    /// dgettext($module, domain, msg, /)
    /// --
    ///
    /// dgettext(domain, msg) -> string
    ///
    /// Return translation of msg in domain.
    #[function]
    fn dgettext(domain: OrNone<TextName>, msg: TextName, thread: &mut Thread) -> PyResult<Py<Str>> {
        let (domain, message) = (domain.0.as_ref().map(c_string), c_string(&msg));
        // SAFETY: strings or null; the result may be the message.
        text_of(unsafe { dgettext(or_null(domain.as_ref()), message.as_ptr()) }, thread)
    }

    /// dcgettext($module, domain, msg, category, /)
    /// --
    ///
    /// Return translation of msg in domain and category.
    #[function]
    fn dcgettext(domain: OrNone<TextName>, msg: TextName, category: i32, thread: &mut Thread) -> PyResult<Py<Str>> {
        let (domain, message) = (domain.0.as_ref().map(c_string), c_string(&msg));
        // SAFETY: strings or null; the result may be the message.
        text_of(unsafe { dcgettext(or_null(domain.as_ref()), message.as_ptr(), category) }, thread)
    }

    /// textdomain($module, domain, /)
    /// --
    ///
    /// Set the C library's textdmain to domain, returning the new domain.
    #[function]
    fn textdomain(domain: OrNone<TextName>, thread: &mut Thread) -> PyResult<Py<Str>> {
        let domain = domain.0.as_ref().map(c_string);
        // SAFETY: a string or null.
        let result = unsafe { textdomain(or_null(domain.as_ref())) };
        if result.is_null() {
            return Err(system::call::raise_last(thread));
        }
        text_of(result, thread)
    }

    /// bindtextdomain($module, domain, dir, /)
    /// --
    ///
    /// Bind the C library's domain to dir.
    #[function]
    fn bindtextdomain(domain: TextName, dir: OrNone<SystemText>, thread: &mut Thread) -> PyResult<Py<Str>> {
        if domain.0.is_empty() {
            return Err(raise_error("domain must be a non-empty string", thread));
        }
        let domain = c_string(&domain);
        let folder = dir.0.map(|it| it.0);
        // SAFETY: a string, and a string or null.
        let result = unsafe { bindtextdomain(domain.as_ptr(), or_null(folder.as_ref())) };
        if result.is_null() {
            return Err(system::call::raise_last(thread));
        }
        text_of(result, thread)
    }

    /// bind_textdomain_codeset($module, domain, codeset, /)
    /// --
    ///
    /// Bind the C library's domain to codeset.
    #[function]
    fn bind_textdomain_codeset(
        domain: TextName,
        codeset: OrNone<TextName>,
        thread: &mut Thread,
    ) -> PyResult<Option<Py<Str>>> {
        let (domain, codeset) = (c_string(&domain), codeset.0.as_ref().map(c_string));
        // SAFETY: a string, and a string or null.
        let result = unsafe { bind_textdomain_codeset(domain.as_ptr(), or_null(codeset.as_ref())) };
        if result.is_null() { Ok(None) } else { text_of(result, thread).map(Some) }
    }

    /// getencoding($module, /)
    /// --
    ///
    /// Get the current locale encoding.
    #[function]
    fn getencoding(thread: &mut Thread) -> Py<Str> {
        Str::from_str(&system::locale::encoding(), thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        constants::add(module, CATEGORIES, thread)?;
        constants::add(module, ITEMS, thread)?;
        constants::add(module, OTHER_ITEMS, thread)?;
        constants::add(module, &[("CHAR_MAX", libc::c_char::MAX as i64)], thread)?;
        let error = error_class(thread)?;
        module.set("Error", &error, thread)
    }
}
