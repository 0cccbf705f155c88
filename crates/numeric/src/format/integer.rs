//! `int.__format__`.

use super::error::FormatError;
use super::number::{NumberStyle, NumberText, Separators, write_number};
use super::spec::{Alignment, FormatSpec, Presentation, SignStyle};
use super::text::TextLayout;
use super::{NumericLocale, format_float};
use crate::code_points::CodePoints;
use crate::convert::float::to_f64;
use crate::radix;
use crate::signed::Signed;

/// Formats an integer. `digit_limit` is `sys.get_int_max_str_digits()`, 0 for none.
pub fn format_integer(
    integer: Signed<'_>,
    spec: &FormatSpec,
    locale: &NumericLocale<'_>,
    digit_limit: usize,
) -> Result<CodePoints, FormatError> {
    let (base, prefix) = match spec.presentation {
        Presentation::Exponent { .. }
        | Presentation::Fixed { .. }
        | Presentation::General { .. }
        | Presentation::Percent => return format_float(to_f64(integer)?, spec, locale),
        Presentation::Binary => (2, "0b"),
        Presentation::Octal => (8, "0o"),
        Presentation::Hexadecimal { upper: false } => (16, "0x"),
        Presentation::Hexadecimal { upper: true } => (16, "0X"),
        _ => (10, ""),
    };
    if spec.precision.is_some() {
        return Err(FormatError::value("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        return Err(FormatError::value("Negative zero coercion (z) not allowed in integer format specifier"));
    }
    if spec.presentation == Presentation::Character {
        return format_character(integer, spec);
    }
    let mut text = match base {
        10 => radix::to_decimal_limited(integer.digits(), digit_limit)?,
        _ => radix::to_text(integer.digits(), base),
    };
    if spec.presentation == (Presentation::Hexadecimal { upper: true }) {
        text.make_ascii_uppercase();
    }
    let number = NumberText {
        negative: integer.is_negative(),
        prefix: if spec.alternate { prefix } else { "" },
        whole: &text,
        has_point: false,
        places: "",
        rest: "",
    };
    let mut output = CodePoints::default();
    write_number(&mut output, &number, &NumberStyle::of(spec), &Separators::of(spec, locale))?;
    Ok(output)
}

fn format_character(integer: Signed<'_>, spec: &FormatSpec) -> Result<CodePoints, FormatError> {
    if spec.sign != (SignStyle::Minus { explicit: false }) {
        return Err(FormatError::value("Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        return Err(FormatError::value("Alternate form (#) not allowed with integer format specifier 'c'"));
    }
    let value = integer.to_i64().ok_or(FormatError::Overflow("Python int too large to convert to C long"))?;
    let code_point = u32::try_from(value).ok().filter(|code_point| *code_point <= u32::from(char::MAX));
    let code_point = code_point.ok_or(FormatError::Overflow("%c arg not in range(0x110000)"))?;
    // There is no sign: «after the sign» is to the left.
    let alignment = if spec.alignment == Alignment::AfterSign { Alignment::Right } else { spec.alignment };
    let layout = TextLayout::new(1, spec.width, alignment, spec.fill);
    let mut output = CodePoints::default();
    output.push_repeated(layout.fill, layout.left)?;
    output.push(code_point);
    output.push_repeated(layout.fill, layout.right)?;
    Ok(output)
}
