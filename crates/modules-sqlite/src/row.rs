//! `Row`: a tuple whose items have the names of their columns too.

use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::errors::{IndexError, PyResult};
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol;
use objects::protocol::Comparison;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::slice::Slice;
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use crate::arguments::raise_wrong_type;
use crate::cursor::Cursor;

#[derive(Instance)]
#[repr(C)]
pub struct Row {
    header: Header,
    // Empty only after the collector has broken a cycle.
    values: Field<Tuple>,
    description: Field<Object>,
}

#[python_type(name = "sqlite3.Row", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Row {
    #[new]
    #[signature("(cursor, data, /)")]
    fn new_row(class: &Type, cursor: &Object, data: &Object, thread: &mut Thread) -> PyResult<Py<Row>> {
        let Some(cursor) = cursor.downcast::<Cursor>() else {
            return Err(raise_wrong_type(cursor, "Row() argument 1", "sqlite3.Cursor", thread));
        };
        let Some(data) = data.downcast::<Tuple>() else {
            return Err(raise_wrong_type(data, "Row() argument 2", "tuple", thread));
        };
        let description = cursor.description.get().unwrap_or_else(|| thread.none());
        let row = Row {
            header: Header::new(Row::class()),
            values: Field::new(Some(Py::from_ref(data))),
            description: Field::new(Some(description)),
        };
        Py::new_in(class, row, thread)
    }

    /// keys($self, /)
    /// --
    ///
    /// Returns the keys of the row.
    #[method]
    fn keys(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        List::new(self.names(), thread)
    }

    #[slot(mp_length)]
    fn length(&self, thread: &mut Thread) -> PyResult<usize> {
        Ok(self.values(thread).items().len())
    }

    #[slot(sq_item)]
    fn item(&self, index: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let values = self.values(thread);
        protocol::get_index(&values, index, thread)
    }

    #[slot(mp_subscript)]
    fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let values = self.values(thread);
        if key.downcast::<objects::int::Int>().is_some() {
            let index = protocol::index_or_raise(key, IndexError, thread)?;
            return protocol::get_index(&values, index, thread);
        }
        if let Some(wanted) = key.downcast::<Str>() {
            let names = self.names();
            for (at, name) in names.iter().enumerate() {
                if is_name(name, wanted, thread)? {
                    return protocol::get_index(&values, at as isize, thread);
                }
            }
            if self.description(thread).is_none() {
                let shown = protocol::repr(key, thread)?.to_string_lossy();
                return Err(raise!(thread, IndexError, "No item with key {shown}"));
            }
            return Err(raise!(thread, IndexError, "No item with that key"));
        }
        if key.downcast::<Slice>().is_some() {
            return protocol::get_item(&values, key, thread);
        }
        Err(raise!(thread, IndexError, "Index must be int or string"))
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let values = self.values(thread);
        protocol::iter(&values, thread)
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        let (description, values) = (self.description(thread), self.values(thread));
        Ok(protocol::hash(&description, thread)? ^ protocol::hash(&values, thread)?)
    }

    #[slot(tp_richcompare)]
    fn compare(left: &Object, right: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let rows = (left.downcast::<Row>(), right.downcast::<Row>());
        let ((Some(left), Some(right)), Comparison::Equal | Comparison::NotEqual) = (rows, operation) else {
            return Ok(thread.not_implemented());
        };
        let (one, other) = (left.description(thread), right.description(thread));
        if protocol::equals(&one, &other, thread)? {
            let (one, other) = (left.values(thread), right.values(thread));
            return protocol::compare(&one, &other, operation, thread);
        }
        Ok(Bool::new(operation == Comparison::NotEqual))
    }
}

impl Row {
    fn values(&self, thread: &mut Thread) -> Py<Tuple> {
        self.values.get().unwrap_or_else(|| Tuple::empty(thread))
    }

    fn description(&self, thread: &Thread) -> Py<Object> {
        self.description.get().unwrap_or_else(|| thread.none())
    }

    /// The names of the columns.
    fn names(&self) -> Vec<Py<Object>> {
        let Some(description) = self.description.get() else { return Vec::new() };
        let columns = description.downcast::<Tuple>().map_or(&[][..], Tuple::items);
        let first = |column: &Py<Object>| column.downcast::<Tuple>().and_then(|it| it.items().first().cloned());
        columns.iter().filter_map(first).collect()
    }
}

/// True if a column has this name; capitals do not matter in ASCII.
fn is_name(name: &Object, wanted: &Str, thread: &mut Thread) -> PyResult<bool> {
    if protocol::equals(name, wanted, thread)? {
        return Ok(true);
    }
    let Some(name) = name.downcast::<Str>().filter(|it| it.is_ascii() && wanted.is_ascii()) else { return Ok(false) };
    Ok(name.length() == wanted.length() && name.utf8(thread)?.eq_ignore_ascii_case(wanted.utf8(thread)?))
}
