//! The texts in method tables: an optional text signature, the line `--`, and the documentation.

use std::ffi::{CStr, c_char};

use layout::{METH_CLASS, METH_COEXIST, METH_NOARGS, METH_O, METH_STATIC, PyMethodDef};

/// A table's text, taken apart.
pub struct TableDoc {
    /// `__text_signature__`: `($self, object, /)`.
    pub signature: Option<String>,
    /// `__doc__`; None if there is no text.
    pub doc: Option<String>,
}

impl TableDoc {
    /// Takes the text of the method, function or type of this name apart.
    pub fn parse(name: &str, text: &str) -> Self {
        let short = name.rsplit('.').next().unwrap_or(name);
        let rest = text.strip_prefix(short).filter(|it| it.starts_with('('));
        let parts = rest.and_then(|rest| {
            let end = rest.find(")\n--\n")?;
            // An empty line inside says that this is no signature.
            (!rest[..end].contains("\n\n")).then(|| (&rest[..=end], &rest[end + ")\n--\n".len()..]))
        });
        let (signature, doc) = match parts {
            Some((signature, doc)) => (Some(signature.to_owned()), doc.strip_prefix('\n').unwrap_or(doc)),
            None => (None, text),
        };
        Self { signature, doc: Some(doc.to_owned()).filter(|it| !it.is_empty()) }
    }

    /// As [`TableDoc::parse`], of C strings; null means no text.
    ///
    /// # Safety
    /// The pointers are null or to C strings.
    pub unsafe fn from_c(name: *const c_char, text: *const c_char) -> Self {
        if text.is_null() {
            return Self { signature: None, doc: None };
        }
        // SAFETY: passed on to the caller.
        unsafe { Self::parse(&text_of(name), &text_of(text)) }
    }
}

impl TableDoc {
    /// Of a function or method. Where its text has no signature, the convention can say what the parameters are.
    ///
    /// # Safety
    /// The definition's texts are null or C strings.
    pub unsafe fn of_definition(definition: &PyMethodDef) -> Self {
        // SAFETY: passed on to the caller.
        let mut found = unsafe { Self::from_c(definition.ml_name, definition.ml_doc) };
        let flags = definition.ml_flags;
        let own = match flags & (METH_CLASS | METH_STATIC) {
            METH_STATIC => None,
            METH_CLASS => Some("$type"),
            _ => Some("$self"),
        };
        let other = match flags & !(METH_CLASS | METH_STATIC | METH_COEXIST) {
            METH_NOARGS => None,
            METH_O => Some("object"),
            _ => return found,
        };
        found.signature = found.signature.or_else(|| {
            let names: Vec<&str> = own.into_iter().chain(other).collect();
            Some(if names.is_empty() { "()".to_owned() } else { format!("({}, /)", names.join(", ")) })
        });
        found
    }
}

/// The text of a C string.
///
/// # Safety
/// The pointer is null or to a C string.
pub unsafe fn text_of(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: passed on to the caller.
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
}
