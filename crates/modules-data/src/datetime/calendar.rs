//! Dates, times of day and spans of time as numbers: the proleptic Gregorian calendar, ISO weeks, normal forms.
//!
//! The types of this module compute here; nothing here knows of objects. A [`Day`] that [`Day::check`] accepts lies in the years 1 to
//! 9999, a [`Span`] made by [`Span::normalized`] has seconds and microseconds that are not negative.

pub const MINIMUM_YEAR: i32 = 1;
pub const MAXIMUM_YEAR: i32 = 9999;
/// The ordinal of the last day of the year 9999; that of January 1 of year 1 is 1.
pub const MAXIMUM_ORDINAL: i64 = 3_652_059;
pub const MAXIMUM_SPAN_DAYS: i32 = 999_999_999;
pub const SECONDS_A_DAY: i64 = 24 * 3600;
pub const MICROSECONDS_A_SECOND: i64 = 1_000_000;
pub const MICROSECONDS_A_DAY: i128 = SECONDS_A_DAY as i128 * MICROSECONDS_A_SECOND as i128;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    pub year: i32,
    pub month: i32,
    pub day: i32,
}

/// A time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock {
    pub hour: i32,
    pub minute: i32,
    pub second: i32,
    pub microsecond: i32,
}

/// A length of time in its normal form: only the days may be negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub days: i32,
    pub seconds: i32,
    pub microseconds: i32,
}

/// A span of more days than there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong(i128);

impl TooLong {
    /// More than any number of days that could be named.
    pub const BEYOND_NUMBERS: TooLong = TooLong(i128::MAX);

    pub fn message(self) -> String {
        match i32::try_from(self.0) {
            Ok(days) => format!("days={days}; must have magnitude <= {MAXIMUM_SPAN_DAYS}"),
            Err(_) => "Python int too large to convert to C int".to_owned(),
        }
    }
}

/// What is wrong with a year, week and weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeekError {
    Year(i32),
    Week(i32),
    Weekday(i32),
}

impl WeekError {
    pub fn message(self) -> String {
        match self {
            Self::Year(year) => year_message(year),
            Self::Week(week) => format!("Invalid week: {week}"),
            Self::Weekday(weekday) => format!("Invalid weekday: {weekday} (range is [1, 7])"),
        }
    }
}

pub fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days of a year before a month of it.
fn days_before_month(year: i32, month: i32) -> i32 {
    // Of months counted from March on, 153 days make five; January and February end the year before.
    let from_march = (153 * ((month + 9) % 12) + 2) / 5;
    if month > 2 { from_march + 59 + i32::from(is_leap(year)) } else { (month - 1) * 31 }
}

fn days_before_year(year: i32) -> i64 {
    let before = i64::from(year) - 1;
    before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400)
}

/// The ordinal of the Monday that begins the first ISO week of a year: the week that has January 4.
fn first_monday(year: i32) -> i64 {
    let fourth = days_before_year(year) + 4;
    fourth - (fourth - 1).rem_euclid(7)
}

pub fn year_message(year: i32) -> String {
    format!("year must be in {MINIMUM_YEAR}..{MAXIMUM_YEAR}, not {year}")
}

impl Day {
    pub fn new(year: i32, month: i32, day: i32) -> Self {
        Self { year, month, day }
    }

    /// The message that says why this is no day of the calendar.
    pub fn check(self) -> Result<Self, String> {
        if !(MINIMUM_YEAR..=MAXIMUM_YEAR).contains(&self.year) {
            return Err(year_message(self.year));
        }
        if !(1..=12).contains(&self.month) {
            return Err(format!("month must be in 1..12, not {}", self.month));
        }
        let last = days_in_month(self.year, self.month);
        if !(1..=last).contains(&self.day) {
            let Self { year, month, day } = self;
            return Err(format!("day {day} must be in range 1..{last} for month {month} in year {year}"));
        }
        Ok(self)
    }

    pub fn ordinal(self) -> i64 {
        days_before_year(self.year) + i64::from(self.day_of_year())
    }

