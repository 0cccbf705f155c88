//! `Decimal.__format__`: the format mini-language as the module reads it. It differs from that of floats: padding with
//! zeros excludes an alignment, and the digits are those that the number has.

use super::coefficient::{Coefficient, NoMemory};
use super::context::{MAX_PRECISION, Rounding};
use super::number::Decimal;
use super::text::ZeroExponent;
use crate::code_points::CodePoints;
use crate::format::{
    Alignment, FormatError, FormatSpec, Grouping, NumberStyle, NumberText, NumericLocale, Presentation, Separators,
    SignStyle, write_number,
};

/// Digits that a text may be asked to have.
const MOST_DIGITS: i64 = 1 << 40;

/// A specification that was read.
pub struct Specification {
    spec: FormatSpec,
    /// A `0` before the width, without an alignment.
    zero_padded: bool,
    /// The type `N`, an old name of `n` with a capital exponent.
    capital_locale: bool,
}

/// What is left to read, and how digits are known.
struct Reader<'a> {
    rest: &'a [u32],
    decimal_value: fn(u32) -> Option<u32>,
}

impl Reader<'_> {
    fn take(&mut self, wanted: char) -> bool {
        let found = self.rest.first() == Some(&u32::from(wanted));
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    /// The value of the character that comes, if it is among these.
    fn take_among<T: Copy>(&mut self, choices: &[(char, T)]) -> Option<T> {
        choices.iter().find(|(character, _)| self.take(*character)).map(|(_, value)| *value)
    }

    /// A number; the error if it is larger than any precision.
    fn number(&mut self) -> Result<Option<usize>, FormatError> {
        let mut number = None;
        while let Some((first, rest)) = self.rest.split_first()
            && let Some(value) = (self.decimal_value)(*first)
        {
            let next = number.unwrap_or(0isize).checked_mul(10).and_then(|it| it.checked_add(value as isize));
            let next = next.filter(|it| *it <= MAX_PRECISION as isize);
            let too_large = || FormatError::value("format specification exceeds internal limits of _decimal");
            number = Some(next.ok_or_else(too_large)?);
            self.rest = rest;
        }
        Ok(number.map(isize::unsigned_abs))
    }
}

const ALIGNMENTS: [(char, Alignment); 4] =
    [('<', Alignment::Left), ('>', Alignment::Right), ('^', Alignment::Center), ('=', Alignment::AfterSign)];

const SEPARATORS: [(char, Grouping); 2] = [(',', Grouping::Comma), ('_', Grouping::Underscore)];

const SIGNS: [(char, SignStyle); 3] =
    [('+', SignStyle::Plus), (' ', SignStyle::Space), ('-', SignStyle::Minus { explicit: true })];

const TYPES: [(char, Presentation); 8] = [
    ('e', Presentation::Exponent { upper: false }),
    ('E', Presentation::Exponent { upper: true }),
    ('f', Presentation::Fixed { upper: false }),
    ('F', Presentation::Fixed { upper: true }),
    ('g', Presentation::General { upper: false }),
    ('G', Presentation::General { upper: true }),
    ('n', Presentation::Locale),
    ('%', Presentation::Percent),
];

fn invalid() -> FormatError {
    FormatError::value("invalid format string")
}

impl Specification {
    /// Reads a specification; `decimal_value` gives the value of a decimal digit of any script.
    pub fn parse(text: &[u32], decimal_value: fn(u32) -> Option<u32>) -> Result<Self, FormatError> {
        let mut reader = Reader { rest: text, decimal_value };
        let align_of =
            |point: &u32| ALIGNMENTS.iter().find(|(it, _)| u32::from(*it) == *point).map(|(_, alignment)| *alignment);
        let (mut fill, mut alignment) = (None, None);
        if let [first, second, rest @ ..] = text
            && let Some(found) = align_of(second)
        {
            (fill, alignment, reader.rest) = (Some(*first), Some(found), rest);
        } else if let Some(found) = text.first().and_then(align_of) {
            (alignment, reader.rest) = (Some(found), &text[1..]);
        }
        let sign = reader.take_among(&SIGNS).unwrap_or(SignStyle::Minus { explicit: false });
        let no_negative_zero = reader.take('z');
        let alternate = reader.take('#');
        let zero_padded = reader.take('0');
        if zero_padded && alignment.is_some() {
            return Err(invalid());
        }
        let width = reader.number()?;
        let thousands = reader.take_among(&SEPARATORS);
        let (mut precision, mut places_grouping) = (None, None);
        if reader.take('.') {
            precision = reader.number()?;
            places_grouping = reader.take_among(&SEPARATORS);
            if precision.is_none() && places_grouping.is_none() {
                return Err(invalid());
            }
        }
        let is_plain = !no_negative_zero && !alternate && thousands.is_none() && places_grouping.is_none();
        let capital_locale = is_plain && reader.rest.len() == 1 && reader.take('N');
        let presentation = if capital_locale { Some(Presentation::Locale) } else { reader.take_among(&TYPES) };
        let presentation = presentation.unwrap_or(Presentation::Default);
        if !reader.rest.is_empty() || presentation == Presentation::Locale && thousands.is_some() {
            return Err(invalid());
        }
        let (usual_fill, usual_alignment) =
            if zero_padded { ('0', Alignment::AfterSign) } else { (' ', Alignment::Right) };
        let spec = FormatSpec {
            fill: fill.unwrap_or(u32::from(usual_fill)),
            alignment: alignment.unwrap_or(usual_alignment),
            sign,
            no_negative_zero,
            alternate,
            width,
            thousands,
            precision,
            places_grouping,
            presentation,
        };
        Ok(Self { spec, zero_padded, capital_locale })
    }

