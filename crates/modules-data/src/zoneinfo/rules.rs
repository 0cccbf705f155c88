//! POSIX rules for summer time, as the last line of a time zone file has them: `CET-1CEST,M3.5.0,M10.5.0/3`.
//!
//! Local times are counted in seconds from 1970, as if they were UTC.

use crate::datetime::calendar::{Day, SECONDS_A_DAY, days_in_month, is_leap};

/// January 1, 1970.
const EPOCH_ORDINAL: i64 = 719_163;

/// What holds after the last transition of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rules {
    Fixed { name: String, offset: i32 },
    Changing(Changing),
}

/// Two offsets that change every year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changing {
    pub standard_name: String,
    pub standard_offset: i32,
    pub summer_name: String,
    pub summer_offset: i32,
    start: Change,
    end: Change,
}

/// When in a year an offset changes: a day, and seconds from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    day: ChangeDay,
    time: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ChangeDay {
    /// Counted from 1, without the leap day.
    Julian(i64),
    /// With the leap day. POSIX counts these from 0, but CPython takes 0 for the last day of the year before, and so do we.
    Plain(i64),
    /// The weekday's occurrence in the month, 5 being the last; Sunday is 0.
    Week { month: i32, week: i64, weekday: i64 },
}

impl Change {
    /// The change of a year, in local time.
    fn in_year(self, year: i32) -> i64 {
        let start = Day::new(year, 1, 1).ordinal() - EPOCH_ORDINAL;
        let day = match self.day {
            ChangeDay::Julian(day) => start + day - 1 + i64::from(day >= 60 && is_leap(year)),
            ChangeDay::Plain(day) => start + day - 1,
            ChangeDay::Week { month, week, weekday } => {
                let first = Day::new(year, month, 1);
                // Monday is 0 in the calendar, and 1 in the rule.
                let mut day = (weekday - i64::from(first.weekday()) - 1).rem_euclid(7) + (week - 1) * 7;
                if day >= i64::from(days_in_month(year, month)) {
                    day -= 7;
                }
                first.ordinal() - EPOCH_ORDINAL + day
            }
        };
        day * SECONDS_A_DAY + self.time
    }
}

impl Changing {
    fn difference(&self) -> i64 {
        i64::from(self.summer_offset) - i64::from(self.standard_offset)
    }

    /// True if a local time is in summer. Of a time that comes twice the fold says which is meant, and of one that does not come at all.
    pub fn is_summer(&self, time: i64, year: i32, fold: bool) -> bool {
        let (mut start, mut end) = (self.start.in_year(year), self.end.in_year(year));
        let difference = self.difference();
        if fold == (difference >= 0) {
            end -= difference;
        } else {
            start += difference;
        }
        is_between(start, time, end)
    }

    /// True if a moment is in summer; and if its local time is the second of two.
    pub fn at_moment(&self, moment: i64, year: i32) -> (bool, bool) {
        let start = self.start.in_year(year) - i64::from(self.standard_offset);
        let end = self.end.in_year(year) - i64::from(self.summer_offset);
        let difference = self.difference();
        let repeated =
            if difference > 0 { end..end.saturating_add(difference) } else { start..start.saturating_sub(difference) };
        (is_between(start, moment, end), repeated.contains(&moment))
    }
}

/// True between start and end, which may lie in the next year.
fn is_between(start: i64, time: i64, end: i64) -> bool {
    if start < end { start <= time && time < end } else { !(end <= time && time < start) }
}

