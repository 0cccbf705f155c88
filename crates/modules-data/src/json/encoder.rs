//! `make_encoder`: what writes a value as one text, by an encoder's options.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{Grow, OrMemoryError, PyResult, Raised, TypeError};
use objects::float::Float;
use objects::int::Int;
use objects::list::List;
use objects::names;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};
use text::builder::StrBuilder;

use super::encode::{Escapes, push_quoted};
use super::{known_escapes, required};

#[derive(Instance)]
#[repr(C)]
pub struct Encoder {
    header: Header,
    /// A dict, by the addresses of the containers that are being written; None for no check.
    markers: Py<Object>,
    default: Py<Object>,
    encoder: Py<Object>,
    indent: Py<Object>,
    key_separator: Py<Object>,
    item_separator: Py<Object>,
    sort_keys: Cell<bool>,
    skip_keys: Cell<bool>,
    allow_nan: Cell<bool>,
}

/// One run of an encoder.
struct Writer<'a> {
    encoder: &'a Encoder,
    escapes: Option<Escapes>,
    indent: Option<&'a Str>,
    key_separator: &'a Str,
    item_separator: &'a Str,
    markers: Option<&'a Dict>,
    out: StrBuilder,
}

/// Adds a note to the exception that is raised.
#[cold]
fn noted(raised: Raised, note: String, thread: &mut Thread) -> Raised {
    let exception = thread.catch(raised);
    let name = thread.intern_text("add_note");
    let note = Str::from_str(&note, thread);
    if let Err(second) = protocol::call_method(&exception, &name, &[&note], thread) {
        drop(thread.catch(second));
    }
    thread.reraise(exception)
}

