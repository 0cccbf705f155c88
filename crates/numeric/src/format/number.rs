//! The layout that all numbers share: padding, sign, prefix, grouped digits, point, places, padding.

use super::NumericLocale;
use super::spec::{Alignment, FormatSpec, Grouping, Presentation, SignStyle};
use crate::code_points::CodePoints;
use crate::digits::TooLarge;

/// `CHAR_MAX`: no more groups.
const GROUPING_ENDS: u8 = 127;

/// How many places stand between two separators.
const PLACES_GROUP: usize = 3;

/// A number as text without its sign, cut in pieces.
pub(crate) struct NumberText<'a> {
    pub(super) negative: bool,
    pub(super) prefix: &'a str,
    /// The digits before the point; none for infinities and NaN.
    pub(super) whole: &'a str,
    pub(super) has_point: bool,
    /// The digits behind the point.
    pub(super) places: &'a str,
    /// What follows the digits: an exponent, a percent sign, `inf`.
    pub(super) rest: &'a str,
}

impl<'a> NumberText<'a> {
    /// Cuts the text of a float.
    pub(crate) fn of_float(text: &'a str) -> Self {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let digits_of = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let (whole, rest) = unsigned.split_at(digits_of(unsigned));
        let behind = rest.strip_prefix('.');
        let (places, rest) = behind.map_or(("", rest), |behind| behind.split_at(digits_of(behind)));
        let negative = unsigned.len() != text.len();
        Self { negative, prefix: "", whole, has_point: behind.is_some(), places, rest }
    }
}

/// Separators, from the specification or from the locale.
pub(crate) struct Separators<'a> {
    decimal_point: &'a str,
    thousands: &'a str,
    grouping: &'a [u8],
    places: Option<Grouping>,
}

impl<'a> Separators<'a> {
    pub(crate) fn of(spec: &FormatSpec, locale: &NumericLocale<'a>) -> Self {
        let places = spec.places_grouping;
        if spec.presentation == Presentation::Locale {
            let NumericLocale { decimal_point, thousands_separator, grouping } = *locale;
            // A zero ends the list, as in C.
            let grouping = grouping.split(|size| *size == 0).next().unwrap_or(&[]);
            return Self { decimal_point, thousands: thousands_separator, grouping, places };
        }
        let by_four =
            matches!(spec.presentation, Presentation::Binary | Presentation::Octal | Presentation::Hexadecimal { .. });
        let (thousands, grouping): (_, &[u8]) = match spec.thousands {
            None => ("", &[]),
            Some(Grouping::Comma) => (",", &[3]),
            Some(Grouping::Underscore) => ("_", if by_four { &[4] } else { &[3] }),
        };
        Self { decimal_point: ".", thousands, grouping, places }
    }
}

/// Padding, alignment and sign of a number.
pub(crate) struct NumberStyle {
    pub(super) fill: u32,
    pub(super) alignment: Alignment,
    pub(super) sign: SignStyle,
    pub(super) width: usize,
}

impl NumberStyle {
    pub(crate) fn of(spec: &FormatSpec) -> Self {
        Self { fill: spec.fill, alignment: spec.alignment, sign: spec.sign, width: spec.width.unwrap_or(0) }
    }
}

/// Writes the number.
pub(crate) fn write_number(
    output: &mut CodePoints,
    number: &NumberText<'_>,
    style: &NumberStyle,
    separators: &Separators<'_>,
) -> Result<(), TooLarge> {
    let sign = match style.sign {
        _ if number.negative => "-",
        SignStyle::Plus => "+",
        SignStyle::Space => " ",
        SignStyle::Minus { .. } => "",
    };
    let point = if number.has_point { separators.decimal_point } else { "" };
    let places_separators = separators.places.map_or(0, |_| number.places.len().saturating_sub(1) / PLACES_GROUP);
    let around = sign.len()
        + number.prefix.len()
        + point.chars().count()
        + number.places.len()
        + places_separators
        + number.rest.chars().count();

    // Zeros in front count as digits: they are grouped too.
    let zero_padded = style.fill == u32::from('0') && style.alignment == Alignment::AfterSign;
    let least_width = if zero_padded { style.width.saturating_sub(around) } else { 0 };
    let groups = Groups::new(number.whole.len(), least_width, separators);

    let padding = style.width.saturating_sub(around.saturating_add(groups.width));
    let (left, inner, right) = match style.alignment {
        Alignment::Left => (0, 0, padding),
        Alignment::Center => (padding / 2, 0, padding - padding / 2),
        Alignment::AfterSign => (0, padding, 0),
        Alignment::Right => (padding, 0, 0),
    };
    output.try_reserve(around.saturating_add(groups.width).saturating_add(padding))?;
    output.push_repeated(style.fill, left)?;
    output.push_str(sign);
    output.push_str(number.prefix);
    output.push_repeated(style.fill, inner)?;
    groups.write(output, number.whole, separators.thousands)?;
    output.push_str(point);
    write_places(output, number.places, separators.places);
    output.push_str(number.rest);
    output.push_repeated(style.fill, right)
}