/// What is left of a text.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    fn is_at_end(&self) -> bool {
        matches!(self.peek(), None | Some(0))
    }

    fn take_if(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.0 = &self.0[1..];
        }
        found
    }

    fn take_while(&mut self, accepts: impl Fn(u8) -> bool) -> &'a [u8] {
        let length = self.0.iter().take_while(|it| accepts(**it)).count();
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }

    /// A number of so many digits.
    fn number(&mut self, least: usize, most: usize) -> Option<i64> {
        let length = self.0.iter().take(most).take_while(|it| it.is_ascii_digit()).count();
        if length < least {
            return None;
        }
        let (digits, rest) = self.0.split_at(length);
        self.0 = rest;
        Some(digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
    }

    /// `CET`, or `<+03>`.
    fn name(&mut self) -> Option<String> {
        let name = if self.take_if(b'<') {
            let name = self.take_while(|it| it.is_ascii_alphanumeric() || it == b'+' || it == b'-');
            if !self.take_if(b'>') {
                return None;
            }
            name
        } else {
            self.take_while(|it| it.is_ascii_alphabetic())
        };
        (!name.is_empty()).then(|| String::from_utf8_lossy(name).into_owned())
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    fn time(&mut self, most_hours: i64) -> Option<i64> {
        let negative = self.peek() == Some(b'-');
        if negative || self.peek() == Some(b'+') {
            self.0 = &self.0[1..];
        }
        let hours = self.number(1, 3).filter(|it| *it <= most_hours)?;
        let mut seconds = hours * 3600;
        for unit in [60, 1] {
            if !self.take_if(b':') {
                break;
            }
            seconds += self.number(2, 2)? * unit;
        }
        Some(if negative { -seconds } else { seconds })
    }

    /// An offset, which POSIX counts westwards.
    fn offset(&mut self) -> Option<i32> {
        self.time(24).map(|it| -it as i32)
    }

    /// `M3.5.0`, `J60`, `59`, each with `/time` or without.
    fn change(&mut self) -> Option<Change> {
        let day = if self.take_if(b'M') {
            let month = self.number(1, 2).filter(|it| (1..=12).contains(it))? as i32;
            let week = self.part_after_dot(1..=5)?;
            let weekday = self.part_after_dot(0..=6)?;
            ChangeDay::Week { month, week, weekday }
        } else if self.take_if(b'J') {
            ChangeDay::Julian(self.number(1, 3).filter(|it| (1..=365).contains(it))?)
        } else {
            ChangeDay::Plain(self.number(1, 3).filter(|it| (0..=365).contains(it))?)
        };
        let time = if self.take_if(b'/') { self.time(167)? } else { 2 * 3600 };
        Some(Change { day, time })
    }

    fn part_after_dot(&mut self, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        if !self.take_if(b'.') {
            return None;
        }
        self.number(1, 1).filter(|it| range.contains(it))
    }
}

/// The part of the rules that is malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    StandardName,
    StandardOffset,
    SummerName,
    SummerOffset,
    OneChange,
    Change,
    End,
}

impl Malformed {
    /// What is wrong; the text follows.
    pub fn message(self) -> &'static str {
        match self {
            Self::StandardName => "Invalid STD format in",
            Self::StandardOffset => "Invalid STD offset in",
            Self::SummerName => "Invalid DST format in",
            Self::SummerOffset => "Invalid DST offset in",
            Self::OneChange => "Missing transition rules in TZ string:",
            Self::Change => "Malformed transition rule in TZ string:",
            Self::End => "Extraneous characters at end of TZ string:",
        }
    }
}

/// Reads the rules, up to a zero byte.
pub fn parse(text: &[u8]) -> Result<Rules, Malformed> {
    let mut reader = Reader(text);
    let standard_name = reader.name().ok_or(Malformed::StandardName)?;
    let standard_offset = reader.offset().ok_or(Malformed::StandardOffset)?;
    if reader.is_at_end() {
        return Ok(Rules::Fixed { name: standard_name, offset: standard_offset });
    }
    let summer_name = reader.name().ok_or(Malformed::SummerName)?;
    let summer_offset = match reader.peek() {
        Some(b',') => standard_offset + 3600,
        _ => reader.offset().ok_or(Malformed::SummerOffset)?,
    };
    let mut change = || {
        if !reader.take_if(b',') {
            return Err(Malformed::OneChange);
        }
        reader.change().ok_or(Malformed::Change)
    };
    let (start, end) = (change()?, change()?);
    if !reader.is_at_end() {
        return Err(Malformed::End);
    }
    Ok(Rules::Changing(Changing { standard_name, standard_offset, summer_name, summer_offset, start, end }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_rules_are_refused() {
        for text in [
            "",
            "+11",
            "PST8PDT",
            "GMT,M3.2.0/2,M11.1.0/3",
            "PST8PDT,M3.2.0/2",
            "AAA4BBB,M1443339,M11.1.0/3",
            "A25",
            "AAA3BBB,J0/2,J366/2",
            "CET-1CEST,M13.5.0,M10.5.0",
            "CET-1CEST,M3.5.7,M10.5.0",
            "CET-1CEST,M3.5.0,M10.5.0/168",
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn summer_begins_and_ends() {
        let Ok(Rules::Changing(rules)) = parse(b"CET-1CEST,M3.5.0,M10.5.0/3") else { panic!("these are rules") };
        // March 28 and October 31, 2021.
        let (start, end) = (1_616_896_800 + 3600, 1_635_642_000 + 7200);
        assert!(!rules.is_summer(start - 3601, 2021, false));
        assert!(rules.is_summer(start, 2021, false));
        assert!(rules.is_summer(end - 1, 2021, false));
        assert!(!rules.is_summer(end - 1, 2021, true));
        assert_eq!(rules.at_moment(1_635_642_000 - 1, 2021), (true, false));
        assert_eq!(rules.at_moment(1_635_642_000, 2021), (false, true));
        assert_eq!(parse(b"<+0330>-3:30"), Ok(Rules::Fixed { name: "+0330".into(), offset: 12_600 }));
    }
}
