//! Sums of floats: exact (`math.fsum`), compensated (`sum`), and of products in extended precision (`math.sumprod`).
//!
//! Each is an accumulator: the caller iterates over Python objects and adds.

use std::fmt;

/// A sum and what rounding took from it: `a + b == high + low` exactly (D. E. Knuth's TwoSum).
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let high = a + b;
    let b_part = high - a;
    let a_part = high - b_part;
    (high, (a - a_part) + (b - b_part))
}

/// The same for `|a| >= |b|` (T. J. Dekker's Fast2Sum).
pub(super) fn fast_two_sum(a: f64, b: f64) -> (f64, f64) {
    let high = a + b;
    (high, (a - high) + b)
}

/// A product and what rounding took from it.
pub(super) fn two_product(a: f64, b: f64) -> (f64, f64) {
    let high = a * b;
    (high, a.mul_add(b, -high))
}

/// Why an exact sum has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExactSumError {
    /// `OverflowError`
    IntermediateOverflow,
    /// `ValueError`
    OppositeInfinities,
}

impl fmt::Display for ExactSumError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::IntermediateOverflow => "intermediate overflow in fsum",
            Self::OppositeInfinities => "-inf + inf in fsum",
        })
    }
}

impl std::error::Error for ExactSumError {}

/// `math.fsum`: correctly rounded, after J. R. Shewchuk, «Adaptive Precision Floating-Point Arithmetic».
#[derive(Clone, Debug, Default)]
pub struct ExactSum {
    /// Floats whose bits do not overlap, in order of magnitude, smallest first: their sum is the exact sum.
    partials: Vec<f64>,
    /// The sum of the infinities and NaNs.
    special_sum: f64,
    /// The sum of the infinities.
    infinity_sum: f64,
}

impl ExactSum {
    /// The sum of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a float; infinities and NaN are remembered apart.
    pub fn add(&mut self, value: f64) -> Result<(), ExactSumError> {
        let mut carried = value;
        let mut kept = 0;
        for index in 0..self.partials.len() {
            let (high, low) = two_sum(carried, self.partials[index]);
            if low != 0.0 {
                self.partials[kept] = low;
                kept += 1;
            }
            carried = high;
        }
        self.partials.truncate(kept);
        if carried == 0.0 {
            return Ok(());
        }
        if carried.is_finite() {
            self.partials.push(carried);
            return Ok(());
        }
        // Either the value is special or the sum of finite ones overflowed.
        if value.is_finite() {
            return Err(ExactSumError::IntermediateOverflow);
        }
        if value.is_infinite() {
            self.infinity_sum += value;
        }
        self.special_sum += value;
        self.partials.clear();
        Ok(())
    }

    /// The exact sum, rounded once.
    pub fn value(&self) -> Result<f64, ExactSumError> {
        if self.special_sum != 0.0 {
            let opposite = self.infinity_sum.is_nan();
            return if opposite { Err(ExactSumError::OppositeInfinities) } else { Ok(self.special_sum) };
        }
        let mut rest = self.partials.as_slice();
        let (mut high, mut low) = (0.0, 0.0);
        while let Some((next, smaller)) = rest.split_last() {
            (high, low) = fast_two_sum(high, *next);
            rest = smaller;
            if low != 0.0 {
                break;
            }
        }
        // What is lost may be exactly half a unit, rounded to even: then the sign of the next partial decides.
        if let Some(next) = rest.last()
            && ((low < 0.0 && *next < 0.0) || (low > 0.0 && *next > 0.0))
        {
            let doubled = low * 2.0;
            let corrected = high + doubled;
            if corrected - high == doubled {
                high = corrected;
            }
        }
        Ok(high)
    }
}

/// The built-in `sum` over floats: A. Neumaier's compensated sum.
#[derive(Clone, Copy, Debug, Default)]
pub struct CompensatedSum {
    high: f64,
    low: f64,
}

impl CompensatedSum {
    /// A sum that starts with this value.
    pub fn new(start: f64) -> Self {
        Self { high: start, low: 0.0 }
    }

    /// Adds a float.
    pub fn add(&mut self, value: f64) {
        let total = self.high + value;
        self.low +=
            if self.high.abs() >= value.abs() { (self.high - total) + value } else { (value - total) + self.high };
        self.high = total;
    }

    /// The sum with what rounding took from it.
    pub fn value(&self) -> f64 {
        // The lost parts of infinities are NaN.
        if self.low != 0.0 && self.low.is_finite() { self.high + self.low } else { self.high }
    }
}

/// `math.sumprod` over floats: a dot product in three times the precision, after T. Ogita, S. M. Rump, S. Oishi,
/// «Accurate Sum and Dot Product», algorithm 5.10 for K = 3.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProductSum {
    high: f64,
    low: f64,
    tiny: f64,
}

impl ProductSum {
    /// The sum of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `a * b`.
    pub fn add_product(&mut self, a: f64, b: f64) {
        let (product, product_low) = two_product(a, b);
        let (high, high_low) = two_sum(self.high, product);
        let (first, first_low) = two_sum(self.low, product_low);
        let (second, second_low) = two_sum(first, high_low);
        *self = Self { high, low: second, tiny: self.tiny + first_low + second_low };
    }

    /// False once the sum has overflown, or an infinity or NaN was added.
    pub fn is_finite(&self) -> bool {
        self.high.is_finite()
    }

    /// The sum; where it is no finite number, the caller computes the plain sum instead.
    pub fn value(&self) -> f64 {
        let (last, last_low) = two_sum(self.tiny, self.low);
        let (total, total_low) = two_sum(self.high, last);
        total + (last_low + total_low)
    }
}
