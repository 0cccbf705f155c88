//! `count`, `cycle`, `repeat`: iterators that may never end.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Guarded, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

#[derive(Instance)]
#[repr(C)]
pub struct Count {
    header: Header,
    /// The next number while `long` is empty.
    number: Cell<isize>,
    /// The next number when it or the step is not a small int.
    long: Field,
    step: Py<Object>,
}

fn check_number(value: &Object, thread: &mut Thread) -> PyResult<()> {
    let plain = value.downcast::<Int>().is_some();
    let has_float = plain || objects::float::from_number(value, thread)?.is_some() || is_complex(value, thread)?;
    if has_float {
        return Ok(());
    }
    Err(raise!(thread, TypeError, "a number is required"))
}

/// True if the value says that it is a complex number.
fn is_complex(value: &Object, thread: &mut Thread) -> PyResult<bool> {
    if value.downcast::<builtins::complex::Complex>().is_some() {
        return Ok(true);
    }
    Ok(value.class().lookup(&objects::names::__complex__, thread).is_some())
}

/// count(start=0, step=1)
/// --
///
/// Return a count object whose .__next__() method returns consecutive values.
///
/// Equivalent to:
///     def count(firstval=0, step=1):
///         x = firstval
///         while 1:
///             yield x
///             x += step
#[python_type(name = "itertools.count", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Count {
    #[new]
    fn __new__(
        class: &Type,
        start: Option<&Object>,
        step: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Count>> {
        for value in [start, step].into_iter().flatten() {
            check_number(value, thread)?;
        }
        let start = start.map_or_else(|| Int::from_i64(0, thread).into_object(), Py::from_ref);
        let step = step.map_or_else(|| Int::from_i64(1, thread).into_object(), Py::from_ref);
        let by_one = step.downcast_exact::<Int>().and_then(Int::to_i64) == Some(1);
        let small = start.downcast_exact::<Int>().and_then(Int::to_i64).filter(|it| by_one && *it != i64::MAX);
        let count = Count {
            header: Header::new(Count::class()),
            number: Cell::new(small.unwrap_or(0) as isize),
            long: Field::new(small.is_none().then_some(start)),
            step,
        };
        Py::new_in(class, count, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Count> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        if self.long.is_empty() {
            let number = self.number.get();
            if number != isize::MAX {
                self.number.set(number + 1);
                return Ok(Some(Int::from_i64(number as i64, thread).into_object()));
            }
        }
        let number = match self.long.get() {
            Some(number) => number,
            None => Int::from_i64(isize::MAX as i64, thread).into_object(),
        };
        let step = self.step.clone();
        let next = protocol::add(&number, &step, thread)?;
        self.long.set(Some(next));
        Ok(Some(number))
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let class = self.class().short_name();
        let number = match self.long.get() {
            Some(number) => protocol::repr(&number, thread)?.to_string_lossy(),
            None => self.number.get().to_string(),
        };
        if self.step.downcast::<Int>().and_then(Int::to_i64) == Some(1) {
            return Ok(Str::from_str(&format!("{class}({number})"), thread));
        }
        let step = protocol::repr(&self.step.clone(), thread)?.to_string_lossy();
        Ok(Str::from_str(&format!("{class}({number}, {step})"), thread))
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Cycle {
    header: Header,
    /// Empty once it is exhausted.
    iterator: Field,
    saved: Guarded<Vec<Py<Object>>>,
    position: Cell<usize>,
}

/// cycle(iterable, /)
/// --
///
/// Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.
#[python_type(name = "itertools.cycle", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Cycle {
    #[new]
    fn __new__(class: &Type, iterable: &Object, thread: &mut Thread) -> PyResult<Py<Cycle>> {
        let iterator = protocol::iter(iterable, thread)?;
        let cycle = Cycle {
            header: Header::new(Cycle::class()),
            iterator: iterator.into(),
            saved: Guarded::new(Vec::new()),
            position: Cell::new(0),
        };
        Py::new_in(class, cycle, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Cycle> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        if let Some(iterator) = self.iterator.get() {
            if let Some(item) = protocol::next(&iterator, thread)? {
                self.saved.get_mut(thread).push(item.clone());
                return Ok(Some(item));
            }
            self.iterator.set(None);
        }
        let saved = self.saved.get(thread);
        let position = self.position.get();
        let Some(item) = saved.get(position) else { return Ok(None) };
        self.position.set(if position + 1 == saved.len() { 0 } else { position + 1 });
        Ok(Some(item.clone()))
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Repeat {
    header: Header,
    element: Py<Object>,
    /// How often still; −1: for ever.
    left: Cell<isize>,
}

/// repeat(object [,times]) -> create an iterator which returns the object
/// for the specified number of times.  If not specified, returns the object
/// endlessly.
#[python_type(name = "itertools.repeat", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Repeat {
    #[new]
    #[signature("(object, times=None)")]
    fn __new__(class: &Type, object: &Object, times: Option<isize>, thread: &mut Thread) -> PyResult<Py<Repeat>> {
        let left = Cell::new(times.map_or(-1, |it| it.max(0)));
        Py::new_in(class, Repeat { header: Header::new(Repeat::class()), element: Py::from_ref(object), left }, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Repeat> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, _thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        match self.left.get() {
            0 => return Ok(None),
            -1 => {}
            left => self.left.set(left - 1),
        }
        Ok(Some(self.element.clone()))
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let class = self.class().short_name();
        let element = protocol::repr(&self.element.clone(), thread)?.to_string_lossy();
        let text = match self.left.get() {
            -1 => format!("{class}({element})"),
            left => format!("{class}({element}, {left})"),
        };
        Ok(Str::from_str(&text, thread))
    }

    /// __length_hint__($self, /)
    /// --
    ///
    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(&self, thread: &mut Thread) -> PyResult<isize> {
        match self.left.get() {
            -1 => Err(raise!(thread, TypeError, "len() of unsized object")),
            left => Ok(left),
        }
    }
}
