//! Substring search over storage units: bytes through the `memchr` crate, wider units by hand.
//!
//! Called by the string and bytes methods through [`Unit`]. Wider units are searched by comparing the first
//! and last unit of the needle at a block of positions at once, which compiles to vector instructions; when
//! candidates keep failing, the search goes on with Crochemore and Perrin's two-way algorithm, so no input
//! takes quadratic time from the left. (CPython's `rfind` is quadratic at worst too.)

use crate::view::{StrView, Unit};
use memchr::memmem;
use std::borrow::Cow;

impl Unit for u8 {
    #[inline]
    fn point(self) -> u32 {
        u32::from(self)
    }

    fn from_point(point: u32) -> Option<Self> {
        point.try_into().ok()
    }

    fn units_of(view: StrView<'_>) -> Option<&[Self]> {
        match view {
            StrView::Ascii(units) | StrView::Latin1(units) => Some(units),
            _ => None,
        }
    }

    fn find(hay: &[Self], needle: &[Self]) -> Option<usize> {
        match needle {
            [byte] => memchr::memchr(*byte, hay),
            _ => memmem::find(hay, needle),
        }
    }

    fn rfind(hay: &[Self], needle: &[Self]) -> Option<usize> {
        match needle {
            [byte] => memchr::memrchr(*byte, hay),
            _ => memmem::rfind(hay, needle),
        }
    }

    fn matches<'a>(hay: &'a [Self], needle: &'a [Self]) -> impl Iterator<Item = usize> + 'a {
        match needle {
            [byte] => ByteMatches::One(memchr::memchr_iter(*byte, hay)),
            _ => ByteMatches::Many(Box::new(memmem::find_iter(hay, needle))),
        }
    }
}

enum ByteMatches<'a> {
    One(memchr::Memchr<'a>),
    Many(Box<memmem::FindIter<'a, 'a>>),
}

impl Iterator for ByteMatches<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match self {
            Self::One(matches) => matches.next(),
            Self::Many(matches) => matches.next(),
        }
    }

    fn count(self) -> usize {
        match self {
            Self::One(matches) => matches.count(),
            Self::Many(matches) => matches.count(),
        }
    }
}

macro_rules! wide_unit {
    ($unit:ty, $form:ident) => {
        impl Unit for $unit {
            #[inline]
            fn point(self) -> u32 {
                self as u32
            }

            fn from_point(point: u32) -> Option<Self> {
                point.try_into().ok()
            }

            fn units_of(view: StrView<'_>) -> Option<&[Self]> {
                match view {
                    StrView::$form(units) => Some(units),
                    _ => None,
                }
            }

            fn find(hay: &[Self], needle: &[Self]) -> Option<usize> {
                find_wide(hay, needle)
            }

            fn rfind(hay: &[Self], needle: &[Self]) -> Option<usize> {
                rfind_wide(hay, needle)
            }

            fn matches<'a>(hay: &'a [Self], needle: &'a [Self]) -> impl Iterator<Item = usize> + 'a {
                WideMatches { hay, needle, position: 0 }
            }
        }
    };
}
wide_unit!(u16, Ucs2);
wide_unit!(u32, Ucs4);

struct WideMatches<'a, U> {
    hay: &'a [U],
    needle: &'a [U],
    position: usize,
}

impl<U: Unit> Iterator for WideMatches<'_, U> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let at = self.position + find_wide(self.hay.get(self.position..)?, self.needle)?;
        self.position = at + self.needle.len();
        Some(at)
    }
}

/// `needle` in units of another width; None if one of its code points does not fit, so that it can't be found.
pub fn convert<'a, U: Unit>(needle: StrView<'a>) -> Option<Cow<'a, [U]>> {
    match U::units_of(needle) {
        Some(units) => Some(Cow::Borrowed(units)),
        None => needle.iter().map(U::from_point).collect::<Option<Vec<U>>>().map(Cow::Owned),
    }
}

// Positions compared at once: two vector registers of the widest unit on the baseline x86-64.
const BLOCK: usize = 16;

fn find_wide<U: Unit>(hay: &[U], needle: &[U]) -> Option<usize> {
    let (first, last) = (*needle.first()?, *needle.last()?);
    if needle.len() == 1 {
        return find_unit(hay, first);
    }
    let span = needle.len() - 1;
    let positions = hay.len().checked_sub(span)?;
    let mut at = 0;
    let mut wasted = 0;
    while at < positions {
        let width = BLOCK.min(positions - at);
        let (heads, tails) = (&hay[at..at + width], &hay[at + span..at + span + width]);
        if candidate(heads, tails, first, last) {
            for offset in 0..width {
                if heads[offset] != first || tails[offset] != last {
                    continue;
                }
                if hay[at + offset..=at + offset + span] == *needle {
                    return Some(at + offset);
                }
                wasted += needle.len();
            }
            if wasted > 1000 + 8 * at {
                return two_way(&hay[at + width..], needle).map(|found| at + width + found);
            }
        }
        at += width;
    }
    None
}

