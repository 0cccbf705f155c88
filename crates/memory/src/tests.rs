//! Tests of the allocator as its callers see it.
#![allow(
    clippy::undocumented_unsafe_blocks,
    reason = "each test keeps its promises, or breaks them to see what happens"
)]

use std::cell::Cell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{self, NonNull};

use crate::*;

/// Xorshift (Marsaglia, 2003): the same numbers on each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    /// Mostly small, sometimes none, sometimes from the system.
    fn size(&mut self) -> usize {
        match self.below(20) {
            0 => 0,
            1 => self.below(5000),
            2..6 => 32,
            _ => self.below(SMALL_LIMIT + 1),
        }
    }
}

/// What an allocator should hold: addresses, sizes, and the byte that each block is filled with.
#[derive(Default)]
struct Model {
    addresses: Vec<*mut u8>,
    blocks: HashMap<*mut u8, (usize, u8)>,
}

impl Model {
    fn add(&mut self, block: *mut u8, size: usize, fill: u8) {
        assert!(block.addr().is_multiple_of(ALIGNMENT) && !block.is_null());
        unsafe { block.write_bytes(fill, size) };
        assert_eq!(self.blocks.insert(block, (size, fill)), None, "handed out twice");
        self.addresses.push(block);
    }

    fn check(&self, block: *mut u8, size: usize) {
        let (_, fill) = self.blocks[&block];
        assert!(unsafe { std::slice::from_raw_parts(block, size) }.iter().all(|&byte| byte == fill), "overwritten");
    }

    /// Picks any block, checks and forgets it.
    fn remove(&mut self, random: &mut Random) -> (*mut u8, usize, u8) {
        let block = self.addresses.swap_remove(random.below(self.addresses.len()));
        let (size, fill) = self.blocks[&block];
        self.check(block, size);
        self.blocks.remove(&block);
        (block, size, fill)
    }

    fn compare(&self, allocator: &Allocator) {
        let statistics = allocator.statistics();
        let small = self.blocks.values().filter(|(size, _)| *size <= SMALL_LIMIT);
        assert_eq!(statistics.blocks_in_use(), small.clone().count());
        assert_eq!(statistics.blocks_in_use(), allocator.count_blocks());
        assert_eq!(statistics.large_blocks, self.blocks.len() - small.count());
        let in_pools = statistics.bytes_in_use() + statistics.bytes_free();
        let Overhead { headers, quantization } = statistics.overhead;
        let total = in_pools + headers + quantization + statistics.pools_free * POOL_SIZE;
        assert_eq!(total, statistics.arenas * ARENA_SIZE, "bytes that are in no number");
    }
}

#[test]
fn random_use_agrees_with_a_model() {
    for seed in 1..=4 {
        let (allocator, mut model, mut random) = (Allocator::new(), Model::default(), Random(seed * 7919));
        for step in 0..60_000_usize {
            // The number of live blocks swings, so that arenas come and go.
            let grow = if step / 15_000 % 2 == 0 { 70 } else { 35 };
            match random.below(100) {
                action if action < grow || model.addresses.is_empty() => {
                    let size = random.size();
                    model.add(allocator.allocate(size), size, step as u8);
                }
                action if action < 80 => {
                    let (block, old_size, fill) = model.remove(&mut random);
                    let size = random.size();
                    let moved = unsafe { allocator.reallocate(block, size) };
                    let kept = size.min(old_size);
                    assert!(unsafe { std::slice::from_raw_parts(moved, kept) }.iter().all(|&byte| byte == fill));
                    model.add(moved, size, fill);
                }
                action => {
                    let (block, size, _) = model.remove(&mut random);
                    match action % 2 {
                        0 => unsafe { allocator.free(block) },
                        _ => unsafe { allocator.free_sized(block, size) },
                    }
                }
            }
            if step % 5000 == 0 {
                model.compare(&allocator);
            }
        }
        find_every_block(&allocator, &model);
        while !model.addresses.is_empty() {
            unsafe { allocator.free(model.remove(&mut random).0) };
        }
        model.compare(&allocator);
        assert!(allocator.statistics().arenas <= 2, "empty arenas go back");
    }
}

