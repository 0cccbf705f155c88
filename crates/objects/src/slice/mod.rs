//! `slice`: what `a[1:2:3]` passes to `a.__getitem__`. Sequences read it with [`Slice::unpack`].

use std::mem::offset_of;

use layout::PySliceObject;
use macros::{Instance, python_type};

use crate::bool::Bool;
use crate::errors::PyResult;
use crate::int::Int;
use crate::method::{FromArgument, Position};
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Header, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::{Tuple, TupleHash};
use crate::types::{Instance as _, TypeDeclaration};

pub const TYPES: &[&TypeDeclaration] = &[Slice::DECLARATION];

/// A slice.
#[derive(Instance)]
#[repr(C)]
pub struct Slice {
    header: Header,
    start: Py<Object>,
    stop: Py<Object>,
    step: Py<Object>,
}

const _: () = {
    assert!(size_of::<Slice>() == size_of::<PySliceObject>());
    assert!(offset_of!(Slice, step) == offset_of!(PySliceObject, step));
};

/// The bounds of a slice as machine words, before they are adjusted to a sequence: `start:stop:step`.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub start: isize,
    pub stop: isize,
    /// Neither zero nor the least number, so that it can be negated.
    pub step: isize,
}

/// The items that a slice selects from a sequence: `count` of them, from `start` on, in steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    pub start: isize,
    pub stop: isize,
    pub step: isize,
    pub count: usize,
}

impl Selection {
    /// The indices of the selected items.
    pub fn indices(self) -> impl DoubleEndedIterator<Item = usize> {
        (0..self.count).map(move |number| (self.start + number as isize * self.step) as usize)
    }

    /// The same items from the lowest index to the highest.
    pub fn ascending(self) -> Self {
        if self.step > 0 || self.count == 0 {
            return Self { step: self.step.abs(), ..self };
        }
        let last = self.start + (self.count as isize - 1) * self.step;
        Self { start: last, stop: self.start + 1, step: -self.step, count: self.count }
    }
}

impl Bounds {
    /// The bounds of `start:stop` if each is None or a small int, for which nothing has to be called.
    #[inline]
    pub fn of_plain(start: &Object, stop: &Object) -> Option<Self> {
        let plain = |bound: &Object, default: isize| {
            if bound.is_none() { Some(default) } else { bound.downcast_exact::<Int>()?.compact_value() }
        };
        Some(Self { start: plain(start, 0)?, stop: plain(stop, isize::MAX)?, step: 1 })
    }

    /// The items of a sequence of this length that the slice selects (`PySlice_AdjustIndices`).
    pub fn select(self, length: usize) -> Selection {
        let length = length as isize;
        let clip = |bound: isize| {
            let bound = if bound < 0 { bound.saturating_add(length) } else { bound };
            if self.step < 0 { bound.clamp(-1, length - 1) } else { bound.clamp(0, length) }
        };
        let (start, stop) = (clip(self.start), clip(self.stop));
        let count = if self.step < 0 {
            if stop < start { (start - stop - 1) / -self.step + 1 } else { 0 }
        } else if start < stop {
            (stop - start - 1) / self.step + 1
        } else {
            0
        };
        Selection { start, stop, step: self.step, count: count as usize }
    }
}

/// An argument that says where in a sequence to start or stop: any index, of which one out of range is as good as the nearest.
#[derive(Clone, Copy, Debug)]
pub struct SliceIndex(pub isize);

impl SliceIndex {
    /// The index counted from the start of a sequence of this length; never negative.
    pub fn from_start(self, length: usize) -> usize {
        if self.0 < 0 { self.0.saturating_add(length as isize).max(0) as usize } else { self.0 as usize }
    }
}

impl FromArgument<'_> for SliceIndex {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        if !protocol::is_index(value) {
            return Err(raise!(thread, TypeError, "slice indices must be integers or have an __index__ method"));
        }
        protocol::index_clipped(value, thread).map(SliceIndex)
    }
}

/// One bound of a slice as the nearest machine word.
fn bound_as_isize(bound: &Object, thread: &mut Thread) -> PyResult<isize> {
    if !protocol::is_index(bound) {
        return Err(raise!(thread, TypeError, "slice indices must be integers or None or have an __index__ method"));
    }
    protocol::index_clipped(bound, thread)
}

impl Slice {
    /// `start:stop:step`; None where a bound was left out.
    pub fn new(start: Py<Object>, stop: Py<Object>, step: Py<Object>, thread: &mut Thread) -> Py<Slice> {
        Py::new(Slice { header: Header::new(Slice::class()), start, stop, step }, thread)
    }

    pub fn start(&self) -> &Object {
        &self.start
    }

    pub fn stop(&self) -> &Object {
        &self.stop
    }

    pub fn step(&self) -> &Object {
        &self.step
    }