fn find_unit<U: Unit>(hay: &[U], wanted: U) -> Option<usize> {
    const SINGLE_BLOCK: usize = 64;
    let (blocks, rest) = hay.as_chunks::<SINGLE_BLOCK>();
    let skipped =
        blocks.iter().take_while(|block| !block.iter().fold(false, |any, unit| any | (*unit == wanted))).count();
    let rest = blocks.get(skipped).map_or(rest, |block| block.as_slice());
    rest.iter().position(|unit| *unit == wanted).map(|at| skipped * SINGLE_BLOCK + at)
}

fn candidate<U: Unit>(heads: &[U], tails: &[U], first: U, last: U) -> bool {
    heads.iter().zip(tails).fold(false, |any, (head, tail)| any | (*head == first) & (*tail == last))
}

fn rfind_wide<U: Unit>(hay: &[U], needle: &[U]) -> Option<usize> {
    let (first, last) = (*needle.first()?, *needle.last()?);
    let span = needle.len() - 1;
    let mut end = hay.len().checked_sub(span)?;
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        if candidate(&hay[start..end], &hay[start + span..end + span], first, last) {
            let found = (start..end).rev().find(|at| hay[*at] == first && hay[*at..=*at + span] == *needle);
            if found.is_some() {
                return found;
            }
        }
        end = start;
    }
    None
}

/// Linear-time search (M. Crochemore, D. Perrin: Two-way string-matching, J. ACM 38, 1991).
fn two_way<U: Unit>(hay: &[U], needle: &[U]) -> Option<usize> {
    let (cut, period) = factorize(needle);
    let periodic = needle[..cut] == needle[period..period + cut];
    // Without a true period, any mismatch on the left allows a shift past the longer half.
    let shift = if periodic { period } else { cut.max(needle.len() - cut) + 1 };
    let mut at = 0;
    let mut known = 0;
    while at + needle.len() <= hay.len() {
        let window = &hay[at..at + needle.len()];
        if let Some(wrong) = (cut.max(known)..needle.len()).find(|index| needle[*index] != window[*index]) {
            at += wrong - cut + 1;
            known = 0;
        } else if (known..cut).rev().any(|index| needle[index] != window[index]) {
            at += shift;
            known = if periodic { needle.len() - period } else { 0 };
        } else {
            return Some(at);
        }
    }
    None
}

// The critical factorization: where the greater of the two maximal suffixes starts, and its period.
fn factorize<U: Unit>(needle: &[U]) -> (usize, usize) {
    let (ascending, descending) = (maximal_suffix(needle, false), maximal_suffix(needle, true));
    if ascending.0 > descending.0 { ascending } else { descending }
}

fn maximal_suffix<U: Unit>(needle: &[U], inverted: bool) -> (usize, usize) {
    let (mut suffix, mut candidate, mut matched, mut period) = (0, 1, 0, 1);
    while candidate + matched < needle.len() {
        let (challenger, champion) = (needle[candidate + matched], needle[suffix + matched]);
        if challenger == champion {
            matched += 1;
            if matched == period {
                candidate += period;
                matched = 0;
            }
        } else if (challenger < champion) != inverted {
            candidate += matched + 1;
            matched = 0;
            period = candidate - suffix;
        } else {
            suffix = candidate;
            candidate += 1;
            matched = 0;
            period = 1;
        }
    }
    (suffix, period)
}

#[cfg(test)]
mod tests {
    use super::{find_wide, rfind_wide, two_way};

    fn naive(hay: &[u16], needle: &[u16]) -> Option<usize> {
        hay.windows(needle.len()).position(|window| window == needle)
    }

    // All needles up to six units over two letters in all texts of a pseudo-random sample: periods of every kind.
    #[test]
    fn every_algorithm_agrees_with_the_naive_one() {
        let mut state = 1u32;
        for _ in 0..2000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let hay: Vec<u16> = (0..30).map(|bit| (state >> (bit % 29) & 1) as u16).collect();
            for length in 1..=6usize {
                for bits in 0..1u32 << length {
                    let needle: Vec<u16> = (0..length).map(|bit| (bits >> bit & 1) as u16).collect();
                    let expected = naive(&hay, &needle);
                    assert_eq!(two_way(&hay, &needle), expected, "{needle:?} in {hay:?}");
                    assert_eq!(find_wide(&hay, &needle), expected, "{needle:?} in {hay:?}");
                    let last = hay.windows(length).rposition(|window| window == needle);
                    assert_eq!(rfind_wide(&hay, &needle), last, "{needle:?} in {hay:?}");
                }
            }
        }
    }

    // Quadratic search would need minutes for this.
    #[test]
    fn repetitive_texts_take_linear_time() {
        let hay = vec![7u16; 2_000_000];
        let mut needle = vec![7u16; 500_000];
        needle[250_000] = 8;
        assert_eq!(find_wide(&hay, &needle), None);
    }
}
