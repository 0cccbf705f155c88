//! What an element has beside its tag and texts: attributes and children, which most elements do without.

use objects::dict::Dict;
use objects::gc::{Traverse, Visitor};
use objects::refs::{Guarded, Object, Py};

#[derive(Default)]
pub struct Extra {
    pub attrib: Option<Py<Dict>>,
    pub children: Vec<Py<Object>>,
}

/// Absent as long as there is nothing in it.
pub type Extras = Guarded<Option<Box<Extra>>>;

impl Traverse for Box<Extra> {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.attrib.traverse(visitor);
        self.children.traverse(visitor);
    }

    fn clear(&self) {}
}

/// So many children have room in CPython before any is asked for.
const AT_FIRST: usize = 4;

impl Extra {
    /// How many children CPython has room for beyond the first.
    pub fn room(&self) -> usize {
        if self.children.capacity() > AT_FIRST { self.children.capacity() } else { 0 }
    }
}

/// Makes room for more, as much as CPython has then.
pub fn reserve(children: &mut Vec<Py<Object>>, more: usize) -> Result<(), std::collections::TryReserveError> {
    let needed = children.len() + more;
    if needed <= children.capacity() {
        return Ok(());
    }
    let grown = if needed <= AT_FIRST { AT_FIRST } else { (needed >> 3) + if needed < 9 { 3 } else { 6 } + needed };
    children.try_reserve_exact(grown - children.len())
}
