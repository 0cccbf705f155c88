//! Products by number-theoretic transforms: the convolution of the limbs modulo three primes, put together again by
//! the Chinese remainder theorem.
//!
//! Called by [`super::multiply`] for long factors. Sums of n products of limbs are below n * 10**38, and the product of
//! the primes is above 2**191, so that n up to 2**32, the order of the smallest root, is exact.

use super::limb::{BASE, split};
use super::{NoMemory, zeros};

/// Primes with a root of unity of order 2**32 at least, and one of their primitive roots.
const PRIMES: [(u64, u64); 3] = [(0xffff_ffff_0000_0001, 7), (0xffff_fffc_0000_0001, 10), (0xffff_ff00_0000_0001, 19)];

/// `a * b`.
pub fn multiply(a: &[u64], b: &[u64]) -> Result<Vec<u64>, NoMemory> {
    let length = a.len() + b.len();
    let size = length.next_power_of_two();
    if size > 1 << 32 {
        return Err(NoMemory);
    }
    let [first, second, third] = PRIMES.map(|(prime, root)| Field::new(prime, root));
    let first_part = first.convolve(a, b, size)?;
    let second_part = second.convolve(a, b, size)?;
    let mut product = third.convolve(a, b, size)?;
    let garner = Garner::new(&first, &second, &third);
    let mut carry = Wide::default();
    for ((place, x), y) in product.iter_mut().zip(&first_part).zip(&second_part) {
        carry = carry.plus(garner.combine(*x, *y, *place));
        *place = carry.take_limb();
    }
    product.truncate(length);
    Ok(product)
}

/// Numbers modulo a prime, in Montgomery's form where said.
struct Field {
    prime: u64,
    root: u64,
    /// The inverse of the prime modulo 2**64.
    inverse: u64,
    /// `2**128` modulo the prime: a factor that takes a number into Montgomery's form.
    square: u64,
}

impl Field {
    fn new(prime: u64, root: u64) -> Self {
        let mut inverse = prime;
        for _ in 0..6 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(prime.wrapping_mul(inverse)));
        }
        let word = (1u128 << 64) % u128::from(prime);
        let square = (word * word % u128::from(prime)) as u64;
        Self { prime, root, inverse, square }
    }

    /// `a * b / 2**64`.
    #[inline(always)]
    fn multiply(&self, a: u64, b: u64) -> u64 {
        let product = u128::from(a) * u128::from(b);
        let factor = (product as u64).wrapping_mul(self.inverse);
        let subtrahend = ((u128::from(factor) * u128::from(self.prime)) >> 64) as u64;
        let (difference, borrowed) = ((product >> 64) as u64).overflowing_sub(subtrahend);
        if borrowed { difference.wrapping_add(self.prime) } else { difference }
    }

    #[inline(always)]
    fn add(&self, a: u64, b: u64) -> u64 {
        let (sum, overflowed) = a.overflowing_add(b);
        if overflowed || sum >= self.prime { sum.wrapping_sub(self.prime) } else { sum }
    }

    #[inline(always)]
    fn subtract(&self, a: u64, b: u64) -> u64 {
        let (difference, borrowed) = a.overflowing_sub(b);
        if borrowed { difference.wrapping_add(self.prime) } else { difference }
    }

    /// Into Montgomery's form.
    fn enter(&self, value: u64) -> u64 {
        self.multiply(value % self.prime, self.square)
    }

    fn power(&self, base: u64, mut exponent: u64) -> u64 {
        let (mut result, mut base) = (self.enter(1), base);
        while exponent != 0 {
            if exponent & 1 != 0 {
                result = self.multiply(result, base);
            }
            base = self.multiply(base, base);
            exponent >>= 1;
        }
        result
    }

    /// The cyclic convolution of this size, in plain form.
    fn convolve(&self, a: &[u64], b: &[u64], size: usize) -> Result<Vec<u64>, NoMemory> {
        let mut left = self.prepared(a, size)?;
        let right = self.prepared(b, size)?;
        // Plain, times Montgomery's form, is plain: the scale by 1 / size goes with it.
        let scale = self.power(self.enter(size as u64), self.prime - 2);
        for (x, y) in left.iter_mut().zip(&right) {
            *x = self.multiply(self.multiply(*x, *y), scale);
        }
        drop(right);
        self.backward(&mut left);
        for x in &mut left {
            *x = self.multiply(*x, 1);
        }
        Ok(left)
    }

    fn prepared(&self, limbs: &[u64], size: usize) -> Result<Vec<u64>, NoMemory> {
        let mut values = zeros(size)?;
        for (value, limb) in values.iter_mut().zip(limbs) {
            *value = self.enter(*limb);
        }
        self.forward(&mut values);
        Ok(values)
    }

    /// Decimation in frequency: the result is in bit-reversed order.
    fn forward(&self, values: &mut [u64]) {
        let size = values.len();
        let mut half = size / 2;
        let mut step = self.power(self.enter(self.root), (self.prime - 1) / size as u64);
        while half != 0 {
            self.each_column(values, half, step, |field, low, high, factor| {
                let (x, y) = (*low, *high);
                *low = field.add(x, y);
                *high = field.multiply(field.subtract(x, y), factor);
            });
            step = self.multiply(step, step);
            half /= 2;
        }
    }

    /// Decimation in time, from bit-reversed order.
    fn backward(&self, values: &mut [u64]) {
        let size = values.len() as u64;
        let root = self.power(self.enter(self.root), self.prime - 2);
        let mut half = 1;
        while half < values.len() {
            let step = self.power(root, (self.prime - 1) / size * (size / (2 * half as u64)));
            self.each_column(values, half, step, |field, low, high, factor| {
                let (x, y) = (*low, field.multiply(*high, factor));
                *low = field.add(x, y);
                *high = field.subtract(x, y);
            });
            half *= 2;
        }
    }

    /// Calls the butterfly on all pairs at the distance `half`, in the order of memory.
    #[inline(always)]
    fn each_column(
        &self,
        values: &mut [u64],
        half: usize,
        step: u64,
        butterfly: impl Fn(&Self, &mut u64, &mut u64, u64),
    ) {
        let one = self.enter(1);
        for block in values.chunks_exact_mut(2 * half) {
            let (low, high) = block.split_at_mut(half);
            let mut factor = one;
            for (x, y) in low.iter_mut().zip(high) {
                butterfly(self, x, y, factor);
                factor = self.multiply(factor, step);
            }
        }
    }
}

