//! Integers as text in any base: what `int()`, `str()`, `hex()` and integer literals need.
//!
//! Called by the object layer, the tokenizer and marshal. Short texts are converted here by chunks; long ones by
//! halves, in [`crate::digits`]'s large part. Text is ASCII: the caller turns Unicode digits and spaces into ASCII.

use crate::digits::{self, DIGIT_BITS, DIGIT_MASK, large};
use crate::integer::Integer;
use std::fmt;

/// From this many 30-bit digits on the quadratic conversion to text loses against the fast crate's: measured with
/// `examples/measure.rs`, 1.87 against 1.96 µs at 50 digits, 2.64 against 2.46 at 60.
const LARGE_TO_TEXT: usize = 55;

/// From this many characters on the quadratic conversion from text loses: 0.059 against 0.071 µs at 72 characters,
/// 0.103 against 0.096 at 108.
const LARGE_FROM_TEXT: usize = 100;

/// CPython never complains of numbers of up to this many decimal digits, whatever the limit.
const DIGIT_LIMIT_THRESHOLD: usize = 640;

const DIGIT_CHARACTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Why a text is no integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// Not a number in this base: `invalid literal for int() with base …`, which the caller words.
    Invalid,
    /// More digits than `sys.set_int_max_str_digits()` allows; `count` is how many the text has.
    TooManyDigits { count: usize, limit: usize },
}

impl fmt::Display for TextError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid => formatter.write_str("invalid literal"),
            Self::TooManyDigits { count, limit } => write!(
                formatter,
                "Exceeds the limit ({limit} digits) for integer string conversion: value has {count} digits; \
                 use sys.set_int_max_str_digits() to increase the limit"
            ),
        }
    }
}

impl std::error::Error for TextError {}

/// The text would have more decimal digits than `sys.set_int_max_str_digits()` allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextTooLong {
    /// The limit that was in force.
    pub limit: usize,
}

impl fmt::Display for TextTooLong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Exceeds the limit ({} digits) for integer string conversion; \
             use sys.set_int_max_str_digits() to increase the limit",
            self.limit
        )
    }
}

impl std::error::Error for TextTooLong {}

/// The text of a magnitude in a base from 2 to 36, in lower case, without prefix. Another base is a bug of the caller.
pub fn to_text(magnitude: &[u32], base: u32) -> String {
    assert!((2..=36).contains(&base), "bases are from 2 to 36");
    match magnitude {
        [] => "0".to_owned(),
        _ if base.is_power_of_two() => power_of_two_text(magnitude, base.trailing_zeros()),
        _ if magnitude.len() >= LARGE_TO_TEXT => large::to_text(magnitude, base),
        _ if base == 10 => decimal_text(magnitude),
        _ => chunked_text(magnitude, base),
    }
}

/// The decimal text of a magnitude, if it keeps the limit (0: none).
pub fn to_decimal_limited(magnitude: &[u32], limit: usize) -> Result<String, TextTooLong> {
    // Clearly too long: found without converting. 2**n has more than n * log10(2) digits.
    let lower_bound = (digits::bit_length(magnitude).saturating_sub(1) as f64 * std::f64::consts::LOG10_2) as usize;
    if limit != 0 && lower_bound > limit.max(DIGIT_LIMIT_THRESHOLD) {
        return Err(TextTooLong { limit });
    }
    let text = to_text(magnitude, 10);
    if limit != 0 && text.len() > limit.max(DIGIT_LIMIT_THRESHOLD) {
        return Err(TextTooLong { limit });
    }
    Ok(text)
}