    /// The bounds as machine words. May run `__index__`, so a sequence must look at its length afterwards.
    pub fn unpack(&self, thread: &mut Thread) -> PyResult<Bounds> {
        let step = if self.step.is_none() { 1 } else { bound_as_isize(&self.step, thread)?.max(-isize::MAX) };
        if step == 0 {
            return Err(raise!(thread, ValueError, "slice step cannot be zero"));
        }
        let start = match self.start.is_none() {
            true if step < 0 => isize::MAX,
            true => 0,
            false => bound_as_isize(&self.start, thread)?,
        };
        let stop = match self.stop.is_none() {
            true if step < 0 => isize::MIN,
            true => isize::MAX,
            false => bound_as_isize(&self.stop, thread)?,
        };
        Ok(Bounds { start, stop, step })
    }

    fn parts(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        Tuple::new(vec![self.start.clone(), self.stop.clone(), self.step.clone()], thread)
    }

    /// A bound as an int, None if it was left out.
    fn exact_bound(bound: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        if bound.is_none() {
            return Ok(None);
        }
        if !protocol::is_index(bound) {
            bound_as_isize(bound, thread)?;
        }
        Ok(Some(protocol::index(bound, thread)?.into_object()))
    }

    /// A bound moved into `lower..=upper`, counted from the end if it is negative; `default` if it was left out.
    fn adjusted_bound(
        bound: &Object,
        range: (&Object, &Object, &Object),
        default: &Object,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let (lower, upper, length) = range;
        let Some(bound) = Self::exact_bound(bound, thread)? else { return Ok(Py::from_ref(default)) };
        let negative = bound.downcast::<Int>().is_some_and(Int::is_negative);
        let bound = if negative { protocol::add(&bound, length, thread)? } else { bound };
        if protocol::compare_bool(&bound, lower, Comparison::Less, thread)? {
            return Ok(Py::from_ref(lower));
        }
        if protocol::compare_bool(&bound, upper, Comparison::Greater, thread)? {
            return Ok(Py::from_ref(upper));
        }
        Ok(bound)
    }
}

/// slice(stop)
/// slice(start, stop[, step])
///
/// Create a slice object.
///
/// This is used for extended slicing (e.g. a[0:10:2]).
#[python_type(
    name = "slice", symbol = "PySlice_Type", base = crate::object::BaseObject,
    members(start: Object, stop: Object, step: Object)
)]
impl Slice {
    #[new]
    #[signature("(start, stop=None, step=None, /)")]
    fn __new__(
        class: &crate::types::Type,
        start: &Object,
        stop: Option<&Object>,
        step: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Slice>> {
        let _ = class;
        let none = thread.none();
        let (start, stop) = match stop {
            Some(stop) => (Py::from_ref(start), Py::from_ref(stop)),
            None => (none.clone(), Py::from_ref(start)),
        };
        Ok(Self::new(start, stop, step.map_or(none, Py::from_ref), thread))
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut text = protocol::ContainerRepr::open("slice(");
        text.push_repr(&self.start, thread)?;
        text.push(", ");
        text.push_repr(&self.stop, thread)?;
        text.push(", ");
        text.push_repr(&self.step, thread)?;
        text.push(")");
        text.finish(thread)
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        let mut hash = TupleHash::new();
        for part in [&self.start, &self.stop, &self.step] {
            hash.add(protocol::hash(part, thread)?);
        }
        Ok(hash.finish_without_length())
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(other) = other.downcast_exact::<Slice>() else { return Ok(thread.not_implemented()) };
        if self.is(other) {
            return Ok(Bool::new(operation.holds(std::cmp::Ordering::Equal)));
        }
        let (left, right) = (self.parts(thread)?, other.parts(thread)?);
        protocol::compare(&left, &right, operation, thread)
    }

    /// indices($self, object, /)
    /// --
    ///
    /// S.indices(len) -> (start, stop, stride)
    ///
    /// Assuming a sequence of length len, calculate the start and stop
    /// indices, and the stride length of the extended slice described by
    /// S. Out of bounds indices are clipped in a manner consistent with the
    /// handling of normal slices.
    #[method]
    fn indices(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let length = protocol::index(object, thread)?.into_object();
        if length.downcast::<Int>().is_some_and(Int::is_negative) {
            return Err(raise!(thread, ValueError, "length should not be negative"));
        }
        let one = protocol::make_int(1, thread);
        let step = Self::exact_bound(&self.step, thread)?.unwrap_or_else(|| one.clone());
        let step_value = step.downcast::<Int>();
        if step_value.is_some_and(|it| it.digits().is_empty()) {
            return Err(raise!(thread, ValueError, "slice step cannot be zero"));
        }
        let backwards = step_value.is_some_and(Int::is_negative);
        let (lower, upper) = if backwards {
            (protocol::make_int(-1, thread), protocol::subtract(&length, &one, thread)?)
        } else {
            (protocol::make_int(0, thread), length.clone())
        };
        let (first, last) = if backwards { (&upper, &lower) } else { (&lower, &upper) };
        let range = (&*lower, &*upper, &*length);
        let start = Self::adjusted_bound(&self.start, range, first, thread)?;
        let stop = Self::adjusted_bound(&self.stop, range, last, thread)?;
        Tuple::new(vec![start, stop, step], thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let parts = self.parts(thread)?;
        Tuple::new(vec![Py::from_ref(Slice::class()).into_object(), parts.into_object()], thread)
    }
}