/// 192 bits, lowest word first.
#[derive(Clone, Copy, Default)]
struct Wide([u64; 3]);

impl Wide {
    fn plus(self, other: Self) -> Self {
        let mut carry = 0;
        let mut sum = [0; 3];
        for (place, (a, b)) in sum.iter_mut().zip(self.0.iter().zip(other.0)) {
            let word = u128::from(*a) + u128::from(b) + carry;
            *place = word as u64;
            carry = word >> 64;
        }
        Wide(sum)
    }

    /// Divides by the base; gives the remainder.
    fn take_limb(&mut self) -> u64 {
        let mut remainder = 0;
        for word in self.0.iter_mut().rev() {
            (*word, remainder) = split(u128::from(remainder) << 64 | u128::from(*word));
        }
        debug_assert!(remainder < BASE);
        remainder
    }
}

/// What puts a number together from its remainders (Garner's algorithm, Knuth 4.3.2).
struct Garner<'a> {
    second: &'a Field,
    third: &'a Field,
    /// `1 / first` modulo the second prime, and `1 / (first * second)` modulo the third: Montgomery's form.
    second_inverse: u64,
    third_inverse: u64,
    /// The first prime modulo the third, in Montgomery's form.
    first_in_third: u64,
    first: u64,
    product: u128,
}

impl<'a> Garner<'a> {
    fn new(first: &Field, second: &'a Field, third: &'a Field) -> Self {
        let product = u128::from(first.prime) * u128::from(second.prime);
        let second_inverse = second.power(second.enter(first.prime), second.prime - 2);
        let reduced = (product % u128::from(third.prime)) as u64;
        let third_inverse = third.power(third.enter(reduced), third.prime - 2);
        let first_in_third = third.enter(first.prime);
        Self { second, third, second_inverse, third_inverse, first_in_third, first: first.prime, product }
    }

    fn combine(&self, x: u64, y: u64, z: u64) -> Wide {
        let (second, third) = (self.second, self.third);
        // x + first * b + first * second * c
        let b = second.multiply(second.subtract(y, x % second.prime), self.second_inverse);
        let partial = third.add(x % third.prime, third.multiply(b % third.prime, self.first_in_third));
        let c = third.multiply(third.subtract(z, partial), self.third_inverse);
        let low = u128::from(self.first) * u128::from(b) + u128::from(x);
        let by_low = u128::from(self.product as u64) * u128::from(c);
        let by_high = (self.product >> 64) * u128::from(c) + (by_low >> 64);
        let high = Wide([by_low as u64, by_high as u64, (by_high >> 64) as u64]);
        high.plus(Wide([low as u64, (low >> 64) as u64, 0]))
    }
}
