//! `TreeBuilder`: makes a tree of the starts, ends and texts that a parser tells it of.

use std::cell::{Cell, RefCell};

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{Grow, OrMemoryError, PyResult};
use objects::gc::{Traverse, Visitor};
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::element::Element;
use super::handler::Event;
use super::{State, raise_parse_error, raise_wrong_type};

/// Objects in a row.
#[derive(Default)]
struct Row(RefCell<Vec<Py<Object>>>);

impl Traverse for Row {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.0.borrow().traverse(visitor);
    }

    fn clear(&self) {
        drop(self.0.take());
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct TreeBuilder {
    header: Header,
    root: Field<Object>,
    /// The element that is open, None outside of the root.
    this: Field<Object>,
    /// The element that was opened or closed last, and whether text goes behind it.
    last: Field<Object>,
    tail_of: Field<Object>,
    /// Text that has not gone anywhere yet.
    data: Row,
    /// What was open when each element was opened.
    stack: Row,
    element_factory: Field<Object>,
    comment_factory: Field<Object>,
    pi_factory: Field<Object>,
    inserts_comments: Cell<bool>,
    inserts_pis: Cell<bool>,
    /// What is called with each event that is wanted.
    append_event: Field<Object>,
    events: Cell<Events>,
}

/// A set of events.
#[derive(Clone, Copy, Default)]
pub struct Events(u16);

impl Events {
    pub fn insert(&mut self, event: Event) {
        self.0 |= 1 << event as u16;
    }

    fn contains(self, event: Event) -> bool {
        self.0 & 1 << event as u16 != 0
    }
}

#[python_type(name = "xml.etree.ElementTree.TreeBuilder", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl TreeBuilder {
    #[new]
    #[signature("(*args, **kwargs)")]
    fn new_builder(
        class: &Type,
        args: &[&Object],
        kwargs: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<TreeBuilder>> {
        // The arguments are for `__init__`.
        let _ = (args, kwargs);
        Py::new_in(class, TreeBuilder::empty(), thread)
    }

    #[init]
    #[signature(
        "(element_factory=None, *, comment_factory=None, pi_factory=None, insert_comments=False, insert_pis=False)"
    )]
    fn init(
        &self,
        element_factory: Option<&Object>,
        comment_factory: Option<&Object>,
        pi_factory: Option<&Object>,
        insert_comments: bool,
        insert_pis: bool,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let state = thread.interpreter().extension::<State>();
        let given = |factory: Option<&Object>| factory.filter(|it| !it.is_none()).map(Py::from_ref);
        self.element_factory.set(given(element_factory));
        self.comment_factory.set(given(comment_factory).or_else(|| state.comment_factory.get()));
        self.pi_factory.set(given(pi_factory).or_else(|| state.pi_factory.get()));
        self.inserts_comments.set(insert_comments);
        self.inserts_pis.set(insert_pis);
        Ok(())
    }

    /// start($self, tag, attrs, /)
    /// --
    #[method]
    fn start(&self, tag: &Object, attrs: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(attrs) = attrs.downcast::<Dict>() else {
            return Err(raise_wrong_type(attrs, "start() argument 2", "dict", thread));
        };
        self.open(tag, Some(Py::from_ref(attrs)).filter(|it| !it.is_empty()), thread)
    }

    /// end($self, tag, /)
    /// --
    #[method]
    fn end(&self, tag: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let _ = tag;
        self.shut(thread)
    }

    /// data($self, data, /)
    /// --
    #[method]
    fn data(&self, data: &Object, thread: &mut Thread) -> PyResult<()> {
        self.take_text(data, thread)
    }

    /// close($self, /)
    /// --
    #[method]
    fn close(&self) -> Option<Py<Object>> {
        self.root()
    }

    /// comment($self, text, /)
    /// --
    #[method]
    fn comment(&self, text: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.say(text, thread)
    }

    /// pi($self, target, text=None, /)
    /// --
    #[method]
    fn pi(&self, target: &Object, text: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let none = thread.none();
        self.instruct(target, text.unwrap_or(&none), thread)
    }
}

/// Appends a child, by the method where the parent is not one of ours.
fn append(parent: &Object, child: &Object, thread: &mut Thread) -> PyResult<()> {
    if let Some(parent) = parent.downcast_exact::<Element>() {
        return parent.add(Py::from_ref(child), thread);
    }
    let name = thread.intern_text("append");
    protocol::call_method(parent, &name, &[child], thread).map(drop)
}

impl TreeBuilder {
    fn empty() -> Self {
        TreeBuilder {
            header: Header::new(TreeBuilder::class()),
            root: Field::EMPTY,
            this: Field::EMPTY,
            last: Field::EMPTY,
            tail_of: Field::EMPTY,
            data: Row::default(),
            stack: Row::default(),
            element_factory: Field::EMPTY,
            comment_factory: Field::EMPTY,
            pi_factory: Field::EMPTY,
            inserts_comments: Cell::new(false),
            inserts_pis: Cell::new(false),
            append_event: Field::EMPTY,
            events: Cell::new(Events::default()),
        }
    }

    /// A builder without factories: comments are their texts.
    pub fn plain(thread: &mut Thread) -> Py<Self> {
        Py::new(Self::empty(), thread)
    }

