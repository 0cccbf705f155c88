//! `chain`: one iterable after another.

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

#[derive(Instance)]
#[repr(C)]
pub struct Chain {
    header: Header,
    /// An iterator of iterables; empty at the end.
    source: Field,
    /// The iterator at work.
    active: Field,
}

impl Chain {
    fn over(class: &Type, source: Py<Object>, thread: &mut Thread) -> PyResult<Py<Chain>> {
        let chain = Chain { header: Header::new(Chain::class()), source: source.into(), active: Field::EMPTY };
        Py::new_in(class, chain, thread)
    }
}

/// chain(*iterables)
/// --
///
/// Return a chain object whose .__next__() method returns elements from the
/// first iterable until it is exhausted, then elements from the next
/// iterable, until all of the iterables are exhausted.
#[python_type(name = "itertools.chain", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Chain {
    #[new]
    fn __new__(class: &Type, iterables: &[&Object], thread: &mut Thread) -> PyResult<Py<Chain>> {
        let iterables = Tuple::from_slice(iterables, thread)?;
        let source = protocol::iter(&iterables, thread)?;
        Chain::over(class, source, thread)
    }

    /// from_iterable($type, iterable, /)
    /// --
    ///
    /// Alternative chain() constructor taking a single iterable argument that evaluates lazily.
    #[classmethod]
    fn from_iterable(class: &Type, iterable: &Object, thread: &mut Thread) -> PyResult<Py<Chain>> {
        let source = protocol::iter(iterable, thread)?;
        Chain::over(class, source, thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// chain is generic over the type of its contents.
    /// This is the union of the types of the input iterable contents.
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Chain> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        while let Some(source) = self.source.get() {
            let Some(active) = self.active.get() else {
                match protocol::next(&source, thread).and_then(|it| match it {
                    Some(iterable) => protocol::iter(&iterable, thread).map(Some),
                    None => Ok(None),
                }) {
                    Ok(Some(iterator)) => {
                        self.active.set(Some(iterator));
                        continue;
                    }
                    Ok(None) => {
                        self.source.set(None);
                        return Ok(None);
                    }
                    Err(raised) => {
                        self.source.set(None);
                        return Err(raised);
                    }
                }
            };
            if let Some(item) = protocol::next(&active, thread)? {
                return Ok(Some(item));
            }
            self.active.set(None);
        }
        Ok(None)
    }
}
