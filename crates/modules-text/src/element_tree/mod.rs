//! `_elementtree`: the elements of `xml.etree.ElementTree`, what builds them, and what has `pyexpat` read for it.

mod children;
mod element;
mod handler;
mod iterator;
mod parser;
mod path;
mod tree_builder;

use std::cell::RefCell;

use macros::python_module;
use objects::dict::Dict;
use objects::errors::{PyResult, Raised, SyntaxError};
use objects::list::List;
use objects::module::Module;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type, TypeDeclaration};

use element::Element;
use handler::Handler;
use iterator::ElementIterator;
use parser::XMLParser;
use tree_builder::TreeBuilder;

/// The types of this module.
pub const TYPES: &[&TypeDeclaration] = &[
    Element::DECLARATION,
    ElementIterator::DECLARATION,
    TreeBuilder::DECLARATION,
    XMLParser::DECLARATION,
    Handler::DECLARATION,
];

/// What an interpreter keeps for this module.
#[derive(Default)]
pub struct State {
    parse_error: RefCell<Option<Py<Object>>>,
    /// `xml.etree.ElementPath` and `copy.deepcopy`.
    paths: RefCell<Option<Py<Object>>>,
    deepcopy: RefCell<Option<Py<Object>>>,
    pub comment_factory: Field<Object>,
    pub pi_factory: Field<Object>,
}

fn kept(
    place: impl Fn(&State) -> &RefCell<Option<Py<Object>>>,
    thread: &mut Thread,
    make: impl FnOnce(&mut Thread) -> PyResult<Py<Object>>,
) -> PyResult<Py<Object>> {
    let state = thread.interpreter().extension::<State>();
    let known = place(&state).borrow().clone();
    if let Some(known) = known {
        return Ok(known);
    }
    let made = make(thread)?;
    place(&state).replace(Some(made.clone()));
    Ok(made)
}

fn import(module: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let function = protocol::builtin(&names::__import__, thread)?;
    let (name, none) = (thread.intern_text(module), thread.none());
    // With a list of names, the innermost module is what comes back.
    let wanted = List::new(vec![name.clone().into_object()], thread)?;
    protocol::call(&function, &[&name, &none, &none, &wanted], thread)
}

/// `xml.etree.ElementPath`, which understands paths.
pub fn paths(thread: &mut Thread) -> PyResult<Py<Object>> {
    kept(|it| &it.paths, thread, |thread| import("xml.etree.ElementPath", thread))
}

/// `copy.deepcopy`.
pub fn deepcopy(thread: &mut Thread) -> PyResult<Py<Object>> {
    kept(
        |it| &it.deepcopy,
        thread,
        |thread| {
            let module = import("copy", thread)?;
            let name = thread.intern_text("deepcopy");
            protocol::get_attribute(&module, &name, thread)
        },
    )
}

/// `ParseError`.
fn parse_error(thread: &mut Thread) -> PyResult<Py<Object>> {
    kept(
        |it| &it.parse_error,
        thread,
        |thread| {
            let (name, module) = (Str::from_str("ParseError", thread), Str::from_str("xml.etree.ElementTree", thread));
            let bases = Tuple::from_slice(&[SyntaxError.as_type()], thread)?;
            let namespace = Dict::new(thread);
            namespace.set_str(&names::__module__, &module, thread)?;
            protocol::call(Type::class(), &[&name, &bases, &namespace], thread)
        },
    )
}

pub fn new_parse_error(message: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let class = parse_error(thread)?;
    protocol::call_one(&class, message, thread)
}

#[cold]
pub fn raise_parse_error(message: &str, thread: &mut Thread) -> Raised {
    let message = Str::from_str(message, thread);
    match new_parse_error(&message, thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// An argument that has to be an element.
pub fn element_argument<'a>(value: &'a Object, what: &str, thread: &mut Thread) -> PyResult<&'a Element> {
    match value.downcast::<Element>() {
        Some(element) => Ok(element),
        None => Err(raise_wrong_type(value, what, "xml.etree.ElementTree.Element", thread)),
    }
}

#[cold]
pub fn raise_wrong_type(value: &Object, what: &str, expected: &str, thread: &mut Thread) -> Raised {
    let found = if value.is_none() { "None".to_owned() } else { value.class().full_name() };
    raise!(thread, TypeError, "{what} must be {expected}, not {found}")
}

pub struct ElementTreeModule;

#[python_module(name = "_elementtree")]
impl ElementTreeModule {
    #[function]
    #[signature("(*args, **kwargs)")]
    #[expect(non_snake_case, reason = "the function is named like a class")]
    fn SubElement(args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (parent, tag, attrib) = match args {
            [parent, tag] => (parent, tag, None),
            [parent, tag, attrib] => (parent, tag, Some(*attrib)),
            _ => {
                let (bound, count) = if args.len() < 2 { ("least", 2) } else { ("most", 3) };
                let given = args.len();
                return Err(raise!(
                    thread,
                    TypeError,
                    "SubElement() takes at {bound} {count} arguments ({given} given)"
                ));
            }
        };
        let parent = element_argument(parent, "SubElement() argument 1", thread)?;
        if let Some(attrib) = attrib.filter(|it| it.downcast::<Dict>().is_none()) {
            return Err(raise_wrong_type(attrib, "SubElement() argument 3", "dict", thread));
        }
        let attrib = element::merge_attributes(attrib.and_then(|it| it.downcast::<Dict>()), kwargs, thread)?;
        let child = Element::make(tag, attrib, thread);
        parent.add(child.clone().into_object(), thread)?;
        Ok(child.into_object())
    }

    /// _set_factories($module, comment_factory, pi_factory, /)
    /// --
    ///
    /// Change the factories used to create comments and processing instructions.
    ///
    /// For internal use only.
    #[function]
    fn _set_factories(comment_factory: &Object, pi_factory: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        for (name, factory) in [("Comment", comment_factory), ("PI", pi_factory)] {
            if !factory.is_none() && factory.class().slots().tp_call.get().is_none() {
                let class = factory.class().full_name();
                return Err(raise!(thread, TypeError, "{name} factory must be callable, not {class}"));
            }
        }
        let state = thread.interpreter().extension::<State>();
        let given = |factory: &Object| Some(Py::from_ref(factory)).filter(|it| !it.is_none());
        let old = [state.comment_factory.replace(given(comment_factory)), state.pi_factory.replace(given(pi_factory))];
        let none = thread.none();
        let old = old.map(|it| it.unwrap_or_else(|| none.clone()));
        Tuple::new(old.to_vec(), thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let error = parse_error(thread)?;
        module.set("ParseError", &error, thread)?;
        module.set("Element", Element::class(), thread)?;
        module.set("TreeBuilder", TreeBuilder::class(), thread)?;
        module.set("XMLParser", XMLParser::class(), thread)
    }
}
