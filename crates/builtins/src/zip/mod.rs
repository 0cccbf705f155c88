//! `zip`.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::errors::{PyResult, Raised};
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, Type, TypeDeclaration};

pub const TYPES: &[&TypeDeclaration] = &[Zip::DECLARATION];

/// An iterator over several iterators at once.
#[derive(Instance)]
#[repr(C)]
pub struct Zip {
    header: Header,
    count: isize,
    iterators: Py<Tuple>,
    /// The tuple that was given last, used again if nobody kept it.
    items: Field<Tuple>,
    strict: Cell<bool>,
}

/// The iterators of some iterables, as a tuple.
pub(crate) fn iterators_of(iterables: &[&Object], thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let mut iterators = Vec::with_capacity(iterables.len());
    for iterable in iterables {
        iterators.push(protocol::iter(iterable, thread)?);
    }
    Tuple::new(iterators, thread)
}

/// One item of each iterator, or None when one is exhausted; `strict`: ValueError if another is not.
pub(crate) fn next_of_all(
    iterators: &Tuple,
    strict: bool,
    function: &str,
    thread: &mut Thread,
) -> PyResult<Option<Vec<Py<Object>>>> {
    let mut items = Vec::with_capacity(iterators.length());
    for (index, iterator) in iterators.items().iter().enumerate() {
        let item =
            if strict { protocol::next(iterator, thread)? } else { protocol::next_to_hand_on(iterator, thread)? };
        match item {
            Some(item) => items.push(item),
            None if strict => return check_others(iterators, index, function, thread).map(|()| None),
            None => return Ok(None),
        }
    }
    Ok(Some(items))
}

/// The iterator at `index` is exhausted: so must be the others.
pub(crate) fn check_others(iterators: &Tuple, index: usize, function: &str, thread: &mut Thread) -> PyResult<()> {
    if index > 0 {
        return Err(raise_unequal(function, index, "shorter", thread));
    }
    for (index, iterator) in iterators.items().iter().enumerate().skip(1) {
        if protocol::next(iterator, thread)?.is_some() {
            return Err(raise_unequal(function, index, "longer", thread));
        }
    }
    Ok(())
}

#[cold]
fn raise_unequal(function: &str, index: usize, relation: &str, thread: &mut Thread) -> Raised {
    let others = if index == 1 { " " } else { "s 1-" };
    let number = index + 1;
    raise!(thread, ValueError, "{function}() argument {number} is {relation} than argument{others}{index}")
}

impl Zip {
    /// The next items of exactly `N` iterators, without a vector; the tuple given last is used again if nobody kept it.
    #[inline]
    fn next_few<const N: usize>(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        let iterators = self.iterators.clone();
        let mut items = [const { None }; N];
        for (index, (item, iterator)) in items.iter_mut().zip(iterators.items()).enumerate() {
            *item = match self.strict.get() {
                true => protocol::next(iterator, thread)?,
                false => protocol::next_to_hand_on(iterator, thread)?,
            };
            if item.is_none() {
                return self.exhausted(index, thread);
            }
        }
        let items = items.map(|item| item.unwrap_or_else(|| thread.none()));
        let Some(tuple) = self.items.take().filter(|tuple| tuple.is_unique()) else {
            let tuple = Tuple::from_iterator(items.into_iter(), thread)?;
            self.items.set(Some(tuple.clone()));
            return Ok(Some(tuple));
        };
        // The old items may run Python code when they go, which must not find the tuple half-filled.
        let old = tuple.refill(items, thread);
        self.items.set(Some(tuple.clone()));
        drop(old);
        Ok(Some(tuple))
    }

    #[cold]
    fn exhausted(&self, index: usize, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        if self.strict.get() {
            check_others(&self.iterators, index, "zip", thread)?;
        }
        Ok(None)
    }
}

/// zip(*iterables, strict=False)
/// --
///
/// The zip object yields n-length tuples, where n is the number of
/// iterables passed as positional arguments to zip().  The i-th element
/// in every tuple comes from the i-th iterable argument to zip().  This
/// continues until the shortest argument is exhausted.
///
/// If strict is true and one of the arguments is exhausted before the
/// others, raise a ValueError.
///
///    >>> list(zip('abcdefg', range(3), range(4)))
///    [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]
#[python_type(name = "zip", symbol = "PyZip_Type", base = BaseObject, flags(BASETYPE))]
impl Zip {
    #[new]
    fn __new__(class: &Type, iterables: &[&Object], strict: bool, thread: &mut Thread) -> PyResult<Py<Zip>> {
        let zip = Zip {
            header: Header::new(Zip::class()),
            count: iterables.len() as isize,
            iterators: iterators_of(iterables, thread)?,
            items: Field::EMPTY,
            strict: Cell::new(strict),
        };
        Py::new_in(class, zip, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Zip> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        match self.count {
            0 => Ok(None),
            1 => self.next_few::<1>(thread),
            2 => self.next_few::<2>(thread),
            3 => self.next_few::<3>(thread),
            _ => match next_of_all(&self.iterators, self.strict.get(), "zip", thread)? {
                Some(items) => Tuple::new(items, thread).map(Some),
                None => Ok(None),
            },
        }
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let class = Py::from_ref(self.class()).into_object();
        let mut parts = vec![class, self.iterators.clone().into_object()];
        if self.strict.get() {
            parts.push(Bool::new(true));
        }
        Tuple::new(parts, thread)
    }

    /// __setstate__($self, object, /)
    /// --
    ///
    /// Set state information for unpickling.
    #[method]
    #[signature("(state, /)")]
    fn __setstate__(&self, strict: bool) {
        self.strict.set(strict);
    }
}
