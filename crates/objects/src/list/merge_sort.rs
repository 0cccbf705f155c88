//! A stable merge sort whose comparisons may fail: timsort with powersort's merge order.
//!
//! The algorithm is described in CPython's `Objects/listsort.txt` (Peters) and in «Nearly-Optimal Mergesorts» (Munro, Wild 2018): natural runs,
//! short ones extended by binary insertion, merged in an order that nearly balances them, galloping where one run wins for long. Used by
//! `list.sort` for everything that is not compared by machine instructions. Knows nothing of objects: items are small and copied. When a
//! comparison fails, the items are in some order, each of them once. Programs see which items are compared, so it compares the same ones in the
//! same order as CPython.

/// Wins in a row that start galloping.
const MINIMUM_GALLOP: usize = 7;
/// Slices below this length are sorted by binary insertion alone.
const SHORTEST_MERGED: usize = 64;

/// Sorts items by a comparison «less than».
pub fn merge_sort<T: Copy, E>(items: &mut [T], less: impl FnMut(T, T) -> Result<bool, E>) -> Result<(), E> {
    let total = items.len();
    let mut sorter = Sorter { items, less, merged: Vec::new(), minimum_gallop: MINIMUM_GALLOP, pending: Vec::new() };
    let shortest_run = shortest_run(total);
    let mut start = 0;
    while start < total {
        let mut length = sorter.natural_run(start)?;
        if length < shortest_run {
            let wanted = shortest_run.min(total - start);
            sorter.insert_rest(start, length, wanted)?;
            length = wanted;
        }
        sorter.push_run(start, length, total)?;
        start += length;
    }
    sorter.merge_all()
}

/// The length that runs are extended to: such that the number of runs is a power of two, or a little less.
fn shortest_run(mut total: usize) -> usize {
    let mut rest = 0;
    while total >= SHORTEST_MERGED {
        rest |= total & 1;
        total >>= 1;
    }
    total + rest
}

/// A sorted part of the items, and the depth of the boundary after it in the tree of merges.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    length: usize,
    power: u32,
}

/// How far a merge from the left has come: what is next of each run, and where it goes. Between `to` and `from_right` is room for what is left of
/// the run that was moved out.
struct Low {
    from_left: usize,
    from_right: usize,
    to: usize,
}

impl Low {
    /// The next items of the left run, which was moved out.
    fn take_left<T: Copy>(&mut self, count: usize, items: &mut [T], merged: &[T]) {
        items[self.to..self.to + count].copy_from_slice(&merged[self.from_left..self.from_left + count]);
        self.from_left += count;
        self.to += count;
    }

    fn take_right<T: Copy>(&mut self, count: usize, items: &mut [T]) {
        items.copy_within(self.from_right..self.from_right + count, self.to);
        self.from_right += count;
        self.to += count;
    }
}

/// How far a merge from the right has come: how many items are left in each run.
struct High {
    start: usize,
    of_left: usize,
    of_right: usize,
}

impl High {
    fn end(&self) -> usize {
        self.start + self.of_left + self.of_right
    }

    fn take_left<T: Copy>(&mut self, count: usize, items: &mut [T]) {
        let last = self.start + self.of_left;
        items.copy_within(last - count..last, self.end() - count);
        self.of_left -= count;
    }

    /// The last items of the right run, which was moved out.
    fn take_right<T: Copy>(&mut self, count: usize, items: &mut [T], merged: &[T]) {
        let end = self.end();
        items[end - count..end].copy_from_slice(&merged[self.of_right - count..self.of_right]);
        self.of_right -= count;
    }
}

struct Sorter<'a, T, F> {
    items: &'a mut [T],
    less: F,
    /// The shorter run of a merge, moved out of the way.
    merged: Vec<T>,
    minimum_gallop: usize,
    pending: Vec<Run>,
}

/// How deep the boundary between two adjacent runs lies in the tree of merges of all items: in how many of their leading bits the
/// runs' midpoints, as fractions of the whole, agree.
fn boundary_power(start: usize, left: usize, right: usize, total: usize) -> u32 {
    let mut first = 2 * start + left;
    let mut second = first + left + right;
    let mut power = 0;
    loop {
        power += 1;
        if first >= total {
            first -= total;
            second -= total;
        } else if second >= total {
            return power;
        }
        first <<= 1;
        second <<= 1;
    }
}

