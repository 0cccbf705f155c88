//! ISO 8601: reading dates and times in all forms that `fromisoformat` takes, and writing times.
//!
//! Texts come as bytes, one for each character; characters outside ASCII are [`NOT_ASCII`], which only a separator may be.

use super::calendar::{Clock, Day, MICROSECONDS_A_SECOND, Span};

/// Stands for a character outside ASCII.
pub const NOT_ASCII: u8 = 0xFF;

/// A time as it was read: nothing is in range yet, and the hour may be 24.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadTime {
    pub clock: Clock,
    /// The offset from UTC in microseconds, if there is one.
    pub offset: Option<i64>,
}

/// What is left of a text.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    fn take(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn take_if(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.0 = &self.0[1..];
        }
        found
    }

    fn number(&mut self, digits: usize) -> Option<i32> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        if !number.iter().all(u8::is_ascii_digit) {
            return None;
        }
        self.0 = rest;
        Some(number.iter().fold(0, |value, digit| value * 10 + i32::from(digit - b'0')))
    }
}

/// A date: `YYYY-MM-DD`, `YYYYMMDD`, `YYYY-Www`, `YYYYWww`, `YYYY-Www-D`, `YYYYWwwD`. It may be no day of the calendar.
pub fn read_date(text: &[u8]) -> Option<Day> {
    let mut reader = Reader(text);
    let year = reader.number(4)?;
    let separated = reader.take_if(b'-');
    if reader.take_if(b'W') {
        let week = reader.number(2)?;
        let weekday = match reader.peek() {
            None => 1,
            Some(_) if separated && !reader.take_if(b'-') => return None,
            Some(_) => reader.number(1)?,
        };
        let day = Day::from_iso_week(year, week, weekday).ok()?;
        return reader.0.is_empty().then_some(day);
    }
    let month = reader.number(2)?;
    if separated && !reader.take_if(b'-') {
        return None;
    }
    let day = reader.number(2)?;
    reader.0.is_empty().then_some(Day { year, month, day })
}

/// Where the date of a text of date and time ends, so where the separator is; the length of the text if it is only a date.
pub fn date_length(text: &[u8]) -> Option<usize> {
    const WITH_SEPARATORS: usize = "YYYY-MM-DD".len();
    const WITHOUT_SEPARATORS: usize = "YYYYMMDD".len();
    const WEEK: usize = "YYYYWww".len();
    const WEEK_WITH_SEPARATOR: usize = "YYYY-Www".len();
    if text.len() == WEEK {
        return Some(WEEK);
    }
    let is_digit = |index: usize| text.get(index).is_some_and(u8::is_ascii_digit);
    match (text.get(4)?, text.get(5)) {
        (b'-', Some(b'W')) => match text.get(WEEK_WITH_SEPARATOR) {
            // A weekday follows, unless the dash is the separator: then two digits of the hour do.
            Some(b'-') if text.len() == WEEK_WITH_SEPARATOR + 1 => None,
            Some(b'-') if is_digit(WEEK_WITH_SEPARATOR + 2) => Some(WEEK_WITH_SEPARATOR),
            Some(b'-') => Some(WITH_SEPARATORS),
            _ if text.len() < WEEK_WITH_SEPARATOR => None,
            _ => Some(WEEK_WITH_SEPARATOR),
        },
        (b'-', _) => Some(WITH_SEPARATORS),
        (b'W', _) => {
            let digits = (WEEK..text.len()).take_while(|it| is_digit(*it)).count();
            // If a digit is the separator, the time's own digits come in pairs.
            Some(match digits {
                0 => WEEK,
                1 => WEEK + 1,
                _ if (WEEK + digits).is_multiple_of(2) => WEEK,
                _ => WEEK + 1,
            })
        }
        _ => Some(WITHOUT_SEPARATORS),
    }
}

/// Hours, and if they are there minutes, seconds and a fraction, of which six digits count.
fn read_clock(text: &[u8]) -> Option<Clock> {
    let mut reader = Reader(text);
    let mut parts = [0; 3];
    let mut separated = true;
    for (index, part) in parts.iter_mut().enumerate() {
        *part = reader.number(2)?;
        let Some(next) = reader.peek() else { break };
        if index == 0 {
            separated = next == b':';
        }
        match next {
            b':' if separated && index < 2 => {
                reader.take();
            }
            // Without colons a fraction of two digits or more may follow the seconds without a point, as CPython has it.
            b'0'..=b'9' if index == 2 && !separated && reader.0.len() > 1 => {
                let microsecond = read_fraction(&mut reader)?;
                return reader.0.is_empty().then(|| Clock::new(parts[0], parts[1], parts[2], microsecond));
            }
            b'.' | b',' if index == 2 => {
                reader.take();
                let microsecond = read_fraction(&mut reader)?;
                return reader.0.is_empty().then(|| Clock::new(parts[0], parts[1], parts[2], microsecond));
            }
            _ if !separated && index < 2 => {}
            _ => return None,
        }
        if reader.0.is_empty() {
            return None;
        }
    }
    reader.0.is_empty().then(|| Clock::new(parts[0], parts[1], parts[2], 0))
}

