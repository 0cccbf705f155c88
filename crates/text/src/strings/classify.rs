//! The predicates of `str`: `isalpha` and its kin.

use crate::unicode_data::characters;
use crate::view::StrView;

fn all(text: StrView<'_>, holds: impl Fn(u32) -> bool) -> bool {
    !text.is_empty() && text.iter().all(holds)
}

/// `str.isalpha`.
pub fn is_alpha(text: StrView<'_>) -> bool {
    all(text, characters::is_alpha)
}

/// `str.isalnum`.
pub fn is_alnum(text: StrView<'_>) -> bool {
    all(text, characters::is_alnum)
}

/// `str.isdecimal`.
pub fn is_decimal(text: StrView<'_>) -> bool {
    all(text, characters::is_decimal)
}

/// `str.isdigit`.
pub fn is_digit(text: StrView<'_>) -> bool {
    all(text, characters::is_digit)
}

/// `str.isnumeric`.
pub fn is_numeric(text: StrView<'_>) -> bool {
    all(text, characters::is_numeric)
}

/// `str.isspace`.
pub fn is_space(text: StrView<'_>) -> bool {
    all(text, characters::is_space)
}

/// `str.isprintable`; the empty string is.
pub fn is_printable(text: StrView<'_>) -> bool {
    text.iter().all(characters::is_printable)
}

/// `str.isidentifier`.
pub fn is_identifier(text: StrView<'_>) -> bool {
    let mut points = text.iter();
    points.next().is_some_and(characters::is_identifier_start) && points.all(characters::is_identifier_continue)
}

/// `str.islower`: some cased character, and none of upper or title case.
pub fn is_lower(text: StrView<'_>) -> bool {
    let mut cased = false;
    for point in text.iter() {
        if characters::is_upper(point) || characters::is_title(point) {
            return false;
        }
        cased = cased || characters::is_lower(point);
    }
    cased
}

/// `str.isupper`: some cased character, and none of lower or title case.
pub fn is_upper(text: StrView<'_>) -> bool {
    let mut cased = false;
    for point in text.iter() {
        if characters::is_lower(point) || characters::is_title(point) {
            return false;
        }
        cased = cased || characters::is_upper(point);
    }
    cased
}

/// `str.istitle`: upper and title case only after uncased characters, lower case only after cased ones.
pub fn is_title(text: StrView<'_>) -> bool {
    let (mut cased, mut in_word) = (false, false);
    for point in text.iter() {
        if characters::is_upper(point) || characters::is_title(point) {
            if in_word {
                return false;
            }
            in_word = true;
            cased = true;
        } else if characters::is_lower(point) {
            if !in_word {
                return false;
            }
            cased = true;
        } else {
            in_word = false;
        }
    }
    cased
}
