//! `_heapq`: heaps in lists, with the smallest (or, for the functions with `_max`, the largest) item first.
//!
//! A comparison may run Python code that changes the list: its length is looked at again after each, and a change raises.

use macros::python_module;
use objects::errors::{PyResult, Raised};
use objects::list::List;
use objects::module::Module;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

/// Which item is on top.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    Least,
    Greatest,
}

impl Order {
    /// True if `left` belongs above `right`.
    fn is_before(self, left: &Object, right: &Object, thread: &mut Thread) -> PyResult<bool> {
        let (left, right) = if self == Self::Least { (left, right) } else { (right, left) };
        let result = protocol::compare(left, right, Comparison::Less, thread)?;
        protocol::is_true(&result, thread)
    }
}

#[cold]
fn raise_changed(thread: &mut Thread) -> Raised {
    raise!(thread, RuntimeError, "list changed size during iteration")
}

#[cold]
fn raise_empty(thread: &mut Thread) -> Raised {
    raise!(thread, IndexError, "index out of range")
}

fn item(heap: &List, index: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
    match heap.get(index, thread) {
        Some(item) => Ok(item),
        None => Err(raise_changed(thread)),
    }
}

fn swap(heap: &List, one: usize, other: usize, thread: &mut Thread) -> PyResult<()> {
    let (left, right) = (item(heap, one, thread)?, item(heap, other, thread)?);
    drop(heap.replace(one, right));
    drop(heap.replace(other, left));
    Ok(())
}

/// Moves the item at `place` up, not further than `start`, until the one above it belongs there.
fn rise(heap: &List, start: usize, mut place: usize, order: Order, thread: &mut Thread) -> PyResult<()> {
    let length = heap.length();
    if place >= length {
        return Err(raise_empty(thread));
    }
    while place > start {
        let parent = (place - 1) / 2;
        let (low, high) = (item(heap, place, thread)?, item(heap, parent, thread)?);
        let rises = order.is_before(&low, &high, thread)?;
        if heap.length() != length {
            return Err(raise_changed(thread));
        }
        if !rises {
            return Ok(());
        }
        swap(heap, place, parent, thread)?;
        place = parent;
    }
    Ok(())
}

/// Moves the item at `start` down to a leaf along the children that belong above, then up to its place.
fn sink(heap: &List, start: usize, order: Order, thread: &mut Thread) -> PyResult<()> {
    let length = heap.length();
    if start >= length {
        return Err(raise_empty(thread));
    }
    let mut place = start;
    while place < length / 2 {
        let mut child = 2 * place + 1;
        if child + 1 < length {
            let (left, right) = (item(heap, child, thread)?, item(heap, child + 1, thread)?);
            let is_left = order.is_before(&left, &right, thread)?;
            if heap.length() != length {
                return Err(raise_changed(thread));
            }
            if !is_left {
                child += 1;
            }
        }
        swap(heap, place, child, thread)?;
        place = child;
    }
    rise(heap, start, place, order, thread)
}

fn push(heap: &List, new: &Object, order: Order, thread: &mut Thread) -> PyResult<()> {
    heap.push(Py::from_ref(new), thread)?;
    rise(heap, 0, heap.length() - 1, order, thread)
}

fn pop(heap: &List, order: Order, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(last) = heap.length().checked_sub(1) else { return Err(raise_empty(thread)) };
    let Some(moved) = heap.remove(last, thread)? else { return Err(raise_empty(thread)) };
    if last == 0 {
        return Ok(moved);
    }
    match heap.replace(0, moved) {
        Ok(top) => {
            sink(heap, 0, order, thread)?;
            Ok(top)
        }
        Err(moved) => Ok(moved),
    }
}

fn replace(heap: &List, new: &Object, order: Order, thread: &mut Thread) -> PyResult<Py<Object>> {
    match heap.replace(0, Py::from_ref(new)) {
        Ok(top) => {
            sink(heap, 0, order, thread)?;
            Ok(top)
        }
        Err(_) => Err(raise_empty(thread)),
    }
}

fn push_and_pop(heap: &List, new: &Object, order: Order, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(top) = heap.get(0, thread) else { return Ok(Py::from_ref(new)) };
    if !order.is_before(&top, new, thread)? {
        return Ok(Py::from_ref(new));
    }
    replace(heap, new, order, thread)
}

