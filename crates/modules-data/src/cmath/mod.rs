//! `cmath`: functions of complex numbers.

mod functions;
mod special;

use builtins::complex::Complex;
use macros::python_module;
use numeric::complex::{Complex as Value, divide};
use objects::errors::{PyResult, Raised};
use objects::float::Float;
use objects::method::{FromArgument, Position};
use objects::module::Module;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

use functions::{Failure, Outcome};

/// An argument that is a complex number, or can be made one.
struct Argument(Value);

impl FromArgument<'_> for Argument {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        if let Some(complex) = Complex::of(value) {
            return Ok(Self(complex.value()));
        }
        if let Some(result) = protocol::call_special(value, &names::__complex__, &[], thread)? {
            return match Complex::of(&result) {
                Some(complex) => Ok(Self(complex.value())),
                None => {
                    let (class, found) = (value.class().full_name(), result.class().full_name());
                    Err(raise!(thread, TypeError, "{class}.__complex__() must return a complex, not {found}"))
                }
            };
        }
        Ok(Self(Value::new(protocol::as_f64(value, thread)?, 0.0)))
    }
}

#[cold]
fn raise_failure(failure: Failure, thread: &mut Thread) -> Raised {
    match failure {
        Failure::Domain => raise!(thread, ValueError, "math domain error"),
        Failure::Range => raise!(thread, OverflowError, "math range error"),
    }
}

fn made(outcome: Outcome, thread: &mut Thread) -> PyResult<Py<Complex>> {
    match outcome {
        Ok(value) => Ok(Complex::new(value.real, value.imaginary, thread)),
        Err(failure) => Err(raise_failure(failure, thread)),
    }
}

fn is_close(a: Value, b: Value, relative: f64, absolute: f64) -> bool {
    if a == b {
        return true;
    }
    let is_infinite = |it: Value| it.real.is_infinite() || it.imaginary.is_infinite();
    if is_infinite(a) || is_infinite(b) {
        return false;
    }
    let difference = (a.real - b.real).hypot(a.imaginary - b.imaginary);
    let size = |it: Value| it.real.hypot(it.imaginary);
    difference <= relative * size(b) || difference <= relative * size(a) || difference <= absolute
}

pub struct CmathModule;

