//! Names of characters, their aliases, named sequences, and the way back from a name.
//!
//! A name is stored as numbers of pieces, such as ` LETTER`, out of a lexicon; the most used pieces take one
//! byte. The names of CJK, Hangul and other large ranges follow rules.

use super::decompose::{SYLLABLE_COUNT, SYLLABLES, TRAIL_COUNT, VOWEL_COUNT};
use super::generated_names::{
    ALIASES, LEADS, NAME_COUNT, NAMED, ORDER, PHRASE_OFFSETS, PHRASES, PIECE_OFFSETS, PIECES, RANGE_FIRST, RANGE_LAST,
    RANGE_NAME, RULES, SEQUENCE_LENGTH, SEQUENCES, SINGLE_BYTE_PIECES, TRAILS, VOWELS,
};
use std::cmp::Ordering;

const HANGUL_PREFIX: &str = "HANGUL SYLLABLE ";

/// The name of a character; aliases are not names.
pub fn name(point: u32) -> Option<String> {
    if let Some(index) = point.checked_sub(SYLLABLES).filter(|index| *index < SYLLABLE_COUNT) {
        let index = index as usize;
        let trails = TRAIL_COUNT as usize;
        let vowels = VOWEL_COUNT as usize;
        let (lead, vowel, trail) = (index / (trails * vowels), index / trails % vowels, index % trails);
        return Some(format!("{HANGUL_PREFIX}{}{}{}", LEADS[lead], VOWELS[vowel], TRAILS[trail]));
    }
    if let Some((_, _, prefix, shown)) = RULES.iter().find(|(first, last, ..)| (*first..=*last).contains(&point)) {
        return shown.then(|| format!("{prefix}{point:04X}"));
    }
    let range = RANGE_FIRST.partition_point(|first| *first <= point).checked_sub(1)?;
    let number = usize::from(RANGE_NAME[range]) + (point - RANGE_FIRST[range]) as usize;
    (point <= RANGE_LAST[range]).then(|| spelled(number))
}

/// The character of this name or alias, in any case. Named sequences are left out: `\N{...}` knows none.
pub fn lookup(name: &str) -> Option<u32> {
    let name = name.to_ascii_uppercase();
    if let Some(syllable) = name.strip_prefix(HANGUL_PREFIX) {
        return lookup_syllable(syllable);
    }
    if let Some(point) = RULES.iter().find_map(|rule| lookup_by_rule(&name, rule)) {
        return Some(point);
    }
    match number_of(&name)? {
        number @ 0..NAMED => Some(point_of(number)),
        number => ALIASES.get(number - NAMED).copied(),
    }
}

/// The code points of a named sequence, in any case.
pub fn lookup_sequence(name: &str) -> Option<Vec<u32>> {
    let index = number_of(&name.to_ascii_uppercase())?.checked_sub(NAMED + ALIASES.len())?;
    let points = SEQUENCES.get(index * SEQUENCE_LENGTH..(index + 1) * SEQUENCE_LENGTH)?;
    Some(points.iter().copied().take_while(|point| *point != 0).collect())
}

fn lookup_by_rule(name: &str, rule: &(u32, u32, &str, bool)) -> Option<u32> {
    let (first, last, prefix, _) = rule;
    let digits = name.strip_prefix(prefix).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let point = u32::from_str_radix(digits, 16).ok()?;
    // The name of a code point has no more zeros in front than four digits need.
    ((*first..=*last).contains(&point) && digits.len() == if point > 0xFFFF { 5 } else { 4 }).then_some(point)
}

fn lookup_syllable(syllable: &str) -> Option<u32> {
    let (lead, rest) = longest_prefix(syllable, &LEADS)?;
    let (vowel, rest) = longest_prefix(rest, &VOWELS)?;
    let trail = TRAILS.iter().position(|trail| *trail == rest)?;
    let (lead, vowel, trail) = (lead as u32, vowel as u32, trail as u32);
    Some(SYLLABLES + (lead * VOWEL_COUNT + vowel) * TRAIL_COUNT + trail)
}

fn longest_prefix<'a>(text: &'a str, candidates: &[&str]) -> Option<(usize, &'a str)> {
    let matching = candidates.iter().enumerate().filter(|(_, candidate)| text.starts_with(**candidate));
    let (index, prefix) = matching.max_by_key(|(_, candidate)| candidate.len())?;
    Some((index, &text[prefix.len()..]))
}

// Bisects the alphabetical order of all names.
fn number_of(name: &str) -> Option<usize> {
    let (mut low, mut high) = (0, NAME_COUNT);
    while low < high {
        let middle = low.midpoint(high);
        let number = usize::from(u16::from_le_bytes([ORDER[2 * middle], ORDER[2 * middle + 1]]));
        match pieces(number).flatten().copied().cmp(name.bytes()) {
            Ordering::Equal => return Some(number),
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
        }
    }
    None
}

fn point_of(number: usize) -> u32 {
    let range = RANGE_NAME.partition_point(|first| usize::from(*first) <= number).saturating_sub(1);
    RANGE_FIRST[range] + (number - usize::from(RANGE_NAME[range])) as u32
}

fn three_bytes(table: &[u8], index: usize) -> usize {
    let at = 3 * index;
    usize::from(table[at]) | usize::from(table[at + 1]) << 8 | usize::from(table[at + 2]) << 16
}

fn spelled(number: usize) -> String {
    pieces(number).flatten().map(|byte| char::from(*byte)).collect()
}

// The texts that a name is made of.
fn pieces(number: usize) -> impl Iterator<Item = &'static [u8]> {
    let mut at = three_bytes(PHRASE_OFFSETS, number / 8);
    for _ in 0..number % 8 {
        at += 1 + usize::from(PHRASES[at]);
    }
    let mut phrase = PHRASES[at + 1..at + 1 + usize::from(PHRASES[at])].iter().map(|byte| usize::from(*byte));
    std::iter::from_fn(move || {
        let first = phrase.next()?;
        let piece = match first.checked_sub(SINGLE_BYTE_PIECES) {
            Some(high) => SINGLE_BYTE_PIECES + (high << 8 | phrase.next()?),
            None => first,
        };
        Some(&PIECES[three_bytes(PIECE_OFFSETS, piece)..three_bytes(PIECE_OFFSETS, piece + 1)])
    })
}
