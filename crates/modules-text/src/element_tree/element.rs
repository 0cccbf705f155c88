//! `Element`: a tag with attributes, children, and the texts in it and behind it.

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyObject;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{DeprecationWarning, IndexError, OrMemoryError, PyResult, Raised};
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Guarded, Header, Object, Py};
use objects::slice::{Selection, Slice};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::children::{Extra, Extras, reserve};
use super::iterator::ElementIterator;
use super::path::is_path;
use super::{deepcopy, element_argument, paths, raise_wrong_type};

#[derive(Instance)]
#[repr(C)]
pub struct Element {
    header: Header,
    tag: Field<Object>,
    pub text: Field<Object>,
    pub tail: Field<Object>,
    extra: Extras,
    weak_references: Cell<*mut PyObject>,
}

/// Bytes that CPython's elements have for attributes and children, without more than four of these.
const SIZE_OF_EXTRA: usize = 64;

impl Element {
    fn value(class: &Type, tag: Py<Object>, attrib: Option<Py<Dict>>, thread: &Thread) -> Element {
        let attrib = attrib.map(|it| Box::new(Extra { attrib: Some(it), children: Vec::new() }));
        Element {
            header: Header::new(class),
            tag: Field::new(Some(tag)),
            text: Field::new(Some(thread.none())),
            tail: Field::new(Some(thread.none())),
            extra: Guarded::new(attrib),
            weak_references: Cell::new(std::ptr::null_mut()),
        }
    }

    /// A new element; the attributes are its own from now on.
    pub fn make(tag: &Object, attrib: Option<Py<Dict>>, thread: &mut Thread) -> Py<Element> {
        let value = Self::value(Element::class(), Py::from_ref(tag), attrib, thread);
        Py::new(value, thread)
    }

    pub fn tag(&self, thread: &Thread) -> Py<Object> {
        self.tag.get().unwrap_or_else(|| thread.none())
    }

    fn count(&self, thread: &Thread) -> usize {
        self.extra.get(thread).as_ref().map_or(0, |it| it.children.len())
    }

    pub fn child(&self, at: usize, thread: &Thread) -> Option<Py<Object>> {
        self.extra.get(thread).as_ref()?.children.get(at).cloned()
    }

    fn attributes(&self, thread: &Thread) -> Option<Py<Dict>> {
        self.extra.get(thread).as_ref()?.attrib.clone()
    }

    /// The attributes, which are made if there are none.
    fn own_attributes(&self, thread: &mut Thread) -> Py<Dict> {
        if let Some(attributes) = self.attributes(thread) {
            return attributes;
        }
        let made = Dict::new(thread);
        self.extra_mut(thread).attrib = Some(made.clone());
        made
    }

    fn extra_mut<'t>(&'t self, thread: &'t mut Thread) -> &'t mut Extra {
        self.extra.get_mut(thread).get_or_insert_default()
    }

    /// Adds a child at the end.
    pub fn add(&self, child: Py<Object>, thread: &mut Thread) -> PyResult<()> {
        let children = &mut self.extra_mut(thread).children;
        let reserved = reserve(children, 1);
        if reserved.is_ok() {
            children.push(child);
        }
        reserved.or_memory_error(thread)
    }

    /// Replaces a range of children: those that were there.
    fn splice(
        &self,
        start: usize,
        count: usize,
        new: Vec<Py<Object>>,
        thread: &mut Thread,
    ) -> PyResult<Vec<Py<Object>>> {
        let children = &mut self.extra_mut(thread).children;
        let start = start.min(children.len());
        let end = (start + count).min(children.len());
        let reserved = reserve(children, new.len());
        if reserved.is_err() {
            return reserved.or_memory_error(thread).map(|()| Vec::new());
        }
        Ok(children.splice(start..end, new).collect())
    }

    /// The number of a child that an index means.
    fn place(&self, key: &Object, complaint: &str, thread: &mut Thread) -> PyResult<usize> {
        let index = protocol::index_or_raise(key, IndexError, thread)?;
        let count = self.count(thread) as isize;
        let index = if index < 0 { index + count } else { index };
        if (0..count).contains(&index) { Ok(index as usize) } else { Err(raise!(thread, IndexError, "{complaint}")) }
    }

    fn selection(&self, slice: &Slice, thread: &mut Thread) -> PyResult<Selection> {
        let bounds = slice.unpack(thread)?;
        Ok(bounds.select(self.count(thread)))
    }

