//! `combinations`, `combinations_with_replacement`, `permutations`: choices among the items of a pool, in lexicographic order of
//! their positions.

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

/// The chosen items as a tuple.
fn choose(pool: &Tuple, indices: &[usize]) -> Vec<Py<Object>> {
    indices.iter().filter_map(|index| pool.items().get(*index).cloned()).collect()
}

fn check_count(count: isize, thread: &mut Thread) -> PyResult<usize> {
    usize::try_from(count).map_err(|_| raise!(thread, ValueError, "r must be non-negative"))
}

#[derive(Instance)]
#[repr(C)]
pub struct Combinations {
    header: Header,
    pool: Py<Tuple>,
    indices: Guarded<Vec<usize>>,
    started: Cell<bool>,
    stopped: Cell<bool>,
}

/// combinations(iterable, r)
/// --
///
/// Return successive r-length combinations of elements in the iterable.
///
/// combinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)
#[python_type(name = "itertools.combinations", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Combinations {
    #[new]
    fn __new__(class: &Type, iterable: &Object, r: isize, thread: &mut Thread) -> PyResult<Py<Combinations>> {
        let pool = protocol::to_tuple(iterable, thread)?;
        let count = check_count(r, thread)?;
        let stopped = count > pool.length();
        let combinations = Combinations {
            header: Header::new(Combinations::class()),
            pool,
            indices: Guarded::new(if stopped { Vec::new() } else { (0..count).collect() }),
            started: Cell::new(false),
            stopped: Cell::new(stopped),
        };
        Py::new_in(class, combinations, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Combinations> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        if self.stopped.get() {
            return Ok(None);
        }
        if self.started.replace(true) {
            let indices = self.indices.get_mut(thread);
            let spare = self.pool.length() - indices.len();
            let Some(place) = (0..indices.len()).rev().find(|place| indices[*place] != place + spare) else {
                self.stopped.set(true);
                return Ok(None);
            };
            let first = indices[place] + 1;
            for (offset, index) in indices[place..].iter_mut().enumerate() {
                *index = first + offset;
            }
        }
        let items = choose(&self.pool, self.indices.get(thread));
        Tuple::new(items, thread).map(Some)
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Returns size in memory, in bytes.
    #[method]
    fn __sizeof__(&self, thread: &mut Thread) -> usize {
        self.class().basic_size() + self.indices.get(thread).len() * size_of::<usize>()
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct CombinationsWithReplacement {
    header: Header,
    pool: Py<Tuple>,
    indices: Guarded<Vec<usize>>,
    started: Cell<bool>,
    stopped: Cell<bool>,
}

/// combinations_with_replacement(iterable, r)
/// --
///
/// Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.
///
/// combinations_with_replacement('ABC', 2) --> ('A','A'), ('A','B'), ('A','C'), ('B','B'), ('B','C'), ('C','C')
#[python_type(name = "itertools.combinations_with_replacement", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl CombinationsWithReplacement {
    #[new]
    fn __new__(
        class: &Type,
        iterable: &Object,
        r: isize,
        thread: &mut Thread,
    ) -> PyResult<Py<CombinationsWithReplacement>> {
        let pool = protocol::to_tuple(iterable, thread)?;
        let count = check_count(r, thread)?;
        let stopped = pool.length() == 0 && count > 0;
        let mut indices = Vec::new();
        if !stopped {
            if indices.try_reserve_exact(count).is_err() {
                return Err(thread.raise_memory_error());
            }
            indices.resize(count, 0);
        }
        let combinations = CombinationsWithReplacement {
            header: Header::new(CombinationsWithReplacement::class()),
            pool,
            indices: Guarded::new(indices),
            started: Cell::new(false),
            stopped: Cell::new(stopped),
        };
        Py::new_in(class, combinations, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<CombinationsWithReplacement> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        if self.stopped.get() {
            return Ok(None);
        }
        if self.started.replace(true) {
            let indices = self.indices.get_mut(thread);
            let length = self.pool.length();
            let Some(place) = indices.iter().rposition(|index| index + 1 < length) else {
                self.stopped.set(true);
                return Ok(None);
            };
            let next = indices[place] + 1;
            indices[place..].fill(next);
        }
        let items = choose(&self.pool, self.indices.get(thread));
        Tuple::new(items, thread).map(Some)
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Returns size in memory, in bytes.
    #[method]
    fn __sizeof__(&self, thread: &mut Thread) -> usize {
        self.class().basic_size() + self.indices.get(thread).len() * size_of::<usize>()
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Permutations {
    header: Header,
    pool: Py<Tuple>,
    /// A permutation of all positions, of which the first `count` are given.
    indices: Guarded<Vec<usize>>,
    /// For each place, how many exchanges it has still to make.
    cycles: Guarded<Vec<usize>>,
    started: Cell<bool>,
    stopped: Cell<bool>,
}

/// permutations(iterable, r=None)
/// --
///
/// Return successive r-length permutations of elements in the iterable.
///
/// permutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)
#[python_type(name = "itertools.permutations", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Permutations {
    #[new]
    fn __new__(class: &Type, iterable: &Object, r: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Permutations>> {
        let pool = protocol::to_tuple(iterable, thread)?;
        let length = pool.length();
        let count = match r.filter(|it| !it.is_none()) {
            None => length,
            Some(r) => {
                let Some(_) = r.downcast::<objects::int::Int>() else {
                    return Err(raise!(thread, TypeError, "Expected int as r"));
                };
                let count = protocol::index_as_isize(r, thread)?;
                check_count(count, thread)?
            }
        };
        let stopped = count > length;
        let permutations = Permutations {
            header: Header::new(Permutations::class()),
            pool,
            indices: Guarded::new((0..length).collect()),
            cycles: Guarded::new(if stopped { Vec::new() } else { (0..count).map(|place| length - place).collect() }),
            started: Cell::new(false),
            stopped: Cell::new(stopped),
        };
        Py::new_in(class, permutations, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Permutations> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        if self.stopped.get() {
            return Ok(None);
        }
        let mut cycles = std::mem::take(self.cycles.get_mut(thread));
        let indices = self.indices.get_mut(thread);
        let mut moved = true;
        if self.started.replace(true) {
            let length = indices.len();
            moved = false;
            for place in (0..cycles.len()).rev() {
                cycles[place] -= 1;
                if cycles[place] > 0 {
                    indices.swap(place, length - cycles[place]);
                    moved = true;
                    break;
                }
                indices[place..].rotate_left(1);
                cycles[place] = length - place;
            }
        }
        let items = choose(&self.pool, &indices[..cycles.len()]);
        *self.cycles.get_mut(thread) = cycles;
        if !moved {
            self.stopped.set(true);
            return Ok(None);
        }
        Tuple::new(items, thread).map(Some)
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Returns size in memory, in bytes.
    #[method]
    fn __sizeof__(&self, thread: &mut Thread) -> usize {
        let words = self.indices.get(thread).len() + self.cycles.get(thread).len();
        self.class().basic_size() + words * size_of::<usize>()
    }
}
