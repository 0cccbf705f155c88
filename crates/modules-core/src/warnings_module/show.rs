//! Showing a warning: through `warnings._showwarnmsg`, or plainly on standard error while that module is not imported.

use objects::errors::PyResult;
use objects::int::Int;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Type;
use syntax::source::{Source, SourceOptions};

use super::filter::warnings_attribute;
use super::source_place::Place;

/// A warning that is to be shown.
pub struct Warning<'a> {
    pub text: Py<Object>,
    pub message: Py<Object>,
    pub category: Py<Type>,
    pub source_line: Option<&'a Object>,
    pub source: Option<&'a Object>,
}

pub fn show(warning: &Warning<'_>, place: &Place, thread: &mut Thread) -> PyResult<()> {
    // The Python code can tell where the source of a warning was allocated: worth an import.
    let Some(function) = warnings_attribute("_showwarnmsg", warning.source.is_some(), thread)? else {
        show_plainly(warning, place, thread);
        return Ok(());
    };
    if function.class().slots().tp_call.get().is_none() {
        return Err(raise!(thread, TypeError, "warnings._showwarnmsg() must be set to a callable"));
    }
    let Some(class) = warnings_attribute("WarningMessage", false, thread)? else {
        return Err(raise!(thread, RuntimeError, "unable to get warnings.WarningMessage"));
    };
    let line = Int::from_i64(place.line.into(), thread);
    let none = thread.none();
    let source = warning.source.unwrap_or(&none);
    let arguments: [&Object; 7] = [&warning.message, &warning.category, &place.filename, &line, &none, &none, source];
    let message = protocol::call(&class, &arguments, thread)?;
    protocol::call_one(&function, &message, thread)?;
    Ok(())
}

/// `file:line: category: text`, and the source line. What goes wrong here is not told.
fn show_plainly(warning: &Warning<'_>, place: &Place, thread: &mut Thread) {
    let text = match protocol::str(&warning.text, thread) {
        Ok(text) => text.to_string_lossy(),
        Err(_) => return drop(thread.take_exception()),
    };
    let (file, line, category) = (place.filename.to_string_lossy(), place.line, warning.category.short_name());
    let mut message = format!("{file}:{line}: {category}: {text}\n");
    let source = match warning.source_line {
        Some(line) => protocol::str(line, thread).map(|it| it.to_string_lossy()).ok(),
        None => line_of_file(&file, line),
    };
    drop(thread.take_exception());
    if let Some(source) = source {
        message.push_str(&format!("  {}\n", source.trim_matches([' ', '\t', '\x0c', '\n'])));
    }
    let stderr = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&names::stderr, thread));
    let Some(stderr) = stderr.filter(|it| !it.is_none()) else { return };
    let message = Str::from_str(&message, thread);
    if protocol::call_method(&stderr, &names::write, &[&message], thread).is_err() {
        drop(thread.take_exception());
    }
}

pub fn line_of_file(path: &str, line: i32) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    // The encodings that need no Python code are enough here.
    let options = SourceOptions { add_final_newline: false, refuse_nulls: false, ..SourceOptions::default() };
    let source = Source::from_bytes(&bytes, options, Some(path), &mut |_, _| Err("".into())).ok()?;
    let index = usize::try_from(line).ok()?.checked_sub(1)?;
    source.text().split_inclusive('\n').nth(index).map(str::to_owned)
}