    /// The first child from a place on whose tag is this.
    fn child_with_tag(&self, tag: &Object, from: usize, thread: &mut Thread) -> PyResult<Option<(usize, Py<Object>)>> {
        let mut at = from;
        while let Some(child) = self.child(at, thread) {
            if let Some(element) = child.downcast::<Element>() {
                let own = element.tag(thread);
                if protocol::equals(&own, tag, thread)? {
                    return Ok(Some((at, child)));
                }
            }
            at += 1;
        }
        Ok(None)
    }

    /// Asks `ElementPath`, if the path or the namespaces want it.
    fn ask_paths(&self, method: &str, path: &Object, others: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        let (module, name) = (paths(thread)?, thread.intern_text(method));
        let function = protocol::get_attribute(&module, &name, thread)?;
        let mut arguments: Vec<&Object> = vec![self, path];
        arguments.extend(others);
        protocol::call(&function, &arguments, thread)
    }

    fn set_part(field: &Field<Object>, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else { return Err(raise_not_deletable(thread)) };
        field.set(Some(Py::from_ref(value)));
        Ok(())
    }
}

#[cold]
fn raise_not_deletable(thread: &mut Thread) -> Raised {
    raise!(thread, AttributeError, "can't delete element attribute")
}

#[cold]
fn raise_not_element(value: &Object, thread: &mut Thread) -> Raised {
    let class = value.class().full_name();
    raise!(thread, TypeError, "expected an Element, not \"{class}\"")
}

/// The attributes of a new element: a copy of a dict, or of the argument `attrib`, and what else is given by name.
pub fn merge_attributes(
    attrib: Option<&Dict>,
    kwargs: Option<Py<Dict>>,
    thread: &mut Thread,
) -> PyResult<Option<Py<Dict>>> {
    let mut merged = match attrib {
        Some(attrib) => Some(attrib.copy(thread)?),
        None => None,
    };
    if let Some(kwargs) = kwargs.filter(|it| !it.is_empty()) {
        if merged.is_none() {
            let name = thread.intern_text("attrib");
            if let Some(given) = kwargs.pop(&name, thread)? {
                let Some(given) = given.downcast::<Dict>() else {
                    let class = given.class().full_name();
                    return Err(raise!(thread, TypeError, "attrib must be dict, not {class}"));
                };
                merged = Some(given.copy(thread)?);
            }
        }
        match &merged {
            Some(merged) => merged.update(&kwargs, thread)?,
            None => merged = Some(kwargs),
        }
    }
    Ok(merged.filter(|it| !it.is_empty()))
}