/// What `int(text, base)` gives: spaces around, a sign, a prefix that fits the base, single underscores between
/// digits. The base is 0 (as in a literal) or from 2 to 36; the caller has checked it. `digit_limit` is
/// `sys.get_int_max_str_digits()`, 0 for none.
pub fn int_from_text(text: &[u8], base: u32, digit_limit: usize) -> Result<Integer, TextError> {
    if base == 1 || base > 36 {
        return Err(TextError::Invalid);
    }
    let text = trim_spaces(text);
    let (negative, unsigned) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    let (base, body, zero_only) = split_prefix(unsigned, base);
    let (digit_text, rest) = scan_digits(body, base);
    if digit_text.is_empty() {
        return Err(TextError::Invalid);
    }
    if !rest.is_empty() {
        return Err(TextError::Invalid);
    }
    let count = digit_text.len();
    if !base.is_power_of_two() && digit_limit != 0 && count > digit_limit.max(DIGIT_LIMIT_THRESHOLD) {
        return Err(TextError::TooManyDigits { count, limit: digit_limit });
    }
    let magnitude = from_digit_text(&digit_text, base).ok_or(TextError::Invalid)?;
    if zero_only && !magnitude.is_empty() {
        return Err(TextError::Invalid);
    }
    Ok(Integer::from_digits(negative, magnitude))
}

/// The number of digits in a text, as the limit counts them: without underscores, prefix or sign.
pub fn count_digits(text: &[u8], base: u32) -> usize {
    if base == 1 || base > 36 {
        return 0;
    }
    let text = trim_spaces(text);
    let unsigned = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let (base, body, _) = split_prefix(unsigned, base);
    scan_digits(body, base).0.len()
}

/// The value of nothing but digits of the base (2 to 36), in either case; None if it has others.
pub fn from_digit_text(text: &[u8], base: u32) -> Option<Vec<u32>> {
    if !(2..=36).contains(&base) {
        return None;
    }
    if base.is_power_of_two() {
        return power_of_two_value(text, base);
    }
    let start = text.iter().position(|character| *character != b'0').unwrap_or(text.len());
    let text = &text[start..];
    if text.len() >= LARGE_FROM_TEXT {
        return large::from_text(std::str::from_utf8(text).ok()?, base);
    }
    chunked_value(text, base)
}