/// Every block is found from each of its ends, and no others are.
fn find_every_block(allocator: &Allocator, model: &Model) {
    let mut found = 0;
    for pool in allocator.pools() {
        let blocks = allocator.blocks_in_use(ptr::without_provenance(pool.start));
        assert_eq!(blocks.len(), pool.blocks_in_use);
        assert!(blocks.iter().all(|block| model.blocks.contains_key(block)));
        found += blocks.len();
    }
    assert_eq!(found, allocator.count_blocks());
    for (&block, &(size, _)) in &model.blocks {
        let place = allocator.find_block(block.wrapping_add(size.max(1) - 1));
        if size > SMALL_LIMIT {
            assert_eq!(place, None);
            continue;
        }
        let place = place.expect("small blocks are in arenas");
        assert_eq!((place.start, place.state), (block.addr(), BlockState::InUse));
        assert_eq!(place.size, unsafe { allocator.usable_size(block) });
        assert!(place.size >= size && place.pool - place.arena < ARENA_SIZE);
    }
}

#[test]
fn each_size_gets_the_smallest_class_that_fits() {
    let allocator = Allocator::new();
    for size in 0..=SMALL_LIMIT {
        let block = allocator.allocate(size);
        assert_eq!(unsafe { allocator.usable_size(block) }, size.max(1).next_multiple_of(ALIGNMENT));
        unsafe { allocator.free_sized(block, size) };
    }
    for size in [SMALL_LIMIT + 1, 4096, 10 << 20] {
        let block = allocator.allocate(size);
        assert!(unsafe { allocator.usable_size(block) } >= size && block.addr().is_multiple_of(ALIGNMENT));
        assert_eq!(allocator.find_block(block), None);
        unsafe { allocator.free_sized(block, size) };
    }
    assert!(allocator.allocate(usize::MAX).is_null() && allocator.allocate(isize::MAX as usize).is_null());
    assert!(allocator.allocate_zeroed(usize::MAX).is_null());
    assert_eq!((allocator.count_blocks(), allocator.statistics().large_blocks), (0, 0));
}

#[test]
fn zeroed_blocks_are_zero_even_if_used_before() {
    let allocator = Allocator::new();
    for size in [0, 1, 16, 512, 513, 5000] {
        for _ in 0..2 {
            let block = allocator.allocate_zeroed(size);
            assert!(unsafe { std::slice::from_raw_parts(block, size) }.iter().all(|&byte| byte == 0));
            unsafe {
                block.write_bytes(0xff, size);
                allocator.free(block);
            }
        }
    }
}

#[test]
fn reallocation_stays_if_it_saves_little() {
    let allocator = Allocator::new();
    let block = allocator.allocate(100);
    unsafe {
        assert_eq!(allocator.reallocate(block, 112), block);
        assert_eq!(allocator.reallocate(block, 90), block);
        let small = allocator.reallocate(block, 10);
        assert_ne!(small, block);
        assert_eq!(allocator.reallocate(small, 0), small);
        let large = allocator.reallocate(small, 5000);
        assert_eq!(allocator.statistics().large_blocks, 1);
        assert!(allocator.reallocate(large, usize::MAX).is_null(), "and the block stays");
        let small = allocator.reallocate(large, 20);
        assert_eq!((allocator.statistics().large_blocks, allocator.count_blocks()), (0, 1));
        allocator.free_sized(small, 20);
    }
    unsafe { allocator.free(ptr::null_mut()) };
    assert_eq!(unsafe { allocator.usable_size(allocator.reallocate(ptr::null_mut(), 7)) }, 16);
}

#[test]
fn empty_pools_serve_other_classes_and_empty_arenas_go_back() {
    let allocator = Allocator::new();
    let fill = |size: usize, bytes: usize| (0..bytes / size).map(|_| allocator.allocate(size)).collect::<Vec<_>>();
    let release = |blocks: Vec<*mut u8>| blocks.into_iter().for_each(|block| unsafe { allocator.free(block) });
    release(fill(48, 3 << 20));
    let statistics = allocator.statistics();
    // What stays: an empty arena to spare, and the pool that became empty last.
    assert_eq!((statistics.arenas, statistics.pools_free), (2, 2 * POOLS_PER_ARENA - 1));
    assert!(statistics.arenas_peak == 4 && statistics.arenas_total == 4);
    let blocks = fill(512, 1900 << 10);
    assert_eq!(allocator.statistics().arenas_total, 4, "the spare arena is used first");
    release(blocks);
}

#[test]
fn new_pools_come_from_the_fullest_arena() {
    let allocator = Allocator::new();
    let blocks: Vec<_> = (0..3 * ARENA_SIZE / 512).map(|_| allocator.allocate(512)).collect();
    let arena_of = |block: *mut u8| allocator.find_block(block).expect("a small block").arena;
    let (first, second) = (arena_of(blocks[0]), arena_of(blocks[blocks.len() / 2]));
    // Empties half of the first arena and a tenth of the second.
    let (mut half, mut tenth) = (ARENA_SIZE / 512 / 2, ARENA_SIZE / 512 / 10);
    for block in blocks {
        let left = if arena_of(block) == first { &mut half } else { &mut tenth };
        if [first, second].contains(&arena_of(block)) && *left > 0 {
            *left -= 1;
            unsafe { allocator.free(block) };
        }
    }
    // Another class, so that the pools that are not quite empty don't matter.
    assert_eq!(arena_of(allocator.allocate(496)), second);
}

