//! `SRE_Scanner`: matches one after the other; `finditer` iterates over its `search`.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::raise;
use objects::refs::{Header, Py};
use objects::thread::Thread;
use objects::types::Instance as _;

use super::engine::Mode;
use super::match_object::Match;
use super::pattern::Pattern;
use super::subject::Subject;

#[derive(Instance)]
#[repr(C)]
pub struct Scanner {
    header: Header,
    pattern: Py<Pattern>,
    subject: Held,
    /// Where to go on; None at the end.
    next: Cell<Option<usize>>,
    must_advance: Cell<bool>,
    executing: Cell<bool>,
}

/// The subject as a field.
struct Held(Subject);

impl objects::gc::Traverse for Held {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut objects::gc::Visitor<'_>) {
        self.0.object.traverse(visitor);
    }

    fn clear(&self) {}
}

impl Scanner {
    pub fn new(pattern: &Pattern, subject: Subject, thread: &mut Thread) -> Py<Scanner> {
        let scanner = Scanner {
            header: Header::new(Scanner::class()),
            pattern: Py::from_ref(pattern),
            next: Cell::new(Some(subject.start)),
            subject: Held(subject),
            must_advance: Cell::new(false),
            executing: Cell::new(false),
        };
        Py::new(scanner, thread)
    }

    fn advance(&self, mode: Mode, thread: &mut Thread) -> PyResult<Option<Py<Match>>> {
        let Some(start) = self.next.get() else { return Ok(None) };
        if self.executing.replace(true) {
            return Err(raise!(thread, ValueError, "regular expression scanner already executing"));
        }
        let subject = &self.subject.0;
        let found = subject.find(&self.pattern, mode, start, self.must_advance.get(), thread);
        self.executing.set(false);
        let Some(found) = found? else {
            self.next.set(None);
            return Ok(None);
        };
        self.must_advance.set(found.start == found.end);
        self.next.set(Some(found.end));
        Ok(Some(Match::new(&self.pattern, subject, found, thread)))
    }
}

#[python_type(name = "_sre.SRE_Scanner", base = BaseObject, flags(HEAPTYPE), members(pattern: Object))]
impl Scanner {
    /// match($self, /)
    /// --
    ///
    #[defining_class]
    #[method(name = "match")]
    fn match_(&self, thread: &mut Thread) -> PyResult<Option<Py<Match>>> {
        self.advance(Mode::Match, thread)
    }

    /// search($self, /)
    /// --
    ///
    #[defining_class]
    #[method]
    fn search(&self, thread: &mut Thread) -> PyResult<Option<Py<Match>>> {
        self.advance(Mode::Search, thread)
    }
}
