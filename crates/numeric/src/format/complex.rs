//! `complex.__format__`.

use super::NumericLocale;
use super::error::FormatError;
use super::float::float_options;
use super::number::{NumberStyle, NumberText, Separators, write_number};
use super::spec::{Alignment, FormatSpec, Presentation, SignStyle};
use super::text::TextLayout;
use crate::code_points::CodePoints;
use crate::float::float_text;

/// Formats a complex number: its parts without padding, then the padding around both.
pub fn format_complex(
    real: f64,
    imaginary: f64,
    spec: &FormatSpec,
    locale: &NumericLocale<'_>,
) -> Result<CodePoints, FormatError> {
    let options = float_options(spec)?;
    if spec.fill == u32::from('0') {
        return Err(FormatError::value("Zero padding is not allowed in complex format specifier"));
    }
    if spec.alignment == Alignment::AfterSign {
        return Err(FormatError::value("'=' alignment flag is not allowed in complex format specifier"));
    }
    // Without a type the text is like str(): parentheses, or the imaginary part alone.
    let bare = spec.presentation == Presentation::Default;
    let imaginary_only = bare && real == 0.0 && real.is_sign_positive();
    let parentheses = bare && !imaginary_only;

    let separators = Separators::of(spec, locale);
    let part = |output: &mut CodePoints, value: f64, sign: SignStyle| {
        let text = float_text(value, options);
        let style = NumberStyle { fill: 0, alignment: Alignment::Left, sign, width: 0 };
        write_number(output, &NumberText::of_float(&text), &style, &separators)
    };
    let mut body = CodePoints::default();
    if parentheses {
        body.push_str("(");
    }
    if imaginary_only {
        part(&mut body, imaginary, spec.sign)?;
    } else {
        part(&mut body, real, spec.sign)?;
        part(&mut body, imaginary, SignStyle::Plus)?;
    }
    body.push_str(if parentheses { "j)" } else { "j" });

    let layout = TextLayout::new(body.len(), spec.width, spec.alignment, spec.fill);
    if layout.left == 0 && layout.right == 0 {
        return Ok(body);
    }
    let mut output = CodePoints::default();
    output.push_repeated(layout.fill, layout.left)?;
    output.reserve(body.len().saturating_add(layout.right))?;
    body.to_vec().into_iter().for_each(|code_point| output.push(code_point));
    output.push_repeated(layout.fill, layout.right)?;
    Ok(output)
}
