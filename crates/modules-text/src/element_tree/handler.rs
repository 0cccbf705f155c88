//! What `pyexpat` calls for an `XMLParser`: one handler for each kind of event.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use super::parser::{XMLParser, attributes_of};
use super::tree_builder::TreeBuilder;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Start,
    End,
    StartNamespace,
    EndNamespace,
    Comment,
    Instruction,
    Text,
    Other,
    Doctype,
}

/// Of each event: what `pyexpat` calls its handler, what a target calls its method, and how programs ask for it.
const EVENTS: [(Event, &str, &str, Option<&str>); 9] = [
    (Event::Start, "StartElementHandler", "start", Some("start")),
    (Event::End, "EndElementHandler", "end", Some("end")),
    (Event::StartNamespace, "StartNamespaceDeclHandler", "start_ns", Some("start-ns")),
    (Event::EndNamespace, "EndNamespaceDeclHandler", "end_ns", Some("end-ns")),
    (Event::Comment, "CommentHandler", "comment", Some("comment")),
    (Event::Instruction, "ProcessingInstructionHandler", "pi", Some("pi")),
    (Event::Text, "CharacterDataHandler", "data", None),
    (Event::Other, "DefaultHandlerExpand", "data", None),
    (Event::Doctype, "StartDoctypeDeclHandler", "doctype", None),
];

impl Event {
    /// In the order in which their methods are looked for.
    pub const ALL: [Self; 9] = [
        Self::StartNamespace,
        Self::EndNamespace,
        Self::Start,
        Self::Text,
        Self::Other,
        Self::End,
        Self::Comment,
        Self::Instruction,
        Self::Doctype,
    ];

    /// The others only if the target has a method for them.
    pub fn is_always_watched(self) -> bool {
        !matches!(self, Self::StartNamespace | Self::EndNamespace | Self::Comment | Self::Instruction)
    }

    fn row(self) -> &'static (Event, &'static str, &'static str, Option<&'static str>) {
        &EVENTS[self as usize]
    }

    pub fn handler(self) -> &'static str {
        self.row().1
    }

    pub fn method(self) -> &'static str {
        self.row().2
    }

    pub fn name(self) -> &'static str {
        self.row().3.unwrap_or_default()
    }

    pub fn by_name(name: &str) -> Option<Self> {
        EVENTS.iter().find(|it| it.3 == Some(name)).map(|it| it.0)
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Handler {
    header: Header,
    parser: Field<XMLParser>,
    event: Cell<Event>,
    /// The target's method.
    method: Field<Object>,
}

#[python_type(name = "_elementtree._handler", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION))]
impl Handler {
    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let _ = keywords;
        let Some(parser) = self.parser.get() else { return Ok(thread.none()) };
        let Some(target) = parser.target.get() else { return Ok(thread.none()) };
        match target.downcast_exact::<TreeBuilder>() {
            Some(builder) => self.tell_builder(builder, &parser, arguments.items(), thread)?,
            None => self.tell(&parser, arguments.items(), thread)?,
        }
        Ok(thread.none())
    }
}

/// Nothing for None.
fn or_empty(text: &Object) -> Py<Object> {
    if text.is_none() { Str::empty().into_object() } else { Py::from_ref(text) }
}

impl Handler {
    pub fn new(parser: &XMLParser, event: Event, method: Option<Py<Object>>, thread: &mut Thread) -> Py<Self> {
        let handler = Self {
            header: Header::new(Self::class()),
            parser: Field::new(Some(Py::from_ref(parser))),
            event: Cell::new(event),
            method: Field::new(method),
        };
        Py::new(handler, thread)
    }

    /// Tells a builder, without a look for its methods.
    fn tell_builder(
        &self,
        builder: &TreeBuilder,
        parser: &XMLParser,
        arguments: &[Py<Object>],
        thread: &mut Thread,
    ) -> PyResult<()> {
        match (self.event.get(), arguments) {
            (Event::Start, [name, list]) => {
                let name = parser.full_name(name, thread)?;
                let attributes = attributes_of(parser, list, thread)?;
                builder.open(&name, attributes, thread).map(drop)
            }
            (Event::End, [_]) => builder.shut(thread).map(drop),
            (Event::StartNamespace, [prefix, uri]) => {
                let pair = Tuple::new(vec![or_empty(prefix), or_empty(uri)], thread)?;
                builder.note(Event::StartNamespace, &pair, thread)
            }
            (Event::EndNamespace, _) => {
                let none = thread.none();
                builder.note(Event::EndNamespace, &none, thread)
            }
            (Event::Comment, [text]) => builder.say(text, thread).map(drop),
            (Event::Instruction, [target, text]) => builder.instruct(target, text, thread).map(drop),
            (Event::Text, [text]) => builder.take_text(text, thread),
            (Event::Other, [text]) => match other_text(parser, text, thread)? {
                Some(text) => builder.take_text(&text, thread),
                None => Ok(()),
            },
            (Event::Doctype, _) => parser.warn_of_doctype(thread),
            _ => Ok(()),
        }
    }

    /// Tells a target, if it has a method for it.
    fn tell(&self, parser: &XMLParser, arguments: &[Py<Object>], thread: &mut Thread) -> PyResult<()> {
        let event = self.event.get();
        let Some(method) = self.method.get() else {
            return if event == Event::Doctype { parser.warn_of_doctype(thread) } else { Ok(()) };
        };
        let given: Vec<Py<Object>> = match (event, arguments) {
            (Event::Start, [name, list]) => {
                let name = parser.full_name(name, thread)?;
                let attributes = attributes_of(parser, list, thread)?;
                vec![name, attributes.unwrap_or_else(|| Dict::new(thread)).into_object()]
            }
            (Event::End, [name]) => vec![parser.full_name(name, thread)?],
            (Event::StartNamespace | Event::EndNamespace, parts) => parts.iter().map(|it| or_empty(it)).collect(),
            (Event::Other, [text]) => match other_text(parser, text, thread)? {
                Some(text) => vec![text],
                None => return Ok(()),
            },
            // The public identifier comes first.
            (Event::Doctype, [name, system, public, ..]) => vec![name.clone(), public.clone(), system.clone()],
            (_, parts) => parts.to_vec(),
        };
        let given: Vec<&Object> = given.iter().map(|it| &**it).collect();
        protocol::call(&method, &given, thread).map(drop)
    }
}

/// The text that what is nothing else stands for, if any.
fn other_text(parser: &XMLParser, text: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    match text.downcast::<Str>() {
        Some(text) => parser.entity_text(text, thread),
        None => Ok(None),
    }
}
