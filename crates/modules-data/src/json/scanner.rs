//! `make_scanner`: what reads a value at a place of a document, by a decoder's options.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::{expect_str, required, scan};

#[derive(Instance)]
#[repr(C)]
pub struct Scanner {
    header: Header,
    strict: Cell<bool>,
    pub object_hook: Py<Object>,
    pub object_pairs_hook: Py<Object>,
    pub parse_float: Py<Object>,
    pub parse_int: Py<Object>,
    pub parse_constant: Py<Object>,
}

impl Scanner {
    pub fn is_strict(&self) -> bool {
        self.strict.get()
    }
}

/// JSON scanner object
#[python_type(
    name = "_json.Scanner", base = BaseObject, flags(HEAPTYPE),
    members(
        strict: Bool = "strict",
        object_hook: Object = "object_hook",
        object_pairs_hook: Object,
        parse_float: Object = "parse_float",
        parse_int: Object = "parse_int",
        parse_constant: Object = "parse_constant"
    )
)]
impl Scanner {
    #[slot(tp_new)]
    fn new_scanner(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Scanner>> {
        let [context] = required("make_scanner", ["context"], arguments, keywords, thread)?;
        let attribute = |name: &str, thread: &mut Thread| {
            let name = thread.intern_text(name);
            protocol::get_attribute(&context, &name, thread)
        };
        let strict = attribute("strict", thread)?;
        let strict = Cell::new(protocol::is_true(&strict, thread)?);
        let object_hook = attribute("object_hook", thread)?;
        let object_pairs_hook = attribute("object_pairs_hook", thread)?;
        let parse_float = attribute("parse_float", thread)?;
        let parse_int = attribute("parse_int", thread)?;
        let parse_constant = attribute("parse_constant", thread)?;
        let header = Header::new(Scanner::class());
        let scanner =
            Scanner { header, strict, object_hook, object_pairs_hook, parse_float, parse_int, parse_constant };
        Py::new_in(class, scanner, thread)
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let [document, index] = required("scan_once", ["string", "idx"], arguments, keywords, thread)?;
        let index = protocol::index_as_isize(&index, thread)?;
        let document = expect_str(&document, thread)?;
        let Ok(index) = usize::try_from(index) else {
            return Err(raise!(thread, ValueError, "idx cannot be negative"));
        };
        let (value, after) = scan::scan(self, document, index, thread)?;
        let after = protocol::make_int(after as i128, thread);
        Tuple::new(vec![value, after], thread)
    }
}