    /// The day of an ordinal, which may lie before or after the years of dates (Hinnant's `civil_from_days`).
    pub fn from_ordinal(ordinal: i64) -> Self {
        // Counted from March 1 of year 0, so that the leap day ends a year, a century, an era of 400 years.
        let days = ordinal + 305;
        let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year: year as i32, month: month as i32, day: day as i32 }
    }

    /// The day of an ordinal, if dates reach so far.
    pub fn from_ordinal_in_range(ordinal: i64) -> Option<Self> {
        (1..=MAXIMUM_ORDINAL).contains(&ordinal).then(|| Self::from_ordinal(ordinal))
    }

    /// Counted from 1.
    pub fn day_of_year(self) -> i32 {
        days_before_month(self.year, self.month) + self.day
    }

    /// Monday is 0.
    pub fn weekday(self) -> i32 {
        (self.ordinal() + 6).rem_euclid(7) as i32
    }

    /// The ISO year, week and weekday.
    pub fn iso_week(self) -> (i32, i32, i32) {
        let ordinal = self.ordinal();
        let mut year = self.year;
        let mut monday = first_monday(year);
        if ordinal < monday {
            year -= 1;
            monday = first_monday(year);
        } else if ordinal >= first_monday(year + 1) {
            year += 1;
            monday = first_monday(year);
        }
        let days = (ordinal - monday) as i32;
        (year, days / 7 + 1, days % 7 + 1)
    }

    /// The inverse of [`Day::iso_week`]. The day may lie in the year 10000.
    pub fn from_iso_week(year: i32, week: i32, weekday: i32) -> Result<Self, WeekError> {
        if !(MINIMUM_YEAR..=MAXIMUM_YEAR).contains(&year) {
            return Err(WeekError::Year(year));
        }
        let monday = first_monday(year);
        let weeks = (first_monday(year + 1) - monday) / 7;
        if !(1..=weeks).contains(&i64::from(week)) {
            return Err(WeekError::Week(week));
        }
        if !(1..=7).contains(&weekday) {
            return Err(WeekError::Weekday(weekday));
        }
        Ok(Self::from_ordinal(monday + i64::from(week - 1) * 7 + i64::from(weekday - 1)))
    }
}

impl Clock {
    pub fn new(hour: i32, minute: i32, second: i32, microsecond: i32) -> Self {
        Self { hour, minute, second, microsecond }
    }

    /// The message that says why this is no time of day.
    pub fn check(self) -> Result<Self, String> {
        let parts = [
            ("hour", self.hour, 23),
            ("minute", self.minute, 59),
            ("second", self.second, 59),
            ("microsecond", self.microsecond, 999_999),
        ];
        match parts.into_iter().find(|(_, value, most)| !(0..=*most).contains(value)) {
            Some((name, value, most)) => Err(format!("{name} must be in 0..{most}, not {value}")),
            None => Ok(self),
        }
    }

    /// Whole seconds since midnight.
    pub fn seconds(self) -> i64 {
        i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second)
    }

    /// The time of a number of seconds in 0..86400.
    pub fn from_seconds(seconds: i32, microsecond: i32) -> Self {
        Self { hour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60, microsecond }
    }
}

impl Span {
    /// The normal form of a sum of days, seconds and microseconds.
    pub fn normalized(days: i64, seconds: i64, microseconds: i64) -> Result<Self, TooLong> {
        let seconds = seconds + microseconds.div_euclid(MICROSECONDS_A_SECOND);
        let days = days + seconds.div_euclid(SECONDS_A_DAY);
        Self::checked(
            i128::from(days),
            seconds.rem_euclid(SECONDS_A_DAY) as i32,
            microseconds.rem_euclid(MICROSECONDS_A_SECOND) as i32,
        )
    }

    fn checked(days: i128, seconds: i32, microseconds: i32) -> Result<Self, TooLong> {
        match i32::try_from(days) {
            Ok(days) if days.unsigned_abs() <= MAXIMUM_SPAN_DAYS.unsigned_abs() => {
                Ok(Self { days, seconds, microseconds })
            }
            _ => Err(TooLong(days)),
        }
    }

    pub fn from_microseconds(total: i128) -> Result<Self, TooLong> {
        let rest = total.rem_euclid(MICROSECONDS_A_DAY) as i64;
        let (seconds, microseconds) = (rest / MICROSECONDS_A_SECOND, rest % MICROSECONDS_A_SECOND);
        Self::checked(total.div_euclid(MICROSECONDS_A_DAY), seconds as i32, microseconds as i32)
    }

    pub fn total_microseconds(self) -> i128 {
        (i128::from(self.days) * i128::from(SECONDS_A_DAY) + i128::from(self.seconds))
            * i128::from(MICROSECONDS_A_SECOND)
            + i128::from(self.microseconds)
    }

