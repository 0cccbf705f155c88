//! String literals: the values of STRING tokens and of the literal parts of f-strings.

/// What an escape sequence that means nothing is warned of with.
pub(crate) fn invalid_escape_message(escaped: u8) -> String {
    let escaped = char::from(escaped);
    format!(
        "\"\\{escaped}\" is an invalid escape sequence. Such sequences will not work in the future. \
         Did you mean \"\\\\{escaped}\"? A raw string is also an option."
    )
}