#[python_type(
    name = "xml.etree.ElementTree.Element", base = BaseObject, flags(HEAPTYPE, BASETYPE),
    weaklist_offset = offset_of!(Element, weak_references)
)]
impl Element {
    #[new]
    #[signature("(*args, **kwargs)")]
    fn new_element(
        class: &Type,
        args: &[&Object],
        kwargs: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Element>> {
        // The arguments are for `__init__`.
        let _ = (args, kwargs);
        let value = Self::value(Element::class(), thread.none(), None, thread);
        Py::new_in(class, value, thread)
    }

    #[init]
    #[signature("(*args, **kwargs)")]
    fn init(&self, args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<()> {
        let (tag, attrib) = match args {
            [tag] => (tag, None),
            [tag, attrib] => (tag, Some(*attrib)),
            _ => {
                let (bound, most) = if args.is_empty() { ("least", "1 argument") } else { ("most", "2 arguments") };
                let given = args.len();
                return Err(raise!(thread, TypeError, "Element() takes at {bound} {most} ({given} given)"));
            }
        };
        if let Some(attrib) = attrib.filter(|it| it.downcast::<Dict>().is_none()) {
            return Err(raise_wrong_type(attrib, "Element() argument 2", "dict", thread));
        }
        let attrib = merge_attributes(attrib.and_then(|it| it.downcast::<Dict>()), kwargs, thread)?;
        if let Some(attrib) = attrib {
            let old = self.extra_mut(thread).attrib.replace(attrib);
            drop(old);
        }
        self.tag.set(Some(Py::from_ref(*tag)));
        let none = thread.none();
        self.text.set(Some(none.clone()));
        self.tail.set(Some(none));
        Ok(())
    }

    /// A string identifying what kind of data this element represents
    #[getter(name = "tag")]
    fn get_tag(&self, thread: &mut Thread) -> Py<Object> {
        self.tag(thread)
    }

    #[setter(name = "tag")]
    fn set_tag(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        Self::set_part(&self.tag, value, thread)
    }

    /// A string of text directly after the start tag, or None
    #[getter(name = "text")]
    fn get_text(&self) -> Option<Py<Object>> {
        self.text.get()
    }

    #[setter(name = "text")]
    fn set_text(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        Self::set_part(&self.text, value, thread)
    }

    /// A string of text directly after the end tag, or None
    #[getter(name = "tail")]
    fn get_tail(&self) -> Option<Py<Object>> {
        self.tail.get()
    }

    #[setter(name = "tail")]
    fn set_tail(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        Self::set_part(&self.tail, value, thread)
    }

    /// A dictionary containing the element's attributes
    #[getter(name = "attrib")]
    fn get_attrib(&self, thread: &mut Thread) -> Py<Dict> {
        self.own_attributes(thread)
    }

    #[setter(name = "attrib")]
    fn set_attrib(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else { return Err(raise_not_deletable(thread)) };
        let Some(attrib) = value.downcast::<Dict>() else {
            let class = value.class().full_name();
            return Err(raise!(thread, TypeError, "attrib must be dict, not {class}"));
        };
        let old = self.extra_mut(thread).attrib.replace(Py::from_ref(attrib));
        drop(old);
        Ok(())
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        if thread.enter_repr(self) {
            let class = self.class().full_name();
            return Err(raise!(thread, RuntimeError, "reentrant call inside {class}.__repr__"));
        }
        let tag = self.tag(thread);
        let shown = protocol::repr(&tag, thread);
        thread.leave_repr(self);
        Ok(format!("<Element {} at {:#x}>", shown?.to_string_lossy(), self.address()))
    }

    #[slot(nb_bool)]
    fn is_true(&self, thread: &mut Thread) -> PyResult<bool> {
        let message = "Testing an element's truth value will always return True in future versions.  Use specific \
                       'len(elem)' or 'elem is not None' test instead.";
        thread.warn(DeprecationWarning, 1, format_args!("{message}"))?;
        Ok(self.count(thread) > 0)
    }

    #[slot(sq_length)]
    fn length(&self, thread: &mut Thread) -> PyResult<usize> {
        Ok(self.count(thread))
    }

    #[slot(sq_item)]
    fn item(&self, index: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let child = usize::try_from(index).ok().and_then(|at| self.child(at, thread));
        child.ok_or_else(|| raise!(thread, IndexError, "child index out of range"))
    }

    #[slot(mp_subscript)]
    fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if protocol::is_index(key) {
            let at = self.place(key, "child index out of range", thread)?;
            return self.item(at as isize, thread);
        }
        let Some(slice) = key.downcast::<Slice>() else { return Err(raise_wrong_index(thread)) };
        let selection = self.selection(slice, thread)?;
        let chosen = selection.indices().filter_map(|at| self.child(at, thread)).collect();
        List::new(chosen, thread).map(Py::into_object)
    }

    #[slot(mp_ass_subscript)]
    fn assign_subscript(&self, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        if !protocol::is_index(key) {
            let Some(slice) = key.downcast::<Slice>() else { return Err(raise_wrong_index(thread)) };
            return match value {
                Some(value) => self.assign_slice(slice, value, thread),
                None => self.delete_slice(slice, thread),
            };
        }
        let at = self.place(key, "child assignment index out of range", thread)?;
        let new = match value {
            Some(value) if value.downcast::<Element>().is_none() => return Err(raise_not_element(value, thread)),
            Some(value) => vec![Py::from_ref(value)],
            None => Vec::new(),
        };
        self.splice(at, 1, new, thread).map(drop)
    }

    /// append($self, subelement, /)
    /// --
    #[method]
    #[defining_class]
    fn append(&self, subelement: &Object, thread: &mut Thread) -> PyResult<()> {
        element_argument(subelement, "append() argument 1", thread)?;
        self.add(Py::from_ref(subelement), thread)
    }

    /// extend($self, elements, /)
    /// --
    #[method]
    #[defining_class]
    fn extend(&self, elements: &Object, thread: &mut Thread) -> PyResult<()> {
        let elements = items_of(elements, "'elements' must be an iterable", thread)?;
        for element in elements {
            if element.downcast::<Element>().is_none() {
                return Err(raise_not_element(&element, thread));
            }
            self.add(element, thread)?;
        }
        Ok(())
    }

    /// insert($self, index, subelement, /)
    /// --
    #[method]
    fn insert(&self, index: isize, subelement: &Object, thread: &mut Thread) -> PyResult<()> {
        element_argument(subelement, "insert() argument 2", thread)?;
        let count = self.count(thread) as isize;
        let index = if index < 0 { (index + count).max(0) } else { index.min(count) };
        self.splice(index as usize, 0, vec![Py::from_ref(subelement)], thread).map(drop)
    }

    /// remove($self, subelement, /)
    /// --
    #[method]
    fn remove(&self, subelement: &Object, thread: &mut Thread) -> PyResult<()> {
        element_argument(subelement, "remove() argument", thread)?;
        let mut at = 0;
        while let Some(child) = self.child(at, thread) {
            if protocol::equals(&child, subelement, thread)? {
                // The comparison may have taken it away already.
                if at < self.count(thread) {
                    drop(self.splice(at, 1, Vec::new(), thread)?);
                }
                return Ok(());
            }
            at += 1;
        }
        Err(raise!(thread, ValueError, "Element.remove(x): element not found"))
    }

    /// clear($self, /)
    /// --
    #[method]
    fn clear(&self, thread: &mut Thread) {
        let extra = self.extra.get_mut(thread).take();
        let none = thread.none();
        self.text.set(Some(none.clone()));
        self.tail.set(Some(none));
        drop(extra);
    }

    /// find($self, /, path, namespaces=None)
    /// --
    #[method]
    #[defining_class]
    fn find(&self, path: &Object, namespaces: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let none = thread.none();
        let namespaces = namespaces.unwrap_or(&none);
        if is_path(path) || !namespaces.is_none() {
            return self.ask_paths("find", path, &[namespaces], thread);
        }
        let found = self.child_with_tag(path, 0, thread)?;
        Ok(found.map_or(none, |it| it.1))
    }

    /// findtext($self, /, path, default=None, namespaces=None)
    /// --
    #[method]
    #[defining_class]
    fn findtext(
        &self,
        path: &Object,
        default: Option<&Object>,
        namespaces: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let none = thread.none();
        let (default, namespaces) = (default.unwrap_or(&none), namespaces.unwrap_or(&none));
        if is_path(path) || !namespaces.is_none() {
            return self.ask_paths("findtext", path, &[default, namespaces], thread);
        }
        let Some((_, child)) = self.child_with_tag(path, 0, thread)? else { return Ok(Py::from_ref(default)) };
        let text = child.downcast::<Element>().and_then(|it| it.text.get()).filter(|it| !it.is_none());
        Ok(text.unwrap_or_else(|| Str::empty().into_object()))
    }

    /// findall($self, /, path, namespaces=None)
    /// --
    #[method]
    #[defining_class]
    fn findall(&self, path: &Object, namespaces: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let none = thread.none();
        let namespaces = namespaces.unwrap_or(&none);
        if is_path(path) || !namespaces.is_none() {
            return self.ask_paths("findall", path, &[namespaces], thread);
        }
        let (mut found, mut from) = (Vec::new(), 0);
        while let Some((at, child)) = self.child_with_tag(path, from, thread)? {
            found.push(child);
            from = at + 1;
        }
        List::new(found, thread).map(Py::into_object)
    }

    /// iterfind($self, /, path, namespaces=None)
    /// --
    #[method]
    #[defining_class]
    fn iterfind(&self, path: &Object, namespaces: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let none = thread.none();
        self.ask_paths("iterfind", path, &[namespaces.unwrap_or(&none)], thread)
    }

    /// iter($self, /, tag=None)
    /// --
    #[method]
    #[defining_class]
    fn iter(&self, tag: Option<&Object>, thread: &mut Thread) -> Py<ElementIterator> {
        let tag = tag.filter(|it| !it.downcast::<Str>().is_some_and(|it| it.equals_text("*")));
        ElementIterator::new(self, tag, false, thread)
    }

    /// itertext($self, /)
    /// --
    #[method]
    #[defining_class]
    fn itertext(&self, thread: &mut Thread) -> Py<ElementIterator> {
        ElementIterator::new(self, None, true, thread)
    }

    /// get($self, /, key, default=None)
    /// --
    #[method]
    fn get(&self, key: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let found = match self.attributes(thread) {
            Some(attributes) => attributes.get(key, thread)?,
            None => None,
        };
        Ok(found.or_else(|| default.map(Py::from_ref)))
    }

    /// set($self, key, value, /)
    /// --
    #[method]
    fn set(&self, key: &Object, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let attributes = self.own_attributes(thread);
        attributes.set(key, value, thread)
    }

    /// keys($self, /)
    /// --
    #[method]
    fn keys(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let keys = self.attributes(thread).map(|it| it.keys_snapshot(thread));
        List::new(keys.unwrap_or_default(), thread)
    }

    /// items($self, /)
    /// --
    #[method]
    fn items(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let pairs = self.attributes(thread).map(|it| it.items_snapshot(thread)).unwrap_or_default();
        let mut items = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            items.push(Tuple::new(vec![key, value], thread)?.into_object());
        }
        List::new(items, thread)
    }

