//! The length of a vector: `math.hypot` and `math.dist`.

use super::sum::{fast_two_sum, two_product};
use super::{frexp, ldexp};

/// The Euclidean norm of these coordinates, off by less than one unit in the last place: an infinity wins over NaN.
///
/// The method is that of CPython's `vector_norm` (R. Hettinger): scale by a power of two so that the largest
/// coordinate is below 1, sum squares with their rounding errors, take the root, and correct it by one Newton step on
/// the exact residue.
pub fn vector_norm(coordinates: &[f64]) -> f64 {
    let magnitudes = || coordinates.iter().map(|coordinate| coordinate.abs());
    if magnitudes().any(|magnitude| magnitude == f64::INFINITY) {
        return f64::INFINITY;
    }
    if coordinates.iter().any(|coordinate| coordinate.is_nan()) {
        return f64::NAN;
    }
    let largest = magnitudes().fold(0.0, f64::max);
    if largest == 0.0 || coordinates.len() <= 1 {
        return largest;
    }
    let (_, exponent) = frexp(largest);
    if exponent < -1023 {
        // The scale itself would overflow: bring subnormal numbers up first.
        let scaled: Vec<f64> = coordinates.iter().map(|coordinate| coordinate / f64::MIN_POSITIVE).collect();
        return f64::MIN_POSITIVE * vector_norm(&scaled);
    }
    let scale = ldexp(1.0, -i64::from(exponent)).unwrap_or(1.0);

    // Starting from 1 keeps the running sum above each square, as the fast sum demands.
    let (mut sum, mut product_lows, mut sum_lows) = (1.0, 0.0, 0.0);
    for magnitude in magnitudes() {
        let (square, square_low) = two_product(magnitude * scale, magnitude * scale);
        let (total, total_low) = fast_two_sum(sum, square);
        sum = total;
        product_lows += square_low;
        sum_lows += total_low;
    }
    let root = (sum - 1.0 + (product_lows + sum_lows)).sqrt();

    let (square, square_low) = two_product(-root, root);
    let (total, total_low) = fast_two_sum(sum, square);
    let residue = total - 1.0 + ((product_lows + square_low) + (sum_lows + total_low));
    (root + residue / (2.0 * root)) / scale
}
