//! Arenas, pools and blocks: Naja's memory allocator. Knows nothing of Python.
//!
//! ```text
//! arena, 1 MiB, aligned to its size, mapped from the system
//! ├─ pool 0 ─────────────┬─ pool 1 ───┬─ … ─┬─ pool 63 ──┐
//! │ pool header, 48      │ header, 48 │     │            │    a pool: 16 KiB, aligned to its size,
//! │ arena header, 32     │ block      │     │            │    its blocks all of one size class;
//! │ block │ block │ …    │ block │ …  │     │            │    32 classes: 16, 32, …, 512 bytes
//! └──────────────────────┴────────────┴─────┴────────────┘
//! ```
//!
//! An [`Allocator`] belongs to one interpreter and is used only by the thread that holds its GIL: no locks, no
//! atomics. Requests of more than [`SMALL_LIMIT`] bytes go to the system's allocator. Any address can be traced to its
//! pool, block and size ([`Allocator::find_block`]), and everything that is counted can be read
//! ([`Allocator::statistics`]).
//!
//! The general idea is that of CPython's `obmalloc.c`, whose sizes this crate shares so that memory use can be
//! compared; pool selection and the one-comparison `free` follow mimalloc (Leijen, Zorn, de Moura, 2019).

mod allocator;
mod free_list;
mod gate;
mod inspect;
mod statistics;

mod address_map;
mod arena;
mod large;
mod poison;
mod pool;
pub mod reserve;
mod rust_heap;
mod watch;

#[cfg(test)]
mod tests;

pub use allocator::Allocator;
pub use free_list::FreeList;
pub use gate::Gate;
pub use inspect::{BlockPlace, BlockState, PoolPlace};
pub use rust_heap::RustHeap;
pub use statistics::{ClassStatistics, Overhead, Statistics};
pub use watch::Watcher;

/// Every block's address is a multiple of this, and so is its size.
pub const ALIGNMENT: usize = 16;
/// The largest request that is served from a pool.
pub const SMALL_LIMIT: usize = 512;
/// How many block sizes there are.
pub const SIZE_CLASSES: usize = SMALL_LIMIT / ALIGNMENT;
/// The size and alignment of a pool.
pub const POOL_SIZE: usize = 16 << 10;
/// The size and alignment of an arena.
pub const ARENA_SIZE: usize = 1 << 20;
/// How many pools an arena has.
pub const POOLS_PER_ARENA: usize = ARENA_SIZE / POOL_SIZE;
