//! Objects as complex numbers: `complex(x)`, `complex(real, imag)`, `complex.from_number`.

use numeric::complex::Complex as Value;
use numeric::float::{ComplexTextError, parse_complex};
use objects::dict::Dict;
use objects::errors::{DeprecationWarning, PyResult};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::{float, int};

use super::object::Complex;

/// The arguments of `complex()`, and whether there is nothing but one positional argument.
pub(super) struct Arguments {
    pub real: Option<Py<Object>>,
    pub imaginary: Option<Py<Object>>,
    pub is_single: bool,
}

impl Arguments {
    pub fn parse(positional: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Self> {
        let given = positional.length() + keywords.map_or(0, Dict::length);
        if given > 2 {
            return Err(raise!(thread, TypeError, "complex() takes at most 2 arguments ({given} given)"));
        }
        let mut values = [positional.items().first().cloned(), positional.items().get(1).cloned()];
        for (name, value) in keywords.map_or_else(Vec::new, |it| it.items_snapshot(thread)) {
            let Some(text) = name.downcast::<Str>().map(Str::to_string_lossy) else {
                return Err(raise!(thread, TypeError, "keywords must be strings"));
            };
            let Some(index) = ["real", "imag"].iter().position(|it| *it == text) else {
                return Err(raise!(thread, TypeError, "complex() got an unexpected keyword argument '{text}'"));
            };
            if values[index].is_some() {
                let place = index + 1;
                let message = format_args!("argument for complex() given by name ('{text}') and position ({place})");
                return Err(raise!(thread, TypeError, "{message}"));
            }
            values[index] = Some(value);
        }
        let [real, imaginary] = values;
        Ok(Self { real, imaginary, is_single: given == 1 && positional.length() == 1 })
    }
}

/// What `__complex__` gives, None if the object's type has none.
fn by_method(value: &Object, thread: &mut Thread) -> PyResult<Option<Value>> {
    if let Some(complex) = value.downcast_exact::<Complex>() {
        return Ok(Some(complex.value()));
    }
    let Some(result) = protocol::call_special(value, &names::__complex__, &[], thread)? else { return Ok(None) };
    let (class, found) = (value.class().full_name(), result.class().full_name());
    let Some(complex) = Complex::of(&result) else {
        return Err(raise!(thread, TypeError, "{class}.__complex__() must return a complex, not {found}"));
    };
    if !complex.is_exactly::<Complex>() {
        let message = format_args!(
            "{class}.__complex__() must return a complex, not {found}.  The ability to return an instance of a strict \
             subclass of complex is deprecated, and may be removed in a future version of Python."
        );
        thread.warn(DeprecationWarning, 1, message)?;
    }
    Ok(Some(complex.value()))
}

/// `complex(value)`
pub(super) fn from_object(value: &Object, thread: &mut Thread) -> PyResult<Value> {
    if let Some(text) = value.downcast::<Str>() {
        return from_text(text, thread);
    }
    if let Some(complex) = by_method(value, thread)? {
        return Ok(complex);
    }
    if let Some(complex) = Complex::of(value) {
        return Ok(complex.value());
    }
    match float::from_number(value, thread)? {
        Some(real) => Ok(Value::new(real, 0.0)),
        None => {
            let class = protocol::qualified_name(value.class(), thread);
            Err(raise!(thread, TypeError, "complex() argument must be a string or a number, not {class}"))
        }
    }
}

/// `complex(text)`
fn from_text(text: &Str, thread: &mut Thread) -> PyResult<Value> {
    match parse_complex(&int::ascii_text(text.view())) {
        Ok((real, imaginary)) => Ok(Value::new(real, imaginary)),
        Err(error @ ComplexTextError::Malformed) => Err(raise!(thread, ValueError, "{error}")),
        Err(error @ ComplexTextError::Underscore) => {
            let shown = protocol::repr(text, thread)?.to_string_lossy();
            Err(raise!(thread, ValueError, "{error}{shown}"))
        }
    }
}

/// `complex(real, imaginary)`. Either may be complex, which is deprecated: the sum of the one and `j` times the other.
pub(super) fn from_parts(real: Option<&Object>, imaginary: Option<&Object>, thread: &mut Thread) -> PyResult<Value> {
    let (first, first_is_complex) = match real {
        Some(real) => part(real, "real", thread)?,
        None => (Value::new(0.0, 0.0), false),
    };
    let Some(imaginary) = imaginary else { return Ok(first) };
    let (second, _) = part(imaginary, "imag", thread)?;
    // What is zero anyway must not change the sign of a zero.
    let real = if Complex::of(imaginary).is_some() { first.real - second.imaginary } else { first.real };
    let imaginary = if first_is_complex { second.real + first.imaginary } else { second.real };
    Ok(Value::new(real, imaginary))
}

/// One of two arguments, and whether it was complex.
fn part(value: &Object, name: &str, thread: &mut Thread) -> PyResult<(Value, bool)> {
    let complex = match (name, Complex::of(value)) {
        ("real", _) => by_method(value, thread)?.or_else(|| Complex::of(value).map(Complex::value)),
        (_, complex) => complex.map(Complex::value),
    };
    // SAFETY: a type's method suites live as long as the type.
    let methods = unsafe { value.class().slots().tp_as_number.get().as_ref() };
    let is_real = methods.is_some_and(|it| it.nb_float.get().is_some() || it.nb_index.get().is_some());
    match complex {
        Some(complex) => {
            if !is_real {
                let class = protocol::qualified_name(value.class(), thread);
                let message = format_args!("complex() argument '{name}' must be a real number, not {class}");
                thread.warn(DeprecationWarning, 1, message)?;
            }
            Ok((complex, true))
        }
        None => match float::from_number(value, thread)? {
            Some(real) => Ok((Value::new(real, 0.0), false)),
            None => {
                let class = protocol::qualified_name(value.class(), thread);
                Err(raise!(thread, TypeError, "complex() argument '{name}' must be a real number, not {class}"))
            }
        },
    }
}

/// `complex.from_number(value)`
pub(super) fn from_number(value: &Object, thread: &mut Thread) -> PyResult<Value> {
    if let Some(complex) = by_method(value, thread)? {
        return Ok(complex);
    }
    if let Some(complex) = Complex::of(value) {
        return Ok(complex.value());
    }
    match float::from_number(value, thread)? {
        Some(real) => Ok(Value::new(real, 0.0)),
        None => Err(raise!(thread, TypeError, "must be real number, not {}", value.class().full_name())),
    }
}
