//! `timedelta`.

use std::cell::Cell;

use layout::PyDateTime_Delta;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::float::Float;
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::{Tuple, TupleHash};
use objects::types::{Instance as _, Type};

use super::arguments::{Call, Parameters};
use super::calendar::{Span, TooLong};
use super::ratio;

/// A length of time.
#[derive(Instance)]
#[repr(C)]
pub struct Delta {
    header: Header,
    /// -1: not computed yet.
    hash: Cell<isize>,
    days: i32,
    seconds: i32,
    microseconds: i32,
}

const _: () = {
    assert!(size_of::<Delta>() == size_of::<PyDateTime_Delta>());
    assert!(std::mem::offset_of!(Delta, hash) == std::mem::offset_of!(PyDateTime_Delta, hashcode));
    assert!(std::mem::offset_of!(Delta, days) == std::mem::offset_of!(PyDateTime_Delta, days));
    assert!(std::mem::offset_of!(Delta, microseconds) == std::mem::offset_of!(PyDateTime_Delta, microseconds));
};

static PARAMETERS: Parameters = Parameters {
    function: Some("__new__"),
    names: &["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"],
    required: 0,
    most_positional: 7,
};

/// The parameters in the order in which they are summed up, which the rounding of the sum's fraction shows; and their microseconds.
const UNITS: [(usize, i64); 7] =
    [(2, 1), (3, 1000), (1, 1_000_000), (4, 60_000_000), (5, 3_600_000_000), (0, 86_400_000_000), (6, 604_800_000_000)];

/// OverflowError for a span that is too long.
#[cold]
pub fn raise_too_long(error: TooLong, thread: &mut Thread) -> Raised {
    raise!(thread, OverflowError, "{}", error.message())
}

/// A whole number of microseconds: an `i128` until that is too small.
struct Microseconds {
    short: i128,
    long: Option<Py<Int>>,
}

impl Microseconds {
    /// Adds a number of units.
    fn add(&mut self, count: &Int, unit: i64, thread: &mut Thread) -> PyResult<()> {
        if self.long.is_none() {
            let product = count.to_i128().and_then(|it| it.checked_mul(i128::from(unit)));
            if let Some(sum) = product.and_then(|it| it.checked_add(self.short)) {
                self.short = sum;
                return Ok(());
            }
        }
        let product = count.multiply(&Int::from_i64(unit, thread), thread)?;
        let sum = self.as_int(thread).add(&product, thread)?;
        self.long = Some(sum);
        Ok(())
    }

    fn as_int(&self, thread: &mut Thread) -> Py<Int> {
        self.long.clone().unwrap_or_else(|| Int::from_i128(self.short, thread))
    }

    fn is_odd(&self) -> bool {
        self.long.as_ref().map_or(self.short % 2 != 0, |it| it.digits().first().is_some_and(|it| it % 2 != 0))
    }

    fn span(&self) -> Result<Span, TooLong> {
        match &self.long {
            None => Span::from_microseconds(self.short),
            Some(long) => span_of_int(long),
        }
    }
}

/// The span of a whole number of microseconds.
fn span_of_int(microseconds: &Int) -> Result<Span, TooLong> {
    microseconds.to_i128().map_or(Err(TooLong::BEYOND_NUMBERS), Span::from_microseconds)
}

/// Sums up the arguments of the constructor.
fn sum(values: &[Option<Py<Object>>; 7], thread: &mut Thread) -> PyResult<Microseconds> {
    let mut total = Microseconds { short: 0, long: None };
    let mut fraction = 0.0;
    for (index, unit) in UNITS {
        let Some(value) = &values[index] else { continue };
        if let Some(int) = value.downcast::<Int>() {
            total.add(int, unit, thread)?;
        } else if let Some(float) = value.downcast::<Float>() {
            let value = float.value();
            let whole = Int::from_f64(value.trunc(), thread)?;
            total.add(&whole, unit, thread)?;
            // The part of a unit, in microseconds.
            let part = value.fract() * unit as f64;
            let whole = Int::from_f64(part.trunc(), thread)?;
            total.add(&whole, 1, thread)?;
            fraction += part.fract();
        } else {
            let (name, class) = (PARAMETERS.names[index], value.class().full_name());
            return Err(raise!(thread, TypeError, "unsupported type for timedelta {name} component: {class}"));
        }
    }
    if fraction != 0.0 {
        // To the nearest microsecond; from the middle to the one that makes the total even.
        let mut rounded: f64 = fraction.round();
        if (rounded - fraction).abs() == 0.5 {
            let odd = if total.is_odd() { 1.0 } else { 0.0 };
            rounded = 2.0 * ((fraction + odd) * 0.5).round() - odd;
        }
        let rounded = Int::from_f64(rounded, thread)?;
        total.add(&rounded, 1, thread)?;
    }
    Ok(total)
}

