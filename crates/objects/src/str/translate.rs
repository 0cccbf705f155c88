//! `str.translate` and `str.maketrans`.

use text::builder::StrBuilder;
use text::strings::make::{Translated, push_translated};

use super::Str;
use crate::dict::Dict;
use crate::errors::{LookupError, PyResult};
use crate::int::Int;
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;

const BEYOND_UNICODE: i128 = 0x11_0000;

/// What a table says of one character.
enum Entry {
    Same,
    Deleted,
    Point(u32),
    Text(Py<Str>),
}

impl Entry {
    fn as_translated(&self) -> Translated<'_> {
        match self {
            Self::Same => Translated::Same,
            Self::Deleted => Translated::Deleted,
            Self::Point(point) => Translated::Point(*point),
            Self::Text(text) => Translated::Text(text.view()),
        }
    }
}

/// Asks a table for one character.
fn look_up(table: &Object, point: u32, thread: &mut Thread) -> PyResult<Entry> {
    let key = protocol::make_int(i128::from(point), thread);
    let found = protocol::get_item(table, &key, thread);
    let Some(value) = thread.suppress(found, LookupError)? else { return Ok(Entry::Same) };
    if value.is_none() {
        return Ok(Entry::Deleted);
    }
    if let Some(int) = value.downcast::<Int>() {
        return match int.to_i128() {
            Some(point @ 0..BEYOND_UNICODE) => Ok(Entry::Point(point as u32)),
            _ => Err(raise!(thread, ValueError, "character mapping must be in range(0x110000)")),
        };
    }
    match value.downcast_into::<Str>() {
        Ok(text) => Ok(Entry::Text(text)),
        Err(_) => Err(raise!(thread, TypeError, "character mapping must return integer, None or str")),
    }
}

/// `text.translate(table)`. What the table says of an ASCII character is asked once.
pub fn translate(text: &Str, table: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
    const ASCII: usize = 0x80;
    let mut known: [Option<Entry>; ASCII] = [const { None }; ASCII];
    let mut builder = StrBuilder::with_capacity(text.length());
    for index in 0..text.length() {
        let Some(point) = text.code_point(index) else { break };
        if let Some(Some(entry)) = known.get(point as usize) {
            push_translated(&mut builder, point, entry.as_translated());
            continue;
        }
        let entry = look_up(table, point, thread)?;
        push_translated(&mut builder, point, entry.as_translated());
        if let Some(place) = known.get_mut(point as usize) {
            *place = Some(entry);
        }
    }
    Str::from_builder(builder, thread)
}

/// `str.maketrans(x, y, z)`.
pub fn make_table(x: &Object, y: Option<&Str>, z: Option<&Str>, thread: &mut Thread) -> PyResult<Py<Dict>> {
    let table = Dict::new(thread);
    match y {
        Some(y) => fill_from_strings(&table, x, y, z, thread)?,
        None => fill_from_dict(&table, x, thread)?,
    }
    Ok(table)
}

fn fill_from_strings(table: &Dict, x: &Object, y: &Str, z: Option<&Str>, thread: &mut Thread) -> PyResult<()> {
    let Some(x) = x.downcast::<Str>() else {
        let message = "first maketrans argument must be a string if there is a second argument";
        return Err(raise!(thread, TypeError, "{message}"));
    };
    if x.length() != y.length() {
        return Err(raise!(thread, ValueError, "the first two maketrans arguments must have equal length"));
    }
    for (from, to) in x.view().iter().zip(y.view().iter()) {
        let (from, to) = (protocol::make_int(i128::from(from), thread), protocol::make_int(i128::from(to), thread));
        table.set(&from, &to, thread)?;
    }
    for point in z.iter().flat_map(|z| z.view().iter()) {
        let (key, none) = (protocol::make_int(i128::from(point), thread), thread.none());
        table.set(&key, &none, thread)?;
    }
    Ok(())
}

fn fill_from_dict(table: &Dict, x: &Object, thread: &mut Thread) -> PyResult<()> {
    let Some(dict) = x.downcast_exact::<Dict>() else {
        return Err(raise!(thread, TypeError, "if you give only one argument to maketrans it must be a dict"));
    };
    for (key, value) in dict.items_snapshot(thread) {
        let key = match key.downcast::<Str>() {
            Some(text) => match text.code_point(0) {
                Some(point) if text.length() == 1 => protocol::make_int(i128::from(point), thread),
                _ => return Err(raise!(thread, ValueError, "string keys in translatetable must be of length 1")),
            },
            None if key.downcast::<Int>().is_some() => key,
            None => return Err(raise!(thread, TypeError, "keys in translate table mustbe strings or integers")),
        };
        table.set(&key, &value, thread)?;
    }
    Ok(())
}
