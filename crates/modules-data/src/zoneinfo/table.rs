//! The transitions of a time zone as numbers: which kind of time holds at a moment, or at a local time.
//!
//! Kinds are known by their number in the file. The invariant: every number of a kind is below the number of kinds, which the reader of the
//! file checks.

/// The transitions of a file.
#[derive(Debug, Default)]
pub struct Table {
    /// Seconds from 1970 in UTC, in order.
    moments: Vec<i64>,
    /// The same in local time, for fold 0 and fold 1.
    local: [Vec<i64>; 2],
    /// The kind that holds from each transition on.
    kinds: Vec<usize>,
    offsets: Vec<i64>,
    /// What holds before the first transition.
    before: Option<usize>,
}

/// What holds at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Kind(usize),
    /// The rules after the last transition say.
    Rules,
    Nothing,
}

impl Table {
    /// A table of transitions, and of the offset and the mark for summer of each kind.
    pub fn new(moments: Vec<i64>, kinds: Vec<usize>, offsets: Vec<i64>, summer: &[bool]) -> Self {
        let first = |kinds: &[usize]| kinds.first().copied();
        let before = summer.iter().position(|it| !it).or(first(&kinds));
        let local = local_moments(&moments, &kinds, &offsets);
        Self { moments, local, kinds, offsets, before }
    }

    pub fn last_kind(&self) -> Option<usize> {
        self.kinds.last().copied()
    }

    /// What holds at a local time.
    pub fn at_local(&self, time: i64, fold: bool) -> Holds {
        let moments = &self.local[usize::from(fold)];
        match (moments.first(), moments.last()) {
            (Some(first), _) if time < *first => self.before.map_or(Holds::Nothing, Holds::Kind),
            (_, Some(last)) if time <= *last => {
                let index = moments.partition_point(|it| *it <= time);
                Holds::Kind(self.kinds[index.saturating_sub(1)])
            }
            _ => Holds::Rules,
        }
    }

    /// What holds at a moment, and whether its local time is the second of two: where the rules hold, they say that.
    pub fn at_moment(&self, moment: i64) -> (Holds, bool) {
        let (Some(first), Some(last)) = (self.moments.first(), self.moments.last()) else {
            return (Holds::Rules, false);
        };
        if moment < *first {
            return (self.before.map_or(Holds::Nothing, Holds::Kind), false);
        }
        if moment > *last {
            return (Holds::Rules, false);
        }
        let index = self.moments.partition_point(|it| *it <= moment);
        let kind = self.kinds[index - 1];
        (Holds::Kind(kind), self.offset_before(index - 1) - self.offsets[kind] > moment - self.moments[index - 1])
    }

    /// True if the local time of a moment after the last transition came before it as well, since the clock went back to `offset` there.
    pub fn repeats_last(&self, moment: i64, offset: i64) -> bool {
        let Some(index) = self.moments.len().checked_sub(1) else { return false };
        let difference = self.offset_before(index) - offset;
        difference > 0 && moment < self.moments[index].saturating_add(difference)
    }

    /// The offset that holds before a transition.
    fn offset_before(&self, index: usize) -> i64 {
        match index.checked_sub(1) {
            Some(previous) => self.offsets[self.kinds[previous]],
            None => self.before.map_or(0, |it| self.offsets[it]),
        }
    }
}

/// Transitions in local time: by the larger offset of the two for fold 0, by the smaller for fold 1.
fn local_moments(moments: &[i64], kinds: &[usize], offsets: &[i64]) -> [Vec<i64>; 2] {
    let mut local = [moments.to_vec(), moments.to_vec()];
    let mut previous = offsets.first().copied().unwrap_or(0);
    for (index, kind) in kinds.iter().enumerate() {
        let offset = offsets[*kind];
        local[0][index] = moments[index].saturating_add(previous.max(offset));
        local[1][index] = moments[index].saturating_add(previous.min(offset));
        previous = offset;
    }
    local
}

/// How much of each kind's offset is summer's, which the file does not say: the difference to the time before, or after. Where there is none
/// an hour is the best guess.
pub fn summer_offsets(kinds: &[usize], offsets: &[i64], summer: &[bool]) -> Vec<i64> {
    let mut found = vec![0; offsets.len()];
    let (wanted, mut known) = (summer.iter().filter(|it| **it).count(), 0);
    for index in 1..kinds.len() {
        if known == wanted {
            return found;
        }
        let kind = kinds[index];
        if !summer[kind] || found[kind] != 0 {
            continue;
        }
        let mut difference = 0;
        let before = kinds[index - 1];
        if !summer[before] {
            difference = offsets[kind] - offsets[before];
        }
        if difference == 0
            && kind + 1 < offsets.len()
            && let Some(after) = kinds.get(index + 1)
        {
            if summer[*after] {
                continue;
            }
            difference = offsets[kind] - offsets[*after];
        }
        if difference != 0 {
            known += 1;
            found[kind] = difference;
        }
    }
    for (kind, offset) in found.iter_mut().enumerate() {
        if *offset == 0 && summer[kind] {
            *offset = 3600;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_and_gaps_are_found() {
        // Standard time until 1000, summer (an hour more) until 20000, then standard time again.
        let table = Table::new(vec![1000, 20_000], vec![1, 0], vec![0, 3600], &[false, true]);
        assert_eq!(table.at_local(900, false), Holds::Kind(0));
        assert_eq!(table.at_local(4600, false), Holds::Kind(1));
        assert_eq!(table.at_local(23_000, false), Holds::Kind(1));
        assert_eq!(table.at_local(23_000, true), Holds::Rules);
        assert_eq!(table.at_moment(20_000), (Holds::Kind(0), true));
        assert_eq!(table.at_moment(20_100), (Holds::Rules, false));
        assert!(table.repeats_last(20_100, 0));
        assert!(!table.repeats_last(25_000, 0));
        assert_eq!(summer_offsets(&[1, 0], &[0, 3600], &[false, true]), [0, 3600]);
    }
}
