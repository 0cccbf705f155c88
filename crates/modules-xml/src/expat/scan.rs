//! Looking for what comes next in a text.

use super::characters::name_end;

/// A blank of XML, once line ends are what they should be.
pub fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n')
}

/// The place behind blanks.
pub fn skip_blanks(text: &str, at: usize) -> usize {
    let bytes = &text.as_bytes()[at..];
    at + bytes.iter().position(|byte| !is_blank(*byte)).unwrap_or(bytes.len())
}

/// Where a text is found in another from a place on.
pub fn find(text: &str, what: &str, start: usize) -> Option<usize> {
    text.get(start..)?.find(what).map(|at| start + at)
}

/// Where a public identifier has a character that none has.
pub fn find_illegal_in_public(text: &str) -> Option<usize> {
    let is_legal = |it: char| it.is_ascii_alphanumeric() || " \n\r-'()+,./:=?;!*#@$_%".contains(it);
    text.find(|it| !is_legal(it))
}

/// A public identifier as it is told: blanks at its ends go, and there is one between words.
pub fn normalized_public(text: &str) -> String {
    let words: Vec<&str> = text.split([' ', '\n', '\r']).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Takes a text apart from left to right. Every step says whether what was asked for was there, and if not, nothing was taken.
#[derive(Clone, Copy)]
pub struct Scanner<'a> {
    pub text: &'a str,
    pub at: usize,
}

impl<'a> Scanner<'a> {
    pub fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    pub fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub fn take(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        if found {
            self.at += what.len();
        }
        found
    }

    /// Blanks; whether there were any.
    pub fn blanks(&mut self) -> bool {
        let start = self.at;
        self.at = skip_blanks(self.text, self.at);
        self.at > start
    }

    pub fn name(&mut self) -> Option<&'a str> {
        let end = name_end(self.text, self.at)?;
        let name = &self.text[self.at..end];
        self.at = end;
        Some(name)
    }

    /// A text in quotes of either kind.
    pub fn literal(&mut self) -> Option<&'a str> {
        let quote = *self.text.as_bytes().get(self.at)?;
        if quote != b'"' && quote != b'\'' {
            return None;
        }
        let start = self.at + 1;
        let length = self.text.as_bytes()[start..].iter().position(|byte| *byte == quote)?;
        self.at = start + length + 1;
        Some(&self.text[start..start + length])
    }

    /// `SYSTEM "…"` or `PUBLIC "…" "…"`: the system identifier and the public one. The former may be missing behind the latter.
    pub fn external(&mut self) -> Option<(Option<&'a str>, Option<&'a str>)> {
        let mut scanner = *self;
        let found = if scanner.take("SYSTEM") {
            scanner.blanks().then(|| (scanner.literal(), None))
        } else if scanner.take("PUBLIC") && scanner.blanks() {
            let public = scanner.literal()?;
            scanner.blanks();
            Some((scanner.literal(), Some(public)))
        } else {
            None
        };
        if found.is_some() {
            *self = scanner;
        }
        found
    }
}
