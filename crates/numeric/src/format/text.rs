//! `str.__format__`: where the text goes; the caller, who has it, copies.

use super::error::FormatError;
use super::spec::{Alignment, FormatSpec, SignStyle};

/// How to write a text: padding, so many of its code points, padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextLayout {
    /// How many fill characters come first.
    pub left: usize,
    /// How many code points of the text follow.
    pub taken: usize,
    /// How many fill characters come last.
    pub right: usize,
    /// The code point to pad with.
    pub fill: u32,
}

impl TextLayout {
    pub(crate) fn new(taken: usize, width: Option<usize>, alignment: Alignment, fill: u32) -> Self {
        let padding = width.unwrap_or(0).saturating_sub(taken);
        let left = match alignment {
            Alignment::Right => padding,
            Alignment::Center => padding / 2,
            Alignment::Left | Alignment::AfterSign => 0,
        };
        Self { left, taken, right: padding - left, fill }
    }
}

/// The layout of a text of this many code points.
pub fn layout_text(spec: &FormatSpec, length: usize) -> Result<TextLayout, FormatError> {
    let refused = match spec.sign {
        SignStyle::Space => Some("Space not allowed in string format specifier"),
        SignStyle::Plus | SignStyle::Minus { explicit: true } => Some("Sign not allowed in string format specifier"),
        SignStyle::Minus { explicit: false } if spec.no_negative_zero => {
            Some("Negative zero coercion (z) not allowed in string format specifier")
        }
        _ if spec.alternate => Some("Alternate form (#) not allowed in string format specifier"),
        _ if spec.alignment == Alignment::AfterSign => Some("'=' alignment not allowed in string format specifier"),
        _ => None,
    };
    if let Some(message) = refused {
        return Err(FormatError::value(message));
    }
    let taken = spec.precision.map_or(length, |precision| precision.min(length));
    Ok(TextLayout::new(taken, spec.width, spec.alignment, spec.fill))
}
