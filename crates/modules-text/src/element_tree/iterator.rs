//! What `iter` and `itertext` give: a walk down a tree, which may change meanwhile.

use std::cell::{Cell, RefCell};

use macros::{Instance, python_type};
use objects::errors::{Grow, OrMemoryError, PyResult, StopIteration};
use objects::gc::{Traverse, Visitor};
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;

use super::element::Element;

/// The elements that the walk is in, each with the number of its next child.
#[derive(Default)]
struct Way(RefCell<Vec<(Py<Element>, usize)>>);

impl Traverse for Way {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.0.borrow().iter().for_each(|it| it.0.traverse(visitor));
    }

    fn clear(&self) {
        drop(self.0.take());
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct ElementIterator {
    header: Header,
    /// Where the walk begins; empty once it has.
    root: Field<Element>,
    way: Way,
    /// None for all.
    tag: Field<Object>,
    gives_text: Cell<bool>,
}

/// Where a walk is.
enum Place {
    Entered(Py<Element>),
    Left(Py<Element>),
    End,
}

#[python_type(
    name = "_elementtree._element_iterator", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION)
)]
impl ElementIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<ElementIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        loop {
            let text = match self.go_on(thread)? {
                // Tools are told of this exception.
                Place::End => return Err(thread.raise_kind(StopIteration)),
                Place::Entered(element) if !self.gives_text.get() => {
                    let Some(wanted) = self.tag.get().filter(|it| !it.is_none()) else {
                        return Ok(Some(element.into_object()));
                    };
                    let tag = element.tag(thread);
                    if protocol::equals(&tag, &wanted, thread)? {
                        return Ok(Some(element.into_object()));
                    }
                    continue;
                }
                // What comments and the like say is no text of the document.
                Place::Entered(element) => {
                    let tag = element.tag(thread);
                    element.text.get().filter(|_| tag.is_none() || tag.downcast::<Str>().is_some())
                }
                // Only what is inside of the element where the walk began.
                Place::Left(element) if self.gives_text.get() && !self.way.0.borrow().is_empty() => element.tail.get(),
                Place::Left(_) => continue,
            };
            if let Some(text) = text.filter(|it| !it.is_none())
                && protocol::is_true(&text, thread)?
            {
                return Ok(Some(text));
            }
        }
    }
}

impl ElementIterator {
    pub fn new(root: &Element, tag: Option<&Object>, gives_text: bool, thread: &mut Thread) -> Py<Self> {
        let iterator = Self {
            header: Header::new(Self::class()),
            root: Field::new(Some(Py::from_ref(root))),
            way: Way::default(),
            tag: Field::new(tag.map(Py::from_ref)),
            gives_text: Cell::new(gives_text),
        };
        Py::new(iterator, thread)
    }

    fn go_on(&self, thread: &mut Thread) -> PyResult<Place> {
        let innermost = self.way.0.borrow().last().cloned();
        let element = match innermost {
            None => match self.root.take() {
                Some(root) => root,
                None => return Ok(Place::End),
            },
            Some((parent, number)) => match parent.child(number, thread) {
                None => {
                    let left = self.way.0.borrow_mut().pop();
                    return Ok(left.map_or(Place::End, |it| Place::Left(it.0)));
                }
                Some(child) => {
                    let Ok(child) = child.downcast_into::<Element>() else {
                        let found = parent.child(number, thread).map(|it| it.class().full_name()).unwrap_or_default();
                        return Err(raise!(thread, AttributeError, "'{found}' object has no attribute 'iter'"));
                    };
                    if let Some(last) = self.way.0.borrow_mut().last_mut() {
                        last.1 = number + 1;
                    }
                    child
                }
            },
        };
        let pushed = self.way.0.borrow_mut().try_push((element.clone(), 0));
        pushed.or_memory_error(thread)?;
        Ok(Place::Entered(element))
    }
}
