//! Days in words. Everything is UTC.

use std::fmt;

use time::format_description::well_known::Iso8601;

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// A moment in Unix seconds, shown as its day in UTC: `2026-11-20`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub i64);

impl fmt::Display for Date {
    /// Counts in eras of 400 years, which all have 146,097 days, with years that begin in March so
    /// that the leap day is a year's last.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ERA: i64 = 146_097;
        /// Days from 0000-03-01 to 1970-01-01.
        const EPOCH: i64 = 719_468;
        let days = self.0.div_euclid(DAY) + EPOCH;
        let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
        let year = (day - day / 1_460 + day / 36_524 - day / (ERA - 1)) / 365;
        let day_of_year = day - (365 * year + year / 4 - year / 100);
        // Months from March on repeat 31, 30, 31, 30, 31: 153 days in five.
        let month = (5 * day_of_year + 2) / 153;
        let day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
        let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        write!(f, "{:04}-{month:02}-{day_of_month:02}", era * 400 + year + next)
    }
}

/// A day of the calendar, in UTC, as people write it: `2027-03-01`. What has it for its last day holds
/// through that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Unix seconds at its end.
    end: i64,
}

impl Day {
    /// Reads `2027-03-01`; `None` for what is written otherwise or is no day.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let calendar = |(at, byte): (usize, u8)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        if text.len() != 10 || !text.bytes().enumerate().all(calendar) {
            return None;
        }
        let date = time::Date::parse(text, &Iso8601::DATE).ok()?;
        Some(Self { end: date.midnight().assume_utc().unix_timestamp() + DAY })
    }

    /// Unix seconds at its end.
    #[must_use]
    pub const fn end(self) -> i64 {
        self.end
    }

    /// Whether it is over at a moment.
    #[must_use]
    pub const fn is_over(self, now: i64) -> bool {
        now >= self.end
    }

    /// How many days of it are over at a moment, the one that has begun included; `None` while it
    /// lasts or lies ahead.
    #[must_use]
    pub fn days_since(self, now: i64) -> Option<i64> {
        self.is_over(now).then(|| (now - self.end) / DAY + 1)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Date(self.end - DAY).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, Date, Day};

    #[test]
    fn days_end_at_midnight() {
        let day = Day::parse("2026-11-30").unwrap();
        assert_eq!(day.end(), 1_796_083_200);
        assert_eq!(day.to_string(), "2026-11-30");
        assert!(!day.is_over(1_796_083_199) && day.is_over(1_796_083_200));
        assert_eq!(day.days_since(1_796_083_199), None);
        assert_eq!(day.days_since(1_796_083_200), Some(1));
        assert_eq!(day.days_since(1_796_083_200 + DAY), Some(2));
        for text in ["2027-02-30", "20270301", "2027-W05-1", "2027-3-1", "2026-12-1 ", "soon", ""] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn dates_are_civil() {
        for (seconds, date) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_709_164_800, "2024-02-29"),
            (1_735_689_599, "2024-12-31"),
            (1_796_083_200, "2026-12-01"),
            (4_107_542_400, "2100-03-01"),
            (253_402_300_799, "9999-12-31"),
            (-62_135_596_800, "0001-01-01"),
        ] {
            assert_eq!(Date(seconds).to_string(), date);
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut previous = Date(0).to_string();
        for day in 1..80_000 {
            let date = Date(day * DAY).to_string();
            assert!(date > previous, "{date} after {previous}");
            let fields: Vec<u32> = date.split('-').map(|field| field.parse().unwrap()).collect();
            assert!((1..=12).contains(&fields[1]) && (1..=31).contains(&fields[2]), "{date}");
            previous = date;
        }
        assert_eq!(previous, "2189-01-11");
    }

    #[test]
    fn extremes_do_not_overflow() {
        assert!(!Date(i64::MAX).to_string().is_empty());
        assert!(!Date(i64::MIN).to_string().is_empty());
    }
}
