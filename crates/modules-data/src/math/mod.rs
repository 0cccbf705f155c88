//! `math`. What must be exact or agree with C to the last place is in `numeric::math`; [`integers`] has the functions of integers.

mod integers;
mod support;

use macros::python_module;
use numeric::math as exact;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::module::Module;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

use support::{checked, checked_math, raise_domain, raise_range, real};

pub struct MathModule;

/// This module provides access to the mathematical functions
/// defined by the C standard.
#[python_module(name = "math")]
impl MathModule {
    /// acos($module, x, /)
    /// --
    ///
    /// Return the arc cosine (measured in radians) of x.
    ///
    /// The result is between 0 and pi.
    #[function]
    fn acos(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, x.acos(), Some("expected a number in range from -1 up to 1"), thread)
    }

    /// asin($module, x, /)
    /// --
    ///
    /// Return the arc sine (measured in radians) of x.
    ///
    /// The result is between -pi/2 and pi/2.
    #[function]
    fn asin(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, x.asin(), Some("expected a number in range from -1 up to 1"), thread)
    }

    /// atan($module, x, /)
    /// --
    ///
    /// Return the arc tangent (measured in radians) of x.
    ///
    /// The result is between -pi/2 and pi/2.
    #[function]
    fn atan(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, x.atan(), None, thread)
    }

    /// cbrt($module, x, /)
    /// --
    ///
    /// Return the cube root of x.
    #[function]
    fn cbrt(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, x.cbrt(), None, thread)
    }

    /// cos($module, x, /)
    /// --
    ///
    /// Return the cosine of x (measured in radians).
    #[function]
    fn cos(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, x.cos(), Some("expected a finite input"), thread)
    }

    /// sin($module, x, /)
    /// --
    ///
    /// Return the sine of x (measured in radians).
    #[function]
    fn sin(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, x.sin(), Some("expected a finite input"), thread)
    }

    /// tan($module, x, /)
    /// --
    ///
    /// Return the tangent of x (measured in radians).
    #[function]
    fn tan(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, x.tan(), Some("expected a finite input"), thread)
    }

    /// cosh($module, x, /)
    /// --
    ///
    /// Return the hyperbolic cosine of x.
    #[function]
    fn cosh(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, x.cosh(), None, thread)
    }

    /// sinh($module, x, /)
    /// --
    ///
    /// Return the hyperbolic sine of x.
    #[function]
    fn sinh(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, x.sinh(), None, thread)
    }

    /// tanh($module, x, /)
    /// --
    ///
    /// Return the hyperbolic tangent of x.
    #[function]
    fn tanh(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, x.tanh(), None, thread)
    }

    /// asinh($module, x, /)
    /// --
    ///
    /// Return the inverse hyperbolic sine of x.
    #[function]
    fn asinh(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, exact::asinh(x), None, thread)
    }

    /// acosh($module, x, /)
    /// --
    ///
    /// Return the inverse hyperbolic cosine of x.
    #[function]
    fn acosh(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, exact::acosh(x), Some("expected argument value not less than 1"), thread)
    }

    /// atanh($module, x, /)
    /// --
    ///
    /// Return the inverse hyperbolic tangent of x.
    #[function]
    fn atanh(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(
            x,
            if x.abs() < 1.0 || x.is_nan() { exact::atanh(x) } else { f64::NAN },
            Some("expected a number between -1 and 1"),
            thread,
        )
    }

    /// erf($module, x, /)
    /// --
    ///
    /// Error function at x.
    #[function]
    fn erf(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, exact::erf(x), None, thread)
    }

    /// erfc($module, x, /)
    /// --
    ///
    /// Complementary error function at x.
    #[function]
    fn erfc(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, exact::erfc(x), None, thread)
    }

    /// exp($module, x, /)
    /// --
    ///
    /// Return e raised to the power of x.
    #[function]
    fn exp(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, x.exp(), None, thread)
    }

    /// exp2($module, x, /)
    /// --
    ///
    /// Return 2 raised to the power of x.
    #[function]
    fn exp2(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, x.exp2(), None, thread)
    }

    /// expm1($module, x, /)
    /// --
    ///
    /// Return exp(x)-1.
    ///
    /// This function avoids the loss of precision involved in the direct evaluation of exp(x)-1 for small x.
    #[function]
    fn expm1(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, x.exp_m1(), None, thread)
    }

    /// fabs($module, x, /)
    /// --
    ///
    /// Return the absolute value of the float x.
    #[function]
    fn fabs(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, x.abs(), None, thread)
    }

    /// log1p($module, x, /)
    /// --
    ///
    /// Return the natural logarithm of 1+x (base e).
    ///
    /// The result is computed in a way which is accurate for x near zero.
    #[function]
    fn log1p(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(
            x,
            if x > -1.0 || x.is_nan() { x.ln_1p() } else { f64::NAN },
            Some("expected argument value > -1"),
            thread,
        )
    }

    /// sqrt($module, x, /)
    /// --
    ///
    /// Return the square root of x.
    #[function]
    fn sqrt(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked(x, x.sqrt(), Some("expected a nonnegative input"), thread)
    }

    /// gamma($module, x, /)
    /// --
    ///
    /// Gamma function at x.
    #[function]
    fn gamma(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked_math(x, exact::gamma(x), thread)
    }

    /// lgamma($module, x, /)
    /// --
    ///
    /// Natural logarithm of absolute value of Gamma function at x.
    #[function]
    fn lgamma(x: f64, thread: &mut Thread) -> PyResult<f64> {
        checked_math(x, exact::lgamma(x), thread)
    }

    /// degrees($module, x, /)
    /// --
    ///
    /// Convert angle x from radians to degrees.
    #[function]
    fn degrees(x: f64) -> f64 {
        x * (180.0 / std::f64::consts::PI)
    }

    /// radians($module, x, /)
    /// --
    ///
    /// Convert angle x from degrees to radians.
    #[function]
    fn radians(x: f64) -> f64 {
        x * (std::f64::consts::PI / 180.0)
    }

    /// ulp($module, x, /)
    /// --
    ///
    /// Return the value of the least significant bit of the float x.
    #[function]
    fn ulp(x: f64) -> f64 {
        exact::ulp(x)
    }

    /// isfinite($module, x, /)
    /// --
    ///
    /// Return True if x is neither an infinity nor a NaN, and False otherwise.
    #[function]
    fn isfinite(x: f64) -> bool {
        x.is_finite()
    }

    /// isinf($module, x, /)
    /// --
    ///
    /// Return True if x is a positive or negative infinity, and False otherwise.
    #[function]
    fn isinf(x: f64) -> bool {
        x.is_infinite()
    }

    /// isnan($module, x, /)
    /// --
    ///
    /// Return True if x is a NaN (not a number), and False otherwise.
    #[function]
    fn isnan(x: f64) -> bool {
        x.is_nan()
    }

    /// atan2($module, y, x, /)
    /// --
    ///
    /// Return the arc tangent (measured in radians) of y/x.
    ///
    /// Unlike atan(y/x), the signs of both x and y are considered.
    #[function]
    fn atan2(y: f64, x: f64) -> f64 {
        y.atan2(x)
    }

    /// copysign($module, x, y, /)
    /// --
    ///
    /// Return a float with the magnitude (absolute value) of x but the sign of y.
    ///
    /// On platforms that support signed zeros, copysign(1.0, -0.0)
    /// returns -1.0.
    ///
    #[function]
    fn copysign(x: f64, y: f64) -> f64 {
        x.copysign(y)
    }

    /// ceil($module, x, /)
    /// --
    ///
    /// Return the ceiling of x as an Integral.
    ///
    /// This is the smallest integer >= x.
    #[function]
    fn ceil(x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        support::rounded(x, "__ceil__", f64::ceil, thread)
    }

    /// floor($module, x, /)
    /// --
    ///
    /// Return the floor of x as an Integral.
    ///
    /// This is the largest integer <= x.
    #[function]
    fn floor(x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        support::rounded(x, "__floor__", f64::floor, thread)
    }

    /// trunc($module, x, /)
    /// --
    ///
    /// Truncates the Real x to the nearest Integral toward 0.
    ///
    /// Uses the __trunc__ magic method.
    #[function]
    fn trunc(x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(float) = x.downcast_exact::<Float>() {
            return Int::from_f64(float.value().trunc(), thread).map(Py::into_object);
        }
        match protocol::call_special(x, &objects::names::__trunc__, &[], thread)? {
            Some(result) => Ok(result),
            None => {
                let class = x.class().short_name();
                Err(raise!(thread, TypeError, "type {class} doesn't define __trunc__ method"))
            }
        }
    }

    /// comb($module, n, k, /)
    /// --
    ///
    /// Number of ways to choose k items from n items without repetition and without order.
    ///
    /// Evaluates to n! / (k! * (n - k)!) when k <= n and evaluates
    /// to zero when k > n.
    ///
    /// Also called the binomial coefficient because it is equivalent
    /// to the coefficient of k-th term in polynomial expansion of the
    /// expression (1 + x)**n.
    ///
    /// Raises TypeError if either of the arguments are not integers.
    /// Raises ValueError if either of the arguments are negative.
    #[function]
    fn comb(n: &Object, k: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
        integers::comb(n, k, thread)
    }

    /// perm($module, n, k=None, /)
    /// --
    ///
    /// Number of ways to choose k items from n items without repetition and with order.
    ///
    /// Evaluates to n! / (n - k)! when k <= n and evaluates
    /// to zero when k > n.
    ///
    /// If k is not specified or is None, then k defaults to n
    /// and the function returns n!.
    ///
    /// Raises TypeError if either of the arguments are not integers.
    /// Raises ValueError if either of the arguments are negative.
    #[function]
    fn perm(n: &Object, k: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Int>> {
        integers::perm(n, k.filter(|it| !it.is_none()), thread)
    }

    /// factorial($module, n, /)
    /// --
    ///
    /// Find n!.
    #[function]
    fn factorial(n: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
        integers::factorial(n, thread)
    }

    /// gcd($module, /, *integers)
    /// --
    ///
    /// Greatest Common Divisor.
    #[function]
    fn gcd(integers: &[&Object], thread: &mut Thread) -> PyResult<Py<Int>> {
        integers::gcd(integers, thread)
    }

    /// lcm($module, /, *integers)
    /// --
    ///
    /// Least Common Multiple.
    #[function]
    fn lcm(integers: &[&Object], thread: &mut Thread) -> PyResult<Py<Int>> {
        integers::lcm(integers, thread)
    }

    /// isqrt($module, n, /)
    /// --
    ///
    /// Return the integer part of the square root of the input.
    #[function]
    fn isqrt(n: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
        integers::isqrt(n, thread)
    }

    /// dist($module, p, q, /)
    /// --
    ///
    /// Return the Euclidean distance between two points p and q.
    ///
    /// The points should be specified as sequences (or iterables) of
    /// coordinates.  Both inputs must have the same dimension.
    ///
    /// Roughly equivalent to:
    ///     sqrt(sum((px - qx) ** 2.0 for px, qx in zip(p, q)))
    #[function]
    fn dist(p: &Object, q: &Object, thread: &mut Thread) -> PyResult<f64> {
        let (p, q) = (protocol::to_tuple(p, thread)?, protocol::to_tuple(q, thread)?);
        if p.length() != q.length() {
            return Err(raise!(thread, ValueError, "both points must have the same number of dimensions"));
        }
        let mut differences = Vec::with_capacity(p.length());
        for (a, b) in p.items().iter().zip(q.items()) {
            let (a, b) = (real(a, thread)?, real(b, thread)?);
            differences.push((a - b).abs());
        }
        Ok(exact::vector_norm(&differences))
    }

    /// hypot($module, /, *coordinates)
    /// --
    ///
    /// Multidimensional Euclidean distance from the origin to a point.
    ///
    /// Roughly equivalent to:
    ///     sqrt(sum(x**2 for x in coordinates))
    ///
    /// For a two dimensional point (x, y), gives the hypotenuse
    /// using the Pythagorean theorem:  sqrt(x*x + y*y).
    ///
    /// For example, the hypotenuse of a 3/4/5 right triangle is:
    ///
    ///     >>> hypot(3.0, 4.0)
    ///     5.0
    #[function]
    fn hypot(coordinates: &[&Object], thread: &mut Thread) -> PyResult<f64> {
        let mut values = Vec::with_capacity(coordinates.len());
        for coordinate in coordinates {
            values.push(real(coordinate, thread)?.abs());
        }
        Ok(exact::vector_norm(&values))
    }

    /// fma($module, x, y, z, /)
    /// --
    ///
    /// Fused multiply-add operation.
    ///
    /// Compute (x * y) + z with a single round.
    #[function]
    fn fma(x: f64, y: f64, z: f64, thread: &mut Thread) -> PyResult<f64> {
        exact::fma(x, y, z).map_err(|error| match error {
            exact::FmaError::Invalid => raise!(thread, ValueError, "invalid operation in fma"),
            exact::FmaError::Overflow => raise!(thread, OverflowError, "overflow in fma"),
        })
    }

    /// fmod($module, x, y, /)
    /// --
    ///
    /// Return fmod(x, y), according to platform C.
    ///
    /// x % y may differ.
    #[function]
    fn fmod(x: f64, y: f64, thread: &mut Thread) -> PyResult<f64> {
        let result = x % y;
        if result.is_nan() && !x.is_nan() && !y.is_nan() {
            return Err(raise_domain(thread));
        }
        Ok(result)
    }

    /// remainder($module, x, y, /)
    /// --
    ///
    /// Difference between x and the closest integer multiple of y.
    ///
    /// Return x - n*y where n*y is the closest integer multiple of y.
    /// In the case where x is exactly halfway between two multiples of
    /// y, the nearest even value of n is used. The result is always exact.
    #[function]
    fn remainder(x: f64, y: f64, thread: &mut Thread) -> PyResult<f64> {
        let result = exact::remainder(x, y);
        if result.is_nan() && !x.is_nan() && !y.is_nan() {
            return Err(raise_domain(thread));
        }
        Ok(result)
    }

    /// pow($module, x, y, /)
    /// --
    ///
    /// Return x**y (x to the power of y).
    #[function]
    fn pow(x: f64, y: f64, thread: &mut Thread) -> PyResult<f64> {
        let result = x.powf(y);
        if result.is_nan() && !x.is_nan() && !y.is_nan() {
            return Err(raise_domain(thread));
        }
        if result.is_infinite() && x.is_finite() && y.is_finite() {
            return Err(if x == 0.0 { raise_domain(thread) } else { raise_range(thread) });
        }
        Ok(result)
    }

    /// frexp($module, x, /)
    /// --
    ///
    /// Return the mantissa and exponent of x, as pair (m, e).
    ///
    /// If x is a finite nonzero number, then m is a float with
    /// 0.5 <= abs(m) < 1.0 and an integer e is such that
    /// x == m * 2**e exactly.  Else, return (x, 0).
    #[function]
    fn frexp(x: f64, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let (mantissa, exponent) = exact::frexp(x);
        let parts =
            vec![Float::new(mantissa, thread).into_object(), Int::from_i64(exponent.into(), thread).into_object()];
        Tuple::new(parts, thread)
    }

    /// modf($module, x, /)
    /// --
    ///
    /// Return the fractional and integer parts of x.
    ///
    /// Both results carry the sign of x and are floats.
    #[function]
    fn modf(x: f64, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let fraction = if x.is_infinite() { 0.0f64 } else { x.fract() }.copysign(x);
        let parts = vec![Float::new(fraction, thread).into_object(), Float::new(x.trunc(), thread).into_object()];
        Tuple::new(parts, thread)
    }

    /// ldexp($module, x, i, /)
    /// --
    ///
    /// Return x * (2**i).
    ///
    /// This is essentially the inverse of frexp().
    #[function]
    fn ldexp(x: f64, i: &Object, thread: &mut Thread) -> PyResult<f64> {
        let Some(exponent) = i.downcast::<Int>() else {
            return Err(raise!(thread, TypeError, "Expected an int as second argument to ldexp."));
        };
        let limit = if exponent.is_negative() { i64::MIN } else { i64::MAX };
        let exponent = exponent.to_i64().unwrap_or(limit);
        match exact::ldexp(x, exponent) {
            Some(result) => Ok(result),
            None => Err(raise_range(thread)),
        }
    }

    /// fsum($module, seq, /)
    /// --
    ///
    /// Return an accurate floating-point sum of values in the iterable seq.
    ///
    /// Assumes IEEE-754 floating-point arithmetic.
    #[function]
    fn fsum(seq: &Object, thread: &mut Thread) -> PyResult<f64> {
        let iterator = protocol::iter(seq, thread)?;
        let mut sum = exact::ExactSum::new();
        let report = |error: exact::ExactSumError, thread: &mut Thread| match error {
            exact::ExactSumError::IntermediateOverflow => {
                raise!(thread, OverflowError, "intermediate overflow in fsum")
            }
            exact::ExactSumError::OppositeInfinities => raise!(thread, ValueError, "-inf + inf in fsum"),
        };
        while let Some(item) = protocol::next(&iterator, thread)? {
            let value = real(&item, thread)?;
            sum.add(value).map_err(|error| report(error, thread))?;
        }
        sum.value().map_err(|error| report(error, thread))
    }

    /// isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)
    /// --
    ///
    /// Determine whether two floating-point numbers are close in value.
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
    /// For the values to be considered close, the difference between them
    /// must be smaller than at least one of the tolerances.
    ///
    /// -inf, inf and NaN behave similarly to the IEEE 754 Standard.  That
    /// is, NaN is not close to anything, even itself.  inf and -inf are
    /// only close to themselves.
    #[function]
    fn isclose(
        a: f64,
        b: f64,
        #[default(1e-9)] rel_tol: f64,
        #[default(0.0)] abs_tol: f64,
        thread: &mut Thread,
    ) -> PyResult<bool> {
        if rel_tol < 0.0 || abs_tol < 0.0 {
            return Err(raise!(thread, ValueError, "tolerances must be non-negative"));
        }
        if a == b {
            return Ok(true);
        }
        if a.is_infinite() || b.is_infinite() {
            return Ok(false);
        }
        let difference = (b - a).abs();
        Ok(difference <= (rel_tol * b).abs() || difference <= (rel_tol * a).abs() || difference <= abs_tol)
    }

    /// log(x, [base=math.e])
    /// Return the logarithm of x to the given base.
    ///
    /// If the base is not specified, returns the natural logarithm (base e) of x.
    #[function]
    #[signature("(x, base=None, /)")]
    fn log(x: &Object, base: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let value = support::logarithm(x, f64::ln, thread)?;
        let value = Float::new(value, thread);
        let Some(base) = base else { return Ok(value.into_object()) };
        let base = support::logarithm(base, f64::ln, thread)?;
        let base = Float::new(base, thread);
        protocol::true_divide(&value, &base, thread)
    }

    /// log2($module, x, /)
    /// --
    ///
    /// Return the base 2 logarithm of x.
    #[function]
    fn log2(x: &Object, thread: &mut Thread) -> PyResult<f64> {
        support::logarithm(x, f64::log2, thread)
    }

    /// log10($module, x, /)
    /// --
    ///
    /// Return the base 10 logarithm of x.
    #[function]
    fn log10(x: &Object, thread: &mut Thread) -> PyResult<f64> {
        support::logarithm(x, f64::log10, thread)
    }

    /// nextafter($module, x, y, /, *, steps=None)
    /// --
    ///
    /// Return the floating-point value the given number of steps after x towards y.
    ///
    /// If steps is not specified or is None, it defaults to 1.
    ///
    /// Raises a TypeError, if x or y is not a double, or if steps is not
    /// an integer.  Raises ValueError if steps is negative.
    #[function]
    fn nextafter(x: f64, y: f64, steps: Option<&Object>, thread: &mut Thread) -> PyResult<f64> {
        let steps = match steps.filter(|it| !it.is_none()) {
            None => {
                let next = exact::next_after(x, y, 1);
                // Of the C function, other than with a number of steps: a zero that is reached keeps the sign.
                return Ok(if next == 0.0 && x != 0.0 { next.copysign(x) } else { next });
            }
            Some(steps) => {
                let steps = protocol::index(steps, thread)?;
                if steps.is_negative() {
                    return Err(raise!(thread, ValueError, "steps must be a non-negative integer"));
                }
                steps.to_i128().and_then(|it| u64::try_from(it).ok()).unwrap_or(u64::MAX)
            }
        };
        Ok(exact::next_after(x, y, steps))
    }

    /// prod($module, iterable, /, *, start=1)
    /// --
    ///
    /// Calculate the product of all the elements in the input iterable.
    ///
    /// The default start value for the product is 1.
    ///
    /// When the iterable is empty, return the start value.  This function is
    /// intended specifically for use with numeric values and may reject
    /// non-numeric types.
    #[function]
    fn prod(iterable: &Object, start: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let iterator = protocol::iter(iterable, thread)?;
        let mut product = start.map_or_else(|| Int::from_i64(1, thread).into_object(), Py::from_ref);
        while let Some(item) = protocol::next(&iterator, thread)? {
            product = protocol::multiply(&product, &item, thread)?;
        }
        Ok(product)
    }

    /// sumprod($module, p, q, /)
    /// --
    ///
    /// Return the sum of products of values from two iterables p and q.
    ///
    /// Roughly equivalent to:
    ///
    ///     sum(map(operator.mul, p, q, strict=True))
    ///
    /// For float and mixed int/float inputs, the intermediate products
    /// and sums are computed with extended precision.
    #[function]
    fn sumprod(p: &Object, q: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        support::sum_of_products(p, q, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let pi = std::f64::consts::PI;
        let constants =
            [("pi", pi), ("e", std::f64::consts::E), ("tau", 2.0 * pi), ("inf", f64::INFINITY), ("nan", f64::NAN)];
        for (name, value) in constants {
            let value = Float::new(value, thread);
            module.set(name, &value, thread)?;
        }
        Ok(())
    }
}