impl Writer<'_> {
    fn value(&mut self, value: &Object, level: usize, thread: &mut Thread) -> PyResult<()> {
        if let Some(text) = value.downcast::<Str>() {
            return self.string(text, thread);
        }
        if value.is_none() {
            self.out.push_ascii(b"null");
            return Ok(());
        }
        if let Some(number) = value.downcast::<Int>() {
            return self.integer(number, thread);
        }
        if let Some(float) = value.downcast::<Float>() {
            let text = self.float_text(float, thread)?;
            self.out.push_str(&text);
            return Ok(());
        }
        if value.downcast::<List>().is_some() || value.downcast::<Tuple>().is_some() {
            thread.check_stack(" while encoding a JSON object")?;
            return self.sequence(value, level, thread);
        }
        if let Some(dict) = value.downcast::<Dict>() {
            thread.check_stack(" while encoding a JSON object")?;
            return self.mapping(dict, level, thread);
        }
        self.other(value, level, thread)
    }

    /// What only the `default` function knows how to write.
    fn other(&mut self, value: &Object, level: usize, thread: &mut Thread) -> PyResult<()> {
        let mark = self.enter(value, thread)?;
        let replacement = protocol::call_one(&self.encoder.default, value, thread)?;
        thread.check_stack(" while encoding a JSON object")?;
        if let Err(raised) = self.value(&replacement, level, thread) {
            let class = value.class().full_name();
            return Err(noted(raised, format!("when serializing {class} object"), thread));
        }
        self.leave(mark, thread)
    }

    /// Marks a container as being written; ValueError if it is already.
    fn enter(&self, value: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let Some(markers) = self.markers else { return Ok(None) };
        let mark = protocol::make_int(value.address() as i128, thread);
        if markers.contains(&mark, thread)? {
            return Err(raise!(thread, ValueError, "Circular reference detected"));
        }
        markers.set(&mark, value, thread)?;
        Ok(Some(mark))
    }

    fn leave(&self, mark: Option<Py<Object>>, thread: &mut Thread) -> PyResult<()> {
        if let (Some(mark), Some(markers)) = (mark, self.markers) {
            markers.delete(&mark, thread)?;
        }
        Ok(())
    }

    fn string(&mut self, text: &Str, thread: &mut Thread) -> PyResult<()> {
        if let Some(escapes) = self.escapes {
            push_quoted(&mut self.out, text.view(), escapes);
            return Ok(());
        }
        let encoded = protocol::call_one(&self.encoder.encoder, text, thread)?;
        let Some(encoded) = encoded.downcast::<Str>() else {
            let class = encoded.class().full_name();
            return Err(raise!(thread, TypeError, "encoder() must return a string, not {class}"));
        };
        self.out.push_view(encoded.view());
        Ok(())
    }

    fn integer(&mut self, number: &Int, thread: &mut Thread) -> PyResult<()> {
        if number.is_exactly::<Bool>() {
            self.out.push_ascii(if number.is_zero() { b"false" } else { b"true" });
            return Ok(());
        }
        match number.compact_value() {
            Some(small) => self.out.push_str(&small.to_string()),
            None => {
                let text = number.to_decimal(thread)?;
                self.out.push_view(text.view());
            }
        }
        Ok(())
    }

    fn float_text(&self, float: &Float, thread: &mut Thread) -> PyResult<String> {
        let value = float.value();
        if value.is_finite() {
            return Ok(numeric::float::repr(value));
        }
        if !self.encoder.allow_nan.get() {
            let text = protocol::repr(float, thread)?.to_string_lossy();
            return Err(raise!(thread, ValueError, "Out of range float values are not JSON compliant: {text}"));
        }
        Ok(if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned())
    }

    /// What begins a line inside a container, if the text is indented.
    fn new_line(&mut self, level: usize) {
        if let Some(indent) = self.indent {
            self.out.push_ascii(b"\n");
            for _ in 0..level {
                self.out.push_view(indent.view());
            }
        }
    }

    /// What separates an item from the one before it.
    fn separate(&mut self, is_first: bool, level: usize) {
        if !is_first {
            self.out.push_view(self.item_separator.view());
        }
        self.new_line(level);
    }

    fn sequence(&mut self, sequence: &Object, level: usize, thread: &mut Thread) -> PyResult<()> {
        let items: Py<Object> = if sequence.is_exactly::<List>() || sequence.is_exactly::<Tuple>() {
            Py::from_ref(sequence)
        } else {
            protocol::to_list(sequence, thread)?.into_object()
        };
        // What encodes an item may change the list: it is asked for each item anew.
        let item_at = |index: usize, thread: &Thread| match (items.downcast::<List>(), items.downcast::<Tuple>()) {
            (Some(list), _) => list.get(index, thread),
            (None, Some(tuple)) => tuple.items().get(index).cloned(),
            (None, None) => None,
        };
        if item_at(0, thread).is_none() {
            self.out.push_ascii(b"[]");
            return Ok(());
        }
        let mark = self.enter(sequence, thread)?;
        self.out.push_ascii(b"[");
        let mut index = 0;
        while let Some(item) = item_at(index, thread) {
            self.separate(index == 0, level + 1);
            if let Err(raised) = self.value(&item, level + 1, thread) {
                let class = sequence.class().full_name();
                return Err(noted(raised, format!("when serializing {class} item {index}"), thread));
            }
            index += 1;
        }
        self.leave(mark, thread)?;
        self.new_line(level);
        self.out.push_ascii(b"]");
        Ok(())
    }

    fn mapping(&mut self, dict: &Dict, level: usize, thread: &mut Thread) -> PyResult<()> {
        if dict.is_empty() {
            self.out.push_ascii(b"{}");
            return Ok(());
        }
        let mark = self.enter(dict, thread)?;
        self.out.push_ascii(b"{");
        let mut is_first = true;
        if self.encoder.sort_keys.get() || !dict.is_exactly::<Dict>() {
            let items = items_of(dict, thread)?;
            if self.encoder.sort_keys.get() {
                items.sort(None, false, thread)?;
            }
            for pair in items.snapshot(thread) {
                let parts = pair.downcast::<Tuple>().map(Tuple::items);
                let Some([key, value]) = parts else {
                    return Err(raise!(thread, ValueError, "items must return 2-tuples"));
                };
                self.pair(dict, key, value, &mut is_first, level + 1, thread)?;
            }
        } else {
            let mut position = 0;
            while let Some((key, value)) = dict.next(&mut position, thread) {
                self.pair(dict, &key, &value, &mut is_first, level + 1, thread)?;
            }
        }
        self.leave(mark, thread)?;
        if !is_first {
            self.new_line(level);
        }
        self.out.push_ascii(b"}");
        Ok(())
    }

    fn pair(
        &mut self,
        dict: &Dict,
        key: &Object,
        value: &Object,
        is_first: &mut bool,
        level: usize,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let made = match key.downcast::<Str>() {
            Some(_) => None,
            None => match self.key_text(key, thread)? {
                Some(text) => Some(text),
                None => return Ok(()),
            },
        };
        self.separate(std::mem::take(is_first), level);
        match (key.downcast::<Str>(), &made) {
            (Some(text), _) => self.string(text, thread)?,
            (None, Some(text)) => self.string(text, thread)?,
            (None, None) => {}
        }
        self.out.push_view(self.key_separator.view());
        if let Err(raised) = self.value(value, level, thread) {
            let class = dict.class().full_name();
            let exception = thread.catch(raised);
            let shown = protocol::repr(key, thread);
            let shown = match shown {
                Ok(shown) => shown.to_string_lossy(),
                Err(second) => return Err(second),
            };
            let raised = thread.reraise(exception);
            return Err(noted(raised, format!("when serializing {class} item {shown}"), thread));
        }
        Ok(())
    }

    /// A key that is no string as a string; None if it is to be left out.
    fn key_text(&self, key: &Object, thread: &mut Thread) -> PyResult<Option<Py<Str>>> {
        if let Some(float) = key.downcast::<Float>() {
            let text = self.float_text(float, thread)?;
            return Ok(Some(Str::from_str(&text, thread)));
        }
        if key.is_none() {
            return Ok(Some(Str::from_str("null", thread)));
        }
        if let Some(number) = key.downcast::<Int>() {
            if number.is_exactly::<Bool>() {
                return Ok(Some(Str::from_str(if number.is_zero() { "false" } else { "true" }, thread)));
            }
            return number.to_decimal(thread).map(Some);
        }
        if self.encoder.skip_keys.get() {
            return Ok(None);
        }
        let class = key.class().full_name();
        Err(raise!(thread, TypeError, "keys must be str, int, float, bool or None, not {class}"))
    }
}

