//! `cell`: a variable that functions share.

use macros::{Instance, python_type};

use crate::errors::PyResult;
use crate::raise;
use crate::refs::{Field, Header, Object, Py};
use crate::thread::Thread;
use crate::types::{Instance as _, Type};

/// A variable of an enclosing function, or nothing yet.
#[derive(Instance)]
#[repr(C)]
pub struct Cell {
    header: Header,
    contents: Field,
}

const _: () = assert!(size_of::<Cell>() == size_of::<layout::PyCellObject>());

impl Cell {
    pub fn new(contents: Option<Py<Object>>, thread: &mut Thread) -> Py<Cell> {
        Py::new(Cell { header: Header::new(Cell::class()), contents: Field::new(contents) }, thread)
    }

    /// The variable's value.
    #[inline(always)]
    pub fn get(&self) -> Option<Py<Object>> {
        self.contents.get()
    }

    /// Sets or unsets the variable, and gives the old value back.
    #[inline(always)]
    #[must_use = "the old value is released when dropped"]
    pub fn replace(&self, value: Option<Py<Object>>) -> Option<Py<Object>> {
        self.contents.replace(value)
    }
}

/// cell([contents])
/// --
///
/// Create a new cell object.
///
///   contents
///     the contents of the cell. If not specified, the cell will be empty,
///     and
///  further attempts to access its cell_contents attribute will
///     raise a ValueError.
#[python_type(symbol = "PyCell_Type", name = "cell", base = crate::object::BaseObject)]
impl Cell {
    #[new]
    #[signature("(contents=None, /)")]
    fn construct(class: &Type, contents: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Cell>> {
        let contents = Field::new(contents.map(Py::from_ref));
        Py::new_in(class, Cell { header: Header::new(class), contents }, thread)
    }

    #[getter]
    fn cell_contents(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.get() {
            Some(value) => Ok(value),
            None => Err(raise!(thread, ValueError, "Cell is empty")),
        }
    }

    #[setter]
    fn set_cell_contents(&self, value: Option<&Object>) -> PyResult<()> {
        self.contents.set(value.map(Py::from_ref));
        Ok(())
    }
}