fn write_places(output: &mut CodePoints, places: &str, separator: Option<Grouping>) {
    let Some(separator) = separator else { return output.push_str(places) };
    for (index, place) in places.chars().enumerate() {
        if index != 0 && index % PLACES_GROUP == 0 {
            output.push(u32::from(separator.character()));
        }
        output.push(u32::from(place));
    }
}

/// The digits before the point, cut into groups. From the left: one group that may be short, full groups of the size
/// that repeats, the groups of the other sizes.
struct Groups {
    first: usize,
    size: usize,
    full: usize,
    /// Rightmost last.
    others: Vec<usize>,
    /// How many zeros are needed in front of the digits.
    zeros: usize,
    /// All characters: zeros, digits, separators.
    width: usize,
}

impl Groups {
    /// Groups for so many digits that take at least this width, separators included.
    fn new(digit_count: usize, least_width: usize, separators: &Separators<'_>) -> Self {
        let separator = separators.thousands.chars().count();
        let mut groups = Self { first: 0, size: 0, full: 0, others: Vec::new(), zeros: 0, width: 0 };
        if digit_count == 0 {
            return groups;
        }
        let (mut digits, mut width) = (digit_count, least_width);
        let (last, sizes) = separators.grouping.split_last().unwrap_or((&GROUPING_ENDS, &[]));
        let mut repeated = *last;
        for size in sizes.iter().map(|size| usize::from(*size)) {
            if digits.max(width) <= size || size >= usize::from(GROUPING_ENDS) {
                repeated = GROUPING_ENDS;
                break;
            }
            groups.others.insert(0, size);
            digits = digits.saturating_sub(size);
            width = width.saturating_sub(size + separator);
        }
        groups.size = if repeated >= GROUPING_ENDS { usize::MAX } else { usize::from(repeated) };
        // As many groups as the digits need, or as the width needs with a separator between each two.
        let step = groups.size.saturating_add(separator);
        let count = digits.div_ceil(groups.size).max((width + separator).div_ceil(step)).max(1);
        groups.full = count - 1;
        // The first character is a digit, even where the width would end with a separator.
        let digits_first = digits.saturating_sub(groups.full.saturating_mul(groups.size));
        let width_first = width.saturating_sub(groups.full.saturating_mul(step));
        groups.first = digits_first.max(width_first).clamp(1, groups.size);

        let full_digits = if groups.full == 0 { 0 } else { groups.full * groups.size };
        let digit_places = groups.first + full_digits + groups.others.iter().sum::<usize>();
        groups.zeros = digit_places.saturating_sub(digit_count);
        groups.width = digit_places + (groups.full + groups.others.len()) * separator;
        groups
    }

    /// The lengths of the groups from the left.
    fn lengths(&self) -> impl Iterator<Item = usize> {
        let full = std::iter::repeat_n(self.size, self.full);
        std::iter::once(self.first).chain(full).chain(self.others.iter().copied())
    }

    fn write(&self, output: &mut CodePoints, digits: &str, separator: &str) -> Result<(), TooLarge> {
        let (mut zeros, mut rest) = (self.zeros, digits);
        for (index, length) in self.lengths().enumerate() {
            if index != 0 {
                output.push_str(separator);
            }
            let zeros_here = zeros.min(length);
            output.push_repeated(u32::from('0'), zeros_here)?;
            zeros -= zeros_here;
            let (group, behind) = rest.split_at((length - zeros_here).min(rest.len()));
            output.push_str(group);
            rest = behind;
        }
        Ok(())
    }
}
