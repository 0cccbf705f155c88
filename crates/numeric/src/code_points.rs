//! `CodePoints`: text as it grows, ASCII for as long as that is enough.
//!
//! What [`crate::format`] and [`crate::percent`] return. A fill character may be any code point, lone surrogates
//! included, which a `String` could not hold; but nearly all results are ASCII, and their reader wants to know.

use crate::digits::TooLarge;

/// Text under construction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodePoints {
    /// Nothing but ASCII.
    Ascii(String),
    /// One code point at least is not ASCII.
    Wide(Vec<u32>),
}

impl Default for CodePoints {
    fn default() -> Self {
        Self::Ascii(String::new())
    }
}

impl From<&str> for CodePoints {
    fn from(text: &str) -> Self {
        let mut code_points = Self::default();
        code_points.push_str(text);
        code_points
    }
}

impl CodePoints {
    /// The number of code points.
    pub fn len(&self) -> usize {
        match self {
            Self::Ascii(text) => text.len(),
            Self::Wide(text) => text.len(),
        }
    }

    /// Whether there is no code point.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code points, one after the other.
    pub fn to_vec(&self) -> Vec<u32> {
        match self {
            Self::Ascii(text) => text.bytes().map(u32::from).collect(),
            Self::Wide(text) => text.clone(),
        }
    }

    /// Appends a code point.
    pub fn push(&mut self, code_point: u32) {
        match (&mut *self, u8::try_from(code_point)) {
            (Self::Ascii(text), Ok(byte)) if byte.is_ascii() => text.push(byte as char),
            _ => self.widened().push(code_point),
        }
    }

    /// Appends characters.
    pub fn push_str(&mut self, addition: &str) {
        match self {
            Self::Ascii(text) if addition.is_ascii() => text.push_str(addition),
            _ => self.widened().extend(addition.chars().map(u32::from)),
        }
    }

    /// Room for so many more, or `TooLarge` where there is not that much memory.
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), TooLarge> {
        match self {
            Self::Ascii(text) => text.try_reserve_exact(additional),
            Self::Wide(text) => text.try_reserve_exact(additional),
        }
        .map_err(|_| TooLarge)
    }

    /// Room for so many more code points, or `TooLarge`.
    pub fn reserve(&mut self, count: usize) -> Result<(), TooLarge> {
        match self {
            Self::Ascii(text) => text.try_reserve_exact(count),
            Self::Wide(text) => text.try_reserve_exact(count),
        }
        .map_err(|_| TooLarge)
    }

    /// The same code point so many times, or `TooLarge` where there is not that much memory.
    pub fn push_repeated(&mut self, code_point: u32, count: usize) -> Result<(), TooLarge> {
        if count == 0 {
            return Ok(());
        }
        match (&mut *self, u8::try_from(code_point)) {
            (Self::Ascii(text), Ok(byte)) if byte.is_ascii() => {
                text.try_reserve_exact(count).map_err(|_| TooLarge)?;
                text.extend(std::iter::repeat_n(byte as char, count));
            }
            _ => {
                let text = self.widened();
                text.try_reserve_exact(count).map_err(|_| TooLarge)?;
                text.resize(text.len() + count, code_point);
            }
        }
        Ok(())
    }

    /// Text for a message: what is no character is shown as the replacement character.
    pub fn to_string_lossy(&self) -> String {
        match self {
            Self::Ascii(text) => text.clone(),
            Self::Wide(text) => {
                text.iter().map(|c| char::from_u32(*c).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
            }
        }
    }

    fn widened(&mut self) -> &mut Vec<u32> {
        if let Self::Ascii(_) = self {
            *self = Self::Wide(self.to_vec());
        }
        match self {
            Self::Wide(text) => text,
            Self::Ascii(_) => unreachable!("it was widened above"),
        }
    }
}