/// This module provides access to mathematical functions for complex
/// numbers.
#[python_module(name = "cmath")]
impl CmathModule {
    /// acos($module, z, /)
    /// --
    ///
    /// Return the arc cosine of z.
    #[function]
    fn acos(z: Argument, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::acos(z.0), thread)
    }

    /// acosh($module, z, /)
    /// --
    ///
    /// Return the inverse hyperbolic cosine of z.
    #[function]
    fn acosh(z: Argument, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::acosh(z.0), thread)
    }

    /// asin($module, z, /)
    /// --
    ///
    /// Return the arc sine of z.
    #[function]
    fn asin(z: Argument, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::asin(z.0), thread)
    }

    /// asinh($module, z, /)
    /// --
    ///
    /// Return the inverse hyperbolic sine of z.
    #[function]
    fn asinh(z: Argument, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::asinh(z.0), thread)
    }

    /// atan($module, z, /)
    /// --
    ///
    /// Return the arc tangent of z.
    #[function]
    fn atan(z: Argument, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::atan(z.0), thread)
    }

    /// atanh($module, z, /)
    /// --
    ///
    /// Return the inverse hyperbolic tangent of z.
    #[function]
    fn atanh(z: Argument, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::atanh(z.0), thread)
    }

    /// cos($module, z, /)
    /// --
    ///
    /// Return the cosine of z.
    #[function]
    fn cos(z: Argument, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::cos(z.0), thread)
    }

    /// cosh($module, z, /)
    /// --
    ///
    /// Return the hyperbolic cosine of z.
    #[function]
    fn cosh(z: Argument, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::cosh(z.0), thread)
    }

    /// exp($module, z, /)
    /// --
    ///
    /// Return the exponential value e**z.
    #[function]
    fn exp(z: Argument, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::exp(z.0), thread)
    }

    /// log10($module, z, /)
    /// --
    ///
    /// Return the base-10 logarithm of z.
    #[function]
    fn log10(z: Argument, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::log10(z.0), thread)
    }

    /// sin($module, z, /)
    /// --
    ///
    /// Return the sine of z.
    #[function]
    fn sin(z: Argument, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::sin(z.0), thread)
    }

    /// sinh($module, z, /)
    /// --
    ///
    /// Return the hyperbolic sine of z.
    #[function]
    fn sinh(z: Argument, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::sinh(z.0), thread)
    }

    /// sqrt($module, z, /)
    /// --
    ///
    /// Return the square root of z.
    #[function]
    fn sqrt(z: Argument, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::sqrt(z.0), thread)
    }

    /// tan($module, z, /)
    /// --
    ///
    /// Return the tangent of z.
    #[function]
    fn tan(z: Argument, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::tan(z.0), thread)
    }

    /// tanh($module, z, /)
    /// --
    ///
    /// Return the hyperbolic tangent of z.
    #[function]
    fn tanh(z: Argument, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::tanh(z.0), thread)
    }

    /// log($module, z, base=<unrepresentable>, /)
    /// --
    ///
    /// log(z[, base]) -> the logarithm of z to the given base.
    ///
    /// If the base is not specified, returns the natural logarithm (base e)
    /// of z.
    #[function]
    fn log(z: Argument, base: Option<Argument>, thread: &mut Thread) -> PyResult<Py<Complex>> {
        let outcome = functions::log(z.0);
        let Some(base) = base else { return made(outcome, thread) };
        let quotient = match (outcome, functions::log(base.0)) {
            (Ok(value), Ok(base)) => divide(value, base).map_err(|_| Failure::Domain),
            (Err(failure), _) | (_, Err(failure)) => Err(failure),
        };
        made(quotient, thread)
    }

    /// phase($module, z, /)
    /// --
    ///
    /// Return argument, also known as the phase angle, of a complex.
    #[function]
    fn phase(z: Argument, thread: &mut Thread) -> PyResult<f64> {
        let angle = z.0.imaginary.atan2(z.0.real);
        // An angle too small for a float is an error, as it is in C.
        if angle == 0.0 && z.0.imaginary != 0.0 && z.0.real.is_finite() {
            return Err(raise_failure(Failure::Range, thread));
        }
        Ok(angle)
    }

    /// polar($module, z, /)
    /// --
    ///
    /// Convert a complex from rectangular coordinates to polar coordinates.
    ///
    /// r is the distance from 0 and phi the phase angle.
    #[function]
    fn polar(z: Argument, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let Some(distance) = z.0.absolute() else {
            return Err(raise_failure(Failure::Range, thread));
        };
        let distance = Float::new(distance, thread).into_object();
        let angle = Float::new(z.0.imaginary.atan2(z.0.real), thread).into_object();
        Tuple::new(vec![distance, angle], thread)
    }

    /// rect($module, r, phi, /)
    /// --
    ///
    /// Convert from polar coordinates to rectangular coordinates.
    #[function]
    fn rect(r: f64, phi: f64, thread: &mut Thread) -> PyResult<Py<Complex>> {
        made(functions::rect(r, phi), thread)
    }

    /// isfinite($module, z, /)
    /// --
    ///
    /// Return True if both the real and imaginary parts of z are finite, else False.
    #[function]
    fn isfinite(z: Argument) -> bool {
        z.0.real.is_finite() && z.0.imaginary.is_finite()
    }

    /// isinf($module, z, /)
    /// --
    ///
    /// Checks if the real or imaginary part of z is infinite.
    #[function]
    fn isinf(z: Argument) -> bool {
        z.0.real.is_infinite() || z.0.imaginary.is_infinite()
    }

    /// isnan($module, z, /)
    /// --
    ///
    /// Checks if the real or imaginary part of z not a number (NaN).
    #[function]
    fn isnan(z: Argument) -> bool {
        z.0.real.is_nan() || z.0.imaginary.is_nan()
    }

    /// isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)
    /// --
    ///
    /// Determine whether two complex numbers are close in value.
    ///
    ///   rel_tol
    ///     maximum difference for being considered "close", relative to the
    ///     magnitude of the input values
    ///   abs_tol
    ///     maximum difference for being considered "close", regardless of the
    ///     magnitude of the input values
    ///
    /// Return True if a is close in value to b, and False otherwise.
    ///
    /// For the values to be considered close, the difference between them must
    /// be smaller than at least one of the tolerances.
    ///
    /// -inf, inf and NaN behave similarly to the IEEE 754 Standard.  That is,
    /// NaN is not close to anything, even itself. inf and -inf are only close
    /// to themselves.
    #[function]
    fn isclose(
        a: Argument,
        b: Argument,
        #[default(1e-9)] rel_tol: f64,
        abs_tol: f64,
        thread: &mut Thread,
    ) -> PyResult<bool> {
        if rel_tol < 0.0 || abs_tol < 0.0 {
            return Err(raise!(thread, ValueError, "tolerances must be non-negative"));
        }
        Ok(is_close(a.0, b.0, rel_tol, abs_tol))
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        use std::f64::consts::{E, PI, TAU};
        let reals = [("pi", PI), ("e", E), ("tau", TAU), ("inf", f64::INFINITY), ("nan", f64::NAN)];
        for (name, value) in reals {
            let value = Float::new(value, thread);
            module.set(name, &value, thread)?;
        }
        for (name, value) in [("infj", f64::INFINITY), ("nanj", f64::NAN)] {
            let value = Complex::new(0.0, value, thread);
            module.set(name, &value, thread)?;
        }
        Ok(())
    }
}
