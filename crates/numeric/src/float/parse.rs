//! Text to float: the numbers that `float()` and `complex()` read.

/// The float that an ASCII text is: a sign, digits with single underscores between them, a point, an exponent; or
/// `inf`, `infinity`, `nan` in any case. None if it is something else; spaces around are the caller's to strip.
pub fn parse_float(text: &[u8]) -> Option<f64> {
    let unsigned = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let negative = text.first() == Some(&b'-');
    let magnitude = if unsigned.first().is_some_and(u8::is_ascii_alphabetic) {
        named(unsigned)?
    } else if is_number(unsigned) {
        let plain: Vec<u8> = unsigned.iter().copied().filter(|byte| *byte != b'_').collect();
        std::str::from_utf8(&plain).ok()?.parse().ok()?
    } else {
        return None;
    };
    Some(if negative { -magnitude } else { magnitude })
}

fn named(text: &[u8]) -> Option<f64> {
    if text.eq_ignore_ascii_case(b"inf") || text.eq_ignore_ascii_case(b"infinity") {
        return Some(f64::INFINITY);
    }
    text.eq_ignore_ascii_case(b"nan").then_some(f64::NAN)
}

/// `digits [. digits] [e [sign] digits]`, with digits on one side of the point at least.
fn is_number(text: &[u8]) -> bool {
    let (Some(whole), rest) = split_digits(text) else { return false };
    let (places, rest) = match rest.split_first() {
        Some((b'.', behind)) => match split_digits(behind) {
            (Some(places), rest) => (places, rest),
            (None, _) => return false,
        },
        _ => (0, rest),
    };
    if whole + places == 0 {
        return false;
    }
    let Some((b'e' | b'E', behind)) = rest.split_first() else { return rest.is_empty() };
    let unsigned = behind.strip_prefix(b"-").or_else(|| behind.strip_prefix(b"+")).unwrap_or(behind);
    matches!(split_digits(unsigned), (Some(1..), []))
}

/// The length of the digits at the start, and the rest; no length if an underscore is not between two digits.
fn split_digits(text: &[u8]) -> (Option<usize>, &[u8]) {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'_').count();
    let (part, rest) = text.split_at(length);
    let misplaced = part.starts_with(b"_") || part.ends_with(b"_") || part.windows(2).any(|pair| pair == b"__");
    (if misplaced { None } else { Some(length) }, rest)
}
