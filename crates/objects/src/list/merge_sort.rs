//! A stable merge sort whose comparisons may fail: timsort with powersort's merge order.
//!
//! The algorithm is described in CPython's `Objects/listsort.txt` (Peters) and in «Nearly-Optimal Mergesorts» (Munro, Wild 2018): natural runs,
//! short ones extended by binary insertion, merged in an order that nearly balances them, galloping where one run wins for long. Used by
//! `list.sort` for everything that is not compared by machine instructions. Knows nothing of objects: items are small and copied. When a
//! comparison fails, the items are in some order, each of them once.

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

/// How far a merge from the right has come: how many items are left in each run.
struct High {
    of_left: usize,
    of_right: usize,
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
        let skipped = self.gallop_right(self.items[right.start], left.start, left.length, 0)?;
        let (start, length) = (left.start + skipped, left.length - skipped);
        if length == 0 {
            return Ok(());
        }
        let last = self.items[start + length - 1];
        let right_length = self.gallop_left(last, right.start, right.length, right.length - 1)?;
        if right_length == 0 {
            return Ok(());
        }
        if length <= right_length {
            self.merge_low(start, length, right_length)
        } else {
            self.merge_high(start, length, right_length)
        }
    }

    /// Where in a sorted run a key belongs, before the items equal to it; searched from `hint` in growing steps.
    fn gallop_left(&mut self, key: T, start: usize, length: usize, hint: usize) -> Result<usize, E> {
        self.gallop(start, length, hint, move |less, item| less(item, key))
    }

    /// Where in a sorted run a key belongs, after the items equal to it.
    fn gallop_right(&mut self, key: T, start: usize, length: usize, hint: usize) -> Result<usize, E> {
        self.gallop(start, length, hint, move |less, item| less(key, item).map(|it| !it))
    }

    /// The number of items of a run for which `is_before` holds, which are its first ones.
    fn gallop(
        &mut self,
        start: usize,
        length: usize,
        hint: usize,
        is_before: impl Fn(&mut F, T) -> Result<bool, E>,
    ) -> Result<usize, E> {
        // The answer is in low..=high.
        let (mut low, mut high) = (0, length);
        let mut step = 1;
        if is_before(&mut self.less, self.items[start + hint])? {
            low = hint + 1;
            while hint + step < length {
                if !is_before(&mut self.less, self.items[start + hint + step])? {
                    high = hint + step;
                    break;
                }
                low = hint + step + 1;
                step = 2 * step + 1;
            }
        } else {
            high = hint;
            while step <= hint {
                if is_before(&mut self.less, self.items[start + hint - step])? {
                    low = hint - step + 1;
                    break;
                }
                high = hint - step;
                step = 2 * step + 1;
            }
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if is_before(&mut self.less, self.items[start + middle])? {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
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

    /// Takes the lower item of two runs until one of them is empty.
    fn take_lower(&mut self, low: &mut Low, merged: &[T], end: usize) -> Result<(), E> {
        let (mut left_wins, mut right_wins) = (0, 0);
        while low.from_left < merged.len() && low.from_right < end {
            if left_wins.max(right_wins) >= self.minimum_gallop {
                left_wins = self.gallop_in(merged, self.items[low.from_right], low.from_left)?;
                self.items[low.to..low.to + left_wins]
                    .copy_from_slice(&merged[low.from_left..low.from_left + left_wins]);
                low.to += left_wins;
                low.from_left += left_wins;
                if low.from_left == merged.len() {
                    break;
                }
                right_wins = self.gallop_left(merged[low.from_left], low.from_right, end - low.from_right, 0)?;
                self.items.copy_within(low.from_right..low.from_right + right_wins, low.to);
                low.to += right_wins;
                low.from_right += right_wins;
                self.adjust_gallop(left_wins, right_wins);
            } else if (self.less)(self.items[low.from_right], merged[low.from_left])? {
                self.items[low.to] = self.items[low.from_right];
                low.from_right += 1;
                low.to += 1;
                (left_wins, right_wins) = (0, right_wins + 1);
            } else {
                self.items[low.to] = merged[low.from_left];
                low.from_left += 1;
                low.to += 1;
                (left_wins, right_wins) = (left_wins + 1, 0);
            }
        }
        Ok(())
    }

    /// How many items of the run that was moved out belong before a key, which comes after the items equal to it.
    fn gallop_in(&mut self, run: &[T], key: T, start: usize) -> Result<usize, E> {
        let end = run.len();
        let (mut low, mut high, mut step) = (start, end, 1);
        while low < end {
            let probe = (low + step - 1).min(end - 1);
            if (self.less)(key, run[probe])? {
                high = probe;
                break;
            }
            low = probe + 1;
            step *= 2;
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if (self.less)(key, run[middle])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(low - start)
    }

    /// Galloping becomes easier to start while it pays, and harder when it does not.
    fn adjust_gallop(&mut self, left_wins: usize, right_wins: usize) {
        if left_wins.max(right_wins) >= MINIMUM_GALLOP {
            self.minimum_gallop = self.minimum_gallop.saturating_sub(1).max(1);
        } else {
            self.minimum_gallop += 2;
        }
    }

    /// Merges adjacent runs from the right; the right one is the shorter and moves out of the way.
    fn merge_high(&mut self, start: usize, left: usize, right: usize) -> Result<(), E> {
        let mut merged = std::mem::take(&mut self.merged);
        merged.clear();
        merged.extend_from_slice(&self.items[start + left..start + left + right]);
        let mut high = High { of_left: left, of_right: right };
        let result = self.take_higher(&mut high, &merged, start);
        let hole = start + high.of_left;
        self.items[hole..hole + high.of_right].copy_from_slice(&merged[..high.of_right]);
        self.merged = merged;
        result
    }

    /// Takes the higher item of two runs until one of them is empty; the merged ones grow downwards from the end of both.
    fn take_higher(&mut self, high: &mut High, merged: &[T], start: usize) -> Result<(), E> {
        let (mut left_wins, mut right_wins) = (0, 0);
        while high.of_left > 0 && high.of_right > 0 {
            let to = start + high.of_left + high.of_right;
            if left_wins.max(right_wins) >= self.minimum_gallop {
                let key = merged[high.of_right - 1];
                let keep = self.gallop_right(key, start, high.of_left, high.of_left - 1)?;
                left_wins = high.of_left - keep;
                self.items.copy_within(start + keep..start + high.of_left, to - left_wins);
                high.of_left = keep;
                if keep == 0 {
                    break;
                }
                let to = start + high.of_left + high.of_right;
                let key = self.items[start + high.of_left - 1];
                let keep = self.count_before(&merged[..high.of_right], key)?;
                right_wins = high.of_right - keep;
                self.items[to - right_wins..to].copy_from_slice(&merged[keep..high.of_right]);
                high.of_right = keep;
                self.adjust_gallop(left_wins, right_wins);
            } else if (self.less)(merged[high.of_right - 1], self.items[start + high.of_left - 1])? {
                self.items[to - 1] = self.items[start + high.of_left - 1];
                high.of_left -= 1;
                (left_wins, right_wins) = (left_wins + 1, 0);
            } else {
                self.items[to - 1] = merged[high.of_right - 1];
                high.of_right -= 1;
                (left_wins, right_wins) = (0, right_wins + 1);
            }
        }
        Ok(())
    }

    /// How many items of the run that was moved out are less than a key; searched from the end in growing steps.
    fn count_before(&mut self, run: &[T], key: T) -> Result<usize, E> {
        let (mut low, mut high, mut step) = (0, run.len(), 1);
        while high > 0 {
            let probe = high.saturating_sub(step);
            if (self.less)(run[probe], key)? {
                low = probe + 1;
                break;
            }
            high = probe;
            step *= 2;
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if (self.less)(run[middle], key)? {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }
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