#[test]
fn headers_take_less_than_half_a_percent() {
    let allocator = Allocator::new();
    for size in [32, 48, 64] {
        let before = allocator.statistics().arenas;
        (0..200_000).for_each(|_| assert!(!allocator.allocate(size).is_null()));
        let arenas = allocator.statistics().arenas - before;
        assert!((arenas - 1) * ARENA_SIZE * 1000 <= 200_000 * size * 1005, "{arenas} arenas for {size}");
    }
}

#[test]
fn addresses_are_traced_to_their_blocks() {
    let allocator = Allocator::new();
    assert_eq!(allocator.find_block(&raw const allocator as *const u8), None);
    let (block, other) = (allocator.allocate(100), allocator.allocate(100));
    let place = allocator.find_block(other.wrapping_add(111)).expect("the block's last byte");
    assert_eq!((place.start, place.size, place.state), (other.addr(), 112, BlockState::InUse));
    unsafe { allocator.free(block) };
    let state = |address: *mut u8| allocator.find_block(address).map(|place| place.state);
    assert_eq!(state(block), Some(BlockState::Free));
    assert_eq!(state(block.wrapping_add(112 * 100)), Some(BlockState::Untouched));
    let pool = block.map_addr(|address| address & !(POOL_SIZE - 1));
    assert_eq!(state(pool), None, "a header is no block");
    assert_eq!(state(pool.wrapping_add(POOL_SIZE)), None, "a pool that was never used");
    unsafe { allocator.free(other) };
    unsafe { allocator.free(allocator.allocate(200)) };
    assert_eq!(state(other), Some(BlockState::Free), "in a pool that is back in its arena");
    for wild in [0, 1, usize::MAX, 1 << 47, 1 << 48, (1 << 47) - 1] {
        assert_eq!(allocator.find_block(ptr::without_provenance(wild)), None);
        assert!(allocator.blocks_in_use(ptr::without_provenance(wild)).is_empty());
    }
}

#[test]
fn allocators_run_in_parallel() {
    let work = || {
        let allocator = Allocator::new();
        let blocks: Vec<_> = (0..100_000).map(|number| allocator.allocate(number % 512)).collect();
        blocks.into_iter().for_each(|block| unsafe { allocator.free(block) });
        allocator.count_blocks()
    };
    let threads: Vec<_> = (0..3).map(|_| std::thread::spawn(work)).collect();
    for thread in threads {
        assert_eq!(thread.join().expect("no panic"), 0);
    }
}

#[test]
fn free_lists_are_bounded_and_keep_all_but_the_first_word() {
    let allocator = Allocator::new();
    let list = FreeList::<[usize; 3]>::new(2);
    let objects: Vec<_> = (0..3)
        .map(|number| {
            let object = NonNull::new(allocator.allocate(24)).expect("memory").cast::<[usize; 3]>();
            unsafe { object.write([number; 3]) };
            object
        })
        .collect();
    assert!(list.is_empty() && list.pop().is_none());
    let kept: Vec<_> = objects.iter().map(|&object| unsafe { list.push(object) }).collect();
    assert_eq!((kept, list.len()), (vec![true, true, false], 2));
    let second = list.pop().expect("two objects");
    assert_eq!((second, unsafe { second.read() }[1..].to_vec()), (objects[1], vec![1, 1]));
    assert_eq!((list.pop(), list.pop(), list.len()), (Some(objects[0]), None, 0));
}

#[test]
fn statistics_read_as_the_reference_prints_them() {
    let allocator = Allocator::new();
    for _ in 0..1000 {
        allocator.allocate(64);
    }
    allocator.allocate(500);
    let expected = "\
Small block threshold = 512, in 32 size classes.

class   size   num pools   blocks in use  avail blocks
-----   ----   ---------   -------------  ------------
    3     64           4            1000            19
   31    512           1               1            30

# arenas allocated total           =                    1
# arenas reclaimed                 =                    0
# arenas highwater mark            =                    1
# arenas allocated current         =                    1
1 arenas * 1048576 bytes/arena     =            1,048,576

# bytes in allocated blocks        =               64,512
# bytes in available blocks        =               16,576
59 unused pools * 16384 bytes      =              966,656
# bytes lost to pool headers       =                  272
# bytes lost to quantization       =                  560
# bytes lost to arena alignment    =                    0
Total                              =            1,048,576
";
    assert_eq!(allocator.statistics().to_string(), expected);
}