impl Delta {
    pub fn new(span: Span, thread: &mut Thread) -> Py<Delta> {
        Py::new(Self::with(span), thread)
    }

    pub fn new_in(class: &Type, span: Span, thread: &mut Thread) -> PyResult<Py<Delta>> {
        Py::new_in(class, Self::with(span), thread)
    }

    fn with(span: Span) -> Self {
        let Span { days, seconds, microseconds } = span;
        Self { header: Header::new(Delta::class()), hash: Cell::new(-1), days, seconds, microseconds }
    }

    /// The result of a computation.
    pub fn from_result(span: Result<Span, TooLong>, thread: &mut Thread) -> PyResult<Py<Delta>> {
        match span {
            Ok(span) => Ok(Self::new(span, thread)),
            Err(error) => Err(raise_too_long(error, thread)),
        }
    }

    fn from_int(microseconds: &Int, thread: &mut Thread) -> PyResult<Py<Object>> {
        Self::from_result(span_of_int(microseconds), thread).map(Py::into_object)
    }

    pub fn span(&self) -> Span {
        Span { days: self.days, seconds: self.seconds, microseconds: self.microseconds }
    }

    fn total(&self, thread: &mut Thread) -> Py<Int> {
        Int::from_i128(self.span().total_microseconds(), thread)
    }

    pub fn hash_value(&self) -> isize {
        if self.hash.get() == -1 {
            let mut hash = TupleHash::new();
            for part in [self.days, self.seconds, self.microseconds] {
                hash.add(if part == -1 { -2 } else { part as isize });
            }
            self.hash.set(hash.finish(3));
        }
        self.hash.get()
    }
}

/// Both operands, if both are spans.
fn both<'a>(left: &'a Object, right: &'a Object) -> Option<(Span, Span)> {
    Some((left.downcast::<Delta>()?.span(), right.downcast::<Delta>()?.span()))
}

