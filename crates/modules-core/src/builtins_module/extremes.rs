//! `min`, `max` and `sum`.

use builtins::complex::Complex;
use numeric::math::CompensatedSum;
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

/// The item that `better` holds for against all others; the first of several.
pub fn extreme(
    name: &str,
    better: Comparison,
    values: &[&Object],
    key: Option<&Object>,
    default: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    if values.is_empty() {
        return Err(raise!(thread, TypeError, "{name} expected at least 1 argument, got 0"));
    }
    if values.len() > 1 && default.is_some() {
        return Err(raise!(
            thread,
            TypeError,
            "Cannot specify a default for {name}() with multiple positional arguments"
        ));
    }
    let key = key.filter(|it| !it.is_none());
    let mut best: Option<(Py<Object>, Py<Object>)> = None;
    let mut consider = |item: Py<Object>, thread: &mut Thread| -> PyResult<()> {
        let rank = match key {
            Some(key) => protocol::call(key, &[&item], thread)?,
            None => item.clone(),
        };
        let wins = match &best {
            Some((_, other)) => protocol::compare_bool(&rank, other, better, thread)?,
            None => true,
        };
        if wins {
            best = Some((item, rank));
        }
        Ok(())
    };
    if let [iterable] = values {
        let iterator = protocol::iter(iterable, thread)?;
        while let Some(item) = protocol::next(&iterator, thread)? {
            consider(item, thread)?;
        }
    } else {
        for value in values {
            consider(Py::from_ref(*value), thread)?;
        }
    }
    match (best, default) {
        (Some((item, _)), _) => Ok(item),
        (None, Some(default)) => Ok(Py::from_ref(default)),
        (None, None) => Err(raise!(thread, ValueError, "{name}() iterable argument is empty")),
    }
}

/// The sum; machine words and floats are added without objects, floats with compensation (Neumaier), as CPython does: only from the start on, in this
/// order, and an iterator that has ended is not asked again.
pub fn sum(iterable: &Object, start: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let iterator = protocol::iter(iterable, thread)?;
    let mut total = match start {
        Some(start) => check_start(start, thread)?,
        None => Int::from_i64(0, thread).into_object(),
    };
    for add_kind in [sum_ints as AddKind, sum_floats, sum_complex] {
        match add_kind(&total, &iterator, thread)? {
            Partial::Whole(sum) => return Ok(sum),
            Partial::Until(sum, item) => total = protocol::add(&sum, &item, thread)?,
            Partial::NotMine => {}
        }
    }
    while let Some(item) = protocol::next(&iterator, thread)? {
        total = protocol::add(&total, &item, thread)?;
    }
    Ok(total)
}

fn check_start(start: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    if start.downcast::<Str>().is_some() {
        return Err(raise!(thread, TypeError, "sum() can't sum strings [use ''.join(seq) instead]"));
    }
    if start.downcast::<builtins::bytes::Bytes>().is_some() {
        return Err(raise!(thread, TypeError, "sum() can't sum bytes [use b''.join(seq) instead]"));
    }
    if start.class().short_name() == "bytearray" {
        return Err(raise!(thread, TypeError, "sum() can't sum bytearray [use b''.join(seq) instead]"));
    }
    Ok(Py::from_ref(start))
}

/// Adds up what an iterator gives to a start, as long as it is of one kind.
type AddKind = fn(start: &Object, iterator: &Object, thread: &mut Thread) -> PyResult<Partial>;

/// What adding up items of one kind came to.
enum Partial {
    /// The sum of all.
    Whole(Py<Object>),
    /// The sum of those before the first item of another kind, and that.
    Until(Py<Object>, Py<Object>),
    /// The start is of another kind.
    NotMine,
}

impl Partial {
    fn new(sum: Py<Object>, rest: Option<Py<Object>>) -> Self {
        match rest {
            Some(item) => Self::Until(sum, item),
            None => Self::Whole(sum),
        }
    }
}

fn small(object: &Object) -> Option<i64> {
    let integer = object.downcast::<Int>().filter(|it| it.is_exactly::<Int>() || it.is_exactly::<Bool>())?;
    integer.to_i64()
}

fn sum_ints(start: &Object, iterator: &Object, thread: &mut Thread) -> PyResult<Partial> {
    let Some(mut total) = small(start).filter(|_| start.is_exactly::<Int>()) else { return Ok(Partial::NotMine) };
    let rest = loop {
        let Some(item) = protocol::next(iterator, thread)? else { break None };
        match small(&item).and_then(|it| total.checked_add(it)) {
            Some(sum) => total = sum,
            None => break Some(item),
        }
    };
    Ok(Partial::new(Int::from_i64(total, thread).into_object(), rest))
}

fn sum_floats(start: &Object, iterator: &Object, thread: &mut Thread) -> PyResult<Partial> {
    let Some(first) = start.downcast_exact::<Float>() else { return Ok(Partial::NotMine) };
    let mut total = CompensatedSum::new(first.value());
    let rest = loop {
        let Some(item) = protocol::next(iterator, thread)? else { break None };
        if let Some(float) = item.downcast_exact::<Float>() {
            total.add(float.value());
        } else if let Some(value) = item.downcast::<Int>() {
            total.add(value.to_f64(thread)?);
        } else {
            break Some(item);
        }
    };
    Ok(Partial::new(Float::new(total.value(), thread).into_object(), rest))
}

fn sum_complex(start: &Object, iterator: &Object, thread: &mut Thread) -> PyResult<Partial> {
    let Some(first) = start.downcast_exact::<Complex>() else { return Ok(Partial::NotMine) };
    let (mut real, mut imaginary) = (CompensatedSum::new(first.real()), CompensatedSum::new(first.imaginary()));
    let rest = loop {
        let Some(item) = protocol::next(iterator, thread)? else { break None };
        if let Some(value) = item.downcast_exact::<Complex>() {
            real.add(value.real());
            imaginary.add(value.imaginary());
        } else if let Some(value) = item.downcast::<Float>() {
            real.add(value.value());
        } else if let Some(value) = item.downcast::<Int>() {
            real.add(value.to_f64(thread)?);
        } else {
            break Some(item);
        }
    };
    Ok(Partial::new(Complex::new(real.value(), imaginary.value(), thread).into_object(), rest))
}
