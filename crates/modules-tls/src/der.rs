//! Reading DER (X.690): tags, lengths, object identifiers, times. Certificates are read by it.
//!
//! A reader never goes beyond the bytes that it was given; what is malformed is None.

/// A position in DER.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a>(&'a [u8]);

/// A value with its tag.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    pub tag: u8,
    pub contents: &'a [u8],
    /// With tag and length.
    pub whole: &'a [u8],
}

pub const BOOLEAN: u8 = 0x01;
pub const INTEGER: u8 = 0x02;
pub const OCTET_STRING: u8 = 0x04;
pub const OID: u8 = 0x06;
pub const UTF8_STRING: u8 = 0x0c;
pub const UNIVERSAL_STRING: u8 = 0x1c;
pub const BMP_STRING: u8 = 0x1e;
pub const UTC_TIME: u8 = 0x17;
pub const SEQUENCE: u8 = 0x30;

impl<'a> Value<'a> {
    /// What a constructed value consists of.
    pub fn parts(self) -> Reader<'a> {
        Reader(self.contents)
    }

    /// The value, if it has this tag.
    pub fn tagged(self, tag: u8) -> Option<Self> {
        (self.tag == tag).then_some(self)
    }

    /// An object identifier in dotted form.
    pub fn dotted(self) -> Option<String> {
        let mut numbers: Vec<u64> = Vec::new();
        let mut number = 0u64;
        for byte in self.tagged(OID)?.contents {
            number = number.checked_mul(128)? | u64::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                if numbers.is_empty() {
                    // The first two arcs share one number.
                    let first = (number / 40).min(2);
                    numbers.extend([first, number - first * 40]);
                } else {
                    numbers.push(number);
                }
                number = 0;
            }
        }
        Some(numbers.iter().map(u64::to_string).collect::<Vec<_>>().join("."))
    }

    /// The text of a string of any kind.
    pub fn text(self) -> String {
        let contents = self.contents;
        match self.tag {
            UTF8_STRING => String::from_utf8_lossy(contents).into_owned(),
            BMP_STRING => {
                let units: Vec<u16> = contents.as_chunks().0.iter().map(|it| u16::from_be_bytes(*it)).collect();
                String::from_utf16_lossy(&units)
            }
            UNIVERSAL_STRING => {
                let points = contents.as_chunks().0.iter().map(|it| u32::from_be_bytes(*it));
                points.map(|it| char::from_u32(it).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
            }
            _ => contents.iter().map(|it| char::from(*it)).collect(),
        }
    }

    /// A point in time.
    pub fn time(self) -> Option<Time> {
        let digits: Vec<i64> =
            self.contents.iter().map_while(|it| it.is_ascii_digit().then(|| i64::from(it - b'0'))).collect();
        let pair = |at: usize| Some(digits.get(at)? * 10 + digits.get(at + 1)?);
        let (year, at) = if self.tag == UTC_TIME {
            let short = pair(0)?;
            (if short < 50 { 2000 + short } else { 1900 + short }, 2)
        } else {
            (pair(0)? * 100 + pair(2)?, 4)
        };
        let fields = [pair(at)?, pair(at + 2)?, pair(at + 4)?, pair(at + 6)?, pair(at + 8).unwrap_or(0)];
        (1..=12).contains(&fields[0]).then_some(Time { year, fields })
    }
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next value with this tag, if it is the next one.
    pub fn optional(&mut self, tag: u8) -> Option<Value<'a>> {
        if self.0.first() == Some(&tag) { self.next() } else { None }
    }

    pub fn expect(&mut self, tag: u8) -> Option<Value<'a>> {
        self.next()?.tagged(tag)
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let length = if first < 0x80 {
            usize::from(first)
        } else {
            let (bytes, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
            rest = after;
            if bytes.is_empty() || bytes.len() > 4 {
                return None;
            }
            bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte))
        };
        let (contents, after) = rest.split_at_checked(length)?;
        let whole = &self.0[..self.0.len() - after.len()];
        self.0 = after;
        Some(Value { tag, contents, whole })
    }
}

/// A time in UTC: month, day, hour, minute, second.
#[derive(Clone, Copy, Debug)]
pub struct Time {
    year: i64,
    fields: [i64; 5],
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Time {
    /// As OpenSSL writes it: `Aug 29 14:23:15 2018 GMT`.
    pub fn text(self) -> String {
        let [month, day, hour, minute, second] = self.fields;
        let month = MONTHS[(month - 1) as usize];
        format!("{month} {day:>2} {hour:02}:{minute:02}:{second:02} {} GMT", self.year)
    }

    /// Seconds since 1970, by Howard Hinnant's algorithm for days from a civil date.
    pub fn seconds(self) -> i64 {
        let [month, day, hour, minute, second] = self.fields;
        let year = if month <= 2 { self.year - 1 } else { self.year };
        let era = year.div_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let year_of_era = year.rem_euclid(400);
        let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
        ((days * 24 + hour) * 60 + minute) * 60 + second
    }
}