    /// Whole seconds, rounded down.
    pub fn whole_seconds(self) -> i64 {
        i64::from(self.days) * SECONDS_A_DAY + i64::from(self.seconds)
    }

    pub fn is_zero(self) -> bool {
        self == Self::default()
    }

    /// True for what an offset from UTC may be: less than a day in either direction.
    pub fn is_offset(self) -> bool {
        match self.days {
            0 => true,
            -1 => self.seconds > 0 || self.microseconds > 0,
            _ => false,
        }
    }

    pub fn plus(self, other: Self) -> Result<Self, TooLong> {
        Self::normalized(
            i64::from(self.days) + i64::from(other.days),
            i64::from(self.seconds) + i64::from(other.seconds),
            i64::from(self.microseconds) + i64::from(other.microseconds),
        )
    }

    pub fn minus(self, other: Self) -> Result<Self, TooLong> {
        Self::normalized(
            i64::from(self.days) - i64::from(other.days),
            i64::from(self.seconds) - i64::from(other.seconds),
            i64::from(self.microseconds) - i64::from(other.microseconds),
        )
    }
}

/// A day and a time moved by a span, forwards or backwards; None if that leaves the years of dates.
pub fn shifted(day: Day, clock: Clock, by: Span, forwards: bool) -> Option<(Day, Clock)> {
    let sign = if forwards { 1 } else { -1 };
    let microseconds = i64::from(clock.microsecond) + sign * i64::from(by.microseconds);
    let seconds = clock.seconds() + sign * i64::from(by.seconds) + microseconds.div_euclid(MICROSECONDS_A_SECOND);
    let ordinal = day.ordinal() + sign * i64::from(by.days) + seconds.div_euclid(SECONDS_A_DAY);
    let day = Day::from_ordinal_in_range(ordinal)?;
    let microsecond = microseconds.rem_euclid(MICROSECONDS_A_SECOND) as i32;
    Some((day, Clock::from_seconds(seconds.rem_euclid(SECONDS_A_DAY) as i32, microsecond)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ordinal_is_a_day_and_back() {
        let mut expected = Day::new(1, 1, 1);
        for ordinal in 1..=MAXIMUM_ORDINAL {
            let day = Day::from_ordinal(ordinal);
            assert_eq!(day, expected);
            assert_eq!(day.ordinal(), ordinal);
            assert!(day.check().is_ok());
            expected.day += 1;
            if expected.day > days_in_month(expected.year, expected.month) {
                expected = match expected.month {
                    12 => Day::new(expected.year + 1, 1, 1),
                    month => Day::new(expected.year, month + 1, 1),
                };
            }
        }
        assert_eq!(expected, Day::new(10_000, 1, 1));
    }

    #[test]
    fn iso_weeks_go_and_come_back() {
        for ordinal in (1..=MAXIMUM_ORDINAL).step_by(3) {
            let day = Day::from_ordinal(ordinal);
            let (year, week, weekday) = day.iso_week();
            assert_eq!(weekday, day.weekday() + 1);
            if (1..=MAXIMUM_YEAR).contains(&year) {
                assert_eq!(Day::from_iso_week(year, week, weekday), Ok(day));
            }
        }
        assert_eq!(Day::new(2020, 12, 31).iso_week(), (2020, 53, 4));
        assert_eq!(Day::from_iso_week(2021, 53, 1), Err(WeekError::Week(53)));
    }

    #[test]
    fn spans_are_normal() {
        assert_eq!(Span::normalized(0, 0, -1), Ok(Span { days: -1, seconds: 86_399, microseconds: 999_999 }));
        assert_eq!(Span::from_microseconds(-1), Span::normalized(0, 0, -1));
        assert!(Span::normalized(1_000_000_000, 0, 0).is_err());
        let longest = Span { days: MAXIMUM_SPAN_DAYS, seconds: 86_399, microseconds: 999_999 };
        assert_eq!(Span::from_microseconds(longest.total_microseconds()), Ok(longest));
    }

    #[test]
    fn shifting_carries() {
        let microsecond = Span { days: 0, seconds: 0, microseconds: 1 };
        let end = (Day::new(1999, 12, 31), Clock::new(23, 59, 59, 999_999));
        let start = (Day::new(2000, 1, 1), Clock::default());
        assert_eq!(shifted(end.0, end.1, microsecond, true), Some(start));
        assert_eq!(shifted(start.0, start.1, microsecond, false), Some(end));
        assert_eq!(shifted(Day::new(9999, 12, 31), end.1, microsecond, true), None);
    }
}
