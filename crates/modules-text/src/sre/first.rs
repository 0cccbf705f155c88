//! With which characters a match can begin: what a search looks for before it tries.
//!
//! The compiler of patterns leaves such a set only where the whole pattern is one (`INFO`). Here it is found for any code, by following all
//! ways from the start to the first character that each must take; a pattern asks once ([`FirstCharacters::of`]). The answer may be too
//! large, never too small.

use super::characters::matches_one;
use super::opcodes::*;

/// Nested groups that are followed; what lies deeper may begin with anything.
const DEEPEST: usize = 32;

/// What is known of the ways through a piece of code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ways {
    /// Each takes a character, and all that may be the first are in the set.
    Taken,
    /// Some take none, so what follows may come first, too.
    Open,
    /// They may begin with anything.
    Unknown,
}

/// A set of code points below 256; those above are always in it.
#[derive(Clone, Copy)]
pub struct FirstCharacters([u64; 4]);

impl FirstCharacters {
    /// The set for a pattern's code; None where a match may be empty or begin with anything.
    pub fn of(code: &[u32]) -> Option<Self> {
        let mut first = Self([0; 4]);
        (first.collect(code, 0, DEEPEST) == Ways::Taken).then_some(first)
    }

    #[inline(always)]
    pub fn contains(&self, point: u32) -> bool {
        point >= 256 || self.0[point as usize / 64] >> (point % 64) & 1 == 1
    }

    /// The one code point below 256 in the set, if there is only one.
    pub fn only(&self) -> Option<u32> {
        let mut points = (0..256).filter(|point| self.contains(*point));
        points.next().filter(|_| points.next().is_none())
    }

    fn add(&mut self, point: u32) {
        if point < 256 {
            self.0[point as usize / 64] |= 1 << (point % 64);
        }
    }

    /// Adds what the one-character instruction at `at` matches.
    fn add_matched(&mut self, code: &[u32], at: usize) {
        if code.get(at) == Some(&LITERAL) {
            return self.add(code.get(at + 1).copied().unwrap_or_default());
        }
        (0..256).filter(|point| matches_one(code, at, *point)).for_each(|point| self.add(point));
    }

    /// Adds with what the piece of code from `at` on can begin: up to its end, that of the body of a repeat, or that of an alternative.
    fn collect(&mut self, code: &[u32], mut at: usize, depth: usize) -> Ways {
        if depth == 0 {
            return Ways::Unknown;
        }
        let word = |at: usize| code.get(at).copied().unwrap_or(FAILURE);
        let after = |at: usize| at + 1 + word(at + 1) as usize;
        loop {
            let (ways, next) = match word(at) {
                FAILURE => return Ways::Taken,
                SUCCESS | MAX_UNTIL | MIN_UNTIL | JUMP => return Ways::Open,
                MARK | AT => (Ways::Open, at + 2),
                INFO | ASSERT | ASSERT_NOT => (Ways::Open, after(at)),
                ANY
                | ANY_ALL
                | CATEGORY
                | LITERAL
                | NOT_LITERAL
                | LITERAL_IGNORE
                | NOT_LITERAL_IGNORE
                | LITERAL_UNI_IGNORE
                | NOT_LITERAL_UNI_IGNORE
                | LITERAL_LOC_IGNORE
                | NOT_LITERAL_LOC_IGNORE
                | IN
                | IN_IGNORE
                | IN_UNI_IGNORE
                | IN_LOC_IGNORE => {
                    self.add_matched(code, at);
                    return Ways::Taken;
                }
                REPEAT_ONE | MIN_REPEAT_ONE | POSSESSIVE_REPEAT_ONE => {
                    self.add_matched(code, at + 4);
                    (if word(at + 2) > 0 { Ways::Taken } else { Ways::Open }, after(at))
                }
                REPEAT => {
                    let body = self.collect(code, at + 4, depth - 1);
                    let ways = if body == Ways::Taken && word(at + 2) == 0 { Ways::Open } else { body };
                    (ways, after(at) + 1)
                }
                BRANCH => self.collect_alternatives(code, at + 1, depth - 1),
                ATOMIC_GROUP => (self.collect(code, at + 2, depth - 1), after(at)),
                _ => return Ways::Unknown,
            };
            if ways != Ways::Open {
                return ways;
            }
            at = next;
        }
    }

    /// As [`FirstCharacters::collect`], for the alternatives from the one whose length stands at `at`; and where the code goes on behind them.
    fn collect_alternatives(&mut self, code: &[u32], mut at: usize, depth: usize) -> (Ways, usize) {
        let length = |at: usize| code.get(at).copied().unwrap_or(0) as usize;
        let mut all = Ways::Taken;
        while length(at) > 0 {
            match self.collect(code, at + 1, depth) {
                Ways::Taken => {}
                Ways::Open => all = Ways::Open,
                Ways::Unknown => return (Ways::Unknown, at),
            }
            at += length(at);
        }
        (all, at + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(code: &[u32]) -> Option<Vec<u32>> {
        FirstCharacters::of(code).map(|set| (0..256).filter(|it| set.contains(*it)).collect())
    }

    #[test]
    fn literals_and_optional_ones_are_followed_to_the_first_that_must_be_there() {
        // ab, then a?b
        assert_eq!(points(&[LITERAL, 97, LITERAL, 98, SUCCESS]), Some(vec![97]));
        let optional = [REPEAT_ONE, 6, 0, 1, LITERAL, 97, SUCCESS, LITERAL, 98, SUCCESS];
        assert_eq!(points(&optional), Some(vec![97, 98]));
    }

    #[test]
    fn alternatives_and_repeats_that_may_be_empty_let_through_what_follows() {
        // (?:a|)(?:b)*c
        let branch = [BRANCH, 5, LITERAL, 97, JUMP, 5, 3, JUMP, 2, 0];
        let repeat = [REPEAT, 5, 0, MAXREPEAT, LITERAL, 98, MAX_UNTIL];
        let code: Vec<u32> = branch.into_iter().chain(repeat).chain([LITERAL, 99, SUCCESS]).collect();
        assert_eq!(points(&code), Some(vec![97, 98, 99]));
    }

    #[test]
    fn what_may_be_empty_has_no_set() {
        // a*
        assert_eq!(points(&[REPEAT_ONE, 6, 0, MAXREPEAT, LITERAL, 97, SUCCESS, SUCCESS]), None);
    }
}
