//! Parsing of `[[fill]align][sign]["z"]["#"]["0"][width][grouping]["." [precision][grouping]][type]`.

use super::error::FormatError;

/// The type whose `__format__` asks: it decides which presentation types there are, and the default alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatTarget {
    Text,
    Integer,
    Float,
    Complex,
}

/// Where the padding goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alignment {
    /// `<`
    Left,
    /// `>`
    Right,
    /// `^`
    Center,
    /// `=`: between the sign and the digits.
    AfterSign,
}

/// What stands before a number that is not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignStyle {
    /// `-`, written out or not: nothing.
    Minus { explicit: bool },
    /// `+`
    Plus,
    /// A space.
    Space,
}

/// A separator of thousands, or of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    Comma,
    Underscore,
}

impl Grouping {
    /// The character itself.
    pub fn character(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Underscore => '_',
        }
    }

    fn from_code_point(code_point: u32) -> Option<Self> {
        [Self::Comma, Self::Underscore].into_iter().find(|grouping| u32::from(grouping.character()) == code_point)
    }
}

/// The presentation type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presentation {
    /// None given, for a float or a complex number.
    Default,
    /// `s`
    Text,
    /// `b`
    Binary,
    /// `c`
    Character,
    /// `d`
    Decimal,
    /// `o`
    Octal,
    /// `x`, `X`
    Hexadecimal { upper: bool },
    /// `n`
    Locale,
    /// `e`, `E`
    Exponent { upper: bool },
    /// `f`, `F`
    Fixed { upper: bool },
    /// `g`, `G`
    General { upper: bool },
    /// `%`
    Percent,
}

impl Presentation {
    fn from_code(type_code: char, target: FormatTarget) -> Option<Self> {
        let upper = type_code.is_ascii_uppercase();
        let presentation = match type_code {
            's' => Self::Text,
            'b' => Self::Binary,
            'c' => Self::Character,
            'd' => Self::Decimal,
            'o' => Self::Octal,
            'x' | 'X' => Self::Hexadecimal { upper },
            'n' => Self::Locale,
            'e' | 'E' => Self::Exponent { upper },
            'f' | 'F' => Self::Fixed { upper },
            'g' | 'G' => Self::General { upper },
            '%' => Self::Percent,
            _ => return None,
        };
        let allowed = match presentation {
            Self::Default => false,
            Self::Text => target == FormatTarget::Text,
            Self::Percent => matches!(target, FormatTarget::Integer | FormatTarget::Float),
            Self::Exponent { .. } | Self::Fixed { .. } | Self::General { .. } | Self::Locale => {
                target != FormatTarget::Text
            }
            _ => target == FormatTarget::Integer,
        };
        allowed.then_some(presentation)
    }
}

/// A parsed specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatSpec {
    /// A code point.
    pub fill: u32,
    /// Where the padding goes.
    pub alignment: Alignment,
    /// What stands before a number that is not negative.
    pub sign: SignStyle,
    /// `z`: what rounds to zero has no sign.
    pub no_negative_zero: bool,
    /// `#`
    pub alternate: bool,
    /// The least width.
    pub width: Option<usize>,
    /// The separator of the whole part.
    pub thousands: Option<Grouping>,
    /// Places, significant digits, or for text the most code points.
    pub precision: Option<usize>,
    /// The separator of the places.
    pub places_grouping: Option<Grouping>,
    /// The presentation type, the default of the target if none is written.
    pub presentation: Presentation,
}

/// The value of an ASCII digit; what [`FormatSpec::parse`] takes where no Unicode table is at hand.
pub fn ascii_decimal_value(code_point: u32) -> Option<u32> {
    char::from_u32(code_point).and_then(|character| character.to_digit(10))
}

impl FormatSpec {
    /// Parses a specification that is not empty (an empty one means `str(value)`). `type_name` is the name of the
    /// object's type, for messages; `decimal_value` gives the value of a decimal digit of any script.
    pub fn parse(
        spec: &[u32],
        target: FormatTarget,
        type_name: &str,
        decimal_value: fn(u32) -> Option<u32>,
    ) -> Result<Self, FormatError> {
        let mut reader = Reader { rest: spec, decimal_value };
        let mut parsed = Self::of(target);
        let (fill, alignment) = reader.fill_and_alignment();
        parsed.fill = fill.unwrap_or(u32::from(' '));
        parsed.alignment = alignment.unwrap_or(parsed.alignment);
        parsed.sign = reader.sign();
        parsed.no_negative_zero = reader.take('z');
        parsed.alternate = reader.take('#');
        if fill.is_none() && reader.take('0') {
            parsed.fill = u32::from('0');
            // From text `format('a', '05')` expects padding at its usual side.
            if alignment.is_none() && target != FormatTarget::Text {
                parsed.alignment = Alignment::AfterSign;
            }
        }
        parsed.width = reader.number()?;
        parsed.thousands = reader.grouping()?;
        if reader.take('.') {
            parsed.precision = reader.number()?;
            parsed.places_grouping = reader.grouping()?;
            if parsed.precision.is_none() && parsed.places_grouping.is_none() {
                return Err(FormatError::value("Format specifier missing precision"));
            }
        }
        let type_code = match reader.rest {
            [] => None,
            [type_code] => Some(*type_code),
            _ => return Err(FormatError::invalid_specifier(spec, type_name)),
        };
        parsed.set_type(type_code, target, type_name)?;
        Ok(parsed)
    }