impl<T: Copy, E, F: FnMut(T, T) -> Result<bool, E>> Sorter<'_, T, F> {
    /// The length of the run that starts here. A descending one is turned round, such that equal items, which come in blocks, keep their
    /// order; then it may go on ascending.
    fn natural_run(&mut self, start: usize) -> Result<usize, E> {
        let rest = self.items.len() - start;
        let mut length = self.extend_ascending(start, 1, rest)?;
        if length == rest || (length > 1 && self.is_less(start, start + length - 1)?) {
            return Ok(length);
        }
        // Everything so far is equal, and the next item is less: it begins a block of its own.
        self.items[start..start + length].reverse();
        let mut equal = 1;
        length += 1;
        while length < rest {
            let at = start + length;
            if self.is_less(at, at - 1)? {
                self.items[at - equal..at].reverse();
                equal = 0;
            } else if self.is_less(at - 1, at)? {
                break;
            }
            equal += 1;
            length += 1;
        }
        let run = &mut self.items[start..start + length];
        run[length - equal..].reverse();
        run.reverse();
        self.extend_ascending(start, length, rest)
    }

    /// The length of the ascending run of which the first `length` items are known, of at most `rest`.
    fn extend_ascending(&mut self, start: usize, mut length: usize, rest: usize) -> Result<usize, E> {
        while length < rest && !self.is_less(start + length, start + length - 1)? {
            length += 1;
        }
        Ok(length)
    }

    fn is_less(&mut self, left: usize, right: usize) -> Result<bool, E> {
        (self.less)(self.items[left], self.items[right])
    }

    /// Extends a sorted run of `sorted` items to `length` by binary insertion.
    fn insert_rest(&mut self, start: usize, sorted: usize, length: usize) -> Result<(), E> {
        for at in start + sorted..start + length {
            let pivot = self.items[at];
            let (mut low, mut high) = (start, at);
            while low < high {
                let middle = low + (high - low) / 2;
                if (self.less)(pivot, self.items[middle])? {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            self.items.copy_within(low..at, low + 1);
            self.items[low] = pivot;
        }
        Ok(())
    }

    /// Adds a run, after merging those that lie deeper in the tree than its boundary.
    fn push_run(&mut self, start: usize, length: usize, total: usize) -> Result<(), E> {
        if let Some(last) = self.pending.last().copied() {
            let power = boundary_power(last.start, last.length, length, total);
            while self.pending.len() > 1 && self.pending[self.pending.len() - 2].power > power {
                self.merge_at(self.pending.len() - 2)?;
            }
            if let Some(last) = self.pending.last_mut() {
                last.power = power;
            }
        }
        self.pending.push(Run { start, length, power: 0 });
        Ok(())
    }

    fn merge_all(&mut self) -> Result<(), E> {
        while self.pending.len() > 1 {
            let mut at = self.pending.len() - 2;
            if at > 0 && self.pending[at - 1].length < self.pending[at + 1].length {
                at -= 1;
            }
            self.merge_at(at)?;
        }
        Ok(())
    }

    /// Merges two adjacent runs of the stack.
    fn merge_at(&mut self, at: usize) -> Result<(), E> {
        let (left, right) = (self.pending[at], self.pending.remove(at + 1));
        self.pending[at].length += right.length;
        self.pending[at].power = right.power;
        // What of the left run is below all of the right one is in place, and so is what of the right one is above all of the left.
        let (middle, end) = (right.start, right.start + right.length);
        let first = self.items[middle];
        let skipped = gallop_right(&mut self.less, first, &self.items[left.start..middle], 0)?;
        let start = left.start + skipped;
        if start == middle {
            return Ok(());
        }
        let last = self.items[middle - 1];
        let right_length = gallop_left(&mut self.less, last, &self.items[middle..end], right.length - 1)?;
        if right_length == 0 {
            return Ok(());
        }
        let length = middle - start;
        if length <= right_length {
            self.merge_low(start, length, right_length)
        } else {
            self.merge_high(start, length, right_length)
        }
    }

    /// Merges adjacent runs from the left; the left one is the shorter and moves out of the way.
    fn merge_low(&mut self, start: usize, left: usize, right: usize) -> Result<(), E> {
        let mut merged = std::mem::take(&mut self.merged);
        merged.clear();
        merged.extend_from_slice(&self.items[start..start + left]);
        let mut low = Low { from_left: 0, from_right: start + left, to: start };
        let result = self.take_lower(&mut low, &merged, start + left + right);
        self.items[low.to..low.to + left - low.from_left].copy_from_slice(&merged[low.from_left..]);
        self.merged = merged;
        result
    }

    /// Takes the lower item of two runs until nothing is left to find out. The first item of the right run is known to be the lowest of all, the
    /// last one of the left run to be the highest.
    fn take_lower(&mut self, low: &mut Low, merged: &[T], end: usize) -> Result<(), E> {
        low.take_right(1, self.items);
        while low.from_right < end && low.from_left + 1 < merged.len() {
            let (mut left_wins, mut right_wins) = (0, 0);
            while left_wins.max(right_wins) < self.minimum_gallop {
                if (self.less)(self.items[low.from_right], merged[low.from_left])? {
                    low.take_right(1, self.items);
                    (left_wins, right_wins) = (0, right_wins + 1);
                } else {
                    low.take_left(1, self.items, merged);
                    (left_wins, right_wins) = (left_wins + 1, 0);
                }
                if low.from_right == end || low.from_left + 1 == merged.len() {
                    break;
                }
            }
            if left_wins.max(right_wins) >= self.minimum_gallop {
                self.gallop_lower(low, merged, end)?;
            }
        }
        // Only the highest item is missing; if comparisons contradict each other, not even that.
        if low.from_left + 1 >= merged.len() {
            low.take_right(end - low.from_right, self.items);
        }
        Ok(())
    }

    /// Takes as many items at once of one run and then of the other as belong before the other's next one, as long as that pays.
    fn gallop_lower(&mut self, low: &mut Low, merged: &[T], end: usize) -> Result<(), E> {
        let is_over = |low: &Low| low.from_right == end || low.from_left + 1 >= merged.len();
        if is_over(low) {
            return Ok(());
        }
        self.minimum_gallop += 1;
        loop {
            self.minimum_gallop = (self.minimum_gallop - 1).max(1);
            let key = self.items[low.from_right];
            let left_wins = gallop_right(&mut self.less, key, &merged[low.from_left..], 0)?;
            low.take_left(left_wins, self.items, merged);
            if is_over(low) {
                return Ok(());
            }
            low.take_right(1, self.items);
            if is_over(low) {
                return Ok(());
            }
            let right_wins = gallop_left(&mut self.less, merged[low.from_left], &self.items[low.from_right..end], 0)?;
            low.take_right(right_wins, self.items);
            if is_over(low) {
                return Ok(());
            }
            low.take_left(1, self.items, merged);
            if is_over(low) {
                return Ok(());
            }
            if left_wins.max(right_wins) < MINIMUM_GALLOP {
                break;
            }
        }
        self.minimum_gallop += 1;
        Ok(())
    }

    /// Merges adjacent runs from the right; the right one is the shorter and moves out of the way.
    fn merge_high(&mut self, start: usize, left: usize, right: usize) -> Result<(), E> {
        let mut merged = std::mem::take(&mut self.merged);
        merged.clear();
        merged.extend_from_slice(&self.items[start + left..start + left + right]);
        let mut high = High { start, of_left: left, of_right: right };
        let result = self.take_higher(&mut high, &merged);
        let hole = start + high.of_left;
        self.items[hole..hole + high.of_right].copy_from_slice(&merged[..high.of_right]);
        self.merged = merged;
        result
    }

    /// Takes the higher item of two runs until nothing is left to find out; the merged ones grow downwards from the end of both. The last item of
    /// the left run is known to be the highest of all, the first one of the right run to be the lowest.
    fn take_higher(&mut self, high: &mut High, merged: &[T]) -> Result<(), E> {
        high.take_left(1, self.items);
        while high.of_left > 0 && high.of_right > 1 {
            let (mut left_wins, mut right_wins) = (0, 0);
            while left_wins.max(right_wins) < self.minimum_gallop {
                if (self.less)(merged[high.of_right - 1], self.items[high.start + high.of_left - 1])? {
                    high.take_left(1, self.items);
                    (left_wins, right_wins) = (left_wins + 1, 0);
                } else {
                    high.take_right(1, self.items, merged);
                    (left_wins, right_wins) = (0, right_wins + 1);
                }
                if high.of_left == 0 || high.of_right == 1 {
                    break;
                }
            }
            if left_wins.max(right_wins) >= self.minimum_gallop {
                self.gallop_higher(high, merged)?;
            }
        }
        if high.of_right <= 1 {
            high.take_left(high.of_left, self.items);
        }
        Ok(())
    }

    /// As [`Sorter::gallop_lower`], from the right.
    fn gallop_higher(&mut self, high: &mut High, merged: &[T]) -> Result<(), E> {
        let is_over = |high: &High| high.of_left == 0 || high.of_right <= 1;
        if is_over(high) {
            return Ok(());
        }
        self.minimum_gallop += 1;
        loop {
            self.minimum_gallop = (self.minimum_gallop - 1).max(1);
            let (key, left) = (merged[high.of_right - 1], &self.items[high.start..high.start + high.of_left]);
            let left_wins = left.len() - gallop_right(&mut self.less, key, left, left.len() - 1)?;
            high.take_left(left_wins, self.items);
            if is_over(high) {
                return Ok(());
            }
            high.take_right(1, self.items, merged);
            if is_over(high) {
                return Ok(());
            }
            let (key, right) = (self.items[high.start + high.of_left - 1], &merged[..high.of_right]);
            let right_wins = right.len() - gallop_left(&mut self.less, key, right, right.len() - 1)?;
            high.take_right(right_wins, self.items, merged);
            if is_over(high) {
                return Ok(());
            }
            high.take_left(1, self.items);
            if is_over(high) {
                return Ok(());
            }
            if left_wins.max(right_wins) < MINIMUM_GALLOP {
                break;
            }
        }
        self.minimum_gallop += 1;
        Ok(())
    }
}

/// Where in a sorted run a key belongs, before the items equal to it; searched from `hint` in growing steps.
fn gallop_left<T: Copy, E>(
    less: &mut impl FnMut(T, T) -> Result<bool, E>,
    key: T,
    run: &[T],
    hint: usize,
) -> Result<usize, E> {
    gallop(run, hint, |item| less(item, key))
}

/// Where in a sorted run a key belongs, after the items equal to it.
fn gallop_right<T: Copy, E>(
    less: &mut impl FnMut(T, T) -> Result<bool, E>,
    key: T,
    run: &[T],
    hint: usize,
) -> Result<usize, E> {
    gallop(run, hint, |item| less(key, item).map(|it| !it))
}

/// The number of items of a run for which `is_before` holds, which are its first ones.
fn gallop<T: Copy, E>(run: &[T], hint: usize, mut is_before: impl FnMut(T) -> Result<bool, E>) -> Result<usize, E> {
    // The answer is in low..=high.
    let (mut low, mut high) = (0, run.len());
    let mut step = 1;
    if is_before(run[hint])? {
        low = hint + 1;
        while hint + step < run.len() {
            if !is_before(run[hint + step])? {
                high = hint + step;
                break;
            }
            low = hint + step + 1;
            step = 2 * step + 1;
        }
    } else {
        high = hint;
        while step <= hint {
            if is_before(run[hint - step])? {
                low = hint - step + 1;
                break;
            }
            high = hint - step;
            step = 2 * step + 1;
        }
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if is_before(run[middle])? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

#[cfg(test)]
mod tests {
    use super::merge_sort;

    /// A fixed sequence of numbers that look random.
    fn numbers(count: usize, limit: u64) -> Vec<(u64, usize)> {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        (0..count)
            .map(|index| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                ((state >> 33) % limit, index)
            })
            .collect()
    }

    fn check(items: Vec<(u64, usize)>) {
        let mut sorted = items.clone();
        let Ok(()) = merge_sort(&mut sorted, |left, right| Ok::<_, std::convert::Infallible>(left.0 < right.0));
        let mut expected = items;
        expected.sort_by_key(|it| it.0);
        assert_eq!(sorted, expected, "sorted and stable");
    }

    #[test]
    fn sorts_stably_whatever_the_pattern() {
        for count in [0, 1, 2, 3, 10, 63, 64, 65, 100, 257, 1000, 4096] {
            for limit in [1, 2, 10, 1_000_000] {
                check(numbers(count, limit));
            }
            check((0..count).map(|it| (it as u64, it)).collect());
            check((0..count).map(|it| ((count - it) as u64, it)).collect());
            check((0..count).map(|it| ((it % 37) as u64, it)).collect());
            let mut runs = numbers(count, 1000);
            runs.chunks_mut(100).for_each(|it| it.sort_by_key(|pair| pair.0));
            check(runs);
            let mut almost: Vec<_> = (0..count).map(|it| (it as u64, it)).collect();
            almost.iter_mut().step_by(17).for_each(|it| it.0 /= 3);
            check(almost);
        }
    }

    #[test]
    fn compares_a_sorted_sequence_once() {
        let mut items: Vec<_> = (0..1000).collect();
        let mut comparisons = 0;
        let Ok(()) = merge_sort(&mut items, |left, right| {
            comparisons += 1;
            Ok::<_, std::convert::Infallible>(left < right)
        });
        assert_eq!(comparisons, 999);
    }

    #[test]
    fn stops_when_a_comparison_fails() {
        let mut items = numbers(500, 1000);
        let mut left = 700;
        let result = merge_sort(&mut items, |one, other| {
            left -= 1;
            if left == 0 { Err("enough") } else { Ok(one.0 < other.0) }
        });
        assert_eq!(result, Err("enough"));
        let mut indices: Vec<_> = items.iter().map(|it| it.1).collect();
        indices.sort_unstable();
        assert!(indices.into_iter().eq(0..500), "every item is still there once");
    }
}