    /// makeelement($self, tag, attrib, /)
    /// --
    #[method]
    #[defining_class]
    fn makeelement(&self, tag: &Object, attrib: &Object, thread: &mut Thread) -> PyResult<Py<Element>> {
        let Some(attrib) = attrib.downcast::<Dict>() else {
            return Err(raise_wrong_type(attrib, "makeelement() argument 2", "dict", thread));
        };
        let attrib = attrib.copy(thread)?;
        Ok(Element::make(tag, Some(attrib).filter(|it| !it.is_empty()), thread))
    }

    /// __copy__($self, /)
    /// --
    #[method]
    #[defining_class]
    fn __copy__(&self, thread: &mut Thread) -> PyResult<Py<Element>> {
        let tag = self.tag(thread);
        let copy = Element::make(&tag, self.attributes(thread), thread);
        copy.text.set(self.text.get());
        copy.tail.set(self.tail.get());
        let children = self.extra.get(thread).as_ref().map(|it| it.children.clone()).unwrap_or_default();
        if !children.is_empty() {
            copy.splice(0, 0, children, thread)?;
        }
        Ok(copy)
    }

    /// __deepcopy__($self, memo, /)
    /// --
    #[method]
    fn __deepcopy__(&self, memo: &Object, thread: &mut Thread) -> PyResult<Py<Element>> {
        let Some(memo) = memo.downcast::<Dict>() else {
            return Err(raise_wrong_type(memo, "__deepcopy__() argument", "dict", thread));
        };
        thread.check_stack(" in __deepcopy__")?;
        let tag = self.tag(thread);
        let tag = copy_deeply(&tag, memo, thread)?;
        let attrib = match self.attributes(thread) {
            Some(attrib) => copy_deeply(&attrib, memo, thread)?.downcast_into::<Dict>().ok(),
            None => None,
        };
        let copy = Element::make(&tag, attrib, thread);
        for (from, to) in [(&self.text, &copy.text), (&self.tail, &copy.tail)] {
            if let Some(text) = from.get() {
                let text = copy_deeply(&text, memo, thread)?;
                to.set(Some(text));
            }
        }
        let mut at = 0;
        while let Some(child) = self.child(at, thread) {
            let child = copy_deeply(&child, memo, thread)?;
            if child.downcast::<Element>().is_none() {
                return Err(raise_not_element(&child, thread));
            }
            copy.add(child, thread)?;
            at += 1;
        }
        let identity = protocol::make_int(self.address() as i128, thread);
        memo.set(&identity, &copy, thread)?;
        Ok(copy)
    }

