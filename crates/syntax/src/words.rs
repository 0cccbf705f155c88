//! Eight bytes of a text at once, in a word, of which the first is the lowest byte; or sixteen.
//!
//! Called by the tokenizer and by `source`, whose loops over bytes would otherwise take a branch for each. Behind the end of a
//! text there are zeros.

const ONES: u64 = u64::from_le_bytes([1; 8]);
const HIGH: u64 = u64::from_le_bytes([0x80; 8]);

/// Whether a byte is a letter, a digit or an underscore of ASCII.
#[inline(always)]
fn is_in_identifier(byte: u8) -> bool {
    let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    is_letter | (byte.wrapping_sub(b'0') < 10) | (byte == b'_')
}

/// How many of sixteen bytes, from their start, are letters, digits or underscores of ASCII.
///
/// Apart from its callers, or else the compiler takes the bytes one by one.
#[inline(never)]
pub(crate) fn identifier_length(bytes: &[u8; 16]) -> usize {
    let others = bytes.map(|byte| if is_in_identifier(byte) { 0 } else { 0xFF });
    u128::from_le_bytes(others).trailing_zeros() as usize / 8
}

/// How many letters, digits and underscores of ASCII there are from `at` on.
#[inline(never)]
pub(crate) fn name_length(text: &[u8], at: usize) -> usize {
    let mut length = 0;
    while let Some(bytes) = sixteen_at(text, at + length) {
        let more = identifier_length(bytes);
        length += more;
        if more < bytes.len() {
            return length;
        }
    }
    let rest = text.get(at + length..).unwrap_or_default();
    length + rest.iter().take_while(|byte| is_in_identifier(**byte)).count()
}

/// The sixteen bytes from `at`; None if there are fewer.
#[inline(always)]
pub(crate) fn sixteen_at(text: &[u8], at: usize) -> Option<&[u8; 16]> {
    text.get(at..).and_then(|rest| rest.first_chunk())
}

/// Marks the bytes of a word that are `byte`; above the lowest mark there may be wrong ones.
#[inline(always)]
pub(crate) fn marks(word: u64, byte: u8) -> u64 {
    let differences = word ^ (ONES * u64::from(byte));
    differences.wrapping_sub(ONES) & !differences & HIGH
}

/// Marks the bytes of a word that are `byte`, and no others.
#[inline(always)]
fn exact_marks(word: u64, byte: u8) -> u64 {
    // The highest bit of a byte of `differences | sums` is clear if there is no difference: adding 0x7F to its lower bits
    // carries into it otherwise.
    let differences = word ^ (ONES * u64::from(byte));
    let sums = (differences & !HIGH) + !HIGH;
    !(differences | sums | !HIGH)
}

/// How many of the bytes are `byte`.
pub(crate) fn count(text: &[u8], byte: u8) -> usize {
    let (words, rest) = text.as_chunks::<8>();
    let in_words: u32 = words.iter().map(|word| exact_marks(u64::from_le_bytes(*word), byte).count_ones()).sum();
    in_words as usize + rest.iter().filter(|other| **other == byte).count()
}

/// The eight bytes from `at`; zeros behind the end.
#[inline(always)]
pub(crate) fn word_at(text: &[u8], at: usize) -> u64 {
    match text.get(at..at + 8).and_then(|rest| rest.first_chunk::<8>()) {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => last_word(text, at),
    }
}

#[cold]
fn last_word(text: &[u8], at: usize) -> u64 {
    text.get(at..).unwrap_or_default().iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// The sixteen bytes from `at`, as two words; zeros behind the end.
#[inline(always)]
pub(crate) fn words_at(text: &[u8], at: usize) -> [u64; 2] {
    match sixteen_at(text, at) {
        Some(bytes) => {
            let both = u128::from_le_bytes(*bytes);
            [both as u64, (both >> 64) as u64]
        }
        None => [last_word(text, at), last_word(text, at + 8)],
    }
}

/// The first place from `at` on where `find` marks a byte of a word; None if there is none before the end.
#[inline(always)]
pub(crate) fn next_mark(text: &[u8], mut at: usize, find: impl Fn(u64) -> u64) -> Option<usize> {
    loop {
        let found = find(word_at(text, at));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        if at >= text.len() {
            return None;
        }
        at += 8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_where_their_bytes_do() {
        for byte in 0..=255u8 {
            let is_in_name = byte.is_ascii_alphanumeric() || byte == b'_';
            for length in 0..70 {
                // A byte behind so many others, with more text behind it or with none.
                let mut text = vec![b'a'; length];
                text.push(byte);
                assert_eq!(
                    name_length(&text, 0),
                    length + usize::from(is_in_name),
                    "{byte} at the end, behind {length}"
                );
                text.extend_from_slice(&[b' '; 20]);
                assert_eq!(name_length(&text, 0), length + usize::from(is_in_name), "{byte} behind {length}");
            }
        }
    }

    #[test]
    fn bytes_are_found_and_counted_next_to_their_neighbours() {
        let text: Vec<u8> = (0..=255).chain((0..=255).rev()).chain([9, 10, 10, 11]).collect();
        for byte in 1..=255 {
            let places: Vec<usize> = (0..text.len()).filter(|at| text[*at] == byte).collect();
            assert_eq!(count(&text, byte), places.len());
            for at in 0..text.len() {
                let next = places.iter().copied().find(|place| *place >= at);
                assert_eq!(next_mark(&text, at, |word| marks(word, byte)), next, "{byte} from {at} on");
            }
        }
    }
}
