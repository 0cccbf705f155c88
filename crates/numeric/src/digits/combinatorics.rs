//! Factorials, permutations and combinations: products of ranges, multiplied as balanced trees. Called by `math`
//! through [`crate::digits`].

use super::{TooLarge, div_exact_small, divmod, from_u64, mul, mul_digit, shl, sub, to_u64};

/// `n!`.
pub fn factorial(n: u64) -> Result<Vec<u32>, TooLarge> {
    // Each power of two in n! is a shift; what remains is the product of the odd parts: for each halving of n, all
    // odd numbers up to it (P. Luschny's «split recursive» order).
    let mut odd_part = vec![1];
    let mut inner = vec![1];
    let mut lower = 1;
    for halvings in (0..u64::BITS - n.leading_zeros()).rev() {
        let upper = n >> halvings;
        // The odd numbers in (lower, upper].
        let (first, last) = ((lower + 1) | 1, if upper.is_multiple_of(2) { upper.saturating_sub(1) } else { upper });
        if first <= last {
            inner = mul(&inner, &product_of_odds(first, last));
        }
        odd_part = mul(&odd_part, &inner);
        lower = upper;
    }
    shl(&odd_part, n - u64::from(n.count_ones()))
}

/// The product of the odd numbers from `first` to `last`, both odd and included.
fn product_of_odds(first: u64, last: u64) -> Vec<u32> {
    let count = (last - first) / 2 + 1;
    if count <= 8 || last.checked_pow(2).is_none() {
        return (0..count).map(|index| first + 2 * index).fold(vec![1], |product, odd| times(&product, odd));
    }
    let middle = first + count / 2 * 2;
    mul(&product_of_odds(first, middle - 2), &product_of_odds(middle, last))
}

/// `n * (n - 1) * … * (n - k + 1)`, for `k` not above `n`.
pub fn perm(n: &[u32], k: u64) -> Vec<u32> {
    match k {
        0 => return vec![1],
        1 => return n.to_vec(),
        _ => {}
    }
    if k <= 8 {
        return (0..k).fold(vec![1], |product, index| mul(&product, &minus(n, index)));
    }
    let half = k / 2;
    mul(&perm(n, half), &perm(&minus(n, half), k - half))
}

/// The number of ways to choose `k` from `n`, for `k` not above `n`. The caller takes the smaller of `k` and `n - k`.
pub fn comb(n: &[u32], k: u64) -> Vec<u32> {
    match k {
        0 => return vec![1],
        1 => return n.to_vec(),
        _ => {}
    }
    if let Some(small) = to_u64(n).and_then(|n| comb_u64(n, k)) {
        return from_u64(small);
    }
    if k <= 8 {
        return (1..k).fold(n.to_vec(), |product, index| {
            let next = mul(&product, &minus(n, index));
            div_exact_small(&next, index + 1).unwrap_or_default()
        });
    }
    // C(n, k) = C(n, j) * C(n - j, k - j) / C(k, j), for any j: halving keeps the factors balanced.
    let half = k / 2;
    let product = mul(&comb(n, half), &comb(&minus(n, half), k - half));
    divmod(&product, &comb(&from_u64(k), half)).map(|(quotient, _)| quotient).unwrap_or_default()
}

/// The same in machine words, where every step fits.
fn comb_u64(n: u64, k: u64) -> Option<u64> {
    (1..k).try_fold(n, |product, index| {
        let next = product.checked_mul(n.checked_sub(index)?)?;
        Some(next / (index + 1))
    })
}

fn minus(n: &[u32], amount: u64) -> Vec<u32> {
    sub(n, &from_u64(amount))
}

fn times(a: &[u32], factor: u64) -> Vec<u32> {
    match u32::try_from(factor) {
        Ok(digit) if digit <= super::DIGIT_MASK => mul_digit(a, digit),
        _ => mul(a, &from_u64(factor)),
    }
}