#[cfg(debug_assertions)]
#[test]
fn chosen_allocations_fail() {
    let allocator = Allocator::new();
    let large = allocator.allocate(1000);
    allocator.fail_allocations(1..3);
    assert!(!allocator.allocate(10).is_null());
    assert!(allocator.allocate(10).is_null() && allocator.allocate(1000).is_null());
    assert!(!allocator.allocate(1000).is_null());
    allocator.fail_allocations(0..1);
    assert!(unsafe { allocator.reallocate(large, 2000) }.is_null());
    allocator.fail_allocations(0..1);
    assert!(allocator.allocate_zeroed(1000).is_null());
    allocator.fail_allocations(0..0);
    assert!(!allocator.allocate(0).is_null());
    unsafe { allocator.free(large) };
}

#[cfg(debug_assertions)]
#[test]
fn broken_promises_are_noticed() {
    let allocator = Allocator::new();
    let stranger = Allocator::new();
    let panics = |action: &dyn Fn()| catch_unwind(AssertUnwindSafe(action)).is_err();
    let (block, other) = (allocator.allocate(40), allocator.allocate(40));
    let large = allocator.allocate(1000);
    let strange = stranger.allocate(40);
    unsafe {
        assert!(panics(&|| allocator.free(block.wrapping_add(16))), "not a block's start");
        assert!(panics(&|| allocator.free_sized(strange, 40)), "another allocator's");
        assert!(panics(&|| allocator.free(strange)), "another allocator's, size unknown");
        assert!(panics(&|| allocator.free_sized(large, 500)), "a wrong size");
        allocator.free(block);
        assert!(panics(&|| allocator.free(block)), "twice");
        block.add(20).write(1);
        assert!(panics(&|| assert!(allocator.allocate(40).is_null())), "written to after it was freed");
        block.add(20).write(0xdd);
        allocator.free(other);
        stranger.free(strange);
    }
}

thread_local! {
    /// Blocks that a watcher was told of, with their sizes.
    static TOLD: std::cell::RefCell<std::collections::HashMap<usize, usize>> = std::cell::RefCell::default();
}

const TELLER: crate::Watcher = crate::Watcher {
    allocated: |block, size| {
        let _ = TOLD.with_borrow_mut(|told| told.insert(block.addr(), size));
    },
    freed: |block| {
        let _ = TOLD.with_borrow_mut(|told| told.remove(&block.addr()));
    },
};

#[test]
fn a_watcher_is_told_of_every_block_and_leaves_no_trace() {
    let allocator = Allocator::new();
    let sizes = || (1..2000).map(|it| it * 7 % 900 + 1);
    let earlier: Vec<(*mut u8, usize)> = sizes().map(|size| (allocator.allocate(size), size)).collect();
    allocator.watch(TELLER);
    let mut watched: Vec<(*mut u8, usize)> = sizes().map(|size| (allocator.allocate(size), size)).collect();
    let told = |watched: &[(*mut u8, usize)]| {
        TOLD.with_borrow(|told| {
            told.len() == watched.len() && watched.iter().all(|it| told.get(&it.0.addr()) == Some(&it.1))
        })
    };
    assert!(told(&watched));
    for at in (0..watched.len()).rev().filter(|it| it % 3 != 0) {
        let (block, size) = watched.swap_remove(at);
        // SAFETY: the block was allocated above and is freed once.
        unsafe { allocator.free_sized(block, size) };
    }
    for it in &mut watched {
        // SAFETY: as above; the old address is forgotten.
        it.0 = unsafe { allocator.reallocate(it.0, it.1 + 100) };
        it.1 += 100;
    }
    assert!(told(&watched));
    // Blocks from before are freed unheard, and whole pools become empty meanwhile.
    for (block, size) in earlier {
        // SAFETY: as above.
        unsafe { allocator.free_sized(block, size) };
    }
    assert!(told(&watched));
    allocator.stop_watching();
    let later: Vec<(*mut u8, usize)> = sizes().map(|size| (allocator.allocate(size), size)).collect();
    assert!(told(&watched));
    for (block, size) in later.into_iter().chain(watched) {
        // SAFETY: as above.
        unsafe { allocator.free_sized(block, size) };
    }
    assert_eq!(allocator.statistics().large_blocks, 0);
    assert_eq!(allocator.count_blocks(), 0);
}

