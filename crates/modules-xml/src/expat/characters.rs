//! Which characters XML has, and which of them names are made of.

/// By byte: whether a name may begin with it or go on with it, where it is ASCII.
const NAME_START: u8 = 1;
const NAME_PART: u8 = 2;
/// A byte that no document has.
const ILLEGAL: u8 = 4;

static KINDS: [u8; 128] = {
    let mut kinds = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        let it = byte as u8;
        if it.is_ascii_alphabetic() || it == b'_' || it == b':' {
            kinds[byte] = NAME_START | NAME_PART;
        } else if it.is_ascii_digit() || it == b'-' || it == b'.' {
            kinds[byte] = NAME_PART;
        } else if it < 0x20 && it != b'\t' && it != b'\n' && it != b'\r' {
            kinds[byte] = ILLEGAL;
        }
        byte += 1;
    }
    kinds
};

/// `NameStartChar`, beyond ASCII.
fn begins_wide_name(character: char) -> bool {
    matches!(character,
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}' | '\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// `NameChar`, beyond ASCII.
fn goes_on_wide_name(character: char) -> bool {
    begins_wide_name(character) || matches!(character, '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}' | '\u{2040}')
}

/// Where the name ends that begins at a place; None if none does.
pub fn name_end(text: &str, at: usize) -> Option<usize> {
    end_of_name(text, at, true)
}

/// Where the name token (`Nmtoken`), which begins like the rest of a name, ends that begins at a place; None if none does.
pub fn name_token_end(text: &str, at: usize) -> Option<usize> {
    end_of_name(text, at, false)
}

fn end_of_name(text: &str, at: usize, has_start: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut end = at;
    while let Some(byte) = bytes.get(end) {
        let is_first = has_start && end == at;
        if *byte < 128 {
            if KINDS[usize::from(*byte)] & if is_first { NAME_START } else { NAME_PART } == 0 {
                break;
            }
            end += 1;
            continue;
        }
        let Some(character) = text[end..].chars().next() else { break };
        if !(if is_first { begins_wide_name(character) } else { goes_on_wide_name(character) }) {
            break;
        }
        end += character.len_utf8();
    }
    (end > at).then_some(end)
}

/// Whether a document may have a character.
pub fn is_legal(character: char) -> bool {
    match u32::from(character) {
        point @ 0..=0x7F => KINDS[point as usize] & ILLEGAL == 0,
        point => point != 0xFFFE && point != 0xFFFF,
    }
}

/// The place of the first character in a part of a text that no document may have.
pub fn find_illegal(text: &str, start: usize, end: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[start..end];
    let is_bad = |(index, byte): (usize, &u8)| match byte {
        0..=0x7F => KINDS[usize::from(*byte)] & ILLEGAL != 0,
        0xEF => matches!(bytes.get(index + 1..index + 3), Some([0xBF, 0xBE | 0xBF])),
        _ => false,
    };
    bytes.iter().enumerate().position(is_bad).map(|index| start + index)
}
