//! Times this allocator and the system's on the same work: `cargo run --release -p naja-memory --example compare`.
//!
//! Each line: nanoseconds for one allocation and one free; the best of several runs.

use std::hint::black_box;
use std::time::Instant;

use naja_memory::Allocator;

const LIVE: usize = 1_000_000;
const RUNS: usize = 7;

/// What is compared.
trait Memory {
    fn allocate(&self, size: usize) -> *mut u8;
    /// # Safety
    ///
    /// As for `Allocator::free_sized`.
    unsafe fn free(&self, block: *mut u8, size: usize);
}

struct System;

impl Memory for System {
    fn allocate(&self, size: usize) -> *mut u8 {
        // SAFETY: malloc takes any size.
        unsafe { libc::malloc(size).cast() }
    }

    unsafe fn free(&self, block: *mut u8, _size: usize) {
        // SAFETY: the caller's promise.
        unsafe { libc::free(block.cast()) }
    }
}

struct Sized(Allocator);

impl Memory for Sized {
    #[inline]
    fn allocate(&self, size: usize) -> *mut u8 {
        self.0.allocate(size)
    }

    #[inline]
    unsafe fn free(&self, block: *mut u8, size: usize) {
        // SAFETY: the caller's promise.
        unsafe { self.0.free_sized(block, size) }
    }
}

struct Unsized(Allocator);

impl Memory for Unsized {
    #[inline]
    fn allocate(&self, size: usize) -> *mut u8 {
        self.0.allocate(size)
    }

    #[inline]
    unsafe fn free(&self, block: *mut u8, _size: usize) {
        // SAFETY: the caller's promise.
        unsafe { self.0.free(block) }
    }
}

fn main() {
    println!("{:40} {:>8} {:>8} {:>8}", "ns per allocation and free", "sized", "unsized", "system");
    row("one at a time, others live", &|memory| time(5_000_000, || one_at_a_time(memory, 5_000_000, true)));
    row("one at a time, alone in its class", &|memory| time(5_000_000, || one_at_a_time(memory, 5_000_000, false)));
    for (name, order) in [("in order", Order::Same), ("in reverse", Order::Reverse), ("in random order", Order::Random)]
    {
        row(&format!("a million of 32, freed {name}"), &|memory| time(LIVE, || many(memory, |_| 32, order)));
    }
    let mixed = |index: usize| index.wrapping_mul(0x9e37_79b9) >> 7 & 255;
    row("a million of 0 to 255, in random order", &|memory| time(LIVE, || many(memory, mixed, Order::Random)));
}

/// Measures one kind of work with all three.
fn row(name: &str, work: &dyn Fn(&dyn Memory) -> f64) {
    let [sized, unsized_, system] =
        [work(&Sized(Allocator::new())), work(&Unsized(Allocator::new())), work(&System)].map(|ns| format!("{ns:.1}"));
    println!("{name:40} {sized:>8} {unsized_:>8} {system:>8}");
}

fn time(count: usize, work: impl Fn()) -> f64 {
    let once = || {
        let start = Instant::now();
        work();
        start.elapsed().as_nanos() as f64 / count as f64
    };
    (0..RUNS).map(|_| once()).fold(f64::INFINITY, f64::min)
}

fn one_at_a_time(memory: &dyn Memory, count: usize, others: bool) {
    let other = others.then(|| memory.allocate(48));
    for _ in 0..count {
        let block = black_box(memory.allocate(black_box(48)));
        // SAFETY: just allocated.
        unsafe { memory.free(block, 48) };
    }
    if let Some(block) = other {
        // SAFETY: allocated above.
        unsafe { memory.free(block, 48) };
    }
}

#[derive(Clone, Copy)]
enum Order {
    Same,
    Reverse,
    Random,
}

fn many(memory: &dyn Memory, size: impl Fn(usize) -> usize, order: Order) {
    let blocks: Vec<*mut u8> = (0..LIVE)
        .map(|index| {
            let block = memory.allocate(size(index));
            if size(index) > 0 {
                // SAFETY: the block is ours and has a byte.
                unsafe { block.write(1) };
            }
            block
        })
        .collect();
    for step in 0..LIVE {
        let index = match order {
            Order::Same => step,
            Order::Reverse => LIVE - 1 - step,
            // A step that shares no factor with the number reaches all of them.
            Order::Random => step * 611_953 % LIVE,
        };
        // SAFETY: allocated above, and freed once.
        unsafe { memory.free(blocks[index], size(index)) };
    }
}
