//! Measures big-integer operations: `cargo run --release -p naja-numeric --example measure`, and beside it
//! `python3.14 examples/measure.py` for the reference's times of the same operations.
//!
//! Prints microseconds, the best of many runs, by number of 30-bit digits.

use naja_numeric::{digits, radix};
use std::hint::black_box;
use std::time::Instant;

const SIZES: [usize; 9] = [2, 5, 10, 30, 100, 1000, 3000, 10_000, 100_000];

fn main() {
    println!("{:>7} {:>12} {:>12} {:>12} {:>12} {:>12}", "digits", "mul", "square", "divmod", "to decimal", "parse");
    for size in SIZES {
        let (a, b) = (random_digits(size, 1), random_digits(size, 2));
        let product = digits::add_digit(&digits::mul(&a, &b), 1);
        let decimal = radix::to_text(&a, 10);
        let rows = [
            best_time(|| digits::mul(&a, &b)),
            best_time(|| digits::square(&a)),
            best_time(|| digits::divmod(&product, &b)),
            best_time(|| radix::to_text(&a, 10)),
            best_time(|| radix::from_digit_text(decimal.as_bytes(), 10)),
        ];
        let shown: Vec<String> = rows.iter().map(|time| format!("{time:12.3}")).collect();
        println!("{size:7} {}", shown.join(" "));
    }
    println!("\n{:>7} {:>12} {:>12} {:>12} {:>12}", "digits", "gcd", "pow mod", "isqrt", "add");
    for size in [2, 10, 35, 70, 140, 1000] {
        let (a, b, mut c) = (random_digits(size, 3), random_digits(size, 4), random_digits(size, 5));
        c[0] |= 1;
        let rows = [
            best_time(|| digits::gcd(&a, &b)),
            if size > 140 { f64::NAN } else { best_time(|| digits::pow_mod(&a, &b, &c)) },
            best_time(|| digits::isqrt(&a)),
            best_time(|| digits::add(&a, &b)),
        ];
        let shown: Vec<String> = rows.iter().map(|time| format!("{time:12.3}")).collect();
        println!("{size:7} {}", shown.join(" "));
    }
}

/// Microseconds of the quickest run.
fn best_time<R>(mut run: impl FnMut() -> R) -> f64 {
    let (mut best, mut total, mut runs) = (f64::INFINITY, 0.0, 0);
    while runs < 2 || (total < 0.2 && runs < 20_000) {
        let repeats = if best < 2e-6 { 50 } else { 1 };
        let start = Instant::now();
        for _ in 0..repeats {
            black_box(run());
        }
        let time = start.elapsed().as_secs_f64();
        best = best.min(time / f64::from(repeats));
        total += time;
        runs += 1;
    }
    best * 1e6
}

/// Digits from a linear congruential generator, the top one not zero.
fn random_digits(size: usize, seed: u64) -> Vec<u32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 34) as u32
    };
    let mut result: Vec<u32> = (0..size).map(|_| next()).collect();
    if let Some(top) = result.last_mut() {
        *top |= 1 << 29;
    }
    result
}