/// Difference between two datetime values.
///
/// timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)
///
/// All arguments are optional and default to 0.
/// Arguments may be integers or floats, and may be positive or negative.
#[python_type(
    name = "datetime.timedelta", base = BaseObject, flags(BASETYPE),
    members(
        days: Int = "Number of days.",
        seconds: Int = "Number of seconds (>= 0 and less than 1 day).",
        microseconds: Int = "Number of microseconds (>= 0 and less than 1 second)."
    )
)]
impl Delta {
    #[new]
    #[signature("(*args, **kwargs)")]
    fn new_delta(
        class: &Type,
        arguments: &[&Object],
        keywords: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Delta>> {
        let call = Call::new(&PARAMETERS, arguments, keywords.as_deref(), thread)?;
        let mut values = [const { None }; 7];
        for (index, value) in values.iter_mut().enumerate() {
            *value = call.object(index, thread)?;
        }
        call.finish(thread)?;
        match sum(&values, thread)?.span() {
            Ok(span) => Self::new_in(class, span, thread),
            Err(error) => Err(raise_too_long(error, thread)),
        }
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> Py<Str> {
        let parts = [("days", self.days), ("seconds", self.seconds), ("microseconds", self.microseconds)];
        let shown: Vec<String> =
            parts.iter().filter(|it| it.1 != 0).map(|(name, value)| format!("{name}={value}")).collect();
        let shown = if shown.is_empty() { "0".to_owned() } else { shown.join(", ") };
        Str::from_str(&format!("{}({shown})", self.class().full_name()), thread)
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> Py<Str> {
        let (seconds, minutes) = (self.seconds % 60, self.seconds / 60 % 60);
        let mut text = format!("{}:{minutes:02}:{seconds:02}", self.seconds / 3600);
        if self.microseconds != 0 {
            text += &format!(".{:06}", self.microseconds);
        }
        if self.days != 0 {
            let plural = if self.days.abs() == 1 { "" } else { "s" };
            text = format!("{} day{plural}, {text}", self.days);
        }
        Str::from_str(&text, thread)
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        Ok(self.hash_value())
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> Py<Object> {
        match other.downcast::<Delta>() {
            Some(other) => objects::bool::Bool::new(operation.holds(self.span().cmp(&other.span()))),
            None => thread.not_implemented(),
        }
    }

    #[slot(nb_bool)]
    fn bool(&self) -> PyResult<bool> {
        Ok(!self.span().is_zero())
    }

    #[slot(nb_add)]
    fn add(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        match both(left, right) {
            Some((left, right)) => Self::from_result(left.plus(right), thread).map(Py::into_object),
            None => Ok(thread.not_implemented()),
        }
    }

    #[slot(nb_subtract)]
    fn subtract(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        match both(left, right) {
            Some((left, right)) => Self::from_result(left.minus(right), thread).map(Py::into_object),
            None => Ok(thread.not_implemented()),
        }
    }

    #[slot(nb_negative)]
    fn negative(&self, thread: &mut Thread) -> PyResult<Py<Delta>> {
        Self::from_result(Span::default().minus(self.span()), thread)
    }

    #[slot(nb_positive)]
    fn positive(&self, thread: &mut Thread) -> Py<Delta> {
        Self::new(self.span(), thread)
    }

    #[slot(nb_absolute)]
    fn absolute(&self, thread: &mut Thread) -> PyResult<Py<Delta>> {
        if self.days < 0 { self.negative(thread) } else { Ok(self.positive(thread)) }
    }

    #[slot(nb_multiply)]
    fn multiply(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (delta, factor) = match (left.downcast::<Delta>(), right.downcast::<Delta>()) {
            (Some(delta), None) => (delta, right),
            (None, Some(delta)) => (delta, left),
            _ => return Ok(thread.not_implemented()),
        };
        let total = delta.total(thread);
        if let Some(factor) = factor.downcast::<Int>() {
            let product = total.multiply(factor, thread)?;
            return Self::from_int(&product, thread);
        }
        if factor.downcast::<Float>().is_some() {
            let product = ratio::multiply(&total, factor, thread)?;
            return Self::from_int(&product, thread);
        }
        Ok(thread.not_implemented())
    }

    #[slot(nb_floor_divide)]
    fn floor_divide(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(left) = left.downcast::<Delta>() else { return Ok(thread.not_implemented()) };
        let total = left.total(thread);
        if let Some(right) = right.downcast::<Delta>() {
            let divisor = right.total(thread);
            return total.floor_divide(&divisor, thread).map(Py::into_object);
        }
        let Some(divisor) = right.downcast::<Int>() else { return Ok(thread.not_implemented()) };
        let quotient = total.floor_divide(divisor, thread)?;
        Self::from_int(&quotient, thread)
    }

    #[slot(nb_true_divide)]
    fn true_divide(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(left) = left.downcast::<Delta>() else { return Ok(thread.not_implemented()) };
        let total = left.total(thread);
        if let Some(right) = right.downcast::<Delta>() {
            let divisor = right.total(thread);
            return total.true_divide(&divisor, thread).map(Py::into_object);
        }
        let quotient = if right.downcast::<Float>().is_some() {
            ratio::divide(&total, right, thread)?
        } else if let Some(divisor) = right.downcast::<Int>() {
            ratio::divide_to_nearest(&total, divisor, thread)?
        } else {
            return Ok(thread.not_implemented());
        };
        Self::from_int(&quotient, thread)
    }

    #[slot(nb_remainder)]
    fn remainder(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (Some(left), Some(right)) = (left.downcast::<Delta>(), right.downcast::<Delta>()) else {
            return Ok(thread.not_implemented());
        };
        let (total, divisor) = (left.total(thread), right.total(thread));
        let rest = total.remainder(&divisor, thread)?;
        Self::from_int(&rest, thread)
    }

    #[slot(nb_divmod)]
    fn divmod(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (Some(left), Some(right)) = (left.downcast::<Delta>(), right.downcast::<Delta>()) else {
            return Ok(thread.not_implemented());
        };
        let (total, divisor) = (left.total(thread), right.total(thread));
        let (quotient, rest) = total.divmod(&divisor, thread)?;
        let rest = Self::from_int(&rest, thread)?;
        Tuple::new(vec![quotient.into_object(), rest], thread).map(Py::into_object)
    }

    /// total_seconds($self, /)
    /// --
    ///
    /// Total seconds in the duration.
    #[method]
    pub fn total_seconds(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let total = self.total(thread);
        let divisor = Int::from_i64(1_000_000, thread);
        total.true_divide(&divisor, thread).map(Py::into_object)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// __reduce__() -> (cls, state)
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let parts = [self.days, self.seconds, self.microseconds];
        let parts = parts.iter().map(|it| protocol::make_int(i128::from(*it), thread)).collect();
        let state = Tuple::new(parts, thread)?.into_object();
        Tuple::new(vec![Py::from_ref(self.class()).into_object(), state], thread)
    }
}
