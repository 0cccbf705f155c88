//! `product`: nested loops.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Guarded, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

#[derive(Instance)]
#[repr(C)]
pub struct Product {
    header: Header,
    pools: Vec<Py<Tuple>>,
    indices: Guarded<Vec<usize>>,
    started: Cell<bool>,
    stopped: Cell<bool>,
}

/// product(*iterables, repeat=1)
/// --
///
/// Cartesian product of input iterables.  Equivalent to nested for-loops.
///
/// For example, product(A, B) returns the same as:  ((x,y) for x in A for y in B).
/// The leftmost iterators are in the outermost for-loop, so the output tuples
/// cycle in a manner similar to an odometer (with the rightmost element changing
/// on every iteration).
///
/// To compute the product of an iterable with itself, specify the number
/// of repetitions with the optional repeat keyword argument. For example,
/// product(A, repeat=4) means the same as product(A, A, A, A).
///
/// product('ab', range(3)) --> ('a',0) ('a',1) ('a',2) ('b',0) ('b',1) ('b',2)
/// product((0,1), (0,1), (0,1)) --> (0,0,0) (0,0,1) (0,1,0) (0,1,1) (1,0,0) ...
#[python_type(name = "itertools.product", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Product {
    #[new]
    fn __new__(class: &Type, iterables: &[&Object], repeat: isize, thread: &mut Thread) -> PyResult<Py<Product>> {
        if repeat < 0 {
            return Err(raise!(thread, ValueError, "repeat argument cannot be negative"));
        }
        let mut once = Vec::with_capacity(iterables.len());
        if repeat > 0 {
            if iterables.len().checked_mul(repeat as usize).is_none_or(|it| it > isize::MAX as usize / 8) {
                return Err(raise!(thread, OverflowError, "repeat argument too large"));
            }
            for iterable in iterables {
                once.push(protocol::to_tuple(iterable, thread)?);
            }
        }
        let mut pools: Vec<Py<Tuple>> = Vec::new();
        if pools.try_reserve_exact(once.len() * repeat as usize).is_err() {
            return Err(thread.raise_memory_error());
        }
        for _ in 0..(if once.is_empty() { 0 } else { repeat }) {
            pools.extend(once.iter().cloned());
        }
        let product = Product {
            header: Header::new(Product::class()),
            indices: Guarded::new(vec![0; pools.len()]),
            pools,
            started: Cell::new(false),
            stopped: Cell::new(false),
        };
        Py::new_in(class, product, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Product> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        if self.stopped.get() {
            return Ok(None);
        }
        if self.started.replace(true) {
            // The rightmost loop that has an item left moves on, those after it start again.
            let indices = self.indices.get_mut(thread);
            let moved = indices.iter_mut().zip(&self.pools).rev().any(|(index, pool)| {
                *index = if *index + 1 < pool.length() { *index + 1 } else { 0 };
                *index > 0
            });
            if !moved {
                self.stopped.set(true);
                return Ok(None);
            }
        }
        let indices = self.indices.get(thread);
        let items: Option<Vec<_>> =
            indices.iter().zip(&self.pools).map(|(index, pool)| pool.items().get(*index).cloned()).collect();
        match items {
            Some(items) => Tuple::new(items, thread).map(Some),
            None => {
                self.stopped.set(true);
                Ok(None)
            }
        }
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Returns size in memory, in bytes.
    #[method]
    fn __sizeof__(&self) -> usize {
        self.class().basic_size() + self.pools.len() * size_of::<usize>()
    }
}
