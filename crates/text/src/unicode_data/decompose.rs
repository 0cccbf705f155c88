//! Decomposition and composition of single characters: tables, and arithmetic for Hangul.
//!
//! The arithmetic is that of the Unicode Standard, section 3.12.

use super::generated_decomposition::{
    COMPOSITION_FIRST, COMPOSITION_RESULT, COMPOSITION_SECOND, DECOMPOSED, DECOMPOSED_AT, DECOMPOSITIONS, PREFIXES,
};

pub(super) const SYLLABLES: u32 = 0xAC00;
pub(super) const SYLLABLE_COUNT: u32 = 11172;
const LEADS: u32 = 0x1100;
const LEAD_COUNT: u32 = 19;
const VOWELS: u32 = 0x1161;
pub(super) const VOWEL_COUNT: u32 = 21;
// One before the first trailing consonant: it stands for none.
const TRAILS: u32 = 0x11A7;
pub(super) const TRAIL_COUNT: u32 = 28;

/// What a character decomposes to, one step.
pub(super) struct Decomposition {
    /// `<compat>` and the like; empty for a canonical decomposition.
    pub tag: &'static str,
    /// The code points.
    pub points: Points,
}

/// Iterator over the code points of a decomposition.
pub(super) enum Points {
    Table(std::char::DecodeUtf16<std::iter::Copied<std::slice::Iter<'static, u16>>>),
    Hangul(std::iter::Take<std::array::IntoIter<u32, 3>>),
}

impl Iterator for Points {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        match self {
            // The generator writes well-formed UTF-16 only.
            Self::Table(units) => units.next().and_then(Result::ok).map(u32::from),
            Self::Hangul(points) => points.next(),
        }
    }
}

/// The decomposition of a character, if it has one.
pub(super) fn decomposition(point: u32) -> Option<Decomposition> {
    if let Some(index) = point.checked_sub(SYLLABLES).filter(|index| *index < SYLLABLE_COUNT) {
        let trail = index % TRAIL_COUNT;
        let vowel = index / TRAIL_COUNT % VOWEL_COUNT;
        let lead = index / (TRAIL_COUNT * VOWEL_COUNT);
        let points = [LEADS + lead, VOWELS + vowel, TRAILS + trail];
        let count = if trail == 0 { 2 } else { 3 };
        return Some(Decomposition { tag: "", points: Points::Hangul(points.into_iter().take(count)) });
    }
    let start = usize::from(DECOMPOSED_AT[DECOMPOSED.binary_search(&point).ok()?]);
    let head = usize::from(DECOMPOSITIONS[start]);
    let units = &DECOMPOSITIONS[start + 1..start + 1 + (head & 0x1F)];
    Some(Decomposition { tag: PREFIXES[head >> 5], points: Points::Table(char::decode_utf16(units.iter().copied())) })
}

/// The character that two others compose to.
pub(super) fn compose(first: u32, second: u32) -> Option<u32> {
    if let (Some(lead), Some(vowel)) = (offset(first, LEADS, LEAD_COUNT), offset(second, VOWELS, VOWEL_COUNT)) {
        return Some(SYLLABLES + (lead * VOWEL_COUNT + vowel) * TRAIL_COUNT);
    }
    if let (Some(syllable), Some(trail)) =
        (offset(first, SYLLABLES, SYLLABLE_COUNT), offset(second, TRAILS + 1, TRAIL_COUNT - 1))
        && syllable % TRAIL_COUNT == 0
    {
        return Some(first + trail + 1);
    }
    let start = COMPOSITION_FIRST.partition_point(|candidate| *candidate < first);
    let end = start + COMPOSITION_FIRST[start..].partition_point(|candidate| *candidate == first);
    let at = COMPOSITION_SECOND[start..end].binary_search(&second).ok()?;
    Some(COMPOSITION_RESULT[start + at])
}

fn offset(point: u32, start: u32, count: u32) -> Option<u32> {
    point.checked_sub(start).filter(|offset| *offset < count)
}
