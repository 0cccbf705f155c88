//! `XMLParser`: tells a target of what `pyexpat` reads; usually a `TreeBuilder`.

use builtins::bytes::Bytes;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{AttributeError, PyResult, Raised, RuntimeWarning};
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::str::arguments::c_text;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::handler::{Event, Handler};
use super::tree_builder::{Events, TreeBuilder};
use super::{import, new_parse_error, raise_wrong_type};

#[derive(Instance)]
#[repr(C)]
pub struct XMLParser {
    header: Header,
    /// The parser of `pyexpat`; empty until `__init__` has run.
    expat: Field<Object>,
    pub target: Field<Object>,
    pub entity: Field<Object>,
    /// Names as they are told, by how `pyexpat` tells them.
    names: Field<Dict>,
    close_method: Field<Object>,
}

/// Between a namespace and a name in what `pyexpat` tells.
const SEPARATOR: &str = "}";
/// So much is read from a file at once.
const PIECE: i64 = 64 * 1024;
/// `XML_ERROR_UNDEFINED_ENTITY`.
const UNDEFINED_ENTITY: i64 = 11;

#[python_type(
    name = "xml.etree.ElementTree.XMLParser", base = BaseObject, flags(HEAPTYPE, BASETYPE),
    members(entity: Object, target: Object)
)]
impl XMLParser {
    #[new]
    #[signature("(*args, **kwargs)")]
    fn new_parser(
        class: &Type,
        args: &[&Object],
        kwargs: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<XMLParser>> {
        // The arguments are for `__init__`.
        let _ = (args, kwargs);
        let parser = XMLParser {
            header: Header::new(XMLParser::class()),
            expat: Field::EMPTY,
            target: Field::EMPTY,
            entity: Field::EMPTY,
            names: Field::EMPTY,
            close_method: Field::EMPTY,
        };
        Py::new_in(class, parser, thread)
    }

    #[init]
    #[signature("(*, target=None, encoding=None)")]
    fn init(&self, target: Option<&Object>, encoding: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let none = thread.none();
        let encoding = encoding.unwrap_or(&none);
        match encoding.downcast::<Str>() {
            Some(encoding) => drop(c_text(encoding, thread)?),
            None if encoding.is_none() => {}
            None => return Err(raise_wrong_type(encoding, "XMLParser() argument 'encoding'", "str or None", thread)),
        }
        let pyexpat = import("pyexpat", thread)?;
        let (create, separator) = (thread.intern_text("ParserCreate"), Str::from_str(SEPARATOR, thread));
        let expat = protocol::call_method(&pyexpat, &create, &[encoding, &separator], thread)?;
        let target = match target.filter(|it| !it.is_none()) {
            Some(target) => Py::from_ref(target),
            None => TreeBuilder::plain(thread).into_object(),
        };
        let (entity, names) = (Dict::new(thread), Dict::new(thread));
        self.entity.set(Some(entity.into_object()));
        self.names.set(Some(names));
        self.target.set(Some(target.clone()));
        self.expat.set(Some(expat.clone()));
        let (name, yes) = (thread.intern_text("ordered_attributes"), objects::bool::Bool::new(true));
        protocol::set_attribute(&expat, &name, Some(&yes), thread)?;
        for event in Event::ALL {
            let name = thread.intern_text(event.method());
            let method = protocol::lookup_attribute(&target, &name, thread)?;
            if event.is_always_watched() || method.is_some() {
                self.watch(event, method, thread)?;
            }
        }
        let name = thread.intern_text("close");
        let close = protocol::lookup_attribute(&target, &name, thread)?;
        self.close_method.set(close);
        Ok(())
    }

    #[getter]
    fn version(&self, thread: &mut Thread) -> PyResult<String> {
        let (pyexpat, name) = (import("pyexpat", thread)?, thread.intern_text("EXPAT_VERSION"));
        let version = protocol::get_attribute(&pyexpat, &name, thread)?;
        let version = version.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
        Ok(format!("Expat {}", version.trim_start_matches("expat_")))
    }

    /// feed($self, data, /)
    /// --
    #[method]
    fn feed(&self, data: &Object, thread: &mut Thread) -> PyResult<()> {
        let expat = self.expat(thread)?;
        let data = match data.downcast::<Str>() {
            Some(text) => {
                text.utf8(thread)?;
                Py::from_ref(data)
            }
            None => {
                let bytes = BytesLike::of(data, thread)?;
                let copy = bytes.as_slice(thread).to_vec();
                Bytes::try_from_slice(&copy, thread)?.into_object()
            }
        };
        self.parse(&expat, &data, false, thread)
    }

    /// close($self, /)
    /// --
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let expat = self.expat(thread)?;
        self.finish(&expat, thread)?;
        let Some(target) = self.target.get() else { return Ok(None) };
        if let Some(builder) = target.downcast_exact::<TreeBuilder>() {
            return Ok(builder.root());
        }
        match self.close_method.get() {
            Some(close) => protocol::call(&close, &[], thread).map(Some),
            None => Ok(None),
        }
    }