fn read_fraction(reader: &mut Reader<'_>) -> Option<i32> {
    let digits = reader.0.iter().take_while(|it| it.is_ascii_digit()).count();
    let counted = reader.number(digits.min(6)).filter(|_| digits > 0)?;
    reader.0 = &reader.0[digits.saturating_sub(6)..];
    Some(counted * 10_i32.pow(6 - digits.min(6) as u32))
}

/// A time, with an offset from UTC or without.
pub fn read_time(text: &[u8]) -> Option<ReadTime> {
    let Some(place) = text.iter().position(|it| matches!(it, b'+' | b'-' | b'Z')) else {
        return read_clock(text).map(|clock| ReadTime { clock, offset: None });
    };
    let clock = read_clock(&text[..place])?;
    let zone = &text[place + 1..];
    if text[place] == b'Z' {
        return zone.is_empty().then_some(ReadTime { clock, offset: Some(0) });
    }
    let offset = read_clock(zone)?;
    let offset = offset.seconds() * MICROSECONDS_A_SECOND + i64::from(offset.microsecond);
    Some(ReadTime { clock, offset: Some(if text[place] == b'-' { -offset } else { offset }) })
}

/// How much of a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
    Microseconds,
}

impl Precision {
    /// By the name that `isoformat` takes.
    pub fn named(name: &str, clock: Clock) -> Option<Self> {
        Some(match name {
            "auto" => Self::exact(clock),
            "hours" => Self::Hours,
            "minutes" => Self::Minutes,
            "seconds" => Self::Seconds,
            "milliseconds" => Self::Milliseconds,
            "microseconds" => Self::Microseconds,
            _ => return None,
        })
    }

    /// Microseconds only where there are some.
    pub fn exact(clock: Clock) -> Self {
        if clock.microsecond == 0 { Self::Seconds } else { Self::Microseconds }
    }
}

pub fn write_date(day: Day) -> String {
    format!("{:04}-{:02}-{:02}", day.year, day.month, day.day)
}

pub fn write_clock(clock: Clock, precision: Precision) -> String {
    let Clock { hour, minute, second, microsecond } = clock;
    match precision {
        Precision::Hours => format!("{hour:02}"),
        Precision::Minutes => format!("{hour:02}:{minute:02}"),
        Precision::Seconds => format!("{hour:02}:{minute:02}:{second:02}"),
        Precision::Milliseconds => format!("{hour:02}:{minute:02}:{second:02}.{:03}", microsecond / 1000),
        Precision::Microseconds => format!("{hour:02}:{minute:02}:{second:02}.{microsecond:06}"),
    }
}

/// `+HH:MM`, with seconds and microseconds only where there are some.
pub fn write_offset(offset: Span, separator: &str) -> String {
    let (sign, total) = match offset.total_microseconds() as i64 {
        total if total < 0 => ('-', -total),
        total => ('+', total),
    };
    let (seconds, microseconds) = (total / MICROSECONDS_A_SECOND, total % MICROSECONDS_A_SECOND);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (second, microseconds) {
        (0, 0) => format!("{sign}{hour:02}{separator}{minute:02}"),
        (_, 0) => format!("{sign}{hour:02}{separator}{minute:02}{separator}{second:02}"),
        _ => format!("{sign}{hour:02}{separator}{minute:02}{separator}{second:02}.{microseconds:06}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_split(text: &str, expected: Option<usize>) {
        assert_eq!(date_length(text.as_bytes()), expected, "{text}");
    }

    #[test]
    fn dates_end_where_they_should() {
        check_split("2020-01-01T12", Some(10));
        check_split("20200101T12", Some(8));
        check_split("2020-W01-112", Some(8));
        check_split("2020-W01-1T12", Some(10));
        check_split("2020-W01T12", Some(8));
        check_split("2020W01-12", Some(7));
        check_split("2020W01112", Some(7));
        check_split("2020W011T12", Some(8));
        check_split("2020-W01-", None);
        check_split("x", None);
    }

    #[test]
    fn times_are_read() {
        let read = |text: &str| read_time(text.as_bytes()).map(|it| (it.clock, it.offset));
        assert_eq!(read("12"), Some((Clock::new(12, 0, 0, 0), None)));
        assert_eq!(read("123045,12Z"), Some((Clock::new(12, 30, 45, 120_000), Some(0))));
        assert_eq!(read("12:30-0030"), Some((Clock::new(12, 30, 0, 0), Some(-1_800_000_000))));
        assert_eq!(read("12304512"), Some((Clock::new(12, 30, 45, 120_000), None)));
        assert_eq!(read("12:30:45.1234567"), Some((Clock::new(12, 30, 45, 123_456), None)));
        for wrong in ["", "1", "12:", "12:30:", "12:30:45.", "12:3045", "1230:45", "12.5", "12-", "+01:00", "12:30Zx"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn offsets_are_written_with_what_they_have() {
        let offset = |microseconds: i128| write_offset(Span::from_microseconds(microseconds).unwrap(), ":");
        assert_eq!(offset(-60_000_000), "-00:01");
        assert_eq!(offset(3_661_000_000), "+01:01:01");
        assert_eq!(offset(-1), "-00:00:00.000001");
    }
}
