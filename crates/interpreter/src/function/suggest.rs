//! «Did you mean …?»: the name that is most like one that was given.
//!
//! The distance is Levenshtein's, computed row by row (Wagner and Fischer), with a smaller cost for a change of case; the costs and limits are
//! those of CPython's `Python/suggestions.c`, so that the same names are suggested.

/// What it costs to insert, delete or replace a character.
const MOVE_COST: usize = 2;
/// What it costs to change a character's case.
const CASE_COST: usize = 1;
/// More candidates are not looked at.
const MOST_CANDIDATES: usize = 750;
/// Longer names are like nothing.
const LONGEST: usize = 40;

/// The candidate that is most like `name`, if one is like enough.
pub fn most_similar<'a>(candidates: &'a [String], name: &str) -> Option<&'a str> {
    if candidates.len() >= MOST_CANDIDATES {
        return None;
    }
    let mut best = None;
    let mut best_distance = usize::MAX;
    for candidate in candidates.iter().filter(|it| *it != name) {
        // A third of the characters may be wrong.
        let limit = (name.len() + candidate.len() + 3) * MOVE_COST / 6;
        let limit = limit.min(best_distance.saturating_sub(1));
        let distance = distance(name.as_bytes(), candidate.as_bytes(), limit);
        if distance <= limit {
            (best, best_distance) = (Some(candidate.as_str()), distance);
        }
    }
    best
}

fn replacement_cost(left: u8, right: u8) -> usize {
    if left == right {
        0
    } else if left.eq_ignore_ascii_case(&right) {
        CASE_COST
    } else {
        MOVE_COST
    }
}

/// What it costs to make one text of the other; something above the limit if it is more than that.
fn distance(left: &[u8], right: &[u8], limit: usize) -> usize {
    let prefix = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (left, right) = (&left[prefix..], &right[prefix..]);
    let suffix = left.iter().rev().zip(right.iter().rev()).take_while(|(a, b)| a == b).count();
    let (left, right) = (&left[..left.len() - suffix], &right[..right.len() - suffix]);
    if left.is_empty() || right.is_empty() {
        return (left.len() + right.len()) * MOVE_COST;
    }
    if left.len() > LONGEST || right.len() > LONGEST {
        return limit + 1;
    }
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if (long.len() - short.len()) * MOVE_COST > limit {
        return limit + 1;
    }
    // `row[i]`: the cost of making the first `i + 1` characters of `short` from what was seen of `long`.
    let mut row: Vec<usize> = (1..=short.len()).map(|length| length * MOVE_COST).collect();
    for (index, character) in long.iter().enumerate() {
        let mut diagonal = index * MOVE_COST;
        let mut before = diagonal + MOVE_COST;
        let mut least = usize::MAX;
        for (cell, other) in row.iter_mut().zip(short) {
            let replaced = diagonal + replacement_cost(*character, *other);
            diagonal = *cell;
            before = replaced.min(before.min(diagonal) + MOVE_COST);
            *cell = before;
            least = least.min(before);
        }
        if least > limit {
            return limit + 1;
        }
    }
    row[short.len() - 1]
}

#[cfg(test)]
mod tests {
    use super::most_similar;

    #[test]
    fn suggests_what_the_reference_suggests() {
        let candidates = ["alpha", "beta", "gamma_value", "x"].map(str::to_owned);
        for (name, expected) in [
            ("alph", Some("alpha")),
            ("betta", Some("beta")),
            ("beTA", Some("beta")),
            // Each change of case costs half a replacement: four of them are too many.
            ("BETA", None),
            // Six characters of eleven are missing: too many.
            ("gamma", None),
            ("zzz", None),
            ("beta", None),
        ] {
            assert_eq!(most_similar(&candidates, name), expected, "{name}");
        }
    }
}