/// What a dict's own `items` gives.
fn items_of(dict: &Dict, thread: &mut Thread) -> PyResult<Py<List>> {
    if dict.is_exactly::<Dict>() {
        let mut items = Vec::new();
        for (key, value) in dict.items_snapshot(thread) {
            let pair = Tuple::new(vec![key, value], thread)?.into_object();
            items.try_push(pair).or_memory_error(thread)?;
        }
        return List::new(items, thread);
    }
    let items = protocol::call_method(dict, &names::items, &[], thread)?;
    let iterator = protocol::iter(&items, thread);
    match thread.suppress(iterator, TypeError)? {
        Some(iterator) => protocol::to_list(&iterator, thread),
        None => {
            let (class, found) = (dict.class().full_name(), items.class().full_name());
            Err(raise!(thread, TypeError, "{class}.items() returned a non-iterable (type {found})"))
        }
    }
}

/// Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)
#[python_type(
    name = "_json.Encoder", base = BaseObject, flags(HEAPTYPE),
    members(
        markers: Object = "markers",
        default: Object = "default",
        encoder: Object = "encoder",
        indent: Object = "indent",
        key_separator: Object = "key_separator",
        item_separator: Object = "item_separator",
        sort_keys: Bool = "sort_keys",
        skipkeys(skip_keys): Bool = "skipkeys"
    )
)]
impl Encoder {
    #[slot(tp_new)]
    fn new_encoder(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Encoder>> {
        const NAMES: [&str; 9] = [
            "markers",
            "default",
            "encoder",
            "indent",
            "key_separator",
            "item_separator",
            "sort_keys",
            "skipkeys",
            "allow_nan",
        ];
        let given = required("make_encoder", NAMES, arguments, keywords, thread)?;
        let [markers, default, encoder, indent, key_separator, item_separator, sort_keys, skip_keys, allow_nan] = given;
        for (place, separator) in [(5, &key_separator), (6, &item_separator)] {
            if separator.downcast::<Str>().is_none() {
                let class = separator.class().full_name();
                return Err(raise!(thread, TypeError, "make_encoder() argument {place} must be str, not {class}"));
            }
        }
        let (sort_keys, skip_keys, allow_nan) = (
            protocol::is_true(&sort_keys, thread)?,
            protocol::is_true(&skip_keys, thread)?,
            protocol::is_true(&allow_nan, thread)?,
        );
        if !markers.is_none() && markers.downcast::<Dict>().is_none() {
            let class = markers.class().full_name();
            return Err(raise!(thread, TypeError, "make_encoder() argument 1 must be dict or None, not {class}"));
        }
        let encoder = Encoder {
            header: Header::new(Encoder::class()),
            markers,
            default,
            encoder,
            indent,
            key_separator,
            item_separator,
            sort_keys: Cell::new(sort_keys),
            skip_keys: Cell::new(skip_keys),
            allow_nan: Cell::new(allow_nan),
        };
        Py::new_in(class, encoder, thread)
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let names = ["obj", "_current_indent_level"];
        let [value, level] = required("_iterencode", names, arguments, keywords, thread)?;
        let level = protocol::index_as_isize(&level, thread)?;
        let text = |object: &Object, thread: &mut Thread| match object.downcast::<Str>() {
            Some(text) => Ok(Py::from_ref(text)),
            None => Err(raise!(thread, TypeError, "a str is required")),
        };
        let (key_separator, item_separator) = (text(&self.key_separator, thread)?, text(&self.item_separator, thread)?);
        let mut writer = Writer {
            encoder: self,
            escapes: known_escapes(&self.encoder, thread),
            indent: self.indent.downcast::<Str>(),
            key_separator: &key_separator,
            item_separator: &item_separator,
            markers: self.markers.downcast::<Dict>(),
            out: StrBuilder::new(),
        };
        writer.value(&value, usize::try_from(level).unwrap_or(0), thread)?;
        let text = Str::from_builder(writer.out, thread)?;
        Tuple::new(vec![text.into_object()], thread)
    }
}