fn arrange(heap: &List, order: Order, thread: &mut Thread) -> PyResult<()> {
    for start in (0..heap.length() / 2).rev() {
        sink(heap, start, order, thread)?;
    }
    Ok(())
}

pub struct HeapqModule;

/// Heap queue algorithm (a.k.a. priority queue).
///
/// Heaps are arrays for which a[k] <= a[2*k+1] and a[k] <= a[2*k+2] for
/// all k, counting elements from 0.  For the sake of comparison,
/// non-existing elements are considered to be infinite.  The interesting
/// property of a heap is that a[0] is always its smallest element.
///
/// Usage:
///
/// heap = []            # creates an empty heap
/// heappush(heap, item) # pushes a new item on the heap
/// item = heappop(heap) # pops the smallest item from the heap
/// item = heap[0]       # smallest item on the heap without popping it
/// heapify(x)           # transforms list into a heap, in-place, in linear time
/// item = heapreplace(heap, item) # pops and returns smallest item, and adds
///                                # new item; the heap size is unchanged
///
/// Our API differs from textbook heap algorithms as follows:
///
/// - We use 0-based indexing.  This makes the relationship between the
///   index for a node and the indexes for its children slightly less
///   obvious, but is more suitable since Python uses 0-based indexing.
///
/// - Our heappop() method returns the smallest item, not the largest.
///
/// These two make it possible to view the heap as a regular Python list
/// without surprises: heap[0] is the smallest item, and heap.sort()
/// maintains the heap invariant!
///
#[python_module(name = "_heapq")]
impl HeapqModule {
    /// heappush($module, heap, item, /)
    /// --
    ///
    /// Push item onto heap, maintaining the heap invariant.
    #[function]
    fn heappush(heap: &List, item: &Object, thread: &mut Thread) -> PyResult<()> {
        push(heap, item, Order::Least, thread)
    }

    /// heappush_max($module, heap, item, /)
    /// --
    ///
    /// Push item onto max heap, maintaining the heap invariant.
    #[function]
    fn heappush_max(heap: &List, item: &Object, thread: &mut Thread) -> PyResult<()> {
        push(heap, item, Order::Greatest, thread)
    }

    /// heappushpop($module, heap, item, /)
    /// --
    ///
    /// Push item on the heap, then pop and return the smallest item from the heap.
    ///
    /// The combined action runs more efficiently than heappush() followed by
    /// a separate call to heappop().
    #[function]
    fn heappushpop(heap: &List, item: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        push_and_pop(heap, item, Order::Least, thread)
    }

    /// heappushpop_max($module, heap, item, /)
    /// --
    ///
    /// Maxheap variant of heappushpop.
    ///
    /// The combined action runs more efficiently than heappush_max()
    /// followed by a separate call to heappop_max().
    #[function]
    fn heappushpop_max(heap: &List, item: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        push_and_pop(heap, item, Order::Greatest, thread)
    }

    /// heappop($module, heap, /)
    /// --
    ///
    /// Pop the smallest item off the heap, maintaining the heap invariant.
    #[function]
    fn heappop(heap: &List, thread: &mut Thread) -> PyResult<Py<Object>> {
        pop(heap, Order::Least, thread)
    }

    /// heappop_max($module, heap, /)
    /// --
    ///
    /// Maxheap variant of heappop.
    #[function]
    fn heappop_max(heap: &List, thread: &mut Thread) -> PyResult<Py<Object>> {
        pop(heap, Order::Greatest, thread)
    }

    /// heapreplace($module, heap, item, /)
    /// --
    ///
    /// Pop and return the current smallest value, and add the new item.
    ///
    /// This is more efficient than heappop() followed by heappush(), and can be
    /// more appropriate when using a fixed-size heap.  Note that the value
    /// returned may be larger than item!  That constrains reasonable uses of
    /// this routine unless written as part of a conditional replacement:
    ///
    ///     if item > heap[0]:
    ///         item = heapreplace(heap, item)
    #[function]
    fn heapreplace(heap: &List, item: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        replace(heap, item, Order::Least, thread)
    }

    /// heapreplace_max($module, heap, item, /)
    /// --
    ///
    /// Maxheap variant of heapreplace.
    #[function]
    fn heapreplace_max(heap: &List, item: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        replace(heap, item, Order::Greatest, thread)
    }

    /// heapify($module, heap, /)
    /// --
    ///
    /// Transform list into a heap, in-place, in O(len(heap)) time.
    #[function]
    fn heapify(heap: &List, thread: &mut Thread) -> PyResult<()> {
        arrange(heap, Order::Least, thread)
    }