    /// flush($self, /)
    /// --
    #[method]
    fn flush(&self, thread: &mut Thread) -> PyResult<()> {
        let expat = self.expat(thread)?;
        let [get, set] = ["GetReparseDeferralEnabled", "SetReparseDeferralEnabled"].map(|it| thread.intern_text(it));
        let before = protocol::call_method(&expat, &get, &[], thread)?;
        let no = objects::bool::Bool::new(false);
        protocol::call_method(&expat, &set, &[&no], thread)?;
        let empty = thread.make_bytes(b"")?;
        let result = self.parse(&expat, &empty, false, thread);
        let pending = result.err().map(|raised| thread.catch(raised));
        let restored = protocol::call_method(&expat, &set, &[&before], thread);
        match pending {
            Some(exception) => Err(thread.reraise(exception)),
            None => restored.map(drop),
        }
    }

    /// _parse_whole($self, file, /)
    /// --
    #[method]
    fn _parse_whole(&self, file: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let expat = self.expat(thread)?;
        let (name, piece) = (thread.intern_text("read"), protocol::make_int(PIECE.into(), thread));
        let read = protocol::get_attribute(file, &name, thread)?;
        loop {
            let piece = protocol::call_one(&read, &piece, thread)?;
            let is_data = match piece.downcast::<Str>() {
                Some(text) => text.length() > 0,
                None => piece.downcast::<Bytes>().is_some_and(|it| it.length() > 0),
            };
            // The end, or what is no data at all.
            if !is_data {
                break;
            }
            self.parse(&expat, &piece, false, thread)?;
        }
        self.finish(&expat, thread)?;
        let target = self.target.get();
        Ok(target.and_then(|it| it.downcast_exact::<TreeBuilder>().and_then(TreeBuilder::root)))
    }

    /// _setevents($self, events_queue, events_to_report=None, /)
    /// --
    #[method]
    fn _setevents(
        &self,
        events_queue: &Object,
        events_to_report: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        self.expat(thread)?;
        let target = self.target.get();
        let Some(builder) = target.as_ref().and_then(|it| it.downcast_exact::<TreeBuilder>()) else {
            let message = "event handling only supported for ElementTree.TreeBuilder targets";
            return Err(raise!(thread, TypeError, "{message}"));
        };
        let name = thread.intern_text("append");
        let append = protocol::get_attribute(events_queue, &name, thread)?;
        builder.report_to(append, Events::default());
        let Some(wanted) = events_to_report.filter(|it| !it.is_none()) else {
            let mut events = Events::default();
            events.insert(Event::End);
            builder.report(events);
            return Ok(());
        };
        if !protocol::is_iterable(wanted) {
            return Err(raise!(thread, TypeError, "events must be a sequence"));
        }
        let mut events = Events::default();
        for name in protocol::collect(wanted, thread)? {
            let text = match (name.downcast::<Str>(), name.downcast::<Bytes>()) {
                (Some(text), _) => text.to_string_lossy(),
                (_, Some(bytes)) => String::from_utf8_lossy(bytes.as_slice()).into_owned(),
                _ => return Err(raise!(thread, ValueError, "invalid events sequence")),
            };
            let Some(event) = Event::by_name(&text) else {
                return Err(raise!(thread, ValueError, "unknown event '{text}'"));
            };
            events.insert(event);
            builder.report(events);
            // Namespaces begin and end together.
            match event {
                Event::StartNamespace | Event::EndNamespace => {
                    self.watch(Event::StartNamespace, None, thread)?;
                    self.watch(Event::EndNamespace, None, thread)?;
                }
                event => self.watch(event, None, thread)?,
            }
        }
        Ok(())
    }
}

impl XMLParser {
    fn expat(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.expat.get().ok_or_else(|| raise!(thread, ValueError, "XMLParser.__init__() wasn't called"))
    }

    /// Has `pyexpat` tell of an event, and the target by this method.
    fn watch(&self, event: Event, method: Option<Py<Object>>, thread: &mut Thread) -> PyResult<()> {
        let expat = self.expat(thread)?;
        let (handler, name) = (Handler::new(self, event, method, thread), thread.intern_text(event.handler()));
        protocol::set_attribute(&expat, &name, Some(&handler), thread)
    }

    fn finish(&self, expat: &Object, thread: &mut Thread) -> PyResult<()> {
        let empty = thread.make_bytes(b"")?;
        self.parse(expat, &empty, true, thread)
    }