    pub fn root(&self) -> Option<Py<Object>> {
        self.root.get()
    }

    /// From now on events are told there.
    pub fn report_to(&self, append: Py<Object>, events: Events) {
        self.append_event.set(Some(append));
        self.events.set(events);
    }

    pub fn report(&self, events: Events) {
        self.events.set(events);
    }

    /// Tells of an event, if it is wanted.
    pub fn note(&self, event: Event, what: &Object, thread: &mut Thread) -> PyResult<()> {
        let Some(append) = self.append_event.get().filter(|_| self.events.get().contains(event)) else {
            return Ok(());
        };
        let name = thread.intern_text(event.name());
        let pair = Tuple::from_slice(&[&name, what], thread)?;
        protocol::call_one(&append, &pair, thread).map(drop)
    }

    /// An element begins.
    pub fn open(&self, tag: &Object, attributes: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.flush(thread)?;
        let node = match self.element_factory.get() {
            Some(factory) => {
                let attributes = attributes.unwrap_or_else(|| Dict::new(thread));
                protocol::call(&factory, &[tag, &attributes], thread)?
            }
            None => Element::make(tag, attributes, thread).into_object(),
        };
        self.tail_of.set(None);
        let this = self.this.get().filter(|it| !it.is_none());
        match &this {
            Some(this) => append(this, &node, thread)?,
            None if self.root.is_empty() => self.root.set(Some(node.clone())),
            None => return Err(raise_parse_error("multiple elements on top level", thread)),
        }
        let before = this.unwrap_or_else(|| thread.none());
        let pushed = self.stack.0.borrow_mut().try_push(before);
        pushed.or_memory_error(thread)?;
        self.this.set(Some(node.clone()));
        self.last.set(Some(node.clone()));
        self.note(Event::Start, &node, thread)?;
        Ok(node)
    }

    /// An element ends.
    pub fn shut(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        self.flush(thread)?;
        let before = self.stack.0.borrow_mut().pop();
        let Some(before) = before else {
            return Err(raise!(thread, IndexError, "pop from empty stack"));
        };
        let closed = self.this.replace(Some(before));
        self.last.set(closed.clone());
        self.tail_of.set(closed.clone());
        if let Some(closed) = &closed {
            self.note(Event::End, closed, thread)?;
        }
        Ok(closed)
    }

    pub fn take_text(&self, text: &Object, thread: &mut Thread) -> PyResult<()> {
        // What comes before the first element is nobody's.
        if self.last.is_empty() {
            return Ok(());
        }
        let pushed = self.data.0.borrow_mut().try_push(Py::from_ref(text));
        pushed.or_memory_error(thread)
    }

    /// A comment.
    pub fn say(&self, text: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.flush(thread)?;
        let comment = match self.comment_factory.get() {
            Some(factory) => {
                let comment = protocol::call_one(&factory, text, thread)?;
                self.insert(self.inserts_comments.get(), &comment, thread)?;
                comment
            }
            None => Py::from_ref(text),
        };
        self.note(Event::Comment, &comment, thread)?;
        Ok(comment)
    }

    /// A processing instruction.
    pub fn instruct(&self, target: &Object, text: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.flush(thread)?;
        let pi = match self.pi_factory.get() {
            Some(factory) => {
                let pi = protocol::call(&factory, &[target, text], thread)?;
                self.insert(self.inserts_pis.get(), &pi, thread)?;
                pi
            }
            None => Tuple::from_slice(&[target, text], thread)?.into_object(),
        };
        self.note(Event::Instruction, &pi, thread)?;
        Ok(pi)
    }

    fn insert(&self, wanted: bool, node: &Object, thread: &mut Thread) -> PyResult<()> {
        let Some(this) = self.this.get().filter(|it| wanted && !it.is_none()) else { return Ok(()) };
        append(&this, node, thread)?;
        self.tail_of.set(Some(Py::from_ref(node)));
        Ok(())
    }

    /// Gives the text to the element that it belongs to.
    fn flush(&self, thread: &mut Thread) -> PyResult<()> {
        let data = self.data.0.take();
        let text = match &data[..] {
            [] => return Ok(()),
            [one] => one.clone(),
            several => join(several, thread)?,
        };
        let (element, is_tail) = match self.tail_of.get() {
            Some(element) => (element, true),
            None => match self.last.get() {
                Some(element) => (element, false),
                None => return Ok(()),
            },
        };
        if let Some(own) = element.downcast_exact::<Element>() {
            let field = if is_tail { &own.tail } else { &own.text };
            if field.get().is_none_or(|it| it.is_none()) {
                field.set(Some(text));
                return Ok(());
            }
        }
        let name = thread.intern_text(if is_tail { "tail" } else { "text" });
        let previous = protocol::get_attribute(&element, &name, thread)?;
        let text = if previous.is_none() { text } else { protocol::add(&previous, &text, thread)? };
        protocol::set_attribute(&element, &name, Some(&text), thread)
    }
}

/// The parts of a text as one.
fn join(parts: &[Py<Object>], thread: &mut Thread) -> PyResult<Py<Object>> {
    let (empty, name) = (Str::from_str("", thread), thread.intern_text("join"));
    let parts = List::new(parts.to_vec(), thread)?;
    protocol::call_method(&empty, &name, &[&parts], thread)
}
