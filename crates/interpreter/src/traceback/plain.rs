//! Exceptions as text without help from the library: files, lines and source, no more.
//!
//! It is what remains when the module `traceback` cannot be imported or fails, and what reports of unraisable exceptions are made of.

use std::collections::HashMap;
use std::fmt::Write as _;

use objects::errors::BaseException;
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Type;

use super::Traceback;

/// Equal lines in a row that are printed before the rest is only counted.
const REPEATED_SHOWN: usize = 3;

/// Entries of a traceback that are printed: the last ones.
const MOST_ENTRIES: usize = 1000;

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

/// An exception with those that led to it.
pub(super) fn format(exception: &BaseException, thread: &mut Thread) -> String {
    // The chain may be a circle; it is printed from its far end.
    let mut chain: Vec<(Py<BaseException>, &str)> = Vec::new();
    let mut next = Some((Py::from_ref(exception), ""));
    while let Some((it, relation)) = next {
        if chain.iter().any(|(seen, _)| seen.is(&it)) {
            break;
        }
        next = match (it.cause(), it.context()) {
            (Some(cause), _) => Some((cause, CAUSE)),
            (None, Some(context)) if !it.suppresses_context() => Some((context, CONTEXT)),
            _ => None,
        };
        chain.push((it, relation));
    }
    let mut text = String::new();
    for (exception, relation) in chain.iter().rev() {
        if let Some(traceback) = exception.traceback() {
            text.push_str(&format_traceback(&traceback, thread));
        }
        text.push_str(&format_exception_only(exception, thread));
        text.push_str(relation);
    }
    text
}

/// `Traceback (most recent call last):` and the entries.
pub fn format_traceback(traceback: &Object, thread: &mut Thread) -> String {
    let mut entries = Vec::new();
    let mut next = traceback.downcast::<Traceback>().map(Py::from_ref);
    while let Some(it) = next {
        entries.push(entry(&it, thread));
        next = it.next();
    }
    let skipped = entries.len().saturating_sub(MOST_ENTRIES);
    let mut text = String::from("Traceback (most recent call last):\n");
    let shows_source = can_open_files(thread);
    let mut sources = Sources::default();
    let mut repeated = 0;
    let mut previous: Option<&Entry> = None;
    for entry in &entries[skipped..] {
        repeated = if previous == Some(entry) { repeated + 1 } else { end_of_run(repeated, &mut text) };
        if repeated < REPEATED_SHOWN {
            sources.push_entry(entry, shows_source, &mut text);
        }
        previous = Some(entry);
    }
    end_of_run(repeated, &mut text);
    text
}

/// CPython reads sources with `io.open`, and so no longer once that or the modules are gone.
fn can_open_files(thread: &mut Thread) -> bool {
    let Some(modules) = thread.interpreter().modules.get().filter(|it| it.length() > 0) else { return false };
    let (io, open) = (thread.intern_text("io"), thread.intern_text("open"));
    let Some(io) = modules.get_str(&io, thread) else { return true };
    match protocol::lookup_attribute(&io, &open, thread) {
        Ok(found) => found.is_some(),
        Err(raised) => {
            drop(thread.catch(raised));
            false
        }
    }
}

/// Says how many equal entries were left out; zero is the new count.
fn end_of_run(repeated: usize, text: &mut String) -> usize {
    if repeated >= REPEATED_SHOWN {
        let more = repeated + 1 - REPEATED_SHOWN;
        let plural = if more == 1 { "" } else { "s" };
        let _ = writeln!(text, "  [Previous line repeated {more} more time{plural}]");
    }
    0
}

/// Where one frame stood.
#[derive(PartialEq)]
struct Entry {
    file: String,
    line: Option<i32>,
    function: String,
}

fn entry(traceback: &Traceback, thread: &mut Thread) -> Entry {
    let code = traceback.frame().map(|it| it.code(thread));
    let line = traceback.line(thread);
    let (Some(Ok(code)), Ok(line)) = (code, line) else {
        drop(thread.take_exception());
        return Entry { file: "?".to_owned(), line: None, function: "?".to_owned() };
    };
    Entry { file: code.filename().to_string_lossy(), line, function: code.name().to_string_lossy() }
}

/// The source files that were read.
#[derive(Default)]
struct Sources(HashMap<String, Option<Vec<String>>>);

impl Sources {
    fn push_entry(&mut self, entry: &Entry, shows_source: bool, text: &mut String) {
        let line = entry.line.map_or_else(|| "?".to_owned(), |it| it.to_string());
        let _ = writeln!(text, "  File \"{}\", line {line}, in {}", entry.file, entry.function);
        if shows_source && let Some(source) = self.line(entry) {
            let _ = writeln!(text, "    {source}");
        }
    }

    fn line(&mut self, entry: &Entry) -> Option<&str> {
        let lines = self.0.entry(entry.file.clone()).or_insert_with(|| {
            let bytes = std::fs::read(&entry.file).ok()?;
            Some(String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect())
        });
        let index = usize::try_from(entry.line?).ok()?.checked_sub(1)?;
        let line = lines.as_ref()?.get(index)?.trim_matches([' ', '\t', '\x0c']);
        (!line.is_empty()).then_some(line)
    }
}

/// `Kind: message`, and the notes.
pub(super) fn format_exception_only(exception: &BaseException, thread: &mut Thread) -> String {
    let mut text = qualified_name(exception.class(), thread);
    match protocol::str(exception, thread) {
        Ok(message) if message.length() == 0 => {}
        Ok(message) => {
            let _ = write!(text, ": {}", message.to_string_lossy());
        }
        Err(raised) => {
            drop(thread.catch(raised));
            text.push_str(": <exception str() failed>");
        }
    }
    text.push('\n');
    push_notes(exception, &mut text, thread);
    text
}

fn push_notes(exception: &BaseException, text: &mut String, thread: &mut Thread) {
    let notes = match protocol::lookup_attribute(exception, &names::__notes__, thread) {
        Ok(Some(notes)) => protocol::collect(&notes, thread),
        Ok(None) => return,
        Err(raised) => Err(raised),
    };
    let notes = match notes {
        Ok(notes) => notes,
        Err(raised) => return drop(thread.catch(raised)),
    };
    for note in notes {
        match protocol::str(&note, thread) {
            Ok(note) => {
                let _ = writeln!(text, "{}", note.to_string_lossy());
            }
            Err(raised) => {
                drop(thread.catch(raised));
                text.push_str("<note str() failed>\n");
            }
        }
    }
}

/// The class's name, with the module's unless that is `builtins` or `__main__`.
pub(super) fn qualified_name(class: &Type, thread: &mut Thread) -> String {
    let name = class.qualified_name();
    if !class.is_heap_type() {
        return name;
    }
    let module = class.dict(thread).get_str(&names::__module__, thread);
    match module.as_ref().and_then(|it| it.downcast::<Str>()) {
        Some(module) if module.equals_text("builtins") || module.equals_text("__main__") => name,
        Some(module) => format!("{}.{name}", module.to_string_lossy()),
        None => format!("<unknown>.{name}"),
    }
}