    /// Lets `pyexpat` read; its errors become ours.
    fn parse(&self, expat: &Object, data: &Object, is_final: bool, thread: &mut Thread) -> PyResult<()> {
        let (name, is_final) = (thread.intern_text("Parse"), objects::bool::Bool::new(is_final));
        let Err(raised) = protocol::call_method(expat, &name, &[data, &is_final], thread) else { return Ok(()) };
        let exception = thread.catch(raised);
        let (pyexpat, name) = (import("pyexpat", thread)?, thread.intern_text("ExpatError"));
        let class = protocol::get_attribute(&pyexpat, &name, thread)?;
        if !protocol::is_instance(&exception, &class, thread)? {
            return Err(thread.reraise(exception));
        }
        let message = protocol::str(&exception, thread)?;
        let mut parts = Vec::new();
        for name in ["code", "lineno", "offset"] {
            let name = thread.intern_text(name);
            parts.push(protocol::get_attribute(&exception, &name, thread)?);
        }
        let [code, line, column] = &parts[..] else { return Ok(()) };
        Err(raise_at(&message, code, (line, column), thread))
    }

    /// A name with its namespace in braces.
    pub fn full_name(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(names) = self.names.get() else { return Ok(Py::from_ref(name)) };
        if let Some(known) = names.get(name, thread)? {
            return Ok(known);
        }
        let text = name.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
        let full = if text.contains(SEPARATOR) {
            Str::from_str(&format!("{{{text}"), thread).into_object()
        } else {
            Py::from_ref(name)
        };
        names.set(name, &full, thread)?;
        Ok(full)
    }

    /// Text that is nothing else: an entity that the document does not declare may be one that the program has given.
    pub fn entity_text(&self, text: &Str, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let shown = text.to_string_lossy();
        let Some(name) = shown.strip_prefix('&') else { return Ok(None) };
        let key = Str::from_str(name.trim_end_matches(';'), thread);
        let entities = self.entity.get();
        if let Some(entities) = entities.as_ref().and_then(|it| it.downcast::<Dict>())
            && let Some(value) = entities.get(&key, thread)?
        {
            return Ok(Some(value));
        }
        let expat = self.expat(thread)?;
        let [line, column] = ["ErrorLineNumber", "ErrorColumnNumber"].map(|it| thread.intern_text(it));
        let line = protocol::get_attribute(&expat, &line, thread)?;
        let column = protocol::get_attribute(&expat, &column, thread)?;
        let [line_text, column_text] = [protocol::str(&line, thread)?, protocol::str(&column, thread)?];
        let (line_text, column_text) = (line_text.to_string_lossy(), column_text.to_string_lossy());
        let message = format!("undefined entity {shown}: line {line_text}, column {column_text}");
        let (message, code) = (Str::from_str(&message, thread), protocol::make_int(UNDEFINED_ENTITY.into(), thread));
        Err(raise_at(&message, &code, (&line, &column), thread))
    }

    /// Warns subclasses that have a method where it is not looked for.
    pub fn warn_of_doctype(&self, thread: &mut Thread) -> PyResult<()> {
        let name = thread.intern_text("doctype");
        let found = protocol::get_attribute(self, &name, thread);
        if thread.suppress(found, AttributeError)?.is_none() {
            return Ok(());
        }
        let message =
            "The doctype() method of XMLParser is ignored.  Define doctype() method on the TreeBuilder target.";
        thread.warn(RuntimeWarning, 1, format_args!("{message}"))
    }
}

/// `ParseError` with where it was and why.
#[cold]
fn raise_at(message: &Object, code: &Object, (line, column): (&Object, &Object), thread: &mut Thread) -> Raised {
    let made = new_parse_error(message, thread).and_then(|error| {
        let position = Tuple::from_slice(&[line, column], thread)?;
        let parts: [(&str, &Object); 2] = [("code", code), ("position", &position)];
        for (name, value) in parts {
            let name = thread.intern_text(name);
            protocol::set_attribute(&error, &name, Some(value), thread)?;
        }
        Ok(error)
    });
    match made {
        Ok(error) => thread.raise(error),
        Err(raised) => raised,
    }
}

/// The attributes of an element, from names and values in turn; None if there are none.
pub fn attributes_of(parser: &XMLParser, list: &Object, thread: &mut Thread) -> PyResult<Option<Py<Dict>>> {
    let items = match list.downcast::<List>() {
        Some(list) => protocol::collect(list, thread)?,
        None => Vec::new(),
    };
    if items.is_empty() {
        return Ok(None);
    }
    let attributes = Dict::new(thread);
    for pair in items.chunks_exact(2) {
        let name = parser.full_name(&pair[0], thread)?;
        attributes.set(&name, &pair[1], thread)?;
    }
    Ok(Some(attributes))
}