thread_local! {
    /// The allocator behind the gate, what the gate refuses from now on, how many requests it got, and how often it was ignored.
    static GATED: Cell<*const Allocator> = const { Cell::new(ptr::null()) };
    static REFUSES: Cell<bool> = const { Cell::new(false) };
    static ASKED: Cell<usize> = const { Cell::new(0) };
    static IGNORED: Cell<usize> = const { Cell::new(0) };
}

fn behind_gate<R>(work: impl FnOnce(&Allocator) -> R) -> R {
    // SAFETY: the tests set it to an allocator that is there until they end.
    work(unsafe { &*GATED.get() })
}

fn through_gate(work: impl FnOnce(&Allocator) -> *mut u8) -> *mut u8 {
    ASKED.set(ASKED.get() + 1);
    if REFUSES.get() { ptr::null_mut() } else { behind_gate(work) }
}

const GATE: Gate = Gate {
    allocate: |size| through_gate(|it| it.allocate_unasked(size)),
    allocate_zeroed: |size| through_gate(|it| it.allocate_zeroed_unasked(size)),
    // SAFETY: the allocator's own blocks come here.
    reallocate: |block, size| through_gate(|it| unsafe { it.reallocate_unasked(block, size) }),
    free: |block| {
        ASKED.set(ASKED.get() + 1);
        // SAFETY: as above.
        behind_gate(|it| unsafe { it.free_unasked(block) });
    },
    ignored: || IGNORED.set(IGNORED.get() + 1),
};

#[test]
fn a_gate_is_asked_for_every_block_and_may_refuse() {
    let allocator = Allocator::new();
    GATED.set(&raw const allocator);
    let sizes = || (1..2000).map(|it| it * 7 % 900 + 1);
    let earlier: Vec<(*mut u8, usize)> = sizes().map(|size| (allocator.allocate(size), size)).collect();
    allocator.set_gate(Some(GATE));
    let mut gated: Vec<(*mut u8, usize)> = sizes().map(|size| (allocator.allocate(size), size)).collect();
    assert_eq!(ASKED.get(), gated.len());
    for it in &mut gated {
        // SAFETY: the block was allocated above; the old address is forgotten.
        it.0 = unsafe { allocator.reallocate(it.0, it.1 + 300) };
        it.1 += 300;
    }
    assert_eq!(ASKED.get(), 2 * gated.len());
    // Those from before come by as well.
    ASKED.set(0);
    let half = earlier.len() / 2;
    for &(block, size) in &earlier[..half] {
        // SAFETY: the block was allocated above and is freed once.
        unsafe { allocator.free_sized(block, size) };
    }
    assert_eq!(ASKED.get(), half);
    REFUSES.set(true);
    for size in [1, 16, 512, 513, 100_000] {
        assert!(allocator.allocate(size).is_null() && allocator.allocate_zeroed(size).is_null());
    }
    // SAFETY: a live block, which stays as it is.
    assert!(unsafe { allocator.reallocate(gated[0].0, 5000) }.is_null());
    let insisted = allocator.allocate_surely(40).as_ptr();
    assert_eq!(IGNORED.get(), 1);
    allocator.set_gate(None);
    ASKED.set(0);
    for (block, size) in earlier[half..].iter().copied().chain(gated).chain([(insisted, 40)]) {
        // SAFETY: as above.
        unsafe { allocator.free_sized(block, size) };
    }
    assert!(!allocator.allocate(1).is_null());
    assert_eq!((ASKED.get(), allocator.count_blocks(), allocator.statistics().large_blocks), (0, 1, 0));
}

#[test]
fn memory_of_somebody_else_is_not_taken() {
    let allocator = Allocator::new();
    GATED.set(&raw const allocator);
    const SHIFTED: Gate = Gate {
        allocate: |size| behind_gate(|it| it.allocate_unasked(size + 16)).wrapping_add(16),
        // SAFETY: what is freed is what was given out just now.
        free: |block| behind_gate(|it| unsafe { it.free_unasked(block.wrapping_sub(16)) }),
        ..GATE
    };
    allocator.set_gate(Some(SHIFTED));
    let blocks: Vec<*mut u8> = (1..600).map(|size| allocator.allocate(size)).collect();
    allocator.set_gate(None);
    for (block, size) in blocks.into_iter().zip(1..) {
        // SAFETY: it is the allocator's own, of that size.
        unsafe { allocator.free_sized(block, size) };
    }
    assert_eq!((allocator.count_blocks(), allocator.statistics().large_blocks), (0, 0));
}
