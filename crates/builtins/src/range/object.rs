//! The range object: its bounds, and what follows from them. All of it works for ints of any size.

use macros::Instance;
use objects::errors::PyResult;
use objects::int::Int;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::types::Instance as _;

use super::bound::IntRef;
use super::iterator::RangeIterator;
use super::long_iterator::LongRangeIterator;

/// `range(start, stop, step)`, and how many values that is.
#[derive(Instance)]
#[repr(C)]
pub struct Range {
    header: Header,
    pub(super) start: IntRef,
    pub(super) stop: IntRef,
    pub(super) step: IntRef,
    pub(super) length: IntRef,
}

/// How many values there are from `start` to `stop`, in steps that are not zero.
fn count(start: &Int, stop: &Int, step: &Int, thread: &mut Thread) -> PyResult<Py<Int>> {
    if let (Some(start), Some(stop), Some(step)) = (start.to_i64(), stop.to_i64(), step.to_i64()) {
        let (start, stop, step) = (i128::from(start), i128::from(stop), i128::from(step));
        let distance = if step > 0 { stop - start } else { start - stop };
        let count = if distance <= 0 { 0 } else { (distance - 1) / step.abs() + 1 };
        return Ok(Int::from_i128(count, thread));
    }
    let (low, high) = if step.is_negative() { (stop, start) } else { (start, stop) };
    let distance = high.subtract(low, thread)?;
    if distance.is_negative() || distance.is_zero() {
        return Ok(Int::from_i64(0, thread));
    }
    let step = step.absolute(thread)?;
    let one = Int::from_i64(1, thread);
    distance.subtract(&one, thread)?.floor_divide(&step, thread)?.add(&one, thread)
}

impl Range {
    /// A range of these bounds; ValueError if the step is zero.
    pub fn new(start: Py<Int>, stop: Py<Int>, step: Py<Int>, thread: &mut Thread) -> PyResult<Py<Range>> {
        if step.is_zero() {
            return Err(raise!(thread, ValueError, "range() arg 3 must not be zero"));
        }
        let length = IntRef(count(&start, &stop, &step, thread)?);
        let (start, stop, step) = (IntRef(start), IntRef(stop), IntRef(step));
        Ok(Py::new(Range { header: Header::new(Range::class()), start, stop, step, length }, thread))
    }

    /// The value at an index that is in the range, or behind its end.
    pub(super) fn value_at(&self, index: &Int, thread: &mut Thread) -> PyResult<Py<Int>> {
        let distance = index.multiply(&self.step, thread)?;
        self.start.add(&distance, thread)
    }

    /// `self[index]`
    pub(super) fn item(&self, index: &Int, thread: &mut Thread) -> PyResult<Py<Int>> {
        let index = if index.is_negative() { index.add(&self.length, thread)? } else { Py::from_ref(index) };
        if index.is_negative() || index.compare(&self.length).is_ge() {
            return Err(raise!(thread, IndexError, "range object index out of range"));
        }
        self.value_at(&index, thread)
    }

    /// The index of a value; None if it is not in the range.
    pub(super) fn position(&self, value: &Int, thread: &mut Thread) -> PyResult<Option<Py<Int>>> {
        let behind_start = if self.step.is_negative() {
            value.compare(&self.start).is_le() && value.compare(&self.stop).is_gt()
        } else {
            value.compare(&self.start).is_ge() && value.compare(&self.stop).is_lt()
        };
        if !behind_start {
            return Ok(None);
        }
        let distance = value.subtract(&self.start, thread)?;
        let (position, rest) = distance.divmod(&self.step, thread)?;
        Ok(rest.is_zero().then_some(position))
    }

    /// The bounds, the step and the number of values as machine words, if all of them are words.
    fn words(&self) -> Option<[i64; 4]> {
        Some([self.start.to_i64()?, self.stop.to_i64()?, self.step.to_i64()?, self.length.to_i64()?])
    }

    /// `iter(self)`
    pub fn iterate(&self, thread: &mut Thread) -> Py<Object> {
        if let Some([start, stop, step, length]) = self.words() {
            // The value behind the last is nearer than a step to the stop: it must be a word, too.
            let margin = if step > 0 { step - 1 } else { step + 1 };
            if length == 0 || stop.checked_add(margin).is_some() {
                return RangeIterator::new(start, step, length, thread).into_object();
            }
        }
        LongRangeIterator::new(&self.start, &self.step, &self.length, thread).into_object()
    }

    /// `reversed(self)`
    pub(super) fn iterate_backwards(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some([start, _, step, length]) = self.words()
            && let (Some(backwards), Some(before_start)) = (step.checked_neg(), start.checked_sub(step))
        {
            // The last value is a word as the bounds are.
            let last = before_start.wrapping_add(length.wrapping_mul(step));
            return Ok(RangeIterator::new(last, backwards, length, thread).into_object());
        }
        let one = Int::from_i64(1, thread);
        let last = self.length.subtract(&one, thread)?;
        let (last, step) = (self.value_at(&last, thread)?, self.step.negative(thread)?);
        Ok(LongRangeIterator::new(&last, &step, &self.length, thread).into_object())
    }
}
