//! Classes and case of single characters, as the instructions of a compiled pattern ask for them.
//!
//! What depends on the locale is answered as in the C locale and those of UTF-8, where no byte above 127 is a letter.

use text::unicode_data::characters;

use super::opcodes::*;

const LINE_FEED: u32 = 0x0A;

pub fn is_line_feed(point: u32) -> bool {
    point == LINE_FEED
}

fn ascii(point: u32) -> Option<u8> {
    u8::try_from(point).ok().filter(u8::is_ascii)
}

pub fn lower_ascii(point: u32) -> u32 {
    ascii(point).map_or(point, |it| u32::from(it.to_ascii_lowercase()))
}

fn upper_ascii(point: u32) -> u32 {
    ascii(point).map_or(point, |it| u32::from(it.to_ascii_uppercase()))
}

pub fn lower_unicode(point: u32) -> u32 {
    if point < 0x80 { lower_ascii(point) } else { characters::lower(point).first() }
}

pub fn upper_unicode(point: u32) -> u32 {
    if point < 0x80 { upper_ascii(point) } else { characters::upper(point).first() }
}

pub fn is_word_ascii(point: u32) -> bool {
    ascii(point).is_some_and(|it| it.is_ascii_alphanumeric() || it == b'_')
}

pub fn is_word_unicode(point: u32) -> bool {
    if point < 0x80 { is_word_ascii(point) } else { characters::is_alnum(point) }
}

/// True if the character is in a category, by its number in `re._constants`.
pub fn in_category(category: u32, point: u32) -> bool {
    let positive = match category & !1 {
        0 => ascii(point).is_some_and(|it| it.is_ascii_digit()),
        2 => matches!(point, 0x09..=0x0D | 0x20),
        4 | 8 => is_word_ascii(point),
        6 => is_line_feed(point),
        10 => characters::is_decimal(point),
        12 => characters::is_space(point),
        14 => is_word_unicode(point),
        16 => characters::is_line_break(point),
        _ => return false,
    };
    positive == (category & 1 == 0)
}

/// True if the character is in the set that starts at `at`.
pub fn in_charset(code: &[u32], mut at: usize, point: u32) -> bool {
    let mut positive = true;
    let word = |at: usize| code.get(at).copied().unwrap_or(FAILURE);
    loop {
        let operation = word(at);
        at += 1;
        let found = match operation {
            LITERAL => {
                at += 1;
                word(at - 1) == point
            }
            CATEGORY => {
                at += 1;
                in_category(word(at - 1), point)
            }
            CHARSET => {
                at += 8;
                point < 256 && word(at - 8 + point as usize / 32) >> (point % 32) & 1 == 1
            }
            RANGE => {
                at += 2;
                (word(at - 2)..=word(at - 1)).contains(&point)
            }
            RANGE_UNI_IGNORE => {
                at += 2;
                let range = word(at - 2)..=word(at - 1);
                range.contains(&point) || range.contains(&upper_unicode(point))
            }
            NEGATE => {
                positive = !positive;
                false
            }
            BIGCHARSET => {
                let blocks = word(at) as usize;
                let table = at + 1;
                at = table.saturating_add(64).saturating_add(blocks.saturating_mul(8));
                in_big_charset(code, table, point)
            }
            _ => return !positive,
        };
        if found {
            return positive;
        }
    }
}

/// A table of 256 block numbers, a byte each, then the blocks of 256 bits.
fn in_big_charset(code: &[u32], table: usize, point: u32) -> bool {
    if point >= 0x10000 {
        return false;
    }
    let word = |at: usize| code.get(at).copied().unwrap_or(0);
    let block_index = (point >> 8) as usize;
    let block = (word(table + block_index / 4) >> (block_index % 4 * 8) & 0xFF) as usize;
    let bit = point & 0xFF;
    word(table + 64 + block * 8 + bit as usize / 32) >> (bit % 32) & 1 == 1
}

/// True if an instruction that matches one character matches this one.
pub fn matches_one(code: &[u32], at: usize, point: u32) -> bool {
    let operand = code.get(at + 1).copied().unwrap_or(FAILURE);
    match code.get(at).copied().unwrap_or(FAILURE) {
        ANY => !is_line_feed(point),
        ANY_ALL => true,
        CATEGORY => in_category(operand, point),
        LITERAL => operand == point,
        NOT_LITERAL => operand != point,
        LITERAL_IGNORE => operand == lower_ascii(point),
        NOT_LITERAL_IGNORE => operand != lower_ascii(point),
        LITERAL_UNI_IGNORE => operand == lower_unicode(point),
        NOT_LITERAL_UNI_IGNORE => operand != lower_unicode(point),
        LITERAL_LOC_IGNORE => equals_in_locale(operand, point),
        NOT_LITERAL_LOC_IGNORE => !equals_in_locale(operand, point),
        IN => in_charset(code, at + 2, point),
        IN_IGNORE => in_charset(code, at + 2, lower_ascii(point)),
        IN_UNI_IGNORE => in_charset(code, at + 2, lower_unicode(point)),
        IN_LOC_IGNORE => {
            let cases = [lower_ascii(point), upper_ascii(point)].map(|it| in_charset(code, at + 2, it));
            // What a set has in either case, its complement has in neither.
            if code.get(at + 2) == Some(&NEGATE) { cases[0] && cases[1] } else { cases[0] || cases[1] }
        }
        _ => false,
    }
}

fn equals_in_locale(pattern: u32, point: u32) -> bool {
    pattern == point || pattern == lower_ascii(point) || pattern == upper_ascii(point)
}

/// How the characters of a group and of a reference to it are compared.
pub fn fold_for_reference(operation: u32) -> fn(u32) -> u32 {
    match operation {
        GROUPREF_IGNORE | GROUPREF_LOC_IGNORE => lower_ascii,
        GROUPREF_UNI_IGNORE => lower_unicode,
        _ => |point| point,
    }
}