    /// __sizeof__($self, /)
    /// --
    #[method]
    fn __sizeof__(&self, thread: &mut Thread) -> usize {
        let extra = self.extra.get(thread).as_ref();
        let extra = extra.map_or(0, |it| SIZE_OF_EXTRA + it.room() * size_of::<*mut PyObject>());
        self.class().basic_size() + extra
    }

    /// __getstate__($self, /)
    /// --
    #[method]
    fn __getstate__(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        let state = Dict::new(thread);
        let children = self.extra.get(thread).as_ref().map(|it| it.children.clone()).unwrap_or_default();
        let children = List::new(children, thread)?;
        let attrib = self.attributes(thread).unwrap_or_else(|| Dict::new(thread));
        let none = thread.none();
        let (text, tail) = (self.text.get().unwrap_or_else(|| none.clone()), self.tail.get().unwrap_or(none));
        let tag = self.tag(thread);
        let parts: [(&str, &Object); 5] =
            [("tag", &tag), ("_children", &children), ("attrib", &attrib), ("text", &text), ("tail", &tail)];
        for (name, value) in parts {
            let name = thread.intern_text(name);
            state.set_str(&name, value, thread)?;
        }
        Ok(state)
    }

    /// __setstate__($self, state, /)
    /// --
    #[method]
    #[defining_class]
    fn __setstate__(&self, state: &Object, thread: &mut Thread) -> PyResult<()> {
        let Some(state) = state.downcast::<Dict>() else {
            /// So much of what it is instead is shown.
            const MOST: usize = 200;
            let shown: String = protocol::repr(state, thread)?.to_string_lossy().chars().take(MOST).collect();
            return Err(raise!(thread, TypeError, "Don't know how to unpickle \"{shown}\" as an Element"));
        };
        const NAMES: [&str; 5] = ["tag", "attrib", "text", "tail", "_children"];
        let mut parts: [Option<Py<Object>>; 5] = Default::default();
        for (name, value) in state.items_snapshot(thread) {
            let name = name.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
            let Some(at) = NAMES.iter().position(|it| *it == name) else {
                let message = format!("this function got an unexpected keyword argument '{name}'");
                return Err(raise!(thread, TypeError, "{message}"));
            };
            parts[at] = Some(value);
        }
        let [tag, attrib, text, tail, children] = parts;
        let none = thread.none();
        let Some(tag) = tag else { return Err(raise!(thread, TypeError, "tag may not be NULL")) };
        let children = match children {
            Some(children) => {
                let Some(children) = children.downcast::<List>() else {
                    return Err(raise!(thread, TypeError, "'_children' is not a list"));
                };
                protocol::collect(children, thread)?
            }
            None => Vec::new(),
        };
        if let Some(wrong) = children.iter().find(|it| it.downcast::<Element>().is_none()) {
            return Err(raise_not_element(wrong, thread));
        }
        self.tag.set(Some(tag));
        self.text.set(Some(text.unwrap_or_else(|| none.clone())));
        self.tail.set(Some(tail.unwrap_or(none)));
        let attrib = attrib.and_then(|it| it.downcast_into::<Dict>().ok());
        let extra = (attrib.is_some() || !children.is_empty()).then(|| Box::new(Extra { attrib, children }));
        let old = std::mem::replace(self.extra.get_mut(thread), extra);
        drop(old);
        Ok(())
    }
}