    fn of(target: FormatTarget) -> Self {
        let is_text = target == FormatTarget::Text;
        Self {
            fill: u32::from(' '),
            alignment: if is_text { Alignment::Left } else { Alignment::Right },
            sign: SignStyle::Minus { explicit: false },
            no_negative_zero: false,
            alternate: false,
            width: None,
            thousands: None,
            precision: None,
            places_grouping: None,
            presentation: match target {
                FormatTarget::Text => Presentation::Text,
                FormatTarget::Integer => Presentation::Decimal,
                FormatTarget::Float | FormatTarget::Complex => Presentation::Default,
            },
        }
    }

    /// First whether the separators go with the type, whatever the object; then whether the object has it.
    fn set_type(&mut self, type_code: Option<u32>, target: FormatTarget, type_name: &str) -> Result<(), FormatError> {
        let written = type_code.map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        let code = match (written, target) {
            (Some(code), _) => Some(code),
            (None, FormatTarget::Text) => Some('s'),
            (None, FormatTarget::Integer) => Some('d'),
            (None, FormatTarget::Float | FormatTarget::Complex) => None,
        };
        if let Some(grouping) = self.thousands {
            let fits = match code {
                None | Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F') => true,
                Some('b' | 'o' | 'x' | 'X') => grouping == Grouping::Underscore,
                Some(_) => false,
            };
            if !fits {
                let shown = type_code.or(code.map(u32::from)).unwrap_or(0);
                return Err(FormatError::separator_with_type(grouping.character(), shown));
            }
        }
        if let (Some(grouping), Some('n')) = (self.places_grouping, code) {
            return Err(FormatError::separator_with_type(grouping.character(), u32::from('n')));
        }
        if let (Some(written), Some(type_code)) = (written, type_code) {
            self.presentation = Presentation::from_code(written, target)
                .ok_or_else(|| FormatError::unknown_type(type_code, type_name))?;
        }
        Ok(())
    }
}

/// What of the specification is not read yet.
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

    fn fill_and_alignment(&mut self) -> (Option<u32>, Option<Alignment>) {
        if let [fill, second, rest @ ..] = self.rest
            && let Some(alignment) = alignment_of(*second)
        {
            self.rest = rest;
            return (Some(*fill), Some(alignment));
        }
        let alignment = self.rest.first().and_then(|first| alignment_of(*first));
        if alignment.is_some() {
            self.rest = &self.rest[1..];
        }
        (None, alignment)
    }

    fn sign(&mut self) -> SignStyle {
        if self.take('+') {
            return SignStyle::Plus;
        }
        if self.take(' ') {
            return SignStyle::Space;
        }
        SignStyle::Minus { explicit: self.take('-') }
    }

    fn number(&mut self) -> Result<Option<usize>, FormatError> {
        let mut number = None;
        while let Some((first, rest)) = self.rest.split_first()
            && let Some(value) = (self.decimal_value)(*first)
        {
            let next = number.unwrap_or(0usize).checked_mul(10).and_then(|n| n.checked_add(value as usize));
            // The largest number is C's `ssize_t`.
            let fits = next.filter(|n| isize::try_from(*n).is_ok());
            number = Some(fits.ok_or_else(|| FormatError::value("Too many decimal digits in format string"))?);
            self.rest = rest;
        }
        Ok(number)
    }

    fn grouping(&mut self) -> Result<Option<Grouping>, FormatError> {
        let Some(first) = self.rest.first().and_then(|first| Grouping::from_code_point(*first)) else {
            return Ok(None);
        };
        self.rest = &self.rest[1..];
        match self.rest.first().and_then(|next| Grouping::from_code_point(*next)) {
            Some(other) if other != first => Err(FormatError::value("Cannot specify both ',' and '_'.")),
            _ => Ok(Some(first)),
        }
    }
}

fn alignment_of(code_point: u32) -> Option<Alignment> {
    match char::from_u32(code_point)? {
        '<' => Some(Alignment::Left),
        '>' => Some(Alignment::Right),
        '^' => Some(Alignment::Center),
        '=' => Some(Alignment::AfterSign),
        _ => None,
    }
}