fn trim_spaces(text: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let start = text.iter().position(|byte| !is_space(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// The base that counts, the text behind the prefix, and whether only zero may follow (base 0 and a leading zero).
fn split_prefix(text: &[u8], base: u32) -> (u32, &[u8], bool) {
    let prefix_base = match text {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    if prefix_base != 0 && (base == 0 || base == prefix_base) {
        let body = &text[2..];
        // One underscore may follow the prefix.
        return (prefix_base, body.strip_prefix(b"_").unwrap_or(body), false);
    }
    if base == 0 {
        return (10, text, text.first() == Some(&b'0'));
    }
    (base, text, false)
}

/// The digits at the start of the text without their underscores, and what follows them. Nothing counts as digits
/// where an underscore leads, doubles or trails.
fn scan_digits(text: &[u8], base: u32) -> (Vec<u8>, &[u8]) {
    let is_part = |byte: &&u8| **byte == b'_' || (**byte as char).is_digit(base);
    let length = text.iter().take_while(is_part).count();
    let (body, rest) = text.split_at(length);
    let misplaced = body.starts_with(b"_") || body.ends_with(b"_") || body.windows(2).any(|pair| pair == b"__");
    if misplaced {
        return (Vec::new(), rest);
    }
    (body.iter().copied().filter(|byte| *byte != b'_').collect(), rest)
}

/// How many digits of the base fit in one 30-bit digit, and the base to that power.
fn chunk_of(base: u32) -> (usize, u32) {
    let (mut length, mut power) = (1, base);
    while let Some(next) = power.checked_mul(base)
        && next <= DIGIT_MASK
    {
        power = next;
        length += 1;
    }
    (length, power)
}

fn chunked_text(magnitude: &[u32], base: u32) -> String {
    let (chunk_length, divisor) = chunk_of(base);
    let mut rest = magnitude.to_vec();
    let mut chunks = Vec::with_capacity(magnitude.len() * 2);
    while !rest.is_empty() {
        chunks.push(digits::divide_in_place(&mut rest, divisor));
        while rest.last() == Some(&0) {
            rest.pop();
        }
    }
    join_chunks(&chunks, chunk_length, |chunk| (chunk / base, chunk % base))
}

/// The same with constants, which spares the division instruction: nearly all texts are decimal.
fn decimal_text(magnitude: &[u32]) -> String {
    const CHUNK_LENGTH: usize = 9;
    const BILLION: u64 = 1_000_000_000;
    let mut chunks: Vec<u32> = Vec::with_capacity(magnitude.len() + magnitude.len() / 64 + 1);
    for digit in magnitude.iter().rev() {
        let mut carry = u64::from(*digit);
        for chunk in &mut chunks {
            let total = u64::from(*chunk) << DIGIT_BITS | carry;
            carry = total / BILLION;
            *chunk = (total - carry * BILLION) as u32;
        }
        while carry != 0 {
            chunks.push((carry % BILLION) as u32);
            carry /= BILLION;
        }
    }
    join_chunks(&chunks, CHUNK_LENGTH, |chunk| (chunk / 10, chunk % 10))
}

/// The text of chunks of so many characters each, least significant first; `split` takes the last character off.
#[inline(always)]
fn join_chunks(chunks: &[u32], chunk_length: usize, split: impl Fn(u32) -> (u32, u32)) -> String {
    let mut text = vec![b'0'; chunks.len() * chunk_length];
    for (place, chunk) in text.rchunks_exact_mut(chunk_length).zip(chunks) {
        let mut rest = *chunk;
        for character in place.iter_mut().rev() {
            let (higher, last) = split(rest);
            *character = DIGIT_CHARACTERS[last as usize];
            rest = higher;
        }
    }
    let zeros = text.iter().take_while(|byte| **byte == b'0').count();
    text.drain(..zeros);
    String::from_utf8(text).unwrap_or_default()
}

fn power_of_two_text(magnitude: &[u32], bits_per_character: u32) -> String {
    let length = digits::bit_length(magnitude).div_ceil(u64::from(bits_per_character)) as usize;
    let mut text = vec![b'0'; length];
    let (mut pending, mut bits) = (0u64, 0);
    let mut source = magnitude.iter();
    for character in text.iter_mut().rev() {
        if bits < bits_per_character {
            pending |= u64::from(source.next().copied().unwrap_or(0)) << bits;
            bits += DIGIT_BITS;
        }
        *character = DIGIT_CHARACTERS[(pending & ((1 << bits_per_character) - 1)) as usize];
        pending >>= bits_per_character;
        bits -= bits_per_character;
    }
    String::from_utf8(text).unwrap_or_default()
}

fn chunked_value(text: &[u8], base: u32) -> Option<Vec<u32>> {
    let (chunk_length, _) = chunk_of(base);
    let mut value: Vec<u32> = Vec::with_capacity(text.len() / 6 + 1);
    for chunk in text.chunks(chunk_length) {
        let mut carry = 0;
        for character in chunk {
            carry = carry * u64::from(base) + u64::from((*character as char).to_digit(base)?);
        }
        let factor = u64::from(base).pow(chunk.len() as u32);
        for digit in &mut value {
            let total = u64::from(*digit) * factor + carry;
            *digit = total as u32 & DIGIT_MASK;
            carry = total >> DIGIT_BITS;
        }
        if carry != 0 {
            value.push(carry as u32);
        }
    }
    Some(value)
}

fn power_of_two_value(text: &[u8], base: u32) -> Option<Vec<u32>> {
    let bits_per_character = base.trailing_zeros();
    let mut value = Vec::with_capacity(text.len() * bits_per_character as usize / DIGIT_BITS as usize + 1);
    let (mut pending, mut bits) = (0u64, 0);
    for character in text.iter().rev() {
        pending |= u64::from((*character as char).to_digit(base)?) << bits;
        bits += bits_per_character;
        if bits >= DIGIT_BITS {
            value.push(pending as u32 & DIGIT_MASK);
            pending >>= DIGIT_BITS;
            bits -= DIGIT_BITS;
        }
    }
    value.push(pending as u32);
    Some(digits::normalize(value))
}