    /// heapify_max($module, heap, /)
    /// --
    ///
    /// Maxheap variant of heapify.
    #[function]
    fn heapify_max(heap: &List, thread: &mut Thread) -> PyResult<()> {
        arrange(heap, Order::Greatest, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let about = Str::from_str(ABOUT, thread);
        module.set("__about__", &about, thread)
    }
}

/// `__about__`: the essay on heaps that the module carries.
const ABOUT: &str = r#"Heap queues

[explanation by François Pinard]

Heaps are arrays for which a[k] <= a[2*k+1] and a[k] <= a[2*k+2] for
all k, counting elements from 0.  For the sake of comparison,
non-existing elements are considered to be infinite.  The interesting
property of a heap is that a[0] is always its smallest element.

The strange invariant above is meant to be an efficient memory
representation for a tournament.  The numbers below are 'k', not a[k]:

                                   0

                  1                                 2

          3               4                5               6

      7       8       9       10      11      12      13      14

    15 16   17 18   19 20   21 22   23 24   25 26   27 28   29 30


In the tree above, each cell 'k' is topping '2*k+1' and '2*k+2'.  In
a usual binary tournament we see in sports, each cell is the winner
over the two cells it tops, and we can trace the winner down the tree
to see all opponents s/he had.  However, in many computer applications
of such tournaments, we do not need to trace the history of a winner.
To be more memory efficient, when a winner is promoted, we try to
replace it by something else at a lower level, and the rule becomes
that a cell and the two cells it tops contain three different items,
but the top cell "wins" over the two topped cells.

If this heap invariant is protected at all time, index 0 is clearly
the overall winner.  The simplest algorithmic way to remove it and
find the "next" winner is to move some loser (let's say cell 30 in the
diagram above) into the 0 position, and then percolate this new 0 down
the tree, exchanging values, until the invariant is re-established.
This is clearly logarithmic on the total number of items in the tree.
By iterating over all items, you get an O(n ln n) sort.

A nice feature of this sort is that you can efficiently insert new
items while the sort is going on, provided that the inserted items are
not "better" than the last 0'th element you extracted.  This is
especially useful in simulation contexts, where the tree holds all
incoming events, and the "win" condition means the smallest scheduled
time.  When an event schedule other events for execution, they are
scheduled into the future, so they can easily go into the heap.  So, a
heap is a good structure for implementing schedulers (this is what I
used for my MIDI sequencer :-).

Various structures for implementing schedulers have been extensively
studied, and heaps are good for this, as they are reasonably speedy,
the speed is almost constant, and the worst case is not much different
than the average case.  However, there are other representations which
are more efficient overall, yet the worst cases might be terrible.

Heaps are also very useful in big disk sorts.  You most probably all
know that a big sort implies producing "runs" (which are pre-sorted
sequences, which size is usually related to the amount of CPU memory),
followed by a merging passes for these runs, which merging is often
very cleverly organised[1].  It is very important that the initial
sort produces the longest runs possible.  Tournaments are a good way
to that.  If, using all the memory available to hold a tournament, you
replace and percolate items that happen to fit the current run, you'll
produce runs which are twice the size of the memory for random input,
and much better for input fuzzily ordered.

Moreover, if you output the 0'th item on disk and get an input which
may not fit in the current tournament (because the value "wins" over
the last output value), it cannot fit in the heap, so the size of the
heap decreases.  The freed memory could be cleverly reused immediately
for progressively building a second heap, which grows at exactly the
same rate the first heap is melting.  When the first heap completely
vanishes, you switch heaps and start a new run.  Clever and quite
effective!

In a word, heaps are useful memory structures to know.  I use them in
a few applications, and I think it is good to keep a 'heap' module
around. :-)

--------------------
[1] The disk balancing algorithms which are current, nowadays, are
more annoying than clever, and this is a consequence of the seeking
capabilities of the disks.  On devices which cannot seek, like big
tape drives, the story was quite different, and one had to be very
clever to ensure (far in advance) that each tape movement will be the
most effective possible (that is, will best participate at
"progressing" the merge).  Some tapes were even able to read
backwards, and this was also used to avoid the rewinding time.
Believe me, real good tape sorts were quite spectacular to watch!
From all times, sorting has always been a Great Art! :-)
"#;