    /// Whether separators and the point are the locale's.
    pub fn uses_locale(&self) -> bool {
        self.spec.presentation == Presentation::Locale
    }

    /// Whether the type is the old name `N`.
    pub fn is_old_name(&self) -> bool {
        self.capital_locale
    }

    /// The separator of thousands that it gives, and the sizes of groups.
    pub fn thousands(&self) -> (&'static str, &'static [u8]) {
        match self.spec.thousands {
            None => ("", &[]),
            Some(Grouping::Comma) => (",", &[3]),
            Some(Grouping::Underscore) => ("_", &[3]),
        }
    }
}

/// Formats a number; `capitals` says how an exponent is written where the specification leaves that open, and a locale, if there
/// is one, the separators.
pub fn format(
    number: &Decimal,
    specification: &Specification,
    rounding: Rounding,
    capitals: bool,
    locale: Option<&NumericLocale<'_>>,
) -> Result<CodePoints, FormatError> {
    let Specification { mut spec, zero_padded, capital_locale } = *specification;
    let text = if number.is_finite() {
        finite_text(
            number,
            &spec,
            rounding,
            if spec.presentation == Presentation::Locale { capital_locale } else { capitals },
        )?
    } else {
        if zero_padded {
            (spec.fill, spec.alignment) = (u32::from(' '), Alignment::Right);
        }
        let mut text = super::text::to_scientific(number, true);
        if spec.presentation == Presentation::Percent {
            text.push('%');
        }
        text
    };
    let mut output = CodePoints::default();
    let style = NumberStyle::of(&spec);
    if locale.is_some() {
        spec.presentation = Presentation::Locale;
    }
    let separators = Separators::of(&spec, locale.unwrap_or(&NumericLocale::C));
    write_number(&mut output, &NumberText::of_float(&text), &style, &separators)?;
    Ok(output)
}

/// The digits with point and exponent, before padding and separators.
fn finite_text(number: &Decimal, spec: &FormatSpec, rounding: Rounding, capitals: bool) -> Result<String, FormatError> {
    let mut number = rounded(number, spec, rounding).map_err(|NoMemory| FormatError::Memory)?;
    if spec.no_negative_zero && number.is_zero() {
        number.negative = false;
    }
    let left = number.exponent + number.digits();
    let (point, capitals) = match spec.presentation {
        Presentation::Exponent { upper } => match spec.precision {
            Some(precision) if number.is_zero() => (1 - precision as i64, upper),
            _ => (1, upper),
        },
        Presentation::Fixed { .. } | Presentation::Percent => (left, false),
        Presentation::General { upper } => (general_point(&number, left), upper),

        _ => (general_point(&number, left), capitals),
    };
    if point.abs() > MOST_DIGITS {
        return Err(FormatError::Memory);
    }
    let zero = match spec.presentation {
        Presentation::Exponent { .. } => ZeroExponent::Written,
        _ => ZeroExponent::Omitted,
    };
    let text = super::text::with_point(&number, point, capitals, zero);
    let mut text = text.map_err(|NoMemory| FormatError::Memory)?;
    if spec.alternate && !text.contains('.') {
        let end = text.find(['e', 'E']).unwrap_or(text.len());
        text.insert(end, '.');
    }
    if spec.presentation == Presentation::Percent {
        text.push('%');
    }
    Ok(text)
}

/// After how many digits the point stands, where small exponents are not written.
fn general_point(number: &Decimal, left: i64) -> i64 {
    if number.exponent <= 0 && left > -6 { left } else { 1 }
}

/// The number with the digits that the specification asks for.
fn rounded(number: &Decimal, spec: &FormatSpec, rounding: Rounding) -> Result<Decimal, NoMemory> {
    let mut number = number.clone();
    if spec.presentation == Presentation::Percent {
        number.exponent += 2;
    }
    let precision = spec.precision.map(|it| it.min(MOST_DIGITS as usize) as i64);
    match spec.presentation {
        Presentation::Fixed { .. } | Presentation::Percent => {
            let wanted = precision.map_or(number.exponent.min(0), |it| -it);
            with_exponent(&number, wanted, rounding)
        }
        Presentation::Exponent { .. } => match precision {
            Some(_) if number.is_zero() => Ok(number),
            Some(precision) => padded(number.rounded_to(precision + 1, rounding)?, precision + 1),
            None => Ok(number),
        },
        _ => match precision {
            Some(precision) => number.rounded_to(precision.max(1), rounding),
            None => Ok(number),
        },
    }
}

/// The number with zeros behind it, so that it has so many digits.
fn padded(mut number: Decimal, digits: i64) -> Result<Decimal, NoMemory> {
    let missing = digits - number.digits();
    if missing > 0 {
        number.coefficient = number.coefficient.shifted_left(missing as usize)?;
        number.exponent -= missing;
    }
    Ok(number)
}

/// The number with this exponent, however many digits it then has.
fn with_exponent(number: &Decimal, exponent: i64, rounding: Rounding) -> Result<Decimal, NoMemory> {
    let shift = number.exponent - exponent;
    let coefficient = if number.coefficient.is_zero() {
        Coefficient::ZERO
    } else if shift >= 0 {
        if shift > MOST_DIGITS {
            return Err(NoMemory);
        }
        number.coefficient.shifted_left(shift as usize)?
    } else {
        number.coefficient.rounded_right(-shift, rounding, number.negative)?.0
    };
    Ok(Decimal::finite(number.negative, coefficient, exponent))
}
