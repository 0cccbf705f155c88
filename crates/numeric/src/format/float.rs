//! `float.__format__`.

use super::NumericLocale;
use super::error::FormatError;
use super::number::{NumberStyle, NumberText, Separators, write_number};
use super::spec::{FormatSpec, Presentation};
use crate::code_points::CodePoints;
use crate::float::{FloatStyle, FloatText, MAX_PRECISION, check_room, float_text};

const DEFAULT_PRECISION: usize = 6;

/// Formats a float.
pub fn format_float(value: f64, spec: &FormatSpec, locale: &NumericLocale<'_>) -> Result<CodePoints, FormatError> {
    let mut options = float_options(spec)?;
    options.add_dot_zero = spec.presentation == Presentation::Default;
    let percent = spec.presentation == Presentation::Percent;
    let mut text = float_text(if percent { value * 100.0 } else { value }, options);
    if percent {
        text.push('%');
    }
    let mut output = CodePoints::default();
    let number = NumberText::of_float(&text);
    write_number(&mut output, &number, &NumberStyle::of(spec), &Separators::of(spec, locale))?;
    Ok(output)
}

/// What the specification says of the digits.
pub(super) fn float_options(spec: &FormatSpec) -> Result<FloatText, FormatError> {
    if spec.precision.is_some_and(|precision| precision > MAX_PRECISION) {
        return Err(FormatError::value("precision too big"));
    }
    let (style, upper) = match spec.presentation {
        Presentation::Exponent { upper } => (FloatStyle::Exponent, upper),
        Presentation::Fixed { upper } => (FloatStyle::Fixed, upper),
        Presentation::Percent => (FloatStyle::Fixed, false),
        Presentation::General { upper } => (FloatStyle::General, upper),
        Presentation::Locale => (FloatStyle::General, false),
        // With a precision the default is like g.
        _ if spec.precision.is_some() => (FloatStyle::General, false),
        _ => (FloatStyle::Repr, false),
    };
    let options = FloatText {
        upper,
        alternate: spec.alternate,
        no_negative_zero: spec.no_negative_zero,
        ..FloatText::new(style, spec.precision.unwrap_or(DEFAULT_PRECISION))
    };
    check_room(&options)?;
    Ok(options)
}