#[cold]
fn raise_wrong_index(thread: &mut Thread) -> Raised {
    raise!(thread, TypeError, "element indices must be integers")
}

/// The items of a sequence or iterable; what is neither is told of in these words.
fn items_of(iterable: &Object, complaint: &str, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    if !protocol::is_iterable(iterable) {
        return Err(raise!(thread, TypeError, "{complaint}"));
    }
    protocol::collect(iterable, thread)
}

/// A deep copy, made here where that is simple.
fn copy_deeply(object: &Object, memo: &Dict, thread: &mut Thread) -> PyResult<Py<Object>> {
    if object.is_none() || object.is_exactly::<Str>() {
        return Ok(Py::from_ref(object));
    }
    if let Some(element) = object.downcast_exact::<Element>() {
        return element.__deepcopy__(memo, thread).map(Py::into_object);
    }
    let function = deepcopy(thread)?;
    protocol::call(&function, &[object, memo], thread)
}

impl Element {
    fn assign_slice(&self, slice: &Slice, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let new = items_of(value, "assignment expects an iterable", thread)?;
        let selection = self.selection(slice, thread)?;
        if selection.step != 1 && new.len() != selection.count {
            let (given, wanted) = (new.len(), selection.count);
            return Err(raise!(
                thread,
                ValueError,
                "attempt to assign sequence of size {given} to extended slice of size {wanted}"
            ));
        }
        if let Some(wrong) = new.iter().find(|it| it.downcast::<Element>().is_none()) {
            return Err(raise_not_element(wrong, thread));
        }
        if selection.step == 1 {
            return self.splice(selection.start as usize, selection.count, new, thread).map(drop);
        }
        let mut old = Vec::new();
        for (at, child) in selection.indices().zip(new) {
            if let Some(place) = self.extra_mut(thread).children.get_mut(at) {
                old.push(std::mem::replace(place, child));
            }
        }
        drop(old);
        Ok(())
    }

    fn delete_slice(&self, slice: &Slice, thread: &mut Thread) -> PyResult<()> {
        let selection = self.selection(slice, thread)?.ascending();
        let mut old = Vec::new();
        let Some(extra) = self.extra.get_mut(thread) else { return Ok(()) };
        for at in selection.indices().rev() {
            if at < extra.children.len() {
                old.push(extra.children.remove(at));
            }
        }
        drop(old);
        Ok(())
    }
}
