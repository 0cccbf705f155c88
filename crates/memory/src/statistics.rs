//! What an allocator holds, in numbers, and as the text that `sys._debugmallocstats` prints.

use std::array;
use std::fmt;

use crate::allocator::Allocator;
use crate::arena::Arena;
use crate::pool::{Pool, PoolState};
use crate::{ALIGNMENT, ARENA_SIZE, POOL_SIZE, SIZE_CLASSES, SMALL_LIMIT};

/// The numbers of one size class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClassStatistics {
    /// Bytes of each block.
    pub block_size: usize,
    /// Pools that have at least one block in use.
    pub pools: usize,
    /// Blocks in use.
    pub blocks_in_use: usize,
    /// Other blocks of these pools.
    pub blocks_free: usize,
}

/// The numbers of an allocator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statistics {
    /// By block size.
    pub classes: [ClassStatistics; SIZE_CLASSES],
    /// Arenas mapped now.
    pub arenas: usize,
    /// Arenas mapped at the same time, at the most.
    pub arenas_peak: usize,
    /// Arenas ever mapped.
    pub arenas_total: usize,
    /// Pools of the arenas that are not in use.
    pub pools_free: usize,
    /// Bytes that headers take, and what no block fits in.
    pub overhead: Overhead,
    /// Blocks from the system's allocator; these are in no other number.
    pub large_blocks: usize,
}

/// Bytes of pools in use that are in no block.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Overhead {
    /// In headers of pools and arenas.
    pub headers: usize,
    /// Behind the last block.
    pub quantization: usize,
}

impl Allocator {
    /// Counts everything; the time goes with the number of pools.
    pub fn statistics(&self) -> Statistics {
        let (arenas, arenas_peak, arenas_total) = self.arenas.counts();
        let mut statistics = Statistics {
            classes: array::from_fn(|class| ClassStatistics {
                block_size: (class + 1) * ALIGNMENT,
                pools: 0,
                blocks_in_use: 0,
                blocks_free: 0,
            }),
            arenas,
            arenas_peak,
            arenas_total,
            pools_free: self.arenas.iter().map(Arena::n_free).sum(),
            overhead: Overhead::default(),
            large_blocks: self.large_blocks.get(),
        };
        for pool in self.arenas.iter().flat_map(Arena::pools).filter(|pool| pool.state.get() != PoolState::Free) {
            statistics.add(pool);
        }
        statistics
    }
}

impl Statistics {
    /// Small blocks in use.
    pub fn blocks_in_use(&self) -> usize {
        self.classes.iter().map(|class| class.blocks_in_use).sum()
    }

    /// Bytes of the small blocks in use.
    pub fn bytes_in_use(&self) -> usize {
        self.classes.iter().map(|class| class.blocks_in_use * class.block_size).sum()
    }

    /// Bytes of free blocks in pools that are in use.
    pub fn bytes_free(&self) -> usize {
        self.classes.iter().map(|class| class.blocks_free * class.block_size).sum()
    }

    fn add(&mut self, pool: &Pool) {
        let used = pool.used.get() as usize;
        let class = &mut self.classes[pool.class()];
        class.pools += 1;
        class.blocks_in_use += used;
        class.blocks_free += pool.capacity() - used;
        self.overhead.headers += pool.first_offset();
        self.overhead.quantization += POOL_SIZE - pool.first_offset() - pool.capacity() * pool.block_size();
    }
}

/// The text of `sys._debugmallocstats` up to the free lists of types.
impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Small block threshold = {SMALL_LIMIT}, in {SIZE_CLASSES} size classes.\n")?;
        writeln!(f, "class   size   num pools   blocks in use  avail blocks")?;
        writeln!(f, "-----   ----   ---------   -------------  ------------")?;
        for (number, class) in self.classes.iter().enumerate().filter(|(_, class)| class.pools > 0) {
            let ClassStatistics { block_size, pools, blocks_in_use, blocks_free } = class;
            writeln!(f, "{number:5} {block_size:6} {pools:11} {blocks_in_use:15} {blocks_free:13}")?;
        }
        writeln!(f)?;
        write_line(f, "# arenas allocated total", self.arenas_total)?;
        write_line(f, "# arenas reclaimed", self.arenas_total - self.arenas)?;
        write_line(f, "# arenas highwater mark", self.arenas_peak)?;
        write_line(f, "# arenas allocated current", self.arenas)?;
        let total = self.arenas * ARENA_SIZE;
        write_line(f, &format!("{} arenas * {ARENA_SIZE} bytes/arena", self.arenas), total)?;
        writeln!(f)?;
        write_line(f, "# bytes in allocated blocks", self.bytes_in_use())?;
        write_line(f, "# bytes in available blocks", self.bytes_free())?;
        let free = self.pools_free * POOL_SIZE;
        write_line(f, &format!("{} unused pools * {POOL_SIZE} bytes", self.pools_free), free)?;
        write_line(f, "# bytes lost to pool headers", self.overhead.headers)?;
        write_line(f, "# bytes lost to quantization", self.overhead.quantization)?;
        write_line(f, "# bytes lost to arena alignment", 0)?;
        let Overhead { headers, quantization } = self.overhead;
        write_line(f, "Total", self.bytes_in_use() + self.bytes_free() + free + headers + quantization)
    }
}

/// A label, an equals sign in column 35, and a number with commas that ends in column 57.
fn write_line(f: &mut fmt::Formatter<'_>, label: &str, value: usize) -> fmt::Result {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    writeln!(f, "{label:<35}={grouped:>21}")
}
